#pragma once
/// @file
/// Checks that users run on policies of their own.

#include <algorithm>
#include <cmath>
#include <exception>
#include <set>
#include <string>
#include <vector>

#include <qsm/core/random.hpp>
#include <qsm/policies/limiter.hpp>
#include <qsm/policies/scheduler.hpp>

namespace qsm::inline v0::policies {

/// Tries a rate limiter out on 2,000 requests and says in words what is wrong with it.
///
/// `admit` is true exactly where `ready_at` is now; a refused request is admitted at `ready_at`, not just before; a copy
/// does not touch the original; a time before the last is refused.
///
///     EXPECT_EQ(check_limiter(TokenBucket(10, 5)), std::vector<std::string>());
template <RateLimiter Limiter>
std::vector<std::string> check_limiter(const Limiter& fresh, double mean_gap = 0.1, std::uint64_t seed = 1) {
  std::set<std::string> failures;
  const auto require = [&](bool holds, const char* sentence) {
    if (!holds) failures.insert(sentence);
  };
  try {
    std::vector<double> uniforms(4000);
    Stream(seed).uniforms(0, uniforms);
    Limiter limiter = fresh;
    double now = 0;
    for (std::size_t i = 0; i < uniforms.size(); i += 2) {
      now += -std::log(uniforms[i]) * mean_gap;
      const double cost = uniforms[i + 1] < 0.7 ? 1 : 0.5 + uniforms[i + 1];
      const double ready = limiter.ready_at(now, cost);
      require(ready >= now, "ready_at lies before now");
      require(limiter.ready_at(now, cost) == ready, "ready_at changes the limiter");
      Limiter copy = limiter;
      if (ready > now && std::isfinite(ready)) {
        require(!Limiter(copy).admit(std::max(now, std::nextafter(ready, now)), cost), "admits before ready_at");
        require(Limiter(copy).admit(ready, cost), "refuses at ready_at");
      }
      require(limiter.admit(now, cost) == (ready <= now), "admit and ready_at disagree");
      require(copy.ready_at(now, cost) == ready, "a copy shares state with its original");
    }
    bool refused = false;
    try {
      limiter.admit(now - 1, 1);
    } catch (const std::exception&) {
      refused = true;
    }
    require(refused, "takes a time before the last");
  } catch (const std::exception& error) {
    failures.insert(std::string("threw: ") + error.what());
  }
  return {failures.begin(), failures.end()};
}

/// Tries a scheduler out on 2,000 jobs of `flows` flows and says in words what is wrong with it.
///
/// Every job comes out exactly once, unchanged but for its arrival; size tells how many wait; jobs of one flow that are
/// alike in size, priority and deadline keep their order, unless `keeps_order` is false because the policy looks at the
/// order of arrival, as LastComeFirstServed does; nothing comes out of an empty one; a copy does not touch the original.
///
///     EXPECT_EQ(check_scheduler(Fifo()), std::vector<std::string>());
template <Scheduler Policy>
std::vector<std::string> check_scheduler(const Policy& fresh, std::size_t flows = 1, std::uint64_t seed = 1,
                                         bool keeps_order = true) {
  std::set<std::string> failures;
  const auto require = [&](bool holds, const char* sentence) {
    if (!holds) failures.insert(sentence);
  };
  try {
    constexpr std::size_t jobs = 2000;
    std::vector<double> uniforms(4 * jobs);
    Stream(seed).uniforms(0, uniforms);
    Policy policy = fresh;
    std::vector<Job> pushed;
    std::vector<bool> served(jobs, false);
    std::vector<std::uint64_t> last(4 * flows, 0);
    std::size_t waiting = 0;
    double now = 0;
    const auto take = [&] {
      Policy copy = policy;
      const auto job = policy.pop(now);
      require(copy.size() == waiting, "a copy shares state with its original");
      require(job.has_value() == (waiting > 0), "pop gives nothing where jobs wait, or something where none does");
      if (!job) return;
      --waiting;
      if (job->id >= pushed.size() || served[job->id]) return require(false, "a job comes out twice or from nowhere");
      served[job->id] = true;
      Job sent = pushed[job->id], got = *job;
      sent.arrival = got.arrival = 0;
      require(sent == got, "a job comes out changed");
      const auto kind = job->flow * 4 + static_cast<std::size_t>(job->size) - 1;
      require(!keeps_order || job->id + 1 > last[kind], "equal jobs of one flow change their order");
      last[kind] = job->id + 1;
    };
    take();
    for (std::size_t i = 0; i < jobs; ++i) {
      const double* u = &uniforms[4 * i];
      now += -std::log(u[0]);
      Job job;
      job.id = i;
      job.flow = static_cast<std::size_t>(u[1] * static_cast<double>(flows));
      job.size = 1 + std::floor(4 * u[2]);
      pushed.push_back(job);
      policy.push(now, job);
      ++waiting;
      require(policy.size() == waiting, "size is not the number of jobs that wait");
      if (u[3] < 0.9) take();
      if (u[3] < 0.1) take();
    }
    while (waiting > 0 && failures.empty()) take();
    take();
  } catch (const std::exception& error) {
    failures.insert(std::string("threw: ") + error.what());
  }
  return {failures.begin(), failures.end()};
}

}  // namespace qsm::inline v0::policies
