#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include <boost/math/special_functions/log1p.hpp>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/detail/special.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/detail/wing.hpp>
#include <qsm/queueing/finite_source.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// The chain of N >= 1 sources with a = α/μ > 0, counted from the state with all c <= N servers busy, nobody waiting.
struct SourceChain {
  double full, free, busy, queue;  // shares of time with all servers busy and not; mean number in service, waiting

  SourceChain(const char* model, double a, double c, double sources, bool waiting_room) {
    if (waiting_room &&
        sources - c - c / a > 39 * std::sqrt(sources - c)) {  // no double holds the chance of a free server
      full = 1;
      free = 0;
      busy = c;
      queue = sources - c - c / a;
      return;
    }
    const Wing down(
        model, c, [&](double j) { return (c - j + 1) / ((sources - c + j) * a); }, [&](double j) { return c - j; });
    const Wing up(
        model, waiting_room ? sources - c : 0, [&](double j) { return (sources - c - j + 1) * (a / c); },
        [](double j) { return j; });
    const std::int64_t top = std::max(down.exponent, up.exponent);
    const double above = Wide{up.total, up.exponent}.over(top);
    const double below = Wide{down.after, down.exponent}.over(top), total = below + above;
    full = above / total;
    free = below / total;
    busy = (Wide{down.moment, down.exponent}.over(top) + c * Wide{up.after, up.exponent}.over(top)) / total;
    queue = Wide{up.moment, up.exponent}.over(top) / total;
  }
};

inline SourceChain source_chain(const auto& model, double sources, bool waiting_room) {
  const double c = std::min(model.servers, sources);
  return {waiting_room ? "MMCFiniteSource" : "Engset", model.request_rate / model.service_rate, c, sources,
          waiting_room && model.servers < sources};
}

}  // namespace detail

QSM_INLINE double Engset::mean_number() const {
  return request_rate > 0 ? detail::source_chain(*this, sources, false).busy : 0;
}

QSM_INLINE double Engset::utilization() const { return mean_number() / servers; }

QSM_INLINE double Engset::throughput() const { return service_rate * mean_number(); }

QSM_INLINE double Engset::probability_full() const {
  return request_rate > 0 && servers <= sources ? detail::source_chain(*this, sources, false).full : 0;
}

QSM_INLINE double Engset::probability_blocked() const {
  return request_rate > 0 && servers < sources ? detail::source_chain(*this, sources - 1, false).full : 0;
}

QSM_INLINE Engset engset(double request_rate, double service_rate, double servers, double sources) {
  Check check("engset");
  Engset::validate(check, request_rate, service_rate, servers, sources);
  return {request_rate, service_rate, servers, sources};
}

QSM_INLINE double MMCFiniteSource::throughput() const {
  return request_rate > 0 ? service_rate * detail::source_chain(*this, sources, true).busy : 0;
}

QSM_INLINE double MMCFiniteSource::utilization() const { return throughput() / service_rate / servers; }

QSM_INLINE double MMCFiniteSource::probability_wait() const {
  return request_rate > 0 && servers < sources ? detail::source_chain(*this, sources - 1, true).full : 0;
}

QSM_INLINE double MMCFiniteSource::mean_queue_length() const {
  return request_rate > 0 && servers < sources ? detail::source_chain(*this, sources, true).queue : 0;
}

QSM_INLINE double MMCFiniteSource::mean_number() const {
  if (request_rate == 0) return 0;
  const auto chain = detail::source_chain(*this, sources, true);
  return chain.busy + chain.queue;
}

QSM_INLINE double MMCFiniteSource::mean_wait() const {
  if (request_rate == 0 || servers >= sources) return 0;
  const auto chain = detail::source_chain(*this, sources, true);
  return chain.queue / chain.busy / service_rate;
}

QSM_INLINE double MMCFiniteSource::availability() const {
  return request_rate > 0 ? throughput() / request_rate / sources : 1;
}

namespace detail {

/// The wait of a request that finds all servers busy: of the n = N - 1 - c other sources K are idle, Poisson of mean
/// y = cμ/α but at most n, and each departure makes room; so P(W > t) = P(Y <= n) / P(K <= n), Y Poisson of mean y + cμt.
struct SourceWait {
  double late, in_time, rate, most, idle;
  bool light;         // n < y: P(K <= n) may be below the smallest double, and cancels
  double within = 1;  // P(K <= n); where light in units of P(K = n)

  explicit SourceWait(const MMCFiniteSource& queue)
      : rate(queue.servers * queue.service_rate),
        most(queue.sources - 1 - queue.servers),
        idle(rate / queue.request_rate),
        light(idle > most) {
    const auto seen = source_chain(queue, queue.sources - 1, true);
    late = seen.full;
    in_time = seen.free;
    within = light ? in_points(idle) : core::detail::gamma_upper(most + 1, idle);
  }
  /// P(K <= n) / P(K = n) for K Poisson of mean > n.
  double in_points(double mean) const {
    if (most > 1e4 && mean - most < 30 * std::sqrt(most))
      return core::detail::gamma_upper(most + 1, mean) / core::detail::gamma_density(most + 1, mean);
    double sum = 1, term = 1;
    for (double k = most; k > 0 && term > 1e-18 * sum; --k) sum += term *= k / mean;
    return sum;
  }
  /// P(Y = n) / P(K = n).
  double decline(double x) const {
    return std::exp(most * boost::math::log1pmx(x / idle, core::detail::Quiet()) - x * ((idle - most) / idle));
  }
  double survival(double time) const {
    const double x = rate * time;
    return late *
           (light ? decline(x) * in_points(idle + x) / within : core::detail::gamma_upper(most + 1, idle + x) / within);
  }
  double density(double time) const {
    const double x = rate * time;
    return rate * late * (light ? decline(x) : core::detail::gamma_density(most + 1, idle + x)) / within;
  }
  double cdf(double time) const {
    const double above = survival(time);
    if (above < 0.5) return 1 - above;
    return in_time + core::detail::integrate([this](double t) { return density(t); }, {0, time / 4, time / 2, time});
  }
};

}  // namespace detail

QSM_INLINE double MMCFiniteSource::wait_cdf(double time) const {
  Check("MMCFiniteSource.wait_cdf").extended("time", time);
  if (request_rate == 0 || servers >= sources) return 1;
  const detail::SourceWait wait(*this);
  return wait.rate * time == detail::unbounded ? 1 : wait.cdf(time);
}

QSM_INLINE double MMCFiniteSource::wait_quantile(double probability) const {
  Check("MMCFiniteSource.wait_quantile").probability("probability", probability);
  if (request_rate == 0 || servers >= sources) return 0;
  if (probability == 1) return detail::unbounded;
  const detail::SourceWait wait(*this);
  if (probability <= wait.in_time) return 0;
  const auto slope = [&](double t) { return wait.density(t); };
  if (probability <= 0.5)
    return core::detail::invert_cdf([&](double t) { return wait.cdf(t); }, slope, probability, 0, detail::unbounded,
                                    1 / wait.rate);
  return core::detail::invert_survival([&](double t) { return wait.survival(t); }, slope, 1 - probability, 0,
                                       detail::unbounded, 1 / wait.rate);
}

QSM_INLINE MMCFiniteSource mmc_finite_source(double request_rate, double service_rate, double servers, double sources) {
  Check check("mmc_finite_source");
  MMCFiniteSource::validate(check, request_rate, service_rate, servers, sources);
  return {request_rate, service_rate, servers, sources};
}

}  // namespace qsm::inline v0::queueing
