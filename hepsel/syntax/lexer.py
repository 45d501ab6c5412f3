"""The lexer: one regular expression for all terminals of the grammar."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from lark import Token
from lark.lexer import ContextualLexer, Lexer

if TYPE_CHECKING:
    from lark.common import LexerConf
    from lark.lexer import LexerState

WORD = "NAME"
"""The terminal that keywords look like."""


class OneScanner(Lexer):
    """Yields the tokens that lark's contextual lexer does, and starts sooner.

    That one compiles a regular expression for each set of terminals that the parser may accept, which takes longer than
    to parse a program. This one looks for all terminals, in the order in which that one does; if the parser accepts
    what stands there, it is what that one finds among fewer. Words are taken whole, `orpt` is no `or`, and are keywords
    where the parser accepts them as such. In all other cases, errors included, the contextual lexer is asked.
    """

    __future_interface__ = 2  # lark gives `lex` its own state and that of the parser

    def __init__(self, conf: LexerConf) -> None:
        self._conf = conf
        self._contextual: ContextualLexer | None = None
        is_word = re.compile(conf.terminals_by_name[WORD].pattern.to_regexp()).fullmatch
        words = [one for one in conf.terminals if one.pattern.type == "str" and is_word(one.pattern.value)]
        self._keywords = {one.pattern.value: one.name for one in words}
        others = [one for one in conf.terminals if one not in words]
        others.sort(key=lambda one: (-one.pattern.max_width, -len(one.pattern.value), one.name))
        self._match = re.compile("|".join(f"(?P<{one.name}>{one.pattern.to_regexp()})" for one in others)).match
        self._ignored = frozenset(conf.ignore)

    def lex(self, lexer_state: LexerState, parser_state: Any) -> Iterator[Token]:
        """Yield the tokens, each after the parser has taken the one before it."""
        text, position = lexer_state.text, lexer_state.line_ctr
        states = parser_state.parse_conf.states
        while position.char_pos < text.end:
            accepted = states[parser_state.position]
            found = self._match(text.text, position.char_pos)
            if found is None:
                yield self._in_context(lexer_state, parser_state)
                continue
            kind, value = str(found.lastgroup), found.group()
            if kind in self._ignored:
                position.feed(value)
                continue
            if kind == WORD and self._keywords.get(value) in accepted:
                kind = self._keywords[value]
            if kind not in accepted and kind != WORD:
                yield self._in_context(lexer_state, parser_state)
                continue
            token = Token(kind, value, position.char_pos, position.line, position.column)
            position.feed(value, test_newline=False)
            token.end_line, token.end_column, token.end_pos = position.line, position.column, position.char_pos
            lexer_state.last_token = token
            yield token

    def _in_context(self, lexer_state: LexerState, parser_state: Any) -> Token:
        """Return what the contextual lexer finds; it raises what cannot be."""
        if self._contextual is None:
            states: dict[int, Collection[str]] = {
                state: list(actions) for state, actions in parser_state.parse_conf.states.items()
            }
            self._contextual = ContextualLexer(self._conf, states)
        return next(self._contextual.lex(lexer_state, parser_state))
