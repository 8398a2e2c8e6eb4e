#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/sketches/exact_quantiles.hpp>
#include <qsm/sketches/testing.hpp>

namespace {

using qsm::sketches::ExactQuantiles;

TEST(exact_quantiles, is_a_sketch) {
  static_assert(qsm::sketches::QuantileSketch<ExactQuantiles>);
  EXPECT_EQ(check_quantile_sketch(ExactQuantiles()), std::vector<std::string>());
  EXPECT_EQ(check_quantile_sketch(ExactQuantiles(), true, 3), std::vector<std::string>());
}

TEST(exact_quantiles, are_those_of_the_first_definition) {
  // Hyndman and Fan, definition 1, of 1 ... 10.
  ExactQuantiles ten;
  for (int i = 10; i >= 1; --i) ten.add(i);
  EXPECT_EQ(ten.quantile(0.9).value, 9);
  EXPECT_EQ(ten.quantile(0.1).value, 1);
  EXPECT_EQ(ten.quantile(0.11).value, 2);
  EXPECT_EQ(ten.cdf(4.5).value, 0.4);
  EXPECT_EQ(ten.quantile(0.5).method, "exact");
}

}  // namespace
