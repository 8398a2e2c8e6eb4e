#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/detail/beta.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/retrial.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// One level of the chain: j in orbit, 0..c busy, watched until the orbit falls below j, begun with all servers busy.
struct RetrialLevel {
  std::vector<double> times;    // mean time with i busy
  std::vector<double> returns;  // with i busy when a retrial leaves the orbit with j - 1: probability

  /// `above` is the level j + 1, empty at the cut, where arrivals at a full system are lost.
  RetrialLevel(double arrival, double service, double retrials, std::size_t c, const std::vector<double>& above)
      : times(c + 1), returns(c + 1) {
    std::vector<double> killed(c),
        entries(c);   // rates out of the level and probabilities of entry, states below folded
    double lost = 0;  // entries that leave the level before all servers are busy
    for (std::size_t i = 0; i < c; ++i) {
      const double below = i == 0 ? 0 : killed[i - 1] / (arrival + killed[i - 1]);
      killed[i] = retrials + static_cast<double>(i) * service * below;
      entries[i] =
          (above.empty() ? 0 : above[i]) + (i == 0 ? 0 : entries[i - 1] * (arrival / (arrival + killed[i - 1])));
      lost += entries[i] * (killed[i] / (arrival + killed[i]));
    }
    const double below = killed[c - 1] / (arrival + killed[c - 1]);
    const double exit = static_cast<double>(c) * service * below + arrival * lost;  // rate at which level j ends
    times[c] = 1 / exit;
    for (std::size_t i = c; i-- > 0;)
      times[i] = (static_cast<double>(i + 1) * service * times[i + 1] + times[c] * arrival * entries[i]) /
                 (arrival + killed[i]);
    for (std::size_t i = 0; i < c; ++i) returns[i + 1] = retrials * times[i];
  }
};

}  // namespace detail

struct Retrial::Orbit {
  std::vector<double> share, full;  // of time, by number in orbit; and with all servers busy
};

QSM_INLINE bool Retrial::stable() const { return detail::spare_rate(arrival_rate, service_rate, servers) > 0; }

QSM_INLINE Retrial::Orbit Retrial::orbit() const {
  const auto c = static_cast<std::size_t>(servers);
  const double a = arrival_rate / service_rate, g = retrial_rate / service_rate;
  const auto solve = [&](std::size_t cut) {
    std::vector<double> all(cut + 1), last(cut + 1);
    std::vector<double> above;
    for (std::size_t j = cut; j > 0; --j) {
      const detail::RetrialLevel level(a, 1, static_cast<double>(j) * g, c, above);
      for (const double time : level.times) all[j] += time;
      last[j] = level.times[c];
      above = level.returns;
    }
    // Level zero ends nowhere: with all busy left at rate c and a (1 - q_c), without subtraction as above.
    std::vector<double> weight(c + 1), entries(c + 1);
    weight[c] = 1;
    for (std::size_t i = 0; i <= c; ++i) entries[i] = above[i] + (i == 0 ? 0 : entries[i - 1]);
    for (std::size_t i = c; i-- > 0;) weight[i] = (static_cast<double>(i + 1) * weight[i + 1] + a * entries[i]) / a;
    Orbit out{std::vector<double>(cut + 1), std::vector<double>(cut + 1)};
    for (const double value : weight) out.share[0] += value;
    out.full[0] = 1;
    double total = out.share[0];
    if (std::isinf(total)) {  // so lightly loaded that no double holds the rest
      out.share[0] = 1;
      out.full[0] = 0;
      return out;
    }
    for (std::size_t j = 1; j <= cut; ++j) {
      out.full[j] = out.full[j - 1] * a * last[j];
      out.share[j] = out.full[j - 1] * a * all[j];
      total += out.share[j];
    }
    for (auto* column : {&out.share, &out.full})
      for (double& value : *column) value /= total;
    return out;
  };
  const auto mean = [](const Orbit& found) {
    double sum = 0;
    for (std::size_t j = found.share.size(); j-- > 1;) sum += static_cast<double>(j) * found.share[j];
    return sum;
  };
  std::size_t cut = 64;
  Orbit found = solve(cut);
  for (double before = -1, now = mean(found); !(std::abs(now - before) <= 1e-15 * now) && !(now <= 1e-305);) {
    if (static_cast<double>(cut) * servers > 2e8 || std::isnan(now))
      throw std::runtime_error("retrial: the orbit is too long to be computed");
    cut *= 2;
    found = solve(cut);
    before = now;
    now = mean(found);
  }
  return found;
}

QSM_INLINE double Retrial::probability_blocked() const {
  if (!stable()) return 1;
  if (servers == 1) return utilization();
  if (arrival_rate == 0) return 0;
  const auto found = orbit();
  double sum = 0;
  for (std::size_t j = found.full.size(); j-- > 0;) sum += found.full[j];
  return sum;
}

QSM_INLINE double Retrial::mean_queue_length() const {
  if (!stable()) return detail::unbounded;
  if (arrival_rate == 0) return 0;
  if (servers == 1)
    return arrival_rate / detail::spare_rate(arrival_rate, service_rate, 1) *
           (arrival_rate / retrial_rate + arrival_rate / service_rate);
  const auto found = orbit();
  double sum = 0;
  for (std::size_t j = found.share.size(); j-- > 1;) sum += static_cast<double>(j) * found.share[j];
  return sum;
}

QSM_INLINE double Retrial::mean_wait() const {
  if (!stable()) return detail::unbounded;
  return arrival_rate > 0 ? mean_queue_length() / arrival_rate : 0;
}

QSM_INLINE double Retrial::orbit_cdf(double count) const {
  Check("Retrial.orbit_cdf").count("count", count);
  if (!stable()) return 0;
  if (arrival_rate == 0) return 1;
  if (servers == 1) {  // negative binomial in either state of the server
    const double rho = utilization(), idle = detail::spare_rate(arrival_rate, service_rate, 1) / service_rate;
    const double order = arrival_rate / retrial_rate;
    const auto cdf = [&](double n) { return core::detail::beta_lower(n, count + 1, idle); };
    return idle * cdf(order) + rho * cdf(order + 1);
  }
  const auto found = orbit();
  double below = 0, above = 0;
  for (std::size_t j = 0; j < found.share.size(); ++j)
    (static_cast<double>(j) <= count ? below : above) += found.share[j];
  return above < below ? 1 - above : below;
}

QSM_INLINE Retrial retrial(double arrival_rate, double service_rate, double retrial_rate, double servers) {
  Check check("retrial");
  Retrial::validate(check, arrival_rate, service_rate, retrial_rate, servers);
  return {arrival_rate, service_rate, retrial_rate, servers};
}

}  // namespace qsm::inline v0::queueing
