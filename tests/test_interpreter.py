"""The interpreter, construct by construct; expected values by hand or from the `vector` package."""

from __future__ import annotations

import cmath
import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import vector
from docs_blocks import ROOT, blocks
from interpreted import make_event, places, program, run, value

from hepsel.errors import DataError
from hepsel.interpreter import evaluate_event
from hepsel.semantics.program import PublishedCount
from hepsel.semantics.reads import required_columns
from hepsel.vocabulary import formulas

NAN = math.nan
INF = math.inf
EMPTY = make_event()


def muons(*pts: float, **columns: list[Any]) -> list[dict[str, Any]]:
    """Return muons with these pt in GeV and these columns."""
    return [{"pt": pt, **{name: values[place] for name, values in columns.items()}} for place, pt in enumerate(pts)]


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("7 / 2", 3.5),
        ("7 * 2 - 3", 11),
        ("2 ^ 3", 8.0),
        ("-(3)", -3),
        ("2 - 3 - 4", -5),
        ("|-4|", 4),
        ("sqrt(2)", math.sqrt(2)),
        ("atan2(1, -1)", math.atan2(1, -1)),
        ("log10(1000)", 3.0),
        ("floor(-1.5)", -2.0),
        ("ceil(-1.5)", -1.0),
        ("min(2, 3)", 2),
        ("max(2, 3.5)", 3.5),
        ("1 / 0", INF),
        ("log(0)", -INF),
        ("0 / 0", None),
        ("sqrt(-1)", None),
        ("asin(2)", None),
        ("1 / 0 - 1 / 0", None),
        ("9223372036854775806 + 1", 2**63 - 1),
        ("if 1 < 2 < 3 then 4 else 5", 4),
        ("if 1 < 2 < 2 then 4 else 5", 5),
        ("default(0 / 0, 7)", 7.0),
        ("exists(1 / 0)", True),
        ("exists(0 / 0)", False),
        ("90 deg / pi", 0.5),
    ],
)
def test_arithmetic(expression: str, expected: object) -> None:
    found = value(expression, EMPTY)
    assert found == expected
    assert type(found) is type(expected)


def test_integers_stay_integers() -> None:
    event = make_event(Muon=muons(1.0, 2.0, hits=[-3, 2**62]))
    for expression, expected in (
        ("-Muon[0].hits", 3),
        ("|Muon[0].hits|", 3),
        ("min(Muon[0].hits, 7)", -3),
        ("max(Muon[0].hits, 7)", 7),
        ("Muon[1].hits + (Muon[1].hits - 1)", 2**63 - 1),
        ("Muon[0].hits * 5 - 1", -16),
        ("Muon[1].hits + 1 > Muon[1].hits", True),
        ("Muon[1].hits + 1 > Muon[1].hits * 1.0", False),
        ("Muon[0].hits / 2", -1.5),
        ("Muon[0].hits ^ 2", 9.0),
        ("default(Muon[5].hits, 0.5)", 0.5),
        ("default(Muon[0].hits, 0.5)", -3.0),
    ):
        found = value(expression, event)
        assert found == expected, expression
        assert type(found) is type(expected), expression


def test_squares_and_roots_are_exact_however_the_exponent_is_spelt() -> None:
    event = make_event(Muon=muons(0.1))
    x = 0.1 * 1000
    for exponent in ("2", "n"):
        found = value(f"(Muon[0].pt / 1 MeV) ^ {exponent}", event, "define n = 2")
        assert found == x * x
    assert value("(Muon[0].pt / 1 MeV) ^ 0.5", event) == math.sqrt(x)


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
def test_comparisons_with_a_missing_operand_are_false(operator: str) -> None:
    assert value(f"Muon[0].pt {operator} 1 GeV", EMPTY) is False
    assert value(f"1 GeV {operator} Muon[0].pt", EMPTY) is False


def test_a_four_vector_that_an_item_carries_is_missing_where_the_item_is() -> None:
    event = make_event(Muon=muons(3.0, 4.0))
    carriers = "object o take Muon let twice = this + this"
    for item, pt in (("o[1]", 8000.0), ("o[2]", None), ("argmax(mu.pt for mu in o if mu.pt > 9 GeV)", None)):
        assert value(f"{item}.twice.pt", event, carriers) == (pt if pt is None else pytest.approx(pt, rel=1e-15))
        assert value(f"exists({item}.twice)", event, carriers) is (pt is not None)


def test_the_mass_of_half_an_electron() -> None:
    """Below 1 MeV, whose square is smaller still: a mass is not rounded away."""
    half = value("(Electron[0] / 2).mass", make_event(Electron=[{"pt": 0.001, "mass": 0.511}]))
    assert half == pytest.approx(0.511 / 2, rel=1e-12)


def test_nan_stored_and_value_that_does_not_exist_are_the_same() -> None:
    stored = make_event(Muon=muons(NAN))
    for event in (stored, EMPTY):
        assert value("Muon[0].pt", event) is None
        assert value("Muon[0].pt + 1 GeV", event) is None
        assert value("exists(Muon[0].pt)", event) is False
        assert value("not Muon[0].pt > 1 GeV", event) is True
        assert value("default(Muon[0].pt, 3 GeV)", event) == 3000.0
        assert value("min(Muon[0].pt, 3 GeV)", event) is None
    assert value("exists(Muon[0])", stored) is True
    assert value("exists(Muon[0])", EMPTY) is False


def test_the_default_of_a_four_vector_may_be_an_item() -> None:
    one, two = (
        make_event(Muon=muons(*pts, eta=[0.0, 0.0], phi=[0.0, 0.0], mass=[0.0, 0.0])) for pts in ([5.0], [5.0, 3.0])
    )
    assert value("default(Muon[0] + Muon[1], Muon[0]).pt", two) == 8000.0
    assert value("default(Muon[0] + Muon[1], Muon[0]).pt", one) == 5000.0


def test_a_missing_boolean_is_false() -> None:
    event = make_event(Electron=[{"pt": 1.0, "is_loose": None}])
    loose = "Electron[0].is_loose"
    assert value(loose, event) is None
    assert value(f"not {loose}", event) is True
    assert value(f"{loose} or 1 > 2", event) is False
    assert value(f"if {loose} then 1 else 2", event) == 2
    assert value(f"{loose} == false", event) is False
    assert value("all(Electron.is_loose)", event) is False
    assert value("any(Electron.is_loose)", event) is False
    for word, kept in (("select", []), ("reject", [0])):
        assert places(f"object o take Electron {word} is_loose", "o", event) == kept


# ------------------------------------------------------------------ stored values


def test_stored_values_are_converted() -> None:
    event = make_event(
        Muon=[{"pt": 1.5, "type": stored} for stored in (0, 2, 8, 15, 3)],
        Electron=[{"pt": 1.0, "is_loose": 1, "mass": 0.511}, {"pt": 1.0, "is_loose": 6, "mass": 0.5}],
        trigger={"mu26": 1},
    )
    assert value("Muon[0].pt", event) == 1500.0
    assert value("Muon.type == combined", event) == [True, False, True, False, False]
    assert value("Muon.type == standalone", event) == [False, True, False, False, False]
    assert value("Muon.type != standalone", event) == [True, False, True, False, False]
    assert value("Electron.is_loose", event) == [False, True]
    assert value("Electron[0].mass", event) == 0.511
    assert value("trigger.mu26", event) is True


def test_defaults_stand_as_the_reader_fills_them_in() -> None:
    event = make_event(
        Muon=[{"pt": 1.0, "type": "forward"}],
        Electron=[{"pt": 1.0, "is_loose": True}, {"pt": 1.0, "is_loose": False}],
    )
    assert value("Muon[0].type == forward", event) is True
    assert value("Electron.is_loose", event) == [True, False]


def test_links() -> None:
    tracks = [{"d0": 1000.0}, {"d0": 2000.0}]
    links = [(1, 77), (1, 0), (9, 77), (-1, 77), (None, 77)]
    event = make_event(
        Track=tracks,
        Electron=[{"pt": 1.0, "track": link, "tracks": [link, (0, 77), (0, 5)]} for link in links],
    )
    assert value("Electron.track.d0", event) == [2.0, None, None, None, None]
    assert value("Electron.d0", event) == [2.0, None, None, None, None]
    assert value("Electron[0].tracks.d0", event) == [2.0, 1.0, None]
    assert value("Electron[1].tracks[1].d0", event) == 1.0
    assert value("count(t for t in Electron[0].tracks if exists(t))", event) == 2
    # A generator counts its turns; of links, those are counted that lead to something.
    assert value("count(t for t in Electron[0].tracks)", event) == 3
    assert value("count(Electron[0].tracks)", event) == 2
    assert value("count(Electron.track)", event) == 1
    assert value("count(Electron.track[0:2])", event) == 1
    region = "region r let linked = Electron.track let all_of_them = Electron[0:9] save n = count(linked)"
    assert run(f"{region}, m = count(all_of_them)", event)["columns"]["r"] == {"n": [1], "m": [5]}
    assert value("Electron[0].track == Track[1]", event) is True
    assert value("Electron[1].track != Track[1]", event) is False
    assert value("Electron[0].track in Track", event) is True
    single = make_event(Track=tracks, event={"best.index": 0, "run": 1, "number": 2})
    assert value("event.best.d0", single) == 1.0


