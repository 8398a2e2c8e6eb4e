"""One station by simulation and by replay, from Python: twins, equal seeds, progress, Ctrl-C, refusals."""

import math
import pickle
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import qsm
from qsm import Estimate, exponential
from qsm.queueing import (
    compare,
    mmc,
    mmck,
    replay,
    servers_for_wait,
    servers_for_wait_in_replay,
    servers_for_wait_in_simulation,
    simulate,
)

MEANS = ("mean_wait", "mean_sojourn", "mean_queue_length", "mean_number", "probability_wait", "utilization")
STUDENT = 2.093  # 0.975 quantile of t with 19 degrees of freedom


class Uniform:
    """On [0, 2], written in Python."""

    mean, variance = 1, 1 / 3

    def cdf(self, value):
        return np.minimum(np.maximum(value / 2, 0), 1)

    def quantile(self, probability):
        return 2 * probability


class Broken(Uniform):
    def quantile(self, probability):
        raise ZeroDivisionError("broken law")


def short(**options):
    return simulate(exponential(1.5), exponential(1), 2, **{"customers": 2000, "replications": 4, "seed": 5} | options)


# --- twins: |z| < 4, and half-widths, relative, as stated ---------------------------------------------


def assert_twin(estimate, truth, half_width):
    z = (estimate - truth) / (estimate.half_width / STUDENT)
    assert abs(z) < 4, (estimate, truth, z)
    assert estimate.half_width <= half_width * truth, (estimate, truth)


def test_simulation_agrees_with_mmc():
    model, simulated = mmc(2.4, 1, 4), simulate(exponential(2.4), exponential(1), 4, customers=200_000, seed=11)
    for name in MEANS:
        assert_twin(getattr(simulated, name), getattr(model, name), 0.01)
    for time_ in (0.0, 0.3, 1.5):
        assert_twin(simulated.wait_cdf(time_), model.wait_cdf(time_), 0.0025)
        assert_twin(simulated.sojourn_cdf(time_ + 0.3), model.sojourn_cdf(time_ + 0.3), 0.004)
    for probability in (0.9, 0.99):
        assert_twin(simulated.wait_quantile(probability), model.wait_quantile(probability), 0.02)
        assert_twin(simulated.sojourn_quantile(probability), model.sojourn_quantile(probability), 0.01)
    assert simulated.stable is True
    assert simulated.probability_blocked == 0


def test_simulation_agrees_with_mmck_beyond_saturation():
    model = mmck(3, 1, 2, 5)
    simulated = simulate(exponential(3), exponential(1), 2, capacity=5, customers=200_000, seed=12)
    for name in (*MEANS, "probability_blocked", "throughput"):
        assert_twin(getattr(simulated, name), getattr(model, name), 0.01)
    assert (simulated.servers, simulated.capacity, simulated.stable) == (2, 5, True)


def test_littles_law_holds_in_a_replay_to_rounding():
    stream = qsm.Stream(4)
    arrivals = np.cumsum(exponential(1).sample(5000, stream.child("gaps")))
    services = qsm.lognormal(0, 1).sample(5000, stream.child("services"))
    station = replay(arrivals, services, 2)
    assert station.mean_number == pytest.approx(station.throughput * station.mean_sojourn, rel=1e-12)
    assert station.mean_queue_length == pytest.approx(station.throughput * station.mean_wait, rel=1e-12)
    free, waits = np.zeros(2), []
    for arrival, service in zip(arrivals, services, strict=True):  # Kiefer and Wolfowitz, written out anew here
        free.sort()
        start = max(arrival, free[0])
        waits.append(start - arrival)
        free[0] = start + service
    assert station.mean_wait == pytest.approx(np.mean(waits), rel=1e-12)
    assert station.wait_quantile(1) == pytest.approx(max(waits), rel=1e-12)


def test_a_law_written_in_python_drives_a_simulation():
    """M/G/1 with service uniform on [0, 2] by Pollaczek and Khinchine: λ E[S²] / (2 (1 - ρ))."""
    service = Uniform()
    one = simulate(exponential(0.5), service, customers=20_000, threads=2, seed=3)
    assert_twin(one.mean_wait, 0.5 * (4 / 3) / (2 * 0.5), 0.025)
    same = simulate(exponential(0.5), qsm.uniform(0, 2), customers=20_000, seed=3)
    assert one.mean_wait == pytest.approx(same.mean_wait, rel=1e-12)
    with pytest.raises(ZeroDivisionError, match="^broken law$"):
        simulate(exponential(0.5), qsm.Distribution(Broken()), customers=20_000, threads=2)


