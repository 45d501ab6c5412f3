"""What of a plan runs beside the data, on a server, and what remains to be done with what comes back."""

from hepsel.plan.remote.branches import Sample
from hepsel.plan.remote.split import Split, split
from hepsel.plan.remote.uproot import Uproot
from hepsel.plan.remote.xaod import Xaod

__all__ = ["Sample", "Split", "Uproot", "Xaod", "split"]
