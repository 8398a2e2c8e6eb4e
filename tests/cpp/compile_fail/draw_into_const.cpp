// Variates cannot be written into numbers that are const.
// expected: could not convert|cannot convert|no viable conversion|no matching function
#include <qsm/core/random.hpp>

#ifdef MUST_FAIL
void run(std::span<const double> block) { qsm::Stream(42).uniforms(0, block); }
#else
void run(std::span<double> block) { qsm::Stream(42).uniforms(0, block); }
#endif
