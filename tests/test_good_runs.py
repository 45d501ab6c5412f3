"""Good-run lists: both spellings, what they let pass, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from hepsel.errors import DataError
from hepsel.run.good_runs import GoodRuns, read_good_runs

XML = """<?xml version="1.0"?>
<!DOCTYPE LumiRangeCollection SYSTEM "http://localhost:1/never-fetched.dtd">
<LumiRangeCollection><NamedLumiRange><Name>test</Name>
<LumiBlockCollection><Run>100</Run><LBRange Start="5" End="7"/><LBRange Start="10" End="10"/></LumiBlockCollection>
<LumiBlockCollection><Run>200</Run><LBRange Start="1" End="3"/></LumiBlockCollection>
</NamedLumiRange></LumiRangeCollection>
"""
JSON = '{"100": [[5, 7], [10, 10]], "200": [[1, 3]]}'


def written(folder: Path, content: str | bytes, name: str = "list") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("content", [XML, JSON, "\ufeff" + JSON, " \n" + JSON], ids=["xml", "json", "bom", "blank"])
def test_both_spellings(tmp_path: Path, content: str) -> None:
    assert read_good_runs([written(tmp_path, content)]).ranges == {100: ((5, 7), (10, 10)), 200: ((1, 3),)}


@pytest.mark.parametrize(
    ("run", "block", "good"),
    [
        (100, 4, False),
        (100, 5, True),
        (100, 7, True),
        (100, 8, False),
        (100, 9, False),
        (100, 10, True),
        (100, 11, False),
        (200, 0, False),
        (200, 3, True),
        (300, 5, False),
    ],
)
def test_both_ends_of_a_range_belong_to_it(tmp_path: Path, run: int, block: int, good: bool) -> None:
    runs = read_good_runs([written(tmp_path, JSON)])
    mask = runs.mask(np.array([run, 100], dtype=np.uint32), np.array([block, 5], dtype=np.uint32))
    assert mask.tolist() == [good, True]


def test_lists_add_up_and_ranges_join(tmp_path: Path) -> None:
    paths = [written(tmp_path, XML, "a"), written(tmp_path, '{"100": [[8, 9], [6, 6]], "300": [[1, 1]]}', "b")]
    assert read_good_runs(paths).ranges == {100: ((5, 10),), 200: ((1, 3),), 300: ((1, 1),)}


def test_a_run_that_stands_twice_keeps_both_lists(tmp_path: Path) -> None:
    path = written(tmp_path, '{"1": [[1, 2]], "1": [[7, 9]]}')
    assert read_good_runs([path]).ranges == {1: ((1, 2), (7, 9))}


def test_random_events_against_plain_loops() -> None:
    random = np.random.default_rng(7)
    ranges = dict.fromkeys((3, 5), ((2, 4), (6, 6), (9, 20)))
    run, block = random.integers(1, 7, 2000), random.integers(0, 25, 2000)
    expected = [
        any(first <= b <= last for first, last in ranges.get(r, ()))
        for r, b in zip(run.tolist(), block.tolist(), strict=True)
    ]
    assert GoodRuns(ranges).mask(run, block).tolist() == expected


def test_no_events() -> None:
    assert len(GoodRuns({1: ((1, 2),)}).mask(np.array([], dtype=int), np.array([], dtype=int))) == 0


@pytest.mark.shared
@pytest.mark.parametrize("year", ["data15", "data16"])
def test_published_lists(shared_data: Path, year: str) -> None:
    (path,) = (shared_data / "grl").glob(f"{year}_*.xml")
    found = read_good_runs([path]).ranges
    text = path.read_text()
    runs = [int(run) for run in re.findall(r"<Run>(\d+)</Run>", text)]
    blocks = sum(int(b) - int(a) + 1 for a, b in re.findall(r'<LBRange Start="(\d+)" End="(\d+)"/>', text))
    assert sorted(runs) == list(found)
    assert sum(last - first + 1 for ranges in found.values() for first, last in ranges) == blocks


BOMB = """<?xml version="1.0"?>
<!DOCTYPE LumiRangeCollection [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<LumiRangeCollection><Run>&b;</Run></LumiRangeCollection>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE LumiRangeCollection [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<LumiRangeCollection><Run>&x;</Run></LumiRangeCollection>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "neither ATLAS XML nor CMS JSON"),
        ("run,block\n1,2\n", "neither ATLAS XML nor CMS JSON"),
        (b"\x00\xff\xfe" * 100, "neither ATLAS XML nor CMS JSON"),
        ("{", "expected {"),
        ("{}", "no luminosity blocks"),
        ('{"1": [[1, 2, 3]]}', "expected {"),
        ('{"1": [[1.5, 2]]}', "expected {"),
        ('{"1": [["1", "2"]]}', "expected {"),
        ('{"1": [[1, 2.5]]}', "expected {"),
        ('{"1": [[0, true]]}', "expected {"),
        ('{"x": [[1, 2]]}', "expected {"),
        ('{"1": {"2": 3}}', "expected {"),
        ('{"1": [[5, 2]]}', "luminosity blocks 5 to 2"),
        ('{"1": [[-3, 2]]}', "luminosity blocks -3 to 2"),
        ("{" + '"a":[' * 100_000, "expected {"),
        ("<html></html>", "not a LumiRangeCollection"),
        (XML[:300], "the XML is damaged"),
        (XML.replace("<Run>100</Run>", ""), "LBRange before its Run"),
        (XML.replace('Start="5"', 'Start="five"'), "expected a number, found 'five'"),
        (XML.replace('End="7"', 'End="4"'), "luminosity blocks 5 to 4"),
        ("<LumiRangeCollection></LumiRangeCollection>", "no luminosity blocks"),
        (BOMB, "declares XML entities"),
        (OUTSIDE, "declares XML entities"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, content: str | bytes, reason: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read_good_runs([path])
    assert str(caught.value).startswith(f"{path}: not a good-run list: ")
    assert reason in str(caught.value)


def test_missing_list(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere: cannot read the good-run list: No such file"):
        read_good_runs([tmp_path / "nowhere"])
