#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <qsm/core/detail/weights.hpp>
#include <qsm/queueing/detail/matrix_analytic.hpp>
#include <qsm/queueing/quasi_birth_death.hpp>

namespace qsm::inline v0::queueing {

QSM_INLINE QuasiBirthDeath::QuasiBirthDeath(bool stable, std::vector<double> empty, std::vector<double> first,
                                            Matrix ratio, double rate)
    : stable_(stable), empty_(std::move(empty)), first_(std::move(first)), ratio_(std::move(ratio)), rate_(rate) {}

QSM_INLINE double QuasiBirthDeath::probability(double level) const {
  Check("probability").count("level", level);
  if (!stable_) return 0;
  if (level == 0) return detail::sum(empty_);
  return detail::sum(detail::after_steps(detail::row(first_), ratio_, level - 1));
}

QSM_INLINE double QuasiBirthDeath::survival(double level) const {
  Check("survival").count("level", level);
  if (!stable_) return 1;
  const detail::Dense chances = detail::after_steps(detail::row(first_), ratio_, level);
  return detail::sum(detail::over(chances, detail::identity(ratio_.rows) - ratio_));
}

QSM_INLINE double QuasiBirthDeath::mean() const {
  if (!stable_) return std::numeric_limits<double>::infinity();
  const detail::Dense rest = detail::identity(first_.size()) - ratio_;
  return detail::sum(detail::over(detail::over(detail::row(first_), rest), rest));
}

/// E[n(n - 1)] = 2 π₁ R (I - R)⁻³ 1.
QSM_INLINE double QuasiBirthDeath::variance() const {
  if (!stable_) return std::numeric_limits<double>::infinity();
  const detail::Dense ratio = ratio_, rest = detail::identity(ratio.rows) - ratio;
  const detail::Dense once = detail::over(detail::over(detail::row(first_), rest), rest);
  const double mean = detail::sum(once);
  return 2 * detail::sum(detail::over(once * ratio, rest)) + mean - mean * mean;
}

QSM_INLINE QuasiBirthDeath quasi_birth_death(const Matrix& backward, const Matrix& local, const Matrix& forward,
                                             const Matrix& boundary) {
  constexpr auto function = "quasi_birth_death";
  const std::size_t size = local.rows;
  detail::check_transitions(function, "backward", backward, size, true);
  detail::check_transitions(function, "local", local, size, false);
  detail::check_transitions(function, "forward", forward, size, true);
  const detail::Dense down = backward, within = local, up = forward;
  detail::check_rows(function, "backward + local + forward", down + within + up, within);
  detail::Dense bottom = down + within;
  if (!boundary.empty()) {
    detail::check_transitions(function, "boundary", boundary, size, false);
    bottom = boundary;
    detail::check_rows(function, "boundary + forward", bottom + up, bottom);
  }
  const detail::Dense phases = detail::stationary(down + within + up, function);
  const double rise = detail::sum(phases * up), fall = detail::sum(phases * down);
  if (!(rise < fall * (1 - 1e-14)))
    return {false, std::vector<double>(size), std::vector<double>(size), Matrix(size, size), rise};
  const detail::Dense ratio = detail::level_ratio(down, within, up);
  detail::Dense empty = detail::stationary(bottom + ratio * down, function);
  detail::Dense first = empty * ratio;
  const double total = detail::sum(empty) + detail::sum(detail::over(first, detail::identity(ratio.rows) - ratio));
  empty /= total;
  first /= total;
  const detail::Dense all = empty + detail::over(first, detail::identity(ratio.rows) - ratio);
  return {true, empty.values, first.values, ratio, detail::sum(all * up)};
}

QSM_INLINE FluidQueue::FluidQueue(bool stable, double probability_empty, std::optional<PhaseType> level)
    : stable_(stable), probability_empty_(probability_empty), level_(std::move(level)) {}

QSM_INLINE double FluidQueue::mean() const {
  if (!stable_) return std::numeric_limits<double>::infinity();
  return level_ ? (1 - probability_empty_) * level_->mean() : 0;
}

QSM_INLINE double FluidQueue::survival(double level) const {
  Check("survival").extended("level", level);
  if (!stable_) return 1;
  return level_ ? (1 - probability_empty_) * level_->survival(level) : 0;
}

QSM_INLINE double FluidQueue::cdf(double level) const {
  Check("cdf").extended("level", level);
  if (!stable_) return 0;
  return level_ ? probability_empty_ + (1 - probability_empty_) * level_->cdf(level) : 1;
}

QSM_INLINE double FluidQueue::quantile(double probability) const {
  Check("quantile").probability("probability", probability);
  if (!stable_) return probability > 0 ? std::numeric_limits<double>::infinity() : 0;
  if (probability <= probability_empty_ || !level_) return 0;
  return level_->survival_quantile((1 - probability) / (1 - probability_empty_));
}

QSM_INLINE FluidQueue fluid_queue(const Matrix& generator, std::span<const double> rates) {
  constexpr auto function = "fluid_queue";
  const std::size_t size = generator.rows;
  detail::check_transitions(function, "generator", generator, size, false);
  qsm::detail::check_size(function, "rates", rates.size(), "rows of generator", size);
  const detail::Dense all = generator;
  detail::check_rows(function, "generator", all, all);
  std::vector<std::size_t> up, down, still;
  for (std::size_t i = 0; i < size; ++i) {
    Check(function).finite("rates", rates[i]);
    (rates[i] > 0 ? up : rates[i] < 0 ? down : still).push_back(i);
  }
  const detail::Dense phases = detail::stationary(all, function);
  double drift = 0, turnover = 0;
  for (std::size_t i = 0; i < size; ++i) {
    drift += phases(i) * rates[i];
    turnover += phases(i) * std::abs(rates[i]);
  }
  if (up.empty()) return {true, 1, std::nullopt};
  if (!(drift < -1e-14 * turnover)) return {false, 0, std::nullopt};

  // Phases in which the level stands still are passed over.
  using Phases = std::vector<std::size_t>;
  const auto part = [&](const Phases& from, const Phases& to) { return detail::part(all, from, to); };
  const detail::Dense wait = detail::inverse(-part(still, still));  // empty where none stand still
  const auto passing = [&](const Phases& from, const Phases& to) {
    if (still.empty()) return part(from, to);
    return part(from, to) + part(from, still) * wait * part(still, to);
  };
  const auto times = [&](const Phases& which) {  // for a unit of level
    detail::Dense time(which.size(), 1);
    for (std::size_t k = 0; k < which.size(); ++k) time(k) = 1 / std::abs(rates[which[k]]);
    return time;
  };
  const detail::Dense rise = times(up), fall = times(down);
  const detail::Dense rising = scaled(rise, passing(up, up)), turn_down = scaled(rise, passing(up, down));
  const detail::Dense falling = scaled(fall, passing(down, down)), turn_up = scaled(fall, passing(down, up));
  const detail::Dense back = detail::fluid_return(rising, turn_down, turn_up, falling);
  const detail::Dense slope = rising + back * turn_up;
  // At level 0, seen only there.
  detail::Dense bottom = detail::stationary(passing(down, down) + passing(down, up) * back, function);
  const detail::Dense start = bottom * passing(down, up);
  detail::Dense density = rise + back * fall;
  double mass = sum(bottom);
  if (!still.empty()) {
    const detail::Dense standing = wait * detail::ones(still.size());
    density += scaled(rise, part(up, still) * standing);
    density += back * scaled(fall, part(down, still) * standing);
    mass += sum(bottom * part(down, still) * standing);
  }
  auto [above, law] = detail::phase_type_law(start, slope, density);
  return {true, mass / (mass + above), std::move(law)};
}

}  // namespace qsm::inline v0::queueing
