"""What a ServiceX server does with a Python function: it calls it for each file, in a process of its own.

    python servicex_transformer.py FOLDER FILE RESULT [FILE RESULT ...]

FOLDER has the function in `generated_transformer.py`. Packages that the image of a server lacks are missing here, too.
"""

from __future__ import annotations

import inspect
import sys
from importlib.abc import MetaPathFinder

ABSENT = {"hepsel", "hist", "boost_histogram", "servicex", "func_adl", "func_adl_uproot", "matplotlib", "jinja2"}


class Absent(MetaPathFinder):
    """Finds no package that a server lacks."""

    def find_spec(self, name: str, *_: object) -> None:
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def main(folder: str, *names: str) -> int:
    """Process files; those that fail have no result."""
    sys.meta_path.insert(0, Absent())
    sys.path.insert(0, folder)
    import awkward as ak
    import generated_transformer
    import pyarrow.parquet as pq

    # A function of two arguments would have to write its result itself.
    assert len(inspect.signature(generated_transformer.run_query).parameters) == 1
    for source, target in zip(names[::2], names[1::2], strict=True):
        try:
            table = ak.to_arrow_table(generated_transformer.run_query(source))
        except Exception as problem:
            print(f"{source}: {type(problem).__name__}: {problem}", file=sys.stderr)
            continue
        with pq.ParquetWriter(target, table.schema) as writer:
            writer.write_table(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
