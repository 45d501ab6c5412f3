"""Random conditions on the objects of the H->4l sample."""

from __future__ import annotations

from random import Random

REALS = {
    "Muon": ("pt", "ptcone20", "ptcone30", "topoetcone20"),
    "Electron": ("pt", "ptcone20", "topoetcone20"),
    "Jet": ("pt",),
}
TRUTH = {"Muon": (), "Electron": ("is_loose", "is_tight"), "Jet": ("passes_jvt",)}
LENGTHS = {
    "Muon": ("d0", "z0", "combined_track.z0", "inner_detector_track.vz", "extrapolated_track.d0", "z0_sin_theta"),
    "Electron": ("d0", "track.vz", "z0_sin_theta"),
}
"""What a link leads to: of some leptons there is none."""

TYPES = ("combined", "standalone", "segment_tagged", "calo_tagged", "forward")
SIGNS = ("<", "<=", ">", ">=", "==", "!=")
BLOCKS = (
    "object hard take Electron, Muon select pt > 8 GeV and |eta| < 2.4\n"
    "object lonely take Jet reject any(dr(this, mu) < 0.6 for mu in Muon)\n"
    "composite same take hard a, hard b select a.flavour == b.flavour\n"
    "composite mixed take ordered Muon a, Electron b select a.pt > b.pt\n"
    "composite jets take Jet a, Jet b, Jet c select a.pt > 25 GeV\n"
)
PAIRS = ("same", "mixed")


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


def _length(random: Random, collection: str) -> str:
    """Return an expression of a length, through links."""
    length = f"i.{random.choice(LENGTHS[collection])}"
    match random.randrange(5):
        case 0:
            return f"|{length}|"
        case 1:
            return f"default({length}, {random.randint(0, 3)} mm)"
        case 2:
            other = random.choice(LENGTHS[collection])
            return f"(if i.pt > {random.randint(5, 30)} GeV then {length} else i.{other})"
        case 3:
            return f"({length} - PrimaryVertex[0].z)"
    return length


def _number(random: Random, collection: str) -> str:
    """Return an expression of a number without a unit, with functions of C++."""
    energy = f"{_energy(random, collection, 1)} / 1 GeV"
    match random.randrange(5):
        case 0:
            return f"sqrt({energy})"
        case 1:
            return f"(sin(i.phi) * i.eta + cos(i.phi) * {energy})"
        case 2:
            return f"(i.eta * i.phi - {random.randint(0, 2)}.5)"
        case 3:
            return "i.d0_significance + sinh(i.eta)" if collection in LENGTHS else "tanh(i.eta)"
    return f"atan({energy} - event.pileup)"


def _condition(random: Random, collection: str, depth: int) -> str:
    """Return a condition on an item."""
    kind = random.randrange(13)
    sign = random.choice(SIGNS)
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
        return f"{ratio} {sign} 0.{random.randint(1, 99):02}"
    if kind in (8, 9) and collection in LENGTHS:
        if random.randrange(5) == 0:
            return f"exists({_length(random, collection)})"
        return f"{_length(random, collection)} {sign} {random.randint(-3, 3)}.0{random.randint(1, 9)} mm"
    if kind == 10:
        return f"{_number(random, collection)} {sign} {random.randint(-2, 5)}.{random.randint(0, 9)}"
    if kind == 11:
        return f"i.pt {sign} {random.choice(('Jet', 'Muon', 'Electron'))}[{random.randint(-2, 2)}].pt"
    return f"{_energy(random, collection, 2)} {sign} {random.randint(1, 60)} GeV"


def _of_candidates(random: Random) -> str:
    """Return a condition on candidates."""
    pairs = random.choice(PAIRS)
    mass = f"{random.randint(5, 90)}.5 GeV"
    match random.randrange(6):
        case 0:
            return f"count({pairs}) {random.choice(('>=', '==', '<'))} {random.randint(1, 3)}"
        case 1:
            return f"any(p.mass {random.choice(SIGNS)} {mass} for p in {pairs})"
        case 2:
            return f"any(dr(p.a, p.b) > {random.randint(1, 4)}.1 and p.pt < {mass} for p in {pairs})"
        case 3:
            return f"all(dphi(p.a, p.b) < {random.randint(1, 3)}.1 for p in {pairs})"
        case 4:
            return f"count(p for p in same if p.a.charge + p.b.charge == 0) >= {random.randint(1, 2)}"
    return f"count(jets) >= {random.randint(1, 3)}"


def condition(random: Random) -> str:
    """Return a condition on the items of a collection, in all events; it may use what `BLOCKS` defines."""
    kind = random.randrange(8)
    if kind < 2:
        return _of_candidates(random)
    if kind == 2:
        what = random.choice(("hard", "lonely", "PrimaryVertex", "Vertex"))
        return f"count({what}) {random.choice(SIGNS)} {random.randint(0, 4)}"
    if kind == 3:
        collection = random.choice(tuple(REALS))
        place = random.randint(-2, 2)
        return f"{collection}[{place}].pt {random.choice(SIGNS)} {random.randint(5, 60)} GeV"
    collection = random.choice(tuple(REALS))
    inner = _condition(random, collection, 2)
    test = random.choice(("any({c} for i in {n})", "all({c} for i in {n})", "count(i for i in {n} if {c}) >= 2"))
    return test.format(c=inner, n=collection)
