"""Histograms, bins, weights and columns."""

from __future__ import annotations

import re

from hepsel.syntax.spellings.spelling import END, HIGH, LOW, UNIT, Spelling, as_name, instead, is_infinite

_UP_TO_CLAUSE = r"[^\s#\"=][^\n#\"]*?(?=\s*(?:$|#|\b(?:fold|title|cite|assume|note)\b))"
"""What stands behind an axis, up to the next part of the statement."""


def _edges(match: re.Match[str]) -> str:
    """Return a list of edges, each with the unit that stands behind the list."""
    written = map(str.strip, match["edges"].split(","))
    edges = (edge if is_infinite(edge) else f"{edge} {match['unit']}" for edge in written)
    return f"[{', '.join(edges)}]"


_ENDS = rf"{LOW}(?:\s+to\s+|\s*\.\.\s*|[\s,]+){HIGH}"
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


FILLING = (
    instead(
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
        rf"^\s*(?:histogram|bins)\b[^\n]*?=[^\n]*?(?<!edges)(?<!\s)\s+(?P<here>\[(?P<edges>\s*{END}(?:\s*{UNIT})?(?:\s*,\s*{END}(?:\s*{UNIT})?)+\s*)\]"
        rf"(?:\s*(?P<unit>{UNIT}))?)\s*(?:#|$)",
        "E103",
        "bins that are given by their edges are `edges`",
        lambda match: f"write `edges {_edges(match) if match['unit'] else match['here']}`",
    ),
    instead(
        rf"^\s*(?:histogram|bins)\b[^\n]*?\bedges\s+(?P<here>{END}(?:\s*{UNIT})?(?:\s*,\s*{END}(?:\s*{UNIT})?)+)",
        "E103",
        "edges stand in brackets",
        lambda match: f"[{match['here']}]",
    ),
    Spelling(
        rf"^\s*histogram\b[^\n]*?\s(?P<here>(?:\(|range\b)\s*(?:(?P<bins>\d+)\s*,\s*)?{LOW}\s*(?:,|to\b)\s*{HIGH}\s*\)?"
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
        rf"^\s*histogram\b(?:[^\n\[]|\[[^\]\n]*\])*?(?P<here>(?P<comma>,\s*|(?<=\s))(?:bins\s+)?(?P<bins>\d+)[\s,]+{_ENDS})\s*(?:#|$)",
        "E103",
        "an axis says how many bins it has, and from where to where",
        lambda match: f"write `{_between_ends(match)}`",
        lambda match: f"{' ' if match['comma'] else ''}{_between_ends(match)}",
    ),
    instead(
        rf"^\s*(?:histogram|bins)\b[^\n]*?(?P<here>\bfrom\s+{_ENDS}[\s,]+bins\s+(?P<bins>\d+))",
        "E103",
        "an axis says first how many bins it has, and then from where to where",
        _between_ends,
    ),
    instead(
        r"^\s*(?:histogram|bins)\b[^\n]*?\s"
        rf"(?P<here>bins\s*=?\s*(?P<whole>\[(?P<edges>[^\[\]\n]*)\])(?:\s*(?P<unit>{UNIT}))?)",
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
        lambda match: f"write `{as_name(match[2])} = ...`, and behind the axis `title {match[2]}`",
    ),
    Spelling(
        r"^\s*histogram\b[^\n]*?(?P<here>\b(?P<bins>\d+)\s+bins\b|\bbins\s*(?:[=(:]\s*)?(?P<number>\d+)\s*\)?\s*"
        r"(?:(?:in|over)?\s*[\[(]\s*(?P<low>[^,\[\]()\n]+?)\s*,\s*(?P<high>[^,\[\]()\n]+?)\s*[\])])?"
        rf"(?P<unit>\s*{UNIT})?)",
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
    instead(
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
    instead(
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
    instead(
        r"^\s*bin\s+\"[^\"\n]*\"\s*(?P<here>[:=])(?!=)",
        "E103",
        "nothing stands between the name of a bin and its condition",
        "",
    ),
    Spelling(
        r"^\s*(?P<here>(weight|histogram|bins|save)\s*=)",
        "E103",
        "a name stands before the `=`",
        lambda match: f"write `{match[2]} name = ...`",
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
    instead(
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
    instead(
        rf"\bedges\s*(?P<here>\[(?P<edges>[^\]\n]+)\]\s*(?P<unit>{UNIT}))",
        "E103",
        "each edge has a unit of its own",
        _edges,
    ),
    Spelling(
        r"\bfold\s+vs\b", "E103", "`fold` stands behind both axes, and is about both", "move it to the end of them"
    ),
    Spelling(
        r"\b(?:histo|hist|plot|fill)\b\s*",
        "E120",
        "a histogram is a statement of a region",
        "write `histogram name = value bins 50 from 0 GeV to 100 GeV`",
        "histogram",
    ),
)
