// In a constant expression, bad input is a compile error.
// expected: constexpr|constant expression
#include <qsm/queueing.hpp>

#ifdef MUST_FAIL
constexpr auto queue = qsm::queueing::mm1(-9, 10);
#else
constexpr auto queue = qsm::queueing::mm1(9, 10);
static_assert(queue.stable());
#endif
