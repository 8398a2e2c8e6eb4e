#include <algorithm>
#include <array>
#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE double Hyperexponential::mean() const { return moment(1); }

/// Σ pᵢ (1/λᵢ² + (1/λᵢ - m)²).
QSM_INLINE double Hyperexponential::variance() const {
  const double center = mean();
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double off = 1 / rates[i] - center;
    sum += probabilities[i] * (1 / rates[i] / rates[i] + off * off);
  }
  return sum;
}

/// Σ pᵢ (2/λᵢ³ + 3/λᵢ² dᵢ + dᵢ³) / σ³, dᵢ = 1/λᵢ - m.
QSM_INLINE double Hyperexponential::skewness() const {
  const double center = mean();
  double square = 0;  // in units of the mean, whose third power may not be a number
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double own = 1 / rates[i] / center, off = own - 1;
    square += probabilities[i] * (own * own + off * off);
  }
  const double spread = center * std::sqrt(square);
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double own = 1 / rates[i] / spread;
    const double off = (1 / rates[i] - center) / spread;
    sum += probabilities[i] * (2 * own * own * own + 3 * own * own * off + off * off * off);
  }
  return sum;
}

QSM_INLINE double Hyperexponential::moment(int order) const {
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    double term = probabilities[i];
    for (int k = 1; k <= order; ++k) term *= k / rates[i];
    sum += term;
  }
  return sum;
}

QSM_INLINE double Hyperexponential::pdf(double value) const {
  if (value < 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) sum += probabilities[i] * rates[i] * std::exp(-rates[i] * value);
  return sum;
}

QSM_INLINE double Hyperexponential::cdf(double value) const {
  if (value <= 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) sum -= probabilities[i] * std::expm1(-rates[i] * value);
  return std::min(sum, 1.0);
}

QSM_INLINE double Hyperexponential::survival(double value) const {
  if (value <= 0) return 1;
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) sum += probabilities[i] * std::exp(-rates[i] * value);
  return std::min(sum, 1.0);
}

QSM_INLINE double Hyperexponential::quantile(double probability) const {
  if (probability > 0.5) return survival_quantile(1 - probability);
  if (probability == 0) return 0;
  return detail::invert_cdf([this](double x) { return cdf(x); }, [this](double x) { return pdf(x); }, probability, 0,
                            infinity, mean() * probability);
}

QSM_INLINE double Hyperexponential::survival_quantile(double probability) const {
  if (probability > 0.5) return quantile(1 - probability);
  if (probability == 0) return infinity;
  return detail::invert_survival([this](double x) { return survival(x); }, [this](double x) { return pdf(x); },
                                 probability, 0, infinity, mean());
}

QSM_INLINE double Hyperexponential::laplace(double argument) const {
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) sum += probabilities[i] * (rates[i] / (rates[i] + argument));
  return sum;
}

QSM_INLINE void Hyperexponential::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  std::vector<double> means(rates);
  for (double& mean : means) mean = 1 / mean;
  fill_hyperexponential(stream, first, probabilities, means, out);
}

QSM_INLINE std::string Hyperexponential::describe() const {
  return detail::call_text("hyperexponential",
                           {{"probabilities", detail::list_text(probabilities)}, {"rates", detail::list_text(rates)}});
}

QSM_INLINE Hyperexponential hyperexponential(std::vector<double> probabilities, std::vector<double> rates) {
  detail::check_weights("hyperexponential", "probabilities", probabilities);
  detail::check_size("hyperexponential", "rates", rates.size(), "probabilities", probabilities.size());
  Check check("hyperexponential");
  for (const double rate : rates) check.positive("rates", rate);
  return {std::move(probabilities), std::move(rates)};
}

QSM_INLINE Hyperexponential hyperexponential_balanced(double mean, double scv) {
  Check check("hyperexponential_balanced");
  check.positive("mean", mean);
  check.finite("scv", scv);
  check.that(scv >= 1, "scv", scv, "finite and >= 1");
  const double gap = 2 / (scv + 1);
  const double rare = gap / (1 + std::sqrt((scv - 1) / (scv + 1))) / 2;
  return {{1 - rare, rare}, {2 * (1 - rare) / mean, 2 * rare / mean}};
}

}  // namespace qsm::inline v0::inline core
