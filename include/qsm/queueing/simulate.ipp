#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/histogram.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/simulate.hpp>
#include <qsm/sim/parallel.hpp>
#include <qsm/sim/station.hpp>

namespace qsm::inline v0::queueing {

namespace detail {

inline constexpr std::size_t block_size = 1024;  // three blocks of doubles stay in the first cache

// Additions in four chains, which overlap.
inline double sum_of(std::span<const double> values) {
  std::array<double, 4> sums{};
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += values[i + lane];
  for (; i < values.size(); ++i) sums[0] += values[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// One replication or one replay.
struct StationRecord {
  double arrivals = 0;
  double admitted = 0;
  double duration = 0;
  double delayed = 0;
  double wait_sum = 0;
  double service_sum = 0;
  Histogram waits, sojourns;                          // of a simulation
  std::vector<double> sorted_waits, sorted_sojourns;  // of a replay

  double sojourn_sum() const { return wait_sum + service_sum; }
};

struct StationRun {
  double servers = 1;
  double capacity = infinity;
  double warmup = 0;
  double confidence = 0.95;
  bool sojourns = true;
  bool replayed = false;
  std::vector<StationRecord> records;  // none where unstable
  std::vector<StationRecord> twins;    // of M/M/c/K on the same numbers; none without a control variate
  std::variant<MMC, MMCK> theory;      // of the twin
  double arrival_rate = 0;             // of an unstable station
  double service_rate = 0;
  std::string method;

  static StationSimulation finish(StationRun run) {
    return StationSimulation(std::make_shared<const StationRun>(std::move(run)));
  }

  Estimate exact(double value) const { return {value, value, value, method}; }

  // The mean over replications of a number, or what it is where the station is unstable.
  template <class Number>
  Estimate mean(double unstable, Number&& number) const {
    if (records.empty()) return exact(unstable);
    if (replayed) return exact(number(records.front()));
    Estimate estimate = mean_interval(of_each(records, number), confidence);
    estimate.method = method;
    return estimate;
  }

  // The same, sharpened by the twin, for which `known` tells the number from its model.
  template <class Number, class Known>
  Estimate mean(double unstable, Number&& number, Known&& known) const {
    if (twins.empty()) return mean(unstable, number);
    Estimate estimate =
        control_variate(of_each(records, number), of_each(twins, number), std::visit(known, theory), confidence);
    estimate.method = method + ", control variate";
    return estimate;
  }

  // The quantile of all replications together. How the fractions below it scatter gives an interval of probabilities, and
  // their quantiles the interval. The mean of the replications' own is too low in the tail of a busy queue, where one of
  // them meets the longest busy periods rarely.
  Estimate quantile(Histogram StationRecord::*seen, std::vector<double> StationRecord::*sorted,
                    double probability) const;

  template <class Number>
  static std::vector<double> of_each(const std::vector<StationRecord>& records, Number&& number) {
    std::vector<double> values;
    values.reserve(records.size());
    for (const StationRecord& record : records) values.push_back(number(record));
    return values;
  }

  void require_sojourns(const char* function) const {
    if (!sojourns)
      throw std::invalid_argument(std::string(function) +
                                  ": sojourns were not recorded, set SimulationOptions::sojourns");
  }
};

inline double throughput_of(const MMC& twin) { return twin.arrival_rate; }
inline double throughput_of(const MMCK& twin) { return twin.throughput(); }
inline double blocked_of(const MMC&) { return 0; }
inline double blocked_of(const MMCK& twin) { return twin.probability_blocked(); }

inline double ratio(double part, double whole) { return part == 0 ? 0 : part / whole; }

inline double fraction_at_most(const std::vector<double>& sorted, double value) {
  return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), value) - sorted.begin()) /
         static_cast<double>(sorted.size());
}

inline double quantile_of(const std::vector<double>& sorted, double probability) {
  const auto n = static_cast<double>(sorted.size());
  const double rank = std::ceil(probability * n * (1 - 4 * std::numeric_limits<double>::epsilon()));
  return sorted[static_cast<std::size_t>(std::clamp(rank, 1.0, n)) - 1];
}

inline Estimate StationRun::quantile(Histogram StationRecord::*seen, std::vector<double> StationRecord::*sorted,
                                     double probability) const {
  if (records.empty()) return exact(infinity);
  if (replayed) return exact(quantile_of(records.front().*sorted, probability));
  Histogram all;
  for (const StationRecord& record : records) all.merge(record.*seen);
  const double value = all.quantile(probability);
  const auto below = of_each(records, [&](const StationRecord& record) { return (record.*seen).cdf(value); });
  const double away = mean_interval(below, confidence).half_width();
  return {value, all.quantile(std::max(0.0, probability - away)),
          probability + away < 1 ? all.quantile(probability + away) : infinity, method};
}

// Customers first ... first + count - 1 of a replication go through the station; see(interarrival, service, waits).
template <class See>
void drive(const Distribution& interarrival, const Distribution& service, sim::Station& station, const Stream& stream,
           std::uint64_t first, std::uint64_t count, ProgressMeter& meter, See&& see) {
  const Stream arrivals = stream.child("interarrival"), services = stream.child("service");
  alignas(64) std::array<double, block_size> a, s, w;
  for (std::uint64_t done = 0; done < count;) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, count - done));
    const std::span<double> between = std::span(a).first(size), served = std::span(s).first(size),
                            waits = std::span(w).first(size);
    interarrival.sample(arrivals, first + done, between);
    service.sample(services, first + done, served);
    const std::size_t refused = station.serve(between, served, waits);
    see(between, served, waits, refused);
    done += size;
    meter.advance(size);
  }
}

