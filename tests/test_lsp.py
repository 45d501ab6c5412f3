"""The language server, as a process that a real client asks."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from data_files import EXAMPLES
from diagnostic_cases import format_of, programs
from docs_blocks import ROOT
from lsp_editor import Editor
from lsprotocol import types as lsp

from hepsel.check import check_text
from hepsel.cli import lsp as command
from hepsel.errors import HepselError
from hepsel.syntax.diagnostics import Diagnostic
from hepsel.syntax.formatter import format_source
from hepsel.vocabulary.functions import FUNCTIONS, OTHER_FUNCTIONS, REDUCERS

SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "hint": lsp.DiagnosticSeverity.Information,
}
PROGRAM = """hepsel 1

analysis "Z"
  source paper "the paper"

define m_Z = 91.1876 GeV

define ratio(x, y) = x.pt / y.pt

table weights(x) 0.9 for 0 to 1
  otherwise 1

object muons
  take Muon
  let isolation = ptcone20 / pt
  select pt > 5 GeV

composite pairs
  take muons one, muons other
  let off = |mass - m_Z|

object narrow_pairs
  take pairs
  select off < 10 GeV

region signal
  select count(narrow_pairs) == 1             cite paper
  let m_ll = narrow_pairs[0].mass
  weight w = weights(narrow_pairs[0].one.eta)
  select ratio(Jet[0], Jet[1]) > 1.5
  histogram m_ll bins 30 from 80 GeV to 110 GeV

object loose_muons
  take Muon

region control
  take signal with muons = loose_muons
"""


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    found = Editor("--format", "physlite")
    yield found
    found.close()
    assert found.errors == []


def choose(editor: Editor, name: str) -> None:
    settings = {"hepsel": {"format": name}}
    editor.tell(editor.client.workspace_did_change_configuration, lsp.DidChangeConfigurationParams(settings))


UNITS = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}


def place(text: str, offset: int, encoding: str = "utf-16-le") -> lsp.Position:
    """Return the position of a place in a text whose lines end with a line feed."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return lsp.Position(text.count("\n", 0, offset), len(line.encode(encoding)) // UNITS[encoding])


def told(item: Diagnostic, text: str, encoding: str = "utf-16-le") -> lsp.Diagnostic:
    """Return what an editor has to be told of a problem."""
    return lsp.Diagnostic(
        lsp.Range(place(text, item.span.start, encoding), place(text, item.span.end, encoding)),
        item.message + (f"\n{item.proposal}" if item.proposal is not None else ""),
        SEVERITY[item.severity],
        item.code,
        source="hepsel",
        related_information=None
        if (other := item.related) is None
        else (
            lsp.DiagnosticRelatedInformation(
                lsp.Location(
                    "file:///wrong.hepsel",
                    lsp.Range(place(text, other.start, encoding), place(text, other.end, encoding)),
                ),
                "see this",
            ),
        ),
    )


def hover(editor: Editor, text: str) -> str | None:
    at = editor.open_at(text)
    found = editor.ask(editor.client.text_document_hover_async, lsp.HoverParams(at.text_document, at.position))
    return None if found is None else found.contents.value


def offered(editor: Editor, text: str) -> dict[str, lsp.CompletionItem]:
    at = editor.open_at(text)
    params = lsp.CompletionParams(at.text_document, at.position)
    return {item.label: item for item in editor.ask(editor.client.text_document_completion_async, params)}


def test_what_is_told_is_what_check_tells(editor: Editor) -> None:
    """Of a part of the wrong programs that we have, each with its format."""
    cases = [(format_of(text := path.read_text(encoding="utf-8")), text) for path in programs()[::4]]
    assert len(cases) > 80
    for name, texts in groupby(sorted(cases), key=lambda case: case[0]):
        choose(editor, name)
        for _, text in texts:
            uri = editor.open(text, "file:///wrong.hepsel")  # what is opened is checked at once
            expected = [told(item, text) for item in check_text(text, name).diagnostics]
            assert [*editor.diagnostics(uri)] == expected
            editor.shut(uri)
    choose(editor, "physlite")


