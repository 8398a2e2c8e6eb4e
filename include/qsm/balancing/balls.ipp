#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <qsm/balancing/balls.hpp>
#include <qsm/core/detail/special.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::balancing {
namespace detail {

inline constexpr double most_balls = 20000, most_balls_by_choice = 60;

inline void check_balls(Check& check, double balls, double bins, double choices) {
  check.count("balls", balls);
  check.positive_count("bins", bins);
  check.that(bins <= 0x1p24, "bins", bins, "at most 2^24");
  check.positive_count("choices", choices);
  if (choices == 1)
    check.that(balls <= most_balls, "balls", balls, "at most 20000");
  else
    check.that(balls <= most_balls_by_choice, "balls", balls, "at most 60 with more than one choice");
}

/// Product of two laws of a number, as far as the number m.
inline std::vector<double> convolved(const std::vector<double>& a, const std::vector<double>& b, std::size_t most) {
  std::vector<double> sum(std::min(most + 1, a.size() + b.size() - 1), 0);
  for (std::size_t i = 0; i < a.size() && i < sum.size(); ++i) {
    const std::size_t end = std::min(b.size(), sum.size() - i);
    for (std::size_t j = 0; j < end; ++j) sum[i + j] += a[i] * b[j];
  }
  return sum;
}

/// With one choice: the loads are independent Poisson numbers, given that their sum is m.
inline double max_load_cdf_of_one(double balls, double bins, double load) {
  if (balls == 0 || load >= balls) return 1;
  if (load * bins < balls) return 0;
  const double mean = balls / bins;
  std::vector<double> law;  // of a bin, given that it holds at most k
  for (double j = 0; j <= load; ++j) law.push_back(std::exp(j * std::log(mean) - mean - std::lgamma(j + 1)));
  double within = 0;
  for (const double p : law) within += p;
  // P(bin <= k)^n by the complement, which is accurate where it is small.
  const double log_all = bins * (within > 0.5 ? std::log1p(-core::detail::gamma_lower(load + 1, mean))
                                              : std::log(core::detail::gamma_upper(load + 1, mean)));
  for (double& p : law) p /= within;
  const auto most = static_cast<std::size_t>(balls);
  std::vector<double> sum{1};
  for (auto left = static_cast<std::size_t>(bins);;) {
    if (left % 2 == 1) sum = convolved(sum, law, most);
    if ((left /= 2) == 0) break;
    law = convolved(law, law, most);
  }
  if (sum.size() <= most || sum[most] <= 0) return 0;
  const double log_total = balls * std::log(balls) - balls - std::lgamma(balls + 1);
  return std::min(1.0, std::exp(log_all + std::log(sum[most]) - log_total));
}

/// With more: the law of the occupied bins' loads, ball by ball.
inline std::vector<double> max_load_law_of_choices(double balls, double bins, double choices) {
  using Loads = std::vector<std::uint16_t>;  // of the occupied bins, falling
  std::map<Loads, double> law{{{}, 1.0}};
  for (double ball = 0; ball < balls; ++ball) {
    std::map<Loads, double> next;
    for (const auto& [loads, probability] : law) {
      // Groups of equal load, the fullest first; all d draws lie at or above a group with the power of its share.
      double above = 0;
      for (std::size_t first = 0; first <= loads.size();) {
        std::size_t end = first;
        while (end < loads.size() && loads[end] == loads[first]) ++end;
        const bool empty = first == loads.size();
        const double upto = empty ? bins : static_cast<double>(end);
        const double chance = std::pow(upto / bins, choices) - std::pow(above / bins, choices);
        if (upto > above) {
          Loads raised = loads;
          if (empty)
            raised.push_back(1);
          else
            ++raised[first];
          next[raised] += probability * chance;
        }
        above = upto;
        if (empty) break;
        first = end;
      }
    }
    law = std::move(next);
  }
  std::vector<double> of_max(static_cast<std::size_t>(balls) + 1, 0);
  for (const auto& [loads, probability] : law) of_max[loads.empty() ? 0 : loads[0]] += probability;
  return of_max;
}

}  // namespace detail

