#pragma once
/// @file
/// The slowest and the fastest of several independent times: fan-out, races, hedged and tied requests.

#include <span>
#include <string>
#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::latency {

/// Law of the largest of independent times; made by max_of().
class Maximum {
 public:
  Maximum(std::vector<Distribution> parts, std::vector<double> counts);

  /// The laws among which the largest is taken.
  const std::vector<Distribution>& parts() const { return parts_; }
  /// How often each of them occurs [1].
  const std::vector<double>& counts() const { return counts_; }

  double mean() const;
  double variance() const;
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double low() const;
  double high() const;
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;

 private:
  std::vector<Distribution> parts_;
  std::vector<double> counts_;
};

/// Law of the smallest of independent times; made by min_of() and hedged().
class Minimum {
 public:
  Minimum(std::vector<Distribution> parts, std::vector<double> counts);

  /// The laws among which the smallest is taken.
  const std::vector<Distribution>& parts() const { return parts_; }
  /// How often each of them occurs [1].
  const std::vector<double>& counts() const { return counts_; }

  double mean() const;
  double variance() const;
  double pdf(double value) const;
  double cdf(double value) const;
  double survival(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double low() const;
  double high() const;
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;

 private:
  std::vector<Distribution> parts_;
  std::vector<double> counts_;
};

/// Law of the slowest of n independent times of one law: a request that asks n servers and needs all answers.
///
/// P(max <= x) = F(x)ⁿ. Both tails keep their digits; the quantile is that of X at p^(1/n).
///
/// @param distribution  law of X [s]
/// @param count         n [1], an integer >= 1
/// @returns             the law of max(X₁, ..., Xₙ)
/// @source              David and Nagaraja 2003, Order Statistics, section 2.1
Distribution max_of(const Distribution& distribution, double count);

/// Law of the slowest of independent times of several laws.
///
/// @param distributions  laws of X₁, X₂, ... [s], at least one
/// @returns              the law of max(X₁, X₂, ...)
/// @source               David and Nagaraja 2003, Order Statistics, section 5.2
Distribution max_of(const std::vector<Distribution>& distributions);

/// Law of the fastest of n independent times of one law: a race whose first answer counts.
///
/// P(min > x) = P(X > x)ⁿ. Exponential laws give an exponential law.
///
/// @param distribution  law of X [s]
/// @param count         n [1], an integer >= 1
/// @returns             the law of min(X₁, ..., Xₙ)
/// @source              David and Nagaraja 2003, Order Statistics, section 2.1
Distribution min_of(const Distribution& distribution, double count);

/// Law of the fastest of independent times of several laws.
///
/// @param distributions  laws of X₁, X₂, ... [s], at least one
/// @returns              the law of min(X₁, X₂, ...)
/// @source               David and Nagaraja 2003, Order Statistics, section 5.2
Distribution min_of(const std::vector<Distribution>& distributions);

/// Law of a hedged request: where no answer has come after a delay d, the same is asked of a second server, and the first
/// answer counts.
///
/// min(X, d + X') with independent X and X' of one law. A share P(X > d) of the requests is sent twice: the survival of
/// the law at d. The load that this adds to the servers is not in the law; for that, simulate them.
///
/// @param distribution  law of X [s]
/// @param delay         d [s], finite and >= 0
/// @returns             the law of min(X, d + X')
/// @source              Dean and Barroso 2013, The tail at scale
Distribution hedged(const Distribution& distribution, double delay);

/// Law of a tied request: it waits in the queues of n servers, and the first that begins takes it out of the others.
///
/// min(W₁, ..., Wₙ) + S with independent waits and one service. The cancellation is taken to be in time: two that begin
/// within the delay of the message both serve, which only wastes work.
///
/// @param wait       law of the wait in one queue W [s]
/// @param service    law of the service time S [s]
/// @param count      n, servers asked [1], an integer >= 1
/// @param tolerance  relative width of the bounds where the sum has no form, as for sum_of [1], in [0.001, 0.5]
/// @returns          the law of the time until the answer
/// @source           Dean and Barroso 2013, The tail at scale
Distribution tied(const Distribution& wait, const Distribution& service, double count = 2, double tolerance = 0.05);

/// Probability that a request which asks n servers meets at least one slow answer.
///
/// 1 - (1 - p)ⁿ, with all digits for small p.
///
/// @param probability  p, that one answer is slow [1], in [0, 1]
/// @param count        n, servers asked [1], an integer >= 0
/// @returns            probability [1], in [0, 1]
/// @source             Dean and Barroso 2013, The tail at scale
/// @golden             latency/fan_out.csv
double fan_out_slow_probability(double probability, double count);

/// Probability at which one server must keep a promise, so that all n keep it at once with the probability wanted.
///
/// p^(1/n): what percentile of one server is the p-th of the slowest of n.
///
/// @param probability  p, of the slowest of all [1], in [0, 1]
/// @param count        n, servers asked [1], an integer >= 1
/// @returns            probability [1], in [0, 1]
/// @source             Dean and Barroso 2013, The tail at scale
/// @golden             latency/fan_out.csv
double server_probability_for_fan_out(double probability, double count);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/extremes.ipp>
#endif
