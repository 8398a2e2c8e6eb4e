"""Laws and streams from Python: 50-digit rows, arrays, pickles, laws of one's own, and what is refused."""

import csv
import math
import os
import pickle
import re

import golden
import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import qsm
from qsm.core import distribution_from_text
from qsm.datasets import azure_llm_conversation

FACTORIES = sorted(set(qsm.core.__all__) & {*qsm.core._LAWS})
PROPERTIES = ("mean", "variance", "standard_deviation", "scv", "skewness", "low", "high")


class Ramp:
    """P(X <= x) = x² on [0, 1], written in Python."""

    mean = 2 / 3

    def variance(self):
        return 1 / 18

    def cdf(self, value):
        return np.minimum(np.maximum(value, 0), 1) ** 2

    def quantile(self, probability):
        return np.sqrt(probability)

    def __repr__(self):
        return "Ramp()"


class RampOfOneValue(Ramp):
    def quantile(self, probability):
        return np.sqrt(probability)[:1]


class RampOfNumber(Ramp):
    def quantile(self, probability):
        return float(np.sqrt(probability)[0])


class UnwrittenRamp(Ramp):
    def quantile(self, probability):
        raise NotImplementedError("not written")


LAWS = [
    qsm.deterministic(0.25),
    qsm.empirical([3, 1, 2, 2, 5.5]),
    qsm.exponential(0.1 + 0.2),
    qsm.erlang(3, 2),
    qsm.gamma(1 / 3, 2),
    qsm.hyperexponential([1 / 3, 2 / 3], [1 / 7, 5]),
    qsm.hyperexponential_balanced(3, 20),
    qsm.coxian([3, 2, 5], [0.5, 0.75]),
    qsm.phase_type([0.1, 0.9, 0], [[-6.2, 2, 0], [2, -9, 1], [1, 0, -3]]),
    qsm.lognormal(-1 / 7, 0.5),
    qsm.lognormal_from(2, 4),
    qsm.normal(-0.5, 0.25),
    qsm.weibull(0.7, 2),
    qsm.pareto(6.5, 2),
    qsm.bounded_pareto(1.5, 1, 1000),
    qsm.uniform(1, 3),
    qsm.match_moments(1, 0.4),
    qsm.mixture([0.25, 0.75], [qsm.erlang(4, 2), qsm.mixture([1], [qsm.lognormal(0, 1)])]),
    qsm.shifted(qsm.gamma(2.5, 1), 0.5),
    qsm.scaled(qsm.weibull(2, 1), 1000),
    qsm.truncated(qsm.exponential(1), 0, 3),
    qsm.truncated(qsm.truncated(qsm.gamma(3, 1), 1, math.inf), -math.inf, 7),
]
PYTHON_LAWS = [
    qsm.Distribution(Ramp()),
    qsm.mixture([0.5, 0.5], [qsm.Distribution(Ramp()), qsm.exponential(1)]),
    qsm.scaled(qsm.truncated(qsm.Distribution(Ramp()), 0.1, 0.9), 2),
]
every_law = pytest.mark.parametrize("law", LAWS + PYTHON_LAWS, ids=lambda law: repr(law)[:40])


# --- laws: their numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "room",
    ["balancing", "core", "hardware", "kernels", "latency", "measure", "policies", "queueing", "sharding", "sketches"],
)
def test_dir_shows_what_is_public(room):
    module = getattr(qsm, room)
    assert dir(module) == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("name", qsm.core.__all__)
def test_each_name_is_in_the_package_and_in_its_room(name):
    assert getattr(qsm, name) is getattr(qsm.core, name)
    assert name in qsm.__all__
    assert getattr(qsm, name).__doc__


def test_every_law_can_be_named_in_a_text():
    made = {repr(law).partition("(")[0] for law in LAWS} | {
        "hyperexponential_balanced",
        "lognormal_from",
        "match_moments",
    }
    rooms = {*qsm.latency.__all__} - {*qsm.core.__all__}  # the laws of rooms above
    assert made == {*qsm.core._LAWS} - rooms
    assert made <= set(qsm.core.__all__)


