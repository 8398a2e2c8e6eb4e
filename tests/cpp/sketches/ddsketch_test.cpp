#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/core/simd.hpp>
#include <qsm/sketches/ddsketch.hpp>
#include <qsm/sketches/testing.hpp>

#include "bytes.hpp"
#include "golden.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::DDCollapse;
using qsm::sketches::DDMapping;
using qsm::sketches::DDSketch;
using qsm::sketches::DDWriter;
using Numbers = std::vector<double>;

static_assert(qsm::sketches::QuantileSketch<DDSketch>);

/// Numbers of many orders of magnitude, of both signs.
Numbers wide(std::size_t size, std::uint64_t seed, double decades = 12) {
  Numbers uniforms(2 * size), numbers(size);
  qsm::Stream(seed).uniforms(0, uniforms);
  for (std::size_t i = 0; i < size; ++i)
    numbers[i] = std::pow(10, decades * (uniforms[2 * i] - 0.5)) * (uniforms[2 * i + 1] < 0.3 ? -1 : 1);
  return numbers;
}

TEST(ddsketch, is_a_sketch) {
  for (const auto mapping : {DDMapping::logarithmic, DDMapping::cubic}) {
    EXPECT_EQ(check_quantile_sketch(DDSketch(0.01, mapping)), std::vector<std::string>());
    EXPECT_EQ(check_quantile_sketch(DDSketch(0.2, mapping, 20, DDCollapse::highest)), std::vector<std::string>());
    EXPECT_EQ(check_quantile_sketch(DDSketch(0.001, mapping, 100)), std::vector<std::string>());
    EXPECT_EQ(check_quantile_sketch(DDSketch(0.01, mapping, 1)), std::vector<std::string>());
  }
}

TEST(ddsketch, quantiles_have_the_relative_error) {
  for (const auto mapping : {DDMapping::logarithmic, DDMapping::cubic})
    for (const double error : {1e-3, 0.01, 0.1, 0.5, 0.9})
      for (const double decades : {1.0, 12.0, 600.0}) {
        auto numbers = wide(2000, 1, decades);
        DDSketch sketch(error, mapping, 1 << 20);
        sketch.add(numbers);
        std::sort(numbers.begin(), numbers.end());
        for (std::size_t rank = 1; rank <= numbers.size(); rank += 37) {
          const double truth = numbers[rank - 1];
          const auto found = sketch.quantile(static_cast<double>(rank) / static_cast<double>(numbers.size()));
          ASSERT_LE(std::abs(found.value - truth), error * (1 + 1e-9) * std::abs(truth)) << truth;
          ASSERT_LE(found.low, truth);
          ASSERT_GE(found.high, truth);
          const auto share = sketch.cdf(truth);
          ASSERT_LE(share.low, static_cast<double>(rank) / static_cast<double>(numbers.size()));
          ASSERT_GE(share.high, static_cast<double>(rank) / static_cast<double>(numbers.size()));
        }
        EXPECT_FALSE(sketch.collapsed());
      }
}

TEST(ddsketch, cubic_needs_few_more_buckets) {
  DDSketch logarithmic(0.01, DDMapping::logarithmic), cubic(0.01, DDMapping::cubic);
  for (double x = 1; x < 1024; x *= 1.001) {
    logarithmic.add(x);
    cubic.add(x);
  }
  // Buckets over ten octaves: 10 ln 2 / ln gamma, times 1 / (c ln 2) = 1.0099 for the cubic.
  const auto size = [](const DDSketch& sketch) { return sketch.to_protobuf().size() / 8; };
  EXPECT_NEAR(static_cast<double>(size(logarithmic)), 347 + 4, 3);
  EXPECT_NEAR(static_cast<double>(size(cubic)), 350 + 4, 3);
}

