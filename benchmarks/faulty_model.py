"""A model that errs on purpose, at stated rates: the truth program of our two papers, damaged anew for every seed.

What it answers depends on the seed and on the question and on nothing else. It leaves criteria out, changes values,
units, directions, words, quantities and objects, makes up criteria and quotations, cites other pages and sentences,
misspells attributes, breaks the syntax, and stops midway. Asked to mend something, it does so, or repeats what it said,
or errs anew. `FaultyModel.answer` is what `tests/model_server.py` serves.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from benchmarks.damage import CITED, FILES, INVENTED, PAPERS, TRUTH, Criterion, damaged
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.numbers import numbers_in
from hepsel.extract.choosing.cuts import THRESHOLD, score
from hepsel.extract.reading import Document, read_document
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse
from hepsel.syntax.printer import quoted

# How often, of 100 damaged criteria, each class of damage is chosen; in brackets the classes of benchmarks/damage.py.
CLASSES: dict[str, tuple[int, tuple[str, ...]]] = {
    "dropped": (20, ()),
    "value": (18, ("value", "value from the quotation")),
    "unit": (8, ("unit",)),
    "direction": (12, ("direction", "strictness")),
    "word or quantity": (8, ("word", "quantity")),
    "object": (4, ()),
    "wrong page": (6, ("page",)),
    "wrong sentence": (6, ("quotation of another criterion",)),
    "misquoted": (4, ("misquoted number", "misquoted sign")),
    "invented quotation": (4, ("invented quotation",)),
    "misspelt attribute": (6, ()),
    "broken syntax": (4, ()),
}
INVENTED_CRITERION = "invented criterion"
STOPPED = "stopped midway"

_SOURCES = {"paper": "paper", "leptons": "ref1"}
"""What `hepsel extract` calls the papers."""

_MISSPELT = {
    "pt": "p_T", "eta": "etta", "ptcone20": "ptcone_20", "ptcone30": "ptvarcone", "topoetcone20": "etcone20",
    "z0_sin_theta": "z0sintheta", "d0_significance": "d0sig", "d0": "d_0", "is_loose": "isLoose", "mass": "m",
    "charge": "Charge", "flavour": "pdgId", "PrimaryVertex": "Vertices", "type": "author", "m12": "m_12",
    "m34": "m_34", "dileptons": "pairs", "quadruplets": "quads",
}  # fmt: skip
_LABEL = re.compile(r'\bas "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Rates:
    """How often things go wrong.

    Attributes
    ----------
    criterion
        The chance that a criterion is damaged.
    invented
        The chance that a block gets a criterion of the model's own.
    broken_block
        The chance that the first line of a block is broken.
    midway
        The chance that an answer ends before the program does; every other time the server says so.
    mends, repeats
        The chances that a part that goes back is mended, or repeated; otherwise it is damaged anew.
    """

    criterion: float = 0.2
    invented: float = 0.1
    broken_block: float = 0.02
    midway: float = 0.04
    mends: float = 0.6
    repeats: float = 0.3


@dataclass(frozen=True)
class Faulty:
    """A damaged program: its text, what was done to which criterion (by label), and how the answer ends."""

    text: str
    damage: dict[str, str]
    reason: str = "stop"


@dataclass
class FaultyModel:
    """Answers questions of `hepsel extract`.

    Attributes
    ----------
    rates
        How often things go wrong.
    log
        The programs that it wrote, by the seeds that they were asked with.
    anew
        What it damaged when it was asked to mend it, by the same and by label.
    """

    rates: Rates = field(default_factory=Rates)
    log: dict[int, Faulty] = field(default_factory=dict)
    anew: dict[int, dict[str, str]] = field(default_factory=dict)

    def answer(self, body: dict[str, Any]) -> tuple[str, str]:
        """Return the text of an answer to a request in the protocol of OpenAI, and why it ends."""
        messages, seed = body["messages"], body["seed"]
        question = messages[-1]["content"]
        digest = hashlib.sha256(f"{seed}\n{question}".encode()).hexdigest()
        source = random.Random(digest)
        parts = list(_parts(question))
        if parts:
            return self._repairs(parts, seed, source), "stop"
        if "could not be understood as a whole" in question:
            before = re.search(r"```hepsel\n(.*?)```", messages[-2]["content"], re.DOTALL)
            assert before is not None
            return f"```hepsel\n{_with_header(before[1])}```\n", "stop"
        if "look like criteria, and the program does not use them" in question:
            # It finds that nothing is missing: what it left out has to be told to the reader.
            return str(messages[-2]["content"]), "stop"
        made = program(self.rates, source)
        self.log[seed] = made
        closing = "```\n" if made.reason == "stop" and STOPPED not in made.damage.values() else ""
        return f"Here is the selection.\n\n```hepsel\n{made.text}{closing}", made.reason

    def _repairs(self, parts: list[tuple[int, str]], seed: int, source: random.Random) -> str:
        lines = ["```hepsel"]
        for number, text in parts:
            lines += [f"# repair {number}", self._repaired(text, seed, source)]
        return "\n".join([*lines, "```\n"])

    def _repaired(self, text: str, seed: int, source: random.Random) -> str:
        label = _LABEL.search(text)
        whole = re.match(r"(object|composite|region)\s+\d(\w+)", text)
        chance = source.random()
        if whole is not None:
            return text.replace(f"{whole[1]} 9{whole[2]}", f"{whole[1]} {whole[2]}") if chance < 0.8 else text
        criterion = by_label().get(label[1]) if label is not None else None
        if label is None or criterion is None or chance < self.rates.repeats:
            return text
        if chance < self.rates.repeats + self.rates.mends:
            return translated(TRUTH[criterion.start : criterion.end], source)
        kind, new = _damaged(criterion, source, anew=True)
        self.anew.setdefault(seed, {})[label[1]] = kind
        return new


def _parts(question: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of the parts that a question wants to have mended."""
    for match in re.finditer(r"^## (\d+)\. in .*?\n+```hepsel\n(.*?)\n```", question, re.MULTILINE | re.DOTALL):
        yield int(match[1]), match[2]


