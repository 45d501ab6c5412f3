"""Loads many generated scripts: what they copy from the runtime is compiled once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import CodeType, ModuleType

_FUNCTIONS = "\n# ---- Functions that the selection uses\n"
_FILES = "\n# ---- Files\n"
_FUTURE = "from __future__ import annotations\n"


def load_quickly(code: str, load: Callable[[str], ModuleType]) -> ModuleType:
    """Return what `load` returns, in a third of the time.

    Parameters
    ----------
    code
        A script.
    load
        The function of the backend that loads its scripts.
    """
    own, _, rest = code.partition(_FUNCTIONS)
    functions, found, files = rest.partition(_FILES)
    assert found
    module = load(own)
    for function in functions.strip().split("\n\n\n"):
        exec(_compiled(function), module.__dict__)
    exec(compile(_FUTURE + files, "<end of a script>", "exec"), module.__dict__)
    return module


@cache
def _compiled(function: str) -> CodeType:
    return compile(_FUTURE + function, "<function of a script>", "exec")