// Leaves the admitted at the front of both spans, and returns how many they are.
inline std::size_t keep_admitted(std::span<double> service, std::span<double> waits) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const double wait = waits[i];
    service[kept] = service[i];
    waits[kept] = wait;
    kept += wait < sim::Station::turned_away;
  }
  return kept;
}

// Warm-up by MSER on the mean over replications of a pilot run that is a part of the whole, longer where it must be.
inline double find_warmup(const Distribution& interarrival, const Distribution& service, double servers,
                          double capacity, const SimulationOptions& options, double offered) {
  constexpr std::size_t batches = 200;
  const auto count = static_cast<std::size_t>(options.replications);
  // Filling the servers alone takes about as many customers as there are servers at work.
  double length = std::max({options.customers / 8, 1000.0, 20 * std::min(offered, servers)});
  for (;; length *= 2) {
    const auto batch = static_cast<std::uint64_t>(std::ceil(length / static_cast<double>(batches)));
    std::vector<std::array<double, batches>> means(count);
    Progress quiet;
    quiet.stop = options.progress.stop;
    ProgressMeter meter(quiet, 0);
    sim::parallel_for(count, options.threads, [&](std::size_t r) {
      sim::Station station(servers, capacity);
      const Stream stream = Stream(options.seed).child(static_cast<std::uint64_t>(r));
      for (std::size_t i = 0; i < batches; ++i) {
        double sum = 0, admitted = 0;
        drive(interarrival, service, station, stream, i * batch, batch, meter,
              [&](std::span<double>, std::span<double> served, std::span<double> waits, std::size_t refused) {
                const std::size_t kept = refused > 0 ? keep_admitted(served, waits) : waits.size();
                sum += sum_of(waits.first(kept));
                admitted += static_cast<double>(kept);
              });
        means[r][i] = ratio(sum, admitted);
      }
    });
    std::array<double, batches> series{};
    for (const auto& mean : means)
      for (std::size_t i = 0; i < batches; ++i) series[i] += mean[i] / static_cast<double>(count);
    const Warmup warmup = mser_warmup(series, 1);
    const double customers = warmup.observations * static_cast<double>(batch);
    if (warmup.settled || length >= options.customers)
      return std::max({customers, std::ceil(options.customers / 100), std::ceil(2 * std::min(offered, servers))});
  }
}

