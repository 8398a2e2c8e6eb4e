#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sharding/space.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::sharding;
using Coordinates = std::vector<std::uint64_t>;

Coordinates cell_of(const std::string& text) {
  Coordinates cell;
  std::istringstream words(text);
  for (std::uint64_t number; words >> number;) cell.push_back(number);
  return cell;
}

TEST(curves, golden) {
  for (const auto& row : qsm_test::golden("sharding/curves.csv")) {
    const Coordinates cell = cell_of(row.text("cell"));
    const int bits = static_cast<int>(row["bits"]), dimensions = static_cast<int>(cell.size());
    for (const auto& [curve, column] : {std::pair{SpaceCurve::hilbert, "hilbert"}, {SpaceCurve::z_order, "z_order"}}) {
      const std::uint64_t place = std::stoull(row.text(column));
      EXPECT_EQ(curve_place(cell, bits, curve), place) << row.where;
      EXPECT_EQ(curve_cell(place, dimensions, bits, curve), cell) << row.where;
    }
  }
}

TEST(curves, visit_every_cell_once) {
  for (const auto& [dimensions, bits] : {std::pair{1, 6}, {2, 4}, {3, 3}, {4, 2}, {5, 1}})
    for (const SpaceCurve curve : {SpaceCurve::hilbert, SpaceCurve::z_order}) {
      std::set<Coordinates> seen;
      Coordinates before;
      for (std::uint64_t place = 0; place < std::uint64_t{1} << (dimensions * bits); ++place) {
        const Coordinates cell = curve_cell(place, dimensions, bits, curve);
        EXPECT_EQ(curve_place(cell, bits, curve), place);
        seen.insert(cell);
        if (curve == SpaceCurve::hilbert && !before.empty()) {  // a neighbour
          std::uint64_t steps = 0;
          for (std::size_t i = 0; i < cell.size(); ++i)
            steps += std::max(cell[i], before[i]) - std::min(cell[i], before[i]);
          ASSERT_EQ(steps, 1u);
        }
        before = cell;
      }
      EXPECT_EQ(seen.size(), std::size_t{1} << (dimensions * bits));
    }
}

TEST(curves, intervals_cover_the_box_and_nothing_else) {  // twin: every place asked
  const qsm::Stream stream(8);
  std::vector<std::uint64_t> random(400);
  stream.bits(0, random);
  std::size_t at = 0;
  for (const auto& [dimensions, bits] : {std::pair{1, 6}, {2, 4}, {3, 3}})
    for (const SpaceCurve curve : {SpaceCurve::hilbert, SpaceCurve::z_order})
      for (int run = 0; run < 8; ++run) {
        Coordinates low, high;
        for (int i = 0; i < dimensions; ++i) {
          const std::uint64_t a = random[at++] >> (64 - bits), b = random[at++] >> (64 - bits);
          low.push_back(std::min(a, b));
          high.push_back(std::max(a, b));
        }
        const auto within = [&](std::uint64_t place) {
          const Coordinates cell = curve_cell(place, dimensions, bits, curve);
          for (std::size_t i = 0; i < cell.size(); ++i)
            if (cell[i] < low[i] || cell[i] > high[i]) return false;
          return true;
        };
        for (const std::uint64_t most : {0, 1, 2, 3}) {
          const auto intervals = curve_intervals(low, high, bits, curve, most);
          ASSERT_LE(intervals.size(), most == 0 ? intervals.size() : most);
          std::size_t i = 0;
          for (std::uint64_t place = 0; place < std::uint64_t{1} << (dimensions * bits); ++place) {
            while (i < intervals.size() && intervals[i].last < place) ++i;
            const bool covered = i < intervals.size() && intervals[i].first <= place;
            ASSERT_GE(covered, within(place));
            ASSERT_TRUE(most > 0 || covered == within(place));
          }
          for (std::size_t k = 1; k < intervals.size(); ++k) ASSERT_GT(intervals[k].first, intervals[k - 1].last + 1);
        }
      }
}

TEST(curves, fewer_intervals_close_the_narrowest_gaps) {
  const auto all = curve_intervals({1, 1}, {6, 6}, 3, SpaceCurve::z_order);
  const auto two = curve_intervals({1, 1}, {6, 6}, 3, SpaceCurve::z_order, 2);
  ASSERT_EQ(two.size(), 2u);
  std::uint64_t widest = 0;
  for (std::size_t i = 1; i < all.size(); ++i) widest = std::max(widest, all[i].first - all[i - 1].last);
  EXPECT_EQ(two[1].first - two[0].last, widest);
}

