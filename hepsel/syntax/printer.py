"""From syntax tree to text.

Expressions get the parentheses that they need and no others. `print_program` writes each statement on one line;
`hepsel.syntax.formatter.format_source` turns that into the canonical layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from hepsel.syntax import tree

# How tightly the outermost sign of an expression binds; the names are those of the grammar's rules.
_EXPR, _DISJUNCTION, _CONJUNCTION, _NEGATION, _COMPARISON = range(5)
_SUM, _PRODUCT, _SIGNED_FACTOR, _POWER, _POSTFIX = range(5, 10)

_BINARY = {
    # sign: its own rule, the rules of its operands
    "+": (_SUM, _SUM, _PRODUCT),
    "-": (_SUM, _SUM, _PRODUCT),
    "*": (_PRODUCT, _PRODUCT, _SIGNED_FACTOR),
    "/": (_PRODUCT, _PRODUCT, _SIGNED_FACTOR),
    "^": (_POWER, _POSTFIX, _SIGNED_FACTOR),
}
_LOGICAL = {"or": (_DISJUNCTION, _CONJUNCTION), "and": (_CONJUNCTION, _NEGATION)}


def print_expression(expression: tree.Expr) -> str:
    """Return the text of an expression, without parentheses that it does not need."""
    return _expression(expression, _EXPR)


def print_program(program: tree.Program) -> str:
    """Return the text of a program, one line for each statement."""
    lines = [f"hepsel {program.version}"]
    if program.analysis is not None:
        lines += ["", *_analysis(program.analysis)]
    for block in program.blocks:
        lines += ["", *_block(block)]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return a string literal; the language has none for a text with line ends.

    Raises
    ------
    ValueError
        When `text` has a line end in it.
    """
    if "\n" in text:
        raise ValueError("a string of hepsel cannot hold a line end")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def print_unit(unit: tree.UnitRef) -> str:
    """Return the text of a unit."""
    numerator, denominator = unit.power
    if denominator != 1:
        return f"{unit.name}^({numerator}/{denominator})"
    return unit.name if numerator == 1 else f"{unit.name}^{numerator}"


# ------------------------------------------------------------------ expressions


def _expression(expression: tree.Expr, rule: int) -> str:
    """Return the text of an expression where the grammar expects `rule`."""
    own, text = _bare(expression)
    return f"({text})" if own < rule else text


def _bare(expression: tree.Expr) -> tuple[int, str]:
    """Return the rule of the grammar that an expression is an instance of, and its text."""
    match expression:
        case tree.Number(text, None):
            return _POSTFIX, text
        case tree.Number(text, tree.UnitRef() as unit):
            return _POWER, f"{text} {print_unit(unit)}"
        case tree.Boolean(value):
            return _POSTFIX, "true" if value else "false"
        case tree.Name(name):
            return _POSTFIX, name
        case tree.Attribute(item, name):
            return _POSTFIX, f"{_item(item)}.{name}"
        case tree.Index(collection, index):
            return _POSTFIX, f"{_expression(collection, _POSTFIX)}[{_expression(index, _EXPR)}]"
        case tree.Slice(collection, start, stop):
            bounds = ":".join("" if end is None else _expression(end, _EXPR) for end in (start, stop))
            return _POSTFIX, f"{_expression(collection, _POSTFIX)}[{bounds}]"
        case tree.Call(function, arguments):
            return _POSTFIX, f"{function}({', '.join(map(print_argument, arguments))})"
        case tree.Absolute(operand):
            return _POSTFIX, f"|{_expression(operand, _EXPR)}|"
        case tree.Unary("-", operand):
            return _SIGNED_FACTOR, f"-{_expression(operand, _SIGNED_FACTOR)}"
        case tree.Unary(_, operand):
            return _NEGATION, f"not {_expression(operand, _NEGATION)}"
        case tree.Binary(operator, left, right):
            own, left_rule, right_rule = _BINARY[operator]
            gap = "" if operator == "^" else " "
            return own, f"{_expression(left, left_rule)}{gap}{operator}{gap}{_expression(right, right_rule)}"
        case tree.Logical(word, operands):
            own, rule = _LOGICAL[word]
            return own, f" {word} ".join(_expression(operand, rule) for operand in operands)
        case tree.Comparison(operands, operators):
            first, *others = (_expression(operand, _SUM) for operand in operands)
            pairs = zip(operators, others, strict=True)
            return _COMPARISON, first + "".join(f" {sign} {operand}" for sign, operand in pairs)
        case tree.Membership(item, collection, negated):
            sign = "not in" if negated else "in"
            return _COMPARISON, f"{_expression(item, _SUM)} {sign} {_expression(collection, _SUM)}"
        case tree.Conditional(condition, value, otherwise):
            parts = (_expression(part, _EXPR) for part in (condition, value, otherwise))
            return _EXPR, "if {} then {} else {}".format(*parts)
        case _:
            raise TypeError(f"{type(expression).__name__} is not an expression by itself")


