#pragma once
/// @file
/// One description of a network of queues: solved where theory allows, simulated always, replayed against traces.

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/queueing/matrix.hpp>
#include <qsm/queueing/network_simulation.hpp>
#include <qsm/queueing/product_form.hpp>

namespace qsm::inline v0::queueing {

/// Who is served next at a station, and who makes way.
enum class Discipline {
  fcfs,                 ///< first come, first served
  lcfs,                 ///< last come, first served; nobody makes way
  lcfs_preemptive,      ///< last come, first served at once
  random,               ///< anybody who waits, all alike
  ps,                   ///< all are served at equal speed (processor sharing)
  priority,             ///< by priority of the class; nobody makes way
  priority_preemptive,  ///< by priority of the class, at once
  edf,                  ///< earliest due date first; nobody makes way
  edf_preemptive,       ///< earliest due date first, at once
  sjf,                  ///< shortest service time first; nobody makes way
  srpt,                 ///< shortest remaining service time first, at once
  delay                 ///< nobody waits, whatever the number of servers
};

/// How one who made way is served when the turn comes again.
enum class Preemption {
  resume,   ///< goes on where it stopped
  restart,  ///< begins again, with the same service time
  resample  ///< begins again, with a new service time
};

/// Whether the servers of a station share one queue, or each has its own, and which one a newcomer joins.
enum class Dispatch {
  shared,       ///< one queue before all servers
  random,       ///< any queue, all alike
  round_robin,  ///< one after another
  shortest      ///< the queue with the fewest customers, of all or of some that are drawn; ties are drawn
};

/// The law for all classes, or one for each.
struct Laws {
  /// None, one for all, or one for each.
  std::vector<Distribution> each;

  Laws() = default;
  template <class Law>
    requires(!std::same_as<Law, Laws> && (std::same_as<Law, Distribution> || DistributionLike<Law>))
  Laws(Law law) : each{Distribution(std::move(law))} {}
  Laws(std::initializer_list<Distribution> laws) : each(laws) {}
  explicit Laws(std::vector<Distribution> laws) : each(std::move(laws)) {}

  bool empty() const { return each.empty(); }
  /// The law of a class.
  const Distribution& of(std::size_t customer_class) const { return each.size() == 1 ? each[0] : each[customer_class]; }
};

/// A stretch of a timetable.
struct Period {
  /// How long it lasts [s], finite and > 0.
  double duration;
  /// What holds in it: servers, or times the usual rate [1], finite and >= 0.
  double level;
};

/// A place where customers are served.
struct Station {
  /// What it is called in tables and errors; may be empty.
  std::string name = {};
  /// Law of the service time [s], on [0, ∞), its mean finite: one for all classes, or one for each.
  Laws service = {};
  /// Servers c [1], an integer >= 1.
  double servers = 1;
  /// Who is served next.
  Discipline discipline = Discipline::fcfs;
  /// Most customers present K [1], an integer >= servers, or infinity.
  double capacity = std::numeric_limits<double>::infinity();
  /// Whether who has been served elsewhere and finds this station full waits in the server there (blocking after
  /// service); otherwise, and from outside, the customer is lost. A way back into the same station is never blocked.
  bool blocking = false;
  /// How those are served again who made way.
  Preemption preemption = Preemption::resume;
  /// Law of the longest time before service begins [s]: one for all classes, or one for each; who has waited so long
  /// gives up. Empty: all are patient.
  Laws patience = {};
  /// Probability of going on to each station after giving up [1]; what is missing to 1 leaves the network. Not to where
  /// it was. Empty: all leave.
  std::vector<double> renege_to = {};
  /// Probability of joining with 0, 1, ... present [1]; the last one holds from there on. Empty: all join.
  std::vector<double> joining = {};
  /// One queue before all servers, or one before each.
  Dispatch dispatch = Dispatch::shared;
  /// Queues that `shortest` draws and compares [1], an integer >= 1; infinity: all.
  double choices = std::numeric_limits<double>::infinity();
  /// Difference between the longest and the shortest queue at which the last who waits changes over [1], an integer >= 2;
  /// infinity: nobody does. Queues of their own only.
  double jockeying = std::numeric_limits<double>::infinity();
  /// Servers over time, over and over; empty: always `servers`. Who is in service when a server leaves is finished, but
  /// makes way at once under a preemptive discipline.
  std::vector<Period> schedule = {};
  /// Speed with 1, 2, ... customers present, relative to one server, each > 0; the last one holds from there on. Only
  /// for ps; empty: min(customers, servers).
  std::vector<double> rates = {};
  /// Most customers that a server takes together [1], an integer >= 1; it serves them for the sum of their times, and
  /// they leave together.
  double batch_size = 1;
  /// Fewest customers that a server begins with [1], an integer in [1, batch_size].
  double batch_least = 1;
  /// Law of the time that a server takes for a batch of any size, beside the times of its customers [s], on [0, ∞), its
  /// mean finite; none: 0.
  std::optional<Distribution> batch_setup = std::nullopt;
};

/// Customers of one kind: open (they come and leave) or closed (a fixed number goes round).
struct CustomerClass {
  /// What it is called in tables and errors; may be empty.
  std::string name = {};
  /// Law of the time between arrivals from outside [s], on [0, ∞), its mean finite and > 0; open classes only.
  std::optional<Distribution> interarrival = std::nullopt;
  /// Number that goes round N [1], integer >= 0; 0 in an open class.
  double population = 0;
  /// Law of the time away from all stations between two passages [s], on [0, ∞); none: the next begins at once. Closed
  /// classes only.
  std::optional<Distribution> think_time = std::nullopt;
  /// Probability of starting a passage at each station [1]; they sum to 1. Empty: the first station.
  std::vector<double> start = {};
  /// Priority at stations that ask for it [1], finite; lower goes first.
  double priority = 0;
  /// Law of the time from the start of a passage to its due date [s], on [0, ∞); none: never due.
  std::optional<Distribution> deadline = std::nullopt;
  /// Probability that 1, 2, ... come together [1]; they sum to 1. Empty: one at a time. Open classes only.
  std::vector<double> batch = {};
  /// Arrivals over time, as multiples of the usual rate, over and over; empty: always 1. Open classes only.
  std::vector<Period> schedule = {};
  /// Customers who are at each station from the beginning [1], integers >= 0; of a closed class a part of the population.
  /// Empty: nobody.
  std::vector<double> present = {};
};

/// Arrivals that were seen, to be sent through a network in place of the open classes' own.
struct NetworkTrace {
  /// When they came [s], finite and >= 0, never falling.
  std::vector<double> arrival_times;
  /// Class of each [1], an integer < number of classes, an open one; empty: the first.
  std::vector<double> customer_classes = {};
  /// Service time [s] of each (row) at each station (column), finite and >= 0; NaN: drawn from the station's law. Empty:
  /// all are drawn.
  Matrix service_times = {};
};

/// A network of queues: its stations, its classes of customers, and how they go.
///
///     const Network shop{{{.name = "web", .service = Exponential{10}}, {.name = "database", .service = Exponential{25}}},
///                        {{.interarrival = Exponential{5}}}};
///     shop.solve().response_time[0];       // exact
///     shop.simulate().response_time()[0];  // an estimate
struct Network {
  /// The places.
  std::vector<Station> stations;
  /// The kinds of customers.
  std::vector<CustomerClass> classes;
  /// Probability of going from the row's to the column's station [1], for all classes or for each; what is missing to 1
  /// ends the passage. Empty: from each station to the next in order, and out of the last.
  std::vector<Matrix> routing = {};

