"""The grammar and the parser: every construct gives its tree, and nothing at all gives a traceback."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import GrammarError

from hepsel.syntax import tree
from hepsel.syntax.diagnostics import Diagnostic, SourceText, render
from hepsel.syntax.parser import (
    MAX_BYTES,
    MAX_CHAIN,
    MAX_DEPTH,
    SyntaxProblem,
    comments,
    grammar_text,
    keywords,
    parse,
    parse_expression,
    tokens,
)
from hepsel.syntax.tree import (
    Absolute,
    Attribute,
    Binary,
    Boolean,
    Call,
    Clause,
    Comparison,
    Conditional,
    Generator,
    Index,
    Logical,
    Membership,
    Name,
    Number,
    Slice,
    Unary,
    UnitRef,
)

A, B, C, D = (Name(letter) for letter in "abcd")
GEV = UnitRef("GeV")


def parsed(text: str) -> tree.Program:
    program, diagnostics, lost = parse(SourceText(text))
    assert diagnostics == []
    assert not lost
    assert program is not None
    return program


def statement(text: str, block: str = "region") -> tree.Statement:
    (found,) = parsed(f"hepsel 1\n{block} r\n  {text}\n").blocks
    assert isinstance(found, tree.ObjectBlock | tree.CompositeBlock | tree.RegionBlock)
    (only,) = found.statements
    return only


def problems(text: str) -> list[Diagnostic]:
    """Parse what may be anything, show every diagnostic, and return them."""
    source = SourceText(text)
    _, diagnostics, _ = parse(source)
    for diagnostic in diagnostics:
        shown = render(diagnostic, source)
        assert all(char.isprintable() or char == "\n" for char in shown)
        assert 0 <= diagnostic.span.start <= diagnostic.span.end
    return diagnostics


# ------------------------------------------------------------------ the grammar


def build_strictly(grammar: str) -> Lark:
    return Lark(grammar, parser="lalr", start=["start", "expr"], strict=True)


def test_the_grammar_has_no_conflicts() -> None:
    build_strictly(grammar_text())
    ambiguous = grammar_text().replace("?sum: product\n", '?sum: product\n    | sum "+" sum\n')
    assert ambiguous != grammar_text()
    with pytest.raises(GrammarError):
        build_strictly(ambiguous)


def test_the_grammar_stays_in_the_subset_shared_with_llguidance() -> None:
    rules = re.sub(r"//[^\n]*", "", grammar_text())
    literals = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?<![\w/])/(?:[^/\\\n]|\\.)+/[a-z]*')
    patterns = [found for found in literals.findall(rules) if found.startswith("/")]
    assert len(patterns) == 5
    for pattern in patterns:
        assert not re.search(r"\(\?|\\b|\\B|\\[1-9]|[*+?}][?+]|[$^](?!\\n|\")", pattern[1:-1].replace("[^", "[")), (
            pattern
        )
    bare = literals.sub("", rules)
    assert not re.search(r"\b\w+\.-?\d+\s*:", bare), "no priorities"
    assert "{" not in bare, "no templates"
    assert set(re.findall(r"%\w+", bare)) == {"%ignore"}


def test_keywords() -> None:
    assert {"select", "reject", "hepsel", "ordered", "not", "stat", "lowest"} <= keywords()
    assert not {"pt", "GeV", "count", "muon"} & keywords()
    assert all(word.isalpha() for word in keywords())


# ------------------------------------------------------------------ expressions

EXPRESSIONS = {
    "1": Number("1"),
    "1.50e-3": Number("1.50e-3"),
    ".5": Number(".5"),
    "7 GeV": Number("7", GEV),
    "7GeV": Number("7", GEV),
    "1 fb^-1": Number("1", UnitRef("fb", (-1, 1))),
    "1 mm^2": Number("1", UnitRef("mm", (2, 1))),
    "1 GeV^(1/2)": Number("1", UnitRef("GeV", (1, 2))),
    "1 GeV ^ (- 3 / 2)": Number("1", UnitRef("GeV", (-3, 2))),
    "1 GeV^0.5": Number("1", UnitRef("GeV", (0, 0))),
    "1 GeV^99999": Number("1", UnitRef("GeV", (0, 0))),
    "1 GeV^(1/0)": Number("1", UnitRef("GeV", (0, 0))),
    "true": Boolean(True),
    "false": Boolean(False),
    "a": A,
    "a.weight.energy": Attribute(Attribute(A, "weight"), "energy"),
    "a[0]": Index(A, Number("0")),
    "a[-1].pt": Attribute(Index(A, Unary("-", Number("1"))), "pt"),
    "a[:]": Slice(A, None, None),
    "a[1:]": Slice(A, Number("1"), None),
    "a[:2]": Slice(A, None, Number("2")),
    "a[1:b]": Slice(A, Number("1"), B),
    "a()": Call("a", ()),
    "dr(a, b)": Call("dr", (A, B)),
    "|a|": Absolute(A),
    "|a - |b||": Absolute(Binary("-", A, Absolute(B))),
    "||a|| * |b|": Binary("*", Absolute(Absolute(A)), Absolute(B)),
    "-a": Unary("-", A),
    "--a": Unary("-", Unary("-", A)),
    "-a^2": Unary("-", Binary("^", A, Number("2"))),
    "a^-b": Binary("^", A, Unary("-", B)),
    "a^b^c": Binary("^", A, Binary("^", B, C)),
    "a - b - c": Binary("-", Binary("-", A, B), C),
    "a / b * c": Binary("*", Binary("/", A, B), C),
    "a + b * c": Binary("+", A, Binary("*", B, C)),
    "(a + b) * c": Binary("*", Binary("+", A, B), C),
    "a * -b": Binary("*", A, Unary("-", B)),
    "-a * b": Binary("*", Unary("-", A), B),
    "a or b and c": Logical("or", (A, Logical("and", (B, C)))),
    "a and b and c": Logical("and", (A, B, C)),
    "a or b or c": Logical("or", (A, B, C)),
    "(a or b) or c": Logical("or", (Logical("or", (A, B)), C)),
    "not a and b": Logical("and", (Unary("not", A), B)),
    "not a < b": Unary("not", Comparison((A, B), ("<",))),
    "not not a": Unary("not", Unary("not", A)),
    "a < b": Comparison((A, B), ("<",)),
    "a < b <= c > d": Comparison((A, B, C, D), ("<", "<=", ">")),
    "a >= b == c != d": Comparison((A, B, C, D), (">=", "==", "!=")),
    "a in b": Membership(A, B, False),
    "a not in b": Membership(A, B, True),
    "a + b in c": Membership(Binary("+", A, B), C, False),
    "if a then b else c": Conditional(A, B, C),
    "if a then b else if c then d else a": Conditional(A, B, Conditional(C, D, A)),
    "if if a then b else c then d else a": Conditional(Conditional(A, B, C), D, A),
    "if a then b else c or d": Conditional(A, B, Logical("or", (C, D))),
    "any(a for a in b)": Call("any", (Generator(A, (Clause(("a",), B),), None),)),
    "all(a for a, b in c if d)": Call("all", (Generator(A, (Clause(("a", "b"), C),), D),)),
    "sum(a for a in b for c in a.d)": Call(
        "sum", (Generator(A, (Clause(("a",), B), Clause(("c",), Attribute(A, "d"))), None),)
    ),
    "argmax(a for a in b, 2)": Call("argmax", (Generator(A, (Clause(("a",), B),), None), Number("2"))),
    "count(if a then b else c for a in b if if a then b else c)": Call(
        "count",
        (Generator(Conditional(A, B, C), (Clause(("a",), B),), Conditional(A, B, C)),),
    ),
    "a # comment\n + # another\n b": Binary("+", A, B),
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expression(text: str) -> None:
    assert parse_expression(text) == EXPRESSIONS[text]


@pytest.mark.parametrize("text", ["", "a b", "a <", "a & b", "(a", "a in b in c", "1 2", "select a", "a\0b"])
def test_not_an_expression(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse_expression(text)


# ------------------------------------------------------------------ statements

EDGES = tree.EdgesAxis((Unary("-", Number("1")), Number("0"), Number("2", GEV)))
UNIFORM = tree.UniformAxis(30, Number("80", GEV), Number("170", GEV))

LOWEST = tree.Infinity(negative=True)

REGION = {
    "take a": tree.Take((tree.Source("a"),)),
    'take a without "x", "y" with b = c, d = 1': tree.Take(
        (tree.Source("a"),),
        variants=(tree.Without(("x", "y")), tree.With("b", C), tree.With("d", Number("1"))),
    ),
    "select a": tree.Select(A),
    "reject a or b": tree.Reject(Logical("or", (A, B))),
    "let a = b": tree.Let("a", B),
    "weight a = b": tree.Weight("a", B),
    'bin "x" |a| < 1': tree.Bin("x", Comparison((Absolute(A), Number("1")), ("<",))),
    "bins a bins 30 from 80 GeV to 170 GeV": tree.Bins("a", (None,), (UNIFORM,)),
    "bins a = b edges [-1, 0, 2 GeV] vs c bins 30 from 80 GeV to 170 GeV vs d edges [-1, 0, 2 GeV]": tree.Bins(
        "a", (B, C, D), (EDGES, UNIFORM, EDGES)
    ),
    "bins a edges [- inf, 3]": tree.Bins("a", (None,), (tree.EdgesAxis((LOWEST, Number("3"))),)),
    "bins a edges [-inf, inf]": tree.Bins("a", (None,), (tree.EdgesAxis((LOWEST, tree.Infinity())),)),
    "histogram a edges [-1, 0, 2 GeV]": tree.Histogram("a", (None,), (EDGES,)),
    'histogram a = b bins 30 from 80 GeV to 170 GeV vs c edges [-1, 0, 2 GeV] fold title "t"': tree.Histogram(
        "a", (B, C), (UNIFORM, EDGES), None, True, "t"
    ),
    'histogram a = b edges [-1, 0, 2 GeV] with weight c fold title "t"': tree.Histogram(
        "a", (B,), (EDGES,), C, True, "t"
    ),
    "save a, b = c": tree.Save((tree.Column("a", None), tree.Column("b", C))),
    "expect 5": tree.Expect((tree.Expectation(Number("5")),)),
    'expect -5 +- 1 stat + 2 - 3 syst +- 4 for "s", 6 pb': tree.Expect(
        (
            tree.Expectation(
                Unary("-", Number("5")),
                (
                    tree.Uncertainty(Number("1"), Number("1"), "stat"),
                    tree.Uncertainty(Number("2"), Number("3"), "syst"),
                    tree.Uncertainty(Number("4"), Number("4")),
                ),
                "s",
            ),
            tree.Expectation(Number("6", UnitRef("pb"))),
        )
    ),
    'external "x"': tree.External("x"),
    r'external "a \"b\" \\ c\\" note "#"': tree.External('a "b" \\ c\\', annotations=(tree.Note("#"),)),
    'select a as "l" cite p cite p page 3 cite p "q" cite p page 4 "q" assume "w" note "n"': tree.Select(
        A,
        annotations=(
            tree.Label("l"),
            tree.Cite("p", None, None),
            tree.Cite("p", 3, None),
            tree.Cite("p", None, "q"),
            tree.Cite("p", 4, "q"),
            tree.Assume("w"),
            tree.Note("n"),
        ),
    ),
}
ITEMS = {
    "take a, b": tree.Take((tree.Source("a"), tree.Source("b"))),
    "take ordered a x, b y": tree.Take((tree.Source("a", "x"), tree.Source("b", "y")), True),
    "sort by -pt ascending": tree.SortBy((tree.SortKey(Unary("-", Name("pt")), False),)),
    "sort by a descending": tree.SortBy((tree.SortKey(A, True),)),
    "sort by a descending, |b| ascending": tree.SortBy((tree.SortKey(A, True), tree.SortKey(Absolute(B), False))),
    "keep first 3": tree.KeepFirst(3),
    "keep first 1.5": tree.KeepFirst(-1),
    "keep first " + "9" * 5000: tree.KeepFirst(-1),
    "keep lowest a, highest |b|": tree.KeepBest((tree.Key(A, False), tree.Key(Absolute(B), True))),
    'external "x"': tree.External("x"),
}


@pytest.mark.parametrize("text", REGION)
def test_region_statement(text: str) -> None:
    assert statement(text) == REGION[text]


@pytest.mark.parametrize("block", ["object", "composite"])
@pytest.mark.parametrize("text", ITEMS, ids=lambda text: text[:30])
def test_item_statement(text: str, block: str) -> None:
    assert statement(text, block) == ITEMS[text]


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("region", "sort by a ascending"),
        ("region", "keep first 1"),
        ("object", "weight a = b"),
        ("composite", "save a"),
    ],
)
def test_statements_stand_in_their_blocks_only(block: str, text: str) -> None:
    assert problems(f"hepsel 1\n{block} r\n  take x\n  {text}\n")


def test_rows_of_tables() -> None:
    program = parsed(
        "hepsel 1 table t(x, y) 1 +- 2 stat + 3 - 4 syst +- 5 for -inf to 6 and 7 to inf, 8 for 9 to 1e2 and -1 to 0"
    )
    (table,) = program.blocks
    assert isinstance(table, tree.Table)
    two, three, four, five = (Number(text) for text in "2345")
    assert table.rows == (
        tree.Row(
            Number("1"),
            ((LOWEST, Number("6")), (Number("7"), tree.Infinity())),
            uncertainties=(
                tree.Uncertainty(two, two, "stat"),
                tree.Uncertainty(three, four, "syst"),
                tree.Uncertainty(five, five),
            ),
        ),
        tree.Row(Number("8"), ((Number("9"), Number("1e2")), (Unary("-", Number("1")), Number("0")))),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "bins a bins 2 from 0 to inf",
        "histogram a bins 2 from -inf to 0",
        "select a < -inf GeV",
        "expect inf",
        "save -inf",
    ],
)
def test_infinity_is_no_number(statement: str) -> None:
    assert problems(f"hepsel 1\nregion r\n  {statement}\n")


def test_an_attribute_may_be_called_inf() -> None:
    assert statement("select a.inf > inf") == tree.Select(Comparison((tree.Attribute(A, "inf"), Name("inf")), (">",)))


def test_program() -> None:
    text = """hepsel 1
