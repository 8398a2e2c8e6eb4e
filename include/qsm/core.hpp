#pragma once
/// @file
/// The ground: errors, random streams, probability laws, statistics.

#include <qsm/core/bytes.hpp>
#include <qsm/core/config.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/core/distributions.hpp>
#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/fit.hpp>
#include <qsm/core/hashing.hpp>
#include <qsm/core/murmur.hpp>
#include <qsm/core/progress.hpp>
#include <qsm/core/random.hpp>
#include <qsm/core/samplers.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/core/siphash.hpp>
#include <qsm/core/statistics.hpp>
#include <qsm/core/units.hpp>
#include <qsm/core/wyhash.hpp>
#include <qsm/core/xxh3.hpp>
