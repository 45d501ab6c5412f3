"""Names from elsewhere, and what hepsel calls the same thing."""

from __future__ import annotations

from difflib import get_close_matches

from hepsel.vocabulary.formulas import is_of_two, quantity

FUNCTIONS = {
    "size": "count", "len": "count", "length": "count", "Size": "count", "n": "count", "num": "count", "Sum": "sum",
    "prod": "product", "Prod": "product", "Product": "product",
    "dPhi": "dphi", "deltaPhi": "dphi", "delta_phi": "dphi", "DeltaPhi": "dphi", "deltaphi": "dphi",
    "dR": "dr", "deltaR": "dr", "delta_r": "dr", "DeltaR": "dr", "DR": "dr",
    "dEta": "deta", "deltaEta": "deta", "delta_eta": "deta", "DeltaEta": "deta",
    "mT": "mt", "MT": "mt", "Mt": "mt", "transverse_mass": "mt",
    "mT2": "mt2", "MT2": "mt2", "fMT2": "mt2", "stransverse_mass": "mt2",
    "fabs": "abs", "Abs": "abs", "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arctan2": "atan2", "Any": "any", "All": "all", "anyof": "any", "allof": "all", "is_defined": "exists",
    "mean_of": "mean", "average": "mean", "avg": "mean", "Min": "min", "Max": "max", "minimum": "min", "maximum": "max",
}  # fmt: skip

ATTRIBUTES = {
    "pT": "pt", "Pt": "pt", "PT": "pt", "p_T": "pt",
    "Perp": "pt", "Rapidity": "rapidity",
    "Eta": "eta", "Phi": "phi", "m": "mass", "M": "mass", "Mass": "mass", "invariant_mass": "mass",
    "e": "energy", "E": "energy", "Energy": "energy", "q": "charge", "Q": "charge", "Charge": "charge",
    "flavor": "flavour", "pdgId": "pdg_id", "pdgid": "pdg_id", "pdg": "pdg_id", "rap": "rapidity", "y": "rapidity",
    "d0sig": "d0_significance", "d0_sig": "d0_significance", "z0sintheta": "z0_sin_theta", "z0SinTheta": "z0_sin_theta",
    "isLoose": "is_loose", "isMedium": "is_medium", "isTight": "is_tight", "loose": "is_loose", "tight": "is_tight",
    "pid": "pdg_id", "runNumber": "run", "run_number": "run", "eventNumber": "number", "event_number": "number",
    "lumiBlock": "luminosity_block", "luminosityBlock": "luminosity_block", "lumi": "luminosity_block",
    "medium": "is_medium", "b_tag": "btag", "sip": "sip3d", "vector": "p4", "lorentz": "p4",
}  # fmt: skip

OF_SINGLE_ITEMS = {"met": "pt", "et": "pt"}
"""What the attributes of single items such as the missing transverse momentum are called, in small letters."""

REMARKS = {
    "dphi": "it is absolute, from 0 to pi; `dphi_signed` has the sign",
    "deta": "it is absolute; with its sign it is `a.eta - b.eta`",
    "mt2": "what is not seen has no mass, unless it is written behind: `mt2(a, b, MET, m_a, m_b)`",
}
"""How functions differ from what others call by a like name."""

UNITS = {f"i{barn}": f"{barn}^-1" for barn in ("ub", "nb", "pb", "fb")} | dict.fromkeys(
    ("micron", "microns", "micrometer", "micrometers", "micrometre", "micrometres", "mum"), "um"
)
"""How inverse barns are pronounced, and what the thousandth of a millimetre is called."""

NAMES = {
    "met": "MET", "Met": "MET", "ETmiss": "MET", "pTmiss": "MET", "MissingET": "MET", "ele": "Electron",
    "Ele": "Electron", "electron": "Electron", "electrons": "Electron", "Electrons": "Electron", "muons": "Muon",
    "Muons": "Muon", "mu": "Muon", "jets": "Jet", "Jets": "Jet", "jet": "Jet", "photons": "Photon",
    "Photons": "Photon", "taus": "Tau", "Taus": "Tau", "vertices": "PrimaryVertex", "PV": "PrimaryVertex",
    "True": "true", "False": "false", "Pi": "pi", "PI": "pi", "M_PI": "pi", "Event": "event", "HLT": "trigger",
    "lep": "Lepton", "leptons": "Lepton", "MUO": "Muon", "PHO": "Photon", "METLV": "MET", "GEN": "GenParticle",
    **dict.fromkeys(("FJET", "fatjets", "largeRjet", "LargeRJets", "LargeRadiusJet", "AK8", "AK8Jets"), "FatJet"),
}  # fmt: skip


def nearest(name: str, known: object, synonyms: dict[str, str] | None = None, *, of_pairs: bool = True) -> list[str]:
    """Return up to three of the `known` names that `name` probably means, the likeliest first.

    Parameters
    ----------
    name
        What was written.
    known
        An iterable of the names that there are.
    synonyms
        What others call some of them.
    of_pairs
        Whether what the name is of may be two items. A single one has no quantity of a pair, so that `ptt` is `pt`
        with a letter too many there; `pTt`, in the spelling of the field, is that quantity everywhere.
    """
    names = list(known)  # type: ignore[call-overload]
    synonyms, plain = synonyms or {}, folded(name)
    if synonyms.get(name) in names:
        return [synonyms[name]]
    exact = {folded(str(item)): str(item) for item in names}.get(plain)
    if exact is not None:
        return [exact]
    if (synonym := called_here(name, synonyms)) in names:
        return [str(synonym)]
    by_lower = {str(item).lower(): str(item) for item in names}
    if quantity(name) is not None and (of_pairs or name != plain or not is_of_two(name)):
        return []  # `mt2` is another quantity than `mt`, however near the names are
    matches = get_close_matches(name.lower(), by_lower, n=3, cutoff=0.7)
    return [by_lower[match] for match in matches]


_FEW = 10
_WORDS = {"isolation": "iso", "btagged": "btag", "isbtagged": "btag"}
"""Words, and the shorter ones that names have of them."""


def with_word(word: str, names: list[str]) -> list[str]:
    """Return the names that have a word in them, as `pfreliso03` has `iso`, where these are few."""
    plain = folded(_WORDS.get(word.lower(), word))
    found = [name for name in names if len(plain) >= 3 and plain in folded(name) and not name.endswith("_stored")]
    return found if len(found) <= _FEW else []


def called_here(name: str, synonyms: dict[str, str]) -> str | None:
    """Return what hepsel calls what others call so, in whatever spelling."""
    return {folded(other): ours for other, ours in synonyms.items()}.get(folded(name))


def folded(name: str) -> str:
    """Return a name without what spellings of it differ in."""
    return name.lower().replace("_", "")


def remark(names: list[str]) -> str:
    """Return what there is to say about a function that is proposed."""
    return f" {REMARKS[names[0]]}" if len(names) == 1 and names[0] in REMARKS else ""


def listed(names: list[str]) -> str:
    """Return names as a sentence has them: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
