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

// Every unit against the number it is defined by, in units that are exact.
TEST(units, all_are_what_they_are_defined_to_be) {
  namespace u = qsm::units;
  EXPECT_EQ(u::second, 1);
  EXPECT_EQ(u::nanosecond, 1 / 1e9);
  EXPECT_EQ(u::microsecond, 1 / 1e6);
  EXPECT_EQ(u::millisecond, 1 / 1e3);
  EXPECT_EQ(u::minute, 60);
  EXPECT_EQ(u::hour, 60 * 60);
  EXPECT_EQ(u::day, 24 * 60 * 60);
  EXPECT_EQ(u::week, 7 * 24 * 60 * 60);
  EXPECT_EQ(u::year, 365.25 * 24 * 60 * 60);
  EXPECT_EQ(u::byte, 1);
  EXPECT_EQ(u::bit, 1.0 / 8);
  const double decimal[] = {u::kilobyte, u::megabyte, u::gigabyte, u::terabyte, u::petabyte};
  const double binary[] = {u::kibibyte, u::mebibyte, u::gibibyte, u::tebibyte, u::pebibyte};
  double thousands = 1, powers = 1;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(decimal[i], thousands *= 1000) << i;
    EXPECT_EQ(binary[i], powers *= 1024) << i;
  }
  EXPECT_EQ(u::per_second, 1);
  EXPECT_EQ(u::per_minute, 1.0 / 60);
  EXPECT_EQ(u::per_hour, 1.0 / (60 * 60));
  EXPECT_EQ(u::per_day, 1.0 / (24 * 60 * 60));
  EXPECT_EQ(u::metre, 1);
  EXPECT_EQ(u::kilometre, 1000);
  EXPECT_DOUBLE_EQ(u::mile, 5280 * 12 * 0.0254);  // the international mile
  EXPECT_EQ(u::joule, 1);
  EXPECT_EQ(u::watt_hour, 60 * 60);
  EXPECT_EQ(u::kilowatt_hour, 1000 * 60 * 60);
}

TEST(units, every_literal_takes_whole_and_broken_numbers) {
  EXPECT_DOUBLE_EQ(3_ns, 3e-9);
  EXPECT_DOUBLE_EQ(0.5_ns, 5e-10);
  EXPECT_DOUBLE_EQ(3_us, 3e-6);
  EXPECT_DOUBLE_EQ(0.5_us, 5e-7);
  EXPECT_DOUBLE_EQ(3_ms, 3e-3);
  EXPECT_DOUBLE_EQ(0.5_ms, 5e-4);
  EXPECT_EQ(3_s, 3);
  EXPECT_EQ(0.5_s, 0.5);
  EXPECT_EQ(3_min, 180);
  EXPECT_EQ(0.5_min, 30);
  EXPECT_EQ(3_h, 10800);
  EXPECT_EQ(0.5_h, 1800);
  EXPECT_EQ(3_GB, 3e9);
  EXPECT_EQ(0.5_GB, 5e8);
  EXPECT_EQ(3_GiB, 3221225472.0);
  EXPECT_EQ(0.5_GiB, 536870912.0);
}

}  // namespace
