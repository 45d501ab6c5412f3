"""Spellings of other languages, and of other ways to write the same: what hepsel has for each of them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from hepsel.syntax import adl, elsewhere, papers


@dataclass(frozen=True, slots=True)
class Spelling:
    """Text that people write where an error is found, and what hepsel writes instead.

    `pattern` has to match around the position of the error: its match contains it, or ends at it. Where it has a group
    `here`, the group has to, and is what is shown. It is compiled when there is an error, which spares every start the
    time.
    """

    pattern: str
    code: str
    message: str
    proposal: str | Callable[[re.Match[str]], str]
    replacement: str | Callable[[re.Match[str]], str | None] | None = None


def _instead(pattern: str, code: str, message: str, ours: str | Callable[[re.Match[str]], str]) -> Spelling:
    """Return a spelling for which `ours` is written, as the proposal says; it is left out where `ours` is empty."""
    if isinstance(ours, str):
        return Spelling(pattern, code, message, f"write `{ours.strip()}`" if ours else "leave it out", ours)
    return Spelling(pattern, code, message, lambda match: f"write `{ours(match)}`", ours)


_OPERAND = r"(?:\|[^|<>=\n]+\||(?<![\w.\])])[A-Za-z_]\w*(?:\.\w+|\[[^\[\]\n]*\]|\([^()\n]*\))*)"
"""An item, attribute, call or absolute value, whole: of `Jet[0].pt` it is not `pt` that a range is of."""

_UNIT = r"(?:[kMGT]?eV|[umc]?m|ns|m?rad|deg)\b"

_END = r"-?[\d.]+(?:[eE][+-]?\d+)?"

_UP_TO_CLAUSE = r"[^\s#\"=][^\n#\"]*?(?=\s*(?:$|#|\b(?:fold|title|cite|assume|note)\b))"
"""What stands behind an axis, up to the next part of the statement."""

_BEFORE_AN_OPERAND = r"(?:\b(?:select|reject|and|or|if|then|else|bin\s+\"[^\"\n]*\")|[(,])\s*$"


def _number(text: str) -> float:
    """Return the number that a quantity begins with; NaN for anything else."""
    found = re.match(r"-?[\d.]+(?:[eE][+-]?\d+)?", text)
    try:
        return float(found[0]) if found else math.nan
    except ValueError:
        return math.nan


_RANGE = "write the range as in mathematics"


def _is_whole(match: re.Match[str]) -> bool:
    """Whether the operand that was found is all that is compared, and not the last part of a sum or product."""
    return re.search(r"[-+*/^]\s*$", match.string[: match.start()]) is None


def _alternatives(match: re.Match[str], conditions: list[str]) -> str:
    """Return that one of some conditions holds, in brackets where something binds closer than `or`."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    text = " or ".join(conditions)
    return f"({text})" if re.search(r"\b(?:and|not)\s*$", before) or re.match(r"\s*and\b", behind) else text


def _several_values(match: re.Match[str]) -> str:
    """Return how to ask for one of several values."""
    if not _is_whole(match):
        operator, joined = ("!=", "and") if match[2] else ("==", "or")
        return f"compare with each of them by `{operator}`, and write `{joined}` between the comparisons"
    values = re.split(r"\s*,\s*", match[3] or match[4])
    if match[2]:
        return f"write `{' and '.join(f'{match[1]} != {value}' for value in values)}`"
    return f"write `{_alternatives(match, [f'{match[1]} == {value}' for value in values])}`"


def _two_values(match: re.Match[str]) -> str | None:
    """Return how to ask for one of two values, where whole numbers behind `in` may be meant as these."""
    written = re.search(r"\bin\s*[\[(]\s*-?\d+\s*,\s*-?\d+\s*[\])]$", match[0])
    if not written or match[1] in ("in", "not"):
        return None
    return _alternatives(match, [f"{match[1]} == {value}" for value in match.group(2, 3)])


def _between_the_two(match: re.Match[str]) -> str:
    unit, high = match["unit"] or "", match[3]
    comparison = "<" if match[0].removesuffix(unit).endswith(")") else "<="
    high = f"{high}{unit}" if re.fullmatch(_END, high) else high
    above, below = f"{adl.with_unit(match[2], high)} {comparison} ", f" {comparison} {high}"
    return f"{'' if _is_infinite(match[2]) else above}{match[1]}{'' if _is_infinite(match[3]) else below}"


def _is_infinite(text: str) -> bool:
    return _INFINITE.fullmatch(text) is not None


def _range(match: re.Match[str]) -> str | None:
    """Return a range in brackets as mathematics has it, if the word before it is all that is compared with numbers."""
    if (
        match[1] in ("in", "not")
        or match[2][0].isalpha()
        or _two_values(match) is not None
        or _number(match[2]) >= _number(match[3])
        or not re.search(_BEFORE_AN_OPERAND, match.string[: match.start()])
    ):
        return None
    return _between_the_two(match)


def _advice(match: re.Match[str]) -> str:
    if not _is_whole(match):
        return f"{_RANGE}, for example `50 GeV <= m <= 100 GeV`"
    if match[1] != "in" and match[2][0].isalpha():
        return f"write `{match[1]} == {match[2]} or {match[1]} == {match[3]}`, or a range as in mathematics"
    if two := _two_values(match):
        if _number(match[2]) >= _number(match[3]):
            return f"write `{two}` for the two values; a range has its lower end first"
        return f"write `{_between_the_two(match)}` for the range, or `{two}` for the two values alone"
    found = _range(match)
    return f"{_RANGE}{f': `{found}`' if found else ', for example `50 GeV <= m <= 100 GeV`'}"


_INFINITY = (
    r"(?<![\w.+])(?:[-+]\s*)?(?:(?:np|numpy|math|std|ak|awkward)\s*(?:\.|::)\s*)?(?:[iI]nf(?:ty|inity)?|INF(?:TY|INITY)?|∞|\\infty"
    r"|float\(\s*['\"]\s*[-+]?(?:[iI]nf|[iI]nfinity)\s*['\"]\s*\)|numeric_limits\s*<[\w\s]+>\s*::\s*infinity\(\s*\))(?!\w)"
    rf"(?:\s*{_UNIT})?"
)
"""Infinity, in this and in other languages, and the unit that it does not have."""

_CLOSED_OR_OPEN = r"\[[^\[\]()\n]*\]|\([^\[\]()\n]*\)"
_INFINITE = re.compile(r"[+-]?\s*(?:inf|infinity|∞)", re.IGNORECASE)


def _half_open(match: re.Match[str]) -> str | None:
    """Return the comparisons of a range that holds one of its ends, if the word before it is all that is compared."""
    low, high, unit = match["low"], match["high"], match["unit"]
    if unit:
        low, high = (f"{end}{unit}" if re.fullmatch(r"-?[\d.]+", end) else end for end in (low, high))
    if not _is_whole(match) or _number(low) >= _number(high):
        return None
    above, below = "<=" if match["open"] == "[" else "<", "<=" if match["close"] == "]" else "<"
    if _is_infinite(low) or _is_infinite(high):
        if _is_infinite(low) and _is_infinite(high):
            return None
        bounded = f"{match[1]} {below} {high}" if _is_infinite(low) else f"{low} {above} {match[1]}"
    else:
        bounded = f"{low} {above} {match[1]} {below} {high}"
    return f"not ({bounded})" if match["not"] else bounded


def _half_open_advice(match: re.Match[str]) -> str:
    found = _half_open(match)
    return f"{_RANGE}{f': `{found}`' if found else ', for example `50 GeV <= m < 100 GeV`'}"


def _half_open_replaced(match: re.Match[str]) -> str | None:
    begins = re.search(_BEFORE_AN_OPERAND, match.string[: match.start()])
    return _half_open(match) if begins else None


def _where(match: re.Match[str]) -> str:
    return _such_that(match[1], match[2])


def _such_that(collection: str, written: str) -> str:
    simple = re.fullmatch(r"[A-Za-z_]\w*\s*(?:[<>]=?|[=!]=)\s*-?[\d.]+(?:\s*[A-Za-z]+)?", written.strip())
    condition = f"j.{simple[0]}" if simple else "..."
    return f"a condition on the items stands in a generator: `(j for j in {collection} if {condition})`"


def _in_brackets(pattern: str) -> Spelling:
    message = "a range is not written in brackets; `in` asks whether an item is in a collection"
    return Spelling(pattern, "E113", message, _advice, _range)


def _between(match: re.Match[str]) -> str:
    whole = match[1] if _is_whole(match) else "..."
    return f"{_RANGE}: `{adl.with_unit(match[2], match[3])} <= {whole} <= {match[3]}`"


def _infinity(match: re.Match[str]) -> str:
    return "-inf" if "-" in match["here"] else "inf"


_ROW = (
    "write `for LO to HI`, which holds LO and not HI; an open end is `inf`, as in `50 GeV to inf`, "
    "and `otherwise` is for what is in none of the ranges"
)


