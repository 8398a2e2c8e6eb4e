#include <qsm/sim/parallel.ipp>
#include <qsm/sim/station.ipp>
