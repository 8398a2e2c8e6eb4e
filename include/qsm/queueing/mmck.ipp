#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/mmck.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Σ q^j and Σ j q^j over j < count, by doubling: only positive terms, so that nothing cancels at q = 1.
struct Geometric {
  double sum = 0, moment = 0;

  Geometric(double count, double log_ratio) {
    double n = 0;
    for (double bit = std::exp2(std::floor(std::log2(std::max(count, 1.0)))); bit >= 1; bit /= 2) {
      const double power = std::exp(n * log_ratio);
      moment += power * (moment + n * sum);
      sum += power * sum;
      n *= 2;
      if (n + 1 <= std::floor(count / bit)) {
        const double next = std::exp(n * log_ratio);
        sum += next;
        moment += n * next;
        n += 1;
      }
    }
  }
};

}  // namespace detail

struct MMCK::Shares {
  double blocked, admitted, waiting, queue;
};

QSM_INLINE MMCK::Shares MMCK::shares() const {
  if (arrival_rate == 0) return {0, 1, 0, 0};
  const double load = arrival_rate / service_rate, places = capacity - servers;
  const double excess = std::fma(servers, service_rate, -arrival_rate) / (servers * service_rate);  // 1 - ρ
  // An idle queue's ln ρ stays finite: 0 ln 0 is asked for.
  const double tiny = std::numeric_limits<double>::min();
  const double log_load = std::abs(excess) < 0.5 ? std::log1p(-excess) : std::log(std::max(load / servers, tiny));
  const double gap = excess * servers;
  const double full = detail::erlang(servers, load, gap).blocking;                                       // B(c, a)
  const double free = servers / (servers + load * detail::erlang(servers - 1, load, gap - 1).blocking);  // 1 - B
  if (log_load <= 0) {  // relative to the state with all servers busy and nobody waiting
    const detail::Geometric before(places, log_load), all(places + 1, log_load);
    const double total = free + full * all.sum;
    return {full * (places > 0 ? std::exp(places * log_load) : 1) / total, (free + full * before.sum) / total,
            full * before.sum / total, full * all.moment / total};
  }
  // Overload: relative to the full system, counted from there.
  const detail::Geometric before(places, -log_load), all(places + 1, -log_load);
  const double low = free * std::exp(-places * log_load), busy = full * std::exp(-log_load) * before.sum;
  const double total = low + full * all.sum;
  return {full / total, (low + busy) / total, busy / total, full * (places * all.sum - all.moment) / total};
}

QSM_INLINE double MMCK::utilization() const { return arrival_rate / (servers * service_rate) * shares().admitted; }

QSM_INLINE double MMCK::probability_blocked() const { return shares().blocked; }

QSM_INLINE double MMCK::throughput() const { return arrival_rate * shares().admitted; }

QSM_INLINE double MMCK::probability_wait() const {
  const auto s = shares();
  return s.waiting / s.admitted;
}

QSM_INLINE double MMCK::mean_wait() const {
  const auto s = shares();
  return s.queue > 0 ? s.queue / (arrival_rate * s.admitted) : 0;
}

QSM_INLINE double MMCK::mean_queue_length() const { return shares().queue; }

QSM_INLINE double MMCK::mean_number() const {
  const auto s = shares();
  return s.queue + arrival_rate / service_rate * s.admitted;
}

QSM_INLINE MMCK mmck(double arrival_rate, double service_rate, double servers, double capacity) {
  Check check("mmck");
  MMCK::validate(check, arrival_rate, service_rate, servers, capacity);
  return {arrival_rate, service_rate, servers, capacity};
}

}  // namespace qsm::inline v0::queueing
