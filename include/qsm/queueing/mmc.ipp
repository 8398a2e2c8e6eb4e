#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/mmc.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Time in the system of M/M/c: wait 0 with probability `no_waiting`, else exponential(theta), plus exponential(mu).
struct MarkovSojourn {
  double waiting, no_waiting, theta, mu;

  /// ∫ e^(-θu) e^(-μ(t - u)) du, u = 0..t: the density of the sum of both over μθ.
  double overlap(double time) const {
    const double slow = std::min(theta, mu), difference = std::abs(theta - mu), z = difference * time;
    return std::exp(-slow * time) * (z > 0 ? -std::expm1(-z) / difference : time);
  }
  double survival(double time) const { return std::exp(-mu * time) + waiting * (mu * overlap(time)); }
  double density(double time) const {
    return no_waiting * mu * std::exp(-mu * time) + waiting * theta * (mu * overlap(time));
  }
  double cdf(double time) const {
    const double late = survival(time);
    return late < 0.5 ? 1 - late : waiting * both_cdf(time) - no_waiting * std::expm1(-mu * time);
  }
  /// P(wait + service <= t) of those that wait, without cancellation.
  double both_cdf(double time) const {
    const double slow = std::min(theta, mu), fast = std::max(theta, mu);
    if (fast * time > 0.5) return -std::expm1(-slow * time) - slow * overlap(time);
    // μθt² Σ h_n(-μt, -θt) / (n + 2)!, h_n the complete symmetric polynomial.
    const double x = -mu * time, y = -theta * time;
    double sum = 0, symmetric = 1, power = 1, factorial = 2;
    for (int n = 0; n < 18; ++n) {
      sum += symmetric / factorial;
      power *= x;
      symmetric = symmetric * y + power;
      factorial *= n + 3;
    }
    return x * y * sum;
  }
  /// Newton's method on the logarithm of the smaller tail, kept inside a shrinking bracket.
  double quantile(double probability) const {
    const bool upper = probability > 0.5;
    const double tail = upper ? 1 - probability : probability;
    double low = -std::log1p(-probability) / mu;  // the service alone
    double high = low + std::log(2.0) / mu;       // each part at most its quantile at half the tail
    high += std::max(0.0, std::log(2 * waiting / (1 - probability)) / theta);
    double time = low;
    for (int step = 0; step < 200; ++step) {
      const double value = upper ? survival(time) : cdf(time);
      const double slope = (upper ? -1 : 1) * density(time) / value;
      (upper == (value > tail) ? low : high) = time;
      double next = time - std::log(value / tail) / slope;
      if (std::abs(next - time) <= 1e-15 * time || high <= low) return next;
      if (!(next > low && next < high))
        next = high > 2 * low ? std::sqrt(low) * std::sqrt(high) : low + (high - low) / 2;
      time = next;
    }
    return time;
  }
};

}  // namespace detail

QSM_INLINE double MMC::spare_rate() const { return detail::spare_rate(arrival_rate, service_rate, servers); }

QSM_INLINE detail::Erlang MMC::erlang() const { return detail::erlang_of(arrival_rate, service_rate, servers); }

QSM_INLINE double MMC::probability_wait() const { return erlang().waiting; }

QSM_INLINE double MMC::mean_wait() const { return stable() ? probability_wait() / spare_rate() : infinity; }

QSM_INLINE double MMC::mean_queue_length() const {
  return stable() ? probability_wait() * (arrival_rate / spare_rate()) : infinity;
}

QSM_INLINE double MMC::wait_cdf(double time) const {
  Check("MMC.wait_cdf").extended("time", time);
  if (!stable()) return 0;
  const auto e = erlang();
  const double late = e.waiting * std::exp(-spare_rate() * time);
  return late < 0.5 ? 1 - late : e.no_waiting - e.waiting * std::expm1(-spare_rate() * time);
}

QSM_INLINE double MMC::wait_quantile(double probability) const {
  Check("MMC.wait_quantile").probability("probability", probability);
  if (!stable()) return infinity;
  const auto e = erlang();
  const double late = 1 - probability;
  const double excess = e.waiting < 0.5 ? e.waiting - late : probability - e.no_waiting;  // C - (1 - p)
  return excess > 0 ? std::log1p(excess / late) / spare_rate() : 0;
}

QSM_INLINE double MMC::sojourn_cdf(double time) const {
  Check("MMC.sojourn_cdf").extended("time", time);
  if (!stable()) return 0;
  if (time == infinity) return 1;
  const auto e = erlang();
  return detail::MarkovSojourn{e.waiting, e.no_waiting, spare_rate(), service_rate}.cdf(time);
}

QSM_INLINE double MMC::sojourn_quantile(double probability) const {
  Check("MMC.sojourn_quantile").probability("probability", probability);
  if (!stable() || probability == 1) return infinity;
  if (probability == 0) return 0;
  const auto e = erlang();
  return detail::MarkovSojourn{e.waiting, e.no_waiting, spare_rate(), service_rate}.quantile(probability);
}

QSM_INLINE MMC mmc(double arrival_rate, double service_rate, double servers) {
  Check check("mmc");
  MMC::validate(check, arrival_rate, service_rate, servers);
  return {arrival_rate, service_rate, servers};
}

QSM_INLINE double servers_for_wait(double arrival_rate, double service_rate, double wait, double probability) {
  Check check("servers_for_wait");
  check.not_negative("arrival_rate", arrival_rate);
  check.positive("service_rate", service_rate);
  check.not_negative("wait", wait);
  check.inner_probability("probability", probability);
  check.that(arrival_rate / service_rate < largest_count / 2, "arrival_rate / service_rate",
             arrival_rate / service_rate, "below 2^52 erlang");
  const auto enough = [&](double servers) {
    const double spare = detail::spare_rate(arrival_rate, service_rate, servers);
    const auto e = detail::erlang_of(arrival_rate, service_rate, servers);
    return spare > 0 && e.waiting * std::exp(-spare * wait) <= 1 - probability;
  };
  double low = std::max(0.0, std::floor(arrival_rate / service_rate) - 1);  // never enough: not stable
  double step = 1;
  while (!enough(low + step)) low += step, step *= 2;
  double high = low + step;
  while (high - low > 1) {
    const double middle = low + std::floor((high - low) / 2);
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace qsm::inline v0::queueing