# --- seeds and threads -----------------------------------------------------------------------------------------------


def test_equal_seeds_give_equal_numbers_on_any_number_of_threads():
    def numbers(station):
        return [repr(getattr(station, name)) for name in MEANS] + [repr(station.sojourn_quantile(0.9)), station.warmup]

    expected = numbers(short(threads=1))
    for threads in (0, 2, 3, 16):
        assert numbers(short(threads=threads)) == expected
    assert numbers(short(seed=6)) != expected


def test_equal_seeds_give_equal_customers_to_other_stations():
    """Common random numbers: one server more never makes the mean wait longer."""
    waits = [simulate(exponential(1.5), exponential(1), c, customers=2000).mean_wait for c in (2, 3, 4)]
    assert waits[0] > waits[1] > waits[2]


# --- estimates -------------------------------------------------------------------------------------------------------


def test_an_estimate_is_a_float():
    estimate = short().mean_wait
    assert isinstance(estimate, Estimate)
    assert isinstance(estimate, float)
    assert estimate.low < estimate < estimate.high
    assert estimate.half_width == (estimate.high - estimate.low) / 2
    assert type(estimate.value) is type(estimate + 1) is type(2 * estimate) is type(-estimate) is float
    assert estimate + 1 == estimate.value + 1
    assert estimate == estimate.value
    assert hash(estimate) == hash(estimate.value)
    assert math.sqrt(estimate) == estimate.value**0.5
    assert f"{estimate:.3f}" == f"{estimate.value:.3f}"
    assert np.array([estimate]).dtype == np.float64
    assert estimate.method == "4 replications of 2000 customers, t, 95 %"


def test_an_estimate_carries_its_interval():
    estimate = Estimate(1 / 3, 0.25, 0.5, "by hand")
    again = pickle.loads(pickle.dumps(estimate))
    assert (again.value, again.low, again.high, again.method) == (1 / 3, 0.25, 0.5, "by hand")
    assert repr(estimate) == "Estimate(0.333333, low=0.25, high=0.5, method='by hand')"
    assert str(estimate) == "0.333333 [0.25, 0.5]"
    with pytest.raises(AttributeError):
        estimate.colour = "red"


def test_scalars_give_estimates_and_arrays_their_values():
    station = short()
    assert isinstance(station.wait_quantile(0.9), Estimate)
    values = station.wait_quantile([[0.5, 0.9]])
    assert type(values) is np.ndarray
    assert values.tolist() == [[float(station.wait_quantile(0.5)), float(station.wait_quantile(0.9))]]
    assert station.wait_cdf([0, math.inf])[1] == 1


def test_wider_confidence_gives_wider_intervals():
    narrow, wide = short(confidence=0.5).mean_wait, short(confidence=0.99).mean_wait
    assert narrow == wide
    assert narrow.half_width < wide.half_width
    alone = short(replications=1).mean_wait
    assert (alone.low, alone.high) == (-math.inf, math.inf)


def test_an_unstable_station_is_answered_at_once_with_infinity():
    start = time.perf_counter()
    station = simulate(exponential(2), exponential(1), customers=1e12)
    assert time.perf_counter() - start < 1
    assert station.stable is False
    for name in ("mean_wait", "mean_sojourn", "mean_queue_length", "mean_number"):
        estimate = getattr(station, name)
        assert estimate == estimate.low == estimate.high == math.inf
        assert estimate.method == "unstable: offered load >= servers"
    assert station.wait_quantile(0.5) == math.inf
    assert station.wait_cdf(1e9) == 0
    assert simulate(exponential(1), qsm.pareto(0.5, 1)).stable is False
    assert simulate(exponential(2), exponential(1), capacity=3, customers=1000).stable is True


# --- how many servers ------------------------------------------------------------------------------------------------


