#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/bytes.hpp>
#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/batch_service.hpp>
#include <qsm/queueing/detail/method.hpp>
#include <qsm/queueing/detail/network_engine.hpp>
#include <qsm/queueing/detail/routing.hpp>
#include <qsm/queueing/erlang_a.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/network.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

inline std::string label(const Network& network, const Station& station) {
  return label("station", station.name, static_cast<std::size_t>(&station - network.stations.data()));
}
inline std::string label(const Network& network, const CustomerClass& kind) {
  return label("class", kind.name, static_cast<std::size_t>(&kind - network.classes.data()));
}

/// One matrix for each class.
inline std::vector<Matrix> routing_of(const Network& network) {
  if (network.routing.size() == network.classes.size()) return network.routing;
  if (network.routing.size() == 1) return {network.classes.size(), network.routing.front()};
  const std::size_t stations = network.stations.size();
  Matrix row(stations, stations);
  for (std::size_t i = 0; i + 1 < stations; ++i) row(i, i + 1) = 1;
  return {network.classes.size(), row};
}

/// Mean visits of a class to each station in a passage.
inline std::vector<double> visits_of(const CustomerClass& kind, const Matrix& routing) {
  std::vector<double> start = kind.start;
  if (start.empty()) {
    start.assign(routing.rows, 0);
    start[0] = 1;
  }
  return traffic(start, routing);
}

inline double mean_of(const std::vector<Period>& schedule, double otherwise) {
  if (schedule.empty()) return otherwise;
  double time = 0, sum = 0;
  for (const Period& period : schedule) {
    time += period.duration;
    sum += period.duration * period.level;
  }
  return sum / time;
}

inline double arrival_rate(const CustomerClass& kind) {
  double batch = 0;
  for (std::size_t k = 0; k < kind.batch.size(); ++k) batch += kind.batch[k] * static_cast<double>(k + 1);
  return (kind.batch.empty() ? 1 : batch) * mean_of(kind.schedule, 1) / kind.interarrival->mean();
}

/// Mean time of a server for one of a full batch.
inline double service_share(const Station& station, std::size_t r) {
  return station.service.of(r).mean() + (station.batch_setup ? station.batch_setup->mean() / station.batch_size : 0);
}

inline bool can_serve(const Network& network, const std::vector<Matrix>& routing) {
  std::vector<double> load(network.stations.size());
  for (std::size_t r = 0; r < network.classes.size(); ++r) {
    const CustomerClass& kind = network.classes[r];
    if (!kind.interarrival) continue;
    const auto visits = visits_of(kind, routing[r]);
    for (std::size_t i = 0; i < load.size(); ++i)
      if (visits[i] > 0) load[i] += visits[i] * arrival_rate(kind) * service_share(network.stations[i], r);
  }
  for (std::size_t i = 0; i < load.size(); ++i) {
    const Station& station = network.stations[i];
    const bool turns_away = std::isfinite(station.capacity) || !station.patience.empty() ||
                            (!station.joining.empty() && station.joining.back() == 0);
    const double most = station.rates.empty() ? mean_of(station.schedule, station.servers) : station.rates.back();
    const double joining = station.joining.empty() ? 1 : station.joining.back();
    if (station.discipline != Discipline::delay && !turns_away && load[i] * joining >= most) return false;
  }
  return true;
}

inline void check_law(Check check, const std::string& what, const Distribution& law) {
  check.that(law.low() >= 0, ("lower end of " + what).c_str(), law.low(), ">= 0");
  check.not_negative(("mean of " + what).c_str(), law.mean());
}
inline void check_laws(Check check, const char* function, const std::string& what, const Laws& laws,
                       std::size_t classes) {
  if (laws.each.size() != 1 && laws.each.size() != classes)
    throw std::invalid_argument(std::string(function) + ": " + what + " must have 1 element or one for each class (" +
                                std::to_string(classes) + "), got " + std::to_string(laws.each.size()));
  for (const Distribution& law : laws.each) check_law(check, what, law);
}
inline void check_chances(Check check, const std::string& what, const std::vector<double>& chances) {
  for (const double chance : chances) check.probability(what.c_str(), chance);
  const double sum = std::accumulate(chances.begin(), chances.end(), 0.0);
  check.that(std::abs(sum - 1) <= 1e-12, ("sum of " + what).c_str(), sum, "1 within 1e-12");
}
inline void check_schedule(Check check, const std::string& of, const std::vector<Period>& schedule, bool whole) {
  double most = schedule.empty() ? 1 : 0;
  for (const Period& period : schedule) {
    check.positive(("duration in schedule" + of).c_str(), period.duration);
    if (whole)
      check.count(("level in schedule" + of).c_str(), period.level);
    else
      check.not_negative(("level in schedule" + of).c_str(), period.level);
    most = std::max(most, period.level);
  }
  check.that(most > 0, ("largest level in schedule" + of).c_str(), most, "> 0");
}

