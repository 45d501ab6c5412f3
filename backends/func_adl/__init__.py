"""Prints plans as scripts that ask a ServiceX server for the events and columns that they need."""

from hepsel.backends.func_adl.generate import generate

__all__ = ["generate"]
