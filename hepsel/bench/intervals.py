"""Shares with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution, for intervals of 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, and the interval in which it lies; no `value` where the whole is nothing.

    Attributes
    ----------
    count, of
        The part and the whole.
    value
        Their ratio, or what it was turned into.
    low, high
        The 95 % interval.
    """

    count: float
    of: float
    value: float | None
    low: float
    high: float

    def data(self) -> dict[str, float | None]:
        """Return it as plain data."""
        return {"count": self.count, "of": self.of, "value": self.value, "low": self.low, "high": self.high}

    def __str__(self) -> str:
        return "" if self.value is None else f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def wilson(count: float, of: float) -> tuple[float, float]:
    r"""Return the 95 % Wilson score interval of a binomial share.

    The interval has the ends :math:`(\hat p + z^2/2n \pm z \sqrt{\hat p (1 - \hat p)/n + z^2/4n^2}) / (1 + z^2/n)`:
    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209, `doi:10.1080/01621459.1927.10502953
    <https://doi.org/10.1080/01621459.1927.10502953>`_.

    Parameters
    ----------
    count, of
        Successes, and trials. Without trials nothing is known, and the interval is all of [0, 1].
    """
    if not of:
        return 0.0, 1.0
    share = count / of
    centre = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    # At the ends the formula gives exactly 0 and 1, but for rounding.
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == of else min(1.0, centre + half)
    return low, high


def share(count: float, of: float) -> Share:
    """Return a share with its Wilson interval."""
    return Share(count, of, count / of if of else None, *wilson(count, of))


def f1_share(truth: int, found: int, said: int, right: int) -> Share:
    r"""Return the F1 score of counts, with an interval.

    F1 is no share of independent trials, but it grows with one that is: the Jaccard index
    :math:`J = m / (t + s - m)` of the items that both say among those that either says, :math:`F_1 = 2J / (1 + J)`.
    The ends are those of the Wilson interval of J, turned into F1.

    Parameters
    ----------
    truth, found
        Items of the truth, and those of them that are said.
    said, right
        Items that are said, and those of them that the truth has. One item may say what two of the truth say.
    """
    precision = right / said if said else float(truth == 0)
    recall = found / truth if truth else float(said == 0)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    either = (truth + said) / (1 + f1 / (2 - f1)) if truth + said else 0
    low, high = wilson(either * f1 / (2 - f1), either)
    return Share(found + right, truth + said, f1 if truth + said else None, _as_f1(low), _as_f1(high))


def _as_f1(jaccard: float) -> float:
    return 2 * jaccard / (1 + jaccard)
