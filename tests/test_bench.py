"""`hepsel bench extract`: what is counted, what is kept, and how it goes on."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from bench_case import run_bench, small_bench
from data_files import REPOSITORY
from extract_case import GOOD, PAPERS, SMALL_BROKEN, SMALL_GOOD, SMALL_REPAIRS, spoilt, written
from model_server import CONTEXT, MODEL, Answer, HangUp, saying, serving

from hepsel.errors import ExitCode
from hepsel.extract import askers

SAMPLE = REPOSITORY / "examples" / "h4l" / "h4l_sample.root"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(askers, "FIRST_PAUSE", 0.01)


def cell(data: dict[str, Any]) -> dict[str, Any]:
    (found,) = data["cells"]
    return found


def values(found: dict[str, Any], *names: str) -> list[float | None]:
    return [found[name]["value"] for name in names]


def counted(found: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Return the differences: by kind those that are flagged, and all."""
    return {kind: (told["count"], told["of"]) for kind, told in found["differences"].items() if told["of"]}


# ------------------------------------------------------------------ what is counted


def test_undamaged_answers_on_our_papers_are_all_right(tmp_path: Path) -> None:
    """All items, all verified or assumed, and the events of the truth."""
    text = (REPOSITORY / "examples" / "bench" / "four_lepton.toml").read_text(encoding="utf-8")
    start, _, rest = text.partition("[models.")
    paper = rest[rest.index("[papers.") :]
    paper = paper.replace("../../tests/papers", str(PAPERS)).replace("../h4l", str(SAMPLE.parent))
    with serving(lambda _body: Answer(GOOD)) as server:
        model = f'[models.good]\nkind = "openai"\nurl = "{server.url}"\nmodel = "{MODEL}"\ncontext = {CONTEXT}\n'
        path = Path(written(tmp_path, "bench.toml", start.replace("= 10 ", "= 1 ") + model + paper))
        code, data, tables, _ = run_bench(path)
    found = cell(data)
    assert code == 0
    assert values(found, "drafts", "precision", "recall", "f1", "exact", "identical", "events") == [1.0] * 7
    assert found["recall"]["of"] == 50
    assert found["events"]["of"] == 68  # what the interpreter selects of the sample
    assert (found["verdicts"]["verified"], found["verdicts"]["assumed"]) == (32, 5)
    assert found["told"]["of"] == found["alarms"]["count"] == 0
    assert [end["value"] for end in found["parses"] + found["checks"]] == [1.0] * 4
    assert found["rounds"] == 1  # what looks like a criterion and is not used was asked for
    assert found["events"]["low"] == pytest.approx(68 / (68 + 1.959964**2))  # Wilson's, of 68 of 68
    assert "(0.947-1.000)" in tables
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "trials.sqlite", "results.json", "scores.png", "differences.png", "drafts",
    }  # fmt: skip
    for name in ("scores.png", "differences.png"):
        assert (tmp_path / "out" / name).read_bytes().startswith(b"\x89PNG")
    draft = (tmp_path / "out" / "drafts" / "good" / "four_lepton" / "1.hepsel").read_text(encoding="utf-8")
    assert "select ptcone20 / pt < 0.15" in draft


def test_what_the_events_say_of_wrong_drafts(tmp_path: Path) -> None:
    """Three models: a looser cut, one that nothing passes, and one without the region."""
    answers = {
        "looser": spoilt(GOOD, ("select 50 GeV < m12 < 106 GeV", "select 10 GeV < m12 < 106 GeV")),
        "nothing": spoilt(GOOD, ("select count(dileptons) >= 2", "select count(dileptons) >= 200")),
        "lost": spoilt(GOOD, ("region signal\n", "region signal\n  take other\n")),
    }
    with serving(lambda body: Answer(answers[body["model"]]), models=tuple(answers)) as server:
        models = [
            f'[models.{name}]\nkind = "openai"\nurl = "{server.url}"\nmodel = "{name}"\ncontext = {CONTEXT}\n'
            for name in answers
        ]
        paper = [
            f'[papers.four_lepton]\npaper = "{PAPERS / "four_lepton.pdf"}"\nrefs = "{PAPERS / "leptons.pdf"}"',
            f'truth = "{PAPERS / "four_lepton.hepsel"}"\nformat = "physlite"\ndata = "{SAMPLE}"',
        ]
        text = "\n".join(["rounds = 0", *models, *paper])
        code, data, _, _ = run_bench(Path(written(tmp_path, "bench.toml", text)))
    assert code == 0
    looser, nothing, lost = (trial["events"] for trial in data["trials"])
    assert (looser["both"], looser["only_truth"]) == (68, 0)
    assert looser["only_draft"] > 0
    assert (nothing["both"], nothing["only_draft"], nothing["only_truth"]) == (0, 0, 68)
    assert not any(events["identical"] for events in (looser, nothing, lost))
    assert [found["model"] for found in data["cells"]] == list(answers)
    assert data["cells"][0]["events"]["of"] == 68 + looser["only_draft"]


