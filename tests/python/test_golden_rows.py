"""Golden rows that are not one call of numbers: with laws, classes, cases; each golden file is read from Python."""

import re
from pathlib import Path

import golden
import numpy as np
import pytest

import qsm
from qsm import latency, policies, queueing
from qsm.queueing import CustomerClass, Network, Station


def law(text):
    return qsm.distribution_from_text(text.replace(";", ","))


def numbers(text, separator=None):
    return [float(word) for word in str(text).split(separator)]


def each(name):
    table = golden.read(f"{name}.csv")
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def test_every_file_is_read_from_python():
    here = Path(__file__).parent
    text = "".join(file.read_text() for file in here.glob("test_*.py"))
    for room in ("latency", "policies", "queueing"):
        for file in (golden.FOLDER / room).glob("*.csv"):
            assert re.search(rf"\b{file.stem}\b", text), file


def test_mg1_and_gim1_agree_with_50_digits():
    for row in each("queueing/mg1"):
        queue = queueing.mg1(row["arrival_rate"], law(row["service"]), row["discipline"])
        assert queue.mean_sojourn == pytest.approx(row["mean_sojourn"], rel=1e-12), row
        assert queue.mean_sojourn_of_size(1) == pytest.approx(row["mean_sojourn_of_unit"], rel=1e-12), row
    for row in each("queueing/gim1"):
        queue = queueing.gim1(law(row["interarrival"]), row["service_rate"])
        for name in ("probability_wait", "mean_wait", "mean_sojourn", "mean_queue_length", "mean_number"):
            assert getattr(queue, name) == pytest.approx(row[name], rel=2e-12), (name, row)
        for kind in ("wait", "sojourn"):
            assert getattr(queue, f"{kind}_cdf")(row["time"]) == pytest.approx(row[f"{kind}_cdf"], rel=2e-12), row
            quantile = getattr(queue, f"{kind}_quantile")(row["probability"])
            assert quantile == pytest.approx(row[f"{kind}_quantile"], rel=1e-11), row


def test_mg_infinity_agrees_with_50_digits():
    for row in each("queueing/mg_infinity"):
        queue = queueing.mg_infinity(row["arrival_rate"], law(row["service"]))
        for name in ("mean_sojourn", "mean_number", "mean_busy_period"):
            assert getattr(queue, name) == pytest.approx(row[name], rel=1e-12), (name, row)
        assert queue.mean_number_at(row["time"]) == pytest.approx(row["mean_number_at"], rel=1e-12)
        assert queue.departure_rate_at(row["time"]) == pytest.approx(row["departure_rate_at"], rel=1e-12)
        assert queue.number_cdf(row["count"]) == pytest.approx(row["number_cdf"], rel=1e-12)


def test_classes_agree_with_cobham():
    for row in each("queueing/mg1_classes"):
        rates, laws = numbers(row["arrival_rates"], ";"), [law(text) for text in row["services"].split("|")]
        truth = numbers(row["mean_sojourn"], ";")
        assert queueing.mg1(rates, laws, row["discipline"]).mean_sojourn == pytest.approx(truth, rel=1e-12), row
        if row["discipline"] != "fcfs":
            preemptive = row["discipline"] == "preemptive_priority"
            assert queueing.priority_mean_sojourn(rates, laws, preemptive) == pytest.approx(truth, rel=1e-12), row


def test_shares_by_weight_agree_with_linear_equations():
    for row in each("queueing/dps"):
        given = (numbers(row[name], ";") for name in ("arrival_rates", "service_rates", "weights"))
        truth = numbers(row["dps_mean_sojourn"], ";")
        assert queueing.dps_mean_sojourn(*given) == pytest.approx(truth, rel=1e-11), row


def test_gittins_agrees_with_two_sizes_by_hand():
    for row in each("queueing/gittins"):
        sizes, share = (row["small"], row["large"]), row["share"]
        service = qsm.mixture([share, 1 - share], [qsm.deterministic(size) for size in sizes])
        queue = queueing.mg1(row["arrival_rate"], service, "gittins")
        assert queue.mean_sojourn == pytest.approx(row["mean_sojourn"], rel=1e-9), row
        assert queue.mean_sojourn_of_size(sizes[0]) == pytest.approx(row["mean_sojourn_small"], rel=1e-9), row
        assert queue.mean_sojourn_of_size(sizes[1]) == pytest.approx(row["mean_sojourn_large"], rel=1e-9), row


def test_the_joint_call_agrees_with_its_methods():
    for row in each("queueing/ggc_methods"):
        given = (row[n] for n in ("arrival_rate", "arrival_scv", "service_rate", "service_scv", "servers", "method"))
        means = queueing.ggc(*given)
        for name in ("mean_wait", "mean_sojourn", "mean_queue_length", "mean_number"):
            assert getattr(means, name) == pytest.approx(row[name], rel=1e-12), (name, row)


