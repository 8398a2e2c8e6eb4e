// Any bytes are a histogram whose answers make sense and which comes back from its own bytes, or MalformedBytes.
#include <algorithm>
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
    if (bucket.low > bucket.high || bucket.count <= 0) std::abort();
    sum += bucket.count;
  }
  if (sum != one.count()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto stored = [](std::span<const std::byte> all, std::size_t limit) {  // stands for zlib
    return std::vector<std::byte>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), limit)));
  };
  try {
    sensible(HdrHistogram::decode(bytes));
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > size) std::abort();
  }
  try {
    sensible(HdrHistogram::decode_compressed(bytes, stored));
  } catch (const qsm::MalformedBytes&) {
  }
  return 0;
}
