"""From text to syntax tree, with all syntax errors of a text at once."""

from __future__ import annotations

import os
import re
import sys
from functools import cache, lru_cache
from importlib.resources import files
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from hepsel.syntax import tree
from hepsel.syntax.builder import TreeBuilder
from hepsel.syntax.diagnostics import Diagnostic, SourceText
from hepsel.syntax.lexer import WORD, OneScanner
from hepsel.syntax.mistakes import NO_VERSION, SEMICOLON, explain, signs_behind
from hepsel.syntax.tree import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 2_000_000
MAX_ERRORS = 20
MAX_DEPTH = 120
MAX_CHAIN = 1000

BLOCKS = ("analysis", "define", "table", "object", "composite", "region")
STATEMENTS = (
    *("take", "select", "reject", "let", "sort", "keep", "external", "weight", "bin", "bins"),
    *("histogram", "save", "expect"),
)

# What begins statements in other languages: of several mistakes of this kind each is told.
_STATEMENTS_ELSEWHERE = (
    *("cmd", "cut", "filter", "require", "requires", "veto", "exclude", "deselect", "unselect", "remove", "discard"),
    *("histo", "hist", "plot", "using", "union", "combine", "order", "algo", "algorithm", "selection", "const"),
)

# A line that begins with one of these starts a statement: where the parser goes on after an error.
_STATEMENT_START = re.compile(
    r"^[ \t]*(?:hepsel|experiment|energy|luminosity|source|"
    + "|".join((*BLOCKS, *STATEMENTS, *_STATEMENTS_ELSEWHERE))
    + r")\b",
    re.MULTILINE,
)
_NAMING = re.compile(r"\b(?:define|table|object|composite|region|let|weight)\s+([A-Za-z_][A-Za-z0-9_]*)")


