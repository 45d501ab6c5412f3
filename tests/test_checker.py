"""The typed program: what the checker makes of types, units, names, functions, variants and tables."""

from __future__ import annotations

import itertools
import math
import re
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hepsel.check import check_text, load_program
from hepsel.formats.loader import builtin_formats, derived_expressions, load_format
from hepsel.semantics import absence
from hepsel.semantics import program as typed
from hepsel.semantics.expressions import ExpressionChecker, arithmetic
from hepsel.semantics.format_types import derived_types
from hepsel.semantics.intervals import interval
from hepsel.semantics.ranges import overlapping
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import (
    BOOL,
    ENERGY,
    INT,
    LENGTH,
    LUMINOSITY,
    PURE,
    REAL,
    VECTOR,
    EnumType,
    ItemType,
    ListType,
    RealType,
)
from hepsel.semantics.units import parse_unit
from hepsel.semantics.walk import walk
from hepsel.syntax import tree
from hepsel.syntax.tree import Span

HEADER = 'hepsel 1\nanalysis "test"\n  source paper "a paper"\n'


def program(body: str, data_format: str = "physlite") -> typed.Program:
    return load_program(HEADER + body, data_format)


def codes(body: str, data_format: str = "physlite") -> list[str]:
    """Return what is told of a program; not which of its objects stand there for other cases of the same test."""
    return [item.code for item in check_text(HEADER + body, data_format).diagnostics if item.code != "H714"]


def value(expression: str, data_format: str = "physlite") -> typed.Expr:
    return program(f"define x = {expression}\n", data_format).values["x"].expr


def the_filter(block: typed.ItemBlock | typed.Region, place: int = 0) -> typed.Filter:
    filters = [statement for statement in block.statements if isinstance(statement, typed.Filter)]
    return filters[place]


# ---------------------------------------------------------------- units


@pytest.mark.parametrize(
    ("text", "expected", "dimension"),
    [
        ("0.1 GeV", 100.0, ENERGY),
        ("0.3 GeV", 300.0, ENERGY),
        ("91.1876 GeV", 91187.6, ENERGY),
        ("13 TeV", 13e6, ENERGY),
        ("511 keV", 0.511, ENERGY),
        ("2.7 eV", 2.7e-6, ENERGY),
        ("1 cm", 10.0, LENGTH),
        ("20 um", 0.02, LENGTH),
        ("2 m", 2000.0, LENGTH),
        ("36.1 fb^-1", 36.1, LUMINOSITY),
        ("1 pb^-1", 1e-3, LUMINOSITY),
        ("3 ub", 3e9, LUMINOSITY**-1),
        ("4 GeV^2", 4e6, ENERGY**2),
        ("0.7 mrad", 0.0007, PURE),
        ("2 rad", 2.0, PURE),
    ],
)
def test_literals_are_exact_in_decimal(text: str, expected: float, dimension: object) -> None:
    constant = value(text)
    assert isinstance(constant, typed.Constant)
    assert constant.value == expected
    assert constant.type == RealType(dimension)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unit", "factor", "divisor"),
    [
        ("eV", 1, 1e6),
        ("MeV", 1, 1),
        ("GeV", 1000, 1),
        ("um", 1, 1000),
        ("mm", 1, 1),
        ("cm", 10, 1),
        ("ns", 1, 1),
        ("mrad", 1, 1000),
        ("cm^2", 100, 1),
        ("GeV^-1", 1, 1000),
        ("pb", 1000, 1),
        ("pb^-1", 1, 1000),
    ],
)
def test_stored_numbers_are_converted_by_one_exact_operation(unit: str, factor: float, divisor: float) -> None:
    known = parse_unit(unit)
    assert known is not None
    assert known.scale() == (factor, divisor)


def test_irrational_units() -> None:
    right_angle, root = value("90 deg"), value("8.5 GeV^(1/2)")
    assert isinstance(right_angle, typed.Constant)
    assert right_angle.value == pytest.approx(math.pi / 2, rel=1e-15)
    assert isinstance(root, typed.Constant)
    assert root.value == pytest.approx(8.5 * math.sqrt(1000), rel=1e-15)
    assert root.type == RealType(ENERGY ** Fraction(1, 2))


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("2", INT),
        ("2.0", REAL),
        ("2 + 3", INT),
        ("2 * 3 - 1", INT),
        ("2 / 3", REAL),
        ("2 ^ 3", REAL),
        ("2 + 3.0", REAL),
        ("|-2|", INT),
        ("-count(Jet)", INT),
        ("sum(Jet.pt)", RealType(ENERGY)),
        ("product(Jet.eta)", REAL),
        ("product(count(e.tracks) for e in Electron)", INT),
        ("mean(Muon.quality)", REAL),
        ("max(Muon.quality)", INT),
        ("min(count(Jet), 2)", INT),
        ("min(count(Jet), 2.5)", REAL),
        ("Jet[0].pt / Jet[1].pt", REAL),
        ("Jet[0].pt ^ 2", RealType(ENERGY**2)),
        ("sqrt(Jet[0].pt ^ 2 + Jet[0].mass ^ 2)", RealType(ENERGY)),
        ("Jet[0].pt / sqrt(sum(Jet.pt))", RealType(ENERGY ** Fraction(1, 2))),
        ("Jet[0].pt ^ 0.5", RealType(ENERGY ** Fraction(1, 2))),
        ("atan2(Jet[0].py, Jet[0].px)", REAL),
        ("floor(2.5)", REAL),
        ("Jet[0]", ItemType("Jet")),
        ("Jet", ListType(ItemType("Jet"))),
        ("Jet[0:2]", ListType(ItemType("Jet"))),
        ("Jet.eta", ListType(REAL)),
        ("Jet.pt * 2 > 30 GeV", ListType(BOOL)),
        ("Jet[0] + Muon[0]", VECTOR),
        ("-Jet[0]", VECTOR),
        ("1.02 * Jet[0]", VECTOR),
        ("Jet[0] / count(Jet)", VECTOR),
        ("(Jet[0] + 0.02 * Jet[0]) * 2", VECTOR),
        ("four_vector(Jet[0].pt, 0, 1.5, 0 GeV)", VECTOR),
        ("four_vector(Jet[0].px, Jet[0].py, 0 GeV, Jet[0].pt)", VECTOR),
        ("sum(Jet)", VECTOR),
        ("(Jet[0] + Jet[1]).charge", REAL),
        ("(Electron[0] - Muon[0]).charge", REAL),
        ("mt(Jet[0], Muon[0])", RealType(ENERGY)),
        ("dr(Jet[0], Muon[0])", REAL),
        ("argmax(j.pt for j in Jet, 2)", ItemType("Jet")),
        ("Muon[0].type", EnumType("muon_type", ("combined", "standalone", "segment_tagged", "calo_tagged", "forward"))),
        ("exists(Jet[3])", BOOL),
        ("default(Jet[0].pt, 0 GeV)", RealType(ENERGY)),
        ("default(Jet[0] + Jet[1], Jet[0])", VECTOR),
        ("default(Jet[0], Jet[0] + Jet[1])", VECTOR),
        ("default(Electron[0], Muon[0])", VECTOR),
        ("default(Jet[0], Jet[1])", ItemType("Jet")),
        ("if count(Jet) > 1 then 1 else 2.5", REAL),
        ("if count(Jet) > 1 then Jet[0] else Jet[1]", ItemType("Jet")),
        ("if count(Jet) > 1 then Jet[0] else Muon[0]", VECTOR),
        ("Jet[0] == Jet[1]", BOOL),
        ("any(j.pt > 30 GeV for j in Jet)", BOOL),
    ],
)
def test_types(expression: str, kind: object) -> None:
    assert value(expression).type == kind


# ---------------------------------------------------------------- names


def test_an_enumeration_value_is_told_by_what_it_is_compared_with() -> None:
    """`combined` may be a value of two enumerations; the other side of the comparison says which."""
    data_format = load_format("physlite")
    both = {**data_format.enumerations, "aaa_other": ("combined", "none")}
    changed = type(data_format)(
        **{
            name: getattr(data_format, name)
            for name in ("name", "description", "trees", "collections", "separators", "style")
        },
        enumerations=both,
    )
    text = HEADER + "object muons_\n  take Muon\n  select type == combined\n  select combined == type\n"
    checked = check_text(text, changed)
    assert checked.program is not None
    for place in (0, 1):
        condition = the_filter(checked.program.collections["muons_"], place).condition
        assert isinstance(condition, typed.Compare)
        assert condition.left.type == condition.right.type


def test_functions_are_hygienic() -> None:
    """Arguments mean what they mean outside; names of the body mean what they mean where it is defined."""
    expr = value("1")  # the simplest program works
    assert isinstance(expr, typed.Constant)
    p = program(
        "define a = 5.0\n"
        "define add(x) = x + a\n"
        "define nested(x) = add(x + 1)\n"
        "object jets\n  take Jet\n  let y = nested(eta)\n"
    )
    let = next(s for s in p.collections["jets"].statements if isinstance(s, typed.LetItem))
    outer = let.value
    assert isinstance(outer, typed.Arithmetic)
    assert isinstance(outer.right, typed.ValueRef)
    assert outer.right.name == "a"
    assert isinstance(outer.left, typed.Arithmetic)
    assert isinstance(outer.left.left, typed.Attribute)
    assert isinstance(outer.left.left.item, typed.This)
    # The body does not see the item of the block that calls it.
    assert codes("define f(x) = x + eta\nobject jets\n  take Jet\n  let y = f(1.0)\n") == ["E200"]


def test_expanded_twice_a_function_has_variables_of_its_own() -> None:
    p = program("define near(a) = any(dr(a, j) < 0.4 for j in Jet)\ndefine x = near(Muon[0]) and near(Electron[0])\n")
    uids = [part.uid for part in walk(p.values["x"].expr) if isinstance(part, typed.Variable)]
    loops = {
        loop.variables[0].uid
        for part in walk(p.values["x"].expr)
        if isinstance(part, typed.Comprehension)
        for loop in part.loops
    }
    assert len(loops) == 2
    assert set(uids) == loops


def test_lists_of_one_collection_go_item_by_item() -> None:
    expr = value("Jet.pt / Jet.mass")
    assert isinstance(expr, typed.Comprehension)
    assert len(expr.loops) == 1
    variable = expr.loops[0].variables[0]
    assert {part.uid for part in walk(expr.body) if isinstance(part, typed.Variable)} == {variable.uid}
    named = program("define pts = Jet.pt\ndefine ms = Jet.mass\ndefine r = pts / ms\n").values["r"].expr
    assert isinstance(named, typed.Comprehension)
    assert codes("define r = Jet[0:2].pt + Jet.pt\n") == ["E308"]


def test_slots_parts_and_attributes() -> None:
    p = program(
        "object leptons\n  take Electron, Muon\n  let twice_charge = 2 * charge\n"
        "composite pairs\n  take leptons a, leptons b\n  let qq = a.twice_charge + b.twice_charge\n"
        "composite quads\n  take ordered pairs p, pairs q\n"
        "object chosen\n  take quads\n"
        "region r\n  let v = chosen[0].p.qq\n  let w = chosen[0].parts.twice_charge\n  select v == 0\n"
    )
    assert p.values["r.v"].expr.type == REAL
    assert p.values["r.w"].expr.type == ListType(REAL)
    assert p.resolve("quads", "p") == typed.SlotItem("p")
    assert p.resolve("chosen", "p") == typed.FromSource(("quads",))
    assert p.resolve("leptons", "type") == typed.FromSource(("Electron", "Muon"))  # electrons: missing
    assert p.resolve("quads", "mass") == typed.VectorComponent("mass")
    assert p.collections["quads"].ordered  # type: ignore[union-attr]


def test_p4_replaces_the_vector_from_there_on() -> None:
    p = program(
        "object dressed\n  take Muon\n  select pt > 5 GeV\n  let p4 = p4 + Photon[0]\n  select pt > 5 GeV\n"
        "object later\n  take dressed\n  select pt > 5 GeV\n"
    )
    assert p.resolve("dressed", "pt") == typed.VectorComponent("pt")
    assert p.resolve("dressed", "pt", own_p4=False) == typed.FromSource(("Muon",))
    assert p.resolve("later", "pt") == typed.FromSource(("dressed",))


def test_region_lets_are_inherited() -> None:
    p = program(
        "region base\n  let lead = Jet[0].pt\n  select lead > 30 GeV\n"
        "region tighter\n  take base\n  select lead > 60 GeV\n"
        "region tightest\n  take tighter\n  select lead > 90 GeV\n"
    )
    condition = the_filter(p.regions["tightest"]).condition
    assert isinstance(condition, typed.Compare)
    assert condition.left == typed.ValueRef("base.lead", type=RealType(ENERGY))
    assert p.regions["tightest"].base == "tighter"
    assert codes("region a\n  let x = 1\nregion b\n  take a\n  let x = 2\n") == ["E201"]


def test_identity_and_membership() -> None:
    identity = value("Jet[0] != Jet[1]")
    assert isinstance(identity, typed.Identity)
    assert identity.negated
    inside = value("Jet[0] not in Jet[0:2]")
    assert isinstance(inside, typed.Membership)
    assert inside.negated


def test_chained_comparisons_are_split() -> None:
    expr = value("1 < count(Jet) <= 4")
    assert isinstance(expr, typed.Logical)
    assert [part.operator for part in expr.operands if isinstance(part, typed.Compare)] == ["<", "<="]


# ---------------------------------------------------------------- criteria


def test_criteria_have_ids_labels_and_citations() -> None:
    p = program(
        "object e\n  take Electron\n  select pt > 7 GeV  # a remark\n  let x = eta\n"
        '  reject |x| > 2 cite paper page 3 "eta" assume "why"\n  external "fit"\n  keep first 2 as "two"\n'
    )
    criteria = [s.criterion for s in p.collections["e"].statements if hasattr(s, "criterion")]
    assert [(c.id, c.label) for c in criteria] == [
        ("e.1", "pt > 7 GeV"),
        ("e.2", "reject |x| > 2"),
        ("e.3", "fit"),
        ("e.4", "two"),
    ]
    assert [type(note) for note in criteria[1].annotations] == [tree.Cite, tree.Assume]


# ---------------------------------------------------------------- variants

VARIANTS = """
define m_Z = 91.1876 GeV
object leptons
  take Electron
  select pt > 7 GeV      as "pt"    cite paper page 2
  select is_loose        as "id"
composite pairs
  take leptons a, leptons b
  select |mass - m_Z| < 10 GeV      as "mass"
region signal
  select count(pairs) > 0           as "pair"   cite paper page 4
  select |pairs[0].mass - m_Z| < 5 GeV
  histogram n = count(pairs) bins 3 from 0 to 3
"""


def test_without_leaves_a_criterion_out() -> None:
    p = program(
        VARIANTS + 'object loose\n  take leptons without "id"\nobject all_\n  take leptons without "id", "pt"\n'
    )
    loose = p.collections["loose"]
    assert isinstance(loose, typed.ObjectBlock)
    assert loose.sources == ("Electron",)
    assert [s.criterion.id for s in loose.statements if isinstance(s, typed.Filter)] == ["loose.1"]
    assert the_filter(loose).criterion.annotations == (tree.Cite("paper", 2, None),)
    assert p.collections["all_"].statements == ()


def test_without_reaches_into_what_is_taken() -> None:
    p = program(VARIANTS + 'object best\n  take leptons\n  keep first 1\nobject other\n  take best without "id"\n')
    other = p.collections["other"]
    assert isinstance(other, typed.ObjectBlock)
    assert other.sources == ("leptons[other]",)
    assert len([s for s in p.collections["leptons[other]"].statements if isinstance(s, typed.Filter)]) == 1


def test_n_minus_one_region_keeps_histograms_and_citations() -> None:
    p = program(VARIANTS + 'region n_minus_1\n  take signal without "pair"\n')
    region = p.regions["n_minus_1"]
    assert region.base is None
    assert [type(s) for s in region.statements] == [typed.Filter, typed.HistogramFill]
    whole = program(VARIANTS + "region same\n  take signal with m_Z = 90 GeV\n").regions["same"]
    assert the_filter(whole).criterion.annotations == (tree.Cite("paper", 4, None),)


def test_with_replaces_what_the_block_itself_defines() -> None:
    text = "region high let ht = sum(j.pt for j in Jet) select ht > 200 GeV region other take high with ht = MET.pt"
    assert codes(text.replace("region", "\nregion"), "nanoaod") == []


def test_with_replaces_through_everything_that_depends_on_it() -> None:
    p = program(VARIANTS + "region mirrored\n  take signal with m_Z = 125 GeV\n")
    assert set(p.collections) == {"leptons", "pairs", "pairs[mirrored]"}

    def constants(expr: typed.Expr) -> list[object]:
        return [part.value for part in walk(expr) if isinstance(part, typed.Constant)]

    region = p.regions["mirrored"]
    assert 125e3 in constants(the_filter(region, 1).condition)
    assert 125e3 in constants(the_filter(p.collections["pairs[mirrored]"]).condition)
    used = {
        part.name
        for statement in region.statements
        if isinstance(statement, typed.Filter)
        for part in walk(statement.condition)
        if isinstance(part, typed.CollectionRef)
    }
    assert used == {"pairs[mirrored]"}
    # The original is as it was.
    assert 125e3 not in constants(the_filter(p.collections["pairs"]).condition)


def test_published_counts_stand_behind_the_last_criterion_and_are_not_repeated() -> None:
    p = program(
        'region base select count(Jet) > 1 as "jets" bin "b" count(Jet) > 4 expect 5 select count(Muon) > 0 expect 7 '
        "bins g = count(Muon) edges [1, 4]\n"
        "region narrow take base expect 4 select count(Jet) > 2 expect 3\n"
        'region loose take base without "jets" expect 9\n'
    )
    expected = {
        name: [(s.after, s.value) for s in region.statements if isinstance(s, typed.PublishedCount)]
        for name, region in p.regions.items()
    }
    assert expected == {
        "base": [("base.2", 5), ("base.3", 7)],
        "narrow": [("base.3", 4), ("narrow.1", 3)],
        "loose": [("loose.3", 9)],  # behind the grid, the last statement of what is repeated
    }


