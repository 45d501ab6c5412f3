"""The tables of a script: stored columns, lookups, enumerations."""

from __future__ import annotations

from hepsel.backends.awkward.names import WIDTH, comment, literal, literals, new_names
from hepsel.plan import nodes
from hepsel.plan.nodes import Plan

INDENT = "    "


def upper_names(wished: list[str], taken: set[str]) -> list[str]:
    """Return names of constants; several may have wished for the same."""
    found: list[str] = []
    for wish in wished:
        (name,) = new_names([wish], {*taken, *found}).values()
        found.append(name)
    return found


def used_enumerations(plan: Plan) -> list[str]:
    """Return the enumerations that values of the plan are compared with, or given."""
    used = {
        constant.enumeration
        for node in (*(d.op for d in plan.definitions), plan.regions)
        for constant in nodes.constants(node)
        if constant.enumeration
    }
    return sorted(used)


def column_lines(plan: Plan) -> list[str]:
    """Print the table of the columns that are read."""
    lines = []
    for name, read in plan.reads.items():
        parts = [literals(read.branches)]
        is_flag = read.spec.kind == "bool" and read.spec.mask is not None
        parts += [literal("bits" if is_flag else read.spec.kind), str(read.depth)]
        if read.factor != 1.0:
            parts.append(f"factor={read.factor!r}")
        if read.divisor != 1.0:
            parts.append(f"divisor={read.divisor!r}")
        default = default_of(plan, name)
        if default is not None:
            parts.append(f"default={default!r}" if not isinstance(default, str) else f"default={literal(default)}")
            like = shape_of(plan, name)
            if like is not None:
                parts.append(f"like={literal(like)}")
        if read.spec.is_list:
            parts.append("is_list=True")
        if read.list_of_one:
            parts.append("list_of_one=True")
        if read.items:
            parts.append(f"items={literals(read.items)}")
        if read.count:
            parts.append(f"number={literals(read.count)}")
        text = f"{literal(name)}: Column({', '.join(parts)})"
        if len(INDENT + text) + 1 <= WIDTH:
            lines.append(f"{INDENT}{text},")
            continue
        lines.append(f"{INDENT}{literal(name)}: Column(")
        branches = f"{2 * INDENT}{parts[0]},"
        if len(branches) <= WIDTH:
            lines.append(branches)
        else:
            lines.append(f"{2 * INDENT}(")
            lines += [f"{3 * INDENT}{literal(branch)}," for branch in read.branches]
            lines.append(f"{2 * INDENT}),")
        lines += [f"{2 * INDENT}{part}," for part in parts[1:]]
        lines.append(f"{INDENT}),")
    return lines


def default_of(plan: Plan, name: str) -> object:
    """Return the default of a column as the reader gives it: a stored number, also for an enumeration."""
    read = plan.reads[name]
    default = read.spec.default
    if read.spec.kind == "bool" and read.spec.mask is not None and default is not None:
        return read.spec.mask if default else 0  # the mask is applied to it
    if read.spec.kind == "enum" and isinstance(default, str):
        stored = read.spec.values.get(default, ())
        return stored[0] if stored else None
    return default


def shape_of(plan: Plan, name: str) -> str | None:
    """Return a column of the same collection that has no default, and so gives the number of items."""
    read = plan.reads[name]
    if read.depth == 0 or (read.depth == 1 and read.spec.is_list):
        return None
    return next(
        (
            other
            for other, candidate in plan.reads.items()
            if candidate.collection == read.collection and default_of(plan, other) is None and candidate.depth >= 1
        ),
        None,
    )


def constant_lines(plan: Plan, names: dict[str, str]) -> list[str]:
    """Print the tables and the meanings of stored enumeration values."""
    lines = []
    for name, table in plan.tables.items():
        lines.append(f"{names[f'table:{name}']} = (")
        for value, ranges in table.rows:
            bounds = ", ".join(f"({number(low)}, {number(high)})" for low, high in ranges)
            trailing = "," if len(ranges) == 1 else ""
            lines.append(f"{INDENT}({number(value)}, ({bounds}{trailing})),")
        lines.append(")")
    for name in used_enumerations(plan):
        lines.append(comment(name))
        lines += [f"{names[f'enum:{name}:{code}']} = {code}" for code in range(len(plan.enumerations[name]))]
    used = {d.op.column for d in plan.definitions if isinstance(d.op, nodes.Read) and d.kind == "enum"}
    for column, read in plan.reads.items():
        if column not in used:
            continue
        values = plan.enumerations[read.spec.enumeration or ""]
        lines.append(f"{names[f'codes:{column}']} = {{")
        for code, member in enumerate(values):
            for stored in read.spec.values.get(member, ()):
                meaning = names.get(f"enum:{read.spec.enumeration}:{code}")
                lines.append(f"{INDENT}{stored}: {meaning or code},{'' if meaning else '  ' + comment(member)}")
        lines.append("}")
        if lines[-2].endswith("{"):
            lines[-2:] = [f"{names[f'codes:{column}']}: dict[int, int] = {{}}"]
    return lines


def number(value: float) -> str:
    """Print a number."""
    text = repr(float(value))
    return {"inf": "np.inf", "-inf": "-np.inf", "nan": "np.nan"}.get(text, text)
