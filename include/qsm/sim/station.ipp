#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>

#include <qsm/core/error.hpp>
#include <qsm/sim/station.hpp>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace qsm::inline v0::sim {

namespace detail {

// Selections that never become a branch: which server falls free first cannot be predicted, and compilers guess it can.
#ifdef __SSE2__
struct Truth {
  __m128d mask;
  std::uint32_t word() const { return static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_castpd_si128(mask))); }
};
inline Truth less(double a, double b) { return {_mm_cmplt_sd(_mm_set_sd(a), _mm_set_sd(b))}; }
inline double choose(Truth first, double a, double b) {
  return _mm_cvtsd_f64(_mm_or_pd(_mm_and_pd(first.mask, _mm_set_sd(a)), _mm_andnot_pd(first.mask, _mm_set_sd(b))));
}
inline double lesser(double a, double b) { return _mm_cvtsd_f64(_mm_min_sd(_mm_set_sd(a), _mm_set_sd(b))); }
inline double greater(double a, double b) { return _mm_cvtsd_f64(_mm_max_sd(_mm_set_sd(a), _mm_set_sd(b))); }
#else
struct Truth {
  bool holds;
  std::uint32_t word() const { return 0u - static_cast<std::uint32_t>(holds); }
};
inline Truth less(double a, double b) { return {a < b}; }
inline double choose(Truth first, double a, double b) { return first.holds ? a : b; }
inline double lesser(double a, double b) { return a < b ? a : b; }
inline double greater(double a, double b) { return a > b ? a : b; }
#endif

// The first index whose value is not finite and >= 0, or the length. One sweep without a branch finds that all is well.
inline std::size_t first_bad_time(std::span<const double> times) {
  std::uint64_t high = 0;
  for (const double time : times) {
    const auto bits = std::bit_cast<std::uint64_t>(time);
    high |= bits | (bits + 0x0010000000000000);  // the upper bit: negative; or after the carry: not finite
  }
  std::size_t i = times.size();
  if (high >> 63) [[unlikely]]
    for (i = 0; i < times.size() && times[i] >= 0 && times[i] <= std::numeric_limits<double>::max();) ++i;
  return i;
}

inline void require_times(const char* function, const char* argument, std::span<const double> times) {
  const std::size_t bad = first_bad_time(times);
  if (bad < times.size())
    core::detail::refuse(function, (std::string(argument) + "[" + std::to_string(bad) + "]").c_str(), times[bad],
                         "finite and >= 0");
}

// Up to eight servers stay in registers, sorted. What replaces the first is sorted in by max(v[i], min(v[i + 1], x)) at
// each place, which is no chain: the depth does not grow with the number of servers.
template <std::size_t count>
struct SortedServers {
  std::array<double, count> free;

  double earliest() const { return free[0]; }
  void replace_earliest(double time) {
    if constexpr (count > 1) {
      free[0] = lesser(time, free[1]);
      for (std::size_t i = 1; i + 1 < count; ++i) free[i] = greater(free[i], lesser(time, free[i + 1]));
      free[count - 1] = greater(free[count - 1], time);
    } else {
      free[0] = time;
    }
  }
};

// More than eight play a tournament: node i holds the earlier of nodes 2i and 2i + 1, node 1 the earliest of all. The
// path from the winner's leaf to the root is known beforehand, so that only the minima wait for each other.
struct TournamentServers {
  double* free;
  std::uint32_t* winner;

  double earliest() const { return free[1]; }
  void replace_earliest(double time) {
    std::uint32_t node = winner[1], leaf = node;
    free[node] = time;
    while (node > 1) {
      const double other = free[node ^ 1];
      const std::uint32_t other_leaf = winner[node ^ 1];
      leaf ^= (leaf ^ other_leaf) & less(other, time).word();
      time = lesser(other, time);
      node >>= 1;
      free[node] = time;
      winner[node] = leaf;
    }
  }
};

}  // namespace detail

QSM_INLINE void Station::require(const char* function, double servers, double capacity) {
  Check check(function);
  check.positive_count("servers", servers);
  check.that(servers <= 0x1p24, "servers", servers, "at most 2^24");
  check.that(capacity >= servers && (std::isinf(capacity) || capacity == std::trunc(capacity)), "capacity", capacity,
             "an integer >= servers, or infinity");
}

QSM_INLINE Station::Station(double servers, double capacity) : servers_(servers), capacity_(capacity) {
  require("Station", servers, capacity);
  const auto count = static_cast<std::size_t>(servers);
  if (count <= 8) {
    free_.assign(count, 0.0);
  } else {
    const std::size_t leaves = std::bit_ceil(count);
    free_.assign(2 * leaves, 0.0);
    winner_.resize(2 * leaves);
    for (std::size_t i = 2 * leaves; --i > 0;) {
      winner_[i] = i < leaves ? winner_[2 * i] : static_cast<std::uint32_t>(i);
      free_[i] = i >= leaves + count ? infinity : i < leaves ? detail::lesser(free_[2 * i], free_[2 * i + 1]) : 0;
    }
  }
  if (!std::isinf(capacity)) starts_.assign(static_cast<std::size_t>(std::min(capacity - servers, 1024.0)), -1.0);
}

