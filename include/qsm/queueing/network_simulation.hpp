#pragma once
/// @file
/// Networks of queues with routing, any service laws and disciplines: simulated always, solved where theory allows.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>
#include <qsm/queueing/matrix.hpp>
#include <qsm/queueing/network.hpp>

namespace qsm::inline v0::queueing {

/// Who is served next at a station, and who makes way.
enum class Discipline {
  fcfs,                 ///< first come, first served
  lcfs,                 ///< last come, first served; nobody makes way
  lcfs_preemptive,      ///< last come, first served at once; who made way goes on where it stopped
  ps,                   ///< all are served at equal speed (processor sharing)
  priority,             ///< by priority of the class; nobody makes way
  priority_preemptive,  ///< by priority of the class, at once; who made way goes on where it stopped
  srpt,                 ///< shortest remaining service time first, at once
  delay                 ///< nobody waits, whatever the number of servers
};

/// A station of a routed network: how it serves, and whom.
struct RoutedStation {
  /// Laws of the service time [s], on [0, ∞), their means finite: one for all classes, or one for each.
  std::vector<Distribution> service;
  /// Who is served next.
  Discipline discipline = Discipline::fcfs;
  /// Servers c [1], an integer >= 1.
  double servers = 1;
  /// Most customers present K [1], an integer >= servers, or infinity; who comes when it is full is lost.
  double capacity = std::numeric_limits<double>::infinity();
  /// What it is called in tables and errors; may be empty.
  std::string name = {};
};

/// A class of a routed network: open (customers come and leave) or closed (a fixed number goes round).
struct RoutedClass {
  /// Probability of starting a passage at each station [1]; they sum to 1.
  std::vector<double> start;
  /// Probability of going from the row's to the column's station [1]; what is missing to 1 ends the passage.
  Matrix routing;
  /// Law of the time between arrivals from outside [s], on [0, ∞), its mean finite and > 0; open classes only.
  std::optional<Distribution> interarrival = std::nullopt;
  /// Number that goes round N [1], integer >= 0; 0 in an open class.
  double population = 0;
  /// Law of the time away from all stations between two passages [s], on [0, ∞); none: the next begins at once. Closed
  /// classes only.
  std::optional<Distribution> think_time = std::nullopt;
  /// Priority at stations that ask for it [1], finite; lower goes first.
  double priority = 0;
  /// What it is called in tables and errors; may be empty.
  std::string name = {};
};

/// A network of queues in which customers find their way by chance.
struct RoutedNetwork {
  /// The places.
  std::vector<RoutedStation> stations;
  /// The kinds of customers.
  std::vector<RoutedClass> classes;

  /// Throws std::domain_error or std::invalid_argument where a number is out of its range or a size does not fit: a row
  /// of routing that is no probability is named, and a station from which a class finds no way out.
  void check(const char* function) const;
};

/// The network as `solve` takes it, where its steady state has product form.
///
/// That is so with Poisson arrivals and, at each station, first come first served with exponential service of one mean
/// for all classes that come; or processor sharing, preemptive last come first served with one server, or a delay, with
/// any laws. Nobody may be lost. Throws std::invalid_argument that names the first station or class that is otherwise.
///
/// @param network  the network
/// @returns        mean service times and visits of the same network
/// @source         F. Baskett and others 1975, Open, closed, and mixed networks of queues with different classes of
///                 customers
Network product_form(const RoutedNetwork& network);

/// How long and how often to simulate a network.
struct NetworkSimulationOptions {
  /// Passages, of all classes together, that count in each replication [1], an integer in [1, 2^53].
  double passages = 1e5;
  /// Passages of each replication before those that count [1], an integer >= 0.
  double warmup = 1e4;
  /// Number of replications [1], an integer in [1, 2^24].
  double replications = 20;
  /// Seed; equal seeds give equal customers to different networks.
  std::uint64_t seed = 1;
  /// Number of threads [1], >= 0; 0 takes one for each processor. The result does not depend on it.
  int threads = 0;
  /// 1 - α of the intervals [1], in (0, 1).
  double confidence = 0.95;
  /// Where to report, and whether to stop.
  Progress progress = {};
};

namespace detail {
struct NetworkRun;
}  // namespace detail

/// A simulated network: what `solve` computes, as estimates, each the mean over replications with its t interval.
///
/// Stations and classes are counted from 0, in the order of the network. What nobody came for is NaN: the wait of a
/// class at a station that it does not visit. A value that shares what was recorded; read it from any thread.
class NetworkSimulation {
 public:
  /// Whether every station can serve what comes from outside, if nobody were lost. If not, numbers and times are those
  /// of the time simulated, and grow with it.
  bool stable() const;

