#include "text/queueing.hpp"

#include <qsm/core/detail/weights.hpp>

namespace qsm_python {

/// Rows of numbers, or an array of two axes.
template <>
struct Take<qsm::queueing::Matrix> {
  static qsm::queueing::Matrix read(py::handle object, const Place& place) {
    return qsm::queueing::Matrix(Take<std::vector<std::vector<double>>>::read(object, place));
  }
};

/// Equality, hash and pickle by the public function that made it and the properties that are its arguments.
template <class Type>
void made_by(py::module_& module, const char* function, std::vector<const char*> names) {
  const py::object type = py::type::of<Type>();
  const auto arguments = [names](const py::object& self) {
    py::tuple values(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) values[i] = self.attr(names[i]);
    return values;
  };
  const auto frozen = [arguments](const py::object& self) { return frozen_state(arguments(self)); };
  const std::string room = py::cast<std::string>(module.attr("__module_of_public_names__"));
  const auto add = [&](const char* name, auto call) {
    type.attr(name) = py::cpp_function(call, py::name(name), py::is_method(type));
  };
  add("__reduce__", [function, room, arguments](const py::object& self) {
    return py::make_tuple(py::module_::import(room.c_str()).attr(function), arguments(self));
  });
  add("__eq__", [frozen](const py::object& one, const py::object& other) -> py::object {
    if (!py::isinstance<Type>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
    return py::bool_(frozen(one).equal(frozen(other)));
  });
  add("__hash__", [frozen](const py::object& self) { return py::hash(frozen(self)); });
}

/// One law for all classes, or a list with one for each.
template <>
struct Take<qsm::queueing::Laws> {
  static qsm::queueing::Laws read(py::handle object, const Place& place) {
    if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object))
      return qsm::queueing::Laws(Take<std::vector<qsm::Distribution>>::read(object, place));
    return Take<qsm::Distribution>::read(object, place);
  }
};

/// A number for all stations or classes, or one for each.
struct Each {
  std::vector<double> values;
  bool all = false;

  std::vector<double> of(std::size_t count) && {
    if (all) values.assign(count, values.front());
    return std::move(values);
  }
};
template <>
struct Take<Each> {
  static Each read(py::handle object, const Place& place) {
    if (PyFloat_Check(object.ptr()) || PyLong_Check(object.ptr())) return {{read_number(object, place)}, true};
    return {read_numbers(object, place), false};
  }
};
inline py::object give(Each) { return py::tuple(); }

/// Rows of numbers, or of one class a list of them.
struct Columns {
  qsm::queueing::Matrix matrix;
};
template <>
struct Take<Columns> {
  static Columns read(py::handle object, const Place& place) {
    const py::object rows = read_sequence(object, place);
    const auto count = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(rows.ptr()));
    PyObject* first = count > 0 ? PySequence_Fast_GET_ITEM(rows.ptr(), 0) : nullptr;
    if (!first || PyFloat_Check(first) || PyLong_Check(first)) {
      Columns column{{count, 1}};
      column.matrix.values = read_numbers(object, place);
      return column;
    }
    return {Take<qsm::queueing::Matrix>::read(object, place)};
  }
};

/// Two numbers, or the record, which is a tuple of two.
template <>
struct Take<qsm::queueing::Period> {
  static qsm::queueing::Period read(py::handle object, const Place& place) {
    const auto [duration, level] = Take<std::array<double, 2>>::read(object, place);
    return {duration, level};
  }
};

}  // namespace qsm_python

namespace pybind11::detail {

/// Laws become a list.
template <>
struct type_caster<qsm::queueing::Laws> {
  PYBIND11_TYPE_CASTER(qsm::queueing::Laws, const_name("list"));
  bool load(handle, bool) { return false; }
  static handle cast(const qsm::queueing::Laws& laws, return_value_policy, handle) {
    return qsm_python::give(laws.each).release();
  }
};

/// A matrix becomes an array of two axes.
template <>
struct type_caster<qsm::queueing::Matrix> {
  PYBIND11_TYPE_CASTER(qsm::queueing::Matrix, const_name("numpy.ndarray"));
  bool load(handle, bool) { return false; }
  static handle cast(const qsm::queueing::Matrix& matrix, return_value_policy, handle) {
    return array_t<double>({matrix.rows, matrix.columns}, matrix.values.data()).release();
  }
};

}  // namespace pybind11::detail

