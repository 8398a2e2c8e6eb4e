#pragma once
/// @file
/// Requests of one key to one server, as far as its load allows.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <qsm/balancing/detail/members.hpp>
#include <qsm/sharding/ring.hpp>

namespace qsm::inline v0::balancing {

/// Consistent hashing with bounded loads: the server that the key prefers, or the next in its order that holds less than
/// `balance` times the fair share of the requests in flight.
///
/// A server that is removed loses its keys to the next ones in their orders, and gets them back; no other key moves but for the
/// bound. An infinite balance is plain consistent hashing.
///
/// @source         V. Mirrokni, M. Thorup and M. Zadimoghaddam 2018, Consistent hashing with bounded loads
class ConsistentHashing {
 public:
  /// All servers in use and empty, on a ring of their numbers.
  ///
  /// @param servers        n [1], an integer in [1, 2^16]
  /// @param balance        c, most requests at a server over the fair share [1], > 1; infinity: no bound
  /// @param virtual_nodes  points of a server on the ring [1], an integer in [1, 2^20]
  explicit ConsistentHashing(double servers, double balance = 1.25, double virtual_nodes = 160);

  /// Server for a request of `size` [1 or s] and `key` at `now` [s]; nothing where none is in use.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0);
  /// Learns that a request ended on `server` at `now` [s], with what `latency` [s] and whether it succeeded.
  void finish(double now, std::size_t server, double latency = 0, bool succeeded = true);
  /// Requests that the server is believed to hold [1].
  std::size_t load(std::size_t server) const;
  /// Requests that did not get the server they prefer of those in use, since the start [1].
  std::size_t overflowed() const { return overflowed_; }
  /// Takes a server out of use; refuses one that is unknown or already out.
  void remove(std::size_t server);
  /// Puts a removed server back into use.
  void add(std::size_t server);
  /// Number of servers, those removed among them [1].
  std::size_t size() const { return members_.size(); }

 private:
  detail::Members members_;
  double balance_;
  std::shared_ptr<const sharding::Ring> ring_;
  std::vector<std::size_t> counts_;
  std::size_t total_ = 0, overflowed_ = 0;  // of those in use
};

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/consistent_hashing.ipp>
#endif
