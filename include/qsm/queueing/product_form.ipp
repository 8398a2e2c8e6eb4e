#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <qsm/core/detail/weights.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/method.hpp>
#include <qsm/queueing/detail/product_form.hpp>
#include <qsm/queueing/detail/routing.hpp>
#include <qsm/queueing/product_form.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

enum class NetworkParameter { service_time, visits, arrival_rate, think_time };

/// "service_times of station 2, class 0", or with their names.
inline std::string cell_name(const char* what, const ProductForm& network, std::size_t station,
                             std::size_t customer_class) {
  const auto& place = network.stations[station].name;
  const auto& kind = network.classes[customer_class].name;
  return std::string(what) + " of station " + (place.empty() ? std::to_string(station) : place) + ", class " +
         (kind.empty() ? std::to_string(customer_class) : kind);
}

/// A network whose inputs are dual where they are differentiated by.
template <class T>
struct Inputs {
  const ProductForm& network;
  std::vector<T> service, visits, arrivals, think;

  explicit Inputs(const ProductForm& from) : network(from) {
    service.assign(from.service_times.values.begin(), from.service_times.values.end());
    visits.assign(service.size(), T(1));
    if (!from.visits.empty()) visits.assign(from.visits.values.begin(), from.visits.values.end());
    for (const auto& kind : from.classes) {
      arrivals.push_back(kind.arrival_rate);
      think.push_back(kind.think_time);
    }
  }

  Model<T> model() const {
    Model<T> model;
    model.stations = network.stations.size();
    model.classes = network.classes.size();
    for (std::size_t cell = 0; cell < service.size(); ++cell) model.demands.push_back(service[cell] * visits[cell]);
    model.arrivals = arrivals;
    model.think = think;
    for (const auto& kind : network.classes) model.population.push_back(kind.population);
    for (const auto& station : network.stations) model.speeds.push_back({station.servers, station.rates});
    return model;
  }
};

inline double part(double number, bool) { return number; }
inline double part(Dual number, bool slope) { return slope ? number.slope : number.value; }

