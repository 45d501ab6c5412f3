"""A fixed part of the damage bench: the whole of it is `python -m benchmarks.provenance`."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import pytest

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.damage import CITED, damaged, dropped, sound
from benchmarks.provenance import is_listed, judge_damage, judge_sound, papers


def test_some_of_the_damage_is_flagged() -> None:
    tally = judge_damage(papers(), slice(5, None, 90))
    flagged, count = tally.share()
    assert count >= 40
    assert len(tally.variants) >= 6
    assert flagged == count, tally.notes


def test_some_of_what_is_dropped_is_listed() -> None:
    documents = papers()
    cases = list(islice(dropped(), 0, None, 6))
    assert len(cases) == 5
    assert all(is_listed(variant, source, stated, documents) for variant, source, stated in cases)


def test_rewritten_criteria_stay_verified() -> None:
    tally = judge_sound(papers(), slice(3, None, 17))
    assert tally.variants.total() >= 12
    assert tally.notes == []


def test_the_bench_covers_every_cited_criterion() -> None:
    documents = papers()
    cited = {criterion.id for criterion in CITED}
    assert len(cited) == 32
    assert cited <= {variant.criterion for variant in sound(documents)}
    assert cited <= {variant.criterion for variant in damaged(documents)}
