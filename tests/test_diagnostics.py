"""What is said about wrong programs: every message, caret and proposal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from diagnostic_cases import format_of, programs, rendered

from hepsel.check import check_text
from hepsel.syntax.diagnostics import as_json


@pytest.mark.parametrize("program", programs(), ids=lambda path: path.stem)
def test_diagnostics(program: Path) -> None:
    expected = program.with_suffix(".expected").read_text(encoding="utf-8")
    assert rendered(program) == expected
    assert expected.strip(), "a wrong program has a diagnostic"


def test_every_expectation_has_its_program() -> None:
    folder = programs()[0].parent
    assert {path.stem for path in folder.glob("*.expected")} == {path.stem for path in programs()}


@pytest.mark.parametrize("program", programs(), ids=lambda path: path.stem)
def test_places_and_data(program: Path) -> None:
    """Each place is in the text, and the JSON says the same as the terminal."""
    text = program.read_text(encoding="utf-8")
    checked = check_text(text, format_of(text), program.name)
    assert (checked.program is None) == bool(checked.errors)
    for item in checked.diagnostics:
        assert 0 <= item.span.start <= item.span.end <= len(text) + 1
        assert item.span.line == text.count("\n", 0, item.span.start) + 1
        assert item.span.start == sum(map(len, text.split("\n")[: item.span.line - 1])) + item.span.line - 2 + (
            item.span.column
        )
        assert not item.message.endswith(".")
        if item.related is not None:
            assert f"line {item.related.line}" in f"{item.message} {item.proposal}"
            assert item.related.line == text.count("\n", 0, item.related.start) + 1
        data = json.loads(json.dumps(as_json(item, checked.source)))
        assert data["message"] == item.message
        assert data["source"] == text.split("\n")[item.span.line - 1]


# Diagnostics with a replacement: applying it mends the place that they are about.
MENDED = [
    "and_sign", "attribute_foreign_spelling", "attribute_misspelt", "axis_unit", "before_a_collection",
    "collection_misspelt",
    "comment_slashes", "comparison_signs", "default_dimension", "dphi_function", "elif", "enumeration_misspelt",
    "equals_sign", "fb_minus_one", "fb_minus_one_header", "in_range_half_open", "in_range_units",
    "minus_signs", "not_sign", "or_sign",
    "per_fb", "per_fb_expression", "plus_minus_sign", "power_sign", "semicolon",
    "signs_in_a_statement", "single_and_sign",
    "unit_missing", "unit_missing_arguments", "unit_missing_chain", "unit_missing_gev_format", "unit_missing_length",
    "unit_unknown", "upper_case_keywords",
]  # fmt: skip


@pytest.mark.parametrize("name", MENDED)
def test_replacements_mend(name: str) -> None:
    """Applied mechanically, as an editor would, the replacements leave no error behind."""
    text = (programs()[0].parent / f"{name}.hepsel").read_text(encoding="utf-8")
    data_format = format_of(text)
    for item in sorted(check_text(text, data_format).errors, key=lambda item: -item.span.start):
        assert item.replacement is not None
        text = text[: item.span.start] + item.replacement + text[item.span.end :]
    assert check_text(text, data_format).errors == ()
