"""Grids of parameters: one broadcast call, threads, processes and a cluster give the same numbers."""

import io
import math
import multiprocessing
import sys
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

import qsm
from qsm.queueing import erlang_b, mm1, mmc, simulate

AXES = {"arrival_rate": [0.5, 1.0, 1.5], "servers": [2, 3]}


def waits(arrival_rate, servers):
    """What a sweep calls; a module's own function, so that other processes find it."""
    queue = mmc(arrival_rate, 1, servers)
    return {"mean_wait": queue.mean_wait, "p99": queue.wait_quantile(0.99)}


def simulated(arrival_rate, servers):
    return simulate(
        qsm.exponential(arrival_rate), qsm.exponential(1), servers, customers=500, replications=3, threads=1
    ).mean_wait


def fails_at_one(arrival_rate, servers):
    if arrival_rate == 1:
        raise ArithmeticError("no answer at 1")
    return arrival_rate


def names_change(arrival_rate, servers):
    return {"fast": 1.0} if arrival_rate < 1 else {"slow": 1.0}


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


# --- what it gives ---------------------------------------------------------------------------------------------------


def test_a_model_is_one_broadcast_call():
    sweep = qsm.sweep(mmc, arrival_rate=[0.5, 1.0, 1.5], service_rate=[1.0], servers=[2, 3])
    assert list(sweep.axes) == ["arrival_rate", "service_rate", "servers"]
    assert set(sweep.values) == set(mmc(1, 1, 2).properties)
    assert sweep["mean_wait"].shape == (3, 1, 2)
    assert sweep["mean_wait"][2, 0, 1] == mmc(1.5, 1, 3).mean_wait
    assert sweep["stable"].dtype == bool


def test_a_function_of_the_library_is_one_broadcast_call():
    sweep = qsm.sweep(erlang_b, {"servers": range(1, 5)}, offered_load=np.linspace(0, 3, 7))
    assert sweep["value"].shape == (4, 7)
    assert sweep["value"][1, 2] == erlang_b(2, 1)


def test_any_function_is_called_point_by_point_on_threads():
    threads = set()

    def product(a, b):
        threads.add(threading.current_thread().name)
        time.sleep(0.001)
        return a * b

    sweep = qsm.sweep(product, a=[1, 2, 3], b=[10.0, 20.0], chunk=1)
    assert sweep["value"].tolist() == [[10, 20], [20, 40], [30, 60]]
    assert "MainThread" not in threads


def test_estimates_give_value_low_and_high():
    sweep = qsm.sweep(simulated, AXES)
    assert list(sweep.values) == ["value", "low", "high"]
    assert (sweep["low"] < sweep["value"]).all()
    assert (sweep["value"] < sweep["high"]).all()
    assert sweep["value"][1, 0] == simulated(1.0, 2)
    named = qsm.sweep(
        lambda arrival_rate: {"wait": simulated(arrival_rate, 2), "twice": 2 * arrival_rate}, arrival_rate=[1]
    )
    assert list(named.values) == ["wait", "wait_low", "wait_high", "twice"]


def test_models_from_a_function_give_their_properties():
    sweep = qsm.sweep(lambda rate: mm1(rate, 1), rate=[0.5, 2.0])
    assert sweep["mean_wait"].tolist() == [1.0, math.inf]
    assert sweep["stable"].tolist() == [True, False]


def test_one_axis_and_one_point():
    assert qsm.sweep(lambda x: x + 1, x=[1])["value"].tolist() == [2]
    assert qsm.sweep(lambda text: len(text), text=["a", "bcd"])["value"].tolist() == [1, 3]


@pytest.mark.parametrize("chunk", [None, 1, 4, 100])
def test_chunks_change_nothing(chunk):
    sweep = qsm.sweep(waits, AXES, chunk=chunk)
    assert sweep["p99"].tolist() == qsm.sweep(waits, AXES)["p99"].tolist()
    assert sweep["p99"][0, 1] == mmc(0.5, 1, 3).wait_quantile(0.99)


# --- where it runs ---------------------------------------------------------------------------------------------------


def assert_same(one, other):
    assert list(one.values) == list(other.values)
    for name in one.values:
        assert one[name].tolist() == other[name].tolist(), name


def test_processes_give_the_same_numbers(processes):
    assert_same(qsm.sweep(waits, AXES, executor=processes), qsm.sweep(waits, AXES))
    assert_same(qsm.sweep(simulated, AXES, executor=processes), qsm.sweep(simulated, AXES))


def test_threads_of_our_own_are_used_and_left_open():
    with ThreadPoolExecutor(3) as pool:
        assert_same(qsm.sweep(waits, AXES, executor=pool), qsm.sweep(waits, AXES))
        assert pool.submit(lambda: 1).result() == 1


def test_a_cluster_gives_the_same_numbers(cluster):
    """A scheduler and two workers, each a process of its own."""
    with cluster.get_client() as client, client.get_executor() as executor:
        assert_same(qsm.sweep(waits, AXES, executor=executor, chunk=1), qsm.sweep(waits, AXES))
        assert_same(qsm.sweep(simulated, AXES, executor=executor, chunk=1), qsm.sweep(simulated, AXES))
        with pytest.raises(ArithmeticError, match="^no answer at 1$"):
            qsm.sweep(fails_at_one, AXES, executor=executor, chunk=1)


