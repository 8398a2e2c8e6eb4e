#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/elementary.hpp>
#include <qsm/core/random.hpp>
#include <qsm/sketches/tdigest.hpp>
#include <qsm/sketches/testing.hpp>

#include "bytes.hpp"
#include "golden.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::DataSketchesItems;
using qsm::sketches::TDigest;
using qsm::sketches::tdigest_fraction;
using qsm::sketches::tdigest_scale;
using qsm::sketches::TDigestScale;
using Numbers = std::vector<double>;

static_assert(qsm::sketches::QuantileSketch<TDigest>);
constexpr TDigestScale scales[] = {TDigestScale::k0, TDigestScale::k1, TDigestScale::k2, TDigestScale::k3};

/// The values of the golden rows.
Numbers golden_values(double n) {
  Numbers values;
  for (double i = 1; i <= n; ++i) {
    const double part = i * 0.6180339887498949;
    values.push_back(std::nearbyint(8 * ((part - std::floor(part)) * 1000 - 200)) / 8);
  }
  return values;
}

/// 200,000 numbers of a law.
Numbers draw(const std::string& law, std::uint64_t seed, std::size_t size = 200'000) {
  Numbers numbers(size);
  qsm::Stream(seed).uniforms(0, numbers);
  for (std::size_t i = 0; i < size; ++i) {
    double& x = numbers[i];
    const double normal = qsm::portable_normal_quantile(x);
    if (law == "exponential") x = -std::log(x);
    if (law == "normal") x = normal;
    if (law == "lognormal") x = std::exp(2 * normal);
    if (law == "pareto") x = std::pow(x, -1 / 1.1);
    if (law == "weibull") x = std::pow(-std::log(x), 2);
    if (law == "bimodal") x = i % 3 == 0 ? 10 + 0.1 * normal : normal;
  }
  return numbers;
}

// Six smooth laws, and one with a gap that clusters of both sides span.
const char* const laws[] = {"uniform", "exponential", "normal", "lognormal", "pareto", "weibull", "bimodal"};

double true_rank(const Numbers& ordered, double x) {
  const auto low = std::ranges::lower_bound(ordered, x) - ordered.begin();
  const auto high = std::ranges::upper_bound(ordered, x) - ordered.begin();
  return static_cast<double>(low + high) / 2 / static_cast<double>(ordered.size());
}

