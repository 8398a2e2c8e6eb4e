#pragma once
// The incomplete beta function from Boost.Math, for .ipp files.

#include <boost/math/special_functions/beta.hpp>

#include <qsm/core/detail/quiet.hpp>

namespace qsm::inline v0::inline core::detail {

/// I_x(a, b), regularised, 0 <= x <= 1; a, b > 0.
inline double beta_lower(double a, double b, double x) { return boost::math::ibeta(a, b, x, Quiet()); }

}  // namespace qsm::inline v0::inline core::detail
