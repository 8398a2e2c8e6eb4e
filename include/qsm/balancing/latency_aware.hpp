#pragma once
/// @file
/// Balancers that follow latencies: peak EWMA and Prequal.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <qsm/balancing/detail/members.hpp>

namespace qsm::inline v0::balancing {

/// The cheaper of servers that are drawn, where a server costs its average latency times its requests in flight and one
/// more; the average jumps up to a peak at once and sinks slowly.
///
/// @source         Finagle, load balancing: power of two choices with peak EWMA, 2015
class PeakEwma {
 public:
  /// All servers in use; those without a latency are tried first.
  ///
  /// @param servers  n [1], an integer in [1, 2^24]
  /// @param decay    time in which a latency loses all but 1/e of its weight [s], finite and > 0
  /// @param choices  d, servers drawn for each request [1], an integer >= 1; more than n is all
  /// @param seed     seed of the draws
  explicit PeakEwma(double servers, double decay = 10, double choices = 2, std::uint64_t seed = 1);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
  void finish(double now, std::size_t server, double latency = 0, bool succeeded = true);
  /// Requests that the server is believed to hold [1].
  std::size_t load(std::size_t server) const;
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Average latency of a server [s]; 0 where none is known.
  double latency(std::size_t server) const;
  /// Begins its random choices anew, by another seed.
  void reseed(std::uint64_t seed) { dice_ = detail::Dice(seed); }

 private:
  detail::Members members_;
  detail::Dice dice_;
  double decay_;
  std::size_t choices_;
  std::vector<std::uint32_t> counts_;
  std::vector<double> latency_, seen_;
  std::vector<std::size_t> drawn_;
};

/// How Prequal asks, and how it judges what it hears.
struct PrequalOptions {
  /// Probes sent for each request [1], finite and > 0.
  double probes = 3;
  /// Answers that are kept, at most half as many as there are servers, but two [1], an integer in [2, 1024].
  double pool = 16;
  /// How long an answer is kept [s], > 0.
  double age = 1;
  /// Quantile of the requests in flight from which on a server is hot [1], in [0, 1].
  double hot = 0.84;
  /// Answers dropped for each request besides those used up [1], finite and >= 0.
  double drops = 1;
  /// Seed of the draws.
  std::uint64_t seed = 1;
};

/// Probes random servers ahead of need and keeps the answers in a pool. Picks by two signals: of the servers that are
/// not hot, the one with the least latency; where all are hot, the one with the fewest requests in flight.
///
/// Send a probe to each server that `probes` names, after each `pick`, and hand the answers to `report`. An answer is
/// used a few times, as often as keeps the pool full; each use counts one request more on that server. Old answers go
/// first, and by turns the worst.
///
/// @source         B. Wydrowski, R. Kleinberg, S. Rumble and A. Archer 2024, Load is not what you should balance:
///                 introducing Prequal
class Prequal {
 public:
  /// All servers in use, an empty pool: picks at random until there are two answers.
  ///
  /// @param servers  n [1], an integer in [1, 2^24]
  /// @param options  how it asks and judges
  explicit Prequal(double servers, const PrequalOptions& options = {});

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Servers that shall be asked at `now` [s], all different; to be called once for each request.
  std::vector<std::size_t> probes(double now);
  /// Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees
  /// [s].
  void report(double now, std::size_t server, double load, double latency = 0);
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Answers in the pool [1].
  std::size_t pool() const { return pool_.size(); }
  /// Begins its random choices anew, by another seed.
  void reseed(std::uint64_t seed) { dice_ = detail::Dice(seed); }

 private:
  struct Answer {
    std::size_t server;
    double time, load, latency;
    double uses;
  };
  void forget(double now);
  double hot_load() const;
  bool better(const Answer& one, const Answer& two, double hot) const;
  void drop_worst(double hot);

  PrequalOptions options_;
  detail::Members members_;
  detail::Dice dice_;
  std::vector<Answer> pool_;
  std::vector<double> loads_;  // ring of the last loads heard
  std::size_t next_ = 0;
  double owed_ = 0, due_ = 0;  // parts of a probe, of a drop
  bool oldest_ = false;        // whether the next to be dropped is the oldest
};

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/latency_aware.ipp>
#endif
