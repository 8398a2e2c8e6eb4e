#include <qsm/sketches/hasher.ipp>
#include <qsm/sketches/hdr_histogram.ipp>