namespace {

namespace py = pybind11;
using namespace qsm::queueing;
using qsm_python::Columns;
using qsm_python::Each;

NetworkSolution closed_mva_of(const Columns& demands, Each population, Each think_time, Each servers) {
  const auto& [rows, columns, values] = demands.matrix;
  return closed_mva(demands.matrix, std::move(population).of(columns), std::move(think_time).of(columns),
                    std::move(servers).of(rows));
}

NetworkSolution jackson_of(const std::vector<double>& arrival_rates, const Matrix& routing, Each service_rates,
                           Each servers) {
  const std::size_t stations = arrival_rates.size();
  return jackson(arrival_rates, routing, std::move(service_rates).of(stations), std::move(servers).of(stations));
}

ProductForm product_form_of(py::handle service_times, py::handle arrival_rate, py::handle population,
                            py::handle think_time, py::handle servers, py::handle visits, py::handle rates) {
  constexpr auto function = "product_form";
  const auto each = [](py::handle given, const char* name, std::size_t count, const char* of) {
    auto values = qsm_python::Take<Each>::read(given, {function, name}).of(count);
    qsm::detail::check_size(function, name, values.size(), of, count);
    return values;
  };
  ProductForm network;
  network.service_times = qsm_python::Take<Columns>::read(service_times, {function, "service_times"}).matrix;
  const std::size_t rows = network.service_times.rows, columns = network.service_times.columns;
  network.visits = visits.is_none() ? Matrix(rows, columns, 1)
                                    : qsm_python::Take<Columns>::read(visits, {function, "visits"}).matrix;
  const auto of_class = "columns of service_times", of_station = "rows of service_times";
  const auto arrivals = each(arrival_rate, "arrival_rate", columns, of_class);
  const auto numbers = each(population, "population", columns, of_class);
  const auto thinks = each(think_time, "think_time", columns, of_class);
  for (std::size_t r = 0; r < columns; ++r) network.classes.push_back({"", arrivals[r], numbers[r], thinks[r]});
  std::vector<std::vector<double>> speeds(rows);
  if (!rates.is_none()) {
    speeds = qsm_python::Take<std::vector<std::vector<double>>>::read(rates, {function, "rates"});
    qsm::detail::check_size(function, "rates", speeds.size(), of_station, rows);
  }
  const auto counts = each(servers, "servers", rows, of_station);
  for (std::size_t i = 0; i < rows; ++i) network.stations.push_back({"", counts[i], std::move(speeds[i])});
  network.check(function);
  return network;
}

}  // namespace

