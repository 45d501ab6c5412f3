"""Finding the program, or the repairs of one, in an answer.

An answer is data: text around the program, what a model thought before it and code fences are passed over. What is
taken from it is text of the language, which is parsed like that of any user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hepsel.errors import HepselError
from hepsel.syntax.parser import BLOCKS, STATEMENTS

LONGEST = 500_000
"""Most characters of an answer."""

_PROGRAM = re.compile(r"^[ \t]*hepsel[ \t]+[0-9]+\b", re.MULTILINE)
_HEADER = re.compile(r'[ \t]*analysis[ \t]+"')
# As a comment, or as a heading that is nothing else: `**Repair 1:**`.
_REPAIR = re.compile(
    r"[ \t]*(?:#+[ \t]*repair[ \t]+([0-9]{1,4})\b|[#*_ \t]*repair[ \t]+([0-9]{1,4})[*_: \t]*$)", re.IGNORECASE
)
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"\A\s*<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_FIRST_WORD = re.compile(r"[A-Za-z_]+")
_OF_THE_LANGUAGE = frozenset(
    (*BLOCKS, *STATEMENTS, "hepsel", "experiment", "energy", "luminosity", "source", "cite", "assume", "note", "as")
)


class NoProgram(HepselError):
    """An answer without a program, or one that cannot be read as text."""


def readable(answer: str) -> str:
    """Return an answer without what the model thought before it.

    Raises
    ------
    NoProgram
        When it is too long, has control characters, or is only thoughts.
    """
    if len(answer) > LONGEST:
        raise NoProgram(f"the answer has {len(answer)} characters, more than {LONGEST}")
    text = answer.replace("\r\n", "\n").replace("\ufeff", "")
    unprintable = next((char for char in text if ord(char) < 32 and char not in "\n\t"), None)
    if unprintable is None:
        unprintable = next((char for char in text if 0x7F <= ord(char) < 0xA0), None)
    if unprintable is not None:
        raise NoProgram(f"the answer has control characters (U+{ord(unprintable):04X})")
    if not text.strip():
        raise NoProgram("the answer is empty")
    *_, last = _THOUGHT.split(text)
    if _OPEN_THOUGHT.match(last):
        raise NoProgram("the answer ends in the middle of a thought")
    return last


def find_program(answer: str) -> str:
    """Return the program of an answer: the last one, where there are several.

    Raises
    ------
    NoProgram
        When there is none.
    """
    text = readable(answer)
    fenced = [block.lstrip("\n") for block in _fenced(text)]
    found = [block for block in fenced if _PROGRAM.match(block)]
    if not found:
        # All but the first line, which is the same in every program.
        found = [f"hepsel 1\n\n{block}" for block in fenced if _HEADER.match(block)]
    if found:
        return found[-1].strip("\n") + "\n"
    starts = [match.start() for match in _PROGRAM.finditer(text)]
    if not starts:
        raise NoProgram("the answer holds no program: no line of it is `hepsel 1`")
    return _without_prose(text[starts[-1] :])


def find_repairs(answer: str) -> dict[int, str] | None:
    """Return the repairs of an answer, by their numbers; of two with one number, the last.

    Returns
    -------
    dict or None
        `None` where there is a program in their place.

    Raises
    ------
    NoProgram
        When there are none.
    """
    repairs: dict[int, list[str]] = {}
    current: list[str] | None = None
    whole = readable(answer)
    for line in whole.split("\n"):
        if marker := _REPAIR.match(line):
            current = repairs[int(marker[1] or marker[2])] = []
        elif _FENCE.match(line):
            # One that opens behind the number belongs to it.
            current = current if current is not None and not "".join(current).strip() else None
        elif current is not None:
            current.append(line)
    found = {number: text for number, part in repairs.items() if (text := "\n".join(part).strip())}
    if not found and _PROGRAM.search(whole):
        return None
    if not found:
        raise NoProgram("the answer holds no repair: no line of it is `# repair 1`, with what is mended behind it")
    return found


def _fenced(text: str) -> Iterator[str]:
    """Yield what stands between code fences; one that is never closed ends with the text."""
    fence = ""
    inside: list[str] = []
    for line in text.split("\n"):
        marker = _FENCE.match(line)
        if not fence and marker:
            fence, inside = marker[1], []
        elif fence and marker and marker[1].startswith(fence) and not line.strip().strip(fence[0]):
            yield "\n".join(inside)
            fence = ""
        elif fence:
            inside.append(line)
    if fence:
        yield "\n".join(inside)


def _without_prose(text: str) -> str:
    """Cut a program off where prose begins: a line at the margin, behind a blank one, that begins with another word."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if number and not lines[number - 1].strip() and line[:1].strip():
            word = _FIRST_WORD.match(line)
            if (word and word[0] not in _OF_THE_LANGUAGE) or _FENCE.match(line):
                return "\n".join(lines[:number]).rstrip("\n") + "\n"
    return text.rstrip("\n") + "\n"
