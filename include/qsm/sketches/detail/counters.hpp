#pragma once
// Counters of 32 bits that become 64 bits wide once their total could need it.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace qsm::inline v0::sketches::detail {

/// As long as all that is counted stays below 2^32, half the memory serves.
class Counters {
 public:
  Counters() = default;
  explicit Counters(std::size_t size) : narrow_(size) {}

  /// To be called before counting, with the largest value that a counter could reach.
  void make_room(std::uint64_t largest) {
    if (largest <= std::numeric_limits<std::uint32_t>::max() || narrow_.empty()) return;
    wide_.assign(narrow_.begin(), narrow_.end());
    narrow_ = std::vector<std::uint32_t>();  // and not {}, which keeps the memory
  }
  /// Calls use(counters), a pointer to one of the two widths.
  template <class Use>
  decltype(auto) with(Use use) {
    return wide_.empty() ? use(narrow_.data()) : use(wide_.data());
  }
  template <class Use>
  decltype(auto) with(Use use) const {
    return wide_.empty() ? use(narrow_.data()) : use(wide_.data());
  }
  std::uint64_t operator[](std::size_t i) const { return wide_.empty() ? narrow_[i] : wide_[i]; }
  std::size_t size() const { return wide_.empty() ? narrow_.size() : wide_.size(); }
  std::size_t bytes_used() const {
    return narrow_.capacity() * sizeof(std::uint32_t) + wide_.capacity() * sizeof(std::uint64_t);
  }

  friend bool operator==(const Counters& a, const Counters& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (a[i] != b[i]) return false;
    return true;
  }

 private:
  std::vector<std::uint32_t> narrow_;
  std::vector<std::uint64_t> wide_;
};

}  // namespace qsm::inline v0::sketches::detail
