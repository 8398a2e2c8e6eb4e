// Any bytes are a HyperLogLog whose answers make sense and which comes back from its own bytes, or MalformedBytes.
#include <cmath>
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/hyperloglog.hpp>

namespace {

using qsm::sketches::HyperLogLog;

void sensible(HyperLogLog one) {
  if (HyperLogLog::decode(one.encode()) != one) std::abort();
  const auto estimate = one.estimate();
  if (!(estimate.value >= 0 && estimate.low <= estimate.value && estimate.value <= estimate.high)) std::abort();
  HyperLogLog twice = one;
  twice.merge(one);
  if (twice != one) std::abort();
  for (std::uint64_t i = 0; i < 100; ++i) one.add(i);
  if (HyperLogLog::decode(one.encode()) != one) std::abort();
}

template <class Read>
void read(std::span<const std::byte> bytes, Read decode) {
  try {
    sensible(decode(bytes));
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto given = std::as_bytes(std::span(data, size)).subspan(1);
  switch (data[0] % 3) {
    case 0: {  // with the checksum that belongs to it
      qsm::ByteWriter writer;
      for (const std::byte byte : given) writer.u8(std::to_integer<std::uint8_t>(byte));
      writer.checksum();
      read(writer.written(), [](auto bytes) { return HyperLogLog::decode(bytes); });
      break;
    }
    case 1:
      read(given, [](auto bytes) { return HyperLogLog::from_redis(bytes); });
      break;
    default:
      read(given, [](auto bytes) { return HyperLogLog::from_datasketches(bytes); });
  }
  return 0;
}
