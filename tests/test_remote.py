"""Files on servers: `hepsel run`, `hepsel inspect` and stand-alone scripts read them as if they were here."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pytest
import trustme
import uproot
from data_files import EXAMPLES, data_file
from run_command import PROGRAM, everything, hepsel, write_events
from script_host import run_script
from web_server import BY_HALVES, WebServer, serving
from xrootd_server import XRootDServer, free_port, serving_xrootd

from hepsel import remote
from hepsel.backends.awkward.runtime.addresses import shown
from hepsel.compare.outputs import Output
from hepsel.compare.rerun import inputs_of
from hepsel.errors import DataError
from hepsel.remote import Address
from hepsel.run.inputs import InputFile, find_files

pytest.importorskip("aiohttp")

FORMAT = ("--format", "cms_open_data_2012")
H4L = EXAMPLES / "h4l" / "h4l.hepsel"
SAMPLE = EXAMPLES / "h4l" / "h4l_sample.root"
SECRET = "open-sesame"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.hepsel").write_text(PROGRAM)
    (tmp_path / "served").mkdir()
    for k in range(3):
        write_events(tmp_path / "served" / f"data_{k}.root", 60 + k, seed=k + 1)
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[WebServer]:
    with serving(folder / "served") as state:
        yield state


@pytest.fixture(scope="module")
def xrootd() -> Iterator[XRootDServer]:
    with serving_xrootd() as running:
        yield running


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let servers be silent for a second only."""
    monkeypatch.setattr(remote, "PATIENCE", 1)
    _unprepared()
    yield
    _unprepared()


def _unprepared() -> None:
    remote._register_http.cache_clear()
    remote._prepare_xrootd.cache_clear()


def run(*words: str) -> tuple[int, str, str]:
    return hepsel("run", "p.hepsel", *words, *FORMAT)


def script(folder: Path, *words: str | Path) -> tuple[int, str, str]:
    """Run the stand-alone script of the program, as somebody who has no hepsel."""
    code, text, _ = hepsel("compile", "p.hepsel", *FORMAT, "--backend", "awkward")
    assert code == 0
    (folder / "script.py").write_text(text)
    done = run_script(folder, "script.py", *words)
    return done.returncode, done.stdout, done.stderr


def write_columns(folder: Path) -> None:
    """Write the events of data_0.root as Parquet in several row groups, and as an RNTuple."""
    with uproot.open(folder / "data_0.root") as file:
        arrays = file["Events"].arrays()
    columns = {name: arrays[name] for name in arrays.fields if name != "nMuon"}
    ak.to_parquet(ak.zip(columns, depth_limit=1), folder / "data_0.parquet", row_group_size=17)
    with uproot.recreate(folder / "ntuple.root") as file:
        tuples = file.mkrntuple("Events", columns)
        tuples.extend(columns)


def without_inputs(written: dict[str, Any]) -> dict[str, Any]:
    del written["manifest"]["inputs"]
    return written


# ------------------------------------------------------------------ the same results


@pytest.mark.parametrize("name", ["data_0.root", "data_0.parquet", "ntuple.root"])
@pytest.mark.parametrize("options", [(), ("--entries", "5:31", "--chunk", "10"), ("--interpreter", "--trace")])
def test_results_are_those_of_a_file_here(name: str, options: tuple[str, ...], folder: Path, server: WebServer) -> None:
    write_columns(server.folder)
    here = run(f"served/{name}", *options, "--out", "here")
    assert here[0] == 0
    assert run(server.url(name), *options, "--out", "there") == here
    assert without_inputs(everything(folder / "there")) == without_inputs(everything(folder / "here"))


@pytest.mark.parametrize("name", ["physlite/zee_mc20_100ev.root"])
def test_real_files(name: str) -> None:
    for path in (SAMPLE, data_file(name)):
        with serving(path.parent) as server:
            there = hepsel("run", str(H4L), server.url(path.name), "--format", "physlite")
        assert there[0] == 0
        assert there == hepsel("run", str(H4L), str(path), "--format", "physlite")


@pytest.mark.slow
def test_workers_change_nothing(folder: Path, server: WebServer) -> None:
    names = [f"data_{k}.root" for k in range(3)]
    (folder / "list.txt").write_text("# on a server\n" + "".join(f"{server.url(name)}:Events\n" for name in names))
    here = run(*(f"served/{name}" for name in names), "--chunk", "8")
    assert run("@list.txt", "--chunk", "8", "--workers", "2", "--out", "two") == here
    assert run("@list.txt", "--chunk", "8", "--out", "one") == here
    assert everything(folder / "one") == everything(folder / "two")


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_cluster_changes_nothing(server: WebServer) -> None:
    distributed = pytest.importorskip("distributed")
    here = run("served/data_0.root", "served/data_1.root")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        urls = server.url("data_0.root"), server.url("data_1.root")
        assert run(*urls, "--cluster", cluster.scheduler_address) == here


