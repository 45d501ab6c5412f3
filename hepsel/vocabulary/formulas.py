"""Quantities of the field that have no name in hepsel, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

MASSES_OF_SUMS = ("invmass", "minv", "invariantmass")
"""What functions of several items are called that give the mass of their sum, in small letters and without `_`."""

_NOT_THERE = {
    "mt2w": "stransverse mass of W and b",
    "mctperp": "contransverse mass across the boost",
    "mmc": "missing-mass calculator", "planarity": "planarity", "thrust": "thrust", "topness": "topness",
    "median": "median", **dict.fromkeys(("random", "rand", "rndm", "uniform", "gaus"), "random numbers"),
}  # fmt: skip
"""Quantities of the field for which there is no function and no short formula, in small letters and without `_`."""

_ZETA_MISS = "(MET.pt * (cos(dphi(MET, {a})) + cos(dphi(MET, {b}))) / (2 * cos(dphi({a}, {b}) / 2)))"
_ZETA_VISIBLE = "(({a}.pt + {b}.pt) * cos(dphi({a}, {b}) / 2))"

_WRITTEN_OUT = {
    "ht": ("jets", "sum({jets}.pt)"),
    "mht": ("jets", "(-sum({jets})).pt"),
    "htmiss": ("jets", "(-sum({jets})).pt"),
    "mhtx": ("jets", "(-sum({jets})).px"),
    "mhty": ("jets", "(-sum({jets})).py"),
    "meff": ("jets", "(sum({jets}.pt) + MET.pt)"),
    "centrality": ("jets", "(sum({jets}.pt) / sum({jets}.energy))"),
    "leading": ("items", "argmax(x.pt for x in {items})"),
    "subleading": ("items", "argmax(x.pt for x in {items}, 2)"),
    "et": ("item", "({item}.energy / cosh({item}.eta))"),
    **dict.fromkeys(("p", "p3", "momentum"), ("item", "({item}.pt * cosh({item}.eta))")),
    **dict.fromkeys(("nearest", "closest"), ("others", "argmin(dr(this, x) for x in {others})")),
    **dict.fromkeys(("inrange", "within"), ("x low high", "({low} <= {x} < {high})")),
    **dict.fromkeys(("detajj", "detall"), ("a b", "deta({a}, {b})")),
    **dict.fromkeys(("dphijj", "dphill"), ("a b", "dphi({a}, {b})")),
    **dict.fromkeys(("drjj", "drll"), ("a b", "dr({a}, {b})")),
    **dict.fromkeys(("abseta", "absoluteeta"), ("item", "|{item}.eta|")),
    **dict.fromkeys(("absrap", "absrapidity", "absy"), ("item", "|{item}.rapidity|")),
    **dict.fromkeys(("abspid", "abspdgid"), ("item", "|{item}.pdg_id|")),
    **dict.fromkeys(("metnomu", "metnomuons", "pfmetnomu"), ("muons", "(MET + sum({muons})).pt")),
    "theta": ("item", "(2 * atan(exp(-{item}.eta)))"),
    "costheta": ("item", "tanh({item}.eta)"),
    "gamma": ("item", "({item}.energy / {item}.mass)"),
    **dict.fromkeys(
        ("angle", "openingangle", "angle3d"),
        (
            "a b",
            "acos(max(-1, min(1, "
            "(cos(dphi({a}, {b})) + sinh({a}.eta) * sinh({b}.eta)) / (cosh({a}.eta) * cosh({b}.eta)))))",
        ),
    ),
    **dict.fromkeys(MASSES_OF_SUMS, ("a b", "({a} + {b}).mass")),
    "mindphi": ("jets b", "min(dphi(j, {b}) for j in {jets})"),
    "mindr": ("jets b", "min(dr(j, {b}) for j in {jets})"),
    "ptt": ("a b", "(|({a} + {b}).px * ({a} - {b}).py - ({a} + {b}).py * ({a} - {b}).px| / ({a} - {b}).pt)"),
    "mct": ("a b", "sqrt(2 * {a}.pt * {b}.pt * (1 + cos(dphi({a}, {b}))))"),
    **dict.fromkeys(
        ("transversesphericity", "sphericityt", "circularity"),
        (
            "jets",
            "(1 - sqrt((sum(j.px^2 for j in {jets}) - sum(j.py^2 for j in {jets}))^2"
            " + 4 * sum(j.px * j.py for j in {jets})^2) / sum(j.px^2 + j.py^2 for j in {jets}))",
        ),
    ),
    "alphat": (
        "jets",
        "((sum({jets}.pt) - imbalance({jets}.pt)) / (2 * sqrt(sum({jets}.pt)^2 - sum({jets}).pt^2)))",
    ),
    **dict.fromkeys(("mt2", "mt2ll"), ("a b", "mt2({a}, {b}, MET)")),
    "amt2": ("a b m_a m_b", "mt2({a}, {b}, MET, {m_a}, {m_b})"),
    **dict.fromkeys(("pzeta", "pzetamiss"), ("a b", _ZETA_MISS)),
    "pzetavis": ("a b", _ZETA_VISIBLE),
    "dzeta": ("a b", f"({_ZETA_MISS} - 0.85 * {_ZETA_VISIBLE})"),
    **dict.fromkeys(
        ("foxwolfram", "foxwolframmoment", "foxwolframmoments"),
        ("jets", "sum(i.pt * j.pt * cos(dphi(i, j)) for i in {jets} for j in {jets})"),
    ),
    **dict.fromkeys(("mt", "mtw"), ("lepton", "mt({lepton}, MET)")),
    "acop": ("a b", "(pi - dphi({a}, {b}))"),
    "acoplanarity": ("a b", "(pi - dphi({a}, {b}))"),
    "deltaz": ("a b", "|{a}.dz - {b}.dz|"),
    "beta": ("item", "sqrt(1 - ({item}.mass / {item}.energy)^2)"),
    "cross": ("a b", "({a}.px * {b}.py - {a}.py * {b}.px)"),
    **dict.fromkeys(("oppositesign", "oppositecharge", "os", "isos"), ("a b", "{a}.charge * {b}.charge < 0")),
    **dict.fromkeys(("samesign", "samecharge", "ss", "isss"), ("a b", "{a}.charge * {b}.charge > 0")),
    **dict.fromkeys(("sameflavour", "sameflavor", "sf", "issf"), ("a b", "{a}.flavour == {b}.flavour")),
    **dict.fromkeys(
        ("ossf", "sfos", "isossf", "issfos"), ("a b", "({a}.charge * {b}.charge < 0 and {a}.flavour == {b}.flavour)")
    ),
    "overlaps": ("others radius", "any(dr(this, x) < {radius} for x in {others})"),
    "sign": ("x", "(if {x} < 0 then -1 else 1)"),
    "isnan": ("x", "not exists({x})"),
    "isnone": ("x", "not exists({x})"),
    "isnull": ("x", "not exists({x})"),
    "none": ("condition", "not any({condition})"),
    "log2": ("x", "(log({x}) / log(2))"),
    "exp2": ("x", "2^{x}"),
    "round": ("x", "floor({x} + 0.5)"),
    "asinh": ("x", "log({x} + sqrt({x}^2 + 1))"),
    "acosh": ("x", "log({x} + sqrt({x}^2 - 1))"),
    "atanh": ("x", "(log((1 + {x}) / (1 - {x})) / 2)"),
}
"""Quantities of the field that are written as formulas: their arguments, and the formula.