def _item(item: tree.Expr) -> str:
    text = _expression(item, _POSTFIX)
    return f"({text})" if isinstance(item, tree.Number) and item.unit is None else text  # not 5.pt


def print_argument(argument: tree.Expr) -> str:
    """Return the text of an argument of a function: an expression or a generator."""
    if not isinstance(argument, tree.Generator):
        return _expression(argument, _EXPR)
    clauses = "".join(
        f" for {', '.join(clause.names)} in {_expression(clause.collection, _SUM)}" for clause in argument.clauses
    )
    condition = "" if argument.condition is None else f" if {_expression(argument.condition, _EXPR)}"
    return f"{_expression(argument.body, _EXPR)}{clauses}{condition}"


# ------------------------------------------------------------------ annotations


def _annotations(annotations: tuple[tree.Annotation, ...]) -> str:
    return "".join(f"  {print_annotation(annotation)}" for annotation in annotations)


def print_annotation(annotation: tree.Annotation) -> str:
    """Return the text of an annotation."""
    match annotation:
        case tree.Cite(source, page, quote):
            where = "" if page is None else f" page {page}"
            return f"cite {source}{where}" + ("" if quote is None else f" {quoted(quote)}")
        case tree.Assume(text):
            return f"assume {quoted(text)}"
        case tree.Note(text):
            return f"note {quoted(text)}"
        case tree.Label(text):
            return f"as {quoted(text)}"
        case _:
            raise TypeError(f"{type(annotation).__name__} is not an annotation")


# ------------------------------------------------------------------ statements


def _statement(statement: tree.Statement) -> str:
    return f"  {print_statement(statement)}{_annotations(statement.annotations)}"


def print_statement(statement: tree.Statement) -> str:
    """Return the text of a statement, without its annotations."""
    match statement:
        case tree.Take(sources, ordered, variants):
            listed = ", ".join(
                source.name if source.slot is None else f"{source.name} {source.slot}" for source in sources
            )
            first = "ordered " if ordered else ""
            return f"take {first}{listed}" + "".join(f" {_variant(variant)}" for variant in variants)
        case tree.Select(condition):
            return f"select {print_expression(condition)}"
        case tree.Reject(condition):
            return f"reject {print_expression(condition)}"
        case tree.Let(name, value):
            return f"let {name} = {print_expression(value)}"
        case tree.SortBy(keys):
            return "sort by " + ", ".join(
                f"{print_expression(key.value)} {'descending' if key.descending else 'ascending'}" for key in keys
            )
        case tree.KeepFirst(count):
            return f"keep first {count}"
        case tree.KeepBest(keys):
            return "keep " + ", ".join(
                f"{'highest' if key.highest else 'lowest'} {print_expression(key.value)}" for key in keys
            )
        case tree.External(text):
            return f"external {quoted(text)}"
        case tree.Weight(name, value):
            return f"weight {name} = {print_expression(value)}"
        case tree.Bin(name, condition):
            return f"bin {quoted(name)} {print_expression(condition)}"
        case tree.Bins(name, values, axes):
            return f"bins {name}{_axes(values, axes)}"
        case tree.Histogram(name, values, axes, weight, fold, title):
            end = "" if weight is None else f"  with weight {print_expression(weight)}"
            end += ("  fold" if fold else "") + ("" if title is None else f"  title {quoted(title)}")
            return f"histogram {name}{_axes(values, axes)}{end}"
        case tree.Save(columns):
            return "save " + ", ".join(f"{column.name}{_given(column.value)}" for column in columns)
        case tree.Expect(expectations):
            return "expect " + ", ".join(map(_expectation, expectations))
        case _:
            raise TypeError(f"{type(statement).__name__} is not a statement")