def test_lists_of_an_item() -> None:
    jets = [{"pt": 3.0, "widths": [0.5, NAN, 1.5]}, {"pt": 2.0, "widths": []}, {"pt": 1.0, "widths": None}]
    event = make_event(Jet=jets)
    assert value("Jet[0].widths", event) == [0.5, None, 1.5]
    assert value("sum(Jet[0].widths)", event) == 2.0
    assert value("Jet[0].widths[-1]", event) == 1.5
    assert value("Jet[2].widths", event) == []
    assert value("count(Jet[9].widths)", event) == 0
    assert value("max(max(j.widths) for j in Jet)", event) == 1.5
    union = "object both take Muon, Jet"
    assert value("sum(count(b.widths) for b in both)", make_event(Jet=jets, Muon=muons(1.0)), union) == 2


def test_a_part_of_a_collection_keeps_the_places_of_the_whole() -> None:
    event = make_event(Jet=[{"pt": 30.0, "eta": 3.0}, {"pt": 20.0, "eta": 1.0}, {"pt": 10.0, "eta": NAN}])
    assert places("object jets take CentralJet", "jets", event) == [1]
    assert value("CentralJet.pt_squared", event) == [400.0]
    assert value("CentralJet[0] == Jet[1]", event) is True
    assert value("count(j for j in Jet if j not in CentralJet)", event) == 2
    union = "object jets take CentralJet, Jet"
    assert places(union, "jets", event) == [1, 0, 2]
    assert value("jets.pt_squared", event, union) == [400.0, None, None]


def test_unreadable_events_are_refused() -> None:
    broken = {**EMPTY, "Muon.pt": [1.0], "Muon.eta": []}
    with pytest.raises(DataError, match=r"Muon differ in length.*Muon.pt 1"):
        value("count(Muon)", broken)
    with pytest.raises(DataError, match=r"column Muon.hits was not read"):
        value("Muon[0].hits", {"Muon.pt": [1.0], "event.run": 1, "event.number": 1})
    with pytest.raises(DataError, match="no column of Jet was read"):
        value("count(Jet)", {"event.run": 1, "event.number": 1})


# ------------------------------------------------------------------ lists


def test_indices_and_slices() -> None:
    event = make_event(Muon=muons(1.0, 2.0, 3.0))
    for index, expected in ((0, 1e3), (2, 3e3), (3, None), (-1, 3e3), (-3, 1e3), (-4, None)):
        assert value(f"Muon[{index}].pt", event) == expected
    assert value("Muon[1:].pt", event) == [2e3, 3e3]
    assert value("Muon[:1].pt", event) == [1e3]
    assert value("Muon[-2:9].pt", event) == [2e3, 3e3]
    assert value("Muon[5:].pt", event) == []


def test_reducers_pass_over_missing_values() -> None:
    event = make_event(Muon=muons(3.0, NAN, 1.0, 2.0))
    for expression, expected in (
        ("count(Muon)", 4),
        ("count(Muon.pt)", 3),
        ("count(l for l in Muon if l.pt > 1 GeV)", 2),
        ("sum(Muon.pt)", 6e3),
        ("min(Muon.pt)", 1e3),
        ("max(Muon.pt)", 3e3),
        ("mean(Muon.pt)", 2e3),
        ("largest(Muon.pt, 2)", 2e3),
        ("smallest(Muon.pt, 3)", 3e3),
        ("smallest(Muon.pt, 4)", None),
        ("any(Muon.pt > 2 GeV)", True),
        ("all(Muon.pt > 0 GeV)", False),
        ("sum(Muon.hits)", 20),
        ("mean(Muon.hits)", 5.0),
        ("max(2 * Muon.pt - 1 GeV)", 5e3),
    ):
        assert value(expression, event) == expected, expression


def test_reducers_of_nothing() -> None:
    for expression, expected in (
        ("count(Muon)", 0),
        ("sum(Muon.pt)", 0.0),
        ("sum(Muon.hits)", 0),
        ("product(Muon.pt / 1 GeV)", 1.0),
        ("product(Muon.hits)", 1),
        ("min(Muon.pt)", None),
        ("max(Muon.pt)", None),
        ("mean(Muon.pt)", None),
        ("largest(Muon.pt, 1)", None),
        ("any(Muon.pt > 2 GeV)", False),
        ("all(Muon.pt > 2 GeV)", True),
        ("sum(Muon).energy", 0.0),
        ("sum(Muon).charge", 0.0),
        ("sum(Muon).pt", 0.0),
        ("sum(Muon).eta", None),
        ("exists(argmin(l.pt for l in Muon))", False),
        ("count(Muon[0:1])", 0),
    ):
        assert value(expression, EMPTY) == expected, expression


def test_products() -> None:
    event = make_event(Muon=muons(3.0, 0.1, 0.7, hits=[3, 5, -2]))
    assert value("product(Muon.pt / 1 GeV)", event) == 3.0 * 0.1 * 0.7 != 3.0 * (0.1 * 0.7)
    assert value("product(l.pt / 1 GeV for l in Muon if l.pt > 0.5 GeV)", event) == 3.0 * 0.7
    hits = value("product(Muon.hits)", event)
    assert (hits, type(hits)) == (-30, int)


def test_a_product_is_missing_if_a_value_is() -> None:
    table = "table sf(pt) 0.9 for 0 GeV to 2 GeV, 0.5 for 2 GeV to 4 GeV"
    factors = "product(sf(l.pt) for l in Muon)"
    assert value(factors, make_event(Muon=muons(1.0, 3.0)), table) == 0.9 * 0.5
    for momenta in ((1.0, 5.0), (5.0,), (NAN, 1.0)):
        assert value(factors, make_event(Muon=muons(*momenta)), table) is None, momenta
    assert value("product(Muon.pt / 1 GeV)", make_event(Muon=muons(0.0, INF))) is None  # 0 * inf
    union = "object both take Muon, Jet"
    event = make_event(Muon=muons(1.0, 2.0, hits=[3, 5]), Jet=[{"pt": 1.0}])
    assert value("product(both.hits)", event, union) is None
    assert value("product(default(b.hits, 2) for b in both)", event, union) == 30


def test_sums_add_in_order() -> None:
    event = make_event(Muon=muons(1e20, 1.0, -1e20))
    assert value("sum(Muon.pt)", event) == 0.0  # not 1 GeV, as a corrected sum would give


def test_generators() -> None:
    event = make_event(Muon=muons(1.0, 2.0, 4.0, charge=[1, -1, 1]), Jet=[{"pt": 10.0}, {"pt": 20.0}])
    pairs = [a * b * 1e6 for a, b in combinations((1.0, 2.0, 4.0), 2)]
    assert value("count(i for i, j in Muon)", event) == 3
    assert value("sum(i.pt * j.pt for i, j in Muon)", event) == sum(pairs)
    assert value("sum(i.pt * j.pt for i, j in Muon if i.charge == j.charge)", event) == 4e6
    assert value("count(i for i, j, k in Muon)", event) == 1
    both = "sum(l.pt / 1 GeV * (j.pt / 1 MeV) for l in Muon for j in Jet)"
    assert value(both, event) == 7 * 30.0
    dependent = "object es take Electron"
    tracked = make_event(
        Track=[{"d0": d} for d in (1000.0, 2000.0, 4000.0)],
        Electron=[
            {"pt": 1.0, "tracks": [(0, 77), (2, 77)]},
            {"pt": 1.0, "tracks": []},
            {"pt": 1.0, "tracks": [(1, 77)]},
        ],
    )
    assert value("sum(t.d0 for e in es for t in e.tracks)", tracked, dependent) == 7.0
    assert value("count(t for e in es for t in e.tracks if e.pt > 9 GeV)", tracked, dependent) == 0


def test_nested_generators_see_the_outer_item() -> None:
    event = make_event(Muon=muons(1.0, 2.0, phi=[0.0, 2.0]), Jet=[{"pt": 30.0, "phi": 2.1}, {"pt": 5.0, "phi": 0.1}])
    text = "object far take Muon reject any(dr(this, j) < 0.4 for j in Jet if j.pt > 20 MeV)"
    assert places(text, "far", event) == [0]
    nearest = "sum(min(dphi(l, j) for j in Jet) for l in Muon)"
    assert value(nearest, event) == pytest.approx(0.2)


def test_argmin_and_argmax() -> None:
    event = make_event(Muon=muons(2.0, NAN, 5.0, 2.0, 5.0, hits=[0, 1, 2, 3, 4]))
    for expression, expected in (
        ("argmin(l.pt for l in Muon)", 0),
        ("argmin(l.pt for l in Muon, 2)", 3),
        ("argmax(l.pt for l in Muon)", 2),
        ("argmax(l.pt for l in Muon, 2)", 4),
        ("argmax(l.pt for l in Muon, 4)", 3),
        ("argmax(l.pt for l in Muon, 5)", None),
        ("argmax(l.pt for l in Muon if l.hits > 2)", 4),
    ):
        assert value(f"({expression}).hits", event) == expected, expression


# ------------------------------------------------------------------ objects


def test_sort_is_stable_with_missing_last() -> None:
    event = make_event(Muon=muons(2.0, NAN, 5.0, 2.0, INF, NAN, 5.0))
    descending = "object l take Muon sort by pt descending"
    ascending = "object l take Muon sort by pt ascending"
    assert places(descending, "l", event) == [4, 2, 6, 0, 3, 1, 5]
    assert places(ascending, "l", event) == [0, 3, 2, 6, 4, 1, 5]
    assert places(f"{descending} keep first 2", "l", event) == [4, 2]


