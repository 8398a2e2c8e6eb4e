#pragma once
/// @file
/// Everything for samples: running moments, histograms, intervals.

#include <qsm/core/histogram.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/moments.hpp>
