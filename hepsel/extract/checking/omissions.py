"""What a paper states, by the look of it, and a program does not cite."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from hepsel.extract.checking.model import Omission
from hepsel.extract.checking.numbers import numbers_in
from hepsel.extract.choosing.cuts import cuts
from hepsel.extract.reading.model import Document, Sentence, lines_of


def omissions(source: str, document: Document, cited: Collection[str]) -> Iterator[Omission]:
    """Yield the sentences and rows that look like cuts and are not among the cited ones, in reading order.

    Parameters
    ----------
    source
        The name by which the program cites the document.
    document
        The paper.
    cited
        The ids of the sentences and rows that quotations were found in.
    """
    sections = {row.id: table.section for table in document.tables for row in table.rows}
    for cut in cuts(document):
        where = cut.where
        if where.id in cited or not (numbers_in(where.text) or "external" in cut.signs):
            continue
        if isinstance(where, Sentence):
            section, places = where.section, where.places()
        else:
            section = sections[where.id]
            places = tuple(place for cell in where.cells for place in lines_of(cell.boxes))
        yield Omission(source, where.id, where.page, section, where.text, cut.score, places)
