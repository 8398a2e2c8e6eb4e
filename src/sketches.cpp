#include <qsm/sketches/bloom.ipp>
#include <qsm/sketches/count_min.ipp>
#include <qsm/sketches/ddsketch.ipp>
#include <qsm/sketches/hasher.ipp>
#include <qsm/sketches/hdr_histogram.ipp>
#include <qsm/sketches/hyperloglog.ipp>
#include <qsm/sketches/sketch.ipp>
#include <qsm/sketches/space_saving.ipp>
