"""What most drafts define under a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hepsel.extract.agreeing.model import Outcome, Reading, Vote
from hepsel.extract.agreeing.sample import checked_sample, with_note
from hepsel.extract.agreeing.support import Support
from hepsel.formats.schema import Format


def vote_on_definitions(support: Support, base: int, data_format: Format) -> Iterator[Vote]:
    """Give every definition of the base the value that most drafts have under its name."""
    sample = support.samples[base]
    for name in [define.name for define in sample.defines()]:
        define = next(define for define in support.samples[base].defines() if define.name == name)
        own = sample.value(define)
        counted = Counter(
            other.value(same) for other in support.samples for same in other.defines() if same.name == name
        )
        best, votes = max(counted.items(), key=lambda item: (item[1], item[0] == own))
        chosen, outcome, note = own, Outcome.KEPT, ""
        if best != own:
            span = define.value.span
            text = support.samples[base].text
            changed = checked_sample(text[: span.start] + best + text[span.end :], data_format)
            if changed is None:
                note = f"{votes} drafts say {best}, which does not fit here"
            else:
                support.replace(base, changed)
                chosen, outcome = best, Outcome.REPLACED
        others = tuple(Reading(value, count) for value, count in counted.most_common() if value != chosen)
        if others:
            vote = Vote(name, outcome, Reading(chosen, counted[chosen]), others, note)
            support.rewrite(base, with_note(support.samples[base], name, vote.remark(support.drafts), data_format))
            yield vote
