"""What is done with quantities before they are compared: sums, differences, the largest of several, which of a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.syntax import tree
from hepsel.vocabulary.functions import COMPONENTS_USED

_REDUCERS = {
    "sum": "scalar sum", "product": "product", "mean": "mean",
    "min": "smallest", "max": "largest", "smallest": "smallest",
}  # fmt: skip
_OPERATORS = {"+": "scalar sum", "-": "difference", "*": "product", "/": "ratio", "^": "function"}
_FUNCTIONS = frozenset(
    "sqrt exp log log10 sin cos tan asin acos atan atan2 sinh cosh tanh floor ceil sign".split()  # noqa: SIM905
)
_DIFFERENCES = frozenset(["dphi", "dphi_signed", "deta", "dr", "dr_rapidity"])
_DIFFERENCE = frozenset(["difference"])
EXTREMES = frozenset(["largest", "smallest"])
REPEATED = "repetition"
"""That something is added to, taken from, or multiplied with itself, which no paper says."""


@dataclass(frozen=True, slots=True)
class Makeup:
    """What an expression makes of quantities.

    Attributes
    ----------
    made
        The operations, such as `scalar sum`, that a paper has to speak of.
    known
        Those that it may speak of: a missing momentum is known to be a vector sum.
    places
        Which ones of each list are used, from 1, by the list as the program writes it.
    """

    made: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    places: tuple[tuple[tree.Expr, frozenset[int]], ...] = ()

    def __or__(self, other: Makeup) -> Makeup:
        places = dict(self.places)
        for collection, some in other.places:
            places[collection] = places.get(collection, frozenset()) | some
        return Makeup(self.made | other.made, self.known | other.known, tuple(places.items()))

    @property
    def has(self) -> frozenset[str]:
        """All operations that a paper may speak of."""
        return self.made | self.known

    def every(self, sense: Sense | None) -> bool | None:
        """Return whether a bound of an extreme is one of all or of one of several, `None` if it is of neither."""
        if len(self.made) != 1 or not self.made <= EXTREMES or sense not in ("<", "<=", ">", ">="):
            return None
        return ("smallest" in self.made) == (sense[0] == ">")


@dataclass
class MakeupReader:
    """Finds out what expressions make of quantities, and of each value of the program once."""

    values: dict[str, tree.Expr]
    found: dict[tuple[str, bool], Makeup] = field(default_factory=dict)

    def read(self, node: tree.Node, *, item: bool = False, depth: int = 0) -> Makeup:
        """Return what an expression makes of quantities; `item` tells whether it stands for an object, not a number."""
        if depth > 40:
            return Makeup()
        match node:
            case tree.Name(name) | tree.Call(name, ()) if name in self.values:
                return self._value(name, item, depth)
            case tree.Name(name):
                return _of_name(name)
            case tree.Attribute(inner, name):
                own = self._value(name, item, depth) if name in self.values else _of_name(name)
                return own | self.read(inner, item=True, depth=depth + 1)
            case tree.Index(collection, index):
                return _placed(collection, _whole(index), one=True) | self.read(collection, item=True, depth=depth + 1)
            case tree.Slice(collection, start, stop):
                begins = start is None or _whole(start) == 0
                placed = _placed(collection, _whole(stop), one=False) if begins else Makeup()
                return placed | self.read(collection, item=True, depth=depth + 1)
            case tree.Generator(body, clauses, _):
                found = self.read(body, item=item, depth=depth + 1)
                for clause in clauses:
                    found |= self.read(clause.collection, item=True, depth=depth + 1)
                return found
            case tree.Call("count"):
                return Makeup(known=frozenset(["number"]))
            case tree.Call("default" | "largest" | "argmin" | "argmax" | "megajet" as function, (ranked, *_)):
                known = frozenset(["largest"]) if function == "largest" else frozenset[str]()
                return Makeup(known=known) | self.read(ranked, item=item, depth=depth + 1)
            case tree.Call(function, arguments):
                return self._call(function, arguments, item, depth)
            case tree.Binary():
                return self._binary(node, item, depth)
            case tree.Unary("-", operand) if not isinstance(operand, tree.Number):
                return Makeup(frozenset(["negative"])) | self.read(operand, item=item, depth=depth + 1)
            case _:
                found = Makeup()
                for child in tree.children(node):
                    found |= self.read(child, item=item, depth=depth + 1)
                return found

    def _value(self, name: str, item: bool, depth: int) -> Makeup:
        key = (name, item)
        if key not in self.found:
            self.found[key] = Makeup()  # for a value that refers to itself
            self.found[key] = self.read(self.values[name], item=item, depth=depth + 1)
        return self.found[key]

    def _call(self, function: str, arguments: tuple[tree.Expr, ...], item: bool, depth: int) -> Makeup:
        of_items = function in COMPONENTS_USED
        found = Makeup(known=frozenset(["difference"]) if function in _DIFFERENCES else frozenset())
        for argument in arguments:
            found |= self.read(argument, item=item or of_items, depth=depth + 1)
        if function in _REDUCERS:
            done = _REDUCERS[function]
            if item and done == "scalar sum":
                return found | Makeup(known=frozenset(["vector sum"]))
            return found | Makeup(frozenset([done]))
        if function in _FUNCTIONS:
            return found | Makeup(frozenset(["function"]))
        return found

    def _binary(self, node: tree.Binary, item: bool, depth: int) -> Makeup:
        operator, left, right = node.operator, node.left, node.right
        first, second = (self.read(side, item=item, depth=depth + 1) for side in (left, right))
        both = first | second
        if left == right and not isinstance(left, tree.Number):
            return both | Makeup(frozenset([REPEATED]))
        if item:
            # That of two objects is meant where it is said, and a sum goes without saying.
            return both | (Makeup(known=frozenset(["vector sum"])) if operator == "+" else Makeup(_DIFFERENCE))
        if operator == "+" and both.has == {"number"}:
            return both  # electrons and muons that are counted together
        if is_mean(node):
            return Makeup(both.made - {"scalar sum"} | {"mean"}, both.known, both.places)
        # Of `2 * pt` the number has to be in the quotation.
        if operator in "*/" and (isinstance(left, tree.Number) or isinstance(right, tree.Number)):
            return both
        return both | Makeup(frozenset([_OPERATORS.get(operator, "function")]))


def is_mean(node: tree.Expr) -> bool:
    """Whether a sum is divided by the number of its terms: `(a.pt + b.pt) / 2`."""
    if not isinstance(node, tree.Binary) or node.operator != "/":
        return False
    terms, number = 1, _whole(node.right)
    inner = node.left
    while isinstance(inner, tree.Binary) and inner.operator == "+" and number is not None and terms < number:
        terms, inner = terms + 1, inner.left
    return terms > 1 and terms == number and not (isinstance(inner, tree.Binary) and inner.operator == "+")


def _of_name(name: str) -> Makeup:
    terms = vocabulary().operations
    return Makeup(known=frozenset(kind for kind, term in terms.items() if term.names.fullmatch(name)))


def _whole(node: tree.Expr | None) -> int | None:
    return int(node.text) if isinstance(node, tree.Number) and node.unit is None and node.text.isdigit() else None


def _placed(collection: tree.Expr, number: int | None, *, one: bool) -> Makeup:
    if number is None or number > 20:
        return Makeup()
    places = frozenset([number + 1]) if one else frozenset(range(1, number + 1))
    return Makeup(places=((collection, places),))
