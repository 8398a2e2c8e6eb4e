#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include <qsm/core/detail/special.hpp>
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
  double log_gap;     // ln(mean x) - mean of ln x
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
  for (const double value : samples) {
    check.positive("samples", value);
    sum += value;
  }
  const auto n = static_cast<long double>(samples.size());
  const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
  if (*least == *most) throw std::invalid_argument(std::string(function) + ": samples must not all be equal");
  // Seen from the mean, u = x / mean - 1, so that the digits of a narrow sample remain; u - ln(1 + u) has no linear part.
  const long double mean = sum / n;
  const auto log_ratio = [mean](double value) {
    const long double offset = (value - mean) / mean;
    return std::abs(offset) < 0.5L ? std::log1p(offset) : std::log(value / mean);
  };
  long double logs = 0;
  long double gap = 0;
  for (const double value : samples) {
    const long double offset = (value - mean) / mean;
    logs += log_ratio(value);
    gap += std::abs(offset) < 0.5L ? -boost::math::log1pmx(offset, Quiet()) : offset - log_ratio(value);
  }
  logs /= n;
  long double squares = 0;
  for (const double value : samples) squares += (log_ratio(value) - logs) * (log_ratio(value) - logs);
  return {static_cast<double>(n),       static_cast<double>(mean),        static_cast<double>(std::log(mean) + logs),
          static_cast<double>(gap / n), static_cast<double>(squares / n), *least};
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

/// Of the best scale for a shape: n ((a ln a - a - ln Γ(a)) - (a - 1) gap - ln(mean x)), where nothing cancels.
inline double gamma_log_likelihood(const SampleSummary& sample, double shape) {
  const double r = 1 / shape, s = r * r;
  const double stirling = shape < 100 ? shape * std::log(shape) - shape - std::lgamma(shape)
                                      : (std::log(shape) - 1.8378770664093454836) / 2 - r * (1.0 / 12 - s / 360);
  return sample.size * (stirling - (shape - 1) * sample.log_gap - std::log(sample.mean));
}

/// ln a - ψ(a) and its slope, 1/a - ψ'(a): the series in 1/a from 12 on (Abramowitz and Stegun 6.3.18), before it by
/// ψ(a) = ψ(a + 1) - 1/a.
inline std::pair<double, double> log_less_digamma(double a) {
  double gap = 0;
  double slope = 1 / a;
  const double start = a;
  for (; a < 12; a += 1) gap += 1 / a, slope -= 1 / (a * a);
  gap += std::log(start / a);
  constexpr double even[] = {1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12};
  double power = 1 / (a * a);
  gap += 0.5 / a;
  slope = slope - 1 / a - 0.5 * power;
  for (int k = 0; k < 7; ++k, power /= a * a) {
    gap += even[k] * power;
    slope -= 2 * (k + 1) * even[k] * power / a;
  }
  return {gap, slope};
}

/// ln a - ψ(a) = ln(mean x) - mean(ln x), Newton in 1/a (Minka 2002, eq. 10).
inline double gamma_shape(const SampleSummary& sample) {
  const double gap = sample.log_gap;
  double shape = (3 - gap + std::sqrt((gap - 3) * (gap - 3) + 24 * gap)) / (12 * gap);
  for (int i = 0; i < 100; ++i) {
    const auto [here, slope] = log_less_digamma(shape);
    const double next = 1 / (1 / shape + (here - gap) / (shape * shape * slope));
    if (!(next > 0) || !std::isfinite(next)) break;
    const double change = std::abs(next - shape);
    shape = next;
    if (change <= 1e-14 * shape) break;
  }
  return shape;
}

/// Maximises Σ n_i ln Σ_j w_j λ_j exp(-λ_j x_i) over ln w_j (up to a common constant) and ln λ_j.
class HyperexponentialClimb {
 public:
  HyperexponentialClimb(std::vector<double> start, double fastest, ProgressMeter& meter)
      : phases_(start.size() / 2), fastest_(fastest), meter_(meter), top_(std::move(start)) {}

