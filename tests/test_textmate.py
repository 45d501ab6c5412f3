"""The grammar that programs are coloured by is the one that is made from the language's, and colours them right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from data_files import EXAMPLES
from docs_blocks import FRAGMENT_HEADER, ROOT, blocks

from hepsel import __version__
from hepsel.check import check_syntax
from hepsel.syntax.parser import comments, tokens

FILE = ROOT / "editors" / "hepsel.tmLanguage.json"
PATTERNS = [
    (re.compile(one["match"]), one.get("name"), one.get("captures", {}))
    for one in json.loads(FILE.read_text(encoding="utf-8"))["patterns"]
]
TEXTS = {
    **{
        str(path.relative_to(EXAMPLES)): path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.rglob("*.hepsel"))
    },
    **{
        str(block): (FRAGMENT_HEADER if "fragment" in block.words else "") + block.body
        for block in blocks(ROOT / "docs" / "language.md")
        if block.words[:1] == ("hepsel",)
    },
}
KINDS: dict[str, tuple[str, ...]] = {
    "NAME": ("variable", "entity.name", "support.function", "constant.language"),
    "NUMBER": ("constant.numeric",),
    "STRING": ("string.quoted.double",),
}
"""What the tokens of the language are that are no keywords and signs."""


def test_it_is_made_from_the_grammar_of_the_language() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import textmate; print(textmate.textmate(), end='')"],
        cwd=FILE.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    assert made.stdout == FILE.read_text(encoding="utf-8")


def test_the_extension_of_vs_code() -> None:
    """It has the version that it comes with, and what it names is there."""
    folder = FILE.parent / "vscode"
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == __version__
    named = [package["main"], package["contributes"]["languages"][0]["configuration"]]
    json.loads((folder / named[1]).read_text(encoding="utf-8"))
    assert all((folder / name).is_file() for name in named)
    (grammar,) = package["contributes"]["grammars"]
    assert (folder / grammar["path"]).resolve() == FILE
    assert grammar["scopeName"] == json.loads(FILE.read_text(encoding="utf-8"))["scopeName"]


def scopes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what an editor takes each part of a text for: line by line, the first pattern that fits soonest."""
    behind = 0
    for line in text.splitlines(keepends=True):
        at = 0
        while found := min(
            (
                (match.start(), number, match)
                for number, (one, *_) in enumerate(PATTERNS)
                if (match := one.search(line, at))
            ),
            default=None,
        ):
            _, number, match = found
            _, name, captures = PATTERNS[number]
            if name is not None:
                yield behind + match.start(), behind + match.end(), name
            for group, capture in captures.items():
                if match.start(int(group)) >= 0 and "name" in capture:
                    yield behind + match.start(int(group)), behind + match.end(int(group)), capture["name"]
            at = max(match.end(), at + 1)
        behind += len(line)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_colours_are_those_of_the_tokens(text: str) -> None:
    """As the parser reads them: which of the words are keywords, where numbers, strings and comments are."""
    assert check_syntax(text).diagnostics == ()
    coloured = {start: (end, name.removesuffix(".hepsel")) for start, end, name in scopes(text)}
    for start, comment in comments(text):
        end, name = coloured.pop(start)
        assert (text[start:end].rstrip(), name) == (comment, "comment.line.number-sign")
    before = ""
    unit = 0  # where the unit behind a number ends, which may be several tokens: `fb^-1`
    for token in tokens(text):
        start, word = token.start_pos, str(token)
        assert start is not None
        if start < unit or word in "()[],.:":
            before = word
            continue
        end, name = coloured.pop(start)
        is_unit = (before, token.type) == ("NUMBER", "NAME")
        assert (name == "keyword.other.unit") == is_unit
        before = token.type
        if is_unit:
            unit = end
            continue
        assert text[start:end] == word
        assert name.startswith(KINDS.get(token.type, ("keyword", "constant.language"))), (word, name)
        assert name != "constant.language" or word in ("true", "false", "inf", "pi")
    assert coloured == {}
