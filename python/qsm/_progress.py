"""A progress bar on the terminal: one line on standard error, nothing where no person looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO


class Bar:
    """`with Bar("replay") as bar: bar(0.5)`; ends its line however the block ends."""

    def __init__(self, title: str, show: bool | None = None, stream: TextIO | None = None) -> None:
        self._title = title
        self._stream = stream or sys.stderr
        self._show = self._stream.isatty() if show is None else show
        self._last = 0.0
        self._start = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __call__(self, fraction: float, note: str = "") -> None:
        now = time.monotonic()
        if not self._show or (now - self._last < 0.05 and fraction < 1):
            return
        self._last = now
        filled = round(30 * min(1.0, fraction))
        line = f"{self._title} [{'#' * filled}{'.' * (30 - filled)}] {100 * fraction:3.0f} % {note}"
        self._stream.write("\r" + line[:110].ljust(110))
        self._stream.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._show and self._last:
            self._stream.write(f"\r{self._title}: {time.monotonic() - self._start:.1f} s".ljust(110) + "\n")
            self._stream.flush()
