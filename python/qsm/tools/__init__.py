"""Calculators: one computation each, reached as a call, a command, a figure with its table, and live controls."""

from qsm.tools._analyze import Analysis, Method, analyze
from qsm.tools._queue import Queue, queue

__all__ = ["Analysis", "Method", "Queue", "analyze", "queue"]
