#pragma once
#include <vector>

#include <qsm/core/distributions/lognormal.hpp>
#include <qsm/core/random.hpp>

/// What a tester that waits for each answer would have seen: a million latencies, one in 100,000 of them a long stall.
inline std::vector<double> latencies() {
  std::vector<double> out(1'000'000);
  qsm::Lognormal{0, 1}.sample(qsm::Stream(1), 0, out);
  for (std::size_t i = 0; i < out.size(); i += 100'000) out[i] = 10'000;
  return out;
}
inline constexpr double interval = 5;
