#pragma once
/// @file
/// What a service embeds: schedulers, rate limiters, concurrency limits, retries, circuit breakers, hedging.

#include <qsm/policies/balancer.hpp>
#include <qsm/policies/circuit_breaker.hpp>
#include <qsm/policies/codel.hpp>
#include <qsm/policies/concurrency.hpp>
#include <qsm/policies/fair.hpp>
#include <qsm/policies/hedging.hpp>
#include <qsm/policies/limiter.hpp>
#include <qsm/policies/retry.hpp>
#include <qsm/policies/scheduler.hpp>
