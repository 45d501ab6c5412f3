"""The func_adl backend: what the server is asked for, and that server and script together give the right results."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pytest
import uproot
from click.testing import CliRunner, Result
from data_files import EXAMPLES, REPOSITORY
from func_adl_constructs import CONSTRUCTS, Construct, table
from random_programs import FORMAT, random_format
from results import differences, plain
from servicex_case import (
    compiled,
    divided,
    load,
    run_as_python,
    run_on_arrays,
    run_on_file,
    stored_events,
)
from servicex_fixtures import write_events

from hepsel.backends.awkward.runtime.reading import FileError
from hepsel.backends.func_adl import generate, generate_python
from hepsel.backends.func_adl import load as module_of
from hepsel.backends.func_adl.query import Queries
from hepsel.backends.func_adl.runtime.delivery import combined, sums
from hepsel.backends.func_adl.runtime.packing import binned as packed_histogram
from hepsel.backends.func_adl.runtime.packing import packed
from hepsel.backends.func_adl.runtime.unpacking import merged
from hepsel.backends.func_adl.uproot_query import UprootQuery
from hepsel.check import check_text, load_program
from hepsel.cli.compile import compile_
from hepsel.errors import DataError
from hepsel.formats.loader import read_format
from hepsel.interpreter import interpret
from hepsel.plan import lower, optimise
from hepsel.plan.remote import lists
from hepsel.run.execute import Settings, run_program
from hepsel.semantics.program import Program
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse
from hepsel.vocabulary.functions import FUNCTIONS, OTHER_FUNCTIONS, REDUCERS

HEADER = 'hepsel 1\nanalysis "test"\n  source paper "arXiv:1"\n'
SEED = 27


def program(text: str) -> Program:
    return load_program(HEADER + text, random_format())


def where(text: str, identity: str = "r.1", *, item_cutflow: bool = False) -> str:
    """Say where a criterion runs."""
    (found,) = [d for d in divided(program(text), item_cutflow=item_cutflow).decisions if d.texts.id == identity]
    if found.is_remote:
        return "rounded" if found.is_rounded else "remote"
    return "narrowed" if found.narrows else "local"


def compared(
    text: str, folder: Path, *, item_cutflow: bool = True, at_once: bool = False
) -> tuple[Any, dict[str, int]]:
    """Compare a script with the interpreter; return the results, and how many events each query returned."""
    checked = program(text)
    branches, events = stored_events(SEED, 6)
    code = generate(divided(checked, item_cutflow=item_cutflow))
    found, returned = run_on_arrays(load(code, folder), branches, folder, at_once=at_once)
    expected = plain(interpret(checked, events))
    if not item_cutflow:
        expected["items"] = {}
    assert not list(differences(expected, found))
    return found, returned


# ------------------------------------------------------------------ constructs


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.name)
def test_constructs(construct: Construct, tmp_path: Path) -> None:
    assert where(construct.text, construct.identity) == construct.where
    _, returned = compared(construct.text, tmp_path, item_cutflow=False)
    assert (returned["events"] < 20) == (construct.where != "local"), "each of these drops some events, or none"
    if "object " in construct.text or "composite " in construct.text:
        compared(construct.text, tmp_path, at_once=True)  # what dask-awkward has done above, and counts of items


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.name)
def test_constructs_as_python(construct: Construct, tmp_path: Path) -> None:
    """What is sent as Python returns whole results, with those of the interpreter in them."""
    checked = program(construct.text)
    _, events = stored_events(SEED, 6)
    found = run_as_python(checked, SEED, 6, tmp_path)
    identifiers = found.pop("identifiers")
    assert identifiers["event"] == [event["event.number"] for event in events]
    assert not list(differences(plain(interpret(checked, events, trace=True)), found))


@pytest.mark.parametrize("asked", ["near.n > 1", "any(dr(near, k) < 1.5 for k in Jet)"])
@pytest.mark.parametrize("source", ["Electron", "Jet"])
def test_lists_of_other_items_of_other_items_are_not_asked_for(source: str, asked: str) -> None:
    """The server's program failed, of three lists for their lengths, of two for the names of their items."""
    text = (
        f"object others take {source}\n  let n = count(k for k in Jet if dr(this, k) < 1.5)\n  select n < 9\n"
        f"object chosen take Jet\n  select any({asked} and dr(this, near) < 2 for near in others)\n"
        "region r\n  select count(chosen) > 1\n"
    )
    assert where(text, "others.1") == "local", "nothing counts these"
    assert where(text.replace("chosen)", "others)"), "others.1") == "remote"
    assert where(text) == "narrowed"


def parts(node: Any) -> Iterator[Any]:
    """Yield a part of a syntax tree, and all below it."""
    if isinstance(node, tuple):
        for part in node:
            yield from parts(part)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            yield from parts(getattr(node, field.name))


