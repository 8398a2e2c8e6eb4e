#pragma once
// Integrals over the survival function of a service, for .ipp files.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>
#include <vector>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing::detail {

/// Refuses a law that is no law of times with a finite positive mean.
inline void check_times(const Check& check, const char* argument, const Distribution& law) {
  check.that(law.low() >= 0, argument, law.low(), "a law of values >= 0");
  check.that(law.mean() > 0 && law.mean() <= std::numeric_limits<double>::max(), argument, law.mean(),
             "a law with a finite mean > 0");
}

/// Integrals of a survival function F̄ up to and beyond any size.
class Sizes {
 public:
  template <std::same_as<Distribution> Law>
  explicit Sizes(const Law& law) : law_(law) {
    std::vector<double> marks{0, law.low(), law.high()};
    for (const double k : {1., 2., 3., 4., 6., 8., 12., 16., 24., 32., 48., 64., 96., 128., 256., 512., 990.}) {
      marks.push_back(law.survival_quantile(std::exp2(-k)));
      if (k < 100) marks.push_back(law.quantile(std::exp2(-k)));
    }
    std::erase_if(marks, [](double x) { return !(x >= 0) || std::isinf(x); });
    std::sort(marks.begin(), marks.end());
    marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
    ends.push_back(0);
    for (std::size_t i = 1; i < marks.size(); ++i) resolve(marks[i - 1], marks[i], 0);
    const std::size_t n = ends.size();
    below_.resize(n), moment_.resize(n), above_.resize(n);
    for (std::size_t i = 1; i < n; ++i) {
      below_[i] = below_[i - 1] + mass(ends[i - 1], ends[i]);
      moment_[i] = moment_[i - 1] + first(ends[i - 1], ends[i]);
    }
    for (std::size_t i = n - 1; i-- > 0;) above_[i] = above_[i + 1] + mass(ends[i], ends[i + 1]);
  }

  std::vector<double> ends;  // between them F̄ is smooth

  double survival(double x) const { return law_.survival(x); }
  /// Calls visit(x, P(S = x)) for every atom.
  template <class Visit>
  void atoms(Visit visit) const {
    for (std::size_t i = 1; i < ends.size(); ++i) {
      const bool beside = ends[i] - ends[i - 1] <= 1e-12 * ends[i];  // narrowed down by halving
      const double share = survival(beside ? ends[i - 1] : std::nextafter(ends[i], 0)) - survival(ends[i]);
      if (share > 1e-10) visit(ends[i], share);
    }
  }
  /// ∫ F̄, 0..x.
  double below(double x) const {
    return at(x, below_, [this](double a, double b) { return mass(a, b); });
  }
  /// ∫ u F̄(u), 0..x.
  double moment(double x) const {
    return at(x, moment_, [this](double a, double b) { return first(a, b); });
  }
  /// ∫ F̄, x..∞.
  double above(double x) const {
    const auto next = std::upper_bound(ends.begin(), ends.end(), x);
    if (next == ends.end()) return 0;
    if (x == *std::prev(next)) return above_[static_cast<std::size_t>(next - ends.begin()) - 1];
    return above_[static_cast<std::size_t>(next - ends.begin())] + mass(x, *next);
  }

 private:
  double mass(double a, double b) const {
    return core::detail::gauss_kronrod([this](double u) { return law_.survival(u); }, a, b).value;
  }
  double first(double a, double b) const {
    return core::detail::gauss_kronrod([this](double u) { return u * law_.survival(u); }, a, b).value;
  }
  void resolve(double a, double b, int depth) {
    const auto panel = core::detail::gauss_kronrod([this](double u) { return law_.survival(u); }, a, b);
    const double middle = a + (b - a) / 2;
    const bool fine = panel.error <= 1e-14 * panel.value || panel.value <= 1e-17 * law_.mean();
    if (fine || depth > 50 || ends.size() > 50000 || !(a < middle && middle < b)) return ends.push_back(b);
    resolve(a, middle, depth + 1);
    resolve(middle, b, depth + 1);
  }
  template <class Part>
  double at(double x, const std::vector<double>& sums, Part&& part) const {
    const auto next = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), x) - ends.begin());
    return x > ends[next - 1] && next < ends.size() ? sums[next - 1] + part(ends[next - 1], x) : sums[next - 1];
  }

  Distribution law_;
  std::vector<double> below_, moment_, above_;
};

}  // namespace qsm::inline v0::queueing::detail
