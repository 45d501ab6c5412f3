"""Wilson intervals, by what defines them: the shares from which the observed one is just as far as z allows."""

from __future__ import annotations

import math

import pytest

from hepsel.bench.intervals import f1_share, share, wilson

Z = 1.959963984540054


@pytest.mark.parametrize(("count", "of"), [(1, 10), (5, 10), (8, 10), (99, 100), (3, 7), (1, 1000)])
def test_ends_are_as_far_as_z_allows(count: int, of: int) -> None:
    for end in wilson(count, of):
        assert abs(count / of - end) == pytest.approx(Z * math.sqrt(end * (1 - end) / of), rel=1e-9)


def test_published_values() -> None:
    """Newcombe, Stat. Med. 17 (1998) 857, table I, method 3."""
    for count, of, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)
        assert wilson(of - count, of) == pytest.approx((1 - high, 1 - low), abs=5e-5)


def test_nothing_known() -> None:
    assert wilson(0, 0) == (0, 1)
    assert share(0, 0).value is None
    assert str(share(0, 0)) == ""


def test_f1() -> None:
    found = f1_share(truth=50, found=45, said=48, right=45)
    assert found.value == pytest.approx(2 * 45 / (50 + 48))
    low, high = wilson(45, 53)  # 53 are said by either
    assert (found.low, found.high) == pytest.approx((2 * low / (1 + low), 2 * high / (1 + high)))
    assert f1_share(truth=50, found=0, said=0, right=0).value == 0
    whole = f1_share(truth=50, found=50, said=50, right=50)
    assert (whole.value, whole.high) == (1, 1)
    assert whole.low == pytest.approx(2 * wilson(50, 50)[0] / (1 + wilson(50, 50)[0]))
