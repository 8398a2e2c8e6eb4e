#pragma once
/// @file
/// The M/M/1 queue.

#include <cmath>

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// One server, Poisson arrivals, exponential service, unlimited queue, first come first served (M/M/1).
///
/// At λ >= μ the queue grows without bound: `stable` is false, times and lengths are infinite.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], finite and > 0
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.2; M. Harchol-Balter 2013, Performance
/// Modeling
///                      and Design of Computer Systems, chapter 13
/// @golden              queueing/mm1.csv
struct MM1 {
  double arrival_rate;
  double service_rate;

  static constexpr void validate(auto& check, double arrival_rate, double service_rate) {
    check.not_negative("arrival_rate", arrival_rate);
    check.positive("service_rate", service_rate);
  }

  /// Offered load of the server, ρ = λ/μ [1].
  constexpr double utilization() const { return arrival_rate / service_rate; }

  /// Whether λ < μ, so that a steady state exists.
  constexpr bool stable() const { return arrival_rate < service_rate; }

  /// Mean wait in the queue before service, E[W] = ρ / (μ - λ) [s].
  constexpr double mean_wait() const { return stable() ? utilization() / (service_rate - arrival_rate) : infinity; }

  /// Mean time in the system, wait and service, E[T] = 1 / (μ - λ) [s].
  constexpr double mean_sojourn() const { return stable() ? 1 / (service_rate - arrival_rate) : infinity; }

  /// Mean number waiting, E[Q] = ρ² / (1 - ρ) [1].
  constexpr double mean_queue_length() const { return stable() ? utilization() * mean_number() : infinity; }

  /// Mean number in the system, E[N] = ρ / (1 - ρ) [1].
  constexpr double mean_number() const { return stable() ? arrival_rate / (service_rate - arrival_rate) : infinity; }

  /// Probability that an arrival has to wait, ρ [1]; 1 when unstable.
  constexpr double probability_wait() const { return stable() ? utilization() : 1; }

  /// Probability that the wait is at most `time`, P(W <= t) = 1 - ρ exp(-(μ - λ) t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double wait_cdf(double time) const {
    Check("MM1.wait_cdf").extended("time", time);
    if (!stable()) return 0;
    const double gap = service_rate - arrival_rate;
    const double late = utilization() * std::exp(-gap * time);
    return late < 0.5 ? 1 - late : gap / service_rate - utilization() * std::expm1(-gap * time);
  }

  /// Wait that a fraction p of the arrivals does not exceed, max(0, ln(ρ / (1 - p)) / (μ - λ)) [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double wait_quantile(double probability) const {
    Check("MM1.wait_quantile").probability("probability", probability);
    if (!stable()) return infinity;
    // ρ - (1 - p) = (pμ - (μ - λ)) / μ, with the rounding error of μ - λ given back.
    const double gap = service_rate - arrival_rate;
    const double lost = (service_rate - gap) - arrival_rate;
    const double excess = std::fma(probability, service_rate, -gap) - lost;
    if (excess <= 0) return 0;
    return std::log1p(excess / (service_rate * (1 - probability))) / gap;
  }

  /// Probability that the time in the system is at most `time`, P(T <= t) = 1 - exp(-(μ - λ) t) [1].
  ///
  /// @param time  t [s], >= 0, may be infinite
  double sojourn_cdf(double time) const {
    Check("MM1.sojourn_cdf").extended("time", time);
    return stable() ? -std::expm1((arrival_rate - service_rate) * time) : 0;
  }

  /// Time in the system that a fraction p of the arrivals does not exceed, -ln(1 - p) / (μ - λ) [s].
  ///
  /// @param probability  p [1], in [0, 1]
  double sojourn_quantile(double probability) const {
    Check("MM1.sojourn_quantile").probability("probability", probability);
    return stable() ? -std::log1p(-probability) / (service_rate - arrival_rate) : infinity;
  }
};

/// The M/M/1 queue with these rates.
constexpr MM1 mm1(double arrival_rate, double service_rate) {
  Check check("mm1");
  MM1::validate(check, arrival_rate, service_rate);
  return {arrival_rate, service_rate};
}

}  // namespace qsm::inline v0::queueing
