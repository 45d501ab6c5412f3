"""Writes the statements that compute a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from hepsel.backends.awkward.names import WIDTH, comment, criterion_comments, literal, new_names
from hepsel.backends.awkward.printer import Printer, Text, call
from hepsel.backends.awkward.runtime_text import RUNTIME_NAMES
from hepsel.backends.awkward.tables import number, upper_names, used_enumerations
from hepsel.plan import nodes
from hepsel.plan.nodes import AxisFill, Definition, Plan, Ref

INDENT = "    "
LONGEST_INLINE = 60
ALWAYS_INLINE = (nodes.Index, nodes.Parent, nodes.View)
NEVER_INLINE = (nodes.Read, nodes.ReadValid)
LOCAL_NAMES = ("columns", "n_events", "trace", "items", "process", "select", "num_entries", "read", "merge", "run")


class Writer:
    """Writes the body of the function that computes a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.lines: list[str] = []
        self.by_name = plan.by_name()
        self.regions = new_names((region.name for region in plan.regions), (*RUNTIME_NAMES, *LOCAL_NAMES))
        names = [d.name for d in plan.definitions]
        constants = [f"table:{name}" for name in plan.tables]
        constants += [f"codes:{name}" for name, read in plan.reads.items() if read.spec.kind == "enum"]
        values = [
            (name, code, value)
            for name in used_enumerations(plan)
            for code, value in enumerate(plan.enumerations[name])
        ]
        taken = (*RUNTIME_NAMES, *LOCAL_NAMES, *self.regions.values())
        self.names = new_names(names, taken)
        constants += [f"enum:{name}:{code}" for name, code, _ in values]
        wished = [name.replace(":", "_").upper() for name in constants[: -len(values) or None]]
        wished += [value.upper() for _, _, value in values]
        self.names |= dict(zip(constants, upper_names(wished, {*taken, *self.names.values()}), strict=True))
        self.printer = Printer(plan, self._operand, self.names)
        self._inline: dict[str, Text] = {}
        self._users: dict[str, list[str]] = {}
        for definition in plan.definitions:
            for name in nodes.refs(definition.op):
                self._users.setdefault(name, []).append(definition.name)
        self.uses = Counter({name: len(users) for name, users in self._users.items()})
        self.uses.update(nodes.refs((plan.blocks, plan.regions, plan.identifiers)))
        self._section = ""

    # -------------------------------------------------------------- columns

    def body(self) -> str:
        """Return the statements, indented by one level."""
        blocks = {block.name: block for block in self.plan.blocks}
        if blocks:
            self._line("items = {}")
        last = self._last_of_block()
        for definition in self.plan.definitions:
            self._define(definition)
            for name in last.get(definition.name, ()):
                self._items(blocks[name])
        for region in self.plan.regions:
            self._region(region)
        self._results()
        return "\n".join(INDENT + line if line else "" for line in self.lines)

    def _last_of_block(self) -> dict[str, list[str]]:
        """Return the blocks whose items can be counted after each definition."""
        place = {d.name: k for k, d in enumerate(self.plan.definitions)}
        found: dict[str, list[str]] = {}
        for block in self.plan.blocks:
            last = max(place[name] for name in nodes.refs(block))
            found.setdefault(self.plan.definitions[last].name, []).append(block.name)
        return found

    def _line(self, text: str = "") -> None:
        self.lines.append(text)

    def _operand(self, ref: Ref) -> Text:
        return self._inline.get(ref.name) or Text(self.names[ref.name])

    def _define(self, definition: Definition) -> None:
        op = definition.op
        if isinstance(op, nodes.Events):
            return
        if definition.kind == "axis":
            self._assign(definition, lambda: self.printer.axis(definition))
            return
        text = self.printer.column(definition)
        if isinstance(op, ALWAYS_INLINE):
            self._inline[definition.name] = text
            return
        inline = (
            self.uses[definition.name] == 1
            and definition.texts is None
            and not isinstance(op, NEVER_INLINE)
            and len(text.text) <= LONGEST_INLINE
        )
        if inline:
            self._inline[definition.name] = text
            return
        self._assign(definition, lambda: self.printer.column(definition))

    def _assign(self, definition: Definition, text: Callable[[], Text]) -> None:
        self._heading(definition.section)
        start = f"{self.names[definition.name]} = "
        laid_out = self._spill(definition, start, text)
        if definition.texts is not None:
            self._texts(definition.texts)
        self._statement(start, laid_out)

    def _heading(self, section: str) -> None:
        if section == self._section or not section:
            return
        self._section = section
        kind = self.plan.sections.get(section, "")
        self._line()
        self._line(comment(f"---- {kind} {section}"))

    def _spill(self, node: object, start: str, text: Callable[[], Text]) -> Text:
        """Give names to parts of an expression until it can be laid out behind `start`, and return it as it is then."""
        while not _fits(start, printed := text()):
            inside = [name for name in _all_refs(node, self._inline, self.by_name) if name in self._inline]
            parts = [n for n in inside if not isinstance(self.by_name[n].op, ALWAYS_INLINE)] or inside
            if not parts:
                break
            name = max(parts, key=lambda part: len(self._inline[part].text))
            part = self._inline.pop(name)
            self._forget_users(name)
            self._statement(f"{self.names[name]} = ", part)
        return printed

    def _forget_users(self, name: str) -> None:
        """Print anew what contained a part that has a name now."""
        for other in self._users.get(name, ()):
            if other in self._inline:
                self._inline[other] = self.printer.column(self.by_name[other])
                self._forget_users(other)

    def _statement(self, start: str, text: Text) -> None:
        """Write a statement, over several lines where it needs them, as formatters do."""
        if len(INDENT + start + text.text) <= WIDTH or not text.shape:
            self._line(start + text.text)
        elif text.shape == "call":
            self._line(f"{start}{text.operator}(")
            for operand in text.operands:
                self._line(f"{INDENT}{operand},")
            self._line(")")
        elif text.shape == "subscript":
            self._line(f"{start}{text.operator}[")
            self._line(INDENT + text.operands[0])
            self._line("]")
        else:
            self._line(f"{start}(")
            if len(2 * INDENT + text.text) <= WIDTH:
                self._line(INDENT + text.text)
            else:
                for number, operand in enumerate(text.operands):
                    self._line(f"{INDENT}{f'{text.operator} ' if number else ''}{operand}")
            self._line(")")

    def _call(self, function: str, node: object, arguments: Callable[[], list[str]]) -> None:
        """Write a call as a statement; `arguments` gives their texts."""
        self._statement("", self._spill(node, "", lambda: call(function, *arguments())))

    # -------------------------------------------------------------- outputs

    def _items(self, block: nodes.BlockOutput) -> None:
        self._line(f"items[{literal(block.name)}] = [")
        for row in block.rows:
            counted = self.printer.size(row.axis.name)
            if row.mask is not None:
                mask = self.printer.argument(row.mask)
                counted = f"np.count_nonzero({mask})"
            arguments = [literal(row.texts.id), literal(row.texts.label), counted]
            if not row.applied:
                arguments.append("applied=False")
            text = call("row", *arguments)
            if len(2 * INDENT + text.text) + 1 <= WIDTH:
                self._line(f"{INDENT}{text.text},")
                continue
            self._line(f"{INDENT}row(")
            for argument in arguments:
                self._line(f"{2 * INDENT}{argument},")
            self._line(f"{INDENT}),")
        self._line("]")

    def _region(self, region: nodes.RegionOutput) -> None:
        self._section = ""
        self._heading(region.name)
        name = self.regions[region.name]
        self._statement(f"{name} = ", call("Region", literal(region.name), "n_events"))
        for step in region.steps:
            self._step(name, step)

    def _step(self, name: str, step: nodes.Step) -> None:
        argument = self.printer.argument
        match step:
            case nodes.CutStep(texts=texts, condition=condition):
                self._texts(texts)
                labels = [literal(texts.id), literal(texts.label)]
                if condition is None:
                    self._call(f"{name}.external", step, lambda: labels)
                else:
                    test = condition
                    self._call(f"{name}.select", step, lambda: [*labels, argument(test)])
            case nodes.WeightStep(name=weight, value=value):
                self._call(f"{name}.weigh", step, lambda: [literal(weight), argument(value)])
            case nodes.BinStep(texts=texts, name=title, condition=inside):
                self._texts(texts)
                self._call(f"{name}.bin", step, lambda: [literal(title), argument(inside)])
            case nodes.GridStep(texts=texts, name=title, axes=axes):
                self._texts(texts)
                self._call(
                    f"{name}.grid",
                    step,
                    lambda: [literal(title), *(f"({', '.join(self._fill(a))})" for a in axes)],
                )
            case nodes.HistogramStep():
                self._call(f"{name}.histogram", step, lambda: self._histogram(step))
            case nodes.SaveStep():
                self._call(f"{name}.save", step, lambda: self._save(step))

    def _texts(self, texts: nodes.CutTexts) -> None:
        for line in criterion_comments(texts):
            self._line(line)

    def _fill(self, axis: AxisFill) -> list[str]:
        """Print the values and the edges of an axis."""
        values = self.printer.argument(axis.value)
        if axis.uniform is not None:
            bins, low, high = axis.uniform
            return [values, f"uniform({bins}, {float(low)!r}, {float(high)!r})"]
        return [values, f"edges({', '.join(map(number, axis.edges))})"]

    def _histogram(self, step: nodes.HistogramStep) -> list[str]:
        texts = [literal(step.name)]
        texts += [f"({', '.join([*self._fill(a), literal(a.label)])})" for a in step.axes]
        if not isinstance(self.by_name[step.rows.name].op, nodes.Events):
            texts.append(f"rows={self.names[step.rows.name]}")
        if step.weight is not None:
            texts.append(f"weight={self.printer.argument(step.weight)}")
        if step.fold:
            texts.append("fold=True")
        if step.title is not None:
            texts.append(f"title={literal(step.title)}")
        return texts

    def _save(self, step: nodes.SaveStep) -> list[str]:
        value = self.printer.argument(step.value)
        if step.values:
            value = f"named({', '.join([value, *map(literal, step.values)])})"
        texts = [literal(step.name), value]
        if step.rows is not None:
            texts.append(f"rows={self.names[step.rows.name]}")
        if step.valid is not None:
            texts.append(f"valid={self.printer.argument(step.valid)}")
        return texts

    def _results(self) -> None:
        self._line()
        self._line("identifiers = {")
        for identifier in self.plan.identifiers:
            value = self.printer.argument(identifier.value)
            self._line(f"{INDENT}{literal(identifier.name)}: {value},")
        self._line("}")
        if not self.plan.identifiers:
            self.lines[-2:] = ["identifiers: dict[str, Any] = {}"]
        items = "items" if self.plan.blocks else "{}"
        regions = f"[{', '.join(self.regions.values())}]"
        text = call("results", "n_events", items, regions, "identifiers", "trace=trace")
        if len(f"{INDENT}return {text.text}") <= WIDTH:
            self._line(f"return {text.text}")
            return
        if len(2 * INDENT + regions) + 1 > WIDTH:
            self._line("regions = [")
            for name in self.regions.values():
                self._line(f"{INDENT}{name},")
            self._line("]")
            text = call("results", "n_events", items, "regions", "identifiers", "trace=trace")
        self._statement("return ", text)


def _fits(start: str, text: Text) -> bool:
    """Whether a statement can be laid out without names for its parts."""
    if len(INDENT + start + text.text) <= WIDTH:
        return True
    if text.shape == "infix":
        plain = all(operand.replace("_", "a").isalnum() for operand in text.operands)
        return plain or (len(text.operands) > 2 and all(len(2 * INDENT + o) + 2 <= WIDTH for o in text.operands))
    if text.shape == "subscript":
        return len(INDENT + start + text.operator) < WIDTH
    return all(len(2 * INDENT + operand) < WIDTH for operand in text.operands)


def _all_refs(node: object, inline: dict[str, Text], by_name: dict[str, Definition]) -> Iterator[str]:
    """Yield what an expression refers to, also through what is written within it."""
    start = node.op if isinstance(node, Definition) else node
    for name in nodes.refs(start):
        yield name
        if name in inline:
            yield from _all_refs(by_name[name].op, inline, by_name)
