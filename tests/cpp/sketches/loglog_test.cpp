#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/hashing.hpp>
#include <qsm/sketches/exaloglog.hpp>
#include <qsm/sketches/testing.hpp>
#include <qsm/sketches/ultraloglog.hpp>

#include "bytes.hpp"
#include "cardinality.hpp"
#include "core/simd_levels.hpp"
#include "golden.hpp"

namespace {

using enum qsm::sketches::CardinalityEstimator;
using qsm::MalformedBytes;
using qsm::sketches::ExaLogLog;
using qsm::sketches::HashFunction;
using qsm::sketches::UltraLogLog;
using qsm_test::bytes_of;
using qsm_test::filled;

static_assert(qsm::sketches::CardinalitySketch<UltraLogLog>);
static_assert(qsm::sketches::CardinalitySketch<ExaLogLog>);

template <class Sketch>
Sketch hashed(Sketch sketch, std::uint64_t items) {
  for (std::uint64_t i = 0; i < items; ++i) sketch.add_hash(qsm::splitmix64(i));
  return sketch;
}

template <class Sketch>
void expect_estimates(const Sketch& sketch, const qsm_test::Row& row) {
  for (const auto& [name, by] : {std::pair{"generalized", generalized}, std::pair{"martingale", martingale}}) {
    if (!row.has(name)) continue;
    EXPECT_NEAR(sketch.estimate(by), row[name], 1e-9 * row[name]) << name;
  }
  const double likely = row["maximum_likelihood"];
  EXPECT_NEAR(sketch.estimate(maximum_likelihood), likely, 1e-3 * sketch.relative_error(maximum_likelihood) * likely);
}

TEST(ultraloglog, is_a_sketch) {
  qsm_test::at_each_level([] {
    for (const int precision : {3, 8, 12})
      EXPECT_EQ(qsm::sketches::check_sketch(UltraLogLog(precision)), std::vector<std::string>()) << precision;
  });
}

TEST(ultraloglog, is_that_of_hash4j) {
  for (const auto& row : qsm_test::golden("sketches/ultraloglog_hash4j.csv")) {
    SCOPED_TRACE(row.where);
    const auto sketch =
        hashed(UltraLogLog(static_cast<int>(row["precision"])), static_cast<std::uint64_t>(row["items"]));
    EXPECT_EQ(sketch.to_hash4j(), bytes_of(row.text("state")));
    EXPECT_EQ(UltraLogLog::from_hash4j(bytes_of(row.text("state"))), sketch);
    EXPECT_EQ(sketch.reduced(sketch.precision() - 2).to_hash4j(), bytes_of(row.text("reduced")));
    expect_estimates(sketch, row);
  }
}

TEST(ultraloglog, errs_as_theory_says) {
  qsm_test::expect_theory(UltraLogLog(7), 10'000, 20'000, std::vector{generalized, maximum_likelihood, martingale});
  for (const std::uint64_t items : {20u, 300u})
    qsm_test::expect_within_theory(UltraLogLog(8), items, 2000,
                                   std::vector{generalized, maximum_likelihood, martingale}, 1 / 256.0);
  // What the paper promises, times sqrt(m).
  EXPECT_NEAR(UltraLogLog(8).relative_error(generalized) * 16, 0.782, 5e-4);
  EXPECT_NEAR(UltraLogLog(8).relative_error(maximum_likelihood) * 16, 0.7608621002725182, 1e-12);
  EXPECT_NEAR(UltraLogLog(8).relative_error(martingale) * 16, 0.658, 5e-4);
}

TEST(ultraloglog, counts_when_registers_are_full) {
  UltraLogLog sketch(3);
  for (std::uint64_t i = 0; i < 8; ++i)
    for (const std::uint64_t low : {0, 2}) sketch.add_hash(i << 61 | low);
  EXPECT_GT(sketch.estimate(generalized), 1e18);
  EXPECT_LT(sketch.estimate(generalized), 1e21);
  EXPECT_GT(sketch.estimate(maximum_likelihood), 1e18);
  for (std::uint64_t i = 0; i < 8; ++i)
    for (const std::uint64_t low : {1, 3, 4}) sketch.add_hash(i << 61 | low);
  EXPECT_TRUE(std::isinf(sketch.estimate(generalized)) || sketch.estimate(generalized) > 1e20);
}

TEST(ultraloglog, reduces_to_what_fewer_registers_would_hold) {
  for (const std::uint64_t items : {0u, 3u, 50u, 3000u, 100'000u})
    for (const int precision : {3, 4, 9, 12})
      EXPECT_EQ(filled(UltraLogLog(12), items).reduced(precision), filled(UltraLogLog(precision), items));
}

TEST(ultraloglog, refuses_what_makes_no_sense) {
  EXPECT_THROW(UltraLogLog(2), std::domain_error);
  EXPECT_THROW(UltraLogLog(25), std::domain_error);
  auto sketch = filled(UltraLogLog(6), 100);
  EXPECT_THROW(sketch.merge(UltraLogLog(7)), std::domain_error);
  EXPECT_THROW(sketch.merge(UltraLogLog(6, {HashFunction::xxh3, 1})), std::domain_error);
  EXPECT_THROW(sketch.reduced(7), std::domain_error);
  EXPECT_THROW(sketch.estimate(improved), std::domain_error);
  EXPECT_THROW(sketch.relative_error(raw), std::domain_error);
  EXPECT_THROW(sketch.estimate(best, 0), std::domain_error);
  sketch.merge(filled(UltraLogLog(6), 10, 1000));
  EXPECT_THROW(sketch.estimate(martingale), std::domain_error);
  EXPECT_EQ(sketch.estimate().value, sketch.estimate(maximum_likelihood).value);
  for (const char* digits : {"", "00000000", "000000000000000000", "0900000000000000", "0d00000000000000",
                             "0400000000000000", "0300000000000000"})
    EXPECT_THROW(UltraLogLog::from_hash4j(bytes_of(digits)), MalformedBytes) << digits;
}

TEST(exaloglog, is_a_sketch) {
  for (const auto& empty :
       {ExaLogLog(4), ExaLogLog(8, 2, 24), ExaLogLog(2, 0, 0), ExaLogLog(5, 3, 48), ExaLogLog(10, 1, 9)})
    EXPECT_EQ(qsm::sketches::check_sketch(empty), std::vector<std::string>());
}

TEST(exaloglog, is_that_of_its_paper) {
  for (const auto& row : qsm_test::golden("sketches/exaloglog_paper.csv")) {
    SCOPED_TRACE(row.where);
    const int sub_bits = static_cast<int>(row["sub_bits"]), window_bits = static_cast<int>(row["window_bits"]);
    const auto sketch = hashed(ExaLogLog(static_cast<int>(row["precision"]), sub_bits, window_bits),
                               static_cast<std::uint64_t>(row["items"]));
    EXPECT_EQ(sketch.to_state(), bytes_of(row.text("state")));
    EXPECT_EQ(ExaLogLog::from_state(bytes_of(row.text("state")), sub_bits, window_bits), sketch);
    expect_estimates(sketch, row);
  }
}

TEST(exaloglog, errs_as_theory_says) {
  // The window reaches over 2^5 items to each register, so that there must be many more.
  qsm_test::expect_theory(ExaLogLog(4), 10'000, 20'000, std::vector{maximum_likelihood, martingale});
  for (const std::uint64_t items : {20u, 1000u})
    qsm_test::expect_within_theory(ExaLogLog(6), items, 2000, std::vector{maximum_likelihood, martingale}, 1 / 64.0);
  // Table 2 of the paper.
  EXPECT_NEAR(ExaLogLog(8).memory_variance_product(maximum_likelihood), 3.67, 0.005);
  EXPECT_NEAR(ExaLogLog(8, 2, 24).memory_variance_product(maximum_likelihood), 3.78, 0.005);
  EXPECT_NEAR(ExaLogLog(8, 2, 16).memory_variance_product(martingale), 2.77, 0.005);
  EXPECT_NEAR(ExaLogLog(8, 0, 2).memory_variance_product(maximum_likelihood), 4.63, 0.005);
  EXPECT_NEAR(ExaLogLog(8, 0, 0).memory_variance_product(maximum_likelihood), 6.45, 0.005);
}

TEST(exaloglog, refuses_what_makes_no_sense) {
  EXPECT_THROW(ExaLogLog(1), std::domain_error);
  EXPECT_THROW(ExaLogLog(21), std::domain_error);
  EXPECT_THROW(ExaLogLog(8, 4), std::domain_error);
  EXPECT_THROW(ExaLogLog(8, 2, 49), std::domain_error);
  auto sketch = filled(ExaLogLog(6), 100);
  EXPECT_THROW(sketch.merge(ExaLogLog(7)), std::domain_error);
  EXPECT_THROW(sketch.merge(ExaLogLog(6, 1)), std::domain_error);
  EXPECT_THROW(sketch.merge(ExaLogLog(6, 2, 24)), std::domain_error);
  EXPECT_THROW(sketch.merge(ExaLogLog(6, 2, 20, {HashFunction::xxh3, 1})), std::domain_error);
  EXPECT_THROW(sketch.estimate(generalized), std::domain_error);
  EXPECT_THROW(sketch.estimate(best, 1), std::domain_error);
  sketch.merge(filled(ExaLogLog(6), 10, 1000));
  EXPECT_THROW(sketch.estimate(martingale), std::domain_error);
  EXPECT_THROW(ExaLogLog::from_state(bytes_of(""), 0, 2), MalformedBytes);
  EXPECT_THROW(ExaLogLog::from_state(bytes_of("0000000000"), 0, 2), MalformedBytes);
  EXPECT_THROW(ExaLogLog::from_state(bytes_of("00000004"), 0, 2), MalformedBytes);  // value 1, but never empty before
  EXPECT_THROW(ExaLogLog::from_state(bytes_of("00000001"), 0, 2), MalformedBytes);
  EXPECT_THROW(ExaLogLog::from_state(bytes_of("00000006"), 0, 3), MalformedBytes);
  EXPECT_NO_THROW(ExaLogLog::from_state(bytes_of("00000006"), 0, 2));
}

}  // namespace
