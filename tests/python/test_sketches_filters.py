"""Filters from Python: made of arrays and texts, asked without a loop, bytes in place, bytes of other programs."""

from __future__ import annotations

import mmap
import pickle
import struct

import golden
import numpy as np
import pytest

from qsm.sketches import (
    BinaryFuseFilter,
    BlockedBloomFilter,
    BloomFilter,
    CountingBloomFilter,
    CuckooFilter,
    Hasher,
    QuotientFilter,
    RibbonFilter,
    ScalableBloomFilter,
    XorFilter,
    hash_items,
)

BUILT = [BinaryFuseFilter, XorFilter, RibbonFilter]
FORGET = [CountingBloomFilter, CuckooFilter, QuotientFilter]
FED = [BloomFilter, BlockedBloomFilter, ScalableBloomFilter, *FORGET]


def fed(make):
    """A filter of 0, 1, ... 9999, of whatever kind."""
    if make in BUILT:
        return make(np.arange(10_000))
    one = make(10_000)
    one.add(np.arange(10_000))
    return one


@pytest.mark.parametrize("make", [*FED, *BUILT])
def test_a_view_answers_from_bytes_in_place(make, tmp_path):
    one = fed(make)
    written = one.encode()
    path = tmp_path / "filter"
    path.write_bytes(written)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        view = make.view(mapped, check=False)
        assert view.bytes_used == 0 < one.bytes_used
        assert view.contains(np.arange(10_000)).all()
        assert (view.contains(np.arange(10**6, 10**6 + 5000)) == one.contains(np.arange(10**6, 10**6 + 5000))).all()
        assert view == one
        with pytest.raises(BufferError):
            mapped.close()  # while the view looks at it
        again = pickle.loads(pickle.dumps(view))
        del view
    assert again == one
    array = np.frombuffer(written, np.uint8)
    view = make.view(array)
    del array
    assert view == one
    with pytest.raises(ValueError, match="must lie without gaps"):
        make.view(np.frombuffer(written, np.uint8)[::2])
    damaged = bytearray(written)
    damaged[-20] ^= 1
    with pytest.raises(ValueError, match="the checksum of the bytes before"):
        make.view(damaged)
    assert make.view(damaged, check=False) is not None
    with pytest.raises(ValueError, match=rf"{make.__name__}: at byte"):
        make.view(written[:-9], check=False)


def test_a_view_that_is_changed_leaves_the_bytes_alone():
    one = fed(BloomFilter)
    written = bytearray(one.encode())
    view = BloomFilter.view(written)
    view.add("more")
    assert "more" in view
    assert view.bytes_used > 0
    assert written == one.encode()


@pytest.mark.parametrize("make", BUILT)
@pytest.mark.parametrize("bits", [8, 16])
def test_filters_that_are_made_once(make, bits):
    items = np.concatenate([np.arange(50_000), np.arange(1000)])
    one = make(items, bits)
    assert (one.items, one.bits, one.rate) == (50_000, bits, 2.0**-bits)
    assert one.contains(items.reshape(51, 1000)).all()
    assert one.contains(items.reshape(51, 1000)).shape == (51, 1000)
    found = one.contains(np.arange(10**9, 10**9 + 400_000)).mean()
    assert found == pytest.approx(one.rate, abs=4 * (one.rate / 400_000) ** 0.5)
    assert 8 * one.bytes_used / one.items < 1.26 * bits
    assert make.of_hashes(hash_items(items), bits) == one
    assert one.contains_hashes(hash_items(items)).all()
    assert pickle.loads(pickle.dumps(one)) == one
    assert repr(one) == f"{make.__name__} of {one.bytes_used} bytes, about 50000 items"
    texts = make(["Ada", "Alan", "Ünï"], bits, Hasher("wyhash", 3))
    assert "Ada" in texts
    assert texts.contains("Ünï".encode())
    assert texts.hasher == Hasher("wyhash", 3)
    with pytest.raises(TypeError, match=rf"{make.__name__}\.merge: a filter that is made once cannot be merged"):
        one.merge(one)
    with pytest.raises(ValueError, match=rf"{make.__name__}: bits must be .*, got 19"):
        make([1], 19)
    with pytest.raises(TypeError, match=rf"{make.__name__}: items"):
        make(None)
    with pytest.raises(TypeError, match=rf"{make.__name__}: hasher"):
        make([1], 8, "xxh3")


