"""`python -m hepsel`: the command, of the environment of this Python."""

from hepsel.cli.main import main

if __name__ == "__main__":  # processes that a run starts import this module, too
    main()
