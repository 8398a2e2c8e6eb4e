#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/random.hpp>
#include <qsm/sketches/quotient.hpp>
#include <qsm/sketches/testing.hpp>

#include "sketches/filter_checks.hpp"

namespace {

using qsm::MalformedBytes;
using qsm::sketches::HashFunction;
using qsm::sketches::QuotientFilter;
using qsm_test::from;

static_assert(qsm::sketches::RemovableFilter<QuotientFilter>);

TEST(quotient, is_a_sketch) {
  EXPECT_EQ(qsm::sketches::check_sketch(QuotientFilter(4000, 0.01, {HashFunction::wyhash, 1})),
            std::vector<std::string>());
  EXPECT_EQ(qsm::sketches::check_sketch(QuotientFilter::of_size(12, 1)), std::vector<std::string>());
}

TEST(quotient, errs_as_often_as_theory_says) {
  constexpr std::size_t questions = 1'000'000;
  for (const double rate : {0.1, 0.01, 0.0005})
    for (const std::size_t items : {1u, 10u, 1000u, 200'000u}) {
      QuotientFilter filter(static_cast<double>(items), rate);
      filter.add(from(0, items));
      EXPECT_EQ(filter.items(), items);
      const double found = qsm_test::false_positives(filter, items, questions);
      EXPECT_LE(filter.rate(), rate);
      EXPECT_GT(filter.rate(), rate / 4 * (items < 10 ? 0.5 : 1));
      EXPECT_NEAR(found, filter.rate(), 5 * std::sqrt(filter.rate() / questions) + (items < 2000 ? filter.rate() : 0));
    }
}

// Twin: a sorted list of fingerprints, slot by slot as the paper's three bits say it.
std::vector<std::uint64_t> slots_of(std::vector<std::uint64_t> fingerprints, int quotient_bits, int remainder_bits) {
  const std::uint64_t slots = std::uint64_t{1} << quotient_bits, mask = (std::uint64_t{1} << remainder_bits) - 1;
  std::sort(fingerprints.begin(), fingerprints.end());
  std::vector<std::uint64_t> at(fingerprints.size()), out(slots);
  // Places on a line of two rounds: what the first round pushes over its end begins the second.
  std::uint64_t free = 0;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < fingerprints.size(); ++i) {
      at[i] = std::max((fingerprints[i] >> remainder_bits), free);
      free = at[i] + 1;
    }
    free = free > slots ? free - slots : 0;
  }
  for (std::size_t i = 0; i < fingerprints.size(); ++i) {
    const std::uint64_t home = fingerprints[i] >> remainder_bits, place = at[i] % slots;
    const bool first = i == 0 || fingerprints[i - 1] >> remainder_bits != home;
    out[home] |= 1;
    out[place] |= (fingerprints[i] & mask) << 3 | (first ? 0 : 2) | (place != home ? 4 : 0);
  }
  return out;
}

std::vector<std::uint64_t> slots_of(const QuotientFilter& filter) {
  const auto bytes = filter.encode();
  const int width = filter.remainder_bits() + 3;
  std::vector<std::uint64_t> out(filter.slots());
  for (std::size_t i = 0; i < out.size(); ++i)
    for (int bit = 0; bit < width; ++bit) {
      const std::size_t place = i * static_cast<std::size_t>(width) + static_cast<std::size_t>(bit);
      out[i] |= (std::to_integer<std::uint64_t>(bytes[64 + place / 8]) >> (place % 8) & 1) << bit;
    }
  return out;
}

