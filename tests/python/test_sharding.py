"""Placements from Python: keys of every kind, names, pickles, movement and balance beside theory, bad input."""

import copy
import pickle

import golden
import numpy as np
import pytest

import qsm
from qsm import sharding
from qsm.sharding import (
    Anchor,
    BoundedLoads,
    Dx,
    HierarchicalRendezvous,
    Jump,
    JumpBack,
    JumpBackAnchor,
    Maglev,
    Memento,
    Modulo,
    MultiProbe,
    Node,
    Placement,
    Power,
    Ranges,
    Rendezvous,
    Ring,
    numbered_nodes,
)
from qsm.sketches import Hasher, SpaceSaving, hash_items

TEN = [f"node-{i}" for i in range(10)]
MAKERS = [
    Modulo,
    Ranges,
    lambda nodes: Ring(nodes, virtual_nodes=200),
    lambda nodes: MultiProbe(nodes, probes=31),
    Jump,
    JumpBack,
    Power,
    Rendezvous,
    HierarchicalRendezvous,
    lambda nodes: Maglev(nodes, table_size=1009),
    lambda nodes: Anchor(nodes, capacity=30),
    JumpBackAnchor,
    Memento,
    lambda nodes: Dx(nodes, capacity=16),
]
every_placement = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make(TEN).algorithm)


@every_placement
def test_keys_of_every_kind_agree(make):
    placement = make(TEN)
    assert isinstance(placement, Placement)
    numbers = np.arange(1000)
    places = placement.node(numbers)
    assert places.dtype == np.uint32
    assert placement.node(numbers.reshape(10, 100)).shape == (10, 100)
    assert [placement.node(i) for i in range(20)] == places[:20].tolist() == placement.node(list(range(20))).tolist()
    np.testing.assert_array_equal(placement.node_of_hash(hash_items(numbers)), places)
    texts = [f"user:{i}" for i in range(20)]
    assert placement.node(texts).tolist() == placement.node(np.array(texts)).tolist()
    assert placement.node(texts).tolist() == [placement.node(text.encode()) for text in texts]
    assert placement.name_of("user:3") == placement.names[placement.node("user:3")]
    assert placement.name_of(texts) == [placement.name_of(text) for text in texts]


@every_placement
def test_nodes_come_and_go_and_travel(make):
    placement = make(TEN)
    assert len(placement) == placement.size == 10
    assert "node-3" in placement
    assert "x" not in placement
    assert 3 not in placement
    placement.remove("node-3")
    placement.remove("node-7")
    placement.add("eleven")
    assert sorted(name for name in placement.names if name) == sorted({*TEN, "eleven"} - {"node-3", "node-7"})
    assert placement.names[placement.position("eleven")] == "eleven"
    keys = np.arange(3000)
    for other in (
        pickle.loads(pickle.dumps(placement)),
        copy.deepcopy(placement),
        type(placement).decode(placement.encode()),
    ):
        assert other == placement
        assert type(other) is type(placement)
        np.testing.assert_array_equal(other.node(keys), placement.node(keys))
    assert placement != make(TEN)
    assert placement.bytes_used > 0
    assert repr(placement) == f"{placement.algorithm} of 9 nodes"
    with pytest.raises(ValueError, match="expected"):
        type(placement).decode(placement.encode()[:-1])


@every_placement
def test_replicas_are_unlike(make):
    placement = make(TEN)
    many = placement.replicas(np.arange(50), 3)
    assert many.shape == (50, 3)
    assert all(len(set(row)) == 3 for row in many.tolist())
    np.testing.assert_array_equal(many[:, 0], placement.node(np.arange(50)))
    assert placement.replicas(7, 3).tolist() == many[7].tolist()


def test_replicas_spread_over_domains():
    nodes = [Node(f"{zone}{i}", 1, zone) for zone in "abc" for i in range(4)]
    placement = Rendezvous(nodes)
    zones = np.array([node.domain for node in placement.table])
    assert all(len(set(row)) == 3 for row in zones[placement.replicas(np.arange(200), 3)].tolist())


