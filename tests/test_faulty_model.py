"""A model that errs on purpose, through `hepsel bench extract`: what it does wrong does not reach the user unflagged.

A fixed part of the bench: the whole of it is `python -m benchmarks.extraction`.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.damage import TRUTH
from benchmarks.extraction import Judge, Tally, alarms, bench, good, judged
from benchmarks.faulty_model import CLASSES, FaultyModel, Rates, by_label, program

SINGLE, VOTES = 12, 1


def test_what_a_single_draft_does_wrong_is_told(tmp_path: Path) -> None:
    model = FaultyModel()
    results = bench(tmp_path, model, trials=SINGLE, samples=1, rounds=3)
    tally = judged(results, model, 3)
    assert tally.of() >= 40
    assert len({kind for kind, _ in tally.fates}) >= 9
    assert tally.of("repaired") >= 15
    assert tally.of("flagged") >= 15
    assert good(tally).value >= 0.98, tally.notes
    assert alarms(tally).value <= 0.02, tally.notes
    # The bench itself, which does not know what was damaged, finds the same.
    (cell,) = results["cells"]
    assert cell["told"]["of"] >= 15
    assert cell["told"]["value"] >= 0.95
    assert cell["checks"][0]["value"] < 0.7 < cell["checks"][1]["value"]


def test_seven_drafts_together_say_the_truth(tmp_path: Path) -> None:
    model = FaultyModel()
    results = bench(tmp_path, model, trials=VOTES, samples=7, rounds=3)
    assert len(model.log) >= 7
    assert all(len(made.damage) >= 1 for made in model.log.values())
    # Of 20 such votes 0.998 was measured, 0.980 of the worst: which errors come together depends on the prompt's text.
    assert results["cells"][0]["f1"]["value"] >= 0.97


def test_answers_depend_on_the_question_and_the_seed() -> None:
    def body(seed: int) -> dict[str, object]:
        return {"messages": [{"role": "user", "content": "Write the selection."}], "seed": seed}

    assert FaultyModel().answer(body(1)) == FaultyModel().answer(body(1))
    assert FaultyModel().answer(body(1)) != FaultyModel().answer(body(2))


def test_the_rates_are_kept() -> None:
    counts = [len(program(Rates(invented=0, midway=0), random.Random(seed)).damage) for seed in range(100)]
    assert sum(counts) / len(counts) / len(by_label()) == pytest.approx(0.2, abs=0.02)
    classes = {kind for seed in range(100) for kind in program(Rates(midway=0.5), random.Random(seed)).damage.values()}
    assert classes == {*CLASSES, "invented criterion", "stopped midway"}
    assert program(Rates(0, 0, 0, 0), random.Random(1)).damage == {}


def test_the_judge_sees_what_is_missed() -> None:
    """Of the truth nothing is; of a wrong draft what is assumed, and not what is listed or stands under a flag."""
    judge, tally = Judge(), Tally()
    truth = TRUTH.replace("source     leptons", "source     ref1").replace("cite leptons", "cite ref1")
    judge.judge(truth, {}, tally, "the truth")
    assert (tally.of(sound=True), tally.of("flagged", sound=True)) == (len(by_label()), 0)
    changes = [
        ('select |eta| < 2.7                  as "3.1"\n    cite ref1', 'select |eta| < 2.6 as "3.1" assume "so" #'),
        ("  select |d0| < 1 mm ", "  # hepsel: told\n  select |d0| < 2 mm "),
        ("select pt > 5 GeV ", "select pt > 6 GeV "),  # its evidence is not verified
        ('  external "trigger requirements"     as "1.2"\n    cite ref1', "#"),
    ]
    draft = truth
    for old, new in changes:
        assert old in draft
        draft = draft.replace(old, new)
    tally = Tally()
    judge.judge(draft, dict.fromkeys(("3.1", "3.7", "3.2", "2.2"), "value") | {"1.2": "dropped"}, tally, "a wrong one")
    assert tally.fates["value", "missed"] == 1
    assert tally.fates["value", "flagged"] == 2
    assert tally.fates["value", "repaired"] == 1
    assert tally.fates["dropped", "flagged"] == 1
    assert tally.of("flagged", sound=True) == 0
