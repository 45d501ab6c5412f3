"""The command: `hepsel`, or `python -m hepsel` for that of the environment of this Python."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it in order from the first import on."""
    try:
        from hepsel.cli.main import main as run

        run()
    except KeyboardInterrupt:
        from hepsel.errors import ExitCode

        print("interrupted", file=sys.stderr)
        sys.exit(ExitCode.INTERRUPTED)


if __name__ == "__main__":  # processes that a run starts import this module, too
    main()
