"""Sketches of items from Python: what an item is, arrays without a loop, bytes of other programs, pickles, messages."""

from __future__ import annotations

import copy
import pickle
import shutil
import socket
import subprocess
import time

import golden
import numpy as np
import pytest

from qsm.sketches import (
    BlockedBloomFilter,
    BloomFilter,
    CountMin,
    Hasher,
    HeavyKeeper,
    HyperLogLog,
    SpaceSaving,
    blocked_bloom_rate,
    bloom_rate,
    bloom_size,
    hash_items,
)

TEXTS = ["a", "", "Ünïcödé", "水", "\U0001f600", "x" * 300]


def hashed(items, hasher=None):
    return np.asarray(hash_items(items, hasher or Hasher())).tolist()


@pytest.mark.parametrize("function", ["xxh3", "xxhash64", "murmur3", "murmur64a", "wyhash", "siphash", "redis"])
def test_texts_are_their_utf8_however_they_come(function):
    hasher = Hasher(function, 7)
    one_by_one = [hash_items(text, hasher) for text in TEXTS]
    utf8 = [text.encode() for text in TEXTS]
    for items in (TEXTS, tuple(TEXTS), utf8, np.array(TEXTS), np.array(TEXTS, ">U300"), np.array(TEXTS, object)):
        assert hashed(items, hasher) == one_by_one
    assert hashed(np.array(utf8), hasher) == one_by_one
    assert hashed([bytearray(text) for text in utf8], hasher) == one_by_one
    assert hashed(np.array(TEXTS, np.dtypes.StringDType()), hasher) == one_by_one


def test_integers_are_their_64_bits_however_they_come():
    values = [0, 1, -1, 2**63 - 1, -(2**63)]
    one_by_one = [hash_items(value) for value in values]
    assert hashed(values) == hashed(np.array(values)) == hashed(np.array(values)[::-1])[::-1] == one_by_one
    assert hashed([np.int64(-1), np.uint8(1)]) == [one_by_one[2], one_by_one[1]]
    assert hashed(np.array([255], np.uint8)) == hashed([255])
    assert hashed(np.array([-1], np.int8)) == hashed([2**64 - 1]) == [one_by_one[2]]
    assert hash_items(np.arange(6).reshape(2, 3)).shape == (2, 3)
    assert hash_items(np.int32(5)) == hash_items(5) != hash_items("5") != hash_items(5.0)


def test_floats_are_their_bits_but_for_zeros_and_nan():
    assert hash_items(-0.0) == hash_items(0.0)
    nan = np.array([0x7FF8000000000000, 0xFFF0000000000001], np.uint64).view(float)
    assert len(set(hashed(nan) + hashed([float("nan")]))) == 1
    assert hashed(np.array([1.5, 2.5], np.float32)) == hashed([1.5, 2.5]) == hashed(np.array([1.5, 2.5]))


def test_arrow_columns_are_read():
    arrow = pytest.importorskip("pyarrow")
    for kind in (arrow.string(), arrow.large_string(), arrow.binary(), arrow.large_binary(), arrow.string_view()):
        column = arrow.array(TEXTS, arrow.string()).cast(kind)
        assert hashed(column) == hashed(TEXTS), kind
        assert hashed(column[2:]) == hashed(TEXTS[2:])
        assert hashed(arrow.chunked_array([column, column[1:]])) == hashed(TEXTS + TEXTS[1:])
    for kind in (arrow.int8(), arrow.uint16(), arrow.int64(), arrow.float64()):
        assert hashed(arrow.array([1, 2, 3], kind)[1:]) == hashed([2.0, 3.0] if kind == arrow.float64() else [2, 3])
    with pytest.raises(ValueError, match="a column without nulls"):
        hash_items(arrow.array(["a", None]))
    with pytest.raises(ValueError, match="a column of numbers, strings or bytes"):
        hash_items(arrow.array([[1], [2]]))


@pytest.mark.parametrize(
    "bad",
    [True, None, {1: 2}, [True], ["a", None], [[1]], 2**64, [-(2**63) - 1], 1j, np.array([True]), "\ud800", object()],
)
def test_refuses_what_is_no_item(bad):
    sketch = HyperLogLog()
    with pytest.raises((ValueError, TypeError), match=r"HyperLogLog\.add: items"):
        sketch.add(bad)
    assert sketch == HyperLogLog()