def _header(match: re.Match[str]) -> str:
    if said := adl.of_header(match["name"], match["rest"]):
        return said
    if match["base"]:
        return f"write `{match['block']} {match['name']}` and in the next line `take {match['base']}`"
    if match["rest"].partition("#")[0].strip():
        return f"write `{match['block']} {match['name']}`, and in the next lines `take ...` and `select ...`"
    return "leave it out"


def _header_replaced(match: re.Match[str]) -> str | None:
    if match["base"]:
        return None if match["block"] == "composite" else f"\n  take {match['base']}"
    return None if match["rest"].partition("#")[0].strip() else ""


def _direction(match: re.Match[str]) -> str:
    return "ascending" if match["here"].lower()[0] in "ai" else "descending"


def _neutral(match: re.Match[str]) -> str:
    """Return the condition that decides nothing in this statement."""
    return "false" if match.string.lstrip().startswith("reject") else "true"


def _as_name(text: str) -> str:
    """Return the nearest thing to a text that is a name."""
    name = re.sub(r"\W+", "_", text.strip('"')).strip("_") or "name"
    return f"with_{name}" if name[0].isdigit() else name


def _united(collections: str) -> str:
    return ", ".join(re.split(r"\s*[+|]\s*", collections))


def _best(match: re.Match[str]) -> str:
    if match["here"] in ("best", "closest", "nearest"):
        return "write `keep lowest` of a distance, such as `|mass - 91.2 GeV|`, or `keep highest`"
    return f"write `keep {'lowest' if match['here'].startswith(('min', 'small')) else 'highest'}`"


def _how_many(match: re.Match[str]) -> str:
    operator = {"exactly": "==", "least": ">=", "most": "<="}[re.split(r"[\s_]+", match[1].lower())[-1]]
    return f"write `{papers.count(operator, match[2], match[3])}`"


def _several_best(match: re.Match[str]) -> str:
    highest = (match["side"] or match["last"]) == "highest"
    return papers.advice_on_several(match["many"] or match["number"], match["key"] or "pt", highest=highest)


_LETTERS = {
    "η": "eta", "φ": "phi", "ϕ": "phi", "π": "pi", "θ": "theta", "√": "sqrt", "²": "^2", "³": "^3", "∧": "and",
    "\u2228": "or", "¬": "not", "∈": "in", "\xa0": " ",
}  # fmt: skip
_DISTANCES = {"R": "dr", "r": "dr", "φ": "dphi", "ϕ": "dphi", "phi": "dphi", "η": "deta", "eta": "deta"}


def _letter(match: re.Match[str]) -> str:
    ours = _LETTERS.get(match[0])
    if ours == " ":
        return "write an ordinary space"
    return f"write `{ours}`" if ours else "names are of the letters a to z, digits and `_`"


def _two_errors(match: re.Match[str]) -> str:
    return f"+ {match['up'].strip()} - {match['down'].strip()}"


def _edges(match: re.Match[str]) -> str:
    """Return a list of edges, each with the unit that stands behind the list."""
    written = map(str.strip, match["edges"].split(","))
    edges = (edge if _is_infinite(edge) else f"{edge} {match['unit']}" for edge in written)
    return f"[{', '.join(edges)}]"


_SIZE = rf"[\d.]+(?:[eE][+-]?\d+)?(?:\s*{_UNIT})?"
"""An error of a number."""

_LOW, _HIGH = (rf"(?P<{end}>{_END})(?P<{end}_unit>\s*{_UNIT})?" for end in ("low", "high"))
_ENDS_OF_A_RANGE = rf"{_LOW}\s*(?:\bto\b|\band\b|\.\.+|-)\s*{_HIGH}"
_ENDS = rf"{_LOW}(?:\s+to\s+|\s*\.\.\s*|[\s,]+){_HIGH}"
"""The two ends of an axis; a unit may stand behind the second one alone."""


def _between_ends(match: re.Match[str]) -> str:
    unit = match["high_unit"]
    ends = [f"{match[end]}{match[f'{end}_unit'] or unit or ''}" for end in ("low", "high")]
    found = match.groupdict()
    return f"bins {found['bins'] or found.get('number') or 'N'} from {ends[0]} to {ends[1]}"


def _axis(match: re.Match[str]) -> str:
    unit = f" {match['unit'].strip()}" if match["unit"] else ""
    low, high = (f"{end}{unit}" for end in (match["low"] or "LO", match["high"] or "HI"))
    return f"write `bins {match['bins'] or match['number']} from {low} to {high}`"


_BEYOND = "a histogram keeps what is beyond its edges as under- and overflow, which `fold` adds to the outer bins"


def _in_or_out(match: re.Match[str]) -> str:
    comparisons = adl.in_or_out(match)
    return _alternatives(match, comparisons) if len(comparisons) > 1 else comparisons[0]


def _from_to(match: re.Match[str]) -> str | None:
    """Return `x in 1 to 2` as comparisons, if the word before it is all that is compared."""
    high = f"{match['high']}{match['high_unit'] or ''}"
    low = f"{match['low']}{match['low_unit']}" if match["low_unit"] else adl.with_unit(match["low"], high)
    if not _is_whole(match):
        return None
    return f"not ({low} <= {match['value']} <= {high})" if match["not"] else f"{low} <= {match['value']} <= {high}"


def _slots(match: re.Match[str]) -> str:
    """Return the slots of pairs or trios from one collection."""
    places = "abc" if match["many"] in ("three", "3") else "ab"
    return ", ".join(f"{match['of'] or match['in']} {place}" for place in places)


def _counted(match: re.Match[str]) -> str:
    """Return how many items with a property there are, compared."""
    value = r"(?:[A-Za-z_]\w*|\|[A-Za-z_]\w*\|)"
    simple = re.fullmatch(rf"{value}\s*(?:(?:[<>]=?|[=!]=)\s*{_END}(?:\s*{_UNIT})?)?", match["having"].strip())
    having = re.sub(r"^(\|?)(?=[A-Za-z])", r"\1x.", simple[0]) if simple else "..."
    operator = {"": "==", "exactly": "==", "least": ">=", "most": "<="}[
        re.split(r"[\s_]+", match["how"].strip().lower())[-1]
    ]
    return f"count(x for x in {match['name']} if {having}) {operator} {papers.number(match['many'])}"