QSM_INLINE std::size_t Station::serve(std::span<const double> interarrival, std::span<const double> service,
                                      std::span<double> waits) {
  const std::size_t count = interarrival.size();
  if (service.size() != count || waits.size() != count)
    throw std::invalid_argument("Station.serve: service and waits must be as long as interarrival (" +
                                std::to_string(count) + "), got " + std::to_string(service.size()) + " and " +
                                std::to_string(waits.size()));
  detail::require_times("Station.serve", "interarrival", interarrival);
  detail::require_times("Station.serve", "service", service);
  if (servers_ == 1 && std::isinf(capacity_)) {
    lindley(interarrival.data(), service.data(), waits.data(), count);
    return 0;
  }

  const auto sorted = [&]<std::size_t size>(std::array<double, size> free, std::size_t first, std::size_t part) {
    std::copy_n(free_.begin(), size, free.begin());
    detail::SortedServers<size> state{free};
    const std::size_t refused =
        dispatch(&state, interarrival.data() + first, service.data() + first, waits.data() + first, part);
    std::copy_n(state.free.begin(), size, free_.begin());
    return refused;
  };
  // Times are counted from a customer now and then, so that they keep their digits however long the run.
  const std::size_t period = std::max<std::size_t>(4096, 4 * free_.size());
  std::size_t refused = 0;
  for (std::size_t first = 0; first < count;) {
    if (since_rebase_ == period) rebase();
    const std::size_t part = std::min(count - first, period - since_rebase_);
    switch (free_.size()) {
      case 1:
        refused += sorted(std::array<double, 1>{}, first, part);
        break;
      case 2:
        refused += sorted(std::array<double, 2>{}, first, part);
        break;
      case 3:
        refused += sorted(std::array<double, 3>{}, first, part);
        break;
      case 4:
        refused += sorted(std::array<double, 4>{}, first, part);
        break;
      case 5:
        refused += sorted(std::array<double, 5>{}, first, part);
        break;
      case 6:
        refused += sorted(std::array<double, 6>{}, first, part);
        break;
      case 7:
        refused += sorted(std::array<double, 7>{}, first, part);
        break;
      case 8:
        refused += sorted(std::array<double, 8>{}, first, part);
        break;
      default: {
        detail::TournamentServers state{free_.data(), winner_.data()};
        refused += dispatch(&state, interarrival.data() + first, service.data() + first, waits.data() + first, part);
      }
    }
    first += part;
    since_rebase_ += part;
  }
  return refused;
}

// w' = max(0, w + (s - a)): the differences do not wait for the waits.
QSM_INLINE void Station::lindley(const double* interarrival, const double* service, double* waits, std::size_t count) {
  double wait = clock_, before = service_;
  for (std::size_t i = 0; i < count; ++i) {
    wait = detail::greater(wait + (before - interarrival[i]), 0.0);
    waits[i] = wait;
    before = service[i];
  }
  clock_ = wait;
  service_ = before;
}

template <class Servers>
std::size_t Station::dispatch(Servers state, const double* interarrival, const double* service, double* waits,
                              std::size_t count) {
  auto servers = *state;  // a copy, for the registers
  double clock = clock_;
  std::size_t refused = 0;
  if (std::isinf(capacity_)) {
    for (std::size_t i = 0; i < count; ++i) {
      clock += interarrival[i];
      const double start = detail::greater(servers.earliest(), clock);
      waits[i] = start - clock;
      servers.replace_earliest(start + service[i]);
    }
  } else if (starts_.empty()) {  // no room to wait
    for (std::size_t i = 0; i < count; ++i) {
      clock += interarrival[i];
      const double earliest = servers.earliest();
      const detail::Truth full = detail::less(clock, earliest);
      waits[i] = detail::choose(full, turned_away, 0.0);
      servers.replace_earliest(detail::choose(full, earliest, clock + service[i]));
      refused += full.word() & 1;
    }
  } else {
    double* starts = starts_.data();
    std::size_t oldest = oldest_, size = starts_.size();
    // More than fit in memory are never present.
    const auto most = static_cast<std::size_t>(std::min(capacity_ - servers_, 0x1p60));
    for (std::size_t i = 0; i < count; ++i) {
      clock += interarrival[i];
      const double earliest = servers.earliest();
      const double start = detail::greater(earliest, clock);
      if (size < most && starts[oldest] > clock) [[unlikely]] {  // not full: the ring is too short
        std::rotate(starts_.begin(), starts_.begin() + static_cast<std::ptrdiff_t>(oldest), starts_.end());
        starts_.insert(starts_.begin(), std::min(size, most - size), -1.0);
        starts = starts_.data();
        size = starts_.size();
        oldest = 0;
      }
      const double begun = starts[oldest];  // by the last but K - c
      const detail::Truth full = detail::less(clock, begun);
      const std::size_t turned = full.word() & 1;
      waits[i] = detail::choose(full, turned_away, start - clock);
      servers.replace_earliest(detail::choose(full, earliest, start + service[i]));
      starts[oldest] = detail::choose(full, begun, start);
      oldest += 1 - turned;
      oldest = oldest == size ? 0 : oldest;
      refused += turned;
    }
    oldest_ = oldest;
  }
  clock_ = clock;
  *state = servers;
  return refused;
}

// Counts time from the last arrival on. A server that is idle is as good as one that falls free right now.
QSM_INLINE void Station::rebase() {
  for (double& time : free_) time = detail::greater(time - clock_, 0.0);
  for (double& time : starts_) time -= clock_;
  clock_ = 0;
  since_rebase_ = 0;
}

}  // namespace qsm::inline v0::sim
