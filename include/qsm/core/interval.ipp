#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/moments.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

QSM_INLINE std::string percent(double confidence) {
  std::string text = shortest(std::round(confidence * 1e8) / 1e6);
  return text + " %";
}

QSM_INLINE void require_values(const char* function, const char* argument, std::span<const double> values,
                               std::size_t least) {
  if (values.size() < least)
    throw std::invalid_argument(std::string(function) + ": " + argument + " must hold at least " +
                                std::to_string(least) + " values, got " + std::to_string(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isnan(values[i]))
      refuse(function, (std::string(argument) + "[" + std::to_string(i) + "]").c_str(), values[i], "a number");
}

QSM_INLINE void require_finite(const char* function, const char* argument, std::span<const double> values,
                               std::size_t least) {
  require_values(function, argument, values, least);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      refuse(function, (std::string(argument) + "[" + std::to_string(i) + "]").c_str(), values[i], "finite");
}

// Regularised incomplete beta function I(x; a, b), with y = 1 - x given apart, so that neither end loses digits.
// Continued fraction (DLMF 8.17.22) by Lentz's method, on the side of the mean where it converges in O(√(a + b)) steps.
QSM_INLINE double incomplete_beta(double a, double b, double x, double y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(b, a, y, x);
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(y)) / a;
  double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), fraction = d;
  for (double m = 1; m < 1e7; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (std::abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}

// P(Bin(n, p) <= k)
QSM_INLINE double binomial_cdf(double n, double p, double k) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incomplete_beta(n - k, k + 1, 1 - p, p);
}

// P(T > t) for t > 0, or P(0 < T < t) where `central`.
QSM_INLINE double student_part(double t, double degrees, bool central) {
  const double sum = degrees + t * t;
  return central ? incomplete_beta(0.5, degrees / 2, t * t / sum, degrees / sum) / 2
                 : incomplete_beta(degrees / 2, 0.5, degrees / sum, t * t / sum) / 2;
}

// Fisher's expansion of the t quantile about the normal one, for many degrees of freedom.
QSM_INLINE double student_expansion(double z, double degrees) {
  const double s = z * z;
  const double g1 = (s + 1) / 4;
  const double g2 = ((5 * s + 16) * s + 3) / 96;
  const double g3 = (((3 * s + 19) * s + 17) * s - 15) / 384;
  const double g4 = ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;
  return z * (1 + (g1 + (g2 + (g3 + g4 / degrees) / degrees) / degrees) / degrees);
}

}  // namespace detail

QSM_INLINE double normal_quantile(double probability) {
  Check("normal_quantile").probability("probability", probability);
  return portable_normal_quantile(probability);
}

QSM_INLINE double student_quantile(double probability, double degrees) {
  Check check("student_quantile");
  check.probability("probability", probability);
  check.that(degrees > 0, "degrees", degrees, "> 0");
  if (std::isinf(degrees)) return normal_quantile(probability);
  if (probability == 0.5) return 0;
  const double sign = probability < 0.5 ? -1 : 1;
  const double tail = std::min(probability, 1 - probability);
  if (tail == 0) return sign * infinity;
  const double z = -normal_quantile(tail);
  const double start = degrees >= 3 ? detail::student_expansion(z, degrees) : 1;
  if (z * z + 1 < 0.001 * degrees) return sign * start;
  // Newton's method on logarithms of probability and t, from whichever end has the smaller probability: the curve is
  // concave there, so that it needs no bracket.
  const bool central = tail > 0.25;
  const double goal = central ? 0.5 - tail : tail;
  const double constant =
      std::exp(std::lgamma((degrees + 1) / 2) - std::lgamma(degrees / 2)) / std::sqrt(degrees * std::numbers::pi);
  double t = start;
  for (int step = 0; step < 100; ++step) {
    const double part = detail::student_part(t, degrees, central);
    const double density = constant * std::exp(-(degrees + 1) / 2 * std::log1p(t * t / degrees));
    const double change = std::log(part / goal) * part / (t * density) * (central ? -1 : 1);
    t *= std::exp(std::clamp(change, -3.0, 3.0));
    if (std::abs(change) < 1e-15) break;
  }
  return sign * t;
}

QSM_INLINE Estimate mean_interval(std::span<const double> values, double confidence) {
  Check("mean_interval").inner_probability("confidence", confidence);
  detail::require_values("mean_interval", "values", values, 1);
  std::string method = std::to_string(values.size()) +
                       (values.size() == 1 ? " replication, t, " : " replications, t, ") + detail::percent(confidence);
  double sum = 0;
  for (const double value : values) sum += value;
  if (!std::isfinite(sum)) return {sum, sum, sum, std::move(method)};
  Moments moments;
  moments.add(values);
  const double mean = moments.mean();
  if (values.size() == 1) return {mean, -infinity, infinity, std::move(method)};
  const double half =
      student_quantile((1 + confidence) / 2, moments.count() - 1) * std::sqrt(moments.variance() / moments.count());
  return {mean, mean - half, mean + half, std::move(method)};
}

