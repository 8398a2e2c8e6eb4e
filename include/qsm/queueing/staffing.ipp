#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/core/detail/special.hpp>
#include <qsm/queueing/detail/search.hpp>
#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/staffing.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// ln C(c, a) and its derivative by a, from Jagerman's B' = B (c/a - 1 + B).
struct LogWaiting {
  double value, slope, complement;

  LogWaiting(double servers, double load, double gap) {
    const auto e = erlang(servers, load, gap);
    const double carried = gap + load * e.blocking;  // c - a (1 - B)
    const double growth = gap / load + e.blocking;   // B' / B
    value = std::log(e.waiting);
    complement = e.no_waiting;
    slope = growth - (load * e.blocking * growth - (1 - e.blocking)) / carried;
  }
};

}  // namespace detail

QSM_INLINE double erlang_b_continuous(double servers, double offered_load) {
  Check check("erlang_b_continuous");
  check.not_negative("servers", servers);
  check.not_negative("offered_load", offered_load);
  const double a = offered_load;
  if (a == 0) return servers == 0 ? 1 : 0;
  if (servers >= 100) return detail::erlang(servers, a, servers - a).blocking;
  const double part = servers - std::floor(servers);
  double inverse = 1;
  if (part > 0 && a > 50) {  // falling powers of the part over a: below 1e-17 before they grow again
    for (double term = part / a, k = part - 1; std::abs(term) > 1e-18; term *= k-- / a) inverse += term;
  } else if (part > 0) {
    inverse = core::detail::gamma_upper(part + 1, a) / core::detail::gamma_density(part + 1, a);
  }
  for (double k = part + 1; k <= servers; ++k) inverse = 1 + inverse * (k / a);
  return 1 / inverse;
}

QSM_INLINE double servers_for_blocking(double offered_load, double probability) {
  Check check("servers_for_blocking");
  check.that((offered_load >= 0) & (offered_load < largest_count / 2), "offered_load", offered_load,
             ">= 0 and below 2^52");
  check.inner_probability("probability", probability);
  return detail::first_count(
      0, [&](double c) { return detail::erlang(c, offered_load, c - offered_load).blocking <= probability; });
}

QSM_INLINE double load_for_blocking(double servers, double probability) {
  Check check("load_for_blocking");
  check.positive_count("servers", servers);
  check.inner_probability("probability", probability);
  const auto lost = [&](double a) { return detail::erlang(servers, a, servers - a).blocking; };
  // 1 - B without cancellation, from one server fewer.
  const auto served = [&](double a) {
    return servers / (servers + a * detail::erlang(servers - 1, a, servers - 1 - a).blocking);
  };
  const auto idle = [&](double a) { return servers - a * served(a); };  // mean number of idle servers
  if (probability <= 0.5)
    return detail::positive_root([&](double a) { return std::log(probability) - std::log(lost(a)); },
                                 [&](double a) { return -idle(a) / a; }, servers);
  const double target = std::log1p(-probability);
  return detail::positive_root([&](double a) { return std::log(served(a)) - target; },
                               [&](double a) { return -idle(a) / a * (lost(a) / served(a)); }, servers);
}

QSM_INLINE double servers_for_waiting(double offered_load, double probability) {
  Check check("servers_for_waiting");
  check.that((offered_load >= 0) & (offered_load < largest_count / 2), "offered_load", offered_load,
             ">= 0 and below 2^52");
  check.inner_probability("probability", probability);
  return detail::first_count(std::floor(offered_load) + 1, [&](double c) {
    return detail::erlang(c, offered_load, c - offered_load).waiting <= probability;
  });
}

QSM_INLINE double load_for_waiting(double servers, double probability) {
  Check check("load_for_waiting");
  check.positive_count("servers", servers);
  check.inner_probability("probability", probability);
  const auto log_waiting = [&](double a) { return detail::LogWaiting(servers, a, servers - a); };
  if (probability <= 0.5)
    return detail::positive_root([&](double a) { return std::log(probability) - log_waiting(a).value; },
                                 [&](double a) { return -log_waiting(a).slope; }, servers / 2, servers);
  const double target = 1 - probability;
  return detail::positive_root([&](double a) { return log_waiting(a).complement / target - 1; }, detail::unknown_slope,
                               servers / 2, servers);
}

