"""The third binding form: functions, classes and records that do not broadcast; what they take, give, refuse and carry."""

import copy
import inspect
import math
import pickle
import threading
import time

import numpy as np
import pytest

import qsm
from qsm import InvalidType, Stream, exponential
from qsm.queueing import ServersForWait, replay, servers_for_wait_in_simulation, simulate


class Constant:
    """1, written in Python."""

    mean, variance = 1, 0

    def cdf(self, value):
        return np.where(value < 1, 0.0, 1.0)

    def quantile(self, probability):
        return np.ones_like(probability)


def short(**options):
    return simulate(exponential(1.5), exponential(1), 2, **{"customers": 1000, "replications": 2} | options)


INTEGER = "an integer in [0, 2^64)"
LAW = "a Distribution or an object with mean, variance, cdf and quantile"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Stream(True), f"Stream: seed must be {INTEGER}, got True (bool)"),
        (
            lambda: exponential(1).sample(True, Stream(1)),
            f"Distribution.sample: count must be {INTEGER}, got True (bool)",
        ),
        (lambda: exponential(1).sample(1, 2), "Distribution.sample: stream must be a Stream, got 2 (int)"),
        (
            lambda: exponential(1).moment(True),
            "Distribution.moment: order must be an integer in [-2^31, 2^31), got True (bool)",
        ),
        (lambda: short(seed=True), f"simulate: seed must be {INTEGER}, got True (bool)"),
        (lambda: short(threads=True), "simulate: threads must be an integer in [-2^31, 2^31), got True (bool)"),
        (lambda: short(sojourns=1), "simulate: sojourns must be True or False, got 1 (int)"),
        (lambda: short(progress=1), "simulate: progress must be callable or None, got 1 (int)"),
        (lambda: short(customers="1"), "simulate: customers must be a real number, got '1' (str)"),
        (lambda: exponential(1j), "exponential: rate must be a real number, got 1j (complex)"),
        (lambda: simulate(exponential(1), 2), f"simulate: service must be {LAW}, got 2 (int)"),
        (
            lambda: qsm.mixture([0.5, 0.5], [exponential(1), "x"]),
            f"mixture: components[1] must be {LAW}, got 'x' (str)",
        ),
        (lambda: qsm.empirical([1, 2, True]), "empirical: samples[2] must be a real number, got True (bool)"),
        (lambda: qsm.empirical("12"), "empirical: samples must be a sequence of real numbers, got '12' (str)"),
        (lambda: qsm.empirical(3), "empirical: samples must be a sequence of real numbers, got 3 (int)"),
        (
            lambda: qsm.empirical(np.array([1, None])),
            "empirical: samples[1] must be a real number, got None (NoneType)",
        ),
        (
            lambda: qsm.phase_type([1, 0], [[-1, 1], [0, "a"]]),
            "phase_type: generator[1][1] must be a real number, got 'a' (str)",
        ),
        (
            lambda: qsm.phase_type([1, 0], [1, 2]),
            "phase_type: generator[0] must be a sequence of real numbers, got 1 (int)",
        ),
        (lambda: qsm.fit_best([1, 2], "gamma"), "fit_best: candidates must be a sequence, got 'gamma' (str)"),
        (lambda: qsm.fit_best([1, 2], [3]), "fit_best: candidates[0] must be a string, got 3 (int)"),
        (lambda: qsm.Distribution.cdf(1, 2), "Distribution.cdf: self must be a Distribution, got 1 (int)"),
    ],
)
def test_wrong_types_are_refused(call, message):
    with pytest.raises(InvalidType) as error:
        call()
    assert str(error.value) == message


