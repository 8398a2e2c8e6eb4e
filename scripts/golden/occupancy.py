"""Blocks of a kernel on a multiprocessor, by the calculator that NVIDIA ships in its toolkit (cuda_occupancy.h, host only)."""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = "/usr/local/cuda/include"
PROGRAM = """
#include <cstdio>
#include <cuda_occupancy.h>
int main() {
  int major, minor, threads, registers, shared, of_one, most_threads, of_all;
  while (std::scanf("%d %d %d %d %d %d %d %d", &major, &minor, &most_threads, &of_all, &of_one, &threads, &registers, &shared) == 8) {
    cudaOccDeviceProp device{};
    device.computeMajor = major;
    device.computeMinor = minor;
    device.maxThreadsPerBlock = 1024;
    device.maxThreadsPerMultiprocessor = most_threads;
    device.regsPerBlock = device.regsPerMultiprocessor = 65536;
    device.warpSize = 32;
    device.numSms = 132;
    device.sharedMemPerBlock = 49152;
    device.sharedMemPerMultiprocessor = of_all;
    device.sharedMemPerBlockOptin = of_one;
    device.reservedSharedMemPerBlock = 1024;
    cudaOccFuncAttributes kernel{};
    kernel.maxThreadsPerBlock = 1024;
    kernel.numRegs = registers;
    kernel.maxDynamicSharedSizeBytes = of_one;
    kernel.shmemLimitConfig = FUNC_SHMEM_LIMIT_OPTIN;
    cudaOccDeviceState state{};
    state.carveoutConfig = SHAREDMEM_CARVEOUT_MAX_SHARED;
    cudaOccResult result{};
    const int error = cudaOccMaxActiveBlocksPerMultiprocessor(&result, &device, &kernel, &state, threads, shared);
    std::printf("%d\\n", error ? -1 : result.activeBlocksPerMultiprocessor);
  }
}
"""
DEVICES = {80: (2048, 164, 163), 86: (1536, 100, 99), 89: (1536, 100, 99), 90: (2048, 228, 227)}

random.seed(1)
cases = []
for capability in DEVICES:
    for _ in range(60):
        threads = 32 * random.randint(1, 32)
        cases.append(
            (
                capability,
                threads,
                random.choice([random.randint(16, 64), random.randint(16, 255)]),
                random.choice([0, random.randint(1, 30000), random.randint(1, 233472)]),
            )
        )
    cases += [
        (capability, 384, 168, 0),
        (capability, 128, 80, 32768),
        (capability, 128, 255, 0),
        (capability, 32, 16, 0),
    ]
lines = [
    f"{c // 10} {c % 10} {DEVICES[c][0]} {DEVICES[c][1] << 10} {DEVICES[c][2] << 10} {t} {r} {s}"
    for c, t, r, s in cases
]
with tempfile.TemporaryDirectory() as folder:
    source = Path(folder) / "occupancy.cpp"
    source.write_text(PROGRAM)
    program = source.with_suffix("")
    subprocess.run(["g++", f"-I{INCLUDE}", str(source), "-o", str(program)], check=True)
    printed = subprocess.run([str(program)], input="\n".join(lines), capture_output=True, text=True, check=True).stdout
counts = [int(word) for word in printed.split()]
assert len(counts) == len(cases)
with (ROOT / "tests" / "golden" / "kernels" / "occupancy.csv").open("w") as file:
    file.write(
        "# Blocks of a kernel that a multiprocessor holds: cudaOccMaxActiveBlocksPerMultiprocessor of CUDA 13.0\n"
    )
    file.write("# source: scripts/golden/occupancy.py; tolerance: none, exact\n")
    file.write("capability,threads,registers,shared,blocks\n")
    for case, count in zip(cases, counts, strict=True):
        if count >= 0:
            file.write(",".join(map(str, (*case, count))) + "\n")
print(len([c for c in counts if c >= 0]), "rows")
