#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

#include <qsm/queueing/detail/temme.hpp>
#include <qsm/queueing/erlang.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// B for c >= 100 and a within 40 % of c: 1/B = 1 + Q(c, a) / p, p = e^-a a^c / c!, both scaled by exp(η²c/2).
inline double blocking_near(double c, double gap) {
  const double delta = -gap / c;
  const double defect = log_defect(delta);
  const double eta = delta * std::sqrt(defect);
  const double y = eta * std::sqrt(c / 2);
  const double correction = temme_correction(eta, c);
  const double root = std::sqrt(2 * std::numbers::pi * c);
  const double gamma = scaled_gamma(c);
  if (y >= 0) return 1 / (1 + gamma * (root / 2 * erfcx(y) + correction));
  // Light load: everything times exp(-y²), so that nothing overflows.
  const double decay = std::exp(-gap * (gap / (2 * c) * defect));  // y² with the fewest roundings
  const double p = decay / (gamma * root);
  return p / (p + 1 - decay * (erfcx(-y) / 2 - correction / root));
}

/// B for c >= 100 and a < 0.6 c: Poisson point probability over what is left of one.
inline double blocking_light(double c, double a) {
  double tail = 0;  // Σ a^j / ((c+1)...(c+j))
  for (double term = a / (c + 1), k = c + 2; term > 1e-18; term *= a / k++) tail += term;
  const double exponent = c * (1 - a / c + std::log(a / c));
  const double p = std::exp(exponent) / (scaled_gamma(c) * std::sqrt(2 * std::numbers::pi * c));
  return p / (1 - p * tail);
}

/// B by the recurrence over servers, 1/B(k) = 1 + k/a · 1/B(k-1), from one where `first` servers stand for none.
inline double blocking_recurrence(double first, double c, double a) {
  double inverse = 1;
  for (double left = c - first; left-- > 0;) inverse = 1 + inverse * ((c - left) / a);
  return 1 / inverse;
}

/// B for a > 1.4 c: the recurrence forgets its start by c/a a step, and its roundings too.
inline double blocking_heavy(double c, double a) {
  return blocking_recurrence(std::max(0.0, c - std::ceil(42 / std::log(a / c))), c, a);
}

QSM_INLINE Erlang erlang(double c, double a, double gap) {
  double blocking = 1;
  if (c < 100) {
    blocking = blocking_recurrence(0, c, a);
  } else if (a < 0.6 * c) {
    blocking = blocking_light(c, a);
  } else if (a > 1.4 * c) {
    blocking = blocking_heavy(c, a);
  } else {
    blocking = blocking_near(c, gap);
  }
  if (!(gap > 0)) return {blocking, 1, 0};
  const double scale = 1 / (gap + a * blocking);
  return {blocking, c * blocking * scale, gap * (1 - blocking) * scale};
}

}  // namespace detail

QSM_INLINE double erlang_b(double servers, double offered_load) {
  Check check("erlang_b");
  check.count("servers", servers);
  check.not_negative("offered_load", offered_load);
  return detail::erlang(servers, offered_load, servers - offered_load).blocking;
}

QSM_INLINE double erlang_c(double servers, double offered_load) {
  Check check("erlang_c");
  check.count("servers", servers);
  check.not_negative("offered_load", offered_load);
  return detail::erlang(servers, offered_load, servers - offered_load).waiting;
}

}  // namespace qsm::inline v0::queueing
