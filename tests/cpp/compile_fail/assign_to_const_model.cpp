// A model that was declared const keeps its inputs.
// expected: read-only object|cannot assign to
#include <qsm/queueing.hpp>

void change() {
#ifdef MUST_FAIL
  const auto queue = qsm::queueing::mm1(9, 10);
#else
  auto queue = qsm::queueing::mm1(9, 10);
#endif
  queue.arrival_rate = 1;
}
