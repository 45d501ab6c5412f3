"""Which events a draft selects, beside those that the truth selects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hepsel.compare.chunks import read_chunks
from hepsel.run.engine import Engine, Job, generate_code
from hepsel.run.inputs import Entries, InputFile
from hepsel.semantics.program import Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNK = 20_000


def selected(program: Program, files: Sequence[InputFile]) -> dict[str, NDArray[Any]]:
    """Compile a program, run it, and return for each of its regions whether it selects each event.

    Raises
    ------
    DataError
        When a file cannot be read, or lacks what the program asks for.
    """
    import numpy as np

    engine = Engine(Job(program, generate_code(program), None, True, False, _CHUNK))
    found: dict[str, list[bool]] = {name: [] for name in program.regions}
    for part in read_chunks(engine, program.format, files, Entries(), _CHUNK, None):
        failed = engine.process(part.file, part.columns, part.stop - part.start)["first_failed"]
        for name, passed in found.items():
            passed += [criterion is None for criterion in failed[name]]
    return {name: np.array(passed, dtype=bool) for name, passed in found.items()}


def event_match(
    truth: Mapping[str, NDArray[Any]], draft: Mapping[str, NDArray[Any]], counterparts: Mapping[str, str]
) -> dict[str, Any]:
    """Compare selections, region by region of the truth.

    Parameters
    ----------
    truth, draft
        What they select.
    counterparts
        The draft's name of a region of the truth; one that has none selects nothing.

    Returns
    -------
    dict
        `both`, `only_draft` and `only_truth`, over all regions of the truth and by region, and whether no event of
        any region is told apart (`identical`).
    """
    import numpy as np

    regions = {}
    for name, wanted in truth.items():
        said = draft.get(counterparts.get(name, ""), np.zeros_like(wanted))
        regions[name] = {
            "events": len(wanted),
            "both": int((wanted & said).sum()),
            "only_draft": int((said & ~wanted).sum()),
            "only_truth": int((wanted & ~said).sum()),
        }
    sums = {key: sum(region[key] for region in regions.values()) for key in ("both", "only_draft", "only_truth")}
    identical = sums["only_draft"] == sums["only_truth"] == 0 and set(truth) <= set(counterparts)
    return {**sums, "identical": identical, "regions": regions}