@pytest.mark.parametrize(
    ("encodings", "codec"),
    [
        (None, "utf-16-le"),
        ([lsp.PositionEncodingKind.Utf8, lsp.PositionEncodingKind.Utf16], "utf-8"),
        ([lsp.PositionEncodingKind.Utf32], "utf-32-le"),
    ],
    ids=["utf-16", "utf-8", "utf-32"],
)
def test_positions(encodings: Sequence[lsp.PositionEncodingKind] | None, codec: str) -> None:
    """Behind signs that take one, two, three and four bytes; a line ends where the protocol says."""
    text = 'hepsel 1 analysis "t"\nregion r\n  select count(Jet) > 1 as "η μ \u2028 🙂" select wrong > 1 # 🙂\n'
    other = Editor("--format", "nanoaod", encodings=encodings)
    try:
        # Changes alone would be put together by pygls, which has other ends of lines.
        assert other.answer.capabilities.text_document_sync.change == lsp.TextDocumentSyncKind.Full
        other.open(text)
        (item,) = check_text(text, "nanoaod").diagnostics
        assert text[item.span.start : item.span.end] == "wrong"
        assert [*other.diagnostics()] == [told(item, text, codec)]
        place_of_jet = lsp.Position(2, place(text, text.index("Jet"), codec).character)
        params = lsp.HoverParams(lsp.TextDocumentIdentifier("file:///program.hepsel"), place_of_jet)
        assert "`Jet`" in other.ask(other.client.text_document_hover_async, params).contents.value
        for ends in ("\r\n", "\r"):
            other.open(text.replace("\n", ends))
            assert [found.range for found in other.diagnostics() if found.code == "E200"] == [
                told(item, text, codec).range
            ]
    finally:
        other.close()


def test_diagnostics_wait_for_a_pause_in_typing(editor: Editor) -> None:
    uri = editor.open(PROGRAM)
    for number in range(20):
        editor.open(PROGRAM.replace("91.1876", f"{number}"))
    editor.forget()
    editor.open(PROGRAM.replace("91.1876 GeV", "wrong"))
    started = time.monotonic()
    assert [item.code for item in editor.diagnostics(uri)] == ["E200"]
    assert time.monotonic() - started > 0.15
    assert editor.published[uri] < 10


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("select p@t > 5", ["`Muon.pt`: energy, in MeV", "Transverse momentum", "`AnalysisMuonsAuxDyn.pt`"]),
        ("select o@ff <", ["let off = |mass - m_Z|", "\n\nenergy"]),
        ("|mass - m@_Z|", ["define m_Z = 91.1876 GeV", "\n\nenergy"]),
        ("|ma@ss - m_Z|", ["Mass, of the four-vector of an item of pairs"]),
        ("pairs[0].on@e.eta", ["muons one"]),
        ("one.e@ta)", ["`Muon.eta`: number", "Pseudorapidity"]),
        ("take Mu@on\n  let", ["`Muon`: collection of the format"]),
        ("take pa@irs", ["composite pairs", "take muons one, muons other"]),
        ("cou@nt(", ["`count`: how many items there are"]),
        ("wei@ghts(narrow_pairs", ["table weights(x) 0.9 for 0 to 1"]),
        ("cite pa@per", ['source paper "the paper"']),
        ("histogram m_@ll", ["let m_ll = narrow_pairs[0].mass", "\n\nenergy"]),
        ("x@.pt / y", ["`x`: item of Jet, where `ratio` is called", "define ratio(x, y)"]),
        ("x.p@t / y", ["`Jet.pt`: energy, in MeV"]),
        ("region si@gnal", ["region signal"]),
        ("sel@ect pt", None),
        ('"the pa@per"', None),
        ("80 G@eV", None),
    ],
)
def test_hover(editor: Editor, text: str, parts: list[str] | None) -> None:
    plain = text.replace("@", "")
    assert PROGRAM.count(plain) == 1
    found = hover(editor, PROGRAM.replace(plain, text))
    if parts is None:
        assert found is None
    else:
        assert [part for part in parts if part not in (found or "")] == [], found