@pytest.mark.parametrize("new", ["pt", "q.pt / 2", "k", "min(q.pt for q in Muon if q.pt > corr)"])
def test_what_replaces_a_definition_means_the_same_everywhere(new: str) -> None:
    """It is put into objects, regions and generators, which have names of their own."""
    text = (
        "define cut = 15 GeV\nobject mus take Muon let corr = 2 * pt select pt > cut\n"
        "region s let k = 10 GeV save n = count(q for q in mus if q.pt > cut)\n"
        f"region v take s with cut = {new}"
    )
    assert codes(text) == ["E507"]
    assert codes(text.replace(f"cut = {new}", "cut = max(x.pt for x in Muon) / 2 + cut")) == []


def test_what_replaces_a_let_does_without_its_old_value() -> None:
    text = "region r let y = count(Jet) select y > 2\nregion s take r with y = {} * count(Muon)"
    assert codes(text.format("2")) == []
    assert codes(text.format("y")) == ["E507"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("region s take r with muons = tight select count(muons) == 1", ["muons"]),
        ("region s take r with muons = tight select count(muons) == 1 save n = count(muons)", ["muons"]),
        ("region s take r with muons = tight select count(tight) == 1 select lead.pt > 50 GeV", []),
        ("region s take r with muons = tight region t take s select count(muons) == 1", ["muons"]),
        (
            "region s take r with cut = 40 GeV select count(muons) == 1 histogram HT bins 2 from 0 GeV to 9 GeV",
            ["muons", "HT"],
        ),
        ("region s take r with cut = 40 GeV region t take s with lead = muons[1]", ["muons"]),
        ("region q select count(muons) > 1 region s take r with muons = tight reject q", ["q"]),
        ("region s take r with muons = tight reject r", []),
        ("region s take r with muons = tight region t take s select r", []),
        ("region s take r with muons = tight, cut = 40 GeV", ["tight"]),
        ("region s take r with muons = tight, lead = muons[1]", ["muons"]),
        ("region s take r with muons = tight, tight = muons", []),
        ("region s take r with lead = muons[1] select lead.pt > 50 GeV", []),
        ('region s take r without "one" select count(muons) == 2', []),
        ("object loose take tight with cut = 5 GeV select any(m_.pt > cut for m_ in muons)", ["muons", "cut"]),
        ("object loose take tight with cut = 5 GeV region s select count(loose) > 1 and count(muons) < 2", []),
    ],
)
def test_names_that_a_variant_replaced_are_told_behind_it(text: str, told: list[str]) -> None:
    before = (
        "define cut = 20 GeV object muons take Muon select pt > cut object tight take muons select is_tight "
        'define HT = sum(muons.pt) region r select count(muons) + count(tight) >= 1 as "one" let lead = muons[0] '
    )
    found = check_text(HEADER + before + text, "nanoaod").diagnostics
    hints = [item.message for item in found if item.code == "H704"]
    assert not [item for item in found if item.severity == "error"]
    assert sorted(message.split("`")[1] for message in hints) == sorted(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select count(muons) == 1 histogram h = muons[0].pt bins 2 from 0 GeV to 9 GeV", []),
        ("select count(pairs) == 1 and pairs[0].mass > 3 GeV and any(j.near == j.near for j in best)", []),
        ("select muons[0].w > 1", ["muons"]),
        ("select muons[0].half > 1", ["muons"]),
        ("select pairs[0].a.w > 1", ["pairs"]),
        ("select any(i.w > 1 for i in best)", ["best"]),
        ("select count(tight) == 1", ["tight"]),
        ("select total > 1", ["total"]),
        ("save t = count(muons), total", ["total"]),
        ("select sf(muons[0].pt) > 1", ["sf"]),
        ("select sf_up(muons[0].pt) > 1", []),
    ],
)
def test_a_replaced_scale_factor_is_told_only_where_the_old_one_is_read(text: str, told: list[str]) -> None:
    before = (
        "table sf(x) 0.9 for 0 GeV to 100 GeV otherwise 1 table sf_up(x) 0.95 for 0 GeV to 100 GeV otherwise 1 "
        "object muons take Muon let w = sf(pt) let half = w / 2 let near = pt select near > 20 GeV "
        "object tight take muons select half > 0.45 "
        "composite pairs take muons a, muons b keep highest a.pt object best take muons keep highest near "
        "define total = product(muons.w) region r select count(muons) >= 1 weight lepton = total "
    )
    found = check_text(f"{HEADER}{before}region up take r with sf = sf_up {text}", "nanoaod").diagnostics
    assert not [item for item in found if item.severity == "error"]
    assert [item.message.split("`")[1] for item in found if item.code == "H704"] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("region r select Muon[0].matched_jet.pt > 30 GeV and count(Jet) > 2", ["matched_jet"]),
        ("region r let near = Muon[0].matched_jet select near.pt > 30 GeV and count(Jet) > 2", ["matched_jet"]),
        ("region r select any(dr(j, i.matched_jet) < 1 for j in Jet for i in Muon)", ["matched_jet"]),
        (
            "object isolated take Muon select pt / matched_jet.pt > 0.5 region r select count(isolated) == count(Jet)",
            ["matched_jet"],
        ),
        ("region r select any(j == Muon[0].matched_jet for j in Jet)", []),
        ("region r select Muon[0].matched_jet in Jet and exists(Muon[0].matched_jet)", []),
        ("region r select argmax(j.pt for j in Jet if j == Muon[0].matched_jet).pt > 30 GeV", []),
        ("region r select Muon[0].gen_particle.pt > 30 GeV and count(Jet) > 2", []),
        ("region q select Muon[0].matched_jet.pt > 30 GeV region r select count(Jet) > 2", []),
    ],
)
def test_a_link_into_what_a_variant_replaces_is_told(text: str, told: list[str]) -> None:
    """It leads to the stored item there too, so that half of the selection would be of other jets than the rest."""
    scaled = "object scaled take Jet let p4 = 1.5 * this "
    found = check_text(f"{HEADER}{scaled}{text} region up take r with Jet = scaled", "nanoaod").diagnostics
    assert not [item for item in found if item.severity == "error"]
    assert [item.message.split("`")[1] for item in found if item.code == "H705"] == told


def test_a_variant_that_is_an_error_has_no_hints() -> None:
    text = "object muons take Muon object tight take muons region r select count(muons) > 0 region s take r {} "
    for wrong in ("with muons = tight, nothing = tight", 'without "nothing" with muons = tight', "with muons = pt"):
        for behind in ("select count(muons) == 1", "region t take s select count(muons) == 1"):
            found = check_text(HEADER + text.format(wrong) + behind, "nanoaod").diagnostics
            assert {item.code for item in found} <= {"E507", "E210"}


def test_with_replaces_a_collection_and_variants_nest() -> None:
    p = program(
        VARIANTS
        + 'object loose\n  take leptons without "id"\n'
        + "composite loose_pairs\n  take pairs with leptons = loose\n"
        + 'region control\n  take signal without "pair" with leptons = loose\n'
        + "region control_h\n  take control with m_Z = 125 GeV\n"
    )
    pairs = p.collections["loose_pairs"]
    assert isinstance(pairs, typed.CompositeBlock)
    assert [slot.collection for slot in pairs.slots] == ["loose", "loose"]
    control = p.collections["pairs[control]"]
    assert isinstance(control, typed.CompositeBlock)
    assert [slot.collection for slot in control.slots] == ["loose", "loose"]
    assert len([s for s in p.regions["control_h"].statements if isinstance(s, typed.Filter)]) == 1


# ---------------------------------------------------------------- tables


ENDS = st.sampled_from((-math.inf, -1.0, 0.0, 1.0, 2.0, 3.0, math.inf))


@given(
    st.integers(1, 3).flatmap(
        lambda axes: st.lists(st.lists(st.tuples(ENDS, ENDS), min_size=axes, max_size=axes).map(tuple), max_size=8)
    )
)
def test_rows_overlap_with_those_before(rows: list[tuple[tuple[float, float], ...]]) -> None:
    assert overlapping(rows) == [
        number
        for number, new in enumerate(rows)
        if any(all(a[0] < b[1] and b[0] < a[1] for a, b in zip(old, new, strict=True)) for old in rows[:number])
    ]


@pytest.mark.parametrize("shape", [(5000, 1), (1, 5000), (70, 70)], ids=str)
def test_a_table_may_have_thousands_of_rows(shape: tuple[int, int]) -> None:
    rows = [((x, x + 1.0), (y, y + 1.0)) for x, y in itertools.product(*map(range, shape))]
    start = time.process_time()
    assert overlapping(rows) == []
    assert time.process_time() - start < 3  # each row with each other one takes ten seconds


def test_tables_are_in_base_units() -> None:
    p = program(
        "table sf(x, y) 0.9 +- 0.1 for 0 GeV to 10 GeV and -2.5 to 0, 1.1 for 10 GeV to 20 GeV and -2.5 to 2.5"
        " otherwise 1\ndefine w = sf(Jet[0].pt, Jet[0].eta)\n"
    )
    table = p.tables["sf"]
    assert table.rows == (
        typed.TableRow(0.9, ((0.1, 0.1, None),), ((0.0, 10e3), (-2.5, 0.0))),
        typed.TableRow(1.1, (), ((10e3, 20e3), (-2.5, 2.5))),
    )
    assert table.otherwise == 1.0
    assert isinstance(p.values["w"].expr, typed.TableLookup)


# ---------------------------------------------------------------- axes


def test_axes() -> None:
    p = program("region r\n  histogram h = Jet.pt bins 3 from 0 GeV to 1 GeV\n  bins b = count(Jet) edges [0, 2, 5]\n")
    fill, grid = p.regions["r"].statements
    assert isinstance(fill, typed.HistogramFill)
    assert fill.axes[0].edges == (0.0, 1000 / 3, 2000 / 3, 1000.0)
    assert (fill.axes[0].uniform, fill.axes[0].unit) == ((3, 0.0, 1000.0), "GeV")
    assert isinstance(grid, typed.GridBins)
    assert (grid.axes[0].edges, grid.axes[0].uniform) == ((0.0, 2.0, 5.0), None)


@pytest.mark.parametrize(
    ("axis", "edges"),
    [
        ("Jet[0].eta bins 100 from -5 to 5", [f"{k // 10}.{k % 10}" for k in range(50)]),
        ("Jet[0].pt bins 10 from 0 GeV to 0.0001 GeV", [f"0.0{k}" for k in range(10)]),
        ("Jet[0].phi bins 20 from -1 mrad to 1 mrad", [f"0.000{k}" for k in range(10)]),
        ("Jet[0].phi bins 30 from -3 to 3", [f"{k // 5}.{2 * (k % 5)}" for k in range(15)]),
    ],
)
def test_edges_of_uniform_axes_are_decimal_numbers(axis: str, edges: list[str]) -> None:
    (grid,) = program(f"region r bins b = {axis}").regions["r"].statements
    assert isinstance(grid, typed.GridBins)
    assert set(grid.axes[0].edges) >= set(map(float, edges))


# ---------------------------------------------------------------- cuts that say nothing


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [
        ("select x > 3\n  select x > 2", ["W601"]),
        ("select x > 2\n  select x > 3", []),
        ("select x > 3\n  select x >= 3", ["W601"]),
        ("select x >= 3\n  select x > 3", []),
        ("select x > 3\n  select x <= 3", ["W602"]),
        ("select x >= 3\n  select x <= 3", []),
        ("select 3 < x\n  reject x <= 3", ["W601"]),
        ("reject x <= 3\n  select x > 3", []),  # drops the events without x
        ("reject x <= 3\n  select x <= 3", ["W602"]),
        ("reject x > 3\n  reject x <= 3", []),  # keeps the events without x
        ("select x > 3\n  reject x > 2", ["W602"]),
        ("select not x > 3\n  select x > 5", ["W602"]),
        ("select 2 < x < 9\n  select 1 < x < 5", []),
        ("select 2 < x < 5\n  select 1 < x < 9", ["W601"]),
        ("select x > 3 or y > 3\n  select x < 2", []),
        ("reject x > 3 or y > 3\n  select x > 4 and y < 9", ["W602"]),
        ("select x == 3\n  select x > 2", ["W601"]),
        ("select x > 3\n  select x > 2 or y > 3", ["W601"]),
        ("select x > 3\n  select y > 3 or x > 2", ["W601"]),
        ("select x > 3\n  select x < 2 or y > 3\n  select y > 2", []),  # it may be `x` that the second cut dropped
        ("select x > 3\n  select x < 2 or x <= 1", ["W602", "W611"]),
        ("select x > 3\n  select x < 4 or y > 3", []),
        ("reject x > 3\n  select x <= 3 or y > 3", []),
        ("select x > 3 and y > 3\n  reject x > 2 and y > 2", ["W602"]),
        ("select x > 3\n  reject x > 2 and y > 2", []),
        ("select x > 3\n  reject x < 2 and y > 2", ["W601"]),
        ("select product(j.pt / 1 GeV for j in Jet) < 0", ["W602"]),
        ("select product(j.eta for j in Jet) < 0", []),
        ("reject x < 2 and x > 3", ["W601"]),
        ("reject 2 > x > 3", ["W601"]),
        ("reject 2 < x < 3", []),
        ("reject x < 2 or x > 3", []),
        ("select x < 3 or x > 2", ["W601"]),
        ("select x < 2 or x > 3", []),
        ("select x < 3 or y > 2", []),
        ("select not (x < 2 and x > 3)", ["W601"]),
        ("select not (x < 3 or x > 2)", ["W602"]),
        ("reject x < 3 or x > 2", ["W602"]),
        ("reject x < 2 and y > 3", []),
        ("select x != 2 or x != 3", ["W601"]),
        ("select x != 2 and x != 3", []),
        ("reject x != 2 or x != 3", ["W602"]),
        ("reject x != 2\n  reject x != 3", []),  # keeps the events without x
        ("select x == 2 or x == 3", []),
    ],
)
def test_intervals(cuts: str, expected: list[str]) -> None:
    """`x` may be missing: what a `select` has let through exists, and what a `reject` has let through may not."""
    assert codes(f"region r\n  let x = Jet[0].btag\n  let y = Jet[1].btag\n  {cuts}\n") == expected


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [
        ("select flavour == electron and flavour == muon", ["W602"]),
        ("select flavour == electron or flavour == muon", ["W614"]),
        ("select flavour != electron or flavour != muon", ["W601"]),
        ("select flavour != electron and flavour != muon", []),
        ("reject flavour == electron and flavour == muon", ["W601"]),
        ("select flavour == electron\n  select flavour == muon", ["W602"]),
        ("select flavour == electron and pt > 10 GeV or flavour == muon", []),
    ],
)
def test_values_of_enumerations_exclude_one_another(cuts: str, expected: list[str]) -> None:
    assert codes(f"object leptons\n  take Electron, Muon\n  {cuts}\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("region r\n  take q\n  select q", ["W601"]),
        ("region r\n  take q\n  reject q", ["W602"]),
        ("region r\n  take q\n  reject not q", ["W601"]),
        ("region r\n  take q\n  select hard", ["W601"]),
        ("region r\n  take q\n  select not hard", ["W602"]),
        ("region r\n  select q\n  select count(Jet) > 1", ["W601"]),
        ("region r\n  reject q\n  select count(Jet) > 1", []),
        ('region r\n  bin "all" hard\n  bin "some" q', ["W603"]),
        (
            "".join(f"define d{n + 1} = {f'd{n}' if n else 'hard'} and {f'd{n}' if n else 'q'}\n" for n in range(40)),
            ["W611"] * 39,
        ),
    ],
)
def test_intervals_of_definitions_and_regions(text: str, expected: list[str]) -> None:
    before = "define hard = Jet[0].pt > 30 GeV\nregion q\n  select hard\n  select count(Jet) > 2\n"
    assert codes(f"{before}{text}\nregion last\n  {'select d40' if 'd40' in text else ''}\n") == expected


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("select q", True),
        ("select count(Jet) > 3 or q", True),
        ("select named", True),
        ("select not q", False),
        ("reject q", False),
        ("select q\n  weight generator = 1", False),
        ("select q\n  weight other = 1", True),
        ("select light", False),
        ("let x = q\n  save x", False),
    ],
)
def test_weights_that_a_condition_does_not_bring(condition: str, told: bool) -> None:
    before = "region light\n  select count(Jet) > 2\nregion w\n  weight generator = event.weight\n"
    before += "region q\n  take w\n  select count(Jet) > 2\ndefine named = light and q\n"
    assert codes(f"{before}region r\n  {condition}\n") == ["H707"] * told
    assert codes(f"{before}region r\n  take w\n  {condition.partition(chr(10))[0]}\n") == []


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [
        ("select n > 1.5\n  select n >= 2", ["W601"]),
        ("select n >= 1.5\n  select n > 1", ["W601"]),
        ("select n < 1.5\n  select n <= 1", ["W601"]),
        ("select n <= 1\n  select n < 2", ["W601"]),
        ("select n < 2\n  select n > 1", ["W602"]),
        ("select 1.5 < n < 2.5\n  select n < 2", ["W602"]),
        ("select 1.5 < n < 2.5\n  select n >= 2", ["W601"]),
        ("select n > -1.5\n  select n >= -1", ["W601"]),
        ("select n < -0.5\n  select n <= -1", ["W601"]),
        ("select n == 1.5", ["W602"]),
        ("select n < 3\n  select n < 2", []),
        ("select n > 1\n  select n > 2", []),
        ("select n <= 2\n  select n >= 2", []),
    ],
)
def test_intervals_of_whole_numbers(cuts: str, expected: list[str]) -> None:
    assert codes(f"region r\n  let n = count(Jet) - count(Muon)\n  {cuts}\n") == expected


