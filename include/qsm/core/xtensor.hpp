#pragma once
/// @file
/// Functions and models over xtensor's arrays. The one header that needs xtensor (0.24 or newer); no other includes it.

#if __has_include(<xtensor/core/xvectorize.hpp>)
#include <xtensor/core/xvectorize.hpp>
#else
#include <xtensor/xvectorize.hpp>
#endif

#include <utility>

namespace qsm::inline v0::inline core {

/// A function of numbers over arrays, element by element with broadcasting, as a lazy xtensor expression:
///
///     const xt::xtensor<double, 1> waits =
///         broadcast([](double load, double servers) { return mmc(load, 1, servers).mean_wait(); }, loads, servers);
///
/// A bad element throws what the function throws, when the expression is evaluated.
template <class Function, class... Arrays>
auto broadcast(Function&& function, Arrays&&... arrays) {
  return xt::vectorize(std::forward<Function>(function))(std::forward<Arrays>(arrays)...);
}

}  // namespace qsm::inline v0::inline core