def test_hover_of_unions_and_variables(editor: Editor) -> None:
    head = 'hepsel 1 analysis "t" object leptons take Electron, Muon region r '
    both = hover(editor, head + "select leptons[0].p@t > 5 GeV") or ""
    assert "`Electron.pt`" in both
    assert "`Muon.pt`" in both
    assert "item of leptons" in (hover(editor, head + "select any(@l.pt > 5 GeV for l in leptons)") or "")
    assert "one of the values of flavour" in (hover(editor, head + "select leptons[0].flavour == m@uon") or "")
    assert hover(editor, 'hepsel 1 analysis "t" define f(pt, x) = pt * x.p@t') is None  # no parameter
    calls = 'hepsel 1 analysis "t" define f(x, y) = x / y define g(x) = f(x.pt, 1 GeV) define a = g(Jet[0]) + '
    uses = f"{calls} f(Jet[0].eta, 2) + g(Muon[0])"
    assert "`x`: energy or number, where `f` is called" in (hover(editor, uses.replace("= x /", "= @x /")) or "")
    both = hover(editor, uses.replace("x.pt", "x.@pt")) or ""
    assert "`Jet.pt`: energy" in both
    assert "`Muon.pt`: energy" in both
    assert "where" not in (hover(editor, 'hepsel 1 analysis "t" define f(x) = 2 * @x') or "where")
    assert "difference in azimuth" in (hover(editor, head + "select d@phi(Jet[0], Jet[1]) > 1") or "")


def test_expressions_of_a_format_are_another_text(editor: Editor, tmp_path: Path) -> None:
    head = 'hepsel 1 analysis "t" define cut = 1 define n = count(j for j in Muon if j.mine > 0) define half = '
    own = tmp_path / "own.toml"
    own.write_text(
        'name = "own"\ndescription = "mine"\nextends = "nanoaod"\n'
        f'[collections.Muon.attributes.mine]\nvalue = "{" " * len(head)}eta"\n'  # where `cut` stands
    )
    choose(editor, str(own))
    assert "define cut = 1" in (hover(editor, head + "c@ut / 2") or "")
    choose(editor, "physlite")


def test_definition(editor: Editor) -> None:
    def places(text: str) -> list[str]:
        at = editor.open_at(text)
        params = lsp.DefinitionParams(at.text_document, at.position)
        lines = text.replace("@", "").split("\n")
        return [
            lines[one.range.start.line][one.range.start.character :]
            for one in editor.ask(editor.client.text_document_definition_async, params)
        ]

    for used, defined in (
        ("|mass - @m_Z|", "m_Z = 91.1876 GeV"),
        ("select @off <", "off = |mass - m_Z|"),
        ("pairs[0].@one.eta", "one, muons other"),
        ("take @pairs", "pairs"),
        ("@weights(narrow_pairs", "weights(x) 0.9 for 0 to 1"),
        ("cite @paper", 'paper "the paper"'),
        ("histogram @m_ll", "m_ll = narrow_pairs[0].mass"),
        ("take @signal with", "signal"),
        ("with @muons =", "muons"),
        ("= @loose_muons", "loose_muons"),
        ("@x.pt / y", "ratio(x, y) = x.pt / y.pt"),
        ("take @Muon\n  let", None),
        ("@select pt", None),
    ):
        plain = used.replace("@", "")
        assert PROGRAM.count(plain) == 1
        assert places(PROGRAM.replace(plain, used)) == ([] if defined is None else [defined]), used
    # What a repetition has from what it repeats, is defined there; in a union there may be several definitions.
    repeated = PROGRAM + "  select @m_ll > 90 GeV\n"
    assert places(repeated) == ["m_ll = narrow_pairs[0].mass"]
    slot = PROGRAM + "composite loose_pairs take pairs with muons = loose_muons select @one.pt > 9 GeV"
    assert places(slot) == ["one, muons other"]
    union = PROGRAM + (
        "object electrons take Electron let isolation = ptcone20 / pt "
        "object leptons take electrons, muons select @isolation < 1"
    )
    assert places(union) == [
        "isolation = ptcone20 / pt object leptons take electrons, muons select isolation < 1",
        "isolation = ptcone20 / pt",
    ]
    variable = 'hepsel 1 analysis "t" define n = count(j for j in Jet if @j.pt > 5 GeV)'
    assert places(variable) == ["j in Jet if j.pt > 5 GeV)"]


