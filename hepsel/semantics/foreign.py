"""Names from elsewhere, and what hepsel calls the same thing."""

from __future__ import annotations

from difflib import get_close_matches

FUNCTIONS = {
    "size": "count", "len": "count", "length": "count", "Size": "count", "n": "count", "num": "count", "Sum": "sum",
    "prod": "product", "Prod": "product", "Product": "product",
    "dPhi": "dphi", "deltaPhi": "dphi", "delta_phi": "dphi", "DeltaPhi": "dphi", "deltaphi": "dphi",
    "dR": "dr", "deltaR": "dr", "delta_r": "dr", "DeltaR": "dr", "DR": "dr",
    "dEta": "deta", "deltaEta": "deta", "delta_eta": "deta", "DeltaEta": "deta",
    "mT": "mt", "MT": "mt", "Mt": "mt", "transverse_mass": "mt",
    "fabs": "abs", "Abs": "abs", "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arctan2": "atan2", "Any": "any", "All": "all", "anyof": "any", "allof": "all", "is_defined": "exists",
    "isnan": "exists", "mean_of": "mean", "average": "mean", "avg": "mean", "Min": "min", "Max": "max",
}  # fmt: skip

ATTRIBUTES = {
    "pT": "pt", "Pt": "pt", "PT": "pt", "p_T": "pt", "et": "pt", "Et": "pt", "ET": "pt",
    "Eta": "eta", "Phi": "phi", "m": "mass", "M": "mass", "Mass": "mass", "invariant_mass": "mass", "mll": "mass",
    "e": "energy", "E": "energy", "Energy": "energy", "q": "charge", "Q": "charge", "Charge": "charge",
    "flavor": "flavour", "pdgId": "pdg_id", "pdgid": "pdg_id", "pdg": "pdg_id", "rap": "rapidity", "y": "rapidity",
    "d0sig": "d0_significance", "d0_sig": "d0_significance", "z0sintheta": "z0_sin_theta", "z0SinTheta": "z0_sin_theta",
    "isLoose": "is_loose", "isMedium": "is_medium", "isTight": "is_tight", "loose": "is_loose", "tight": "is_tight",
    "medium": "is_medium", "b_tag": "btag", "sip": "sip3d", "vector": "p4", "lorentz": "p4",
    "met": "pt",
}  # fmt: skip

UNITS = {f"i{barn}": f"{barn}^-1" for barn in ("ub", "nb", "pb", "fb")}
"""How inverse barns are pronounced."""

NAMES = {
    "met": "MET", "Met": "MET", "ETmiss": "MET", "MissingET": "MET", "ele": "Electron", "Ele": "Electron",
    "electron": "Electron", "electrons": "Electron", "Electrons": "Electron", "muons": "Muon", "Muons": "Muon",
    "mu": "Muon", "jets": "Jet", "Jets": "Jet", "jet": "Jet", "photons": "Photon", "Photons": "Photon",
    "taus": "Tau", "Taus": "Tau", "vertices": "PrimaryVertex", "PV": "PrimaryVertex", "True": "true",
    "False": "false", "Pi": "pi", "PI": "pi", "M_PI": "pi", "Event": "event", "HLT": "trigger",
}  # fmt: skip


_NOT_THERE = {
    "mt2": "stransverse mass", "amt2": "asymmetric stransverse mass", "mt2ll": "stransverse mass",
    "mt2w": "stransverse mass", "mct": "contransverse mass", "mctperp": "contransverse mass",
    "mmc": "missing-mass calculator", "razor": "razor variables", "mr": "razor variables", "rsq": "razor variables",
    "alphat": "alpha_T", "sphericity": "sphericity", "aplanarity": "aplanarity", "planarity": "planarity",
    "circularity": "circularity", "thrust": "thrust", "foxwolfram": "Fox-Wolfram moments", "topness": "topness",
    "dzeta": "projections on the bisector", "pzeta": "projections on the bisector",
    "median": "median",
}  # fmt: skip
"""Quantities of the field for which there is no function and no short formula, in small letters and without `_`."""

_WRITTEN_OUT = {
    "ht": "sum(jets.pt)", "mht": "(-sum(jets)).pt", "htmiss": "(-sum(jets)).pt", "mhtx": "(-sum(jets)).px",
    "mhty": "(-sum(jets)).py", "meff": "sum(jets.pt) + MET.pt", "minv": "(a + b).mass",
    "ptt": "|(a + b).px * (a - b).py - (a + b).py * (a - b).px| / (a - b).pt",
    "mtw": "mt(lepton, MET)", "centrality": "sum(jets.pt) / sum(jets.energy)", "acop": "pi - dphi(a, b)",
    "acoplanarity": "pi - dphi(a, b)", "deltaz": "|a.dz - b.dz|", "beta": "sqrt(1 - (a.mass / a.energy)^2)",
    "sign": "if x < 0 then -1 else 1", "cross": "a.px * b.py - a.py * b.px",
}  # fmt: skip
"""Quantities of the field that are written as formulas."""


def quantity(name: str) -> str | None:
    """Say what to do about a quantity of the field that has no name in hepsel."""
    plain = name.lower().replace("_", "")
    if plain in _WRITTEN_OUT:
        return f"write it out: `{_WRITTEN_OUT[plain]}`"
    if plain in _NOT_THERE:
        what = _NOT_THERE[plain]
        return f'hepsel has no function for this ({what}); `external "..."` states a criterion that is not applied'
    return None


def nearest(name: str, known: object, synonyms: dict[str, str] | None = None) -> list[str]:
    """Return up to three of the `known` names that `name` probably means, the likeliest first.

    Parameters
    ----------
    name
        What was written.
    known
        An iterable of the names that there are.
    synonyms
        What others call some of them.
    """
    names = list(known)  # type: ignore[call-overload]
    synonym = (synonyms or {}).get(name)
    if synonym in names:
        return [str(synonym)]
    folded = {str(item).lower().replace("_", ""): str(item) for item in names}
    exact = folded.get(name.lower().replace("_", ""))
    if exact is not None:
        return [exact]
    by_lower = {str(item).lower(): str(item) for item in names}
    if quantity(name) is not None:
        return []  # `mt2` is another quantity than `mt`, however near the names are
    matches = get_close_matches(name.lower(), by_lower, n=3, cutoff=0.7)
    return [by_lower[match] for match in matches]


def listed(names: list[str]) -> str:
    """Return names as a sentence has them: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