def test_messages_name_the_item():
    with pytest.raises(TypeError, match=r"HyperLogLog\.add: items\[1\] must be an integer, a float.* got None"):
        HyperLogLog().add(["a", None])
    with pytest.raises(ValueError, match=r"HyperLogLog: precision must be an integer in \[4, 21\], got 3"):
        HyperLogLog(3)
    with pytest.raises(
        ValueError, match=r"HyperLogLog\.merge: other must have the hasher xxh3 with seed 0, got wyhash"
    ):
        HyperLogLog().merge(HyperLogLog(14, Hasher("wyhash", 2)))
    with pytest.raises(ValueError, match=r"one of 'xxh3', .* got 'md5'"):
        Hasher("md5") and HyperLogLog(14, Hasher("md5"))
    with pytest.raises(ValueError, match="HyperLogLog: at byte 0: expected the letters QHLL"):
        HyperLogLog.decode(bytes(50))


def test_bytes_bring_a_hyperloglog_back():
    for items in (0, 100, 100_000):
        sketch = HyperLogLog(12, Hasher("siphash", 3))
        sketch.add(np.arange(items))
        for again in (pickle.loads(pickle.dumps(sketch)), copy.deepcopy(sketch), HyperLogLog.decode(sketch.encode())):
            assert again == sketch
            assert again.estimate() == sketch.estimate()
            assert again.hasher == sketch.hasher
            again.add("more")
            assert (again != sketch) or items > 1000
    with pytest.raises(TypeError):
        hash(sketch)


def test_a_hyperloglog_counts_and_merges():
    whole, left, right = HyperLogLog(), HyperLogLog(), HyperLogLog()
    whole.add(np.arange(300_000))
    left.add(np.arange(200_000))
    right.add_hashes(hash_items(np.arange(100_000, 300_000)))
    left.merge(right)
    assert left == whole
    assert left.estimate() == pytest.approx(300_000, rel=0.02)
    assert left.estimate("improved").method == "improved, 95 %"
    assert left.estimate().low < left.estimate() < left.estimate().high
    assert whole.relative_error() == pytest.approx(0.8325546 / 128, rel=1e-6)
    assert whole.registers().max() < 30
    assert whole.reduced(8).precision == 8


def test_agrees_with_redis():
    rows = golden.read("sketches/hyperloglog_redis.csv")
    for items, count, value in zip(rows["items"], rows["count"], rows["value"], strict=True):
        sketch = HyperLogLog(14, Hasher("redis", 0xADC83B19))
        sketch.add(np.arange(items, dtype=np.int64))
        assert round(sketch.estimate("improved")) == count
        texts = HyperLogLog(14, sketch.hasher)
        texts.add([str(i) for i in range(int(items))])
        assert texts == sketch == HyperLogLog.from_redis(sketch.to_redis())
        if value:
            assert HyperLogLog.from_redis(bytes.fromhex(value)) == sketch


