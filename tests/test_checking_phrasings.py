# ruff: noqa: E501, RUF001 - sentences are one line, and have Greek letters
"""Sentences as LHC papers phrase their selections, that checking had otherwise when it saw them first."""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import check_judged, judged
from cited_blocks import AK8, BJ, BR, LEPS, LL, LR, MM, MZ, TAU, TR, ZZ, E, J, L, M, P, R

from hepsel.extract.checking import Verdict

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

JETS = 'object jets\n  take Jet\n  select pt > 30 GeV assume "x"\n\n'
JR = JETS + R
GG = "composite diphotons\n  take Photon a, Photon b\n  "
BJO = "object bjets\n  take Jet\n  "
BARREL = 'define barrel = 1.479 assume "x"\n\n'
EMU = "composite emu\n  take Electron e, Muon mu\n  "
GG_SORTED = "object gs\n  take Photon\n  sort by pt descending\n\ncomposite gg\n  take gs lead, gs sub\n  "
BASE = "object base_muons\n  take Muon\n\n"
SFOS = LL + 'select a.flavour == b.flavour assume "x"\n  select a.charge + b.charge == 0 assume "x"\n  '
DPAIR = "composite tp\n  take ordered Muon tag, Muon probe\n  "

# What stands before the sentence; the sentence; programs whose last criterion cites it: right ones, wrong ones.
SAID: list[tuple[str, str, list[str], list[str]]] = [
    (
        "",
        "Electrons must fulfil the 'tight' likelihood identification criteria, and muons the 'medium' ones.",
        [E + "select is_tight"],
        [E + "select is_medium", M + "select is_tight"],
    ),
    (
        "",
        "Signal leptons are required to satisfy |d_0|/σ(d_0) < 3 (muons) or 5 (electrons), and |z_0 sin θ| < 0.5 mm.",
        [E + "select d0_significance < 5", L + "select |z0_sin_theta| < 0.5 mm"],
        [E + "select d0_significance < 3", L + "select d0_significance < 3"],
    ),
    (
        "",
        "Jets within ΔR < 0.4 of a selected lepton are discarded.",
        [J + "reject any(dr(this, l) < 0.4 for l in Electron) or any(dr(this, l) < 0.4 for l in Muon)"],
        [LEPS + J + "select any(dr(this, l) < 0.4 for l in leps)"],
    ),
    (
        "",
        "Jets with p_T < 50 GeV in the region 2.65 < |η| < 3.139 are removed to suppress noise in the forward calorimeter.",
        [J + "reject pt < 50 GeV and 2.65 < |eta| < 3.139"],
        [J + "reject pt < 50 GeV or 2.65 < |eta| < 3.139"],
    ),
    (
        "",
        "In order to suppress jets from pile-up interactions, a jet vertex tagger output larger than 0.5 is required for jets with 20 < p_T < 60 GeV and |η| < 2.4.",
        [J + "reject 20 GeV < pt < 60 GeV and |eta| < 2.4 and jvt <= 0.5"],
        [J + "select jvt > 0.5"],
    ),
    (
        "",
        "The sum of track p_T in a cone of ΔR = 0.3 around the muon, divided by the muon p_T, must not exceed 0.04.",
        [M + "select ptcone30 / pt <= 0.04", M + "reject ptcone30 / pt > 0.04"],
        [M + "select ptcone30 <= 0.04 GeV"],
    ),
    (
        "Electrons are selected in the following way.",
        "The calorimeter isolation E_T^{cone20} must be below 0.06 × p_T and the track isolation p_T^{varcone20} below 0.06 × p_T.",
        [E + "select topoetcone20 < 0.06 * pt", E + "select ptvarcone20 / pt < 0.06"],
        [E + "select topoetcone20 < 0.06 GeV"],
    ),
    (
        "",
        "If a jet has fewer than three associated tracks and lies within ΔR = 0.4 of a muon, the jet is removed; otherwise the muon is removed.",
        [
            J + "reject n_tracks < 3 and any(dr(this, m) < 0.4 for m in Muon)",
            J + "reject any(dr(this, m) < 0.4 for m in Muon) and n_tracks < 3",
        ],
        [J + "reject any(dr(this, m) < 0.4 for m in Muon)"],
    ),
    (
        "",
        "Large-R jets must have a mass between 50 and 200 GeV, p_T > 450 GeV and an N-subjettiness ratio τ_{21} < 0.45.",
        [AK8 + "select 50 GeV < mass < 200 GeV"],
        [AK8 + "select tau1 / tau2 < 0.45", AK8 + "select tau3 / tau2 < 0.45"],
    ),
    (
        "",
        "The soft-drop mass of the leading AK8 jet is required to be in the range 105 < m_{SD} < 135 GeV.",
        [R + "select 105 GeV < FatJet[0].softdrop_mass < 135 GeV"],
        [R + "select 105 GeV < FatJet[0].mass < 135 GeV"],
    ),
    (
        "",
        "The azimuthal separation between the missing transverse momentum and each of the selected jets must be greater than 0.4.",
        [JR + "select all(dphi(j, MET) > 0.4 for j in jets)"],
        [JR + "select dphi(jets[0], MET) > 0.4"],
    ),
    (
        "",
        "The p_T of the leading muon has to exceed 26 GeV for data collected in 2016 and 2018, and 29 GeV in 2017.",
        [R + "select Muon[0].pt > (if year == 2017 then 29 GeV else 26 GeV)"],
        [R + "select Muon[0].pt > 29 GeV"],
    ),
    (
        "",
        "A muon with p_T greater than 26 GeV and |η| < 2.4 must be present.",
        [M + 'select pt > 26 GeV assume "x"\n\nregion sr\n  select count(muons) >= 1'],
        [R + "select count(Muon) == 0"],
    ),
    (
        "",
        "Each event must have at least one reconstructed vertex located within 24 cm along the beam axis and 2 cm in the transverse plane of the nominal interaction point.",
        [R + "select |PV.z| < 24 cm"],
        [R + "select |PV.z| < 2 cm"],
    ),
    (
        "",
        "Of the leptons, at least one must have p_T > 25 GeV.",
        [LR + "select any(l.pt > 25 GeV for l in leps)"],
        [L + "select pt > 25 GeV"],
    ),
    (
        "",
        "The three leptons are required to have a total charge of ±1.",
        [LR + "select |leps[0].charge + leps[1].charge + leps[2].charge| == 1"],
        [LR + "select |leps[0].charge + leps[1].charge| == 1"],
    ),
    (
        "",
        "Events with a dijet invariant mass m_{jj} in the range 65 to 105 GeV are removed.",
        [JR + "reject 65 GeV < (jets[0] + jets[1]).mass < 105 GeV"],
        [JR + "select (jets[0] + jets[1]).mass > 105 GeV", JR + "reject (jets[0] + jets[1]).mass < 105 GeV"],
    ),
    (
        "",
        "The output of the boosted decision tree is required to be larger than 0.65 in the signal region.",
        [R + "let bdt = event.bdt\n  select bdt > 0.65"],
        [R + "let bdt = event.bdt\n  select bdt < 0.65"],
    ),
    (
        "",
        "Neither of the two leptons may be within ΔR = 0.4 of a jet.",
        [JETS + LR + "select all(dr(l, j) >= 0.4 for l in leps for j in jets)"],
        [JETS + LR + "reject all(dr(l, j) < 0.4 for l in leps for j in jets)"],
    ),
    (
        "",
        "Jets are required to have transverse momenta larger than 30 GeV if they are within |η| < 2.4, and larger than 40 GeV otherwise.",
        [
            J + "select pt > (if |eta| < 2.4 then 30 GeV else 40 GeV)",
            J + "select (|eta| < 2.4 and pt > 30 GeV) or (|eta| >= 2.4 and pt > 40 GeV)",
        ],
        [J + "select pt > 30 GeV"],
    ),
    (
        "",
        "Kaon and pion candidates must have an impact parameter χ^2 greater than 9 with respect to all primary vertices and p_T > 250 MeV/c.",
        ["object kaons\n  take Kaon\n  select ip_chi2 > 9"],
        ["object kaons\n  take Kaon\n  select ip_chi2 < 9"],
    ),
    (
        "",
        "The B^0 decay vertex must be significantly displaced from the primary vertex, with a flight distance significance above 10.",
        ["composite bs\n  take Muon a, Muon b\n  select fd_significance > 10"],
        ["composite bs\n  take Muon a, Muon b\n  select fd_significance < 10"],
    ),
    (
        "",
        "The cosine of the angle between the B momentum and the line joining primary and secondary vertices has to be larger than 0.9999.",
        ["composite bs\n  take Muon a, Muon b\n  select cos_pointing > 0.9999"],
        ["composite bs\n  take Muon a, Muon b\n  select cos_pointing > 0.999"],
    ),
    (
        "",
        "In the barrel (endcap), the impact parameters of electrons must satisfy |d_xy| < 0.05 (0.10) cm and |d_z| < 0.10 (0.20) cm.",
        [
            BARREL + E + "select |dxy| < (if |eta| < barrel then 0.05 cm else 0.10 cm)",
            BARREL + E + "select |dz| < (if |eta| < barrel then 0.10 cm else 0.20 cm)",
        ],
        [E + "select |dxy| < 0.05 cm"],
    ),
    (
        "",
        "Events in the eμ channel are required to have m_{eμ} > 20 GeV.",
        [EMU + "select mass > 20 GeV"],
        [MM + "select mass > 20 GeV"],
    ),
    (
        "",
        "Muons are kept only if their longitudinal impact parameter z_0 with respect to the primary vertex satisfies |z_0 sin θ| ≤ 0.5 mm.",
        [M + "select |z0_sin_theta| <= 0.5 mm"],
        [M + "select |z0| <= 0.5 mm"],
    ),
    (
        "",
        "Exactly one lepton, either an electron or a muon, with p_T ≥ 28 GeV is required.",
        [L + "select pt >= 28 GeV", L + 'select pt >= 28 GeV assume "x"\n\nregion sr\n  select count(leptons) == 1'],
        [L + "select pt > 28 GeV"],
    ),
    (
        "",
        "The highest p_T among the photons has to be above 145 GeV.",
        [R + "select max(Photon.pt) > 145 GeV"],
        [P + "select pt > 145 GeV"],
    ),
    (
        "",
        "Events are required to contain at least one photon with E_T^γ > 150 GeV, and no electron or muon with p_T > 7 or 6 GeV, respectively.",
        [R + "select any(p.pt > 150 GeV for p in Photon)"],
        [R + "select count(e for e in Electron if e.pt > 6 GeV) == 0"],
    ),
    (
        "",
        "The W+jets validation region requires 30 < m_T < 100 GeV and no b-tagged jets.",
        [LEPS + "region vr_w\n  select 30 GeV < mt(leps[0], MET) < 100 GeV"],
        [LR + "select 30 GeV < mt(leps[0], MET) < 100 GeV"],
    ),
    (
        "",
        "Events are required to pass |η^{γ1} − η^{γ2}| < 1.6.",
        [R + "select deta(Photon[0], Photon[1]) < 1.6", GG + "select |a.eta - b.eta| < 1.6"],
        [R + "select dphi(Photon[0], Photon[1]) < 1.6"],
    ),
    (
        "",
        "The event is rejected if any of the jets satisfies p_T > 20 GeV and fails the loose cleaning criteria.",
        [R + "reject any(j.pt > 20 GeV and not j.is_loose for j in Jet)"],
        [R + "reject any(j.pt > 20 GeV for j in Jet)"],
    ),
    (
        "",
        "Both photons must satisfy the tight identification, with the exception of the control sample, where one of them fails it.",
        [GG + "select a.is_tight and b.is_tight"],
        [GG + "select a.is_tight or b.is_tight", GG + "select a.is_tight"],
    ),
    (
        "",
        "The minimum azimuthal angle between E_T^{miss} and the four leading jets must be greater than 0.4.",
        [JR + "select min(dphi(j, MET) for j in jets[:4]) > 0.4"],
        [JR + "select min(dphi(j, MET) for j in jets[:3]) > 0.4"],
    ),
    (
        "",
        "Candidate Z bosons are built from e^+e^- or μ^+μ^- pairs with 60 < m_{ℓℓ} < 120 GeV.",
        [LL + "select a.flavour == b.flavour and a.charge + b.charge == 0"],
        [LL + "select a.charge == b.charge"],
    ),
    (
        "",
        "The four-lepton invariant mass is required to be greater than 180 GeV.",
        [LR + "select (leps[0] + leps[1] + leps[2] + leps[3]).mass > 180 GeV"],
        [ZZ + "select z1.mass > 180 GeV"],
    ),
    (
        "",
        "The double-sided cut 0.9 < E/p < 1.1 is applied to electrons.",
        [E + "select 0.9 < e_over_p < 1.1", E + "select 0.9 < energy / p < 1.1"],
        [E + "reject 0.9 < e_over_p < 1.1"],
    ),
    (
        "",
        "The leading large-radius jet must contain at least one b-tagged subjet, and have p_T of 250 GeV or more.",
        [R + "select FatJet[0].pt >= 250 GeV"],
        [R + "select FatJet[0].pt > 250 GeV"],
    ),
    (
        "",
        "The number of jets with p_T > 25 GeV in the forward region, 2.5 < |η| < 4.5, must be zero.",
        [
            R + "select count(j for j in Jet if j.pt > 25 GeV and 2.5 < |j.eta| < 4.5) == 0",
            R + "reject any(j.pt > 25 GeV and 2.5 < |j.eta| < 4.5 for j in Jet)",
        ],
        [R + "select count(j for j in Jet if j.pt > 25 GeV) == 0"],
    ),
    (
        "",
        "We demand p_T(j_1) > 100 GeV, p_T(j_2) > 80 GeV and |η(j_1)|, |η(j_2)| < 2.8.",
        [JR + "select |jets[0].eta| < 2.8 and |jets[1].eta| < 2.8"],
        [JR + "select jets[0].pt > 80 GeV"],
    ),
    (
        "",
        "Leptons are required to be separated from each other by ΔR > 0.02, or ΔR > 0.05 if they are of different flavour.",
        [LR + "select all(dr(i, j) > (if i.flavour == j.flavour then 0.02 else 0.05) for i, j in leps)"],
        [LR + "select all(dr(i, j) > 0.02 for i, j in leps)"],
    ),
    (
        "",
        "Muons with p_T < 20 GeV have to pass the 'LowPt' working point.",
        [M + "reject pt < 20 GeV and not is_low_pt", M + "select pt >= 20 GeV or is_low_pt"],
        [M + "select is_low_pt"],
    ),
    (
        "",
        "Two or more leptons, the hardest with p_T > 40 GeV, are required.",
        [LR + "select count(leps) >= 2"],
        [LR + "select leps[1].pt > 40 GeV"],
    ),
    (
        "",
        "The invariant mass of the three-jet system with the highest vector-summed p_T is required to be between 130 and 200 GeV.",
        [
            'composite trijets\n  take Jet a, Jet b, Jet c\n  keep highest pt assume "x"\n  select 130 GeV < mass < 200 GeV'
        ],
        ["composite trijets\n  take Jet a, Jet b, Jet c\n  keep highest mass"],
    ),
    (
        "",
        "No requirement is made on the p_T of the third jet, but the fourth must have p_T > 45 GeV.",
        [JR + "select jets[3].pt > 45 GeV"],
        [J + "select pt > 45 GeV"],
    ),
    (
        "",
        "The tag electron must have E_T > 30 GeV, whereas the probe is only required to exceed 15 GeV.",
        ["composite tp\n  take ordered Electron tag, Electron probe\n  select tag.pt > 30 GeV"],
        [
            "composite tp\n  take ordered Electron tag, Electron probe\n  select probe.pt > 30 GeV",
            "composite tp\n  take ordered Electron tag, Electron probe\n  select tag.pt > 15 GeV",
        ],
    ),
    (
        "",
        "The p_T asymmetry |p_T^{1} − p_T^{2}|/(p_T^{1} + p_T^{2}) of the two leading jets must be below 0.3.",
        [JR + "select |jets[0].pt - jets[1].pt| / (jets[0].pt + jets[1].pt) < 0.3"],
        [JR + "select |jets[0].pt + jets[1].pt| / (jets[0].pt - jets[1].pt) < 0.3"],
    ),
    (
        "",
        "A lepton-jet separation of min ΔR(ℓ, j) > 0.4 is also demanded.",
        [JETS + LR + "select min(dr(l, j) for l in leps for j in jets) > 0.4"],
        [JR + "select min(dr(i, j) for i, j in jets) > 0.4"],
    ),
    (
        "",
        "Jets with 2.4 < |η| < 5 enter only the calculation of the missing transverse momentum; those used in the analysis have |η| ≤ 2.4.",
        [J + "select |eta| <= 2.4"],
        [J + "select |eta| >= 2.4"],
    ),
    (
        "",
        "The Higgs boson candidate is required to have 115 GeV ≤ m_{bb} ≤ 135 GeV.",
        [
            BR + "select 115 GeV <= (bjets[0] + bjets[1]).mass <= 135 GeV",
            "composite h\n  take Jet a, Jet b\n  select 115 GeV <= mass <= 135 GeV",
        ],
        [BR + "select 115 GeV < (bjets[0] + bjets[1]).mass < 135 GeV"],
    ),
    (
        "",
        "The lepton of the second-highest p_T must have p_T > 12 (10) GeV if it is an electron (muon).",
        [
            LR + "select leps[1].pt > (if leps[1].flavour == electron then 12 GeV else 10 GeV)",
            LR + "select leps[1].pt > (if leps[1].flavour == muon then 10 GeV else 12 GeV)",
        ],
        [
            LR + "select leps[1].pt > (if leps[1].flavour == muon then 12 GeV else 10 GeV)",
            LR + "select leps[1].pt > (if leps[1].flavour == electron then 10 GeV else 12 GeV)",
        ],
    ),
    (
        "",
        "The p_T of the subleading lepton must be larger than 10 GeV if it is a muon and larger than 13 GeV if it is an electron.",
        [
            LR + "select leps[1].pt > (if leps[1].flavour == muon then 10 GeV else 13 GeV)",
            LR + "select leps[1].pt > (if leps[1].flavour == electron then 13 GeV else 10 GeV)",
        ],
        [LR + "select leps[1].pt > 10 GeV"],
    ),
    (
        "",
        "The jets are required to have p_T > 25 GeV in the central region (|η| < 2.4) and p_T > 30 GeV in the forward region (2.4 < |η| < 4.5).",
        [
            J + "select pt > (if |eta| < 2.4 then 25 GeV else 30 GeV)",
            J + "select (|eta| < 2.4 and pt > 25 GeV) or (2.4 < |eta| < 4.5 and pt > 30 GeV)",
        ],
        [J + "select pt > 25 GeV"],
    ),
    (
        "",
        "A veto is placed on events with a hadronically decaying tau lepton of p_T > 18 GeV and |η| < 2.3.",
        [R + "reject any(t.pt > 18 GeV and |t.eta| < 2.3 for t in Tau)"],
        [R + "reject any(e.pt > 18 GeV and |e.eta| < 2.3 for e in Electron)"],
    ),
    (
        "",
        "The azimuthal distance of the dilepton system and the p_T^{miss} must be larger than π/2.",
        [LR + "select dphi(leps[0] + leps[1], MET) > pi / 2"],
        [LR + "select dphi(leps[0], MET) > pi / 2"],
    ),
    (
        "",
        "The fiducial region is defined by p_T^ℓ > 27 GeV, |η_ℓ| < 2.5 and p_T^ν > 25 GeV.",
        ["region fiducial\n  select GenNeutrino[0].pt > 25 GeV"],
        [L + "select pt > 25 GeV", "region fiducial\n  select GenNeutrino[0].pt > 27 GeV"],
    ),
    (
        "",
        "The photon p_T divided by the mass of the Zγ system must be higher than 15/110.",
        ["composite zg\n  take Muon a, Muon b, Photon g\n  select g.pt / mass > 15 / 110"],
        ["composite zg\n  take Muon a, Muon b, Photon g\n  select mass / g.pt > 15 / 110"],
    ),
    (
        "",
        "The muons must not both have |η| > 1.5.",
        [MM + "reject |a.eta| > 1.5 and |b.eta| > 1.5", MM + "select |a.eta| <= 1.5 or |b.eta| <= 1.5"],
        [MM + "select |a.eta| > 1.5 and |b.eta| > 1.5"],
    ),
    (
        "",
        "At least one of the two photons has to be in the barrel, |η| < 1.44.",
        [GG + "select |a.eta| < 1.44 or |b.eta| < 1.44"],
        [GG + "select |a.eta| < 1.44 and |b.eta| < 1.44"],
    ),
    (
        "",
        "The transverse momentum imbalance of the two leptons with the three-jet system, Δφ(ℓℓ, jjj), should be larger than 2.0.",
        [],
        [JETS + LR + "select dphi(leps[0], jets[0]) > 2.0"],
    ),
    (
        "",
        "The number of b-tagged jets is required to be zero (one or more) in the signal (control) region.",
        [BR + "select count(bjets) == 0"],
        [BR + "select count(bjets) >= 1", BJ + "region cr\n  select count(bjets) == 0"],
    ),
    (
        "",
        "The upper limit on the jet p_T of 200 GeV removes a poorly modelled region.",
        [J + "select pt < 200 GeV"],
        [J + "select pt > 200 GeV"],
    ),
    (
        "",
        "Baseline muons are selected with p_T > 4 GeV and |η| < 2.7, whereas signal muons must additionally fulfil |η| < 2.5 and d_0 significance below three.",
        ["object baseline_muons\n  take Muon\n  select |eta| < 2.7"],
        [
            "object signal_muons\n  take Muon\n  select |eta| < 2.7",
            "object baseline_muons\n  take Muon\n  select |eta| < 2.5",
        ],
    ),
    (
        "",
        "The photon must be at least 0.7 away in ΔR from either lepton.",
        [
            LEPS + P + "select all(dr(this, l) >= 0.7 for l in leps)",
            LEPS + P + "reject any(dr(this, l) < 0.7 for l in leps)",
        ],
        [LEPS + P + "select any(dr(this, l) >= 0.7 for l in leps)"],
    ),
    (
        "",
        "Events with |Δφ(E_T^{miss}, p_T^{miss,trk})| ≥ π/2 are discarded.",
        [R + "reject dphi(MET, TrackMET) >= pi / 2", R + "select dphi(MET, TrackMET) < pi / 2"],
        [R + "select dphi(MET, TrackMET) >= pi / 2"],
    ),
    (
        "",
        "Electrons must have sigma_{iηiη} smaller than 0.0106 in the barrel and 0.0387 in the endcaps.",
        [BARREL + E + "select sieie < (if |eta| < barrel then 0.0106 else 0.0387)"],
        [E + "select sieie < 0.0387"],
    ),
    (
        "",
        "p_T^{miss} is required to be larger than 100 GeV for m_{ℓℓ} < 50 GeV, and larger than 150 GeV above.",
        [LR + "select MET.pt > (if (leps[0] + leps[1]).mass < 50 GeV then 100 GeV else 150 GeV)"],
        [LR + "select MET.pt > (if (leps[0] + leps[1]).mass < 50 GeV then 150 GeV else 100 GeV)"],
    ),
    (
        "",
        "The electron p_T threshold is 27 GeV for the 2015 data set and 29 GeV for 2016-2018.",
        [R + "select Electron[0].pt > (if year == 2015 then 27 GeV else 29 GeV)"],
        [R + "select Electron[0].pt > 29 GeV"],
    ),
    (
        "",
        "Electrons in the barrel must satisfy σ_{iηiη} < 0.011, those in the endcaps σ_{iηiη} < 0.031.",
        [BARREL + E + "select sieie < (if |eta| < barrel then 0.011 else 0.031)"],
        [BARREL + E + "select sieie < (if |eta| < barrel then 0.031 else 0.011)"],
    ),
    (
        "Electrons are selected as follows.",
        "The relative isolation is required to be below 0.08 for |η| < 1.5 and below 0.07 for |η| > 1.5.",
        [E + "select pfreliso03 < (if |eta| < 1.5 then 0.08 else 0.07)"],
        [
            E + "select pfreliso03 < (if |eta| < 1.5 then 0.07 else 0.08)",
            E + "select pfreliso03 < (if |eta| > 1.5 then 0.08 else 0.07)",
        ],
    ),
    (
        "",
        "Events with m_{jj} between 65 and 120 GeV are vetoed.",
        [JR + "reject 65 GeV < (jets[0] + jets[1]).mass < 120 GeV"],
        [JR + "reject (jets[0] + jets[1]).mass < 120 GeV", JR + "select (jets[0] + jets[1]).mass > 120 GeV"],
    ),
    (
        "",
        "Muons and electrons must have p_T in excess of 30 and 35 GeV, respectively.",
        [M + "select pt > 30 GeV"],
        [E + "select pt > 30 GeV", M + "select pt > 35 GeV"],
    ),
    (
        "",
        "Either of the two muons must have |η| < 1.2.",
        [MM + "select |a.eta| < 1.2 or |b.eta| < 1.2"],
        [MM + "select |a.eta| < 1.2 and |b.eta| < 1.2"],
    ),
    (
        "",
        "The electron has to pass the medium and the muon the tight identification working point.",
        [E + "select is_medium"],
        [E + "select is_tight", M + "select is_medium"],
    ),
    (
        "",
        "Tight identification is required for muons with p_T < 15 GeV.",
        [M + "select pt >= 15 GeV or is_tight", M + "reject pt < 15 GeV and not is_tight"],
        [M + "select is_tight", M + "select pt < 15 GeV"],
    ),
    (
        "",
        "The invariant mass of the jet pair closest in ΔR is required to be below 140 GeV.",
        ["composite dijets\n  take Jet a, Jet b\n  keep lowest dr(a, b)"],
        ["composite dijets\n  take Jet a, Jet b\n  keep lowest mass"],
    ),
    (
        "",
        "Jets are reclustered with R = 1.0, and the leading one must have a mass greater than 120 GeV and τ_{32} below 0.7.",
        [AK8 + "sort by pt descending\n\nregion sr\n  select fatjets[0].tau3 / fatjets[0].tau2 < 0.7"],
        [AK8 + "sort by pt descending\n\nregion sr\n  select fatjets[1].mass > 120 GeV"],
    ),
    (
        "",
        "The angle between the dilepton system and the missing transverse momentum in the transverse plane should exceed π/3.",
        [LR + "select dphi(leps[0] + leps[1], MET) > pi / 3"],
        [LR + "select dphi(leps[0] + leps[1], MET) < pi / 3"],
    ),
    (
        "",
        "Events are discarded whenever ΔR(γ, ℓ) < 0.4 for any lepton.",
        [LR + "reject any(dr(Photon[0], l) < 0.4 for l in leps)"],
        [LR + "reject all(dr(Photon[0], l) < 0.4 for l in leps)"],
    ),
    (
        "",
        "Veto electrons have p_T > 10 GeV and |η| < 2.5, tight electrons p_T > 40 GeV and |η| < 2.1.",
        ["object veto_electrons\n  take Electron\n  select pt > 10 GeV"],
        [
            "object tight_electrons\n  take Electron\n  select pt > 10 GeV",
            "object tight_electrons\n  take Electron\n  select |eta| < 2.5",
        ],
    ),
    (
        "",
        "The tag muon must be matched to the trigger and have p_T > 26 GeV; for the probe muon, p_T > 10 GeV suffices.",
        [DPAIR + "select tag.pt > 26 GeV"],
        [DPAIR + "select probe.pt > 26 GeV", DPAIR + "select tag.pt > 10 GeV"],
    ),
    (
        "",
        "The Higgs boson candidate is built from the two b-tagged jets and is required to have p_T > 150 GeV and 100 < m_{bb} < 150 GeV.",
        [BR + "select (bjets[0] + bjets[1]).pt > 150 GeV"],
        [BR + "select bjets[0].pt > 150 GeV", BJO + "select pt > 150 GeV"],
    ),
    (
        "",
        "The sum of the charges of the two taus must vanish.",
        ["composite ditaus\n  take Tau a, Tau b\n  select a.charge + b.charge == 0"],
        ["composite ditaus\n  take Tau a, Tau b\n  select a.charge == b.charge"],
    ),
    (
        "",
        "A BDT score above 0.9 defines the high-purity category, while scores between 0.5 and 0.9 enter the low-purity one.",
        ["region high_purity\n  let score = event.bdt_score\n  select score > 0.9"],
        ["region low_purity\n  let score = event.bdt_score\n  select score > 0.9"],
    ),
    (
        "",
        "The hardest jet must carry at least 55% of H_T.",
        [JR + "select jets[0].pt / sum(jets.pt) >= 0.55"],
        [JR + "select sum(jets.pt) / jets[0].pt >= 0.55", JR + "select jets[0].pt >= 0.55 * MET.pt"],
    ),
    (
        "",
        "Displaced tracks with a transverse impact parameter of 2 to 300 mm are considered.",
        [TR + "select 2 mm < |d0| < 300 mm"],
        [TR + "select 2 mm < |z0| < 300 mm"],
    ),
    (
        "",
        "The distance in η between the photon and the nearest jet must be at least 0.6.",
        [JETS + P + "select min(deta(this, j) for j in jets) >= 0.6"],
        [JETS + P + "select min(dphi(this, j) for j in jets) >= 0.6"],
    ),
    (
        "",
        "A dimuon vertex with χ^2 probability exceeding 0.5% has to be reconstructed.",
        [MM + "select vertex_prob > 0.005"],
        [MM + "select vertex_prob < 0.005"],
    ),
    (
        "",
        "We ask for three to five jets.",
        [JR + "select 3 <= count(jets) <= 5", JR + "select count(jets) >= 3 and count(jets) <= 5"],
        [JR + "select 3 < count(jets) < 5"],
    ),
    (
        "",
        "Photons with E_T > 15 GeV, or E_T > 10 GeV if they are not converted, are retained.",
        [P + "select pt > (if is_converted then 15 GeV else 10 GeV)"],
        [P + "select pt > 15 GeV"],
    ),
    (
        "",
        "The missing transverse momentum should exceed 80 GeV in the μ channel and 100 GeV in the e channel.",
        ["region e\n  select MET.pt > 100 GeV"],
        ["region mu\n  select MET.pt < 80 GeV"],
    ),
    (
        "",
        "At the preselection level, H_T > 300 GeV and p_T^{miss} > 250 GeV are imposed; SR A further requires p_T^{miss} > 450 GeV.",
        [JETS + "region presel\n  select sum(jets.pt) > 300 GeV"],
        ["region presel\n  select MET.pt > 450 GeV"],
    ),
    (
        "",
        "The leading track in the tau candidate is required to have a p_T of at least 5 GeV.",
        [TAU + "select lead_track_pt >= 5 GeV"],
        [TAU + "select pt >= 5 GeV"],
    ),
    (
        "",
        "Anti-k_t jets with R = 0.4 are kept if p_T > 30 GeV (|η| < 2.5) or p_T > 50 GeV (2.5 < |η| < 5.0).",
        [J + "select pt > (if |eta| < 2.5 then 30 GeV else 50 GeV)"],
        [J + "select pt > 30 GeV"],
    ),
    (
        "",
        "If more than one SFOS pair exists, the one whose mass is nearest to m_Z defines the Z candidate.",
        [MZ + LL + "keep lowest |mass - m_Z|"],
        [MZ + LL + "keep lowest mass", MZ + LL + "keep lowest |pt - m_Z|"],
    ),
    (
        "",
        "Leptons have to be isolated from jets by at least 0.4 in ΔR.",
        [
            JETS + L + "select all(dr(this, j) >= 0.4 for j in jets)",
            JETS + L + "reject any(dr(this, j) < 0.4 for j in jets)",
        ],
        [JETS + L + "select any(dr(this, j) >= 0.4 for j in jets)"],
    ),
    (
        "",
        "Muons are selected with p_T > 3.5 GeV for |η| < 1.2, p_T > 2.0 GeV for 1.6 < |η| < 2.4.",
        [M + "select (|eta| < 1.2 and pt > 3.5 GeV) or (1.6 < |eta| < 2.4 and pt > 2 GeV)"],
        [M + "select pt > 3.5 GeV"],
    ),
    (
        "",
        "The soft-drop mass of the Higgs-candidate jet has to be 105-135 GeV.",
        [R + "select 105 GeV < FatJet[0].msoftdrop < 135 GeV"],
        [R + "select 105 GeV < FatJet[0].mass < 135 GeV"],
    ),
    (
        "",
        "A second lepton with p_T > 10 GeV leads to the rejection of the event.",
        [LR + "reject leps[1].pt > 10 GeV", LR + "reject count(l for l in leps if l.pt > 10 GeV) >= 2"],
        [LR + "select leps[1].pt > 10 GeV"],
    ),
    (
        "",
        "The leading lepton must be a muon with p_T > 20 GeV or an electron with p_T > 25 GeV.",
        [LR + "select leps[0].pt > (if leps[0].flavour == muon then 20 GeV else 25 GeV)"],
        [LR + "select leps[0].pt > 20 GeV"],
    ),
    (
        "",
        "Muons within ΔR < min(0.4, 0.04 + 10 GeV/p_T) of a jet are removed.",
        [M + "reject any(dr(this, j) < min(0.4, 0.04 + 10 GeV / pt) for j in Jet)"],
        [M + "reject any(dr(this, j) < max(0.4, 0.04 + 10 GeV / pt) for j in Jet)"],
    ),
    (
        "",
        "In the validation region the requirement on E_T^{miss} is lowered to 100 GeV.",
        ["region vr\n  select MET.pt > 100 GeV"],
        ["region vr\n  select MET.pt < 100 GeV"],
    ),
    (
        "",
        "For the loose region, the threshold on the leading jet p_T is reduced from 200 to 100 GeV.",
        ["region loose\n  select Jet[0].pt > 100 GeV"],
        ["region loose\n  select Jet[0].pt > 200 GeV"],
    ),
    (
        "",
        "Electrons must satisfy |η_{SC}| < 2.5.",
        [E + "select |eta_sc| < 2.5"],
        [E + "select |eta| < 2.5"],
    ),
    (
        "",
        "Muons in the control region need not satisfy the isolation requirement I_{rel} < 0.15.",
        [],
        [M + "select pfreliso04 < 0.15"],
    ),
    (
        "",
        "Candidate electrons are clusters with E_T above 17 GeV in the region |η| < 2.47 (the crack 1.37-1.52 is left out).",
        [E + "select |eta| < 2.47", E + "reject 1.37 < |eta| < 1.52"],
        [E + "select pt > 2.47 GeV"],
    ),
    (
        "",
        "The jets are required to have p_T > 30 GeV in 2016 and p_T > 40 GeV in 2017-2018.",
        [J + "select pt > (if year == 2016 then 30 GeV else 40 GeV)"],
        [J + "select pt > 30 GeV"],
    ),
    (
        "",
        "We reject jets that fail JVT > 0.2 when they have p_T < 60 GeV.",
        [J + "reject pt < 60 GeV and jvt <= 0.2"],
        [J + "reject pt < 60 GeV and jvt > 0.2"],
    ),
    (
        "",
        "Forward electrons (|η| > 2.5) have to pass the tight, central ones the loose selection.",
        [E + "select is_tight or |eta| <= 2.5"],
        [E + "select is_tight", E + "select is_loose"],
    ),
    (
        "",
        "SR1 and SR2 require E_T^{miss} > 200 GeV and E_T^{miss} > 300 GeV, respectively.",
        ["region sr1\n  select MET.pt > 200 GeV"],
        ["region sr1\n  select MET.pt > 300 GeV", "region sr2\n  select MET.pt > 200 GeV"],
    ),
    (
        "",
        "In the same-flavour channel, the Z veto |m_{ℓℓ} − m_Z| > 15 GeV and E_T^{miss} > 40 GeV are applied in addition.",
        [
            MZ + LEPS + "region sf\n  select |(leps[0] + leps[1]).mass - m_Z| > 15 GeV",
            "region sf\n  select MET.pt > 40 GeV",
        ],
        [MZ + LEPS + "region sf\n  select |(leps[0] + leps[1]).mass - m_Z| < 15 GeV"],
    ),
    (
        "For dilepton pairs the following holds.",
        "A window of ±15 GeV around the Z mass is excluded.",
        [MZ + LL + "reject |mass - m_Z| < 15 GeV"],
        [MZ + LL + "reject mass < 15 GeV"],
    ),
    (
        "",
        "Muons failing the isolation requirement are discarded.",
        [M + "select is_isolated", M + "reject not is_isolated"],
        [M + "reject is_isolated"],
    ),
    (
        "",
        "Events with p_T^{miss} > 150 GeV are vetoed unless they have at least two b-tagged jets.",
        [BR + "select MET.pt <= 150 GeV or count(bjets) >= 2"],
        [BR + "reject MET.pt > 150 GeV and count(bjets) >= 2"],
    ),
    (
        "",
        "For 1-prong (3-prong) τ_h, the visible mass is required to be below 0.5 (1.5) GeV.",
        [TAU + "select mass < (if n_prongs == 1 then 0.5 GeV else 1.5 GeV)"],
        [TAU + "select mass < (if n_prongs == 1 then 1.5 GeV else 0.5 GeV)"],
    ),
    (
        "",
        "N_{jets} = 0, p_T^{ℓℓ} > 30 GeV and m_{ℓℓ} > 10 GeV define the ggF category.",
        [JR + "select count(jets) == 0"],
        [JR + "select count(jets) >= 1"],
    ),
    (
        "",
        "The azimuthal opening angle of the two muons has to be smaller than 2.2 rad.",
        [MM + "select dphi(a, b) < 2.2", R + "select dphi(Muon[0], Muon[1]) < 2.2"],
        [MM + "select dphi(a, b) > 2.2"],
    ),
    # Of whole papers that were written for it, in the style of ATLAS and CMS.
    (
        "",
        "Signal electrons (muons) must satisfy the Tight (Medium) identification, |d_0/σ_{d_0}| < 5 (3) and |z_0 sin θ| < 0.5 mm.",
        [
            BASE + "object sig_muons\n  take base_muons\n  select d0_significance < 3",
            BASE + "object sig_muons\n  take base_muons\n  select is_medium",
            BASE + "object sig_muons\n  take base_muons\n  select |z0_sin_theta| < 0.5 mm",
        ],
        [
            BASE + "object sig_muons\n  take base_muons\n  select is_tight",
            "object base_muons\n  take Muon\n  select d0_significance < 3",
        ],
    ),
    (
        "",
        "Baseline jets have p_T > 20 GeV and |η| < 4.5; signal jets are those with |η| < 2.8 that pass the jet vertex tagger if their p_T is below 60 GeV and |η| < 2.4.",
        [
            "object base_jets\n  take Jet\n\nobject jets\n  take base_jets\n  select |eta| < 2.8",
            "object base_jets\n  take Jet\n\nobject jets\n  take base_jets\n  reject pt < 60 GeV and |eta| < 2.4 and not passes_jvt",
        ],
        ["object base_jets\n  take Jet\n  select |eta| < 2.8"],
    ),
    (
        "The following holds for the control regions.",
        "The top control region is identical to the W control region, except that at least one b-jet is required.",
        [BJ + "region cr_top\n  select count(bjets) >= 1"],
        [BJ + "region cr_top\n  select count(bjets) == 0"],
    ),
    (
        "",
        "Hadronically decaying τ-leptons are reconstructed from jets and must have |η| < 2.5, with the transition region 1.37 < |η| < 1.52 between the calorimeters excluded.",
        [TAU + "reject 1.37 < |eta| < 1.52", TAU + "select |eta| < 2.5"],
        [TAU + "select 1.37 < |eta| < 1.52", J + "reject 1.37 < |eta| < 1.52"],
    ),
    (
        "",
        "The two highest-p_T photons of the event must have p_T > 35 and 25 GeV, respectively.",
        [GG_SORTED + "select lead.pt > 35 GeV", GG_SORTED + "select sub.pt > 25 GeV"],
        [GG_SORTED + "select lead.pt > 25 GeV", GG_SORTED + "select sub.pt > 35 GeV", GG + "select a.pt > 35 GeV"],
    ),
    (
        "",
        "The scaled transverse momentum of the leading photon, p_T^{γ1}/m_{γγ}, must exceed 1/3, and that of the subleading photon 1/4.",
        [GG_SORTED + "select lead.pt / mass > 1 / 3", GG_SORTED + "select sub.pt / mass > 1 / 4"],
        [GG_SORTED + "select lead.pt / mass > 1 / 4", GG_SORTED + "select sub.pt / mass > 1 / 3"],
    ),
    (
        "",
        "The azimuthal angle between the diphoton and dijet systems, Δφ(γγ, jj), must be at least 2.6, and the Zeppenfeld variable |η_{γγ} - (η_{j1} + η_{j2})/2| less than 2.5.",
        [
            GG
            + 'keep lowest |mass - 125 GeV| assume "x"\n\n'
            + JR
            + "select |diphotons[0].eta - (jets[0].eta + jets[1].eta) / 2| < 2.5",
            GG
            + 'keep lowest |mass - 125 GeV| assume "x"\n\n'
            + JR
            + "select dphi(diphotons[0], jets[0] + jets[1]) >= 2.6",
        ],
        [
            GG
            + 'keep lowest |mass - 125 GeV| assume "x"\n\n'
            + JR
            + "select |diphotons[0].eta - (jets[0].eta + jets[2].eta) / 2| < 2.5"
        ],
    ),
    (
        "",
        "If there are two such pairs, the one whose mass is closest to that of the Z boson is assigned to the Z candidate.",
        [MZ + LL + "keep lowest |mass - m_Z|"],
        [LL + "keep highest pt"],
    ),
    (
        "",
        "The one with the highest scalar sum of the transverse momenta is chosen of several photon pairs.",
        [GG + "keep highest a.pt + b.pt"],
        [GG + "keep highest mass"],
    ),
    (
        "",
        "Any jet within ΔR = 0.2 of an electron is removed, and then any electron within ΔR = 0.4 of a jet.",
        [J + "reject any(dr(this, e) < 0.2 for e in Electron)", E + "reject any(dr(this, j) < 0.4 for j in Jet)"],
        [E + "select any(dr(this, j) < 0.4 for j in Jet)", E + "reject any(dr(this, j) < 0.2 for j in Jet)"],
    ),
    (
        "",
        "If a jet that is not tagged is found within ΔR = 0.2 of an electron, the jet is removed.",
        [J + "reject any(dr(this, e) < 0.2 for e in Electron)"],
        [J + "select any(dr(this, e) < 0.2 for e in Electron)"],
    ),
    (
        "",
        "The scalar sum of the p_T of tracks in a cone of variable size, at most ΔR = 0.3 for muons and 0.2 for electrons, must be less than 15% of the lepton p_T.",
        [M + "select ptvarcone30 / pt < 0.15"],
        [M + "select ptvarcone30 / pt < 0.3", M + "select ptvarcone30 / pt < 0.2"],
    ),
    (
        "",
        "Jets containing b-hadrons are identified at the working point with an efficiency of 60%.",
        [J + "select is_btagged_60"],
        [J + "select is_btagged_77"],
    ),
    (
        "",
        "The smallest mass of the pairs, m_{ℓℓ}^{min}, defines the bins of the fit, and must lie between 12 and 75 GeV.",
        [LL + "\n\n" + R + "let m_min = min(dileptons.mass)\n  select 12 GeV < m_min < 75 GeV"],
        [LL + "\n\n" + R + "let m_max = max(dileptons.mass)\n  select 12 GeV < m_max < 75 GeV"],
    ),
    (
        "",
        "The closest b-jet must be separated from the lepton by ΔR(b, ℓ) < 2.0.",
        [LEPS + BR + "select min(dr(b, leps[0]) for b in bjets) < 2.0"],
        [LEPS + BR + "select max(dr(b, leps[0]) for b in bjets) < 2.0"],
    ),
    (
        "Events with a τ candidate are rejected.",
        "Every signal region requires m_T > 120 GeV.",
        [LEPS + R + "select mt(leps[0], MET) > 120 GeV"],
        [LEPS + R + "select mt(leps[0], MET) < 120 GeV"],
    ),
    (
        "",
        "In SR-on, the three leptons must have p_T above 25, 20 and 10 GeV, and the mass of the pair must satisfy 75 < m_{ℓℓ} < 105 GeV.",
        [
            LEPS
            + 'region sr_off\n  select count(leps) == 3 assume "x"\n\nregion sr_on\n  select 75 GeV < (leps[0] + leps[1]).mass < 105 GeV'
        ],
        [
            LEPS
            + 'region sr_on\n  select count(leps) == 3 assume "x"\n\nregion sr_off\n  select 75 GeV < (leps[0] + leps[1]).mass < 105 GeV'
        ],
    ),
    (
        "",
        "The control regions differ from the signal regions by the window 30 < m_T < 90 GeV, and, in the case of the TCR_high, by a lower requirement of E_T^{miss} > 350 GeV.",
        [
            LEPS
            + 'region tcr_high\n  select MET.pt > 350 GeV assume "x"\n\nregion tcr\n  select 30 GeV < mt(leps[0], MET) < 90 GeV',
            "region tcr_high\n  select MET.pt > 350 GeV",
        ],
        ['region tcr_high\n  select count(Jet) > 2 assume "x"\n\nregion tcr\n  select MET.pt > 350 GeV'],
    ),
    (
        "",
        "The E_T^{miss} has to be larger than 50 GeV in events without jets; otherwise E_T^{miss} > 200 GeV is demanded.",
        [JR + "select MET.pt > (if count(jets) == 0 then 50 GeV else 200 GeV)"],
        [JR + "select MET.pt > 50 GeV", JR + "select MET.pt > 200 GeV"],
    ),
    (
        "",
        "Events are accepted by an E_T^{miss} trigger or by single-lepton triggers, and the lepton must have p_T > 25 GeV in the latter case.",
        [],
        [LEPS + R + "select leps[0].pt > 25 GeV"],
    ),
    (
        "",
        "The W+jets control region requires no b-tagged jets instead of at least one.",
        [BJ + "region cr_w\n  select count(bjets) == 0"],
        [BJ + "region cr_w\n  select count(bjets) >= 1"],
    ),
    (
        "",
        "The transverse mass of the muon and E_T^{miss} must lie in the range 30 < m_T < 100 GeV, and there must be no electrons.",
        [R + "select 30 GeV < mt(Muon[0], MET) < 100 GeV"],
        [R + "select 30 GeV < mt(Electron[0], MET) < 100 GeV"],
    ),
    (
        "",
        "A track is called prompt if its transverse impact parameter is smaller than 0.5 mm, and displaced if this is larger than 0.5 mm.",
        [
            "object prompt_tracks\n  take Track\n  select |d0| < 0.5 mm",
            "object displaced_tracks\n  take Track\n  select |d0| > 0.5 mm",
        ],
        [
            "object prompt_tracks\n  take Track\n  select |d0| > 0.5 mm",
            "object displaced_tracks\n  take Track\n  select |d0| < 0.5 mm",
        ],
    ),
    (
        "A dijet candidate has two jets.",
        "The secondary vertex must have at least two tracks, a mass of more than 4 GeV, and a transverse momentum of more than 8 GeV.",
        [
            "object vertices\n  take SecondaryVertex\n  select pt > 8 GeV",
            "object vertices\n  take SecondaryVertex\n  select mass > 4 GeV",
        ],
        ["object vertices\n  take SecondaryVertex\n  select pt > 4 GeV", TR + "select pt > 8 GeV"],
    ),
    (
        "",
        "If there is more than one vertex, that with the largest number of tracks is taken, or, in case of equal numbers, that with the smaller χ^2.",
        ["object vertices\n  take SecondaryVertex\n  keep highest n_tracks, lowest chi2"],
        ["object vertices\n  take SecondaryVertex\n  keep highest pt"],
    ),
    (
        "",
        "Neither jet may have a neutral energy fraction above 0.9, nor a charged energy fraction below 0.1.",
        [J + "reject charged_energy_fraction < 0.1"],
        [J + "select charged_energy_fraction < 0.1"],
    ),
    (
        "The visible products of hadronic decays of taus are used.",
        "They must also pass the medium identification, while electrons (muons) have to pass the medium (loose) one.",
        [TAU + "select is_medium", E + "select is_medium", M + "select is_loose"],
        [M + "select is_medium", E + "select is_loose", TAU + "select is_loose"],
    ),
    (
        "",
        "The channel requires two leptons of the same flavour and opposite charge whose mass is within 10 GeV of m_Z, plus two τ_{had}.",
        [MZ + SFOS + "select |mass - m_Z| < 10 GeV"],
        [MZ + LL + "select |mass - m_Z| < 10 GeV", MZ + SFOS + "select |mass - m_Z| > 10 GeV"],
    ),
    (
        "",
        "The sum of the transverse momenta of the two jets must be greater than 100 GeV in the WH channel and greater than 75 GeV in the ZH channel.",
        ["region zh\n  select Jet[0].pt + Jet[1].pt > 75 GeV", "region wh\n  select Jet[0].pt + Jet[1].pt > 100 GeV"],
        [
            'region wh\n  select count(Jet) > 2 assume "x"\n\nregion zh\n  select Jet[0].pt + Jet[1].pt > 100 GeV',
            "region zh\n  select (Jet[0] + Jet[1]).mass > 75 GeV",
        ],
    ),
    (
        "",
        "In events with a same-flavour pair, the missing transverse momentum must be below 60 GeV.",
        [
            LL
            + 'select a.flavour == b.flavour assume "x"\n\nregion zh\n  select count(dileptons) >= 1 assume "x"\n  select MET.pt < 60 GeV'
        ],
        [LL + 'select a.flavour == b.flavour assume "x"\n\nregion zh\n  select MET.pt < 60 GeV'],
    ),
    (
        "",
        "No event may contain a b-tagged jet; in the ZH channel this requirement is dropped.",
        [BJ + 'region zh\n  select count(Jet) > 2 assume "x"\n\nregion wh\n  select count(bjets) == 0'],
        [BJ + "region zh\n  select count(bjets) == 0"],
    ),
    (
        "",
        "The mass of the pair is required to be in the range of 40-120 GeV for the Higgs region, whereas the Z control region has 60-80 GeV.",
        ["region z_control\n  select 60 GeV < (Tau[0] + Tau[1]).mass < 80 GeV"],
        ["region z_control\n  select 60 GeV < (Tau[0] + Tau[1]).pt < 80 GeV"],
    ),
    (
        "",
        "The mass of the Z candidate must satisfy 75 < m_{ℓℓ} < 105 GeV.",
        [LL + "\n\ncomposite zw\n  take dileptons z, Jet w\n\n" + R + "select 75 GeV < zw[0].z.mass < 105 GeV"],
        [LL + "\n\ncomposite zw\n  take dileptons z, Jet w\n\n" + R + "select 75 GeV < zw[0].z.pt < 105 GeV"],
    ),
    (
        "",
        "A lepton is considered isolated if the ratio of the scalar p_T sum in a cone of ΔR = 0.4 to its own p_T is below 0.15 for muons and below 0.10 for electrons.",
        [M + "select pfreliso04 < 0.15", E + "select pfreliso04 < 0.10"],
        [M + "select pfreliso04 < 0.10", M + "select pfreliso03 < 0.15"],
    ),
    (
        "",
        "Events with more than two leptons are vetoed, as are events with a dilepton mass below 12 GeV.",
        [LEPS + R + "reject (leps[0] + leps[1]).mass < 12 GeV", LEPS + R + "select count(leps) <= 2"],
        [LEPS + R + "reject (leps[0] + leps[1]).mass > 12 GeV", LEPS + R + "select count(leps) > 2"],
    ),
    (
        "",
        "The leading lepton is required to have a positive charge.",
        [LEPS + R + "select leps[0].charge > 0"],
        [LEPS + R + "select leps[0].charge < 0"],
    ),
    (
        "",
        "In the muon channel E_T^{miss} > 30 GeV is demanded, in the electron channel E_T^{miss} > 40 GeV.",
        ["region electron_channel\n  select MET.pt > 40 GeV", "region muon_channel\n  select MET.pt > 30 GeV"],
        [
            'region muon_channel\n  select MET.pt > 30 GeV assume "x"\n\nregion electron_channel\n  select MET.pt > 30 GeV',
            "region electron_channel\n  select MET.pt < 40 GeV",
        ],
    ),
    (
        "",
        "The p_T of the dilepton system has to exceed 40 GeV, that of the leading lepton 27 GeV.",
        [LL + "select pt > 40 GeV", LEPS + R + "select leps[0].pt > 27 GeV"],
        [LL + "select pt > 27 GeV", LEPS + R + "select leps[0].pt > 40 GeV"],
    ),
    (
        "",
        "Events are classified as high-p_T^V if p_T^{miss} > 250 GeV and as low-p_T^V if 150 < p_T^{miss} < 250 GeV.",
        ["region high\n  select MET.pt > 250 GeV", "region low\n  select 150 GeV < MET.pt < 250 GeV"],
        ["region high\n  select 150 GeV < MET.pt < 250 GeV", "region low\n  select MET.pt > 250 GeV"],
    ),
    (
        "",
        "The ratio m_{T2}/m_{eff} must exceed 0.2 in SR-A, 0.25 in SR-B and 0.3 in SR-C.",
        [
            "region sr_a\n  let ratio = event.mt2 / event.m_eff\n  select ratio > 0.2",
            "region sr_b\n  let ratio = event.mt2 / event.m_eff\n  select ratio > 0.25",
        ],
        [
            'region sr_c\n  select MET.pt > 1 GeV assume "x"\n\nregion sr_a\n  let ratio = event.mt2 / event.m_eff\n  select ratio > 0.3',
            "region sr_b\n  let ratio = event.mt2 / event.m_eff\n  select ratio < 0.25",
        ],
    ),
    (
        "",
        "SR-A requires E_T^{miss} > 200 GeV and m_T > 120 GeV, SR-B E_T^{miss} > 300 GeV only.",
        ["region sr_a\n  select MET.pt > 200 GeV", "region sr_b\n  select MET.pt > 300 GeV"],
        [
            'region sr_a\n  select MET.pt > 200 GeV assume "x"\n\nregion sr_b\n  select MET.pt > 200 GeV',
            LEPS
            + 'region sr_a\n  select MET.pt > 200 GeV assume "x"\n\nregion sr_b\n  select mt(leps[0], MET) > 120 GeV',
        ],
    ),
    (
        "",
        "The validation region VR is as SR, but with 90 < m_T < 120 GeV instead of m_T > 120 GeV.",
        [LEPS + "region vr\n  select 90 GeV < mt(leps[0], MET) < 120 GeV"],
        [LEPS + "region vr\n  select mt(leps[0], MET) > 120 GeV"],
    ),
    (
        "",
        "The selection is split into SR-0j and SR-nj, and for the latter H_T must be below 200 GeV.",
        [
            'region sr_0j\n  select MET.pt > 1 GeV assume "x"\n\nregion sr_nj\n  let H_T = sum(Jet.pt)\n  select H_T < 200 GeV'
        ],
        [
            'region sr_nj\n  select MET.pt > 1 GeV assume "x"\n\nregion sr_0j\n  let H_T = sum(Jet.pt)\n  select H_T < 200 GeV'
        ],
    ),
    (
        "",
        "The two dilepton pairs must have masses above 50 and 12 GeV.",
        [],
        [LL + "\n\n" + R + "select dileptons[0].mass > 12 GeV"],
    ),
    (
        "Jets are selected first.",
        "Signal jets are those with |η| < 2.8 that pass the jet vertex tagger, and p_T > 30 GeV is required if |η| > 2.4.",
        [],
        [J + "select pt > 30 GeV"],
    ),
    (
        "",
        "Muon tracks are required to have less than 9 missing hits.",
        [M + 'external "less than 9 missing hits"'],
        [M + 'external "greater than 9 missing hits"'],
    ),
    (
        "",
        "Muon tracks with more than 9 missing hits are rejected.",
        [M + 'external "tracks with more than 9 missing hits are rejected"'],
        [M + 'external "more than 9 missing hits"', M + 'external "tracks with less than 9 missing hits are rejected"'],
    ),
]

