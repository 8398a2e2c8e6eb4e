#include <qsm/core/error.ipp>
#include <qsm/core/random.ipp>
