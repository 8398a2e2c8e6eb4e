#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/gk_sketch.hpp>
#include <qsm/sketches/testing.hpp>

namespace {

using qsm::MalformedBytes;
using qsm::sketches::GkSketch;
using Numbers = std::vector<double>;

static_assert(qsm::sketches::QuantileSketch<GkSketch>);

/// Uniform, rising, falling, or few unlike ones.
Numbers numbers(std::size_t size, int shape, std::uint64_t seed = 1) {
  Numbers all(size);
  qsm::Stream(seed).uniforms(0, all);
  for (std::size_t i = 0; i < size; ++i) {
    if (shape == 1) all[i] = static_cast<double>(i);
    if (shape == 2) all[i] = -static_cast<double>(i);
    if (shape == 3) all[i] = std::floor(10 * all[i]);
  }
  return all;
}

/// Every rank is within the error of the one asked for, without exception.
void expect_error(const GkSketch& sketch, Numbers all) {
  std::sort(all.begin(), all.end());
  const auto n = static_cast<double>(all.size());
  for (double p = 0; p <= 1; p += 0.0097) {
    const auto found = sketch.quantile(p);
    const double truth = all[static_cast<std::size_t>(std::max(1.0, std::ceil(p * n - 1e-6))) - 1];
    ASSERT_LE(found.low, truth) << p;
    ASSERT_GE(found.high, truth) << p;
    const auto low = static_cast<double>(std::ranges::lower_bound(all, found.value) - all.begin()) + 1;
    const auto high = static_cast<double>(std::ranges::upper_bound(all, found.value) - all.begin());
    ASSERT_LE(low, p * n + sketch.error() * n + 1) << p;
    ASSERT_GE(high, p * n - sketch.error() * n - 1) << p;
    const auto share = static_cast<double>(std::ranges::upper_bound(all, truth) - all.begin()) / n;
    ASSERT_NEAR(sketch.cdf(truth).value, share, sketch.error() + 1 / n);
  }
}

TEST(gk_sketch, is_a_sketch) {
  EXPECT_EQ(check_quantile_sketch(GkSketch(), false), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(GkSketch(0.1), false, 20'000), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(GkSketch(0.0001), false), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(GkSketch(0.5), false), std::vector<std::string>());
}

TEST(gk_sketch, ranks_are_within_the_error_for_certain) {
  for (const double error : {0.1, 0.01, 0.001})
    for (int shape = 0; shape < 4; ++shape)
      for (const std::size_t size : {1u, 7u, 600u, 5000u, 60'000u}) {
        GkSketch sketch(error);
        const auto all = numbers(size, shape);
        sketch.add(all);
        expect_error(sketch, all);
        // Greenwald and Khanna: at most 11 / (2 error) log2(2 error n).
        if (2 * error * static_cast<double>(size) > 4) {
          EXPECT_LE(static_cast<double>(sketch.kept()), 5.5 / error * std::log2(2 * error * static_cast<double>(size)));
        }
      }
}

TEST(gk_sketch, keeps_its_error_when_merged) {
  for (const double error : {0.1, 0.01}) {
    Numbers all;
    GkSketch merged(error);
    for (std::uint64_t part = 0; part < 12; ++part) {
      const auto some = numbers(700 * part + 13, static_cast<int>(part % 4), part);
      all.insert(all.end(), some.begin(), some.end());
      GkSketch sketch(error);
      sketch.add(some);
      merged.merge(sketch);
      expect_error(merged, all);
    }
    merged.merge(merged);
    EXPECT_EQ(merged.count(), 2 * all.size());
  }
}

TEST(gk_sketch, refuses_what_makes_no_sense) {
  EXPECT_THROW(GkSketch(0), std::domain_error);
  EXPECT_THROW(GkSketch(0.6), std::domain_error);
  GkSketch sketch(0.1);
  EXPECT_THROW(sketch.merge(GkSketch(0.2)), std::domain_error);
  using Entries = std::vector<std::array<double, 3>>;
  const auto bytes = [](const Entries& entries) {
    qsm::ByteWriter writer;
    qsm::sketches::detail::put_letters(writer, "QGKS", 1);
    writer.f64(0.25);
    writer.varint(entries.size());
    for (const auto& [value, gap, span] : entries) {
      writer.f64(value);
      writer.varint(static_cast<std::uint64_t>(gap));
      writer.varint(static_cast<std::uint64_t>(span));
    }
    writer.checksum();
    return writer.take();
  };
  EXPECT_EQ(GkSketch::decode(bytes({{1, 1, 0}, {2, 2, 0}, {3, 1, 0}})).count(), 4u);
  const Entries bad[] = {{{1, 2, 0}, {3, 1, 0}},
                         {{1, 1, 1}, {3, 1, 0}},
                         {{1, 1, 0}, {3, 1, 1}},
                         {{3, 1, 0}, {1, 1, 0}},
                         {{1, 0, 0}},
                         {{1, 1, 0}, {NAN, 1, 0}},
                         {{1, 1, 0}, {2, 5, 0}},
                         {{1, 1, 0}, {2, 1, 5}, {3, 1, 0}}};
  for (const auto& entries : bad) EXPECT_THROW(GkSketch::decode(bytes(entries)), MalformedBytes);
}

}  // namespace
