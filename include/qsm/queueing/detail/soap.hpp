#pragma once
// Jobs scheduled by rank functions in M/G/1, for .ipp files.

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/detail/sizes.hpp>
#include <qsm/queueing/soap.hpp>

namespace qsm::inline v0::queueing::detail {

/// A rank function that is asked where it is low, where it first is high, and what its worst is.
class Ranks {
 public:
  explicit Ranks(const RankFunction& rank) : ages_(rank.ages), ranks_(rank.ranks) {
    const std::size_t n = ages_.size();
    slopes_.resize(n), peak_.resize(n);
    for (std::size_t j = 0; j < n; ++j) {
      const bool last = j + 1 == n, line = !last && ages_[j + 1] > ages_[j];
      if (line) slopes_[j] = (ranks_[j + 1] - ranks_[j]) / (ages_[j + 1] - ages_[j]);
      if (last && j > 0) slopes_[j] = slopes_[j - 1];
      peak_[j] = j > 0 ? std::max(peak_[j - 1], ranks_[j]) : ranks_[j];
    }
  }

  /// Ranks at which the run of the function turns, and their ages.
  template <class Visit>
  void turns(Visit visit) const {
    const auto side = [&](std::size_t j) { return (ranks_[j] > ranks_[j - 1]) - (ranks_[j] < ranks_[j - 1]); };
    for (std::size_t j = 0; j < ages_.size(); ++j) {
      const bool jump = (j > 0 && ages_[j] == ages_[j - 1]) || (j + 1 < ages_.size() && ages_[j] == ages_[j + 1]);
      if (j == 0 || j + 1 >= ages_.size() || jump || side(j) != side(j + 1)) visit(ages_[j], ranks_[j]);
    }
  }

  /// First age with a rank >= r; infinity where there is none.
  double first(double r) const {
    const auto found = std::lower_bound(peak_.begin(), peak_.end(), r);
    if (found == peak_.begin()) return 0;
    const auto j = static_cast<std::size_t>(found - peak_.begin());
    if (found == peak_.end() && !(slopes_[j - 1] > 0)) return unbounded;
    const double age = ages_[j - 1] + (slopes_[j - 1] > 0 ? (r - ranks_[j - 1]) / slopes_[j - 1] : 0);
    return found == peak_.end() ? age : std::min(age, ages_[j]);
  }

  /// Highest rank before age x > 0.
  double worst(double x) const {
    const auto j = static_cast<std::size_t>(std::lower_bound(ages_.begin(), ages_.end(), x) - ages_.begin()) - 1;
    return std::max(peak_[j], value(j, x));
  }

  /// Calls visit(b, c, initial) for every longest stretch of ages b to c with ranks <= r; `initial` where new jobs are in it.
  template <class Visit>
  void below(double r, Visit visit) const {
    double begin = -1;  // of the stretch that is open
    bool initial = false;
    const auto close = [&](double end) {
      if (begin >= 0 && end > begin) visit(begin, end, initial);
      begin = -1, initial = false;
    };
    if (ranks_[0] <= r) begin = 0, initial = true;
    for (std::size_t j = 0; j < ages_.size(); ++j) {
      if (ranks_[j] > r) close(ages_[j]);
      const double end = j + 1 < ages_.size() ? ages_[j + 1] : unbounded;
      if (!(end > ages_[j])) continue;
      const double cross = slopes_[j] != 0 ? ages_[j] + (r - ranks_[j]) / slopes_[j] : unbounded;
      if (ranks_[j] > r) {
        if (slopes_[j] < 0 && cross < end) begin = cross;
      } else {
        if (begin < 0) begin = ages_[j];
        if (slopes_[j] > 0 && cross < end) close(cross);
      }
    }
    close(unbounded);
  }

  /// Calls visit(line, a, b, r at a, r at b) for every line of ages that falls.
  template <class Visit>
  void falls(Visit visit) const {
    for (std::size_t j = 0; j + 1 < ages_.size(); ++j)
      if (slopes_[j] < 0) visit(j, ages_[j], ages_[j + 1], ranks_[j], ranks_[j + 1]);
  }

