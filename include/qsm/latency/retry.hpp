#pragma once
/// @file
/// Retries: how long a caller waits who gives an attempt up after a timeout and tries again.

#include <span>
#include <string>
#include <vector>

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::latency {

/// Law of the time until the answer, or until the caller gives up; made by retry().
class Retry {
 public:
  /// Checks and prepares; see retry().
  Retry(Distribution distribution, double timeout, double attempts, double backoff, double multiplier);

  /// The law of one attempt.
  const Distribution& distribution() const { return distribution_; }
  /// Longest wait for one attempt τ [s].
  double timeout() const { return timeout_; }
  /// Most attempts n [1].
  double attempts() const { return static_cast<double>(starts_.size()); }
  /// Pause before the second attempt [s].
  double backoff() const { return backoff_; }
  /// What each later pause is longer by [1].
  double multiplier() const { return multiplier_; }
  /// Probability that the caller gives up without an answer, P(X > τ)ⁿ [1].
  double probability_failed() const;

  double mean() const;
  double variance() const;
  double cdf(double value) const;
  double survival(double value) const;
  double pdf(double value) const;
  double quantile(double probability) const;
  double survival_quantile(double probability) const;
  double low() const;
  double high() const;
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  std::string describe() const;

 private:
  double moment_sum(int order) const;
  std::size_t attempt_at(double value) const;

  Distribution distribution_;
  double timeout_;
  double backoff_, multiplier_;
  std::vector<double> starts_;  // of the attempts
  double slow_;                 // P(X > τ)
  double answered_;             // P(X <= τ)
  double cut_;                  // E[min(X, τ)]
  double cut_squares_;          // E[min(X, τ)²]
};

/// Law of the time that a caller spends on a request with retries.
///
/// Each attempt takes an independent X. One that has not answered after τ is given up; after a pause the next begins;
/// after the last the caller gives up. The law is that of the time until the answer or the giving up, exactly, with an
/// atom of P(X > τ)ⁿ at its end: those get no answer.
///
/// @param distribution  law of X, one attempt [s], >= 0
/// @param timeout       τ [s], finite and > 0
/// @param attempts      n, the first included [1], an integer in [1, 10000]
/// @param backoff       pause before the second attempt [s], finite and >= 0
/// @param multiplier    what each later pause is longer by [1], finite and > 0
/// @returns             the law
/// @source              definition
Distribution retry(const Distribution& distribution, double timeout, double attempts, double backoff = 0,
                   double multiplier = 1);

/// Mean number of attempts per request with retries: the factor by which retries multiply the load.
///
/// (1 - qⁿ) / (1 - q), the chance of a timeout q taken to be the same for each attempt.
///
/// @param probability_timeout  q, that an attempt times out [1], in [0, 1]
/// @param attempts             n, the first included [1], an integer >= 1
/// @returns                    attempts per request [1], in [1, n]
/// @source                     geometric sum
/// @golden                     latency/retry_attempts.csv
double retry_attempts(double probability_timeout, double attempts);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/retry.ipp>
#endif
