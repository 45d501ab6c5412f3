# ruff: noqa: E501, RUF001 - sentences are one line, and have Greek letters
"""Selections in the manner of ATLAS, CMS and LHCb, varied in wording on purpose: lists, ranges, vetoes, tables, categories.

None is quoted from a paper. What is not as it should be is left out, about a twentieth.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import check_judged
from cited_blocks import AK8, BJ, BR, LEPS, LL, LR, MM, MZ, TAU, TR, ZZ, E, J, L, M, P, R

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

JR = 'object jets\n  take Jet\n  select pt > 30 GeV assume "x"\n\n' + R
GG = "composite diphotons\n  take Photon a, Photon b\n  "

# What stands before the sentence; the sentence; programs whose last criterion cites it: right ones, wrong ones.
SAID: list[tuple[str, str, list[str], list[str]]] = [
    (
        "",
        "Electrons are required to have p_T > 10 GeV and to lie within |η| < 2.47, while muons must satisfy p_T > 9 GeV and |η| < 2.7.",
        [E + "select pt > 10 GeV", M + "select pt > 9 GeV", M + "select |eta| < 2.7", E + "select |eta| < 2.47"],
        [M + "select pt > 10 GeV", E + "select |eta| < 2.7", M + "select |eta| > 2.7"],
    ),
    (
        "",
        "Candidate electrons falling into the transition region between the barrel and endcap calorimeters, 1.37 < |η| < 1.52, are not considered.",
        [E + "reject 1.37 < |eta| < 1.52", E + "select |eta| < 1.37 or |eta| > 1.52"],
        [E + "select 1.37 < |eta| < 1.52", E + "reject 1.37 < |eta| < 1.62"],
    ),
    (
        "",
        "Baseline electrons (muons) need to have p_T exceeding 4.5 (4) GeV and must be reconstructed within |η| < 2.47 (2.7).",
        [
            "object baseline_electrons\n  take Electron\n  select pt > 4.5 GeV",
            "object baseline_muons\n  take Muon\n  select |eta| < 2.7",
            "object baseline_muons\n  take Muon\n  select pt > 4 GeV",
        ],
        [
            "object baseline_muons\n  take Muon\n  select pt > 4.5 GeV",
            "object baseline_electrons\n  take Electron\n  select |eta| < 2.7",
        ],
    ),
    (
        "Baseline leptons are those passing the loose criteria.",
        "Signal leptons are additionally required to be isolated and to have a transverse momentum of no less than 27 GeV.",
        [
            "object signal_leptons\n  take Electron, Muon\n  select pt >= 27 GeV",
            "object signal_leptons\n  take Electron, Muon\n  select is_isolated",
        ],
        [
            "object signal_leptons\n  take Electron, Muon\n  select pt <= 27 GeV",
            "object baseline_leptons\n  take Electron, Muon\n  select pt >= 27 GeV",
        ],
    ),
    (
        "",
        "The track associated with the lepton has to have |z_0 sin θ| < 0.5 mm and a transverse impact parameter significance |d_0|/σ_{d_0} smaller than 5 (3) for electrons (muons).",
        [L + "select |z0_sin_theta| < 0.5 mm", E + "select |d0_significance| < 5", M + "select |d0_significance| < 3"],
        [M + "select |d0_significance| < 5", L + "select |z0_sin_theta| < 0.5 cm"],
    ),
    (
        "",
        "Muons are discarded as cosmic-ray candidates if their impact parameters are |z_0| > 1 mm or |d_0| > 0.2 mm.",
        [M + "reject |z0| > 1 mm or |d0| > 0.2 mm", M + "select |z0| <= 1 mm and |d0| <= 0.2 mm"],
        [M + "reject |z0| > 1 mm and |d0| > 0.2 mm", M + "reject |d0| > 1 mm or |z0| > 0.2 mm"],
    ),
    (
        "",
        "The scalar sum of the transverse momenta of tracks in a cone of size ΔR = 0.3 around the muon, divided by the muon p_T, must not exceed 0.06.",
        [M + "select ptcone30 / pt <= 0.06"],
        [M + "select ptcone30 / pt <= 0.3", M + "select ptcone30 / pt > 0.06", M + "select ptcone20 / pt <= 0.06"],
    ),
    (
        "",
        "Electrons have to pass the tight likelihood working point and muons the medium identification.",
        [E + "select is_tight", M + "select is_medium"],
        [E + "select is_medium", M + "select is_tight"],
    ),
    (
        "",
        "Only muons fulfilling the 'medium' identification requirements and having p_T in excess of 25 GeV are retained.",
        [M + "select is_medium", M + "select pt > 25 GeV"],
        [M + "select is_tight", M + "select pt < 25 GeV"],
    ),
    (
        "",
        "Photons are required to fulfil tight identification and isolation criteria, to have E_T > 25 GeV and to be located at |η| < 2.37, excluding 1.37 < |η| < 1.52.",
        [P + "select is_tight", P + "select pt > 25 GeV", P + "select |eta| < 2.37", P + "reject 1.37 < |eta| < 1.52"],
        [P + "select 1.37 < |eta| < 1.52", P + "select pt > 25 MeV", P + "select |eta| > 2.37"],
    ),
    (
        "",
        "Hadronically decaying τ-lepton candidates must have one or three associated tracks, unit charge, p_T > 20 GeV and |η| < 2.5.",
        [TAU + "select n_tracks == 1 or n_tracks == 3", TAU + "select pt > 20 GeV", TAU + "select |eta| < 2.5"],
        [TAU + "select n_tracks == 1", TAU + "select n_tracks == 1 or n_tracks == 2", TAU + "select pt > 2.5 GeV"],
    ),
    (
        "",
        "Jets are reconstructed with the anti-k_t algorithm with radius parameter R = 0.4 and are kept if p_T > 20 GeV and |η| < 2.8.",
        [J + "select pt > 20 GeV", J + "select |eta| < 2.8"],
        [J + "select |eta| < 0.4", J + "select pt < 20 GeV", J + "select pt > 0.4 GeV"],
    ),
    (
        "",
        "To reject jets from pile-up, those with p_T < 60 GeV and |η| < 2.4 have to satisfy JVT > 0.5.",
        [
            J + "reject pt < 60 GeV and |eta| < 2.4 and jvt <= 0.5",
            J + "select pt >= 60 GeV or |eta| >= 2.4 or jvt > 0.5",
        ],
        [J + "select jvt > 0.5", J + "reject pt < 60 GeV", J + "reject pt < 60 GeV and |eta| < 2.4 and jvt > 0.5"],
    ),
    (
        "",
        "Jets containing b-hadrons are identified with the DL1r tagger at the 77% efficiency working point.",
        ["object bjets\n  take Jet\n  select is_btagged_77"],
        ["object bjets\n  take Jet\n  select is_btagged_85", "object bjets\n  take Jet\n  reject is_btagged_77"],
    ),
    (
        "",
        "Large-R jets must have p_T > 250 GeV, |η| < 2.0 and a mass above 50 GeV.",
        [AK8 + "select pt > 250 GeV", AK8 + "select mass > 50 GeV", AK8 + "select |eta| < 2.0"],
        [AK8 + "select pt > 50 GeV", J + "select pt > 250 GeV", AK8 + "select mass > 250 GeV"],
    ),
    (
        "",
        "Any jet lying within ΔR = 0.2 of an electron is removed, after which electrons closer than 0.4 to a remaining jet are dropped.",
        [
            J + "reject any(dr(this, e) < 0.2 for e in Electron)",
            "object jets\n  take Jet\n\nobject electrons\n  take Electron\n  reject any(dr(this, j) < 0.4 for j in jets)",
        ],
        [
            J + "reject any(dr(this, e) < 0.4 for e in Electron)",
            J + "select any(dr(this, e) < 0.2 for e in Electron)",
            J + "reject any(dr(this, m) < 0.2 for m in Muon)",
        ],
    ),
    (
        "",
        "If a muon and a jet with fewer than three tracks are separated by less than 0.4 in ΔR, the jet is discarded.",
        [J + "reject n_tracks < 3 and any(dr(this, m) < 0.4 for m in Muon)"],
        [
            J + "reject n_tracks > 3 and any(dr(this, m) < 0.4 for m in Muon)",
            M + "reject any(dr(this, j) < 0.4 for j in Jet)",
        ],
    ),
    (
        "",
        "Photons are required to be separated from any selected lepton by ΔR > 0.4.",
        [
            LEPS + P + "select all(dr(this, l) > 0.4 for l in leps)",
            LEPS + P + "reject any(dr(this, l) <= 0.4 for l in leps)",
        ],
        [
            LEPS + P + "select any(dr(this, l) < 0.4 for l in leps)",
            LEPS + P + "select all(dr(this, l) < 0.4 for l in leps)",
        ],
    ),
    (
        "",
        "In case an electron shares its inner-detector track with a muon, the electron is rejected.",
        [E + 'external "electrons that share a track with a muon are rejected"'],
        [E + "select pt > 10 GeV"],
    ),
    (
        "",
        "Events must contain exactly two leptons of the same flavour and opposite electric charge.",
        [
            LR
            + 'select leps[0].charge + leps[1].charge == 0 assume "x"\n  select leps[0].flavour == leps[1].flavour assume "x"\n  select count(leps) == 2',
            LR + "select leps[0].charge + leps[1].charge == 0",
            LR + "select leps[0].flavour == leps[1].flavour",
        ],
        [
            LR + "select count(leps) >= 2",
            LR + "select leps[0].charge == leps[1].charge",
            LR + "select leps[0].flavour != leps[1].flavour",
        ],
    ),
    (
        "",
        "The leading and subleading leptons are required to have transverse momenta larger than 27 and 20 GeV, respectively.",
        [LR + "select leps[0].pt > 27 GeV", LR + "select leps[1].pt > 20 GeV"],
        [LR + "select leps[0].pt > 20 GeV", LR + "select leps[1].pt > 27 GeV"],
    ),
    (
        "",
        "The invariant mass of the lepton pair has to be within 10 GeV of the Z-boson mass, i.e. 81 < m_{ℓℓ} < 101 GeV.",
        [LR + "select 81 GeV < (leps[0] + leps[1]).mass < 101 GeV", LL + "select 81 GeV < mass < 101 GeV"],
        [
            LR + "select (leps[0] + leps[1]).mass > 101 GeV",
            LR + "select 81 GeV < (leps[0] + leps[1]).mass < 110 GeV",
            LR + "reject 81 GeV < (leps[0] + leps[1]).mass < 101 GeV",
        ],
    ),
    (
        "",
        "Same-flavour events with |m_{ℓℓ} − m_Z| < 15 GeV are vetoed.",
        [MZ + LR + "reject |(leps[0] + leps[1]).mass - m_Z| < 15 GeV and leps[0].flavour == leps[1].flavour"],
        [
            MZ + LR + "select |(leps[0] + leps[1]).mass - m_Z| < 15 GeV",
            MZ + LR + "reject |(leps[0] + leps[1]).mass - m_Z| < 15 GeV and leps[0].flavour != leps[1].flavour",
        ],
    ),
    (
        "",
        "Events are selected if E_T^{miss} exceeds 200 GeV and at least four jets with p_T > 25 GeV are present.",
        [R + "select MET.pt > 200 GeV", R + "select count(j for j in Jet if j.pt > 25 GeV) >= 4"],
        [
            R + "select MET.pt > 25 GeV",
            R + "select count(j for j in Jet if j.pt > 25 GeV) > 4",
            R + "select count(j for j in Jet if j.pt > 25 GeV) == 4",
        ],
    ),
    (
        "",
        "No more than one b-tagged jet may be present in the event.",
        [BR + "select count(bjets) <= 1", BR + "reject count(bjets) > 1"],
        [BR + "select count(bjets) >= 1", BR + "select count(bjets) < 1", R + "select count(Jet) <= 1"],
    ),
    (
        "",
        "Events with any additional lepton passing the baseline selection are discarded, leaving exactly one lepton.",
        [LR + "select count(leps) == 1"],
        [LR + "select count(leps) >= 1", LR + "select count(leps) == 2"],
    ),
    (
        "",
        "The azimuthal separation between E_T^{miss} and each of the three leading jets must be larger than 0.4.",
        [
            JR + "select all(dphi(j, MET) > 0.4 for j in jets[:3])",
            JR + "reject any(dphi(j, MET) <= 0.4 for j in jets[:3])",
        ],
        [
            JR + "select any(dphi(j, MET) > 0.4 for j in jets[:3])",
            JR + "select all(dphi(j, MET) > 0.4 for j in jets[:4])",
            JR + "select all(dphi(j, MET) < 0.4 for j in jets[:3])",
        ],
    ),
    (
        "",
        "The transverse mass of the lepton and the missing transverse momentum is required to be above 120 GeV.",
        [LR + "select mt(leps[0], MET) > 120 GeV"],
        [
            LR + "select mt(leps[0], MET) < 120 GeV",
            LR + "select (leps[0] + leps[1]).mass > 120 GeV",
            LR + "select MET.pt > 120 GeV",
        ],
    ),
    (
        "",
        "In the W-boson selection, m_T^W > 40 GeV and E_T^{miss} > 25 GeV are imposed on top of the single-muon requirement.",
        [R + "select mt(Muon[0], MET) > 40 GeV", R + "select MET.pt > 25 GeV"],
        [R + "select mt(Muon[0], MET) > 25 GeV", R + "select MET.pt < 25 GeV"],
    ),
    (
        "",
        "At least two jets are demanded, with p_T greater than 65 GeV for the leading and 40 GeV for the subleading one.",
        [JR + "select count(jets) >= 2", JR + "select jets[0].pt > 65 GeV", JR + "select jets[1].pt > 40 GeV"],
        [JR + "select jets[0].pt > 40 GeV", JR + "select jets[1].pt > 65 GeV", JR + "select count(jets) > 2"],
    ),
    (
        "",
        "The two tagging jets must lie in opposite hemispheres, η_{j1} × η_{j2} < 0, be separated by |Δη_{jj}| > 3.8 and have m_{jj} > 800 GeV.",
        [
            JR + "select jets[0].eta * jets[1].eta < 0",
            JR + "select |jets[0].eta - jets[1].eta| > 3.8",
            JR + "select (jets[0] + jets[1]).mass > 800 GeV",
        ],
        [
            JR + "select jets[0].eta * jets[1].eta > 0",
            JR + "select |jets[0].eta - jets[1].eta| < 3.8",
            JR + "select (jets[0] + jets[1]).mass > 3.8 GeV",
        ],
    ),
    (
        "",
        "The effective mass, defined as the scalar sum of E_T^{miss} and the transverse momenta of all jets, has to be larger than 1.6 TeV.",
        [R + "select MET.pt + sum(Jet.pt) > 1600 GeV", R + "select MET.pt + sum(Jet.pt) > 1.6 TeV"],
        [
            R + "select sum(Jet.pt) > 1600 GeV",
            R + "select MET.pt + sum(Jet.pt) > 1.6 GeV",
            R + "select MET.pt + sum(Jet.pt) < 1600 GeV",
        ],
    ),
    (
        "",
        "The object-based E_T^{miss} significance must be at least 8.",
        [R + "select MET.significance >= 8"],
        [R + "select MET.significance > 8", R + "select MET.significance < 8", R + "select MET.pt >= 8 GeV"],
    ),
    (
        "",
        "The two photons with the highest transverse momenta are required to satisfy p_T/m_{γγ} > 0.35 and 0.25, respectively.",
        [
            R + "let myy = (Photon[0] + Photon[1]).mass\n  select Photon[0].pt / myy > 0.35",
            R + "let myy = (Photon[0] + Photon[1]).mass\n  select Photon[1].pt / myy > 0.25",
        ],
        [
            R + "let myy = (Photon[0] + Photon[1]).mass\n  select Photon[0].pt / myy > 0.25",
            R + "let myy = (Photon[0] + Photon[1]).mass\n  select Photon[1].pt / myy > 0.35",
        ],
    ),
    (
        "",
        "Diphoton candidates with an invariant mass between 105 and 160 GeV are kept.",
        [GG + "select 105 GeV < mass < 160 GeV", GG + "select 105 GeV <= mass <= 160 GeV"],
        [GG + "select 105 GeV < mass < 150 GeV", GG + "reject 105 GeV < mass < 160 GeV", GG + "select mass < 105 GeV"],
    ),
    (
        "",
        "Exactly one electron and one muon of opposite charge are required; both must have p_T above 25 GeV.",
        [
            R
            + 'select Electron[0].charge + Muon[0].charge == 0 assume "x"\n  select count(Electron) == 1 and count(Muon) == 1',
            R + "select Electron[0].charge + Muon[0].charge == 0",
        ],
        [
            R + "select count(Electron) == 1 or count(Muon) == 1",
            R + "select Electron[0].charge == Muon[0].charge",
            R + "select Electron[0].pt > 25 GeV or Muon[0].pt > 25 GeV",
        ],
    ),
    (
        "",
        "The primary vertex is the one with the highest Σp_T^2 and needs at least two associated tracks with p_T > 500 MeV.",
        [],
        [
            R + "select count(t for t in Track if t.pt > 500 GeV) >= 2",
            R + "select count(t for t in Track if t.pt > 500 MeV) > 2",
        ],
    ),
    (
        "",
        "Events are categorised by the number of jets: zero, one, or at least two.",
        [],
        ["region one_jet\n  select count(Jet) >= 1", "region two_jet\n  select count(Jet) == 2"],
    ),
    (
        "",
        "The signal region SRA requires m_{T2} > 100 GeV, whereas in SRB the requirement is tightened to m_{T2} > 150 GeV.",
        [
            LEPS + "region sra\n  select mt2(leps[0], leps[1], MET) > 100 GeV",
            LEPS + "region srb\n  select mt2(leps[0], leps[1], MET) > 150 GeV",
        ],
        [LEPS + "region srb\n  select mt2(leps[0], leps[1], MET) < 150 GeV"],
    ),
    (
        "",
        "The top-quark control region is obtained by inverting the b-jet veto, that is by requiring one or more b-tagged jets.",
        [BJ + "region top_cr\n  select count(bjets) >= 1"],
        [BJ + "region top_cr\n  select count(bjets) == 1", BJ + "region top_cr\n  select count(bjets) == 0"],
    ),
    (
        "",
        "For the validation region the E_T^{miss} requirement is relaxed to lie between 150 and 200 GeV, all other selections being the same.",
        ["region vr\n  select 150 GeV < MET.pt < 200 GeV"],
        [
            "region vr\n  select MET.pt > 200 GeV",
            R + "select MET.pt > 200 GeV",
            "region vr\n  select 150 GeV < MET.pt < 250 GeV",
        ],
    ),
    (
        "",
        "Events in which the two highest-p_T leptons have the same electric charge enter the fake-enriched region.",
        [
            LEPS + "region fakes\n  select leps[0].charge == leps[1].charge",
            LEPS + "region fakes\n  select leps[0].charge * leps[1].charge > 0",
        ],
        [LEPS + "region fakes\n  select leps[0].charge + leps[1].charge == 0"],
    ),
    (
        "",
        "The angular distance between the two b-jets may not be greater than 2.0.",
        [BR + "select dr(bjets[0], bjets[1]) <= 2.0"],
        [
            BR + "select dr(bjets[0], bjets[1]) >= 2.0",
            BR + "select dphi(bjets[0], bjets[1]) <= 2.0",
            JR + "select dr(jets[0], jets[1]) <= 2.0",
        ],
    ),
    (
        "",
        "The Higgs boson candidate is formed by the two b-jets and its mass must be consistent with m_H, 100 < m_{bb} < 140 GeV.",
        [BR + "select 100 GeV < (bjets[0] + bjets[1]).mass < 140 GeV"],
        [
            BR + "select 100 GeV < (bjets[0] + bjets[1]).mass < 150 GeV",
            JR + "select 100 GeV < (jets[0] + jets[1]).mass < 140 GeV",
            BR + "select 100 GeV < (bjets[0] + bjets[1]).pt < 140 GeV",
        ],
    ),
    (
        "",
        "Events with a leading jet of p_T > 150 GeV, and up to three further jets with p_T > 30 GeV, are analysed in the monojet channel.",
        ["region monojet\n  select Jet[0].pt > 150 GeV"],
        [
            "region monojet\n  select Jet[0].pt > 30 GeV",
            "region monojet\n  select count(j for j in Jet if j.pt > 30 GeV) <= 2",
        ],
    ),
    (
        "",
        "The missing transverse momentum must point away from the jets, min Δφ(E_T^{miss}, jet) > 0.6.",
        [JR + "select min(dphi(j, MET) for j in jets) > 0.6", JR + "select all(dphi(j, MET) > 0.6 for j in jets)"],
        [JR + "select max(dphi(j, MET) for j in jets) > 0.6", JR + "select min(dphi(j, MET) for j in jets) < 0.6"],
    ),
    (
        "",
        "Leptons from the Z boson decay need p_T > 20 GeV, and the third lepton, assigned to the W boson, p_T > 25 GeV.",
        ["object z_leptons\n  take Electron, Muon\n  select pt > 20 GeV", LR + "select leps[2].pt > 25 GeV"],
        [LR + "select leps[2].pt > 20 GeV"],
    ),
    (
        "",
        "Trijet combinations with masses between 120 and 220 GeV are taken as top-quark candidates.",
        ["composite tops\n  take Jet a, Jet b, Jet c\n  select 120 GeV < mass < 220 GeV"],
        [
            "composite tops\n  take Jet a, Jet b, Jet c\n  select mass > 220 GeV",
            "composite tops\n  take Jet a, Jet b, Jet c\n  reject 120 GeV < mass < 220 GeV",
        ],
    ),
    (
        "",
        "The sum of the lepton charges has to be ±1.",
        [LR + "select |sum(leps.charge)| == 1"],
        [
            LR + "select sum(leps.charge) == 1",
            LR + "select |sum(leps.charge)| == 0",
            LR + "select |sum(leps.charge)| > 1",
        ],
    ),
    (
        "",
        "The p_T of the dilepton system is required to be larger than 45 GeV, and each lepton must have p_T > 22 GeV.",
        [LR + "select (leps[0] + leps[1]).pt > 45 GeV", LR + "select all(l.pt > 22 GeV for l in leps)"],
        [LR + "select (leps[0] + leps[1]).mass > 45 GeV", LR + "select leps[0].pt + leps[1].pt > 45 GeV"],
    ),
    (
        "",
        "Jets with |η| < 2.5 are called central, those with 2.5 < |η| < 4.5 forward; the latter must have p_T > 30 GeV.",
        ["object forward_jets\n  take Jet\n  select pt > 30 GeV"],
        [],
    ),
    (
        "Tight jets are those with p_T > 50 GeV.",
        "Events must have at least three tight jets, or two tight jets and H_T > 600 GeV.",
        [
            'object tight_jets\n  take Jet\n  select pt > 50 GeV assume "x"\n\ndefine HT = sum(Jet.pt)\nregion sr\n  select count(tight_jets) >= 3 or count(tight_jets) == 2 and HT > 600 GeV'
        ],
        [
            'object tight_jets\n  take Jet\n  select pt > 50 GeV assume "x"\n\ndefine HT = sum(Jet.pt)\nregion sr\n  select count(tight_jets) >= 3 and HT > 600 GeV',
            'object tight_jets\n  take Jet\n  select pt > 50 GeV assume "x"\n\ndefine HT = sum(Jet.pt)\nregion sr\n  select count(tight_jets) >= 3',
        ],
    ),
    (
        "",
        "A muon is matched to the trigger if the distance ΔR between it and the trigger object is less than 0.15.",
        [],
        [
            M + "select any(dr(this, t) > 0.15 for t in TriggerObject)",
            M + "select any(dr(this, t) < 0.1 for t in TriggerObject)",
        ],
    ),
    (
        "",
        "Electrons with a longitudinal impact parameter of more than half a millimetre are excluded.",
        [E + "reject |z0| > 0.5 mm", E + "select |z0| <= 0.5 mm"],
        [E + "reject |z0| < 0.5 mm", E + "reject |d0| > 0.5 mm"],
    ),
    (
        "",
        "The event is rejected if a second muon with p_T > 7 GeV is found.",
        [
            R + "reject count(m for m in Muon if m.pt > 7 GeV) >= 2",
            R + "select count(m for m in Muon if m.pt > 7 GeV) < 2",
        ],
        [
            R + "reject count(m for m in Muon if m.pt > 7 GeV) >= 1",
            R + "select count(m for m in Muon if m.pt > 7 GeV) >= 2",
        ],
    ),
    (
        "",
        "Two or three b-tagged jets are required in the medium category, and four or more in the tight category.",
        [
            BJ + "region medium_category\n  select 2 <= count(bjets) <= 3",
            BJ + "region tight_category\n  select count(bjets) >= 4",
        ],
        [
            BJ + "region medium_category\n  select count(bjets) >= 4",
            BJ + "region tight_category\n  select count(bjets) == 4",
            BJ + "region medium_category\n  select 2 <= count(bjets) <= 4",
        ],
    ),
    (
        "",
        "The Z boson candidate's transverse momentum is restricted to 75 GeV or more, and to less than 150 GeV in the low-p_T region.",
        [LEPS + "region low_pt\n  select 75 GeV <= (leps[0] + leps[1]).pt < 150 GeV"],
        [
            LEPS + "region low_pt\n  select (leps[0] + leps[1]).pt >= 150 GeV",
            LEPS + "region low_pt\n  select 75 GeV < (leps[0] + leps[1]).mass < 150 GeV",
        ],
    ),
    (
        "",
        "To be compatible with the τ-lepton decay, 0 < m_{ττ}^{coll} < 200 GeV is demanded together with a visible mass below 100 GeV.",
        [],
        [R + "let vis = (Tau[0] + Tau[1]).mass\n  select vis > 100 GeV"],
    ),
    (
        "",
        "Both the leading and the subleading large-R jet must be boson-tagged, and their rapidity difference has to satisfy |Δy_{12}| < 1.2.",
        [R + "select |FatJet[0].rapidity - FatJet[1].rapidity| < 1.2"],
        [
            R + "select |FatJet[0].rapidity - FatJet[1].rapidity| > 1.2",
            R + "select |FatJet[0].eta - FatJet[1].eta| < 1.2",
        ],
    ),
    (
        "",
        "A p_T asymmetry of (p_{T1} − p_{T2})/(p_{T1} + p_{T2}) < 0.15 between the two large-R jets is required.",
        [R + "select (FatJet[0].pt - FatJet[1].pt) / (FatJet[0].pt + FatJet[1].pt) < 0.15"],
        [
            R + "select (FatJet[0].pt + FatJet[1].pt) / (FatJet[0].pt - FatJet[1].pt) < 0.15",
            R + "select (FatJet[0].pt - FatJet[1].pt) / (FatJet[0].pt + FatJet[1].pt) > 0.15",
        ],
    ),
    (
        "",
        "Events are accepted if they have either exactly one photon with p_T > 150 GeV or at least two photons with p_T > 75 GeV.",
        [
            R
            + "select count(p for p in Photon if p.pt > 150 GeV) == 1 or count(p for p in Photon if p.pt > 75 GeV) >= 2"
        ],
        [
            R
            + "select count(p for p in Photon if p.pt > 150 GeV) == 1 and count(p for p in Photon if p.pt > 75 GeV) >= 2"
        ],
    ),
    (
        "",
        "The quantity H_T, i.e. the scalar p_T sum of all jets, must not fall short of 450 GeV.",
        [R + "select sum(Jet.pt) >= 450 GeV"],
        [R + "select sum(Jet.pt) <= 450 GeV", R + "select MET.pt >= 450 GeV"],
    ),
    (
        "",
        "Electrons are selected with p_T > 10 GeV and |η| < 2.5 and muons with p_T > 5 GeV and |η| < 2.4.",
        [E + "select pt > 10 GeV", M + "select |eta| < 2.4", M + "select pt > 5 GeV", E + "select |eta| < 2.5"],
        [M + "select |eta| < 2.5", E + "select pt > 5 GeV", L + "select pt > 10 GeV"],
    ),
    (
        "",
        "The relative isolation, computed in a cone of radius 0.4, is required to be less than 0.15 for muons.",
        [M + "select pfreliso04 < 0.15"],
        [M + "select pfreliso04 < 0.4", E + "select pfreliso04 < 0.15", M + "select pfreliso04 > 0.15"],
    ),
    (
        "",
        "Muon candidates have to pass the tight identification working point and to have a relative isolation I_{rel} < 0.15 within ΔR < 0.4.",
        [M + "select is_tight", M + "select pfreliso04 < 0.15"],
        [M + "select is_medium", M + "select pfreliso04 < 0.4", M + "select pfreliso03 < 0.15"],
    ),
    (
        "",
        "We select events with at least two oppositely charged muons, where the leading (trailing) muon has p_T > 26 (15) GeV.",
        [
            R + "select Muon[0].pt > 26 GeV",
            R + "select Muon[1].pt > 15 GeV",
            R + "select count(Muon) >= 2",
            MM + "select a.charge + b.charge == 0",
        ],
        [R + "select Muon[0].pt > 15 GeV", R + "select Muon[1].pt > 26 GeV", MM + "select a.charge == b.charge"],
    ),
    (
        "",
        "Lepton pairs must have an invariant mass larger than 20 GeV to suppress low-mass resonances.",
        [LL + "select mass > 20 GeV", LR + "select (leps[0] + leps[1]).mass > 20 GeV"],
        [LL + "select mass < 20 GeV", LL + "select pt > 20 GeV"],
    ),
    (
        "",
        "Events with m_{ℓℓ} in the range 76–106 GeV are excluded in the ee and μμ channels.",
        [
            "region ee\n  reject 76 GeV < (Electron[0] + Electron[1]).mass < 106 GeV",
            "region mumu\n  reject 76 GeV <= (Muon[0] + Muon[1]).mass <= 106 GeV",
        ],
        [
            "region ee\n  select 76 GeV < (Electron[0] + Electron[1]).mass < 106 GeV",
            "region ee\n  reject (Electron[0] + Electron[1]).mass < 106 GeV",
        ],
    ),
    (
        "",
        "Jets are clustered using the anti-k_T algorithm with a distance parameter of 0.4 and are considered if they have p_T > 30 GeV, |η| < 4.7 and are at least ΔR = 0.4 away from all selected leptons.",
        [
            J + "select pt > 30 GeV",
            J + "select |eta| < 4.7",
            LEPS + J + "select all(dr(this, l) >= 0.4 for l in leps)",
            LEPS + J + "reject any(dr(this, l) < 0.4 for l in leps)",
        ],
        [LEPS + J + "reject any(dr(this, l) > 0.4 for l in leps)", J + "select |eta| < 2.4", J + "select pt > 0.4 GeV"],
    ),
    (
        "",
        "A jet is b tagged if its DeepCSV discriminant is above the medium threshold of 0.4184.",
        ["object bjets\n  take Jet\n  select deepcsv > 0.4184"],
        ["object bjets\n  take Jet\n  select deepcsv < 0.4184", "object bjets\n  take Jet\n  select deepcsv > 0.1241"],
    ),
    (
        "",
        "Jets with a DeepJet score above 0.2783, corresponding to a misidentification rate of 1% for light-flavor jets, are labeled as b jets.",
        ["object bjets\n  take Jet\n  select deepjet > 0.2783"],
        ["object bjets\n  take Jet\n  select deepjet > 0.01", "object bjets\n  take Jet\n  select deepjet < 0.2783"],
    ),
    (
        "",
        "The offline selection requires p_T^{miss} > 250 GeV and the leading AK4 jet to have p_T > 100 GeV and |η| < 2.5.",
        [R + "select MET.pt > 250 GeV", R + "select Jet[0].pt > 100 GeV", R + "select |Jet[0].eta| < 2.5"],
        [R + "select MET.pt > 100 GeV", R + "select Jet[0].pt > 250 GeV", R + "select Jet[1].pt > 100 GeV"],
    ),
    (
        "",
        "Events containing a loosely identified electron or muon with p_T > 10 GeV, or a τ_h candidate with p_T > 18 GeV, are vetoed.",
        [
            R + "reject count(t for t in Tau if t.pt > 18 GeV) >= 1",
            R + "select count(e for e in Electron if e.is_loose and e.pt > 10 GeV) == 0",
            R + "select count(m for m in Muon if m.is_loose and m.pt > 10 GeV) == 0",
        ],
        [
            R + "reject count(t for t in Tau if t.pt > 10 GeV) >= 1",
            R + "select count(m for m in Muon if m.is_loose and m.pt > 10 GeV) >= 1",
        ],
    ),
    (
        "",
        "Events with fewer than two jets are assigned to the untagged category; those with two or more jets and m_{jj} > 400 GeV constitute the VBF category.",
        [
            "region untagged\n  select count(Jet) < 2",
            "region vbf\n  select count(Jet) >= 2",
            "region vbf\n  select (Jet[0] + Jet[1]).mass > 400 GeV",
        ],
        ["region vbf\n  select count(Jet) > 2"],
    ),
    (
        "",
        "The soft-drop mass of the AK8 jet is required to be in the window 65 < m_{SD} < 105 GeV and its N-subjettiness ratio τ_{21} must be below 0.45.",
        [AK8 + "select 65 GeV < msoftdrop < 105 GeV", AK8 + "select tau21 < 0.45", AK8 + "select tau2 / tau1 < 0.45"],
        [AK8 + "select msoftdrop > 105 GeV", AK8 + "select tau21 > 0.45", AK8 + "select tau1 / tau2 < 0.45"],
    ),
    (
        "",
        "The magnitude of the vector p_T sum of the two leptons, p_T^{ℓℓ}, is required to be greater than 30 GeV.",
        [LR + "select (leps[0] + leps[1]).pt > 30 GeV", LL + "select pt > 30 GeV"],
        [LR + "select leps[0].pt + leps[1].pt > 30 GeV", LR + "select (leps[0] + leps[1]).pt < 30 GeV"],
    ),
    (
        "",
        "The event must contain no b-tagged jets with p_T larger than 20 GeV.",
        [
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 20 GeV) == 0",
            'object bjets\n  take Jet\n  select pt > 20 GeV assume "x"\n\nregion sr\n  select count(bjets) == 0',
        ],
        [
            BR + "select count(bjets) >= 1",
            R + "select count(j for j in Jet if j.is_btagged and j.pt > 20 GeV) >= 1",
            R + "select count(j for j in Jet if j.pt > 20 GeV) == 0",
        ],
    ),
    (
        "",
        "Events with three leptons are required to have at least one opposite-sign same-flavor pair with |m_{ℓℓ} − m_Z| < 15 GeV.",
        [
            MZ
            + LR
            + "select any(|(i + j).mass - m_Z| < 15 GeV for i, j in leps if i.flavour == j.flavour and i.charge + j.charge == 0)",
            LR + "select count(leps) == 3",
        ],
        [
            MZ
            + LR
            + "select all(|(i + j).mass - m_Z| > 15 GeV for i, j in leps if i.flavour == j.flavour and i.charge + j.charge == 0)",
            MZ + LR + "select any(|(i + j).mass - m_Z| < 15 GeV for i, j in leps if i.flavour != j.flavour)",
        ],
    ),
    (
        "",
        "The photon must have R_9 > 0.8 and a ratio of hadronic to electromagnetic energy H/E below 0.08.",
        [P + "select r9 > 0.8", P + "select h_over_e < 0.08", P + "select hoe < 0.08"],
        [P + "select r9 > 0.08", P + "select hoe > 0.08", P + "select r9 < 0.8"],
    ),
    (
        "Photons are reconstructed from clusters.",
        "In the barrel (endcaps) the width variable σ_{iηiη} is required to be smaller than 0.0102 (0.0272).",
        [],
        [P + "select sieie < (if |eta| < 1.479 then 0.0272 else 0.0102)", P + "select sieie < 0.0272"],
    ),
    (
        "",
        "The z position of the vertex must be within 24 cm of the nominal interaction point, and the transverse displacement less than 2 cm.",
        [R + "select |PV.z| < 24 cm"],
        [R + "select |PV.z| < 2 cm", R + "select |PV.z| > 24 cm", R + "select |PV.z| < 24 mm"],
    ),
    (
        "",
        "We further demand Δφ(p_T^{miss}, j) > 0.5 rad for the four highest-p_T jets.",
        [JR + "select all(dphi(j, MET) > 0.5 for j in jets[:4])"],
        [
            JR + "select all(dphi(j, MET) > 0.5 for j in jets[:3])",
            JR + "select any(dphi(j, MET) > 0.5 for j in jets[:4])",
            JR + "select all(dphi(j, MET) < 0.5 for j in jets[:4])",
        ],
    ),
    (
        "",
        "Two same-sign leptons with p_T above 25 and 20 GeV are required, and the event has to have at least two jets and p_T^{miss} > 50 GeV.",
        [
            LR + "select leps[0].pt > 25 GeV",
            LR + "select leps[1].pt > 20 GeV",
            LR + "select leps[0].charge == leps[1].charge",
            R + "select MET.pt > 50 GeV",
            R + "select count(Jet) >= 2",
        ],
        [
            LR + "select leps[0].pt > 20 GeV",
            LR + "select leps[0].charge != leps[1].charge",
            R + "select MET.pt > 25 GeV",
        ],
    ),
    (
        "",
        "The lepton with the highest p_T is required to have p_T > 30 (25) GeV if it is an electron (muon).",
        [LR + "select leps[0].pt > (if leps[0].flavour == electron then 30 GeV else 25 GeV)"],
        [
            LR + "select leps[0].pt > (if leps[0].flavour == electron then 25 GeV else 30 GeV)",
            LR + "select leps[0].pt > 25 GeV",
        ],
    ),
    (
        "",
        "τ_h candidates are required to have p_T > 40 GeV, |η| < 2.1, and to pass the medium working point of the DeepTau discriminator against jets.",
        [TAU + "select pt > 40 GeV", TAU + "select |eta| < 2.1", TAU + "select is_medium"],
        [TAU + "select is_tight", TAU + "select |eta| > 2.1", E + "select pt > 40 GeV"],
    ),
    (
        "",
        "The difference in pseudorapidity between the two VBF jets is required to exceed 2.5, with their invariant mass exceeding 500 GeV.",
        [JR + "select |jets[0].eta - jets[1].eta| > 2.5", JR + "select (jets[0] + jets[1]).mass > 500 GeV"],
        [JR + "select |jets[0].eta - jets[1].eta| < 2.5", JR + "select |jets[0].phi - jets[1].phi| > 2.5"],
    ),
    (
        "",
        "Events are retained only if the photon and the dilepton system satisfy m_{ℓℓγ} + m_{ℓℓ} > 185 GeV.",
        [LR + "select (leps[0] + leps[1] + Photon[0]).mass + (leps[0] + leps[1]).mass > 185 GeV"],
        [
            LR + "select (leps[0] + leps[1] + Photon[0]).mass - (leps[0] + leps[1]).mass > 185 GeV",
            LR + "select (leps[0] + leps[1] + Photon[0]).mass > 185 GeV",
        ],
    ),
    (
        "",
        "The photon transverse momentum divided by the mass of the three-body system has to be larger than 15/110.",
        [],
        [
            LR + "select (leps[0] + leps[1] + Photon[0]).mass / Photon[0].pt > 15 / 110",
            LR + "select Photon[0].pt / (leps[0] + leps[1] + Photon[0]).mass < 15 / 110",
        ],
    ),
    (
        "",
        "Of all Z boson candidates, the one whose mass is nearest to the nominal Z mass is denoted Z_1 and must satisfy 40 < m_{Z_1} < 120 GeV.",
        [
            MZ + "composite z\n  take Muon a, Muon b\n  keep lowest |mass - m_Z|",
            "composite z1\n  take Muon a, Muon b\n  select 40 GeV < mass < 120 GeV",
            ZZ + "select 40 GeV < z1.mass < 120 GeV",
        ],
        [
            MZ + "composite z\n  take Muon a, Muon b\n  keep highest |mass - m_Z|",
            ZZ + "select 40 GeV < z2.mass < 120 GeV",
            ZZ + "select 12 GeV < z1.mass < 120 GeV",
        ],
    ),
    (
        "",
        "All leptons must originate from the primary vertex: |d_{xy}| < 0.5 cm and |d_z| < 1 cm.",
        [L + "select |dxy| < 0.5 cm", L + "select |dz| < 1 cm", E + "select |dxy| < 0.5 cm"],
        [L + "select |dxy| < 0.5 mm", L + "select |dz| < 0.5 cm", L + "select dxy < 0.5 cm"],
    ),
    (
        "Leptons have to be prompt.",
        "The significance of the three-dimensional impact parameter, SIP_{3D}, has to be smaller than 4.",
        [L + "select sip3d < 4"],
        [L + "select sip3d > 4", L + "select d0 < 4 mm"],
    ),
    (
        "",
        "Final-state photons with p_T > 2 GeV and within |η| < 2.4 are attached to the lepton if ΔR(γ, ℓ)/E_{T,γ}^2 < 0.012 GeV^{−2}.",
        [P + "select pt > 2 GeV", P + "select |eta| < 2.4"],
        [P + "select pt > 2.4 GeV", L + "select pt > 2 GeV"],
    ),
    (
        "",
        "Because of the trigger, the offline p_T threshold is 35 GeV for the electron and 30 GeV for the muon in 2016, rising to 38 and 32 GeV in the following years.",
        [],
        [E + "select pt > 32 GeV", M + "select pt > 35 GeV"],
    ),
    (
        "",
        "Four-lepton events must satisfy m_{4ℓ} > 70 GeV, and at least two of the leptons p_T > 10 GeV, one of them p_T > 20 GeV.",
        [
            LR + "select sum(leps[:4]).mass > 70 GeV",
            LR + "select count(l for l in leps if l.pt > 10 GeV) >= 2",
            LR + "select any(l.pt > 20 GeV for l in leps)",
        ],
        [
            LR + "select sum(leps[:4]).mass < 70 GeV",
            LR + "select all(l.pt > 20 GeV for l in leps)",
            LR + "select count(l for l in leps if l.pt > 10 GeV) >= 4",
        ],
    ),
    (
        "",
        "The lower threshold on S_T, the scalar sum of p_T over all jets, leptons and p_T^{miss}, is 1 TeV.",
        [],
        [
            R + "let st = sum(Jet.pt) + sum(Electron.pt) + sum(Muon.pt) + MET.pt\n  select st <= 1000 GeV",
            R + "let st = sum(Jet.pt) + sum(Electron.pt) + sum(Muon.pt) + MET.pt\n  select st >= 100 GeV",
        ],
    ),
    (
        "",
        "Jets in the region 2.5 < |η| < 3.0 with p_T below 50 GeV are dropped in 2017 because of detector noise.",
        [J + "reject 2.5 < |eta| < 3.0 and pt < 50 GeV"],
        [J + "reject 2.5 < |eta| < 3.0", J + "reject pt < 50 GeV", J + "reject 2.5 < |eta| < 3.0 or pt < 50 GeV"],
    ),
    (
        "",
        "The muons forming the J/ψ candidate must have p_T > 3.5 GeV for |η| < 1.2 and p_T > 1.5 GeV for 1.6 < |η| < 2.4.",
        [],
        [M + "select pt > 3.5 GeV", M + "select pt > 1.5 GeV"],
    ),
    (
        "",
        "The dimuon mass must lie within 100 MeV of the known J/ψ mass.",
        [
            'define m_jpsi = 3.0969 GeV assume "x"\n\ncomposite jpsi\n  take Muon a, Muon b\n  select |mass - m_jpsi| < 100 MeV'
        ],
        [
            'define m_jpsi = 3.0969 GeV assume "x"\n\ncomposite jpsi\n  take Muon a, Muon b\n  select |mass - m_jpsi| > 100 MeV',
            'define m_jpsi = 3.0969 GeV assume "x"\n\ncomposite jpsi\n  take Muon a, Muon b\n  select |mass - m_jpsi| < 10 MeV',
        ],
    ),
    (
        "",
        "A common vertex fit of the two muons is performed, whose χ² probability must be above 0.5%.",
        ["composite jpsi\n  take Muon a, Muon b\n  select vertex_prob > 0.005"],
        [
            "composite jpsi\n  take Muon a, Muon b\n  select vertex_prob > 0.5",
            "composite jpsi\n  take Muon a, Muon b\n  select vertex_prob < 0.005",
        ],
    ),
    (
        "",
        "Tracks are required to be of good quality, with χ²/ndf < 3, and to have p_T > 250 MeV/c.",
        [TR + "select chi2_ndf < 3", TR + "select pt > 250 MeV"],
        [TR + "select chi2_ndf > 3", TR + "select pt > 250 GeV", TR + "select p > 250 MeV"],
    ),
    (
        "",
        "Charged kaons and pions must have a momentum larger than 2 GeV/c and χ²_{IP} > 9 with respect to any primary vertex.",
        ["object kaons\n  take Track\n\nobject pions\n  take Track\n\nobject ks\n  take kaons\n  select p > 2 GeV"],
        ["object kaons\n  take Track\n  select pt > 2 GeV", "object kaons\n  take Track\n  select chi2ip < 9"],
    ),
    (
        "",
        "Each kaon candidate must have transverse momentum above 500 MeV/c and DLL_{Kπ} > 5.",
        ["object kaons\n  take Track\n  select pt > 500 MeV", "object kaons\n  take Track\n  select dll_k > 5"],
        [
            "object kaons\n  take Track\n  select p > 500 MeV",
            "object kaons\n  take Track\n  select dll_k < 5",
            "object pions\n  take Track\n  select pt > 500 MeV",
        ],
    ),
    (
        "",
        "Muon candidates are required to have p > 3 GeV/c, p_T > 0.5 GeV/c and 2 < η < 4.5.",
        [M + "select pt > 0.5 GeV", M + "select p > 3 GeV", M + "select 2 < eta < 4.5", M + "select pt > 500 MeV"],
        [M + "select pt > 3 GeV", M + "select 2 < |eta| < 4.5", M + "select p > 0.5 GeV"],
    ),
    (
        "",
        "The B^0 candidate is required to have a decay time larger than 0.3 ps and a vertex χ²/ndf of less than 9.",
        ["composite b0\n  take Track a, Track b\n  select vertex_chi2_ndf < 9"],
        ["composite b0\n  take Track a, Track b\n  select vertex_chi2_ndf > 9"],
    ),
    (
        "",
        "The K^{*0} candidate's mass must be within ±100 MeV/c² of the known K^*(892)^0 mass, 895.5 MeV/c².",
        ["composite kst\n  take Track k, Track pi\n  select |mass - 895.5 MeV| < 100 MeV"],
        [
            "composite kst\n  take Track k, Track pi\n  select |mass - 895.5 MeV| > 100 MeV",
            "composite kst\n  take Track k, Track pi\n  select |mass - 895.5 MeV| < 895.5 MeV",
        ],
    ),
    (
        "",
        "B-meson candidates in the mass interval 5200–5600 MeV/c² are retained for the fit.",
        ["composite b0\n  take Track a, Track b\n  select 5200 MeV < mass < 5600 MeV"],
        [
            "composite b0\n  take Track a, Track b\n  select mass > 5600 MeV",
            "composite b0\n  take Track a, Track b\n  select 5200 GeV < mass < 5600 GeV",
        ],
    ),
    (
        "",
        "The cosine of the angle between the momentum of the B candidate and its flight direction (DIRA) must be greater than 0.9999.",
        ["composite b0\n  take Track a, Track b\n  select dira > 0.9999"],
        [
            "composite b0\n  take Track a, Track b\n  select dira < 0.9999",
            "composite b0\n  take Track a, Track b\n  select dira > 0.999",
        ],
    ),
    (
        "",
        "Candidates with q² between 8 and 11 GeV²/c⁴, dominated by B → J/ψ K decays, are vetoed.",
        [
            "composite b\n  take Muon mp, Muon mm, Track k\n  let q2 = (mp + mm).mass^2\n  reject 8 GeV^2 < q2 < 11 GeV^2"
        ],
        [
            "composite b\n  take Muon mp, Muon mm, Track k\n  let q2 = (mp + mm).mass^2\n  select 8 GeV^2 < q2 < 11 GeV^2",
            "composite b\n  take Muon mp, Muon mm, Track k\n  let q2 = (mp + mm).mass^2\n  reject 8 GeV^2 < q2 < 12 GeV^2",
        ],
    ),
    (
        "",
        "Pions are identified by a neural-network output ProbNNpi exceeding 0.2.",
        ["object pions\n  take Track\n  select probnnpi > 0.2"],
        ["object pions\n  take Track\n  select probnnpi < 0.2", "object kaons\n  take Track\n  select probnnpi > 0.2"],
    ),
    (
        "",
        "The muons from the Z decay need p_T > 20 GeV, 2.0 < η < 4.5 and a relative momentum uncertainty of less than 10%.",
        [M + "select pt > 20 GeV", M + "select 2.0 < eta < 4.5"],
        [M + "select eta > 4.5", M + "select pt < 20 GeV"],
    ),
    (
        "",
        "The dimuon invariant mass is restricted to 60 < M_{μμ} < 120 GeV.",
        [MM + "select 60 GeV < mass < 120 GeV"],
        [MM + "select mass > 120 GeV", MM + "reject 60 GeV < mass < 120 GeV"],
    ),
    (
        "",
        "At most one candidate per event is kept, namely that with the smallest vertex χ².",
        [MM + "keep lowest vertex_chi2"],
        [MM + "keep highest vertex_chi2", MM + "keep lowest mass"],
    ),
    (
        "Events are selected with a single-muon trigger.",
        "Offline, we ask for one and only one muon, p_T above 30 GeV, and not less than two jets.",
        [R + "select count(Muon) == 1", R + "select Muon[0].pt > 30 GeV", R + "select count(Jet) >= 2"],
        [R + "select count(Muon) >= 1", R + "select count(Jet) > 2", R + "select count(Jet) <= 2"],
    ),
    (
        "Signal electrons are defined as follows.",
        "They must pass the tight criteria. In addition, their p_T has to exceed 28 GeV and |η| may be at most 2.4.",
        [
            "object signal_electrons\n  take Electron\n  select pt > 28 GeV",
            "object signal_electrons\n  take Electron\n  select |eta| <= 2.4",
        ],
        [
            "object signal_electrons\n  take Electron\n  select pt < 28 GeV",
            "object signal_electrons\n  take Electron\n  select |eta| >= 2.4",
        ],
    ),
    (
        "",
        "Jets are accepted up to |η| = 4.5, with a minimum transverse momentum of 25 GeV.",
        [J + "select pt >= 25 GeV", J + "select |eta| <= 4.5"],
        [J + "select pt <= 25 GeV", J + "select |eta| >= 4.5"],
    ),
    (
        "",
        "A minimum of three jets and a maximum of one b jet are asked for.",
        [R + "select count(Jet) >= 3", BR + "select count(bjets) <= 1"],
        [R + "select count(Jet) <= 3", BR + "select count(bjets) >= 1"],
    ),
    (
        "",
        "The fraction of the jet energy carried by neutral hadrons must not be larger than 90%.",
        [J + "select neutral_hadron_fraction <= 0.9"],
        [J + "select neutral_hadron_fraction >= 0.9", J + "select neutral_hadron_fraction <= 90"],
    ),
    (
        "",
        "Events with p_T^{miss} < 50 GeV or H_T < 300 GeV are discarded.",
        [
            R + "reject MET.pt < 50 GeV or sum(Jet.pt) < 300 GeV",
            R + "select MET.pt >= 50 GeV",
            R + "select sum(Jet.pt) >= 300 GeV",
        ],
        [
            R + "reject MET.pt < 50 GeV and sum(Jet.pt) < 300 GeV",
            R + "select MET.pt < 50 GeV",
            R + "select sum(Jet.pt) >= 50 GeV",
        ],
    ),
    (
        "",
        "The lepton isolation variable I_{mini} is required to stay below 10% (20%) of the lepton p_T for electrons (muons).",
        [E + "select miniiso < 0.1 * pt", M + "select miniiso / pt < 0.2"],
        [M + "select miniiso / pt > 0.2"],
    ),
    (
        "",
        "The three hardest jets are required to have p_T in excess of 100, 80 and 60 GeV.",
        [JR + "select jets[0].pt > 100 GeV", JR + "select jets[1].pt > 80 GeV", JR + "select jets[2].pt > 60 GeV"],
        [JR + "select jets[0].pt > 60 GeV", JR + "select jets[2].pt > 80 GeV"],
    ),
    (
        "",
        "Events are split into bins of E_T^{miss}: [200, 300), [300, 450) and ≥ 450 GeV.",
        [
            R + "bins b = MET.pt edges [200 GeV, 300 GeV, 450 GeV, inf]",
            R + 'bin "low" 200 GeV <= MET.pt < 300 GeV',
            R + 'bin "high" MET.pt >= 450 GeV',
        ],
        [R + "bins b = MET.pt edges [200 GeV, 350 GeV, 450 GeV, inf]", R + 'bin "low" 200 GeV <= MET.pt < 450 GeV'],
    ),
    (
        "",
        "In what follows, N_j denotes the number of jets with p_T > 40 GeV, and events with N_j ≥ 6 are used.",
        [R + "select count(j for j in Jet if j.pt > 40 GeV) >= 6"],
        [
            R + "select count(j for j in Jet if j.pt > 40 GeV) > 6",
            R + "select count(j for j in Jet if j.pt > 40 GeV) <= 6",
            R + "select count(j for j in Jet if j.pt > 60 GeV) >= 6",
        ],
    ),
    (
        "",
        "We require n_b ≥ 3 and n_j ≥ 5.",
        [BR + "select count(bjets) >= 3", R + "select count(Jet) >= 5"],
        [BR + "select count(bjets) >= 5", R + "select count(Jet) >= 3"],
    ),
    (
        "",
        "Leptons separated by less than 0.4 from a jet are not regarded as isolated and are removed.",
        [
            "object jets\n  take Jet\n\nobject leptons\n  take Electron, Muon\n  reject any(dr(this, j) < 0.4 for j in jets)"
        ],
        [
            "object jets\n  take Jet\n\nobject leptons\n  take Electron, Muon\n  reject any(dr(this, j) > 0.4 for j in jets)",
            "object jets\n  take Jet\n\nobject leptons\n  take Electron, Muon\n  select any(dr(this, j) < 0.4 for j in jets)",
        ],
    ),
    (
        "",
        "The leading jet must not be b-tagged, and neither jet may have |η| above 2.4.",
        [JR + "reject jets[0].is_btagged"],
        [JR + "select jets[0].is_btagged", JR + "select |jets[0].eta| > 2.4"],
    ),
    (
        "",
        "If more than one candidate is found, the one with the largest scalar p_T sum of its leptons is chosen.",
        [LL + "keep highest a.pt + b.pt"],
        [LL + "keep lowest a.pt + b.pt", LL + "keep highest pt"],
    ),
    (
        "",
        "The transverse momentum imbalance must satisfy 100 GeV ≤ p_T^{miss} < 200 GeV in the loose and p_T^{miss} ≥ 200 GeV in the tight signal region.",
        ["region sr_loose\n  select 100 GeV <= MET.pt < 200 GeV", "region sr_tight\n  select MET.pt >= 200 GeV"],
        ["region sr_loose\n  select MET.pt >= 200 GeV", "region sr_tight\n  select 100 GeV <= MET.pt < 200 GeV"],
    ),
    (
        "",
        "Both muons are required to be within the acceptance |η| < 2.4, with p_T > 4 GeV each.",
        [
            MM + "select a.pt > 4 GeV and b.pt > 4 GeV",
            MM + "select |a.eta| < 2.4 and |b.eta| < 2.4",
            M + "select pt > 4 GeV",
        ],
        [
            MM + "select a.pt > 4 GeV or b.pt > 4 GeV",
            MM + "select pt > 4 GeV",
            MM + "select |a.eta| > 2.4 and |b.eta| > 2.4",
        ],
    ),
    (
        "",
        "The centre-of-mass rapidity of the dimuon has to obey |y_{μμ}| < 2.4, while its transverse momentum should lie below 30 GeV.",
        [MM + "select |rapidity| < 2.4", MM + "select pt < 30 GeV"],
        [MM + "select |eta| < 2.4", MM + "select pt > 30 GeV"],
    ),
    (
        "",
        "Good-quality tracks have at least eight hits in the tracker, one of which or more in the pixel detector.",
        [TR + "select n_hits >= 8"],
        [TR + "select n_hits > 8"],
    ),
    (
        "",
        "The p_T-leading electron has to fulfil E_T > 35 GeV and the second one E_T > 20 GeV.",
        [R + "select Electron[0].pt > 35 GeV", R + "select Electron[1].pt > 20 GeV"],
        [R + "select Electron[0].pt > 20 GeV", R + "select Electron[1].pt > 35 GeV"],
    ),
    (
        "",
        "The mass of the two jets not assigned to a top quark should be compatible with that of the W boson, |m_{jj} − 80.4 GeV| ≤ 20 GeV.",
        [R + "select |(Jet[0] + Jet[1]).mass - 80.4 GeV| <= 20 GeV"],
        [
            R + "select |(Jet[0] + Jet[1]).mass - 80.4 GeV| >= 20 GeV",
            R + "select |(Jet[0] + Jet[1]).mass - 91.2 GeV| <= 20 GeV",
        ],
    ),
    (
        "",
        "The azimuthal angle between the dilepton system and p_T^{miss} must be greater than 2.6 radians, and |p_T^{miss} − p_T^{ℓℓ}|/p_T^{ℓℓ} less than 0.4.",
        [
            LR + "select dphi(leps[0] + leps[1], MET) > 2.6",
            LR + "select |MET.pt - (leps[0] + leps[1]).pt| / (leps[0] + leps[1]).pt < 0.4",
        ],
        [LR + "select dphi(leps[0] + leps[1], MET) < 2.6", LR + "select dphi(leps[0], leps[1]) > 2.6"],
    ),
    (
        "",
        "We veto events with an isolated track of p_T > 10 GeV (5 GeV if it is identified as a lepton).",
        [],
        [R + "reject count(t for t in Track if t.pt > 5 GeV) >= 1"],
    ),
    (
        "",
        "Jets failing this requirement, p_T < 30 GeV, do not enter the analysis.",
        [J + "reject pt < 30 GeV", J + "select pt >= 30 GeV"],
        [J + "select pt < 30 GeV"],
    ),
    (
        "",
        "A lepton is called isolated if the sum of the p_T of other tracks within ΔR = 0.2 is below 6% of its own p_T.",
        ["object isolated_leptons\n  take Electron, Muon\n  select ptcone20 / pt < 0.06"],
        [
            "object isolated_leptons\n  take Electron, Muon\n  select ptcone20 / pt > 0.06",
            "object isolated_leptons\n  take Electron, Muon\n  select ptcone20 / pt < 0.2",
        ],
    ),
    (
        "",
        "Events in the boosted category contain one large-R jet of p_T > 300 GeV and fail the resolved selection.",
        ['region resolved\n  select count(Jet) >= 4 assume "x"\n\nregion boosted\n  reject resolved'],
        [
            "region resolved\n  select count(f for f in FatJet if f.pt > 300 GeV) >= 1",
            'region resolved\n  select count(Jet) >= 4 assume "x"\n\nregion boosted\n  select resolved',
        ],
    ),
]

OBJECTS = """Table 1: Requirements on the reconstructed objects.