def test_a_draft_that_asks_for_what_the_data_lack(tmp_path: Path) -> None:
    clean = '  select event.passes_jet_cleaning  assume "as usual"\n  select count(muons)'
    with serving(lambda _body: Answer(spoilt(SMALL_GOOD, ("  select count(muons)", clean)))) as server:
        path = small_bench(tmp_path, server.url, "trials = 1\nrounds = 0", f'data = "{SAMPLE}"')
        code, data, tables, _ = run_bench(path)
    assert code == 0
    assert "DFCommonJets_eventClean_LooseBad" in data["trials"][0]["events"]["error"]
    assert (cell(data)["not_run"], cell(data)["identical"]["value"], cell(data)["events"]["value"]) == (1, 0.0, 0.0)
    assert "drafts that do not run" in tables


@pytest.mark.parametrize(
    ("changes", "differences", "f1"),
    [
        ([], {}, 1.0),
        # Not in its sentence: flagged, and still in the draft.
        ([("pt > 20 GeV", "pt > 30 GeV")], {"value differs": (1, 1)}, None),
        # A criterion that is gone: its sentence is listed.
        ([('  select |eta| < 2.4  cite paper "p1.s2"\n', "")], {"missing": (1, 1)}, None),
        # Nothing tells of these: they are assumed.
        (
            [('count(muons) >= 2  cite paper "p1.s3"', 'count(muons) >= 3  assume "so it is"')],
            {"value differs": (0, 1)},
            None,
        ),
        (
            [("  select |eta| < 2.4  cite", '  select charge > 0  assume "why not"\n  select |eta| < 2.4  cite')],
            {"extra": (0, 1)},
            None,
        ),
        # Another quantity in its place: the flagged one leads to the sentence of both.
        ([("|eta| < 2.4", "|phi| < 2.4")], {"missing": (1, 1), "extra": (1, 1)}, None),
        # An error becomes a comment; what stands in its place is flagged, and so is what it stands for.
        ([("pt > 20 GeV", "pt > 20")], {"missing": (1, 1), "extra": (1, 1)}, None),
    ],
)
def test_differences_are_counted_by_kind_and_by_what_is_told(
    tmp_path: Path, changes: list[tuple[str, str]], differences: dict[str, tuple[int, int]], f1: float | None
) -> None:
    with serving(lambda _body: Answer(spoilt(SMALL_GOOD, *changes))) as server:
        code, data, _, _ = run_bench(small_bench(tmp_path, server.url, "trials = 1\nrounds = 0"))
    assert code == 0
    assert counted(cell(data)) == differences
    assert (cell(data)["f1"]["value"] == 1.0) == (f1 == 1.0)
    assert cell(data)["alarms"]["count"] == 0


def test_a_right_statement_with_a_wrong_citation_is_told(tmp_path: Path) -> None:
    wrong = spoilt(SMALL_GOOD, ('select |eta| < 2.4  cite paper "p1.s2"', 'select |eta| < 2.4  cite paper "p1.s1"'))
    with serving(lambda _body: Answer(wrong)) as server:
        _, data, tables, _ = run_bench(small_bench(tmp_path, server.url, "trials = 1\nrounds = 0"))
    found = cell(data)
    assert counted(found) == {}
    assert (found["alarms"]["count"], found["alarms"]["of"]) == (1, 3)
    assert data["trials"][0]["sound"]["flagged"] == ["select |eta| < 2.4"]
    assert "none, and flagged" in tables


