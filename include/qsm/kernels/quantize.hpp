#pragma once
/// @file
/// Weights in four or eight bits: rounded to nearest, by GPTQ, or scaled first as AWQ does; with what that costs.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/kernels/number.hpp>
#include <qsm/kernels/packed.hpp>

namespace qsm::inline v0::kernels {

/// How weights become integers.
enum class QuantizeMethod {
  nearest,  // each to its nearest
  gptq,     // input by input, what is lost being made good by the inputs that are still to come
  awq,      // to nearest, after inputs that are large on average have been made smaller and their weights larger
};

/// What integers, and how they are found.
struct QuantizeOptions {
  /// Bits of an integer [1], 4 or 8.
  int bits = 4;
  /// Inputs that share a scale [1], a multiple of 8, or 0 for all.
  std::uint64_t group = 128;
  /// Whether there are zero points, so that the range of a group need not be even; of 4 bits only.
  bool zero_points = false;
  /// What GPTQ adds to the squares of the inputs, of their mean [1], finite and > 0.
  double damping = 0.01;
  /// Threads [1], >= 0; 0 takes one per processor.
  int threads = 0;
};

/// What is lost where integers stand for weights.
struct QuantizationError {
  /// Root of the summed squares of the weights' errors, of that of the weights [1].
  double weights;
  /// Largest error of a weight [unit of w].
  double largest;
  /// Half of the largest step between integers: what rounding to nearest stays below, up to its last bit [unit of w].
  double half_step;
  /// Root of the summed squares of the results' errors for the given inputs, of that of the results [1]; or nothing.
  std::optional<double> results;
  /// What `results` cannot exceed where each weight is off by half a step at most [1]; or nothing.
  std::optional<double> results_bound;
};

/// Weights as integers, with what was lost.
struct QuantizedWeights {
  /// Ready for gemm().
  PackedMatrix weights;
  /// What each input is to be divided by before the product [1]; empty but for AWQ.
  std::vector<float> input_scales;
  /// What was lost, on the inputs that were given.
  QuantizationError error;
};

/// Makes integers of weights.
///
/// GPTQ takes weights in the order of their inputs and lets those that are left make good what rounding has cost on the
/// given inputs. AWQ tries 21 powers of the inputs' mean magnitudes as scales and takes the one with the least error, the
/// power 0 being rounding to nearest: it is never worse than that on the given inputs.
///
/// @param w        float32, bfloat16 or float16; K rows (inputs), N columns (outputs); finite
/// @param method   how
/// @param inputs   rows of inputs as they occur, K columns, float32, bfloat16 or float16; needed by gptq and awq
/// @param options  what integers
/// @returns        packed weights with scales, and the error
/// @throws std::invalid_argument where sizes, Dtypes or options do not fit; says which
/// @source         Frantar, Ashkboos, Hoefler, Alistarh 2023, GPTQ, algorithm 1; Lin, Tang, Tang, Yang, Dang, Han 2024,
///                 AWQ, section 3.2
QuantizedWeights quantize(const ConstMatrix& w, QuantizeMethod method = QuantizeMethod::nearest,
                          const std::optional<ConstMatrix>& inputs = std::nullopt, const QuantizeOptions& options = {});

/// What integers cost that somebody made.
///
/// @param w             the weights that they stand for, as above
/// @param quantized     the integers with their scales
/// @param inputs        rows of inputs, as above; or nothing
/// @param input_scales  what each input is divided by before the product [1], > 0, K numbers; or empty
/// @returns             errors of weights and results, and their bounds
/// @throws std::invalid_argument where sizes or Dtypes do not fit; says which
/// @source              norms of Frobenius; the bound from the triangle inequality
QuantizationError quantization_error(const ConstMatrix& w, const PackedMatrix& quantized,
                                     const std::optional<ConstMatrix>& inputs = std::nullopt,
                                     const std::vector<float>& input_scales = {});

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/quantize.ipp>
#endif
