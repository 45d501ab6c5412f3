"""Variants (`take r with a = b`) of which the statement differs: told once, and not at all that is repeated by it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hepsel.compare.drafts import Draft, draft
from hepsel.compare.entries import Entry, blocks_of, slot_places
from hepsel.compare.matching import Matching
from hepsel.compare.normal import Normaliser
from hepsel.compare.parsed import parsed
from hepsel.compare.show import listed
from hepsel.compare.verdicts import Row, Verdict
from hepsel.compare.versions import shifted
from hepsel.semantics import program as typed
from hepsel.semantics.checker import check
from hepsel.semantics.program import Program
from hepsel.semantics.types import BOOL
from hepsel.semantics.variants import Rewriter, is_variant
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.printer import print_expression, print_statement, quoted

_LISTED = 3  # what depends on a variant and is named

Copies = Mapping[str, Collection[str]]
"""What there are copies of, by the variant that they are for."""


@dataclass(frozen=True)
class Written:
    """A program, and the syntax tree that it is made from: none, where there is no `take` in it."""

    program: Program
    syntax: tree.Program | None

    @classmethod
    def of(cls, program: Program) -> Written:
        """Read a program from its text."""
        return cls(program, parsed(program.source) if "take" in program.source else None)


# ------------------------------------------------------------------ copies in both


def copied_alike(first: Written, second: Written, matching: Matching) -> tuple[Program, Program]:
    """Return two programs whose variants have copies of the same blocks.

    A variant copies only the blocks that its change reaches. Where it reaches one in only one of two programs, because
    something else differs, then all that this says would be missing from the other program.

    Parameters
    ----------
    first, second
        The programs.
    matching
        Which blocks are counterparts.
    """
    ours, theirs = _copies(first.program), _copies(second.program)
    new_first = _lacking(ours, theirs, {b: a for a, b in matching.pairs})
    new_second = _lacking(theirs, ours, matching.second)
    if not (new_first or new_second):
        return first.program, second.program
    one, other = _with_copies(first, new_first), _with_copies(second, new_second)
    return one, shifted(other, one)


def _copies(program: Program) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in (*program.values, *program.tables, *program.collections, *program.regions):
        if name.endswith("]"):
            original, variant = name[:-1].rsplit("[", 1)
            found.setdefault(variant, set()).add(original)
    return found


def _lacking(ours: Copies, theirs: Copies, names: Mapping[str, str]) -> dict[str, set[str]]:
    """Return what the variants of one program have no copies of, while their counterparts in the other one have.

    `names` are those of the blocks of the other program, as one says here.
    """
    wanted = {
        names.get(variant, variant): {names.get(name, name) for name in copied} for variant, copied in theirs.items()
    }
    lacking = {variant: copied - set(ours.get(variant, ())) for variant, copied in wanted.items()}
    return {variant: copied for variant, copied in lacking.items() if copied}


def _with_copies(written: Written, copies: Copies) -> Program:
    program = written.program
    if not copies or written.syntax is None:
        return program
    result, _ = check(written.syntax, SourceText(program.source), program.format, copies=copies)
    return result or program


# ------------------------------------------------------------------ one difference


@dataclass(frozen=True)
class Heads:
    """The blocks of a program that begin with `take`, and those of them that are variants."""

    syntax: tree.Program | None
    blocks: Mapping[str, tree.Body]

    @classmethod
    def of(cls, program: Program) -> Heads:
        """Read them from the text of a program."""
        syntax = Written.of(program).syntax
        blocks = () if syntax is None else syntax.blocks
        return cls(syntax, {b.name: b for b in blocks if isinstance(b, tree.Body) and _take(b) is not None})

    def is_variant(self, name: str) -> bool:
        """Whether a block is one."""
        return name in self.blocks and is_variant(self.blocks[name])

    def take(self, name: str) -> tree.Take:
        """Return the statement that a block begins with."""
        found = _take(self.blocks[name])
        assert found is not None
        return found


def _take(block: tree.Body) -> tree.Take | None:
    first = block.statements[0] if block.statements else None
    return first if isinstance(first, tree.Take) else None


def said_otherwise(host: Program, guest: Program, pair: tuple[str, str], names: Mapping[str, str]) -> Written | None:
    """Return a program in which a variant says what its counterpart in another one does.

    Parameters
    ----------
    host, guest
        The two programs.
    pair
        The block of the host, and that of the guest.
    names
        For the blocks of the guest those of the host.

    Returns
    -------
    Written | None
        `None` where the host has not all that the statement names.
    """
    ours, theirs = Heads.of(host), Heads.of(guest)
    if ours.syntax is None or pair[0] not in ours.blocks or pair[1] not in theirs.blocks:
        return None
    block = ours.blocks[pair[0]]
    head = replace(_renamed(theirs.take(pair[1]), names), span=ours.take(pair[0]).span)
    changed = replace(block, statements=(head, *block.statements[1:]))
    blocks = tuple(changed if one is block else one for one in ours.syntax.blocks)
    syntax = replace(ours.syntax, blocks=blocks)
    program, _ = check(syntax, SourceText(host.source), host.format)
    return None if program is None else Written(program, syntax)


def with_the_others(
    host: Program, guest: Program, pair: tuple[str, str], names: Mapping[str, str]
) -> tuple[Draft, tuple[str, ...]] | None:
    """Return the program of `said_otherwise` as a version, and the objects and composites that this changes."""
    written = said_otherwise(host, guest, pair, names)
    if written is None:
        return None
    program = written.program
    version = draft(program, blocks_of(program, Normaliser(program, {}, slot_places(program))))
    copies = (name for name in program.collections if name == pair[0] or name.endswith(f"[{pair[0]}]"))
    return version, tuple(name for name in copies if name in host.collections)


def _renamed(take: tree.Take, names: Mapping[str, str]) -> tree.Take:
    variants = tuple(
        replace(one, old=names.get(one.old, one.old)) if isinstance(one, tree.With) else one for one in take.variants
    )
    return Rewriter({}, {}, names).rewrite(replace(take, variants=variants))


def by_variant(
    rows: Sequence[Row],
    programs: tuple[Program, Program],
    matching: Matching,
    compared: Callable[[Written], Sequence[Row]],
) -> list[Row]:
    """Return the verdicts in which a variant that says something else is one difference, with all that follows from it.

    What follows from it is what would be no difference if the variants of both programs said the same.

    Parameters
    ----------
    rows
        The verdicts, on one statement each.
    programs
        The programs.
    matching
        Which of their blocks are counterparts.
    compared
        Returns the verdicts on the first program and another one.
    """
    result = list(rows)
    if all(row.verdict.same for row in rows):
        return result
    heads = Heads.of(programs[0]), Heads.of(programs[1])
    back = {b: a for a, b in matching.pairs}
    for one, other in matching.pairs:
        if not all(name in head.blocks for name, head in zip((one, other), heads, strict=True)):
            continue
        if not (heads[0].is_variant(one) or heads[1].is_variant(other)):
            continue
        takes = heads[0].take(one), heads[1].take(other)
        if print_statement(takes[0]) == print_statement(_renamed(takes[1], back)):
            continue
        written = said_otherwise(programs[1], programs[0], (other, one), matching.second)
        if written is not None:
            verdict, details = _differing(*takes, back)
            entries = (_entry(one, takes[0]),), (_entry(other, takes[1]),)
            row = Row(verdict, *entries, details, pair=(one, other))
            _put(result, row, _following(rows, compared(written)))
    for side, matched in enumerate((matching.second, back)):
        for name in heads[side].blocks:
            if name not in matched and heads[side].is_variant(name):
                _put(result, *_alone(result, heads[side], name, side))
    return result


def _following(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Return the differences that are none among other verdicts, if these have no difference more."""
    left = {_identity(row) for row in others if not row.verdict.same}
    differing = [row for row in rows if not row.verdict.same]
    if left <= {_identity(row) for row in differing}:
        return [row for row in differing if _identity(row) not in left]
    return []


