"""Networks of queues and matrix-analytic queues from Python: the golden rows, and arrays in and out."""

import golden
import numpy as np
import pytest

import qsm
from qsm import queueing


def numbers(text):
    return np.array([float(word) for word in str(text).split()])


def rows(text):
    return [numbers(part) for part in str(text).split(";")]


def each(name):
    table = golden.read(f"queueing/{name}.csv")
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


@pytest.mark.parametrize("row", each("network"), ids=lambda row: row["source"])
def test_networks_agree_with_exact_fractions(row):
    net = queueing.product_form(
        rows(row["service_times"]),
        visits=np.array(rows(row["visits"])),
        population=numbers(row["population"]),
        think_time=numbers(row["think_time"]),
        arrival_rate=numbers(row["arrival_rate"]),
        servers=numbers(row["servers"]),
        rates=rows(row["rates"]),
    )
    solution = queueing.solve(net)
    assert solution.throughput == pytest.approx(numbers(row["throughput"]), rel=1e-12)
    assert solution.response_time == pytest.approx(numbers(row["response_time"]), rel=1e-12)
    for name in ("station_number", "station_sojourn_time", "station_residence_time", "station_utilization"):
        assert getattr(solution, name) == pytest.approx(np.array(rows(row[name])), rel=1e-12, abs=1e-15), name


@pytest.mark.parametrize("row", each("jackson"), ids=lambda row: row["source"])
def test_jackson_agrees_with_50_digits(row):
    solution = queueing.jackson(
        numbers(row["arrival_rates"]), rows(row["routing"]), numbers(row["service_rates"]), numbers(row["servers"])
    )
    assert solution.station_number[:, 0] == pytest.approx(numbers(row["station_number"]), rel=1e-12)
    assert solution.response_time == pytest.approx([float(row["response_time"])], rel=1e-12)


@pytest.mark.parametrize("row", each("ph_c"), ids=lambda row: f"{row['source']} {row['servers']}")
def test_markovian_queues_agree_with_40_digits(row):
    service = qsm.phase_type(rows(row["initial"])[0], rows(row["generator"]))
    queue = queueing.map_ph_c(
        queueing.markovian_arrivals(rows(row["hidden"]), rows(row["arriving"])), service, float(row["servers"])
    )
    assert queue.mean_wait == pytest.approx(float(row["mean_wait"]), rel=1e-11)
    assert queue.probability_wait == pytest.approx(float(row["probability_wait"]), rel=1e-11)
    assert queue.wait_survival(float(row["time"])) == pytest.approx(float(row["wait_survival"]), rel=1e-11)


def test_published_matrix_analytic_numbers():
    values = {(row["model"], row["quantity"]): float(row["value"]) for row in each("matrix_analytic")}
    queue = queueing.map_map_1(
        queueing.markovian_arrivals([[-8, 1, 2], [0, -6, 4], [3, 0, -3]], [[4, 1, 0], [0, 2, 0], [0, 0, 0]]),
        queueing.markovian_arrivals([[-10, 4], [0, -7]], [[5, 1], [4, 3]]),
    )
    found = {
        ("map_map_1", "mean_number"): queue.mean_number,
        ("map_map_1", "mean_sojourn"): queue.mean_sojourn,
        ("map_map_1", "sojourn_cdf 0.5"): queue.sojourn_cdf(0.5),
    } | {("map_map_1", f"probability {n}"): queue.probability(n) for n in range(4)}
    process = queueing.quasi_birth_death(
        [[6, 1, 0], [0, 4, 1], [2, 0, 0]], [[-14, 3, 2], [0, -14, 4], [3, 1, -10]], [[0, 1, 1], [5, 0, 0], [1, 3, 0]]
    )
    found |= {
        ("quasi_birth_death", "probability 0"): process.probability(0),
        ("quasi_birth_death", "mean"): process.mean,
        ("quasi_birth_death", "second moment"): process.variance + process.mean**2,
        ("quasi_birth_death", "time"): process.mean / process.rate,
    }
    fluid = queueing.fluid_queue(
        [
            [-9, 2, 4, 0, 1, 2],
            [6, -25, 5, 3, 7, 4],
            [1, 3, -4, 0, 0, 0],
            [0, 0, 0, -8, 3, 5],
            [7, 3, 0, 2, -13, 1],
            [7, 8, 0, 3, 8, -26],
        ],
        [-2, 0, 1, 0, -3, 1],
    )
    found |= {
        ("fluid_queue", "probability_empty"): fluid.probability_empty,
        ("fluid_queue", "mean"): fluid.mean,
    }
    assert found == {key: pytest.approx(value, rel=1e-12) for key, value in values.items()}


def test_bounds_agree_with_printed_tables():
    for row in each("network_bounds"):
        call = getattr(queueing, f"{row['method']}_bounds")
        bounds = call(numbers(row["demands"]), float(row["population"]), float(row["think_time"]))
        assert bounds.throughput_low == pytest.approx(float(row["throughput_low"]), abs=6e-5)
        assert bounds.throughput_high == pytest.approx(float(row["throughput_high"]), abs=6e-5)


def test_transients_agree_with_40_digits():
    names = ("arrival_rate", "service_rate", "servers", "initial", "time", "capacity")
    for row in each("transient"):
        chances = queueing.transient_distribution(**{name: float(row[name]) for name in names})
        assert chances == pytest.approx(numbers(row["probabilities"]), abs=1e-13)


def test_fork_join_agrees_with_50_digits():
    golden.assert_model(queueing.fork_join, "queueing/fork_join.csv")


