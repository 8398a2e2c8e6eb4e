#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include <qsm/core/elementary.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>
#include <qsm/core/simd.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

// Uniforms are drawn in blocks that stay in the first-level cache.
inline constexpr std::size_t sampler_block = 512;

// Each variate is a map of one uniform.
template <class Map>
void fill_mapped(const Stream& stream, std::uint64_t first, std::span<double> out, const Map& map) {
  while (!out.empty()) {
    const auto block = out.first(std::min(out.size(), sampler_block));
    stream.uniforms(first, block);
    dispatch(InPlace<Map>{map}, block.data(), block.size());
    out = out.subspan(block.size());
    first += block.size();
  }
}

struct UniformMap {
  double low, width;
  QSM_ALWAYS_INLINE double operator()(double u) const { return fused(u, width, low); }
};
struct ExponentialMap {
  double mean;
  QSM_ALWAYS_INLINE double operator()(double u) const { return -mean * log_of_normal(u); }
};
struct NormalMap {
  double mean, deviation;
  QSM_ALWAYS_INLINE double operator()(double u) const { return fused(deviation, normal_quantile_of_inner(u), mean); }
};
struct LognormalMap {
  NormalMap logarithm;
  QSM_ALWAYS_INLINE double operator()(double u) const { return exp_of_any(logarithm(u)); }
};
// scale (-ln u)^power; -ln u is at least 2^-53, so it has a logarithm.
struct WeibullMap {
  double power, scale;
  QSM_ALWAYS_INLINE double operator()(double u) const {
    return scale * exp_of_any(power * log_of_normal(-log_of_normal(u)));
  }
};
// scale (rest + (1 - rest) u)^-power.
struct ParetoMap {
  double power, scale, rest;
  QSM_ALWAYS_INLINE double operator()(double u) const {
    return scale * exp_of_any(-power * log_of_normal(fused(u, 1 - rest, rest)));
  }
};

// One of Marsaglia and Tsang's attempts: the variate, or zero where it is rejected.
struct GammaAttempt {
  double third_less;  // d = shape - 1/3
  double slope;       // c = 1 / sqrt(9 d)

  QSM_ALWAYS_INLINE double operator()(double u, double v) const {
    const double z = normal_quantile_of_inner(u);
    const double root = fused(slope, z, 1);
    const double cube = root * root * root;
    const double positive = either(root > 0, 1, cube);
    const double bound =
        fused(0.5 * z, z, fused(third_less, log_of_normal(positive), fused(-third_less, cube, third_less)));
    return either((root > 0) & (log_of_normal(v) < bound), 0, third_less * cube);
  }
};

// out[i] = attempt(us[i], vs[i]); arrays are filled up to whole blocks.
struct GammaKernel {
  GammaAttempt attempt;

  QSM_ALWAYS_INLINE void operator()(const double* us, const double* vs, double* out, std::size_t size) const {
    const GammaAttempt map = attempt;
    constexpr std::size_t length = 32;
    for (std::size_t at = 0; at < size; at += length) {
      double block[length];
      for (std::size_t i = 0; i < length; ++i) block[i] = map(us[at + i], vs[at + i]);
      for (std::size_t i = 0; i < length; ++i) out[at + i] = block[i];
    }
  }
};

}  // namespace detail

QSM_INLINE void fill_uniform(const Stream& stream, std::uint64_t first, double low, double high,
                             std::span<double> out) {
  Check check("fill_uniform");
  check.finite("low", low);
  check.finite("high", high);
  check.that(high > low, "high", high, "> low");
  check.finite("high - low", high - low);
  detail::fill_mapped(stream, first, out, detail::UniformMap{low, high - low});
}

QSM_INLINE void fill_exponential(const Stream& stream, std::uint64_t first, double mean, std::span<double> out) {
  Check("fill_exponential").positive("mean", mean);
  detail::fill_mapped(stream, first, out, detail::ExponentialMap{mean});
}

QSM_INLINE void fill_normal(const Stream& stream, std::uint64_t first, double mean, double deviation,
                            std::span<double> out) {
  Check check("fill_normal");
  check.finite("mean", mean);
  check.positive("deviation", deviation);
  detail::fill_mapped(stream, first, out, detail::NormalMap{mean, deviation});
}

