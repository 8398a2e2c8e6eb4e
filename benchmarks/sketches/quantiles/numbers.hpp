#pragma once
// Lognormal times in seconds, the same for all.

#include <cmath>
#include <span>
#include <vector>

#include <qsm/core/elementary.hpp>
#include <qsm/core/random.hpp>

inline std::span<const double> numbers() {
  static const std::vector<double> all = [] {
    std::vector<double> made(1'000'000);
    qsm::Stream(60).uniforms(0, made);
    for (double& x : made) x = std::exp(qsm::portable_normal_quantile(x) - 3);
    return made;
  }();
  return all;
}
