"""Latency from Python: laws, places, budgets, readers; the C++ tests hold the numbers."""

from __future__ import annotations

import json
import math
import pickle
from pathlib import Path

import golden
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qsm
from qsm import latency


@pytest.mark.parametrize(
    ("function", "file"),
    [
        (latency.fan_out_slow_probability, "fan_out"),
        (latency.server_probability_for_fan_out, "fan_out"),
        (latency.retry_attempts, "retry_attempts"),
        (latency.liu_layland_bound, "liu_layland"),
        (latency.revenue_sensitivity, "revenue"),
        (latency.revenue_ratio, "revenue"),
        (latency.fibre_delay, "fibre_delay"),
    ],
    ids=lambda x: getattr(x, "__name__", x),
)
def test_agrees_with_50_digits(function, file):
    rows = golden.read(f"latency/{file}.csv")
    found = function(**golden.arguments(function, rows))
    truth = rows[function.__name__]
    assert found == pytest.approx(truth, rel=2e-13, abs=1e-300)


def test_geodesics_agree_with_geographiclib():
    rows = golden.read("latency/geodesic.csv")
    found = latency.geodesic_distance(**golden.arguments(latency.geodesic_distance, rows))
    assert np.abs(found - rows["geodesic_distance"]).max() <= 2e-8


# --- laws ------------------------------------------------------------------------------------------------------------

LAWS = [
    latency.sum_of(qsm.lognormal(0, 1), qsm.weibull(0.5, 1)),
    latency.sum_of(qsm.lognormal(0, 1), 3),
    latency.max_of(qsm.lognormal(0, 1), 100),
    latency.min_of([qsm.lognormal(0, 1), qsm.uniform(0, 3)]),
    latency.hedged(qsm.lognormal(-3, 1), 0.1),
    latency.tied(qsm.exponential(2), qsm.lognormal(-3, 1)),
    latency.retry(qsm.lognormal(-3, 1), 0.1, 3, 0.05, 2),
    latency.from_buckets([0, 0.1], [0.1, math.inf], [90, 10]),
    latency.from_percentiles([0.5, 0.9], [1, 2], high=10),
    latency.max_of(latency.sum_of(qsm.empirical(np.arange(20.0)), qsm.uniform(0, 1)), 3),
    latency.stalled_latency(0.001, 100, 1, 60),
    qsm.normal(0.1, 0.01),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: repr(law)[:40])
def test_laws_pickle_and_compare(law):
    again = pickle.loads(pickle.dumps(law))
    assert again == law
    assert hash(again) == hash(law)
    assert again.quantile(0.9) == law.quantile(0.9)
    assert law.cdf(law.quantile(0.9)) >= 0.9 - 1e-12
    if "empirical(samples=<" not in repr(law):
        assert qsm.core.distribution_from_text(repr(law)) == law


def test_algebra_takes_a_list_or_several_or_a_count():
    law = qsm.lognormal(0, 1)
    for function in (latency.sum_of, latency.max_of, latency.min_of):
        assert function(law, 2) == function(law, count=2)
        assert function([law, law]) == function(law, law)
        assert function(law, 2).quantile(0.99) == pytest.approx(function(law, law).quantile(0.99), rel=1e-3)
        with pytest.raises(ValueError, match="takes no count"):
            function([law, law], 2)
        with pytest.raises(ValueError, match="must be an integer >= 1, got 0"):
            function(law, 0)
        with pytest.raises(ValueError, match="integer"):
            function(law, 2.5)
        with pytest.raises((ValueError, TypeError)):
            function("lognormal", 2)
    assert latency.sum_of(qsm.exponential(1), 3) == qsm.erlang(3, 1)
    assert latency.min_of(qsm.exponential(1), qsm.exponential(2)) == qsm.exponential(3)


