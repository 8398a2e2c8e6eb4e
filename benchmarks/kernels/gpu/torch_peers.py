"""torch on the shapes of bench.cpp, by named backend: random numbers, rotated inputs, graph replays, medians. Prints JSON.

Needs a torch with CUDA; ends with 3 where there is none.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime

try:
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
except ImportError:
    sys.exit(3)
if not torch.cuda.is_available():
    sys.exit(3)


def seconds(calls: int, call: Callable[[int], object]) -> float:
    """Seconds of one call: median over replays of a graph of `calls` calls."""
    for i in range(calls):
        call(i)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for i in range(calls):
            call(i)
    times = []
    for replay in range(18):
        start, stop = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        graph.replay()
        stop.record()
        stop.synchronize()
        if replay >= 3:
            times.append(start.elapsed_time(stop) * 1e-3 / calls)
    return statistics.median(times)


def sets_for(size: int) -> int:
    cache = torch.cuda.get_device_properties(0).L2_cache_size
    return min(max(4 * cache // size + 1, 2), 64)


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, device="cuda", dtype=torch.bfloat16)


rows = []
for tokens, causal in ((2048, True), (8192, True), (32768, True), (4096, False)):
    sets = sets_for(2 * tokens * 128 * 80)
    inputs = [(normal(1, 64, tokens, 128), normal(1, 8, tokens, 128), normal(1, 8, tokens, 128)) for _ in range(sets)]
    for backend in (SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION):
        row = {"task": f"prompt bf16 {'causal' if causal else 'full'}", "shape": f"{tokens} tokens, 64/8 x 128"}
        row["name"] = f"torch {backend.name}"
        try:
            with sdpa_kernel(backend):
                time = seconds(
                    sets,
                    lambda i, all=inputs, mask=causal: torch.nn.functional.scaled_dot_product_attention(
                        *all[i], is_causal=mask, enable_gqa=True
                    ),
                )
            rows.append(row | {"s": time, "flop_per_s": 4 * tokens**2 * 64 * 128 * (0.5 if causal else 1) / time})
        except RuntimeError as error:
            rows.append(row | {"refused": str(error).splitlines()[0]})
for m, n, k in ((1024, 1024, 1024), (4096, 4096, 4096), (8192, 8192, 8192), (16, 14336, 4096), (4096, 14336, 4096)):
    sets = sets_for(2 * k * (m + n))
    pairs = [(normal(m, k), normal(n, k)) for _ in range(sets)]
    time = seconds(sets, lambda i, all=pairs: all[i][0] @ all[i][1].T)
    rows.append(
        {
            "task": "gemm bf16",
            "shape": f"{m} x {n} x {k}",
            "name": "torch matmul",
            "s": time,
            "flop_per_s": 2 * m * n * k / time,
        }
    )
print(
    json.dumps(
        {
            "what": "torch on the same shapes, same way of measuring",
            "command": "make bench-gpu",
            "date": datetime.now(UTC).date().isoformat(),
            "gpu": torch.cuda.get_device_name(0),
            "torch": torch.__version__,
            "cudnn": torch.backends.cudnn.version(),
            "rows": rows,
        },
        indent=1,
    )
)
