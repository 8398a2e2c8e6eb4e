#pragma once
/// @file
/// Checks that users run on sketches of their own.

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

namespace detail {

/// Bytes bring the sketch back; cut short, changed or too many they are refused.
template <Sketch Type, class Require>
void check_bytes(const Type& sketch, const Require& require) {
  const std::vector<std::byte> bytes = sketch.encode();
  require(Type::decode(bytes) == sketch, "bytes do not bring the sketch back");
  require(Type::decode(bytes).encode() == bytes, "bytes change when written again");
  const auto refused = [](std::span<const std::byte> damaged) {
    try {
      Type::decode(damaged);
    } catch (const MalformedBytes&) {
      return true;
    }
    return false;
  };
  const std::size_t step = 1 + bytes.size() / 200;
  for (std::size_t size = 0; size < bytes.size(); size += step)
    require(refused(std::span(bytes).first(size)), "takes bytes that are cut short");
  std::vector<std::byte> damaged = bytes;
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    damaged[i] ^= std::byte{4};
    require(refused(damaged), "takes bytes with a bit changed");
    damaged[i] = bytes[i];
  }
  damaged.push_back(std::byte{0});
  require(refused(damaged), "takes bytes that are too many");
}

}  // namespace detail

/// Tries a sketch of items out and says in words what is wrong with it.
///
/// Items one by one, together and by their hashes make the same sketch; merging the sketches of two lots makes that of
/// both, in either order, where `exact_merge` says that the mathematics wants it; bytes bring back the same sketch;
/// bytes that are cut short or have one bit changed are refused.
///
///     EXPECT_EQ(check_sketch(HyperLogLog(10)), std::vector<std::string>());
template <ItemSketch Type>
std::vector<std::string> check_sketch(const Type& empty, bool exact_merge = true, std::size_t items = 3000) {
  std::set<std::string> failures;
  const auto require = [&](bool holds, const char* sentence) {
    if (!holds) failures.insert(sentence);
  };
  try {
    std::vector<std::uint64_t> numbers(items), hashes(items);
    for (std::size_t i = 0; i < items; ++i) numbers[i] = splitmix64(i / 2);  // each twice
    empty.hasher().fill(numbers, hashes);
    const auto half = std::span(numbers).first(items / 3), rest = std::span(numbers).subspan(items / 3);
    Type one = empty, together = empty, hashed = empty, first = empty, second = empty;
    for (const std::uint64_t number : numbers) one.add(number);
    together.add(std::span<const std::uint64_t>(numbers));
    hashed.add_hashes(hashes);
    require(one == together && one == hashed, "add, add of many and add_hashes differ");
    require(!(one == empty), "equals the empty sketch after items were added");
    first.add(std::span<const std::uint64_t>(half));
    second.add(std::span<const std::uint64_t>(rest));
    Type backwards = second, with_nothing = first;
    with_nothing.merge(empty);
    require(with_nothing == first, "merging an empty sketch changes something");
    const Type before = second;
    first.merge(second);
    backwards.merge(with_nothing);
    require(second == before, "merge changes its argument");
    if (exact_merge) {
      require(first == together, "merge is not what direct addition gives");
      require(backwards == together, "merge depends on the order");
    }
    for (const Type* sketch : {&empty, static_cast<const Type*>(&together), static_cast<const Type*>(&first)})
      detail::check_bytes(*sketch, require);
  } catch (const std::exception& error) {
    failures.insert(std::string("threw: ") + error.what());
  }
  return {failures.begin(), failures.end()};
}

