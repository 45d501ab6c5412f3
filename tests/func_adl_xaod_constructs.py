"""What func_adl's xAOD dialect makes of each construct of the language: one criterion or statement for each."""

# ruff: noqa: E501  a table

from __future__ import annotations

import re

from func_adl_constructs import Construct

PAIRS = "object leptons take Electron, Muon\ncomposite pairs take leptons a, leptons b select mass > 10 GeV and a.charge + b.charge == 0"


def _region(condition: str, blocks: str = "") -> str:
    return f"{blocks}\nregion r\n  select {condition}\n  save n = count(Muon)"


CONSTRUCTS = (
    Construct("numbers of the event, compared: `event.pileup > 20`, `==`, `!=`, chains", "remote", _region("10 <= event.pileup < 40 and event.actual_pileup != 1 and event.beam_pos_sigma_x < 5 mm")),
    Construct("whole numbers: `event.mc_channel_number == 900001`, numbers of run and event", "remote", _region("event.mc_channel_number == 900001 and event.number > 1000000050")),
    Construct("`not`, `and`, `or`, `reject`; truth values of items", "remote", "region r\n  reject count(j for j in Jet if not j.passes_jvt or j.pt > 60 GeV) > 1\n  save n = count(Muon)"),
    Construct("`+ - * /`, `\\|x\\|`, `x^2`, `exists(x)` of attributes", "remote", _region("any((||mu.eta| - 1| + 1) / 2 < 0.9 and (mu.pt / 1 GeV)^2 > 90 and exists(mu.topoetcone20) for mu in Muon)")),
    Construct("`if ... then ... else` and `default` of real numbers", "remote", _region("count(mu for mu in Muon if mu.pt > (if |mu.eta| < 1 then 12 GeV else 9 GeV) and default(mu.topoetcone20, 5 GeV) < 4 GeV) >= 1")),
    Construct("the number of items of a collection, or of an object made from one: `count(hard) >= 2`", "remote", _region("count(hard) >= 2", "object hard take Jet select pt > 20 GeV select |eta| < 2")),
    Construct("enumerations: `type == combined`", "remote", _region("count(o) > 0", "object o take Muon select type != combined reject type == calo_tagged")),
    Construct("`sort by` in an object whose items are counted", "remote", _region("count(o) > 1", "object o take Jet sort by pt descending select pt > 20 GeV")),
    Construct("a part of a collection that the format defines", "remote", _region("count(PrimaryVertex) == 1 and count(Vertex) > 3")),
    Construct("`any`, `all`, `count` of a condition on items", "remote", _region("any(j.pt > 40 GeV for j in Jet) and all(|mu.eta| < 2 for mu in Muon) and count(e for e in Electron if e.pt > 10 GeV) < 3")),
    Construct("the number of items of a union: `count(leptons) >= 3`", "remote", _region("count(leptons) >= 3", "object leptons take Electron, Muon")),
    Construct("`and` with a part that is local", "narrowed", _region("count(Jet) >= 2 and sum(Jet.pt) > 60 GeV")),
    Construct("values of a union: `select` of an object that is one", "remote", _region("count(o) >= 2", "object o take Electron, Muon select pt > 10 GeV")),
    Construct("values of the event in a condition on items", "remote", _region("any(mu.pt / 1 GeV > event.pileup for mu in Muon)")),
    Construct("an item by its place: `Jet[0].pt > 30 GeV`, `Jet[-1]`", "remote", _region("Jet[0].pt > 30 GeV and |Jet[-1].eta| < 2 and |PrimaryVertex[0].z| < 40 mm")),
    Construct("links to other items, the first of several: `Electron.track`, `Muon.d0`", "remote", _region("count(e for e in Electron if |e.d0| < 0.02 mm) > 0 and not any(mu.d0 > 0.01 mm for mu in Muon)")),
    Construct("the first number of a list: `event.mc_weights[0]`", "remote", _region("event.mc_weights[0] > 0 and count(gsf for gsf in GSFTrack if gsf.covariance[0] < 0.0002) > 0")),
    Construct("candidates of stored and of chosen items: charges, flavours", "remote", _region("count(ee) >= 1 and count(mixed) >= 1", "object hard take Electron, Muon select pt > 8 GeV\ncomposite ee take hard a, hard b select a.flavour == b.flavour and a.charge + b.charge == 0\ncomposite mixed take ordered Muon a, Electron b select a.pt > b.pt")),
    Construct("candidates with a mass: `count(pairs) >= 1`", "rounded", _region("count(pairs) >= 1", PAIRS)),
    Construct("impact parameters", "rounded", _region("count(e for e in Electron if |e.z0_sin_theta| < 0.5 mm and |e.d0_significance| < 1) > 0 and count(Electron) < 4")),
    Construct("distances to other items: `reject any(dr(this, mu) < 0.4 for mu in Muon)`", "rounded", _region("count(o) >= 1", "object o take Jet reject any(dr(this, mu) < 0.4 for mu in Muon)")),
    Construct("four-vectors of numbers: `four_vector(j.pt, j.eta, j.phi, 0 GeV)`", "rounded", _region("any(four_vector(j.pt, 1.5, j.phi, 5 GeV).energy > 40 GeV for j in Jet) and (Jet[0] + four_vector(Jet[1].pt, 0, 1, 0 GeV)).mass > 20 GeV")),
    Construct("four-vectors: masses, components, angles of stored items", "rounded", _region("(Jet[0] + Jet[1]).mass > 30 GeV and |dphi_signed(Jet[0], Jet[1])| > 0.5")),
    Construct("sums of products: `a * b + c`", "rounded", _region("any(mu.pt * mu.eta + 1 GeV > 8 GeV for mu in Muon)")),
    Construct("`sqrt`, `sin`, `cos`, `sinh`, `cosh`, `tanh`, `atan`; `dphi`, `dr`, `mt`", "rounded", _region("any(sqrt(mu.pt / 1 GeV) + sin(mu.phi) * atan(mu.eta) > 4 for mu in Muon) and any(mt(mu, Jet[0]) > 30 GeV for mu in Muon)")),
    Construct("an object with a criterion that is local, counted", "narrowed", _region("count(o) >= 2", "object o take Muon select pt > 10 GeV select is_medium")),
    Construct("the best candidate: `keep lowest`", "narrowed", _region("count(pairs) >= 1", f"{PAIRS} keep lowest |mass - 91 GeV|")),
    Construct("candidates of candidates", "narrowed", _region("count(quads) >= 1", f"{PAIRS}\ncomposite quads take pairs x, pairs y")),
    Construct("`keep first`, `keep lowest` of an object", "narrowed", _region("count(o) >= 1", "object o take Jet select pt > 30 GeV keep first 2")),
    Construct("the item of `argmin`, `argmax`, compared", "narrowed", _region("argmax(mu.eta for mu in Muon).pt > 25 GeV")),
    Construct("`min`, `max`, `largest`, `smallest`, compared: `max(Jet.pt) > 40 GeV`", "narrowed", _region("max(Jet.pt) > 40 GeV and smallest(Jet.pt, 2) < 50 GeV")),
    Construct("`sum`, `product`, `mean`, and arithmetic with `min` and `max`", "local", _region("sum(Jet.pt) > 60 GeV and product(Jet.pt / 1 GeV) > 2 and max(Jet.pt) - min(Jet.pt) > 5 GeV")),
    Construct("arithmetic with stored whole numbers: `event.mc_channel_number + 1 > 1`", "local", _region("event.mc_channel_number + 1 > 900002")),
    Construct("`or` with a part that is local", "local", _region("count(Jet) >= 3 or sum(Jet.pt) > 60 GeV")),
    Construct("`exp`, `log`, `log10`, `tan`, `asin`, `acos`, `atan2`, other powers; `phi` and `rapidity` of a sum", "local", _region("any(log(mu.pt / 1 GeV) > 3 for mu in Muon)")),
    Construct("`floor`, `ceil`, `min` and `max` of two numbers; `dr_rapidity`, `mt2`, `perp`", "local", _region("any(floor(mu.pt / 1 GeV) > 20 for mu in Muon)")),
    Construct("tables", "local", _region("any(t(mu.pt) > 1 for mu in Muon)", "table t(x) 1 for 0 GeV to 20 GeV, 2 for 20 GeV to inf")),
    Construct("other numbers of a list: `event.mc_weights[1]`, `max(event.mc_weights)`", "local", _region("event.mc_weights[1] > 0")),
    Construct("lists that one item has: `pairs[0].parts`, `Electron[0].tracks`", "local", _region("any(own.d0 > 1 mm for own in Electron[0].tracks) and max(pairs[0].parts.pt) > 12 GeV", "composite pairs take Muon a, Muon b")),
    Construct("bits of a number (`mask` of a format): `Muon.is_medium`", "local", _region("any(mu.is_medium for mu in Muon)")),
    Construct("membership: `lepton in electrons`", "local", _region("any(l in Muon for l in leptons)", "object leptons take Electron, Muon")),
    Construct("what stands behind a local criterion, a histogram or a bin", "local", "region r\n  histogram n = count(Jet) bins 4 from 0 to 8\n  select count(Jet) > 1"),
)  # fmt: skip


def together(where: set[str]) -> str:
    """Return one program of some of the constructs: the names of the blocks of number k end with `_k`."""
    texts = []
    for number, construct in enumerate(CONSTRUCTS):
        if construct.where in where:
            text = construct.text
            for name in ("hard", "leptons", "pairs", "quads", "ee", "mixed", "o", "t", "r"):
                text = _renamed(text, name, f"{name}_{number}")
            texts.append(text)
    return "\n".join(texts)


def _renamed(text: str, old: str, new: str) -> str:
    """Rename a block wherever it stands."""
    return re.sub(rf"(?<![\w.]){old}\b(?!\.)", new, text)
