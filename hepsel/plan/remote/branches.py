"""What stored columns are called in the files that a server reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hepsel.errors import DataError, HepselError
from hepsel.formats.branches import resolve_branch
from hepsel.formats.contents import Column
from hepsel.plan.nodes import Plan


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of the same kind as those that the server reads: its name, tree and branches."""

    name: str
    tree: str
    branches: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Naming:
    """The tree, and the branch of each stored column (`None`: the files have none, and the column a default).

    Of a sample, also what columns are `misread`: those of which the server's uproot would not give what they hold.
    """

    tree: str
    branches: Mapping[str, str | None]
    sample: str = ""
    misread: Mapping[str, str] = field(default_factory=dict)

    def check(self, plan: Plan) -> None:
        """Complain about columns that a plan reads, but the files do not have, or a query cannot ask for."""
        for name, read in plan.reads.items():
            if read.list_of_one:
                raise HepselError(
                    f"{name} is stored in a list of one element, which no query reads: `--transport python` does"
                )
            if read.items or read.count:
                how = "in a branch for each item" if read.items else f"beside the number of items, {read.count[0]}"
                raise HepselError(f"{name} is stored {how}, which no query reads: `--transport python` does")
            if self.branches[name] is None and read.spec.default is None:
                raise DataError(
                    f"{self.sample}: no branch for {name}; tried {', '.join(read.branches)} "
                    f"(a format of your own may give it a `default`, for files that lack it){read.spec.meaning(name)}"
                )
            if name in self.misread:
                raise DataError(f"{self.sample}: {name}: branch {self.misread[name]}, which no query reads")


def naming(plan: Plan, sample: Sample | None) -> Naming:
    """Return the names of what a plan may read: those in a sample, or else the first that the format has."""
    header = plan.header
    if sample is not None:
        found = {
            name: resolve_branch(sample.branches, read.branches, header.separators) for name, read in plan.reads.items()
        }
        return Naming(sample.tree, found, sample.name, _misread(sample, found) if header.servicex == "uproot" else {})
    if header.servicex != "uproot":  # a query addresses objects, whatever the tree: names as they are in the format
        return Naming("", {name: read.branches[0] for name, read in plan.reads.items()})
    if not header.trees:
        raise HepselError(f"the format {header.format} names no tree, which a query needs")
    # A flat tree has no records, so that a dot is spelled otherwise where it can be.
    return Naming(
        header.trees[0],
        {
            name: read.branches[0].replace(".", header.separators[0], 1) if header.separators else read.branches[0]
            for name, read in plan.reads.items()
        },
    )


def _misread(sample: Sample, found: Mapping[str, str | None]) -> dict[str, str]:
    columns = {name: sample.branches[branch] for name, branch in found.items() if branch is not None}
    return {name: f"{column.name} holds {column.type}" for name, column in columns.items() if column.kind == "other"}
