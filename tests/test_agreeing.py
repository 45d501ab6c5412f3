"""Several drafts become one: what most of them say, with the votes on it, in the names of one of them."""

from __future__ import annotations

import re

import pytest

from hepsel.check import check_text
from hepsel.compare.diff import compare_programs
from hepsel.errors import HepselError
from hepsel.extract.agreeing import Agreement, Reading, agree
from hepsel.extract.agreeing.sample import checked_sample, renamed
from hepsel.extract.agreeing.support import Support
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
    return spoilt(text, *changes)


@pytest.fixture
def first_is_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose the first draft as base, whatever it lacks."""
    monkeypatch.setattr(Support, "best", lambda _self: 0)


def spoilt(text: str, *changes: tuple[str, str]) -> str:
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
        if vote.outcome not in ("kept", "said by few"):
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


@pytest.mark.usefixtures("first_is_base")
def test_what_few_say_is_told() -> None:
    extra = changed(("  select count(muons) >= 2\n", "  select count(muons) >= 2\n  select count(Jet) > 1\n"))
    agreement = agree([TRUTH, OTHER_NAMES, extra], FORMAT)
    assert agreement.base == 0
    assert same(agreement.text)
    (few,) = (vote for vote in agreement.votes if vote.outcome == "said by few")
    assert (few.block, few.chosen, few.place) == ("signal", Reading("select count(Jet) > 1", 1), None)
    assert few.others == (Reading("", 2),)


def test_what_is_dropped_stays_as_a_comment() -> None:
    extra = changed(("  select |d0| < 1 mm\n", "  select |d0| < 1 mm\n  select is_medium\n"))
    agreement = agree([extra, *WORSE], FORMAT)
    assert agreement.base == 0
    assert same(agreement.text)
    assert "  # hepsel: 1 of 3 drafts say this:\n  #   select is_medium\n" in agreement.text


def test_what_cannot_be_carried_over_is_left_out_and_said() -> None:
    using = ("  select z[0].mass > 66", "  let p = z[0].pt\n  select p < 200 GeV\n  select z[0].mass > 66")
    others = [text.replace(*using) for text in WORSE]
    agreement = agree([TRUTH, *others], FORMAT)
    assert agreement.base == 0
    (vote,) = (vote for vote in agreement.votes if vote.outcome == "left out")
    assert (vote.chosen.text, vote.chosen.votes) == ("select p < 200 GeV", 2)
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


# ------------------------------------------------------------------ blocks

EXTRA = (
    (
        "region sr",
        """define hard = 30 GeV

table width(x)
  0.1 for 0 to 1.5, 0.2 for 1.5 to 2.5
  otherwise 0.3

object hard_jets
  take Jet
  select pt > hard
  select |eta| < 2.5   cite paper page 1 "jets within 2.5"
  select width(|eta|) > 0.15

composite pairs_and_jets
  take z pair, hard_jets third
  select pair.i.pt > 20 GeV
  select third.pt < 5 * hard

region sr""",
    ),
    (
        "  select z[0].mass > 66",
        "  select count(hard_jets) >= 1\n  select count(pairs_and_jets) >= 1\n  select z[0].mass > 66",
    ),
    (
        " < 116 GeV\n",
        """ < 116 GeV

region control
  take sr
  select max(j.pt for j in hard_jets) > 2 * hard