def test_the_table_has_every_construct_of_the_language() -> None:
    """Every kind of statement and expression, every operator and every function stands in the text of some row."""
    used = []
    for construct in CONSTRUCTS:
        found, problems, _ = parse(SourceText(HEADER + construct.text, construct.name))
        assert not problems, construct.name
        used += list(parts(found))
    kinds = {kind for kind in vars(tree).values() if isinstance(kind, type) and is_dataclass(kind)}
    bases = {base for kind in kinds for base in kind.__bases__}
    assert {kind.__name__ for kind in kinds - bases - {type(node) for node in used}} == set()
    called = {node.function for node in used if isinstance(node, tree.Call)}
    assert {*FUNCTIONS, *REDUCERS, *OTHER_FUNCTIONS} - called == set()
    operators = {node.operator for node in used if isinstance(node, tree.Binary | tree.Logical)}
    operators |= {operator for node in used if isinstance(node, tree.Comparison) for operator in node.operators}
    assert {"+", "-", "*", "/", "^", "and", "or", "<", "<=", ">", ">=", "==", "!="} - operators == set()


def test_the_documentation_has_the_table() -> None:
    assert table(CONSTRUCTS) in (REPOSITORY / "docs" / "func_adl.md").read_text(encoding="utf-8")


# ------------------------------------------------------------------ examples

FLAT = (
    *(
        (f"adl_benchmark/query{k}", "cms_open_data_2012", "adl_benchmark/Run2012B_SingleMu_1000.root")
        for k in range(1, 9)
    ),
    ("adl_benchmark/query7_no_empty", "cms_open_data_2012", "adl_benchmark/Run2012B_SingleMu_1000.root"),
    ("atlas_open_data_4l/selection", "atlas_open_data", "atlas_open_data_4l/data_A.4lep.root"),
)
"""Examples on flat trees, with the events that are selected from."""

SENT = {"query4": 116, "query8": 73}
"""Events that the server sends of 1000, counted without hepsel: see `sent`."""


def sent(path: Path) -> dict[str, int]:
    """Count the events that what the queries ask for leaves over."""
    with uproot.open(path) as file:
        events = file["Events"].arrays(["nMuon", "nElectron", "nJet", "Jet_pt", "Muon_charge", "Electron_charge"])
    paired = [
        ak.any(charges > 0, axis=1) & ak.any(charges < 0, axis=1)
        for charges in (events.Muon_charge, events.Electron_charge)
    ]
    hard = ak.sum(ak.values_astype(events.Jet_pt, np.float64) > 40, axis=1)
    return {
        "query4": int(ak.sum(hard >= 2)),
        "query8": int(ak.sum((events.nMuon + events.nElectron >= 3) & (paired[0] | paired[1]))),
    }


@pytest.mark.shared
@pytest.mark.parametrize(("name", "data_format", "data"), FLAT, ids=[name for name, _, _ in FLAT])
def test_examples(name: str, data_format: str, data: str, shared_data: Path, tmp_path: Path) -> None:
    checked = load_program(EXAMPLES / f"{name}.hepsel", data_format)
    found = run_on_file(load(generate(divided(checked)), tmp_path), [shared_data / data], tmp_path)
    expected = plain(run_program(checked, [shared_data / data], Settings(interpreter=True)))
    assert not list(differences(expected, found))
    assert any(len(events["event"]) > 0 for events in found["selected"].values())


@pytest.mark.shared
def test_the_server_drops_what_it_can(shared_data: Path, tmp_path: Path) -> None:
    data = shared_data / "adl_benchmark" / "Run2012B_SingleMu_1000.root"
    assert sent(data) == SENT
    for name, number in SENT.items():
        checked = load_program(EXAMPLES / "adl_benchmark" / f"{name}.hepsel", "cms_open_data_2012")
        module = load(generate(divided(checked, item_cutflow=False)), tmp_path, name)
        found = run_on_file(module, [data], tmp_path)
        assert len(ak.from_parquet(tmp_path / "events_0.parquet")) == number
        expected = plain(run_program(checked, [data], Settings(interpreter=True)))
        assert not list(differences({**expected, "items": {}}, found))


@pytest.mark.shared
def test_several_files_add_up(shared_data: Path, tmp_path: Path) -> None:
    files = [shared_data / "atlas_open_data_4l" / f"data_{letter}.4lep.root" for letter in "AB"]
    checked = load_program(EXAMPLES / "atlas_open_data_4l" / "selection.hepsel", "atlas_open_data")
    found = run_on_file(load(generate(divided(checked)), tmp_path), files, tmp_path)
    expected = plain(run_program(checked, files, Settings(interpreter=True)))
    assert not list(differences(expected, found))


# ------------------------------------------------------------------ thresholds