template <class T>
NetworkSolution solve(const Inputs<T>& inputs, NetworkMethod method) {
  const ProductForm& network = inputs.network;
  Model<T> model = inputs.model();
  const std::size_t stations = model.stations;
  const std::size_t classes = model.classes;
  Check check("solve");
  const bool approximate = method == NetworkMethod::schweitzer || method == NetworkMethod::linearizer;
  for (const auto& station : network.stations) {
    if (method == NetworkMethod::exact) continue;
    if (!station.rates.empty())
      throw std::invalid_argument("solve: stations with rates of their own need the method exact");
    if (method == NetworkMethod::mva)
      check.that(station.servers == 1 || std::isinf(station.servers), "servers", station.servers,
                 "1 or infinity with the method mva");
  }
  double points = 1;
  for (const double population : model.population) points *= population + 1;
  if (!approximate)
    check.that(points * static_cast<double>(stations) <= 4e8, "product of the populations", points,
               "small enough for an exact method: choose schweitzer or linearizer");

  // Stations that the open classes overload keep all that come.
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<char> saturated(stations), stuck(classes);
  bool stable = true;
  for (std::size_t i = 0; i < stations; ++i)
    if (!model.speeds[i].delay() && value_of(model.open_load(i)) >= model.speeds[i].top()) {
      saturated[i] = 1;
      stable = false;
      for (std::size_t r = 0; r < classes; ++r)
        if (model.population[r] > 0 && value_of(model.demand(i, r)) > 0) stuck[r] = 1;
    }
  for (std::size_t i = 0; i < stations; ++i)
    for (std::size_t r = 0; r < classes; ++r)
      if (saturated[i] || stuck[r]) model.demands[i * classes + r] = T(0);
  const auto population = model.population;
  for (std::size_t r = 0; r < classes; ++r)
    if (stuck[r]) {
      model.population[r] = 0;
      model.arrivals[r] = T(0);
    }
  // A closed class that needs no time anywhere would go round infinitely fast.
  for (std::size_t r = 0; r < classes; ++r)
    if (model.population[r] > 0) {
      double time = value_of(model.think[r]);
      for (std::size_t i = 0; i < stations; ++i) time += value_of(model.demand(i, r));
      if (!(time > 0)) check.that(false, ("time of a round of class " + std::to_string(r)).c_str(), time, "> 0");
    }

  const Answer<T> answer = approximate ? Approximation<T>(model).solve(method == NetworkMethod::linearizer)
                           : method == NetworkMethod::mva ? mean_value_analysis(model)
                                                          : Convolution<T>(model).solve();
  NetworkSolution solution;
  constexpr bool slope = std::is_same_v<T, Dual>;
  solution.stable = stable;
  for (const auto& station : network.stations) solution.stations.push_back(station.name);
  for (const auto& kind : network.classes) solution.classes.push_back(kind.name);
  solution.iterations = slope ? 0 : answer.iterations;
  solution.log_normalization = part(answer.log_normalization, slope);
  if (approximate || method == NetworkMethod::mva) solution.log_normalization = std::nan("");
  for (Matrix* matrix : {&solution.station_throughput, &solution.station_utilization, &solution.station_number,
                         &solution.station_residence_time, &solution.station_sojourn_time, &solution.station_wait})
    *matrix = Matrix(stations, classes);
  for (std::size_t r = 0; r < classes; ++r) {
    const T throughput = stuck[r] ? T(0) : answer.throughput[r];
    T number = 0, response = 0;
    for (std::size_t i = 0; i < stations; ++i) {
      const std::size_t cell = i * classes + r;
      const T visits = inputs.visits[cell];
      const T demand = inputs.service[cell] * visits;
      const bool full = saturated[i] && value_of(demand) > 0;
      T here = full ? T(stuck[r] ? population[r] : infinity) : answer.number[cell];
      if (full && value_of(throughput) == 0 && population[r] == 0) here = T(0);
      // Of a class without customers all times are 0.
      T residence = full ? T(infinity) : value_of(throughput) > 0 ? here / throughput : T(0);
      if (stuck[r] && !full) here = residence = T(0);
      const double servers = model.speeds[i].delay() ? 1 : model.speeds[i].top();
      const auto set = [&](Matrix& matrix, const T& value) { matrix.values[cell] = part(value, slope); };
      set(solution.station_throughput, throughput * visits);
      set(solution.station_utilization, throughput * demand / T(servers));
      set(solution.station_number, here);
      set(solution.station_residence_time, residence);
      const T sojourn = value_of(visits) > 0 ? residence / visits : T(0);
      set(solution.station_sojourn_time, sojourn);
      set(solution.station_wait, value_of(sojourn) > 0 ? sojourn - inputs.service[cell] : T(0));
      number += here;
      response += residence;
    }
    solution.throughput.push_back(part(throughput, slope));
    solution.mean_number.push_back(part(number, slope));
    solution.response_time.push_back(part(response, slope));
    solution.probability_lost.push_back(0);
    solution.probability_reneged.push_back(0);
  }
  return solution;
}

/// Solves (I - Pᵀ) v = a by censoring stations from the last to the first: no subtraction. `leave` is what goes out.
inline std::vector<double> traffic(std::vector<double> flow, std::vector<double> jump, std::vector<double> leave,
                                   std::size_t first) {
  const std::size_t n = flow.size();
  std::vector<double> total(n);
  for (std::size_t k = n; k-- > first;) {
    total[k] = leave[k];
    for (std::size_t j = 0; j < k; ++j) total[k] += jump[k * n + j];
    for (std::size_t i = 0; i < k; ++i) {
      const double share = jump[i * n + k] / total[k];
      for (std::size_t j = 0; j < k; ++j)
        if (j != i) jump[i * n + j] += share * jump[k * n + j];
      leave[i] += share * leave[k];
    }
    for (std::size_t i = 0; i < k; ++i) flow[i] += flow[k] * jump[k * n + i] / total[k];
  }
  for (std::size_t k = first; k < n; ++k) {
    for (std::size_t i = 0; i < k; ++i) flow[k] += flow[i] * jump[i * n + k];
    flow[k] /= total[k];
  }
  return flow;
}

}  // namespace detail

