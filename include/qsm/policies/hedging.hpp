#pragma once
/// @file
/// Hedged requests: a second copy for those that take long, within a budget.

#include <cstddef>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/error.hpp>
#include <qsm/policies/limiter.hpp>

namespace qsm::inline v0::policies {

/// Sends a second copy after a delay that only the slowest requests reach: a quantile of the last latencies. A budget
/// keeps the copies a small share of the requests even when everything has become slow.
///
/// @source             J. Dean and L. Barroso 2013, The tail at scale
class Hedge {
 public:
  /// No latency seen yet.
  ///
  /// @param probability  quantile at which to hedge [1], in (0, 1)
  /// @param budget       copies for each request, in the long run [1], in (0, 1]
  /// @param window       last latencies that are looked at [1], an integer in [10, 2^20]
  explicit Hedge(double probability = 0.95, double budget = 0.05, double window = 1000);

  /// How long to wait for a request before its copy is sent [s]; infinite until ten latencies are known.
  double delay() const { return delay_; }
  /// Learns the latency [s], finite and >= 0, of a request that ended, the faster of both copies if there were two.
  void observe(double latency);
  /// Takes a copy from the budget, if there is one; to be asked when `delay()` has passed.
  bool hedge();

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.probability_, self.budget_, self.allowance_, self.delay_, self.ring_, self.window_, self.next_,
                    self.until_update_);
  }

  double probability_, budget_;
  double allowance_ = 1, delay_;
  std::vector<double> ring_;
  std::size_t window_, next_ = 0, until_update_ = 0;
};

}  // namespace qsm::inline v0::policies

#ifdef QSM_HEADER_ONLY
#include <qsm/policies/hedging.ipp>
#endif
