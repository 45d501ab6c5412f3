"""Programs by independent readers of papers: every complaint about them is right, and its advice mends them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hepsel.check import Checked, check_text

# Each was read beside its program: code and line of every diagnostic, in order.
EXPECTED = {
    ("atlas_exot_2016_32", "atlas_open_data"): [],
    ("atlas_exot_2016_32", "nanoaod"): [],
    # physlite has no final MET.
    ("atlas_exot_2016_32", "physlite"): [("E200", line) for line in (50, 60, 64, 68, 72, 76, 80)],
    ("cms_smp_17_006_zzjj", "nanoaod"): [
        ("E202", 72),  # `m` is the metre
        ("H701", 95),
        ("E200", 132),  # no PrimaryVertex
        *[("E508", line) for line in (140, 141, 142, 160)],  # `expect 99 as "data"`
        ("E202", 171),
        ("H701", 188),
    ],
    ("cms_sus_19_006", "nanoaod"): [
        ("E204", 52),  # no `random`, as its first line says
        *[("E200", line) for line in (67, 75, 83)],  # Track is IsoTrack here
        ("E202", 120),  # `nb` is the nanobarn
        *[("W601", line) for line in (174, 175, 202, 203)],  # repeats the preselection
    ],
}

# What the proposals say, done mechanically: patterns and their replacements.
ADVICE = {
    "cms_smp_17_006_zzjj": [
        (r"\blet m =", "let my_m ="),
        (r"\.m\b", ".my_m"),
        (r'(expect \S+(?: \+- \S+)?)\s+as "', r'\1 for "'),
    ],
    "cms_sus_19_006": [(r"\btake Track\b", "take IsoTrack"), (r"\bnb\b", "my_nb")],
}

# What stays: names that the format does not have (and `random`, which the language has not).
REMAINING = {
    "cms_smp_17_006_zzjj": [("E200", 132)],
    "cms_sus_19_006": [("E204", 52), ("E200", 71), ("E200", 79), ("E200", 87)],
}


def text_of(shared_data: Path, name: str) -> str:
    path = shared_data.parent / "programs" / f"{name}.hepsel"
    if not path.exists():
        pytest.skip(f"../shared/programs/{name}.hepsel is not here")
    return path.read_text(encoding="utf-8")


def summary(checked: Checked) -> list[tuple[str, int]]:
    return [(item.code, item.span.line) for item in checked.diagnostics]


@pytest.mark.parametrize(("name", "data_format"), EXPECTED)
def test_every_complaint_is_right(shared_data: Path, name: str, data_format: str) -> None:
    assert summary(check_text(text_of(shared_data, name), data_format)) == EXPECTED[name, data_format]


@pytest.mark.parametrize("name", ADVICE)
def test_advice_mends(shared_data: Path, name: str) -> None:
    text = text_of(shared_data, name)
    for pattern, replacement in ADVICE[name]:
        text, count = re.subn(pattern, replacement, text)
        assert count
    checked = check_text(text, "nanoaod")
    assert [(item.code, item.span.line) for item in checked.errors] == REMAINING[name]


@pytest.mark.parametrize("name", REMAINING)
def test_without_what_no_format_has_it_is_right(shared_data: Path, name: str) -> None:
    text = text_of(shared_data, name)
    for pattern, replacement in ADVICE[name]:
        text = re.sub(pattern, replacement, text)
    lost = {line for _, line in REMAINING[name]}
    lines = text.split("\n")
    assert check_text("\n".join("" if i in lost else line for i, line in enumerate(lines, 1)), "nanoaod").errors == ()