def test_laws_written_in_python_join():
    class Triangle:
        mean, variance = 2 / 3, 1 / 18

        def cdf(self, x):
            return np.clip(np.square(np.clip(x, 0, None)), 0, 1)

        def quantile(self, p):
            return np.sqrt(p)

    assert latency.max_of(Triangle(), 3).quantile(0.5) == pytest.approx(0.5 ** (1 / 6), rel=1e-12)
    both = latency.sum_of(Triangle(), Triangle(), tolerance=0.02)
    assert both.cdf(1.0) == pytest.approx(1 / 6, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.2, 2), st.floats(0.001, 0.999))
def test_bounds_enclose(sigma, p):
    law = latency.sum_of(qsm.lognormal(0, sigma), qsm.weibull(1, 1), tolerance=0.2)
    found = latency.quantile_bounds(law, p)
    assert found.low <= found.value <= found.high
    lower, upper = latency.bounds(law)
    assert lower.quantile(p) == found.low
    assert upper.quantile(p) == found.high


# --- places ----------------------------------------------------------------------------------------------------------


def test_delays_between_places():
    delay = latency.propagation_delay
    assert delay("New York", "London") == pytest.approx(0.02735, rel=2e-3)
    assert delay("london", "NYC", round_trip=True) == 2 * delay("New York", "London")
    assert delay((40.71, -74.01), latency.place("London")) == delay("New York", "London")
    assert delay("London", "Sydney", route_factor=1.5) == 1.5 * delay("London", "Sydney")
    assert delay("London", "London") == 0
    assert delay("aws:us-east-1", "aws:eu-west-1", True) == pytest.approx(0.0535, rel=0.03)
    with pytest.raises(ValueError, match="'Lundon' is not known"):
        delay("Lundon", "Paris")
    with pytest.raises(ValueError, match="near it: London"):
        delay("Lon", "Paris")
    with pytest.raises(ValueError, match="latitude must be in"):
        delay((91, 0), (0, 0))
    with pytest.raises(ValueError, match="name or"):
        delay(5, "Paris")
    with pytest.raises(ValueError, match="round_trip must be"):
        delay("London", "Paris", "yes")


def test_places_are_places():
    table = latency.places()
    assert len(set(table["name"])) == len(table["name"]) > 150
    assert set(table["kind"]) == {"city", "aws", "azure", "gcp"}
    assert all(-90 <= x <= 90 for x in table["latitude"])
    assert all(-180 <= x <= 180 for x in table["longitude"])
    # A region stands near the city that its provider names.
    for region, city in {
        "aws:eu-central-1": "Frankfurt",
        "gcp:asia-south1": "Mumbai",
        "azure:japaneast": "Tokyo",
    }.items():
        assert latency.propagation_delay(region, city) < 0.0002


# --- budgets ---------------------------------------------------------------------------------------------------------


def page(**more):
    return {
        "page": ["serial", "network", ["parallel", "ads", ["fan_out", "shard", 10]], ["optional", "disk", 0.1]],
        "network": qsm.shifted(qsm.lognormal(-4, 0.5), 0.01),
        "ads": qsm.exponential(50),
        "shard": qsm.gamma(2, 0.002),
        "disk": qsm.lognormal(-5, 1),
        **more,
    }


def test_budgets_from_names():
    whole = latency.budget(page())
    table = latency.shares(whole, 0.99, requests=50_000)
    assert table["stage"] == ["network", "ads", "shard", "disk"]
    assert sum(table["share"]) == pytest.approx(1)
    assert sum(map(float, table["tail"])) == pytest.approx(whole.distribution().quantile(0.99), rel=0.03)
    assert repr(pickle.loads(pickle.dumps(whole))) == repr(whole)
    assert latency.shares(whole, 0.9, requests=5000).rows == latency.shares(whole, 0.9, requests=5000).rows


