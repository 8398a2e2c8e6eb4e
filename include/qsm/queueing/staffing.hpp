#pragma once
/// @file
/// Erlang's formulas and M/M/c/K turned around: servers, load, rates or places that keep a promise.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// Erlang's loss formula continued to any real number of servers.
///
/// 1/B(c, a) = ∫ exp(-t) (1 + t/a)^c dt, t = 0..∞; at whole c equal to erlang_b. Staffing problems that are solved over
/// the reals, and overflow traffic, use it.
///
/// @param servers       c [1], real, finite and >= 0
/// @param offered_load  a = λ/μ [erlang], finite and >= 0
/// @returns             blocking probability B [1], in [0, 1]
/// @source              D. L. Jagerman 1974, Bell System Technical Journal 53(3), eq. 1
/// @golden              queueing/erlang_b_continuous.csv
double erlang_b_continuous(double servers, double offered_load);

/// Fewest servers that lose at most a share p of the arrivals: smallest c with B(c, a) <= p.
///
/// @param offered_load  a = λ/μ [erlang], >= 0 and below 2^52
/// @param probability   p [1], in (0, 1)
/// @returns             servers [1], an integer >= 0
/// @source              A. K. Erlang 1917; D. L. Jagerman 1974, Bell System Technical Journal 53(3)
/// @golden              queueing/servers_for_blocking.csv
double servers_for_blocking(double offered_load, double probability);

/// Offered load at which c servers lose a share p of the arrivals: B(c, a) = p.
///
/// @param servers      c [1], integer >= 1
/// @param probability  p [1], in (0, 1)
/// @returns            offered load a [erlang], > 0
/// @source             D. L. Jagerman 1974, Bell System Technical Journal 53(3), section on derivatives
/// @golden             queueing/load_for_probability.csv
double load_for_blocking(double servers, double probability);

/// Fewest servers before which at most a share p of the arrivals has to wait: smallest c with C(c, a) <= p.
///
/// @param offered_load  a = λ/μ [erlang], >= 0 and below 2^52
/// @param probability   p [1], in (0, 1)
/// @returns             servers [1], an integer >= 1
/// @source              L. Kleinrock 1975, Queueing Systems I, eq. 3.40
/// @golden              queueing/servers_for_waiting.csv
double servers_for_waiting(double offered_load, double probability);

/// Offered load at which a share p of the arrivals waits before c servers: C(c, a) = p.
///
/// @param servers      c [1], integer >= 1
/// @param probability  p [1], in (0, 1)
/// @returns            offered load a [erlang], in (0, c)
/// @source             L. Kleinrock 1975, Queueing Systems I, eq. 3.40
/// @golden             queueing/load_for_probability.csv
double load_for_waiting(double servers, double probability);

/// Fewest servers that are busy at most a share u of their time: smallest c >= 1 with a / c <= u.
///
/// @param offered_load  a = λ/μ [erlang], >= 0 and below 2^52
/// @param utilization   u [1], in (0, 1)
/// @returns             servers [1], an integer >= 1
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.5
/// @golden              queueing/servers_for_utilization.csv
double servers_for_utilization(double offered_load, double utilization);

/// Largest arrival rate of M/M/c at which P(W <= wait) >= probability.
///
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @param wait          longest wait [s], finite and >= 0
/// @param probability   share of arrivals that waits no longer [1], in (0, 1)
/// @returns             arrival rate λ [1/s], > 0
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.5
/// @golden              queueing/rates_for_wait.csv
double arrival_rate_for_wait(double service_rate, double servers, double wait, double probability);

/// Smallest service rate of M/M/c with P(W <= wait) >= probability.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param servers       c [1], integer >= 1
/// @param wait          longest wait [s], finite and >= 0
/// @param probability   share of arrivals that waits no longer [1], in (0, 1)
/// @returns             service rate μ of one server [1/s], > 0
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.5
/// @golden              queueing/rates_for_wait.csv
double service_rate_for_wait(double arrival_rate, double servers, double wait, double probability);

/// Smallest capacity of M/M/c/K that loses at most a share p of the arrivals; infinity where none does.
///
/// With K the loss falls towards max(0, 1 - cμ/λ), which no waiting room goes below.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @param probability   p [1], in (0, 1)
/// @returns             capacity K [1], an integer >= c, or infinity
/// @source              D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
/// @golden              queueing/mmck_inverses.csv
double capacity_for_blocking(double arrival_rate, double service_rate, double servers, double probability);

/// Fewest servers in M/M/c/K with K places in all that lose at most a share p; infinity where not even K servers do.
///
/// @param arrival_rate  λ [1/s], finite and >= 0
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param capacity      K [1], waiting and in service, integer >= 1
/// @param probability   p [1], in (0, 1)
/// @returns             servers c [1], an integer in [1, K], or infinity
/// @source              D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
/// @golden              queueing/mmck_inverses.csv
double servers_for_blocking_within(double arrival_rate, double service_rate, double capacity, double probability);

/// Arrival rate at which M/M/c/K loses a share p of the arrivals.
///
/// @param service_rate  μ [1/s], of one server, finite and > 0
/// @param servers       c [1], integer >= 1
/// @param capacity      K [1], waiting and in service, integer >= c
/// @param probability   p [1], in (0, 1)
/// @returns             arrival rate λ [1/s], > 0
/// @source              D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
/// @golden              queueing/mmck_inverses.csv
double arrival_rate_for_blocking(double service_rate, double servers, double capacity, double probability);

/// Service rate at which M/M/c/K loses a share p of the arrivals.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param servers       c [1], integer >= 1
/// @param capacity      K [1], waiting and in service, integer >= c
/// @param probability   p [1], in (0, 1)
/// @returns             service rate μ of one server [1/s], > 0
/// @source              D. Gross and others 2008, Fundamentals of Queueing Theory, section 2.5
/// @golden              queueing/mmck_inverses.csv
double service_rate_for_blocking(double arrival_rate, double servers, double capacity, double probability);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/staffing.ipp>
#endif
