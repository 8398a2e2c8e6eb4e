"""Golden rows of HyperLogLog: bytes and counts of a real redis-server, and of Apache DataSketches.

Run: python scripts/golden/hyperloglog.py tests/golden/sketches   (needs redis-server, and the packages redis,
datasketches, xxhash)
"""

import socket
import subprocess
import sys
import time
from pathlib import Path

import datasketches
import redis
import xxhash

MANY = (0, 1, 2, 5, 20, 100, 500, 1000, 2000, 10_000, 100_000, 1_000_000)


def redis_rows(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(["redis-server", "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)
        for _ in range(100):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.1)
        with open(folder / "hyperloglog_redis.csv", "w") as out:
            out.write(
                f"# redis-server {client.info()['redis_version']}: PFADD of the texts 0, 1, ..., n - 1; PFCOUNT; GET.\n"
                "# length and hash: of the value, its first 16 bytes left out, by xxHash64; value: where it is short.\n"
                "# Exact.\nitems,count,encoding,length,hash,value\n"
            )
            for items in MANY:
                client.delete("h")
                client.pfadd("h")
                for first in range(0, items, 1000):
                    client.pfadd("h", *range(first, min(first + 1000, items)))
                count, value = client.pfcount("h"), client.get("h")
                text = value.hex() if len(value) < 1000 else ""
                digest = xxhash.xxh64_intdigest(value[16:])
                out.write(f"{items},{count},{value[4]},{len(value)},{digest:016x},{text}\n")
    finally:
        server.terminate()
        server.wait()


def datasketches_rows(folder):
    kinds = {4: datasketches.tgt_hll_type.HLL_4, 6: datasketches.tgt_hll_type.HLL_6, 8: datasketches.tgt_hll_type.HLL_8}
    with open(folder / "hyperloglog_datasketches.csv", "w") as out:
        out.write(
            "# Apache DataSketches (Python package datasketches 5.2.0): HLL of the 64-bit integers 0, 1, ..., n - 1.\n"
            "# estimate: relative error <= 1e-9 (of few items 1e-4). compact, updatable: bytes, in hexadecimal digits.\n"
            "precision,bits,items,estimate,compact,updatable\n"
        )
        for precision, bits, items in [
            *((8, bits, items) for bits in kinds for items in (0, 1, 5, 20, 100, 1000, 100_000)),
            (4, 8, 3),
            (4, 4, 1000),
            (12, 8, 100),
            (12, 4, 7),
        ]:
            sketch = datasketches.hll_sketch(precision, kinds[bits])
            for item in range(items):
                sketch.update(item)
            compact, updatable = sketch.serialize_compact().hex(), sketch.serialize_updatable().hex()
            out.write(f"{precision},{bits},{items},{sketch.get_estimate()!r},{compact},{updatable}\n")


redis_rows(Path(sys.argv[1]))
datasketches_rows(Path(sys.argv[1]))