def test_bad_budgets_are_refused():
    with pytest.raises(ValueError, match="a -> b -> a"):
        latency.budget({"a": ["serial", "b"], "b": ["serial", "a"], "c": ["serial", "a"]})
    with pytest.raises(ValueError, match="circle"):
        latency.budget({"a": ["serial", "b"], "b": ["serial", "a"]})
    with pytest.raises(ValueError, match="'page' needs 'cache', known are|page.1 needs 'cache'|needs 'cache'"):
        latency.budget(page(page=["serial", "network", "cache"]), "page")
    with pytest.raises(ValueError, match="serial, parallel, race"):
        latency.budget({"a": ["series", qsm.exponential(1)]})
    loop: list[object] = ["serial"]
    loop.append(loop)
    with pytest.raises(ValueError, match="contains itself|deep"):
        latency.budget({"a": loop})
    with pytest.raises(ValueError, match="spec must be a mapping"):
        latency.budget([])


# --- measuring -------------------------------------------------------------------------------------------------------


def test_percentiles_of_data():
    samples = qsm.lognormal(0, 1).sample(100_000, qsm.Stream(3))
    table = latency.percentiles(samples)
    assert table["percentile"] == ["P50", "P90", "P95", "P99", "P99.9", "P99.99", "P99.999"]
    assert table["latency"][0].low <= 1 <= table["latency"][0].high
    assert table["latency"][-1].high == math.inf
    merged = latency.merged_percentile([900, 100], [0.5, 0.99], [[1, 2], [10, 20]], 0.99, high=100)
    assert merged.low <= merged.value <= merged.high


def test_coordinated_omission():
    samples = np.full(10_001, 0.001)
    samples[-1] = 100
    corrected = latency.correct_coordinated_omission(samples, 0.01)
    assert len(corrected) == 20_000
    rows = golden.read("latency/coordinated_omission.csv")
    found = np.quantile(corrected, rows["probability"], method="inverted_cdf")
    assert found == pytest.approx(rows["quantile"], rel=1e-4)
    seen = latency.simulate_coordinated_omission(qsm.deterministic(0.0001), 2000, 30, 10, 1.4)
    truth = latency.stalled_latency(0.0001, 2000, 1.4, 30)
    assert np.quantile(seen.open, 0.99) == pytest.approx(truth.quantile(0.99), rel=2e-3)
    assert np.quantile(seen.recorded, 0.99) < truth.quantile(0.99) / 100


def test_littles_law_and_loops():
    law = latency.littles_law([0, 1, 2], [3, 2, math.inf], 0, 4)
    assert law.mean_number == pytest.approx(6 / 4)
    assert law.inside_at_end == 1
    assert latency.response_times([7, 12, 20], [3, 3, 5]).tolist() == [3, 6, 20]
    assert latency.edf_schedulable([4, 6], [2, 3]) is True
    assert latency.edf_schedulable([4, 6], [2, 3], [3, 4]) is False
    assert latency.periodic_miss_probability(qsm.uniform(0, 1), 2, 0.75) == 0.25
    assert latency.deadline_miss_probability(qsm.exponential(1), 30) == pytest.approx(math.exp(-30), rel=1e-14)


def test_revenue():
    claims = latency.revenue_claims()
    assert claims["sensitivity"][0] == pytest.approx(-math.log(0.99) / 0.1)
    beta = claims["sensitivity"][2]
    assert latency.revenue_ratio(2.5, 0.5, beta) == pytest.approx(1 - 0.043)
    assert latency.expected_revenue_ratio(qsm.deterministic(2.5), 0.5, beta) == pytest.approx(1 - 0.043)


# --- readers ---------------------------------------------------------------------------------------------------------


def test_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("when,latency\n1,20\n2,30.5\n")
    assert latency.read_latencies(path, unit=0.001).tolist() == [0.02, 0.0305]
    assert latency.read_latencies(path, "when").tolist() == [1, 2]
    path.write_text("# comment\n5\n6\n")
    assert latency.read_latencies(path).tolist() == [5, 6]
    for text, message in (
        ("a,b\n1,x\n", "a.csv has"),
        ("latency\n-1\n", "a.csv:2: expected a number >= 0"),
        ("latency\nnan\n", "a.csv:2"),
        ("latency\n", "no values"),
        ("", "no lines"),
    ):
        path.write_text(text)
        with pytest.raises(ValueError, match=message):
            latency.read_latencies(path)


