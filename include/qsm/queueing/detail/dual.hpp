#pragma once
// Dual numbers: a value and its derivative by one input, so that an algorithm differentiates itself. For .ipp files.

#include <cmath>

namespace qsm::inline v0::queueing::detail {

struct Dual {
  double value = 0;
  double slope = 0;

  constexpr Dual() = default;
  constexpr Dual(double number, double derivative = 0)
      : value(number), slope(derivative) {}  // NOLINT: numbers are duals

  friend constexpr Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend constexpr Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
  friend constexpr Dual operator-(Dual a) { return {-a.value, -a.slope}; }
  friend constexpr Dual operator*(Dual a, Dual b) { return {a.value * b.value, a.slope * b.value + a.value * b.slope}; }
  friend constexpr Dual operator/(Dual a, Dual b) {
    const double ratio = a.value / b.value;
    return {ratio, (a.slope - ratio * b.slope) / b.value};
  }
  constexpr Dual& operator+=(Dual other) { return *this = *this + other; }
  constexpr Dual& operator-=(Dual other) { return *this = *this - other; }
  constexpr Dual& operator*=(Dual other) { return *this = *this * other; }
  constexpr Dual& operator/=(Dual other) { return *this = *this / other; }
};

inline double exp(double a) { return std::exp(a); }
inline double log(double a) { return std::log(a); }
inline Dual exp(Dual a) { return {std::exp(a.value), std::exp(a.value) * a.slope}; }
inline Dual log(Dual a) { return {std::log(a.value), a.slope / a.value}; }

inline double value_of(double a) { return a; }
inline double value_of(Dual a) { return a.value; }

/// How far two numbers are apart, relative to their size, derivative included.
inline double distance(double a, double b) { return a == b ? 0 : std::abs(a - b) / std::abs(a); }
inline double distance(Dual a, Dual b) {
  return distance(a.value, b.value) +
         (a.slope == b.slope ? 0 : std::abs(a.slope - b.slope) / (std::abs(a.slope) + 1e-3));
}

}  // namespace qsm::inline v0::queueing::detail
