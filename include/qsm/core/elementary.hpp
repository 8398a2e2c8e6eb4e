#pragma once
/// @file
/// Logarithm, exponential and normal quantile that give the same bits on every platform, compiler and vector length.
///
/// The standard library's differ from platform to platform. These use only +, -, *, /, integer operations and fused
/// multiply-adds that stand in the text: no product is ever a term of a sum outside of `fused`, so nothing is left for
/// a compiler to contract. They have no branches, so that loops over them become vector code.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <qsm/core/simd.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

/// x y + z, rounded once.
QSM_ALWAYS_INLINE double fused(double x, double y, double z) {
#ifdef __GNUC__
  return __builtin_fma(x, y, z);
#else
  return std::fma(x, y, z);
#endif
}

/// Square root of a positive normal number far from overflow, within 1 ulp, by Newton's iteration for 1 / sqrt(x): the
/// library's function may set errno, which keeps loops around it from becoming vector code.
QSM_ALWAYS_INLINE double root_of_normal(double x) {
  const double half = 0.5 * x;
  double inverse = std::bit_cast<double>(0x5fe6eb50c7b537a9 - (std::bit_cast<std::uint64_t>(x) >> 1));
  inverse *= fused(-(half * inverse), inverse, 1.5);
  inverse *= fused(-(half * inverse), inverse, 1.5);
  inverse *= fused(-(half * inverse), inverse, 1.5);
  const double root = x * inverse;
  return fused(0.5 * inverse, fused(-root, root, x), root);
}

/// Polynomial by Horner's rule, the constant coefficient first; without a loop, so that loops around it can be vector
/// code.
template <class... Coefficients>
QSM_ALWAYS_INLINE double polynomial(double x, double constant, Coefficients... others) {
  if constexpr (sizeof...(others) == 0)
    return constant;
  else
    return fused(polynomial(x, others...), x, constant);
}

inline constexpr double ln2_high = 0x1.62e42fefa3800p-1;  // 42 bits, so that products with exponents are exact
inline constexpr double ln2_low = 0x1.ef35793c76730p-45;

/// Natural logarithm of x / 2^shift for a positive normal x = 2^k m with m in [sqrt(1/2), sqrt(2)): with f = m - 1 and
/// s = f / (2 + f), log m = f - (f^2/2 - s (f^2/2 + s^2 P(s^2))), P the minimax polynomial of (2 artanh(s) - 2 s) /
/// s^3.
QSM_ALWAYS_INLINE double log_of_normal(double x, double shift = 0) {
  constexpr std::uint64_t one = 0x3ff0000000000000;
  constexpr std::uint64_t root = 0x3fe6a09e667f3bcd;  // of 1/2
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t exponent = (bits + (one - root)) >> 52;  // k + 1023
  const double k = std::bit_cast<double>(exponent | 0x4330000000000000) - (0x1p52 + 1023 + shift);
  const double f = std::bit_cast<double>(bits - (exponent << 52) + one) - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  const double series =
      polynomial(z, 0x1.5555555555555p-1, 0x1.9999999999a39p-2, 0x1.2492492476905p-2, 0x1.c71c7201ba2bbp-3,
                 0x1.745cf8df6e793p-3, 0x1.3b1c3ca3a4754p-3, 0x1.0fbde05e573b5p-3, 0x1.0c0a8bd475011p-3);
  const double half = 0.5 * f;
  const double inner = fused(half, f, z * series);
  const double correction = fused(s, inner, k * ln2_low);
  return fused(k, ln2_high, f - fused(half, f, -correction));
}

/// e^x for any x: x = k ln 2 + r, e^r = 1 + (r + r^2 Q(r)) with Q a minimax polynomial, times 2^k in two halves, so
/// that results fade into zero and grow into infinity at the right place.
QSM_ALWAYS_INLINE double exp_of_any(double x) {
  constexpr double shifter = 0x1.8p52;
  const double below = x < 760 ? x : (x >= 760 ? 760 : x);
  const double bounded = below > -760 ? below : (below <= -760 ? -760 : below);  // NaN stays
  const double shifted = fused(bounded, 0x1.71547652b82fep+0, shifter);          // k in the lowest bits
  const double k = shifted - shifter;
  const double r = fused(-k, ln2_low, fused(-k, ln2_high, bounded));
  const double series =
      polynomial(r, 0x1.0000000000000p-1, 0x1.5555555555557p-3, 0x1.5555555555558p-5, 0x1.11111111100dbp-7,
                 0x1.6c16c16c151fcp-10, 0x1.a01a01abe84bap-13, 0x1.a01a01acfacc0p-16, 0x1.71de0230beb99p-19,
                 0x1.27e4cccdeb2f7p-22, 0x1.af4deb0af45a9p-26, 0x1.1f8b4c6b3c913p-29);
  const double sum = 1 + fused(r * r, series, r);
  const std::uint64_t exponent = (std::bit_cast<std::uint64_t>(shifted) + 2046) & 0xfff;  // k + 2046, k > -1100
  const std::uint64_t half = exponent >> 1;
  return sum * std::bit_cast<double>(half << 52) * std::bit_cast<double>((exponent - half) << 52);
}

