"""Measured data that ship with the package, with source, licence and checksum."""

from __future__ import annotations

import csv
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qsm._table import Table
from qsm.measure import Trace, read_trace

__all__ = ["Dataset", "ServingRun", "azure_llm_conversation", "azure_round_trips", "catalogue", "vllm_run"]


@dataclass(frozen=True)
class Dataset:
    """A packaged file and where it comes from."""

    file: str
    title: str
    source: str
    licence: str
    sha256: str

    @property
    def path(self) -> Path:
        """The file, after its checksum was found right."""
        path = Path(__file__).parent / self.file
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != self.sha256:
            raise ValueError(f"datasets: {path} is damaged: SHA-256 is {found}, expected {self.sha256}")
        return path


catalogue = {
    "azure-llm-conversation": Dataset(
        file="azure_llm_conversation_2023.csv.gz",
        title="Azure LLM conversation trace 2023",
        source="Azure public LLM inference trace 2023, conversation; P. Patel and others 2024, Splitwise, ISCA; "
        "as processed by microsoft/vidur",
        licence="CC-BY-4.0",
        sha256="efbbbbe1fe95fa9bac4a181dfe106b39ed4d88c501a580a0ee4bf3254b7f3f34",
    ),
    "azure-round-trips": Dataset(
        file="azure_round_trips_2024.csv",
        title="Azure network round-trip latency, April 2024",
        source="Microsoft, Azure network round-trip latency statistics, page of 10 April 2024: monthly medians to East US and "
        "to Central US, the latter from two tabs of the page",
        licence="CC-BY-4.0",
        sha256="1247d4fead631a49ca1a3d69f61d69ae82f3171b09ae1560e3da2a80e525a5e2",
    ),
    "vllm-requests": Dataset(
        file="vllm_requests.csv.gz",
        title="Measured run of vLLM 0.19: requests",
        source="casys-kaist/LLMServingSim, bench/examples: Llama-3.1-8B on one RTX 4090",
        licence="MIT",
        sha256="774a9e4c81eb2cae532e239aabc97b52acd9250caf64b9291f97861fa5a38f41",
    ),
    "vllm-state": Dataset(
        file="vllm_state.csv.gz",
        title="Measured run of vLLM 0.19: state each second",
        source="casys-kaist/LLMServingSim, bench/examples: Llama-3.1-8B on one RTX 4090",
        licence="MIT",
        sha256="d2417250b3b88cdde7e15ea1aa8e3d89d3d8d0a0598332854a1c62bd51df2be9",
    ),
}


def azure_llm_conversation() -> Trace:
    """19,366 requests to a production conversation service in 58 minutes: arrival, prompt and output tokens.

    Source
    ------
    Azure public LLM inference trace 2023 (CC-BY-4.0).
    """
    return read_trace(catalogue["azure-llm-conversation"].path, name=catalogue["azure-llm-conversation"].title)


def azure_round_trips() -> Table:
    """Median round trips [s] between 25 Azure regions and two of them, as published; NaN where the page has none.

    The page prints those to Central US twice, in the tab of that region and in another tab, and the two do not agree. The
    light knows which is wrong: see episode 51.

    Source
    ------
    Microsoft, Azure network round-trip latency statistics, April 2024 (CC-BY-4.0).
    """
    with catalogue["azure-round-trips"].path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, list[object]] = {"region": [row["region"] for row in rows]}
    for name in ("to_east_us", "to_central_us", "to_central_us_in_west_us_tab"):
        cells = [row[f"{name}_ms"] for row in rows]
        columns[name] = [float(cell) / 1000 if cell else float("nan") for cell in cells]
    return Table(columns, catalogue["azure-round-trips"].title)


@dataclass(frozen=True)
class ServingRun:
    """A measured run of a model server: when each request came, began and left, and the server's own count each second."""

    arrivals: NDArray[np.float64]
    scheduled: NDArray[np.float64]
    first_tokens: NDArray[np.float64]
    departures: NDArray[np.float64]
    prompt_tokens: NDArray[np.float64]
    output_tokens: NDArray[np.float64]
    times: NDArray[np.float64]
    running: NDArray[np.float64]
    waiting: NDArray[np.float64]


def vllm_run() -> ServingRun:
    """300 requests in half a minute to vLLM 0.19 on one consumer GPU, which works on them for three minutes.

    Source
    ------
    casys-kaist/LLMServingSim, bench/examples (MIT).
    """

    def columns(name: str, *wanted: str) -> list[NDArray[np.float64]]:
        with gzip.open(catalogue[name].path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [np.array([float(row[column]) for row in rows]) for column in wanted]

    requests = ("arrival_s", "scheduled_s", "first_token_s", "last_token_s", "prompt_tokens", "output_tokens")
    return ServingRun(*columns("vllm-requests", *requests), *columns("vllm-state", "t", "running", "waiting"))
