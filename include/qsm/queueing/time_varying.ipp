#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <qsm/core/detail/beta.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/error.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/time_varying.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Moves the distribution of a birth-death queue on in time: powers of the uniformised chain under Poisson weights.
inline void advance(std::vector<double>& chances, double arrival_rate, double service_rate, double servers, double time,
                    const char* function) {
  const std::size_t size = chances.size();
  const double busy = std::min(servers, static_cast<double>(size - 1));
  const double fastest = arrival_rate + busy * service_rate;
  const double steps = fastest * time;
  if (!(steps > 0)) return;
  Check(function).that(steps * static_cast<double>(size) < 2e10, "number of steps", steps,
                       "fewer: the time is long for these rates, see the steady state");
  // Poisson weights from the most likely one outwards.
  const double reach = 10 * std::sqrt(steps) + 40;
  const double mode = std::floor(steps), from = std::max(0.0, mode - reach);
  std::vector<double> weights(static_cast<std::size_t>(mode + reach - from) + 1);
  const auto top = static_cast<std::size_t>(mode - from);
  weights[top] = 1;
  for (std::size_t k = top; k > 0; --k) weights[k - 1] = weights[k] * (from + static_cast<double>(k)) / steps;
  for (std::size_t k = top; k + 1 < weights.size(); ++k)
    weights[k + 1] = weights[k] * steps / (from + static_cast<double>(k + 1));
  double total = 0;
  for (const double weight : weights) total += weight;
  const double up = arrival_rate / fastest;
  std::vector<double> down(size);
  for (std::size_t n = 0; n < size; ++n) down[n] = std::min(static_cast<double>(n), servers) * service_rate / fastest;
  std::vector<double> sum(size), next(size);
  for (double step = 0;; ++step) {
    if (step >= from) {
      const auto place = static_cast<std::size_t>(step - from);
      if (place >= weights.size()) break;
      const double weight = weights[place] / total;
      for (std::size_t n = 0; n < size; ++n) sum[n] += weight * chances[n];
    }
    for (std::size_t n = 0; n < size; ++n) {
      const double stay = n + 1 < size ? std::max(0.0, 1 - up - down[n]) : 1 - down[n];
      next[n] = stay * chances[n];
      if (n > 0) next[n] += up * chances[n - 1];
      if (n + 1 < size) next[n] += down[n + 1] * chances[n + 1];
    }
    chances.swap(next);
  }
  chances = std::move(sum);
}

/// Room for the arrivals of a time, beyond which less than 1e-16 comes.
inline std::size_t room(double arrivals) { return static_cast<std::size_t>(arrivals + 10 * std::sqrt(arrivals) + 40); }

inline double servers_in(std::span<const double> servers, std::size_t interval) {
  return servers[servers.size() == 1 ? 0 : interval];
}

inline void check_intervals(const char* function, std::span<const double> arrival_rates, double interval,
                            std::span<const double> servers) {
  Check check(function);
  for (const double rate : arrival_rates) check.not_negative("arrival_rates", rate);
  check.positive("interval", interval);
  if (servers.size() != 1 && servers.size() != arrival_rates.size())
    throw std::invalid_argument(std::string(function) + ": servers must have 1 element or as many as arrival_rates, " +
                                std::to_string(arrival_rates.size()) + ", got " + std::to_string(servers.size()));
  for (const double count : servers) check.positive_count("servers", count);
}

}  // namespace detail

QSM_INLINE std::vector<double> transient_distribution(double arrival_rate, double service_rate, double servers,
                                                      double initial, double time, double capacity) {
  constexpr auto function = "transient_distribution";
  Check check(function);
  check.not_negative("arrival_rate", arrival_rate);
  check.positive("service_rate", service_rate);
  check.positive_count("servers", servers);
  check.count("initial", initial);
  check.not_negative("time", time);
  if (!std::isinf(capacity)) check.count("capacity", capacity);
  check.that(capacity >= servers, "capacity", capacity, "an integer >= servers, or infinity");
  check.that(initial <= capacity, "initial", initial, "<= capacity");
  const double most = std::min(capacity, initial + static_cast<double>(detail::room(arrival_rate * time)));
  check.that(most < 1e8, "number of states", most, "< 1e8");
  std::vector<double> chances(static_cast<std::size_t>(most) + 1);
  chances[static_cast<std::size_t>(initial)] = 1;
  detail::advance(chances, arrival_rate, service_rate, servers, time, function);
  return chances;
}

