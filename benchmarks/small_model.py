"""Whether what a real model writes under the constraint is a program, and cites what the papers say.

python -m benchmarks.small_model [--kind llama-server|ollama] [--finished N]

SmolLM2 with 135 million parameters is served by llama.cpp, and asked with one seed after the other until N answers
have come to their end; with `--kind ollama` it is asked by the client of Ollama, under the JSON schema, through a
stand-in for Ollama's server. Printed is how many of the finished answers parse, next to how many do without a
constraint, and how many of their quotations stand in the papers, word by word, on the page that they name. What the
programs say is nonsense: the model is far too small.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from extract_case import papers
from fetch_data import fetch
from llama_server import CONTEXT, TASK, json_task, llama_server
from model_server import MODEL, behind, serving

from hepsel.extract.answers.citations import in_words, problems
from hepsel.extract.answers.find import NoProgram, find_program
from hepsel.extract.constraint.gbnf import program_gbnf
from hepsel.extract.constraint.schema import program_schema
from hepsel.extract.constraint.tree_json import as_text
from hepsel.extract.servers.config import ServerConfig
from hepsel.extract.servers.connect import connect
from hepsel.extract.servers.model import Request, Server
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText, render
from hepsel.syntax.parser import parse

Kind = Literal["llama-server", "ollama"]
TEMPERATURE = {"llama-server": 0.8, "ollama": 0.3}
LONGEST = {"llama-server": 300, "ollama": 600}
"""Tokens of an answer; a syntax tree takes several times those of the text."""


@contextmanager
def server(kind: Kind) -> Iterator[Server]:
    """Serve the model."""
    with llama_server(fetch("models/smollm2_135m_instruct.gguf")) as url:
        config = ServerConfig(kind, MODEL, url=url, context=CONTEXT, max_tokens=LONGEST[kind])
        if kind == "llama-server":
            yield connect(config)
            return
        with serving(behind(url)) as ollama:
            yield connect(replace(config, url=ollama.url))


def question(kind: Kind, seed: int, *, constrained: bool) -> Request:
    """Return what is asked."""
    (task,) = TASK if kind == "llama-server" else (json_task(),)
    request = Request((task,), seed, TEMPERATURE[kind], CONTEXT, LONGEST[kind])
    if not constrained:
        return request
    if kind == "ollama":
        return replace(request, schema=program_schema(papers()))
    return replace(request, grammar=program_gbnf(papers()))


def fault(answer: str) -> str | None:
    """Return why an answer is no program that cites what is there, or `None`."""
    try:
        source = SourceText(find_program(as_text(answer)))
    except NoProgram as error:
        return str(error)
    program, diagnostics, _ = parse(source)
    if diagnostics or program is None:
        return render(diagnostics[0], source)
    unknown = [problem.message for problem in problems(program, papers())]
    return unknown[0] if unknown else None


def quotations(answer: str) -> list[bool]:
    """Return for each quotation of a program whether its words stand on its page."""
    text = find_program(as_text(answer))
    program, _, _ = parse(SourceText(text))
    assert program is not None
    filled, _, _ = parse(SourceText(in_words(text, program, papers())))
    assert filled is not None
    pages = {
        (paper.source, page.number): [
            *(sentence.text for sentence in page.sentences),
            *(row.text for table in page.tables for row in table.rows),
        ]
        for paper in papers()
        for page in paper.document.pages
    }
    cites = (node for node in tree.walk(filled) if isinstance(node, tree.Cite))
    return [cite.quote in pages.get((cite.source, cite.page or 0), ()) for cite in cites]


def measure(kind: Kind, wanted: int, *, constrained: bool) -> None:
    """Ask until enough answers have come to their end, and print what became of them."""
    start = time.monotonic()
    asked = finished = tokens = 0
    faults: list[str] = []
    verbatim: list[bool] = []
    with server(kind) as held:
        while finished < wanted and asked < 4 * wanted:
            asked += 1
            reply = held.ask(question(kind, asked, constrained=constrained))
            tokens += reply.answer_tokens or 0
            if not reply.whole:
                continue
            finished += 1
            if (reason := fault(reply.text)) is not None:
                faults.append(f"seed {asked}: {reason}")
            else:
                verbatim += quotations(reply.text)
            print(f"\r{finished} of {wanted}, {asked} asked", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    how = "constrained" if constrained else "without a constraint"
    print(
        f"{kind}, {how}: {asked} asked, {finished} finished, {finished - len(faults)} parse; "
        f"{sum(verbatim)} of {len(verbatim)} quotations verbatim; {tokens} tokens in {time.monotonic() - start:.0f} s",
        flush=True,
    )
    if constrained:
        print(*faults, sep="\n", end="\n" if faults else "")


def main() -> None:
    """Print a line with the constraint, and one without."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=("llama-server", "ollama"), default="llama-server")
    parser.add_argument("--finished", type=int, default=100)
    arguments = parser.parse_args()
    measure(arguments.kind, arguments.finished, constrained=True)
    measure(arguments.kind, max(arguments.finished // 10, 1), constrained=False)


if __name__ == "__main__":
    main()
