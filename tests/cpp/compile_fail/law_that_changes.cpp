// A law whose members are not const cannot be shared between threads, and is refused.
// expected: constraint|static assertion|static_assert
#include <qsm/core/distribution.hpp>

#ifdef MUST_FAIL
#define CONST
#else
#define CONST const
#endif

struct Constant {
  double mean() const { return 1; }
  double variance() const { return 0; }
  double cdf(double x) CONST { return x < 1 ? 0 : 1; }
  double quantile(double) const { return 1; }
};
static_assert(qsm::DistributionLike<Constant>);
