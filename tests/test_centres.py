"""Two nearly equal numbers from which the distance of a mass is asked for (H727), and all that is no such thing."""

from __future__ import annotations

import pytest

from hepsel.check import check_text

BLOCKS = """hepsel 1
analysis "test"
define m_Z = 91.1876 GeV
define near(x, width) = |x - m_Z| < width
define pair = (Muon[0] + Muon[1]).mass
composite pairs
  take Muon a, Muon b
  let m_ab = (a + b).mass
region r
  select {first}
  select {second}
"""


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("|pair - 91.2 GeV| < 10 GeV", "|pairs[0].mass - 91.1876 GeV| < 10 GeV", True),
        ("|pair - 91.2 GeV| < 10 GeV", "|91 GeV - pair| < 10 GeV", True),
        ("|pair - 80.4 GeV| < 10 GeV", "|pair - 80.379 GeV| < 10 GeV", True),
        ("|pair - 91.2 GeV| < 10 GeV", "near(pairs[0].mass, 10 GeV)", True),
        ("|pair - m_Z| < 10 GeV", "|pair - 91200 MeV| < 10 GeV", True),
        ("|pair - m_Z| < 10 GeV", "|pair - 91187.6 MeV| > 5 GeV", False),
        ("|pair - m_Z| < 10 GeV", "near(pairs[0].mass, 5 GeV)", False),
        ("|pair - m_Z| < 10 GeV", "((pair - 91.2 GeV) / (2 GeV))^2 < 9", True),
        ("|pair - m_Z| < 10 GeV", "(pair - 91.2 GeV)^2 < 9 GeV^2", True),
        ("|pair - m_Z| < 10 GeV", "|pairs[0].m_ab - 91.2 GeV| < 10 GeV", True),
        ("|pair - m_Z| < 10 GeV", "any(|p.mass - 91.2 GeV| < 10 GeV for p in pairs)", True),
        ("|pair - 125 GeV| < 10 GeV", "|pair - 125.09 GeV| < 10 GeV", True),
        ("|pair - 125 GeV| < 10 GeV", "|pair - 124 GeV| < 10 GeV", False),
        ("|pair - m_Z| < 10 GeV", "|pair - 80.4 GeV| > 10 GeV", False),
        ("|pair - 5.2797 GeV| < 1 GeV", "|pair - 5.2793 GeV| < 1 GeV", False),  # B0 and B+
        ("|pair - m_Z| < 10 GeV", "|MET.pt - 91.2 GeV| < 10 GeV", False),
        ("|pair - m_Z| < 10 GeV", "pair > 91.2 GeV", False),
        ("|pair - m_Z| < 10 GeV", "pair - 91.2 GeV > 3 GeV", False),
        ("|pair - m_Z| < 10 GeV", "|pair - pairs[0].mass| > 3 GeV", False),
        ("|pair / (1 GeV) - 91.1876| < 10", "|pair / (1 GeV) - 91.2| < 10", False),  # no energies
        ("|pair - m_Z| < 10 GeV", "|91.2 GeV - 80 GeV| < pair", False),
        ("|Muon[0].dz - 12 m| < 1 m", "|Muon[1].dz - 12.01 m| < 1 m", False),
    ],
)
def test_two_numbers_for_one_mass(first: str, second: str, *, told: bool) -> None:
    for cuts in ((first, second), (second, first)):
        checked = check_text(BLOCKS.format(first=cuts[0], second=cuts[1]), "nanoaod")
        assert checked.program is not None
        found = [item for item in checked.diagnostics if item.code == "H727"]
        assert len(found) == told
        for item in found:
            assert item.related is not None
            assert item.related.start < item.span.start


def test_three_numbers_are_told_twice_and_a_repeated_one_once() -> None:
    cuts = " and ".join(f"|pair - {number} GeV| < 10 GeV" for number in ("91.2", "91", "91.2", "91.1876", "91"))
    found = check_text(BLOCKS.format(first=cuts, second="pair > 3 GeV"), "nanoaod").diagnostics
    assert [item.message for item in found if item.code == "H727"] == [
        "the distance is from 91 GeV, and from 91.2 GeV in line 10",
        "the distance is from 91.1876 GeV, and from 91.2 GeV in line 10",
    ]


def test_a_variant_may_take_another_number() -> None:
    text = BLOCKS.format(first='|pair - m_Z| < 10 GeV as "near"', second="pair > 3 GeV")
    varied = "region shifted\n  take r with m_Z = 91.2 GeV\n"
    found = check_text(text + varied, "nanoaod")
    assert found.program is not None
    assert [item.code for item in found.diagnostics if item.code == "H727"] == []
