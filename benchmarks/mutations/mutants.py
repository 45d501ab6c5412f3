"""Programs with one change: mutants, which mean something else, and rewrites, which must not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse
from hepsel.syntax.printer import print_program


@dataclass(frozen=True)
class Mutant:
    """A changed program: how it was changed, in which block, and which verdicts name that rightly."""

    change: str
    block: str
    text: str
    names: frozenset[str]


FLIPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
REVERSED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "!=", "!=": "=="}
SIBLINGS = {
    "pt": ("energy", "px", "pz"), "eta": ("phi", "rapidity"), "phi": ("eta",), "mass": ("pt", "energy"),
    "ptcone20": ("topoetcone20", "ptvarcone20", "ptcone30"), "topoetcone20": ("ptcone20", "ptvarcone30"),
    "ptcone30": ("topoetcone20", "ptcone20", "ptvarcone30"), "z0_sin_theta": ("z0", "d0"), "d0": ("z0", "z0_sin_theta"),
    "z0": ("d0",), "is_loose": ("is_tight", "is_medium"), "is_tight": ("is_loose", "is_medium"),
    "charge": ("pdg_id",), "d0_significance": ("eta", "d0"), "btag": ("pt",), "is_very_loose": ("is_loose",),
}  # fmt: skip


def parsed(text: str) -> tree.Program:
    program, problems, _ = parse(SourceText(text))
    assert program is not None
    assert not problems
    return program


def sites(node: Any, kind: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Find all nodes of a kind, with the way to them."""
    if isinstance(node, kind):
        yield path, node
    if isinstance(node, tree.Node):
        for field in fields(node):
            if not field.name.endswith(("span", "spans", "annotations")):
                yield from sites(getattr(node, field.name), kind, (*path, field.name))
    elif isinstance(node, tuple):
        for place, element in enumerate(node):
            yield from sites(element, kind, (*path, place))