/// Where they go who gave up.
inline void check_reneging(const Network& network, const Station& station, const char* function,
                           const std::vector<Matrix>& routes) {
  Check check(function);
  const std::string of = "renege_to of " + label(network, station);
  if (station.renege_to.empty()) return;
  if (station.patience.empty())
    throw std::invalid_argument(std::string(function) + ": " + of + " needs a law of patience");
  for (const Distribution& law : station.patience.each) check.positive("mean of patience where some go on", law.mean());
  qsm::detail::check_size(function, of.c_str(), station.renege_to.size(), "stations", network.stations.size());
  for (const double chance : station.renege_to) check.probability(of.c_str(), chance);
  const double sum = std::accumulate(station.renege_to.begin(), station.renege_to.end(), 0.0);
  check.that(sum <= 1 + 1e-12, ("sum of " + of).c_str(), sum, "at most 1");
  const double here = station.renege_to[static_cast<std::size_t>(&station - network.stations.data())];
  check.that(here == 0, (of + " at the station itself").c_str(), here, "0");
  for (std::size_t r = 0; r < routes.size(); ++r) try {
      traffic(station.renege_to, routes[r]);
    } catch (const std::domain_error& error) {  // no way out
      throw std::domain_error(std::string(function) + ": " + of + ": " + label(network, network.classes[r]) + ": " +
                              error.what());
    }
}

inline void check_batches(const Network& network, const Station& station, const char* function) {
  Check check(function);
  const std::string of = " of " + label(network, station);
  check.positive_count(("batch_size" + of).c_str(), station.batch_size);
  check.positive_count(("batch_least" + of).c_str(), station.batch_least);
  check.that(station.batch_least <= station.batch_size, ("batch_least" + of).c_str(), station.batch_least,
             "at most batch_size");
  if (!in_batches(station)) return;
  if (station.batch_setup) check_law(check, "batch_setup" + of, *station.batch_setup);
  const auto refuse = [&](const char* why) {
    throw std::invalid_argument(std::string(function) + ": batches" + of + " need " + why);
  };
  switch (station.discipline) {
    case Discipline::fcfs:
    case Discipline::lcfs:
    case Discipline::random:
    case Discipline::priority:
    case Discipline::edf:
    case Discipline::sjf:
      break;
    default:
      refuse("a discipline under which customers wait and nobody makes way: fcfs, lcfs, random, priority, edf or sjf");
  }
  if (std::any_of(network.stations.begin(), network.stations.end(), [](const Station& any) { return any.blocking; }))
    refuse("a network in which no station blocks");
}

inline void check_station(const Network& network, const Station& station, const char* function) {
  Check check(function);
  const std::string of = " of " + label(network, station);
  const auto refuse = [&](const char* what, const char* why) {
    throw std::invalid_argument(std::string(function) + ": " + what + of + " " + why);
  };
  check_laws(check, function, "service" + of, station.service, network.classes.size());
  check.positive_count(("servers" + of).c_str(), station.servers);
  check.that(station.servers <= 0x1p24, ("servers" + of).c_str(), station.servers, "at most 2^24");
  check.that(std::isinf(station.capacity)
                 ? station.capacity > 0
                 : station.capacity >= station.servers && station.capacity == std::trunc(station.capacity),
             ("capacity" + of).c_str(), station.capacity, "an integer >= servers, or infinity");
  for (const double chance : station.joining) check.probability(("joining" + of).c_str(), chance);
  check.that(station.choices >= 1 && (std::isinf(station.choices) || station.choices == std::trunc(station.choices)),
             ("choices" + of).c_str(), station.choices, "an integer >= 1, or infinity");
  check.that(
      station.jockeying >= 2 && (std::isinf(station.jockeying) || station.jockeying == std::trunc(station.jockeying)),
      ("jockeying" + of).c_str(), station.jockeying, "an integer >= 2, or infinity");
  check_schedule(check, of, station.schedule, true);
  for (const double rate : station.rates) check.positive(("rates" + of).c_str(), rate);
  const bool ps = station.discipline == Discipline::ps, delay = station.discipline == Discipline::delay;
  if (!station.patience.empty()) {
    check_laws(check, function, "patience" + of, station.patience, network.classes.size());
    if (ps || delay) refuse("patience", "needs a discipline under which customers wait");
  }
  if (!station.rates.empty() && !ps) refuse("rates", "need the discipline ps");
  if (!station.schedule.empty() && delay) refuse("schedule", "needs a discipline other than delay");
  if (station.dispatch != Dispatch::shared) {
    if (!station.schedule.empty()) refuse("schedule", "needs the dispatch shared");
    if (!station.rates.empty()) refuse("rates", "need the dispatch shared");
    if (delay) refuse("dispatch", "needs a discipline under which customers wait");
  } else if (std::isfinite(station.jockeying)) {
    refuse("jockeying", "needs a queue of its own for each server: dispatch random, round_robin or shortest");
  }
  if (std::isfinite(station.jockeying) && ps) refuse("jockeying", "needs a discipline under which customers wait");
  check_batches(network, station, function);
}

}  // namespace detail