def _identity(row: Row) -> object:
    return row.verdict, tuple(e.id for e in row.first), tuple(e.id for e in row.second), row.details


def _alone(rows: Iterable[Row], heads: Heads, name: str, side: int) -> tuple[Row, list[Row]]:
    """Return the verdict on a variant that only one program has, and those on what it repeats."""
    own = heads.blocks[name].span
    repeated = []
    for row in rows:
        ours, theirs = (row.first, row.second) if side == 0 else (row.second, row.first)
        if theirs or not ours:
            continue
        block, span = ours[0].block, ours[0].span
        if block.endswith(f"[{name}]") or (block == name and not span.begins_in(own)):
            repeated.append(row)
    entry = (_entry(name, heads.take(name)),)
    row = Row(Verdict.EXTRA, (), entry) if side else Row(Verdict.MISSING, entry, ())
    return row, repeated


def _put(rows: list[Row], row: Row, following: Sequence[Row]) -> None:
    """Put a verdict in the place of those that follow from it and are not told with another one."""
    told = {id(one) for one in following}
    places = [place for place, one in enumerate(rows) if id(one) in told]
    if places:
        units = tuple(rows[place] for place in places)
        rows[places[0]] = replace(row, details=(*row.details, _told(units)), units=units)
        for place in reversed(places[1:]):
            del rows[place]