def put(node: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a tree with another node at the end of a way."""
    if not path:
        return new
    step, *rest = path
    if isinstance(node, tuple):
        return (*node[:step], put(node[step], tuple(rest), new), *node[step + 1 :])
    return replace(node, **{step: put(getattr(node, step), tuple(rest), new)})


def _cuts(block: tree.Block) -> list[tuple[int, Any]]:
    cuts = tree.Select | tree.Reject
    return [(i, s) for i, s in enumerate(getattr(block, "statements", ())) if isinstance(s, cuts)]


def _with(program: tree.Program, number: int, statements: Any) -> tree.Program:
    return put(program, ("blocks", number, "statements"), tuple(statements))


def _scaled(number: tree.Number, factor: Fraction) -> tree.Number:
    value = Fraction(number.text) * factor
    whole = number.unit is None and number.text.isdigit()
    if whole:
        value = Fraction(int(number.text) + 1)
    return replace(number, text=str(value.numerator) if value.denominator == 1 else repr(float(value)))


_PLACES = (tree.Select, tree.Reject, tree.KeepBest, tree.SortBy, tree.Let)
_DIFFERS = frozenset({"value differs"})
_ANY_TWO = frozenset({"missing", "extra"})
_SENSE = frozenset({"contradictory"})


def mutants(text: str) -> Iterator[Mutant]:
    """Make all single mutants of a program."""
    program = parsed(text)
    for number, block in enumerate(program.blocks):
        for make in (
            _dropped,
            _numbers,
            _comparisons,
            _logic,
            _siblings,
            _keys,
            _sources,
            _moved,
            _invented,
            _enumerations,
            _reducers,
            _axes,
            _turned_round,
            _arithmetic,
        ):
            for change, mutant, names in make(program, number, block):
                place = "" if isinstance(block, tree.Define) else block.name  # a definition is named where it is used
                yield Mutant(change, place, print_program(mutant), frozenset(names))


Made = Iterator[tuple[str, tree.Program, frozenset[str]]]


def _dropped(program: tree.Program, number: int, block: tree.Block) -> Made:
    kinds = tree.Select | tree.Reject | tree.KeepBest | tree.KeepFirst | tree.SortBy | tree.Weight | tree.External
    statements = getattr(block, "statements", ())
    for i, statement in enumerate(statements):
        if isinstance(statement, kinds):
            rest = statements[:i] + statements[i + 1 :]
            yield "criterion dropped", _with(program, number, rest), frozenset({"missing"})


def _conditions(block: tree.Block, kind: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Find nodes of a kind in the statements that select, and in definitions."""
    if isinstance(block, tree.Define):
        for path, node in sites(block.value, kind):
            yield ("value", *path), node
    for i, statement in enumerate(getattr(block, "statements", ())):
        if isinstance(statement, _PLACES):
            for path, node in sites(statement, kind):
                yield ("statements", i, *path), node


def _numbers(program: tree.Program, number: int, block: tree.Block) -> Made:
    for path, node in _conditions(block, tree.Number):
        indexes = path[-1] == "index" or path[-3:-1] == ("arguments",)
        factors = [
            *(("1 %", Fraction(100 + sign, 100)) for sign in (1, -1)),
            *(("10 %", Fraction(100 + sign, 100)) for sign in (10, -10)),
            *(("a factor 1000", factor) for factor in (Fraction(1000), Fraction(1, 1000))),
        ]
        if node.unit is None and node.text.isdigit():
            factors = factors[:1]
        for name, factor in factors:
            scaled = _scaled(node, factor)
            names = _DIFFERS if not indexes else frozenset({"value differs", *_ANY_TWO})
            if scaled.text != node.text:
                yield f"value changed by {name}", put(program, ("blocks", number, *path), scaled), names


def _comparisons(program: tree.Program, number: int, block: tree.Block) -> Made:
    for path, node in _conditions(block, tree.Comparison):
        for i, operator in enumerate(node.operators):
            for change, table, names in (
                ("strictness flipped", FLIPPED, frozenset({"bound differs"})),
                ("comparison reversed", REVERSED, _SENSE),
            ):
                if operator in table:
                    operators = (*node.operators[:i], table[operator], *node.operators[i + 1 :])
                    changed = replace(node, operators=operators)
                    if change == "comparison reversed" and len(operators) > 1:
                        names = _SENSE | _ANY_TWO
                    yield change, put(program, ("blocks", number, *path), changed), names


def _logic(program: tree.Program, number: int, block: tree.Block) -> Made:
    other = {"and": "or", "or": "and"}
    for path, node in _conditions(block, tree.Logical):
        changed = replace(node, operator=other[node.operator])
        yield "`and` for `or`", put(program, ("blocks", number, *path), changed), _ANY_TWO


def _siblings(program: tree.Program, number: int, block: tree.Block) -> Made:
    for path, node in _conditions(block, tree.Name | tree.Attribute):
        for sibling in SIBLINGS.get(node.name, ()):
            changed = replace(node, name=sibling)
            names = _ANY_TWO | {"scope differs"}
            yield "attribute replaced", put(program, ("blocks", number, *path), changed), names


def _keys(program: tree.Program, number: int, block: tree.Block) -> Made:
    for i, statement in enumerate(getattr(block, "statements", ())):
        if not isinstance(statement, tree.KeepBest):
            continue
        keys = statement.keys
        for j, key in enumerate(keys):
            turned = replace(key, highest=not key.highest)
            changed = replace(statement, keys=(*keys[:j], turned, *keys[j + 1 :]))
            yield "pairing key changed", put(program, ("blocks", number, "statements", i), changed), _SENSE
        if len(keys) > 1:
            changed = replace(statement, keys=keys[::-1])
            names = frozenset({"order differs"})
            yield "pairing key changed", put(program, ("blocks", number, "statements", i), changed), names
            changed = replace(statement, keys=keys[:-1])
            yield "pairing key changed", put(program, ("blocks", number, "statements", i), changed), _ANY_TWO


def _sources(program: tree.Program, number: int, block: tree.Block) -> Made:
    for i, statement in enumerate(getattr(block, "statements", ())):
        if not isinstance(statement, tree.Take):
            continue
        path = ("blocks", number, "statements", i)
        sources = statement.sources
        if isinstance(block, tree.ObjectBlock) and len(sources) > 1:
            for j in range(len(sources)):
                changed = replace(statement, sources=sources[:j] + sources[j + 1 :])
                yield "union member dropped", put(program, path, changed), frozenset({"missing"})
        if isinstance(block, tree.CompositeBlock) and len({source.name for source in sources}) < len(sources):
            changed = replace(statement, ordered=not statement.ordered)
            yield "pairing changed", put(program, path, changed), frozenset({"order differs"})


def _moved(program: tree.Program, number: int, block: tree.Block) -> Made:
    statements = getattr(block, "statements", ())
    keeps = [i for i, s in enumerate(statements) if isinstance(s, tree.KeepBest | tree.KeepFirst)]
    for i, statement in _cuts(block):
        for keep in keeps:
            rest = [s for s in statements if s is not statement]
            place = keep + (i > keep) - (i < keep) + (i < keep)
            rest.insert(place if i > keep else keep, statement)
            order = [s for s in rest if s in (statement, statements[keep])]
            if (order[0] is statement) is not (i < keep):
                yield "criterion moved past a `keep`", _with(program, number, rest), frozenset({"order differs"})
        for other, target in enumerate(program.blocks):
            said = [s.condition for _, s in _cuts(target)]
            if target is block or type(target) is not type(block) or statement.condition in said:
                continue
            moved = _with(program, number, [s for s in statements if s is not statement])
            place = next((j for j, s in enumerate(target.statements) if isinstance(s, tree.Take)), -1) + 1  # type: ignore[attr-defined]
            there = (*target.statements[:place], statement, *target.statements[place:])  # type: ignore[attr-defined]
            names = frozenset({"scope differs", "missing", "order differs"})
            yield "criterion moved to another block", _with(moved, other, there), names


VALUES = {
    "muon": ("electron",), "electron": ("muon",), "combined": ("standalone", "forward", "calo_tagged"),
    "calo_tagged": ("segment_tagged", "combined", "forward"), "segment_tagged": ("combined", "forward", "standalone"),
    "standalone": ("combined", "forward", "calo_tagged"), "forward": ("combined", "standalone"),
}  # fmt: skip


def _enumerations(program: tree.Program, number: int, block: tree.Block) -> Made:
    for path, node in _conditions(block, tree.Name):
        for value in VALUES.get(node.name, ()):
            changed = replace(node, name=value)
            yield "enumeration value replaced", put(program, ("blocks", number, *path), changed), _DIFFERS


def _reducers(program: tree.Program, number: int, block: tree.Block) -> Made:
    other = {"any": "all", "all": "any", "min": "max", "max": "min", "largest": "smallest", "argmax": "argmin"}
    for path, node in _conditions(block, tree.Call):
        if node.function in other:
            changed = replace(node, function=other[node.function])
            names = _ANY_TWO | (_SENSE if node.function == "argmax" else frozenset())
            yield "reducer replaced", put(program, ("blocks", number, *path), changed), names


def _axes(program: tree.Program, number: int, block: tree.Block) -> Made:
    for i, statement in enumerate(getattr(block, "statements", ())):
        if not isinstance(statement, tree.Histogram | tree.Bins):
            continue
        for path, node in sites(statement.axes, tree.Number):
            for factor in (Fraction(101, 100), Fraction(9, 10), Fraction(1000)):
                changed = put(statement, ("axes", *path), _scaled(node, factor))
                if changed != statement:
                    yield "axis changed", put(program, ("blocks", number, "statements", i), changed), _DIFFERS
        for path, axis in sites(statement.axes, tree.UniformAxis):
            changed = put(statement, ("axes", *path), replace(axis, bins=axis.bins + 1))
            yield "axis changed", put(program, ("blocks", number, "statements", i), changed), _ANY_TWO | _DIFFERS


def _turned_round(program: tree.Program, number: int, block: tree.Block) -> Made:
    other = {tree.Select: tree.Reject, tree.Reject: tree.Select}
    loose = parsed('hepsel 1\nanalysis ""\nregion r\n select count(Muon) == 2').blocks[0].statements[0]  # type: ignore[attr-defined]
    for i, statement in _cuts(block):
        path = ("blocks", number, "statements", i)
        negated = other[type(statement)](statement.condition, annotations=statement.annotations)
        yield "`select` for `reject`", put(program, path, negated), _SENSE | _ANY_TWO
        weaker = tree.Logical(
            "or" if isinstance(statement, tree.Select) else "and", (statement.condition, loose.condition)
        )
        yield "criterion loosened", put(program, path, replace(statement, condition=weaker)), _ANY_TWO


def _arithmetic(program: tree.Program, number: int, block: tree.Block) -> Made:
    other = {"+": "-", "-": "+"}
    for path, node in _conditions(block, tree.Binary):
        if node.operator in other:
            changed = replace(node, operator=other[node.operator])
            yield "`+` for `-`", put(program, ("blocks", number, *path), changed), _ANY_TWO | _DIFFERS


INVENTED = {
    tree.ObjectBlock: (
        "pt > 3.21 GeV", "|phi| < 3.05", "count(PrimaryVertex) > 1", "|eta| < 1.83", "not (pt > 444 GeV)", "is_tight",
        "phi > -3.01", "sin(phi) < 0.97", "charge == 1", "MET.pt > 2 GeV", "pt != 13 GeV", "eta < 2.22", "pt < 777 GeV",
    ),
    tree.CompositeBlock: (
        "mass > 4.56 GeV", "pt > 3.21 GeV", "mass < 611 GeV", "|eta| < 1.83", "parts[0].pt > 9 GeV", "charge >= 0",
        "|rapidity| < 2.2", "max(parts.pt) < 321 GeV", "phi > -3.01", "eta < 2.22", "energy < 3 TeV",
    ),
    tree.RegionBlock: (
        "count(Muon) >= 1", "count(Jet) < 9", "sum(Muon.pt) > 9 GeV", "count(Electron) != 3", "max(Jet.pt) > 9 GeV",
        "count(Muon) < 5", "exists(Electron[1])", "min(Muon.eta) < 2.22", "count(Muon) != 1",
    ),
}  # fmt: skip


def _invented(program: tree.Program, number: int, block: tree.Block) -> Made:
    statements = getattr(block, "statements", None)
    if statements is None:
        return
    for text in INVENTED[type(block)]:
        sample = parsed(f'hepsel 1\nanalysis ""\nobject o\n take Muon\n select {text}').blocks[0]
        extra = sample.statements[1]  # type: ignore[attr-defined]
        takes = [i + 1 for i, s in enumerate(statements) if isinstance(s, tree.Take)]
        for place in {*(takes or [0]), len(statements)}:
            changed = (*statements[:place], extra, *statements[place:])
            yield "invented criterion", _with(program, number, changed), frozenset({"extra"})


# ------------------------------------------------------------------ rewrites


def rewrites(text: str, count: int, seed: int) -> Iterator[Mutant]:
    """Rewrite a program without changing what it means: one way at a time, then several together."""
    chance = random.Random(seed)
    program = parsed(text)
    kinds = list(REWRITES.items())
    for number in range(count):
        chosen = [kinds[number % len(kinds)]] if number < 2 * len(kinds) else chance.sample(kinds, chance.randint(1, 4))
        changed = program
        for _, rewrite in chosen:
            changed = rewrite(changed, chance)
        if changed != program:
            yield Mutant(" + ".join(sorted(name for name, _ in chosen)), "", print_program(changed), frozenset())


def _each(program: tree.Program, kind: Any, change: Callable[[Any], Any], chance: random.Random) -> tree.Program:
    """Change some nodes of a kind in the conditions, innermost first."""
    for number, block in enumerate(program.blocks):
        found = [path for path, _ in _conditions(block, kind)]
        for path in sorted(found, key=len, reverse=True):
            if chance.random() < 0.7:
                node: Any = program.blocks[number]
                for step in path:
                    node = node[step] if isinstance(step, int) else getattr(node, step)
                program = put(program, ("blocks", number, *path), change(node))
    return program


def _statements(program: tree.Program, change: Callable[[list[Any]], list[Any]]) -> tree.Program:
    for number, block in enumerate(program.blocks):
        if hasattr(block, "statements"):
            program = _with(program, number, change(list(block.statements)))
    return program


def _labels_matter(program: tree.Program) -> bool:
    return any(True for _ in sites(program, tree.Without))


def _renamed(program: tree.Program, _chance: random.Random) -> tree.Program:
    names = {block.name: f"{block.name}_x" for block in program.blocks}

    def rename(node: Any) -> Any:
        if isinstance(node, tuple):
            return tuple(map(rename, node))
        if not isinstance(node, tree.Node):
            return node
        changes = {f.name: rename(getattr(node, f.name)) for f in fields(node) if not f.name.endswith("span")}
        if isinstance(node, tree.Name | tree.Source | tree.Block):
            changes["name"] = names.get(node.name, node.name)
        if isinstance(node, tree.Call):
            changes["function"] = names.get(node.function, node.function)
        return replace(node, **changes)

    return replace(program, blocks=tuple(rename(block) for block in program.blocks))


def _reordered(program: tree.Program, chance: random.Random) -> tree.Program:
    def change(statements: list[Any]) -> list[Any]:
        result: list[Any] = []
        run: list[Any] = []
        for statement in [*statements, None]:
            if isinstance(statement, tree.Select | tree.Reject | tree.External):
                run.append(statement)
                continue
            chance.shuffle(run)
            result += run
            run = []
            if statement is not None:
                result.append(statement)
        return result

    return _statements(program, change)


def _split(program: tree.Program, _chance: random.Random) -> tree.Program:
    if _labels_matter(program):
        return program

    def change(statements: list[Any]) -> list[Any]:
        result = []
        for statement in statements:
            condition = getattr(statement, "condition", None)
            if (
                isinstance(statement, tree.Select)
                and isinstance(condition, tree.Logical)
                and condition.operator == "and"
            ):
                result += [replace(statement, condition=side) for side in condition.operands]
            elif isinstance(statement, tree.Select) and isinstance(condition, tree.Comparison):
                a, o = condition.operands, condition.operators
                result += [
                    replace(statement, condition=tree.Comparison((a[i], a[i + 1]), (o[i],))) for i in range(len(o))
                ]
            else:
                result.append(statement)
        return result

    return _statements(program, change)


def _merged(program: tree.Program, _chance: random.Random) -> tree.Program:
    if _labels_matter(program):
        return program

    def change(statements: list[Any]) -> list[Any]:
        result: list[Any] = []
        for statement in statements:
            if result and isinstance(statement, tree.Select) and isinstance(result[-1], tree.Select):
                both = tree.Logical("and", (result[-1].condition, statement.condition))
                result[-1] = replace(result[-1], condition=both)
            else:
                result.append(statement)
        return result

    return _statements(program, change)


def _inlined(program: tree.Program, _chance: random.Random) -> tree.Program:
    values = {
        block.name: block.value
        for block in program.blocks
        if isinstance(block, tree.Define) and block.parameters is None
    }

    def inline(node: Any) -> Any:
        if isinstance(node, tuple):
            return tuple(map(inline, node))
        if isinstance(node, tree.Name) and node.name in values:
            return inline(values[node.name])
        if not isinstance(node, tree.Node):
            return node
        return replace(
            node, **{f.name: inline(getattr(node, f.name)) for f in fields(node) if not f.name.endswith("span")}
        )

    kept = [b for b in program.blocks if not (isinstance(b, tree.Define) and b.parameters is None)]
    return replace(program, blocks=tuple(inline(block) for block in kept))


def _selected(program: tree.Program, _chance: random.Random) -> tree.Program:
    def change(statements: list[Any]) -> list[Any]:
        swapped = {tree.Select: tree.Reject, tree.Reject: tree.Select}
        return [
            swapped[type(s)](tree.Unary("not", s.condition), annotations=s.annotations) if type(s) in swapped else s
            for s in statements
        ]

    return _statements(program, change)


_UNITS = {"GeV": ("MeV", 1000), "MeV": ("GeV", Fraction(1, 1000)), "mm": ("um", 1000)}


def _units(program: tree.Program, chance: random.Random) -> tree.Program:
    def change(node: tree.Number) -> tree.Number:
        if node.unit is None or node.unit.name not in _UNITS or node.unit.power != (1, 1):
            return node
        unit, factor = _UNITS[node.unit.name]
        value = Fraction(node.text) * factor
        text = str(value.numerator) if value.denominator == 1 else str(float(value))
        return node if Fraction(text) != value else replace(node, text=text, unit=tree.UnitRef(unit))

    return _each(program, tree.Number, change, chance)


def _spelled_out(program: tree.Program, chance: random.Random) -> tree.Program:
    def change(node: tree.Comparison) -> tree.Expr:
        if len(node.operators) == 1 and isinstance(node.operands[0], tree.Absolute):
            inner, bound = node.operands[0].operand, node.operands[1]
            if node.operators[0] in ("<", "<=") and isinstance(bound, tree.Number):
                return tree.Comparison((tree.Unary("-", bound), inner, bound), (node.operators[0],) * 2)
            if node.operators[0] in (">", ">=") and isinstance(bound, tree.Number):
                above = tree.Comparison((inner, bound), node.operators)
                below = tree.Comparison((inner, tree.Unary("-", bound)), (REVERSED[node.operators[0]],))  # type: ignore[arg-type]
                return tree.Logical("or", (above, below))
        return node

    return _each(program, tree.Comparison, change, chance)


def _de_morgan(program: tree.Program, chance: random.Random) -> tree.Program:
    def change(node: tree.Logical) -> tree.Expr:
        other = {"and": "or", "or": "and"}
        sides = tuple(tree.Unary("not", side) for side in node.operands)
        return tree.Unary("not", tree.Logical(other[node.operator], sides))  # type: ignore[arg-type]

    return _each(program, tree.Logical, change, chance)


def _turned(program: tree.Program, chance: random.Random) -> tree.Program:
    def change(node: Any) -> Any:
        if isinstance(node, tree.Comparison):
            swapped = tuple({"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(o, o) for o in node.operators[::-1])
            return replace(node, operands=node.operands[::-1], operators=swapped)
        if isinstance(node, tree.Logical):
            return replace(node, operands=node.operands[::-1])
        if node.operator in ("+", "*"):
            return replace(node, left=node.right, right=node.left)
        return node

    return _each(program, tree.Comparison | tree.Logical | tree.Binary, change, chance)


REWRITES: dict[str, Callable[[tree.Program, random.Random], tree.Program]] = {
    "renaming": _renamed,
    "reordering": _reordered,
    "splitting": _split,
    "merging": _merged,
    "inlining": _inlined,
    "`reject` for `select not`": _selected,
    "units": _units,
    "|x| spelled out": _spelled_out,
    "De Morgan": _de_morgan,
    "sides exchanged": _turned,
}
