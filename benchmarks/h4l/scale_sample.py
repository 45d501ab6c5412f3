"""Make a large sample for speed measurements by drawing events from generated ones.

Each event is drawn, with replacement, from one of the input files with the given probability and
gets a new event number. With the default shares for the H->4l, ZZ and Z+jets samples of
``generate_sample.py``, in this order, few events hold enough leptons for combinatorics, as in data.
Each cluster of the RNTuple is written at once, so that entry ranges can be read on their own.

Examples
--------
::

    python scale_sample.py h4l.root zz.root zjets.root --events 1000000 --out large.root
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import awkward as ak
import numpy as np
import uproot


def draw(pools: list[ak.Array], shares: list[float], events: int, cluster: int, seed: int) -> Iterator[ak.Array]:
    """Draw events.

    Parameters
    ----------
    pools
        Events to draw from, as records of all columns.
    shares
        Probability of each pool; they need not add up to 1.
    events
        How many to draw in total.
    cluster
        How many in one piece.
    seed
        Of the random numbers.

    Yields
    ------
    ak.Array
        The next piece.
    """
    rng = np.random.default_rng(seed)
    pool = ak.concatenate(pools)
    sizes = np.array([len(array) for array in pools])
    starts = np.cumsum(sizes) - sizes
    probabilities = np.array(shares) / np.sum(shares)
    for first in range(0, events, cluster):
        count = min(cluster, events - first)
        source = rng.choice(len(pools), size=count, p=probabilities)
        drawn = pool[starts[source] + rng.integers(sizes[source])]
        numbers = np.arange(first + 1, first + count + 1)
        drawn["EventInfoAuxDyn:eventNumber"] = numbers.astype(np.uint64)
        drawn["EventInfoAuxDyn:lumiBlock"] = (1 + numbers // 1000).astype(np.uint32)
        yield ak.to_packed(drawn)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("inputs", nargs="+", type=Path)
    parser.add_argument("--shares", nargs="+", type=float, default=[0.01, 0.01, 0.98])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--cluster", type=int, default=100_000, help="events per cluster")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if len(arguments.shares) != len(arguments.inputs):
        parser.error("give one share for each input file")
    pools = []
    for path in arguments.inputs:
        with uproot.open(path) as file:
            pools.append(file["EventData"].arrays())
    pieces = draw(pools, arguments.shares, arguments.events, arguments.cluster, arguments.seed)
    with uproot.recreate(arguments.out, compression=uproot.ZSTD(5)) as file:
        ntuple = file.mkrntuple("EventData", next(pieces))
        for piece in pieces:
            ntuple.extend(piece)


if __name__ == "__main__":
    main()
