"""What was found about a program and its papers, as a file for a browser."""

from hepsel.extract.reporting.page import ShownRound, ShownVote, html_report, pages_shown

__all__ = ["ShownRound", "ShownVote", "html_report", "pages_shown"]
