#pragma once
/// @file
/// All families of laws.

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/empirical.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/lognormal.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/distributions/normal.hpp>
#include <qsm/core/distributions/pareto.hpp>
#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/core/distributions/transformed.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/distributions/weibull.hpp>
