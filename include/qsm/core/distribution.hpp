#pragma once
/// @file
/// A probability law as a value: the concept that a law must meet, and the one handle that engines and models take.

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <qsm/core/config.hpp>
#include <qsm/core/random.hpp>

namespace qsm::inline v0::inline core {

/// What a type must offer to be a law. These four members suffice:
///
///     struct Triangle {  // density 2x on [0, 1]
///       double mean() const { return 2.0 / 3; }
///       double variance() const { return 1.0 / 18; }
///       double cdf(double x) const { return x <= 0 ? 0 : x >= 1 ? 1 : x * x; }
///       double quantile(double p) const { return std::sqrt(p); }
///     };
///     const Distribution service = Triangle{};
///
/// Used where offered, derived by numbers where not: `pdf(x)`, `survival(x)`, `survival_quantile(q)`, `moment(k)`,
/// `skewness()`, `laplace(s)`, `low()`, `high()`, `sample(stream, first, out)`, `describe()`, and the array forms
/// `fill_pdf`, `fill_cdf`, `fill_survival`, `fill_quantile`, `fill_survival_quantile` (in, out). Offer `survival` where
/// tails matter: 1 - cdf knows nothing beyond 1e-16. `check_distribution` in testing.hpp tries a law out.
template <class Law>
concept DistributionLike = std::copy_constructible<Law> && requires(const Law& law, double x) {
  { law.mean() } -> std::convertible_to<double>;
  { law.variance() } -> std::convertible_to<double>;
  { law.cdf(x) } -> std::convertible_to<double>;
  { law.quantile(x) } -> std::convertible_to<double>;
};

namespace detail {

/// What the handle asks of a law; the bodies of the base derive by numbers what a law does not offer. They say that they
/// are inline here already: a class with one that does not is compiled wherever it is included.
class AnyLaw {
 public:
  virtual ~AnyLaw() = default;
  virtual double mean() const = 0;
  virtual double variance() const = 0;
  virtual double cdf(double x) const = 0;
  virtual double quantile(double p) const = 0;

  QSM_INLINE virtual double pdf(double x) const;
  QSM_INLINE virtual double survival(double x) const;
  QSM_INLINE virtual double survival_quantile(double q) const;
  QSM_INLINE virtual double moment(int k) const;
  QSM_INLINE virtual double skewness() const;
  QSM_INLINE virtual double laplace(double s) const;
  QSM_INLINE virtual double low() const;
  QSM_INLINE virtual double high() const;
  QSM_INLINE virtual void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const;
  QSM_INLINE virtual std::string describe() const;

  QSM_INLINE virtual void fill_pdf(std::span<const double> in, std::span<double> out) const;
  QSM_INLINE virtual void fill_cdf(std::span<const double> in, std::span<double> out) const;
  QSM_INLINE virtual void fill_survival(std::span<const double> in, std::span<double> out) const;
  QSM_INLINE virtual void fill_quantile(std::span<const double> in, std::span<double> out) const;
  QSM_INLINE virtual void fill_survival_quantile(std::span<const double> in, std::span<double> out) const;
};

template <class Law>
class HeldLaw final : public AnyLaw {
 public:
  explicit HeldLaw(Law law) : law_(std::move(law)) {}
  const Law& law() const { return law_; }

  double mean() const override { return law_.mean(); }
  double variance() const override { return law_.variance(); }
  double cdf(double x) const override { return law_.cdf(x); }
  double quantile(double p) const override { return law_.quantile(p); }

  double pdf(double x) const override {
    if constexpr (requires { law_.pdf(x); }) return law_.pdf(x);
    return AnyLaw::pdf(x);
  }
  double survival(double x) const override {
    if constexpr (requires { law_.survival(x); }) return law_.survival(x);
    return AnyLaw::survival(x);
  }
  double survival_quantile(double q) const override {
    if constexpr (requires { law_.survival_quantile(q); }) return law_.survival_quantile(q);
    return AnyLaw::survival_quantile(q);
  }
  double moment(int k) const override {
    if constexpr (requires { law_.moment(k); }) return law_.moment(k);
    return AnyLaw::moment(k);
  }
  double skewness() const override {
    if constexpr (requires { law_.skewness(); }) return law_.skewness();
    return AnyLaw::skewness();
  }
  double laplace(double s) const override {
    if constexpr (requires { law_.laplace(s); }) return law_.laplace(s);
    return AnyLaw::laplace(s);
  }
  double low() const override {
    if constexpr (requires { law_.low(); }) return law_.low();
    return AnyLaw::low();
  }
  double high() const override {
    if constexpr (requires { law_.high(); }) return law_.high();
    return AnyLaw::high();
  }
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const override {
    if constexpr (requires { law_.sample(stream, first, out); }) return law_.sample(stream, first, out);
    return AnyLaw::sample(stream, first, out);
  }
  std::string describe() const override {
    if constexpr (requires { law_.describe(); }) return law_.describe();
    return AnyLaw::describe();
  }

