"""The two binding forms that broadcast: what a function and a model take, give, refuse and carry."""

import contextlib
import gc
import inspect
import io
import math
import pickle
import pydoc
import sys
import threading
import time
import tracemalloc

import cloudpickle
import numpy as np
import pytest

import qsm
from qsm.queueing import MM1, MMC, erlang_b, mm1, mmc, servers_for_wait

dask_array = pytest.importorskip("dask.array")
pandas = pytest.importorskip("pandas")
xarray = pytest.importorskip("xarray")

LARGE = 120_000  # more than NumPy or a block takes at once
REAL = "must be a real number or an array of real numbers"


# --- a function: what it gives ---------------------------------------------------------------------------------------


def test_numbers_give_a_float():
    for c, a in [(10, 5), (10.0, 5.0), (np.float64(10), 5), (np.int32(10), np.uint8(5)), (np.array(10), 5)]:
        value = erlang_b(c, a)
        assert isinstance(value, float)
        assert value == erlang_b(10, 5)
    assert type(erlang_b(10, 5)) is float


def test_arrays_broadcast():
    c, a = np.arange(1, 4.0)[:, None], np.arange(1, 6.0)
    values = erlang_b(c, a)
    assert type(values) is np.ndarray
    assert values.dtype == np.float64
    assert values.shape == (3, 5)
    assert values[2, 4] == erlang_b(3, 5)
    assert erlang_b([1, 2], (3, 4)).tolist() == [erlang_b(1, 3), erlang_b(2, 4)]
    assert erlang_b([[1], [2]], 3).shape == (2, 1)


def test_keywords():
    assert erlang_b(servers=10, offered_load=5) == erlang_b(10, offered_load=5) == erlang_b(10, 5)
    assert erlang_b(**{"offered_" + "load": 5, "ser" + "vers": 10}) == erlang_b(10, 5)  # names not interned
    assert np.array_equal(erlang_b(offered_load=[5, 6], servers=10), erlang_b(10, [5, 6]))


def test_out_is_filled_and_returned():
    out = np.full((2, 3), np.nan)
    assert erlang_b(10, np.ones((2, 3)), out=out) is out
    assert (out == erlang_b(10, 1)).all()
    every_other = np.zeros(6)
    erlang_b(10, [1, 2, 3], out=every_other[::2])
    assert every_other.tolist() == [erlang_b(10, 1), 0, erlang_b(10, 2), 0, erlang_b(10, 3), 0]
    assert erlang_b(10, 5, out=None) == erlang_b(10, 5)
    zero = np.array(0.0)
    assert erlang_b(10, 5, out=zero) is zero
    assert zero == erlang_b(10, 5)
    loads = np.array([1.0, 2.0])
    assert erlang_b(10, loads, out=loads).tolist() == [erlang_b(10, 1), erlang_b(10, 2)]


@pytest.mark.parametrize(
    "out", [np.zeros(2), np.zeros(3, int), [0.0] * 3, 1.0], ids=["shape", "type", "list", "number"]
)
def test_out_that_does_not_fit_is_refused(out):
    with pytest.raises((TypeError, ValueError)):
        erlang_b(10, [1, 2, 3], out=out)


def layouts(values):
    """The same numbers in every way that memory can hold them."""
    table = np.array(values, dtype=float).reshape(2, -1)
    yield "contiguous", table
    yield "transposed", np.ascontiguousarray(table.T).T
    yield "strided", np.repeat(table, 3, axis=1)[:, ::3]
    yield "reversed", table[::-1, ::-1].copy()[::-1, ::-1]
    yield "big-endian", table.astype(">f8")
    yield "unaligned", np.frombuffer(b"x" + table.tobytes(), dtype=np.uint8)[1:].view(np.float64).reshape(2, -1)
    yield "read-only", np.broadcast_to(table, table.shape)
    yield "float32", table.astype(np.float32)
    yield "float16", table.astype(np.float16)
    yield "longdouble", table.astype(np.longdouble)
    for kind in (np.int8, np.uint16, np.int64, np.uint64, ">i4"):
        yield np.dtype(kind).str, table.astype(kind)