def test_conversations_are_counted(tmp_path: Path) -> None:
    """One is right at first, one is mended, one gives nothing at all, and one nothing at first."""
    answers = saying(SMALL_GOOD, SMALL_BROKEN, SMALL_REPAIRS, "No.", "No, I said.", "Later.", SMALL_GOOD)
    with serving(answers) as server:
        code, data, _, _ = run_bench(small_bench(tmp_path, server.url, "trials = 4\nrounds = 1"))
    found = cell(data)
    assert code == 0
    assert {name: count for name, count in found["outcomes"].items() if count} == {"draft": 3, "no draft": 1}
    assert [end["count"] for end in found["parses"]] == [2, 3]
    assert [end["count"] for end in found["checks"]] == [1, 3]
    assert found["rounds"] == pytest.approx(3 / 4)
    assert found["refused"] == 3
    # What gives no draft finds nothing, and is not left out. The items are three cuts, and what is taken.
    assert (found["recall"]["of"], found["precision"]["value"]) == (4 * 4, 1.0)
    assert found["recall"]["value"] == pytest.approx(3 / 4)
    assert sorted(found["scores"]) == [0.0, 1.0, 1.0, 1.0]
    assert found["answer_tokens"] == pytest.approx(700 / 4)
    assert [body["seed"] for body in server.asked] == [1, 1001, 1002, 2001, 2002, 3001, 3002]


def test_syntax_is_told_from_other_errors(tmp_path: Path) -> None:
    with serving(lambda _body: Answer(spoilt(SMALL_GOOD, ("pt > 20 GeV", "pt > > 20 GeV")))) as server:
        _, data, _, _ = run_bench(small_bench(tmp_path, server.url, "trials = 1\nrounds = 0"))
    assert (cell(data)["parses"][0]["value"], cell(data)["checks"][0]["value"]) == (0.0, 0.0)


# ------------------------------------------------------------------ what is kept, and how it goes on


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    with serving(lambda _body: Answer(SMALL_GOOD)) as server:
        path = small_bench(tmp_path, server.url)
        first = run_bench(path)
        assert len(server.asked) == 3
        again = run_bench(path)
        assert again[:3] == first[:3]
        # More trials are those that there are, and others.
        run_bench(small_bench(tmp_path, server.url, "trials = 5\nrounds = 1"))
        assert [body["seed"] for body in server.asked] == [1, 1001, 2001, 3001, 4001]
        # Without what was measured, the answers are there all the same.
        (tmp_path / "out" / "trials.sqlite").unlink()
        for name in ("results.json", "scores.png", "differences.png"):
            (tmp_path / "out" / name).unlink()
        for draft in (tmp_path / "out" / "drafts").rglob("*.hepsel"):
            draft.unlink()
        (tmp_path / "out").rename(tmp_path / "old")
        assert run_bench(small_bench(tmp_path, server.url))[1]["cells"] == first[1]["cells"]
        assert len(server.asked) == 5


def test_another_truth_is_another_trial(tmp_path: Path) -> None:
    with serving(lambda _body: Answer(SMALL_GOOD)) as server:
        path = small_bench(tmp_path, server.url)
        assert cell(run_bench(path)[1])["f1"]["value"] == 1.0
        truth = tmp_path / "truth.hepsel"
        truth.write_text(truth.read_text(encoding="utf-8").replace("2.4", "2.5"), encoding="utf-8")
        assert cell(run_bench(path)[1])["f1"]["value"] < 1.0
        assert len(server.asked) == 3


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_bench_shows_what_there_is_and_goes_on(tmp_path: Path) -> None:
    def interrupting(_body: dict[str, Any]) -> Answer:
        if len(server.asked) == 3:
            os.kill(os.getpid(), signal.SIGINT)
            raise HangUp
        return Answer(SMALL_GOOD)

    with serving(interrupting) as server:
        path = small_bench(tmp_path, server.url, "trials = 4")
        code, data, tables, messages = run_bench(path)
        assert code == ExitCode.INTERRUPTED
        assert "2 of 4" in tables
        assert len(data["trials"]) == 2
        assert cell(data)["f1"]["value"] == 1.0
        assert "the same command goes on" in messages
        server.answer = lambda _body: Answer(SMALL_GOOD)
        server.asked.clear()
        code, data, tables, _ = run_bench(path)
    assert (code, len(data["trials"]), len(server.asked)) == (0, 4, 2)
    assert "4 of 4" in tables


