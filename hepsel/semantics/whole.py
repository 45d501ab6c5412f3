"""What is told of a program without errors, when all of it is known."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.blocks import BlockChecker
from hepsel.semantics.centres import tell_of_centres
from hepsel.semantics.inner_cuts import tell_of_inner_cuts
from hepsel.semantics.itself import tell_of_pairs
from hepsel.semantics.kinds import tell_of_kinds
from hepsel.semantics.misnamed import tell_of_misnamed
from hepsel.semantics.mixed_pairs import tell_of_mixed_pairs
from hepsel.semantics.names_in import names_in, used_by
from hepsel.semantics.nothing import tell_of_no_item_in_objects
from hepsel.semantics.outside_tables import tell_of_outside_tables
from hepsel.semantics.places import tell_of_places
from hepsel.semantics.same import tell_of_the_same
from hepsel.semantics.scale import tell_of_scale
from hepsel.semantics.sharing import tell_of_sharing
from hepsel.semantics.statements import expressions, written
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.twice import tell_of_twice
from hepsel.semantics.uncleaned import tell_of_beside_cleaned, tell_of_uncleaned
from hepsel.semantics.variants import is_variant
from hepsel.semantics.walk import distinct
from hepsel.syntax import tree


def tell_of_whole(
    symbols: Symbols, program: tree.Program, checked: typed.Program, blocks: BlockChecker, energy: float | None
) -> None:
    """Tell of what shows in a whole program alone, or in what its expressions are made of.

    Parameters
    ----------
    symbols
        Where it is reported.
    program, checked
        The program, as parsed and typed.
    blocks
        What has checked its blocks.
    energy
        That of the collisions, in MeV, if the header says it.
    """
    _tell_of_unused(program, symbols)
    tell_of_uncleaned(program, symbols, blocks.constraints)
    tell_of_no_item_in_objects(symbols, program, blocks.criteria.missed, blocks.constraints_of_regions)
    parts = {id(expr): [*distinct(expr)] for expr in expressions(checked)}
    here = [(span, parts[id(expr)]) for span, expr in written(checked)]
    tell_of_places(symbols, checked, parts.values(), blocks.constraints_of_regions)
    tell_of_twice(symbols, here)
    tell_of_pairs(symbols, here)
    tell_of_sharing(symbols, here)
    tell_of_inner_cuts(symbols, here)
    tell_of_kinds(symbols, here)
    tell_of_centres(symbols, here)
    tell_of_misnamed(symbols, program, here)
    tell_of_scale(symbols, checked, here, energy)
    tell_of_mixed_pairs(symbols, checked, parts.values())
    plain_blocks = {block.name: block for block in program.blocks if not is_variant(block)}
    tell_of_the_same(symbols, checked, parts, plain_blocks)
    tell_of_beside_cleaned(symbols, checked, plain_blocks)
    tell_of_outside_tables(symbols, checked, here, blocks.constraints, blocks.constraints_of_regions)


def _tell_of_unused(program: tree.Program, symbols: Symbols) -> None:
    """Tell of objects that no region asks for, also through others: a veto that is defined drops nothing by that."""
    blocks = {block.name: block for block in program.blocks}
    used = used_by((block for block in program.blocks if isinstance(block, tree.RegionBlock)), blocks)
    items = {name for name, block in blocks.items() if isinstance(block, tree.ObjectBlock | tree.CompositeBlock)}
    if not items & used:
        return
    values = {name for name, block in blocks.items() if isinstance(block, tree.Define | tree.Table)} - used
    if values:
        values.difference_update(*map(names_in, program.blocks))
    for name, block in blocks.items():
        if name in values:
            symbols.report(
                "H714",
                f"nothing asks for `{name}`",
                block.name_span,
                "is a number written in its place, or a weight forgotten? if not, leave it out",
            )
        elif name in items - used:
            symbols.report(
                "H714",
                f"no region asks for `{name}`, so that it drops no event",
                block.name_span,
                f"ask for it there, as a veto does: `reject count({name}) > 0`; if it is to be counted only, leave it",
            )
