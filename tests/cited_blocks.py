"""Beginnings of programs, for criteria that cite a sentence."""

E = "object electrons\n  take Electron\n  "
M = "object muons\n  take Muon\n  "
J = "object jets\n  take Jet\n  "
P = "object photons\n  take Photon\n  "
TAU = "object taus\n  take Tau\n  "
L = "object leptons\n  take Electron, Muon\n  "
TR = "object tracks\n  take Track\n  "
AK8 = "object fatjets\n  take FatJet\n  "
R = "region sr\n  "
LEPS = "object leps\n  take Electron, Muon\n  sort by pt descending\n\n"
LR = LEPS + R
BJ = 'object bjets\n  take Jet\n  select is_btagged assume "x"\n\n'
BR = BJ + R
MM = "composite dimuons\n  take Muon a, Muon b\n  "
LL = LEPS + "composite dileptons\n  take leps a, leps b\n  "
MZ = 'define m_Z = 91.1876 GeV assume "x"\n\n'
ZZ = "composite z\n  take Muon a, Muon b\n\ncomposite zz\n  take ordered z z1, z z2\n  "
