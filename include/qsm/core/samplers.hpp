#pragma once
/// @file
/// Named samplers: each fills a block with the variates first, first + 1, ... of a stream.
///
/// Variate i depends on nothing but the stream and i, so blocks may be cut anywhere and filled in any order, and it is
/// the same on every platform. Samplers with one draw per variate are monotone in it. Where a variate takes several
/// draws, the text says which; two samplers on one stream share draws, so give each its own child.

#include <cstdint>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/random.hpp>

namespace qsm::inline v0::inline core {

/// Uniform on the interval from low to high: low + u (high - low).
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param low     lower end [any], finite
/// @param high    upper end [any], finite and > low
/// @param out     variates [unit of low], one draw each
/// @source        Law 2015, Simulation modeling and analysis, 5th edition, section 8.3.1
void fill_uniform(const Stream& stream, std::uint64_t first, double low, double high, std::span<double> out);

/// Exponential: -mean ln u.
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param mean    mean [unit of out], finite and > 0
/// @param out     variates [as documented], one draw each, decreasing in it
/// @source        Law 2015, Simulation modeling and analysis, 5th edition, section 8.3.2
void fill_exponential(const Stream& stream, std::uint64_t first, double mean, std::span<double> out);

/// Normal, by the quantile of u.
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param mean    mean μ [unit of out], finite
/// @param deviation  standard deviation σ [unit of out], finite and > 0
/// @param out     variates [as documented], one draw each, increasing in it
/// @source        Wichura 1988, Algorithm AS 241: the percentage points of the normal distribution
void fill_normal(const Stream& stream, std::uint64_t first, double mean, double deviation, std::span<double> out);

/// Lognormal: e^(μ + σ z) with z standard normal.
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param log_mean       mean μ of the logarithm [1], finite
/// @param log_deviation  standard deviation σ of the logarithm [1], finite and > 0
/// @param out     variates [as documented], one draw each, increasing in it
/// @source        Law 2015, Simulation modeling and analysis, 5th edition, section 8.3.7
void fill_lognormal(const Stream& stream, std::uint64_t first, double log_mean, double log_deviation,
                    std::span<double> out);

/// Weibull with P(X > x) = e^(-(x / scale)^shape): scale (-ln u)^(1 / shape).
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param shape   shape [1], finite and > 0
/// @param scale   scale [unit of out], finite and > 0
/// @param out     variates [as documented], one draw each, decreasing in it
/// @source        Law 2015, Simulation modeling and analysis, 5th edition, section 8.3.5
void fill_weibull(const Stream& stream, std::uint64_t first, double shape, double scale, std::span<double> out);

/// Pareto with P(X > x) = (scale / x)^shape for x >= scale: scale u^(-1 / shape).
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param shape   tail index α [1], finite and > 0
/// @param scale   least value [unit of out], finite and > 0
/// @param out     variates [as documented], one draw each, decreasing in it
/// @source        Arnold 2015, Pareto distributions, 2nd edition
void fill_pareto(const Stream& stream, std::uint64_t first, double shape, double scale, std::span<double> out);

/// Pareto cut to [low, high]: low (u + (1 - u) (low / high)^α)^(-1 / α).
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param shape   tail index α [1], finite and > 0
/// @param low     least value [unit of out], finite and > 0
/// @param high    greatest value [unit of out], finite and > low
/// @param out     variates [as documented], one draw each, decreasing in it
/// @source        Harchol-Balter 2013, Performance modeling and design of computer systems, chapter 20
void fill_bounded_pareto(const Stream& stream, std::uint64_t first, double shape, double low, double high,
                         std::span<double> out);

/// Erlang: the sum of `stages` exponentials, from the logarithm of the product of their draws.
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param stages  number of exponential stages k [1], integer >= 1
/// @param mean    mean of the sum [unit of out], finite and > 0
/// @param out     variates [as documented]; variate i takes the draws i k, ..., i k + k - 1
/// @source        Law 2015, Simulation modeling and analysis, 5th edition, section 8.3.3
void fill_erlang(const Stream& stream, std::uint64_t first, std::uint64_t stages, double mean, std::span<double> out);

/// Gamma, by rejection from a cubed normal. Attempt j of variate i takes the draws 2 i and 2 i + 1 of the child
/// "gamma" / j, and the power that a shape below one needs takes draw i of the child "gamma power".
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param shape   shape [1], finite and > 0
/// @param scale   scale [unit of out], finite and > 0
/// @param out     variates [as documented], of any number
/// @source        Marsaglia, Tsang 2000, A simple method for generating gamma variables
void fill_gamma(const Stream& stream, std::uint64_t first, double shape, double scale, std::span<double> out);

/// Hyperexponential: an exponential whose mean is chosen at random.
///
/// @param stream  where the draws come from
/// @param first   index of the first variate [1], integer >= 0
/// @param weights  relative odds of the branches [1], each finite and >= 0, their sum > 0
/// @param means   mean of each branch [unit of out], finite and > 0, as many as weights
/// @param out     variates [as documented]; variate i chooses by draw 2 i and takes its exponential from draw 2 i + 1
/// @source        Law 2015, Simulation modeling and analysis, 5th edition, section 8.2.2 (composition)
void fill_hyperexponential(const Stream& stream, std::uint64_t first, std::span<const double> weights,
                           std::span<const double> means, std::span<double> out);

/// A choice among numbered things with given odds, found in constant expected time, whatever their number: the least
/// index whose cumulative probability exceeds u. A value: share it between threads.
class Choice {
 public:
  /// Relative odds: each finite and >= 0, their sum finite and > 0.
  explicit Choice(std::span<const double> weights);

  /// Variates first, first + 1, ... of the stream: indices below size(), one draw each, never decreasing in it.
  void fill(const Stream& stream, std::uint64_t first, std::span<std::uint32_t> out) const;
  /// Index that the number u in [0, 1) chooses.
  std::uint32_t at(double u) const;
  /// Number of things to choose from.
  std::size_t size() const { return cumulative_.size(); }

  friend bool operator==(const Choice&, const Choice&) = default;

 private:
  std::vector<double> cumulative_;    // the last one with odds and those after it are infinite
  std::vector<std::uint32_t> guide_;  // for each of size() equal parts of [0, 1), the index at its left end
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/samplers.ipp>
#endif
