#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include <qsm/core/distributions.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/fit.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

/// What the equations of likelihood need to know of a sample; made by summary().
struct SampleSummary {
  double size;
  double mean;
  double log_mean;    // mean of ln x
  double log_spread;  // variance of ln x, with n
  double least;
};

inline void check_sample(const char* function, std::span<const double> samples, std::size_t least) {
  if (samples.size() < least)
    throw std::invalid_argument(std::string(function) + ": samples must have at least " + std::to_string(least) +
                                " elements, got " + std::to_string(samples.size()));
}

/// Checks that all are finite and >= 0, some > 0.
inline double checked_mean(const char* function, std::span<const double> samples) {
  check_sample(function, samples, 1);
  Check check(function);
  long double sum = 0;
  for (const double value : samples) {
    check.not_negative("samples", value);
    sum += value;
  }
  const double mean = static_cast<double>(sum / static_cast<long double>(samples.size()));
  check.positive("mean of samples", mean);
  return mean;
}

/// Checks that all are finite and > 0, and not all equal.
inline SampleSummary summary(const char* function, std::span<const double> samples) {
  check_sample(function, samples, 2);
  Check check(function);
  long double sum = 0;
  long double logs = 0;
  for (const double value : samples) {
    check.positive("samples", value);
    sum += value;
    logs += std::log(value);
  }
  const auto n = static_cast<long double>(samples.size());
  const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
  if (*least == *most) throw std::invalid_argument(std::string(function) + ": samples must not all be equal");
  long double squares = 0;
  for (const double value : samples) squares += (std::log(value) - logs / n) * (std::log(value) - logs / n);
  return {static_cast<double>(n), static_cast<double>(sum / n), static_cast<double>(logs / n),
          static_cast<double>(squares / n), *least};
}

/// Distances between the sample and the law.
inline Fit assess(Distribution law, const char* family, int parameters, double log_likelihood,
                  std::span<const double> samples) {
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> below(sorted.size());
  std::vector<double> above(sorted.size());
  law.fill_cdf(sorted, below);
  law.fill_survival(sorted, above);
  const double n = static_cast<double>(sorted.size());
  double distance = 0;
  long double tails = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double rank = static_cast<double>(i);
    distance = std::max({distance, below[i] - rank / n, (rank + 1) / n - below[i]});
    tails += (2 * rank + 1) * (std::log(below[i]) + std::log(above[sorted.size() - 1 - i]));
  }
  const double anderson_darling = -n - static_cast<double>(tails) / n;
  return {std::move(law),
          family,
          parameters,
          log_likelihood,
          2 * parameters - 2 * log_likelihood,
          distance,
          kolmogorov_p_value(std::min(distance, 1.0), n),
          anderson_darling};
}

inline double gamma_log_likelihood(const SampleSummary& sample, double shape, double scale) {
  return sample.size *
         ((shape - 1) * sample.log_mean - sample.mean / scale - std::lgamma(shape) - shape * std::log(scale));
}

/// ln a - ψ(a) = ln(mean x) - mean(ln x), Newton in 1/a (Minka 2002, eq. 10).
inline double gamma_shape(const SampleSummary& sample) {
  const double gap = std::log(sample.mean) - sample.log_mean;
  double shape = (3 - gap + std::sqrt((gap - 3) * (gap - 3) + 24 * gap)) / (12 * gap);
  for (int i = 0; i < 100; ++i) {
    const double miss = std::log(shape) - boost::math::digamma(shape) - gap;
    const double next = 1 / (1 / shape + miss / (shape * shape * (1 / shape - boost::math::trigamma(shape))));
    if (!(next > 0) || !std::isfinite(next)) break;
    const double change = std::abs(next - shape);
    shape = next;
    if (change <= 1e-14 * shape) break;
  }
  return shape;
}

/// Phases of a hyperexponential law while it is fitted.
struct Phases {
  std::vector<double> weights;
  std::vector<double> rates;

  /// Weights that sum to 1. A phase of zeros alone would grow without bound; it stays a million times faster than the
  /// mean.
  void tidy(double mean) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    for (double& rate : rates) rate = std::min(rate, 1e6 / mean);
  }

  /// Calls `visit(x, share)` for each value x with the odds that it came from each phase; returns the log-likelihood.
  template <class Visit>
  double each(std::span<const double> samples, Visit visit) const {
    std::vector<double> share(rates.size());
    const double slowest = *std::min_element(rates.begin(), rates.end());
    double total = 0;
    for (const double x : samples) {
      double density = 0;
      for (std::size_t j = 0; j < rates.size(); ++j) {
        const double faster = rates[j] - slowest;
        share[j] = weights[j] * rates[j] * (faster > 0 ? std::exp(-faster * x) : 1);
        density += share[j];
      }
      total += std::log(density) - slowest * x;
      for (double& odds : share) odds /= density;
      visit(x, share);
    }
    return total;
  }
};