def test_sort_by_several_keys() -> None:
    """The next key decides between equal ones, and between items that have none; equal by all, they stay in order."""
    event = make_event(Muon=muons(2.0, NAN, 5.0, 2.0, 5.0, NAN, 2.0, hits=[1, 4, 0, 3, 0, 7, 3]))
    for keys, expected in (
        ("pt descending, hits ascending", [2, 4, 0, 3, 6, 1, 5]),
        ("pt descending, hits descending", [2, 4, 3, 6, 0, 5, 1]),
        ("pt ascending, hits descending", [3, 6, 0, 2, 4, 5, 1]),
        ("hits ascending, pt ascending", [2, 4, 0, 3, 6, 1, 5]),
        ("pt / pt descending, hits descending, pt descending", [3, 6, 0, 2, 4, 5, 1]),
        ("sqrt(1 - hits) ascending, pt descending", [0, 2, 4, 3, 6, 1, 5]),
        ("1 ascending, hits descending", [5, 1, 3, 6, 0, 2, 4]),
    ):
        text = f"object l take Muon sort by {keys}"
        assert places(text, "l", event) == expected, keys
        one_by_one = " ".join(f"sort by {key}" for key in reversed(keys.split(", ")))
        assert places(f"object l take Muon {one_by_one}", "l", event) == expected, one_by_one


def test_keep_best() -> None:
    event = make_event(Muon=muons(1.0, 2.0, 2.0, 2.0, NAN, hits=[0, 3, 7, 7, 0]))
    for keys, expected in (
        ("lowest pt", [0]),
        ("highest pt", [1]),
        ("highest pt, highest hits", [2]),
        ("lowest hits", [0]),
        ("lowest hits, lowest pt", [0]),
    ):
        assert places(f"object l take Muon keep {keys}", "l", event) == expected, keys
    assert places("object l take Muon select hits == 0 keep lowest -pt", "l", event) == [0]
    assert places("object l take Muon keep lowest pt", "l", make_event(Muon=muons(NAN))) == []


def test_statements_take_effect_in_order() -> None:
    event = make_event(Muon=muons(1.0, 2.0, hits=[9, 0]))
    assert places("object l take Muon select hits > 5 keep highest pt", "l", event) == [0]
    assert places("object l take Muon keep highest pt select hits > 5", "l", event) == []


def test_union_holds_an_item_once_as_its_first_source_has_it() -> None:
    event = make_event(Muon=muons(1.0, 20.0), Electron=[{"pt": 5.0}])
    text = """
    object soft
      take Muon
      select pt < 15 GeV
      let grade = 1
    object every
      take Muon
      let grade = 2
      let rank = 10 * grade
    object leptons
      take soft, Electron, every
    """
    found = evaluate_event(program(text), event).items("leptons")
    assert [item.identity for item in found] == [("Muon", 0), ("Electron", 0), ("Muon", 1)]
    assert value("leptons.grade", event, text) == [1, None, 2]
    assert value("leptons.rank", event, text) == [None, None, 20]
    assert value("leptons.hits", event, text) == [5, None, 5]
    assert value("leptons.flavour == muon", event, text) == [True, False, True]
    assert value("every[0] == soft[0]", event, text) is True
    assert value("every[1] in soft", event, text) is False
    assert value("every[1] not in soft", event, text) is True
    assert value("every[7] not in soft", event, text) is False


def test_item_cutflow() -> None:
    text = """
    object l
      take Muon
      select pt > 1 GeV
      external "as judged by eye"
      sort by pt descending
      keep first 1
    """
    result = run(text, make_event(Muon=muons(1.0, 2.0, 3.0)), make_event(Muon=muons(5.0)), EMPTY)
    rows = [(row["id"], row["applied"], row["items"]) for row in result["items"]["l"]]
    assert rows == [("l.0", True, 4), ("l.1", True, 3), ("l.2", False, 3), ("l.3", True, 2)]


# ------------------------------------------------------------------ composites


def test_slots_of_one_collection_are_unordered() -> None:
    event = make_event(Muon=muons(1.0, 2.0, 3.0))
    assert places("composite c take Muon a, Muon b", "c", event) == [(0, 1), (0, 2), (1, 2)]
    ordered = places("composite c take ordered Muon a, Muon b", "c", event)
    assert ordered == [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]


def test_slots_of_one_collection_with_another_between_them() -> None:
    event = make_event(Muon=muons(1.0, 2.0), Electron=[{"pt": 1.0}, {"pt": 2.0}])
    found = places("composite c take Muon a, Electron e, Muon b", "c", event)
    assert found == [(0, 0, 1), (0, 1, 1)]


def test_slots_never_share_a_base_item_however_deep() -> None:
    event = make_event(Muon=muons(1.0, 2.0, 3.0, 4.0))
    text = """
    object copies
      take Muon
    composite pairs
      take Muon a, copies b
    composite dimuons
      take copies a, copies b
    composite quads
      take dimuons x, dimuons y
    object best
      take quads
      keep first 1
    composite fives
      take best q, Muon l
    """
    assert places(text, "pairs", event) == [(i, j) for i in range(4) for j in range(4) if i != j]
    pairs = list(combinations(range(4), 2))
    disjoint = [(i, j) for i, j in combinations(range(6), 2) if not set(pairs[i]) & set(pairs[j])]
    assert places(text, "quads", event) == disjoint
    assert places(text, "fives", event) == []


def test_parts_are_the_base_items_in_slot_order() -> None:
    event = make_event(Muon=muons(1.0, 2.0, 3.0, 4.0))
    text = """
    composite dimuons
      take Muon a, Muon b
      select a.pt + b.pt == 5 GeV
    composite quads
      take ordered dimuons x, dimuons y
      select x.a.pt > 1.5 GeV
    object sorted_quads
      take quads
      let one = x.a
    composite wrapped
      take sorted_quads q
    """
    assert value("wrapped[0].parts.pt", event, text) == [2e3, 3e3, 1e3, 4e3]
    assert value("quads[0].parts.pt", event, text) == [2e3, 3e3, 1e3, 4e3]
    assert value("sorted_quads[0].parts.pt", event, text) == [2e3, 3e3, 1e3, 4e3]
    assert value("sorted_quads[0].one.pt", event, text) == 2e3
    assert value("quads[0].x.b.hits", event, text) == 5
    assert value("count(quads[9].parts)", event, text) == 0
    assert value("quads[0] == sorted_quads[0]", event, text) is True
    assert value("argmax(l.pt for l in quads[0].parts, 2) == Muon[2]", event, text) is True


def test_slots_and_parts_of_a_union_of_candidates_from_different_collections() -> None:
    event = make_event(Muon=muons(1.0, 4.0), Electron=[{"pt": 2.0}, {"pt": 3.0}])
    text = """
    composite ee take Electron a, Electron b
    composite em take Electron a, Muon b
    composite uu take Muon a, Muon b
    object pairs
      take ee, em, uu
      select a.pt + b.pt > 4.5 GeV
      sort by b.pt ascending
      let hardest = argmax(l.pt for l in parts)
    object later take pairs keep first 2
    composite quads take later x, uu y
    """
    assert value("pairs.a.pt", event, text) == [2e3, 2e3, 3e3, 1e3]
    assert value("pairs.b.pt", event, text) == [3e3, 4e3, 4e3, 4e3]
    assert value("pairs.b.hits", event, text) == [None, 5, 5, 5]
    assert value("count(p for p in pairs if p.a.flavour == p.b.flavour)", event, text) == 2
    assert value("pairs.hardest.pt", event, text) == [3e3, 4e3, 4e3, 4e3]
    assert value("count(p for p in pairs if p.b == Muon[1])", event, text) == 3
    assert value("later[1].a == Electron[0] and later[1].b in Muon", event, text) is True
    assert value("quads[0].x.a.pt", event, text) == 2e3
    assert value("quads[0].parts.pt", event, text) == [2e3, 3e3, 1e3, 4e3]
    assert value("exists(pairs[9].a.pt)", event, text) is False


def test_parts_of_slots_from_different_collections() -> None:
    event = make_event(Muon=muons(1.0), Electron=[{"pt": 2.0}])
    text = "composite c take Electron e, Muon l"
    assert value("c[0].parts.pt", event, text) == [2e3, 1e3]
    assert value("c[0].parts.hits", event, text) == [None, 5]
    assert value("count(l for l in c[0].parts if l.flavour == muon)", event, text) == 1


# ------------------------------------------------------------------ four-vectors

_A = {"pt": 20.0, "eta": 0.4, "phi": 0.3, "charge": 1}
_B = {"pt": 30.0, "eta": -1.2, "phi": 2.9, "charge": -1}
_C = {"pt": 45.0, "eta": 2.1, "phi": -2.7, "charge": 1}
_MUON_MASS = 105.6583755


def _vector(item: dict[str, float]) -> vector.VectorObject4D:
    polar = vector.obj(pt=item["pt"] * 1000, eta=item["eta"], phi=item["phi"], mass=_MUON_MASS)
    return polar.to_pxpypzenergy()  # else a difference forgets the sign of the energy


