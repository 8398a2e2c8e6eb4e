"""Calculators: one computation each, called from Python, the command line or a notebook."""

from qsm.tools.analyze import Analysis, analyze

__all__ = ["Analysis", "analyze"]
