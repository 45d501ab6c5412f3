"""Spellings of ADL and CutLang, and how hepsel says the same."""

from __future__ import annotations

import re

from hepsel.vocabulary.foreign import ATTRIBUTES, called_here

_OF_THE_ITEM = re.compile(r"([A-Za-z]\w*)_")
_NAME = re.compile(r"[A-Za-z]\w*")
_UNION = re.compile(r"\s*union\s*\(([^()\n]*)\)", re.IGNORECASE)
_COMBINED = re.compile(r"\s*comb(?:ine)?\s*\(([^()\n]*)\)", re.IGNORECASE)


def with_unit(low: str, high: str) -> str:
    """Return the lower end of a range, with the unit of the upper one where it has none of its own."""
    unit = re.fullmatch(r"-?[\d.]+(?:[eE][+-]?\d+)?\s*([A-Za-z]\w*)", high)
    return f"{low} {unit[1]}" if unit and re.fullmatch(r"-?[\d.]+(?:[eE][+-]?\d+)?", low) else low


def in_or_out(match: re.Match[str]) -> list[str]:
    """Return the comparisons of which `x [] 1 2`, or `x ][ 1 2`, asks for one."""
    value, high = match["value"], " ".join(match["high"].split())
    low = with_unit(" ".join(match["low"].split()), high)
    return [f"{low} <= {value} <= {high}"] if match["brackets"] == "[]" else [f"{value} < {low}", f"{value} > {high}"]


def of_the_item(name: str, braces: str) -> str | None:
    """Return the attribute that `{JET_}Pt` is of the item of a block, given what stands in the braces."""
    return called_here(name, ATTRIBUTES) or name if _OF_THE_ITEM.fullmatch(braces.strip()) else None


def of_header(name: str, rest: str) -> str | None:
    """Say how a block is written whose header unites or combines collections."""
    if united := _UNION.match(rest):
        return f"write `object {name}` and in the next line `take {', '.join(_NAME.findall(united[1]))}`"
    if combined := _COMBINED.match(rest):
        slots = ", ".join(f"{item} {slot}" for item, slot in zip(_NAME.findall(combined[1]), "abcd", strict=False))
        return f"pairs are candidates: write `composite {name}` and in the next line `take {slots}`"
    return None


def conditional(match: re.Match[str], everything: str) -> str:
    """Return `c ? a : b` with words; `ALL` asks for nothing, which is `everything` here."""
    chosen, other = (everything if part == "ALL" else part for part in (match["chosen"], match["other"]))
    return f"if {match['condition']} then {chosen} else {other}"
