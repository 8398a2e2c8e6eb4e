"""The accuracy simulator in its four forms."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from qsm.sketches import HyperLogLog
from qsm.tools import accuracy
from qsm.tools._accuracy import _QUESTIONS, QUESTIONS, cli

FEW: dict[str, Any] = {"items": 1000, "trials": 4}


def row(found: Any, kind: str) -> dict[str, Any]:
    return next(row for row in found.to_dict()["rows"] if row["sketch"] == kind)


def test_standard_errors_are_those_of_theory() -> None:
    found = accuracy("distinct", 1024, items=10_000, trials=150)
    for kind in ("HyperLogLog", "UltraLogLog", "ExaLogLog", "Theta"):
        one = row(found, kind)
        assert one["measured"] == pytest.approx(one["theory"], rel=4 / math.sqrt(300)), kind
    assert row(found, "HyperLogLog")["theory"] == pytest.approx(HyperLogLog(10).relative_error("maximum_likelihood"))


def test_false_positive_rates_are_those_of_theory() -> None:
    found = accuracy("members", trials=20)
    for one in found.to_dict()["rows"]:
        deviation = math.sqrt(one["theory"] / (20 * 50_000))
        assert abs(one["measured"] - one["theory"]) <= 4 * deviation + 0.02 * one["theory"], one


def test_bounds_are_kept() -> None:
    counts = accuracy("counts", trials=5)
    for one in counts.to_dict()["rows"]:
        assert one["measured"] <= one["theory"]
    assert row(counts, "conservative")["measured"] < row(counts, "Count-Min")["measured"]
    for one in accuracy("percentiles", trials=5).to_dict()["rows"]:
        assert one["theory"] is None or one["measured"] <= one["theory"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_sketch_takes_more_than_the_budget(question: str) -> None:
    found = accuracy(question, **FEW)
    assert len(found.runs) == len(found.budgets)
    for budget, runs in zip(found.budgets, found.runs, strict=True):
        assert all(run is None or run.bytes_used <= budget for run in runs)
    assert [run is not None for run in found.runs[-1]].count(True) >= 4
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_judge_of_ranks_knows_an_exact_answer() -> None:
    stream = _QUESTIONS["percentiles"].draw(5000, 3, 1.0)

    class Told:
        def __init__(self, shift: int) -> None:
            self.shift = shift

        def quantile(self, probability: Any) -> Any:
            place = np.ceil(np.asarray(probability) * 5000).astype(int) - 1 + self.shift
            return stream.truth[np.clip(place, 0, 4999)]

    judge = _QUESTIONS["percentiles"].judge
    assert judge(Told(0), stream) == 0
    assert judge(Told(50), stream) == pytest.approx(0.01, rel=0.05)
    assert judge(Told(-50), stream) == pytest.approx(0.01, rel=0.05)


def test_a_full_linear_counter_is_left_out() -> None:
    found = accuracy("distinct", 128, items=20_000, trials=3)
    assert "linear" not in [one["sketch"] for one in found.to_dict()["rows"]]


def test_equal_seeds_give_equal_numbers() -> None:
    assert accuracy("counts", **FEW).to_dict() == accuracy("counts", **FEW).to_dict()
    assert accuracy("counts", **FEW).to_dict() != accuracy("counts", seed=1, **FEW).to_dict()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"question": "best"}, "no question 'best'; there are: distinct, members, counts, percentiles"),
        ({"memory": 100}, r"memory must be in \[128, 16384\], got 100"),
        ({"memory": math.nan}, "memory must be finite and >= 0, got nan"),
        ({"items": 99}, r"items must be an integer in \[100, 1000000\], got 99"),
        ({"items": 1000.5}, r"items must be an integer in \[100, 1000000\], got 1000.5"),
        ({"trials": 1}, r"trials must be an integer in \[2, 10000\], got 1"),
        ({"skew": 0}, "skew must be finite and > 0, got 0"),
        ({"skew": 11}, r"skew must be in \(0, 10\], got 11"),
        ({"seed": -1}, "seed must be finite and >= 0, got -1"),
        ({"seed": 1.5}, r"seed must be an integer in \[0, 2\^20\), got 1.5"),
    ],
)
def test_refusals(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        accuracy(**arguments)


def test_command_prints_the_table(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    arguments = ["members", "--items", "1000", "--trials", "4"]
    assert cli(arguments) == 0
    assert str(accuracy("members", **FEW)) == capsys.readouterr().out.rstrip("\n")
    assert cli([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "members"
    assert cli(["best"]) == 2
    error = capsys.readouterr().err
    assert "there are: distinct" in error
    assert error.count("\n") == 1
    pytest.importorskip("matplotlib")
    assert cli([*arguments, "--svg", str(tmp_path / "a.svg")]) == 0
    assert (tmp_path / "a.svg").read_text().count("<desc") == 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_figure_and_table_show_the_same_numbers(question: str) -> None:
    pytest.importorskip("matplotlib")
    found = accuracy(question, **FEW)
    html = found._repr_html_()
    assert "from the least" in html
    assert "<desc" in html
    assert "<script" not in html
    scene = found._scene()
    assert len(scene.frames) == len(found.budgets)
    assert scene.frames[scene.start].description == scene.figure.description
    assert f"{found.memory:,}" in scene.frames[scene.start].text
    assert all(set(frame.data) == set(scene.lines) for frame in scene.frames)


def test_controls_hold_every_state() -> None:
    pytest.importorskip("anywidget")
    found = accuracy("distinct", **FEW)
    widget = found.controls()
    assert len(widget.scene["frames"]) == len(found.budgets)
    widget.asked = {"question": "counts"}
    assert "Count-Min" in widget.scene["frames"][0]["table"]
    widget.asked = {"question": "none"}
    assert "no question 'none'" in widget.message
