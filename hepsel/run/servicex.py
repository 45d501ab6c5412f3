"""Running a program on a ServiceX server: with the script that `hepsel compile` writes for it, run in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

from hepsel.errors import DataError, HepselError
from hepsel.run.execute import Outcome
from hepsel.run.result import Part, Tables, standard, standard_tables
from hepsel.run.state import State

PACKAGES = ("func_adl", "servicex")
"""What it needs besides what hepsel always has."""


@dataclass(frozen=True, slots=True)
class Server:
    """Which server is asked, and how.

    Attributes
    ----------
    endpoint
        Its name in `servicex.yaml`; `None` for the one that this file prefers.
    config
        Path of that file, if not the usual one.
    ignore_cache
        Whether to ask even if the answer is here from an earlier run.
    """

    endpoint: str | None = None
    config: str | None = None
    ignore_cache: bool = False


def check_client(*more: str) -> None:
    """Complain when the client, or one of `more` packages, is not installed.

    Raises
    ------
    HepselError
        When a package is missing.
    """
    missing = [package for package in (*PACKAGES, *more) if find_spec(package) is None]
    if missing:
        raise HepselError(f"ServiceX needs the package {missing[0]}: pip install 'hepsel[func-adl]'")


def execute_script(
    code: str, data_sets: Sequence[str], server: Server, options: Mapping[str, Any], state: State | None
) -> Outcome:
    """Let a server process data sets, and finish here.

    Parameters
    ----------
    code
        A script of the func_adl backend.
    data_sets
        As scripts take them.
    server
        Which server.
    options
        Of the script's `select_from`.
    state
        Where what is known of each event is kept; without it, the outcome has nothing of that.

    Raises
    ------
    DataError
        When something failed on the way, in whole or in part.
    HepselError
        When the client is not installed.
    """
    check_client()
    from hepsel.backends.func_adl import load

    module = load(code)
    pieces: list[Callable[[], Tables]] = []

    def keep(tables: Tables) -> None:
        if state is not None:
            state.store(len(pieces), standard_tables(tables))
            pieces.append(partial(state.tables, len(pieces)))

    try:
        delivered = module.fetch(
            module.queries(),
            data_sets,
            endpoint=server.endpoint,
            config=server.config,
            ignore_cache=server.ignore_cache,
        )
        sums = module.select_from(**delivered, **options, into=keep)
    except (module.DeliveryError, module.FileError) as error:
        raise DataError(str(error)) from error
    return Outcome(Part(standard(sums), tuple(pieces)), files=(), skipped=())
