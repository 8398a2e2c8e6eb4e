"""HdrHistogram from Python: golden rows of the Python package, wire bytes, logs, hostile input."""

from __future__ import annotations

import base64
import contextlib
import copy
import pickle
import random
import zlib

import golden
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsm
from qsm.sketches import HdrHistogram, HdrInterval, read_hdr_log, write_hdr_log

# 10,000 x 1000 and 100,000,000 as HdrHistogram_c writes them.
LOG = "HISTFAAAACl4nJNpmSzMwMDAyQABzFCaEURcm7yEwf4DROA8/4I5jNM7mJgAjtkHzg=="


def hiccup() -> HdrHistogram:
    histogram = HdrHistogram()
    histogram.record(1000, 10_000)
    histogram.record(100_000_000)
    return histogram


def test_agrees_with_the_python_package():
    rows = golden.read("sketches/hdr_histogram.csv")
    for i in range(len(rows["lowest"])):
        row = {name: column[i] for name, column in rows.items()}
        histogram = HdrHistogram(int(row["lowest"]), int(row["highest"]), int(row["digits"]))
        for entry in str(row["values"]).split():
            value, count = map(int, entry.split("x"))
            histogram.record_corrected(value, int(row["interval"]), count)
        assert histogram.count == row["count"]
        assert histogram.mean == pytest.approx(row["mean"], rel=1e-12)
        assert histogram.standard_deviation == pytest.approx(row["standard_deviation"], rel=1e-9)
        for percentile in ("0", "25", "50", "75", "90", "99", "99.9", "99.99", "100"):
            assert float(histogram.value_at_percentile(float(percentile))) == row[f"p{percentile}"]
            assert float(histogram.quantile(float(percentile) / 100)) == row[f"p{percentile}"]
        payload = bytes.fromhex(str(row["payload"]))
        assert histogram.encode(compressed=False) == payload
        assert HdrHistogram.decode(payload) == histogram
        wire = histogram.encode()
        assert zlib.decompress(wire[8:]) == payload
        assert HdrHistogram.decode(wire) == histogram


def test_reads_what_the_c_program_wrote():
    assert HdrHistogram.decode(base64.b64decode(LOG)) == hiccup()


def test_records_arrays_as_it_records_values():
    values = np.random.default_rng(1).integers(0, 10**6, 1000)
    one, other, floats = HdrHistogram(), HdrHistogram(), HdrHistogram()
    one.record(values)
    floats.record(values.astype(float))
    for value in values.tolist():
        other.record(value)
    assert one == other == floats
    probabilities = np.array([[0.1, 0.5], [0.9, 1.0]])
    found = one.quantile(probabilities)
    assert found.dtype == np.int64
    assert found.tolist() == [[one.quantile(p) for p in row] for row in probabilities.tolist()]
    assert sum(bucket.number for bucket in one.buckets()) == 1000
    one.record([1, 2], 3)
    assert one.count == 1006