COMPLETIONS = [
    (
        "select @",
        ["pt", "isolation", "this", "m_Z", "Jet", "dphi", "ratio", "weights", "not", "if"],
        ["muons", "select"],
    ),
    ("select this.@", ["pt", "isolation", "is_medium"], ["dphi", "m_Z", "not"]),
    ("select this.is_m@", ["pt", "is_medium"], ["m_Z"]),
    ("select any(j.@", [], ["pt"]),  # of what, is not written yet
    ("select any(dr(this, j) < 0.4 for j in Jet if j.@", ["pt", "btag"], ["isolation"]),
    ("select |this.@", ["eta"], []),
    ("sort by this.@", ["pt"], []),
    ("select if is_medium then this.@", ["pt"], []),
    ("select pt > 5 @", ["GeV", "mm", "and", "cite"], ["pt"]),
    ("select type == @", ["combined", "calo_tagged"], ["pt", "muon"]),
    ("select pt > 5 GeV cite @", ["paper"], ["pt"]),
    ("select pt > 5 GeV\n  @", ["select", "sort", "keep", "region", "and"], ["GeV", "pt", "histogram"]),
    ("select count(Jet) == 2\n  @", ["select"], ["GeV", "pt"]),
    ("select p q r\n  se@", ["select", "sort", "region"], ["pt"]),  # whatever is wrong before it
    ("keep @", ["first", "lowest", "highest"], ["pt"]),
    ("select (Jet[0] + Jet[1]).@", ["mass", "rapidity"], ["is_medium"]),
    ("object x\n  take @", ["ordered", "Muon", "muons"], ["event", "dphi", "m_Z"]),
    ("region x\n  take @", [], ["Muon", "muons"]),
    ("region x\n  @", ["histogram", "weight", "select"], ["sort", "pt"]),
    ("region x\n  let lead = muons[0]\n  select lead.@", ["isolation", "pt"], ["lead"]),
    ("region x\n  let lead = muons[0]\n  select @", ["lead", "muons"], ["pt", "x"]),
    ("region x\n  select event.@", ["number", "luminosity_block"], ["pt"]),
    ("object @", [], ["pt", "select"]),
    ('select pt > 5 GeV as "@', [], ["pt", "select"]),
    ("# @", [], ["pt", "select"]),
]


@pytest.mark.parametrize(("text", "there", "not_there"), COMPLETIONS, ids=[case[0] for case in COMPLETIONS])
def test_completion(editor: Editor, text: str, there: list[str], not_there: list[str]) -> None:
    """At the end of the block `muons`, before what follows in the program."""
    before, _, behind = PROGRAM.partition("  select pt > 5 GeV\n")
    found = offered(editor, f"{before}  {text}\n{behind}")
    assert [name for name in there if not any(label.startswith(name) for label in found)] == []
    assert [name for name in not_there if name in found] == []
    assert all(map(str.isidentifier, found))


