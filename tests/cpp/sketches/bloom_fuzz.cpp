// Any bytes are a Bloom filter that comes back from its own bytes and holds what it is given, or MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/bloom.hpp>

namespace {

template <class Filter>
void read(std::span<const std::byte> bytes) {
  try {
    Filter filter = Filter::decode(bytes);
    if (Filter::decode(filter.encode()) != filter) std::abort();
    if (!(filter.rate() >= 0 && filter.rate() <= 1 && filter.estimate().low <= filter.estimate().high)) std::abort();
    filter.add(std::uint64_t{7});
    if (!filter.contains(std::uint64_t{7})) std::abort();
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
  if (data[0] % 2 == 0)
    read<qsm::sketches::BloomFilter>(writer.written());
  else
    read<qsm::sketches::BlockedBloomFilter>(writer.written());
  return 0;
}