ANY = (-math.inf, math.inf)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x", ANY),
        ("-3", (-3, -3)),
        ("Jet[0].pt", (0, math.inf)),
        ("Jet[0].mass", ANY),  # may be stored as a negative number
        ("(Jet[0] + Jet[1]).mass", (0, math.inf)),
        ("(Jet[0] + Jet[1]).eta", ANY),
        ("(Jet[0] + Jet[1]).px", ANY),
        ("|x|", (0, math.inf)),
        ("-|x|", (-math.inf, 0)),
        ("-cosh(x)", (-math.inf, -1)),
        ("-(cos(x) + 2)", (-3, -1)),
        ("|x| * cos(y)", ANY),
        ("cos(x) * |y|", ANY),
        ("|x| / cos(y)", ANY),
        ("cosh(x)", (1, math.inf)),
        ("sinh(x)", ANY),
        ("log(x)", ANY),
        ("dphi(Jet[0], Jet[1])", (0, math.pi)),
        ("dr(Jet[0], Jet[1])", (0, math.inf)),
        ("perp(Jet[0], Jet[1])", (0, math.inf)),
        ("dphi_signed(Jet[0], Jet[1])", (-math.pi, math.pi)),
        ("acos(x)", (0, math.pi)),
        ("asin(x)", (-math.pi / 2, math.pi / 2)),
        ("|x| + 2", (2, math.inf)),
        ("cos(x) + 2", (1, 3)),
        ("2 - |x|", (-math.inf, 2)),
        ("|x| - 2", (-2, math.inf)),
        ("cos(x) - sin(y)", (-2, 2)),
        ("|x| - |y|", ANY),
        ("x - y", ANY),
        ("|x| * |y|", (0, math.inf)),
        ("|x| / |y|", (0, math.inf)),
        ("|x| * y", ANY),
        ("y * |x|", ANY),
        ("y / |x|", ANY),
        ("(-|x|) * (-|y|)", (0, math.inf)),
        ("-|x| * cosh(y)", (-math.inf, 0)),
        ("cos(x) * (sin(y) - 2)", (-3, 3)),
        ("0 * y", (0, 0)),
        ("|x| ^ 3", ANY),
        ("if x > 1 then cos(x) else 2", (-1, 2)),
        ("if x > 1 then 2 else cosh(x)", (1, math.inf)),
        ("default(|x|, -1)", (-1, math.inf)),
        ("count(Jet)", (0, math.inf)),
        ("count(Jet.pt)", (0, math.inf)),
        ("max(cos(j.phi) for j in Jet)", (-1, 1)),
        ("min(-j.pt for j in Jet)", (-math.inf, 0)),
        ("largest(Jet.eta, 2)", ANY),
        ("largest(Jet.pt, 2)", (0, math.inf)),
        ("smallest(Jet.pt, 2)", (0, math.inf)),
        ("mean(cos(j.phi) for j in Jet)", (-1, 1)),
        ("imbalance(Jet.pt)", (0, math.inf)),
        ("sphericity(Jet)", (0, math.inf)),
        ("aplanarity(Jet)", (0, math.inf)),
        ("product(|j.eta| for j in Jet)", (0, math.inf)),
        ("product(j.eta for j in Jet)", ANY),
        ("sum(cos(j.phi) for j in Jet)", ANY),
        ("smallest(event.mc_weights, 2)", ANY),
        ("sum(|j.eta| for j in Jet)", (0, math.inf)),
        ("sum(j.eta for j in Jet)", ANY),
        ("sum(-j.pt for j in Jet)", ANY),
        ("sum(event.mc_weights)", ANY),
        ("min(x, |y|)", ANY),
        ("min(cos(x), 0.5)", (-1, 0.5)),
        ("max(x, |y|, -1)", (0, math.inf)),
        ("|cos(x) - 3|", (2, 4)),
        ("|cos(x) + 3|", (2, 4)),
        ("|cos(x) * 2|", (0, 2)),
        ("(Jet.pt)[1]", (0, math.inf)),
        ("max((Jet.pt)[1:])", (0, math.inf)),
        ("if x > 1 then cos(x) else 0 / 0", (-1, 1)),
        ("if x > 1 then 0 / 0 else cos(x)", (-1, 1)),
        ("if x > 1 then 0 / 0 else if y > 1 then 5 else if y < 0 then 3 else 0 / 0", (3, 5)),
        ("if x > 1 then x else 2", (1, math.inf)),
        ("if |x| < -1 then |x| else 0 / 0", (0, math.inf)),  # never there
        ("if x <= 1 then x else 0 / 0", (-math.inf, 1)),
        ("if y <= 1 then x else 0 / 0", ANY),
        ("if |x| < 3 then |x| else 5", (0, 5)),
    ],
)
def test_the_range_of_an_expression(expression: str, expected: tuple[float, float]) -> None:
    """By mathematics; where more could be said, everything is right as well."""
    found = interval(
        program(f"define x = Jet[0].eta\ndefine y = Jet[1].eta\ndefine z = {expression}\n").values["z"].expr
    )
    assert (found.low, found.high) == expected
    assert not found.low_open
    assert not found.high_open


@pytest.mark.parametrize(
    "cuts",
    [
        "select pfreliso04 < 0.15 or pfreliso03 < 0.15",  # one of the two for each
        "select flavour == muon and pfreliso04 < 0.15",
        "reject |pdg_id| == 13 and pfreliso04 >= 0.15",
        "reject exists(pfreliso04) and pfreliso04 >= 0.15",
        "select default(pfreliso04, 0) < 0.15",
        "select (if flavour == muon then pfreliso04 else pfreliso03) < 0.15",
        "select this in Electron or pfreliso04 < 0.15",
        "select flavour == muon\n  select pfreliso04 < 0.15",
        "select any(pfreliso04 < 0.15 for j in Jet)",  # false of electrons, and not looked into
        "select pfreliso03 < 0.15",  # both have it
    ],
)
def test_criteria_that_absence_does_not_decide(cuts: str) -> None:
    assert codes(f"object leptons\n  take Electron, Muon\n  {cuts}\n", "nanoaod") == []


def test_each_definition_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a conversion of units, and not anew for each comparison: 800 of them took ten seconds."""
    seen: list[typed.Expr] = []
    monkeypatch.setattr(arithmetic, "folded", lambda expr: seen.append(expr))
    chain = "".join(f"define d{i} = d{i - 1} * 1.5\n" for i in range(1, 100))
    cuts = "".join(f"  select d{i} > 30 GeV\n" for i in range(100))
    codes(f"define d0 = Electron[0].pt\n{chain}region r\n{cuts}")
    assert 99 <= len(seen) < 4 * 99


def test_each_criterion_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not anew for each that stands behind it: 1,000 in a row took a minute."""
    seen: list[typed.Expr] = []

    def noted(condition: typed.Expr) -> bool:
        seen.append(condition)
        return False

    monkeypatch.setattr(absence, "_tells_apart", noted)
    cuts = "".join(f"  select pt > {k} GeV\n" for k in range(1, 21))
    codes(f"object leptons\n  take Electron, Muon\n{cuts}object good\n  take leptons\n{cuts}", "nanoaod")
    assert len(seen) == 40


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("let iso = pfreliso04\n  select iso < 0.15", True),
        ("select flavour == electron and is_medium or flavour == muon and is_tight\n  select pfreliso04 < 0.15", True),
        ("reject flavour == electron and pt < 10 GeV\n  select pfreliso04 < 0.15", True),
        ("select pt > (if flavour == muon then 5 GeV else 7 GeV)\n  select pfreliso04 < 0.15", True),
        ("reject flavour == electron or pt < 10 GeV\n  select pfreliso04 < 0.15", False),
        ("select flavour == muon and pt > 10 GeV\n  select pfreliso04 < 0.15", False),
        ("select |pdg_id| == 13\n  select pfreliso04 < 0.15", False),
        ("select exists(pfreliso04)\n  select pfreliso04 < 0.15", False),
        ("let iso = if flavour == muon then pfreliso04 else pfreliso03\n  select iso < 0.15", False),
        ("let iso = default(pfreliso04, pfreliso03)\n  select iso < 0.15", False),
    ],
)
def test_absence_behind_a_let_or_a_look_at_the_kind(cuts: str, told: bool) -> None:
    assert codes(f"object leptons\n  take Electron, Muon\n  {cuts}\n", "nanoaod") == ["W604"] * told


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select leptons[0].pfreliso04 < 0.15", "drops all events with one as `leptons[0]`"),
        ("select 2 * lead.pfreliso04 < 0.15 and MET.pt > 9 GeV", "drops all events with one as `leptons[0]`"),
        ("reject leptons[-1].pfreliso04 > 0.15", "passes all events with one as `leptons[-1]`"),
        ("select all(l.pfreliso04 < 0.15 for l in leptons)", "drops all events where it asks for one"),
        ("select all(leptons.pfreliso04 < 0.15)", "drops all events where it asks for one"),
        (
            "select all(l.pfreliso04 < 0.15 for l in leptons if l.pt > 9 GeV)",
            None,
        ),  # one that is not asked may be there
        ("select any(l.pfreliso04 < 0.15 for l in leptons)", None),
        ("select leptons[0].pfreliso04 < 0.15 or leptons[0].pfreliso03 < 0.15", None),
        ("select default(leptons[0].pfreliso04, 0) < 0.15", None),
        ("select lead.flavour == muon and lead.pfreliso04 < 0.15", None),
        ("take of_muons\n  select leptons[0].pfreliso04 < 0.15", None),
        ("select count(Electron) == 0\n  select leptons[0].pfreliso04 < 0.15", None),
        ("select count(muons) == 2\n  select leptons[0].pfreliso04 < 0.15", None),
        ("select muons[0].pfreliso04 < 0.15", None),
        ("select leptons[0].pt > 9 GeV", None),
    ],
)
def test_absence_from_a_place_of_a_union(cuts: str, told: str | None) -> None:
    objects = "object muons take Muon\nobject leptons take Electron, muons sort by pt descending\n"
    regions = f"define lead = leptons[0]\nregion of_muons\n  select leptons[0].flavour == muon\nregion r\n  {cuts}\n"
    found = check_text(f'hepsel 1\nanalysis "x"\n{objects}{regions}', "nanoaod").diagnostics
    message = f"no item of Electron has `pfreliso04`: this criterion {told}"
    assert [(item.code, item.message) for item in found if item.code != "H714"] == [("W604", message)] * (
        told is not None
    )


def test_absence_behind_a_choice_of_the_kind() -> None:
    union = "object leptons\n  take Electron, Muon\n"
    assert codes(f"{union}  reject pfreliso04 > 0.15", "nanoaod") == ["W604"]
    assert codes(f"{union}  reject 1.4 < |eta_sc| < 1.6\n  reject cut_based == 1", "nanoaod") == []
    taken = "object good\n  take leptons\n  select not pfreliso04 > 0.15\n"
    assert codes(union + taken, "nanoaod") == ["W604"]
    assert codes(f"{union}  select flavour == muon\n{taken}", "nanoaod") == []


@pytest.mark.parametrize(
    ("union", "use", "expected"),
    [
        ("take Electron, Muon", "select leptons[0].pt > 25 GeV", ["H703"]),
        ("take Electron, Muon", "select leptons[1].pt > 25 GeV\n  select leptons[0].pt > 30 GeV", ["H703"]),
        ("take Electron, Muon\n  sort by pt descending", "select leptons[0].pt > 25 GeV", []),
        ("take Electron, Muon\n  keep highest pt", "select leptons[0].pt > 25 GeV", []),
        ("take Muon", "select leptons[0].pt > 25 GeV", []),
        ("take muons, Muon", "select leptons[0].pt > 25 GeV", []),  # one stored collection
        ("take Muon\n  let p4 = default(this + fsr_photon, this)", "select leptons[1].pt > 25 GeV", ["H703"]),
        ("take Muon\n  sort by pt descending\n  let p4 = (1 + eta) * this", "save x = leptons[0].pt", ["H703"]),
        ("take Muon\n  let p4 = (1 + eta) * this\n  sort by pt descending", "save x = leptons[0].pt", []),
        ("take Muon\n  let p4 = (1 + 0.1 * MET.significance) * this", "select leptons[0].pt > 25 GeV", []),
        ("take Muon\n  let p4 = 1.1 * four_vector(pt, eta, phi, 1 GeV)", "select leptons[0].pt > 25 GeV", []),
        ("take Muon\n  let p4 = four_vector(1 GeV, eta, phi, 1 GeV)", "select leptons[0].pt > 25 GeV", ["H703"]),
        ("take Electron, Muon", "select count(leptons) == 1\n  select leptons[0].pt > 25 GeV", []),
        ("take Electron, Muon", "select count(leptons) == 2\n  select leptons[0].pt > 25 GeV", ["H703"]),
        ("take Electron, Muon", "let lead = leptons[0]\n  select lead.pt > 25 GeV", ["H703"]),
        ("take Electron, Muon", "select leptons.pt[0] > 25 GeV", ["H703"]),
        (
            "take Electron, Muon",
            "select leptons[0].charge != leptons[1].charge\n  save x = (leptons[0] + leptons[1]).pt",
            [],
        ),
        ("take Electron, Muon", "select any(i < 1 and leptons[i].pt > 25 GeV for i in Muon.charge)", []),
        ("take Electron, Muon", "select max(leptons.pt) > 25 GeV", []),
    ],
)
def test_places_in_unions(union: str, use: str, expected: list[str]) -> None:
    blocks = f"object muons\n  take Muon\nobject leptons\n  {union}\nobject taken\n  take leptons\n"
    assert codes(f"{blocks}region r\n  {use}\n", "nanoaod") == expected
    assert codes(f"{blocks}region r\n  {use.replace('leptons', 'taken')}\n", "nanoaod") == expected


def test_nothing_is_said_of_integers_that_reals_do_not_tell_apart() -> None:
    cuts = "select event.number == 9007199254740993\n  select event.number > 9007199254740992"
    assert codes(f"region r\n  {cuts}\n") == []


@pytest.mark.parametrize(
    ("bins", "expected"),
    [
        (("x > 1", "x > 2"), ["W603"]),
        (("x > 2", "x > 1"), ["W603"]),
        (("1 < x < 2", "x > 0"), ["W603"]),
        (("x > 1", "x > 1"), ["W603"]),
        (("1 < x < 2", "x >= 2"), []),
        (("x < 2", "x >= 2"), []),
        (("x < 2", "x > 1"), []),  # they overlap, and neither is part of the other
        (("x > 2", "x > 1 and y > 0"), []),
        (("x > 2 and y > 0", "x > 1"), ["W603"]),
        (("x > 2 or y > 0", "x > 1"), []),
        (("y > 0", "x > 2", "x > 3"), ["W603"]),
        (("x > 2", "dphi(Jet[0], Jet[1]) >= 0"), []),  # there may be no second jet
        (("x > 2", "count(Jet) >= 0"), ["W603"]),
        (("x > 2 and x < 1", "x > 0"), ["W612"]),
        (("x > 2 and x < 1", "count(Jet) >= 0"), ["W612"]),  # no event is in the first
    ],
)
def test_bins_that_share_events(bins: tuple[str, ...], expected: list[str]) -> None:
    lines = "".join(f'  bin "{number}" {condition}\n' for number, condition in enumerate(bins))
    assert codes(f"region r\n  let x = Jet[0].eta\n  let y = Jet[1].eta\n{lines}") == expected


def test_bins_share_events_by_the_cuts_before_them() -> None:
    bins = '  bin "a" y > 0\n  bin "b" x > 2\n'
    values = "  let x = Jet[0].eta\n  let y = Jet[1].eta\n"
    assert codes(f"region r\n{values}{bins}") == []
    assert codes(f"region r\n{values}  select x > 3\n{bins}") == ["W603"]
    # The bins of a region are its own.
    assert codes('region r\n  bin "a" count(Jet) > 1\nregion q\n  take r\n  bin "b" count(Jet) > 2\n') == []


def test_intervals_of_counts_and_after_p4() -> None:
    assert codes("region r\n  reject count(Jet) < 2\n  select count(Jet) >= 1\n") == ["W601"]
    replaced = "object m_\n  take Muon\n  select pt > 5 GeV\n  let p4 = p4 + Photon[0]\n  select pt > 5 GeV\n"
    assert codes(replaced) == []
    assert codes("region a\n  select count(Jet) > 3\nregion b\n  take a\n  select count(Jet) > 2\n") == ["W601"]


# ---------------------------------------------------------------- formats


@pytest.mark.parametrize("name", builtin_formats())
def test_derived_attributes_of_the_formats(name: str) -> None:
    """Every expression of a format has a type; the condition of a part is true or false."""
    data_format = load_format(name)
    types, problems = derived_types(data_format)
    assert problems == []
    attributes = [(c, a) for c, a, _ in derived_expressions(data_format) if a is not None]
    assert set(types) == set(attributes)
    for collection in data_format.collections.values():
        if collection.where is not None:
            symbols = Symbols(data_format)
            ExpressionChecker(symbols).of_format.type_condition(collection.name)
            assert symbols.where[collection.name].type == BOOL


def test_a_variant_repeats_a_block_and_fills_no_slot() -> None:
    pairs = 'composite pairs\n  take Muon a, Muon b\n  select mass > 1 GeV as "mass"\n'
    assert codes(f'{pairs}composite all_pairs\n  take pairs without "mass"\n') == []
    assert codes(f'{pairs}composite all_pairs\n  take pairs x without "mass"\n') == ["E507"]


def test_only_derived_attributes_that_are_used_are_typed() -> None:
    p = program("object e\n  take Electron\n  select |z0_sin_theta| < 0.5 mm\n")
    assert ("Electron", "z0_sin_theta") in p.derived
    assert ("Electron", "d0_significance") not in p.derived
    assert p.derived["Electron", "z0_sin_theta"].type == RealType(LENGTH)
    assert "PrimaryVertex" in p.where  # through the tracks


# ---------------------------------------------------------------- sizes


