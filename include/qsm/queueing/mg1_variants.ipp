#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <qsm/queueing/detail/means.hpp>
#include <qsm/queueing/mg1.ipp>
#include <qsm/queueing/mg1_variants.hpp>
#include <qsm/queueing/mm_infinity.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// E[X²] / (2 E[X]): mean rest of what an outsider finds under way.
inline double rest_of(const Distribution& law) { return law.moment(2) / (2 * law.mean()); }

inline void check_station(const Check& check, double arrival_rate, const Distribution& service) {
  Check(check).not_negative("arrival_rate", arrival_rate);
  check_times(check, "service", service);
}

/// Of M/G/1 whose wait is that of Pollaczek and Khinchine and `more`.
inline StationMeans decomposed(double arrival_rate, const Distribution& service, double more) {
  const double spare = std::fma(-arrival_rate, service.mean(), 1.0);
  const double work = arrival_rate > 0 ? arrival_rate * service.moment(2) / 2 : 0;
  return means_of(arrival_rate, arrival_rate * service.mean(), spare > 0, work / spare + more, service.mean());
}

}  // namespace detail

QSM_INLINE StationMeans batch_arrivals(double batch_rate, double batch_mean, double batch_scv,
                                       const Distribution& service) {
  Check check("batch_arrivals");
  check.not_negative("batch_rate", batch_rate);
  check.that((batch_mean >= 1) & (batch_mean <= std::numeric_limits<double>::max()), "batch_mean", batch_mean,
             "finite and >= 1");
  const double beyond = batch_mean - std::floor(batch_mean), least = beyond * (1 - beyond) / batch_mean / batch_mean;
  check.that((batch_scv >= least * (1 - 1e-12)) & (batch_scv <= std::numeric_limits<double>::max()), "batch_scv",
             batch_scv, "finite and at least that of the two integers beside the mean");
  detail::check_times(check, "service", service);
  const double rate = batch_rate * batch_mean;
  const double others = (batch_mean * (1 + batch_scv) - 1) / 2;  // of the own batch, served before
  return detail::decomposed(rate, service, others * service.mean() / std::fma(-rate, service.mean(), 1.0));
}

QSM_INLINE StationMeans vacations(double arrival_rate, const Distribution& service, const Distribution& vacation,
                                  Vacations kind) {
  Check check("vacations");
  detail::check_station(check, arrival_rate, service);
  detail::check_times(check, "vacation", vacation);
  double away = 1;
  if (kind == Vacations::single) {
    const double arrivals = arrival_rate * vacation.mean();
    const double nobody = arrival_rate > 0 ? vacation.laplace(arrival_rate) : 1;
    away = arrivals / (nobody + arrivals);
  }
  return detail::decomposed(arrival_rate, service, away > 0 ? away * detail::rest_of(vacation) : 0);
}

QSM_INLINE StationMeans setup_times(double arrival_rate, const Distribution& service, const Distribution& setup) {
  Check check("setup_times");
  detail::check_station(check, arrival_rate, service);
  check.that(setup.low() >= 0, "setup", setup.low(), "a law of values >= 0");
  check.that(setup.mean() <= std::numeric_limits<double>::max(), "setup", setup.mean(), "a law with a finite mean");
  const double arrivals = arrival_rate * setup.mean();
  const double later = arrival_rate > 0 ? arrival_rate * setup.moment(2) / 2 : 0;
  return detail::decomposed(arrival_rate, service, (setup.mean() + later) / (1 + arrivals));
}

QSM_INLINE StationMeans breakdowns(double arrival_rate, const Distribution& service, double failure_rate,
                                   const Distribution& repair) {
  Check check("breakdowns");
  detail::check_station(check, arrival_rate, service);
  check.not_negative("failure_rate", failure_rate);
  check.that(repair.low() >= 0, "repair", repair.low(), "a law of values >= 0");
  check.that(repair.mean() <= std::numeric_limits<double>::max(), "repair", repair.mean(), "a law with a finite mean");
  const double longer = 1 + failure_rate * repair.mean(), mean = service.mean() * longer;
  const double scatter = failure_rate > 0 ? service.mean() * failure_rate * repair.moment(2) : 0;
  const double second = arrival_rate > 0 ? service.moment(2) * longer * longer + scatter : 0;
  const double spare = std::fma(-arrival_rate, mean, 1.0);
  const double wait = arrival_rate > 0 ? arrival_rate * second / (2 * spare) : 0;
  return detail::means_of(arrival_rate, arrival_rate * mean, spare > 0, wait, mean);
}

