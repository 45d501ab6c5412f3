"""The formatter keeps the program and its comments, settles at once, and lays out as these examples show."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import data_files
import pytest
import strategies
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hepsel.cli.fmt import fmt
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import ProgramError, SourceText
from hepsel.syntax.formatter import format_source
from hepsel.syntax.parser import MAX_DEPTH, comments, parse, parse_expression, tokens
from hepsel.syntax.printer import print_expression, print_program, quoted

SHARED_PROGRAMS = data_files.SHARED_DATA.parent / "programs"
EXAMPLES = sorted(data_files.EXAMPLES.rglob("*.hepsel"))

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def parsed(text: str) -> tree.Program:
    program, diagnostics, _ = parse(SourceText(text))
    assert diagnostics == []
    assert program is not None
    return program


def comment_texts(text: str) -> list[str]:
    return [comment for _, comment in comments(text)]


def assert_kept(text: str) -> str:
    """Format, and check all that holds for every program."""
    formatted = format_source(text)
    assert list(map(str, tokens(formatted))) == list(map(str, tokens(text)))
    assert parsed(formatted) == parsed(text)
    assert comment_texts(formatted) == comment_texts(text)
    assert format_source(formatted) == formatted
    lines = formatted.split("\n")
    assert lines[-1] == ""
    assert lines[0] != ""
    assert all(line == line.rstrip() for line in lines)
    assert "\n\n\n" not in formatted
    assert not formatted.endswith("\n\n")
    return formatted


# ------------------------------------------------------------------ properties


@relaxed
@given(strategies.expressions)
def test_printed_expressions_parse_back(expression: tree.Expr) -> None:
    assert parse_expression(print_expression(expression)) == expression


@relaxed
@given(strategies.programs)
def test_printed_programs_parse_back_and_format(program: tree.Program) -> None:
    text = print_program(program)
    assert parsed(text) == program
    assert_kept(text)


@relaxed
@given(strategies.programs, st.data())
def test_comments_anywhere_are_kept(program: tree.Program, data: st.DataObject) -> None:
    text = print_program(program)
    words = tokens(text)
    pieces = []
    end = 0
    for token in words:
        assert token.start_pos is not None
        assert token.end_pos is not None
        pieces += [text[end : token.start_pos], str(token)]
        end = token.end_pos
    pieces.append(text[end:])
    gaps = st.sampled_from(
        ("", "", "", "", " # same line\n", "\n# margin\n", "\n\n\n   # \"in', |deep  \n", "#\n\n\n", "\n\n")
    )
    for place in range(0, len(pieces), 2):
        pieces[place] += data.draw(gaps)
    assert_kept("".join(pieces))


def test_the_printer_leaves_out_parentheses_that_say_nothing() -> None:
    for text in (
        "a + b - c * d / e^f",
        "a - (b - c)",
        "(a + b) * c",
        "(-a)^2",
        "-a^2",
        "a^-b",
        "(a^b)^c",
        "not (a and b) or c and not d",
        "(a or b) and c",
        "(a < b) == (c < d)",
        "a < b + 1 <= c",
        "(if a then b else c) + 1",
        "if a then b else if c then d else e",
        "(if a then b else c) == d",
        "|a - |b||.x",
        "(a + b).mass",
        "x[1:].pt[-1]",
        "x[:]",
        "(5).pt",
        "(5 GeV).pt",
        "(2 GeV)^2",
        "2 GeV^2",
        "a in b and c not in d",
        "(a in b) == c",
        "any(x.pt > 3 GeV^(1/2) for i, j in a for k in b + c if i != k)",
        "f()",
    ):
        assert print_expression(parse_expression(text)) == text
    assert print_expression(parse_expression("((a * (b)) + ((c)))")) == "a * b + c"


def test_a_string_with_a_line_end_cannot_be_printed() -> None:
    with pytest.raises(ValueError, match="line end"):
        quoted("a\nb")


# ------------------------------------------------------------------ layout


def test_header() -> None:
    text = (
        '#!/usr/bin/env hepsel\nhepsel    1\nanalysis "x" note "n" experiment ATLAS energy 13 TeV\n'
        'luminosity 36.1 fb ^ - 1 source paper "a" # c\n\n\n source longest "b"'
    )
    assert assert_kept(text) == (
        "#!/usr/bin/env hepsel\n"
        "hepsel 1\n"
        "\n"
        'analysis "x"  note "n"\n'
        "  experiment ATLAS\n"
        "  energy     13 TeV\n"
        "  luminosity 36.1 fb^-1\n"
        '  source     paper    "a"  # c\n'
        "\n"
        '  source     longest  "b"\n'
    )


def test_spaces() -> None:
    text = (
        "hepsel 1 define a=- 3 GeV ^ ( - 1/ 2 )+| | x | |*b ^(1/2) define f ( x , y ) = x [ 1 : ] [ -1 ] . pt ^ - 2\n"
        'region r bins m = 3 bins 4 from -5 to 5 vs |y| edges[ - inf,2,inf] bin "b"|x|<5 reject(a)and not(b)\n'
        'expect 5+-1 stat+3-4 syst for "x",-3 select 5 .pt not  in z[0] histogram m bins 3 from 0 to 1 fold title "t"\n'
        "histogram n bins 3 from 0 to 1 with weight x*2 region s take r with weight=2"
    )
    assert assert_kept(text) == (
        "hepsel 1\n"
        "\n"
        "define a = -3 GeV^(-1/2) + ||x|| * b^(1 / 2)\n"
        "define f(x, y) = x[1:][-1].pt^-2\n"
        "\n"
        "region r\n"
        "  bins m = 3  bins 4 from -5 to 5  vs |y|  edges [-inf, 2, inf]\n"
        '  bin "b" |x| < 5\n'
        "  reject (a) and not (b)\n"
        '  expect 5 +- 1 stat + 3 - 4 syst for "x", -3\n'
        "  select 5 .pt not in z[0]\n"
        '  histogram m  bins 3 from 0 to 1  fold  title "t"\n'
        "  histogram n  bins 3 from 0 to 1  with weight x * 2\n"
        "\n"
        "region s\n"
        "  take r with weight = 2\n"
    )


def test_annotations_that_do_not_fit_get_lines_of_their_own() -> None:
    quote = "q" * 70
    text = (
        f'hepsel 1 region r note "short" select pt > 7 GeV as "label" cite p page 3 "{quote}" '
        f'assume "why" select pt > 7 GeV cite p page 3 "{quote}" as "label" '
        'select pt > 8 GeV as "l" cite p define x = 1 cite p "' + quote + '" assume "' + quote + '"'
    )
    assert assert_kept(text) == (
        "hepsel 1\n"
        "\n"
        'region r  note "short"\n'
        '  select pt > 7 GeV  as "label"\n'
        f'      cite p page 3 "{quote}"\n'
        '      assume "why"\n'
        "  select pt > 7 GeV\n"
        f'      cite p page 3 "{quote}"\n'
        '      as "label"\n'
        '  select pt > 8 GeV  as "l"  cite p\n'
        "\n"
        "define x = 1\n"
        f'    cite p "{quote}"\n'
        f'    assume "{quote}"\n'
    )


def test_a_line_of_100_characters_fits_and_one_more_does_not() -> None:
    fits = f'  select pt > 7 GeV  note "{"n" * 72}"'
    assert len(fits) == 100
    assert assert_kept(f"hepsel 1 region r {fits}").endswith(f"\n{fits}\n")
    longer = fits.replace('n"', 'nn"')
    assert "7 GeV\n      note" in assert_kept(f"hepsel 1 region r {longer}")


def test_long_expressions_break_at_their_loosest_sign() -> None:
    text = (
        "hepsel 1 region r select largest(parts.pt, 1) > 20 GeV and largest(parts.pt, 2) > 15 GeV and "
        "largest(parts.pt, 3) > 10 GeV or tight let search_bin = if kin == 0 then 0 else if nj <= 3 then "
        "10 * min(nb, 2) + kin else if nj <= 5 then 30 + kin else 5 select all((i + j).mass > 5 GeV for i, j in "
        "parts if i.flavour == j.flavour and i.charge + j.charge == 0) save "
        + ", ".join(f"column_{number}" for number in range(12))
    )
    assert assert_kept(text) == (
        "hepsel 1\n"
        "\n"
        "region r\n"
        "  select largest(parts.pt, 1) > 20 GeV\n"
        "        and largest(parts.pt, 2) > 15 GeV\n"
        "        and largest(parts.pt, 3) > 10 GeV\n"
        "      or tight\n"
        "  let search_bin = if kin == 0 then 0\n"
        "      else if nj <= 3 then 10 * min(nb, 2) + kin\n"
        "      else if nj <= 5 then 30 + kin\n"
        "      else 5\n"
        "  select all((i + j).mass > 5 GeV\n"
        "          for i, j in parts\n"
        "          if i.flavour == j.flavour and i.charge + j.charge == 0)\n"
        "  save column_0, column_1, column_2, column_3, column_4, column_5, column_6, column_7, column_8,\n"
        "      column_9, column_10, column_11\n"
    )


def test_tables_have_a_line_for_each_row() -> None:
    text = (
        "hepsel 1 table t(x) 0.5 +- 0.1 for - 1 GeV to 3 GeV, # first\n"
        "0.7 for 3 GeV to 4 GeV and 0 to 1,0.8+0.02-0.03 stat+-1e-2 syst for - inf to -1 GeV and-inf to inf\n"
        "# own line\notherwise 0 cite p define x = 1"
    )
    assert assert_kept(text) == (
        "hepsel 1\n"
        "\n"
        "table t(x)\n"
        "  0.5 +- 0.1 for -1 GeV to 3 GeV,  # first\n"
        "  0.7 for 3 GeV to 4 GeV and 0 to 1,\n"
        "  0.8 + 0.02 - 0.03 stat +- 1e-2 syst for -inf to -1 GeV and -inf to inf\n"
        "  # own line\n"
        "  otherwise 0\n"
        "    cite p\n"
        "\n"
        "define x = 1\n"
    )


def test_comments_and_blank_lines() -> None:
    text = """\


