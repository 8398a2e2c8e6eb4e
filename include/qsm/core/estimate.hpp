#pragma once
/// @file
/// A number that is not exact, with the interval that says how far off it may be.

#include <string>

namespace qsm::inline v0::inline core {

/// A value with the interval in which the truth lies with the confidence that `method` names; converts to its value.
struct Estimate {
  double value;
  double low;
  double high;
  std::string method;  // "20 replications, t, 95 %", "replay", ...

  operator double() const { return value; }
  double half_width() const { return (high - low) / 2; }
};

}  // namespace qsm::inline v0::inline core
