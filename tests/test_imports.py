"""The front end starts quickly, as it loads nothing heavy. `benchmarks/front_end.py` has the times."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from data_files import EXAMPLES

H4L = EXAMPLES / "h4l" / "h4l.hepsel"
CHECK = ["check", str(H4L), "--format", "physlite"]
HEAVY = {
    *("awkward", "uproot", "numpy", "pyarrow", "hist", "boost_histogram", "matplotlib", "mplhep"),
    *("httpx", "requests", "urllib3", "aiohttp", "ollama", "servicex"),
    *("pygls", "lsprotocol", "cattrs"),
}

CALL_MAIN = f"""
import sys
from hepsel.cli.main import main
sys.argv = ["hepsel", *{CHECK!r}]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""


@pytest.mark.parametrize("code", ["import hepsel", CALL_MAIN], ids=["import", "check"])
def test_nothing_heavy_is_loaded(code: str, tmp_path: Path) -> None:
    loaded = tmp_path / "loaded.json"
    report = f"import json, sys; open({str(loaded)!r}, 'w').write(json.dumps(list(sys.modules)))"
    subprocess.run([sys.executable, "-c", f"{code}\n{report}"], check=True, capture_output=True)
    assert HEAVY.isdisjoint(json.loads(loaded.read_text()))
