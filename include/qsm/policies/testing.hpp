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
#include <qsm/policies/balancer.hpp>
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

/// Tries a balancer out on 2,000 requests and says in words what is wrong with it.
///
/// It picks servers that are in use, none where all are removed, and the same as its copy; it refuses to remove or add
/// what is unknown, to remove twice and to add what is in use.
///
///     EXPECT_EQ(check_balancer(balancing::RoundRobin(7)), std::vector<std::string>());
template <Balancer Policy>
std::vector<std::string> check_balancer(const Policy& fresh, std::uint64_t seed = 1) {
  std::set<std::string> failures;
  const auto require = [&](bool holds, const char* sentence) {
    if (!holds) failures.insert(sentence);
  };
  const auto refuses = [](auto&& call) {
    try {
      call();
    } catch (const std::exception&) {
      return true;
    }
    return false;
  };
  try {
    constexpr std::size_t requests = 2000;
    std::vector<double> uniforms(5 * requests);
    Stream(seed).uniforms(0, uniforms);
    Policy policy = fresh;
    const std::size_t servers = policy.size();
    std::vector<bool> used(servers, true);
    std::vector<std::size_t> open;
    double now = 0;
    const auto tell = [&](Policy& one, std::size_t server, bool good) {
      if constexpr (ResponseAware<Policy>) one.finish(now, server, 1, good);
    };
    for (std::size_t i = 0; i < requests; ++i) {
      const double* u = &uniforms[5 * i];
      now += -std::log(u[0]);
      const double size = -std::log(u[1]);
      Policy copy = policy;
      if constexpr (ProbeAware<Policy>)
        for (const std::size_t asked : policy.probes(now)) {
          require(asked < servers && used[asked], "asks a server that is not in use");
          policy.report(now, asked, std::floor(10 * u[4]), u[3]);
          copy = policy;
        }
      const auto picked = policy.pick(now, size, i);
      require(copy.pick(now, size, i) == picked, "a copy picks another server than its original");
      const bool any = std::find(used.begin(), used.end(), true) != used.end();
      require(picked.has_value() == any, "picks nothing where servers are in use, or one where none is");
      if (picked) {
        require(*picked < servers && used[*picked], "picks a server that is not in use");
        open.push_back(*picked);
      }
      if (!open.empty() && u[2] < 0.8) {
        tell(policy, open.front(), u[2] < 0.7);
        open.erase(open.begin());
      }
      if (u[3] > 0.9) {
        const auto server = static_cast<std::size_t>(u[4] * static_cast<double>(servers));
        if (used[server])
          policy.remove(server);
        else
          policy.add(server);
        used[server] = !used[server];
        require(refuses([&] { used[server] ? policy.add(server) : policy.remove(server); }),
                "removes or adds a server twice");
      }
    }
    require(refuses([&] { policy.remove(servers); }) && refuses([&] { policy.add(servers); }),
            "removes or adds a server that is unknown");
    for (std::size_t i = 0; i < servers; ++i)
      if (used[i]) policy.remove(i);
    require(!policy.pick(now, 1, 0).has_value(), "picks one where none is in use");
    for (std::size_t i = 0; i < servers; ++i) policy.add(i);
    require(policy.pick(now, 1, 0).has_value(), "picks nothing where servers are in use");
  } catch (const std::exception& error) {
    failures.insert(std::string("threw: ") + error.what());
  }
  return {failures.begin(), failures.end()};
}

}  // namespace qsm::inline v0::policies
