#pragma once
#include <stdexcept>
#include <utility>

#include <qsm/balancing/compare.hpp>
#include <qsm/balancing/mean_field.hpp>
#include <qsm/core/distributions/empirical.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/mg1.hpp>

namespace qsm::inline v0::balancing {
namespace detail {

inline std::optional<double> sojourn_by_theory(const std::string& policy, double utilization, double servers,
                                               double service_rate) {
  if (!(utilization > 0 && utilization < 1)) return std::nullopt;
  if (policy == "random" || servers == 1) return mean_field_sojourn(utilization, 1, service_rate);
  if (policy == "power_of_choices") return refined_mean_field_sojourn(utilization, servers, 2, service_rate);
  if (policy == "least_work") return least_sojourn(utilization, servers, service_rate);
  if (policy == "round_robin" || policy == "smooth_round_robin")  // every n-th arrival
    return queueing::gim1(erlang(servers, utilization * servers * service_rate), service_rate).mean_sojourn();
  return std::nullopt;
}

inline std::vector<PolicyComparison> compare_policies(const Distribution& interarrival, const Distribution& service,
                                                      double servers, const std::vector<std::string>& policies,
                                                      const FarmOptions& options, std::span<const double> arrivals,
                                                      std::span<const double> sizes) {
  if (policies.empty()) throw std::invalid_argument("compare: policies must not be empty");
  std::vector<std::pair<std::string, AnyBalancer>> known;
  for (const std::string& policy : policies)
    known.emplace_back(policy, AnyBalancer(policy));  // refuses before it works
  std::vector<PolicyComparison> rows;
  for (const auto& [policy, balancer] : known) {
    const FarmSimulation run = simulate(interarrival, service, servers, balancer, options);
    PolicyComparison row{
        policy,
        sojourn_by_theory(policy, service.mean() / (interarrival.mean() * servers), servers, 1 / service.mean()),
        run.mean_sojourn(),
        run.sojourn_quantile(0.99),
        run.max_load(),
        std::nullopt};
    if (!arrivals.empty()) row.trace = replay(arrivals, sizes, servers, balancer, options).mean_sojourn().value;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace detail

QSM_INLINE std::vector<PolicyComparison> compare(const Distribution& interarrival, const Distribution& service,
                                                 double servers, const std::vector<std::string>& policies,
                                                 const FarmOptions& options) {
  return detail::compare_policies(interarrival, service, servers, policies, options, {}, {});
}

QSM_INLINE std::vector<PolicyComparison> compare(std::span<const double> arrival_times,
                                                 std::span<const double> service_times, double servers,
                                                 const std::vector<std::string>& policies, const FarmOptions& options) {
  Check check("compare");
  check.that(arrival_times.size() >= 2, "number of arrival_times", static_cast<double>(arrival_times.size()),
             "at least 2");
  check.that(arrival_times.size() == service_times.size(), "number of service_times",
             static_cast<double>(service_times.size()), "the number of arrival_times");
  std::vector<double> gaps;
  for (std::size_t i = 1; i < arrival_times.size(); ++i) {
    check.not_negative("arrival_times, from one to the next", arrival_times[i] - arrival_times[i - 1]);
    gaps.push_back(arrival_times[i] - arrival_times[i - 1]);
  }
  return detail::compare_policies(empirical(std::move(gaps)), empirical({service_times.begin(), service_times.end()}),
                                  servers, policies, options, arrival_times, service_times);
}

}  // namespace qsm::inline v0::balancing