@pytest.mark.parametrize(
    ("name", "array"), [*layouts(range(1, 13))], ids=lambda value: value if isinstance(value, str) else ""
)
def test_any_layout_and_real_type(name, array):
    expected = [[erlang_b(10, float(value)) for value in row] for row in np.arange(1, 13).reshape(2, -1)]
    assert erlang_b(10, array).tolist() == expected
    assert mmc(array, 2, 10).mean_wait.tolist() == [[mmc(float(x), 2, 10).mean_wait for x in row] for row in array]


def test_long_arrays_in_any_layout():
    loads = np.random.default_rng(1).uniform(0, 20, (3, LARGE))
    expected = erlang_b(10, loads)
    assert expected[2, -1] == erlang_b(10, loads[2, -1])
    for array in (np.asfortranarray(loads), np.repeat(loads, 2, axis=1)[:, ::2], loads[:, ::-1].copy()[:, ::-1]):
        assert np.array_equal(erlang_b(10, array), expected)
        assert np.array_equal(mm1(array, 30).wait_cdf(1), mm1(loads, 30).wait_cdf(1))
    out = np.zeros((3, 2 * LARGE))
    assert np.array_equal(erlang_b(10, loads, out=out[:, ::2]), expected)
    assert not out[:, 1::2].any()
    assert np.array_equal(mm1(loads, 10).stable, loads < 10)


def test_empty_arrays():
    assert erlang_b([], 1).shape == (0,)
    assert erlang_b(np.ones((0, 3)), np.ones(3)).shape == (0, 3)
    assert mm1([], 1).mean_wait.shape == (0,)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        erlang_b(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="broadcast"):
        mm1(np.ones(2), np.ones(3))


def test_labels_stay():
    series = erlang_b(10, pandas.Series([1.0, 2.0], index=["a", "b"], name="load"))
    assert isinstance(series, pandas.Series)
    assert series["b"] == erlang_b(10, 2)
    frame = erlang_b(10, pandas.DataFrame({"x": [1, 2]}))
    assert frame["x"].tolist() == erlang_b(10, [1, 2]).tolist()
    grid = erlang_b(
        xarray.DataArray([1, 2], dims="servers", coords={"servers": [1, 2]}), xarray.DataArray([3.0, 4, 5], dims="load")
    )
    assert grid.dims == ("servers", "load")
    assert float(grid.sel(servers=2)[1]) == erlang_b(2, 4)
    lazy = erlang_b(10, dask_array.ones(10, chunks=3))
    assert isinstance(lazy, dask_array.Array)
    assert lazy.compute().tolist() == erlang_b(10, np.ones(10)).tolist()


def test_labelled_arrays_are_checked():
    with pytest.raises(ValueError, match="offered_load must be finite and >= 0, got -1"):
        erlang_b(10, pandas.Series([1.0, -1.0]))
    with pytest.raises(qsm.InvalidType, match=REAL):
        erlang_b(10, pandas.Series([True, False]))
    with pytest.raises(qsm.InvalidType, match=REAL):
        erlang_b(10, pandas.Series(["1", "2"]))


def test_a_model_holds_plain_arrays():
    queue = mm1(pandas.Series([1.0, 2.0]), 3)
    assert type(queue.arrival_rate) is np.ndarray
    assert queue.mean_wait.tolist() == [mm1(1, 3).mean_wait, mm1(2, 3).mean_wait]


# --- a function: what it is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
@pytest.mark.parametrize("function", [erlang_b, servers_for_wait, mm1])
def test_a_function_pickles_as_its_name(function, dumps):
    assert pickle.loads(dumps(function)) is function


