"""The texts of prompts, which are data files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

_PACKAGE = "hepsel.extract.prompts"


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a piece of a paper as a prompt shows it, and its program."""

    name: str
    text: str
    program: str


def fill(name: str, **values: Any) -> str:
    """Return a text with its places filled in."""
    return _environment().get_template(f"{name}.j2").render(**values).strip() + "\n"


@cache
def examples() -> tuple[Example, ...]:
    """Return the worked examples, by name."""
    found = []
    for file in sorted(files(_PACKAGE).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            found.append(Example(file.name.removesuffix(".toml"), data["text"].strip(), data["program"].lstrip()))
    return tuple(found)


@cache
def _environment() -> Environment:
    # What is filled in is plain text for a model: there is nothing to escape, and it is never a template itself.
    return Environment(
        loader=FunctionLoader(lambda name: files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
