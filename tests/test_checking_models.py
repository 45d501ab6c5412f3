# ruff: noqa: E501, RUF001 - sentences are one line, and have Greek letters
"""What language models wrote of papers, right and wrong, where checking had it otherwise.

The sentences are those of the papers that the models were asked about, or nearly so: two open ones (arXiv:1704.03848,
and a replication of H -> ZZ* -> 4l with open data), and two that were written for it in the style of CMS and of ATLAS.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import judged
from cited_blocks import E, J, L, M, P, R

from hepsel.extract.checking import Verdict

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

LEPS = "object leps\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  "
VETO = "object veto_electrons\n  take Electron\n  "
BJ = 'object bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr\n  '
TIGHT = 'object photons\n  take Photon\n  select is_tight assume "x"\n  select |eta| < 1.37 or 1.52 < |eta| < 2.37 assume "x"\n  '
TWO = "composite dileptons\n  take Electron a, Electron b\n\ncomposite quads\n  take ordered dileptons z1, dileptons z2\n  "
ALONE = "composite second_z\n  take Electron l3, Electron l4\n  "
ZEE = 'define m_Z = 91.1876 GeV assume "x"\ndefine mee = (Electron[0] + Electron[1]).mass\nregion sr\n  '
LOW = 'define m_jj = (Jet[0] + Jet[1]).mass\nregion signal\n  select m_jj > 500 GeV assume "x"\nregion low_mjj\n  '
HIGH = LOW.replace("region signal", "region other").replace("low_mjj", "signal")

FOUR = "object jets\n  take Jet\n  select pt > {} GeV\n\nobject four\n  take jets\n  keep first 4\n\nregion sr\n  "
TIGHT_MUONS = 'object tight_muons\n  take Muon\n  select is_tight assume "x"\n\nregion cr\n  '
NEAR = BJ + "let top = argmax(j.pt for j in FatJet)\n  let nearest = argmin(dr(Electron[0], b) for b in bjets)\n  "

# What stands before the sentence; the sentence; programs whose last criterion cites it: right ones, wrong ones.
SAID: list[tuple[str, str, list[str], list[str]]] = [
    (
        "",
        "Selected electrons (muons) must have p_T > 20 GeV and |η| < 1.442 (2.4), and pass the medium identification criteria.",
        [
            E + "select pt > 20 GeV",
            M + "select pt > 20 GeV",
            L + "select pt > 20 GeV",
            E + "select |eta| < 1.442",
            M + "select |eta| < 2.4",
            M + "select is_medium",
        ],
        [
            M + "select |eta| < 1.442",
            E + "select |eta| < 2.4",
            L + "select |eta| < 2.4",
            J + "select pt > 20 GeV",
            M + "select is_tight",
        ],
    ),
    (
        "",
        "Electrons (muons) with p_T > 20 (10) GeV must pass the tight (medium) identification criteria.",
        [E + "select is_tight"],
        [M + "select is_tight", L + "select is_tight", M + "select pt > 20 GeV"],
    ),
    (
        "",
        "Veto leptons are electrons or muons with p_T > 5 GeV and |η| < 2.4 that satisfy the veto or loose identification criteria, respectively, and have a relative isolation of less than 0.2.",
        [
            VETO + "select pt > 5 GeV",
            M + "select |eta| < 2.4",
            M + "select is_loose",
            M + "select pfreliso03 < 0.2",
        ],
        [VETO + "select pt < 5 GeV", VETO + "reject pt > 5 GeV", VETO + "select is_loose", VETO + "reject is_loose"],
    ),
    ("", "We veto electrons with p_T > 10 GeV.", [E + "reject pt > 10 GeV"], [E + "select pt > 10 GeV"]),
    (
        "",
        "The preselection requires exactly one selected lepton, at least two jets, of which at least one is b tagged, and p_T^{miss} > 250 GeV.",
        [BJ + "select count(bjets) >= 1", R + "select count(Jet) >= 2", R + "select MET.pt > 250 GeV"],
        [BJ + "select count(bjets) >= 2", R + "select count(Jet) >= 1"],
    ),
    (
        "",
        "The leading jet must have p_T > 100 GeV and must not be b tagged, and there have to be at least five jets.",
        [BJ + "reject Jet[0] in bjets", BJ + "select Jet[0] not in bjets"],
        [BJ + "select Jet[0] in bjets"],
    ),
    (
        "",
        "If an electron lies a distance ΔR < 0.2 of a candidate jet, the jet is removed from the event, while if an electron lies a distance 0.2 < ΔR < 0.4 of a jet, the electron is removed.",
        [
            J + "reject any(dr(this, e) < 0.2 for e in Electron)",
            E + "reject any(0.2 < dr(this, j) < 0.4 for j in Jet)",
        ],
        [
            E + "reject any(dr(this, j) < 0.2 for j in Jet)",
            J + "reject any(0.2 < dr(this, e) < 0.4 for e in Electron)",
            J + "reject any(dr(this, m) < 0.2 for m in Muon)",
            J + "select any(dr(this, e) < 0.2 for e in Electron)",
        ],
    ),
    (
        "",
        "An electron is removed if it shares its track with a muon; jets within ΔR = 0.2 of an electron are removed; and finally leptons within ΔR = 0.4 of a remaining jet are rejected.",
        [
            J + "reject any(dr(this, e) < 0.2 for e in Electron)",
            M + "reject any(dr(this, j) < 0.4 for j in Jet)",
            E + "reject any(dr(this, j) < 0.4 for j in Jet)",
        ],
        [
            M + "reject any(dr(this, j) < 0.2 for j in Jet)",
            J + "reject any(dr(this, e) < 0.4 for e in Electron)",
        ],
    ),
    (
        "",
        "Muons are required to have a small transverse impact parameter z_d < 1mm.",
        [M + "select |d0| < 1 mm"],
        [M + "select d0 < 1 mm"],
    ),
    ("", "Jets must have η < 4.5.", [J + "select |eta| < 4.5"], [J + "select eta < 4.5"]),
    (
        "",
        "Leptons in each event are ordered in descending transverse momentum, and events are required to satisfy p_{T,l_1} > 20GeV, p_{T,l_2} > 15GeV, p_{T,l_3} > 10GeV, and p_{T,l_4} > 7GeV.",
        [LEPS + "select leps[3].pt > 7 GeV", LEPS + "select leps[0].pt > 20 GeV"],
        [E + "select pt > 7 GeV", L + "select pt > 20 GeV"],
    ),
    (
        "",
        "Leptons are further required to be spatially separated by ΔR = √((Δη)^2 + (Δφ)^2) > 0.1 for same-flavor pairs and ΔR > 0.2 for different-flavor pairs, preventing misreconstruction due to overlapping tracks.",
        [
            LEPS + "select all(dr(i, j) > 0.1 for i, j in leps if i.flavour == j.flavour)",
            LEPS + "select all(dr(i, j) > 0.2 for i, j in leps if i.flavour != j.flavour)",
        ],
        [
            LEPS + "select all(dr(i, j) > 0.1 for i, j in leps)",
            LEPS + "select all(dr(i, j) > 0.2 for i, j in leps)",
        ],
    ),
    (
        "Photons must be tight.",
        "In addition, the scalar sum of the p_T of non-conversion tracks in a cone of size ΔR = 0.2 around the cluster barycentre is required to be less than 0.05 × E_T^γ.",
        [P + "select ptcone20 < 0.05 * pt", P + "select ptcone20 / pt < 0.05"],
        [
            P + "select ptcone30 < 0.05 * pt",
            P + "select topoetcone20 < 0.05 * pt",
            P + "select ptcone20 > 0.05 * pt",
            E + "select ptcone20 < 0.05 * pt",
        ],
    ),
    (
        "",
        "Photons must satisfy the tight identification criteria, have |η| < 1.37 or 1.52 < |η| < 2.37 and be isolated by requiring the energy in the calorimeters in a cone of size ΔR = √((Δη)^2 + (Δφ)^2) = 0.4 around the cluster barycentre, excluding the energy associated with the photon cluster, to be less than 2.45 GeV + 0.022 × E_T^γ.",
        [TIGHT + "select topoetcone40 < 2.45 GeV + 0.022 * pt"],
        [
            TIGHT + "select topoetcone20 < 2.45 GeV + 0.022 * pt",
            TIGHT + "select topoetcone40 > 2.45 GeV + 0.022 * pt",
            TIGHT + "select ptcone40 < 2.45 GeV + 0.022 * pt",
            TIGHT + "select topoetcone40 < 2.45 GeV - 0.022 * pt",
            TIGHT + "select topoetcone40 < 2.45 GeV",
        ],
    ),
    (
        "",
        "Electrons must be isolated: the sum of the transverse momenta of tracks in a cone of variable size with a maximum of ΔR = 0.2 must be less than 6% of the transverse momentum of the electron, and the energy in the calorimeter within ΔR = 0.2 less than 7% as well.",
        [E + "select ptvarcone20 / pt < 0.06", E + "select topoetcone20 / pt < 0.07"],
        [
            E + "select ptvarcone30 / pt < 0.06",
            E + "select ptvarcone20 / pt < 0.07",
            E + "select topoetcone20 / pt < 0.06",
        ],
    ),
    (
        "The isolation is the sum of the p_T of tracks within ΔR = 0.3 around the lepton.",
        "Events are therefore required to satisfy ∑ p_T^{cone}/p_{T,l} < 0.15.",
        [M + "select ptcone30 / pt < 0.15"],
        [M + "select ptcone20 / pt < 0.15"],
    ),
    (
        "Pairs of leptons are formed.",
        "The mass of the other pair must satisfy 12 < m_{34} < 115 GeV.",
        [TWO + "select 12 GeV < z2.mass < 115 GeV"],
        [TWO + "select 12 GeV < z1.mass < 115 GeV", ALONE + "select 12 GeV < mass < 115 GeV"],
    ),
    (
        "Pairs of leptons are formed.",
        "The remaining lepton pair, with invariant mass (m_{34}), must satisfy 12 GeV < m_{34} < 115GeV.",
        [TWO + "select 12 GeV < z2.mass < 115 GeV"],
        [TWO + "select 12 GeV < z1.mass < 115 GeV", ALONE + "select 12 GeV < mass < 115 GeV"],
    ),
    (
        "Pairs of leptons are formed.",
        "The first pair must have a mass above 40 GeV.",
        [TWO + "select z1.mass > 40 GeV"],
        [TWO + "select z2.mass > 40 GeV"],
    ),
    (
        "Preselected electrons are required to have p_T > 6 GeV. Preselected muons have p_T > 6 GeV.",
        "For both, the longitudinal impact parameter has to satisfy |z_0 sin θ| < 0.5 mm.",
        [sort + "select |z0_sin_theta| < 0.5 mm" for sort in (E, M, L)],
        [J + "select |z0_sin_theta| < 0.5 mm"],
    ),
    (
        "",
        "Events with |m_{ee} - m_Z| < 15 GeV are removed.",
        [ZEE + "reject |mee - m_Z| < 15 GeV", ZEE + "select |mee - m_Z| >= 15 GeV"],
        [ZEE + "select |mee - m_Z| < 15 GeV"],
    ),
    (
        "",
        "Events are required to have a reconstructed primary vertex, as defined in Section 4.",
        [R + "select PV.npvs >= 1", R + "select PV.npvs_good > 0"],
        [R + "select PV.npvs >= 2", R + "select PV.npvs <= 1"],
    ),
    (
        "",
        "The dijet system formed by the two jets of highest p_T must satisfy m_{jj} > 500 GeV and |Δy_{jj}| > 2.",
        [R + "select (Jet[0] + Jet[1]).mass > 500 GeV", R + "select |Jet[0].rapidity - Jet[1].rapidity| > 2"],
        [
            R + "select (Jet[1] + Jet[2]).mass > 500 GeV",
            R + "select deta(Jet[0], Jet[1]) > 2",
            R + "select max(Jet.pt) > 500 GeV",
        ],
    ),
    (
        "",
        "The low-m_{jj} control region differs from the signal region only by 200 < m_{jj} < 500 GeV.",
        [LOW + "select 200 GeV < m_jj < 500 GeV"],
        [HIGH + "select 200 GeV < m_jj < 500 GeV"],
    ),
    (
        "",
        "A control region requires exactly three leptons, and the trilepton mass must be above 106 GeV.",
        ["region cr\n  select sum(Electron).mass > 106 GeV"],
        ["region cr\n  select sum(Jet).mass > 106 GeV"],
    ),
    (
        "",
        "Jets with |η| < 2.5 that contain a b hadron are identified at the working point of 85% efficiency.",
        [J + "select |eta| < 2.5"],
        [J + "select |eta| > 2.5"],
    ),
    (
        "",
        "They are required to be in opposite hemispheres, η_{j1}η_{j2} < 0, with |Δη_{jj}| > 1 and |Δφ_{jj}| < 1.5.",
        [R + "select Jet[0].eta * Jet[1].eta < 0", R + "select deta(Jet[0], Jet[1]) > 1"],
        [R + "select Jet[0].eta * Jet[1].eta > 0", R + "select Jet[0].eta + Jet[1].eta < 0"],
    ),
    (
        "",
        "The two jets with the highest p_T have to satisfy p_T > 80 GeV and p_T > 40 GeV, respectively.",
        [R + "select Jet[0].pt > 80 GeV", R + "select Jet[1].pt > 40 GeV"],
        [R + "select Jet[0].pt > 40 GeV", R + "select Jet[1].pt > 80 GeV"],
    ),
    (
        "",
        "To reduce the contribution from multijet events, the smallest azimuthal angle between p_T^{miss} and any of the four leading jets with p_T > 30 GeV, min Δφ(p_T^{miss}, j), has to be larger than 0.5.",
        [FOUR.format(30) + "select min(dphi(j, MET) for j in four) > 0.5"],
        [
            FOUR.format(20) + "select min(dphi(j, MET) for j in four) > 0.5",
            FOUR.format(30) + "select max(dphi(j, MET) for j in four) > 0.5",
        ],
    ),
    (
        "",
        "In the category with the VBF trigger (VTR), p_T^{miss} lies between 160 and 250 GeV, the leading and subleading jets need p_T > 140 and 70 GeV, and m_{jj} must exceed 900 GeV.",
        [
            R + "select 160 GeV < MET.pt < 250 GeV",
            R + "select Jet[0].pt > 140 GeV",
            R + "select Jet[1].pt > 70 GeV",
            R + "select (Jet[0] + Jet[1]).mass > 900 GeV",
        ],
        [R + "select MET.pt > 140 GeV", R + "select Jet[0].pt > 70 GeV"],
    ),
    (
        "",
        "If the mass of the dijet system lies between 80 and 100 GeV, jets must have p_T > 50 GeV.",
        [],
        [J + "select pt > 50 GeV", R + "select 80 GeV < (Jet[0] + Jet[1]).mass < 100 GeV"],
    ),
    (
        "",
        "The control region contains exactly two loose muons of opposite charge, one of which must be tight, with a mass between 60 and 120 GeV.",
        [TIGHT_MUONS + "select count(tight_muons) >= 1"],
        [TIGHT_MUONS + "select count(tight_muons) >= 2", TIGHT_MUONS + "select count(tight_muons) == 0"],
    ),
    (
        "",
        "Electrons are required to have p_T > 27 GeV and |η_{cluster}| < 2.47, and the region 1.37 < |η_{cluster}| < 1.52 is excluded.",
        [E + "select |eta_sc| < 2.47", E + "reject 1.37 < |eta_sc| < 1.52"],
        [E + "select |eta_sc| > 2.47", E + "select 1.37 < |eta_sc| < 1.52"],
    ),
    ("", "Electrons must have |η| < 2.47.", [E + "select |eta| < 2.47"], [E + "select |eta_sc| < 2.47"]),
    (
        "",
        "Isolation is required: the scalar sum of the transverse momenta of tracks within a cone of size ΔR = 0.3 around the muon must be smaller than 15% of its p_T.",
        [M + "select pfreliso03_charged < 0.15"],
        [M + "select pfreliso04_charged < 0.15"],
    ),
    (
        "",
        "At least two b-tagged jets are required: one of them must be within ΔR < 1.0 of the large-R jet, and at least one must have ΔR(ℓ, b) < 2.0.",
        [
            NEAR + "select any(dr(b, top) < 1.0 for b in bjets)",
            NEAR + "select any(dr(Electron[0], b) < 2.0 for b in bjets)",
        ],
        [
            NEAR + "select all(dr(b, top) < 1.0 for b in bjets)",
            NEAR + "select any(dr(b, top) < 2.0 for b in bjets)",
            NEAR + "select any(dr(Electron[0], b) < 1.0 for b in bjets)",
        ],
    ),
    (
        "",
        "The invariant mass of the lepton and the nearest b-tagged jet has to be less than 180 GeV.",
        [NEAR + "select (Electron[0] + nearest).mass < 180 GeV"],
        [NEAR + "select (Electron[0] + Jet[0]).mass < 180 GeV", NEAR + "select nearest.pt < 180 GeV"],
    ),
    (
        "",
        "Neither of the b-tagged jets may lie within ΔR = 0.4 of the lepton.",
        [NEAR + "reject any(dr(Electron[0], b) < 0.4 for b in bjets)"],
        [NEAR + "select any(dr(Electron[0], b) < 0.4 for b in bjets)"],
    ),
]
CASES = [
    (before, sentence, program, sound)
    for before, sentence, right, wrong in SAID
    for programs, sound in ((right, True), (wrong, False))
    for program in programs
]


@pytest.mark.parametrize(("before", "sentence", "program", "sound"), CASES)
def test_what_models_write(before: str, sentence: str, program: str, sound: bool, tmp_path: Path) -> None:
    finding = judged(f"{before} {sentence}".strip(), sentence, program, tmp_path)
    assert finding.verdict is not Verdict.NOT_FOUND
    assert finding.verdict.sound is sound, finding.message


def test_a_doubt_says_what_is_left_of_what_is_rejected(tmp_path: Path) -> None:
    """Told only that the quotation says `< 15 GeV`, a model turns the criterion round."""
    finding = judged(SAID_OF_Z, SAID_OF_Z, ZEE + "select |mee - m_Z| > 15 GeV", tmp_path)
    assert "so that `>= 15 GeV` is left" in finding.message


def test_a_doubt_names_the_number_that_was_made_up(tmp_path: Path) -> None:
    said = "Events with a b-tagged jet are discarded."
    finding = judged(said, said, R + "select count(j for j in Jet if j.btag > 0.85) == 0", tmp_path)
    assert "does not have 0.85" in finding.message


SAID_OF_Z = "Events with |m_{ee} - m_Z| < 15 GeV are removed."

REGIONS = """| | SR1 | SR2 |
|---|---|---|
| E_T^{miss} [GeV] | > 150 | 150-225 |
"""
# Names of columns within a table, and what is no name of one.
HALVES = """| Jets | 0 or 1 | |
|---|---|---|
| Lepton | veto on e and μ | |
| | low | high | other |
| E_T^{miss} [GeV] | > 150 | 150-225 | > 300 |
"""
NO_NAMES = HALVES.replace("| | low | high | other |", "| Cleaning | photon | jet | muon |")
N_JETS = "| Region | N_j | t_{mod} | E_T^{miss} [GeV] |\n|---|---|---|---|\n| A | 2-3 | > 10 | > 600 |\n"
OF_TWO = 'region {0}\n  select count(Jet) < 2 assume "x"\n\nregion {1}\n  select 150 GeV < MET.pt < 225 GeV'
ROWS = [
    (HALVES, "E_T^{miss} [GeV] | > 150 | 150-225 | > 300", OF_TWO.format("low", "high"), True),
    (HALVES, "E_T^{miss} [GeV] | > 150 | 150-225 | > 300", OF_TWO.format("high", "low"), False),
    (NO_NAMES, "E_T^{miss} [GeV] | > 150 | 150-225 | > 300", "region other\n  select MET.pt > 300 GeV", True),
    (N_JETS, "A | 2-3 | > 10 | > 600", "region a\n  select count(Jet) == 2 or count(Jet) == 3", True),
    (N_JETS, "A | 2-3 | > 10 | > 600", "region a\n  select count(Jet) == 2 or count(Jet) == 4", False),
    (N_JETS, "A | 2-3 | > 10 | > 600", "region a\n  select count(Jet) == 2", False),
    (N_JETS, "A | 2-3 | > 10 | > 600", 'region a\n  external "t_mod > 10"', True),
    (N_JETS, "A | 2-3 | > 10 | > 600", 'region a\n  external "MET > 600 GeV"', True),
    (N_JETS, "A | 2-3 | > 10 | > 600", 'region a\n  external "t_mod > 20"', False),
    (N_JETS, "A | 2-3 | > 10 | > 600", 'region a\n  external "topness of the event"', False),
    (REGIONS, "E_T^{miss} [GeV] | > 150 | 150-225", "region sr2\n  select 150 GeV < MET.pt < 225 GeV", True),
    (REGIONS, "E_T^{miss} [GeV] | > 150 | 150-225", "region sr1\n  select 150 GeV < MET.pt < 225 GeV", False),
]


@pytest.mark.parametrize(("table", "row", "program", "sound"), ROWS)
def test_what_models_write_of_tables(table: str, row: str, program: str, sound: bool, tmp_path: Path) -> None:
    finding = judged(f"Table 1: Regions.\n\n{table}", row, program, tmp_path)
    assert finding.verdict is not Verdict.NOT_FOUND
    assert finding.verdict.sound is sound, finding.message