@pytest.mark.parametrize("name", ["data_0.root", "data_0.parquet", "ntuple.root"])
def test_inspect(name: str, server: WebServer) -> None:
    write_columns(server.folder)
    code, there, err = hepsel("inspect", server.url(name), *FORMAT, "--json")
    here = hepsel("inspect", f"served/{name}", *FORMAT, "--json")[1]
    assert (code, err) == (0, "")
    assert {**json.loads(there), "file": ""} == {**json.loads(here), "file": ""}


@pytest.mark.parametrize("name", ["data_0.root", "data_0.parquet", "ntuple.root"])
def test_the_script_reads_them_too(name: str, folder: Path, server: WebServer) -> None:
    write_columns(server.folder)
    here = script(folder, f"served/{name}", "--out", "here", "--chunk", "7")
    assert here[0] == 0
    assert script(folder, server.url(name) + "?x=1", "--out", "there", "--chunk", "7") == here
    for path in (folder / "here").iterdir():
        if path.suffix in (".csv", ".json"):
            assert (folder / "there" / path.name).read_text() == path.read_text()


def test_only_what_is_needed_is_sent(server: WebServer) -> None:
    random = np.random.default_rng(1)
    with uproot.recreate(server.folder / "large.root") as file:
        types = {"run": "u4", "luminosityBlock": "u4", "event": "u8", "MET_pt": "f4", "MET_phi": "f4", "noise": "f8"}
        muons = {f"Muon_{name}": "var * float32" for name in ("pt", "eta", "phi", "mass")}
        tree = file.mktree("Events", {**types, **muons, "Muon_charge": "var * int32"}, counter_name=lambda _: "nMuon")
        for _ in range(10):
            flat = {name: random.integers(1, 2**20, 10_000).astype(kind) for name, kind in types.items()}
            lists = ak.unflatten(random.uniform(0, 2, 20_000).astype("f4"), np.full(10_000, 2))
            tree.extend({**flat, **dict.fromkeys(muons, lists), "Muon_charge": ak.values_astype(lists, "i4")})
    size = (server.folder / "large.root").stat().st_size
    assert run(server.url("large.root"), "--entries", "0:1000")[0] == 0
    assert server.sent < size / 5
    server.sent, server.requests[:] = 0, []
    assert run(server.url("large.root"), "--chunk", "10000")[0] == 0
    assert server.sent < size
    asked = [request.rpartition("bytes=")[2].split("-") for request in server.requests]
    assert max(int(last) - int(first) for first, last in asked) < size / 20  # never more than the columns of a chunk
    assert len(asked) < 10 * 4  # of 8 branches in 10 chunks


@pytest.mark.parametrize("command", [("run", "p.hepsel"), ("inspect",)])
def test_fields_of_an_rntuple_are_asked_for_at_once(command: tuple[str, ...], server: WebServer) -> None:
    write_columns(server.folder)
    here = hepsel(*command, "served/ntuple.root", *FORMAT)[1].partition("\n")[2]
    server.ways = "slow"
    code, there, _ = hepsel(*command, server.url("ntuple.root"), *FORMAT)
    assert (code, there.partition("\n")[2]) == (0, here)
    assert max(server.at_once) > 1


