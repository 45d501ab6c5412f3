"""`hepsel extract`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import click

from hepsel.check import read_source
from hepsel.cli.format_option import format_option
from hepsel.cli.papers import tell_what_is_unknown
from hepsel.compare.smt import SolverMissing
from hepsel.errors import ExitCode
from hepsel.extract.answers.converse import Wanted
from hepsel.extract.answers.draft import NoDraft
from hepsel.extract.askers import Recorded, Served
from hepsel.extract.asking.messages import Message, tokens
from hepsel.extract.asking.passages import Paper, shown_parts
from hepsel.extract.choosing.cuts import kind_of_parts, parts_of
from hepsel.extract.extract import (
    SEEDS_APART,
    Extraction,
    Sample,
    Task,
    ask,
    finish,
    parse_reference,
    prepare,
    read_papers,
)
from hepsel.extract.outputs import check_free, page_path, report_path
from hepsel.extract.servers.config import ServerConfig, read_config
from hepsel.extract.servers.connect import connect
from hepsel.extract.servers.model import Server, ServerError
from hepsel.extract.store import Store, default_store
from hepsel.files import refuse_inputs, write_files
from hepsel.formats.loader import load_format
from hepsel.syntax.diagnostics import printable

_SHOWN = 100  # characters of a statement in a message


@click.command()
@click.argument("paper", type=click.Path(path_type=Path), metavar="PAPER")
@click.option(
    "--ref",
    "references",
    multiple=True,
    metavar="[KEY=]FILE",
    help="A paper that PAPER refers to, as KEY of its reference list (without: found by its title); repeatable.",
)
@format_option("Data format whose vocabulary is used: see `hepsel formats`.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("draft.hepsel"),
    show_default=True,
    help="The draft; its report stands beside it.",
)
@click.option(
    "--rounds",
    type=click.IntRange(0, 20),
    default=5,
    show_default=True,
    metavar="N",
    help="Times that what is wrong is sent back.",
)
@click.option(
    "--samples",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    metavar="N",
    help="Independent drafts, of which one is made by vote.",
)
@click.option("--model", metavar="NAME", help="The model, in the place of the configured one.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the server is configured; without it, hepsel/config.toml in the configuration folder.",
)
@click.option(
    "--store",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where answers are kept; without it, hepsel/answers.sqlite in the data folder.",
)
@click.option("--print-prompt", is_flag=True, help="Print what would be asked next, ask nobody, write nothing.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="An answer from anywhere, in the place of a model's; repeat it for further rounds.",
)
@click.option("--force", is_flag=True, help="Overwrite the draft and the report of an earlier run.")
def extract(
    paper: Path,
    references: tuple[str, ...],
    format_name: str,
    output: Path,
    rounds: int,
    samples: int,
    model: str | None,
    config_file: Path | None,
    store: Path | None,
    print_prompt: bool,
    answers: tuple[Path, ...],
    force: bool,
) -> int:
    """Draft a program from a paper.

    Exit code 0: nothing in the draft is flagged; 4: parts of it are; 1: there is no draft; 3: a file cannot be read
    or written; 5: a server failed.
    """
    by_hand = print_prompt or bool(answers)
    if by_hand and samples > 1:
        raise click.UsageError("--samples asks a server; --print-prompt and --answers are one conversation")
    if not print_prompt:
        outputs = [output, report_path(output), page_path(output)]
        check_free(outputs, force=force)
        inputs = paper, *(name.rpartition("=")[2] for name in references), format_name, config_file, *answers
        for path in outputs:
            refuse_inputs(path, inputs)
    # What is here is looked at first: a server is of no use where a paper cannot be read.
    data_format = load_format(format_name)
    recorded = Recorded([read_source(path, "answer") for path in answers])
    papers, files = read_papers(paper, [parse_reference(text) for text in references])
    for each in papers:
        tell_what_is_unknown(each.document)
    for reference, cited in zip(references, papers[1:], strict=True):
        if cited.document.sha256 == papers[0].document.sha256:
            raise click.UsageError(f"--ref {reference} is the paper itself")
    config = None if by_hand else read_config(config_file, model)
    if samples > 1:
        _check_samples(config)
    task = prepare(papers, files, data_format, None if config is None else config.room)
    if config is None:
        made_of = [Sample(ask(task, recorded, len(answers)), recorded)]
    else:
        server, kept = connect(config), Store(store or default_store())
        made_of = []
        for number in range(samples):
            sampled = replace(config, seed=config.seed + SEEDS_APART * number)
            which = f"draft {number + 1} of {samples}, " if samples > 1 else ""
            asker = _Shown(sampled, server, kept, task.papers, which)
            try:
                made_of.append(Sample(ask(task, asker, rounds), asker))
            except (ServerError, KeyboardInterrupt):
                if asker.asked or made_of:
                    print("what was answered is kept: the same command goes on from there", file=sys.stderr)
                raise
    if print_prompt:
        (talk,) = (sample.talk for sample in made_of)
        if talk.messages is None:
            print("nothing is left to ask", file=sys.stderr)
            return ExitCode.OK
        _print_messages(talk.messages)
        return ExitCode.OK
    try:
        made = finish(task, made_of, str(output))
    except NoDraft:
        if config is not None:
            print(f"what was answered is kept in {store or default_store()}", file=sys.stderr)
        raise
    write_files({output: made.draft.text, report_path(output): made.report, page_path(output): made.page})
    _summary(task, made, output)
    if made.failed:
        print(f"of {samples} drafts, {len(made.failed)} came to nothing: {printable(made.failed[0])}", file=sys.stderr)
    for sample in made_of:
        if sample.asker.stopped is not None and sample.talk.text is not None:
            print(printable(f"not mended further: {sample.asker.stopped}"), file=sys.stderr)
    return ExitCode.PARTIAL if made.draft.failures or made.draft.flags else ExitCode.OK


def _check_samples(config: ServerConfig | None) -> None:
    """Refuse, before anybody is asked, samples that could not differ or not be compared."""
    if config is not None and config.temperature == 0:
        raise click.UsageError("at temperature 0 all samples are the same: set `temperature` in the configuration")
    if find_spec("z3") is None:
        raise SolverMissing


class _Shown(Served):
    """A server, with a line on the terminal while it works."""

    def __init__(self, config: ServerConfig, server: Server, store: Store, papers: Sequence[Paper], which: str) -> None:
        super().__init__(config, server, store, papers)
        self._which = which

    def ask(self, messages: Sequence[Message], wanted: Wanted) -> str | None:
        from rich.console import Console

        what = (
            f"{self._which}asking for the {wanted.name} (round {len(self.asked) + 1}, about {tokens(messages)} tokens)"
        )
        with Console(stderr=True).status(what):
            answer = super().ask(messages, wanted)
        if answer is not None:
            made = self.asked[-1]
            took = "" if made.seconds is None else f" after {made.seconds:.0f} s"
            long = "" if made.answer_tokens is None else f" of {made.answer_tokens} tokens"
            print(f"{self._which}round {len(self.asked)}: {wanted.name}{long}{took}", file=sys.stderr)
        return answer


def _print_messages(messages: tuple[Message, ...]) -> None:
    if len(messages) == 2:
        print("\n".join(message.content for message in messages), end="")
        return
    for message in messages:
        print(f"----- {message.role} -----\n\n{message.content}")


def _summary(task: Task, made: Extraction, output: Path) -> None:
    def say(text: str) -> None:
        print(printable(text), file=sys.stderr)

    for sentence, missing in groupby(task.unresolved, lambda found: found.sentence):
        entries = "; ".join(f"[{found.key}] {found.entry or ''}".strip() for found in missing)
        say(f"not given: {entries} ({sentence} leaves something to it)")
    for paper in task.papers:
        shown, all_parts = len(shown_parts(paper, task.question.parts)), len(parts_of(paper.document))
        if shown < all_parts:
            kind = kind_of_parts(paper.document)
            name = paper.document.name
            say(f"of {name} only the {shown} of {all_parts} {kind} with most criteria were shown to the model")
    for failure in made.draft.failures:
        say(f"not in the draft: {failure.place}: {' '.join(failure.text.split())[:_SHOWN]}")
        say(f"  {failure.remarks[0].message}")
    for flag in made.draft.flags:
        say(f"flagged: {flag.place}: {' '.join(flag.text.split())[:_SHOWN]}")
        say(f"  {flag.remarks[0].message}")
    for one in made.draft.assumed:
        say(f"assumed by the model: {one.id}: {' '.join(one.text.split())[:_SHOWN]}")
        say(f"  {one.why}")
    for item in made.draft.evidence.omissions:
        said = f" ({', '.join(item.said)})" if item.said else ""
        say(f"not used: {item.source} {item.where}: {item.text[:_SHOWN]}{said}")
    counted = ", ".join(f"{count} {verdict}" for verdict, count in made.draft.evidence.counts.items())
    say(f"{len(made.draft.evidence.findings)} statements with evidence: {counted or 'none'}")
    say(f"wrote {output}, {report_path(output)} and {page_path(output)}")