  /// Goes on to the top by Newton's steps, shortened after Levenberg and Marquardt where they would not rise.
  double run(std::span<const double> values, std::span<const double> counts) {
    double height = look(top_, values, counts);
    double damping = 1e-3;
    for (int step = 0; step < 200 && damping < 1e12; ++step) {
      const std::vector<double> gradient = gradient_, curvature = curvature_;
      const std::vector<double> move = solve(damping);
      double promised = 0;
      for (std::size_t i = 0; i < move.size(); ++i) promised += gradient[i] * move[i];
      std::vector<double> next = top_;
      for (std::size_t i = 0; i < move.size(); ++i) next[i] += std::clamp(move[i], -2.0, 2.0);
      for (std::size_t j = phases_; j < next.size(); ++j) next[j] = std::min(next[j], std::log(fastest_));
      const double there = promised > 0 ? look(next, values, counts) : -infinity;
      if (there >= height) {
        damping = std::max(damping / 10, 1e-9);
        top_ = std::move(next);
        height = there;
        if (damping < 1e-8 && promised < 1e-8) break;
      } else {
        gradient_ = gradient;
        curvature_ = curvature;
        damping *= 10;
      }
    }
    return height;
  }

  /// The law at the top, the fastest phase first.
  Hyperexponential law() const {
    std::vector<std::pair<double, double>> phases(phases_);  // ln λ, ln w
    for (std::size_t j = 0; j < phases_; ++j) phases[j] = {top_[phases_ + j], top_[j]};
    std::sort(phases.rbegin(), phases.rend());
    const double most = *std::max_element(top_.begin(), top_.begin() + static_cast<std::ptrdiff_t>(phases_));
    double sum = 0;
    for (const auto& [rate, weight] : phases) sum += std::exp(weight - most);
    std::vector<double> weights, rates;
    for (const auto& [rate, weight] : phases) {
      weights.push_back(std::exp(weight - most) / sum);
      rates.push_back(std::exp(rate));
    }
    return hyperexponential(std::move(weights), std::move(rates));
  }

 private:
  /// Logarithm of the likelihood, its gradient and its negative second derivatives.
  double look(const std::vector<double>& at, std::span<const double> values, std::span<const double> counts) {
    const std::size_t k = phases_, size = 2 * k;
    gradient_.assign(size, 0);
    curvature_.assign(size * size, 0);
    std::vector<double> rate(k), share(k), slope(size);
    const double most = *std::max_element(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(k));
    double sum = 0, total = 0, height = 0;
    for (std::size_t j = 0; j < k; ++j) {
      sum += std::exp(at[j] - most);
      rate[j] = std::exp(at[k + j]);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i % 4096 == 0) meter_.advance(0);
      const double x = values[i], count = counts.empty() ? 1 : counts[i];
      double highest = -infinity, density = 0;
      for (std::size_t j = 0; j < k; ++j) highest = std::max(highest, share[j] = at[j] + at[k + j] - rate[j] * x);
      for (std::size_t j = 0; j < k; ++j) density += share[j] = std::exp(share[j] - highest);
      height += count * (highest + std::log(density));
      total += count;
      for (std::size_t j = 0; j < k; ++j) {
        const double part = share[j] / density, turn = 1 - rate[j] * x;
        slope[j] = part;
        slope[k + j] = part * turn;
        curvature_[j * size + j] -= count * part;
        curvature_[(k + j) * size + j] -= count * part * turn;
        curvature_[(k + j) * size + k + j] -= count * part * (turn * turn - rate[j] * x);
      }
      for (std::size_t p = 0; p < size; ++p) {
        gradient_[p] += count * slope[p];
        for (std::size_t q = 0; q <= p; ++q) curvature_[p * size + q] += count * slope[p] * slope[q];
      }
    }
    for (std::size_t p = 0; p < k; ++p) {
      const double weight = std::exp(at[p] - most) / sum;
      gradient_[p] -= total * weight;
      curvature_[p * size + p] += total * weight;
      for (std::size_t q = 0; q <= p; ++q) curvature_[p * size + q] -= total * weight * std::exp(at[q] - most) / sum;
    }
    for (std::size_t p = k; p < size; ++p)  // a phase that may not become faster does not move
      if (at[p] >= std::log(fastest_) && gradient_[p] > 0) {
        gradient_[p] = 0;
        for (std::size_t q = 0; q < size; ++q) curvature_[std::max(p, q) * size + std::min(p, q)] = p == q;
      }
    return height - total * (most + std::log(sum));
  }

  /// The step (C + damping n)⁻¹ g by Cholesky's method, along g alone where that matrix is not positive definite.
  std::vector<double> solve(double damping) const {
    const std::size_t size = gradient_.size();
    std::vector<double> matrix = curvature_, move = gradient_;
    double scale = 0;
    for (std::size_t i = 0; i < size; ++i) scale = std::max(scale, std::abs(matrix[i * size + i]));
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double& entry = matrix[i * size + j];
        if (i == j) entry += damping * scale;
        for (std::size_t m = 0; m < j; ++m) entry -= matrix[i * size + m] * matrix[j * size + m];
        if (i == j && !(entry > 0)) return std::vector<double>(size, 0.0);
        entry = i == j ? std::sqrt(entry) : entry / matrix[j * size + j];
      }
      for (std::size_t m = 0; m < i; ++m) move[i] -= matrix[i * size + m] * move[m];
      move[i] /= matrix[i * size + i];
    }
    for (std::size_t i = size; i-- > 0;) {
      for (std::size_t m = i + 1; m < size; ++m) move[i] -= matrix[m * size + i] * move[m];
      move[i] /= matrix[i * size + i];
    }
    return move;
  }

  std::size_t phases_;
  double fastest_;
  ProgressMeter& meter_;
  std::vector<double> top_;
  std::vector<double> gradient_, curvature_;
};

