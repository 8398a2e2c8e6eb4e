#!/usr/bin/env bash
# Benchmarks; results with machine, versions and date go to benchmarks/results.
#   scripts/bench.sh          all
#   scripts/bench.sh PATTERN  benchmarks whose name matches, e.g. station
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
pattern=${1:-}

step() { printf '\n== %s\n' "$*"; }

if [ -z "$pattern" ] || [[ header_cost == *"$pattern"* ]]; then
  step "cost of the headers"
  python scripts/header_cost.py
fi

step "C++ benchmarks"
cmake --preset bench >/dev/null
cmake --build --preset bench
found=0
while IFS= read -r program; do
  name=$(basename "$program")
  if [ -z "$pattern" ] || [[ "$name" == *"$pattern"* ]]; then
    found=$((found + 1))
    "$program" --benchmark_repetitions=5 --benchmark_min_time=0.1 --benchmark_out="benchmarks/results/$name.json" --benchmark_out_format=json
    python scripts/clean_result.py "benchmarks/results/$name.json"
  fi
done < <(find build/bench/benchmarks -type f -executable -not -path '*/CMakeFiles/*' 2>/dev/null | sort)
echo "C++ benchmarks run: $found"
