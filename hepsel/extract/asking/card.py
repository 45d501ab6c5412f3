"""The language on a card: grammar, functions, units and the vocabulary of a format, for those who have never seen it.

Everything comes from where it is defined, so that a card never says what the checker refuses.
"""

from __future__ import annotations

import re
from typing import Any

from hepsel.extract.asking.templates import fill
from hepsel.formats.describe import USUAL, describe
from hepsel.formats.schema import Format
from hepsel.semantics.units import UNITS
from hepsel.syntax.parser import grammar_text
from hepsel.vocabulary.functions import CONSTANTS, FUNCTIONS, REDUCERS


def language_card(data_format: Format) -> str:
    """Return the card for programs against a format."""
    described = describe(data_format)
    return fill(
        "card",
        grammar=short_grammar(),
        reducers=REDUCERS,
        functions=[(name, signature.count, signature.meaning) for name, signature in FUNCTIONS.items()],
        constants=CONSTANTS,
        units=list(UNITS),
        description=described["description"],
        collections=[
            collection | {"attributes": [_attribute(attribute) for attribute in collection["attributes"]]}
            for collection in described["collections"]
        ],
        enumerations=described["enumerations"],
    )


def short_grammar() -> str:
    """Return the grammar without comments, and without what only the parser needs."""
    lines = []
    for line in grammar_text().splitlines():
        if not line.strip() or line.startswith(("//", "%", "COMMENT", "WHITESPACE")):
            continue
        without_alias = re.sub(r"\s+->\s*\w+", "", line)
        lines.append(re.sub(r"^[?!](?=\w)", "", without_alias).rstrip())
    return "\n".join(lines)


def _attribute(attribute: dict[str, Any]) -> dict[str, Any]:
    description = attribute["description"]
    usual = USUAL.get(attribute["name"])
    return attribute | {"told": "" if description == usual else description}
