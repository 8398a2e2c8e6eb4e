#pragma once
#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/digamma.hpp>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/detail/special.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/detail/search.hpp>
#include <qsm/queueing/detail/wing.hpp>
#include <qsm/queueing/erlang_a.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// ln x - ψ(s + 1) for x = s + excess.
inline double log_over_digamma(double s, double x, double excess) {
  if (s < 1000) return std::log(x) - boost::math::digamma(s + 1, core::detail::Quiet());
  return std::log1p(excess / s) - (0.5 - 1 / (12 * s)) / s;  // Stirling's series
}

}  // namespace detail

struct ErlangA::Shares {
  double late, in_time;        // of arrivals: have to wait, do not
  double served_late;          // of arrivals: wait and are served
  double queue, served_queue;  // mean number waiting; of them, who will be served
};

QSM_INLINE ErlangA::Shares ErlangA::shares() const {
  if (arrival_rate == 0) return {0, 1, 0, 0, 0};
  const double c = servers, a = arrival_rate / service_rate;
  const double s = c * (service_rate / abandonment_rate), x = arrival_rate / abandonment_rate;
  // Far into overload the states before `first` have no weight that a double could hold.
  const double excess = -detail::spare_rate(arrival_rate, service_rate, servers) / abandonment_rate;  // x - s
  if (excess > 38 * std::sqrt(x)) return {1, 0, s / x, excess, s * detail::log_over_digamma(s, x, excess)};
  // States with a free server, relative to the one with all busy and nobody waiting.
  const double free = c / a / detail::erlang(c - 1, a, std::fma(-1, a, c - 1)).blocking;
  if (std::isinf(free)) return {0, 1, 0, 0, 0};   // so lightly loaded that no double holds the rest
  if (x > 1e12 && excess > -38 * std::sqrt(x)) {  // too many states to add up: t_j = x / (s + j) t_(j-1) by its moments
    const double sum = s / x * (core::detail::gamma_lower(s, x) / core::detail::gamma_density(s, x));
    const double first = excess * sum + s, second = excess * first + x * sum, total = free + sum;
    return {sum / total, free / total, s / x * ((sum - 1) / total), first / total, (first - second / (2 * s)) / total};
  }
  double patience = 0;  // Σ P(served) over the places of the queue
  const detail::Wing up(
      "ErlangA", largest_count, [&](double j) { return x / (s + j); },
      [&, reached = 0.0](double j) mutable {
        if (j > reached) patience += s / (s + j), reached = j;
        return patience;
      });
  const detail::Wing queue(
      "ErlangA", largest_count, [&](double j) { return x / (s + j); }, [](double j) { return j; });
  const double below = detail::Wide{free, 0}.over(up.exponent), total = below + up.total;
  return {up.total / total, below / total, s / x * (up.after / total), queue.moment / total, up.moment / total};
}

QSM_INLINE double ErlangA::probability_wait() const { return shares().late; }

QSM_INLINE double ErlangA::probability_abandon() const {
  return arrival_rate > 0 ? shares().queue * abandonment_rate / arrival_rate : 0;
}

QSM_INLINE double ErlangA::throughput() const {
  const auto e = shares();
  return arrival_rate * (e.in_time + e.served_late);
}

QSM_INLINE double ErlangA::utilization() const { return throughput() / service_rate / servers; }

QSM_INLINE double ErlangA::mean_queue_length() const { return shares().queue; }

QSM_INLINE double ErlangA::mean_number() const {
  const auto e = shares();
  return e.queue + arrival_rate / service_rate * (e.in_time + e.served_late);
}

QSM_INLINE double ErlangA::mean_wait() const { return arrival_rate > 0 ? shares().queue / arrival_rate : 0; }

QSM_INLINE double ErlangA::mean_sojourn() const {
  const auto e = shares();
  return (arrival_rate > 0 ? e.queue / arrival_rate : 0) + (e.in_time + e.served_late) / service_rate;
}

QSM_INLINE double ErlangA::mean_wait_served() const {
  if (arrival_rate == 0) return 0;
  const auto e = shares();
  return e.served_queue / arrival_rate / (e.in_time + e.served_late);
}

namespace detail {

/// Law of a wait that is zero with probability `atom` and else exceeds t with probability P(s, y) / P(s, x) exp(-extra t)
/// for y = x exp(-θt): the offered wait of all (s = cμ/θ), and that of the served (one more in the power s).
struct GammaWait {
  double late, atom, rate, power, x, extra;
  double whole = core::detail::gamma_lower(power, x);
  bool light = whole < 1e-5;  // both would underflow in the end: by the series of P without its common factor
  double series_x = light ? series(x) : 0;

