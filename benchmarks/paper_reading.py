"""How long reading a paper takes, next to what pdfplumber needs for its words and tables alone.

python benchmarks/paper_reading.py PAPER.pdf...
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pdfplumber

from hepsel.extract.reading import read_document


def computing_time() -> float:
    """Return the user and system time so far, of this process and of its children, in seconds."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def best_of_three(action: Callable[[], object]) -> float:
    """Return the least computing time of three calls, in seconds."""

    def once() -> float:
        start = computing_time()
        action()
        return computing_time() - start

    return min(once() for _ in range(3))


def words_and_tables(path: Path) -> None:
    """Read every page with pdfplumber."""
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_words()
            page.extract_tables()


def main() -> None:
    """Print a line for each paper."""
    for name in sys.argv[1:]:
        path = Path(name)
        hepsel = best_of_three(lambda path=path: read_document(path))
        pdfplumber_time = best_of_three(lambda path=path: words_and_tables(path))
        ratio = pdfplumber_time / hepsel
        print(f"{path.name}: hepsel {hepsel:.2f} s, pdfplumber {pdfplumber_time:.2f} s, ratio {ratio:.1f}")


if __name__ == "__main__":
    main()
