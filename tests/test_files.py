"""Files are written as a whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from hepsel.errors import DataError
from hepsel.files import drafts, write_files


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_texts_are_written_as_they_are(tmp_path: Path) -> None:
    write_files({tmp_path / "a.txt": "ein\r\nzwei\nß", tmp_path / "b": ""})
    assert (tmp_path / "a.txt").read_bytes() == "ein\r\nzwei\nß".encode()
    assert left(tmp_path) == {"a.txt", "b"}


def test_new_files_are_as_readable_as_others(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_files({tmp_path / "a": "x"})
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_a_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o755)
    (tmp_path / "link").symlink_to("real")
    write_files({tmp_path / "link": "new"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o755
    assert left(tmp_path) == {"real", "link"}


def test_a_pipe_stays_one(tmp_path: Path) -> None:
    """As /dev/null would, to the great surprise of everybody else on the machine."""
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()), daemon=True)
    reader.start()
    write_files({tmp_path / "pipe": "text", tmp_path / "a": "x"})
    reader.join(10)
    assert read == ["text"]
    assert (tmp_path / "pipe").is_fifo()
    assert left(tmp_path) == {"pipe", "a"}


def test_none_is_written_when_one_cannot(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    missing = tmp_path / "no" / "b"
    with pytest.raises(DataError, match=f"{missing}: cannot be written: No such file or directory"):
        write_files({tmp_path / "a": "new", missing: "new"})
    assert (tmp_path / "a").read_text() == "old"
    assert left(tmp_path) == {"a"}


def test_a_text_that_cannot_be_encoded_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_files({tmp_path / "a": "whole", tmp_path / "b": "\ud800"})
    assert left(tmp_path) == set()


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    with pytest.raises(DataError, match="d: cannot be written: this is a directory"):
        write_files({tmp_path / "a": "x", tmp_path / "d": "x"})
    assert left(tmp_path) == {"d"}


def test_what_goes_wrong_in_between_leaves_nothing(tmp_path: Path) -> None:
    def half() -> None:
        with drafts([tmp_path / "a.csv"]) as (draft,):
            assert (draft.parent, draft.suffix) == (tmp_path, ".csv")
            draft.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert left(tmp_path) == set()
