#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/samplers.hpp>

#include "core/simd_levels.hpp"
#include "golden.hpp"

namespace {

using qsm::Stream;
using Doubles = std::span<double>;

constexpr double weights[] = {3, 1};
constexpr double means[] = {0.5, 4};

struct Sampler {
  std::string name;
  std::function<void(const Stream&, std::uint64_t, Doubles)> fill;
  double mean;
  double variance;
  std::function<double(double)> cdf;
};

/// Regularised lower incomplete gamma by its series; an oracle slower than, and unlike, the samplers.
double gamma_cdf(double shape, double x) {
  if (x <= 0) return 0;
  double term = std::exp(shape * std::log(x) - x - std::lgamma(shape + 1));
  double sum = 0;
  for (double k = shape + 1; term > 1e-18 * sum || k < shape + x; ++k) {
    sum += term;
    term *= x / k;
  }
  return sum;
}

double normal_cdf(double z) { return std::erfc(-z / std::sqrt(2)) / 2; }

double pareto_moment(double shape, double low, double high, double order) {
  const double mass = 1 - std::pow(low / high, shape);
  return shape * std::pow(low, shape) / mass * (std::pow(high, order - shape) - std::pow(low, order - shape)) /
         (order - shape);
}

std::vector<Sampler> samplers() {
  const auto exponential_cdf = [](double x, double mean) { return -std::expm1(-x / mean); };
  const double log_variance = 0.49;
  const double log_mean = std::exp(0.3 + log_variance / 2);
  const double weibull1 = 2.5 * std::tgamma(1 + 1 / 0.7);
  const double weibull2 = 2.5 * 2.5 * std::tgamma(1 + 2 / 0.7);
  const double bounded1 = pareto_moment(1.1, 0.4, 90, 1);
  const double bounded2 = pareto_moment(1.1, 0.4, 90, 2);
  return {
      {"uniform", [](auto& s, auto i, auto out) { qsm::fill_uniform(s, i, -2, 3, out); }, 0.5, 25.0 / 12,
       [](double x) { return (x + 2) / 5; }},
      {"exponential", [](auto& s, auto i, auto out) { qsm::fill_exponential(s, i, 1.5, out); }, 1.5, 2.25,
       [=](double x) { return exponential_cdf(x, 1.5); }},
      {"normal", [](auto& s, auto i, auto out) { qsm::fill_normal(s, i, 0.3, 0.7, out); }, 0.3, 0.49,
       [](double x) { return normal_cdf((x - 0.3) / 0.7); }},
      {"lognormal", [](auto& s, auto i, auto out) { qsm::fill_lognormal(s, i, 0.3, 0.7, out); }, log_mean,
       std::expm1(log_variance) * log_mean * log_mean, [](double x) { return normal_cdf((std::log(x) - 0.3) / 0.7); }},
      {"weibull", [](auto& s, auto i, auto out) { qsm::fill_weibull(s, i, 0.7, 2.5, out); }, weibull1,
       weibull2 - weibull1 * weibull1, [](double x) { return -std::expm1(-std::pow(x / 2.5, 0.7)); }},
      {"pareto", [](auto& s, auto i, auto out) { qsm::fill_pareto(s, i, 1.7, 0.4, out); }, 0, 0,  // infinite variance
       [](double x) { return 1 - std::pow(0.4 / x, 1.7); }},
      {"bounded_pareto", [](auto& s, auto i, auto out) { qsm::fill_bounded_pareto(s, i, 1.1, 0.4, 90, out); }, bounded1,
       bounded2 - bounded1 * bounded1,
       [](double x) { return (1 - std::pow(0.4 / x, 1.1)) / (1 - std::pow(0.4 / 90, 1.1)); }},
      {"erlang", [](auto& s, auto i, auto out) { qsm::fill_erlang(s, i, 3, 2.5, out); }, 2.5, 2.5 * 2.5 / 3,
       [](double x) { return gamma_cdf(3, x * 3 / 2.5); }},
      {"erlang_20", [](auto& s, auto i, auto out) { qsm::fill_erlang(s, i, 20, 2.5, out); }, 2.5, 2.5 * 2.5 / 20,
       [](double x) { return gamma_cdf(20, x * 20 / 2.5); }},
      {"gamma", [](auto& s, auto i, auto out) { qsm::fill_gamma(s, i, 1.3, 0.6, out); }, 1.3 * 0.6, 1.3 * 0.36,
       [](double x) { return gamma_cdf(1.3, x / 0.6); }},
      {"gamma_small", [](auto& s, auto i, auto out) { qsm::fill_gamma(s, i, 0.4, 0.6, out); }, 0.4 * 0.6, 0.4 * 0.36,
       [](double x) { return gamma_cdf(0.4, x / 0.6); }},
      {"hyperexponential", [](auto& s, auto i, auto out) { qsm::fill_hyperexponential(s, i, weights, means, out); },
       1.375, 2 * (0.75 * 0.25 + 0.25 * 16) - 1.375 * 1.375,
       [=](double x) { return 0.75 * exponential_cdf(x, 0.5) + 0.25 * exponential_cdf(x, 4); }},
  };
}

std::vector<double> variates(const Sampler& sampler, const Stream& stream, std::uint64_t first, std::size_t count) {
  std::vector<double> out(count);
  sampler.fill(stream, first, out);
  return out;
}

bool same_bits(std::span<const double> x, std::span<const double> y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  });
}

