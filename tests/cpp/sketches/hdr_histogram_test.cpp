#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/hdr_histogram.hpp>

#include "golden.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::HdrHistogram;
using Bytes = std::vector<std::byte>;

std::int64_t integer(const qsm_test::Row& row, const std::string& column) { return std::stoll(row.text(column)); }

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

/// A "compressor" that flips bits, so that the envelope is tested without zlib.
Bytes flip(std::span<const std::byte> bytes, std::size_t) {
  Bytes out(bytes.begin(), bytes.end());
  for (std::byte& byte : out) byte = ~byte;
  return out;
}

TEST(hdr_histogram, agrees_with_the_python_package) {
  for (const auto& row : qsm_test::golden("sketches/hdr_histogram.csv")) {
    SCOPED_TRACE(row.where);
    HdrHistogram histogram(integer(row, "lowest"), integer(row, "highest"), static_cast<int>(integer(row, "digits")));
    HdrHistogram raw = histogram;
    std::istringstream values(row.text("values"));
    for (std::string entry; values >> entry;) {
      const auto cut = entry.find('x');
      const std::int64_t value = std::stoll(entry), count = std::stoll(entry.substr(cut + 1));
      histogram.record_corrected(value, integer(row, "interval"), count);
      raw.record(value, count);
    }
    EXPECT_EQ(histogram.counts_length(), integer(row, "counts_length"));
    EXPECT_EQ(histogram.count(), integer(row, "count"));
    EXPECT_NEAR(histogram.mean(), row["mean"], 1e-12 * row["mean"]);
    EXPECT_NEAR(histogram.standard_deviation(), row["standard_deviation"], 1e-12 * row["mean"]);
    std::vector<double> probabilities;
    std::vector<std::int64_t> expected;
    for (const char* percentile : {"0", "25", "50", "75", "90", "99", "99.9", "99.99", "100"}) {
      const std::int64_t truth = integer(row, std::string("p") + percentile);
      EXPECT_EQ(histogram.value_at_percentile(std::stod(percentile)), truth) << percentile;
      EXPECT_EQ(histogram.quantile(std::stod(percentile) / 100), truth) << percentile;
      probabilities.push_back(std::stod(percentile) / 100);
      expected.push_back(truth);
    }
    std::vector<std::int64_t> at_once(expected.size());
    histogram.fill_quantile(probabilities, at_once);
    EXPECT_EQ(at_once, expected);
    EXPECT_EQ(histogram.min(), expected.front());
    EXPECT_EQ(histogram.max(), expected.back());

    const Bytes payload = from_hex(row.text("payload"));
    EXPECT_TRUE(histogram.encode() == payload);
    EXPECT_EQ(HdrHistogram::decode(payload), histogram);
    EXPECT_EQ(HdrHistogram::decode_compressed(histogram.encode_compressed(flip), flip), histogram);
  }
}

TEST(hdr_histogram, corrected_afterwards_is_corrected_while_recording) {
  HdrHistogram during, after;
  for (const std::int64_t value : {1000, 1000, 10000, 100000000, 0, 25000}) {
    during.record_corrected(value, 10000, 7);
    after.record(value, 7);
  }
  const auto corrected = after.corrected(10000);
  EXPECT_EQ(corrected.count(), during.count());
  for (const double p : {0.1, 0.5, 0.9, 0.99, 1.0})  // buckets stand for their largest value
    EXPECT_NEAR(static_cast<double>(corrected.quantile(p)), static_cast<double>(during.quantile(p)),
                2e-3 * static_cast<double>(during.quantile(p)));
  EXPECT_EQ(after.corrected(0), after);
}

TEST(hdr_histogram, correction_counts_each_left_out_value) {
  std::mt19937_64 draw(1);
  for (int round = 0; round < 200; ++round) {
    const auto value = static_cast<std::int64_t>(draw() % 100000), interval = static_cast<std::int64_t>(draw() % 300);
    HdrHistogram fast(1, 100000, 2), slow(1, 100000, 2);
    fast.record_corrected(value, interval, 3);
    slow.record(value, 3);
    for (std::int64_t left = value - interval; interval > 0 && left >= interval; left -= interval) slow.record(left, 3);
    EXPECT_EQ(fast, slow) << value << " every " << interval;
  }
}

