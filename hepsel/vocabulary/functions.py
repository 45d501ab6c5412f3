"""The functions of the language that take numbers or four-vectors, and what each of them accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Signature:
    """How many arguments a function takes, of which kind, and what comes out.

    `arguments` is "pure" (pure numbers), "same" (any one dimension, which is the result's), "root" (one number, the
    result has half its dimension), "ratio" (two numbers of one dimension, the result is pure) or "vectors" (items or
    four-vectors, behind which up to `masses` masses may stand).
    """

    count: int
    arguments: Literal["pure", "same", "root", "ratio", "vectors"]
    result: Literal["pure", "same", "root", "energy"] = "pure"
    meaning: str = ""
    masses: int = 0


FUNCTIONS: dict[str, Signature] = {
    "abs": Signature(1, "same", "same", "absolute value"),
    "sqrt": Signature(1, "root", "root", "square root; missing below 0"),
    "exp": Signature(1, "pure", meaning="e to the power"),
    "log": Signature(1, "pure", meaning="natural logarithm"),
    "log10": Signature(1, "pure", meaning="logarithm to base 10"),
    "sin": Signature(1, "pure", meaning="sine"),
    "cos": Signature(1, "pure", meaning="cosine"),
    "tan": Signature(1, "pure", meaning="tangent"),
    "asin": Signature(1, "pure", meaning="arc sine"),
    "acos": Signature(1, "pure", meaning="arc cosine"),
    "atan": Signature(1, "pure", meaning="arc tangent"),
    "atan2": Signature(2, "ratio", meaning="angle of the point (second, first), -pi to pi"),
    "sinh": Signature(1, "pure", meaning="hyperbolic sine"),
    "cosh": Signature(1, "pure", meaning="hyperbolic cosine"),
    "tanh": Signature(1, "pure", meaning="hyperbolic tangent"),
    "floor": Signature(1, "pure", meaning="largest whole number not above"),
    "ceil": Signature(1, "pure", meaning="smallest whole number not below"),
    "min": Signature(2, "same", "same", "the smallest of two or more numbers; missing when one is missing"),
    "max": Signature(2, "same", "same", "the largest of two or more numbers; missing when one is missing"),
    "dphi": Signature(2, "vectors", meaning="difference in azimuth, absolute, 0 to pi"),
    "dphi_signed": Signature(2, "vectors", meaning="difference in azimuth, -pi to pi"),
    "deta": Signature(2, "vectors", meaning="difference in pseudorapidity, absolute"),
    "dr": Signature(2, "vectors", meaning="distance in pseudorapidity and azimuth"),
    "dr_rapidity": Signature(2, "vectors", meaning="distance in rapidity and azimuth"),
    "mt": Signature(2, "vectors", "energy", "transverse mass sqrt(2 pT_a pT_b (1 - cos dphi))"),
    "mt2": Signature(
        3,
        "vectors",
        "energy",
        "stransverse mass of two visible vectors and the missing momentum; behind them may stand the mass of the "
        "particles that are not seen, or those of the two",
        masses=2,
    ),
    "perp": Signature(2, "vectors", "energy", "momentum of the first across the direction of the second"),
}

REDUCERS = {
    "count": "how many items there are; of nothing 0",
    "any": "whether a condition is true for one at least; of nothing false",
    "all": "whether a condition is true for each; of nothing true",
    "sum": "sum of numbers, or of items as four-vectors; of nothing 0",
    "product": "product of pure numbers; of nothing 1, missing when one is missing",
    "min": "the smallest number; missing of nothing",
    "max": "the largest number; missing of nothing",
    "mean": "mean of the numbers; missing of nothing",
    "largest": "the k-th largest number, k from 1; missing when there are fewer",
    "smallest": "the k-th smallest number, k from 1; missing when there are fewer",
    "argmin": "the item for which a number is smallest, or k-th smallest; missing when there are fewer",
    "argmax": "the item for which a number is largest, or k-th largest; missing when there are fewer",
    "imbalance": "smallest difference of the sums of two groups into which numbers can be divided",
    "megajet": "one of the two groups of items with the smallest sum of squared masses: 1 with the higher pT, or 2",
    "sphericity": "3/2 of the sum of the two smaller eigenvalues of the momentum tensor; missing of nothing",
    "aplanarity": "3/2 of the smallest eigenvalue of the momentum tensor; missing of nothing",
}
"""Functions over a list or generator, and what they give (`min` and `max` of several numbers are in `FUNCTIONS`)."""

OTHER_FUNCTIONS = {
    "exists": "whether a value or item is there",
    "default": "the first argument, or where it is missing the second",
    "four_vector": "four-vector of the numbers pt, eta, phi, mass or px, py, pz, energy, without charge",
}
"""Functions about missing values, and the one that makes a four-vector of numbers."""

DISTANCES = ("dphi", "dr", "dr_rapidity")
"""Functions by which one asks how near two items are."""

CONSTANTS = ("pi",)

_COMPONENTS = {
    "dphi": ("phi",),
    "dphi_signed": ("phi",),
    "deta": ("eta",),
    "dr": ("eta", "phi"),
    "dr_rapidity": ("rapidity", "phi"),
    "mt": ("pt", "phi"),
    "perp": ("px", "py", "pz"),
}

COMPONENTS_USED: dict[str, tuple[tuple[str, ...], ...]] = {
    **{name: (used,) * FUNCTIONS[name].count for name, used in _COMPONENTS.items()},
    "mt2": (("pt", "phi", "mass"), ("pt", "phi", "mass"), ("pt", "phi")),
}
"""Components that a function of four-vectors looks at, of each of its arguments."""
