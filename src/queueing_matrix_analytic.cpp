#include <qsm/queueing/detail/dense.ipp>
#include <qsm/queueing/markovian_arrivals.ipp>
#include <qsm/queueing/markovian_priority.ipp>
#include <qsm/queueing/markovian_queue.ipp>
#include <qsm/queueing/quasi_birth_death.ipp>
