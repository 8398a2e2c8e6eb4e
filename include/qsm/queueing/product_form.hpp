#pragma once
/// @file
/// Networks with product form by their means: exact and approximate solutions, and their derivatives.

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/queueing/matrix.hpp>

namespace qsm::inline v0::queueing {

/// A station as theory sees it: one queue before its servers.
struct ProductFormStation {
  /// What it is called in tables and errors; may be empty.
  std::string name = {};
  /// Servers m [1], >= 1; infinity makes it a delay, where nobody waits.
  double servers = 1;
  /// Speed with 1, 2, ... customers present, relative to one server, each > 0; the last one holds from there on. Empty:
  /// min(customers, servers).
  std::vector<double> rates = {};
};

/// A class as theory sees it: open (customers come at a rate and leave) or closed (a fixed number goes round).
struct ProductFormClass {
  /// What it is called in tables and errors; may be empty.
  std::string name = {};
  /// Rate at which they come from outside λ [1/s], finite and >= 0; 0 in a closed class.
  double arrival_rate = 0;
  /// Number that goes round N [1], integer >= 0; 0 in an open class.
  double population = 0;
  /// Mean time away from all stations between two rounds Z [s], finite and >= 0; closed classes only.
  double think_time = 0;
};

/// A network by its means alone: how often each class visits each station, and how long it is served there.
///
/// `product_form` makes it of a Network; write it down where visits and demands are what is known.
struct ProductForm {
  /// The places.
  std::vector<ProductFormStation> stations;
  /// The kinds of customers.
  std::vector<ProductFormClass> classes;
  /// Mean service time of a visit S [s], finite and >= 0; one row per station, one column per class.
  Matrix service_times;
  /// Mean visits per round or passage V [1], finite and >= 0; empty: one each, so that service_times are the demands.
  Matrix visits = {};

