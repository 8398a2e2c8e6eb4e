// Any bytes are a filter that comes back from its own bytes and answers in place, or MalformedBytes.
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/bloom.hpp>
#include <qsm/sketches/counting_bloom.hpp>
#include <qsm/sketches/cuckoo.hpp>
#include <qsm/sketches/fuse.hpp>
#include <qsm/sketches/quotient.hpp>
#include <qsm/sketches/ribbon.hpp>
#include <qsm/sketches/scalable_bloom.hpp>

namespace {

using namespace qsm::sketches;

template <class Filter>
void use(Filter filter) {
  if (!(filter.rate() >= 0 && filter.rate() <= 1)) std::abort();
  std::uint64_t questions[40];
  bool answers[40];
  for (std::uint64_t i = 0; i < 40; ++i) questions[i] = i * 0x0123456789abcdef;
  filter.contains_hashes(questions, answers);
  if constexpr (MembershipSketch<Filter>) {
    const auto items = filter.estimate();
    if (!(items.low <= items.high)) std::abort();
    try {
      filter.add(std::uint64_t{7});
      if (!filter.contains(std::uint64_t{7})) std::abort();
      if constexpr (RemovableFilter<Filter>)
        if (!filter.remove(std::uint64_t{7})) std::abort();
    } catch (const std::length_error&) {  // a full cuckoo or quotient filter
    }
  } else if constexpr (requires { filter.to_xor_singleheader(); }) {
    const auto bytes = filter.to_xor_singleheader();
    if (Filter::from_xor_singleheader(bytes, filter.bits()).to_xor_singleheader() != bytes) std::abort();
  }
}

template <class Filter>
void read(std::span<const std::byte> bytes, bool foreign) {
  try {
    if constexpr (requires { Filter::from_xor_singleheader(bytes, 8); }) {
      if (foreign) return use(Filter::from_xor_singleheader(bytes, bytes.size() % 2 == 0 ? 8 : 16));
    }
    const Filter filter = Filter::decode(bytes);
    if (Filter::decode(filter.encode()) != filter || Filter::view(bytes, false) != filter) std::abort();
    use(filter);
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  qsm::ByteWriter writer;  // with the checksum that belongs to the bytes
  const bool foreign = data[0] & 64;
  for (const std::uint8_t byte : std::span(data, size).subspan(1)) writer.u8(byte);
  if (!foreign && (data[0] & 128) == 0) writer.checksum();
  const auto bytes = writer.written();
  switch (data[0] % 9) {
    case 0:
      read<BloomFilter>(bytes, foreign);
      break;
    case 1:
      read<BlockedBloomFilter>(bytes, foreign);
      break;
    case 2:
      read<CountingBloomFilter>(bytes, foreign);
      break;
    case 3:
      read<CuckooFilter>(bytes, foreign);
      break;
    case 4:
      read<BinaryFuseFilter>(bytes, foreign);
      break;
    case 5:
      read<RibbonFilter>(bytes, foreign);
      break;
    case 6:
      read<QuotientFilter>(bytes, foreign);
      break;
    case 7:
      read<ScalableBloomFilter>(bytes, foreign);
      break;
    default:
      read<XorFilter>(bytes, foreign);
  }
  return 0;
}
