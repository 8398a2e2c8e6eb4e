#!/usr/bin/env bash
# What needs more than the suite's share of time: static analysis, sanitizers, the second compiler, slow Python tests.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

step() { printf '\n== %s\n' "$*"; }

missing=()
for package in clang-16 clang-tidy-16; do
  command -v "$package" >/dev/null || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "make test-slow needs: ${missing[*]} (Debian packages of the same names)" >&2
  exit 1
fi

step "clang-tidy 16"
cmake --preset tidy >/dev/null
cmake --build --preset tidy

step "clang 16: build and tests"
cmake --preset clang >/dev/null
cmake --build --preset clang
ctest --preset clang | tail -n 5

step "AddressSanitizer and UndefinedBehaviorSanitizer"
cmake --preset asan >/dev/null
cmake --build --preset asan
ctest --preset asan | tail -n 5

step "slow Python tests"
python -m pytest -m slow "$@"
