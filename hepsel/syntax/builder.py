"""Builds the nodes of the syntax tree while the parser reads: one method for each rule of the grammar."""

from __future__ import annotations

from typing import Any, Literal, TypeVar, cast

from lark import Token, v_args
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from hepsel.syntax import tree
from hepsel.syntax.tree import NOWHERE, Annotation, Expr, Span

_T = TypeVar("_T")
_B = TypeVar("_B", tree.ObjectBlock, tree.CompositeBlock, tree.RegionBlock)

_MOST_DIGITS = 18  # of an integer literal: what 64 bits hold
_HIGHEST_POWER = 99  # of a unit; powers are computed exactly, so that a huge one would take forever


def _span(meta: Meta) -> Span:
    return NOWHERE if meta.empty else Span(meta.start_pos, meta.end_pos, meta.line, meta.column)


def _token_span(token: Token) -> Span:
    start, end, line, column = token.start_pos, token.end_pos, token.line, token.column
    assert start is not None
    assert end is not None
    assert line is not None
    assert column is not None
    return Span(start, end, line, column)


def _unquote(token: Token) -> str:
    return token[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def _pick(children: tuple[Any, ...], kind: type[_T]) -> tuple[_T, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def _whole(number: Token | str, otherwise: int) -> int:
    """Return the value of an integer literal, `otherwise` for a number that is none (the checker refuses that)."""
    return int(number) if number.isdigit() and len(number) <= _MOST_DIGITS else otherwise


def _unit(meta: Meta, name: Token, sign: int, numerator: Token, denominator: Token | str = "1") -> tree.UnitRef:
    up, down = _whole(numerator, 0), _whole(denominator, 0)
    sensible = 0 < up <= _HIGHEST_POWER and 0 < down <= _HIGHEST_POWER
    power = (sign * up, down) if sensible else (0, 0)
    return tree.UnitRef(str(name), power, span=_span(meta))


class _Text(str):
    """A title, told apart from other strings by its type."""


class _Word(str):
    """A bare keyword that stands for itself, such as `ordered` or `fold`."""


class _Experiment(tuple[str, Span]):
    """The experiment of the header, and where it stands."""


class _Energy(tuple[tree.Number, Span]):
    """The energy of the header, and where it stands."""


class _Luminosity(tuple[tree.Number, Span]):
    """The luminosity of the header, and where it stands."""


class _EntryWeight(tuple[Expr]):
    """What the entries of a histogram are weighted with."""


class _Otherwise(tuple[Expr]):
    """What a table gives outside its ranges."""


class _Filter(tuple[Expr]):
    """The condition of a generator."""


class _Start(tuple[Expr]):
    """The lower bound of a slice."""


class _Stop(tuple[Expr]):
    """The upper bound of a slice."""


class _Names(tuple[Token, ...]):
    """A list of names."""


class _Page(int):
    """A page of a citation."""


def _expressions(children: tuple[Any, ...]) -> tuple[Expr, ...]:
    return _pick(children, Expr)


def _annotations(children: tuple[Any, ...]) -> tuple[Annotation, ...]:
    return _pick(children, Annotation)


def _body(kind: type[_B], meta: Meta, name: Token, children: tuple[Any, ...]) -> _B:
    return kind(
        str(name),
        _pick(children, tree.Statement),
        annotations=_annotations(children),
        name_span=_token_span(name),
        span=_span(meta),
    )


def _values_and_axes(
    children: tuple[Any, ...],
) -> tuple[tuple[Expr | None, ...], tuple[tree.Axis, ...]]:
    values: list[Expr | None] = []
    axes: list[tree.Axis] = []
    first: Expr | None = None
    for child in children:
        if isinstance(child, Expr):
            first = child
        elif isinstance(child, tree.UniformAxis | tree.EdgesAxis):
            values.append(first)
            axes.append(child)
        elif isinstance(child, _Versus):
            values.append(child[0])
            axes.append(child[1])
    return tuple(values), tuple(axes)


class _Versus(tuple[Expr, tree.Axis]):
    """A further axis and its value."""


@v_args(inline=True, meta=True)
class TreeBuilder(Transformer_NonRecursive[Token, Any]):
    """A lark transformer; without recursion, since a text may be nested as deeply as it likes."""

    # ---------------------------------------------------------------- program

    def start(self, meta: Meta, version: int, *children: Any) -> tree.Program:
        header = _pick(children, tree.Analysis)
        return tree.Program(version, header[0] if header else None, _pick(children, tree.Block), span=_span(meta))

    def version(self, meta: Meta, number: Token) -> int:
        return _whole(number, 0)

    def analysis(self, meta: Meta, title: Token, *children: Any) -> tree.Analysis:
        experiment = _pick(children, _Experiment)
        energy = _pick(children, _Energy)
        luminosity = _pick(children, _Luminosity)
        return tree.Analysis(
            _unquote(title),
            experiment[0][0] if experiment else None,
            energy[0][0] if energy else None,
            luminosity[0][0] if luminosity else None,
            _pick(children, tree.SourceDecl),
            _annotations(children),
            tuple(span for _, span in (*experiment[1:], *energy[1:], *luminosity[1:])),
            span=_span(meta),
        )

    def experiment(self, meta: Meta, word: Token) -> _Experiment:
        return _Experiment((_unquote(word) if word.startswith('"') else str(word), _span(meta)))

    def energy(self, meta: Meta, quantity: tree.Number) -> _Energy:
        return _Energy((quantity, _span(meta)))

    def luminosity(self, meta: Meta, quantity: tree.Number) -> _Luminosity:
        return _Luminosity((quantity, _span(meta)))

    def source_decl(self, meta: Meta, name: Token, text: Token) -> tree.SourceDecl:
        return tree.SourceDecl(str(name), _unquote(text), span=_span(meta))

    # ---------------------------------------------------------------- blocks

    def names(self, meta: Meta, *names: Token) -> _Names:
        return _Names(names)

    def define(self, meta: Meta, name: Token, value: Expr, *rest: Annotation) -> tree.Define:
        return tree.Define(str(name), None, value, annotations=rest, name_span=_token_span(name), span=_span(meta))

    def function(self, meta: Meta, name: Token, names: _Names, value: Expr, *rest: Annotation) -> tree.Define:
        return tree.Define(
            str(name),
            tuple(map(str, names)),
            value,
            annotations=rest,
            name_span=_token_span(name),
            span=_span(meta),
        )

    def table(self, meta: Meta, name: Token, names: _Names, *children: Any) -> tree.Table:
        otherwise = _pick(children, _Otherwise)
        return tree.Table(
            str(name),
            tuple(map(str, names)),
            _pick(children, tree.Row),
            otherwise[0][0] if otherwise else None,
            annotations=_annotations(children),
            name_span=_token_span(name),
            span=_span(meta),
        )

    def row(self, meta: Meta, value: Expr, *children: Any) -> tree.Row:
        ranges = tuple(child for child in children if type(child) is tuple)
        return tree.Row(value, ranges, uncertainties=_pick(children, tree.Uncertainty), span=_span(meta))

    def range(self, meta: Meta, low: tree.End, high: tree.End) -> tuple[tree.End, tree.End]:
        return (low, high)

    def otherwise(self, meta: Meta, value: Expr) -> _Otherwise:
        return _Otherwise((value,))

    def object(self, meta: Meta, name: Token, *children: Any) -> tree.ObjectBlock:
        return _body(tree.ObjectBlock, meta, name, children)

    def composite(self, meta: Meta, name: Token, *children: Any) -> tree.CompositeBlock:
        return _body(tree.CompositeBlock, meta, name, children)

    def region(self, meta: Meta, name: Token, *children: Any) -> tree.RegionBlock:
        return _body(tree.RegionBlock, meta, name, children)

    # ---------------------------------------------------------------- statements

    def take(self, meta: Meta, *children: Any) -> tree.Take:
        variants: list[tree.Without | tree.With] = []
        for child in children:
            if isinstance(child, tree.Without):
                variants.append(child)
            elif isinstance(child, list):
                variants.extend(child)
        return tree.Take(
            _pick(children, tree.Source),
            bool(_pick(children, _Word)),
            tuple(variants),
            annotations=_annotations(children),
            span=_span(meta),
        )

    def ordered(self, meta: Meta, word: Token) -> _Word:
        return _Word(word)

    def source(self, meta: Meta, name: Token, slot: Token | None = None) -> tree.Source:
        return tree.Source(str(name), None if slot is None else str(slot), span=_span(meta))

    def without(self, meta: Meta, *labels: Token) -> tree.Without:
        return tree.Without(tuple(map(_unquote, labels)), span=_span(meta))

    def substitutions(self, meta: Meta, *items: tree.With) -> list[tree.With]:
        return list(items)

    def substitution(self, meta: Meta, old: Token, new: Expr) -> tree.With:
        return tree.With(str(old), new, span=_span(meta))

    def select(self, meta: Meta, condition: Expr, *rest: Annotation) -> tree.Select:
        return tree.Select(condition, annotations=rest, span=_span(meta))

    def reject(self, meta: Meta, condition: Expr, *rest: Annotation) -> tree.Reject:
        return tree.Reject(condition, annotations=rest, span=_span(meta))

    def let(self, meta: Meta, name: Token, value: Expr, *rest: Annotation) -> tree.Let:
        return tree.Let(str(name), value, annotations=rest, name_span=_token_span(name), span=_span(meta))

    def sort_by(self, meta: Meta, *children: Any) -> tree.SortBy:
        return tree.SortBy(_pick(children, tree.SortKey), annotations=_annotations(children), span=_span(meta))

    def sort_key(self, meta: Meta, value: Expr, direction: _Word) -> tree.SortKey:
        return tree.SortKey(value, direction == "descending", span=_span(meta))

    def direction(self, meta: Meta, word: Token) -> _Word:
        return _Word(word)

    def keep_first(self, meta: Meta, count: Token, *rest: Annotation) -> tree.KeepFirst:
        return tree.KeepFirst(_whole(count, -1), annotations=rest, span=_span(meta))

    def keep_best(self, meta: Meta, *children: Any) -> tree.KeepBest:
        return tree.KeepBest(_pick(children, tree.Key), annotations=_annotations(children), span=_span(meta))

    def key(self, meta: Meta, sense: _Word, value: Expr) -> tree.Key:
        return tree.Key(value, sense == "highest", span=_span(meta))

    def sense(self, meta: Meta, word: Token) -> _Word:
        return _Word(word)

    def external(self, meta: Meta, text: Token, *rest: Annotation) -> tree.External:
        return tree.External(_unquote(text), annotations=rest, span=_span(meta))

    def weight(self, meta: Meta, name: Token, value: Expr, *rest: Annotation) -> tree.Weight:
        return tree.Weight(str(name), value, annotations=rest, name_span=_token_span(name), span=_span(meta))

    def bin(self, meta: Meta, name: Token, condition: Expr, *rest: Annotation) -> tree.Bin:
        return tree.Bin(_unquote(name), condition, annotations=rest, span=_span(meta))

    def bins(self, meta: Meta, name: Token, *children: Any) -> tree.Bins:
        values, axes = _values_and_axes(children)
        return tree.Bins(
            str(name),
            values,
            axes,
            annotations=_annotations(children),
            name_span=_token_span(name),
            span=_span(meta),
        )

    def histogram(self, meta: Meta, name: Token, *children: Any) -> tree.Histogram:
        values, axes = _values_and_axes(children)
        titles = _pick(children, _Text)
        weights = _pick(children, _EntryWeight)
        return tree.Histogram(
            str(name),
            values,
            axes,
            weights[0][0] if weights else None,
            bool(_pick(children, _Word)),
            str(titles[0]) if titles else None,
            annotations=_annotations(children),
            name_span=_token_span(name),
            span=_span(meta),
        )

    def value(self, meta: Meta, value: Expr) -> Expr:
        return value

    def vs(self, meta: Meta, value: Expr, axis: tree.Axis) -> _Versus:
        return _Versus((value, axis))

    def uniform_axis(self, meta: Meta, bins: Token, low: Expr, high: Expr) -> tree.UniformAxis:
        return tree.UniformAxis(_whole(bins, 0), low, high, span=_span(meta))

    def edges_axis(self, meta: Meta, *edges: tree.End) -> tree.EdgesAxis:
        return tree.EdgesAxis(edges, span=_span(meta))

    def entry_weight(self, meta: Meta, value: Expr) -> _EntryWeight:
        return _EntryWeight((value,))

    def fold(self, meta: Meta, word: Token) -> _Word:
        return _Word(word)

    def title(self, meta: Meta, text: Token) -> _Text:
        return _Text(_unquote(text))

    def save(self, meta: Meta, *children: Any) -> tree.Save:
        return tree.Save(_pick(children, tree.Column), annotations=_annotations(children), span=_span(meta))

    def column(self, meta: Meta, name: Token, value: Expr | None = None) -> tree.Column:
        return tree.Column(str(name), value, span=_span(meta))

    def expect(self, meta: Meta, *children: Any) -> tree.Expect:
        return tree.Expect(_pick(children, tree.Expectation), annotations=_annotations(children), span=_span(meta))

    def expectation(self, meta: Meta, value: Expr, *children: Any) -> tree.Expectation:
        samples = _pick(children, _Text)
        return tree.Expectation(
            value,
            _pick(children, tree.Uncertainty),
            str(samples[0]) if samples else None,
            span=_span(meta),
        )

    def symmetric(self, meta: Meta, value: tree.Number, kind: _Word | None = None) -> tree.Uncertainty:
        return self.asymmetric(meta, value, value, kind)

    def asymmetric(self, meta: Meta, up: tree.Number, down: tree.Number, kind: _Word | None = None) -> tree.Uncertainty:
        named = None if kind is None else cast("Literal['stat', 'syst']", str(kind))
        return tree.Uncertainty(up, down, named, span=_span(meta))

    def kind(self, meta: Meta, word: Token) -> _Word:
        return _Word(word)

    def sample(self, meta: Meta, text: Token) -> _Text:
        return _Text(_unquote(text))

    # ---------------------------------------------------------------- annotations

    def cite(self, meta: Meta, source: Token, *children: Any) -> tree.Cite:
        pages = _pick(children, _Page)
        quotes = [_unquote(child) for child in children if isinstance(child, Token)]
        return tree.Cite(
            str(source),
            int(pages[0]) if pages else None,
            quotes[0] if quotes else None,
            span=_span(meta),
        )

    def page(self, meta: Meta, number: Token) -> _Page:
        return _Page(_whole(number, 0))

    def assume(self, meta: Meta, text: Token) -> tree.Assume:
        return tree.Assume(_unquote(text), span=_span(meta))

    def note(self, meta: Meta, text: Token) -> tree.Note:
        return tree.Note(_unquote(text), span=_span(meta))

    def label(self, meta: Meta, text: Token) -> tree.Label:
        return tree.Label(_unquote(text), span=_span(meta))

    # ---------------------------------------------------------------- expressions

    def conditional(self, meta: Meta, condition: Expr, value: Expr, otherwise: Expr) -> Expr:
        return tree.Conditional(condition, value, otherwise, span=_span(meta))

    def disjunction(self, meta: Meta, *operands: Expr) -> Expr:
        return tree.Logical("or", operands, span=_span(meta))

    def conjunction(self, meta: Meta, *operands: Expr) -> Expr:
        return tree.Logical("and", operands, span=_span(meta))

    def negation(self, meta: Meta, operand: Expr) -> Expr:
        return tree.Unary("not", operand, span=_span(meta))

    def comparison(self, meta: Meta, *children: Any) -> Expr:
        signs = cast("tuple[tree.ComparisonOperator, ...]", tuple(map(str, _pick(children, _Word))))
        return tree.Comparison(_expressions(children), signs, span=_span(meta))

    def comparator(self, meta: Meta, word: Token) -> _Word:
        return _Word(word)

    def membership(self, meta: Meta, item: Expr, collection: Expr) -> Expr:
        return tree.Membership(item, collection, False, span=_span(meta))

    def exclusion(self, meta: Meta, item: Expr, collection: Expr) -> Expr:
        return tree.Membership(item, collection, True, span=_span(meta))

    def plus(self, meta: Meta, left: Expr, right: Expr) -> Expr:
        return tree.Binary("+", left, right, span=_span(meta))

    def minus(self, meta: Meta, left: Expr, right: Expr) -> Expr:
        return tree.Binary("-", left, right, span=_span(meta))

    def times(self, meta: Meta, left: Expr, right: Expr) -> Expr:
        return tree.Binary("*", left, right, span=_span(meta))

    def over(self, meta: Meta, left: Expr, right: Expr) -> Expr:
        return tree.Binary("/", left, right, span=_span(meta))

    def to_power(self, meta: Meta, left: Expr, right: Expr) -> Expr:
        return tree.Binary("^", left, right, span=_span(meta))

    def minus_sign(self, meta: Meta, operand: Expr) -> Expr:
        return tree.Unary("-", operand, span=_span(meta))

    def attribute(self, meta: Meta, item: Expr, name: Token) -> Expr:
        return tree.Attribute(item, str(name), name_span=_token_span(name), span=_span(meta))

    def index(self, meta: Meta, collection: Expr, index: Expr) -> Expr:
        return tree.Index(collection, index, span=_span(meta))

    def slice(self, meta: Meta, collection: Expr, *bounds: Any) -> Expr:
        starts = _pick(bounds, _Start)
        stops = _pick(bounds, _Stop)
        return tree.Slice(
            collection,
            starts[0][0] if starts else None,
            stops[0][0] if stops else None,
            span=_span(meta),
        )

    def start_bound(self, meta: Meta, value: Expr) -> _Start:
        return _Start((value,))

    def stop_bound(self, meta: Meta, value: Expr) -> _Stop:
        return _Stop((value,))

    def name(self, meta: Meta, name: Token) -> Expr:
        return tree.Name(str(name), span=_span(meta))

    def number(self, meta: Meta, number: Token) -> Expr:
        return tree.Number(str(number), span=_span(meta))

    def true(self, meta: Meta) -> Expr:
        return tree.Boolean(True, span=_span(meta))

    def false(self, meta: Meta) -> Expr:
        return tree.Boolean(False, span=_span(meta))

    def absolute(self, meta: Meta, operand: Expr) -> Expr:
        return tree.Absolute(operand, span=_span(meta))

    def call(self, meta: Meta, name: Token, arguments: tuple[Expr, ...] = ()) -> Expr:
        return tree.Call(str(name), arguments, function_span=_token_span(name), span=_span(meta))

    def arguments(self, meta: Meta, *arguments: Expr) -> tuple[Expr, ...]:
        return arguments

    def generator(self, meta: Meta, body: Expr, *children: Any) -> Expr:
        filters = _pick(children, _Filter)
        return tree.Generator(
            body,
            _pick(children, tree.Clause),
            filters[0][0] if filters else None,
            span=_span(meta),
        )

    def clause(self, meta: Meta, names: _Names, collection: Expr) -> tree.Clause:
        return tree.Clause(
            tuple(map(str, names)),
            collection,
            name_spans=tuple(map(_token_span, names)),
            span=_span(meta),
        )

    def filter(self, meta: Meta, condition: Expr) -> _Filter:
        return _Filter((condition,))

    def with_unit(self, meta: Meta, number: Token, unit: tree.UnitRef) -> Expr:
        return tree.Number(str(number), unit, span=_span(meta))

    def unit(self, meta: Meta, name: Token) -> tree.UnitRef:
        return tree.UnitRef(str(name), span=_span(meta))

    def unit_power(self, meta: Meta, name: Token, power: Token) -> tree.UnitRef:
        return _unit(meta, name, 1, power)

    def unit_inverse(self, meta: Meta, name: Token, power: Token) -> tree.UnitRef:
        return _unit(meta, name, -1, power)

    def unit_fraction(self, meta: Meta, name: Token, up: Token, down: Token) -> tree.UnitRef:
        return _unit(meta, name, 1, up, down)

    def unit_inverse_fraction(self, meta: Meta, name: Token, up: Token, down: Token) -> tree.UnitRef:
        return _unit(meta, name, -1, up, down)

    def quantity(self, meta: Meta, number: Token, unit: tree.UnitRef | None = None) -> tree.Number:
        return tree.Number(str(number), unit, span=_span(meta))

    def infinity(self, meta: Meta, *words: Token) -> tree.Infinity:
        return tree.Infinity(len(words) > 1, span=_span(meta))

    def signed(self, meta: Meta, *children: Any) -> Expr:
        number = _pick(children, tree.Number)[0]
        span = _span(meta)
        return tree.Unary("-", number, span=span) if span.start < number.span.start else number