def test_what_grows_out_of_hand_is_refused_quickly() -> None:
    doubled = "".join(f"define l{i} = l{i - 1} + l{i - 1}\n" for i in range(1, 60))
    assert "E213" in codes(f"define l0 = Jet.pt + Jet.pt\n{doubled}")
    calls = "".join(f"define f{i}(x) = f{i - 1}(x) + f{i - 1}(x)\n" for i in range(1, 60))
    assert "E213" in codes(f"define f0(x) = x + x\n{calls}define y = f59(1)\n")


@pytest.mark.parametrize(
    "name", ["mt2w", "MCT", "pTt", "D_zeta", "mht", "minv", "sign", "median", "beta", "acop", "mtt", "ET", "isnan"]
)
def test_no_other_quantity_is_proposed(name: str) -> None:
    """However near the name of a quantity is to that of another one."""
    for use in (f"{name}(Jet[0], Jet[1])", f"(Jet[0] + Jet[1]).{name}", f"Jet[0].{name}"):
        (problem,) = check_text(f"{HEADER}define x = {use}\n", "physlite").diagnostics
        assert problem.replacement is None
        assert "did you mean" not in (problem.proposal or "")


def test_a_function_with_a_warning_has_its_value() -> None:
    body = "define same(a, b) = a == b\nregion r\n  reject same(Electron[0], Muon[0])\n"
    assert codes(body) == ["W602"]
    assert the_filter(program(body).regions["r"]).condition.type == BOOL


@pytest.mark.parametrize(
    ("expression", "data_format", "expected"),
    [
        ("dr(Jet[0], MET)", "nanoaod", ["W606"]),
        ("dr(Jet[0], MET)", "delphes", ["W606"]),
        ("deta(MET, Jet[0])", "nanoaod", ["W606"]),
        ("min(dr_rapidity(j, PuppiMET) for j in Jet)", "nanoaod", ["W606"]),
        ("(Muon[0] + MET).mass", "nanoaod", ["W606"]),
        ("(Muon[0] - (if exists(Jet[0]) then MET else Muon[1])).eta", "nanoaod", ["W606"]),
        ("(Muon[0] + MET).pt", "nanoaod", []),
        ("(Muon[0] + MET).phi", "nanoaod", []),
        ("dphi(Muon[0], MET)", "nanoaod", []),
        ("mt(Muon[0] + Muon[1], MET)", "nanoaod", []),
        ("dr(Muon[0], argmin(dphi(j, MET) for j in Jet))", "nanoaod", []),
        ("dr(Muon[0], Jet[0])", "nanoaod", []),
    ],
)
def test_longitudinal_quantities_of_what_is_transverse(expression: str, data_format: str, expected: list[str]) -> None:
    assert codes(f"define x = {expression}\n", data_format) == expected
    named = re.sub(r"\bMET", "met", expression)
    assert codes(f"define met = -MET\ndefine x = {named}\n", data_format) == expected


def test_a_whole_number_and_a_real_are_a_real_in_a_union() -> None:
    """In whatever order the collections stand: muons have whole charges in this format, electrons have not."""
    data_format = str(Path(__file__).parent / "formats" / "random.toml")
    for sources in ("Muon, Electron", "Electron, Muon"):
        checked = program(f"object leptons take {sources}\ndefine x = leptons[0].charge\n", data_format)
        assert checked.values["x"].expr.type == REAL


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("cut = 10 GeV", None),  # superfluous, as it may be meant
        ("near = 0", None),
        ("cut = -5 GeV, near = 4", ("W602", "line 10: this cut can never pass")),
        (
            "lead = MET",
            ("W606", "line 11: the eta of MET is not measured, and set to 0: `dr` takes it for the true one"),
        ),
        (
            "Jet = scaled",
            (
                "H703",
                "line 9: hard[varied] is not sorted: they stand in the order of the pT that they had before `let p4`",
            ),
        ),
    ],
)
def test_what_a_variant_makes_of_the_text_that_it_repeats_is_told_where_it_stands(
    change: str, told: tuple[str, str] | None
) -> None:
    body = (
        "object hard take Jet select pt > 20 GeV select pt > cut\ndefine lead = hard[0]\nregion signal\n"
        "  select hard[1].pt > 25 GeV\n  select dphi(lead, MET) > near\n  select dr(lead, Muon[0]) > 1\n"
        "object scaled take Jet let p4 = (1 + eta) * this\n"
    )
    text = f'hepsel 1\nanalysis "x"\ndefine cut = 30 GeV\ndefine near = 1\n\n{body}'
    variant = f"region varied take signal with {change}\n"
    found = check_text(text + variant, "nanoaod").diagnostics
    expected = [] if told is None else [(told[0], f"repeated like this, {told[1]}", 13)]
    assert [(item.code, item.message, item.span.line) for item in found if item.code != "H714"] == expected


@pytest.mark.parametrize(
    ("take", "cuts", "told"),
    [
        ("Muon a, Muon b", "select a.is_tight", ["a"]),
        ("Muon a, Muon b", "select this.b.is_tight", ["b"]),
        ("Muon a, Muon b", "select a.charge > 0 and b.charge < 0", ["a"]),
        ("Muon a, Muon b", "reject a.charge < 0 or b.charge > 0", ["a"]),
        ("Muon a, Muon b", "select a == Muon[0]", ["a"]),
        ("Muon a, Muon b, Muon c", "select a.is_tight\n  select b.is_tight", ["a"]),
        ("ordered Muon a, Muon b", "select a.is_tight", []),
        ("Muon a, tight b", "select a.charge > 0", []),
        ("Muon a, Muon b", "select a.is_tight\n  select b.is_tight", []),
        ("Muon a, Muon b", "select any(dr(a, j) < 1 for j in Jet) and any(dr(b, j) < 1 for j in Jet)", []),
        ("Muon a, Muon b", "select a.charge != b.charge and (a.is_tight or b.is_tight)", []),
        ("Muon a, Muon b", "select a.pt > 25 GeV and b.pt > 15 GeV", []),
        ("tight a, tight b", "select a.pt > 25 GeV", []),
        ("leptons a, leptons b", "select a.pt > 25 GeV and b.pt > 15 GeV", ["a"]),
        ("by_pt a, by_pt b", "select a.pt > 25 GeV and b.pt > 15 GeV", []),
        ("by_pt a, by_pt b", "select a.charge > 0", ["a"]),
        ("by_charge a, by_charge b", "select a.charge > 0", []),
        ("pairs a, pairs b", "select a.pt > 25 GeV", ["a"]),
        ("Muon a, Muon b", "select a.is_tight\n  select b.charge > 0\n  select c.pt > 0 GeV", []),  # an error
        ("pairs a, pairs b", "keep lowest |a.mass - 91 GeV|, lowest |b.mass - 91 GeV|", ["a"]),
        ("ordered pairs a, pairs b", "keep lowest |a.mass - 91 GeV|, lowest |b.mass - 91 GeV|", []),
        ("pairs a, pairs b", "keep lowest |a.mass - 91 GeV| + |b.mass - 91 GeV|", []),
        ("pairs a, pairs b", "keep lowest mass, lowest b.mass", []),
        ("pairs a, pairs b", "sort by b.mass descending", ["b"]),
        ("pairs a, pairs b", "select any(p.charge > 0 for p in a.parts)", ["a"]),
        ("Muon a, tight b", "keep highest a.charge, highest b.charge", []),
        ("Muon a, Muon b", "keep highest a.pt, highest b.pt", []),
        ("Jet a, Jet b, Jet c, Jet d", "keep lowest |(a + b).mass - (c + d).mass|", ["a"]),
        ("ordered Jet a, Jet b, Jet c, Jet d", "keep lowest |(a + b).mass - (c + d).mass|", []),
        ("Jet a, Jet b, Jet c", "let dist = |(a + b).mass - 80 GeV|\n  keep lowest dist + |mass - 172 GeV|", ["a"]),
        ("Muon a, Muon b, Jet c, Jet d", "let one = (a + c).mass\n  keep lowest |one - (b + d).mass|", ["a"]),
        ("Muon a, Muon b, Jet c, Jet d", "select dr(a, c) > 0.4 and dr(b, d) > 0.4", ["a"]),
        (
            "Muon a, Muon b, Jet c, Jet d",
            "select dr(a, c) > 1 and dr(b, d) > 1\n  select dr(d, a) > 1 and dr(c, b) > 1",
            [],
        ),
        ("Muon a, Muon b", "select a.eta > b.eta", ["a"]),
        ("Muon a, Muon b", "select dphi_signed(a, b) > 0", ["a"]),
        ("Muon a, Muon b", "select a.pt > b.pt and (a.pt - b.pt) / a.pt < 0.5", []),
        ("leptons a, leptons b", "select a.pt > b.pt", ["a"]),
        ("Muon a, Muon b", "select dr(a, b) > 0.1 and |b.eta - a.eta| < 2 and a.charge * b.charge < 0", []),
        ("Muon a, Muon b", "select (b + MET + a).pt > 9 GeV\n  select 0 > -b.charge - a.charge", []),
        (
            "Muon a, Muon b",
            "let x = a.px * b.pz - b.px * a.pz\n  select |x / mass| > 1 GeV or x^2 > 1 GeV^4",
            [],
        ),
        ("Muon a, Muon b", "let s = a.eta - b.eta\n  let x = -2 * s\n  select |x| < 1 and (s * mass)^2 > 1 GeV^2", []),
        ("Muon a, Muon b", "select (a - b).pt > 9 GeV and mt2(b, a, MET) > 9 GeV", []),
        ("Muon a, Muon b", "select mt2(a, b, MET, 0 GeV, 80 GeV) > 9 GeV", ["a"]),
        ("Muon a, Muon b", "select a.is_tight and b.is_soft or b.is_tight and a.is_soft", []),
        ("Muon a, Muon b", "select a.is_tight and b.is_soft or b.is_tight", ["a"]),
        ("Muon a, Muon b", "select min(dr(a, b), min(dr(i, j) for i, j in Jet if dr(i, b) + dr(i, a) > 1)) > 1", []),
        ("Muon a, Muon b", "select any(dr(i, a) < dr(i, b) for i in Jet)", ["a"]),
        ("Muon a, Muon b", "select count(i for i in Jet if dr(i, a) < 0.4) == 0", ["a"]),
        ("Muon a, Muon b", "select a.matched_jet != b.matched_jet", []),
        ("Muon a, Muon b", "select a.pdg_id == -b.pdg_id and 0 < -a.charge - b.charge and b.eta < 1 - a.eta", []),
        ("Muon a, Muon b", "select a.pdg_id - b.pdg_id == 26", ["a"]),
        ("Muon a, Muon b", "select any(any(dr(i, j) < dr(i, a) + dr(b, i) for j in Jet) for i in Jet)", []),
    ],
)
def test_cuts_on_one_slot(take: str, cuts: str, told: list[str]) -> None:
    text = f"""object tight
  take Muon
  select is_tight
object leptons
  take Electron, Muon
object by_pt
  take leptons
  sort by pt descending
object by_charge
  take leptons
  sort by charge descending
composite pairs
  take Muon one, Muon other
composite candidates
  take {take}
  {cuts}
"""
    hints = [
        item for item in check_text(f'hepsel 1\nanalysis "x"\n{text}', "nanoaod").diagnostics if item.code[0] == "H"
    ]
    assert [(item.code, item.message.split("`")[1]) for item in hints] == [("H708", slot) for slot in told]


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select pairs[0].a.pt > 25 GeV and pairs[0].b.pt > 15 GeV", ["a"]),
        ("select pairs[0].a.pt > 25 GeV\n  select pairs[0].a.pt < 90 GeV", ["a"]),  # once for a composite
        ("select pairs[0].a.pt > 25 GeV and pairs[0].b.pt > 25 GeV", []),
        ("select pairs[0].mass > 25 GeV and |pairs[0].a.eta - pairs[0].b.eta| < 1", []),
        ("select by_pt[0].a.pt > 25 GeV and by_pt[0].b.pt > 15 GeV", []),
        ("reject by_pt[0].a.eta < 0 or by_pt[0].b.mass > 0 GeV", ["a"]),
        ("select chosen[0].a.is_tight", ["a"]),
        ("select dr(by_pt[0].a, Jet[0]) > 0.4 and dr(by_pt[0].b, MET) > 0.4", ["a"]),
        ("let best = by_pt[0]\n  select best.b.eta > 0 and best.mass > 60 GeV", ["b"]),
        ("select tag_and_probe[0].a.is_tight", []),
        ("select by_pt[0].a.is_tight or by_pt[0].b.is_tight", []),
        ("select symmetric and by_pt[0].a.is_tight", ["a"]),
        ("take symmetric\n  select by_pt[0].b.is_tight", ["b"]),
        ("take both\n  select by_pt[0].b.is_tight", []),
        ("select by_pt[0].a.is_tight and by_pt[1].b.is_tight", ["a"]),
    ],
)
def test_cuts_of_events_on_one_slot(cuts: str, told: list[str]) -> None:
    text = f"""object leptons
  take Electron, Muon
composite pairs
  take leptons a, leptons b
  keep lowest |mass - 91 GeV|
composite by_pt
  take Muon a, Muon b
  sort by mass descending
composite tag_and_probe
  take ordered Muon a, Muon b
  keep lowest |mass - 91 GeV|
object chosen
  take by_pt
  keep lowest |mass - 91 GeV|
region symmetric
  select by_pt[0].a.is_tight or by_pt[0].b.is_tight
region both
  select by_pt[0].a.is_tight and by_pt[0].b.is_tight
region last
  {cuts}
"""
    found = check_text(f'hepsel 1\nanalysis "x"\n{text}', "nanoaod").diagnostics
    assert [item.message.split("`")[1] for item in found if item.code == "H708"] == told


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select min(dr(j, MET) for j in Jet) > 0.4", [1]),
        ("select 0.4 <= min(Jet.pt) / 1 GeV", []),  # not the least value itself
        ("select 3 GeV <= min(Jet.pt) and true", [1]),
        ("select max(Jet.btag) < 0.7", [1]),
        ("let most = max(Jet.btag)\n  select most < 0.7", [2]),
        ("select min_pt > 20 GeV", [1]),
        ("select max(Jet.btag) > 0.7\n  select min(Jet.pt) < 30 GeV", []),
        ("reject min(Jet.pt) < 30 GeV\n  reject max(Jet.btag) > 0.7", []),
        ("select min(Jet[0].pt, Jet[1].pt) > 30 GeV", []),
        ("select count(Jet) >= 1\n  select min(Jet.pt) > 30 GeV", []),
        ("select count(Jet) >= 0\n  select min(Jet.pt) > 30 GeV", [2]),
        ("select count(Muon) >= 1\n  select min(Jet.pt) > 30 GeV", [2]),
        ("select count(Jet) > 1 and min(dr(i, j) for i, j in Jet) > 0.4", []),
        ("select count(Jet) > 0 and min(dr(i, j) for i, j in Jet) > 0.4", [1]),
        ("select count(j for j in Jet if j.btag > 0) == 2\n  select min(j.pt for j in Jet if j.btag > 0) > 9 GeV", []),
        ("let lead = Jet[0]\n  select lead.pt > 100 GeV\n  select min(Jet.pt) > 30 GeV", []),
        ("reject Jet[0].pt > 100 GeV\n  select min(Jet.pt) > 30 GeV", [2]),
        ("select Jet[1].pt > 100 GeV\n  select min(dr(i, j) for i, j in Jet[0:3]) > 0.4", []),
        ("select Jet[0].pt > 100 GeV\n  select min(dr(i, j) for i, j in Jet[0:3]) > 0.4", [2]),
        ("select min(dr(i, j) for i in Muon for j in Jet) > 0.4", [1]),
    ],
)
def test_cuts_on_the_least_of_nothing(cuts: str, told: list[int]) -> None:
    header = 'hepsel 1\nanalysis "x"\ndefine min_pt = min(Jet.pt)\nregion first\n  select count(Muon) < 9\nregion r\n  '
    found = [item for item in check_text(header + cuts, "nanoaod").diagnostics if item.code == "H709"]
    assert [item.span.line - header.count("\n") for item in found] == told


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("region r\n  select Jet[2].pt < 30 GeV", "Jet[2]"),
        ("region r\n  let third = Jet[2]\n  select 30 GeV >= third.pt", "Jet[2]"),
        ("region r\n  let soft = Jet[2].pt\n  select MET.pt > 9 GeV and soft < 30 GeV", "Jet[2]"),
        ("region r\n  select largest(Jet.pt, 3) < 30 GeV", "Jet[2]"),
        ("region r\n  reject Jet[2].pt >= 30 GeV", None),
        ("region r\n  select Jet[2].pt > 30 GeV", None),
        ("region r\n  select count(Jet) == 3\n  select Jet[2].pt < 30 GeV", None),
        ("region r\n  select Jet[2].pt < 30 GeV and count(Jet) > 2", None),
        ("region r\n  select 20 GeV < Jet[2].pt < 30 GeV", None),
        ("region r\n  select count(Jet) == 2\n  select Jet[2].pt < 30 GeV", "Jet[2]"),
        ("region r\n  select count(Jet) < 3 or Jet[2].pt < 30 GeV", None),
        ("region r\n  select Jet[2].pt < Jet[1].pt", None),
        ("region r\n  select Jet[2].btag < 0.3 and Jet[2].mass < 9 GeV", None),
        ("region r\n  select dphi(MET, Jet[1]) > 0.5", "Jet[1]"),
        ("region r\n  select Jet[1].pt > 30 GeV\n  select dphi(Jet[1], MET) > 0.5", None),
        ("region r\n  select dphi(Jet[0], MET) > 0.5", None),
        ("region r\n  select dphi(Jet[1], MET) < 0.5", None),
        ("region r\n  select dr(Jet[0], Jet[1]) > 0.5", None),
        ("object jets\n  take Jet\n  select dr(this, Muon[0]) > 0.4", "Muon[0]"),
        ("object jets\n  take Jet\n  reject dr(this, Muon[0]) < 0.4", None),
        ("object jets\n  take Jet\n  select dr(this, Muon[0]) < 0.4", None),
        ("composite pairs\n  take Muon a, Electron b\n  select dr(b, Jet[0]) > 0.4", "Jet[0]"),
        ("composite pairs\n  take Muon a, Electron b\n  select dr(a, b) > 0.4", None),
    ],
)
def test_cuts_that_an_absent_item_fails(block: str, told: str | None) -> None:
    found = check_text(f'hepsel 1\nanalysis "x"\n{block}\n', "nanoaod").diagnostics
    assert [item.message.split("`")[1] for item in found if item.code == "H709"] == ([] if told is None else [told])
    assert not [item for item in found if item.severity == "error"]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("count(Jet) >= 4 and count(Muon) == 1 or count(Muon) == 2", True),
        ("count(Muon) == 2 or count(Muon) == 1 and count(Jet) >= 4", True),
        ("MET.pt > 100 GeV and |lead.eta| < 1.37 or |lead.eta| > 1.52", True),
        ("MET.pt > 9 GeV or count(Jet) >= 4 and count(Muon) == 1 or 2 == count(Muon)", True),
        ("lead.pt > 9 GeV and lead.flavour == muon or lead.flavour == electron", True),
        ("count(Jet) >= 4 and (count(Muon) == 1 or count(Muon) == 2)", False),
        ("( count(Jet) >= 4 and count(Muon) == 1) or count(Muon) == 2", False),  # as it is meant
        ("count(Muon) == 2 or (count(Muon) == 1 and count(Jet) >= 4)", False),
        ("|lead.eta| < 1.37 or |lead.eta| > 1.52 and |lead.eta| < 2.47", False),  # one quantity
        ("|lead.eta| < 2.5 and lead.pt > 30 GeV or lead.pt > 50 GeV", False),  # these would be one condition
        ("count(Muon) == 1 and count(Jet) >= 4 or count(Muon) == 2 and count(Jet) >= 2", False),
        ("count(Muon) == 1 and count(Jet) >= 4 or count(Muon) == 2", False),  # not beside it
        ("count(Jet) >= 4 and count(Muon) == 1 or count(Electron) == 2", False),
    ],
)
def test_alternatives_to_the_last_of_several_conditions(condition: str, told: bool) -> None:
    before = "object leptons\n  take Electron, Muon\n  sort by pt descending\ndefine lead = leptons[0]\n"
    assert codes(f"{before}region r\n  select {condition}\n", "nanoaod") == ["H712"] * told


