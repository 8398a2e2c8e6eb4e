#!/usr/bin/env bash
# GPU kernels in time beside cuBLAS and torch, into benchmarks/results/. Says so where there is nothing to measure on.
# QSM_TORCH_PYTHON: a Python with torch, where it is not the first one on the path.
# QSM_GPU_LIMIT: seconds of each program, 900 by default. QSM_GPU_BUILT: see gpu-build.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
torch_python=${QSM_TORCH_PYTHON:-python3}
export PATH="$PWD/.venv/bin:$PATH:/usr/local/cuda/bin"

if ! command -v nvcc >/dev/null && [ -z "${QSM_GPU_BUILT:-}" ]; then
  echo "NO nvcc HERE: nothing was compiled or measured"
  exit 0
fi
scripts/gpu-build.sh cuda_bench -DQSM_BUILD_CUDA_BENCHMARKS=ON

# Runs a program that prints JSON; it ends with 3 where it has nothing to measure on.
into() {
  local out=$1 status=0
  shift
  timeout --kill-after=10 "${QSM_GPU_LIMIT:-900}" "$@" >build/gpu/result.json || status=$?
  if [ "$status" = 0 ]; then
    mv build/gpu/result.json "$out"
    echo "$out"
  elif [ "$status" = 3 ]; then
    echo "not measured: $out"
  else
    exit "$status"
  fi
}
into benchmarks/results/gpu_kernels.json build/gpu/cuda/cuda_bench
into benchmarks/results/gpu_torch.json "$torch_python" benchmarks/kernels/gpu/torch_peers.py
