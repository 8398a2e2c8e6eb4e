#include <qsm/core/error.ipp>