@pytest.mark.parametrize(
    ("composite", "new", "wrong"),
    [
        ("take tight a, loose b", "tight = loose", True),
        (
            "take tight a, loose b",
            "loose = tight",
            False,
        ),  # what is tight among the tight ones is a collection of its own
        ("take tight a, loose b, loose c", "tight = loose", True),
        ("take tight a, loose b", "tight = other", False),
        ("take tight a, tight b", "tight = loose", False),
        ("take ordered tight a, loose b", "tight = loose", False),  # every item in every slot, as before
        ("take tight a, Electron b", "tight = loose", False),
    ],
)
def test_variants_do_not_make_slots_unordered(composite: str, new: str, wrong: bool) -> None:
    objects = "object loose\n  take Muon\nobject tight\n  take loose\n  select is_tight\nobject other\n  take loose\n"
    regions = f"region r\n  select count(pairs) > 0\nregion v\n  take r with {new}\n"
    for repeated in (regions, f"composite more\n  take pairs with {new}\n"):
        assert codes(f"{objects}composite pairs\n  {composite}\n{repeated}") == ["E507"] * wrong


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select count(muons) == 1\n  select mt(Muon[0], MET) > 50 GeV", ["Muon[0]"]),
        ("select mt(Muon[0], MET) > 50 GeV and count(muons) == 1", ["Muon[0]"]),
        ("select count(muons) == 1\n  select mt(Muon[0], MET) > Muon[0].pt", ["Muon[0]"]),
        ("select count(hard) == 2\n  save pt = Muon[1].pt, eta = hard[0].eta", ["Muon[1]"]),
        ("select hard[0].pt > 20 GeV\n  let lead = Muon[0]\n  save pt = lead.pt", ["Muon[0]"]),
        ("select count(muons) == 1\n  histogram pt = Muon[0].pt bins 2 from 0 GeV to 9 GeV", ["Muon[0]"]),
        ("select count(muons) == 1\n  weight w = Muon[0].eta", ["Muon[0]"]),
        ("select count(muons) == 1 and count(Muon) == 1\n  select Muon[0].pt > 9 GeV", []),
        ("select Muon[0].pt > 9 GeV\n  select count(muons) == 1\n  save pt = Muon[0].pt", []),
        ("select count(muons) == 1\n  select Muon[1].pt > 9 GeV", []),  # there is no second of those
        ("select count(muons) == 1\n  select Muon[-1].pt > 9 GeV", []),
        ("select count(all_muons) == 1\n  select Muon[0].pt > 9 GeV", []),  # all of them are
        ("select count(leptons) == 1\n  select Muon[0].pt > 9 GeV", []),
        ("select count(muons) == 1\n  select Electron[0].pt > 9 GeV", []),
        ("select Muon[0].pt > 9 GeV", []),
        ("select count(muons) == 1\n  select sum(Muon.pt) > 50 GeV", ["Muon"]),
        ("select count(muons) == 1\n  select 2 * st > 50 GeV", ["Muon"]),  # by its name
        ("select count(muons) == 1\n  save v = sum(x for x in Muon).mass", ["Muon"]),
        ("select count(muons) == 1\n  select sum(x.pt for x in Muon if x.pt > 5 GeV) > 50 GeV", []),  # of some again
        ("select count(muons) == 1\n  select sum(Electron.pt) > 50 GeV", []),
        ("select count(muons) == 1\n  select count(Muon) == 1", []),  # as a veto of further ones
        ("select st > 50 GeV\n  select count(muons) == 1\n  save st", []),
    ],
)
def test_places_among_all_that_are_stored(cuts: str, told: list[str]) -> None:
    objects = """define st = sum(Muon.pt)
object all_muons
  take Muon
object muons
  take all_muons
  select is_tight
object hard
  take muons
object leptons
  take muons, Electron
"""
    found = check_text(f'hepsel 1\nanalysis "x"\n{objects}region r\n  {cuts}\n', "nanoaod").diagnostics
    assert [item.message.split("`")[1] for item in found if item.code == "H715"] == told
    assert not [item for item in found if item.severity == "error"]


@pytest.mark.parametrize(
    ("cut", "told"),
    [
        ("select any(dr(this, l) > 0.4 for l in Muon)", True),
        ("select any(dr(this, l) > 1 for l in Muon)", True),
        ("reject all(dr(this, l) < 0.4 for l in Muon)", True),
        ("reject not any(cone < dr(this, l) for l in Muon)", True),
        ("select pt > 9 GeV and any(l.pt > 9 GeV and dr_rapidity(this, l) >= 0.4 for l in Muon)", True),
        ("reject pt < 9 GeV or all(dr(this, l) <= 0.4 or l.pt < 9 GeV for l in Muon)", True),
        ("select any(dphi(l, MET) > 0.4 and dr(this, l) < 3 for l in Muon)", True),
        ("select all(dr(this, l) > 0.4 for l in Muon)", False),
        ("reject any(dr(this, l) < 0.4 for l in Muon)", False),
        ("select any(dr(this, l) < 0.4 for l in Muon)", False),
        ("reject all(dr(this, l) > 0.4 for l in Muon)", False),
        ("select not any(dr(this, l) < 0.4 for l in Muon)", False),
        ("select any(dphi(this, l) > 2.7 for l in Muon)", False),
        ("select any(l.pt > pt for l in Muon)", False),
        ("select all(dr(this, l) > 0.4 or l.pt < 9 GeV for l in Muon)", False),
    ],
)
def test_one_far_from_several(cut: str, told: bool) -> None:
    assert codes(f"define cone = 0.4\nobject jets\n  take Jet\n  {cut}\n", "nanoaod") == ["H716"] * told


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("reject any(dr(this, j) < 0.4 for j in Jet)", True),
        ("reject any(dr(this, j) < 0.4 and j.pt > 30 GeV for j in jets)", True),
        ("select all(cone < dr(j, this) for j in jets)", True),
        ("select pt > 30 GeV and min(deta(this, j) for j in jets) > 0.4", True),
        ("select min(dr(this, j) for j in jets if j != this) > 0.4", False),
        ("reject any(dr(this, j) < 0.4 and this.pt > 30 GeV for j in jets)", True),
        ("select count(j for j in jets if dr(this, j) < 0.4) == 1", True),
        ("let cone_pt = sum(j.pt for j in Jet if dr_rapidity(this, j) < cone) / pt", True),
        ("let nearest_pt = argmin(dphi(this, j) for j in jets).pt", True),
        ("reject any(dr(this, j) < 0.4 for j in Jet if j != this)", False),
        ("reject any(dr(this, j) < 0.4 and j.pt > pt for j in Jet)", False),
        ("reject any(0.1 < dr(this, j) < 0.4 for j in Jet)", False),
        ("reject any(dr(this, j) < 0.4 for j in Muon)", False),
        ("select any(dr(this, j) > 2 for j in jets)", False),
        ("select all(dr(this, j) > 0.4 for j in jets if j != this)", False),
        ("select max(dr(this, j) for j in jets) > 2", False),
        ("let farthest_pt = argmax(dr(this, j) for j in jets).pt", False),
    ],
)
def test_the_item_itself_is_near(statement: str, told: bool) -> None:
    text = f"define cone = 0.4\nobject jets\n  take Jet\nobject some\n  take jets\n  {statement}\n"
    assert [code for code in codes(text, "nanoaod") if code != "H709"] == ["H718"] * told
    assert "H718" not in codes(text.replace("take jets", "take jets, Muon"), "nanoaod")


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select jets[1].pt > 100 GeV\n  select jets[2].pt > 50 GeV", 1),
        ("select jets.pt[1] > 100 GeV and jets.pt[2] > 50 GeV", 1),
        ("select dphi(jets[1], MET) > 0.5\n  histogram h = jets[3].pt bins 3 from 0 GeV to 90 GeV", 1),
        ("select count(jets) >= 2\n  select jets[2].pt > 50 GeV", 2),
        ("select count(jets) > 2\n  let last = jets[3]\n  select last.eta > 0", 3),
        ("select count(jets) >= 2 and jets[1].pt > 100 GeV and jets[2].pt > 50 GeV", 1),
        ("select count(jets) >= 2\n  select jets[1].pt > 100 GeV", None),
        ("select count(jets) >= 3\n  select jets[2].pt > 100 GeV", None),
        ("select count(jets) >= 2\n  reject jets[2].pt > 50 GeV", None),
        ("select count(jets) >= 2\n  select jets[2].pt > 50 GeV or MET.pt > 9 GeV", None),
        ("select jets[1].pt > 100 GeV\n  select jets[-1].pt > 50 GeV", None),
        ("select jets[1].pt > 100 GeV\n  select Jet[2].pt > 50 GeV", None),
        ("select jets[0].pt > 100 GeV\n  select jets[1].pt > 50 GeV and jets[2].pt > 50 GeV", None),
        ("select max(jets.pt) > 100 GeV\n  select jets[1].pt > 50 GeV and jets[2].pt > 50 GeV", None),
        ("select any(j.pt > 100 GeV for j in jets)\n  select jets[1].pt > 50 GeV and jets[2].pt > 50 GeV", None),
        ("select (jets[1] + jets[2]).mass > 50 GeV\n  save ht = sum(jets.pt[0:2])", None),
        ("select (jets[1] + jets[2]).mass > 50 GeV\n  save m = argmax(jets.btag_deepflavour).mass", None),
    ],
)
def test_places_count_from_0(cuts: str, told: int | None) -> None:
    text = f"{HEADER}object jets\n  take Jet\n  select pt > 20 GeV\nregion r\n  {cuts}\n"
    hints = [item for item in check_text(text, "nanoaod").diagnostics if item.code != "H709"]
    assert [(item.code, item.message.split("`")[1]) for item in hints] == [("H721", f"jets[{told}]")] * (
        told is not None
    )


_COUNTED = """
object loose
  take Muon
  select pt > 10 GeV and is_loose
object tight
  take loose
  select pt > 30 GeV and is_tight
object apart
  take Muon
  select is_loose
  select pt > 20 GeV and |eta| < 2
  sort by eta ascending
object scaled
  take Muon
  let p4 = 0.1 * this
  select pt > 30 GeV and is_loose
object few
  take Muon
  select pt > 10 GeV
  keep first 2
object renamed
  take Muon
  let iso = pfreliso04
  select iso < 0.1
object other_iso
  take Muon
  let iso = pfreliso03
  select iso < 0.05
object leptons
  take Electron, loose
object soft_leptons
  take Electron, Muon
object pairs
  take leptons
  select pt > 50 GeV
"""


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [
        # all tight ones are loose: a veto on the loose ones is one on the tight ones
        ("select count(tight) == 1\n  select count(loose) == 0", ["W602"]),
        ("select count(tight) == 1\n  reject count(loose) > 0", ["W602"]),
        ("select count(loose) == 0\n  select count(tight) == 1", ["W602"]),
        ("select count(tight) >= 2\n  select count(loose) < 2", ["W602"]),
        ("select count(tight) >= 2\n  select count(loose) >= 2", ["W601"]),
        ("select count(loose) <= 2\n  select count(tight) <= 3", ["W601"]),
        ("select count(tight) == 1\n  select count(loose) == 1", []),
        ("select count(loose) == 1\n  select count(tight) == 0", []),
        ("reject count(loose) > 0\n  select count(tight) < 1", ["W601"]),
        # the same of one that is taken from elsewhere, whose cuts are above those of the other
        ("select count(apart) == 1\n  select count(loose) == 0", ["W602"]),
        ("select count(apart) == 1\n  select count(tight) == 0", []),
        ("select count(tight) == 1\n  select count(apart) == 0", []),
        ("select count(apart) == 1\n  select count(Muon) == 0", ["W602"]),
        # not where the pT is another one, where some are kept, or where one name is of two values
        ("select count(scaled) == 1\n  select count(loose) == 0", []),
        ("select count(apart) == 3\n  select count(few) == 0", []),
        ("select count(few) == 1\n  select count(Muon) == 0", ["W602"]),
        ("select count(other_iso) == 1\n  select count(renamed) == 0", []),
        # unions
        ("select count(tight) == 1\n  select count(leptons) == 0", ["W602"]),
        ("select count(leptons) == 1\n  select count(loose) == 0", []),
        ("select count(leptons) == 3\n  select count(soft_leptons) == 2", ["W602"]),
        ("select count(pairs) == 3\n  select count(soft_leptons) == 2", ["W602"]),
        # of those that pass a condition, too
        ("select count(tight) == 1\n  reject any(mu.pt > 20 GeV and mu.is_loose for mu in Muon)", ["W602"]),
        ("select count(tight) == 1\n  reject any(mu.pt > 40 GeV for mu in Muon)", []),
        ("select count(mu for mu in loose if mu.pt > 20 GeV) == 2\n  select count(loose) == 1", ["W602"]),
        ("select count(loose) == 1\n  select count(mu for mu in loose if mu.pt > 20 GeV) == 2", ["W602"]),
        ("select count(mu for mu in loose if mu.pt > 20 GeV) == 0\n  select count(tight) > 0", ["W602"]),
        ("select count(mu for mu in loose if mu.eta > 0) == 0\n  select count(tight) > 0", []),
        ("reject any(mu.is_tight for mu in Muon)\n  select any(l.is_tight for l in loose)", ["W602"]),
        ("select any(l.is_tight for l in loose)\n  select any(mu.is_tight for mu in Muon)", ["W601"]),
    ],
)
def test_counts_of_items_among_others(cuts: str, expected: list[str]) -> None:
    """`loose`, `tight` and the others above: which of them are among which is plain from their cuts."""
    assert codes(f"{_COUNTED}region r\n  {cuts}\n", "nanoaod") == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("select dr(Jet[0], Jet[0]) > 0.4", ["W611"]),
        ("select (Jet[0] + Jet[0]).mass > 9 GeV", ["W611"]),
        ("select mt2(Jet[0], Jet[0], MET) > 9 GeV", ["W611"]),
        ("select Muon[0].charge + Muon[0].charge == 0", ["W611"]),
        ("select Muon[0].charge * Muon[0].charge < 0", ["W611"]),
        ("select Muon[0].charge != Muon[0].charge", ["W611"]),
        ("select Muon[0] != Muon[0]", ["W611"]),
        ("weight w = sf(Muon[0].pt) * sf(Muon[0].pt)", ["W611"]),
        ("histogram h = deta(Jet[1], Jet[1]) bins 2 from 0 to 5", ["W611"]),
        ("select any(dphi(i, i) > 2 for i in Jet)", ["W611"]),
        ("select same_side(Jet[0], Jet[0])", ["W611"]),
        ("select count(Jet) == 2 or count(Jet) == 2", ["W611"]),
        ("select Jet[0].pt > 40 GeV and Jet[0].pt > 25 GeV", ["W611"]),
        ("select Jet[0].pt > 40 GeV and MET.pt > 9 GeV and 25 GeV < Jet[0].pt", ["W611"]),
        ("select count(Jet) == 2 or count(Jet) == 3", []),
        ("select Jet[0].pt > 25 GeV and Jet[0].pt < 40 GeV", []),
        ("select Jet[0].pt > 25 GeV or Jet[1].pt > 25 GeV", []),
        ("select dr(Jet[0], Jet[1]) > 0.4 and same_side(Jet[0], Jet[1])", []),
        ("select Jet[0].px * Jet[0].px + Jet[0].py * Jet[0].py > 9 GeV^2", []),
        ("weight w = sf(Muon[0].pt) * sf(Muon[1].pt) / (2 + 2)", []),
        ("select min(3, 3) < count(Jet)", ["W611"]),
    ],
)
def test_the_same_on_both_sides(statement: str, expected: list[str]) -> None:
    before = "table sf(x) 0.9 for 0 GeV to inf\ndefine same_side(a, b) = dphi(a, b) < 1\n"
    found = check_text(f"{HEADER}{before}region r\n  {statement}\n", "nanoaod").diagnostics
    told = [item for item in found if item.code not in ("H709", "H714")]
    assert [item.code for item in told] == expected
    assert all(item.span.line == 7 for item in told)  # and not where the function is defined


