"""Words for kinds of particles in the names that programs give, by the values of `flavour`."""

from __future__ import annotations

WORDS = {
    "electron": ("electron",), "ele": ("electron",), "el": ("electron",), "elec": ("electron",),
    "positron": ("electron",), "muon": ("muon",), "mu": ("muon",), "tau": ("tau",), "photon": ("photon",),
    "gamma": ("photon",), "pho": ("photon",), "jet": ("jet",),
    "lepton": ("electron", "muon", "tau"), "lep": ("electron", "muon", "tau"),
}  # fmt: skip
"""A word, and the kinds of which it may be said. A letter alone is no word."""

PLURALS = {"electron": "electrons", "muon": "muons", "tau": "taus", "photon": "photons", "jet": "jets"}

ALIKE = frozenset({"tau", "jet"})
"""Kinds of which the one may be called the other: taus that decay to hadrons are found as jets."""

QUALIFIERS = frozenset({
    "all", "any", "good", "selected", "sel", "signal", "sig", "base", "baseline", "preselected", "loose", "medium",
    "tight", "very", "veto", "iso", "isolated", "prompt", "clean", "cleaned", "raw", "corrected", "calibrated",
    "scaled", "hard", "soft", "high", "low", "pt", "central", "forward", "barrel", "endcap", "lead", "leading", "sub",
    "sublead", "subleading", "first", "second", "third", "b", "c", "light", "fat", "large", "small", "plus", "minus",
    "pos", "neg", "positive", "negative", "my", "our", "the", "gen", "truth", "true", "reco", "dressed", "z", "w",
    "h", "top", "sr", "cr",
})  # fmt: skip
"""Words beside it that leave the kind what it is. "Fake", "anti", "matched" or "probe" muons may be anything."""

COUNTS = ("di", "tri")
"""What a word begins with that is said of several together."""
