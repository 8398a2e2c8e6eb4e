#include <qsm/kernels/attention.ipp>
#include <qsm/kernels/cache.ipp>
#include <qsm/kernels/float8.ipp>
#include <qsm/kernels/gemm.ipp>
#include <qsm/kernels/number.ipp>
#include <qsm/kernels/packed.ipp>
#include <qsm/kernels/plan.ipp>
