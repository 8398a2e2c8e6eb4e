// Any bytes are a Count-Min sketch that comes back from its own bytes and never counts too few, or MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/count_min.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using qsm::sketches::CountMin;
  qsm::ByteWriter writer;  // with the checksum that belongs to the bytes
  for (const std::uint8_t byte : std::span(data, size)) writer.u8(byte);
  writer.checksum();
  try {
    CountMin sketch = CountMin::decode(writer.written());
    if (CountMin::decode(sketch.encode()) != sketch) std::abort();
    const double before = sketch.count(std::uint64_t{7});
    if (before > static_cast<double>(sketch.total())) std::abort();
    if (sketch.total() < std::uint64_t{1} << 50) {
      sketch.add(std::uint64_t{7});
      if (sketch.count(std::uint64_t{7}) != before + 1) std::abort();
    }
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > writer.written().size()) std::abort();
  }
  return 0;
}
