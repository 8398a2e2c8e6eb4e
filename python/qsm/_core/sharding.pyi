# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Sequence
from typing import Literal, Self, overload
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._core.sketches import Hasher, SpaceSaving
from qsm._estimate import Estimate
from qsm._law import DistributionLike
from qsm._record import Record

Nodes = Sequence[Node | str]
Key = int | float | str | bytes
Keys = Key | ArrayLike

def movement(before: Placement, after: Placement, keys: Keys) -> Movement: ...
def balance(placement: Placement, keys: Keys) -> Balance: ...

class Anchor(Placement):
    """Places keys by AnchorHash: a key of a position without a node is hashed again among those that were left when the position lost its node, until it finds one that is there.

        Anchor shards(numbered_nodes(10), {}, {100});
        shards.remove("node-3");  // only its keys move, evenly to all others

    Perfect balance and least movement; mean steps of a lookup: 1 + ln(capacity / nodes) at most.

    Source
    ------
    Mendelson, Vargaftik, Barabash, Lorenz, Keslassy, Orda 2020, AnchorHash: a scalable consistent hash
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ..., *, capacity: int = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits
        options
            most nodes at once

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def capacity(self) -> int:
        """Most nodes at once [1].
        """
    @staticmethod
    def decode(bytes: bytes) -> Anchor:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class JumpBackAnchor(Placement):
    """Places keys by JumpBackHash over all positions and AnchorHash where a position has no node: as `Anchor` without a capacity, and with the positions of hash4j's class of this name.

        JumpBackAnchor shards(numbered_nodes(10));
        shards.remove("node-3");  // only its keys move, evenly to all others

    Source
    ------
    Ertl 2024, JumpBackHash; Mendelson and others 2020, AnchorHash: a scalable consistent hash
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> JumpBackAnchor:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class Memento(Placement):
    """Places keys by Jump over all positions; memory is spent on removed positions alone.

        Memento shards(numbered_nodes(1'000'000));
        shards.remove("node-3");  // only its keys move

    Source
    ------
    Coluzzi, Brocco, Antonucci, Leidi 2023, MementoHash: a stateful, minimal memory, best performing consistent hash algorithm
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> Memento:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class Dx(Placement):
    """Places keys by DxHash: a key's own sequence of random positions, up to the first that has a node.

        Dx shards(numbered_nodes(10), {}, {16});
        shards.remove("node-3");  // only its keys move, evenly to all others

    Mean steps of a lookup: capacity / nodes.

    Source
    ------
    Dong, Wang 2021, DxHash: a scalable consistent hashing based on the pseudo-random sequence
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ..., *, capacity: int = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits
        options
            most nodes at once

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def capacity(self) -> int:
        """Most nodes at once [1].
        """
    @staticmethod
    def decode(bytes: bytes) -> Dx:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class BoundedLoads:
    """Places keys so that of m keys no node holds more than ceil(c m w / W), w its weight among W.

        BoundedLoads sessions(Ring(numbered_nodes(10)), {1.25});
        const auto node = sessions.place("user:17");
        sessions.release(node);

    Which node a key gets depends on those that were placed before it: whoever places a key keeps the answer.

    Source
    ------
    Mirrokni, Thorup, Zadimoghaddam 2018, Consistent hashing with bounded loads
    """
    @overload
    def place(self, keys: Key) -> int: ...  # type: ignore[overload-overlap]
    @overload
    def place(self, keys: ArrayLike) -> NDArray[np.uint32]: ...
    def __init__(self, placement: Placement, *, balance: float = ...) -> None:
        """Over a placement, of which a copy is kept.

        Parameters
        ----------
        placement
            which nodes a key prefers
        options
            how tight the bound is

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def release(self, position: int) -> None:
        """Gives a key of this node up.

        Parameters
        ----------
        position
            of a node [1], one that holds a key

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def capacity(self, position: int) -> int:
        """Most keys that the node at this position takes while there are as many in all as now, and one more [1].

        Parameters
        ----------
        position
            of a node [1], in [0, number of positions)

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def loads(self) -> NDArray[np.uint64]:
        """Keys by position.
        """
    @property
    def total(self) -> int:
        """Keys in all [1].
        """
    @property
    def overflowed(self) -> int:
        """Keys that did not get the node that they prefer, since the start [1].
        """
    @property
    def balance(self) -> float:
        """Largest load over the fair share c [1].
        """
    @property
    def table(self) -> Nodes:
        """Nodes by position.
        """

class Node(Record):
    """A node that holds keys.
    """
    def __new__(cls, name: str, weight: float = ..., domain: str = ...) -> Self: ...
    @property
    def name(self) -> str:
        """Its name, not empty and unlike all others'.
        """
    @property
    def weight(self) -> float:
        """Its share against that of the others [1], finite and >= 0.
        """
    @property
    def domain(self) -> str:
        """What fails together with it: a rack, a zone, a region. A node without one stands for itself.
        """

def numbered_nodes(number: int, prefix: str = ...) -> Nodes:
    """So many nodes, named by a prefix and their number: "node-0", "node-1", ...

    Parameters
    ----------
    number
        nodes [1], an integer in [1, 2^24]
    prefix
        what stands before the number

    Returns
    -------
    the nodes

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    by counting
    """

class Placement:
    """Base of the placements of this library.
    """
    @overload
    def node(self, keys: Key) -> int: ...  # type: ignore[overload-overlap]
    @overload
    def node(self, keys: ArrayLike) -> NDArray[np.uint32]: ...
    @overload
    def name_of(self, keys: Key) -> str: ...  # type: ignore[overload-overlap]
    @overload
    def name_of(self, keys: ArrayLike) -> list[str]: ...
    def node_of_hash(self, hashes: ArrayLike) -> NDArray[np.uint32]: ...
    def replicas(self, keys: Keys, count: int) -> NDArray[np.uint32]: ...
    @property
    def names(self) -> list[str]: ...
    @property
    def hasher(self) -> Hasher: ...
    def __len__(self) -> int: ...
    def __contains__(self, name: object) -> bool: ...
    def add(self, node: Node) -> None:
        """Adds a node.

        Parameters
        ----------
        node
            its name, weight and failure domain

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def remove(self, name: str) -> None:
        """Removes a node; the last one stays.

        Parameters
        ----------
        name
            of a node

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def position(self, name: str) -> int:
        """Position of a node [1].

        Parameters
        ----------
        name
            of a node

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def encode(self) -> bytes:
        """The placement's own bytes: "QSPL", version 1, hasher, algorithm, settings, nodes, vacant positions, checksum.
        """
    @property
    def table(self) -> Nodes:
        """Nodes by position; one without a name where there is none.
        """
    @property
    def size(self) -> int:
        """Number of nodes [1].
        """
    @property
    def total_weight(self) -> float:
        """Sum of all weights [1].
        """
    @property
    def algorithm(self) -> str:
        """Name of the algorithm.
        """
    @property
    def bytes_used(self) -> int:
        """Memory of the placement [B], about.
        """

