#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/detail/temme.hpp>
#include <qsm/queueing/mdc.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// ln(1 + x) - x without cancellation.
inline double log1p_minus(double x) {
  if (std::abs(x) > 0.3) return std::log1p(x) - x;
  const double s = x / (2 + x), q = s * s;  // ln(1 + x) = 2 artanh(s) and x = 2s + sx
  double sum = 0;
  for (int k = 31; k >= 3; k -= 2) sum = 1.0 / k + q * sum;
  return -s * (x - 2 * q * sum);
}

/// P(N = k) for Poisson N of mean m = k - distance.
inline double poisson_point(double k, double m, double distance) {
  if (k < 8) {
    double point = std::exp(-m);
    for (double n = 1; n <= k; ++n) point *= m / n;
    return point;
  }
  const double exponent =
      std::abs(distance) < 0.5 * k ? k * log1p_minus(-distance / k) : k * std::log(m / k) + distance;
  const double r = 1 / k, s = r * r;  // Stirling's series
  const double stirling =
      r * (1.0 / 12 -
           s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * (691.0 / 360360 - s / 156))))));
  return std::exp(exponent - stirling) / std::sqrt(2 * std::numbers::pi * k);
}

/// For N Poisson of mean m = k - distance, distance > 0: P(N >= k) and E[(N - k)^+].
struct PoissonExcess {
  double reach, excess;

  PoissonExcess(double k, double m, double distance) {
    const double point = poisson_point(k, m, distance);
    if (k >= 100 && distance < (k > 1e6 ? 0.45 * k : 2 * std::sqrt(k))) {  // Temme, as for Erlang
      const double delta = -distance / k, eta = delta * std::sqrt(log_defect(delta));
      const double correction = temme_correction(eta, k);
      const double y = -eta * std::sqrt(k / 2);
      reach = std::exp(-y * y) * (erfcx(y) / 2 - correction / std::sqrt(2 * std::numbers::pi * k));
      excess = k * point - distance * reach;
      return;
    }
    double term = 1, tail = 1, moment = 0;
    for (double j = 1; term > 0; ++j) {
      term *= m / (k + j);
      tail += term;
      moment += j * term;
      if (j * term <= 1e-18 * moment) break;
    }
    reach = point * tail;
    excess = point * moment;
  }
};

/// Σ f(l), l = 1, 2, ..., for a smooth f that falls like exp(-decay l) times a power in the end. Beyond l = 128 Euler
/// and Maclaurin's formula, with the integral over octaves and derivatives from differences.
template <class Function>
double sum_to_infinity(Function&& f, double decay) {
  constexpr unsigned direct = 128;
  double sum = 0;
  std::array<double, 7> around{};  // f(125) ... f(131)
  const double enough = 45 / decay;
  for (unsigned l = 1; l < direct; ++l) {
    const double value = f(static_cast<double>(l));
    sum += value;
    if (l >= direct - 3) around[l - (direct - 3)] = value;
    if (l > enough && value <= 1e-18 * sum) return sum;
  }
  for (unsigned l = direct; l <= direct + 3; ++l) around[l - (direct - 3)] = f(static_cast<double>(l));
  const double d1 = around[4] - around[2], d2 = around[5] - around[1], d3 = around[6] - around[0];
  const double first = (45 * d1 - 9 * d2 + d3) / 60, third = (-13 * d1 + 8 * d2 - d3) / 8,
               fifth = (5 * d1 - 4 * d2 + d3) / 2;
  double tail = around[3] / 2 - first / 12 + third / 720 - fifth / 30240;
  double low = direct;
  do {
    tail += core::detail::gauss_kronrod(f, low, 2 * low).value;
    low *= 2;
  } while (low < enough);
  return sum + tail;
}

/// The random walk of M/D/c: load a, servers c, gap = c - a > 0.
struct PoissonWalk {
  double a, c, gap;

  double decay() const { return gap < 0.5 * c ? -c * log1p_minus(-gap / c) : -c * std::log(a / c) - gap; }
  PoissonExcess at(double l) const { return {l * c, l * a, l * gap}; }

