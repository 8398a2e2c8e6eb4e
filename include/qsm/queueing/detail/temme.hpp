#pragma once
// Parts of Temme's uniform expansion of the incomplete gamma function, for .ipp files.

#include <cmath>
#include <cstddef>

#include <qsm/queueing/detail/erlang_series.hpp>

namespace qsm::inline v0::queueing::detail {

/// Σ powers[n] xⁿ.
template <std::size_t size>
double polynomial(const double (&powers)[size], double x) {
  double sum = powers[size - 1];
  for (std::size_t n = size - 1; n-- > 0;) sum = powers[n] + sum * x;
  return sum;
}

/// Γ*(c) = Γ(c + 1) / (√(2πc) (c/e)^c) for c >= 100, by Stirling's series.
inline double scaled_gamma(double c) {
  const double r = 1 / c, s = r * r;
  return std::exp(r * (1.0 / 12 - s * (1.0 / 360 - s / 1260)));
}

/// exp(y²) erfc(y), y >= 0.
inline double erfcx(double y) { return polynomial(erfcx_powers, (y - 3.75) / (y + 3.75)) / (1 + 2 * y); }

/// δ - ln(1 + δ) over δ²/2 for |δ| <= 0.45, from ln(1 + δ) = 2 artanh(δ / (2 + δ)).
inline double log_defect(double delta) {
  const double s = delta / (2 + delta), q = s * s;
  double sum = 0;
  for (int k = 29; k >= 3; k -= 2) sum = 1.0 / k + q * sum;
  const double ratio = 1 / (2 + delta);  // s / δ
  return 2 * ratio * (1 - 2 * ratio * s * sum);
}

/// S(η) of Temme's expansion over its leading root, Σ C_n(η) c^-n.
inline double temme_correction(double eta, double c) {
  const double r = 1 / c;
  double correction = polynomial(temme_5, eta);
  correction = polynomial(temme_4, eta) + r * correction;
  correction = polynomial(temme_3, eta) + r * correction;
  correction = polynomial(temme_2, eta) + r * correction;
  correction = polynomial(temme_1, eta) + r * correction;
  return polynomial(temme_0, eta) + r * correction;
}

}  // namespace qsm::inline v0::queueing::detail
