"""What a paper states, by the look of it, and a program does not use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hepsel.extract.checking.model import Omission
from hepsel.extract.checking.numbers import TextNumber, numbers_in, whole
from hepsel.extract.checking.passages import Library, Part, Passage
from hepsel.extract.checking.spoken import spoken
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.extract.checking.wording import Site, quantities
from hepsel.extract.choosing.cuts import cuts
from hepsel.extract.reading.model import Document

Used = Mapping[str, Collection[int]]
"""For the id of each cited sentence or row, where the numbers in it begin that a criterion stands for."""


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations of items, such as opposite charge, that a program states.

    Attributes
    ----------
    stated
        Those that are stated anywhere, be it to say what a criterion is about.
    required
        Those that are demanded.
    cited
        For the id of each cited sentence or row, those that the statements which cite it state.
    texts
        For the id of each cited sentence or row, these statements, as `spoken` has them.
    """

    stated: frozenset[str]
    required: frozenset[str]
    cited: Mapping[str, Collection[str]]
    texts: Mapping[str, Collection[str]]

    def of(self, passage: str) -> Collection[str]:
        """Return those that need not be looked for in a sentence or row.

        Where it is cited, that another statement is only about such items does not say what it says.
        """
        return self.stated if passage not in self.cited else {*self.required, *self.cited[passage]}

    def grades(self, passage: Passage) -> Iterator[str]:
        """Yield the grades of identification in a sentence or row, such as `medium`, that no statement has."""
        texts = self.texts.get(passage.id) or [text for texts in self.texts.values() for text in texts]
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


def stated(library: Library, used: Used) -> Iterator[Stated]:
    """Yield the bounds of a paper that the program uses."""
    for index, passage in enumerate(library.passages):
        for number in numbers_in(passage.text):
            if number.start in used.get(passage.id, ()):
                yield _stated(_site(library, index), number)


def omissions(
    source: str,
    document: Document,
    library: Library,
    used: Used,
    known: Collection[Stated],
    relations: Relations,
) -> Iterator[Omission]:
    """Yield what looks like a cut and is not in the program, in reading order.

    A sentence or row is listed when nothing cites it, or when it has a bound that no criterion uses; not if all that is
    left over repeats what a criterion uses from another place.

    Parameters
    ----------
    source
        The name by which the program cites the document.
    document, library
        The paper.
    used
        What of it the program uses.
    known
        The bounds that the program uses, of all papers.
    relations
        The relations of items that the program states.
    """
    places = {passage.id: index for index, passage in enumerate(library.passages)}
    for cut in cuts(document):
        passage = library.passages[places[cut.where.id]]
        site = _site(library, places[passage.id])
        cited = passage.id in used
        # In a cited sentence `ΔR = 0.2` tells how a quantity is defined.
        bounds = [
            n for n in numbers_in(passage.text) if n.sense is not None and not (cited and defines(passage.text, n))
        ]
        left = [number for number in bounds if number.start not in used.get(passage.id, ())]
        left = [number for number in left if not _repeats(_stated(site, number), known)]
        unsaid = [
            name
            for name, relation in vocabulary().relations.items()
            if name not in relations.of(passage.id)
            and not name.startswith("different")
            and relation.words.search(passage.text)
        ]
        unsaid += relations.grades(passage)
        if left or unsaid or (not cited and not bounds):
            said = tuple(site.said(number) for number in left)
            yield Omission(
                source,
                passage.id,
                passage.pages[0],
                passage.section,
                passage.text,
                (*said, *unsaid),
                cut.score,
                passage.places(0, len(passage.text)),
            )


def _site(library: Library, index: int) -> Site:
    return Site(library, Part(index, 0, len(library.passages[index].text)))


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


def defines(text: str, number: TextNumber) -> bool:
    """Whether a number says how a quantity is defined, such as the size of a cone: `ΔR = 0.2`."""
    return number.sense == "==" and text[number.reach : number.start].strip() in ("=", "≈")