# top

  # second
hepsel 1
# close to the version
define a = 1 # a
define b = 2


# about c
define c = 3
# section

object j # block

  take Jet # taken


  # before select
  select pt > 30 GeV and # why
     # own
     |eta| < 2.5 as "l" # end
  # tail
  sort by pt descending

  # tail 2
# margin
object k
# inside
take j
# end

# really"""
    assert (
        assert_kept(text)
        == """\
# top

# second
hepsel 1

# close to the version
define a = 1  # a
define b = 2

# about c
define c = 3

# section

object j  # block
  take Jet  # taken

  # before select
  select pt > 30 GeV
      and  # why
      # own
      |eta| < 2.5
      as "l"  # end
  # tail
  sort by pt descending

  # tail 2

# margin
object k
  # inside
  take j

# end

# really
"""
    )


def test_sorting_keys_that_do_not_fit_on_a_line() -> None:
    short = "sort by charge descending, pt descending"
    keys = ["dr(this, MET) descending", "|pt - 91 GeV| + |mass - 125 GeV| ascending", "ptcone20 / pt ascending"]
    text = f"hepsel 1 object o take Jet {short} sort by {', '.join(keys)}"
    assert assert_kept(text).splitlines()[4:] == [
        f"  {short}",
        f"  sort by {keys[0]},",
        f"      {keys[1]},",
        f"      {keys[2]}",
    ]


