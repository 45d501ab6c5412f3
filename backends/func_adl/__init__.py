"""The func_adl backend: a split plan in, a script for ServiceX out; or a plan in, a script that sends Python."""

from hepsel.backends.func_adl.generate import generate, load
from hepsel.backends.func_adl.python import generate_python

__all__ = ["generate", "generate_python", "load"]