def _kaon(item: dict[str, float]) -> vector.VectorObject4D:
    return vector.obj(pt=item["pt"] * 1000, eta=item["eta"], phi=item["phi"], mass=493.6).to_pxpypzenergy()


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        *((name, name) for name in ("pt", "eta", "phi", "mass", "px", "py", "pz", "rapidity")),
        ("energy", "E"),
    ],
)
def test_components(component: str, expected: str) -> None:
    event = make_event(Muon=[_A, _B, _C])
    a, b, c = map(_vector, (_A, _B, _C))
    text = "composite pairs take Muon a, Muon b"
    for expression, reference in (
        ("(Muon[0] + Muon[1])", a + b),
        ("(Muon[0] + Muon[1] - Muon[2])", a + b - c),
        ("sum(Muon)", a + b + c),
        ("pairs[0]", a + b),
        ("(1.02 * Muon[0])", a * 1.02),
        ("four_vector(20 GeV, Muon[0].eta, 0.3, 105.6583755 MeV)", a),
        ("four_vector(Muon[0].px, Muon[0].py, Muon[0].pz, Muon[0].energy)", a),
        ("(Muon[1] + four_vector(Muon[0].pt, Muon[0].eta, Muon[0].phi, 0.4936 GeV))", b + _kaon(_A)),
        (
            "four_vector(Muon[0].px, Muon[0].py, 0 GeV, 2 * Muon[0].energy)",
            vector.obj(px=a.px, py=a.py, pz=0.0, E=2 * a.E),
        ),
        ("(Muon[0] + sum(Muon) * 3 / 4)", a + (a + b + c) * 0.75),
        ("(pairs[1] + Muon[1])", a + c + b),
    ):
        if component in ("mass", "rapidity") and "-" in expression:
            continue  # not physical
        found = value(f"{expression}.{component}", event, text)
        assert found == pytest.approx(getattr(reference, expected), rel=1e-12), expression
    of_item = value(f"Muon[0].{component}", event)
    assert of_item == pytest.approx(getattr(a, expected), rel=1e-11)


@pytest.mark.parametrize("component", ["px", "pz", "energy", "pt", "mass", "charge"])
@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("numbers", [("20 GeV", "0.5", "1.0", "5 GeV"), ("20 GeV", "-3 GeV", "1 GeV", "5 * 10 GeV")])
def test_a_four_vector_of_numbers_is_missing_with_one_of_them(
    numbers: tuple[str, ...], place: int, component: str
) -> None:
    event = make_event(Muon=[_A])
    absent = "Muon[7].pt" if "GeV" in numbers[place] else "Muon[7].eta"
    there = list(numbers)
    assert value(f"four_vector({', '.join(there)}).{component}", event) is not None
    there[place] = absent
    assert value(f"four_vector({', '.join(there)}).{component}", event) is None
    assert value(f"exists(four_vector({', '.join(there)}))", event) is False


def test_a_four_vector_of_numbers_has_no_charge_and_an_item_keeps_its_own() -> None:
    event = make_event(Muon=[_A, _B])
    text = "object kaons take Muon let p4 = four_vector(pt, eta, phi, 493.6 MeV)"
    assert value("four_vector(1 GeV, 0, 0, 0 GeV).charge", event) == 0
    assert value("kaons.charge", event, text) == [1, -1]
    assert value("(kaons[0] + kaons[1]).charge", event, text) == 0
    expected = (_kaon(_A) + _kaon(_B)).mass
    assert value("(kaons[0] + kaons[1]).mass", event, text) == pytest.approx(expected, rel=1e-12)
    assert value("kaons.mass", event, text) == pytest.approx([493.6, 493.6], rel=1e-9)


def test_charges_add() -> None:
    event = make_event(Muon=[_A, _B, _C], Jet=[{"pt": 5.0, "energy": 10.0}])
    assert value("(Muon[0] + Muon[2]).charge", event) == 2
    assert value("(Muon[0] - Muon[1]).charge", event) == 2
    assert value("(-Muon[0]).charge", event) == -1
    assert value("sum(Muon).charge", event) == 1
    assert value("(Muon[0] + Jet[0]).charge", event) is None
    assert value("sum(both).charge", event, "object both take Muon, Jet") == 1
    assert value("(Muon[1] * -2).charge", event) == -1
    assert value("(Muon[1] * Muon[9].eta).charge", event) is None
    text = "composite c take Muon a, Muon b, Muon d"
    assert value("c[0].charge", event, text) == 1


def test_a_change_of_frame_as_the_documentation_writes_it() -> None:
    (text,) = [block.body for block in blocks(ROOT / "docs" / "language.md") if "define boosted(" in block.body]
    event = make_event(Muon=[_A, _B, _C])
    a, b, c = map(_vector, (_A, _B, _C))
    for frame, reference in (("Muon[1]", b), ("(Muon[0] + Muon[1])", a + b), ("(Muon[1] + Muon[2])", b + c)):
        expected = a.boostCM_of_p4(reference)
        for component, name in (("px", "px"), ("py", "py"), ("pz", "pz"), ("energy", "E")):
            found = value(f"boosted(Muon[0], {frame}).{component}", event, text)
            assert found == pytest.approx(getattr(expected, name), rel=1e-9), (frame, component)
    (of_pair, *_) = value("dimuons.cos_helicity", event, text)
    along, pair = a.boostCM_of_p4(a + b).to_3D(), (a + b).to_3D()
    assert of_pair == pytest.approx(along.dot(pair) / (along.mag * pair.mag), rel=1e-9)


_MET = {"pt": 55.0, "phi": -2.2}


def _along_bisector(met: dict[str, float] | None, a: dict[str, float], b: dict[str, float]) -> float:
    """Return the projection of what is missing, or of both items, on their bisector, in MeV."""
    axis = cmath.rect(1, a["phi"]) + cmath.rect(1, b["phi"])
    vectors = [met] if met else [a, b]
    total = sum(cmath.rect(1000 * item["pt"], item["phi"]) for item in vectors)
    return (total * axis.conjugate()).real / abs(axis)


def _transverse_sphericity(*items: dict[str, float]) -> float:
    """Return twice the smaller eigenvalue of the tensor of transverse momenta over its trace."""
    momenta = np.array([[item["pt"] * math.cos(item["phi"]), item["pt"] * math.sin(item["phi"])] for item in items])
    low, high = np.linalg.eigvalsh(momenta.T @ momenta)
    return float(2 * low / (low + high))


def _transverse(item: dict[str, float]) -> complex:
    return cmath.rect(1000 * item["pt"], item["phi"])


def _across_thrust(a: dict[str, float], b: dict[str, float]) -> float:
    """Return the transverse momentum of two items across the difference of theirs."""
    thrust = _transverse(a) - _transverse(b)
    return abs(((_transverse(a) + _transverse(b)) * thrust.conjugate()).imag) / abs(thrust)


def _invariant(a: dict[str, float], b: dict[str, float], sign: int) -> float:
    """Return what is invariant of two massless items in the plane: of their sum, or the contransverse mass."""
    one, other = _transverse(a), _transverse(b)
    return math.sqrt((abs(one) + abs(other)) ** 2 - abs(one + sign * other) ** 2)


@pytest.mark.parametrize(
    ("quantity", "arguments", "expected"),
    [
        ("p", ["Muon[0]"], _vector(_A).p),
        ("theta", ["Muon[0]"], _vector(_A).theta),
        ("cos_theta", ["Muon[1]"], _vector(_B).costheta),
        ("gamma", ["(Muon[0] + Muon[1])"], (_vector(_A) + _vector(_B)).gamma),
        ("angle", ["Muon[0]", "Muon[1]"], _vector(_A).deltaangle(_vector(_B))),
        ("angle", ["Muon[0]", "Muon[0]"], 0.0),
        ("angle", ["Muon[0]", "-Muon[0]"], math.pi),
        ("pzeta", ["Muon[0]", "Muon[1]"], _along_bisector(_MET, _A, _B)),
        ("dzeta", ["Muon[0]", "Muon[1]"], _along_bisector(_MET, _A, _B) - 0.85 * _along_bisector(None, _A, _B)),
        ("transverse_sphericity", ["Muon"], _transverse_sphericity(_A, _B)),
        ("fox_wolfram", ["Muon"], abs(cmath.rect(20000, 0.3) + cmath.rect(30000, 2.9)) ** 2),
        ("pzeta_vis", ["Muon[0]", "Muon[1]"], _along_bisector(None, _A, _B)),
        ("HT", ["Muon"], 1000 * (_A["pt"] + _B["pt"])),
        ("HTmiss", ["Muon"], (_vector(_A) + _vector(_B)).pt),
        ("mht", ["Muon"], (_vector(_A) + _vector(_B)).pt),
        ("mht_x", ["Muon"], -(_vector(_A) + _vector(_B)).px),
        ("mht_y", ["Muon"], -(_vector(_A) + _vector(_B)).py),
        ("m_eff", ["Muon"], 1000 * (_A["pt"] + _B["pt"] + _MET["pt"])),
        ("centrality", ["Muon"], 1000 * (_A["pt"] + _B["pt"]) / (_vector(_A).E + _vector(_B).E)),
        ("et", ["Muon[1]"], _vector(_B).Et),
        ("beta", ["(Muon[0] + Muon[1])"], (_vector(_A) + _vector(_B)).beta),
        ("invmass", ["Muon[0]", "Muon[1]"], (_vector(_A) + _vector(_B)).mass),
        ("min_dphi", ["Muon", "MET"], min(abs(math.remainder(m["phi"] - _MET["phi"], math.tau)) for m in (_A, _B))),
        (
            "min_dr",
            ["Muon", "MET"],
            min(math.hypot(m["eta"], math.remainder(m["phi"] - _MET["phi"], math.tau)) for m in (_A, _B)),
        ),
        ("pTt", ["Muon[0]", "Muon[1]"], _across_thrust(_A, _B)),
        ("mct", ["Muon[0]", "Muon[1]"], _invariant(_A, _B, -1)),
        ("alpha_t", ["Muon"], 1000 * _A["pt"] / _invariant(_A, _B, 1)),
        ("mtw", ["Muon[1]"], _invariant(_B, _MET, 1)),
        ("acoplanarity", ["Muon[0]", "Muon[1]"], math.pi - abs(_vector(_A).deltaphi(_vector(_B)))),
        ("cross", ["Muon[0]", "Muon[1]"], _vector(_A).to_3D().cross(_vector(_B).to_3D()).z),
        ("log2", ["Muon[0].pt / 1 GeV"], math.log2(_A["pt"])),
        ("exp2", ["Muon[0].eta"], 2 ** _A["eta"]),
        ("round", ["Muon[0].eta"], 0),
        ("round", ["(Muon[0].eta * 2)"], 1),
        ("asinh", ["Muon[1].eta"], math.asinh(_B["eta"])),
        ("acosh", ["Muon[0].pt / 1 GeV"], math.acosh(_A["pt"])),
        ("atanh", ["(Muon[0].eta / 10)"], math.atanh(_A["eta"] / 10)),
        ("sign", ["Muon[1].eta"], -1),
        ("sign", ["Muon[0].eta"], 1),
        ("os", ["Muon[0]", "Muon[1]"], True),
        ("ss", ["Muon[0]", "Muon[1]"], False),
        ("ss", ["Muon[0]", "Muon[0]"], True),
        ("sf", ["Muon[0]", "Muon[1]"], True),
        ("ossf", ["Muon[0]", "Muon[1]"], True),
        ("ossf", ["Muon[0]", "Muon[0]"], False),
    ],
)
def test_formulas_that_are_proposed(quantity: str, arguments: list[str], expected: float) -> None:
    said = formulas.quantity(quantity, arguments)
    assert said is not None
    found = value(said.split("`")[1], make_event(Muon=[_A, _B], MET=_MET))
    assert found == pytest.approx(
        expected, rel=1e-9, abs=3e-8
    )  # an angle of 0 has the root of the rounding of its cosine


