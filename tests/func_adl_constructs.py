"""What func_adl's uproot dialect makes of each construct of the language: one criterion or statement for each.

Together they have every statement, expression and function of the language; `test_func_adl.py` looks for them.
"""

# ruff: noqa: E501  a table

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Construct:
    """A construct.

    Attributes
    ----------
    name
        How the documentation calls it.
    where
        `remote`: the server applies it; `rounded`: likewise, but for events that are close to a bound; `narrowed`: the
        script applies it, and the server drops events in which it cannot hold; `local`: the script applies it.
    text
        Blocks, of which a criterion is asked about.
    identity
        The criterion.
    """

    name: str
    where: str
    text: str
    identity: str = "r.1"


def _region(condition: str, blocks: str = "") -> str:
    return f"{blocks}\nregion r\n  select {condition}\n  histogram met = MET.pt bins 4 from 0 GeV to 80 GeV\n  save n = count(Jet)"


HARD = "object hard take Jet select pt > 20 GeV select |eta| < 2"
LEPTONS = "object leptons take Electron, Muon"
PAIRS = f"{LEPTONS}\ncomposite pairs take leptons a, leptons b select mass > 10 GeV"

CONSTRUCTS = (
    Construct("numbers of the event, compared: `MET.pt > 20 GeV`, `==`, `!=`, chains", "remote", _region("20 GeV <= MET.pt < 60 GeV and MET.phi != 1")),
    Construct("truth values: `trigger.mu20`, `not`, `and`, `or`, `reject`", "remote", _region("not trigger.mu20 or trigger.el25")),
    Construct("whole numbers: `event.pileup >= 20`", "remote", _region("event.pileup >= 1")),
    Construct("`+ - * /`, `\\|x\\|`, `x^2`, `exists(x)`", "remote", _region("|MET.pt - 30 GeV| * 2 < 50 GeV and (MET.pt / 1 GeV)^2 > 16 and exists(MET.phi)")),
    Construct("the number of items of a collection, or of an object made from one: `count(hard) >= 2`", "remote", _region("count(hard) >= 2", HARD)),
    Construct("`select` and `reject` of an object: comparisons and arithmetic of attributes", "remote", _region("count(o) == 1", "object o take Muon select pt / 2 > 10 GeV reject charge == -1 or |eta| > 2")),
    Construct("enumerations: `grade_of == good`", "remote", _region("count(o) > 0", "object o take Muon select grade_of != good")),
    Construct("`sort by` in an object whose items are counted", "remote", _region("count(o) > 1", "object o take Jet sort by pt descending select pt > 10 GeV")),
    Construct("a part of a collection that the format defines", "remote", _region("count(LooseElectron) == 1")),
    Construct("`any`, `all`, `count` of a condition on items", "remote", _region("any(j.pt > 40 GeV for j in Jet) and all(|mu.eta| < 2 for mu in Muon) and count(e for e in Electron if e.pt > 10 GeV) < 3")),
    Construct("the number of items of a union: `count(leptons) >= 3`", "remote", _region("count(leptons) >= 3", LEPTONS)),
    Construct("values of a union: `select` of an object that is one", "remote", _region("count(o) >= 2", "object o take Electron, Muon select pt > 10 GeV")),
    Construct("candidates: `count(pairs) >= 1`, masses", "rounded", _region("count(pairs) >= 1", PAIRS)),
    Construct("candidates of candidates, `parts`", "rounded", _region("count(quads) >= 1", f"{PAIRS}\ncomposite quads take pairs x, pairs y select largest(parts.pt, 2) > 20 GeV")),
    Construct("ordered candidates, candidates of two lists", "remote", _region("count(t) >= 1 and count(v) >= 2", "composite t take ordered Muon a, Muon b select a.pt > 2 * b.pt\ncomposite v take Muon a, Electron b select dr(a, b) > 0.4")),
    Construct("the best candidate: `keep lowest`", "rounded", _region("count(pairs) >= 1 and pairs[0].mass > 40 GeV", f"{PAIRS} keep lowest |mass - 91 GeV|")),
    Construct("`keep first`, `keep lowest` of an object", "remote", _region("count(o) >= 2 and count(p) == 1", "object o take Jet select pt > 10 GeV keep first 2\nobject p take Jet keep lowest |eta|, highest pt select pt > 20 GeV")),
    Construct("an item by its place: `Jet[0].pt > 30 GeV`, `Jet[-1]`", "remote", _region("Jet[0].pt > 30 GeV or Jet[-1].eta > 1")),
    Construct("the item of `argmin`, `argmax` of what is stored", "remote", _region("argmax(j.btag for j in Jet).pt > 25 GeV")),
    Construct("`min`, `max`, `largest`, `smallest`", "remote", _region("max(Jet.pt) > 40 GeV and smallest(Jet.pt, 2) < 30 GeV and max(Jet.pt) - min(Jet.pt) > 5 GeV")),
    Construct("distances to other items: `reject any(dr(this, mu) < 0.4 for mu in Muon)`", "remote", _region("count(o) >= 1", "object o take Jet reject any(dr(this, mu) < 0.4 for mu in Muon)")),
    Construct("membership: `lepton in electrons`", "remote", _region("any(l in Muon for l in leptons)", LEPTONS)),
    Construct("`sum`, `mean`", "rounded", _region("sum(Jet.pt) > 60 GeV and mean(Jet.pt) > 1 GeV")),
    Construct("four-vectors: `(Jet[0] + Jet[1]).mass > 30 GeV`", "rounded", _region("(Jet[0] + Jet[1]).mass > 30 GeV")),
    Construct("four-vectors of numbers: `four_vector(MET.pt, 0, MET.phi, 0 GeV)`", "rounded", _region("(Jet[0] + four_vector(MET.pt, 0, MET.phi, 0 GeV)).mass > 30 GeV and (Jet[1] + four_vector(MET.pt, 1 GeV, 2 GeV, MET.pt + 9 GeV)).pt > 30 GeV")),
    Construct("`dphi`, `dphi_signed`, `deta`, `dr`, `sqrt`, `floor`, `ceil` of what is stored", "remote", _region("dphi(MET, Jet[0]) > 1 and dphi_signed(MET, Jet[0]) > -3 and deta(Jet[0], Jet[1]) >= 0 and dr(Jet[0], Jet[1]) >= 0 and sqrt(MET.pt / 1 GeV) > 3 and floor(MET.pt / 1 GeV) <= ceil(MET.pt / 1 GeV)")),
    Construct("`for i, j in a`", "remote", _region("any(dr(i, j) < 2 for i, j in Jet)")),
    Construct("`mt`, `sin`, `cos`, `sinh`, `cosh`, `tanh`, `atan`", "rounded", _region("mt(MET, Muon[0]) > 10 GeV or sin(MET.phi) + cos(MET.phi) + sinh(MET.phi) + cosh(MET.phi) + tanh(MET.phi) + atan(MET.phi) > 3")),
    Construct("components: `px`, `py`, `pz`, `energy`; `pt` and `eta` of a sum", "rounded", _region("any(j.px + j.py + j.pz > 1 GeV or j.energy > 50 GeV for j in Jet) and (Jet[0] + Jet[1]).pt > 10 GeV")),
    Construct("`if ... then ... else`, `default`", "remote", _region("(if trigger.mu20 then MET.pt else 0 GeV) > 20 GeV or default(Jet[1].pt, 90 GeV) > 60 GeV")),
    Construct("tables of what is stored", "remote", _region("t(MET.pt) > 1", "table t(x) 1 for -inf to 20 GeV, 2 +- 0.1 for 20 GeV to inf")),
    Construct("arithmetic with stored whole numbers: `event.pileup + 1 > 1`", "remote", _region("event.pileup + 1 > 1")),
    Construct("lists compared: `any(Jet.pt > 40 GeV)`", "remote", _region("any(Jet.pt > 40 GeV)")),
    Construct("`let`, `define`, functions of one's own, `true` and `false`: what is made of them", "remote", "define hard(x) = x.pt > 20 GeV\ndefine high = MET.pt > 10 GeV\nobject o take Jet let scaled = pt * 1.1 select scaled > 15 GeV\nregion r\n  let n = count(o)\n  select n >= 1 and high and abs(MET.phi) < 3.1 and any(hard(j) for j in Jet) and not false\n  save n"),
    Construct("criteria behind a `weight`, an `external` or an `expect`", "remote", 'region r\n  weight w = event.weight\n  external "cleaning"\n  select MET.pt > 1 GeV expect 5 +- 1 stat for "data"\n  select count(Jet) >= 2\n  save n = count(Jet)', "r.3"),
    Construct("`take` of a region, `without`, `with`", "remote", 'region low\n  select MET.pt > 20 GeV as "met"\n  select count(Jet) >= 1\nregion r\n  take low without "met" with Jet = Muon\n  select MET.pt < 10 GeV\n  save n = count(Muon)'),
    Construct("`take` of an object with `without`, `with`", "remote", _region("count(o) >= 2", 'object hard take Jet select pt > 20 GeV as "hard" select |eta| < 2\nobject o take hard without "hard"')),
    Construct("an `external` of an object", "remote", _region("count(o) >= 2", 'object o take Jet select pt > 10 GeV external "cleaning"')),
    Construct("citations, labels, notes: `cite`, `assume`, `note`, `as`", "remote", _region('MET.pt > 20 GeV as "met" cite paper page 1 "quote" assume "all" note "some"')),
    Construct("`let p4 = v`", "rounded", _region("count(o) > 0", "object o take Jet let p4 = this + this select mass > 10 GeV")),
    Construct("slices: `Jet[0:2]`", "rounded", _region("sum(Jet[0:2].pt) > 40 GeV")),
    Construct("`min`, `max` of two numbers", "remote", _region("min(default(MET.pt, 5 GeV), 50 GeV) + max(MET.pt, 5 GeV) > 40 GeV")),
    Construct("`and` with a part that is local", "narrowed", _region("count(Jet) >= 2 and event.number > 4000")),
    Construct("a comparison of the event in a condition on items, counted", "narrowed", _region("count(o) >= 2", "object o take Jet select pt > MET.pt")),
    Construct("candidates of three lists, or of two and two", "narrowed", _region("count(t) >= 1", "composite t take Muon a, Muon b, Jet c")),
    Construct("`argmin`, `sort by` of computed numbers", "narrowed", _region("argmin(|sinh(j.eta)| for j in Jet).pt > 10 GeV")),
    Construct("links to other items", "narrowed", _region("count(mu for mu in Muon if mu.d0 > 0 mm) > 0")),
    Construct("items compared: `j != Jet[0]`", "narrowed", _region("count(j for j in Jet if j != Jet[0]) == 1")),
    Construct("`or` with a part that is local", "local", _region("count(Jet) >= 3 or event.number > 4000")),
    Construct("`exp`, `log`, `log10`, `tan`, `asin`, `acos`, `atan2`, other powers; `phi` and `rapidity` of a sum", "local", _region("exp(MET.phi) + log(MET.pt / 1 GeV) + log10(MET.pt / 1 GeV) + tan(MET.phi) + asin(MET.phi / 9) + acos(MET.phi / 9) + atan2(MET.phi, 1) + (MET.pt / 1 GeV)^3 > 3 and |(Jet[0] + Jet[1]).phi| < 3 and (Jet[0] + Jet[1]).rapidity < 2")),
    Construct("`dr_rapidity`, `mt2`, `perp`", "local", _region("dr_rapidity(Jet[0], Jet[1]) > 1 or perp(Jet[0], MET) > 5 GeV or mt2(Muon[0], Jet[0], MET) > 9 GeV or mt2(Muon[0], Jet[0], MET, 1 GeV, MET.pt) > 9 GeV")),
    Construct("`product`", "local", _region("product(j.btag + 1 for j in Jet) > 2")),
    Construct("`sphericity`, `aplanarity`, `imbalance`, `megajet`", "local", _region("sphericity(Jet) - aplanarity(Jet) > 0.2 or imbalance(Jet.pt) > 9 GeV or megajet(Jet, 2).mass > 9 GeV")),
    Construct("`floor`, `ceil` and tables of computed numbers", "local", _region("floor(10 * sin(MET.phi)) > 3")),
    Construct("loops over two lists of the event: `any(dr(i, j) < 1 for i in Electron for j in Muon)`", "local", _region("any(dr(i, j) < 1 for i in Electron for j in Muon)")),
    Construct("lists in items: `cells`", "local", _region("any(sum(e.cells) > 50 GeV for e in Electron)")),
    Construct("bits of a number (`mask` of a format)", "local", _region("event.is_clean")),
    Construct("values of the event in a condition on items", "local", _region("any(j.pt > MET.pt for j in Jet)")),
    Construct("numbers of run, luminosity block and event", "local", _region("event.number > 4000")),
    Construct("what stands behind a `bin` or `bins`", "local", 'region r\n  bins grid = MET.pt edges [10 GeV, 20 GeV, inf]\n  bin "low" MET.pt < 20 GeV\n  select MET.pt > 15 GeV', "r.3"),
    Construct("what stands behind a local criterion, a histogram or a bin", "local", "region r\n  histogram met = MET.pt bins 4 from 0 GeV to 80 GeV\n  select MET.pt > 20 GeV"),
)  # fmt: skip

WORDS = {
    "remote": "on the server",
    "rounded": "on the server, within rounding",
    "narrowed": "in the script; the server drops events",
    "local": "in the script",
}


def table(constructs: Iterable[Construct]) -> str:
    """Return the table of the documentation."""
    rows = [f"| {construct.name} | {WORDS[construct.where]} |" for construct in constructs]
    return "\n".join(["| construct | where it runs |", "|---|---|", *rows]) + "\n"
