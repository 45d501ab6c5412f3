"""Which block of one program is which of the other: by what they are and how they are used, not by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hepsel.compare.assignment import best_pairs, ties
from hepsel.compare.entries import Block, blocks_of, slot_names
from hepsel.compare.keys import key, shape
from hepsel.compare.normal import Normaliser
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.walk import distinct

_ALIKE = 0.15  # below this similarity, two blocks are not counterparts
_SAME_NAME = 1e-4  # names and order decide between counterparts that are otherwise equally good
_SAME_ORDER = 1e-6
_THE_SAME = 10.0  # what is all the same under one name is not given away to make others more alike
_ONE_IS_EMPTY = 0.5  # a block that says nothing has little that could be unlike another one
_USE, _SOURCE, _ENTRY = 0.5, 2.0, 1.0

Features = Counter[str]


@dataclass(frozen=True, slots=True)
class Tie:
    """A block that has another, equally good counterpart; the names decided."""

    first: str
    chosen: str
    instead: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs of block names of two programs, and the ties among them."""

    pairs: tuple[tuple[str, str], ...]
    ties: tuple[Tie, ...]

    @property
    def second(self) -> Mapping[str, str]:
        """The counterpart in the second program, by name in the first."""
        return dict(self.pairs)


def match_blocks(a: Program, b: Program) -> Matching:
    """Find the counterparts of the blocks of `a` in `b`.

    Counterparts are first sought with all names forgotten; then once more, now that it is known which names mean the
    same, so that what a block uses and what uses it counts fully.
    """
    matching = _match(a, b, _signatures(a), _signatures(b))
    return _match(a, b, *shared_ids(a, b, matching))


def shared_ids(a: Program, b: Program, matching: Matching) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the blocks of the two programs are called in normal forms: counterparts alike."""
    second = matching.second
    ids_b = {name: f"{name} of the second" for name in block_names(b)}
    ids_b |= {second[name]: f"{name} of both" for name in second}
    ids_a = {name: f"{name} of both" if name in second else f"{name} of the first" for name in block_names(a)}
    return ids_a, ids_b


def block_names(program: Program) -> tuple[str, ...]:
    """Return the names of everything that has counterparts."""
    return (*program.tables, *program.collections, *program.regions)


def _signatures(program: Program) -> dict[str, str]:
    """Name blocks by what kind they are and which collections of the format they come from."""
    result = dict.fromkeys(program.tables, "table") | dict.fromkeys(program.regions, "region")
    for name, block in program.collections.items():
        kind = "object" if isinstance(block, typed.ObjectBlock) else f"composite of {len(block.slots)}"
        result[name] = f"{kind} from {', '.join(sorted(typed.roots(program.collections, name)))}"
    return result


def _match(a: Program, b: Program, ids_a: Mapping[str, str], ids_b: Mapping[str, str]) -> Matching:
    blocks_a = blocks_of(a, Normaliser(a, ids_a, slot_names(a, ids_a)))
    blocks_b = blocks_of(b, Normaliser(b, ids_b, slot_names(b, ids_b)))
    features_a, features_b = _features(a, blocks_a, ids_a), _features(b, blocks_b, ids_b)
    pairs: list[tuple[str, str]] = []
    tied: list[Tie] = []
    for kind in ("table", "object", "composite", "region"):
        of_a = [block for block in blocks_a.values() if block.kind == kind]
        of_b = [block for block in blocks_b.values() if block.kind == kind]
        alike = _alike(of_a, of_b, features_a, features_b)
        if len(of_a) == len(of_b) == 1:
            alike = [[max(alike[0][0], _ALIKE)]]
        scores = [
            [
                score + _named_alike(score) * (x.name == y.name) + _SAME_ORDER * (i == j) if score >= _ALIKE else 0.0
                for j, (y, score) in enumerate(zip(of_b, row, strict=True))
            ]
            for i, (x, row) in enumerate(zip(of_a, alike, strict=True))
        ]
        found = best_pairs(scores, _ALIKE)
        found += _of_one_name(of_a, of_b, found)
        pairs += [(of_a[i].name, of_b[j].name) for i, j in found]
        chosen = dict(found)
        tied += [Tie(of_a[i].name, of_b[chosen[i]].name, of_b[j].name) for i, j in ties(alike, found)]
    return Matching(tuple(pairs), tuple(tied))


def _named_alike(score: float) -> float:
    return _THE_SAME if score == 1 else _SAME_NAME


def _of_one_name(of_a: Sequence[Block], of_b: Sequence[Block], found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the blocks of one name that nothing else is like: as a region in which `take ... with` changes all."""
    taken = {i for i, _ in found}, {j for _, j in found}
    left = {block.name: j for j, block in enumerate(of_b) if j not in taken[1] and block.entries}
    return [(i, left[x.name]) for i, x in enumerate(of_a) if i not in taken[0] and x.name in left and x.entries]


