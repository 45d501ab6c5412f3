"""`hepsel compare`."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hepsel.cli.console import console
from hepsel.cli.options import FiniteRange
from hepsel.cli.progress import shown_progress
from hepsel.cli.trouble import no_difference
from hepsel.compare.cutflows import Cutflows, compare_counts, compare_outputs
from hepsel.compare.event_file import EXTENSIONS, event_file
from hepsel.compare.event_lists import Match, Names, match, read_event_list
from hepsel.compare.near import Near, near_events
from hepsel.compare.outputs import Output, is_output, read_output, traced
from hepsel.compare.published import Count, expected_counts, read_counts
from hepsel.compare.rerun import inputs_of, lost_at, options_of, program_of
from hepsel.compare.results_report import NEAR_COLUMNS, ODD_COLUMNS, OddEvent, Results, as_data, lines, sections
from hepsel.compare.sections import html, latex, markdown, print_sections
from hepsel.errors import DataError, ExitCode
from hepsel.files import refuse_inputs
from hepsel.run.inputs import find_files
from hepsel.run.outputs import to_json
from hepsel.semantics.program import Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DOCUMENTS = {"markdown": markdown, "html": html, "latex": latex}


@click.command()
@click.argument("here", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("there", required=False, metavar="[DIR2|EVENTS]")
@click.option(
    "--region", "regions", multiple=True, metavar="NAME[=OTHER]", help="Only this region, which is called OTHER there."
)
@click.option("--run", "run_name", default="run", show_default=True, metavar="NAME", help="Column with the run.")
@click.option(
    "--event", "event_name", default="event", show_default=True, metavar="NAME", help="Column with the event."
)
@click.option(
    "--cutflow",
    "published",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Published cutflow: CSV, YAML or a HEPData YAML table; without it, `expect` of the program.",
)
@click.option("--column", metavar="NAME", help="Of a HEPData table: which dependent variable.")
@click.option("--in-order", is_flag=True, help="Rows of the published cutflow are those here, whatever their names.")
@click.option("--lost", is_flag=True, help="Run the program again to say where events only there were lost.")
@click.option(
    "--tolerance",
    type=FiniteRange(min=0, max=1, min_open=True),
    metavar="X",
    help="List events that a criterion decides within this relative distance of its bound.",
)
@click.option("--data", multiple=True, metavar="FILE", help="The data of DIR, if not where its manifest says.")
@click.option(
    "--program", "program_path", type=click.Path(path_type=Path), metavar="FILE", help="Likewise its program."
)
@click.option("--format", "format_name", metavar="NAME|FILE", help="Likewise its format.")
@click.option(
    "--output",
    type=click.Choice(["table", "json", *_DOCUMENTS]),
    default="table",
    show_default=True,
    help="How the result is written.",
)
@click.option(
    "--events",
    "events_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the events that only one side has (with --tolerance alone, those near a bound): .csv or .parquet.",
)
def compare(
    here: Path,
    there: str | None,
    regions: tuple[str, ...],
    run_name: str,
    event_name: str,
    published: Path | None,
    column: str | None,
    in_order: bool,
    lost: bool,
    tolerance: float | None,
    data: tuple[str, ...],
    program_path: Path | None,
    format_name: str | None,
    output: str,
    events_path: Path | None,
) -> int:
    """Compare the results of a run with other results.

    DIR is the output of hepsel run. It is compared with another such directory, with a list of events (CSV, Parquet
    or ROOT), or with published numbers of events.

    Exit code 0: the same; 1: different; 2 or more: trouble.
    """
    if events_path is not None and events_path.suffix not in EXTENSIONS:
        raise click.UsageError(f"--events {events_path}: the name must end with {' or '.join(EXTENSIONS)}")
    if events_path is not None and there is None and tolerance is None:
        raise click.UsageError("--events: there is no list of events to compare, and no --tolerance")
    if published is None and (column is not None or in_order):
        raise click.UsageError("--column and --in-order are about a published cutflow: name it with --cutflow FILE")
    if events_path is not None:
        folders = [path for name in (here, there) if name is not None for path in Path(name).glob("*")]
        refuse_inputs(events_path, (*folders, there, published, program_path, format_name, *data))
    ours = read_output(here)
    rerun = _Rerun(ours, data, program_path, format_name, events_path)
    results = Results((str(here), there))
    pairs = _pairs(ours, regions)
    results.remarks += _incomplete(ours, [name for name, _ in pairs])
    if there is not None and is_output(Path(there)):
        theirs = read_output(Path(there))
        results.remarks += _incomplete(theirs, [name for _, name in pairs if name in theirs.regions])
        _compare_directories(results, ours, theirs, pairs, chosen=bool(regions), rerun=rerun if lost else None)
    elif there is not None:
        here_or_not = (there, there.rpartition(":")[0] or there)
        if len(pairs) > 1 and "://" not in there and not any(Path(name).exists() for name in here_or_not):
            raise DataError(f"{there}: no such file, and no such directory")
        pair = _only(pairs)
        listed = read_event_list(there, Names(run_name, event_name), pair[1])
        found = match(pair[0], ours.events(pair[0]), listed)
        results.matches.append(found)
        results.odd += _odd(found, ours, None, rerun if lost else None, results.remarks)
    if published is not None:
        names = [_only(pairs)[0]] if in_order else [pair[0] for pair in pairs]
        results.cutflows = compare_counts(ours, read_counts(published, column), names, in_order=in_order)
    elif there is None:
        results.cutflows = _expected(ours, pairs, needed=tolerance is None)
    if tolerance is not None:
        _near(results, rerun, tolerance)
    _write_events(events_path, results, there)
    _show(results, output)
    return ExitCode.OK if results.same else ExitCode.PROBLEMS


def _pairs(ours: Output, regions: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in regions or ours.regions:
        name, _, other = text.partition("=")
        if name not in ours.regions:
            raise click.UsageError(f"--region {name}: {ours.path} has {', '.join(ours.regions)}")
        pairs.append((name, other or name))
    return pairs


def _incomplete(output: Output, regions: Sequence[str]) -> list[str]:
    """Return what is said of results that lack something."""
    found = []
    for name in regions:
        lacking = output.region(name).get("not_applied", [])
        if lacking:
            found.append(f"{output.path}, {name}: criteria that were not applied: {', '.join(map(str, lacking))}")
    if output.cutflow.get("skipped_files"):
        found.append(f"{output.path}: files were skipped")
    return found


def _only(pairs: Sequence[tuple[str, str]]) -> tuple[str, str]:
    if len(pairs) != 1:
        names = ", ".join(name for name, _ in pairs)
        raise click.UsageError(f"say with --region NAME which region is meant: {names}")
    return pairs[0]


def _compare_directories(
    results: Results,
    ours: Output,
    theirs: Output,
    pairs: Sequence[tuple[str, str]],
    *,
    chosen: bool,
    rerun: _Rerun | None,
) -> None:
    common = [pair for pair in pairs if pair[1] in theirs.regions]
    if chosen and len(common) < len(pairs):
        missing = next(other for _, other in pairs if other not in theirs.regions)
        raise click.UsageError(f"--region {missing}: {theirs.path} has {', '.join(theirs.regions)}")
    only_here = [(name, "the whole region") for name, other in pairs if other not in theirs.regions]
    matched = {other for _, other in pairs}
    only_there = [] if chosen else [(name, "the whole region") for name in theirs.regions if name not in matched]
    again = None if rerun is None else _Rerun(theirs, (), None, None, rerun.events)
    for one, other in common:
        bare = [f"{output.path}, {name}" for output, name in ((ours, one), (theirs, other)) if not output.lists(name)]
        if bare:
            results.remarks.append(f"{' and '.join(bare)}: no list of events, so only numbers are compared")
            continue
        found = match(one, ours.events(one), theirs.events(other))
        results.matches.append(found)
        results.odd += _odd(found, ours, (theirs, other, again), rerun, results.remarks)
    counts = compare_outputs(ours, theirs, common)
    results.cutflows = Cutflows(counts.rows, (*only_here, *counts.only_here), (*only_there, *counts.only_there))


def _odd(
    found: Match,
    ours: Output,
    theirs: tuple[Output, str, _Rerun | None] | None,
    rerun: _Rerun | None,
    remarks: list[str],
) -> list[OddEvent]:
    """Return the events that only one side has, with where the other side lost them, as far as that is known."""
    odd = []
    lost = _lost(found.only_there, ours, found.region, rerun, remarks)
    odd += [_odd_event(found.region, "there", event, lost, ours, found.region) for event in found.only_there]
    if theirs is None:
        odd += [_odd_event(found.region, "here", event, None, None, "") for event in found.only_here]
    else:
        output, name, again = theirs
        lost = _lost(found.only_here, output, name, again, remarks)
        odd += [_odd_event(found.region, "here", event, lost, output, name) for event in found.only_here]
    return odd


def _lost(
    events: NDArray[Any], output: Output, region: str, rerun: _Rerun | None, remarks: list[str]
) -> dict[tuple[int, int], str] | None:
    if not len(events):
        return None
    if rerun is not None:
        return rerun.lost(events)[region]
    found = traced(output, region, events)
    if found is None:
        remark = f"where {output.path} lost events is not known: it has no trace.csv; --lost runs its program again"
        if remark not in remarks:
            remarks.append(remark)
    return found


def _odd_event(
    region: str, where: str, event: Any, lost: dict[tuple[int, int], str] | None, output: Output | None, name: str
) -> OddEvent:
    run, number = int(event["run"]), int(event["event"])
    if lost is None or output is None:
        return OddEvent(region, where, run, number)
    criterion = lost.get((run, number))
    if criterion is None:
        return OddEvent(region, where, run, number, "", f"not in the data of {output.path}")
    if not criterion:
        return OddEvent(region, where, run, number, "", "passes when it is run again")
    return OddEvent(region, where, run, number, criterion, output.labels(name).get(criterion, ""))


class _Rerun:
    """The run of an output directory, done again when somebody asks."""

    def __init__(
        self,
        output: Output,
        data: Sequence[str],
        program: Path | None,
        format_name: str | None,
        events: Path | None,
    ) -> None:
        self.events = events
        self._output = output
        self._data = data
        self._program = program
        self._format = format_name

    def _checked(self) -> Program:
        with no_difference():
            return program_of(self._output, self._program, self._format)

    def _inputs(self) -> list[str]:
        names = inputs_of(self._output, self._data)
        if self.events is not None:
            refuse_inputs(self.events, (file.path for file in find_files(names)))
        return names

    def lost(self, events: NDArray[Any]) -> dict[str, dict[tuple[int, int], str]]:
        program = self._checked()
        with shown_progress() as progress:
            return lost_at(self._output, program, self._inputs(), events, progress)

    def near(self, distance: float) -> list[Near]:
        program = self._checked()
        entries, good_runs = options_of(self._output)
        data = self._inputs()
        with shown_progress() as progress:
            return list(near_events(program, data, distance, entries=entries, good_runs=good_runs, progress=progress))


def _expected(ours: Output, pairs: Sequence[tuple[str, str]], *, needed: bool) -> Cutflows | None:
    names = [name for name, _ in pairs]
    counts: list[Count] = [count for name in names for count in expected_counts(ours.region(name))]
    if not counts:
        if needed:
            raise click.UsageError(
                f"nothing to compare with: the program of {ours.path} has no expect; "
                "name another directory, a list of events, or --cutflow FILE"
            )
        return None
    compared = compare_counts(ours, counts, names, in_order=False)
    return Cutflows(compared.rows, (), compared.only_there)


def _near(results: Results, rerun: _Rerun, tolerance: float) -> None:
    results.near = rerun.near(tolerance)
    by_event: dict[tuple[int, int], list[str]] = {}
    for event in results.near:
        by_event.setdefault((event.run, event.event), []).append(event.criterion)
    results.odd = [replace(odd, near=tuple(by_event.get((odd.run, odd.event), ()))) for odd in results.odd]


def _write_events(path: Path | None, results: Results, there: str | None) -> None:
    if path is None:
        return
    with contextlib.ExitStack() as stack:
        if there is None and results.near is not None:
            sink = stack.enter_context(event_file(path, NEAR_COLUMNS))
            sink.add([{name: getattr(event, name) for name in NEAR_COLUMNS} for event in results.near])
        else:
            sink = stack.enter_context(event_file(path, ODD_COLUMNS))
            sink.add([event.row() for event in results.odd])


def _show(results: Results, output: str) -> None:
    if output == "json":
        print(to_json(as_data(results)), end="")
    elif output == "table":
        print_sections(sections(results), lines(results), console())
    else:
        print(_DOCUMENTS[output](sections(results), lines(results)))