def test_a_function_tells_what_it_is():
    assert (erlang_b.__name__, erlang_b.__qualname__, erlang_b.__module__) == ("erlang_b", "erlang_b", "qsm.queueing")
    assert str(inspect.signature(erlang_b)) == "(servers, offered_load, *, out=None)"
    assert str(inspect.signature(mmc)) == "(arrival_rate, service_rate, servers)"
    assert str(inspect.signature(MM1.wait_cdf)) == "(self, /, time, *, out=None)"
    assert repr(erlang_b) == "<function qsm.queueing.erlang_b>"
    assert "Erlang's loss formula" in erlang_b.__doc__
    assert "servers\n    c [1], integer >= 0" in inspect.getdoc(erlang_b)
    assert callable(erlang_b)
    assert isinstance(erlang_b.ufunc, np.ufunc)


@pytest.mark.parametrize("thing", [erlang_b, mm1, MM1, MM1.wait_cdf], ids=lambda thing: thing.__name__)
def test_help_shows_signature_and_text(thing):
    page = io.StringIO()
    pydoc.Helper(output=page).help(thing)
    assert thing.__name__ in page.getvalue()
    assert thing.__doc__.splitlines()[0] in page.getvalue()


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True (bool)"),
        ("10", "'10' (str)"),
        (b"10", "b'10' (bytes)"),
        (None, "None (NoneType)"),
        (1 + 2j, "(1+2j) (complex)"),
        (np.True_, "np.True_ (numpy.bool)"),
        (np.str_("10"), "np.str_('10') (numpy.str_)"),
        (np.complex128(1), "np.complex128(1+0j) (numpy.complex128)"),
        ([True, False], "an array of bool"),
        (["1", "2"], "an array of <U1"),
        ([1, None], "an array of object"),
        ([1j], "an array of complex128"),
        (np.array([1, 2], dtype=object), "an array of object"),
        (np.array(["2020"], dtype="M8[Y]"), "an array of datetime64[Y]"),
        (np.array([1], dtype="m8[s]"), "an array of timedelta64[s]"),
    ],
    ids=repr,
)
def test_what_is_no_real_number_is_refused(value, text):
    with pytest.raises(qsm.InvalidType) as error:
        erlang_b(value, 1)
    assert str(error.value) == f"erlang_b: servers {REAL}, got {text}"
    assert isinstance(error.value, TypeError)
    assert isinstance(error.value, ValueError)
    with pytest.raises(qsm.InvalidType, match=f"mm1: service_rate {REAL}"):
        mm1(1, value)


class Odd:
    """Not a number; its dtype is an accident."""

    dtype = None
    __array_ufunc__ = None

    def astype(self, kind):
        raise AssertionError(kind)


@pytest.mark.parametrize(
    "value", [object(), {1: 2}, {1}, Odd(), [[1], [1, 2]], lambda: 1], ids=lambda v: type(v).__name__
)
def test_what_is_no_number_at_all_is_refused(value):
    with pytest.raises(qsm.InvalidType, match=f"servers {REAL}"):
        erlang_b(value, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10.7, "erlang_b: servers must be an integer >= 0, got 10.7"),
        (-1, "erlang_b: servers must be an integer >= 0, got -1"),
        (math.nan, "erlang_b: servers must be an integer >= 0, got nan"),
        (math.inf, "erlang_b: servers must be an integer below 2^53, got inf"),
        (2**53, "erlang_b: servers must be an integer below 2^53, got 9007199254740992"),
        (10**400, "erlang_b: servers is an integer beyond the range of a double"),
        ([3, 2, -1, -2], "erlang_b: servers must be an integer >= 0, got -1 at index 2"),
        ([[3, 2.5], [1, 1]], "erlang_b: servers must be an integer >= 0, got 2.5 at index (0, 1)"),
        (np.array(-1), "erlang_b: servers must be an integer >= 0, got -1"),
    ],
    ids=str,
)
def test_what_is_out_of_range_is_refused(value, text):
    with pytest.raises(ValueError) as error:
        erlang_b(value, 1)
    assert str(error.value) == text


