"""Random programs of the kind that analyses begin with: counts of objects after cuts, triggers, missing momentum."""

from __future__ import annotations

from random import Random

NUMBERS = {
    "Electron": (
        ("pt", " GeV"),
        ("eta", ""),
        ("|eta|", ""),
        ("ptcone20", " MeV"),
        ("mass", " MeV"),
        ("pt * 0.3", " GeV"),
    ),
    "Muon": (("pt", " GeV"), ("eta", ""), ("|eta|", ""), ("ptcone20", " GeV"), ("pt / 3", " GeV"), ("quality + 1", "")),
    "Jet": (("pt", " GeV"), ("|eta|", ""), ("btag", ""), ("mass", " GeV"), ("pt - 2 * mass", " GeV"), ("quality", "")),
    "Track": (("d0", " mm"), ("z0", " mm"), ("phi", "")),
}
FLAGS = {
    "Electron": ("is_loose", "is_tight", "not is_loose", "grade_of == fair"),
    "Muon": ("is_loose", "grade_of == bad", "grade_of != good", "exists(grade_of)", "charge == -1", "charge != 0"),
    "Jet": ("flavour == jet", "flavour != muon", "exists(btag)", "quality != 3"),
    "Track": ("n_hits > 3",),
}
# Values that items have, those next to them in 32 bits, and what no 32-bit number is.
VALUES = ("0", "0.5", "10", "20", "25.5", "30.1", "42", "30.100000381469727", "0.1", "1e-3", "2.4", "-1.2", "91.2")
WORDS = ("select", "select", "reject")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
EVENT = (
    "MET.pt > 20 GeV", "MET.pt <= 30.1 GeV", "trigger.mu20", "trigger.el25", "not trigger.mu20", "event.is_clean",
    "event.spread > 0.5 mm", "10 GeV < MET.pt < 42 GeV", "event.pileup >= 20", "MET.phi != 1",
    "(trigger.mu20 or trigger.el25) and MET.pt > 5 GeV", "event.number > 4000", "MET.significance > 2",
    "exists(MET.pt)", "MET.pt > 10 GeV and count(Jet) > 1",
    "open(MET.pt) == 1", "open(MET.pt) > 1", "default(open(MET.pt), 3) == 3", "whole(MET.pt, event.pileup) < 7",
)  # fmt: skip
FIRST = (
    "MET.pt > 5 GeV", "MET.pt <= 42 GeV", "5 GeV < MET.pt < 60 GeV", "event.pileup >= 1", "event.spread > -400 mm",
    "trigger.mu20 or trigger.el25", "trigger.mu20 or MET.pt > 10 GeV", "count(Jet) >= 1", "count(Muon) < 4",
    "any(x.btag > 0.1 for x in Jet)", "count(x for x in Muon if x.pt > 10 GeV) > 0", "|MET.pt - 20 GeV| * 2 < 50 GeV",
)  # fmt: skip
"""Conditions that a server can apply."""
TABLES = """table open(x) 1 for -inf to 20 GeV, 2 for 30.1 GeV to inf
table whole(x, y) 5 for -inf to inf and 1 to 20, 6 for 5 GeV to inf and 20 to inf otherwise 7"""
COUNTS = (">= 1", "> 0", ">= 2", "== 2", "!= 1", "< 3", "== 0", ">= 4")


OPEN_ENDS = """hepsel 1
analysis "open ends"

table high(x) 2 for 0 GeV to 10 GeV, 3 for 10 GeV to inf
table low(x) 2 for -inf to 0 GeV, 3 for 0 GeV to 20 GeV otherwise 5
table whole(x, y) 2 for -inf to inf and -1 to 0, 3 for -inf to 10 GeV and 0 to inf otherwise 4

object jets
  take Jet
  let h = high(pt)
  let l = low(pt)
  let w = whole(pt, eta)

region cells
  save met = MET.pt, pt = jets.pt, h = jets.h, l = jets.l, w = jets.w
  bins above = Jet[0].pt edges [0 GeV, 20 GeV, inf]
  bins below = Jet[0].pt edges [-inf, 0 GeV] vs count(Jet) edges [1, 2, inf]
  bins all = Jet[0].pt edges [-inf, inf]
region of_high
  select high(MET.pt) > 2.5
region of_low
  select low(MET.pt) < 2.5
region of_whole
  reject whole(MET.pt, MET.phi) < 2.5
"""
"""A program of which every path has to say the same where numbers are infinite, or missing."""


