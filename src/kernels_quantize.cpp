#include <qsm/kernels/quantize.ipp>
