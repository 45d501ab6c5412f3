"""`hepsel lsp`."""

from __future__ import annotations

import logging
import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from hepsel.errors import DataError, HepselError
from hepsel.formats.loader import builtin_formats, load_format
from hepsel.signals import ENDING


@click.command()
@click.option(
    "--format",
    "format_name",
    metavar="NAME|FILE",
    help="Data format that programs are checked against, where the editor names none: see `hepsel formats`.",
)
def lsp(format_name: str | None) -> None:
    """Answer an editor, which starts this by itself: problems while typing, what names mean, completion, layout.

    The language server protocol, on standard input and output. Exit code 0: the editor has ended it; 1: the format is
    wrong, or a package is missing; 3: the format cannot be read.
    """
    if find_spec("pygls") is None:
        raise HepselError("a language server needs the package pygls: pip install 'hepsel[lsp]'")
    if sys.stdin is None:
        raise DataError("standard input is closed: there is no editor to answer")
    from hepsel.editor.server import Server

    if format_name is not None:
        load_format(format_name)  # what is wrong with it is told here, and not only in the editor
        format_name = format_name if format_name in builtin_formats() else str(Path(format_name).absolute())
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)  # an editor is told what is wrong in the protocol
    for number in (*ENDING, signal.SIGINT):  # there is nothing to clear up, and reading goes on until the input ends
        signal.signal(number, signal.SIG_DFL)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output:  # which is closed when the editor says so
        Server(format_name).start_io(sys.stdin.buffer, output)
