"""Tells of links into a collection that a variant replaces: they lead to the items of the file all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hepsel.semantics.symbols import Symbols
from hepsel.syntax import tree


def tell_of_links(symbols: Symbols, change: tree.With, repeated: Iterable[tree.Block]) -> None:
    """Tell of a link that what a variant repeats follows into the collection that the variant replaces.

    Where only the identity of the item matters, nothing is told: it is the same in both.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    change
        What the variant replaces.
    repeated
        What is repeated.
    """
    links = {
        attribute.name
        for collection in symbols.format.collections.values()
        for attribute in collection.attributes.values()
        if attribute.target == change.old
    }
    if not links:
        return
    for block in repeated:
        # A bare name is an attribute in these only; elsewhere it is something that the program defines.
        bare = isinstance(block, tree.ObjectBlock | tree.CompositeBlock)
        found = next((name for part in tree.walk(block) for name in _followed(part, bare) if name in links), None)
        if found is None:
            continue
        source = "this" if bare else "x"
        symbols.report(
            "H705",
            f"`{found}` in `{block.name}` leads to an item of `{change.old}` as the file has it, also in this variant",
            change.span,
            "to follow it into what stands in its place, look the item up: "
            f"`argmax(j.pt for j in {change.old} if j == {source}.{found})`; if this is meant, leave it",
        )
        return


def _followed(node: tree.Node, bare: bool) -> Iterator[str]:
    """Yield the attributes directly below a node of which it asks for more than which item they are."""
    judged: tuple[tree.Node, ...] = ()
    match node:
        case tree.Membership(item=item):
            judged = (item,)
        case tree.Comparison(operands=operands):
            judged = operands
        case tree.Call("exists" | "count", arguments):
            judged = arguments
    for child in tree.children(node):
        if any(child is item for item in judged):
            continue
        match child:
            case tree.Attribute(name=name):
                yield name
            case tree.Name(name) if bare:
                yield name
