#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/hashing.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/detail/sort.hpp>

namespace {

/// Numbers of one of several shapes.
std::vector<double> numbers(std::size_t size, int shape) {
  std::vector<double> all(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto bits = qsm::splitmix64(i + size);
    const double draw = static_cast<double>(bits >> 11), rising = static_cast<double>(i);
    all[i] = shape == 0   ? draw - 0x1p52
             : shape == 1 ? static_cast<double>(bits % 7)
             : shape == 2 ? 5
             : shape == 3 ? rising
             : shape == 4 ? -rising
                          : (i % 2 == 0 ? rising : -rising);
  }
  return all;
}

TEST(sort_numbers, is_what_the_standard_library_does_at_every_level) {
  const auto machine = qsm::simd_level();
  for (const auto level : {qsm::SimdLevel::scalar, machine}) {
    qsm::force_simd_level(level);
    for (std::size_t size = 0; size < 1500; size = size < 200 ? size + 1 : size + 97)
      for (int shape = 0; shape < 6; ++shape) {
        auto ours = numbers(size, shape), truth = ours;
        qsm::sketches::detail::sort_numbers(ours);
        std::sort(truth.begin(), truth.end());
        ASSERT_EQ(ours, truth) << size << " of shape " << shape;
      }
  }
  qsm::force_simd_level(machine);
}

TEST(sort_numbers, does_not_get_lost) {
  // Without depth left, it is the standard library's turn.
  auto ours = numbers(1000, 0), truth = ours;
  std::vector<double> room(1008);
  qsm::sketches::detail::quicksort<qsm::sketches::detail::ScalarSort>(ours.data(), ours.size(), room.data(), 2);
  std::sort(truth.begin(), truth.end());
  EXPECT_EQ(ours, truth);
}

}  // namespace
