#include <qsm/policies/circuit_breaker.ipp>
#include <qsm/policies/concurrency.ipp>
#include <qsm/policies/fair.ipp>
#include <qsm/policies/hedging.ipp>
#include <qsm/policies/limiter.ipp>
