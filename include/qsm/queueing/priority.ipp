#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/classes.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/priority.hpp>

namespace qsm::inline v0::queueing {
QSM_INLINE std::vector<double> priority_mean_sojourn(std::span<const double> arrival_rates,
                                                     const std::vector<Distribution>& services, bool preemptive) {
  Check check("priority_mean_sojourn");
  const std::size_t classes = arrival_rates.size();
  if (classes == 0) throw std::invalid_argument("priority_mean_sojourn: arrival_rates must not be empty");
  detail::check_size("priority_mean_sojourn", "services", services.size(), classes);
  double all = 0,
         free = 1;  // Σ λ E[S²] / 2: mean rest of the service found; an overloaded class is served in what is free
  for (std::size_t i = 0; i < classes; ++i) {
    check.not_negative("arrival_rates", arrival_rates[i]);
    check.that(services[i].low() >= 0, "services", services[i].low(), "laws of values >= 0");
    const double served = std::min(arrival_rates[i], std::max(free, 0.0) / services[i].mean());
    if (served > 0) all += served * services[i].moment(2) / 2;
    free = std::fma(-arrival_rates[i], services[i].mean(), free);
  }
  std::vector<double> sojourn(classes);
  double residual = 0, spare = 1;  // of this class and the higher ones
  for (std::size_t i = 0; i < classes; ++i) {
    const double before = spare;
    spare = std::fma(-arrival_rates[i], services[i].mean(), spare);
    if (arrival_rates[i] > 0) residual += arrival_rates[i] * services[i].moment(2) / 2;
    if (!(spare > 0)) {
      sojourn[i] = detail::unbounded;
      continue;
    }
    const double found = preemptive ? residual : all;
    sojourn[i] = found / before / spare + services[i].mean() / (preemptive ? before : 1);
  }
  return sojourn;
}

QSM_INLINE ClassMeans mg1_classes(std::span<const double> arrival_rates, const std::vector<Distribution>& services,
                                  ClassDiscipline discipline) {
  Check check("mg1_classes");
  const std::size_t classes = arrival_rates.size();
  if (classes == 0) throw std::invalid_argument("mg1_classes: arrival_rates must not be empty");
  detail::check_size("mg1_classes", "services", services.size(), classes);
  ClassMeans out;
  double work = 0, spare = 1;
  for (std::size_t i = 0; i < classes; ++i) {
    check.not_negative("arrival_rates", arrival_rates[i]);
    check.that(services[i].low() >= 0, "services", services[i].low(), "laws of values >= 0");
    check.that(services[i].mean() < detail::unbounded, "services", services[i].mean(), "laws with a finite mean");
    if (arrival_rates[i] > 0) work += arrival_rates[i] * services[i].moment(2) / 2;
    spare = std::fma(-arrival_rates[i], services[i].mean(), spare);
    out.utilization.push_back(arrival_rates[i] * services[i].mean());
  }
  if (discipline == ClassDiscipline::priority || discipline == ClassDiscipline::preemptive_priority) {
    const bool interrupts = discipline == ClassDiscipline::preemptive_priority;
    out.mean_sojourn = priority_mean_sojourn(arrival_rates, services, interrupts);
  } else {
    for (const auto& service : services) {
      const bool shared = discipline == ClassDiscipline::ps;
      const double sojourn = shared ? service.mean() / spare : service.mean() + work / spare;
      out.mean_sojourn.push_back(spare > 0 ? sojourn : detail::unbounded);
    }
  }
  for (std::size_t i = 0; i < classes; ++i) {
    const double sojourn = out.mean_sojourn[i], rate = arrival_rates[i];
    out.mean_wait.push_back(sojourn - services[i].mean());
    out.mean_queue_length.push_back(rate > 0 ? rate * out.mean_wait[i] : 0);
    out.mean_number.push_back(rate > 0 ? rate * sojourn : 0);
  }
  return out;
}

QSM_INLINE std::vector<double> dps_mean_sojourn(std::span<const double> arrival_rates,
                                                std::span<const double> service_rates,
                                                std::span<const double> weights) {
  Check check("dps_mean_sojourn");
  const std::size_t n = arrival_rates.size();
  if (n == 0) throw std::invalid_argument("dps_mean_sojourn: arrival_rates must not be empty");
  detail::check_size("dps_mean_sojourn", "service_rates", service_rates.size(), n);
  detail::check_size("dps_mean_sojourn", "weights", weights.size(), n);
  double spare = 1;
  for (std::size_t i = 0; i < n; ++i) {
    check.not_negative("arrival_rates", arrival_rates[i]);
    check.positive("service_rates", service_rates[i]);
    check.positive("weights", weights[i]);
    spare -= arrival_rates[i] / service_rates[i];
  }
  if (!(spare > 0)) return std::vector<double>(n, detail::unbounded);
  // T_i (1 - Σ_j b_ij) - Σ_j b_ij T_j = 1/μ_i with b_ij = λ_j w_j / (μ_j w_j + μ_i w_i), by elimination with pivots.
  std::vector<std::vector<double>> rows(n, std::vector<double>(n + 1));
  for (std::size_t i = 0; i < n; ++i) {
    rows[i][i] = 1;
    rows[i][n] = 1 / service_rates[i];
    for (std::size_t j = 0; j < n; ++j) {
      const double share =
          arrival_rates[j] * weights[j] / (service_rates[j] * weights[j] + service_rates[i] * weights[i]);
      rows[i][i] -= share;
      rows[i][j] -= share;
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(rows[i][k]) > std::abs(rows[best][k])) best = i;
    std::swap(rows[k], rows[best]);
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k) continue;
      const double factor = rows[i][k] / rows[k][k];
      for (std::size_t j = k; j <= n; ++j) rows[i][j] -= factor * rows[k][j];
    }
  }
  std::vector<double> sojourn(n);
  for (std::size_t i = 0; i < n; ++i) sojourn[i] = rows[i][n] / rows[i][i];
  return sojourn;
}

}  // namespace qsm::inline v0::queueing
