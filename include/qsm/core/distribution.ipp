#include <cmath>
#include <limits>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

inline auto lower(const AnyLaw& law) {
  return [&law](double p) { return law.quantile(p); };
}
inline auto upper(const AnyLaw& law) {
  return [&law](double q) { return law.survival_quantile(q); };
}

QSM_INLINE double AnyLaw::survival(double x) const { return 1 - cdf(x); }

/// Central differences of cdf or survival, whichever is smaller, extrapolated to step zero (Ridders 1982).
QSM_INLINE double AnyLaw::pdf(double x) const {
  const double from = low();
  const double to = high();
  if (x < from || x > to) return 0;
  const bool upper = cdf(x) > 0.5;
  const auto slope = [&](double a, double b) {
    return (upper ? survival(a) - survival(b) : cdf(b) - cdf(a)) / (b - a);
  };
  double step = 0.1 * std::sqrt(variance());
  if (!std::isfinite(step)) step = 0.1 * std::max(std::abs(x), std::abs(quantile(0.75) - quantile(0.25)));
  step = std::min(step, 0.5 * std::min(x - from, to - x));
  if (!(step > 0)) {  // an end of the support: one-sided
    const double tiny = 1e-7 * std::max(std::sqrt(variance()), std::abs(x));
    return x - tiny < from ? slope(x, x + tiny) : slope(x - tiny, x);
  }
  double table[12][12];
  double best = 0;
  double error = infinity;
  for (int i = 0; i < 12; ++i, step /= 1.4) {
    table[0][i] = slope(x - step, x + step);
    double factor = 1.96;
    if (i == 0) best = table[0][0];
    for (int j = 1; j <= i; ++j, factor *= 1.96) {
      table[j][i] = (table[j - 1][i] * factor - table[j - 1][i - 1]) / (factor - 1);
      const double change =
          std::max(std::abs(table[j][i] - table[j - 1][i]), std::abs(table[j][i] - table[j - 1][i - 1]));
      if (change <= error) error = change, best = table[j][i];
    }
  }
  return std::max(best, 0.0);
}

QSM_INLINE double AnyLaw::survival_quantile(double q) const {
  if (q >= 0.5) return quantile(1 - q);
  if (q == 0) return high();
  const auto unknown = [](double) { return std::numeric_limits<double>::quiet_NaN(); };
  const double guess = quantile(1 - q);
  const double middle = quantile(0.5);
  const double start = std::isfinite(guess) ? guess : middle;
  return invert_survival([&](double x) { return survival(x); }, unknown, q, middle, high(), start);
}

QSM_INLINE double AnyLaw::moment(int k) const {
  if (k == 1) return mean();
  return expectation(lower(*this), upper(*this), [k](double x) { return std::pow(x, k); });
}

QSM_INLINE double AnyLaw::skewness() const {
  const double center = mean();
  const double spread = std::sqrt(variance());
  if (spread == 0) return 0;
  if (!std::isfinite(center) || !std::isfinite(spread)) return infinity;
  return expectation(lower(*this), upper(*this), [=](double x) { return std::pow((x - center) / spread, 3); });
}

QSM_INLINE double AnyLaw::laplace(double s) const {
  if (s == 0) return 1;
  return expectation(
      lower(*this), upper(*this), [s](double x) { return std::exp(-s * x); }, low() >= 0);
}

QSM_INLINE double AnyLaw::low() const { return quantile(0); }
QSM_INLINE double AnyLaw::high() const { return quantile(1); }

QSM_INLINE void AnyLaw::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  stream.uniforms(first, out);
  fill_quantile(out, out);
}

QSM_INLINE std::string AnyLaw::describe() const {
  return call_text("distribution", {{"mean", shortest(mean())}, {"variance", shortest(variance())}});
}