  /// Splits 0 to x, backwards, by the worst rank that is still ahead: visit(a, b, r at a, r at b, line), the line only
  /// where a to b is a whole one that falls, else -1.
  template <class Visit>
  void ahead(double x, Visit visit) const {
    double worst = -unbounded;
    for (auto j = static_cast<std::size_t>(std::lower_bound(ages_.begin(), ages_.end(), x) - ages_.begin()); j-- > 0;) {
      const double begin = ages_[j], end = j + 1 < ages_.size() ? std::min(x, ages_[j + 1]) : x;
      if (end > begin) {
        const double first = ranks_[j], last = value(j, end);
        worst = std::max(worst, last);
        if (slopes_[j] < 0 && first > worst) {
          const double meet = last >= worst ? end : std::clamp(begin + (worst - first) / slopes_[j], begin, end);
          const bool whole = meet == end && j + 1 < ages_.size() && end == ages_[j + 1];
          if (end > meet) visit(meet, end, worst, worst, -1);
          if (meet > begin) visit(begin, meet, first, meet < end ? worst : last, whole ? static_cast<int>(j) : -1);
        } else {
          visit(begin, end, worst, worst, -1);
        }
      }
      worst = std::max(worst, ranks_[j]);
    }
  }

 private:
  double value(std::size_t j, double x) const {
    return j + 1 < ages_.size() && x >= ages_[j + 1] ? ranks_[j + 1] : ranks_[j] + slopes_[j] * (x - ages_[j]);
  }

  std::vector<double> ages_, ranks_, slopes_, peak_;
};

/// M/G/1 with classes under rank functions.
class RankedStation {
 public:
  struct Class {
    double arrival_rate;
    Distribution service;
    std::shared_ptr<const Sizes> sizes;
    Ranks ranks;
  };
  explicit RankedStation(std::vector<Class> classes) : classes_(std::move(classes)) {
    slack_ = 1;
    for (const auto& c : classes_) slack_ = std::fma(-c.arrival_rate, c.service.mean(), slack_);
    if (!stable()) return;
    for (const auto& c : classes_) {
      auto& times = residence_.emplace_back();
      c.ranks.falls([&](std::size_t j, double a, double b, double high, double low) {
        times.resize(j + 1);
        times[j] = residence(a, b, high, low);
      });
    }
  }

  bool stable() const { return slack_ > 0; }

  double sojourn_of_size(std::size_t index, double x) const {
    if (!stable()) return unbounded;
    if (!(x > 0)) x = std::numeric_limits<double>::min();
    const double worst = classes_[index].ranks.worst(x);
    double old = 0, spare = slack_;  // Σ λ E[X²] / 2 of the stretches; 1 - λ E[X] of the initial ones
    for (const auto& c : classes_) {
      if (c.arrival_rate == 0) continue;
      double beyond = c.service.mean();
      c.ranks.below(worst, [&](double b, double e, bool initial) {
        old += c.arrival_rate * half_square(c, b, e);
        if (initial) beyond = c.sizes->above(e);
      });
      spare += c.arrival_rate * beyond;
    }
    double inside = 0, level = unbounded, pace = 0;
    classes_[index].ranks.ahead(x, [&](double a, double b, double high, double low, int line) {
      if (line >= 0) {
        inside += residence_[index][static_cast<std::size_t>(line)];
      } else if (high == low) {
        if (high != level) level = high, pace = 1 / spare_of_new(high);
        inside += (b - a) * pace;
      } else {
        inside += residence(a, b, high, low);
      }
    });
    return (old > 0 ? old / spare / spare_of_new(worst) : 0) + inside;
  }

  double sojourn(std::size_t index) const {
    if (!stable()) return unbounded;
    const auto& own = classes_[index];
    std::vector<double> marks = own.sizes->ends;
    own.ranks.turns([&](double age, double) { marks.push_back(age); });
    for (const auto& c : classes_) c.ranks.turns([&](double, double rank) { marks.push_back(own.ranks.first(rank)); });
    std::vector<double> chances{1};  // of a larger size
    for (const double x : marks)
      if (x < unbounded && x > 0) {
        chances.push_back(own.service.survival(x));
        chances.push_back(own.service.survival(std::nextafter(x, 0)));
      }
    std::sort(chances.begin(), chances.end());
    chances.erase(std::unique(chances.begin(), chances.end()), chances.end());
    return core::detail::integrate([&](double q) { return sojourn_of_size(index, own.service.survival_quantile(q)); },
                                   chances, 1e-8);
  }