/// One of two values without a branch into which a compiler could move their computation.
QSM_ALWAYS_INLINE double either(bool second, double first_value, double second_value) {
  const std::uint64_t mask = 0 - std::uint64_t{second};
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(second_value) & mask) |
                               (std::bit_cast<std::uint64_t>(first_value) & ~mask));
}

/// Quantile of the standard normal distribution for p in (0, 1), with the logarithm of p or 1 - p, whichever is less.
QSM_ALWAYS_INLINE double normal_quantile_by(double p, double log_tail) {
  const double q = p - 0.5;
  const double centre = fused(-q, q, 0.180625);
  const double central_above = polynomial(centre, 3.3871328727963666080e0, 1.3314166789178437745e2,
                                          1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4,
                                          6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3);
  const double central_below =
      polynomial(centre, 1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                 2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3);

  const double depth = root_of_normal(-log_tail);
  const bool deep = depth > 5;
  const double r = depth - either(deep, 1.6, 5);
  const double above = polynomial(r, either(deep, 1.42343711074968357734e0, 6.65790464350110377720e0),
                                  either(deep, 4.63033784615654529590e0, 5.46378491116411436990e0),
                                  either(deep, 5.76949722146069140550e0, 1.78482653991729133580e0),
                                  either(deep, 3.64784832476320460504e0, 2.96560571828504891230e-1),
                                  either(deep, 1.27045825245236838258e0, 2.65321895265761230930e-2),
                                  either(deep, 2.41780725177450611770e-1, 1.24266094738807843860e-3),
                                  either(deep, 2.27238449892691845833e-2, 2.71155556874348757815e-5),
                                  either(deep, 7.74545014278341407640e-4, 2.01033439929228813265e-7));
  const double below = polynomial(r, 1.0, either(deep, 2.05319162663775882187e0, 5.99832206555887937690e-1),
                                  either(deep, 1.67638483018380384940e0, 1.36929880922735805310e-1),
                                  either(deep, 6.89767334985100004550e-1, 1.48753612908506148525e-2),
                                  either(deep, 1.48103976427480074590e-1, 7.86869131145613259100e-4),
                                  either(deep, 1.51986665636164571966e-2, 1.84631831751005468180e-5),
                                  either(deep, 5.47593808499534494600e-4, 1.42151175831644588870e-7),
                                  either(deep, 1.05075007164441684324e-9, 2.04426310338993978564e-15));

  const bool central = centre >= 0;
  const double sign = q < 0 ? -1 : 1;
  return either(central, sign * above, q * central_above) / either(central, below, central_below);
}

/// Quantile of the standard normal distribution for normal p in (0, 1).
QSM_ALWAYS_INLINE double normal_quantile_of_inner(double p) {
  return normal_quantile_by(p, log_of_normal(p < 1 - p ? p : 1 - p));
}

}  // namespace detail

/// Natural logarithm, the same bits everywhere; -infinity at 0, NaN below. Error below 1 ulp.
///
/// @param x  argument [1], any
/// @returns  ln x [1]
/// @source   Method of Ng 1993, FDLIBM 5.3, e_log.c; coefficients by the Remez algorithm
QSM_ALWAYS_INLINE double portable_log(double x) {
  const bool tiny = x < std::numeric_limits<double>::min();
  const double log = detail::log_of_normal(tiny ? x * 0x1p54 : x, tiny ? 54 : 0);
  const double not_normal = x == 0 ? -infinity : (x < 0 ? std::numeric_limits<double>::quiet_NaN() : x);
  return ((x > 0) & (x < infinity)) ? log : not_normal;
}

/// Exponential function, the same bits everywhere; 0 and infinity beyond the range of doubles. Error below 1 ulp.
///
/// @param x  argument [1], any
/// @returns  e^x [1], >= 0
/// @source   Method of Tang 1989, Table-driven implementation of the exponential function, without the table;
///           coefficients by the Remez algorithm
QSM_ALWAYS_INLINE double portable_exp(double x) { return detail::exp_of_any(x); }

/// Quantile of the standard normal distribution, the same bits everywhere; -infinity at 0, infinity at 1, NaN outside
/// of [0, 1]. Relative error below 1e-15.
///
/// @param p  probability [1], in [0, 1]
/// @returns  z with P(Z <= z) = p [1]
/// @source   Wichura 1988, Algorithm AS 241: the percentage points of the normal distribution, PPND16
QSM_ALWAYS_INLINE double portable_normal_quantile(double p) {
  const double at_end = p == 0 ? -infinity : (p == 1 ? infinity : std::numeric_limits<double>::quiet_NaN());
  return ((p > 0) & (p < 1)) ? detail::normal_quantile_by(p, portable_log(p < 1 - p ? p : 1 - p)) : at_end;
}

}  // namespace qsm::inline v0::inline core