QSM_INLINE void Network::check(const char* function) const {
  Check check(function);
  const std::string prefix = std::string(function) + ": ";
  if (stations.empty()) throw std::invalid_argument(prefix + "stations must have at least one element");
  if (classes.empty()) throw std::invalid_argument(prefix + "classes must have at least one element");
  for (const Station& station : stations) detail::check_station(*this, station, function);
  if (routing.size() > 1 && routing.size() != classes.size())
    throw std::invalid_argument(prefix + "routing must have no matrix, 1, or one for each class (" +
                                std::to_string(classes.size()) + "), got " + std::to_string(routing.size()));
  const auto routes = detail::routing_of(*this);
  bool somebody = false;
  for (std::size_t r = 0; r < classes.size(); ++r) {
    const CustomerClass& kind = classes[r];
    const std::string of = detail::label(*this, kind);
    const std::string in = prefix + of + ": ";
    detail::check_routing((prefix + of).c_str(), routes[r], stations.size(), false);
    if (!kind.start.empty()) {
      qsm::detail::check_size((prefix + of).c_str(), "start", kind.start.size(), "stations", stations.size());
      detail::check_chances(check, "start of " + of, kind.start);
    }
    check.finite(("priority of " + of).c_str(), kind.priority);
    check.count(("population of " + of).c_str(), kind.population);
    if (kind.deadline) detail::check_law(check, "deadline of " + of, *kind.deadline);
    double present = 0;
    if (!kind.present.empty())
      qsm::detail::check_size((prefix + of).c_str(), "present", kind.present.size(), "stations", stations.size());
    for (const double number : kind.present) {
      check.count(("present of " + of).c_str(), number);
      present += number;
    }
    std::vector<double> visits;
    try {
      visits = detail::visits_of(kind, routes[r]);
    } catch (const std::domain_error& error) {  // no way out
      throw std::domain_error(in + error.what());
    }
    for (std::size_t i = 0; i < stations.size(); ++i)
      for (std::size_t j = 0; j < stations.size(); ++j)
        if (stations[j].blocking && i != j && routes[r](i, j) > 0 && stations[i].discipline == Discipline::ps)
          throw std::invalid_argument(prefix + detail::label(*this, stations[i]) + " under ps must not lead to " +
                                      detail::label(*this, stations[j]) + ", which blocks: there is no server to hold");
    if (kind.interarrival) {
      detail::check_law(check, "interarrival of " + of, *kind.interarrival);
      check.positive(("mean of interarrival of " + of).c_str(), kind.interarrival->mean());
      check.that(kind.population == 0, ("population of " + of).c_str(), kind.population,
                 "0 where there is an interarrival law: a class is open or closed");
      if (kind.think_time) throw std::invalid_argument(in + "think_time is for closed classes only");
      if (!kind.batch.empty()) detail::check_chances(check, "batch of " + of, kind.batch);
      detail::check_schedule(check, " of " + of, kind.schedule, false);
      somebody = true;
      continue;
    }
    if (!kind.batch.empty()) throw std::invalid_argument(in + "batch is for open classes only");
    if (!kind.schedule.empty()) throw std::invalid_argument(in + "schedule is for open classes only");
    check.that(present <= kind.population, ("sum of present of " + of).c_str(), present, "at most the population");
    double pause = 0;
    if (kind.think_time) {
      detail::check_law(check, "think_time of " + of, *kind.think_time);
      pause = kind.think_time->mean();
    }
    double round = pause;
    for (std::size_t i = 0; i < stations.size(); ++i)
      if (visits[i] > 0 && kind.population > 0) {
        round += visits[i] * stations[i].service.of(r).mean();
        check.that(pause > 0 || std::isinf(stations[i].capacity) || stations[i].blocking,
                   ("capacity of " + detail::label(*this, stations[i])).c_str(), stations[i].capacity,
                   "infinity on the way of a closed class, or blocking, or the class needs a think_time");
        const bool starts = kind.start.empty() ? i == 0 : kind.start[i] > 0;
        check.that(pause > 0 || !starts || std::isinf(stations[i].capacity) || present == kind.population,
                   ("sum of present of " + of).c_str(), present,
                   "the population, where it starts at a station of finite capacity without a think_time");
        if (pause == 0 && !(stations[i].patience.empty() && stations[i].joining.empty()))
          throw std::invalid_argument(in + "needs a think_time, because " + detail::label(*this, stations[i]) +
                                      " has patience or joining");
      }
    check.that(kind.population == 0 || round > 0, ("mean time of a round of " + of).c_str(), round, "> 0");
    somebody = somebody || kind.population > 0;
  }
  for (const Station& station : stations) detail::check_reneging(*this, station, function, routes);
  if (!somebody) throw std::invalid_argument(prefix + "some class must have an interarrival law or a population");
  for (std::size_t i = 0; i < stations.size(); ++i) {
    double present = 0;
    for (const CustomerClass& kind : classes)
      if (!kind.present.empty()) present += kind.present[i];
    check.that(present <= stations[i].capacity, ("sum of present at " + detail::label(*this, stations[i])).c_str(),
               present, "at most the capacity");
  }
}