  /// Σ P(N_l >= lc) / l: minus the logarithm of P(W = 0).
  double log_free() const {
    return sum_to_infinity([this](double l) { return at(l).reach / l; }, decay());
  }
  /// E[Q] = Σ E[(N_l - lc)^+] / l.
  double queue() const {
    return sum_to_infinity([this](double l) { return at(l).excess / l; }, decay());
  }
  /// Σ P(N_l = lc + n) / l.
  double points(double n) const {
    return sum_to_infinity([=, this](double l) { return poisson_point(l * c + n, l * a, l * gap + n) / l; }, decay());
  }
};

/// Number waiting in M/D/c, geometric beyond what is stored.
struct PoissonQueue {
  std::vector<double> above, below;  // P(Q > n) and P(Q <= n)
  double excess = 0;                 // w for the root z = 1 + w > 1 of c ln z = a (z - 1): neighbours have ratio 1/z
  PoissonWalk walk;

  double more_than(double n) const {
    if (n < 0) return 1;
    const auto last = static_cast<double>(above.size() - 1);
    return n <= last ? above[static_cast<std::size_t>(n)] : above.back() * std::exp(-(n - last) * std::log1p(excess));
  }
  double at_most(double n) const {
    if (n < 0) return 0;
    return n < static_cast<double>(below.size()) ? below[static_cast<std::size_t>(n)] : 1 - more_than(n);
  }

  explicit PoissonQueue(const PoissonWalk& of) : walk(of) {
    const double a = walk.a, c = walk.c;
    excess = 2 * walk.gap / a;  // beyond the root, from where Newton's method falls to it
    for (int step = 0; step < 200; ++step) {
      const double value =
          excess < 0.3 ? c * log1p_minus(excess) + walk.gap * excess : c * std::log1p(excess) - a * excess;
      const double next = excess - value / (c / (1 + excess) - a);
      const bool settled = std::abs(next - excess) <= 4e-16 * excess;
      excess = next > 0 ? next : excess / 2;
      if (settled) break;
    }
    // n P(Q = n) = Σ weight_j P(Q = n - j), j = 1..n; the weights come to equal z^-j.
    std::vector<double> weights{0}, share{std::exp(walk.points(0) - walk.log_free())};
    const double decline = std::log1p(excess);
    for (int alike = 0; alike < 4 && share.size() < 20000;) {
      const auto n = share.size();
      const double geometric = std::exp(-static_cast<double>(n) * decline);
      const double weight = static_cast<double>(n) * walk.points(static_cast<double>(n));
      alike = std::abs(weight - geometric) <= 1e-13 * geometric ? alike + 1 : 0;
      weights.push_back(weight);
      double sum = 0;
      for (std::size_t j = 1; j <= n; ++j) sum += weights[j] * share[n - j];
      share.push_back(sum / static_cast<double>(n));
      if (share.back() < 1e-305) break;
    }
    above.resize(share.size());
    below.resize(share.size());
    double tail = share.back() / excess;
    for (std::size_t n = share.size(); n-- > 0; tail += share[n]) above[n] = tail;
    double head = 0;
    for (std::size_t n = 0; n < share.size(); ++n) below[n] = head += share[n];
  }

