// Any bytes are a Space-Saving sketch that comes back from its own bytes and whose bounds hold, or MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/space_saving.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using qsm::sketches::SpaceSaving;
  qsm::ByteWriter writer;  // with the checksum that belongs to the bytes
  for (const std::uint8_t byte : std::span(data, size)) writer.u8(byte);
  writer.checksum();
  try {
    SpaceSaving sketch = SpaceSaving::decode(writer.written());
    if (SpaceSaving::decode(sketch.encode()) != sketch) std::abort();
    if (sketch.error() > sketch.total() / sketch.capacity()) std::abort();
    const qsm::Estimate before = sketch.count(std::uint64_t{7});
    if (before.low < 0 || before.low > before.high) std::abort();
    if (sketch.total() < std::uint64_t{1} << 50) {
      sketch.add(std::uint64_t{7});
      if (sketch.count(std::uint64_t{7}) != before + 1) std::abort();
      sketch.merge(sketch);
    }
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > writer.written().size()) std::abort();
  }
  return 0;
}
