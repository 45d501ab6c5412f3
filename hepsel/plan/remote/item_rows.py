"""Item-level cutflows: the rows that a server counts, and the criteria on items that it applies."""

from __future__ import annotations

from collections.abc import Mapping

from hepsel.plan.nodes import Const, Definition, ItemRow, Map, Plan, Ref
from hepsel.plan.remote.conditions import Condition, Necessary, used
from hepsel.plan.remote.decisions import Decision
from hepsel.plan.remote.dialect import Dialect
from hepsel.plan.remote.implied import has_rows


def remote_rows(
    plan: Plan, dialect: Dialect
) -> tuple[dict[tuple[str, int], ItemRow], dict[str, tuple[Condition, ...]]]:
    """Return the rows of the item-level cutflows that the server can count, and what each other row needs."""
    remote = {}
    needs = {}
    for block in plan.blocks:
        for place, row in enumerate(block.rows):
            if _item_reason(row, dialect) is None:
                remote[block.name, place] = row
            else:
                needs[row.texts.id] = tuple(has_rows(row.axis.name, 1, dialect))
    return remote, needs


def _item_reason(row: ItemRow, dialect: Dialect) -> str | None:
    """Say why the server cannot count the items of a row, if it cannot."""
    if row.mask is None:
        parts = dialect.parts(row.axis.name)
        return parts if isinstance(parts, str) else None
    reason = "a constant" if isinstance(row.mask, Const) else dialect.reason(row.mask.name)
    return dialect.reason(row.axis.name) or reason


def item_decisions(
    plan: Plan, wanted: Necessary, remote: Mapping[tuple[str, int], ItemRow], dialect: Dialect
) -> list[Decision]:
    """Say of the criteria on items which of them the server applies where it counts items."""
    counted = {row.texts.id for row in remote.values()}
    needed = used(wanted, dialect.by_name)
    found = []
    for definition in plan.definitions:
        if definition.texts is None or plan.sections.get(definition.section) == "region":
            continue
        is_remote = bool(needed & {definition.name, _alone(definition, dialect)}) or definition.texts.id in counted
        reason = dialect.reason(definition.name)
        why = f"needs {reason}" if reason is not None else "nothing that the server applies counts these items"
        is_rounded = reason is None and dialect.is_rounded(definition.name)
        found.append(
            Decision(definition.texts, is_remote, "" if is_remote else why, is_rounded=is_remote and is_rounded)
        )
    return found


def _alone(definition: Definition, dialect: Dialect) -> str:
    """Return the column of a criterion itself, where its definition is that all criteria up to it are true."""
    match definition.op:
        case Map(function="and", arguments=(Ref(name=before), Ref(name=alone))) if dialect.by_name[before].texts:
            return alone
    return definition.name
