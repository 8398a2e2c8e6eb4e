#!/usr/bin/env bash
# Formatters and fast linters; changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
git ls-files '*.hpp' '*.ipp' '*.cpp' '*.cu' '*.cuh' | xargs clang-format-16 --dry-run -Werror
ruff format --check -q .
ruff check -q .
mypy