QSM_INLINE double servers_for_utilization(double offered_load, double utilization) {
  Check check("servers_for_utilization");
  check.that((offered_load >= 0) & (offered_load < largest_count / 2), "offered_load", offered_load,
             ">= 0 and below 2^52");
  check.inner_probability("utilization", utilization);
  check.that(offered_load / utilization < largest_count, "offered_load / utilization", offered_load / utilization,
             "below 2^53");
  return detail::first_count(std::max(1.0, std::floor(offered_load / utilization)),
                             [&](double c) { return offered_load <= utilization * c; });
}

QSM_INLINE double arrival_rate_for_wait(double service_rate, double servers, double wait, double probability) {
  Check check("arrival_rate_for_wait");
  check.positive("service_rate", service_rate);
  check.positive_count("servers", servers);
  check.not_negative("wait", wait);
  check.inner_probability("probability", probability);
  const double target = std::log1p(-probability), time = wait * service_rate;
  // In units of the service rate: offered load a with ln C - (c - a) time = ln(1 - p).
  const auto late = [&](double a) { return detail::LogWaiting(servers, a, servers - a); };
  return service_rate * detail::positive_root([&](double a) { return target - late(a).value + (servers - a) * time; },
                                              [&](double a) { return -late(a).slope - time; }, servers / 2, servers);
}

QSM_INLINE double service_rate_for_wait(double arrival_rate, double servers, double wait, double probability) {
  Check check("service_rate_for_wait");
  check.positive("arrival_rate", arrival_rate);
  check.positive_count("servers", servers);
  check.not_negative("wait", wait);
  check.inner_probability("probability", probability);
  const double target = std::log1p(-probability), time = wait * arrival_rate;
  // In units of the arrival rate: offered load a with ln C - (c/a - 1) time = ln(1 - p).
  const auto late = [&](double a) { return detail::LogWaiting(servers, a, servers - a); };
  return arrival_rate /
         detail::positive_root([&](double a) { return target - late(a).value + (servers - a) / a * time; },
                               [&](double a) { return -late(a).slope - servers / a / a * time; }, servers / 2, servers);
}

QSM_INLINE double capacity_for_blocking(double arrival_rate, double service_rate, double servers, double probability) {
  Check check("capacity_for_blocking");
  MMC::validate(check, arrival_rate, service_rate, servers);
  check.inner_probability("probability", probability);
  return detail::first_count(servers, [&](double capacity) {
    return MMCK{arrival_rate, service_rate, servers, capacity}.probability_blocked() <= probability;
  });
}

QSM_INLINE double servers_for_blocking_within(double arrival_rate, double service_rate, double capacity,
                                              double probability) {
  Check check("servers_for_blocking_within");
  check.not_negative("arrival_rate", arrival_rate);
  check.positive("service_rate", service_rate);
  check.positive_count("capacity", capacity);
  check.inner_probability("probability", probability);
  return detail::first_count(
      1,
      [&](double servers) {
        return MMCK{arrival_rate, service_rate, servers, capacity}.probability_blocked() <= probability;
      },
      capacity);
}

namespace detail {

/// Load a with p_K = p.
inline double load_of_mmck(double servers, double capacity, double probability) {
  const auto lost = [&](double a) { return MMCK{a, 1, servers, capacity}; };
  if (probability <= 0.5)
    return positive_root([&](double a) { return std::log(probability) - std::log(lost(a).probability_blocked()); },
                         unknown_slope, servers);
  const double target = std::log1p(-probability);
  return positive_root([&](double a) { return std::log(lost(a).throughput() / a) - target; }, unknown_slope, servers);
}

}  // namespace detail

QSM_INLINE double arrival_rate_for_blocking(double service_rate, double servers, double capacity, double probability) {
  Check check("arrival_rate_for_blocking");
  MMCK::validate(check, 0, service_rate, servers, capacity);
  check.inner_probability("probability", probability);
  return service_rate * detail::load_of_mmck(servers, capacity, probability);
}

QSM_INLINE double service_rate_for_blocking(double arrival_rate, double servers, double capacity, double probability) {
  Check check("service_rate_for_blocking");
  check.positive("arrival_rate", arrival_rate);
  MMCK::validate(check, arrival_rate, 1, servers, capacity);
  check.inner_probability("probability", probability);
  return arrival_rate / detail::load_of_mmck(servers, capacity, probability);
}

}  // namespace qsm::inline v0::queueing
