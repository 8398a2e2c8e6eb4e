#include <qsm/core/distribution.ipp>
#include <qsm/core/distributions/exponential.ipp>