def test_a_redis_server_takes_our_bytes():
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("no redis-server (Debian package redis-server)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def call(*words):
        """One command by the protocol RESP."""
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        message = b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
            connection.makefile("rb") as answer,
        ):
            connection.sendall(message)
            kind, rest = (line := answer.readline())[:1], line[1:-2]
            assert kind != b"-", rest
            return answer.read(int(rest)) if kind == b"$" else rest

    with subprocess.Popen([server, "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL) as process:
        try:
            for attempt in range(100):
                try:
                    call("PING")
                    break
                except OSError:
                    assert attempt < 99
                    time.sleep(0.05)
            for items in (0, 1, 300, 5000, 50_000):
                sketch = HyperLogLog(14, Hasher("redis", 0xADC83B19))
                sketch.add(np.arange(items))
                call("SET", "ours", sketch.to_redis())
                assert int(call("PFCOUNT", "ours")) == round(sketch.estimate("improved"))
                call("PFADD", "ours", "one more", "and another")
                sketch.add(["one more", "and another"])
                assert HyperLogLog.from_redis(call("GET", "ours")) == sketch
        finally:
            process.terminate()


def test_datasketches_takes_our_bytes():
    datasketches = pytest.importorskip("datasketches")
    for precision in (4, 8, 12):
        for items in (0, 3, 30, 1000, 50_000):
            sketch = HyperLogLog(precision, Hasher("datasketches", 9001))
            sketch.add(np.arange(items))
            theirs = datasketches.hll_sketch.deserialize(sketch.to_datasketches())
            assert theirs.get_estimate() == pytest.approx(sketch.estimate(), rel=1e-4)
            theirs.update("more")
            sketch.add("more")
            assert HyperLogLog.from_datasketches(theirs.serialize_compact()) == sketch


@pytest.mark.parametrize("make", [BloomFilter, BlockedBloomFilter])
def test_bloom_filters_hold_what_they_were_given(make):
    one, other = make(20_000, 0.01), make(20_000, 0.01)
    one.add(np.arange(10_000))
    other.add([f"user {i}" for i in range(10_000)])
    assert one.contains(np.arange(10_000).reshape(100, 100)).all()
    assert one.contains(np.arange(10_000).reshape(100, 100)).shape == (100, 100)
    assert 5 in one
    assert "user 5" in other
    assert isinstance(other.contains("user 5"), bool)
    assert one.contains(np.arange(10_000, 110_000)).mean() < 0.01
    one.merge(other)
    assert one.contains(["user 1", 1]).tolist() == [True, True]
    assert one.contains(np.arange(-100_000, 0)).mean() == pytest.approx(0.01, rel=0.3)
    assert one.rate == pytest.approx(0.01, rel=0.2)
    assert one.estimate() == pytest.approx(20_000, rel=0.02)
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert again.encode() == one.encode()
    again.reset()
    assert again == make(20_000, 0.01) != one
    with pytest.raises(TypeError, match=f"{make.__name__}.contains: items"):
        one.contains(None)
    with pytest.raises(TypeError, match="one item is needed"):
        assert [1, 2] in one
    with pytest.raises(ValueError, match=rf"{make.__name__}: rate must be in .*, got 2"):
        make(10, 2)


def test_bloom_filters_are_sized():
    rows = golden.read("sketches/bloom_rate.csv")
    rate = bloom_rate(rows["items"], rows["bits"], rows["hashes"])
    assert rate == pytest.approx(rows["rate"], rel=1e-6, abs=1e-300)
    size = bloom_size(items=1e6, rate=0.01)
    assert (size.bits, size.hashes) == (9585059, 7)
    assert size.textbook_rate < size.rate < 1.01 * size.textbook_rate
    assert BloomFilter(1e6, 0.01).bits == size.bits
    assert BloomFilter.of_size(1000, 3).hashes == 3
    assert blocked_bloom_rate([8, 10, 12]).tolist() == sorted(blocked_bloom_rate([8, 10, 12]), reverse=True)
    with pytest.raises(ValueError, match="bloom_size: number of arguments must be two or three, got 1"):
        bloom_size(items=1)


def test_count_min_counts_items():
    sketch, careful = CountMin(0.001, 0.99), CountMin(0.001, 0.99, conservative=True)
    items = np.random.default_rng(1).zipf(1.3, 50_000) % 10_000
    for each in (sketch, careful):
        each.add(items)
        each.add(["a", "b", "a"])
    unlike, truth = np.unique(items, return_counts=True)
    assert (sketch.count(unlike) >= careful.count(unlike)).all()
    assert (careful.count(unlike) >= truth).all()
    assert (sketch.count(unlike) - truth <= sketch.error * sketch.total).mean() > 0.99
    answer = careful.count("a")
    assert answer.low <= 2 <= answer == answer.high
    assert sketch.total == 50_003
    assert (sketch.width, sketch.rows, careful.conservative) == (2719, 5, True)
    again = pickle.loads(pickle.dumps(careful))
    assert again == careful != sketch
    again.merge(careful)
    assert again.count("a") >= 4
    with pytest.raises(ValueError, match=r"CountMin\.merge: conservative of other must be that of this sketch, got 0"):
        again.merge(sketch)
    with pytest.raises(TypeError, match=r"CountMin\.count: items"):
        sketch.count(None)


def test_space_saving_finds_the_most_frequent():
    sketch = SpaceSaving(200)
    items = np.random.default_rng(1).zipf(1.3, 50_000) % 10_000
    sketch.add(items.reshape(100, 500))
    unlike, truth = np.unique(items, return_counts=True)
    assert (sketch.count(unlike) >= truth).all()
    exact = dict(zip(unlike.tolist(), truth.tolist(), strict=True))
    top = sketch.top(200)
    assert len(top) == 200
    assert all(count.low <= exact[item] <= count == count.high for item, count in top)
    assert {item for item, number in exact.items() if number > sketch.total / 200} <= {item for item, _ in top}
    assert [item for item, _ in top[:5]] == unlike[np.argsort(-truth)][:5].tolist()
    assert sketch.error <= sketch.total / sketch.capacity
    again = pickle.loads(pickle.dumps(sketch))
    assert again == sketch
    assert again.top(200) == top
    again.merge(sketch)
    assert again.count(int(unlike[0])).low <= 2 * truth[0] <= again.count(int(unlike[0]))
    assert repr(sketch) == "SpaceSaving(200) of 50000 items"


def test_space_saving_tells_items_however_they_come():
    lots = [TEXTS, tuple(TEXTS), np.array(TEXTS), np.array(TEXTS, object), np.array(TEXTS, np.dtypes.StringDType())]
    lots += [iter(TEXTS), set(TEXTS), [text.encode() for text in TEXTS], [bytearray(text.encode()) for text in TEXTS]]
    for items in lots:
        sketch = SpaceSaving(10)
        sketch.add(items)
        assert {item for item, _ in sketch.top()} == set(TEXTS)
    for items in ([-1, 2.5, np.int64(7), b"\xff", "a"], np.array([-1, 2.5]), np.array([2**64 - 1], np.uint64), 5):
        sketch = SpaceSaving(10)
        sketch.add(items)
        assert {item for item, _ in sketch.top()} <= {-1, 2.5, 7, b"\xff", "a", 5}
        for item, count in sketch.top():
            assert sketch.count(item) == count == 1
    sketch = SpaceSaving(10)
    sketch.add_hashes(hash_items(["a", "b"]))
    assert {item for item, _ in sketch.top()} == set(hashed(["a", "b"]))
    sketch.add(["a"])
    assert sketch.top(1) == [("a", sketch.count("a"))]
    assert sketch.top(0) == []


def test_space_saving_reads_columns():
    arrow = pytest.importorskip("pyarrow")
    for column in (arrow.array(TEXTS), arrow.chunked_array([TEXTS[:2], TEXTS[2:]]), arrow.array([1, 2, 3])):
        sketch = SpaceSaving(10)
        sketch.add(column)
        assert {item for item, _ in sketch.top()} == set(column.to_pylist())


def test_space_saving_refuses():
    with pytest.raises(ValueError, match=r"SpaceSaving: capacity must be an integer in \[1, 2\^28\], got 0"):
        SpaceSaving(0)
    sketch = SpaceSaving(10)
    for bad in (None, ["a", None], {1: 2}, [2**64]):
        with pytest.raises((ValueError, TypeError), match=r"SpaceSaving\.add: items"):
            sketch.add(bad)
    assert sketch == SpaceSaving(10)
    with pytest.raises(ValueError, match=r"SpaceSaving\.merge: capacity of other must be that of this sketch, got 11"):
        sketch.merge(SpaceSaving(11))
    with pytest.raises(ValueError, match=r"SpaceSaving\.top: number"):
        sketch.top(-1)
    with pytest.raises(ValueError, match="SpaceSaving: at byte 0: expected the letters QSSV"):
        SpaceSaving.decode(bytes(50))


def test_heavy_keeper_finds_the_most_frequent_without_bounds():
    sketch = HeavyKeeper(50, 512)
    items = np.random.default_rng(1).zipf(1.3, 50_000) % 10_000
    sketch.add(items.reshape(100, 500))
    unlike, truth = np.unique(items, return_counts=True)
    assert (sketch.count(unlike) <= truth).all()
    exact = dict(zip(unlike.tolist(), truth.tolist(), strict=True))
    top = sketch.top(50)
    assert [item for item, _ in top[:5]] == unlike[np.argsort(-truth)][:5].tolist()
    assert all(0.9 * exact[item] < count <= exact[item] for item, count in top[:20])
    assert (top[0][1].low, top[0][1].high, top[0][1].method) == (0, 50_000, "heavy keeper, no bound")
    again = pickle.loads(pickle.dumps(sketch))
    assert again == sketch
    again.merge(sketch)
    assert (again.total, again.width, again.rows) == (100_000, 512, 2)
    assert repr(sketch) == "HeavyKeeper(50) of 50000 items"
    texts = HeavyKeeper(10)
    texts.add([*TEXTS, "a"])
    assert texts.top(1)[0][0] == "a"
    with pytest.raises(ValueError, match=r"HeavyKeeper: rows must be an integer in \[1, 16\], got 17"):
        HeavyKeeper(10, 10, 17)
    with pytest.raises(ValueError, match=r"HeavyKeeper\.merge: width of other must be that of this sketch, got 20"):
        texts.merge(HeavyKeeper(10, 20))
