#pragma once
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/queueing/blocking.hpp>
#include <qsm/queueing/detail/routing.hpp>
#include <qsm/queueing/product_form.hpp>

namespace qsm::inline v0::queueing {

QSM_INLINE BlockedStations mva_with_blocking(std::span<const double> service_times, const Matrix& routing,
                                             std::span<const double> capacities, double population) {
  Check check("mva_with_blocking");
  const std::size_t stations = service_times.size();
  if (stations == 0) throw std::invalid_argument("mva_with_blocking: service_times must not be empty");
  if (capacities.size() != stations)
    throw std::invalid_argument("mva_with_blocking: capacities must have one value for each of the " +
                                std::to_string(stations) + " stations, got " + std::to_string(capacities.size()));
  double room = 0;
  for (std::size_t i = 0; i < stations; ++i) {
    check.positive("service_times", service_times[i]);
    check.positive_count("capacities", capacities[i]);
    room += capacities[i];
  }
  detail::check_routing("mva_with_blocking", routing, stations, true);
  check.positive_count("population", population);
  check.that(population < room, "population", population, "less than the room of all stations");
  const auto visits = visit_ratios(routing);

  BlockedStations out;
  std::vector<double> blocked(stations, 0.0), service(stations, 1.0), before(stations, 0.0);
  out.response_time.resize(stations), out.mean_number.resize(stations);
  double throughput = 0;
  for (double customers = 1; customers <= population; ++customers) {
    for (int round = 0;; ++round) {
      if (round > 100000) throw std::runtime_error("mva_with_blocking: no steady state after 100000 rounds");
      double cycle = 0;
      for (std::size_t i = 0; i < stations; ++i) {
        out.response_time[i] = service_times[i] * (service[i] + before[i]) + blocked[i];
        cycle += visits[i] * out.response_time[i];
      }
      throughput = customers / cycle;
      std::size_t full = stations;
      for (std::size_t i = stations; i-- > 0;) {
        out.mean_number[i] = throughput * visits[i] * out.response_time[i];
        if (out.mean_number[i] > capacities[i]) full = i;
      }
      if (full == stations) break;
      // Who finds it full has begun no service there: its own service falls to those who send.
      service[full] = 0;
      for (std::size_t j = 0; j < stations; ++j)
        blocked[j] += service_times[full] * visits[j] * routing(j, full) / visits[full];
    }
    before = out.mean_number;
  }
  for (const double each : visits) out.throughput.push_back(each * throughput);
  return out;
}

}  // namespace qsm::inline v0::queueing
