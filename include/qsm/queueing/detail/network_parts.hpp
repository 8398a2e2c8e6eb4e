#pragma once
/// @file
/// Parts of the network simulator: clocks, draws, routes and lines.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/random.hpp>
#include <qsm/core/simd.hpp>

#if QSM_SIMD_X86
#include <immintrin.h>
#endif

namespace qsm::inline v0::queueing::detail {

/// Where the least of up to 32 numbers is, the first of equal ones; `count` is a multiple of 4. In four chains, which
/// overlap.
inline std::size_t least_of(const double* times, std::size_t count) {
  std::array<double, 4> best{times[0], times[1], times[2], times[3]};
  std::array<std::size_t, 4> at{0, 1, 2, 3};
  for (std::size_t i = 4; i < count; i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const bool less = times[i + lane] < best[lane];
      best[lane] = less ? times[i + lane] : best[lane];
      at[lane] = less ? i + lane : at[lane];
    }
  for (std::size_t lane = 1; lane < 4; ++lane) {
    const bool first = best[lane] < best[0] || (best[lane] == best[0] && at[lane] < at[0]);
    best[0] = first ? best[lane] : best[0];
    at[0] = first ? at[lane] : at[0];
  }
  return at[0];
}
#if QSM_SIMD_X86
template <class Count>
QSM_AVX2 std::size_t least_of_avx2(const double* times, Count count) {
  __m256d best = _mm256_loadu_pd(times);
  for (std::size_t i = 4; i < count; i += 4) best = _mm256_min_pd(best, _mm256_loadu_pd(times + i));
  best = _mm256_min_pd(best, _mm256_permute2f128_pd(best, best, 1));
  best = _mm256_min_pd(best, _mm256_permute_pd(best, 5));
  std::uint32_t equal = 0;
  for (std::size_t i = 0; i < count; i += 4) {
    const __m256d same = _mm256_cmp_pd(_mm256_loadu_pd(times + i), best, _CMP_EQ_OQ);
    equal |= static_cast<std::uint32_t>(_mm256_movemask_pd(same)) << i;
  }
  return static_cast<std::size_t>(std::countr_zero(equal));
}
/// For a multiple of 8.
template <class Count>
QSM_AVX512 std::size_t least_of_avx512(const double* times, Count count) {
  constexpr __mmask8 every = 0xff;  // GCC 12 warns of its own code in the forms without mask
  __m512d least = _mm512_loadu_pd(times);
  for (std::size_t i = 8; i < count; i += 8) least = _mm512_maskz_min_pd(every, least, _mm512_loadu_pd(times + i));
  __m512d best = _mm512_maskz_min_pd(every, least, _mm512_maskz_shuffle_f64x2(every, least, least, 0x4e));
  best = _mm512_maskz_min_pd(every, best, _mm512_maskz_shuffle_f64x2(every, best, best, 0xb1));
  best = _mm512_maskz_min_pd(every, best, _mm512_maskz_permute_pd(every, best, 0x55));
  std::uint32_t equal = 0;
  for (std::size_t i = 0; i < count; i += 8)
    equal |= static_cast<std::uint32_t>(_mm512_cmp_pd_mask(_mm512_loadu_pd(times + i), best, _CMP_EQ_OQ)) << i;
  return static_cast<std::size_t>(std::countr_zero(equal));
}
#endif
/// The form of least_of for this machine; `Count` is std::size_t, or std::integral_constant for rows of one length.
template <class Count>
auto least_of_machine() -> std::size_t (*)(const double*, Count) {
#if QSM_SIMD_X86
  if constexpr (!std::is_same_v<Count, std::size_t>)
    if (simd_level() >= SimdLevel::avx512) return least_of_avx512<Count>;
  if (simd_level() != SimdLevel::scalar) return least_of_avx2<Count>;
#endif
  return [](const double* times, Count count) { return least_of(times, count); };
}

/// The clocks of a model, each at its next event; of equal ones the one with the lowest number is first. Few are looked
/// through; of many, each row keeps its first, and so do the rows of rows.
class Clocks {
 public:
  explicit Clocks(std::size_t count) {
    for (std::size_t size = count;; size = levels_.back().size / width) {
      const bool top = size <= width;
      const std::size_t unit = top && levels_.empty() ? 4 : width;
      levels_.emplace_back((size + unit - 1) / unit * unit, levels_.size());
      if (top) break;
    }
    base_ = levels_.front().times;
    top_ = levels_.back().times;
    top_who_ = levels_.back().who.data();
    size_ = levels_.back().size;
    flat_ = levels_.size() == 1;
    if (!flat_) {
      row_first_ = levels_[1].times;
      row_who_ = levels_[1].who.data();
    }
  }
  Clocks(const Clocks&) = delete;
  Clocks& operator=(const Clocks&) = delete;

