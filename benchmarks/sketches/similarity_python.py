"""Ten thousand sets of words from Python: their signatures and an index of them, beside loops over datasketch and rensa.

Run: python benchmarks/sketches/similarity_python.py [--output FILE]   (needs datasketch and rensa)
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

import datasketch
import numpy as np
import rensa

from qsm import sketches

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import machine
from machine import least_cpu_time as least

SETS, WORDS, SIZE, BANDS, ROWS = 10_000, 100, 128, 32, 4
DRAWN = np.random.default_rng(1).integers(0, 50_000, (SETS, WORDS))
TEXTS = [[f"word{number}" for number in row] for row in DRAWN.tolist()]
BYTES = [[text.encode() for text in row] for row in TEXTS]


def by_rensa() -> list[rensa.RMinHash]:
    made = []
    for row in TEXTS:
        sketch = rensa.RMinHash(num_perm=SIZE, seed=1)
        sketch.update(row)
        made.append(sketch)
    return made


def by_datasketch() -> list[datasketch.MinHash]:
    made = []
    for row in BYTES:
        sketch = datasketch.MinHash(num_perm=SIZE)
        sketch.update_batch(row)
        made.append(sketch)
    return made


def index(signatures: np.ndarray) -> sketches.LshIndex:
    made = sketches.LshIndex(BANDS, ROWS)
    made.add(np.arange(SETS), signatures)
    return made


def index_by_rensa(made: list[rensa.RMinHash]) -> rensa.RMinHashLSH:
    lsh = rensa.RMinHashLSH(threshold=0.5, num_perm=SIZE, num_bands=BANDS)
    for key, sketch in enumerate(made):
        lsh.insert(key, sketch)
    return lsh


def index_at_once_by_rensa(made: object) -> rensa.RMinHashLSH:
    lsh = rensa.RMinHashLSH(threshold=0.5, num_perm=SIZE, num_bands=BANDS)
    lsh.insert_matrix(made)
    return lsh


def index_by_datasketch(made: list[datasketch.MinHash]) -> datasketch.MinHashLSH:
    lsh = datasketch.MinHashLSH(num_perm=SIZE, params=(BANDS, ROWS))
    for key, sketch in enumerate(made):
        lsh.insert(key, sketch)
    return lsh


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    ours, theirs, others = sketches.minhash_signatures(TEXTS, SIZE), by_rensa(), by_datasketch()
    matrix = rensa.RMinHash.digest_matrix_from_token_sets(TEXTS, SIZE, 1)
    our_index, their_index, other_index = index(ours), index_by_rensa(theirs), index_by_datasketch(others)
    rows = {
        "minhash_texts/qsm": least(lambda: sketches.minhash_signatures(TEXTS, SIZE)),
        "minhash_integers/qsm": least(lambda: sketches.minhash_signatures(DRAWN, SIZE)),
        "minhash_texts/rensa": least(by_rensa, 3),
        "minhash_texts/rensa_at_once": least(lambda: rensa.RMinHash.digest_matrix_from_token_sets(TEXTS, SIZE, 1), 3),
        "minhash_texts/datasketch": least(by_datasketch, 1),
        "index_add/qsm": least(lambda: index(ours)),
        "index_add/rensa": least(lambda: index_by_rensa(theirs), 3),
        "index_add/rensa_at_once": least(lambda: index_at_once_by_rensa(matrix), 3),
        "index_add/datasketch": least(lambda: index_by_datasketch(others), 1),
        "index_query/qsm": least(lambda: our_index.query(ours)),
        "index_query/rensa": least(lambda: [their_index.query(sketch) for sketch in theirs], 3),
        "index_query/rensa_at_once": least(lambda: their_index.query_all(theirs), 3),
        "index_query/datasketch": least(lambda: [other_index.query(sketch) for sketch in others], 1),
    }
    result = {
        "machine": machine.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("datasketch", "rensa", "numpy")},
        "command": "python benchmarks/sketches/similarity_python.py --output benchmarks/results/sketches_similarity.json",
        "method": f"least CPU time over {SETS} sets of {WORDS} words, {SIZE} values, {BANDS} bands of {ROWS} [s]",
        "rows": {name: float(f"{seconds:.4g}") for name, seconds in rows.items()},
    }
    text = json.dumps(result, indent=1) + "\n"
    options.output.write_text(text) if options.output else print(text)


main()
