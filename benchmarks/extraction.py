"""How much of what a model does wrong reaches the user unflagged: `python -m benchmarks.extraction`.

A model that errs on purpose (`benchmarks/faulty_model.py`) is served on this machine, and asked by `hepsel bench
extract` itself, with all rounds of repairs. What it damaged is known from the model and not from the checker. Counted
is, class by class, what became of the damaged criteria: repaired (the draft says what the truth says, with evidence),
flagged (at the statement; one that is missing: its sentence or row is listed as not used), or neither; and how many of
the others are flagged. A second bench makes each draft of seven, by vote.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from model_server import CONTEXT, MODEL, Answer, serving
from run_command import hepsel

from benchmarks.damage import PAPERS, TRUTH
from benchmarks.faulty_model import FaultyModel, Rates, by_label
from hepsel.bench.flags import Told, Truth
from hepsel.bench.intervals import share
from hepsel.check import check_text
from hepsel.compare.diff import compare_programs
from hepsel.extract.answers.draft import Draft
from hepsel.extract.asking.passages import Paper, resolve_references
from hepsel.extract.checking import check_provenance
from hepsel.extract.reading import read_document
from hepsel.formats.loader import load_format
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse

FORMAT = load_format("physlite")
FATES = ("repaired", "flagged", "missed")
SEED = 1
SEEDS_APART = 1000
DATA = PAPERS.parents[1] / "examples" / "h4l" / "h4l_sample.root"


@dataclass
class Tally:
    """What became of criteria, by the class of damage; sound ones are of the class `sound`."""

    fates: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def of(self, *fates: str, sound: bool = False) -> int:
        """Return how many met one of these fates; all, if none is named."""
        return sum(
            count
            for (kind, fate), count in self.fates.items()
            if (kind == "sound") is sound and (not fates or fate in fates)
        )


def papers() -> tuple[Paper, ...]:
    """Return our papers, as an extraction has them."""
    return resolve_references(
        read_document(PAPERS / "four_lepton.pdf"), [(None, read_document(PAPERS / "leptons.pdf"))]
    )


class Judge:
    """Says what became of the criteria of a draft."""

    def __init__(self) -> None:
        self._papers = papers()
        program = check_text(TRUTH, FORMAT).program
        assert program is not None
        self._program = program
        self._truth = Truth(TRUTH, program, self._papers)
        self._keys = {
            note.text: key
            for key in self._truth.sample.keys
            for note in self._truth.sample.statement(key).annotations
            if isinstance(note, tree.Label)
        }

    def judge(self, text: str, damage: dict[str, str], tally: Tally, name: str) -> None:
        """Add what became of the criteria of a draft.

        Parameters
        ----------
        text
            The draft.
        damage
            What was done to which criteria, by their labels.
        tally
            Is added to.
        name
            What notes call the draft.
        """
        program = check_text(text, FORMAT).program
        syntax, _, _ = parse(SourceText(text))
        assert program is not None
        assert syntax is not None
        evidence = check_provenance(syntax, {paper.source: paper.document for paper in self._papers})
        told = Told(Draft(text, (), (), evidence), program)
        statements = {
            note.text: key
            for key in told.sample.keys
            for note in told.sample.statement(key).annotations
            if isinstance(note, tree.Label)
        }
        comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
        comparison = compare_programs(program, self._program)
        wrong = {
            entry.label
            for row in comparison.differences
            for unit in row.places
            for entry in unit.second
            if entry.label is not None
        }
        for label in (*by_label(), *(label for label in damage if label not in by_label())):
            kind = damage.get(label, "sound")
            if label in statements:
                told_of = told.flagged(statements[label])
                if kind == "sound" and _is_told_of(damage, text, told.sample.statement(statements[label])):
                    told_of = False
                right = label in self._keys and label not in wrong
                fate = "flagged" if told_of else "repaired" if right else "missed"
            elif any(f'as "{label}"' in line for line in comments):
                fate = "flagged"
            elif label not in self._keys:
                fate = "repaired"
            else:
                fate = "flagged" if told.listed & self._truth.places(self._keys[label]) else "missed"
            tally.fates[kind, fate] += 1
            if fate == ("flagged" if kind == "sound" else "missed"):
                said = told.sample.plain(statements[label]) if label in statements else "not there"
                tally.notes.append(f"{fate} {kind}, {name}, {label}: {said}")


def _is_told_of(damage: dict[str, str], text: str, statement: tree.Statement) -> bool:
    """Whether the flag above a statement is about a damaged one: what an invented cut implies always passes."""
    above = text[: statement.span.start].rstrip().rpartition("\n")[2]
    named = re.search(r'warning W60\d: .*? as "([^"]+)"', above)
    return named is not None and named[1] in damage


def bench(
    folder: Path, model: FaultyModel, *, trials: int, samples: int, rounds: int, data: bool = False
) -> dict[str, Any]:
    """Run `hepsel bench extract` on a faulty model, and return its results, with the drafts."""

    def answer(body: dict[str, Any]) -> Answer:
        text, reason = model.answer(body)
        return Answer(text, reason, answer_tokens=len(text) // 3)

    folder.mkdir(parents=True, exist_ok=True)
    with serving(answer) as server:
        lines = [
            f"trials = {trials}\nsamples = {samples}\nrounds = {rounds}",
            f'[models.faulty]\nkind = "openai"\nurl = "{server.url}"\nmodel = "{MODEL}"\nseed = {SEED}',
            f"context = {CONTEXT}\ntemperature = 0.7",
            f'[papers.four_lepton]\npaper = "{PAPERS / "four_lepton.pdf"}"\nrefs = ["{PAPERS / "leptons.pdf"}"]',
            f'truth = "{PAPERS / "four_lepton.hepsel"}"\nformat = "physlite"',
            f'data = ["{DATA}"]' if data else "",
        ]
        (folder / "bench.toml").write_text("\n".join(lines), encoding="utf-8")
        out = folder / "out"
        code, tables, messages = hepsel(
            "bench", "extract", str(folder / "bench.toml"), "--out", str(out), "--store", str(folder / "answers.sqlite")
        )
    if code:
        raise SystemExit(f"hepsel bench extract ends with {code}:\n{messages}")
    results: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    for trial in results["trials"]:
        path = out / "drafts" / "faulty" / "four_lepton" / f"{trial['number']}.hepsel"
        trial["draft"] = path.read_text(encoding="utf-8") if path.exists() else None
    results["tables"] = tables
    return results


def damage_of(model: FaultyModel, number: int, rounds: int) -> dict[str, str]:
    """Return what was damaged in the conversation of a single draft: in its last whole program, and in its repairs."""
    base = SEED + SEEDS_APART * (number - 1)
    seeds = range(base, base + rounds + 1)
    *_, last = (model.log[seed] for seed in seeds if seed in model.log)
    anew = {label: kind for seed in seeds for label, kind in model.anew.get(seed, {}).items()}
    return {**anew, **last.damage}


def judged(results: dict[str, Any], model: FaultyModel, rounds: int) -> Tally:
    """Judge all drafts of a bench of single drafts."""
    judge, tally = Judge(), Tally()
    for trial in results["trials"]:
        if trial["draft"] is not None:
            judge.judge(trial["draft"], damage_of(model, trial["number"], rounds), tally, f"trial {trial['number']}")
    return tally


def table(tally: Tally) -> Iterator[str]:
    """Yield the lines of a table of fates, by class."""
    yield f"  {'damage':24} {'number':>6} {'repaired':>8} {'flagged':>8} {'neither':>8}   repaired or flagged"
    for kind in sorted({kind for kind, _ in tally.fates if kind != "sound"}):
        yield _row(kind, [tally.fates[kind, fate] for fate in FATES])
    yield _row("all", [tally.of(fate) for fate in FATES])
    yield f"  sound: {tally.of(sound=True)}, of which {tally.of('flagged', sound=True)} are flagged: {alarms(tally)}"


def _row(name: str, counts: list[int]) -> str:
    told = share(sum(counts[:2]), sum(counts))
    return f"  {name:24} {sum(counts):6} {counts[0]:8} {counts[1]:8} {counts[2]:8}   {told}"


def good(tally: Tally) -> Any:
    """Return the share of damaged criteria that are flagged or repaired."""
    return share(tally.of("repaired", "flagged"), tally.of())


def alarms(tally: Tally) -> Any:
    """Return the share of sound criteria that are flagged."""
    return share(tally.of("flagged", sound=True), tally.of(sound=True))


def main(arguments: Iterable[str] | None = None) -> int:
    """Run both benches; 0 if the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=300, help="single drafts")
    parser.add_argument("--votes", type=int, default=20, help="drafts by vote, of seven each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=0.2, help="chance that a criterion is damaged")
    parser.add_argument("--verbose", action="store_true", help="list what went wrong")
    options = parser.parse_args(None if arguments is None else list(arguments))
    rates = Rates(criterion=options.rate)
    met = True
    with tempfile.TemporaryDirectory() as name:
        if options.trials:
            model = FaultyModel(rates)
            results = bench(Path(name) / "single", model, trials=options.trials, samples=1, rounds=options.rounds)
            tally = judged(results, model, options.rounds)
            print(results["tables"], *table(tally), sep="\n", flush=True)
            if options.verbose:
                print(*tally.notes, sep="\n", flush=True)
            met &= good(tally).value >= 0.98 and alarms(tally).value <= 0.02
        if options.votes:
            model = FaultyModel(rates)
            results = bench(Path(name) / "votes", model, trials=options.votes, samples=7, rounds=options.rounds)
            print(results["tables"], flush=True)
            (cell,) = results["cells"]
            print(f"F1 of seven drafts together: {cell['f1']['value']:.4f}; of each: {sorted(cell['scores'])}")
            met &= cell["f1"]["value"] >= 0.98
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
