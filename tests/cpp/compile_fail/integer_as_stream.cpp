// A seed becomes a stream only where that is written.
// expected: could not convert|invalid initialization|no viable conversion|no matching function
#include <qsm/core/random.hpp>

void draw(qsm::Stream stream);

#ifdef MUST_FAIL
void run() { draw(42); }
#else
void run() { draw(qsm::Stream(42)); }
#endif
