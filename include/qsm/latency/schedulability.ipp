#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <qsm/core/detail/weights.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/random.hpp>
#include <qsm/latency/schedulability.hpp>

namespace qsm::inline v0::latency {
namespace detail {

/// Largest integer not above a quotient that rounding may have moved by a hair.
inline double whole_below(double quotient) { return std::floor(quotient * (1 + 1e-14) + 1e-14); }
inline double whole_above(double quotient) { return std::ceil(quotient * (1 - 1e-14) - 1e-14); }

inline void check_tasks(const char* function, const std::vector<double>& periods,
                        const std::vector<double>& executions) {
  if (periods.empty())
    throw std::invalid_argument(std::string(function) + ": periods must have at least one element, got none");
  core::detail::check_size(function, "executions", executions.size(), "periods", periods.size());
  Check check(function);
  for (const double period : periods) check.positive("periods", period);
  for (const double execution : executions) check.not_negative("executions", execution);
}

/// One value per task, or none for all the same.
inline std::vector<double> per_task(const char* function, const char* name, const std::vector<double>& values,
                                    std::size_t tasks) {
  if (values.empty()) return std::vector<double>(tasks);
  core::detail::check_size(function, name, values.size(), "periods", tasks);
  Check check(function);
  for (const double value : values) check.not_negative(name, value);
  return values;
}

inline constexpr int most_rounds = 1'000'000;

}  // namespace detail

QSM_INLINE double liu_layland_bound(double tasks) {
  Check("liu_layland_bound").positive_count("tasks", tasks);
  return tasks * std::expm1(std::log(2.0) / tasks);
}

QSM_INLINE std::vector<double> response_times(const std::vector<double>& periods, const std::vector<double>& executions,
                                              const std::vector<double>& jitters,
                                              const std::vector<double>& blockings) {
  detail::check_tasks("response_times", periods, executions);
  const auto late = detail::per_task("response_times", "jitters", jitters, periods.size());
  const auto blocked = detail::per_task("response_times", "blockings", blockings, periods.size());
  std::vector<double> responses;
  double load = 0;
  int rounds = 0;
  for (std::size_t i = 0; i < periods.size(); ++i) {
    load += executions[i] / periods[i];
    double worst = load > 1 + 1e-12 ? std::numeric_limits<double>::infinity() : 0;
    double window = 0;
    // Job q of the busy period ends at w = B + (q + 1) C + Σ ⌈(w + J) / T⌉ C of the higher ones.
    for (double job = 0; std::isfinite(worst); ++job) {
      const double own = blocked[i] + (job + 1) * executions[i];
      for (window = std::max(window, own);; ++rounds) {
        double next = own;
        for (std::size_t j = 0; j < i; ++j)
          next += detail::whole_above((window + late[j]) / periods[j]) * executions[j];
        if (next <= window * (1 + 1e-15)) break;
        window = next;
        if (rounds > detail::most_rounds) break;
      }
      if (rounds > detail::most_rounds) {
        worst = std::numeric_limits<double>::infinity();
        break;
      }
      worst = std::max(worst, window - job * periods[i] + late[i]);
      if (window + late[i] <= (job + 1) * periods[i] * (1 + 1e-14)) break;
    }
    responses.push_back(worst);
  }
  return responses;
}

QSM_INLINE bool edf_schedulable(const std::vector<double>& periods, const std::vector<double>& executions,
                                const std::vector<double>& deadlines) {
  detail::check_tasks("edf_schedulable", periods, executions);
  const std::size_t n = periods.size();
  if (!deadlines.empty()) {
    core::detail::check_size("edf_schedulable", "deadlines", deadlines.size(), "periods", n);
    for (const double deadline : deadlines) Check("edf_schedulable").positive("deadlines", deadline);
  }
  double load = 0;
  bool implicit = true;
  for (std::size_t i = 0; i < n; ++i) {
    load += executions[i] / periods[i];
    implicit = implicit && (deadlines.empty() || deadlines[i] >= periods[i]);
  }
  if (load > 1 + 1e-12) return false;
  if (implicit) return true;
  // Every deadline in the synchronous busy period; with load below 1 none matters beyond La (Baruah and others).
  double busy = 0;
  for (const double execution : executions) busy += execution;
  bool ends = false;
  for (int round = 0; round < detail::most_rounds && !ends; ++round) {
    double next = 0;
    for (std::size_t i = 0; i < n; ++i) next += detail::whole_above(busy / periods[i]) * executions[i];
    ends = next <= busy * (1 + 1e-15);
    busy = std::max(busy, next);
  }
  double horizon = ends ? busy : std::numeric_limits<double>::infinity();
  if (load < 1) {
    double slack = 0, longest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      slack += std::max(0.0, periods[i] - deadlines[i]) * executions[i] / periods[i];
      longest = std::max(longest, deadlines[i]);
    }
    horizon = std::min(horizon, std::max(longest, slack / (1 - load)));
  }
  Check("edf_schedulable")
      .that(std::isfinite(horizon), "load", load, "below 1 where jobs never let the processor idle");
  const auto demand = [&](double t) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      if (t >= deadlines[i]) sum += (detail::whole_below((t - deadlines[i]) / periods[i]) + 1) * executions[i];
    return sum;
  };
  const auto last_deadline_before = [&](double t) {
    double last = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (deadlines[i] >= t) continue;
      double k = std::floor((t - deadlines[i]) / periods[i]);
      if (deadlines[i] + k * periods[i] >= t) --k;
      last = std::max(last, deadlines[i] + k * periods[i]);
    }
    return last;
  };
  const double first = *std::min_element(deadlines.begin(), deadlines.end());
  // Quick processor-demand analysis: from the horizon down to the first deadline, in steps of the demand.
  double t = last_deadline_before(horizon * (1 + 1e-12) + std::numeric_limits<double>::min());
  while (t >= first) {
    const double due = demand(t);
    if (due > t * (1 + 1e-14)) return false;
    t = due < t * (1 - 1e-14) && due >= first ? due : last_deadline_before(t);
  }
  return true;
}

