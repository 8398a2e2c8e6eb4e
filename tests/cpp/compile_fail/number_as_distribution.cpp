// A number is not a law: a constant time is said to be one.
// expected: constraint|conversion from|no viable conversion
#include <qsm/core/distributions/deterministic.hpp>

#ifdef MUST_FAIL
const qsm::Distribution service = 0.1;
#else
const qsm::Distribution service = qsm::deterministic(0.1);
#endif
