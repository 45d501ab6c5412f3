"""A real client of the language server, which it starts as a process, as an editor does."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

CURSOR = "@"
"""Where the cursor is in a text: no program has this sign."""

_SECONDS = 60


class Editor:
    """An editor with any number of texts; every method waits for its answer.

    Parameters
    ----------
    options
        Of `hepsel lsp`.
    settings
        What is sent as `initializationOptions`.
    encodings
        The position encodings that the editor knows, the first preferred; `None`: it does not say.
    root
        The folder that is open.
    """

    def __init__(
        self,
        *options: str,
        settings: Any = None,
        encodings: Sequence[lsp.PositionEncodingKind] | None = None,
        root: Path | None = None,
    ) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._told: dict[str, lsp.PublishDiagnosticsParams] = {}
        self._news = asyncio.Condition()
        self._texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self.errors: list[str] = []
        self.published: Counter[str] = Counter()
        self.client = LanguageClient("tests", "1")
        self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(Editor._publish, self))
        self.client.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda params: self.errors.append(params.message))
        self._wait(self.client.start_io(sys.executable, "-m", "hepsel", "lsp", *options))
        capabilities = lsp.ClientCapabilities(general=lsp.GeneralClientCapabilities(position_encodings=encodings))
        self.answer = self._wait(
            self.client.initialize_async(
                lsp.InitializeParams(
                    capabilities, initialization_options=settings, root_uri=None if root is None else root.as_uri()
                )
            )
        )
        self.client.initialized(lsp.InitializedParams())

    def open(self, text: str, uri: str = "file:///program.hepsel") -> str:
        """Open a text, or change it if it is open."""
        if uri in self._texts:
            self._versions[uri] += 1
            changed = lsp.VersionedTextDocumentIdentifier(version=self._versions[uri], uri=uri)
            whole = [lsp.TextDocumentContentChangeWholeDocument(text)]
            self._do(self.client.text_document_did_change, lsp.DidChangeTextDocumentParams(changed, whole))
        else:
            self._versions[uri] = 1
            item = lsp.TextDocumentItem(uri, "hepsel", 1, text)
            self._do(self.client.text_document_did_open, lsp.DidOpenTextDocumentParams(item))
        self._texts[uri] = text
        return uri

    def shut(self, uri: str) -> None:
        """Close a text."""
        del self._texts[uri], self._told[uri]
        identifier = lsp.TextDocumentIdentifier(uri)
        self._do(self.client.text_document_did_close, lsp.DidCloseTextDocumentParams(identifier))

    def open_at(self, text: str) -> lsp.TextDocumentPositionParams:
        """Open a text but for the sign in it, and return where that is."""
        before, _, behind = text.partition(CURSOR)
        uri = self.open(before + behind)
        line = before.rpartition("\n")[2]
        position = lsp.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)
        return lsp.TextDocumentPositionParams(lsp.TextDocumentIdentifier(uri), position)

    def diagnostics(self, uri: str = "file:///program.hepsel") -> Sequence[lsp.Diagnostic]:
        """Return what is told of a text as it is now."""

        async def told() -> Sequence[lsp.Diagnostic]:
            async with self._news:
                await self._news.wait_for(lambda: uri in self._told and self._told[uri].version == self._versions[uri])
            return self._told[uri].diagnostics

        return self._wait(told())

    def forget(self) -> None:
        """Wait for what is told from now on."""
        self._told.clear()
        self.published.clear()

    def ask(self, question: Callable[[Any], Coroutine[Any, Any, Any]], params: Any) -> Any:
        """Return the answer to a request."""
        return self._wait(question(params))

    def tell(self, notification: Callable[[Any], None], params: Any) -> None:
        """Send a notification."""
        self._do(notification, params)

    def close(self) -> None:
        """End the server as editors do, which it takes well."""
        self._wait(self.client.shutdown_async(None))
        self._do(self.client.exit, None)
        assert self._wait(self._ended()) == 0
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _ended(self) -> int | None:
        await asyncio.gather(*self.client._async_tasks, return_exceptions=True)
        return None if self.client._server is None else self.client._server.returncode

    async def _publish(self, params: lsp.PublishDiagnosticsParams) -> None:
        async with self._news:
            self._told[params.uri] = params
            self.published[params.uri] += 1
            self._news.notify_all()

    def _do(self, notification: Callable[[Any], None], params: Any) -> None:
        async def done() -> None:
            notification(params)

        self._wait(done())

    def _wait(self, answer: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(answer, self._loop).result(_SECONDS)
