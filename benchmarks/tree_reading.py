"""Reading a TTree chunk by chunk, as `hepsel run` does, against `uproot.iterate`: short and long baskets, here and far.

A chunk that ends within a basket needs it again for the next one, and a server's answers take their time: the one of
this script waits for 50 ms before each. Both readers take the same branches in steps of the same length.

Examples
--------
::

    python benchmarks/tree_reading.py
"""

from __future__ import annotations

import argparse
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import uproot

from hepsel.backends.awkward.runtime.reading import Column, Source
from hepsel.remote import Address

ATTRIBUTES = ("pt", "eta", "phi", "mass", "charge")
COLUMNS = {f"Muon.{name}": Column((f"Muon_{name}",), "real", 1) for name in ATTRIBUTES}
LATENCY = 0.05  # seconds


def write(path: Path, events: int, basket: int) -> None:
    """Write events with two muons on average, in baskets of so many events."""
    random = np.random.default_rng(1)
    with uproot.recreate(path, compression=uproot.ZLIB(1)) as file:
        types = {f"Muon_{name}": "var * float32" for name in ATTRIBUTES}
        tree = file.mktree("Events", types, counter_name=lambda _: "nMuon")
        for start in range(0, events, basket):
            counts = random.poisson(2, min(basket, events - start))
            flat = {name: random.exponential(30, counts.sum()).astype("f4") for name in types}
            tree.extend({name: ak.unflatten(values, counts) for name, values in flat.items()})


@contextmanager
def far_away(folder: Path) -> Iterator[str]:
    """Serve the files of a folder, each answer after some time."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            time.sleep(LATENCY)
            content = (folder / self.path.strip("/")).read_bytes()
            asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            start, stop = (int(asked[1]), min(int(asked[2]) + 1, len(content))) if asked else (0, len(content))
            self.send_response(206 if asked else 200)
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{len(content)}")
            self.send_header("Content-Length", str(stop - start))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content[start:stop])

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def by_hepsel(where: Any, chunk: int) -> int:
    """Read all columns and return the number of events."""
    with Source(where, ("Events",), ()) as source:
        ranges = [(start, min(start + chunk, source.entries)) for start in range(0, source.entries, chunk)]
        return sum(len(source.read(COLUMNS, *part)["Muon.pt"]) for part in ranges)


def by_uproot(where: Any, chunk: int) -> int:
    """Read the same branches, as stored, and return the number of events."""
    names = [column.branches[0] for column in COLUMNS.values()]
    address = where.url if isinstance(where, Address) else where
    return sum(len(part) for part in uproot.iterate({address: "Events"}, names, step_size=chunk))


def seconds(read: Callable[[Any, int], int], where: Any, chunk: int, events: int) -> float:
    """Return how long a reader takes, the shortest of three times."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        assert read(where, chunk) == events
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--chunk", type=int, default=50_000)
    arguments = parser.parse_args()
    print(f"{'':28} {'hepsel':>8} {'uproot.iterate':>15} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for basket in (20_000, 100_000, arguments.events):
            write(folder / "events.root", arguments.events, basket)
            with far_away(folder) as url:
                for place, where in (("here", folder / "events.root"), ("far", Address(f"{url}/events.root"))):
                    ours, theirs = (
                        seconds(read, where, arguments.chunk, arguments.events) for read in (by_hepsel, by_uproot)
                    )
                    told = f"baskets of {basket:,}, {place}"
                    print(f"{told:28} {ours:6.2f} s {theirs:13.2f} s {ours / theirs:6.2f}")


if __name__ == "__main__":
    main()
