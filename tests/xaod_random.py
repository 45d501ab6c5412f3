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


# ------------------------------------------------------------------ programs

DEFINITIONS = """
define lead = Jet[0]
define hadronic = sum(Jet)
define is_busy = count(Jet) >= 3 and event.pileup > 20
define near(x, far) = any(dr(x, j) < far for j in Jet)
table factor(x) 0.9 for 0 GeV to 15 GeV, 1.1 for 15 GeV to 40 GeV otherwise 1
object leptons
  take Electron, Muon
  let share = ptcone20 / pt
  select share < 0.4 or pt > 20 GeV as "isolated"
define first_lepton = default(leptons[0].p4, Jet[0].p4)
object loose take leptons without "isolated"
object hardest take leptons sort by pt descending keep first 1
object leading take Jet sort by pt descending, eta ascending keep first 2
object best take Muon select pt > 6 GeV keep highest pt, lowest |eta|
object scaled take Jet let p4 = 1.1 * this select pt > 22 GeV
object apart take Jet select all(dr(this, l) > 0.4 for l in leptons)
composite dileptons take leptons a, leptons b select a.charge + b.charge == 0 and a.flavour == b.flavour
composite zs take dileptons z keep lowest |mass - 91.2 GeV|
composite quads take dileptons x, dileptons y
composite probes take ordered leptons tag, leptons probe select tag.pt > 15 GeV
region quiet select count(leptons) >= 1 reject is_busy
"""
"""Beside `BLOCKS`, what programs ask for."""

SERVED = ("Jet", "Muon", "Electron", "leptons", "loose", "hard", "lonely", "scaled")
OBJECTS = (*SERVED, *SERVED, "leading", "best", "apart", "hardest")


def _of_item(random: Random, item: str) -> str:
    """Return an energy of an item."""
    return random.choice(
        (f"{item}.pt", f"{item}.pt", f"{item}.energy", f"{item}.mass", f"|{item}.pz|", f"({item} + MET_).mass")
    ).replace("MET_", random.choice(("lead", "leptons[1]", "hadronic")))


def _said_of(random: Random, item: str) -> str:
    """Return a condition on an item of any object."""
    sign = random.choice(SIGNS[:4])
    match random.randrange(8):
        case 0:
            return f"|{item}.eta| {sign} 1.{random.randint(0, 9)}"
        case 1:
            return f"near({item}, 0.{random.randint(2, 9)})"
        case 2:
            return f"dphi({item}, lead) {sign} {random.randint(0, 2)}.3"
        case 3:
            return f"{item}.pt / (1 GeV) {sign} event.pileup"
        case 4:
            return f"factor({item}.pt) {sign} 1"
        case 5:
            other = random.choice(("leading[0]", "lead", "best[0]", "leptons[0]"))
            return f"{item} {random.choice(('==', '!='))} {other}"
    return f"{_of_item(random, item)} {sign} {random.randint(4, 60)} GeV"


def _number_of(random: Random) -> str:
    """Return how many items there are of some."""
    of = random.choice(OBJECTS)
    match random.randrange(5):
        case 0:
            return f"count(i for i in {of} if {_said_of(random, 'i')})"
        case 1:
            return f"count({random.choice(('dileptons', 'zs', 'quads', 'probes', 'same'))})"
        case 2:
            return f"count(i for i in {of}[{random.choice(('0:2', '1:', ':-1', '-2:'))}] if {_said_of(random, 'i')})"
        case 3:
            return f"count(i for i, j in {of} if dr(i, j) < {random.randint(1, 3)}.2 and {_said_of(random, 'i')})"
    return f"count({of})"


def _energy_of(random: Random) -> str:
    """Return an energy in the event."""
    of, other = random.choice(OBJECTS), random.choice(OBJECTS)
    match random.randrange(11):
        case 0:
            return f"{random.choice(('max', 'min', 'sum', 'mean'))}({of}.pt)"
        case 1:
            return f"{random.choice(('largest', 'smallest'))}({of}.pt, {random.randint(1, 3)})"
        case 2:
            condition = _said_of(random, "i")
            return f"{random.choice(('max', 'min', 'sum'))}({_of_item(random, 'i')} for i in {of} if {condition})"
        case 3:
            best = random.choice(("argmin", "argmax"))
            key = random.choice(("|i.eta|", "i.pt", "dr(i, lead)", "|i.pt - 20 GeV|"))
            return _of_item(random, f"{best}({key} for i in {of})")
        case 4:
            return f"({of}[{random.randint(-1, 1)}] + {other}[{random.randint(0, 1)}]).mass"
        case 5:
            return f"mt({of}[0], {other}[{random.randint(0, 1)}])"
        case 6:
            return random.choice(("zs[0].mass", "quads[0].mass", "max(dileptons.mass)", "min(probes.probe.pt)"))
        case 7:
            return f"largest({random.choice(('quads', 'dileptons', 'zs'))}[0].parts.pt, {random.randint(1, 3)})"
        case 8:
            return f"default({of}[1].pt, {random.randint(1, 30)} GeV)"
        case 9:
            return f"(if {_said_of(random, f'{of}[0]')} then {of}[0].pt else {other}[0].pt)"
    return random.choice(("first_lepton.pt", "hadronic.pt", "(hadronic + first_lepton).mass", "lead.pt"))


def _of_the_event(random: Random, depth: int) -> str:
    """Return a condition on an event."""
    sign = random.choice(SIGNS)
    match random.randrange(14):
        case 0 | 1 if depth > 0:
            parts = [_of_the_event(random, depth - 1) for _ in range(2)]
            return f"({random.choice((' and ', ' or ')).join(parts)})"
        case 2 if depth > 0:
            return f"not {_of_the_event(random, depth - 1)}"
        case 3:
            return f"{_number_of(random)} {sign} {_number_of(random)} + {random.randint(-1, 1)}"
        case 4:
            return f"any(dr(i, j) < 1 and {_said_of(random, 'j')} for i in leptons for j in {random.choice(OBJECTS)})"
        case 5:
            of, item = random.choice(OBJECTS), random.choice(("leading[1]", "lead", "best[0]", "leptons[0]"))
            return f"{item} {random.choice(('in', 'not in'))} {of}"
        case 6:
            return random.choice(
                ("is_busy", "quiet", "exists(Muon[1])", "event.number > 1000000250", "zs[0].z in same")
            )
        case 7:
            test = random.choice(("any", "all"))
            return f"{test}({_said_of(random, 'i')} for i in {random.choice(OBJECTS)} if {_said_of(random, 'i')})"
        case 8:
            return condition(random)
        case 9 | 10:
            return f"{_number_of(random)} {sign} {random.randint(0, 4)}"
    return f"{_energy_of(random)} {random.choice(SIGNS[:4])} {random.randint(5, 120)} GeV"


def random_region(random: Random, name: str) -> str:
    """Return a region of what `BLOCKS` and `DEFINITIONS` define."""
    lines = [f"region {name}"]
    for place in range(random.randint(1, 3)):
        match random.randrange(8):
            case 0:
                lines.append(f"weight w{place} = {random.choice(('event.pileup / 30', 'factor(lead.pt)'))}")
            case 1:
                lines.append(f"let x{place} = {_energy_of(random)} select x{place} > {random.randint(5, 60)} GeV")
            case 2:
                lines.append(f'external "data quality" bin "{name} {place}" {_of_the_event(random, 0)}')
        lines.append(f"{random.choice(('select', 'select', 'reject'))} {_of_the_event(random, 1)}")
    return "\n  ".join((*lines, "save n = count(Muon), m = leptons.pt"))
