// Quantisers beside their definitions in double precision.
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/kernels/quantize.hpp>

namespace {

using namespace qsm::kernels;

std::vector<float> normals(std::size_t count, std::uint64_t seed) {
  std::vector<double> uniforms(12 * count);
  qsm::Stream(seed).uniforms(0, uniforms);
  std::vector<float> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    double sum = -6;
    for (std::size_t j = 0; j < 12; ++j) sum += uniforms[12 * i + j];
    all[i] = static_cast<float>(sum);
  }
  return all;
}

/// Inputs that are much alike, of unlike sizes: each is a mixture of few.
std::vector<float> mixtures(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  const std::size_t few = 6;
  const auto causes = normals(rows * few, seed), shares = normals(few * columns, seed + 1),
             own = normals(rows * columns, seed + 2);
  std::vector<float> all(rows * columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      float sum = 0.3f * own[r * columns + c];
      for (std::size_t i = 0; i < few; ++i) sum += causes[r * few + i] * shares[i * columns + c];
      all[r * columns + c] = sum * (c % 16 == 3 ? 8.0f : 1.0f);
    }
  return all;
}

constexpr std::size_t rows = 300, inputs = 96, outputs = 40, group = 32;

struct Case {
  std::vector<float> x = mixtures(rows, inputs, 5), w = normals(inputs * outputs, 9);
  ConstMatrix inputs_view{x.data(), rows, inputs}, weights{w.data(), inputs, outputs};
};

/// Root of the summed squares of x (w' - w) over that of x w, as it is defined.
double lost(const Case& one, const std::vector<double>& weights) {
  double error = 0, whole = 0;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < outputs; ++c) {
      double off = 0, result = 0;
      for (std::size_t k = 0; k < inputs; ++k) {
        const double x = static_cast<double>(one.x[r * inputs + k]), w = static_cast<double>(one.w[k * outputs + c]);
        off += x * (weights[k * outputs + c] - w);
        result += x * w;
      }
      error += off * off;
      whole += result * result;
    }
  return std::sqrt(error / whole);
}

std::vector<double> dense(const PackedMatrix& packed, const std::vector<float>& input_scales = {}) {
  std::vector<float> numbers(inputs * outputs);
  packed.to_dense(MutableMatrix(numbers.data(), inputs, outputs));
  std::vector<double> all(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < all.size() && !input_scales.empty(); ++i)
    all[i] /= static_cast<double>(input_scales[i / outputs]);
  return all;
}

TEST(Quantize, NearestStaysWithinHalfAStep) {
  const Case one;
  for (const QuantizeOptions& options : {QuantizeOptions{.group = group},
                                         {.group = 0},
                                         {.group = group, .zero_points = true},
                                         {.bits = 8, .group = 8}}) {
    const auto made = quantize(one.weights, QuantizeMethod::nearest, one.inputs_view, options);
    const auto weights = dense(made.weights);
    const std::vector<float> scales = made.weights.scales();
    double error = 0, whole = 0, largest = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double w = static_cast<double>(one.w[i]), off = std::abs(weights[i] - w);
      const double step = static_cast<double>(scales[i / outputs / made.weights.group() * outputs + i % outputs]);
      EXPECT_LE(off, step * 0.500001);
      error += off * off;
      whole += w * w;
      largest = std::max(largest, off);
    }
    EXPECT_NEAR(made.error.weights, std::sqrt(error / whole), 1e-6);
    EXPECT_NEAR(made.error.largest, largest, 1e-6);
    EXPECT_LE(made.error.largest, made.error.half_step * 1.00001);
    EXPECT_NEAR(*made.error.results, lost(one, weights), 1e-5);
    EXPECT_LE(*made.error.results, *made.error.results_bound);
    EXPECT_TRUE(made.input_scales.empty());
    const auto again = quantization_error(one.weights, made.weights, one.inputs_view);
    EXPECT_EQ(again.results, made.error.results);
  }
  // A step of eight bits is an eighteenth of one of four, of the same range.
  const auto fine = quantize(one.weights, QuantizeMethod::nearest, {}, {.bits = 8}).error;
  const auto coarse = quantize(one.weights, QuantizeMethod::nearest, {}, {.bits = 4}).error;
  EXPECT_NEAR(coarse.half_step / fine.half_step, 127.0 / 7, 1e-4);
  EXPECT_FALSE(fine.results.has_value());
}

/// Optimal brain quantisation in a fixed order: each weight rounded, the rest moved to make it good, and its input taken out
/// of the inverse by elimination. No factorization.
std::vector<double> by_elimination(const Case& one, double damping) {
  const auto n = inputs;
  std::vector<double> squares(n * n), inverse(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t r = 0; r < rows; ++r)
        squares[i * n + j] += static_cast<double>(one.x[r * n + i]) * static_cast<double>(one.x[r * n + j]);
  double mean = 0;
  for (std::size_t i = 0; i < n; ++i) mean += squares[i * n + i] / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    squares[i * n + i] += damping * mean;
    inverse[i * n + i] = 1;
  }
  for (std::size_t i = 0; i < n; ++i) {  // Gauss and Jordan
    const double pivot = squares[i * n + i];
    for (std::size_t j = 0; j < n; ++j) {
      squares[i * n + j] /= pivot;
      inverse[i * n + j] /= pivot;
    }
    for (std::size_t r = 0; r < n; ++r) {
      const double factor = squares[r * n + i];
      for (std::size_t j = 0; j < n && r != i; ++j) {
        squares[r * n + j] -= factor * squares[i * n + j];
        inverse[r * n + j] -= factor * inverse[i * n + j];
      }
    }
  }
  std::vector<double> w(one.w.begin(), one.w.end()), made(w.size()), steps(outputs);
  for (std::size_t k = 0; k < n; ++k) {
    const double pivot = inverse[k * n + k];
    for (std::size_t c = 0; c < outputs; ++c) {
      if (k % group == 0) {
        steps[c] = 0;
        for (std::size_t j = k; j < k + group; ++j) steps[c] = std::max(steps[c], std::abs(w[j * outputs + c]) / 7);
      }
      const double integer = std::min(7.0, std::max(-8.0, std::nearbyint(w[k * outputs + c] / steps[c])));
      made[k * outputs + c] = integer * steps[c];
      const double off = (w[k * outputs + c] - made[k * outputs + c]) / pivot;
      for (std::size_t j = k; j < n; ++j) w[j * outputs + c] -= off * inverse[j * n + k];
    }
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = inverse[i * n + k] / pivot;
      for (std::size_t j = k; j < n; ++j) inverse[i * n + j] -= factor * inverse[k * n + j];
    }
  }
  return made;
}

