#pragma once
/// @file
/// Balancers that know nothing of loads: in turn, and at random.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <qsm/balancing/detail/members.hpp>

namespace qsm::inline v0::balancing {

/// Each server in turn.
///
/// @source         J. Nagle 1987, On packet switches with infinite storage
class RoundRobin {
 public:
  /// All servers in use.
  ///
  /// @param servers  n [1], an integer in [1, 2^24]
  explicit RoundRobin(double servers);

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
  std::size_t next_ = 0;
};

/// Each server in turn as often as its weight says, spread evenly: weights 5, 1, 1 give 0 0 1 0 2 0 0.
///
/// Every server gains its weight, the one that has most is picked and pays the sum. In each run of picks as long as the
/// sum of whole weights, every server is picked exactly as often as its weight. Costs O(n).
///
/// @source         nginx, upstream round robin: smooth weighted balancing, 2012
class SmoothRoundRobin {
 public:
  /// All servers in use.
  ///
  /// @param weights  share of each server [1], each finite and >= 0, their sum > 0
  explicit SmoothRoundRobin(std::span<const double> weights);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
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
  std::vector<double> weights_, gained_;
};

/// Any server, with probabilities in proportion to weights, by the alias method in O(1).
///
/// @source         A. J. Walker 1977, An efficient method for generating discrete random variables with general
///                 distributions; M. D. Vose 1991
class RandomServer {
 public:
  /// All servers in use.
  ///
  /// @param weights  share of each server [1], each finite and >= 0, their sum > 0
  /// @param seed     seed of the choices
  explicit RandomServer(std::span<const double> weights, std::uint64_t seed = 1);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }
  /// Gives a server another weight [1], finite and >= 0; the sum of all must stay > 0.
  void set_weight(std::size_t server, double weight);
  /// Begins its random choices anew, by another seed.
  void reseed(std::uint64_t seed) { dice_ = detail::Dice(seed); }

 private:
  void build();

  detail::Members members_;
  detail::Dice dice_;
  std::vector<double> weights_, keep_;
  std::vector<std::size_t> alias_;
  double sum_ = 0;  // of the weights in use
};

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/rotation.ipp>
#endif