def test_completion_says_what_things_are(editor: Editor) -> None:
    found = offered(editor, PROGRAM.replace("|mass - m_Z|", "one.@"))
    assert found["pt"].detail == "energy"
    assert "in MeV" in found["pt"].documentation.value  # type: ignore[union-attr]
    assert "let isolation = ptcone20 / pt" in found["isolation"].documentation.value  # type: ignore[union-attr]


def test_what_is_offered_is_right(editor: Editor) -> None:
    """Each name that is offered for an attribute has no error of its own."""
    before, _, behind = PROGRAM.partition("  select pt > 5 GeV\n")
    names = offered(editor, f"{before}  select exists(this.@\n{behind}")
    assert len(names) > 30
    editor.open(before + "".join(f"  select exists(this.{name})\n" for name in names) + behind)
    assert {item.code for item in editor.diagnostics()} <= {"W601"}


def test_outline(editor: Editor) -> None:
    uri = editor.open(PROGRAM)
    params = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri))
    found: list[lsp.DocumentSymbol] = editor.ask(editor.client.text_document_document_symbol_async, params)
    assert [(one.name, [child.name for child in one.children or ()]) for one in found] == [
        ("m_Z", []),
        ("ratio", []),
        ("weights", []),
        ("muons", ["isolation"]),
        ("pairs", ["off"]),
        ("narrow_pairs", []),
        ("signal", ["m_ll", "w", "m_ll"]),
        ("loose_muons", []),
        ("control", []),
    ]
    lines = PROGRAM.split("\n")
    for one in found:
        place = one.selection_range
        assert lines[place.start.line][place.start.character : place.end.character] == one.name
        assert one.range.start <= place.start
        assert place.end <= one.range.end


def formatted(editor: Editor, text: str) -> str | None:
    uri = editor.open(text)
    params = lsp.DocumentFormattingParams(lsp.TextDocumentIdentifier(uri), lsp.FormattingOptions(8, False))
    edits = editor.ask(editor.client.text_document_formatting_async, params)
    return None if edits is None else applied(text, edits)


def applied(text: str, edits: Sequence[lsp.TextEdit]) -> str:
    """Return a text after one edit, or none; its lines may end with a carriage return and a line feed."""
    for edit in edits:
        lines = text.splitlines(keepends=True)

        def offset(position: lsp.Position, lines: list[str] = lines) -> int:
            behind = lines[position.line] if position.line < len(lines) else ""
            units = behind.encode("utf-16-le")[: 2 * position.character]
            return sum(map(len, lines[: position.line])) + len(units.decode("utf-16-le"))

        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    assert len(edits) < 2
    return text


def test_formatting(editor: Editor) -> None:
    untidy = PROGRAM.replace("  ", " ") + "# 🙂"
    assert formatted(editor, untidy) == format_source(untidy) != untidy
    windows = untidy.replace("\n", "\r\n")
    assert formatted(editor, windows) == format_source(windows)
    tidy = format_source(PROGRAM)
    assert formatted(editor, tidy) == tidy
    assert formatted(editor, untidy + "\nregion") is None


def fixes(editor: Editor, uri: str, text: str) -> list[lsp.CodeAction]:
    everything = lsp.Range(lsp.Position(0, 0), lsp.Position(text.count("\n") + 1, 0))
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), everything, lsp.CodeActionContext([]))
    found: list[lsp.CodeAction] = editor.ask(editor.client.text_document_code_action_async, params)
    return found


HALVES = {"“", "'", "\x07", "\x1b"}
"""What stands twice in the programs below: one replacement mends half of it."""


