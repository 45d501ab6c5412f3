"""`hepsel read`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from hepsel.cli.papers import tell_what_is_unknown
from hepsel.extract.choosing.cuts import Cut, cuts, dense_parts
from hepsel.extract.choosing.delegation import Delegation, delegations
from hepsel.extract.reading import Cell, Document, Page, Sentence, Table, read_document
from hepsel.syntax.diagnostics import printable

_DENSE = 6  # pages that the JSON names as full of cuts


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--page", "numbers", multiple=True, type=click.IntRange(1), metavar="N", help="Only this page; repeatable."
)
@click.option(
    "--section", "sections", multiple=True, metavar="TEXT", help="Only sections with TEXT in their heading; repeatable."
)
@click.option("--tables", "only_tables", is_flag=True, help="Only the tables.")
@click.option("--cuts", "only_cuts", is_flag=True, help="Only the sentences and table rows that look like cuts.")
@click.option(
    "--references", "only_references", is_flag=True, help="Only what the text leaves to other papers, and to which."
)
@click.option("--json", "as_data", is_flag=True, help="Print everything as JSON, with the place of every line.")
def read(
    file: Path,
    numbers: tuple[int, ...],
    sections: tuple[str, ...],
    only_tables: bool,
    only_cuts: bool,
    only_references: bool,
    as_data: bool,
) -> None:
    """Show what was understood of a paper.

    FILE is a PDF, LaTeX (one file, or the archive of a whole source), HTML (as of arXiv), Markdown or plain text. Every
    sentence is printed with its id.
    """
    if only_tables + only_cuts + only_references + as_data > 1:
        raise click.UsageError("--tables, --cuts, --references and --json exclude one another")
    document = read_document(file)
    tell_what_is_unknown(document)
    last = len(document.pages)
    if numbers and max(numbers) > last:
        raise click.BadParameter(f"the paper has {last} page{'s' * (last != 1)}", param_hint="--page")
    show = _Choice(document, frozenset(numbers), tuple(section.lower() for section in sections))
    if sections and not any(show.section(heading.text) for heading in document.headings):
        raise click.BadParameter("no heading has this text; `hepsel read FILE` shows them", param_hint="--section")
    if as_data:
        print(json.dumps(_as_data(show, document), ensure_ascii=False, indent=1))
    elif only_references:
        _print_references(show, document)
    elif only_cuts:
        for cut in filter(show.cut, cuts(document)):
            _print(f"[{cut.where.id}] {cut.where.text}")
    else:
        _print_pages(show, document, text=not only_tables)


class _Choice:
    """Which parts of a paper are asked for."""

    def __init__(self, document: Document, pages: frozenset[int], sections: tuple[str, ...]) -> None:
        self._pages, self._sections = pages, sections
        self._rows = {row.id: table.section for table in document.tables for row in table.rows}

    def page(self, number: int) -> bool:
        return not self._pages or number in self._pages

    def section(self, heading: str) -> bool:
        return not self._sections or any(section in heading.lower() for section in self._sections)

    def holds(self, part: Sentence | Table) -> bool:
        return self.page(part.page) and self.section(part.section)

    def cut(self, cut: Cut) -> bool:
        heading = cut.where.section if isinstance(cut.where, Sentence) else self._rows[cut.where.id]
        return self.page(cut.where.page) and self.section(heading)


# ------------------------------------------------------------------ text


def _print_pages(show: _Choice, document: Document, *, text: bool) -> None:
    section = ""
    for page in document.pages:
        sentences = [sentence for sentence in page.sentences if text and show.holds(sentence)]
        tables = [table for table in page.tables if show.holds(table)]
        if (sentences or tables) and len(document.pages) > 1:
            _print("")
            _print(f"--- page {page.number} ---")
        for sentence in sentences:
            if sentence.section != section:
                section = sentence.section
                _print("")
                _print(section)
            mark = "" if sentence.kind == "body" else f" ({sentence.kind})"
            _print(f"[{sentence.id}]{mark} {sentence.text}")
        for table in tables:
            _print("")
            _print(f"[{table.id}] {table.caption or 'table without a caption'}")
            for row in table.rows:
                _print(f"[{row.id}] {row.text}")


def _print_references(show: _Choice, document: Document) -> None:
    found = [delegation for delegation in delegations(document) if show.holds(delegation.sentence)]
    for delegation in found:
        _print(f"[{delegation.sentence.id}] {delegation.sentence.text}")
        for citation in delegation.citations:
            text = citation.entry.text if citation.entry is not None else "not in the reference list"
            _print(f"    [{citation.key}] {text}")
    if not found:
        _print("The text leaves nothing to other papers, as far as can be seen.")


def _print(line: str) -> None:
    print(printable(line))


# ------------------------------------------------------------------ data


def _as_data(show: _Choice, document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "kind": document.kind,
        "sha256": document.sha256,
        "headings": [{"text": heading.text, "page": heading.page} for heading in document.headings],
        "pages": [_page_data(show, page) for page in document.pages if show.page(page.number)],
        "cuts": [
            {"id": cut.where.id, "score": cut.score, "signs": list(cut.signs)}
            for cut in filter(show.cut, cuts(document))
        ],
        "dense_pages": sorted({part.page for part in dense_parts(document, _DENSE)}),
        "delegations": [_delegation_data(found) for found in delegations(document) if show.holds(found.sentence)],
        "references": [{"key": entry.key, "text": entry.text, "page": entry.page} for entry in document.references],
    }


def _page_data(show: _Choice, page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "sentences": [_sentence_data(sentence) for sentence in page.sentences if show.holds(sentence)],
        "tables": [_table_data(table) for table in page.tables if show.holds(table)],
    }


def _sentence_data(sentence: Sentence) -> dict[str, Any]:
    return {
        "id": sentence.id,
        "kind": sentence.kind,
        "section": sentence.section,
        "text": sentence.text,
        "places": [place.as_json() for place in sentence.places()],
    }


def _table_data(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "caption": table.caption,
        "section": table.section,
        "columns": table.columns,
        "rows": [{"id": row.id, "cells": [_cell_data(cell) for cell in row.cells]} for row in table.rows],
    }


def _cell_data(cell: Cell) -> dict[str, Any]:
    places = [place.as_json() for place in cell.places()]
    return {"text": cell.text, "column": cell.column, "span": cell.span, "places": places}


def _delegation_data(found: Delegation) -> dict[str, Any]:
    return {
        "sentence": found.sentence.id,
        "words": found.words,
        "citations": [{"key": citation.key, "found": citation.entry is not None} for citation in found.citations],
    }