TEST(quotient, lies_as_the_paper_says_while_items_come_and_go) {
  for (const auto& [quotient_bits, remainder_bits] :
       std::vector<std::pair<int, int>>{{3, 2}, {5, 1}, {7, 3}, {9, 13}}) {
    QuotientFilter filter = QuotientFilter::of_size(quotient_bits, remainder_bits);
    std::vector<std::uint64_t> twin;  // fingerprints
    const int bits = quotient_bits + remainder_bits;
    qsm::Stream stream(static_cast<std::uint64_t>(bits));
    std::vector<double> draws(12'000);
    stream.uniforms(0, draws);
    for (std::size_t i = 0; i + 1 < draws.size(); i += 2) {
      const bool more = draws[i + 1] < (i / 2000 % 2 == 0 ? 0.7 : 0.3);
      if (more && filter.items() < filter.capacity()) {
        const auto hash = static_cast<std::uint64_t>(draws[i] * draws[i] * 0x1p64);  // crowded at the low end
        filter.add_hash(hash);
        twin.push_back(hash >> (64 - bits));
      } else if (!more && !twin.empty()) {
        const auto which = twin.begin() + static_cast<std::ptrdiff_t>(draws[i] * static_cast<double>(twin.size()));
        ASSERT_TRUE(filter.remove_hash(*which << (64 - bits)));
        twin.erase(which);
      }
      ASSERT_EQ(filter.items(), twin.size());
      if (i % 50 == 0) {
        ASSERT_EQ(slots_of(filter), slots_of(twin, quotient_bits, remainder_bits)) << bits << " " << i;
      }
    }
    for (std::uint64_t fingerprint = 0; fingerprint < std::uint64_t{1} << std::min(bits, 12); ++fingerprint)
      ASSERT_EQ(filter.contains_hash(fingerprint << (64 - bits)),
                std::find(twin.begin(), twin.end(), fingerprint) != twin.end());
    EXPECT_FALSE(QuotientFilter::of_size(quotient_bits, remainder_bits).remove("never added"));
  }
}

TEST(quotient, refuses_when_it_is_full_and_stays_as_it_was) {
  QuotientFilter filter = QuotientFilter::of_size(8, 9);
  for (std::uint64_t item = 0; item < filter.capacity(); ++item) filter.add(item);
  EXPECT_EQ(filter.capacity(), 243u);
  const QuotientFilter before = filter;
  try {
    filter.add("one more");
    ADD_FAILURE();
  } catch (const std::length_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "QuotientFilter.add: no room, 243 of 243 items are in and 1 more were to be; resize first");
  }
  EXPECT_EQ(filter, before);
  EXPECT_THROW(filter.merge(before), std::length_error);
  EXPECT_THROW(filter.resize(7), std::length_error);
  EXPECT_EQ(filter, before);
  filter.resize(9);
  filter.add("one more");
  EXPECT_EQ(filter.remainder_bits(), 8);
}

TEST(quotient, keeps_its_fingerprints_when_it_is_resized) {
  QuotientFilter filter(1000, 0.01),
      large = QuotientFilter::of_size(14, filter.quotient_bits() + filter.remainder_bits() - 14);
  filter.add(from(0, 900));
  large.add(from(0, 900));
  const QuotientFilter before = filter;
  filter.resize(14);
  EXPECT_EQ(filter, large);
  EXPECT_EQ(filter.rate(), before.rate());
  for (std::uint64_t item = 0; item < 50'000; ++item) ASSERT_EQ(filter.contains(item), before.contains(item));
  filter.resize(before.quotient_bits());
  EXPECT_EQ(filter, before);
  EXPECT_THROW(filter.resize(2), std::domain_error);
  EXPECT_THROW(filter.resize(filter.quotient_bits() + filter.remainder_bits()), std::domain_error);
}

TEST(quotient, merges_those_of_other_sizes_and_itself) {
  QuotientFilter one = QuotientFilter::of_size(12, 10), other = QuotientFilter::of_size(10, 12), all = one;
  one.add(from(0, 900));
  other.add(from(500, 900));
  all.add(from(0, 900));
  all.add(from(500, 900));
  one.merge(other);
  EXPECT_EQ(one, all);
  one.merge(one);
  EXPECT_EQ(one.items(), 3600u);
  for (int twice = 0; twice < 2; ++twice)
    for (std::uint64_t item = 0; item < 900; ++item) ASSERT_TRUE(one.remove(item));
  for (int twice = 0; twice < 2; ++twice)
    for (std::uint64_t item = 500; item < 1400; ++item) ASSERT_TRUE(one.remove(item));
  EXPECT_EQ(one, QuotientFilter::of_size(12, 10));
  other.reset();
  EXPECT_EQ(other, QuotientFilter::of_size(10, 12));
}

TEST(quotient, comes_back_from_its_bytes) {
  QuotientFilter filter(700, 0.003);
  qsm_test::expect_bytes(filter);
  filter.add(from(0, 650));
  qsm_test::expect_bytes(filter);
}

TEST(quotient, refuses_slots_that_insertion_does_not_make) {
  QuotientFilter filter = QuotientFilter::of_size(6, 5);
  filter.add(from(0, 50));
  const auto bytes = filter.encode();
  const std::span<const std::byte> all = bytes;
  EXPECT_EQ(QuotientFilter::view(all, false), filter);
  std::size_t refused = 0, tried = 0;
  for (std::size_t at = 64; at < bytes.size() - 8; ++at)
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = bytes;
      damaged[at] ^= std::byte{1} << bit;
      ++tried;
      try {
        const QuotientFilter read = QuotientFilter::view(damaged, false);
        // A remainder that is still in order: another filter, but a sound one.
        QuotientFilter changed = QuotientFilter::decode(read.encode());
        changed.add(std::uint64_t{77});
        ASSERT_TRUE(changed.remove(std::uint64_t{77}));
        ASSERT_EQ(changed, read);
      } catch (const MalformedBytes&) {
        ++refused;
      }
    }
  EXPECT_GT(refused, tried / 2);
  for (const std::size_t at : {14u, 15u, 16u, 23u}) {  // sizes
    auto damaged = bytes;
    damaged[at] ^= std::byte{65};
    EXPECT_THROW(QuotientFilter::view(damaged, false), MalformedBytes) << at;
  }
}

