"""Functions, methods and names with something before them, as other languages call them."""

from __future__ import annotations

from hepsel.syntax import elsewhere, papers
from hepsel.syntax.spellings.spelling import Spelling, instead

CALLS = (
    Spelling(
        r"\b(?P<name>[A-Za-z]\w*)\(\s*"
        r"(?P<items>[A-Za-z_]\w*(?:\[-?\d+\])?(?:\s+(?!and\b|or\b|in\b|for\b|not\b|if\b)[A-Za-z_]\w*(?:\[-?\d+\])?)+)\s*\)",
        "E103",
        "particles do not stand side by side",
        papers.of_particles,
    ),
    Spelling(
        rf"\b{elsewhere.MODULES}\.(?:\w+\.)*(?P<name>\w+)\s*{elsewhere.ARGUMENTS}",
        "E204",
        "functions have nothing before their names",
        elsewhere.of_module,
    ),
    Spelling(
        rf"\b(?:[A-Za-z_]\w*\s*::\s*)+(?P<name>[Pp]ow(?:er)?|[Hh]ypot|[Ll]og2){elsewhere.ARGUMENTS}",
        "E204",
        "names have nothing before them: there is no `::`",
        elsewhere.of_module,
    ),
    instead(
        r"\b(?:[A-Za-z_]\w*\s*::\s*)+(?P<name>\w+)(?:\(\s*\))?",
        "E204",
        "names have nothing before them: there is no `::`",
        elsewhere.of_namespace,
    ),
    instead(
        r"(?:\.|->)\s*\w+\s*<[\w\s:]+>\s*\(\s*\"(\w+)\"\s*\)",
        "E204",
        "items have attributes, and no methods",
        lambda match: f".{match[1]}",
    ),
    Spelling(
        rf"(?:\.|->)\s*(?P<name>\w+){elsewhere.ARGUMENTS}",
        "E204",
        "items have attributes, and no methods",
        elsewhere.of_method,
        elsewhere.attribute_of_method,
    ),
)
