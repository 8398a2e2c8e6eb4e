#pragma once
/// @file
/// Running moments of what has been seen so far, in one pass and without cancellation; mergeable across threads.

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core {

/// Mean, variance, skewness, kurtosis, smallest and largest of a sample, updated value by value.
///
///     Moments moments;
///     moments.add(waits);
///     moments.merge(of_another_thread);
///     moments.mean();
///
/// Central moments are kept about the running mean, so that a small variance beside a large mean keeps its digits.
///
/// @source  Welford 1962, Note on a method for calculating corrected sums of squares and products
/// @source  Pébay 2008, Formulas for robust, one-pass parallel computation of covariances and arbitrary-order moments
class Moments {
 public:
  /// Adds one value x [any].
  void add(double value) { add(value, 1); }
  /// Adds a value x [any] that counts w [1] times; w is finite and >= 0.
  void add(double value, double weight);
  /// Adds every value of a span.
  void add(std::span<const double> values) {
    for (const double value : values) add(value);
  }
  /// Adds all that another has seen; the order of merging changes the result by rounding only.
  void merge(const Moments& other);

  /// Sum of the weights n [1].
  double count() const { return count_; }
  /// Mean x̄; NaN of nothing.
  double mean() const { return count_ > 0 ? mean_ : nan; }
  /// Unbiased variance Σ(x - x̄)²/(n - 1); NaN below two values.
  double variance() const { return count_ > 1 ? second_ / (count_ - 1) : nan; }
  /// Square root of the unbiased variance.
  double standard_deviation() const { return std::sqrt(variance()); }
  /// Squared coefficient of variation, variance/mean² [1].
  double scv() const { return variance() / (mean() * mean()); }
  /// Skewness of the sample m₃/m₂^(3/2) [1]; NaN where all values are equal.
  double skewness() const { return std::sqrt(count_) * third_ / std::pow(second_, 1.5); }
  /// Excess kurtosis of the sample m₄/m₂² - 3 [1]; NaN where all values are equal.
  double kurtosis() const { return count_ * fourth_ / (second_ * second_) - 3; }
  /// Smallest value; +infinity of nothing.
  double min() const { return min_; }
  /// Largest value; -infinity of nothing.
  double max() const { return max_; }

 private:
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

  double count_ = 0;
  double mean_ = 0;
  double second_ = 0;  // sums of powers of (x - mean)
  double third_ = 0;
  double fourth_ = 0;
  double min_ = infinity;
  double max_ = -infinity;
};

/// Average over time of a value that changes in steps: a queue length, a price, a number of busy servers.
///
///     TimeAverage length;          // 0 from time 0 on
///     length.set(2.5, 1);          // 1 from 2.5 on
///     length.mean(10);             // 0.75
class TimeAverage {
 public:
  /// Starts at `time` [s], finite, with `value`, finite.
  explicit TimeAverage(double time = 0, double value = 0) : start_(time), time_(time), value_(value), max_(value) {
    Check check("TimeAverage");
    check.finite("time", time);
    check.finite("value", value);
  }

  /// The value is `value`, finite, from `time` [s] on, finite and not before the last change.
  void set(double time, double value) {
    Check check("TimeAverage.set");
    check.finite("value", value);
    advance(check, time);
    value_ = value;
    max_ = std::max(max_, value);
  }
  /// The value grows by `change`, finite, at `time` [s], finite and not before the last change.
  void add(double time, double change) { set(time, value_ + change); }

  /// The value now.
  double value() const { return value_; }
  /// Largest value so far.
  double max() const { return max_; }
  /// Integral of the value from the start until `time` [s], finite and not before the last change.
  double integral(double time) const {
    TimeAverage then = *this;
    then.advance(Check("TimeAverage.integral"), time);
    return then.area_;
  }
  /// Average from the start until `time` [s], finite and not before the last change; the value itself at the start.
  double mean(double time) const {
    const double area = integral(time);
    return time > start_ ? area / (time - start_) : value_;
  }
  /// Forgets what was before `time` [s], finite and not before the last change: the end of a warm-up.
  void restart(double time) {
    advance(Check("TimeAverage.restart"), time);
    start_ = time;
    area_ = 0;
    max_ = value_;
  }

 private:
  void advance(Check check, double time) {
    check.finite("time", time);
    check.that(time >= time_, "time", time, ">= the time of the last change");
    area_ += value_ * (time - time_);
    time_ = time;
  }

  double start_;
  double time_;
  double value_;
  double area_ = 0;
  double max_;
};

inline void Moments::add(double value, double weight) {
  Check("Moments.add").not_negative("weight", weight);
  if (weight == 0) return;
  Moments one;
  one.count_ = weight;
  one.mean_ = one.min_ = one.max_ = value;
  merge(one);
}

inline void Moments::merge(const Moments& other) {
  if (other.count_ == 0) return;
  const double a = count_, b = other.count_, n = a + b;
  const double delta = other.mean_ - mean_;
  const double step = delta / n;
  const double square = delta * step * a * b;
  fourth_ += other.fourth_ + square * step * step * (a * a - a * b + b * b) +
             6 * step * step * (a * a * other.second_ + b * b * second_) + 4 * step * (a * other.third_ - b * third_);
  third_ += other.third_ + square * step * (a - b) + 3 * step * (a * other.second_ - b * second_);
  second_ += other.second_ + square;
  mean_ += step * b;
  count_ = n;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

}  // namespace qsm::inline v0::inline core
