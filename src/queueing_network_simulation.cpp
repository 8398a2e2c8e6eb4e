#include <qsm/queueing/network_simulation.ipp>
