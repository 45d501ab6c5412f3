"""Meaning: names, types and units of a parsed program."""