""",
    ),
)
"""What makes another draft have an object, a composite and a region more, with a definition and a table."""


ERRORS = (
    (("|eta| < 2.7", "|eta| < 2.1"), ("|d0| < 1 mm", "|d0| < 3 mm"), ("pt > 5000", "pt > 4000")),
    (("lowest |mass - mass_of_Z|", "lowest mass"), ("count(z) >= 1", "count(z) >= 2"), ("|d0| < 1 mm", "|d0| < 2 mm")),
    (
        ("count(good) >= 2", "count(good) == 2"),
        ("0.15 > ", "0.35 > "),
        ("i.charge + j.charge == 0", "i.charge == j.charge"),
    ),
)
ERRING = tuple(spoilt(OTHER_NAMES, *errors) for errors in ERRORS)
"""Drafts with errors, no two of them alike."""

WITH_MORE = spoilt(OTHER_NAMES, *EXTRA)
OTHERS = tuple(spoilt(text, *EXTRA) for text in ERRING)


@pytest.mark.usefixtures("first_is_base")
def test_blocks_that_most_drafts_have_are_added() -> None:
    agreement = agree([TRUTH, *OTHERS], FORMAT)
    assert same(agreement.text, WITH_MORE)
    added = [vote for vote in agreement.votes if vote.outcome == "added"]
    assert [vote.chosen.text for vote in added] == [
        "object hard_jets",
        "composite pairs_and_jets",
        "region control",
        "select count(hard_jets) >= 1",
        "select count(pairs_and_jets) >= 1",
    ]
    assert all((vote.chosen.votes, vote.others[0].votes) == (3, 1) for vote in added)
    assert 'object hard_jets  note "3 of 4 drafts; 1: nothing of it"' in agreement.text
    assert "take signal" in agreement.text  # in the names of the base
    assert "pair.a.pt > 20 GeV" in agreement.text
    assert 'cite paper page 1 "jets within 2.5"' in agreement.text
    assert agreement.text.count("define hard = 30 GeV") == agreement.text.count("table width(x)") == 1


def test_drafts_that_each_lack_another_block() -> None:
    blocks = [
        "object hard_jets\n  take Jet\n  select pt > 30 GeV\n",
        "composite dijets\n  take Jet a, Jet b\n  select mass > 1 TeV\n",
        "region photons\n  select count(Photon) > 2\n",
    ]
    whole = TRUTH + "\n" + "\n".join(blocks)
    drafts = [spoilt(whole, (block, "")) for block in blocks]
    assert not any(same(draft, whole) for draft in drafts)
    agreement = agree(drafts, FORMAT)
    assert same(agreement.text, whole)
    assert len(outcomes(agreement)["added"]) == 1


@pytest.mark.usefixtures("first_is_base")
def test_names_that_are_taken_are_not_taken_twice() -> None:
    """The base has each name for something else."""
    taken = (
        ("region signal\n", "region signal\n  let width = 3\n  let hard_jets = 7\n"),
        ("define m_Z", "define hard = 8 mm\n\ndefine m_Z"),
        ("  select |d0| < 1 mm", "  select |d0| < hard / 8"),
        ("region signal", "region control\n  select count(Electron) == 0\n\nregion signal"),
    )
    base = changed(*taken)
    # The same region is in all drafts, so that it is not the counterpart of the other one.
    others = [
        spoilt(text, ("region sr", "region no_electrons\n  select count(Electron) == 0\n\nregion sr"))
        for text in OTHERS
    ]
    agreement = agree([base, *others], FORMAT)
    assert agreement.base == 0
    for line in (
        "define hard_2 = 30 GeV",
        "table width_2(x)",
        "object hard_jets_2",
        "select pt > hard_2",
        "select width_2(|eta|) > 0.15",
        "region control_2",
    ):
        assert line in agreement.text
    assert "let hard_jets = 7" in agreement.text
    wanted = spoilt(
        WITH_MORE,
        ("region sr", "region no_electrons\n  select count(Electron) == 0\n\nregion sr"),
        ("region control", "region control_2"),
    )
    assert same(agreement.text, wanted)


@pytest.mark.usefixtures("first_is_base")
def test_the_votes_on_an_added_block_are_on_its_statements() -> None:
    wrong = [
        spoilt(OTHERS[0], ("  select |eta| < 2.5 ", "  select |eta| < 3.5 ")),
        spoilt(OTHERS[1], ("  select pt > hard\n", "")),
        OTHERS[2],
    ]
    agreement = agree([TRUTH, *wrong], FORMAT)
    assert same(agreement.text, WITH_MORE)
    assert agreement.text.index("define hard") < agreement.text.index("object muons")
    assert "select |eta| < 3.5" in agreement.text  # in a note


@pytest.mark.usefixtures("first_is_base")
def test_a_block_that_a_minority_has_is_not_added() -> None:
    agreement = agree([TRUTH, TRUTH, OTHERS[0], OTHERS[1]], FORMAT)
    assert agreement.base == 0
    assert same(agreement.text)
    assert "hard_jets" not in agreement.text


@pytest.mark.usefixtures("first_is_base")
def test_blocks_that_most_drafts_lack_become_comments() -> None:
    base = TRUTH + "\nobject taus\n  take Tau\n  select pt > 20 GeV\n\nregion validation\n  select count(taus) == 3\n"
    agreement = agree([base, *ERRING], FORMAT)
    assert same(agreement.text)
    comment = "# hepsel: 1 of 4 drafts have this:\n#   region validation\n#     select count(taus) == 3\n"
    assert comment in agreement.text
    assert "#   object taus\n" in agreement.text
    dropped = [vote for vote in agreement.votes if vote.outcome == "dropped"]
    assert [vote.others[0] for vote in dropped] == [Reading("region validation", 1), Reading("object taus", 1)]


@pytest.mark.usefixtures("first_is_base")
def test_a_block_on_which_something_depends_stays() -> None:
    base = TRUTH + "\nobject taus\n  take Tau\n"
    base = spoilt(
        base, ("region signal\n", "object photons\n  take Photon\n\nregion signal\n  select count(photons) >= 0\n")
    )
    agreement = agree([base, *ERRING], FORMAT)
    assert "#   object taus\n" in agreement.text
    assert "\nobject photons\n" in agreement.text


@pytest.mark.usefixtures("first_is_base")
def test_a_block_that_cannot_be_added_is_said() -> None:
    """Most drafts have a region that uses an object, on which they do not agree."""
    objects = ("ours\n  take Tau\n  keep first 2", "mine\n  take Photon\n  keep highest eta", "his\n  take Jet, Tau")
    with_region = [
        f"{text}\nobject {item}\nregion last\n  select count({item.split()[0]}) == 1\n  select count(Electron) == 4\n"
        for text, item in zip(ERRING, objects, strict=True)
    ]
    agreement = agree([TRUTH, *with_region], FORMAT)
    (vote,) = (vote for vote in agreement.votes if vote.outcome == "left out")
    assert vote.chosen.text == "region last"
    assert vote.note == "it uses ours, which the draft does not have"
    assert same(agreement.text)


@pytest.mark.usefixtures("first_is_base")
def test_a_block_whose_table_has_other_values_here_is_left_out() -> None:
    """Its criterion reads the same, and means something else."""
    table = "table width(x)\n  {} for 0 to 1.5, 0.2 for 1.5 to 2.5\n  otherwise 0.3\n\n"
    using = ("region signal\n", "region signal\n  select width(muons[0].eta) > 0.15\n")
    base = changed(using, ("object muons", table.format("0.4") + "object muons"))
    others = [spoilt(text, ("region sr\n", "region sr\n  select width(good[0].eta) > 0.15\n")) for text in OTHERS]
    agreement = agree([base, *others], FORMAT)
    assert agreement.base == 0
    assert "hard_jets" not in agreement.text
    left_out = [vote for vote in agreement.votes if vote.outcome == "left out"]
    assert "object hard_jets" in [vote.chosen.text for vote in left_out]
    assert all(vote.note for vote in left_out)


@pytest.mark.usefixtures("first_is_base")
def test_what_a_statement_needs_comes_along() -> None:
    """Under another name, where the base has that for something else, and once, though two statements use it."""
    limit = ("object good", "define limit = 200 GeV\n\nobject good")
    using = (
        "  select z[0].mass > 66",
        "  select z[0].pt < limit\n  select z[0].i.pt < limit / 2\n  select z[0].mass > 66",
    )
    others = [spoilt(text, limit, using) for text in ERRING]
    base = changed(("region signal\n", "region signal\n  let limit = 3\n"))
    agreement = agree([base, *others], FORMAT)
    assert agreement.base == 0
    assert len(outcomes(agreement)["added"]) == 2
    assert agreement.text.count("define limit_2 = 200 GeV") == agreement.text.count("200 GeV") == 1
    assert "select pairs[0].a.pt < limit_2 / 2" in agreement.text
    own = ("object muons", "define cut = 200 GeV\n\nobject muons")
    more = ("  select 66", "  select pairs[0].pt < cut\n  select pairs[0].a.pt < cut / 2\n  select 66")
    assert same(agreement.text, changed(own, more))


def test_drafts_with_errors_are_refused() -> None:
    with pytest.raises(HepselError, match="has errors"):
        agree([TRUTH, TRUTH.replace("|eta|", "|etta|")], FORMAT)
    with pytest.raises(HepselError, match="no drafts"):
        agree([], FORMAT)


def test_renaming_keeps_to_names() -> None:
    text = 'select a.pt > b.a and "a" == a as "a is a"'
    assert renamed(text, {"a": "x", "b": "y"}) == 'select x.pt > y.a and "a" == x as "a is a"'


@pytest.mark.usefixtures("first_is_base")
def test_what_was_added_to_a_draft_is_no_vote_of_it() -> None:
    items = ("  take Tau\n  select pt > 20 GeV\n", "  take Photon\n  select pt > 20 GeV\n")
    with_object = [
        f"{text}\nobject ours\n{item}\nregion last\n  select count(ours) == 1\n"
        for text, item in zip(ERRING, (*items, items[0]), strict=True)
    ]
    agreement = agree([TRUTH, *with_object], FORMAT)
    votes = {vote.chosen.text: vote for vote in agreement.votes if vote.block in ("ours", "last")}
    assert {text: vote.chosen.votes for text, vote in votes.items()} == {
        "object ours": 3, "take Tau": 2, "select pt > 20 GeV": 3, "region last": 3, "select count(ours) == 1": 3,
    }  # fmt: skip
    assert votes["take Tau"].others == (Reading("take Photon", 1),)


def test_what_an_object_says_that_others_say_in_a_condition_is_said_by_both() -> None:
    head = 'hepsel 1\nanalysis "a"\nobject jets\n  take Jet\n'
    own = "object hard\n  take jets\n  select pt > 30 GeV\nregion r\n  select count(hard) >= 2\n"
    texts = head + own, head + "region r\n  select count(j for j in jets if j.pt > 30 GeV) >= 2\n"
    samples = [checked_sample(text, FORMAT) for text in texts]
    support = Support([sample for sample in samples if sample is not None])
    assert [support.says(1, 0, (block, number)) for block, number in (("hard", 0), ("hard", 1), ("r", 0))] == [True] * 3