def test_multiplexing_agrees_with_exact_sums():
    table = golden.read("queueing/multiplexed_capacity.csv")
    inputs = golden.arguments(queueing.multiplexed_capacity, table)
    assert np.array_equal(queueing.multiplexed_capacity(**inputs), table["multiplexed_capacity"])
    assert queueing.multiplexing_gain(100, 1, 0.01) == 1


def test_closed_mva_takes_lists_and_numbers():
    one = queueing.closed_mva([0.605, 2.1, 1.35], 3, think_time=15)
    assert one.throughput == pytest.approx([0.1515164923470955], rel=1e-12)
    assert one.station_number.shape == (3, 1)
    two = queueing.closed_mva([[1, 2], [3, 4]], [1, 1])
    assert two.throughput == pytest.approx([3 / 19, 2 / 19], rel=1e-14)
    many = queueing.closed_mva([4], 90, 10, servers=8)
    assert many.response_time == pytest.approx([35], rel=1e-12)


def test_derivative_by_name():
    net = queueing.product_form([0.5, 0.25], population=4, think_time=2)
    step = 1e-6
    up = queueing.solve(queueing.product_form([0.5 + step, 0.25], population=4, think_time=2))
    down = queueing.solve(queueing.product_form([0.5 - step, 0.25], population=4, think_time=2))
    slope = queueing.derivative(net, "service_time", 0, 0)
    assert slope.throughput[0] == pytest.approx((up.throughput[0] - down.throughput[0]) / 2 / step, rel=1e-6)
    with pytest.raises(
        ValueError, match="parameter must be service_time, visits, arrival_rate or think_time, got speed"
    ):
        queueing.derivative(net, "speed", 0, 0)
    with pytest.raises(ValueError, match="method must be exact, mva, schweitzer or linearizer, got quick"):
        queueing.solve(net, "quick")


def test_errors_name_the_row():
    with pytest.raises(ValueError, match=r"traffic: sum of row 1 of routing must be <= 1, got 1.2"):
        queueing.jackson([1, 1], [[0, 0.5], [0.7, 0.5]], [1, 1])
    with pytest.raises(ValueError, match=r"traffic: station must be one from which routing leads out, got 0"):
        queueing.jackson([1, 1], [[0, 1], [1, 0]], [1, 1])
    with pytest.raises(ValueError, match="law must be exponential, Erlang"):
        queueing.map_ph_c(queueing.poisson_arrivals(1), qsm.deterministic(0.5))


def test_laws_of_times_are_distributions():
    queue = queueing.ph_ph_c(qsm.erlang(2, 2), qsm.hyperexponential_balanced(0.8, 4), 1)
    assert queue.sojourn.mean == pytest.approx(queue.mean_sojourn, rel=1e-11)
    assert queue.wait_quantile([0.5, 0.99]).shape == (2,)
    fit = queueing.fit_hyper_erlang(qsm.erlang(2, 2).sample(2000, qsm.Stream(1)), 2)
    assert queueing.hyper_erlang(fit.stages, fit.probabilities, fit.rates).mean == pytest.approx(1, rel=0.05)


def test_time_varying_arrivals():
    rates = [2, 5, 9, 12, 8, 3]
    exact = queueing.time_varying_mmc(rates, 0.5, 1.0, [400])
    assert exact.mean_number == pytest.approx(queueing.time_varying_load(rates, 0.5, qsm.exponential(1)), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: queueing.closed_mva([[1, 2]], True), r"closed_mva: population must be a real number, got True"),
        (lambda: queueing.closed_mva([1, 2], "3"), r"closed_mva: population must be a sequence"),
        (lambda: queueing.closed_mva(1, 3), r"closed_mva: demands must be a sequence, got 1 \(int\)"),
        (
            lambda: queueing.closed_mva([[1, 2], [1, [2]]], [1, 1]),
            r"closed_mva: demands\[1\]\[1\] must be a real number",
        ),
        (
            lambda: queueing.closed_mva([[1, 2]], [1, 1, 1]),
            r"closed_mva: demands must have 1 rows and 3 columns, got 1 and 2",
        ),
        (lambda: queueing.closed_mva([1, 2], 3, servers=[1]), r"closed_mva: servers must have .* 2, got 1"),
        (lambda: queueing.product_form([1, 2], servers="2"), r"product_form: servers must be a sequence"),
        (lambda: queueing.product_form([1, float("nan")]), r"product_form: service_times.* must be finite"),
        (lambda: queueing.product_form([1, 2], population=[1, 2]), r"product_form: population must have .* 1, got 2"),
        (lambda: queueing.product_form([1, 2], rates=[[1]]), r"product_form: rates must have .* 2, got 1"),
        (
            lambda: queueing.jackson([1, 1], [[0, 0], [0, 0]], True),
            r"jackson: service_rates must be a real number, got True",
        ),
        (lambda: queueing.jackson([1, 1], [[0, 0], [0, 0]], [3]), r"jackson: service_rates must have .* 2, got 1"),
    ],
)
def test_networks_by_arrays_refuse_what_does_not_fit(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_one_number_holds_for_all():
    one = queueing.closed_mva([[1, 2], [3, 4]], 2, think_time=5, servers=1)
    assert one == queueing.closed_mva(np.array([[1, 2], [3, 4]]), np.array([2, 2]), [5, 5], [1.0, 1.0])
    assert queueing.closed_mva([1, 2], 3) == queueing.closed_mva([[1], [2]], [3])
    assert queueing.jackson([1, 1], [[0, 0.5], [0, 0]], 3, 2).station_utilization[:, 0] == pytest.approx([1 / 6, 1 / 4])
    assert not one.station_number.flags.writeable
    assert one.stations == ("", "")
