"""The teacher's answers to problem set 61. Not part of the installed package."""

import math

from qsm import sharding


def moved(before, after):
    return 1 - min(before, after) / math.lcm(before, after)


def hottest(keys, exponent, shards):
    return max(1.0, shards / sum(k**-exponent for k in range(1, keys + 1)))


def ring(nodes, points):
    return math.sqrt((nodes - 1) / (nodes * points + 1))


def together(keys, limit):
    shards = 1
    while sharding.cross_shard_probability(shards + 1, keys) <= limit:
        shards += 1
    return shards


def attack(shards, target, multiplier, count):
    found, key = [], 1
    while len(found) < count:
        if key * multiplier % 2_147_483_647 % shards == target:
            found.append(key)
        key += 1
    return found


def jumps(keys, buckets):
    found = []
    for key in keys:
        bucket, following = -1, 0
        while following < buckets:
            bucket = following
            key = (key * 2862933555777941757 + 1) % 2**64
            following = int((bucket + 1) * (2**31 / ((key >> 33) + 1)))
        found.append(bucket)
    return found


def place(loads, nodes, limit):
    heights, where = [0] * nodes, [0] * len(loads)
    for shard in sorted(range(len(loads)), key=lambda k: -loads[k]):
        where[shard] = heights.index(min(heights))
        heights[where[shard]] += loads[shard]
    return where


def commit(mean, participants, log_time):
    return mean * sum(1 / k for k in range(1, participants + 1)) + log_time