QSM_INLINE void AnyLaw::fill_pdf(std::span<const double> in, std::span<double> out) const {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = pdf(in[i]);
}
QSM_INLINE void AnyLaw::fill_cdf(std::span<const double> in, std::span<double> out) const {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = cdf(in[i]);
}
QSM_INLINE void AnyLaw::fill_survival(std::span<const double> in, std::span<double> out) const {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = survival(in[i]);
}
QSM_INLINE void AnyLaw::fill_quantile(std::span<const double> in, std::span<double> out) const {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = quantile(in[i]);
}
QSM_INLINE void AnyLaw::fill_survival_quantile(std::span<const double> in, std::span<double> out) const {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = survival_quantile(in[i]);
}

/// Sizes agree and no value is NaN.
QSM_INLINE void check_values(const char* function, std::span<const double> in, std::span<double> out) {
  if (in.size() != out.size())
    throw std::invalid_argument(std::string(function) + ": out must have the size of values, " +
                                std::to_string(in.size()) + ", got " + std::to_string(out.size()));
  Check check(function);
  for (const double value : in) check.that(!std::isnan(value), "value", value, "a number");
}

/// Sizes agree and every value is a probability.
QSM_INLINE void check_probabilities(const char* function, std::span<const double> in, std::span<double> out) {
  check_values(function, in, out);
  Check check(function);
  for (const double value : in) check.probability("probability", value);
}

}  // namespace detail

QSM_INLINE double Distribution::standard_deviation() const { return std::sqrt(variance()); }

QSM_INLINE double Distribution::scv() const {
  const double spread = variance();
  if (!std::isfinite(spread)) return infinity;
  const double center = mean();
  return spread == 0 ? 0 : spread / center / center;
}

QSM_INLINE double Distribution::moment(int order) const {
  Check("Distribution::moment").positive_count("order", order);
  return law_->moment(order);
}

QSM_INLINE double Distribution::pdf(double value) const {
  Check("Distribution::pdf").that(!std::isnan(value), "value", value, "a number");
  return law_->pdf(value);
}

QSM_INLINE double Distribution::cdf(double value) const {
  Check("Distribution::cdf").that(!std::isnan(value), "value", value, "a number");
  return law_->cdf(value);
}

QSM_INLINE double Distribution::survival(double value) const {
  Check("Distribution::survival").that(!std::isnan(value), "value", value, "a number");
  return law_->survival(value);
}

QSM_INLINE double Distribution::quantile(double probability) const {
  Check("Distribution::quantile").probability("probability", probability);
  return law_->quantile(probability);
}

QSM_INLINE double Distribution::survival_quantile(double probability) const {
  Check("Distribution::survival_quantile").probability("probability", probability);
  return law_->survival_quantile(probability);
}

QSM_INLINE double Distribution::laplace(double rate) const {
  Check("Distribution::laplace").not_negative("rate", rate);
  return law_->laplace(rate);
}

QSM_INLINE void Distribution::fill_pdf(std::span<const double> values, std::span<double> out) const {
  detail::check_values("Distribution::fill_pdf", values, out);
  law_->fill_pdf(values, out);
}

QSM_INLINE void Distribution::fill_cdf(std::span<const double> values, std::span<double> out) const {
  detail::check_values("Distribution::fill_cdf", values, out);
  law_->fill_cdf(values, out);
}

QSM_INLINE void Distribution::fill_survival(std::span<const double> values, std::span<double> out) const {
  detail::check_values("Distribution::fill_survival", values, out);
  law_->fill_survival(values, out);
}

QSM_INLINE void Distribution::fill_quantile(std::span<const double> probabilities, std::span<double> out) const {
  detail::check_probabilities("Distribution::fill_quantile", probabilities, out);
  law_->fill_quantile(probabilities, out);
}

QSM_INLINE void Distribution::fill_survival_quantile(std::span<const double> probabilities,
                                                     std::span<double> out) const {
  detail::check_probabilities("Distribution::fill_survival_quantile", probabilities, out);
  law_->fill_survival_quantile(probabilities, out);
}

}  // namespace qsm::inline v0::inline core
