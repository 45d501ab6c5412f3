"""The `hepsel` command."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from hepsel import __version__
from hepsel.cli.streams import OutputError, prepare_streams, tell
from hepsel.errors import ExitCode, HepselError
from hepsel.names import check_name
from hepsel.signals import Terminated, ended_in_order

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
    "lsp": ("hepsel.cli.lsp", "Answer an editor: problems while typing, completion, what names mean."),
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # click looks for similar names among commands that are imported, if at all.
        if args[0] not in _COMMANDS and (near := get_close_matches(args[0], _COMMANDS, n=1)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

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
    prepare_streams()
    with ended_in_order():
        code = _code_of(_run)
        code = _code_of(sys.stdout.flush) or code
    sys.exit(code)


def _run() -> int | None:
    for argument in sys.argv[1:]:
        check_name(argument)
    result: Any = cli.main(standalone_mode=False)
    return result if isinstance(result, int) else None


def _code_of(action: Callable[[], int | None]) -> int:
    """Do something, and return the exit code after having told what went wrong."""
    try:
        return action() or ExitCode.OK
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        tell(shown.getvalue().removesuffix("\n"))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        tell("interrupted")
        return ExitCode.INTERRUPTED
    except Terminated as error:
        tell("terminated")
        return error.exit_code
    except OutputError as error:
        if error.message is not None:
            tell(error.message)
        return error.exit_code
    except OSError as error:  # of what no command is about, such as a full disk for temporary files
        tell(f"hepsel: {error.filename or 'a file'}: {error.strerror or error}")
        return ExitCode.DATA
    except MemoryError:
        tell("hepsel: there is not enough memory; where there is a --chunk, a smaller one needs less")
        return ExitCode.DATA
    except RecursionError:
        tell(
            "hepsel: what was given is nested too deeply; of definitions that each use the one before, a hundred may do"
        )
        return ExitCode.DATA
    except HepselError as error:
        tell(f"hepsel: {error}" if "\n" not in str(error) else str(error))
        return error.exit_code
