#pragma once
// What every filter must do, whatever its kind.

#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/filter.hpp>

namespace qsm_test {

inline std::vector<std::uint64_t> from(std::uint64_t first, std::size_t number) {
  std::vector<std::uint64_t> all(number);
  std::iota(all.begin(), all.end(), first);
  return all;
}

/// Share of unseen items that a filter claims to hold, after checking that it holds 0, 1, ... items - 1, and that one
/// question and many have the same answers.
template <class Filter>
double false_positives(const Filter& filter, std::size_t items, std::size_t questions) {
  const auto in = from(0, items), out = from(std::uint64_t{1} << 40, questions);
  const auto answers = std::make_unique<bool[]>(std::max(items, questions));
  filter.contains(in, std::span(answers.get(), items));
  for (std::size_t i = 0; i < items; ++i) EXPECT_TRUE(answers[i]) << i;
  filter.contains(out, std::span(answers.get(), questions));
  double found = 0;
  for (std::size_t i = 0; i < questions; ++i) {
    if (i < 1000) {
      EXPECT_EQ(answers[i], filter.contains(out[i]));
    }
    found += answers[i];
  }
  return found / static_cast<double>(questions);
}

/// Bytes bring the filter back, wherever they lie; a view answers from them in place and refuses what decode refuses.
template <class Filter>
void expect_bytes(const Filter& filter) {
  const std::vector<std::byte> bytes = filter.encode();
  EXPECT_EQ(Filter::decode(bytes), filter);
  EXPECT_EQ(Filter::decode(bytes).encode(), bytes);
  const auto questions = from(0, 500);
  const auto one = std::make_unique<bool[]>(500), other = std::make_unique<bool[]>(500);
  filter.contains(questions, std::span(one.get(), 500));
  for (std::size_t shift = 0; shift < 3; ++shift) {
    std::vector<std::byte> moved(shift);
    moved.insert(moved.end(), bytes.begin(), bytes.end());
    const std::span<const std::byte> here = std::span<const std::byte>(moved).subspan(shift);
    const Filter view = Filter::view(here);
    EXPECT_EQ(view, filter);
    EXPECT_EQ(view.bytes_used(), 0u);
    EXPECT_EQ(view.encode(), bytes);
    view.contains(questions, std::span(other.get(), 500));
    EXPECT_EQ(std::memcmp(one.get(), other.get(), 500), 0);
  }
  for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 100)
    EXPECT_THROW(Filter::view(std::span(bytes).first(size), false), qsm::MalformedBytes);
  for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 300) {
    std::vector<std::byte> damaged = bytes;
    damaged[at] ^= std::byte{16};
    EXPECT_THROW(Filter::decode(damaged), qsm::MalformedBytes) << at;
  }
}

}  // namespace qsm_test