  /// Throws std::domain_error or std::invalid_argument where a number is out of its range or a size does not fit.
  void check(const char* function) const;
};

/// What holds in the steady state of a network. Matrices have one row per station and one column per class. Of a class
/// without customers all times are 0.
struct NetworkSolution {
  /// Whether every station can serve what comes from outside; if not, times and numbers there are infinite.
  bool stable = true;
  /// Rounds or passages completed X [1/s], by class.
  std::vector<double> throughput = {};
  /// Mean time of a round or passage in the stations, think time excluded R [s], by class.
  std::vector<double> response_time = {};
  /// Mean number in the stations [1], by class.
  std::vector<double> mean_number = {};
  /// Fraction of passages that ended because a station was full [1], by class.
  std::vector<double> probability_lost = {};
  /// Fraction of passages that ended by impatience [1], by class.
  std::vector<double> probability_reneged = {};
  /// Visits completed X V [1/s].
  Matrix station_throughput = {};
  /// Busy servers' share of all, by class X V S / m [1]; of a delay the mean number there.
  Matrix station_utilization = {};
  /// Mean number, waiting and in service [1].
  Matrix station_number = {};
  /// Mean time over all visits of a round, waiting and in service (residence time) [s].
  Matrix station_residence_time = {};
  /// Mean time of one visit, waiting and in service [s].
  Matrix station_sojourn_time = {};
  /// Mean time of one visit beyond its service [s].
  Matrix station_wait = {};
  /// ln G of the closed classes, G summing Π F(n) over all ways to spread the population; NaN if not computed.
  double log_normalization = std::numeric_limits<double>::quiet_NaN();
  /// Iterations of an approximation; 0 where exact.
  double iterations = 0;
  /// Names of the stations.
  std::vector<std::string> stations = {};
  /// Names of the classes.
  std::vector<std::string> classes = {};
};

/// Steady state of a network with product form: Jackson, Gordon-Newell, BCMP.
///
/// Service at first-come-first-served stations is exponential with one mean for all classes; with processor sharing and
/// at delays, any law and a mean for each class. Open and closed classes may be mixed.
///
/// The exact method sees the closed network as an open one conditioned on its populations: it convolves the
/// distributions that the stations have at well-chosen arrival rates. Only positive numbers are added, so no digits are
/// lost at many servers, where mean value analysis breaks down. Its cost is stations × classes × servers × the product
/// of (population + 1). Schweitzer and Linearizer replace a station of m servers by one m times as fast and a delay
/// (Seidmann), and take no `rates`; with about as many customers as servers they then give up to a quarter too little
/// throughput (three customers at three servers: 2.25 per service time in place of 3). Such networks are small: take
/// `exact`.
///
/// | method | how |
/// | --- | --- |
/// | `exact` | convolution; every network, stable |
/// | `mva` | mean value analysis over all populations; exact, for stations with one server or infinitely many |
/// | `schweitzer` | fixed point; error of some percent, at any population |
/// | `linearizer` | Schweitzer corrected; error of some tenths of a percent, at any population |
///
/// @param network  the network
/// @param method   exact, mva, schweitzer or linearizer
/// @returns        the steady state
/// @source         F. Baskett and others 1975, Open, closed, and mixed networks of queues with different classes of
///                 customers; M. Reiser and S. Lavenberg 1980, Mean-value analysis of closed multichain queuing networks;
///                 P. Schweitzer 1979; K. Chandy and D. Neuse 1982, Linearizer; J. Buzen 1973; M. Reiser 1981
/// @golden         queueing/network.csv
NetworkSolution solve(const ProductForm& network, std::string_view method = "exact");

/// Derivatives of every number of solve()'s answer by one input of the network.
///
/// The algorithms run on dual numbers, so that these are derivatives of what solve() computes, without differences.
///
/// @param network         the network
/// @param parameter       the kind of input: service_time, visits, arrival_rate or think_time
/// @param station         its row, for service_time and visits [1], < number of stations
/// @param customer_class  its column or class [1], < number of classes
/// @param method          as in solve()
/// @returns               each field: d field / d input; `stable` as in solve()
/// @source                A. Griewank and A. Walther 2008, Evaluating Derivatives, ch. 3
NetworkSolution derivative(const ProductForm& network, std::string_view parameter, std::size_t station,
                           std::size_t customer_class, std::string_view method = "exact");

/// Distribution of the number of closed customers at one station.
///
/// @param network  the network, with closed classes only
/// @param station  its row [1], < number of stations
/// @returns        P(n present) for n = 0, ..., total population [1]
/// @source         J. Buzen 1973, Computational algorithms for closed queueing networks with exponential servers
std::vector<double> station_distribution(const ProductForm& network, std::size_t station);

/// Closed network, exact: mean value analysis, or convolution where a station has several servers.
///
/// In Python a list of demands is one class, and one number holds for all classes or stations.
///
/// @param demands      service time per round D [s], finite and >= 0; one row per station, one column per class
/// @param population   number of each class N [1], integers >= 0
/// @param think_time   time away from the stations of each class Z [s], finite and >= 0; empty: none
/// @param servers      servers of each station m [1], integers >= 1 or infinity; empty: one each
/// @returns            the steady state
/// @source             M. Reiser and S. Lavenberg 1980, Mean-value analysis of closed multichain queuing networks
NetworkSolution closed_mva(const Matrix& demands, std::span<const double> population,
                           const std::vector<double>& think_time = {}, const std::vector<double>& servers = {});

/// Visits that satisfy the traffic equations V = a + V P.
///
/// @param arrivals  rate or probability of starting at each station a [1/s], finite and >= 0
/// @param routing   probability of going from the row's to the column's station P [1], rows sum to <= 1; what is missing
///                  leaves
/// @returns         arrivals at each station, from outside and inside [1/s]
/// @source          J. R. Jackson 1957, Networks of waiting lines
std::vector<double> traffic(std::span<const double> arrivals, const Matrix& routing);

/// Visits in a closed network, relative to one visit at the first station: V = V P, V₀ = 1.
///
/// @param routing  probability of going from the row's to the column's station P [1], rows sum to 1
/// @returns        visits at each station per visit at the first [1]
/// @source         W. Gordon and G. Newell 1967, Closed queuing systems with exponential servers
std::vector<double> visit_ratios(const Matrix& routing);

/// Open Jackson network: Poisson arrivals, exponential servers, random routing.
///
/// Throughput, response time and number of the one class are those of the whole network. In Python one number holds for
/// all stations.
///
/// @param arrival_rates  from outside, at each station [1/s], finite and >= 0
/// @param routing        probability of going from the row's to the column's station [1], rows sum to <= 1; what is
///                       missing leaves
/// @param service_rates  of one server of each station μ [1/s], finite and > 0
/// @param servers        of each station c [1], integers >= 1 or infinity; empty: one each
/// @returns              the steady state
/// @source               J. R. Jackson 1957, Networks of waiting lines
/// @golden               queueing/jackson.csv
NetworkSolution jackson(std::span<const double> arrival_rates, const Matrix& routing,
                        std::span<const double> service_rates, const std::vector<double>& servers = {});

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/product_form.ipp>
#endif
