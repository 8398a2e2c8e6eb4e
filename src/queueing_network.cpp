#include <qsm/queueing/network.ipp>
