#!/usr/bin/env bash
# What needs more than the suite's share of time.
#   scripts/test-slow.sh             tidy clang asan tsan fuzz python
#   scripts/test-slow.sh tidy fuzz   parts; of parts only, because it needs GitHub: downloads
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

step() { printf '\n== %s\n' "$*"; }

tidy() {
  step "clang-tidy 16"
  cmake --preset tidy >/dev/null
  cmake --build --preset tidy
  # Headers of templates only, which no source includes.
  (cd include && find qsm -name '*.hpp' | sort | sed 's/.*/#include <&>/') >build/tidy/every_header.cpp
  clang-tidy-16 --quiet --header-filter='include/qsm/.*' build/tidy/every_header.cpp -- -std=c++20 -Iinclude
}

clang() {
  step "clang 16: build and tests"
  cmake --preset clang >/dev/null
  cmake --build --preset clang
  ctest --preset clang | tail -n 25
}

asan() {
  step "AddressSanitizer and UndefinedBehaviorSanitizer"
  cmake --preset asan >/dev/null
  cmake --build --preset asan
  ctest --preset asan | tail -n 25
}

tsan() {
  step "ThreadSanitizer: the rooms that start threads"
  cmake --preset tsan >/dev/null
  local tests=build/tsan/tests/cpp
  cmake --build --preset tsan --target core_test sim_test queueing_test balancing_test kernels_test
  $tests/sim_test --gtest_brief
  $tests/core_test --gtest_brief --gtest_filter='progress.*'
  $tests/queueing_test --gtest_brief --gtest_filter='*simul*:*threads*'
  $tests/balancing_test --gtest_brief --gtest_filter='*threads*'
  $tests/kernels_test --gtest_brief --gtest_filter='*InEveryBatch'
}

fuzz() {
  step "fuzzers of the byte readers"
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz
  ctest --preset fuzz
}

downloads() {
  step "every dependency downloaded"
  cmake --preset downloads >/dev/null
  cmake --build --preset downloads
  ctest --preset downloads | tail -n 25
}

python() {
  step "slow Python tests"
  command python -m pytest -m slow
}

parts=("$@")
[ $# -gt 0 ] || parts=(tidy clang asan tsan fuzz python)
for part in "${parts[@]}"; do
  case $part in
    tidy | clang | asan | tsan | fuzz | python | downloads) ;;
    *) echo "make test-slow has no part '$part'; it has: tidy clang asan tsan fuzz python downloads" >&2 && exit 2 ;;
  esac
done

for part in "${parts[@]}"; do "$part"; done