def test_a_redirect_is_followed(folder: Path, server: WebServer) -> None:
    with serving(folder) as other:
        other.ways = server.url(f"data_0.root?token={SECRET}")
        assert run(other.url("anywhere.root")) == run("served/data_0.root")


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("name", "url", "tree"),
    [
        ("https://h:81/a.root", "https://h:81/a.root", None),
        ("https://h:81/a.root:T", "https://h:81/a.root", "T"),
        ("root://h:1094//a:b/c.root.1:d/T", "root://h:1094//a:b/c.root.1", "d/T"),
        ("root://h//mc20:DAOD.pool.root.1", "root://h//mc20:DAOD.pool.root.1", None),
        ("HTTPS://h/a.ROOT:T?x=a.root:b", "https://h/a.ROOT?x=a.root:b", "T"),
        ("https://h/a.root?x=b.root:T", "https://h/a.root?x=b.root:T", None),
    ],
)
def test_trees_are_named_as_uproot_does(name: str, url: str, tree: str | None) -> None:
    assert find_files([name]) == (InputFile(Address(url), tree),)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ftp://h/a.root", "ftp://h/a.root: only https://, http://, root:// are read from servers"),
        ("gsiftp://h/a.root", "are read from servers; copy the file here first"),
        ("file:///a.root", "are read from servers"),
        ("simplecache::https://h/a.root", "are read from servers"),
        ("https://h/data_*.root", "patterns are of files here only"),
        ("root://h//data_?.root", "patterns are of files here only"),
        ("https://h", "not an address"),
        ("https://h/", "not an address"),
        ("https:///a.root", "not an address"),
        ("https://h:x/a.root", "not an address"),
        (f"https://me:{SECRET}/x@h/a.root", "https://...: not an address"),
        (f"https://h/a.root?a=b {SECRET}", "there is a space"),
        ("https://h/a::b.root", "'::' in it"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_addresses_that_are_not_read(name: str, message: str) -> None:
    for command in (("run", "p.hepsel", name, *FORMAT), ("inspect", name)):
        code, out, err = hepsel(*command)
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert message in err
        assert SECRET not in err


def test_a_file_that_is_given_twice(server: WebServer) -> None:
    code, _, err = run(server.url("data_0.root"), server.url("data_0.root", "me:word@"))
    assert (code, "is given twice" in err) == (3, True)
    assert find_files(["https://h/get?id=1", "https://h/get?id=2"])


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("https://h/a", "https://h/a"),
        ("https://me@h/a", "https://h/a"),
        ("'root://me:pw@h:1094//a?authz=Bearer%20x&y=1' no", "'root://h:1094//a?authz=...&y=... no"),
        ("https://h/a?token", "https://h/a?..."),
        ("https://h/a?x=1;token&y=", "https://h/a?x=...;...&y=..."),
        ("https://h/a?x=?y=z", "https://h/a?x=..."),
        ("https://h?token", "https://h?..."),
        ("https://h/a#token", "https://h/a"),
        ("https://me:p/w@h/a?b=c", "https://..."),
    ],
)
def test_secrets_are_not_shown(text: str, safe: str) -> None:
    assert shown(text) == safe
    assert shown(safe) == safe


def test_secrets_are_written_nowhere(folder: Path, server: WebServer) -> None:
    server.password = base64.b64encode(f"me:{SECRET}".encode()).decode()
    url = f"{server.url('data_0.root', f'me:{SECRET}@')}?token={SECRET}"
    done = run(url, "--out", "out")
    assert (done[0], done[2]) == (0, "")
    assert any(f"?token={SECRET}" in request for request in server.requests)
    for path in (folder / "out").rglob("*"):
        assert SECRET.encode() not in path.read_bytes()
    manifest = json.loads((folder / "out" / "manifest.json").read_text())
    assert manifest["inputs"][0]["path"] == f"{server.url('data_0.root')}?token=..."
    assert f"{server.url('data_0.root')}?token=..." in manifest["command"]
    server.password = "another"
    for code, out, err in (run(url), hepsel("inspect", url), script(folder, url)):
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert "401" in err
        assert SECRET not in err
    server.password = None
    code, _, err = run(url.replace(".root", ".root:other"))
    assert (code, "no tree other" in err) == (3, True)
    assert SECRET not in err


# ------------------------------------------------------------------ what a file is known by


def test_the_manifest_has_marks_in_the_place_of_a_hash(folder: Path, server: WebServer) -> None:
    write_columns(server.folder)
    assert run(server.url("data_0.root"), server.url("data_0.parquet"), "served/data_1.root", "--out", "out")[0] == 0
    tree, table, here = json.loads((folder / "out" / "manifest.json").read_text())["inputs"]
    stat = (server.folder / "data_0.root").stat()
    with uproot.open(server.folder / "data_0.root") as file:
        uuid = str(file.file.uuid)
    assert (tree["sha256"], tree["remote"], tree["root_uuid"], tree["etag"]) == (
        None,
        True,
        uuid,
        f'"{stat.st_mtime_ns:x}"',
    )
    assert (tree["size"], tree["modified_ns"]) == (stat.st_size, int(stat.st_mtime) * 10**9)
    assert (table["sha256"], table["root_uuid"]) == (None, None)
    assert len(here["sha256"]) == 64
    assert "remote" not in here
    output = Output(folder / "out", {}, json.loads((folder / "out" / "manifest.json").read_text()))
    with pytest.raises(DataError, match=r"data_0\.root, on a server; name it with --data"):
        inputs_of(output, [])


