"""A number that is not exact."""

from __future__ import annotations

from typing import Self


class Estimate(float):
    """A float with the interval in which the truth lies, and the method that found both.

    It takes part in arithmetic as its value; the interval does not propagate.
    """

    __slots__ = ("high", "low", "method")

    low: float
    high: float
    method: str

    def __new__(cls, value: float, low: float, high: float, method: str) -> Self:
        self = super().__new__(cls, value)
        self.low, self.high, self.method = float(low), float(high), method
        return self

    @property
    def value(self) -> float:
        """The value as a plain float."""
        return float(self)

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    def __reduce__(self) -> tuple[type[Estimate], tuple[float, float, float, str]]:
        return Estimate, (float(self), self.low, self.high, self.method)

    def __repr__(self) -> str:
        return f"Estimate({float(self):.6g}, low={self.low:.6g}, high={self.high:.6g}, method={self.method!r})"

    def __str__(self) -> str:
        return f"{float(self):.6g} [{self.low:.6g}, {self.high:.6g}]"