// Adds customers to a record and leaves the admitted at the front of the spans; returns how many they are.
inline std::size_t add_customers(StationRecord& record, std::span<double> between, std::span<double> served,
                                 std::span<double> waits, std::size_t refused) {
  record.arrivals += static_cast<double>(waits.size());
  record.duration += sum_of(between);
  const std::size_t kept = refused > 0 ? keep_admitted(served, waits) : waits.size();
  record.admitted += static_cast<double>(kept);
  record.wait_sum += sum_of(waits.first(kept));
  record.service_sum += sum_of(served.first(kept));
  return kept;
}

// Exponential times that rise with the times of any law: u = P(X > x) + v P(X = x) is uniform whatever the law.
class ExponentialTimes {
 public:
  ExponentialTimes(const Distribution& law, Stream stream)
      : law_(law), stream_(stream), same_(law.as<Exponential>() != nullptr) {}

  void fill(std::uint64_t first, std::span<const double> times, std::span<double> out) const {
    if (same_) {
      std::copy(times.begin(), times.end(), out.begin());
      return;
    }
    std::array<double, block_size> above, from;
    const std::span<double> beyond = std::span(above).first(times.size()),
                            reached = std::span(from).first(times.size());
    stream_.uniforms(first, out);
    for (std::size_t i = 0; i < times.size(); ++i) above[i] = std::nextafter(times[i], -infinity);
    law_.fill_survival(beyond, reached);
    law_.fill_survival(times, beyond);
    const double mean = law_.mean();
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double u = beyond[i] + out[i] * (reached[i] - beyond[i]);
      out[i] = -mean * std::log(std::clamp(u, std::numeric_limits<double>::min(), 1.0));
    }
  }

 private:
  Distribution law_;
  Stream stream_;
  bool same_;
};

// M/M/c/K on the numbers of another station.
class Twin {
 public:
  Twin(const Distribution& interarrival, const Distribution& service, double servers, double capacity,
       const Stream& stream)
      : interarrival_(interarrival, stream.child("twin interarrival")),
        service_(service, stream.child("twin service")),
        station_(servers, capacity) {}

  // The next customers; `record` may be null.
  void follow(std::span<const double> between, std::span<const double> served, StationRecord* record) {
    alignas(64) std::array<double, block_size> a, s, w;
    const std::size_t size = between.size();
    interarrival_.fill(next_, between, std::span(a).first(size));
    service_.fill(next_, served, std::span(s).first(size));
    next_ += size;
    const std::span<double> waits = std::span(w).first(size);
    const std::size_t refused = station_.serve(std::span(a).first(size), std::span(s).first(size), waits);
    if (record == nullptr) return;
    const std::size_t kept = add_customers(*record, std::span(a).first(size), std::span(s).first(size), waits, refused);
    for (std::size_t i = 0; i < kept; ++i) record->delayed += waits[i] > 0;
  }

 private:
  ExponentialTimes interarrival_, service_;
  sim::Station station_;
  std::uint64_t next_ = 0;
};

// A replication, and that of its twin where there is one.
inline std::array<StationRecord, 2> replicate_station(const Distribution& interarrival, const Distribution& service,
                                                      double servers, double capacity, const SimulationOptions& options,
                                                      std::uint64_t warmup, const Stream& stream,
                                                      ProgressMeter& meter) {
  sim::Station station(servers, capacity);
  std::optional<Twin> twin;
  if (options.control_variate) twin.emplace(interarrival, service, servers, capacity, stream);
  const auto customers = static_cast<std::uint64_t>(options.customers);
  std::array<StationRecord, 2> records;
  StationRecord& record = records[0];
  drive(interarrival, service, station, stream, 0, warmup, meter,
        [&](std::span<double> between, std::span<double> served, std::span<double>, std::size_t) {
          if (twin) twin->follow(between, served, nullptr);
        });
  drive(interarrival, service, station, stream, warmup, customers, meter,
        [&](std::span<double> between, std::span<double> served, std::span<double> waits, std::size_t refused) {
          if (twin) twin->follow(between, served, &records[1]);
          const std::size_t kept = add_customers(record, between, served, waits, refused);
          waits = waits.first(kept);
          record.waits.record(waits);
          if (options.sojourns) {
            for (std::size_t i = 0; i < kept; ++i) waits[i] += served[i];
            record.sojourns.record(waits);
          }
        });
  record.delayed = record.admitted - record.waits.zeros();
  return records;
}

