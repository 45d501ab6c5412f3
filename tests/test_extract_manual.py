"""`hepsel extract` with answers from anywhere: what is asked, what is taken from an answer, what stands in a draft."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from extract_case import (
    ANSWERS,
    BROKEN,
    COMMAND,
    GOOD,
    PAPER,
    PAPERS,
    REFERENCE,
    REPAIRS,
    papers,
    physlite,
    spoilt,
    written,
)
from run_command import hepsel

from hepsel.check import check_text, load_program
from hepsel.compare.diff import compare_programs
from hepsel.compare.verdicts import Verdict
from hepsel.errors import ExitCode, HepselError
from hepsel.extract.answers.citations import as_citations
from hepsel.extract.answers.converse import Ask, converse
from hepsel.extract.answers.draft import FLAG
from hepsel.extract.answers.find import LONGEST, NoProgram, find_program, find_repairs
from hepsel.extract.answers.parts import is_of_another
from hepsel.extract.askers import Recorded
from hepsel.extract.asking.card import short_grammar
from hepsel.extract.asking.messages import Message, first_question, tokens
from hepsel.extract.asking.templates import examples
from hepsel.extract.extract import Sample, Task, ask, finish, read_papers
from hepsel.semantics.program import ExternalCut
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import keywords, parse
from hepsel.vocabulary.functions import FUNCTIONS


def extracted(tmp_path: Path, *answers: str) -> tuple[int, str, dict[str, Any]]:
    """Extract from our papers with these answers, without the command; returns exit code, draft and report."""
    question = first_question(papers(), physlite(), None)
    files = {"paper": PAPER, "ref1": REFERENCE}
    task, asker = Task(papers(), files, physlite(), question), Recorded(answers)
    try:
        made = finish(task, [Sample(ask(task, asker, len(answers)), asker)], "draft.hepsel")
    except HepselError as error:
        return error.exit_code, "", {"error": str(error)}
    (tmp_path / "draft.hepsel").write_text(made.draft.text, encoding="utf-8")
    report = json.loads(made.report)
    return (0 if report["complete"] else ExitCode.PARTIAL), made.draft.text, report


def answering(*texts: str) -> Ask:
    """Return somebody who gives these answers, whatever is asked."""
    remaining = list(texts)

    def ask(_messages: object, _wanted: object) -> str | None:
        return remaining.pop(0) if remaining else None

    return ask


def not_applied(block: Any) -> list[str]:
    """Return the criteria of a block that stand for one that could not be used."""
    left_out = [s.criterion.label for s in block.statements if isinstance(s, ExternalCut)]
    return [label.removeprefix("not applied: ") for label in left_out if label.startswith("not applied: ")]


# ------------------------------------------------------------------ what is asked


@pytest.mark.parametrize("data_format", ["physlite", "nanoaod"])
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_worked_examples_check(example, data_format: str) -> None:
    checked = check_text(example.program, data_format)
    assert [item.message for item in checked.diagnostics] == []
    assert checked.program is not None
    cited = {node.quote for node in tree.walk(parse(SourceText(example.program))[0]) if isinstance(node, tree.Cite)}
    assert cited
    assert all(f"[{name}] " in example.text for name in cited)


def test_prompt_holds_papers_language_and_vocabulary() -> None:
    code, out, _ = hepsel(*COMMAND, "--print-prompt")
    assert code == 0
    for paper in papers():
        for name, (_, text) in paper.passages.items():
            assert f"[{name}] " in out
            assert text in out
    assert all(f'"{word}"' in out for word in keywords())
    assert all(f"`{name}`" in out for name in FUNCTIONS)
    for collection in physlite().collections.values():
        assert f"\n{collection.name}" in out
        assert all(f"  {attribute}: " in out for attribute in collection.attributes)
    assert "refers to as [2]" in out


def test_short_grammar_is_the_grammar() -> None:
    """It is a grammar of its own right, which accepts what the parser accepts."""
    from lark import Lark

    text = short_grammar() + "\n%ignore /[ \\t\\r\\n\\f]+/\n%ignore /#[^\\n]*/\n"
    accepts = Lark(text, parser="earley")
    for example in examples():
        accepts.parse(example.program)


def test_only_what_fits_is_shown() -> None:
    whole = first_question(papers(), physlite(), None)
    assert whole.parts is None
    needed = tokens(whole.messages)
    assert first_question(papers(), physlite(), needed).messages == whole.messages
    with pytest.raises(Exception, match=r"context of the model is too small.*if the server allows it$"):
        first_question(papers(), physlite(), 1000)


def test_of_a_source_without_pages_sections_are_left_out(tmp_path: Path) -> None:
    filler = "The detector is described elsewhere. " * 300
    sections = {
        "Detector": filler,
        "Muons": "Muons are required to have $p_T > 7$ GeV and $|\\eta| < 2.4$.",
        "Background": filler,
        "Events": "Events must have at least two muons with $p_T > 20$ GeV."
        "\\begin{table}\\caption{Jets}\\begin{tabular}{llll}"
        "$p_T$ & $> 30$ GeV\\\\$|\\eta|$ & $< 4.7$\\\\Number & 2 & & 4\\end{tabular}\\end{table}",
    }
    body = "".join(f"\\section{{{title}}}{text}" for title, text in sections.items())
    (tmp_path / "paper.tex").write_text(f"\\documentclass{{a}}\\begin{{document}}{body}\\end{{document}}")
    read, _ = read_papers(tmp_path / "paper.tex", [])
    whole = first_question(read, physlite(), None)
    small = first_question(read, physlite(), tokens(whole.messages) - 1)
    text = small.messages[1].content
    assert "(only the sections with selection criteria)" in text
    assert [title for title in sections if f"## {title}" in text] == ["Muons", "Events"]
    assert "p_T > 20 GeV" in text
    assert "4.7" in text
    assert "] Number | 2 |  | 4\n" in text  # so that the 4 is not taken for that of the third column
    one = first_question(read, physlite(), tokens(small.messages) - 1).messages[1].content
    assert [title for title in sections if f"## {title}" in one] == ["Events"]


def test_what_the_paper_leaves_to_others_is_listed(tmp_path: Path) -> None:
    answer = written(tmp_path, "answer.md", '```\nhepsel 1\nanalysis "x"\nobject muons\n  take Muon\n```')
    paper = COMMAND[:2] + COMMAND[4:]
    code, _, err = hepsel(*paper, "--answers", answer, "-o", str(tmp_path / "draft.hepsel"))
    assert code == 0
    assert "not given: [2] The hepsel developers, Lepton definitions" in err
    report = json.loads((tmp_path / "draft.report.json").read_text(encoding="utf-8"))
    assert [found["key"] for found in report["unresolved_references"]] == ["2"]


# ------------------------------------------------------------------ a good answer


def test_a_good_answer_becomes_a_draft(tmp_path: Path) -> None:
    code, draft, report = extracted(tmp_path, GOOD)
    assert code == 0
    assert report["complete"]
    assert draft.count(FLAG) == 1  # what the papers say besides, and nobody asks for
    assert "paper [p1.s25] ^1Jets with p_T > 30 GeV are counted" in draft
    assert set(report["evidence"]["counts"]) == {"verified", "assumed"}
    program = load_program(tmp_path / "draft.hepsel", "physlite")
    assert program.analysis.title == "A four-lepton selection"
    # Each line of the selection is there, with the sentence or row that it comes from.
    lines = tomllib.loads((PAPERS / "criteria.toml").read_text(encoding="utf-8"))["lines"]
    criteria = {
        statement.criterion.label: statement.criterion
        for block in [*program.collections.values(), *program.regions.values()]
        for statement in block.statements
        if hasattr(statement, "criterion")
    }
    assert set(lines) <= set(criteria)
    for label, line in lines.items():
        quotes = [note.quote for note in criteria[label].annotations if isinstance(note, tree.Cite)]
        assert any(quote.startswith(line.get("text") or " | ".join(line["row"])) for quote in quotes), label
        assert all(part in quote for quote in quotes for part in line.get("holds", []) if label != "4.1"), label


def test_a_draft_of_a_good_answer_means_the_truth(tmp_path: Path) -> None:
    """But for histograms and columns, for which nobody asked."""
    extracted(tmp_path, GOOD)
    draft = load_program(tmp_path / "draft.hepsel", "physlite")
    rows = compare_programs(draft, load_program(PAPERS / "four_lepton.hepsel", "physlite")).rows
    assert {row.verdict for row in rows} == {Verdict.IDENTICAL, Verdict.EXTRA}
    assert sum(row.verdict is Verdict.IDENTICAL for row in rows) == 51
    extra = [entry for row in rows if row.verdict is Verdict.EXTRA for entry in (*row.first, *row.second)]
    assert {entry.kind for entry in extra} == {"histogram", "column"}


def test_the_report_says_what_was_read(tmp_path: Path) -> None:
    _, _, report = extracted(tmp_path, GOOD)
    assert [(paper["source"], paper["file"], paper["key"]) for paper in report["papers"]] == [
        ("paper", "four_lepton.pdf", None),
        ("ref1", "leptons.pdf", "2"),
    ]
    assert [held["model"] for held in report["samples"][0]["rounds"]] == ["manual"]


# ------------------------------------------------------------------ a broken answer


def test_what_is_wrong_goes_back() -> None:
    talk = converse(
        first_question(papers(), physlite(), None).messages,
        answering(BROKEN),
        physlite(),
        papers(),
        1,
    )
    assert talk.messages is not None
    asked = talk.messages[-1].content
    assert "error E400: `7` has no unit" in asked
    assert "`ptcone_30` is not defined" in asked
    assert "`paper` has no sentence or table row p1.s91" in asked
    assert "- cited: ref1 [p1.s9] They are required to have E_T > 7 GeV" in asked
    assert "|z0_sin_theta|" not in asked.split("\n## ", 1)[1]  # what is right is not asked for again


def test_a_repair_round_mends_it(tmp_path: Path) -> None:
    code, draft, report = extracted(tmp_path, BROKEN, REPAIRS)
    assert code == 0
    assert [held["wanted"] for held in report["samples"][0]["rounds"]] == ["program", "repairs"]
    assert [len(held["problems"]) for held in report["samples"][0]["rounds"]] == [3, 0]
    _, sound, _ = extracted(tmp_path, GOOD)
    assert draft == sound


def test_what_stays_broken_is_a_flagged_comment(tmp_path: Path) -> None:
    code, draft, report = extracted(tmp_path, BROKEN)
    assert code == ExitCode.PARTIAL
    assert not report["complete"]
    assert {failure["text"].split("  ")[0] for failure in report["failed"]} == {
        "select pt > 7",
        "select ptcone_30 / pt < 0.15",
    }
    assert [failure["problems"][0]["code"] for failure in report["flagged"]] == ["citation"]
    lines = draft.splitlines()
    flag = next(number for number, line in enumerate(lines) if "error E400" in line)
    assert lines[flag].strip().startswith(FLAG)
    assert lines[flag + 1].strip().startswith("#   select pt > 7 ")
    # In its place stands a criterion that marks all that depends on it as incomplete.
    program = load_program(tmp_path / "draft.hepsel", "physlite")
    (left_out,) = not_applied(program.collections["electrons"])
    assert left_out.startswith("select pt > 7 ")
    (left_out,) = not_applied(program.collections["muons"])
    assert left_out.startswith("select ptcone_30 / pt < 0.15 ")


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (("object muons\n", "object 1muons\n"), {"muons", "leptons", "dileptons", "quadruplets"}),
        (("composite dileptons\n", "composite muons\n"), {"dileptons", "quadruplets"}),
        (("  take Muon\n", "  take Muons\n"), {"muons", "leptons", "dileptons", "quadruplets"}),
        (("  take leptons a, leptons b\n", "  take leptons a leptons b\n"), {"dileptons", "quadruplets"}),
        (("define m_Z = 91.1876 GeV", "define m_Z = 91.1876 GeVV"), set()),
    ],
    ids=["no name", "name taken", "no collection", "syntax of take", "no unit"],
)
def test_what_depends_on_the_broken_goes_with_it(tmp_path: Path, change, gone) -> None:
    code, draft, report = extracted(tmp_path, spoilt(GOOD, change))
    assert code == ExitCode.PARTIAL
    program = load_program(tmp_path / "draft.hepsel", "physlite")
    assert set(program.collections) == {"electrons", "muons", "leptons", "dileptons", "quadruplets"} - gone
    # Nothing is lost: each statement of the answer is a statement, a comment, or both.
    for statement in ("select pt > 5 GeV", "select a.charge + b.charge == 0", 'external "Z-mass constraint"'):
        assert statement in draft
    touched = not_applied(program.regions["signal"] if gone else program.collections["quadruplets"])
    assert touched
    # No statement of a lost block has moved into another one.
    assert len(program.collections["electrons"].statements) == 7
    assert all(failure["problems"] for failure in report["failed"])


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (("pt > 7 GeV ", "pt > 17 GeV "), "W801", "number not in the quotation"),
        (("pt > 7 GeV ", "pt < 7 GeV "), "W802", "direction doubtful"),
        (('cite paper "p1.s11"', ""), "W807", "not cited"),
    ],
)
def test_what_the_papers_do_not_say_goes_back_and_is_flagged(
    tmp_path: Path, change: tuple[str, str], code: str, told: str
) -> None:
    exit_code, draft, report = extracted(tmp_path, spoilt(GOOD, change))
    assert exit_code == ExitCode.PARTIAL
    assert report["failed"] == []
    (flagged,) = report["flagged"]
    assert [problem["code"] for problem in flagged["problems"]] == [code]
    assert [problem["code"] for problem in report["samples"][0]["rounds"][0]["problems"]] == [code]
    lines = draft.splitlines()
    flag = next(number for number, line in enumerate(lines) if f"{FLAG}{told}" in line)
    statement = " ".join(flagged["text"].split())[:20]
    assert " ".join(lines[flag + 1].split()).startswith(statement)  # it stands, right under its flag
    (talk,) = [converse((Message("user", "?"),), answering(spoilt(GOOD, change)), physlite(), papers(), 1)]
    assert talk.messages is not None
    assert told in talk.messages[-1].content


def test_a_model_that_stands_by_its_answer_is_not_asked_again() -> None:
    doubtful = spoilt(GOOD, ("pt > 7 GeV ", "pt > 17 GeV "))
    note = '    assume "E_T of an electron is its pT"'
    same = f'# repair 1\nselect pt > 17 GeV                     as "2.2"  cite ref1 "p1.s9"\n{note}'
    asked: list[object] = []

    def ask(messages: object, _wanted: object) -> str:
        asked.append(messages)
        return doubtful if len(asked) == 1 else same

    talk = converse((Message("user", "?"),), ask, physlite(), papers(), 10)
    assert len(asked) == 3  # what is left out is asked for, and nothing comes of it
    assert talk.messages is None
    assert [remark.code for remark in talk.rounds[1].problems] == ["W801"]


def test_what_a_model_stands_by_is_not_asked_for_again() -> None:
    """A doubt may be mistaken: asked for again and again, what is right would be changed in the end."""
    doubtful = spoilt(GOOD, ("pt > 7 GeV ", "pt > 17 GeV "), ("|d0_significance| < 5 ", "|d0_significance| < 6 "))
    stands = (
        'select pt > 17 GeV                     as "2.2"  cite ref1 "p1.s9"\n    assume "E_T of an electron is its pT"'
    )
    answers = answering(
        doubtful,
        f'# repair 1\n{stands}\n# repair 2\nselect |d0_significance| < 7 as "2.7"  cite ref1 "p1.s11"',
        '# repair 1\nselect |d0_significance| < 5 as "2.7"  cite ref1 "p1.s11"',
    )
    talk = converse((Message("user", "?"),), answers, physlite(), papers(), 10)
    assert [held.wanted.repairs for held in talk.rounds] == [
        (),
        ("statement of an item",) * 2,
        ("statement of an item",),
    ]
    assert [len(held.problems) for held in talk.rounds] == [2, 2, 1]
    assert [held.refused for held in talk.rounds] == [[], [], []]
    assert talk.messages is not None
    assert "17 GeV" not in talk.messages[-1].content
    assert talk.text is not None
    assert "pt > 17 GeV" in talk.text


LEFT_OUT = '  select |d0| < 1 mm                    as "3.7"  cite ref1 "p1.s16"\n'


def test_what_is_left_out_is_asked_for_once() -> None:
    """Half of the criteria missing is what models do most, and no doubt tells them."""
    less = spoilt(GOOD, (LEFT_OUT, ""))
    talk = converse((Message("user", "?"),), answering(less, GOOD), physlite(), papers(), 10)
    assert [held.wanted.name for held in talk.rounds] == ["program", "program"]
    assert talk.messages is None  # though footnotes look like criteria still
    assert talk.text is not None
    assert LEFT_OUT in talk.text
    (talk,) = [converse((Message("user", "?"),), answering(less), physlite(), papers(), 10)]
    assert talk.messages is not None
    assert "|d_0| < 1 mm. (not used: < 1 mm)" in talk.messages[-1].content


@pytest.mark.parametrize(
    "added",
    [
        spoilt(GOOD, ("|d0_significance| < 5 ", "|d0_significance| < 6 ")),
        spoilt(GOOD, ("select pt > 7 GeV ", "select pt > 17 GeV ")),
        "Nothing is missing.",
    ],
    ids=["what was right", "what was doubtful", "no program"],
)
def test_what_is_added_changes_nothing_else(added: str) -> None:
    less = spoilt(GOOD, ("pt > 7 GeV ", "pt > 8 GeV "), (LEFT_OUT, ""))
    note = '    assume "E_T of an electron is its pT"'
    stands = f'# repair 1\nselect pt > 8 GeV                     as "2.2"  cite ref1 "p1.s9"\n{note}'
    talk = converse((Message("user", "?"),), answering(less, stands, added), physlite(), papers(), 10)
    assert [len(held.refused) for held in talk.rounds] == [0, 0, 1]
    assert talk.messages is None
    assert talk.text is not None
    assert LEFT_OUT not in talk.text
    assert "pt > 8 GeV" in talk.text


def test_what_stands_by_an_error_is_asked_for_again() -> None:
    note = '    assume "E_T of an electron is its pT"'
    same = f'# repair 1\nselect pt > 7                          as "2.2"  cite ref1 "p1.s9"\n{note}'
    talk = converse((Message("user", "?"),), answering(BROKEN, same), physlite(), papers(), 10)
    assert talk.messages is not None
    assert "error E400: `7` has no unit" in talk.messages[-1].content


def test_lines_are_told_by_what_they_say() -> None:
    """The program that a model sees has no numbers of lines, and those of the draft are others."""
    cuts = '  select count(Jet) > 3  assume "x"\n  select count(Jet) < 2  assume "x"\n'
    answer = spoilt(GOOD, ("region signal\n", f"region signal\n{cuts}"))
    talk = converse((Message("user", "?"),), answering(answer), physlite(), papers(), 1)
    (remark,) = talk.rounds[0].problems
    assert remark.message.endswith('can never pass (`select count(Jet) > 3  assume "x"` asks for the opposite)')


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('cite ref1 "p1.s9"  as "x"', 'cite ref1 "p1.s9"  as "x"'),
        ("cite ref1 p1.s9", 'cite ref1 "p1.s9"'),
        ('cite ref1 [p1.t1.r2]\n  cite paper "p1.s1"', 'cite ref1 "p1.t1.r2"\n  cite paper "p1.s1"'),
        ('cite ref1 "p1.s9, p1.s11"', 'cite ref1 "p1.s9"  cite ref1 "p1.s11"'),
        ('cite ref1 "p1.s9", "p1.s11" assume "x"', 'cite ref1 "p1.s9"  cite ref1 "p1.s11" assume "x"'),
        ('cite "p1.s25"', 'cite paper "p1.s25"'),  # only the paper has so many sentences
        ('cite "p1.s9"', 'cite "p1.s9"'),  # both have it
        ('cite paper "p1.s9 has this"', 'cite paper "p1.s9 has this"'),
        ('cite paper page 2 "Muons with p1.s9"', 'cite paper page 2 "Muons with p1.s9"'),
    ],
)
def test_citations_that_are_nearly_right_are_read(written: str, meant: str) -> None:
    assert as_citations(written, papers()) == meant


def test_a_citation_is_asked_for_as_it_is_written_here() -> None:
    """By its id: a model that is told of pages and quotations writes these."""
    uncited = spoilt(GOOD, ('cite paper "p1.s11"', ""))
    talk = converse((Message("user", "?"),), answering(uncited), physlite(), papers(), 1)
    assert talk.messages is not None
    asked = talk.messages[-1].content
    assert "not cited: no source is cited for this (cite the document and the id" in asked
    assert "page N" not in asked


def test_a_broken_first_line_casts_no_doubt_on_other_blocks() -> None:
    answer = spoilt(GOOD, ("object muons\n", "object 1muons\n"))
    talk = converse((Message("user", "?"),), answering(answer), physlite(), papers(), 0)
    assert {remark.code for remark in talk.rounds[0].problems} == {"E103", "E200"}


@pytest.mark.parametrize("repair", ["let x = pt", "sort by pt descending", "histogram pt bins 2 from 0 to 1"])
def test_a_repair_does_not_leave_out_a_criterion(repair: str) -> None:
    answers = answering(BROKEN, f"# repair 1\n{repair}\n")
    talk = converse((Message("user", "?"),), answers, physlite(), papers(), 1)
    assert talk.rounds[1].refused[0].startswith("repair 1: ")
    assert talk.text is not None
    assert "select pt > 7  " in talk.text


def test_repairs_cannot_touch_what_is_right(tmp_path: Path) -> None:
    """A repair is one part in the place of one part: nothing else can be slipped in or lost."""
    sly = spoilt(
        REPAIRS,
        ('select ptcone30 / pt < 0.15           as "3.3"  cite ref1 "p1.t1.r4"', "object other\n  take Muon"),
    )
    code, draft, report = extracted(tmp_path, BROKEN, sly)
    assert code == ExitCode.PARTIAL
    assert "object other" not in draft
    assert report["samples"][0]["rounds"][1]["refused"] == ["repair 2: only statements can stand here"]
    assert "ptcone_30" in draft


def test_a_whole_program_may_come_in_the_place_of_repairs(tmp_path: Path) -> None:
    """As most models answer: what was right has to be in it, and what was to be mended, too."""
    _, sound, _ = extracted(tmp_path, GOOD)
    code, draft, report = extracted(tmp_path, BROKEN, GOOD)
    assert (code, draft) == (0, sound)
    assert [held["refused"] for held in report["samples"][0]["rounds"]] == [[], []]
    right = '  select |d0| < 1 mm                    as "3.7"  cite ref1 "p1.s16"\n'
    wrong = '  select ptcone30 / pt < 0.15           as "3.3"  cite ref1 "p1.t1.r4"\n'
    for line, reason in ((right, "lost what was right"), (wrong, "1 criteria fewer than the one before")):
        _, draft, report = extracted(tmp_path, BROKEN, spoilt(GOOD, (line, "")))
        (refused,) = report["samples"][0]["rounds"][1]["refused"]
        assert reason in refused
        assert "ptcone_30" in draft


def test_repairs_that_are_numbered_anew_do_not_go_astray() -> None:
    """A model that leaves the first one out calls the second one the first: no criterion may be lost by that."""
    answers = answering(BROKEN, REPAIRS.replace("# repair 1\n", "# repair 9\n").replace("# repair 2\n", "# repair 1\n"))
    talk = converse((Message("user", "?"),), answers, physlite(), papers(), 1)
    astray = "repair 1: it is of another criterion than the part with this number, which has to stay what it is"
    assert astray in talk.rounds[1].refused
    assert talk.text is not None
    assert "select pt > 7  " in talk.text
    assert "select ptcone_30 / pt < 0.15" in talk.text


@pytest.mark.parametrize(
    ("new", "old", "others", "another"),
    [
        ('select pt > 7 GeV  cite ref1 "p1.s9"', 'select pt > 7  cite ref1 "p1.s9"', [], False),
        ('select pt > 7 GeV  cite ref1 "p1.s9"', 'select pt > 17 GeV  cite ref1 "p1.s8"', [], False),
        ('external "MET > 30 GeV"  cite paper "p1.s2"', 'select MET.pt > 30 GeV  cite paper "p1.s2"', [], False),
        ("select count(z) >= 1  assume", "select count(z) >= 1", [], False),
        # The number of another part, and its citation.
        (
            'select l[1].pt > 15 GeV  cite paper "p2.s3"',
            'select l[0].pt > 20  cite paper "p2.s3"',
            ['select l[1].pt > 15  cite paper "p2.s3"'],
            True,
        ),
        (
            'select c.charge * d.charge < 0  cite paper "p5.s7"',
            'select a.charge * b.charge < 0  cite paper "p3.s1"',
            ['select c.charge * d.charge < 0  cite paper "p3.s2"'],
            True,
        ),
        # Nothing of the part: units and documents are no names.
        ('select mass > 50 GeV  cite paper "p3.s12"', 'select pt > 7 GeV  cite paper "p2.s3"', [], True),
        ('external "triggers"  cite paper "p3.s1"', 'select ptcone30 / pt < 0.15  cite paper "p2.s3"', [], True),
    ],
)
def test_whether_a_repair_is_of_its_part(new: str, old: str, others: list[str], another: bool) -> None:
    assert is_of_another(new, old, others) is another


def test_a_region_that_starts_from_the_wrong_one_is_written_anew() -> None:
    """What a region takes may exclude its own criteria; to mend these alone would make them wrong."""
    own = 'select 160 GeV < Jet[0].pt < 250 GeV  assume "x"'
    jets = 'select count(Jet) >= 2  assume "x"'
    high = f'region high\n  {jets}\n  select Jet[0].pt > 250 GeV  assume "x"'
    first = f'hepsel 1\n\nanalysis "t"\n\n{high}\n\nregion low\n  take high\n  {own}\n'
    answers = answering(first, f"# repair 1\nregion low\n  {jets}\n  {own}\n")
    talk = converse((Message("user", "?"),), answers, physlite(), papers(), 1)
    assert talk.text is not None
    assert "take high" not in talk.text
    assert own in talk.text
    assert talk.rounds[1].refused == []


def test_a_program_that_loses_what_was_right_is_refused() -> None:
    unread = spoilt(BROKEN, ("hepsel 1\n\nanalysis", "hepsel 1\n\nselect x\n\nanalysis"))
    less = spoilt(GOOD, ('  select |d0| < 1 mm                    as "3.7"  cite ref1 "p1.s16"\n', ""))
    question = first_question(papers(), physlite(), None).messages
    talk = converse(question, answering(unread, less), physlite(), papers(), 1)
    assert [held.wanted.name for held in talk.rounds] == ["program", "program"]
    assert talk.rounds[1].refused == [
        'the program lost what was right: select |d0| < 1 mm  as "3.7"  cite ref1 "p1.s16"'
    ]


# ------------------------------------------------------------------ finding the program


PROGRAM = 'hepsel 1\nanalysis "x"\n'


@pytest.mark.parametrize(
    "answer",
    [
        PROGRAM,
        f"```\n{PROGRAM}```",
        f"Here it is:\n\n~~~~hepsel\n{PROGRAM}~~~~\n\nAnything else?",
        f'<think>first\n```hepsel\nhepsel 1\nanalysis "y"\n```\n</think>\n```hepsel\n{PROGRAM}```',
        f'```hepsel\nhepsel 1\nanalysis "y"\n```\nNo, better:\n```hepsel\n{PROGRAM}```',
        f"Sure.\n\n{PROGRAM}\nI hope that this helps.",
        f"```hepsel\n{PROGRAM}",
        f"```hepsel\r\n{PROGRAM}```\r\n",
    ],
    ids=["bare", "fence", "other fence", "thought", "two", "prose", "unclosed", "line ends"],
)
def test_the_program_is_found(answer: str) -> None:
    assert find_program(answer).strip() == PROGRAM.strip()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "the answer is empty"),
        ("I cannot help with that.", "holds no program"),
        ("```python\nimport os\n```", "holds no program"),
        ("hepsel is a language.", "holds no program"),
        (f"<think>\n{PROGRAM}", "in the middle of a thought"),
        (f"{PROGRAM}\x1b[31m", "control characters"),
        (f"{PROGRAM}\0", "control characters"),
        ("x" * (LONGEST + 1), "characters, more than"),
    ],
)
def test_answers_without_a_program_are_refused(answer: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(NoProgram, match=reason):
        find_program(answer)
    code, draft, report = extracted(tmp_path, answer)
    assert (code, draft) == (ExitCode.PROBLEMS, "")
    assert reason in report["error"]


def test_a_program_without_its_first_line_is_one() -> None:
    assert find_program('Here:\n```hepsel\nanalysis "x"\n```\n') == 'hepsel 1\n\nanalysis "x"\n'


def test_a_mark_of_byte_order_is_no_part_of_an_answer() -> None:
    assert find_program(f"\ufeff{PROGRAM}") == find_program(PROGRAM)


def test_repairs_are_found_by_number() -> None:
    assert set(find_repairs(REPAIRS)) == {1, 2, 3}
    assert find_repairs("# repair 1\nselect x\n# repair 1\nselect y\n") == {1: "select y"}
    headed = "**Repair 1:**\n\n```hepsel\nselect x\n```\n\n### Repair 2\n```\nselect y\n```\nRepair 1 was easy.\n"
    assert find_repairs(headed) == {1: "select x", 2: "select y"}
    with pytest.raises(NoProgram):
        find_repairs("```hepsel\n# repair 1\n\n```")


def test_nested_parentheses_are_refused(tmp_path: Path) -> None:
    deep = spoilt(GOOD, ("select pt > 7 GeV ", f"select pt > {'(' * 10_000}7 GeV{')' * 10_000} "))
    code, draft, report = extracted(tmp_path, deep)
    assert (code, draft) == (ExitCode.PROBLEMS, "")
    assert "nested more than" in report["error"]


# ------------------------------------------------------------------ the command


def test_the_command_writes_draft_and_report(tmp_path: Path) -> None:
    broken = written(tmp_path, "broken.md", BROKEN)
    code, out, err = hepsel(*COMMAND, "--answers", broken, "-o", str(tmp_path / "draft.hepsel"))
    assert (code, out) == (ExitCode.PARTIAL, "")
    assert "not in the draft: object electrons: select pt > 7 as" in err
    assert "error E400" in err
    assert "not used: paper p1.s25" in err
    text = (tmp_path / "draft.hepsel").read_text(encoding="utf-8")
    _, draft, report = extracted(tmp_path, BROKEN)
    assert text == draft
    assert json.loads((tmp_path / "draft.report.json").read_text(encoding="utf-8")) == report


def test_what_only_the_model_says_is_told(tmp_path: Path) -> None:
    """An `assume` is the way out of every doubt: what rests on it is no evidence, and the reader hears of it."""
    invented = spoilt(GOOD, ("region signal\n", 'region signal\n  select count(Jet) < 3  assume "typical"\n'))
    answer = written(tmp_path, "answer.md", invented)
    code, _, err = hepsel(*COMMAND, "--answers", answer, "-o", str(tmp_path / "draft.hepsel"))
    assert code == 0
    assert "assumed by the model: signal.1: select count(Jet) < 3\n  typical\n" in err
    assert "assumed by the model: m_Z: define m_Z\n  the papers print no value for the mass of the Z boson\n" in err
    report = json.loads((tmp_path / "draft.report.json").read_text(encoding="utf-8"))
    assert {"id": "signal.1", "text": "select count(Jet) < 3", "why": "typical"} in report["assumed"]
    assert f" verified, {len(report['assumed'])} assumed\n" in err


def test_no_draft_is_one_clear_line(tmp_path: Path) -> None:
    answer = written(tmp_path, "answer.md", "I cannot help with that.")
    code, out, err = hepsel(*COMMAND, "--answers", answer, "-o", str(tmp_path / "draft.hepsel"))
    assert (code, out) == (ExitCode.PROBLEMS, "")
    assert err == "hepsel: no draft can be made: the answer holds no program: no line of it is `hepsel 1`\n"
    assert [path.name for path in tmp_path.iterdir()] == ["answer.md"]


def test_the_next_question_is_printed(tmp_path: Path) -> None:
    broken = written(tmp_path, "broken.md", BROKEN)
    code, out, _ = hepsel(*COMMAND, "--answers", broken, "--print-prompt")
    assert code == 0
    assert "error E400" in out
    repairs = written(tmp_path, "repairs.md", REPAIRS)
    options = [*COMMAND, "--answers", broken, "--answers", repairs]
    code, out, _ = hepsel(*options, "--print-prompt")
    assert code == 0
    assert (
        "paper [p1.s25] ^1Jets with p_T > 30 GeV are counted, and nothing is required of them. (not used: > 30 GeV)"
        in out
    )
    code, out, err = hepsel(*options, "--answers", written(tmp_path, "good.md", GOOD), "--print-prompt")
    assert (code, out, err) == (0, "", "nothing is left to ask\n")


def test_existing_files_are_not_overwritten(tmp_path: Path) -> None:
    answer = written(tmp_path, "answer.md", GOOD)
    draft = tmp_path / "draft.hepsel"
    draft.write_text("mine")
    options = ["--answers", answer, "-o", str(draft)]
    code, _, err = hepsel(*COMMAND, *options)
    assert code == ExitCode.DATA
    assert "this file exists" in err
    assert draft.read_text() == "mine"
    code, _, err = hepsel(*COMMAND, "--answers", answer, "-o", answer, "--force")
    assert (code, err) == (ExitCode.DATA, f"hepsel: {answer}: this command reads it: name another file to write\n")
    assert hepsel(*COMMAND, *options, "--force")[0] == 0
    assert draft.read_text().startswith("hepsel 1\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "answer.md",
        "draft.hepsel",
        "draft.report.html",
        "draft.report.json",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--answers", "nowhere.md"], "nowhere.md: cannot read the answer: No such file"),
        (["--answers", str(ANSWERS / "four_lepton.md"), "-o", "/nowhere/draft.hepsel"], "/nowhere does not exist"),
        (["--ref", "nowhere.pdf", "--print-prompt"], "nowhere.pdf: cannot be read"),
    ],
)
def test_files_that_are_not_there(words: list[str], message: str) -> None:
    code, out, err = hepsel(*COMMAND, *words)
    assert (code, out) == (ExitCode.DATA, "")
    assert message in err