| Object | p_T [GeV] | \\|η\\| | Other requirements |
|---|---|---|---|
| Electrons | > 15 | < 2.47, not in 1.37–1.52 | Medium identification, tight isolation |
| Muons | > 12 | < 2.5 | Medium identification, \\|d_0\\|/σ_{d_0} < 3 |
| Taus | > 20 | < 2.5 | 1 or 3 tracks |
| Jets | > 25 | < 2.5 | JVT > 0.59 |
| b-jets | > 25 | < 2.5 | 70% working point |
| Photons | ≥ 30 | < 2.37 | Tight identification |
"""
REGIONS = """Table 2: Definition of the signal regions. The preselection is applied in all of them.

| Variable | SR-low | SR-med | SR-high |
|---|---|---|---|
| Number of jets | ≥ 2 | ≥ 2 | 4–6 |
| Number of b-jets | = 0 | ≥ 1 | ≥ 2 |
| E_T^{miss} [GeV] | 200–300 | 300–400 | > 400 |
| m_T [GeV] | > 100 | > 120 | > 150 |
| m_{ℓℓ} [GeV] | ∈ [81, 101] | ∉ [81, 101] | – |
| min Δφ(jet_{1,2}, E_T^{miss}) | > 0.4 | > 0.4 | > 0.6 |
| p_T(j_1) [GeV] | > 50 | > 80 | > 120 |
| p_T^{ℓ1}, p_T^{ℓ2} [GeV] | > 27, > 20 | > 27, > 20 | > 40, > 25 |
| H_T [TeV] | > 0.5 | > 0.8 | > 1.2 |
| E_T^{miss}/m_{eff} | > 0.2 | < 0.3 | – |
"""
SEARCH = """Table 3: Search regions, as a function of N_j, N_b, and p_T^{miss}.