inline void require_law(const char* function, const char* argument, const Distribution& law) {
  Check(function).that(law.low() >= 0, (std::string("lower end of ") + argument).c_str(), law.low(), ">= 0");
}

inline void require_trace(const char* function, std::span<const double> arrivals, std::span<const double> services) {
  if (arrivals.empty()) throw std::invalid_argument(std::string(function) + ": arrival_times must not be empty");
  if (arrivals.size() != services.size())
    throw std::invalid_argument(std::string(function) + ": service_times must be as many as arrival_times (" +
                                std::to_string(arrivals.size()) + "), got " + std::to_string(services.size()));
  const Check check(function);
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const auto here = [&](const char* name) { return std::string(name) + "[" + std::to_string(i) + "]"; };
    if (!std::isfinite(arrivals[i])) check.that(false, here("arrival_times").c_str(), arrivals[i], "finite");
    if (i > 0 && arrivals[i] < arrivals[i - 1])
      check.that(false, here("arrival_times").c_str(), arrivals[i],
                 (">= the one before it, " + core::detail::shortest(arrivals[i - 1])).c_str());
    if (!(services[i] >= 0 && std::isfinite(services[i])))
      check.that(false, here("service_times").c_str(), services[i], "finite and >= 0");
    if (i > 0 && !std::isfinite(arrivals[i] - arrivals[i - 1]))
      check.that(false, here("arrival_times").c_str(), arrivals[i], "less than the largest double after the first");
  }
}

inline std::vector<double> differences(std::span<const double> times) {
  std::vector<double> between(times.size());
  for (std::size_t i = 1; i < times.size(); ++i) between[i] = times[i] - times[i - 1];
  return between;
}

}  // namespace detail

QSM_INLINE double StationSimulation::servers() const { return run_->servers; }
QSM_INLINE double StationSimulation::capacity() const { return run_->capacity; }
QSM_INLINE bool StationSimulation::stable() const { return !run_->records.empty(); }
QSM_INLINE double StationSimulation::warmup() const { return run_->warmup; }

QSM_INLINE Estimate StationSimulation::arrival_rate() const {
  return run_->mean(
      run_->arrival_rate, [](const auto& record) { return record.arrivals / record.duration; },
      [](const auto& twin) { return twin.arrival_rate; });
}

QSM_INLINE Estimate StationSimulation::service_rate() const {
  return run_->mean(
      run_->service_rate, [](const auto& record) { return record.admitted / record.service_sum; },
      [](const auto& twin) { return twin.service_rate; });
}

QSM_INLINE Estimate StationSimulation::throughput() const {
  return run_->mean(
      run_->servers * run_->service_rate, [](const auto& record) { return record.admitted / record.duration; },
      [](const auto& twin) { return detail::throughput_of(twin); });
}

QSM_INLINE Estimate StationSimulation::utilization() const {
  return run_->mean(
      1, [&](const auto& record) { return detail::ratio(record.service_sum, record.duration * run_->servers); },
      [](const auto& twin) { return twin.utilization(); });
}

QSM_INLINE Estimate StationSimulation::mean_wait() const {
  return run_->mean(
      infinity, [](const auto& record) { return record.wait_sum / record.admitted; },
      [](const auto& twin) { return twin.mean_wait(); });
}

QSM_INLINE Estimate StationSimulation::mean_sojourn() const {
  return run_->mean(
      infinity, [](const auto& record) { return record.sojourn_sum() / record.admitted; },
      [](const auto& twin) { return twin.mean_sojourn(); });
}

QSM_INLINE Estimate StationSimulation::mean_queue_length() const {
  return run_->mean(
      infinity, [](const auto& record) { return detail::ratio(record.wait_sum, record.duration); },
      [](const auto& twin) { return twin.mean_queue_length(); });
}

QSM_INLINE Estimate StationSimulation::mean_number() const {
  return run_->mean(
      infinity, [](const auto& record) { return detail::ratio(record.sojourn_sum(), record.duration); },
      [](const auto& twin) { return twin.mean_number(); });
}