def _told(rows: Sequence[Row]) -> str:
    """Say what follows from a variant: block by block where it is much."""
    entries = [entry for row in rows for entry in (row.first or row.second)]
    names = list(dict.fromkeys(entry.id for entry in entries))
    if len(names) <= _LISTED + 1:
        return f"in it: {', '.join(names)}"
    blocks = list(dict.fromkeys(entry.block for entry in entries))
    return f"{len(names)} statements in it: {listed(blocks, _LISTED)}"


def _entry(block: str, take: tree.Take) -> Entry:
    content = typed.Constant(print_statement(take), type=BOOL)
    return Entry("variant", content, block, f"{block}.take", None, take.span, -1)


_Part = tuple[Literal["take", "without", "with"], str]


def _parts(take: tree.Take, names: Mapping[str, str]) -> dict[_Part, str]:
    """Return what a statement says, by what is the same in another program; `names` are those of its blocks there."""
    found: dict[_Part, str] = {("take", ""): ", ".join(source.name for source in take.sources)}
    for one in take.variants:
        if isinstance(one, tree.With):
            found["with", names.get(one.old, one.old)] = f"{one.old} = {print_expression(one.new)}"
        else:
            found |= {("without", label): quoted(label) for label in one.labels}
    return found


def _differing(first: tree.Take, second: tree.Take, names: Mapping[str, str]) -> tuple[Verdict, tuple[str, ...]]:
    """Say what differs between the statements of two variants, and how that is called.

    `names` are those that the first program has for the blocks of the second one.
    """
    ours, theirs, renamed = _parts(first, {}), _parts(second, names), _parts(_renamed(second, names), {})
    details = []
    for part in dict.fromkeys((*ours, *theirs)):
        kind, name = part
        one, other = ours.get(part), theirs.get(part)
        if one is None or other is None:
            details.append(f"{kind} {one or other} is {'extra' if one is None else 'missing'}")
        elif one != renamed[part]:
            details.append(f"{f'{name}: ' if name else ''}{_value(one)} against {_value(other)}")
    only = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    changed = any(ours[part] != renamed[part] for part in ours.keys() & theirs.keys())
    if changed or all(only):
        return Verdict.VALUE, tuple(details)
    return (Verdict.MISSING if only[0] else Verdict.EXTRA), tuple(details)


def _value(said: str) -> str:
    return said.split(" = ", 1)[-1]
