"""The meaning of the language, event by event, in plain Python: slow, obvious, and the judge of every backend."""

from hepsel.interpreter.events import Event, evaluate_event
from hepsel.interpreter.run import interpret

__all__ = ["Event", "evaluate_event", "interpret"]