def test_scales_of_items() -> None:
    text = """
    table jes(pt) 1.1 for 0 GeV to 25 GeV, 0.9 for 25 GeV to 40 GeV
    object scaled take Muon let p4 = jes(pt) * this sort by pt descending
    define met = MET - (sum(scaled) - sum(Muon))
    """
    event = make_event(Muon=[_A, _B, _C], MET={"pt": 50.0, "phi": 1.0})
    assert value("scaled.pt", event, text) == pytest.approx([0.9 * 30e3, 1.1 * 20e3, None])
    assert value("scaled.charge", event, text) == [-1, 1, 1]
    assert value("scaled[1].mass", event, text) == pytest.approx(1.1 * _MUON_MASS)
    assert value("scaled[0].eta", event, text) == pytest.approx(-1.2)
    assert value("exists(scaled[2].p4)", event, text) is False
    a, b, c = map(_vector, (_A, _B, _C))
    met = vector.obj(pt=50e3, phi=1.0) - (0.1 * a - 0.1 * b - c).to_xy()
    assert value("met.pt", event, text) == pytest.approx(met.pt, rel=1e-12)
    assert value("(Muon[0] / 0).px", event) == INF
    assert value("(Muon[0] * 0 / 0).px", event) is None


def test_sums_of_items_pass_over_incomplete_ones() -> None:
    event = make_event(Muon=[_A, {**_B, "eta": NAN}, _C])
    a, c = _vector(_A), _vector(_C)
    assert value("sum(Muon).mass", event) == pytest.approx((a + c).mass, rel=1e-12)
    assert value("sum(Muon).charge", event) == 2
    assert value("(Muon[0] + Muon[1]).mass", event) is None
    assert value("(Muon[0] + Muon[1]).pt", event) is not None


def test_angles_and_transverse_quantities() -> None:
    event = make_event(Muon=[_A, _C], MET={"pt": 50.0, "phi": 1.0})
    a, c = _vector(_A), _vector(_C)
    for expression, expected in (
        ("dphi(Muon[0], Muon[1])", abs(a.deltaphi(c))),
        ("dphi_signed(Muon[0], Muon[1])", a.deltaphi(c)),
        ("dphi_signed(Muon[1], Muon[0])", c.deltaphi(a)),
        ("deta(Muon[1], Muon[0])", 1.7),
        ("dr(Muon[0], Muon[1])", a.deltaR(c)),
        ("dr_rapidity(Muon[0], Muon[1])", a.deltaRapidityPhi(c)),
        ("dr(Muon[0] + Muon[1], Muon[0])", (a + c).deltaR(a)),
        ("mt(Muon[0], MET)", math.sqrt(2 * 20e3 * 50e3 * (1 - math.cos(0.7)))),
        ("dphi(Muon[0], MET)", 0.7),
        ("perp(Muon[0], Muon[1])", a.to_Vector3D().cross(c.to_Vector3D()).mag / c.p),
        ("(Muon[0] + MET).pt", (a + vector.obj(pt=50e3, eta=0, phi=1.0, mass=0)).pt),
        ("MET.px", 50e3 * math.cos(1.0)),
    ):
        assert value(expression, event) == pytest.approx(expected, rel=1e-12), expression


def test_plain_items_keep_their_stored_kinematics_to_the_last_bit() -> None:
    eta = 1.2345678901234567
    event = make_event(Muon=[{"pt": 33.3, "eta": eta, "phi": 2.2}, {"pt": 1.0}])
    assert value("deta(Muon[0], Muon[1])", event) == eta
    assert value("dphi(Muon[0], Muon[1])", event) == pytest.approx(2.2, rel=1e-15)
    assert value("Muon[0].mass", event) == _MUON_MASS


def test_stored_energy_takes_the_place_of_the_mass() -> None:
    event = make_event(Jet=[{"pt": 30.0, "eta": 0.5, "phi": 1.0, "energy": 50.0}, {"pt": 30.0, "energy": 1.0}])
    p = 30.0 * math.cosh(0.5)
    assert value("Jet[0].mass", event) == pytest.approx(math.sqrt(2500 - p * p))
    assert value("Jet[1].mass", event) == 0.0  # below zero
    assert value("Jet[0].energy", event) == 50.0
    assert value("(Jet[0] + Jet[1]).energy", event) == 51.0


def test_let_p4_replaces_the_vector_from_there_on() -> None:
    event = make_event(Muon=[_A, _B], Electron=[{"pt": 4.0, "eta": 0.5, "phi": 0.2, "charge": -1, "mass": 0.0}])
    photon = vector.obj(pt=4e3, eta=0.5, phi=0.2, mass=0)
    a, b = _vector(_A), _vector(_B)
    text = """
    object dressed
      take Muon
      let bare_pt = pt
      let p4 = if dr(this, Electron[0]) < 0.5 then this + Electron[0] else this.p4
      let dressed_pt = pt
    object later
      take dressed
      sort by pt descending
    composite pairs
      take later a, later b
    """
    assert value("dressed.bare_pt", event, text) == [20e3, 30e3]
    approx = pytest.approx
    assert value("dressed.dressed_pt", event, text) == approx([(a + photon).pt, 30e3])
    assert value("later[1].pt", event, text) == approx((a + photon).pt, rel=1e-12)
    assert value("later[1].eta", event, text) == approx((a + photon).eta, rel=1e-12)
    assert value("later[1].charge", event, text) == 1
    assert value("later[1].hits", event, text) == 5
    assert value("later[1] == Muon[0]", event, text) is True
    assert value("pairs[0].mass", event, text) == approx((a + b + photon).mass, rel=1e-12)
    assert value("pairs[0].parts.pt", event, text) == approx([30e3, (a + photon).pt], rel=1e-12)
    assert value("dr(pairs[0].a, later[1])", event, text) == approx(b.deltaR(a + photon), rel=1e-12)
    assert value("sum(later).energy", event, text) == approx((a + b + photon).E, rel=1e-12)


# ------------------------------------------------------------------ definitions


def test_definitions_and_functions() -> None:
    text = """
    define m_Z = 91.1876 GeV
    define off(l) = |l - m_Z|
    define lead = argmax(l.pt for l in Muon)
    """
    event = make_event(Muon=muons(1.0, 7.0))
    assert value("off(90 GeV)", event, text) == pytest.approx(1187.6)
    assert value("lead.pt", event, text) == 7e3
    assert value("lead.pt", EMPTY, text) is None
    assert value("lead == Muon[1]", event, text) is True


def test_tables() -> None:
    text = """
    table efficiency(pt, eta)
      0.5 for 0 GeV to 10 GeV and -1 to 1,
      0.7 +- 0.1 for 10 GeV to 20 GeV and -1 to 1
    table closed(x) 1 for 0 to 1 otherwise 9
    """

    def at(pt: float, eta: float) -> Any:
        event = make_event(Muon=[{"pt": pt, "eta": eta}])
        return value("efficiency(Muon[0].pt, Muon[0].eta)", event, text)

    assert [at(0, -1), at(9.999, 0.5), at(10, 0), at(20, 0), at(5, 1)] == [0.5, 0.5, 0.7, None, None]
    assert at(NAN, 0.0) is None
    assert value("closed(0.5)", EMPTY, text) == 1
    assert value("closed(1)", EMPTY, text) == 9
    assert value("closed(0 / 0)", EMPTY, text) is None


