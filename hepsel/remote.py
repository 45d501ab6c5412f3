"""Files on servers: `https://`, `http://` and `root://` addresses, read by way of fsspec as uproot does."""

from __future__ import annotations

import contextlib
import os
import re
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

from hepsel.errors import DataError

PACKAGES = {"https": "aiohttp", "http": "aiohttp", "root": "fsspec-xrootd"}
"""What it takes to read the files of each kind of server."""

PATIENCE = 60  # seconds: a server that is silent for longer is given up

_NO_PARTS = (
    "the server does not send parts of files (no range requests), and would send the whole file for each of them: "
    "copy it first"
)


class Unreachable(OSError):
    """A file that its server does not give; the text says why."""


class Address(os.PathLike[str]):
    """The address of a file on a server.

    As text it is without what may be secret. Libraries, to which it is a path, get all of it.

    Parameters
    ----------
    url
        Such as `https://server/file.root` or `root://server//file.root`.

    Raises
    ------
    DataError
        When it is none, or has another scheme than those that are read.
    """

    __slots__ = ("scheme", "url")

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        self.scheme = scheme.lower()
        self.url = f"{self.scheme}://{rest}"
        if (problem := self._problem()) is not None:
            raise DataError(f"{self}: {problem}")

    def _problem(self) -> str | None:
        from hepsel.backends.awkward.runtime.addresses import SERVER

        if self.scheme not in PACKAGES:
            known = ", ".join(f"{scheme}://" for scheme in PACKAGES)
            return f"only {known} are read from servers; copy the file here first, or use --servicex"
        before, mark, query = self.url.partition("://")[2].partition("?")
        server, _, path = before.partition("/")
        if re.search(r"[\s\x00-\x1f]", self.url) or "::" in self.url:
            return "not an address: there is a space (%20 stands for one) or '::' in it"
        if "*" in before or (self.scheme == "root" and mark and "=" not in query):
            return "patterns are of files here only; name each file of a server, perhaps in an @LIST"
        if not SERVER.fullmatch(server.rpartition("@")[2]) or not path.strip("/"):
            return "not an address: it names no file on a server"
        return None

    def __str__(self) -> str:
        from hepsel.backends.awkward.runtime.addresses import shown

        return shown(re.sub(r"\s", "%20", self.url))  # all of it is address

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self.url == other.url

    def __hash__(self) -> int:
        return hash(self.url)

    @property
    def identity(self) -> str:
        """What tells the file from others of the server: the address without user and password."""
        server, slash, rest = self.url.partition("://")[2].partition("/")
        return f"{self.scheme}://{server.rpartition('@')[2]}{slash}{rest}"

    def __fspath__(self) -> str:
        """Return the name under which fsspec, and with it uproot and awkward, opens the file."""
        try:
            if self.scheme == "root":
                _prepare_xrootd()
                return self.url
            _register_http()
        except ImportError as error:
            packages = PACKAGES[self.scheme]
            raise Unreachable(f"{self.scheme} needs another package: pip install {packages}") from error
        return f"{_OURS}{self.url}"

    def open(self, mode: str = "rb") -> Any:
        """Open the file to read its bytes; its `details` are what the server says of it."""
        import fsspec

        system, path = fsspec.url_to_fs(os.fspath(self))
        return system.open(path, mode, block_size=2**16)

    def trouble(self, error: Exception) -> str:
        """Return what an error of a library means for the file, without what may be secret."""
        from hepsel.backends.awkward.runtime.addresses import shown
        from hepsel.backends.awkward.runtime.reading import CUT_OFF, in_one_line

        text = in_one_line(error)
        before, _, query = self.url.partition("?")
        user = before.partition("://")[2].partition("/")[0].rpartition("@")[0]
        for secret in (f"{_OURS}{self.url}", self.url, query, user and f"{user}@"):
            text = text.replace(secret, "...") if secret else text
        is_damaged = not isinstance(error, OSError) or text == CUT_OFF
        return f"cannot read the file{', it seems to be damaged' if is_damaged else ''}: {shown(text)}"


def damaged(path: Path | Address, error: Exception) -> DataError:
    """Return the error that says that a file, here or on a server, cannot be read, and why."""
    from hepsel.backends.awkward.runtime.reading import in_one_line

    if isinstance(path, Address):
        return DataError(f"{path}: {path.trouble(error)}")
    return DataError(f"{path}: cannot read the file, it seems to be damaged: {in_one_line(error)}")


# ------------------------------------------------------------------ servers


