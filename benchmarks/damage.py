"""Damaged and rewritten variants of the truth program of our two papers, made deterministically.

What is right and wrong is known from `tests/papers/criteria.toml` and from how a variant was made, and not from
the checker.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hepsel.check import check_text
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.numbers import numbers_in
from hepsel.extract.choosing.cuts import THRESHOLD, score
from hepsel.extract.reading import Document
from hepsel.formats.loader import load_format
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse
from hepsel.syntax.printer import quoted

PAPERS = Path(__file__).resolve().parents[1] / "tests" / "papers"
TRUTH = (PAPERS / "four_lepton.hepsel").read_text(encoding="utf-8")
FILES = {"paper": "four_lepton.pdf", "leptons": "leptons.pdf"}
_LINES = tomllib.loads((PAPERS / "criteria.toml").read_text(encoding="utf-8"))["lines"]
_FORMAT = load_format("physlite")


@dataclass(frozen=True)
class Variant:
    """A changed program: the class of the change, the criterion that is changed (its id), what was done."""

    change: str
    criterion: str
    what: str
    text: str


@dataclass(frozen=True)
class Criterion:
    """A criterion of the truth: where it stands in the text, without and with its annotations."""

    id: str
    label: str | None
    statement: tree.Statement
    start: int
    stop: int
    end: int

    @property
    def main(self) -> str:
        return TRUTH[self.start : self.stop]

    @property
    def cites(self) -> tuple[tree.Cite, ...]:
        return tuple(a for a in self.statement.annotations if isinstance(a, tree.Cite))

    @property
    def assumed(self) -> bool:
        return any(isinstance(a, tree.Assume) for a in self.statement.annotations)

    def with_main(self, new: str) -> str:
        return TRUTH[: self.start] + new + TRUTH[self.stop :]

    def with_both(self, main: str, quote: str) -> str:
        """Return the program with another statement, and another quotation in its first citation."""
        (cite, *_) = self.cites
        new = f"cite {cite.source} page {cite.page} {quoted(quote)}"
        return TRUTH[: self.start] + main + TRUTH[self.stop : cite.span.start] + new + TRUTH[cite.span.end :]

    def with_cite(self, source: str, page: int | None, quote: str) -> str:
        """Return the program with another citation in the place of the first."""
        (cite, *_) = self.cites
        where = "" if page is None else f" page {page}"
        return TRUTH[: cite.span.start] + f"cite {source}{where} {quoted(quote)}" + TRUTH[cite.span.end :]


def criteria() -> list[Criterion]:
    program, _, _ = parse(SourceText(TRUTH))
    assert program is not None
    found = []
    kinds = (tree.Select, tree.Reject, tree.KeepBest, tree.KeepFirst, tree.External)
    for block in program.blocks:
        ordinal = 0
        for statement in getattr(block, "statements", ()):
            if isinstance(statement, kinds):
                ordinal += 1
                first = min(a.span.start for a in statement.annotations)
                stop = statement.span.start + len(TRUTH[statement.span.start : first].rstrip())
                label = next((a.text for a in statement.annotations if isinstance(a, tree.Label)), None)
                found.append(
                    Criterion(
                        f"{block.name}.{ordinal}", label, statement, statement.span.start, stop, statement.span.end
                    )
                )
    return found


CRITERIA = criteria()
CITED = [c for c in CRITERIA if c.cites and not c.assumed]
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?=\s*(?P<unit>GeV|mm)?)")
_EXEMPT = re.compile(r"largest\([\w.]+, \d\)|charge == 0")


def numbers(main: str) -> Iterator[re.Match[str]]:
    exempt = [match.span() for match in _EXEMPT.finditer(main)]
    for match in _NUMBER.finditer(main):
        if not any(start <= match.start() < end for start, end in exempt):
            yield match


def right(text: str) -> bool:
    """Whether a variant is a program without errors: what the checker of names and types finds needs no paper."""
    return check_text(text, _FORMAT).program is not None


def damaged(documents: dict[str, Document]) -> Iterator[Variant]:
    """Yield the damaged variants; some of them are no programs without errors, see `right`."""
    for make in (_values, _units, _directions, _strictness, _words, _other_names, _moved):
        for criterion in CITED:
            yield from make(criterion)
    yield from _other_quotations()
    yield from _pages()
    yield from _misquoted()
    yield from _invented_quotations()
    yield from _invented_criteria(documents)


# ------------------------------------------------------------------ one criterion changed


def _values(criterion: Criterion) -> Iterator[Variant]:
    main = criterion.main
    quote = " ".join(cite.quote or "" for cite in criterion.cites)
    for match in numbers(main):
        old = match[0]
        others = [f"{float(old) * factor:.6g}" for factor in (0.5, 1.1, 2, 10)] + [f"{float(old) + 1:.6g}"]
        if "." not in old:
            others = [str(int(old) + step) for step in (1, 2, 5, 10, -1) if int(old) + step >= 0]
        for new in dict.fromkeys(others):
            if float(new) != float(old):
                yield _at(criterion, "value", match, new)
        for new in dict.fromkeys(re.findall(r"(?<![\w._{])\d+(?:\.\d+)?", quote)):
            if float(new) != float(old):
                yield _at(criterion, "value from the quotation", match, new)


def _at(criterion: Criterion, change: str, match: re.Match[str], new: str) -> Variant:
    main = criterion.main
    changed = main[: match.start()] + new + main[match.end() :]
    return Variant(change, criterion.id, f"{main} -> {changed}", criterion.with_main(changed))


def _units(criterion: Criterion) -> Iterator[Variant]:
    for match in re.finditer(r"(?<=\d )(GeV|mm)\b", criterion.main):
        for new in {"GeV": ("MeV", "TeV", "keV"), "mm": ("cm", "um", "m")}[match[0]]:
            yield _at(criterion, "unit", match, new)


_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "!=", "!=": "=="}
_STRICT = {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}
_OPERATOR = re.compile(r"<=|>=|==|!=|<|>")


def _directions(criterion: Criterion) -> Iterator[Variant]:
    main = criterion.main
    found = list(_OPERATOR.finditer(main))
    for match in found:
        chained = re.search(r"[<>]=? \|?\w+\|? [<>]", main)
        if not (chained and chained.start() <= match.start() <= chained.end()):
            yield _at(criterion, "direction", match, _FLIPPED[match[0]])
    chains = re.search(r"([\d.]+(?: GeV)?) < (\|?\w+\|?) < ([\d.]+(?: GeV)?)", main)
    if chains:
        yield _at(criterion, "direction", chains, f"({chains[2]} < {chains[1]} or {chains[2]} > {chains[3]})")
    if main.startswith("select"):
        changed = "reject" + main[6:]
        yield Variant("direction", criterion.id, f"{main} -> {changed}", criterion.with_main(changed))
    elif main.startswith("reject"):
        changed = "select" + main[6:]
        yield Variant("direction", criterion.id, f"{main} -> {changed}", criterion.with_main(changed))
    without = main.replace("not (", "(", 1)
    if without != main:
        yield Variant("direction", criterion.id, f"{main} -> {without}", criterion.with_main(without))


def _strictness(criterion: Criterion) -> Iterator[Variant]:
    for match in _OPERATOR.finditer(criterion.main):
        if match[0] in _STRICT:
            yield _at(criterion, "strictness", match, _STRICT[match[0]])


_WORDS = {
    "is_loose": ("is_medium", "is_tight"),
    "calo_tagged": ("segment_tagged", "combined", "standalone", "forward"),
    "segment_tagged": ("combined", "standalone", "forward"),
    "combined": ("standalone", "calo_tagged", "segment_tagged"),
    "standalone": ("combined", "calo_tagged"),
    "flavour == muon": ("flavour == electron",),
    "i.flavour == j.flavour": ("i.flavour != j.flavour",),
    "a.flavour == b.flavour": ("a.flavour != b.flavour",),
    "charge == 0": ("charge != 0",),
}


def _words(criterion: Criterion) -> Iterator[Variant]:
    for old, others in _WORDS.items():
        for match in re.finditer(rf"\b{re.escape(old)}\b", criterion.main):
            for new in others:
                yield _at(criterion, "word", match, new)


_NAMES = {
    "pt": ("eta", "mass", "d0_significance"),
    "eta": ("phi", "d0_significance", "pt"),
    "ptcone20": ("ptcone30", "topoetcone20"),
    "ptcone30": ("ptcone20", "topoetcone20"),
    "topoetcone20": ("ptcone20", "ptcone30"),
    "z0_sin_theta": ("d0",),
    "d0_significance": ("eta", "phi"),
    "d0": ("z0_sin_theta",),
    "m12": ("m34", "mass"),
    "m34": ("m12", "mass"),
    "dr": ("dphi", "deta"),
    "mass": ("pt",),
    "dileptons": ("quadruplets", "leptons", "electrons", "muons"),
    "quadruplets": ("electrons", "muons"),
    "PrimaryVertex": ("electrons", "muons", "Jet"),
}


def _other_names(criterion: Criterion) -> Iterator[Variant]:
    for old, others in _NAMES.items():
        for match in re.finditer(rf"(?<![\w])(?<!parts\.){old}\b(?! =)", criterion.main):
            for new in others:
                yield _at(criterion, "quantity", match, new)


_HOMES = {
    "electrons": ("muons",),
    "muons": ("electrons",),
    "dileptons": (),
    "quadruplets": (),
    "signal": (),
}
_NEW_OBJECTS = """
object jets
  take Jet
  {}

