"""Several drafts become one: what most of them say, with the votes on it, in the names of one of them."""

from __future__ import annotations

import re

import pytest

from hepsel.check import check_text
from hepsel.compare.diff import compare_programs
from hepsel.errors import HepselError
from hepsel.extract.agreeing import Agreement, agree
from hepsel.extract.agreeing.sample import renamed
from hepsel.formats.loader import load_format

FORMAT = load_format("physlite")
TRUTH = """hepsel 1

analysis "a"
  source paper "p"

define m_Z = 91.1876 GeV

object muons
  take Muon
  select pt > 5 GeV cite paper page 1 "pT > 5 GeV"
  select |eta| < 2.7
  select ptcone30 / pt < 0.15
  select |d0| < 1 mm

composite pairs
  take muons a, muons b
  select a.charge + b.charge == 0
  keep lowest |mass - m_Z|

region signal
  select count(muons) >= 2
  select count(pairs) >= 1
  select 66 GeV < pairs[0].mass < 116 GeV
"""
# The same selection in other names and another order of what commutes.
OTHER_NAMES = """hepsel 1

analysis "a"
  source paper "p"

define mass_of_Z = 91.1876 GeV

object good
  take Muon
  select |eta| < 2.7
  select pt > 5000 MeV cite paper page 1 "pT > 5 GeV"
  select 0.15 > ptcone30 / pt
  select |d0| < 1 mm

composite z
  take good i, good j
  select i.charge + j.charge == 0
  keep lowest |mass - mass_of_Z|

region sr
  select count(good) >= 2
  select count(z) >= 1
  select z[0].mass > 66 GeV and z[0].mass < 116 GeV
"""


def changed(*changes: tuple[str, str], text: str = TRUTH) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def same(text: str, truth: str = TRUTH) -> bool:
    programs = check_text(text, FORMAT).program, check_text(truth, FORMAT).program
    assert programs[0] is not None
    assert programs[1] is not None
    return compare_programs(*programs).same


def outcomes(agreement: Agreement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for vote in agreement.votes:
        if vote.outcome != "kept":
            found.setdefault(str(vote.outcome), []).append(vote.chosen.text or vote.others[0].text)
    return found


def test_drafts_that_agree_stay_as_they_are() -> None:
    agreement = agree([TRUTH, OTHER_NAMES, TRUTH], FORMAT)
    assert same(agreement.text)
    assert "note" not in agreement.text
    assert all(vote.unanimous and vote.chosen.votes == 3 for vote in agreement.votes)


def test_every_draft_wrong_in_its_own_way() -> None:
    drafts = [
        changed(("pt > 5 GeV cite", "pt > 6 GeV cite")),
        changed(("|eta| < 2.7", "|eta| <= 2.7")),
        changed(("  select |d0| < 1 mm\n", "")),
        changed(("select a.charge + b.charge == 0", "reject a.charge + b.charge == 0")),
        changed(("  select count(muons) >= 2\n", "  select count(muons) >= 2\n  select count(Jet) > 1\n")),
    ]
    assert not any(same(draft) for draft in drafts)
    agreement = agree(drafts, FORMAT)
    assert same(agreement.text)
    # Four of the five errors are of statements that the truth has, and the draft says so there.
    notes = re.findall(r'note "(.*?)"', agreement.text)
    assert len(notes) == 4
    assert all(note.startswith("4 of 5 drafts; 1: ") for note in notes)


# Each has two errors, so that a draft with one is the base.
WORSE = (
    changed(("|eta| < 2.7", "|eta| < 2.1"), ("count(good) >= 2", "count(good) >= 3"), text=OTHER_NAMES),
    changed(("lowest |mass - mass_of_Z|", "lowest mass"), ("count(z) >= 1", "count(z) >= 2"), text=OTHER_NAMES),
)


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [
        (("pt > 5 GeV cite", "pt > 50 GeV cite"), {"replaced": ["select pt > 5000 MeV"]}),
        (("  select |d0| < 1 mm\n", ""), {"added": ["select |d0| < 1 mm"]}),
        (("  select |d0| < 1 mm\n", "  select |d0| < 1 mm\n  select is_medium\n"), {"dropped": ["select is_medium"]}),
        (("define m_Z = 91.1876 GeV", "define m_Z = 91.2 GeV"), {"replaced": ["91.1876 GeV"]}),
        (
            ("a.charge + b.charge == 0", "a.charge + b.charge != 0"),
            {"replaced": ["select a.charge + b.charge == 0"]},
        ),
    ],
)
def test_a_draft_with_one_error_is_mended_from_drafts_in_other_names(
    wrong: tuple[str, str], outcome: dict[str, list[str]]
) -> None:
    others = [text.replace("mass_of_Z", "m_Z") for text in WORSE]
    agreement = agree([changed(wrong), *others], FORMAT)
    assert agreement.base == 0
    assert outcomes(agreement) == outcome
    assert same(agreement.text)
    assert ("i.charge" in agreement.text, "good" in agreement.text) == (False, False)


def test_what_is_dropped_stays_as_a_comment() -> None:
    extra = changed(("  select |d0| < 1 mm\n", "  select |d0| < 1 mm\n  select is_medium\n"))
    agreement = agree([extra, *WORSE], FORMAT)
    assert agreement.base == 0
    assert same(agreement.text)
    assert "  # hepsel: 1 of 3 drafts say this:\n  #   select is_medium\n" in agreement.text


def test_what_cannot_be_carried_over_is_left_out_and_said() -> None:
    limit = ("object good", "define limit = 200 GeV\n\nobject good")
    using = ("  select z[0].mass > 66", "  select z[0].pt < limit\n  select z[0].mass > 66")
    others = [text.replace(*limit).replace(*using) for text in WORSE]
    agreement = agree([TRUTH, *others], FORMAT)
    assert agreement.base == 0
    (vote,) = (vote for vote in agreement.votes if vote.outcome == "left out")
    assert (vote.chosen.text, vote.chosen.votes) == ("select pairs[0].pt < limit", 2)
    assert "does not mean the same" in vote.note


def test_a_statement_that_means_something_else_in_its_new_place_is_left_out() -> None:
    """The base has the name that it uses, for something else: without errors, and wrong."""
    using = ("  select z[0].mass > 66", "  let x = z[0].mass\n  select x < 80 GeV\n  select z[0].mass > 66")
    others = [text.replace(*using) for text in WORSE]
    base = changed(("region signal\n", "region signal\n  let x = pairs[0].pt\n"))
    assert (
        check_text(base.replace("  select 66 GeV", "  select x < 80 GeV\n  select 66 GeV"), FORMAT).program is not None
    )
    agreement = agree([base, *others], FORMAT)
    assert agreement.base == 0
    assert "x < 80 GeV" not in agreement.text
    assert [vote.chosen for vote in agreement.votes if vote.outcome == "left out"] != []


def test_drafts_with_errors_are_refused() -> None:
    with pytest.raises(HepselError, match="has errors"):
        agree([TRUTH, TRUTH.replace("|eta|", "|etta|")], FORMAT)
    with pytest.raises(HepselError, match="no drafts"):
        agree([], FORMAT)


def test_renaming_keeps_to_names() -> None:
    text = 'select a.pt > b.a and "a" == a as "a is a"'
    assert renamed(text, {"a": "x", "b": "y"}) == 'select x.pt > y.a and "a" == x as "a is a"'