  /// Passages completed X [1/s].
  ///
  /// @param customer_class  [1], < number of classes
  Estimate throughput(std::size_t customer_class) const;
  /// Mean time of a passage, from its first station to its end, think time excluded R [s].
  ///
  /// @param customer_class  [1], < number of classes
  Estimate response_time(std::size_t customer_class) const;
  /// Mean number in the stations [1].
  ///
  /// @param customer_class  [1], < number of classes
  Estimate mean_number(std::size_t customer_class) const;
  /// Fraction of passages that ended because a station was full [1].
  ///
  /// @param customer_class  [1], < number of classes
  Estimate probability_lost(std::size_t customer_class) const;
  /// Probability that a passage takes at most `time` [1].
  ///
  /// @param customer_class  [1], < number of classes
  /// @param time            t [s], >= 0
  Estimate response_cdf(std::size_t customer_class, double time) const;
  /// Time that a fraction of the passages does not exceed [s].
  ///
  /// @param customer_class  [1], < number of classes
  /// @param probability     p [1], in [0, 1]
  Estimate response_quantile(std::size_t customer_class, double probability) const;

  /// Visits completed [1/s].
  ///
  /// @param station         [1], < number of stations
  /// @param customer_class  [1], < number of classes
  Estimate station_throughput(std::size_t station, std::size_t customer_class) const;
  /// Busy servers' share of all, from the service times of the visits completed [1]; of a delay the mean number there.
  ///
  /// @param station         [1], < number of stations
  /// @param customer_class  [1], < number of classes
  Estimate station_utilization(std::size_t station, std::size_t customer_class) const;
  /// Mean number, waiting and in service [1].
  ///
  /// @param station         [1], < number of stations
  /// @param customer_class  [1], < number of classes
  Estimate station_number(std::size_t station, std::size_t customer_class) const;
  /// Mean time of a visit beyond its service time [s].
  ///
  /// @param station         [1], < number of stations
  /// @param customer_class  [1], < number of classes
  Estimate station_wait(std::size_t station, std::size_t customer_class) const;
  /// Mean time of one visit, waiting and in service [s].
  ///
  /// @param station         [1], < number of stations
  /// @param customer_class  [1], < number of classes
  Estimate station_sojourn_time(std::size_t station, std::size_t customer_class) const;
  /// Fraction of visits that found the station full [1].
  ///
  /// @param station         [1], < number of stations
  /// @param customer_class  [1], < number of classes
  Estimate station_probability_lost(std::size_t station, std::size_t customer_class) const;

 private:
  friend struct detail::NetworkRun;
  explicit NetworkSimulation(std::shared_ptr<const detail::NetworkRun> run) : run_(std::move(run)) {}

  std::shared_ptr<const detail::NetworkRun> run_;
};

/// Simulates a network of queues, from empty stations; the customers of closed classes begin by thinking.
///
/// Each station, class and purpose (arrival, service, route, thinking) draws from a stream of its own, so that two
/// networks of one seed that differ in a part meet the same numbers elsewhere.
///
/// @param network  the network; no station of finite capacity may lie on the way of a closed class
/// @param options  length, replications, seed, threads
/// @returns        the estimates
/// @source         A. M. Law 2015, Simulation Modeling and Analysis, chapters 1 and 9
NetworkSimulation simulate_network(const RoutedNetwork& network, const NetworkSimulationOptions& options = {});

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/network_simulation.ipp>
#endif
