"""Several independent drafts of one selection, and what they agree on.

`agree` is the way in; what it returns is in `hepsel.extract.agreeing.model`.
"""

from hepsel.extract.agreeing.merge import agree
from hepsel.extract.agreeing.model import Agreement, Outcome, Reading, Vote

__all__ = ["Agreement", "Outcome", "Reading", "Vote", "agree"]
