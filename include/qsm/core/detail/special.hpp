#pragma once
// Special functions from Boost.Math, for .ipp files: intermediate results in extended precision, limits by value.

#include <cmath>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>

#include <qsm/core/config.hpp>
#include <qsm/core/detail/quiet.hpp>
#include <qsm/core/elementary.hpp>

namespace qsm::inline v0::inline core::detail {

/// The incomplete gamma functions of a large shape, by Temme's uniform expansion (DLMF 8.12): as exact in the far tails
/// as in the middle, and in constant time. With λ = x/a and η²/2 = λ - 1 - ln λ, they are Φ(±η√a) and a small correction.
class LargeGamma {
 public:
  static constexpr double least_shape = 1e6;

  LargeGamma(double shape, double value) : shape_(shape), value_(value) {
    const double offset = (value - shape) / shape;
    const double square = offset > -1 ? -2 * boost::math::log1pmx(offset, Quiet()) : infinity;
    deviation_ = std::copysign(std::sqrt(square), offset);
  }
  double lower() const { return deviation_ <= 0 ? tail(-1) : 1 - tail(1); }
  double upper() const { return deviation_ >= 0 ? tail(1) : 1 - tail(-1); }
  double density() const { return shape_ / value_ * bell() * (1 - 1 / (12 * shape_)); }

 private:
  /// exp(-aη²/2) / √(2πa).
  double bell() const {
    return std::exp(-shape_ * deviation_ * deviation_ / 2) * 0.39894228040143267794 / std::sqrt(shape_);
  }
  /// P for the sign -1, Q for 1, each on its own side of the middle.
  double tail(double sign) const {
    const double e = deviation_;
    if (std::abs(e) > 0.5) return 0;
    const double first =
        -1.0 / 3 + e * (1.0 / 12 + e * (-2.0 / 135 + e * (1.0 / 864 + e * (1.0 / 2835 - e * 139.0 / 777600))));
    const double second = -1.0 / 540 - e / 288;
    return std::erfc(std::abs(e) * std::sqrt(shape_ / 2)) / 2 + sign * bell() * (first + second / shape_);
  }

  double shape_, value_, deviation_;
};

/// P(a, x), regularised lower incomplete gamma function.
inline double gamma_lower(double a, double x) {
  return a >= LargeGamma::least_shape ? LargeGamma(a, x).lower() : boost::math::gamma_p(a, x, Quiet());
}
/// Q(a, x) = 1 - P(a, x).
inline double gamma_upper(double a, double x) {
  return a >= LargeGamma::least_shape ? LargeGamma(a, x).upper() : boost::math::gamma_q(a, x, Quiet());
}
/// xᵃ⁻¹ exp(-x) / Γ(a), x > 0.
inline double gamma_density(double a, double x) {
  return a >= LargeGamma::least_shape ? LargeGamma(a, x).density() : boost::math::gamma_p_derivative(a, x, Quiet());
}
/// Where `mass`, gamma_lower for the side -1 and gamma_upper for 1, has the value p, 0 < p <= 1/2, for a large shape:
/// Newton's steps in ln p from the normal law.
template <class Mass>
double large_gamma_inverse(Mass&& mass, double side, double shape, double p) {
  const double e = -side * portable_normal_quantile(p) / std::sqrt(shape);
  double x = shape * (1 + e * (1 + e * (1.0 / 3 + e / 36)));
  for (int step = 0; step < 4; ++step) {
    const double here = mass(shape, x);
    x += side * std::log(here / p) * here / gamma_density(shape, x);
  }
  return x;
}
/// x with P(a, x) = p, 0 < p < 1.
inline double gamma_lower_inverse(double a, double p) {
  if (a < LargeGamma::least_shape) return boost::math::gamma_p_inv(a, p, Quiet());
  return p <= 0.5 ? large_gamma_inverse(gamma_lower, -1, a, p) : large_gamma_inverse(gamma_upper, 1, a, 1 - p);
}
/// x with Q(a, x) = q, 0 < q < 1.
inline double gamma_upper_inverse(double a, double q) {
  if (a < LargeGamma::least_shape) return boost::math::gamma_q_inv(a, q, Quiet());
  return q <= 0.5 ? large_gamma_inverse(gamma_upper, 1, a, q) : large_gamma_inverse(gamma_lower, -1, a, 1 - q);
}
/// Γ(1 + x).
inline double gamma_1p(double x) { return boost::math::tgamma1pm1(x, Quiet()) + 1; }

}  // namespace qsm::inline v0::inline core::detail
