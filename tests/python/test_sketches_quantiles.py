"""Sketches of numbers from Python: arrays without a loop, bytes of other programs, pickles, messages."""

from __future__ import annotations

import copy
import pickle

import golden
import numpy as np
import pytest

from qsm.sketches import (
    DDSketch,
    ExactQuantiles,
    GkSketch,
    KllSketch,
    ReqSketch,
    Reservoir,
    TDigest,
    tdigest_fraction,
    tdigest_scale,
)

LATENCIES = np.random.default_rng(1).lognormal(-3, 1, 100_000)
MAKERS = [
    DDSketch,
    lambda: DDSketch(0.02, "cubic", 500, "highest"),
    ExactQuantiles,
    GkSketch,
    KllSketch,
    ReqSketch,
    lambda: ReqSketch(20, "low"),
    TDigest,
    lambda: TDigest(200, "k3"),
]


@pytest.mark.parametrize("make", MAKERS)
def test_answers_one_and_many(make):
    sketch = make()
    sketch.add(LATENCIES[:50_000].reshape(100, 500))
    sketch.add(LATENCIES[50_000:90_000:2])
    sketch.add(LATENCIES[50_001:90_000:2].astype(np.float64).tolist())
    sketch.add(tuple(LATENCIES[90_000:99_999]))
    sketch.add(LATENCIES[99_999])
    assert sketch.count == 100_000
    assert (sketch.min, sketch.max) == (LATENCIES.min(), LATENCIES.max())
    truth = np.quantile(LATENCIES, [0.1, 0.5, 0.9], method="inverted_cdf")
    values = sketch.quantile([[0.1, 0.5, 0.9]])
    assert values.shape == (1, 3)
    assert values[0] == pytest.approx(truth, rel=0.1)
    for p, value, x in zip((0.1, 0.5, 0.9), values[0], truth, strict=True):
        answer = sketch.quantile(p)
        assert answer == value
        assert answer.low <= x <= answer.high
        share = sketch.cdf(x)
        assert share.low - 1e-9 <= p <= share.high + 1e-9
        assert share == sketch.cdf([x])[0]
    again = pickle.loads(pickle.dumps(sketch))
    assert again == sketch != make()
    assert again.encode() == sketch.encode()
    again.merge(sketch)
    assert again.count == 200_000
    again.reset()
    assert again == make()
    assert np.isnan(again.quantile(0.5))
    assert np.isnan(again.min)
    assert "100000 numbers" in repr(sketch)


@pytest.mark.parametrize("make", MAKERS)
def test_refuses_what_is_no_number(make):
    sketch = make()
    name = type(sketch).__name__
    with pytest.raises(ValueError, match=rf"{name}\.add: numbers\[2\] must be finite, got nan"):
        sketch.add([1, 2, np.nan])
    with pytest.raises(ValueError, match=rf"{name}\.add: numbers must be finite, got inf"):
        sketch.add(np.inf)
    for bad in ("1", None, ["a"], [True]):
        with pytest.raises(TypeError, match=rf"{name}\.add: numbers"):
            sketch.add(bad)
    assert sketch == make()
    with pytest.raises(ValueError, match=rf"{name}\.quantile: probability\[1\] must be in \[0, 1\], got 1.5"):
        sketch.quantile([0.5, 1.5])
    with pytest.raises(ValueError, match=rf"{name}\.quantile: probability must be in \[0, 1\], got -1"):
        sketch.quantile(-1)
    with pytest.raises(ValueError, match=rf"{name}\.cdf: number"):
        sketch.cdf(np.nan)
    with pytest.raises(ValueError, match=rf"{name}: at byte 0"):
        type(sketch).decode(b"nothing")
    with pytest.raises(TypeError):
        hash(sketch)


def test_ddsketch_has_its_relative_error():
    sketch = DDSketch(0.005)
    sketch.add(LATENCIES)
    probabilities = np.linspace(0, 1, 1001)
    truth = np.quantile(LATENCIES, probabilities, method="inverted_cdf")
    assert sketch.quantile(probabilities) == pytest.approx(truth, rel=0.005 * 1.000001)
    assert sketch.quantile(0.99).method == "DDSketch, certain"
    assert not sketch.collapsed
    assert (sketch.relative_error, sketch.mapping, sketch.buckets) == (0.005, "logarithmic", 2048)
    halves = DDSketch(0.005)
    for half in np.split(LATENCIES, 2):
        other = DDSketch(0.005)
        other.add(half)
        halves.merge(other)
    assert halves == sketch
    with pytest.raises(ValueError, match=r"DDSketch\.merge: relative_error of other must be that of this sketch"):
        sketch.merge(DDSketch(0.01))
    with pytest.raises(ValueError, match=r"DDSketch: relative_error must be in \[1e-06, 0.9\]|relative_error"):
        DDSketch(0)