def test_wrk2(tmp_path):
    path = tmp_path / "wrk.txt"
    path.write_text(
        "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
        "       Value   Percentile   TotalCount 1/(1-Percentile)\n\n"
        "       0.921     0.000000            1         1.00\n"
        "       4.053     0.500000         2000         2.00\n"
        "       8.000     0.990000         3960       100.00\n"
        "       9.335     1.000000         4000          inf\n"
        "#[Mean    =        4.1, StdDeviation   =        1.2]\n"
    )
    law = latency.read_wrk2(path)
    assert law.quantile(0.5) == pytest.approx(0.004053)
    assert law.high == pytest.approx(0.009335)
    assert latency.quantile_bounds(law, 0.95).low == pytest.approx(0.004053)
    path.write_text("nothing")
    with pytest.raises(ValueError, match="no line of a percentile spectrum"):
        latency.read_wrk2(path)


def test_k6(tmp_path):
    path = tmp_path / "k6.json"
    lines = [{"type": "Metric", "metric": "http_req_duration", "data": {"type": "trend"}}]
    for value in (12.5, 30):
        lines.append({"type": "Point", "metric": "http_req_duration", "data": {"value": value, "tags": {}}})
    lines.append({"type": "Point", "metric": "vus", "data": {"value": 1}})
    path.write_text("\n".join(map(json.dumps, lines)))
    assert latency.read_k6(path).tolist() == [0.0125, 0.03]
    with pytest.raises(ValueError, match=r"it has \['http_req_duration', 'vus'\]"):
        latency.read_k6(path, "nothing")
    for bad in ("{", "[1]", '{"type": "Point"}', '{"type":"Point","metric":"http_req_duration","data":{"value":"a"}}'):
        path.write_text(bad)
        with pytest.raises(ValueError, match="k6.json:1"):
            latency.read_k6(path)


PROMETHEUS = """\
# HELP request_seconds Latency
# TYPE request_seconds histogram
request_seconds_bucket{job="a",le="0.1"} 60
request_seconds_bucket{job="a",le="0.5"} 90
request_seconds_bucket{job="a",le="+Inf"} 100
request_seconds_bucket{job="b",le="0.1"} 0
request_seconds_bucket{job="b",le="0.5"} 100
request_seconds_bucket{job="b",le="+Inf"} 100
request_seconds_sum 33
"""


def test_prometheus(tmp_path):
    path = tmp_path / "metrics"
    path.write_text(PROMETHEUS)
    law = latency.read_prometheus(path, labels={"job": "a"})
    assert law.quantile(0.5) == pytest.approx(0.1 * 50 / 60)
    assert law.quantile(0.75) == pytest.approx(0.3)
    assert law.quantile(0.99) == 0.5
    assert latency.quantile_bounds(law, 0.99).high == math.inf
    both = latency.read_prometheus(path, "request_seconds", maximum=2)
    assert both.cdf(0.1) == pytest.approx(0.3)
    assert latency.quantile_bounds(both, 0.99).high == 2
    for old, new, message in (
        ('le="+Inf"', 'le="1"', "Inf"),
        ("90", "50", "must not fall"),
        ("_bucket", "_pail", "has no buckets"),
        ('le="0.5"} 90', 'le="0.4"} 90', "unlike buckets"),
        ('le="0.5"} 90', 'le="x"} 90', "metrics:4"),
    ):
        path.write_text(PROMETHEUS.replace(old, new))
        with pytest.raises(ValueError, match=message):
            latency.read_prometheus(path)


@pytest.mark.parametrize("name", ["read_latencies", "read_wrk2", "read_k6", "read_prometheus"])
def test_a_file_that_is_no_text_is_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(b"\x89PNG\xff")
    with pytest.raises(ValueError, match=f"{name}: .*picture is no text"):
        getattr(latency, name)(path)