TEST(ddsketch, merging_is_exact_in_any_order_and_grouping) {
  for (const auto collapse : {DDCollapse::lowest, DDCollapse::highest})
    for (const std::uint64_t buckets : {1, 2, 7, 100, 500, 3000}) {
      const DDSketch empty(0.02, DDMapping::cubic, buckets, collapse);
      DDSketch all = empty;
      std::vector<DDSketch> parts;
      for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto numbers = wide(400, seed, static_cast<double>(3 * seed));
        all.add(numbers);
        parts.push_back(empty);
        parts.back().add(numbers);
      }
      DDSketch forwards = empty, backwards = empty, pairs = parts[3];
      for (const auto& part : parts) forwards.merge(part);
      for (auto part = parts.rbegin(); part != parts.rend(); ++part) backwards.merge(*part);
      pairs.merge(parts[1]);
      DDSketch others = parts[4];
      others.merge(parts[0]);
      pairs.merge(others);
      pairs.merge(parts[2]);
      EXPECT_EQ(forwards, all) << buckets;
      EXPECT_EQ(backwards, all) << buckets;
      EXPECT_EQ(pairs, all) << buckets;
      EXPECT_EQ(all.collapsed(), buckets < 700);
      EXPECT_LE(all.bytes_used(), 2 * 8 * buckets);
      DDSketch copy = empty;
      copy.merge(all);
      EXPECT_EQ(copy, all);
      DDSketch twice = all;
      twice.merge(twice);
      EXPECT_EQ(twice.count(), 2 * all.count());
    }
}

