// A check has to know the function it speaks for.
// expected: no matching (function|constructor)
#include <qsm/core/error.hpp>

#ifdef MUST_FAIL
void validate(double rate) { qsm::Check().positive("rate", rate); }
#else
void validate(double rate) { qsm::Check("validate").positive("rate", rate); }
#endif
