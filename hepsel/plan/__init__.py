"""The columnar plan: what backends print, and the passes that make it faster."""

from hepsel.plan.lower import lower
from hepsel.plan.nodes import Plan
from hepsel.plan.passes import PASSES, optimise
from hepsel.plan.text import format_plan

__all__ = ["PASSES", "Plan", "format_plan", "lower", "optimise"]