TEST(quotient, refuses_a_run_out_of_order_and_runs_of_no_quotient) {
  QuotientFilter filter = QuotientFilter::of_size(3, 5);  // a slot is a byte
  const auto add = [&filter](std::uint64_t quotient, std::uint64_t remainder) {
    filter.add_hash(quotient << 61 | remainder << 56);
  };
  add(3, 4);
  add(3, 9);
  add(6, 2);
  const auto bytes = filter.encode();
  const auto read = [&bytes](std::vector<int> slots) {
    auto changed = bytes;
    for (std::size_t i = 0; i < slots.size(); ++i) changed[64 + i] = static_cast<std::byte>(slots[i]);
    return QuotientFilter::view(changed, false).items();
  };
  EXPECT_EQ(read({0, 0, 0, 4 << 3 | 1, 9 << 3 | 6, 0, 2 << 3 | 1, 0}), 3u);
  const std::vector<int> lots[] = {
      {0, 0, 0, 9 << 3 | 1, 4 << 3 | 6, 0, 2 << 3 | 1, 0},  // remainders out of order
      {0, 0, 0, 4 << 3 | 4, 9 << 3 | 6, 0, 2 << 3 | 4, 0},  // no quotient has items
      {0, 0, 0, 4 << 3 | 1, 9 << 3 | 4, 0, 2 << 3 | 1, 0},  // one run more than quotients
      {0, 0, 0, 4 << 3 | 1, 9 << 3 | 7, 0, 2 << 3 | 1, 0},  // one quotient more than runs
      {0, 0, 0, 4 << 3 | 1, 9 << 3 | 2, 0, 2 << 3 | 1, 0},  // not at home, and not shifted
      {0, 0, 0, 4 << 3 | 5, 9 << 3 | 6, 0, 2 << 3 | 1, 0},  // at home, and shifted
      {0, 0, 0, 4 << 3 | 1, 9 << 3 | 6, 8, 2 << 3 | 1, 0},  // a remainder in a free slot
      {0, 0, 0, 4 << 3 | 1, 0, 9 << 3 | 6, 2 << 3 | 1, 0},  // a run with a gap
      {0, 0, 0, 4 << 3 | 1, 9 << 3 | 6, 0, 0, 0},           // fewer than there are
      {1, 1, 1, 4 << 3 | 1, 9 << 3 | 1, 1, 2 << 3 | 1, 1},  // no slot is free
  };
  for (const auto& lot : lots) EXPECT_THROW(read(lot), MalformedBytes);
}

TEST(quotient, refuses_what_makes_no_sense) {
  EXPECT_THROW(QuotientFilter(0), std::domain_error);
  EXPECT_THROW(QuotientFilter(1e12), std::domain_error);
  EXPECT_THROW(QuotientFilter(10, 0), std::domain_error);
  EXPECT_THROW(QuotientFilter(1e10, 1e-12), std::domain_error);
  EXPECT_THROW(QuotientFilter::of_size(2, 5), std::domain_error);
  EXPECT_THROW(QuotientFilter::of_size(20, 0), std::domain_error);
  EXPECT_THROW(QuotientFilter::of_size(20, 41), std::domain_error);
  QuotientFilter filter(100);
  EXPECT_THROW(filter.merge(QuotientFilter(100, 0.001)), std::domain_error);
  EXPECT_THROW(filter.merge(QuotientFilter(100, 0.01, {HashFunction::wyhash, 0})), std::domain_error);
}

}  // namespace
