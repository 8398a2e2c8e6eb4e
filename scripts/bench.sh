#!/usr/bin/env bash
# Benchmarks; results with machine, versions and date go to benchmarks/results.
#   scripts/bench.sh          all
#   scripts/bench.sh PATTERN  benchmarks whose name matches, e.g. station
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
pattern=${1:-}
results=benchmarks/results

step() { printf '\n== %s\n' "$*"; }

# benchmark NAME COMMAND...: runs it where the pattern matches
benchmark() {
  [[ $1 == *"$pattern"* ]] || return 0
  step "$1"
  "${@:2}"
}

cpp() {
  "$1" --benchmark_repetitions=5 --benchmark_min_time=0.1 --benchmark_out="$results/$2.json" --benchmark_out_format=json
  python scripts/clean_result.py "$results/$2.json"
}

benchmark header_cost python scripts/header_cost.py

step "build"
cmake --preset bench >/dev/null
cmake --build --preset bench
for program in build/bench/benchmarks/bench_*; do
  name=${program##*/bench_}
  benchmark "$name" cpp "$program" "$name"
done

benchmark network_simulation python benchmarks/queueing/network_simulation/peers.py \
  build/bench/benchmarks/bench_queueing_network_simulation
benchmark erlang_accuracy python benchmarks/queueing/erlang_accuracy.py
benchmark queueing_python python benchmarks/queueing/python_calls.py --output "$results/queueing_python.json"
benchmark kernels_plan python benchmarks/kernels/plan/qsm_plan.py --output "$results/kernels_plan.json"
if python -c 'import ciw, simpy' 2>/dev/null; then
  benchmark station_python_peers python benchmarks/sim/station/python_peers.py
else
  echo "skipped: station_python_peers (needs ciw and simpy)"
fi
if python -c 'import line_solver' 2>/dev/null; then
  benchmark queueing_line python benchmarks/queueing/line_peer.py --output "$results/queueing_line.json"
else
  echo "skipped: queueing_line (needs line-solver)"
fi
if python -c 'import datasketches, rbloom' 2>/dev/null; then
  benchmark sketches_python python benchmarks/sketches/items_python.py --output "$results/sketches_python.json"
else
  echo "skipped: sketches_python (needs datasketches and rbloom)"
fi
if python -c 'import datasketches, pyarrow' 2>/dev/null; then
  benchmark sketches_strings python benchmarks/sketches/strings_python.py --output "$results/sketches_strings.json"
else
  echo "skipped: sketches_strings (needs datasketches and pyarrow)"
fi
if python -c 'import datasketch, rensa' 2>/dev/null; then
  benchmark sketches_similarity python benchmarks/sketches/similarity_python.py \
    --output "$results/sketches_similarity.json"
else
  echo "skipped: sketches_similarity (needs datasketch and rensa)"
fi
benchmark slider_to_paint python benchmarks/plots/slider_to_paint.py
