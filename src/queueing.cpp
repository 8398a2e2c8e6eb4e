#include <qsm/queueing/compare.ipp>
#include <qsm/queueing/erlang.ipp>
#include <qsm/queueing/mmc.ipp>
#include <qsm/queueing/mmck.ipp>
#include <qsm/queueing/simulate.ipp>
