// What is private stays so.
// expected: is (a )?private
#include <qsm/queueing.hpp>

#ifdef MUST_FAIL
double rate() { return qsm::queueing::mmc(9, 1, 10).spare_rate(); }
#else
double rate() { return qsm::queueing::mmc(9, 1, 10).arrival_rate; }
#endif