def reads_of(server: WebServer, name: str) -> int:
    return sum(f"/{name} " in request for request in server.requests)


@pytest.mark.parametrize(
    ("ways", "changed", "is_kept"), [("", False, True), ("", True, False), ("unmarked", False, False)]
)
def test_a_run_goes_on_where_it_ended(ways: str, changed: bool, is_kept: bool, server: WebServer) -> None:
    """Unless the file has changed, or nobody can say whether it has."""
    urls = server.url("data_0.root"), server.url("data_1.root")
    server.ways, server.breaking, server.breaks_after = ways, "data_1.root", 5  # it can be opened
    code, _, err = run(*urls, "--out", "out")
    assert (code, "data_1.root: cannot read the file: the server answers 500" in err) == (3, True), err
    server.breaking = ""
    if changed:
        write_events(server.folder / "data_0.root", 60, seed=9)
    before = reads_of(server, "data_0.root")
    assert run(*urls, "--out", "out") == run("served/data_0.root", "served/data_1.root")
    assert (reads_of(server, "data_0.root") - before < 6) == is_kept  # it is opened in any case


@pytest.mark.usefixtures("folder")
def test_a_run_asks_for_nothing_twice(server: WebServer) -> None:
    """What was read to look into a file is there when its events are read."""
    assert run(server.url("data_0.root"))[0] == 0
    assert len(server.requests) == 6  # its size, its beginning, how it is laid out, its events
    assert len(set(server.requests)) == len(server.requests)


# ------------------------------------------------------------------ what goes wrong


WRONG = [
    ("404", "the server answers 404 Not Found"),
    ("403", "the server answers 403 Forbidden"),
    ("503", "the server answers 503 Service Unavailable"),
    ("whole", "the server does not send parts of files (no range requests)"),
    (BY_HALVES, "the connection broke"),
    ("page", "the server sends a web page in its place"),
    ("silent", "the server was silent for 1 s"),
    ("loop", "the server sends from one address to the next without end"),
    ("http://127.0.0.1:9/", "no connection to the server: Connection refused"),
    ("ftp://h/x", "its address, or one that the server sends to, is wrong"),
]


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize(("ways", "message"), WRONG)
@pytest.mark.usefixtures("impatient")
def test_a_server_fails(ways: str, message: str, after: int, folder: Path, server: WebServer) -> None:
    """Whenever it does, from the first request to the last ones."""
    server.ways, server.after = server.url("loop") if ways == "loop" else ways, after
    url = server.url("data_0.root") + f"?token={SECRET}"
    started = time.monotonic()
    code, out, err = run(url, "--out", "out")
    assert (code, out) == (3, "")
    assert err == f"hepsel: {shown(url)}: cannot read the file: {err.partition(': cannot read the file: ')[2]}"
    assert message in err
    assert err.count("\n") == 1
    assert not (folder / "out").exists()
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(("ways", "message"), WRONG)
@pytest.mark.usefixtures("impatient", "folder")
def test_inspect_when_a_server_fails(ways: str, message: str, server: WebServer) -> None:
    server.ways = server.url("loop") if ways == "loop" else ways
    code, out, err = hepsel("inspect", server.url("data_0.root"))
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert message in err


@pytest.mark.parametrize("ways", [ways for ways, _ in WRONG if ways != "silent"])
@pytest.mark.parametrize("after", [0, 5])
def test_the_script_when_a_server_fails(ways: str, after: int, folder: Path, server: WebServer) -> None:
    server.ways, server.after = server.url("loop") if ways == "loop" else ways, after
    url = server.url("data_0.root") + f"?token={SECRET}"
    code, out, err = script(folder, url, "--out", "out")
    assert (code, out, err.count("\n")) == (3, "", 1), err
    assert err.startswith(f"{shown(url)}: cannot be read (")
    assert SECRET not in err
    assert not (folder / "out").exists()


@pytest.mark.usefixtures("folder")
def test_nobody_is_there() -> None:
    port = free_port()
    code, out, err = run(f"http://127.0.0.1:{port}/a.root")
    assert (code, out) == (3, "")
    message = "cannot read the file: no connection to the server: Connection refused"
    assert err == f"hepsel: http://127.0.0.1:{port}/a.root: {message}\n"
    code, _, err = run("http://nowhere.invalid/a.root")
    assert (code, err.count("\n")) == (3, 1)
    assert "no connection to the server" in err
    # Something that is no web server.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/a.root"
        process = subprocess.Popen([sys.executable, "-m", "hepsel", "inspect", url], stderr=subprocess.PIPE, text=True)
        listening.accept()[0].close()
        assert "cannot read the file: " in process.communicate(timeout=60)[1]
        assert process.returncode == 3