  /// Σ y^k / ((s + 1)...(s + k)).
  double series(double y) const {
    double sum = 1;
    for (double term = y / (power + 1), k = power + 2; term > 1e-18 * sum; term *= y / k++) sum += term;
    return sum;
  }
  double decay(double t) const { return std::exp(-power * rate * t - x * std::expm1(-rate * t)) / series_x; }
  double offered(double t) const {
    const double y = x * std::exp(-rate * t);
    return light ? decay(t) * series(y) : core::detail::gamma_lower(power, y) / whole;
  }
  double survival(double t) const { return late * std::exp(-extra * t) * offered(t); }
  double density(double t) const {
    const double y = x * std::exp(-rate * t);
    const double slope = light ? power * decay(t) : y > 0 ? y * core::detail::gamma_density(power, y) / whole : 0;
    return late * std::exp(-extra * t) * rate * slope + extra * survival(t);
  }
  double cdf(double t) const {
    const double above = survival(t);
    if (above < 0.5) return 1 - above;
    const double short_of = core::detail::integrate([this](double u) { return density(u); }, {0, t / 4, t / 2, t});
    return atom + short_of;
  }
  double quantile(double p) const {
    if (p <= atom) return 0;
    if (p == 1) return unbounded;
    const double start = 1 / (rate * power);
    const auto slope = [this](double t) { return density(t); };
    if (p > 0.5)
      return core::detail::invert_survival([this](double t) { return survival(t); }, slope, 1 - p, 0, unbounded, start);
    return core::detail::invert_cdf([this](double t) { return cdf(t); }, slope, p, 0, unbounded, start);
  }
};

inline GammaWait offered_wait(const ErlangA& model, double late, double in_time, bool served) {
  const double power = model.servers * (model.service_rate / model.abandonment_rate);
  return {late,
          in_time,
          model.abandonment_rate,
          power + served,
          model.arrival_rate / model.abandonment_rate,
          served ? 0 : model.abandonment_rate};
}

}  // namespace detail

QSM_INLINE double ErlangA::wait_cdf(double time) const {
  Check("ErlangA.wait_cdf").extended("time", time);
  if (arrival_rate == 0 || time == detail::unbounded) return 1;
  const auto e = shares();
  return detail::offered_wait(*this, e.late, e.in_time, false).cdf(time);
}

QSM_INLINE double ErlangA::wait_quantile(double probability) const {
  Check("ErlangA.wait_quantile").probability("probability", probability);
  if (arrival_rate == 0) return 0;
  const auto e = shares();
  return detail::offered_wait(*this, e.late, e.in_time, false).quantile(probability);
}

QSM_INLINE double ErlangA::probability_served_within(double time) const {
  Check("ErlangA.probability_served_within").extended("time", time);
  const auto e = shares();
  const double all = e.in_time + e.served_late;
  if (arrival_rate == 0 || time == detail::unbounded) return all;
  return all * detail::offered_wait(*this, e.served_late / all, e.in_time / all, true).cdf(time);
}

QSM_INLINE double ErlangA::served_wait_cdf(double time) const {
  Check("ErlangA.served_wait_cdf").extended("time", time);
  if (arrival_rate == 0 || time == detail::unbounded) return 1;
  const auto e = shares();
  const double all = e.in_time + e.served_late;
  return detail::offered_wait(*this, e.served_late / all, e.in_time / all, true).cdf(time);
}

QSM_INLINE double ErlangA::served_wait_quantile(double probability) const {
  Check("ErlangA.served_wait_quantile").probability("probability", probability);
  if (arrival_rate == 0) return 0;
  const auto e = shares();
  const double all = e.in_time + e.served_late;
  return detail::offered_wait(*this, e.served_late / all, e.in_time / all, true).quantile(probability);
}

QSM_INLINE ErlangA erlang_a(double arrival_rate, double service_rate, double abandonment_rate, double servers) {
  Check check("erlang_a");
  ErlangA::validate(check, arrival_rate, service_rate, abandonment_rate, servers);
  return {arrival_rate, service_rate, abandonment_rate, servers};
}

QSM_INLINE double servers_for_service(double arrival_rate, double service_rate, double abandonment_rate, double wait,
                                      double probability) {
  Check check("servers_for_service");
  ErlangA::validate(check, arrival_rate, service_rate, abandonment_rate, 1);
  check.not_negative("wait", wait);
  check.inner_probability("probability", probability);
  check.that(arrival_rate / service_rate < largest_count / 2, "arrival_rate / service_rate",
             arrival_rate / service_rate, "below 2^52 erlang");
  return detail::first_count(1, [&](double servers) {
    return ErlangA{arrival_rate, service_rate, abandonment_rate, servers}.probability_served_within(wait) >=
           probability;
  });
}

}  // namespace qsm::inline v0::queueing
