"""Counters of unlike items from Python: estimates with intervals, merges over a cluster, bytes of other programs."""

from __future__ import annotations

import copy
import pickle
from functools import reduce

import golden
import numpy as np
import pytest

from qsm.sketches import ExaLogLog, Hasher, HyperLogLog, LinearCounter, ThetaSketch, UltraLogLog, hash_items

ITEMS = np.arange(60_000)
EMPTY = [
    HyperLogLog(10),
    UltraLogLog(10),
    ExaLogLog(8),
    ExaLogLog(8, 1, 9),
    ThetaSketch(10),
    LinearCounter(100_000),
]


def filled(empty, items):
    sketch = copy.deepcopy(empty)
    sketch.add(items)
    return sketch


def merged(left, right):
    left.merge(right)
    return left


@pytest.mark.parametrize("empty", EMPTY, ids=repr)
def test_a_counter_counts_merges_and_travels(empty):
    assert empty.estimate() == 0
    whole, left, right = (filled(empty, items) for items in (ITEMS, ITEMS[:40_000], ITEMS[20_000:]))
    estimate = whole.estimate()
    assert estimate == pytest.approx(60_000, rel=0.1)
    assert estimate.low < estimate < estimate.high
    assert estimate.method.endswith("95 %")
    both = merged(copy.deepcopy(left), right)
    if isinstance(empty, ThetaSketch):
        assert both.trimmed() == whole.trimmed()
    else:
        assert both == whole == merged(copy.deepcopy(right), left)
    for again in (pickle.loads(pickle.dumps(both)), type(empty).decode(both.encode())):
        assert again == both
        assert again.estimate() == both.estimate()
        assert again.hasher == both.hasher
    assert 0 < whole.bytes_used < 70_000
    assert repr(whole).startswith(type(empty).__name__)
    with pytest.raises(TypeError):
        hash(whole)


@pytest.mark.parametrize("empty", EMPTY, ids=repr)
def test_items_may_be_texts_or_hashes(empty):
    texts = ["Ada", "Grace", "Ada", ""]
    assert filled(empty, texts).estimate() == pytest.approx(3, rel=0.02)
    hashed = copy.deepcopy(empty)
    hashed.add_hashes(hash_items(np.array(texts), empty.hasher))
    assert hashed == filled(empty, texts) == filled(empty, [text.encode() for text in texts])


@pytest.mark.parametrize("empty", EMPTY, ids=repr)
def test_refuses_other_sketches_and_foreign_bytes(empty):
    name = type(empty).__name__
    with pytest.raises(ValueError, match=f"{name}: at byte 0: expected the letters Q"):
        type(empty).decode(bytes(40))
    other = type(empty)(64 if isinstance(empty, LinearCounter) else 5)
    with pytest.raises(ValueError, match=rf"{name}\.merge: (precision|bits) of other must be"):
        empty.merge(other)
    with pytest.raises(TypeError, match=rf"{name}\.merge: other must be a {name}"):
        empty.merge(3)
    with pytest.raises((TypeError, ValueError), match=rf"{name}\.add: items"):
        empty.add(None)


def test_estimators_have_names():
    sketch = filled(HyperLogLog(12), ITEMS)
    for by in ("raw", "classic", "plus_plus", "improved", "maximum_likelihood", "martingale"):
        assert sketch.estimate(by) == pytest.approx(60_000, rel=0.08)
        assert sketch.estimate(by).method == by.replace("_", " ") + ", 95 %"
    ultra = filled(UltraLogLog(12), ITEMS)
    for by, factor in (("generalized", 0.78224), ("maximum_likelihood", 0.76086), ("martingale", 0.65817)):
        assert ultra.estimate(by) == pytest.approx(60_000, rel=0.05)
        assert ultra.relative_error(by) * 64 == pytest.approx(factor, abs=1e-4)
    with pytest.raises(ValueError, match=r"UltraLogLog\.estimate: by must be generalized, maximum_likelihood or mart"):
        ultra.estimate("raw")
    with pytest.raises(ValueError, match="another than martingale"):
        merged(ultra, filled(UltraLogLog(12), [1])).estimate("martingale")
    assert ExaLogLog(8).memory_variance_product("maximum_likelihood") == pytest.approx(3.67, abs=0.005)


def test_states_of_the_java_programs():
    rows = golden.read("sketches/ultraloglog_hash4j.csv")
    sketches = [UltraLogLog.from_hash4j(bytes.fromhex(state)) for state in rows["state"]]
    for sketch, state, count in zip(sketches, rows["state"], rows["generalized"], strict=True):
        assert sketch.to_hash4j().hex() == state
        assert sketch.estimate("generalized") == pytest.approx(count, rel=1e-9)
    rows = golden.read("sketches/exaloglog_paper.csv")
    for sub_bits, window_bits, state in zip(rows["sub_bits"], rows["window_bits"], rows["state"], strict=True):
        sketch = ExaLogLog.from_state(bytes.fromhex(state), int(sub_bits), int(window_bits))
        assert sketch.to_state().hex() == state


def test_theta_agrees_with_datasketches():
    peer = pytest.importorskip("datasketches")

    def theirs(first, last):
        sketch = peer.update_theta_sketch(10)
        for item in range(first, last):
            sketch.update(item)
        return sketch

    one, other = (filled(ThetaSketch(10), np.arange(*ends)) for ends in ((0, 20_000), (15_000, 50_000)))
    left, right = theirs(0, 20_000), theirs(15_000, 50_000)
    assert one.to_datasketches() == left.compact().serialize()
    assert peer.compact_theta_sketch.deserialize(other.to_datasketches()).get_estimate() == other.estimate()
    both = peer.theta_intersection()
    both.update(left)
    both.update(right)
    assert one.intersection(other).estimate() == pytest.approx(both.get_result().get_estimate(), rel=1e-12)
    rest = peer.theta_a_not_b().compute(left, right)
    assert one.difference(other).to_datasketches() == rest.serialize()
    assert ThetaSketch.from_datasketches(rest.serialize(), 10).estimate() == rest.get_estimate()
    # Their interval of two standard deviations is about ours of 95 %.
    estimate = one.estimate(0.9544997)
    assert estimate.low == pytest.approx(left.get_lower_bound(2), rel=5e-3)
    assert estimate.high == pytest.approx(left.get_upper_bound(2), rel=5e-3)


def test_theta_of_sets():
    ada, bob = ThetaSketch(), ThetaSketch()
    ada.add(["lace", "thread", "needle"])
    bob.add(["lace", "cloth"])
    assert ada.exact
    assert ada.intersection(bob).estimate() == 1
    assert ada.difference(bob).estimate() == 2
    assert ada.similarity(bob) == 0.25
    assert merged(ada, bob).estimate() == 4
    with pytest.raises(
        ValueError, match=r"ThetaSketch\.intersection: other must have the hasher murmur3 with seed 9001"
    ):
        ada.intersection(ThetaSketch(12, Hasher("wyhash", 1)))


def test_a_full_linear_counter_has_no_bound():
    estimate = filled(LinearCounter(64), ITEMS).estimate()
    assert estimate == estimate.high == float("inf")
    assert estimate.method == "all bits set, no bound from above"


def part_of(empty, chunk):
    return filled(empty, ITEMS[chunk::8])


def test_sketches_merge_over_a_cluster(cluster):
    """Eight parts of the items, sketched by two workers, each a process of its own."""
    with cluster.get_client() as client:
        for empty in EMPTY[:3]:
            parts = client.map(part_of, [empty] * 8, range(8))
            assert client.submit(reduce, merged, parts).result() == filled(empty, ITEMS)