TEST(samplers, give_the_golden_bits) {
  const auto all = samplers();
  const auto rows = qsm_test::golden("core/samplers.csv");
  qsm_test::at_each_level([&] {
    for (const auto& row : rows) {
      const auto& name = row.text("sampler");
      const auto sampler = std::find_if(all.begin(), all.end(), [&](const Sampler& s) { return s.name == name; });
      ASSERT_NE(sampler, all.end()) << row.where;
      const auto index = std::strtoull(row.text("index").c_str(), nullptr, 10);
      EXPECT_EQ(variates(*sampler, Stream(42).child(name), index, 1)[0],
                std::strtod(row.text("variate").c_str(), nullptr))
          << row.where;
    }
  });
}

TEST(samplers, give_the_same_bits_at_each_level_wherever_blocks_are_cut) {
  constexpr std::size_t count = 100'003;  // times twelve samplers
  for (const Sampler& sampler : samplers()) {
    SCOPED_TRACE(sampler.name);
    const Stream stream = Stream(4).child(sampler.name);
    std::vector<double> whole;
    qsm_test::at_each_level([&] {
      const auto all = variates(sampler, stream, 17, count);
      if (whole.empty()) whole = all;
      EXPECT_TRUE(same_bits(all, whole));
      std::uint64_t random = 5;
      for (std::size_t at = 0; at < 20'000;) {
        random = random * 6364136223846793005 + 1442695040888963407;
        const std::size_t length = (random >> 33) % 1100;
        EXPECT_TRUE(same_bits(variates(sampler, stream, 17 + at, length), std::span(whole).subspan(at, length)));
        at += length;
      }
    });
  }
}

TEST(samplers, exponentials_give_the_same_million_at_each_level) {
  const Sampler exponential = samplers()[1];
  std::vector<double> whole;
  qsm_test::at_each_level([&] {
    const auto all = variates(exponential, Stream(5), 0, 1'500'000);
    if (whole.empty()) whole = all;
    EXPECT_TRUE(same_bits(all, whole));
  });
}

TEST(samplers, have_their_moments_and_distribution) {
  constexpr std::size_t count = 1'000'000;
  const double n = count;
  for (const Sampler& sampler : samplers()) {
    SCOPED_TRACE(sampler.name);
    auto values = variates(sampler, Stream(6).child(sampler.name), 0, count);
    if (sampler.variance > 0) {
      double sum = 0;
      double square = 0;
      double fourth = 0;
      for (const double x : values) {
        const double difference = x - sampler.mean;
        sum += difference;
        square += difference * difference;
        fourth += difference * difference * difference * difference;
      }
      EXPECT_LT(std::abs(sum / n) / std::sqrt(sampler.variance / n), 4) << "mean";
      const double spread = std::sqrt((fourth / n - sampler.variance * sampler.variance) / n);
      EXPECT_LT(std::abs(square / n - sampler.variance) / spread, 4) << "variance";
    }
    std::sort(values.begin(), values.end());
    double distance = 0;
    for (std::size_t i = 0; i < count; i += 7) {
      const double probability = sampler.cdf(values[i]);
      distance =
          std::max({distance, probability - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - probability});
    }
    EXPECT_LT(distance * std::sqrt(n), 1.95) << "Kolmogorov-Smirnov, exceeded once in a thousand";
  }
}

TEST(samplers, one_draw_samplers_are_monotone_in_it) {
  const Stream stream(7);
  std::vector<double> draws(2000);
  stream.uniforms(0, draws);
  for (const char* name : {"uniform", "exponential", "normal", "lognormal", "weibull", "pareto", "bounded_pareto"}) {
    const auto all = samplers();
    const auto sampler = std::find_if(all.begin(), all.end(), [&](const Sampler& s) { return s.name == name; });
    const auto values = variates(*sampler, stream, 0, draws.size());
    const bool rising = sampler->name == "uniform" || sampler->name.ends_with("normal");
    std::vector<std::pair<double, double>> pairs;
    for (std::size_t i = 0; i < draws.size(); ++i) pairs.emplace_back(draws[i], rising ? values[i] : -values[i]);
    std::sort(pairs.begin(), pairs.end());
    EXPECT_TRUE(std::is_sorted(pairs.begin(), pairs.end(), [](auto& a, auto& b) { return a.second < b.second; }))
        << name;
  }
}

