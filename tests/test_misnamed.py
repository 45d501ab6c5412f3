"""Names that say another kind of particle than what they stand for (H726), and all those that may be right."""

from __future__ import annotations

import pytest

from hepsel.check import check_text
from hepsel.formats.loader import read_format

HEADER = 'hepsel 1\nanalysis "test"\n'


def told(body: str, data_format: str = "nanoaod") -> list[str]:
    checked = check_text(HEADER + body, data_format)
    assert checked.program is not None
    return [item.message for item in checked.diagnostics if item.code == "H726"]


@pytest.mark.parametrize(
    ("name", "source", "wrong"),
    [
        ("muons", "Electron", True),
        ("muons", "Muon", False),
        ("mu", "Jet", True),
        ("mus", "Electron", True),
        ("el", "Muon", True),
        ("els", "Electron", False),
        ("tight_electrons", "Muon", True),
        ("electrons_tight", "Muon", True),
        ("tightElectrons", "Muon", True),
        ("vetoelectrons", "Muon", True),
        ("electrons2", "Muon", True),
        ("bjets", "Photon", True),
        ("b_jets", "Photon", True),
        ("bjets", "FatJet", False),
        ("fat_jets", "FatJet", False),
        ("leptons", "Electron, Muon", False),
        ("leptons", "Tau", False),
        ("leptons", "Photon", True),
        ("leptons", "Jet", True),
        ("muons", "Electron, Muon", False),
        ("jets", "Electron, Muon", True),
        ("electrons", "Photon", True),
        ("photons", "Electron", True),
        ("taus", "Jet", False),
        ("jets", "Tau", False),
        ("jets", "GenJet", False),
        ("muons", "GenParticle", False),  # of all kinds
        ("muons", "IsoTrack", False),  # of no kind
        # what changes the meaning, or is another word
        ("fake_muons", "Jet", False),
        ("antimuons", "Electron", False),
        ("non_muons", "Electron", False),
        ("probe_electrons", "Photon", False),
        ("converted_electrons", "Photon", False),
        ("muon_veto", "Electron", False),
        ("muon_jets", "Jet", False),
        ("jets_near_muons", "Jet", False),
        ("electrons_near_jets", "Electron", False),
        ("muisolated", "Electron", False),
        ("isomu", "Electron", True),
        ("emu", "Electron", False),
        ("model", "Muon", False),
        ("simple", "Muon", False),
        ("j", "Muon", False),
        ("e", "Muon", False),
        ("objects", "Muon", False),
        ("budget", "Muon", False),
        ("plateau", "Muon", False),
    ],
)
def test_names_of_objects(name: str, source: str, *, wrong: bool) -> None:
    assert len(told(f"object {name}\n  take {source}\nregion r\n  select count({name}) > 1\n")) == wrong


@pytest.mark.parametrize(
    ("name", "slots", "wrong"),
    [
        ("dimuons", "Electron a, Electron b", 1),
        ("dimuons", "Muon a, Muon b", 0),
        ("dimuons", "Muon a, Electron b", 0),
        ("trijets", "Muon a, Muon b, Muon c", 1),
        ("dileptons", "Electron a, Electron b", 0),
        ("photons", "Electron a, Electron b", 0),  # conversions
        ("taus", "Muon a, Muon b, Muon c", 0),  # tau to 3 mu
        ("pairs", "Electron mu1, Electron mu2", 2),
        ("pairs", "Electron el, Muon mu", 0),
        ("pairs", "Electron mu, Muon el", 2),
        ("pairs", "Jet lead, Jet sub", 0),
        ("pairs", "Electron e_tau, Muon mu_tau", 0),  # from taus
    ],
)
def test_names_of_candidates_and_slots(name: str, slots: str, wrong: int) -> None:
    assert len(told(f"composite {name}\n  take {slots}\nregion r\n  select count({name}) > 1\n")) == wrong


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("select any(mu.pt > 20 GeV for mu in Electron)", 1),
        ("select any(mu.pt > 20 GeV for mu in Muon)", 0),
        ("select any(mu.pt > 20 GeV for mu in leptons)", 0),
        ("select any(e.pt > 20 GeV for e in Muon)", 0),
        ("select any(dr(mu1, mu2) < 0.4 for mu1, mu2 in Jet)", 2),
        ("let mu = Electron[0]\n  select mu.pt > 20 GeV", 1),
        ("let mu = leptons[0]\n  select mu.pt > 20 GeV", 0),
        ("let muon_pt = Electron[0].pt\n  select muon_pt > 20 GeV", 0),
    ],
)
def test_names_of_variables_and_values(statement: str, wrong: int) -> None:
    blocks = "object leptons\n  take Electron, Muon\n"
    assert len(told(f"{blocks}region r\n  {statement}\n")) == wrong


def test_names_in_functions_are_told_where_they_stand_once() -> None:
    function = "define near(x) = any(dr(x, mu) < 0.4 for mu in Electron)\n"
    body = f"{function}region r\n  reject near(Jet[0]) or near(Jet[1])\n"
    (item,) = [item for item in check_text(HEADER + body, "nanoaod").diagnostics if item.code == "H726"]
    assert (HEADER + body)[item.span.start :].startswith("mu in Electron")


def test_other_kinds_are_none_of_the_words() -> None:
    text = """name = "f"
description = "d"
[enumerations]
flavour = ["muon", "kaon"]
[collections.K.attributes]
flavour = { value = "kaon" }
[collections.M.attributes]
flavour = { value = "muon" }
"""
    body = "object electrons\n  take {}\nregion r\n  select count(electrons) > 1\n"
    for source, number in (("K", 0), ("M", 1), ("M, K", 0)):
        found = check_text(HEADER + body.format(source), read_format(text, "f.toml")).diagnostics
        assert len([item for item in found if item.code == "H726"]) == number


def test_names_of_definitions() -> None:
    used = "region r\n  select leading_jet.pt > 20 GeV and mu.pt > 20 GeV\n"
    assert told(f"define leading_jet = Electron[0]\ndefine mu = Muon[0]\n{used}") == [
        "`leading_jet` is a name for jets, and stands for electrons"
    ]


def test_what_is_taken_from_something_misnamed_is_told_with_that() -> None:
    body = (
        "object muons\n  take Electron\nobject tight_muons\n  take muons\n  select is_tight\n"
        "composite dimuons\n  take tight_muons mu1, tight_muons mu2\n"
        "region r\n  select any(mu.pt > 20 GeV for mu in tight_muons) and count(dimuons) > 0\n"
    )
    assert told(body) == ["`muons` is a name for muons, and stands for electrons"]


def test_what_a_variant_repeats_is_told_once() -> None:
    body = (
        'object muons\n  take Electron\n  select pt > 20 GeV as "pt"\n'
        'object soft_muons\n  take muons without "pt"\n'
        "region r\n  select count(muons) > 0 and count(soft_muons) > 1\n"
    )
    assert told(body) == ["`muons` is a name for muons, and stands for electrons"]


def test_kinds_are_those_of_the_format() -> None:
    delphes = (
        "object taus\n  take Jet\nobject electrons\n  take Tau\nregion r\n  save n = count(taus) + count(electrons)\n"
    )
    assert told(delphes, "delphes") == []  # a jet with a tau tag is one: which, only a run knows
    stored = "object muons\n  take Lepton\n  select flavour == muon\nregion r\n  select count(muons) > 1\n"
    assert told(stored, "atlas_open_data") == []
    part = "object muons\n  take Electron\nregion r\n  select count(muons) > 1\n"
    assert len(told(part, "atlas_open_data")) == 0  # a part of Lepton, which has both kinds
