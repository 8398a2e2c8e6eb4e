#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

#include <qsm/balancing/detail/farm_engine.hpp>
#include <qsm/balancing/simulate.hpp>
#include <qsm/core/bytes.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/detail/network_parts.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::balancing {
namespace detail {

struct FarmRun {
  double servers = 1, confidence = 0.95;
  bool stable = true, replayed = false;
  std::string method;
  std::vector<FarmRecord> records;
  std::vector<double> speeds;

  static FarmSimulation finish(FarmRun run) { return FarmSimulation(std::make_shared<const FarmRun>(std::move(run))); }

  /// Mean over the replications in which the number means something; NaN where it does in none.
  template <class Number>
  Estimate mean(Number&& number) const {
    std::vector<double> values;
    for (const FarmRecord& record : records)
      if (const double value = number(record); value == value) values.push_back(value);
    if (values.empty()) {
      const double nothing = std::numeric_limits<double>::quiet_NaN();
      return {nothing, nothing, nothing, method};
    }
    if (replayed) return {values[0], values[0], values[0], method};
    Estimate estimate = mean_interval(values, confidence);
    estimate.method = method;
    return estimate;
  }
};

inline FarmRun checked_farm(const char* function, double servers, const AnyBalancer& balancer,
                            const FarmOptions& options) {
  Check check(function);
  const std::size_t n = checked_servers(function, servers);
  FarmRun run;
  run.servers = servers;
  run.confidence = options.confidence;
  run.speeds = options.speeds.empty() ? std::vector<double>(n, 1) : options.speeds;
  check.that(run.speeds.size() == n, "number of speeds", static_cast<double>(run.speeds.size()),
             "the number of servers");
  for (std::size_t i = 0; i < n; ++i) check.positive(("speeds[" + std::to_string(i) + "]").c_str(), run.speeds[i]);
  check.that(balancer.size() == 0 || balancer.size() == n, "servers of the balancer",
             static_cast<double>(balancer.size()), "the number of servers");
  check.positive_count("dispatchers", options.dispatchers);
  check.that(options.dispatchers <= 0x1p16, "dispatchers", options.dispatchers, "at most 2^16");
  check.extended("report_every", options.report_every);
  check.not_negative("report_delay", options.report_delay);
  check.that(options.time_to_failure > 0, "time_to_failure", options.time_to_failure, "> 0");
  check.positive("time_to_repair", options.time_to_repair);
  if (!std::isinf(options.crash_load)) check.positive_count("crash_load", options.crash_load);
  check.not_negative("refusal_time", options.refusal_time);
  check.that(options.timeout > 0, "timeout", options.timeout, "> 0");
  check.count("retries", options.retries);
  check.that(options.retries <= 100, "retries", options.retries, "at most 100");
  check.positive("pause", options.pause);
  check.extended("retry_ratio", options.retry_ratio);
  check.that(options.check_every > 0, "check_every", options.check_every, "> 0");
  check.positive_count("fall", options.fall);
  if (!std::isinf(options.eject_after)) check.positive_count("eject_after", options.eject_after);
  check.positive("ejection_time", options.ejection_time);
  check.probability("ejected_share", options.ejected_share);
  check.not_negative("slow_start", options.slow_start);
  check.positive_count("keys", options.keys);
  check.positive_count("requests", options.requests);
  check.count("warmup", options.warmup);
  check.positive_count("replications", options.replications);
  check.that(options.replications <= 0x1p24, "replications", options.replications, "at most 2^24");
  check.that(options.threads >= 0, "threads", options.threads, "an integer >= 0");
  check.inner_probability("confidence", options.confidence);
  return run;
}

}  // namespace detail

