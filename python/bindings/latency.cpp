#include "text/latency.hpp"

namespace {

namespace py = pybind11;
using qsm::Distribution;
using qsm::latency::Budget;

py::object public_name(const char* name) { return py::module_::import("qsm.latency").attr(name); }

py::object numbers(const std::vector<double>& values) {
  return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
}

/// The call that makes a law of this room again.
py::object remake(const Distribution& law) {
  const auto call = [](const char* function, auto... arguments) -> py::tuple {
    return py::make_tuple(public_name(function), py::make_tuple(arguments...));
  };
  if (const auto* held = law.as<qsm::latency::Convolution>()) {
    return call("_sum_of", py::tuple(py::cast(held->parts())), py::tuple(py::cast(held->counts())), held->tolerance());
  }
  const auto extreme = [&](const char* name, const auto* held) -> py::object {
    return held->parts().size() == 1 ? call(name, held->parts()[0], held->counts()[0])
                                     : call(name, py::tuple(py::cast(held->parts())));
  };
  if (const auto* held = law.as<qsm::latency::Maximum>()) return extreme("max_of", held);
  if (const auto* held = law.as<qsm::latency::Minimum>()) return extreme("min_of", held);
  if (const auto* held = law.as<qsm::latency::Retry>())
    return call("retry", held->distribution(), held->timeout(), held->attempts(), held->backoff(), held->multiplier());
  if (const auto* held = law.as<qsm::latency::Buckets>())
    return call("from_buckets", numbers(held->lower_edges()), numbers(held->upper_edges()), numbers(held->counts()));
  return py::none();
}

py::tuple remake_budget(const Budget& budget) {
  using Kind = Budget::Node::Kind;
  const auto& node = budget.node();
  const auto call = [](const char* function, auto... arguments) -> py::tuple {
    return py::make_tuple(public_name(function), py::make_tuple(arguments...));
  };
  switch (node.kind) {
    case Kind::stage:
      return call("stage", node.name, node.law.front());
    case Kind::fan_out:
    case Kind::optional:
      return call(node.name.c_str(), node.parts.front(), node.number);
    default:
      return call(node.name.c_str(), node.parts);
  }
}

}  // namespace

QSM_ROOM(latency) {
  using Laws = const std::vector<Distribution>&;
  qsm_python::remakers().push_back(&remake);

  QSM_OVERLOAD(sum_of, sum_of_laws, sum_of, Laws, double, const qsm::Progress&);
  QSM_OVERLOAD(sum_of_2, sum_of_count, sum_of, const Distribution&, double, double, const qsm::Progress&);
  QSM_OVERLOAD(max_of, max_of_count, max_of, const Distribution&, double);
  QSM_OVERLOAD(max_of_2, max_of_laws, max_of, Laws);
  QSM_OVERLOAD(min_of, min_of_count, min_of, const Distribution&, double);
  QSM_OVERLOAD(min_of_2, min_of_laws, min_of, Laws);
  QSM_PLAIN(hedged);
  QSM_PLAIN(tied);
  QSM_FUNCTION(fan_out_slow_probability);
  QSM_FUNCTION(server_probability_for_fan_out);
  QSM_PLAIN(retry);
  QSM_FUNCTION(retry_attempts);

  QSM_RECORD(DistributionBounds);
  QSM_PLAIN(from_buckets);
  QSM_PLAIN(from_percentiles);
  QSM_PLAIN(bounds);
  QSM_PLAIN(quantile_bounds);

  QSM_RECORD(StageShare);
  {
    QSM_CLASS(Budget);
    QSM_METHOD(distribution);
    QSM_METHOD(shares);
    bound.type()
        .def("__repr__", &Type::describe)
        .def("__reduce__", &remake_budget)
        .def("__eq__",
             [](const Type& one, const py::object& other) -> py::object {
               if (!py::isinstance<Type>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
               return py::bool_(remake_budget(one).equal(remake_budget(py::cast<const Type&>(other))));
             })
        .def("__hash__", [](const Type& self) { return py::hash(py::str(self.describe())); });
  }
  QSM_PLAIN(stage);
  QSM_PLAIN(serial);
  QSM_PLAIN(parallel);
  QSM_PLAIN(race);
  QSM_PLAIN(fan_out);
  QSM_PLAIN(optional);

  QSM_PLAIN(percentiles);
  QSM_PLAIN(merged_percentile);
  QSM_PLAIN(deadline_miss_probability);

  QSM_FUNCTION(geodesic_distance);
  QSM_FUNCTION(fibre_delay);

  QSM_PLAIN(correct_coordinated_omission);
  QSM_RECORD(CoordinatedOmission);
  QSM_PLAIN(simulate_coordinated_omission);
  QSM_PLAIN(stalled_latency);

  QSM_RECORD(LittlesLaw);
  QSM_PLAIN(littles_law);

  QSM_FUNCTION(liu_layland_bound);
  QSM_PLAIN(response_times);
  QSM_PLAIN(edf_schedulable);
  QSM_PLAIN(periodic_miss_probability);

  QSM_FUNCTION(revenue_sensitivity);
  QSM_FUNCTION(revenue_ratio);
  QSM_PLAIN(expected_revenue_ratio);
}