QSM_INLINE StationMeans unequal_servers(double arrival_rate, std::span<const double> service_rates) {
  Check check("unequal_servers");
  check.not_negative("arrival_rate", arrival_rate);
  if (service_rates.empty()) throw std::invalid_argument("unequal_servers: service_rates must not be empty");
  for (const double rate : service_rates) check.positive("service_rates", rate);
  const auto servers = service_rates.size();
  const double all = std::accumulate(service_rates.begin(), service_rates.end(), 0.0), load = arrival_rate / all;
  if (arrival_rate == 0) {  // the first of all, at a server chosen at random
    double mean = 0;
    for (const double rate : service_rates) mean += 1 / rate / static_cast<double>(servers);
    return detail::means_of(0, 0, true, 0, mean);
  }
  if (!(arrival_rate < all)) return detail::means_of(arrival_rate, load, false, 0, 0);
  // A set of n busy servers has the weight (m - n)! / m! Π λ/μ: term[n], over all such sets, by adding servers one by one.
  std::vector<double> term{1};
  for (std::size_t k = 1; k <= servers; ++k) {
    const double offered = arrival_rate / service_rates[k - 1], count = static_cast<double>(k);
    term.push_back(0);
    for (std::size_t n = k; n > 0; --n)
      term[n] = (1 - static_cast<double>(n) / count) * term[n] + offered / count * term[n - 1];
    const double largest = *std::max_element(term.begin(), term.end());
    for (double& w : term) w /= largest;  // nothing but ratios matter
  }
  const double full = term[servers] / (1 - load);
  double total = full, busy = static_cast<double>(servers) * full;
  for (std::size_t n = 0; n < servers; ++n) total += term[n], busy += static_cast<double>(n) * term[n];
  busy /= total;
  const double wait = full / total / (all - arrival_rate);
  return detail::means_of(arrival_rate, load, true, wait, busy / arrival_rate);
}

QSM_INLINE MGInfinity::MGInfinity(double arrival_rate, const Distribution& service)
    : arrival_rate_(arrival_rate), service_(service) {
  detail::check_station(Check("mg_infinity"), arrival_rate, service);
}

QSM_INLINE double MGInfinity::mean_busy_period() const {
  return arrival_rate_ > 0 ? std::expm1(mean_number()) / arrival_rate_ : mean_sojourn();
}

QSM_INLINE double MGInfinity::mean_number_at(double time) const {
  Check("MGInfinity.mean_number_at").extended("time", time);
  return arrival_rate_ * detail::Sizes(service_).below(time);
}

QSM_INLINE double MGInfinity::departure_rate_at(double time) const {
  Check("MGInfinity.departure_rate_at").extended("time", time);
  return arrival_rate_ * service_.cdf(time);
}

QSM_INLINE double MGInfinity::number_cdf(double count) const {
  Check("MGInfinity.number_cdf").count("count", count);
  return MMInfinity{arrival_rate_, 1 / service_.mean()}.number_cdf(count);
}

QSM_INLINE double MGInfinity::number_cdf_at(double count, double time) const {
  Check check("MGInfinity.number_cdf_at");
  check.count("count", count);
  check.extended("time", time);
  return MMInfinity{mean_number_at(time), 1}.number_cdf(count);
}

QSM_INLINE double MGInfinity::number_quantile(double probability) const {
  Check("MGInfinity.number_quantile")
      .that((probability >= 0) & (probability < 1), "probability", probability, "in [0, 1)");
  return MMInfinity{arrival_rate_, 1 / service_.mean()}.number_quantile(probability);
}

QSM_INLINE MGInfinity mg_infinity(double arrival_rate, const Distribution& service) { return {arrival_rate, service}; }

}  // namespace qsm::inline v0::queueing
