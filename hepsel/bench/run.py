"""The bench as a whole: every model, every paper, every trial, what is kept being taken from where it is kept."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from hepsel import __version__
from hepsel.bench.events import selected
from hepsel.bench.kept import Kept
from hepsel.bench.spec import Bench, BenchPaper
from hepsel.bench.trial import Measure, Record, is_final, run_trial
from hepsel.extract.answers.converse import Wanted
from hepsel.extract.askers import Served
from hepsel.extract.asking.messages import Message
from hepsel.extract.asking.passages import Paper
from hepsel.extract.extract import SEEDS_APART, prepare, read_papers
from hepsel.extract.servers.config import ServerConfig
from hepsel.extract.servers.model import Server
from hepsel.extract.store import Store
from hepsel.run.manifest import digest, format_digest

_PATIENCE = 3
"""Trials in a row that fail at the server before the rest of a model is left for the next time."""

# What has no bearing on what is answered.
_NOT_IN_KEYS = ("url", "timeout", "attempts", "api_key_variable")


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial: model, paper and number, from 1."""

    model: str
    paper: str
    number: int


Watch = Callable[[str], None]
"""Is told what is done now."""


def trials(bench: Bench) -> Iterator[Trial]:
    """Yield all trials; one model after the other, for it takes long to load one."""
    for model in bench.models:
        for number in range(1, bench.trials + 1):
            for paper in bench.papers:
                yield Trial(model, paper, number)


class Runner:
    """Makes the trials of a bench.

    Parameters
    ----------
    bench
        What is measured.
    servers
        The connection to each model.
    store
        Where answers are kept.
    kept
        Where trials are kept.
    watch
        Is told what is done now.
    """

    def __init__(self, bench: Bench, servers: Mapping[str, Server], store: Store, kept: Kept, watch: Watch) -> None:
        self._bench, self._servers, self._store, self._kept, self._watch = bench, servers, store, kept, watch
        self._measures: dict[tuple[str, int], Measure] = {}
        self._failed: dict[str, int] = {}

    def prepare(self) -> None:
        """Read all papers and data, so that nothing is asked for a bench that cannot be finished.

        Raises
        ------
        HepselError
            When a file cannot be read, or a question does not fit into the context of a model.
        """
        for config in self._bench.models.values():
            for paper in self._bench.papers.values():
                self._measure(config, paper)

    def run(self, trial: Trial) -> Record | None:
        """Return a trial, from where it is kept or made now; `None` where the server of its model keeps failing."""
        config, paper = self._bench.models[trial.model], self._bench.papers[trial.paper]
        measure = self._measure(config, paper)
        key = self._key(trial, config, measure)
        record = self._kept.find(key)
        if record is not None and is_final(record):
            return record
        if self._failed.get(trial.model, 0) >= _PATIENCE:
            return None

        def make_asker(number: int) -> Served:
            place = (trial.number - 1) * self._bench.samples + number
            seeded = replace(config, seed=config.seed + SEEDS_APART * place)
            what = f"{trial.model} on {trial.paper}, trial {trial.number}"
            if self._bench.samples > 1:
                what += f", draft {number + 1} of {self._bench.samples}"
            return _Watched(seeded, self._servers[trial.model], self._store, measure.task.papers, self._watch, what)

        record = run_trial(measure, make_asker, self._bench.samples, self._bench.rounds)
        record |= asdict(trial)
        self._failed[trial.model] = 0 if is_final(record) else self._failed.get(trial.model, 0) + 1
        self._kept.keep(key, record)
        return record

    def _measure(self, config: ServerConfig, paper: BenchPaper) -> Measure:
        known = self._measures.get((paper.name, config.room))
        if known is None:
            self._watch(f"reading {paper.name}")
            task = prepare(*read_papers(paper.paper, paper.references), paper.format, config.room)
            others = (one for (name, _), one in self._measures.items() if name == paper.name)
            other = next(others, None)
            chosen = other.selected if other is not None else selected(paper.truth, paper.data) if paper.data else {}
            known = self._measures[paper.name, config.room] = Measure(paper, task, chosen)
        return known

    def _key(self, trial: Trial, config: ServerConfig, measure: Measure) -> str:
        """Return what a trial depends on, in short."""
        paper = measure.paper
        asked = {name: value for name, value in asdict(config).items() if name not in _NOT_IN_KEYS}
        files = [(str(file), stat.st_size, stat.st_mtime_ns) for file in paper.data for stat in [os.stat(file.path)]]
        content = {
            "hepsel": __version__,
            **asdict(trial),
            "config": asked,
            "options": [self._bench.rounds, self._bench.samples],
            "papers": [(one.source, one.key, one.document.sha256) for one in measure.task.papers],
            "format": format_digest(paper.format),
            "truth": digest(paper.text),
            "data": files,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class _Watched(Served):
    def __init__(
        self, config: ServerConfig, server: Server, store: Store, papers: Sequence[Paper], watch: Watch, what: str
    ) -> None:
        super().__init__(config, server, store, papers)
        self._watch, self._what = watch, what

    def ask(self, messages: Sequence[Message], wanted: Wanted) -> str | None:
        self._watch(f"{self._what}: asking for the {wanted.name} (round {len(self.asked) + 1})")
        answer = super().ask(messages, wanted)
        self._watch(f"{self._what}: checking")
        return answer
