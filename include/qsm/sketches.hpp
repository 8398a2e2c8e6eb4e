#pragma once
/// @file
/// Sketches: summaries of many values that stay small and can be merged.

#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/count_min.hpp>
#include <qsm/sketches/ddsketch.hpp>
#include <qsm/sketches/exact_quantiles.hpp>
#include <qsm/sketches/exaloglog.hpp>
#include <qsm/sketches/gk_sketch.hpp>
#include <qsm/sketches/hasher.hpp>
#include <qsm/sketches/hdr_histogram.hpp>
#include <qsm/sketches/hyperloglog.hpp>
#include <qsm/sketches/kll_sketch.hpp>
#include <qsm/sketches/linear_counter.hpp>
#include <qsm/sketches/lsh.hpp>
#include <qsm/sketches/minhash.hpp>
#include <qsm/sketches/reservoir.hpp>
#include <qsm/sketches/simhash.hpp>
#include <qsm/sketches/sketch.hpp>
#include <qsm/sketches/space_saving.hpp>
#include <qsm/sketches/tdigest.hpp>
#include <qsm/sketches/theta.hpp>
#include <qsm/sketches/ultraloglog.hpp>
#include <qsm/sketches/weighted_minhash.hpp>