/// Where a climb starts: the sorted values cut into shares that shrink by `ratio` from one to the next; each share gives
/// a phase its weight and mean.
inline std::vector<double> phases_of_shares(std::span<const double> sorted, std::size_t phases, double ratio,
                                            bool slow_is_rare, double mean) {
  std::vector<double> parameters(2 * phases);
  const auto n = static_cast<double>(sorted.size());
  std::vector<double> shares(phases, 1.0);
  for (std::size_t j = 1; j < phases; ++j) shares[j] = shares[j - 1] * ratio;
  if (!slow_is_rare) std::reverse(shares.begin(), shares.end());
  const double whole = std::accumulate(shares.begin(), shares.end(), 0.0);
  double before = 0;
  std::size_t begin = 0;
  for (std::size_t j = 0; j < phases; ++j) {
    before += shares[j];
    const auto wanted = static_cast<std::size_t>(std::llround(n * before / whole));
    const std::size_t end = std::clamp(wanted, begin + 1, sorted.size() - (phases - 1 - j));
    const auto size = static_cast<double>(end - begin);
    const double average = std::accumulate(sorted.begin() + static_cast<std::ptrdiff_t>(begin),
                                           sorted.begin() + static_cast<std::ptrdiff_t>(end), 0.0) /
                           size;
    parameters[j] = std::log(size / n);
    parameters[phases + j] = -std::log(std::max(average, 1e-5 * mean));
    begin = end;
  }
  return parameters;
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
  const double fewer = std::clamp(std::floor(shape), 1.0, largest_count - 1);
  const auto likelihood = [&](double stages) { return detail::gamma_log_likelihood(sample, stages); };
  const double stages = likelihood(fewer) >= likelihood(fewer + 1) ? fewer : fewer + 1;
  return detail::assess(erlang(stages, stages / sample.mean), "erlang", 2, likelihood(stages), samples);
}

