"""Frozen dataclasses that are quick to make."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

__all__ = ["HashedOnce", "dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: Literal[True], slots: Literal[True], kw_only: bool = False) -> Callable[[type], type]:
        """Make of a class what the decorator of the standard library makes of it, in a third of the time.

        That one writes and compiles six functions for each class. For the 130 classes of the syntax tree and of typed
        programs, this took a third of the time of `hepsel check`; here, only `__init__` is compiled. Classes that need
        `__post_init__`, factories of defaults, fields that are no parameters or one of these functions of their own are
        refused.
        """
        if not (frozen and slots):
            raise TypeError("for other dataclasses there is `dataclasses.dataclass`")
        make = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
        return lambda cls: _finished(make(cls))


class HashedOnce:
    """What dataclasses inherit from that keep their hash: parts of large expressions are asked for it often."""

    __slots__ = ("_kept_hash",)


def _finished(cls: Any) -> Any:
    """Give a dataclass the functions that it does not have yet."""
    if own := {"__init__", *_FUNCTIONS} & vars(cls).keys():
        raise TypeError(f"{min(own)}: for classes with their own there is `dataclasses.dataclass`")
    cls.__init__ = _init(cls)
    for name, function in _FUNCTIONS.items():
        setattr(cls, name, function)
    if issubclass(cls, HashedOnce):
        cls.__hash__ = _hash_once
    cls._compared = _getter([one.name for one in fields(cls) if one.compare])
    return cls


def _init(cls: Any) -> Callable[..., None]:
    """Return `__init__`, which sets slots past the `__setattr__` that refuses."""
    names: dict[str, Any] = {}
    parameters: dict[bool, list[str]] = {False: ["self"], True: []}
    statements = ["pass"]
    if hasattr(cls, "__post_init__"):
        raise TypeError("for `__post_init__` there is `dataclasses.dataclass`")
    for one in fields(cls):
        if one.default_factory is not MISSING or not one.init:
            raise TypeError(f"{one.name}: for such fields there is `dataclasses.dataclass`")
        parameter = one.name
        if one.default is not MISSING:
            names[f"default_{one.name}"] = one.default
            parameter = f"{one.name}=default_{one.name}"
        parameters[bool(one.kw_only)].append(parameter)
        names[f"set_{one.name}"] = getattr(cls, one.name).__set__
        statements.append(f"set_{one.name}(self, {one.name})")
    keywords = ["*", *parameters[True]] if parameters[True] else []
    # The names are those of fields, which Python has read as names.
    exec(f"def __init__({', '.join([*parameters[False], *keywords])}): {'; '.join(statements)}", names)
    names["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return names["__init__"]  # type: ignore[no-any-return]


def _getter(names: list[str]) -> Callable[[Any], object]:
    """Return what gives the values of some fields, to be compared; of one field, too, in a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return staticmethod(lambda self: tuple(getattr(self, name) for name in names))


def _refuse_to_assign(_: object, name: str, __: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _equal(self: Any, other: Any) -> Any:
    return self._compared(self) == self._compared(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(self._compared(self))


def _hash_once(self: Any) -> int:
    try:
        return self._kept_hash  # type: ignore[no-any-return]
    except AttributeError:
        object.__setattr__(self, "_kept_hash", found := _hash(self))
        return found


def _repr(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in fields(self)]


def _set_state(self: Any, values: list[object]) -> None:
    for one, value in zip(fields(self), values, strict=True):
        object.__setattr__(self, one.name, value)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "__setattr__": _refuse_to_assign,
    "__delattr__": _refuse_to_delete,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _repr,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
