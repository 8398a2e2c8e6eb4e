"""Golden rows of the hashes: the xxhash package (which wraps the author's own code) and SplitMix64 in plain integers.

Run: python scripts/golden/core_hashing.py tests/golden/core
"""

import sys
from pathlib import Path

import xxhash

LONG = 2**64 - 1
PRIME32, PRIME64 = 2654435761, 11400714785074694797


def sanity_buffer(length):
    """Test bytes of the author's self-test: the top bytes of a running product."""
    state, out = PRIME32, bytearray()
    for _ in range(length):
        out.append(state >> 56)
        state = state * PRIME64 & LONG
    return bytes(out)


def splitmix64(x):
    x = (x + 0x9E3779B97F4A7C15) & LONG
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & LONG
    x = (x ^ x >> 27) * 0x94D049BB133111EB & LONG
    return x ^ x >> 31


def main(folder):
    # Published: XSUM_XXH64_testdata, lengths 0, 1, 4, 14, 222 with seeds 0 and PRIME32; SplitMix64 of state 0.
    assert xxhash.xxh64_intdigest(b"", 0) == 0xEF46DB3751D8E999
    assert xxhash.xxh64_intdigest(sanity_buffer(1), 0) == 0xE934A84ADB052768
    assert xxhash.xxh64_intdigest(sanity_buffer(222), PRIME32) == 0x20CB8AB7AE10C14A
    assert splitmix64(0) == 0xE220A8397B1DCDAF
    with open(folder / "xxhash64.csv", "w") as out:
        out.write(
            "# xxHash64 of the first bytes of the author's test data. Source: Python package xxhash "
            f"{xxhash.VERSION}\n# (xxHash {xxhash.XXHASH_VERSION}). Exact.\nlength,seed,hash\n"
        )
        for length in (*range(70), 100, 222, 1000):
            for seed in (0, PRIME32, LONG):
                digest = xxhash.xxh64_intdigest(sanity_buffer(length), seed)
                out.write(f"{length},{seed},{digest:016x}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
