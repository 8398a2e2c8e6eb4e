#pragma once
/// @file
/// Circuit breaker: stops calling what keeps failing, and tries again carefully.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::policies {

/// What a circuit breaker is doing.
enum class CircuitState {
  closed,    ///< calls pass
  open,      ///< calls are refused
  half_open  ///< a few calls pass, to see whether the callee is well
};

/// When to open a circuit, for how long, and when to close it again.
struct CircuitOptions {
  /// Share of failures that opens it [1], in (0, 1].
  double failure_share = 0.5;
  /// Last calls that are counted [1], an integer >= 1.
  double window = 20;
  /// Fewest counted calls at which it may open [1], an integer >= 1, at most `window`.
  double least_calls = 10;
  /// How long it stays open [s], finite and > 0.
  double open_time = 30;
  /// Calls that pass while half open; if all succeed it closes, one failure opens it again [1], an integer >= 1.
  double probes = 3;
};

/// Circuit breaker over the last calls. Ask `allow(now)` before a call, tell `observe(now, succeeded)` after it.
///
/// Results that come while it is open, or half open before the first probe, do not count; later ones count as probes.
/// Tell the end of every call, of those given up too: probes whose end is not told by `open_time` are sent anew.
class CircuitBreaker {
 public:
  /// A closed circuit.
  explicit CircuitBreaker(const CircuitOptions& options = {});

  /// Whether a call may be made at `now` [s].
  bool allow(double now);
  /// Learns how a call that was allowed has ended.
  void observe(double now, bool succeeded);
  /// What it is doing at `now` [s].
  CircuitState state(double now) const;

 private:
  friend core::detail::Members;
  static auto members(auto& self) {
    return std::tie(self.options_.failure_share, self.options_.window, self.options_.least_calls,
                    self.options_.open_time, self.options_.probes, self.state_, self.opened_, self.failed_, self.next_,
                    self.counted_, self.failures_, self.probes_sent_, self.probes_passed_);
  }
  void open(double now);
  void forget();

  CircuitOptions options_;
  CircuitState state_ = CircuitState::closed;
  double opened_ = 0;         // or half opened
  std::vector<bool> failed_;  // ring of the last calls
  std::size_t next_ = 0, counted_ = 0, failures_ = 0;
  double probes_sent_ = 0, probes_passed_ = 0;
};

}  // namespace qsm::inline v0::policies

#ifdef QSM_HEADER_ONLY
#include <qsm/policies/circuit_breaker.ipp>
#endif
