"""Whether the papers say what a program says.

`check_provenance` is the way in; what it returns is in `hepsel.extract.checking.model`.
"""

from hepsel.extract.checking.model import Contradiction, Evidence, Finding, Omission, ProvenanceReport, Verdict
from hepsel.extract.checking.provenance import check_provenance

__all__ = [
    "Contradiction",
    "Evidence",
    "Finding",
    "Omission",
    "ProvenanceReport",
    "Verdict",
    "check_provenance",
]