analysis "t" note "n"
  experiment "two words"
  energy 13 TeV
  luminosity 36.1 fb^-1
  source p "x"
  source q "y"
define a = 1 assume "w"
define f(a, b) = a
table t(x, y) -1 +- 2 GeV for 0 to 1 GeV and -1 to 1, 3 for 4 to 5 and 6 to 7 otherwise -8 note "n"
object j cite p
composite c
region r note "n" select a select b
"""
    number = {digit: Number(str(digit)) for digit in range(9)}
    assert parsed(text) == tree.Program(
        1,
        tree.Analysis(
            "t",
            "two words",
            Number("13", UnitRef("TeV")),
            Number("36.1", UnitRef("fb", (-1, 1))),
            (tree.SourceDecl("p", "x"), tree.SourceDecl("q", "y")),
            (tree.Note("n"),),
        ),
        (
            tree.Define("a", None, number[1], annotations=(tree.Assume("w"),)),
            tree.Define("f", ("a", "b"), A),
            tree.Table(
                "t",
                ("x", "y"),
                (
                    tree.Row(
                        Unary("-", number[1]),
                        ((number[0], Number("1", GEV)), (Unary("-", number[1]), number[1])),
                        uncertainties=(tree.Uncertainty(Number("2", GEV), Number("2", GEV)),),
                    ),
                    tree.Row(number[3], ((number[4], number[5]), (number[6], number[7]))),
                ),
                Unary("-", number[8]),
                annotations=(tree.Note("n"),),
            ),
            tree.ObjectBlock("j", (), annotations=(tree.Cite("p", None, None),)),
            tree.CompositeBlock("c", ()),
            tree.RegionBlock("r", (tree.Select(A), tree.Select(B)), annotations=(tree.Note("n"),)),
        ),
    )
    assert parsed("hepsel 1") == tree.Program(1, None, ())
    assert parsed("hepsel 1.0").version == 0
    assert parsed("hepsel " + "9" * 5000).version == 0
    assert parsed('hepsel 1 analysis "t" experiment ATLAS').analysis == tree.Analysis("t", "ATLAS")


# ------------------------------------------------------------------ places


def test_spans() -> None:
    text = 'hepsel 1\nregion r\n  select (a + b) . pt > 7 GeV\n    and (c) as "l" # end\n'
    (block,) = parsed(text).blocks
    assert isinstance(block, tree.RegionBlock)
    (select,) = block.statements
    assert isinstance(select, tree.Select)

    def said(node: tree.Node) -> str:
        return text[node.span.start : node.span.end]

    assert said(block) == text[text.index("region") : text.index(" # end")]
    assert text[block.name_span.start : block.name_span.end] == "r"
    assert said(select) == text[text.index("select") : text.index(" # end")]
    assert (select.span.line, select.span.column) == (3, 3)
    both = select.condition
    assert isinstance(both, Logical)
    assert said(both) == text[text.index("(a") : text.index(" as")]
    comparison, last = both.operands
    assert (last.span.line, last.span.column) == (4, 10)
    assert isinstance(comparison, Comparison)
    assert said(comparison) == "(a + b) . pt > 7 GeV"
    attribute, number = comparison.operands
    assert isinstance(attribute, Attribute)
    assert said(attribute) == "(a + b) . pt"
    assert text[attribute.name_span.start : attribute.name_span.end] == "pt"
    assert said(attribute.item) == "a + b"
    assert isinstance(number, Number)
    assert said(number) == "7 GeV"
    assert number.unit is not None
    assert said(number.unit) == "GeV"
    assert said(select.annotations[0]) == 'as "l"'


def test_spans_of_a_chain_reach_over_its_parentheses() -> None:
    text = "(a) - b - (c)"
    whole = parse_expression(text)
    assert isinstance(whole, Binary)
    assert (whole.span.start, whole.span.end) == (0, len(text))
    assert (whole.left.span.start, whole.left.span.end) == (0, len("(a) - b"))
    text = "(a) and b and (c)"
    chain = parse_expression(text)
    assert (chain.span.start, chain.span.end) == (0, len(text))


def test_every_span_is_inside_the_one_around_it() -> None:
    text = (
        'hepsel 1 define f(a) = |a[1:2].b| ^ 2 region r let x = all(f(i) < 2 GeV for i in (j) if i not in k) note "n"'
    )

    def check(node: tree.Node) -> None:
        for child in tree.children(node):
            assert node.span.start <= child.span.start < child.span.end <= node.span.end, (node, child)
            check(child)

    check(parsed(text))


def test_comments_and_tokens() -> None:
    text = '# a\nhepsel 1 # b "x\nregion r external "no # comment \\" # here" # c  \r\n#'
    assert [comment for _, comment in comments(text)] == ["# a", '# b "x', "# c", "#"]
    assert all(text.startswith(comment, position) for position, comment in comments(text))
    found = tokens(text)
    assert [str(token) for token in found[:5]] == ["hepsel", "1", "region", "r", "external"]
    assert found[3].type == "NAME"
    assert len(found) == 6


# ------------------------------------------------------------------ anything at all

START = "hepsel 1\nregion r\n  select "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 2_000 + "x" + ")" * 2_000, "E102"),
        ("(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1), "E102"),
        ("f(" * 2_000 + "x" + ")" * 2_000, "E102"),
        ("x" + "[0" * 2_000 + "]" * 2_000, "E102"),
        ("|" * 2_000 + "x" + "|" * 2_000, "E102"),
        ("not " * 2_000 + "x", "E102"),
        ("-" * 2_000 + "x", "E102"),
        (" and ".join(["x"] * 2_000), "E102"),
        (" < ".join(["x"] * 2_000), "E102"),
        (" + ".join(["x"] * 2_000), "E102"),
        ("x" + ".x" * 2_000, "E102"),
        ("x" + "^x" * 2_000, "E102"),
        ("if a then b else " * 2_000 + "x", "E102"),
        ("if a then " * 2_000 + "x", "E103"),
        ("(" * 100 + "x", "E103"),
    ],
    ids=lambda value: value[:12],
)
def test_deep_nesting_is_refused_without_recursion(text: str, code: str) -> None:
    start = time.process_time()
    assert [found.code for found in problems(START + text)] == [code]
    with pytest.raises(SyntaxProblem) as caught:
        parse_expression(text)
    assert caught.value.diagnostic.code == code
    assert time.process_time() - start < 20


def test_long_programs_and_moderate_nesting_are_accepted() -> None:
    parsed(START + "(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH)
    parsed(START + " and ".join(["x"] * MAX_CHAIN))
    parsed("hepsel 1\nregion r\n" + "  select (f(x[0]))  # (\n" * (MAX_DEPTH + 1))
    program = parsed("hepsel 1\nregion r\n" + "  select x\n" * 3_000)
    (block,) = program.blocks
    assert isinstance(block, tree.RegionBlock)
    assert len(block.statements) == 3_000
    parsed(START + f"f({', '.join(['x'] * 5_000)})")


@pytest.mark.parametrize(
    "text",
    [
        "a." * 5_000_000,
        "hepsel 1\n" + "a." * (MAX_BYTES // 2 - 100),
        "hepsel 1\n" + '"' * (MAX_BYTES - 100),
        "hepsel 1\n" + "a " * (MAX_BYTES // 2 - 100) + "in [",
        "# " * (MAX_BYTES // 2 - 100),
        "# " * (MAX_BYTES // 2 - 100) + "\nselect",
        "\n" * (MAX_BYTES - 100) + "!",
        "hepsel 1\n" + "  select ! a.b . c\n" * 90_000,
        "\0" * 1_000_000,
        "\ufeff" * 1_000,
        "hepsel 1\n" + "\x1b[2J" * 1_000,
        "\ud800",
        "",
        "\n",
        "#",
        "hepsel",
        "hepsel hepsel 1",
        "hepsel 1 hepsel 1",
        "select x",
    ],
    ids=lambda text: f"{text[:12]!r}*{len(text)}",
)
def test_garbage_is_refused_in_bounded_time(text: str) -> None:
    start = time.process_time()
    assert problems(text)
    assert time.process_time() - start < 20


def test_a_missing_version_is_said_once() -> None:
    assert [found.code for found in problems("# c\nregion r\n  select a\n")] == ["E100"]
    assert [found.code for found in problems("# c\n")] == ["E100"]


def test_a_byte_order_mark_and_line_ends_of_other_systems_are_accepted() -> None:
    plain = parsed("hepsel 1\nregion r\n  select x # c\n  select y\n")
    assert parsed("\ufeffhepsel 1\r\nregion r\r\n  select x # c\r\n\tselect y\r\n") == plain
    (found,) = problems("\ufeffhepsel 1\r\nregion r\r\n  select !\r\n")
    assert (found.span.line, found.span.column) == (3, 10)
    assert problems("hepsel 1\n\ufeffregion r\n"), "only at the beginning"


def test_control_characters_do_not_reach_the_terminal() -> None:
    for code in [*range(32), 127, 0x85, 0x9B, 0x202E, 0xFEFF]:
        if chr(code) not in "\n\r\t\f":
            assert problems(f"hepsel 1\nregion r\n  select {chr(code)}x\n")


@pytest.mark.parametrize(
    "text",
    ['external "abc', 'external "abc\n', 'external "abc\\"\n', 'external "abc\\', 'external "a\\n"', 'external "'],
)
def test_unterminated_strings(text: str) -> None:
    found = problems(f"hepsel 1\nregion r\n  {text}\n  select x\n")
    assert [item.code for item in found] == ["E116"]
    assert found[0].span.line == 3


def test_all_errors_are_reported_and_the_rest_is_understood() -> None:
    text = "hepsel 1\nobject j\n  select a && b\n  let m = a !\n  select c\nregion r\n  select d ** 2\n"
    program, diagnostics, lost = parse(SourceText(text))
    assert [(found.code, found.span.line) for found in diagnostics] == [("E110", 3), ("E110", 4), ("E110", 7)]
    assert lost == {"m"}
    assert program is not None
    assert program.blocks == (tree.ObjectBlock("j", (tree.Select(C),)), tree.RegionBlock("r", ()))


words = st.sampled_from(
    [*sorted(keywords()), "a", "GeV", "1", "2.5", '"s"', '"', "#", "\n", *"()[]|<>=+-*/^.,:!&\0\\'\u2264"]
)


@settings(deadline=None)
@given(st.lists(words, max_size=40))
def test_any_sequence_of_words_gives_a_tree_or_diagnostics(found: list[str]) -> None:
    text = "hepsel 1\nregion r\n" + " ".join(found)
    program, diagnostics, _ = parse(SourceText(text))
    assert program is not None or diagnostics
    problems(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_diagnostics_or_a_tree(text: str) -> None:
    problems(text)
    problems("hepsel 1\nregion r\n  select " + text)