def test_a_truth_value_of_numpy_is_no_number():
    for call in (Stream, exponential, exponential(1).moment, exponential(1).cdf, Stream(1).child):
        with pytest.raises(InvalidType, match="got (np.)?True"):
            call(np.True_)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Stream(-1), f"Stream: seed must be {INTEGER}, got -1"),
        (lambda: Stream(2**64), f"Stream: seed must be {INTEGER}, got {2**64}"),
        (lambda: Stream(10.7), f"Stream: seed must be {INTEGER}, got 10.7"),
        (lambda: Stream(1e300), f"Stream: seed must be {INTEGER}, got 1e+300"),
        (lambda: short(threads=2**31), f"simulate: threads must be an integer in [-2^31, 2^31), got {2**31}"),
        (
            lambda: exponential(10**400),
            f"exponential: rate must be in the range of a double, got {str(10**400)[:200]}...",
        ),
        (lambda: Stream.from_state([1]), "Stream.from_state: state must be of 2 elements, got [1]"),
        (
            lambda: exponential(1).quantile([[0.1, 0.2], [1.5, 2]]),
            "Distribution.quantile: probability[1, 0] must be in [0, 1], got 1.5",
        ),
        (lambda: exponential(1).laplace([1, -1]), "Distribution.laplace: rate[1] must be finite and >= 0, got -1"),
        (lambda: exponential(1).moment(0), "Distribution.moment: order must be an integer >= 1, got 0"),
    ],
)
def test_numbers_out_of_range_are_refused(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message
    assert not isinstance(error.value, TypeError)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: exponential(), "exponential() needs argument 'rate'"),
        (lambda: exponential(1, 2), "exponential() takes 1 arguments, got 2"),
        (lambda: exponential(1, rate=2), "exponential() got argument 'rate' twice"),
        (lambda: exponential(speed=2), "exponential() has no argument 'speed'; it takes rate"),
        (lambda: Stream(), "Stream() needs argument 'seed'"),
        (lambda: Stream(1).child(), "Stream.child() needs argument 'id'"),
        (lambda: Stream.child(), "Stream.child() needs an object"),
        (lambda: replay([1], [1], 1, math.inf, 2), "replay() takes 4 arguments, got 5"),
        (
            lambda: simulate(exponential(2), exponential(2), 1, 2, 3),
            "simulate() takes 4 positional arguments, got 5",
        ),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(TypeError) as error:
        call()
    assert str(error.value) == message


def test_ten_point_zero_is_ten():
    assert Stream(10.0) == Stream(np.int8(10)) == Stream(np.float32(10)) == Stream(np.array(10)) == Stream(10)
    assert exponential(1).moment(2.0) == 2
    assert exponential(np.float32(2)) == exponential(np.array(2)) == exponential(2)
    assert short(customers=1000.0, replications=2, seed=1.0).mean_wait == short().mean_wait


def test_sequences_may_be_any():
    law = qsm.empirical([1, 2.5])
    for values in (
        (1, 2.5),
        np.array([1, 2.5]),
        np.array([1, 2.5], "f4"),
        [np.float64(1), 2.5],
        np.array([1, 2.5], object),
    ):
        assert qsm.empirical(values) == law
    rows = [[-3.0, 1], [0, -2]]
    for matrix in (
        rows,
        tuple(map(tuple, rows)),
        np.array(rows),
        np.array(rows).T.copy().T,
        [np.array(r) for r in rows],
    ):
        assert qsm.phase_type([0.5, 0.5], matrix) == qsm.phase_type([0.5, 0.5], rows)


def test_options_are_keywords_with_the_headers_defaults():
    parameters = inspect.signature(simulate).parameters
    assert [p.name for p in parameters.values() if p.kind is p.KEYWORD_ONLY] == [
        "customers", "replications", "warmup", "seed", "threads", "confidence", "sojourns",
        "control_variate", "progress",
    ]  # fmt: skip
    assert parameters["customers"].default == 1_000_000
    assert inspect.signature(servers_for_wait_in_simulation).parameters["customers"].default == 100_000
    assert parameters["progress"].default is None
    assert parameters["capacity"].default == math.inf
    assert "customers\n    Customers whose waits count" in simulate.__doc__


@pytest.mark.parametrize("thing", [exponential, simulate, Stream.child, Stream.from_state, Stream(1).child], ids=repr)
def test_functions_and_methods_show_themselves_and_pickle(thing):
    again = pickle.loads(pickle.dumps(thing))
    assert again.__doc__ == thing.__doc__
    assert thing.__module__ in ("qsm.core", "qsm.queueing")
    assert thing.__qualname__.endswith(thing.__name__)
    assert inspect.signature(thing)
    assert inspect.isroutine(thing)


def test_streams_are_values():
    stream = Stream(42).child("a")
    again = pickle.loads(pickle.dumps(stream))
    assert again == stream
    assert hash(again) == hash(stream)
    assert again.bits(3).tolist() == stream.bits(3).tolist()
    assert eval(repr(stream), {"Stream": Stream}) == stream
    assert len({Stream(1), Stream(1), Stream(2)}) == 2
    assert (stream == 3) is False
    assert copy.deepcopy(stream) == stream


