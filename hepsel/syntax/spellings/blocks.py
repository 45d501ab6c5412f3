"""The header, and what blocks are made of: sources, slots, sorting and keeping."""

from __future__ import annotations

import re

from hepsel.syntax import adl, papers
from hepsel.syntax.spellings.spelling import OPERAND, UNIT, Spelling, as_name, instead


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


def _united(collections: str) -> str:
    return ", ".join(re.split(r"\s*[+|]\s*", collections))


def _best(match: re.Match[str]) -> str:
    if match["here"] in ("best", "closest", "nearest"):
        return "write `keep lowest` of a distance, such as `|mass - 91.2 GeV|`, or `keep highest`"
    return f"write `keep {'lowest' if match['here'].startswith(('min', 'small')) else 'highest'}`"


def _several_best(match: re.Match[str]) -> str:
    highest = (match["side"] or match["last"]) == "highest"
    return papers.advice_on_several(match["many"] or match["number"], match["key"] or "pt", highest=highest)


def _slots(match: re.Match[str]) -> str:
    """Return the slots of pairs or trios from one collection."""
    places = "abc" if match["many"] in ("three", "3") else "ab"
    return ", ".join(f"{match['of'] or match['in']} {place}" for place in places)


BLOCKS = (
    instead(
        rf"^\s*keep\s+(?P<here>(?:closest|nearest)\s+to\s+(?P<to>\w[\w.]*(?:\s+{UNIT})?))",
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
    instead(r"^\s*(?P<here>sorted\s+by)\b", "E120", "sorting is a statement", "sort by"),
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
    instead(
        r"^\s*take\s+(?P<here>\(\s*(?P<slots>[A-Za-z_][\w\s,]*?)\s*\))\s*(?:#|$)",
        "E117",
        "slots stand without brackets",
        lambda match: match["slots"],
    ),
    instead(
        rf"^\s*keep\s+(?P<here>(?:closest|nearest)\s+(?P<value>[A-Za-z_][\w.]*)\s+to\s+(?P<to>\w[\w.]*(?:\s+{UNIT})?))",
        "E120",
        "the best item is the lowest or highest by something",
        lambda match: f"lowest |{match['value']} - {match['to']}|",
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
    instead(
        r"^\s*(?P<here>(?:sqrt_?s|ecm|com)\s*[:=]?\s+)(?=\d)", "E120", "this line of the header is `energy`", "energy "
    ),
    instead(
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
        rf"^\s*keep\s+(?P<here>(?:the\s+)?(?:(?P<side>highest|lowest)\s+(?P<many>{papers.HOW_MANY})|"
        rf"(?P<number>{papers.HOW_MANY})\s+(?P<last>highest|lowest))(?:\s+(?:by\s+|in\s+)?(?P<key>{OPERAND}))?)",
        "E120",
        papers.KEEPS_ONE,
        _several_best,
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
        r"^\s*take\b[^\n]*?(?:\bwith|,)\s+(?P<here>(?P<item>[A-Za-z_]\w*)\.\w+)\s*=(?!=)",
        "E103",
        "a variant replaces a collection or item as a whole, and no single attribute",
        lambda match: (
            "define what stands in its place, as with `define up = 1.1 * MET`, or by an `object` that has "
            f"`let p4 = 1.1 * this`, and write `with {match['item']} = ...`"
        ),
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
    instead(
        r"^\s*table\s+\w+\s*\([^()\n]*\)\s*(?P<here>[:=])",
        "E120",
        "behind the name of a table its rows begin",
        "",
    ),
    instead(
        r"^\s*(?:object|composite|region|define|table)\s+(?P<here>\"[^\"\n]*\"|\d\w*|\w+(?:-\w+)+)",
        "E103",
        "names are of the letters a to z, digits and `_`, and begin with a letter",
        lambda match: as_name(match["here"]),
    ),
    Spelling(
        r"^\s*take\s[^\n#]*,\s*(?P<here>ordered\s+\w+\s+\w+)",
        "E502",
        "`ordered` stands behind `take`, and is about all slots",
        "write `take ordered ...`",
    ),
    Spelling(
        r"^\s*take\s+(?:ordered\s+)?\w+\s+(?!and\b|or\b|with\b|without\b|cite\b|note\b|assume\b|as\b)\w+\s+"
        r"(?P<here>(?!and\b|or\b)\w+)\s+\w+\s*$",
        "E103",
        "slots are listed",
        lambda match: f"write a comma before `{match['here']}`",
        lambda match: f", {match['here']}",
    ),
    instead(r"^\s*take\s+\w+\s+(?!and\b|or\b)\w+\s+(?P<here>and)\b", "E103", "slots are listed", ","),
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
    instead(
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
    Spelling(
        r"^\s*keep\s+(?P<here>(?:(?:top|leading)\s+)?(\d+))\b",
        "E103",
        "the first items are kept, in the order that they have",
        lambda match: f"write `keep first {match[2]}`",
        lambda match: f"first {match[2]}",
    ),
    Spelling(
        r"^\s*(?P<here>(?!(?:experiment|energy|luminosity|weight|histogram|bins|save)\b)([A-Za-z_]\w*)\s*=(?!=))",
        "E120",
        "a name is given by `define`, and in a block by `let`",
        lambda match: f"write `let {match[2]} = ...`; `==` compares",
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
    Spelling(
        r"^\s*(experiment|energy|luminosity|source\s+\w+)\s*[:=]",
        "E120",
        "in the header, nothing stands between a word and what it says",
        lambda match: f"write `{match[1]}` and what it says",
        lambda match: match[1],
    ),
    Spelling(
        r"\btake\s+\w+\s+(?:and|or)\s+(?=\w)",
        "E103",
        "`take` has names behind it, and no conditions",
        "an object unites collections, `take electrons, muons`; a region starts from one region, "
        "and others are conditions: `select ee or mumu`",
    ),
    Spelling(r"\bsorted\b", "E120", "sorting is a statement", "write `sort by pt descending`"),
    instead(
        r"^\s*(?P<here>using|use|union|input|collection|combine|pair)\s+(?=\w)",
        "E120",
        "a block starts from a collection with `take`",
        "take",
    ),
    Spelling(r"^\s*(?P<here>info\s+\w+)", "E120", "the header is `analysis`", 'write `analysis "..."` with the title'),
    Spelling(
        r"^\s*(?P<here>sort)\s+(?!by\b)",
        "E103",
        "items are sorted by something",
        "write `sort by pt descending`",
        "sort by",
    ),
)
