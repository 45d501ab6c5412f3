"""Types of options that several commands have."""

from __future__ import annotations

import math
from typing import Any

import click

from hepsel.run.inputs import Entries, parse_entries


class FiniteRange(click.FloatRange):
    """A range of floats to which "nan" does not belong."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read what stands on the command line."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


class EntriesType(click.ParamType[Entries]):
    """A range of events."""

    name = "START:STOP"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Entries:
        """Read what stands on the command line."""
        if isinstance(value, Entries):
            return value
        entries = parse_entries(value)
        if entries is None:
            self.fail(f"{value!r} is not START:STOP, for example 0:1000, 500: or :1000", param, ctx)
        return entries