QSM_INLINE Estimate batch_means(std::span<const double> series, double batches, double confidence) {
  Check check("batch_means");
  check.positive_count("batches", batches);
  check.that(batches >= 2, "batches", batches, "an integer >= 2");
  check.inner_probability("confidence", confidence);
  check.that(batches <= static_cast<double>(series.size()), "batches", batches, "at most the length of the series");
  detail::require_values("batch_means", "series", series, 2);
  const auto count = static_cast<std::size_t>(batches);
  const std::size_t length = series.size() / count;
  series = series.last(count * length);
  std::vector<double> means(count);
  for (std::size_t i = 0; i < count; ++i) {
    Moments moments;
    moments.add(series.subspan(i * length, length));
    means[i] = moments.mean();
  }
  Estimate estimate = mean_interval(means, confidence);
  estimate.method = std::to_string(count) + " batch means, t, " + detail::percent(confidence);
  return estimate;
}

QSM_INLINE Estimate quantile_interval(std::span<const double> samples, double probability, double confidence) {
  Check check("quantile_interval");
  check.probability("probability", probability);
  check.inner_probability("confidence", confidence);
  detail::require_values("quantile_interval", "samples", samples, 1);
  const auto n = static_cast<double>(samples.size());
  const double tail = (1 - confidence) / 2;
  // X(i) <= quantile <= X(j) unless fewer than i, or at least j, values lie below the quantile.
  const auto smallest = [&](auto&& holds) {  // smallest k in 0 ... n + 1 for which it holds
    double low = 0, high = n + 1;
    while (low < high) {
      const double middle = std::floor((low + high) / 2);
      if (holds(middle))
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  };
  const double lower = smallest([&](double k) { return detail::binomial_cdf(n, probability, k) > tail; });
  const double upper = smallest([&](double k) { return 1 - detail::binomial_cdf(n, probability, k - 1) <= tail; });
  std::vector<double> sorted(samples.begin(), samples.end());
  const auto ranked = [&](double rank) {  // the rank-th smallest, from 1 on
    const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(sorted.begin(), place, sorted.end());
    return *place;
  };
  // p·n is rounded: 0.95 · 20 must be rank 19, not 20.
  const double rank = std::clamp(std::ceil(probability * n * (1 - 4 * std::numeric_limits<double>::epsilon())), 1.0, n);
  return {ranked(rank), lower < 1 ? -infinity : ranked(lower), upper > n ? infinity : ranked(upper),
          "order statistics of " + std::to_string(samples.size()) + ", " + detail::percent(confidence)};
}

QSM_INLINE Estimate control_variate(std::span<const double> values, std::span<const double> controls, double known_mean,
                                    double confidence) {
  Check check("control_variate");
  check.finite("known_mean", known_mean);
  check.inner_probability("confidence", confidence);
  if (values.size() != controls.size())
    throw std::invalid_argument("control_variate: controls must be as many as values (" +
                                std::to_string(values.size()) + "), got " + std::to_string(controls.size()));
  detail::require_finite("control_variate", "values", values, 3);
  detail::require_finite("control_variate", "controls", controls, 3);
  Moments y, x;
  y.add(values);
  x.add(controls);
  const double n = y.count();
  double cross = 0;
  for (std::size_t i = 0; i < values.size(); ++i) cross += (values[i] - y.mean()) * (controls[i] - x.mean());
  const double spread = x.variance() * (n - 1);
  if (!(spread > 0)) return mean_interval(values, confidence);
  const double slope = cross / spread;
  double residual = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double gap = (values[i] - y.mean()) - slope * (controls[i] - x.mean());
    residual += gap * gap;
  }
  const double distance = known_mean - x.mean();
  const double mean = y.mean() + slope * distance;
  const double half = student_quantile((1 + confidence) / 2, n - 2) *
                      std::sqrt(residual / (n - 2) * (1 / n + distance * distance / spread));
  return {mean, mean - half, mean + half,
          std::to_string(values.size()) + " replications, control variate, t, " + detail::percent(confidence)};
}

QSM_INLINE Estimate paired_difference(std::span<const double> values, std::span<const double> others,
                                      double confidence) {
  if (values.size() != others.size())
    throw std::invalid_argument("paired_difference: others must be as many as values (" +
                                std::to_string(values.size()) + "), got " + std::to_string(others.size()));
  detail::require_values("paired_difference", "values", values, 1);
  detail::require_values("paired_difference", "others", others, 1);
  std::vector<double> differences(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) differences[i] = values[i] - others[i];
  Estimate estimate = mean_interval(differences, confidence);
  estimate.method = "paired, " + estimate.method;
  return estimate;
}

QSM_INLINE Warmup mser_warmup(std::span<const double> series, double batch) {
  Check("mser_warmup").positive_count("batch", batch);
  const auto length = static_cast<std::size_t>(std::min(batch, static_cast<double>(series.size() + 1)));
  detail::require_finite("mser_warmup", "series", series, 10 * length);
  const std::size_t batches = series.size() / length;
  std::size_t best = 0;
  double least = infinity;
  Moments rest;  // batches d ... last
  for (std::size_t d = batches; d-- > 0;) {
    Moments mean;
    mean.add(series.subspan(d * length, length));
    rest.add(mean.mean());
    const double n = rest.count();
    if (d > batches / 2) continue;
    const double error = rest.variance() * (n - 1) / (n * n);
    if (error <= least) {
      least = error;
      best = d;
    }
  }
  return {static_cast<double>(best * length), best < batches / 2};
}

}  // namespace qsm::inline v0::inline core
