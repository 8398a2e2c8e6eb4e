# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Sequence
from typing import Any, Literal, NoReturn, Self, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._estimate import Estimate
from qsm._record import Record

Item = int | float | str | bytes
Items = Item | ArrayLike

def hash_items(items: Items, hasher: Hasher = ...) -> Any: ...

def minhash_signatures(sets: Sequence[Items] | ArrayLike, size: int = ..., hasher: Hasher = ...) -> NDArray[np.uint64]: ...

class BloomSize(Record):
    """A classic Bloom filter's size, and its false-positive rate by two formulas.
    """
    def __new__(cls, items: float, bits: int, hashes: int, textbook_rate: float, rate: float) -> Self: ...
    @property
    def items(self) -> float:
        """Items n [1].
        """
    @property
    def bits(self) -> int:
        """Bits m [1], integer.
        """
    @property
    def hashes(self) -> int:
        """Hash functions k [1], integer.
        """
    @property
    def textbook_rate(self) -> float:
        """False-positive rate (1 - e^(-kn/m))^k [1], as textbooks have it: too small, most for small filters.
        """
    @property
    def rate(self) -> float:
        """False-positive rate [1], by the law of the number of bits that are set.
        """

def bloom_size(*, items: float | None = ..., bits: float | None = ..., rate: float | None = ..., hashes: float | None = ...) -> BloomSize:
    """Size of a classic Bloom filter from two of items, bits, rate and hash functions; the rest is chosen best. A third one, hash functions or bits, is taken as given.

    Parameters
    ----------
    items
        Items n [1], > 0.
    bits
        Bits m [1], an integer >= 1.
    rate
        False-positive rate p [1], in (0, 1).
    hashes
        Hash functions k [1], an integer in [1, 64].

    Returns
    -------
    the size, and both rates

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Bloom 1970, Space/time trade-offs in hash coding; Bose et al. 2008, On the false-positive rate of Bloom filters; Christensen, Roginsky, Jimeno 2010, A new analysis of the false-positive rate of a Bloom filter
    """

