"""Golden rows of the random streams: an independent Philox4x32-10 in plain Python integers.

It first proves itself on the known-answer vectors that Random123 publishes, then prints tests/golden/core/*.csv.
Needs xxhash. Run: python scripts/golden/core_random.py tests/golden/core
"""

import sys
from fractions import Fraction
from pathlib import Path

import xxhash

WORD, LONG = 2**32 - 1, 2**64 - 1

# Random123, tests/kat_vectors, lines "philox4x32 10": counter, key, result.
PUBLISHED = """
00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8
ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd
243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1
"""


def philox(counter, key):
    for r in range(10):
        a, b = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        k0, k1 = (key[0] + r * 0x9E3779B9) & WORD, (key[1] + r * 0xBB67AE85) & WORD
        counter = [b >> 32 ^ counter[1] ^ k0, b & WORD, a >> 32 ^ counter[3] ^ k1, a & WORD]
    return counter


def pair(key, block, index):
    words = philox([index & WORD, index >> 32, block & WORD, block >> 32], [key & WORD, key >> 32])
    return words[0] | words[1] << 32, words[2] | words[3] << 32


class Stream:
    def __init__(self, key, block):
        self.key, self.block = key, block

    @staticmethod
    def seeded(seed):
        return Stream(*pair(xxhash.xxh64_intdigest(b"seed"), 0, seed))

    def child(self, id):
        domain = b"child by name" if isinstance(id, str) else b"child by number"
        number = xxhash.xxh64_intdigest(id.encode()) if isinstance(id, str) else id
        return Stream(*pair((self.key + xxhash.xxh64_intdigest(domain)) & LONG, self.block, number))

    def bits(self, position):
        return pair(self.key, self.block, position // 2)[position % 2]

    def uniform(self, position):
        return Fraction(2 * (self.bits(position) >> 12) + 1, 2**53)


def exact(fraction):
    value = float(fraction)
    assert Fraction(value) == fraction
    return value


def main(folder):
    with open(folder / "philox.csv", "w") as out:
        out.write("# Philox4x32-10 known answers. Source: Random123, tests/kat_vectors (Salmon et al. 2011). Exact.\n")
        out.write("counter0,counter1,counter2,counter3,key0,key1,result0,result1,result2,result3\n")
        for line in PUBLISHED.split("\n")[1:-1]:
            words = [int(word, 16) for word in line.split()]
            assert philox(words[:4], words[4:6]) == words[6:], line
            out.write(",".join(map(str, words)) + "\n")
    with open(folder / "stream.csv", "w") as out:
        out.write(
            "# Streams by seed, child name and child number. Source: scripts/golden/core_random.py, integer arithmetic\n"
        )
        out.write("# in Python. Exact.\nseed,name,number,position,bits,uniform\n")
        for seed in (0, 1, 42, LONG):
            for name, number in (("", ""), ("arrivals", ""), ("", 7), ("arrivals", 7), ("", LONG)):
                stream = Stream.seeded(seed)
                stream = stream.child(name) if name else stream
                stream = stream.child(number) if number != "" else stream
                for position in (0, 1, 2, 12345678901, LONG):
                    row = (
                        seed,
                        name,
                        number,
                        position,
                        f"{stream.bits(position):016x}",
                        exact(stream.uniform(position)).hex(),
                    )
                    out.write(",".join(map(str, row)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
