#pragma once
#include <algorithm>
#include <cmath>

#include <qsm/core/detail/special.hpp>
#include <qsm/queueing/mm_infinity.hpp>

namespace qsm::inline v0::queueing {

QSM_INLINE double MMInfinity::mean_number_at(double time) const {
  Check("MMInfinity.mean_number_at").extended("time", time);
  return mean_number() * -std::expm1(-service_rate * time);
}

QSM_INLINE double MMInfinity::number_cdf(double count) const {
  Check("MMInfinity.number_cdf").count("count", count);
  return arrival_rate == 0 ? 1 : core::detail::gamma_upper(count + 1, mean_number());
}

QSM_INLINE double MMInfinity::number_quantile(double probability) const {
  Check("MMInfinity.number_quantile")
      .that((probability >= 0) & (probability < 1), "probability", probability, "in [0, 1)");
  const double a = mean_number(), late = 1 - probability;
  if (a == 0) return 0;
  const auto enough = [&](double n) {
    return probability < 0.5 ? core::detail::gamma_upper(n + 1, a) >= probability
                             : core::detail::gamma_lower(n + 1, a) <= late;
  };
  double low = -1, high = std::floor(a), step = std::sqrt(a) + 1;
  while (!enough(high)) low = high, high = std::floor(high + step), step *= 2;
  while (high - low > 1) {
    const double middle = low + std::floor((high - low) / 2);
    if (!(low < middle && middle < high)) break;  // beyond 2^53 counts have no neighbours
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

QSM_INLINE double MMInfinity::sojourn_cdf(double time) const {
  Check("MMInfinity.sojourn_cdf").extended("time", time);
  return -std::expm1(-service_rate * time);
}

QSM_INLINE double MMInfinity::sojourn_quantile(double probability) const {
  Check("MMInfinity.sojourn_quantile").probability("probability", probability);
  return -std::log1p(-probability) / service_rate;
}

QSM_INLINE MMInfinity mm_infinity(double arrival_rate, double service_rate) {
  Check check("mm_infinity");
  MMInfinity::validate(check, arrival_rate, service_rate);
  return {arrival_rate, service_rate};
}

}  // namespace qsm::inline v0::queueing
