"""Writes what is said about each wrong program of `tests/diagnostics` and `docs`.

Read every change as a stranger would. Is the message right, does the caret stand in the right place, does the advice
mend the program?
"""

from __future__ import annotations

from diagnostic_cases import programs, rendered
from docs_blocks import pages, with_what_is_said


def main() -> None:
    """Write the expected diagnostics, and name what changed."""
    for program in programs():
        expected = program.with_suffix(".expected")
        new = rendered(program)
        if not expected.exists() or expected.read_text(encoding="utf-8") != new:
            expected.write_text(new, encoding="utf-8")
            print(expected.name)
    for page in pages():
        text = with_what_is_said(page)
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            print(page.name)


if __name__ == "__main__":
    main()
