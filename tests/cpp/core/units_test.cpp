#include <gtest/gtest.h>

#include <qsm/core/units.hpp>

namespace {

using namespace qsm::literals;

TEST(units, literals_are_in_si) {
  EXPECT_DOUBLE_EQ(50_ms, 0.05);
  EXPECT_DOUBLE_EQ(1.5_us, 1.5e-6);
  EXPECT_EQ(2_min, 120);
  EXPECT_EQ(0.5_h, 1800);
  EXPECT_EQ(1_GiB, 1024.0 * 1024 * 1024);
  EXPECT_EQ(1_GB, 1e9);
}

TEST(units, go_both_ways) {
  EXPECT_DOUBLE_EQ(900 * qsm::units::per_minute, 15);
  EXPECT_DOUBLE_EQ(7200 / qsm::units::hour, 2);
  EXPECT_DOUBLE_EQ(8 * qsm::units::bit, 1);
  EXPECT_DOUBLE_EQ(qsm::units::pebibyte / qsm::units::tebibyte, 1024);
}

}  // namespace
