"""Sketches: summaries of many values that stay small and can be merged."""

from __future__ import annotations

import base64
import binascii
import math
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from qsm._core.sketches import (
    BBitMinHash,
    BinaryFuseFilter,
    BlockedBloomFilter,
    BloomFilter,
    BloomSize,
    Centroid,
    CountingBloomFilter,
    CountMin,
    CountSketch,
    CuckooFilter,
    DDSketch,
    ExactQuantiles,
    ExaLogLog,
    GkSketch,
    Hasher,
    HdrBucket,
    HdrHistogram,
    HeavyKeeper,
    HyperLogLog,
    KllSketch,
    LinearCounter,
    LshIndex,
    MinHash,
    MisraGries,
    OnePermutationMinHash,
    QuotientFilter,
    ReqSketch,
    Reservoir,
    RibbonFilter,
    ScalableBloomFilter,
    SimHash,
    SpaceSaving,
    SuperMinHash,
    TDigest,
    ThetaSketch,
    UltraLogLog,
    WeightedMinHash,
    XorFilter,
    blocked_bloom_rate,
    bloom_rate,
    bloom_size,
    hash_items,
    lsh_probability,
    lsh_threshold,
    minhash_signatures,
    tdigest_fraction,
    tdigest_scale,
)

__all__ = [
    "BBitMinHash",
    "BinaryFuseFilter",
    "BlockedBloomFilter",
    "BloomFilter",
    "BloomSize",
    "Centroid",
    "CountMin",
    "CountSketch",
    "CountingBloomFilter",
    "CuckooFilter",
    "DDSketch",
    "ExaLogLog",
    "ExactQuantiles",
    "GkSketch",
    "Hasher",
    "HdrBucket",
    "HdrHistogram",
    "HdrInterval",
    "HeavyKeeper",
    "HyperLogLog",
    "KllSketch",
    "LinearCounter",
    "LshIndex",
    "MinHash",
    "MisraGries",
    "OnePermutationMinHash",
    "QuotientFilter",
    "ReqSketch",
    "Reservoir",
    "RibbonFilter",
    "ScalableBloomFilter",
    "SimHash",
    "SpaceSaving",
    "SuperMinHash",
    "TDigest",
    "ThetaSketch",
    "UltraLogLog",
    "WeightedMinHash",
    "XorFilter",
    "blocked_bloom_rate",
    "bloom_rate",
    "bloom_size",
    "hash_items",
    "lsh_probability",
    "lsh_threshold",
    "minhash_signatures",
    "read_hdr_log",
    "tdigest_fraction",
    "tdigest_scale",
    "write_hdr_log",
]


@dataclass(frozen=True, eq=False)
class HdrInterval:
    """One line of a histogram log: what was recorded from `start` for `duration`.

    `start` is in seconds since 1970 where the log says when it began, else as the line has it; `maximum` is in the unit
    of the log, mostly milliseconds, and belongs to the reader's eye: the histogram has its own. Intervals are equal where
    all of this is, histograms by what they hold.
    """

    start: float  # [s]
    duration: float  # [s]
    histogram: HdrHistogram
    maximum: float = math.nan
    tag: str = ""

    def _line(self) -> tuple[float | str | None, ...]:
        return self.start, self.duration, None if math.isnan(self.maximum) else self.maximum, self.tag

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, HdrInterval):
            return NotImplemented
        return self._line() == other._line() and self.histogram == other.histogram

    def __hash__(self) -> int:  # of what does not change
        return hash(self._line())


_TIME = re.compile(r"#\[(StartTime|BaseTime): ([0-9.eE+-]+) \(seconds since epoch\)")
_YEAR = 365 * 86400.0


def read_hdr_log(path: str | Path) -> list[HdrInterval]:
    """The intervals of a histogram log in compressed format V2, as jHiccup, wrk2's relatives and HdrHistogram write it.

    Times of lines are taken from the log's start or base time where it has one.

    Parameters
    ----------
    path
        A file of lines `[Tag=...,]start,duration,maximum,histogram`, with `#` comments.

    Raises
    ------
    ValueError
        A line that is none, or a histogram that cannot be decoded: names file and line.
    """
    with Path(path).open(encoding="utf-8", errors="strict") as file:
        try:
            return list(_intervals(file, str(path)))
        except UnicodeDecodeError as error:
            raise ValueError(f"read_hdr_log: {path} is no text: {error.reason}") from None


def _intervals(lines: Iterable[str], name: str) -> Iterator[HdrInterval]:
    begun, base = 0.0, None
    for number, line in enumerate(lines, 1):
        text = line.strip().lstrip("\ufeff")

        def refuse(needed: str, number: int = number) -> ValueError:
            return ValueError(f"read_hdr_log: {name}:{number}: expected {needed}")

        if text.startswith(("#", '"')) or not text:
            if found := _TIME.match(text):
                try:
                    value = float(found[2])
                except ValueError:
                    raise refuse(f"a time, got {found[2]!r}") from None
                begun, base = (value, base) if found[1] == "StartTime" else (begun, value)
            continue
        tag = ""
        if text.startswith("Tag="):
            tag, _, text = text[4:].partition(",")
        cells = text.split(",")
        if len(cells) != 4:
            raise refuse("start, duration, maximum and histogram")
        try:
            start, duration, maximum = map(float, cells[:3])
        except ValueError:
            raise refuse(f"three numbers, got {','.join(cells[:3])!r}") from None
        if not (math.isfinite(start) and math.isfinite(duration) and duration >= 0):
            raise refuse(f"a finite start and a duration >= 0, got {cells[0]}, {cells[1]}")
        if base is None:  # stamps are absolute, or seconds since the start
            base = begun if start < begun - _YEAR else 0.0
        try:
            histogram = HdrHistogram.decode(base64.b64decode(cells[3], validate=True))
        except binascii.Error as error:
            raise refuse(f"a histogram in base64: {error}") from None
        except ValueError as error:
            raise refuse(f"a histogram: {error}") from None
        yield HdrInterval(base + start, duration, histogram, maximum, tag)


def write_hdr_log(path: str | Path, intervals: Iterable[HdrInterval], *, unit: float = 1e6) -> None:
    """Writes a histogram log, version 1.3, that HdrHistogram's own programs read.

    Parameters
    ----------
    path
        The file; written anew.
    intervals
        In the order of their starts, which count from 1970.
    unit
        Values per unit of the column `Interval_Max` [1], finite and > 0: 1e6 writes nanoseconds as milliseconds.
    """
    if not (math.isfinite(unit) and unit > 0):
        raise ValueError(f"write_hdr_log: unit must be finite and > 0, got {unit}")
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        _write(file, intervals, unit)


def _write(file: IO[str], intervals: Iterable[HdrInterval], unit: float) -> None:
    file.write("#[Histogram log format version 1.3]\n")
    begun: float | None = None
    for interval in intervals:
        if "," in interval.tag or "\n" in interval.tag:
            raise ValueError(f"write_hdr_log: a tag must have no comma and no line break, got {interval.tag!r}")
        if begun is None:
            begun = interval.start
            named = time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(begun))
            file.write(f"#[StartTime: {begun:.3f} (seconds since epoch), {named}]\n")
            file.write(f"#[BaseTime: {begun:.3f} (seconds since epoch)]\n")
            file.write('"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n')
            begun = float(f"{begun:.3f}")
        tag = f"Tag={interval.tag}," if interval.tag else ""
        text = base64.b64encode(interval.histogram.encode()).decode()
        start = f"{interval.start - begun:.3f}"
        file.write(f"{tag}{start},{interval.duration:.3f},{interval.histogram.max / unit:.3f},{text}\n")
