#pragma once
/// @file
/// Sharding: which node holds a key, and what it costs when nodes, keys and load change.

#include <qsm/sharding/anchor.hpp>
#include <qsm/sharding/bounded.hpp>
#include <qsm/sharding/consistent_hash.hpp>
#include <qsm/sharding/heat.hpp>
#include <qsm/sharding/jump.hpp>
#include <qsm/sharding/maglev.hpp>
#include <qsm/sharding/measure.hpp>
#include <qsm/sharding/modulo.hpp>
#include <qsm/sharding/multi_probe.hpp>
#include <qsm/sharding/optimize.hpp>
#include <qsm/sharding/power.hpp>
#include <qsm/sharding/ranges.hpp>
#include <qsm/sharding/rebalance.hpp>
#include <qsm/sharding/rendezvous.hpp>
#include <qsm/sharding/ring.hpp>
#include <qsm/sharding/space.hpp>
#include <qsm/sharding/theory.hpp>
#include <qsm/sharding/transactions.hpp>