QSM_INLINE ProductForm product_form(const Network& network) {
  network.check("product_form");
  const auto refuse = [](const std::string& where, const char* why) {
    throw std::invalid_argument("product_form: " + where + " " + why);
  };
  const std::size_t stations = network.stations.size(), classes = network.classes.size();
  const auto routes = detail::routing_of(network);
  ProductForm form;
  form.service_times = form.visits = Matrix(stations, classes);
  for (std::size_t r = 0; r < classes; ++r) {
    const CustomerClass& kind = network.classes[r];
    ProductFormClass solved{.name = kind.name, .population = kind.population};
    if (kind.interarrival) {
      if (kind.interarrival->as<Exponential>() == nullptr)
        refuse(detail::label(network, kind), "must arrive as a Poisson process");
      if (!kind.batch.empty() && kind.batch[0] < 1) refuse(detail::label(network, kind), "must arrive one by one");
      if (!kind.schedule.empty()) refuse(detail::label(network, kind), "must arrive at one rate, without a schedule");
      solved.arrival_rate = 1 / kind.interarrival->mean();
    }
    if (kind.think_time) solved.think_time = kind.think_time->mean();
    form.classes.push_back(solved);
    const auto visits = detail::visits_of(kind, routes[r]);
    for (std::size_t i = 0; i < stations; ++i) {
      form.visits(i, r) = visits[i];
      if (visits[i] > 0) form.service_times(i, r) = network.stations[i].service.of(r).mean();
    }
  }
  for (std::size_t i = 0; i < stations; ++i) {
    const Station& station = network.stations[i];
    const std::string name = detail::label(network, station);
    if (!std::isinf(station.capacity)) refuse(name, "must have infinite capacity");
    if (!station.patience.empty()) refuse(name, "must have patient customers, without patience");
    if (std::any_of(station.joining.begin(), station.joining.end(), [](double chance) { return chance < 1; }))
      refuse(name, "must be joined by all, without joining");
    if (!station.schedule.empty()) refuse(name, "must have its servers all the time, without a schedule");
    if (station.dispatch != Dispatch::shared && station.servers > 1)
      refuse(name, "must have one queue, dispatch shared");
    if (detail::in_batches(station)) refuse(name, "must serve one at a time, without batches");
    double servers = station.servers;
    switch (station.discipline) {
      case Discipline::delay:
        servers = std::numeric_limits<double>::infinity();
        break;
      case Discipline::fcfs:
      case Discipline::lcfs:
      case Discipline::random: {
        double mean = -1;
        for (std::size_t r = 0; r < classes; ++r) {
          if (form.visits(i, r) == 0) continue;
          const Distribution& law = station.service.of(r);
          if (law.as<Exponential>() == nullptr)
            refuse(name, "must have exponential service under fcfs, lcfs or random");
          if (mean >= 0 && law.mean() != mean)
            refuse(name, "must have one mean service time for all classes under fcfs, lcfs or random");
          mean = law.mean();
        }
        break;
      }
      case Discipline::lcfs_preemptive:
        if (servers != 1) refuse(name, "must have one server under lcfs_preemptive");
        if (station.preemption != Preemption::resume) refuse(name, "must resume those who made way");
        break;
      case Discipline::ps:
        break;
      default:
        refuse(name, "must be fcfs, lcfs, random, ps, lcfs_preemptive or delay");
    }
    form.stations.push_back({.name = station.name, .servers = servers, .rates = station.rates});
  }
  return form;
}

namespace detail {

/// The one station and class of a network that theory knows beyond product form, as a solution of it.
struct OneStation {
  double throughput, wait, sojourn, number, utilization;  // of the visits completed, but the number
  bool stable = true;
  double lost = 0, reneged = 0;