QSM_INLINE void ProductForm::check(const char* function) const {
  Check check(function);
  if (stations.empty())
    throw std::invalid_argument(std::string(function) + ": stations must have at least one element");
  if (classes.empty()) throw std::invalid_argument(std::string(function) + ": classes must have at least one element");
  detail::check_shape(function, "service_times", service_times, stations.size(), classes.size());
  if (!visits.empty()) detail::check_shape(function, "visits", visits, stations.size(), classes.size());
  // Names are put together only where something is wrong.
  const auto named = [](const char* what, const char* of, const std::string& name) {
    return name.empty() ? std::string(what) : what + (of + name);
  };
  const auto not_negative = [](double value) { return value >= 0 && std::isfinite(value); };
  for (const auto& [name, servers, rates] : stations) {
    if (!(servers >= 1 && (std::isinf(servers) || servers == std::trunc(servers))))
      check.that(false, named("servers", " of station ", name).c_str(), servers, "an integer >= 1 or infinity");
    for (const double rate : rates)
      if (!(rate > 0 && std::isfinite(rate))) check.positive(named("rates", " of station ", name).c_str(), rate);
  }
  for (const auto& [name, arrival_rate, population, think_time] : classes) {
    if (!not_negative(arrival_rate))
      check.not_negative(named("arrival_rate", " of class ", name).c_str(), arrival_rate);
    if (!(not_negative(population) && population == std::trunc(population) && population <= largest_count))
      check.count(named("population", " of class ", name).c_str(), population);
    if (!not_negative(think_time)) check.not_negative(named("think_time", " of class ", name).c_str(), think_time);
    if (arrival_rate != 0 && population != 0)
      check.that(false, named("population", " of class ", name).c_str(), population,
                 "0 where arrival_rate > 0: a class is open or closed");
  }
  for (std::size_t i = 0; i < stations.size(); ++i)
    for (std::size_t r = 0; r < classes.size(); ++r) {
      if (!not_negative(service_times(i, r)))
        check.not_negative(detail::cell_name("service_times", *this, i, r).c_str(), service_times(i, r));
      if (!visits.empty() && !not_negative(visits(i, r)))
        check.not_negative(detail::cell_name("visits", *this, i, r).c_str(), visits(i, r));
    }
}

QSM_INLINE NetworkSolution solve(const ProductForm& network, std::string_view method) {
  network.check("solve");
  return detail::solve(detail::Inputs<double>(network), detail::method_named("solve", method));
}

QSM_INLINE NetworkSolution derivative(const ProductForm& network, std::string_view parameter, std::size_t station,
                                      std::size_t customer_class, std::string_view method) {
  network.check("derivative");
  Check check("derivative");
  using detail::NetworkParameter;
  const auto kind = detail::choice<NetworkParameter>("derivative", "parameter", parameter,
                                                     {"service_time", "visits", "arrival_rate", "think_time"});
  const bool by_station = kind == NetworkParameter::service_time || kind == NetworkParameter::visits;
  if (by_station)
    check.that(station < network.stations.size(), "station", static_cast<double>(station), "< number of stations");
  check.that(customer_class < network.classes.size(), "customer_class", static_cast<double>(customer_class),
             "< number of classes");
  detail::Inputs<detail::Dual> inputs(network);
  auto& input = kind == NetworkParameter::service_time
                    ? inputs.service[station * network.classes.size() + customer_class]
                : kind == NetworkParameter::visits ? inputs.visits[station * network.classes.size() + customer_class]
                : kind == NetworkParameter::arrival_rate ? inputs.arrivals[customer_class]
                                                         : inputs.think[customer_class];
  if (kind == NetworkParameter::arrival_rate)
    check.that(network.classes[customer_class].population == 0, "customer_class", static_cast<double>(customer_class),
               "an open class for a derivative by arrival_rate");
  // At zero a path is not taken; just beside it, it is.
  if (input.value == 0 && kind != NetworkParameter::think_time) input.value = 1e-150;
  input.slope = 1;
  return detail::solve(inputs, detail::method_named("derivative", method));
}

QSM_INLINE std::vector<double> station_distribution(const ProductForm& network, std::size_t station) {
  network.check("station_distribution");
  Check check("station_distribution");
  check.that(station < network.stations.size(), "station", static_cast<double>(station), "< number of stations");
  for (const auto& kind : network.classes)
    check.that(kind.arrival_rate == 0, "arrival_rate", kind.arrival_rate, "0: closed classes only");
  const auto model = detail::Inputs<double>(network).model();
  return detail::Convolution<double>(model).distribution(station);
}

QSM_INLINE NetworkSolution closed_mva(const Matrix& demands, std::span<const double> population,
                                      const std::vector<double>& think_time, const std::vector<double>& servers) {
  ProductForm network;
  detail::check_shape("closed_mva", "demands", demands, demands.rows, population.size());
  if (!think_time.empty())
    qsm::detail::check_size("closed_mva", "think_time", think_time.size(), "population", population.size());
  if (!servers.empty())
    qsm::detail::check_size("closed_mva", "servers", servers.size(), "rows of demands", demands.rows);
  for (std::size_t i = 0; i < demands.rows; ++i)
    network.stations.push_back({.servers = servers.empty() ? 1 : servers[i]});
  for (std::size_t r = 0; r < population.size(); ++r)
    network.classes.push_back({.population = population[r], .think_time = think_time.empty() ? 0 : think_time[r]});
  network.service_times = demands;
  network.check("closed_mva");
  const bool single = std::all_of(servers.begin(), servers.end(), [](double m) { return m == 1 || std::isinf(m); });
  return detail::solve(detail::Inputs<double>(network),
                       single ? detail::NetworkMethod::mva : detail::NetworkMethod::exact);
}

