"""Fits to what was measured: traces of arrivals and service."""

from __future__ import annotations

import csv
import gzip
import math
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm._core import InvalidType

__all__ = ["Trace", "read_trace"]

_ARRIVAL = ("arrived_at", "arrival_time", "arrival", "timestamp", "time")
_SERVICE = ("service_time", "service", "duration", "duration_s")
_PROMPT = ("num_prefill_tokens", "prompt_tokens", "contexttokens", "context_tokens", "input_tokens", "input_length")
_OUTPUT = ("num_decode_tokens", "output_tokens", "generatedtokens", "generated_tokens", "output_length")


@dataclass(frozen=True, eq=False)
class Trace:
    """Requests in the order of their arrival.

    Holds either measured service times, or tokens from which `service_times` makes them.

    Thread safety: immutable.
    """

    arrival_times: NDArray[np.float64]  # [s], from the first request, never falling
    measured_service_times: NDArray[np.float64] | None = None  # [s]
    prompt_tokens: NDArray[np.float64] | None = None
    output_tokens: NDArray[np.float64] | None = None
    name: str = "trace"

    def __len__(self) -> int:
        return len(self.arrival_times)

    @property
    def duration(self) -> float:
        """Time from the first to the last arrival [s]."""
        return float(self.arrival_times[-1] - self.arrival_times[0])

    @property
    def arrival_rate(self) -> float:
        """Mean arrival rate: the n - 1 gaps between arrivals over their total length [1/s]."""
        return (len(self) - 1) / self.duration if self.duration > 0 else math.inf

    @property
    def interarrival_times(self) -> NDArray[np.float64]:
        """Gaps between successive arrivals [s]."""
        return np.diff(self.arrival_times)

    def service_times(self, prefill_rate: float = 7000.0, token_time: float = 0.03) -> NDArray[np.float64]:
        """How long each request holds a slot [s].

        Measured service times where the trace has them; else prompt tokens / `prefill_rate` + output tokens x
        `token_time`.

        Parameters
        ----------
        prefill_rate
            Prompt tokens read per second [1/s], > 0.
        token_time
            Time for one output token [s], > 0.
        """
        if self.measured_service_times is not None:
            return self.measured_service_times
        _positive("Trace.service_times", "prefill_rate", prefill_rate)
        _positive("Trace.service_times", "token_time", token_time)
        assert self.prompt_tokens is not None
        assert self.output_tokens is not None
        return self.prompt_tokens / prefill_rate + self.output_tokens * token_time

    def counts(self, width: float = 60.0) -> NDArray[np.int64]:
        """Arrivals in each window of `width` seconds; the last window may be cut short by the end of the trace."""
        _positive("Trace.counts", "width", width)
        if self.duration / width > 1e8:
            raise ValueError(f"Trace.counts: more than 10^8 windows of {width:g} s in {self.duration:g} s")
        return np.bincount(((self.arrival_times - self.arrival_times[0]) // width).astype(np.int64))

    def busiest(self, width: float = 300.0) -> tuple[float, float]:
        """Start [s] and arrival rate [1/s] of the busiest window of `width` seconds, at any offset."""
        _positive("Trace.busiest", "width", width)
        width = min(width, self.duration) if self.duration > 0 else width
        after = np.searchsorted(self.arrival_times, self.arrival_times + width, side="left")
        inside = after - np.arange(len(self))
        start = int(inside.argmax())
        return float(self.arrival_times[start] - self.arrival_times[0]), float(inside[start] / width)

    def __repr__(self) -> str:
        return f"Trace({self.name!r}: {len(self):,} requests in {self.duration:,.1f} s)"


def _positive(function: str, name: str, value: float) -> None:
    if isinstance(value, (bool, str)) or not 0 < value < math.inf:
        raise ValueError(f"{function}: {name} must be finite and > 0, got {value!r}")


def trace(
    arrival_times: ArrayLike,
    service_times: ArrayLike | None = None,
    *,
    prompt_tokens: ArrayLike | None = None,
    output_tokens: ArrayLike | None = None,
    name: str = "trace",
) -> Trace:
    """A trace from arrays; see `read_trace` for files.

    Parameters
    ----------
    arrival_times
        [s], finite, never falling, at least two.
    service_times
        [s], finite and >= 0; or give `prompt_tokens` and `output_tokens`, each >= 0.

    Raises
    ------
    ValueError
        Empty, unequal lengths, NaN, negative, or a clock that runs backwards; names the first bad request.
    """

    def column(label: str, values: ArrayLike | None, low: float) -> NDArray[np.float64] | None:
        if values is None:
            return None
        array = np.asarray(values)
        if array.dtype.kind not in "iuf":
            raise InvalidType(f"trace: {label} must be real numbers, got an array of {array.dtype}")
        array = array.astype(np.float64)
        if array.ndim != 1 or array.size != size:
            raise ValueError(f"trace: {label} must have the {size} values of arrival_times, got shape {array.shape}")
        bad = np.flatnonzero(~(np.isfinite(array) & (array >= low)))
        if bad.size:
            rule = "finite" if low == -math.inf else f"finite and >= {low:g}"
            raise ValueError(f"trace: {label} must be {rule}, got {array[bad[0]]:g} at index {bad[0]}")
        return array

    size = np.size(np.asarray(arrival_times))
    if size < 2:
        raise ValueError(f"trace: needs at least two requests, got {size}")
    arrivals = column("arrival_times", arrival_times, -math.inf)
    assert arrivals is not None
    falls = np.flatnonzero(arrivals[1:] < arrivals[:-1])
    if falls.size:
        i = int(falls[0]) + 1
        raise ValueError(f"trace: the clock runs backwards at index {i}: {arrivals[i]:.9g} after {arrivals[i - 1]:.9g}")
    if not math.isfinite(float(arrivals[-1]) - float(arrivals[0])):
        raise ValueError(f"trace: arrival_times must span a finite time, got {arrivals[0]:.9g} to {arrivals[-1]:.9g}")
    service = column("service_times", service_times, 0)
    prompt, output = column("prompt_tokens", prompt_tokens, 0), column("output_tokens", output_tokens, 0)
    if service is None and (prompt is None or output is None):
        raise ValueError("trace: needs service_times, or prompt_tokens and output_tokens")
    return Trace(arrivals - arrivals[0], service, prompt, output, name)


@contextmanager
def _lines(path: Path) -> Iterator[TextIO]:
    """The file's text; UTF-8, with or without a byte-order mark, on every machine."""
    encoding = "utf-8-sig"
    try:
        with (
            gzip.open(path, "rt", encoding=encoding, newline="")
            if path.suffix == ".gz"
            else open(path, encoding=encoding, newline="") as stream
        ):
            yield stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"read_trace: {path} is no complete gzip file: {error}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"read_trace: {path} is not text: {error}") from None


def _number(text: str) -> float:
    """Python's float() takes 1_000 for a thousand; in a trace that is a typing error."""
    if "_" in text:
        raise ValueError(text)
    return float(text)


def _seconds(text: str) -> float:
    """A number of seconds, or a date and time; in UTC where it names no zone."""
    try:
        return _number(text)
    except ValueError:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _brief(text: str) -> str:
    return text if len(text) <= 80 else text[:80] + "..."


def _find(path: Path, header: list[str], known: Iterable[str]) -> int | None:
    names = [name.strip().lower() for name in header]
    found = next((name for name in known if name in names), None)
    if found is not None and names.count(found) > 1:
        raise ValueError(f"read_trace: {path} has {names.count(found)} columns named {found}")
    return None if found is None else names.index(found)


def _rows(reader: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with their line numbers; what is no CSV is told with its line too."""
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ValueError(f"read_trace: {path}, line {reader.line_num}: {error}") from None


def read_trace(path: str | Path, *, name: str | None = None) -> Trace:
    """Reads a CSV file (gzip where it ends in .gz) of one request per line, the first line naming the columns;
    separators are comma, semicolon or tab.

    Needs a column of arrival times (arrived_at, arrival_time, timestamp, time: seconds or ISO dates), and either
    service times (service_time, duration: seconds) or tokens (prompt and output: num_prefill_tokens,
    num_decode_tokens, prompt_tokens, output_tokens, ContextTokens, GeneratedTokens).

    Raises
    ------
    FileNotFoundError
        There is no such file.
    IsADirectoryError
        It is a folder.
    ValueError
        A line is malformed (its number is named), a column is missing, the file is empty, or the clock runs backwards.
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"read_trace: {path} is a folder; give one of the CSV files in it")
    if not path.exists():
        raise FileNotFoundError(f"read_trace: no such file: {path}")
    with _lines(path) as stream:
        first = stream.readline()
        separator = max(",;\t", key=first.count)
        reader = _rows(csv.reader(chain([first], stream), delimiter=separator), path)
        header = next(reader, (0, []))[1]
        if not header:
            raise ValueError(f"read_trace: {path} is empty")
        names = _brief(", ".join(" ".join(name.split()) for name in header))
        places = {
            label: _find(path, header, known)
            for label, known in (
                ("arrival time", _ARRIVAL),
                ("service time", _SERVICE),
                ("prompt tokens", _PROMPT),
                ("output tokens", _OUTPUT),
            )
        }
        if places["arrival time"] is None:
            raise ValueError(
                f"read_trace: {path} has no column of arrival times ({', '.join(_ARRIVAL)}); it has {names}"
            )
        if places["service time"] is None and None in (places["prompt tokens"], places["output tokens"]):
            raise ValueError(
                f"read_trace: {path} has neither service times ({', '.join(_SERVICE)}) nor prompt and output tokens "
                f"({', '.join(_PROMPT)}; {', '.join(_OUTPUT)}); it has {names}"
            )
        wanted = {label: place for label, place in places.items() if place is not None}
        columns: dict[str, list[float]] = {label: [] for label in wanted}
        last = -math.inf
        for line, row in reader:
            if not row:
                continue
            where = f"read_trace: {path}, line {line}"
            if len(row) != len(header):
                raise ValueError(f"{where}: {len(row)} fields, the header has {len(header)}")
            for label, place in wanted.items():
                try:
                    value = _seconds(row[place]) if label == "arrival time" else _number(row[place])
                except ValueError:
                    raise ValueError(f"{where}: {label} is not a number: {_brief(row[place])!r}") from None
                if not math.isfinite(value) or (label != "arrival time" and value < 0):
                    rule = "finite" if label == "arrival time" else "finite and >= 0"
                    raise ValueError(f"{where}: {label} must be {rule}, got {_brief(row[place].strip())}")
                columns[label].append(value)
            now = columns["arrival time"][-1]
            if now < last:
                raise ValueError(f"{where}: the clock runs backwards: {now:.9g} after {last:.9g}")
            last = now
            if not math.isfinite(now - columns["arrival time"][0]):
                raise ValueError(f"{where}: arrival times must span a finite time, got {now:.9g}")
    if len(columns["arrival time"]) < 2:
        raise ValueError(f"read_trace: {path} needs at least two requests, has {len(columns['arrival time'])}")
    return trace(
        columns["arrival time"],
        columns.get("service time"),
        prompt_tokens=columns.get("prompt tokens"),
        output_tokens=columns.get("output tokens"),
        name=name or path.name,
    )
