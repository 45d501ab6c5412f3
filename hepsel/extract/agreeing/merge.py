"""Making one program of several drafts, by vote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hepsel.errors import HepselError
from hepsel.extract.agreeing.blocks import Lacking, add_blocks, drop_blocks
from hepsel.extract.agreeing.carry import Carried, carry, own_values
from hepsel.extract.agreeing.definitions import vote_on_definitions
from hepsel.extract.agreeing.model import Agreement, Outcome, Reading, Vote
from hepsel.extract.agreeing.proof import proven
from hepsel.extract.agreeing.sample import Key, Sample, checked_sample, renamed
from hepsel.extract.agreeing.support import Support
from hepsel.formats.schema import Format
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import printable
from hepsel.syntax.formatter import format_source


def agree(texts: Sequence[str], data_format: Format) -> Agreement:
    """Make one program of several drafts, criterion by criterion, by vote.

    The draft that the others agree with most is the base. Where more drafts say something else, that takes the place of
    what the base says; what more drafts lack than have becomes a comment, and what most have is added, blocks too.
    Every change is proven by a comparison with the draft that it comes from, and left out, with a note, where it does
    not mean the same in its new place.

    Parameters
    ----------
    texts
        The drafts; none may have errors.
    data_format
        The format that they are written for.

    Raises
    ------
    HepselError
        When there is no draft, or one has errors.
    """
    if not texts:
        raise HepselError("there are no drafts")
    support = Support([_sample(text, data_format) for text in texts])
    base = support.best()
    definitions = list(vote_on_definitions(support, base, data_format))
    blocks = list(add_blocks(support, base, data_format))
    dropped = list(drop_blocks(support, base, data_format))
    votes = [*definitions, *(vote for vote, _ in blocks), *dropped]
    return _Merger(support, base, data_format, [lacking for _, lacking in blocks]).merge(votes)


def _sample(text: str, data_format: Format) -> Sample:
    sample = checked_sample(text, data_format)
    if sample is None:
        raise HepselError("a draft has errors")
    return sample


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A statement of another draft that could take a place in the base, and how many drafts say it."""

    draft: int
    key: Key
    votes: int


