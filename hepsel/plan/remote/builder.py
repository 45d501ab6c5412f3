"""Builds a query from the definitions of a plan."""

from __future__ import annotations

from collections.abc import Container

from hepsel.plan.nodes import Definition, Plan
from hepsel.plan.remote.lists import Lists
from hepsel.plan.remote.paths import Paths
from hepsel.plan.remote.values import Values


class Builder:
    """One query on its way: what its parts share.

    Parameters
    ----------
    plan, by_name
        The plan, and its definitions, with those that are added for the query.
    absent
        Stored columns that the files do not have.
    identifiers
        Stored columns that say which event it is.
    """

    def __init__(
        self, plan: Plan, by_name: dict[str, Definition], absent: Container[str], identifiers: Container[str]
    ) -> None:
        self.plan = plan
        self.by_name = by_name
        self.absent = absent
        self.identifiers = identifiers
        self.paths = Paths(self)
        self.lists = Lists(self)
        self.values = Values(self)
