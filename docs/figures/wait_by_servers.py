"""Draws docs/figures/wait_by_servers.svg from computed and simulated numbers.

python docs/figures/wait_by_servers.py [OUT.svg]
"""

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np

import qsm

mpl.use("svg")
mpl.rcParams |= {"svg.hashsalt": "qsm", "svg.fonttype": "path", "font.size": 10}
import matplotlib.pyplot as plt

LOAD = 90.0  # erlang; mean service time 1 s
PROBABILITY = 0.99
SIMULATED = [92, 94, 96, 98, 100, 102, 105, 108, 112]


def simulated(service: qsm.Distribution) -> list[qsm.Estimate]:
    arrivals = qsm.exponential(LOAD)
    options = {"customers": 4e5, "seed": 52}
    runs = (qsm.queueing.simulate(arrivals, service, servers, **options) for servers in SIMULATED)
    return [run.wait_quantile(PROBABILITY) for run in runs]


def points(axes: plt.Axes, label: str, color: str, marker: str, estimates: list[qsm.Estimate]) -> None:
    errors = [[float(e) - e.low for e in estimates], [e.high - float(e) for e in estimates]]
    axes.errorbar(SIMULATED, estimates, errors, fmt=marker, ms=5, color=color, capsize=2, label=label)


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".svg")
    servers = np.arange(91, 114)
    figure, axes = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
    figure.patch.set_facecolor("white")
    model = qsm.queueing.mmc(LOAD, 1.0, servers).wait_quantile(PROBABILITY)
    axes.plot(servers, model, color="#0072b2", label="model: M/M/c by formula")
    points(axes, "simulation of the same queue", "#0072b2", "o", simulated(qsm.exponential(1)))
    points(axes, "simulation, service times with scv 4", "#d55e00", "s", simulated(qsm.lognormal_from(1, 4)))
    axes.axhline(1, color="#444444", lw=0.8, ls="--")
    enough = qsm.queueing.servers_for_wait(LOAD, 1.0, 1.0, PROBABILITY)
    axes.annotate(
        f"1 s: {enough:g} servers by formula",
        (enough, 1.0),
        (enough + 3, 2.4),
        arrowprops={"arrowstyle": "-", "color": "#444444"},
    )
    axes.set(
        xlabel="servers",
        ylabel="99th percentile of the wait [s]",
        ylim=(0, 6),
        xlim=(91, 113),
        xticks=range(92, 114, 4),
    )
    axes.set_title("90 requests a second, 1 s of service each", loc="left", fontsize=10)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(out, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