QSM_INLINE Fit fit_gamma(std::span<const double> samples) {
  const auto sample = detail::summary("fit_gamma", samples);
  const double shape = detail::gamma_shape(sample);
  const double scale = sample.mean / shape;
  return detail::assess(gamma(shape, scale), "gamma", 2, detail::gamma_log_likelihood(sample, shape), samples);
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

QSM_INLINE Fit fit_hyperexponential(std::span<const double> samples, int phases, const Progress& progress) {
  Check check("fit_hyperexponential");
  check.positive_count("phases", phases);
  const double mean = detail::checked_mean("fit_hyperexponential", samples);
  const auto k = static_cast<std::size_t>(phases);
  detail::check_sample("fit_hyperexponential", samples, k);
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());

  // The likelihood of a mixture has several tops: all starts climb on means of neighbours, the best on all values.
  const std::size_t bins = std::min<std::size_t>(sorted.size(), 2000);
  std::vector<double> means(bins), counts(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    const auto begin = sorted.begin() + static_cast<std::ptrdiff_t>(i * sorted.size() / bins);
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>((i + 1) * sorted.size() / bins);
    counts[i] = static_cast<double>(end - begin);
    means[i] = std::accumulate(begin, end, 0.0) / counts[i];
  }
  constexpr std::pair<double, bool> starts[] = {{1, true},    {0.3, true},  {0.3, false}, {0.1, true},
                                                {0.1, false}, {0.02, true}, {0.02, false}};
  ProgressMeter meter(progress, 2 * std::size(starts));
  // A phase of zeros alone would grow without bound; it stays a million times faster than the mean.
  const double fastest = 1e6 / mean;
  std::optional<detail::HyperexponentialClimb> best;
  double highest = -infinity;
  for (const auto& [ratio, slow_is_rare] : starts) {
    detail::HyperexponentialClimb climb(detail::phases_of_shares(sorted, k, ratio, slow_is_rare, mean), fastest, meter);
    const double height = climb.run(means, counts);
    meter.advance(1);
    if (height <= highest) continue;
    highest = height;
    best.emplace(std::move(climb));
  }
  const double likelihood = best->run(sorted, {});
  meter.finish();
  return detail::assess(best->law(), "hyperexponential", 2 * phases - 1, likelihood, samples);
}

QSM_INLINE std::vector<Fit> fit_best(std::span<const double> samples, const std::vector<std::string>& candidates,
                                     const Progress& progress) {
  using Fitter = Fit (*)(std::span<const double>, const Progress&);
  static constexpr std::pair<const char*, Fitter> fitters[] = {
      {"exponential", [](std::span<const double> values, const Progress&) { return fit_exponential(values); }},
      {"erlang", [](std::span<const double> values, const Progress&) { return fit_erlang(values); }},
      {"gamma", [](std::span<const double> values, const Progress&) { return fit_gamma(values); }},
      {"lognormal", [](std::span<const double> values, const Progress&) { return fit_lognormal(values); }},
      {"weibull", [](std::span<const double> values, const Progress&) { return fit_weibull(values); }},
      {"pareto", [](std::span<const double> values, const Progress&) { return fit_pareto(values); }},
      {"hyperexponential",
       [](std::span<const double> values, const Progress& stop) { return fit_hyperexponential(values, 2, stop); }}};
  std::vector<Fitter> chosen;
  if (candidates.empty())
    for (const auto& [name, fit] : fitters) chosen.push_back(fit);
  for (const std::string& candidate : candidates) {
    const auto* found = std::find_if(std::begin(fitters), std::end(fitters),
                                     [&](const auto& fitter) { return candidate == fitter.first; });
    if (found == std::end(fitters)) {
      std::string message = "fit_best: candidates must be out of";
      for (const char* separator = " "; const auto& [name, fit] : fitters) {
        message.append(separator).append(name);
        separator = ", ";
      }
      message.append(", got '").append(candidate).append("'");
      throw std::invalid_argument(message);
    }
    chosen.push_back(found->second);
  }
  ProgressMeter meter(progress, chosen.size());
  Progress within = progress;
  within.report = nullptr;
  std::vector<Fit> fits;
  for (const Fitter fit : chosen) {
    fits.push_back(fit(samples, within));
    meter.advance(1);
  }
  meter.finish();
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