@pytest.mark.parametrize(
    "value", [2**53 + 1, np.int64(2**53 + 1), np.array([2**53 + 1]), np.array([2**63 + 1], np.uint64)]
)
def test_counts_beyond_2_to_the_53_are_refused(value):
    with pytest.raises(ValueError, match="servers"):
        erlang_b(value, 1)


def faulty_layouts():
    """Large arrays with bad elements at (1, 7) and, earlier in memory but later in C order, at (2, 3)."""
    bad = np.ones((3, LARGE))
    bad[1, 7] = bad[2, 3] = -1
    yield "contiguous", bad
    yield "Fortran-ordered", np.asfortranarray(bad)
    yield "strided", np.repeat(bad, 2, axis=1)[:, ::2]
    yield "reversed", np.ascontiguousarray(bad[::-1, ::-1])[::-1, ::-1]
    yield "big-endian", bad.astype(">f8")
    yield "integers", bad.astype(int)


@pytest.mark.parametrize(
    ("name", "bad"), [*faulty_layouts()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_first_bad_index_in_c_order_is_named(name, bad):
    with pytest.raises(ValueError) as error:
        erlang_b(10, bad)
    assert str(error.value) == "erlang_b: offered_load must be finite and >= 0, got -1 at index (1, 7)"
    with pytest.raises(ValueError) as error:
        mm1(bad, 2)
    assert str(error.value) == "mm1: arrival_rate must be finite and >= 0, got -1 at index (1, 7)"


def test_the_first_bad_index_is_that_of_the_result():
    loads = np.ones(LARGE)
    loads[LARGE - 2] = np.nan
    with pytest.raises(ValueError, match=rf"got nan at index \(0, {LARGE - 2}\)$"):
        erlang_b(np.array([[1.0], [2.0]]), loads)
    # Both arguments are bad: the earlier element is named, whichever argument it is in.
    with pytest.raises(ValueError, match=r"servers must be .* got 1.5 at index 1$"):
        erlang_b([1, 1.5, 1], [1, 1, -1])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: erlang_b(10), "erlang_b() needs argument 'offered_load'"),
        (lambda: erlang_b(), "erlang_b() needs argument 'servers'"),
        (lambda: erlang_b(1, 2, 3), "erlang_b() takes 2 arguments, got 3"),
        (lambda: erlang_b(1, 2, servers=1), "erlang_b() got argument 'servers' twice"),
        (lambda: erlang_b(1, load=2), "erlang_b() has no argument 'load'; it takes servers, offered_load"),
        (lambda: mm1(1, 2, out=None), "mm1() has no argument 'out'; it takes arrival_rate, service_rate"),
        (lambda: mm1(1, 2).wait_cdf(), "wait_cdf() needs argument 'time'"),
        (lambda: mm1(1, 2).wait_cdf(1, 2), "wait_cdf() takes 1 arguments, got 2"),
        (lambda: mm1(1, 2).wait_cdf(t=1), "wait_cdf() has no argument 't'; it takes time"),
    ],
)
def test_wrong_arguments_are_named(call, text):
    with pytest.raises(TypeError) as error:
        call()
    assert str(error.value) == text


def test_after_an_error_out_is_not_a_result():
    """Elements before the first bad one may have been written; the call gives none of them."""
    out = np.full(3, 7.0)
    with pytest.raises(ValueError, match="index 1"):
        erlang_b(10, [1, -1, 1], out=out)
    assert out[2] == 7.0


# --- threads, references, floating-point state -----------------------------------------------------------------------


def test_other_threads_run_during_a_call():
    """The interpreter is free while a loop runs: this thread takes steps between start and end of one long call."""
    servers, times, steps = np.full(1_000_000, 99.0), [], []

    def work():
        times.append(time.perf_counter())
        erlang_b(servers, 50.0)
        times.append(time.perf_counter())

    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive():
        steps.append(time.perf_counter())
        time.sleep(0.0005)
    start, end = times
    tenth = (end - start) / 10
    assert sum(start + tenth < step < end - tenth for step in steps) > 10, (end - start, len(steps))