TEST(curves, intervals_of_hilbert_are_a_quarter_of_the_perimeter) {  // theorem against counting over random positions
  std::vector<std::uint64_t> random(2 * 3000);
  qsm::Stream(11).bits(0, random);
  for (const auto& [width, height] : {std::pair{5, 5}, {2, 9}, {16, 3}}) {
    double hilbert = 0, squared = 0, z_order = 0;
    constexpr int runs = 3000, bits = 14;
    for (int run = 0; run < runs; ++run) {
      const std::uint64_t x = random[2 * run] % (16384 - 20), y = random[2 * run + 1] % (16384 - 20);
      const Coordinates low = {x, y},
                        high = {x + static_cast<std::uint64_t>(width) - 1, y + static_cast<std::uint64_t>(height) - 1};
      const double found = static_cast<double>(curve_intervals(low, high, bits, SpaceCurve::hilbert).size());
      hilbert += found / runs;
      squared += found * found / runs;
      z_order += static_cast<double>(curve_intervals(low, high, bits, SpaceCurve::z_order).size()) / runs;
    }
    const double theory = hilbert_intervals({static_cast<double>(width), static_cast<double>(height)});
    EXPECT_EQ(theory, (width + height) / 2.0);
    EXPECT_NEAR(hilbert, theory, 4 * std::sqrt((squared - hilbert * hilbert) / runs)) << width << " x " << height;
    EXPECT_GT(z_order, hilbert);
  }
}

TEST(grid, cells_touched) {  // twin: all positions of a box on a grid
  for (const auto& [side, cell] : {std::pair{5, 4}, {1, 7}, {9, 3}}) {
    double touched = 0;
    for (int x = 0; x < cell; ++x)
      for (int y = 0; y < 2; ++y) touched += ((x + side - 1) / cell + 1) * ((y + 6 - 1) / 2 + 1);
    EXPECT_NEAR(grid_cells_touched({static_cast<double>(side), 6}, {static_cast<double>(cell), 2}),
                touched / (2 * cell), 1e-12);
  }
}

TEST(kd_tree, shares_points_evenly_and_finds_boxes) {
  std::vector<double> uniforms(2 * 5000);
  qsm::Stream(4).uniforms(0, uniforms);
  std::vector<std::vector<double>> points(5000);
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = {uniforms[2 * i], std::pow(uniforms[2 * i + 1], 3)};
  for (const std::uint64_t shards : {1, 2, 7, 16, 50}) {
    const KdTree tree(points, shards);
    std::vector<double> counts(shards);
    for (const auto& point : points) ++counts[tree.shard(point)];
    for (const double count : counts) EXPECT_NEAR(count, 5000.0 / static_cast<double>(shards), 8) << shards;
    for (int run = 0; run < 20; ++run) {
      const double x = 0.8 * uniforms[static_cast<std::size_t>(run)],
                   y = 0.3 * uniforms[static_cast<std::size_t>(run) + 50];
      std::set<std::uint32_t> used;
      for (const auto& point : points)
        if (point[0] >= x && point[0] <= x + 0.2 && point[1] >= y && point[1] <= y + 0.3)
          used.insert(tree.shard(point));
      const auto found = tree.shards_within({x, y}, {x + 0.2, y + 0.3});
      EXPECT_TRUE(std::includes(found.begin(), found.end(), used.begin(), used.end()));
      EXPECT_LE(found.size(), used.size() + 2);
    }
    EXPECT_EQ(tree.shards_within({-1, -1}, {2, 2}).size(), shards);
  }
}

TEST(space, bad_input) {
  EXPECT_THROW(curve_place({}, 3), std::domain_error);
  EXPECT_THROW(curve_place({8}, 3), std::domain_error);
  EXPECT_THROW(curve_place({1, 1}, 33), std::domain_error);
  EXPECT_THROW(curve_cell(64, 2, 3), std::domain_error);
  EXPECT_THROW(curve_cell(0, 0, 3), std::domain_error);
  EXPECT_THROW(curve_cell(0, -1, 3), std::domain_error);
  EXPECT_THROW(curve_intervals({2, 2}, {1, 3}, 3), std::domain_error);
  EXPECT_THROW(curve_intervals({2, 2}, {3}, 3), std::domain_error);
  EXPECT_THROW(hilbert_intervals({}), std::domain_error);
  EXPECT_THROW(hilbert_intervals({0.5}), std::domain_error);
  EXPECT_THROW(grid_cells_touched({1}, {1, 2}), std::domain_error);
  EXPECT_THROW(KdTree({{1.0}}, 2), std::domain_error);
  EXPECT_THROW(KdTree({{1.0}, {1.0, 2.0}}, 1), std::domain_error);
  EXPECT_THROW(KdTree({{std::nan("")}}, 1), std::domain_error);
  EXPECT_EQ(KdTree({{1.0}, {1.0}, {1.0}}, 3).size(), 3u);
}

}  // namespace