def test_fixes_mend_what_they_are_for(editor: Editor) -> None:
    """Each replaces what is wrong by what `hepsel check --json` proposes, and only where there is an error."""
    choose(editor, "nanoaod")
    mended = 0
    for path in programs():
        text = path.read_text(encoding="utf-8")
        if format_of(text) != "nanoaod":
            continue
        uri = editor.open(text, "file:///wrong.hepsel")
        found = check_text(text, "nanoaod").diagnostics
        replaceable = [item for item in found if item.severity == "error" and item.replacement is not None]
        actions = fixes(editor, uri, text)
        assert len(actions) == len(replaceable)
        for action, item in zip(actions, replaceable, strict=True):
            (edits,) = action.edit.changes.values()  # type: ignore[union-attr]
            new = applied(text, edits)
            assert new == text[: item.span.start] + str(item.replacement) + text[item.span.end :]
            assert action.diagnostics == (told(item, text),)
            left = [one for one in check_text(new, "nanoaod").diagnostics if one.span.start == item.span.start]
            assert item.code not in {one.code for one in left} or text[item.span.start : item.span.end] in HALVES
            mended += 1
        editor.shut(uri)
    assert mended > 50
    choose(editor, "physlite")


def test_fixes_are_those_of_the_place(editor: Editor) -> None:
    text = PROGRAM.replace("ptcone20 / pt", "ptcone20 / pT").replace("|mass - m_Z|", "|Mass - m_Z|")
    uri = editor.open(text)
    assert len(fixes(editor, uri, text)) == 2
    at = place(text, text.index("pT"))
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), lsp.Range(at, at), lsp.CodeActionContext([]))
    (action,) = editor.ask(editor.client.text_document_code_action_async, params)
    assert action.title == "Replace `pT` by `pt`"


def test_which_format(tmp_path: Path) -> None:
    """That of the editor's settings, or of the command; and where there is none, that is told in the text."""
    wrong = 'hepsel 1\nanalysis "t"\nobject x\n  take Mon\n  select pt > 5 GeV and\n'
    right = 'hepsel 1\nanalysis "t"\nobject x\n  take Muon\n  select pt > 5 GeV\n'

    def codes(editor: Editor, text: str) -> list[str | None]:
        editor.open(text)
        return [item.code for item in editor.diagnostics()]  # type: ignore[misc]

    without = Editor(root=tmp_path)
    assert codes(without, wrong) == ["E103", None]  # the syntax only
    assert "no format is chosen" in without.diagnostics()[-1].message
    assert offered(without, right + "  s@")["select"]
    (tmp_path / "own.toml").write_text('name = "own"\ndescription = "mine"\nextends = "nanoaod"\n')
    without.forget()
    choose(without, "own.toml")
    assert codes(without, wrong) == ["E200", "E103"]
    assert codes(without, right) == []
    (tmp_path / "own.toml").write_text('name = "own"\nextends = "nanoaod"\n')
    saved = lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier("file:///program.hepsel"))
    without.forget()
    without.tell(without.client.text_document_did_save, saved)
    assert "a format needs `description`" in without.diagnostics()[-1].message
    without.forget()
    choose(without, "nanoad")
    assert "did you mean `nanoaod`" in without.diagnostics()[-1].message
    without.close()
    settings = Editor("--format", "physlite", settings={"format": "nanoaod"})
    assert codes(settings, right.replace("pt >", "sip3d > 4 select pt >")) == []  # which physlite has not
    settings.close()