# --- what it becomes -------------------------------------------------------------------------------------------------


def test_to_pandas_has_one_row_per_point():
    frame = qsm.sweep(waits, AXES).to_pandas()
    assert list(frame.columns) == ["arrival_rate", "servers", "mean_wait", "p99"]
    assert frame["servers"].tolist() == [2, 3] * 3
    assert frame["mean_wait"].tolist() == [waits(a, c)["mean_wait"] for a in AXES["arrival_rate"] for c in (2, 3)]


def test_to_xarray_has_the_axes_as_coordinates():
    sweep = qsm.sweep(waits, AXES)
    data = sweep.to_xarray()
    assert data["p99"].dims == ("arrival_rate", "servers")
    assert float(data["mean_wait"].sel(arrival_rate=1.5, servers=2)) == mmc(1.5, 1, 2).mean_wait
    assert data["p99"].to_numpy().tolist() == sweep["p99"].tolist()


def test_it_shows_itself():
    sweep = qsm.sweep(waits, AXES)
    assert repr(sweep) == "Sweep(arrival_rate[3] x servers[2]: mean_wait, p99)"
    assert str(sweep.table()).splitlines()[1].split() == ["arrival_rate", "servers", "mean_wait", "p99"]
    assert sweep._repr_html_().count("<tr>") == 7


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        (
            {},
            "sweep: needs at least one axis, for example sweep(mm1, arrival_rate=[1, 2], service_rate=[3])",
        ),
        ({"rate": []}, "sweep: axis rate must be one-dimensional and not empty, got shape (0,)"),
        ({"rate": [[1, 2]]}, "sweep: axis rate must be one-dimensional and not empty, got shape (1, 2)"),
        ({"rate": 1}, "sweep: axis rate must be one-dimensional and not empty, got shape ()"),
    ],
)
def test_wrong_axes_are_refused(axes, message):
    with pytest.raises(ValueError) as error:
        qsm.sweep(waits, axes)
    assert str(error.value) == message


@pytest.mark.parametrize("chunk", [0, -1, 1.5, 2.0, True, "1"])
def test_a_chunk_is_a_count(chunk):
    with pytest.raises(ValueError, match="^sweep: chunk must be an integer >= 1, got "):
        qsm.sweep(waits, AXES, chunk=chunk)


def test_an_axis_given_twice_is_refused():
    with pytest.raises(ValueError, match="^sweep: axis rate is given twice$"):
        qsm.sweep(waits, {"rate": [1.0]}, rate=[2.0])


def test_results_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match=r"^sweep: every result must be one number, got list at point \(2,\)$"):
        qsm.sweep(lambda x: x if x < 2 else [x, x], x=[1, 2])


def test_what_a_model_refuses_arrives():
    with pytest.raises(ValueError, match="^mm1: service_rate must be finite and > 0, got 0 at index "):
        qsm.sweep(mm1, arrival_rate=[1.0], service_rate=[1.0, 0.0])
    with pytest.raises(TypeError, match="needs argument 'service_rate'"):
        qsm.sweep(mm1, arrival_rate=[1.0])


def test_what_a_function_raises_arrives(processes):
    with pytest.raises(ArithmeticError, match="^no answer at 1$"):
        qsm.sweep(fails_at_one, AXES)
    with pytest.raises(ArithmeticError, match="^no answer at 1$"):
        qsm.sweep(fails_at_one, AXES, executor=processes)
    assert processes.submit(abs, -1).result(timeout=10) == 1


def test_after_an_error_the_rest_is_not_begun():
    begun = []

    def fail(x):
        begun.append(x)
        time.sleep(0.01)
        raise ArithmeticError

    start, threads = time.perf_counter(), threading.active_count()
    with pytest.raises(ArithmeticError):
        qsm.sweep(fail, x=range(1000), chunk=1)
    assert time.perf_counter() - start < 2
    assert len(begun) < 500
    assert threading.active_count() == threads


def test_after_an_error_an_executor_of_our_own_is_free():
    begun = []

    def fail(x):
        begun.append(x)
        time.sleep(0.01)
        raise ArithmeticError

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ArithmeticError):
            qsm.sweep(fail, x=range(100), chunk=1, executor=pool)
        assert pool.submit(lambda: 1).result(timeout=5) == 1
    assert len(begun) < 50


def test_results_of_differing_names_are_refused():
    with pytest.raises(ValueError) as error:
        qsm.sweep(names_change, AXES)
    assert str(error.value) == "sweep: point (1.0, 2) returned ['slow'], the first returned ['fast']"


# --- progress --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("progress", [True, False, None])
def test_a_bar_is_shown_on_request(progress, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    qsm.sweep(waits, AXES, progress=progress, chunk=1)
    shown = stream.getvalue()
    if progress:
        assert "sweep [##############################] 100 %" in shown
        assert shown.endswith("\n")
    else:
        assert shown == ""


def test_a_bar_is_shown_on_a_terminal(monkeypatch):
    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", stream)
    qsm.sweep(waits, AXES)
    assert "sweep [" in stream.getvalue()


def test_nothing_is_said_without_a_reason():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        qsm.sweep(waits, AXES)
