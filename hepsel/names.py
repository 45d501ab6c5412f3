"""Names that can be shown and written wherever names are: on terminals, in JSON, in tables."""

from __future__ import annotations

import os
import unicodedata

from hepsel.errors import DataError

_ODD = ("Cc", "Cs")  # control characters; surrogates, which Python has in the place of bytes that are not UTF-8


def check_name(name: str) -> None:
    """Refuse a name of a file, or another argument, that is not plain text.

    Raises
    ------
    DataError
        When it is not UTF-8, or has control characters.
    """
    if any(unicodedata.category(char) in _ODD for char in name):
        text = os.fsencode(name).decode("utf-8", "backslashreplace")
        shown = "".join(ascii(char)[1:-1] if unicodedata.category(char) in _ODD else char for char in text)
        raise DataError(f"{shown}: a name has to be UTF-8 without control characters: rename the file, or link to it")
