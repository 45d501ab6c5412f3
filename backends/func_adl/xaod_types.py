"""What the typed classes of func_adl know: it takes any method, and a wrong one fails on the server only."""

from __future__ import annotations

import importlib
import inspect
import re
from importlib.util import find_spec

from hepsel.errors import HepselError
from hepsel.plan.nodes import Plan


def package_of(release: str) -> str:
    """Return the package of the typed classes of a release."""
    return f"func_adl_servicex_{release}"


def item_class(release: str, call: str) -> type | None:
    """Return the class of what a call on an event returns, or of its items.

    Parameters
    ----------
    release
        A dialect, such as `xaodr25`.
    call
        Such as `Electrons()`.

    Returns
    -------
    type or None
        `None` if events have no such method.
    """
    events = importlib.import_module(f"{package_of(release)}.event_collection")
    method = getattr(events.Event, call.partition("(")[0], None)
    if method is None:
        return None
    (path,) = re.findall(r"([\w.]+)\]?$", str(inspect.signature(method).return_annotation))
    module, _, name = path.rpartition(".")
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, type)
    return found


def check_methods(plan: Plan, release: str) -> None:
    """Compare what a plan reads with the typed classes, where they are installed.

    Raises
    ------
    HepselError
        If a collection or an attribute is read in a way that the event data model does not have.
    """
    if find_spec(package_of(release)) is None:
        return
    for read in plan.reads.values():
        call, how = plan.header.xaod[read.collection], read.spec.xaod
        if how is None:  # the files do not have it
            continue
        found = item_class(release, call)
        method = how.removesuffix("()") if how.endswith("()") else "auxdataConst"
        if found is None or not hasattr(found, method):
            owner = "events" if found is None else found.__name__
            raise HepselError(
                f"the format {plan.header.format} reads {read.collection}.{read.spec.name} with `{call}` and `{how}`,"
                f" which {owner} of {package_of(release)} do not have"
            )
