"""The types that every expression has before anything runs."""

from __future__ import annotations

from fractions import Fraction

from hepsel.quick_dataclass import HashedOnce, dataclass


def power_of(name: str, power: Fraction) -> str:
    """Return the power of a quantity or unit as programs write it: `mm`, `mm^2`, `GeV^(1/2)`."""
    if power == 1:
        return name
    return f"{name}^{power}" if power.denominator == 1 else f"{name}^({power})"


@dataclass(frozen=True, slots=True)
class Dimension(HashedOnce):
    """A product of powers of energy, length, time and luminosity (angles and pure numbers have all powers zero)."""

    energy: Fraction = Fraction(0)
    length: Fraction = Fraction(0)
    time: Fraction = Fraction(0)
    luminosity: Fraction = Fraction(0)

    def __mul__(self, other: Dimension) -> Dimension:
        return Dimension(
            self.energy + other.energy,
            self.length + other.length,
            self.time + other.time,
            self.luminosity + other.luminosity,
        )

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other**-1

    def __pow__(self, power: Fraction | int) -> Dimension:
        return Dimension(self.energy * power, self.length * power, self.time * power, self.luminosity * power)

    def __str__(self) -> str:
        names = ("energy", "length", "time", "luminosity")
        return " * ".join(power_of(name, power) for name in names if (power := getattr(self, name))) or "pure number"


PURE = Dimension()
ENERGY = Dimension(energy=Fraction(1))
LENGTH = Dimension(length=Fraction(1))
TIME = Dimension(time=Fraction(1))
LUMINOSITY = Dimension(luminosity=Fraction(1))


@dataclass(frozen=True, slots=True)
class Type:
    """Any type."""


@dataclass(frozen=True, slots=True)
class BoolType(Type):
    """True, false, or missing."""

    def __str__(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class IntType(Type):
    """A 64-bit integer, or missing."""

    def __str__(self) -> str:
        return "integer"


@dataclass(frozen=True, slots=True)
class RealType(Type):
    """An IEEE double in base units (MeV, mm, ns, fb^-1, rad); NaN is missing."""

    dimension: Dimension = PURE

    def __str__(self) -> str:
        return "number" if self.dimension == PURE else str(self.dimension)


@dataclass(frozen=True, slots=True)
class EnumType(Type):
    """A value of one of the format's enumerations."""

    name: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.values)})"


@dataclass(frozen=True, slots=True)
class VectorType(Type):
    """A four-vector (px, py, pz, energy) with a charge."""

    def __str__(self) -> str:
        return "four-vector"


@dataclass(frozen=True, slots=True)
class ItemType(Type):
    """An item as seen in one collection: a collection or single item of the format, or a block of the program."""

    collection: str

    def __str__(self) -> str:
        return f"item of {self.collection}"


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """A list per event; a collection is a list of items."""

    element: Type

    def __str__(self) -> str:
        if isinstance(self.element, ItemType):
            return f"collection of items of {self.element.collection}"
        return f"list ({self.element})"


@dataclass(frozen=True, slots=True)
class UnknownType(Type):
    """The type of what was already reported as wrong; it fits everywhere, so that one error is told once."""

    def __str__(self) -> str:
        return "unknown"


BOOL = BoolType()
INT = IntType()
REAL = RealType()
VECTOR = VectorType()
UNKNOWN = UnknownType()