QSM_INLINE FarmSimulation simulate(const Distribution& interarrival, const Distribution& service, double servers,
                                   const AnyBalancer& balancer, const FarmOptions& options) {
  Check check("simulate");
  check.positive("mean of interarrival", interarrival.mean());
  check.positive("mean of service", service.mean());
  check.that(interarrival.low() >= 0, "lower end of interarrival", interarrival.low(), ">= 0");
  check.that(service.low() >= 0, "lower end of service", service.low(), ">= 0");
  detail::FarmRun run = detail::checked_farm("simulate", servers, balancer, options);
  double speed = 0;
  for (const double one : run.speeds) speed += one;
  run.stable = service.mean() / interarrival.mean() < speed;
  const auto count = static_cast<std::size_t>(options.replications);
  const auto warmup = static_cast<std::uint64_t>(options.warmup),
             all = warmup + static_cast<std::uint64_t>(options.requests);
  ProgressMeter meter(options.progress, all * count);
  run.records.resize(count);
  sim::parallel_for(count, options.threads, [&](std::size_t r) {
    const Stream stream = Stream(options.seed).child(static_cast<std::uint64_t>(r));
    detail::Farm farm(options, run.speeds.size(), balancer.made(run.speeds), stream);
    queueing::detail::Draws gaps(interarrival, stream.child("interarrival")), sizes(service, stream.child("service"));
    double now = 0;
    for (std::uint64_t i = 0; i < all; ++i) {
      now += gaps.next();
      if (i == warmup) {
        farm.run_to(now);
        farm.begin(now);
      }
      farm.arrive(now, sizes.next());
      if (i % 4096 == 0) meter.advance(std::min<std::uint64_t>(4096, all - i));
    }
    now += gaps.next();
    farm.run_to(now);
    run.records[r] = farm.end();
  });
  meter.finish();
  const std::array<double, 1> any{0};
  run.method = mean_interval(any, options.confidence).method;  // "1 replication, t, 95 %"
  run.method.replace(0, run.method.find(','),
                     std::to_string(count) + (count == 1 ? " replication of " : " replications of ") +
                         core::detail::shortest(options.requests) + " requests");
  return detail::FarmRun::finish(std::move(run));
}

QSM_INLINE FarmSimulation replay(std::span<const double> arrival_times, std::span<const double> service_times,
                                 double servers, const AnyBalancer& balancer, const FarmOptions& options) {
  if (arrival_times.empty()) throw std::invalid_argument("replay: arrival_times must not be empty");
  Check check("replay");
  check.that(arrival_times.size() == service_times.size(), "number of service_times",
             static_cast<double>(service_times.size()), "the number of arrival_times");
  for (std::size_t i = 0; i < arrival_times.size(); ++i) {
    const std::string at = "[" + std::to_string(i) + "]";
    check.finite(("arrival_times" + at).c_str(), arrival_times[i]);
    check.that(i == 0 || arrival_times[i] >= arrival_times[i - 1], ("arrival_times" + at).c_str(), arrival_times[i],
               ">= the one before it");
    check.not_negative(("service_times" + at).c_str(), service_times[i]);
  }
  detail::FarmRun run = detail::checked_farm("replay", servers, balancer, options);
  run.replayed = true;
  run.method = "replay";
  const Stream stream(options.seed);
  detail::Farm farm(options, run.speeds.size(), balancer.made(run.speeds), stream);
  for (std::size_t i = 0; i < arrival_times.size(); ++i)
    farm.arrive(arrival_times[i] - arrival_times[0], service_times[i]);
  farm.run_out();
  run.records.push_back(farm.end());
  return detail::FarmRun::finish(std::move(run));
}