QSM_INLINE void fill_lognormal(const Stream& stream, std::uint64_t first, double log_mean, double log_deviation,
                               std::span<double> out) {
  Check check("fill_lognormal");
  check.finite("log_mean", log_mean);
  check.positive("log_deviation", log_deviation);
  detail::fill_mapped(stream, first, out, detail::LognormalMap{{log_mean, log_deviation}});
}

QSM_INLINE void fill_weibull(const Stream& stream, std::uint64_t first, double shape, double scale,
                             std::span<double> out) {
  Check check("fill_weibull");
  check.positive("shape", shape);
  check.positive("scale", scale);
  detail::fill_mapped(stream, first, out, detail::WeibullMap{1 / shape, scale});
}

QSM_INLINE void fill_pareto(const Stream& stream, std::uint64_t first, double shape, double scale,
                            std::span<double> out) {
  Check check("fill_pareto");
  check.positive("shape", shape);
  check.positive("scale", scale);
  detail::fill_mapped(stream, first, out, detail::ParetoMap{1 / shape, scale, 0});
}

QSM_INLINE void fill_bounded_pareto(const Stream& stream, std::uint64_t first, double shape, double low, double high,
                                    std::span<double> out) {
  Check check("fill_bounded_pareto");
  check.positive("shape", shape);
  check.positive("low", low);
  check.positive("high", high);
  check.that(high > low, "high", high, "> low");
  const double rest = portable_exp(shape * portable_log(low / high));
  detail::fill_mapped(stream, first, out, detail::ParetoMap{1 / shape, low, rest});
}

QSM_INLINE void fill_erlang(const Stream& stream, std::uint64_t first, std::uint64_t stages, double mean,
                            std::span<double> out) {
  Check check("fill_erlang");
  check.positive_count("stages", static_cast<double>(stages));
  check.positive("mean", mean);
  constexpr std::uint64_t run = 16;  // the product of so many uniforms is a normal number
  std::array<double, detail::sampler_block> draws;
  std::array<double, detail::sampler_block> logarithms;
  const std::uint64_t group = std::max<std::uint64_t>(1, draws.size() / stages);
  const double scale = mean / static_cast<double>(stages);
  while (!out.empty()) {
    const auto variates = out.first(std::min<std::uint64_t>(group, out.size()));
    std::fill(variates.begin(), variates.end(), 0.0);
    for (std::uint64_t stage = 0; stage < stages; stage += draws.size()) {
      const std::uint64_t piece = std::min<std::uint64_t>(stages - stage, draws.size());  // all, or of one variate
      stream.uniforms(first * stages + stage, std::span(draws).first(variates.size() * piece));
      std::size_t runs = 0;
      for (std::size_t variate = 0; variate < variates.size(); ++variate)
        for (std::uint64_t begin = 0; begin < piece; begin += run) {
          double product = 1;
          for (std::uint64_t i = begin; i < std::min(begin + run, piece); ++i) product *= draws[variate * piece + i];
          logarithms[runs++] = product;
        }
      detail::dispatch(detail::InPlace<detail::ExponentialMap>{{1}}, logarithms.data(), runs);
      const std::size_t runs_each = runs / variates.size();
      for (std::size_t i = 0; i < variates.size(); ++i)
        for (std::size_t j = 0; j < runs_each; ++j) variates[i] += logarithms[i * runs_each + j];
    }
    for (double& variate : variates) variate *= scale;
    out = out.subspan(variates.size());
    first += variates.size();
  }
}