def test_what_a_variant_makes_the_same_is_not_told() -> None:
    region = "define lead = Jet[0]\ndefine other = Jet[1]\nregion r\n  select dr(lead, other) > 0.4\n"
    assert "W611" not in codes(f"{region}region s\n  take r with other = lead\n", "nanoaod")
    assert "W611" in codes(region.replace("lead, other", "lead, lead"), "nanoaod")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("histogram mll bins 5 from 0 GeV to 60 GeV", ["W612"]),
        ("histogram mll bins 5 from 0 GeV to 61 GeV", []),
        ("histogram mll bins 5 from 120 GeV to 200 GeV", ["W612"]),
        ("histogram mll edges [0 GeV, 50 GeV, 60 GeV] fold", ["W612"]),
        ("histogram mll bins 5 from 0 GeV to 2000 GeV", ["W612"]),  # all in the first one
        ("histogram mll bins 1 from 0 GeV to 2000 GeV", []),
        ("histogram mll edges [0 GeV, 200 GeV, 400 GeV]", []),
        ("histogram mll bins 5 from 0 GeV to 500 GeV", []),
        ("histogram h = MET.pt bins 4 from 0 GeV to 200 GeV", ["W612"]),
        ("histogram h = MET.pt bins 4 from 0 GeV to 800 GeV", []),
        ("bins g = MET.pt edges [100 GeV, 200 GeV] vs mll edges [60 GeV, 90 GeV, 120 GeV]", ["W612"]),
        ("bins g = MET.pt edges [100 GeV, 200 GeV, inf]", []),
        ("histogram n = count(muons) bins 2 from 0 to 2", ["W612"]),
        ("histogram n = count(muons) bins 3 from 0 to 3", []),
        ("histogram h = muons.pt bins 2 from 0 GeV to 20 GeV", ["W612"]),
        ("histogram h = muons[0].pt bins 2 from 0 GeV to 20 GeV", ["W612"]),
        ("histogram h = muons.pt bins 2 from 0 GeV to 40 GeV", []),
        ("histogram h = Muon.pt bins 2 from 0 GeV to 20 GeV", []),
        ('bin "low" MET.pt < 100 GeV', ["W612"]),
        ('bin "low" MET.pt < 300 GeV', []),
    ],
)
def test_bins_without_events(statement: str, expected: list[str]) -> None:
    head = "object muons\n  take Muon\n  select pt > 25 GeV\ndefine mll = (muons[0] + muons[1]).mass\nregion r\n"
    cuts = "  select count(muons) == 2\n  select 60 GeV < mll < 120 GeV\n  select MET.pt > 200 GeV\n"
    assert codes(f"{head}{cuts}  {statement}\n", "nanoaod") == expected
    assert ("W612" in codes(f"{head}  {statement}\n", "nanoaod")) == (
        bool(expected) and "muons" in statement and "count" not in statement
    )


def test_bins_that_a_variant_repeats_may_be_without_events() -> None:
    region = 'region r\n  select MET.pt > 200 GeV as "met"\n  bin "high" MET.pt > 300 GeV\n'
    variant = 'region s\n  take r without "met"\n  select MET.pt < 100 GeV\n'
    assert codes(region + variant, "nanoaod") == []


@pytest.mark.parametrize(
    ("ranges", "argument", "expected"),
    [
        ("0.9 for 30 GeV to inf", "pt", ["W613"]),
        ("0.9 for 20 GeV to inf", "pt", []),
        ("0.9 for 20 GeV to 200 GeV", "pt", []),  # no cut bounds it from above
        ("0.9 for 30 GeV to inf otherwise 1", "pt", []),
        ("0.9 for 20 GeV to 40 GeV, 0.8 for 50 GeV to inf", "pt", ["W613"]),
        ("0.9 for 0 GeV to 5 GeV, 0.8 for 10 GeV to inf", "pt", []),  # below the cut
        ("0.9 for 0 to 2.4", "|eta|", []),
        ("0.9 for 0 to 2.1", "|eta|", ["W613"]),
        ("0.9 for 0 to 1.3, 0.8 for 1.6 to 2.4", "|eta|", []),  # the gap is left out by a cut
        ("0.9 for 0 to 1.2, 0.8 for 1.6 to 2.4", "|eta|", ["W613"]),
        ("0.9 for 0 to 2.4", "eta", ["W613"]),
        ("0.9 for -2.4 to 2.4", "eta", []),
        ("0.9 for 20 TeV to inf", "pt", ["W613"]),
    ],
)
def test_tables_without_some_values(ranges: str, argument: str, expected: list[str]) -> None:
    table = f"table sf(x) {ranges}\n"
    cuts = "  select pt > 20 GeV and |eta| < 2.4\n  reject 1.3 < |eta| < 1.6\n"
    of_item = argument.replace("pt", "e.pt").replace("eta", "e.eta")
    of_first = argument.replace("pt", "es[0].pt").replace("eta", "es[0].eta")
    for let, weight in (
        (f"  let s = sf({argument})\n", "product(es.s)"),
        ("", f"product(sf({of_item}) for e in es)"),
        ("", f"sf({of_first})"),
    ):
        region = f"region r\n  select count(es) == 1\n  weight w = {weight}\n"
        assert codes(f"{table}object es\n  take Electron\n{cuts}{let}{region}", "nanoaod") == expected
        sure = region.replace(weight, f"default({weight}, 1)")
        if not let:
            assert codes(f"{table}object es\n  take Electron\n{cuts}{sure}", "nanoaod") == []
    taken = f"{table}object stored\n  take Electron\n  let s = sf({argument})\nobject es\n  take stored\n{cuts}"
    assert codes(f"{taken}region r\n  weight w = product(es.s)\n", "nanoaod") == []


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        ("leptons[0].flavour == electron or leptons[0].flavour == muon", ["W614"]),
        ("leptons[0].flavour == tau", ["W614"]),
        ("leptons[0].flavour != tau and count(muons) > 0", ["W614"]),
        ("not (leptons[0].flavour == jet)", ["W614"]),
        ("muons[0].flavour == muon", ["W614"]),
        ("any(l.flavour == photon for l in leptons)", ["W614"]),
        ("count(l for l in leptons if l.flavour != jet and l.pt > 9 GeV) > 1", ["W614"]),
        ("all(p.flavour == electron or p.flavour == muon for p in pairs[0].parts)", ["W614"]),
        ("pairs[0].b.flavour == muon or pairs[0].b.flavour == electron", ["W614"]),
        ("leptons[0].flavour == electron or leptons[1].flavour == muon", []),
        ("leptons[0].flavour == electron", []),
        ("leptons[0].flavour == electron and leptons[0].pt > 9 GeV or leptons[0].flavour == muon", []),
        ("is_hard(muons[0])", []),
        ("count(mu for mu in muons if (if mu.flavour == electron then mu.pt else mu.energy) > 9 GeV) > 0", []),
    ],
)
def test_kinds_that_all_items_are_of(cut: str, expected: list[str]) -> None:
    """Of electrons and muons, the format says of which kind they are."""
    objects = "object muons\n  take Muon\nobject leptons\n  take Electron, muons\n  sort by pt descending\n"
    function = "define is_hard(l) = l.flavour == electron or l.pt > 9 GeV and l.flavour == muon\n"
    pairs = "composite pairs\n  take leptons a, leptons b\n  keep highest mass\n"
    told = codes(f"{objects}{function}{pairs}region r\n  select {cut}\n", "nanoaod")
    assert [code for code in told if code not in ("H708", "H709")] == expected


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("select muons[0].pt > 25 TeV", 1),
        ("select 80 TeV < (muons[0] + muons[1]).mass < 100 TeV", 1),
        ("select sum(Jet.pt) > 500000 GeV", 1),
        ("select MET.pt > 14 TeV", 1),
        ("select MET.pt > 12 TeV", 0),
        ("select MET.pt > 25 MeV", 1),
        ("select all(j.pt > 30 MeV for j in Jet)", 1),
        ("select count(t for t in IsoTrack if t.pt > 60 MeV) > 0", 0),
        ("select |muons[0].eta| < 25", 1),
        ("select deta(Jet[0], Jet[1]) > 35", 1),
        ("select dr(muons[0], Jet[0]) > 40", 1),
        ("select |muons[0].eta| < 4.9 and dr(muons[0], Jet[0]) < 6", 0),
        ("select |(Jet[0] + Jet[1]).phi| < 120", 1),
        ("histogram azimuth = Jet.phi bins 20 from -180 to 180", 1),
        ("select |Jet[0].phi| < 3.2", 0),
        ("select Jet[0].pt / Jet[1].pt > 25", 0),
        ("select |muons[0].dz| < 0.5 mm", 0),
        ("select muons[0].pfreliso04 < 15", 1),
        ("select muons[0].pfreliso04 < 0.15 and muons[0].pf_iso_id >= 5", 0),
        ("select muons[0].tunep_pt_error_stored / muons[0].pt < 20", 1),
        ("select muons[0].tunep_pt_error_stored / muons[0].pt < 0.2", 0),
        ("select muons[0].energy / muons[0].pt < 6", 0),
        ("histogram m = MET.pt bins 20 from 0 GeV to 200000 GeV", 1),
        ("histogram m = Jet.pt bins 20 from 0 GeV to 200000 GeV", 1),
        ("histogram m = MET.pt bins 20 from 0 GeV to 2000 GeV", 0),
    ],
)
def test_numbers_out_of_all_proportion(statement: str, told: int) -> None:
    text = f"object muons\n  take Muon\nregion r\n  {statement}\n"
    head = 'hepsel 1\nanalysis "x"\n  energy 13 TeV\n'
    found = [item.code for item in check_text(head + text, "nanoaod").diagnostics if item.code != "H709"]
    assert found == ["W615"] * told
    of_future = check_text(head.replace("13 TeV", "1000 TeV") + text, "nanoaod").diagnostics
    energies = "TeV" in statement or "000 GeV" in statement
    assert ("W615" in [item.code for item in of_future]) == (bool(told) and not energies)


_LEPTONS = """object es
  take Electron
object mus
  take Muon
object leptons
  take es, mus
composite pairs
  take leptons a, leptons b
"""


@pytest.mark.parametrize(
    ("block", "cuts", "told"),
    [
        ("select a.charge + b.charge == 0\n  keep lowest |mass - m_Z|", "count(pairs) == 1", True),
        ("select a.charge != b.charge\n  sort by |91 GeV - mass| ascending", "count(pairs) > 1", True),
        ("select charge == 0\n  keep lowest |mass - 91 GeV|", "pairs[0].mass > 9 GeV", True),
        (
            "select a.charge + b.charge == 0 and a.flavour == b.flavour\n  keep lowest |mass - m_Z|",
            "count(pairs) == 1",
            False,
        ),
        ("select a.charge + b.charge == 0\n  keep lowest |mass - m_Z|", "pairs[0].a.flavour == muon", False),
        ("select a.charge + b.charge == 0\n  keep lowest |mass - m_Z|", "count(es) == 2 and count(pairs) == 1", False),
        ("select a.charge + b.charge == 0\n  keep highest pt", "count(pairs) == 1", False),
        ("keep lowest |mass - m_Z|", "count(pairs) == 1", False),
    ],
)
def test_pairs_of_two_flavours(block: str, cuts: str, told: bool) -> None:
    text = f"define m_Z = 91.2 GeV\n{_LEPTONS}  {block}\nregion r\n  select {cuts}\n"
    assert ("H722" in codes(text, "nanoaod")) == told
    assert "H722" not in codes(text.replace("take es, mus", "take mus"), "nanoaod")
    assert "H722" not in codes(text.replace("leptons a, leptons b", "es a, mus b"), "nanoaod")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("select count(Jet) > 1\n  select MET.pt > 9 GeV", "select MET.pt > 9 GeV and count(Jet) > 1", True),
        ("let x = MET.pt\n  select x > 9 GeV", "let y = MET.pt\n  select y > 9 GeV", True),
        ("select any(j.pt > 9 GeV for j in Jet)", "select any(k.pt > 9 GeV for k in Jet)", True),
        ("weight w = event.weight\n  select MET.pt > 9 GeV", "weight v = event.weight\n  select MET.pt > 9 GeV", True),
        ("weight w = event.weight\n  select MET.pt > 9 GeV", "select MET.pt > 9 GeV", False),
        ("select MET.pt > 9 GeV", "reject MET.pt > 9 GeV", False),
        ("select MET.pt > 9 GeV", "select MET.pt > 8 GeV", False),
        ("select MET.pt > 9 GeV", 'select MET.pt > 9 GeV\n  external "a trigger"', False),
        ("save x = MET.pt", "save x = MET.pt", False),
        ("select MET.pt > 9 GeV", "save x = Muon[0].pt, y = Muon[0].pt", True),
        ("select MET.pt > 9 GeV", "save x = Muon[0].pt, y = Muon[1].pt", False),
        (
            "select MET.pt > 9 GeV",
            "histogram x = MET.pt bins 2 from 0 to 1\n  histogram y = MET.pt bins 2 from 0 to 1",
            True,
        ),
        (
            "select MET.pt > 9 GeV",
            "histogram x = MET.pt bins 2 from 0 to 1\n  histogram y = MET.pt bins 3 from 0 to 1",
            False,
        ),
        (
            "select MET.pt > 9 GeV",
            "histogram x = MET.pt bins 2 from 0 to 1\n  select PV.z > 0 cm\n  histogram y = MET.pt bins 2 from 0 to 1",
            False,
        ),
    ],
)
def test_the_same_under_two_names(first: str, second: str, told: bool) -> None:
    second = second.replace("to 1", "to 1 GeV").replace("from 0", "from 0 GeV")
    assert codes(f"region r\n  {first}\nregion s\n  {second}\n", "nanoaod").count("H723") == told


def test_a_variant_may_be_the_same() -> None:
    region = "define low = 9 GeV\nregion r\n  select MET.pt > low\n  save x = Muon[0].pt, y = Muon[1].pt\n"
    assert codes(f"{region}region s\n  take r with low = 9 GeV\n", "nanoaod") == []


@pytest.mark.parametrize(
    ("statements", "cut", "expected"),
    [
        ("keep first 2\n  sort by pt descending", "count(leptons) == 2", ["H703"]),
        ("sort by pt descending\n  keep first 2", "count(leptons) == 2", []),
        ("select pt > 9 GeV", "sum(leptons.pt[0:2]) > 50 GeV", ["H703"]),
        ("select pt > 9 GeV", "sum(leptons[0:2]).mass > 50 GeV", ["H703"]),
        ("select pt > 9 GeV", "sum(leptons[1:].pt) > 50 GeV", []),
        ("sort by pt descending", "sum(leptons.pt[0:2]) > 50 GeV", []),
    ],
)
def test_the_first_few_of_a_union(statements: str, cut: str, expected: list[str]) -> None:
    text = f"object leptons\n  take Electron, Muon\n  {statements}\nregion r\n  select {cut}\n"
    assert codes(text, "nanoaod") == expected
    assert codes(text.replace("Electron, Muon", "Muon"), "nanoaod") == []


def test_thresholds_of_items_in_ascending_order() -> None:
    text = "object mus\n  take Muon\n  sort by pt ascending\nregion r\n  select count(mus) == 2\n"
    assert codes(f"{text}  select mus[0].pt > 40 GeV\n  select mus[1].pt > 20 GeV\n", "nanoaod") == ["H719"]
    assert codes(f"{text}  select mus[0].pt > 20 GeV\n  select mus[1].pt > 40 GeV\n", "nanoaod") == []


@pytest.mark.parametrize(
    ("criterion", "told"),
    [
        ('select count(Jet) >= 3 as "at least 4 jets"', True),
        ('select count(Jet) >= 3 as "at least four jets"', True),
        ('select count(Jet) > 2 as "≥ 2 jets"', True),
        ('select count(Jet) > 3 as "at least four jets"', False),
        ('select count(Jet) >= 4 as "more than three jets"', False),
        ('select count(Jet) == 2 as "at least two jets"', True),
        ('select count(Jet) >= 2 as "exactly two jets"', True),
        ('select count(Jet) == 0 as "< 1 jets"', False),
        ('select MET.pt > 250 GeV as "E_T^miss > 200 GeV"', True),
        ('select MET.pt < 200 GeV as "E_T^miss > 200 GeV"', True),
        ('select MET.pt > 200 GeV as "E_T^miss above 200 GeV"', False),
        ('select MET.pt >= 0.2 TeV as "E_T^miss > 200 GeV"', False),
        ('select MET.pt > low as "E_T^miss > 200 GeV"', True),
        ('select 150 GeV < MET.pt as "MET > 150 GeV"', False),
        ('select |Jet[0].eta| < 2.5 as "|eta| < 2.4"', True),
        ('select |Jet[0].eta| < 2.5 as "jets with R = 0.4"', False),
        ('select |Jet[0].eta| < 2.5 as "isolation in a cone of dR < 0.3"', False),
        ('select |Jet[0].eta| < 0.025 as "< 2.5%"', False),
        ('reject MET.pt < 200 GeV as "MET < 200 GeV"', False),
        ('reject MET.pt < 200 GeV as "MET > 200 GeV"', False),
        ('reject MET.pt < 200 GeV as "MET > 250 GeV"', True),
        ('select count(Muon) == 0 as "no muon above 0"', False),
        ('select count(Jet) >= 3 as "4"', False),
        ('select count(Jet) >= 3 as "2.1"', False),
        ('select count(Jet) >= 3 as "four jets"', False),
        ('select count(Jet) >= 3 as "2l, >= 3 jets with pT > 30 GeV"', False),
        ('select count(Jet) >= 3 as "pT > 30 GeV"', False),
        ('select 150 GeV < MET.pt < 200 GeV as "MET > 200 GeV"', False),
    ],
)
def test_labels_that_name_another_bound(criterion: str, told: bool) -> None:
    text = f"define low = 150 GeV\nregion r\n  {criterion}\n"
    assert ("H724" in codes(text, "nanoaod")) == told


