"""A real XRootD server of this machine, where one is installed (Debian: `xrootd-server`)."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class XRootDServer:
    """A server: its files, and its process."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, name: str, user: str = "") -> str:
        return f"root://{user}127.0.0.1:{self.port}//{name}"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextlib.contextmanager
def serving_xrootd() -> Iterator[XRootDServer]:
    """Serve a new folder, or skip the test."""
    command = shutil.which("xrootd")
    if command is None:
        pytest.skip("needs an XRootD server (Debian: xrootd-server)")
    if importlib.util.find_spec("fsspec_xrootd") is None:
        pytest.skip("needs fsspec-xrootd")
    top = Path(tempfile.mkdtemp(prefix="hepsel-xrootd-"))  # not in a folder of pytest: others may not look into these
    port, data = free_port(), top / "data"
    data.mkdir()
    lines = [f"xrd.port {port}", "all.export / r/o", f"oss.localroot {data}", f"all.adminpath {top}/admin"]
    (top / "xrootd.cfg").write_text("\n".join([*lines, f"all.pidpath {top}/admin", ""]))
    words = [command, "-c", str(top / "xrootd.cfg"), "-l", str(top / "log")]
    if os.getuid() == 0:  # it does not run as root
        user = next(name for name in ("xrootd", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
        words += ["-R", user]
        shutil.chown(top, user)
        top.chmod(0o755)
    process = subprocess.Popen(words, cwd=top, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield XRootDServer(data, port, process)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(top, ignore_errors=True)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail("the XRootD server does not start")