def test_laws_are_equal_by_family_and_parameters():
    pairs = [
        (exponential(2), exponential(3)),
        (qsm.erlang(1, 2), exponential(2)),
        (qsm.empirical([1, 2]), qsm.empirical([1, 3])),
        (qsm.mixture([0.5, 0.5], [exponential(1), exponential(2)]), qsm.mixture([0.5, 0.5], [exponential(1)] * 2)),
        (qsm.shifted(exponential(1), 1), qsm.shifted(exponential(1), 2)),
        (qsm.Distribution(Constant()), qsm.Distribution(Constant())),
    ]
    for one, other in pairs:
        again = pickle.loads(pickle.dumps(one)) if "Constant" not in repr(one) else copy.copy(one)
        assert one == again
        assert hash(one) == hash(again)
        assert one != other
        assert one != 3


def test_laws_written_in_python_join_everywhere():
    law = Constant()
    assert qsm.mixture([0.5, 0.5], [law, exponential(1)]).mean == 1
    assert qsm.shifted(law, 2).mean == 3
    assert qsm.scaled(law, 2).mean == 2
    assert qsm.check_distribution(qsm.deterministic(1)) == []
    assert isinstance(qsm.check_distribution(law), list)
    assert qsm.goodness_of_fit(law, [1.0, 1.0]).family == ""
    assert simulate(exponential(0.5), law, customers=1000, replications=2).service_rate == 1


def test_records_are_values():
    fit = qsm.fit_gamma([1, 2, 3, 4.5])
    again = pickle.loads(pickle.dumps(fit))
    assert again == fit
    assert hash(again) == hash(fit)
    assert fit != qsm.fit_gamma([1, 2, 3, 5])
    assert fit != tuple(fit)
    assert repr(fit).startswith("Fit(distribution=gamma(shape=")
    assert type(fit).fields[0] == "distribution"
    assert fit.distribution is fit[0]
    assert fit.table()["quantity"][1] == "family"
    assert "<table>" in fit._repr_html_()
    with pytest.raises(AttributeError):
        fit.family = "other"
    found, probability = ServersForWait(servers=3, probability=0.5)
    assert (found, probability) == (3, 0.5)
    assert ServersForWait(3, math.nan) == ServersForWait(3, float("nan"))
    for wrong in (lambda: ServersForWait(3), lambda: ServersForWait(3, 4, 5), lambda: ServersForWait(3, servers=3)):
        with pytest.raises(TypeError, match="^ServersForWait takes servers, probability, each once$"):
            wrong()


@pytest.mark.parametrize(
    "station", [short(), replay([0, 1, 1.5], [2, 1, 0.5], 1), simulate(exponential(2), exponential(1))], ids=repr
)
def test_simulations_are_values(station):
    again = pickle.loads(pickle.dumps(station))
    assert again == station
    assert hash(again) == hash(station)
    for name in ("servers", "capacity", "stable", "warmup", "mean_wait", "throughput", "probability_wait"):
        assert repr(getattr(again, name)) == repr(getattr(station, name))
    for p in (0.0, 0.3, 0.99, 1.0):
        assert repr(again.wait_quantile(p)) == repr(station.wait_quantile(p))
        assert repr(again.sojourn_quantile(p)) == repr(station.sojourn_quantile(p))
    assert station != short(seed=2)
    assert station != 1


def test_bytes_that_are_no_simulation_are_refused():
    state = short().__reduce__()[1][0]
    make = type(short()).from_bytes
    assert make(state) == short()
    for wrong in (b"", state[:-1], state + b"x", state[:100] + b"?" + state[101:], b"x" + state):
        with pytest.raises(ValueError, match="^StationSimulation: at byte "):
            make(wrong)
    with pytest.raises(InvalidType, match=r"^StationSimulation.from_bytes: bytes must be bytes, got 'a' \(str\)$"):
        make("a")


def test_whole_numbers_are_integers():
    assert type(servers_for_wait_in_simulation(exponential(1), exponential(1), 1, 0.5, customers=100).servers) is int


def test_other_threads_run_during_long_work():
    steps, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            steps[0] += 1

    other = threading.Thread(target=count)
    arrivals = np.arange(2_000_000.0)
    other.start()
    try:
        before, start = steps[0], time.perf_counter()
        replay(arrivals, arrivals * 0 + 0.5, 1)
        seconds = time.perf_counter() - start
    finally:
        stop.set()
        other.join()
    assert steps[0] - before > 1000 * seconds
