"""Whole numbers keep all their digits, also where some are missing: what doubles make equal is not equal.

The stamps of random events are of up to 64 bits, next to one another where doubles are not. What is expected is
calculated here, in plain Python, and columns and interpreter have to give it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import mul
from typing import Any

import awkward as ak
import numpy as np
import pytest
from random_events import NUMBER, make_events
from random_programs import random_format
from results import differences, plain

from hepsel.backends.awkward import generate, load
from hepsel.check import load_program
from hepsel.errors import DataError
from hepsel.interpreter import interpret
from hepsel.plan import lower, optimise

SEEDS = range(12)
Event = dict[str, Any]
Jet = tuple[int, int, int | None]
"""Place, stamp, and the stamp of the muon that it is linked to, which may be missing."""

LINKED = "object o\n take Jet\n let k = muon_link.stamp\n"


def jets(event: Event) -> list[Jet]:
    muons = event["Muon.stamp"]
    links = event["Jet.muon_link.index"]
    pairs = enumerate(zip(event["Jet.stamp"], links, strict=True))
    return [(place, stamp, muons[at] if 0 <= at < len(muons) else None) for place, (stamp, at) in pairs]


def by(*keys: tuple[int, bool]) -> Callable[[Jet], tuple[Any, ...]]:
    """Return a key of jets in a plain order: for each field, what is missing last, and what is there up or down."""

    def key(jet: Jet) -> tuple[Any, ...]:
        return tuple(
            (jet[field] is None, 0 if (value := jet[field]) is None else -value if down else value)
            for field, down in keys
        )

    return key


def of_all_seeds(text: str, expected: Callable[[Event], Sequence[Any]]) -> list[Any]:
    """Check what a program saves, `x` or `x` and `y`, in each event; return it."""
    program = load_program(f'hepsel 1\nanalysis "test"\n{text}', random_format())
    modules = [load(generate(plan)) for plan in (lower(program), optimise(lower(program)))]
    found: list[Any] = []
    for seed in SEEDS:
        events = make_events(seed, 6)
        wanted = [expected(event) for event in events.plain]
        results = [plain(m.process(events.read(m.COLUMNS), events=len(events.plain))) for m in modules]
        for result in (plain(interpret(program, events.plain)), *results):
            saved = [list(row) for row in zip(*result["columns"]["r"].values(), strict=True)]
            assert not list(differences([list(row) for row in wanted], saved))
        found += wanted
    return found


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ("k ascending", by((2, False))),
        ("k descending", by((2, True))),
        ("stamp descending", by((1, True))),
        ("k descending, stamp ascending", by((2, True), (1, False))),
        ("stamp ascending, k descending", by((1, False), (2, True))),
        ("k ascending, stamp descending", by((2, False), (1, True))),
    ],
)
def test_items_are_sorted_by_all_digits(keys: str, order: Callable[[Jet], Any]) -> None:
    def expected(event: Event) -> tuple[list[Any], list[Any]]:
        found = sorted(jets(event), key=order)
        return [stamp for _, stamp, _ in found], [k for _, _, k in found]

    of_all_seeds(f"{LINKED} sort by {keys}\nregion r\n save x = o.stamp, y = o.k", expected)


@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_what_arithmetic_leaves_where_a_number_is_missing_is_no_key(direction: str) -> None:
    def total(jet: Jet) -> int | None:
        _, stamp, k = jet
        return None if k is None else max(min(k, 5), -5) - max(min(stamp, 9), -9)

    def expected(event: Event) -> tuple[list[Any], list[Any]]:
        known = [jet for jet in jets(event) if total(jet) is not None]
        known.sort(key=lambda jet: total(jet) or 0, reverse=direction == "descending")
        found = known + [jet for jet in jets(event) if total(jet) is None]
        return [stamp for _, stamp, _ in found], [total(jet) for jet in found]

    let = "let n = max(min(k, 5), -5) - max(min(stamp, 9), -9)"
    of_all_seeds(f"{LINKED} {let}\n sort by n {direction}\nregion r\n save x = o.stamp, y = o.n", expected)


@pytest.mark.parametrize(
    ("keys", "fields"),
    [
        ("lowest k", [(2, False)]),
        ("highest k, lowest stamp", [(2, True), (1, False)]),
        ("lowest stamp, highest k", [(1, False), (2, True)]),
        ("highest stamp", [(1, True)]),
    ],
)
def test_the_best_is_kept_by_all_digits(keys: str, fields: list[tuple[int, bool]]) -> None:
    def expected(event: Event) -> tuple[list[Any], list[Any]]:
        complete = [jet for jet in jets(event) if all(jet[field] is not None for field, _ in fields)]
        kept = sorted(complete, key=by(*fields))[:1]
        return [stamp for _, stamp, _ in kept], [k for _, _, k in kept]

    of_all_seeds(f"{LINKED} keep {keys}\nregion r\n save x = o.stamp, y = o.k", expected)


def ranked(event: Event, rank: int, *, highest: bool) -> int | None:
    there = sorted((k for _, _, k in jets(event) if k is not None), reverse=highest)
    return there[rank - 1] if rank <= len(there) else None


@pytest.mark.parametrize(
    ("expression", "rank", "highest"),
    [
        ("min(o.k)", 1, False),
        ("max(j.k for j in o)", 1, True),
        ("largest(o.k, 2)", 2, True),
        ("smallest(o.k, 3)", 3, False),
        ("argmax(j.k for j in o).k", 1, True),
        ("argmin(j.k for j in o, 2).k", 2, False),
    ],
)
def test_extremes_have_all_digits(expression: str, rank: int, highest: bool) -> None:
    found = of_all_seeds(
        f"{LINKED}region r\n save x = {expression}", lambda event: [ranked(event, rank, highest=highest)]
    )
    assert any(x is None for (x,) in found)
    assert any(x is not None and x != int(float(x)) for (x,) in found), "a double would do"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a < b", lambda a, b: None not in (a, b) and a < b),
        ("a == b", lambda a, b: None not in (a, b) and a == b),
        ("a != b", lambda a, b: None not in (a, b) and a != b),
        ("a >= b", lambda a, b: None not in (a, b) and a >= b),
        ("a == 9007199254740993", lambda a, _: a == 2**53 + 1),
        ("a > 9007199254740992", lambda a, _: a is not None and a > 2**53),
        ("default(a, 9007199254740993)", lambda a, _: 2**53 + 1 if a is None else a),
        ("default(a, b)", lambda a, b: b if a is None else a),
        ("if a > 3 then a else b", lambda a, b: a if a is not None and a > 3 else b),
        ("min(a, b)", lambda a, b: None if None in (a, b) else min(a, b)),
        ("max(a, b, 9007199254740993)", lambda a, b: None if None in (a, b) else max(a, b, 2**53 + 1)),
        ("min(a, 9007199254740992) + 1", lambda a, _: None if a is None else min(a, 2**53) + 1),
        (
            "max(min(a, 9007199254740993), -3) * 3 - 1",
            lambda a, _: None if a is None else max(min(a, 2**53 + 1), -3) * 3 - 1,
        ),
        ("-max(a, -9007199254740993)", lambda a, _: None if a is None else -max(a, -(2**53) - 1)),
        ("|max(a, -9007199254740993)|", lambda a, _: None if a is None else abs(max(a, -(2**53) - 1))),
    ],
)
def test_values_of_the_event_have_all_digits(
    expression: str, expected: Callable[[int | None, int | None], Any]
) -> None:
    def of_event(event: Event) -> list[Any]:
        a, b = ([*event[f"{name}.stamp"], None, None][place] for name, place in (("Jet", 1), ("Muon", 0)))
        return [expected(a, b)]

    definitions = "define a = Jet[1].stamp\ndefine b = Muon[0].stamp\n"
    of_all_seeds(f"{definitions}region r\n save x = {expression}", of_event)


def test_sums_and_products_have_all_digits() -> None:
    def expected(event: Event) -> tuple[int, int]:
        small = [max(min(k, 2**53 + 1), -(2**53) - 1) for _, _, k in jets(event) if k is not None]
        return sum(small), max(small, default=1) if len(small) == 1 else 1

    each = "max(min(j.k, 9007199254740993), -9007199254740993)"
    of_all_seeds(
        f"{LINKED}define n = count(o.k)\nregion r\n save x = sum({each} for j in o),"
        f" y = product({each} for j in o if exists(j.k) and n == 1)",
        expected,
    )


def running(operation: Callable[[int, int], int], numbers: Sequence[int], start: int) -> list[int]:
    """Return what all numbers yield, and all that is computed on the way."""
    return [*accumulate(numbers, operation, initial=start)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", lambda a, b, _: [a + b]),
        ("a - b", lambda a, b, _: [a - b]),
        ("b - a", lambda a, b, _: [b - a]),
        ("a * b", lambda a, b, _: [a * b]),
        ("b * 3", lambda _, b, __: [b * 3]),
        ("b * 2 + 1", lambda _, b, __: [b * 2, b * 2 + 1]),
        ("a + 1", lambda a, _, __: [a + 1]),
        ("b - 1", lambda _, b, __: [b - 1]),
        ("-b", lambda _, b, __: [-b]),
        ("|b|", lambda _, b, __: [abs(b)]),
        ("sum(Muon.stamp)", lambda _, __, all_of: [sum(all_of)]),
        ("product(Muon.stamp)", lambda _, __, all_of: running(mul, all_of, 1)),
    ],
)
def test_what_does_not_fit_into_64_bits_is_refused_and_nothing_else(
    expression: str, expected: Callable[[int, int, Sequence[int]], list[int]]
) -> None:
    """Event by event, as each would be alone."""
    text = f"define a = Jet[0].stamp\ndefine b = Muon[0].stamp\nregion r\n save x = {expression}"
    program = load_program(f'hepsel 1\nanalysis "test"\n{text}', random_format())
    module = load(generate(optimise(lower(program))))
    refused = Counter[bool]()
    for seed in SEEDS[:4]:
        for place in range(NUMBER):
            events = make_events(seed, 6).part(place, place + 1)
            (event,) = events.plain
            muons, jets_there = event["Muon.stamp"], event["Jet.stamp"]
            if not (muons and jets_there):
                continue
            wanted = expected(jets_there[0], muons[0], muons)
            fits = all(-(2**63) <= number < 2**63 for number in wanted)
            refused[not fits] += 1
            for run, error in (
                (lambda: interpret(program, events.plain), DataError),  # noqa: B023
                (lambda: module.process(events.read(module.COLUMNS), events=1), module.TooLarge),  # noqa: B023
            ):
                if fits:
                    assert plain(run())["columns"]["r"]["x"] == wanted[-1:]
                    continue
                with pytest.raises(error, match=r"below -2\^63, or of 2\^63 and more, cannot be computed with"):
                    run()
    assert len(refused) == 2, "some fit, and some do not"


@pytest.mark.parametrize("use", ["any(j.quality > 5 for j in Jet)", "o[0].pt > 5 GeV"])
def test_a_stored_number_of_2_to_the_63_and_more_is_refused(use: str) -> None:
    """Doubles would compare it with other numbers, and two of them would be equal that are not."""
    text = f"object o\n take Jet\n sort by quality ascending\nregion r\n select {use}"
    program = load_program(f'hepsel 1\nanalysis "x"\n{text}', random_format())
    events = make_events(1, 6)
    large = [{**event, "Jet.quality": [2**63 for _ in event["Jet.quality"]]} for event in events.plain]
    with pytest.raises(DataError, match=r"^Jet.quality: .*of 2\^63 and more, cannot be computed with"):
        interpret(program, large)
    module = load(generate(optimise(lower(program))))
    given = events.read(module.COLUMNS)
    counts = ak.num(given["Jet.quality"])
    given["Jet.quality"] = ak.unflatten(np.full(ak.sum(counts), 2**63, np.uint64), counts)
    with pytest.raises(module.TooLarge, match=r"^Jet.quality: .*of 2\^63 and more, cannot be computed with"):
        module.process(given, events=len(large))
