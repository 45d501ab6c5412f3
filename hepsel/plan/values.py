"""What an expression stands for while it is lowered: columns, and for which rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from hepsel.plan.nodes import Const, Kind, Operand, Ref


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, truth value or enumeration value for each row.

    `nullable` says whether it may be missing; where integers and truth values may, `valid` says which of them are not.
    A missing truth value is false in `value`.
    """

    kind: Kind
    value: Operand
    nullable: bool = False
    valid: Operand | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An item for each row: the row `row` of `axis`, seen as one of `collection`.

    `row` is `None` where the rows themselves are those of `axis`. `own_p4` says whether a `let p4` of the collection
    itself is in force. `linked` says that a link leads to the item: few of those in the collection are.
    """

    collection: str
    axis: str
    row: Ref | None
    nullable: bool = False
    own_p4: bool = True
    linked: bool = False


class Vector:
    """A four-vector for each row, by components that are computed when somebody asks for them.

    Parameters
    ----------
    component
        Gives `pt`, `eta`, ...: for an untouched item, its own.
    momentum
        Gives `px`, `py`, `pz`, `energy` and `charge` for arithmetic, where these may differ.
    """

    def __init__(
        self,
        component: Callable[[str], Scalar],
        momentum: Callable[[str], Scalar] | None = None,
    ) -> None:
        self.component = cache(component)
        self.momentum = self.component if momentum is None else cache(momentum)

    def map(self, function: Callable[[Scalar], Scalar]) -> Vector:
        """Return the vector with `function` applied to what its components are."""
        momentum = None
        if self.momentum is not self.component:
            momentum = lambda name: function(self.momentum(name))  # noqa: E731
        return Vector(lambda name: function(self.component(name)), momentum)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list for each row of an axis: the rows of a child axis, `element` being a value on it."""

    axis: str
    element: Value


Value = Scalar | Item | Vector | Rows


@dataclass(frozen=True)
class Context:
    """Where an expression stands: the axis whose rows it has values for, and what is bound there.

    `variables` are those of generators, by `uid`; key `THIS` is the item that a block's statement is about.
    """

    axis: str
    parent: Context | None = None
    variables: Mapping[int, Value] = field(default_factory=dict)


THIS = -1

TRUE = Const("bool", True)
FALSE = Const("bool", False)
NAN = Const("real", float("nan"))

MISSING_VALUES: dict[Kind, Const] = {
    "real": NAN,
    "int": Const("int", 0),
    "bool": FALSE,
    "enum": Const("enum", -1),
    "item": Const("item", -1),
}


def missing(kind: Kind) -> Scalar:
    """Return a value that is missing in every row."""
    valid = FALSE if kind in ("int", "bool") else None
    return Scalar(kind, MISSING_VALUES[kind], nullable=True, valid=valid)