def test_threads_agree():
    loads = np.random.default_rng(1).uniform(0, 20, 50_000)
    expected, results = erlang_b(10, loads), [None] * 4

    def work(i):
        results[i] = erlang_b(10, loads)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(result, expected) for result in results)


ARRAY = np.array([1.0, 2.0])
QUEUE, QUEUES = mm1(1, 2), mm1(ARRAY, 3)
CALLS = {
    "numbers": lambda: erlang_b(10, 5),
    "keywords": lambda: erlang_b(servers=10, offered_load=5),
    "array": lambda: erlang_b(10, ARRAY),
    "list": lambda: erlang_b([1, 2], ARRAY),
    "integers": lambda: erlang_b(np.array([1, 2]), 3),
    "out": lambda: erlang_b(10, ARRAY, out=np.empty(2)),
    "model": lambda: mm1(1, 2).mean_wait,
    "model of arrays": lambda: mm1(ARRAY, 3).mean_wait,
    "method": lambda: QUEUE.wait_cdf(1),
    "method with arrays": lambda: QUEUES.wait_cdf(ARRAY),
    "inputs": lambda: (QUEUE.inputs(), QUEUES.inputs(), QUEUES.arrival_rate),
    "repr": lambda: (repr(QUEUE), repr(QUEUES), repr(erlang_b)),
    "pickle": lambda: pickle.loads(pickle.dumps(QUEUES)),
    "attributes": lambda: (erlang_b.__name__, erlang_b.__doc__, erlang_b.__module__, erlang_b.ufunc),
    "signature": lambda: inspect.signature(erlang_b),
    "refused number": lambda: erlang_b(-1, 1),
    "refused type": lambda: erlang_b("1", 1),
    "refused array": lambda: erlang_b([1, -1], ARRAY),
    "refused array type": lambda: erlang_b(["1"], 1),
    "refused huge integer": lambda: erlang_b(10**400, 1),
    "missing": lambda: erlang_b(1),
    "unknown": lambda: erlang_b(1, loads=1),
    "twice": lambda: erlang_b(1, 2, servers=1),
    "refused model": lambda: mm1(1, 0),
    "refused model of arrays": lambda: mm1(ARRAY, -ARRAY),
    "refused shapes": lambda: mm1(ARRAY, np.ones(3)),
    "refused method": lambda: QUEUES.wait_cdf(-1),
    "refused out": lambda: erlang_b(10, ARRAY, out=np.empty(3)),
}


@pytest.mark.parametrize("name", CALLS)
def test_nothing_leaks(name):
    call, count = CALLS[name], 2000
    watched = [ARRAY, QUEUE, QUEUES, erlang_b, mm1, MM1, None, erlang_b.ufunc]

    def run():
        for _ in range(count):
            with contextlib.suppress(TypeError, ValueError):
                call()

    tracemalloc.start()
    try:
        run()
        gc.collect()
        references, memory = [sys.getrefcount(thing) for thing in watched], tracemalloc.get_traced_memory()[0]
        run()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - memory
        more = [sys.getrefcount(thing) - before for thing, before in zip(watched, references, strict=True)]
    finally:
        tracemalloc.stop()
    assert max(map(abs, more)) < count / 100, more
    assert grown < 16 * count  # less than the smallest object per call


def test_floating_point_state_is_left_alone():
    with np.errstate(all="raise"):
        assert erlang_b(10**6, 0.001) == 0  # underflows
        assert (erlang_b(10**6, np.full(3, 0.001)) == 0).all()
        assert mm1([2.0, 1.0], 1).mean_wait.tolist() == [math.inf, math.inf]
        assert mm1(1e-300, 1e300).mean_queue_length == 0
        assert mm1(np.array([1e-300]), 1e300).mean_queue_length == 0


# --- a model ---------------------------------------------------------------------------------------------------------


