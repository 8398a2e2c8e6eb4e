// A law without a quantile function is not DistributionLike.
// expected: constraint|non-scalar type|no viable conversion
#include <qsm/core/distribution.hpp>

struct Constant {
  double mean() const { return 1; }
  double variance() const { return 0; }
  double cdf(double x) const { return x < 1 ? 0 : 1; }
#ifndef MUST_FAIL
  double quantile(double) const { return 1; }
#endif
};
const qsm::Distribution service = Constant{};