QSM_INLINE Estimate StationSimulation::probability_wait() const {
  return run_->mean(
      1, [](const auto& record) { return record.delayed / record.admitted; },
      [](const auto& twin) { return twin.probability_wait(); });
}

QSM_INLINE Estimate StationSimulation::probability_blocked() const {
  return run_->mean(
      0, [](const auto& record) { return (record.arrivals - record.admitted) / record.arrivals; },
      [](const auto& twin) { return detail::blocked_of(twin); });
}

QSM_INLINE Estimate StationSimulation::wait_cdf(double time) const {
  Check("wait_cdf").extended("time", time);
  return run_->mean(0, [&](const auto& record) {
    return run_->replayed ? detail::fraction_at_most(record.sorted_waits, time) : record.waits.cdf(time);
  });
}

QSM_INLINE Estimate StationSimulation::wait_quantile(double probability) const {
  Check("wait_quantile").probability("probability", probability);
  return run_->quantile(&detail::StationRecord::waits, &detail::StationRecord::sorted_waits, probability);
}

QSM_INLINE Estimate StationSimulation::sojourn_cdf(double time) const {
  Check("sojourn_cdf").extended("time", time);
  run_->require_sojourns("sojourn_cdf");
  return run_->mean(0, [&](const auto& record) {
    return run_->replayed ? detail::fraction_at_most(record.sorted_sojourns, time) : record.sojourns.cdf(time);
  });
}

QSM_INLINE Estimate StationSimulation::sojourn_quantile(double probability) const {
  Check("sojourn_quantile").probability("probability", probability);
  run_->require_sojourns("sojourn_quantile");
  return run_->quantile(&detail::StationRecord::sojourns, &detail::StationRecord::sorted_sojourns, probability);
}

namespace detail {

inline StationSimulation simulate_station(const char* function, const Distribution& interarrival,
                                          const Distribution& service, double servers, double capacity,
                                          const SimulationOptions& options) {
  Check check(function);
  check.positive_count("customers", options.customers);
  check.positive_count("replications", options.replications);
  check.that(options.replications <= 0x1p24, "replications", options.replications, "at most 2^24");
  check.that(options.warmup == -1 || (options.warmup >= 0 && options.warmup <= largest_count &&
                                      options.warmup == std::trunc(options.warmup)),
             "warmup", options.warmup, "an integer >= 0, or -1 to find one by MSER");
  check.that(options.threads >= 0, "threads", options.threads, "an integer >= 0");
  check.inner_probability("confidence", options.confidence);
  check.positive("mean of interarrival", interarrival.mean());
  require_law(function, "interarrival", interarrival);
  require_law(function, "service", service);
  sim::Station::require(function, servers, capacity);
  if (options.control_variate) {
    check.that(options.replications >= 3, "replications", options.replications, ">= 3 with control_variate");
    check.positive("mean of service with control_variate", service.mean());
  }

  StationRun run;
  run.servers = servers;
  run.capacity = capacity;
  run.confidence = options.confidence;
  run.sojourns = options.sojourns;
  const double offered = service.mean() / interarrival.mean();
  if (offered >= servers && std::isinf(capacity)) {
    run.arrival_rate = 1 / interarrival.mean();
    run.service_rate = 1 / service.mean();
    run.method = "unstable: offered load >= servers";
    return StationRun::finish(std::move(run));
  }

  run.warmup =
      options.warmup == -1 ? find_warmup(interarrival, service, servers, capacity, options, offered) : options.warmup;
  const auto warmup = static_cast<std::uint64_t>(run.warmup);
  const auto count = static_cast<std::size_t>(options.replications);
  ProgressMeter meter(options.progress, (warmup + static_cast<std::uint64_t>(options.customers)) * count);
  std::vector<std::array<StationRecord, 2>> records(count);
  sim::parallel_for(count, options.threads, [&](std::size_t r) {
    records[r] = replicate_station(interarrival, service, servers, capacity, options, warmup,
                                   Stream(options.seed).child(static_cast<std::uint64_t>(r)), meter);
  });
  meter.finish();
  for (auto& [record, twin] : records) {
    check.that(record.admitted > 0 && (!options.control_variate || twin.admitted > 0), "customers", options.customers,
               "so many that each replication admits one: in one, all were turned away");
    run.records.push_back(std::move(record));
    if (options.control_variate) run.twins.push_back(std::move(twin));
  }
  if (options.control_variate && std::isinf(capacity))
    run.theory = mmc(1 / interarrival.mean(), 1 / service.mean(), servers);
  else if (options.control_variate)
    run.theory = mmck(1 / interarrival.mean(), 1 / service.mean(), servers, capacity);
  const std::array<double, 1> any{0};
  run.method = mean_interval(any, options.confidence).method;  // "1 replication, t, 95 %"
  run.method.replace(0, run.method.find(','),
                     std::to_string(count) + (count == 1 ? " replication of " : " replications of ") +
                         core::detail::shortest(options.customers) + " customers");
  return StationRun::finish(std::move(run));
}

}  // namespace detail

