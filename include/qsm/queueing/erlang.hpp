#pragma once
/// @file
/// Erlang's two formulas, exact to rounding from an idle to a flooded system and up to 2^53 servers.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// Probability that an arrival is lost when there is no waiting room: Erlang's loss formula.
///
/// B(c, a) = (a^c / c!) / Σ a^k / k!, k = 0..c. Up to 100 servers by the recurrence over servers; beyond, by Temme's
/// uniform expansion of the incomplete gamma function near a = c, by a short series below and by the last steps of the
/// recurrence above, so that the time does not grow with the number of servers.
///
/// @param servers       c [1], integer >= 0
/// @param offered_load  a = λ/μ [erlang], finite and >= 0
/// @returns             blocking probability B [1], in [0, 1]
/// @source              A. K. Erlang 1917; D. L. Jagerman 1974, Bell System Technical Journal 53(3); N. M. Temme 1979,
///                      SIAM J. Math. Anal. 10(4); NIST DLMF 8.12
/// @golden              queueing/erlang.csv
double erlang_b(double servers, double offered_load);

/// Probability that an arrival has to wait in M/M/c: Erlang's delay formula.
///
/// C(c, a) = c B / (c - a (1 - B)) with B = erlang_b(c, a); 1 when a >= c, where the queue grows without bound.
///
/// @param servers       c [1], integer >= 0
/// @param offered_load  a = λ/μ [erlang], finite and >= 0
/// @returns             probability of waiting C [1], in [0, 1]
/// @source              A. K. Erlang 1917; L. Kleinrock 1975, Queueing Systems I, eq. 3.40
/// @golden              queueing/erlang.csv
double erlang_c(double servers, double offered_load);

namespace detail {

/// Erlang's two probabilities for one system. `gap` = c - a, given apart because it loses its digits when a ≈ c.
struct Erlang {
  double blocking;    // B
  double waiting;     // C
  double no_waiting;  // 1 - C, without cancellation
};
Erlang erlang(double servers, double offered_load, double gap);

}  // namespace detail
}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/erlang.ipp>
#endif
