"""The columnar plan: what programs are lowered to."""

from __future__ import annotations

import math
import re
from pathlib import Path

import awkward as ak
import pytest
from plan_case import assert_sound, left, passing, program, results
from results import plain

from hepsel.backends.awkward import generate, load
from hepsel.check import load_program
from hepsel.formats.loader import read_format
from hepsel.interpreter import interpret
from hepsel.plan import PASSES, Plan, format_plan, lower, optimise
from hepsel.plan.columns import count_columns
from hepsel.plan.nodes import Ref, Where, refs

EXAMPLES = (
    ("h4l/h4l.hepsel", "physlite"),
    ("atlas_open_data_4l/selection.hepsel", "atlas_open_data"),
    *((f"adl_benchmark/query{k}.hepsel", "cms_open_data_2012") for k in range(1, 9)),
)


@pytest.mark.parametrize(("path", "data_format"), EXAMPLES)
def test_plans_are_sound_after_every_pass(examples: Path, path: str, data_format: str) -> None:
    plan = lower(load_program(examples / path, data_format))
    assert_sound(plan)
    for _, function in PASSES:
        plan = function(plan)
        assert_sound(plan)


def test_a_plan_is_printed() -> None:
    plan = optimise(lower(program("object hard take Jet select pt > 25 GeV region r select count(hard) >= 2")))
    assert format_plan(plan) == (
        "plan 'test' for toy\n"
        "\n"
        "reads Jet.pt, event.number\n"
        "\n"
        "# events\n"
        "events: axis = all events\n"
        "\n"
        "# hard\n"
        "Jet: axis of events = stored Jet.pt\n"
        "Jet_pt: real on Jet = read Jet.pt\n"
        "# hard.1: pt > 25 GeV\n"
        "hard_1: bool on Jet = Jet_pt > 25000.0\n"
        "hard: axis of events = Jet where hard_1\n"
        "\n"
        "# event\n"
        "event_number: int on events = read event.number as it is\n"
        "\n"
        "# r\n"
        "n_hard: int on events = count hard\n"
        "r_1: bool on events = n_hard >= 2\n"
        "\n"
        "items hard\n"
        "  hard.0 = count Jet  # taken\n"
        "  hard.1 = count Jet where hard_1  # pt > 25 GeV\n"
        "\n"
        "region r\n"
        "  select r.1 = r_1  # count(hard) >= 2\n"
    )


def filters(plan: Plan) -> int:
    """Count how often rows are really dropped."""
    return sum(isinstance(definition.op, Where) for definition in plan.definitions)


def test_cheap_criteria_are_masked_together() -> None:
    plan = lower(program("object j take Jet select pt > 25 GeV select |eta| < 2 select mass < 5 GeV"))
    assert filters(plan) == 1


def test_rows_are_dropped_before_an_expensive_criterion() -> None:
    text = "object j take Jet select pt > 25 GeV select all(dr(this, k) > 0.4 for k in Muon) select |eta| < 2"
    plan = lower(program(text))
    assert filters(plan) == 2


@pytest.mark.parametrize(
    ("statements", "items"),
    [
        # Jets: 50 40 30 20 | | NaN 45 10 | 35 | 60 60
        ("select pt < 47 GeV keep first 1", [10, 6, 3]),
        ("keep first 1 select pt < 47 GeV", [10, 4, 1]),
        ("sort by pt ascending keep first 1 select pt < 15 GeV", [10, 4, 1]),
        ("sort by |eta| descending, pt ascending keep first 1 select pt < 15 GeV", [10, 4, 1]),
        ("keep lowest pt", [10, 4]),
        ("reject pt > 25 GeV", [10, 3]),
        ('external "x" select pt > 55 GeV', [10, 10, 2]),
    ],
)
def test_statements_take_effect_in_order(statements: str, items: list[int]) -> None:
    assert left(results(lower(program(f"object j take Jet {statements}"))), "j") == items


def test_this_sees_survivors_and_a_generator_all() -> None:
    text = """
        object j take Jet
          select pt > 35 GeV
          select count(k for k in Jet if k.pt > this.pt) == 0
        region r
    """
    # Behind the first: 50 40 | | 45 | | 60 60; each is compared with all jets of its event.
    assert left(results(lower(program(text))), "j") == [10, 5, 4]


def test_p4_holds_from_its_place_on() -> None:
    text = """
        object j take Jet
          select pt > 45 GeV
          let p4 = this + this
          select pt > 110 GeV
        region r
          let total = sum(j).pt
          save total, first = j[0].mass
    """
    result = results(lower(program(text)))
    assert left(result, "j") == [10, 3, 2]  # 50 | 60 60, then 120 120
    # The two at phi = 0 and 0.5, each 120 GeV.
    assert result["columns"]["r"]["total"][4] == pytest.approx(240e3 * 0.9689124217106447, rel=1e-12)
    assert result["columns"]["r"]["total"][0] == 0.0