SPELLINGS = (
    Spelling(
        rf"(?P<value>{_OPERAND})\s*(?P<brackets>\[\]|\]\[)\s*(?P<low>{_END}(?:\s*{_UNIT})?)[\s,]+(?P<high>{_END}(?:\s*{_UNIT})?)",
        "E113",
        "a range is not written in brackets",
        lambda match: f"{_RANGE}: `{_in_or_out(match)}`",
        lambda match: _in_or_out(match) if re.search(_BEFORE_AN_OPERAND, match.string[: match.start()]) else None,
    ),
    Spelling(
        rf"(?P<value>(?!in\b|not\b){_OPERAND})\s+(?P<not>not\s+)?in\s+{_ENDS_OF_A_RANGE}",
        "E113",
        "a range is written with comparisons; `in` asks whether an item is in a collection",
        lambda match: f"{_RANGE}: `{_from_to(match) or '50 GeV <= m <= 100 GeV'}`",
        _from_to,
    ),
    Spelling(
        rf"(?<![\w.])(?P<how>(?:exactly|at[\s_]*least|at[\s_]*most)\s+|(?=no\b))(?P<many>{papers.HOW_MANY})\s+(?:of\s+(?:the\s+)?)?"
        r"(?P<name>[A-Za-z_]\w*)\s+(?:with|where|having|that\s+have)\s+(?P<having>[^\n#\"]+?)(?=\s*(?:#|$))",
        "E120",
        "how many there are is compared",
        lambda match: f"write `{_counted(match)}`",
    ),
    Spelling(
        r"~=|~!|!~",
        "E110",
        "this is not an operator of hepsel",
        lambda match: (
            f"what is {'closest to' if match[0] == '~=' else 'furthest from'} a value is chosen in a `composite`, "
            f"by `keep {'lowest' if match[0] == '~=' else 'highest'} |mass - 91.2 GeV|`, for example"
        ),
    ),
    Spelling(
        r"^\s*(?:(?:select|reject|bin\s+\"[^\"\n]*\")|(?:let|define|weight)\s+\w+\s*=)\s+"
        r"(?P<here>(?P<condition>[^?\n#]+?)\s*\?\s*(?P<chosen>[^?:\n#]+?)\s*:\s*(?P<other>[^?:\n#]+?))\s*(?:#|$)",
        "E110",
        "`?` is not an operator of hepsel",
        lambda match: f"write `{adl.conditional(match, _neutral(match))}`",
        lambda match: adl.conditional(match, _neutral(match)),
    ),
    _instead(
        rf"^\s*keep\s+(?P<here>(?:closest|nearest)\s+to\s+(?P<to>\w[\w.]*(?:\s+{_UNIT})?))",
        "E120",
        "the best item is the lowest or highest by something",
        lambda match: f"lowest |mass - {match['to']}|",
    ),
    Spelling(
        r"^\s*take\s+(?P<of>[A-Za-z_]\w*)\s+(?P<here>without\s+(?P<name>[A-Za-z_]\w*))\s*(?:#|$)",
        "E116",
        "`without` leaves out criteria, by their labels in double quotes",
        lambda match: (
            f"items of another collection are left out by a criterion: `take {match['of']}`, and in the next line "
            f"`reject this in {match['name']}`"
        ),
    ),
    Spelling(
        r"^\s*take\s+(?P<name>[A-Za-z_]\w*)(?P<here>\[)(?P<places>-?\d*:-?\d*)\]",
        "E117",
        "`take` has the names of collections",
        lambda match: (
            f"write `take {match['name']}`, and in the next line `select this in {match['name']}[{match['places']}]`"
        ),
    ),
    _instead(
        r"(?P<here>(?P<owner>[A-Za-z_][\w.]*(?:\[[^\[\]\n]*\])?)\.\|(?P<name>[A-Za-z_]\w*)\|)",
        "E103",
        "the bars of an absolute value stand around all of it",
        lambda match: f"|{match['owner']}.{match['name']}|",
    ),
    _instead(
        r"^\s*histogram\b[^\n]*?\s(?P<here>(?:with\s+)?overflows?)\b",
        "E103",
        "what is beyond the axis is added to the outer bins by `fold`",
        "fold",
    ),
    Spelling(
        r"^\s*bins\b[^\n]*?\s(?P<here>(?:with\s+)?overflows?)\b",
        "E103",
        "what is above a grid is in its last bin where that is open",
        "write `inf` as its last edge: `edges [0 GeV, 100 GeV, inf]`",
    ),
    Spelling(
        rf"^\s*(?:reject|remove|drop|veto|clean|select\s+(?:not|no))\s+(?P<here>(?:if\s+)?"
        rf"(?=[^\n#]*\b(?:near|close\s+to|overlap\w*|within)\b)(?:(?:near|close\s+to|overlap\w*)\s+)?(?:with\s+)?"
        rf"(?P<name>[A-Za-z_]\w*)(?:\s+within\s+(?P<radius>{_END}))?)\s*(?:#|$)",
        "E120",
        "items near others are left out by their distance",
        lambda match: f"write `reject any(dr(this, x) < {match['radius'] or '0.4'} for x in {match['name']})`",
    ),
    Spelling(
        r"^\s*(?:select|reject)\s+(?P<here>(?P<not>not\s+)?in\s+(?P<name>[A-Za-z_]\w*))",
        "E120",
        "the item of a block is `this`",
        lambda match: f"write `this {'not ' if match['not'] else ''}in {match['name']}`",
        lambda match: f"this {'not ' if match['not'] else ''}in {match['name']}",
    ),
    _instead(r"^\s*(?P<here>sorted\s+by)\b", "E120", "sorting is a statement", "sort by"),
    Spelling(
        r"^\s*(?P<here>keep\s+(?:if|where))\b",
        "E120",
        "a criterion starts with `select` or `reject`",
        "write `select` and the condition",
        "select",
    ),
    Spelling(
        r"^\s*(?P<here>(?:limit|take\s+first|first)\s+(?P<number>\d+))\b",
        "E120",
        "the first items are kept, in the order that they have",
        lambda match: f"write `keep first {match['number']}`",
        lambda match: f"keep first {match['number']}",
    ),
    Spelling(
        r"^\s*take\s+(?P<here>(?:(?P<many>two|2|three|3)\s+(?P<of>[A-Za-z_]\w*)|(?:pairs?|combinations?)\(\s*(?P<in>[A-Za-z_]\w*)[^()\n]*\)))\s*(?:#|$)",
        "E502",
        "each slot of a composite has a name",
        lambda match: f"write `take {_slots(match)}`",
        _slots,
    ),
    _instead(
        r"^\s*take\s+(?P<here>\(\s*(?P<slots>[A-Za-z_][\w\s,]*?)\s*\))\s*(?:#|$)",
        "E117",
        "slots stand without brackets",
        lambda match: match["slots"],
    ),
    _instead(
        rf"^\s*keep\s+(?P<here>(?:closest|nearest)\s+(?P<value>[A-Za-z_][\w.]*)\s+to\s+(?P<to>\w[\w.]*(?:\s+{_UNIT})?))",
        "E120",
        "the best item is the lowest or highest by something",
        lambda match: f"lowest |{match['value']} - {match['to']}|",
    ),
    Spelling(
        rf"^\s*select\s+(?P<here>(?:both|all|each)\s+(?P<of>[A-Za-z_]\w*\s*[<>]=?\s*{_END}(?:\s*{_UNIT})?))\s*(?:#|$)",
        "E120",
        "what holds for each is asked by `all`",
        lambda match: f"write `all(x.{match['of']} for x in parts)` of the items of a candidate",
    ),
    Spelling(
        r"^\s*(?P<here>(?:systematic|variation|syst)\w*\s*)",
        "E120",
        "a variation is a region",
        "write `region up` and in the next line `take r with Jet = jets_up`, where `let p4 = ...` makes the `jets_up`",
    ),
    Spelling(
        r"^\s*take\s+(?P<region>[A-Za-z_]\w*)\s+(?P<here>(?:with\s+(?:not|inverted)|inverted|inverting|with\s+inverted)\s+(?P<label>\"[^\"\n]*\"))",
        "E103",
        "a criterion is left out, and its opposite asked for",
        lambda match: f"write `take {match['region']} without {match['label']}`, and in the next line `reject ...`",
    ),
    _instead(
        r"^\s*(?P<here>(?:sqrt_?s|ecm|com)\s*[:=]?\s+)(?=\d)", "E120", "this line of the header is `energy`", "energy "
    ),
    _instead(
        r"^\s*(?P<here>(?:lumi|intlumi)\s*[:=]?\s+)(?=\d)",
        "E120",
        "this line of the header is `luminosity`",
        "luminosity ",
    ),
    Spelling(
        r"^\s*(?P<here>(?:arxiv|arXiv|doi|paper|publication|hepdata|authors?|year)\s*[:=]?\s*)(?=[\w\"])",
        "E120",
        "the header has `experiment`, `energy`, `luminosity` and sources",
        'write `source paper "..."` for what citations refer to, and `note "..."` for anything else',
    ),
    Spelling(
        r"^\s*(?P<here>(?:format|input|files?|dataset)\s+)(?=[\w\"])",
        "E120",
        "a program says nothing of files",
        "their format is an option of the commands, `--format nanoaod`",
    ),
    Spelling(
        r"\bxor\b\s*\w*",
        "E110",
        "`xor` is not an operator of hepsel",
        "where one of two conditions is meant, and not both, write `(a > 1) != (b > 1)`",
    ),
    Spelling(
        r"^\s*(?:select|reject)\s+(?P<here>(?P<a>[^\n#]*[<>=][^\n#=]*?)\s*(?:=>|\bimplies\b)\s*(?P<b>[^\n#]*[<>=][^\n#]*?))\s*(?:#|$)",
        "E110",
        "there is no sign for what follows from what",
        lambda match: f"write `not ({match['a']}) or {match['b']}`",
        lambda match: f"not ({match['a']}) or {match['b']}",
    ),
    Spelling(
        r"\b(?P<name>count|sum|any|all|min|max)\(\s*(?P<of>[A-Za-z_]\w*)(?:\.(?P<value>\w+))?\s+(?P<here>if)\b",
        "E120",
        "a generator names what runs over the collection",
        lambda match: (
            f"write `{match['name']}({'x.' + match['value'] if match['value'] else 'x'} for x in {match['of']} if ...)`"
        ),
    ),
    _instead(
        r"^\s*(?:select|reject)\s+(?P<here>(?P<name>all|any)\s+(?P<condition>[A-Za-z_]\w*\.\w+\s*(?:[<>]=?|[=!]=)[^\n#]*?))\s*(?:#|$)",
        "E120",
        "`any` and `all` are functions",
        lambda match: f"{match['name']}({match['condition']})",
    ),
    Spelling(
        r"^\s*weight\s+(?P<here>(?P<name>[A-Za-z_]\w*)\s*\*=\s*(?P<value>[^\n#]*?))\s*(?:#|$)",
        "E103",
        "each `weight` multiplies that of the event",
        lambda match: f"write `weight {match['name']}_2 = {match['value']}`, or another name",
    ),
    Spelling(
        r"^\s*(?P<here>scale)\s+(?P<value>[\d.]+)",
        "E120",
        "what multiplies the events is a weight",
        lambda match: f"write `weight scale = {match['value']}`",
    ),
    Spelling(
        r"^\s*(?P<here>print(?:out)?)\b",
        "E120",
        "what is selected is shown by `hepsel run`",
        "a value of each event is a column: `save name = value`",
    ),
    Spelling(
        r"^\s*save\s+(?P<here>\*)",
        "E103",
        "columns are named one by one",
        "write `save lead_pt = Jet[0].pt, jet_pt = Jet.pt`, for example",
    ),
    Spelling(
        r"^\s*expect\s+(?P<here>\"?(?P<name>[A-Za-z_]\w*)\"?\s*[:=]?\s*(?P<many>\d[\d.]*))",
        "E103",
        "of what a count is stands behind it",
        lambda match: f'write `expect {match["many"]} for "{match["name"]}"`',
    ),
    Spelling(
        rf"^\s*(?:histogram|bins)\b[^\n]*?=[^\n]*?(?<!edges)(?<!\s)\s+(?P<here>\[(?P<edges>\s*{_END}(?:\s*{_UNIT})?(?:\s*,\s*{_END}(?:\s*{_UNIT})?)+\s*)\]"
        rf"(?:\s*(?P<unit>{_UNIT}))?)\s*(?:#|$)",
        "E103",
        "bins that are given by their edges are `edges`",
        lambda match: f"write `edges {_edges(match) if match['unit'] else match['here']}`",
    ),
    _instead(
        rf"^\s*(?:histogram|bins)\b[^\n]*?\bedges\s+(?P<here>{_END}(?:\s*{_UNIT})?(?:\s*,\s*{_END}(?:\s*{_UNIT})?)+)",
        "E103",
        "edges stand in brackets",
        lambda match: f"[{match['here']}]",
    ),
    Spelling(
        rf"^\s*histogram\b[^\n]*?\s(?P<here>(?:\(|range\b)\s*(?:(?P<bins>\d+)\s*,\s*)?{_LOW}\s*(?:,|to\b)\s*{_HIGH}\s*\)?"
        r"(?:\s*bins\s+(?P<number>\d+))?)",
        "E103",
        "an axis says how many bins it has, and from where to where",
        lambda match: f"write `{_between_ends(match)}`",
    ),
    Spelling(
        r"^\s*histogram\s+(?P<here>profile\s+\w+)",
        "E103",
        "there are no profiles",
        "one is made of a histogram of two axes: `histogram h = x bins 20 from 0 to 1 vs y bins 20 from 0 to 1`",
    ),
    Spelling(
        r"^\s*histogram\b[^\n]*?\s(?P<here>(?:step|width)\b)",
        "E103",
        "bins of one width are given by their number",
        "write `bins 20 from 0 GeV to 100 GeV` for bins of 5 GeV, for example",
    ),
    Spelling(
        r"^\s*histogram\b[^\n]*?\s(?P<here>(?:norm(?:ali[sz]ed?)?|density)\b)",
        "E103",
        "a histogram holds what is counted, with its weights",
        "leave it out: who draws the shape divides by the sum of the bins, and their widths",
    ),
    Spelling(
        rf"\bbins\s+\d+\s+from\b[^\[\n]*?(?P<here>{_INFINITY})",
        "E103",
        "bins of one width lie between two numbers",
        lambda match: (
            f"write where the picture ends: {_BEYOND}"
            if re.match(r"\s*histogram\b", match.string)
            else "write the edges one by one, of which the last may be `inf`: `edges [200 GeV, 300 GeV, inf]`"
        ),
    ),
    Spelling(
        rf"^\s*histogram\b[^\n]*?\bedges\s*\[[^\]\n]*?(?P<here>{_INFINITY})",
        "E103",
        "the axes of a histogram end at numbers",
        f"leave it out: {_BEYOND}",
    ),
    Spelling(
        rf"(?:\b(?:otherwise|expect|energy|luminosity)\s+|\+-?\s+"
        rf"|(?={_INFINITY}\s+for\b))(?P<here>{_INFINITY})",
        "E103",
        "a number stands here",
        "`inf` is an edge of `bins`, or an end of a range of a table",
    ),
    Spelling(
        rf"^\s*(?:select|reject|bin|let|define|weight|save|sort|keep|expect)\b[^\n]*?(?P<here>{_INFINITY})",
        "E103",
        "infinity is an edge of `bins`, or an end of a range of a table, and stands nowhere else",
        "a bound at infinity bounds nothing: leave it out",
    ),
    _instead(rf"(?P<here>{_INFINITY})(?!\s+for\b)", "E103", "infinity is written `inf`, and has no unit", _infinity),
    Spelling(
        rf"^\s*keep\s+(?P<here>(?:the\s+)?(?:(?P<side>highest|lowest)\s+(?P<many>{papers.HOW_MANY})|"
        rf"(?P<number>{papers.HOW_MANY})\s+(?P<last>highest|lowest))(?:\s+(?:by\s+|in\s+)?(?P<key>{_OPERAND}))?)",
        "E120",
        papers.KEEPS_ONE,
        _several_best,
    ),
    Spelling(
        rf"^\s*(?:select|reject)\s+(?P<here>({papers.OPERATOR}|)\s*({papers.HOW_MANY})\s+([A-Za-z_]\w*))\s*(?:#|$)",
        "E120",
        "how many there are is compared",
        lambda match: papers.advice_on_count(*match.group(2, 3, 4)),
        lambda match: papers.count(*match.group(2, 3, 4)) if match[2] else None,
    ),
    Spelling(
        rf"\bfor\s+(?P<here>(?:[A-Za-z_]\w*\s*)?(?:[<>]=?|==)|(?:[A-Za-z_]\w*\s+)?(?:{papers.COMPARISON}|from\b)"
        r"(?=\s+-?[\d.]))",
        "E103",
        "a row of a table is for a range",
        _ROW,
    ),
    _instead(
        r"\bfor\s+-?[\d.]+(?:\s*[A-Za-z]\w*)?\s+(?P<here>(?:(?:and|or)\s+(?:above|more|up|over|higher|greater|larger|beyond)"
        r"|upwards?|onwards?)\b)",
        "E103",
        "a range without an upper end is one to `inf`",
        "to inf",
    ),
    _instead(
        rf"(?<=[\w)\]|])(?<!\bselect)(?<!\breject)(?<!\band)(?<!\bor)(?<!\bnot)\s+(?P<here>{papers.COMPARISON})"
        r"\s+(?=[\w(|-])",
        "E110",
        "values are compared with signs",
        papers.comparison,
    ),
    Spelling(
        r"\\(?P<name>[A-Za-z]+)(?:(?<=Delta)\s*(?:\{\s*\})?\s*\\?(?P<of>R|phi|varphi|eta)\b)?",
        "E119",
        "LaTeX is not read here",
        lambda match: (
            f"write `{papers.command(match)}`"
            if papers.command(match)
            else "names are of the letters a to z, digits and `_`"
        ),
        papers.command,
    ),
    Spelling(papers.WITH_BRACES, "E119", "LaTeX is not read here", papers.advice_on_symbol, papers.symbol),
    Spelling(r"(?<![A-Za-z_])\$|\$(?!\s*\()", "E119", "LaTeX is not read here", "leave out the `$`", ""),
    Spelling(
        r"\{\s*(?P<items>[A-Za-z_]\w*(?:\[-?\d+\])?(?:[\s,]+[A-Za-z_]\w*(?:\[-?\d+\])?)*)\s*\}\s*(?P<name>[A-Za-z]\w*)",
        "E117",
        "there are no braces in hepsel",
        papers.of_particles,
    ),
    Spelling(
        r"\b(?P<name>[A-Za-z]\w*)\(\s*"
        r"(?P<items>[A-Za-z_]\w*(?:\[-?\d+\])?(?:\s+(?!and\b|or\b|in\b|for\b|not\b|if\b)[A-Za-z_]\w*(?:\[-?\d+\])?)+)\s*\)",
        "E103",
        "particles do not stand side by side",
        papers.of_particles,
    ),
    Spelling(
        r"\bleading[\s-]+(?P<name>[A-Za-z_]\w*)(?:\s+(?P<of>pt|eta|phi|mass|[A-Za-z]+)\b)?",
        "E120",
        "the leading item is the first of an `object` that is sorted",
        lambda match: f"write `{match['name']}[0]{'.' + match['of'] if match['of'] else ''}`",
    ),
    Spelling(
        r"\b(?P<here>(?P<same>same|opposite)[\s-]+(?:sign|charge)s?)\b",
        "E120",
        "charges are compared",
        lambda match: f"write `a.charge * b.charge {'>' if match['same'] == 'same' else '<'} 0`",
    ),
    Spelling(
        r"^\s*take\b[^\n\"]*\b(?P<here>as\s+([A-Za-z_]\w*))",
        "E120",
        "`as` is for labels",
        lambda match: (
            f"a slot of a composite is named without it, `take Jet {match[2]}`; an item of an object is `this`"
        ),
    ),
    Spelling(
        rf"^\s*histogram\b(?:[^\n\[]|\[[^\]\n]*\])*?(?P<here>(?P<comma>,\s*|(?<=\s))(?:bins\s+)?(?P<bins>\d+)[\s,]+{_ENDS})\s*(?:#|$)",
        "E103",
        "an axis says how many bins it has, and from where to where",
        lambda match: f"write `{_between_ends(match)}`",
        lambda match: f"{' ' if match['comma'] else ''}{_between_ends(match)}",
    ),
    _instead(
        rf"^\s*(?:histogram|bins)\b[^\n]*?(?P<here>\bfrom\s+{_ENDS}[\s,]+bins\s+(?P<bins>\d+))",
        "E103",
        "an axis says first how many bins it has, and then from where to where",
        _between_ends,
    ),
    _instead(
        r"^\s*(?:histogram|bins)\b[^\n]*?\s"
        rf"(?P<here>bins\s*=?\s*(?P<whole>\[(?P<edges>[^\[\]\n]*)\])(?:\s*(?P<unit>{_UNIT}))?)",
        "E103",
        "bins that are given by their edges are `edges`",
        lambda match: f"edges {_edges(match) if match['unit'] else match['whole']}",
    ),
    Spelling(
        r"^\s*(?:histogram|bins)\b[^\n]*?\s(?P<here>(?:log|logarithmic)\s+bins\b|bins\s+(?:log|logarithmic)\b)",
        "E103",
        "the bins of an axis have one width, or edges of their own",
        "write the edges: `edges [10 GeV, 100 GeV, 1 TeV]`",
    ),
    Spelling(
        r"^\s*histogram\s+(?P<here>(\"[^\"\n]*\")\s*[,:=]?)",
        "E103",
        "the name of a histogram stands without quotes",
        lambda match: f"write `{_as_name(match[2])} = ...`, and behind the axis `title {match[2]}`",
    ),
    Spelling(
        r"^\s*histogram\b[^\n]*?(?P<here>\b(?P<bins>\d+)\s+bins\b|\bbins\s*(?:[=(:]\s*)?(?P<number>\d+)\s*\)?\s*"
        r"(?:(?:in|over)?\s*[\[(]\s*(?P<low>[^,\[\]()\n]+?)\s*,\s*(?P<high>[^,\[\]()\n]+?)\s*[\])])?"
        rf"(?P<unit>\s*{_UNIT})?)",
        "E103",
        "an axis says how many bins it has, and from where to where",
        _axis,
    ),
    Spelling(
        rf"^\s*histogram\b[^\n]*?\s(?P<here>(?:with\s+)?(?:weight(?:s|ed)?(?:\s*[=:]\s*|\s+by\s+|\s+)(?!\w+\s*=(?!=))"
        rf"|by\s+)(?P<value>{_UP_TO_CLAUSE}))",
        "E103",
        "a histogram is filled with the weight that the event has where it stands",
        lambda match: (
            f"to multiply it in this histogram, for all or each of the entries, write `with weight {match['value']}` "
            "behind the axis; `weight name = ...` above it counts for all that follows"
        ),
    ),
    _instead(
        rf"^\s*histogram\b[^\n]*?\s(?P<here>(fold(?:\s+title\s+\"[^\"\n]*\")?|title\s+\"[^\"\n]*\")\s+(with\s+weight\s+{_UP_TO_CLAUSE}))",
        "E103",
        "the weight stands before `fold` and the title",
        lambda match: f"{match[3]} {match[2]}",
    ),
    Spelling(
        r"^\s*(?:histogram|save)\b[^\n]*?(?P<here>\bfor\b)",
        "E310",
        "a list is an attribute of all items of a collection, such as `Jet.pt`",
        "make an `object` or `composite` of the items that are meant, with `select`, and write `its_name.pt`; what "
        "is calculated from each of them is a `let` in it: `let x = dphi(this, MET)`, then `its_name.x`",
    ),
    Spelling(
        r"^\s*histogram\b[^\n]*?(?P<here>\b(?:when|where|if)\b)",
        "E103",
        "a histogram is filled for the events that have passed what stands above it",
        "write the condition as a `select` above it, or in a region that takes this one; one on items, in an `object`",
    ),
    Spelling(
        r"^\s*take\b[^\n]*?(?:\bwith|,)\s+(?P<here>(?P<item>[A-Za-z_]\w*)\.\w+)\s*=(?!=)",
        "E103",
        "a variant replaces a collection or item as a whole, and no single attribute",
        lambda match: (
            "define what stands in its place, as with `define up = 1.1 * MET`, or by an `object` that has "
            f"`let p4 = 1.1 * this`, and write `with {match['item']} = ...`"
        ),
    ),
    _instead(
        r"^\s*histogram\b[^\n]*?\s(?P<here>(title\s+\"[^\"\n]*\")\s+fold)\b",
        "E103",
        "`fold` stands before the title",
        lambda match: f"fold {match[2]}",
    ),
    Spelling(
        r"^\s*weight\s+(?P<here>(?:\*=\s*|=\s*)?(?![A-Za-z_]\w*\s*=)(?P<value>[^\s=*][^\n#\"]*?))\s*(?:#|$)",
        "E103",
        "a weight has a name",
        lambda match: f"write `weight name = {match['value']}`",
    ),
    _instead(
        r"^\s*bin\s+\"[^\"\n]*\"\s*(?P<here>[:=])(?!=)",
        "E103",
        "nothing stands between the name of a bin and its condition",
        "",
    ),
    Spelling(
        rf"\b{elsewhere.MODULES}\.(?:\w+\.)*(?P<name>\w+)\s*{elsewhere.ARGUMENTS}",
        "E204",
        "functions have nothing before their names",
        elsewhere.of_module,
    ),
    Spelling(
        rf"\b(?:[A-Za-z_]\w*\s*::\s*)+(?P<name>[Pp]ow(?:er)?|[Hh]ypot|[Ll]og2){elsewhere.ARGUMENTS}",
        "E204",
        "names have nothing before them: there is no `::`",
        elsewhere.of_module,
    ),
    _instead(
        r"\b(?:[A-Za-z_]\w*\s*::\s*)+(?P<name>\w+)(?:\(\s*\))?",
        "E204",
        "names have nothing before them: there is no `::`",
        elsewhere.of_namespace,
    ),
    _instead(
        r"(?:\.|->)\s*\w+\s*<[\w\s:]+>\s*\(\s*\"(\w+)\"\s*\)",
        "E204",
        "items have attributes, and no methods",
        lambda match: f".{match[1]}",
    ),
    Spelling(
        rf"(?:\.|->)\s*(?P<name>\w+){elsewhere.ARGUMENTS}",
        "E204",
        "items have attributes, and no methods",
        elsewhere.of_method,
        elsewhere.attribute_of_method,
    ),
    Spelling(
        r"\b(?P<name>\w+)\$",
        "E119",
        "`$` is not in the alphabet of hepsel",
        elsewhere.of_formula,
        elsewhere.formula_replaced,
    ),
    Spelling(
        r"^\s*(?P<block>object|composite|region)\s+(?P<name>[A-Za-z_]\w*)\s*"
        r"(?P<here>(?:[:=]|\b(?:extends|inherits|from|based\s+on)\b)[ \t]*(?P<base>[A-Za-z_]\w*(?=\s*(?:#|$)))?)"
        r"(?P<rest>.*)",
        "E120",
        "behind the name of a block its statements begin",
        _header,
        _header_replaced,
    ),
    _instead(
        r"^\s*(?:define|let|weight)\s+\w+(?:\([^()\n]*\))?\s*(?P<here>:=?|==|->|=>)",
        "E120",
        "a name and its value have `=` between them",
        "=",
    ),
    Spelling(
        r"^\s*(?P<here>(define|let|weight)\s+([A-Za-z_]\w*)\s+)(?=[\w(|\"])",
        "E120",
        "a name and its value have `=` between them",
        lambda match: f"write `{match[2]} {match[3]} = ...`",
        lambda match: f"{match[2]} {match[3]} = ",
    ),
    _instead(r"->", "E110", "`->` is not an operator of hepsel", "."),
    Spelling(
        r"^\s*(?P<here>(weight|histogram|bins|save)\s*=)",
        "E103",
        "a name stands before the `=`",
        lambda match: f"write `{match[2]} name = ...`",
    ),
    _instead(
        r"^\s*table\s+\w+\s*\([^()\n]*\)\s*(?P<here>[:=])",
        "E120",
        "behind the name of a table its rows begin",
        "",
    ),
    _instead(
        r"^\s*(?:object|composite|region|define|table)\s+(?P<here>\"[^\"\n]*\"|\d\w*|\w+(?:-\w+)+)",
        "E103",
        "names are of the letters a to z, digits and `_`, and begin with a letter",
        lambda match: _as_name(match["here"]),
    ),
    _instead(r"=!(?!=)", "E110", "this is not a comparison of hepsel", "!="),
    _instead(
        r"([!<>=])(?:\s+=(?:\s*=)?|=\s*=)",
        "E110",
        "this is not a comparison of hepsel",
        lambda match: f"{match[1]}=",
    ),
    Spelling(
        r"([A-Za-z_]\w*)\[\s*(?P<here>(\d+)\s*,\s*(\d+))\s*\]",
        "E311",
        "a place in a list is one number",
        lambda match: f"ask for each, `{match[1]}[{match[3]}]` and `{match[1]}[{match[4]}]`",
    ),
    _instead(
        r"[=!]=\s*(?P<here>\"([A-Za-z_]\w*)\")",
        "E116",
        "the values of an enumeration have no quotation marks",
        lambda match: match[2],
    ),
    Spelling(
        r"^\s*take\s[^\n#]*,\s*(?P<here>ordered\s+\w+\s+\w+)",
        "E502",
        "`ordered` stands behind `take`, and is about all slots",
        "write `take ordered ...`",
    ),
    _instead(
        r"(?<![\w.])(\d+),(\d{1,2})(?![\w,])",
        "E121",
        "a number has no commas in it",
        lambda match: f"{match[1]}.{match[2]}",
    ),
    Spelling(
        r"\b[A-Za-z_]\w*\s*(?P<here>&)\s*(?:0[xX][\da-fA-F]+|\d+|\(\s*1\s*<<\s*\d+\s*\))(?!\.?\d|\s*[<>=A-Za-z])",
        "E110",
        "`&` is not an operator of hepsel",
        "bits of a stored number are attributes with names: see `hepsel formats show`; a format of your own, "
        "which extends that one, names others by `mask`",
    ),
    _instead(
        r"\bfor\s+\w+\s+in\s+[\w.]+\s+(?P<here>where|such\s+that|with|when)\b",
        "E120",
        "the condition of a generator stands behind `if`",
        "if",
    ),
    Spelling(
        r"^\s*take\s+(?:ordered\s+)?\w+\s+(?!and\b|or\b|with\b|without\b|cite\b|note\b|assume\b|as\b)\w+\s+"
        r"(?P<here>(?!and\b|or\b)\w+)\s+\w+\s*$",
        "E103",
        "slots are listed",
        lambda match: f"write a comma before `{match['here']}`",
        lambda match: f", {match['here']}",
    ),
    _instead(r"^\s*take\s+\w+\s+(?!and\b|or\b)\w+\s+(?P<here>and)\b", "E103", "slots are listed", ","),
    Spelling(
        r"^\s*take\b[^\n\[]*(?P<here>\[)",
        "E117",
        "`take` has the names of collections",
        "one item of a collection is a `define`, or an `object` with `keep first 1`",
    ),
    Spelling(
        r"^\s*take\b[^\n]*\bwith\s+(\w+)\s*(?P<here>[<>]=?|[=!]=)",
        "E103",
        "`with` puts one thing in the place of another",
        "a criterion is a statement of its own, `select`",
    ),
    _instead(
        r"^\s*sort\b.*\b(?P<here>desc|descend|decreasing|reverse|DESC|asc|ascend|increasing|ASC)\b",
        "E120",
        "items are sorted `ascending` or `descending`",
        _direction,
    ),
    Spelling(
        r"^\s*(?:take|object|composite|region)\b[^\n\"]*?\b(?P<here>[A-Za-z]\w*(?:-[A-Za-z]\w*)+)",
        "E103",
        "names are of the letters a to z, digits and `_`",
        lambda match: f"write `{match['here'].replace('-', '_')}`, or the name that it has here",
    ),
    Spelling(
        r"^\s*sort\s+(?P<here>(?!by\b)\w[^\n]*|by\s+(?:[^\n]*,\s*)?(?:ascending|descending|highest|lowest)\s+\w[^\n]*)",
        "E103",
        "items are sorted by something, in a direction",
        "write `sort by pt descending`, for example: the items are those of the block",
    ),
    Spelling(
        r"^\s*sort\s+by\b[^\n,]*(?P<here>,)",
        "E103",
        "each key has its own direction",
        "write `sort by pt descending, |eta| ascending`, for example",
    ),
    Spelling(
        r"^\s*sort\s+by\b[^\n]*?\b(?:ascending|descending)"
        r"(?P<here>\s*,\s*(?:then\s+)?(?:sort\s+)?by\s+\S+|\s+(?:and\s+|then\s+)?(?:by\s+)?[^\s,;]+(?=[^\n]*\b(?:a|de)scending\b))",
        "E103",
        "between two keys stands a comma, and nothing else",
        "write `sort by pt descending, |eta| ascending`, for example",
    ),
    Spelling(
        r"^\s*keep\s+(?P<here>([A-Za-z_][\w.]*)\s+(?:closest|nearest)\s+to\s+(\w[\w.]*(?:\s+[A-Za-z]+\b)?))",
        "E120",
        "the best item is the lowest or highest by something",
        lambda match: f"write `keep lowest |{match[2]} - {match[3]}|`",
        lambda match: f"lowest |{match[2]} - {match[3]}|",
    ),
    Spelling(
        r"^\s*keep\s+(?P<here>best|closest|nearest|min|minimum|smallest|max|maximum|largest)\b",
        "E120",
        "the best item is the lowest or highest by something",
        _best,
    ),
    _instead(
        r"\(\s*([A-Za-z_]\w*)\s+in\s+([A-Za-z_][\w.]*)\s+if\b",
        "E310",
        "a generator begins with what it gives of each item",
        lambda match: f"({match[1]} for {match[1]} in {match[2]} if",
    ),
    Spelling(
        r"\(\s*(?P<name>[A-Za-z_]\w*)\.(?P<value>\w+)\s+(?P<here>where|with|if)\b",
        "E120",
        "a condition on the items stands in a generator",
        lambda match: f"write `(j.{match['value']} for j in {match['name']} if ...)`",
    ),
    Spelling(
        r"(?<=[\w)\]])\s+(?P<here>if)\b(?![^\n]*\belse\b)",
        "E120",
        "the condition of an `if` stands first",
        lambda match: f"write `if c then a else {_neutral(match)}`: where `c` is false, nothing is asked",
    ),
    Spelling(
        r"^\s*keep\s+(?P<here>(?:(?:top|leading)\s+)?(\d+))\b",
        "E103",
        "the first items are kept, in the order that they have",
        lambda match: f"write `keep first {match[2]}`",
        lambda match: f"first {match[2]}",
    ),
    _instead(r"(?<=[\w)\]])\s+(?P<here>is\s+not)\s+(?=[\w(|-])", "E110", "`is` does not compare", "!="),
    _instead(r"(?<=[\w)\]])\s+(?P<here>is)\s+(?=[\w(|-])", "E110", "`is` does not compare", "=="),
    Spelling(
        r"(?<=[\w)\]])\s+(?P<here>if)\b[^\n]*\belse\b",
        "E120",
        "the condition of an `if` stands first",
        "write `if c then a else b`",
    ),
    _instead(r"(?<=\w)\s+(?P<here>\|)\s+(?=\|)", "E110", "`|` is not an operator of hepsel", "or"),
    _instead(r"~", "E110", "`~` is not an operator of hepsel", "not "),
    _instead(r"(?<=\))\s*\|\s*(?=[(~])", "E110", "`|` is not an operator of hepsel", " or "),
    Spelling(
        r"\(\s*([A-Za-z_]\w*)\s*(?P<here>\|)\s*([^()|\n]*)\)",
        "E110",
        "`|` does not stand before a condition",
        lambda match: _such_that(match[1], match[3]),
    ),
    Spelling(
        r"\bfor\s+([A-Za-z_]\w*)\s*\)",
        "E310",
        "a generator names what runs over the collection",
        lambda match: (
            f"write `for {match[1]} in ...`"
            if re.search(r"\bfor\b", match.string[: match.start()])
            else f"write `x.pt for x in {match[1]}`, for example"
        ),
    ),
    Spelling(
        r"\b(for\s*all|forall|foreach|exists|any)\s+(\w+)\s+in\s+(\w+)",
        "E120",
        "`any` and `all` are functions",
        lambda match: f"write `{'any' if match[1] in ('exists', 'any') else 'all'}(... for {match[2]} in {match[3]})`",
    ),
    Spelling(
        rf"\b(exactly|at[\s_]*least|at[\s_]*most)\s+({papers.HOW_MANY})\s+(?:of\s+(?:the\s+)?)?([A-Za-z_]\w*)",
        "E120",
        "how many there are is compared",
        _how_many,
    ),
    Spelling(
        rf"({_OPERAND})\s+between\s+(\S+(?:\s+(?!and\b)[A-Za-z]+)?)\s+and\s+(\S+(?:\s+[A-Za-z]+)?)",
        "E113",
        "a range is written with comparisons",
        _between,
    ),
    Spelling(
        rf"({_OPERAND})\s+(not\s+)?in\s*"
        r"(?:[\[(]\s*((?:-?\w+\s*,\s*){2,}-?\w+)\s*[\])]|\{\s*((?:-?\w+\s*,\s*)+-?\w+)\s*\})",
        "E117",
        "there are no sets of values: `in` asks whether an item is in a collection",
        _several_values,
    ),
    Spelling(
        r"\bfor\s+\w+(?:\s*,\s*\w+)*\s+in\s*(?P<here>\((?:[^()\n]|\([^()\n]*\))*\bfor\b(?:[^()\n]|\([^()\n]*\))*\)?)",
        "E310",
        "a generator runs over a collection or list, not over another generator",
        "a condition stands behind, `for x in collection if ...`; parts of it are an `object`, and sums a `composite`",
    ),
    _in_brackets(
        rf"({_OPERAND})\s+in\s*\((?![^()\n]*\bfor\b)\s*([^,()\n]+?)\s*,\s*([^,()\n]+?)\s*\)(?P<unit>\s*{_UNIT})?"
    ),
    Spelling(
        r"\b(?:and|or)\s+(?P<here>[<>]=?|[=!]=)",
        "E103",
        "a comparison has two sides",
        "repeat what is compared, or write a range as in mathematics: `a < x < b`",
    ),
    _instead(
        r"\[\s*:\s*,\s*(-?\w+)\s*\]",
        "E113",
        "an event has its own lists: an index is of one of them",
        lambda match: f"[{match[1]}]",
    ),
    Spelling(
        r"^\s*(?P<here>(?!(?:experiment|energy|luminosity|weight|histogram|bins|save)\b)([A-Za-z_]\w*)\s*=(?!=))",
        "E120",
        "a name is given by `define`, and in a block by `let`",
        lambda match: f"write `let {match[2]} = ...`; `==` compares",
    ),
    Spelling(
        r"^\s*(?P<here>bin\s+)(?!\")",
        "E116",
        "a bin has a name in double quotes, and a condition",
        'write `bin "name" condition`; a grid of bins is `bins name = value edges [a, b, c]`',
    ),
    Spelling(
        r"^\s*bins\b[^\n]*?\s(?P<here>fold)\b",
        "E103",
        "`fold` belongs to a histogram",
        "a grid whose last edge is `inf` holds all that is above it: `edges [0 GeV, 100 GeV, inf]`",
    ),
    _instead(
        r"^\s*(?:histogram|bins)\b[^\n]*?(?P<here>,)\s*(?=bins\b|edges\b|fold\b|title\b)",
        "E103",
        "no comma stands before an axis",
        "",
    ),
    Spelling(
        r"^\s*(?:histogram|bins)\b[^\n]*?(?P<here>,)(?![^\[\n]*\])(?=[^,\n]+\b(?:bins|edges)\b)",
        "E103",
        "two axes have no comma between them",
        "write `vs`: `x bins 5 from 0 to 1 vs y edges [0, 2, 3]`",
        lambda match: " vs" if re.search(r"\bto\b|\]", match.string[: match.start("here")]) else None,
    ),
    _instead(
        rf"\bedges\s*(?P<here>\[(?P<edges>[^\]\n]+)\]\s*(?P<unit>{_UNIT}))",
        "E103",
        "each edge has a unit of its own",
        _edges,
    ),
    _instead(
        r"\b([A-Za-z_]\w*)\s*\(\s*\"([A-Za-z_]\w*)\"\s*\)",
        "E103",
        "names are not strings",
        lambda match: f"{match[1]}.{match[2]}",
    ),
    _instead(r",\s*(?=$|#|[)\]])", "E103", "nothing follows this comma", ""),
    Spelling(
        r"^\s*(?:select|reject)\b[^\n]*?(?P<here>,)",
        "E103",
        "conditions are not joined by commas",
        "write `and` or `or`, or give each condition its own statement",
    ),
    Spelling(
        r"\"\"\"|'''",
        "E118",
        "a comment starts with `#`, and ends with its line",
        "write `#` before each line",
    ),
    Spelling(r"\(\s*([A-Za-z_]\w*)\s+where\s+([^()\n]*)\)?", "E120", "`where` is not a word of hepsel", _where),
    Spelling(
        r"\bfold\s+vs\b", "E103", "`fold` stands behind both axes, and is about both", "move it to the end of them"
    ),
    Spelling(
        r"(?<=[<>=]\s)(?P<name>[A-Za-z_]\w*)\s+(?P<unit>[kMGT]?eV|[umc]?m|ns|m?rad|deg)\b",
        "E120",
        "a unit stands behind a number; what has a name has its unit with it",
        lambda match: f"leave it out: `{match['name']}`",
        lambda match: match["name"],
    ),
    _instead(
        rf"(?P<here>-\s*(?P<down>{_SIZE})\s*/?\s*\+\s*(?P<up>{_SIZE}))(?=\s*(?:for\b|stat\b|syst\b|\+|,|#|$))",
        "E103",
        "the error upwards stands before the one downwards",
        _two_errors,
    ),
    Spelling(
        rf"\^\s*\{{\s*\+?\s*(?P<up>{_SIZE})\s*\}}\s*_\s*\{{\s*-?\s*(?P<down>{_SIZE})\s*\}}",
        "E119",
        "LaTeX is not read here",
        lambda match: f"write `{_two_errors(match)}`",
        lambda match: f" {_two_errors(match)}",
    ),
    Spelling(
        rf"(?P<here>\+\s*(?P<up>{_SIZE})\s+for)(?=\s+(?:[-\d.\"]|inf\b))",
        "E103",
        "behind an error upwards stands the one downwards",
        lambda match: f"write `+ {match['up']} - ...`, or `+- {match['up']}` for both",
    ),
    _instead(
        r"(?<=[\w.])\s*(?P<here>\(\s*(?P<kind>stat|syst)\w*\.?\s*\))",
        "E103",
        "the kind of an error stands without brackets",
        lambda match: match["kind"],
    ),
    _instead(
        rf"\+\s*{_SIZE}\s*(?P<here>/)\s*-\s*{_SIZE}",
        "E103",
        "nothing stands between the error upwards and the one downwards",
        "",
    ),
    Spelling(
        r"^\s*take\s+(?P<here>(?:union|combine|merge|concatenate)\s*\(\s*([A-Za-z_][\w\s,]*?)\s*\))",
        "E103",
        "a union is written without a function",
        lambda match: f"write `take {match[2]}`",
        lambda match: match[2],
    ),
    Spelling(
        r"^\s*take\s+(?P<here>([A-Za-z_]\w*(?:\s*[+|]\s*[A-Za-z_]\w*)+))\s*(?:#|$)",
        "E103",
        "a union is written with commas",
        lambda match: f"write `take {_united(match[2])}`",
        lambda match: _united(match[2]),
    ),
    Spelling(
        r"^\s*take\s+([A-Za-z_]\w*)\s*(?P<here>[-&]\s*([A-Za-z_]\w*))\s*(?:#|$)",
        "E103",
        "what is taken from is one collection, or a union",
        lambda match: (
            f"write `take {match[1]}`, and in the next line "
            f"`{'reject' if match['here'][0] == '-' else 'select'} this in {match[3]}`"
        ),
    ),
    _instead(r"&&", "E110", "`&&` is not an operator of hepsel", "and"),
    _instead(r"&", "E110", "`&` is not an operator of hepsel", "and"),
    _instead(r"\|\|", "E110", "`||` is not an operator of hepsel", "or"),
    _instead(r"!(?!=)", "E110", "`!` is not an operator of hepsel", "not "),
    Spelling(r"\*\*", "E110", "`**` is not an operator of hepsel", "write `^` for a power", "^"),
    _instead(r"=<", "E110", "`=<` is not a comparison", "<="),
    _instead(r"=>", "E110", "`=>` is not a comparison", ">="),
    Spelling(
        r"^\s*(experiment|energy|luminosity|source\s+\w+)\s*[:=]",
        "E120",
        "in the header, nothing stands between a word and what it says",
        lambda match: f"write `{match[1]}` and what it says",
        lambda match: match[1],
    ),
    _instead(r"(?<![<>=!])=(?!=)", "E110", "`=` does not compare", "=="),
    _instead(r"<>|≠", "E110", "this is not a comparison of hepsel", "!="),
    _instead("≤", "E110", "`≤` is not an operator of hepsel", "<="),
    _instead("≥", "E110", "`≥` is not an operator of hepsel", ">="),
    _instead("[\u00d7\u00b7]", "E110", "this is not an operator of hepsel", "*"),
    _instead("[\u2212\u2013\u2014]", "E110", "this is not a minus sign", "-"),
    Spelling(r"(?<=[\d.])\s*%", "E110", "`%` is not an operator of hepsel", "write the fraction: 0.05 for 5 %"),
    Spelling(
        "%",
        "E110",
        "`%` is not an operator of hepsel",
        "write a fraction as a number, and the remainder of n by 2 as `n - 2 * floor(n / 2)`",
    ),
    Spelling(r"\?", "E110", "`?` is not an operator of hepsel", "write `if c then a else b`"),
    _instead("±", "E111", "`±` is not in the alphabet of hepsel", "+-"),
    _instead(r"\+/-", "E111", "`+/-` is written otherwise here", "+-"),
    _instead(";", "E112", "statements do not end in `;`", ""),
    Spelling(
        rf"(?!not\b|edges\b)({_OPERAND})\s+(?:(?P<not>not\s+)?in\s*|(?=\[))(?!{_CLOSED_OR_OPEN})(?P<open>[\[(\]])"
        r"\s*(?P<low>[^,()\[\]\n]+?)\s*,\s*(?P<high>[^,()\[\]\n]+?)\s*(?P<close>[\])\[])"
        rf"(?P<unit>\s*{_UNIT})?",
        "E113",
        "a range is not written in brackets; `in` asks whether an item is in a collection",
        _half_open_advice,
        _half_open_replaced,
    ),
    _in_brackets(
        rf"(?!edges\b)({_OPERAND})\s+(?:in\s*)?\[\s*([^,\]\n]+?)\s*,\s*([^,\]\n]+?)\s*\](?P<unit>\s*{_UNIT})?"
    ),
    Spelling(
        r"\[\]|\]\[",
        "E113",
        "a range is not written in brackets",
        "write the range as in mathematics, for example `50 GeV <= m <= 100 GeV`",
    ),
    Spelling(
        r"\b([fpnu]b)\s*-\s*1\b",
        "E114",
        "the power of a unit needs `^`",
        "write `fb^-1`",
        lambda match: f"{match[1]}^-1",
    ),
    _instead(
        r"\b([A-Za-z]+)\s*\^\s*[({]\s*(-?)\s*(\d+)\s*[)}]",
        "E114",
        "the power of a unit has no brackets around it",
        lambda match: f"{match[1]}^{match[2]}{match[3]}",
    ),
    Spelling(
        r"/\s*([fpnu]b)\b",
        "E114",
        "an inverse unit is written as a power",
        "write `fb^-1`",
        lambda match: f"{match[1]}^-1",
    ),
    _instead(r"\bGeV/c(?:\^?2|²)?", "E114", "energies, momenta and masses are in GeV here (c = 1)", "GeV"),
    Spelling(
        r"\bcite\s+(?:page|p\.?)\s*\d*",
        "E115",
        "`cite` needs the name of a source first",
        'declare `source paper "..."` in the header and write `cite paper page 7`',
    ),
    Spelling(
        r'\bcite\s+"',
        "E115",
        "`cite` needs the name of a source first",
        'declare `source paper "..."` in the header and write `cite paper "..."`',
    ),
    Spelling(
        r"(?<![.\w])(?:analysis|title|as|note|assume|external|without|source\s+\w+)\s+(?=[A-Za-z0-9])",
        "E116",
        "a text stands between double quotes",
        lambda match: f'write `{match[0].strip()} "..."`',
    ),
    _instead("[“”„]", "E116", "a string stands between straight double quotes", '"'),
    Spelling("'", "E116", "a string stands between double quotes", 'write `"text"`', '"'),
    Spelling("[{}]", "E117", "there are no braces in hepsel", "statements need no brackets around them", ""),
    Spelling(
        r"\[",
        "E117",
        "a list is not written in brackets",
        "write the generator without them, for example `sum(j.pt for j in jets)`",
    ),
    Spelling(
        r"\bfor\s+\w+(?:\s*,\s*\w+)*\s+in\b[^\n]*?\sif\b[^\n]*?\s(?P<here>for)\b",
        "E310",
        "the condition of a generator stands behind its last `for`",
        "write `... for i, j in a for k in b if ...`, with `and` between conditions",
    ),
    Spelling(
        r"\bfor\b",
        "E310",
        "a generator stands inside a function",
        "write `any(...)`, `all(...)`, `count(...)`, `sum(...)` or the like around it",
    ),
    _instead(
        r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w.])",
        "E121",
        "a number has no commas in it",
        lambda match: match[0].replace(",", ""),
    ),
    Spelling(
        r"\b(?:from|to)\s+-?\s*pi\b|\bpi(?=\s*[,\]])",
        "E103",
        "the bins of an axis lie between numbers",
        "write 3.141592653589793 for `pi`, or `180 deg`",
    ),
    Spelling(
        r"\btake\s+\w+\s+(?:and|or)\s+(?=\w)",
        "E103",
        "`take` has names behind it, and no conditions",
        "an object unites collections, `take electrons, muons`; a region starts from one region, "
        "and others are conditions: `select ee or mumu`",
    ),
    _instead(r"//|/\*", "E118", "a comment starts with `#`", "#"),
    _instead("@", "E119", "`@` means nothing here", ""),
    Spelling(
        r"\b(?:AND|OR|NOT|IF|THEN|ELSE|IN)\b\s*",
        "E110",
        "keywords are in lower case",
        "write it in lower case",
        lambda match: match[0].strip().lower(),
    ),
    _instead(
        r"(?<![<>=]\s)\b(?:cmd|cut|filter|require|requires|where)\s+(?=[\w|(])|(?<![<>=]\s)\b(?:cmd|cut)\b",
        "E120",
        "a criterion starts with `select` or `reject`",
        "select",
    ),
    _instead(
        r"\b(?:(?:deselect|unselect|vetoEvent|veto|exclude|drop|skip|remove|discard)(?:\s+if\b)?|reject\s+if\b)\s+(?=[\w|(])",
        "E120",
        "a criterion starts with `select` or `reject`",
        "reject",
    ),
    Spelling(
        r"\b(?:histo|hist|plot|fill)\b\s*",
        "E120",
        "a histogram is a statement of a region",
        "write `histogram name = value bins 50 from 0 GeV to 100 GeV`",
        "histogram",
    ),
    Spelling(
        r"\b(?:def|let|var)\b",
        "E120",
        "an event-level name is given by `define`",
        "write `define x = ...`; `let` belongs in a block",
    ),
    _instead(r"\b(?:elif|elsif)\b\s*", "E120", "an `if` always has its `else`", "else if"),
    Spelling(r"\bsorted\b", "E120", "sorting is a statement", "write `sort by pt descending`"),
    _instead(
        r"^\s*(?P<here>algo|algorithm|selection|cutflow|category|channel)\b",
        "E120",
        "a set of events is a `region`",
        "region",
    ),
    _instead(
        r"^\s*(?P<here>(?:const|constant|val|auto|double|float|int|real|def)\s+)(?=\w)",
        "E120",
        "a constant or function is given by `define`",
        "define ",
    ),
    _instead(
        r"^\s*(?P<here>using|use|union|input|collection|combine|pair)\s+(?=\w)",
        "E120",
        "a block starts from a collection with `take`",
        "take",
    ),
    Spelling(r"^\s*(?P<here>info\s+\w+)", "E120", "the header is `analysis`", 'write `analysis "..."` with the title'),
    _instead(r"^\s*(?P<here>order\s+by)\b", "E120", "sorting is a statement", "sort by"),
    Spelling(
        r"^\s*(?P<here>sort)\s+(?!by\b)",
        "E103",
        "items are sorted by something",
        "write `sort by pt descending`",
        "sort by",
    ),
    Spelling(
        r"^\s*(?P<here>trigger)\s+\w+",
        "E120",
        "a trigger is a criterion",
        "write `select trigger.NAME`",
    ),
    Spelling(
        r"^\s*(?P<here>if)\b",
        "E120",
        "a criterion starts with `select` or `reject`",
        "write `select` and the condition",
    ),
    Spelling(
        r"\b(?:lambda|def|return|import)\b",
        "E120",
        "hepsel is not Python",
        "write what is selected as blocks: `object`, `composite`, `region`",
    ),
    _instead(
        r"[Δ∆]\s*(R|r|φ|ϕ|phi|η|eta)(?![a-z])",
        "E119",
        "names are of the letters a to z, digits and `_`",
        lambda match: _DISTANCES[match[1]],
    ),
    _instead(r"[µμ]m\b", "E114", "names are of the letters a to z, digits and `_`", "um"),
    Spelling(
        r"[^\x00-\x7f]",
        "E119",
        "this is not in the alphabet of hepsel",
        _letter,
        lambda match: _LETTERS.get(match[0]),
    ),
)