def test_servers_for_wait_agree_with_the_closed_form():
    """P(W <= 0.5) with 12 servers is 0.943 and with 13 is 0.976: both 0.01 or more from the goal."""
    assert servers_for_wait(9, 1, 0.5, 0.96) == 13
    assert mmc(9, 1, 12).wait_cdf(0.5) < 0.95
    assert mmc(9, 1, 13).wait_cdf(0.5) > 0.97
    found, probability = servers_for_wait_in_simulation(exponential(9), exponential(1), 0.5, 0.96, customers=50_000)
    assert type(found) is int
    assert found == 13
    assert probability.half_width < 0.003
    assert probability.low < mmc(9, 1, 13).wait_cdf(0.5) < probability.high


def test_servers_for_wait_in_a_replay_are_the_fewest():
    stream = qsm.Stream(9)
    arrivals = np.cumsum(exponential(9).sample(3000, stream.child("gaps")))
    services = exponential(1).sample(3000, stream.child("services"))
    for wait, probability in ((0.0, 0.9), (0.5, 0.96), (1.0, 1.0)):
        found = servers_for_wait_in_replay(arrivals, services, wait, probability)
        assert type(found) is int
        assert replay(arrivals, services, found).wait_cdf(wait) >= probability
        assert replay(arrivals, services, found - 1).wait_cdf(wait) < probability
    assert servers_for_wait_in_replay([0, 0, 0], [1, 1, 1], 0, 1) == 3
    assert servers_for_wait_in_replay([0, 0, 0], [1, 1, 1], 1, 1) == 2


# --- three ways in one table -----------------------------------------------------------------------------------------


def test_compare_sets_model_beside_simulation():
    table = compare(exponential(1), exponential(2), customers=50_000)
    assert list(table) == ["quantity", "model", "simulation", "simulation / model - 1"]
    rows = {row[0]: row[1:] for row in table.rows}
    assert {"utilization", "mean_wait"} <= set(rows)
    model, simulated, ratio = rows["mean_wait"]
    assert model == 0.5
    assert_twin(simulated, 0.5, 0.02)
    assert ratio == simulated / model - 1


def test_compare_sets_a_trace_beside_both():
    trace = qsm.measure.trace([0, 1, 2, 5, 6], [1, 2, 1, 1, 3])
    table = compare(trace=trace, servers=2, customers=1000, replications=3)
    assert list(table)[-2:] == ["trace", "trace / simulation - 1"]
    rows = {row[0]: row for row in table.rows}
    assert rows["mean_wait"][4] == replay(trace.arrival_times, trace.service_times(), 2).mean_wait
    assert "2 servers" in str(table)


def test_compare_makes_times_of_a_traces_tokens():
    rates = {"prefill_rate": 100, "token_time": 0.5}
    rows = {row[0]: row for row in compare(trace=TOKENS, customers=1000, replications=2, **rates).rows}
    assert rows["mean_wait"][4] == replay(TOKENS.arrival_times, TOKENS.service_times(**rates), 1).mean_wait
    assert rows["mean_wait"][4] != replay(TOKENS.arrival_times, TOKENS.service_times(), 1).mean_wait


def test_compare_of_an_unstable_station_has_no_ratios_of_infinities():
    rows = {row[0]: row for row in compare(exponential(2), exponential(1)).rows}
    assert rows["mean_wait"][1] == rows["mean_wait"][2] == math.inf
    assert rows["mean_wait"][3] is None


# --- control variates ------------------------------------------------------------------------------------------------


def test_a_twin_sharpens_the_mean_wait():
    def wait(control):
        options = {"customers": 10000, "replications": 100, "warmup": 2000, "control_variate": control}
        return simulate(exponential(2.8), qsm.erlang(2, 2), 4, **options).mean_wait

    assert wait(False).half_width ** 2 > 5 * wait(True).half_width ** 2
    assert str(wait(True).method).endswith("control variate")


@pytest.mark.slow
@pytest.mark.parametrize(
    "service", [qsm.erlang(2, 2), qsm.hyperexponential_balanced(1, 2), qsm.deterministic(1)], ids=str
)
def test_intervals_with_a_twin_cover(service):
    """95 % intervals hold the mean wait of Pollaczek and Khinchine in 93 to 97 of 100 runs."""
    truth = 0.7 * (1 + service.scv) / (2 * 0.3)
    hits = 0
    for seed in range(1000):
        options = {"customers": 10000, "replications": 20, "warmup": 500, "seed": seed, "control_variate": True}
        wait = simulate(exponential(0.7), service, 1, **options).mean_wait
        hits += wait.low <= truth <= wait.high
    assert 930 <= hits <= 970