QSM_ROOM(queueing) {
  QSM_FUNCTION(erlang_b);
  QSM_FUNCTION(erlang_c);
  QSM_MODEL(mm1);
  QSM_MODEL(mmc);
  QSM_MODEL(mmck);
  QSM_FUNCTION(servers_for_wait);
  QSM_FUNCTION(erlang_b_continuous);
  QSM_FUNCTION(servers_for_blocking);
  QSM_FUNCTION(load_for_blocking);
  QSM_FUNCTION(servers_for_waiting);
  QSM_FUNCTION(load_for_waiting);
  QSM_FUNCTION(servers_for_utilization);
  QSM_FUNCTION(arrival_rate_for_wait);
  QSM_FUNCTION(service_rate_for_wait);
  QSM_FUNCTION(capacity_for_blocking);
  QSM_FUNCTION(servers_for_blocking_within);
  QSM_FUNCTION(arrival_rate_for_blocking);
  QSM_FUNCTION(service_rate_for_blocking);
  QSM_FUNCTION(servers_for_service);
  QSM_MODEL(mm_infinity);
  QSM_MODEL(engset);
  QSM_MODEL(mmc_finite_source);
  QSM_MODEL(erlang_a);
  QSM_MODEL(retrial);
  QSM_MODEL(mdc);
  QSM_MODEL(fixed_batch);
  QSM_MODEL(dynamic_batch);
  QSM_FUNCTION(best_fixed_batch);
  QSM_FUNCTION(gg1_kingman);
  QSM_FUNCTION(gg1_marchal);
  QSM_FUNCTION(ggc_allen_cunneen);
  QSM_FUNCTION(ggc_kraemer_langenbach_belz);
  QSM_FUNCTION(ggc_whitt);
  QSM_FUNCTION(mgc_cosmetatos);
  QSM_FUNCTION(mgc_kimura);
  QSM_RECORD(StationMeans);
  QSM_PLAIN(ggc);

  {
    QSM_CLASS(MG1);
    QSM_PROPERTY(arrival_rate);
    QSM_PROPERTY(discipline);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_queue_length);
    QSM_PROPERTY(mean_number);
    QSM_PROPERTY(wait_variance);
    QSM_BROADCAST(mean_sojourn_of_size);
    QSM_BROADCAST(wait_cdf);
    QSM_BROADCAST(wait_quantile);
    QSM_PROPERTY(service);
    qsm_python::made_by<Type>(module, "mg1", {"arrival_rate", "service", "discipline"});
  }
  QSM_PLAIN(mg1);
  {
    QSM_CLASS(GIM1);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(probability_wait);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_queue_length);
    QSM_PROPERTY(mean_number);
    QSM_BROADCAST(wait_cdf);
    QSM_BROADCAST(wait_quantile);
    QSM_BROADCAST(sojourn_cdf);
    QSM_BROADCAST(sojourn_quantile);
    QSM_PROPERTY(interarrival);
    QSM_PROPERTY(service_rate);
    qsm_python::made_by<Type>(module, "gim1", {"interarrival", "service_rate"});
  }
  QSM_PLAIN(gim1);
  QSM_PLAIN(priority_mean_sojourn);
  QSM_RECORD(RankFunction);
  QSM_PLAIN(soap);
  QSM_PLAIN(soap_sojourn_of_size);
  QSM_PLAIN(gittins_rank);
  QSM_PLAIN(dps_mean_sojourn);
  QSM_RECORD(ClassMeans);
  QSM_PLAIN(mg1_classes);
  QSM_PLAIN(batch_arrivals);
  QSM_PLAIN(vacations);
  QSM_PLAIN(setup_times);
  QSM_PLAIN(breakdowns);
  QSM_PLAIN(unequal_servers);
  {
    QSM_CLASS(MGInfinity);
    QSM_PROPERTY(arrival_rate);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_number);
    QSM_PROPERTY(mean_busy_period);
    QSM_BROADCAST(mean_number_at);
    QSM_BROADCAST(departure_rate_at);
    QSM_BROADCAST(number_cdf);
    QSM_METHOD(number_cdf_at);
    QSM_BROADCAST(number_quantile);
    QSM_PROPERTY(service);
    qsm_python::made_by<Type>(module, "mg_infinity", {"arrival_rate", "service"});
  }
  QSM_PLAIN(mg_infinity);

  {
    QSM_CLASS(StationSimulation);
    QSM_PROPERTY(servers);
    QSM_PROPERTY(capacity);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(warmup);
    QSM_PROPERTY(arrival_rate);
    QSM_PROPERTY(service_rate);
    QSM_PROPERTY(throughput);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_queue_length);
    QSM_PROPERTY(mean_number);
    QSM_PROPERTY(probability_wait);
    QSM_PROPERTY(probability_blocked);
    QSM_BROADCAST(wait_cdf);
    QSM_BROADCAST(wait_quantile);
    QSM_BROADCAST(sojourn_cdf);
    QSM_BROADCAST(sojourn_quantile);
    QSM_VALUE(to_bytes, from_bytes);
  }
  QSM_PLAIN(simulate);
  QSM_PLAIN(replay);

  QSM_RECORD(ServersForWait);
  QSM_PLAIN(servers_for_wait_in_replay);
  QSM_PLAIN(servers_for_wait_in_simulation);

  QSM_RECORD(Comparison);
  QSM_OVERLOAD(compare, compare_laws, compare, const qsm::Distribution&, const qsm::Distribution&, double,
               const room::SimulationOptions&);
  QSM_OVERLOAD(compare_2, compare_trace, compare, std::span<const double>, std::span<const double>, double,
               const room::SimulationOptions&);

  QSM_MODEL(fork_join);
  QSM_RECORD(ProductFormStation);
  QSM_RECORD(ProductFormClass);
  QSM_RECORD(ProductForm);
  QSM_RECORD(NetworkSolution);
  QSM_PLAIN(solve);
  QSM_PLAIN(derivative);
  QSM_PLAIN(station_distribution);
  qsm_python::plain<texts::closed_mva>(module, &closed_mva_of);
  qsm_python::plain<texts::jackson>(module, &jackson_of);
  module.def("product_form_of", [](const py::object& service_times, const py::object& arrival_rate,
                                   const py::object& population, const py::object& think_time,
                                   const py::object& servers, const py::object& visits, const py::object& rates) {
    return qsm_python::give(
        product_form_of(service_times, arrival_rate, population, think_time, servers, visits, rates));
  });
  QSM_PLAIN(traffic);
  QSM_PLAIN(visit_ratios);
  QSM_RECORD(Period);
  QSM_RECORD(Station);
  QSM_RECORD(CustomerClass);
  QSM_RECORD(Network);
  QSM_RECORD(NetworkTrace);
  QSM_RECORD(ReplayedCustomers);
  {
    QSM_CLASS(NetworkSimulation);
    QSM_PROPERTY(stations);
    QSM_PROPERTY(classes);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(duration);
    QSM_PROPERTY(throughput);
    QSM_PROPERTY(response_time);
    QSM_PROPERTY(mean_number);
    QSM_PROPERTY(probability_lost);
    QSM_PROPERTY(probability_reneged);
    QSM_PROPERTY(probability_late);
    QSM_METHOD(response_cdf);
    QSM_METHOD(response_quantile);
    QSM_PROPERTY(station_throughput);
    QSM_PROPERTY(station_utilization);
    QSM_PROPERTY(station_number);
    QSM_PROPERTY(station_residence_time);
    QSM_PROPERTY(station_sojourn_time);
    QSM_PROPERTY(station_wait);
    QSM_PROPERTY(station_probability_lost);
    QSM_PROPERTY(station_probability_reneged);
    QSM_PROPERTY(station_blocked);
    QSM_METHOD(replayed);
    QSM_PROPERTY(deadlock);
    QSM_PROPERTY(probability_deadlock);
    QSM_PROPERTY(deadlock_time);
    QSM_VALUE(to_bytes, from_bytes);
  }
  QSM_PLAIN(product_form);
  QSM_PLAIN(solve_network);
  QSM_PLAIN(simulate_network);
  QSM_PLAIN(replay_network);
  QSM_RECORD(NetworkBounds);
  QSM_PLAIN(asymptotic_bounds);
  QSM_PLAIN(balanced_job_bounds);
  QSM_PLAIN(proportional_bounds);
  QSM_PLAIN(geometric_bounds);
  QSM_RECORD(BlockedStations);
  QSM_PLAIN(mva_with_blocking);

  {
    QSM_CLASS(MarkovianArrivals);
    QSM_PROPERTY(hidden);
    QSM_PROPERTY(arriving);
    QSM_PROPERTY(phases);
    QSM_PROPERTY(rate);
    QSM_PROPERTY(dispersion);
    QSM_METHOD(interarrival);
    QSM_METHOD(correlation);
    qsm_python::made_by<Type>(module, "markovian_arrivals", {"hidden", "arriving"});
  }
  QSM_PLAIN(markovian_arrivals);
  QSM_PLAIN(poisson_arrivals);
  QSM_PLAIN(renewal_arrivals);
  QSM_PLAIN(modulated_arrivals);
  QSM_PLAIN(arrivals_by_moments);
  {
    QSM_CLASS(MarkovianQueue);
    QSM_PROPERTY(servers);
    QSM_PROPERTY(arrival_rate);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_queue_length);
    QSM_PROPERTY(mean_number);
    QSM_PROPERTY(probability_wait);
    QSM_PROPERTY(wait_of_waiting);
    QSM_PROPERTY(sojourn);
    QSM_BROADCAST(probability);
    QSM_BROADCAST(wait_cdf);
    QSM_BROADCAST(wait_survival);
    QSM_BROADCAST(wait_quantile);
    QSM_BROADCAST(sojourn_cdf);
    QSM_BROADCAST(sojourn_quantile);
    QSM_STATE();
  }
  QSM_PLAIN(map_ph_c);
  QSM_PLAIN(ph_ph_c);
  QSM_PLAIN(map_map_1);
  QSM_PLAIN(mmap_ph_1);
  {
    QSM_CLASS(QuasiBirthDeath);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(ratio);
    QSM_PROPERTY(empty);
    QSM_PROPERTY(rate);
    QSM_PROPERTY(mean);
    QSM_PROPERTY(variance);
    QSM_BROADCAST(probability);
    QSM_BROADCAST(survival);
    QSM_STATE();
  }
  QSM_PLAIN(quasi_birth_death);
  {
    QSM_CLASS(FluidQueue);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(probability_empty);
    QSM_PROPERTY(mean);
    QSM_BROADCAST(cdf);
    QSM_BROADCAST(survival);
    QSM_BROADCAST(quantile);
    QSM_STATE();
  }
  QSM_PLAIN(fluid_queue);
  QSM_PLAIN(as_phase_type);
  QSM_PLAIN(phase_type_by_moments);
  QSM_PLAIN(phase_type_by_three_moments);
  QSM_PLAIN(hyper_erlang);
  QSM_RECORD(HyperErlangFit);
  QSM_PLAIN(fit_hyper_erlang);

  QSM_RECORD(Curve);
  QSM_PLAIN(token_bucket_curve);
  QSM_PLAIN(rate_latency_curve);
  QSM_PLAIN(curve_value);
  QSM_PLAIN(curve_minimum);
  QSM_PLAIN(curve_sum);
  QSM_PLAIN(convolve);
  QSM_PLAIN(delay_bound);
  QSM_PLAIN(backlog_bound);
  QSM_PLAIN(output_curve);
  QSM_PLAIN(residual_service);
  QSM_PLAIN(fair_service);
  QSM_RECORD(RetryEquilibrium);
  QSM_PLAIN(retry_equilibria);
  QSM_PLAIN(collapse_rate);
  QSM_PLAIN(tipping_rate);

  QSM_RECORD(TimeVaryingQueue);
  QSM_PLAIN(transient_distribution);
  QSM_PLAIN(time_varying_mmc);
  QSM_PLAIN(time_varying_load);
  QSM_PLAIN(modified_offered_load);
  QSM_PLAIN(pointwise_stationary);
  QSM_FUNCTION(multiplexed_capacity);
  QSM_FUNCTION(multiplexing_gain);
}
