#!/usr/bin/env bash
# CUDA kernels against their CPU twins, then under compute-sanitizer. What cannot run is counted and named.
# QSM_GPU_LIMIT: seconds of each run, 300 by default; a kernel whose threads wait for each other never ends by itself.
# QSM_GPU_BUILT: see gpu-build.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH:/usr/local/cuda/bin"

if ! command -v nvcc >/dev/null && [ -z "${QSM_GPU_BUILT:-}" ]; then
  echo "skipped: all (no nvcc here; nothing was compiled or run)"
  ! nvidia-smi -L 2>/dev/null || { echo "A GPU IS HERE: bring nvcc, or programs that were built elsewhere (QSM_GPU_BUILT=1)"; exit 1; }
  exit 0
fi
scripts/gpu-build.sh cuda_test -DQSM_BUILD_CUDA_TESTS=ON
log=build/gpu/cuda_test.log
limit=(timeout --kill-after=10 "${QSM_GPU_LIMIT:-300}")
status=0
"${limit[@]}" build/gpu/cuda/cuda_test | tee "$log" || status=$?
skipped=$(grep -c '^\[  SKIPPED \].*ms)$' "$log" || true)
echo "ran: $(grep -c '^\[       OK \]' "$log" || true), skipped: $skipped"
[ "$status" != 124 ] || echo "stopped after ${QSM_GPU_LIMIT:-300} s: the last test above hangs"
[ "$status" = 0 ] || exit "$status"

if grep -q '^no GPU here' "$log"; then
  if nvidia-smi -L 2>/dev/null; then
    echo "A GPU IS HERE, but CUDA cannot use it: $(grep -m1 '^no GPU here' "$log")"
    exit 1
  fi
  echo "NO GPU HERE: the kernels were compiled, none was run; the tests that ran need no GPU"
  exit 0
fi
if ! command -v compute-sanitizer >/dev/null; then
  echo "skipped: compute-sanitizer (not installed)"
  exit 0
fi
for tool in memcheck initcheck synccheck racecheck; do
  echo "compute-sanitizer $tool"
  if ! "${limit[@]}" compute-sanitizer --tool "$tool" --error-exitcode 1 build/gpu/cuda/cuda_test \
    --gtest_filter='-*fastest*:GpuRefusals*' | tee "$log" || grep -q '^no GPU here' "$log"; then
    echo "RED: compute-sanitizer $tool"
    status=1
  fi
done
exit "$status"
