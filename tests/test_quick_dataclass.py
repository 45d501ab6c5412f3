"""Quick dataclasses do what those of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from hepsel import quick_dataclass
from hepsel.semantics import program, types
from hepsel.syntax import tree

TEXT = '''
@dataclass(frozen=True, slots=True)
class Base:
    """A base."""
    where: int = field(default=0, compare=False, repr=False, kw_only=True)

@dataclass(frozen=True, slots=True)
class Empty(Base):
    """Nothing of its own."""

@dataclass(frozen=True, slots=True)
class One(Base):
    """A value."""
    value: object

@dataclass(frozen=True, slots=True)
class Two(One):
    """A value and more."""
    more: tuple = ()

@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """By name only."""
    first: int
    second: str = "b"
    def __str__(self): return "named"
'''
NAN = float("nan")


@pytest.fixture(params=[dataclasses.dataclass, quick_dataclass.dataclass], ids=["standard", "quick"])
def made(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return the classes, as each decorator makes them; what is tested holds for both."""
    module = ModuleType("made_for_a_test")
    sys.modules[module.__name__] = module
    vars(module).update(dataclass=request.param, field=dataclasses.field)
    exec(TEXT, vars(module))
    yield module
    del sys.modules[module.__name__]


def test_values(made: Any) -> None:
    assert repr(made.Two(1, (2,), where=7)) == "Two(value=1, more=(2,))"
    assert repr(made.Empty()) == "Empty()"
    assert (made.Two(1).more, made.Two(1).where, made.Two(value=1, where=3).where) == ((), 0, 3)
    assert (str(made.Named(first=1)), repr(made.Named(first=1))) == ("named", "Named(first=1, second='b')")
    assert made.Two.__match_args__ == ("value", "more")
    assert [(one.name, one.kind.name, one.default) for one in inspect.signature(made.Two).parameters.values()] == [
        ("value", "POSITIONAL_OR_KEYWORD", inspect.Parameter.empty),
        ("more", "POSITIONAL_OR_KEYWORD", ()),
        ("where", "KEYWORD_ONLY", 0),
    ]
    assert not hasattr(made.Two(1), "__dict__")


def test_equality(made: Any) -> None:
    assert made.One(1) == made.One(1, where=5)
    assert hash(made.One(1)) == hash(made.One(1, where=5))
    assert made.One(1) != made.One(2)
    assert made.One(1) != made.Two(1)
    assert made.Empty() == made.Empty()
    assert made.Empty() != made.Base()
    assert made.One(1) != 1
    assert made.One(NAN) != made.One(float("nan"))
    assert len({made.Two(1), made.Two(1, ()), made.Two(1, (1,))}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(made.One([]))


def test_trees_with_the_same_constants_are_equal_on_every_python() -> None:
    """Since Python 3.13, dataclasses of the standard library with one NaN are not equal to themselves."""
    assert program.Constant(NAN, type=types.REAL) == program.Constant(NAN, type=types.REAL)


def test_what_cannot_be_done(made: Any) -> None:
    one = made.One(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'value'"):
        one.value = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'value'"):
        del one.value
    for arguments in ((), (1, 2), (1, 2, 3)):
        with pytest.raises(TypeError):
            made.One(*arguments)
    with pytest.raises(TypeError):
        made.Named(1)
    assert one.value == 1


def test_copies(made: Any) -> None:
    two = made.Two([1], (2,), where=3)
    for copied in (
        copy.copy(two),
        copy.deepcopy(two),
        pickle.loads(pickle.dumps(two)),
        dataclasses.replace(two, value=[1]),
    ):
        assert (copied, copied.where) == (two, 3)
    assert dataclasses.replace(two, where=4).where == 4
    assert dataclasses.asdict(two) == {"where": 3, "value": [1], "more": (2,)}


@pytest.mark.parametrize("options", [{"frozen": False, "slots": True}, {"frozen": True, "slots": False}])
def test_other_dataclasses_are_refused(options: dict[str, bool]) -> None:
    decorator: Callable[..., Any] = quick_dataclass.dataclass
    with pytest.raises(TypeError, match=r"there is `dataclasses\.dataclass`"):
        decorator(**options)


@pytest.mark.parametrize(
    "members",
    [
        {"__annotations__": {"a": "list"}, "a": dataclasses.field(default_factory=list)},
        {"__annotations__": {"a": "int"}, "a": dataclasses.field(default=1, init=False)},
        {"__annotations__": {"a": "int"}, "__post_init__": lambda _: None},
        {"__annotations__": {"a": "int"}, "__repr__": lambda _: "own"},
        {"__annotations__": {"a": "int"}, "__eq__": lambda _, __: True},
    ],
)
def test_what_is_left_out_is_refused(members: dict[str, Any]) -> None:
    make: Callable[..., Any] = quick_dataclass.dataclass(frozen=True, slots=True)
    with pytest.raises(TypeError, match=r"there is `dataclasses\.dataclass`"):
        make(type("Made", (), members))


def test_trees_and_programs_are_made_quickly() -> None:
    kinds = [
        kind
        for module in (tree, program, types)
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and dataclasses.is_dataclass(kind)
    ]
    assert len(kinds) > 120
    for kind in kinds:
        own = ("__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__")
        assert {vars(kind)[name].__module__ for name in own} == {quick_dataclass.__name__}