def golden_rows():
    rows = golden.read("core/distributions.csv")
    laws: dict[str, dict[str, list[tuple[float, float, float]]]] = {}
    for law, function, *numbers in zip(*rows.values(), strict=True):
        laws.setdefault(law.replace(";", ","), {}).setdefault(function, []).append(tuple(map(float, numbers)))
    assert len(laws) == 30
    return laws


@pytest.mark.parametrize(("text", "functions"), golden_rows().items(), ids=lambda value: str(value)[:40])
def test_law_agrees_with_50_digits(text, functions):
    law = distribution_from_text(text)
    assert repr(law) == text
    for function, rows in functions.items():
        arguments, truths, tolerances = np.array(rows).T
        member = getattr(law, function)
        if function in ("mean", "variance", "skewness"):
            values = np.full(len(rows), member)
        elif function in ("moment", "laplace"):
            values = np.array([member(int(x) if function == "moment" else x) for x in arguments.tolist()])
        else:
            values = member(arguments)
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.where(values == truths, 0, np.abs(values / truths - 1))
            scale = np.where(np.isfinite(truths), np.maximum(1, np.abs(np.log(np.abs(truths)))), 1)
        worst = int(np.argmax(error / (tolerances * scale)))
        assert error[worst] <= tolerances[worst] * scale[worst], (function, rows[worst], values[worst])


@every_law
def test_methods_take_numbers_and_arrays_of_any_shape(law):
    values, probabilities = np.array([[-1.0, 0.3, 1], [2, 7, math.inf]]), np.array([[0, 1e-9], [0.5, 1]])
    for method, where in (
        (law.pdf, values),
        (law.cdf, values),
        (law.survival, values),
        (law.quantile, probabilities),
        (law.survival_quantile, probabilities),
    ):
        many = method(where)
        assert type(many) is np.ndarray
        assert many.dtype == np.float64
        assert many.shape == where.shape
        assert many.ravel().tolist() == [method(value) for value in where.ravel().tolist()]
        assert np.array_equal(method(where.T), many.T)
        assert np.array_equal(method(where.tolist()), many)
        assert type(method(np.float32(0.5))) is float
        assert method([]).shape == (0,)


@every_law
def test_quantile_turns_the_cdf_around(law):
    p = np.linspace(0.01, 0.99, 33)
    x = law.quantile(p)
    assert (np.diff(x) >= 0).all()
    assert (law.cdf(x) >= p * (1 - 1e-12)).all()
    assert law.cdf(x) + law.survival(x) == pytest.approx(np.ones(33), rel=1e-12)


def test_integers_are_real_numbers():
    law = qsm.exponential(2)
    assert law.cdf(1) == law.cdf(np.int8(1)) == law.cdf([1])[0] == law.cdf(np.array(1, "u2")) == -math.expm1(-2)
    assert qsm.empirical(range(3)).mean == 1


# --- laws: carried and shown -----------------------------------------------------------------------------------------


@every_law
def test_a_law_pickles_to_the_bit(law):
    again = pickle.loads(pickle.dumps(law))
    assert repr(again) == repr(law)
    p = np.linspace(0, 1, 17)
    assert again.quantile(p).tolist() == law.quantile(p).tolist()
    assert [getattr(again, name) for name in PROPERTIES] == [getattr(law, name) for name in PROPERTIES]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: repr(law)[:40])
def test_a_law_reads_as_the_call_that_makes_it(law):
    assert repr(distribution_from_text(repr(law))) == repr(law)
    assert repr(eval(repr(law), {**vars(qsm), "inf": math.inf})) == repr(law)


def test_texts_of_laws():
    assert repr(qsm.exponential(2)) == "exponential(rate=2)"
    assert repr(qsm.exponential(0.1 + 0.2)) == "exponential(rate=0.30000000000000004)"
    assert repr(qsm.truncated(qsm.exponential(1), 0, math.inf)) == (
        "truncated(distribution=exponential(rate=1), low=0, high=inf)"
    )
    assert repr(qsm.Distribution(Ramp())) == "Ramp()"
    assert repr(distribution_from_text(" uniform(-1, high=3) ")) == "uniform(low=-1, high=3)"


