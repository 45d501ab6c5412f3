"""The way to a real language model and back: through llama.cpp with the grammar, and through the client of Ollama.

The model is far too small to understand a paper; what it writes under the grammar is a program all the same.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from data_files import data_file
from extract_case import papers, physlite
from llama_server import CONTEXT, TASK, json_task, llama_server
from model_server import MODEL, behind, serving

from hepsel.check import check_text
from hepsel.extract.answers.citations import in_words, problems
from hepsel.extract.answers.converse import converse
from hepsel.extract.answers.draft import make_draft
from hepsel.extract.answers.find import find_program
from hepsel.extract.askers import Served
from hepsel.extract.asking.messages import Message
from hepsel.extract.constraint.gbnf import program_gbnf
from hepsel.extract.constraint.schema import program_schema
from hepsel.extract.constraint.tree_json import as_text
from hepsel.extract.servers.config import ServerConfig
from hepsel.extract.servers.connect import connect
from hepsel.extract.servers.model import Reply, Request, ServerError, Truncated
from hepsel.extract.store import Store
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText, render
from hepsel.syntax.parser import parse

# One server for all tests of this file.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("llama")]

pytest.importorskip("xllamacpp", reason="needs xllamacpp, which serves the model")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve the model."""
    with llama_server(data_file("models/smollm2_135m_instruct.gguf")) as address:
        yield address


def config(url: str, kind: str = "llama-server") -> ServerConfig:
    return ServerConfig(kind, MODEL, url=url, context=CONTEXT, max_tokens=250, temperature=0.5, seed=2)  # type: ignore[arg-type]


@cache  # the same question has the same answer
def answered(url: str, seed: int) -> Reply:
    """Return what the model writes under the grammar."""
    return connect(config(url)).ask(Request(TASK, seed, 0.5, CONTEXT, 250, program_gbnf(papers())))


def test_what_is_written_under_the_grammar_is_a_program(url: str) -> None:
    assert json.loads(connect(config(url)).digest())["n_params"] == 134515008
    finished = 0
    for seed in (2, 3):
        reply = answered(url, seed)
        assert reply.prompt_tokens
        if not reply.whole:
            continue
        finished += 1
        source = SourceText(find_program(reply.text))
        program, diagnostics, _ = parse(source)
        assert not diagnostics, render(diagnostics[0], source)
        assert program is not None
        assert program.blocks
        assert list(problems(program, papers())) == []
    assert finished


def test_a_grammar_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ServerError, match="400"):
        connect(config(url)).ask(Request(TASK, 1, 0.8, CONTEXT, 20, 'root ::= "a'))


def test_a_question_that_is_too_long_is_refused(url: str) -> None:
    long = (Message("user", "select pt > 20 GeV\n" * 2000),)
    with pytest.raises(ServerError, match="exceed"):
        connect(config(url)).ask(Request(long, 1, 0.0, CONTEXT, 20))


def test_a_draft_from_a_real_model(url: str, tmp_path: Path) -> None:
    """Whatever the model writes, the draft checks, and nothing that it wrote is lost.

    The question is a short one, since the whole language and vocabulary take such a model half a minute to read.
    """
    settings = config(url)
    asker = Served(settings, connect(settings), Store(tmp_path / "answers.sqlite"), papers())
    try:
        talk = converse(TASK, asker.ask, physlite(), papers(), 1)
    except Truncated:
        talk = None
    stored = sqlite3.connect(tmp_path / "answers.sqlite").execute("SELECT reply FROM answers").fetchall()
    assert stored
    if talk is None:
        return
    assert talk.text is not None
    assert len(talk.rounds) == len(asker.asked) == len(stored)
    draft = make_draft(talk.text, physlite(), papers())
    assert check_text(draft.text, physlite()).program is not None
    told = talk.text + draft.text
    assert all(failure.text.split()[0] in told for failure in draft.failures)
    program, _, _ = parse(SourceText(draft.text))
    assert program is not None
    passages = {text for paper in papers() for _, text in paper.passages.values()}
    assert {node.quote for node in tree.walk(program) if isinstance(node, tree.Cite)} <= passages