TEST(tdigest, is_a_sketch) {
  for (const auto scale : scales) {
    EXPECT_EQ(check_quantile_sketch(TDigest(100, scale), false), std::vector<std::string>());
    EXPECT_EQ(check_quantile_sketch(TDigest(10, scale), false, 20'000), std::vector<std::string>());
  }
  EXPECT_EQ(check_quantile_sketch(TDigest(2000), false, 1500), std::vector<std::string>());
}

TEST(tdigest, ranks_are_right_to_half_a_percent_and_to_100_ppm_at_the_end) {
  for (const auto scale : {TDigestScale::k1, TDigestScale::k2, TDigestScale::k3})
    for (const char* law : laws)
      for (const bool in_order : {false, true}) {
        SCOPED_TRACE(std::string(law) + " k" + std::to_string(static_cast<int>(scale)));
        auto numbers = draw(law, 1);
        auto ordered = numbers;
        std::sort(ordered.begin(), ordered.end());
        const bool coarse = scale != TDigestScale::k1;  // in the middle, for they are finer at the ends
        const bool gap = law == std::string("bimodal");
        TDigest digest(100, scale);
        digest.add(in_order ? ordered : numbers);
        Numbers probabilities(999), values(999);
        for (std::size_t i = 0; i < 999; ++i) probabilities[i] = static_cast<double>(i + 1) / 1000;
        digest.fill_quantile(probabilities, values);
        const double error = coarse ? 0.03 : gap ? 0.01 : 0.005;
        for (std::size_t i = 0; i < 999; ++i) ASSERT_NEAR(true_rank(ordered, values[i]), probabilities[i], error);
        for (const double p : {0.0001, 0.001, 0.999, 0.9999})
          EXPECT_NEAR(true_rank(ordered, digest.quantile(p).value), p, 100e-6) << p;
        for (const double p : {0.01, 0.3, 0.5, 0.99}) {
          const double x = ordered[static_cast<std::size_t>(p * 200'000)];
          EXPECT_NEAR(digest.cdf(x).value, p, coarse ? 0.03 : gap ? 0.01 : 0.005);
        }
        EXPECT_LE(digest.centroids().size(), 400u);
      }
}

TEST(tdigest, quantiles_never_fall) {
  for (const auto scale : scales)
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      TDigest digest(10 + static_cast<double>(seed), scale);
      digest.add(draw(laws[seed % 7], seed, 100 * seed * seed));
      Numbers probabilities, values(20'001), places(values.size()), ranks(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        probabilities.push_back(static_cast<double>(i) / 20'000);
        places[i] = digest.min() + probabilities[i] * (digest.max() - digest.min());
      }
      digest.fill_quantile(probabilities, values);
      digest.fill_cdf(places, ranks);
      EXPECT_TRUE(std::ranges::is_sorted(values));
      EXPECT_TRUE(std::ranges::is_sorted(ranks));
      EXPECT_EQ(values.front(), digest.min());
      EXPECT_EQ(values.back(), digest.max());
    }
}

TEST(tdigest, few_numbers_are_exact) {
  TDigest digest(100);
  for (const double x : {1.0, 2.0, 3.0}) digest.add(x);
  EXPECT_DOUBLE_EQ(digest.cdf(1).value, 0.5 / 3);
  EXPECT_DOUBLE_EQ(digest.cdf(1.5).value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(digest.cdf(3).value, 2.5 / 3);
  EXPECT_EQ(digest.cdf(0.9).value, 0);
  EXPECT_EQ(digest.cdf(3.1).value, 1);
  EXPECT_EQ(digest.quantile(0.5).value, 2);
  EXPECT_EQ(digest.quantile(1.0 / 3).value, 1);
  TDigest tens(100);
  for (int i = 1; i <= 10; ++i) tens.add(i);
  EXPECT_EQ(tens.quantile(0.1).value, 1);
  EXPECT_EQ(tens.quantile(0.9).value, 9);
  EXPECT_EQ(tens.quantile(0.95).value, 10);
  TDigest large;
  for (const double x : {-1.7e308, 1.7e308, 1.6e308}) large.add(x);
  EXPECT_EQ(large.quantile(0.5).value, 1.6e308);
}

TEST(tdigest, medians_of_a_run_are_those_of_the_reference_implementation) {
  // 1 ... 100000 rising: where another program says 53,682, the reference implementation says 50,000.5.
  TDigest digest(100);
  for (int i = 1; i <= 100'000; ++i) digest.add(i);
  EXPECT_NEAR(digest.quantile(0.5).value, 50'000.5, 100);
}

TEST(tdigest, scales_are_those_of_the_paper) {
  EXPECT_NEAR(tdigest_scale(TDigestScale::k1, 0.9, 100, 1), 14.758361765043, 1e-11);
  EXPECT_NEAR(tdigest_scale(TDigestScale::k1, 0.99, 100, 1), 21.811571957074, 1e-11);
  EXPECT_NEAR(tdigest_scale(TDigestScale::k1, 0.999, 100, 1), 23.993247918331, 1e-11);
  // The widest cluster of k1 stands at the median.
  const double widest =
      tdigest_fraction(TDigestScale::k1, 0.5, 100, 1) - tdigest_fraction(TDigestScale::k1, -0.5, 100, 1);
  EXPECT_NEAR(widest, 0.0314107591, 1e-10);
  for (const auto scale : scales)
    for (const double n : {10.0, 1e6})
      for (double q = 0.001; q < 1; q += 0.007) {
        const double k = tdigest_scale(scale, q, 50, n);
        EXPECT_NEAR(tdigest_fraction(scale, k, 50, n), q, 1e-13);
        EXPECT_GT(tdigest_scale(scale, q + 0.0005, 50, n), k);
      }
  EXPECT_EQ(tdigest_fraction(TDigestScale::k3, -1e308, 50, 10), 0);
  EXPECT_EQ(tdigest_fraction(TDigestScale::k2, 1e308, 50, 10), 1);
  EXPECT_THROW(tdigest_scale(TDigestScale::k1, 1.1, 100, 1), std::domain_error);
  EXPECT_THROW(tdigest_scale(TDigestScale::k1, 0.1, 0, 1), std::domain_error);
  EXPECT_THROW(tdigest_fraction(TDigestScale::k1, NAN, 100, 1), std::domain_error);
}

TEST(tdigest, clusters_span_one_of_their_scale) {
  for (const auto scale : scales) {
    TDigest digest(50, scale);
    digest.add(draw("normal", 3));
    const auto clusters = digest.centroids();
    double before = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      const double n = 200'000, after = before + static_cast<double>(clusters[i].weight);
      if (clusters[i].weight > 1 && before > 0 && after < n) {
        // Put together from the right or from the left, at an n that was smaller.
        const double span = tdigest_scale(scale, after / n, 250, n) - tdigest_scale(scale, before / n, 250, n);
        EXPECT_LE(span, 1.35) << i;
      }
      if (i > 0) {
        EXPECT_LE(clusters[i - 1].mean, clusters[i].mean);
      }
      before = after;
    }
    EXPECT_EQ(before, 200'000);
    EXPECT_EQ(clusters.front().weight, 1u);
    EXPECT_EQ(clusters.back().weight, 1u);
  }
}

TEST(tdigest, merged_is_as_good) {
  for (const char* law : laws) {
    auto numbers = draw(law, 9);
    TDigest all(100);
    for (std::size_t i = 0; i < 20; ++i) {
      TDigest part(100);
      part.add(std::span(numbers).subspan(10'000 * i, 10'000));
      all.merge(part);
    }
    EXPECT_EQ(all.count(), 200'000u);
    std::sort(numbers.begin(), numbers.end());
    // A cluster of the parts may span the gap between two modes; no later one can take it apart.
    const double error = law == std::string("bimodal") ? 0.01 : 0.005;
    for (double p = 0.01; p < 1; p += 0.01) EXPECT_NEAR(true_rank(numbers, all.quantile(p).value), p, error) << law;
    EXPECT_NEAR(true_rank(numbers, all.quantile(0.999).value), 0.999, 150e-6) << law;
  }
  TDigest twice(30);
  twice.add(draw("normal", 1, 5000));
  twice.merge(twice);
  EXPECT_EQ(twice.count(), 10'000u);
}

TEST(tdigest, reads_and_writes_the_bytes_of_datasketches) {
  for (const auto& row : qsm_test::golden("sketches/tdigest_datasketches.csv")) {
    SCOPED_TRACE(row.where);
    const auto bytes = qsm_test::bytes_of(row.text("bytes"));
    const auto items = row.text("items") == "floats" ? DataSketchesItems::floats : DataSketchesItems::doubles;
    const auto digest = TDigest::from_datasketches(bytes, TDigestScale::k1, items);
    EXPECT_EQ(digest.compression(), row["k"]);
    EXPECT_EQ(static_cast<double>(digest.count()), row["n"]);
    EXPECT_EQ(digest.to_datasketches(items), bytes);
    for (std::size_t size = 0; size < bytes.size(); size += 3)
      EXPECT_THROW(TDigest::from_datasketches(std::span(bytes).first(size), TDigestScale::k1, items), MalformedBytes);
    EXPECT_EQ(TDigest::from_reference(digest.to_reference()).centroids().size(), digest.centroids().size());
    auto values = golden_values(row["n"]);
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    EXPECT_EQ(digest.min(), values.front());
    EXPECT_EQ(digest.max(), values.back());
    for (const double p : {0.1, 0.5, 0.9})
      EXPECT_NEAR(true_rank(values, digest.quantile(p).value), p, values.size() < 10 ? 0.5 : 0.03);
  }
  EXPECT_THROW(TDigest(10.5).to_datasketches(), std::domain_error);
  TDigest large;
  large.add(1e300);
  EXPECT_THROW(large.to_datasketches(DataSketchesItems::floats), std::domain_error);
}

TEST(tdigest, counts_the_ends_among_the_numbers_of_one_cluster) {
  // Of the reference's small form: 1 and 3 are two of the four numbers, whose mean is 2.
  const auto digest = TDigest::from_reference(
      qsm_test::bytes_of("000000023ff0000000000000400800000000000042c800000064006400014080000040000000"));
  ASSERT_EQ(digest.count(), 4u);
  EXPECT_EQ(digest.quantile(0.25).value, 1);
  EXPECT_EQ(digest.quantile(0.5).value, 2);
  EXPECT_EQ(digest.quantile(0.8).value, 3);
}

TEST(tdigest, reads_the_reference_implementation) {
  TDigest digest(50);
  digest.add(draw("exponential", 2, 5000));
  const auto verbose = digest.to_reference();
  const auto again = TDigest::from_reference(verbose);
  EXPECT_EQ(again.to_reference(), verbose);
  EXPECT_EQ(again.count(), 5000u);
  EXPECT_EQ(again.quantile(0.99).value, digest.quantile(0.99).value);
  // The small form: min, max, compression 100, room, three clusters of weight 1, 2, 1 and mean 1, 2, 3.
  const auto small = qsm_test::bytes_of(
      "00000002"
      "3ff0000000000000"
      "4008000000000000"
      "42c80000"
      "00640064"
      "0003"
      "3f8000003f800000"
      "4000000040000000"
      "3f80000040400000");
  const auto few = TDigest::from_reference(small);
  EXPECT_EQ(few.count(), 4u);
  EXPECT_EQ(few.compression(), 100);
  EXPECT_EQ(few.quantile(0.5).value, 2);
  for (std::size_t size = 0; size < small.size(); ++size)
    EXPECT_THROW(TDigest::from_reference(std::span(small).first(size)), MalformedBytes) << size;
  for (const auto& [at, value] : {std::pair{3, 3}, {30, 0x3e}, {31, 0x00}, {46, 0x7f}}) {
    auto bad = small;
    bad[static_cast<std::size_t>(at)] = static_cast<std::byte>(value);
    EXPECT_THROW(TDigest::from_reference(bad), MalformedBytes) << at;
  }
}

TEST(tdigest, refuses_what_makes_no_sense) {
  EXPECT_THROW(TDigest(9), std::domain_error);
  EXPECT_THROW(TDigest(NAN), std::domain_error);
  EXPECT_THROW(TDigest(1e9), std::domain_error);
  const auto rows = qsm_test::golden("sketches/tdigest_datasketches.csv");
  const auto good = qsm_test::bytes_of(rows[3].text("bytes"));  // k = 20, n = 500
  for (std::size_t size = 0; size < good.size(); size += 5)
    EXPECT_THROW(TDigest::from_datasketches(std::span(good).first(size)), MalformedBytes) << size;
  const std::pair<std::size_t, std::uint8_t> changes[] = {{0, 1},  {1, 2},     {2, 15},    {3, 9},     {5, 1},
                                                          {5, 2},  {8, 0xff},  {12, 1},    {23, 0x7f}, {31, 0xff},
                                                          {40, 0}, {47, 0x7f}, {46, 0xff}, {39, 0x7f}};
  for (const auto& [at, value] : changes) {
    auto bad = good;
    bad[at] = static_cast<std::byte>(value);
    EXPECT_THROW(TDigest::from_datasketches(bad), MalformedBytes) << at << " " << int(value);
  }
}

}  // namespace
