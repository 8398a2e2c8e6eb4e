"""How alike sets are, from Python: signatures of many sets without a loop, an index, weights, messages."""

from __future__ import annotations

import copy
import pickle

import golden
import numpy as np
import pytest

from qsm.sketches import (
    BBitMinHash,
    Hasher,
    LshIndex,
    MinHash,
    OnePermutationMinHash,
    SimHash,
    SuperMinHash,
    WeightedMinHash,
    hash_items,
    lsh_probability,
    lsh_threshold,
    minhash_signatures,
)

KINDS = [MinHash, OnePermutationMinHash, SuperMinHash, SimHash]


def filled(empty, items):
    sketch = copy.deepcopy(empty)
    sketch.add(items)
    return sketch


@pytest.mark.parametrize("kind", KINDS)
def test_a_sketch_finds_how_alike_sets_are(kind):
    empty = kind(1024)
    one, other = filled(empty, np.arange(3000)), filled(empty, np.arange(1500, 4500))
    similarity = one.similarity(other)
    truth = 0.5 if kind is SimHash else 1 / 3
    assert similarity.low < truth < similarity.high
    assert similarity == pytest.approx(truth, abs=0.09)
    assert one.similarity(one) == 1
    both = copy.deepcopy(one)
    both.merge(other)
    for again in (pickle.loads(pickle.dumps(both)), kind.decode(both.encode())):
        assert again == both
        assert again.hasher == both.hasher
    if kind is not SimHash:
        assert both == filled(empty, np.arange(4500))
    assert both.signature().dtype == np.uint64
    assert repr(empty) == f"{kind.__name__}(size=1024)"
    texts = ["Ada", "Grace", ""]
    hashed = copy.deepcopy(empty)
    hashed.add_hashes(hash_items(texts))
    assert hashed == filled(empty, texts) == filled(empty, np.array(texts))
    with pytest.raises(TypeError):
        hash(one)


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_other_sketches_and_foreign_bytes(kind):
    name = kind.__name__
    with pytest.raises(ValueError, match=rf"{name}\.merge: size of other must be that of this sketch, got 128"):
        kind(64).merge(kind(128))
    with pytest.raises(ValueError, match=rf"{name}\.similarity: other must have the hasher xxh3"):
        kind(64).similarity(kind(64, Hasher("wyhash", 1)))
    with pytest.raises(ValueError, match=f"{name}: (size|bits) must be an integer in"):
        kind(0)
    with pytest.raises(ValueError, match=f"{name}: at byte 0: expected the letters Q"):
        kind.decode(bytes(40))


def test_a_few_bits_of_each_hash():
    one, other = filled(MinHash(512), np.arange(300)), filled(MinHash(512), np.arange(100, 400))
    small, like = one.compressed(2), other.compressed(2)
    assert small.similarity(like) == pytest.approx(0.5, abs=0.12)
    assert small.bytes_used == one.bytes_used // 32
    assert pickle.loads(pickle.dumps(small)) == BBitMinHash.decode(small.encode()) == small != like
    with pytest.raises(ValueError, match=r"MinHash\.compressed: bits must be an integer in \[1, 32\], got 0"):
        one.compressed(0)


def test_signatures_of_many_sets():
    sets = [["a", "b", "c"], ["b", "c", "d"], [], np.arange(10)]
    rows = minhash_signatures(sets, 64, Hasher("wyhash", 3))
    assert rows.shape == (4, 64)
    for row, items in zip(rows, sets, strict=True):
        assert row.tolist() == filled(MinHash(64, Hasher("wyhash", 3)), items).signature().tolist()
    numbers = np.arange(20).reshape(4, 5)
    assert (minhash_signatures(numbers, 32) == minhash_signatures(numbers.tolist(), 32)).all()
    with pytest.raises(TypeError, match=r"minhash_signatures: sets\[1\]\[0\] must be an integer, a float.* got None"):
        minhash_signatures([["a"], [None]])
    with pytest.raises((TypeError, ValueError), match=r"minhash_signatures: sets"):
        minhash_signatures("abc")


