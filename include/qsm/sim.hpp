#pragma once
/// @file
/// Simulation: an event calendar in virtual time, the recursion of a station, replications, sweeps, traces of events.

#include <qsm/sim/calendar.hpp>
#include <qsm/sim/explore.hpp>
#include <qsm/sim/machine.hpp>
#include <qsm/sim/parallel.hpp>
#include <qsm/sim/replications.hpp>
#include <qsm/sim/state_hash.hpp>
#include <qsm/sim/station.hpp>
#include <qsm/sim/sweep.hpp>
#include <qsm/sim/trace.hpp>
