#pragma once
/// @file
/// How many requests may be in flight at a time: limits that follow the latency they see, and quotas that tenants share.

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::policies {

/// What one request told: when it ended, how long it took, how many were in flight when it began, itself among them, and
/// whether it was dropped or timed out.
struct LatencySample {
  /// When it ended [s].
  double now = 0;
  /// How long it took [s], > 0.
  double latency = 0;
  /// Requests in flight when it began [1].
  double in_flight = 0;
  /// Whether it was dropped, refused or timed out.
  bool dropped = false;
};

/// A limit on the requests in flight that learns from each that ends. The service admits a request while fewer than
/// `limit()` are in flight.
template <class Type>
concept ConcurrencyLimit = std::copyable<Type> && requires(Type learns, const Type& seen, const LatencySample& sample) {
  learns.observe(sample);
  { seen.limit() } -> std::convertible_to<double>;
};

/// Additive increase, multiplicative decrease: one more while all is well and the limit is used, less after a drop or a
/// timeout.
///
/// @source         D. Chiu and R. Jain 1989, Analysis of the increase and decrease algorithms for congestion avoidance
class AimdLimit {
 public:
  /// The limit is `initial`.
  ///
  /// @param initial  limit at the start [1], from `least` to `most`
  /// @param backoff  factor of the decrease [1], in (0, 1)
  /// @param timeout  latency that counts as a drop [s], > 0, may be infinite
  /// @param least    least limit [1], finite and >= 1
  /// @param most     greatest limit [1], finite and >= least
  explicit AimdLimit(double initial = 20, double backoff = 0.9, double timeout = 5, double least = 1,
                     double most = 1000);

  /// Learns from a request that ended.
  void observe(const LatencySample& sample);
  /// Requests that may be in flight [1], an integer.
  double limit() const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.estimate_, self.backoff_, self.timeout_, self.least_, self.most_);
  }

  double estimate_, backoff_, timeout_, least_, most_;
};

/// Vegas: estimates the queue from the least latency seen, limit x (1 - least / latency), and keeps it between two marks.
///
/// With g = max(1, floor(log10 limit)): queue <= g adds 6 g, queue < 3 g adds g, queue > 6 g or a drop takes g away.
/// Nothing grows while less than half of the limit is in flight. After `probe` x limit requests the least latency is
/// measured anew, since it may have changed.
///
/// @source           L. Brakmo and L. Peterson 1995, TCP Vegas; concurrency-limits 0.5, VegasLimit
class VegasLimit {
 public:
  /// The limit is `initial`.
  ///
  /// @param initial    limit at the start [1], from 1 to `most`
  /// @param most       greatest limit [1], finite and >= 1
  /// @param smoothing  share of each new estimate [1], in (0, 1]
  /// @param backoff    factor of a decrease [1], in (0, 1]; 1 takes g away instead
  /// @param probe      requests between new measures of the least latency, as a multiple of the limit [1], > 0
  explicit VegasLimit(double initial = 20, double most = 1000, double smoothing = 1, double backoff = 1,
                      double probe = 30);

  /// Learns from a request that ended.
  void observe(const LatencySample& sample);
  /// Requests that may be in flight [1], an integer.
  double limit() const;
  /// Latency taken for that of an idle service [s]; 0 before the first request.
  double least_latency() const { return least_latency_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.estimate_, self.most_, self.smoothing_, self.backoff_, self.probe_, self.least_latency_,
                    self.since_probe_);
  }

  double estimate_, most_, smoothing_, backoff_, probe_;
  double least_latency_ = 0, since_probe_ = 0;
};

/// Gradient: shrinks the limit by the ratio of long-term to present latency, at most to a half, and lets `queue` grow.
///
/// Under a steady overload the long-term latency follows the present one, so that the limit rises again: a known
/// weakness, which the tests pin.
///
/// @source           concurrency-limits 0.5, Gradient2Limit
class GradientLimit {
 public:
  /// The limit is `initial`.
  ///
  /// @param initial    limit at the start [1], from `least` to `most`
  /// @param least      least limit [1], finite and >= 1
  /// @param most       greatest limit [1], finite and >= least
  /// @param queue      what may queue [1], finite and > 0
  /// @param smoothing  share of each new estimate [1], in (0, 1]
  /// @param window     requests over which the long-term latency is averaged [1], finite and >= 1
  explicit GradientLimit(double initial = 20, double least = 20, double most = 200, double queue = 4,
                         double smoothing = 0.2, double window = 600);

  /// Learns from a request that ended.
  void observe(const LatencySample& sample);
  /// Requests that may be in flight [1], an integer.
  double limit() const;
  /// Long-term average of the latency [s]; 0 before the first request.
  double long_latency() const { return long_latency_; }

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.estimate_, self.least_, self.most_, self.queue_, self.smoothing_, self.window_,
                    self.long_latency_, self.seen_);
  }

  double estimate_, least_, most_, queue_, smoothing_, window_;
  double long_latency_ = 0, seen_ = 0;
};

/// Slots that tenants share: each is sure of its guarantee at any time, and may borrow what is neither used nor
/// guaranteed to others.
///
/// @source            property: used <= total, and a tenant below its guarantee is never refused
class SlotQuota {
 public:
  /// Nothing is used.
  ///
  /// @param total       slots in all [1], an integer >= 1
  /// @param guarantees  slots kept for each tenant [1], integers >= 0 with a sum of at most `total`
  SlotQuota(double total, std::span<const double> guarantees);

  /// Takes a slot for a tenant, if it may have one.
  bool acquire(std::size_t tenant);
  /// Gives a slot back that the tenant holds.
  void release(std::size_t tenant);
  /// Slots that a tenant holds [1].
  double used(std::size_t tenant) const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) { return std::tie(self.guarantees_, self.used_, self.free_); }
  SlotQuota() = default;
  void check_tenant(const char* function, std::size_t tenant) const;

  std::vector<double> guarantees_, used_;
  double free_;  // neither used nor kept for a guarantee
};

}  // namespace qsm::inline v0::policies

#ifdef QSM_HEADER_ONLY
#include <qsm/policies/concurrency.ipp>
#endif
