"""A run of the queue simulator to look at: who waited where and when, drawn still, and replayed in the page."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qsm import core
from qsm._extras import need
from qsm._table import Table
from qsm.tools._common import number

if TYPE_CHECKING:
    from qsm.plots._motion import Animation
    from qsm.tools._queue import Queue

Times = NDArray[np.float64]


def served(arrivals: Times, services: Times, servers: int) -> tuple[Times, NDArray[np.int64]]:
    """When each service begins, in order of arrival at the server that is free first, and which server that is.

    Source
    ------
    Kiefer and Wolfowitz 1955, On the theory of queues with many servers.
    """
    free = [(0.0, server) for server in range(servers)]
    starts, places = [], []
    for arrival, service in zip(arrivals.tolist(), services.tolist(), strict=True):
        idle = [entry for entry in free if entry[0] <= arrival]
        time, server = min(idle, key=lambda entry: entry[1]) if idle else free[0]
        free.remove((time, server))
        start = max(arrival, time)
        free.append((start + service, server))
        heapq.heapify(free)
        starts.append(start)
        places.append(server)
    return np.array(starts), np.array(places, dtype=np.int64)


def animation(queue: Queue, service: core.Distribution, customers: int) -> Animation:
    """The first customers of a run from the empty station, with its seed."""
    from qsm.plots import Figure
    from qsm.plots._charts import _thin
    from qsm.plots._figure import COLOURS, DASHES, drawing, styled
    from qsm.plots._motion import Animation, across

    count = number("animation", "customers", customers, 1)
    if count != int(count) or count > 5000:
        raise ValueError(f"animation: customers must be an integer in [1, 5000], got {customers!r}")
    if not queue.arrival_rate or queue.servers > 1000:
        raise ValueError("animation: customers must arrive, and servers be at most 1,000, to be looked at")
    stream = core.Stream(queue.seed)
    gaps = core.exponential(queue.arrival_rate).sample(int(count), stream.child("arrivals"))
    services = service.sample(int(count), stream.child("services"))
    arrivals = np.cumsum(gaps)
    starts, places = served(arrivals, services, queue.servers)
    departures = starts + services
    end = float(departures.max())
    times = np.sort(np.concatenate([arrivals, starts]))
    waiting = np.searchsorted(arrivals, times, "right") - np.searchsorted(starts, times, "right")
    means = np.cumsum(starts - arrivals) / np.arange(1, int(count) + 1)
    theory = queue.computed["mean_wait"]
    known = bool(np.isfinite(theory))
    with styled():
        drawn, (left, right) = drawing(width=8.6, height=3.0, axes=2)
        left.step(times, waiting, where="post", color=COLOURS[0], linewidth=1.4, gid="waiting")
        left.set(
            xlabel="time [s]",
            ylabel="waiting [1]",
            title="Waiting line",
            xlim=(0, end),
            ylim=(0, max(1, 1.08 * waiting.max())),
        )
        right.step(starts, means, where="post", color=COLOURS[0], gid="mean", label="so far")
        if known:
            right.axhline(theory, color=COLOURS[1], linestyle=DASHES[1], label="theory")
        most = max([float(means.max()), theory if known else 0.0, 1e-9 * end])
        right.set(xlabel="time [s]", ylabel="mean wait [s]", title="Mean wait", xlim=(0, end), ylim=(0, 1.35 * most))
        right.legend(loc="upper right", ncols=2)
        left.yaxis.set_major_locator(need("matplotlib.ticker", "qsm.plots").MaxNLocator(integer=True))
    title = f"{int(count)} customers at {queue.servers} server{'s' if queue.servers > 1 else ''}"
    against = f"theory says {theory:.3g} s in the long run" if known else "by theory it grows without bound"
    words = (
        f"{title}, of which {queue.arrival_rate:.4g} a second arrive: at most {waiting.max()} wait at a time, and the mean wait "
        f"of all is {means[-1]:.3g} s; {against}. A run this short need not be near it."
    )
    keep = _thin(int(count))
    begun = starts[keep]
    table = Table(
        {
            "time [s]": begun,
            "waiting": np.searchsorted(arrivals, begun, "right") - np.searchsorted(starts, begun, "right"),
            "begun": keep + 1,
            "mean wait so far [s]": means[keep],
        },
        title,
    )
    data = {
        "arrivals": arrivals.tolist(),
        "starts": starts.tolist(),
        "departures": departures.tolist(),
        "server": places.tolist(),
        "servers": queue.servers,
        "theory": theory if known else None,
        "end": end,
        "axes": [across(left), across(right)],
        "curves": ["waiting", "mean"],
    }
    return Animation(Figure(title, words, table, drawn), data)