QSM_INLINE StationSimulation simulate(const Distribution& interarrival, const Distribution& service, double servers,
                                      double capacity, const SimulationOptions& options) {
  return detail::simulate_station("simulate", interarrival, service, servers, capacity, options);
}

QSM_INLINE StationSimulation replay(std::span<const double> arrival_times, std::span<const double> service_times,
                                    double servers, double capacity) {
  detail::require_trace("replay", arrival_times, service_times);
  sim::Station::require("replay", servers, capacity);
  sim::Station station(servers, capacity);
  detail::StationRecord record;
  std::vector<double> waits(arrival_times.size());
  std::vector<double> served(service_times.begin(), service_times.end());
  station.serve(detail::differences(arrival_times), served, waits);
  double last = 0;  // departure, counted from the first arrival
  for (std::size_t i = 0; i < waits.size(); ++i)
    if (waits[i] < sim::Station::turned_away)
      last = std::max(last, (arrival_times[i] - arrival_times[0]) + waits[i] + served[i]);
  const std::size_t kept = detail::keep_admitted(served, waits);
  waits.resize(kept);
  served.resize(kept);
  record.arrivals = static_cast<double>(arrival_times.size());
  record.admitted = static_cast<double>(kept);
  record.duration = std::max(last, arrival_times.back() - arrival_times.front());
  record.wait_sum = detail::sum_of(waits);
  record.service_sum = detail::sum_of(served);
  record.delayed = static_cast<double>(std::count_if(waits.begin(), waits.end(), [](double wait) { return wait > 0; }));
  record.sorted_sojourns.resize(kept);
  for (std::size_t i = 0; i < kept; ++i) record.sorted_sojourns[i] = waits[i] + served[i];
  record.sorted_waits = std::move(waits);
  std::sort(record.sorted_waits.begin(), record.sorted_waits.end());
  std::sort(record.sorted_sojourns.begin(), record.sorted_sojourns.end());

  detail::StationRun run;
  run.servers = servers;
  run.capacity = capacity;
  run.replayed = true;
  run.method = "replay";
  run.records.push_back(std::move(record));
  return detail::StationRun::finish(std::move(run));
}

QSM_INLINE double servers_for_wait_in_replay(std::span<const double> arrival_times,
                                             std::span<const double> service_times, double wait, double probability) {
  Check check("servers_for_wait_in_replay");
  check.extended("wait", wait);
  check.probability("probability", probability);
  detail::require_trace("servers_for_wait_in_replay", arrival_times, service_times);
  const std::vector<double> between = detail::differences(arrival_times);
  const auto count = static_cast<double>(between.size());
  const auto reached = [&](double servers) {
    sim::Station station(servers);
    double late = 0;
    std::array<double, detail::block_size> waits;
    for (std::size_t first = 0; first < between.size(); first += detail::block_size) {
      const std::size_t size = std::min(detail::block_size, between.size() - first);
      station.serve(std::span(between).subspan(first, size), service_times.subspan(first, size),
                    std::span(waits).first(size));
      for (std::size_t i = 0; i < size; ++i) late += waits[i] > wait;
      if ((count - late) / count < probability) return false;
    }
    return true;
  };
  double low = 0, high = 1;  // not reached with low, reached with high
  while (high < std::min(count, 0x1p24) && !reached(high)) {
    low = high;
    high = std::min({2 * high, count, 0x1p24});
  }
  check.that(count <= 0x1p24 || high < 0x1p24 || reached(high), "servers", high, "enough for this trace");
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (reached(middle) ? high : low) = middle;
  }
  return high;
}

