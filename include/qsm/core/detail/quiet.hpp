#pragma once
// How functions of Boost.Math are called, for .ipp files: errors by value, one instance of each for all callers.

#include <boost/math/policies/policy.hpp>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core::detail {

namespace policies = boost::math::policies;
using Quiet =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>>;

}  // namespace qsm::inline v0::inline core::detail
