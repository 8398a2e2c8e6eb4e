"""Calculators: one computation each, reached as a call, a command, a figure with its table, and live controls."""

from collections.abc import Sequence

from qsm.tools import _accuracy, _balancing, _latency, _queue, _sharding
from qsm.tools._accuracy import Accuracy, accuracy
from qsm.tools._analyze import Analysis, Method, analyze
from qsm.tools._balancing import Balancing, balancing
from qsm.tools._latency import Latency, latency
from qsm.tools._queue import Queue, queue
from qsm.tools._sharding import Sharding, sharding

__all__ = [
    "Accuracy",
    "Analysis",
    "Balancing",
    "Latency",
    "Method",
    "Queue",
    "Sharding",
    "accuracy",
    "analyze",
    "balancing",
    "cli",
    "latency",
    "queue",
    "sharding",
]

_TOOLS = {
    "accuracy": _accuracy.cli,
    "balancing": _balancing.cli,
    "latency": _latency.cli,
    "queue": _queue.cli,
    "sharding": _sharding.cli,
}


def cli(tool: str, arguments: Sequence[str]) -> int:
    """Runs one tool from the command line; returns its exit status."""
    if tool not in _TOOLS:
        raise ValueError(f"tool: no tool {tool!r}; there are: {', '.join(_TOOLS)}")
    return _TOOLS[tool](arguments)
