"""Random regions that repeat another one with changes, and the same programs with these changes made at their source.

`take r with x = y` is the `r` of a program in which `x` is `y`. That program is made of the text of the first one, and
knows nothing of how variants are spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hypothesis import assume
from hypothesis import strategies as st
from random_programs import LITERALS, VALUES, Writer, keeps_slots_apart, program_text, written

MORE = (
    "select event.pileup > 1",
    "reject trigger.mu20",
    "weight half = 0.5",
    "reject event.spread < 0 mm",
    'external "more"',
)
FILLS = ("bin", "bins", "histogram", "save")

Blocks = Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """What a variant changes: the kind of it, how it is said, and how it is made in the blocks of a program.

    What is `alone` may depend on anything else that could be changed.
    """

    kind: str
    text: str
    made: Callable[[Blocks], Blocks]
    alone: bool = False

    @property
    def old(self) -> str:
        return self.text.split(" = ")[0]


@dataclass(frozen=True)
class RandomVariant:
    """A program with the region `variant`, the program that says the same at once, and the kinds of what is changed."""

    text: str
    changed: str
    degree: int
    kinds: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{self.text}\n# is to be\n\n{self.changed}"


@st.composite
def variants(draw: st.DrawFn) -> RandomVariant:
    """Return random programs in which one region repeats another one."""
    writer = written(draw)
    known = {region: list(_possible(writer, region)) for region in list(writer.regions)[::-1]}
    base = writer.pick([region for region, possible in known.items() if possible] or list(known))
    changes: list[Change] = []
    for _ in range(writer.pick((1, 1, 2, 3))):
        options = [change for change in known[base] if _fits(change, changes)]
        if kinds := list(dict.fromkeys(change.kind for change in options)):
            kind = writer.pick(kinds)
            changes.append(writer.pick([change for change in options if change.kind == kind]))
    more = list(dict.fromkeys(writer.pick(MORE) for _ in range(writer.pick((0, 0, 1, 2)))))
    if not changes:
        return RandomVariant("", "", 1, ())
    below = _below(writer.blocks, base)
    blocks: Blocks = {name: text for name, text in writer.blocks.items() if name in below}
    for change in changes:
        blocks = change.made(blocks)
    whole = _with_more(blocks[base], more).replace(f"region {base}", "region variant", 1)
    head = f"region variant\n  take {base} {_said(changes)}"
    text = program_text({**writer.blocks, "variant": "\n  ".join([head, *more])})
    assume(keeps_slots_apart(text))
    return RandomVariant(
        text,
        program_text({**blocks, "variant": whole}),
        writer.degree,
        tuple(change.kind for change in changes),
    )


def _below(blocks: Blocks, name: str) -> set[str]:
    """Return a block and those that it is made of; of a collection of the format, nothing."""
    found: set[str] = set()
    todo = {name} & blocks.keys()
    while todo:
        found |= todo
        todo = {word for one in todo for word in re.findall(r"\w+", blocks[one]) if word in blocks} - found
    return found


def _said(changes: Iterable[Change]) -> str:
    """Return what follows the name of the repeated region."""
    labels = ", ".join(change.text for change in changes if change.kind == "label")
    others = ", ".join(change.text for change in changes if change.kind != "label")
    return " ".join([*([f"without {labels}"] if labels else []), *([f"with {others}"] if others else [])])


def _fits(change: Change, others: Sequence[Change]) -> bool:
    return not any(change.old == other.old or change.alone or other.alone for other in others)


def _with_more(block: str, more: Sequence[str]) -> str:
    """Return a region with cuts and weights behind its own: what it fills behind its last one is behind these, too."""
    lines = block.split("\n  ")
    end = max(place for place, line in enumerate(lines, 1) if line.split()[0] not in (*FILLS, "let", "expect"))
    fills = [line for line in lines[end:] if line.split()[0] in FILLS]
    return "\n  ".join([*lines[:end], *(line for line in lines[end:] if line not in fills), *more, *fills])


# ---------------------------------------------------------------- what may be changed


def _possible(writer: Writer, base: str) -> Iterator[Change]:
    """Yield what may be changed in what a region depends on."""
    reachable, text = writer.reachable(base)
    if " with " in text:
        return  # what is replaced already is not there any more
    for label in _labels(writer, base):
        yield Change("label", f'"{label}"', partial(_without, label=label))
    for name in writer.blocks:
        for word, value, kind in _values(writer, name):
            if (name in reachable or name == base) and kind in VALUES:
                new = writer.pick(LITERALS[str(kind)])
                yield Change(word, f"{value} = {new}", partial(_valued, line=f"{word} {value} = ", new=new))
    for kind, old, new in _pairs(writer, reachable):
        others = {name: writer.blocks[name] for name in writer.blocks if name in _below(writer.blocks, new)}
        # What stands below both, and depends on what is replaced, would have to be there twice.
        below = {base, *reachable} & others.keys() - {old}
        deeper = "\n".join(others[name] for one in below for name in _below(others, one))
        is_twice = base in others or re.search(rf"\b{old}\b", deeper) is not None
        is_taken = re.search(rf"\n  take {old}\b( without|\n|$)", text) if kind == "region" else None
        if not is_twice and not is_taken and f"take {old} without" not in text:
            made = partial(_renamed, old=old, new=new, others=others)
            yield Change(kind, f"{old} = {new}", made, alone=True)


def _labels(writer: Writer, region: str) -> Iterator[str]:
    """Yield the labels of a region and of those that it takes from."""
    gone: set[str] = set()
    name: str | None = region
    while name is not None:
        text = writer.blocks[name]
        gone.update(re.findall(r'without "([^"]*)"', text))
        yield from (label for label in re.findall(r' as "([^"]*)"', text) if label not in gone)
        take = re.search(r"\n  take (\w+)", text)
        name = take[1] if take else None


def _values(writer: Writer, name: str) -> Iterator[tuple[str, str, object]]:
    """Yield the values that a block defines: how its line begins, the name and the type."""
    known = {**writer.values, **dict(writer.regions[name].lets if name in writer.regions else ())}
    if name in writer.collections:
        known |= writer.collections[name].attributes
    for word, value in re.findall(r"^ *(define|let) (\w+) = ", writer.blocks[name], re.MULTILINE):
        yield word, value, known.get(value)


def _pairs(writer: Writer, reachable: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what may stand in the place of which block or collection of the format."""
    for name, info in writer.collections.items():
        for other in writer.collections.values():
            alike = (other.attributes, other.has_vector) == (info.attributes, info.has_vector)
            if name in reachable and info.named and other.named and other.name != name and alike:
                yield "collection", name, other.name
    if "Electron" in reachable:
        yield "collection", "Electron", "LooseElectron"
    for called in (writer.functions, writer.tables):
        for name, signature in called.items():
            for other, same in called.items():
                if name in reachable and other != name and same == signature:
                    yield "called", name, other
    for name in writer.regions:
        for other in writer.regions:
            if name in reachable and other != name:
                yield "region", name, other


# ---------------------------------------------------------------- how it is made in the text


def _without(blocks: Blocks, *, label: str) -> Blocks:
    end = f' as "{label}"'
    return {
        name: "\n".join(line for line in text.split("\n") if not line.endswith(end)) for name, text in blocks.items()
    }


def _valued(blocks: Blocks, *, line: str, new: str) -> Blocks:
    """Return the blocks with another value in the line that begins like this."""
    return {name: re.sub(rf"(?<!\w){re.escape(line)}.*", line + new, text) for name, text in blocks.items()}


def _renamed(blocks: Blocks, *, old: str, new: str, others: Blocks) -> Blocks:
    """Return the blocks with `new` in the place of `old`, behind `new` and what that depends on, which keep `old`."""
    word = re.compile(rf"(?<![.\w]){old}(?!\w)")
    return {**others, **{name: word.sub(new, text) for name, text in blocks.items() if name not in {*others, old}}}