  NetworkSolution solution(const Network& network) const {
    const auto cell = [](double value) { return Matrix{{value}}; };
    NetworkSolution solution;
    solution.stable = stable;
    solution.stations = {network.stations[0].name};
    solution.classes = {network.classes[0].name};
    solution.throughput = {throughput};
    solution.response_time = {sojourn};
    solution.mean_number = {number};
    solution.probability_lost = {lost};
    solution.probability_reneged = {reneged};
    solution.station_throughput = cell(throughput);
    solution.station_utilization = cell(utilization);
    solution.station_number = cell(number);
    solution.station_residence_time = solution.station_sojourn_time = cell(sojourn);
    solution.station_wait = cell(wait);
    return solution;
  }
};

inline const char* mg1_name(Discipline discipline) {
  switch (discipline) {
    case Discipline::lcfs:
      return "lcfs";
    case Discipline::lcfs_preemptive:
      return "lcfs_preemptive";
    case Discipline::random:
      return "random";
    case Discipline::ps:
      return "ps";
    case Discipline::sjf:
      return "sjf";
    case Discipline::srpt:
      return "srpt";
    default:  // of one class without due dates, what is left
      return "fcfs";
  }
}

/// One server of batches of constant times, full ones or whoever waits.
inline std::optional<OneStation> one_batch_server(const Station& station, double arrivals) {
  const Distribution& item = station.service.of(0);
  const auto constant = [](const Distribution& law) { return law.as<Deterministic>() != nullptr; };
  const double size = station.batch_size, setup = station.batch_setup ? station.batch_setup->mean() : 0;
  if (station.servers != 1 || station.discipline != Discipline::fcfs || std::isfinite(station.capacity) ||
      !station.patience.empty() || !constant(item) || (station.batch_setup && !constant(*station.batch_setup)) ||
      item.mean() == 0)
    return std::nullopt;
  const auto solution = [&](const auto& server) {
    return OneStation{.throughput = std::min(arrivals, size / (setup + item.mean() * size)),
                      .wait = server.mean_wait(),
                      .sojourn = server.mean_sojourn(),
                      .number = server.mean_number(),
                      .utilization = std::min(1.0, server.utilization()),
                      .stable = server.stable()};
  };
  if (station.batch_least == 1 && size <= 1000) return solution(dynamic_batch(arrivals, setup, item.mean(), size));
  if (station.batch_least == size && size <= 1e6) return solution(fixed_batch(arrivals, setup, item.mean(), size));
  return std::nullopt;
}

/// M/G/1, M/M/c/K, Erlang A or batch service, where the network is one.
inline std::optional<OneStation> one_station(const Network& network) {
  const Station& station = network.stations[0];
  const CustomerClass& kind = network.classes[0];
  if (network.stations.size() != 1 || network.classes.size() != 1 || !kind.interarrival ||
      routing_of(network)[0](0, 0) > 0 || kind.interarrival->as<Exponential>() == nullptr || !kind.batch.empty() ||
      !kind.schedule.empty() || !station.schedule.empty() || !station.joining.empty() || !station.rates.empty() ||
      (station.dispatch != Dispatch::shared && station.servers > 1) || kind.deadline)
    return std::nullopt;
  const double arrivals = 1 / kind.interarrival->mean();
  const Distribution& service = station.service.of(0);
  const bool exponential = service.as<Exponential>() != nullptr;
  const double rate = 1 / service.mean();
  if (in_batches(station)) return one_batch_server(station, arrivals);
  if (!station.patience.empty()) {
    const Distribution& patience = station.patience.of(0);
    if (!exponential || std::isfinite(station.capacity) || patience.as<Exponential>() == nullptr ||
        station.discipline != Discipline::fcfs)
      return std::nullopt;
    const ErlangA queue = erlang_a(arrivals, rate, 1 / patience.mean(), station.servers);
    return OneStation{.throughput = queue.throughput(),
                      .wait = queue.mean_wait_served(),
                      .sojourn = queue.mean_wait_served() + service.mean(),
                      .number = queue.mean_number(),
                      .utilization = queue.utilization(),
                      .reneged = queue.probability_abandon()};
  }
  if (std::isfinite(station.capacity)) {
    if (!exponential || station.discipline != Discipline::fcfs) return std::nullopt;
    const MMCK queue = mmck(arrivals, rate, station.servers, station.capacity);
    return OneStation{.throughput = queue.throughput(),
                      .wait = queue.mean_wait(),
                      .sojourn = queue.mean_sojourn(),
                      .number = queue.mean_number(),
                      .utilization = queue.utilization(),
                      .lost = queue.probability_blocked()};
  }
  if (station.servers != 1 || station.preemption != Preemption::resume || station.discipline == Discipline::delay)
    return std::nullopt;
  const MG1 queue = mg1(arrivals, service, mg1_name(station.discipline));
  return OneStation{.throughput = std::min(arrivals, rate),
                    .wait = queue.mean_sojourn() - service.mean(),
                    .sojourn = queue.mean_sojourn(),
                    .number = queue.mean_number(),
                    .utilization = queue.utilization(),
                    .stable = queue.stable()};
}

struct NetworkRun {
  std::vector<std::string> stations, classes;
  std::vector<double> servers;
  bool stable = true;
  double confidence = 0.95;
  std::vector<double> arrival_times;  // of the trace
  std::vector<NetworkRecord> records;

  static NetworkSimulation finish(NetworkRun run) {
    return NetworkSimulation(std::make_shared<const NetworkRun>(std::move(run)));
  }
  static NetworkRun of(const Network& network, const std::vector<Matrix>& routing, double confidence) {
    NetworkRun run;
    for (const Station& station : network.stations) {
      run.stations.push_back(station.name);
      run.servers.push_back(station.discipline == Discipline::delay ? 1
                            : station.rates.empty()                 ? station.servers
                                                                    : station.rates.back());
    }
    for (const CustomerClass& kind : network.classes) run.classes.push_back(kind.name);
    run.stable = can_serve(network, routing);
    run.confidence = confidence;
    return run;
  }

  template <class Number>
  Estimate mean(Number&& number) const {
    std::vector<double> values;
    for (const NetworkRecord& record : records) values.push_back(number(record));
    const double nothing = std::nan("");
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }))
      return {nothing, nothing, nothing, "simulation: nothing seen in some replication"};
    return mean_interval(values, confidence);
  }
  void check_class(const char* function, std::size_t r) const {
    Check(function).that(r < classes.size(), "customer_class", static_cast<double>(r), "< number of classes");
  }
  template <class Number>
  std::vector<Estimate> by_class(Number&& number) const {
    std::vector<Estimate> estimates;
    for (std::size_t r = 0; r < classes.size(); ++r)
      estimates.push_back(mean([&](const NetworkRecord& record) { return number(record, r); }));
    return estimates;
  }
  /// `number` takes the record, the visits, what stalled them, and station and class.
  template <class Number>
  std::vector<std::vector<Estimate>> by_station(Number&& number) const {
    std::vector<std::vector<Estimate>> estimates;
    for (std::size_t i = 0; i < stations.size(); ++i)
      estimates.push_back(by_class([&](const NetworkRecord& record, std::size_t r) {
        const std::size_t cell = i * classes.size() + r;
        return number(record, record.visits[cell], record.stalls[cell], i, r);
      }));
    return estimates;
  }
};

