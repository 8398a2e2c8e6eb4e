#pragma once
/// @file
/// Queues: how long customers wait and how many servers a promise takes.

#include <qsm/queueing/batch_service.hpp>
#include <qsm/queueing/compare.hpp>
#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/erlang_a.hpp>
#include <qsm/queueing/finite_source.hpp>
#include <qsm/queueing/ggc.hpp>
#include <qsm/queueing/mdc.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/mm1.hpp>
#include <qsm/queueing/mm_infinity.hpp>
#include <qsm/queueing/mmc.hpp>
#include <qsm/queueing/mmck.hpp>
#include <qsm/queueing/priority.hpp>
#include <qsm/queueing/retrial.hpp>
#include <qsm/queueing/simulate.hpp>
#include <qsm/queueing/staffing.hpp>
