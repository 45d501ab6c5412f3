"""Histograms as `hist` objects in the program's units, and as pictures."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hepsel.run.report import in_unit
from hepsel.run.result import Result
from hepsel.semantics.program import BinAxis, HistogramFill, Program

if TYPE_CHECKING:
    import hist
    from matplotlib.figure import Figure

Style = Literal["ATLAS", "CMS", "plain"]

_LATEX = re.compile(r"#(?=[A-Za-z])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A histogram, and what stands beside its axes.

    Attributes
    ----------
    region, name
        Where it comes from.
    title
        As the program gives it, in the LaTeX of ROOT (`#` for a backslash) or the usual one; else the name.
    histogram
        Contents over axes in the program's units; axis labels include the unit.
    """

    region: str
    name: str
    title: str
    histogram: hist.Hist[Any]


def pictures(program: Program, result: Result) -> list[Picture]:
    """Return the histograms of a result, region after region."""
    return [
        Picture(
            region.name,
            statement.name,
            statement.title or statement.name,
            _in_units(statement, result["histograms"][f"{region.name}/{statement.name}"]),
        )
        for region in program.regions.values()
        for statement in region.statements
        if isinstance(statement, HistogramFill)
    ]


def _in_units(statement: HistogramFill, histogram: hist.Hist[Any]) -> hist.Hist[Any]:
    import hist

    axes = [_axis(axis, statement) for axis in statement.axes]
    scaled: hist.Hist[Any] = hist.Hist(*axes, storage=hist.storage.Weight(), name=statement.name, label="events")
    scaled.view(flow=True)[...] = histogram.view(flow=True)
    return scaled


def _axis(axis: BinAxis, statement: HistogramFill) -> Any:
    import hist

    text = statement.title if statement.title and len(statement.axes) == 1 else axis.label
    label = f"{text} [{axis.unit}]" if axis.unit else text
    if axis.uniform is None:
        return hist.axis.Variable(in_unit(axis.edges, axis.unit), label=label)
    bins, *ends = axis.uniform
    low, high = in_unit(ends, axis.unit)
    return hist.axis.Regular(bins, low, high, label=label)


def as_mathtext(text: str) -> str:
    r"""Return text with LaTeX in it as matplotlib draws it.

    Examples
    --------
    >>> as_mathtext("m_{4l} [GeV]")
    '$m_{4l}$ [GeV]'
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
    import matplotlib as mpl
    import mplhep
    from matplotlib.figure import Figure

    sheet = {"ATLAS": mplhep.style.ATLAS, "CMS": mplhep.style.CMS, "plain": {}}[style]
    with mpl.rc_context():
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
    labels = [as_mathtext(axis.label) for axis in histogram.axes]
    axes.set_xlabel(labels[0])
    if len(labels) == 2:
        drawn = mplhep.hist2dplot(histogram, ax=axes, flow="none", cbar=False)
        axes.figure.colorbar(drawn.pcolormesh, ax=axes, label="events")
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])
        axes.set_title(as_mathtext(picture.title))
        for axis in (axes.xaxis, axes.yaxis):
            # Of few bins, mplhep puts a tick at each edge; with smaller ones between, uneven edges have thousands.
            axis.set_major_locator(AutoLocator())
        return
    view: Any = histogram.view()
    errors = np.sqrt(view["variance"])  # given, lest mplhep guesses whether they are Poisson's
    mplhep.histplot(histogram, ax=axes, yerr=errors, histtype="errorbar", color="black", flow="none")
    axes.set_xlabel(labels[0])
    axes.set_ylabel("events")
    axes.set_title(picture.region)
    axes.set_xlim(histogram.axes[0].edges[0], histogram.axes[0].edges[-1])
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]) if histogram.values().min() < 0 else 0.0)
