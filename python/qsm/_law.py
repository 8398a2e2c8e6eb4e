"""What an object must offer to be a law."""

from __future__ import annotations

from typing import Any, Protocol


class DistributionLike(Protocol):
    """A law written in Python: joins wherever a `Distribution` is taken.

    `mean` and `variance` are numbers, or methods that give them; `cdf` and `quantile` take and give whole arrays. What a
    law does not offer is derived from these four, as for the concept of the same name in C++.
    """

    @property
    def mean(self) -> Any:
        """E[X]."""

    @property
    def variance(self) -> Any:
        """Var[X]."""

    def cdf(self, value: Any, /) -> Any:
        """P(X <= x) of each element."""

    def quantile(self, probability: Any, /) -> Any:
        """Smallest x with P(X <= x) >= p of each element."""
