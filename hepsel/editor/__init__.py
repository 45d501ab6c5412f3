"""What an editor asks about a program, and the language server that answers: see `server`."""