TEST(hdr_histogram, quantiles_are_those_of_the_values_within_the_digits) {
  std::mt19937_64 draw(2);
  std::lognormal_distribution<double> law(10, 3);
  for (const int digits : {1, 2, 3, 4, 5}) {
    HdrHistogram histogram(1, std::int64_t{1} << 50, digits);
    std::vector<std::int64_t> values(5000);
    for (auto& value : values) value = static_cast<std::int64_t>(law(draw));
    histogram.record(values);
    std::sort(values.begin(), values.end());
    for (std::size_t rank = 1; rank <= values.size(); rank += 7) {
      const std::int64_t truth = values[rank - 1];
      const std::int64_t found = histogram.quantile(static_cast<double>(rank) / static_cast<double>(values.size()));
      EXPECT_GE(found, truth);
      EXPECT_LE(static_cast<double>(found - truth), std::pow(10, -digits) * static_cast<double>(truth));
      EXPECT_EQ(histogram.highest_equivalent(truth), found);
      EXPECT_LE(histogram.lowest_equivalent(truth), truth);
    }
    std::int64_t count = 0, above = -1;
    for (const auto& bucket : histogram.buckets()) {
      EXPECT_GT(bucket.low, above);
      above = bucket.high;
      count += bucket.number;
      EXPECT_EQ(bucket.number, std::upper_bound(values.begin(), values.end(), bucket.high) -
                                   std::lower_bound(values.begin(), values.end(), bucket.low));
      EXPECT_EQ(histogram.count_at(bucket.high), bucket.number);
      EXPECT_DOUBLE_EQ(histogram.cdf(bucket.low), static_cast<double>(count) / 5000);
    }
    EXPECT_EQ(count, 5000);
  }
}

TEST(hdr_histogram, last_quantile_is_the_largest_value_among_ever_so_many) {
  HdrHistogram histogram;
  histogram.record(1, std::int64_t{1} << 52);  // from here on a value is less than the last place of n
  histogram.record(1000);
  EXPECT_EQ(histogram.quantile(1), 1000);
  EXPECT_EQ(histogram.quantile(0.999), 1);
}

TEST(hdr_histogram, merge_is_recording_both_and_subtract_undoes_it) {
  std::mt19937_64 draw(3);
  HdrHistogram one(1, 1000000, 3), other(1, 50000000, 3), both(1, 50000000, 3);
  HdrHistogram coarse(1, 50000000, 2);
  for (int i = 0; i < 3000; ++i) {
    const auto value = static_cast<std::int64_t>(draw() % 900000);
    (i % 3 == 0 ? one : other).record(value);
    both.record(value);
  }
  HdrHistogram merged = other;
  merged.merge(one);
  EXPECT_EQ(merged, both);
  coarse.merge(merged);
  EXPECT_EQ(coarse.count(), 3000);
  EXPECT_NEAR(static_cast<double>(coarse.quantile(0.5)), static_cast<double>(both.quantile(0.5)), 9000);
  merged.subtract(one);
  EXPECT_EQ(merged, other);
  EXPECT_THROW(merged.subtract(both), std::domain_error);
  EXPECT_EQ(merged, other);
  merged.subtract(HdrHistogram());
  EXPECT_EQ(merged, other);
}

