# ruff: noqa: E501, RUF001 - sentences are one line, and have Greek letters
"""What sentences of papers say, and what programs make of them: verified where they agree, and flagged where not.

The sentences are of the kind that analyses of several experiments use; none is quoted from one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import judged
from cited_blocks import TR, E, J, L, M, P, R

from hepsel.extract.checking import Verdict
from hepsel.extract.checking.numbers import choice_of, numbers_in

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

DI = "composite dimuons\n  take Muon a, Muon b\n  "
T = "object taus\n  take Tau\n  "
BJ = 'object bjets\n  take Jet\n  select is_btagged assume "x"\n  '
GG = "composite diphotons\n  take Photon a, Photon b\n  "
MYY = R + "let myy = (Photon[0] + Photon[1]).mass\n  "
Z = 'define m_Z = 91.2 GeV assume "x"\n'

RR = "".join(
    f'region {name}\n  select count({of}) == 2 assume "x"\n'
    for name, of in {"ee": "Electron", "mumu": "Muon", "signal": "Jet", "control": "Photon"}.items()
)

V, N, D, Q, OB = Verdict.VERIFIED, Verdict.NUMBER, Verdict.DIRECTION, Verdict.QUANTITY, Verdict.OBJECT
FLAG = None  # a problem of any kind

# The text, the last sentence of which is quoted; programs whose last criterion cites it; their verdicts.
SAID: list[tuple[str, list[tuple[str, Verdict | None]]]] = [
    (
        "Events are required to have a sphericity above 0.2 and an aplanarity greater than 0.06.",
        [
            (R + "select sphericity(Jet) > 0.2", V),
            (R + "select aplanarity(Jet) > 0.06", V),
            (R + "select sphericity(Jet) > 0.06", Q),
            (R + "select aplanarity(Jet) > 0.2", Q),
        ],
    ),
    (
        "The transverse momentum of the leading megajet is required to be larger than 200 GeV.",
        [
            (R + "select megajet(Jet, 1).pt > 200 GeV", V),
            (R + "select megajet(Jet, 2).pt > 200 GeV", FLAG),
            (R + "select megajet(Jet, 1).mass > 200 GeV", Q),
        ],
    ),
    (
        "Electrons are required to have a transverse momentum of at least 25 GeV.",
        [
            (E + "select pt >= 25 GeV", V),
            (E + "select pt > 25 GeV", D),
        ],
    ),
    (
        "Electrons are required to have a transverse momentum above 25 GeV.",
        [
            (E + "select pt > 25 GeV", V),
        ],
    ),
    (
        "Muons with p_T exceeding 20 GeV and |η| < 2.4 are selected.",
        [
            (M + "select pt > 20 GeV", V),
            (M + "select |eta| < 2.4", V),
            (M + "select |eta| < 20", N),
            (E + "select |eta| < 2.4", OB),
        ],
    ),
    (
        "Electrons in the transition region 1.37 < |η| < 1.52 are rejected.",
        [
            (E + "reject 1.37 < |eta| < 1.52", V),
            (E + "select 1.37 < |eta| < 1.52", D),
        ],
    ),
    (
        "Electrons in the transition region 1.37 < |η| < 1.52 are excluded.",
        [
            (E + "select not (1.37 < |eta| < 1.52)", V),
        ],
    ),
    (
        "Electrons must have |η| < 2.47, excluding the region 1.37 < |η| < 1.52.",
        [
            (E + "reject 1.37 < |eta| < 1.52", V),
            (E + "select |eta| < 2.47", V),
            (E + "select |eta| < 2.47 and not (1.37 < |eta| < 1.52)", V),
        ],
    ),
    (
        "Events with missing transverse momentum below 150 GeV are vetoed.",
        [
            (R + "select MET.pt >= 150 GeV", V),
            (R + "select MET.pt > 150 GeV", V),
            (R + "select MET.pt < 150 GeV", D),
        ],
    ),
    (
        "Events must have E_T^{miss} > 150 GeV.",
        [
            (R + "select MET.pt > 150 GeV", V),
            (R + "select Jet[0].pt > 150 GeV", OB),
        ],
    ),
    ("Muons have p_T = 25 GeV.", [(M + "select pt == 25 GeV", D)]),  # what is measured is never exactly that
    ("Muons have exactly 25 GeV of p_T.", [(M + "select pt == 25 GeV", D)]),
    ("Muons are required to have p_T below 25 GeV.", [(M + "select pt == 25 GeV", D)]),
    (
        "Events are required to contain exactly two muons.",
        [
            (R + "select count(Muon) == 2", V),
            (R + "select count(Muon) >= 2", D),
        ],
    ),
    (
        "Events are required to contain at least two muons.",
        [
            (R + "select count(Muon) >= 2", V),
            (R + "select count(Muon) > 1", V),
            (R + "select count(Muon) > 2", D),
            (R + "select count(Electron) >= 2", OB),
        ],
    ),
    (
        "Events are required to contain at least two jets and no electrons.",
        [
            (R + "select count(Electron) == 0", V),
            (R + "select count(Jet) == 0", FLAG),
        ],
    ),
    (
        "Events with one or more b-tagged jets are vetoed.",
        [
            (R + "select count(j for j in Jet if j.is_btagged) == 0", V),
        ],
    ),
    (
        "Events with additional electrons are rejected.",
        [
            (R + "select count(Electron) == 0", V),
        ],
    ),
    (
        "The leading jet must have p_T > 100 GeV and the subleading jet p_T > 50 GeV.",
        [
            (R + "select Jet[0].pt > 100 GeV", V),
            (R + "select Jet[1].pt > 50 GeV", V),
            (R + "select Jet[1].pt > 100 GeV", OB),
            (J + "select pt > 100 GeV", OB),
        ],
    ),
    (
        "Electrons (muons) must have p_T > 7 (5) GeV.",
        [
            (E + "select pt > 7 GeV", V),
            (M + "select pt > 5 GeV", V),
            (E + "select pt > 5 GeV", OB),
            (M + "select pt > 7 GeV", OB),
        ],
    ),
    (
        "Jets within ΔR < 0.4 of a selected electron are removed.",
        [
            (J + "reject any(dr(this, e) < 0.4 for e in Electron)", V),
            (J + "reject any(dr(this, e) > 0.4 for e in Electron)", D),
            (J + "reject any(dr(this, m) < 0.4 for m in Muon)", OB),
            (E + "reject any(dr(this, j) < 0.4 for j in Jet)", OB),
        ],
    ),
    (
        "The invariant mass of the dimuon system must be between 60 and 120 GeV.",
        [
            (DI + "select 60 GeV < mass < 120 GeV", V),
            (DI + "select 60 GeV < mass < 130 GeV", N),
        ],
    ),
    (
        "The dimuon mass is required to be within 15 GeV of the Z boson mass.",
        [
            (Z + DI + "select |mass - m_Z| < 15 GeV", V),
            (Z + DI + "select |mass - m_Z| > 15 GeV", D),
        ],
    ),
    (
        "Both muons must have opposite charge.",
        [
            (DI + "select a.charge + b.charge == 0", V),
        ],
    ),
    (
        "Both muons must have the same charge.",
        [
            (DI + "select a.charge + b.charge == 0", Q),
        ],
    ),
    (
        "Photons must satisfy the tight identification criteria.",
        [
            (P + "select is_tight", V),
        ],
    ),
    (
        "Photons failing the tight identification criteria are rejected.",
        [
            (P + "select is_tight", V),
            (P + "reject is_tight", FLAG),
        ],
    ),
    (
        "Muons must not be standalone.",
        [
            (M + "reject type == standalone", V),
        ],
    ),
    (
        "Jets are reconstructed with the anti-k_t algorithm with R = 0.4 and are required to have p_T > 30 GeV.",
        [
            (J + "select pt > 30 GeV", V),
        ],
    ),
    (
        "The scalar sum H_T of the jet transverse momenta must exceed 500 GeV.",
        [
            ("define HT = sum(Jet.pt)\nregion sr\n  select HT > 500 GeV", V),
            ("define HT = sum(Jet.pt)\nregion sr\n  select HT < 500 GeV", D),
        ],
    ),
    (
        "Events must have m_T > 50 GeV and E_T^{miss} > 30 GeV.",
        [
            (R + "select mt(Muon[0], MET) > 50 GeV", V),
            (R + "select mt(Muon[0], MET) > 30 GeV", Q),
        ],
    ),
    *(
        (
            sentence,
            [
                (R + "select mt2(Muon[0], Electron[0], MET) > 100 GeV", V),
                (R + "select mt2(Muon[0], Electron[0], MET) < 100 GeV", D),
                (R + "select mt(Muon[0], MET) > 100 GeV", Q),
                (R + "select MET.pt > 100 GeV", Q),
            ],
        )
        for sentence in (
            "The stransverse mass of the electron and the muon must exceed 100 GeV.",
            "Events with an electron and a muon are kept if m_{T2} > 100 GeV.",
            "Signal events satisfy M_T2(eμ) > 100 GeV.",
            "The requirement mT2 > 100 GeV suppresses these backgrounds.",
        )
    ),
    (
        "Jets must satisfy p_T > 20 GeV (30 GeV) for |η| < 2.4 (2.4 < |η| < 4.5).",
        [
            (J + "select pt > 20 GeV or |eta| > 2.4", FLAG),
        ],
    ),
    (
        "Muon candidates must satisfy p_T > 10 GeV. Electron candidates must satisfy p_T > 15 GeV.",
        [
            (M + "select pt > 15 GeV", OB),
        ],
    ),
    (
        "Leptons must satisfy |z_0 sin θ| < 0.5 mm.",
        [
            (E + "select |z0_sin_theta| < 0.5 mm", V),
            (E + "select |z0_sin_theta| < 500 um", V),
            (E + "select |d0| < 0.5 mm", Q),
        ],
    ),
    (
        "The relative isolation of muons must be smaller than 15%.",
        [
            (M + "select ptcone30 / pt < 0.15", V),
        ],
    ),
    (
        "Electrons must not have a transverse momentum smaller than 25 GeV.",
        [
            (E + "select pt >= 25 GeV", V),
        ],
    ),
    (
        "No jets with p_T > 25 GeV are allowed.",
        [
            (R + "select count(j for j in Jet if j.pt > 25 GeV) == 0", V),
            (R + "select count(j for j in Jet if j.pt > 35 GeV) == 0", N),
        ],
    ),
    (
        "Events are required to have at most one jet with p_T > 25 GeV.",
        [
            (R + "select count(j for j in Jet if j.pt > 25 GeV) <= 1", V),
        ],
    ),
    (
        "Events are required to have three or more jets.",
        [
            (R + "select count(Jet) >= 3", V),
        ],
    ),
    (
        "Dilepton pairs must have a mass in the range 71-111 GeV.",
        [
            ("composite dileptons\n  take Electron a, Electron b\n  select 71 GeV < mass < 111 GeV", V),
        ],
    ),
    (
        "Electron candidates are required to be isolated. Candidates with E_T < 20 GeV are discarded.",
        [
            (E + "select pt >= 20 GeV", V),
        ],
    ),
    (
        "The azimuthal separation Δφ(j, E_T^{miss}) must be larger than 0.4.",
        [
            (R + "select dphi(Jet[0], MET) > 0.4", V),
            (R + "select deta(Jet[0], Jet[1]) > 0.4", FLAG),
        ],
    ),
    (
        "Electrons with p_T > 10 GeV are used in the tracker. Muons with p_T > 12 GeV are kept.",
        [
            (E + "select pt > 12 GeV", OB),
        ],
    ),
    (
        "Candidate jets are clustered with a radius parameter of 0.4 and retained if p_T > 20 GeV and |η| < 4.5.",
        [
            (J + "select pt > 20 GeV", V),
            (J + "select |eta| < 4.5", V),
            (J + "select |eta| < 0.4", D),
        ],
    ),
    (
        "Photon candidates are required to satisfy E_T > 22 GeV and to lie in the range |η| < 2.37.",
        [
            (P + "select pt > 22 GeV", V),
            (P + "select |eta| < 2.37", V),
            (P + "select |eta| < 2.47", N),
        ],
    ),
    (
        "The leading (subleading) photon must have p_T > 35 (25) GeV.",
        [
            (R + "select Photon[0].pt > 35 GeV", V),
            (R + "select Photon[1].pt > 25 GeV", V),
            (R + "select Photon[1].pt > 35 GeV", OB),
        ],
    ),
    (
        "Events containing a lepton with p_T larger than 10 GeV are removed.",
        [
            (R + "reject any(l.pt > 10 GeV for l in Electron)", V),
            (R + "select any(l.pt > 10 GeV for l in Electron)", D),
        ],
    ),
    (
        "Selected muons satisfy p_T > 25 GeV and are required to be within |η| = 2.5.",
        [
            (M + "select |eta| < 2.5", V),
        ],
    ),
    (
        "Muons are considered if their transverse momentum is greater than 4 GeV.",
        [
            (M + "select pt > 4 GeV", V),
        ],
    ),
    (
        "The transverse impact parameter divided by its uncertainty must be below 3 for muons and 5 for electrons.",
        [
            (M + "select |d0_significance| < 3", V),
            (E + "select |d0_significance| < 5", V),
            (E + "select |d0_significance| < 3", OB),
        ],
    ),
    (
        "Electrons with p_T > 20 GeV and muons with p_T > 15 GeV are retained.",
        [
            (E + "select pt > 20 GeV", V),
            (M + "select pt > 15 GeV", V),
            (M + "select pt > 20 GeV", OB),
        ],
    ),
    (
        "Electrons and muons are required to have p_T > 20 GeV.",
        [
            (E + "select pt > 20 GeV", V),
            (L + "select pt > 20 GeV", V),
        ],
    ),
    (
        "Electrons are required to have p_T > 20 GeV.",
        [
            (L + "select pt > 20 GeV", OB),
        ],
    ),
    (
        "At least one of the jets must be b-tagged.",
        [
            (R + "select count(j for j in Jet if j.is_btagged) >= 1", V),
        ],
    ),
    (
        "The dijet invariant mass m_{jj} must exceed 500 GeV and the rapidity separation |Δη_{jj}| must exceed 3.5.",
        [
            (R + "let mjj = (Jet[0] + Jet[1]).mass\n  select mjj > 500 GeV", V),
            (R + "select deta(Jet[0], Jet[1]) > 3.5", V),
            (R + "select deta(Jet[0], Jet[1]) < 3.5", D),
        ],
    ),
    (
        "Only events with fewer than four jets are considered.",
        [
            (R + "select count(Jet) < 4", V),
            (R + "select count(Jet) <= 3", V),
            (R + "select count(Jet) <= 4", D),
        ],
    ),
    (
        "The two muons must have an invariant mass above 12 GeV in order to suppress low-mass resonances.",
        [
            (DI + "select mass > 12 GeV", V),
            (DI + "select mass < 12 GeV", D),
        ],
    ),
    (
        "Muon pairs are required to have opposite electric charges and 81 < m_{μμ} < 101 GeV.",
        [
            (DI + "select a.charge + b.charge == 0", V),
            (DI + "select 81 GeV < mass < 101 GeV", V),
            (DI + "reject 81 GeV < mass < 101 GeV", D),
        ],
    ),
    (
        "A Z boson veto is applied by rejecting events with 81 < m_{μμ} < 101 GeV.",
        [
            (DI + "reject 81 GeV < mass < 101 GeV", V),
            (DI + "select 81 GeV < mass < 101 GeV", D),
        ],
    ),
    (
        "Jets in the event with |η| > 2.5 are required to have p_T > 50 GeV.",
        [
            (J + "reject |eta| > 2.5 and not (pt > 50 GeV)", V),
            (J + "select pt > 50 GeV", FLAG),
        ],
    ),
    (
        "The event must contain at least three leptons, two of which form a Z candidate.",
        [
            (R + "select count(Electron) + count(Muon) >= 3", V),
        ],
    ),
    (
        "Muons are required to pass the medium identification working point.",
        [
            (M + "select is_medium", V),
            (M + "select is_tight", Q),
            (E + "select is_medium", OB),
        ],
    ),
    (
        "Events must have E_T^{miss} between 100 and 200 GeV.",
        [
            (R + "select 100 GeV < MET.pt < 200 GeV", V),
            (R + "select MET.pt > 200 GeV", D),
        ],
    ),
    (
        "The signal region requires H_T > 300 GeV and at least 4 jets with p_T > 30 GeV.",
        [
            (R + "select count(j for j in Jet if j.pt > 30 GeV) >= 4", V),
            (R + "select count(j for j in Jet if j.pt > 40 GeV) >= 4", N),
            (R + "select count(j for j in Jet if j.pt > 30 GeV) >= 3", N),
            (R + "select count(j for j in Jet if j.pt < 30 GeV) >= 4", D),
        ],
    ),
    (
        "Tracks are required to have p_T > 500 MeV.",
        [
            ("object tracks\n  take Track\n  select pt > 0.5 GeV", V),
        ],
    ),
    (
        "Large-R jets must have a mass larger than 40 GeV and p_T > 250 GeV.",
        [
            ("object fat\n  take FatJet\n  select mass > 40 GeV", V),
            (J + "select pt > 250 GeV", OB),
        ],
    ),
    (
        "Jets are required to have p_T > 25 GeV for |η| < 2.4 and p_T > 30 GeV for 2.4 < |η| < 4.5.",
        [
            (J + "select pt > 25 GeV", FLAG),
        ],
    ),
    (
        "Hadronically decaying τ leptons are required to have p_T > 20 GeV.",
        [
            ("object taus\n  take Tau\n  select pt > 20 GeV", V),
            (E + "select pt > 20 GeV", OB),
        ],
    ),
    (
        "The candidate closest in mass to the Z boson is kept.",
        [
            (DI + "keep lowest |mass - 91.1876 GeV|", N),
            (Z + DI + "keep lowest |mass - m_Z|", V),
            (Z + DI + "keep highest |mass - m_Z|", D),
        ],
    ),
    (
        "We select electrons with transverse momentum p_T > 30 GeV and pseudorapidity |η| < 2.1.",
        [
            (E + "select pt > 30 GeV", V),
            (E + "select |eta| < 2.1", V),
            (E + "select |eta| < 30", N),
            (M + "select pt > 30 GeV", OB),
        ],
    ),
    (
        "Jets are kept if they have p_T ≥ 40 GeV.",
        [
            (J + "select pt >= 40 GeV", V),
            (J + "select pt > 40 GeV", D),
        ],
    ),
    (
        "The longitudinal impact parameter |z_0| of the tracks associated with electrons must not exceed 2 mm.",
        [
            (E + "select |z0| <= 2 mm", V),
        ],
    ),
    (
        "Tau candidates must have one or three tracks and p_T > 25 GeV.",
        [
            (T + "select pt > 25 GeV", V),
            (T + "select pt > 35 GeV", N),
        ],
    ),
    (
        "Two same-flavour leptons of opposite charge are required.",
        [
            ("composite ll\n  take Muon a, Muon b\n  select a.charge + b.charge == 0", V),
            ("composite ll\n  take Muon a, Muon b\n  select a.charge + b.charge != 0", Q),
        ],
    ),
    (
        "The transverse mass of the lepton and the missing transverse momentum must be greater than 60 GeV.",
        [
            (R + "select mt(Electron[0], MET) > 60 GeV", V),
            (R + "select mt(Electron[0], MET) > 600 MeV", N),
        ],
    ),
    (
        "Events with exactly one isolated lepton and at least four jets, of which at least two are b-tagged, are selected.",
        [
            (R + "select count(Jet) >= 4", V),
            (R + "select count(j for j in Jet if j.is_btagged) >= 2", V),
            (R + "select count(Jet) >= 2", FLAG),
            (R + "select count(Electron) + count(Muon) == 1", V),
        ],
    ),
    (
        "Photons are required to be isolated and to have E_T > 150 GeV, |η| < 1.37 or 1.52 < |η| < 2.37.",
        [
            (P + "select |eta| < 1.37 or 1.52 < |eta| < 2.37", V),
            (P + "select |eta| < 1.52 or 1.52 < |eta| < 2.37", N),
        ],
    ),
    (
        "Muons are vetoed if their transverse momentum is less than 6 GeV.",
        [
            (M + "select pt >= 6 GeV", V),
            (M + "select pt < 6 GeV", D),
        ],
    ),
    (
        "The azimuthal angle between the leading jet and the missing transverse momentum is required to be larger than 2.5 rad.",
        [
            (R + "select dphi(Jet[0], MET) > 2.5", V),
        ],
    ),
    (
        "The distance between the two leptons has to satisfy ΔR(ℓℓ) < 1.8.",
        [
            (R + "select dr(Muon[0], Muon[1]) < 1.8", V),
            (R + "select dr(Jet[0], Jet[1]) < 1.8", OB),
        ],
    ),
    (
        "In the signal region, H_T has to be above 800 GeV, while in the control region it has to be below 600 GeV.",
        [
            ("define HT = sum(Jet.pt)\nregion sr\n  select HT > 800 GeV", V),
            ("define HT = sum(Jet.pt)\nregion cr\n  select HT < 600 GeV", V),
            ("define HT = sum(Jet.pt)\nregion sr\n  select HT > 600 GeV", D),
        ],
    ),
    (
        "Muon candidates are required to satisfy loose identification requirements and p_T > 5 GeV.",
        [
            (M + "select is_loose", V),
            (M + "select pt > 5 GeV", V),
            (M + "select is_medium", Q),
        ],
    ),
    (
        "The leading lepton is required to have p_T > 27 GeV.",
        [
            (R + "select Electron[0].pt > 27 GeV", V),
            (E + "select pt > 27 GeV", OB),
        ],
    ),
    (
        "All leptons in the event are required to have p_T above 10 GeV.",
        [
            (E + "select pt > 10 GeV", V),
        ],
    ),
    (
        "Jets with p_T < 60 GeV and |η| < 2.4 must satisfy the JVT requirement.",
        [
            (J + "select pt < 60 GeV", FLAG),
        ],
    ),
    (
        "Events are selected with a trigger that requires an electron with p_T > 26 GeV.",
        [
            (E + "select pt > 26 GeV", FLAG),
        ],
    ),
    (
        "The efficiency is 95% for electrons with p_T > 30 GeV.",
        [
            (E + "select pt > 30 GeV", FLAG),
        ],
    ),
    (
        "The Z boson candidate mass must lie within 20 GeV of 91 GeV.",
        [
            (DI + "select |mass - 91 GeV| < 20 GeV", V),
            (DI + "select |mass - 91 GeV| < 25 GeV", N),
        ],
    ),
    (
        "The number of jets must not be larger than three.",
        [
            (R + "select count(Jet) <= 3", V),
            (R + "select count(Jet) < 3", D),
        ],
    ),
    (
        "Events with fewer than two jets or with more than one lepton are discarded.",
        [
            (R + "select count(Jet) >= 2", V),
            (R + "select count(Jet) < 2", FLAG),
        ],
    ),
    # ---- what adversaries of the twelfth session made of papers, and got past the checks, or right and got flagged
    (
        "Electron candidates have to have p_T > 25 (20) GeV for the leading (subleading) electron.",
        [
            (R + "select Electron[0].pt > 25 GeV", V),
            (R + "select Electron[1].pt > 20 GeV", V),
            (R + "select Electron[0].pt > 20 GeV", OB),
            (R + "select Electron[1].pt > 25 GeV", OB),
        ],
    ),
    (
        "Leptons must have p_T > 25 GeV (20 GeV) for the leading (trailing) lepton.",
        [
            (L + "sort by pt descending\nregion sr\n  select leptons[1].pt > 20 GeV", V),
            (L + "sort by pt descending\nregion sr\n  select leptons[1].pt > 25 GeV", OB),
        ],
    ),
    (
        "Muons must satisfy |η| < 2.4 and |d_0| < 0.2 mm.",
        [
            (M + "select -2.4 < eta < 2.4", V),
            (M + "select eta > -2.4 and eta < 2.4", V),
            (M + "select eta < 2.4", Q),
            (M + "select d0 < 0.2 mm", Q),
            (M + "let aeta = |eta|\n  select aeta < 2.4", V),
        ],
    ),
    (
        "Muons must lie in the pseudorapidity range 2 < η < 5.",
        [
            (M + "select 2 < eta < 5", V),
            (M + "select 2 < |eta| < 5", Q),
            (M + "select 2 < rapidity < 5", Q),
        ],
    ),
    (
        "The rapidity of the muons must be between 2.5 and 4.",
        [(M + "select 2.5 < rapidity < 4", V), (M + "select 2.5 < eta < 4", Q)],
    ),
    (
        "The dimuon mass has to be within 15 GeV of the Z boson mass.",
        [(Z + DI + "select |mass - m_Z| < 15 GeV", V), (Z + DI + "select mass - m_Z < 15 GeV", Q)],
    ),
    (
        "The longitudinal (transverse) impact parameter of the muons has to be less than 0.1 (0.02) cm.",
        [
            (M + "select |dz| < 0.1 cm", V),
            (M + "select |dxy| < 0.02 cm", V),
            (M + "select |dxy| < 0.1 cm", Q),
            (M + "select dz < 0.1 cm", Q),
        ],
    ),
    (
        "The momentum of each muon must be between 3 and 100 GeV/c.",
        [(M + "select 3 GeV < energy < 100 GeV", V), (M + "select 3 GeV < pt < 100 GeV", Q)],
    ),
    (
        "The transverse mass of the muon and the missing momentum must be below 120 GeV.",
        [
            (R + "select mt(Muon[0], MET) < 120 GeV", V),
            (R + "select (Muon[0] + MET).mass < 120 GeV", Q),
        ],
    ),
    (
        "The jets must not lie in the region 2.5 < |η| < 4.5.",
        [(J + "reject 2.5 < |eta| < 4.5", V), (J + "select 2.5 < |eta| < 4.5", D)],
    ),
    (
        "The dimuon mass shall not lie between 2.9 and 3.2 GeV.",
        [(DI + "reject 2.9 GeV < mass < 3.2 GeV", V), (DI + "select 2.9 GeV < mass < 3.2 GeV", D)],
    ),
    (
        "Events with fewer than two or more than six jets are rejected.",
        [
            (R + "select 2 <= count(Jet) <= 6", V),
            (R + "reject 2 <= count(Jet) <= 6", FLAG),
            (R + "select count(Jet) < 2 or count(Jet) > 6", FLAG),
        ],
    ),
    (
        "Electrons must lie within |η| < 1.37 or 1.52 < |η| < 2.47.",
        [
            (E + "select |eta| < 1.37 or 1.52 < |eta| < 2.47", V),
            (E + "select |eta| < 1.37 and 1.52 < |eta| < 2.47", D),
        ],
    ),
    (
        "Jets within ΔR < 0.4 of a muon are removed.",
        [
            (J + "reject any(dr(this, m) < 0.4 for m in Muon)", V),
            (J + "reject all(dr(this, m) < 0.4 for m in Muon)", D),
        ],
    ),
    (
        "Jets must be separated from both photons by ΔR > 0.4.",
        [
            (J + "select all(dr(this, p) > 0.4 for p in Photon)", V),
            (J + "select any(dr(this, p) > 0.4 for p in Photon)", D),
        ],
    ),
    (
        "One of the two muons needs a transverse momentum of more than 1.3 GeV.",
        [
            (DI + "select any(l.pt > 1.3 GeV for l in parts)", V),
            (DI + "select all(l.pt > 1.3 GeV for l in parts)", D),
        ],
    ),
    (
        "Any pair of muons must have a mass above 4 GeV.",
        [
            (R + "select all((i + j).mass > 4 GeV for i, j in Muon)", V),
            (R + "select any((i + j).mass > 4 GeV for i, j in Muon)", D),
        ],
    ),
    (
        "The pseudorapidity separation of the two jets has to be at least 2.5.",
        [
            (R + "select deta(Jet[0], Jet[1]) >= 2.5", V),
            (R + "select dr(Jet[0], Jet[1]) >= 2.5", Q),
            (R + "select Jet[0].eta - Jet[1].eta >= 2.5", Q),
        ],
    ),
    (
        "Events must have E_T^{miss} + m_T > 60 GeV.",
        [
            (R + "select MET.pt + mt(Muon[0], MET) > 60 GeV", V),
            (R + "select MET.pt > 60 GeV", Q),
        ],
    ),
    (
        "Events are required to have at least four jets, of which at least two must be b-tagged.",
        [
            (BJ + "region sr\n  select count(bjets) >= 2", V),
            (BJ + "region sr\n  select count(bjets) >= 4", OB),
        ],
    ),
    (
        "Events are discarded if they contain a b-tagged jet with p_T > 25 GeV.",
        [
            (BJ + "select pt > 25 GeV", V),
            (BJ + "reject pt > 25 GeV", D),
            (BJ + "region sr\n  select count(bjets) == 0", V),
        ],
    ),
    (
        "Events with no reconstructed primary vertex are discarded.",
        [(R + "select count(PrimaryVertex) >= 1", V), (R + "select count(PrimaryVertex) == 0", FLAG)],
    ),
    (
        "The W control region requires exactly one muon.",
        [
            ("region cr_w\n  select count(Muon) == 1", V),
            ("region sr\n  select count(Muon) == 1", OB),
            ("region w_enriched\n  select count(Muon) == 1", V),
        ],
    ),
    (
        "At least one jet with p_T > 70 GeV is required in the boosted category.",
        [
            ("region boosted\n  select count(Jet) >= 1", V),
            ("region boosted\n  take Event\nregion inclusive\n  select count(Jet) >= 1", OB),
        ],
    ),
    (
        "Compared to the previous analysis, which required p_T > 30 GeV, the threshold of the muons is lower.",
        [(M + "select pt > 30 GeV", OB)],
    ),
    (
        "For the systematic uncertainty, the threshold of the photons is varied above 35 GeV.",
        [(P + "select pt > 35 GeV", OB)],
    ),
    (
        "Muons must have a p_T larger than twenty-five GeV.",
        [(M + "select pt > 25 GeV", V), (M + "select pt > 5 GeV", N)],
    ),
    (
        "The number of primary vertices has to be between one and sixty.",
        [
            (R + "select 1 <= count(PrimaryVertex) <= 60", V),
            (R + "select count(PrimaryVertex) <= 6", N),
        ],
    ),
    (
        "The relative isolation of the muons, computed in a cone of ΔR = 0.4, must be smaller than 0.25.",
        [(M + "select pfreliso04 < 0.25", V), (M + "select pfreliso03 < 0.25", Q)],
    ),
    (
        "Tracks need a distance of closest approach of less than 2.4 cm in the transverse plane and 3.2 cm along the beam.",
        [
            (TR + "select |d0| < 2.4 cm", V),
            (TR + "select |z0| < 3.2 cm", V),
            (TR + "select |d0| < 3.2 cm", Q),
        ],
    ),
    (
        "The Z_1 candidate must have a mass above 40 GeV.",
        [
            (DI + "\ncomposite zz\n  take dimuons z1, dimuons z2\n  select z1.mass > 40 GeV", V),
            (DI + "\ncomposite zz\n  take dimuons z1, dimuons z2\n  select z2.mass > 40 GeV", OB),
        ],
    ),
    (
        "Events are required to have E_T^{miss} > 200 GeV, a leading jet with p_T > 150 GeV and up to three more jets.",
        [(R + "select MET.pt > 200 GeV", V)],
    ),
    (
        "Muons have to have p_T > 5 GeV (15 GeV if calo-tagged).",
        [
            (M + "select pt > (if type == calo_tagged then 15 GeV else 5 GeV)", V),
            (M + "select pt > (if type == calo_tagged then 5 GeV else 15 GeV)", OB),
        ],
    ),
    (
        "Muons must have p_T > 6 GeV.",
        [
            (M + "select pt > 6 GeV or true", D),
            (M + "select true", D),
            (M + "select not false", D),
        ],
    ),
    (
        "Calo-tagged muons must have p_T > 15 GeV.",
        [
            (M + "select if type == calo_tagged then pt > 15 GeV else true", V),
            (M + "select if type == calo_tagged then pt > 15 GeV else false", D),
            (M + "reject if type == calo_tagged then pt <= 15 GeV else false", V),
        ],
    ),
    (
        "Of several muons, that with the highest p_T is kept.",
        [(M + "keep highest pt", V), (M + "keep highest |eta|", Q)],
    ),
    (
        "Only the leading jet is kept.",
        [(J + "keep highest pt", V), (J + "keep highest mass", Q)],
    ),
    (
        "The trailing muon must have p_T > 8 GeV, and the trailing lepton p_T > 7 GeV.",
        [
            (R + "select Muon[1].pt > 8 GeV", V),
            (R + "select Muon[0].pt > 8 GeV", OB),
            (L + "region sr\n  select leptons[1].pt > 7 GeV", V),
        ],
    ),
    (
        "Dimuons must have 80 < m_{μμ} < 100 GeV or p_T > 30 GeV.",
        [
            (DI + "select 80 GeV < mass < 100 GeV or pt > 30 GeV", V),
            (DI + "select 80 GeV < mass < 100 GeV and pt > 30 GeV", D),
        ],
    ),
    (
        "The mass of the dimuon has to lie in [60, 120] GeV.",
        [
            (DI + "select 60 GeV < mass < 120 GeV", V),
            (DI + "reject 60 GeV < mass < 120 GeV", D),
            (DI + "select 60 GeV < mass < 130 GeV", N),
        ],
    ),
    (
        "The mass of the dimuon has to be in the interval (60, 120) GeV.",
        [(DI + "select 60 GeV < mass < 120 GeV", V)],
    ),
    (
        "The mass of the dimuon has to be in the interval (60 GeV, 120 GeV), as in a search [3, 4] m_T is used for.",
        [(DI + "select 60 GeV < mass < 120 GeV", V), (DI + "select 3 < mass < 4", N)],
    ),
    # ---- sums, extremes, which ones of a list, halves of "or": the thirteenth session
    (
        "The scalar sum of the transverse momenta of the jets must exceed 500 GeV.",
        [
            (R + "select sum(Jet.pt) > 500 GeV", V),
            (R + "select max(Jet.pt) > 500 GeV", Q),
            (R + "select all(j.pt > 500 GeV for j in Jet)", Q),
            (R + "select Jet[0].pt > 500 GeV", Q),
            ("define HT = max(Jet.pt)\nregion sr\n  select HT > 500 GeV", Q),
        ],
    ),
    (
        "The maximum of the transverse momenta of the jets must exceed 500 GeV.",
        [
            (R + "select max(Jet.pt) > 500 GeV", V),
            (R + "select Jet[0].pt > 500 GeV", V),
            (R + "select any(j.pt > 500 GeV for j in Jet)", V),
            (R + "select sum(Jet.pt) > 500 GeV", Q),
            (R + "select min(Jet.pt) > 500 GeV", D),
        ],
    ),
    (
        "The minimum azimuthal angle between p_T^{miss} and any of the four leading jets is required to be greater than 0.5.",
        [
            (R + "select all(dphi(j, MET) > 0.5 for j in Jet[:4])", V),
            (R + "select any(dphi(j, MET) > 0.5 for j in Jet[:4])", D),
            (R + "select all(dphi(j, MET) > 0.5 for j in Jet[:3])", OB),
            (R + "select dphi(Jet[0], MET) > 0.5", Q),
        ],
    ),
    (
        "The vector sum of the transverse momenta of the two photons must be larger than 40 GeV in magnitude.",
        [
            (R + "select (Photon[0] + Photon[1]).pt > 40 GeV", V),
            (R + "select Photon[0].pt + Photon[1].pt > 40 GeV", Q),
        ],
    ),
    (
        "Pairs of photons are kept when the average of their transverse energies is above 30 GeV.",
        [
            (GG + "select (a.pt + b.pt) / 2 > 30 GeV", V),
            (GG + "select a.pt + b.pt > 30 GeV", FLAG),
        ],
    ),
    (
        "The azimuthal separation of the two leading jets must be smaller than 2.5.",
        [
            (R + "select dphi(Jet[0], Jet[1]) < 2.5", V),
            (R + "select dphi(Jet[0], Jet[2]) < 2.5", OB),
        ],
    ),
    (
        "The invariant mass of the three leading jets must be above 200 GeV.",
        [
            (R + "select (Jet[0] + Jet[1] + Jet[2]).mass > 200 GeV", V),
            (R + "select (Jet[0] + Jet[1]).mass > 200 GeV", OB),
            (R + "select Jet[0].mass + Jet[1].mass + Jet[2].mass > 200 GeV", Q),
        ],
    ),
    (
        "The three leading jets must each have p_T > 50 GeV.",
        [
            (R + "select Jet[2].pt > 50 GeV", V),
            (R + 'select Jet[2].pt > 50 GeV assume "x"\n  select Jet[0].pt > 50 GeV', V),
            (R + "select Jet[0].pt > 50 GeV", OB),
            (R + "select Jet[3].pt > 50 GeV", OB),
        ],
    ),
    (
        "The dijet system formed by the two highest-p_T jets must have an invariant mass above 1.25 TeV.",
        [
            (R + "select (Jet[0] + Jet[1]).mass > 1.25 TeV", V),
            (R + "select (Jet[0] + Jet[1]).pt > 1.25 TeV", Q),
        ],
    ),
    (
        "Muons must have p_T > 5 GeV.",
        [
            (M + "select pt + pt > 5 GeV", Q),
            (M + "select pt * pt > 5 GeV", Q),
            (M + "select sqrt(pt) > 5 GeV", Q),
            (M + "select -pt > 5 GeV", Q),
        ],
    ),
    (
        "The sum of the transverse momenta of the two muons must exceed 60 GeV.",
        [
            (DI + "select a.pt + b.pt > 60 GeV", V),
            (DI + "select a.pt - b.pt > 60 GeV", Q),
            (DI + "let x = a.pt - b.pt\n  select x > 60 GeV", Q),
            (DI + "select pt > 60 GeV", Q),
        ],
    ),
    (
        "The variable x is the difference of the transverse momenta of the muons.",
        [
            (DI + "let x = a.pt - b.pt", V),
            (DI + "let x = a.pt + b.pt", Q),
        ],
    ),
    (
        "The variable S_T is the scalar sum of the transverse momenta of all jets, leptons and photons with p_T > 50 GeV.",
        [
            ("define ST = sum(j.pt for j in Jet if j.pt > 50 GeV) + sum(m.pt for m in Muon if m.pt > 50 GeV)", V),
            ("define ST = sum(j.pt for j in Jet if j.pt > 50 GeV) - sum(m.pt for m in Muon if m.pt > 50 GeV)", Q),
            ("define ST = max(j.pt for j in Jet if j.pt > 50 GeV)", Q),
        ],
    ),
    (
        "The dimuon mass must be within 80 MeV of the known mass.",
        [(DI + "select mass < 80 MeV", Q)],
    ),
    (
        "The second-hardest jet is required to carry at least 30% of the p_T of the hardest one.",
        [
            (R + "select Jet[1].pt / Jet[0].pt >= 0.3", V),
            (R + "select Jet[0].pt / Jet[1].pt >= 0.3", Q),
        ],
    ),
    (
        "The transverse momentum of the leading photon must exceed 0.35 times the diphoton mass.",
        [
            (MYY + "select Photon[0].pt > 0.35 * myy", V),
            (MYY + "select Photon[1].pt > 0.35 * myy", OB),
            (MYY + "select Photon[0].pt > 0.35 * MET.pt", Q),
            (MYY + "select myy > 0.35 * Photon[0].pt", Q),
        ],
    ),
    (
        "The track isolation of the muons must be smaller than 15% of the muon p_T.",
        [
            (M + "select ptcone30 < 0.15 * pt", V),
            (M + "select pt < 0.15 * ptcone30", Q),
            (M + "select ptcone30 < 0.15 * mass", Q),
        ],
    ),
    (
        "Dimuons must have 80 < m_{μμ} < 100 GeV or p_T > 30 GeV.",
        [
            (DI + "select 80 GeV < mass < 100 GeV", D),
            (DI + "select pt > 30 GeV", D),
        ],
    ),
    (
        "Muons with p_T > 4 GeV and |η| < 1.4, or p_T > 3.5 GeV and 1.4 < |η| < 2.4, are kept.",
        [(M + "select 1.4 < |eta| < 2.4", D)],
    ),
    (
        "Two electrons or muons with p_T > 20 GeV are required.",
        [(R + "select count(e for e in Electron if e.pt > 20 GeV) == 2", V)],
    ),
    (
        "Tau candidates are required to have one or three associated tracks.",
        [
            (T + "select ntracks == 1 or ntracks == 3", V),
            (T + "select ntracks == 1", D),
            (T + "select ntracks == 1 or ntracks == 2", N),
        ],
    ),
    (
        "We veto events with a hadronically decaying tau with p_T > 20 GeV or a b-tagged jet with p_T > 30 GeV.",
        [(R + "reject any(t.pt > 20 GeV for t in Tau)", V)],
    ),
    (
        "Neither electrons nor muons with p_T > 10 GeV may be present.",
        [
            (R + "select count(e for e in Electron if e.pt > 10 GeV) == 0", V),
            (R + "select count(m for m in Muon if m.pt > 10 GeV) == 0", V),
            (R + "select count(e for e in Electron if e.pt > 10 GeV) >= 1", FLAG),
        ],
    ),
    (
        "Neither b-tagged jets nor hadronic tau candidates are allowed in the top-quark control region.",
        [
            (BJ + "\nregion cr_top\n  select count(bjets) == 0", V),
            (BJ + "\nregion sr\n  select count(bjets) == 0", FLAG),
        ],
    ),
    (
        "Events must contain at least two jets, at least one of which is b-tagged.",
        [(BJ + "\nregion sr\n  select count(bjets) >= 1", V), (BJ + "\nregion sr\n  select count(bjets) >= 2", FLAG)],
    ),
    (
        "At least four jets with p_T above 25 GeV are required.",
        [
            (R + "select count(j for j in Jet if j.pt > 25 GeV) >= 4", V),
            (R + "select all(j.pt > 25 GeV for j in Jet)", D),
        ],
    ),
    (
        "The three electrons must have p_T > 10 GeV.",
        [(R + "select count(e for e in Electron if e.pt > 10 GeV) == 3", D)],
    ),
    (
        "Dimuon candidates are kept if their transverse momentum does not exceed 60 GeV.",
        [(DI + "select pt <= 60 GeV", V), (DI + "select a.pt <= 60 GeV", OB)],
    ),
    (
        "Leptons are required to have opposite charge and a dilepton invariant mass of 76 < m_{ℓℓ} < 106 GeV.",
        [("composite ll\n  take Electron a, Electron b\n  select 76 GeV < mass < 106 GeV", V)],
    ),
    (
        "The mass of the two b-tagged jets has to lie between 100 and 140 GeV.",
        [
            (BJ + "\nregion sr\n  select 100 GeV < (bjets[0] + bjets[1]).mass < 140 GeV", V),
            (BJ + "\nregion sr\n  select 100 GeV < (bjets[0] + bjets[2]).mass < 140 GeV", OB),
        ],
    ),
    (
        "Electrons within the transition region, 1.37 < |η| < 1.52, are not considered.",
        [(E + "reject 1.37 < |eta| < 1.52", V), (E + "select 1.37 < |eta| < 1.52", D)],
    ),
    (
        "Jets must have p_T > 25 GeV and, if |η| < 2.4 and p_T < 60 GeV, pass the loose vertex-tagging requirement.",
        [(J + "select pt > 25 GeV", V), (J + "select |eta| < 2.4", OB)],
    ),
    (
        "Events in which the smallest ΔR between a jet and the muon is below 0.4 are discarded.",
        [
            (R + "select all(dr(j, Muon[0]) >= 0.4 for j in Jet)", V),
            (R + "reject max(dr(j, Muon[0]) for j in Jet) < 0.4", D),
            (R + "reject any(dr(j, Electron[0]) < 0.4 for j in Jet)", OB),
        ],
    ),
    (
        "We require m_{jj} > 700 GeV.",
        [
            (R + "let mjj = (Jet[0] + Jet[1]).mass\n  select mjj > 700 GeV", V),
            (R + "let mjj = (Jet[0] + Jet[1]).pt\n  select mjj > 700 GeV", Q),
        ],
    ),
    (
        "Events in either the ee or the mumu region enter the inclusive region.",
        [
            (RR + "region inclusive\n  select ee or mumu", V),
            (RR + "region inclusive\n  select mumu or ee", V),
            (RR + "region inclusive\n  select ee and mumu", D),
            (RR + "region inclusive\n  select ee", D),
            (RR + 'region inclusive\n  select ee assume "x"\n  select mumu', D),
            (RR + "region inclusive\n  select ee or mumu or signal", Q),
            (RR + "region inclusive\n  reject ee or mumu", D),
        ],
    ),
    (
        "The inclusive sample is the union of the ee and mumu regions.",
        [
            (RR + "region inclusive\n  select ee or mumu", V),
            (RR + "region inclusive\n  select ee and mumu", D),
            (RR + "region inclusive\n  select mumu", FLAG),
        ],
    ),
    (
        "Validation events must be neither in the signal region nor in the control region.",
        [
            (RR + "region validation\n  reject signal or control", V),
            (RR + "region validation\n  select not signal and not control", V),
            (RR + 'region validation\n  reject signal assume "x"\n  reject control', V),
            (RR + "region validation\n  reject signal and control", D),
            (RR + "region validation\n  reject control", FLAG),
            (RR + "region validation\n  reject ee or control", FLAG),
            (RR + "region validation\n  select signal or control", D),
        ],
    ),
    (
        "Tagged events are in both the ee and the mumu region.",
        [
            (RR + "region tagged\n  select ee and mumu", V),
            (RR + 'region tagged\n  select ee assume "x"\n  select mumu', V),
            (RR + "region tagged\n  select ee or mumu", D),
            (RR + "region tagged\n  select mumu", D),
        ],
    ),
    (
        "The validation region has the events that fail the signal region requirements.",
        [(RR + "region validation\n  reject signal", V), (RR + "region validation\n  select signal", D)],
    ),
]
CASES = [(text, program, verdict) for text, programs in SAID for program, verdict in programs]


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("zero, one or two jets", 3),
        ("one or two jets", 2),
        ("zero, one, two jets", 0),  # a list, of which nobody says that it is a choice
        ("zero, one and two jets", 0),
        ("one or three jets", 0),
    ],
)
def test_numbers_of_which_one_is_meant(text: str, run: int) -> None:
    numbers = numbers_in(text)
    assert all(len(choice_of(text, numbers, number)) == run for number in numbers)


@pytest.mark.parametrize(("text", "program", "verdict"), CASES)
def test_what_a_sentence_says(text: str, program: str, verdict: Verdict | None, tmp_path: Path) -> None:
    finding = judged(text, text.split(". ")[-1], program, tmp_path)
    if verdict is FLAG:
        assert not finding.verdict.sound
    else:
        assert finding.verdict is verdict, finding.message