class _Merger:
    def __init__(self, support: Support, base: int, data_format: Format, lacking: Sequence[Lacking]) -> None:
        self._support = support
        self._base = base
        self._sample = support.samples[base]
        self._others = support.others(base)
        self._format = data_format
        self._rivals_of_base = {
            (other, theirs)
            for other in self._others
            for key in self._sample.keys
            for theirs in self._rivals(other, key)
        }
        self._taken: list[_Candidate] = []
        self._changed: dict[Key, str] = {}
        self._added: dict[Key, list[tuple[str, Vote]]] = {}
        self._defined: dict[str, tuple[str, ...]] = {}
        self._lacking = {member for one in lacking for member in one.members}

    def merge(self, before: Sequence[Vote]) -> Agreement:
        votes = list(before)
        notes: dict[Key, Vote] = {}
        for key in self._sample.keys:
            if self._support.voted(self._base, key):
                vote = self._vote(key)
                votes.append(vote)
                notes[key] = vote
        by_most, by_few = self._missing()
        for candidate in by_most:
            if not any(self._equal(candidate, one) for one in self._taken):
                votes.append(self._add(candidate))
        votes += map(self._of_few, by_few)
        for key, vote in notes.items():
            if not vote.unanimous and vote.outcome is not Outcome.DROPPED:
                self._changed[key] = f"{self._changed.get(key, self._sample.whole(key))} {self._remark(vote)}"
        places = dict(self._places(notes))
        votes = [replace(vote, place=places.get(id(vote))) for vote in votes]
        text = format_source(self._text())
        return Agreement(text, self._support.drafts, self._base, tuple(votes))

    def _places(self, votes: Mapping[Key, Vote]) -> Iterator[tuple[int, int]]:
        """Yield the votes, by identity, with the numbers that their statements have in the blocks of the result."""
        for block in self._sample.syntax.blocks:
            place = 0
            for number in range(len(self._sample.statements(block.name))):
                key = block.name, number
                vote = votes.get(key)
                if vote is not None and vote.outcome is not Outcome.DROPPED:
                    yield id(vote), place
                place += vote is None or vote.outcome is not Outcome.DROPPED
                for _, added in self._added.get(key, ()):
                    yield id(added), place
                    place += 1

    # ---------------------------------------------------------------- what the base says

    def _vote(self, key: Key) -> Vote:
        block = key[0]
        own = Reading(self._sample.plain(key), self._support.votes(self._base, key))
        candidates = self._distinct(self._instead(key))
        absent = sum(self._says_nothing(other, key) for other in self._others)
        elsewhere = sum(self._support.seen(self._base, key, other).moved for other in self._others)
        others = [self._reading(candidate) for candidate in candidates]
        if absent:
            others.append(Reading("", absent))
        if elsewhere:
            others.append(Reading(f"{own.text} (at another place)", elsewhere))
        others.sort(key=lambda reading: -reading.votes)
        if not others:
            return Vote(block, Outcome.KEPT, own)
        best = candidates[0] if candidates else None
        if best is not None and best.votes > own.votes and best.votes >= absent:
            if self._replace(key, best):
                left = [reading for reading in others if reading != self._reading(best)]
                return Vote(block, Outcome.REPLACED, self._reading(best), (own, *left))
            return Vote(block, Outcome.KEPT, own, tuple(others), "what more drafts say does not mean the same here")
        if absent > own.votes:
            if self._drop(key, own):
                return Vote(block, Outcome.DROPPED, Reading("", absent), (own, *(r for r in others if r.text)))
            return Vote(block, Outcome.KEPT, own, tuple(others), "what follows depends on it")
        return Vote(block, Outcome.KEPT, own, tuple(others))

    def _instead(self, key: Key) -> Iterator[_Candidate]:
        """Yield what other drafts say in the place of a statement."""
        for other in self._others:
            for theirs in self._rivals(other, key):
                yield _Candidate(other, theirs, self._support.votes(other, theirs))

    def _says_nothing(self, other: int, key: Key) -> bool:
        seen = self._support.view(self._base, other).statements.get(key)
        return seen is not None and not (seen.same or seen.moved or self._rivals(other, key))

    def _rivals(self, other: int, key: Key) -> list[Key]:
        """Return the statements of another draft that stand for one of the base and say something else.

        A draft that says both shows that they do not stand for each other.
        """
        seen = self._support.seen(self._base, key, other)
        if seen.same or seen.moved:
            return []
        return [
            theirs
            for theirs in seen.counterparts
            if self._counterpart(other, theirs[0]) == key[0]
            and not any(
                self._support.says(draft, other, theirs) and self._support.says(draft, self._base, key)
                for draft in range(self._support.drafts)
            )
        ]

    def _distinct(self, candidates: Iterator[_Candidate]) -> list[_Candidate]:
        """Return one candidate for each reading, those with most votes first."""
        kept: list[_Candidate] = []
        for candidate in sorted(candidates, key=lambda candidate: (-candidate.votes, candidate.draft)):
            if not any(self._equal(candidate, one) for one in kept):
                kept.append(candidate)
        return kept

    def _equal(self, a: _Candidate, b: _Candidate) -> bool:
        return self._support.equal(a.draft, a.key, b.draft, b.key)

    def _reading(self, candidate: _Candidate) -> Reading:
        seen = self._support.view(candidate.draft, self._base)
        guest, (block, _) = self._support.samples[candidate.draft], candidate.key
        text = renamed(guest.plain(candidate.key), seen.names(block), seen.attributes)
        values = own_values(guest, guest.statement(candidate.key), block, seen, self._sample)
        return Reading(f"{text} with {values}" if values else text, candidate.votes)

    def _counterpart(self, other: int, block: str) -> str | None:
        """Return the base's counterpart of a block of another draft."""
        return self._support.view(other, self._base).blocks.get(block)

    # ---------------------------------------------------------------- what only others say

    def _missing(self) -> tuple[list[_Candidate], list[_Candidate]]:
        """Return what others say of something that the base does not speak of: what most say, and what few say."""
        found = [
            _Candidate(other, theirs, self._support.votes(other, theirs))
            for other in self._others
            for theirs, seen in self._support.view(other, self._base).statements.items()
            if not (seen.same or seen.moved or (other, theirs) in self._rivals_of_base)
            and (other, theirs[0]) not in self._lacking  # voted on as a whole
        ]
        kept: list[_Candidate] = []
        for one in sorted(
            found, key=lambda candidate: (not self._by_most(candidate), -candidate.votes, candidate.draft)
        ):
            if not any(self._support.alike(one.draft, one.key, before.draft, before.key) for before in kept):
                kept.append(one)
        kept.sort(key=lambda candidate: candidate.key[1])
        return [one for one in kept if self._by_most(one)], [one for one in kept if not self._by_most(one)]

    def _by_most(self, candidate: _Candidate) -> bool:
        present = self._support.present(candidate.draft, candidate.key)
        return candidate.votes > 1 and 2 * present > self._support.drafts

    def _of_few(self, candidate: _Candidate) -> Vote:
        block = self._counterpart(candidate.draft, candidate.key[0]) or candidate.key[0]
        lacking = Reading("", self._support.drafts - candidate.votes)
        return Vote(block, Outcome.MINORITY, self._reading(candidate), (lacking,))

    def _add(self, candidate: _Candidate) -> Vote:
        chosen = self._reading(candidate)
        lacking = (Reading("", self._support.drafts - candidate.votes),)
        block = self._counterpart(candidate.draft, candidate.key[0])
        if block is None or not self._sample.statements(block):
            note = f"the block {candidate.key[0]} of draft {candidate.draft + 1} has no counterpart"
            return Vote(candidate.key[0], Outcome.LEFT_OUT, chosen, lacking, note)
        vote = Vote(block, Outcome.ADDED, chosen, lacking)
        behind = self._place(candidate, block)
        carried = self._carried(candidate, block)
        text = f"{carried.text} {self._remark(vote)}"
        defined = self._sample.first_body(carried.definitions) or block, carried.definitions
        if self._holds(candidate, self._text(added=(behind, text), defined=defined)):
            self._added.setdefault(behind, []).append((text, vote))
            self._define(defined)
            return vote
        return Vote(block, Outcome.LEFT_OUT, chosen, lacking, "it does not mean the same here")

    def _place(self, candidate: _Candidate, block: str) -> Key:
        """Return the statement of the base behind which a statement of another draft belongs."""
        for number in reversed(range(candidate.key[1])):
            seen = self._support.seen(candidate.draft, (candidate.key[0], number), self._base)
            ours = [key for key in seen.counterparts if key[0] == block]
            if ours:
                return max(ours)
        takes = [n for n, node in enumerate(self._sample.statements(block)) if isinstance(node, tree.Take)]
        return block, takes[-1] if takes else 0

    # ---------------------------------------------------------------- changes

    def _carried(self, candidate: _Candidate, block: str) -> Carried:
        """Return a statement of another draft, in the names of the base, for one of its blocks."""
        guest, seen = self._support.samples[candidate.draft], self._support.view(candidate.draft, self._base)
        host = checked_sample(self._text(), self._format)
        assert host is not None  # each change was checked
        return carry(guest, guest.statement(candidate.key), candidate.key[0], seen, host, {candidate.key[0]: block})

    def _replace(self, key: Key, candidate: _Candidate) -> bool:
        carried = self._carried(candidate, key[0])
        defined = self._sample.first_body(carried.definitions) or key[0], carried.definitions
        if not self._holds(candidate, self._text(changed=(key, carried.text), defined=defined)):
            return False
        self._changed[key] = carried.text
        self._define(defined)
        self._taken.append(candidate)
        return True

    def _define(self, defined: tuple[str, tuple[str, ...]]) -> None:
        self._defined[defined[0]] = (*self._defined.get(defined[0], ()), *defined[1])

    def _drop(self, key: Key, own: Reading) -> bool:
        said = f"{own.votes} of {self._support.drafts} drafts say this"
        text = f"\n  # hepsel: {said}:\n  #   {printable(own.text)}\n"
        if checked_sample(self._text(changed=(key, text)), self._format) is None:
            return False
        self._changed[key] = text
        return True

    def _holds(self, candidate: _Candidate, text: str) -> bool:
        """Return whether a program, with a change, says what another draft says."""
        new = checked_sample(text, self._format)
        guest = self._support.samples[candidate.draft]
        if new is None:
            return False
        seen = proven(guest, new, [candidate.key], [guest.statement(candidate.key)])
        return seen is not None and candidate.key in seen.statements

    def _text(
        self,
        changed: tuple[Key, str] | None = None,
        added: tuple[Key, str] | None = None,
        defined: tuple[str, tuple[str, ...]] | None = None,
    ) -> str:
        """Return the program with the changes so far, and one more."""
        replacements = dict(self._changed) | ({} if changed is None else {changed[0]: changed[1]})
        additions = {key: [text for text, _ in added] for key, added in self._added.items()}
        if added is not None:
            additions.setdefault(added[0], []).append(added[1])
        definitions = dict(self._defined)
        if defined is not None:
            definitions[defined[0]] = (*definitions.get(defined[0], ()), *defined[1])
        text = self._sample.text
        for block in reversed(self._sample.syntax.blocks):
            for number in reversed(range(len(self._sample.statements(block.name)))):
                key = block.name, number
                span = self._sample.statement(key).span
                new = replacements.get(key, text[span.start : span.end])
                new = "\n  ".join([new, *additions.get(key, ())])
                text = text[: span.start] + new + text[span.end :]
            before = "".join(f"{one}\n\n" for one in definitions.get(block.name, ()))
            text = text[: block.span.start] + before + text[block.span.start :]
        return text

    def _remark(self, vote: Vote) -> str:
        return vote.remark(self._support.drafts)