QSM_INLINE void fill_gamma(const Stream& stream, std::uint64_t first, double shape, double scale,
                           std::span<double> out) {
  Check check("fill_gamma");
  check.positive("shape", shape);
  check.positive("scale", scale);
  constexpr std::size_t size = detail::sampler_block / 2;
  const double third_less = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
  const detail::GammaKernel kernel{{third_less, 1 / std::sqrt(9 * third_less)}};
  const Stream attempts = stream.child("gamma");
  const Stream powers = stream.child("gamma power");
  while (!out.empty()) {
    const auto variates = out.first(std::min(out.size(), size));
    std::array<std::size_t, size> pending;
    std::size_t count = variates.size();
    for (std::size_t i = 0; i < count; ++i) pending[i] = i;
    for (std::uint64_t attempt = 0; count > 0; ++attempt) {
      const Stream draws_of_attempt = attempts.child(attempt);
      std::array<double, 2 * size> draws;
      if (attempt == 0)
        draws_of_attempt.uniforms(2 * first, std::span(draws).first(2 * count));
      else
        for (std::size_t i = 0; i < count; ++i)
          draws_of_attempt.uniforms(2 * (first + pending[i]), std::span(draws).subspan(2 * i, 2));
      std::array<double, size> us;
      std::array<double, size> vs;
      us.fill(0.5);
      vs.fill(0.5);
      for (std::size_t i = 0; i < count; ++i) {
        us[i] = draws[2 * i];
        vs[i] = draws[2 * i + 1];
      }
      detail::dispatch(kernel, static_cast<const double*>(us.data()), static_cast<const double*>(vs.data()), us.data(),
                       count);
      std::size_t rejected = 0;
      for (std::size_t i = 0; i < count; ++i) {
        variates[pending[i]] = scale * us[i];
        if (us[i] == 0) pending[rejected++] = pending[i];
      }
      count = rejected;
    }
    if (shape < 1) {
      std::array<double, size> factors;
      detail::fill_mapped(powers, first, std::span(factors).first(variates.size()),
                          detail::ParetoMap{-1 / shape, 1, 0});
      for (std::size_t i = 0; i < variates.size(); ++i) variates[i] *= factors[i];
    }
    out = out.subspan(variates.size());
    first += variates.size();
  }
}

QSM_INLINE void fill_hyperexponential(const Stream& stream, std::uint64_t first, std::span<const double> weights,
                                      std::span<const double> means, std::span<double> out) {
  if (means.size() != weights.size())
    throw std::invalid_argument("fill_hyperexponential: means must have as many entries as weights, " +
                                std::to_string(weights.size()) + ", got " + std::to_string(means.size()));
  Check check("fill_hyperexponential");
  for (const double mean : means) check.positive("means", mean);
  const Choice branch(weights);
  constexpr std::size_t size = detail::sampler_block / 2;
  std::array<double, 2 * size> draws;
  while (!out.empty()) {
    const auto variates = out.first(std::min(out.size(), size));
    stream.uniforms(2 * first, std::span(draws).first(2 * variates.size()));
    for (std::size_t i = 0; i < variates.size(); ++i) variates[i] = draws[2 * i + 1];
    detail::dispatch(detail::InPlace<detail::ExponentialMap>{{1}}, variates.data(), variates.size());
    for (std::size_t i = 0; i < variates.size(); ++i) variates[i] *= means[branch.at(draws[2 * i])];
    out = out.subspan(variates.size());
    first += variates.size();
  }
}

QSM_INLINE Choice::Choice(std::span<const double> weights) : cumulative_(weights.size()), guide_(weights.size()) {
  Check check("Choice");
  check.that(!weights.empty() && weights.size() <= std::numeric_limits<std::uint32_t>::max(), "number of weights",
             static_cast<double>(weights.size()), "in [1, 2^32)");
  double total = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    check.not_negative("weights", weights[i]);
    total += weights[i];
    cumulative_[i] = total;
    if (weights[i] > 0) last = i;
  }
  check.positive("sum of weights", total);
  for (double& probability : cumulative_) probability /= total;
  std::fill(cumulative_.begin() + static_cast<std::ptrdiff_t>(last), cumulative_.end(), infinity);
  std::uint32_t index = 0;
  for (std::size_t part = 0; part < guide_.size(); ++part) {
    const double left = static_cast<double>(part) / static_cast<double>(guide_.size());
    while (cumulative_[index] <= left) ++index;
    guide_[part] = index;
  }
}

QSM_INLINE std::uint32_t Choice::at(double u) const {
  const auto part = static_cast<std::size_t>(u * static_cast<double>(guide_.size()));
  std::uint32_t index = guide_[std::min(part, guide_.size() - 1)];
  while (index > 0 && u < cumulative_[index - 1]) --index;  // where the product was rounded up
  while (u >= cumulative_[index]) ++index;
  return index;
}

QSM_INLINE void Choice::fill(const Stream& stream, std::uint64_t first, std::span<std::uint32_t> out) const {
  std::array<double, detail::sampler_block> draws;
  while (!out.empty()) {
    const auto block = out.first(std::min(out.size(), draws.size()));
    stream.uniforms(first, std::span(draws).first(block.size()));
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = at(draws[i]);
    out = out.subspan(block.size());
    first += block.size();
  }
}

}  // namespace qsm::inline v0::inline core
