#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/policies/hedging.hpp>

namespace qsm::inline v0::policies {

QSM_INLINE Hedge::Hedge(double probability, double budget, double window)
    : probability_(probability), budget_(budget), delay_(std::numeric_limits<double>::infinity()) {
  Check check("Hedge");
  check.inner_probability("probability", probability);
  check.that(budget > 0 && budget <= 1, "budget", budget, "in (0, 1]");
  check.that(window >= 10 && window <= 0x1p20 && window == std::trunc(window), "window", window,
             "an integer in [10, 2^20]");
  window_ = static_cast<std::size_t>(window);
}

QSM_INLINE void Hedge::observe(double latency) {
  Check("Hedge.observe").not_negative("latency", latency);
  allowance_ = std::min(allowance_ + budget_, std::max(1.0, budget_ * static_cast<double>(window_)));
  if (ring_.size() < window_) {
    ring_.push_back(latency);
  } else {
    ring_[next_] = latency;
    next_ = (next_ + 1) % window_;
  }
  if (ring_.size() < 10 || until_update_-- > 0) return;
  // A new quantile after each tenth of the window: selection costs O(window).
  until_update_ = ring_.size() / 10;
  std::vector<double> sorted = ring_;
  const double place = std::ceil(probability_ * static_cast<double>(sorted.size())) - 1;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(std::max(0.0, place));
  std::nth_element(sorted.begin(), at, sorted.end());
  delay_ = *at;
}

QSM_INLINE bool Hedge::hedge() {
  if (allowance_ < 1) return false;
  allowance_ -= 1;
  return true;
}

}  // namespace qsm::inline v0::policies