EXPECTED = "distribution_from_text: expected a law such as 'exponential(rate=2)', got "
NUMBERS = "distribution_from_text: arguments must be numbers, lists of them or laws, got "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", EXPECTED),
        ("exponential", EXPECTED),
        ("exponential(", EXPECTED),
        ("exponential(rate=2); import os", EXPECTED),
        ("exponential(rate=2)\0", EXPECTED),
        ("exponential(rate=2)\ud800", EXPECTED),
        ("lambda: exponential(2)", EXPECTED),
        ("qsm.exponential(rate=2)", EXPECTED),
        ("Stream(1)", EXPECTED),
        ("fit_best([1, 2, 3])", EXPECTED),
        ("check_distribution(exponential(1))", EXPECTED),
        ("distribution_from_text('exponential(1)')", EXPECTED),
        ("(" * 5000 + ")" * 5000, EXPECTED),
        ("exponential(" + "-" * 50_000 + "1)", EXPECTED),
        ("scaled(" * 5000, EXPECTED),
        ("exponential(rate='2')", NUMBERS),
        ("exponential(rate=True)", NUMBERS),
        ("exponential(rate=1j)", NUMBERS),
        ("exponential(rate=None)", NUMBERS),
        ("exponential(rate=rate)", NUMBERS),
        ("exponential(rate=9**9**9)", NUMBERS),
        ("exponential(*[2])", NUMBERS),
        ("empirical([x for x in (1, 2)])", NUMBERS),
        (
            "exponential(**{'rate': 2})",
            "distribution_from_text: exponential takes each argument once, by its name, got ",
        ),
        (
            "exponential(rate=2, rate=3)",
            "distribution_from_text: exponential takes each argument once, by its name, got ",
        ),
        ("exponential()", "distribution_from_text: exponential does not take these arguments, got "),
        ("exponential(speed=2)", "distribution_from_text: exponential does not take these arguments, got "),
        ("scaled(2, 2)", "distribution_from_text: scaled does not take these arguments, got "),
    ],
    ids=lambda text: text[:30],
)
def test_texts_that_are_no_law_are_refused(text, message):
    with pytest.raises(ValueError) as error:
        distribution_from_text(text)
    assert str(error.value) == message + repr(text if len(text) <= 200 else text[:200] + "...")


def test_a_law_of_wrong_numbers_is_refused_as_by_its_call():
    with pytest.raises(ValueError, match=r"^exponential: rate must be finite and > 0, got inf$"):
        distribution_from_text("exponential(rate=1e999)")


@pytest.mark.parametrize("text", [5, None, b"exponential(1)"])
def test_only_text_is_text(text):
    with pytest.raises(qsm.InvalidType, match="^distribution_from_text: text must be a string, got "):
        distribution_from_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').mkdir('executed')",
        "exponential(rate=__import__('os').mkdir('executed'))",
        "exponential(rate=(lambda: __import__('os').mkdir('executed'))())",
        "exponential.__call__(__import__('os').mkdir('executed'))",
        "mixture([1], [__import__('os').mkdir('executed')])",
        "exec(\"import os; os.mkdir('executed')\")",
    ],
)
def test_hostile_texts_are_not_executed(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="^distribution_from_text: "):
        distribution_from_text(text)
    assert os.listdir() == []


@settings(max_examples=60)
@given(st.text(max_size=20), st.sampled_from(["{}", *(f"{name}({{}})" for name in FACTORIES)]))
def test_any_text_is_a_law_or_a_value_error(text, call):
    try:
        law = distribution_from_text(call.format(text))
    except ValueError:
        return
    assert isinstance(law, qsm.Distribution)


# --- laws written in Python ------------------------------------------------------------------------------------------


