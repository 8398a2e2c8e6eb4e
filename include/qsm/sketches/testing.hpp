#pragma once
/// @file
/// Checks that users run on sketches of their own.

#include <exception>
#include <set>
#include <string>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/sketches/sketch.hpp>

namespace qsm::inline v0::sketches {

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
    for (const Type* sketch : {&empty, static_cast<const Type*>(&together), static_cast<const Type*>(&first)}) {
      const std::vector<std::byte> bytes = sketch->encode();
      require(Type::decode(bytes) == *sketch, "bytes do not bring the sketch back");
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
  } catch (const std::exception& error) {
    failures.insert(std::string("threw: ") + error.what());
  }
  return {failures.begin(), failures.end()};
}

}  // namespace qsm::inline v0::sketches
