#pragma once
/// @file
/// Checks that users run on their own types.

#include <string>
#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::inline core {

/// Tries a law out and says in words what is wrong with it.
///
/// The cdf rises from 0 to 1, quantiles invert it, survival is its complement, density, moments and Laplace transform
/// agree with integrals over the quantiles (relative 1e-5), 20,000 variates agree with the cdf (Kolmogorov-Smirnov,
/// false alarm below 1e-4), and variate i is the same however the blocks are cut. What the law throws is reported too.
///
///     EXPECT_EQ(check_distribution(Triangle{}), std::vector<std::string>());
///
/// @param distribution  the law, of any type that meets DistributionLike
/// @returns             one sentence per failure; empty if there is none
/// @source              definition of a law; Kolmogorov 1933 for the test of the sample
std::vector<std::string> check_distribution(const Distribution& distribution);

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/testing.ipp>
#endif
