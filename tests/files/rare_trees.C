// Writes rare_trees.root, which uproot cannot: `root -b -q rare_trees.C` (ROOT 6.40).

// Numbers of leaf lists that ROOT packs into fewer bits, one in each event and several.
void packed() {
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

// A branch that was added later, and not filled to the end.
void unfinished() {
  TTree tree("unfinished", "");
  Float_t x, y;
  tree.Branch("x", &x);
  for (x = 0; x < 5; x++) tree.Fill();
  TBranch *later = tree.Branch("y", &y);
  for (y = 0; y < 3; y++) later->Fill();
  tree.Write();
}

// Four-vectors of classes, whose streamers ROOT writes by hand; a list among leaves.
void vectors() {
  gInterpreter->GenerateDictionary("vector<TLorentzVector>", "vector;TLorentzVector.h");
  TTree tree("vectors", "");
  std::vector<TLorentzVector> jets;
  TLorentzVector met;
  struct { Float_t a[2]; Float_t b; } mixed = {{1, 2}, 3};
  tree.Branch("jets", &jets);
  tree.Branch("met", &met);
  tree.Branch("mixed", &mixed, "a[2]/F:b/F");
  for (int event = 0; event < 3; event++) {
    met.SetPxPyPzE(event, 0, 0, event);
    tree.Fill();
    jets.emplace_back(3 * event, 4 * event, 0, 6 * event);
  }
  tree.Write();
}

void rare_trees() {
  TFile file("rare_trees.root", "RECREATE");
  packed();
  unfinished();
  vectors();
}