def test_open_ranges_hold_infinity_and_nothing_that_is_missing() -> None:
    text = """
    table high(x) 1 for 0 to 2, 2 for 2 to inf
    table low(x) 3 for -inf to 0, 4 for 0 to 2
    table both(x, y) 5 for -inf to inf and 0 to 1, 6 for -inf to 9 and 1 to inf otherwise 7
    """

    def at(table: str, *arguments: float | None) -> Any:
        there = {name: x for name, x in zip(("eta", "phi"), arguments, strict=False) if x is not None}
        written = [f"Muon[{0 if name in there else 9}].{name}" for name in ("eta", "phi")[: len(arguments)]]
        return value(f"{table}({', '.join(written)})", make_event(Muon=[{"pt": 1.0, **there}]), text)

    numbers = (-INF, -1.0, -0.0, 1.999, 2.0, 1e308, INF, NAN, None)
    assert [at("high", x) for x in numbers] == [None, None, 1, 1, 2, 2, 2, None, None]
    assert [at("low", x) for x in numbers] == [3, 3, 4, 4, None, None, None, None, None]
    assert [at("both", x, 0.5) for x in numbers] == [5, 5, 5, 5, 5, 5, 5, None, None]
    assert [at("both", 0.5, y) for y in numbers] == [7, 7, 5, 6, 6, 6, 6, None, None]


# ------------------------------------------------------------------ regions


def _weighted(*pts: float, weight: float = 1.0, number: int = 1) -> dict[str, object]:
    return make_event(Muon=muons(*pts), event={"run": 7, "number": number, "weight": weight})


def test_cutflow_weights_and_inheritance() -> None:
    text = """
    region base
      select count(Muon) > 0
      weight w = event.weight
      external "good run list"
      histogram h = Muon[0].pt bins 2 from 0 GeV to 2 GeV
      select Muon[0].pt > 1 GeV
      save lead = Muon[0].pt
    region tight
      take base
      weight two = 2
      reject Muon[0].pt > 4 GeV
    """
    events = [
        _weighted(3.0, weight=0.5, number=1),
        _weighted(weight=9.0, number=2),
        _weighted(1.0, weight=3.0, number=3),
        _weighted(5.0, weight=2.0, number=4),
    ]
    result = run(text, *events, trace=True)

    def rows(region: str) -> list[tuple[Any, ...]]:
        keys = ("id", "applied", "events", "sumw", "sumw2")
        return [tuple(row[key] for key in keys) for row in result["cutflow"][region]]

    assert rows("base") == [
        ("base.0", True, 4, 4.0, 4.0),
        ("base.1", True, 3, 3.0, 3.0),
        ("base.2", False, 3, 5.5, 13.25),
        ("base.3", True, 2, 2.5, 4.25),
    ]
    assert rows("tight") == [
        ("tight.0", True, 4, 4.0, 4.0),
        ("base.1", True, 3, 3.0, 3.0),
        ("base.2", False, 3, 5.5, 13.25),
        ("base.3", True, 2, 2.5, 4.25),
        ("tight.1", True, 1, 1.0, 1.0),
    ]
    assert set(result["histograms"]) == {"base/h"}
    assert result["histograms"]["base/h"]["values"] == [0.0, 0.0, 3.0, 2.5]
    assert result["columns"] == {"base": {"lead": [3e3, 5e3]}, "tight": {}}
    assert result["selected"]["base"] == {"run": [7, 7], "event": [1, 4]}
    assert result["selected"]["tight"] == {"run": [7], "event": [1]}
    assert result["first_failed"]["tight"] == [None, "base.1", "base.3", "tight.1"]
    assert result["missing_weights"] == {"base.w": 0, "tight.w": 0, "tight.two": 0}


def test_a_region_is_a_condition_that_its_cuts_are_passed() -> None:
    text = """
    region everything
    region one
      select count(Muon) > 0
      weight two = 2
    region hard
      take one
      external "quality"
      select Muon[0].pt > 3 GeV
    region either
      select hard or count(Muon) > 1
      bin "hard" hard
      save hard = if hard then 1 else 0, any = everything
    region soft
      take one
      reject hard
    region softer
      take soft with hard = one
    """
    events = [make_event(Muon=muons(*pts)) for pts in ((), (2.0,), (5.0,), (2.0, 1.0), (4.0, 1.0), (NAN,))]
    result = run(text, *events, trace=True)
    assert {name: [why is None for why in failed] for name, failed in result["first_failed"].items()} == {
        "everything": [True, True, True, True, True, True],
        "one": [False, True, True, True, True, True],
        "hard": [False, False, True, False, True, False],
        "either": [False, False, True, True, True, False],
        "soft": [False, True, False, True, False, True],
        "softer": [False, False, False, False, False, False],
    }
    assert [row["sumw"] for row in result["cutflow"]["either"]] == [6, 3]
    assert [row["events"] for row in result["bins"]["either"]] == [2]
    assert result["columns"]["either"] == {"hard": [1, 0, 1], "any": [True, True, True]}


def test_what_a_variant_repeats_behind_its_cuts_is_behind_those_that_follow() -> None:
    axis = "bins 1 from 0 GeV to 100 GeV"
    text = f"""
    region signal
      select count(Muon) > 0
      histogram early = Muon[0].pt {axis}
      weight two = 2
      select Muon[0].pt > 1 GeV as "one"
      let lead = Muon[0].pt
      histogram late = lead {axis}
      let twice = 2 * lead
      bin "hard" twice > 6 GeV
      save lead
    region more
      take signal without "one"
      histogram own = lead {axis}
      select lead > 2 GeV
      weight three = 3
      select lead < 9 GeV
      expect 2
      let thrice = twice + lead
      histogram last = thrice {axis}
    region same
      take signal without "one"
      expect 1 for "hard"
      histogram own = lead {axis}
    """
    events = [make_event(Muon=muons(*pts)) for pts in ((), (0.5,), (1.5,), (2.5,), (4.0,), (10.0,))]
    result = run(text, *events)
    assert {name: found["values"][1] for name, found in result["histograms"].items()} == {
        "signal/early": 5,
        "signal/late": 8,
        "more/early": 5,
        "more/own": 10,
        "more/late": 12,
        "more/last": 12,
        "same/early": 5,
        "same/late": 10,
        "same/own": 10,
    }
    assert {name: [row["events"] for row in rows] for name, rows in result["bins"].items()} == {
        "signal": [2],
        "more": [1],
        "same": [2],
    }
    assert result["columns"]["more"] == {"lead": [2500.0, 4000.0]}
    expected = [
        (region, statement.after)
        for region, found in program(text).regions.items()
        for statement in found.statements
        if isinstance(statement, PublishedCount)
    ]
    assert expected == [("more", "more.3"), ("same", "same.2")]  # a cut, and a bin


@pytest.mark.parametrize("number", [1, 2])
def test_whether_an_event_passes_a_region_is_never_missing(number: int) -> None:
    cuts = number * "select Electron[0].is_loose\n"
    text = f"region loose\n{cuts}region all_events\nsave a = loose, b = exists(loose), c = loose == false"
    event = make_event(Electron=[{"pt": 1.0, "is_loose": None}])
    assert run(text, event)["columns"]["all_events"] == {"a": [False], "b": [True], "c": [True]}


def test_all_events_have_the_weights_before_the_first_criterion() -> None:
    text = """
    region base
      weight w = event.weight
      bin "b" count(Muon) > 0
      weight two = 2
    region tight
      take base
      weight three = 3
      external "cleaning"
      weight five = 5
      select count(Muon) > 1
    region none
      select count(Muon) > 1
      weight w = event.weight
    """
    result = run(text, _weighted(1.0, 2.0, weight=0.5), _weighted(weight=4.0))
    first = {region: rows[0] for region, rows in result["cutflow"].items()}
    assert {region: (row["events"], row["sumw"], row["sumw2"]) for region, row in first.items()} == {
        "base": (2, 9.0, 65.0),
        "tight": (2, 27.0, 585.0),
        "none": (2, 2.0, 2.0),
    }


def test_a_missing_weight_counts_as_zero_and_is_reported() -> None:
    text = "region r select count(Muon) > 0 weight w = event.weight select count(Muon) > 1"
    events = (_weighted(1.0, 2.0, weight=NAN), _weighted(1.0, weight=NAN), _weighted(weight=NAN), _weighted(1.0, 2.0))
    result = run(text, *events)
    assert result["missing_weights"] == {"r.w": 2}
    assert result["missing_in_selected"] == {"r.w": 1}
    last = result["cutflow"]["r"][-1]
    assert (last["events"], last["sumw"], last["sumw2"]) == (2, 1.0, 1.0)


def test_entries_of_histograms_have_weights_of_their_own() -> None:
    text = """
    object mu take Muon let scale = pt / 1 GeV
    region r
      weight w = event.weight
      histogram a = mu.pt edges [0 GeV, 2 GeV, 4 GeV] with weight mu.scale
      histogram b = mu.pt edges [0 GeV, 4 GeV] vs mu.scale edges [0, 2, 4] with weight mu.scale fold
      histogram c = mu.pt edges [0 GeV, 9 GeV] with weight 3
      histogram d = count(mu) edges [0, 2] with weight 0.5
    """
    found = run(text, _weighted(1.0, 3.0, weight=2.0), _weighted(5.0, weight=0.5))["histograms"]
    assert found["r/a"]["values"] == [0, 2 * 1, 2 * 3, 0.5 * 5]
    assert found["r/a"]["variances"] == [0, 2**2, 6**2, 2.5**2]
    assert [row[1:3] for row in found["r/b"]["values"]] == [[0, 0], [2, 6 + 2.5], [0, 0]]
    assert found["r/c"]["values"] == [0, 3 * (2 + 2 + 0.5), 0]
    assert found["r/d"]["values"] == [0, 0.5 * 0.5, 2 * 0.5]


