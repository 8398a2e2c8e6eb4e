// Any bytes are a Count sketch or a Misra-Gries sketch that comes back from its own bytes, or MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/count_sketch.hpp>
#include <qsm/sketches/misra_gries.hpp>

namespace {

template <class Sketch>
void read(std::span<const std::byte> bytes) {
  try {
    Sketch sketch = Sketch::decode(bytes);
    if (Sketch::decode(sketch.encode()) != sketch) std::abort();
    const auto count = sketch.count(std::uint64_t{7});
    if (!(count.low <= count.value && count.value <= count.high)) std::abort();
    Sketch both = sketch;
    try {
      both.merge(sketch);
      sketch.add(std::uint64_t{7});
    } catch (const std::domain_error&) {  // as many items as can be counted
    }
    if (!(static_cast<double>(sketch.error()) >= 0)) std::abort();
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  qsm::ByteWriter writer;  // with the checksum that belongs to the bytes
  for (const std::uint8_t byte : std::span(data, size).subspan(1)) writer.u8(byte);
  if (data[0] % 4 != 0) writer.checksum();
  if (data[0] % 8 < 4)
    read<qsm::sketches::CountSketch>(writer.written());
  else
    read<qsm::sketches::MisraGries>(writer.written());
  return 0;
}
