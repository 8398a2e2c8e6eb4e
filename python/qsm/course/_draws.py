"""Numbers that a name chooses: every reader and student has numbers of their own."""

from __future__ import annotations

import math

from qsm.core import Stream


class Draws:
    """Numbers drawn one after the other from a stream that the names of a path choose; the same on every machine."""

    def __init__(self, *path: str) -> None:
        stream = Stream(0).child("qsm problem")
        for name in path:
            stream = stream.child(name)
        self._stream = stream
        self._count = 0

    def uniform(self, low: float, high: float, step: float = 0.01) -> float:
        """A multiple of `step` in [low, high]."""
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return round(self.integer(first, last) * step, 9)

    def integer(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        value = float(self._stream.uniforms(1, self._count)[0])
        self._count += 1
        return low + min(int(value * (high - low + 1)), high - low)

    def times(self, mean: float, count: int) -> list[float]:
        """Exponential times, rounded to the microsecond."""
        values = self._stream.uniforms(count, self._count)
        self._count += count
        return [round(-mean * math.log(float(value)), 6) for value in values]
