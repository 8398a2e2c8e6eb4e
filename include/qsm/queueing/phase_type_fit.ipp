#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/distributions/transformed.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/phase_type_fit.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Rows of exponential stages, begun with a probability: a mixture of Erlang laws.
inline PhaseType stages_in_rows(const std::vector<double>& stages, const std::vector<double>& probabilities,
                                const std::vector<double>& rates) {
  const auto size = static_cast<std::size_t>(std::accumulate(stages.begin(), stages.end(), 0.0));
  std::vector<double> initial(size);
  std::vector<std::vector<double>> generator(size, std::vector<double>(size));
  std::size_t phase = 0;
  const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  for (std::size_t row = 0; row < stages.size(); ++row) {
    initial[phase] = probabilities[row] / sum;
    for (double stage = 1; stage <= stages[row]; ++stage, ++phase) {
      generator[phase][phase] = -rates[row];
      if (stage < stages[row]) generator[phase][phase + 1] = rates[row];
    }
  }
  return {std::move(initial), generator};
}

/// The chains side by side, each begun with its weight and run at `speed`.
inline PhaseType side_by_side(const std::vector<Distribution>& laws, const std::vector<double>& weights, double speed) {
  std::vector<double> initial;
  std::vector<std::vector<double>> generator;
  for (std::size_t k = 0; k < laws.size(); ++k) {
    const PhaseType chain = as_phase_type(laws[k]);
    const std::size_t before = initial.size(), size = chain.initial().size();
    for (const double probability : chain.initial()) initial.push_back(weights[k] * probability);
    for (std::size_t i = 0; i < size; ++i) {
      auto& row = generator.emplace_back(before + size);
      for (std::size_t j = 0; j < size; ++j) row[before + j] = speed * chain.generator()[i * size + j];
    }
  }
  for (auto& row : generator) row.resize(initial.size());
  return {std::move(initial), generator};
}

}  // namespace detail

QSM_INLINE PhaseType as_phase_type(const Distribution& law) {
  if (const auto* phases = law.as<PhaseType>()) return *phases;
  if (const auto* coxian = law.as<Coxian>()) return coxian->phases;
  if (const auto* one = law.as<Exponential>()) return {{1}, {{-one->rate}}};
  if (const auto* mixed = law.as<Hyperexponential>())
    return detail::stages_in_rows(std::vector<double>(mixed->rates.size(), 1), mixed->probabilities, mixed->rates);
  if (const auto* erlang = law.as<Erlang>(); erlang && erlang->stages <= 1000)
    return detail::stages_in_rows({erlang->stages}, {1}, {erlang->rate});
  if (const auto* mixed = law.as<Mixture>()) return detail::side_by_side(mixed->components, mixed->weights, 1);
  if (const auto* scaled = law.as<Scaled>(); scaled && scaled->factor > 0)
    return detail::side_by_side({scaled->distribution}, {1}, 1 / scaled->factor);
  throw std::invalid_argument(
      "as_phase_type: law must be exponential, Erlang, hyperexponential, Coxian, phase type or made of these, got " +
      law.describe() + "; phase_type_by_moments gives one with its mean and variability");
}

QSM_INLINE PhaseType phase_type_by_moments(double mean, double scv) {
  Check check("phase_type_by_moments");
  check.positive("mean", mean);
  check.that(scv >= 0.001 && scv <= 1e12, "scv", scv, "in [0.001, 1e12]");
  if (scv > 1) {
    const auto law = hyperexponential_balanced(mean, scv);
    return detail::stages_in_rows({1, 1}, law.probabilities, law.rates);
  }
  const double stages = std::ceil(1 / scv - 1e-12);
  // All but one stage with probability p.
  const double share =
      std::max(0.0, (stages * scv - std::sqrt(std::max(0.0, stages * (1 + scv) - stages * stages * scv))) / (1 + scv));
  const double rate = (stages - share) / mean;
  const auto size = static_cast<std::size_t>(stages);
  std::vector<double> initial(size);
  std::vector<std::vector<double>> generator(size, std::vector<double>(size));
  initial[0] = 1 - share;
  if (size > 1) initial[1] = share;
  for (std::size_t i = 0; i < size; ++i) {
    generator[i][i] = -rate;
    if (i + 1 < size) generator[i][i + 1] = rate;
  }
  return {std::move(initial), generator};
}