def _variant(variant: tree.Without | tree.With) -> str:
    if isinstance(variant, tree.Without):
        return f"without {', '.join(map(quoted, variant.labels))}"
    return f"with {variant.old} = {print_expression(variant.new)}"


def _given(value: tree.Expr | None) -> str:
    return "" if value is None else f" = {print_expression(value)}"


def _axes(values: tuple[tree.Expr | None, ...], axes: tuple[tree.Axis, ...]) -> str:
    text = f"{_given(values[0])}  {_axis(axes[0])}"
    for value, axis in zip(values[1:], axes[1:], strict=True):
        assert value is not None  # only the first axis may take its value from the name
        text += f"  vs {print_expression(value)}  {_axis(axis)}"
    return text


def _axis(axis: tree.Axis) -> str:
    if isinstance(axis, tree.EdgesAxis):
        return f"edges [{', '.join(map(_end, axis.edges))}]"
    return f"bins {axis.bins} from {print_expression(axis.low)} to {print_expression(axis.high)}"


def _end(end: tree.End) -> str:
    if isinstance(end, tree.Infinity):
        return "-inf" if end.negative else "inf"
    return print_expression(end)


def _expectation(expectation: tree.Expectation) -> str:
    text = _measured(expectation.value, expectation.uncertainties)
    return text if expectation.sample is None else f"{text} for {quoted(expectation.sample)}"


def _measured(value: tree.Expr, uncertainties: tuple[tree.Uncertainty, ...]) -> str:
    text = print_expression(value)
    for uncertainty in uncertainties:
        up, down = print_expression(uncertainty.up), print_expression(uncertainty.down)
        text += f" +- {up}" if up == down else f" + {up} - {down}"
        text += "" if uncertainty.kind is None else f" {uncertainty.kind}"
    return text


# ------------------------------------------------------------------ blocks


def _analysis(analysis: tree.Analysis) -> Iterator[str]:
    yield f"analysis {quoted(analysis.title)}{_annotations(analysis.annotations)}"
    if analysis.experiment is not None:
        yield f"  experiment {_word(analysis.experiment)}"
    if analysis.energy is not None:
        yield f"  energy {print_expression(analysis.energy)}"
    if analysis.luminosity is not None:
        yield f"  luminosity {print_expression(analysis.luminosity)}"
    for source in analysis.sources:
        yield f"  source {source.name} {quoted(source.text)}"


def _word(text: str) -> str:
    return text if text.isascii() and text.isidentifier() else quoted(text)


def _block(block: tree.Block) -> Iterator[str]:
    annotations = _annotations(block.annotations)
    match block:
        case tree.Define(name, parameters, value):
            listed = "" if parameters is None else f"({', '.join(parameters)})"
            yield f"define {name}{listed} = {print_expression(value)}{annotations}"
        case tree.Table(name, parameters, rows, otherwise):
            yield f"table {name}({', '.join(parameters)})"
            yield ",\n".join(f"  {_row(row)}" for row in rows)
            if otherwise is not None:
                yield f"  otherwise {print_expression(otherwise)}"
            if annotations:
                yield f"  {annotations}"
        case tree.ObjectBlock() | tree.CompositeBlock() | tree.RegionBlock():
            yield f"{tree.BODIES[type(block)]} {block.name}{annotations}"
            yield from map(_statement, block.statements)
        case _:
            raise TypeError(f"{type(block).__name__} is not a block")


def _row(row: tree.Row) -> str:
    ranges = " and ".join(f"{_end(low)} to {_end(high)}" for low, high in row.ranges)
    return f"{_measured(row.value, row.uncertainties)} for {ranges}"