QSM_INLINE TimeVaryingQueue time_varying_mmc(std::span<const double> arrival_rates, double interval,
                                             double service_rate, std::span<const double> servers) {
  constexpr auto function = "time_varying_mmc";
  detail::check_intervals(function, arrival_rates, interval, servers);
  Check(function).positive("service_rate", service_rate);
  TimeVaryingQueue queue;
  std::vector<double> chances{1};
  for (std::size_t k = 0; k < arrival_rates.size(); ++k) {
    const double count = detail::servers_in(servers, k);
    while (chances.size() > 1 && chances.back() < 1e-18) chances.pop_back();
    Check(function).that(arrival_rates[k] * interval < 1e8, "arrivals of an interval", arrival_rates[k] * interval,
                         "< 1e8: the interval is long, see the steady state");
    chances.resize(chances.size() + detail::room(arrival_rates[k] * interval));
    detail::advance(chances, arrival_rates[k], service_rate, count, interval, function);
    double mean = 0, waiting = 0, delayed = 0;
    for (std::size_t n = 0; n < chances.size(); ++n) {
      const double number = static_cast<double>(n);
      mean += number * chances[n];
      waiting += std::max(0.0, number - count) * chances[n];
      if (number >= count) delayed += chances[n];
    }
    queue.times.push_back(static_cast<double>(k + 1) * interval);
    queue.mean_number.push_back(mean);
    queue.mean_queue_length.push_back(waiting);
    queue.probability_wait.push_back(std::min(1.0, delayed));
  }
  return queue;
}

QSM_INLINE std::vector<double> time_varying_load(std::span<const double> arrival_rates, double interval,
                                                 const Distribution& service) {
  constexpr auto function = "time_varying_load";
  Check check(function);
  for (const double rate : arrival_rates) check.not_negative("arrival_rates", rate);
  check.positive("interval", interval);
  check.finite("mean of service", service.mean());
  check.that(service.low() >= 0, "least service", service.low(), ">= 0");
  // What is left of the services begun in an interval that ended so many intervals ago.
  std::vector<double> left;
  for (std::size_t age = 0; age < arrival_rates.size(); ++age) {
    const double begin = static_cast<double>(age) * interval, end = static_cast<double>(age + 1) * interval;
    std::vector<double> ends{begin};
    for (const double corner : {service.low(), service.high()})
      if (corner > ends.back() && corner < end) ends.push_back(corner);
    ends.push_back(end);
    left.push_back(qsm::detail::integrate([&](double time) { return service.survival(time); }, ends));
  }
  std::vector<double> load;
  for (std::size_t k = 0; k < arrival_rates.size(); ++k) {
    double sum = 0;
    for (std::size_t age = 0; age <= k; ++age) sum += arrival_rates[k - age] * left[age];
    load.push_back(sum);
  }
  return load;
}

namespace detail {

inline void add_steady(TimeVaryingQueue& queue, double end, double load, double servers) {
  const MMC model = mmc(load, 1, servers);
  queue.times.push_back(end);
  queue.mean_number.push_back(model.mean_number());
  queue.mean_queue_length.push_back(model.mean_queue_length());
  queue.probability_wait.push_back(model.probability_wait());
}

}  // namespace detail

QSM_INLINE TimeVaryingQueue modified_offered_load(std::span<const double> arrival_rates, double interval,
                                                  const Distribution& service, std::span<const double> servers) {
  detail::check_intervals("modified_offered_load", arrival_rates, interval, servers);
  const auto load = time_varying_load(arrival_rates, interval, service);
  TimeVaryingQueue queue;
  for (std::size_t k = 0; k < load.size(); ++k)
    detail::add_steady(queue, static_cast<double>(k + 1) * interval, load[k], detail::servers_in(servers, k));
  return queue;
}

QSM_INLINE TimeVaryingQueue pointwise_stationary(std::span<const double> arrival_rates, double interval,
                                                 double service_rate, std::span<const double> servers) {
  detail::check_intervals("pointwise_stationary", arrival_rates, interval, servers);
  Check("pointwise_stationary").positive("service_rate", service_rate);
  TimeVaryingQueue queue;
  for (std::size_t k = 0; k < arrival_rates.size(); ++k)
    detail::add_steady(queue, static_cast<double>(k + 1) * interval, arrival_rates[k] / service_rate,
                       detail::servers_in(servers, k));
  return queue;
}

QSM_INLINE double multiplexed_capacity(double sources, double activity, double overflow_probability) {
  Check check("multiplexed_capacity");
  check.positive_count("sources", sources);
  check.probability("activity", activity);
  check.inner_probability("overflow_probability", overflow_probability);
  // P(more than m of n are active) = I_p(m + 1, n - m).
  const auto fits = [&](double capacity) {
    return capacity == sources || activity == 0 ||
           (activity < 1 &&
            core::detail::beta_lower(capacity + 1, sources - capacity, activity) <= overflow_probability);
  };
  double low = -1, high = sources;
  while (high - low > 1) {
    const double middle = std::floor(low + (high - low) / 2);
    (fits(middle) ? high : low) = middle;
  }
  return high;
}

QSM_INLINE double multiplexing_gain(double sources, double activity, double overflow_probability) {
  return sources / multiplexed_capacity(sources, activity, overflow_probability);
}

}  // namespace qsm::inline v0::queueing
