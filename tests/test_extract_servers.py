"""`hepsel extract` with servers of every kind, sound and broken ones, and the store of answers."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from extract_case import SMALL_BROKEN, SMALL_GOOD, SMALL_PAPER, SMALL_REPAIRS, written
from model_server import CONTEXT, DIGEST, MODEL, Answer, HangUp, ModelServer, saying, serving
from run_command import hepsel

import hepsel.extract.askers as asking
from hepsel.errors import ExitCode
from hepsel.extract.asking.messages import Message
from hepsel.extract.servers.config import ConfigError, ServerConfig, read_config
from hepsel.extract.servers.connect import connect
from hepsel.extract.servers.model import PromptCut, Request, ServerError, Transient

KINDS = ("ollama", "llama-server", "vllm", "openai")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what the tests write and read away from that of the user, and do not wait between attempts."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(asking, "FIRST_PAUSE", 0.01)


def configured(folder: Path, kind: str, url: str, **more: Any) -> list[str]:
    """Write the configuration of a server, and return the options that name it."""
    values = {"kind": kind, "url": url, "model": MODEL, "context": CONTEXT, "timeout": 20, **more}
    text = "[server]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    return ["--config", written(folder, "config.toml", text)]


def extracted(folder: Path, *options: str) -> tuple[int, str, str]:
    """Run the command on the small paper; returns exit code, draft and messages."""
    draft = folder / "draft.hepsel"
    paper = written(folder, "paper.md", SMALL_PAPER)
    code, _, err = hepsel("extract", paper, "--format", "physlite", *options, "-o", str(draft), "--force")
    return code, draft.read_text(encoding="utf-8") if draft.exists() else "", err


# ------------------------------------------------------------------ sound servers


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_is_asked_for_mended_and_kept(kind: str, tmp_path: Path) -> None:
    with serving(saying(SMALL_BROKEN, SMALL_REPAIRS)) as server:
        options = configured(tmp_path, kind, server.url)
        code, draft, err = extracted(tmp_path, *options)
    assert code == 0, err
    assert len(server.asked) == 2
    asked, repair = server.asked
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert [message["role"] for message in repair["messages"]] == ["system", "user", "assistant", "user"]
    assert "error E400" in repair["messages"][-1]["content"]
    assert _constraint(kind, asked) == (kind in ("llama-server", "vllm"))
    if kind == "ollama":
        assert asked["format"]["required"] == ["title", "blocks"]
        assert repair["format"]["required"] == ["repair_1"]
        assert all("answer in JSON" in body["messages"][-1]["content"] for body in (asked, repair))
        assert asked["options"] == {"num_ctx": CONTEXT, "num_predict": 8192, "temperature": 0.0, "seed": 1}
        assert repair["options"]["seed"] == 2
    else:
        assert (asked["max_tokens"], asked["temperature"], asked["seed"]) == (8192, 0.0, 1)
        assert repair["seed"] == 2
    # The same without a server: from the store, to the last byte.
    report = (tmp_path / "draft.report.json").read_bytes()
    again = tmp_path / "again"
    again.mkdir()
    assert extracted(again, *options)[:2] == (0, draft)
    assert (again / "draft.report.json").read_bytes() == report
    rounds = json.loads(report)["samples"][0]["rounds"]
    assert [held["wanted"] for held in rounds] == ["program", "repairs"]
    assert all(held["answer_tokens"] == 100 and held["prompt_tokens"] > 3000 for held in rounds)
    if kind == "ollama":
        assert {held["digest"] for held in rounds} == {DIGEST}
    # And with other options it is another question.
    code, _, err = extracted(again, *options, "--model", "other")
    assert code == ExitCode.SERVER


def _constraint(kind: str, asked: dict[str, Any]) -> bool:
    grammar = asked["structured_outputs"]["grammar"] if "structured_outputs" in asked else asked.get("grammar", "")
    assert ("grammar" in asked) == (kind == "llama-server")
    assert ("structured_outputs" in asked) == (kind == "vllm")
    return grammar.startswith("root ::= ")


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    def dying(body: dict[str, Any]) -> Answer:
        if len(body["messages"]) > 2:
            raise HangUp
        return Answer(SMALL_BROKEN)

    with serving(dying) as server:
        options = configured(tmp_path, "openai", server.url, attempts=1)
        code, draft, err = extracted(tmp_path, *options)
        assert (code, draft) == (ExitCode.SERVER, "")
        assert "broke off" in err
        assert "what was answered is kept: the same command goes on from there\n" in err
        assert "round 1: program of 100 tokens after 0 s\n" in err
        server.answer = saying(SMALL_REPAIRS)
        server.asked.clear()
        code, draft, _ = extracted(tmp_path, *options)
        assert code == 0
        assert draft
        assert len(server.asked) == 1  # the first answer was kept


def test_answers_without_a_program_can_be_looked_up(tmp_path: Path) -> None:
    with serving(saying("I cannot help with that.")) as server:
        store = tmp_path / "kept.sqlite"
        options = [*configured(tmp_path, "openai", server.url), "--store", str(store), "--rounds", "0"]
        code, draft, err = extracted(tmp_path, *options)
    assert (code, draft) == (ExitCode.PROBLEMS, "")
    assert f"what was answered is kept in {store}\n" in err
    ((reply,),) = sqlite3.connect(store).execute("SELECT reply FROM answers")
    assert json.loads(reply)["text"] == "I cannot help with that."


def test_the_store_holds_all_that_was_said(tmp_path: Path) -> None:
    with serving(saying(SMALL_GOOD)) as server:
        store = tmp_path / "kept" / "answers.sqlite"
        assert extracted(tmp_path, *configured(tmp_path, "ollama", server.url), "--store", str(store))[0] == 0
    ((kind, model, digest, request, reply),) = sqlite3.connect(store).execute(
        "SELECT kind, model, digest, request, reply FROM answers"
    )
    assert (kind, model, digest) == ("ollama", MODEL, DIGEST)
    assert json.loads(request)["messages"] == server.asked[0]["messages"]
    assert json.loads(reply)["text"] == SMALL_GOOD


def test_a_store_that_is_none(tmp_path: Path) -> None:
    store = written(tmp_path, "notes.txt", "These are my notes, which are not to be overwritten. " * 20)
    code, draft, err = extracted(tmp_path, *configured(tmp_path, "ollama", "http://127.0.0.1:9"), "--store", store)
    assert (code, draft) == (ExitCode.DATA, "")
    assert "notes.txt: cannot be used to keep answers" in err
    assert Path(store).read_text().startswith("These are my notes")


# ------------------------------------------------------------------ broken servers


def asked(server: ModelServer, kind: str, timeout: float = 20.0) -> str:
    """Ask a server something long, and return what it answers."""
    config = ServerConfig(kind, MODEL, url=server.url, context=CONTEXT, timeout=timeout)  # type: ignore[arg-type]
    held = connect(config)
    held.digest()
    words = "Write the selection. " * 2000
    return held.ask(Request((Message("user", words),), 1, 0.0, config.context, config.max_tokens)).text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ("500", Transient, "500.*out of memory"),
        ("400", ServerError, "400.*bad .\\[31mgrammar"),
        ("404", ServerError, "404.*model 'tested:1b' not found"),
        ("redirect", ServerError, "302|does not answer as"),
        ("slow", Transient, "does not answer within"),
        ("trickle", Transient, "takes longer than `timeout` allows"),
        ("cut", Transient, "broke off|breaks off"),
        ("not JSON", ServerError, "not JSON|does not answer as"),
        ("not an object", ServerError, "not a JSON object|does not answer as"),
        ("deep", ServerError, "not JSON|does not answer as"),
        ("endless", ServerError, "longer than|more than"),
        ("prompt cut", PromptCut, "saw only 2048 tokens of a question of 42000 characters"),
        ("small context", ServerError, "a context of 4096"),
    ],
)
def test_what_goes_wrong_is_told(kind: str, fault: str, error: type[ServerError], message: str) -> None:
    with (
        serving(saying("hepsel 1", "hepsel 1"), fault) as server,
        pytest.raises(error, match=message) as raised,
    ):
        asked(server, kind, timeout=0.7 if fault in ("slow", "trickle") else 20.0)
    assert "\n" not in str(raised.value)
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize(
    ("fault", "message"), [("not done", "breaks off"), ("error in the stream", "the runner has crashed")]
)
def test_a_stream_that_ends_too_early(fault: str, message: str) -> None:
    with serving(saying("hepsel 1"), fault) as server, pytest.raises(ServerError, match=message):
        asked(server, "ollama")


@pytest.mark.parametrize("kind", ["ollama", "vllm", "openai"])
def test_a_model_that_is_not_there(kind: str, tmp_path: Path) -> None:
    with serving(saying(SMALL_GOOD), models=("another:7b",)) as server:
        code, draft, err = extracted(tmp_path, *configured(tmp_path, kind, server.url))
    assert (code, draft) == (ExitCode.SERVER, "")
    assert err.count("\n") == 1
    assert f"has no model '{MODEL}'; it has another:7b" in err
    assert server.asked == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_is_not_there(kind: str, tmp_path: Path) -> None:
    with serving(saying()) as server:
        url = server.url
    code, draft, err = extracted(tmp_path, *configured(tmp_path, kind, url))
    assert (code, draft) == (ExitCode.SERVER, "")
    assert err.count("\n") == 1
    assert "cannot be reached" in err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["500", "cut"])
def test_a_passing_fault_is_waited_out(kind: str, fault: str, tmp_path: Path) -> None:
    def good(_body: dict[str, Any]) -> Answer:
        return Answer(SMALL_GOOD)

    with serving(good, fault, faults=2) as server:
        code, draft, err = extracted(tmp_path, *configured(tmp_path, kind, server.url))
        assert code == 0, err
        assert draft
        assert len(server.asked) == 3
        assert server.asked[0] == server.asked[2]
        server.faults = 3
        code, _, err = extracted(tmp_path, *configured(tmp_path, kind, server.url, seed=5))
        assert code == ExitCode.SERVER
        assert len(server.asked) == 6


@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_a_server_that_asks_to_be_left_alone_is(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(asking.time, "sleep", waited.append)
    with serving(lambda _: Answer(SMALL_GOOD), "429", faults=2) as server:
        code, _, err = extracted(tmp_path, *configured(tmp_path, kind, server.url))
        assert code == 0, err
        assert waited == [7, 7]
        server.faults, server.retry_after = 1, "Wed, 21 Oct 2015 07:28:00 GMT"
        assert extracted(tmp_path, *configured(tmp_path, kind, server.url, seed=5))[0] == 0
        assert waited[2] < 1
        server.faults, server.retry_after = 1, "86400"
        code, _, err = extracted(tmp_path, *configured(tmp_path, kind, server.url, seed=6))
        assert code == ExitCode.SERVER
        assert "asks to be left alone for 86400 seconds" in err
        assert len(waited) == 3


@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_half_a_character_is_no_reason_to_lose_an_answer(kind: str, tmp_path: Path) -> None:
    with serving(saying(SMALL_GOOD + "\n# \ud800\n")) as server:
        code, draft, err = extracted(tmp_path, *configured(tmp_path, kind, server.url))
    assert code == 0, err
    assert draft


def test_the_paper_itself_is_no_reference(tmp_path: Path) -> None:
    with serving(saying()) as server:
        again = written(tmp_path, "again.md", SMALL_PAPER)
        code, _, err = extracted(tmp_path, *configured(tmp_path, "openai", server.url), "--ref", again)
    assert code == ExitCode.USAGE
    assert "is the paper itself" in err


def test_certificates_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    code, _, err = extracted(tmp_path, *configured(tmp_path, "openai", "https://localhost:9"))
    assert code == ExitCode.DATA
    assert "SSL_CERT_FILE" in err


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_answer_is_not_taken_for_a_whole_one(kind: str, tmp_path: Path) -> None:
    with serving(saying(SMALL_GOOD), "length") as server:
        options = configured(tmp_path, kind, server.url)
        for _ in range(2):
            code, draft, err = extracted(tmp_path, *options)
            assert (code, draft) == (ExitCode.SERVER, "")
            assert "where `max_tokens` cuts it off" in err
    assert len(server.asked) == 1  # the same seed would be cut again


def test_what_was_answered_before_a_cut_answer_remains(tmp_path: Path) -> None:
    def tiring(body: dict[str, Any]) -> Answer:
        return Answer(SMALL_BROKEN) if len(body["messages"]) == 2 else Answer("# repair 1\nsel", "length")

    with serving(tiring) as server:
        code, draft, err = extracted(tmp_path, *configured(tmp_path, "openai", server.url))
    assert code == ExitCode.PARTIAL
    assert "#   select pt > 20  " in draft
    assert "not mended further: the answer of round 2 ends after 100 tokens" in err
    assert json.loads((tmp_path / "draft.report.json").read_text(encoding="utf-8"))["samples"][0]["stopped"]


def test_a_wrong_answer_is_never_asked_for_again_with_its_seed(tmp_path: Path) -> None:
    useless = "I am sorry."
    with serving(saying(useless, useless, SMALL_GOOD)) as server:
        code, _, err = extracted(tmp_path, *configured(tmp_path, "ollama", server.url))
    assert code == 0, err
    assert [body["options"]["seed"] for body in server.asked] == [1, 2, 3]
    assert "the answer holds no program" in server.asked[1]["messages"][-1]["content"]


DEEP = 10_000
JSON_DEEP = '{"title": "x", "blocks": [{"node": "Define", "name": "x", "value": '
JSON_DEEP += (
    '{"node": "Unary", "operator": "-", "operand": ' * DEEP + '{"node": "Name", "name": "y"}' + "}" * DEEP + "}]}"
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("I cannot help with that.", "holds no program"),
        ("", "the answer is empty"),
        ('{"title": "x", "blocks": [', "begins as JSON, and is none"),
        ('{"title": "x", "blocks": [{"node": "Shell", "text": "ls"}]}', "'Shell' cannot stand there"),
        (SMALL_GOOD.replace("Two muons", "Two \x1b[31mmuons"), "control characters (U+001B)"),
        (SMALL_GOOD.replace("Two muons", "Two \0muons"), "control characters (U+0000)"),
        (SMALL_GOOD.replace("20 GeV", "(" * DEEP + "20 GeV" + ")" * DEEP), "nested more than"),
        (JSON_DEEP, "begins as JSON, and is none|nested too deep"),
        ("x" * 1_000_000, "the answer has 1000000 characters, more than"),
        (f"<think>{SMALL_GOOD}", "in the middle of a thought"),
    ],
    ids=["no", "empty", "broken JSON", "other JSON", "escape", "zero", "deep", "deep JSON", "long", "only thoughts"],
)
def test_a_useless_answer_does_no_harm(kind: str, answer: str, reason: str, tmp_path: Path) -> None:
    """Whatever a server was told about the language: the answer is refused, with the reason, and asked for anew."""
    with serving(saying(answer, SMALL_GOOD)) as server:
        code, draft, err = extracted(tmp_path, *configured(tmp_path, kind, server.url))
    assert code == 0, err
    assert "select pt > 20 GeV" in draft
    first, second = json.loads((tmp_path / "draft.report.json").read_text(encoding="utf-8"))["samples"][0]["rounds"]
    told = [*first["refused"], *(problem["message"] for problem in first["problems"])]
    assert any(possible in told[0] for possible in reason.split("|"))
    assert not second["refused"]
    assert not second["problems"]
    page = (tmp_path / "draft.report.html").read_text(encoding="utf-8")
    assert not any(char in draft + err + page for char in "\x1b\0")
    assert told[0] in server.asked[1]["messages"][-1]["content"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_10_megabytes_is_refused(kind: str) -> None:
    with (
        serving(saying(SMALL_GOOD + "#" * 10_000_000)) as server,
        pytest.raises(ServerError, match=r"more than|longer"),
    ):
        asked(server, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(f"<think>Shall I write this?\n{SMALL_BROKEN}\nNo.</think>\n\n{SMALL_GOOD}"),
        Answer(SMALL_GOOD, thoughts=f"Shall I write this?\n{SMALL_BROKEN}\nNo."),
        Answer(f"Here is the program.\n\n{SMALL_GOOD}\nI left out nothing."),
    ],
    ids=["thought", "thought told apart", "prose"],
)
def test_what_stands_around_a_program_is_passed_over(kind: str, answer: Answer, tmp_path: Path) -> None:
    """Whether the model thinks first, or the server ignores what it was told about the language."""
    with serving(lambda _body: answer) as server:
        code, draft, err = extracted(tmp_path, *configured(tmp_path, kind, server.url))
    assert code == 0, err
    assert "select pt > 20 GeV" in draft
    assert len(server.asked) == 1


def test_rounds_are_bounded(tmp_path: Path) -> None:
    def stubborn(body: dict[str, Any]) -> Answer:
        return Answer(
            SMALL_BROKEN if len(body["messages"]) == 2 else "# repair 1\nselect pt > 8\n# repair 7\nselect pt > 8\n"
        )

    with serving(stubborn) as server:
        code, draft, _ = extracted(tmp_path, *configured(tmp_path, "ollama", server.url), "--rounds", "2")
    assert code == ExitCode.PARTIAL
    assert "#   select pt > 8" in draft
    assert len(server.asked) == 3
    report = json.loads((tmp_path / "draft.report.json").read_text(encoding="utf-8"))
    assert report["samples"][0]["rounds"][1]["refused"] == [
        "repair 7 mends nothing that was asked for",
    ]


def test_only_what_fits_is_sent(tmp_path: Path) -> None:
    with serving(saying(SMALL_GOOD)) as server:
        options = configured(tmp_path, "ollama", server.url, context=9000, max_tokens=2000)
        code, draft, err = extracted(tmp_path, *options)
    assert (code, draft) == (ExitCode.PROBLEMS, "")
    assert "the context of the model is too small" in err
    assert server.asked == []


def test_sections_without_criteria_are_not_sent_where_all_do_not_fit(tmp_path: Path) -> None:
    detector = "\n\n# Detector\n\n" + "The cryostat is described elsewhere. " * 5000
    paper = written(tmp_path, "long.md", SMALL_PAPER + detector)
    with serving(saying(SMALL_GOOD)) as server:
        options = configured(tmp_path, "ollama", server.url, context=40_000, max_tokens=2000)
        words = ("extract", paper, "--format", "physlite", *options, "-o", str(tmp_path / "draft.hepsel"))
        code, _, err = hepsel(*words)
    assert code == 0, err
    assert "of long.md only the 1 of 2 sections with most criteria were shown to the model\n" in err
    (asked,) = server.asked
    assert "cryostat" not in asked["messages"][1]["content"]
    assert "(only the sections with selection criteria)" in asked["messages"][1]["content"]


# ------------------------------------------------------------------ configuration


def test_variables_override_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(written(tmp_path, "config.toml", '[server]\nkind = "ollama"\nmodel = "a"\ncontext = 50000\n'))
    assert read_config(file) == ServerConfig("ollama", "a", context=50000)
    monkeypatch.setenv("HEPSEL_SERVER_MODEL", "b")
    monkeypatch.setenv("HEPSEL_SERVER_CONTEXT", "60000")
    monkeypatch.setenv("HEPSEL_SERVER_CONSTRAIN", "false")
    assert read_config(file) == ServerConfig("ollama", "b", context=60000, constrain=False)
    assert read_config(file, "c").model == "c"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[server\n", "not TOML"),
        ("kind = 'ollama'\n", r"expected one section \[server\], not kind"),
        ("[server]\nkind = 'ollama'\n", "`model` is missing"),
        ("[server]\nkind = 'magic'\nmodel = 'x'\n", "'magic' is not one of ollama"),
        ("[server]\nkind = 'vllm'\nmodel = 'x'\n", "needs its `url`"),
        ("[server]\nkind = 'vllm'\nmodel = 'x'\nurl = 'file:///etc'\n", "does not begin with http"),
        ("[server]\nkind = 'ollama'\nmodel = 'x'\ncontext = 0\n", "0 is not a whole number above 0"),
        ("[server]\nkind = 'ollama'\nmodel = 'x'\ncontext = 9000\n", "must be more than twice `max_tokens`"),
        ("[server]\nkind = 'ollama'\nmodel = 'x'\nthreads = 2\n", "there is no such value"),
        ("[server]\nkind = 'ollama'\nmodel = 'x'\napi_key_variable = 3\n", "3 is not a text"),
    ],
)
def test_a_configuration_that_cannot_be_used(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        read_config(Path(written(tmp_path, "config.toml", text)))
    assert "config.toml" in str(raised.value) or "max_tokens" in str(raised.value)


def test_no_configuration(tmp_path: Path) -> None:
    code, draft, err = extracted(tmp_path)
    assert (code, draft) == (ExitCode.PROBLEMS, "")
    assert "no server is configured" in err


@pytest.mark.parametrize(("text", "message"), [(None, "No such file"), ("", "is empty"), ("No PDF.", "not a PDF")])
def test_a_paper_that_cannot_be_read_is_told_before_the_server(tmp_path: Path, text: str | None, message: str) -> None:
    paper = tmp_path / "paper.pdf"
    if text is not None:
        paper.write_text(text)
    code, _, err = hepsel("extract", str(paper), "--format", "physlite", "-o", str(tmp_path / "draft.hepsel"))
    assert code == ExitCode.DATA
    assert message in err
    assert "server" not in err


def test_the_key_goes_to_the_server_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret")
    with serving(saying(SMALL_GOOD)) as server:
        options = configured(tmp_path, "openai", server.url + "/v1/", api_key_variable="MY_KEY")
        code, draft, err = extracted(tmp_path, *options)
    assert code == 0, err
    kept = (tmp_path / "data" / "hepsel" / "answers.sqlite").read_bytes()
    report = (tmp_path / "draft.report.json").read_text(encoding="utf-8")
    assert server.authorization == "Bearer s3cret"
    assert b"s3cret" not in kept
    assert "s3cret" not in draft + report + err
    monkeypatch.delenv("MY_KEY")
    assert "MY_KEY" in extracted(tmp_path, *options)[2]


# ------------------------------------------------------------------ several drafts


def test_of_several_drafts_one_is_made_by_vote(tmp_path: Path) -> None:
    wrong = SMALL_GOOD.replace("|eta| < 2.4", "|eta| > 2.4")
    lacking = SMALL_GOOD.replace('  select count(muons) >= 2  cite paper "p1.s3"\n', "")
    assert SMALL_GOOD not in (wrong, lacking)
    with serving(saying(wrong, lacking, SMALL_GOOD)) as server:
        options = [*configured(tmp_path, "openai", server.url, temperature=0.7), "--samples", "3", "--rounds", "0"]
        code, draft, err = extracted(tmp_path, *options)
    assert code == 0, err
    assert [asked["seed"] for asked in server.asked] == [1, 1001, 2001]
    assert "select |eta| < 2.4" in draft
    assert "select count(muons) >= 2" in draft
    assert "2 of 3 drafts; 1: " in draft
    report = json.loads((tmp_path / "draft.report.json").read_text(encoding="utf-8"))
    assert [len(sample["rounds"]) for sample in report["samples"]] == [1, 1, 1]
    assert report["agreement"]["drafts"] == 3
    page = (tmp_path / "draft.report.html").read_text(encoding="utf-8")
    assert page.count("<details>") == 3
    # Finished answers are not asked for again, and the vote is the same.
    again = tmp_path / "again"
    again.mkdir()
    assert extracted(again, *options)[:2] == (0, draft)


def test_samples_that_cannot_differ_are_refused(tmp_path: Path) -> None:
    with serving(saying(SMALL_GOOD)) as server:
        options = configured(tmp_path, "openai", server.url)
        code, draft, err = extracted(tmp_path, *options, "--samples", "2")
    assert (code, draft, len(server.asked)) == (2, "", 0)
    assert "temperature" in err


def test_one_failed_draft_of_several_is_said(tmp_path: Path) -> None:
    with serving(saying("I cannot help with that.", SMALL_GOOD, SMALL_GOOD)) as server:
        options = configured(tmp_path, "openai", server.url, temperature=0.7)
        code, draft, err = extracted(tmp_path, *options, "--samples", "3", "--rounds", "0")
    assert code == 0, err
    assert "select |eta| < 2.4" in draft
    assert "of 3 drafts, 1 came to nothing" in err


def test_one_cut_draft_of_several_is_said(tmp_path: Path) -> None:
    ends = iter(["stop", "length", "stop"])
    with serving(lambda _body: Answer(SMALL_GOOD, next(ends))) as server:
        options = configured(tmp_path, "openai", server.url, temperature=0.7)
        code, draft, err = extracted(tmp_path, *options, "--samples", "3", "--rounds", "0")
    assert code == 0, err
    assert "select |eta| < 2.4" in draft
    assert "of 3 drafts, 1 came to nothing: the answer of round 1 ends after 100 tokens" in err
    assert "not mended further" not in err
