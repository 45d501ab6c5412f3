"""The language server: what editors send it, and what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from hepsel import __version__
from hepsel.editor.complete import completions
from hepsel.editor.document import Document
from hepsel.editor.hover import hover
from hepsel.editor.meaning import Defined, meanings_at
from hepsel.editor.outline import outline
from hepsel.editor.positions import Positions
from hepsel.errors import HepselError
from hepsel.formats.loader import load_format
from hepsel.formats.schema import Format
from hepsel.syntax.diagnostics import Diagnostic, ProgramError, Severity, printable_lines
from hepsel.syntax.formatter import format_source

_PAUSE = 0.2
"""Seconds without a key pressed after which a text is checked."""

_SEVERITIES: dict[Severity, lsp.DiagnosticSeverity] = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "hint": lsp.DiagnosticSeverity.Information,  # what is a hint to an editor, it hardly shows
}
_FIRST_LINE = lsp.Range(lsp.Position(0, 0), lsp.Position(1, 0))
_NO_FORMAT = (
    "names, types and units are not checked: no format is chosen; "
    "start `hepsel lsp --format NAME`, or set `hepsel.format` in the editor"
)


class Server(LanguageServer):
    """Answers what an editor asks about its programs.

    Parameters
    ----------
    format_name
        Format that programs are checked against, where the editor names no other.
    """

    def __init__(self, format_name: str | None) -> None:
        # With changes alone, pygls would count lines as Python does, and not as editors do.
        super().__init__("hepsel", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self._format_name = format_name
        self._trouble: str | None = None
        self._opened: dict[str, tuple[Document, Positions]] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        for method, function, options in _FEATURES:
            self.feature(method, options)(function)

    def configure(self, settings: Any) -> None:
        """Take the format from the settings of an editor, `{"format": NAME}`, where they say one."""
        name = settings.get("format") if isinstance(settings, dict) else None
        if isinstance(name, str) and name:
            is_file, folder = name.endswith(".toml"), self.workspace.root_path
            self._format_name = str(Path(folder, name)) if is_file and folder is not None else name
            self.check_again()

    def check_again(self, uri: str | None = None) -> None:
        """Check a text again, or all of them: a format may be another one now."""
        for one in [*self._opened] if uri is None else [uri]:
            self._opened.pop(one, None)
            if one in self.workspace.text_documents:
                self.publish(one)

    def load_format(self) -> Format | None:
        """Return the format that is chosen; where there is none, why is kept for `publish`."""
        self._trouble = None if self._format_name is not None else _NO_FORMAT
        try:
            return None if self._format_name is None else load_format(self._format_name)
        except HepselError as error:
            self._trouble = str(error)
            return None

    def text(self, uri: str) -> str:
        """Return a text as the editor has it."""
        return str(self.workspace.get_text_document(uri).source)

    def positions(self, text: str) -> Positions:
        """Return the positions in a text as the editor counts them."""
        return Positions(text, self.workspace.position_encoding)

    def opened(self, uri: str) -> tuple[Document, Positions]:
        """Return the text that an editor has, checked, and the positions in it."""
        text, known = self.text(uri), self._opened.get(uri)
        if known is None or known[0].text != text:
            known = self._opened[uri] = Document(text, self.load_format()), self.positions(text)
        return known

    def publish_soon(self, uri: str) -> None:
        """Publish what is wrong with a text when nothing has been typed for a moment."""
        self.stop_waiting(uri)
        self._waiting[uri] = asyncio.get_running_loop().call_later(_PAUSE, self.publish, uri)

    def stop_waiting(self, uri: str) -> None:
        """Drop what `publish_soon` has in mind."""
        if (handle := self._waiting.pop(uri, None)) is not None:
            handle.cancel()

    def publish(self, uri: str) -> None:
        """Tell the editor what is wrong with a text."""
        self.stop_waiting(uri)
        document, positions = self.opened(uri)
        found = [_diagnostic(item, positions, uri) for item in document.checked.diagnostics]
        if self._trouble is not None:
            severity = lsp.DiagnosticSeverity.Warning
            found.append(lsp.Diagnostic(_FIRST_LINE, printable_lines(self._trouble), severity, source="hepsel"))
        version = self.workspace.get_text_document(uri).version
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found, version))


def _diagnostic(item: Diagnostic, positions: Positions, uri: str) -> lsp.Diagnostic:
    says = item.message if item.proposal is None else f"{item.message}\n{item.proposal}"
    related = None
    if item.related is not None:
        place = lsp.Location(uri, positions.range(item.related))
        related = [lsp.DiagnosticRelatedInformation(place, "see this")]
    return lsp.Diagnostic(
        positions.range(item.span),
        printable_lines(says),
        _SEVERITIES[item.severity],
        item.code,
        source="hepsel",
        related_information=related,
    )


def _initialize(server: Server, params: lsp.InitializeParams) -> None:
    server.configure(params.initialization_options)


def _did_change_configuration(server: Server, params: lsp.DidChangeConfigurationParams) -> None:
    if isinstance(params.settings, dict):
        server.configure(params.settings.get("hepsel"))


def _did_open(server: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    server.publish(params.text_document.uri)


def _did_change(server: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    server.publish_soon(params.text_document.uri)


def _did_save(server: Server, _: lsp.DidSaveTextDocumentParams) -> None:
    server.check_again()


def _did_close(server: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    server.stop_waiting(uri)
    server.check_again(uri)
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


def _hover(server: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    document, positions = server.opened(params.text_document.uri)
    found = hover(document, positions.offset(params.position))
    if found is None:
        return None
    word, says = found
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, says), positions.range(word))


def _definition(server: Server, params: lsp.DefinitionParams) -> list[lsp.Location]:
    document, positions = server.opened(params.text_document.uri)
    _, meanings = meanings_at(document, positions.offset(params.position)) or (None, [])
    places = dict.fromkeys(meaning.name for meaning in meanings if isinstance(meaning, Defined))
    return [lsp.Location(params.text_document.uri, positions.range(place)) for place in places]


def _completion(server: Server, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
    text = server.text(params.text_document.uri)
    return completions(text, server.positions(text).offset(params.position), server.load_format())


def _outline(server: Server, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
    document, positions = server.opened(params.text_document.uri)
    return outline(document.checked.syntax, positions)


def _formatting(server: Server, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
    document, positions = server.opened(params.text_document.uri)
    try:
        formatted = format_source(document.text)
    except ProgramError:  # as `hepsel fmt` leaves it
        return None
    whole = positions.range(document.checked.source.span(0, len(document.text)))
    return [] if formatted == document.text else [lsp.TextEdit(whole, formatted)]


def _code_action(server: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Return what replaces wrong text: only where there is an error, for then nothing runs that it could change."""
    document, positions = server.opened(params.text_document.uri)
    first, last = positions.offset(params.range.start), positions.offset(params.range.end)
    actions = []
    for item in document.checked.errors:
        if item.replacement is None or item.span.start > last or item.span.end < first:
            continue
        old, place = document.text[item.span.start : item.span.end], positions.range(item.span)
        title = f"Replace `{old}` by `{item.replacement}`" if item.replacement else f"Leave out `{old}`"
        edit = lsp.WorkspaceEdit({params.text_document.uri: [lsp.TextEdit(place, item.replacement)]})
        told = _diagnostic(item, positions, params.text_document.uri)
        actions.append(lsp.CodeAction(printable_lines(title), lsp.CodeActionKind.QuickFix, [told], edit=edit))
    return actions


_FEATURES: tuple[tuple[str, Callable[..., Any], Any], ...] = (
    (lsp.INITIALIZE, _initialize, None),
    (lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, _did_change_configuration, None),
    (lsp.TEXT_DOCUMENT_DID_OPEN, _did_open, None),
    (lsp.TEXT_DOCUMENT_DID_CHANGE, _did_change, None),
    (lsp.TEXT_DOCUMENT_DID_SAVE, _did_save, None),
    (lsp.TEXT_DOCUMENT_DID_CLOSE, _did_close, None),
    (lsp.TEXT_DOCUMENT_HOVER, _hover, None),
    (lsp.TEXT_DOCUMENT_DEFINITION, _definition, None),
    (lsp.TEXT_DOCUMENT_COMPLETION, _completion, lsp.CompletionOptions(trigger_characters=["."])),
    (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _outline, None),
    (lsp.TEXT_DOCUMENT_FORMATTING, _formatting, None),
    (
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        _code_action,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
    ),
)
