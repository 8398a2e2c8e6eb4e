"""Sketches of how often items come, from Python: the Count sketch and Misra-Gries."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from qsm.sketches import CountSketch, MisraGries

ITEMS = np.random.default_rng(1).zipf(1.3, 50_000) % 10_000
UNLIKE, TRUTH = np.unique(ITEMS, return_counts=True)


def test_count_sketch_counts_items():
    sketch = CountSketch(2048, 5)
    sketch.add(ITEMS)
    counts = sketch.count(UNLIKE)
    assert counts.dtype == np.int64
    assert (abs(counts - TRUTH) <= sketch.error).mean() > 0.95
    answer = sketch.count(int(UNLIKE[0]))
    assert answer.low <= TRUTH[0] <= answer.high
    assert answer.method == "count sketch, 95 %"
    assert sketch.squares == pytest.approx((TRUTH.astype(float) ** 2).sum(), rel=0.1)
    assert (sketch.width, sketch.rows, sketch.total) == (2048, 5, 50_000)
    again = pickle.loads(pickle.dumps(sketch))
    assert again == sketch
    again.merge(sketch)
    assert again.count(UNLIKE[:9]).tolist() == (2 * counts[:9]).tolist()
    again.reset()
    assert again == CountSketch(2048, 5) != sketch
    assert repr(sketch) == "CountSketch(5 rows of 2048) of 50000 items"
    with pytest.raises(ValueError, match=r"CountSketch: rows must be an odd integer in \[1, 63\], got 4"):
        CountSketch(10, 4)
    with pytest.raises(ValueError, match=r"CountSketch\.merge: width of other must be that of this sketch, got 4096"):
        sketch.merge(CountSketch(4096))
    with pytest.raises(TypeError, match=r"CountSketch\.count: items"):
        sketch.count(None)
    with pytest.raises(ValueError, match="CountSketch: at byte 0: expected the letters QCSK"):
        CountSketch.decode(bytes(50))


def test_misra_gries_finds_the_most_frequent():
    sketch = MisraGries(200)
    sketch.add(ITEMS.reshape(100, 500))
    assert (sketch.count(UNLIKE) <= TRUTH).all()
    assert (sketch.count(UNLIKE) + np.uint64(sketch.error) >= TRUTH).all()
    assert sketch.error <= sketch.total / (sketch.capacity + 1)
    exact = dict(zip(UNLIKE.tolist(), TRUTH.tolist(), strict=True))
    top = sketch.top(400)
    assert all(count.low == count <= exact[item] <= count.high for item, count in top)
    assert {item for item, number in exact.items() if number > sketch.total / 201} <= {item for item, _ in top}
    again = pickle.loads(pickle.dumps(sketch))
    assert again == sketch
    assert again.top(400) == top
    again.merge(sketch)
    assert again.count(int(UNLIKE[0])).low <= 2 * TRUTH[0] <= again.count(int(UNLIKE[0])).high
    assert repr(sketch) == "MisraGries(200) of 50000 items"
    texts = MisraGries(10)
    texts.add(["a", "b", "a", 2.5, -1])
    assert texts.top(1) == [("a", texts.count("a"))]
    assert {item for item, _ in texts.top()} == {"a", "b", 2.5, -1}
    with pytest.raises(ValueError, match=r"MisraGries: capacity must be an integer in \[1, 2\^27\], got 0"):
        MisraGries(0)
    with pytest.raises(ValueError, match=r"MisraGries\.merge: capacity of other must be that of this sketch, got 10"):
        sketch.merge(texts)
    with pytest.raises(TypeError, match=r"MisraGries\.add: items"):
        sketch.add(None)
