"""What a reader has done, in a file that survives the kernel: a line for each event, sealed to the line before it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # not on Windows; there two kernels must not write at the same instant
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Entry:
    """One event: when, in which episode, of what kind, about which block, and what it came to."""

    time: str
    episode: str
    kind: str
    name: str
    what: Mapping[str, Any]
    seal: str


def _seal(before: str, fields: Mapping[str, Any]) -> str:
    text = json.dumps(fields, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


class Ledger:
    """Events in order. With a path they stay in that file, to which lines are only ever added.

    Each line carries a seal, the SHA-256 of itself and of the seal before it, so that a line that was changed, left out
    or put in later is found. It is no proof against somebody who makes all the seals anew: for that, hand the seal of a
    bet to somebody else before the result is shown.

    Parameters
    ----------
    path
        The file; made with the first event. Without it, the events are kept while the object lives.

    Raises
    ------
    ValueError
        A line that is no event, or whose seal does not fit; names file and line. The file stays as it is.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = None if path is None else Path(path)
        if self.path is not None and self.path.is_dir():
            raise ValueError(f"ledger: {self.path} is a folder; give a file")
        self._entries: list[Entry] = []
        self._read()

    def entries(self, episode: str | None = None) -> list[Entry]:
        """The events so far, of one episode or of all."""
        return [entry for entry in self._entries if episode in (None, entry.episode)]

    @property
    def seal(self) -> str:
        """The seal of the last event: who has it, can tell whether anything before it was changed."""
        return self._entries[-1].seal if self._entries else ""

    def add(self, episode: str, kind: str, name: str, **what: Any) -> Entry:
        """Adds an event, behind those that another kernel may have added meanwhile."""
        if self.path is None:
            return self._append(episode, kind, name, what)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
            whole = self._read()
            file.truncate(whole)  # half a line, where a kernel ended while it wrote
            entry = self._append(episode, kind, name, what)
            file.write((json.dumps(vars(entry), sort_keys=True) + "\n").encode())
            file.flush()
            os.fsync(file.fileno())
        return entry

    def _append(self, episode: str, kind: str, name: str, what: Mapping[str, Any]) -> Entry:
        time = datetime.now(UTC).isoformat(timespec="seconds")
        fields = {"time": time, "episode": episode, "kind": kind, "name": name, "what": dict(what)}
        entry = Entry(**fields, seal=_seal(self.seal, fields))  # type: ignore[arg-type]
        self._entries.append(entry)
        return entry

    def _read(self) -> int:
        """Reads the file; the number of bytes in its whole lines."""
        if self.path is None or not self.path.is_file():
            return 0
        text = self.path.read_bytes()
        whole = text.rfind(b"\n") + 1
        entries: list[Entry] = []
        before = ""
        for number, line in enumerate(text[:whole].splitlines(), 1):
            where = f"ledger: {self.path}:{number}"
            try:
                fields = json.loads(line)
                seal = fields.pop("seal")
                entry = Entry(**fields, seal=seal)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise ValueError(f"{where}: no event of a ledger; give another file, or mend this one") from None
            if seal != _seal(before, fields):
                raise ValueError(f"{where}: the seal does not fit: this line, or one before it, was changed")
            entries.append(entry)
            before = seal
        self._entries = entries
        return whole