def test_a_law_written_in_python_joins():
    law = qsm.Distribution(Ramp())
    assert (law.mean, law.variance) == (2 / 3, 1 / 18)
    assert law.cdf([0.5, 2]).tolist() == [0.25, 1]
    assert law.quantile(0.25) == 0.5
    assert (law.low, law.high) == (0, 1)
    assert law.pdf(0.4) == pytest.approx(0.8, rel=1e-8)
    assert law.moment(5) == pytest.approx(2 / 7, rel=1e-11)
    assert law.laplace(2) == pytest.approx((1 - 3 * math.exp(-2)) / 2, rel=1e-11)
    assert law.sample(3, qsm.Stream(1)).tolist() == np.sqrt(qsm.Stream(1).uniforms(3)).tolist()
    assert qsm.mixture([0.5, 0.5], [law, qsm.deterministic(1)]).mean == pytest.approx(5 / 6, rel=1e-15)


def test_the_check_passes_a_right_law_and_reports_a_wrong_one():
    assert qsm.check_distribution(qsm.erlang(3, 2)) == []
    assert qsm.check_distribution(qsm.Distribution(Ramp())) == []
    assert qsm.check_distribution(qsm.Distribution(UnwrittenRamp()))[0].startswith(
        "quantile and cdf threw: NotImplementedError: not written"
    )


@pytest.mark.parametrize("ramp", [RampOfOneValue(), RampOfNumber()])
def test_a_law_that_answers_in_the_wrong_shape_is_told(ramp):
    law = qsm.Distribution(ramp)
    for call in (lambda: law.quantile([0.1, 0.2]), lambda: law.sample(5, qsm.Stream(1))):
        with pytest.raises(ValueError) as error:
            call()
        assert str(error.value) == "distribution: quantile(array) must return an array of the same size"


def test_what_a_law_raises_arrives():
    with pytest.raises(NotImplementedError, match="^not written$"):
        qsm.Distribution(UnwrittenRamp()).quantile([0.1, 0.2])


def test_what_is_no_law_is_refused():
    with pytest.raises(qsm.InvalidType) as error:
        qsm.Distribution(3)
    assert str(error.value) == (
        "Distribution: law must be a Distribution or an object with mean, variance, cdf and quantile, got 3 (int)"
    )


# --- streams ---------------------------------------------------------------------------------------------------------


def test_streams_agree_with_integer_arithmetic():
    lines = [line for line in (golden.FOLDER / "core/stream.csv").read_text().splitlines() if line[0] != "#"]
    rows = list(csv.DictReader(lines))
    assert len(rows) > 90
    for row in rows:
        stream = qsm.Stream(int(row["seed"]))
        stream = stream.child(row["name"]) if row["name"] else stream
        stream = stream.child(int(row["number"])) if row["number"] else stream
        position = int(row["position"])
        assert int(stream.bits(1, position)[0]) == int(row["bits"], 16), row
        assert stream.uniforms(1, first=position)[0] == float.fromhex(row["uniform"]), row


def test_a_stream_gives_the_same_numbers_in_pieces():
    stream = qsm.Stream(7).child("service").child(3)
    for draw in (stream.bits, stream.uniforms, lambda count, first=0: qsm.gamma(0.3, 2).sample(count, stream, first)):
        whole = draw(1000)
        assert np.array_equal(np.concatenate([draw(1), draw(300, 1), draw(0, 301), draw(699, first=301)]), whole)
        assert np.array_equal(draw(1000), whole)


def test_children_differ_from_each_other_and_from_their_parent():
    stream = qsm.Stream(1)
    streams = [stream, qsm.Stream(2), stream.child(0), stream.child(1), stream.child("0"), stream.child("arrivals")]
    assert len({stream.bits(2).tobytes() for stream in streams}) == len(streams)
    assert stream.child("a") == qsm.Stream(1).child("a")
    assert stream.child("a") != stream.child("b")
    assert qsm.Stream(2**64 - 1) != qsm.Stream(0)


