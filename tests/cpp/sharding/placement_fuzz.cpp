// Any bytes are a placement that comes back from its own bytes and gives nodes that are there, or MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sharding.hpp>

namespace {

template <class Type>
void decode(const qsm::ByteWriter& writer) {
  try {
    const Type placement = Type::decode(writer.written());
    if (!(Type::decode(placement.encode()) == placement)) std::abort();
    for (std::uint64_t key = 0; key < 8; ++key)
      if (placement.table().at(placement.node(key)).name.empty()) std::abort();
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > writer.written().size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qsm::sharding;
  qsm::ByteWriter writer;  // with the checksum that belongs to the bytes
  for (const std::uint8_t byte : std::span(data, size)) writer.u8(byte);
  writer.checksum();
  decode<Ring>(writer);
  decode<Ranges>(writer);
  decode<Jump>(writer);
  decode<JumpBackAnchor>(writer);
  decode<Memento>(writer);
  decode<Rendezvous>(writer);
  return 0;
}
