// M/M/c without servers.
// expected: too few arguments|no matching function
#include <qsm/queueing.hpp>

#ifdef MUST_FAIL
const auto queue = qsm::queueing::mmc(9, 1);
#else
const auto queue = qsm::queueing::mmc(9, 1, 10);
#endif