class HotKey(Record):
    """A key that makes more than its part of the load.
    """
    def __new__(cls, hash: int, share: Estimate) -> Self: ...
    @property
    def hash(self) -> int:
        """Hash of the key.
        """
    @property
    def share(self) -> Estimate:
        """Its share of the load [1], with bounds that are certain.
        """

def hot_keys(counts: SpaceSaving, share: float) -> list[HotKey]:
    """Keys that certainly make more than a share of all accesses, the hottest first.

    Parameters
    ----------
    counts
        of accesses, by key
    share
        least share [1], in (0, 1)

    Returns
    -------
    the keys; every one above the share where the sketch has more than 1 / share counters and is not full

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Metwally, Agrawal, El Abbadi 2005, Efficient computation of frequent and top-k elements in data streams
    """

@overload
def least_peak(hottest_share: float, shards: float) -> float: ...
@overload
def least_peak(hottest_share: ArrayLike, shards: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Most load that one of n shards has at least, where a key cannot be divided: the hottest key's, or the mean.

    Parameters
    ----------
    hottest_share
        share of the hottest key [1], in [0, 1]
    shards
        shards n [1], an integer >= 1

    Returns
    -------
    largest load over the mean [1], >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    a key is on one shard: max(1, n p)
    """

def even_ranges(loads: ArrayLike, ranges: int) -> NDArray[np.uint64]:
    """Cuts cells in a row, such as buckets of ordered keys, into ranges so that the heaviest range is as light as it can be.

    Parameters
    ----------
    loads
        of the cells in their order [1], finite and >= 0
    ranges
        ranges [1], an integer in [1, number of cells]

    Returns
    -------
    first cell of each range [1], in increasing order from 0 on

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Khanna, Muthukrishnan, Skiena 1997, Efficient array partitioning, section 2; by bisection over the largest load and greedy filling
    """

def split_and_merge(loads: ArrayLike, starts: ArrayLike, *, split_above: float = ..., merge_below: float = ...) -> NDArray[np.uint64]:
    """Splits hot ranges until none is too hot, or is a single cell; then joins cold neighbours, the coldest pair first.

    Parameters
    ----------
    loads
        of the cells in their order [1], finite and >= 0
    starts
        first cell of each range [1], in increasing order from 0 on
    split_above
        A range with more load is split at the cell that halves it best [1], finite and > 0; infinite for never.
    merge_below
        Neighbours that have less together are joined [1], finite and >= 0, at most `split_above`.

    Returns
    -------
    first cell of each range afterwards [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Adya, Myers, Howell and others 2016, Slicer: auto-sharding for datacenter applications, section 4.4
    """

def jump(key: int, buckets: int) -> int:
    """Bucket of a key by jump consistent hash, as Lamping and Veach's own text gives it: from `buckets` to one more a share of 1 / (buckets + 1) moves, all of it into the new bucket.

    Parameters
    ----------
    key
        hash [1], any 64-bit integer
    buckets
        buckets n [1], an integer in [1, 2^31 - 1]

    Returns
    -------
    bucket [1], in [0, n)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Lamping, Veach 2014, A fast, minimal memory, consistent hash algorithm, figure 1
    """

def jump_back(key: int, buckets: int) -> int:
    """Bucket of a key by JumpBackHash with SplitMix64, as the library hash4j gives it: what `jump` does, in a time that does not grow with the number of buckets.

    Parameters
    ----------
    key
        hash [1], any 64-bit integer
    buckets
        buckets n [1], an integer in [1, 2^31 - 1]

    Returns
    -------
    bucket [1], in [0, n)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Ertl 2024, JumpBackHash: say goodbye to the modulo operation to distribute keys uniformly to buckets
    """

class Jump(Placement):
    """Places keys by jump consistent hash.

        Jump shards(numbered_nodes(10));
        shards.add({"node-10"});  // moves an eleventh of all keys, all to the new node

    No memory but the names. Where a node is removed that is not the last, the last takes its position, which moves
    nearly twice as many keys as must move.

    Source
    ------
    Lamping, Veach 2014, A fast, minimal memory, consistent hash algorithm
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> Jump:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class JumpBack(Placement):
    """Places keys by JumpBackHash: as `Jump`, and several times faster.

        JumpBack shards(numbered_nodes(1000));
        shards.node("user:17");

    Source
    ------
    Ertl 2024, JumpBackHash: say goodbye to the modulo operation to distribute keys uniformly to buckets
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> JumpBack:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

def maglev_table(offsets: ArrayLike, skips: ArrayLike, weights: ArrayLike, size: int) -> NDArray[np.uint32]:
    """Fills a Maglev table: in turn each node takes the next free entry of its order offset, offset + skip, ... modulo `size`; a node of weight w in only w / (the largest weight) of all turns.

    Parameters
    ----------
    offsets
        first entry of each node's order [1], integers in [0, size)
    skips
        steps of these orders [1], integers in [1, size)
    weights
        shares [1], finite and >= 0, not all 0; empty where all are alike
    size
        entries M [1], a prime in [2, 2^26]

    Returns
    -------
    which node holds each entry

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Eisenbud, Yi, Contavalli, Smith, Kononov, Mann-Hielscher, Cilingiroglu, Cheyney, Shang, Hosein 2016, Maglev: a fast and reliable software network load balancer, section 3.4
    """

class Maglev(Placement):
    """Places a key by a table that is shared out as evenly as can be: no node of weight 1 has two entries more than another.

        Maglev backends(numbered_nodes(100));
        backends.remove("node-3");  // moves the hundredth that must move, and a little more

    A node's order begins at h(name, seed) mod M with step h(name, seed + 1) mod (M - 1) + 1, as in Envoy, whose tables
    come out where the hasher is xxhash64 with seed 0. The order of the nodes counts.

    Source
    ------
    Eisenbud and others 2016, Maglev: a fast and reliable software network load balancer, section 3.4
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ..., *, table_size: int = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, weights and domains, one at least
        hasher
            how keys and nodes become 64 bits
        options
            size of the table

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def table_size(self) -> int:
        """Entries of the table [1].
        """
    def entries(self) -> NDArray[np.uint32]:
        """Position of the node that holds each entry.
        """
    @staticmethod
    def decode(bytes: bytes) -> Maglev:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class Movement(Record):
    """How many keys move from one placement to another.
    """
    def __new__(cls, moved: float, least: float, needless: float) -> Self: ...
    @property
    def moved(self) -> float:
        """Keys that move, of all [1].
        """
    @property
    def least(self) -> float:
        """What must move at least for the shares to be as the weights [1].
        """
    @property
    def needless(self) -> float:
        """Keys that move between nodes that are there before and after, and whose share does not grow where the key goes, of all [1].
        """

class Balance(Record):
    """How evenly keys lie on nodes.
    """
    def __new__(cls, counts: NDArray[np.uint64], peak: float, least: float, deviation: float, chance: float) -> Self: ...
    @property
    def counts(self) -> NDArray[np.uint64]:
        """Keys by position.
        """
    @property
    def peak(self) -> float:
        """Largest number of keys over its fair share [1].
        """
    @property
    def least(self) -> float:
        """Smallest number of keys over its fair share [1].
        """
    @property
    def deviation(self) -> float:
        """Standard deviation of keys over fair share [1].
        """
    @property
    def chance(self) -> float:
        """What the chance of the keys makes of it where shares are as the weights [1].
        """

class Modulo(Placement):
    """Places a key by the remainder of its hash: what consistent hashing is measured against.

        Modulo shards(numbered_nodes(10));
        shards.node("user:17");

    With one node more, n + 1 after n, a share n / (n + 1) of all keys moves. The last node takes the position of one
    that is removed.

    Source
    ------
    Karger, Lehman, Leighton, Panigrahy, Levine, Lewin 1997, Consistent hashing and random trees, section 1
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> Modulo:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class MultiProbe(Placement):
    """Places a key on the node that follows most closely the nearest of several hashes of the key.

        MultiProbe shards(numbered_nodes(1000));
        shards.node("user:17");

    No node has more than k / (k - 1) of its fair share while there are many nodes: `multi_probe_peak`.

    Source
    ------
    Appleton, O'Reilly 2015, Multi-probe consistent hashing
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ..., *, probes: int = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys and nodes become 64 bits
        options
            how often a key is tried

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def probes(self) -> int:
        """Tries of a key [1].
        """
    @staticmethod
    def decode(bytes: bytes) -> MultiProbe:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class ShardingPlan(Record):
    """A way of sharding and what comes of it.
    """
    def __new__(cls, strategy: str, peak: float, later_peak: float, cross_shard: float, later_cross_shard: float, moved: float, placed: int, cost: float) -> Self: ...
    @property
    def strategy(self) -> str:
        """"hash", "hash, hot keys apart", "ranges", "groups", "groups, hot groups apart" or "as before".
        """
    @property
    def peak(self) -> float:
        """Largest load over the mean in the first half of the trace, from which the plan is made [1].
        """
    @property
    def later_peak(self) -> float:
        """The same in the second half [1].
        """
    @property
    def cross_shard(self) -> float:
        """Share of transactions that need several shards, in the first half [1].
        """
    @property
    def later_cross_shard(self) -> float:
        """The same in the second half [1].
        """
    @property
    def moved(self) -> float:
        """Share of unlike keys that move [1].
        """
    @property
    def placed(self) -> int:
        """Keys or groups that are placed one by one [1].
        """
    @property
    def cost(self) -> float:
        """What it costs [1]: heat_cost (peak - 1) + transaction_cost cross_shard + movement_cost moved, of the first half.
        """

def optimize_sharding(keys: ArrayLike, shards: int, *, transactions: ArrayLike = ..., places: ArrayLike = ..., groups: ArrayLike = ..., before: ArrayLike = ..., hot_share: float = ..., heat_cost: float = ..., transaction_cost: float = ..., movement_cost: float = ...) -> list[ShardingPlan]:
    """Tries every way of sharding that the trace allows; the cheapest first.

        for (const auto& plan : optimize_sharding(hashes, 8, {.transactions = ids})) ...

    Hot keys or groups go one by one to the shard with the least load, the hottest first, and the rest by rendezvous with
    the weights that are left; ranges are cut so that the heaviest is as light as it can be.

    Parameters
    ----------
    keys
        hash of the key of each access [1], 64-bit integers; at least two
    shards
        shards [1], an integer in [1, 2^16]
    transactions
        Transaction of each access; equal numbers in a row belong together; empty where each access is alone.
    places
        Place of each key in an order, for ranges; empty where there is none.
    groups
        Hash of what each key belongs to, a tenant or a user; empty where there is nothing.
    before
        Shard of each key as it is now; empty where nothing has to move.
    hot_share
        A key or group with a larger share of the accesses is placed apart [1], in (0, 1).
    heat_cost
        What a peak of twice the mean costs [1], finite and >= 0.
    transaction_cost
        What it costs if every transaction needs several shards [1], finite and >= 0.
    movement_cost
        What it costs if every key moves [1], finite and >= 0.

    Returns
    -------
    plans with predictions and what became of them

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Graham 1969, Bounds on multiprocessing timing anomalies, for placing by decreasing load; Curino, Jones, Zhang, Madden 2010, Schism: a workload-driven approach to database replication and partitioning, for the measures
    """

def power(key: int, buckets: int) -> int:
    """Bucket of a key by power consistent hashing: first among the next power of two of buckets; where that bucket is beyond the last, a jump within the upper half, or else the place among the lower half.

    Parameters
    ----------
    key
        hash [1], any 64-bit integer
    buckets
        buckets n [1], an integer in [1, 2^31 - 1]

    Returns
    -------
    bucket [1], in [0, n)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Leu 2023, Fast consistent hashing in constant time, algorithms 1 to 3
    """

class Power(Placement):
    """Places keys by power consistent hashing: as `Jump`, in a time that does not grow with the number of nodes.

        Power shards(numbered_nodes(1000));
        shards.node("user:17");

    Where a node is removed that is not the last, the last takes its position.

    Source
    ------
    Leu 2023, Fast consistent hashing in constant time
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        hasher
            how keys become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> Power:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class Ranges(Placement):
    """Places a 64-bit number by sorted split points: one range per node.

        Ranges slots(numbered_nodes(4));                       // of hashes, in equal parts
        Ranges users(numbered_nodes(3), {0, 1000, 50'000});    // of ordered numbers, by node_of_hash
        users.split("node-1", 20'000, {"node-3"});

    `node` hashes a key first, as every placement does; `node_of_hash` takes a place in an order as it is, so that what is
    near stays together: `ordered` makes such a place of a text. A node that comes takes the upper half of the widest
    range; the range of one that leaves goes to the node before it.

    Source
    ------
    Chang, Dean, Ghemawat and others 2006, Bigtable: a distributed storage system for structured data, section 5
    """
    def __init__(self, nodes: Nodes, starts: ArrayLike = ..., hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, one at least, of weight 1
        starts
            where each node's range begins, in increasing order from 0 on; empty for equal parts
        hasher
            how keys become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def split(self, name: str, at: int, node: Node) -> None:
        """The node gives what lies from a place on to a new node.

        Parameters
        ----------
        name
            of a node
        at
            place [1], within its range and not its start
        node
            the new one

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def start(self, name: str) -> int:
        """Where the range of a node begins [1].

        Parameters
        ----------
        name
            of a node

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def starts(self) -> NDArray[np.uint64]:
        """Where the ranges begin, in increasing order.
        """
    def owners(self) -> NDArray[np.uint32]:
        """Position of the node of each range, in the order of their starts.
        """
    def nodes_between(self, first: int, last: int) -> NDArray[np.uint32]:
        """Positions of the nodes that hold the places from `first` to `last`, in their order.

        Parameters
        ----------
        first
            place [1], any 64-bit integer
        last
            place [1], an integer >= first

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> Ranges:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

def ordered(text: str) -> int:
    """Place of a text in the order of 64-bit numbers: its first eight bytes, the first the most significant.

    Parameters
    ----------
    text
        key, any length

    Returns
    -------
    place [1], any 64-bit integer; texts that begin alike share it

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    order of bytes
    """

class Shard(Record):
    """A part of the data that moves as a whole.
    """
    def __new__(cls, load: float, bytes: float, node: int) -> Self: ...
    @property
    def load(self) -> float:
        """Load that it makes [1], finite and >= 0, in any unit.
        """
    @property
    def bytes(self) -> float:
        """What moving it costs [B], finite and > 0.
        """
    @property
    def node(self) -> int:
        """Node that holds it [1], an integer in [0, number of capacities).
        """

class Move(Record):
    """A shard goes from one node to another.
    """
    def __new__(cls, shard: int, source: int, target: int) -> Self: ...
    @property
    def shard(self) -> int:
        """Which shard [1].
        """
    @property
    def source(self) -> int:
        """From this node [1].
        """
    @property
    def target(self) -> int:
        """To this node [1].
        """

class RebalancePlan(Record):
    """Moves that take load off nodes.
    """
    def __new__(cls, moves: list[Move], bytes: float, least_bytes: float, peak_before: float, peak_after: float, balanced: bool) -> Self: ...
    @property
    def moves(self) -> list[Move]:
        """In the order in which they help most per byte.
        """
    @property
    def bytes(self) -> float:
        """What they move [B].
        """
    @property
    def least_bytes(self) -> float:
        """What any plan moves at least, shards divided at will where that helps [B]; infinite where no plan can do it.
        """
    @property
    def peak_before(self) -> float:
        """Largest load over fair share before [1].
        """
    @property
    def peak_after(self) -> float:
        """The same afterwards [1].
        """
    @property
    def balanced(self) -> bool:
        """Whether every node is within the tolerance.
        """

def rebalance(shards: Sequence[Shard], capacities: ArrayLike, *, byte_limit: float = ..., tolerance: float = ...) -> RebalancePlan:
    """Plans moves until every node has at most `tolerance` times its fair share.

    Each overloaded node gives the shards away that relieve it with the fewest bytes: greedily by bytes per load, then
    without those that turn out not to be needed, or by one shard that alone is enough where that is cheaper; they go
    where there is most room. `least_bytes` is the optimum of the same problem as a flow, where shards can be divided:
    there each overloaded node sheds exactly its excess by its cheapest shards.

    Parameters
    ----------
    shards
        what there is
    capacities
        shares that the nodes should have [1], finite and > 0
    byte_limit
        Most bytes that may move [B], >= 0; infinite for any.
    tolerance
        Largest load of a node over its fair share of all that is borne without a move [1], finite and >= 1.

    Returns
    -------
    moves, and their bytes beside the least

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dantzig 1957, Discrete-variable extremum problems, for the bound: a fractional knapsack per node
    """

class Rendezvous(Placement):
    """Places a key on the node whose bid, a hash of key and node, is the highest; of weight w, on the node with the largest ln(bid) / w, so that shares are as the weights, exactly.

        Rendezvous caches({{"a"}, {"b"}, {"c", 2}});
        caches.node("user:17");

    Movement is the least there can be, whatever node comes, goes or changes its weight. A lookup asks every node; many
    keys together are asked in vectors.

    Source
    ------
    Thaler, Ravishankar 1998, Using name-based mappings to increase hit rates; Schindelhauer, Schomaker 2005, Weighted distributed hash tables, for the weights
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, weights and domains, one at least
        hasher
            how keys and nodes become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> Rendezvous:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class HierarchicalRendezvous(Placement):
    """Rendezvous in two steps: first the failure domains bid, each with the weights of its nodes together, then the nodes of the winner. A lookup asks domains + nodes per domain instead of all nodes.

        HierarchicalRendezvous shards({{"a", 1, "east"}, {"b", 1, "east"}, {"c", 1, "west"}});

    Shares are as the weights. When a node leaves, keys of its neighbours in the domain move too, for the domain bids with
    less: `hierarchical_movement`.

    Source
    ------
    Thaler, Ravishankar 1998, Using name-based mappings to increase hit rates; Wang, Ravishankar 2009, On the scalability of hierarchical cooperation, for the hierarchy
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, weights and domains, one at least
        hasher
            how keys, nodes and domains become 64 bits

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def decode(bytes: bytes) -> HierarchicalRendezvous:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

class Ring(Placement):
    """Places a key on the node whose point follows the key's hash on the circle of all 64-bit hashes.

        Ring shards(numbered_nodes(10), {}, {200});
        shards.remove("node-3");  // its keys go to the nodes that follow its points, all others stay

    Point i of a node is the hash of its name, an underscore and i, as in Envoy's ring; a node of weight w has w times
    `virtual_nodes` points, rounded, at least one where w > 0. How uneven the shares are: `ring_deviation`, `ring_peak`.

    Source
    ------
    Karger, Lehman, Leighton, Panigrahy, Levine, Lewin 1997, Consistent hashing and random trees
    """
    def __init__(self, nodes: Nodes, hasher: Hasher = ..., *, virtual_nodes: int = ...) -> None:
        """Of these nodes.

        Parameters
        ----------
        nodes
            names, weights and domains, one at least
        hasher
            how keys and points become 64 bits
        options
            how many points a node has

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def virtual_nodes(self) -> int:
        """Points of a node of weight 1 [1].
        """
    @property
    def points(self) -> int:
        """Points in all [1].
        """
    def shares(self) -> NDArray[np.float64]:
        """Share of all hashes that each position holds [1], exactly: the lengths of its arcs.
        """
    @staticmethod
    def decode(bytes: bytes) -> Ring:
        """Reads what `encode` wrote; throws MalformedBytes where the bytes are anything else.
        """

def curve_place(coordinates: ArrayLike, bits: int, curve: Literal["z_order", "hilbert"] = ...) -> int:
    """Place of a cell on a curve.

    Parameters
    ----------
    coordinates
        of the cell [1], one per dimension, integers in [0, 2^bits); 1 to 16 of them
    bits
        bits of a coordinate [1], an integer >= 1; dimensions times bits is at most 64
    curve
        which curve

    Returns
    -------
    place [1], in [0, 2^(dimensions bits))

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Morton 1966, A computer oriented geodetic data base; Skilling 2004, Programming the Hilbert curve
    """

def curve_cell(place: int, dimensions: int, bits: int, curve: Literal["z_order", "hilbert"] = ...) -> NDArray[np.uint64]:
    """Cell at a place of a curve: what `curve_place` takes.

    Parameters
    ----------
    place
        place [1], in [0, 2^(dimensions bits))
    dimensions
        dimensions [1], an integer in [1, 16]
    bits
        bits of a coordinate [1], an integer >= 1; dimensions times bits is at most 64
    curve
        which curve

    Returns
    -------
    coordinates of the cell [1], in [0, 2^bits)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Morton 1966, A computer oriented geodetic data base; Skilling 2004, Programming the Hilbert curve
    """

class PlaceInterval(Record):
    """Places of a curve from the first to the last, both within.
    """
    def __new__(cls, first: int, last: int) -> Self: ...
    @property
    def first(self) -> int:
        """First place [1].
        """
    @property
    def last(self) -> int:
        """Last place [1].
        """

def curve_intervals(low: ArrayLike, high: ArrayLike, bits: int, curve: Literal["z_order", "hilbert"] = ..., most: int = ...) -> list[PlaceInterval]:
    """Intervals of a curve that cover a box, in order: exactly, or with some places beside it where there may be only `most` of them; the narrowest gaps are closed first.

    Parameters
    ----------
    low
        least corner of the box [1], integers in [0, 2^bits)
    high
        greatest corner [1], within the box, integers in [low, 2^bits)
    bits
        bits of a coordinate [1], an integer >= 1; dimensions times bits is at most 64
    curve
        which curve
    most
        most intervals [1], an integer >= 1; 0 for as many as it takes

    Returns
    -------
    intervals [1], disjoint and in increasing order

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Lawder, King 2001, Querying multi-dimensional data indexed using the Hilbert space-filling curve: cells of a coarser grid are runs of places
    """

def hilbert_intervals(sides: ArrayLike) -> float:
    """Mean number of intervals that a box has on the Hilbert curve, over all its positions in a large cube: a quarter of the perimeter in two dimensions, in general the surface over twice the number of dimensions.

    Parameters
    ----------
    sides
        cells of the box along each dimension [1], integers >= 1

    Returns
    -------
    intervals [1], >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Moon, Jagadish, Faloutsos, Saltz 2001, Analysis of the clustering properties of the Hilbert space-filling curve, theorem 1
    """

def grid_cells_touched(sides: ArrayLike, cells: ArrayLike) -> float:
    """Mean number of cells of a grid that a box touches, over all its positions: the product of 1 + (side - 1) / cell.

    Parameters
    ----------
    sides
        of the box along each dimension [1], integers >= 1
    cells
        of the grid, the same [1], integers >= 1

    Returns
    -------
    cells [1], >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    a segment of s points crosses s - 1 gaps, of which one in c is a border
    """

class KdTree:
    """Parts of space with equally many points, by splitting the longest side at the median again and again.

        const KdTree shards(points, 16);
        shards.shard({3.5, 7.0});
        shards.shards_within({0, 0}, {10, 10});

    Source
    ------
    Bentley 1975, Multidimensional binary search trees used for associative searching; Friedman, Bentley, Finkel 1977, An algorithm for finding best matches in logarithmic expected time, for the longest side
    """
    def __init__(self, points: ArrayLike, shards: int) -> None:
        """Of points that are typical.

        Parameters
        ----------
        points
            coordinates of each, finite, equally many; as many points as shards at least
        shards
            parts [1], an integer in [1, 2^20]

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def shard(self, point: ArrayLike) -> int:
        """Shard that holds a point [1].

        Parameters
        ----------
        point
            coordinates [1], finite

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    def shards_within(self, low: ArrayLike, high: ArrayLike) -> NDArray[np.uint32]:
        """Shards that hold a part of a box, in increasing order.

        Parameters
        ----------
        low
            least corner [1], finite
        high
            greatest corner [1], within the box, >= low

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def size(self) -> int:
        """Number of shards [1].
        """
    @property
    def dimensions(self) -> int:
        """Number of dimensions [1].
        """

@overload
def least_movement(before: float, after: float) -> float: ...
@overload
def least_movement(before: ArrayLike, after: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Least share of keys that moves when the number of equal nodes changes: |a - b| / max(a, b).

    Parameters
    ----------
    before
        nodes before a [1], an integer >= 1
    after
        nodes after b [1], an integer >= 1

    Returns
    -------
    share of all keys [1], in [0, 1)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Karger and others 1997, Consistent hashing and random trees, section 4 (monotonicity)
    """

@overload
def modulo_movement(before: float, after: float) -> float: ...
@overload
def modulo_movement(before: ArrayLike, after: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Share of keys that moves under hash modulo n: 1 - min(a, b) / lcm(a, b).

    Parameters
    ----------
    before
        nodes before a [1], an integer >= 1
    after
        nodes after b [1], an integer >= 1

    Returns
    -------
    share of all keys [1], in [0, 1)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    of lcm(a, b) residues, the first min(a, b) leave the same remainder by both (Chinese remainders)
    """

@overload
def renamed_movement(nodes: float) -> float: ...
@overload
def renamed_movement(nodes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Share of keys that moves when a node is removed that is not the last, where the last takes its position (Jump, JumpBack, Power): (1 + (n - 2) / (n - 1)) / n.

    Parameters
    ----------
    nodes
        nodes before n [1], an integer >= 2

    Returns
    -------
    share of all keys [1], in (0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    keys of the removed node move; those of the last stay where they now come to the removed position
    """

@overload
def hierarchical_movement(weight: float, domain_weight: float, total_weight: float) -> float: ...
@overload
def hierarchical_movement(weight: ArrayLike, domain_weight: ArrayLike, total_weight: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Share of keys that moves when a node leaves a placement by HierarchicalRendezvous: its own, and those by which its domain's share shrinks beyond them: w / W + (D / W - (D - w) / (W - w)) (1 - w / D).

    Parameters
    ----------
    weight
        of the node that leaves w [1], finite and > 0
    domain_weight
        of its domain before D [1], finite and >= w
    total_weight
        of all nodes before W [1], finite and > w

    Returns
    -------
    share of all keys [1], in (0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    the domain's bid does not depend on which of its nodes holds a key
    """

@overload
def ring_deviation(nodes: float, virtual_nodes: float) -> float: ...
@overload
def ring_deviation(nodes: ArrayLike, virtual_nodes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Standard deviation of a node's share on a ring, against its fair share: sqrt((n - 1) / (n V + 1)).

    Parameters
    ----------
    nodes
        nodes n [1], an integer >= 1
    virtual_nodes
        points of each V [1], an integer >= 1

    Returns
    -------
    deviation over mean [1], >= 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    arcs between uniform points are Dirichlet: a share is Beta(V, (n - 1) V)
    """

@overload
def ring_peak(nodes: float, virtual_nodes: float) -> float: ...
@overload
def ring_peak(nodes: ArrayLike, virtual_nodes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean share of the node that holds most of a ring, against its fair share: the mean of the largest of n variates of the law Gamma(V, 1), over V.

    Parameters
    ----------
    nodes
        nodes n [1], an integer in [1, 1e9]
    virtual_nodes
        points of each V [1], an integer in [1, 1e9]

    Returns
    -------
    mean over fair share [1], >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dirichlet shares are gamma variates over their sum, which does not depend on them
    """

@overload
def ring_least(nodes: float, virtual_nodes: float) -> float: ...
@overload
def ring_least(nodes: ArrayLike, virtual_nodes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean share of the node that holds least of a ring, against its fair share.

    Parameters
    ----------
    nodes
        nodes n [1], an integer in [1, 1e9]
    virtual_nodes
        points of each V [1], an integer in [1, 1e9]

    Returns
    -------
    mean over fair share [1], in (0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Dirichlet shares are gamma variates over their sum, which does not depend on them
    """

@overload
def multi_probe_deviation(probes: float) -> float: ...
@overload
def multi_probe_deviation(probes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Standard deviation of a node's share under multi-probe hashing with many nodes, against its fair share: 1 / sqrt(2 k - 1).

    Parameters
    ----------
    probes
        tries of a key k [1], an integer >= 1

    Returns
    -------
    deviation over mean [1], in (0, 1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    a node at gap g has the share k / (k - 1) (1 - e^(-(k - 1) g)); g is exponential
    """

@overload
def multi_probe_peak(probes: float) -> float: ...
@overload
def multi_probe_peak(probes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Largest share that a node can have under multi-probe hashing with many nodes, against its fair share: k / (k - 1).

    Parameters
    ----------
    probes
        tries of a key k [1], an integer >= 1

    Returns
    -------
    largest over fair share [1], > 1; infinite for one try

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Appleton, O'Reilly 2015, Multi-probe consistent hashing, section 3; a node at gap g has the share k / (k - 1) (1 - e^(-(k - 1) g))
    """

@overload
def chance_deviation(nodes: float, keys: float) -> float: ...
@overload
def chance_deviation(nodes: ArrayLike, keys: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Standard deviation of the keys of a node that the chance of the keys alone makes, against their mean: sqrt((n - 1) / m).

    Parameters
    ----------
    nodes
        equal nodes n [1], an integer >= 1
    keys
        keys m [1], an integer >= 1

    Returns
    -------
    deviation over mean [1], >= 0

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    binomial law with m trials of probability 1 / n
    """

@overload
def anchor_steps(capacity: float, nodes: float) -> float: ...
@overload
def anchor_steps(capacity: ArrayLike, nodes: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean number of hashes that a lookup by Anchor takes: 1 + H(a) - H(n), H the harmonic numbers.

    Parameters
    ----------
    capacity
        positions a [1], an integer in [nodes, 1e9]
    nodes
        nodes that are there n [1], an integer >= 1

    Returns
    -------
    hashes [1], >= 1

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Mendelson and others 2020, AnchorHash, theorem 3: a key is hashed again with probability 1 / i when i nodes shrink to i - 1
    """

@overload
def cross_shard_probability(shards: float, keys: float) -> float: ...
@overload
def cross_shard_probability(shards: ArrayLike, keys: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that a transaction over k keys, each on a shard of its own choice, needs more than one shard: 1 - N^(1 - k).

    Parameters
    ----------
    shards
        equal shards N [1], an integer >= 1
    keys
        keys of the transaction k [1], an integer >= 1

    Returns
    -------
    probability [1], in [0, 1)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    all keys after the first are on its shard with probability 1 / N each
    """

@overload
def shards_touched(shards: float, keys: float) -> float: ...
@overload
def shards_touched(shards: ArrayLike, keys: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Mean number of shards that a transaction over k keys needs: N (1 - (1 - 1 / N)^k).

    Parameters
    ----------
    shards
        equal shards N [1], an integer >= 1
    keys
        keys of the transaction k [1], an integer >= 1

    Returns
    -------
    shards [1], in [1, N]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    a shard holds none of the keys with probability (1 - 1 / N)^k
    """

def shards_law(shards: float, keys: float) -> NDArray[np.float64]:
    """Probability of each number of shards that a transaction over k keys needs, from one on.

    Parameters
    ----------
    shards
        equal shards N [1], an integer >= 1
    keys
        keys of the transaction k [1], an integer in [1, 10,000]

    Returns
    -------
    probabilities [1] of 1, 2, ..., min(N, k) shards

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    occupancy: the next key falls on one of j shards in use with probability j / N
    """

@overload
def lock_conflict(rate: float, hold: float, keys: float, database: float) -> float: ...
@overload
def lock_conflict(rate: ArrayLike, hold: ArrayLike, keys: ArrayLike, database: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that a transaction finds one of its keys locked and gives up, where transactions come as a Poisson process, take k of D keys by chance, and hold them together for a mean time: exact for every law of that time.

    Parameters
    ----------
    rate
        transactions that come [1/s], finite and >= 0
    hold
        mean time that keys are held [s], finite and >= 0; rate times hold at most 1e6
    keys
        keys of a transaction k [1], an integer >= 1
    database
        keys in all D [1], an integer in [k, 1e12]

    Returns
    -------
    probability [1], in [0, 1)

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Kelly 1991, Loss networks, section 2: the product form over sets of transactions that share no key
    """

class CommitCost(Record):
    """What two-phase commit costs a transaction.
    """
    def __new__(cls, latency: float, tail: float, hold: float) -> Self: ...
    @property
    def latency(self) -> float:
        """Mean time until the client knows [s].
        """
    @property
    def tail(self) -> float:
        """Its 99th percentile [s].
        """
    @property
    def hold(self) -> float:
        """Mean time that locks are held [s].
        """

def two_phase_commit(round: DistributionLike, participants: float, log_time: float = ...) -> CommitCost:
    """Two-phase commit over some shards: all are asked to prepare, the slowest decides; the decision is logged, the client answered, and all are told. One shard alone commits in one round, without the log of a decision.

    Parameters
    ----------
    round
        law of a round to one shard and back, its own log included
    participants
        shards [1], an integer >= 1
    log_time
        time to log the decision [s], finite and >= 0

    Returns
    -------
    latency and time of locks

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Gray, Lamport 2006, Consensus on transaction commit, section 2
    """

class TransactionCost(Record):
    """What transactions over random keys cost on a number of shards.
    """
    def __new__(cls, cross_shard: float, shards: float, messages: float, latency: float, hold: float, conflict: float) -> Self: ...
    @property
    def cross_shard(self) -> float:
        """Probability that more than one shard is needed [1].
        """
    @property
    def shards(self) -> float:
        """Mean number of shards [1].
        """
    @property
    def messages(self) -> float:
        """Mean messages: a round is two, one round to a shard that is alone, two to each of several [1].
        """
    @property
    def latency(self) -> float:
        """Mean time until the client knows [s].
        """
    @property
    def hold(self) -> float:
        """Mean time that locks are held [s].
        """
    @property
    def conflict(self) -> float:
        """Probability that one of the keys is locked [1].
        """

def transaction_cost(shards: float, keys: float, rate: float, database: float, round: DistributionLike, log_time: float = ...) -> TransactionCost:
    """Costs of transactions over k keys on N shards, all shards equally likely.

    Parameters
    ----------
    shards
        shards N [1], an integer >= 1
    keys
        keys of a transaction k [1], an integer in [1, 10,000]
    rate
        transactions that come [1/s], finite and >= 0
    database
        keys in all D [1], an integer in [k, 1e12]
    round
        law of a round to one shard and back, its own log included
    log_time
        time to log a decision [s], finite and >= 0

    Returns
    -------
    means over the law of the number of shards

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    `shards_law`, `two_phase_commit` and `lock_conflict` together
    """
