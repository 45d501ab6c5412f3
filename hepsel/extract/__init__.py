"""From a paper to a program."""
