"""A fixed part of the mutation bench: the whole of it is `python -m benchmarks.mutations.bench`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("z3", reason="the extra `smt` is not installed")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.mutations.bench import EXAMPLES, Tally, judge_mutants, judge_rewrites


def test_every_thirtieth_mutant_is_caught_and_named() -> None:
    tally = Tally()
    for path, format_name in EXAMPLES.items():
        judge_mutants(path, format_name, tally, events=20, take=slice(0, None, 30))
    caught = tally.named.total() + tally.misnamed.total()
    assert caught > 40
    assert not tally.missed, tally.notes
    assert tally.named.total() >= 0.97 * caught, tally.notes


def test_rewrites_are_no_differences() -> None:
    tally = Tally()
    for path, format_name in EXAMPLES.items():
        judge_rewrites(path, format_name, tally, count=14, events=2)
    assert tally.rewrites > 50
    assert tally.alarms == []
