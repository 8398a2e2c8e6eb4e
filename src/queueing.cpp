#include <qsm/queueing/simulate.ipp>
