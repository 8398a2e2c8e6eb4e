#include <qsm/core/bytes.ipp>
#include <qsm/core/error.ipp>
#include <qsm/core/histogram.ipp>
#include <qsm/core/interval.ipp>
#include <qsm/core/progress.ipp>
#include <qsm/core/random.ipp>
#include <qsm/core/samplers.ipp>
#include <qsm/core/simd.ipp>
