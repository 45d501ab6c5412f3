"""Stand-alone scripts as processes of their own, forked from one that has loaded the packages that they all import.

To load these takes a second, which is ten times what a script then needs for the files of a test.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib
import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 120  # for one script
PACKAGES = ("awkward", "uproot", "hist", "pyarrow.parquet", "fsspec.implementations.http")


def run_script(folder: Path, name: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a script of a folder in that folder, as `python -I` does."""
    host = _host()
    assert host.stdin is not None
    assert host.stdout is not None
    arguments = [name, *map(str, words)]
    with tempfile.TemporaryDirectory() as place:
        streams = [Path(place, stream) for stream in ("stdout", "stderr")]
        host.stdin.write(json.dumps([str(folder), [*map(str, streams)], arguments]) + "\n")
        host.stdin.flush()
        if not select.select([host.stdout], [], [], SECONDS)[0]:
            host.kill()
            raise subprocess.TimeoutExpired(arguments, SECONDS)
        code = int(host.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, *(stream.read_text() for stream in streams))


@functools.cache
def _host() -> subprocess.Popen[str]:
    """Return the process that scripts are forked from; it ends when this one closes its standard input."""
    command = [sys.executable, "-I", __file__]
    host = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(host.communicate)
    return host


def main() -> None:
    """Run a script for each line of standard input, and print its exit code."""
    for package in PACKAGES:
        with contextlib.suppress(ImportError):  # scripts say by themselves what they miss
            importlib.import_module(package)
    assert "hepsel" not in sys.modules  # scripts run where it is not installed
    for line in sys.stdin:
        folder, streams, arguments = json.loads(line)
        child = os.fork()
        if not child:
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            for number, stream in enumerate(streams, 1):
                os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT), number)
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
            return  # what ends this process is how the script ends
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