@pytest.mark.parametrize(
    ("cut", "told"),
    [
        ("min(dr(i, j) for i in Jet for j in Jet) > 0.4", True),
        ("any(dr(i, j) < 0.4 for i in Jet for j in Jet)", True),
        ("all(dr(i, j) > 0.4 for i in Jet for j in Jet)", True),
        ("any(dr(i, j) < 0.4 for i in Jet for j in Jet if i != j)", False),
        ("any(dr(i, j) < 0.4 and i.pt > j.pt for i in Jet for j in Jet)", False),
        ("min(dr(i, j) for i, j in Jet) > 0.4", False),
        ("min(dr(i, j) for i in Jet for j in Muon) > 0.4", False),
        ("any(dr(i, j) > 3 for i in Jet for j in Jet)", False),
    ],
)
def test_pairs_of_an_item_with_itself(cut: str, told: bool) -> None:
    assert ("H718" in codes(f"region r\n  select {cut}\n", "nanoaod")) == told


@pytest.mark.parametrize(
    ("cleaning", "cut", "told"),
    [
        ("reject any(dr(this, mu) < 0.4 for mu in Muon)", "count(cleaned) > 1 and sum(jets.pt) > 50 GeV", True),
        ("reject any(dr(this, mu) < 0.4 for mu in Muon)", "count(cleaned) > 1 and ht > 50 GeV", True),
        ("reject any(dr(this, mu) < 0.4 for mu in Muon)", "count(cleaned) > 1 and sum(cleaned.pt) > 50 GeV", False),
        ("reject any(dr(this, mu) < 0.4 for mu in Muon)", "ht > 50 GeV", False),
        (
            "reject any(dr(this, mu) < 0.4 for mu in Muon)\n  select pt > 50 GeV",
            "count(cleaned) > 1 and ht > 50 GeV",
            False,
        ),
        ("select pt > 50 GeV", "count(cleaned) > 1 and ht > 50 GeV", False),
        ("sort by eta ascending", "count(cleaned) > 1 and ht > 50 GeV", False),
        ("select any(dr(this, mu) < 2 for mu in Muon)", "count(cleaned) > 1 and ht > 50 GeV", False),  # those near
        ("select not any(dr(this, mu) < 0.4 for mu in Muon)", "count(cleaned) > 1 and ht > 50 GeV", True),
        ("reject any(0.2 < dr(this, mu) < 0.4 for mu in Muon)", "count(cleaned) > 1 and ht > 50 GeV", True),
    ],
)
def test_a_region_asks_for_items_before_and_after_cleaning(cleaning: str, cut: str, told: bool) -> None:
    objects = f"object jets\n  take Jet\n  select pt > 30 GeV\nobject cleaned\n  take jets\n  {cleaning}\n"
    text = f"{objects}define ht = sum(jets.pt)\nregion r\n  select {cut}\n"
    assert ("H720" in codes(text, "nanoaod")) == told
    in_two = text.replace(" > 1 and", " > 1\nregion s\n  take r\n  select")
    assert ("H720" in codes(in_two, "nanoaod")) == told
    variant = f"{text}region v\n  take r with jets = cleaned\n"
    assert codes(variant, "nanoaod") == codes(text, "nanoaod")


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("(z[0] + z[1]).mass", True),
        ("(z[0] + Jet[0] + z[1]).mass", True),
        ("dr(z[0], z[1])", True),
        ("dphi(lead, z[1])", True),
        ("(z[0] + near[0]).mass", True),
        ("(z[0] + w[0]).mass", True),
        ("(z[0] + apart[0]).mass", False),  # which asks for `z`
        ("(z[0] + ee[0]).mass", False),
        ("(z[0] + z[0].a).mass", False),
        ("quads[0].mass", False),
        ("z[0].mass + z[1].mass", False),
        ("(z[0] - z[1]).mass", False),
    ],
)
def test_candidates_that_may_share_an_item(expression: str, told: bool) -> None:
    blocks = (
        "composite z\n  take Muon a, Muon b\n  sort by pt descending\nobject near\n  take z\n  select mass > 80 GeV\n"
        "composite w\n  take Muon a, Jet b\n  sort by pt descending\ncomposite ee\n  take Electron a, Electron b\n"
        "composite apart\n  take Muon a, Jet b\n  reject any(a == p for pair in z for p in pair.parts)\n"
        "composite quads\n  take ordered z one, z other\ndefine lead = z[0]\n"
    )
    assert ("H725" in codes(f"{blocks}region r\n  save x = {expression}\n", "nanoaod")) == told


def test_a_region_that_is_a_condition_asks_for_its_own_items() -> None:
    text = """object jets
  take Jet
  select pt > 30 GeV
object cleaned
  take jets
  reject any(dr(this, mu) < 0.4 for mu in Muon)
region raw
  select count(jets) >= 2
region r
  select count(cleaned) >= 1
  reject raw
"""
    assert codes(text, "nanoaod") == []
    assert codes(text.replace("reject raw", "reject count(jets) >= 2"), "nanoaod") == ["H720"]


_REMOVAL = "reject any(dr(this, l) < 0.4 for l in leptons)"


@pytest.mark.parametrize(
    ("of_jets", "of_bjets", "told"),
    [
        (f"select pt > 20 GeV and |eta| < 2.5\n  {_REMOVAL}", "take Jet\n  select pt > 30 GeV and |eta| < 2.4", True),
        (f"select is_tight_id\n  {_REMOVAL}", "take Jet\n  select is_tight_id\n  select pt > 30 GeV", True),
        ("select all(dr(this, l) > 0.4 for l in leptons)", "take Jet\n  select btag_deepflavour > 0.3", True),
        ("reject min(dr_rapidity(l, this) for l in leptons) < 0.4", "take all_jets", True),
        (f"select pt > 30 GeV\n  {_REMOVAL}", "take Jet\n  select pt > 20 GeV", False),  # looser
        (f"select is_tight_id\n  {_REMOVAL}", "take Jet\n  select pt > 30 GeV", False),
        (_REMOVAL, "take jets\n  select btag_deepflavour > 0.3", False),
        (_REMOVAL, f"take Jet\n  {_REMOVAL}", False),
        (_REMOVAL, "take Tau\n  select pt > 20 GeV", False),
        ("select pt > 30 GeV", "take Jet\n  select pt > 30 GeV", False),
        ("select any(2 > dr(this, l) for l in leptons)", "take Jet\n  select pt > 30 GeV", False),  # those near
        ("reject all(dr(this, l) > 2 for l in leptons)", "take Jet\n  select pt > 30 GeV", False),
        ("reject any(dphi(this, l) < 0.4 for l in leptons)", "take Jet\n  select pt > 30 GeV", False),
    ],
)
def test_without_overlap_removal(of_jets: str, of_bjets: str, told: bool) -> None:
    text = f"""object leptons
  take Electron, Muon
object all_jets
  take Jet
object jets
  take Jet
  {of_jets}
object bjets
  {of_bjets}
region r
  select count(jets) >= 4 and count(bjets) >= 2
"""
    assert codes(text, "nanoaod") == ["H720"] * told
    apart = text.replace(" and count(bjets) >= 2", "\nregion s\n  select count(bjets) >= 2")
    assert codes(apart, "nanoaod") == []


def test_a_variant_without_the_removal() -> None:
    text = """object jets
  take Jet
  reject any(dr(this, l) < 0.4 for l in Electron)  as "removal"
object near_too
  take jets without "removal"
region r
  select count(jets) >= 4 and count(near_too) >= 5
"""
    assert codes(text, "nanoaod") == []
    assert codes(text.replace('jets without "removal"', "Jet"), "nanoaod") == ["H720"]


def test_candidates_are_not_cleaned_as_others_are() -> None:
    text = """composite near
  take Muon a, Muon b
  select mass < 10 GeV
composite away
  take Electron a, Electron b
  reject any(dr(this, j) < 0.4 for j in Jet)
region r
  select count(near) >= 1 and count(away) >= 1
"""
    assert codes(text, "nanoaod") == []


def test_all_jets_that_clean_the_leptons() -> None:
    text = """object all_jets
  take Jet
object leptons
  take Electron
  reject any(dr(this, j) < 0.2 for j in all_jets)
object jets
  take Jet
  reject any(dr(this, l) < 0.4 for l in leptons)
region r
  select count(jets) >= 4 and count(all_jets) >= 5
"""
    assert codes(text, "nanoaod") == []
    assert codes(text.replace("for j in all_jets", "for j in Jet"), "nanoaod") == ["H720"]


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select items[1].pt > 40 GeV\n  select items[0].pt > 25 GeV", ["H719"]),
        ("select items[0].pt > 25 GeV\n  select items[3].pt > 25.5 GeV", ["H719"]),
        ("select items[0].pt > 25 GeV and items[1].pt > 25 GeV", []),
        ("select items[0].pt > 25 GeV\n  reject items[1].pt < 40 GeV", []),
        ("select items[0].pt > 25 GeV\n  select items[1].pt > 40 GeV or items[1].eta < 0", []),
        ("select items[0].mass > 25 GeV\n  select items[1].mass > 40 GeV", []),
        ("select items[-1].pt > 40 GeV\n  select items[-2].pt > 25 GeV", []),
        ("select items[0].pt > 25 GeV\n  select Jet[1].pt > 40 GeV", []),
    ],
)
@pytest.mark.parametrize(
    ("block", "sorted_by_pt"),
    [
        ("take Muon", True),
        ("take Jet, Muon\n  sort by pt descending", True),
        ("take Jet\n  let p4 = 1.1 * this\n  sort by pt descending, eta ascending", True),
        ("take Jet\n  let p4 = this + MET", False),
        ("take Jet\n  sort by pt ascending", False),
        ("take Jet\n  sort by eta descending", False),
        ("take Jet, Muon", False),
    ],
)
def test_thresholds_rise(block: str, sorted_by_pt: bool, cuts: str, told: list[str]) -> None:
    found = codes(f"object items\n  {block}\nregion r\n  {cuts}\n", "nanoaod")
    assert [code for code in found if code not in ("H703", "H709")] == (told if sorted_by_pt else [])


@pytest.mark.parametrize(
    ("slots", "told"),
    [("Muon a, Muon b", ["H719"]), ("ordered Muon a, Muon b", []), ("Muon a, Jet b", []), ("Muon b, Muon a", [])],
)
def test_thresholds_of_slots_rise(slots: str, told: list[str]) -> None:
    text = f"composite pairs\n  take {slots}\n  select a.pt > 15 GeV\n  select b.pt > 25 GeV\n"
    assert codes(text, "nanoaod") == told


@pytest.mark.parametrize(
    ("cut", "told"),
    [
        ("select count(hard) >= 2\n  select hard[1].pt > 15 GeV", ["W601"]),
        ("select hard[1].pt > 15 GeV", []),  # which asks for a second one
        ("select hard[0].pt > 25 GeV", []),
        ("reject hard[0].pt < 20 GeV", ["W601"]),
        ("select count(harder) >= 1\n  select harder[0].pt >= 20 GeV", ["W601"]),
        ("select hard[0].pt < 18 GeV", ["W602"]),
        ("select count(hard) >= 1\n  select |hard[0].eta - hard[1].eta| < 6", []),
        ("select count(hard) >= 1\n  select 20 GeV < hard[0].pt < 50 GeV", []),  # one of the two asks for something
        ("select count(hard) >= 1\n  reject hard[1].mass < 9 GeV", []),
        ("reject hard[0].mass > 9 GeV", ["W601"]),
        ("select count(changed) >= 1\n  select changed[0].pt > 15 GeV", []),
        ("select count(both) >= 1\n  select both[0].pt > 15 GeV", []),
    ],
)
def test_what_the_object_asks_is_known_of_its_items(cut: str, told: list[str]) -> None:
    text = f"""
object hard
  take Muon
  select pt > 20 GeV and |eta| < 2.4
  reject mass > 5 GeV
object harder
  take hard
  select is_tight
object changed
  take hard
  let p4 = 0.5 * this
object both
  take hard, Jet
region r
  {cut}
"""
    assert [code for code in codes(text, "nanoaod") if code not in ("H703", "H709")] == told


def test_what_a_block_with_errors_asks_is_not_all_known() -> None:
    text = """object some_muons
  take Muon
  select no_attribute > 3
object other_muons
  take Muon
  select pt > 20 GeV
region r
  select count(some_muons) == 0
  select count(other_muons) == 0
"""
    assert codes(text, "nanoaod") == ["E200"]
    assert codes(text.replace("no_attribute > 3", "pt > 10 GeV"), "nanoaod") == ["W601"]


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select count(pairs) >= 1\n  select pairs[0].mass > 9 GeV", ["pairs[0]"]),
        ("select pairs[0].mass > 9 GeV and pairs[1].mass > 9 GeV\n  save m_ll = pairs[0].mass", ["pairs[0]"]),
        ("save m_ll = near[-1].mass, pt = pairs[0].pt", ["near[-1]", "pairs[0]"]),
        ("let z = pairs[0]\n  select z.mass > 9 GeV", ["pairs[0]"]),
        ("select count(pairs) == 1 and pairs[0].mass > 9 GeV", []),
        ("reject count(pairs) > 1\n  histogram m_ll = near[0].mass bins 2 from 0 GeV to 9 GeV", []),
        ("select count(Muon) == 2\n  select pairs[0].mass > 9 GeV", []),
        ("select count(pairs) == 2\n  select pairs[0].mass > 9 GeV", ["pairs[0]"]),
        ("select count(Muon) == 3\n  select pairs[0].mass > 9 GeV", ["pairs[0]"]),
        ("select count(Muon) == 2\n  select orders[0].mass > 9 GeV", ["orders[0]"]),
        ("select count(Muon) == 1 and count(Jet) == 1\n  select mixed[0].mass > 9 GeV", []),
        ("select count(Muon) == 1\n  select mixed[0].mass > 9 GeV", ["mixed[0]"]),
        ("select best[0].mass > 9 GeV and by_mass[1].mass > 9 GeV", []),
        ("select any(p.mass > 9 GeV for p in pairs) and Jet[0].pt > 9 GeV", []),
    ],
)
def test_candidates_in_no_order(cuts: str, told: list[str]) -> None:
    composites = """composite pairs
  take Muon a, Muon b
object near
  take pairs
  select mass < 99 GeV
object by_mass
  take near
  sort by mass descending
composite best
  take Muon a, Muon b
  keep highest mass
composite orders
  take ordered Muon a, Muon b
composite mixed
  take Muon a, Jet b
"""
    found = check_text(f'hepsel 1\nanalysis "x"\n{composites}region r\n  {cuts}\n', "nanoaod").diagnostics
    assert [item.message.split("`")[1] for item in found if item.code == "H717"] == told
    assert not [item for item in found if item.severity == "error"]


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("region r\n  select count(jets) > 1", ["veto", "pairs"]),
        ("region r\n  select count(jets) > 1 and count(veto) == 0 and count(pairs) == 0", []),
        ("define free = count(veto) == 0\nregion r\n  select count(jets) > 1\nregion s\n  select free", ["pairs"]),
        ("define free = count(veto) == 0\nregion r\n  select count(jets) > 1", ["veto", "pairs", "free"]),
        ("define low = 9 GeV\nregion r\n  select jets[0].pt > low and count(pairs) + count(veto) > 0", []),
        (
            "define low = 9 GeV\nobject w\n  take veto\n  select pt > low\nregion r\n  select count(pairs) > 0",
            ["veto", "w"],
        ),
        (
            "define low = 9 GeV\nregion r\n  save n = count(pairs) + count(veto)\nregion s\n  take r with low = 8 GeV",
            [],
        ),
        ("table sf(x) 1 for 0 to inf\nregion r\n  select count(pairs) + count(veto) > 0", ["sf"]),
        ("define f(x) = x + 1\nregion r\n  select f(count(pairs)) + count(veto) > 0", []),
        ("object others\n  take veto\nregion r\n  save pt = jets.pt, n = count(others)", ["pairs"]),
        ("region r\n  histogram n = count(pairs) bins 2 from 0 to 2", ["veto"]),
        ("region r\n  save n = count(jets)\nregion s\n  take r with jets = veto", ["pairs"]),
        ("region r\n  select any(dr(i, j) < 1 for i in veto for j in pairs)", []),
        ("region r\n  select count(Jet) > 1", []),  # nor for any other
        ("define n = count(jets)", []),
        ("region r\n  select count(jets) > 1 and unknown", []),  # an error
    ],
)
def test_objects_that_no_region_asks_for(rest: str, told: list[str]) -> None:
    objects = "object jets\n  take Jet\nobject veto\n  take Electron\ncomposite pairs\n  take jets a, jets b\n"
    found = check_text(f'hepsel 1\nanalysis "x"\n{objects}{rest}\n', "nanoaod").diagnostics
    assert [item.message.split("`")[1] for item in found if item.code == "H714"] == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("object e\n  take Electron\n  select Muon[0].pt > 20 GeV", ["this"]),
        ("object e\n  take Electron\n  reject pt < 9 GeV or MET.pt < 9 GeV or lead.pt > 9 GeV", ["this", "this"]),
        ("composite z\n  take Muon a, Muon b\n  select count(Muon) == 2 and mass > 9 GeV", ["this"]),
        ("composite z\n  take Muon a, Muon b\n  select all(p.pt > cut for p in parts)", []),
        ("object e\n  take Electron\n  select trigger.X and pt > 9 GeV or MET.pt > 9 GeV", []),
        ("object e\n  take Electron\n  select this in Electron or this == Electron[0]", []),
        ("object e\n  take Electron\n  select any(unknown for j in Jet)", []),  # an error
        ("object j\n  take Jet\n  reject any(dr(this, mu) < 0.4 and pt > 20 GeV for mu in Muon)", ["pt"]),
        ("object j\n  take Jet\n  reject any(dr(this, mu) < 0.4 and this.pt > 20 GeV for mu in Muon)", []),
        ("object j\n  take Jet\n  reject any(mu.pt > 0.5 * pt and btag > 0.1 for mu in Muon)", []),
        ("object j\n  take Jet\n  reject any(dr(this, mu) < 0.4 for mu in Muon if pt > 20 GeV)", ["pt"]),
        ("object j\n  take Jet\n  let n = count(mu for mu in Muon if pt > 20 GeV)", ["pt"]),
        ("object j\n  take Jet\n  let x = sum(pt for mu in Muon)", ["pt"]),
        ("region r\n  select any(Jet[0].pt > 30 GeV for j in Jet)", ["j"]),
        ("region r\n  let x = sum(lead.pt for j in Jet)", ["j"]),
        ("region r\n  select count(j for j in Jet if MET.pt > 9 GeV and j.pt > cut) > 1", ["j"]),
        ("region r\n  select count(j for j in Jet if j.pt > cut) > 1 and sum(1 for j in Jet) > 2", []),
        ("region r\n  select any(any(dr(i, j) < 1 and i.pt > cut for j in Jet) for i in Muon)", []),
        (
            "region r\n  select any(2 * Jet.pt > cut) and any(i.pt > cut and dr(i, j) < 1 for i in Muon for j in Jet)",
            [],
        ),
    ],
)
def test_conditions_that_ask_for_something_else(body: str, told: list[str]) -> None:
    definitions = "define cut = 20 GeV\ndefine lead = Muon[0]\n"
    found = check_text(f'hepsel 1\nanalysis "x"\n{definitions}{body}\n', "nanoaod").diagnostics
    said = [item.message for item in found if item.code == "H713"]
    assert [message.split("`")[1] if "`" in message else "this" for message in said] == told


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [
        ("reject count(two) > 2", ["W601"]),
        ("select count(soft) <= 2", ["W601"]),
        ("select count(two) == 3", ["W602"]),
        ("select count(j for j in two if j.pt > 99 GeV) > 2", ["W602"]),
        ("select count(best) >= 2", ["W602"]),
        ("select count(best) >= 1\n  select count(best) == 1", ["W601"]),
        ("select count(two) == 2", []),
        ("select count(both) == 3", []),
        ("select count(Jet) == 3", []),
        ("select two[2].pt > 9 GeV", ["W602"]),
        ("reject soft[-3].pt > 9 GeV or best[1].mass > 9 GeV", ["W601"]),
        ("select two[-2].pt > 9 GeV and two[1].pt > 9 GeV", []),
        ("select count(Jet) == 3 and Jet[3].pt > 9 GeV", ["W602"]),
        ("reject count(Jet) > 0\n  select dr(Muon[0], Jet[0]) > 0.4", ["W602"]),
        ("select count(Jet) == 1\n  let next = soft[1]\n  select |next.eta| < 2", ["W602"]),  # soft ones are jets
        ("select count(soft) == 1\n  select Jet[1].pt > 9 GeV and largest(Jet.pt, 2) > 9 GeV", []),
        ("select count(Muon) == 1\n  select largest(both.pt, 2) > 9 GeV", []),
        ("select count(Jet) == 2\n  select largest(Jet.pt, 3) > 9 GeV", ["W602"]),
        ("select count(Jet) == 2 or (count(Jet) == 3 and Jet[2].pt > 9 GeV)", []),
        ("select count(Jet) == 2\n  select default(Jet[2].pt, 0 GeV) < 9 GeV and not exists(Jet[2])", []),
        ("select count(Jet) == 2\n  save x = (Jet[0] + Jet[2]).mass, y = Jet[1].pt, z = Jet[2].eta", ["W602", "W602"]),
        ("select count(Jet) == 2\n  histogram pt = Jet[2].pt bins 2 from 0 GeV to 9 GeV", ["W602"]),
        ("select count(Jet) == 2\n  bins pt = Jet[2].pt bins 2 from 0 GeV to 9 GeV", ["W602"]),
        ("select count(Jet) == 2\n  weight w = Jet[2].eta", ["W602"]),
        ("select Jet[2].pt > 9 GeV\n  reject count(Jet) > 2", ["W602"]),
        ("select soft[-2].pt > 9 GeV\n  select count(Jet) == 1", ["W602"]),  # soft ones are jets
        ("select two[1].pt > 9 GeV and count(two) < 2", ["W602"]),
        ("select Jet[1].pt > 9 GeV\n  select count(soft) == 1 and count(Jet) == 2", []),
        ("reject Jet[1].pt > 9 GeV\n  select count(Jet) == 1", []),
        ("select Jet[1].pt > 9 GeV or count(Jet) == 1", []),
        ("select default(Jet[1].pt, 0 GeV) < 9 GeV\n  select count(Jet) == 1", []),
    ],
)
def test_counts_of_what_is_kept(cuts: str, expected: list[str]) -> None:
    objects = "object two\n  take Jet\n  keep first 2\nobject soft\n  take two\n  select pt < 50 GeV\n"
    objects += "object both\n  take two, Muon\ncomposite best\n  take Muon a, Muon b\n  keep highest mass\n"
    assert codes(f"{objects}region r\n  {cuts}\n") == expected


