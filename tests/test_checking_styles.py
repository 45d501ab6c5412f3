# ruff: noqa: E501, RUF001 - sentences are one line, and have Greek letters
"""What papers of other styles say: supersymmetry, exotics, flavour, heavy ions, long-lived particles, recasts, theses.

Each right program stands beside wrong ones that differ in one place, as a language model errs. None is quoted from a paper.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import judged
from cited_blocks import TR, E, J, M, P, R

from hepsel.extract.checking import Verdict

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

T = "object taus\n  take Tau\n  "
DV = "object dvs\n  take DisplacedVertex\n  "
DI = "composite dimuons\n  take Muon a, Muon b\n  "
QUADS = "composite quads\n  take Muon a, Muon b, Muon c, Muon d\n  "
TRI = "composite trijets\n  take Jet a, Jet b, Jet c\n  "
KPI = "object kaons\n  take Track\n\nobject pions\n  take Track\n\ncomposite bs\n  take Muon mp, Muon mm, kaons k, pions p\n  "
LS = "object leps\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  "
L = "object leps\n  take Electron, Muon\n\nregion sr\n  "
BJ = 'object bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr\n  '
SF = "table sf(x) "
HT = "define HT = sum(Jet.pt)\nregion sr\n  "
MLL = "object leps\n  take Electron, Muon\n\ndefine mll = (leps[0] + leps[1]).mass\nregion sr\n  "
ASYMMETRY = (
    "The asymmetry A = (p_{T,1} - p_{T,2})/(p_{T,1} + p_{T,2}) of the two leading jets has to remain smaller than 0.15."
)

# The text, the last sentence of which is quoted; programs whose last criterion cites it: right ones, wrong ones.
SAID: list[tuple[str, list[str], list[str]]] = [
    # ---- bins and ranges without an end
    (
        "Events are binned in the missing momentum, with edges at 200 and 300 GeV, and a last bin of E_T^{miss} > 400 GeV.",
        [R + "bins b = MET.pt edges [200 GeV, 300 GeV, 400 GeV, inf]"],
        [
            R + "bins b = MET.pt edges [200 GeV, 300 GeV, 500 GeV, inf]",
            R + "bins b = MET.pt edges [200 GeV, 300 GeV, 400 GeV, 10 TeV]",
        ],
    ),
    # ---- errors of numbers: each is there once, symmetric ones too
    (
        "The scale factor is 0.95 ± 0.01 (stat.) ± 0.02 (syst.) for muons with p_T > 20 GeV.",
        [SF + "0.95 +- 0.01 stat +- 0.02 syst for 20 GeV to inf", SF + "0.95 for 20 GeV to inf"],
        [SF + "0.95 +- 0.01 stat +- 0.03 syst for 20 GeV to inf", SF + "0.95 +- 0.01 +- 0.01 for 20 GeV to inf"],
    ),
    (
        "The scale factor is 0.95^{+0.02}_{-0.03} for muons with p_T > 20 GeV.",
        [SF + "0.95 + 0.02 - 0.03 for 20 GeV to inf"],
        [SF + "0.95 + 0.02 - 0.04 for 20 GeV to inf", SF + "0.95 +- 0.01 for 20 GeV to inf"],
    ),
    (
        "We observe 117 _{-12}^{+14} events at 10^{-3} cm^{-2} s^{-1}.",
        [R + "expect 117 + 14 - 12"],
        [R + "expect 117 + 14 - 15", R + "expect 117 +- 15"],
    ),
    ("We observe 117 ± 14 events.", [R + "expect 117 +- 14"], [R + "expect 117 +- 117", R + "expect 117 +- 15"]),
    # ---- units and parts of one in words
    (
        "The relative isolation of muons must be below 15 percent.",
        [M + "select iso < 0.15"],
        [M + "select iso < 0.25", M + "select iso < 15", M + "select iso > 0.15"],
    ),
    (
        "Muons need a transverse impact parameter below two millimetres.",
        [M + "select |d0| < 2 mm"],
        [M + "select |d0| < 2 cm", M + "select |d0| < 3 mm"],
    ),
    (
        "The transverse impact parameter of muons has to be smaller than half a millimetre.",
        [M + "select |d0| < 0.5 mm", M + "select |d0| < 500 um"],
        [M + "select |d0| < 0.5 cm", M + "select |d0| < 5 mm", M + "select |d0| < 1 mm", M + "select |d0| > 0.5 mm"],
    ),
    (
        "Muons with an impact parameter of at least a centimeter are removed.",
        [M + "reject |d0| >= 1 cm", M + "select |d0| < 10 mm"],
        [M + "reject |d0| >= 1 mm", M + "select |d0| >= 1 cm"],
    ),
    (
        "The impact parameter of muons must not exceed 200 microns.",
        [M + "select |d0| <= 200 um"],
        [M + "select |d0| <= 200 mm", M + "select |d0| <= 20 um"],
    ),
    (
        "The missing transverse momentum must exceed half a TeV.",
        [R + "select MET.pt > 500 GeV"],
        [R + "select MET.pt > 1 TeV", R + "select MET.pt > 5 TeV", R + "select MET.pt < 0.5 TeV"],
    ),
    (
        "Jets are separated from the missing momentum by more than half a radian in azimuth.",
        [J + "select dphi(this, MET) > 0.5"],
        [J + "select dphi(this, MET) > 5", J + "select dphi(this, MET) < 0.5"],
    ),
    (
        "The relative isolation of muons must be below one tenth.",
        [M + "select iso < 0.1"],
        [M + "select iso < 1", M + "select iso < 10"],
    ),
    (
        "At most a quarter of the jet energy comes from charged particles.",
        [J + "select charged_fraction <= 0.25"],
        [J + "select charged_fraction <= 0.4", J + "select charged_fraction >= 0.25"],
    ),
    # ---- sentences of LHC papers, as they are often written
    (
        "Jets are clustered with R = 0.4 and kept if pT > 25 GeV (30 GeV in the forward region, |η| > 2.5).",
        [J + "select pt > 25 GeV"],
        [
            J + "select pt > 20 GeV",
            J + "select pt > (if |eta| > 2.5 then 25 GeV else 30 GeV)",
            J + "select pt > (if |eta| < 2.5 then 30 GeV else 25 GeV)",
        ],
    ),
    (
        "Photon candidates inside the transition region 1.44 < |η| < 1.57 are discarded.",
        [P + "reject 1.44 < |eta| < 1.57", P + "select |eta| <= 1.44 or |eta| >= 1.57"],
        [P + "select 1.44 < |eta| < 1.57", P + "reject 1.4 < |eta| < 1.57", P + "reject 1.44 < eta < 1.57"],
    ),
    (
        "Only events with zero b-tagged jets enter the signal region.",
        [BJ + "select count(bjets) == 0"],
        [BJ + "select count(bjets) >= 0", BJ + "select count(bjets) == 1", BJ + "reject count(bjets) == 0"],
    ),
    (
        "The leading (subleading) lepton must satisfy pT > 25 (15) GeV.",
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select leptons[0].pt > 25 GeV",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select leptons[1].pt > 15 GeV",
        ],
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select leptons[0].pt > 15 GeV",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select leptons[1].pt > 25 GeV",
        ],
    ),
    (
        "The invariant mass of the dilepton system has to differ from the Z boson mass by at least 15 GeV.",
        [
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select |(a + b).mass - 91.2 GeV| >= 15 GeV"
        ],
        [
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select |mass - 91.2 GeV| < 15 GeV",
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select |mass - 91.2 GeV| > 10 GeV",
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select mass > 15 GeV",
        ],
    ),
    (
        "Events in which the two leading jets have an invariant mass below 500 GeV are removed.",
        [R + "reject (Jet[0] + Jet[1]).mass < 500 GeV", R + "select (Jet[0] + Jet[1]).mass >= 500 GeV"],
        [
            R + "select (Jet[0] + Jet[1]).mass < 500 GeV",
            R + "reject (Jet[0] + Jet[2]).mass < 500 GeV",
            R + "reject (Jet[0] + Jet[1]).mass < 5 GeV",
        ],
    ),
    (
        "Taus are required to be isolated from muons by ΔR > 0.4.",
        [T + "select all(dr(this, m) > 0.4 for m in Muon)", T + "reject any(dr(this, m) <= 0.4 for m in Muon)"],
        [
            T + "select any(dr(this, m) > 0.4 for m in Muon)",
            T + "select all(dr(this, e) > 0.4 for e in Electron)",
            T + "select all(dr(this, m) < 0.4 for m in Muon)",
        ],
    ),
    (
        "HT, the scalar sum of jet transverse momenta, is required to be larger than 800 GeV.",
        [R + "select sum(Jet.pt) > 800 GeV"],
        [
            R + "select sum(Jet).pt > 800 GeV",
            R + "select sum(Jet.pt) > 80 GeV",
            R + "select sum(Jet.pt) < 800 GeV",
            R + "select sum(Muon.pt) > 800 GeV",
        ],
    ),
    (
        "The ratio of missing transverse momentum to the square root of HT must be larger than 5 GeV^{1/2}.",
        [R + "select MET.pt / sqrt(sum(Jet.pt)) > 5 GeV^(1/2)"],
        [
            R + "select sqrt(sum(Jet.pt)) / MET.pt > 5 GeV^(-1/2)",
            R + "select MET.pt / sum(Jet.pt) > 5",
            R + "select MET.pt / sqrt(sum(Jet.pt)) > 50 GeV^(1/2)",
        ],
    ),
    (
        "Large-radius jets have to have a mass between 60 and 100 GeV.",
        [
            "object fatjets\n  take FatJet\n  select 60 GeV < mass < 100 GeV",
            "object fatjets\n  take FatJet\n  select 60 GeV <= mass <= 100 GeV",
        ],
        [
            "object fatjets\n  take FatJet\n  select 60 GeV < pt < 100 GeV",
            "object fatjets\n  take FatJet\n  select 60 GeV < mass < 110 GeV",
            "object fatjets\n  take FatJet\n  reject 60 GeV < mass < 100 GeV",
        ],
    ),
    (
        "The transverse mass of the lepton and the missing transverse momentum must not exceed 120 GeV.",
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select mt(leptons[0], MET) <= 120 GeV",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  reject mt(leptons[0], MET) > 120 GeV",
        ],
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select mt(leptons[0], MET) >= 120 GeV",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select (leptons[0] + MET).mass <= 120 GeV",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select mt(leptons[0], MET) <= 12 GeV",
        ],
    ),
    (
        "Electrons are accepted up to |η| = 2.47, excluding the crack 1.37-1.52.",
        [
            E + "select |eta| < 2.47",
            E + "reject 1.37 < |eta| < 1.52",
            E + "select |eta| < 2.47 and not 1.37 <= |eta| <= 1.52",
        ],
        [E + "select |eta| > 2.47", E + "select 1.37 < |eta| < 1.52", E + "select |eta| < 2.5"],
    ),
    (
        "At least one of the muons must fire the trigger and have pT > 27 GeV.",
        [R + "select count(m for m in Muon if m.pt > 27 GeV) >= 1"],
        [
            R + "select all(m.pt > 27 GeV for m in Muon)",
            R + "select count(m for m in Muon if m.pt > 27 GeV) >= 2",
            R + "select any(m.pt > 37 GeV for m in Muon)",
        ],
    ),
    (
        "The separation in pseudorapidity of the tagging jets is larger than 3.5 units.",
        [R + "select |Jet[0].eta - Jet[1].eta| > 3.5", R + "select deta(Jet[0], Jet[1]) > 3.5"],
        [
            R + "select |Jet[0].eta - Jet[1].eta| < 3.5",
            R + "select |Jet[0].phi - Jet[1].phi| > 3.5",
            R + "select Jet[0].eta - Jet[1].eta > 3.5",
        ],
    ),
    (
        "The two tagging jets lie in opposite hemispheres, η_{j1} × η_{j2} < 0.",
        [R + "select Jet[0].eta * Jet[1].eta < 0"],
        [R + "select Jet[0].eta * Jet[1].eta > 0", R + "select Jet[0].eta + Jet[1].eta < 0"],
    ),
    (
        "Both leptons have the same electric charge.",
        [
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select a.charge == b.charge",
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select a.charge * b.charge > 0",
        ],
        [
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select a.charge != b.charge",
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select a.charge + b.charge == 0",
        ],
    ),
    (
        "The muon isolation, defined as the sum of pT of tracks within ΔR < 0.3 divided by the muon pT, is smaller than 0.06.",
        [M + "select ptcone30 / pt < 0.06"],
        [M + "select ptcone30 / pt < 0.3", M + "select ptcone30 / pt > 0.06", M + "select ptcone30 < 0.06 GeV"],
    ),
    (
        "Events are kept when max(p_T^{l1}, p_T^{l2}) > 35 GeV.",
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select max(leptons[0].pt, leptons[1].pt) > 35 GeV"
        ],
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select min(leptons[0].pt, leptons[1].pt) > 35 GeV",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select max(leptons[0].pt, leptons[1].pt) < 35 GeV",
        ],
    ),
    (
        "We select events with 3 or 4 jets, exactly 2 of which are b-tagged.",
        [BJ + "select count(bjets) == 2", R + "select 3 <= count(Jet) <= 4"],
        [BJ + "select count(bjets) >= 2", R + "select count(Jet) >= 3", R + "select 2 <= count(Jet) <= 4"],
    ),
    (
        "The azimuthal angle between the missing transverse momentum and each of the four leading jets is required to be above 0.4.",
        ["object lead\n  take Jet\n  keep first 4\n\nregion sr\n  select all(dphi(j, MET) > 0.4 for j in lead)"],
        [
            "object lead\n  take Jet\n  keep first 4\n\nregion sr\n  select any(dphi(j, MET) > 0.4 for j in lead)",
            "object lead\n  take Jet\n  keep first 4\n\nregion sr\n  select all(dphi(j, MET) > 4 for j in lead)",
        ],
    ),
    (
        "The vector sum of the lepton momenta must have pT > 60 GeV.",
        [
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select pt > 60 GeV",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select sum(leptons).pt > 60 GeV",
        ],
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select sum(leptons.pt) > 60 GeV",
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select pt < 60 GeV",
        ],
    ),
    (
        "Pairs closer than ΔR = 0.2 are not considered.",
        [
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  reject dr(a, b) < 0.2",
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select dr(a, b) >= 0.2",
        ],
        [
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  select dr(a, b) < 0.2",
            "object leptons\n  take Electron, Muon\n\ncomposite pairs\n  take leptons a, leptons b\n  reject dr(a, b) < 0.02",
        ],
    ),
    (
        "A minimum of 20 GeV is imposed on the transverse momentum of every jet.",
        [J + "select pt >= 20 GeV"],
        [J + "select pt < 20 GeV", J + "select pt > 30 GeV", J + "select mass > 20 GeV"],
    ),
    (
        "The photon must carry no more than 5% of its energy in the hadronic calorimeter.",
        [P + "select hadronic_leakage <= 0.05"],
        [P + "select hadronic_leakage >= 0.05", P + "select hadronic_leakage <= 0.5"],
    ),
    (
        "To suppress the Z background, the event is dropped if any opposite-sign same-flavour lepton pair has a mass below 12 GeV.",
        [
            "object leptons\n  take Electron, Muon\n\ncomposite ossf\n  take leptons a, leptons b\n  select a.flavour == b.flavour\n  select a.charge != b.charge\n\nregion sr\n  reject any(p.mass < 12 GeV for p in ossf)"
        ],
        [
            "object leptons\n  take Electron, Muon\n\ncomposite ossf\n  take leptons a, leptons b\n\nregion sr\n  reject all(p.mass < 12 GeV for p in ossf)",
            "object leptons\n  take Electron, Muon\n\ncomposite ossf\n  take leptons a, leptons b\n\nregion sr\n  select any(p.mass < 12 GeV for p in ossf)",
        ],
    ),
    (
        "Muons within ΔR < 0.4 of a jet are discarded.",
        [M + "reject any(dr(this, j) < 0.4 for j in Jet)", M + "select all(dr(this, j) >= 0.4 for j in Jet)"],
        [
            M + "reject all(dr(this, j) < 0.4 for j in Jet)",
            J + "reject any(dr(this, m) < 0.4 for m in Muon)",
            M + "reject any(dr(this, j) > 0.4 for j in Jet)",
        ],
    ),
    (
        "The leading photon is required to satisfy pT/mγγ > 0.35 and the subleading one pT/mγγ > 0.25.",
        [
            R + "let m = (Photon[0] + Photon[1]).mass\n  select Photon[0].pt / m > 0.35",
            R + "let m = (Photon[0] + Photon[1]).mass\n  select Photon[1].pt / m > 0.25",
        ],
        [
            R + "let m = (Photon[0] + Photon[1]).mass\n  select Photon[0].pt / m > 0.25",
            R + "let m = (Photon[0] + Photon[1]).mass\n  select Photon[1].pt / m > 0.35",
            R + "let m = (Photon[0] + Photon[1]).mass\n  select m / Photon[0].pt > 0.35",
        ],
    ),
    (
        "Jets must not be b-tagged.",
        [J + "reject is_btagged"],
        [J + "select is_btagged"],
    ),
    (
        "A veto on b-tagged jets with pT > 20 GeV is applied.",
        [
            'object bjets\n  take Jet\n  select is_btagged assume "x"\n  select pt > 20 GeV assume "y"\n\nregion sr\n  select count(bjets) == 0',
            BJ + "reject any(b.pt > 20 GeV for b in bjets)",
        ],
        [BJ + "select count(bjets) >= 1", BJ + "reject any(b.pt > 30 GeV for b in bjets)"],
    ),
    (
        "The event must contain one, and only one, isolated lepton.",
        ["object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select count(leptons) == 1"],
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select count(leptons) >= 1",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select count(leptons) == 2",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  reject count(leptons) == 1",
        ],
    ),
    (
        "Events with fewer than four jets, or with missing transverse momentum under 30 GeV, are discarded.",
        [
            R + "reject count(Jet) < 4",
            R + "reject MET.pt < 30 GeV",
            R + "select count(Jet) >= 4",
            R + "reject count(Jet) < 4 or MET.pt < 30 GeV",
        ],
        [
            R + "reject count(Jet) <= 4",
            R + "select count(Jet) < 4",
            R + "reject count(Jet) < 4 and MET.pt < 30 GeV",
            R + "reject MET.pt < 40 GeV",
        ],
    ),
    (
        "We demand m_{jj} > 600 GeV and |Δη_{jj}| > 3.8 for the two highest-pT jets.",
        [R + "select (Jet[0] + Jet[1]).mass > 600 GeV", R + "select deta(Jet[0], Jet[1]) > 3.8"],
        [
            R + "select (Jet[0] + Jet[1]).mass > 380 GeV",
            R + "select deta(Jet[0], Jet[1]) > 600",
            R + "select dphi(Jet[0], Jet[1]) > 3.8",
            R + "select (Jet[1] + Jet[2]).mass > 600 GeV",
        ],
    ),
    (
        "Tracks need at least seven hits in the silicon detectors.",
        [TR + "select n_silicon_hits >= 7"],
        [TR + "select n_silicon_hits > 7", TR + "select n_silicon_hits <= 7", TR + "select n_silicon_hits >= 11"],
    ),
    (
        "The missing transverse momentum has to be at least 30% of HT.",
        [R + "select MET.pt >= 0.3 * sum(Jet.pt)", R + "select MET.pt / sum(Jet.pt) >= 0.3"],
        [R + "select MET.pt >= 0.03 * sum(Jet.pt)", R + "select MET.pt <= 0.3 * sum(Jet.pt)"],
    ),
    (
        "Jets with |η| > 2.4 are ignored.",
        [J + "reject |eta| > 2.4", J + "select |eta| <= 2.4"],
        [J + "select |eta| > 2.4", J + "reject |eta| > 4.2", J + "reject eta > 2.4"],
    ),
    (
        "For central jets (|η| < 2.4) with pT < 50 GeV the vertex fraction must exceed 0.5.",
        [J + "reject |eta| < 2.4 and pt < 50 GeV and not jvf > 0.5"],
        [J + "reject |eta| < 2.4 and pt < 50 GeV and not jvf < 0.5", J + "select jvf > 0.5"],
    ),
    (
        "The muons are ordered by pT; the first has to exceed 20 GeV, the second 10 GeV.",
        [R + "select Muon[0].pt > 20 GeV", R + "select Muon[1].pt > 10 GeV"],
        [R + "select Muon[1].pt > 20 GeV", R + "select Muon[0].pt > 10 GeV"],
    ),
    (
        "Only pairs of muons with opposite charge are combined.",
        [DI + "select a.charge + b.charge == 0", DI + "select a.charge * b.charge < 0"],
        [DI + "select a.charge == b.charge", DI + "select a.charge * b.charge > 0"],
    ),
    (
        "The pseudorapidity of the dimuon has to satisfy |y| < 2.",
        [DI + "select |rapidity| < 2"],
        [DI + "select |rapidity| > 2", DI + "select |eta| < 2.1"],
    ),
    (
        "Photons in the barrel (|η| < 1.4442) must have σ_{iηiη} < 0.0102.",
        [P + "reject |eta| < 1.4442 and not sigma_ieta_ieta < 0.0102"],
        [
            P + "reject |eta| < 1.4442 and not sigma_ieta_ieta > 0.0102",
            P + "reject |eta| > 1.4442 and not sigma_ieta_ieta < 0.0102",
        ],
    ),
    (
        "Four-lepton candidates are retained for 105 < m_{4l} < 140 GeV.",
        [QUADS + "select 105 GeV < mass < 140 GeV"],
        [
            QUADS + "select 105 GeV < mass < 160 GeV",
            QUADS + "reject 105 GeV < mass < 140 GeV",
            QUADS + "select 105 GeV < pt < 140 GeV",
        ],
    ),
    (
        "The transverse momentum of the Z boson candidate should exceed 200 GeV.",
        ["composite z_candidates\n  take Muon a, Muon b\n  select pt > 200 GeV"],
        [
            "composite z_candidates\n  take Muon a, Muon b\n  select mass > 200 GeV",
            "composite z_candidates\n  take Muon a, Muon b\n  select pt < 200 GeV",
            "composite z_candidates\n  take Muon a, Muon b\n  select a.pt > 200 GeV",
        ],
    ),
    (
        "In events with more than one candidate, the one with the largest scalar sum of pT is chosen.",
        [DI + "keep highest a.pt + b.pt"],
        [DI + "keep lowest a.pt + b.pt", DI + "keep highest pt"],
    ),
    (
        "The angle in azimuth between the two leptons is limited to less than 1.8 rad.",
        [
            R + "select dphi(Muon[0], Muon[1]) < 1.8",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select dphi(leptons[0], leptons[1]) < 1.8",
        ],
        [
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select dphi(leptons[0], leptons[1]) > 1.8",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select dr(leptons[0], leptons[1]) < 1.8",
            "object leptons\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  select dphi(leptons[0], leptons[2]) < 1.8",
        ],
    ),
    (
        "The sum of the charges of the three leptons has to be ±1.",
        ["object leptons\n  take Electron, Muon\n\nregion sr\n  select |sum(leptons.charge)| == 1"],
        [
            "object leptons\n  take Electron, Muon\n\nregion sr\n  select sum(leptons.charge) == 1",
            "object leptons\n  take Electron, Muon\n\nregion sr\n  select |sum(leptons.charge)| == 3",
        ],
    ),
    (
        "The top candidate mass has to lie within 30 GeV of the top-quark mass.",
        ["composite tops\n  take Jet a, Jet b, Jet c\n  select |mass - 172.5 GeV| < 30 GeV"],
        [
            "composite tops\n  take Jet a, Jet b, Jet c\n  select |mass - 80.4 GeV| < 30 GeV",
            "composite tops\n  take Jet a, Jet b, Jet c\n  select |mass - 172.5 GeV| > 30 GeV",
        ],
    ),
    (
        "The dijet mass must be compatible with the W boson mass, 60 < m_{jj} < 100 GeV.",
        ["composite dijets\n  take Jet a, Jet b\n  select 60 GeV < mass < 100 GeV"],
        [
            "composite dijets\n  take Jet a, Jet b\n  select |mass - 80.4 GeV| < 10 GeV",
            "composite dijets\n  take Jet a, Jet b\n  select 60 GeV < mass < 110 GeV",
        ],
    ),
    # ---- masses that are named without their value
    (
        "The mass of the muon pair must be within 10 GeV of the Z boson mass.",
        [
            DI + "select |mass - 91.2 GeV| < 10 GeV",
            DI + "select |(a + b).mass - 91.1876 GeV| < 10 GeV",
            DI + "select 81.2 GeV < mass < 101.2 GeV",
            DI + "select 81 GeV < mass < 101 GeV",
            DI + "reject mass <= 81 GeV or mass >= 101 GeV",
        ],
        [
            DI + "select |mass - 90 GeV| < 10 GeV",
            DI + "select |mass - 125 GeV| < 10 GeV",
            DI + "select |mass - 91.2 GeV| < 20 GeV",
            DI + "select |mass - 91.2 GeV| > 10 GeV",
            DI + "select 76 GeV < mass < 106 GeV",
            DI + "select 81 GeV < mass < 102 GeV",
            DI + "reject 81 GeV < mass < 101 GeV",
            DI + "select mass < 81 GeV or mass > 101 GeV",
            DI + "select 81 GeV < pt < 101 GeV",
            DI + "select mass > 81 GeV",
        ],
    ),
    (
        "Muon pairs with a mass that differs from m_{Z} by less than 15 GeV are rejected.",
        [
            DI + "reject |mass - 91 GeV| < 15 GeV",
            DI + "reject 76.2 GeV < mass < 106.2 GeV",
            DI + "select mass <= 76 GeV or mass >= 106 GeV",
        ],
        [
            DI + "select |mass - 91 GeV| < 15 GeV",
            DI + "select 76.2 GeV < mass < 106.2 GeV",
            DI + "reject mass < 76 GeV or mass > 106 GeV",
            DI + "reject 76.2 GeV < mass < 101.2 GeV",
            DI + "select mass >= 76 GeV and mass >= 106 GeV",
            DI + "reject mass < 76 GeV and mass < 106 GeV",
        ],
    ),
    (
        "The muon pair whose mass is closest to the nominal Z boson mass is kept.",
        [DI + "keep lowest |mass - 91.1876 GeV|"],
        [
            DI + "keep lowest |mass - 80.4 GeV|",
            DI + "keep highest |mass - 91.1876 GeV|",
            DI + "keep lowest |pt - 91.2 GeV|",
        ],
    ),
    (
        "The mass of the muon pair is within 10 GeV of the Z boson mass of 91 GeV.",
        [DI + "select |mass - 91 GeV| < 10 GeV"],
        [DI + "select |mass - 91.2 GeV| < 10 GeV"],
    ),
    (
        "Muon pairs are kept within 50 MeV of the mass of the J/ψ.",
        [DI + "select |mass - 3.097 GeV| < 50 MeV", DI + "select |mass - 3096.9 MeV| < 0.05 GeV"],
        [DI + "select |mass - 3.686 GeV| < 50 MeV", DI + "select |mass - 3.097 GeV| < 50 GeV"],
    ),
    # ---- the size of a cone is no bound
    (
        "The muon isolation, the sum of pT of tracks within ΔR < 0.3 divided by the muon pT, is smaller than 0.06.",
        [M + "select ptcone30 / pt < 0.06", M + "select iso < 0.06"],
        [M + "select ptcone30 / pt < 0.3", M + "select iso < 0.3"],
    ),
    # ---- the first of a list, by an object of their own; the distance in a pair is of all of it
    (
        "The azimuthal angle between the missing transverse momentum and each of the four leading jets has to be above 0.4.",
        ["object lead\n  take Jet\n  keep first 4\n\n" + R + "select all(dphi(j, MET) > 0.4 for j in lead)"],
        [
            "object lead\n  take Jet\n  keep first 4\n\n" + R + "select any(dphi(j, MET) > 0.4 for j in lead)",
            "object good\n  take Jet\n\n" + R + "select all(dphi(j, MET) > 0.4 for j in good)",
        ],
    ),
    (
        "Muon pairs closer than ΔR = 0.2 are not considered.",
        [DI + "reject dr(a, b) < 0.2", DI + "select dr(a, b) >= 0.2"],
        [DI + "select dr(a, b) < 0.2", DI + "reject dr(a, b) < 0.02"],
    ),
    # ---- ordinals that say how many there are
    (
        "Events with a third muon are removed.",
        [R + "reject count(Muon) >= 3", R + "select count(Muon) < 3"],
        [R + "reject count(Muon) >= 4", R + "select count(Muon) >= 3", R + "reject count(Muon) >= 2"],
    ),
    (
        "A third isolated muon is required.",
        [R + "select count(Muon) >= 3"],
        [R + "select count(Muon) < 3", R + "select count(Muon) >= 2", R + "reject count(Muon) >= 3"],
    ),
    (
        "Events must have no third muon.",
        [R + "select count(Muon) < 3", R + "select count(Muon) <= 2", R + "reject count(Muon) >= 3"],
        [R + "select count(Muon) >= 3", R + "select count(Muon) == 0", R + "reject count(Muon) < 3"],
    ),
    (
        "Events without a second jet are discarded.",
        [R + "select count(Jet) >= 2", R + "reject count(Jet) < 2"],
        [R + "reject count(Jet) >= 2", R + "select count(Jet) >= 3"],
    ),
    (
        "Events that contain a fourth jet are vetoed.",
        [R + "reject count(Jet) >= 4", R + "select count(Jet) <= 3"],
        [R + "select count(Jet) >= 4", R + "reject count(Jet) >= 3"],
    ),
    # ---- a name of the program is a whole symbol of the paper
    (
        "Events must have H_T > 500 GeV and H_T^{miss} > 200 GeV.",
        [HT + "select HT > 500 GeV", R + "select sum(Jet).pt > 200 GeV"],
        [HT + "select HT > 200 GeV", R + "select sum(Jet.pt) > 200 GeV", R + "select sum(Jet).pt > 500 GeV"],
    ),
    # ---- a number without a name is not that of a quantity which stands beside another one
    (
        "Displaced vertices are kept in the volume of R < 300 mm and |z| < 300 mm.",
        [DV + "select |z| < 300 mm"],
        [DV + "select z < 300 mm"],
    ),
    # ---- conditions that nothing or everything passes
    (
        "Events with a dijet mass below 200 GeV or above 400 GeV are rejected.",
        [
            R + "reject (Jet[0] + Jet[1]).mass < 200 GeV or (Jet[0] + Jet[1]).mass > 400 GeV",
            R + "select 200 GeV <= (Jet[0] + Jet[1]).mass <= 400 GeV",
        ],
        [
            R + "reject (Jet[0] + Jet[1]).mass < 200 GeV and (Jet[0] + Jet[1]).mass > 400 GeV",
            R + "select (Jet[0] + Jet[1]).mass < 200 GeV and (Jet[0] + Jet[1]).mass > 400 GeV",
        ],
    ),
    # ---- nothing measured is equal to a number
    (
        "Muons down to p_T = 27 GeV are used.",
        [M + "select pt >= 27 GeV"],
        [M + "select pt == 27 GeV", M + "select pt <= 27 GeV"],
    ),
    (
        "Muons are kept up to |η| = 2.4.",
        [M + "select |eta| < 2.4"],
        [M + "select |eta| == 2.4", M + "select |eta| > 2.4"],
    ),
    ("The muons have |η| = 2.4.", [], [M + "select |eta| == 2.4"]),
    # ---- "no jet with" demands that there is none
    (
        "No additional jet with p_T > 30 GeV is allowed.",
        [
            R + "reject any(j.pt > 30 GeV for j in Jet)",
            R + "select all(j.pt <= 30 GeV for j in Jet)",
            R + "select count(j for j in Jet if j.pt > 30 GeV) == 0",
            J + "select pt > 30 GeV",
        ],
        [
            R + "select any(j.pt > 30 GeV for j in Jet)",
            R + "select all(j.pt > 30 GeV for j in Jet)",
            R + "reject all(j.pt > 30 GeV for j in Jet)",
            R + "select count(j for j in Jet if j.pt > 30 GeV) >= 1",
        ],
    ),
    (
        "No jet with p_T > 300 GeV may overlap with the leading muon inside a cone of ΔR < 1.0.",
        [R + "reject any(j.pt > 300 GeV and dr(j, Muon[0]) < 1.0 for j in Jet)"],
        [
            R + "select any(j.pt > 300 GeV and dr(j, Muon[0]) < 1.0 for j in Jet)",
            R + "reject any(j.pt > 300 GeV or dr(j, Muon[0]) < 1.0 for j in Jet)",
            R + "reject all(j.pt > 300 GeV and dr(j, Muon[0]) < 1.0 for j in Jet)",
        ],
    ),
    (
        "Events must contain no muons and at least two jets with p_T > 30 GeV.",
        [R + "select count(j for j in Jet if j.pt > 30 GeV) >= 2", R + "select count(Muon) == 0"],
        [R + "select count(Muon) >= 1"],
    ),
    (
        "Events must have no muons and E_T^{miss} > 100 GeV.",
        [R + "select MET.pt > 100 GeV"],
        [R + "select MET.pt <= 100 GeV"],
    ),
    ("Events with no muons and H_T > 500 GeV are selected.", [], [HT + "select HT <= 500 GeV"]),
    (
        "There must not be any isolated electron or muon in the event.",
        [R + "select count(Electron) == 0 and count(Muon) == 0"],
        [R + "reject count(Electron) > 0 and count(Muon) > 0", R + "select count(Electron) == 0 or count(Muon) == 0"],
    ),
    (
        "We require no electrons or muons with p_T > 10 GeV.",
        [],
        [R + "select count(Muon) == 0 or count(Electron) == 0"],
    ),
    # ---- what is rejected for one of two, and for both
    (
        "Jets with p_T < 30 GeV and |η| > 2.5 are removed.",
        [J + "reject pt < 30 GeV and |eta| > 2.5"],
        [J + "reject pt < 30 GeV or |eta| > 2.5", J + "reject pt < 30 GeV"],
    ),
    (
        "Jets that have p_T < 30 GeV or |η| > 2.5 are removed.",
        [J + "reject pt < 30 GeV or |eta| > 2.5", J + "reject pt < 30 GeV"],
        [J + "reject pt < 30 GeV and |eta| > 2.5"],
    ),
    (
        "Tau candidates must not overlap with any electron or muon within ΔR < 0.2.",
        [T + "reject any(dr(this, e) < 0.2 for e in Electron) or any(dr(this, m) < 0.2 for m in Muon)"],
        [
            T + "reject any(dr(this, e) < 0.2 for e in Electron) and any(dr(this, m) < 0.2 for m in Muon)",
            T + "select any(dr(this, e) < 0.2 for e in Electron)",
        ],
    ),
    (
        "The missing transverse momentum should neither be aligned with the leading jet, Δφ < 0.5, nor with the muon, Δφ < 0.2.",
        [R + "reject dphi(Jet[0], MET) < 0.5", R + "reject dphi(Muon[0], MET) < 0.2"],
        [R + "select dphi(Jet[0], MET) < 0.5", R + "reject dphi(Jet[0], MET) < 0.2"],
    ),
    (
        "The photon and E_T^{miss} must not overlap in the azimuthal plane: Δφ(γ, E_T^{miss}) > 0.4.",
        [R + "select dphi(Photon[0], MET) > 0.4"],
        [R + "select dphi(Photon[0], MET) < 0.4"],
    ),
    (
        "We kill events with a muon with p_T > 10 GeV.",
        [R + "reject any(m.pt > 10 GeV for m in Muon)"],
        [R + "select any(m.pt > 10 GeV for m in Muon)"],
    ),
    (
        "Electrons must fall into |η| < 2.47 but not into the transition region of 1.37 < |η| < 1.52.",
        [E + "reject 1.37 < |eta| < 1.52", E + "select |eta| < 2.47"],
        [E + "select 1.37 < |eta| < 1.52"],
    ),
    (
        "Candidates whose mass is outside 80 GeV to 100 GeV are not used.",
        [DI + "select 80 GeV <= mass <= 100 GeV"],
        [DI + "reject 80 GeV <= mass <= 100 GeV"],
    ),
    # ---- which ones of several lists
    (
        "The leading jet must be separated from the subleading lepton by ΔR > 0.4.",
        [L + "select dr(Jet[0], leps[1]) > 0.4"],
        [L + "select dr(Jet[0], leps[0]) > 0.4", L + "select dr(Jet[0], leps[2]) > 0.4"],
    ),
    (
        "The leading b-tagged jet must be separated from the leading muon by ΔR > 1.5.",
        [BJ + "select dr(bjets[0], Muon[0]) > 1.5"],
        [BJ + "select dr(bjets[1], Muon[0]) > 1.5", R + "select dr(Muon[0], Electron[0]) > 1.5"],
    ),
    (
        "Photons must have E_T > 35 GeV (leading) and E_T > 25 GeV (subleading).",
        [R + "select Photon[0].pt > 35 GeV", R + "select Photon[1].pt > 25 GeV"],
        [R + "select Photon[0].pt > 25 GeV", R + "select Photon[1].pt > 35 GeV"],
    ),
    (
        "The smaller of the two lepton transverse momenta must not be below 15 GeV.",
        [L + "select leps[1].pt >= 15 GeV", L + "select min(leps[0].pt, leps[1].pt) >= 15 GeV"],
        [L + "select leps[0].pt >= 15 GeV", L + "select max(leps[0].pt, leps[1].pt) >= 15 GeV"],
    ),
    # ---- objects: processes, symbols in brackets, parts and wholes
    (
        "In the W+jets control region all b-tagged jets are vetoed.",
        [BJ.replace("region sr", "region cr_w") + "select count(bjets) == 0"],
        ["region cr_w\n  select count(Jet) == 0", BJ + "select count(bjets) == 0"],
    ),
    (
        "As preselection cuts we impose E_T^{miss} > 200 GeV, p_T(j_1) > 100 GeV, and Δφ(j_1, E_T^{miss}) > 2.0.",
        [R + "select Jet[0].pt > 100 GeV", R + "select MET.pt > 200 GeV", R + "select dphi(Jet[0], MET) > 2.0"],
        [R + "select MET.pt > 100 GeV", R + "select dphi(Muon[0], MET) > 2.0"],
    ),
    (
        "Events with m_{ττ} below 160 GeV are vetoed.",
        [],
        [MLL + "reject mll < 160 GeV"],
    ),
    (
        "The dilepton mass must be larger than 12 GeV.",
        [MLL + "select mll > 12 GeV", L + "select (leps[0] + leps[1]).mass > 12 GeV"],
        [R + "select (Jet[0] + Jet[1]).mass > 12 GeV", L + "select (leps[0] - leps[1]).mass > 12 GeV"],
    ),
    (
        "The trijet mass has to satisfy 140 < m_{jjj} < 210 GeV.",
        [TRI + "select 140 GeV < mass < 210 GeV"],
        [TRI + "select 140 GeV < (a + b).mass < 210 GeV"],
    ),
    (
        "The four-lepton system must have a transverse momentum above 20 GeV.",
        [QUADS + "select pt > 20 GeV"],
        [QUADS + "select a.pt > 20 GeV"],
    ),
    (
        "Both muons must have p_T > 20 GeV.",
        [DI + "select a.pt > 20 GeV and b.pt > 20 GeV", DI + "select b.pt > 20 GeV\n  select a.pt > 20 GeV"],
        [DI + "select a.pt > 20 GeV", DI + "select pt > 20 GeV"],
    ),
    (
        "Z bosons are reconstructed from muon pairs in which each leg has p_T > 20 GeV and the mass of the pair is 60-120 GeV.",
        [DI + "select a.pt > 20 GeV and b.pt > 20 GeV", DI + "select 60 GeV < mass < 120 GeV"],
        [DI + "select pt > 20 GeV"],
    ),
    (
        "At least one of the two photons must be found in the barrel, |η| < 1.44.",
        [R + "select any(|p.eta| < 1.44 for p in Photon[:2])"],
        [P + "select |eta| < 1.44", R + "select all(|p.eta| < 1.44 for p in Photon[:2])"],
    ),
    (
        "The vectorial sum of the transverse momenta of the muons and b-tagged jets must have a magnitude below 60 GeV.",
        [BJ + "select (Muon[0] + Muon[1] + bjets[0] + bjets[1]).pt < 60 GeV"],
        [BJ + "select (bjets[0] + bjets[1]).pt < 60 GeV"],
    ),
    (
        "The distance ΔR of the two leptons has to be no smaller than 0.2.",
        [L + "select dr(leps[0], leps[1]) >= 0.2"],
        [L + "select dr(leps[0], Jet[0]) >= 0.2"],
    ),
    (
        "Charged kaons must have p_T > 1 GeV.",
        ["object kaons\n  take Track\n  select pt > 1 GeV"],
        ["object pions\n  take Track\n  select pt > 1 GeV"],
    ),
    (
        "The Kπ system must have a mass below 996 MeV.",
        [KPI + "select (k + p).mass < 996 MeV"],
        [KPI + "select (mp + mm).mass < 996 MeV"],
    ),
    (
        "Two leptons, at least one of which is tight, are required.",
        [],
        ["object loose_leptons\n  take Electron, Muon\n\nregion sr\n  select count(loose_leptons) >= 1"],
    ),
    # ---- quantities
    (
        "Jets are kept when p_T > 200 GeV and m > 50 GeV.",
        [J + "select mass > 50 GeV"],
        [J + "select pt > 50 GeV"],
    ),
    ("Candidates must satisfy M_{bc} > 5.27 GeV.", [DI + "select mbc > 5.27 GeV"], [DI + "select mass > 5.27 GeV"]),
    (
        "The significance of the transverse impact parameter of the muons must be below 5 in absolute value.",
        [M + "select |d0_significance| < 5", M + "select d0_significance < 5"],
        [M + "select |z0_significance| < 5", M + "select d0 / d0_error < 5"],
    ),
    (
        "Muons must have an impact parameter below 1 mm.",
        [M + "select |d0| < 1 mm"],
        [M + "select d0 < 1 mm", M + "select |z0| < 1 mm"],
    ),
    (
        "Muons must have a longitudinal impact parameter below 1 mm.",
        [M + "select |z0| < 1 mm"],
        [M + "select |d0| < 1 mm"],
    ),
    (
        "The distance of closest approach must be smaller than 2.4 cm in the transverse plane and 3.2 cm in the longitudinal direction for all tracks.",
        [TR + "select |dca_xy| < 2.4 cm", TR + "select |dca_z| < 3.2 cm"],
        [TR + "select |dca_xy| < 3.2 cm", TR + "select |dca_z| < 2.4 cm"],
    ),
    ("Tracks must have |Δx| < 5 mm.", [TR + "select |delta_x| < 5 mm"], [TR + "select delta_x < 5 mm"]),
    (
        "Collisions are accepted if the vertex position along the beam is within 10 cm of the nominal interaction point.",
        [R + "select |PrimaryVertex[0].z| < 10 cm"],
        [R + "select PrimaryVertex[0].z < 10 cm", R + "select |PrimaryVertex[0].z| > 10 cm"],
    ),
    (
        "The vertex fit must have a χ^2 divided by the number of degrees of freedom below 5.",
        [DV + "select chi2 / ndof < 5"],
        [DV + "select ndof / chi2 < 5"],
    ),
    (
        "The vertex with the largest number of tracks is kept.",
        [DV + "keep highest ntracks"],
        [DV + "keep highest mass"],
    ),
    (
        "Electrons closer than 0.4 to a jet are removed.",
        [E + "reject any(dr(this, j) < 0.4 for j in Jet)"],
        [E + "select any(dr(this, j) < 0.4 for j in Jet)", E + "reject any(dphi(this, j) < 0.4 for j in Jet)"],
    ),
    # ---- operations
    (
        ASYMMETRY,
        [R + "select (Jet[0].pt - Jet[1].pt) / (Jet[0].pt + Jet[1].pt) < 0.15"],
        [
            R + "select (Jet[0].pt + Jet[1].pt) / (Jet[0].pt - Jet[1].pt) < 0.15",
            R + "select (Jet[0].pt - Jet[1].pt) / Jet[0].pt < 0.15",
            R + "select Jet[0].pt / (Jet[0].pt + Jet[1].pt) < 0.15",
        ],
    ),
    (
        "The azimuthal distance of the jets from the missing momentum must obey min Δφ(j, E_T^{miss}) > 0.4.",
        [R + "select min(dphi(j, MET) for j in Jet) > 0.4", R + "select all(dphi(j, MET) > 0.4 for j in Jet)"],
        [R + "select max(dphi(j, MET) for j in Jet) > 0.4", R + "select any(dphi(j, MET) > 0.4 for j in Jet)"],
    ),
    (
        "The ratio E_T^{miss}/√H_T must exceed 5 √GeV.",
        [HT + "select MET.pt / sqrt(HT) > 5 GeV^(1/2)"],
        [HT + "select MET.pt / HT > 5"],
    ),
    (
        "The ratio of the jet mass to the jet p_T is limited to values below 0.2.",
        [J + "select mass / pt < 0.2"],
        [J + "select pt / mass < 0.2"],
    ),
    (
        "Muons are isolated if the sum of track p_T in a cone of 0.3 is below 6% of their own p_T.",
        [M + "select ptcone30 / pt < 0.06"],
        [M + "select pt / ptcone30 < 0.06"],
    ),
    (
        "Candidates are selected by the difference Δm = m(D*) - m(D), which has to be between 144 and 148 MeV.",
        [DI + "select 144 MeV < mass - d_mass < 148 MeV"],
        [DI + "select 144 MeV < mass < 148 MeV", DI + "select 144 MeV < mass + d_mass < 148 MeV"],
    ),
    ("The variable c, the cosine of the polar angle of the muons, must be above 0.9.", [], [M + "select theta > 0.9"]),
    # ---- numbers with a minus sign
    (
        "The rapidity of the dimuon must satisfy -4 < y < -2.5.",
        [DI + "select -4 < rapidity < -2.5"],
        [DI + "select 2.5 < rapidity < 4", DI + "select rapidity > -2.5", DI + "select 2.5 < |rapidity| < 4"],
    ),
    (
        "Events are required to have a BDT score above -0.5.",
        [R + "select event.bdt > -0.5"],
        [R + "select event.bdt > 0.5", R + "select event.bdt < -0.5"],
    ),
    (
        "The cosine of the angle of the dimuon lies in the range [-4, 2].",
        [DI + "select -4 < cos_angle < 2"],
        [DI + "select |cos_angle| < 4", DI + "select 2 < cos_angle < 4"],
    ),
    (
        "Muons must have -2.4 < η < 2.4.",
        [M + "select |eta| < 2.4", M + "select -2.4 < eta < 2.4"],
        [M + "select |eta| > 2.4"],
    ),
    # ---- several numbers of which one is meant, and bounds of a number
    (
        "Events have zero, one or two additional jets.",
        [R + "select count(Jet) <= 2", R + "select count(Jet) < 3"],
        [
            R + "select count(Jet) == 2",
            R + "select count(Jet) <= 1",
            R + "select count(Jet) >= 2",
            R + "select count(Jet) < 2",
        ],
    ),
    (
        "Events must have exactly two or three jets.",
        [R + "select 2 <= count(Jet) <= 3", R + "select count(Jet) == 2 or count(Jet) == 3"],
        [R + "select count(Jet) >= 2", R + "select count(Jet) <= 3", R + "select count(Jet) == 2"],
    ),
    (
        "Up to three jets are admitted.",
        [R + "select count(Jet) <= 3"],
        [R + "select count(Jet) < 3", R + "select count(Jet) >= 3"],
    ),
    (
        "The number of tracks at the vertex is four.",
        [R + "select count(Track) == 4"],
        [R + "select count(PrimaryVertex) == 4"],
    ),
    (
        "Events with more than one lepton are rejected.",
        [R + "reject count(Electron) + count(Muon) > 1"],
        [R + "reject count(Electron) + count(Muon) >= 1"],
    ),
    (
        "Tracks are reconstructed in |η| < 0.8 and are considered for 0.15 < p_T < 50 GeV.",
        [TR + "select |eta| < 0.8", TR + "select 0.15 GeV < pt < 50 GeV"],
        [TR + "select |eta| < 0.8 GeV"],
    ),
    (
        "The dimuon mass is cut at 12 GeV from below and at 60 GeV from above.",
        [DI + "select 12 GeV < mass < 60 GeV"],
        [DI + "reject 12 GeV < mass < 60 GeV", DI + "select mass < 12 GeV"],
    ),
    (
        "Muons harder than 3 GeV are used.",
        [M + "select pt > 3 GeV"],
        [M + "select pt < 3 GeV", M + "select mass > 3 GeV"],
    ),
    (
        "The E_T^{miss} may reach 60 GeV at most.",
        [R + "select MET.pt <= 60 GeV"],
        [R + "select MET.pt >= 60 GeV", R + "select MET.pt < 60 GeV"],
    ),
    # ---- "forward" is said by the bound of the pseudorapidity
    (
        "A forward jet with |η| > 2.5 and p_T above 40 GeV is mandatory.",
        [R + "select any(|j.eta| > 2.5 and j.pt > 40 GeV for j in Jet)"],
        [
            R + "select all(|j.eta| > 2.5 and j.pt > 40 GeV for j in Jet)",
            R + "reject any(|j.eta| > 2.5 and j.pt > 40 GeV for j in Jet)",
            J + 'select |eta| < 4.5 assume "x"\n  select pt > 40 GeV',
        ],
    ),
    (
        "Muons in the central region must have p_T > 25 GeV.",
        [M + 'select |eta| < 1.2 assume "x"\n  select pt > 25 GeV'],
        [M + 'select |eta| > 1.2 assume "x"\n  select pt > 25 GeV', M + "select pt > 25 GeV"],
    ),
    # ---- regions
    (
        "Signal-region events feature E_T^{miss} in excess of 60 GeV.",
        [R + "select MET.pt > 60 GeV"],
        ["region cr_top\n  select MET.pt > 60 GeV"],
    ),
    (
        "The dijet mass must be above 300 GeV for the low category and above 800 GeV for the high one.",
        [
            'region sr_high\n  select count(Jet) > 1 assume "x"\n\nregion sr_low\n  select (Jet[0] + Jet[1]).mass > 300 GeV',
            'region sr_low\n  select count(Jet) > 1 assume "x"\n\nregion sr_high\n  select (Jet[0] + Jet[1]).mass > 800 GeV',
        ],
        [
            'region sr_high\n  select count(Jet) > 1 assume "x"\n\nregion sr_low\n  select (Jet[0] + Jet[1]).mass > 800 GeV',
            'region sr_low\n  select count(Jet) > 1 assume "x"\n\nregion sr_high\n  select (Jet[0] + Jet[1]).mass > 300 GeV',
        ],
    ),
    # ---- as sentences of real papers are built
    (
        "Exactly one muon with p_T > 50 GeV and |η| < 2.1 has to be present in the event.",
        [
            M + "select pt > 50 GeV",
            M + "select |eta| < 2.1",
            "object muons\n  take Muon\n\n" + R + "select count(muons) == 1",
        ],
        [
            M + "select pt > 5 GeV",
            M + "select pt >= 50 GeV",
            "object muons\n  take Muon\n\n" + R + "select count(muons) >= 1",
        ],
    ),
    (
        "Muons with p_T > 50 GeV must be isolated.",
        [],
        [M + "select pt > 50 GeV"],  # a condition
    ),
    (
        "The requirement |y^{μμ}| < 2.2 follows the acceptance of the detector.",
        [DI + "select |y| < 2.2"],
        [DI + "select |y| < 2.4", DI + "select |eta| < 2.2", J + "select |y| < 2.2"],
    ),
    (
        "The region of W bosons has 60 < m_{jet} < 110 GeV, and that of top quarks 130 < m_{jet} < 290 GeV.",
        [J + "select 60 GeV < mass < 110 GeV", J + "select 130 GeV < mass < 290 GeV"],
        [J + "select 60 GeV < mass < 290 GeV", J + "select 130 GeV < mass < 110 GeV"],
    ),
    (
        "The mass lies in 60 < m_{jet} < 110 GeV in the signal region and in 60 < m_{jet} < 150 GeV elsewhere.",
        [J + "select 60 GeV < mass < 150 GeV"],
        [],
    ),
    (
        "Two same-sign leptons with p_T > 22 GeV are demanded, with m_{ℓℓ} > 18 GeV, and two jets with m_{jj} > 450 GeV.",
        [
            "object leps\n  take Electron, Muon\n  select pt > 22 GeV",
            "composite lls\n  take Electron a, Muon b\n  select mass > 18 GeV",
            "composite jjs\n  take Jet a, Jet b\n  select mass > 450 GeV",
        ],
        [
            "object leps\n  take Electron, Muon\n  select pt > 18 GeV",
            "composite lls\n  take Electron a, Muon b\n  select mass > 450 GeV",
            "composite jjs\n  take Jet a, Jet b\n  select mass > 18 GeV",
        ],
    ),
    (
        "Jets within ΔR < 0.3 of a selected electron are not counted.",
        ["object electrons\n  take Electron\n\n" + J + "reject any(dr(this, e) < 0.3 for e in electrons)"],
        [
            "object electrons\n  take Electron\n\n" + J + "select any(dr(this, e) < 0.3 for e in electrons)",
            "object electrons\n  take Electron\n\n" + J + "reject any(dr(this, e) > 0.3 for e in electrons)",
        ],
    ),
    (
        "Events have three leptons with p_T > 21 GeV, and a pair of opposite-sign same-flavour leptons with |m_{ℓℓ}-m_Z| < 12 GeV.",
        [
            L + "select count(leps) == 3",
            "object leps\n  take Electron, Muon\n\ncomposite zs\n  take leps a, leps b\n  select a.flavour == b.flavour\n"
            '  select a.charge + b.charge == 0 assume "x"\n  select |mass - 91.2 GeV| < 12 GeV',
        ],
        [
            L + "select count(leps) == 2",
            "object leps\n  take Electron, Muon\n\ncomposite zs\n  take leps a, leps b\n  select |mass - 91.2 GeV| > 12 GeV",
        ],
    ),
    (
        "The leptons must satisfy p_T > 24 GeV and p_T > 12 GeV for the higher-p_T (leading) and lower-p_T (subleading) one, respectively.",
        [LS + "select leps[0].pt > 24 GeV", LS + "select leps[1].pt > 12 GeV"],
        [LS + "select leps[0].pt > 12 GeV", LS + "select leps[1].pt > 24 GeV"],
    ),
    (
        "A minimum threshold of p_T^{miss} > 22 GeV is applied.",
        [R + "select MET.pt > 22 GeV"],
        [R + "select MET.pt < 22 GeV", R + "select MET.pt > 2 GeV"],
    ),
    (
        "The minimum value of the azimuthal angle between jets and E_T^{miss} must exceed 0.4.",
        [R + "select min(dphi(j, MET) for j in Jet) > 0.4"],
        [R + "select max(dphi(j, MET) for j in Jet) > 0.4"],
    ),
    (
        "Events need |m_{jj} - 84| ≤ 16 GeV and Δy_{jj} ≤ 1.3.",
        [
            "composite jjs\n  take Jet a, Jet b\n  select " + one
            for one in ("|mass - 84 GeV| <= 16 GeV", "|a.y - b.y| <= 1.3")
        ],
        [
            "composite jjs\n  take Jet a, Jet b\n  select |mass - 16 GeV| <= 84 GeV",
            "composite jjs\n  take Jet a, Jet b\n  select |mass - 84 MeV| <= 16 MeV",
            "composite jjs\n  take Jet a, Jet b\n  select |a.y - b.y| >= 1.3",
            J + "select |mass - 84 GeV| <= 16 GeV",
        ],
    ),
    (
        "The invariant mass of the jets is required to be m_{jj} > 110 GeV.",
        ["composite jjs\n  take Jet a, Jet b\n  select mass > 110 GeV"],
        [J + "select mass > 110 GeV", "composite lls\n  take Electron a, Muon b\n  select mass > 110 GeV"],
    ),
    (
        "Each event needs at least one PV.",
        ["object vertices\n  take Vertex\n\n" + R + "select count(vertices) >= 1"],
        ["object vertices\n  take Vertex\n\n" + R + "select count(vertices) >= 2"],
    ),
    (
        "Electrons and muons satisfy |z_0 sin θ| < 0.4 mm.",
        [E + "select |z0_sin_theta| < 0.4 mm"],
        [E + "select |z0| < 0.4 mm", E + "select |z0_sin_theta| < 4 mm"],
    ),
    (
        "Tracks have a longitudinal impact parameter |z_0| < 0.4 mm.",
        [TR + "select |z0| < 0.4 mm"],
        [TR + "select |z0| < 4 mm"],
    ),
    (
        "A jet is removed if it is near an electron, as ΔR(jet, e) < 0.2, and the jet is not identified as a b-jet.",
        [
            "object electrons\n  take Electron\n\n"
            + J
            + "reject any(dr(this, e) < 0.2 for e in electrons) and not is_btagged"
        ],
        [
            "object electrons\n  take Electron\n\n"
            + J
            + "reject any(dr(this, e) < 0.2 for e in electrons) and is_btagged",
            "object electrons\n  take Electron\n\n"
            + J
            + "reject any(dr(this, e) < 0.4 for e in electrons) and not is_btagged",
        ],
    ),
    (
        "For any surviving jets, the electron is removed if ΔR(jet, e) < 0.4.",
        ["object jets\n  take Jet\n\n" + E + "reject any(dr(this, j) < 0.4 for j in jets)"],
        [
            "object jets\n  take Jet\n\n" + E + "reject any(dr(this, j) > 0.4 for j in jets)",
            "object electrons\n  take Electron\n\n" + J + "reject any(dr(this, e) < 0.4 for e in electrons)",
        ],
    ),
    (
        "Tight leptons are required to have p_T > 16 GeV and loose leptons p_T > 9 GeV.",
        [
            "object tight_leptons\n  take Electron, Muon\n  select pt > 16 GeV",
            "object loose_leptons\n  take Electron, Muon\n  select pt > 9 GeV",
        ],
        [
            "object tight_leptons\n  take Electron, Muon\n  select pt > 9 GeV",
            "object loose_leptons\n  take Electron, Muon\n  select pt > 16 GeV",
            "object leps\n  take Electron, Muon\n  select pt > 9 GeV",
        ],
    ),
]

# A table whose rows are regions, with the units in its head.
TABLE = """| Region | N_{jet} | N_{b} | H_T [GeV] | E_T^{miss} [TeV] |
|---|---|---|---|---|
| SR1 | ≥ 3 | 0 | ≥ 500 | ≥ 0.3 |
| SR2 | ≥ 5 | 1 or 2 | ≥ 600 | 0.35-0.6 |
"""
ROW = "SR2 | ≥ 5 | 1 or 2 | ≥ 600 | 0.35-0.6"
BJETS = 'object bjets\n  take Jet\n  select is_btagged assume "x"\n\ndefine HT = sum(Jet.pt)\nregion {}\n  select {}'
CELLS = [
    ("sr2", "HT >= 600 GeV", True),
    ("sr2", "HT >= 350 GeV", False),
    ("sr2", "HT > 600 GeV", False),
    ("sr1", "HT >= 600 GeV", False),
    ("sr2", "350 GeV < MET.pt < 600 GeV", True),
    ("sr2", "350 MeV < MET.pt < 600 MeV", False),
    ("sr2", "MET.pt >= 600 GeV", False),
    ("sr2", "count(Jet) >= 5", True),
    ("sr2", "count(bjets) >= 5", False),
    ("sr2", "1 <= count(bjets) <= 2", True),
    ("sr2", "1 <= count(Jet) <= 2", False),
]

CASES = [
    (text, program, sound)
    for text, right, wrong in SAID
    for programs, sound in ((right, True), (wrong, False))
    for program in programs
]


@pytest.mark.parametrize(("text", "program", "sound"), CASES)
def test_what_a_sentence_says(text: str, program: str, sound: bool, tmp_path: Path) -> None:
    finding = judged(text, text, program, tmp_path)
    assert finding.verdict is not Verdict.NOT_FOUND
    assert finding.verdict.sound is sound, finding.message


@pytest.mark.parametrize(("region", "condition", "sound"), CELLS)
def test_rows_that_are_regions(region: str, condition: str, sound: bool, tmp_path: Path) -> None:
    finding = judged(f"Table 1: Regions.\n\n{TABLE}", ROW, BJETS.format(region, condition), tmp_path)
    assert finding.verdict is not Verdict.NOT_FOUND
    assert finding.verdict.sound is sound, finding.message
