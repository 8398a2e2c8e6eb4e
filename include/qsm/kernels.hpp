#pragma once
/// @file
/// Kernels of neural networks on the processor: attention, and matrix products with short numbers.

#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/cache.hpp>
#include <qsm/kernels/float8.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/kernels/number.hpp>
#include <qsm/kernels/packed.hpp>
#include <qsm/kernels/plan.hpp>
#include <qsm/kernels/quantize.hpp>