# --- refusals --------------------------------------------------------------------------------------------------------

TRACE = qsm.measure.trace([0, 1], [1, 1])
TOKENS = qsm.measure.trace([0, 1, 3, 4], prompt_tokens=[100, 300, 50, 80], output_tokens=[10, 20, 5, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: short(customers=0), "simulate: customers must be an integer >= 1, got 0"),
        (lambda: short(customers=1.5), "simulate: customers must be an integer >= 1, got 1.5"),
        (lambda: short(replications=0), "simulate: replications must be an integer >= 1, got 0"),
        (lambda: short(confidence=1), "simulate: confidence must be in (0, 1), got 1"),
        (lambda: short(warmup=-2), "simulate: warmup must be an integer >= 0, or -1 to find one by MSER, got -2"),
        (
            lambda: short(replications=2, control_variate=True),
            "simulate: replications must be >= 3 with control_variate, got 2",
        ),
        (lambda: replay([0], [1], 0.5), "replay: servers must be an integer >= 1, got 0.5"),
        (lambda: short(threads=-1), "simulate: threads must be an integer >= 0, got -1"),
        (
            lambda: simulate(qsm.uniform(-1, 2), exponential(2)),
            "simulate: lower end of interarrival must be >= 0, got -1",
        ),
        (
            lambda: simulate(qsm.pareto(0.5, 1), exponential(2)),
            "simulate: mean of interarrival must be finite and > 0, got inf",
        ),
        (lambda: short().wait_quantile(2), "wait_quantile: probability must be in [0, 1], got 2"),
        (lambda: short().wait_cdf([0, -1]), "StationSimulation.wait_cdf: time[1] must be >= 0, got -1"),
        (lambda: replay([], [], 1), "replay: arrival_times must not be empty"),
        (lambda: replay([0, 1], [1], 1), "replay: service_times must be as many as arrival_times (2), got 1"),
        (lambda: replay([0, 2, 1], [1, 1, 1], 1), "replay: arrival_times[2] must be >= the one before it, 2, got 1"),
        (lambda: replay([0, math.nan], [1, 1], 1), "replay: arrival_times[1] must be finite, got nan"),
        (lambda: replay([0, 1], [1, -1], 1), "replay: service_times[1] must be finite and >= 0, got -1"),
        (
            lambda: servers_for_wait_in_replay([0], [1], 0, 1.5),
            "servers_for_wait_in_replay: probability must be in [0, 1], got 1.5",
        ),
        (
            lambda: servers_for_wait_in_replay([0], [1], -1, 1),
            "servers_for_wait_in_replay: wait must be >= 0, got -1",
        ),
        (
            lambda: servers_for_wait_in_simulation(exponential(9), exponential(1), 0.5, 1),
            "servers_for_wait_in_simulation: probability must be in [0, 1), got 1",
        ),
        (lambda: compare(), "compare: needs both laws, interarrival and service, or a trace"),
        (lambda: compare(exponential(1)), "compare: needs both laws, interarrival and service, or a trace"),
        (
            lambda: compare(exponential(1), exponential(2), trace=TRACE),
            "compare: needs both laws, interarrival and service, or a trace",
        ),
        (
            lambda: compare(service=exponential(2), trace=TRACE),
            "compare: needs both laws, interarrival and service, or a trace",
        ),
        (
            lambda: compare("a", "b"),
            "compare: interarrival must be a Distribution or an object with mean, variance, cdf and quantile, "
            "got 'a' (str)",
        ),
        (lambda: compare(exponential(1), exponential(2), token_time=1), "compare: token_time needs a trace"),
        (
            lambda: compare(trace=TOKENS, prefill_rate=0),
            "Trace.service_times: prefill_rate must be finite and > 0, got 0",
        ),
    ],
)
def test_refuses_what_is_out_of_range(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


@pytest.mark.parametrize("servers", [0, 1.5, -1, math.nan])
def test_servers_are_counted(servers):
    for call in (lambda: simulate(exponential(1), exponential(2), servers), lambda: replay([0], [1], servers)):
        with pytest.raises(ValueError, match="servers must be an integer >= 1, got "):
            call()


@pytest.mark.parametrize("value", [True, "1", None, [1]], ids=repr)
def test_options_are_numbers(value):
    for name in ("customers", "replications", "warmup", "confidence", "capacity"):
        with pytest.raises(TypeError):
            short(**{name: value})
    with pytest.raises(TypeError):
        simulate(exponential(1), exponential(2), value)


def test_laws_are_laws():
    with pytest.raises(TypeError):
        simulate(exponential(1), 2)
    with pytest.raises(TypeError):
        replay(["a"], [1], 1)


# --- progress and Ctrl-C ---------------------------------------------------------------------------------------------


def test_progress_rises_to_one():
    seen = []
    short(customers=3e7, progress=seen.append)
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[0] >= 0
    assert seen[-1] == 1
    for work in (
        lambda tell: servers_for_wait_in_simulation(
            exponential(1), exponential(1), 1, 0.9, customers=100, progress=tell
        ),
        lambda tell: compare(exponential(1), exponential(2), customers=100, progress=tell),
    ):
        seen.clear()
        work(seen.append)
        assert seen[-1] == 1


def test_what_a_progress_callback_raises_stops_the_work():
    def stop(fraction):
        raise LookupError("enough")

    start = time.perf_counter()
    with pytest.raises(LookupError, match="^enough$"):
        simulate(exponential(1), exponential(1.1), customers=1e12, progress=stop)
    assert time.perf_counter() - start < 2


def interrupted(*arguments):
    """Starts Python, waits until the work runs, sends SIGINT; returns what it said and the seconds it took to end."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "started\n", process.stderr.read()
        time.sleep(0.3)
        assert process.poll() is None
        start = time.perf_counter()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
        return process.returncode, error, time.perf_counter() - start
    finally:
        process.kill()
        process.wait()


def test_ctrl_c_ends_a_long_simulation():
    status, error, seconds = interrupted(
        "-c",
        "import qsm\nprint('started', flush=True)\n"
        "qsm.queueing.simulate(qsm.exponential(1), qsm.exponential(1.1), customers=1e12)",
    )
    assert error.rstrip().endswith("KeyboardInterrupt")
    assert status in (1, 130, -signal.SIGINT)
    assert seconds < 2


@pytest.mark.parametrize(
    "work",
    [
        "latency.sum_of(qsm.lognormal(0, 1), 1_000_000, tolerance=0.002)",
        "latency.periodic_miss_probability(qsm.exponential(1), 2, 3, jobs=1e9)",
        "latency.shares(latency.fan_out(latency.stage('disk', qsm.exponential(1)), 1e6))",
    ],
)
def test_ctrl_c_ends_other_long_work(work):
    status, error, seconds = interrupted(
        "-c", f"import qsm\nfrom qsm import latency\nprint('started', flush=True)\n{work}"
    )
    assert error.rstrip().endswith("KeyboardInterrupt")
    assert status in (1, 130, -signal.SIGINT)
    assert seconds < 2


def test_ctrl_c_ends_the_command(tmp_path):
    """With a simulation too long to wait for, and a trace so short that its fits, which do not listen, take no time."""
    stream = qsm.Stream(1)
    arrivals = np.cumsum(exponential(1).sample(500, stream.child("gaps")))
    services = exponential(1).sample(500, stream.child("services"))
    rows = [f"{arrival},{service}" for arrival, service in zip(arrivals, services, strict=True)]
    (tmp_path / "trace.csv").write_text("\n".join(["arrival_time,service_time", *rows]))
    code = (
        "import functools, sys, qsm, qsm.__main__ as command\n"
        "command.analyze = functools.partial(command.analyze, customers=10**12)\n"
        "print('started', flush=True)\n"
        f"sys.exit(command.main(['analyze', {str(tmp_path / 'trace.csv')!r}]))"
    )
    status, error, seconds = interrupted("-c", code)
    assert (status, error) == (130, "qsm: interrupted\n")
    assert seconds < 2
