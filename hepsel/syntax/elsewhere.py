"""Calls as other languages write them, and how hepsel says the same: methods, namespaces, functions of arrays."""

from __future__ import annotations

import re

from hepsel.vocabulary.foreign import ATTRIBUTES, FUNCTIONS, NAMES, called_here, folded, remark
from hepsel.vocabulary.formulas import as_factor, is_of_one, quantity
from hepsel.vocabulary.functions import FUNCTIONS as FUNCTIONS_OF_NUMBERS
from hepsel.vocabulary.functions import REDUCERS

ARGUMENTS = r"\((?P<arguments>(?:[^()\n]|\([^()\n]*\))*)\)"
MODULES = r"(?:ak|awkward|np|numpy|math|vector|ROOT|hep)"

_KNOWN = {folded(name): name for name in (*FUNCTIONS_OF_NUMBERS, *REDUCERS)}
_KEYWORD_ARGUMENT = re.compile(r",\s*\w+\s*=\s*[^,]*")
_OWNER = re.compile(r"[A-Za-z_]\w*(?:\[[^\[\]\n]*\]|\.[A-Za-z_]\w*)*$")

_OF_ARRAYS = {
    "combinations": "pairs are candidates of a `composite`: `take leptons a, leptons b`",
    "cartesian": "pairs are candidates of a `composite`: `take electrons a, muons b`",
    "concatenate": "a union is an `object`: `take electrons, muons`",
    "argsort": "sorting is a statement of an `object`: `sort by pt descending`",
    "sort": "sorting is a statement of an `object`: `sort by pt descending`",
    "zip": "items have their attributes together already",
    "flatten": "a list fills a histogram as it is: leave it out",
    "mask": "a criterion is a statement, `select`",
}
"""What is a block or statement here, and a function of arrays elsewhere."""

_WITH_ARGUMENTS = {
    "firsts": "{0}[0]",
    "isnone": "not exists({0})",
    "isnan": "not exists({0})",
    "fillnone": "default({0}, {1})",
    "where": "(if {0} then {1} else {2})",
    "logicaland": "{0} and {1}",
    "logicalor": "{0} or {1}",
    "logicalnot": "not ({0})",
    "power": "{0}^{1}",
    "pow": "{0}^{1}",
    "hypot": "sqrt(({0})^2 + ({1})^2)",
    **dict.fromkeys(("empty", "isempty"), "count({owner}) == 0"),
    "at": "{owner}[{0}]",
    "front": "{owner}[0]",
    "first": "{owner}[0]",
    "back": "{owner}[-1]",
    "last": "{owner}[-1]",
    "isnull": "not exists({owner})",
    "metrictable": "dr({owner}, x) for x in {0}",
    "nearest": "argmin(dr({owner}, x) for x in {0})",
}
"""What has a form of its own here: of the arguments, and of what a method is called of."""


def function(name: str) -> str | None:
    """Return the function of hepsel that is called otherwise elsewhere."""
    return _KNOWN.get(folded(name)) or called_here(name, FUNCTIONS)


def of_module(match: re.Match[str]) -> str:
    """Say how `ak.num(jets, axis=1)` is written."""
    name = match["name"]
    arguments = _KEYWORD_ARGUMENT.sub("", match["arguments"]).strip()
    if folded(name) in _OF_ARRAYS:
        return _OF_ARRAYS[folded(name)]
    if written := _form(name, "...", arguments):
        return f"write `{written}`"
    ours = function(name)
    if ours is None and (formula := quantity(name, _parts(arguments))) is not None:
        return formula
    return f"write `{ours or name}({arguments})`{remark([ours]) if ours else ''}"


def of_method(match: re.Match[str]) -> str:
    """Say how `jets.size()`, `el.pt()` and `a.delta_r(b)` are written."""
    name, arguments = match["name"], match["arguments"].strip()
    found = _OWNER.search(match.string[: match.start()])
    owner, attribute = found[0] if found else "...", ATTRIBUTES.get(name, name)
    if written := _form(name, owner, arguments):
        return f"write `{written}`"
    ours = function(name)
    if not arguments:
        if ours in REDUCERS:
            return f"write `{ours}({owner})`"
        signature = FUNCTIONS_OF_NUMBERS.get(ours or "")
        if signature is not None and signature.count == 1 and attribute == name:
            return f"write `{ours}({owner})`"
        if is_of_one(name) and attribute == name and (formula := quantity(name, [owner])) is not None:
            return formula
        return f"an attribute has no brackets: write `{owner if found else ''}.{attribute}`"
    if ours is not None and ours not in REDUCERS:
        return f"write `{ours}({owner}, {arguments})`{'; ' + remark([ours]).strip() if remark([ours]) else ''}"
    return "an attribute has no brackets, and nothing stands before a function: `f(x)`"


def attribute_of_method(match: re.Match[str]) -> str | None:
    """Return `.pt` for `.pt()` and `->pt()`."""
    name = match["name"]
    if match["arguments"].strip() or _form(name, "", "") or function(name) is not None:
        return None
    return f".{ATTRIBUTES.get(name, name)}"


def of_namespace(match: re.Match[str]) -> str:
    """Return the name that `TMath::Abs` and `std::abs` are, without what stands before it."""
    name = match["name"]
    return function(name) or NAMES.get(name, name)


def of_formula(match: re.Match[str]) -> str:
    """Say how `Sum$(...)` of a tree's formula is written."""
    name = match["name"]
    if name.endswith("If"):
        ours = function(name.removesuffix("If")) or "max"
        return f"write a generator: `{ours}(j.pt for j in jets if j.pt > 30 GeV)`"
    return f"write `{_formula_function(name)}(...)`"


def formula_replaced(match: re.Match[str]) -> str | None:
    """Return the function of hepsel for one of a tree's formula."""
    return None if match["name"].endswith("If") else _formula_function(match["name"])


def _formula_function(name: str) -> str:
    return "default" if name == "Alt" else function(name) or name.lower()


def _parts(arguments: str) -> list[str]:
    return [part.strip() for part in re.split(r",(?![^()\[\]]*[)\]])", arguments)] if arguments else []


def _form(name: str, owner: str, arguments: str) -> str | None:
    """Return what is written in a form of its own, if there are as many arguments as that needs."""
    form, given = _WITH_ARGUMENTS.get(folded(name)), _parts(arguments)
    if form is None:
        return None
    if len(given) != len(set(re.findall(r"\{(\d)\}", form))):
        return None
    folded_name = folded(name)
    if folded_name in ("power", "pow"):
        given = [as_factor(part) for part in given]
    elif folded_name in ("logicaland", "logicalor"):
        given = [f"({part})" if re.search(r"\b(?:or|if)\b", part) else part for part in given]
    return form.format(*given, owner=owner)
