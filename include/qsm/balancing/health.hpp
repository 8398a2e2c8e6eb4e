#pragma once
/// @file
/// Which servers to use at all, and how much at first: health checks, outlier ejection, slow start, subsets.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::balancing {

/// Judges a server by checks: ill after `fall` failures in a row, well again after `rise` successes in a row.
///
/// @source         HAProxy, configuration manual: rise and fall
class HealthCheck {
 public:
  /// A server that is well.
  ///
  /// @param rise  successes in a row after which it is well [1], an integer >= 1
  /// @param fall  failures in a row after which it is ill [1], an integer >= 1
  explicit HealthCheck(double rise = 2, double fall = 3);

  /// Learns the result of a check; gives what is thought of the server after it.
  bool observe(bool succeeded);
  /// Whether it is thought to be well.
  bool healthy() const { return healthy_; }

 private:
  double rise_, fall_, run_ = 0;  // results in a row that contradict
  bool healthy_ = true;
};

/// When to put a server out of use, and for how long.
struct OutlierOptions {
  /// Failures in a row that eject a server [1], an integer >= 1.
  double failures = 5;
  /// Time of the first ejection; the k-th lasts k times as long [s], finite and > 0.
  double ejection_time = 30;
  /// Longest ejection [s], finite and >= ejection_time.
  double longest = 300;
  /// Greatest share of servers that may be out at a time; one always may [1], in [0, 1].
  double share = 0.1;
  /// How often success rates are compared; each time a server in use has one ejection forgiven [s], finite and > 0.
  double interval = 10;
  /// Requests that a server needs in an interval to be compared [1], an integer >= 1.
  double least_requests = 100;
  /// Servers that are needed to compare [1], an integer >= 2.
  double least_servers = 5;
  /// Standard deviations below the mean success rate at which a server is ejected [1], finite and > 0.
  double deviations = 1.9;
};

/// Puts servers out of use that fail while others do not: by failures in a row, and by success rates far below the mean.
///
/// Tell the end of every request to `observe`; a true result means that the server is to be removed from the balancer.
/// `returning` names those whose time is over, to be added again.
///
/// @source         Envoy, outlier detection
class OutlierEjection {
 public:
  /// All servers in use.
  ///
  /// @param servers  n [1], an integer in [1, 2^24]
  /// @param options  when to eject, and for how long
  explicit OutlierEjection(double servers, const OutlierOptions& options = {});

  /// Learns how a request on `server` ended at `now` [s]; whether the server is to be removed for it.
  bool observe(double now, std::size_t server, bool succeeded);
  /// Servers with a success rate far below the mean of the interval that has ended by `now` [s]; to be removed.
  std::vector<std::size_t> sweep(double now);
  /// Servers whose ejection is over at `now` [s]; to be added again.
  std::vector<std::size_t> returning(double now);
  /// Whether the server is out.
  bool ejected(std::size_t server) const;
  /// When the next server returns [s]; infinite where none is out.
  double next_return() const;

 private:
  struct Server {
    double row = 0, ejections = 0, until = 0, good = 0, seen = 0;
    bool out = false;
  };
  bool eject(double now, std::size_t server);
  void check(std::size_t server) const;

  OutlierOptions options_;
  std::vector<Server> servers_;
  double out_ = 0, interval_end_;
  bool started_ = false;
};

/// Share of its weight that a server gets after it has come into use, so that caches and pools can warm up.
///
/// max(least, (age / window)^(1 / aggression)), 1 from the end of the window on.
///
/// @param age         time since the server came into use [s], finite and >= 0
/// @param window      w, time until it takes its full share [s], finite and > 0
/// @param aggression  above 1 faster at first, below 1 slower [1], finite and > 0
/// @param least       share at the beginning [1], in [0, 1]
/// @returns           share of the weight [1]
/// @source            Envoy, slow start mode
double slow_start_share(double age, double window, double aggression = 1, double least = 0.1);

/// Servers that a client connects to, so that all servers have equally many clients: shuffled anew for each round of
/// clients, and cut into parts.
///
/// Every round of floor(n / size) clients covers each server at most once, so that the numbers of clients differ by no
/// more than the number of rounds.
///
/// @param servers  n [1], an integer in [1, 2^24]
/// @param client   number of the client [1], an integer >= 0; clients are numbered without gaps
/// @param size     servers in the subset [1], an integer in [1, n]
/// @param seed     seed of the shuffles [1], any
/// @returns        the subset
/// @source         B. Beyer and others 2016, Site Reliability Engineering, chapter 20: deterministic subsetting
std::vector<std::size_t> deterministic_subset(double servers, double client, double size, std::uint64_t seed = 1);

/// Servers that a client draws at random: without agreement, but uneven.
///
/// @param servers  n [1], an integer in [1, 2^24]
/// @param client   number of the client [1], an integer >= 0
/// @param size     servers in the subset [1], an integer in [1, n]
/// @param seed     seed of the draws [1], any
/// @returns        the subset
/// @source         B. Beyer and others 2016, Site Reliability Engineering, chapter 20: random subsetting
std::vector<std::size_t> random_subset(double servers, double client, double size, std::uint64_t seed = 1);

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/health.ipp>
#endif