/// A round of expectation-maximisation in place; the log-likelihood before it.
inline double maximisation_round(Phases& at, std::span<const double> samples, double mean) {
  std::vector<double> mass(at.rates.size());
  std::vector<double> time(at.rates.size());
  const double before = at.each(samples, [&](double x, const std::vector<double>& share) {
    for (std::size_t j = 0; j < share.size(); ++j) {
      mass[j] += share[j];
      time[j] += share[j] * x;
    }
  });
  for (std::size_t j = 0; j < mass.size(); ++j)
    if (mass[j] > 0) at.rates[j] = mass[j] / std::max(time[j], 1e-300);
  at.weights = mass;
  at.tidy(mean);
  return before;
}

/// Log-likelihood, its slope, and less its curvature by rows, in the logarithms of weights (the first k) and rates (the
/// last k).
struct Slope {
  double log_likelihood;
  std::vector<double> first;
  std::vector<double> second;
};

inline Slope slope(const Phases& at, std::span<const double> samples) {
  const std::size_t k = at.rates.size();
  const std::size_t size = 2 * k;
  Slope result{0, std::vector<double>(size), std::vector<double>(size * size)};
  const auto second = [&](std::size_t i, std::size_t j) -> double& { return result.second[i * size + j]; };
  std::vector<double> own(size);
  result.log_likelihood = at.each(samples, [&](double x, const std::vector<double>& share) {
    for (std::size_t j = 0; j < k; ++j) {
      const double time = at.rates[j] * x;
      own[j] = share[j];
      own[k + j] = share[j] * (1 - time);
      second(j, j) -= own[j];
      second(k + j, j) -= own[k + j];
      second(k + j, k + j) -= own[k + j] * (1 - time) - own[j] * time;
    }
    for (std::size_t i = 0; i < size; ++i) {
      result.first[i] += own[i];
      for (std::size_t j = 0; j <= i; ++j) second(i, j) += own[i] * own[j];
    }
  });
  const double n = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < k; ++i) {  // weights count relative to their sum
    result.first[i] -= n * at.weights[i];
    second(i, i) += n * at.weights[i];
    for (std::size_t j = 0; j <= i; ++j) second(i, j) -= n * at.weights[i] * at.weights[j];
  }
  return result;
}

/// Solves A x = b by Cholesky's method, A given by its lower triangle; false where A is not positive definite.
inline bool solve_positive(std::vector<double> lower, std::vector<double>& x) {
  const std::size_t n = x.size();
  const auto a = [&](std::size_t i, std::size_t j) -> double& { return lower[i * n + j]; };
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      for (std::size_t m = 0; m < j; ++m) a(i, j) -= a(i, m) * a(j, m);
      if (i == j && !(a(j, j) > 0)) return false;
      a(i, j) = i == j ? std::sqrt(a(j, j)) : a(i, j) / a(j, j);
    }
    for (std::size_t m = 0; m < j; ++m) x[j] -= a(j, m) * x[m];
    x[j] /= a(j, j);
  }
  for (std::size_t j = n; j-- > 0;) {
    for (std::size_t m = j + 1; m < n; ++m) x[j] -= a(m, j) * x[m];
    x[j] /= a(j, j);
  }
  return true;
}

/// Damped Newton steps to the top of the likelihood, whose ridge is too flat for expectation-maximisation alone.
inline double climb(Phases& at, std::span<const double> samples, double mean) {
  const std::size_t k = at.rates.size();
  Slope here = slope(at, samples);
  for (double damping = 1e-3; damping < 1e8;) {
    std::vector<double> system = here.second;
    for (std::size_t i = 0; i < 2 * k; ++i) {
      double& diagonal = system[i * 2 * k + i];
      diagonal += damping * std::max(std::abs(diagonal), 1e-9);
    }
    std::vector<double> step = here.first;
    const auto small = [](double change) { return std::abs(change) < 5; };
    if (!solve_positive(std::move(system), step) || !std::all_of(step.begin(), step.end(), small)) {
      damping *= 8;
      continue;
    }
    Phases next = at;
    for (std::size_t j = 0; j < k; ++j) {
      next.weights[j] *= std::exp(step[j]);
      next.rates[j] *= std::exp(step[k + j]);
    }
    next.tidy(mean);
    Slope there = slope(next, samples);
    const double gained = there.log_likelihood - here.log_likelihood;
    if (!(gained > 0)) {
      damping *= 8;
      continue;
    }
    at = std::move(next);
    here = std::move(there);
    damping = std::max(damping / 8, 1e-12);
    if (gained <= 1e-12 * static_cast<double>(samples.size())) break;
  }
  return here.log_likelihood;
}

}  // namespace detail

