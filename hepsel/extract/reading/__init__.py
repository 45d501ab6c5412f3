"""Papers as text: pages, sentences and table rows with ids, and the place of every character.

`read_document` is the way in; the types that it returns are in `hepsel.extract.reading.model`.
"""

from hepsel.extract.reading.model import Box, Cell, Document, Heading, Page, Reference, Sentence, Table, TableRow
from hepsel.extract.reading.read import draw_pages, read_document
from hepsel.extract.reading.unknown import unknown_commands

__all__ = [
    "Box",
    "Cell",
    "Document",
    "Heading",
    "Page",
    "Reference",
    "Sentence",
    "Table",
    "TableRow",
    "draw_pages",
    "read_document",
    "unknown_commands",
]
