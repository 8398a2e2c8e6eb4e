// Any bytes are an UltraLogLog or ExaLogLog whose answers make sense and which comes back from its own bytes, or
// MalformedBytes.
#include <cmath>
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/exaloglog.hpp>
#include <qsm/sketches/ultraloglog.hpp>

namespace {

using qsm::sketches::CardinalityEstimator;
using qsm::sketches::ExaLogLog;
using qsm::sketches::UltraLogLog;

template <class Sketch>
void sensible(Sketch one) {
  if (Sketch::decode(one.encode()) != one) std::abort();
  for (const auto by : {CardinalityEstimator::best, CardinalityEstimator::maximum_likelihood}) {
    const auto estimate = one.estimate(by);
    if (!(estimate.value >= 0 && estimate.low <= estimate.value && estimate.value <= estimate.high)) std::abort();
  }
  Sketch twice = one;
  twice.merge(one);
  if (twice != one) std::abort();
  for (std::uint64_t i = 0; i < 100; ++i) one.add(i);
  if (Sketch::decode(one.encode()) != one) std::abort();
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
  if (size < 2) return 0;
  auto given = std::as_bytes(std::span(data, size)).subspan(2);
  qsm::ByteWriter writer;  // with the checksum that belongs to it
  for (const std::byte byte : given) writer.u8(std::to_integer<std::uint8_t>(byte));
  writer.checksum();
  switch (data[0] % 4) {
    case 0:
      read(writer.written(), [](auto bytes) { return UltraLogLog::decode(bytes); });
      break;
    case 1:
      read(writer.written(), [](auto bytes) { return ExaLogLog::decode(bytes); });
      break;
    case 2:
      read(given, [](auto bytes) {
        auto sketch = UltraLogLog::from_hash4j(bytes);
        if (!(sketch.estimate(CardinalityEstimator::generalized).value >= 0)) std::abort();
        return sketch;
      });
      break;
    default:
      read(given, [&](auto bytes) { return ExaLogLog::from_state(bytes, data[1] % 4, data[1] / 4 % 49); });
  }
  return 0;
}
