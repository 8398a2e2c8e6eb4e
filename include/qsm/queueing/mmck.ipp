#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/detail/special.hpp>
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

/// Σ P(i) share(i) over first <= i <= last, P Poisson's law with this mean, from the largest term outwards; share(i + 1)
/// / share(i) = growth(i) falls. Only positive terms.
double poisson_sum(double mean, double first, double last, auto&& share, auto&& growth) {
  const auto ratio = [&](double i) { return mean / (i + 1) * growth(i); };
  double low = first, high = last;  // the largest term
  while (low < high) {
    const double middle = low + std::floor((high - low) / 2);
    if (ratio(middle) >= 1)
      low = middle + 1;
    else
      high = middle;
  }
  const double largest = qsm::detail::gamma_density(low + 1, mean) * share(low);
  double sum = 1;
  double term = 1;
  for (double i = low; i < last && term > 1e-18 * sum; ++i) sum += term *= ratio(i);
  term = 1;
  for (double i = low; i > first && term > 1e-18 * sum; --i) sum += term /= ratio(i - 1);
  return largest * sum;
}

/// Σ exp(slope j) over j < count, of a slope <= 0.
inline double geometric_sum(double count, double slope) {
  return slope < 0 ? std::expm1(slope * count) / std::expm1(slope) : count;
}

/// Wait of the admitted to M/M/c/K: with j = 0, ..., places - 1 before it, the chance of j in proportion to ρʲ, the wait
/// ends at departure j + 1 of a Poisson process.
struct LimitedWait {
  double waiting, no_waiting, places, log_load, rate;

  /// Σ exp(-|ln ρ| j) over j < count.
  double chances(double count) const { return geometric_sum(count, -std::abs(log_load)); }
  /// P(j) where `j` customers are before it.
  double chance(double j) const {
    return waiting / chances(places) * std::exp(log_load <= 0 ? log_load * j : -log_load * (places - 1 - j));
  }
  double survival(double time) const {
    const double mean = rate * time;
    if (mean == 0 || waiting == 0) return waiting;
    if (mean == infinity) return 0;
    const double scale = waiting / chances(places), step = std::exp(std::min(log_load, 0.0));
    const auto share = [&](double i) { return scale * std::exp(std::min(log_load, 0.0) * i) * chances(places - i); };
    const auto growth = [&](double i) { return step * (chances(places - i - 1) / chances(places - i)); };
    return poisson_sum(mean, 0, places - 1, share, growth);
  }
  double cdf(double time) const {
    const double late = survival(time);
    if (late < 0.5) return 1 - late;
    const double mean = rate * time;
    if (mean == 0 || waiting == 0) return no_waiting;
    const double scale = waiting / chances(places), step = std::exp(std::max(log_load, 0.0));
    const auto share = [&](double i) {
      const double count = std::min(i, places);
      return scale * std::exp(-std::max(log_load, 0.0) * (places - count)) * chances(count);
    };
    const auto growth = [&](double i) { return i < places ? step * (chances(i + 1) / chances(i)) : 1; };
    return no_waiting + poisson_sum(mean, 1, largest_count, share, growth);
  }
  double density(double time) const {
    const double step = std::exp(log_load);
    return rate * poisson_sum(
                      rate * time, 0, places - 1, [&](double i) { return chance(i); }, [&](double) { return step; });
  }
  double quantile(double probability) const {
    if (waiting == 0 || probability <= no_waiting) return 0;
    if (probability == 1) return infinity;
    const auto pdf = [&](double time) { return density(time); };
    const double start = 1 / rate;
    if (probability > 0.5)
      return qsm::detail::invert_survival([&](double time) { return survival(time); }, pdf, 1 - probability, 0,
                                          infinity, start);
    return qsm::detail::invert_cdf([&](double time) { return cdf(time); }, pdf, probability, 0, infinity, start);
  }
};

/// Time in the system of the admitted. Of the departures that c busy servers would make in that time each is another's
/// with probability u = 1 - 1/c: who has j before it is in service after i of them with probability u^(i - 1 - j).
struct LimitedSojourn {
  LimitedWait wait;
  double servers;
  double log_stay = std::log1p(-1 / servers);  // ln u

