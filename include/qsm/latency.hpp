#pragma once
/// @file
/// Latency: floors, budgets, laws and their algebra, percentiles, and how measuring goes wrong.

#include <qsm/latency/bounds.hpp>
#include <qsm/latency/budget.hpp>
#include <qsm/latency/extremes.hpp>
#include <qsm/latency/littles_law.hpp>
#include <qsm/latency/omission.hpp>
#include <qsm/latency/percentiles.hpp>
#include <qsm/latency/propagation.hpp>
#include <qsm/latency/retry.hpp>
#include <qsm/latency/revenue.hpp>
#include <qsm/latency/schedulability.hpp>
#include <qsm/latency/sum.hpp>
