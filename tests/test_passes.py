"""The passes: what they do, and that they change nothing that is observed."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from plan_case import assert_sound, left, passing, program, results

from hepsel.plan import PASSES, Plan, lower, optimise
from hepsel.plan.nodes import Combine, Const, Map, Where
from hepsel.plan.passes import Pass
from hepsel.plan.passes.common_subexpressions import common_subexpressions
from hepsel.plan.passes.constant_folding import constant_folding
from hepsel.plan.passes.dead_columns import dead_columns
from hepsel.plan.passes.early_rejection import early_rejection

SUBSETS = list(chain.from_iterable(combinations(PASSES, k) for k in range(len(PASSES) + 1)))

EVERYTHING = """
define limit = 3 * 10 GeV
table efficiency(x) 0.5 for 0 GeV to 40 GeV, 0.9 for 40 GeV to 100 GeV
object hard take Jet select pt > limit let scaled = 2 * pt
object both take hard, Muon sort by pt descending
composite pairs take hard a, hard b select dr(a, b) < 2 keep lowest |mass - 20 GeV|
composite fours take ordered pairs x, Jet y, Muon z
region start
  select MET.pt > 50 GeV
  select count(pairs) > 0 or true
  weight w = efficiency(Jet[0].pt)
  bin "many" count(both) > 3
  bins grid = count(hard) edges [0, 1, 3] vs MET.pt edges [0 GeV, 130 GeV, 300 GeV]
  select count(fours) >= 0
  histogram heavy = fours.mass bins 4 from 0 GeV to 200 GeV
  save best = pairs[0].mass, all = both.pt, lead = (if exists(hard[0].scaled) then hard[0].scaled else limit)
region second
  take start
  select any(i.pt > j.pt for i, j in Jet)
