"""The lexer finds what lark's contextual lexer finds, and takes words whole."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any

import pytest
from damaged_texts import damaged_programs, texts
from data_files import EXAMPLES
from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import ContextualLexer

from hepsel.syntax.lexer import OneScanner
from hepsel.syntax.parser import grammar_text

CASES = {
    "a keyword as a name": "hepsel 1 define weight = weight.energy + select",
    "two signs that look like one": "hepsel 1 define a = 1 +-2 define b = a +- 2",
    "a number behind a name": "hepsel 1 define a = b.5",
    "a character that nothing begins with": "hepsel 1 define a = §",
    "what is not accepted anywhere here": "hepsel 1 define a = <= 2",
    "no end of a string": 'hepsel 1 analysis "test',
    "lines": 'hepsel 1\n\n# comment\n  analysis "t" # more\n\r\n define a\n=\n1',
    "nothing": "",
    "only space": " \n # comment",
}


WORDS = {
    "a longer word where only keywords stand": ("hepsel 1 object a take Jet sort by pt descendingly", "descendingly"),
    "an operator that runs into a name": ("hepsel 1 define a = is_loose orpt > 5", "orpt"),
    "a number that does": ("hepsel 1 object a take Jet keep first3", "first3"),
    "a word that nothing accepts": ("hepsel 1 define a = b iffy", "iffy"),
    "a word where a string stands": ("hepsel 1 analysis test", "test"),
}
"""Here the contextual lexer finds the beginning of the word, or its first character."""


@cache
def parser(lexer: Any) -> Lark:
    return Lark(grammar_text(), parser="lalr", lexer=lexer, start="start", maybe_placeholders=False)


def found(lexer: Any, text: str) -> list[object]:
    """Return the tokens with their places, and the error at which they end."""
    parsing = parser(lexer).parse_interactive(text)
    tokens = []
    said: list[object] = []
    try:
        for token in parsing.iter_parse():
            tokens.append(token)
        parsing.feed_eof()
    except UnexpectedToken as error:
        tokens.append(error.token)
        said = [sorted(error.expected), sorted(error.accepts or ())]
    except UnexpectedCharacters as error:
        said = [error.char, error.pos_in_stream, error.line, error.column, sorted(error.allowed or ())]
    return [
        *((t.type, str(t), t.start_pos, t.line, t.column, t.end_line, t.end_column, t.end_pos) for t in tokens),
        *said,
    ]


def assert_alike(text: str) -> None:
    """The same tokens and the same error, but where the lexers disagree there is a word, which ours takes whole."""
    ours, theirs = found(OneScanner, text), found("contextual", text)
    if ours != theirs:
        same = next(place for place, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b)
        kind, word, start, *_ = ours[same]  # type: ignore[misc]
        assert (kind, text[start : start + len(word)]) == ("NAME", word), text
        assert not re.match(r"[A-Za-z0-9_]", text[start + len(word) :])
        tokens = [part for part in ours[same:] if isinstance(part, tuple)]
        assert set(tokens) == {ours[same]}  # as a token, as an error, or as both
        assert isinstance(ours[-1], list)  # what would be accepted: it is an error


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_cases(text: str) -> None:
    assert found(OneScanner, text) == found("contextual", text)


@pytest.mark.parametrize(("text", "word"), WORDS.values(), ids=WORDS)
def test_words_are_taken_whole(text: str, word: str) -> None:
    with pytest.raises(UnexpectedToken) as caught:
        parser(OneScanner).parse(text)
    assert (str(caught.value.token), caught.value.token.start_pos) == (word, text.index(word))
    assert_alike(text)


def test_programs_and_damaged_ones() -> None:
    broken = 0
    for text in [*texts(), *damaged_programs(500, random.Random(7))]:
        assert_alike(text)
        try:
            parser(OneScanner).parse(text)
        except UnexpectedInput:
            broken += 1
    assert broken > 200


def test_sound_programs_do_not_need_the_contextual_lexer(monkeypatch: pytest.MonkeyPatch) -> None:
    """That one is slow to start."""
    parsing = Lark(grammar_text(), parser="lalr", lexer=OneScanner, start="start", maybe_placeholders=False)

    def refused(*_: object) -> None:
        raise AssertionError("the contextual lexer is made")

    monkeypatch.setattr(ContextualLexer, "__init__", refused)
    for path in EXAMPLES.glob("*/*.hepsel"):
        parsing.parse(path.read_text(encoding="utf-8"))
    with pytest.raises(AssertionError, match="is made"):
        parsing.parse("hepsel 1 define a = 1 +-2")
