"""Calculators: one computation each, reached as a call, a command, a figure with its table, and live controls."""

from qsm.tools._queue import Queue, queue

__all__ = ["Queue", "queue"]
