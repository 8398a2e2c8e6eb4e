#include <qsm/queueing/erlang_a.ipp>
#include <qsm/queueing/finite_source.ipp>
#include <qsm/queueing/mdc.ipp>
#include <qsm/queueing/mm_infinity.ipp>
#include <qsm/queueing/retrial.ipp>
#include <qsm/queueing/staffing.ipp>
