"""The run of the queue simulator that can be watched: the same customers as in a replay, and a figure without script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from qsm.queueing import replay
from qsm.tools import queue
from qsm.tools._queue import cli
from qsm.tools._queue_motion import served


def data_of(page: str) -> dict[str, Any]:
    """What the script of a page is given."""
    found = re.search(r'\nbegin\("m[0-9a-f]+", (\{.*\})\);\n</script>', page)
    assert found is not None
    return json.loads(found.group(1))  # type: ignore[no-any-return]


@pytest.mark.parametrize(("servers", "scv"), [(1, 1.0), (3, 0.0), (7, 4.0)])
def test_waits_are_those_of_a_replay(servers: int, scv: float) -> None:
    data = queue(0.9 * servers, 1, servers, service_scv=scv, customers=0).animation(500).data
    arrivals, starts, departures = (np.array(data[name]) for name in ("arrivals", "starts", "departures"))
    for count in (1, 50, 500):
        exact = replay(arrivals[:count], (departures - starts)[:count], servers)
        assert np.mean((starts - arrivals)[:count]) == pytest.approx(exact.mean_wait, rel=1e-9, abs=1e-12)
    assert data["end"] == departures.max()


def test_no_server_serves_two_at_a_time_and_none_idles_while_one_waits() -> None:
    data = queue(4.5, 1, 5, service_scv=2, customers=0).animation(800).data
    arrivals, starts, departures = (np.array(data[name]) for name in ("arrivals", "starts", "departures"))
    places = np.array(data["server"])
    for server in range(5):
        mine = places == server
        assert (starts[mine][1:] >= departures[mine][:-1] - 1e-9).all()
    assert (np.diff(starts) >= 0).all(), "first come, first served"
    for time in starts[starts > arrivals]:  # who waited began when all others were busy
        busy = np.sum((starts <= time) & (departures > time))
        assert busy == 5


def test_by_hand() -> None:
    starts, places = served(np.array([0.0, 1, 2, 3]), np.array([5.0, 1, 1, 1]), 2)
    assert starts.tolist() == [0, 1, 2, 3]
    assert places.tolist() == [0, 1, 1, 1]
    starts, places = served(np.array([0.0, 1, 2]), np.array([5.0, 5, 1]), 2)
    assert starts.tolist() == [0, 1, 5]
    assert places.tolist() == [0, 1, 0]


def test_the_seed_decides() -> None:
    assert queue(8, 10, customers=0).animation().data == queue(8, 10, customers=0).animation().data
    assert queue(8, 10, customers=0, seed=1).animation().data != queue(8, 10, customers=0).animation().data


def test_page_and_figure(tmp_path: Path) -> None:
    shown = queue(8, 10, 2, customers=0).animation(100)
    page = shown.save(tmp_path / "queue.html").read_text()
    data = data_of(page)
    assert data == json.loads(json.dumps(shown.data))
    assert len(data["arrivals"]) == 100
    assert not re.search(r"https?://(?!www\.w3\.org/)", page), "asks for nothing"
    still = re.sub(r"<script\b.*?</script>", "", shown._repr_html_(), flags=re.DOTALL)
    assert "<svg" in still
    assert "The numbers as a table" in still
    assert shown.figure.table["mean wait so far [s]"][-1] == pytest.approx(
        np.mean(np.array(data["starts"]) - data["arrivals"]), rel=1e-12
    )


def test_an_unstable_queue_can_be_watched() -> None:
    shown = queue(12, 10, customers=0).animation(50)
    assert shown.data["theory"] is None
    assert "grows without bound" in shown.figure.description


@pytest.mark.parametrize("customers", [0, -1, 1.5, 5001, True, "x", float("nan")])
def test_refusals(customers: Any) -> None:
    with pytest.raises(ValueError, match="animation: customers must be"):
        queue(8, 10, customers=0).animation(customers)
    with pytest.raises(ValueError, match="animation: customers must arrive"):
        queue(0, 10, customers=0).animation()


def test_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "queue.html"
    assert cli(["--arrival-rate", "8", "--service-rate", "10", "--customers", "0", "--html", str(target)]) == 0
    assert f"page: {target}" in capsys.readouterr().err
    assert data_of(target.read_text())["servers"] == 1