/// Tries a sketch of numbers out and says in words what is wrong with it.
///
/// Numbers one by one and together make the same sketch; what is not finite is refused; answers rise with the question,
/// stay between the least and the largest number and inside their own bounds, and these hold the truth in 9 of 10 cases
/// at least; merging counts all, and makes the sketch of both lots in either order where `exact_merge` says that the
/// mathematics wants it; bytes bring back the same sketch, and damaged ones are refused.
///
///     EXPECT_EQ(check_quantile_sketch(DDSketch(0.01)), std::vector<std::string>());
template <QuantileSketch Type>
std::vector<std::string> check_quantile_sketch(const Type& empty, bool exact_merge = true, std::size_t items = 3000) {
  std::set<std::string> failures;
  const auto require = [&](bool holds, const char* sentence) {
    if (!holds) failures.insert(sentence);
  };
  try {
    std::vector<double> numbers(items);
    for (std::size_t i = 0; i < items; ++i) {  // of both signs, some twice, some zero, of six orders of magnitude
      const auto bits = splitmix64(i - i % 7 / 6);
      const double wide = static_cast<double>(bits >> 12) * 0x1p-52;
      numbers[i] = (bits % 4 == 0 ? -1 : 1) * (bits % 50 == 1 ? 0 : 1e-3 / (1e-6 + wide * wide));
    }
    const std::span<const double> all = numbers, half = all.first(items / 3), rest = all.subspan(items / 3);
    Type one = empty, together = empty, first = empty, second = empty;
    for (const double number : numbers) one.add(number);
    together.add(all);
    require(one == together, "add and add of many differ");
    require(!(one == empty), "equals the empty sketch after numbers were added");
    const Type before = together;
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity}) {
      bool refused = false;
      try {
        together.add(std::vector<double>{1, bad});
      } catch (const std::domain_error&) {
        refused = true;
      }
      require(refused && together == before, "takes numbers that are not finite");
    }
    first.add(half);
    second.add(rest);
    Type merged = first, backwards = second, with_nothing = first;
    with_nothing.merge(empty);
    require(with_nothing == first, "merging an empty sketch changes something");
    const Type unchanged = second;
    merged.merge(second);
    backwards.merge(first);
    require(second == unchanged, "merge changes its argument");
    if (exact_merge) {
      require(merged == together, "merge is not what direct addition gives");
      require(backwards == together, "merge depends on the order");
    }
    std::sort(numbers.begin(), numbers.end());
    require(empty.count() == 0 && std::isnan(empty.min()) && std::isnan(empty.max()) &&
                std::isnan(empty.quantile(0.5).value) && std::isnan(empty.cdf(0).value),
            "answers of nothing are not NaN");
    constexpr std::size_t questions = 101;
    for (const Type* sketch : {static_cast<const Type*>(&together), static_cast<const Type*>(&merged)}) {
      require(sketch->count() == items, "counts other than were added");
      require(sketch->min() == numbers.front() && sketch->max() == numbers.back(), "has another least or largest");
      std::vector<double> probabilities(questions), places(questions), values(questions), fractions(questions);
      for (std::size_t i = 0; i < questions; ++i) {
        probabilities[i] = static_cast<double>(i) / (questions - 1);
        places[i] = numbers[i * (items - 1) / (questions - 1)];
      }
      sketch->fill_quantile(probabilities, values);
      sketch->fill_cdf(places, fractions);
      std::size_t missed = 0;
      const double slack = 1 / static_cast<double>(items);
      for (std::size_t i = 0; i < questions; ++i) {
        const Estimate value = sketch->quantile(probabilities[i]), fraction = sketch->cdf(places[i]);
        require(value.value == values[i] && fraction.value == fractions[i],
                "answers of many differ from answers of one");
        require(value.low <= value.value && value.value <= value.high && fraction.low <= fraction.value &&
                    fraction.value <= fraction.high,
                "answers lie outside of their own bounds");
        require(i == 0 || (values[i] >= values[i - 1] && fractions[i] >= fractions[i - 1]), "answers do not rise");
        const auto up_to = std::upper_bound(numbers.begin(), numbers.end(), places[i]) - numbers.begin();
        const auto rank =
            static_cast<std::size_t>(std::max(1.0, std::ceil(probabilities[i] * static_cast<double>(items) - 1e-6)));
        const double truth = numbers[rank - 1], share = static_cast<double>(up_to) / static_cast<double>(items);
        missed += truth < value.low || truth > value.high;
        missed += share < fraction.low - slack || share > fraction.high + slack;
      }
      require(10 * missed <= 2 * questions, "bounds miss the truth");
      require(values.front() == numbers.front() && values.back() == numbers.back(),
              "ends are not the least and largest");
      require(sketch->cdf(-infinity).value == 0 && sketch->cdf(infinity).value == 1, "cdf does not go from 0 to 1");
      for (const double bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
        bool refused = false;
        try {
          sketch->quantile(bad);
        } catch (const std::domain_error&) {
          refused = true;
        }
        require(refused, "takes probabilities outside of [0, 1]");
      }
    }
    for (const Type* sketch : {&empty, static_cast<const Type*>(&together), static_cast<const Type*>(&merged)})
      detail::check_bytes(*sketch, require);
  } catch (const std::exception& error) {
    failures.insert(std::string("threw: ") + error.what());
  }
  return {failures.begin(), failures.end()};
}

}  // namespace qsm::inline v0::sketches