@given(st.lists(st.integers(0, 3_600_000_000), min_size=1), st.integers(0, 5))
def test_bytes_hold_everything(values, digits):
    histogram = HdrHistogram(1, 3_600_000_000, digits)
    histogram.record(values)
    again = pickle.loads(pickle.dumps(histogram))
    assert again == histogram == copy.deepcopy(histogram)
    assert repr(again) == repr(histogram)
    rank = sorted(values)[(len(values) + 1) // 2 - 1]
    assert rank <= histogram.quantile(0.5) <= rank * (1 + 10**-digits) + 1


def test_pickles_whether_it_may_grow():
    histogram = HdrHistogram(1, 2, 3, True)
    histogram.record(10**12)
    assert pickle.loads(pickle.dumps(histogram)).auto_resize
    with pytest.raises(TypeError):
        hash(histogram)


@pytest.mark.parametrize("bad", [True, "1", None, 1.5, -1, 2**63, [1, -2], [0.5], [[True]], ["a"], float("nan")])
def test_refuses_what_is_no_value(bad):
    histogram = HdrHistogram()
    with pytest.raises((ValueError, TypeError), match=r"HdrHistogram\.record"):
        histogram.record(bad)
    assert histogram.count == 0


def test_messages_name_what_is_wrong():
    with pytest.raises(ValueError, match=r"highest must be an integer >= 2 lowest, got 15"):
        HdrHistogram(10, 15)
    with pytest.raises(ValueError, match=r"in \[0, 1\], got 1.5"):
        hiccup().quantile(1.5)
    with pytest.raises(ValueError, match="HdrHistogram: at byte 0: expected the cookie"):
        HdrHistogram.decode(bytes(50))
    with pytest.raises(ValueError, match="older version"):
        HdrHistogram.decode(bytes.fromhex("1c849301") + bytes(50))


def test_hostile_bytes_cost_an_error_and_nothing_else():
    wire = hiccup().encode()
    for size in range(len(wire)):
        with pytest.raises(ValueError, match="HdrHistogram: at byte"):
            HdrHistogram.decode(wire[:size])
    bomb = zlib.compress(bytes(300_000_000), 9)
    with pytest.raises(ValueError, match="whole zlib stream"):
        HdrHistogram.decode(bytes.fromhex("1c849314") + len(bomb).to_bytes(4, "big") + bomb)
    draw = random.Random(1)
    for _ in range(3000):
        bad = bytearray(wire)
        for _ in range(draw.randint(1, 4)):
            bad[draw.randrange(len(bad))] = draw.randrange(256)
        with contextlib.suppress(ValueError):
            HdrHistogram.decode(bytes(bad)).encode()


def test_logs_are_read_as_written(tmp_path):
    path = tmp_path / "a.hlog"
    intervals = [HdrInterval(1_700_000_000.25 + i, 1.0, hiccup(), tag="a" if i else "") for i in range(3)]
    write_hdr_log(path, intervals)
    again = read_hdr_log(path)
    assert [x.start for x in again] == [1_700_000_000.25, 1_700_000_001.25, 1_700_000_002.25]
    assert [x.tag for x in again] == ["", "a", "a"]
    assert all(x.histogram == hiccup() for x in again)
    assert again[0].maximum == pytest.approx(hiccup().max / 1e6, abs=1e-3)
    assert again == read_hdr_log(path)


def test_intervals_are_values():
    one, same = HdrInterval(5, 1.0, hiccup()), HdrInterval(5, 1.0, hiccup())
    assert one == same
    assert hash(one) == hash(same)
    assert pickle.loads(pickle.dumps(one)) == one
    changed = hiccup()
    changed.record(7)
    others = [HdrInterval(5, 1.0, changed), HdrInterval(5, 1.0, hiccup(), 3.0), HdrInterval(5, 1.0, hiccup(), tag="a")]
    assert all(other != one for other in others)
    assert one != 5
    same.histogram.record(7)
    assert one != same


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,2,3", "expected start, duration, maximum and histogram"),
        ("a,1,2," + LOG, "expected three numbers"),
        ("1,-1,2," + LOG, "a duration >= 0"),
        ("1,1,2,HIST", "expected a histogram"),
        ("1,1,2,!!", "base64"),
        ("Tag=x,1,1,2," + LOG[:-8], "expected a histogram"),
        ("#[StartTime: 1.1.1 (seconds since epoch)", "expected a time"),
    ],
)
def test_malformed_logs_name_file_and_line(tmp_path, line, message):
    path = tmp_path / "bad.hlog"
    path.write_text(f"#[Histogram log format version 1.3]\n0,1,2,{LOG}\n{line}\n")
    with pytest.raises(ValueError, match=message) as error:
        read_hdr_log(path)
    assert "bad.hlog:3" in str(error.value)


def test_is_reached_from_latency():
    assert qsm.latency.HdrHistogram is HdrHistogram
    law = qsm.latency.from_hdr(hiccup())
    assert law.quantile(0.5) == pytest.approx(0.0010005, abs=6e-7)
    assert qsm.latency.quantile_bounds(law, 1).high >= 100