def _alike(
    of_a: Sequence[Block], of_b: Sequence[Block], features_a: Mapping[str, Features], features_b: Mapping[str, Features]
) -> list[list[float]]:
    """Return the part of what blocks of two programs are and say that each two have in common.

    It is summed up feature by feature: most are of few blocks, and what many have is summed up for all of them at once.
    """
    import numpy as np

    common = np.zeros((len(of_a), len(of_b)))
    rows, columns = _holders(of_a, features_a), _holders(of_b, features_b)
    for feature in rows.keys() & columns.keys():
        (ours, how_often), (theirs, how_often_there) = rows[feature], columns[feature]
        common[np.ix_(ours, theirs)] += np.minimum.outer(how_often, how_often_there)
    whole = np.add.outer(
        *([features[x.name].total() for x in of] for of, features in ((of_a, features_a), (of_b, features_b)))
    )
    scores = np.divide(2 * common, whole, out=np.ones_like(common), where=whole > 0)
    for i, x in enumerate(of_a):
        for j, y in enumerate(of_b):
            if x.name != y.name and bool(x.entries) != bool(y.entries):
                scores[i, j] *= _ONE_IS_EMPTY
    return scores.tolist()  # type: ignore[no-any-return]


def _holders(blocks: Sequence[Block], features: Mapping[str, Features]) -> dict[str, tuple[list[int], list[int]]]:
    """Return the places of the blocks that have each feature, and how often they have it."""
    result: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, block in enumerate(blocks):
        for feature, number in features[block.name].items():
            places, numbers = result[feature]
            places.append(place)
            numbers.append(number)
    return result


def _features(program: Program, blocks: Mapping[str, Block], ids: Mapping[str, str]) -> dict[str, Features]:
    """Collect what each block says, in full and without its numbers, and where it is used."""
    lent: dict[str, Features] = {}
    result = {name: _own(program, block, blocks, ids, lent) for name, block in blocks.items()}
    used = defaultdict[str | None, Features](Counter)
    for block in blocks.values():
        for source in set(block.uses) & result.keys():
            _add(result[source], f"fills {block.kind} {ids[block.name]}", _USE)
        for entry in block.entries:
            if entry.kind != "source":
                for used_id in {_named(expr) for expr in distinct(entry.content)}:
                    _add(used[used_id], f"used {block.kind} {shape(entry.content)}", _USE)
        if block.base is not None:
            _add(result[block.base], "base", _USE)
    for name, features in result.items():
        features.update(used.get(ids[name], {}))
    return result


def _named(expr: Expr) -> str | None:
    match expr:
        case typed.CollectionRef(name) | typed.TableLookup(name):
            return name
    return None


def _own(
    program: Program, block: Block, blocks: Mapping[str, Block], ids: Mapping[str, str], lent: dict[str, Features]
) -> Features:
    """Return what a block says, and half as much of what it has from those below it."""
    features: Features = Counter()
    if block.kind in ("object", "composite"):
        for root in typed.roots(program.collections, block.name):
            _add(features, f"root {root}", _SOURCE)
    below = _below(block, blocks)
    _add_entries(features, block, _ENTRY, is_lowest=below is None)
    if block.base is not None:
        _add(features, f"base {ids[block.base]}", _ENTRY)
    if below is not None:
        features.update(_lent(below, blocks, ids, lent))
    return features


def _lent(block: Block, blocks: Mapping[str, Block], ids: Mapping[str, str], lent: dict[str, Features]) -> Features:
    """Return what those above have from a block and all below it; `lent` holds what is known of that."""
    chain = [block]
    while chain[-1].name not in lent and (below := _below(chain[-1], blocks)) is not None:
        chain.append(below)
    for one in reversed(chain):
        if one.name not in lent:
            below = _below(one, blocks)
            features = Counter() if below is None else lent[below.name].copy()
            _add_entries(features, one, _ENTRY / 2, is_lowest=below is None)
            if one.base is not None:
                _add(features, f"base {ids[one.base]}", _ENTRY)
            lent[one.name] = features
    return lent[block.name]


def _add_entries(features: Features, block: Block, weight: float, *, is_lowest: bool) -> None:
    """Add what a block says; of an object that is split in two, what counts is what the lower one takes."""
    for entry in block.entries:
        if entry.kind != "source" or is_lowest:
            of_entry = _ENTRY if entry.kind == "source" else weight
            _add(features, f"{entry.kind} {key(entry.content)}", of_entry)
            _add(features, f"{entry.kind} {shape(entry.content)}", of_entry)


def _below(block: Block, blocks: Mapping[str, Block]) -> Block | None:
    """Return the region or object whose criteria a block has, too."""
    if block.kind == "object" and len(block.uses) == 1:
        source = blocks.get(block.uses[0])
        return source if source is not None and source.kind == "object" else None
    return blocks[block.base] if block.base is not None else None


def _add(features: Features, feature: str, weight: float) -> None:
    # Counters hold whole numbers: a hundred of them are one unit of weight.
    features[feature] += round(100 * weight)