TEST(ddsketch, collapsed_buckets_keep_the_other_quantiles) {
  auto numbers = wide(50'000, 3, 14);
  for (double& number : numbers) number = std::abs(number);
  DDSketch low(0.01, DDMapping::logarithmic, 400), high(0.01, DDMapping::logarithmic, 400, DDCollapse::highest);
  low.add(numbers);
  high.add(numbers);
  std::sort(numbers.begin(), numbers.end());
  const auto truth = [&](double p) { return numbers[static_cast<std::size_t>(p * 50'000) - 1]; };
  EXPECT_NEAR(low.quantile(0.9).value, truth(0.9), 0.01 * truth(0.9));
  EXPECT_NEAR(high.quantile(0.1).value, truth(0.1), 0.01 * truth(0.1));
  for (const double p : {0.1, 0.3, 0.6, 0.9})
    for (const auto* sketch : {&low, &high}) {
      EXPECT_LE(sketch->quantile(p).low, truth(p));
      EXPECT_GE(sketch->quantile(p).high, truth(p));
    }
}

TEST(ddsketch, keys_are_those_of_every_vector_length) {
  const auto numbers = wide(5000, 7, 500);
  const auto level = qsm::simd_level();
  for (const auto mapping : {DDMapping::logarithmic, DDMapping::cubic}) {
    DDSketch machine(0.003, mapping, 1 << 20), scalar = machine;
    machine.add(numbers);
    qsm::force_simd_level(qsm::SimdLevel::scalar);
    scalar.add(numbers);
    qsm::force_simd_level(level);
    EXPECT_EQ(machine, scalar);
  }
}

TEST(ddsketch, weights_and_zeros) {
  DDSketch one(0.05), other(0.05);
  one.add(3, 1000);
  one.add(5, 0);
  one.add(-1e-310, 4);
  one.add(0.0);
  for (int i = 0; i < 1000; ++i) other.add(3);
  for (int i = 0; i < 4; ++i) other.add(-1e-310);
  other.add(0.0);
  EXPECT_EQ(one, other);
  EXPECT_EQ(one.quantile(0.001).value, 0);
  EXPECT_EQ(one.cdf(0).value, 5.0 / 1005);
  EXPECT_EQ(one.max(), 3);
  EXPECT_THROW(one.add(1, std::uint64_t{1} << 62), std::domain_error);
  one.reset();
  EXPECT_EQ(one, DDSketch(0.05));
}

TEST(ddsketch, reads_and_writes_what_the_python_package_does) {
  for (const auto& row : qsm_test::golden("sketches/ddsketch.csv")) {
    SCOPED_TRACE(row.where);
    const auto mapping = row.text("mapping") == "cubic" ? DDMapping::cubic : DDMapping::logarithmic;
    const auto bytes = qsm_test::bytes_of(row.text("protobuf"));
    const auto theirs = DDSketch::from_protobuf(bytes, DDWriter::python);
    EXPECT_EQ(theirs.relative_error(), row["relative_error"]);
    EXPECT_EQ(theirs.mapping(), mapping);
    EXPECT_EQ(static_cast<double>(theirs.count()), row["count"]);
    DDSketch ours(row["relative_error"], mapping);
    std::istringstream values(row.text("values"));
    for (double value; values >> value;) ours.add(value);
    // What the bytes do not hold is the least and the largest number.
    EXPECT_EQ(DDSketch::from_protobuf(ours.to_protobuf(DDWriter::python), DDWriter::python), theirs);
    EXPECT_EQ(DDSketch::from_protobuf(ours.to_protobuf(DDWriter::java)), theirs);
    for (const char* percent : {"1", "25", "50", "75", "99"}) {
      const double truth = row[std::string("p") + percent];
      const double n = row["count"], p = std::floor(std::stod(percent) / 100 * (n - 1) + 1) / n;
      // A cubic bucket's middle is taken from its upper bound there, from its lower here; the last number of all is here
      // the bucket's bound.
      const double tolerance = mapping == DDMapping::cubic || p == 1 ? 2 * row["relative_error"] : 1e-9;
      EXPECT_NEAR(theirs.quantile(p).value, truth, tolerance * std::abs(truth)) << percent;
    }
  }
}

/// A message with these fields of the mapping and a positive store.
std::vector<std::byte> message(double gamma, double offset, std::uint8_t interpolation,
                               const std::vector<double>& counts, std::uint64_t first) {
  qsm::ByteWriter mapping, store, packed, all;
  mapping.u8(0x09);
  mapping.f64(gamma);
  mapping.u8(0x11);
  mapping.f64(offset);
  mapping.u8(0x18);
  mapping.u8(interpolation);
  for (const double count : counts) packed.f64(count);
  store.u8(0x12);
  store.bytes(packed.written());
  store.u8(0x18);
  store.varint(first);
  all.u8(0x0a);
  all.bytes(mapping.written());
  all.u8(0x12);
  all.bytes(store.written());
  return all.take();
}

TEST(ddsketch, reads_every_way_to_say_it) {
  const double gamma = 1.01 / 0.99;
  const auto plain = DDSketch::from_protobuf(message(gamma, 0, 0, {1, 0, 2}, 20));
  EXPECT_EQ(plain.relative_error(), 0.01);
  EXPECT_EQ(plain.count(), 3u);
  EXPECT_NEAR(plain.quantile(0.1).value, std::pow(gamma, 10) * 1.01, 1e-9);
  EXPECT_EQ(DDSketch::from_protobuf(message(gamma, 5, 0, {1, 0, 2}, 30)), plain);
  EXPECT_EQ(DDSketch::from_protobuf(message(gamma, -1, 0, {1, 0, 2}, 20), DDWriter::python), plain);
  // Sparse counts, unpacked counts and fields that nobody knows.
  auto sparse = qsm_test::bytes_of(
      "0a09"
      "09"
      "0000000000000000"
      "120b"
      "0a09"
      "11"
      "000000000000f03f");
  const auto head = message(gamma, 0, 0, {}, 0);
  std::copy(head.begin() + 3, head.begin() + 11, sparse.begin() + 3);
  const auto one = DDSketch::from_protobuf(sparse);
  EXPECT_EQ(one.count(), 1u);
  EXPECT_NEAR(one.quantile(0.5).value, 1.01, 1e-12);
  auto more = message(gamma, 0, 0, {1, 0, 2}, 20);
  for (const auto& extra : {"7801", "7d01020304", "7a020102", "790102030405060708"})
    for (const auto byte : qsm_test::bytes_of(extra)) more.push_back(byte);
  EXPECT_EQ(DDSketch::from_protobuf(more), plain);
  EXPECT_EQ(DDSketch::from_protobuf(message(gamma, 0, 0, {}, 20)), DDSketch(0.01));
}

TEST(ddsketch, refuses_messages_that_make_no_sense) {
  const double gamma = 1.01 / 0.99;
  EXPECT_THROW(DDSketch::from_protobuf({}), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(1, 0, 0, {1}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(NAN, 0, 0, {1}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(1e300, 0, 0, {1}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0.5, 0, {1}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, NAN, 0, {1}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0, 1, {1}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0, 0, {0.5}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0, 0, {-1}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0, 0, {INFINITY}, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0, 0, {1}, 4000000000)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0, 0, {1}, 1ULL << 33)), MalformedBytes);
  EXPECT_THROW(DDSketch::from_protobuf(message(gamma, 0, 0, {1}, 0), DDWriter::java, 0), std::domain_error);
  const auto good = message(gamma, 0, 0, {1, 2}, 0);
  for (std::size_t size = 1; size < good.size(); ++size) {  // cut between fields it is another message
    if (size == 22) continue;
    EXPECT_THROW(DDSketch::from_protobuf(std::span(good).first(size)), MalformedBytes) << size;
  }
}

/// Own bytes, under a true checksum.
std::vector<std::byte> own(double least, double largest, std::uint64_t zeros, std::uint64_t span, std::uint64_t first,
                           std::uint8_t collapsed, std::uint64_t count, double error = 0.01, std::uint64_t limit = 5) {
  qsm::ByteWriter writer;
  qsm::sketches::detail::put_letters(writer, "QDDS", 1);
  writer.f64(error);
  writer.u8(0);
  writer.u8(0);
  writer.varint(limit);
  writer.f64(least);
  writer.f64(largest);
  writer.varint(zeros);
  writer.varint(span);
  if (span > 0) {
    writer.varint(first);
    writer.u8(collapsed);
    for (std::uint64_t i = 0; i < span; ++i) writer.varint(count);
  }
  writer.varint(0);
  writer.checksum();
  return writer.take();
}

TEST(ddsketch, refuses_bytes_that_contradict_themselves) {
  EXPECT_EQ(DDSketch::decode(own(1, 2, 3, 5, 4, 1, 7)).count(), 38u);
  EXPECT_THROW(DDSketch::decode(own(2, 1, 3, 5, 4, 1, 7)), MalformedBytes);
  EXPECT_THROW(DDSketch::decode(own(1, NAN, 3, 5, 4, 1, 7)), MalformedBytes);
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 6, 4, 1, 7)), MalformedBytes);        // more buckets than allowed
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 4, 4, 1, 7)), MalformedBytes);        // collapsed, but not full
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 5, 4, 2, 7)), MalformedBytes);        // collapsed how?
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 5, 4, 1, 0)), MalformedBytes);        // empty ends
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 5, 1 << 30, 1, 7)), MalformedBytes);  // keys beyond doubles
  EXPECT_THROW(DDSketch::decode(own(1, 2, 0, 0, 4, 1, 7)), MalformedBytes);        // a least number of nothing
  EXPECT_THROW(DDSketch::decode(own(INFINITY, -INFINITY, 3, 0, 0, 0, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 5, 4, 1, 1ULL << 61)), MalformedBytes);
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 5, 4, 1, 7, 0)), MalformedBytes);
  EXPECT_THROW(DDSketch::decode(own(1, 2, 3, 5, 4, 1, 7, 0.01, 0)), MalformedBytes);
}

TEST(ddsketch, refuses_what_makes_no_sense) {
  EXPECT_THROW(DDSketch(0), std::domain_error);
  EXPECT_THROW(DDSketch(1), std::domain_error);
  EXPECT_THROW(DDSketch(NAN), std::domain_error);
  EXPECT_THROW(DDSketch(0.01, DDMapping::cubic, 0), std::domain_error);
  DDSketch sketch(0.01);
  EXPECT_THROW(sketch.merge(DDSketch(0.02)), std::domain_error);
  EXPECT_THROW(sketch.merge(DDSketch(0.01, DDMapping::cubic)), std::domain_error);
  EXPECT_THROW(sketch.merge(DDSketch(0.01, DDMapping::logarithmic, 7)), std::domain_error);
  EXPECT_THROW(sketch.merge(DDSketch(0.01, DDMapping::logarithmic, 2048, DDCollapse::highest)), std::domain_error);
  EXPECT_THROW(sketch.cdf(NAN), std::domain_error);
  Numbers out(2);
  EXPECT_THROW(sketch.fill_quantile(std::span(out).first(1), out), std::domain_error);
}

}  // namespace
