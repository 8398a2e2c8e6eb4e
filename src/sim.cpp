#include <qsm/sim/station.ipp>