TEST(samplers, erlang_with_many_stages_is_near_its_mean) {
  std::vector<double> out(20);
  qsm::fill_erlang(Stream(8), 3, 100'000, 1, out);
  std::vector<double> one(1);
  qsm::fill_erlang(Stream(8), 10, 100'000, 1, one);
  EXPECT_EQ(one[0], out[7]);
  for (const double x : out) EXPECT_LT(std::abs(x - 1) * std::sqrt(1e5), 4);
}

TEST(choice, chooses_by_weight_and_in_order) {
  const std::vector<double> odds{0, 1, 0, 5, 2, 0.5, 0};
  const qsm::Choice choice(odds);
  constexpr std::size_t count = 1'000'000;
  std::vector<std::uint32_t> out(count);
  choice.fill(Stream(9), 0, out);
  std::vector<double> frequency(odds.size());
  for (const auto index : out) ++frequency[index];
  for (std::size_t i = 0; i < odds.size(); ++i) {
    const double p = odds[i] / 8.5;
    if (p == 0)
      EXPECT_EQ(frequency[i], 0) << i;
    else
      EXPECT_LT(std::abs(frequency[i] - count * p) / std::sqrt(count * p * (1 - p)), 4) << i;
  }
  std::uint32_t last = 0;
  for (double u = 0; u < 1; u += 1e-5) {
    EXPECT_GE(choice.at(u), last);
    last = choice.at(u);
  }
  EXPECT_EQ(choice.at(0), 1u);
  EXPECT_EQ(choice.at(1 - 0x1p-53), 5u);
  std::vector<std::uint32_t> part(3);
  choice.fill(Stream(9), 777, part);
  EXPECT_TRUE(std::equal(part.begin(), part.end(), out.begin() + 777));
}

TEST(choice, is_the_least_index_whose_cumulative_probability_exceeds_the_draw) {
  std::vector<double> odds;
  for (int i = 0; i < 997; ++i) odds.push_back(1.0 / (1 + (i * 37) % 101));
  const qsm::Choice choice(odds);
  double total = 0;
  for (const double odd : odds) total += odd;
  double sum = 0;
  for (std::uint32_t i = 0; i + 1 < odds.size(); ++i) {
    sum += odds[i];
    const double edge = sum / total;
    EXPECT_EQ(choice.at(edge), i + 1);
    EXPECT_EQ(choice.at(std::nextafter(edge, 0)), i);
  }
}

std::string refusal(auto&& call) {
  try {
    call();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(samplers, refuse_bad_parameters) {
  const Stream stream(1);
  std::vector<double> out(3);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal([&] { qsm::fill_exponential(stream, 0, 0, out); }),
            "fill_exponential: mean must be finite and > 0, got 0");
  EXPECT_EQ(refusal([&] { qsm::fill_normal(stream, 0, NAN, 1, out); }), "fill_normal: mean must be finite, got nan");
  EXPECT_EQ(refusal([&] { qsm::fill_uniform(stream, 0, 2, 2, out); }), "fill_uniform: high must be > low, got 2");
  EXPECT_NE(refusal([&] { qsm::fill_uniform(stream, 0, -1.7e308, 1.7e308, out); }), "no error");
  EXPECT_NE(refusal([&] { qsm::fill_lognormal(stream, 0, 0, -1, out); }), "no error");
  EXPECT_NE(refusal([&] { qsm::fill_weibull(stream, 0, infinity, 1, out); }), "no error");
  EXPECT_NE(refusal([&] { qsm::fill_pareto(stream, 0, -1, 1, out); }), "no error");
  EXPECT_EQ(refusal([&] { qsm::fill_bounded_pareto(stream, 0, 1, 2, 1, out); }),
            "fill_bounded_pareto: high must be > low, got 1");
  EXPECT_EQ(refusal([&] { qsm::fill_erlang(stream, 0, 0, 1, out); }),
            "fill_erlang: stages must be an integer >= 1, got 0");
  EXPECT_NE(refusal([&] { qsm::fill_gamma(stream, 0, 0, 1, out); }), "no error");
  EXPECT_EQ(refusal([&] { qsm::fill_hyperexponential(stream, 0, weights, std::span(means).first(1), out); }),
            "fill_hyperexponential: means must have as many entries as weights, 2, got 1");
  EXPECT_EQ(refusal([] { qsm::Choice(std::vector<double>{}); }),
            "Choice: number of weights must be in [1, 2^32), got 0");
  EXPECT_EQ(refusal([] {
              qsm::Choice(std::vector<double>{0, 0});
            }),
            "Choice: sum of weights must be finite and > 0, got 0");
  EXPECT_EQ(refusal([] {
              qsm::Choice(std::vector<double>{1, -1});
            }),
            "Choice: weights must be finite and >= 0, got -1");
}

TEST(simd, refuses_a_level_that_does_not_exist) {
  EXPECT_THROW(qsm::force_simd_level(static_cast<qsm::SimdLevel>(4)), std::invalid_argument);
  EXPECT_THROW(qsm::force_simd_level(static_cast<qsm::SimdLevel>(-1)), std::invalid_argument);
  EXPECT_EQ(qsm::simd_name(qsm::SimdLevel::avx2), "avx2");
}

}  // namespace