@pytest.mark.parametrize("mapping", ["logarithmic", "cubic"])
def test_datadogs_package_takes_our_bytes(mapping):
    pytest.importorskip("ddsketch")
    pytest.importorskip("google.protobuf")
    from ddsketch.mapping import CubicallyInterpolatedMapping, LogarithmicMapping
    from ddsketch.pb import ddsketch_pb2
    from ddsketch.pb.proto import DDSketchProto

    values = np.concatenate([LATENCIES[:500], -LATENCIES[500:700], np.zeros(3)])
    ours = DDSketch(0.02, mapping)
    ours.add(values)
    theirs = DDSketchProto.from_proto(ddsketch_pb2.DDSketch.FromString(ours.to_protobuf("python")))
    kind = {"logarithmic": LogarithmicMapping, "cubic": CubicallyInterpolatedMapping}[mapping]
    assert isinstance(theirs._mapping, kind)
    assert theirs.count == ours.count
    for p in (0.05, 0.3, 0.5, 0.9):
        assert theirs.get_quantile_value(p) == pytest.approx(ours.quantile(p), rel=0.06)
    for value in (0.7, 0.0, -12.5):
        theirs.add(value)
        ours.add(value)
    message = DDSketchProto.to_proto(theirs).SerializeToString()
    back = DDSketch.from_protobuf(message, "python")
    assert back == DDSketch.from_protobuf(ours.to_protobuf("java"), "java")


@pytest.mark.parametrize(("items", "theirs"), [("doubles", "kll_doubles_sketch"), ("floats", "kll_floats_sketch")])
def test_datasketches_takes_our_kll(items, theirs):
    datasketches = pytest.importorskip("datasketches")
    values = LATENCIES.astype(np.float32).astype(float)
    for k, n in ((200, 0), (200, 1), (8, 3000), (200, 400), (200, 100_000)):
        ours = KllSketch(k, seed=7)
        ours.add(values[:n])
        other = getattr(datasketches, theirs).deserialize(ours.to_datasketches(items))
        assert (other.n, other.k) == (n, k)
        back = KllSketch.from_datasketches(other.serialize(), items)
        assert back.count == n
        if n == 0:
            continue
        probabilities = np.linspace(0.0101, 0.9897, 50)  # no product with n that is nearly whole
        assert np.array(other.get_quantiles(probabilities, True)) == pytest.approx(back.quantile(probabilities))
        for x in values[:20]:
            assert other.get_rank(x, True) == pytest.approx(back.cdf(x))
        for x in values[:1000]:
            other.update(x)
        again = KllSketch.from_datasketches(other.serialize(), items)
        assert again.count == n + min(1000, len(values))
        again.merge(ours)
        assert again.rank_error() <= other.normalized_rank_error(False) + 1e-12


def test_kll_has_its_rank_error():
    sketch = KllSketch(200)
    sketch.add(LATENCIES)
    for p in (0.1, 0.5, 0.99):
        assert (sketch.quantile(p) >= LATENCIES).mean() == pytest.approx(p, abs=sketch.rank_error())
    assert sketch.rank_error(of_difference=True) == pytest.approx(0.0165156191)
    assert sketch.quantile(0.5).method == "KLL, 99 %"
    assert sketch.kept < 1200
    with pytest.raises(ValueError, match=r"KllSketch: k must be an integer in \[8, 65535\], got 7"):
        KllSketch(7)


def test_datasketches_takes_our_tdigest():
    datasketches = pytest.importorskip("datasketches")
    for n in (0, 1, 2, 100, 50_000):
        ours = TDigest(100)
        ours.add(LATENCIES[:n])
        for message in (ours.to_datasketches(), *([ours.to_reference()] if n > 0 else [])):
            theirs = datasketches.tdigest_double.deserialize(message)
            assert theirs.get_total_weight() == n
            assert theirs.k == 100
            if n > 100:
                assert theirs.get_rank(float(np.median(LATENCIES))) == pytest.approx(0.5, abs=0.01)
            theirs.update(1.0)
            back = TDigest.from_datasketches(theirs.serialize())
            assert back.count == n + 1


def test_tdigest_is_sharp_at_the_end():
    digest = TDigest(100)
    digest.add(LATENCIES)
    assert (digest.quantile(0.999) >= LATENCIES).mean() == pytest.approx(0.999, abs=100e-6)
    assert (np.diff(digest.quantile(np.linspace(0, 1, 10_001))) >= 0).all()
    clusters = digest.centroids()
    assert sum(cluster.weight for cluster in clusters) == 100_000
    assert digest.quantile(0.5).method == "t-digest, no bound"
    assert (digest.compression, digest.scale) == (100, "k1")
    k = tdigest_scale("k2", 0.9, 100, 1e6)
    assert tdigest_fraction("k2", k, 100, 1e6) == pytest.approx(0.9)


def test_exact_quantiles_are_numpys():
    sketch = ExactQuantiles()
    sketch.add(LATENCIES)
    probabilities = np.linspace(0.0001, 1, 1000)
    assert (
        sketch.quantile(probabilities) == np.quantile(LATENCIES, probabilities, method="inverted_cdf")
    ).mean() > 0.99
    assert sketch.cdf(1.0) == (LATENCIES <= 1).mean()
    assert sketch.bytes_used >= 800_000


