#pragma once
#include <cstdint>
#include <vector>

#include <qsm/core/random.hpp>
#include <qsm/policies/scheduler.hpp>

inline constexpr std::size_t waiting = 1000, flows = 64;

/// Jobs of 64 flows with random sizes and deadlines.
inline std::vector<qsm::policies::Job> drawn_jobs() {
  std::vector<double> random(3 << 14);
  qsm::Stream(1).uniforms(0, random);
  std::vector<qsm::policies::Job> jobs(1 << 14);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].id = i;
    jobs[i].size = 0.5 + random[3 * i];
    jobs[i].deadline = 1e6 * random[3 * i + 1];
    jobs[i].flow = static_cast<std::size_t>(random[3 * i + 2] * flows);
  }
  return jobs;
}