QSM_INLINE Estimate periodic_miss_probability(const Distribution& execution, double period, double deadline,
                                              double jobs, double replications, std::uint64_t seed, double confidence,
                                              const Progress& progress) {
  Check check("periodic_miss_probability");
  check.positive("period", period);
  check.positive("deadline", deadline);
  check.positive_count("jobs", jobs);
  check.that(jobs <= 1e9, "jobs", jobs, "<= 1e9");
  check.positive_count("replications", replications);
  check.that(replications >= 2, "replications", replications, ">= 2");
  check.inner_probability("confidence", confidence);
  check.that(execution.low() >= 0, "lowest value of execution", execution.low(), ">= 0");
  if (execution.high() <= period) {
    const double exact = execution.survival(deadline);
    return {exact, exact, exact, "exact"};
  }
  if (execution.mean() >= period) return {1, 1, 1, "unstable"};
  ProgressMeter meter(progress, static_cast<std::uint64_t>(std::min(2 * jobs * replications, 0x1p62)));
  std::vector<double> shares, times(4096);
  for (double run = 0; run < replications; ++run) {
    const Stream stream = Stream(seed).child(static_cast<std::uint64_t>(run));
    double wait = 0, missed = 0;
    for (double done = 0; done < 2 * jobs;) {
      const auto size = static_cast<std::size_t>(std::min(2 * jobs - done, 4096.0));
      const std::span<double> block = std::span(times).first(size);
      execution.sample(stream, static_cast<std::uint64_t>(done), block);
      for (const double time : block) {
        if (done >= jobs && wait + time > deadline) ++missed;
        wait = std::max(0.0, wait + time - period);
        ++done;
      }
      meter.advance(size);
    }
    shares.push_back(missed / jobs);
  }
  meter.finish();
  return mean_interval(shares, confidence);
}

}  // namespace qsm::inline v0::latency