def murmur_of(key: int, seed: int) -> int:
    mask = 2**64 - 1
    key = (key + seed) & mask
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        key = (key ^ key >> 33) * factor & mask
    return key ^ key >> 33


def reference_contains(written: bytes, key: int, bits: int) -> bool:
    """Twin: how the C header looks a key up in the bytes of a binary fuse filter."""
    seed, _, length, _, firsts, _ = struct.unpack_from("<QIIIII", written)
    table = np.frombuffer(written, np.uint8 if bits == 8 else np.uint16, offset=28)
    mixed = murmur_of(key, seed)
    first = mixed * firsts >> 64
    places = first, (first + length) ^ (mixed >> 18 & length - 1), (first + 2 * length) ^ (mixed & length - 1)
    own = (mixed ^ mixed >> 32) & (2**bits - 1)
    return int(table[places[0]] ^ table[places[1]] ^ table[places[2]]) == own


@pytest.mark.parametrize("bits", [8, 16])
def test_the_reference_header_reads_our_bytes(bits):
    keys = np.arange(3000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    one = BinaryFuseFilter.of_hashes(keys, bits)
    written = one.to_xor_singleheader()
    assert all(reference_contains(written, int(key), bits) for key in keys)
    others = np.arange(2000, dtype=np.uint64)
    theirs = [reference_contains(written, int(key), bits) for key in others]
    assert one.contains_hashes(others).tolist() == theirs
    assert BinaryFuseFilter.from_xor_singleheader(written, bits) == one


def test_bytes_of_the_reference_header():
    rows = golden.read("sketches/xor_singleheader.csv")
    for kind, bits, items, written in zip(rows["kind"], rows["bits"], rows["items"], rows["bytes"], strict=True):
        make = XorFilter if kind == "xor" else BinaryFuseFilter
        one = make.from_xor_singleheader(bytes.fromhex(str(written)), int(bits))
        assert abs(one.items - items) <= 3
        assert one.to_xor_singleheader().hex() == written
        with pytest.raises(ValueError, match=rf"{make.__name__}.from_xor_singleheader: at byte"):
            make.from_xor_singleheader(bytes.fromhex(str(written))[:-1], int(bits))


@pytest.mark.parametrize("make", FORGET)
def test_filters_that_forget(make):
    one, other = make(5000), make(5000)
    one.add(np.arange(2000))
    other.add([f"user {i}" for i in range(2000)])
    one.merge(other)
    assert one.contains(["user 7", 7]).tolist() == [True, True]
    assert one.estimate() == pytest.approx(4000, rel=0.02)
    assert one.remove(np.arange(2000).reshape(20, 100)).shape == (20, 100)
    assert one.remove("user 7") is True
    assert one.remove("user 7") is False
    assert one.contains(np.arange(2000)).mean() < 0.01
    assert one.contains([f"user {i}" for i in range(7)]).all()
    assert pickle.loads(pickle.dumps(one)) == one
    one.reset()
    assert one == make(5000)
    with pytest.raises(TypeError, match=rf"{make.__name__}\.remove: items"):
        one.remove(None)
    with pytest.raises(ValueError, match=rf"{make.__name__}: items must be in"):
        make(0)


def test_a_full_cuckoo_filter_refuses():
    one = CuckooFilter(100, 8)
    with pytest.raises(ValueError, match=r"CuckooFilter\.add: no place for an item, \d+ of 116 places are taken"):
        one.add(np.arange(200))
    assert one.items > 90
    assert one.contains(np.arange(one.items)).all()
    with pytest.raises(ValueError, match=r"CuckooFilter\.merge: bits of other must be that of this filter, got 16"):
        one.merge(CuckooFilter(100, 16))


def test_a_counting_filter_tells_when_it_can_no_longer_forget():
    one = CountingBloomFilter(100)
    one.add(["often"] * 20)
    assert one.saturated == one.counters_set > 0
    assert all(one.remove(["often"] * 20))
    assert "often" in one


def ribbon_contains(written: bytes, key: int) -> bool:
    """Twin: a plain reader of a ribbon filter's bytes."""
    mask = 2**64 - 1

    def splitmix(x: int) -> int:
        x = (x + 0x9E3779B97F4A7C15) & mask
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & mask
        x = (x ^ x >> 27) * 0x94D049BB133111EB & mask
        return x ^ x >> 31

    bits, _, seed, layers = struct.unpack_from("<BQQB", written, 14)
    all_rows = struct.unpack_from(f"<{layers}Q", written, 32)
    at = -(-(32 + 8 * layers) // 64) * 64
    for layer, rows in enumerate(all_rows):
        last = layer == layers - 1
        mixed = murmur_of(key, splitmix(layer + (seed << 8 if last else 0)))
        start = mixed * (rows - 64) >> 64
        buckets = -(-rows // 128)
        blocks = at + -(-buckets // 32) * 8
        bumped = (0, 20, 44, 128)[written[at + start // 128 // 4] >> start // 128 % 4 * 2 & 3]
        if last or start % 128 >= bumped:
            row = [
                sum(
                    struct.unpack_from("<Q", written, blocks + (line // 64 * bits + bit) * 8)[0] >> line % 64 & 1
                    for line in range(start, start + 64)
                    if (splitmix(mixed) | 1) >> (line - start) & 1
                )
                & 1
                for bit in range(bits)
            ]
            return sum(one << bit for bit, one in enumerate(row)) == mixed & (2**bits - 1)
        at = blocks + rows // 8 * bits
    raise AssertionError


@pytest.mark.parametrize("bits", [3, 8])
def test_another_reader_of_ribbons(bits):
    keys = np.arange(3000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    one = RibbonFilter.of_hashes(keys, bits)
    written = one.encode()
    assert all(ribbon_contains(written, int(key)) for key in keys[:800])
    others = np.arange(1, 801, dtype=np.uint64)
    assert one.contains_hashes(others).tolist() == [ribbon_contains(written, int(key)) for key in others]


def test_a_quotient_filter_grows_without_its_items():
    one = QuotientFilter(1000, 0.01)
    one.add(np.arange(one.capacity))
    with pytest.raises(ValueError, match=r"QuotientFilter\.add: no room, 1945 of 1945 items are in and 1 more"):
        one.add("more")
    rate, bits = one.rate, one.quotient_bits + one.remainder_bits
    one.resize(one.quotient_bits + 2)
    one.add("more")
    assert (one.quotient_bits + one.remainder_bits, one.slots) == (bits, 8192)
    assert one.rate == pytest.approx(rate, rel=0.001)
    assert one.contains(np.arange(1945)).all()
    assert one.items == 1946
    with pytest.raises(ValueError, match=r"QuotientFilter\.resize: quotient_bits must be an integer in \[3, 40\]"):
        one.resize(99)


def test_a_scalable_filter_needs_no_size():
    one = ScalableBloomFilter(100, 0.01, 0.8)
    for _ in range(2):  # the second time nothing is new
        one.add(np.arange(50_000))
    assert one.stages == 9
    assert 49_000 < one.items <= 50_000
    assert one.contains(np.arange(50_000)).all()
    assert one.contains(np.arange(10**9, 10**9 + 100_000)).mean() < 0.011
    assert one.rate < 0.011
    with pytest.raises(ValueError, match=r"ScalableBloomFilter: tightening must be in \[0\.1, 0\.95\], got 2"):
        ScalableBloomFilter(100, 0.01, 2)
