#pragma once
#include <algorithm>
#include <cmath>

#include <qsm/queueing/detail/means.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/ggc.hpp>
#include <qsm/queueing/mdc.hpp>
#include <qsm/queueing/mmc.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

inline void check_moments(Check check, double arrival_rate, double arrival_scv, double service_rate, double service_scv,
                          double servers) {
  check.positive("arrival_rate", arrival_rate);
  check.not_negative("arrival_scv", arrival_scv);
  check.positive("service_rate", service_rate);
  check.not_negative("service_scv", service_scv);
  check.positive_count("servers", servers);
}

/// (1 - ρ) (c - 1) (√(4 + 5c) - 2) / (16 ρ c): by how much M/D/c waits longer than half of M/M/c.
inline double few_servers(double rho, double c) {
  return (1 - rho) * (c - 1) * (std::sqrt(4 + 5 * c) - 2) / (16 * rho * c);
}

}  // namespace detail

QSM_INLINE double gg1_kingman(double arrival_rate, double arrival_scv, double service_rate, double service_scv) {
  detail::check_moments(Check("gg1_kingman"), arrival_rate, arrival_scv, service_rate, service_scv, 1);
  if (arrival_rate >= service_rate) return detail::unbounded;
  const double rho = arrival_rate / service_rate;
  return (arrival_scv + rho * rho * service_scv) / (2 * rho * (service_rate - arrival_rate));
}

QSM_INLINE double gg1_marchal(double arrival_rate, double arrival_scv, double service_rate, double service_scv) {
  detail::check_moments(Check("gg1_marchal"), arrival_rate, arrival_scv, service_rate, service_scv, 1);
  if (arrival_rate >= service_rate) return detail::unbounded;
  const double rho = arrival_rate / service_rate, square = rho * rho;
  return square * (1 + service_scv) / (1 + square * service_scv) *
         gg1_kingman(arrival_rate, arrival_scv, service_rate, service_scv);
}

QSM_INLINE double ggc_allen_cunneen(double arrival_rate, double arrival_scv, double service_rate, double service_scv,
                                    double servers) {
  detail::check_moments(Check("ggc_allen_cunneen"), arrival_rate, arrival_scv, service_rate, service_scv, servers);
  const MMC markov{arrival_rate, service_rate, servers};
  return markov.stable() ? (arrival_scv + service_scv) / 2 * markov.mean_wait() : detail::unbounded;
}

QSM_INLINE double ggc_kraemer_langenbach_belz(double arrival_rate, double arrival_scv, double service_rate,
                                              double service_scv, double servers) {
  detail::check_moments(Check("ggc_kraemer_langenbach_belz"), arrival_rate, arrival_scv, service_rate, service_scv,
                        servers);
  const MMC markov{arrival_rate, service_rate, servers};
  if (!markov.stable()) return detail::unbounded;
  if (arrival_scv + service_scv == 0) return 0;
  const double rho = markov.utilization(), away = arrival_scv - 1;
  const double exponent =
      away < 0 ? 2 * away * away / (3 * rho * (arrival_scv + service_scv)) : away / (arrival_scv + 4 * service_scv);
  return std::exp(-(1 - rho) * exponent) * (arrival_scv + service_scv) / 2 * markov.mean_wait();
}

QSM_INLINE double ggc_whitt(double arrival_rate, double arrival_scv, double service_rate, double service_scv,
                            double servers) {
  detail::check_moments(Check("ggc_whitt"), arrival_rate, arrival_scv, service_rate, service_scv, servers);
  const MMC markov{arrival_rate, service_rate, servers};
  if (!markov.stable()) return detail::unbounded;
  if (arrival_scv + service_scv == 0) return 0;
  const double rho = markov.utilization(), both = (arrival_scv + service_scv) / 2;
  const double gamma = std::min(0.24, detail::few_servers(rho, servers));
  const double phi_1 = 1 + gamma, phi_3 = (1 - 4 * gamma) * std::exp(-2 * (1 - rho) / (3 * rho));
  const double psi = both >= 1 ? 1 : std::pow(std::min(1.0, (phi_1 + phi_3) / 2), 2 * (1 - both));
  const double phi =
      arrival_scv >= service_scv
          ? (4 * (arrival_scv - service_scv) * phi_1 + service_scv * psi) / (4 * arrival_scv - 3 * service_scv)
          : ((service_scv - arrival_scv) * phi_3 + (service_scv + 3 * arrival_scv) * psi) / (4 * both);
  return phi * both * markov.mean_wait();
}