def test_certificates(folder: Path, server: WebServer) -> None:
    """Those that the machine does not know, as it knows few of the Grid, are refused by name, or named by the user."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "known.pem")
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(secure)
    words = [sys.executable, "-m", "hepsel", "run", "p.hepsel", *FORMAT]  # certificates are read at the start
    with serving(server.folder, secure) as other:
        url = other.url("data_0.root")
        done = subprocess.run([*words, url], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (3, "")
        why = (
            r"its certificate is not trusted \([^)]*certificate[^)]*\); SSL_CERT_FILE may name a file of those that are"
        )
        assert re.fullmatch(rf"hepsel: {url}: cannot read the file: {why}\n", done.stderr)
        environment = {**os.environ, "SSL_CERT_FILE": "known.pem"}
        done = subprocess.run([*words, url], capture_output=True, text=True, timeout=60, env=environment)
        assert (done.returncode, done.stdout, done.stderr) == run("served/data_0.root")
    url = server.url("data_0.root").replace("http", "https")
    code, _, err = run(url)
    assert code == 3
    assert re.fullmatch(rf"hepsel: {url}: cannot read the file: no secure connection to the server \(\w+\)\n", err)


@pytest.mark.parametrize("share", [0, 3, 300, 0.5, 0.9])
@pytest.mark.parametrize("name", ["data_0.root", "data_0.parquet", "ntuple.root"])
def test_a_file_that_is_cut_off(name: str, share: float, folder: Path, server: WebServer) -> None:
    write_columns(server.folder)
    content = (server.folder / name).read_bytes()
    cut = content[: int(share if share >= 1 else share * len(content))]
    (server.folder / f"cut_{name}").write_bytes(cut)
    code, out, err = run(server.url(f"cut_{name}"), "--out", "out")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert not (folder / "out").exists()
    code, out, err = run(server.url(f"cut_{name}"), server.url("data_1.root"), "--skip-bad-files")
    assert code == 4
    assert err.startswith(f"hepsel: skipped {server.url(f'cut_{name}')}: ")


def test_bad_files_are_skipped(server: WebServer) -> None:
    good, gone = server.url("data_0.root"), server.url("gone.root") + f"?token={SECRET}"
    code, out, err = run(gone, good, "--skip-bad-files", "--out", "out")
    assert (code, err) == (
        4,
        f"hepsel: skipped {shown(gone)}: cannot read the file: the server answers 404 Not Found\n",
    )
    assert SECRET not in Path("out/manifest.json").read_text() + Path("out/cutflow.json").read_text() + out
    code, _, err = run(gone, "--skip-bad-files")
    assert code == 3
    assert err.startswith("none of the files can be read\n")


def test_a_tree_or_branch_that_is_not_there(server: WebServer) -> None:
    code, _, err = run(server.url("data_0.root:other"))
    assert (code, err) == (3, f"hepsel: {server.url('data_0.root')}: no tree other: it has Events\n")
    write_events(server.folder / "less.root", 5, leave_out="MET_pt")
    code, _, err = run(server.url("less.root"))
    assert code == 3
    assert err.startswith(f"hepsel: {server.url('less.root')}: no branch for MET.pt")


@pytest.mark.parametrize(
    ("scheme", "module", "package"),
    [("https", "fsspec.implementations.http", "aiohttp"), ("root", "fsspec_xrootd", "fsspec-xrootd")],
)
@pytest.mark.usefixtures("folder", "impatient")
def test_packages_that_are_missing(scheme: str, module: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # type: ignore[arg-type]
    url = f"{scheme}://127.0.0.1:9//a.root"
    message = f"hepsel: {url}: cannot read the file: {scheme} needs another package: pip install {package}\n"
    assert run(url, "--out", "out") == (3, "", message)
    assert hepsel("inspect", url) == (3, "", message)
    assert not Path("out").exists()


def test_event_lists_are_not_read_from_servers(server: WebServer) -> None:
    assert run("served/data_0.root", "--out", "out")[0] == 0
    code, _, err = hepsel("compare", "out", server.url("list.csv"))
    assert (code, err.count("\n")) == (3, 1)
    assert "event lists are not read from servers" in err


# ------------------------------------------------------------------ XRootD


def test_xrootd(folder: Path, xrootd: XRootDServer) -> None:
    write_columns(folder / "served")
    for name in ("data_0.root", "data_0.parquet", "ntuple.root"):
        shutil.copy(folder / "served" / name, xrootd.folder)
        here = run(f"served/{name}", "--chunk", "11")
        assert run(xrootd.url(name), "--chunk", "11", "--out", name) == here
        (found,) = json.loads((folder / name / "manifest.json").read_text())["inputs"]
        stat = (xrootd.folder / name).stat()
        assert (found["path"], found["sha256"], found["etag"]) == (xrootd.url(name), None, None)
        assert (found["size"], found["modified_ns"]) == (stat.st_size, int(stat.st_mtime) * 10**9)
        there = json.loads(hepsel("inspect", xrootd.url(name), "--json")[1])
        assert {**there, "file": ""} == {**json.loads(hepsel("inspect", f"served/{name}", "--json")[1]), "file": ""}
        assert script(folder, xrootd.url(name)) == script(folder, f"served/{name}")


@pytest.mark.slow
def test_xrootd_with_workers(folder: Path, xrootd: XRootDServer) -> None:
    names = [f"data_{k}.root" for k in range(3)]
    for name in names:
        shutil.copy(folder / "served" / name, xrootd.folder)
    there = run(*(f"{xrootd.url(name)}:Events" for name in names), "--chunk", "3", "--workers", "2")
    assert there == run(*(f"served/{name}" for name in names), "--chunk", "3")


def test_xrootd_sample(xrootd: XRootDServer) -> None:
    shutil.copy(SAMPLE, xrootd.folder)
    there = hepsel("run", str(H4L), xrootd.url(SAMPLE.name), "--format", "physlite")
    assert there == hepsel("run", str(H4L), str(SAMPLE), "--format", "physlite")


def test_xrootd_failures(folder: Path, xrootd: XRootDServer) -> None:
    gone = xrootd.url("gone.root", f"me:{SECRET}@") + f"?authz={SECRET}"
    for code, out, err in (run(gone, "--out", "out"), hepsel("inspect", gone), script(folder, gone)):
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert f"{xrootd.url('gone.root')}?authz=..." in err
        assert "no such file or directory" in err
        assert SECRET not in err
    content = (folder / "served" / "data_0.root").read_bytes()
    for cut in (0, 300, len(content) // 2):
        (xrootd.folder / f"cut_{cut}.root").write_bytes(content[:cut])
        code, out, err = run(xrootd.url(f"cut_{cut}.root"), "--out", "out")
        assert (code, out, err.count("\n")) == (3, "", 1)
    assert not (folder / "out").exists()


def in_a_process(*words: str, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "hepsel", "run", "p.hepsel", *words, *FORMAT, "--out", "out"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    return done.returncode, done.stderr


@pytest.mark.slow
def test_xrootd_servers_that_are_not_there(folder: Path) -> None:
    pytest.importorskip("fsspec_xrootd")
    code, err = in_a_process(f"root://127.0.0.1:{free_port()}//a.root")
    assert (code, err.count("\n")) == (3, 1)
    assert "cannot read the file: " in err
    assert "Connection error" in err
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code, err = in_a_process(
            f"root://127.0.0.1:{silent.getsockname()[1]}//a.root", XRD_CONNECTIONWINDOW="2", XRD_TIMEOUTRESOLUTION="1"
        )
    assert (code, err.count("\n")) == (3, 1)
    assert "Socket timeout" in err
    assert not (folder / "out").exists()


@pytest.mark.slow
def test_an_xrootd_server_that_goes_away(folder: Path) -> None:
    """After the file was opened."""
    with serving_xrootd() as going:
        shutil.copy(folder / "served" / "data_0.root", going.folder)

        environment = {**os.environ, "XRD_CONNECTIONWINDOW": "2", "XRD_TIMEOUTRESOLUTION": "1"}
        text = (
            "import sys, os, signal\n"
            "from hepsel.run.engine import Engine\n"
            "read = Engine.read\n"
            "def killing(self, *arguments):\n"
            f"    os.kill({going.process.pid}, signal.SIGKILL)\n"
            "    return read(self, *arguments)\n"
            "Engine.read = killing\n"
            "from hepsel.cli.main import main\n"
            "main()\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", text, "run", "p.hepsel", going.url("data_0.root"), *FORMAT, "--out", "out"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1), done.stderr
    assert not (folder / "out").exists()
