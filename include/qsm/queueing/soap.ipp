#pragma once
#include <cmath>
#include <stdexcept>
#include <string>

#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/classes.hpp>
#include <qsm/queueing/detail/soap.hpp>
#include <qsm/queueing/soap.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

inline RankedStation ranked(const char* function, std::span<const double> arrival_rates,
                            const std::vector<Distribution>& services, const std::vector<RankFunction>& ranks) {
  Check check(function);
  const std::size_t classes = arrival_rates.size();
  if (classes == 0) throw std::invalid_argument(std::string(function) + ": arrival_rates must not be empty");
  check_size(function, "services", services.size(), classes);
  check_size(function, "ranks", ranks.size(), classes);
  std::vector<RankedStation::Class> parts;
  for (std::size_t k = 0; k < classes; ++k) {
    check.not_negative("arrival_rates", arrival_rates[k]);
    check_times(check, "services", services[k]);
    const auto& rank = ranks[k];
    if (rank.ages.empty() || rank.ages.size() != rank.ranks.size())
      throw std::invalid_argument(std::string(function) + ": ranks must have one rank for each age, got " +
                                  std::to_string(rank.ages.size()) + " ages and " + std::to_string(rank.ranks.size()) +
                                  " ranks");
    check.that(rank.ages[0] == 0, "first age of ranks", rank.ages[0], "0");
    for (std::size_t j = 0; j < rank.ages.size(); ++j) {
      check.finite("age of ranks", rank.ages[j]);
      check.finite("rank of ranks", rank.ranks[j]);
      if (j > 0) check.that(rank.ages[j] >= rank.ages[j - 1], "age of ranks", rank.ages[j], "not below the one before");
    }
    parts.push_back(
        RankedStation::Class{arrival_rates[k], services[k], std::make_shared<const Sizes>(services[k]), Ranks(rank)});
  }
  return RankedStation(std::move(parts));
}

}  // namespace detail

QSM_INLINE ClassMeans soap(std::span<const double> arrival_rates, const std::vector<Distribution>& services,
                           const std::vector<RankFunction>& ranks) {
  const auto station = detail::ranked("soap", arrival_rates, services, ranks);
  ClassMeans out;
  for (std::size_t k = 0; k < services.size(); ++k) {
    const double mean = services[k].mean(), rate = arrival_rates[k], sojourn = station.sojourn(k);
    out.utilization.push_back(rate * mean);
    out.mean_sojourn.push_back(sojourn);
    out.mean_wait.push_back(sojourn - mean);
    out.mean_queue_length.push_back(rate > 0 ? rate * (sojourn - mean) : 0);
    out.mean_number.push_back(rate > 0 ? rate * sojourn : 0);
  }
  return out;
}

QSM_INLINE double soap_sojourn_of_size(std::span<const double> arrival_rates, const std::vector<Distribution>& services,
                                       const std::vector<RankFunction>& ranks, double index, double size) {
  Check check("soap_sojourn_of_size");
  check.count("index", index);
  check.not_negative("size", size);
  const auto station = detail::ranked("soap_sojourn_of_size", arrival_rates, services, ranks);
  check.that(index < static_cast<double>(services.size()), "index", index, "below the number of classes");
  return station.sojourn_of_size(static_cast<std::size_t>(index), size);
}

QSM_INLINE RankFunction gittins_rank(const Distribution& service) {
  detail::check_times(Check("gittins_rank"), "service", service);
  return detail::gittins_of(service, detail::Sizes(service));
}

}  // namespace qsm::inline v0::queueing
