"""The teacher's answers to problem set 60. Not part of the installed package."""

import math

from qsm import sketches


def rate(items, bits, hashes):
    return (1 - math.exp(-hashes * items / bits)) ** hashes


def size(items, rate):
    return items * math.log(1 / rate) / math.log(2) ** 2


def precision(error, deviations):
    p = 4
    while deviations * sketches.HyperLogLog(p).relative_error("improved") > error:
        p += 1
    return p


def table(events, excess, confidence):
    return [math.ceil(math.e * events / excess), math.ceil(-math.log(1 - confidence))]


def witness(items, multipliers, bits):
    def places(item):
        return {item * multiplier % 2_147_483_647 % bits for multiplier in multipliers}

    filled = set().union(*map(places, items))
    item = 1
    while item in items or not places(item) <= filled:
        item += 1
    return item


def registers(hashes, precision):
    kept = [0] * 2**precision
    for value in hashes:
        zeros = min(64 - value.bit_length(), 64 - precision)
        place = value % 2**precision
        kept[place] = max(kept[place], zeros + 1)
    return kept


def both(first, second, union, error):
    return error * math.sqrt(first**2 + second**2 + union**2) / (first + second - union)


def bands(hashes, alike, unlike, found, mistaken):
    for rows in range(1, hashes + 1):
        for count in range(1, hashes // rows + 1):
            if (
                sketches.lsh_probability(alike, count, rows) >= found
                and sketches.lsh_probability(unlike, count, rows) <= mistaken
            ):
                return [count, rows]
    return None