def test_movement_and_balance_are_as_theory_says():
    keys = np.arange(200_000)
    moved = sharding.movement(Modulo(TEN), Modulo([*TEN, "x"]), keys)
    assert moved.moved == pytest.approx(sharding.modulo_movement(10, 11), abs=4 * 0.3 / 200_000**0.5)
    moved = sharding.movement(JumpBack(TEN), JumpBack([*TEN, "x"]), keys)
    assert moved.moved == pytest.approx(1 / 11, abs=4 * 0.3 / 200_000**0.5)
    assert moved.needless == 0
    assert moved.least == pytest.approx(1 / 11)
    even = sharding.balance(JumpBack(TEN), keys)
    assert even.counts.sum() == 200_000
    assert even.deviation < 3 * even.chance
    assert even.chance == pytest.approx(sharding.chance_deviation(10, 200_000))
    deviations = [np.std(10 * Ring(TEN, Hasher("xxh3", seed), virtual_nodes=50).shares()) for seed in range(100)]
    assert np.mean(np.square(deviations)) ** 0.5 == pytest.approx(sharding.ring_deviation(10, 50), rel=0.1)
    # any keys, and an iterator is read once
    assert sharding.movement(Jump(TEN), Jump(TEN), (f"k{i}" for i in range(10))).moved == 0


def test_golden_rows():
    golden.assert_agrees(*_golden("ring.csv", "deviation", sharding.ring_deviation, "nodes", "virtual_nodes"))
    rows = golden.read("sharding/ring.csv")
    peak = sharding.ring_peak(rows["nodes"], rows["virtual_nodes"])
    np.testing.assert_allclose(peak, rows["peak"], rtol=1e-11)
    golden.assert_agrees(*_golden("modulo_movement.csv", "moved", sharding.modulo_movement, "before", "after"))
    golden.assert_agrees(*_golden("cross_shard.csv", "probability", sharding.cross_shard_probability, "shards", "keys"))
    golden.assert_agrees(*_golden("cross_shard.csv", "touched", sharding.shards_touched, "shards", "keys"))
    jumps = golden.read("sharding/jump.csv")
    for key, buckets, bucket in zip(jumps["key"], jumps["buckets"], jumps["bucket"], strict=True):
        if key < 2**53:
            assert sharding.jump(int(key), int(buckets)) == bucket
    assert sharding.jump(10863919174838991, 11) == 6
    assert sharding.jump_back(0x85EF23A0B545D53B, 65536) == 37934
    assert sharding.maglev_table([2, 0, 1], [4, 5, 2], [], 7).tolist() == [1, 2, 0, 2, 0, 1, 0]


def _golden(name, column, function, *arguments):
    rows = golden.read(f"sharding/{name}")
    return function(*(rows[argument] for argument in arguments)), rows, column


def test_bounded_loads():
    loads = BoundedLoads(Ring(TEN, virtual_nodes=3), balance=1.1)
    places = loads.place(np.arange(1000))
    assert loads.total == 1000
    assert loads.loads.max() <= np.ceil(1.1 * 1000 / 10)
    assert np.bincount(places).tolist() == loads.loads.tolist()
    assert 0 < loads.overflowed < 1000
    loads.release(int(places[0]))
    assert loads.total == 999
    assert loads.table[0].name == "node-0"


def test_ranges_keep_an_order():
    users = Ranges(["a", "b", "c"], [0, 1000, 50_000])
    assert users.node_of_hash(np.array([5, 1000, 70_000], np.uint64)).tolist() == [0, 1, 2]
    users.split("b", 20_000, "d")
    assert users.starts().tolist() == [0, 1000, 20_000, 50_000]
    assert [users.names[i] for i in users.owners()] == ["a", "b", "d", "c"]
    assert users.nodes_between(10, 30_000).tolist() == [0, 1, 3]
    assert sharding.ordered("a") < sharding.ordered("b")


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="Ring: nodes must be at least one, got none"):
        Ring([])
    with pytest.raises(ValueError, match="weights must sum to more than 0, got 0"):
        Rendezvous([Node("a", 0), Node("b", 0)])
    with pytest.raises(ValueError, match="name must be that of a node, got 'x'"):
        Ring(TEN).remove("x")
    with pytest.raises(ValueError, match="unlike all others, got 'node-3'"):
        Jump(TEN).add("node-3")
    with pytest.raises(ValueError, match="must be 1, for this algorithm knows no weights, got 2"):
        Jump([Node("a", 2)])
    with pytest.raises(ValueError, match="must be a prime"):
        Maglev(TEN, table_size=8)
    with pytest.raises(ValueError, match="at most the capacity, 5, got 10"):
        Dx(TEN, capacity=5)
    with pytest.raises(ValueError, match="a Node or the name of one"):
        Ring([3])
    with pytest.raises(ValueError, match="count must be at most the number of nodes with a weight, 10, got 11"):
        Ring(TEN).replicas("a", 11)
    with pytest.raises(ValueError, match="balance must be finite and > 1, got 1"):
        BoundedLoads(Ring(TEN), balance=1)
    with pytest.raises(ValueError, match="algorithm|placement by Ring"):
        Ring.decode(Jump(TEN).encode())
    with pytest.raises(ValueError, match="number of keys must be at least 1"):
        sharding.balance(Jump(TEN), [])
    assert [node.name for node in numbered_nodes(3)] == ["node-0", "node-1", "node-2"]
    assert Node("a").weight == 1


