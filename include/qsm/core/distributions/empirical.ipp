#include <algorithm>
#include <cmath>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/distributions/empirical.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

/// Mean of f over the values, in long double.
template <class Function>
double mean_of(const std::vector<double>& values, Function&& f) {
  long double sum = 0;
  for (const double value : values) sum += f(value);
  return static_cast<double>(sum / static_cast<long double>(values.size()));
}

}  // namespace detail

QSM_INLINE double Empirical::mean() const {
  return detail::mean_of(samples, [](double x) { return x; });
}

QSM_INLINE double Empirical::variance() const {
  const double center = mean();
  return detail::mean_of(samples, [center](double x) { return (x - center) * (x - center); });
}

QSM_INLINE double Empirical::skewness() const {
  const double center = mean();
  const double spread = std::sqrt(variance());
  if (spread == 0) return 0;
  return detail::mean_of(samples, [=](double x) { return std::pow((x - center) / spread, 3); });
}

QSM_INLINE double Empirical::moment(int order) const {
  return detail::mean_of(samples, [order](double x) { return std::pow(x, order); });
}

QSM_INLINE double Empirical::pdf(double value) const {
  return std::binary_search(samples.begin(), samples.end(), value) ? infinity : 0;
}

QSM_INLINE double Empirical::cdf(double value) const {
  const auto below = std::upper_bound(samples.begin(), samples.end(), value) - samples.begin();
  return static_cast<double>(below) / static_cast<double>(samples.size());
}

QSM_INLINE double Empirical::survival(double value) const {
  const auto above = samples.end() - std::upper_bound(samples.begin(), samples.end(), value);
  return static_cast<double>(above) / static_cast<double>(samples.size());
}

/// Smallest k with k/n >= p as doubles compare, so that quantile(cdf(x)) is x for every x of the sample.
QSM_INLINE double Empirical::quantile(double probability) const {
  const double n = static_cast<double>(samples.size());
  double k = std::max(1.0, std::ceil(n * probability));
  while (k > 1 && (k - 1) / n >= probability) --k;
  while (k < n && k / n < probability) ++k;
  return samples[static_cast<std::size_t>(k) - 1];
}

/// Largest k with k/n <= q values lie above.
QSM_INLINE double Empirical::survival_quantile(double probability) const {
  const double n = static_cast<double>(samples.size());
  double k = std::min(n - 1, std::floor(n * probability));
  while (k > 0 && k / n > probability) --k;
  while (k < n - 1 && (k + 1) / n <= probability) ++k;
  return samples[samples.size() - 1 - static_cast<std::size_t>(k)];
}

QSM_INLINE double Empirical::laplace(double argument) const {
  return detail::mean_of(samples, [argument](double x) { return std::exp(-argument * x); });
}

QSM_INLINE void Empirical::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  stream.uniforms(first, out);
  const double n = static_cast<double>(samples.size());
  for (double& value : out) value = samples[std::min(static_cast<std::size_t>(value * n), samples.size() - 1)];
}

QSM_INLINE std::string Empirical::describe() const {
  if (samples.size() <= 8) return detail::call_text("empirical", {{"samples", detail::list_text(samples)}});
  return "empirical(samples=<" + std::to_string(samples.size()) + " values, mean " + detail::shortest(mean()) + ">)";
}

QSM_INLINE Empirical empirical(std::vector<double> samples) {
  if (samples.empty()) throw std::invalid_argument("empirical: samples must have at least one element, got none");
  Check check("empirical");
  for (const double value : samples) check.finite("samples", value);
  std::sort(samples.begin(), samples.end());
  return {std::move(samples)};
}

}  // namespace qsm::inline v0::inline core
