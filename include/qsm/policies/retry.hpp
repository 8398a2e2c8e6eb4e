#pragma once
/// @file
/// Retries that do not make an overload worse: pauses that grow and scatter, and budgets.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::policies {

/// How the pause before a retry is scattered, so that clients that failed together do not come back together.
enum class Jitter {
  none,  ///< the pause itself
  full,  ///< uniform from 0 to the pause
  equal  ///< half the pause, and uniform up to the whole
};

/// Exponential backoff: base x factor^k before retry k = 0, 1, ..., at most `longest`, then scattered.
///
/// @source         M. Brooker 2015, Exponential backoff and jitter
class Backoff {
 public:
  /// These pauses.
  ///
  /// @param base     pause before the first retry [s], finite and > 0
  /// @param longest  longest pause [s], finite and >= base
  /// @param factor   growth from one retry to the next [1], finite and >= 1
  /// @param jitter   none, full or equal
  explicit Backoff(double base = 0.1, double longest = 10, double factor = 2, Jitter jitter = Jitter::full)
      : base_(base), longest_(longest), factor_(factor), jitter_(jitter) {
    Check check("Backoff");
    check.positive("base", base);
    check.that(longest >= base && longest <= std::numeric_limits<double>::max(), "longest", longest,
               "finite and >= base");
    check.that(factor >= 1 && factor <= std::numeric_limits<double>::max(), "factor", factor, "finite and >= 1");
  }

  /// Pause before retry k [s]; `retry` [1] counts from 0, `uniform` [1], in [0, 1], is the caller's random number.
  double pause(double retry, double uniform) const {
    Check check("Backoff.pause");
    check.count("retry", retry);
    check.probability("uniform", uniform);
    const double whole = std::min(longest_, base_ * std::pow(factor_, retry));
    if (jitter_ == Jitter::none) return whole;
    return jitter_ == Jitter::full ? whole * uniform : whole / 2 * (1 + uniform);
  }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.base_, self.longest_, self.factor_, self.jitter_); }

  double base_, longest_, factor_;
  Jitter jitter_;
};

/// Lets retries be at most a share of the requests: each request brings `ratio` tokens, each retry takes one, and a small
/// reserve lets a quiet client retry at all.
///
/// In the long run retries <= ratio x requests + reserve_rate x time, so that the load on a failing service grows by no
/// more than the factor 1 + ratio.
///
/// @source              B. Beyer and others 2016, Site Reliability Engineering, chapter 21
class RetryBudget {
 public:
  /// A budget without tokens but for the reserve of one horizon.
  ///
  /// @param ratio         retries for each request [1], finite and >= 0
  /// @param reserve_rate  retries that are free [1/s], finite and >= 0
  /// @param horizon       how long unused tokens are kept [s], finite and > 0
  explicit RetryBudget(double ratio = 0.1, double reserve_rate = 1, double horizon = 10)
      : ratio_(ratio), reserve_rate_(reserve_rate), horizon_(horizon), reserve_(reserve_rate * horizon) {
    Check check("RetryBudget");
    check.not_negative("ratio", ratio);
    check.not_negative("reserve_rate", reserve_rate);
    check.positive("horizon", horizon);
  }

  /// Notes a first attempt at `now` [s].
  void request(double now) {
    advance("RetryBudget.request", now);
    tokens_ += ratio_;
  }
  /// Takes a token for a retry at `now` [s], if there is one.
  bool retry(double now) {
    advance("RetryBudget.retry", now);
    constexpr double whole = 1 - 1e-9;  // ten times 0.1 is one
    if (tokens_ >= whole) return tokens_ = std::max(0.0, tokens_ - 1), true;
    if (tokens_ + reserve_ < whole) return false;
    reserve_ = std::max(0.0, reserve_ - (1 - tokens_));
    tokens_ = 0;
    return true;
  }
  /// Tokens that are left, the reserve among them [1].
  double balance() const { return tokens_ + reserve_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.ratio_, self.reserve_rate_, self.horizon_, self.tokens_, self.reserve_, self.now_,
                    self.started_);
  }

  void advance(const char* function, double now) {
    Check check(function);
    check.finite("now", now);
    if (started_) {
      check.that(now >= now_, "now", now, ">= the time of the last call");
      tokens_ *= std::exp(-(now - now_) / horizon_);
      reserve_ = std::min(reserve_rate_ * horizon_, reserve_ + reserve_rate_ * (now - now_));
    }
    started_ = true;
    now_ = now;
  }

  double ratio_, reserve_rate_, horizon_;
  double tokens_ = 0, reserve_, now_ = 0;
  bool started_ = false;
};

/// Stops retries of a client while most of its calls fail: starts with all tokens, a failure takes one, a success gives
/// `ratio` back, and retries are allowed while more than half are left.
///
/// @source        gRPC proposal A6, client retries, throttling
class RetryThrottle {
 public:
  /// All tokens are there.
  ///
  /// @param tokens  greatest number of tokens [1], finite and > 0
  /// @param ratio   tokens for a success [1], finite and > 0
  explicit RetryThrottle(double tokens = 10, double ratio = 0.1) : most_(tokens), ratio_(ratio), tokens_(tokens) {
    Check check("RetryThrottle");
    check.positive("tokens", tokens);
    check.positive("ratio", ratio);
  }

  /// Learns how a call ended.
  void observe(bool succeeded) { tokens_ = succeeded ? std::min(most_, tokens_ + ratio_) : std::max(0.0, tokens_ - 1); }
  /// Whether retries are allowed.
  bool allows() const { return tokens_ > most_ / 2; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.most_, self.ratio_, self.tokens_); }

  double most_, ratio_, tokens_;
};

}  // namespace qsm::inline v0::policies