  /// Σ P(N = n) P(Q > kc - 1 - n) over n, N Poisson: P(wait > t), or the complement with P(Q <= kc - 1 - n).
  template <class Share>
  double mix(double mean, double places, Share&& share) const {
    const auto term = [&](double n) { return poisson_point(n, mean, n - mean) * share(places - n); };
    double start = std::floor(mean);
    for (const double n : {std::floor(mean * (1 + excess)), places, places + 1})
      if (n >= 0 && term(n) > term(start)) start = n;
    double sum = 0;
    for (double n = start;; ++n) {
      const double value = term(n);
      sum += value;
      if (value <= 1e-19 * sum) break;
    }
    for (double n = start - 1; n >= 0; --n) {
      const double value = term(n);
      sum += value;
      if (value <= 1e-19 * sum) break;
    }
    return std::min(sum, 1.0);
  }
  /// P(W > t), t in service times.
  double late(double t) const {
    const double k = std::floor(t) + 1, c = walk.c;
    return mix(walk.a * (k - t), k * c - 1, [this](double n) { return more_than(n); });
  }
  /// P(W <= t).
  double in_time(double t) const {
    const double k = std::floor(t) + 1, c = walk.c;
    return mix(walk.a * (k - t), k * c - 1, [this](double n) { return at_most(n); });
  }
  double cdf(double t) const {
    if (t == unbounded) return 1;
    const double above_t = late(t);
    return above_t < 0.5 ? 1 - above_t : in_time(t);
  }
  double quantile(double p) const {
    if (p == 1) return unbounded;
    if (cdf(0) >= p) return 0;
    const double start = 1 / walk.gap;
    if (p > 0.5)
      return core::detail::invert_survival([this](double t) { return late(t); }, [](double) { return std::nan(""); },
                                           1 - p, 0, unbounded, start);
    return core::detail::invert_cdf([this](double t) { return in_time(t); }, [](double) { return std::nan(""); }, p, 0,
                                    unbounded, start);
  }
};

inline PoissonWalk walk_of(const MDC& model) {
  return {model.arrival_rate * model.service_time, model.servers,
          std::fma(-model.arrival_rate, model.service_time, model.servers)};
}

/// The queue of a model; the last one of each thread is kept, since a law is asked for at many times.
inline const PoissonQueue& queue_of(const MDC& model) {
  thread_local PoissonQueue kept(PoissonWalk{0.5, 1, 0.5});
  const auto walk = walk_of(model);
  if (kept.walk.a != walk.a || kept.walk.c != walk.c || kept.walk.gap != walk.gap) kept = PoissonQueue(walk);
  return kept;
}

}  // namespace detail

QSM_INLINE double MDC::gap() const { return detail::walk_of(*this).gap; }

QSM_INLINE double MDC::mean_queue_length() const {
  if (!stable()) return detail::unbounded;
  const auto walk = detail::walk_of(*this);
  if (walk.c == 1) return walk.a * walk.a / (2 * walk.gap);
  return walk.a > 0 ? walk.queue() : 0;
}

QSM_INLINE double MDC::mean_wait() const {
  if (!stable()) return detail::unbounded;
  if (servers == 1) return utilization() * service_time / (2 * gap());
  const double queue = mean_queue_length();
  return queue > 0 ? queue / arrival_rate : 0;
}

QSM_INLINE double MDC::probability_wait() const {
  if (!stable()) return 1;
  const auto walk = detail::walk_of(*this);
  if (walk.a == 0) return 0;
  return walk.c == 1 ? walk.a : -std::expm1(-walk.log_free());
}

QSM_INLINE double MDC::wait_cdf(double time) const {
  Check("MDC.wait_cdf").extended("time", time);
  if (!stable()) return 0;
  if (arrival_rate == 0 || time == detail::unbounded) return 1;
  return detail::queue_of(*this).cdf(time / service_time);
}

QSM_INLINE double MDC::wait_quantile(double probability) const {
  Check("MDC.wait_quantile").probability("probability", probability);
  if (!stable()) return detail::unbounded;
  if (arrival_rate == 0) return 0;
  return service_time * detail::queue_of(*this).quantile(probability);
}

QSM_INLINE double MDC::sojourn_cdf(double time) const {
  Check("MDC.sojourn_cdf").extended("time", time);
  return time < service_time ? 0 : wait_cdf(time - service_time);
}

QSM_INLINE double MDC::sojourn_quantile(double probability) const {
  Check("MDC.sojourn_quantile").probability("probability", probability);
  return probability == 0 ? 0 : service_time + wait_quantile(probability);
}

QSM_INLINE MDC mdc(double arrival_rate, double service_time, double servers) {
  Check check("mdc");
  MDC::validate(check, arrival_rate, service_time, servers);
  return {arrival_rate, service_time, servers};
}

}  // namespace qsm::inline v0::queueing
