# ruff: noqa: E501, RUF001 - sentences are one line, and have Greek letters
"""Sentences in the manner of papers of ATLAS, CMS, LHCb and Belle II for which rules were made, and what is nearly the same and wrong.

Intervals by their ends or by their middle, masses that are named, ranges that are left out, thresholds, halves. None is
quoted from a paper.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import judged
from cited_blocks import TR, E, J, L, M, P, R

from hepsel.extract.checking import Verdict

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")


T = "object taus\n  take Tau\n  "
DI = "composite dimuons\n  take Muon a, Muon b\n  "
GG = "composite diphotons\n  take Photon a, Photon b\n  "
Z = 'define m_Z = 91.1876 GeV assume "x"\n'
LEPS = "object leps\n  take Electron, Muon\n  sort by pt descending\n\nregion sr\n  "
MLL = "object leps\n  take Electron, Muon\n  sort by pt descending\n\ndefine mll = (leps[0] + leps[1]).mass\nregion sr\n  "
ZMLL = Z + MLL
MW = 'define m_W = 80.4 GeV assume "x"\n'
BJ = 'object bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr\n  '
HT = "define HT = sum(Jet.pt)\nregion sr\n  "
MJJ = "define mjj = (Jet[0] + Jet[1]).mass\nregion sr\n  "
BS = "object kaons\n  take Track\n\nobject pions\n  take Track\n\ncomposite bs\n  take Muon mp, Muon mm, kaons k\n  "

MEE = "define mee = (Electron[0] + Electron[1]).mass\nregion sr\n  "
MMM = "define mmm = (Muon[0] + Muon[1]).mass\nregion sr\n  "


# The text; programs whose last criterion cites all of it: right ones, wrong ones.
SAID: list[tuple[str, list[str], list[str]]] = [
    (
        "Events with a dilepton invariant mass within 25 GeV below the Z boson mass are selected.",
        [ZMLL + "select m_Z - 25 GeV < mll < m_Z", ZMLL + "select mll > m_Z - 25 GeV"],
        [ZMLL + "select mll > m_Z + 25 GeV", ZMLL + "select mll > m_Z - 15 GeV", ZMLL + "select mll < m_Z - 25 GeV"],
    ),
    (
        "We require m_{ℓℓ} > m_Z - 25 GeV.",
        [ZMLL + "select mll > m_Z - 25 GeV", ZMLL + "select mll - m_Z > -25 GeV"],
        [
            ZMLL + "select mll < m_Z - 25 GeV",
            ZMLL + "select mll > m_Z + 25 GeV",
            ZMLL + "select mll > 25 GeV",
            ZMLL + "select mll > m_Z - 52 GeV",
        ],
    ),
    (
        "The dijet invariant mass is required to satisfy 70 < m_{jj} < 100 GeV.",
        [MJJ + "select |mjj - 85 GeV| < 15 GeV", MJJ + "select 70 GeV < mjj < 100 GeV"],
        [
            MJJ + "select |mjj - 85 GeV| < 30 GeV",
            MJJ + "select |mjj - 85 GeV| > 15 GeV",
            MJJ + "select |mjj - 80 GeV| < 15 GeV",
            MJJ + "select |mjj - 85 GeV| <= 15 GeV",
        ],
    ),
    (
        "The two leading jets must have |m_{jj} - 85 GeV| ≤ 15 GeV.",
        [MJJ + "select 70 GeV <= mjj <= 100 GeV", MJJ + "select |mjj - 85 GeV| <= 15 GeV"],
        [
            MJJ + "select 70 GeV < mjj < 100 GeV",
            MJJ + "select 75 GeV <= mjj <= 95 GeV",
            MJJ + "select 70 GeV <= mjj <= 110 GeV",
            MJJ + "select mjj <= 70 GeV or mjj >= 100 GeV",
        ],
    ),
    (
        "Dimuon candidates must lie in the Z mass window m_Z ± 15 GeV.",
        [DI + "select 76.2 GeV < mass < 106.2 GeV", DI + "select |mass - 91.2 GeV| < 15 GeV"],
        [
            DI + "select 76.2 GeV < mass < 105.2 GeV",
            DI + "select 81.2 GeV < mass < 101.2 GeV",
            DI + "reject 76.2 GeV < mass < 106.2 GeV",
            DI + "select 76.2 GeV < pt < 106.2 GeV",
        ],
    ),
    (
        "Events must contain zero, one or two b-tagged jets.",
        [BJ + "select count(bjets) <= 2"],
        [
            BJ + "select count(bjets) >= 2",
            BJ + "select count(bjets) <= 1",
            BJ + "select count(bjets) == 2",
            BJ + "select count(Jet) <= 2",
        ],
    ),
    (
        "The thresholds on the transverse momenta of the leading and subleading muons are 15 and 10 GeV, respectively.",
        [R + "select Muon[0].pt > 15 GeV", R + "select Muon[1].pt > 10 GeV"],
        [
            R + "select Muon[0].pt > 10 GeV",
            R + "select Muon[1].pt > 15 GeV",
            R + "select Muon[0].pt < 15 GeV",
            R + "select Electron[0].pt > 15 GeV",
        ],
    ),
    (
        "Leptons are required to have p_T > 25 (20) GeV for the leading (subleading) lepton.",
        [
            LEPS + "select leps[0].pt > 25 GeV and leps[1].pt > 20 GeV",
            LEPS + "select leps[1].pt > 20 GeV",
            LEPS + "select leps[0].pt > 25 GeV",
        ],
        [
            LEPS + "select leps[0].pt > 20 GeV and leps[1].pt > 25 GeV",
            LEPS + "select leps[1].pt > 25 GeV",
            LEPS + "select leps[0].pt > 20 GeV",
        ],
    ),
    (
        "Electrons are reconstructed within |η| < 2.5, excluding 1.37 < |η| < 1.52.",
        [
            E + "select |eta| < 1.37 or |eta| > 1.52",
            E + "select not (1.37 < |eta| < 1.52)",
            E + "reject 1.37 < |eta| < 1.52",
            E + "reject |eta| > 1.37 and |eta| < 1.52",
            E + "select |eta| <= 1.37 or |eta| >= 1.52",
        ],
        [
            E + "select 1.37 < |eta| < 1.52",
            E + "select |eta| < 1.37",
            E + "reject |eta| < 1.37 or |eta| > 1.52",
            E + "select |eta| < 1.37 or |eta| > 2.5",
            E + "select |eta| > 1.37 or |eta| < 1.52",
            E + "reject 1.37 < eta < 1.52",
        ],
    ),
    (
        "Photons with |η| < 2.37 are considered, with a veto on the crack region 1.37 < |η| < 1.52.",
        [P + "reject 1.37 < |eta| < 1.52", P + "select |eta| < 1.37 or |eta| > 1.52", P + "select |eta| < 2.37"],
        [P + "select 1.37 < |eta| < 1.52", P + "select |eta| > 2.37", P + "reject 1.37 < |eta| < 2.37"],
    ),
    (
        "Events are vetoed if they contain a b-tagged jet with p_T above 20 GeV.",
        [
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 20 GeV) == 0",
            R + "reject any(j.pt > 20 GeV for j in Jet if j.is_btagged)",
        ],
        [
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 20 GeV) >= 1",
            R + "select count(j for j in Jet if j.is_btagged and j.pt < 20 GeV) == 0",
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 30 GeV) == 0",
        ],
    ),
    (
        "At least one of the two leptons must have p_T > 30 GeV.",
        [
            LEPS + "select any(l.pt > 30 GeV for l in leps)",
            LEPS + "select leps[0].pt > 30 GeV",
            LEPS + "select max(leps.pt) > 30 GeV",
            LEPS + "select count(l for l in leps if l.pt > 30 GeV) >= 1",
        ],
        [
            LEPS + "select all(l.pt > 30 GeV for l in leps)",
            LEPS + "select leps[1].pt > 30 GeV",
            L + "select pt > 30 GeV",
            LEPS + "select min(leps.pt) > 30 GeV",
        ],
    ),
    (
        "Candidates with a transverse momentum in the range 20-30 GeV are assigned to the low category.",
        [DI + "select 20 GeV < pt < 30 GeV"],
        [
            DI + "select 20 GeV < pt < 40 GeV",
            DI + "select 20 GeV < mass < 30 GeV",
            DI + "select pt < 20 GeV or pt > 30 GeV",
            DI + "select pt > 30 GeV",
        ],
    ),
    (
        "The combined relative isolation of the muon has to be smaller than 15% of its transverse momentum.",
        [M + "select iso < 0.15 * pt", M + "select iso / pt < 0.15"],
        [M + "select iso / pt < 0.25", M + "select iso / pt > 0.15", M + "select iso < 15 GeV"],
    ),
    (
        "B^+ candidates are formed from a J/ψ candidate and a kaon, and the reconstructed B^+ mass must be within 50 MeV of the known B^+ mass.",
        [BS + "select |mass - 5279.3 MeV| < 50 MeV", BS + "select 5229.3 MeV < mass < 5329.3 MeV"],
        [
            BS + "select |mass - 5279.3 MeV| < 60 MeV",
            BS + "select |mass - 5366.9 MeV| < 50 MeV",
            BS + "select |mass - 5279.3 MeV| > 50 MeV",
            BS + "select |pt - 5279.3 MeV| < 50 MeV",
        ],
    ),
    (
        "B^0 → J/ψ K^0_S candidates are required to have 5.2 < m(J/ψ K^0_S) < 5.4 GeV.",
        [BS + "select 5.2 GeV < mass < 5.4 GeV"],
        [
            BS + "select 5.2 GeV < mass < 5.6 GeV",
            BS + "select 5.2 GeV < pt < 5.4 GeV",
            BS + "reject 5.2 GeV < mass < 5.4 GeV",
        ],
    ),
    (
        "The point (Δη, Δφ) has to lie inside an ellipse, (Δη/0.4)^2 + (Δφ/0.6)^2 < 1.",
        [R + "select (deta(Jet[0], Jet[1]) / 0.4)^2 + (dphi(Jet[0], Jet[1]) / 0.6)^2 < 1"],
        [
            R + "select (deta(Jet[0], Jet[1]) / 0.6)^2 + (dphi(Jet[0], Jet[1]) / 0.4)^2 < 1",
            R + "select (deta(Jet[0], Jet[1]) / 0.4)^2 + (dphi(Jet[0], Jet[1]) / 0.6)^2 > 1",
            R + "select (deta(Jet[0], Jet[1]) / 0.4)^2 + (dphi(Jet[0], Jet[1]) / 0.5)^2 < 1",
        ],
    ),
    (
        "Muons must originate from within half a millimetre of the beam line in the transverse plane.",
        [M + "select |d0| < 0.5 mm", M + "select -0.5 mm < d0 < 0.5 mm"],
        [M + "select |d0| < 0.5 cm", M + "select |d0| > 0.5 mm", M + "select |z0| < 0.5 mm", M + "select |d0| < 1 mm"],
    ),
    (
        "The last bin collects all events with E_T^{miss} of 400 GeV or more.",
        [R + 'bin "last" MET.pt >= 400 GeV'],
        [R + 'bin "last" MET.pt > 400 GeV', R + 'bin "last" MET.pt < 400 GeV', R + 'bin "last" MET.pt >= 500 GeV'],
    ),
    (
        "Events are divided into bins of E_T^{miss}: 200-300, 300-400 and > 400 GeV.",
        [
            R + 'bin "a" 200 GeV <= MET.pt < 300 GeV',
            R + 'bin "c" MET.pt > 400 GeV',
            R + 'bin "b" 300 GeV < MET.pt < 400 GeV',
        ],
        [R + 'bin "a" 200 GeV <= MET.pt < 400 GeV', R + 'bin "c" MET.pt < 400 GeV', R + 'bin "c" MET.pt > 300 GeV'],
    ),
    (
        "A Z veto is applied by rejecting events with 81 < m_{ee} < 101 GeV.",
        [
            MEE + "select mee <= 81 GeV or mee >= 101 GeV",
            MEE + "reject 81 GeV < mee < 101 GeV",
            MEE + "select |mee - 91 GeV| >= 10 GeV",
        ],
        [
            MEE + "select 81 GeV < mee < 101 GeV",
            MEE + "select |mee - 91 GeV| < 10 GeV",
            MEE + "select mee < 81 GeV",
            MMM + "reject 81 GeV < mmm < 101 GeV",
            MEE + "select |mee - 91 GeV| >= 20 GeV",
        ],
    ),
    (
        "Jets are required to have p_T > 30 GeV and |η| < 4.7, with the exception of the region 2.7 < |η| < 3.0, where p_T > 50 GeV is required.",
        [J + "select pt > 30 GeV", J + "select |eta| < 4.7"],
        [J + "select pt > 50 GeV", J + "select |eta| < 2.7", J + "select |eta| < 3.0"],
    ),
    (
        "Muons are selected in the pseudorapidity range -2.4 < η < 2.4.",
        [M + "select |eta| < 2.4", M + "select -2.4 < eta < 2.4"],
        [M + "select eta < 2.4", M + "select |eta| > 2.4", M + "select |eta| < 2.5"],
    ),
    (
        "Events with more than one lepton candidate with p_T > 10 GeV are discarded.",
        [
            LEPS + "select count(l for l in leps if l.pt > 10 GeV) <= 1",
            LEPS + "reject count(l for l in leps if l.pt > 10 GeV) > 1",
            LEPS + "reject count(l for l in leps if l.pt > 10 GeV) >= 2",
        ],
        [
            LEPS + "select count(l for l in leps if l.pt > 10 GeV) == 0",
            LEPS + "select count(l for l in leps if l.pt > 10 GeV) > 1",
            LEPS + "select count(l for l in leps if l.pt > 20 GeV) <= 1",
            LEPS + "reject count(l for l in leps if l.pt > 10 GeV) >= 1",
        ],
    ),
    (
        "The dilepton mass must differ from the Z boson mass by more than 10 GeV.",
        [
            ZMLL + "select |mll - m_Z| > 10 GeV",
            ZMLL + "select mll < 81.2 GeV or mll > 101.2 GeV",
            ZMLL + "select not (|mll - m_Z| <= 10 GeV)",
        ],
        [
            ZMLL + "select |mll - m_Z| < 10 GeV",
            ZMLL + "select mll > 101.2 GeV",
            ZMLL + "select mll < 81.2 GeV",
            ZMLL + "select mll - m_Z > 10 GeV",
            ZMLL + "select |mll - m_Z| > 15 GeV",
        ],
    ),
    (
        "Signal photons must have E_T > 0.35 m_{γγ} and E_T > 0.25 m_{γγ} for the leading and subleading photon, respectively.",
        [GG + "select Photon[0].pt > 0.35 * mass", GG + "select Photon[1].pt > 0.25 * mass"],
        [
            GG + "select Photon[0].pt > 0.25 * mass",
            GG + "select Photon[1].pt > 0.35 * mass",
            GG + "select Photon[0].pt < 0.35 * mass",
        ],
    ),
    (
        "Tracks are required to have at least 7 hits in the silicon detectors and a transverse momentum larger than 500 MeV.",
        [TR + "select pt > 500 MeV", TR + "select pt > 0.5 GeV", TR + "select n_si_hits >= 7"],
        [
            TR + "select pt > 500 GeV",
            TR + "select pt >= 500 MeV",
            TR + "select n_si_hits > 7",
            TR + "select pt > 0.7 GeV",
        ],
    ),
    (
        "Two jets with a rapidity separation |Δy| > 2.8 and opposite hemispheres, η_1 · η_2 < 0, are required.",
        [R + "select |Jet[0].rapidity - Jet[1].rapidity| > 2.8", R + "select Jet[0].eta * Jet[1].eta < 0"],
        [
            R + "select |Jet[0].rapidity - Jet[1].rapidity| < 2.8",
            R + "select Jet[0].eta * Jet[1].eta > 0",
            R + "select Jet[0].rapidity - Jet[1].rapidity > 2.8",
        ],
    ),
    # ATLAS
    (
        "The leading (subleading) jet is required to have p_T > 100 (60) GeV.",
        [
            R + "select Jet[0].pt > 100 GeV",
            R + "select Jet[1].pt > 60 GeV",
            R + "select Jet[0].pt > 100 GeV and Jet[1].pt > 60 GeV",
        ],
        [
            R + "select Jet[0].pt > 60 GeV",
            R + "select Jet[1].pt > 100 GeV",
            R + "select Jet[0].pt > 60 GeV and Jet[1].pt > 100 GeV",
            J + "select pt > 100 GeV",
        ],
    ),
    (
        "Electron candidates are required to have |η| < 2.47 and to be outside the transition region between the barrel and the endcap calorimeters, 1.37 < |η| < 1.52.",
        [
            E + "select |eta| < 2.47",
            E + "select |eta| < 1.37 or |eta| > 1.52",
            E + "reject 1.37 < |eta| < 1.52",
            E + "select not (1.37 < |eta| < 1.52)",
        ],
        [
            E + "select 1.37 < |eta| < 1.52",
            E + "select |eta| < 1.52",
            E + "select |eta| > 1.52",
            E + "select |eta| < 1.37 and |eta| > 1.52",
            E + "select |eta| > 2.47",
        ],
    ),
    (
        "Events with m_{ℓℓ} below 12 GeV or within 15 GeV of the Z boson mass are excluded.",
        [
            ZMLL + "select mll >= 12 GeV",
            ZMLL + "reject |mll - m_Z| < 15 GeV",
            ZMLL + "reject mll < 12 GeV or |mll - m_Z| < 15 GeV",
            ZMLL + "select mll > 12 GeV and |mll - m_Z| > 15 GeV",
        ],
        [
            ZMLL + "select |mll - m_Z| < 15 GeV",
            ZMLL + "select mll < 12 GeV",
            ZMLL + "reject mll < 12 GeV and |mll - m_Z| < 15 GeV",
            ZMLL + "reject |mll - m_Z| < 12 GeV",
            ZMLL + "select mll > 12 GeV or |mll - m_Z| > 15 GeV",
        ],
    ),
    (
        "Hadronically decaying τ leptons must have p_T > 20 GeV, one or three associated tracks and unit charge.",
        [T + "select pt > 20 GeV", T + "select n_tracks == 1 or n_tracks == 3"],
        [
            T + "select n_tracks == 1",
            T + "select n_tracks <= 3",
            T + "select n_tracks == 1 or n_tracks == 2",
            T + "select pt > 30 GeV",
            T + "select pt < 20 GeV",
            E + "select pt > 20 GeV",
        ],
    ),
    (
        "Events are required to have at least four jets, of which at least two must be b-tagged.",
        [R + "select count(Jet) >= 4", BJ + "select count(bjets) >= 2"],
        [
            R + "select count(Jet) >= 2",
            BJ + "select count(bjets) >= 4",
            BJ + "select count(bjets) == 2",
            R + "select count(Jet) > 4",
        ],
    ),
    (
        "The azimuthal separation between each of the three leading jets and the missing transverse momentum has to exceed 0.4.",
        [
            R + "select all(dphi(j, MET) > 0.4 for j in Jet[:3])",
            R + "reject any(dphi(j, MET) <= 0.4 for j in Jet[:3])",
            R + "select min(dphi(j, MET) for j in Jet[:3]) > 0.4",
        ],
        [
            R + "select any(dphi(j, MET) > 0.4 for j in Jet[:3])",
            R + "select all(dphi(j, MET) > 0.4 for j in Jet[:2])",
            R + "select all(dphi(j, MET) < 0.4 for j in Jet[:3])",
            R + "select all(dr(j, MET) > 0.4 for j in Jet[:3])",
            R + "select max(dphi(j, MET) for j in Jet[:3]) > 0.4",
        ],
    ),
    # CMS
    (
        "Muons are selected with p_T > 26 GeV and |η| < 2.4, and electrons with p_T > 30 GeV and |η| < 2.1.",
        [M + "select pt > 26 GeV", M + "select |eta| < 2.4", E + "select pt > 30 GeV", E + "select |eta| < 2.1"],
        [
            M + "select pt > 30 GeV",
            E + "select pt > 26 GeV",
            E + "select |eta| < 2.4",
            M + "select |eta| < 2.1",
            M + "select eta < 2.4",
            M + "select |eta| > 2.4",
        ],
    ),
    (
        "Jets with p_T > 30 GeV and |η| < 2.4 are considered in the analysis if they do not overlap with any selected lepton within ΔR < 0.4.",
        [
            J + "select pt > 30 GeV",
            "object leps\n  take Electron, Muon\n\n" + J + "reject any(dr(this, l) < 0.4 for l in leps)",
            "object leps\n  take Electron, Muon\n\n" + J + "select all(dr(this, l) >= 0.4 for l in leps)",
        ],
        [
            "object leps\n  take Electron, Muon\n\n" + J + "select any(dr(this, l) < 0.4 for l in leps)",
            "object leps\n  take Electron, Muon\n\n" + J + "reject any(dr(this, l) > 0.4 for l in leps)",
            "object phs\n  take Photon\n\n" + J + "reject any(dr(this, p) < 0.4 for p in phs)",
            J + "select |eta| < 0.4",
        ],
    ),
    (
        "The invariant mass of the two leptons must not be within 10 GeV of the nominal Z boson mass.",
        [
            ZMLL + "reject |mll - m_Z| < 10 GeV",
            ZMLL + "select |mll - m_Z| > 10 GeV",
            ZMLL + "select mll < m_Z - 10 GeV or mll > m_Z + 10 GeV",
            ZMLL + "reject m_Z - 10 GeV < mll < m_Z + 10 GeV",
        ],
        [
            ZMLL + "select |mll - m_Z| < 10 GeV",
            ZMLL + "select m_Z - 10 GeV < mll < m_Z + 10 GeV",
            ZMLL + "select mll > m_Z + 10 GeV",
            ZMLL + "select mll < m_Z - 10 GeV",
            ZMLL + "reject m_Z - 20 GeV < mll < m_Z + 20 GeV",
            ZMLL + "select mll < m_Z - 10 GeV and mll > m_Z + 10 GeV",
        ],
    ),
    (
        "Z boson candidates are built from pairs of muons whose mass satisfies |m_{μμ} - m_Z| < 15 GeV.",
        [
            Z + DI + "select |mass - m_Z| < 15 GeV",
            Z + DI + "select m_Z - 15 GeV < mass < m_Z + 15 GeV",
            Z + DI + "select mass > m_Z - 15 GeV and mass < m_Z + 15 GeV",
            DI + "select 76.1876 GeV < mass < 106.1876 GeV",
        ],
        [
            Z + DI + "select |mass - m_Z| > 15 GeV",
            Z + DI + "select mass - m_Z < 15 GeV",
            Z + DI + "select m_Z - 15 GeV < mass < m_Z + 10 GeV",
            Z + DI + "select m_Z < mass < m_Z + 15 GeV",
            DI + "select 76.1876 GeV < mass < 116.1876 GeV",
            Z + DI + "select m_Z + 15 GeV < mass",
        ],
    ),
    (
        "We select events with one or two jets.",
        [R + "select 1 <= count(Jet) <= 2", R + "select count(Jet) == 1 or count(Jet) == 2"],
        [
            R + "select count(Jet) == 1",
            R + "select count(Jet) <= 2",
            R + "select count(Jet) >= 1",
            R + "select 1 < count(Jet) < 2",
            R + "select 1 <= count(Electron) <= 2",
        ],
    ),
    (
        "Events with three or more leptons are not considered.",
        [LEPS + "select count(leps) < 3", LEPS + "reject count(leps) >= 3", LEPS + "select count(leps) <= 2"],
        [
            LEPS + "select count(leps) >= 3",
            LEPS + "select count(leps) <= 3",
            LEPS + "select count(leps) < 2",
            LEPS + "reject count(leps) > 3",
        ],
    ),
    (
        "The missing transverse momentum must be between 100 and 250 GeV.",
        [
            R + "select 100 GeV < MET.pt < 250 GeV",
            R + "select 100 GeV <= MET.pt <= 250 GeV",
            R + "select MET.pt > 100 GeV and MET.pt < 250 GeV",
        ],
        [
            R + "select MET.pt < 100 GeV or MET.pt > 250 GeV",
            R + "select 100 GeV < MET.pt < 205 GeV",
            R + "reject 100 GeV < MET.pt < 250 GeV",
            R + "select 100 GeV < Jet[0].pt < 250 GeV",
        ],
    ),
    (
        "Photon candidates with 1.44 < |η| < 1.57 are excluded, as are those with |η| > 2.5.",
        [
            P + "reject 1.44 < |eta| < 1.57",
            P + "reject |eta| > 2.5",
            P + "select |eta| <= 2.5",
            P + "select |eta| <= 1.44 or |eta| >= 1.57",
        ],
        [
            P + "select 1.44 < |eta| < 1.57",
            P + "select |eta| > 2.5",
            P + "select |eta| >= 1.57",
            P + "reject 1.44 < |eta| < 2.5",
        ],
    ),
    # LHCb
    (
        "Kaons and pions must have a transverse momentum above 250 MeV/c, a momentum above 2 GeV/c, and χ^2_{IP} > 9 with respect to any primary vertex.",
        [
            "object kaons\n  take Track\n  select pt > 250 MeV",
            "object pions\n  take Track\n  select p > 2 GeV",
            "object kaons\n  take Track\n  select ip_chi2 > 9",
        ],
        [
            "object kaons\n  take Track\n  select pt > 2 GeV",
            "object kaons\n  take Track\n  select p > 250 MeV",
            "object kaons\n  take Track\n  select ip_chi2 < 9",
            "object kaons\n  take Track\n  select pt > 250 GeV",
            "object muons\n  take Muon\n  select pt > 250 MeV",
        ],
    ),
    (
        "The B_s^0 candidate mass is required to be between 5320 and 5420 MeV/c^2.",
        [
            BS + "select 5320 MeV < mass < 5420 MeV",
            BS + "select 5.32 GeV < mass < 5.42 GeV",
            BS + "select |mass - 5370 MeV| < 50 MeV",
        ],
        [
            BS + "select |mass - 5370 MeV| < 100 MeV",
            BS + "select 5320 GeV < mass < 5420 GeV",
            BS + "select 5230 MeV < mass < 5420 MeV",
            BS + "select mass > 5420 MeV",
        ],
    ),
    (
        "D^0 candidates with a mass within ±25 MeV/c^2 of the known D^0 mass are combined with a pion.",
        [
            "composite dzeros\n  take Track k, Track pi\n  select |mass - 1864.8 MeV| < 25 MeV",
            "composite dzeros\n  take Track k, Track pi\n  select 1839.8 MeV < mass < 1889.8 MeV",
        ],
        [
            "composite dzeros\n  take Track k, Track pi\n  select |mass - 1864.8 MeV| > 25 MeV",
            "composite dzeros\n  take Track k, Track pi\n  select 1839.8 MeV < mass < 1864.8 MeV",
            "composite dzeros\n  take Track k, Track pi\n  select |mass - 1869.6 MeV| < 35 MeV",
        ],
    ),
    # Belle II
    (
        "Charged tracks are required to satisfy dr < 0.5 cm and |dz| < 3 cm.",
        [TR + "select dr < 0.5 cm", TR + "select |dz| < 3 cm", TR + "select |dz| < 30 mm"],
        [
            TR + "select |dz| < 0.5 cm",
            TR + "select dr < 3 cm",
            TR + "select |dz| > 3 cm",
            TR + "select dz < 3 cm",
            TR + "select |dz| < 3 mm",
        ],
    ),
    (
        "We retain candidates with M_{bc} > 5.27 GeV/c^2 and |ΔE| < 0.15 GeV.",
        [BS + "select m_bc > 5.27 GeV", BS + "select |delta_e| < 0.15 GeV", BS + "select |delta_e| < 150 MeV"],
        [
            BS + "select m_bc < 5.27 GeV",
            BS + "select delta_e < 0.15 GeV",
            BS + "select |delta_e| < 1.5 GeV",
            BS + "select mass > 5.27 GeV",
            BS + "select |delta_e| > 0.15 GeV",
        ],
    ),
    # phenomenology, theses
    (
        "Following the experimental analysis, we demand two hard jets with p_T^{j_1} > 200 GeV and p_T^{j_2} > 100 GeV, and reject events containing isolated leptons.",
        [R + "select Jet[0].pt > 200 GeV", R + "select Jet[1].pt > 100 GeV", LEPS + "select count(leps) == 0"],
        [
            R + "select Jet[0].pt > 100 GeV",
            R + "select Jet[1].pt > 200 GeV",
            LEPS + "select count(leps) >= 1",
            R + "select Jet[1].pt < 100 GeV",
        ],
    ),
    (
        "We define H_T as the scalar sum of the transverse momenta of all jets and require H_T/E_T^{miss} < 4 and H_T > 1 TeV.",
        [HT + "select HT > 1 TeV", HT + "select HT / MET.pt < 4", HT + "select HT > 1000 GeV"],
        [
            HT + "select HT > 1 GeV",
            HT + "select HT < 1 TeV",
            HT + "select MET.pt / HT < 4",
            HT + "select HT / MET.pt > 4",
            "define HT = max(Jet.pt)\nregion sr\n  select HT > 1 TeV",
        ],
    ),
    (
        "Only events in which the two leptons carry the same electric charge and both have p_T larger than 20 GeV are kept.",
        [
            LEPS + "select leps[0].charge == leps[1].charge",
            LEPS + "select leps[0].pt > 20 GeV and leps[1].pt > 20 GeV",
            LEPS + "select all(l.pt > 20 GeV for l in leps)",
        ],
        [
            LEPS + "select leps[0].charge != leps[1].charge",
            LEPS + "select any(l.pt > 20 GeV for l in leps)",
            LEPS + "select leps[0].pt > 20 GeV or leps[1].pt > 20 GeV",
            LEPS + "select all(l.pt < 20 GeV for l in leps)",
        ],
    ),
    (
        "Tracks are displaced by requiring 2 mm < |d_0| < 300 mm.",
        [TR + "select 2 mm < |d0| < 300 mm", TR + "select 2 mm < |d0| < 30 cm", TR + "select |d0| > 2 mm"],
        [
            TR + "select 2 mm < d0 < 300 mm",
            TR + "select 2 cm < |d0| < 300 mm",
            TR + "select |d0| < 2 mm",
            TR + "select 2 mm < |z0| < 300 mm",
            TR + "reject 2 mm < |d0| < 300 mm",
        ],
    ),
    (
        "Events with 110 < m_{bb} < 140 GeV form the signal region.",
        [
            BJ + "select 110 GeV < (bjets[0] + bjets[1]).mass < 140 GeV",
            BJ + "select |(bjets[0] + bjets[1]).mass - 125 GeV| < 15 GeV",
        ],
        [
            BJ + "select |(bjets[0] + bjets[1]).mass - 125 GeV| > 15 GeV",
            BJ + "select |(bjets[0] + bjets[1]).mass - 125 GeV| < 25 GeV",
            BJ + "reject 110 GeV < (bjets[0] + bjets[1]).mass < 140 GeV",
            R + "select 110 GeV < (Muon[0] + Muon[1]).mass < 140 GeV",
            BJ + "select 110 GeV < (bjets[0] + bjets[1]).pt < 140 GeV",
        ],
    ),
    (
        "A lepton is considered isolated if the energy deposited in a cone of ΔR = 0.3 around it is less than 10 % of its p_T.",
        [L + "select etcone30 / pt < 0.1", L + "select etcone30 < 0.1 * pt"],
        [
            L + "select etcone30 / pt < 0.3",
            L + "select etcone30 / pt > 0.1",
            L + "select etcone30 < 10 GeV",
            L + "select etcone30 / pt < 0.01",
        ],
    ),
    (
        "Selected jets have transverse momenta larger than 25 GeV and lie within |η| < 2.5.",
        [J + "select pt > 25 GeV", J + "select |eta| < 2.5"],
        [J + "select pt < 25 GeV", J + "select |eta| > 2.5", M + "select pt > 25 GeV"],
    ),
    (
        "The leading muon must have p_T > 30 GeV, while a threshold of 20 GeV is applied to the subleading muon.",
        [R + "select Muon[0].pt > 30 GeV", R + "select Muon[1].pt > 20 GeV"],
        [R + "select Muon[0].pt > 20 GeV", R + "select Muon[1].pt > 30 GeV", R + "select Muon[1].pt < 20 GeV"],
    ),
    (
        "Candidates are retained if 40 < m_{Z_1} < 120 GeV and 12 < m_{Z_2} < 120 GeV.",
        [
            "object zs\n  take Muon\n\ncomposite zz\n  take Pair z1, Pair z2\n  select 40 GeV < z1.mass < 120 GeV",
            "composite zz\n  take Pair z1, Pair z2\n  select 12 GeV < z2.mass < 120 GeV",
            "composite zz\n  take Pair z1, Pair z2\n  select |z1.mass - 80 GeV| < 40 GeV",
        ],
        [
            "composite zz\n  take Pair z1, Pair z2\n  select 12 GeV < z1.mass < 120 GeV",
            "composite zz\n  take Pair z1, Pair z2\n  select 40 GeV < z2.mass < 120 GeV",
            "composite zz\n  take Pair z1, Pair z2\n  select |z2.mass - 80 GeV| < 40 GeV",
        ],
    ),
    (
        "Events are required to have E_T^{miss} in excess of 50 GeV, and the transverse mass of the W boson candidate is required to exceed 60 GeV.",
        [R + "select MET.pt > 50 GeV", LEPS + "select mt(leps[0], MET) > 60 GeV"],
        [R + "select MET.pt > 60 GeV", LEPS + "select mt(leps[0], MET) > 50 GeV", R + "select MET.pt < 50 GeV"],
    ),
    (
        "Any jet within ΔR = 0.2 of an electron is removed, and electrons within ΔR = 0.4 of the remaining jets are discarded.",
        [
            "object electrons\n  take Electron\n\n" + J + "reject any(dr(this, e) < 0.2 for e in electrons)",
            "object jets\n  take Jet\n\n" + E + "reject any(dr(this, j) < 0.4 for j in jets)",
        ],
        [
            "object electrons\n  take Electron\n\n" + J + "reject any(dr(this, e) < 0.4 for e in electrons)",
            "object jets\n  take Jet\n\n" + E + "reject any(dr(this, j) < 0.2 for j in jets)",
            "object muons\n  take Muon\n\n" + J + "reject any(dr(this, e) < 0.2 for e in muons)",
        ],
    ),
    (
        "The pseudorapidity gap between the two tagging jets is required to be |Δη_{jj}| > 2.5 and their invariant mass to be above 500 GeV.",
        [
            R + "select deta(Jet[0], Jet[1]) > 2.5",
            MJJ + "select mjj > 500 GeV",
            R + "select |Jet[0].eta - Jet[1].eta| > 2.5",
        ],
        [
            R + "select deta(Jet[0], Jet[1]) < 2.5",
            MJJ + "select mjj < 500 GeV",
            R + "select dphi(Jet[0], Jet[1]) > 2.5",
            R + "select Jet[0].eta - Jet[1].eta > 2.5",
        ],
    ),
    (
        "No b-tagged jets with p_T > 25 GeV may be present in the event.",
        [
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 25 GeV) == 0",
            R + "reject any(j.pt > 25 GeV for j in Jet if j.is_btagged)",
        ],
        [
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 25 GeV) >= 1",
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 20 GeV) == 0",
            R + "select count(j for j in Jet if j.pt > 25 GeV) == 0",
        ],
    ),
    (
        "Muon tracks must fulfil |d_0|/σ(d_0) < 3 and |z_0 sin θ| < 0.5 mm.",
        [M + f"select {one}" for one in ("|d0_significance| < 3", "d0_significance < 3", "|z0_sin_theta| < 0.5 mm")],
        [
            M + "select |d0_significance| > 3",
            M + "select |z0_sin_theta| < 0.5 cm",
            M + "select |z0_sin_theta| < 3 mm",
            M + "select d0 / d0_error < 3",
        ],
    ),
    (
        "We require exactly one electron or muon with p_T > 27 GeV, and veto any further lepton with p_T > 10 GeV.",
        [LEPS + "select count(l for l in leps if l.pt > 27 GeV) == 1"],
        [
            LEPS + "select count(l for l in leps if l.pt > 27 GeV) >= 1",
            LEPS + "select count(l for l in leps if l.pt > 10 GeV) == 2",
            LEPS + "select count(l for l in leps if l.pt > 27 GeV) == 2",
        ],
    ),
    (
        "The mass of the hadronically decaying W boson candidate must lie within 20 GeV of the W boson mass.",
        [
            MW + MJJ + "select |mjj - m_W| < 20 GeV",
            MJJ + "select 60.4 GeV < mjj < 100.4 GeV",
            MW + MJJ + "select m_W - 20 GeV < mjj < m_W + 20 GeV",
        ],
        [
            Z + MJJ + "select |mjj - m_Z| < 20 GeV",
            MJJ + "select 60.4 GeV < mjj < 110.4 GeV",
            MW + MJJ + "select |mjj - m_W| > 20 GeV",
            MW + MJJ + "select mjj < m_W + 20 GeV and mjj > 20 GeV",
        ],
    ),
    (
        "The primary vertex must have at least five associated tracks and lie within 24 cm of the detector centre along the beam direction.",
        [
            "object vertices\n  take Vertex\n  select n_tracks >= 5",
            "object vertices\n  take Vertex\n  select |z| < 24 cm",
        ],
        [
            "object vertices\n  take Vertex\n  select n_tracks > 5",
            "object vertices\n  take Vertex\n  select |z| > 24 cm",
            "object vertices\n  take Vertex\n  select |z| < 24 mm",
            "object vertices\n  take Vertex\n  select z < 24 cm",
        ],
    ),
    (
        "Photons must have E_T > 40 (30) GeV for the leading (subleading) candidate and a diphoton mass of at least 100 GeV is demanded.",
        [R + "select Photon[0].pt > 40 GeV", R + "select Photon[1].pt > 30 GeV", GG + "select mass >= 100 GeV"],
        [
            R + "select Photon[0].pt > 30 GeV",
            R + "select Photon[1].pt > 40 GeV",
            GG + "select mass > 100 GeV",
            GG + "select mass <= 100 GeV",
        ],
    ),
    (
        "The ratio E_T^{miss}/m_{eff} must be larger than 0.25, where m_{eff} is the scalar sum of E_T^{miss} and the p_T of the four leading jets.",
        [R + "let meff = MET.pt + sum(Jet[:4].pt)\n  select MET.pt / meff > 0.25"],
        [
            R + "let meff = MET.pt + sum(Jet[:4].pt)\n  select MET.pt / meff < 0.25",
            R + "let meff = MET.pt + sum(Jet[:4].pt)\n  select meff / MET.pt > 0.25",
        ],
    ),
    (
        "The two muons must have opposite charges, p_T > 4 GeV each and 2.9 < m_{μμ} < 3.3 GeV.",
        [
            DI + "select a.charge + b.charge == 0",
            DI + "select a.pt > 4 GeV and b.pt > 4 GeV",
            DI + "select 2.9 GeV < mass < 3.3 GeV",
            DI + "select |mass - 3.1 GeV| < 0.2 GeV",
        ],
        [
            DI + "select a.charge == b.charge",
            DI + "select a.pt > 4 GeV or b.pt > 4 GeV",
            DI + "select |mass - 3.1 GeV| < 0.4 GeV",
            DI + "select pt > 4 GeV",
        ],
    ),
    (
        "Tracks with p_T < 0.5 GeV, fewer than nine hits or χ^2/ndof > 3 are discarded.",
        [TR + "select pt >= 0.5 GeV", TR + "select n_hits >= 9", TR + "reject chi2_ndof > 3", TR + "reject n_hits < 9"],
        [
            TR + "select pt < 0.5 GeV",
            TR + "select n_hits > 9",
            TR + "reject n_hits < 9 and chi2_ndof > 3",
            TR + "select pt >= 0.5 MeV",
        ],
    ),
    (
        "For electrons (muons) the relative isolation must not exceed 8 (15)%.",
        [E + "select iso <= 0.08", M + "select iso <= 0.15"],
        [E + "select iso <= 0.15", M + "select iso <= 0.08", E + "select iso >= 0.08", M + "select iso <= 15"],
    ),
    (
        "Events with fewer than two or more than five jets are rejected.",
        [R + "select 2 <= count(Jet) <= 5", R + "reject count(Jet) < 2 or count(Jet) > 5"],
        [
            R + "select 2 < count(Jet) < 5",
            R + "reject 2 <= count(Jet) <= 5",
            R + "select count(Jet) < 2 or count(Jet) > 5",
            R + "select 2 <= count(Electron) <= 5",
        ],
    ),
    (
        "Neutral pion candidates are formed from two photons with 120 < m_{γγ} < 145 MeV/c^2.",
        [
            GG + "select 120 MeV < mass < 145 MeV",
            GG + "select 0.12 GeV < mass < 0.145 GeV",
            GG + "select |mass - 132.5 MeV| < 12.5 MeV",
        ],
        [
            GG + "select 120 GeV < mass < 145 GeV",
            GG + "reject 120 MeV < mass < 145 MeV",
            GG + "select |mass - 132.5 MeV| < 25 MeV",
            GG + "select |mass - 135 MeV| < 15 MeV",
        ],
    ),
    (
        "B candidates with a beam-constrained mass above 5.27 GeV/c^2 and an energy difference between -0.12 and 0.08 GeV are kept.",
        [BS + "select m_bc > 5.27 GeV", BS + "select -0.12 GeV < delta_e < 0.08 GeV"],
        [
            BS + "select m_bc < 5.27 GeV",
            BS + "select 0.12 GeV < delta_e < 0.08 GeV",
            BS + "select -0.08 GeV < delta_e < 0.12 GeV",
            BS + "select |delta_e| < 0.12 GeV",
        ],
    ),
    (
        "At least one lepton is required to have p_T > 25 GeV, and all leptons must satisfy p_T > 15 GeV.",
        [
            LEPS + "select any(l.pt > 25 GeV for l in leps)",
            LEPS + "select leps[0].pt > 25 GeV",
            L + "select pt > 15 GeV",
            LEPS + "select all(l.pt > 15 GeV for l in leps)",
        ],
        [
            LEPS + "select all(l.pt > 25 GeV for l in leps)",
            L + "select pt > 25 GeV",
            LEPS + "select any(l.pt > 15 GeV for l in leps)",
            LEPS + "select leps[1].pt > 25 GeV",
        ],
    ),
    (
        "Same-sign muon pairs with a mass below 8 GeV or between 80 and 100 GeV are discarded.",
        [
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  reject mass < 8 GeV',
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  reject mass < 8 GeV or 80 GeV < mass < 100 GeV',
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  reject 80 GeV < mass < 100 GeV',
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  select mass > 100 GeV or 8 GeV < mass < 80 GeV',
        ],
        [
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  select mass < 8 GeV',
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  reject mass < 8 GeV and 80 GeV < mass < 100 GeV',
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  select 80 GeV < mass < 100 GeV',
            'composite ss\n  take Muon a, Muon b\n  select a.charge == b.charge assume "y"\n  reject 8 GeV < mass < 100 GeV',
        ],
    ),
    (
        "Regions are split at E_T^{miss} = 150 GeV into a low (50-150 GeV) and a high (> 150 GeV) bin.",
        [R + 'bin "low" 50 GeV < MET.pt < 150 GeV', R + 'bin "high" MET.pt > 150 GeV'],
        [
            R + 'bin "high" MET.pt < 150 GeV',
            R + 'bin "low" 50 GeV < MET.pt < 250 GeV',
            R + 'bin "high" MET.pt > 50 GeV',
        ],
    ),
    # ---- what is nearest to what the rules take, and wrong
    (
        "B candidates must have an energy difference between -0.1 and 0.3 GeV.",
        [BS + "select |delta_e - 0.1 GeV| < 0.2 GeV", BS + "select -0.1 GeV < delta_e < 0.3 GeV"],
        [
            BS + "select |delta_e + 0.1 GeV| < 0.2 GeV",
            BS + "select |delta_e| < 0.3 GeV",
            BS + "select 0.1 GeV < delta_e < 0.3 GeV",
        ],
    ),
    (
        "Lepton pairs must have |m_Z - 80 GeV| < 10 GeV.",
        [MLL + "select |mll - 80 GeV| < 10 GeV"],
        [MLL + "select |mll - 80 GeV| > 10 GeV"],
    ),
    (
        "Lepton pairs must have m_Z - 91.2 GeV < 10 GeV.",
        [MLL + "select mll - 91.2 GeV < 10 GeV"],
        [MLL + "select mll - 91.2 GeV > 10 GeV"],
    ),
    ("Lepton pairs must have a mass below the Z boson mass window.", [], [ZMLL + "select mll < m_Z"]),
    (
        "The mass of the lepton pair must be above the Z boson mass.",
        [ZMLL + "select mll > m_Z", MLL + "select mll > 91.2 GeV", ZMLL + "reject mll <= m_Z"],
        [ZMLL + "select mll < m_Z", MW + MLL + "select mll > m_W", MLL + "select mll > 95 GeV"],
    ),
    ("The mass of the lepton pair has to exceed twice the Z boson mass.", [], [ZMLL + "select mll > m_Z"]),
    (
        "The mass of the lepton pair must not exceed the W boson mass.",
        [MW + MLL + "select mll <= m_W"],
        [MW + MLL + "select mll >= m_W", MW + MLL + "select mll > m_W", ZMLL + "select mll <= m_Z"],
    ),
    (
        "The mass of the lepton pair has to be more than 10 GeV above the Z boson mass.",
        [ZMLL + "select mll > m_Z + 10 GeV", ZMLL + "select mll - m_Z > 10 GeV", MLL + "select mll > 101.2 GeV"],
        [
            ZMLL + "select mll > m_Z - 10 GeV",
            ZMLL + "select |mll - m_Z| > 10 GeV",
            ZMLL + "select mll < m_Z + 10 GeV",
            ZMLL + "select mll > m_Z + 20 GeV",
        ],
    ),
    (
        "Lepton pairs are required to satisfy |m_Z - 91.2 GeV| < 10 GeV.",
        [MLL + "select |mll - 91.2 GeV| < 10 GeV", MLL + "select 81.2 GeV < mll < 101.2 GeV"],
        [MLL + "select mll < 101.2 GeV", MLL + "select 81.2 GeV < mll < 111.2 GeV", MLL + "select mll < 10 GeV"],
    ),
    (
        "The lepton pair must have m_Z - 15 GeV < m_{ℓℓ} < m_Z + 10 GeV.",
        [ZMLL + "select m_Z - 15 GeV < mll < m_Z + 10 GeV", MLL + "select 76.2 GeV < mll < 101.2 GeV"],
        [
            ZMLL + "select m_Z - 10 GeV < mll < m_Z + 15 GeV",
            ZMLL + "select |mll - m_Z| < 15 GeV",
            MLL + "select 76.2 GeV < mll < 106.2 GeV",
        ],
    ),
    (
        "Events with 100 < E_T^{miss} < 200 GeV are rejected, and so are those with H_T > 2 TeV.",
        [R + "select MET.pt < 100 GeV or MET.pt > 200 GeV", R + "reject 100 GeV < MET.pt < 200 GeV"],
        [R + "select MET.pt < 100 GeV", R + "select MET.pt > 200 GeV", R + "select 100 GeV < MET.pt < 200 GeV"],
    ),
    (
        "Events with E_T^{miss} > 200 GeV are rejected.",
        [R + "select MET.pt <= 200 GeV"],
        [R + "select MET.pt < 200 GeV", R + "select MET.pt > 200 GeV"],
    ),
    (
        "Electrons must be outside the crack region of the calorimeter and have 20 < p_T < 30 GeV.",
        [E + "select 20 GeV < pt < 30 GeV"],
        [E + "select pt < 20 GeV or pt > 30 GeV", E + "reject 20 GeV < pt < 30 GeV"],
    ),
    (
        "Muons with |η| > 2.4 are rejected, as are those with p_T < 5 GeV.",
        [M + "select |eta| <= 2.4", M + "select pt >= 5 GeV", M + "reject pt < 5 GeV"],
        [M + "select pt < 5 GeV", M + "select |eta| > 2.4", M + "reject pt < 5 GeV and |eta| > 2.4"],
    ),
    (
        "In the region 2.7 < |η| < 3.0, where a higher noise is found, p_T > 50 GeV is required of the jets.",
        [J + "select pt > 50 GeV or |eta| < 2.7 or |eta| > 3.0"],
        [J + "select pt > 50 GeV", J + "select pt > 50 GeV and 2.7 < |eta| < 3.0"],
    ),
    (
        "Two muons are required, and both must have p_T > 20 GeV.",
        [R + "select Muon[0].pt > 20 GeV and Muon[1].pt > 20 GeV"],
        [
            R + "select Muon[2].pt > 20 GeV",
            R + "select Muon[0].pt > 20 GeV or Muon[1].pt > 20 GeV",
            R + "select Muon[0].pt > 20 GeV",
        ],
    ),
    (
        "D^0 candidates with a transverse momentum above 2 GeV are combined with a kaon.",
        ["composite dzeros\n  take Track k, Track pi\n  select pt > 2 GeV"],
        [
            "object kaons\n  take Track\n  select pt > 2 GeV",
            "composite dzeros\n  take Track k, Track pi\n  select k.pt > 2 GeV",
        ],
    ),
    (
        "Dimuon candidates must have a transverse momentum above 2 GeV.",
        [DI + "select pt > 2 GeV"],
        [DI + "select a.pt > 2 GeV", M + "select pt > 2 GeV"],
    ),
    (
        "Taus must have p_T > 20 GeV, one or three tracks and |η| < 2.3.",
        [T + "select n_tracks == 1 or n_tracks == 3", T + "select |eta| < 2.3"],
        [T + "select n_tracks > 1", T + "select n_tracks == 1", T + "select n_tracks == 3"],
    ),
    (
        "Events are vetoed if they contain a loose electron with p_T above 10 GeV.",
        [R + "reject any(e.pt > 10 GeV for e in Electron if e.is_loose)"],
        [
            R + "reject any(e.pt > 10 GeV for e in Electron if not e.is_loose)",
            R + "reject any(e.pt > 10 GeV for e in Electron if e.is_medium)",
            R + "reject any(e.pt > 10 GeV for e in Electron)",
        ],
    ),
    (
        "Events are vetoed if they contain a not isolated electron with p_T above 10 GeV.",
        [],
        [R + "reject any(e.pt > 10 GeV for e in Electron if e.is_isolated)"],
    ),
    (
        "All jets except for those with |η| > 2.5 are used.",
        [J + "select |eta| <= 2.5"],
        [J + "select |eta| > 2.5", J + "select |eta| >= 2.5"],
    ),
    (
        "The E_T^{miss} bins are 200-300, 300-400 and > 400 GeV.",
        [R + 'bin "b" 300 GeV <= MET.pt < 400 GeV'],
        [R + 'bin "b" 300 MeV <= MET.pt < 400 MeV', R + 'bin "b" 300 GeV <= MET.pt'],
    ),
    (
        "Two jets are combined if (Δη/0.4)^2 + (Δφ/0.6)^2 < 1.",
        [R + "select (deta(Jet[0], Jet[1]) / 0.4)^2 + (dphi(Jet[0], Jet[1]) / 0.6)^2 < 1"],
        [R + "select (dphi(Jet[0], Jet[1]) / 0.4)^2 + (deta(Jet[0], Jet[1]) / 0.6)^2 < 1"],
    ),
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
