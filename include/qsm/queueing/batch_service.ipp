#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <qsm/core/detail/special.hpp>
#include <qsm/queueing/batch_service.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/mdc.hpp>

namespace qsm::inline v0::queueing {

QSM_INLINE bool FixedBatch::stable() const { return MDC{arrival_rate, service_time(), batch_size}.stable(); }

QSM_INLINE double FixedBatch::mean_wait() const {
  return mean_fill() + MDC{arrival_rate, service_time(), batch_size}.mean_wait();
}

QSM_INLINE FixedBatch fixed_batch(double arrival_rate, double setup_time, double item_time, double batch_size) {
  Check check("fixed_batch");
  FixedBatch::validate(check, arrival_rate, setup_time, item_time, batch_size);
  return {arrival_rate, setup_time, item_time, batch_size};
}

struct DynamicBatch::Cycle {
  double time, busy, batch, number;  // mean length, busy time, customers taken, and integral of the number present
  double waiting;                    // sum of the customers' waits
};

QSM_INLINE bool DynamicBatch::stable() const {
  return std::fma(-arrival_rate, setup_time + item_time * batch_size, batch_size) > 0;
}

QSM_INLINE DynamicBatch::Cycle DynamicBatch::cycle() const {
  const auto largest = static_cast<std::size_t>(batch_size);
  const auto solve = [&](std::size_t cut) {
    // P(n left behind -> m left behind), by elimination without subtraction (Grassmann, Taksar, Heyman 1985).
    const std::size_t states = cut + 1;
    std::vector<double> p(states * states);
    for (std::size_t n = 0; n < states; ++n) {
      const std::size_t taken = std::clamp<std::size_t>(n, 1, largest), left = n > largest ? n - largest : 0;
      const double mean = arrival_rate * (setup_time + item_time * static_cast<double>(taken));
      for (std::size_t m = left; m < cut; ++m)
        p[n * states + m] = core::detail::gamma_density(static_cast<double>(m - left) + 1, mean);
      // More than fit are lost.
      p[n * states + cut] = cut > left ? core::detail::gamma_lower(static_cast<double>(cut - left), mean) : 1;
    }
    std::vector<double> out_rate(states);
    for (std::size_t n = cut; n > 0; --n) {
      double down = 0;
      for (std::size_t m = 0; m < n; ++m) down += p[n * states + m];
      out_rate[n] = down;
      for (std::size_t i = 0; i < n; ++i) {
        const double weight = p[i * states + n] / down;
        if (weight == 0) continue;
        for (std::size_t m = 0; m < n; ++m) p[i * states + m] += weight * p[n * states + m];
      }
    }
    std::vector<double> share(states);
    share[0] = 1;
    double total = 1;
    for (std::size_t n = 1; n < states; ++n) {
      double inflow = 0;
      for (std::size_t i = 0; i < n; ++i) inflow += share[i] * p[i * states + n];
      total += share[n] = inflow / out_rate[n];
    }
    Cycle mean{};
    for (std::size_t n = states; n-- > 0;) {
      const double part = share[n] / total;
      const double taken = std::clamp(static_cast<double>(n), 1.0, batch_size);
      const double time = setup_time + item_time * taken;
      mean.time += part * (time + (n == 0 ? 1 / arrival_rate : 0));
      mean.busy += part * time;
      mean.batch += part * taken;
      const double left = std::max(1.0, static_cast<double>(n)) - taken;
      mean.number += part * time * (taken + left + arrival_rate * time / 2);
      mean.waiting += part * time * (left + arrival_rate * time / 2);
    }
    return mean;
  };
  std::size_t cut = 2 * largest + 32;
  Cycle now = solve(cut);
  for (double before = -1; !(std::abs(now.number - before) <= 1e-13 * now.number);) {
    if (cut > 4000) throw std::runtime_error("dynamic_batch: the queue is too long to be computed");
    before = now.number;
    cut *= 2;
    now = solve(cut);
  }
  return now;
}

QSM_INLINE double DynamicBatch::utilization() const {
  if (!stable()) return 1;
  const auto mean = cycle();
  return mean.busy / mean.time;
}

QSM_INLINE double DynamicBatch::mean_batch() const { return stable() ? cycle().batch : batch_size; }

QSM_INLINE double DynamicBatch::mean_number() const {
  if (!stable()) return detail::unbounded;
  const auto mean = cycle();
  return mean.number / mean.time;
}

QSM_INLINE double DynamicBatch::mean_wait() const {
  if (!stable()) return detail::unbounded;
  const auto mean = cycle();
  return mean.waiting / mean.batch;
}

QSM_INLINE double DynamicBatch::mean_sojourn() const { return mean_number() / arrival_rate; }

QSM_INLINE DynamicBatch dynamic_batch(double arrival_rate, double setup_time, double item_time, double batch_size) {
  Check check("dynamic_batch");
  DynamicBatch::validate(check, arrival_rate, setup_time, item_time, batch_size);
  return {arrival_rate, setup_time, item_time, batch_size};
}

QSM_INLINE double best_fixed_batch(double arrival_rate, double setup_time, double item_time, double largest) {
  Check check("best_fixed_batch");
  FixedBatch::validate(check, arrival_rate, setup_time, item_time, 1);
  check.positive_count("largest", largest);
  check.that(!(largest > 1e5), "largest", largest, "at most 100000");
  double best = detail::unbounded, least = detail::unbounded;
  for (double size = 1; size <= largest; ++size) {
    const FixedBatch server{arrival_rate, setup_time, item_time, size};
    if (server.mean_fill() + server.service_time() >= least) break;  // from here on it only grows
    const double sojourn = server.mean_sojourn();
    if (sojourn < least) least = sojourn, best = size;
  }
  return best;
}

}  // namespace qsm::inline v0::queueing