def test_curves_grids_and_trees():
    rows = golden.read("sharding/curves.csv")
    for cell, bits, place in zip(rows["cell"], rows["bits"], rows["hilbert"], strict=True):
        if place < 2**53:
            coordinates = [int(c) for c in str(cell).split()]
            assert sharding.curve_place(coordinates, int(bits)) == place
            assert sharding.curve_cell(int(place), len(coordinates), int(bits)).tolist() == coordinates
    assert sharding.curve_place([3, 5], 3, "z_order") == 0b011011
    intervals = sharding.curve_intervals([1, 1], [2, 6], 3)
    assert sum(i.last - i.first + 1 for i in intervals) == 12
    assert len(sharding.curve_intervals([1, 1], [2, 6], 3, most=1)) == 1
    assert sharding.hilbert_intervals([4, 6]) == 5
    assert sharding.grid_cells_touched([5], [4]) == 2
    points = np.random.default_rng(1).random((1000, 2))
    tree = sharding.KdTree(points, 8)
    counts = np.bincount([tree.shard(point) for point in points])
    assert counts.tolist() == [125] * 8
    assert len(tree.shards_within([0, 0], [1, 1])) == 8


def test_plans():
    counts = SpaceSaving(50)
    counts.add([7] * 60 + list(range(40)))
    (hot,) = sharding.hot_keys(counts, 0.1)
    assert hot.hash == hash_items(7)
    assert hot.share == pytest.approx(0.61, abs=0.05)
    assert sharding.least_peak(0.3, np.array([1, 10])).tolist() == [1, 3]
    assert sharding.even_ranges([1, 1, 1, 5, 1, 1, 1], 3).tolist() == [0, 3, 4]
    assert sharding.split_and_merge([1, 1, 8, 1, 1], [0], split_above=4).tolist() == [0, 2, 3]
    shards = [sharding.Shard(load, size, 0) for load, size in [(4, 10), (3, 1), (3, 5)]]
    plan = sharding.rebalance(shards, [1, 1], tolerance=1.2)
    assert plan.balanced
    assert plan.least_bytes <= plan.bytes <= 10
    assert {shards[move.shard].node for move in plan.moves} == {0}
    assert not sharding.rebalance(shards, [1, 1], byte_limit=0).moves


def test_transactions():
    rows = golden.read("sharding/lock_conflict.csv")
    conflict = sharding.lock_conflict(rows["load"], 1, rows["keys"], rows["database"])
    np.testing.assert_allclose(conflict, rows["conflict"], atol=1e-12)
    assert sharding.shards_law(10, 2).tolist() == pytest.approx([0.1, 0.9])
    commit = sharding.two_phase_commit(qsm.exponential(1), 2, 0.5)
    assert (commit.latency, commit.hold) == pytest.approx((2, 3.5))
    cost = sharding.transaction_cost(16, 4, 10, 1e6, qsm.exponential(1000))
    assert cost.cross_shard == pytest.approx(sharding.cross_shard_probability(16, 4))
    assert cost.shards == pytest.approx(sharding.shards_touched(16, 4))


def test_the_optimiser_keeps_groups_together():
    random = np.random.default_rng(2)
    groups = np.repeat(random.integers(0, 500, 5000), 4)
    keys = hash_items(groups * 1000 + random.integers(0, 40, 20_000))
    transactions = np.repeat(np.arange(5000), 4)
    plans = sharding.optimize_sharding(keys, 8, transactions=transactions, groups=hash_items(groups))
    assert plans[0].strategy.startswith("groups")
    assert plans[0].cross_shard == plans[0].later_cross_shard == 0
    by_hash = next(plan for plan in plans if plan.strategy == "hash")
    assert by_hash.later_cross_shard == pytest.approx(sharding.cross_shard_probability(8, 4), abs=0.05)
    with pytest.raises(ValueError, match="optimize_sharding: shards must be"):
        sharding.optimize_sharding(keys, 0)
