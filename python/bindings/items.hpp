#pragma once
// Items from Python as hashes, block by block and without a Python loop: an integer, float, text or bytes; arrays of
// these in NumPy or Arrow; any other sequence of them.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <qsm/sketches/hasher.hpp>

#include "plain.hpp"

namespace qsm_python {

/// What was read: the axes of an array, or a single item.
struct ItemShape {
  bool single = false;
  std::vector<py::ssize_t> axes;

  std::size_t size() const {
    std::size_t all = 1;
    for (const auto axis : axes) all *= static_cast<std::size_t>(axis);
    return all;
  }
};

/// Gathers hashes and hands them on in blocks.
class HashBlocks {
 public:
  using Use = std::function<void(std::span<const std::uint64_t>)>;

  HashBlocks(const qsm::sketches::Hasher& hasher, Use use) : hasher_(hasher), use_(std::move(use)) {}

  void add(std::uint64_t number) { push(hasher_(number)); }
  void add(double number);
  void add(std::string_view text) { push(hasher_(qsm::ByteView(text))); }
  void add(std::span<const std::uint64_t> numbers);
  void add(std::span<const qsm::ByteView> texts);
  void flush();

 private:
  void push(std::uint64_t hash) {
    block_[filled_++] = hash;
    if (filled_ == block_.size()) flush();
  }

  qsm::sketches::Hasher hasher_;
  Use use_;
  std::array<std::uint64_t, 1024> block_{};
  std::size_t filled_ = 0;
};

/// Calls use(hashes) until all items are done; nothing is used where one of a sequence is refused.
ItemShape read_items(const py::object& items, const qsm::sketches::Hasher& hasher, const Place& place,
                     const HashBlocks::Use& use);

/// A vector of hashes from an array of 64-bit integers.
std::vector<std::uint64_t> read_hashes(const py::object& hashes, const Place& place);

}  // namespace qsm_python
