"""Programs that are damaged at random, as texts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache

from data_files import EXAMPLES
from diagnostic_cases import programs

_TOKEN = re.compile(r'"[^"\n]*"|[A-Za-z_]\w*|[0-9.]+|\s+|.', re.DOTALL)


@cache
def texts() -> list[str]:
    """Return the examples, and the wrong programs with known diagnostics."""
    paths = [*EXAMPLES.glob("*/*.hepsel"), *programs()]
    return [path.read_text(encoding="utf-8") for path in sorted(paths, key=lambda path: path.as_posix())]


def damaged_programs(number: int, dice: random.Random) -> Iterator[str]:
    """Yield some of these programs, in each of which a few tokens are left out, doubled, swapped or replaced."""
    words = sorted({word for text in texts() for word in _TOKEN.findall(text)})
    for _ in range(number):
        tokens = _TOKEN.findall(dice.choice(texts()))
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(tokens))
            match dice.randrange(4):
                case 0:
                    tokens[at] = ""
                case 1:
                    tokens[at] *= 2
                case 2:
                    other = dice.randrange(len(tokens))
                    tokens[at], tokens[other] = tokens[other], tokens[at]
                case _:
                    tokens[at] = dice.choice(words)
        yield "".join(tokens)
