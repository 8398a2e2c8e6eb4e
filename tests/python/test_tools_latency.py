"""The latency budget calculator in its four forms."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

import qsm
from qsm import tools
from qsm.tools._latency import cli

USERS = {"Tokyo": 2, "Paris": 1, "Sydney": 1}
REGIONS = ["aws:us-east-1", "aws:eu-central-1"]
STAGES = {"page": ["serial", "app", ["fan_out", "shard", 20]], "app": "lognormal(-4, 0.5)", "shard": "gamma(2, 0.002)"}


def example(**options: float) -> tools.Latency:
    return tools.latency(USERS, REGIONS, STAGES, **{"limit": 0.2, "route_factor": 1.3, **options})


def test_the_way_is_light_to_the_nearest_region() -> None:
    """Index of glass times distance over the speed of light, written out anew here."""
    found = tools.latency(["New York"], ["London", "Tokyo"])
    distance = qsm.latency.geodesic_distance(40.71, -74.01, 51.51, -0.13)
    assert found.to_dict()["users"][0]["region"] == "London"
    assert found.travel[0] == pytest.approx(2 * distance * 1.4682 / 299_792_458, rel=1e-12)
    assert found.travel[0] == pytest.approx(0.0546, abs=0.0002)  # the floor of New York to London and back
    assert tools.latency(["New York"], "London", round_trips=0.5).travel[0] == found.travel[0] / 2
    assert tools.latency(["New York"], "London", route_factor=2).travel[0] == pytest.approx(
        2 * found.travel[0], rel=1e-14
    )


def test_percentiles_are_those_of_drawn_requests() -> None:
    """A twin that knows no algebra of laws: two million requests drawn by NumPy."""
    random, count = np.random.default_rng(51), 2_000_000
    work = random.lognormal(-4, 0.5, count) + random.gamma(2, 0.002, (20, count // 10)).max(axis=0).repeat(10)
    found = example()
    late = found.travel[random.choice(3, count, p=[0.5, 0.25, 0.25])] + work
    assert found.computed["work_percentile"] == pytest.approx(np.quantile(work, 0.99), rel=0.01)
    assert found.percentiles == pytest.approx(found.travel + np.quantile(work, 0.99), rel=0.005)
    assert found.computed["percentile"] == pytest.approx(np.quantile(late, 0.99), rel=0.005)
    assert found.computed["requests_within"] == pytest.approx(np.mean(late <= 0.2), abs=0.002)
    assert found.computed["work_mean"] == pytest.approx(work.mean(), rel=0.005)


def test_reach_is_where_the_budget_ends() -> None:
    found = example()
    speed = 299_792_458 / 1.4682 / 1.3 / 2
    assert found.reach == pytest.approx((0.2 - found.computed["work_percentile"]) * speed, rel=1e-12)
    assert (found.distances.min(axis=1) <= found.reach).tolist() == found.within.tolist()
    assert example(limit=0.05).reach < 0
    assert not example(limit=0.05).within.any()
    assert math.isinf(example(round_trips=0).reach)
    json.dumps(example(round_trips=0).to_dict(), allow_nan=False)


def test_more_of_anything_is_never_faster() -> None:
    base = example()
    for option in ({"route_factor": 1.4}, {"round_trips": 2}, {"probability": 0.999}):
        assert (example(**option).percentiles > base.percentiles).all()
    one = tools.latency(USERS, REGIONS[:1], STAGES, route_factor=1.3)
    assert (one.percentiles >= base.percentiles).all()
    assert example(limit=0.3).computed["requests_within"] > base.computed["requests_within"]


def test_weights_are_shares() -> None:
    assert example().weights == (0.5, 0.25, 0.25)
    assert tools.latency([(48.1, 11.6), "Tokyo"], "London").weights == (0.5, 0.5)
    assert tools.latency("Tokyo", "Tokyo").computed["percentile"] == 0


def test_stages_of_every_kind() -> None:
    law = qsm.gamma(2, 0.01)
    for stages in (law, "gamma(2, 0.01)", qsm.latency.stage("x", law), {"x": law}, {"x": "gamma(2, 0.01)"}):
        found = tools.latency("Tokyo", "London", stages).computed["work_percentile"]
        assert found == pytest.approx(law.quantile(0.99), rel=1e-12)
    rows = example().stages(requests=20_000)
    assert rows["stage"] == ["app", "shard"]
    assert sum(rows["share"]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tools.latency("Pariss", "London"), "place: 'Pariss' is not known; .*near it: Paris"),
        (
            lambda: tools.latency("Paris", "aws:us-est-1"),
            "place: 'aws:us-est-1' .*near it: .*aws:us-east-1",
        ),
        (lambda: tools.latency((91, 0), "London"), r"place: latitude must be in \[-90, 90\]"),
        (lambda: tools.latency((math.nan, 0), "London"), "place: latitude must be"),
        (lambda: tools.latency([], "London"), "latency: users must be 1 to 10,000 places, got 0"),
        (lambda: tools.latency("Paris", []), "latency: regions must be 1 to 10,000 places, got 0"),
        (lambda: tools.latency({"Paris": -1}, "London"), "latency: weight of 'Paris' must be finite and > 0, got -1"),
        (lambda: tools.latency({"Paris": math.inf}, "London"), "weight of 'Paris' must be finite"),
        (lambda: tools.latency("Paris", "London", limit=0), "latency: limit must be finite and > 0, got 0"),
        (lambda: tools.latency("Paris", "London", limit="1"), "latency: limit must be finite and > 0, got '1'"),
        (lambda: tools.latency("Paris", "London", probability=1), r"latency: probability must be in \(0, 1\), got 1"),
        (
            lambda: tools.latency("Paris", "London", round_trips=-1),
            "latency: round_trips must be finite and >= 0, got -1",
        ),
        (lambda: tools.latency("Paris", "London", route_factor=0.9), "latency: route_factor must be finite and >= 1"),
        (lambda: tools.latency("Paris", "London", {"a": ["serial", "b"], "b": ["serial", "a"]}), "budget: .* circle"),
        (
            lambda: tools.latency(
                "Paris", "London", {"t": ["serial", "a"], "a": ["serial", "b"], "b": ["parallel", "a"]}
            ),
            "budget: a part must not contain itself: a -> b -> a",
        ),
        (lambda: tools.latency("Paris", "London", {"a": ["serial", "c"]}), "budget: a.0 needs 'c', known are 'a'"),
        (lambda: tools.latency("Paris", "London", {"a": "gama(1, 2)"}), "gama"),
        (lambda: qsm.latency.fibre_delay(-1), "fibre_delay: distance must be finite and >= 0, got -1"),
    ],
)
def test_refusals(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]


# --- command ---------------------------------------------------------------------------------------------------------


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "stages.json").write_text(json.dumps(STAGES))
    command = [
        "--user",
        "Tokyo=2",
        "--user",
        "Paris",
        "--user",
        "-33.87 151.21",
        "--region",
        REGIONS[0],
        "--region",
        REGIONS[1],
    ]
    command += ["--stages", str(tmp_path / "stages.json"), "--route-factor", "1.3"]
    command = [
        f"--user={command[i + 1]}" if word == "--user" else word
        for i, word in enumerate(command)
        if command[i - 1] != "--user"
    ]
    assert cli(command) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Within 200 ms at P99: 2 of 3 places, 75.0% of the requests")
    assert cli([*command, "--json", "--svg", str(tmp_path / "map.svg")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["percentile"] == pytest.approx(example().computed["percentile"], rel=1e-12)
    assert "<svg" in (tmp_path / "map.svg").read_text()


def test_command_refuses_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    base = ["--user", "Paris", "--region", "London"]
    for extra, words in (
        (["--stages", str(tmp_path / "bad.json")], "bad.json is not JSON"),
        (["--stages", str(tmp_path / "none.json")], "No such file"),
        (["--user", "Tokyo=x"], "the weight of 'Tokyo' must be a number, got 'x'"),
        (["--region", "Lundon"], "near it: London"),
        (["--limit", "-1"], "limit must be finite and > 0, got -1"),
    ):
        assert cli([*base, *extra]) == 2
        error = capsys.readouterr().err
        assert words in error
        assert error.count("\n") == 1


# --- figure and controls ---------------------------------------------------------------------------------------------


def test_the_map_says_what_it_shows() -> None:
    pytest.importorskip("matplotlib")
    figure = example().figure()
    assert "Beyond, marked with a cross: Sydney." in figure.description
    html = example()._repr_html_()
    assert "<script" not in html
    assert "Sydney" in re.sub("<svg.*?</svg>", "", html, flags=re.DOTALL)
    assert figure.to_svg().count("<path") > 10


def test_isolines_are_where_the_distance_is() -> None:
    pytest.importorskip("contourpy")
    from qsm.plots._map import isolines
    from qsm.tools._latency import _distances

    where = qsm.latency.place("London")
    for level in (2e6, 6e6, 12e6):
        east, north = isolines(_distances(where), level)
        good = np.isfinite(east)
        assert good.sum() > 20
        away = qsm.latency.geodesic_distance(where.latitude, where.longitude, north[good], east[good])
        assert np.abs(away - level).max() < 20e3


def test_coasts_are_where_they_are() -> None:
    from qsm.plots._map import coastline

    fine = np.arange(0, len(coastline()[0]) - 1, 0.02)
    east, north = (np.interp(fine, np.arange(len(line)), line) for line in coastline())
    for city in ("Lisbon", "Cape Town", "Sydney", "Lima", "Boston"):  # by the sea
        here = qsm.latency.place(city)
        assert np.nanmin(np.hypot(east - here.longitude, north - here.latitude)) < 1.2
    for city in ("Denver", "Moscow", "Nairobi"):
        here = qsm.latency.place(city)
        assert np.nanmin(np.hypot(east - here.longitude, north - here.latitude)) > 3


def test_controls_hold_every_state_and_ask_the_kernel() -> None:
    pytest.importorskip("anywidget")
    widget = example().controls()
    scene = widget.scene
    assert scene["frames"][scene["start"]]["text"] == "200 ms: 2 of 3 places within"
    inside = [int(frame["text"].split(": ")[1].split(" of")[0]) for frame in scene["frames"]]
    assert inside == sorted(inside)
    assert inside[0] == 0
    assert inside[-1] == 3
    assert all(f'-{name}"' in scene["svg"] for name in ("reach", "beyond"))
    assert [entry["name"] for entry in widget.inputs] == [
        "users",
        "regions",
        "percentile",
        "round_trips",
        "route_factor",
    ]
    widget.asked = {"regions": "Tokyo, Sydney", "users": "Osaka=3, 35 139"}
    assert widget.message == ""
    assert "Osaka" in widget.scene["frames"][0]["table"]
    widget.asked = {"regions": "Tokio"}
    assert "near it: Tokyo" in widget.message
    widget.asked = {"regions": " , "}
    assert "regions must be" in widget.message