QSM_INLINE PhaseType phase_type_by_three_moments(double first, double second, double third) {
  Check check("phase_type_by_three_moments");
  check.positive("first", first);
  check.positive("second", second);
  check.positive("third", third);
  // In units of the mean.
  const double m2 = second / (first * first), m3 = third / (first * first * first);
  const double b = 3 * m2 - m3, c = 3 * m2 * m2 - 2 * m3, d = 2 - m2;
  const double root = std::sqrt(std::max(0.0, b * b - 6 * c * d));
  double share = 0, slow = 1, fast = 1;
  if (std::abs(d) < 1e-14 && std::abs(c) < 1e-13) return {{1}, {{-1 / first}}};
  if (c > 0) {
    share = (-b + 6 * d + root) / (b + root);
    slow = (b - root) / c;
    fast = (b + root) / c;
  } else {
    share = (b - 6 * d + root) / (-b + root);
    slow = (b + root) / c;
    fast = (b - root) / c;
  }
  const bool found = b * b - 6 * c * d >= -1e-12 && share >= -1e-12 && share <= 1 + 1e-12 && slow > 0 && fast > 0 &&
                     std::isfinite(slow) && std::isfinite(fast);
  check.that(found, "third", third, "one that a law of two phases has beside first and second");
  share = std::clamp(share, 0.0, 1.0);
  return {{share, 1 - share}, {{-slow / first, slow / first}, {0, -fast / first}}};
}

QSM_INLINE PhaseType hyper_erlang(const std::vector<double>& stages, const std::vector<double>& probabilities,
                                  const std::vector<double>& rates) {
  constexpr auto function = "hyper_erlang";
  qsm::detail::check_weights(function, "probabilities", probabilities);
  qsm::detail::check_size(function, "stages", stages.size(), "probabilities", probabilities.size());
  qsm::detail::check_size(function, "rates", rates.size(), "probabilities", probabilities.size());
  Check check(function);
  for (const double rate : rates) check.positive("rates", rate);
  double sum = 0;
  for (const double count : stages) {
    check.positive_count("stages", count);
    sum += count;
  }
  check.that(sum <= 1000, "sum of stages", sum, "<= 1000");
  return detail::stages_in_rows(stages, probabilities, rates);
}

QSM_INLINE PhaseType HyperErlangFit::law() const { return detail::stages_in_rows(stages, probabilities, rates); }

namespace detail {

inline HyperErlangFit fit_stages(std::span<const double> samples, const std::vector<double>& stages) {
  const std::size_t rows = stages.size();
  const double size = static_cast<double>(samples.size());
  HyperErlangFit fit{stages, std::vector<double>(rows, 1 / static_cast<double>(rows)), {}, 0, 0};
  double mean = 0;
  for (const double sample : samples) mean += sample / size;
  // Means spread around the sample's, the short ones first.
  for (std::size_t m = 0; m < rows; ++m)
    fit.rates.push_back(stages[m] / mean * std::pow(4.0, static_cast<double>(rows - 1) / 2 - static_cast<double>(m)));
  std::vector<double> logs;
  for (const double sample : samples) logs.push_back(std::log(sample));
  std::vector<double> weights(rows);
  double before = -std::numeric_limits<double>::infinity();
  for (fit.iterations = 1; fit.iterations <= 2000; ++fit.iterations) {
    std::vector<double> share(rows), time(rows);
    fit.log_likelihood = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      double largest = -std::numeric_limits<double>::infinity();
      for (std::size_t m = 0; m < rows; ++m) {
        weights[m] = std::log(fit.probabilities[m]) + stages[m] * std::log(fit.rates[m]) + (stages[m] - 1) * logs[i] -
                     std::lgamma(stages[m]) - fit.rates[m] * samples[i];
        largest = std::max(largest, weights[m]);
      }
      double sum = 0;
      for (double& weight : weights) sum += weight = std::exp(weight - largest);
      fit.log_likelihood += largest + std::log(sum);
      for (std::size_t m = 0; m < rows; ++m) {
        share[m] += weights[m] / sum;
        time[m] += weights[m] / sum * samples[i];
      }
    }
    if (fit.log_likelihood - before <= 1e-10 * std::abs(fit.log_likelihood)) break;
    before = fit.log_likelihood;
    for (std::size_t m = 0; m < rows; ++m) {
      fit.probabilities[m] = std::max(share[m] / size, 1e-300);
      if (share[m] > 1e-12 && time[m] > 0) fit.rates[m] = stages[m] * share[m] / time[m];
    }
  }
  return fit;
}

}  // namespace detail

QSM_INLINE HyperErlangFit fit_hyper_erlang(std::span<const double> samples, double phases) {
  Check check("fit_hyper_erlang");
  check.that(phases >= 1 && phases <= 12 && phases == std::trunc(phases), "phases", phases, "an integer in [1, 12]");
  check.that(samples.size() >= 2, "number of samples", static_cast<double>(samples.size()), ">= 2");
  for (const double sample : samples) check.positive("samples", sample);
  HyperErlangFit best;
  best.log_likelihood = -std::numeric_limits<double>::infinity();
  double iterations = 0;
  std::vector<double> stages;
  const auto divide = [&](auto& self, double left, double least) -> void {
    if (left == 0) {
      const auto fit = detail::fit_stages(samples, stages);
      iterations += fit.iterations;
      if (fit.log_likelihood > best.log_likelihood) best = fit;
      return;
    }
    for (double next = least; next <= left; ++next) {
      stages.push_back(next);
      self(self, left - next, next);
      stages.pop_back();
    }
  };
  divide(divide, phases, 1);
  best.iterations = iterations;
  return best;
}

}  // namespace qsm::inline v0::queueing
