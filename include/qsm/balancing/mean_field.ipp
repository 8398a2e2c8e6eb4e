#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <qsm/balancing/mean_field.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/dense.hpp>
#include <qsm/queueing/mmc.hpp>

namespace qsm::inline v0::balancing {
namespace detail {

inline void check_choices(Check& check, double choices) {
  if (!(choices == std::numeric_limits<double>::infinity())) check.positive_count("choices", choices);
}

/// (dᵏ - 1) / (d - 1), the power of ρ that a tail has.
inline double tail_power(double load, double choices) {
  return choices == 1 ? load : std::expm1(load * std::log(choices)) / (choices - 1);
}

}  // namespace detail

QSM_INLINE double mean_field_tail(double load, double utilization, double choices) {
  Check check("mean_field_tail");
  check.count("load", load);
  check.that(utilization >= 0 && utilization < 1, "utilization", utilization, "in [0, 1)");
  detail::check_choices(check, choices);
  if (load == 0) return 1;
  if (std::isinf(choices)) return load == 1 ? utilization : 0;
  return std::pow(utilization, detail::tail_power(load, choices));
}

QSM_INLINE double mean_field_sojourn(double utilization, double choices, double service_rate) {
  Check check("mean_field_sojourn");
  check.extended("utilization", utilization);
  detail::check_choices(check, choices);
  check.positive("service_rate", service_rate);
  if (utilization >= 1) return std::numeric_limits<double>::infinity();
  if (choices == 1) return 1 / (service_rate * (1 - utilization));
  if (std::isinf(choices) || utilization == 0) return 1 / service_rate;
  double sum = 0;
  for (double i = 1;; ++i) {
    // (dⁱ - d) / (d - 1) = d (dⁱ⁻¹ - 1) / (d - 1)
    const double term = std::pow(utilization, choices * detail::tail_power(i - 1, choices));
    sum += term;
    if (term <= 1e-17 * sum) return sum / service_rate;
  }
}

QSM_INLINE double refined_mean_field_sojourn(double utilization, double servers, double choices, double service_rate) {
  Check check("refined_mean_field_sojourn");
  check.inner_probability("utilization", utilization);
  check.positive_count("servers", servers);
  check.positive_count("choices", choices);
  check.that(choices >= 2 && choices <= 64, "choices", choices, "an integer in [2, 64]");
  check.that(servers >= choices, "servers", servers, "an integer >= choices");
  check.positive("service_rate", service_rate);
  using queueing::detail::Dense, queueing::detail::identity;
  const double rho = utilization, d = choices;
  std::vector<double> s{1};  // the fixed point, until it vanishes
  do {
    s.push_back(std::pow(rho, detail::tail_power(static_cast<double>(s.size()), d)));
  } while (s.back() > 1e-14);
  const std::size_t size = s.size() - 1;
  s.push_back(0);
  const auto at = [&](std::size_t k) { return s[k + 1]; };  // row k is level k + 1
  const auto gain = [&](double x) { return rho * d * std::pow(x, d - 1); };
  Dense slope(size, size);  // A, the derivative of the drift
  for (std::size_t k = 0; k < size; ++k) {
    slope(k, k) = -gain(at(k)) - 1;
    if (k > 0) slope(k, k - 1) = gain(at(k - 1));
    if (k + 1 < size) slope(k, k + 1) = 1;
  }
  // A W + W Aᵀ + Q = 0, by its size² unknowns; Q is diagonal: jumps up and down are equally frequent.
  Dense jumps(size * size, 1);
  for (std::size_t k = 0; k < size; ++k) jumps(k * size + k) = 2 * (at(k) - at(k + 1));
  const Dense covariance = solve(kron(slope, identity(size)) + kron(identity(size), slope), -jumps);
  // A V + B:W / 2 + C = 0, with C from drawing different queues.
  const auto curve = [&](double x) { return rho * d * (d - 1) * std::pow(x, d - 2); };
  const auto different = [&](double x) { return -rho * d * (d - 1) / 2 * (std::pow(x, d - 1) - std::pow(x, d)); };
  const auto noise = [&](std::size_t k) { return curve(at(k)) * covariance(k * size + k) / 2; };
  Dense force(size, 1);
  for (std::size_t k = 0; k < size; ++k)
    force(k) = (k > 0 ? noise(k - 1) : 0) - noise(k) + different(k > 0 ? at(k - 1) : 1) - different(at(k));
  const Dense correction = solve(slope, -force);
  const double sojourn = mean_field_sojourn(rho, d, service_rate) + sum(correction) / (servers * rho * service_rate);
  return std::max(sojourn, least_sojourn(rho, servers, service_rate));
}

QSM_INLINE double least_sojourn(double utilization, double servers, double service_rate) {
  Check check("least_sojourn");
  check.extended("utilization", utilization);
  check.positive_count("servers", servers);
  check.positive("service_rate", service_rate);
  if (utilization >= 1) return std::numeric_limits<double>::infinity();
  return queueing::mmc(utilization * servers * service_rate, service_rate, servers).mean_sojourn();
}

}  // namespace qsm::inline v0::balancing
