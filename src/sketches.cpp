#include <qsm/sketches/hdr_histogram.ipp>
