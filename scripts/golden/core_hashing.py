"""Golden rows of the hashes, by packages that wrap the authors' own code: xxhash, mmh3, siphash24.

MurmurHash64A and SplitMix64 are written in plain integers; the first is held against SMHasher's verification value.

Run: python scripts/golden/core_hashing.py tests/golden/core
"""

import sys
from pathlib import Path

import mmh3
import siphash24
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


def murmur64a(data, seed):
    m = 0xC6A4A7935BD1E995
    h = seed ^ len(data) * m & LONG
    whole = len(data) // 8 * 8
    for i in range(0, whole, 8):
        k = int.from_bytes(data[i : i + 8], "little") * m & LONG
        h = (h ^ (k ^ k >> 47) * m & LONG) * m & LONG
    if data[whole:]:
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & LONG
    h = (h ^ h >> 47) * m & LONG
    return h ^ h >> 47


def verification(function, width):
    """SMHasher's: the hash of the hashes of 0, 01, 012, ... under the seeds 256, 255, ..."""
    hashes = b"".join(function(bytes(range(i)), 256 - i).to_bytes(width, "little") for i in range(256))
    return function(hashes, 0) & 0xFFFFFFFF


def other_hashes(folder):
    assert verification(murmur64a, 8) == 0x1F0D3804
    assert verification(lambda data, seed: mmh3.hash(data, seed, signed=False), 4) == 0xB0F57EE3
    assert verification(lambda data, seed: mmh3.hash128(data, seed, signed=False), 16) == 0x6384BA69
    with open(folder / "hashes.csv", "w") as out:
        out.write(
            "# Hashes of the first bytes of xxHash's test data. Exact. murmur3_128: first half, then second.\n"
            f"# Sources: Python packages xxhash {xxhash.VERSION}, mmh3, siphash24 (keys: seed"
            ", seed + 1);\n# murmur64a in plain integers, with SMHasher's verification value 1F0D3804.\n"
            "length,seed,xxh3,murmur3_128,murmur3_32,murmur64a,siphash\n"
        )
        for length in (*range(66), 95, 96, 97, 127, 128, 129, 160, 239, 240, 241, 512, 1023, 1024, 1025, 2048, 5000):
            data = sanity_buffer(length)
            for seed in (0, PRIME32):
                cells = (
                    f"{xxhash.xxh3_64_intdigest(data, seed):016x}",
                    "".join(f"{half:016x}" for half in mmh3.hash64(data, seed, signed=False)),
                    f"{mmh3.hash(data, seed, signed=False):08x}",
                    f"{murmur64a(data, seed):016x}",
                    siphash24.siphash24(data, key=seed.to_bytes(8, "little") + (seed + 1).to_bytes(8, "little"))
                    .digest()[::-1]
                    .hex(),
                )
                out.write(f"{length},{seed},{','.join(cells)}\n")


def main(folder):
    other_hashes(folder)
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
