#pragma once
// Special functions from Boost.Math, for .ipp files: intermediate results in extended precision, limits by value.

#include <boost/math/special_functions/gamma.hpp>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core::detail {

namespace policies = boost::math::policies;
using Quiet =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>>;

/// P(a, x), regularised lower incomplete gamma function.
inline double gamma_lower(double a, double x) { return boost::math::gamma_p(a, x, Quiet()); }
/// Q(a, x) = 1 - P(a, x).
inline double gamma_upper(double a, double x) { return boost::math::gamma_q(a, x, Quiet()); }
/// xᵃ⁻¹ exp(-x) / Γ(a), x > 0.
inline double gamma_density(double a, double x) { return boost::math::gamma_p_derivative(a, x, Quiet()); }
/// Γ(1 + x).
inline double gamma_1p(double x) { return boost::math::tgamma1pm1(x, Quiet()) + 1; }

}  // namespace qsm::inline v0::inline core::detail