QSM_INLINE double max_load_cdf(double balls, double bins, double load, double choices) {
  Check check("max_load_cdf");
  detail::check_balls(check, balls, bins, choices);
  check.count("load", load);
  if (choices == 1) return detail::max_load_cdf_of_one(balls, bins, load);
  const auto law = detail::max_load_law_of_choices(balls, bins, choices);
  double sum = 0;
  for (std::size_t k = 0; k < law.size() && static_cast<double>(k) <= load; ++k) sum += law[k];
  return load >= balls ? 1 : std::min(1.0, sum);
}

QSM_INLINE double mean_max_load(double balls, double bins, double choices) {
  Check check("mean_max_load");
  detail::check_balls(check, balls, bins, choices);
  double mean = 0;
  if (choices == 1) {
    double k = 0;
    for (; k * bins < balls; ++k) ++mean;  // certainly more than k
    for (; k < balls; ++k) {
      const double beyond = 1 - detail::max_load_cdf_of_one(balls, bins, k);
      mean += beyond;
      if (beyond < 1e-16) break;
    }
    return mean;
  }
  const auto law = detail::max_load_law_of_choices(balls, bins, choices);
  for (std::size_t k = 0; k < law.size(); ++k) mean += static_cast<double>(k) * law[k];
  return mean;
}

QSM_INLINE double max_load_growth(double bins, double choices) {
  Check check("max_load_growth");
  check.positive_count("bins", bins);
  check.that(bins >= 3, "bins", bins, "an integer >= 3");
  check.positive_count("choices", choices);
  if (choices > 1) return std::log(std::log(bins)) / std::log(choices);
  double low = 2, high = 200;  // Γ(200) > 2^1024
  while (high - low > 1e-12 * high) {
    const double middle = (low + high) / 2;
    (std::lgamma(middle) < std::log(bins) ? low : high) = middle;
  }
  return low - 1.5;
}

QSM_INLINE double load_fraction(double load, double balls_per_bin, double choices) {
  Check check("load_fraction");
  check.count("load", load);
  check.that(load <= 1000, "load", load, "at most 1000");
  check.that(balls_per_bin >= 0 && balls_per_bin <= 1000, "balls_per_bin", balls_per_bin, "in [0, 1000]");
  check.positive_count("choices", choices);
  if (load == 0) return 1;
  if (balls_per_bin == 0) return 0;
  if (choices == 1) return core::detail::gamma_lower(load, balls_per_bin);
  const auto size = static_cast<std::size_t>(load);
  const auto slope = [&](const std::vector<double>& s, std::vector<double>& out) {
    double before = 1;
    for (std::size_t k = 0; k < size; ++k) {
      const double here = std::pow(s[k], choices);
      out[k] = before - here;
      before = here;
    }
  };
  const auto solved = [&](std::size_t steps) {
    const double h = balls_per_bin / static_cast<double>(steps);
    std::vector<double> s(size, 0), a(size), b(size), c(size), d(size), at(size);
    const auto moved = [&](const std::vector<double>& by, double step) -> const std::vector<double>& {
      for (std::size_t k = 0; k < size; ++k) at[k] = s[k] + step * by[k];
      return at;
    };
    for (std::size_t i = 0; i < steps; ++i) {
      slope(s, a);
      slope(moved(a, h / 2), b);
      slope(moved(b, h / 2), c);
      slope(moved(c, h), d);
      for (std::size_t k = 0; k < size; ++k) s[k] += h / 6 * (a[k] + 2 * (b[k] + c[k]) + d[k]);
    }
    return s.back();
  };
  std::size_t steps = 64 + static_cast<std::size_t>(balls_per_bin * 16);
  double coarse = solved(steps);
  for (int halved = 0; halved < 12; ++halved) {
    const double fine = solved(steps *= 2);
    if (std::abs(fine - coarse) <= 1e-13) return fine;
    coarse = fine;
  }
  return coarse;
}

}  // namespace qsm::inline v0::balancing