  /// Throws std::domain_error or std::invalid_argument where a number is out of its range or a size does not fit: a row
  /// of routing that is no probability is named, and a station from which a class finds no way out.
  void check(const char* function) const;

  /// The steady state, exact: `solve_network`.
  NetworkSolution solve(std::string_view method = "exact") const;
  /// As estimates: `simulate_network`.
  NetworkSimulation simulate(const NetworkSimulationOptions& options = {}) const;
  /// With arrivals that were seen: `replay_network`.
  NetworkSimulation replay(const NetworkTrace& trace, const NetworkReplayOptions& options = {}) const;
};

/// The means of a network, as theory takes them, where its steady state has product form.
///
/// That is so with Poisson arrivals and, at each station, first come first served (or last, or at random, without making
/// way) with exponential service of one mean for all classes that come; or processor sharing, preemptive last come first
/// served with one server, or a delay, with any laws. Nobody may be lost, blocked or impatient, no timetable may hold.
/// Throws std::invalid_argument that names the first station or class that is otherwise, and the feature.
///
/// @param network  the network
/// @returns        mean service times and visits of the same network
/// @source         F. Baskett and others 1975, Open, closed, and mixed networks of queues with different classes of
///                 customers
ProductForm product_form(const Network& network);

/// Steady state of a network, exact, where theory knows it.
///
/// That is where `product_form` holds; and for one station with one open class that leaves after service: M/G/1 under any
/// discipline that mg1() knows, M/M/c/K, Erlang A, and batches of constant times, full ones or whoever waits. Elsewhere throws std::invalid_argument that names the feature that
/// stands in the way; `simulate_network` takes every network.
///
/// @param network  the network
/// @param method   as in solve(), where the network has product form: exact, mva, schweitzer or linearizer
/// @returns        the steady state
/// @source         F. Baskett and others 1975, Open, closed, and mixed networks of queues with different classes of
///                 customers
NetworkSolution solve_network(const Network& network, std::string_view method = "exact");

/// Simulates a network of queues; the customers of closed classes begin by thinking.
///
/// Each station, class and purpose (arrival, service, route, thinking, ...) draws from a stream of its own, so that two
/// networks of one seed that differ in a part meet the same numbers elsewhere. A replication in which customers block
/// each other for ever ends there, and the result names the circle; so does one in which all wait for batches to fill.
///
/// @param network  the network
/// @param options  length, replications, seed, threads
/// @returns        the estimates
/// @source         A. M. Law 2015, Simulation Modeling and Analysis, chapters 1 and 9
NetworkSimulation simulate_network(const Network& network, const NetworkSimulationOptions& options = {});

/// Sends arrivals that were seen through a network, until all of them have left; what the trace does not say is drawn.
///
/// Closed classes go round beside them. Who waits for a batch that nobody fills any more stays.
///
/// @param network  the network; the arrival laws of its open classes are not used
/// @param trace    when they came, and where known of which class and how long they are served
/// @param options  replications, seed, threads
/// @returns        the estimates, over replications; with one replication their intervals are unbounded
/// @source         A. M. Law 2015, Simulation Modeling and Analysis, section 5.6 on trace-driven simulation
NetworkSimulation replay_network(const Network& network, const NetworkTrace& trace,
                                 const NetworkReplayOptions& options = {});

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/network.ipp>
#endif
