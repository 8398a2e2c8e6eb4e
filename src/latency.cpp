#include <qsm/latency/bounds.ipp>
#include <qsm/latency/extremes.ipp>
#include <qsm/latency/littles_law.ipp>
#include <qsm/latency/omission.ipp>
#include <qsm/latency/percentiles.ipp>
#include <qsm/latency/propagation.ipp>
#include <qsm/latency/retry.ipp>
#include <qsm/latency/sum.ipp>
