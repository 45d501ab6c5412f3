"""What a paper states, by the look of it, and a program does not use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from hepsel.extract.checking.clauses import mentions, quantities
from hepsel.extract.checking.model import Omission
from hepsel.extract.checking.numbers import TextNumber, whole
from hepsel.extract.checking.passages import Library, Passage
from hepsel.extract.checking.spoken import spoken
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.extract.checking.wording import Site
from hepsel.extract.choosing.cuts import cuts

_NEAR = 20  # characters between "no" and the objects of which there are none


@dataclass(slots=True)
class Use:
    """What the statements that cite a sentence or row have of it.

    Attributes
    ----------
    noted
        Whether it is used, and need not be listed as a whole; it may be cited by what is doubtful alone.
    numbers
        Where the numbers in it begin that a criterion stands for.
    relations
        The relations of items, such as opposite charge, that the statements are about.
    texts
        The statements, as `spoken` has them.
    """

    noted: bool = False
    numbers: set[int] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Uses:
    """What a program has of a paper, by the ids of sentences and rows, and which relations it states and demands."""

    cited: dict[str, Use] = field(default_factory=dict)
    related: Collection[str] = ()
    demanded: Collection[str] = ()

    def of(self, passage: str) -> Use:
        """Return what the statements that cite a sentence or row have of it, to be added to."""
        return self.cited.setdefault(passage, Use())

    def relations(self, passage: str) -> Collection[str]:
        """Return those that need not be looked for in a sentence or row.

        Where it is cited, that another statement is only about such items does not say what it says.
        """
        use = self.cited.get(passage)
        return self.related if use is None else {*self.demanded, *use.relations}

    def unsaid(self, passage: Passage) -> Iterator[str]:
        """Yield the relations and the grades of identification, such as `medium`, that no statement has."""
        known = self.relations(passage.id)
        for name, words in vocabulary().relations.items():
            if name not in known and not name.startswith("different") and words.search(passage.text):
                yield name
        use = self.cited.get(passage.id)
        texts = use.texts if use is not None else [text for one in self.cited.values() for text in one.texts]
        for match in vocabulary().words["grade"].finditer(passage.text):
            if not any(spoken(match[1]) in text for text in texts):
                yield match[0]


@dataclass(frozen=True, slots=True)
class Stated:
    """A bound that a paper states: its value, sense, quantity and objects, and for which of them."""

    value: Fraction
    dimension: str
    sense: Sense | None
    quantities: frozenset[str]
    objects: frozenset[str]
    restrictions: frozenset[str]

    def same(self, other: Stated) -> bool:
        """Whether another place states the same, or the same with fewer restrictions."""
        return (
            (self.value, self.dimension, self.sense) == (other.value, other.dimension, other.sense)
            and (bool(self.quantities & other.quantities) or not (self.quantities and other.quantities))
            and bool(self.objects & other.objects)
            and self.restrictions >= other.restrictions
        )


def stated(library: Library, uses: Uses) -> Iterator[Stated]:
    """Yield the bounds of a paper that the program uses."""
    for index, passage in enumerate(library.passages):
        use = uses.cited.get(passage.id, _UNUSED)
        for number in passage.numbers if use.numbers else ():
            if number.start in use.numbers:
                yield _stated(Site(library, library.whole(index)), number)


def omissions(source: str, library: Library, uses: Uses, known: Collection[Stated]) -> Iterator[Omission]:
    """Yield what looks like a cut and is not in the program, in reading order.

    A sentence or row is listed when nothing cites it, or when it has a bound that no criterion uses; not if all that is
    left over repeats what a criterion uses from another place.

    Parameters
    ----------
    source
        The name by which the program cites the paper.
    library
        The paper.
    uses
        What of it the program uses.
    known
        The bounds that the program uses, of all papers.
    """
    for cut in cuts(library.document):
        index = library.places[cut.where.id]
        passage = library.passages[index]
        site = Site(library, library.whole(index))
        use = uses.cited.get(passage.id, _UNUSED)
        # In a cited sentence `ΔR = 0.2` tells how a quantity is defined.
        bounds = [
            n
            for n in passage.numbers
            if (n.sense is not None or _says_none(passage.text, n)) and not (use.noted and defines(passage.text, n))
        ]
        left = [number for number in bounds if number.start not in use.numbers]
        left = [number for number in left if not _repeats(_stated(site, number), known)]
        unsaid = tuple(uses.unsaid(passage))
        if left or unsaid or (not use.noted and not bounds):
            yield Omission(
                source,
                passage.id,
                passage.pages[0],
                passage.section,
                passage.text,
                (*(site.said(number) for number in left), *unsaid),
                cut.score,
                passage.places(0, len(passage.text)),
            )


_UNUSED = Use()


def _stated(site: Site, number: TextNumber) -> Stated:
    sense, value = whole(number.sense, number.value) if number.counts else (number.sense, number.value)
    return Stated(
        value,
        str(number.dimension),
        sense,
        quantities(site.window(number)),
        site.subject(number, counted=number.counts) or frozenset(),
        site.restrictions(number),
    )


def _repeats(bound: Stated, known: Collection[Stated]) -> bool:
    return any(bound.same(one) for one in known)


def _says_none(text: str, number: TextNumber) -> bool:
    """Whether a number is the "no" of "exactly one muon and no electrons"."""
    behind = text[number.end : number.end + _NEAR]
    return number.word and number.value == 0 and any(mention.start > 0 for mention in mentions(behind))


def defines(text: str, number: TextNumber) -> bool:
    """Whether a number says how a quantity is defined, such as the size of a cone: `ΔR = 0.2`."""
    return number.sense == "==" and text[number.reach : number.start].strip() in ("=", "≈")
