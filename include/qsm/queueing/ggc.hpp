#pragma once
/// @file
/// Approximations of the mean wait in GI/G/c from means and squared coefficients of variation alone.
///
/// None of them is exact beyond M/M/c, for two moments do not determine the wait. The errors in the texts were measured
/// against exact waits of M/D/c, M/E2/c and M/H2/c (balanced means, c² = 2 and 4) with c = 2, 5, 10 servers at loads of
/// 0.5 to 0.95 (tests/golden/queueing/ggc_exact.csv).

#include <qsm/core/error.hpp>
#include <qsm/queueing/station_means.hpp>

namespace qsm::inline v0::queueing {

/// Upper bound of the mean wait in GI/G/1 by Kingman: λ (Var[A] + Var[S]) / (2 (1 - ρ)).
///
/// Above the exact PH/PH/1 (c² of 0.5, 1, 2 and 4 on either side) by 43 to 368 % at a load of 0.5, 8 to 56 % at 0.8 and
/// 1.6 to 10 % at 0.95.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param arrival_scv   c_a² of the time between arrivals [1], finite and >= 0
/// @param service_rate  μ [1/s], finite and > 0
/// @param service_scv   c_s² of the service time [1], finite and >= 0
/// @returns             upper bound of E[W] [s]; infinity when unstable
/// @source              J. F. C. Kingman 1962, Journal of the Royal Statistical Society B 24(2)
/// @golden              queueing/gg1.csv
double gg1_kingman(double arrival_rate, double arrival_scv, double service_rate, double service_scv);

/// Mean wait in GI/G/1 by Marchal: Kingman's bound scaled to be exact for M/G/1.
///
/// Measured error against the exact PH/PH/1 (c² of 0.5, 1, 2 and 4 on either side): -10 to +59 % at a load of 0.5, -3 to
/// +16 % at 0.8, -0.7 to +3.3 % at 0.95.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param arrival_scv   c_a² of the time between arrivals [1], finite and >= 0
/// @param service_rate  μ [1/s], finite and > 0
/// @param service_scv   c_s² of the service time [1], finite and >= 0
/// @returns             approximation of E[W] [s]; infinity when unstable
/// @source              W. G. Marchal 1976, AIIE Transactions 8(4)
/// @golden              queueing/gg1.csv
double gg1_marchal(double arrival_rate, double arrival_scv, double service_rate, double service_scv);

/// Mean wait in GI/G/c by Allen and Cunneen: that of M/M/c times (c_a² + c_s²) / 2.
///
/// Measured error: M/D/c -24 %, M/E2/c -9 %, M/H2/c +25 % (c² = 2) and +64 % (c² = 4) at worst, all with
/// 10 servers at a load of 0.5; within 2 % with 2 servers at 0.9 and more. Against the exact PH/PH/c (c² of 0.5, 1, 2 and
/// 4 on either side, 1 to 10 servers): -65 to +188 % at a load of 0.5, -27 to +33 % at 0.8, -7 to +6 % at 0.95.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param arrival_scv   c_a² of the time between arrivals [1], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param service_scv   c_s² of the service time [1], finite and >= 0
/// @param servers       c [1], integer >= 1
/// @returns             approximation of E[W] [s]; infinity when unstable
/// @source              A. O. Allen 1990, Probability, Statistics and Queueing Theory, section 5.6
/// @golden              queueing/ggc.csv
double ggc_allen_cunneen(double arrival_rate, double arrival_scv, double service_rate, double service_scv,
                         double servers);

/// Mean wait in GI/G/c by Allen and Cunneen with Kraemer and Langenbach-Belz's factor for arrivals that are not Poisson.
///
/// The factor is exp(-2 (1 - ρ) (1 - c_a²)² / (3 ρ (c_a² + c_s²))) for c_a² < 1, else
/// exp(-(1 - ρ) (c_a² - 1) / (c_a² + 4 c_s²)). Measured error for Poisson arrivals: that of ggc_allen_cunneen, since the
/// factor is 1 there. Against the exact PH/PH/c (c² of 0.5, 1, 2 and 4 on either side, 1 to 10 servers): -73 to +178 % at
/// a load of 0.5, -34 to +32 % at 0.8, -9 to +6 % at 0.95.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param arrival_scv   c_a² of the time between arrivals [1], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param service_scv   c_s² of the service time [1], finite and >= 0
/// @param servers       c [1], integer >= 1
/// @returns             approximation of E[W] [s]; infinity when unstable
/// @source              W. Kraemer, M. Langenbach-Belz 1976, Proceedings of the 8th International Teletraffic Congress
/// @golden              queueing/ggc.csv
double ggc_kraemer_langenbach_belz(double arrival_rate, double arrival_scv, double service_rate, double service_scv,
                                   double servers);

/// Mean wait in GI/G/c by Whitt, with corrections for the number of servers.
///
/// Measured error: M/D/c -5.6 %, M/E2/c +4.6 %, M/H2/c -4.6 % (c² = 2) and +15.5 % (c² = 4) at worst. Against the exact
/// PH/PH/c (c² of 0.5, 1, 2 and 4 on either side, 1 to 10 servers): -57 to +83 % at a load of 0.5, -22 to +12 % at 0.8,
/// -5.3 to +2 % at 0.95.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param arrival_scv   c_a² of the time between arrivals [1], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param service_scv   c_s² of the service time [1], finite and >= 0
/// @param servers       c [1], integer >= 1
/// @returns             approximation of E[W] [s]; infinity when unstable
/// @source              W. Whitt 1993, Production and Operations Management 2(2), eqs. 2.17 to 2.25
/// @golden              queueing/ggc.csv
double ggc_whitt(double arrival_rate, double arrival_scv, double service_rate, double service_scv, double servers);

/// Mean wait in M/G/c by Cosmetatos: c_s² times that of M/M/c plus (1 - c_s²) times his approximation of M/D/c.
///
/// Measured error: M/D/c -0.95 %, M/E2/c -0.72 % at worst.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param service_scv   c_s² of the service time [1], in [0, 1]
/// @param servers       c [1], integer >= 1
/// @returns             approximation of E[W] [s]; infinity when unstable
/// @source              G. P. Cosmetatos 1976, Operational Research Quarterly 27(3)
/// @golden              queueing/mgc.csv
double mgc_cosmetatos(double arrival_rate, double service_rate, double service_scv, double servers);

/// Mean wait in M/G/c by Kimura, between the exact waits of M/D/c and M/M/c.
///
/// (1 + c_s²) / ((1 - c_s²) / E[W of M/D/c] + 2 c_s² / E[W of M/M/c]) up to c_s² = 1; beyond it the two are mixed
/// linearly, c_s² times M/M/c minus (c_s² - 1) times M/D/c. Measured error: M/E2/c +3.2 %, M/H2/c +11.7 % (c² = 2) and +33 % (c² = 4) at
/// worst.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param service_scv   c_s² of the service time [1], finite and >= 0
/// @param servers       c [1], integer in [1, 1000000]
/// @returns             approximation of E[W] [s]; infinity when unstable
/// @source              T. Kimura 1986, Operations Research 34(5); O. J. Boxma and others 1979, Philips Research Reports 34
/// @golden              queueing/mgc.csv
double mgc_kimura(double arrival_rate, double service_rate, double service_scv, double servers);

/// Which approximation of the mean wait `ggc` takes.
enum class WaitApproximation {
  whitt,                    ///< ggc_whitt, the closest of those for any arrivals
  allen_cunneen,            ///< ggc_allen_cunneen
  kraemer_langenbach_belz,  ///< ggc_kraemer_langenbach_belz
  kimura,                   ///< mgc_kimura, for c_a² = 1
  cosmetatos,               ///< mgc_cosmetatos, for c_a² = 1 and c_s² <= 1
  marchal,                  ///< gg1_marchal, for one server
  kingman                   ///< gg1_kingman, an upper bound, for one server
};

/// Mean values of GI/G/c by an approximation of the mean wait.
///
/// Measured errors stand at each method's own function.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param arrival_scv   c_a² of the time between arrivals [1], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param service_scv   c_s² of the service time [1], finite and >= 0
/// @param servers       c [1], integer >= 1
/// @param method        the approximation
/// @returns             the means, approximate but for the load
/// @source              W. Whitt 1993, Approximations for the GI/G/m queue; for the other methods see their functions
/// @golden              queueing/ggc_methods.csv
StationMeans ggc(double arrival_rate, double arrival_scv, double service_rate, double service_scv, double servers,
                 WaitApproximation method = WaitApproximation::whitt);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/ggc.ipp>
#endif