QSM_INLINE ServersForWait servers_for_wait_in_simulation(const Distribution& interarrival, const Distribution& service,
                                                         double wait, double probability,
                                                         const SimulationOptions& options) {
  Check check("servers_for_wait_in_simulation");
  check.extended("wait", wait);
  check.that(probability >= 0 && probability < 1, "probability", probability, "in [0, 1)");
  check.positive("mean of interarrival", interarrival.mean());
  check.not_negative("mean of service", service.mean());
  SimulationOptions quiet = options;
  quiet.sojourns = false;
  quiet.control_variate = false;  // it does not sharpen distributions
  quiet.progress.report = nullptr;
  const auto within = [&](double servers) {
    return detail::simulate_station("servers_for_wait_in_simulation", interarrival, service, servers, infinity, quiet)
        .wait_cdf(wait);
  };
  const double least = std::floor(service.mean() / interarrival.mean()) + 1;  // stable from here on
  double low = least - 1, high = least;
  Estimate found = within(high);
  for (double step = 1; found.value < probability; step *= 2) {
    low = high;
    high += step;
    found = within(high);
  }
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    Estimate there = within(middle);
    if (there.value >= probability) {
      high = middle;
      found = std::move(there);
    } else {
      low = middle;
    }
  }
  if (options.progress.report) options.progress.report(1);
  return {high, std::move(found)};
}

QSM_INLINE std::vector<std::byte> StationSimulation::to_bytes() const {
  ByteWriter bytes;
  bytes.string("qsm station 1");
  for (const double value :
       {run_->servers, run_->capacity, run_->warmup, run_->confidence, run_->arrival_rate, run_->service_rate})
    bytes.f64(value);
  bytes.u8(run_->sojourns);
  bytes.u8(run_->replayed);
  bytes.string(run_->method);
  bytes.varint(run_->records.size());
  for (const auto& record : run_->records) {
    for (const double value :
         {record.arrivals, record.admitted, record.duration, record.delayed, record.wait_sum, record.service_sum})
      bytes.f64(value);
    record.waits.write(bytes);
    record.sojourns.write(bytes);
    for (const auto* sorted : {&record.sorted_waits, &record.sorted_sojourns}) {
      bytes.varint(sorted->size());
      for (const double value : *sorted) bytes.f64(value);
    }
  }
  bytes.checksum();
  return bytes.take();
}

QSM_INLINE StationSimulation StationSimulation::from_bytes(std::span<const std::byte> source) {
  ByteReader bytes(source, "StationSimulation");
  if (bytes.string() != "qsm station 1") bytes.refuse("\"qsm station 1\"");
  detail::StationRun run;
  for (double* value :
       {&run.servers, &run.capacity, &run.warmup, &run.confidence, &run.arrival_rate, &run.service_rate})
    *value = bytes.f64();
  run.sojourns = bytes.u8() != 0;
  run.replayed = bytes.u8() != 0;
  run.method = bytes.string();
  run.records.resize(bytes.count(48));
  if (run.replayed && run.records.size() != 1) bytes.refuse("one record of a replay");
  for (auto& record : run.records) {
    for (double* value :
         {&record.arrivals, &record.admitted, &record.duration, &record.delayed, &record.wait_sum, &record.service_sum})
      *value = bytes.f64();
    record.waits = Histogram::read(bytes);
    record.sojourns = Histogram::read(bytes);
    for (auto* sorted : {&record.sorted_waits, &record.sorted_sojourns}) {
      sorted->resize(bytes.count(8));
      for (double& value : *sorted) value = bytes.f64();
    }
  }
  bytes.checksum();
  bytes.end();
  return detail::StationRun::finish(std::move(run));
}

}  // namespace qsm::inline v0::queueing