def test_approximations_are_as_near_as_their_pages_say():
    """Errors against the exact M/G/c: by at most what the pages state, worst first at ten servers and half load."""
    rows = golden.read("queueing/ggc_exact.csv")
    rate, scv, servers, exact = (rows[n] for n in ("arrival_rate", "service_scv", "servers", "mean_wait"))
    for found, stated in (
        (queueing.ggc_allen_cunneen(rate, 1, 1, scv, servers), {0: -0.239, 0.5: -0.091, 2: 0.248, 4: 0.636}),
        (queueing.ggc_whitt(rate, 1, 1, scv, servers), {0: -0.056, 0.5: 0.046, 2: -0.046, 4: 0.155}),
        (queueing.mgc_kimura(rate, 1, scv, servers), {0: 0, 0.5: 0.032, 2: 0.117, 4: 0.328}),
    ):
        error = found / exact - 1
        for shape, worst in stated.items():
            there = error[scv == shape]
            assert there[np.argmax(np.abs(there))] == pytest.approx(worst, abs=5e-4)


def test_approximations_with_any_arrivals_are_as_near_as_their_pages_say():
    """Least and largest error against the exact PH/PH/c at loads of 0.5, 0.8 and 0.95, in percent."""
    laws = {0.5: qsm.erlang(2, 2), 1: qsm.exponential(1)} | {
        scv: qsm.hyperexponential_balanced(1, scv) for scv in (2, 4)
    }
    stated = {
        "gg1_kingman": [(43, 368), (8, 56), (1.6, 10)],
        "gg1_marchal": [(-10, 59), (-3, 16), (-0.7, 3.3)],
        "ggc_allen_cunneen": [(-65, 188), (-27, 33), (-7, 6)],
        "ggc_kraemer_langenbach_belz": [(-73, 178), (-34, 32), (-9, 6)],
        "ggc_whitt": [(-57, 83), (-22, 12), (-5.3, 2)],
    }
    for place, load in enumerate((0.5, 0.8, 0.95)):
        errors = {name: [] for name in stated}
        for servers in (1, 10):
            for arrival_scv, gaps in laws.items():
                for service_scv, service in laws.items():
                    rate = load * servers
                    exact = queueing.ph_ph_c(qsm.scaled(gaps, 1 / rate), service, servers).mean_wait
                    for name in stated:
                        given = (rate, arrival_scv, 1, service_scv)
                        if name.startswith("ggc") or servers == 1:
                            more = () if name.startswith("gg1") else (servers,)
                            errors[name].append(100 * (getattr(queueing, name)(*given, *more) / exact - 1))
        for name, bounds in stated.items():
            for found, printed in zip((min(errors[name]), max(errors[name])), bounds[place], strict=True):
                digits = 0.6 if isinstance(printed, int) else 0.06  # as many as the pages print
                assert found == pytest.approx(printed, abs=digits), (name, load)


def test_many_queues_come_near_the_mean_field():
    """By the shortest of d drawn among n queues the mean time differs from the limit by a term of order 1/n."""
    rows = [row for row in each("queueing/shortest_of_drawn") if row["load"] <= 0.9]
    assert len(rows) == 6
    for row in rows:
        queues = 1000
        farm = Network(
            [Station("farm", qsm.exponential(1), queues, dispatch="shortest", choices=row["choices"])],
            [CustomerClass(interarrival=qsm.exponential(queues * row["load"]))],
        )
        seen = farm.simulate(passages=2e5, warmup=2e5, replications=5).response_time[0]
        assert seen == pytest.approx(row["mean_sojourn"], rel=0.01), row
        assert (seen.high - seen.low) / seen < 0.02


def test_vegas_agrees_with_its_published_cases():
    name = ""
    for row in each("policies/vegas"):
        if row["case"] != name:
            name, limit = row["case"], policies.VegasLimit(row["initial"], 20000, row["smoothing"], row["backoff"], 1e9)
        limit.observe(policies.LatencySample(latency=row["latency"], in_flight=row["in_flight"]))
        assert limit.limit == row["limit"], row


def test_laws_of_latency_agree_with_50_digits():
    make = {"max": latency.max_of, "min": latency.min_of, "hedged": latency.hedged}
    for row in each("latency/extremes"):
        found = make[row["kind"]](qsm.lognormal(0, 1), row["number"])
        assert found.survival_quantile(row["probability"]) == pytest.approx(row["survival_quantile"], rel=1e-12), row
    for row in each("latency/retry"):
        found = latency.retry(
            qsm.exponential(row["rate"]),
            *(row[name] for name in ("timeout", "attempts", "backoff", "multiplier")),
        )
        assert found.mean == pytest.approx(row["mean"], rel=1e-12), row
        assert found.survival(row["value"]) == pytest.approx(row["survival"], rel=1e-12), row
    for row in each("latency/sums"):
        found = latency.sum_of([law_of(row["first"]), law_of(row["second"])])
        assert found.survival(row["value"]) == pytest.approx(
            row["survival"], rel=0.02 * max(1, -np.log(row["survival"]))
        )


def law_of(text):
    name, _, inside = text.removesuffix(")").partition("(")
    return getattr(qsm, name)(*numbers(inside))


def test_response_times_agree_with_the_tick_by_tick_run():
    for row in each("latency/response_times"):
        given = (numbers(row[name]) for name in ("periods", "executions", "jitters", "blockings"))
        assert latency.response_times(*given).tolist() == numbers(row["responses"]), row