def test_hostile_texts(editor: Editor) -> None:
    """None ends the server, and none takes long."""
    dice = random.Random(1)
    noise = "".join(dice.choices('abc (|["\\#\n\r\t{}<>=+-*/^.,:;0189GeV\x00\u202e\ud800🙂', k=200_000))
    for text in (
        noise * 15,  # longer than a program may be
        noise[:20_000],
        "hepsel 1" + "(" * 100_000,
        "hepsel 1\n" + "select " * 10_000,
        'hepsel 1 analysis "t" define x = ' + "-" * 5_000 + "1",
        'hepsel 1 analysis "t" define x = ' + "(" * 119 + "1" + ")" * 119,
        'hepsel 1 analysis "t" define x = ' + "not " * 118 + "true",
        'hepsel 1 analysis "t" define x = ' + "abs(" * 100 + "1" + ")" * 100,
        "\ud800",
        "",
    ):
        started = time.monotonic()
        uri = editor.open(text)
        editor.diagnostics(uri)
        for position in (lsp.Position(0, 0), lsp.Position(0, 40), lsp.Position(10**6, 10**6)):
            identifier = lsp.TextDocumentIdentifier(uri)
            client = editor.client
            editor.ask(client.text_document_hover_async, lsp.HoverParams(identifier, position))
            editor.ask(client.text_document_completion_async, lsp.CompletionParams(identifier, position))
            editor.ask(client.text_document_definition_async, lsp.DefinitionParams(identifier, position))
        editor.ask(client.text_document_document_symbol_async, lsp.DocumentSymbolParams(identifier))
        fixes(editor, uri, text)
        formatted(editor, text)
        assert time.monotonic() - started < 20
    assert [item.code for item in editor.diagnostics(editor.open(PROGRAM))] == []


def test_programs_that_are_half_typed(editor: Editor) -> None:
    """At every word of an example, what is told is what `hepsel check` tells, and everything else has an answer."""
    text = (EXAMPLES / "adl_benchmark" / "query5.hepsel").read_text(encoding="utf-8")
    for match in re.finditer(r"\S+\s?", text):
        half = text[: match.end()]
        uri = editor.open(half)
        at = place(half, len(half))
        identifier = lsp.TextDocumentIdentifier(uri)
        editor.ask(editor.client.text_document_completion_async, lsp.CompletionParams(identifier, at))
        editor.ask(editor.client.text_document_hover_async, lsp.HoverParams(identifier, at))
    assert [*editor.diagnostics(uri)] == [told(item, half) for item in check_text(half, "physlite").diagnostics]


def test_functions_of_the_language_are_told_and_documented() -> None:
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    documented = {name for code in re.findall(r"`([^`\n]+)`", page) for name in re.findall(r"[a-z_0-9]+", code)}
    assert {*FUNCTIONS, *REDUCERS, *OTHER_FUNCTIONS} <= documented
    meanings = [*(one.meaning for one in FUNCTIONS.values()), *REDUCERS.values(), *OTHER_FUNCTIONS.values()]
    assert all(meanings)


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    with pytest.raises(HepselError, match=r"pip install 'hepsel\[lsp\]'"):
        command.lsp.main([], standalone_mode=False)


def server(*options: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "hepsel", "lsp", *options], stderr=subprocess.PIPE, **more)


def test_it_ends_with_its_editor() -> None:
    with server(stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ended:
        assert ended.stdin is not None
        ended.stdin.close()
        assert ended.wait(30) == 0
    with server(stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ended:
        assert ended.stdin is not None
        ended.stdin.write(b"Content-Length: 2\r\n\r\n{}")
        ended.stdin.flush()
        assert ended.stdout is not None
        os.read(ended.stdout.fileno(), 1)  # it is there
        ended.send_signal(signal.SIGTERM)
        assert ended.wait(30) == -signal.SIGTERM


def test_what_is_no_protocol() -> None:
    """It is answered as what it is, and nothing is printed that an editor would not read."""
    message = b"Content-Length: 5\r\n\r\nhello"
    with server(stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ended:
        out, err = ended.communicate(b"\xff\x00garbage\n" + message)
    assert (ended.returncode, err) == (0, b"")
    assert b"Error in server" in out


def test_without_an_editor() -> None:
    command = f"exec {sys.executable} -m hepsel lsp <&-"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == "hepsel: standard input is closed: there is no editor to answer\n"


def test_a_wrong_format_is_told_at_once() -> None:
    with server("--format", "physlit", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as ended:
        _, told = ended.communicate()
    assert ended.returncode == 1
    assert b"did you mean `physlite`" in told
