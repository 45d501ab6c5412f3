"""hepsel: event selections of particle physics as text that is checked before it runs."""

__version__ = "0.1.0"
