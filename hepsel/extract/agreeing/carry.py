"""Carrying a part of one draft over into another one: what its names are called there, and what it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hepsel.extract.agreeing.sample import Sample, names_in, renamed
from hepsel.extract.agreeing.support import View
from hepsel.syntax import tree


@dataclass(frozen=True, slots=True)
class Carried:
    """A part in the names of another draft.

    Attributes
    ----------
    text
        The part, with its annotations.
    definitions
        What has to be defined before it, in order.
    """

    text: str
    definitions: tuple[str, ...] = ()


def carry(
    guest: Sample,
    node: tree.Node,
    block: str,
    seen: View,
    host: Sample,
    names: Mapping[str, str],
) -> Carried:
    """Return a part of a draft (the guest) as another one (the host) would say it.

    Definitions that it uses are those of the host that say the same, or come along, under names that mean nothing else
    there.

    Parameters
    ----------
    guest, node, block
        The draft, the part, and the block that this is or stands in.
    seen
        The guest as seen from the host.
    host
        The other draft.
    names
        What else is called otherwise there.
    """
    known = {**seen.names(block), **names}
    taken = names_in(host.text) | set(names.values())
    definitions = []
    for define in _needs(guest, node):
        if isinstance(define, tree.Table) and define.name in seen.blocks:
            continue  # its counterpart; the rows are compared
        there = _equal(guest, define, host, known, seen)
        if there is None:
            there = fresh(define.name, taken)
            taken.add(there)
            known[define.name] = there
            definitions.append(_text(guest, define, known, seen))
        known[define.name] = there
    return Carried(_text(guest, node, known, seen), tuple(definitions))


def own_values(guest: Sample, node: tree.Node, block: str, seen: View, host: Sample) -> str:
    """Return what a part of a draft (the guest) uses and another one (the host) does not define so; see `carry`."""
    names = seen.names(block)
    values = (
        f"{define.name} = {renamed(guest.value(define), names, seen.attributes)}"
        for define in _needs(guest, node)
        if isinstance(define, tree.Define) and _equal(guest, define, host, names, seen) is None
    )
    return ", ".join(values)


def fresh(name: str, taken: set[str]) -> str:
    """Return a name like another one that means nothing yet."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def used_in(node: tree.Node) -> Iterator[str]:
    """Yield the names that a part of a program uses: of definitions, blocks, collections and what it defines itself."""
    for part in tree.walk(node):
        match part:
            case tree.Name(name=name) | tree.Source(name=name) | tree.With(old=name):
                yield name
            case tree.Call(function=name):
                yield name
            case tree.Bins(name=name) | tree.Histogram(name=name) | tree.Column(name=name):
                yield name  # where it has no value, the name is the value
            case _:
                pass


def tables_used(sample: Sample, node: tree.Node) -> set[str]:
    """Return the tables that a part of a draft looks values up in, itself or by what it uses."""
    return {define.name for define in _needs(sample, node) if isinstance(define, tree.Table)}


def _needs(sample: Sample, node: tree.Node) -> list[tree.Define | tree.Table]:
    """Return the definitions that a part of a draft uses, and those that these use, in the order of the draft."""
    used = set(used_in(node))
    found: list[tree.Define | tree.Table] = []
    # A name is defined before it is used.
    for block in reversed(sample.syntax.blocks):
        if isinstance(block, tree.Define | tree.Table) and block.name in used:
            found.append(block)
            used.update(used_in(block))
    return found[::-1]


def _equal(
    guest: Sample, define: tree.Define | tree.Table, host: Sample, known: dict[str, str], seen: View
) -> str | None:
    """Return the host's name of what says the same as a definition of the guest, the same name if there is a choice."""
    wanted = _said(guest, define, known, seen.attributes)
    same = (
        other.name
        for other in host.syntax.blocks
        if type(other) is type(define)
        and isinstance(other, tree.Define | tree.Table)
        and _said(host, other, {}, {}) == wanted
    )
    return min(same, key=lambda name: name != define.name, default=None)


def _said(
    sample: Sample, define: tree.Define | tree.Table, names: Mapping[str, str], attributes: Mapping[str, str]
) -> str:
    """Return a definition without its name, annotations and spaces."""
    end = min((note.span.start for note in define.annotations), default=define.span.end)
    return "".join(renamed(sample.text[define.name_span.end : end], names, attributes).split())


def _text(sample: Sample, node: tree.Node, names: Mapping[str, str], seen: View) -> str:
    return renamed(sample.text[node.span.start : node.span.end], names, seen.attributes)
