"""BENCH.toml: which models, which papers, how often; checked as carefully as a program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from hepsel.check import check_text, read_source
from hepsel.errors import DataError, HepselError
from hepsel.extract.extract import parse_reference
from hepsel.extract.servers.config import ServerConfig, server_problems
from hepsel.formats.document import Document, Table
from hepsel.formats.loader import builtin_formats, load_format
from hepsel.formats.schema import Format
from hepsel.formats.source import Problem, key_lines, line_of, parse
from hepsel.run.inputs import InputFile, find_files
from hepsel.semantics.program import Program

_KEYS = ("trials", "rounds", "samples", "models", "papers")
_PAPER_KEYS = ("paper", "refs", "truth", "format", "data")
_NUMBERS = {"trials": (1, 10_000, 1), "rounds": (0, 20, 3), "samples": (1, 100, 1)}  # least, most, usual
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")


class BenchError(HepselError):
    """A BENCH.toml that cannot be used: all that is wrong with it, with lines."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        lines = [f"{source}:{problem.line}: {problem.message}" for problem in problems]
        super().__init__("\n".join([*lines, f"{source}: {len(problems)} error(s)"]))


@dataclass(frozen=True)
class BenchPaper:
    """A paper whose selection is known.

    Attributes
    ----------
    name
        What the bench calls it.
    paper, references
        Its file, and those that it refers to, with their keys in its reference list where these are given.
    truth, text
        What it says, as a person wrote it down: the program, and its text.
    data
        Events on which drafts are compared with the truth.
    """

    name: str
    paper: Path
    references: tuple[tuple[str | None, Path], ...]
    truth: Program
    text: str
    data: tuple[InputFile, ...]

    @property
    def format(self) -> Format:
        """The format for which the truth is written, and in which drafts are asked for."""
        return self.truth.format


@dataclass(frozen=True)
class Bench:
    """What is measured.

    Attributes
    ----------
    models
        How each model is asked, by the name that the bench has for it.
    papers
        The papers, by name.
    trials
        How often each model is asked for each paper, with other seeds.
    rounds, samples
        As the options of `hepsel extract`.
    """

    models: Mapping[str, ServerConfig]
    papers: Mapping[str, BenchPaper]
    trials: int
    rounds: int
    samples: int

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {
            "trials": self.trials,
            "rounds": self.rounds,
            "samples": self.samples,
            "models": {name: asdict(config) for name, config in self.models.items()},
            "papers": {
                name: {
                    "paper": str(paper.paper),
                    "refs": [str(path) for _, path in paper.references],
                    "format": paper.format.name,
                    "data": [str(file) for file in paper.data],
                }
                for name, paper in self.papers.items()
            },
        }


