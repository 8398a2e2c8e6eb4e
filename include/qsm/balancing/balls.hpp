#pragma once
/// @file
/// Balls in bins: how full the fullest server gets when requests that stay are spread at random, or by choice among some.

#include <qsm/core/config.hpp>

namespace qsm::inline v0::balancing {

/// Probability that no bin holds more than `load` of the balls that were thrown, exact.
///
/// One choice: each ball into any bin. More: bins are drawn independently and the ball goes into the emptiest of them. With
/// one choice the cost grows as balls² log(bins) or balls x bins x load; with more it grows with the number of partitions of the
/// balls, so that they may be 60 at most.
///
/// @param balls    m [1], an integer in [0, 20000]; with more than one choice at most 60
/// @param bins     n [1], an integer in [1, 2^24]
/// @param load     k [1], an integer >= 0
/// @param choices  d, bins drawn for each ball [1], an integer >= 1
/// @returns        P(fullest bin holds at most k) [1]
/// @source         N. Johnson and S. Kotz 1977, Urn Models and Their Application, section 3.2; Y. Azar, A. Broder, A. Karlin and
///                 E. Upfal 1999, Balanced allocations
/// @golden         balancing/max_load.csv
double max_load_cdf(double balls, double bins, double load, double choices = 1);

/// Mean number of balls in the fullest bin, exact.
///
/// @param balls    m [1], an integer in [0, 20000]; with more than one choice at most 60
/// @param bins     n [1], an integer in [1, 2^24]
/// @param choices  d, bins drawn for each ball [1], an integer >= 1
/// @returns        E[balls in the fullest bin] [1]
/// @source         N. Johnson and S. Kotz 1977, Urn Models and Their Application, section 3.2; Y. Azar, A. Broder, A. Karlin and
///                 E. Upfal 1999, Balanced allocations
/// @golden         balancing/max_load.csv
double mean_max_load(double balls, double bins, double choices = 1);

/// Mean of the fullest of n bins for n balls, as n grows: Γ⁻¹(n) - 3/2 for one choice, ln ln n / ln d for more.
///
/// For one choice the error goes to 0; for more it stays bounded, so that only the growth is told.
///
/// @param bins     n, and as many balls [1], an integer >= 3
/// @param choices  d [1], an integer >= 1
/// @returns        balls in the fullest bin [1]
/// @source         G. Gonnet 1981, Expected length of the longest probe sequence in hash code searching; Azar and others 1999
double max_load_growth(double bins, double choices = 1);

/// Fraction of the bins with at least `load` balls, as the number of bins grows with `balls_per_bin` fixed.
///
/// For one choice the Poisson tail; for more the solution of s'(k) = s(k - 1)^d - s(k)^d, s(0) = 1, by steps of order four that
/// are halved until they agree to 1e-13; the error is that of the whole, not of a small fraction.
///
/// @param load           k [1], an integer in [0, 1000]
/// @param balls_per_bin  c [1], in [0, 1000]
/// @param choices        d [1], an integer >= 1
/// @returns              s(k) [1]
/// @source               M. Mitzenmacher 1999, Studying balanced allocations with differential equations
/// @golden               balancing/load_fraction.csv
double load_fraction(double load, double balls_per_bin, double choices = 1);

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/balls.ipp>
#endif
