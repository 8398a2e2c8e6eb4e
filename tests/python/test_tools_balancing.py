"""The load-balancer tester in its four forms."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import qsm
from qsm.tools import balancing
from qsm.tools._balancing import cli

FEW: dict[str, Any] = {"requests": 2000}


def test_theory_stands_beside_the_simulation() -> None:
    table = balancing(10, 0.7, ["random", "power_of_choices", "least_work", "prequal"], requests=100_000).table()
    for model, simulated in zip(table["theory"], table["mean time"], strict=True):
        if model is not None:
            assert simulated == pytest.approx(model, rel=0.05)
    assert table["theory"][0] == pytest.approx(1 / 0.3)
    assert table["theory"][3] is None
    assert balancing(10, 0.7, ["random"], service_scv=4, **FEW).table()["theory"] == [None]


def test_a_trace_is_stretched_to_each_load() -> None:
    rng = np.random.default_rng(4)
    trace = qsm.measure.trace(np.cumsum(rng.exponential(1, 3000)), rng.exponential(2, 3000))
    found = balancing(5, 0.6, ["round_robin", "least_work"], trace=trace)
    for at, run in zip(found.loads, found.runs["least_work"], strict=True):
        assert run.utilization == pytest.approx(at, rel=0.1)
    assert found.mean_size == pytest.approx(2, rel=0.1)
    assert found.to_dict()["trace"] == trace.name


def test_equal_seeds_give_equal_numbers() -> None:
    one, two = (balancing(4, 0.8, ["random"], **FEW).to_dict() for _ in range(2))
    assert one == two
    assert balancing(4, 0.8, ["random"], seed=3, **FEW).to_dict() != one
    json.dumps(one, allow_nan=False)


def test_what_simulate_takes_is_passed_on() -> None:
    found = balancing(5, 0.5, ["random"], time_to_failure=50, time_to_repair=50, **FEW)
    assert found.table()["failed"][0] > 0.2
    with pytest.raises(TypeError, match="colour"):
        balancing(5, 0.5, ["random"], colour=3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"servers": 0}, "servers must be finite and >= 1, got 0"),
        ({"servers": 2.5}, "servers must be an integer >= 1, got 2.5"),
        ({"utilization": 1}, r"utilization must be in \(0, 1\), got 1"),
        ({"utilization": -1}, "utilization must be finite and > 0, got -1"),
        ({"policies": ["best"]}, "no policy 'best'; there are: round_robin, "),
        ({"policies": []}, "policies must not be empty"),
        ({"mean_size": 0}, "mean_size must be finite and > 0, got 0"),
        ({"service_scv": -1}, "service_scv must be finite and >= 0, got -1"),
        ({"requests": 5}, "requests must be finite and >= 100, got 5"),
    ],
)
def test_refusals(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        balancing(**arguments)


def test_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--servers", "4", "--policies", "random", "least_work", "--requests", "2000"]
    assert cli(arguments) == 0
    assert str(balancing(4, 0.8, ["random", "least_work"], **FEW)) == capsys.readouterr().out.rstrip("\n")
    assert cli([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["servers"] == 4
    assert cli(["--policies", "best"]) == 2
    error = capsys.readouterr().err
    assert "there are: round_robin" in error
    assert error.count("\n") == 1


def test_figure_and_table_show_the_same_numbers() -> None:
    pytest.importorskip("matplotlib")
    found = balancing(4, 0.8, ["random", "least_work"], **FEW)
    html = found._repr_html_()
    assert "the mean time is least with least_work" in html
    assert "<desc" in html
    assert "<script" not in html
    scene = found._scene()
    assert len(scene.frames) == len(found.loads)
    assert scene.frames[scene.start].description == scene.figure.description
    assert "0.80" in scene.frames[scene.start].text
    assert set(scene.frames[0].data) == set(scene.lines)


def test_controls_hold_every_state() -> None:
    pytest.importorskip("anywidget")
    found = balancing(4, 0.8, ["random", "least_work"], **FEW)
    widget = found.controls()
    assert widget is not None
    message = found._scene().message()
    assert len(message["frames"]) == len(found.loads)