  double slope() const { return wait.log_load - log_stay; }
  /// Σ P(j) u^(i - 1 - j) over j < min(i, places).
  double serving(double i) const {
    const double count = std::min(i, wait.places), before = slope() >= 0 ? count - 1 : 0, passed = i - 1 - before;
    return wait.chance(before) * (passed > 0 ? std::exp(passed * log_stay) : 1) *
           geometric_sum(count, -std::abs(slope()));
  }
  double growth(double i) const {
    if (i >= wait.places) return std::exp(log_stay);
    const double down = -std::abs(slope());
    return std::exp(std::max(wait.log_load, log_stay)) * (geometric_sum(i + 1, down) / geometric_sum(i, down));
  }
  /// P(in service at this time).
  double in_service(double time) const {
    const double at_once = wait.no_waiting * std::exp(-wait.rate / servers * time);
    if (wait.waiting == 0 || time == 0) return at_once;
    if (time * wait.rate > std::max(1500 * servers, 4 * wait.places + 6000)) return 0;  // below any double
    return at_once + poisson_sum(
                         wait.rate * time, 1, servers == 1 ? wait.places : largest_count,
                         [this](double i) { return serving(i); }, [this](double i) { return growth(i); });
  }
  double survival(double time) const { return time < infinity ? wait.survival(time) + in_service(time) : 0; }
  double density(double time) const { return wait.rate / servers * in_service(time); }
  double cdf(double time) const {
    const double late = survival(time);
    if (late < 0.9) return 1 - late;
    return qsm::detail::integrate([this](double t) { return density(t); }, {0, time / 4, time / 2, time});
  }
  double quantile(double probability) const {
    if (probability == 0 || probability == 1) return probability == 0 ? 0 : infinity;
    const auto pdf = [&](double time) { return density(time); };
    const double start = servers / wait.rate;
    if (probability > 0.5)
      return qsm::detail::invert_survival([&](double time) { return survival(time); }, pdf, 1 - probability, 0,
                                          infinity, start);
    return qsm::detail::invert_cdf([&](double time) { return cdf(time); }, pdf, probability, 0, infinity, start);
  }
};

}  // namespace detail

struct MMCK::Shares {
  double blocked, admitted, idle, waiting, queue;
};

QSM_INLINE double MMCK::log_load() const {
  const double excess = std::fma(servers, service_rate, -arrival_rate) / (servers * service_rate);  // 1 - ρ
  // An idle queue's ln ρ stays finite: 0 ln 0 is asked for.
  const double tiny = std::numeric_limits<double>::min();
  return std::abs(excess) < 0.5 ? std::log1p(-excess) : std::log(std::max(arrival_rate / service_rate / servers, tiny));
}

QSM_INLINE MMCK::Shares MMCK::shares() const {
  if (arrival_rate == 0) return {0, 1, 1, 0, 0};
  const double load = arrival_rate / service_rate, places = capacity - servers;
  const double excess = std::fma(servers, service_rate, -arrival_rate) / (servers * service_rate);  // 1 - ρ
  const double log_load = this->log_load();
  const double gap = excess * servers;
  const double full = detail::erlang(servers, load, gap).blocking;                                       // B(c, a)
  const double free = servers / (servers + load * detail::erlang(servers - 1, load, gap - 1).blocking);  // 1 - B
  if (log_load <= 0) {  // relative to the state with all servers busy and nobody waiting
    const detail::Geometric before(places, log_load), all(places + 1, log_load);
    const double total = free + full * all.sum;
    return {full * (places > 0 ? std::exp(places * log_load) : 1) / total, (free + full * before.sum) / total,
            free / total, full * before.sum / total, full * all.moment / total};
  }
  // Overload: relative to the full system, counted from there.
  const detail::Geometric before(places, -log_load), all(places + 1, -log_load);
  const double low = free * std::exp(-places * log_load), busy = full * std::exp(-log_load) * before.sum;
  const double total = low + full * all.sum;
  return {full / total, (low + busy) / total, low / total, busy / total,
          full * (places * all.sum - all.moment) / total};
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

QSM_INLINE detail::LimitedWait MMCK::wait() const {
  const auto s = shares();
  return {s.waiting / s.admitted, s.idle / s.admitted, capacity - servers, log_load(), servers * service_rate};
}

QSM_INLINE double MMCK::wait_cdf(double time) const {
  Check("MMCK.wait_cdf").extended("time", time);
  return wait().cdf(time);
}

QSM_INLINE double MMCK::wait_quantile(double probability) const {
  Check("MMCK.wait_quantile").probability("probability", probability);
  return wait().quantile(probability);
}

QSM_INLINE double MMCK::sojourn_cdf(double time) const {
  Check("MMCK.sojourn_cdf").extended("time", time);
  return detail::LimitedSojourn{wait(), servers}.cdf(time);
}

QSM_INLINE double MMCK::sojourn_quantile(double probability) const {
  Check("MMCK.sojourn_quantile").probability("probability", probability);
  return detail::LimitedSojourn{wait(), servers}.quantile(probability);
}

QSM_INLINE MMCK mmck(double arrival_rate, double service_rate, double servers, double capacity) {
  Check check("mmck");
  MMCK::validate(check, arrival_rate, service_rate, servers, capacity);
  return {arrival_rate, service_rate, servers, capacity};
}

}  // namespace qsm::inline v0::queueing