| Region | N_j | N_b | p_T^{miss} (GeV) | H_T (GeV) |
|---|---|---|---|---|
| A | 2–4 | 0 | 50–200 | <125 |
| B | ≥5 | 0 | >200 | 125–300 |
| C | 2–4 | 1 | 50–200 | ≥300 |
| D | ≥5 | ≥2 | >200 | ≥300 |
"""
CHANNELS = """Table 4: Selection of the two channels.

| Requirement | e channel | μ channel |
|---|---|---|
| Lepton p_T | > 35 GeV | > 30 GeV |
| Lepton \\|η\\| | < 2.4 | < 2.1 |
| Relative isolation | < 0.06 | < 0.15 |
| p_T^{miss} | > 40 GeV | > 40 GeV |
| Second lepton veto, p_T | > 15 GeV | > 10 GeV |
| Transverse mass | > 50 GeV | > 50 GeV |
"""
PARTICLES = """Table 5: Requirements of the preselection. Momenta are in MeV/c.

| Particle | Variable | Requirement |
|---|---|---|
| μ^± | p_T | > 300 |
| μ^± | χ²_{IP} | > 9 |
| K^+ | p_T | > 500 |
| K^+ | ProbNNk | > 0.2 |
| B^+ | mass | 5100–5600 |
| B^+ | vertex χ²/ndf | < 8 |
"""
PRESELECTION = """Table 6: Preselection.

