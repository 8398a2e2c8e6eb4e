// Any bytes are a HeavyKeeper that comes back from its own bytes and goes on counting, or MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/heavy_keeper.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using qsm::sketches::HeavyKeeper;
  qsm::ByteWriter writer;  // with the checksum that belongs to the bytes
  for (const std::uint8_t byte : std::span(data, size)) writer.u8(byte);
  writer.checksum();
  try {
    HeavyKeeper sketch = HeavyKeeper::decode(writer.written());
    if (HeavyKeeper::decode(sketch.encode()) != sketch) std::abort();
    if (sketch.top(sketch.capacity()).size() > sketch.capacity()) std::abort();
    if (sketch.total() < std::uint64_t{1} << 38) {
      const double before = sketch.count(std::uint64_t{7}).value;
      sketch.add(std::uint64_t{7});
      const qsm::Estimate after = sketch.count(std::uint64_t{7});
      if (!(after.value >= before && after.value <= after.high && after.low == 0)) std::abort();
      sketch.merge(sketch);
      if (HeavyKeeper::decode(sketch.encode()) != sketch) std::abort();
    }
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > writer.written().size()) std::abort();
  }
  return 0;
}