_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\["\\])*+"|#[^\n]*+')
_STRING_COMMENT_OR_BRACKET = re.compile(_STRING_OR_COMMENT.pattern + r"|[()\[\]]")

_BLOCK_START = re.compile(r"^[ \t]*(?:" + "|".join(BLOCKS) + r")\b", re.MULTILINE)
_NAMELESS_BLOCK = re.compile(r"\s*(?:object|composite|region)\b[ \t]*(?![ \t]|[A-Za-z_])")
_BLOCK_NAME = re.compile(r"^[ \t]*(?:object|composite|region)[ \t]+([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)


def grammar_text() -> str:
    """Return the text of the grammar."""
    return files("hepsel.grammar").joinpath("hepsel.lark").read_text(encoding="utf-8")


def _cache_file() -> str | bool:
    """Return where the parse tables are kept between runs (building them takes longer than checking a program)."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(root) / "hepsel"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    name = f"parse-tables-{sys.version_info.major}.{sys.version_info.minor}"
    return str(folder / name) if os.access(folder, os.W_OK) else False


@cache
def _parser() -> Lark:
    location = _cache_file()
    return Lark(
        grammar_text(),
        parser="lalr",
        lexer=OneScanner,
        start=["start", "expr"],
        propagate_positions=True,
        maybe_placeholders=False,
        cache=location if isinstance(location, str) else False,
    )


@lru_cache(maxsize=32)  # one text is checked, cited and formatted, and drafts are compared with what they came from
def _read(text: str, start: Literal["start", "expr"]) -> Any:
    return TreeBuilder().transform(_parser().parse(text, start=start))


@cache
def keywords() -> frozenset[str]:
    """Return the words of the grammar; none of them can be defined."""
    return frozenset(
        str(terminal.pattern.value)
        for terminal in _parser().terminals
        if terminal.pattern.type == "str" and terminal.pattern.value.isalpha()
    )


def parse(source: SourceText) -> tuple[tree.Program | None, list[Diagnostic], frozenset[str]]:
    """Parse a program.

    Returns
    -------
    program
        The tree of everything that could be understood, or `None`.
    diagnostics
        All syntax errors; a statement with one is left out of the tree.
    lost
        Names that the left-out statements would have defined, which are not to be reported as unknown.
    """
    text = _without_byte_order_mark(source.text)
    if len(text) > MAX_BYTES:
        span = source.span(0, 0)
        return None, [Diagnostic("E101", "the program is longer than 2 MB", span)], frozenset()
    if too_many := _too_many_brackets(source, text):
        return None, [too_many], frozenset()
    diagnostics: list[Diagnostic] = []
    lost: set[str] = set()
    for errors in count(1):
        try:
            program = _read(text, "start")
        except UnexpectedInput as error:
            diagnostic = _diagnose(error, source, text)
        else:
            too_deep = _too_deep(program)
            if too_deep is not None:
                return None, [*diagnostics, too_deep], frozenset(lost)
            return program, diagnostics, frozenset(lost)
        diagnostics.append(diagnostic)
        if diagnostic.code == NO_VERSION:
            break
        start, end = _left_out(text, diagnostic)
        diagnostics += islice(signs_behind(source, text, diagnostic.span.end, end), MAX_ERRORS)
        if errors == MAX_ERRORS:
            break
        broken = text[start:end]
        lost.update(_NAMING.findall(broken))
        if diagnostic.replacement in BLOCKS:
            lost.update(_NAMING.findall(diagnostic.replacement + text[diagnostic.span.end : end])[:1])
        if re.match(r"\s*analysis\b", broken):
            lost.add("analysis")
        if diagnostic.replacement == "take" or re.search(r"^[ \t]*take\b", broken, re.MULTILINE):
            # The block has lost its beginning, which is not to be reported as well.
            lost.update(_BLOCK_NAME.findall(text, 0, start)[-1:])
        blanked = _blank(broken)
        if blanked == broken:
            break
        text = text[:start] + blanked + text[end:]
    return None, diagnostics, frozenset(lost)


@lru_cache(maxsize=1000)  # those of a format are parsed for every program that is checked with it
def parse_expression(text: str) -> tree.Expr:
    """Parse one expression, such as a format's derived attribute.

    Raises
    ------
    SyntaxProblem
        When it is not an expression.
    """
    source = SourceText(text)
    if len(text) > MAX_BYTES:
        span = source.span(0, 0)
        raise SyntaxProblem(Diagnostic("E101", "the expression is longer than 2 MB", span))
    if too_many := _too_many_brackets(source, text):
        raise SyntaxProblem(too_many)
    try:
        expression = cast("tree.Expr", _read(text, "expr"))
    except UnexpectedInput as error:
        raise SyntaxProblem(_diagnose(error, source, text, whole=False)) from None
    if too_deep := _too_deep(expression):
        raise SyntaxProblem(too_deep)
    return expression


class SyntaxProblem(Exception):
    """An expression that does not parse."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield position and text of every comment, in order."""
    for match in _STRING_OR_COMMENT.finditer(text):
        if match.group().startswith("#"):
            yield match.start(), match.group().rstrip()


def tokens(text: str) -> list[Token]:
    """Return the tokens of a program that has no syntax errors, without comments.

    The type of a token is the name of its terminal in the grammar: `NAME`, `NUMBER`, `STRING`, or another for a keyword
    or a sign.
    """
    return _parser().parse_interactive(_without_byte_order_mark(text), start="start").exhaust_lexer()


def words_behind(beginning: str) -> frozenset[str]:
    """Return the keywords that may stand behind the beginning of a program, and `NAME` where a name may.

    There are none where the beginning is wrong.
    """
    parser = _parser().parse_interactive(beginning, start="start")
    try:
        parser.exhaust_lexer()
    except UnexpectedInput:
        return frozenset()
    spelled = {item.name: str(item.pattern.value) for item in _parser().terminals if item.pattern.type == "str"}
    words = {spelled.get(name, name) for name in parser.accepts()}  # type: ignore[no-untyped-call]
    return frozenset(words & (keywords() | {WORD}))


def _without_byte_order_mark(text: str) -> str:
    return " " + text[1:] if text.startswith("\ufeff") else text


def _too_deep(root: tree.Node) -> Diagnostic | None:
    """Refuse nesting that recursive code cannot walk; found without recursion.

    Chains are flat here, and nested in code that is made of them: `((a or b) or c) or d`.
    """
    stack: list[tuple[tree.Node, int, int]] = [(root, 0, 0)]
    while stack:
        node, depth, chained = stack.pop()
        if isinstance(node, tree.Logical | tree.Comparison):
            chained += len(node.operands)
        if depth > MAX_DEPTH:
            return _nested_too_deep(node.span)
        if chained > MAX_CHAIN:
            return _nested_too_deep(node.span, f"has a chain of more than {MAX_CHAIN} parts")
        stack.extend((child, depth + 1, chained) for child in tree.children(node))
    return None


def _too_many_brackets(source: SourceText, text: str) -> Diagnostic | None:
    """Refuse what `_too_deep` does not see: brackets around brackets around the same thing."""
    depth = 0
    for match in _STRING_COMMENT_OR_BRACKET.finditer(text):
        if match.group() in ("(", "["):
            depth += 1
            if depth > MAX_DEPTH:
                return _nested_too_deep(source.span(*match.span()))
        elif match.group() in (")", "]"):
            depth = max(0, depth - 1)
    return None


def _nested_too_deep(span: Span, what: str = f"is nested more than {MAX_DEPTH} levels deep") -> Diagnostic:
    return Diagnostic(
        "E102",
        f"the expression {what}",
        span,
        "give parts of it a name, with `let` or `define`",
    )


def _left_out(text: str, diagnostic: Diagnostic) -> tuple[int, int]:
    """Return the range of the text that is blanked out for an error."""
    place = diagnostic.span.start
    if diagnostic.code == SEMICOLON:
        # The statement before it is sound without it, or has mistakes of its own to be told of.
        return place, diagnostic.span.end
    start, end = statement_around(text, place)
    if _NAMELESS_BLOCK.match(text, start):
        # Its statements would be taken for those of the block before.
        following = _BLOCK_START.search(text, text.find("\n", start) if "\n" in text[start:] else len(text))
        return start, following.start() if following else len(text)
    begins_line = not text[text.rfind("\n", 0, place) + 1 : place].strip()
    if begins_line and diagnostic.replacement in (*BLOCKS, *STATEMENTS):
        # A misspelt first word: the statement before it is whole, and a block takes its statements with it.
        start = place
        if diagnostic.replacement in BLOCKS:
            end = next((match.start() for match in _BLOCK_START.finditer(text, place)), len(text))
    return start, end


def statement_around(text: str, position: int) -> tuple[int, int]:
    """Return the range of the text of a statement with a syntax error, by the lines on which statements begin."""
    start, end = 0, len(text)
    for match in _STATEMENT_START.finditer(text):
        if match.start() <= position:
            start = match.start()
        else:
            end = match.start()
            break
    return start, end


def _blank(text: str) -> str:
    # The first word of a block stays, so that the statements behind it keep a block to stand in.
    header = re.match(r"\s*(?:object|composite|region)[ \t]+[A-Za-z_][A-Za-z0-9_]*(?=\s*[^\s#])", text)
    version = re.match(r"\s*hepsel\b\s*1?", text)
    kept = next((match.group() for match in (version, header) if match), "")
    rest = text[len(kept) :]
    return kept + re.sub(r"[^\n]", " ", rest)


def _diagnose(error: UnexpectedInput, source: SourceText, text: str, *, whole: bool = True) -> Diagnostic:
    expected: set[str]
    if isinstance(error, UnexpectedToken):
        token: Token = error.token
        if token.type == "$END":
            position = len(text.rstrip())
            length = 1
        else:
            position = cast("int", token.start_pos)
            length = max(1, len(token))
        expected = set(error.accepts or error.expected or ())
    else:
        failure = cast("UnexpectedCharacters", error)
        position = cast("int", failure.pos_in_stream)
        length = 1
        expected = set(failure.allowed or ())
    return explain(source, text, position, length, expected, _spelling(), whole=whole)


@cache
def _spelling() -> dict[str, str]:
    """Return what each terminal of the grammar looks like in an error message."""
    names = {"NAME": "a name", "NUMBER": "a number", "STRING": 'a "string"', "$END": "the end"}
    spelled: dict[str, Any] = {
        terminal.name: f"`{terminal.pattern.value}`"
        for terminal in _parser().terminals
        if terminal.pattern.type == "str"
    }
    return {**spelled, **names}