def _with_header(text: str) -> str:
    start = re.search(r"^(define|object|composite|region)", text, re.MULTILINE)
    assert start is not None
    return 'hepsel 1\n\nanalysis "A four-lepton selection"\n\n' + text[start.start() :]


# ------------------------------------------------------------------ the program


def program(rates: Rates, source: random.Random) -> Faulty:
    """Return a damaged program, with citations as a model writes them: mostly by ids, some in words."""
    text = TRUTH
    damage: dict[str, str] = {}
    added: dict[str, list[str]] = {}
    for criterion in sorted(CITED, key=lambda criterion: -criterion.start):
        whole = TRUTH[criterion.start : criterion.end]
        assert criterion.label is not None
        if source.random() < rates.criterion:
            kind, new = _damaged(criterion, source)
            damage[criterion.label] = kind
            if kind == "object":
                added.setdefault(_elsewhere(criterion, source), []).append(translated(whole, source))
        else:
            new = translated(whole, source)
        text = text[: criterion.start] + new + text[criterion.end :]
    text = re.sub(r"(?<=\n)  source .*\n", "", text)
    for number, block in enumerate(INVENTED):
        if source.random() < rates.invented:
            label = f"invented {number}"
            added.setdefault(block, []).append(_invented(block, label, source))
            damage[label] = INVENTED_CRITERION
    for block, lines in added.items():
        text = _with_lines(text, block, lines)
    for block in INVENTED:
        if source.random() < rates.broken_block:
            text = re.sub(rf"^(object|composite|region) {block}\n", rf"\1 9{block}\n", text, flags=re.MULTILINE)
    if source.random() < rates.midway:
        return _stopped(text, damage, source)
    return Faulty(text, damage)