def test_the_item_itself_under_another_name_stays_the_item() -> None:
    text = """
        object j take Jet
          let a = this
          select pt > 15 GeV
          sort by pt ascending
          let b = default(a, this)
          let twice = 2 * pt
          keep highest pt
          let c = if b.pt > 35 GeV then a else this
        object linked take Muon
          let link = j[0].a
        object both take linked, linked
        region r
          save a = j.a.twice, b = j.b.pt, c = j.c.pt, same = all(x.a == x and x.c == x for x in j)
          save first = default(j[0].a, j[1]).c.pt, links = both.link.pt
    """
    # Jets: 50 40 30 20 | | NaN 45 10 | 35 | 60 60
    columns = results(optimise(lower(program(text))))["columns"]["r"]
    assert columns["a"] == [[100e3], [], [90e3], [70e3], [120e3]]
    assert columns["b"] == columns["c"] == [[50e3], [], [45e3], [35e3], [60e3]]
    assert columns["same"] == [True] * 5
    assert columns["first"] == [50e3, None, 45e3, 35e3, 60e3]
    assert columns["links"] == [[50e3] * 2, [], [45e3] * 2, [35e3], [60e3] * 2]


def test_squares_are_exact_where_half_powers_are_not() -> None:
    text = """
        region halves
          select MET.pt / sqrt(sum(Jet.pt)) >= 4 GeV^(1/2)
          save root = event.number
        region squares
          select MET.pt^2 >= 16 GeV * sum(Jet.pt)
          save root = event.number
    """
    roots = range(1, 60)
    listed = [{"MET.pt": 4e3 * k, "Jet.pt": [1e3 * k**2], "event.number": k} for k in roots]
    arrays = {name: ak.Array([event[name] for event in listed]) for name in listed[0]}
    halves = [k for k in roots if 4e3 * k / math.sqrt(1e3 * k**2) >= 4 * math.sqrt(1e3)]
    assert 0 < len(halves) < len(roots)
    module = load(generate(optimise(lower(program(text)))))
    found = module.process({name: arrays[name] for name in module.COLUMNS}, events=len(roots))
    for result in (found, interpret(program(text), listed)):
        columns = plain(result)["columns"]
        assert (columns["halves"]["root"], columns["squares"]["root"]) == (halves, list(roots))


def test_missing_values_in_criteria() -> None:
    text = """
        region r
          select MET.pt != 10 GeV
          select not (MET.pt < 150 GeV)
          select exists(Jet[0].pt) or count(Jet) == 0
    """
    # MET: 10 200 150 NaN 120. A missing value is different from nothing, and not less than anything.
    assert passing(results(lower(program(text))), "r") == [5, 3, 2, 1]


def test_without_item_cutflow_nothing_counts_items() -> None:
    checked = program("object j take Jet select pt > 25 GeV region r select count(j) > 0")
    assert lower(checked).blocks
    assert not lower(checked, item_cutflow=False).blocks


def test_names_of_variants_and_long_names_are_identifiers() -> None:
    name = "a" * 200
    plan = lower(program(f"object {name} take Jet select pt > 5 GeV object b take {name} region r select count(b) > 0"))
    assert_sound(plan)
    assert passing(results(plan), "r") == [5, 4]


@pytest.mark.parametrize("constant", ["1.5", "1 + 0.5"])
def test_a_table_of_what_is_the_same_for_all_items(constant: str) -> None:
    """Such an attribute is a column without an axis; its table has a value for each item all the same."""
    text = f"""
        table t(x) 2 for 0 to 1, 3 for 1 to 2
        object j take Jet
          let a = {constant}
          let scaled = t(a) * pt
          select t(a) * 10 GeV < pt as "hard"
          sort by t(a) ascending
        object best take j keep highest t(a) as "best"
        composite pairs take j x, j y select x.pt > t(y.a) * 10 GeV as "pair"
        region r
          save scaled = j.scaled, total = sum(t(k.a) * k.pt for k in j), all = max(t(k.a) for k in j)
          save n = count(k for k in j for l in Muon if t(k.a) * 10 GeV < l.pt), leads = argmin(t(k.a) for k in j).pt
          histogram h = t(j[0].a) * j.pt bins 4 from 0 GeV to 200 GeV
    """
    plan = lower(program(text))
    assert_sound(plan)
    expected = results(lower(program(re.sub(r"t\(\w?\.?a\)", "(1 + 2)", text))))
    assert left(expected, "j") == [10, 6]  # Jets: 50 40 30 20 | | NaN 45 10 | 35 | 60 60
    assert results(plan) == results(optimise(plan)) == expected


