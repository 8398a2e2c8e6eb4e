"""The queue simulator in its four forms."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

from qsm.queueing import mm1, mmc
from qsm.tools import queue
from qsm.tools._queue import cli


def test_closed_form_is_the_model() -> None:
    result = queue(9, 10, 1, customers=0).computed
    model = mm1(9, 10)
    assert result["mean_wait"] == pytest.approx(model.mean_wait, rel=1e-14)
    assert result["wait_99th"] == pytest.approx(model.wait_quantile(0.99), rel=1e-12)
    assert result["mean_number"] == pytest.approx(model.mean_number, rel=1e-14)
    many = queue(90, 10, 12, customers=0).computed
    assert many["wait_99th"] == pytest.approx(mmc(90, 10, 12).wait_quantile(0.99), rel=1e-12)
    assert many["wait_50th"] == 0


@pytest.mark.parametrize("scv", [0.0, 0.25, 1.0, 4.0])
def test_simulation_covers_pollaczek_khinchine(scv: float) -> None:
    """E[W] = λ E[S²] / (2 (1 - ρ)), written out anew here."""
    result = queue(7, 10, 1, service_scv=scv, customers=4_000_000, seed=1932)
    exact = 7 * (1 + scv) / 100 / (2 * (1 - 0.7))
    simulated = result.simulated["mean_wait"]
    error = simulated.half_width / 2.262  # t of nine degrees of freedom
    assert abs(simulated - exact) < 4 * error
    assert simulated.half_width < 0.02 * exact
    assert result.computed["mean_wait"] == pytest.approx(exact, rel=1e-12)


def test_equal_seeds_give_equal_numbers() -> None:
    assert queue(5, 10, customers=10_000).to_dict() == queue(5, 10, customers=10_000).to_dict()
    assert queue(5, 10, customers=10_000, seed=1).to_dict() != queue(5, 10, customers=10_000, seed=2).to_dict()


def test_an_unstable_queue_is_an_answer() -> None:
    result = queue(11, 10)
    assert math.isinf(result.computed["mean_wait"])
    assert result.simulated == {}
    data = result.to_dict()
    assert data["stable"] is False
    assert data["closed_form"]["mean_wait"] is None
    json.dumps(data, allow_nan=False)


def test_no_arrivals() -> None:
    computed = queue(0, 10).computed
    assert computed["mean_number"] == computed["mean_wait"] == computed["wait_99th"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"arrival_rate": -1, "service_rate": 10},
        {"arrival_rate": math.nan, "service_rate": 10},
        {"arrival_rate": 1, "service_rate": 0},
        {"arrival_rate": 1, "service_rate": 10, "servers": 0},
        {"arrival_rate": 1, "service_rate": 10, "servers": 1.5},
        {"arrival_rate": 1, "service_rate": 10, "service_scv": -0.1},
        {"arrival_rate": 1, "service_rate": 10, "service_scv": math.inf},
        {"arrival_rate": 1, "service_rate": 10, "customers": 1.5},
        {"arrival_rate": 1, "service_rate": 10, "customers": True},
    ],
)
def test_refusals(arguments: dict[str, float]) -> None:
    name = next(reversed(arguments)) if arguments.get("arrival_rate") == 1 else "arrival_rate"
    with pytest.raises(ValueError, match=name):
        queue(**arguments)  # type: ignore[arg-type]


def test_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["--arrival-rate", "9", "--service-rate", "10", "--customers", "0"]) == 0
    assert str(queue(9, 10, customers=0).table()) == capsys.readouterr().out.rstrip("\n")


def test_command_prints_json_and_writes_the_figure(capsys: pytest.CaptureFixture[str], tmp_path: object) -> None:
    pytest.importorskip("matplotlib")
    target = f"{tmp_path}/queue.svg"
    assert cli(["--arrival-rate", "9", "--service-rate", "10", "--json", "--svg", target]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == json.loads(json.dumps(queue(9, 10).to_dict()))
    with open(target, encoding="utf-8") as stream:
        assert "<svg" in stream.read()


def test_command_refuses_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["--arrival-rate", "-1", "--service-rate", "10"]) == 2
    error = capsys.readouterr().err
    assert "arrival_rate must be finite and >= 0, got -1" in error
    assert error.count("\n") == 1


def test_figure_and_table_show_the_same_numbers() -> None:
    pytest.importorskip("matplotlib")
    result = queue(9, 10)
    html = result._repr_html_()
    assert "the mean wait is 0.9 s and the 99th percentile 4.5 s" in html
    assert "<script" not in html


def test_controls_hold_every_state() -> None:
    pytest.importorskip("anywidget")
    widget = queue(9, 10).controls()
    scene = widget.scene
    assert scene["frames"][scene["start"]]["text"].startswith("0.90: mean wait 0.9 s")
    waits = [float(frame["text"].split("mean wait ")[1].split(" s")[0]) for frame in scene["frames"]]
    assert waits == sorted(waits)
    assert {name for frame in scene["frames"] for name in frame["paths"]} == {"mark", "tail"}
    assert all(f'-{name}"' in scene["svg"] for name in ("mark", "tail"))
    bundle, _ = widget._repr_mimebundle_()
    assert "<svg" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_controls_ask_the_kernel() -> None:
    pytest.importorskip("anywidget")
    widget = queue(9, 10).controls()
    before = widget.scene["svg"]
    widget.asked = {"servers": 4}
    assert "4 servers" in widget.scene["svg"]
    assert widget.scene["svg"] != before
    widget.asked = {"servers": 0}
    assert "servers must be an integer >= 1" in widget.message
    widget.asked = {"servers": 2}
    assert widget.message == ""


def test_works_without_notebook_packages() -> None:
    """Numbers need NumPy alone; what needs more says so."""
    code = """
import sys
for name in ("matplotlib", "anywidget", "IPython", "ipywidgets"):
    sys.modules[name] = None
from qsm.tools import queue
result = queue(9, 10, customers=1000)
print(result.table())
for call in (result.figure, result.controls):
    try:
        call()
    except ImportError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("pip install 'qsm[notebook]'") == 2
