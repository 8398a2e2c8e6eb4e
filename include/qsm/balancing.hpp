#pragma once
/// @file
/// Which server takes which request: policies to embed, their theory, and farms of servers simulated behind them.

#include <qsm/balancing/any_balancer.hpp>
#include <qsm/balancing/balls.hpp>
#include <qsm/balancing/compare.hpp>
#include <qsm/balancing/consistent_hashing.hpp>
#include <qsm/balancing/geography.hpp>
#include <qsm/balancing/health.hpp>
#include <qsm/balancing/latency_aware.hpp>
#include <qsm/balancing/least_loaded.hpp>
#include <qsm/balancing/mean_field.hpp>
#include <qsm/balancing/rotation.hpp>
#include <qsm/balancing/simulate.hpp>
#include <qsm/balancing/size_interval.hpp>
