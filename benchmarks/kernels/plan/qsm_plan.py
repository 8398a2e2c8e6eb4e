"""How near planned times come to measured ones: products and attention on this processor, one thread.

The machine is profiled first, then each shape is planned and measured, alternating; least times of both.

    python benchmarks/kernels/plan/qsm_plan.py [--output benchmarks/results/kernels_plan.json]
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
from pathlib import Path
from typing import Any

from qsm import hardware, kernels

SIZES = [
    (256, 4096, 4096),
    (64, 1024, 1024),
    (8, 4096, 4096),
    (1, 4096, 14336),
    (1, 1024, 1024),
    (33, 2048, 512),
    (512, 512, 2048),
]
NUMBERS: list[dict[str, Any]] = [
    {"x": "float32", "w": "float32"},
    {"x": "bfloat16", "w": "bfloat16"},
    {"x": "int8", "w": "int8"},
    {"x": "float32", "w": "int4", "group": 128, "quantize_rows": True},
    {"x": "bfloat16", "w": "int4", "group": 128},
    {"x": "float32", "w": "float16"},
]
ATTENTIONS = [
    (512, 512, 32, 8),
    (1, 4096, 32, 8),
    (1, 65536, 32, 8),
    (1, 1024, 8, 8),
    (128, 2048, 8, 1),
    (1024, 1024, 8, 8),
    (16, 512, 16, 16),
]


def shapes() -> list[Any]:
    products = [kernels.GemmShape(*size, **numbers) for size in SIZES for numbers in NUMBERS]
    return products + [kernels.AttentionShape(*size, dtype=d) for d in ("bfloat16", "float32") for size in ATTENTIONS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    machine = hardware.profile_machine(kernels.probes(), seconds=0.02)
    rows = {}
    for shape in shapes():
        plan = kernels.plan(shape, machine)
        both = kernels.compare(plan, kernels.measure(plan, seconds=0.1))
        rows[repr(shape)] = {
            "predicted_s": float(f"{both.predicted:.4g}"),
            "measured_s": float(f"{both.measured:.4g}"),
            "ratio": round(both.ratio, 3),
            "of_roofline": round(both.efficiency, 3),
            "bound": both.bound,
        }
        print(f"{both.ratio:6.2f} {both.efficiency:6.2f}  {shape}")
    near = sum(abs(row["ratio"] - 1) <= 0.15 for row in rows.values())
    print(f"{near} of {len(rows)} within 15 %, load {os.getloadavg()[0]:.1f}")
    if options.output:
        result = {
            "date": datetime.date.today().isoformat(),
            "machine": {"cpu": machine.name, "processors": os.cpu_count(), "system": platform.system()},
            "load": round(os.getloadavg()[0], 1),
            "method": "python benchmarks/kernels/plan/qsm_plan.py; least CPU time of samples, one thread",
            "within_15_percent": near,
            "shapes": len(rows),
            "rows": rows,
        }
        options.output.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
