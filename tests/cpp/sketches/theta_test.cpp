#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/linear_counter.hpp>
#include <qsm/sketches/testing.hpp>
#include <qsm/sketches/theta.hpp>

#include "bytes.hpp"
#include "cardinality.hpp"
#include "golden.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::HashFunction;
using qsm::sketches::LinearCounter;
using qsm::sketches::ThetaSketch;
using qsm_test::bytes_of;
using qsm_test::filled;

static_assert(qsm::sketches::CardinalitySketch<ThetaSketch>);
static_assert(qsm::sketches::CardinalitySketch<LinearCounter>);

TEST(theta, is_a_sketch) {
  for (const int precision : {5, 8, 12})
    EXPECT_EQ(qsm::sketches::check_sketch(ThetaSketch(precision), precision == 12), std::vector<std::string>());
}

TEST(theta, is_that_of_datasketches) {
  for (const auto& row : qsm_test::golden("sketches/theta_datasketches.csv")) {
    SCOPED_TRACE(row.where);
    const auto count = [&row](const char* name) { return static_cast<std::uint64_t>(row[name]); };
    auto one = filled(ThetaSketch(5), count("a"));
    const auto other = filled(ThetaSketch(5), count("c") - count("b"), count("b"));
    EXPECT_EQ(one.to_datasketches(), bytes_of(row.text("one")));
    EXPECT_EQ(other.to_datasketches(), bytes_of(row.text("other")));
    EXPECT_EQ(ThetaSketch::from_datasketches(bytes_of(row.text("one")), 5), one);
    const std::string operation = row.text("operation");
    ThetaSketch made(5);
    if (operation == "union") {
      one.merge(other);
      made = one.trimmed();
    } else {
      made = operation == "intersection" ? one.intersection(other) : one.difference(other);
    }
    // Where nothing is left of two sketches that were not empty, DataSketches keeps theta or calls the result empty.
    EXPECT_NEAR(made.estimate(), row["estimate"], 1e-12 * row["estimate"]);
    if (made.retained() > 0 || row["theta"] == 1) {
      EXPECT_EQ(made.to_datasketches(), bytes_of(row.text("made")));
    }
    EXPECT_EQ(ThetaSketch::from_datasketches(bytes_of(row.text("made")), 5).hashes(), made.hashes());
  }
  // Theta of 0 ... 9999 with lgK 12, and what is kept of it.
  const auto sketch = filled(ThetaSketch(12), 10'000);
  EXPECT_NEAR(sketch.estimate(), 10013.1569532133, 1e-9);
  EXPECT_NEAR(sketch.theta(), 0.531700444213199, 1e-14);
  EXPECT_EQ(sketch.retained(), 5324);
}

TEST(theta, trimmed_does_not_depend_on_what_happened) {
  ThetaSketch left = filled(ThetaSketch(6), 3000), right = filled(ThetaSketch(6), 5000, 2000), backwards = right;
  const auto direct = filled(ThetaSketch(6), 7000);
  left.merge(right);
  backwards.merge(filled(ThetaSketch(6), 3000));
  EXPECT_EQ(left.trimmed(), direct.trimmed());
  EXPECT_EQ(backwards.trimmed(), direct.trimmed());
  EXPECT_EQ(direct.trimmed().retained(), 64);
  left.merge(left);
  EXPECT_EQ(left.trimmed(), direct.trimmed());
}

/// Sets of 9,000 and 6,000 items that share 3,000, many times over: no bias, and intervals that hold.
TEST(theta, errs_as_theory_says) {
  constexpr int runs = 2000, precision = 8;
  double bias[4] = {}, square = 0, covered[4] = {};
  for (int run = 0; run < runs; ++run) {
    const std::uint64_t first = static_cast<std::uint64_t>(run) << 32;
    const auto one = filled(ThetaSketch(precision), 9000, first),
               other = filled(ThetaSketch(precision), 6000, first + 6000);
    auto all = one;
    all.merge(other);
    const qsm::Estimate found[] = {all.estimate(), one.intersection(other).estimate(), one.difference(other).estimate(),
                                   one.similarity(other)};
    const double truth[] = {12'000, 3000, 6000, 0.25};
    for (int i = 0; i < 4; ++i) {
      bias[i] += (found[i] / truth[i] - 1) / runs;
      covered[i] += (found[i].low <= truth[i] && truth[i] <= found[i].high) / static_cast<double>(runs);
    }
    square += std::pow(one.trimmed().estimate() / 9000 - 1, 2) / runs;
  }
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(bias[i], 0, 0.012) << i;
    EXPECT_NEAR(covered[i], 0.955, 0.025) << i;
  }
  // Of the k smallest of n uniform numbers: (1/k) (n - k) / n and smaller terms.
  const double k = 256, theory = std::sqrt((9000 - k + 1) / (9000 * (k - 1)));
  EXPECT_NEAR(std::sqrt(square) / theory, 1, 3.5 / std::sqrt(2.0 * runs));
}

TEST(theta, of_few_items_is_exact) {
  const auto one = filled(ThetaSketch(10), 500), other = filled(ThetaSketch(10), 500, 400);
  EXPECT_TRUE(one.exact());
  EXPECT_EQ(one.estimate().value, 500);
  EXPECT_EQ(one.estimate().high, 500);
  EXPECT_EQ(one.intersection(other).estimate().value, 100);
  EXPECT_EQ(one.difference(other).estimate().value, 400);
  EXPECT_EQ(one.similarity(other).value, 1.0 / 9);
  EXPECT_EQ(ThetaSketch(10).estimate().value, 0);
}

TEST(theta, refuses_what_makes_no_sense) {
  EXPECT_THROW(ThetaSketch(4), std::domain_error);
  EXPECT_THROW(ThetaSketch(27), std::domain_error);
  auto sketch = filled(ThetaSketch(6), 100);
  EXPECT_THROW(sketch.merge(ThetaSketch(7)), std::domain_error);
  EXPECT_THROW(sketch.merge(ThetaSketch(6, {HashFunction::murmur3, 1})), std::domain_error);
  EXPECT_THROW(sketch.intersection(ThetaSketch(6, {HashFunction::murmur3, 1})), std::domain_error);
  EXPECT_THROW(ThetaSketch(6, {HashFunction::xxh3, 9001}).to_datasketches(), std::domain_error);
  EXPECT_THROW(sketch.estimate(0), std::domain_error);
  for (const char* digits : {"", "01030300001ecc", "01030300001ecc9300", "01040300001ecc93", "01030200001ecc93",
                             "010303000016cc93", "01030300001acc94e56b61eec8804420", "01030300001acc930000000000000000",
                             "01030300001acc93ffffffffffffffff", "02030300001acc930200000000000000e56b61eec8804420",
                             "04030300001ecc93", "02030300001acc930200000000000000e56b61eec8804420e56b61eec8804420"})
    EXPECT_THROW(ThetaSketch::from_datasketches(bytes_of(digits)), MalformedBytes) << digits;
  EXPECT_THROW(ThetaSketch::from_datasketches(sketch.to_datasketches(), 12, 1), MalformedBytes);
}

TEST(linear_counter, is_a_sketch) {
  for (const std::uint64_t bits : {64u, 1000u, 100'000u})
    EXPECT_EQ(qsm::sketches::check_sketch(LinearCounter(bits), true, bits == 64 ? 40 : 3000),
              std::vector<std::string>());
}

TEST(linear_counter, errs_as_theory_says) {
  constexpr int runs = 4000;
  for (const std::uint64_t items : {100u, 1024u, 3000u}) {
    double bias = 0, square = 0, covered = 0;
    for (int run = 0; run < runs; ++run) {
      const auto estimate = filled(LinearCounter(1024), items, static_cast<std::uint64_t>(run) << 32).estimate();
      const double error = estimate / static_cast<double>(items) - 1;
      bias += error / runs;
      square += error * error / runs;
      covered += (estimate.low <= static_cast<double>(items) && static_cast<double>(items) <= estimate.high) /
                 static_cast<double>(runs);
    }
    const double theory = LinearCounter(1024).relative_error(static_cast<double>(items));
    EXPECT_NEAR(bias, 0, 4 * theory / std::sqrt(runs) + 3e-3) << items;
    EXPECT_NEAR(std::sqrt(square) / theory, 1, 0.06) << items;
    EXPECT_NEAR(covered, 0.955, 0.03) << items;
  }
}

TEST(linear_counter, says_when_it_is_full) {
  LinearCounter sketch(64);
  EXPECT_EQ(sketch.estimate().value, 0);
  for (std::uint64_t i = 0; i < 64; ++i) sketch.add_hash(i << 58);
  EXPECT_EQ(sketch.zeros(), 0);
  const auto estimate = sketch.estimate();
  EXPECT_TRUE(std::isinf(estimate.value) && std::isinf(estimate.high));
  EXPECT_EQ(estimate.method, "all bits set, no bound from above");
  EXPECT_NEAR(estimate.low, 64 * std::log(64 / std::log(20)), 1e-9);
  EXPECT_THROW(LinearCounter(63), std::domain_error);
  EXPECT_THROW(sketch.merge(LinearCounter(128)), std::domain_error);
  EXPECT_THROW(sketch.estimate(1), std::domain_error);
  EXPECT_THROW(sketch.relative_error(-1), std::domain_error);
  EXPECT_EQ(LinearCounter(65).bits(), 128);
}

}  // namespace