def _stopped(text: str, damage: dict[str, str], source: random.Random) -> Faulty:
    end = source.randrange(len(text) // 3, len(text))
    kept = set(_LABEL.findall(text[:end]))
    lost = {label: STOPPED for label in by_label() if label not in kept}
    last = _LABEL.findall(text[:end])[-1:]
    still = {label: kind for label, kind in damage.items() if label in kept or not label.startswith("invented")}
    # Of the last one a part may be missing.
    return Faulty(
        text[:end],
        {**still, **lost, **dict.fromkeys(last, STOPPED)},
        source.choice(["stop", "length"]),
    )


def _with_lines(text: str, block: str, lines: list[str]) -> str:
    if block == "jets":
        head = text.index("composite dileptons")
        return text[:head] + "object jets\n  take Jet\n" + "".join(f"  {line}\n" for line in lines) + "\n" + text[head:]
    start = re.search(rf"^\w+ {block}\n(?:  take .*\n)?(?:  let .*\n)*", text, re.MULTILINE)
    assert start is not None
    return text[: start.end()] + "".join(f"  {line}\n" for line in lines) + text[start.end() :]


def _elsewhere(criterion: Criterion, source: random.Random) -> str:
    block = criterion.id.split(".")[0]
    return source.choice(["jets", "muons" if block == "electrons" else "electrons"])


def _damaged(criterion: Criterion, source: random.Random, *, anew: bool = False) -> tuple[str, str]:
    """Damage a criterion in some way that is possible; returns the class and the text that takes its place."""
    block = criterion.id.split(".")[0]
    ways: dict[str, list[str]] = {
        "dropped": [] if anew else [""],
        "object": [""] if block in ("electrons", "muons") and not anew else [],
        "misspelt attribute": list(_misspelt(criterion)),
        "broken syntax": list(_broken(criterion)),
    }
    for kind, (_, changes) in CLASSES.items():
        if changes:
            known = variants().get(criterion.id, {})
            ways[kind] = [text for change in changes for text in known.get(change, [])]
    possible = [kind for kind in CLASSES if ways[kind]]
    kind = source.choices(possible, [CLASSES[name][0] for name in possible])[0]
    return kind, translated(source.choice(ways[kind]), source)


def _misspelt(criterion: Criterion) -> Iterator[str]:
    if isinstance(criterion.statement, tree.External):
        return
    for right, wrong in _MISSPELT.items():
        changed = re.sub(rf"(?<!\w){right}(?!\w)", wrong, criterion.main)
        if changed != criterion.main:
            yield changed + TRUTH[criterion.stop : criterion.end]


def _broken(criterion: Criterion) -> Iterator[str]:
    rest = TRUTH[criterion.stop : criterion.end]
    main = criterion.main
    yield main.replace(main.split()[0], main.split()[0][:-2], 1) + rest
    yield main + " and" + rest
    yield re.sub(r"([<>]=?|==)", r"\1 \1", main, count=1) + rest if re.search(r"[<>=]", main) else main + ")" + rest
    yield main + ";" + rest


def _invented(block: str, label: str, source: random.Random) -> str:
    name = source.choice(list(FILES))
    page, quote = source.choice(_plausible()[name])
    condition = source.choice(INVENTED[block])
    return translated(f'select {condition} as "{label}" cite {name} page {page} {quoted(quote)}', source)


@cache
def _plausible() -> dict[str, list[tuple[int, str]]]:
    """Return the sentences and rows that somebody might cite for a cut."""
    return {
        name: [
            (page, quote)
            for page, quote in [
                *((sentence.page, sentence.text) for sentence in document.sentences),
                *((row.page, row.text) for table in document.tables for row in table.rows),
            ]
            if numbers_in(quote) or score(quote)[0] >= THRESHOLD
        ]
        for name, document in documents().items()
    }


# ------------------------------------------------------------------ what it knows


@cache
def documents() -> dict[str, Document]:
    """Return our two papers."""
    return {name: read_document(PAPERS / file) for name, file in FILES.items()}


@cache
def by_label() -> dict[str, Criterion]:
    """Return the criteria that may be damaged: those that cite and assume nothing."""
    return {criterion.label: criterion for criterion in CITED if criterion.label is not None}


@cache
def variants() -> dict[str, dict[str, list[str]]]:
    """Return what can stand in the place of each criterion, by its id and the class of the damage."""
    found: dict[str, dict[str, list[str]]] = {}
    known = {criterion.id: criterion for criterion in CITED}
    changes = {change for _, changes in CLASSES.values() for change in changes}
    for variant in damaged(documents()):
        if variant.change in changes:
            criterion = known[variant.criterion]
            new = variant.text[criterion.start : criterion.end + len(variant.text) - len(TRUTH)]
            found.setdefault(variant.criterion, {}).setdefault(variant.change, []).append(new)
    return found


class _Ids:
    """The id of the sentence or row that has a quotation."""

    @cached_property
    def _passages(self) -> dict[str, list[tuple[str, int, str]]]:
        return {
            name: [
                *((sentence.id, sentence.page, fold(sentence.text).text) for sentence in document.sentences),
                *((row.id, row.page, fold(row.text).text) for table in document.tables for row in table.rows),
            ]
            for name, document in documents().items()
        }

    def of(self, name: str, page: int | None, quote: str) -> str | None:
        wanted = fold(quote).text
        found = [place for place, on, text in self._passages[name] if on == page and wanted in text]
        return found[0] if len(found) == 1 else None


_IDS = _Ids()
_IN_WORDS = 0.2  # of the citations that could be ids


_BEFORE = 'hepsel 1\nanalysis "x"\nobject x\n  take Jet\n  '


def translated(text: str, source: random.Random) -> str:
    """Return a statement of the truth with its citations as a model writes them."""
    pieces, end = [], 0
    for start, stop, new in _by_ids(text):
        if source.random() >= _IN_WORDS:
            pieces += [text[end:start], new]
            end = stop
    return re.sub(r"\bcite leptons\b", "cite ref1", "".join([*pieces, text[end:]]))


@cache
def _by_ids(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return where a statement cites something that has an id, and the citation by it."""
    whole, _, _ = parse(SourceText(f"{_BEFORE}{text}\n"))
    cites = () if whole is None else (node for node in tree.walk(whole) if isinstance(node, tree.Cite))
    known = ((cite, _IDS.of(cite.source, cite.page, cite.quote or "")) for cite in cites)
    return tuple(
        (
            cite.span.start - len(_BEFORE),
            cite.span.end - len(_BEFORE),
            f'cite {_SOURCES[cite.source]} "{name}"',
        )
        for cite, name in known
        if name is not None
    )