QSM_INLINE double FarmSimulation::servers() const { return run_->servers; }
QSM_INLINE bool FarmSimulation::stable() const { return run_->stable; }
QSM_INLINE Estimate FarmSimulation::arrival_rate() const {
  return run_->mean([](const auto& record) { return record.arrivals / record.duration; });
}
QSM_INLINE Estimate FarmSimulation::throughput() const {
  return run_->mean([](const auto& record) { return record.succeeded / record.duration; });
}
QSM_INLINE Estimate FarmSimulation::utilization() const {
  return run_->mean([&](const auto& record) {
    double sum = 0;
    for (const double busy : record.busy) sum += busy;
    return sum / (record.duration * run_->servers);
  });
}
QSM_INLINE Estimate FarmSimulation::mean_wait() const {
  return run_->mean([](const auto& record) { return record.wait_sum / record.succeeded; });
}
QSM_INLINE Estimate FarmSimulation::mean_sojourn() const {
  return run_->mean([](const auto& record) { return record.sojourn_sum / record.succeeded; });
}
QSM_INLINE Estimate FarmSimulation::probability_idle() const {
  return run_->mean([](const auto& record) { return record.idle / record.succeeded; });
}
QSM_INLINE Estimate FarmSimulation::wait_cdf(double time) const {
  Check("wait_cdf").extended("time", time);
  return run_->mean([&](const auto& record) { return record.waits.cdf(time); });
}
QSM_INLINE Estimate FarmSimulation::wait_quantile(double probability) const {
  Check("wait_quantile").probability("probability", probability);
  return run_->mean([&](const auto& record) { return record.waits.quantile(probability); });
}
QSM_INLINE Estimate FarmSimulation::sojourn_cdf(double time) const {
  Check("sojourn_cdf").extended("time", time);
  return run_->mean([&](const auto& record) { return record.sojourns.cdf(time); });
}
QSM_INLINE Estimate FarmSimulation::sojourn_quantile(double probability) const {
  Check("sojourn_quantile").probability("probability", probability);
  return run_->mean([&](const auto& record) { return record.sojourns.quantile(probability); });
}
QSM_INLINE Estimate FarmSimulation::probability_failed() const {
  return run_->mean([](const auto& record) { return record.failed / (record.failed + record.succeeded); });
}
QSM_INLINE Estimate FarmSimulation::retries() const {
  return run_->mean([](const auto& record) { return record.retries / record.arrivals; });
}
QSM_INLINE Estimate FarmSimulation::mean_load() const {
  return run_->mean([&](const auto& record) {
    double sum = 0;
    for (const double area : record.tail) sum += area;
    return sum / (record.duration * run_->servers);
  });
}
QSM_INLINE Estimate FarmSimulation::load_tail(double load) const {
  Check("load_tail").count("load", load);
  return run_->mean([&](const auto& record) {
    if (load == 0) return 1.0;
    if (load > static_cast<double>(record.tail.size())) return 0.0;
    return record.tail[static_cast<std::size_t>(load) - 1] / (record.duration * run_->servers);
  });
}
QSM_INLINE Estimate FarmSimulation::max_load() const {
  return run_->mean([](const auto& record) { return record.max_load; });
}
QSM_INLINE Estimate FarmSimulation::imbalance() const {
  return run_->mean([&](const auto& record) {
    double sum = 0, most = 0;
    for (const double busy : record.busy) sum += busy, most = std::max(most, busy);
    return most * run_->servers / sum;
  });
}
QSM_INLINE std::vector<Estimate> FarmSimulation::server_utilization() const {
  std::vector<Estimate> all;
  for (std::size_t i = 0; i < run_->speeds.size(); ++i)
    all.push_back(run_->mean([&](const auto& record) { return record.busy[i] / record.duration; }));
  return all;
}
QSM_INLINE Estimate FarmSimulation::crash_rate() const {
  return run_->mean([](const auto& record) { return record.crashes / record.duration; });
}
QSM_INLINE Estimate FarmSimulation::availability() const {
  return run_->mean([&](const auto& record) { return record.up / (record.duration * run_->servers); });
}
QSM_INLINE Estimate FarmSimulation::removal_rate() const {
  return run_->mean([](const auto& record) { return record.removals / record.duration; });
}

QSM_INLINE std::vector<std::byte> FarmSimulation::to_bytes() const {
  ByteWriter bytes;
  const auto list = [&](const std::vector<double>& values) {
    bytes.varint(values.size());
    for (const double value : values) bytes.f64(value);
  };
  bytes.string("qsm farm 1");
  bytes.f64(run_->servers);
  bytes.f64(run_->confidence);
  bytes.u8(run_->stable);
  bytes.u8(run_->replayed);
  bytes.string(run_->method);
  list(run_->speeds);
  bytes.varint(run_->records.size());
  for (const auto& record : run_->records) {
    detail::FarmRecord::each(
        record, [&](double value) { bytes.f64(value); }, list);
    record.waits.write(bytes);
    record.sojourns.write(bytes);
  }
  bytes.checksum();
  return bytes.take();
}

QSM_INLINE FarmSimulation FarmSimulation::from_bytes(std::span<const std::byte> source) {
  ByteReader bytes(source, "FarmSimulation");
  const auto list = [&](std::vector<double>& values) {
    values.resize(bytes.count(8));
    for (double& value : values) value = bytes.f64();
  };
  if (bytes.string() != "qsm farm 1") bytes.refuse("\"qsm farm 1\"");
  detail::FarmRun run;
  run.servers = bytes.f64();
  run.confidence = bytes.f64();
  run.stable = bytes.u8() != 0;
  run.replayed = bytes.u8() != 0;
  run.method = bytes.string();
  list(run.speeds);
  run.records.resize(bytes.count(96));
  if (run.replayed && run.records.size() != 1) bytes.refuse("one record of a replay");
  for (auto& record : run.records) {
    detail::FarmRecord::each(
        record, [&](double& value) { value = bytes.f64(); }, list);
    if (record.busy.size() != run.speeds.size()) bytes.refuse("as many servers as speeds");
    record.waits = Histogram::read(bytes);
    record.sojourns = Histogram::read(bytes);
  }
  bytes.checksum();
  bytes.end();
  return detail::FarmRun::finish(std::move(run));
}

}  // namespace qsm::inline v0::balancing
