#include <qsm/queueing/compare.ipp>
#include <qsm/queueing/erlang.ipp>
#include <qsm/queueing/fork_join.ipp>
#include <qsm/queueing/mmc.ipp>
#include <qsm/queueing/mmck.ipp>
#include <qsm/queueing/network.ipp>
#include <qsm/queueing/network_bounds.ipp>
#include <qsm/queueing/simulate.ipp>