@overload
def bloom_rate(items: float, bits: float, hashes: float) -> float: ...
@overload
def bloom_rate(items: ArrayLike, bits: ArrayLike, hashes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """False-positive rate of a classic Bloom filter with independent hash functions: exact while the product of hashes, items and bits is below 2 10^7, else to second order about the mean fill, which is right to 1e-6.

    Parameters
    ----------
    items
        n [1], an integer >= 0
    bits
        m [1], an integer >= 1
    hashes
        k [1], an integer in [1, 64]

    Returns
    -------
    rate [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Bose et al. 2008, On the false-positive rate of Bloom filters, theorem 4
    """

@overload
def blocked_bloom_rate(bits_per_item: float) -> float: ...
@overload
def blocked_bloom_rate(bits_per_item: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """False-positive rate of a BlockedBloomFilter: the blocks' items are Poisson, each sets one bit in each of 8 words.

    Parameters
    ----------
    bits_per_item
        512 times blocks over items [1], > 0

    Returns
    -------
    rate [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Putze, Sanders, Singler 2009, Cache-, hash- and space-efficient Bloom filters, section 3; Apple 2023, Split block Bloom filters
    """

class BloomFilter:
    """The classic Bloom filter: k bits of m for each item.

        BloomFilter seen(1'000'000, 0.01);
        seen.add("Ada");
        seen.contains("Ada");  // true

    The k places come from one 64-bit hash by double hashing, so that rates below about 1e-12 are not reached.

    Source
    ------
    Bloom 1970, Space/time trade-offs in hash coding with allowable errors; Kirsch, Mitzenmacher 2006, Less hashing, same performance, for the places
    """
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> BloomFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    def __init__(self, items: float, rate: float = ..., hasher: Hasher = ...) -> None:
        """For so many items [1], >= 1, with this false-positive rate [1], in (0, 1), once all are in.
        """
    @property
    def rate(self) -> float:
        """False-positive rate [1] as the filter is now: that a new item finds k bits set.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> BloomFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def merge(self, other: BloomFilter) -> None:
        """Adds all items of another of the same size and hasher.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @staticmethod
    def of_size(bits: int, hashes: int, hasher: Hasher = ...) -> BloomFilter:
        """With this size.

        Parameters
        ----------
        bits
            m [1], an integer in [1, 2^40]
        hashes
            k [1], an integer in [1, 64]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def estimate(self) -> Estimate:
        """Number of unlike items [1], from the bits that are set, with its 95 % interval.
        """
    @property
    def bits(self) -> int:
        """Bits m [1].
        """
    @property
    def bits_set(self) -> int:
        """Bits that are set [1].
        """
    @property
    def hashes(self) -> int:
        """Hash functions k [1].
        """

class BlockedBloomFilter:
    """A Bloom filter of blocks of 64 bytes: the hash picks a block and in each of its 8 words one bit. Faster than the classic one by far, for about a tenth more memory at the same rate; best between 8 and 16 bits per item.

    Source
    ------
    Putze, Sanders, Singler 2009, Cache-, hash- and space-efficient Bloom filters; Apple 2023, Split block Bloom filters
    """
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> BlockedBloomFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    def __init__(self, items: float, rate: float = ..., hasher: Hasher = ...) -> None:
        """For so many items [1], >= 1, with this false-positive rate [1], in [1e-7, 0.5], once all are in.
        """
    @property
    def rate(self) -> float:
        """False-positive rate [1] as the filter is now: that a new item finds its 8 bits set.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> BlockedBloomFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def merge(self, other: BlockedBloomFilter) -> None:
        """Adds all items of another of the same size and hasher.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @staticmethod
    def of_size(blocks: int, hasher: Hasher = ...) -> BlockedBloomFilter:
        """With so many blocks.

        Parameters
        ----------
        blocks
            of 64 bytes [1], an integer in [1, 2^31]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def estimate(self) -> Estimate:
        """Number of unlike items [1], from the bits that are set, with its 95 % interval.
        """
    @property
    def blocks(self) -> int:
        """Blocks of 64 bytes [1].
        """

class CountMin:
    """Counts items in rows of counters: an item has one in each row, and its count is the least of them.

        CountMin requests(0.001, 0.99);
        requests.add("GET /");
        requests.count("GET /");  // at least the truth, and with 99 % at most 0.001 of all items above it

    With `conservative` update only those counters grow that would else be too small: counts are nearer to the truth and
    still never below it, but merging gives larger ones than adding to one sketch would.

    Source
    ------
    Cormode, Muthukrishnan 2005, An improved data stream summary: the count-min sketch and its applications; Estan, Varghese 2002, New directions in traffic measurement and accounting, section 3.3.2, for conservative update
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    @overload
    def count(self, items: Item) -> Estimate: ...  # type: ignore[overload-overlap]
    @overload
    def count(self, items: ArrayLike) -> NDArray[np.uint64]: ...
    def __init__(self, error: float = ..., confidence: float = ..., conservative: bool = ..., hasher: Hasher = ...) -> None:
        """Errs by at most error times the items in all, with this probability for each item.

        Parameters
        ----------
        error
            excess over all items [1], in [1.1e-8, 1]
        confidence
            probability that it is kept [1], in [0.5, 1)
        conservative
            whether only counters that would be too small grow
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def of_size(width: int, rows: int, conservative: bool = ..., hasher: Hasher = ...) -> CountMin:
        """With a table of this size.

        Parameters
        ----------
        width
            counters in a row [1], an integer in [1, 2^28]
        rows
            rows [1], an integer in [1, 64]
        conservative
            whether only counters that would be too small grow
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: CountMin) -> None:
        """Adds all counts of another of the same size, update and hasher.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @property
    def total(self) -> int:
        """Items in all [1].
        """
    @property
    def width(self) -> int:
        """Counters in a row [1].
        """
    @property
    def rows(self) -> int:
        """Number of rows [1].
        """
    @property
    def conservative(self) -> bool:
        """Whether only counters that would be too small grow.
        """
    @property
    def error(self) -> float:
        """Excess over all items that is kept [1]: e / width.
        """
    @property
    def confidence(self) -> float:
        """Probability with which it is kept for an item [1]: 1 - e^-rows.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the counters [B]: 4 for each, and 8 from 2^32 items on.
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QCMS", version 1, hasher, size, update, total, counters, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> CountMin:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class CountSketch:
    """Counts items in rows of counters that some items raise and others lower: the median of an item's rows is its count.

        CountSketch requests(2048, 5);
        requests.add("GET /");
        requests.count("GET /");

    Where CountMin errs by a share of all items, this errs by a share of the root of the sum of squared counts, which is
    far less where few items make up most; its errors have no bias, and counts may be taken off again.

    Source
    ------
    Charikar, Chen, Farach-Colton 2002, Finding frequent items in data streams
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    @overload
    def count(self, items: Item) -> Estimate: ...  # type: ignore[overload-overlap]
    @overload
    def count(self, items: ArrayLike) -> NDArray[np.int64]: ...
    def __init__(self, width: int = ..., rows: int = ..., hasher: Hasher = ...) -> None:
        """With a table of this size.

        Parameters
        ----------
        width
            counters in a row [1], an integer in [2, 2^28]
        rows
            rows [1], an odd integer in [1, 63]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: CountSketch) -> None:
        """Adds all counts of another of the same size and hasher.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @property
    def total(self) -> int:
        """What was counted in all, more and fewer alike [1].
        """
    @property
    def squares(self) -> float:
        """Sum of all squared counts [1], the median of the rows' estimates.
        """
    @property
    def error(self) -> float:
        """Half the width of a count's 95 % interval [1].
        """
    @property
    def width(self) -> int:
        """Counters in a row [1].
        """
    @property
    def rows(self) -> int:
        """Number of rows [1].
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the counters [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QCSK", version 1, hasher, size, total, counters, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> CountSketch:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class CountingBloomFilter:
    """The counting Bloom filter: k counters of 4 bits of m for each item, four times the memory of a BloomFilter.

    A counter that has come to 15 stays there whatever is removed, so that the filter never forgets an item that is in; it
    may then hold one for ever that was removed. `saturated` says how many there are: at the planned load less than 1.4e-15
    of all, where no item comes twice.

    Source
    ------
    Fan, Cao, Almeida, Broder 2000, Summary cache: a scalable wide-area web cache sharing protocol, section V.C
    """
    @overload
    def remove(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def remove(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> CountingBloomFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    def __init__(self, items: float, rate: float = ..., hasher: Hasher = ...) -> None:
        """For so many items [1], >= 1, with this false-positive rate [1], in (0, 1), while so many are in.
        """
    @property
    def rate(self) -> float:
        """False-positive rate [1] as the filter is now: that a new item finds k counters above 0.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> CountingBloomFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def merge(self, other: CountingBloomFilter) -> None:
        """Adds all items of another of the same size and hasher.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @staticmethod
    def of_size(counters: int, hashes: int, hasher: Hasher = ...) -> CountingBloomFilter:
        """With this size.

        Parameters
        ----------
        counters
            m [1], an integer in [1, 2^40]
        hashes
            k [1], an integer in [1, 64]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def estimate(self) -> Estimate:
        """Number of unlike items [1], from the counters that are not 0, with its 95 % interval.
        """
    @property
    def counters(self) -> int:
        """Counters m [1].
        """
    @property
    def counters_set(self) -> int:
        """Counters above 0 [1].
        """
    @property
    def saturated(self) -> int:
        """Counters at 15, which stay there [1].
        """
    @property
    def hashes(self) -> int:
        """Hash functions k [1].
        """

class CuckooFilter:
    """The cuckoo filter: holds items by fingerprints of 8 or 16 bits, and lets them be removed.

        CuckooFilter sessions(1'000'000, 16);
        sessions.add("Ada");
        sessions.remove("Ada");

    An item that is added twice is in twice, and at most 8 times: its two buckets have no more room. A filter that finds no
    place for an item refuses it with std::length_error, and is then as it was before that item. How items lie depends on
    their order; what the filter answers does not.

    Source
    ------
    Fan, Andersen, Kaminsky, Mitzenmacher 2014, Cuckoo filter: practically better than Bloom
    """
    @overload
    def remove(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def remove(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> CuckooFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    def __init__(self, items: float, bits: int = ..., hasher: Hasher = ...) -> None:
        """For so many items [1], in [1, 2^34], with fingerprints of so many bits [1], 8 or 16; it is 94 % full then.
        """
    @property
    def rate(self) -> float:
        """False-positive rate [1] as the filter is now: that a new item finds its fingerprint in one of its two buckets.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> CuckooFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def merge(self, other: CuckooFilter) -> None:
        """Adds all items of another of the same size and hasher; throws std::length_error, and changes nothing, where they have no room.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    def estimate(self) -> Estimate:
        """Items that are in [1]: exact.
        """
    @property
    def items(self) -> int:
        """Items that are in [1], one that was added twice twice.
        """
    @property
    def bits(self) -> int:
        """Bits of a fingerprint [1]: 8 or 16.
        """
    @property
    def places(self) -> int:
        """Places for fingerprints [1].
        """

class DDSketch:
    """Counts numbers in buckets whose bounds are a fixed ratio apart, so that quantiles have a certain relative error.

        DDSketch seconds(0.01);
        seconds.add(0.0123);
        seconds.quantile(0.99);  // within 1 %

    Numbers below 2.2e-308 are zeros; the least and the largest number are kept as they are. Keys are the same on every
    platform. Merging is exact: in any order it gives the sketch of all numbers.

    Source
    ------
    Masson, Rim, Lee 2019, DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees; the cubic mapping is that of sketches-java
    """
    def add(self, numbers: ArrayLike) -> None: ...
    @overload
    def quantile(self, probability: float) -> Estimate: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def cdf(self, number: float) -> Estimate: ...
    @overload
    def cdf(self, number: ArrayLike) -> NDArray[np.float64]: ...
    def __init__(self, relative_error: float = ..., mapping: Literal["logarithmic", "cubic"] = ..., buckets: int = ..., collapse: Literal["lowest", "highest"] = ...) -> None:
        """With a relative error, and so many buckets at most on each side of zero.

        Parameters
        ----------
        relative_error
            of quantiles [1], in [1e-6, 0.9]
        mapping
            how a number becomes a key
        buckets
            on each side of zero at most [1], an integer in [1, 2^24]
        collapse
            which buckets become one where there would be more

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: DDSketch) -> None:
        """Adds all numbers of another with the same error, mapping, buckets and collapse.
        """
    def reset(self) -> None:
        """Forgets all numbers.
        """
    @property
    def count(self) -> int:
        """Number of numbers n [1].
        """
    @property
    def min(self) -> float:
        """Smallest number.
        """
    @property
    def max(self) -> float:
        """Largest number.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the buckets [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QDDS", version 1, error, mapping, collapse, buckets, least, largest, zeros, counts, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> DDSketch:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @property
    def relative_error(self) -> float:
        """Relative error of quantiles [1].
        """
    @property
    def mapping(self) -> Literal["logarithmic", "cubic"]:
        """How a number becomes a key.
        """
    @property
    def buckets(self) -> int:
        """Buckets on each side of zero at most [1].
        """
    @property
    def collapse(self) -> Literal["lowest", "highest"]:
        """Which buckets become one.
        """
    @property
    def collapsed(self) -> bool:
        """Whether buckets have become one, so that some quantiles have lost their error.
        """
    def to_protobuf(self, writer: Literal["java", "python"] = ...) -> bytes:
        """The protobuf form, which holds neither least and largest number nor the limit of buckets.

        Parameters
        ----------
        writer
            whose keys they are to be

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def from_protobuf(bytes: bytes, writer: Literal["java", "python"] = ..., buckets: int = ..., collapse: Literal["lowest", "highest"] = ...) -> DDSketch:
        """Reads the protobuf form, of logarithmic or cubic mapping and with whole counts; throws MalformedBytes where the bytes are anything else. The least and largest number become bounds of their buckets.

        Parameters
        ----------
        bytes
            the message DDSketch
        writer
            whose keys they are
        buckets
            on each side of zero at most [1], an integer in [1, 2^24]
        collapse
            which buckets become one where there are more

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class ExactQuantiles:
    """Keeps all numbers: what sketches are measured by, and the better choice for few.

        ExactQuantiles seconds;
        seconds.add(0.0123);
        seconds.quantile(0.99);

    Source
    ------
    Hyndman, Fan 1996, Sample quantiles in statistical packages, definition 1
    """
    def add(self, numbers: ArrayLike) -> None: ...
    @overload
    def quantile(self, probability: float) -> Estimate: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def cdf(self, number: float) -> Estimate: ...
    @overload
    def cdf(self, number: ArrayLike) -> NDArray[np.float64]: ...
    def merge(self, other: ExactQuantiles) -> None:
        """Adds all numbers of another.
        """
    def reset(self) -> None:
        """Forgets all numbers.
        """
    @property
    def count(self) -> int:
        """Number of numbers n [1].
        """
    @property
    def min(self) -> float:
        """Smallest number.
        """
    @property
    def max(self) -> float:
        """Largest number.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the numbers [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QEXQ", version 1, numbers in order, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> ExactQuantiles:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class ExaLogLog:
    """Counts unlike items with 2^precision registers of 6 + sub_bits + window_bits bits: an item comes with one of a row of values, of which 2^sub_bits at a time are half as likely as those before; the register keeps the largest and which of the window_bits values below it have come.

        ExaLogLog visitors(8);  // 896 bytes, 2.3 % error, 1.9 % without merges
        visitors.add("Ada");
        visitors.estimate();    // 1, with its 95 % interval

    With sub_bits 0 it is HyperLogLog where window_bits is 0, and UltraLogLog where it is 2. Least memory at an error need
    2 and 20; 2 and 24 are faster, being registers of four bytes.

    Source
    ------
    Ertl 2024, ExaLogLog: space-efficient and practical approximate distinct counting up to the exa-scale, EDBT 2025
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, precision: int = ..., sub_bits: int = ..., window_bits: int = ..., hasher: Hasher = ...) -> None:
        """With 2^precision registers, an integer in [2, 20]; sub_bits, t of the paper, an integer in [0, 3]; window_bits, d of the paper, an integer in [0, 48].
        """
    def merge(self, other: ExaLogLog) -> None:
        """Counts what another of the same bits and hasher has counted: the registers are those of all items together.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    def estimate(self, by: Literal["best", "raw", "classic", "plus_plus", "improved", "generalized", "maximum_likelihood", "martingale"] = ..., confidence: float = ...) -> Estimate:
        """Number of unlike items [1], with its interval.

        Parameters
        ----------
        by
            maximum_likelihood or martingale; best is martingale, or maximum_likelihood once sketches have been merged
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def relative_error(self, by: Literal["best", "raw", "classic", "plus_plus", "improved", "generalized", "maximum_likelihood", "martingale"] = ...) -> float:
        """Standard error over truth [1] of many items.

        Parameters
        ----------
        by
            how the number is found

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def memory_variance_product(self, by: Literal["best", "raw", "classic", "plus_plus", "improved", "generalized", "maximum_likelihood", "martingale"] = ...) -> float:
        """Bits of all registers times the relative variance [1]: what a bit of memory is worth, the less the better.

        Parameters
        ----------
        by
            how the number is found

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def precision(self) -> int:
        """log2 of the number of registers [1].
        """
    @property
    def sub_bits(self) -> int:
        """log2 of the number of values that are equally likely [1].
        """
    @property
    def window_bits(self) -> int:
        """Number of values below the largest that are kept in mind [1].
        """
    @property
    def merged(self) -> bool:
        """Whether items came by a merge, so that there is no martingale estimate.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of registers [B].
        """
    def registers(self) -> NDArray[np.uint64]:
        """Each register as a number, the largest value before the bits of those below it.
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QELL", version 1, hasher, the three numbers of bits, martingale estimate, registers, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> ExaLogLog:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def to_state(self) -> bytes:
        """The registers as getState of the paper's Java program gives them and its wrap takes them.
        """
    @staticmethod
    def from_state(bytes: bytes, sub_bits: int = ..., window_bits: int = ..., hasher: Hasher = ...) -> ExaLogLog:
        """Reads the state of an ExaLogLog of the paper's Java program; throws MalformedBytes where the bytes are anything else. How items were hashed is not in the bytes.

        Parameters
        ----------
        bytes
            registers, one after the other without gaps
        sub_bits
            t of the paper [1], an integer in [0, 3]
        window_bits
            d of the paper [1], an integer in [0, 48]
        hasher
            how items were hashed

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class BinaryFuseFilter:
    """The binary fuse filter: 9.0 or 18.0 bits per item for a rate of 2^-8 or 2^-16. Items that come more than once are in once.

        const auto filter = BinaryFuseFilter::of(keys);
        filter.contains(keys[0]);  // true

    Source
    ------
    Graf, Lemire 2022, Binary fuse filters: fast and smaller than xor filters
    """
    def __init__(self, items: Items, bits: int = ..., hasher: Hasher | None = ...) -> None: ...
    def merge(self, other: BinaryFuseFilter) -> NoReturn: ...
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> BinaryFuseFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    @property
    def rate(self) -> float:
        """False-positive rate [1]: 2^-bits.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> BinaryFuseFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @staticmethod
    def of_hashes(hashes: ArrayLike, bits: int = ..., hasher: Hasher = ...) -> BinaryFuseFilter:
        """A filter of items by their hashes, made elsewhere.

        Parameters
        ----------
        hashes
            of the items, at most 2^31 [1], any 64-bit integers
        bits
            of a fingerprint [1], 8 or 16
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def items(self) -> int:
        """Unlike items [1].
        """
    @property
    def bits(self) -> int:
        """Bits of a fingerprint [1]: 8 or 16.
        """
    def to_xor_singleheader(self) -> bytes:
        """The bytes of xor_singleheader's binary_fuse8_serialize, or 16. Its keys are our hashes.
        """
    @staticmethod
    def from_xor_singleheader(bytes: bytes, bits: int = ..., hasher: Hasher = ...) -> BinaryFuseFilter:
        """Reads what binary_fuse8_serialize or binary_fuse16_serialize wrote; throws MalformedBytes where the bytes are anything else. `contains_hash` asks for the keys of that filter; `hasher` is how they were made of items.
        """

class XorFilter:
    """The xor filter: 9.84 or 19.7 bits per item for a rate of 2^-8 or 2^-16; BinaryFuseFilter does the same in less.

    Source
    ------
    Graf, Lemire 2020, Xor filters: faster and smaller than Bloom and cuckoo filters
    """
    def __init__(self, items: Items, bits: int = ..., hasher: Hasher | None = ...) -> None: ...
    def merge(self, other: XorFilter) -> NoReturn: ...
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> XorFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    @property
    def rate(self) -> float:
        """False-positive rate [1]: 2^-bits.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> XorFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @staticmethod
    def of_hashes(hashes: ArrayLike, bits: int = ..., hasher: Hasher = ...) -> XorFilter:
        """A filter of items by their hashes, made elsewhere.

        Parameters
        ----------
        hashes
            of the items, at most 2^31 [1], any 64-bit integers
        bits
            of a fingerprint [1], 8 or 16
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def items(self) -> int:
        """Unlike items [1].
        """
    @property
    def bits(self) -> int:
        """Bits of a fingerprint [1]: 8 or 16.
        """
    def to_xor_singleheader(self) -> bytes:
        """The bytes of xor_singleheader's xor8_serialize, or 16. Its keys are our hashes.
        """
    @staticmethod
    def from_xor_singleheader(bytes: bytes, bits: int = ..., hasher: Hasher = ...) -> XorFilter:
        """Reads what xor8_serialize or xor16_serialize wrote; throws MalformedBytes where the bytes are anything else. The number of items is not among them: `items` is estimated from the size. `contains_hash` asks for the keys of that filter; `hasher` is how they were made of items.
        """

class GkSketch:
    """Keeps some of the numbers, each with the least and the largest rank that it may have, so close together that every rank is known to within the error.

        GkSketch seconds(0.01);
        seconds.add(0.0123);
        seconds.quantile(0.99);  // the 0.98 to 1 quantile, for certain

    Merged sketches keep the error, but there is no bound of their size.

    Source
    ------
    Greenwald, Khanna 2001, Space-efficient online computation of quantile summaries; Agarwal et al. 2013, Mergeable summaries, section 2.2, for merging
    """
    def add(self, numbers: ArrayLike) -> None: ...
    @overload
    def quantile(self, probability: float) -> Estimate: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def cdf(self, number: float) -> Estimate: ...
    @overload
    def cdf(self, number: ArrayLike) -> NDArray[np.float64]: ...
    def __init__(self, error: float = ...) -> None:
        """With an error of ranks.

        Parameters
        ----------
        error
            of ranks, over n [1], in [1e-5, 0.5]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: GkSketch) -> None:
        """Adds all numbers of another of the same error.
        """
    def reset(self) -> None:
        """Forgets all numbers.
        """
    @property
    def count(self) -> int:
        """Number of numbers n [1].
        """
    @property
    def min(self) -> float:
        """Smallest number.
        """
    @property
    def max(self) -> float:
        """Largest number.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the numbers that are kept [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QGKS", version 1, error, numbers with their ranks, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> GkSketch:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @property
    def error(self) -> float:
        """Error of ranks, over n [1].
        """
    @property
    def kept(self) -> int:
        """Numbers that are kept [1].
        """

class Hasher(Record):
    """Makes 64 bits of an item: of a 64-bit integer, or of a text or bytes.

        const Hasher hasher{HashFunction::murmur64a, 42};
        hasher("a");
        hasher.fill(numbers, hashes);

    `redis` and `datasketches` put the bits in the places where HyperLogLog looks for them: the register in the lowest,
    what is counted in the highest.
    """
    def __new__(cls, function: Literal["xxh3", "xxhash64", "murmur3", "murmur64a", "wyhash", "siphash", "redis", "datasketches"] = ..., seed: int = ...) -> Self: ...
    @property
    def function(self) -> Literal["xxh3", "xxhash64", "murmur3", "murmur64a", "wyhash", "siphash", "redis", "datasketches"]:
        """Which function.
        """
    @property
    def seed(self) -> int:
        """Picks one of 2^64 unlike functions [1], any 64-bit integer.
        """

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

class HeavyKeeper:
    """Tells the k items that come most often: in each row an item finds one bucket; it counts there, or else takes one off the count of another with a probability of 1.08^-count, so that small counts make way and large ones stay.

        HeavyKeeper requests(100);
        requests.add("GET /");
        requests.top(10);

    There is no bound: an answer is nearly always below the truth, by little for frequent items; SpaceSaving and MisraGries
    have bounds that are certain, and need more memory for the same list. Decay draws its chance from the number of items
    so far, so that the answer depends on the items and their order alone.

    Source
    ------
    Gong et al. 2018, HeavyKeeper: an accurate algorithm for finding top-k elephant flows
    """
    @overload
    def count(self, items: Item) -> Estimate: ...  # type: ignore[overload-overlap]
    @overload
    def count(self, items: ArrayLike) -> NDArray[np.uint64]: ...
    def top(self, number: int = ...) -> list[tuple[Item, Estimate]]: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, capacity: int = ..., width: int = ..., rows: int = ..., hasher: Hasher = ...) -> None:
        """For a list of so many items.

        Parameters
        ----------
        capacity
            k [1], an integer in [1, 2^24]
        width
            buckets of a row [1], an integer in [1, 2^28]
        rows
            rows [1], an integer in [1, 16]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: HeavyKeeper) -> None:
        """Adds all counts of another of the same size and hasher: like items' are summed, of unlike ones in a bucket the larger stays. Other counts than those of one sketch fed with all.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @property
    def total(self) -> int:
        """Items in all [1].
        """
    @property
    def capacity(self) -> int:
        """Items that the list holds at most, k [1].
        """
    @property
    def bytes_used(self) -> int:
        """Memory of buckets, list and labels [B], about.
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QHVK", version 1, hasher, sizes, total, buckets, list with labels, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> HeavyKeeper:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @property
    def width(self) -> int:
        """Buckets of a row [1].
        """
    @property
    def rows(self) -> int:
        """Rows [1].
        """

class HyperLogLog:
    """Counts unlike items with 2^precision registers of one byte: the register is the lowest bits of an item's hash, and keeps the most zeros seen at the highest.

        HyperLogLog visitors(12);
        visitors.add("Ada");
        visitors.estimate();  // 1, with its 95 % interval

    Few items are kept as they are, 26 bits of the register and the zeros of each, which makes small counts exact to 1
    in 10,000; from 3/32 of the registers on (at least 8 items) there are registers.

    Source
    ------
    Flajolet, Fusy, Gandouet, Meunier 2007, HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm; Heule, Nunkesser, Hall 2013, HyperLogLog in practice, section 5.3, for the few; Ertl 2017, New cardinality estimation algorithms for HyperLogLog sketches; Ting 2014, Streamed approximate counting of distinct elements
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, precision: int = ..., hasher: Hasher = ...) -> None:
        """With 2^precision registers, an integer in [4, 21]. 14 gives 0.65 % to 0.81 % error in 16 KiB.
        """
    def merge(self, other: HyperLogLog) -> None:
        """Counts what another of the same precision and hasher has counted: the registers are those of all items together.
        """
    def reduced(self, precision: int) -> HyperLogLog:
        """The sketch that fewer registers would have made of the same items.

        Parameters
        ----------
        precision
            log2 of the registers [1], an integer in [4, that of this sketch]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    def estimate(self, by: Literal["best", "raw", "classic", "plus_plus", "improved", "generalized", "maximum_likelihood", "martingale"] = ..., confidence: float = ...) -> Estimate:
        """Number of unlike items [1], with its interval.

        Parameters
        ----------
        by
            how it is found from the registers
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def relative_error(self, by: Literal["best", "raw", "classic", "plus_plus", "improved", "generalized", "maximum_likelihood", "martingale"] = ...) -> float:
        """Standard error over truth [1] of many items.

        Parameters
        ----------
        by
            how the number is found

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def precision(self) -> int:
        """log2 of the number of registers [1].
        """
    @property
    def sparse(self) -> bool:
        """Whether it has seen so few items that they are kept as they are.
        """
    @property
    def merged(self) -> bool:
        """Whether items came by a merge, so that there is no martingale estimate.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of registers or items [B].
        """
    def registers(self) -> NDArray[np.uint8]:
        """The registers as they would be if the sketch were not sparse.
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QHLL", version 1, hasher, precision, registers or items, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> HyperLogLog:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def to_redis(self) -> bytes:
        """What the key of a Redis HyperLogLog holds (GET): sparse in at most 3,000 bytes, else dense in 12,304. Needs precision 14 and `redis_hasher`.
        """
    @staticmethod
    def from_redis(bytes: bytes) -> HyperLogLog:
        """Reads the value of a Redis HyperLogLog, dense or sparse; throws MalformedBytes where the bytes are anything else.
        """
    def to_datasketches(self) -> bytes:
        """An HLL sketch of Apache DataSketches in its compact form, of type HLL_8 or coupons. Needs a `datasketches` hasher.
        """
    @staticmethod
    def from_datasketches(bytes: bytes, seed: int = ...) -> HyperLogLog:
        """Reads an HLL sketch of Apache DataSketches, of type HLL_4, HLL_6 or HLL_8; throws MalformedBytes where the bytes are anything else. The seed is not in the bytes.

        Parameters
        ----------
        bytes
            compact or updatable form
        seed
            with which its items were hashed [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class KllSketch:
    """Keeps some of the numbers, in levels: one of level h stands for 2^h. A level that is full is sorted, and every second of its numbers goes up.

        KllSketch seconds(200);
        seconds.add(0.0123);
        seconds.quantile(0.99);  // the 0.99 - 0.0133 to 0.99 + 0.0133 quantile, in 99 of 100 cases

    512 numbers at a time are sorted together, so that the lowest levels err less than those of DataSketches. Which
    numbers go up is drawn from the seed: the same numbers in the same order make the same sketch everywhere.

    Source
    ------
    Karnin, Lang, Liberty 2016, Optimal quantile approximation in streams; the sizes of levels and the error of ranks are those of Apache DataSketches
    """
    def add(self, numbers: ArrayLike) -> None: ...
    @overload
    def quantile(self, probability: float) -> Estimate: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def cdf(self, number: float) -> Estimate: ...
    @overload
    def cdf(self, number: ArrayLike) -> NDArray[np.float64]: ...
    def __init__(self, k: int = ..., seed: int = ...) -> None:
        """Of a size, which sets the error of ranks, and the memory.

        Parameters
        ----------
        k
            numbers in the largest level [1], an integer in [8, 65535]
        seed
            of the draws [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: KllSketch) -> None:
        """Adds all numbers of another. The error becomes that of the smaller k.
        """
    def reset(self) -> None:
        """Forgets all numbers.
        """
    @property
    def count(self) -> int:
        """Number of numbers n [1].
        """
    @property
    def min(self) -> float:
        """Smallest number.
        """
    @property
    def max(self) -> float:
        """Largest number.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the numbers that are kept [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QKLL", version 1, sizes, seed and draws, least, largest, numbers by levels, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> KllSketch:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def rank_error(self, of_difference: bool = ...) -> float:
        """What the rank of a quantile, over n, is off at most in 99 of 100 cases [1]; 0 while all numbers are kept.

        Parameters
        ----------
        of_difference
            whether it is the difference of two ranks that is asked for

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def k(self) -> int:
        """Numbers in the largest level [1].
        """
    @property
    def kept(self) -> int:
        """Numbers that are kept [1].
        """
    def to_datasketches(self, items: Literal["doubles", "floats"] = ...) -> bytes:
        """A KLL sketch of Apache DataSketches.

        Parameters
        ----------
        items
            how wide its items are

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def from_datasketches(bytes: bytes, items: Literal["doubles", "floats"] = ..., seed: int = ...) -> KllSketch:
        """Reads a KLL sketch of Apache DataSketches of finite numbers; throws MalformedBytes where the bytes are anything else.

        Parameters
        ----------
        bytes
            the sketch
        items
            how wide its items are
        seed
            of the draws to come [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class LinearCounter:
    """Sets a bit for each item and counts the bits that are still zero: m ln(m / zeros). Where no bit is zero there is no bound from above: the estimate is infinite.

        LinearCounter visitors(1024);
        visitors.add("Ada");
        visitors.estimate();  // 1, with its 95 % interval

    Source
    ------
    Whang, Vander-Zanden, Taylor 1990, A linear-time probabilistic counting algorithm for database applications
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, bits: int, hasher: Hasher = ...) -> None:
        """With so many bits, an integer in [64, 2^33], rounded up to a multiple of 64. As many bits as items give an error of 0.85 / sqrt(bits).
        """
    def merge(self, other: LinearCounter) -> None:
        """Counts what another of the same size and hasher has counted.
        """
    def estimate(self, confidence: float = ...) -> Estimate:
        """Number of unlike items [1], with its interval.

        Parameters
        ----------
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def relative_error(self, items: float) -> float:
        """Standard error over truth [1] where there are so many items.

        Parameters
        ----------
        items
            number of unlike items [1], finite and >= 0

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def bits(self) -> int:
        """Number of bits [1], a multiple of 64.
        """
    @property
    def zeros(self) -> int:
        """Number of bits that no item has set [1].
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the bits [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QLIN", version 1, hasher, number of words, words, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> LinearCounter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

@overload
def lsh_probability(similarity: float, bands: float, rows: float) -> float: ...
@overload
def lsh_probability(similarity: ArrayLike, bands: ArrayLike, rows: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that an index finds a set of this similarity: that of `bands` bands one or more agree in all `rows` places of a signature.

    Parameters
    ----------
    similarity
        s, share of places that agree [1], in [0, 1]
    bands
        b [1], an integer >= 1
    rows
        r, places in a band [1], an integer >= 1

    Returns
    -------
    1 - (1 - s^r)^b [1], in [0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Leskovec, Rajaraman, Ullman 2020, Mining of Massive Datasets, 3.4.2
    """

@overload
def lsh_threshold(bands: float, rows: float) -> float: ...
@overload
def lsh_threshold(bands: ArrayLike, rows: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Similarity at which an index is about as likely to find a set as not: where its probability rises fastest, near enough.

    Parameters
    ----------
    bands
        b [1], an integer >= 1
    rows
        r, places in a band [1], an integer >= 1

    Returns
    -------
    (1 / b)^(1 / r) [1], in (0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Leskovec, Rajaraman, Ullman 2020, Mining of Massive Datasets, 3.4.2
    """

class LshIndex:
    """Signatures under keys, found by any band of theirs that agrees: locality-sensitive hashing.

        LshIndex index(32, 4);
        index.add(7, ada.signature());
        index.query(bob.signature());  // {7}, if alike

    Two unlike bands are taken for one with probability 2^-64.

    Source
    ------
    Indyk, Motwani 1998, Approximate nearest neighbors: towards removing the curse of dimensionality; Leskovec, Rajaraman, Ullman 2020, Mining of Massive Datasets, 3.4
    """
    def add(self, keys: int | ArrayLike, signatures: ArrayLike) -> None: ...
    def query(self, signatures: ArrayLike) -> Any: ...
    def __init__(self, bands: int = ..., rows: int = ...) -> None:
        """For signatures of bands times rows values: both integers >= 1, their product at most 65536.
        """
    def remove(self, key: int) -> None:
        """Takes a set out. Throws std::domain_error where there is no such key.

        Parameters
        ----------
        key
            under which it was added [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: LshIndex) -> None:
        """Adds all sets of another of the same bands and rows. Throws std::domain_error, and adds none, where they share a key.
        """
    @property
    def bands(self) -> int:
        """Number of bands [1].
        """
    @property
    def rows(self) -> int:
        """Places in a band [1].
        """
    @property
    def size(self) -> int:
        """Number of sets [1].
        """
    def contains(self, key: int) -> bool:
        """Whether there is a set under the key.

        Parameters
        ----------
        key
            under which it would have been added [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def keys(self) -> NDArray[np.uint64]:
        """The keys of all sets, from small to large.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the index [B].
        """
    def encode(self) -> bytes:
        """Its own bytes: "QLSH", version 1, bands, rows, number of sets, for each its key and a hash for each band, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> LshIndex:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class MinHash:
    """The least of each of `size` hashes of all items. Two sets have the same least hash with the probability that their similarity is (Jaccard: shared items over items in either).

        MinHash ada, bob;
        ada.add("lace");
        bob.add("lace");
        ada.similarity(bob);  // 1, with its 95 % interval

    An item's hashes are a x + b of its one hash x, modulo 2^64.

    Source
    ------
    Broder 1997, On the resemblance and containment of documents
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, size: int = ..., hasher: Hasher = ...) -> None:
        """With so many hashes, an integer in [1, 65536]. 128 err by at most 0.044 (one standard deviation).
        """
    def merge(self, other: MinHash) -> None:
        """Adds what another of the same size and hasher has seen: the sketch of the union.
        """
    def similarity(self, other: MinHash, confidence: float = ...) -> Estimate:
        """Similarity with the set of another of the same size and hasher [1], in [0, 1], with Wilson's interval.

        Parameters
        ----------
        other
            the other set's
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def compressed(self, bits: int = ...) -> BBitMinHash:
        """Only the lowest bits of each hash, mixed again: 64 times smaller with one bit.

        Parameters
        ----------
        bits
            of each hash [1], an integer in [1, 32]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def size(self) -> int:
        """Number of hashes [1].
        """
    def signature(self) -> NDArray[np.uint64]:
        """The least hashes; 2^64 - 1 without items.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the hashes [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QMIN", version 1, hasher, size, least hashes, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> MinHash:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class BBitMinHash:
    """A few bits of each hash of a MinHash: what is left to store once a set is complete. It takes no more items, and cannot be merged.

    Source
    ------
    Li, König 2010, b-bit minwise hashing
    """
    def similarity(self, other: BBitMinHash, confidence: float = ...) -> Estimate:
        """Similarity with the set of another of the same size, bits and hasher [1]: the places that agree, less those that agree by chance, with Wilson's interval.

        Parameters
        ----------
        other
            the other set's
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def size(self) -> int:
        """Number of hashes [1].
        """
    @property
    def bits(self) -> int:
        """Bits of each hash [1].
        """
    @property
    def hasher(self) -> Hasher:
        """How items became 64 bits.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the bits [B].
        """
    def encode(self) -> bytes:
        """Its own bytes: "QBIT", version 1, hasher, size, bits, words, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> BBitMinHash:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class OnePermutationMinHash:
    """One hash an item instead of many: it falls into one of `size` bins, of which each keeps its least. Faster by the number of hashes, and as exact where there are a few items to each bin.

    Source
    ------
    Li, Owen, Zhang 2012, One permutation hashing; Shrivastava 2017, Optimal densification for fast and accurate minwise hashing
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, size: int = ..., hasher: Hasher = ...) -> None:
        """With so many bins, an integer in [1, 65536].
        """
    def merge(self, other: OnePermutationMinHash) -> None:
        """Adds what another of the same size and hasher has seen: the sketch of the union.
        """
    def similarity(self, other: OnePermutationMinHash, confidence: float = ...) -> Estimate:
        """Similarity with the set of another of the same size and hasher [1], in [0, 1]: bins that agree over bins that are not empty in both, with Wilson's interval.

        Parameters
        ----------
        other
            the other set's
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def size(self) -> int:
        """Number of bins [1].
        """
    @property
    def empty_bins(self) -> int:
        """Number of bins without an item [1].
        """
    def signature(self) -> NDArray[np.uint64]:
        """The least hash of each bin; empty bins have that of another, drawn by their number until one is not empty, so that signatures agree in as many places as sets are alike however few items there are.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the bins [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QONE", version 1, hasher, size, least hashes, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> OnePermutationMinHash:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class SuperMinHash:
    """MinHash whose places share one permutation, so that an item leaves its least values in unlike places: fewer errors where sets are small, down to a half of the variance, and less work where they are large.

    Source
    ------
    Ertl 2017, SuperMinHash: a new minwise hashing algorithm for Jaccard similarity estimation
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, size: int = ..., hasher: Hasher = ...) -> None:
        """With so many values, an integer in [1, 65536].
        """
    def merge(self, other: SuperMinHash) -> None:
        """Adds what another of the same size and hasher has seen: the sketch of the union.
        """
    def similarity(self, other: SuperMinHash, confidence: float = ...) -> Estimate:
        """Similarity with the set of another of the same size and hasher [1], in [0, 1], with Wilson's interval, which is wider than need be for small sets.

        Parameters
        ----------
        other
            the other set's
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def variance_ratio(self, items: float) -> float:
        """Variance of the similarity over that of MinHash with as many values [1], in (0, 1].

        Parameters
        ----------
        items
            in either set [1], finite and >= 1

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def size(self) -> int:
        """Number of values [1].
        """
    def signature(self) -> NDArray[np.uint64]:
        """The least values; 2^64 - 1 without items.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the values, and of what finds them [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QSUP", version 1, hasher, size, least values, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> SuperMinHash:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class MisraGries:
    """Counts the items that come often: where there are too many, all counts are lowered until enough are gone.

        MisraGries requests(100);
        requests.add("GET /");
        requests.top(10);  // items with bounds that are certain

    Every item that makes up more than 1 / (capacity + 1) of all has a counter. Counters are lowered in bulk, at twice the
    capacity, by the largest count that is not among the first `capacity`; so the cost of an item is constant, and merging
    keeps the bound.

    Source
    ------
    Misra, Gries 1982, Finding repeated elements; Agarwal et al. 2013, Mergeable summaries, section 3, for merging
    """
    @overload
    def count(self, items: Item) -> Estimate: ...  # type: ignore[overload-overlap]
    @overload
    def count(self, items: ArrayLike) -> NDArray[np.uint64]: ...
    def top(self, number: int = ...) -> list[tuple[Item, Estimate]]: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, capacity: int = ..., hasher: Hasher = ...) -> None:
        """With so many counters after each lowering.

        Parameters
        ----------
        capacity
            counters [1], an integer in [1, 2^27]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: MisraGries) -> None:
        """Adds all counts of another of the same capacity and hasher. Bounds stay certain, and `error` at most total / (capacity + 1); counts may differ from those of one sketch fed with all.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @property
    def total(self) -> int:
        """Items in all [1].
        """
    @property
    def capacity(self) -> int:
        """Number of counters after a lowering [1].
        """
    @property
    def bytes_used(self) -> int:
        """Memory of counters and labels [B], about.
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QMGR", version 1, hasher, capacity, total, error, counters with labels, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> MisraGries:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @property
    def error(self) -> int:
        """What counts were lowered by in all [1]: at most total / (capacity + 1).
        """

class QuotientFilter:
    """The quotient filter: a slot of a table of 2^q, and three bits beside it, hold an item's fingerprint of q + r bits.

        QuotientFilter seen(1'000'000, 0.001);
        seen.add("Ada");
        seen.resize(seen.quotient_bits() + 1);  // room for twice as many
        seen.remove("Ada");

    An item that is added twice is in twice. A filter that is 95 % full refuses the next item with std::length_error. How the
    table lies depends on the items alone, not on their order.

    Source
    ------
    Bender et al. 2012, Don't thrash: how to cache your hash on flash, section 3
    """
    @overload
    def remove(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def remove(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> QuotientFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    def __init__(self, items: float, rate: float = ..., hasher: Hasher = ...) -> None:
        """For so many items [1], in [1, 2^34], with this false-positive rate [1], in [1e-12, 0.5], once all are in.
        """
    @property
    def rate(self) -> float:
        """False-positive rate [1] as the filter is now: that a new item's fingerprint is one of those in the table.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> QuotientFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def merge(self, other: QuotientFilter) -> None:
        """Adds all items of another of the same hasher and as many bits of a fingerprint, q + r; its slots may be more or fewer. Throws std::length_error, and changes nothing, where they have no room.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @staticmethod
    def of_size(quotient_bits: int, remainder_bits: int, hasher: Hasher = ...) -> QuotientFilter:
        """With this size.

        Parameters
        ----------
        quotient_bits
            q [1], an integer in [3, 40]: 2^q slots
        remainder_bits
            r [1], an integer in [1, 50]; q + r at most 60
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def resize(self, quotient_bits: int) -> None:
        """Gives the table other slots and keeps the fingerprints, so the rate too; throws std::length_error, and changes nothing, where the items have no room.

        Parameters
        ----------
        quotient_bits
            q [1], an integer in [3, 40] and below the bits of a fingerprint: 2^q slots

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def estimate(self) -> Estimate:
        """Items that are in [1]: exact.
        """
    @property
    def items(self) -> int:
        """Items that are in [1], one that was added twice twice.
        """
    @property
    def quotient_bits(self) -> int:
        """Bits of a fingerprint that say its slot, q [1].
        """
    @property
    def remainder_bits(self) -> int:
        """Bits of a fingerprint that the slot holds, r [1].
        """
    @property
    def slots(self) -> int:
        """Slots [1].
        """
    @property
    def capacity(self) -> int:
        """Items that have room [1]: 95 % of the slots.
        """

class ReqSketch:
    """Keeps some of the numbers, in levels: one of level h stands for 2^h. A level that is full gives half of its numbers from one end to the next and keeps those of the other end, so that the outermost numbers there are all kept, and ranks p are off by a share of 1 - p, or of p at the low end.

        ReqSketch seconds(12);
        seconds.add(0.0123);
        seconds.quantile(0.9999);

    Sizes below 8, which DataSketches takes, are refused: their bounds were seen to miss the truth in up to 73 of 100 runs.
    Which numbers go up is drawn from the seed: the same numbers in the same order make the same sketch everywhere.

    Source
    ------
    Cormode, Karnin, Liberty, Thaler, Vesely 2021, Relative error streaming quantiles; the sizes of sections and the error of ranks, found by experiment, are those of Apache DataSketches
    """
    def add(self, numbers: ArrayLike) -> None: ...
    @overload
    def quantile(self, probability: float) -> Estimate: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def cdf(self, number: float) -> Estimate: ...
    @overload
    def cdf(self, number: ArrayLike) -> NDArray[np.float64]: ...
    def __init__(self, k: int = ..., end: Literal["high", "low"] = ..., seed: int = ...) -> None:
        """Of a size, which sets the error of ranks, and the memory.

        Parameters
        ----------
        k
            numbers of a section [1], an even integer in [8, 1024]
        end
            where ranks are known best
        seed
            of the draws [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: ReqSketch) -> None:
        """Adds all numbers of another of the same k and end.
        """
    def reset(self) -> None:
        """Forgets all numbers.
        """
    @property
    def count(self) -> int:
        """Number of numbers n [1].
        """
    @property
    def min(self) -> float:
        """Smallest number.
        """
    @property
    def max(self) -> float:
        """Largest number.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the numbers that are kept [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QREQ", version 1, size, end, seed and draws, least, largest, levels, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> ReqSketch:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def rank_error(self, rank: float) -> float:
        """What a rank, over n, is off at most in 99 of 100 cases [1]; 0 where all numbers beyond it are kept.

        Parameters
        ----------
        rank
            p [1], in [0, 1]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def k(self) -> int:
        """Numbers of a section [1].
        """
    @property
    def end(self) -> Literal["high", "low"]:
        """Where ranks are known best.
        """
    @property
    def kept(self) -> int:
        """Numbers that are kept [1].
        """

class Reservoir:
    """Keeps a sample without replacement: as if numbers were drawn one after the other, each with a chance in proportion to its weight among those that are left.

        Reservoir seconds(1000);
        seconds.add(0.0123);
        seconds.sample();

    Every number has a key, exponential over its weight, and those with the smallest keys stay; so merged reservoirs are
    a sample of all, in any order. Numbers without a chance are jumped over: of n, about size log(n / size) cost a draw.
    Reservoirs that are to be merged need seeds of their own, else their samples resemble each other.

    Source
    ------
    Efraimidis, Spirakis 2006, Weighted random sampling with a reservoir, algorithm A-ExpJ; Cohen, Kaplan 2007, Summarizing data using bottom-k sketches, for the weights of the sample
    """
    def add(self, numbers: ArrayLike, weights: ArrayLike | None = ...) -> None: ...
    def __init__(self, size: int = ..., seed: int = ...) -> None:
        """Of a size.

        Parameters
        ----------
        size
            of the sample [1], an integer in [1, 2^28]
        seed
            of the draws [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: Reservoir) -> None:
        """Takes the numbers of another of the same size and with another seed for its own.
        """
    def reset(self) -> None:
        """Forgets all numbers; the draws go on.
        """
    @property
    def count(self) -> int:
        """Number of numbers that were added n [1].
        """
    @property
    def total(self) -> float:
        """Sum of their weights.
        """
    def sample(self) -> NDArray[np.float64]:
        """The sample, in the order in which it would have been drawn; all numbers where there are no more.
        """
    def weights(self) -> NDArray[np.float64]:
        """What each number of the sample stands for, in its order: the sum of these over numbers of any kind is on average the sum of all weights of that kind.
        """
    @property
    def size(self) -> int:
        """Size of the sample [1].
        """
    @property
    def seed(self) -> int:
        """Seed of the draws [1].
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the sample [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QRSV", version 1, size, seed and draws, sums, jump, numbers with keys, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> Reservoir:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class RibbonFilter:
    """The bumped ribbon filter: for a million items 0.4 %, for ten thousand 3 % more than the `bits` per item that a rate of 2^-bits costs any filter, where the binary fuse filter takes 13 % more; slower to ask. Items that come more than once are in once.

        const auto filter = RibbonFilter::of(keys, 7);
        filter.contains(keys[0]);  // true

    An item's fingerprint is the xor of some of the 64 rows from a start on. The rows solve linear equations, one for each
    item; where items crowd, those that start early in a bucket of 128 rows are bumped to a next, smaller layer.

    Source
    ------
    Dillinger, Huebschle-Schneider, Sanders, Walzer 2022, Fast succinct retrieval and approximate membership using ribbon; Dillinger, Walzer 2021, Ribbon filter: practically smaller than Bloom and xor, for the equations
    """
    def __init__(self, items: Items, bits: int = ..., hasher: Hasher | None = ...) -> None: ...
    def merge(self, other: RibbonFilter) -> NoReturn: ...
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> RibbonFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    @property
    def rate(self) -> float:
        """False-positive rate [1]: 2^-bits.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> RibbonFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @staticmethod
    def of_hashes(hashes: ArrayLike, bits: int = ..., hasher: Hasher = ...) -> RibbonFilter:
        """A filter of items by their hashes, made elsewhere.

        Parameters
        ----------
        hashes
            of the items, at most 2^31 [1], any 64-bit integers
        bits
            of a fingerprint [1], an integer in [1, 16]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def items(self) -> int:
        """Unlike items [1].
        """
    @property
    def bits(self) -> int:
        """Bits of a fingerprint [1], an integer in [1, 16].
        """

class ScalableBloomFilter:
    """A scalable Bloom filter: classic ones in stages, each for twice as many items as the one before and at a rate smaller by the tightening ratio, so that the rates of all, however many, sum up to the one asked for.

        ScalableBloomFilter seen(1000, 0.01);
        for (const auto& line : lines) seen.add(line);  // as many as there are

    An item that it already claims to hold is not added again. Merging keeps the stages of both filters, so that the merged
    one's rate is at most the sum of the two; `rate` tells.

    Source
    ------
    Almeida, Baquero, Preguica, Hutchison 2007, Scalable Bloom filters
    """
    @overload
    def contains(self, items: Item) -> bool: ...  # type: ignore[overload-overlap]
    @overload
    def contains(self, items: ArrayLike) -> NDArray[np.bool_]: ...
    def contains_hashes(self, hashes: ArrayLike) -> NDArray[np.bool_]: ...
    def __contains__(self, item: Item) -> bool: ...
    @staticmethod
    def view(bytes: Any, check: bool = ...) -> ScalableBloomFilter: ...
    @property
    def hasher(self) -> Hasher: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    def __init__(self, items: float, rate: float = ..., tightening: float = ..., hasher: Hasher = ...) -> None:
        """With a first stage for so many items [1], in [1, 2^34], and never more than this false-positive rate [1], in (0, 1); each stage's rate is that of the one before times the tightening ratio [1], in [0.1, 0.95].
        """
    @property
    def rate(self) -> float:
        """False-positive rate [1] as the filter is now: that a new item finds its bits set in one of the stages.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the table [B]; 0 where it lies in bytes that are looked at.
        """
    def encode(self) -> bytes:
        """The filter's own bytes: four letters, version, hasher, sizes, zeros up to a multiple of 64 bytes, the table, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> ScalableBloomFilter:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def merge(self, other: ScalableBloomFilter) -> None:
        """Adds all items of another of the same parameters and hasher. Stages of one size are joined where they have room for both, else both stay.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    def estimate(self) -> Estimate:
        """Number of unlike items [1], from the bits that are set, with its 95 % interval; of merged filters an item that was in both may count twice.
        """
    @property
    def items(self) -> int:
        """Items that were added and not yet claimed to be in [1].
        """
    @property
    def stages(self) -> int:
        """Stages [1].
        """
    @property
    def bits(self) -> int:
        """Bits of all stages [1].
        """

class SimHash:
    """Signs of sums: each item adds +1 or -1 to each of `bits` sums, by the bits of its hash, as often as it comes. Two sketches differ in a sign with the probability that the angle between their vectors of counts has of 180 degrees.

        SimHash ada(64), bob(64);
        ada.add("lace");
        bob.add("lace");
        ada.similarity(bob);  // cosine 1, with its 95 % interval

    Source
    ------
    Charikar 2002, Similarity estimation techniques from rounding algorithms; Manku, Jain, Das Sarma 2007, Detecting near-duplicates for web crawling
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, bits: int = ..., hasher: Hasher = ...) -> None:
        """With so many bits, an integer in [64, 65536], rounded up to a multiple of 64.
        """
    def merge(self, other: SimHash) -> None:
        """Adds the counts of another of the same size and hasher.
        """
    def similarity(self, other: SimHash, confidence: float = ...) -> Estimate:
        """Cosine of the angle between the counts of this and another of the same size and hasher [1], in [-1, 1]; its interval is that of Wilson for the share of signs that differ.

        Parameters
        ----------
        other
            the other vector's
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def size(self) -> int:
        """Number of bits [1].
        """
    def fingerprint(self) -> NDArray[np.uint64]:
        """The signs, 64 to a word: a bit is set where a sum is positive.
        """
    def signature(self) -> NDArray[np.uint64]:
        """The words of the fingerprint as an index takes them.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the sums [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QSIM", version 1, hasher, number of words, sums, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> SimHash:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class SpaceSaving:
    """Counts the items that come most often: one that has no counter takes over the smallest, with its count.

        SpaceSaving requests(100);
        requests.add("GET /");
        requests.top(10);  // items with bounds that are certain

    Every item that makes up more than 1 / capacity of all has a counter. Of equal counters the one with the smaller hash
    goes first, so that the answer depends on the items and their order alone. The sketch knows an item by its hash: two
    that share all 64 bits count as one.

    Source
    ------
    Metwally, Agrawal, El Abbadi 2005, Efficient computation of frequent and top-k elements in data streams; Cafaro, Pulimeno, Tempesta 2016, A parallel space saving algorithm for frequent items and the Hurwitz zeta distribution, for merging
    """
    @overload
    def count(self, items: Item) -> Estimate: ...  # type: ignore[overload-overlap]
    @overload
    def count(self, items: ArrayLike) -> NDArray[np.uint64]: ...
    def top(self, number: int = ...) -> list[tuple[Item, Estimate]]: ...
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, capacity: int = ..., hasher: Hasher = ...) -> None:
        """With so many counters.

        Parameters
        ----------
        capacity
            counters [1], an integer in [1, 2^28]
        hasher
            how items become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: SpaceSaving) -> None:
        """Adds all counts of another of the same capacity and hasher. Bounds stay certain, and `error` at most total / capacity; where items have lost their counters, counts differ from those of one sketch fed with all.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    @property
    def total(self) -> int:
        """Items in all [1].
        """
    @property
    def capacity(self) -> int:
        """Number of counters [1].
        """
    @property
    def bytes_used(self) -> int:
        """Memory of counters and labels [B], about.
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QSSV", version 1, hasher, capacity, total, counters with labels, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> SpaceSaving:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    @property
    def error(self) -> int:
        """What an item without a counter has come at most, and a count has in excess at most [1]: the smallest count, 0 while there are free counters; at most total / capacity.
        """

class Centroid(Record):
    """Numbers that a t-digest keeps as one.
    """
    def __new__(cls, mean: float, weight: int) -> Self: ...
    @property
    def mean(self) -> float:
        """Their mean.
        """
    @property
    def weight(self) -> int:
        """How many they are [1].
        """

class TDigest:
    """Keeps clusters of neighbouring numbers by mean and weight; those at the ends are single numbers.

        TDigest seconds(100);
        seconds.add(0.0123);
        seconds.quantile(0.999);

    No bound is known that holds for all numbers: Estimates have the least and the largest number as bounds. Between the
    middles of clusters quantiles rise evenly, and they never fall. The delta of the scale is five times the compression,
    which makes three to four times as many clusters. Of compression 100 and scale k1, ranks were right to 0.5 %, and to
    100 ppm at 0.999, for the six laws that were tried; across a gap between two modes to 1 %.

    Source
    ------
    Dunning, Ertl 2019, Computing extremely accurate quantiles using t-digests; Dunning 2021, The t-digest: efficient estimates of distributions
    """
    def add(self, numbers: ArrayLike) -> None: ...
    @overload
    def quantile(self, probability: float) -> Estimate: ...
    @overload
    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def cdf(self, number: float) -> Estimate: ...
    @overload
    def cdf(self, number: ArrayLike) -> NDArray[np.float64]: ...
    def __init__(self, compression: float = ..., scale: Literal["k0", "k1", "k2", "k3"] = ...) -> None:
        """Of a compression, which sets the number of clusters.

        Parameters
        ----------
        compression
            a third to a quarter of the clusters [1], in [10, 65535]
        scale
            how their sizes differ

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def merge(self, other: TDigest) -> None:
        """Adds all numbers of another, of any compression and scale.
        """
    def reset(self) -> None:
        """Forgets all numbers.
        """
    @property
    def count(self) -> int:
        """Number of numbers n [1].
        """
    @property
    def min(self) -> float:
        """Smallest number.
        """
    @property
    def max(self) -> float:
        """Largest number.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of clusters and of numbers that are not yet in one [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QTDG", version 1, compression, scale, least, largest, clusters, fresh numbers, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> TDigest:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def centroids(self) -> list[Centroid]:
        """The clusters, in order.
        """
    @property
    def compression(self) -> float:
        """Compression [1].
        """
    @property
    def scale(self) -> Literal["k0", "k1", "k2", "k3"]:
        """How the sizes of clusters differ.
        """
    def to_datasketches(self, items: Literal["doubles", "floats"] = ...) -> bytes:
        """A t-digest of Apache DataSketches. Needs a compression that is an integer.

        Parameters
        ----------
        items
            how wide its numbers are

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def from_datasketches(bytes: bytes, scale: Literal["k0", "k1", "k2", "k3"] = ..., items: Literal["doubles", "floats"] = ...) -> TDigest:
        """Reads a t-digest of Apache DataSketches; throws MalformedBytes where the bytes are anything else.

        Parameters
        ----------
        bytes
            the sketch
        scale
            how the sizes of clusters are to differ
        items
            how wide its numbers are

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def to_reference(self) -> bytes:
        """The verbose form of the reference implementation in Java (`asBytes`), big-endian.
        """
    @staticmethod
    def from_reference(bytes: bytes, scale: Literal["k0", "k1", "k2", "k3"] = ...) -> TDigest:
        """Reads the verbose or the small form of the reference implementation; throws MalformedBytes where the bytes are anything else.

        Parameters
        ----------
        bytes
            what `asBytes` or `asSmallBytes` made
        scale
            how the sizes of clusters are to differ

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

def tdigest_scale(scale: Literal["k0", "k1", "k2", "k3"], q: float, delta: float, n: float) -> float:
    """Place on the scale of a t-digest of the clusters' ends.

    Parameters
    ----------
    scale
        which
    q
        fraction of numbers below [1], in [0, 1]
    delta
        of the scale [1], > 0
    n
        numbers [1], > 0

    Returns
    -------
    k [1]; infinite at the ends where the scale is k2 or k3

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dunning 2019, The size of a t-digest
    """

def tdigest_fraction(scale: Literal["k0", "k1", "k2", "k3"], k: float, delta: float, n: float) -> float:
    """Fraction of numbers at a place on the scale of a t-digest.

    Parameters
    ----------
    scale
        which
    k
        place [1], any
    delta
        of the scale [1], > 0
    n
        numbers [1], > 0

    Returns
    -------
    q [1], in [0, 1]: that of tdigest_scale

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dunning 2019, The size of a t-digest
    """

class ThetaSketch:
    """Keeps the hashes below a threshold theta, which falls so that there are at least 2^precision of them, and fewer than twice as many.

        ThetaSketch ada(12), bob(12);
        ada.add("lace");
        bob.add("lace");
        ada.intersection(bob).estimate();  // 1

    All items' hashes are kept while they are few: then every answer is exact. How far theta has fallen depends on the
    order of merges; `trimmed` does not: it is the sketch of the 2^precision smallest hashes of all items, whatever
    happened.

    Source
    ------
    Dasgupta, Lang, Rhodes, Thaler 2016, A framework for estimating stream expression cardinalities, ICDT; Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan 2002, Counting distinct elements in a data stream
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, precision: int = ..., hasher: Hasher = ...) -> None:
        """With at least 2^precision hashes, an integer in [5, 26]. 12 gives 1.2 % to 1.6 % error in 128 KiB. The default hasher is that of Apache DataSketches, with its seed.
        """
    def merge(self, other: ThetaSketch) -> None:
        """Counts what another of the same precision and hasher has counted: the sketch of the union.
        """
    def intersection(self, other: ThetaSketch) -> ThetaSketch:
        """The sketch of the items of both; their precisions may differ.
        """
    def difference(self, other: ThetaSketch) -> ThetaSketch:
        """The sketch of the items of this one that the other has not; their precisions may differ.
        """
    def trimmed(self) -> ThetaSketch:
        """The sketch with the 2^precision smallest hashes, where there are more.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    def estimate(self, confidence: float = ...) -> Estimate:
        """Number of unlike items [1]: hashes over theta, with the interval in which the truth lies by Wilson's score.

        Parameters
        ----------
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def similarity(self, other: ThetaSketch, confidence: float = ...) -> Estimate:
        """Items in both over items in either [1], by Jaccard: of the smallest hashes of the union those that both have, with Wilson's interval.

        Parameters
        ----------
        other
            a sketch with the same hasher
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def precision(self) -> int:
        """log2 of the least number of hashes [1].
        """
    @property
    def theta(self) -> float:
        """Share of all hashes that are kept [1], in (0, 1].
        """
    @property
    def retained(self) -> int:
        """Number of hashes that are kept [1].
        """
    @property
    def exact(self) -> bool:
        """Whether all items' hashes are kept, so that answers are exact.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the hashes [B].
        """
    def hashes(self) -> NDArray[np.uint64]:
        """The hashes that are kept, from small to large; half of what the hasher gave.
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QTHT", version 1, hasher, precision, theta, hashes in order, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> ThetaSketch:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def to_datasketches(self) -> bytes:
        """A compact ordered Theta sketch of Apache DataSketches, serial version 3. Needs the hash function murmur3.
        """
    @staticmethod
    def from_datasketches(bytes: bytes, precision: int = ..., seed: int = ...) -> ThetaSketch:
        """Reads a compact Theta sketch of Apache DataSketches, serial version 3; throws MalformedBytes where the bytes are anything else, or were hashed with another seed. Its nominal number of entries is not in the bytes.

        Parameters
        ----------
        bytes
            compact form, ordered or not
        precision
            of the sketch that is made [1], an integer in [5, 26]
        seed
            with which its items were hashed [1], any 64-bit integer

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class UltraLogLog:
    """Counts unlike items with 2^precision registers of one byte: the register is the highest bits of an item's hash, and keeps the most zeros seen after them in six bits, and in two whether one and two zeros fewer have been seen.

        UltraLogLog visitors(12);
        visitors.add("Ada");
        visitors.estimate();  // 1, with its 95 % interval

    Source
    ------
    Ertl 2024, UltraLogLog: a practical and more space-efficient alternative to HyperLogLog for approximate distinct counting, PVLDB 17(7)
    """
    def add(self, items: Items) -> None: ...
    def add_hashes(self, hashes: ArrayLike) -> None: ...
    @property
    def hasher(self) -> Hasher: ...
    def __init__(self, precision: int = ..., hasher: Hasher = ...) -> None:
        """With 2^precision registers, an integer in [3, 24]. 12 gives 1.0 % to 1.2 % error in 4 KiB.
        """
    def merge(self, other: UltraLogLog) -> None:
        """Counts what another of the same precision and hasher has counted: the registers are those of all items together.
        """
    def reduced(self, precision: int) -> UltraLogLog:
        """The sketch that fewer registers would have made of the same items.

        Parameters
        ----------
        precision
            log2 of the registers [1], an integer in [3, that of this sketch]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def reset(self) -> None:
        """Forgets all items.
        """
    def estimate(self, by: Literal["best", "raw", "classic", "plus_plus", "improved", "generalized", "maximum_likelihood", "martingale"] = ..., confidence: float = ...) -> Estimate:
        """Number of unlike items [1], with its interval.

        Parameters
        ----------
        by
            generalized, maximum_likelihood or martingale; best is martingale, or maximum_likelihood once sketches have been merged
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def relative_error(self, by: Literal["best", "raw", "classic", "plus_plus", "improved", "generalized", "maximum_likelihood", "martingale"] = ...) -> float:
        """Standard error over truth [1] of many items.

        Parameters
        ----------
        by
            how the number is found

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def precision(self) -> int:
        """log2 of the number of registers [1].
        """
    @property
    def merged(self) -> bool:
        """Whether items came by a merge, so that there is no martingale estimate.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of registers [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QULL", version 1, hasher, precision, martingale estimate, registers, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> UltraLogLog:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
    def to_hash4j(self) -> bytes:
        """The registers as hash4j's getState gives them and its wrap takes them.
        """
    @staticmethod
    def from_hash4j(bytes: bytes, hasher: Hasher = ...) -> UltraLogLog:
        """Reads the state of an UltraLogLog of hash4j; throws MalformedBytes where the bytes are anything else. How items were hashed is not in the bytes.

        Parameters
        ----------
        bytes
            8 to 2^24 registers of one byte each, a power of two
        hasher
            how items were hashed

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """

class WeightedMinHash:
    """Draws `size` points of the items' weights, so that two sketches have the same point with the probability that their weighted similarity is: the sum of the lesser weights of each item over the sum of the greater. All weights 1 make it that of MinHash.

        WeightedMinHash ada, bob;
        ada.add("lace", 2);
        bob.add("lace", 3);
        ada.similarity(bob);  // about 2/3, with its 95 % interval

    An item that comes twice, or in both of two that are merged, has the greater of its weights.

    Source
    ------
    Ioffe 2010, Improved consistent sampling, weighted minhash and L1 sketching
    """
    def add(self, items: Items, weights: float | ArrayLike) -> None: ...
    def add_hashes(self, hashes: ArrayLike, weights: ArrayLike) -> None: ...
    def __init__(self, size: int = ..., hasher: Hasher = ...) -> None:
        """With so many points, an integer in [1, 65536].
        """
    def merge(self, other: WeightedMinHash) -> None:
        """Adds what another of the same size and hasher has seen.
        """
    def similarity(self, other: WeightedMinHash, confidence: float = ...) -> Estimate:
        """Weighted similarity with another of the same size and hasher [1], in [0, 1], with Wilson's interval.

        Parameters
        ----------
        other
            the other set's
        confidence
            of the interval [1], in (0, 1)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def hasher(self) -> Hasher:
        """How items become 64 bits.
        """
    @property
    def size(self) -> int:
        """Number of points [1].
        """
    def signature(self) -> NDArray[np.uint64]:
        """The points, as hashes of an item and a step of its weight; 2^64 - 1 without items.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the points, and of what they are chosen by [B].
        """
    def encode(self) -> bytes:
        """The sketch's own bytes: "QWMH", version 1, hasher, size, points with what they were chosen by, checksum.
        """
    @staticmethod
    def decode(bytes: bytes) -> WeightedMinHash:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """
