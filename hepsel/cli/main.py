"""The `hepsel` command."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from hepsel import __version__
from hepsel.errors import ExitCode, HepselError

# Each command is imported when it is used: `hepsel check` loads neither awkward nor uproot.
_COMMANDS = {
    "check": ("hepsel.cli.check", "Check a program: syntax, names, types and units."),
    "fmt": ("hepsel.cli.fmt", "Bring programs into the canonical layout."),
    "compile": ("hepsel.cli.compile", "Print the code, or an earlier stage, that a program becomes."),
    "run": ("hepsel.cli.run", "Run a program over ROOT or Parquet files."),
    "diff": ("hepsel.cli.diff", "Compare what two programs mean, criterion by criterion."),
    "compare": ("hepsel.cli.compare", "Compare results with other results: events, cutflows."),
    "read": ("hepsel.cli.read", "Show what was understood of a paper."),
    "extract": ("hepsel.cli.extract", "Draft a program from a paper, with a language model."),
    "bench": ("hepsel.cli.bench", "Measure how well models extract selections."),
    "formats": ("hepsel.cli.formats", "Show the data formats and their vocabulary."),
    "inspect": ("hepsel.cli.inspect", "Show what a data file holds and which format fits it."),
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(_COMMANDS[cmd_name][0])
        command = getattr(module, cmd_name if cmd_name != "compile" else "compile_")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        # The summaries stand here, so that `hepsel --help` imports no command.
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hepsel")
def cli() -> None:
    """Event selections as text that is checked before it runs."""


def main() -> None:
    """Run the command line; the exit code is one of `ExitCode`."""
    sys.exit(_run())


def _run() -> int:
    try:
        result: Any = cli.main(standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as with `hepsel ... | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except HepselError as error:
        print(f"hepsel: {error}" if "\n" not in str(error) else str(error), file=sys.stderr)
        return error.exit_code
    return result if isinstance(result, int) else ExitCode.OK


if __name__ == "__main__":
    main()
