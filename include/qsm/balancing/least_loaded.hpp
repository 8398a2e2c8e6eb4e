#pragma once
/// @file
/// Balancers that follow loads: least connections, least work, power of choices, idle queues, size intervals.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <qsm/balancing/detail/members.hpp>

namespace qsm::inline v0::balancing {

/// The server with the fewest requests; ties are drawn. Join the shortest queue where it sees all requests, least
/// connections where it is one of several that see their own.
///
/// O(1) whatever the number of servers. What `report` says replaces what was counted; with `counts` false nothing is
/// counted in between, so that all follow the last report: the herd that old information makes.
///
/// @source         W. Winston 1977, Optimality of the shortest line discipline
class LeastConnections {
 public:
  /// All servers in use and empty.
  ///
  /// @param servers  n [1], an integer in [1, 2^24]
  /// @param counts   whether it counts the requests that it places
  /// @param seed     seed of the ties
  explicit LeastConnections(double servers, bool counts = true, std::uint64_t seed = 1);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
  void finish(double now, std::size_t server, double latency = 0, bool succeeded = true);
  /// Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees
  /// [s].
  void report(double now, std::size_t server, double load, double latency = 0);
  /// Requests that the server is believed to hold [1].
  std::size_t load(std::size_t server) const;
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Begins its random choices anew, by another seed.
  void reseed(std::uint64_t seed) { dice_ = detail::Dice(seed); }

 private:
  detail::Members members_;
  detail::Dice dice_;
  detail::Ranking ranking_;
  bool counts_;
};

/// The server with the least (requests + 1) / weight. Costs O(n).
///
/// @source         property: with equal weights it places as least connections do
class WeightedLeastConnections {
 public:
  /// All servers in use and empty.
  ///
  /// @param weights  speed of each server [1], each finite and >= 0, their sum > 0
  explicit WeightedLeastConnections(std::span<const double> weights);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
  void finish(double now, std::size_t server, double latency = 0, bool succeeded = true);
  /// Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees
  /// [s].
  void report(double now, std::size_t server, double load, double latency = 0);
  /// Requests that the server is believed to hold [1].
  std::size_t load(std::size_t server) const;
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Gives a server another weight [1], finite and >= 0; the sum of all must stay > 0.
  void set_weight(std::size_t server, double weight);

 private:
  detail::Members members_;
  std::vector<double> weights_;
  std::vector<std::uint32_t> counts_;
  std::size_t turn_ = 0;
};

/// The server that would finish the request first, from the sizes of all requests that it placed: least work left.
///
/// With equal speeds it serves as one line before all servers does, customer by customer (G/G/n). Costs O(n).
///
/// @source         S. Foss 1980, Approximation of multichannel queueing systems; J. Kiefer and J. Wolfowitz 1955
class LeastWork {
 public:
  /// All servers in use and idle.
  ///
  /// @param speeds  work that each server does [size/s], each finite and > 0
  explicit LeastWork(std::span<const double> speeds);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Work that the server has left at `now`, in time [s].
  double work(double now, std::size_t server) const;

 private:
  detail::Members members_;
  std::vector<double> speeds_, free_at_;
};

/// The least loaded of d servers that are drawn at random; with memory also those that were least loaded the last time.
///
/// @source         N. Vvedenskaya, R. Dobrushin and F. Karpelevich 1996, Queueing system with selection of the shortest
///                 of two queues; M. Mitzenmacher 2001; with memory: M. Mitzenmacher, B. Prabhakar and D. Shah 2002,
///                 Load balancing with memory
class PowerOfChoices {
 public:
  /// All servers in use and empty.
  ///
  /// @param servers  n [1], an integer in [1, 2^24]
  /// @param choices  d, servers drawn for each request, all different [1], an integer >= 1; more than n is all
  /// @param memory   m, servers that are remembered [1], an integer >= 0
  /// @param counts   whether it counts the requests that it places
  /// @param seed     seed of the draws
  explicit PowerOfChoices(double servers, double choices = 2, double memory = 0, bool counts = true,
                          std::uint64_t seed = 1);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
  void finish(double now, std::size_t server, double latency = 0, bool succeeded = true);
  /// Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees
  /// [s].
  void report(double now, std::size_t server, double load, double latency = 0);
  /// Requests that the server is believed to hold [1].
  std::size_t load(std::size_t server) const;
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Begins its random choices anew, by another seed.
  void reseed(std::uint64_t seed) { dice_ = detail::Dice(seed); }

 private:
  detail::Members members_;
  detail::Dice dice_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::size_t> drawn_, remembered_;
  std::size_t choices_, memory_;
  bool counting_;
};

/// A server that has said it is idle, the one that has waited longest; any server where none has.
///
/// The words are few: one from a server each time it falls idle.
///
/// @source         Y. Lu, Q. Xie, G. Kliot, A. Geller, J. Larus and A. Greenberg 2011, Join-idle-queue
class JoinIdleQueue {
 public:
  /// All servers in use and idle.
  ///
  /// @param servers  n [1], an integer in [1, 2^24]
  /// @param seed     seed of the draws
  explicit JoinIdleQueue(double servers, std::uint64_t seed = 1);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
  void finish(double now, std::size_t server, double latency = 0, bool succeeded = true);
  /// Takes what is said of a server at `now` [s]: `load` requests that it holds [1], and the `latency` that it sees
  /// [s].
  void report(double now, std::size_t server, double load, double latency = 0);
  /// Requests that the server is believed to hold [1].
  std::size_t load(std::size_t server) const;
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Begins its random choices anew, by another seed.
  void reseed(std::uint64_t seed) { dice_ = detail::Dice(seed); }

 private:
  void idle(std::size_t server);

  detail::Members members_;
  detail::Dice dice_;
  std::vector<std::uint32_t> counts_;
  std::vector<bool> queued_;
  std::vector<std::size_t> ring_;  // of idle servers, each at most once
  std::size_t first_ = 0, waiting_ = 0;
};

/// By size: the first server takes the smallest requests, the last the largest (SITA).
///
/// Short requests never stand behind long ones. `size_interval_cutoffs` finds where to cut. Where the server of a size
/// is out of use, the next larger takes it, then the next smaller.
///
/// @source         M. Harchol-Balter, M. Crovella and C. Murta 1999, On choosing a task assignment policy for a
///                 distributed server system
class SizeInterval {
 public:
  /// All servers in use.
  ///
  /// @param cutoffs  largest size of each server but the last [1 or s], each finite and > 0, not falling; n - 1 of them
  explicit SizeInterval(std::span<const double> cutoffs);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }

 private:
  detail::Members members_;
  std::vector<double> cutoffs_;
};

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/least_loaded.ipp>
#endif
