#!/usr/bin/env bash
# The suite of one run: build, C++ tests, Python tests with notebooks and consumers, docs, formatters, linters, types.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

step() { printf '\n== %s\n' "$*"; }

step "formatters and linters"
scripts/check.sh

step "C++ build"
cmake -S . -B build -DQSM_BUILD_TESTS=ON >/dev/null
cmake --build build

step "C++ tests"
ctest --test-dir build --output-on-failure -j2 | tail -n 25

step "documentation"
python -m sphinx -q -W --keep-going -b html docs docs/_build/html

step "Python tests, notebooks, consumers"
python -m pytest "$@"
