#pragma once
/// @file
/// Sketches: summaries of many values that stay small and can be merged.

#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/count_min.hpp>
#include <qsm/sketches/count_sketch.hpp>
#include <qsm/sketches/counting_bloom.hpp>
#include <qsm/sketches/cuckoo.hpp>
#include <qsm/sketches/filter.hpp>
#include <qsm/sketches/frequent_item.hpp>
#include <qsm/sketches/fuse.hpp>
#include <qsm/sketches/hasher.hpp>
#include <qsm/sketches/hdr_histogram.hpp>
#include <qsm/sketches/hyperloglog.hpp>
#include <qsm/sketches/misra_gries.hpp>
#include <qsm/sketches/sketch.hpp>
#include <qsm/sketches/space_saving.hpp>