UNFINISHED: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    (
        r"sort\s+by\b(?s:.*)\b(?:ascending|descending)\s*,(?s:.*)",
        "behind a comma stands another key, with its direction",
        lambda _: "write `sort by pt descending, |eta| ascending`, for example",
    ),
    (
        r"sort\s+by\s+-\s*(\S.*)",
        "items are sorted by something, in a direction",
        lambda match: f"write `sort by {match[1]} descending`",
    ),
    (
        r"sort\s+by\s+(\S.*)",
        "items are sorted by something, in a direction",
        lambda match: f"write `sort by {match[1]} descending`, the largest first, or `ascending`",
    ),
    (
        r"table\b(?s:.*)\bfor\s+-?[\d.]+(?:\s*[A-Za-z]\w*)?(?:\s+to)?",
        "a row of a table is for a range",
        lambda _: _ROW,
    ),
    (r"keep\s+first", "how many are kept is a number", lambda _: "write `keep first 1`"),
    (
        r"weight\s+([A-Za-z_]\w*)",
        "a weight has a name",
        lambda match: f"write `weight name = {match[1]}`",
    ),
    (
        r"histogram\s+([A-Za-z_]\w*)(?:\s*=.*)?",
        "a histogram has an axis",
        lambda _: "write `bins 50 from 0 GeV to 100 GeV`, or `edges [0, 1, 2]`, behind it",
    ),
)
"""What a statement says that lacks its end; the message, and what to write. The first that fits a statement counts."""