def test_a_failing_server_is_left_alone_and_asked_again_later(tmp_path: Path) -> None:
    with serving(lambda _body: Answer(SMALL_GOOD)) as server:
        path = small_bench(tmp_path, server.url, "trials = 9", attempts=2)
        server.fault, server.faults = "500", 6
        code, data, tables, messages = run_bench(path)
        assert code == ExitCode.PARTIAL
        assert len(server.asked) == 6  # three trials, each tried twice
        assert cell(data)["outcomes"]["transport"] == 3
        assert cell(data)["made"] == 0
        assert "0 of 9" in tables
        assert "out of memory" in messages
        assert "9 of 9 trials were not made" in messages
        code, data, _, _ = run_bench(path)
        assert (code, cell(data)["made"], cell(data)["outcomes"]["transport"]) == (0, 9, 0)


def test_one_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    with serving(lambda _body: Answer(SMALL_GOOD)) as server:
        path = small_bench(tmp_path, server.url, "trials = 4", attempts=1)
        server.fault, server.faults = "cut", 1
        code, data, _, messages = run_bench(path)
    assert code == ExitCode.PARTIAL
    assert (cell(data)["made"], cell(data)["outcomes"]["transport"]) == (3, 1)
    assert "broke off" in messages
    assert "1 of 4 trials were not made" in messages


def test_cut_answers_are_a_class_of_their_own(tmp_path: Path) -> None:
    answers = iter(["stop", "length", "stop"])
    with serving(lambda _body: Answer(SMALL_GOOD, next(answers))) as server:
        code, data, _, _ = run_bench(small_bench(tmp_path, server.url))
    assert code == 0
    assert (cell(data)["outcomes"]["truncated"], cell(data)["outcomes"]["draft"]) == (1, 2)
    assert cell(data)["recall"]["value"] == pytest.approx(2 / 3)


def test_of_several_samples_one_may_be_cut(tmp_path: Path) -> None:
    answers = iter(["stop", "length", "stop"])
    with serving(lambda _body: Answer(SMALL_GOOD, next(answers))) as server:
        code, data, _, _ = run_bench(small_bench(tmp_path, server.url, "samples = 3"))
    assert code == 0
    assert cell(data)["outcomes"]["draft"] == 1
    assert [talk["stopped"] for talk in data["trials"][0]["conversations"]] == [None, "truncated", None]
    assert [body["seed"] for body in server.asked] == [1, 1001, 2001]


# ------------------------------------------------------------------ what cannot be used


def test_a_folder_of_something_else_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    with serving(saying()) as server:
        code, _, _, messages = run_bench(small_bench(tmp_path, server.url))
    assert code == ExitCode.DATA
    assert "this folder holds other files" in messages
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["notes.txt"]


def test_a_damaged_file_of_trials(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "trials.sqlite").write_text("not a database " * 100, encoding="utf-8")
    with serving(saying()) as server:
        code, _, _, messages = run_bench(small_bench(tmp_path, server.url))
    assert code == ExitCode.DATA
    assert "cannot be used to keep trials" in messages


def test_data_that_cannot_be_read_are_told_before_anybody_is_asked(tmp_path: Path) -> None:
    written(tmp_path, "events.root", "no events")
    with serving(saying()) as server:
        code, data, _, messages = run_bench(small_bench(tmp_path, server.url, paper='data = "events.root"'))
    assert (code, data, server.asked) == (ExitCode.DATA, {}, [])
    assert "events.root" in messages
    assert messages.count("\n") == 1


def test_a_wrong_bench_file_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with serving(saying()) as server:
        code, data, _, messages = run_bench(small_bench(tmp_path, server.url, "trials = 3\nround = 1"))
    assert (code, data) == (ExitCode.PROBLEMS, {})
    assert "bench.toml:2: unknown key `round` (did you mean `rounds`?)" in messages
    assert not (tmp_path / "out").exists()


def test_trials_are_kept_as_they_are_made(tmp_path: Path) -> None:
    seen = []

    def counting(_body: dict[str, Any]) -> Answer:
        with sqlite3.connect(tmp_path / "out" / "trials.sqlite") as connection:
            seen.extend(connection.execute("SELECT count(*) FROM trials").fetchone())
        return Answer(SMALL_GOOD)

    with serving(counting) as server:
        run_bench(small_bench(tmp_path, server.url))
    assert seen == [0, 1, 2]
