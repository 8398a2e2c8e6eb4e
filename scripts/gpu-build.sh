#!/usr/bin/env bash
# What `make test-gpu` and `make bench-gpu` share: builds a target of the CUDA kernels in build/gpu, without the network.
#   scripts/gpu-build.sh TARGET CMAKE_OPTION...
# QSM_GPU_BUILT=1 takes the programs that are in build/gpu, for a machine with a GPU that lacks what the build needs.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
shift
if [ -n "${QSM_GPU_BUILT:-}" ]; then
  [ -x "build/gpu/cuda/$target" ] || { echo "QSM_GPU_BUILT is set, but build/gpu/cuda/$target is not there" >&2; exit 1; }
  exit 0
fi
options=(-DQSM_BUILD_CUDA=ON -DQSM_BUILD_TESTS=OFF "$@")
! command -v ninja >/dev/null || [ -f build/gpu/CMakeCache.txt ] || options+=(-G Ninja)
! command -v ccache >/dev/null || options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake -S . -B build/gpu "${options[@]}" >/dev/null
CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)} cmake --build build/gpu --target "$target"