def test_a_missing_weight_of_an_entry_counts_as_zero_and_is_reported() -> None:
    text = """
    object mu take Muon let scale = sqrt(pt / 1 GeV - 4)
    region r
      histogram a = mu.pt edges [0 GeV, 9 GeV] with weight mu.scale
      histogram w = count(mu) edges [0, 9] with weight 1 / event.weight
      weight w = event.weight
      histogram b = mu.pt edges [0 GeV, 9 GeV] with weight 1 / event.weight
      select count(mu) > 1
    """
    events = (_weighted(5.0, 3.0, 3.0, weight=2.0), _weighted(3.0), _weighted(8.0), _weighted(NAN, NAN, weight=0.0))
    result = run(text, *events)
    assert result["histograms"]["r/a"]["values"] == [0, 1 + 2, 0]
    assert result["histograms"]["r/w"]["values"] == [0, math.inf, 0]
    assert result["histograms"]["r/b"]["values"] == [0, 3 + 1 + 1, 0]
    assert result["missing_weights"] == {"r/a": 2, "r/w": 0, "r.w": 0, "r/b": 0}
    assert result["missing_in_selected"] == {"r/a": 1, "r/w": 0, "r.w": 0, "r/b": 0}
    beside = run(text.replace("= mu.pt edges [0 GeV, 9 GeV] with weight 1", "= 1 edges [0, 9] with weight 1"), *events)
    assert beside["histograms"]["r/b"]["values"] == [0, 3, 0]
    assert beside["missing_weights"]["r/b"] == 1  # 0 times infinity


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_weight_is_zero_beside_an_infinite_one_if_it_is_missing(order: tuple[int, ...]) -> None:
    weights = ("weight a = 1 / event.weight", "weight b = Muon[0].pt / 1 GeV", "weight c = 3")
    text = f"region r {' '.join(weights[k] for k in order)} histogram h = count(Muon) edges [0, 9]"
    result = run(text, _weighted(weight=0.0), _weighted(2.0, weight=0.5))
    assert result["histograms"]["r/h"]["values"] == [0.0, 2 * 2 * 3, 0.0]
    assert result["missing_weights"]["r.b"] == 1


def test_saved_columns_are_of_selected_events_wherever_the_save_stands() -> None:
    result = run("region r save n = count(Muon) select count(Muon) > 1", _weighted(1.0), _weighted(1.0, 2.0))
    assert result["columns"]["r"] == {"n": [2]}


def test_bins() -> None:
    text = """
    region r
      bin "some" count(Muon) >= 1
      bin "many" count(Muon) >= 2
      weight w = event.weight
      bins grid = count(Muon) edges [0, 1, 3] vs Muon[0].pt edges [0 GeV, 1 GeV, 2 GeV]
      select count(Muon) > 1
      bin "late" count(Muon) < 9
    """
    events = [_weighted(0.5, weight=2.0), _weighted(1.0, 1.0, weight=3.0), EMPTY, _weighted(7.0)]
    result = run(text, *events)
    found = {row["name"]: (row["events"], row["sumw"]) for row in result["bins"]["r"]}
    assert found == {
        "some": (3, 3.0),
        "many": (1, 1.0),
        "grid[0,0]": (0, 0.0),
        "grid[0,1]": (0, 0.0),
        "grid[1,0]": (1, 2.0),
        "grid[1,1]": (1, 3.0),
        "late": (1, 3.0),
    }
    assert result["overlaps"] == {"r": 1}  # a cell of a grid is not another bin


def test_open_bins_hold_infinity_and_nothing_that_is_missing() -> None:
    text = """
    region r
      bins above = Muon[0].eta edges [0, 2, inf]
      bins below = Muon[0].eta edges [-inf, 0, 2]
      bins all = Muon[0].eta edges [-inf, inf]
      bins whole = count(Muon) edges [-inf, 1, 2, inf]
    """
    numbers = (-INF, -1e308, -1.0, 0.0, 1.999, 2.0, 3.0, 1e308, INF, NAN, None)
    result = run(text, EMPTY, *(make_event(Muon=[{"pt": 1.0, "eta": number}]) for number in numbers))
    assert {row["name"]: row["events"] for row in result["bins"]["r"]} == {
        "above[0]": 2,
        "above[1]": 4,
        "below[0]": 3,
        "below[1]": 2,
        "all[0]": 9,
        "whole[0]": 1,
        "whole[1]": 11,
        "whole[2]": 0,
    }


def test_histogram_edges_are_half_open() -> None:
    text = """
    region r
      histogram h = Muon.pt / 1 GeV bins 3 from 0 to 3
      histogram f = Muon.pt / 1 GeV edges [0, 1, 3] fold
    """
    event = make_event(Muon=muons(-1.0, 0.0, 1.0, 2.5, 3.0, INF, -INF, NAN))
    histograms = run(text, event)["histograms"]
    assert histograms["r/h"]["edges"] == [[0.0, 1.0, 2.0, 3.0]]
    assert histograms["r/h"]["values"] == [2.0, 1.0, 1.0, 1.0, 2.0]
    assert histograms["r/f"]["values"] == [0.0, 3.0, 4.0, 0.0]


def test_bins_of_one_width_hold_their_lower_edges() -> None:
    text = """
    region r
      histogram a = Muon.pt / 1 GeV bins 100 from -5 to 5
      bins g = Muon[1].pt / 1 GeV bins 10 from 0 to 0.1
    """
    result = run(text, make_event(Muon=[{"pt": -1.8}, {"pt": 0.03}]))
    values = result["histograms"]["r/a"]["values"]
    assert [place for place, value in enumerate(values) if value] == [1 + 32, 1 + 50]
    assert [row["name"] for row in result["bins"]["r"] if row["events"]] == ["g[3]"]


def test_histograms_of_two_axes() -> None:
    text = """
    region r
      weight w = event.weight
      histogram two = Muon.pt edges [0 GeV, 1 GeV, 2 GeV] vs Muon.hits edges [0, 10]
      histogram mixed = Muon.pt edges [0 GeV, 1 GeV, 2 GeV] vs count(Muon) edges [0, 2]
      histogram missing = Muon.pt edges [0 GeV, 2 GeV] vs Electron[0].pt edges [0 GeV, 1 GeV]
    """
    muon_list = muons(0.5, 1.5, 9.0, hits=[3, 30, -1])
    event = make_event(Muon=muon_list, event={"run": 1, "number": 1, "weight": 2.0})
    histograms = run(text, event)["histograms"]
    assert histograms["r/two"]["values"] == [[0, 0, 0], [0, 2, 0], [0, 0, 2], [2, 0, 0]]
    assert histograms["r/two"]["variances"] == [[0, 0, 0], [0, 4, 0], [0, 0, 4], [4, 0, 0]]
    assert histograms["r/mixed"]["values"] == [[0, 0, 0], [0, 0, 2], [0, 0, 2], [0, 0, 2]]
    assert histograms["r/missing"]["values"] == [[0, 0, 0]] * 3


def test_the_mass_of_what_flies_along_one_line_is_nearly_0_and_never_missing() -> None:
    """The square of what is 0 by mathematics comes out below 0 as often as above."""
    events = [
        make_event(Electron=[{"pt": pt, "eta": k / 20, "phi": k / 10} for pt in (10.1 + k, 20.7 + 3 * k)])
        for k in range(60)
    ]
    masses = run("region r save m = (Electron[0] + Electron[1]).mass", *events)["columns"]["r"]["m"]
    assert masses.count(0.0) > 10
    assert all(mass is not None and mass < 1 for mass in masses)  # MeV, of momenta of 10^5 MeV


def test_variants_repeat_with_changes() -> None:
    text = """
    object loose
      take Muon
      select pt > 1 GeV as "soft"
      select |eta| < 2
    object looser
      take loose without "soft"
    region base
      let n = count(loose)
      select n == 2
      save n
    region mirrored
      take base with loose = looser
    """
    event = make_event(Muon=muons(0.5, 3.0, 4.0, eta=[0.0, 0.0, 5.0]))
    assert places(text, "looser", event) == [0, 1]
    result = run(text, event)
    assert result["columns"] == {"base": {"n": []}, "mirrored": {"n": [2]}}


def test_a_variant_has_another_value_of_what_items_carry() -> None:
    """In the criteria and keys that use it, and where an attribute of an item of the variant is asked for."""
    text = """
    object corrected
      take Muon
      let corr = pt * 2
      select corr > 16 GeV
    composite pair
      take corrected a, corrected b
      let distance = |(a.corr + b.corr) - 40 GeV|
    object best
      take pair
      keep lowest distance
    region base
      save corr = corrected.corr
      save distance = best.distance
    region mirrored
      take base with distance = |(a.corr + b.corr) - 70 GeV|
    region scaled
      take base with corr = pt * 3
    region unused
      save only = corrected.corr
    region other
      take unused with corr = pt
    """
    columns = run(text, make_event(Muon=muons(5.0, 9.0, 11.0, 25.0)))["columns"]
    assert columns["base"] == {"corr": [[18e3, 22e3, 50e3]], "distance": [[0.0]]}
    assert columns["mirrored"] == {"corr": [[18e3, 22e3, 50e3]], "distance": [[2e3]]}
    assert columns["scaled"] == {"corr": [[27e3, 33e3, 75e3]], "distance": [[20e3]]}
    assert columns["other"] == {"only": [[25e3]]}