/// Visits that were joined.
inline double joined(const VisitRecord& visit, const StallRecord& stall) {
  return visit.completed + stall.reneged + visit.number - visit.before;
}
inline double ended(const PassageRecord& passage) { return passage.times.count() + passage.lost + passage.reneged; }

template <class Options>
std::size_t check_options(const char* function, const Options& options) {
  Check check(function);
  check.positive_count("replications", options.replications);
  check.that(options.replications <= 0x1p24, "replications", options.replications, "at most 2^24");
  check.inner_probability("confidence", options.confidence);
  return static_cast<std::size_t>(options.replications);
}

inline void check_trace(const Network& network, const NetworkTrace& trace) {
  Check check("replay_network");
  const std::size_t count = trace.arrival_times.size();
  if (count == 0) throw std::invalid_argument("replay_network: arrival_times must have at least one element");
  double last = 0;
  for (const double time : trace.arrival_times) {
    check.not_negative("arrival_times", time);
    check.that(time >= last, "arrival_times", time, "never falling");
    last = time;
  }
  const auto check_class = [&](const char* argument, double r) {
    check.that(r >= 0 && r < static_cast<double>(network.classes.size()) && r == std::trunc(r) &&
                   network.classes[static_cast<std::size_t>(r)].interarrival,
               argument, r, "the number of an open class");
  };
  if (trace.customer_classes.empty()) {
    check_class("customer_classes", 0);
  } else {
    qsm::detail::check_size("replay_network", "customer_classes", trace.customer_classes.size(), "arrival_times",
                            count);
    for (const double r : trace.customer_classes) check_class("customer_classes", r);
  }
  if (trace.service_times.empty()) return;
  check_shape("replay_network", "service_times", trace.service_times, count, network.stations.size());
  for (const double time : trace.service_times.values)
    if (!std::isnan(time)) check.not_negative("service_times", time);
}

}  // namespace detail

QSM_INLINE NetworkSolution solve_network(const Network& network, std::string_view method) {
  network.check("solve_network");
  detail::method_named("solve_network", method);
  try {
    return queueing::solve(product_form(network), method);
  } catch (const std::invalid_argument& error) {
    if (const auto one = detail::one_station(network)) return one->solution(network);
    const std::string why(error.what());
    const std::string own = "product_form: ";
    if (why.rfind(own, 0) != 0) throw;
    throw std::invalid_argument("solve_network: " + why.substr(own.size()) +
                                " to be solved; simulate_network takes every network");
  }
}
QSM_INLINE NetworkSolution Network::solve(std::string_view method) const { return solve_network(*this, method); }

QSM_INLINE NetworkSimulation simulate_network(const Network& network, const NetworkSimulationOptions& options) {
  network.check("simulate_network");
  Check check("simulate_network");
  check.positive_count("passages", options.passages);
  check.count("warmup", options.warmup);
  check.that(options.duration > 0, "duration", options.duration, "> 0");
  const std::size_t count = detail::check_options("simulate_network", options);
  const auto routing = detail::routing_of(network);
  detail::NetworkRun run = detail::NetworkRun::of(network, routing, options.confidence);
  const bool timed = std::isfinite(options.duration);
  constexpr std::uint64_t parts = 64;
  const auto warmup = static_cast<std::uint64_t>(options.warmup);
  const auto passages = static_cast<std::uint64_t>(options.passages);
  run.records.resize(count);
  ProgressMeter meter(options.progress, count * (timed ? parts : warmup + passages));
  sim::parallel_for(count, options.threads, [&](std::size_t i) {
    detail::NetworkEngine engine(network, routing, Stream(options.seed).child(std::uint64_t{i}), nullptr);
    const auto advance = [&](std::uint64_t total) {
      std::uint64_t left = total;
      for (bool runs = true; left > 0 && runs;) {
        const auto part = std::min<std::uint64_t>(1024, left);
        runs = engine.run(part);
        meter.advance(runs ? part : left);
        left -= runs ? part : 0;
      }
      return left == 0;
    };
    if (timed) {
      for (std::uint64_t part = 1; part <= parts; ++part) {
        const double until = options.duration * (static_cast<double>(part) / parts);
        while (engine.run(1024, until)) meter.advance(0);
        meter.advance(1);
      }
    } else {
      if (advance(warmup)) {
        engine.start_recording();
        advance(passages);
      } else {
        meter.advance(passages);
      }
    }
    run.records[i] = engine.finish();
  });
  meter.finish();
  return detail::NetworkRun::finish(std::move(run));
}
QSM_INLINE NetworkSimulation Network::simulate(const NetworkSimulationOptions& options) const {
  return simulate_network(*this, options);
}