def test_weights_that_are_missing_count_as_zero_and_are_reported() -> None:
    text = """
        region r
          weight w = MET.pt / (10 GeV)
          select count(Jet) > 0
          histogram n = count(Jet) edges [0, 2, 5]
          select count(Jet) > 1
    """
    result = results(lower(program(text)))
    assert [row["sumw"] for row in result["cutflow"]["r"]] == [48.0, 28.0, 28.0]
    assert [row["sumw2"] for row in result["cutflow"]["r"]] == [770.0, 370.0, 370.0]
    assert result["missing_weights"] == {"r.w": 1}
    assert result["missing_in_selected"] == {"r.w": 0}
    assert result["histograms"]["r/n"]["values"] == [0.0, 0.0, 28.0, 0.0]


def test_entries_of_histograms_have_weights_of_their_own() -> None:
    text = """
        object central take Jet select eta < 3 let scale = if pt > 30 GeV then 2 else sqrt(pt / 10 GeV - 2)
        region r
          weight w = count(Jet)
          histogram plain = central.pt edges [0 GeV, 42 GeV, 55 GeV] with weight central.scale
          histogram once = count(central) edges [0, 2, 4] with weight MET.pt / 10 GeV
          histogram plane = central.eta edges [0, 1, 3] vs 1 edges [0, 2] with weight central.scale
          select count(Jet) > 3
          histogram late = central.pt edges [0 GeV, 42 GeV, 55 GeV] with weight central.scale
    """
    result = results(lower(program(text)))  # Jets: 50 40 30 20 | | NaN 45 10 | 35 | 60 60; MET: 10 200 150 NaN 120
    assert result == results(optimise(lower(program(text))))
    histograms = result["histograms"]
    assert histograms["r/plain"]["values"] == pytest.approx([0, 4 * (2 + 1) + 1 * 2, 4 * 2 + 3 * 2, 2 * 2 + 2 * 2])
    assert histograms["r/plain"]["variances"] == pytest.approx([0, 64 + 16 + 4, 64 + 36, 2 * 16])
    assert histograms["r/once"]["values"] == pytest.approx([0, 0, 4 * 1 + 3 * 15 + 2 * 12, 0])
    assert [row[1] for row in histograms["r/plane"]["values"]] == pytest.approx([0, 4 * 2 + 2 + 4, 8 + 4 + 6 + 4, 0])
    assert histograms["r/late"]["values"] == pytest.approx([0, 4 * (2 + 1), 4 * 2, 0])
    assert result["missing_weights"] == {"r.w": 0, "r/plain": 1, "r/once": 1, "r/plane": 1, "r/late": 0}
    assert set(result["missing_in_selected"].values()) == {0}


def test_products_are_missing_where_a_value_is() -> None:
    text = """
    table t(pt) 0.9 for 0 GeV to 40 GeV, 0.7 for 40 GeV to 60 GeV
    region r save real = product(t(Jet.pt)), whole = product(if |j.eta| < 3 then 2 else 1 for j in Jet)
    """
    (found,) = results(lower(program(text)))["columns"].values()  # Jets: 50 40 30 20 | | NaN 45 10 | 35 | 60 60
    assert found == {"real": [0.7 * 0.7 * 0.9 * 0.9, 1.0, None, 0.9, None], "whole": [8, 1, 8, 2, 4]}


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_weights_that_are_missing_count_as_zero_beside_infinite_ones(order: str) -> None:
    weights = {"a": "weight a = 1 / count(Jet)", "b": "weight b = Jet[0].pt / (10 GeV)"}
    text = f"region r {weights[order[0]]} {weights[order[1]]} histogram n = count(Jet) edges [0, 2, 5]"
    result = results(lower(program(text)))  # Jets: 50 40 30 20 | | NaN 45 10 | 35 | 60 60
    assert result["histograms"]["r/n"]["values"] == [0.0, 3.5, 5 / 4 + 6 / 2, 0.0]
    assert result["missing_weights"]["r.b"] == 2


def test_refs_are_found_in_outputs() -> None:
    plan = lower(program("region r select MET.pt > 5 GeV"))
    (step,) = plan.regions[0].steps
    assert [Ref(name) for name in refs(step)] == [step.condition]  # type: ignore[union-attr]


def test_a_collection_is_counted_by_a_column_that_all_files_have() -> None:
    """And rather by plain values than by lists."""
    data_format = read_format(
        """
        name = "test"
        description = "Jets whose first attribute some files lack"
        trees = ["Events"]
        [collections.Jet.attributes]
        btag = { branch = "btag", default = 0.5 }
        cells = { branch = "cells", list = true }
        pt = { branch = "pt", unit = "GeV" }
        """,
        "test.toml",
    )
    assert [read.name for read in count_columns(data_format, "Jet")] == ["Jet.pt", "Jet.cells", "Jet.btag"]
