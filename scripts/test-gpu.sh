#!/usr/bin/env bash
# CUDA kernels against their CPU twins, then under compute-sanitizer. What cannot run is counted and named.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH:/usr/local/cuda/bin"

if ! command -v nvcc >/dev/null; then
  echo "skipped: all (no nvcc here; nothing was compiled or run)"
  exit 0
fi
cmake -S . -B build/gpu -G Ninja -DQSM_BUILD_CUDA=ON -DQSM_BUILD_CUDA_TESTS=ON -DQSM_BUILD_TESTS=OFF \
  -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
cmake --build build/gpu --target cuda_test
status=0
build/gpu/cuda/cuda_test | tee build/gpu/cuda_test.log || status=$?
skipped=$(grep -c '^\[  SKIPPED \].*ms)$' build/gpu/cuda_test.log || true)
echo "ran: $(grep -c '^\[       OK \]' build/gpu/cuda_test.log || true), skipped: $skipped"
[ "$status" = 0 ] || exit "$status"

if ! nvidia-smi -L 2>/dev/null | grep -q GPU; then
  echo "NO GPU HERE: the kernels were compiled, none was run; the tests that ran need no GPU"
  exit 0
fi
if ! command -v compute-sanitizer >/dev/null; then
  echo "skipped: compute-sanitizer (not installed)"
  exit 0
fi
for tool in memcheck initcheck synccheck racecheck; do
  echo "compute-sanitizer $tool"
  compute-sanitizer --tool "$tool" --error-exitcode 1 build/gpu/cuda/cuda_test --gtest_filter='*mma*:*tiled*:*NewTokens*:*Prompts*'
done