def test_what_there_is_too_little_of_is_said() -> None:
    body = """object two
  take Jet
  keep first 2
composite best
  take Muon a, Muon b
  keep highest mass
region r
  select two[-3].pt > 9 GeV
region s
  select best[1].mass > 9 GeV
region t
  select largest(two.pt, 11) > 9 GeV
region u
  select count(Jet) == 0
  select Jet[22].pt > 9 GeV
"""
    found = check_text(f'hepsel 1\nanalysis "x"\n{body}', "nanoaod").diagnostics
    assert [item.proposal for item in found if item.code == "W602"] == [
        "of two there are at most 2, and `two[-3]` is the 3rd from the end",
        "of best there is at most 1, and `best[1]` is the 2nd",
        "of two there are at most 2, and `largest(..., 11)` is the 11th",
        "of Jet there is none, and `Jet[22]` is the 23rd",
    ]


_MU_PT = "histogram pt = mu.pt bins 9 from 0 GeV to 90 GeV"


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("weight b = event.weight", ["W610"]),
        ("weight b = 0.5 * (event.prefiring_weight * event.weight)", ["W610"]),
        ("let norm = event.weight / 1000\n  weight b = norm", ["W610"]),
        ("weight b = event.prefiring_weight\n  weight c = event.prefiring_weight / 2", ["W610"]),
        ("weight b = event.prefiring_weight\n  weight c = event.prefiring_weight_up", []),
        ("weight b = 1 / event.weight", []),
        ("weight b = 0.5\n  weight c = 0.5", []),
        ("weight b = half\n  weight c = half", []),
        ("weight b = if event.weight > 0 then 1 else -1", []),
        ("weight b = sf(Jet[0].pt)\n  weight c = sf(Jet[1].pt)", []),
        ("weight b = sf(Jet[0].pt)\n  weight c = sf(Jet[0].pt)", ["W610"]),
        ("weight b = 5 pb * lumi * 1000", ["W608"]),
        ("weight b = 1e3 * lumi * event.prefiring_weight * 5 pb / 20000", ["W608"]),
        ("weight b = 5 pb * lumi / 1000", []),  # it may be the number of generated events
        ("weight b = 1000 * event.prefiring_weight", []),
        ("weight b = product(mu.scale)\n  weight c = product(2 * one.scale for one in mu)", ["W610"]),
        ("weight b = product(0.9 for one in mu)\n  weight c = product(0.9 for one in mu)", []),
        (f"weight b = product(mu.scale)\n  {_MU_PT} with weight mu.scale", ["W610"]),
        (f"weight b = product(mu.scale * mu.other)\n  {_MU_PT} with weight 0.5 * mu.other", ["W610"]),
        (f"weight b = product(mu.scale)\n  {_MU_PT} with weight mu.other", []),
        (f"weight b = product(mu.scale)\n  {_MU_PT} with weight 1 / mu.scale", []),
        (f"weight b = product(Jet.btag)\n  {_MU_PT} with weight mu.scale", []),
        (f"{_MU_PT} with weight mu.scale * event.weight", ["W610"]),
        (f"{_MU_PT} with weight event.weight", ["W610"]),
        (f"{_MU_PT} with weight mu.scale\n  {_MU_PT.replace('pt', 'pt2', 1)} with weight mu.scale", []),
    ],
)
def test_factors_of_weights_that_count_twice_or_thousandfold(weights: str, expected: list[str]) -> None:
    before = "define half = 0.5\ndefine lumi = 36.1 fb^-1\ntable sf(x) 0.9 for 0 GeV to inf\n"
    before += "object mu\n  take Muon\n  let scale = sf(pt)\n  let other = 1 + |eta|\n"
    first = "region base\n  weight a = event.weight\n  select count(Jet) > 1\n"
    assert codes(f"{before}{first}region r\n  take base\n  {weights}\n", "nanoaod") == expected


_FILLED = "histogram h = count(Jet) bins 9 from 0 to 9"


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (f"{_FILLED}\n  weight w = event.weight", True),
        (f'weight v = 0.5\n  {_FILLED}\n  bin "b" count(Jet) > 4\n  weight w = event.weight\n  save n = 1', True),
        (f"weight w = event.weight\n  {_FILLED}", False),
        (f"{_FILLED}\n  weight w = event.weight\n  bins n = count(Jet) edges [0, 1, inf]", False),
        ("weight w = event.weight", False),
        (f"{_FILLED}\n  weight w = event.weight\nregion next\n  take r\n  {_FILLED}", False),
        (f"{_FILLED}\n  weight w = event.weight\nregion next\n  take r with MET = RawMET", True),
    ],
)
def test_weights_behind_all_that_is_filled(rest: str, told: bool) -> None:
    assert codes(f"region r\n  select MET.pt > 1 GeV\n  {rest}\n", "nanoaod") == ["H711"] * told


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("keep lowest mass - m_Z", True),
        ("keep highest a.pt + b.pt, lowest m_Z - mass", True),
        ("let away = mass - 91 GeV\n  keep lowest away", True),
        ("sort by a.pt - 20 GeV descending", True),
        ("keep lowest |mass - m_Z|", False),
        ("keep lowest (mass - m_Z)^2", False),
        ("keep highest a.pt - b.pt", False),
        ("sort by mass / m_Z ascending", False),
        ("let near = argmin(j.pt - 91 GeV for j in Jet).pt", True),
        ("let near = argmin(|j.pt - 91 GeV| for j in Jet).pt", False),
    ],
)
def test_constants_in_what_items_are_ordered_by(key: str, told: bool) -> None:
    text = f"define m_Z = 91.2 GeV\ncomposite pairs\n  take Muon a, Muon b\n  {key}\n"
    assert codes(text) == ["W609"] * told


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ("select eta < 2.4", ["eta"]),
        ("select 2.4 >= this.eta", ["eta"]),
        ("reject eta > 2.4", ["eta"]),
        ("select pt > 5 GeV and eta < 2.4 and dz <= 1 mm", ["eta", "dz"]),
        ("select pt > 5 GeV and (is_tight or eta < 2.4)", ["eta"]),
        ("select eta < (if is_tight then 2.4 else 2.1)", []),
        ("select (if is_tight then eta < 2.4 else |eta| < 2.1)", ["eta"]),
        ("select not eta > 2.4", ["eta"]),
        ("select count(j for j in Jet if j.eta < 2.4) > 1", ["eta"]),
        ("select count(j for j in Jet if j.eta < 2.4 and j.eta > -2.4) > 1", []),
        ("select |eta| < 2.4 and abs(dxy) < 2 mm", []),
        ("select -2.4 < eta < 2.4", []),
        ("select eta > -2.4\n  select eta < 2.4", []),
        ("reject eta > 2.4 or eta < -2.4", []),
        ("reject eta < -2.4\n  select eta < 2.4", []),
        ("select eta < 0\n  select dz < -1 mm", []),
        ("select eta > 2.4", []),
        ("select pt < 5 GeV and charge < 1 and sip3d < 4", []),
        ("select eta < 2.4 or eta > -2.4", ["eta"]),
        ("select (this + Muon[0]).mass - 91 GeV < 15 GeV", ["|... - ...|"]),
        ("select 125 GeV - (this + Muon[0]).mass < nearness", ["|... - ...|"]),
        ("select |(this + Muon[0]).mass - 91 GeV| < 15 GeV", []),
        ("select -5 GeV < (this + Muon[0]).mass - 91 GeV < 15 GeV", []),
        ("select (this + Muon[0]).mass - 91 GeV < 0 GeV", []),
        ("select eta - Muon[0].eta < 2", ["|... - ...|"]),
        ("select pt - Muon[0].pt < 20 GeV", []),
        ("select dphi_signed(this, MET) < 0.4", ["dphi_signed(...)"]),
        ("reject dphi_signed(this, MET) > 0.4 or dphi_signed(this, MET) < -0.4", []),
        ("select |dphi_signed(this, MET)| < 0.4 and dphi_signed(this, MET) < 0", []),
        ("select count(Jet) - 2 <= 2", []),
        ("select dxy > 2 mm", ["dxy"]),
        ("reject pt < 5 GeV or 2 mm > dz", ["dz"]),
        ("select |dxy| > 2 mm and dxy > -5 mm and (dz > 2 mm or dz < -2 mm)", []),
    ],
)
def test_bounds_of_signed_quantities(cuts: str, told: list[str]) -> None:
    header = 'hepsel 1\nanalysis "x"\ndefine nearness = 15 GeV\nobject muons\n  take Muon\n  '
    found = check_text(f"{header}{cuts}\n", "nanoaod").diagnostics
    said = [item for item in found if item.code == "H710"]
    assert [(item.message if "`" in item.message else item.proposal or "").split("`")[1] for item in said] == told
    assert not [item for item in found if item.severity == "error"]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("object jets\n  take Jet\n  select min(dr(this, mu) for mu in Muon) > 0.4", 1),
        ("object jets\n  take Jet\n  let away = min(dr(this, mu) for mu in Muon)\n  select away > 0.4", 1),
        ("object jets\n  take Jet\n  select all(dr(this, mu) > 0.4 for mu in Muon)", 0),
        ("object jets\n  take Jet\n  reject min(dr(this, mu) for mu in Muon) < 0.4", 0),
        ("composite pairs\n  take Muon a, Muon b\n  select min(parts.pt) > 20 GeV", 0),
        ("composite pairs\n  take Muon a, Muon b\n  select min(dr(a, j) for j in Jet) > 1 and a.charge != b.charge", 1),
        ("region a\n  select count(Jet) > 0\nregion b\n  take a\n  select min(Jet.pt) > 30 GeV", 0),
        ("region a\n  select count(Jet) > 0\nregion b\n  select min(Jet.pt) > 30 GeV", 1),
    ],
)
def test_items_and_regions_with_the_least_of_nothing(block: str, told: int) -> None:
    found = check_text(f'hepsel 1\nanalysis "x"\n{block}\n', "nanoaod").diagnostics
    assert [item.code for item in found if item.code == "H709"] == ["H709"] * told
    assert not [item for item in found if item.severity == "error"]


@pytest.mark.parametrize("counted", ["count(leptons) == 1", "count(leptons) <= 1", "count(leptons) < 2"])
def test_the_order_of_one_item_is_of_no_matter(counted: str) -> None:
    text = "object leptons take Electron, Muon\nregion r\n  select {}\n  select leptons[0].pt > 20 GeV\n"
    assert codes(text.format("count(leptons) == 2")) == ["H703"]
    assert codes(text.format(counted)) == []


def test_each_wrong_call_is_told_by_the_outermost_function_and_the_innermost() -> None:
    functions = "define a(x) = x.pt > 7 GeV\ndefine b(x) = a(x) and true\ndefine c(x) = b(x)\ndefine d(x) = c(x)\n"
    calls = "\n".join(f"  select {name}({of})" for name in "dcba" for of in ("MET.pt", "MET.phi"))
    found = check_text(f'hepsel 1\nanalysis "x"\n{functions}region r\n{calls}\n', "nanoaod").diagnostics
    where = [f"in `{name}` with these arguments: in `a` with these arguments" for name in "dcb"]
    where.append("in `a` with these arguments")
    assert [(item.span.line, item.message) for item in found] == [
        (8 + 2 * call + of, f"{place}: only items have attributes, and this is of type {kind}")
        for call, place in enumerate(where)
        for of, kind in enumerate(("energy", "number"))
    ]


def test_what_is_too_large_written_out_is_the_function_that_is_called() -> None:
    functions = "define f0(x) = x + x\n" + "".join(
        f"define f{k}(x) = f{k - 1}(x) + f{k - 1}(x)\n" for k in range(1, 16)
    )
    (found,) = check_text(
        f'hepsel 1\nanalysis "x"\n{functions}region r\n  select f15(MET.pt) > 1 GeV\n', "nanoaod"
    ).diagnostics
    assert (found.code, found.message) == ("E213", "`f15`, written out in full, is too large")


def test_radians_change_no_number() -> None:
    text = "object muons\n  take Muon\n  select |eta| < 2.4 {}\n"
    assert codes(text.format("rad"), "nanoaod") == []
    assert codes(text.format("mrad"), "nanoaod") == ["E401"]


@pytest.mark.parametrize(("start", "inside"), [(3, False), (4, True), (8, True), (9, False)])
def test_where_a_span_begins(start: int, inside: bool) -> None:
    assert Span(start, 20, 1, 1).begins_in(Span(4, 9, 1, 1)) is inside


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("count(Muon) == 1 ^ count(Jet) == 1", True),
        ("count(Muon) >= 1 ^ count(Jet) >= 1", True),
        ("count(Muon) == 2 ^ count(Jet) == 2", True),
        ("10 < 2 ^ count(Jet) < 100", False),
        ("1 <= 2 ^ count(Jet)", False),
        ("count(Jet) == 2 ^ 3", False),
        ("(count(Muon) == 1) != (count(Jet) == 1)", False),
    ],
)
def test_a_power_that_is_meant_as_exclusive_or(condition: str, told: bool) -> None:
    assert codes(f"region r\n  select {condition}\n", "nanoaod") == ["E110"] * told
