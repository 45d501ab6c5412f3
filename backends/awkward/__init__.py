"""The awkward backend: a plan in, a stand-alone Python script out."""

from hepsel.backends.awkward.generate import generate, load

__all__ = ["generate", "load"]
