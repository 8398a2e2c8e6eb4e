#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/moments.hpp>

namespace {

// Central moments of 2, 4, 4, 4, 5, 5, 7, 9 about 5: squares 32, cubes 42, fourth powers 356.
const std::vector<double> eight = {2, 4, 4, 4, 5, 5, 7, 9};

TEST(moments, match_sums_by_hand) {
  qsm::Moments moments;
  moments.add(eight);
  EXPECT_EQ(moments.count(), 8);
  EXPECT_DOUBLE_EQ(moments.mean(), 5);
  EXPECT_DOUBLE_EQ(moments.variance(), 32.0 / 7);
  EXPECT_DOUBLE_EQ(moments.skewness(), (42.0 / 8) / std::pow(4.0, 1.5));
  EXPECT_NEAR(moments.kurtosis(), (356.0 / 8) / 16 - 3, 1e-14);
  EXPECT_EQ(moments.min(), 2);
  EXPECT_EQ(moments.max(), 9);
}

TEST(moments, merge_and_weights_are_the_same_sample) {
  qsm::Moments left, right, weighted;
  for (std::size_t i = 0; i < 3; ++i) left.add(eight[i]);
  for (std::size_t i = 3; i < 8; ++i) right.add(eight[i]);
  left.merge(right);
  for (const auto& [value, weight] : {std::pair{2.0, 1.0}, {4.0, 3.0}, {5.0, 2.0}, {7.0, 1.0}, {9.0, 1.0}})
    weighted.add(value, weight);
  for (const qsm::Moments& moments : {left, weighted}) {
    EXPECT_DOUBLE_EQ(moments.mean(), 5);
    EXPECT_DOUBLE_EQ(moments.variance(), 32.0 / 7);
    EXPECT_NEAR(moments.skewness(), 0.65625, 1e-14);
    EXPECT_NEAR(moments.kurtosis(), 44.5 / 16 - 3, 1e-14);
  }
}

TEST(moments, keep_digits_beside_a_large_mean) {
  qsm::Moments moments;
  for (const double value : {4.0, 7.0, 13.0, 16.0}) moments.add(1e9 + value);
  EXPECT_DOUBLE_EQ(moments.variance(), 30);
}

TEST(moments, of_nothing_are_not_numbers) {
  const qsm::Moments none;
  EXPECT_TRUE(std::isnan(none.mean()));
  EXPECT_TRUE(std::isnan(none.variance()));
  qsm::Moments moments;
  EXPECT_THROW(moments.add(1, -1), std::domain_error);
}

TEST(time_average, weighs_values_by_how_long_they_hold) {
  qsm::TimeAverage length;
  length.set(2.5, 1);
  length.add(5, 2);
  EXPECT_DOUBLE_EQ(length.mean(10), (2.5 * 1 + 5 * 3) / 10);
  EXPECT_EQ(length.max(), 3);
  length.restart(10);
  length.set(12, 0);
  EXPECT_DOUBLE_EQ(length.mean(14), 1.5);
  EXPECT_THROW(length.set(11, 1), std::domain_error);
  EXPECT_THROW(length.set(NAN, 1), std::domain_error);
  EXPECT_THROW(length.mean(3), std::domain_error);
}

}  // namespace