@pytest.mark.parametrize("comparison", ["<", "<=", ">", ">=", "==", "!="])
def test_thresholds_are_compared_in_64_bits(comparison: str, tmp_path: Path) -> None:
    """No 32-bit number is 30.1: in 32 bits, the nearest one would be equal to it."""
    text = (
        f"region r select MET.pt {comparison} 30.1 GeV select count(j for j in Jet if j.pt {comparison} 30.1 GeV) > 0"
    )
    near = np.float32(30.1)
    values = [np.nextafter(near, np.float32(0)), near, np.nextafter(near, np.float32(40)), np.float32("nan")]
    branches = {name: array[:4] for name, array in stored_events(SEED, 6)[0].items()}
    branches["met_pt"] = ak.Array(np.array(values, dtype=np.float32))
    branches["jet_pt"] = ak.Array([np.array([value], dtype=np.float32) for value in values])
    checked = program(text)
    assert where(text) == where(text, "r.2") == "remote"
    found, _ = run_on_arrays(load(generate(divided(checked, item_cutflow=False)), tmp_path), branches, tmp_path)
    exact = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
    numbers = np.array(values).astype(np.float64)
    passing = {**exact, "==": np.equal, "!=": np.not_equal}[comparison](numbers * 1000.0, 30100.0) & ~np.isnan(numbers)
    assert [row["events"] for row in found["cutflow"]["r"]] == [4, passing.sum(), passing.sum()]


@pytest.mark.parametrize("type_name", ["uint8", "int8", "uint16", "int32", "uint32", "int64", "uint64"])
def test_whole_numbers_of_any_width(type_name: str, tmp_path: Path) -> None:
    conditions = ["== 2", "< 300", ">= -1", "!= 70000", "> 100"]
    text = "\n".join(
        f"region r{k} select event.pileup {condition} select any(j.quality {condition} for j in Jet)"
        for k, condition in enumerate(conditions)
    )
    limits = np.iinfo(type_name)
    values = [2, limits.max if limits.bits < 64 else 2**53 + 1, max(limits.min, -5), 101]
    branches = {name: array[:4] for name, array in stored_events(SEED, 6)[0].items()}
    counts = ak.num(branches["jet_pt"])
    branches["pileup"] = ak.Array(np.array(values, dtype=type_name))
    branches["jet_ntrk"] = ak.unflatten(np.repeat(np.array(values, dtype=type_name), counts), counts)
    script = load(generate(divided(program(text), item_cutflow=False)), tmp_path)
    found, _ = run_on_arrays(script, branches, tmp_path)
    for k, condition in enumerate(conditions):
        assert where(text, f"r{k}.1") == where(text, f"r{k}.2") == "remote"
        passing = [eval(f"{value} {condition}") for value in values]
        with_jets = [passes and count > 0 for passes, count in zip(passing, counts, strict=True)]
        assert [row["events"] for row in found["cutflow"][f"r{k}"]] == [4, sum(passing), sum(with_jets)]


@pytest.mark.parametrize(
    "keys",
    [
        "quality descending, pt ascending",
        "quality ascending, eta descending, pt descending",
        "pt / pt ascending, |eta| descending, pt ascending",
        "eta ascending, quality descending",
    ],
)
@pytest.mark.parametrize("blocks", ["object o take Jet", "object all_o take Electron, Muon object o take all_o"])
def test_items_sorted_by_several_keys(keys: str, blocks: str, tmp_path: Path) -> None:
    """Some have the same number, and some have none."""
    asked = ("o[0].pt > 20 GeV", "o[1].eta > 0", "o[-1].quality >= 1")
    regions = "\n".join(f"region r{k} select {one}" for k, one in enumerate(asked))
    text = f"{blocks} sort by {keys}\n{regions}"
    assert {where(text, f"r{k}.1") for k in range(len(asked))} == {"remote"}
    found, returned = compared(text, tmp_path)
    assert returned["events"] < 20
    assert all(0 < found["cutflow"][f"r{k}"][1]["events"] < 20 for k in range(len(asked)))


@pytest.mark.parametrize(
    "statements",
    [
        "select exists(quality)",
        "reject exists(quality)",
        "sort by quality descending, pt ascending",
        "sort by stamp ascending",
        "sort by pt ascending, stamp descending",
        "keep lowest quality, highest pt",
    ],
)
def test_whole_numbers_that_some_items_of_a_union_do_not_have(statements: str, tmp_path: Path) -> None:
    text = (
        f"object united take Muon, Shower object o take united {statements}\n"
        "region r0 select o[0].pt > 20 GeV\nregion r1 select o[1].px > 0 GeV"
    )
    assert where(text, "r0.1") == "remote"
    found, _ = compared(text, tmp_path)
    assert 0 < found["cutflow"]["r0"][1]["events"] < 20


def test_whole_numbers_that_reals_do_not_tell_apart_are_decided_by_the_script(tmp_path: Path) -> None:
    values = [2, 2**53, 2**53 + 1, 2**53 + 2]
    branches = {name: array[:4] for name, array in stored_events(SEED, 6)[0].items()}
    branches["pileup"] = ak.Array(np.array(values, dtype=np.int64))
    script = load(generate(divided(program(f"region r select event.pileup > {2**53}"), item_cutflow=False)), tmp_path)
    found, _ = run_on_arrays(script, branches, tmp_path)
    assert [row["events"] for row in found["cutflow"]["r"]] == [4, 2]