 private:
  /// Mean time from age a to b while the worst rank ahead falls from one to the other.
  double residence(double a, double b, double high, double low) const {
    const double top = spare_of_new(high), bottom = spare_of_new(low);
    if (top == bottom) return (b - a) / top;
    return core::detail::integrate(
        [&](double u) { return 1 / spare_of_new(high + (low - high) * ((u - a) / (b - a))); }, {a, b}, 1e-10);
  }
  /// E[X²] / 2 of the service between two ages.
  static double half_square(const Class& c, double b, double e) {
    if (e == unbounded && (b == 0 || !std::isfinite(c.service.moment(2)))) return c.service.moment(2) / 2;
    return (c.sizes->moment(e) - c.sizes->moment(b)) - b * (c.sizes->below(e) - c.sizes->below(b));
  }
  double spare_of_new(double rank) const {
    double spare = slack_;
    for (const auto& c : classes_)
      if (c.arrival_rate > 0) spare += c.arrival_rate * c.sizes->above(c.ranks.first(rank));
    return spare;
  }

  std::vector<Class> classes_;
  double slack_;
  std::vector<std::vector<double>> residence_;  // of each line that falls
};

/// Gittins' ranks over the ages of a law.
inline RankFunction gittins_of(const Distribution& service, const Sizes& sizes) {
  // Ages close enough to follow a smooth survival function; what is beyond 2^-60 only continues the line.
  std::vector<double> ages;
  for (const double end : sizes.ends)
    if (ages.empty() || (service.survival(ages.back()) > 0x1p-60 && service.survival(end) < 1 - 0x1p-10))
      ages.push_back(end);                                        // nearer to 0, and differences would be noise
  if (const std::size_t every = ages.size() / 2000; every > 1) {  // of a law of many steps
    std::vector<double> some{0};
    for (std::size_t i = every; i < ages.size(); i += every) some.push_back(ages[i]);
    ages = some;
  }
  const std::size_t panels = ages.size() - 1, parts = std::max<std::size_t>(1, 1000 / std::max<std::size_t>(1, panels));
  std::vector<double> fine{0};
  for (std::size_t i = 1; i < ages.size(); ++i) {
    const double step = (ages[i] - ages[i - 1]) / static_cast<double>(parts);
    for (std::size_t k = 1; k < parts; ++k) fine.push_back(ages[i - 1] + step * static_cast<double>(k));
    fine.push_back(ages[i]);
  }
  const std::size_t n = fine.size();
  std::vector<double> tail(n), before(n), above(n);  // P(S > a), P(S >= a), ∫ P(S > u) from a on
  for (std::size_t i = 0; i < n; ++i) {
    tail[i] = service.survival(fine[i]);
    before[i] = i > 0 ? service.survival(std::nextafter(fine[i], 0)) : 1;
    above[i] = sizes.above(fine[i]);
  }
  const auto least = [&](std::size_t i, double start) {  // from age i, with P(S > age) = start there
    double best = start > 0 ? above[i] / start : 0;
    if (best > 0)
      for (std::size_t j = i; j < n; ++j)
        if (const double ends = start - tail[j]; ends > 1e-12 * start)
          best = std::min(best, (above[i] - above[j]) / ends);
    return best;
  };
  RankFunction out;
  const auto add = [&](double age, double rank) {
    if (!out.ranks.empty() && std::abs(rank - out.ranks.back()) <= 1e-9 * out.ranks.back()) rank = out.ranks.back();
    const std::size_t m = out.ages.size();
    if (m > 1 && out.ages[m - 1] < age && out.ranks[m - 1] == rank && out.ranks[m - 2] == rank)
      out.ages.back() = age;  // a level stretch
    else
      out.ages.push_back(age), out.ranks.push_back(rank);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const bool atom = before[i] - tail[i] > 1e-10;
    if (i > 0 && atom) add(fine[i], 0);  // all that is left may end here
    if (tail[i] > 0) add(fine[i], least(i, tail[i]));
  }
  if (out.ages.size() == 1) out.ages.push_back(2 * out.ages[0] + 1), out.ranks.push_back(out.ranks[0]);
  return out;
}

}  // namespace qsm::inline v0::queueing::detail