def test_the_client_of_ollama(url: str) -> None:
    with serving(behind(url)) as server:
        client = connect(config(server.url, "ollama"))
        assert client.digest()
        reply = client.ask(Request(TASK, 3, 0.0, CONTEXT, 40))
    assert reply.text.strip()
    assert not reply.whole
    assert reply.answer_tokens == 40
    assert server.asked[0]["options"] == {"num_ctx": CONTEXT, "num_predict": 40, "temperature": 0.0, "seed": 3}


def test_the_client_of_ollama_with_the_schema(url: str) -> None:
    """The schema is one that llama.cpp understands, and what is written under it is a program in JSON."""
    schema = program_schema(papers())
    with serving(behind(url)) as server:
        client = connect(config(server.url, "ollama"))
        reply = client.ask(Request((json_task(),), 1, 0.0, CONTEXT, 400, schema=schema))
    assert server.asked[0]["format"] == schema
    assert reply.whole
    assert '"blocks": [' in reply.text
    source = SourceText(find_program(as_text(reply.text)))
    program, diagnostics, _ = parse(source)
    assert not diagnostics, render(diagnostics[0], source)
    assert program is not None
    assert program.blocks
    assert list(problems(program, papers())) == []


def test_quotations_are_the_words_of_the_papers(url: str) -> None:
    """The model writes ids of sentences and rows; the words and the page are filled in."""
    for seed in range(2, 12):
        reply = answered(url, seed)
        if not reply.whole or "cite" not in reply.text:
            continue
        text = find_program(reply.text)
        program, _, _ = parse(SourceText(text))
        assert program is not None
        filled, _, _ = parse(SourceText(in_words(text, program, papers())))
        assert filled is not None
        cites = [node for node in tree.walk(filled) if isinstance(node, tree.Cite)]
        assert cites
        for cite in cites:
            (document,) = (paper.document for paper in papers() if paper.source == cite.source)
            page = next(page for page in document.pages if page.number == cite.page)
            rows = [row.text for table in page.tables for row in table.rows]
            assert cite.quote in [*(sentence.text for sentence in page.sentences), *rows]
        return
    pytest.fail("no answer cites anything")


# A real host: `HEPSEL_TEST_OLLAMA=llama3.2:1b@http://localhost:11434`.
OLLAMA = os.environ.get("HEPSEL_TEST_OLLAMA", "")


@pytest.mark.skipif(not OLLAMA, reason="set HEPSEL_TEST_OLLAMA to model@host to ask a real Ollama")
@pytest.mark.parametrize("constrained", [False, True])
def test_a_real_ollama(constrained: bool) -> None:
    model, _, host = OLLAMA.partition("@")
    client = connect(ServerConfig("ollama", model, url=_address(host), context=CONTEXT, max_tokens=1500, timeout=600))
    assert client.digest()
    schema = program_schema(papers()) if constrained else None
    message = json_task() if constrained else TASK[0]
    reply = client.ask(Request((message,), 1, 0.0, CONTEXT, 1500, schema=schema))
    assert reply.prompt_tokens
    assert reply.text.strip()
    if constrained and reply.whole:
        assert parse(SourceText(find_program(as_text(reply.text))))[1] == []


@pytest.mark.skipif(not OLLAMA, reason="set HEPSEL_TEST_OLLAMA to model@host to ask a real Ollama")
def test_a_model_that_a_real_ollama_does_not_have() -> None:
    config = ServerConfig("ollama", "no-such-model:0b", url=_address(OLLAMA.partition("@")[2]))
    with pytest.raises(ServerError, match="has no model"):
        connect(config).digest()


def _address(host: str) -> str | None:
    """Return the address of a host, or `None` for the usual one."""
    return None if not host else host if host.startswith("http") else f"http://{host}"
