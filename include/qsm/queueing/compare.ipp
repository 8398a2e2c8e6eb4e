#pragma once
#include <qsm/core/distributions/empirical.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/compare.hpp>
#include <qsm/queueing/mmc.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// The quantities compared, each asked of anything that has the models' names.
template <class Row>
void each_quantity(Row row) {
  row("utilization", [](const auto& x) { return x.utilization(); });
  row("probability_wait", [](const auto& x) { return x.probability_wait(); });
  row("mean_wait", [](const auto& x) { return x.mean_wait(); });
  row("wait_quantile(0.5)", [](const auto& x) { return x.wait_quantile(0.5); });
  row("wait_quantile(0.9)", [](const auto& x) { return x.wait_quantile(0.9); });
  row("wait_quantile(0.99)", [](const auto& x) { return x.wait_quantile(0.99); });
  row("mean_sojourn", [](const auto& x) { return x.mean_sojourn(); });
  row("sojourn_quantile(0.99)", [](const auto& x) { return x.sojourn_quantile(0.99); });
  row("mean_queue_length", [](const auto& x) { return x.mean_queue_length(); });
  row("mean_number", [](const auto& x) { return x.mean_number(); });
}

inline std::vector<Comparison> compare_three(const Distribution& interarrival, const Distribution& service,
                                             double servers, const StationSimulation* trace,
                                             const SimulationOptions& options) {
  Check check("compare");
  check.positive("interarrival mean", interarrival.mean());
  check.positive("service mean", service.mean());
  const MMC model = mmc(1 / interarrival.mean(), 1 / service.mean(), servers);
  const StationSimulation simulation = simulate(interarrival, service, servers, infinity, options);
  std::vector<Comparison> rows;
  each_quantity([&](const char* name, auto quantity) {
    Comparison row{name, quantity(model), quantity(simulation), std::nullopt};
    if (trace) row.trace = quantity(*trace);
    rows.push_back(std::move(row));
  });
  return rows;
}

}  // namespace detail

QSM_INLINE std::vector<Comparison> compare(const Distribution& interarrival, const Distribution& service,
                                           double servers, const SimulationOptions& options) {
  return detail::compare_three(interarrival, service, servers, nullptr, options);
}

QSM_INLINE std::vector<Comparison> compare(std::span<const double> arrival_times, std::span<const double> service_times,
                                           double servers, const SimulationOptions& options) {
  if (arrival_times.size() < 2)
    throw std::invalid_argument("compare: arrival_times must have at least two elements, got " +
                                std::to_string(arrival_times.size()));
  const StationSimulation trace = replay(arrival_times, service_times, servers);  // checks the trace
  std::vector<double> gaps;
  for (std::size_t i = 1; i < arrival_times.size(); ++i) gaps.push_back(arrival_times[i] - arrival_times[i - 1]);
  return detail::compare_three(empirical(std::move(gaps)), empirical({service_times.begin(), service_times.end()}),
                               servers, &trace, options);
}

}  // namespace qsm::inline v0::queueing