  std::size_t first() const {
    if (flat_) return size_ == 4 ? least_of(top_, 4) : least_(top_, size_);
    return top_who_[row_least_(top_, {})];
  }
  double time(std::size_t clock) const { return base_[clock]; }
  void set(std::size_t clock, double time) {
    base_[clock] = time;
    if (!flat_) set_row(clock, time);
  }

 private:
  static constexpr std::size_t width = 32;
  using Row = std::integral_constant<std::size_t, width>;
  struct Level {
    Level(std::size_t length, std::size_t height) : size(length), store(length + 7, infinity) {
      void* start = store.data();  // a row begins where a line of the cache does
      std::size_t room = store.size() * sizeof(double);
      times = static_cast<double*>(std::align(64, length * sizeof(double), start, room));
      for (std::size_t i = 0; i < length; ++i) who.push_back(static_cast<std::uint32_t>(i * power(height)));
    }
    std::size_t size;
    std::vector<double> store;
    double* times;
    std::vector<std::uint32_t> who;
  };

  static std::size_t power(std::size_t exponent) { return exponent == 0 ? 1 : width * power(exponent - 1); }
  void set_row(std::size_t clock, double time) {
    const std::size_t row = clock / width;
    std::size_t candidate = clock;
    if (time < row_first_[row] || (time == row_first_[row] && clock < row_who_[row])) {
      row_who_[row] = static_cast<std::uint32_t>(clock);
    } else if (row_who_[row] == clock) {
      candidate = row * width + row_least_(base_ + row * width, {});
      row_who_[row] = static_cast<std::uint32_t>(candidate);
      time = base_[candidate];
    } else {
      return;
    }
    row_first_[row] = time;
    if (levels_.size() > 2) pass_on(clock, candidate, time);
  }
  /// From the rows to the rows of rows, where the first of the row of `clock` is now `candidate`.
  void pass_on(std::size_t clock, std::size_t candidate, double time) {
    std::size_t at = clock / width;
    for (std::size_t k = 2; k < levels_.size(); ++k) {
      const Level& below = levels_[k - 1];
      at /= width;
      double& first = levels_[k].times[at];
      std::uint32_t& who = levels_[k].who[at];
      if (time < first || (time == first && candidate < who)) {
        who = static_cast<std::uint32_t>(candidate);
      } else if (who == clock) {
        const std::size_t place = at * width + row_least_(below.times + at * width, {});
        time = below.times[place];
        candidate = who = below.who[place];
      } else {
        return;
      }
      first = time;
    }
  }
  std::vector<Level> levels_;
  double* base_ = nullptr;            // the times of the clocks
  double* row_first_ = nullptr;       // the first of each row
  std::uint32_t* row_who_ = nullptr;  // and whose it is
  const double* top_ = nullptr;       // the last level
  const std::uint32_t* top_who_ = nullptr;
  std::size_t size_ = 0;
  bool flat_ = true;
  std::size_t (*least_)(const double*, std::size_t) = least_of_machine<std::size_t>();
  std::size_t (*row_least_)(const double*, Row) = least_of_machine<Row>();
};

/// Numbers of one stream, a block at a time; `Fill` is (first, out).
template <class Fill>
class Block {
 public:
  explicit Block(Fill fill) : fill_(std::move(fill)) {}
  double next() {
    if (used_ == size) refill();
    return numbers_[used_++];
  }

 private:
  static constexpr std::size_t size = 128;
  void refill() {
    fill_(drawn_, std::span<double>(numbers_));
    drawn_ += size;
    used_ = 0;
  }

