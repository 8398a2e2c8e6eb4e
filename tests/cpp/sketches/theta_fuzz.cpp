// Any bytes are a Theta sketch or a linear counter whose answers make sense and which comes back from its own bytes, or
// MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/linear_counter.hpp>
#include <qsm/sketches/theta.hpp>

namespace {

using qsm::sketches::LinearCounter;
using qsm::sketches::ThetaSketch;

template <class Sketch>
void sensible(Sketch one) {
  if (Sketch::decode(one.encode()) != one) std::abort();
  const auto estimate = one.estimate();
  if (!(estimate.value >= 0 && estimate.low <= estimate.value && estimate.value <= estimate.high)) std::abort();
  Sketch twice = one;
  twice.merge(one);
  if (twice != one) std::abort();
  if constexpr (std::same_as<Sketch, ThetaSketch>) {
    if (one.intersection(one).estimate().value != one.estimate().value) std::abort();
    if (one.difference(one).retained() != 0) std::abort();
    if (ThetaSketch::from_datasketches(one.trimmed().to_datasketches(), one.precision(), one.hasher().seed) !=
        one.trimmed())
      std::abort();
  }
  for (std::uint64_t i = 0; i < 100; ++i) one.add(i);
  if (Sketch::decode(one.encode()) != one) std::abort();
}

template <class Read>
void read(std::span<const std::byte> bytes, Read decode) {
  try {
    sensible(decode(bytes));
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  } catch (const std::domain_error&) {  // bytes of another hash function cannot be written for DataSketches
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto given = std::as_bytes(std::span(data, size)).subspan(1);
  qsm::ByteWriter writer;  // with the checksum that belongs to it
  for (const std::byte byte : given) writer.u8(std::to_integer<std::uint8_t>(byte));
  writer.checksum();
  switch (data[0] % 3) {
    case 0:
      read(writer.written(), [](auto bytes) { return ThetaSketch::decode(bytes); });
      break;
    case 1:
      read(writer.written(), [](auto bytes) { return LinearCounter::decode(bytes); });
      break;
    default:
      read(given, [](auto bytes) { return ThetaSketch::from_datasketches(bytes); });
  }
  return 0;
}
