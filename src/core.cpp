#include <qsm/core/error.ipp>
#include <qsm/core/histogram.ipp>
#include <qsm/core/interval.ipp>
