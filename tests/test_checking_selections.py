# ruff: noqa: E501, RUF001 - sentences are one line, and have Greek letters
"""Selections as LHC papers phrase them, with right and wrong criteria, where checking had one of them otherwise.

Sentences and tables are written for it, from memory of what ATLAS, CMS, LHCb and Tevatron papers are like.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from cited import HEAD, check_judged, check_told_apart, report_on
from cited_blocks import AK8, BJ, BR, LEPS, LL, LR, MM, MZ, TAU, TR, ZZ, E, J, L, M, P, R

from hepsel.extract.reading import read_document
from hepsel.syntax.printer import quoted

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

OS = 'select leps[0].charge + leps[1].charge == 0 assume "x"\n  '
JR = J + 'select pt > 30 GeV assume "x"\n\n' + R
EE = "composite dielectrons\n  take Electron a, Electron b\n  "

# What stands before the sentence; the sentence; programs whose last criterion cites it: right ones, wrong ones.
SAID: list[tuple[str, str, list[str], list[str]]] = [
    (
        "",
        "The transverse impact parameter significance, defined as |d_0|/σ_{d_0}, must be smaller than 5 for electrons and smaller than 3 for muons.",
        [E + "select d0_significance < 5", M + "select d0_significance < 3"],
        [E + "select |d0_significance| < 3", M + "select |d0_significance| < 5"],
    ),
    (
        "",
        "All lepton candidates must satisfy |z_0 sin θ| < 0.5 mm and |d_0/σ(d_0)| < 5 (3) for electrons (muons).",
        [E + "select d0_significance < 5"],
        [L + "select |z0_sin_theta| < 0.5 cm", E + "select |d0_significance| < 3"],
    ),
    (
        "",
        "To suppress jets from pile-up, jets with p_T < 60 GeV and |η| < 2.4 must pass a requirement on the jet-vertex tagger of JVT > 0.59.",
        [
            J + "select pt >= 60 GeV or |eta| >= 2.4 or jvt > 0.59",
            J + "reject pt < 60 GeV and |eta| < 2.4 and jvt <= 0.59",
        ],
        [J + "select jvt > 0.59", J + "select pt < 60 GeV"],
    ),
    (
        "",
        "Jets with p_T > 20 GeV and |η| < 2.5 are considered as b-tagged if they fulfil the 77% efficiency working point of the MV2c10 algorithm.",
        ["object bjets\n  take Jet\n  select pt > 20 GeV", "object bjets\n  take Jet\n  select |eta| < 2.5"],
        ["object bjets\n  take Jet\n  select pt > 25 GeV", "object bjets\n  take Jet\n  select |eta| > 2.5"],
    ),
    (
        "",
        "Muons are reconstructed in the region |η| < 2.7 and must have p_T greater than 5 GeV (15 GeV if they are calorimeter-tagged).",
        [M + "select pt > (if type == calo_tagged then 15 GeV else 5 GeV)"],
        [M + "select pt > 15 GeV", M + "select |eta| < 2.5"],
    ),
    (
        "",
        "Hadronically decaying τ-lepton candidates are required to have p_T > 20 GeV, |η| < 2.5, one or three associated tracks and a total charge of ±1.",
        [TAU + "select n_tracks == 1 or n_tracks == 3", TAU + "select |charge| == 1"],
        [TAU + "select n_tracks == 1 or n_tracks == 2", TAU + "select pt > 25 GeV"],
    ),
    (
        "",
        "The relative track isolation, p_T^{varcone30}/p_T, must be below 0.06 for muons.",
        [M + "select ptvarcone30 / pt < 0.06", M + "select ptvarcone30 < 0.06 * pt"],
        [M + "select ptvarcone20 / pt < 0.06", M + "select ptvarcone30 / pt < 0.6"],
    ),
    (
        "",
        "The sum of the transverse momenta of all tracks within ΔR < 0.2 of the electron, excluding its own track, must be less than 15% of the electron E_T.",
        [E + "select ptcone20 / pt < 0.15", E + "select ptcone20 < 0.15 * pt"],
        [E + "select ptcone30 / pt < 0.15", E + "select sum(t.pt for t in Track if dr(t, this) < 0.3) < 0.15 * pt"],
    ),
    (
        "",
        "Muon candidates are considered isolated if the scalar p_T sum of the tracks in a cone of ΔR = 0.3 around the muon is less than 1.8 GeV.",
        [M + "select sum(t.pt for t in Track if dr(t, this) < 0.3) < 1.8 GeV"],
        [M + "select ptcone20 < 1.8 GeV", M + "select ptcone30 < 1.8"],
    ),
    (
        "",
        "Large-R jets are trimmed and must satisfy p_T > 200 GeV, |η| < 2.0 and a mass above 50 GeV.",
        [AK8 + "select |eta| < 2.0"],
        [J + "select pt > 200 GeV", AK8 + "select mass < 50 GeV"],
    ),
    (
        "",
        "Events are required to contain at least one reconstructed primary vertex with at least two associated tracks with p_T > 500 MeV.",
        [R + "select exists(PrimaryVertex)"],
        [R + "select count(PrimaryVertex) >= 2", R + "select count(PrimaryVertex) == 0"],
    ),
    (
        "",
        "Photons with an R_9 value below 0.5 are rejected, and the ratio of hadronic to electromagnetic energy must satisfy H/E < 0.08.",
        [P + "select hoe < 0.08"],
        [P + "select r9 < 0.5", P + "select hoe < 0.8"],
    ),
    (
        "",
        "Each muon is required to have p_T > 550 MeV/c and the dimuon vertex fit must have χ^2/ndf < 9.",
        [M + "select pt > 550 MeV"],
        [MM + "select vertex_chi2 < 9", M + "select pt > 550 GeV"],
    ),
    (
        "",
        "Cosmic-ray muons are removed by demanding that the track passes within 2 mm of the beam line in the transverse plane.",
        [M + "select |d0| < 2 mm"],
        [M + "select |d0| > 2 mm", M + "select |d0| < 2 cm"],
    ),
    (
        "",
        "The event vertex must be within 60 cm of the center of the detector along the beam axis.",
        [R + "select |PV.z| < 60 cm"],
        [R + "select |PV.x| < 60 cm", R + "select PV.z < 60 cm"],
    ),
    (
        "",
        "If an electron and a muon share an inner-detector track, the electron is dropped. Any jet closer than ΔR = 0.2 to a muon is removed if it has fewer than three associated tracks.",
        [
            J + "reject n_tracks < 3 and any(dr(this, m) < 0.2 for m in Muon)",
            J + "reject any(dr(this, m) < 0.2 for m in Muon) and n_tracks <= 2",
        ],
        [J + "reject any(dr(this, m) < 0.2 for m in Muon)", J + "reject n_tracks < 3"],
    ),
    (
        "",
        "When two electrons are closer than ΔR = 0.05, the one with lower p_T is discarded.",
        [E + "reject any(dr(this, o) < 0.05 and o.pt > pt for o in Electron)"],
        [
            E + "reject any(dr(this, o) < 0.05 and o.pt < pt for o in Electron)",
            E + "reject any(dr(this, o) < 0.5 and o.pt > pt for o in Electron)",
        ],
    ),
    (
        "",
        "The leading, subleading, and third lepton are required to have p_T > 25, 20, and 15 GeV, respectively.",
        [LR + "select leps[0].pt > 25 GeV"],
        [L + "select pt > 25 GeV", LR + "select leps[0].pt > 20 GeV"],
    ),
    (
        "",
        "The three highest-p_T leptons in the quadruplet must have transverse momenta above 20, 15 and 10 GeV.",
        [
            LR + "select leps[0].pt > 20 GeV and leps[1].pt > 15 GeV and leps[2].pt > 10 GeV",
            LR + "select leps[1].pt > 15 GeV",
        ],
        [
            LR + "select leps[0].pt > 20 GeV and leps[1].pt > 10 GeV and leps[2].pt > 15 GeV",
            LR + "select leps[3].pt > 10 GeV",
        ],
    ),
    (
        "",
        "Events must contain exactly two leptons with opposite electric charge, the leading one with p_T > 25 GeV and the trailing one with p_T > 20 GeV.",
        [LR + "select count(leps) == 2"],
        [LR + "select count(leps) >= 2", LR + "select leps[0].charge == leps[1].charge"],
    ),
    (
        "",
        "Same-flavour lepton pairs with an invariant mass within 10 GeV of the Z boson mass are vetoed.",
        [MZ + LL + "reject a.flavour == b.flavour and |mass - m_Z| < 10 GeV", MZ + MM + "reject |mass - m_Z| < 10 GeV"],
        [MZ + LL + "reject |mass - m_Z| < 10 GeV", MZ + MM + "select |mass - m_Z| < 10 GeV"],
    ),
    (
        "",
        "Selected events contain either two electrons or two muons of opposite charge.",
        [LR + OS + "select count(Electron) == 2 or count(Muon) == 2"],
        [LR + "select leps[0].flavour != leps[1].flavour", R + "select count(Electron) == 2 and count(Muon) == 2"],
    ),
    (
        "",
        "The transverse momentum of the leading lepton must be larger than that of the leading jet.",
        [LR + "select leps[0].pt > Jet[0].pt"],
        [LR + "select leps[0].pt < Jet[0].pt", LR + "select leps[1].pt > Jet[0].pt"],
    ),
    (
        "",
        "The pair whose invariant mass is closest to the Z boson mass is taken as the leading pair.",
        [MZ + MM + "keep lowest |mass - m_Z|"],
        [MZ + MM + "keep highest |mass - m_Z|", MZ + MM + "keep highest mass"],
    ),
    (
        "",
        "Events with any b-tagged jets with p_T > 20 GeV are rejected to reduce the top-quark background.",
        [BR + "reject exists(bjets[0])"],
        [BR + "select count(bjets) >= 1", BR + "select count(Jet) == 0"],
    ),
    (
        "",
        "The number of b-tagged jets is required to be zero in the ggF-enriched category and at least one otherwise.",
        [BJ + "region ggf_enriched\n  select count(bjets) == 0"],
        [
            BJ + "region ggf_enriched\n  select count(bjets) >= 1",
            BJ + "region ggf_enriched\n  select count(bjets) <= 1",
        ],
    ),
    (
        "",
        "The two jets with the highest transverse momenta are required to have an invariant mass m_{jj} > 400 GeV and to be separated by |Δη_{jj}| > 2.8.",
        [R + "select (Jet[0] + Jet[1]).mass > 400 GeV"],
        [R + "select (Jet[0] + Jet[1]).pt > 400 GeV", R + "select dphi(Jet[0], Jet[1]) > 2.8"],
    ),
    (
        "",
        "Between two and four jets must be present, and H_T, the scalar sum of the p_T of all jets, has to be greater than 500 GeV.",
        [R + "select 2 <= count(Jet) <= 4"],
        [R + "select 2 < count(Jet) < 4", R + "select sum(Jet).pt > 500 GeV"],
    ),
    (
        "",
        "The fourth-highest jet p_T must be greater than 60 GeV.",
        [JR + "select jets[3].pt > 60 GeV", JR + "select largest(jets.pt, 4) > 60 GeV"],
        [JR + "select jets[0].pt > 60 GeV", JR + "select jets[4].pt > 60 GeV"],
    ),
    (
        "",
        "The transverse mass of the lepton and the missing transverse momentum, m_T = √(2 p_T^ℓ E_T^{miss} (1 - cos Δφ)), must be greater than 60 GeV.",
        [LR + "select mt(leps[0], MET) > 60 GeV", R + "select mt(Muon[0], MET) > 60 GeV"],
        [LR + "select mt(leps[0], MET) < 60 GeV", LR + "select (leps[0] + MET).mass > 60 GeV"],
    ),
    (
        "",
        "To reject multijet background, the sum E_T^{miss} + m_T^W must be larger than 60 GeV.",
        [LR + "select MET.pt + mt(leps[0], MET) > 60 GeV"],
        [LR + "select MET.pt > 60 GeV", LR + "select mt(leps[0], MET) > 60 GeV"],
    ),
    (
        "",
        "A lower bound of 100 GeV is placed on m_{T2}, computed from the two leptons and the missing transverse momentum.",
        [LR + "select mt2(leps[0], leps[1], MET) > 100 GeV"],
        [LR + "select mt2(leps[0], leps[1], MET) < 100 GeV", LR + "select mt(leps[0], MET) > 100 GeV"],
    ),
    (
        "",
        "The effective mass m_{eff}, the scalar sum of E_T^{miss} and the p_T of all jets, has to be above 1.2 TeV.",
        [R + "select MET.pt + sum(Jet.pt) > 1.2 TeV"],
        [R + "select sum(Jet.pt) > 1.2 TeV", R + "select MET.pt + sum(Jet.pt) > 1.2 GeV"],
    ),
    (
        "",
        "E_T^{miss}/m_{eff} is required to be larger than 0.25, where m_{eff} is built from the four leading jets.",
        [R + "select MET.pt / (MET.pt + sum(Jet[:4].pt)) > 0.25"],
        [
            R + "select (MET.pt + sum(Jet[:4].pt)) / MET.pt > 0.25",
            R + "select MET.pt / (MET.pt + sum(Jet[:4].pt)) < 0.25",
        ],
    ),
    (
        "",
        "The calorimeter-based missing transverse energy has to be less than 30 GeV for the selected dilepton events.",
        [R + "select MET.pt < 30 GeV"],
        [R + "select MET.pt > 30 GeV", R + "select MET.pt < 50 GeV"],
    ),
    (
        "",
        "A Z-boson veto is applied by excluding events with 81 < m_{ℓℓ} < 101 GeV in the same-flavour channels.",
        [
            LR + "reject 81 GeV < (leps[0] + leps[1]).mass < 101 GeV and leps[0].flavour == leps[1].flavour",
            R + "reject 81 GeV < (Electron[0] + Electron[1]).mass < 101 GeV",
        ],
        [
            LR + "reject 81 GeV < (leps[0] + leps[1]).mass < 101 GeV",
            R + "select 81 GeV < (Electron[0] + Electron[1]).mass < 101 GeV",
        ],
    ),
    (
        "",
        "The four-lepton invariant mass must lie in the window 118 < m_{4ℓ} < 129 GeV.",
        [LR + "select 118 GeV < sum(leps[:4]).mass < 129 GeV"],
        [
            "composite quads\n  take Electron a, Electron b, Electron c, Electron d\n  select 118 GeV < mass < 139 GeV",
            LR + "select 118 GeV < sum(leps[:2]).mass < 129 GeV",
        ],
    ),
    (
        "",
        "The trilepton invariant mass must differ from the Z boson mass by more than 10 GeV.",
        [MZ + LR + "select |sum(leps).mass - m_Z| > 10 GeV"],
        [MZ + LR + "select |sum(leps[:2]).mass - m_Z| > 10 GeV", MZ + LR + "select |sum(leps).mass - m_Z| < 10 GeV"],
    ),
    (
        "",
        "The hadronically decaying W boson candidate is built from the two non-b-tagged jets whose mass is closest to 80.4 GeV, and this mass has to be between 60 and 100 GeV.",
        [
            'object light\n  take Jet\n  reject is_btagged assume "x"\n\ncomposite w\n  take light a, light b\n  select 60 GeV < mass < 100 GeV',
            'object light\n  take Jet\n  reject is_btagged assume "x"\n\ncomposite w\n  take light a, light b\n  keep lowest |mass - 80.4 GeV|',
        ],
        [
            'object light\n  take Jet\n  reject is_btagged assume "x"\n\ncomposite w\n  take light a, light b\n  select 60 GeV < mass < 110 GeV',
            'object light\n  take Jet\n  reject is_btagged assume "x"\n\ncomposite w\n  take light a, light b\n  keep lowest |mass - 91.2 GeV|',
        ],
    ),
    (
        "",
        "At least one of the selected leptons must be matched to the trigger object and have p_T > 28 GeV.",
        [LR + "select any(l.pt > 28 GeV for l in leps)", LR + "select leps[0].pt > 28 GeV"],
        [LR + "select all(l.pt > 28 GeV for l in leps)", L + "select pt > 28 GeV"],
    ),
    (
        "",
        "The offline requirement on the leading jet, p_T > 450 GeV, ensures that the trigger is fully efficient.",
        [R + "select Jet[0].pt > 450 GeV"],
        [R + "select Jet[0].pt > 540 GeV", R + "select Jet[1].pt > 450 GeV"],
    ),
    (
        "",
        "Tracks must have at least 6 hits in the silicon tracker, including at least one in the pixel detector.",
        [TR + "select n_pixel_hits > 0"],
        [TR + "select n_pixel_hits >= 6", TR + "select n_silicon_hits > 6"],
    ),
    (
        "Muons are reconstructed from tracks.",
        "The distance of closest approach to the beam line in the transverse plane must not exceed one fifth of a millimetre.",
        [M + "select |d0| <= 0.2 mm"],
        [M + "select |d0| <= 0.5 mm", M + "select |d0| > 0.2 mm"],
    ),
    (
        "",
        "Muons whose transverse impact parameter exceeds a tenth of a millimetre are not considered.",
        [M + "reject |d0| > 0.1 mm", M + "select |d0| <= 0.1 mm"],
        [M + "select |d0| > 0.1 mm", M + "reject |d0| > 1 mm"],
    ),
    (
        "",
        "The leading jet has to have p_T > 250 GeV and |η| < 2.4, and up to four further jets with p_T > 30 GeV and |η| < 2.8 are allowed.",
        [R + "select Jet[0].pt > 250 GeV"],
        [R + "select Jet[0].pt > 30 GeV", R + "select |Jet[0].eta| < 2.8"],
    ),
    (
        "",
        "Either the electron or the muon must have p_T > 20 GeV.",
        [R + "select Electron[0].pt > 20 GeV or Muon[0].pt > 20 GeV"],
        [
            R + "select Electron[0].pt > 20 GeV and Muon[0].pt > 20 GeV",
            R + "select Electron[0].pt > 25 GeV or Muon[0].pt > 25 GeV",
        ],
    ),
    (
        "",
        "The dimuon system must satisfy |y_{μμ}| < 2.4 and 20 < p_T^{μμ} < 100 GeV.",
        [MM + "select |rapidity| < 2.4"],
        [MM + "select |eta| < 2.4", MM + "select rapidity < 2.4"],
    ),
    (
        "",
        "The jet with the largest |η| is required to be outside |η| = 2.0.",
        [R + "select max(|j.eta| for j in Jet) > 2.0"],
        [R + "select min(|j.eta| for j in Jet) > 2.0", R + "select max(|j.eta| for j in Jet) < 2.0"],
    ),
    (
        "",
        "The ratio of the two lepton momenta, p_T^{ℓ_2}/p_T^{ℓ_1}, must be greater than 0.4.",
        [LR + "select leps[1].pt / leps[0].pt > 0.4"],
        [LR + "select leps[0].pt / leps[1].pt > 0.4", LR + "select leps[1].pt / leps[0].pt < 0.4"],
    ),
    (
        "",
        "At least one same-flavour opposite-sign lepton pair is required, with |m_{SFOS} - m_Z| < 10 GeV.",
        [
            MZ
            + LR
            + "select any(|(i + j).mass - m_Z| < 10 GeV for i, j in leps if i.flavour == j.flavour and i.charge + j.charge == 0)"
        ],
        [
            MZ
            + LR
            + "select all(|(i + j).mass - m_Z| < 10 GeV for i, j in leps if i.flavour == j.flavour and i.charge + j.charge == 0)",
            MZ
            + LR
            + "select any(|(i + j).mass - m_Z| < 20 GeV for i, j in leps if i.flavour == j.flavour and i.charge + j.charge == 0)",
        ],
    ),
    (
        "",
        "The p_T-weighted sum of jet charges is not used, but 0.5 p_T^{j1} + 0.3 p_T^{j2} > 80 GeV is demanded.",
        [R + "select 0.5 * Jet[0].pt + 0.3 * Jet[1].pt > 80 GeV"],
        [
            R + "select 0.5 * Jet[0].pt + 0.5 * Jet[1].pt > 80 GeV",
            R + "select 0.5 * Jet[0].pt + 0.3 * Jet[1].pt < 80 GeV",
        ],
    ),
    (
        "",
        "The centrality of the lepton pair with respect to the tagging jets, C = |y_{ℓℓ} - (y_{j1} + y_{j2})/2|, has to be below 1.",
        [LR + "select |(leps[0] + leps[1]).rapidity - (Jet[0].rapidity + Jet[1].rapidity) / 2| < 1"],
        [
            LR + "select |(leps[0] + leps[1]).rapidity - (Jet[0].rapidity + Jet[1].rapidity) / 2| > 1",
            LR + "select |(leps[0] + leps[1]).eta - (Jet[0].eta + Jet[1].eta) / 2| < 1",
        ],
    ),
    (
        "",
        "The rapidity separation of the two forward jets has to be larger than three units.",
        [R + "select |Jet[0].rapidity - Jet[1].rapidity| > 3"],
        [R + "select Jet[0].rapidity - Jet[1].rapidity > 3", R + "select deta(Jet[0], Jet[1]) > 3"],
    ),
    (
        "",
        "Events in the boosted category have p_T^{ττ} > 100 GeV and fail the VBF selection.",
        ["define p_tt = (Tau[0] + Tau[1]).pt\nregion boosted\n  select p_tt > 100 GeV"],
        ["region boosted\n  select Tau[0].pt > 100 GeV", "region boosted\n  select (Tau[0] + Tau[1]).mass > 100 GeV"],
    ),
    (
        "",
        "A fiducial volume is defined by |η| < 2.4 and p_T > 20 (10) GeV for the leading (subleading) muon.",
        [M + "select |eta| < 2.4"],
        [R + "select Muon[0].pt > 10 GeV", R + "select Muon[1].pt > 20 GeV"],
    ),
    (
        "",
        "The D^0 candidates are combined with a slow pion with 0.1 < p_T < 1.0 GeV/c, and the difference m(D^*) - m(D^0) is required to be less than 155 MeV/c^2.",
        [],
        [
            "composite dstar\n  take Pion slow, D0 d\n  select mass < 155 MeV",
            "composite dstar\n  take Pion slow, D0 d\n  select mass - d.mass > 155 MeV",
        ],
    ),
    (
        "",
        "Events with |Δφ(ℓ, E_T^{miss})| < 0.2 and those with fewer than three jets are excluded from the analysis.",
        [LR + "reject dphi(leps[0], MET) < 0.2", LR + "select dphi(leps[0], MET) >= 0.2"],
        [LR + "reject dphi(leps[0], MET) < 0.2 and count(Jet) < 3", LR + "select dphi(leps[0], MET) < 0.2"],
    ),
    (
        "",
        "All four muons must have p_T > 3.5 GeV, and at least two of them p_T > 6 GeV.",
        [R + "select Muon[1].pt > 6 GeV"],
        [R + "select count(m for m in Muon if m.pt > 3.5 GeV) >= 2", R + "select all(m.pt > 6 GeV for m in Muon)"],
    ),
    (
        "",
        "We impose p_T(μ) > 25 GeV, |η(μ)| < 2.1 and 0.4 < ΔR(μ, jet) < 3.2.",
        [M + "select pt > 25 GeV", M + "select |eta| < 2.1"],
        [J + "select pt > 25 GeV", M + "select |eta| < 2.4"],
    ),
    (
        "",
        "The muon isolation variable is not allowed to be larger than 10% within ΔR = 0.3.",
        [M + "select pfreliso03 <= 0.1", M + "reject pfreliso03 > 0.1"],
        [M + "select pfreliso03 > 0.1", M + "select pfreliso04 <= 0.1"],
    ),
    (
        "",
        "Events are retained provided that the sum of the lepton charges is ±1 and that the three leptons are not all of the same sign.",
        [LR + "select |sum(leps.charge)| == 1"],
        [LR + "select sum(leps.charge) == 1", LR + "select |sum(leps.charge)| == 3"],
    ),
    (
        "",
        "The visible mass of the τ pair is required to lie above 60 GeV but below 110 GeV, and the sum of their charges has to vanish.",
        ["composite ditau\n  take Tau a, Tau b\n  select a.charge + b.charge == 0"],
        [
            "composite ditau\n  take Tau a, Tau b\n  select mass < 60 GeV or mass > 110 GeV",
            "composite ditau\n  take Tau a, Tau b\n  select a.charge == b.charge",
        ],
    ),
    (
        "",
        "Depending on the channel, electrons must have E_T > 25 GeV (e + jets) or E_T > 15 GeV (eμ).",
        ["region ejets\n  select Electron[0].pt > 25 GeV", "region emu\n  select Electron[0].pt > 15 GeV"],
        ["region ejets\n  select Electron[0].pt > 52 GeV", "region ejets\n  select Muon[0].pt > 25 GeV"],
    ),
    (
        "",
        "A minimum p_T of 15 GeV is required for both photons, and their separation must be at least ΔR = 0.4.",
        [R + "select Photon[0].pt >= 15 GeV and Photon[1].pt >= 15 GeV"],
        [R + "select dr(Photon[0], Jet[0]) >= 0.4", P + "select pt >= 20 GeV"],
    ),
    (
        "",
        "Neither lepton may have |η| > 2.1, nor may any jet above 50 GeV be present.",
        [L + "select |eta| <= 2.1", L + "reject |eta| > 2.1"],
        [L + "select |eta| > 2.1", R + "select any(j.pt > 50 GeV for j in Jet)"],
    ),
    (
        "",
        "The number of jets is restricted to exactly two (2-jet channel) or exactly three (3-jet channel).",
        ["region three_jet\n  select count(Jet) == 3"],
        ["region two_jet\n  select count(Jet) >= 2", "region two_jet\n  select count(Jet) == 4"],
    ),
    (
        "",
        "The muons must point back to the primary vertex, with transverse and longitudinal impact parameters of less than 1 mm and 5 mm, respectively.",
        [M + "select |d0| < 1 mm"],
        [M + "select |z0| < 1 mm", M + "select |d0| < 5 mm"],
    ),
    (
        "",
        "One of the leptons must pass p_T > 30 GeV and the other p_T > 20 GeV.",
        [LR + "select leps[1].pt > 20 GeV"],
        [L + "select pt > 30 GeV", LR + "select leps[1].pt > 30 GeV"],
    ),
    (
        "",
        "Signal muons must pass the Medium identification working point, have p_T > 25 GeV, and fulfil |d_0|/σ(d_0) < 3 as well as |z_0 sin θ| < 0.5 mm.",
        [M + "select d0_significance < 3"],
        [M + "select is_tight", M + "select |z0_sin_theta| < 0.5 cm"],
    ),
    (
        "",
        "The leading jet must have p_T > 150 GeV, and no more than four jets with p_T > 30 GeV are allowed.",
        [R + "select Jet[0].pt > 150 GeV"],
        [R + "select Jet[0].pt > 30 GeV", R + "select count(j for j in Jet if j.pt > 30 GeV) < 4"],
    ),
    (
        "",
        "Events are rejected if any jet with p_T > 30 GeV satisfies Δφ(jet, p_T^{miss}) < 0.5.",
        [
            R + "reject any(dphi(j, MET) < 0.5 for j in Jet if j.pt > 30 GeV)",
            JR + "reject any(dphi(j, MET) < 0.5 for j in jets)",
        ],
        [
            R + "select any(dphi(j, MET) < 0.5 for j in Jet if j.pt > 30 GeV)",
            R + "reject all(dphi(j, MET) < 0.5 for j in Jet if j.pt > 30 GeV)",
        ],
    ),
    (
        "",
        "To ensure a high reconstruction efficiency, the leading (subleading) photon is required to have E_T > 40 (30) GeV.",
        [R + "select Photon[0].pt > 40 GeV", R + "select Photon[1].pt > 30 GeV"],
        [R + "select Photon[0].pt > 30 GeV", R + "select Photon[1].pt > 40 GeV"],
    ),
    (
        "",
        "The two τ_{had} candidates must have opposite charge, p_T > 40 GeV and p_T > 30 GeV, and be separated by 0.6 < ΔR < 2.5.",
        [R + "select Tau[1].pt > 30 GeV"],
        [R + "select Tau[0].charge == Tau[1].charge", R + "select Tau[1].pt > 40 GeV"],
    ),
    (
        "",
        "At least one of the jets has to be b-tagged and the b-tagged jet with the highest p_T must satisfy p_T > 60 GeV.",
        [BR + "select count(bjets) >= 1"],
        [BR + "select count(bjets) == 1", BR + "select bjets[1].pt > 60 GeV"],
    ),
    (
        "",
        "The ratio of p_T^{miss} to H_T must exceed 0.2.",
        [R + "select MET.pt > 0.2 * sum(Jet.pt)"],
        [R + "select sum(Jet.pt) / MET.pt > 0.2", R + "select MET.pt / sum(Jet.pt) < 0.2"],
    ),
    (
        "",
        "An event is kept if it has at least one good vertex located within 24 cm in the longitudinal direction and within 2 cm in the transverse direction of the detector centre.",
        [R + "select |PV.z| < 24 cm"],
        [R + "select |PV.z| < 2 cm", R + "select |PV.z| > 24 cm"],
    ),
    (
        "",
        "Electrons must have no more than one missing hit in the pixel detector and pass a conversion veto.",
        [E + "select lost_hits <= 1", E + "select passes_conversion_veto"],
        [E + "select lost_hits > 1", E + "reject passes_conversion_veto"],
    ),
    (
        "",
        "Jets with |η| > 2.4 are retained only if their p_T exceeds 50 GeV.",
        [J + "select |eta| <= 2.4 or pt > 50 GeV"],
        [J + "select pt > 50 GeV", J + "select |eta| > 2.4"],
    ),
    (
        "",
        "The difference in azimuth between the dilepton system and p_T^{miss} must be larger than 2.0 rad.",
        [LR + "select dphi(leps[0] + leps[1], MET) > 2.0"],
        [LR + "select dphi(leps[0], MET) > 2.0", LR + "select dphi(leps[0] + leps[1], MET) < 2.0"],
    ),
    (
        "",
        "Isolated photons are required to have E_T^{iso} < 5 GeV, where E_T^{iso} is the transverse energy in the calorimeter within a cone of radius 0.4.",
        [P + "select topoetcone40 < 5 GeV"],
        [P + "select topoetcone20 < 5 GeV", P + "select ptcone40 < 5 GeV"],
    ),
    (
        "",
        "We select electrons with E_T > 25 GeV and muons with p_T > 20 GeV, both within |η| < 2.4.",
        [E + "select |eta| < 2.4"],
        [E + "select pt > 20 GeV", M + "select pt > 25 GeV"],
    ),
    (
        "",
        "The jet closest in ΔR to the lepton must have p_T < 80 GeV.",
        [LEPS + "define nearest = argmin(dr(j, leps[0]) for j in Jet)\nregion sr\n  select nearest.pt < 80 GeV"],
        [
            LEPS + "define nearest = argmax(dr(j, leps[0]) for j in Jet)\nregion sr\n  select nearest.pt > 80 GeV",
            LR + "select Jet[1].pt < 80 GeV",
        ],
    ),
    (
        "",
        "The quantity p_T^{j1}/p_T^{γ} has to lie between 0.8 and 1.2.",
        [R + "select 0.8 < Jet[0].pt / Photon[0].pt < 1.2"],
        [R + "select 0.8 < Photon[0].pt / Jet[0].pt < 1.2", R + "select 0.8 < Jet[0].pt / Photon[0].pt < 1.3"],
    ),
    (
        "",
        "In the control sample the isolation requirement is reversed, I_{rel} > 0.3, and the missing transverse momentum must not exceed 40 GeV.",
        ["region control_sample\n  select MET.pt <= 40 GeV"],
        ["region signal_region\n  select MET.pt <= 40 GeV", "region control_sample\n  select Muon[0].pfreliso04 < 0.3"],
    ),
    (
        "",
        "Each event must have at least two jets with p_T > 25 GeV, at least one of which has |η| < 2.5.",
        [R + "select count(j for j in Jet if j.pt > 25 GeV) >= 2"],
        [R + "select count(j for j in Jet if j.pt > 25 GeV) >= 1", R + "select all(|j.eta| < 2.5 for j in Jet)"],
    ),
    (
        "",
        "The invariant mass of any pair of leptons with opposite charge has to be greater than 4 GeV.",
        [LR + "select all((i + j).mass > 4 GeV for i, j in leps if i.charge + j.charge == 0)"],
        [
            LR + "select any((i + j).mass > 4 GeV for i, j in leps if i.charge + j.charge == 0)",
            LR + "select all((i + j).mass > 4 GeV for i, j in leps if i.charge == j.charge)",
        ],
    ),
    (
        "",
        "Events with an imbalance of p_T^{miss} > 0.5 H_T are removed.",
        [R + "reject MET.pt > 0.5 * sum(Jet.pt)"],
        [R + "reject sum(Jet.pt) > 0.5 * MET.pt", R + "select MET.pt > 0.5 * sum(Jet.pt)"],
    ),
    (
        "",
        "The angular separation of the photon from all leptons and jets must be greater than 0.7 and 0.5, respectively.",
        [P + "select all(dr(this, j) > 0.5 for j in Jet)"],
        [
            P + "select all(dr(this, j) > 0.7 for j in Jet)",
            LEPS + "object photons\n  take Photon\n  select all(dr(this, l) > 0.5 for l in leps)",
        ],
    ),
    (
        "",
        "A dimuon vertex is accepted if its probability exceeds 1% and the muons are separated by less than 1 cm in z.",
        [MM + "select |a.z0 - b.z0| < 1 cm"],
        [MM + "select vertex_prob > 1", MM + "select vertex_prob < 0.01"],
    ),
    (
        "",
        "The p_T of the subleading lepton must be at least 30% of that of the leading lepton.",
        [LR + "select leps[1].pt >= 0.3 * leps[0].pt"],
        [LR + "select leps[0].pt >= 0.3 * leps[1].pt", LR + "select leps[1].pt > 0.03 * leps[0].pt"],
    ),
    (
        "",
        "Jets tagged as originating from b quarks are counted if p_T > 40 GeV, and at least three are demanded.",
        [BR + "select count(b for b in bjets if b.pt > 40 GeV) >= 3", BR + "select count(bjets) >= 3"],
        [BR + "select count(bjets) >= 2", BR + "select count(bjets) > 3"],
    ),
    (
        "",
        "The τ candidates are required to be of opposite sign and must not be closer than ΔR = 0.5.",
        [R + "select dr(Tau[0], Tau[1]) >= 0.5"],
        [R + "select dr(Tau[0], Jet[0]) >= 0.5", R + "select dr(Tau[0], Tau[1]) < 0.5"],
    ),
    (
        "",
        "Events in SR1 have to satisfy 200 < E_T^{miss} < 300 GeV and in SR2 E_T^{miss} > 300 GeV.",
        ["region sr1\n  select 200 GeV < MET.pt < 300 GeV"],
        ["region sr2\n  select 200 GeV < MET.pt < 300 GeV", "region sr1\n  select MET.pt > 300 GeV"],
    ),
]


@pytest.mark.parametrize(("before", "sentence", "right", "wrong"), SAID)
def test_what_a_sentence_says(before: str, sentence: str, right: list[str], wrong: list[str], tmp_path: Path) -> None:
    check_judged(f"{before} {sentence}".strip(), sentence, right, wrong, tmp_path)


# Tables whose cells may go over several columns, written as `||`.
REGIONS = """| Requirement | SR-low | SR-high | CR-top |
| N_{jets} | ≥ 4 | ≥ 4 | ≥ 4 |
| N_{b-jets} | ≥ 2 | ≥ 2 | = 1 |
| E_T^{miss} [GeV] | > 200 | > 350 | 100-200 |
| m_T [GeV] | > 120 | > 150 | 30-90 |
| Δφ(j_{1,2}, E_T^{miss}) | > 0.4 |||
| p_T^{j1}, p_T^{j2} [GeV] | > 80, > 60 | > 120, > 80 | > 80, > 60 |
"""
OBJECTS = """| Object | p_T [GeV] | !η! | Identification | Isolation |
| Electron | > 7 | < 2.5 | Loose | < 0.35 |
| Muon | > 5 | < 2.4 | Loose | < 0.35 |
| Jet | > 30 | < 4.7 | Tight | - |
| Photon | > 2 | < 2.4 | - | < 1.8 |
"""
CUTS = """| Variable | eeμμ | μμμμ |
| p_T^{ℓ_1} | > 20 GeV ||
| p_T^{ℓ_2} | > 10 GeV ||
| m_{Z_1} | 40-120 GeV ||
| m_{Z_2} | 12-120 GeV ||
| m_{4ℓ} | > 70 GeV | > 70 GeV |
| ΔR(ℓ_i, ℓ_j) | > 0.02 ||
"""
STEPS = """| Step | Selection |
| 1 | Exactly one lepton with p_T > 30 GeV |
| 2 | Veto on additional leptons with p_T > 10 GeV |
| 3 | At least 4 jets with p_T > 30 GeV |
| 4 | ≥ 1 b tag |
| 5 | H_T > 400 GeV and p_T^{miss} > 50 GeV |
| 6 | m_{jj} ∉ [76, 106] GeV |
"""
SEARCH = """| | 2ℓ SR1 | 2ℓ SR2 | 3ℓ SR |
| Leading lepton p_T [GeV] | > 25 |||
| Subleading lepton p_T [GeV] | > 20 || > 25 |
| Third lepton p_T [GeV] | - || > 15 |
| Number of b-jets | 0 |||
| m_{T2} [GeV] | > 90 | > 120 | - |
| !m_{ℓℓ} - m_Z! [GeV] | > 10 | > 10 | < 10 |
| Lepton flavour | SF | DF | SF |
"""
CATEGORIES = """| Category | N_{ℓ} | N_{jets} | N_{b} | p_T^{miss} [GeV] | m_{ℓℓ} |
| 2ℓSS-low | 2 | ≥ 2 | ≥ 1 | < 50 | > 12 GeV |
| 2ℓSS-high | 2 | ≥ 4 | ≥ 2 | ≥ 50 | > 12 GeV |
| 3ℓ | 3 | 2-5 | - | any | !m_{ℓℓ} - m_Z! > 10 GeV |
"""
CHANNELS = """| Selection | Electron channel | Muon channel |
| Lepton p_T | > 27 GeV | > 25 GeV |
| Lepton !η! | < 2.47 | < 2.5 |
| !d_0/σ_{d_0}! | < 5 | < 3 |
| !z_0 sin θ! | < 0.5 mm ||
| Isolation p_T^{cone20}/p_T | < 0.1 | < 0.15 |
"""

# The table; a row; programs whose last criterion cites it: right ones, wrong ones.
ROWS: list[tuple[str, str, list[str], list[str]]] = [
    (
        REGIONS,
        "E_T^{miss} [GeV] | > 200 | > 350 | 100-200",
        [LEPS + BJ + "region sr_low\n  select MET.pt > 200 GeV"],
        [
            LEPS + BJ + "region sr_low\n  select MET.pt > 350 GeV",
            LEPS + BJ + "region sr_high\n  select MET.pt > 200 GeV",
        ],
    ),
    (
        REGIONS,
        "m_T [GeV] | > 120 | > 150 | 30-90",
        [LEPS + BJ + "region sr_low\n  select mt(leps[0], MET) > 120 GeV"],
        [
            LEPS + BJ + "region sr_low\n  select mt(leps[0], MET) > 150 GeV",
            LEPS + BJ + "region cr_top\n  select mt(leps[0], MET) > 120 GeV",
        ],
    ),
    (
        REGIONS,
        "Δφ(j_{1,2}, E_T^{miss}) | > 0.4",
        [
            LEPS + BJ + "region cr_top\n  select min(dphi(j, MET) for j in Jet[:2]) > 0.4",
            LEPS + BJ + "region sr_high\n  select dphi(Jet[0], MET) > 0.4 and dphi(Jet[1], MET) > 0.4",
        ],
        [
            LEPS + BJ + "region sr_low\n  select all(dphi(j, MET) < 0.4 for j in Jet[:2])",
            LEPS + BJ + "region sr_low\n  select all(dphi(j, MET) > 0.2 for j in Jet[:2])",
        ],
    ),
    (
        REGIONS,
        "p_T^{j1}, p_T^{j2} [GeV] | > 80, > 60 | > 120, > 80 | > 80, > 60",
        [
            LEPS + BJ + "region sr_low\n  select Jet[0].pt > 80 GeV",
            LEPS + BJ + "region sr_high\n  select Jet[0].pt > 120 GeV",
        ],
        [
            LEPS + BJ + "region sr_high\n  select Jet[1].pt > 60 GeV",
            LEPS + BJ + "region sr_low\n  select Jet[0].pt > 120 GeV",
        ],
    ),
    (
        OBJECTS,
        "Electron | > 7 | < 2.5 | Loose | < 0.35",
        [E + "select pt > 7 GeV", E + "select |eta| < 2.5"],
        [E + "select pt > 5 GeV", E + "select |eta| < 2.4"],
    ),
    (
        OBJECTS,
        "Jet | > 30 | < 4.7 | Tight | -",
        [J + "select pt > 30 GeV", J + "select |eta| < 4.7"],
        [J + "select pt < 30 GeV", E + "select pt > 30 GeV"],
    ),
    (
        CUTS,
        "m_{Z_1} | 40-120 GeV",
        [ZZ + "select 40 GeV < z1.mass < 120 GeV", ZZ + "select z1.mass > 40 GeV and z1.mass < 120 GeV"],
        [ZZ + "select 40 GeV < z2.mass < 120 GeV", ZZ + "select 12 GeV < z1.mass < 120 GeV"],
    ),
    (
        CUTS,
        "m_{4ℓ} | > 70 GeV | > 70 GeV",
        [ZZ + "select mass > 70 GeV"],
        [ZZ + "select z1.mass > 70 GeV", ZZ + "select mass < 70 GeV"],
    ),
    (
        CUTS,
        "ΔR(ℓ_i, ℓ_j) | > 0.02",
        [LR + "select all(dr(i, j) > 0.02 for i, j in leps)"],
        [LR + "select any(dr(i, j) > 0.02 for i, j in leps)", LR + "select all(dr(i, j) > 0.02 for i, j in Jet)"],
    ),
    (
        STEPS,
        "4 | ≥ 1 b tag",
        [BR + "select count(bjets) >= 1", BR + "select count(bjets) > 0"],
        [BR + "select count(bjets) >= 4", BR + "select count(bjets) == 1"],
    ),
    (
        STEPS,
        "5 | H_T > 400 GeV and p_T^{miss} > 50 GeV",
        [R + "select sum(Jet.pt) > 400 GeV"],
        [R + "select sum(Jet.pt) > 400 GeV or MET.pt > 50 GeV", R + "select MET.pt > 400 GeV"],
    ),
    (
        STEPS,
        "6 | m_{jj} ∉ [76, 106] GeV",
        [
            R + "reject 76 GeV <= (Jet[0] + Jet[1]).mass <= 106 GeV",
            R + "select (Jet[0] + Jet[1]).mass < 76 GeV or (Jet[0] + Jet[1]).mass > 106 GeV",
        ],
        [R + "select 76 GeV < (Jet[0] + Jet[1]).mass < 106 GeV", R + "select (Jet[0] + Jet[1]).mass < 76 GeV"],
    ),
    (
        SEARCH,
        "Number of b-jets | 0",
        [BJ + "region sr1_2l\n  select count(bjets) == 0", BJ + "region sr_3l\n  select count(bjets) == 0"],
        [BJ + "region sr1_2l\n  select count(bjets) >= 1", BJ + "region sr1_2l\n  select count(Jet) == 0"],
    ),
    (
        SEARCH,
        "m_{T2} [GeV] | > 90 | > 120 | -",
        [LEPS + "region sr1\n  select mt2(leps[0], leps[1], MET) > 90 GeV"],
        [
            LEPS + "region sr2\n  select mt2(leps[0], leps[1], MET) > 90 GeV",
            LEPS + "region sr1\n  select mt2(leps[0], leps[1], MET) > 120 GeV",
        ],
    ),
    (
        CATEGORIES,
        "2ℓSS-high | 2 | ≥ 4 | ≥ 2 | ≥ 50 | > 12 GeV",
        [
            LEPS + BJ + MZ + "region sshigh\n  select count(leps) == 2",
            LEPS + BJ + MZ + "region sshigh\n  select count(Jet) >= 4",
        ],
        [
            LEPS + BJ + MZ + "region sshigh\n  select count(Jet) >= 2",
            LEPS + BJ + MZ + "region sshigh\n  select count(bjets) >= 4",
        ],
    ),
    (
        CATEGORIES,
        "3ℓ | 3 | 2-5 | - | any | |m_{ℓℓ} - m_Z| > 10 GeV",
        [LEPS + BJ + MZ + "region three\n  select count(leps) == 3"],
        [
            LEPS + BJ + MZ + "region three\n  select 2 < count(Jet) < 5",
            LEPS + BJ + MZ + "region three\n  select count(leps) == 2",
        ],
    ),
    (
        CHANNELS,
        "|d_0/σ_{d_0}| | < 5 | < 3",
        [E + "select d0_significance < 5"],
        [E + "select d0_significance < 3", M + "select |d0_significance| < 5"],
    ),
    (
        CHANNELS,
        "|z_0 sin θ| | < 0.5 mm",
        [M + "select |z0_sin_theta| < 0.5 mm", L + "select |z0_sin_theta| < 0.5 mm"],
        [E + "select z0_sin_theta < 0.5 mm", M + "select |z0_sin_theta| < 0.5 cm"],
    ),
    (
        CHANNELS,
        "Isolation p_T^{cone20}/p_T | < 0.1 | < 0.15",
        [E + "select ptcone20 / pt < 0.1", M + "select ptcone20 < 0.15 * pt"],
        [E + "select ptcone20 / pt < 0.15", M + "select ptcone30 / pt < 0.15"],
    ),
]


@pytest.mark.parametrize(("table", "row", "right", "wrong"), ROWS)
def test_what_a_row_says(table: str, row: str, right: list[str], wrong: list[str], tmp_path: Path) -> None:
    paper = tmp_path / "paper.html"
    paper.write_text(_html(table), encoding="utf-8")
    documents = {"paper": read_document(paper)}
    cited = {program: f"{HEAD}{program} cite paper {quoted(row)}\n" for program in right + wrong}
    check_told_apart({program: report_on(text, documents).findings[-1] for program, text in cited.items()}, right)


def _html(table: str) -> str:
    rows = ""
    for line in table.strip().splitlines():
        cells: list[tuple[str, int]] = []
        for cell in line.strip("|").split("|") + [""] * (len(line) - len(line.rstrip("|")) - 1):
            if cell or not cells:
                cells.append((cell.strip().replace("!", "|"), 1))
            else:
                cells[-1] = (cells[-1][0], cells[-1][1] + 1)
        rows += "<tr>" + "".join(f"<td colspan={span}>{escape(text)}</td>" for text, span in cells) + "</tr>"
    return f"<html><body><h1>Selection</h1><table><caption>Table 1: Selection.</caption>{rows}</table></body></html>"
