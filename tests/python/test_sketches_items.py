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

from qsm.sketches import Hasher, HyperLogLog, hash_items

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
