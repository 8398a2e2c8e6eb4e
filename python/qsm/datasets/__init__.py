"""Measured data that ship with the package, with source, licence and checksum."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qsm.measure import Trace, read_trace

__all__ = ["Dataset", "azure_llm_conversation", "catalogue"]


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
}


def azure_llm_conversation() -> Trace:
    """19,366 requests to a production conversation service in 58 minutes: arrival, prompt and output tokens.

    Source
    ------
    Azure public LLM inference trace 2023 (CC-BY-4.0).
    """
    return read_trace(catalogue["azure-llm-conversation"].path, name=catalogue["azure-llm-conversation"].title)
