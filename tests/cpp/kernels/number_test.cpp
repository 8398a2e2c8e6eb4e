// Short floats beside those of ml_dtypes and NumPy.
#include <bit>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include <qsm/kernels/number.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::kernels;

TEST(ShortFloats, RoundAsOthersDo) {
  for (const auto& row : qsm_test::golden("kernels/short_floats.csv")) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(row["float32"]));
    EXPECT_EQ(bfloat16(value).bits, row["bfloat16"]) << row.where << " " << value;
    EXPECT_EQ(float16(value).bits, row["float16"]) << row.where << " " << value;
    EXPECT_EQ(float8_e4m3(value).bits, row["float8_e4m3"]) << row.where << " " << value;
    EXPECT_EQ(float8_e5m2(value).bits, row["float8_e5m2"]) << row.where << " " << value;
  }
}

template <class Number>
void expect_round_trip(int count) {
  for (int bits = 0; bits < count; ++bits) {
    Number number;
    number.bits = static_cast<decltype(number.bits)>(bits);
    const float value = number;
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(static_cast<float>(Number(value)))) << bits;
    else
      EXPECT_EQ(Number(value).bits, number.bits) << bits;
  }
}

TEST(ShortFloats, EveryPatternComesBack) {
  expect_round_trip<bfloat16>(1 << 16);
  expect_round_trip<float16>(1 << 16);
  expect_round_trip<float8_e4m3>(1 << 8);
  expect_round_trip<float8_e5m2>(1 << 8);
}

TEST(ShortFloats, KnowTheirEdges) {
  EXPECT_EQ(static_cast<float>(float16(65519.0f)), 65504.0f);
  EXPECT_TRUE(std::isinf(static_cast<float>(float16(65520.0f))));
  EXPECT_EQ(static_cast<float>(float8_e4m3(INFINITY)), 448.0f);
  EXPECT_EQ(static_cast<float>(float8_e5m2(57344.0f)), 57344.0f);
  EXPECT_TRUE(std::isinf(static_cast<float>(float8_e5m2(61440.0f))));
  EXPECT_EQ(static_cast<float>(float16(0x1p-24f)), 0x1p-24f);  // the smallest
  EXPECT_EQ(float16(0x1p-25f).bits, 0);                        // a tie, to even
  EXPECT_EQ(dtype_name(dtype_of<const bfloat16>), "bfloat16");
  EXPECT_EQ(dtype_size(Dtype::float8_e5m2), 1u);
}

}  // namespace
