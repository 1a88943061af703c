"""The command line: one module for each group of commands, thin, and quick to load."""

from zikao.node.cli.parser import main

__all__ = ["main"]
