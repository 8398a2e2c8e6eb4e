"""The compile gate of the GPU kernels: for each target no spills, no stack, registers within budget, no serialized wgmma."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NVCC = shutil.which("nvcc", path=f"{os.environ['PATH']}:/usr/local/cuda/bin")
TARGETS = ("sm_80", "sm_90a")
# Registers of a thread [1]. Those of 384 threads start with 168, 65,536 in all; setmaxnreg moves them between roles.
BUDGETS = {
    "naive": 40,
    "tiled": 48,
    "mma": 168,
    "fours": 128,
    "hopper": 168,
    "prefill": 168,
    "decode": 128,
    "merge": 40,
}
# setmaxnreg takes what the block has: with fewer at the start, warpgroups would wait for registers for ever.
EXACT = {("hopper", "sm_90a"), ("prefill", "sm_90a")}
ENTRY = re.compile(r"Compiling entry function '(\S+)' for '(\w+)'")
needs_nvcc = pytest.mark.skipif(NVCC is None, reason="the CUDA compile gate needs nvcc")


def complaints(log: str) -> list[str]:
    """What ptxas says that must not be, and what lacks."""
    found = [line for line in log.splitlines() if re.search(r"C75\d\d|serializ", line)]
    kernel = target = ""
    seen = set()
    for line in log.splitlines():
        if match := ENTRY.search(line):
            names = [name for name in BUDGETS if re.search(rf"\d{name}I", match[1])]
            kernel, target = (names[0] if names else match[1]), match[2]
            if not names:
                found.append(f"{kernel}: no budget")
        for count, what in re.findall(r"(\d+) bytes (stack frame|spill stores|spill loads)", line):
            if int(count) > 0:
                found.append(f"{kernel} for {target}: {count} bytes {what}")
        if match := re.search(r"Used (\d+) registers", line):
            seen.add((kernel, target))
            used, budget = int(match[1]), BUDGETS.get(kernel, 0)
            if used > budget or (used < budget and (kernel, target) in EXACT):
                found.append(f"{kernel} for {target}: {used} registers, budget {budget}")
    found += [
        f"{name} was not compiled for {one}"
        for name in {k for k, _ in seen}
        for one in TARGETS
        if (name, one) not in seen
    ]
    return found if seen else [*found, "no kernel was compiled"]


def test_the_gate_sees_what_must_not_be() -> None:
    entry = "ptxas info    : Compiling entry function '_ZN53mmaIN1bEEE' for '{}'\n"
    clean = "".join(
        entry.format(target) + "    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\n"
        "ptxas info    : Used 120 registers, used 1 barriers\n"
        for target in TARGETS
    )
    assert complaints(clean) == []
    assert complaints(clean.replace("0 bytes spill stores", "32 bytes spill stores", 1)) == [
        "mma for sm_80: 32 bytes spill stores"
    ]
    assert complaints(clean.replace("120", "169", 1)) == ["mma for sm_80: 169 registers, budget 168"]
    hopper = clean.replace("53mmaI", "56hopperI").replace("120", "168")
    assert complaints(hopper) == []
    assert complaints(hopper.replace("168", "160")) == ["hopper for sm_90a: 160 registers, budget 168"]
    assert complaints(clean.replace("sm_90a", "sm_90")) == ["mma was not compiled for sm_90a"]
    serialized = "ptxas info    : (C7510) Potential Performance Loss: wgmma.mma_async instructions are serialized"
    assert complaints(clean + serialized) == [serialized]
    assert complaints("") == ["no kernel was compiled"]


@needs_nvcc
@pytest.mark.parametrize("source", sorted(ROOT.glob("cuda/*.cu")), ids=lambda path: path.stem)
def test_every_kernel_compiles_cleanly(source: Path, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    includes = [f"-I{ROOT / 'include'}", f"-I{ROOT / 'cuda' / 'include'}"]
    gencode = [f"-gencode=arch={target.replace('sm', 'compute')},code={target}" for target in TARGETS]
    command = [NVCC, "-std=c++20", "-O3", *includes, *gencode, "-Xptxas", "-v", "-c", source, "-o", tmp_path / "k.o"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert complaints(done.stderr + done.stdout) == []
    assert after.ru_utime - before.ru_utime < 120
    assert after.ru_maxrss < 4 * 1024**2  # [KiB]


# What NVRTC lacks of the standard library, from the toolkit's own.
SHIMS = {
    name: f"#pragma once\n#include <cuda/std/{name}>\nnamespace std {{ using namespace cuda::std; }}\n"
    for name in ("bit", "cstddef", "cstdint", "limits", "type_traits")
}
SHIMS["string_view"] = "#pragma once\nnamespace std { class string_view; }\n"
SHIMS["cuda.h"] = "#pragma once\nstruct alignas(64) CUtensorMap { unsigned long long opaque[16]; };\n"
RUNTIME_TEXT = """
#include <qsm/kernels/detail/gpu/attention.hpp>
#include <qsm/kernels/detail/gpu/gemm.hpp>
#include <qsm/kernels/detail/gpu/ptx.hpp>
using namespace qsm::kernels;
using namespace qsm::kernels::detail::gpu;
extern "C" __global__ void __launch_bounds__(384, 1)
gemm(const __grid_constant__ GemmArguments<Ptx, bfloat16> arguments, const __grid_constant__ CUtensorMap x,
     const __grid_constant__ CUtensorMap w) { gemm_hopper<bfloat16, true>(Ptx{}, arguments, x, w); }
extern "C" __global__ void __launch_bounds__(384, 1)
prefill(const __grid_constant__ PrefillArguments<Ptx, bfloat16> arguments, const __grid_constant__ CUtensorMap q,
        const __grid_constant__ CUtensorMap k, const __grid_constant__ CUtensorMap v) {
  attention_prefill<bfloat16, 128>(Ptx{}, arguments, q, k, v);
}
"""


@needs_nvcc
def test_the_texts_compile_at_run_time() -> None:
    home = Path(str(NVCC)).resolve().parents[1]
    libraries = sorted(home.glob("lib*/libnvrtc.so*"))
    if not libraries:
        pytest.skip("NVRTC is not installed beside nvcc")
    nvrtc = ctypes.CDLL(str(libraries[0]))
    program = ctypes.c_void_p()
    names = (ctypes.c_char_p * len(SHIMS))(*(name.encode() for name in SHIMS))
    texts = (ctypes.c_char_p * len(SHIMS))(*(text.encode() for text in SHIMS.values()))
    assert (
        nvrtc.nvrtcCreateProgram(ctypes.byref(program), RUNTIME_TEXT.encode(), b"k.cu", len(SHIMS), texts, names) == 0
    )
    flags = [
        "-arch=sm_90a",
        "-default-device",
        "-std=c++20",
        f"-I{ROOT / 'include'}",
        f"-I{home / 'include'}",
        f"-I{home / 'include' / 'cccl'}",
    ]
    options = (ctypes.c_char_p * (len(flags) + 1))(*(flag.encode() for flag in [*flags, "--ptxas-options=-v"]))
    result = nvrtc.nvrtcCompileProgram(program, len(options), options)
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    text = log.value.decode()
    assert result == 0, text
    assert nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size)) == 0
    assert size.value > 1000
    assert not re.search(r"C75\d\d|[1-9]\d* bytes spill", text), text
    nvrtc.nvrtcDestroyProgram(ctypes.byref(program))
