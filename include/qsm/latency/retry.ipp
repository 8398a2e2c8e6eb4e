#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/error.hpp>
#include <qsm/latency/retry.hpp>

namespace qsm::inline v0::latency {

QSM_INLINE Retry::Retry(Distribution distribution, double timeout, double attempts, double backoff, double multiplier)
    : distribution_(std::move(distribution)),
      timeout_(timeout),
      backoff_(backoff),
      multiplier_(multiplier),
      starts_{0} {
  double pause = backoff;
  for (double k = 1; k < attempts; ++k, pause *= multiplier) starts_.push_back(starts_.back() + timeout_ + pause);
  Check("retry").finite("start of the last attempt", starts_.back() + timeout_);
  slow_ = distribution_.survival(timeout_);
  answered_ = distribution_.cdf(timeout_);
  // ∫ P(X > x) dx and 2 ∫ x P(X > x) dx from 0 to τ, in panels whose ends are quantiles.
  std::vector<double> ends = {0};
  if (const double first = distribution_.low(); first > 0 && first < timeout_) ends.push_back(first);
  for (double p = 0.001; p < 0.9995; p += 0.037) {
    const double at = distribution_.quantile(p);
    if (at > ends.back() && at < timeout_) ends.push_back(at);
  }
  for (double q = 1e-3; q > slow_ && q > 1e-16; q /= 8) {
    const double at = distribution_.survival_quantile(q);
    if (at > ends.back() && at < timeout_) ends.push_back(at);
  }
  ends.push_back(timeout_);
  cut_ = core::detail::integrate([this](double x) { return distribution_.survival(x); }, ends);
  cut_squares_ = core::detail::integrate([this](double x) { return 2 * x * distribution_.survival(x); }, ends);
}

QSM_INLINE double Retry::probability_failed() const { return std::pow(slow_, static_cast<double>(starts_.size())); }

/// Σ qᵏ E[(sₖ + min(X, τ))ᵐ - (sₖ + τ)ᵐ 1(X > τ)], and the atom at the end.
QSM_INLINE double Retry::moment_sum(int order) const {
  double sum = 0, reached = 1;
  for (const double start : starts_) {
    const double end = start + timeout_;
    sum += reached * (order == 1 ? start + cut_ - slow_ * end
                                 : start * start + 2 * start * cut_ + cut_squares_ - slow_ * end * end);
    reached *= slow_;
  }
  return sum + reached * std::pow(high(), order);
}

QSM_INLINE double Retry::mean() const { return moment_sum(1); }

QSM_INLINE double Retry::variance() const {
  const double center = mean();
  return std::max(0.0, moment_sum(2) - center * center);
}

/// Last attempt that has begun.
QSM_INLINE std::size_t Retry::attempt_at(double value) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), value);
  return static_cast<std::size_t>(next - starts_.begin()) - 1;
}

QSM_INLINE double Retry::survival(double value) const {
  if (value < 0) return 1;
  if (value >= high()) return 0;
  const std::size_t k = attempt_at(value);
  const double here = value - starts_[k];
  return std::pow(slow_, static_cast<double>(k)) * (here < timeout_ ? distribution_.survival(here) : slow_);
}

QSM_INLINE double Retry::cdf(double value) const {
  if (value < 0) return 0;
  if (value >= high()) return 1;
  const std::size_t k = attempt_at(value);
  const double here = value - starts_[k];
  if (k == 0) return distribution_.cdf(std::min(here, timeout_));
  const double reached = std::pow(slow_, static_cast<double>(k));
  const double before = static_cast<double>(k) * (answered_ < 0.5 ? std::log1p(-answered_) : std::log(slow_));
  return -std::expm1(before) + reached * distribution_.cdf(std::min(here, timeout_));
}

QSM_INLINE double Retry::pdf(double value) const {
  if (value < 0 || value > high()) return 0;
  if (value == high() && slow_ > 0) return std::numeric_limits<double>::infinity();
  const std::size_t k = attempt_at(value);
  const double here = value - starts_[k];
  return here > timeout_ ? 0 : std::pow(slow_, static_cast<double>(k)) * distribution_.pdf(here);
}

QSM_INLINE double Retry::quantile(double probability) const {
  if (probability == 0) return low();
  if (probability <= 0.5 && probability <= answered_) return std::min(distribution_.quantile(probability), timeout_);
  return survival_quantile(1 - probability);
}

/// The attempt k with qᵏ⁺¹ <= target < qᵏ, in it the survival quantile of target / qᵏ.
QSM_INLINE double Retry::survival_quantile(double probability) const {
  if (probability == 0) return high();
  if (probability == 1) return low();
  double reached = 1;
  for (const double start : starts_) {
    if (probability >= reached * slow_)
      return start + std::min(distribution_.survival_quantile(std::min(1.0, probability / reached)), timeout_);
    reached *= slow_;
  }
  return high();
}

QSM_INLINE double Retry::low() const { return answered_ > 0 ? std::min(distribution_.low(), timeout_) : high(); }
QSM_INLINE double Retry::high() const {
  return slow_ > 0 ? starts_.back() + timeout_ : std::min(distribution_.high(), timeout_);
}

/// Attempt k of each request on the k-th child of the stream.
QSM_INLINE void Retry::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  std::vector<double> tries(out.size());
  std::vector<bool> done(out.size());
  std::size_t left = out.size();
  for (std::size_t k = 0; k < starts_.size() && left > 0; ++k) {
    distribution_.sample(stream.child(k), first, tries);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (done[i] || (tries[i] > timeout_ && k + 1 < starts_.size())) continue;
      out[i] = starts_[k] + std::min(tries[i], timeout_);
      done[i] = true;
      --left;
    }
  }
}

QSM_INLINE std::string Retry::describe() const {
  using core::detail::shortest;
  return core::detail::call_text("retry", {{"distribution", distribution_.describe()},
                                           {"timeout", shortest(timeout_)},
                                           {"attempts", shortest(attempts())},
                                           {"backoff", shortest(backoff_)},
                                           {"multiplier", shortest(multiplier_)}});
}

QSM_INLINE Distribution retry(const Distribution& distribution, double timeout, double attempts, double backoff,
                              double multiplier) {
  Check check("retry");
  check.positive("timeout", timeout);
  check.positive_count("attempts", attempts);
  check.that(attempts <= 10000, "attempts", attempts, "<= 10000");
  check.not_negative("backoff", backoff);
  check.positive("multiplier", multiplier);
  check.that(distribution.low() >= 0, "lowest value of distribution", distribution.low(), ">= 0");
  return Retry(distribution, timeout, attempts, backoff, multiplier);
}

QSM_INLINE double retry_attempts(double probability_timeout, double attempts) {
  Check check("retry_attempts");
  check.probability("probability_timeout", probability_timeout);
  check.positive_count("attempts", attempts);
  if (probability_timeout == 1) return attempts;
  if (probability_timeout == 0) return 1;
  return std::expm1(attempts * std::log(probability_timeout)) / (probability_timeout - 1);
}

}  // namespace qsm::inline v0::latency
