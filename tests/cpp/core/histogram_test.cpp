#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/histogram.hpp>

namespace {

std::vector<double> waits(std::size_t count) {  // a third zeros, the rest over nine decades
  std::mt19937_64 engine(5);
  std::vector<double> values(count);
  for (double& value : values) {
    const double uniform = static_cast<double>(engine() >> 11) * 0x1p-53;
    value = uniform < 1.0 / 3 ? 0 : std::pow(10.0, 9 * uniform - 6);
  }
  return values;
}

TEST(histogram, quantiles_stay_within_a_bucket_of_the_sample) {
  std::vector<double> values = waits(30000);
  qsm::Histogram histogram;
  histogram.record(values);
  std::sort(values.begin(), values.end());
  for (const double p : {0.01, 0.33, 0.34, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
    const double truth = values[static_cast<std::size_t>(std::ceil(p * 30000)) - 1];
    EXPECT_LE(std::abs(histogram.quantile(p) - truth), 0.0005 * truth) << p;
    if (truth > 0) {
      EXPECT_NEAR(histogram.cdf(truth), p, 2e-4) << p;
    }
  }
  EXPECT_EQ(histogram.max(), values.back());
  EXPECT_EQ(histogram.quantile(1), values.back());
  EXPECT_EQ(histogram.cdf(0), histogram.zeros() / 30000);
}

TEST(histogram, an_atom_anywhere_in_its_bucket_is_within_half_a_promille) {
  for (double value = 1; value < 2; value += 0.000237) {
    qsm::Histogram histogram;
    for (int i = 0; i < 100; ++i) histogram.record(value);
    for (const double p : {0.001, 0.5, 1.0}) EXPECT_LE(std::abs(histogram.quantile(p) / value - 1), 0.0005) << value;
  }
}

TEST(histogram, interpolation_is_much_finer_than_a_bucket) {
  qsm::Histogram histogram;
  for (int i = 1; i <= 1'000'000; ++i) histogram.record(i * 1e-6);
  for (const double p : {0.1, 0.5, 0.77, 0.99}) EXPECT_NEAR(histogram.quantile(p), p, 3e-6);
  for (const double x : {0.1, 0.5, 0.77, 0.99}) EXPECT_NEAR(histogram.cdf(x), x, 3e-6);
}

TEST(histogram, block_and_single_and_merge_count_the_same) {
  const std::vector<double> values = waits(10007);
  qsm::Histogram block, single, left, right;
  block.record(values);
  for (const double value : values) single.record(value);
  left.record(std::span(values).first(5003));
  right.record(std::span(values).subspan(5003));
  right.merge(left);
  for (const qsm::Histogram* other : {&single, &right}) {
    EXPECT_EQ(block.count(), other->count());
    EXPECT_EQ(block.zeros(), other->zeros());
    EXPECT_NEAR(block.mean(), other->mean(), 1e-12 * block.mean());
    for (const double p : {0.0, 0.2, 0.5, 0.99, 1.0}) EXPECT_EQ(block.quantile(p), other->quantile(p));
    EXPECT_EQ(block.buckets().size(), other->buckets().size());
  }
  double sum = 0;
  for (const double value : values) sum += value;
  EXPECT_NEAR(block.mean(), sum / 10007, 1e-12 * block.mean());
}

TEST(histogram, merge_into_nothing_and_of_nothing) {
  qsm::Histogram empty, one, other;
  one.record(3.5);
  empty.merge(one);
  EXPECT_EQ(empty.quantile(0.5), one.quantile(0.5));
  one.merge(other);
  EXPECT_EQ(one.count(), 1);
  EXPECT_TRUE(std::isnan(other.mean()));
  EXPECT_TRUE(std::isnan(other.quantile(0.5)));
}

TEST(histogram, ends_of_the_range_of_doubles) {
  qsm::Histogram histogram;
  histogram.record(std::numeric_limits<double>::denorm_min());
  histogram.record(-0.0);
  EXPECT_EQ(histogram.zeros(), 1);
  EXPECT_EQ(histogram.count(), 2);
  histogram.record(std::numeric_limits<double>::max());
  EXPECT_EQ(histogram.max(), std::numeric_limits<double>::max());
  EXPECT_EQ(histogram.quantile(1), std::numeric_limits<double>::max());
}

TEST(histogram, refuses_what_is_no_time) {
  qsm::Histogram histogram;
  histogram.record(1.0);
  EXPECT_THROW(histogram.record(-1.0), std::domain_error);
  EXPECT_THROW(histogram.record(NAN), std::domain_error);
  EXPECT_THROW(histogram.record(std::numeric_limits<double>::infinity()), std::domain_error);
  EXPECT_EQ(histogram.count(), 1);
  EXPECT_EQ(histogram.buckets().size(), 1u);
  EXPECT_THROW(histogram.quantile(1.5), std::domain_error);
  EXPECT_THROW(histogram.cdf(NAN), std::domain_error);
}

}  // namespace