@pytest.mark.parametrize(
    "text",
    [
        "object o take Jet sort by stamp descending, pt ascending\nregion r select o[0].pt > 20 GeV",
        "object o take Muon sort by stamp ascending\nregion r select o[1].eta > 0",
        "object o take Electron keep highest stamp, lowest pt\nregion r select o[0].eta > 0",
        "region r select argmax(j.stamp for j in Jet).pt > 20 GeV",
    ],
)
def test_what_is_chosen_by_whole_numbers_that_reals_do_not_tell_apart(text: str, tmp_path: Path) -> None:
    assert where(text) == "remote"
    found, returned = compared(text, tmp_path, item_cutflow=False)
    assert 0 < found["cutflow"]["r"][-1]["events"] <= returned["events"]


def test_sums_of_whole_numbers_that_reals_do_not_tell_apart(tmp_path: Path) -> None:
    branches = dict(stored_events(SEED, 6)[0])
    for branch, number in (("jet_stamp", 2**53 + 1), ("mu_stamp", 2**53)):
        branches[branch] = ak.values_astype(ak.full_like(branches[branch], 0), np.int64) + number
    text = "region r select count(Jet) > 0 and count(Jet) == count(Muon) select sum(Jet.stamp) > sum(Muon.stamp)"
    assert where(text, "r.2") == "remote"
    found, _ = run_on_arrays(load(generate(divided(program(text), item_cutflow=False)), tmp_path), branches, tmp_path)
    counts = [ak.num(branches[branch]) for branch in ("jet_stamp", "mu_stamp")]
    as_many = int(ak.sum((counts[0] > 0) & (counts[0] == counts[1])))
    assert [row["events"] for row in found["cutflow"]["r"]] == [20, as_many, as_many]
    assert as_many > 1


def test_two_items_are_enough_for_two_ordered_pairs(tmp_path: Path) -> None:
    """Of items that the server cannot choose."""
    text = "object o take Muon select asin(eta / 10) > -2\ncomposite p take ordered o a, o b\n"
    text += "region r select count(p) >= 2"
    assert where(text) == "narrowed"
    found, returned = compared(text, tmp_path, item_cutflow=False)
    several = sum(len(event["Muon.pt"]) >= 2 for event in stored_events(SEED, 6)[1])
    assert 0 < found["cutflow"]["r"][-1]["events"] <= returned["events"] == several < 20


def test_no_event_is_returned(tmp_path: Path) -> None:
    found, returned = compared("region r select MET.pt > 100000 GeV save n = count(Jet)", tmp_path)
    assert returned == {"events": 0, "counts": 20}
    assert [row["events"] for row in found["cutflow"]["r"]] == [20, 0]
    assert found["columns"]["r"]["n"] == []


def test_weights_before_and_behind_what_the_server_applies(tmp_path: Path) -> None:
    text = (
        "region r weight a = Jet[0].pt / 10 GeV select count(Jet) >= 1 weight b = MET.pt / 10 GeV"
        " select count(Jet) >= 2 weight c = Jet[0].pt / 10 GeV select sum(Jet.pt) > 30 GeV and count(Muon) >= 1"
        " weight d = Muon[0].pt / 10 GeV histogram h = MET.pt bins 2 from 0 GeV to 50 GeV"
    )
    found, returned = compared(text, tmp_path)
    assert returned["events"] < 20
    assert set(found["missing_weights"]) == {"r.a", "r.b", "r.c", "r.d"}


@pytest.mark.parametrize(
    "between",
    [
        "histogram h = MET.pt bins 2 from 0 GeV to 50 GeV",
        'bin "b" MET.pt > 5 GeV',
        "bins g = MET.pt edges [1 GeV, 9 GeV]",
    ],
)
def test_histograms_and_bins_between_criteria(between: str, tmp_path: Path) -> None:
    text = f"region r select count(Jet) >= 1 {between} select MET.pt > 20 GeV"
    assert where(text, "r.1") == "remote"
    assert where(text, "r.2" if between[0] == "h" else "r.3") == "local"
    _, returned = compared(text, tmp_path)
    assert returned["events"] == sum(len(event["Jet.pt"]) >= 1 for event in stored_events(SEED, 6)[1])


@pytest.mark.parametrize(
    "condition",
    [
        "exists(Jet[0].quality)",
        "not exists(Jet[0].quality)",
        "if Jet[0].pt > 20 GeV then true else MET.pt > 20 GeV",
        "if Jet[0].pt > 20 GeV then false else MET.pt > 20 GeV",
        "if MET.pt > 20 GeV then Muon[0].is_loose else true",
        "if MET.pt > 20 GeV then Muon[0].is_loose else false",
    ],
)
def test_a_choice_of_a_constant_is_a_criterion(condition: str, tmp_path: Path) -> None:
    """func_adl takes no number for a truth value."""
    text = f"region r select {condition}"
    assert where(text) == "remote"
    compared(text, tmp_path)


def test_regions_of_one_another(tmp_path: Path) -> None:
    text = (
        "object hard take Jet select pt > 20 GeV\n"
        'region base select count(hard) >= 1 as "jet" select MET.pt > 5 GeV\n'
        "region low take base select MET.pt < 30 GeV save met = MET.pt\n"
        'region other take low without "jet"\n'
        "region soft take base with hard = Jet\n"
    )
    _, returned = compared(text, tmp_path)
    assert returned["events"] < 20
    compared(text, tmp_path, item_cutflow=False)