object photons
  take Photon
  {}
"""


def _moved(criterion: Criterion) -> Iterator[Variant]:
    """Move a criterion with its citation to another object: electrons to muons, either to jets."""
    block = criterion.id.split(".")[0]
    whole = re.sub(r'\s+as "[^"]*"', "", TRUTH[criterion.start : criterion.end])
    rest = TRUTH[: criterion.start].rstrip() + "\n" + TRUTH[criterion.end :].lstrip("\n")
    for home in _HOMES[block]:
        place = rest.index("\n\n", rest.index(f"object {home}\n"))
        text = rest[:place] + "\n  " + whole + rest[place:]
        yield Variant("object", _last(text, home), f"{criterion.main} in {home}", text)
    if block in ("electrons", "muons"):
        for home, collection in (("jets", "Jet"), ("photons", "Photon")):
            head = rest.index("composite dileptons")
            text = rest[:head] + f"object {home}\n  take {collection}\n  {whole}\n\n" + rest[head:]
            yield Variant("object", f"{home}.1", f"{criterion.main} in {home}", text)


def _last(text: str, block: str) -> str:
    program, _, _ = parse(SourceText(text))
    assert program is not None
    kinds = (tree.Select, tree.Reject, tree.KeepBest, tree.KeepFirst, tree.External)
    (found,) = (b for b in program.blocks if b.name == block)
    return f"{block}.{sum(isinstance(s, kinds) for s in getattr(found, 'statements', ()))}"


# ------------------------------------------------------------------ citations changed


def _holds(criterion: Criterion, quote: str) -> bool:
    """Whether a quotation says what the line of a criterion says, by the hand-made list."""
    about = _LINES.get(criterion.label or "")
    if about is None:
        return True  # not in the list: nothing is known
    parts = about.get("row", about.get("holds"))
    return all(fold(part).text in fold(quote).text for part in parts)


def _other_quotations() -> Iterator[Variant]:
    """Give each criterion the citation of each other one that does not happen to say the same."""
    for criterion in CITED:
        for other in CITED:
            (cite, *_) = other.cites
            assert cite.quote is not None
            if other is not criterion and not _holds(criterion, cite.quote) and not _holds(criterion, _again(cite)):
                yield Variant(
                    "quotation of another criterion",
                    criterion.id,
                    f"{criterion.main}, {cite.quote}",
                    criterion.with_cite(cite.source, cite.page, cite.quote),
                )


# Restatements: the sentence says the thing of another line in other words.
_ALSO = {
    "two pairs of leptons of the same flavour and opposite charge": "at least two same flavour and opposite charge",
}


def _again(cite: tree.Cite) -> str:
    return _ALSO.get(cite.quote or "", "")


def _pages() -> Iterator[Variant]:
    for criterion in CITED:
        (cite, *_) = criterion.cites
        for page in (2, 5, 17):
            text = criterion.with_cite(cite.source, page, cite.quote or "")
            yield Variant("page", criterion.id, f"{criterion.main}, page {page}", text)


_INVENTED = (
    "{object} are required to satisfy {main} in this analysis",
    "a requirement of {main} is applied to suppress the background",
    "we select {object} with {main} as recommended by the performance group",
)


def _invented_quotations() -> Iterator[Variant]:
    for criterion in CITED:
        (cite, *_) = criterion.cites
        said = re.sub(r"^(?:select|reject|external) ", "", criterion.main).replace('"', "")
        for pattern in _INVENTED:
            quote = pattern.format(object=criterion.id.split(".")[0], main=said)
            text = criterion.with_cite(cite.source, cite.page, quote)
            yield Variant("invented quotation", criterion.id, f"{criterion.main}, {quote}", text)


def _misquoted() -> Iterator[Variant]:
    """Change a number or a sign in the criterion and in its quotation alike; what it quotes is nearly there."""
    for criterion in CITED:
        (cite, *_) = criterion.cites
        quote = cite.quote or ""
        for match in numbers(criterion.main):
            for new in (f"{float(match[0]) * 2:g}", f"{float(match[0]) + 1:g}"):
                misquoted = re.sub(rf"(?<![\d.]){re.escape(match[0])}(?![\d.])", new, quote)
                if misquoted == quote:
                    continue
                changed = criterion.main[: match.start()] + new + criterion.main[match.end() :]
                text = criterion.with_both(changed, misquoted)
                yield Variant("misquoted number", criterion.id, f"{changed}, {misquoted}", text)
        flipped = quote.translate(str.maketrans("<>", "><"))
        if flipped != quote:
            changed = criterion.main.translate(str.maketrans("<>", "><"))
            text = criterion.with_both(changed, flipped)
            yield Variant("misquoted sign", criterion.id, f"{changed}, {flipped}", text)


# Not one of these is stated anywhere in the two papers, though most of their numbers are.
INVENTED = {
    "electrons": (
        "pt > 5 GeV", "pt > 15 GeV", "pt > 20 GeV", "|eta| < 2.5", "|eta| < 2.7", "|d0| < 1 mm", "|d0| < 0.5 mm",
        "|d0_significance| < 3", "ptcone20 / pt < 0.30", "topoetcone20 / pt < 0.15", "|z0_sin_theta| < 1 mm",
        "is_tight", "not (0.1 < |eta| < 2.5)",
    ),
    "muons": (
        "pt > 7 GeV", "pt > 20 GeV", "|eta| < 2.47", "|eta| < 2.5", "|d0_significance| < 5", "ptcone30 / pt < 0.20",
        "topoetcone20 / pt < 0.20", "|z0_sin_theta| < 1 mm", "|d0| < 0.5 mm", "pt > 15 GeV", "|eta| < 0.1",
        "type == combined",
    ),
    "dileptons": (
        "mass > 12 GeV", "mass < 106 GeV", "dr(a, b) > 0.3", "mass > 50 GeV", "a.pt > 20 GeV", "a.charge == b.charge",
    ),
    "quadruplets": (
        "m12 > 12 GeV", "m34 < 106 GeV", "m34 > 50 GeV", "m12 < 115 GeV", "mass > 50 GeV", "mass < 106 GeV",
        "largest(parts.pt, 1) > 15 GeV", "largest(parts.pt, 2) > 20 GeV", "largest(parts.pt, 4) > 10 GeV",
        "count(l for l in parts if l.flavour == electron) >= 3", "count(l for l in parts if l.flavour == muon) >= 2",
    ),
    "signal": (
        "count(Jet) >= 2", "count(electrons) >= 2", "count(muons) >= 3", "count(muons) >= 4", "count(leptons) == 3",
        "MET.pt > 30 GeV", "count(quadruplets) >= 2", "count(PrimaryVertex) >= 2",
        "count(j for j in Jet if j.pt > 30 GeV) == 0", "count(dileptons) == 2", "count(electrons) == 0",
    ),
}  # fmt: skip


def _invented_criteria(documents: dict[str, Document]) -> Iterator[Variant]:
    """Add an invented criterion with each sentence and row of the papers as its quotation."""
    heads = {"electrons": "object muons", "muons": "object leptons", "dileptons": "composite quadruplets",
             "quadruplets": "region signal"}  # fmt: skip
    for block, conditions in INVENTED.items():
        place = TRUTH.index(f"\n\n{heads[block]}\n") if block in heads else len(TRUTH.rstrip())
        for condition in conditions:
            for source, document in documents.items():
                sentences = [(s.page, s.text) for s in document.sentences]
                rows = [(row.page, row.text) for table in document.tables for row in table.rows]
                for page, quote in sentences + rows:
                    if not numbers_in(quote) and score(quote)[0] < THRESHOLD:
                        continue  # nobody would cite this for a cut
                    line = f"\n  select {condition} cite {source} page {page} {quoted(quote)}"
                    text = TRUTH[:place] + line + TRUTH[place:]
                    yield Variant("invented criterion", "+" + block, f"{block}: {condition}, {quote}", text)


# ------------------------------------------------------------------ dropped


def dropped() -> Iterator[tuple[Variant, str, str]]:
    """Yield programs without one of the printed lines; source and beginning of the sentence or row that states it."""
    for criterion in CITED:
        about = _LINES.get(criterion.label or "")
        if about is None:
            continue
        text = TRUTH[: criterion.start].rstrip() + TRUTH[criterion.end :]
        source = "paper" if about["paper"] == "four_lepton" else "leptons"
        stated = about["text"] if "text" in about else " | ".join(about["row"])
        yield Variant("dropped", criterion.id, criterion.main, text), source, stated


# ------------------------------------------------------------------ sound


def sound(documents: dict[str, Document]) -> Iterator[Variant]:
    """Yield rewritten programs that say the same, or cite the same in another way."""
    for criterion in CITED:
        yield from _rewritten(criterion)
        yield from _cited_otherwise(criterion, documents)


def _rewritten(criterion: Criterion) -> Iterator[Variant]:
    main = criterion.main

    def made(change: str, new: str) -> Variant:
        return Variant(change, criterion.id, f"{main} -> {new}", criterion.with_main(new))

    in_mev = re.sub(r"(\d+(?:\.\d+)?) GeV", lambda m: f"{m[1]}000 MeV", main)
    if in_mev != main:
        yield made("units", in_mev)
    in_cm = re.sub(r"(\d+(?:\.\d+)?) mm", lambda m: f"{float(m[1]) / 10:g} cm", main)
    if in_cm != main:
        yield made("units", in_cm)
    if main.startswith("select"):
        yield made("reject", f"reject not ({main[7:]})")
    if re.fullmatch(r"select [^<>=]+ [<>]=? [^<>=]+", main):
        left, operator, rest = re.split(r" ([<>]=?) ", main[7:])
        yield made("mirrored", f"select {rest} {_FLIPPED[operator]} {left}")
        contrary = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}[operator]
        yield made("reject", f"reject {left} {contrary} {rest}")
    if match := re.fullmatch(r"select (\S+ GeV) < (m\d\d) < (\S+ GeV)", main):
        yield made("split", f"select {match[2]} > {match[1]} and {match[2]} < {match[3]}")
        yield made("split", f"reject {match[2]} <= {match[1]} or {match[2]} >= {match[3]}")
    if match := re.fullmatch(r"select \|(\w+)\| < (\S+(?: mm)?)", main):
        yield made("split", f"select -{match[2]} < {match[1]} < {match[2]}")
        yield made("abs", f"select abs({match[1]}) < {match[2]}")
    if match := re.fullmatch(r"reject (.+) and not \((.+)\)", main):
        inner = f"({match[1]})" if " or " in match[1] else match[1]
        yield made("if", f"select not ({inner}) or {match[2]}")
        yield made("if", f"select if {match[1]} then {match[2]} else true")
    if match := re.fullmatch(r"select count\((\w+)\) > 0", main):
        yield made("count", f"select count({match[1]}) >= 1")
    if match := re.fullmatch(r"select count\((\w+)\) >= (\d)", main):
        yield made("count", f"select count({match[1]}) > {int(match[2]) - 1}")


def _cited_otherwise(criterion: Criterion, documents: dict[str, Document]) -> Iterator[Variant]:
    (cite, *_) = criterion.cites
    quote = cite.quote or ""

    def made(change: str, new: str, page: int | None = cite.page, source: str = cite.source) -> Variant:
        return Variant(change, criterion.id, f"{criterion.main}, {new}", criterion.with_cite(source, page, new))

    yield made("no page", quote, None)
    yield made("ascii", _ascii(quote))
    yield made("latex", _latex(quote))
    yield made("spaces", re.sub(r"\s*([<>])\s*", r"\1", quote))
    for sentence in documents[cite.source].sentences:
        if fold(quote).text in fold(sentence.text).text:
            yield made("whole sentence", sentence.text)
            if len(sentence.text) > 60:
                yield made("typing error", sentence.text.replace("e", "", 1) if "e" in quote else sentence.text)
    about = _LINES.get(criterion.label or "")
    rows = {  # the table of the first paper says these once more; that of 4.6 leaves out which pairs are meant
        "4.1": "p1.t1.r2", "4.2": "p1.t1.r3", "4.3": "p1.t1.r4", "4.4": "p1.t1.r5", "4.5": "p1.t1.r6",
        "4.8": "p1.t1.r8",
    }  # fmt: skip
    if about is not None and criterion.label in rows:
        for table in documents["paper"].tables:
            for row in table.rows:
                if row.id == rows[criterion.label]:
                    yield made("row of a table", row.text, source="paper")
                    cell = next(c.text for c in row.cells if re.search(r"\d", c.text) or "two" in c.text)
                    yield made("cell of a table", cell, source="paper")


_NAMES_OF = {"η": "eta", "θ": "theta", "\u03c3": "sigma", "Δ": "Delta", "\u2113": "l", "μ": "mu"}


def _ascii(quote: str) -> str:
    return "".join(_NAMES_OF.get(char, char) for char in quote)


def _latex(quote: str) -> str:
    return "".join("\\" + _NAMES_OF[char] + " " if char in _NAMES_OF else char for char in quote).replace("|", "$|$")
