#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include <qsm/core/detail/root.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/detail/wing.hpp>
#include <qsm/queueing/finite_source.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// The chain of N >= 1 sources with a = α/μ > 0, counted from the state with all c <= N servers busy, nobody waiting.
struct SourceChain {
  double full, free, busy, queue;  // shares of time with all servers busy and not; mean number in service, waiting

  SourceChain(const char* model, double a, double c, double sources, bool waiting_room) {
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

/// The wait of a request: `late` times a mixture over those found waiting, the smallest first.
struct SourceWait {
  double late, in_time, rate, count;
  Wide first;  // share of requests that find all servers busy and nobody waiting
  const MMCFiniteSource& model;

  explicit SourceWait(const MMCFiniteSource& queue) : model(queue) {
    const auto seen = source_chain(queue, queue.sources - 1, true);
    late = seen.full;
    in_time = seen.free;
    rate = queue.servers * queue.service_rate;
    count = queue.sources - 1 - queue.servers;
    const Wing up(
        "MMCFiniteSource", count, [this](double j) { return ratio(j); }, [](double j) { return j; });
    first = {late / up.total, -up.exponent};
  }
  double ratio(double j) const { return (model.sources - model.servers - j) * model.request_rate / rate; }
  double cdf(double time) const {
    const auto mixture = at(time);
    return mixture.survival < 0.5 ? 1 - mixture.survival : in_time + mixture.cdf;
  }
  ErlangMixture at(double time) const {
    return {count, rate * time, first, [this](double j) { return ratio(j); }};
  }
};

}  // namespace detail

QSM_INLINE double MMCFiniteSource::wait_cdf(double time) const {
  Check("MMCFiniteSource.wait_cdf").extended("time", time);
  if (request_rate == 0 || servers >= sources || time == detail::unbounded) return 1;
  return detail::SourceWait(*this).cdf(time);
}

QSM_INLINE double MMCFiniteSource::wait_quantile(double probability) const {
  Check("MMCFiniteSource.wait_quantile").probability("probability", probability);
  if (request_rate == 0 || servers >= sources) return 0;
  if (probability == 1) return detail::unbounded;
  const detail::SourceWait wait(*this);
  if (probability <= wait.in_time) return 0;
  const auto slope = [&](double t) { return wait.at(t).density * wait.rate; };
  if (probability <= 0.5)
    return core::detail::invert_cdf([&](double t) { return wait.cdf(t); }, slope, probability, 0, detail::unbounded,
                                    1 / wait.rate);
  return core::detail::invert_survival([&](double t) { return wait.at(t).survival; }, slope, 1 - probability, 0,
                                       detail::unbounded, 1 / wait.rate);
}

QSM_INLINE MMCFiniteSource mmc_finite_source(double request_rate, double service_rate, double servers, double sources) {
  Check check("mmc_finite_source");
  MMCFiniteSource::validate(check, request_rate, service_rate, servers, sources);
  return {request_rate, service_rate, servers, sources};
}

}  // namespace qsm::inline v0::queueing