def test_what_is_long_is_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here, three parts are long: values of events become steps, conditions on items fields, and constants stay."""
    monkeypatch.setattr(lists, "LONG", 3)
    text = """
define a = if MET.pt > 20 GeV then MET.pt / 2 else MET.pt + count(Jet) * 1 GeV
object chosen take Jet
  let hard = (pt > 10 GeV and eta < 1) or btag > 2
  select hard or (not hard and pt < 6 GeV)
define b = a + count(chosen) * 1 GeV > 20 GeV
region r
  select b or (not b and a > 3 GeV)
  select a > 4 GeV and count(chosen) > 0
"""
    _, returned = compared(text, tmp_path, at_once=True)
    assert 0 < returned["events"] < 20
    query = Queries(divided(program(text))).events
    assert isinstance(query, UprootQuery)
    assert any(value.name.endswith("_of_event") for value in query.steps[-1])
    assert where("region r reject Muon[3:1][1] in Electron") == "local"


def test_an_event_has_the_items_that_candidates_are_made_of(tmp_path: Path) -> None:
    """Four pairs take four leptons; and of what is asked of these, the server knows a part."""
    text = (
        "object jets take Jet select pt > 20 GeV and |eta| < 2 select exp(phi) > 1 select pt < 90 GeV\n"
        "object leptons take jets, Muon\n"
        "composite pairs take leptons a, leptons b\n"
        "region r select count(pairs) > 3 save n = count(leptons)\n"
    )
    assert where(text) == "narrowed"
    assert where(text, "jets.1") == "remote"
    assert where(text, "jets.2") == "local"
    assert where(text, "jets.3") == "remote"
    found, returned = compared(text, tmp_path, item_cutflow=False)
    _, events = stored_events(SEED, 6)

    def known(event: dict[str, Any]) -> int:
        jets = zip(event["Jet.pt"], event["Jet.eta"], strict=True)
        return sum(20e3 < pt < 90e3 and abs(eta) < 2 for pt, eta in jets) + len(event["Muon.pt"])

    assert returned["events"] == sum(known(event) >= 4 for event in events)
    assert 0 < len(found["columns"]["r"]["n"]) < returned["events"] < 20


# ------------------------------------------------------------------ what is noticed


@pytest.mark.parametrize(
    "block",
    [
        "object used take scaled select pt > 20 GeV",
        "object used take scaled select btag > 0.5 keep first 2",
        "object used take scaled, Muon",
        "composite used take scaled a, scaled b select a.btag > b.btag",
    ],
)
def test_how_items_are_sorted_is_no_part_of_how_many_there_are(block: str, tmp_path: Path) -> None:
    scaled = "object scaled take Jet select eta < 2 let p4 = 1.05 * this sort by pt descending"
    compared(f"{scaled} {block} region r select count(used) > 0 region other select count(Muon) > 1", tmp_path)


def delivered(tmp_path: Path) -> tuple[Any, dict[str, list[Path]]]:
    """Return a script, and the files that its queries gave."""
    checked = program("region r select count(Jet) >= 2 save n = count(Jet)")
    module = load(generate(divided(checked)), tmp_path)
    branches, _ = stored_events(SEED, 6)
    run_on_arrays(module, branches, tmp_path)
    return module, {name: [tmp_path / f"{name}.parquet"] for name in ("events", "counts")}


def test_lost_events_are_noticed(tmp_path: Path) -> None:
    module, files = delivered(tmp_path)
    assert module.select_from(**files)["events"] == 20
    whole = ak.from_parquet(files["events"][0])
    ak.to_parquet(whole[1:], files["events"][0])
    with pytest.raises(module.DeliveryError, match=f"sent {len(whole) - 1} events, but selected {len(whole)}"):
        module.select_from(**files)


def test_lost_counts_are_noticed(tmp_path: Path) -> None:
    module, files = delivered(tmp_path)
    whole = ak.from_parquet(files["counts"][0])
    ak.to_parquet(whole[whole["is_sent"] == False], files["counts"][0])  # noqa: E712
    with pytest.raises(module.DeliveryError, match="but selected 0"):
        module.select_from(**files)


# ------------------------------------------------------------------ what comes back

BIG = 2**63 - 1  # no real number tells it from 2^63


def rows(*numbers: tuple[int, float, float]) -> list[dict[str, Any]]:
    return [
        {"id": f"r.{k}", "label": "", "applied": True, "events": n, "sumw": sumw, "sumw2": sumw2}
        for k, (n, sumw, sumw2) in enumerate(numbers)
    ]


def test_counts_of_all_events_and_results_of_those_that_were_sent() -> None:
    """Of 100 events, 7 were sent; the counts of the other 93 are rows of all, of these, and of the first criteria."""
    others = rows((100, 9.0, 9.0), (93, 8.0, 8.0), (93, 50.5, 30.25), (60, 40.0, 20.0), (2, 1.5, 1.25))
    sent = rows((7, 3.5, 1.75), (7, 3.5, 1.75), (6, 3.0, 1.5), (4, 2.0, 1.0))
    found = combined(
        {"events": 100, "cutflow": {"r": others, "all": others[:3]}, "missing_weights": {"r.a": 5, "r.c": 1}},
        {
            "events": 7,
            "cutflow": {"r": sent, "all": sent[:1]},
            "items": {"jets": [{"id": "jets.0", "items": 9}, {"id": "jets.1", "items": 4}], "muons": [{"items": 1}]},
            "missing_weights": {"r.a": 2, "r.b": 3},
            "missing_in_selected": {"r.a": 1, "r.b": 0},
        },
        7,
        {("jets", 1): 30, ("muons", 0): 12},
    )
    assert found == {
        "events": 100,
        "cutflow": {
            "r": rows((100, 54.0, 32.0), (67, 43.5, 21.75), (8, 4.5, 2.75), (4, 2.0, 1.0)),
            "all": rows((100, 54.0, 32.0)),
        },
        "items": {"jets": [{"id": "jets.0", "items": 9}, {"id": "jets.1", "items": 34}], "muons": [{"items": 13}]},
        "missing_weights": {"r.a": 7, "r.b": 3},
        "missing_in_selected": {"r.a": 1, "r.b": 0},
    }


def test_sums_over_the_events_that_were_not_sent(tmp_path: Path) -> None:
    small = np.array([200, 100, 9], dtype=np.uint8)  # 300 does not fit into 8 bits
    columns = {
        "one": {"sent": [0, 0, 1], "n": small, "m": [2**53, 1, 4]},
        "two": {"sent": [1, 1, 0], "n": small, "m": [1, 1, 8]},
    }
    for name, arrays in columns.items():
        ak.to_parquet(ak.Array({**arrays, "more": [0, 0, 0]}), tmp_path / name)
    assert sums([tmp_path / name for name in columns], "sent", ["n", "m"]) == (3, [309, 2**53 + 9])
    assert sums([], "sent", ["n"]) == (0, [0])


def travelled(scale: int) -> dict[str, Any]:
    """Return a result as a server makes it, with arrays of many types, that multiply with a number."""
    table = {
        "n": np.array([BIG, -scale]), "flag": ak.Array([True, None]), "names": ak.Array(["é", None])[[0, 0]],
        "pt": ak.Array([[1.5 * scale, np.nan], []])[[1, 0]], "event": np.array([2**64 - 1, 1], dtype=np.uint64),
    }  # fmt: skip
    values = scale * np.arange(12.0).reshape(3, 4)
    edges = np.array([0.0, 0.1 + 0.2]), np.array([-1.0, 0.5, 2.0])
    return {
        "events": 2 * scale,
        "cutflow": {"r": rows((2 * scale, 0.1 * scale, 0.3 * scale))},
        "histograms": {"r/h": packed_histogram(list(zip(edges, "xy", strict=True)), values, 2 * values, "t")},
        "columns": {"r": table},
        "first_failed": {"r": ["r.1", None]},
    }


def test_results_travel_as_they_are(tmp_path: Path) -> None:
    """As text and bytes, one for each chunk, in files."""
    for name, scales in {"one": (1, 2), "two": (3,)}.items():
        ak.to_parquet(ak.Array([packed(travelled(scale)) for scale in scales]), tmp_path / name)
    found = merged([tmp_path / "one", tmp_path / "two"])
    assert found["events"] == 12
    assert found["cutflow"] == {"r": rows((12, pytest.approx(0.6), pytest.approx(1.8)))}  # type: ignore[arg-type]
    columns = found["columns"]["r"]
    assert {name: str(column.type) for name, column in columns.items() if isinstance(column, ak.Array)} == {
        "flag": "6 * ?bool", "names": "6 * ?string", "pt": "6 * var * float64",
    }  # fmt: skip
    assert plain(columns) == {
        "n": [BIG, -1, BIG, -2, BIG, -3],
        "flag": [True, None] * 3,
        "names": ["é"] * 6,
        "pt": [[], [1.5, None], [], [3.0, None], [], [4.5, None]],
        "event": [2**64 - 1, 1] * 3,
    }
    assert found["first_failed"] == {"r": ["r.1", None] * 3}
    histogram = found["histograms"]["r/h"]
    assert plain(histogram)["edges"] == [[0.0, 0.1 + 0.2], [-1.0, 0.5, 2.0]]
    assert plain(histogram)["values"] == [[0, 6, 12, 18], [24, 30, 36, 42], [48, 54, 60, 66]]
    assert plain(histogram)["variances"] == [[0, 12, 24, 36], [48, 60, 72, 84], [96, 108, 120, 132]]
    assert (histogram.label, [axis.label for axis in histogram.axes]) == ("t", ["x", "y"])


def test_tables_of_results_go_into_a_sink_one_by_one(tmp_path: Path) -> None:
    ak.to_parquet(ak.Array([packed(travelled(scale)) for scale in (1, 2)]), tmp_path / "one")
    taken: list[Any] = []
    numbers = merged([tmp_path / "one"], taken.append)
    assert numbers["events"] == 6
    assert not {"columns", "first_failed"} & numbers.keys()
    assert [plain(tables["columns"]["r"]["n"]) for tables in taken] == [[BIG, -1], [BIG, -2]]
    with pytest.raises(FileError, match="no files were given"):
        merged([])


# ------------------------------------------------------------------ the script

SCRIPT = (
    "object hard take Jet select pt > 20 GeV cite paper \"hard\"\n"
    'region r select trigger.mu20 select count(hard) >= 2 as "two jets" note "see text"\n'
    "  weight w = event.weight save lead = hard[0].pt\n"
)  # fmt: skip


def test_the_script_is_free_of_lint_and_formatted(tmp_path: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    scripts = [generate(divided(program(SCRIPT), item_cutflow=item_cutflow)) for item_cutflow in (True, False)]
    for text in [*scripts, python_script(SCRIPT), python_script(SCRIPT, trace=True)]:
        target = tmp_path / "selection.py"
        target.write_text(text, encoding="utf-8")
        for command in (["format", "--isolated", "--diff"], ["check", "--isolated", "--select", "E4,E7,E9,F,I,UP"]):
            done = subprocess.run([ruff, *command, target], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout


def python_script(text: str, *, trace: bool = False) -> str:
    return generate_python(optimise(lower(program(text))), chunk=1000, trace=trace)


@pytest.mark.parametrize("text", [generate(divided(program(SCRIPT))), python_script(SCRIPT)], ids=["query", "python"])
def test_the_script_needs_only_what_users_have(text: str) -> None:
    tree = ast.parse(text)
    imported = {a.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    assert imported - set(sys.stdlib_module_names) == {"awkward", "hist", "numpy", "pyarrow", "servicex", "uproot"}


def test_what_a_server_is_sent_as_python() -> None:
    """Servers have no hist, call the function with one argument, put statements before it and may know only ASCII."""
    text = SCRIPT.replace("see text", "Größe µ 中文 😀")
    source = inspect.getsource(module_of(python_script(text)).run_query)
    assert source.isascii()
    assert "r.2: two jets" in source
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert (function.name, ast.unparse(function.args)) == ("run_query", "input_filenames")
    imported = {a.name.split(".")[0] for node in ast.walk(function) if isinstance(node, ast.Import) for a in node.names}
    assert imported - set(sys.stdlib_module_names) == {"awkward", "numpy", "uproot"}
    annotated = [node for node in ast.walk(function) if isinstance(node, ast.arg) and node.annotation is not None]
    assert not annotated


def test_criteria_stand_beside_the_query() -> None:
    code = generate(divided(program(SCRIPT)))
    queries = code[code.index("def events_query") : code.index("# fmt: on")]
    for line in ("# r.1: trigger.mu20", "# r.2: two jets", "# hard.1: pt > 20 GeV", "# GeV"):
        assert line in queries


HOSTILE = (
    '\\"\\"\\" + 1/0 + \\"\\"\\"',
    "'); raise SystemExit(7) #",
    "{{ 7 * 7 }} {% raw %}",
    "ends with \\\\",
    "Größe µ 中文 😀",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_the_program_stay_texts(text: str, tmp_path: Path) -> None:
    source = f'''object o take Jet select pt > 20 GeV as "{text}" note "{text}"
region r
  select count(o) > 0 as "{text}"
  select sum(o.pt) > 1 GeV as "{text} 2"
'''
    found, _ = compared(source, tmp_path)
    assert found["cutflow"]["r"][1]["label"] in (text, text.replace('\\"', '"').replace("\\\\", "\\"))


@pytest.mark.parametrize("name", ["row", "is_sent", "e", "n_Jet", "Zip"])
def test_names_of_the_program_hide_nothing(name: str, tmp_path: Path) -> None:
    compared(f"object {name} take Jet select pt > 20 GeV region r select count({name}) >= 2", tmp_path)
    compared(f"region {name} select MET.pt > 20 GeV save {name} = MET.pt", tmp_path)


# ------------------------------------------------------------------ names of branches


def test_branches_are_called_as_in_a_sample(tmp_path: Path) -> None:
    """The files have no weight, for which the format has a default, and another name of the missing momentum."""
    path = tmp_path / "events.root"
    write_events(path, 3, 100, other_names=True)
    checked = load_program(
        HEADER + "region r select MET.pt > 20 GeV weight w = event.weight select count(Jet) >= 2 and event.weight > 0.5"
        " save met = MET.pt, weight = event.weight",
        "nanoaod",
    )
    assert 'e["MET_pt"]' in generate(divided(checked))
    division = divided(checked, like=path)
    assert [(d.is_remote, d.reason) for d in division.decisions] == [
        (True, ""),
        (False, "needs a branch that the files do not have"),
    ]
    found = run_on_file(load(generate(division), tmp_path), [path], tmp_path)
    expected = plain(run_program(checked, [path], Settings(interpreter=True)))
    assert not list(differences(expected, found))
    assert len(found["columns"]["r"]["met"]) > 10


def test_a_sample_without_a_branch_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.root"
    write_events(path, 3, 10)
    checked = load_program(HEADER + "region r select MET.phi > 1", "nanoaod")
    with pytest.raises(DataError, match=r"events\.root: no branch for MET\.phi; tried MET_phi, PFMET_phi"):
        divided(checked, like=path)


def test_branches_that_the_server_would_misread_are_refused() -> None:
    own = read_format(
        'name = "own"\ndescription = "own"\ntrees = ["Events"]\n'
        '[collections.Jet.attributes]\nweight = { branch = "Jet_pt" }\npacked = { branch = "Jet_packed" }\n',
        "own.toml",
    )
    path = REPOSITORY / "tests" / "files" / "rare_trees.root"
    programs = [
        check_text(f"{HEADER}region r select any(Jet.{name} > 1)", own).program for name in ("weight", "packed")
    ]
    assert None not in programs
    divided(programs[0], like=path)
    held = r"Jet\.packed: branch Jet_packed holds Double32_t\[nJet\]\[0,100,16\], which no query reads"
    with pytest.raises(DataError, match=held):
        divided(programs[1], like=path)


# ------------------------------------------------------------------ the command


def command(*arguments: object, data_format: str | Path = FORMAT, text: str = HEADER + SCRIPT) -> Result:
    return compiled(*arguments, data_format=data_format, text=text)


def test_the_command_prints_the_script() -> None:
    assert command().output == generate(divided(program(SCRIPT)))


ROUNDED = "within rounding: closer events are sent"
NARROWED = "the server drops events in which it cannot hold"


def test_explain_says_where_each_criterion_runs() -> None:
    text = (
        'composite pairs take hard a, hard b select mass > 20 GeV as "mass"\n'
        "region s select count(pairs) > 0 select count(hard) > 2 and event.number > 7\n"
    )
    lines = command("--explain", "--no-item-cutflow", text=HEADER + SCRIPT + text).output.splitlines()
    local = f"count(hard) > 2 and event.number > 7: needs the number of an event or run; {NARROWED}"
    assert [line.split(maxsplit=3) for line in lines] == [
        ["<stdin>:4", "hard.1", "remote", "pt > 20 GeV"],
        ["<stdin>:5", "r.1", "remote", "trigger.mu20"],
        ["<stdin>:5", "r.2", "remote", "two jets"],
        ["<stdin>:7", "pairs.1", "remote", f"mass; {ROUNDED}"],
        ["<stdin>:8", "s.1", "remote", f"count(pairs) > 0; {ROUNDED}"],
        ["<stdin>:8", "s.2", "local", local],
    ]


@pytest.mark.parametrize("data_format", ["nanoaod", "physlite"])
@pytest.mark.parametrize("masses", ["", ", 100 GeV"])
def test_explain_names_a_function_as_the_program_does(masses: str, data_format: str) -> None:
    text = HEADER + f"region r select mt2(Jet[0], Jet[1], Jet[2]{masses}) > 80 GeV\n"
    (line,) = command("--explain", data_format=data_format, text=text).output.splitlines()
    assert line.endswith(": needs `mt2`")


def test_the_command_reads_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "events.root"
    write_events(path, 3, 10, other_names=True)
    text = HEADER + "region r select MET.pt > 20 GeV\n"
    assert 'e["PFMET_pt"]' in command("--like", path, data_format="nanoaod", text=text).output
    assert "remote" in command("--explain", "--like", path, data_format="nanoaod", text=text).output
    for wrong in (tmp_path / "nothing.root", tmp_path):
        assert command("--like", wrong, data_format="nanoaod", text=text).exception is not None
    other = command("--like", path, data_format="atlas_open_data", text=HEADER + "region r select MET.pt > 20 GeV\n")
    assert isinstance(other.exception, DataError)
    assert "has no mini" in str(other.exception)


@pytest.mark.parametrize("option", [["--explain"], ["--like", "file.root"], ["--transport", "python"]])
def test_options_of_this_backend_only(option: list[str]) -> None:
    result = CliRunner().invoke(compile_, ["-", "--format", "nanoaod", *option], input=HEADER)
    assert result.exit_code == 2
    assert "only the backend func_adl" in result.output


@pytest.mark.parametrize("option", [["--explain"], ["--like", "file.root"]])
def test_python_divides_nothing(option: list[str]) -> None:
    words = ["-", "--format", "nanoaod", "--backend", "func_adl", "--transport", "python", *option]
    result = CliRunner().invoke(compile_, words, input=HEADER)
    assert result.exit_code == 2
    assert "without --transport python" in result.output


def test_the_command_prints_the_script_with_python() -> None:
    text = HEADER + "region r select count(Muon) > 1\n"
    printed = command("--transport", "python", data_format="physlite", text=text).output
    assert printed == generate_python(optimise(lower(load_program(text, "physlite"))), chunk=50_000)