QSM_INLINE double kolmogorov_p_value(double statistic, double samples) {
  Check check("kolmogorov_p_value");
  check.probability("statistic", statistic);
  check.positive_count("samples", samples);
  const double root = std::sqrt(samples);
  const double x = root * statistic + 1 / (6 * root) + (root * statistic - 1) / (4 * samples);
  if (x <= 0) return 1;
  constexpr double pi = 3.14159265358979323846;
  double sum = 0;
  if (x < 1) {  // the series that converges there
    for (int k = 1; k < 20; k += 2) sum += std::exp(-k * k * pi * pi / (8 * x * x));
    return std::clamp(1 - std::sqrt(2 * pi) / x * sum, 0.0, 1.0);
  }
  for (int k = 1; k < 20; ++k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2 * k * k * x * x);
  return std::clamp(sum, 0.0, 1.0);
}

QSM_INLINE Distribution match_moments(double mean, double scv) {
  Check check("match_moments");
  check.positive("mean", mean);
  check.not_negative("scv", scv);
  if (scv == 0) return deterministic(mean);
  if (scv == 1) return exponential(1 / mean);
  if (scv > 1) return hyperexponential_balanced(mean, scv);
  const double stages = std::ceil(1 / scv);
  check.that(stages <= largest_count, "scv", scv, "0 or >= 2^-53");
  const double inside = std::max(0.0, stages * (1 + scv) - stages * stages * scv);
  const double fewer = (stages * scv - std::sqrt(inside)) / (1 + scv);  // weight of the law with one stage less
  if (!(fewer > 1e-15)) return erlang(stages, stages / mean);
  const double rate = (stages - fewer) / mean;
  return mixture({fewer, 1 - fewer}, {erlang(stages - 1, rate), erlang(stages, rate)});
}

QSM_INLINE Distribution fit_moments(std::span<const double> samples) {
  detail::check_sample("fit_moments", samples, 2);
  const double mean = detail::checked_mean("fit_moments", samples);
  long double squares = 0;
  for (const double value : samples) squares += (value - mean) * (value - mean);
  const double variance = static_cast<double>(squares / static_cast<long double>(samples.size() - 1));
  return match_moments(mean, variance / mean / mean);
}

QSM_INLINE Fit fit_exponential(std::span<const double> samples) {
  const double mean = detail::checked_mean("fit_exponential", samples);
  const double likelihood = -static_cast<double>(samples.size()) * (std::log(mean) + 1);
  return detail::assess(exponential(1 / mean), "exponential", 1, likelihood, samples);
}

QSM_INLINE Fit fit_erlang(std::span<const double> samples) {
  const auto sample = detail::summary("fit_erlang", samples);
  const double shape = detail::gamma_shape(sample);
  const double fewer = std::max(1.0, std::floor(shape));
  const auto likelihood = [&](double stages) {
    return detail::gamma_log_likelihood(sample, stages, sample.mean / stages);
  };
  const double stages = likelihood(fewer) >= likelihood(fewer + 1) ? fewer : fewer + 1;
  return detail::assess(erlang(stages, stages / sample.mean), "erlang", 2, likelihood(stages), samples);
}

QSM_INLINE Fit fit_gamma(std::span<const double> samples) {
  const auto sample = detail::summary("fit_gamma", samples);
  const double shape = detail::gamma_shape(sample);
  const double scale = sample.mean / shape;
  return detail::assess(gamma(shape, scale), "gamma", 2, detail::gamma_log_likelihood(sample, shape, scale), samples);
}

QSM_INLINE Fit fit_lognormal(std::span<const double> samples) {
  const auto sample = detail::summary("fit_lognormal", samples);
  const double sigma = std::sqrt(sample.log_spread);
  const double likelihood = -sample.size * (sample.log_mean + std::log(sigma) + 0.91893853320467274178 + 0.5);
  return detail::assess(lognormal(sample.log_mean, sigma), "lognormal", 2, likelihood, samples);
}

