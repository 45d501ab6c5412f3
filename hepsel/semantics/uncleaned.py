"""Tells of objects that lack the overlap removal of another one: b-jets that are taken from all jets."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from hepsel.semantics import program as typed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.names_in import sources, used_by
from hepsel.semantics.statements import of_statement
from hepsel.semantics.subsets import pass_all
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.variants import is_variant
from hepsel.semantics.walk import children, distinct
from hepsel.syntax import tree
from hepsel.syntax.comparisons import SWAPPED
from hepsel.syntax.tree import Span

_DISTANCES = ("dr", "dr_rapidity")


def tell_of_uncleaned(program: tree.Program, symbols: Symbols, constraints: Mapping[str, Constraints]) -> None:
    """Tell of an object that asks for all that another one asks for, but for its distance to something.

    So of b-jets that are taken from all jets that are stored, and not from those away from leptons. It is told where a
    region asks for both; not of what others are taken from.

    Parameters
    ----------
    program
        As parsed.
    symbols
        What is in it, and where the hint is reported.
    constraints
        What the cuts of each object say.
    """
    blocks = {block.name: block for block in program.blocks}
    # A variant that leaves the removal out says so.
    plain = [name for name, block in blocks.items() if not is_variant(block) and _stored(symbols, name) is not None]
    cuts = {name: list(_cuts(symbols, name)) for name in plain}
    removals = {name: by for name, own in cuts.items() for by in map(_away_from, own) if by is not None}
    together = [
        used_by([block], blocks) for block in blocks.values() if removals and isinstance(block, tree.RegionBlock)
    ]
    taken_from = {source for block in program.blocks for source in sources(block)}
    for name in cuts.keys() - removals.keys() - taken_from:
        for other, by in removals.items():
            if (
                _stored(symbols, name) == _stored(symbols, other)
                and all(
                    _away_from(cut) or pass_all(symbols, constraints, name, cut.condition, negated=cut.negated)
                    for cut in cuts[other]
                )
                and name not in used_by([blocks[other]], blocks)
                and any({name, other} <= names for names in together)
            ):
                symbols.report(
                    "H720",
                    f"`{name}` asks for all that `{other}` asks for, but for the distance to {by}",
                    blocks[name].name_span,
                    f"take it from `{other}`, or write the same distance; if this is meant, leave it",
                    related=blocks[other].name_span,
                )
                break


def tell_of_beside_cleaned(symbols: Symbols, program: typed.Program, blocks: Container[str]) -> None:
    """Tell of a region that asks for items away from others, and for those from which they are taken, too.

    Only of objects that ask for nothing but a distance.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    program
        A program without errors.
    blocks
        Those that are no variants.
    """
    cleaned: dict[str, tuple[str, str]] = {}
    for name, block in program.collections.items():
        cuts = [_away_from(statement) for statement in block.statements if isinstance(statement, typed.Filter)]
        if isinstance(block, typed.ObjectBlock) and len(block.sources) == 1 and name in blocks and cuts and all(cuts):
            cleaned[name] = block.sources[0], str(cuts[0])
    for region in program.regions if cleaned else ():
        if region not in blocks:
            continue
        asked = dict(_asked_for(symbols, program, region))
        for name, (source, by) in cleaned.items():
            if name in asked and source in asked:
                symbols.report(
                    "H720",
                    f"`{source}` has those near {by}, too, and the region asks for `{name}`, which has not",
                    asked[source],
                    f"write `{name}`; if this is meant, leave it",
                )


def _asked_for(symbols: Symbols, program: typed.Program, region: str) -> Iterator[tuple[str, Span]]:
    """Yield the collections for which a region asks, and where."""
    for statement in program.statements_of(region):
        for _, expr in of_statement(statement):
            for part in symbols.meant(expr):
                if isinstance(part, typed.CollectionRef):
                    yield part.name, part.span


def _stored(symbols: Symbols, name: str) -> str | None:
    """Return the collection of the format that all items of an object come from, one after the other."""
    origin = symbols.origin(name)
    return None if origin in symbols.collections else origin


def _cuts(symbols: Symbols, name: str) -> Iterator[typed.Filter]:
    for block in symbols.blocks(name):
        yield from (statement for statement in block.statements if isinstance(statement, typed.Filter))


def _away_from(cut: typed.Filter) -> str | None:
    """Return the collection to whose items a cut asks for a distance."""
    if not _is_far(cut.condition, negated=cut.negated):
        return None
    return next((part.name for part in distinct(cut.condition) if isinstance(part, typed.CollectionRef)), None)


def _is_far(condition: typed.Expr, *, negated: bool) -> bool:
    """Whether a condition, or its opposite, asks for a distance, and not for being near something."""
    match condition:
        case typed.Not(operand):
            return _is_far(operand, negated=not negated)
        case typed.Compare(operator, left, right):
            sides = ((left, operator), (right, SWAPPED[operator]))
            return any(_of_distance(side) and (asks in (">", ">=")) != negated for side, asks in sides)
    return any(_is_far(part, negated=negated) for part in children(condition))


def _of_distance(value: typed.Expr) -> bool:
    return any(isinstance(part, typed.Function) and part.name in _DISTANCES for part in distinct(value))
