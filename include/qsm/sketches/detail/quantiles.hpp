#pragma once
/// @file
/// What the sketches of numbers share: checks, and answers from values with the numbers up to each.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/estimate.hpp>

namespace qsm::inline v0::sketches::detail {

inline constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] inline void refuse_number(const char* type, const char* member, const char* argument, double value,
                                       const char* range) {
  core::detail::refuse((std::string(type) + "." + member).c_str(), argument, value, range);
}

/// Refuses numbers of which one is not finite, before any is added.
inline void check_finite(const char* type, std::span<const double> numbers) {
  bool finite = true;
  for (const double number : numbers) finite &= std::abs(number) <= std::numeric_limits<double>::max();
  if (finite) [[likely]]
    return;
  for (const double number : numbers)
    if (!std::isfinite(number)) refuse_number(type, "add", "number", number, "finite");
}

inline void check_questions(const char* type, const char* member, std::span<const double> in, std::span<double> out) {
  if (in.size() != out.size())
    refuse_number(type, member, "size of out", static_cast<double>(out.size()), "that of the questions");
}

/// Probabilities in [0, 1], or numbers that are no NaN.
inline void check_probabilities(const char* type, std::span<const double> in, std::span<double> out) {
  check_questions(type, "quantile", in, out);
  for (const double probability : in)
    if (!(probability >= 0 && probability <= 1))
      refuse_number(type, "quantile", "probability", probability, "in [0, 1]");
}
inline void check_places(const char* type, std::span<const double> in, std::span<double> out) {
  check_questions(type, "cdf", in, out);
  for (const double number : in)
    if (std::isnan(number)) refuse_number(type, "cdf", "number", number, "a number, infinite or not");
}

/// Rank of the quantile among n > 0 numbers, 1 to n: the smallest rank r with r >= n p. One unit in the last place of p
/// is forgiven, so that 0.1 of 10 is the first.
inline std::uint64_t rank_of(double probability, std::uint64_t n) {
  const double rank = std::ceil(std::nextafter(probability, 0) * static_cast<double>(n));
  if (probability == 1 || rank >= static_cast<double>(n)) return n;
  return rank < 1 ? 1 : static_cast<std::uint64_t>(rank);
}

/// Values in order, and of how many numbers each is at or above.
struct RankedValues {
  std::vector<double> values = {};
  std::vector<std::uint64_t> up_to = {};

  /// From values with how many numbers each stands for.
  static RankedValues of(std::vector<std::pair<double, std::uint64_t>> weighted) {
    std::sort(weighted.begin(), weighted.end());
    RankedValues ranked;
    ranked.values.reserve(weighted.size());
    ranked.up_to.reserve(weighted.size());
    std::uint64_t sum = 0;
    for (const auto& [value, weight] : weighted) {
      ranked.values.push_back(value);
      ranked.up_to.push_back(sum += weight);
    }
    return ranked;
  }
  std::uint64_t total() const { return up_to.empty() ? 0 : up_to.back(); }
  double at_rank(std::uint64_t rank) const {
    return values[static_cast<std::size_t>(std::lower_bound(up_to.begin(), up_to.end(), rank) - up_to.begin())];
  }
  double quantile(double probability) const {
    return values.empty() ? nothing : at_rank(rank_of(probability, total()));
  }
  double cdf(double number) const {
    if (values.empty()) return nothing;
    const auto above = std::upper_bound(values.begin(), values.end(), number) - values.begin();
    if (above == 0) return 0;
    return static_cast<double>(up_to[static_cast<std::size_t>(above) - 1]) / static_cast<double>(total());
  }
};

/// Answers of a sketch that keeps some of the numbers and knows how far off their ranks may be. It has `name`,
/// `ranked()`, `min()`, `max()`, `lowest_rank(p)`, `highest_rank(p)` and `bound()`, the text that names the bound.
template <class Self>
class Ranks {
 public:
  void fill_quantile(std::span<const double> probabilities, std::span<double> out) const {
    check_probabilities(Self::name, probabilities, out);
    const RankedValues ranked = self().ranked();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = quantile_in(ranked, probabilities[i]);
  }
  void fill_cdf(std::span<const double> numbers, std::span<double> out) const {
    check_places(Self::name, numbers, out);
    const RankedValues ranked = self().ranked();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = cdf_in(ranked, numbers[i]);
  }
  Estimate quantile(double probability) const {
    double value{};
    check_probabilities(Self::name, {&probability, 1}, {&value, 1});
    const RankedValues ranked = self().ranked();
    return {quantile_in(ranked, probability), quantile_in(ranked, self().lowest_rank(probability)),
            quantile_in(ranked, self().highest_rank(probability)), self().bound()};
  }
  Estimate cdf(double number) const {
    double value{};
    check_places(Self::name, {&number, 1}, {&value, 1});
    value = cdf_in(self().ranked(), number);
    const bool outside = !(number >= self().min() && number < self().max());  // there it is certain
    return {value, outside ? value : self().lowest_rank(value), outside ? value : self().highest_rank(value),
            self().bound()};
  }

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }
  double quantile_in(const RankedValues& ranked, double probability) const {
    if (probability == 0) return self().min();
    if (probability == 1) return self().max();
    return ranked.quantile(probability);
  }
  double cdf_in(const RankedValues& ranked, double number) const {
    if (number < self().min()) return 0;
    if (number >= self().max()) return 1;
    return ranked.cdf(number);
  }
};

}  // namespace qsm::inline v0::sketches::detail