def test_a_variant_replaces_the_nearest_value_of_a_name() -> None:
    """That of the region and not that of an object, and that of a candidate and not that of its slots."""
    text = """
    object hard
      take Muon
      let x = pt * 2
      select x > 16 GeV
    region base
      let x = hard[0].pt
      save n = count(hard), x, first = hard[0].x
    region variant
      take base with x = 3 GeV
    composite pair
      take hard a, hard b
      let x = 1
      let y = a.x + b.x
    composite other
      take pair with x = 7
    region pairs
      save x = pair.x, y = pair.y
    region others
      take pairs with pair = other
      save z = other.x
    """
    columns = run(text, make_event(Muon=muons(9.0, 5.0, 8.5)))["columns"]
    assert columns["base"] == {"n": [2], "x": [9e3], "first": [18e3]}
    assert columns["variant"] == {"n": [2], "x": [3e3], "first": [18e3]}
    assert columns["pairs"] == {"x": [[1]], "y": [[35e3]]}
    assert columns["others"] == {"x": [[7]], "y": [[35e3]], "z": [[7]]}


def test_a_variant_has_one_value_of_what_an_earlier_region_defines() -> None:
    text = """
    region base
      let k = count(Muon)
    region second
      take base
      select k > 1
      save k
    region variant
      take second with k = 10
      save again = k
    region child
      take variant
      save last = k
    """
    columns = run(text, make_event(Muon=muons(5.0)))["columns"]
    saved = {name: values for name, values in columns.items() if values}
    assert saved == {"second": {"k": []}, "variant": {"k": [10], "again": [10]}, "child": {"last": [10]}}


def test_a_label_goes_wherever_it_stands() -> None:
    text = """
    object electrons
      take Electron
      select pt > 12 GeV as "pt"
    object muons
      take Muon
      select pt > 15 GeV as "pt"
    object leptons
      take electrons, muons
      select pt < 50 GeV as "pt"
    object loose
      take leptons without "pt"
    composite pair
      take electrons a, muons b
    composite loose_pair
      take pair without "pt"
    """
    event = make_event(Electron=[{"pt": 15.0}, {"pt": 9.0}], Muon=muons(60.0, 10.0, 16.0))
    assert value("sum(leptons.pt) / 1 GeV", event, text) == 31
    assert value("sum(loose.pt) / 1 GeV", event, text) == 110
    assert value("count(pair)", event, text) == 2
    assert value("count(loose_pair)", event, text) == 6


def test_a_variant_has_other_functions_and_tables() -> None:
    """Also where they are called by another function."""
    text = """
    define hard(x) = x > 2 GeV
    define harder(x) = x > 5 GeV
    define any_hard(limit) = any(hard(l.pt) and l.pt > limit for l in Muon)
    table factor(x) 2 for 0 GeV to 100 GeV
    table varied(x) 3 for 0 GeV to 100 GeV
    region base
      weight w = factor(Muon[0].pt)
      select any_hard(1 GeV)
    region other
      take base with hard = harder, factor = varied
    """
    rows = run(text, make_event(Muon=muons(3.0, 4.0)), make_event(Muon=muons(6.0)))["cutflow"]
    last = {region: (found[-1]["events"], found[-1]["sumw"]) for region, found in rows.items()}
    assert last == {"base": (2, 4.0), "other": (1, 3.0)}


def test_a_variant_has_values_that_the_language_knows() -> None:
    """Names of enumerations and constants, and of the variables of a generator, mean the same anywhere."""
    text = """
    define wanted = electron
    define angle = 1
    define number = 5
    region base
      save n = count(l for l in Muon if l.flavour == wanted), angle, number
      histogram number bins 2 from 0 to 2
      bins angle edges [0, 1.5, 2]
    region other
      take base with wanted = muon, angle = pi / 2, number = count(l for l in Muon if l.pt > 2 GeV)
    """
    result = run(text, make_event(Muon=muons(3.0, 1.0)))
    assert result["columns"]["base"] == {"n": [0], "angle": [1], "number": [5]}
    assert result["columns"]["other"] == {"n": [2], "angle": [math.pi / 2], "number": [1]}
    assert result["histograms"]["base/number"]["values"] == [0, 0, 0, 1]
    assert result["histograms"]["other/number"]["values"] == [0, 0, 1, 0]
    assert [row["events"] for row in result["bins"]["base"]] == [1, 0]
    assert [row["events"] for row in result["bins"]["other"]] == [0, 1]


def test_zero_events() -> None:
    result = run("object l take Muon region r select count(l) > 0 histogram h = l.pt bins 2 from 0 GeV to 1 GeV")
    assert result["events"] == 0
    assert [row["events"] for row in result["cutflow"]["r"]] == [0, 0]
    assert result["histograms"]["r/h"]["values"] == [0.0] * 4


# ------------------------------------------------------------------ columns to read


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("count(Muon)", {"Muon.pt"}),
        ("sum(Muon.hits)", {"Muon.hits"}),
        ("dphi(Muon[0], MET)", {"Muon.phi", "MET.phi"}),
        ("mt(Muon[0], MET)", {"Muon.pt", "Muon.phi", "MET.pt", "MET.phi"}),
        (
            "mt2(Muon[0], Electron[0], MET)",
            {"Muon.pt", "Muon.phi", "Electron.pt", "Electron.phi", "Electron.mass", "MET.pt", "MET.phi"},
        ),
        (
            "mt2(Muon[0], Muon[1], MET, 0 GeV, Jet[0].energy)",
            {"Muon.pt", "Muon.phi", "MET.pt", "MET.phi", "Jet.energy"},
        ),
        ("Jet[0].mass", {"Jet.pt", "Jet.eta", "Jet.phi", "Jet.energy"}),
        ("Jet[0].energy", {"Jet.energy"}),
        ("(Jet[0] + Jet[1]).pt", {"Jet.pt", "Jet.eta", "Jet.phi", "Jet.energy"}),
        ("(2 * Muon[0]).pt", {"Muon.pt", "Muon.eta", "Muon.phi", "Muon.charge"}),
        ("sum(Muon).pt", {"Muon.pt", "Muon.eta", "Muon.phi", "Muon.charge"}),
        ("Electron[0].d0", {"Electron.track.index", "Electron.track.key", "Track.d0"}),
        ("exists(Electron[0].track)", {"Electron.track.index", "Electron.track.key", "Track.d0"}),
        ("count(CentralJet)", {"Jet.eta"}),
        ("CentralJet[0].pt_squared", {"Jet.eta", "Jet.pt"}),
        ("sum(CentralJet).mass", {"Jet.pt", "Jet.eta", "Jet.phi", "Jet.energy"}),
        ("Muon[0].p4.eta", {"Muon.eta"}),
        ("dphi(Muon[0] + Muon[1], MET)", {"Muon.pt", "Muon.eta", "Muon.phi", "Muon.charge", "MET.phi"}),
        ("trigger.mu26", {"trigger.mu26"}),
    ],
)
def test_required_columns(expression: str, expected: set[str]) -> None:
    columns = required_columns(program(f"region r save x = {expression}"))
    names = {name for column in columns for name in column.names}
    assert names == expected | {"event.run", "event.number"}


def test_required_columns_of_every_statement() -> None:
    text = """
    define first_electron = Electron[0].pt
    object nearest
      take Muon
      sort by eta ascending
      keep lowest phi
    composite pairs
      take Electron e, nearest l
      select sum(count(t for t in p.tracks) for p in parts) > 0
    region r
      weight w = event.weight
      bin "met" MET.pt > 1 GeV
      bins b = MET.phi edges [0, 1]
      histogram h = Jet[0].energy bins 2 from 0 GeV to 1 GeV
    """
    columns = required_columns(program(text))
    assert {name for column in columns for name in column.names} == {
        *("event.run", "event.number", "event.weight", "Electron.pt", "Muon.eta", "Muon.phi"),
        *("Electron.tracks.index", "Electron.tracks.key", "Track.d0"),
        *("MET.pt", "MET.phi", "Jet.energy"),
    }


def test_required_columns_of_blocks() -> None:
    text = """
    object leptons
      take Electron, Muon
      select pt > 1 GeV
      let p4 = this + MET
    composite pairs
      take leptons a, leptons b
      keep first 1
    region r
      select pairs[0].mass > 1 GeV
    """
    columns = required_columns(program(text))
    names = {name for column in columns for name in column.names}
    kinematics = {"pt", "eta", "phi", "charge"}
    assert names == (
        {f"{c}.{a}" for c in ("Electron", "Muon") for a in kinematics}
        | {"Electron.mass", "MET.pt", "MET.phi", "event.run", "event.number"}
    )
    event = make_event(Muon=[_A, _B], Electron=[{"pt": 4.0}])
    needed = {name: column for name, column in event.items() if name in names}
    assert run(text, needed) == run(text, event)


def test_the_number_of_an_event_may_be_missing() -> None:
    """Where it is stored as a real, or not at all: an event is selected without one, too."""
    events = [make_event(event={"run": run_number, "number": 3}) for run_number in (math.nan, None, 2.0)]
    selected = run("region r select count(Jet) == 0", *events)["selected"]["r"]
    assert repr((selected["run"], selected["event"])) == "([None, None, 2], [3, 3, 3])"