QSM_INLINE NetworkSimulation replay_network(const Network& network, const NetworkTrace& trace,
                                            const NetworkReplayOptions& options) {
  network.check("replay_network");
  detail::check_trace(network, trace);
  const std::size_t count = detail::check_options("replay_network", options);
  const auto routing = detail::routing_of(network);
  detail::NetworkRun run = detail::NetworkRun::of(network, routing, options.confidence);
  run.arrival_times = trace.arrival_times;
  run.records.resize(count);
  ProgressMeter meter(options.progress, count * trace.arrival_times.size());
  sim::parallel_for(count, options.threads, [&](std::size_t i) {
    detail::NetworkEngine engine(network, routing, Stream(options.seed).child(std::uint64_t{i}), &trace);
    std::size_t left = trace.arrival_times.size();
    for (std::uint64_t ended = 1; !engine.drained() && engine.run(1); ++ended)
      if (ended % 1024 == 0) {
        const auto part = std::min<std::size_t>(1024, left);
        meter.advance(part);
        left -= part;
      }
    meter.advance(left);
    run.records[i] = engine.finish();
  });
  meter.finish();
  return detail::NetworkRun::finish(std::move(run));
}
QSM_INLINE NetworkSimulation Network::replay(const NetworkTrace& trace, const NetworkReplayOptions& options) const {
  return replay_network(*this, trace, options);
}

QSM_INLINE std::vector<std::string> NetworkSimulation::stations() const { return run_->stations; }
QSM_INLINE std::vector<std::string> NetworkSimulation::classes() const { return run_->classes; }
QSM_INLINE bool NetworkSimulation::stable() const { return run_->stable; }
QSM_INLINE Estimate NetworkSimulation::duration() const {
  return run_->mean([](const auto& record) { return record.duration; });
}

QSM_INLINE std::vector<Estimate> NetworkSimulation::throughput() const {
  return run_->by_class(
      [](const auto& record, std::size_t r) { return record.passages[r].times.count() / record.duration; });
}
QSM_INLINE std::vector<Estimate> NetworkSimulation::response_time() const {
  return run_->by_class([](const auto& record, std::size_t r) { return record.passages[r].times.mean(); });
}
QSM_INLINE std::vector<Estimate> NetworkSimulation::mean_number() const {
  return run_->by_class([&](const auto& record, std::size_t r) {
    double area = 0;
    for (std::size_t i = 0; i < run_->stations.size(); ++i) area += record.visits[i * run_->classes.size() + r].area;
    return area / record.duration;
  });
}
QSM_INLINE std::vector<Estimate> NetworkSimulation::probability_lost() const {
  return run_->by_class(
      [](const auto& record, std::size_t r) { return record.passages[r].lost / detail::ended(record.passages[r]); });
}
QSM_INLINE std::vector<Estimate> NetworkSimulation::probability_reneged() const {
  return run_->by_class(
      [](const auto& record, std::size_t r) { return record.passages[r].reneged / detail::ended(record.passages[r]); });
}
QSM_INLINE std::vector<Estimate> NetworkSimulation::probability_late() const {
  return run_->by_class(
      [](const auto& record, std::size_t r) { return record.passages[r].late / record.passages[r].times.count(); });
}
QSM_INLINE Estimate NetworkSimulation::response_cdf(std::size_t customer_class, double time) const {
  Check("response_cdf").extended("time", time);
  run_->check_class("response_cdf", customer_class);
  return run_->mean([&](const auto& record) { return record.passages[customer_class].times.cdf(time); });
}
QSM_INLINE Estimate NetworkSimulation::response_quantile(std::size_t customer_class, double probability) const {
  Check("response_quantile").probability("probability", probability);
  run_->check_class("response_quantile", customer_class);
  return run_->mean([&](const auto& record) { return record.passages[customer_class].times.quantile(probability); });
}

QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_throughput() const {
  return run_->by_station([](const auto& record, const auto& visit, const auto&, std::size_t, std::size_t) {
    return visit.completed / record.duration;
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_utilization() const {
  return run_->by_station([&](const auto& record, const auto& visit, const auto& stall, std::size_t i, std::size_t) {
    return (visit.service - stall.shared) / record.duration / run_->servers[i];
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_number() const {
  return run_->by_station([](const auto& record, const auto& visit, const auto&, std::size_t, std::size_t) {
    return visit.area / record.duration;
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_residence_time() const {
  return run_->by_station([](const auto& record, const auto& visit, const auto&, std::size_t, std::size_t r) {
    return visit.area / record.passages[r].times.count();
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_sojourn_time() const {
  return run_->by_station([](const auto&, const auto& visit, const auto&, std::size_t, std::size_t) {
    return visit.sojourn / visit.completed;
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_wait() const {
  return run_->by_station([](const auto&, const auto& visit, const auto&, std::size_t, std::size_t) {
    return (visit.sojourn - visit.service) / visit.completed;
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_probability_lost() const {
  return run_->by_station([](const auto&, const auto& visit, const auto& stall, std::size_t, std::size_t) {
    return visit.lost / (visit.lost + detail::joined(visit, stall));
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_probability_reneged() const {
  return run_->by_station([](const auto&, const auto& visit, const auto& stall, std::size_t, std::size_t) {
    return stall.reneged / detail::joined(visit, stall);
  });
}
QSM_INLINE std::vector<std::vector<Estimate>> NetworkSimulation::station_blocked() const {
  return run_->by_station([](const auto& record, const auto&, const auto& stall, std::size_t, std::size_t) {
    return stall.area / record.duration;
  });
}

QSM_INLINE ReplayedCustomers NetworkSimulation::replayed(std::size_t replication) const {
  Check("replayed")
      .that(replication < run_->records.size(), "replication", static_cast<double>(replication),
            "< number of replications");
  const auto& record = run_->records[replication];
  return {run_->arrival_times, record.waits, record.times, record.outcomes};
}

QSM_INLINE std::string NetworkSimulation::deadlock() const {
  for (const auto& record : run_->records)
    if (!record.deadlock.empty()) return record.deadlock;
  return {};
}
QSM_INLINE Estimate NetworkSimulation::probability_deadlock() const {
  return run_->mean([](const auto& record) { return record.deadlock.empty() ? 0.0 : 1.0; });
}
QSM_INLINE Estimate NetworkSimulation::deadlock_time() const {
  std::vector<double> times;
  for (const auto& record : run_->records)
    if (!record.deadlock.empty()) times.push_back(record.deadlock_time);
  const double nothing = std::nan("");
  if (times.empty()) return {nothing, nothing, nothing, "simulation: no deadlock"};
  return mean_interval(times, run_->confidence);
}

namespace detail {

/// All numbers of a record that are no histograms, in one order for writing and reading.
template <class Record, class Each>
void each_number(Record& record, Each&& each) {
  each(record.duration);
  each(record.deadlock_time);
  for (auto& visit : record.visits)
    for (auto* value : {&visit.number, &visit.since, &visit.area, &visit.before, &visit.completed, &visit.sojourn,
                        &visit.service, &visit.lost})
      each(*value);
  for (auto& stall : record.stalls)
    for (auto* value : {&stall.reneged, &stall.blocked, &stall.since, &stall.area, &stall.shared}) each(*value);
  for (auto& passage : record.passages)
    for (auto* value : {&passage.lost, &passage.reneged, &passage.late}) each(*value);
}

}  // namespace detail

QSM_INLINE std::vector<std::byte> NetworkSimulation::to_bytes() const {
  ByteWriter bytes;
  bytes.string("qsm network 2");
  for (const auto* names : {&run_->stations, &run_->classes}) {
    bytes.varint(names->size());
    for (const std::string& name : *names) bytes.string(name);
  }
  for (const double servers : run_->servers) bytes.f64(servers);
  bytes.u8(run_->stable);
  bytes.f64(run_->confidence);
  bytes.varint(run_->arrival_times.size());
  for (const double time : run_->arrival_times) bytes.f64(time);
  bytes.varint(run_->records.size());
  for (const auto& record : run_->records) {
    detail::each_number(record, [&](double value) { bytes.f64(value); });
    bytes.string(record.deadlock);
    for (const auto& passage : record.passages) passage.times.write(bytes);
    for (std::size_t row = 0; row < run_->arrival_times.size(); ++row) {
      bytes.f64(record.waits[row]);
      bytes.f64(record.times[row]);
      bytes.u8(static_cast<std::uint8_t>(record.outcomes[row]));
    }
  }
  bytes.checksum();
  return bytes.take();
}

QSM_INLINE NetworkSimulation NetworkSimulation::from_bytes(std::span<const std::byte> source) {
  ByteReader bytes(source, "NetworkSimulation");
  if (bytes.string() != "qsm network 2") bytes.refuse("\"qsm network 2\"");
  detail::NetworkRun run;
  for (auto* names : {&run.stations, &run.classes}) {
    names->resize(bytes.count(1));
    for (std::string& name : *names) name = bytes.string();
  }
  for (std::size_t i = 0; i < run.stations.size(); ++i) run.servers.push_back(bytes.f64());
  run.stable = bytes.u8() != 0;
  run.confidence = bytes.f64();
  if (!(run.confidence > 0 && run.confidence < 1)) bytes.refuse("a confidence in (0, 1)");
  const std::size_t cells = run.stations.size() * run.classes.size();
  if (cells > source.size()) bytes.refuse("as many stations and classes as the bytes can hold");
  run.arrival_times.resize(bytes.count(8));
  for (double& time : run.arrival_times) time = bytes.f64();
  const std::size_t rows = run.arrival_times.size();
  run.records.resize(bytes.count(16 + 104 * cells + 24 * run.classes.size() + 17 * rows));
  if (run.records.empty()) bytes.refuse("at least one replication");
  for (auto& record : run.records) {
    record.visits.resize(cells);
    record.stalls.resize(cells);
    record.passages.resize(run.classes.size());
    detail::each_number(record, [&](double& value) { value = bytes.f64(); });
    record.deadlock = bytes.string();
    for (auto& passage : record.passages) passage.times = Histogram::read(bytes);
    for (std::size_t row = 0; row < rows; ++row) {
      record.waits.push_back(bytes.f64());
      record.times.push_back(bytes.f64());
      const std::uint8_t outcome = bytes.u8();
      if (outcome > static_cast<std::uint8_t>(Outcome::inside)) bytes.refuse("an outcome");
      record.outcomes.push_back(static_cast<Outcome>(outcome));
    }
  }
  bytes.checksum();
  bytes.end();
  return detail::NetworkRun::finish(std::move(run));
}

}  // namespace qsm::inline v0::queueing