It may be put in the place of the quantity, in a product or behind `not`: it has brackets where it needs them.
"""

_LEFT_OUT = {
    "all": "where nothing is asked for, all are selected: leave the criterion out",
    **dict.fromkeys(
        ("inf", "infinity"),
        "a bound at infinity bounds nothing: leave it out; `inf` is an edge of `bins`, or an end of a range of a table",
    ),
}
"""What says nothing."""

_BLOCKS = {
    **dict.fromkeys(("lepton", "leptons", "lep"), "leptons are an `object` of their own: `take Electron, Muon`"),
    **dict.fromkeys(("bjet", "bjets"), "jets with a tag are an `object` of their own, with a `select`"),
    **dict.fromkeys(("dilepton", "dileptons", "dijet", "dijets"), "pairs are a `composite`, with a slot for each item"),
}
"""What a program defines for itself."""

_BOOSTS = ("boost", "boosted", "boostto", "boosttocm", "boostvector", "boostcmofp4", "inrestframe", "restframe")
"""What changes the frame elsewhere, in small letters and without `_`."""

_CONSTANTS = {"mz": "91.1876 GeV", "zmass": "91.1876 GeV", "massz": "91.1876 GeV"} | dict.fromkeys(
    ("mw", "wmass", "mtop", "mh", "topmass", "higgsmass", "mb", "mtau", "mmu", "mel"), "..."
)
"""Masses of particles, in small letters and without `_`: the one that everybody writes alike with its value."""

_ANGLES_IN_FRAMES = (
    "costhetastar", "cosstar", "costhetahx", "costhetacs", "costhetahelicity", "coshelicity", "helicityangle",
    "collinssoper",
)  # fmt: skip
"""Angles of a decay in the rest frame of what decays, in small letters and without `_`."""

_DEFINED_ANGLE = (
    "an angle in a rest frame is made of functions of components, which a program defines: the documentation of the "
    "language has them, `define boosted(a, frame) = ...` and `cos_angle(boosted(a, a + b), a + b)`"
)

_DEFINED_BOOST = (
    "a change of frame is a function of components, which a program defines: the documentation of the language has it, "
    "`define boosted(a, frame) = ...`"
)

_OF_NUMBERS = (
    "p4", "fourvector", "lorentzvector", "tlorentzvector", "ptetaphimvector", "ptetaphievector", "pxpypzevector",
    "pxpypzmvector", "momentum4d", "setptetaphim", "setpxpypze",
)  # fmt: skip
"""What makes a four-vector of numbers elsewhere, in small letters and without `_`."""

_NO_VECTOR_OF_NUMBERS = (
    "a four-vector is an item, a sum of items, or of numbers `four_vector(pt, eta, phi, mass)` or "
    "`four_vector(px, py, pz, energy)`"
)

_MADE_OF = {
    **dict.fromkeys(
        ("razor", "mr", "rsq", "mtr"), "razor variables are made of `megajet(jets, 1)` and `megajet(jets, 2)`"
    ),
}
"""Quantities whose formulas are long, and what they begin with; `docs/language.md` has them."""

_REMARKS = {
    "et": "; of what has next to no mass it is `pt`",
    "cross": ", across the beam; the momentum of `a` across an axis in space is `perp(a, axis)`",
    "mct": ", for what has next to no mass",
    "amt2": ", with the masses of what is not seen, that on the side of `a` first",
    "dzeta": ", with the factor of the paper in the place of 0.85",
    **dict.fromkeys(
        ("foxwolfram", "foxwolframmoment", "foxwolframmoments"),
        ", for example: each moment is a sum over pairs, with its own weights and polynomial",
    ),
}

_LIKE_ONE_FACTOR = re.compile(r"[\w.]+|\w[\w.]*(?:\[[^\[\]]*\]|\([^()]*\))[\w.]*")
_OF_A_PAIR = re.compile(r"(m|pt)([a-z])\2")


def of_a_pair(name: str) -> str | None:
    """Return the attribute of the sum of two items that a name such as `m_ll` or `ptjj` means."""
    found = _OF_A_PAIR.fullmatch(name.lower().replace("_", ""))
    return {"m": "mass", "pt": "pt"}[found[1]] if found else None


def quantity(name: str, arguments: Sequence[str] = (), usual: Mapping[str, str] | None = None) -> str | None:
    """Say what to do about a quantity of the field that has no name in hepsel.

    Parameters
    ----------
    name
        Of the quantity, as people spell it.
    arguments
        What it was written of, to write the same in the formula.
    usual
        What is meant where there are no such arguments, by the names that stand for them here.
    """
    plain = name.lower().replace("_", "")
    if plain in _LEFT_OUT or plain in _BLOCKS:
        return _LEFT_OUT.get(plain) or _BLOCKS[plain]
    if plain in _OF_NUMBERS:
        return _NO_VECTOR_OF_NUMBERS
    if plain in _BOOSTS:
        return _DEFINED_BOOST
    if plain in _CONSTANTS and not arguments:
        return f"a constant is given in front of the blocks that use it: `define {name} = {_CONSTANTS[plain]}`"
    if plain in _ANGLES_IN_FRAMES:
        return _DEFINED_ANGLE
    attribute = of_a_pair(name)
    if plain in _WRITTEN_OUT or attribute is not None:
        names, formula = _WRITTEN_OUT.get(plain, ("a b", f"({{a}} + {{b}}).{attribute}"))
        wanted = names.split()
        if plain in ("mindphi", "mindr") and arguments and arguments[0] == "this":
            arguments = arguments[::-1]  # to others, of the item of a block
        given = arguments if len(arguments) == len(wanted) else [(usual or {}).get(each, each) for each in wanted]
        parts = given if is_of_numbers(name) and len(wanted) > 1 else map(as_factor, given)
        text = formula.format(**dict(zip(wanted, parts, strict=True)))
        text = re.sub(r"\(\(([^()]*)\)\)", r"(\1)", text)
        return f"write it out: `{text}`{_REMARKS.get(plain, '')}"
    if plain in _MADE_OF:
        return f"{_MADE_OF[plain]}: see docs/language.md"
    if plain in _NOT_THERE:
        what = _NOT_THERE[plain]
        return f'hepsel has no function for this ({what}); `external "..."` states a criterion that is not applied'
    return None


def is_of_one(name: str) -> bool:
    """Whether a quantity of the field is one of a single item."""
    return _WRITTEN_OUT.get(name.lower().replace("_", ""), ("",))[0] == "item"


def is_of_numbers(name: str) -> bool:
    """Whether a quantity of the field is one of numbers, and not of items."""
    return _WRITTEN_OUT.get(name.lower().replace("_", ""), ("",))[0].startswith("x")


def is_of_two(name: str) -> bool:
    """Whether a quantity of the field is one of two items."""
    return _WRITTEN_OUT.get(name.lower().replace("_", ""), ("",))[0] == "a b"


def as_factor(text: str) -> str:
    """Return what a product or power can be made of, in brackets where it needs them."""
    return text if _LIKE_ONE_FACTOR.fullmatch(text) or " for " in text else f"({text})"
