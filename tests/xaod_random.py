"""Random conditions on the objects of the H->4l sample."""

from __future__ import annotations

from random import Random

REALS = {
    "Muon": ("pt", "ptcone20", "ptcone30", "topoetcone20"),
    "Electron": ("pt", "ptcone20", "topoetcone20"),
    "Jet": ("pt",),
}
TRUTH = {"Muon": (), "Electron": ("is_loose", "is_tight"), "Jet": ("passes_jvt",)}
TYPES = ("combined", "standalone", "segment_tagged", "calo_tagged", "forward")
SIGNS = ("<", "<=", ">", ">=", "==", "!=")


def _energy(random: Random, collection: str, depth: int) -> str:
    """Return an expression of an energy."""
    kind = random.randrange(9) if depth > 0 else 0
    if kind < 3:
        return f"i.{random.choice(REALS[collection])}"
    inner = _energy(random, collection, depth - 1)
    other = _energy(random, collection, depth - 1)
    match kind:
        case 3:
            return f"({inner} {random.choice('+-')} {other})"
        case 4:
            return f"|{inner} - {random.randint(1, 60)}.3 GeV|"
        case 5:
            return f"-{inner}"
        case 6:
            return f"(if {_condition(random, collection, 0)} then {inner} else {other})"
        case 7:
            return f"({inner} * {random.randint(1, 4)}.1)"
    return f"default({inner}, {random.randint(0, 9)} GeV)"


def _condition(random: Random, collection: str, depth: int) -> str:
    """Return a condition on an item."""
    kind = random.randrange(9)
    if depth > 0 and kind < 4:
        parts = [_condition(random, collection, depth - 1) for _ in range(2)]
        word = random.choice((" and ", " or "))
        joined = f"({word.join(parts)})"
        return joined if kind else f"not {joined}"
    if kind == 4 and TRUTH[collection]:
        return f"i.{random.choice(TRUTH[collection])}"
    if kind == 5 and collection == "Muon":
        return f"i.type {random.choice(('==', '!='))} {random.choice(TYPES)}"
    if kind == 6:
        return f"{random.randint(0, 2)}.{random.randint(0, 9)} {random.choice(('<', '<='))} |i.eta| < 2.47"
    if kind == 7:
        ratio = f"{_energy(random, collection, 0)} / {_energy(random, collection, 1)}"
        return f"{ratio} {random.choice(SIGNS)} 0.{random.randint(1, 99):02}"
    return f"{_energy(random, collection, 2)} {random.choice(SIGNS)} {random.randint(1, 60)} GeV"


def condition(random: Random) -> str:
    """Return a condition on the items of a collection, in all events."""
    collection = random.choice(tuple(REALS))
    inner = _condition(random, collection, 2)
    test = random.choice(("any({c} for i in {n})", "all({c} for i in {n})", "count(i for i in {n} if {c}) >= 2"))
    return test.format(c=inner, n=collection)