def simple_program(random: Random) -> str:
    """Return a program that the checker accepts."""
    kinds = {f"o{k}": random.choice(sorted(NUMBERS)) for k in range(random.randint(1, 3))}
    texts = ['hepsel 1\nanalysis "random"', TABLES]
    for name, kind in kinds.items():
        cuts = [f"{random.choice(WORDS)} {_condition(random, kind)}" for _ in range(random.randint(0, 3))]
        if random.random() < 0.4:
            cuts.insert(random.randint(0, len(cuts)), f"sort by {NUMBERS[kind][0][0]} descending")
        texts.append("\n  ".join([f"object {name} take {kind}", *cuts]))
    objects = list(kinds)
    if random.random() < 0.4:
        texts.append("object both take Electron, Muon" + random.choice(("", "\n  sort by pt descending")))
        objects.append("both")
    four = [name for name in objects if kinds.get(name) != "Track"]
    if four and random.random() < 0.4:
        source = random.choice(four)
        texts.append(f"composite pairs take {source} a, {source} b\n  select mass > 20 GeV")
        objects.append("pairs")
    begin = random.random() < 0.6  # or else a region may need all events, and the server drops none
    for number in range(random.randint(1, 2)):
        first = [f"select {random.choice(FIRST)}"] if begin else []
        body = [_statement(random, objects, kinds) for _ in range(random.randint(1, 5))]
        for place in range(len(body)):
            if random.random() < 0.15:
                body[place] = random.choice(_others(place))
        texts.append(
            "\n  ".join([f"region r{number}", *first, *body, "save met = MET.pt", f"save n = count({objects[0]})"])
        )
    return "\n".join(texts) + "\n"


def _others(place: int) -> list[str]:
    return [
        f"weight w{place} = event.weight",
        f"weight w{place} = MET.pt / 10 GeV",
        f"histogram h{place} = MET.pt bins 4 from 0 GeV to 80 GeV",
        f"histogram h{place} = MET.pt bins 4 from 0 GeV to 80 GeV with weight event.weight / 2",
        f'bin "b{place}" MET.pt > 20 GeV',
        f'external "e{place}"',
    ]


def _condition(random: Random, kind: str, of: str = "") -> str:
    """Return a condition on an item; `of` is what its attributes are asked of."""
    if not of and random.random() < 0.3:
        return random.choice(FLAGS[kind])
    name, unit = random.choice([n for n in NUMBERS[kind] if not of or n[0].isidentifier()])
    value = random.choice(("0", "1", "3", "4") if name.startswith("quality") else VALUES)
    text = f"{of}{name} {random.choice(COMPARISONS)} {value}{unit}"
    if random.random() < 0.25:
        text = f"{text} {random.choice(('and', 'or'))} {_condition(random, kind, of)}"
    return text


def _chosen(random: Random, name: str, kind: str) -> str:
    """Return a condition on one item among others."""
    attribute, unit = random.choice([n for n in NUMBERS[kind] if n[0].isidentifier()])
    value = random.choice(("1", "3") if attribute == "quality" else VALUES)
    values = f"{name}.{attribute}"
    chosen = random.choice(
        (
            f"{name}[{random.choice((0, 0, 1, 2, -1))}].{attribute}",
            f"{random.choice(('min', 'max'))}({values})",
            f"{random.choice(('largest', 'smallest'))}({values}, {random.choice((1, 2, 3))})",
            f"argmax(x.{NUMBERS[kind][0][0]} for x in {name}).{attribute}",
        )
    )
    text = f"{chosen} {random.choice(COMPARISONS)} {value}{unit}"
    return text if random.random() < 0.7 else f"{random.choice(VALUES[:3])}{unit} < {text}"


def _statement(random: Random, objects: list[str], kinds: dict[str, str]) -> str:
    which = random.random()
    name = random.choice(objects)
    if which < 0.3:
        condition = random.choice(EVENT)
    elif which < 0.5 and name in kinds:
        condition = _chosen(random, name, kinds[name])
    elif which < 0.7 or name not in kinds:
        condition = f"count({name}) {random.choice(COUNTS)}"
    else:
        inner = _condition(random, kinds[name], "x.")
        function = random.choice(("any", "all", "count"))
        condition = f"{function}({inner} for x in {name})"
        if function == "count":
            condition = f"count(x for x in {name} if {inner}) > 0"
    if random.random() < 0.2:
        condition = f"{condition} {random.choice(('and', 'or'))} count({name}) >= 1"
    return f"{random.choice(WORDS)} {condition}"
