#include "text/queueing.hpp"

#include <qsm/queueing.hpp>

#include "plain.hpp"

namespace {

using namespace pybind11::literals;
namespace py = pybind11;
using qsm::Distribution;
using qsm::queueing::SimulationOptions;
using qsm::queueing::StationSimulation;
using qsm_python::Number;
using qsm_python::Numbers;

constexpr Number infinity{std::numeric_limits<double>::infinity()};

SimulationOptions options(Number customers, Number replications, Number warmup, std::uint64_t seed, int threads,
                          Number confidence) {
  SimulationOptions chosen;
  chosen.customers = customers.value;
  chosen.replications = replications.value;
  chosen.warmup = warmup.value;
  chosen.seed = seed;
  chosen.threads = threads;
  chosen.confidence = confidence.value;
  return chosen;
}

StationSimulation simulate(const Distribution& interarrival, const Distribution& service, Number servers,
                           Number capacity, Number customers, Number replications, Number warmup, std::uint64_t seed,
                           int threads, Number confidence, const py::object& progress) {
  auto chosen = options(customers, replications, warmup, seed, threads, confidence);
  return qsm_python::interruptible(progress, [&](const qsm::Progress& report) {
    chosen.progress = report;
    return qsm::queueing::simulate(interarrival, service, servers.value, capacity.value, chosen);
  });
}

py::tuple servers_in_simulation(const Distribution& interarrival, const Distribution& service, Number wait,
                                Number probability, Number customers, Number replications, Number warmup,
                                std::uint64_t seed, int threads, Number confidence, const py::object& progress) {
  auto chosen = options(customers, replications, warmup, seed, threads, confidence);
  const auto found = qsm_python::interruptible(progress, [&](const qsm::Progress& report) {
    chosen.progress = report;
    return qsm::queueing::servers_for_wait_in_simulation(interarrival, service, wait.value, probability.value, chosen);
  });
  return py::make_tuple(static_cast<long long>(found.servers), found.probability);
}

StationSimulation replay(const Numbers& arrivals, const Numbers& services, Number servers, Number capacity) {
  py::gil_scoped_release release;
  return qsm::queueing::replay(arrivals.values, services.values, servers.value, capacity.value);
}

long long servers_in_replay(const Numbers& arrivals, const Numbers& services, Number wait, Number probability) {
  py::gil_scoped_release release;
  return static_cast<long long>(
      qsm::queueing::servers_for_wait_in_replay(arrivals.values, services.values, wait.value, probability.value));
}

py::list rows(const std::vector<qsm::queueing::Comparison>& comparisons) {
  py::list list;
  for (const auto& row : comparisons) list.append(py::make_tuple(row.quantity, row.model, row.simulation, row.trace));
  return list;
}

py::list compare(const py::object& interarrival, const py::object& service, Number servers, bool trace,
                 Number customers, Number replications, Number warmup, std::uint64_t seed, int threads,
                 Number confidence, const py::object& progress) {
  auto chosen = options(customers, replications, warmup, seed, threads, confidence);
  if (trace) {
    const auto arrivals = py::cast<Numbers>(interarrival), services = py::cast<Numbers>(service);
    return rows(qsm_python::interruptible(progress, [&](const qsm::Progress& report) {
      chosen.progress = report;
      return qsm::queueing::compare(arrivals.values, services.values, servers.value, chosen);
    }));
  }
  const auto gaps = py::cast<Distribution>(interarrival), times = py::cast<Distribution>(service);
  return rows(qsm_python::interruptible(progress, [&](const qsm::Progress& report) {
    chosen.progress = report;
    return qsm::queueing::compare(gaps, times, servers.value, chosen);
  }));
}

/// Estimates at one value or an array of them: a scalar gives an Estimate, an array its values.
template <auto method>
py::object at(const StationSimulation& simulation, py::handle where) {
  const auto in = qsm_python::real_array(where, "StationSimulation", "argument");
  if (in.ndim() == 0) return py::cast((simulation.*method)(*in.data()));
  py::array_t<double> out(std::vector<py::ssize_t>(in.shape(), in.shape() + in.ndim()));
  for (py::ssize_t i = 0; i < in.size(); ++i) out.mutable_data()[i] = (simulation.*method)(in.data()[i]);
  return out;
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

  using S = StationSimulation;
  py::class_<S>(module, "StationSimulation", texts::StationSimulation)
      .def_property_readonly("servers", &S::servers, texts::StationSimulation_servers)
      .def_property_readonly("capacity", &S::capacity, texts::StationSimulation_capacity)
      .def_property_readonly("stable", &S::stable, texts::StationSimulation_stable)
      .def_property_readonly("warmup", &S::warmup, texts::StationSimulation_warmup)
      .def_property_readonly("arrival_rate", &S::arrival_rate, texts::StationSimulation_arrival_rate)
      .def_property_readonly("service_rate", &S::service_rate, texts::StationSimulation_service_rate)
      .def_property_readonly("throughput", &S::throughput, texts::StationSimulation_throughput)
      .def_property_readonly("utilization", &S::utilization, texts::StationSimulation_utilization)
      .def_property_readonly("mean_wait", &S::mean_wait, texts::StationSimulation_mean_wait)
      .def_property_readonly("mean_sojourn", &S::mean_sojourn, texts::StationSimulation_mean_sojourn)
      .def_property_readonly("mean_queue_length", &S::mean_queue_length, texts::StationSimulation_mean_queue_length)
      .def_property_readonly("mean_number", &S::mean_number, texts::StationSimulation_mean_number)
      .def_property_readonly("probability_wait", &S::probability_wait, texts::StationSimulation_probability_wait)
      .def_property_readonly("probability_blocked", &S::probability_blocked,
                             texts::StationSimulation_probability_blocked)
      .def("wait_cdf", &at<&S::wait_cdf>, "time"_a, texts::StationSimulation_wait_cdf)
      .def("wait_quantile", &at<&S::wait_quantile>, "probability"_a, texts::StationSimulation_wait_quantile)
      .def("sojourn_cdf", &at<&S::sojourn_cdf>, "time"_a, texts::StationSimulation_sojourn_cdf)
      .def("sojourn_quantile", &at<&S::sojourn_quantile>, "probability"_a, texts::StationSimulation_sojourn_quantile);

  const SimulationOptions otherwise;
  module.def("simulate", &simulate, "interarrival"_a, "service"_a, "servers"_a = Number{1}, py::kw_only(),
             "capacity"_a = infinity, "customers"_a = Number{otherwise.customers},
             "replications"_a = Number{otherwise.replications}, "warmup"_a = Number{otherwise.warmup},
             "seed"_a = otherwise.seed, "threads"_a = otherwise.threads, "confidence"_a = Number{otherwise.confidence},
             "progress"_a = py::none(), texts::simulate::doc);
  module.def("replay", &replay, "arrival_times"_a, "service_times"_a, "servers"_a, py::kw_only(),
             "capacity"_a = infinity, texts::replay::doc);
  module.def("compare", &compare, "interarrival"_a, "service"_a, "servers"_a, "trace"_a, "customers"_a,
             "replications"_a, "warmup"_a, "seed"_a, "threads"_a, "confidence"_a, "progress"_a, texts::compare::doc);
  module.def("servers_for_wait_in_replay", &servers_in_replay, "arrival_times"_a, "service_times"_a, "wait"_a,
             "probability"_a, texts::servers_for_wait_in_replay::doc);
  module.def("servers_for_wait_in_simulation", &servers_in_simulation, "interarrival"_a, "service"_a, "wait"_a,
             "probability"_a, py::kw_only(), "customers"_a = Number{1e5}, "replications"_a = Number{20},
             "warmup"_a = Number{otherwise.warmup}, "seed"_a = otherwise.seed, "threads"_a = otherwise.threads,
             "confidence"_a = Number{otherwise.confidence}, "progress"_a = py::none(),
             texts::servers_for_wait_in_simulation::doc);
}