| Cut | Value |
|---|---|
| Exactly two opposite-sign leptons | |
| Leading lepton p_T | > 25 GeV |
| Subleading lepton p_T | > 15 GeV |
| m_{ℓℓ} | > 12 GeV |
| b-jet veto | N_{b-jets} = 0 |
| Z veto | \\|m_{ℓℓ} − m_Z\\| > 10 GeV |
| Δφ_{ℓℓ} | < 2.0 |
| p_T^{ℓℓ} | > 30 GeV |
| Number of jets (p_T > 30 GeV) | ≤ 1 |
"""

# A table; a row of it; programs whose last criterion cites it: right ones, wrong ones.
ROWS: list[tuple[str, str, list[str], list[str]]] = [
    (
        OBJECTS,
        "Electrons | > 15 | < 2.47, not in 1.37–1.52 | Medium identification, tight isolation",
        [E + "select pt > 15 GeV", E + "select |eta| < 2.47", E + "reject 1.37 < |eta| < 1.52", E + "select is_medium"],
        [
            M + "select pt > 15 GeV",
            E + "select pt > 2.47 GeV",
            E + "select pt < 15 GeV",
            E + "select 1.37 < |eta| < 1.52",
        ],
    ),
    (
        OBJECTS,
        "Muons | > 12 | < 2.5 | Medium identification, |d_0|/σ_{d_0} < 3",
        [
            M + "select pt > 12 GeV",
            M + "select |eta| < 2.5",
            M + "select |d0_significance| < 3",
            M + "select is_medium",
        ],
        [E + "select pt > 12 GeV", M + "select |eta| > 2.5", M + "select |d0| < 3 mm"],
    ),
    (
        OBJECTS,
        "Taus | > 20 | < 2.5 | 1 or 3 tracks",
        [TAU + "select pt > 20 GeV", TAU + "select n_tracks == 1 or n_tracks == 3"],
        [TAU + "select pt > 20 MeV", TAU + "select n_tracks == 1 or n_tracks == 2"],
    ),
    (
        OBJECTS,
        "Jets | > 25 | < 2.5 | JVT > 0.59",
        [J + "select pt > 25 GeV", J + "select jvt > 0.59", J + "select |eta| < 2.5"],
        [J + "select pt > 0.59 GeV", J + "select jvt < 0.59"],
    ),
    (
        OBJECTS,
        "b-jets | > 25 | < 2.5 | 70% working point",
        ["object bjets\n  take Jet\n  select pt > 25 GeV", "object bjets\n  take Jet\n  select is_btagged_70"],
        ["object bjets\n  take Jet\n  select pt < 25 GeV"],
    ),
    (
        OBJECTS,
        "Photons | ≥ 30 | < 2.37 | Tight identification",
        [P + "select pt >= 30 GeV", P + "select |eta| < 2.37", P + "select is_tight"],
        [P + "select pt > 30 GeV", P + "select is_loose"],
    ),
    (
        REGIONS,
        "Number of jets | ≥ 2 | ≥ 2 | 4–6",
        [
            LEPS + BJ + "region sr_low\n  select count(Jet) >= 2",
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select 4 <= count(Jet) <= 6',
        ],
        [
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select count(Jet) >= 2',
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select 4 <= count(Jet) <= 6',
        ],
    ),
    (
        REGIONS,
        "Number of b-jets | = 0 | ≥ 1 | ≥ 2",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select count(bjets) == 0',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  select count(bjets) >= 1',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select count(bjets) >= 2',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select count(bjets) >= 1',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  select count(bjets) >= 2',
        ],
    ),
    (
        REGIONS,
        "E_T^{miss} [GeV] | 200–300 | 300–400 | > 400",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select 200 GeV < MET.pt < 300 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select MET.pt > 400 GeV',
        ],
        [
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  select MET.pt > 400 GeV',
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select 200 GeV < MET.pt < 400 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select MET.pt > 300 GeV',
        ],
    ),
    (
        REGIONS,
        "m_T [GeV] | > 100 | > 120 | > 150",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select mt(leps[0], MET) > 100 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select mt(leps[0], MET) > 150 GeV',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select mt(leps[0], MET) > 120 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select mt(leps[0], MET) < 150 GeV',
        ],
    ),
    (
        REGIONS,
        "m_{ℓℓ} [GeV] | ∈ [81, 101] | ∉ [81, 101] | –",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select 81 GeV <= (leps[0] + leps[1]).mass <= 101 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  reject 81 GeV <= (leps[0] + leps[1]).mass <= 101 GeV',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  reject 81 GeV <= (leps[0] + leps[1]).mass <= 101 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  select 81 GeV <= (leps[0] + leps[1]).mass <= 101 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select 81 GeV <= (leps[0] + leps[1]).mass <= 101 GeV',
        ],
    ),
    (
        REGIONS,
        "min Δφ(jet_{1,2}, E_T^{miss}) | > 0.4 | > 0.4 | > 0.6",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select all(dphi(j, MET) > 0.4 for j in Jet[:2])',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select min(dphi(j, MET) for j in Jet[:2]) > 0.6',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select all(dphi(j, MET) > 0.6 for j in Jet[:2])',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select min(dphi(j, MET) for j in Jet[:2]) > 0.4',
        ],
    ),
    (
        REGIONS,
        "p_T(j_1) [GeV] | > 50 | > 80 | > 120",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select Jet[0].pt > 50 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  select Jet[0].pt > 80 GeV',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select Jet[0].pt > 80 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  select Jet[1].pt > 80 GeV',
        ],
    ),
    (
        REGIONS,
        "p_T^{ℓ1}, p_T^{ℓ2} [GeV] | > 27, > 20 | > 27, > 20 | > 40, > 25",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select leps[0].pt > 27 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select leps[1].pt > 25 GeV',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select leps[1].pt > 27 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select leps[1].pt > 20 GeV',
        ],
    ),
    (
        REGIONS,
        "H_T [TeV] | > 0.5 | > 0.8 | > 1.2",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select sum(Jet.pt) > 500 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select sum(Jet.pt) > 1.2 TeV',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  select sum(Jet.pt) > 800 GeV',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_med\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_high\n  select sum(Jet.pt) > 120 GeV',
        ],
    ),
    (
        REGIONS,
        "E_T^{miss}/m_{eff} | > 0.2 | < 0.3 | –",
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  let m_eff = MET.pt + sum(Jet.pt)\n  select MET.pt / m_eff > 0.2',
            'region sr_low\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_med\n  let m_eff = MET.pt + sum(Jet.pt)\n  select MET.pt / m_eff < 0.3',
        ],
        [
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  let m_eff = MET.pt + sum(Jet.pt)\n  select MET.pt / m_eff < 0.3',
            'region sr_med\n  select count(Jet) >= 1 assume "x"\n\nregion sr_high\n  select count(Jet) >= 1 assume "x"\n\nobject leps\n  take Electron, Muon\n  sort by pt descending\n\nobject bjets\n  take Jet\n  select is_btagged assume "x"\n\nregion sr_low\n  let m_eff = MET.pt + sum(Jet.pt)\n  select m_eff / MET.pt > 0.2',
        ],
    ),
    (
        SEARCH,
        "A | 2–4 | 0 | 50–200 | <125",
        [
            BJ
            + 'region b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion a\n  select 2 <= count(Jet) <= 4',
            BJ
            + 'region b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion a\n  select count(bjets) == 0',
            BJ
            + 'region b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion a\n  select 50 GeV < MET.pt < 200 GeV',
            BJ
            + 'region b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion a\n  select sum(Jet.pt) < 125 GeV',
        ],
        [
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select 50 GeV < MET.pt < 200 GeV',
            BJ
            + 'region b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion a\n  select count(bjets) >= 2',
            BJ
            + 'region b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion a\n  select MET.pt < 125 GeV',
        ],
    ),
    (
        SEARCH,
        "D | ≥5 | ≥2 | >200 | ≥300",
        [
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 5',
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(bjets) >= 2',
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select MET.pt > 200 GeV',
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select sum(Jet.pt) >= 300 GeV',
        ],
        [
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(bjets) >= 5',
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select sum(Jet.pt) > 300 GeV',
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select MET.pt > 200 GeV',
        ],
    ),
    (
        SEARCH,
        "B | ≥5 | 0 | >200 | 125–300",
        [
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(bjets) == 0',
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select 125 GeV < sum(Jet.pt) < 300 GeV',
        ],
        [
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select sum(Jet.pt) > 300 GeV',
            BJ
            + 'region a\n  select count(Jet) >= 1 assume "x"\n\nregion c\n  select count(Jet) >= 1 assume "x"\n\nregion d\n  select count(Jet) >= 1 assume "x"\n\nregion b\n  select count(Jet) <= 5',
        ],
    ),
    (
        CHANNELS,
        "Lepton p_T | > 35 GeV | > 30 GeV",
        [
            LEPS
            + 'region mu_channel\n  select count(Muon) == 1 assume "x"\n\nregion e_channel\n  select Electron[0].pt > 35 GeV',
            LEPS
            + 'region e_channel\n  select count(Electron) == 1 assume "x"\n\nregion mu_channel\n  select Muon[0].pt > 30 GeV',
            E + "select pt > 35 GeV",
        ],
        [
            LEPS
            + 'region mu_channel\n  select count(Muon) == 1 assume "x"\n\nregion e_channel\n  select Electron[0].pt > 30 GeV',
            LEPS
            + 'region e_channel\n  select count(Electron) == 1 assume "x"\n\nregion mu_channel\n  select Muon[0].pt > 35 GeV',
            M + "select pt > 35 GeV",
        ],
    ),
    (
        CHANNELS,
        "Lepton |η| | < 2.4 | < 2.1",
        [E + "select |eta| < 2.4", M + "select |eta| < 2.1"],
        [E + "select |eta| < 2.1", M + "select |eta| > 2.1"],
    ),
    (
        CHANNELS,
        "Relative isolation | < 0.06 | < 0.15",
        [E + "select pfreliso03 < 0.06", M + "select pfreliso04 < 0.15"],
        [E + "select pfreliso03 < 0.15", M + "select pfreliso04 > 0.15"],
    ),
    (
        CHANNELS,
        "p_T^{miss} | > 40 GeV | > 40 GeV",
        [
            LEPS
            + 'region mu_channel\n  select count(Muon) == 1 assume "x"\n\nregion e_channel\n  select MET.pt > 40 GeV',
            LEPS
            + 'region e_channel\n  select count(Electron) == 1 assume "x"\n\nregion mu_channel\n  select MET.pt > 40 GeV',
        ],
        [
            LEPS
            + 'region mu_channel\n  select count(Muon) == 1 assume "x"\n\nregion e_channel\n  select MET.pt < 40 GeV'
        ],
    ),
    (
        CHANNELS,
        "Transverse mass | > 50 GeV | > 50 GeV",
        [
            LEPS
            + 'region mu_channel\n  select count(Muon) == 1 assume "x"\n\nregion e_channel\n  select mt(Electron[0], MET) > 50 GeV',
            LEPS
            + 'region e_channel\n  select count(Electron) == 1 assume "x"\n\nregion mu_channel\n  select mt(Muon[0], MET) > 50 GeV',
        ],
        [
            LEPS
            + 'region mu_channel\n  select count(Muon) == 1 assume "x"\n\nregion e_channel\n  select mt(Electron[0], MET) < 50 GeV',
            LEPS
            + 'region e_channel\n  select count(Electron) == 1 assume "x"\n\nregion mu_channel\n  select (Muon[0] + Muon[1]).mass > 50 GeV',
        ],
    ),
    (
        PARTICLES,
        "μ^± | p_T | > 300",
        [],
        [M + "select pt > 300 GeV", M + "select p > 300 MeV", "object kaons\n  take Track\n  select pt > 300 MeV"],
    ),
    (
        PARTICLES,
        "K^+ | p_T | > 500",
        [],
        ["object kaons\n  take Track\n  select pt < 500 MeV", M + "select pt > 500 MeV"],
    ),
    (
        PARTICLES,
        "K^+ | ProbNNk | > 0.2",
        ["object kaons\n  take Track\n  select probnnk > 0.2"],
        ["object kaons\n  take Track\n  select probnnk < 0.2", "object pions\n  take Track\n  select probnnk > 0.2"],
    ),
    (
        PARTICLES,
        "B^+ | mass | 5100–5600",
        [],
        [
            "composite bplus\n  take Muon mp, Muon mm, Track k\n  select mass > 5600 MeV",
            "composite bplus\n  take Muon mp, Muon mm, Track k\n  reject 5100 MeV < mass < 5600 MeV",
        ],
    ),
    (
        PARTICLES,
        "B^+ | vertex χ²/ndf | < 8",
        ["composite bplus\n  take Muon mp, Muon mm, Track k\n  select vertex_chi2_ndf < 8"],
        ["composite bplus\n  take Muon mp, Muon mm, Track k\n  select vertex_chi2_ndf > 8"],
    ),
    (
        PRESELECTION,
        "Leading lepton p_T | > 25 GeV",
        [LR + "select leps[0].pt > 25 GeV"],
        [LR + "select leps[1].pt > 25 GeV", LR + "select leps[0].pt < 25 GeV"],
    ),
    (
        PRESELECTION,
        "Subleading lepton p_T | > 15 GeV",
        [LR + "select leps[1].pt > 15 GeV"],
        [LR + "select leps[0].pt > 15 GeV"],
    ),
    (
        PRESELECTION,
        "m_{ℓℓ} | > 12 GeV",
        [LR + "select (leps[0] + leps[1]).mass > 12 GeV", LL + "select mass > 12 GeV"],
        [LR + "select (leps[0] + leps[1]).pt > 12 GeV", LR + "select (leps[0] + leps[1]).mass < 12 GeV"],
    ),
    (
        PRESELECTION,
        "b-jet veto | N_{b-jets} = 0",
        [BR + "select count(bjets) == 0", BR + "reject count(bjets) > 0"],
        [BR + "select count(bjets) > 0", BR + "select count(Jet) == 0"],
    ),
    (
        PRESELECTION,
        "Z veto | |m_{ℓℓ} − m_Z| > 10 GeV",
        [
            MZ + LR + "select |(leps[0] + leps[1]).mass - m_Z| > 10 GeV",
            MZ + LR + "reject |(leps[0] + leps[1]).mass - m_Z| <= 10 GeV",
        ],
        [
            MZ + LR + "select |(leps[0] + leps[1]).mass - m_Z| < 10 GeV",
            MZ + LR + "reject |(leps[0] + leps[1]).mass - m_Z| > 10 GeV",
        ],
    ),
    (
        PRESELECTION,
        "Δφ_{ℓℓ} | < 2.0",
        [LR + "select dphi(leps[0], leps[1]) < 2.0"],
        [LR + "select dr(leps[0], leps[1]) < 2.0", LR + "select dphi(leps[0], leps[1]) > 2.0"],
    ),
    (
        PRESELECTION,
        "p_T^{ℓℓ} | > 30 GeV",
        [LR + "select (leps[0] + leps[1]).pt > 30 GeV", LL + "select pt > 30 GeV"],
        [LR + "select leps[0].pt > 30 GeV", LR + "select (leps[0] + leps[1]).mass > 30 GeV"],
    ),
    (
        PRESELECTION,
        "Number of jets (p_T > 30 GeV) | ≤ 1",
        [R + "select count(j for j in Jet if j.pt > 30 GeV) <= 1"],
        [
            R + "select count(j for j in Jet if j.pt > 30 GeV) >= 1",
            R + "select count(j for j in Jet if j.pt > 20 GeV) <= 1",
        ],
    ),
    (
        PRESELECTION,
        "Exactly two opposite-sign leptons",
        [
            LR + 'select leps[0].charge + leps[1].charge == 0 assume "x"\n  select count(leps) == 2',
            LR + "select leps[0].charge + leps[1].charge == 0",
        ],
        [LR + "select count(leps) >= 2", LR + "select leps[0].charge == leps[1].charge"],
    ),
]


@pytest.mark.parametrize(("before", "sentence", "right", "wrong"), SAID)
def test_what_a_sentence_says(before: str, sentence: str, right: list[str], wrong: list[str], tmp_path: Path) -> None:
    check_judged(f"{before} {sentence}".strip(), sentence, right, wrong, tmp_path)


@pytest.mark.parametrize(("table", "row", "right", "wrong"), ROWS)
def test_what_a_row_says(table: str, row: str, right: list[str], wrong: list[str], tmp_path: Path) -> None:
    check_judged(table, row, right, wrong, tmp_path)