def read_bench(path: Path) -> Bench:
    """Read a BENCH.toml; the paths in it start from its folder.

    Raises
    ------
    BenchError
        With everything that is wrong.
    FormatError
        If it is not TOML.
    DataError
        If it cannot be read.
    """
    text = read_source(path, "bench")
    content = parse(text, str(path))
    reader = _Reader(path.parent)
    bench = reader.read(content)
    if bench is None:
        lines = key_lines(text)
        problems = {Problem(line_of(lines, where), message) for where, message in reader.document.problems}
        raise BenchError(str(path), tuple(sorted(problems, key=lambda problem: (problem.line, problem.message))))
    return bench


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.document = Document()
        self._folder = folder

    def read(self, content: Table) -> Bench | None:
        self.document.unknown_keys(content, _KEYS, ())
        trials, rounds, samples = (self._number(content, name) for name in _NUMBERS)
        models = dict(self._models(content))
        papers = dict(self._papers(content))
        for name, config in models.items():
            if config.temperature == 0 and trials * samples > 1:
                self.document.problem(
                    ("models", name, "temperature"),
                    f"models.{name}: at temperature 0 all answers to a question are the same: set `temperature`, or "
                    "have 1 trial with 1 sample",
                )
        return None if self.document.problems else Bench(models, papers, trials, rounds, samples)

    def _number(self, content: Table, name: str) -> int:
        least, most, usual = _NUMBERS[name]
        value = self.document.whole(content, name, ())
        if value is None:
            return usual
        if not least <= value <= most:
            self.document.problem((name,), f"`{name}` is {value}; it must be from {least} to {most}")
            return usual
        return value

    def _named(self, content: Table, key: str, what: str) -> Iterator[tuple[str, Table]]:
        """Yield the tables of a table, which must have some, all with names that files can have."""
        tables = self.document.table(content, key, ())
        if not tables and isinstance(content.get(key, {}), dict):
            self.document.problem((key,), f"there is no {what}: write a section [{key}.NAME]")
        for name in tables:
            if not _NAME.fullmatch(name):
                message = f"{name!r} cannot be the name of a {what}: use letters, digits, _ . and -, at most 64"
                self.document.problem((key, name), message)
            yield name, self.document.table(tables, name, (key,))

    # ---------------------------------------------------------------- models

    def _models(self, content: Table) -> Iterator[tuple[str, ServerConfig]]:
        for name, values in self._named(content, "models", "model"):
            problems = list(server_problems(values))
            for key, message in problems:
                where = f"models.{name}: " if key not in values else f"models.{name}.{key}: "
                self.document.problem(("models", name, key), where + message)
            if not problems:
                yield name, ServerConfig(**values)  # type: ignore[arg-type]

    # ---------------------------------------------------------------- papers

    def _papers(self, content: Table) -> Iterator[tuple[str, BenchPaper]]:
        for name, table in self._named(content, "papers", "paper"):
            where = ("papers", name)
            self.document.unknown_keys(table, _PAPER_KEYS, where)
            paper = self._file(table, "paper", where)
            references = tuple(self._references(table, where))
            data_format = self._format(table, where)
            truth = self._truth(table, data_format, where)
            data = self._data(table, where)
            if data and truth is not None and not truth[0].regions:
                self._problem((*where, "data"), "the truth has no region: it selects no events")
            if paper is not None and truth is not None:
                yield name, BenchPaper(name, paper, references, *truth, data)

    def _problem(self, where: tuple[str, ...], message: str) -> None:
        self.document.problem(where, f"{'.'.join(where)}: {message}")

    def _needed(self, table: Table, key: str, where: tuple[str, ...]) -> str | None:
        if key not in table:
            self._problem(where, f"`{key}` is missing")
        return self.document.text(table, key, where)

    def _file(self, table: Table, key: str, where: tuple[str, ...]) -> Path | None:
        name = self._needed(table, key, where)
        return None if name is None else self._existing(self._folder / name, (*where, key))

    def _existing(self, path: Path, where: tuple[str, ...]) -> Path | None:
        if not path.exists():
            self._problem(where, f"{path}: no such file")
            return None
        return path

    def _references(self, table: Table, where: tuple[str, ...]) -> Iterator[tuple[str | None, Path]]:
        for text in self.document.texts(table, "refs", where) if "refs" in table else ():
            key, path = parse_reference(text, self._folder)
            if self._existing(path, (*where, "refs")) is not None:
                yield key, path

    def _format(self, table: Table, where: tuple[str, ...]) -> Format | None:
        name = self._needed(table, "format", where)
        if name is None:
            return None
        known = name in builtin_formats() or ("/" not in name and not name.endswith(".toml"))
        try:
            return load_format(name if known else str(self._folder / name))
        except HepselError as error:
            self._problem((*where, "format"), _first_line(error))
            return None

    def _truth(self, table: Table, data_format: Format | None, where: tuple[str, ...]) -> tuple[Program, str] | None:
        path = self._file(table, "truth", where)
        if path is None or data_format is None:
            return None
        try:
            text = read_source(path)
        except DataError as error:
            self._problem((*where, "truth"), str(error))
            return None
        checked = check_text(text, data_format, str(path))
        if checked.program is None:
            first = checked.errors[0]
            self._problem(
                (*where, "truth"), f"{path}:{first.span.line}: has {len(checked.errors)} error(s): {first.message}"
            )
            return None
        return checked.program, text

    def _data(self, table: Table, where: tuple[str, ...]) -> tuple[InputFile, ...]:
        texts = self.document.texts(table, "data", where) if "data" in table else ()
        signs = ["@" if text.startswith("@") else "" for text in texts]
        try:
            files = find_files(
                f"{sign}{self._folder / text.removeprefix(sign)}" for sign, text in zip(signs, texts, strict=True)
            )
            for file in files:
                if not isinstance(file.path, Path):
                    raise DataError(f"{file.path}: bench reads no files from servers; copy it here first")
            return files
        except DataError as error:
            self._problem((*where, "data"), _first_line(error))
            return ()


def _first_line(error: HepselError) -> str:
    return str(error).splitlines()[0]
