"""That other ways to write a condition mean the same: they are true and false of the same values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hepsel.extract.checking.equivalents import equivalents
from hepsel.extract.checking.scope import Scope
from hepsel.syntax import tree
from hepsel.syntax.comparisons import RELATIONS
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse
from hepsel.syntax.printer import print_expression

M_Z = tree.Number("91.2", tree.UnitRef("GeV"))
SCOPE = Scope({"m_Z": M_Z, "window": tree.Comparison((tree.Name("x"), M_Z), ("<",))})


def condition(text: str) -> tree.Expr:
    program, problems, _ = parse(SourceText(f'hepsel 1\n\nanalysis "t"\n\nregion r\n  select {text}\n'))
    assert program is not None
    assert not problems, text
    (block,) = program.blocks
    assert isinstance(block, tree.RegionBlock)
    (statement,) = block.statements
    assert isinstance(statement, tree.Select)
    return statement.condition


def value(node: tree.Node, x: Fraction) -> Fraction:
    """Return what an expression is for a value of `x` in GeV, exactly; of a condition 1 or 0."""
    match node:
        case tree.Name("x"):
            return x
        case tree.Name(name):
            return value(SCOPE.values[name], x)
        case tree.Number(text, unit):
            return Fraction(text) / (1000 if unit is not None and unit.name == "MeV" else 1)
        case tree.Absolute(operand) | tree.Call("abs", (operand,)):
            return max(value(operand, x), -value(operand, x))
        case tree.Unary("-", operand):
            return -value(operand, x)
        case tree.Unary("not", operand):
            return 1 - value(operand, x)
        case tree.Binary(operator, left, right):
            return value(left, x) + Fraction(1 if operator == "+" else -1) * value(right, x)
        case tree.Logical(operator, operands):
            return (min if operator == "and" else max)(value(operand, x) for operand in operands)
        case tree.Comparison(operands, operators):
            found = [value(operand, x) for operand in operands]
            return Fraction(all(RELATIONS[o](a, b) for o, a, b in zip(operators, found, found[1:], strict=False)))
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("|x - 85 GeV| < 15 GeV", ["70 GeV < x < 100 GeV"]),
        ("|85 GeV - x| <= 15 GeV", ["70 GeV <= x <= 100 GeV"]),
        ("|x - 0.3 GeV| > 0.1 GeV", ["x < 0.2 GeV or x > 0.4 GeV"]),
        ("70 GeV < x < 100 GeV", ["|x - 85 GeV| < 15 GeV"]),
        ("x <= 70 GeV or x >= 100 GeV", ["|x - 85 GeV| >= 15 GeV"]),
        ("76.2 GeV < x and x < 106.2 GeV and y", ["|x - m_Z| < 15 GeV and y"]),
        ("x - m_Z > -25 GeV", ["x > 66.2 GeV"]),
        ("m_Z - x < 25 GeV", ["x > 66.2 GeV"]),
        ("not (|x - 85 GeV| < 15 GeV)", ["not 70 GeV < x < 100 GeV"]),
        # what is no interval, or one already
        ("70 GeV < x <= 100 GeV", []),
        ("x > 70 GeV or x < 100 GeV", []),
        ("x < 70 GeV and x > 100 GeV", []),
        ("x > 70 GeV and y < 100 GeV", []),
        ("-2 < y < 2", []),
        ("x == 70 GeV", []),
        ("|x - y| < 15 GeV", []),
        ("|x - 85 GeV| > -1 GeV", []),
    ],
)
def test_how_else_a_condition_is_written(text: str, others: list[str]) -> None:
    assert [print_expression(one) for one in equivalents(condition(text), SCOPE)] == others


_NUMBERS = st.decimals(min_value=-200, max_value=200, places=3)
_SIGNS = st.sampled_from(["<", "<=", ">", ">="])
_CONDITIONS = st.one_of(
    st.builds("|x - {} GeV| {} {} GeV".format, _NUMBERS, _SIGNS, _NUMBERS),
    st.builds("|{} MeV - x| {} {} GeV".format, _NUMBERS, _SIGNS, _NUMBERS),
    st.builds("x + {} GeV {} {} MeV".format, _NUMBERS, _SIGNS, _NUMBERS),
    st.builds("{} GeV - x {} {} GeV".format, _NUMBERS, _SIGNS, _NUMBERS),
    st.builds("{} GeV {} x {} {} GeV".format, _NUMBERS, _SIGNS, _SIGNS, _NUMBERS),
    st.builds("x {} {} GeV {} x {} {} GeV".format, _SIGNS, _NUMBERS, st.sampled_from(["and", "or"]), _SIGNS, _NUMBERS),
    st.builds("not ({} GeV < x < {} GeV or x > m_Z)".format, _NUMBERS, _NUMBERS),
)


@given(text=_CONDITIONS, points=st.lists(_NUMBERS, min_size=1))
@settings(max_examples=200, deadline=None)
def test_they_are_true_of_the_same_values(text: str, points: list[Fraction]) -> None:
    written = condition(text)
    ends = {value(n, Fraction(0)) for n in tree.walk(written) if isinstance(n, tree.Number)}
    for other in equivalents(written, SCOPE):
        ends |= {value(n, Fraction(0)) for n in tree.walk(other) if isinstance(n, tree.Number)}
    near = {
        sign * end + step for end in ends for sign in (1, -1) for step in (Fraction(-1, 2000), 0, Fraction(1, 2000))
    }
    for other in equivalents(written, SCOPE):
        for x in near | {Fraction(point) for point in points}:
            assert value(other, x) == value(written, x), (print_expression(other), x)
