#!/usr/bin/env bash
# CUDA kernels against their CPU twins. What cannot run is counted and named.
set -euo pipefail
cd "$(dirname "$0")/.."

shopt -s nullglob
kernels=(cuda/*.cu)
echo "kernels: ${#kernels[@]}"
if [ ${#kernels[@]} -gt 0 ]; then
  echo "cuda/ holds kernels, but this script does not build them yet" >&2
  exit 1
fi
echo "skipped: 1 (there are no CUDA kernels in this version; nothing was compiled or run)"