def test_properties_of_numbers_are_floats_and_truth_values():
    queue = mm1(1, 2)
    assert type(queue.mean_wait) is float
    assert queue.stable is True
    assert type(queue.arrival_rate) is float
    assert queue.inputs() == (1.0, 2.0)
    assert MM1.parameters == ("arrival_rate", "service_rate")
    assert MM1.properties[:3] == ("utilization", "stable", "mean_wait")


def test_properties_of_arrays_broadcast():
    queue = mmc(np.array([[1.0], [2.0]]), 1, np.array([1, 2, 3]))
    assert queue.mean_wait.shape == queue.stable.shape == (2, 3)
    assert queue.stable.dtype == bool
    assert queue.arrival_rate.shape == (2, 1)
    assert queue.service_rate == 1.0
    assert queue.mean_wait[1, 2] == mmc(2, 1, 3).mean_wait


def test_methods_broadcast_against_the_inputs():
    queue = mmc(np.array([[1.0], [2.0]]), 1, 3)
    assert queue.wait_cdf([0, 1, 2]).shape == (2, 3)
    assert queue.wait_cdf(0.5).shape == (2, 1)
    assert queue.wait_cdf(time=[0, 1])[1, 1] == mmc(2, 1, 3).wait_cdf(1)
    assert mmc(1, 1, 3).wait_cdf([0, 1]).shape == (2,)
    out = np.empty((2, 3))
    assert queue.wait_cdf([0, 1, 2], out=out) is out
    series = mmc(1, 1, 3).wait_cdf(pandas.Series([0, 1], index=["a", "b"]))
    assert series["b"] == mmc(1, 1, 3).wait_cdf(1)


def test_method_errors_name_the_method_and_the_index():
    with pytest.raises(ValueError) as error:
        mmc([1.0, 2.0], 1, 3).wait_quantile([[0.5], [1.5]])
    assert str(error.value) == "MMC.wait_quantile: probability must be in [0, 1], got 1.5 at index (1, 0)"


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
@pytest.mark.parametrize("queue", [mm1(1, 3), mmc([1.0, 2.0], [[3.0], [4.0]], 5)], ids=["numbers", "arrays"])
def test_a_model_pickles_as_its_inputs(queue, dumps):
    again = pickle.loads(dumps(queue))
    assert type(again) is type(queue)
    assert np.array_equal(again.mean_wait, queue.mean_wait)
    assert repr(again) == repr(queue)


def test_a_model_reads_as_the_call_that_makes_it():
    assert repr(mm1(1, 3)) == "mm1(arrival_rate=1.0, service_rate=3.0)"
    queue = mmc([1.0, 2.0], 3, 4)
    assert repr(queue) == "mmc(arrival_rate=array([1., 2.]), service_rate=3.0, servers=4.0)"
    again = eval(repr(queue), {"mmc": mmc, "array": np.array})
    assert np.array_equal(again.mean_wait, queue.mean_wait)


def test_a_model_is_made_by_its_factory_only():
    with pytest.raises(TypeError, match="MM1 is made by its factory function"):
        MM1(1, 2)
    with pytest.raises(TypeError, match="made by its factory function"):
        MM1.__new__(MM1)
    with pytest.raises(AttributeError):
        mm1(1, 2).arrival_rate = 3
    assert issubclass(MM1, qsm.Model)
    assert issubclass(MMC, qsm.Model)


def test_inputs_changed_later_are_checked_again():
    rates = np.array([1.0, 2.0])
    queue = mm1(rates, 3)
    rates[1] = -1
    with pytest.raises(ValueError) as error:
        _ = queue.mean_wait
    assert str(error.value) == "mm1: arrival_rate must be finite and >= 0, got -1 at index 1"
    with pytest.raises(ValueError, match="arrival_rate"):
        queue.wait_cdf(1)
    rates[1] = np.nan
    with pytest.raises(ValueError, match="got nan at index 1"):
        _ = queue.stable