TEST(hdr_histogram, grows_where_it_may) {
  HdrHistogram fixed(1, 1000, 3), growing(1, 2, 3, true);
  EXPECT_THROW(fixed.record(1001), std::domain_error);
  const std::vector<std::int64_t> values = {5, 70000, 3};
  EXPECT_THROW(fixed.record(values), std::domain_error);
  EXPECT_EQ(fixed.count(), 0);
  growing.record(values);
  growing.record(std::numeric_limits<std::int64_t>::max());
  growing.record(std::int64_t{1} << 40, 3);
  EXPECT_EQ(growing.count(), 7);
  EXPECT_EQ(growing.max(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(HdrHistogram::decode(growing.encode()), growing);
  HdrHistogram other;
  EXPECT_THROW(other.merge(growing), std::domain_error);
  HdrHistogram small(1, 2, 3, true);
  small.merge(growing);
  EXPECT_EQ(small, growing);
}

TEST(hdr_histogram, of_nothing) {
  const HdrHistogram nothing;
  EXPECT_EQ(nothing.count(), 0);
  EXPECT_EQ(nothing.quantile(0.5), 0);
  EXPECT_EQ(nothing.max(), 0);
  EXPECT_TRUE(std::isnan(nothing.mean()));
  EXPECT_TRUE(std::isnan(nothing.cdf(5)));
  EXPECT_EQ(HdrHistogram::decode(nothing.encode()), nothing);
  EXPECT_EQ(nothing.encode().size(), 41u);
}

TEST(hdr_histogram, refuses_bad_input) {
  EXPECT_THROW(HdrHistogram(0), std::domain_error);
  EXPECT_THROW(HdrHistogram(10, 19), std::domain_error);
  EXPECT_THROW(HdrHistogram(1, 1000, 6), std::domain_error);
  EXPECT_THROW(HdrHistogram(1, 1000, -1), std::domain_error);
  EXPECT_THROW(HdrHistogram(std::int64_t{1} << 61, std::numeric_limits<std::int64_t>::max(), 3), std::domain_error);
  HdrHistogram histogram;
  EXPECT_THROW(histogram.record(-1), std::domain_error);
  EXPECT_THROW(histogram.record(1, -1), std::domain_error);
  EXPECT_THROW(histogram.record(std::numeric_limits<std::int64_t>::min(), 1), std::domain_error);
  EXPECT_THROW(histogram.record_corrected(5, -1), std::domain_error);
  EXPECT_THROW(histogram.quantile(1.1), std::domain_error);
  EXPECT_THROW(histogram.value_at_percentile(-1), std::domain_error);
  EXPECT_THROW(histogram.quantile(NAN), std::domain_error);
  histogram.record(1, std::numeric_limits<std::int64_t>::max());
  EXPECT_THROW(histogram.record(1, 1), std::domain_error);
  EXPECT_THROW(histogram.record_corrected(1000000, 1, std::int64_t{1} << 60), std::domain_error);
  EXPECT_THROW(histogram.record_corrected(1000, 1, std::numeric_limits<std::int64_t>::min()), std::domain_error);
  HdrHistogram twice = histogram;
  EXPECT_THROW(twice.merge(histogram), std::domain_error);
  EXPECT_EQ(HdrHistogram::decode(histogram.encode()), histogram);
  try {
    HdrHistogram(1, 1000).record(1001);
    FAIL();
  } catch (const std::domain_error& error) {
    EXPECT_STREQ(error.what(), "HdrHistogram.record: value must be an integer <= highest = 1000, got 1001");
  }
}

/// Whatever the bytes, decoding gives a histogram or MalformedBytes, and what it gives encodes again.
void survive(const Bytes& bytes) {
  try {
    const auto histogram = HdrHistogram::decode(bytes);
    EXPECT_EQ(HdrHistogram::decode(histogram.encode()), histogram);
  } catch (const MalformedBytes&) {
  }
}

TEST(hdr_histogram, malformed_bytes_cost_an_error_and_nothing_else) {
  HdrHistogram histogram(1, 3000000, 3);
  for (std::int64_t value = 1; value < 3000000; value = value * 5 / 3 + 1) histogram.record(value, value * 100);
  const Bytes good = histogram.encode();
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_THROW(HdrHistogram::decode(std::span(good).first(size)), MalformedBytes);
  Bytes longer = good;
  longer.push_back(std::byte{1});
  EXPECT_THROW(HdrHistogram::decode(longer), MalformedBytes);
  EXPECT_THROW(HdrHistogram::decode(histogram.encode_compressed(flip)), MalformedBytes);
  EXPECT_THROW(HdrHistogram::decode_compressed(good, flip), MalformedBytes);
  std::mt19937_64 draw(4);
  for (int round = 0; round < 20000; ++round) {
    Bytes bad = good;
    for (std::uint64_t flips = 1 + draw() % 4; flips > 0; --flips)
      bad[draw() % (round % 2 == 0 ? bad.size() : 40)] = static_cast<std::byte>(draw());
    survive(bad);
  }
  for (int round = 0; round < 5000; ++round) {  // a right header, noise as counts
    Bytes bad(good.begin(), good.begin() + 40);
    for (std::uint64_t more = draw() % 60; more > 0; --more) bad.push_back(static_cast<std::byte>(draw()));
    bad[7] = static_cast<std::byte>(bad.size() - 40);
    bad[4] = bad[5] = bad[6] = std::byte{0};
    survive(bad);
  }
}

}  // namespace