def test_gk_has_its_rank_error():
    sketch = GkSketch(0.005)
    sketch.add(LATENCIES)
    values = sketch.quantile(np.linspace(0, 1, 101))
    ranks = np.searchsorted(np.sort(LATENCIES), values, side="right") / LATENCIES.size
    assert ranks == pytest.approx(np.linspace(0, 1, 101), abs=0.005 + 2e-5)
    assert sketch.kept < 2000
    with pytest.raises(ValueError, match=r"GkSketch\.merge: error of other must be that of this sketch"):
        sketch.merge(GkSketch(0.1))


def test_reservoir_samples_by_weight():
    weights = np.where(LATENCIES > 0.1, 3.0, 1.0)
    sample = Reservoir(5000, seed=4)
    sample.add(LATENCIES[:50_000].reshape(2, -1), weights[:50_000].reshape(2, -1))
    other = Reservoir(5000, seed=5)
    other.add(LATENCIES[50_000:].tolist(), weights[50_000:].tolist())
    sample.merge(other)
    assert (sample.count, sample.size) == (100_000, 5000)
    assert sample.total == pytest.approx(weights.sum())
    drawn, stands_for = sample.sample(), sample.weights()
    assert len(drawn) == len(stands_for) == 5000
    assert np.isin(drawn, LATENCIES).all()
    truth = weights[LATENCIES > 0.1].sum()
    assert stands_for[drawn > 0.1].sum() == pytest.approx(truth, rel=0.1)
    again = pickle.loads(pickle.dumps(sample))
    assert again == sample
    again.add(1.0)
    again.add([1.0, 2.0], [1, 5])
    assert again.count == 100_003
    again.reset()
    assert len(again.sample()) == 0
    assert repr(sample) == "Reservoir(5000) of 100000 numbers"
    for bad, message in (
        (([1, 2], [1]), r"Reservoir\.add: size of weights must be that of the numbers, got 1"),
        (([1, 2], [1, 0]), r"Reservoir\.add: weight must be finite and > 0, got 0"),
        (([1, np.nan],), r"Reservoir\.add: numbers\[1\] must be finite, got nan"),
        (([1, 2], [1, np.inf]), r"Reservoir\.add: weights\[1\] must be finite, got inf"),
    ):
        with pytest.raises(ValueError, match=message):
            sample.add(*bad)
    with pytest.raises(ValueError, match=r"Reservoir\.merge: seed of other must be another than that of this one"):
        sample.merge(sample)


def summary(make, numbers):
    sketch = make()
    sketch.add(numbers)
    return sketch


def union(one, other):
    both = copy.copy(one)
    both.merge(other)
    return both


def test_sketches_merge_over_a_cluster(cluster):
    """Parts of the numbers are summarised by two processes, which send sketches, not numbers."""
    with cluster.get_client() as client:
        for make in (DDSketch, ExactQuantiles, GkSketch, KllSketch, TDigest):
            parts = client.map(summary, [make] * 8, np.split(LATENCIES[:80_000], 8))
            while len(parts) > 1:
                parts = client.map(union, parts[::2], parts[1::2])
            merged, here = parts[0].result(), summary(make, LATENCIES[:80_000])
            assert merged.count == 80_000
            if make in (DDSketch, ExactQuantiles):
                assert merged == here
            assert merged.quantile(0.5) == pytest.approx(here.quantile(0.5), rel=0.1)


def test_req_knows_one_end_best():
    high, low = ReqSketch(12), ReqSketch(12, "low", seed=7)
    for sketch in (high, low):
        sketch.add(LATENCIES)
    ordered = np.sort(LATENCIES)
    assert (high.end, low.end, low.k) == ("high", "low", 12)
    assert high.quantile(0.9999) == ordered[99_989]
    assert low.quantile(0.0001) == ordered[9]
    assert high.rank_error(0.9999) == 0 < high.rank_error(0.99) < high.rank_error(0.5) < high.rank_error(0.01)
    assert high.quantile(0.5).method == "REQ, 99 %"
    with pytest.raises(ValueError, match=r"ReqSketch: k must be an even integer in \[8, 1024\], got 6"):
        ReqSketch(6)
    with pytest.raises(ValueError, match=r"ReqSketch\.merge: end of other must be that of this sketch"):
        high.merge(low)


def test_tdigests_of_datasketches_in_both_widths():
    rows = golden.read("sketches/tdigest_datasketches.csv")
    for items, n, written in zip(rows["items"], rows["n"], rows["bytes"], strict=True):
        digest = TDigest.from_datasketches(bytes.fromhex(str(written)), items=items)
        assert digest.count == n
        assert digest.to_datasketches(items).hex() == written
    with pytest.raises(ValueError, match=r"TDigest\.from_datasketches: items"):
        TDigest.from_datasketches(b"", items="halves")
