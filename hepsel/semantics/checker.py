"""From syntax tree to typed program, or to all problems at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from hepsel.formats.schema import Format
from hepsel.semantics import program as typed
from hepsel.semantics.blocks import BlockChecker
from hepsel.semantics.expressions import ExpressionChecker, dimension
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.turns import Turns
from hepsel.semantics.types import ENERGY, LUMINOSITY, UNKNOWN, RealType
from hepsel.semantics.variants import Variants, is_variant, variant_span
from hepsel.semantics.whole import tell_of_whole
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import Diagnostic, SourceText
from hepsel.syntax.tree import Span

LANGUAGE_VERSION = 1

_AT_MOST_ONE = (("==", "1"), ("<=", "1"), ("<", "2"))


def check(
    program: tree.Program,
    source: SourceText,
    data_format: Format,
    lost: frozenset[str] = frozenset(),
    checker: Callable[[Symbols], ExpressionChecker] = ExpressionChecker,
    copies: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> tuple[typed.Program | None, list[Diagnostic]]:
    """Check names, types and units of a program.

    Parameters
    ----------
    program
        As parsed.
    source
        Its text.
    data_format
        The format that it is checked against.
    lost
        Names of statements that did not parse: what uses them is not reported again.
    checker
        Makes what types the expressions: an editor has one that takes note of each.
    copies
        For variants (`take ... with`) what they are to have copies of although nothing of it changes.

    Returns
    -------
    program
        The typed program, or `None` if there are errors.
    diagnostics
        All problems, in the order of the text.
    """
    symbols = Symbols(data_format, alone=frozenset(_alone(program)), brought_back=Turns(program).bring_back)
    symbols.kinds.update(dict.fromkeys(lost, "lost"))
    for block in program.blocks:
        symbols.later.setdefault(block.name, block.name_span)
    if program.version != LANGUAGE_VERSION:
        symbols.report(
            "E100",
            "this is not a version of the language that this hepsel knows",
            _first_line(source),
            f"write `hepsel {LANGUAGE_VERSION}`",
        )
    if program.analysis is None and "analysis" not in lost:
        proposal = 'write `analysis "title"` behind the version'
        symbols.report("E500", "the header is missing", _first_line(source), proposal)
    analysis = program.analysis or tree.Analysis("")
    energy = _header(analysis, symbols)
    blocks = BlockChecker(symbols, checker(symbols), source, frozenset(declared.name for declared in analysis.sources))
    blocks.criteria.annotations(analysis)
    variants = Variants(symbols, copies)
    for block in program.blocks:
        symbols.later.pop(block.name, None)
        for plain in variants.spelled_out(block):
            known = len(symbols.diagnostics)
            blocks.check(plain)
            if is_variant(block):
                _at_the_variant(symbols, known, block)
    _tell_of_nested(program, symbols)
    blocks.complete()
    result = None
    if not symbols.errors:
        result = typed.Program(
            format=data_format,
            analysis=analysis,
            source=source.text,
            values=symbols.values,
            tables=symbols.tables,
            collections=symbols.collections,
            regions=symbols.regions,
            derived=symbols.derived,
            where=symbols.where,
        )
        tell_of_whole(symbols, program, result, blocks, energy)
    return result, sorted(symbols.diagnostics, key=lambda item: (item.span.start, item.code))


def _alone(program: tree.Program) -> Iterator[str]:
    """Yield the collections of which a program asks for one item at most, as in `count(leptons) == 1`."""
    for node in tree.walk(program):
        match node:
            case tree.Comparison((tree.Call("count", (tree.Name(name),)), tree.Number(number, None)), (operator,)):
                if (operator, number) in _AT_MOST_ONE:
                    yield name


def _tell_of_nested(program: tree.Program, symbols: Symbols) -> None:
    """Tell of regions that are written inside others: where they stand says nothing of what they start from."""
    around: list[tree.RegionBlock] = []
    for block in program.blocks:
        while around and not _is_inside(block, around[-1]):
            around.pop()
        if isinstance(block, tree.RegionBlock):
            if around and not any(isinstance(statement, tree.Take) for statement in block.statements):
                message = f"`{block.name}` starts from all events, and not from those of `{around[-1].name}`"
                symbols.report("H706", message, block.name_span, f"write `take {around[-1].name}` in it")
            around.append(block)


def _is_inside(block: tree.Block, other: tree.Block) -> bool:
    """Whether a block stands below another one and further to the right."""
    return block.span.line > other.span.line and block.span.column > other.span.column


def _first_line(source: SourceText) -> Span:
    """Return the place of the line that states the version."""
    match = re.search(r"^[ \t]*(hepsel.*?)[ \t\r]*$", source.text, re.MULTILINE)
    return source.span(*match.span(1)) if match else source.span(0, 0)


_SUPERFLUOUS = ("W601", "W605", "W612")
"""Not told of what a variant repeats: to make a cut or a `default` superfluous is a way to leave it out, and bins that
are repeated with the rest may be of no use there."""


def _at_the_variant(symbols: Symbols, known: int, block: tree.Block) -> None:
    """Tell problems that a variant makes in the text that it repeats at the variant, where they are made."""
    new = symbols.diagnostics[known:]
    del symbols.diagnostics[known:]
    for item in new:
        if item.span.begins_in(block.span):
            symbols.diagnostics.append(item)
        elif item.code not in _SUPERFLUOUS:
            wrong = " is wrong" if item.severity == "error" else ""
            message = f"repeated like this, line {item.span.line}{wrong}: {item.message}"
            symbols.report(item.code, message, variant_span(block), item.proposal)


def _header(analysis: tree.Analysis, symbols: Symbols) -> float | None:
    """Check the lines of the header, and return the energy of the collisions, if it says it."""
    energy: float | None = None
    expressions = ExpressionChecker(symbols)
    for number, wanted, what, example in (
        (analysis.energy, ENERGY, "energy", "13 TeV"),
        (analysis.luminosity, LUMINOSITY, "luminosity", "36.1 fb^-1"),
    ):
        if number is None:
            continue
        checked = expressions.check(number)
        kind = checked.type
        if number is analysis.energy and kind == RealType(ENERGY) and isinstance(checked, typed.Constant):
            energy = float(checked.value)
        if number.unit is None:
            symbols.report("E400", f"the {what} has no unit", number.span, f"write the unit, for example `{example}`")
        elif kind != UNKNOWN and dimension(kind) != wanted:
            symbols.report("E401", f"this is not the unit of {what}", number.span, f"for example `{example}`")
    for span in analysis.repeated:
        symbols.report("E201", "a line of the header says this already", span, "an analysis has one of each: keep one")
    seen: set[str] = set()
    for declared in analysis.sources:
        if declared.name in seen:
            symbols.report("E201", f"there are two sources `{declared.name}`", declared.span)
        seen.add(declared.name)
    return energy