def test_uniforms_are_uniform():
    values = qsm.Stream(5).uniforms(200_000)
    assert values.dtype == np.float64
    assert 0 < values.min() < values.max() < 1
    assert scipy.stats.kstest(values, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("law", LAWS[1:5] + PYTHON_LAWS[:1], ids=repr)
def test_a_sample_follows_its_law(law):
    """|z| < 4 of the mean; its half-width is below 1 % of the standard deviation."""
    sample = law.sample(400_000, qsm.Stream(11))
    error = law.standard_deviation / math.sqrt(sample.size)
    assert abs(sample.mean() - law.mean) < 4 * error
    assert 4 * error < 0.01 * law.standard_deviation
    assert np.mean(sample <= law.quantile(0.9)) == pytest.approx(law.cdf(law.quantile(0.9)), abs=4 * 0.5 / 632)


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: qsm.exponential(-1), "exponential: rate must be finite and > 0, got -1"),
        (lambda: qsm.erlang(2.5, 1), "erlang: stages must be an integer >= 1, got 2.5"),
        (
            lambda: qsm.hyperexponential([0.5, 0.6], [1, 2]),
            "hyperexponential: sum of probabilities must be 1 within 1e-12, got 1.1",
        ),
        (
            lambda: qsm.mixture([1], []),
            "mixture: components must have as many elements as weights, 1, got 0",
        ),
        (
            lambda: qsm.phase_type([1, 0], [[-1, 1]]),
            "phase_type: generator must have as many elements as initial, 2, got 1",
        ),
        (lambda: qsm.empirical([]), "empirical: samples must have at least one element, got none"),
        (lambda: qsm.empirical([1, math.nan]), "empirical: samples must be finite, got nan"),
        (lambda: qsm.uniform(2, 1), "uniform: high must be > low, got 1"),
    ],
)
def test_wrong_numbers_are_refused(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


@pytest.mark.parametrize("method", ["quantile", "survival_quantile"])
@pytest.mark.parametrize("value", [1.5, -0.1, math.nan, [0.5, 1.5]])
def test_wrong_probabilities_are_refused(method, value):
    with pytest.raises(
        ValueError, match=rf"^Distribution.{method}: probability(\[1\])? must be in \[0, 1\], got (1.5|-0.1|nan)$"
    ):
        getattr(qsm.exponential(1), method)(value)


def test_nan_is_no_value_of_a_law():
    for method in ("pdf", "cdf", "survival"):
        with pytest.raises(ValueError, match=rf"^Distribution.{method}: value\[0, 1\] must be a number, got nan$"):
            getattr(qsm.exponential(1), method)([[1, math.nan], [2, math.nan]])


@pytest.mark.parametrize("value", [True, "1", b"1", None, 1j, [True], ["1"], [None], object()], ids=repr)
def test_what_is_no_real_number_is_refused(value):
    law = qsm.exponential(1)
    for call in (qsm.exponential, law.laplace, law.cdf, law.quantile, law.pdf):
        with pytest.raises(TypeError):
            call(value)
    with pytest.raises(
        qsm.InvalidType, match="^Distribution.cdf: value must be a real number or an array of real numbers"
    ):
        law.cdf(value)


@pytest.mark.parametrize("value", [-1, "1", 1.5, None, True, 2**64])
def test_what_is_no_count_is_refused(value):
    stream = qsm.Stream(1)
    for call in (qsm.Stream, stream.bits, stream.uniforms, lambda count: qsm.exponential(1).sample(count, stream)):
        with pytest.raises(ValueError, match=r"must be an integer in \[0, 2\^64\), got "):
            call(value)


@pytest.mark.parametrize("value", [-1, 1.5, None, True, 2**64])
def test_a_child_is_named_by_a_count_or_a_text(value):
    with pytest.raises(ValueError, match=r"^Stream.child: id must be an integer in \[0, 2\^64\), got "):
        qsm.Stream(1).child(value)


# --- fits ------------------------------------------------------------------------------------------------------------


def parameters(fit):
    """The numbers in the text of the law that was fitted."""
    text = repr(fit.distribution)
    return [float(part.split("=")[1]) for part in text[text.index("(") + 1 : -1].split(", ")]


def fit_rows():
    rows = golden.read("core/fit.csv")
    samples = golden.read("core/fit_samples.csv")
    return [
        pytest.param(samples["value"][samples["sample"] == row[0]], *row[1:], id=f"{row[0]}-{row[1]}")
        for row in zip(*(column.tolist() for column in rows.values()), strict=True)
    ]


@pytest.mark.parametrize(
    ("sample", "family", "first", "second", "log_likelihood", "aic", "statistic", "p_value", "anderson"), fit_rows()
)
def test_fits_agree_with_scipy(sample, family, first, second, log_likelihood, aic, statistic, p_value, anderson):
    fit = getattr(qsm, f"fit_{family}")(sample)
    assert fit.family == family
    assert parameters(fit) == pytest.approx([first, second][: fit.parameters], rel=1e-6)
    assert fit.log_likelihood == pytest.approx(log_likelihood, rel=1e-8)
    assert fit.aic == pytest.approx(aic, rel=1e-8)
    assert fit.ks_statistic == pytest.approx(statistic, rel=1e-5)
    assert fit.ks_p_value == pytest.approx(p_value, abs=1e-3)
    assert fit.anderson_darling == pytest.approx(anderson, rel=1e-5)


def test_fits_of_our_own_samples_agree_with_scipy():
    stream = qsm.Stream(2026)
    sample = qsm.weibull(1.7, 3).sample(2000, stream)
    shape, _, scale = scipy.stats.weibull_min.fit(sample, floc=0)
    assert parameters(qsm.fit_weibull(sample)) == pytest.approx([shape, scale], rel=1e-4)
    logarithms = np.log(sample)
    assert parameters(qsm.fit_lognormal(sample)) == pytest.approx([logarithms.mean(), logarithms.std()], rel=1e-12)
    a = parameters(qsm.fit_gamma(sample))[0]
    assert math.log(a) - scipy.special.digamma(a) == pytest.approx(
        math.log(sample.mean()) - logarithms.mean(), rel=1e-10
    )
    given = qsm.goodness_of_fit(qsm.weibull(1.7, 3), sample)
    exact = scipy.stats.kstest(sample, scipy.stats.weibull_min(1.7, scale=3).cdf)
    assert given.ks_statistic == pytest.approx(exact.statistic, rel=1e-10)
    assert given.ks_p_value == pytest.approx(exact.pvalue, abs=2e-3)


def test_a_hyperexponential_fit_of_the_packaged_trace_stands_on_the_highest_top():
    rows = golden.read("core/hyperexponential_fit.csv")
    gaps = np.diff(azure_llm_conversation().arrival_times)
    for i in np.flatnonzero(rows["sample"] == "azure"):
        fit = qsm.fit_hyperexponential(gaps, int(rows["phases"][i]))
        assert fit.log_likelihood == pytest.approx(rows["log_likelihood"][i], abs=1e-6)
        numbers = [float(part) for part in re.findall(r"[0-9.]+", repr(fit.distribution))]
        assert numbers[0] == pytest.approx(rows["weight"][i], rel=1e-4)
        assert numbers[len(numbers) // 2] == pytest.approx(rows["rate"][i], rel=1e-4)


def test_fits_report_and_stop():
    sample = qsm.lognormal(0, 1.5).sample(100000, qsm.Stream(3))
    seen = []
    qsm.fit_hyperexponential(sample, 3, progress=seen.append)
    assert seen[-1] == 1
    assert seen == sorted(seen)

    def halt(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        qsm.fit_best(sample, progress=halt)


def test_the_best_fit_is_the_law_that_was_drawn_from():
    sample = qsm.lognormal(1, 0.8).sample(3000, qsm.Stream(3))
    fits = qsm.fit_best(sample)
    assert fits[0].family == "lognormal"
    assert [fit.aic for fit in fits] == sorted(fit.aic for fit in fits)
    assert [fit.family for fit in qsm.fit_best(sample, ["exponential"])] == ["exponential"]
    moments = qsm.fit_moments(sample)
    assert (moments.mean, moments.scv) == pytest.approx((sample.mean(), sample.var(ddof=1) / sample.mean() ** 2))
    assert repr(fits[0]).startswith("Fit(distribution=lognormal(log_mean=")


@pytest.mark.parametrize("sample", [[], [1, math.nan], [1, -1], [1, math.inf], [0, 0]], ids=str)
def test_samples_that_cannot_be_fitted_are_refused(sample):
    for fit in (qsm.fit_exponential, qsm.fit_gamma, qsm.fit_best, qsm.fit_moments):
        with pytest.raises(ValueError, match="samples"):
            fit(sample)