@cache
def _prepare_xrootd() -> None:
    """Let XRootD give up in time: by itself it would take half an hour. Its variables of the environment prevail."""
    from fsspec_xrootd import xrootd
    from XRootD import client

    handles = getattr(xrootd, "ReadonlyFileHandleCache", None)
    close = getattr(handles, "_close_all", None)
    if (
        handles is not None and close is not None
    ):  # at the end of the process it would show a traceback when the server has gone

        def close_quietly(*arguments: Any) -> None:
            with contextlib.suppress(OSError):
                close(*arguments)

        handles._close_all = staticmethod(close_quietly)
    client.EnvPutInt("ConnectionRetry", 1)
    for name in ("ConnectionWindow", "RequestTimeout", "StreamTimeout"):
        client.EnvPutInt(name, PATIENCE)


_OURS = "hepsel+"


@cache
def _register_http() -> None:
    """Tell fsspec how the files of `hepsel+https://` are read.

    Its own way with `https://` gives errors back in the place of bytes, and from a server that knows no ranges it takes
    the whole file for the part that was asked for.
    """
    import aiohttp
    import fsspec
    from fsspec.implementations.http import HTTPFileSystem
    from fsspec.spec import AbstractBufferedFile

    class Http(HTTPFileSystem):  # type: ignore[misc]
        protocol = (f"{_OURS}http", f"{_OURS}https")

        def __init__(self, **options: Any) -> None:
            client = {
                "timeout": aiohttp.ClientTimeout(total=None, sock_connect=PATIENCE, sock_read=PATIENCE),
                "headers": {"Accept-Encoding": "identity"},  # ranges are of the file itself
            }
            super().__init__(client_kwargs=client, **options)

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return path.removeprefix(_OURS)

        async def _part(self, url: str, start: int, stop: int) -> tuple[Any, bytes]:
            asked = {"Range": f"bytes={start}-{stop - 1}"}
            try:
                session = await self.set_session()
                async with session.get(self.encode_url(url), headers=asked) as answer:
                    if answer.status == 416:  # the file ends before
                        return answer.headers, b""
                    if answer.status >= 400:
                        raise Unreachable(f"the server answers {answer.status} {answer.reason or ''}".rstrip())
                    if answer.status != 206:
                        is_page = answer.content_type == "text/html"
                        raise Unreachable("the server sends a web page in its place" if is_page else _NO_PARTS)
                    return answer.headers, await answer.read()
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                raise Unreachable(_what_broke(error)) from error

        async def _info(self, url: str, **_: Any) -> dict[str, Any]:
            headers, _data = await self._part(url, 0, 1)
            size = headers.get("Content-Range", "").rpartition("/")[2]
            if not size.isdigit():
                raise Unreachable("the server does not say how long the file is")
            marks = {"etag": headers.get("ETag"), "mtime": _seconds(headers.get("Last-Modified"))}
            return {"name": url, "type": "file", "size": int(size), **marks}

        async def _exists(self, path: str, **_: Any) -> bool:
            await self._info(path)  # says why, if not
            return True

        async def _cat_file(self, url: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
            first = start or 0
            stop = end if end is not None else (await self._info(url))["size"]
            return (await self._part(url, first, stop))[1] if stop > first else b""

        async def _cat_ranges(self, paths: list[str], starts: Any, ends: Any, **options: Any) -> list[bytes]:
            options["on_error"] = "raise"
            parts: list[bytes] = await super()._cat_ranges(paths, starts, ends, **options)
            return parts

        def _open(self, path: str, mode: str = "rb", block_size: int | None = None, **_: Any) -> AbstractBufferedFile:
            return AbstractBufferedFile(self, path, mode, block_size or "default")

    def _seconds(date: str | None) -> float | None:
        try:
            return parsedate_to_datetime(date).timestamp() if date else None
        except ValueError:
            return None

    def _what_broke(error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"the server was silent for {PATIENCE} s"
        if isinstance(error, aiohttp.ClientConnectorCertificateError):
            told = getattr(error.certificate_error, "verify_message", "unknown")
            return (
                f"its certificate is not trusted ({told.rstrip('.')}); SSL_CERT_FILE may name a file of those that are"
            )
        if isinstance(error, aiohttp.ClientSSLError):
            return f"no secure connection to the server ({getattr(error.os_error, 'reason', 'unknown')})"
        if isinstance(error, aiohttp.ClientConnectorError):
            number = error.os_error.errno or 0
            told = os.strerror(number) if number > 0 else error.os_error.strerror
            return f"no connection to the server: {told or type(error).__name__}"
        if isinstance(error, aiohttp.TooManyRedirects):
            return "the server sends from one address to the next without end"
        if isinstance(error, ValueError | aiohttp.NonHttpUrlClientError):
            return "its address, or one that the server sends to, is wrong"
        return f"the connection broke ({type(error).__name__})"

    for name in Http.protocol:
        fsspec.register_implementation(name, Http, clobber=True)