QSM_INLINE Fit fit_weibull(std::span<const double> samples) {
  const auto sample = detail::summary("fit_weibull", samples);
  std::vector<double> logs;
  for (const double value : samples) logs.push_back(std::log(value));
  const double top = *std::max_element(logs.begin(), logs.end());
  double shape = 1.28254983016186 / std::sqrt(sample.log_spread);  // π/√6: the law of ln x is Gumbel's
  double powers = 0;
  for (int i = 0; i < 200; ++i) {
    powers = 0;
    double first = 0;
    double second = 0;
    for (const double log : logs) {
      const double weight = std::exp(shape * (log - top));
      powers += weight;
      first += weight * (log - top);
      second += weight * (log - top) * (log - top);
    }
    const double average = first / powers;
    const double miss = average - 1 / shape - (sample.log_mean - top);
    const double slope = second / powers - average * average + 1 / (shape * shape);
    const double next = std::max(shape - miss / slope, shape / 4);
    const double change = std::abs(next - shape);
    if (change <= 1e-14 * shape) break;
    shape = next;
  }
  powers = 0;
  for (const double log : logs) powers += std::exp(shape * (log - top));
  const double log_scale = top + std::log(powers / sample.size) / shape;
  const double likelihood = sample.size * (std::log(shape) - shape * log_scale + (shape - 1) * sample.log_mean - 1);
  return detail::assess(weibull(shape, std::exp(log_scale)), "weibull", 2, likelihood, samples);
}

QSM_INLINE Fit fit_pareto(std::span<const double> samples) {
  const auto sample = detail::summary("fit_pareto", samples);
  long double excess = 0;
  for (const double value : samples) excess += std::log(value / sample.least);
  const double shape = sample.size / static_cast<double>(excess);
  const double likelihood =
      sample.size * (std::log(shape) - std::log(sample.least)) - (shape + 1) * static_cast<double>(excess);
  return detail::assess(pareto(shape, sample.least), "pareto", 2, likelihood, samples);
}

QSM_INLINE Fit fit_hyperexponential(std::span<const double> samples, int phases) {
  Check check("fit_hyperexponential");
  check.positive_count("phases", phases);
  const double mean = detail::checked_mean("fit_hyperexponential", samples);
  const auto k = static_cast<std::size_t>(phases);
  detail::check_sample("fit_hyperexponential", samples, k);
  const std::size_t n = samples.size();
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> weights(k, 1.0 / static_cast<double>(k));
  std::vector<double> rates(k);
  for (std::size_t j = 0; j < k; ++j) {  // shares of equal size; one that is all zeros starts well below the mean
    const auto begin = sorted.begin() + static_cast<std::ptrdiff_t>(j * n / k);
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>((j + 1) * n / k);
    const double average = std::accumulate(begin, end, 0.0) / static_cast<double>(end - begin);
    rates[j] = 1 / std::max(average, 1e-3 * mean);
  }
  detail::Phases at{std::move(weights), std::move(rates)};
  for (int round = 0; round < 50; ++round) detail::maximisation_round(at, sorted, mean);
  const double likelihood = detail::climb(at, sorted, mean);
  return detail::assess(hyperexponential(std::move(at.weights), std::move(at.rates)), "hyperexponential",
                        2 * phases - 1, likelihood, samples);
}

QSM_INLINE std::vector<Fit> fit_best(std::span<const double> samples, const std::vector<std::string>& candidates) {
  using Fitter = Fit (*)(std::span<const double>);
  static constexpr std::pair<const char*, Fitter> fitters[] = {
      {"exponential", fit_exponential},
      {"erlang", fit_erlang},
      {"gamma", fit_gamma},
      {"lognormal", fit_lognormal},
      {"weibull", fit_weibull},
      {"pareto", fit_pareto},
      {"hyperexponential", [](std::span<const double> values) { return fit_hyperexponential(values); }}};
  std::vector<Fit> fits;
  if (candidates.empty())
    for (const auto& [name, fit] : fitters) fits.push_back(fit(samples));
  for (const std::string& candidate : candidates) {
    const auto* found = std::find_if(std::begin(fitters), std::end(fitters),
                                     [&](const auto& fitter) { return candidate == fitter.first; });
    if (found == std::end(fitters)) {
      std::string names;
      for (const auto& [name, fit] : fitters) names += (names.empty() ? "" : ", ") + std::string(name);
      throw std::invalid_argument("fit_best: candidates must be out of " + names + ", got '" + candidate + "'");
    }
    fits.push_back(found->second(samples));
  }
  std::stable_sort(fits.begin(), fits.end(), [](const Fit& a, const Fit& b) { return a.aic < b.aic; });
  return fits;
}

QSM_INLINE Fit goodness_of_fit(const Distribution& distribution, std::span<const double> samples, int parameters) {
  detail::check_sample("goodness_of_fit", samples, 1);
  Check check("goodness_of_fit");
  check.count("parameters", parameters);
  double likelihood = 0;
  for (const double value : samples) {
    check.finite("samples", value);
    likelihood += std::log(distribution.pdf(value));
  }
  return detail::assess(distribution, "", parameters, likelihood, samples);
}

}  // namespace qsm::inline v0::inline core
