# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from typing import Self, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._record import Record

class HdrBucket(Record):
    """A bucket of an HdrHistogram that holds something.
    """
    def __new__(cls, low: int, high: int, number: int) -> Self: ...
    @property
    def low(self) -> int:
        """Smallest value of the bucket [unit of values].
        """
    @property
    def high(self) -> int:
        """Largest value of the bucket [unit of values].
        """
    @property
    def number(self) -> int:
        """How many values fell into it [1].
        """

class HdrHistogram:
    """Counts of integers >= 0, such as times in microseconds, kept to a number of significant decimal digits.

        HdrHistogram times(1, 3'600'000'000, 3);  // 1 µs to 1 h
        times.record(microseconds);
        times.quantile(0.999);

    A value shares its bucket with those that agree in its leading binary digits; answers are the largest value of a
    bucket, as in the HdrHistogram of Java, unless they say otherwise. A recording costs two additions: how many, the
    least and the largest are found from the counts. One writer at a time; merge what several threads have recorded.

    Source
    ------
    Tene 2012-2024, HdrHistogram 2.2, org.HdrHistogram.AbstractHistogram
    """
    def record(self, values: int | ArrayLike, count: int = ...) -> None: ...
    @overload
    def quantile(self, probability: float) -> int: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.int64]: ...
    def encode(self, compressed: bool = ...) -> bytes: ...
    @staticmethod
    def decode(bytes: bytes, auto_resize: bool = ...) -> HdrHistogram: ...
    def __init__(self, lowest: int = ..., highest: int = ..., significant_digits: int = ..., auto_resize: bool = ...) -> None:
        """Tells values from `lowest` to `highest` apart to `significant_digits`. With `auto_resize` the histogram grows where a larger value comes; without it such a value is refused.
        """
    def record_corrected(self, value: int, expected_interval: int, count: int = ...) -> None:
        """Counts a value `count` times, and the values that a load generator left out while it waited for that one: value - interval, value - 2 interval, ... down to the interval [any unit], an integer >= 0; 0 adds nothing. Not to be followed by `corrected`, which would add them again.
        """
    def merge(self, other: HdrHistogram) -> None:
        """Adds all counts of another, of any range and digits. Refused as a whole where one of its values does not fit.
        """
    def subtract(self, other: HdrHistogram) -> None:
        """Takes all counts of another away. Refused as a whole where more would go than there are.
        """
    def corrected(self, expected_interval: int) -> HdrHistogram:
        """The histogram that record_corrected would have made of the same values, found afterwards: each bucket stands for its largest value. `expected_interval` [unit of values], an integer >= 0.
        """
    def reset(self) -> None:
        """Forgets all counts.
        """
    @property
    def count(self) -> int:
        """Number of values n [1].
        """
    def count_at(self, value: int) -> int:
        """Number of values that share the bucket of `value` [1].
        """
    def value_at_percentile(self, percentile: float) -> int:
        """quantile(percentile / 100) [unit of values], percentile in [0, 100], rounded as in Java.
        """
    def cdf(self, value: int) -> float:
        """Fraction of values at or below those of the bucket of `value` [1]; NaN of nothing.
        """
    @property
    def mean(self) -> float:
        """Mean of the buckets' middles [unit of values]; NaN of nothing.
        """
    @property
    def standard_deviation(self) -> float:
        """Standard deviation of the population, divided by n, from the buckets' middles [unit of values]; NaN of nothing.
        """
    @property
    def min(self) -> int:
        """Smallest value [unit of values], as the smallest of its bucket; 0 of nothing.
        """
    @property
    def max(self) -> int:
        """Largest value [unit of values], as the largest of its bucket; 0 of nothing.
        """
    def buckets(self) -> list[HdrBucket]:
        """The buckets that hold something, in order.
        """
    def lowest_equivalent(self, value: int) -> int:
        """Smallest value of the bucket of `value` [unit of values].
        """
    def highest_equivalent(self, value: int) -> int:
        """Largest value of the bucket of `value` [unit of values].
        """
    @property
    def lowest(self) -> int:
        """Smallest value told from 0 [unit of values].
        """
    @property
    def highest(self) -> int:
        """Largest value that can be recorded [unit of values].
        """
    @property
    def significant_digits(self) -> int:
        """Significant decimal digits [1].
        """
    @property
    def auto_resize(self) -> bool:
        """Whether a larger value makes the histogram grow.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the counts [B].
        """
