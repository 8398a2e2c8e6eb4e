#include <qsm/balancing/any_balancer.ipp>
#include <qsm/balancing/health.ipp>
#include <qsm/balancing/latency_aware.ipp>
#include <qsm/balancing/least_loaded.ipp>
#include <qsm/balancing/rotation.ipp>
#include <qsm/balancing/simulate.ipp>