def test_the_deepest_nesting_that_parses_is_formatted() -> None:
    depth = MAX_DEPTH - 5
    for begin, end in (("(", ")"), ("f(a and b or c, ", ")"), ("(a + ", ")"), ("if a then b else ", "")):
        assert_kept(f"hepsel 1 region r select {begin * depth}x{end * depth}")


def test_line_ends_stay_and_a_byte_order_mark_goes() -> None:
    text = "\ufeffhepsel 1\r\nregion r # c\r\n    select x\r\n"
    formatted = format_source(text)
    assert formatted == "hepsel 1\r\n\r\nregion r  # c\r\n  select x\r\n"
    assert format_source(formatted) == formatted


def test_syntax_errors_are_raised_with_all_diagnostics() -> None:
    with pytest.raises(ProgramError) as caught:
        format_source("hepsel 1\nregion r\n  select a && b\n  select !\n", "name.hepsel")
    assert [item.code for item in caught.value.diagnostics] == ["E110", "E110"]
    assert str(caught.value).startswith("name.hepsel:3:12: error E110")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    assert_kept(path.read_text(encoding="utf-8"))


@pytest.mark.usefixtures("shared_data")
def test_programs_of_independent_readers() -> None:
    programs = sorted(SHARED_PROGRAMS.glob("*.hepsel"))
    assert programs
    for path in programs:
        assert_kept(path.read_text(encoding="utf-8"))


# ------------------------------------------------------------------ command

UGLY = "hepsel 1 # c\nregion   r\n"
CLEAN = "hepsel 1  # c\n\nregion r\n"


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(fmt, list(map(str, arguments)), input=stdin, standalone_mode=False)