  void fill_pdf(std::span<const double> in, std::span<double> out) const override {
    if constexpr (requires { law_.fill_pdf(in, out); }) return law_.fill_pdf(in, out);
    return AnyLaw::fill_pdf(in, out);
  }
  void fill_cdf(std::span<const double> in, std::span<double> out) const override {
    if constexpr (requires { law_.fill_cdf(in, out); }) return law_.fill_cdf(in, out);
    return AnyLaw::fill_cdf(in, out);
  }
  void fill_survival(std::span<const double> in, std::span<double> out) const override {
    if constexpr (requires { law_.fill_survival(in, out); }) return law_.fill_survival(in, out);
    return AnyLaw::fill_survival(in, out);
  }
  void fill_quantile(std::span<const double> in, std::span<double> out) const override {
    if constexpr (requires { law_.fill_quantile(in, out); }) return law_.fill_quantile(in, out);
    return AnyLaw::fill_quantile(in, out);
  }
  void fill_survival_quantile(std::span<const double> in, std::span<double> out) const override {
    if constexpr (requires { law_.fill_survival_quantile(in, out); }) return law_.fill_survival_quantile(in, out);
    return AnyLaw::fill_survival_quantile(in, out);
  }

 private:
  Law law_;
};

}  // namespace detail

/// Any law behind one type: a value that is cheap to copy, never changes and may be shared between threads. Values are
/// mostly times, hence the unit [s]; any real support is allowed. Arguments out of range throw std::domain_error.
class Distribution {
 public:
  /// Holds a copy of the law.
  template <class Law>
    requires(!std::same_as<Law, Distribution> && DistributionLike<Law>)
  Distribution(Law law) : law_(std::make_shared<const detail::HeldLaw<Law>>(std::move(law))) {}

  /// Mean E[X] [s]; may be infinite.
  double mean() const { return law_->mean(); }
  /// Variance Var[X] [s²]; infinite where the second moment is.
  double variance() const { return law_->variance(); }
  /// Standard deviation σ [s].
  double standard_deviation() const;
  /// Squared coefficient of variation c² = Var[X] / E[X]² [1]; infinite where the variance is.
  double scv() const;
  /// Skewness E[(X - E[X])³] / σ³ [1]; 0 for a constant, infinite where the third moment is.
  double skewness() const { return law_->skewness(); }
  /// Raw moment E[Xᵏ] [sᵏ], order k an integer >= 1; infinite where it does not exist.
  double moment(int order) const;

  /// Density f(x) [1/s]; infinite on an atom.
  double pdf(double value) const;
  /// P(X <= x) [1].
  double cdf(double value) const;
  /// P(X > x) [1], accurate however small it is.
  double survival(double value) const;
  /// Smallest x with P(X <= x) >= p [s], p in [0, 1]; p = 0 and 1 give the ends of the support.
  double quantile(double probability) const;
  /// Smallest x with P(X > x) <= q [s], q in [0, 1]: the quantile of 1 - q for q of any smallness.
  double survival_quantile(double probability) const;
  /// Laplace transform E[exp(-sX)] [1], s [1/s] finite and >= 0.
  double laplace(double rate) const;

  /// Lower end of the support [s]; may be -infinity.
  double low() const { return law_->low(); }
  /// Upper end of the support [s]; may be infinity.
  double high() const { return law_->high(); }

  /// Variates first, first + 1, ... of the stream; variate i depends on nothing but the law, the stream and i.
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
    law_->sample(stream, first, out);
  }

  /// Density of each value [1/s]; `out` has the size of `values`.
  void fill_pdf(std::span<const double> values, std::span<double> out) const;
  /// P(X <= x) of each value [1].
  void fill_cdf(std::span<const double> values, std::span<double> out) const;
  /// P(X > x) of each value [1].
  void fill_survival(std::span<const double> values, std::span<double> out) const;
  /// Quantile of each probability [s].
  void fill_quantile(std::span<const double> probabilities, std::span<double> out) const;
  /// Survival quantile of each probability [s].
  void fill_survival_quantile(std::span<const double> probabilities, std::span<double> out) const;

  /// Text that reads as the constructor call: `exponential(rate=2)`.
  std::string describe() const { return law_->describe(); }

  /// The law itself where it is of that type, else nullptr: lets an engine take a short cut.
  template <class Law>
  const Law* as() const {
    const auto* held = dynamic_cast<const detail::HeldLaw<Law>*>(law_.get());
    return held ? &held->law() : nullptr;
  }

 private:
  std::shared_ptr<const detail::AnyLaw> law_;
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/distribution.ipp>
#endif
