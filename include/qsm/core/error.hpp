#pragma once
/// @file
/// Refusing bad input: one sentence that names function, argument, value and range.

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core {

/// Largest count that no integer above it is rounded to: 2^53 - 1.
inline constexpr double largest_count = 9007199254740991.0;

namespace detail {

/// Shortest decimal text that reads back as the same double.
std::string shortest(double value);

/// Throws std::domain_error("erlang_b: servers must be an integer >= 0, got 10.7").
[[noreturn]] void refuse(const char* function, const char* argument, double value, const char* range);

/// The ranges that arguments come in, each once; `Self::that` says what happens when one is left. Conditions are
/// joined by `&`, so that a loop over arrays has no branch.
template <class Self>
struct Ranges {
  static constexpr double largest = std::numeric_limits<double>::max();

  constexpr void finite(const char* argument, double value) {
    self().that((value >= -largest) & (value <= largest), argument, value, "finite");
  }
  constexpr void positive(const char* argument, double value) {
    self().that((value > 0) & (value <= largest), argument, value, "finite and > 0");
  }
  constexpr void not_negative(const char* argument, double value) {
    self().that((value >= 0) & (value <= largest), argument, value, "finite and >= 0");
  }
  /// A time or load that may be infinite.
  constexpr void extended(const char* argument, double value) { self().that(value >= 0, argument, value, ">= 0"); }
  constexpr void probability(const char* argument, double value) {
    self().that((value >= 0) & (value <= 1), argument, value, "in [0, 1]");
  }
  /// A probability strictly between impossible and certain.
  constexpr void inner_probability(const char* argument, double value) {
    self().that((value > 0) & (value < 1), argument, value, "in (0, 1)");
  }
  /// An integer: 10.0 is one, 10.7 is refused.
  void count(const char* argument, double value) {
    self().that((value >= 0) & (value <= largest_count) & (value == std::trunc(value)), argument, value,
                value > largest_count ? "an integer below 2^53" : "an integer >= 0");
  }
  void positive_count(const char* argument, double value) {
    self().that((value >= 1) & (value <= largest_count) & (value == std::trunc(value)), argument, value,
                value > largest_count ? "an integer below 2^53" : "an integer >= 1");
  }

 private:
  constexpr Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace detail

/// Throws std::domain_error on the first argument that is out of range:
///
///     Check check("erlang_b");
///     check.count("servers", servers);
///     check.not_negative("offered_load", offered_load);
struct Check : detail::Ranges<Check> {
  const char* function;

  explicit constexpr Check(const char* name) : function(name) {}

  constexpr void that(bool holds, const char* argument, double value, const char* range) const {
    if (!holds) [[unlikely]]
      detail::refuse(function, argument, value, range);
  }
};

/// Gathers one truth value instead of throwing: the same checks, run over whole arrays without a branch.
struct Valid : detail::Ranges<Valid> {
  constexpr void that(bool holds, const char*, double, const char*) { mask &= holds ? ~std::uint64_t{0} : 0; }
  constexpr bool all() const { return mask != 0; }

 private:
  std::uint64_t mask = ~std::uint64_t{0};  // as wide as a double, so that loops vectorise
};

}  // namespace qsm::inline v0::inline core

#ifdef QSM_HEADER_ONLY
#include <qsm/core/error.ipp>
#endif