  std::size_t used_ = size;
  std::array<double, size> numbers_{};
  std::uint64_t drawn_ = 0;
  Fill fill_;
};

struct FillLaw {
  Distribution law;
  Stream stream;
  void operator()(std::uint64_t first, std::span<double> out) const { law.sample(stream, first, out); }
};
struct FillUniform {
  Stream stream;
  void operator()(std::uint64_t first, std::span<double> out) const { stream.uniforms(first, out); }
};

/// Draws of one law for one purpose.
class Draws : public Block<FillLaw> {
 public:
  Draws(const Distribution& law, const Stream& stream) : Block({law, stream}) {}
};
/// Uniform draws for one purpose.
class Uniforms : public Block<FillUniform> {
 public:
  explicit Uniforms(const Stream& stream) : Block({stream}) {}
  /// 0, ..., count - 1, all alike.
  std::size_t below(std::size_t count) {
    const auto most = static_cast<std::int64_t>(count);  // signed: what processors convert at once
    return static_cast<std::size_t>(std::min(most - 1, static_cast<std::int64_t>(next() * static_cast<double>(most))));
  }
};

/// A place drawn with given probabilities; `end` where they leave something to 1.
class Route {
 public:
  static constexpr std::uint32_t end = 0xffffffff;

  Route(std::span<const double> probabilities, const Stream& stream) : uniforms_(stream) {
    double sum = 0;
    for (std::size_t place = 0; place < probabilities.size(); ++place)
      if (probabilities[place] > 0) {
        sum += probabilities[place];
        ways_.push_back({sum, static_cast<std::uint32_t>(place)});
      }
    if (sum < 1 - 1e-12 || ways_.empty()) ways_.push_back({1, end});
    ways_.back().up_to = 1;
    only_ = ways_.size() == 1 ? ways_[0].place : several;
    std::uint32_t way = 0;
    parts_ = static_cast<double>(std::min(8 * ways_.size(), std::max<std::size_t>(256, ways_.size())));
    for (double k = 0; k < parts_; ++k) {
      while (ways_[way].up_to * parts_ <= k) ++way;
      guide_.push_back(way);
    }
  }
  std::uint32_t next() {
    if (only_ != several) return only_;
    const double u = uniforms_.next();
    const Way* way = &ways_[guide_[static_cast<std::size_t>(static_cast<std::int64_t>(u * parts_))]];
    while (way->up_to < u) ++way;
    return way->place;
  }

 private:
  static constexpr std::uint32_t several = 0xfffffffe;
  struct Way {
    double up_to;
    std::uint32_t place;
  };
  std::uint32_t only_;
  std::vector<Way> ways_;
  double parts_ = 1;
  std::vector<std::uint32_t> guide_;  // the way at which to begin, for each equal part of the probability
  Uniforms uniforms_;
};

/// A place in a queue: by key, then by order of arrival.
struct Ticket {
  double key;
  std::uint64_t order;
  std::uint32_t visitor;
  friend bool operator>(const Ticket& one, const Ticket& two) {
    return one.key > two.key || (one.key == two.key && one.order > two.order);
  }
};

/// Tickets, the least first.
class Tickets {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  const Ticket& first() const { return heap_.front(); }
  const std::vector<Ticket>& all() const { return heap_; }
  void push(const Ticket& ticket) {
    heap_.push_back(ticket);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  Ticket pop() {
    if (heap_.size() > 1) std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    const Ticket ticket = heap_.back();
    heap_.pop_back();
    return ticket;
  }
  /// Takes one out from anywhere.
  Ticket take(std::size_t place) {
    const Ticket ticket = heap_[place];
    heap_[place] = heap_.back();
    heap_.pop_back();
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
    return ticket;
  }
  /// Where the last in order is; of none, 0.
  std::size_t last() const {
    std::size_t last = 0;
    for (std::size_t i = 1; i < heap_.size(); ++i)
      if (heap_[i] > heap_[last]) last = i;
    return last;
  }

 private:
  std::vector<Ticket> heap_;
};

}  // namespace qsm::inline v0::queueing::detail
