// A text is not a number of servers.
// expected: cannot convert|cannot initialize|no known conversion|no matching function
#include <qsm/queueing.hpp>

#ifdef MUST_FAIL
const auto queue = qsm::queueing::mmc(9, 1, "10");
#else
const auto queue = qsm::queueing::mmc(9, 1, 10);
#endif