def test_files_are_rewritten_in_place_and_only_when_they_change(tmp_path: Path) -> None:
    ugly, clean = tmp_path / "ugly.hepsel", tmp_path / "clean.hepsel"
    ugly.write_text(UGLY)
    clean.write_text(CLEAN)
    ugly.chmod(0o640)
    os.utime(clean, (1, 1))
    result = run(ugly, clean)
    assert (result.return_value, result.stdout) == (0, "")
    assert result.stderr == f"reformatted {ugly}\n"
    assert ugly.read_text() == CLEAN
    assert stat.S_IMODE(ugly.stat().st_mode) == 0o640
    assert clean.stat().st_mtime == 1
    assert sorted(tmp_path.iterdir()) == [clean, ugly]


def test_links_stay_links(tmp_path: Path) -> None:
    target, link = tmp_path / "target.hepsel", tmp_path / "link.hepsel"
    target.write_text(UGLY)
    link.symlink_to(target.name)
    assert run(link).return_value == 0
    assert link.is_symlink()
    assert target.read_text() == CLEAN


def test_check_and_diff_write_nothing(tmp_path: Path) -> None:
    ugly, clean = tmp_path / "ugly.hepsel", tmp_path / "clean.hepsel"
    ugly.write_text(UGLY)
    clean.write_text(CLEAN)
    checked = run("--check", ugly, clean)
    assert (checked.return_value, checked.stdout) == (1, "")
    assert checked.stderr == f"would reformat {ugly}\n"
    assert run("--check", clean).return_value == 0
    diff = run("--diff", ugly, clean)
    assert diff.return_value == 0
    assert diff.stdout.splitlines() == [
        *(f"--- {ugly}", f"+++ {ugly}", "@@ -1,2 +1,3 @@"),
        *("-hepsel 1 # c", "-region   r", "+hepsel 1  # c", "+", "+region r"),
    ]
    assert run("--diff", "--check", ugly).return_value == 1
    assert ugly.read_text() == UGLY


def test_standard_input_goes_to_standard_output() -> None:
    result = run("-", stdin=UGLY)
    assert (result.return_value, result.stdout, result.stderr) == (0, CLEAN, "")
    assert run("-", stdin=CLEAN).stdout == CLEAN
    checked = run("-", "--check", stdin=UGLY)
    assert (checked.return_value, checked.stdout) == (1, "")


def test_line_ends_stay_in_files(tmp_path: Path) -> None:
    file = tmp_path / "dos.hepsel"
    file.write_bytes(UGLY.replace("\n", "\r\n").encode())
    assert run(file).return_value == 0
    assert file.read_bytes() == CLEAN.replace("\n", "\r\n").encode()


def test_what_cannot_be_formatted_is_said_and_left_alone(tmp_path: Path) -> None:
    broken, binary = tmp_path / "broken.hepsel", tmp_path / "binary.hepsel"
    other = tmp_path / "other.hepsel"
    broken.write_text("hepsel 1\nregion r\n  select a && b\n")
    binary.write_bytes(b"hepsel 1\n# \xff\n")
    other.write_text(UGLY)
    result = run(broken)
    assert result.return_value == 1
    assert f"{broken}:3:12: error E110" in result.stderr
    assert "&&" in broken.read_text()
    result = run(binary, broken, tmp_path / "none.hepsel", tmp_path, other)
    assert result.return_value == 3
    assert f"{binary}: is not UTF-8 text (line 2)" in result.stderr
    assert f"{tmp_path / 'none.hepsel'}: cannot read the program: No such file" in result.stderr
    assert f"{tmp_path}: cannot read the program: Is a directory" in result.stderr
    assert other.read_text() == CLEAN, "the others are formatted all the same"


def test_annotations_of_successive_statements_stand_in_columns() -> None:
    wide = "count(l for l in leptons if l.pt > 20 GeV) == 4"
    text = f"""hepsel 1
object e
  take Electron
  select pt > 7 GeV as "2.2" cite table "ET"
  select |eta| < 2.47 as "acceptance" cite table "eta"
  select {wide} as "w" cite table "w"
  select is_loose cite table "loose"

  select charge > 0 as "q" cite table "q"
  # a comment
  select is_tight as "t" cite table "t" assume "{"x" * 60}"
  select n > 1 as "n"
"""
    assert (
        assert_kept(text)
        == f"""hepsel 1

object e
  take Electron
  select pt > 7 GeV    as "2.2"         cite table "ET"
  select |eta| < 2.47  as "acceptance"  cite table "eta"
  select {wide}  as "w"  cite table "w"
  select is_loose      cite table "loose"

  select charge > 0  as "q"  cite table "q"
  # a comment
  select is_tight  as "t"
      cite table "t"
      assume "{"x" * 60}"
  select n > 1     as "n"
"""
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_the_examples_are_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_source(text) == text
