"""The sharding planner in its four forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qsm.sharding import least_peak, movement, numbered_nodes
from qsm.tools import sharding
from qsm.tools._sharding import _KINDS, ALGORITHMS, cli

FEW: dict[str, Any] = {"keys": 1000, "accesses": 2000}


def test_movement_and_spread_are_those_of_theory() -> None:
    found = sharding(16, keys=100_000)
    for row in found.to_dict()["rows"]:
        if row["moves"] is not None:  # a ring's share of one node is itself random
            assert row["moved"] == pytest.approx(row["moves"], rel=0.25 if row["placement"] == "ring" else 0.06)
        assert row["spread"] == pytest.approx(row["spread_theory"], rel=0.75)
        exact = movement(
            _KINDS[row["placement"]](numbered_nodes(16)), _KINDS[row["placement"]](numbered_nodes(17)), range(100_000)
        )  # type: ignore[call-arg]
        assert row["moved"] == pytest.approx(exact.moved, abs=1e-12)


def test_no_placement_is_better_than_the_hottest_key_allows() -> None:
    found = sharding(32, skew=1.4)
    assert found.hottest > 0.1
    for nodes, runs in zip(found.numbers, found.runs, strict=True):
        for run in runs:
            assert run.loads[0] >= least_peak(found.hottest, nodes) - 1e-12
            assert run.loads.mean() == pytest.approx(1)
    even = sharding(32, skew=0, accesses=1_000_000)
    assert even.to_dict()["rows"][3]["hottest_node"] < 1.15


def test_plans_of_a_trace() -> None:
    rng = np.random.default_rng(3)
    trace = [f"user:{number}" for number in rng.zipf(1.3, 5000)]
    found = sharding(8, ["jump"], trace=trace)
    assert found.keys == len(set(trace))
    plans = found.plans()
    assert plans["strategy"][0] == "hash, hot keys apart"
    assert plans["peak"][0] <= plans["peak"][1]
    assert found.to_dict()["skew"] is None
    with pytest.raises(TypeError, match="colour"):
        found.plans(colour=3)


def test_equal_seeds_give_equal_numbers() -> None:
    assert sharding(**FEW).to_dict() == sharding(**FEW).to_dict()
    assert sharding(**FEW).to_dict() != sharding(seed=1, **FEW).to_dict()
    json.dumps(sharding(**FEW).to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"nodes": 1}, r"nodes must be an integer in \[2, 256\], got 1"),
        ({"nodes": 2.5}, r"nodes must be an integer in \[2, 256\], got 2.5"),
        ({"keys": 99}, r"keys must be an integer in \[100, 1000000\], got 99"),
        ({"accesses": 5}, r"accesses must be an integer in \[100, 10000000\], got 5"),
        ({"skew": -1}, "skew must be finite and >= 0, got -1"),
        ({"skew": 11}, r"skew must be in \[0, 10\], got 11"),
        ({"seed": 0.5}, r"seed must be an integer in \[0, 4294967296\], got 0.5"),
        ({"algorithms": ["best"]}, "no algorithm 'best'; there are: modulo, ring, jump, rendezvous, maglev"),
        ({"algorithms": []}, "algorithms must not be empty"),
        ({"trace": [1, 2]}, "trace must have at least 100 accesses, got 2"),
    ],
)
def test_refusals(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sharding(**arguments)


def test_command_prints_the_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = ["--nodes", "4", "--keys", "1000", "--accesses", "2000"]
    assert cli(arguments) == 0
    assert str(sharding(4, **FEW)) == capsys.readouterr().out.rstrip("\n")
    assert cli([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["nodes"] == 4
    path = tmp_path / "keys.txt"
    path.write_text("".join(f"key {i % 37}\n" for i in range(500)), encoding="utf-8")
    assert cli(["--trace", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["keys"] == 37
    path.write_bytes(b"one\r\n" * 99 + b"two")
    assert cli(["--trace", str(path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["keys"], shown["accesses"]) == (2, 100)
    path.write_bytes(b"\xff\xfe")
    assert cli(["--trace", str(path)]) == 2
    assert f"{path} is no text" in capsys.readouterr().err
    assert cli(["--algorithms", "best"]) == 2
    error = capsys.readouterr().err
    assert "there are: modulo" in error
    assert error.count("\n") == 1


def test_figure_and_table_show_the_same_numbers() -> None:
    pytest.importorskip("matplotlib")
    found = sharding(5, **FEW)
    html = found._repr_html_()
    assert "The hottest key alone makes" in html
    assert "<desc" in html
    assert "<script" not in html
    scene = found._scene()
    assert len(scene.frames) == len(found.numbers)
    assert scene.frames[scene.start].description == scene.figure.description
    assert scene.frames[scene.start].text.startswith("5: ")
    assert all(set(frame.data) == set(scene.lines) for frame in scene.frames)
    assert found.algorithms == ALGORITHMS
    assert "jump 0.0%" in sharding(4, ["jump"], trace=["a"] * 100)._repr_html_(), "one key need not move"


def test_controls_hold_every_state() -> None:
    pytest.importorskip("anywidget")
    widget = sharding(4, **FEW).controls()
    assert len(widget.scene["frames"]) == 11
    widget.asked = {"skew": 2}
    assert "exponent 2" in widget.scene["frames"][0]["table"]
    widget.asked = {"keys": 3}
    assert "keys must be an integer" in widget.message
    assert sharding(4, trace=[f"k{i}" for i in range(200)]).controls().inputs == []
