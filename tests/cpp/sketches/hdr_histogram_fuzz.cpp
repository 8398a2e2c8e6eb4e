// Any bytes are a histogram whose answers make sense and which comes back from its own bytes, or MalformedBytes.
#include <algorithm>
#include <bit>
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/hdr_histogram.hpp>

namespace {

using qsm::sketches::HdrHistogram;

void sensible(const HdrHistogram& one) {
  if (HdrHistogram::decode(one.encode()) != one) std::abort();
  if (one.count() < 0 || one.min() > one.max()) std::abort();
  if (one.quantile(0.5) > one.quantile(1) || one.quantile(1) != one.max()) std::abort();
  std::int64_t sum = 0;
  for (const auto& bucket : one.buckets()) {
    if (bucket.low > bucket.high || bucket.number <= 0) std::abort();
    sum += bucket.number;
  }
  if (sum != one.count()) std::abort();
}

void put(std::span<std::byte> bytes, std::size_t at, std::size_t width, std::uint64_t value) {
  for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * (width - 1 - i)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto given = std::as_bytes(std::span(data, size)).subspan(1);
  std::vector<std::byte> bytes(given.begin(), given.end());
  if (data[0] % 4 != 0 && bytes.size() >= 40) {  // fields of one right value are right, as chance seldom would
    put(bytes, 0, 4, 0x1c849313);
    put(bytes, 4, 4, bytes.size() - 40);
    put(bytes, 8, 4, 0);
    put(bytes, 12, 4, data[0] % 3);
    if (data[0] % 4 > 1) {  // a small range, so that counts are tried out rather than memory
      put(bytes, 16, 8, 1);
      put(bytes, 24, 8, std::uint64_t{2} << (data[0] % 20));
    }
    put(bytes, 32, 8, std::bit_cast<std::uint64_t>(1.0));
  }
  const auto stored = [](std::span<const std::byte> all, std::size_t limit) {  // stands for zlib
    return std::vector<std::byte>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), limit)));
  };
  try {
    sensible(HdrHistogram::decode(bytes));
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
  try {
    sensible(HdrHistogram::decode_compressed(bytes, stored));
  } catch (const qsm::MalformedBytes&) {
  }
  return 0;
}
