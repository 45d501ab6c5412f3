"""Checks the blocks and statements of a program."""

from hepsel.semantics.blocks.checker import BlockChecker

__all__ = ["BlockChecker"]