"""


@pytest.mark.parametrize("function", [function for _, function in PASSES])
def test_every_pass_shows_what_it_does(function: Pass) -> None:
    assert ">>> before_and_after(" in (function.__doc__ or "")


@pytest.mark.parametrize("item_cutflow", [True, False])
def test_any_subset_gives_the_same_results(item_cutflow: bool) -> None:
    plan = lower(program(EVERYTHING), item_cutflow=item_cutflow)
    expected = results(plan)
    assert passing(expected, "second") == [5, 3, 3, 3, 1]
    for passes in (*SUBSETS, PASSES[::-1]):
        assert results(optimise(plan, passes)) == expected, [name for name, _ in passes]


def test_running_twice_changes_nothing_more() -> None:
    plan = optimise(lower(program(EVERYTHING)))
    assert results(optimise(plan)) == results(plan)


# ------------------------------------------------------------------ constants


def test_constants_are_folded() -> None:
    plan = constant_folding(lower(program("define a = 2 * (10 GeV + 5 GeV) region r select MET.pt > a and true")))
    (compare,) = (d.op for d in plan.definitions if isinstance(d.op, Map))
    assert compare.function == ">"
    assert compare.arguments[1] == Const("real", 30000.0)


@pytest.mark.parametrize(
    ("expression", "events"), [("1 / 0 > 5", 5), ("0 / 0 == 0 / 0", 0), ("not (sqrt(-1) < 1)", 5), ("7 / 2 > 3.4", 5)]
)
def test_folding_knows_absent_values_and_infinities(expression: str, events: int) -> None:
    plan = lower(program(f"region r select {expression}"))
    assert passing(results(constant_folding(plan)), "r") == [5, events]
    assert passing(results(plan), "r") == [5, events]


def test_what_folds_to_one_value_is_still_a_column() -> None:
    """Powers are not folded: of constants, they would be single values where a column is observed."""
    text = """
    object jets take Jet select default(10 GeV, pt)^2 > 5 GeV^2
    region r
      select default(2, MET.phi)^2 == 4
      weight w = default(3, MET.phi)^2
      histogram h = default(10 GeV, MET.pt)^2 bins 2 from 0 GeV^2 to 200 GeV^2
      save one = default(10 GeV, MET.pt)^2, each = jets.pt + sqrt(default(10 GeV, MET.pt)^2)
    """
    plan = lower(program(text))
    assert_sound(constant_folding(plan))
    found = results(optimise(plan))
    assert left(found, "jets") == [10, 10]
    assert passing(found, "r") == [5, 5]
    assert found["cutflow"]["r"][-1]["events"] == 5
    assert found["histograms"]["r/h"]["values"] == [0, 0, 45, 0]
    assert found["columns"]["r"]["one"] == [1e8] * 5
    assert found["columns"]["r"]["each"][:2] == [[60e3, 50e3, 40e3, 30e3], []]
    assert found == results(plan)


def test_nothing_is_assumed_about_what_may_be_missing() -> None:
    plan = constant_folding(lower(program("region r select 0 * MET.pt == 0 GeV select MET.pt - MET.pt == 0 GeV")))
    assert passing(results(plan), "r") == [5, 4, 4]  # one has no MET


# ------------------------------------------------------------------ common subexpressions


def test_repeated_expressions_are_computed_once() -> None:
    text = "object j take Jet select sqrt(pt / (1 GeV)) > 5 select sqrt(pt / (1 GeV)) < 7 region r"
    plan = lower(program(text))

    def roots(of: Plan) -> int:
        return sum(isinstance(d.op, Map) and d.op.function == "sqrt" for d in of.definitions)

    assert (roots(plan), roots(common_subexpressions(plan))) == (2, 1)


def test_values_that_python_calls_equal_stay_different() -> None:
    text = (
        "region r save a = 1 / max(Jet.eta * 0), b = 1 / (max(Jet.eta * 0) * (-1)), c = count(Jet) == 1, d = count(Jet)"
    )
    plan = lower(program(text))
    assert results(common_subexpressions(plan)) == results(plan)


# ------------------------------------------------------------------ dead columns


def test_only_needed_columns_are_read() -> None:
    plan = dead_columns(lower(program("object j take Jet select |eta| < 2 region r select count(j) > 0")))
    assert set(plan.reads) == {"event.number", "Jet.eta"}


def test_a_counted_collection_is_read_by_one_column() -> None:
    plan = dead_columns(lower(program("region r select count(Jet) > 0")))
    assert set(plan.reads) == {"event.number", "Jet.pt"}


def test_a_lost_definition_is_not_computed() -> None:
    plan = dead_columns(lower(program("object j take Jet let a = dphi(this, MET) region r"), item_cutflow=False))
    assert [d.name for d in plan.definitions] == ["events", "event_number"]


# ------------------------------------------------------------------ early rejection

REJECTED_EARLY = "composite p take Jet a, Jet b region r {before} select count(p) > 0 {behind}"


def slots(plan: Plan) -> list[str]:
    return [slot.name for d in plan.definitions if isinstance(d.op, Combine) for slot in d.op.slots]


def restricted(text: str, *, item_cutflow: bool = False) -> bool:
    """Whether a pass restricts the combinations of a program, which must not change its results."""
    plan = lower(program(text), item_cutflow=item_cutflow)
    after = early_rejection(plan)
    assert results(after) == results(plan)
    return slots(after) != slots(plan)


def test_combinations_are_formed_where_the_criteria_before_passed() -> None:
    assert restricted(REJECTED_EARLY.format(before="select MET.pt > 50 GeV", behind=""))


def test_a_criterion_behind_does_not_restrict() -> None:
    assert not restricted(REJECTED_EARLY.format(before="", behind="select MET.pt > 50 GeV"))


def test_what_an_item_cutflow_counts_is_not_restricted() -> None:
    assert not restricted(REJECTED_EARLY.format(before="select MET.pt > 50 GeV", behind=""), item_cutflow=True)


def test_a_histogram_before_the_criterion_sees_all_events() -> None:
    before = "histogram n = count(p) edges [0, 1, 10] select MET.pt > 50 GeV"
    assert not restricted(REJECTED_EARLY.format(before=before, behind=""))


def test_another_region_that_looks_at_all_events_prevents_it() -> None:
    text = REJECTED_EARLY.format(before="select MET.pt > 50 GeV", behind="")
    assert not restricted(text + " region s select count(p) > 2")


def test_a_common_criterion_of_two_regions_restricts() -> None:
    text = REJECTED_EARLY.format(before="select MET.pt > 50 GeV", behind="")
    assert restricted(text + " region s take r select count(p) > 2")


def test_a_criterion_that_needs_the_combinations_does_not_restrict_them() -> None:
    assert not restricted(REJECTED_EARLY.format(before="select sum(p.mass) > 1 GeV", behind=""))


def test_an_absent_value_rejects_early_as_it_does_late() -> None:
    # The event without MET is left out; it has one jet and would give no pair, the comparison with NaN is false.
    text = REJECTED_EARLY.format(before="reject MET.pt < 50 GeV", behind="save m = p.mass")
    plan = lower(program(text), item_cutflow=False)
    assert passing(results(early_rejection(plan)), "r") == [5, 4, 2]
    assert restricted(text)


def test_pairs_of_pairs_need_enough_base_items() -> None:
    text = "composite p take Jet a, Jet b composite q take p x, p y region r select count(q) > 0"
    plan = lower(program(text), item_cutflow=False)
    after = early_rejection(plan)
    assert results(after) == results(plan)
    masks = {d.name for d in after.definitions if isinstance(d.op, Where) and d.name.startswith("wanted")}
    assert masks
    assert [d.op for d in after.definitions if d.name.startswith("enough_")] == [
        Map(">=", (d.op.arguments[0], Const("int", 4)))
        for d in after.definitions
        if d.name.startswith("enough_") and isinstance(d.op, Map)
    ]
