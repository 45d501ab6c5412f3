"""The option `--format` of the commands that need a data format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


class _FormatName(click.ParamType[str]):
    name = "NAME|FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        return str(value)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:  # noqa: ARG002
        return "`hepsel formats` lists those that there are, and `hepsel inspect DATA` says which one fits a file."


def format_option(help_text: str, *, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that gives a command the option, as `format_name`."""
    return click.option("--format", "format_name", required=required, type=_FormatName(), help=help_text)