QSM_INLINE std::vector<double> traffic(std::span<const double> arrivals, const Matrix& routing) {
  const std::size_t n = arrivals.size();
  auto leave = detail::check_routing("traffic", routing, n, false);
  Check check("traffic");
  for (const double arrival : arrivals) check.not_negative("arrivals", arrival);
  // Only stations that are reached count; each of them must lead out.
  std::vector<char> reached(n), leads_out(n);
  for (std::size_t round = 0; round <= n; ++round)
    for (std::size_t i = 0; i < n; ++i) {
      reached[i] |= arrivals[i] > 0;
      leads_out[i] |= leave[i] > 0;
      for (std::size_t j = 0; j < n; ++j) {
        reached[i] |= reached[j] && routing(j, i) > 0;
        leads_out[i] |= leads_out[j] && routing(i, j) > 0;
      }
    }
  std::vector<double> jump = routing.values;
  for (std::size_t i = 0; i < n; ++i) {
    if (!reached[i]) {  // nobody is there to get stuck
      leave[i] = 1;
      for (std::size_t j = 0; j < n; ++j) jump[i * n + j] = 0;
    }
    check.that(!reached[i] || leads_out[i], "station", static_cast<double>(i), "one from which routing leads out");
  }
  return detail::traffic({arrivals.begin(), arrivals.end()}, std::move(jump), std::move(leave), 0);
}

QSM_INLINE std::vector<double> visit_ratios(const Matrix& routing) {
  const std::size_t n = routing.rows;
  if (n == 0) throw std::invalid_argument("visit_ratios: routing must have at least one row, got none");
  detail::check_routing("visit_ratios", routing, n, true);
  Check check("visit_ratios");
  std::vector<char> reached(n), returns(n);
  reached[0] = returns[0] = 1;
  for (std::size_t round = 0; round < n; ++round)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        reached[i] |= reached[j] && routing(j, i) > 0;
        returns[i] |= returns[j] && routing(i, j) > 0;
      }
  std::vector<double> jump = routing.values, start(n), leave(n);
  for (std::size_t i = 0; i < n; ++i) {
    check.that(!reached[i] || returns[i], "station", static_cast<double>(i),
               "one from which routing leads back to station 0");
    if (reached[i] && i > 0) {
      start[i] = routing(0, i);
      leave[i] = routing(i, 0);
    } else {
      leave[i] = 1;
      for (std::size_t j = 0; j < n; ++j) jump[i * n + j] = 0;
    }
    jump[i * n] = 0;
  }
  auto visits = detail::traffic(std::move(start), std::move(jump), std::move(leave), 1);
  visits[0] = 1;
  return visits;
}

QSM_INLINE NetworkSolution jackson(std::span<const double> arrival_rates, const Matrix& routing,
                                   std::span<const double> service_rates, const std::vector<double>& servers) {
  qsm::detail::check_size("jackson", "service_rates", service_rates.size(), "arrival_rates", arrival_rates.size());
  if (!servers.empty())
    qsm::detail::check_size("jackson", "servers", servers.size(), "arrival_rates", arrival_rates.size());
  if (arrival_rates.empty())
    throw std::invalid_argument("jackson: arrival_rates must have at least one element, got none");
  Check check("jackson");
  for (const double rate : service_rates) check.positive("service_rates", rate);
  ProductForm network;
  const auto flows = traffic(arrival_rates, routing);
  double total = 0;
  for (const double rate : arrival_rates) total += rate;
  network.service_times = Matrix(flows.size(), 1);
  network.visits = Matrix(flows.size(), 1);
  for (std::size_t i = 0; i < flows.size(); ++i) {
    network.stations.push_back({.servers = servers.empty() ? 1 : servers[i]});
    network.service_times(i, 0) = 1 / service_rates[i];
    network.visits(i, 0) = total > 0 ? flows[i] / total : 0;
  }
  network.classes.push_back({.arrival_rate = total});
  network.check("jackson");
  return detail::solve(detail::Inputs<double>(network), detail::NetworkMethod::exact);
}

}  // namespace qsm::inline v0::queueing