QSM_INLINE double mgc_cosmetatos(double arrival_rate, double service_rate, double service_scv, double servers) {
  Check check("mgc_cosmetatos");
  detail::check_moments(check, arrival_rate, 1, service_rate, service_scv, servers);
  check.probability("service_scv", service_scv);
  const MMC markov{arrival_rate, service_rate, servers};
  if (!markov.stable()) return detail::unbounded;
  const double constant = (1 + detail::few_servers(markov.utilization(), servers)) / 2;
  return (service_scv + (1 - service_scv) * constant) * markov.mean_wait();
}

QSM_INLINE double mgc_kimura(double arrival_rate, double service_rate, double service_scv, double servers) {
  Check check("mgc_kimura");
  detail::check_moments(check, arrival_rate, 1, service_rate, service_scv, servers);
  check.that(servers <= 1e6, "servers", servers, "at most 1000000");
  const MMC markov{arrival_rate, service_rate, servers};
  if (!markov.stable()) return detail::unbounded;
  const double exponential = markov.mean_wait(), constant = mdc(arrival_rate, 1 / service_rate, servers).mean_wait();
  if (constant == 0) return 0;  // both are below the least double
  if (service_scv > 1) return service_scv * exponential - (service_scv - 1) * constant;
  return (1 + service_scv) / ((1 - service_scv) / constant + 2 * service_scv / exponential);
}

QSM_INLINE StationMeans ggc(double arrival_rate, double arrival_scv, double service_rate, double service_scv,
                            double servers, WaitApproximation method) {
  Check check("ggc");
  detail::check_moments(check, arrival_rate, arrival_scv, service_rate, service_scv, servers);
  using enum WaitApproximation;
  if (method == kimura || method == cosmetatos)
    check.that(arrival_scv == 1, "arrival_scv", arrival_scv, "1 for this method, made for Poisson arrivals");
  if (method == cosmetatos)
    check.that(service_scv <= 1, "service_scv", service_scv, "in [0, 1] for the method cosmetatos");
  if (method == marchal || method == kingman)
    check.that(servers == 1, "servers", servers, "1 for this method, made for one server");
  if (method == kimura)
    check.that(servers <= 1e6, "servers", servers, "an integer in [1, 1000000] for the method kimura");
  const auto wait = [&] {
    switch (method) {
      case allen_cunneen:
        return ggc_allen_cunneen(arrival_rate, arrival_scv, service_rate, service_scv, servers);
      case kraemer_langenbach_belz:
        return ggc_kraemer_langenbach_belz(arrival_rate, arrival_scv, service_rate, service_scv, servers);
      case kimura:
        return mgc_kimura(arrival_rate, service_rate, service_scv, servers);
      case cosmetatos:
        return mgc_cosmetatos(arrival_rate, service_rate, service_scv, servers);
      case marchal:
        return gg1_marchal(arrival_rate, arrival_scv, service_rate, service_scv);
      case kingman:
        return gg1_kingman(arrival_rate, arrival_scv, service_rate, service_scv);
      case whitt:
        break;
    }
    return ggc_whitt(arrival_rate, arrival_scv, service_rate, service_scv, servers);
  }();
  const bool stable = std::fma(servers, service_rate, -arrival_rate) > 0;
  return detail::means_of(arrival_rate, arrival_rate / service_rate / servers, stable, wait, 1 / service_rate);
}

}  // namespace qsm::inline v0::queueing
