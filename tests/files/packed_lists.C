// Writes packed_lists.root: `root -b -q packed_lists.C` (ROOT 6.40).
// Numbers of a leaf list that ROOT packs into fewer bits, one in each event and several.
void packed_lists() {
  TFile file("packed_lists.root", "RECREATE");
  TTree events("Events", "");
  Int_t number;
  Double32_t wide[3];
  Float16_t half[3];
  events.Branch("nJet", &number, "nJet/I");
  events.Branch("Jet_pt", wide, "Jet_pt[nJet]/d");
  events.Branch("Jet_packed", wide, "Jet_packed[nJet]/d[0,100,16]");
  events.Branch("Jet_half", half, "Jet_half[nJet]/f");
  events.Branch("three", wide, "three[3]/d[0,100]");
  events.Branch("MET_pt", wide, "MET_pt/d[0,128,16]");
  events.Branch("MET_half", half, "MET_half/f");
  for (number = 0; number < 4; number++) {
    for (int k = 0; k < 3; k++) wide[k] = half[k] = 8 * number + 0.5 * k;
    events.Fill();
  }
  events.Write();
}
