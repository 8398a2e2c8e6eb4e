#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/retry_collapse.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// One server and its retrying clients.
class Retrying {
 public:
  Retrying(const char* function, double service_rate, double timeout, double retries, double budget)
      : service_rate_(service_rate), timeout_(timeout), retries_(retries), budget_(budget) {
    Check check(function);
    check.positive("service_rate", service_rate);
    check.positive("timeout", timeout);
    check.count("retries", retries);
    check.extended("budget", budget);
    // Attempt rates between which the arrival rate runs one way; finer near the service rate, where failures rise.
    constexpr int steps = 4000;
    double before = 0;
    int way = 1;
    turns_.push_back(0);
    for (int k = 1; k <= steps; ++k) {
      const double x = place(k, steps), here = arrival_rate(x);
      const int now = here >= before ? 1 : -1;
      if (now != way) turns_.push_back(turn(place(std::max(0, k - 2), steps), x, way)), way = now;
      before = here;
    }
    turns_.push_back(service_rate_);
  }

  double failure(double x) const { return x < service_rate_ ? std::exp(-(service_rate_ - x) * timeout_) : 1; }
  /// Retries for each request.
  double more(double x) const {
    const double p = failure(x);
    if (p == 0) return 0;
    const double all = p == 1 ? retries_ : p * -std::expm1(retries_ * std::log(p)) / (1 - p);
    return std::min(budget_, all);
  }
  double arrival_rate(double x) const { return x / (1 + more(x)); }
  const std::vector<double>& turns() const { return turns_; }

  /// Attempt rate between two turns with this arrival rate.
  double root(double low, double high, double rate, bool rising) const {
    for (int step = 0; step < 200; ++step) {
      const double middle = low + (high - low) / 2;
      if (!(low < middle && middle < high)) break;
      ((arrival_rate(middle) < rate) == rising ? low : high) = middle;
    }
    return high;
  }

 private:
  double place(int k, int steps) const {
    const double left = 1 - static_cast<double>(k) / steps;
    return service_rate_ * (1 - left * left);
  }
  double turn(double low, double high, int way) const {  // golden section
    constexpr double ratio = 0.6180339887498949;
    for (int step = 0; step < 100 && high - low > 1e-15 * high; ++step) {
      const double a = high - ratio * (high - low), b = low + ratio * (high - low);
      if ((arrival_rate(a) < arrival_rate(b)) == (way > 0))
        low = a;
      else
        high = b;
    }
    return low + (high - low) / 2;
  }

  double service_rate_, timeout_, retries_, budget_;
  std::vector<double> turns_;
};

}  // namespace detail

QSM_INLINE std::vector<RetryEquilibrium> retry_equilibria(double arrival_rate, double service_rate, double timeout,
                                                          double retries, double budget) {
  Check("retry_equilibria").not_negative("arrival_rate", arrival_rate);
  const detail::Retrying clients("retry_equilibria", service_rate, timeout, retries, budget);
  std::vector<RetryEquilibrium> out;
  const auto add = [&](double x, bool stable) {
    const double p = clients.failure(x), more = clients.more(x);
    // Of each attempt the same part fails: arrivals and retries less failures.
    out.push_back({x, p, std::min(arrival_rate, arrival_rate * (1 + more) * (1 - p)), stable});
  };
  const auto& turns = clients.turns();
  for (std::size_t i = 1; i < turns.size(); ++i) {
    const bool rising = i % 2 == 1;
    const double from = clients.arrival_rate(turns[i - 1]), to = clients.arrival_rate(turns[i]);
    const bool inside = rising ? from <= arrival_rate && arrival_rate < to : to < arrival_rate && arrival_rate < from;
    if (inside) add(arrival_rate == 0 ? 0 : clients.root(turns[i - 1], turns[i], arrival_rate, rising), rising);
  }
  const double most = arrival_rate * (1 + clients.more(service_rate));
  if (most >= service_rate) add(most, true);
  return out;
}

QSM_INLINE double collapse_rate(double service_rate, double retries, double budget) {
  Check check("collapse_rate");
  check.positive("service_rate", service_rate);
  check.count("retries", retries);
  check.extended("budget", budget);
  return service_rate / (1 + std::min(retries, budget));
}

QSM_INLINE double tipping_rate(double service_rate, double timeout, double retries, double budget) {
  const detail::Retrying clients("tipping_rate", service_rate, timeout, retries, budget);
  return clients.arrival_rate(clients.turns()[1]);
}

}  // namespace qsm::inline v0::queueing