TEST(Quantize, GptqIsOptimalBrainQuantisation) {
  const Case one;
  const auto made = quantize(one.weights, QuantizeMethod::gptq, one.inputs_view, {.group = group});
  const auto weights = dense(made.weights), truth = by_elimination(one, 0.01);
  std::size_t unlike = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) unlike += std::abs(weights[i] - truth[i]) > 1e-4;
  EXPECT_LE(unlike, weights.size() / 100);  // where a number lies between two integers, scales of 32 bits decide
  EXPECT_NEAR(*made.error.results, lost(one, truth), 0.02 * lost(one, truth));
}

TEST(Quantize, WhatLooksAtTheInputsLosesLess) {
  const Case one;
  for (const bool zero_points : {false, true}) {
    const QuantizeOptions options{.group = group, .zero_points = zero_points};
    const auto nearest = quantize(one.weights, QuantizeMethod::nearest, one.inputs_view, options);
    const auto gptq = quantize(one.weights, QuantizeMethod::gptq, one.inputs_view, options);
    const auto awq = quantize(one.weights, QuantizeMethod::awq, one.inputs_view, options);
    EXPECT_LT(*gptq.error.results, 0.7 * *nearest.error.results);
    EXPECT_LE(*awq.error.results, *nearest.error.results);
    EXPECT_LT(*awq.error.results, 0.9 * *nearest.error.results);  // here some inputs are eight times the others
    EXPECT_GT(gptq.error.weights, nearest.error.weights);         // it is the results that count
    EXPECT_NEAR(*awq.error.results, lost(one, dense(awq.weights, awq.input_scales)), 1e-5);
    EXPECT_LE(*awq.error.results, *awq.error.results_bound);
    // The product with scaled inputs is what the error says.
    std::vector<float> scaled = one.x, y(rows * outputs);
    for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i] /= awq.input_scales[i % inputs];
    gemm(ConstMatrix(scaled.data(), rows, inputs), awq.weights, MutableMatrix(y.data(), rows, outputs));
    double error = 0, whole = 0;
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < outputs; ++c) {
        double truth = 0;
        for (std::size_t k = 0; k < inputs; ++k)
          truth += static_cast<double>(one.x[r * inputs + k]) * static_cast<double>(one.w[k * outputs + c]);
        const double off = static_cast<double>(y[r * outputs + c]) - truth;
        error += off * off;
        whole += truth * truth;
      }
    EXPECT_NEAR(*awq.error.results, std::sqrt(error / whole), 1e-4);
  }
}

TEST(Quantize, ThreadsAndSilentInputsChangeNothing) {
  Case one;
  for (std::size_t r = 0; r < rows; ++r) one.x[r * inputs + 7] = 0;
  const auto alone = quantize(one.weights, QuantizeMethod::gptq, one.inputs_view, {.group = group, .threads = 1});
  const auto both = quantize(one.weights, QuantizeMethod::gptq, one.inputs_view, {.group = group, .threads = 2});
  EXPECT_EQ(alone.weights, both.weights);
  EXPECT_TRUE(std::isfinite(*alone.error.results));
  const std::vector<float> nothing(64, 0.0f);
  const auto zeros = quantize(ConstMatrix(nothing.data(), 16, 4));
  EXPECT_EQ(zeros.error.weights, 0);
}

TEST(Quantize, RefusesWhatDoesNotFit) {
  const Case one;
  EXPECT_THROW(quantize(one.weights, QuantizeMethod::gptq), std::invalid_argument);
  EXPECT_THROW(quantize(one.weights, QuantizeMethod::awq, one.weights), std::invalid_argument);
  EXPECT_THROW(quantize(one.weights, QuantizeMethod::nearest, {}, {.bits = 5}), std::invalid_argument);
  EXPECT_THROW(quantize(one.weights, QuantizeMethod::nearest, {}, {.bits = 8, .zero_points = true}),
               std::invalid_argument);
  EXPECT_THROW(quantize(one.weights, QuantizeMethod::nearest, {}, {.group = 12}), std::invalid_argument);
  EXPECT_THROW(quantize(one.weights, QuantizeMethod::nearest, {}, {.damping = 0}), std::domain_error);
  Case broken;
  broken.w[3] = NAN;
  EXPECT_THROW(quantize(broken.weights), std::invalid_argument);
  const std::vector<float> scales(inputs, 0.0f);
  EXPECT_THROW(quantization_error(one.weights, quantize(one.weights).weights, {}, scales), std::invalid_argument);
}

}  // namespace
