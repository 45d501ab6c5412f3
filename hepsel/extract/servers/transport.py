"""HTTP with an end: an answer may have so many bytes and take so many seconds, and no more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from hepsel.extract.servers.model import ServerError, Transient

MOST_BYTES = 8 << 20
"""Most bytes of a response."""

_CONNECT_SECONDS = 10.0


def timeouts(seconds: float) -> httpx.Timeout:
    """Return the limits of the single steps of a request."""
    return httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))


class Limited(httpx.HTTPTransport):
    """A transport whose responses end: by themselves, or with an error."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self.retry_after = 0.0
        """Seconds after which the server wants to be asked again, of its last response."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and watch over what comes back."""
        response = super().handle_request(request)
        self.retry_after = _wait(response.headers.get("Retry-After", ""))
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Watched(response.stream, time.monotonic() + self._seconds)
        return response


def _wait(wait: str) -> float:
    """Return a `Retry-After`, which may be a number or a date, in seconds; 0 where it is neither."""
    try:
        if wait.isascii() and wait.isdigit():
            return float(wait)
        return max(0.0, (parsedate_to_datetime(wait) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


class _Watched(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise ServerError(f"the answer of the server is longer than {MOST_BYTES >> 20} MB")
            if time.monotonic() > self._end:
                raise Transient("the answer of the server takes longer than `timeout` allows")
            yield chunk

    def close(self) -> None:
        self._stream.close()
