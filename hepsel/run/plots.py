"""Histograms as `hist` objects in the program's units, and as pictures."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hepsel.run.report import in_unit
from hepsel.run.result import Result
from hepsel.semantics.program import BinAxis, HistogramFill, Program
from hepsel.semantics.types import ListType

if TYPE_CHECKING:
    import hist
    from matplotlib.figure import Figure

Style = Literal["ATLAS", "CMS", "plain"]

_LATEX = re.compile(r"#(?=[A-Za-z])")
_POWER = re.compile(r"\^\(?([-\d/]+)\)?")


@dataclass(frozen=True, slots=True)
class Picture:
    """A histogram, and what stands beside its axes.

    Attributes
    ----------
    region, name
        Where it comes from.
    heading
        What stands above it: the region, and of two axes the title or name.
    labels
        What stands at the axes, with the unit. Titles may have LaTeX in them, that of ROOT (`#` for a backslash) or the
        usual one; names and expressions do not.
    contents
        What is counted.
    histogram
        Contents over axes in the program's units; axis labels include the unit.

    `heading`, `labels` and `contents` are as matplotlib draws them.
    """

    region: str
    name: str
    heading: str
    labels: tuple[str, ...]
    contents: str
    histogram: hist.Hist[Any]


def pictures(program: Program, result: Result) -> list[Picture]:
    """Return the histograms of a result, region after region."""
    return [
        _picture(region.name, statement, result["histograms"][f"{region.name}/{statement.name}"])
        for region in program.regions.values()
        for statement in region.statements
        if isinstance(statement, HistogramFill)
    ]


def _picture(region: str, statement: HistogramFill, histogram: hist.Hist[Any]) -> Picture:
    title = as_mathtext(statement.title) if statement.title else None
    is_plane = len(statement.axes) == 2
    names = [title if title and not is_plane else axis.label for axis in statement.axes]
    units = [_POWER.sub(r"$^{\1}$", axis.unit) for axis in statement.axes]
    return Picture(
        region,
        statement.name,
        f"{region}: {title or statement.name}" if is_plane else region,
        tuple(_with_unit(name, unit) for name, unit in zip(names, units, strict=True)),
        _contents(statement, histogram, units[0]),
        _in_units(statement, histogram),
    )


def _contents(statement: HistogramFill, histogram: hist.Hist[Any], unit: str) -> str:
    """Return what a histogram counts, and along one axis in what width."""
    view: Any = histogram.view(flow=True)
    what = "entries" if any(isinstance(axis.value.type, ListType) for axis in statement.axes) else "events"
    if (view["value"] != view["variance"]).any():
        what = f"weighted {what}"
    if len(statement.axes) == 2:
        return what
    (axis,) = statement.axes
    if axis.uniform is None:
        return f"{what} / bin"
    bins, *ends = axis.uniform
    low, high = in_unit(ends, axis.unit)
    width = f"{(high - low) / bins:g} {unit}".rstrip()
    return what if width == "1" else f"{what} / {width}"


def _in_units(statement: HistogramFill, histogram: hist.Hist[Any]) -> hist.Hist[Any]:
    import hist

    axes = [_axis(axis, statement) for axis in statement.axes]
    scaled: hist.Hist[Any] = hist.Hist(*axes, storage=hist.storage.Weight(), name=statement.name, label="events")
    scaled.view(flow=True)[...] = histogram.view(flow=True)
    return scaled


def _axis(axis: BinAxis, statement: HistogramFill) -> Any:
    import hist

    text = statement.title if statement.title and len(statement.axes) == 1 else axis.label
    label = _with_unit(text, axis.unit)
    if axis.uniform is None:
        return hist.axis.Variable(in_unit(axis.edges, axis.unit), label=label)
    bins, *ends = axis.uniform
    low, high = in_unit(ends, axis.unit)
    return hist.axis.Regular(bins, low, high, label=label)


def _with_unit(text: str, unit: str) -> str:
    """Return what stands at an axis; a title may say the unit itself."""
    return f"{text} [{unit}]" if unit and not text.endswith("]") else text


def as_mathtext(text: str) -> str:
    r"""Return a title, which may have LaTeX in it, as matplotlib draws it.

    Examples
    --------
    >>> as_mathtext("m_{4l} of pairs")
    '$m_{4l}$ of pairs'
    >>> as_mathtext("#Delta#eta of jets")
    '$\\Delta\\eta$ of jets'
    """
    if "$" in text:
        return text if text.count("$") % 2 == 0 else text.replace("$", r"\$")
    words = (_LATEX.sub(r"\\", word) for word in text.split(" "))
    return " ".join(f"${word}$" if re.search(r"[\\^_]", word) else word for word in words)


def draw(picture: Picture, style: Style) -> bytes:
    """Draw a histogram.

    Returns
    -------
    bytes
        A PNG file.
    """
    _load_matplotlib()
    import matplotlib as mpl
    import mplhep
    import numpy as np
    from matplotlib.figure import Figure

    sheet = {"ATLAS": mplhep.style.ATLAS, "CMS": mplhep.style.CMS, "plain": {}}[style]
    with mpl.rc_context(), np.errstate(invalid="ignore"):  # weights may be infinite
        mplhep.style.use(sheet)
        # A figure of its own, not pyplot's: nothing to close, and no display is looked for.
        figure = Figure(figsize=(8, 6), layout="constrained")
        axes = figure.add_subplot()
        _fill(picture, axes)
        try:
            return _png(figure)
        except ValueError:  # LaTeX that matplotlib does not know: better the letters than nothing
            for text in (axes.title, axes.xaxis.label, axes.yaxis.label):
                text.set_parse_math(False)
            return _png(figure)


def _load_matplotlib() -> None:
    """Import matplotlib without its complaint that a home directory cannot be written: its caches are of no concern."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        import matplotlib.font_manager  # noqa: F401 (which looks for the caches)
    finally:
        logger.setLevel(level)


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    stream = io.BytesIO()
    # `print_figure` would draw it twice.
    FigureCanvasAgg(figure).print_png(stream)  # type: ignore[no-untyped-call]
    return stream.getvalue()


def _fill(picture: Picture, axes: Any) -> None:
    import mplhep
    import numpy as np
    from matplotlib.ticker import AutoLocator

    histogram = picture.histogram
    if len(picture.labels) == 2:
        drawn = mplhep.hist2dplot(histogram, ax=axes, flow="none", cbar=False)
        axes.figure.colorbar(drawn.pcolormesh, ax=axes, label=picture.contents)
        axes.set_xlabel(picture.labels[0])
        axes.set_ylabel(picture.labels[1])
        axes.set_title(picture.heading)
        for axis in (axes.xaxis, axes.yaxis):
            # Of few bins, mplhep puts a tick at each edge; with smaller ones between, uneven edges have thousands.
            axis.set_major_locator(AutoLocator())
        return
    view: Any = histogram.view()
    errors = np.sqrt(view["variance"])  # given, lest mplhep guesses whether they are Poisson's
    mplhep.histplot(histogram, ax=axes, yerr=errors, histtype="errorbar", color="black", flow="none")
    axes.set_xlabel(picture.labels[0])
    axes.set_ylabel(picture.contents)
    axes.set_title(picture.heading)
    axes.set_xlim(histogram.axes[0].edges[0], histogram.axes[0].edges[-1])
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]) if histogram.values().min() < 0 else 0.0)