def test_weights():
    one, other = WeightedMinHash(1024), WeightedMinHash(1024)
    one.add(["lace", "thread"], [2, 1])
    other.add("lace", 3)
    other.add(np.array(["thread"]), np.array([1.0]))
    similarity = one.similarity(other)
    assert similarity.low < 0.75 < similarity.high
    hashed = WeightedMinHash(1024)
    hashed.add_hashes(hash_items(["lace", "thread"]), [2, 1])
    assert hashed == one == pickle.loads(pickle.dumps(one))
    one.merge(other)
    assert one == other
    with pytest.raises(ValueError, match=r"WeightedMinHash\.add: weights must be finite and >= 0, got -1"):
        one.add(["a"], [-1])
    with pytest.raises(ValueError, match=r"WeightedMinHash\.add: number of weights must be that of the items, got 1"):
        one.add(["a", "b"], [1])


def test_an_index_finds_sets_alike():
    sets = np.arange(2000)[:, None] * 50 + np.arange(60)  # each shares 10 of 60 items with the next
    signatures = minhash_signatures(sets, 128)
    near = sets.copy()
    near[:, :5] += 10_000_000  # 55 of 65 items in common
    index = LshIndex(32, 4)
    index.add(np.arange(2000), signatures)
    found = index.query(minhash_signatures(near, 128))
    assert np.mean([key in keys for key, keys in enumerate(found)]) == pytest.approx(
        lsh_probability(55 / 65, 32, 4), abs=0.01
    )
    assert np.mean([len(keys) for keys in found]) < 2
    assert index.query(signatures[7]).tolist() == found[7].tolist()
    other = LshIndex(32, 4)
    other.add(2**63 + 1, signatures[0])
    index.merge(other)
    assert 2**63 + 1 in index.query(signatures[0])
    assert pickle.loads(pickle.dumps(index)) == index == LshIndex.decode(index.encode())
    index.remove(0)
    assert index.size == 2000
    assert not index.contains(0)
    assert 0 not in index.query(signatures[0])


def test_an_index_refuses():
    index = LshIndex(4, 2)
    index.add(1, np.arange(8))
    with pytest.raises(ValueError, match=r"LshIndex\.add: key must be one that is not there, got 1"):
        index.add(1, np.arange(8))
    with pytest.raises(ValueError, match=r"LshIndex\.remove: key must be one that is there, got 2"):
        index.remove(2)
    with pytest.raises(ValueError, match=r"LshIndex\.query: signatures must be of at least bands \* rows = 8 values"):
        index.query(np.arange(7))
    with pytest.raises(TypeError, match=r"LshIndex\.query: signatures must be an array of 64-bit integers"):
        index.query(np.arange(8.0))
    with pytest.raises(ValueError, match=r"LshIndex\.add: keys must be as many keys as signatures"):
        index.add([2, 3], np.arange(8).reshape(1, 8))
    with pytest.raises(ValueError, match="LshIndex: at byte 0: expected the letters QLSH"):
        LshIndex.decode(bytes(20))
    assert index.keys().tolist() == [1]


def test_probability_and_threshold_of_an_index():
    rows = golden.read("sketches/lsh.csv")
    columns = [
        np.array(rows[name], float) for name in ("similarity", "bands", "rows", "lsh_probability", "lsh_threshold")
    ]
    similarity, bands, places, probability, threshold = columns
    np.testing.assert_allclose(lsh_probability(similarity, bands, places), probability, rtol=1e-13)
    np.testing.assert_allclose(lsh_threshold(bands, places), threshold, rtol=1e-13)
    with pytest.raises(ValueError, match=r"lsh_probability: similarity must be in \[0, 1\], got 2"):
        lsh_probability(2, 3, 4)
