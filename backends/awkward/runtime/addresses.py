"""Addresses of files on servers, such as `https://server/file.root`."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^\s?]*)(\?\S*)?")
SERVER = re.compile(r"[\w.-]+(:\d+)?", re.ASCII)


def shown(text: str) -> str:
    """Return a text whose addresses are without what may be secret.

    That is user, password and the values of a query.

    Examples
    --------
    >>> shown("no https://me:word@server/a.root?id=3&token=x there")
    'no https://server/a.root?id=...&token=... there'
    """
    return ADDRESS.sub(_without_secrets, text)


def _without_secrets(found: re.Match[str]) -> str:
    scheme, rest, query = found.groups()
    authority, slash, path = rest.partition("#")[0].partition("/")
    server = authority.rpartition("@")[2]
    if not SERVER.fullmatch(server):  # the rest of a password, perhaps
        return f"{scheme}..."
    hidden = re.sub(r"(=|[?&;](?=[^=&;]*(?:[&;]|$)))[^&;]*", r"\1...", query or "")
    return f"{scheme}{server}{slash}{path}{hidden}"
