#include "text/balancing.hpp"

namespace qsm_python {

/// A balancer of this package, or the name of a policy.
template <>
struct Take<qsm::balancing::AnyBalancer> {
  template <class... Types>
  static qsm::balancing::AnyBalancer first_of(py::handle object, const Place& place) {
    std::optional<qsm::balancing::AnyBalancer> found;
    ((py::isinstance<Types>(object) ? void(found = py::cast<const Types&>(object)) : void()), ...);
    if (!found) refuse_type(place, "a balancer or the name of a policy", object);
    return *found;
  }
  static qsm::balancing::AnyBalancer read(py::handle object, const Place& place) {
    using namespace qsm::balancing;
    if (py::isinstance<py::str>(object)) return AnyBalancer(read_text(object, place));
    return first_of<RoundRobin, SmoothRoundRobin, RandomServer, LeastConnections, WeightedLeastConnections, LeastWork,
                    PowerOfChoices, JoinIdleQueue, SizeInterval, PeakEwma, Prequal, ConsistentHashing>(object, place);
  }
};

}  // namespace qsm_python

QSM_ROOM(balancing) {
  {
    QSM_CLASS(RoundRobin);
    QSM_CONSTRUCTOR(double);
    QSM_METHOD(pick);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(SmoothRoundRobin);
    QSM_CONSTRUCTOR(std::span<const double>);
    QSM_METHOD(pick);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_METHOD(set_weight);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(RandomServer);
    QSM_CONSTRUCTOR(std::span<const double>, std::uint64_t);
    QSM_METHOD(pick);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_METHOD(set_weight);
    QSM_METHOD(reseed);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(LeastConnections);
    QSM_CONSTRUCTOR(double, bool, std::uint64_t);
    QSM_METHOD(pick);
    QSM_METHOD(finish);
    QSM_METHOD(report);
    QSM_METHOD(load);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_METHOD(reseed);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(WeightedLeastConnections);
    QSM_CONSTRUCTOR(std::span<const double>);
    QSM_METHOD(pick);
    QSM_METHOD(finish);
    QSM_METHOD(report);
    QSM_METHOD(load);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_METHOD(set_weight);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(LeastWork);
    QSM_CONSTRUCTOR(std::span<const double>);
    QSM_METHOD(pick);
    QSM_METHOD(work);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(PowerOfChoices);
    QSM_CONSTRUCTOR(double, double, double, bool, std::uint64_t);
    QSM_METHOD(pick);
    QSM_METHOD(finish);
    QSM_METHOD(report);
    QSM_METHOD(load);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_METHOD(reseed);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(JoinIdleQueue);
    QSM_CONSTRUCTOR(double, std::uint64_t);
    QSM_METHOD(pick);
    QSM_METHOD(finish);
    QSM_METHOD(report);
    QSM_METHOD(load);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_METHOD(reseed);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(SizeInterval);
    QSM_CONSTRUCTOR(std::span<const double>);
    QSM_METHOD(pick);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(PeakEwma);
    QSM_CONSTRUCTOR(double, double, double, std::uint64_t);
    QSM_METHOD(pick);
    QSM_METHOD(finish);
    QSM_METHOD(load);
    QSM_METHOD(latency);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_METHOD(reseed);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(Prequal);
    QSM_CONSTRUCTOR(double, const room::PrequalOptions&);
    QSM_METHOD(pick);
    QSM_METHOD(probes);
    QSM_METHOD(report);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_PROPERTY(pool);
    QSM_METHOD(reseed);
    QSM_PROPERTY(size);
  }

  {
    QSM_CLASS(ConsistentHashing);
    QSM_CONSTRUCTOR(double, double, double);
    QSM_METHOD(pick);
    QSM_METHOD(finish);
    QSM_METHOD(load);
    QSM_PROPERTY(overflowed);
    QSM_METHOD(remove);
    QSM_METHOD(add);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(HealthCheck);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(healthy);
  }
  {
    QSM_CLASS(OutlierEjection);
    QSM_CONSTRUCTOR(double, const room::OutlierOptions&);
    QSM_METHOD(observe);
    QSM_METHOD(sweep);
    QSM_METHOD(returning);
    QSM_METHOD(ejected);
    QSM_PROPERTY(next_return);
  }
  QSM_FUNCTION(slow_start_share);
  QSM_PLAIN(deterministic_subset);
  QSM_PLAIN(random_subset);

  {
    QSM_CLASS(FarmSimulation);
    QSM_PROPERTY(servers);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(arrival_rate);
    QSM_PROPERTY(throughput);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(probability_idle);
    QSM_METHOD(wait_cdf);
    QSM_METHOD(wait_quantile);
    QSM_METHOD(sojourn_cdf);
    QSM_METHOD(sojourn_quantile);
    QSM_PROPERTY(probability_failed);
    QSM_PROPERTY(retries);
    QSM_PROPERTY(mean_load);
    QSM_METHOD(load_tail);
    QSM_PROPERTY(max_load);
    QSM_PROPERTY(imbalance);
    QSM_PROPERTY(server_utilization);
    QSM_PROPERTY(crash_rate);
    QSM_PROPERTY(availability);
    QSM_PROPERTY(removal_rate);
    QSM_VALUE(to_bytes, from_bytes);
  }
  QSM_FUNCTION(max_load_cdf);
  QSM_FUNCTION(mean_max_load);
  QSM_FUNCTION(max_load_growth);
  QSM_FUNCTION(load_fraction);
  QSM_FUNCTION(mean_field_tail);
  QSM_FUNCTION(mean_field_sojourn);
  QSM_FUNCTION(refined_mean_field_sojourn);
  QSM_FUNCTION(least_sojourn);
  QSM_RECORD(SizeIntervals);
  QSM_PLAIN(size_intervals);
  QSM_PLAIN(size_interval_cutoffs);

  QSM_RECORD(GeographicPlan);
  QSM_PLAIN(geographic_plan);

  QSM_RECORD(PolicyComparison);
  QSM_PLAIN(simulate);
  QSM_PLAIN(replay);
  QSM_OVERLOAD(compare, compare_laws, compare, const qsm::Distribution&, const qsm::Distribution&, double,
               const std::vector<std::string>&, const room::FarmOptions&);
  QSM_OVERLOAD(compare_2, compare_trace, compare, std::span<const double>, std::span<const double>, double,
               const std::vector<std::string>&, const room::FarmOptions&);
}
