#pragma once
/// @file
/// Queues: how long customers wait and how many servers a promise takes.

#include <qsm/queueing/compare.hpp>
#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/erlang_a.hpp>
#include <qsm/queueing/finite_source.hpp>
#include <qsm/queueing/fork_join.hpp>
#include <qsm/queueing/markovian_arrivals.hpp>
#include <qsm/queueing/markovian_queue.hpp>
#include <qsm/queueing/matrix.hpp>
#include <qsm/queueing/mdc.hpp>
#include <qsm/queueing/mm1.hpp>
#include <qsm/queueing/mm_infinity.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/network.hpp>
#include <qsm/queueing/network_bounds.hpp>
#include <qsm/queueing/phase_type_fit.hpp>
#include <qsm/queueing/quasi_birth_death.hpp>
#include <qsm/queueing/retrial.hpp>
#include <qsm/queueing/simulate.hpp>
#include <qsm/queueing/staffing.hpp>
#include <qsm/queueing/time_varying.hpp>
