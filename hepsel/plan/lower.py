"""From the typed program to the plan."""

from __future__ import annotations

from hepsel.plan.blocks import Blocks
from hepsel.plan.builder import Builder, identifier
from hepsel.plan.columns import count_columns
from hepsel.plan.expressions import Expressions
from hepsel.plan.identity import Identities
from hepsel.plan.items import Items
from hepsel.plan.nodes import (
    BlockOutput,
    Header,
    Plan,
    PlanTable,
    Ref,
    Stored,
    rename,
)
from hepsel.plan.parts import PartLists
from hepsel.plan.regions import Regions
from hepsel.plan.vectors import Vectors
from hepsel.semantics.program import CompositeBlock, Program
from hepsel.syntax.printer import print_expression
from hepsel.syntax.tree import Analysis, Number


class Lowering:
    """One program on its way to a plan: what the parts of the lowering share."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.build = Builder()
        self.base_names = (
            *program.format.collections,
            *(name for name, block in program.collections.items() if isinstance(block, CompositeBlock)),
        )
        self.part_axes: dict[str, str] = {}
        self.leaf_rows: dict[str, dict[str, Ref]] = {}
        self.tables: dict[str, PlanTable] = {}
        self.block_outputs: list[BlockOutput] = []
        self.items = Items(self)
        self.identities = Identities(self)
        self.parts = PartLists(self)
        self.vectors = Vectors(self)
        self.expressions = Expressions(self)
        self.blocks = Blocks(self)

    def use_table(self, name: str) -> None:
        """Make a table part of the plan."""
        table = self.program.tables[name]
        rows = tuple((row.value, row.ranges) for row in table.rows)
        self.tables[name] = PlanTable(rows, table.otherwise)


def lower(program: Program, *, item_cutflow: bool = True) -> Plan:
    """Lower a typed program.

    Parameters
    ----------
    program
        A checked program.
    item_cutflow
        Whether the item-level cutflows of the blocks are wanted. They count items in all events; without them, passes
        can leave out the events that the regions reject anyway.

    Returns
    -------
    Plan
    """
    low = Lowering(program)
    if item_cutflow:
        for name in program.collections:
            low.blocks.finished(name)
    regions = Regions(low)
    identifiers = regions.identifiers()
    outputs = tuple(regions.lower(region) for region in program.regions.values())
    reads = dict(low.items.reads)
    used = {read.collection for read in reads.values()}
    for collection in program.format.collections:
        # The columns that may say how many items there are: the dead-column pass takes one that is read anyway.
        if collection in used and not program.format.collections[collection].single:
            for read in count_columns(program.format, collection):
                reads.setdefault(read.name, read)
    plan = Plan(
        header=_header(program),
        definitions=tuple(low.build.definitions.values()),
        blocks=tuple(low.block_outputs) if item_cutflow else (),
        regions=outputs,
        identifiers=identifiers,
        reads=reads,
        tables=low.tables,
        enumerations=program.format.enumerations,
        sections={
            name: "composite" if isinstance(block, CompositeBlock) else "object"
            for name, block in program.collections.items()
        }
        | dict.fromkeys(program.regions, "region"),
    )
    return _with_block_names(plan, low.blocks)


def _with_block_names(plan: Plan, blocks: Blocks) -> Plan:
    """Give the axis of each block's items the name of the block, and to its columns names that begin with it."""
    taken = {d.name for d in plan.definitions}
    stored = {d.name for d in plan.definitions if isinstance(d.op, Stored)}
    axes: dict[str, str] = {}
    for name, state in blocks.states.items():
        new = identifier(name)
        if state.axis not in {*axes, *stored} and new not in taken:
            axes[state.axis] = new
            taken.add(new)
    renamed = dict(axes)
    for d in plan.definitions:
        old = d.name.removeprefix("n_") if d.name.removeprefix("n_") in axes else d.axis
        if old is None or old not in axes or d.name in axes:
            continue
        new = d.name.replace(old, axes[old], 1) if d.name.startswith((f"{old}_", "n_")) else d.name
        if new not in taken:
            renamed[d.name] = new
            taken.add(new)
    return rename(plan, renamed)


def _header(program: Program) -> Header:
    analysis = program.analysis
    return Header(
        title=analysis.title,
        facts=tuple(_facts(analysis)),
        format=program.format.name,
        trees=program.format.trees,
        separators=program.format.separators,
        servicex=program.format.servicex,
        xaod={name: spec.xaod for name, spec in program.format.collections.items() if spec.xaod is not None},
    )


def _facts(analysis: Analysis) -> list[tuple[str, str]]:
    facts = [("experiment", analysis.experiment or "")]
    facts += [("energy", _number(analysis.energy)), ("luminosity", _number(analysis.luminosity))]
    facts += [("source", f"{source.name} {source.text}") for source in analysis.sources]
    return [(name, text) for name, text in facts if text]


def _number(number: Number | None) -> str:
    return "" if number is None else print_expression(number)
