"""Blocks that most drafts have and the base does not, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.extract.agreeing.carry import carry, fresh, used_in
from hepsel.extract.agreeing.model import Outcome, Reading, Vote
from hepsel.extract.agreeing.proof import proven, unchanged
from hepsel.extract.agreeing.sample import Sample, checked_sample, names_in, with_note
from hepsel.extract.agreeing.support import Support
from hepsel.formats.schema import Format
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import printable

BlockOf = tuple[int, str]
"""A block of a draft: its number and its name."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A block that the base lacks: how many drafts have it, and from which it can be taken, the best first."""

    votes: int
    members: tuple[BlockOf, ...]


def add_blocks(support: Support, base: int, data_format: Format) -> Iterator[tuple[Vote, Lacking]]:
    """Add to the base the blocks that most drafts have, those that others need first.

    A block is added where a comparison proves that it says in the base what it says in the draft that it is taken from,
    and that all else in the base still says what it said.
    """
    left = _lacking(support, base)
    progress = True
    while left and progress:
        progress = False
        for lacking in list(left):
            vote = _added(support, base, lacking, data_format)
            if vote is not None:
                left.remove(lacking)
                progress = True
                yield vote, lacking
    for lacking in left:
        draft, block = lacking.members[0]
        title = _title(support.samples[draft], block)
        yield _vote(support, lacking, block, Outcome.LEFT_OUT, title, _reason(support, base, lacking)), lacking


def drop_blocks(support: Support, base: int, data_format: Format) -> Iterator[Vote]:
    """Make a comment of each block of the base that most drafts lack and on which nothing depends."""
    drafts = support.drafts
    for block in reversed(support.samples[base].syntax.blocks):
        sample = support.samples[base]
        if not isinstance(block, tree.Body):
            continue
        statements = len(sample.statements(block.name))
        absent = sum(not support.view(base, other).has(block.name, statements) for other in support.others(base))
        if 2 * absent <= drafts:
            continue
        span = sample.block(block.name).span
        lines = [line for line in sample.text[span.start : span.end].splitlines() if line.strip()]
        said = f"# hepsel: {drafts - absent} of {drafts} drafts have this:\n"
        comment = said + "".join(f"#   {printable(line)}\n" for line in lines)
        new = checked_sample(sample.text[: span.start] + comment + sample.text[span.end :], data_format)
        if new is not None and unchanged(sample, new, block.name):
            own = Reading(_title(sample, block.name), drafts - absent)
            support.replace(base, new)
            yield Vote(block.name, Outcome.DROPPED, Reading("", absent), (own,))


def _lacking(support: Support, base: int) -> list[Lacking]:
    """Return the blocks that most drafts have and the base says nothing of."""
    found: list[tuple[int, float, BlockOf]] = []
    others = support.others(base)
    for other in others:
        sample = support.samples[other]
        for block in sample.syntax.blocks:
            statements = len(sample.statements(block.name))
            if not isinstance(block, tree.Body) or support.view(other, base).has(block.name, statements):
                continue
            votes = 1 + sum(block.name in support.view(other, k).blocks for k in others if k != other)
            if 2 * votes > support.drafts:
                agreed = sum(support.votes(other, (block.name, number)) for number in range(statements))
                # What fewer than half of them say speaks against a draft, as what it lacks does.
                found.append((votes, agreed - statements * votes / 2, (other, block.name)))
    clusters: list[tuple[int, list[BlockOf]]] = []
    for votes, _, (other, name) in sorted(found, key=lambda item: (-item[0], -item[1], item[2][0])):
        for _, members in clusters:
            first = members[0]
            if first[0] != other and support.view(other, first[0]).blocks.get(name) == first[1]:
                members.append((other, name))
                break
        else:
            clusters.append((votes, [(other, name)]))
    lacking = [Lacking(votes, tuple(members)) for votes, members in clusters]
    return sorted(lacking, key=lambda one: support.samples[one.members[0][0]].place(one.members[0][1]))


def _added(support: Support, base: int, lacking: Lacking, data_format: Format) -> Vote | None:
    """Add a block to the base, from the first draft from which that can be proven."""
    host = support.samples[base]
    for draft, block in lacking.members:
        guest = support.samples[draft]
        if _not_there(support, base, draft, block):
            continue
        name = fresh(block, names_in(host.text))
        new = checked_sample(_with_block(support, base, draft, block, name), data_format)
        if new is None or not unchanged(host, new):
            continue
        keys = [(block, number) for number in range(len(guest.statements(block)))]
        seen = proven(guest, new, keys, [guest.block(block)])
        if seen is None or seen.blocks.get(block) != name:
            continue
        vote = _vote(support, lacking, name, Outcome.ADDED, _title(new, name))
        support.replace(base, with_note(new, name, vote.remark(support.drafts), data_format), name)
        return vote
    return None


def _with_block(support: Support, base: int, draft: int, block: str, name: str) -> str:
    """Return the base with a block of another draft, behind what it needs and what it stands behind there."""
    guest, host, seen = support.samples[draft], support.samples[base], support.view(draft, base)
    carried = carry(guest, guest.block(block), block, seen, host, {block: name})
    definitions = "".join(f"{one}\n\n" for one in carried.definitions)
    names = [one.name for one in guest.syntax.blocks]
    before = [seen.blocks.get(one) for one in names[: names.index(block)]]
    nearest = next((one for one in reversed(before) if one is not None), None)
    needed = names_in(definitions + carried.text) | {nearest}
    behind = [one for one in host.syntax.blocks if one.name in needed]
    first = host.first_body(carried.definitions)
    text = host.text
    end = _line_end(text, behind[-1].span.end) if behind else host.start
    start = end if first is None else min(host.block(first).span.start, end)
    if start == end:
        return f"{text[:end]}\n\n{definitions}{carried.text}\n\n{text[end:]}"
    return f"{text[:start]}{definitions}{text[start:end]}\n\n{carried.text}\n\n{text[end:]}"


def _line_end(text: str, position: int) -> int:
    """Return the end of a comment that stands behind a position, on its line."""
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    return end if text[position:end].lstrip().startswith("#") else position


def _not_there(support: Support, base: int, draft: int, block: str) -> list[str]:
    """Return the blocks that a block of another draft uses and the base does not have."""
    sample, there = support.samples[draft], support.view(draft, base).blocks
    bodies = {one.name for one in sample.syntax.blocks if isinstance(one, tree.Body)}
    return [name for name in used_in(sample.block(block)) if name in bodies and name != block and name not in there]


def _vote(support: Support, lacking: Lacking, block: str, outcome: Outcome, title: str, reason: str = "") -> Vote:
    others = support.drafts - lacking.votes
    return Vote(block, outcome, Reading(title, lacking.votes), (Reading("", others),), reason)


def _title(sample: Sample, block: str) -> str:
    return f"{tree.BODIES[type(sample.block(block))]} {block}"


def _reason(support: Support, base: int, lacking: Lacking) -> str:
    missing = [_not_there(support, base, draft, block) for draft, block in lacking.members]
    if all(missing):
        return f"it uses {missing[0][0]}, which the draft does not have"
    return "no comparison proves that it means the same here"
