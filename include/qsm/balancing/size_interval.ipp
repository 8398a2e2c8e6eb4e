#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <qsm/balancing/size_interval.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/sizes.hpp>

namespace qsm::inline v0::balancing {
namespace detail {

/// E[S; S <= x] and E[S²; S <= x].
class PartialMoments {
 public:
  explicit PartialMoments(const Distribution& law) : law_(law), sizes_(law) {}
  double first(double x) const {
    if (x < 0) return 0;
    return std::isinf(x) ? sizes_.below(x) : sizes_.below(x) - x * law_.survival(x);
  }
  double second(double x) const {
    if (x < 0) return 0;
    return std::isinf(x) ? law_.moment(2) : 2 * sizes_.moment(x) - x * x * law_.survival(x);
  }
  double share(double x) const { return std::isinf(x) ? 1 : x < 0 ? 0 : law_.cdf(x); }

 private:
  Distribution law_;
  queueing::detail::Sizes sizes_;
};

struct Interval {
  double share, load, wait;
  /// What it adds to the mean wait of all.
  double part() const { return share > 0 ? share * wait : 0; }
};

inline Interval between(const PartialMoments& moments, double rate, double low, double high) {
  Interval one{moments.share(high) - moments.share(low), rate * (moments.first(high) - moments.first(low)), 0};
  if (one.share <= 0) return {0, 0, 0};
  const double second = moments.second(high) - moments.second(low);
  one.wait = one.load >= 1 ? std::numeric_limits<double>::infinity() : rate * second / (2 * (1 - one.load));
  return one;
}

inline SizeIntervals farm_of(const PartialMoments& moments, double rate, double mean, std::vector<double> cutoffs) {
  SizeIntervals farm;
  farm.mean_wait = 0;
  farm.stable = true;
  double low = -1;  // sizes of exactly zero go to the first
  for (std::size_t i = 0; i <= cutoffs.size(); ++i) {
    const double high = i < cutoffs.size() ? cutoffs[i] : std::numeric_limits<double>::infinity();
    const Interval one = between(moments, rate, low, high);
    farm.shares.push_back(one.share);
    farm.utilizations.push_back(one.load);
    farm.waits.push_back(one.wait);
    farm.mean_wait += one.part();
    farm.stable = farm.stable && one.load < 1;
    low = high;
  }
  farm.mean_sojourn = farm.mean_wait + mean;
  farm.cutoffs = std::move(cutoffs);
  return farm;
}

}  // namespace detail

QSM_INLINE SizeIntervals size_intervals(double arrival_rate, const Distribution& service,
                                        std::span<const double> cutoffs) {
  Check check("size_intervals");
  check.positive("arrival_rate", arrival_rate);
  queueing::detail::check_times(check, "service", service);
  for (std::size_t i = 0; i < cutoffs.size(); ++i) {
    check.positive("cutoffs", cutoffs[i]);
    check.that(i == 0 || cutoffs[i] >= cutoffs[i - 1], "cutoffs", cutoffs[i], "not falling");
  }
  return detail::farm_of(detail::PartialMoments(service), arrival_rate, service.mean(),
                         {cutoffs.begin(), cutoffs.end()});
}

QSM_INLINE SizeIntervals size_interval_cutoffs(double arrival_rate, const Distribution& service, double servers,
                                               const std::string& objective) {
  Check check("size_interval_cutoffs");
  check.positive("arrival_rate", arrival_rate);
  queueing::detail::check_times(check, "service", service);
  check.positive_count("servers", servers);
  check.that(servers >= 2 && servers <= 1000, "servers", servers, "an integer in [2, 1000]");
  if (objective != "equal_load" && objective != "least_wait")
    throw std::invalid_argument("size_interval_cutoffs: objective must be equal_load or least_wait, got '" + objective +
                                "'");
  const detail::PartialMoments moments(service);
  const double top = std::isinf(service.high()) ? service.survival_quantile(1e-15) : service.high();
  std::vector<double> cutoffs;
  for (double i = 1; i < servers; ++i) {  // E[S; S <= x] = i / n E[S], by halving
    double low = 0, high = top;
    for (int halved = 0; halved < 200 && high - low > 1e-14 * high; ++halved) {
      const double middle = (low + high) / 2;
      (moments.first(middle) * servers < i * service.mean() ? low : high) = middle;
    }
    cutoffs.push_back(high);
  }
  if (objective == "least_wait" && arrival_rate * service.mean() < servers) {
    constexpr double golden = 0.6180339887498949;
    const auto cost = [&](std::size_t i, double x) {
      const double below = i > 0 ? cutoffs[i - 1] : -1;
      const double above = i + 1 < cutoffs.size() ? cutoffs[i + 1] : std::numeric_limits<double>::infinity();
      const auto one = detail::between(moments, arrival_rate, below, x),
                 two = detail::between(moments, arrival_rate, x, above);
      // Where both cannot be stable at once, the one that is nearer leads back.
      const double over = std::max(0.0, one.load - 1) + std::max(0.0, two.load - 1);
      return std::isinf(one.part() + two.part()) ? 1e200 * (1 + over) : one.part() + two.part();
    };
    double before = std::numeric_limits<double>::infinity();
    for (int round = 0; round < 200; ++round) {
      for (std::size_t i = 0; i < cutoffs.size(); ++i) {
        double low = i > 0 ? cutoffs[i - 1] : std::max(service.low(), 1e-12 * cutoffs[0]);
        double high = i + 1 < cutoffs.size() ? cutoffs[i + 1] : top;
        double a = high - golden * (high - low), b = low + golden * (high - low);
        double at_a = cost(i, a), at_b = cost(i, b);
        while (high - low > 1e-11 * high) {
          if (at_a <= at_b) {
            high = b, b = a, at_b = at_a;
            a = high - golden * (high - low);
            at_a = cost(i, a);
          } else {
            low = a, a = b, at_a = at_b;
            b = low + golden * (high - low);
            at_b = cost(i, b);
          }
        }
        if (cost(i, (low + high) / 2) < cost(i, cutoffs[i])) cutoffs[i] = (low + high) / 2;
      }
      const double now = detail::farm_of(moments, arrival_rate, service.mean(), cutoffs).mean_wait;
      if (cutoffs.size() == 1 || !(now < before * (1 - 1e-10))) break;
      before = now;
    }
  }
  return detail::farm_of(moments, arrival_rate, service.mean(), std::move(cutoffs));
}

}  // namespace qsm::inline v0::balancing