# A table of regions; a row of it; what its criterion cites it for, right and wrong.
TABLE = """| Region | m_T [GeV] | E_T^{miss} [GeV] | Events | Lepton p_T [GeV] |
|---|---|---|---|---|
| SR-0j-1 | 100-160 | 50-100 | 134 500 | > 27, > 15 |
| SR-0j-2 | 100-160 | > 100 | 107 900 | > 27 |
| SR-nj-1 | > 160 | 100-200 | 95 600 | > 27 |

| Bin | E_T^{miss} [GeV] | Signal yield |
|---|---|---|
| 1 | 200-300 | 250 |
| 2 | 300-400 | 120 |
"""
ROWS = [
    ("SR-0j-1 | 100-160 | 50-100 | 134 500 | > 27, > 15", "region sr_0j_1\n  select 50 GeV < MET.pt < 100 GeV", True),
    ("SR-0j-2 | 100-160 | > 100 | 107 900 | > 27", "region sr_0j_1\n  select MET.pt > 100 GeV", False),
    ("SR-nj-1 | > 160 | 100-200 | 95 600 | > 27", LEPS + "region sr_nj_1\n  select mt(leps[0], MET) > 160 GeV", True),
    ("SR-0j-2 | 100-160 | > 100 | 107 900 | > 27", 'region sr_0j_2\n  expect 107900 for "data"', True),
    ("SR-0j-2 | 100-160 | > 100 | 107 900 | > 27", 'region sr_0j_2\n  expect 107 for "data"', False),
    ("2 | 300-400 | 120", "region signal\n  select 300 GeV < MET.pt < 400 GeV", True),
    ("2 | 300-400 | 120", "region signal\n  select 200 GeV < MET.pt < 300 GeV", False),
]


@pytest.mark.parametrize(("row", "program", "sound"), ROWS)
def test_what_a_row_says(row: str, program: str, sound: bool, tmp_path: Path) -> None:
    others = 'region sr_0j_2\n  select MET.pt > 1 GeV assume "x"\n\n' if "sr_0j_2" not in program else ""
    finding = judged(f"The regions are these.\n\n{TABLE}", row, others + program, tmp_path)
    assert finding.verdict is not Verdict.NOT_FOUND
    assert finding.verdict.sound is sound, finding.message


@pytest.mark.parametrize(("before", "sentence", "right", "wrong"), SAID)
def test_what_a_sentence_says(before: str, sentence: str, right: list[str], wrong: list[str], tmp_path: Path) -> None:
    check_judged(f"{before} {sentence}".strip(), sentence, right, wrong, tmp_path)
