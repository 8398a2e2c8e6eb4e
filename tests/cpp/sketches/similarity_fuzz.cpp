// Any bytes are a sketch of similarity or an index that can be used and comes back from its own bytes, or MalformedBytes.
#include <cstdlib>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/lsh.hpp>
#include <qsm/sketches/minhash.hpp>
#include <qsm/sketches/simhash.hpp>
#include <qsm/sketches/weighted_minhash.hpp>

namespace {

using namespace qsm::sketches;

template <class Sketch>
void sensible(Sketch one) {
  if (Sketch::decode(one.encode()) != one) std::abort();
  if constexpr (requires { one.similarity(one); }) {
    const auto estimate = one.similarity(one);
    if (!(estimate.low <= estimate.value && estimate.value <= estimate.high)) std::abort();
  }
  if constexpr (requires { one.add(std::uint64_t{1}); }) {
    for (std::uint64_t i = 0; i < 20; ++i) one.add(i);
    Sketch twice = one;
    twice.merge(one);
    if (twice.signature().size() != one.signature().size()) std::abort();
  }
  if constexpr (std::same_as<Sketch, WeightedMinHash>) one.add(1, 2);
  if constexpr (std::same_as<Sketch, LshIndex>) {
    const std::vector<std::uint64_t> signature(static_cast<std::size_t>(one.bands() * one.rows()), 7);
    const auto keys = one.keys();
    if (!one.contains(99)) {
      one.add(99, signature);
      if (std::ranges::count(one.query(signature), 99) != 1) std::abort();
      one.remove(99);
    }
    for (const std::uint64_t key : keys) one.remove(key);
    if (one.size() != 0 || !one.query(signature).empty()) std::abort();
  }
  if (Sketch::decode(one.encode()) != one) std::abort();
}

template <class Sketch>
void read(std::span<const std::byte> bytes) {
  try {
    sensible(Sketch::decode(bytes));
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto given = std::as_bytes(std::span(data, size)).subspan(1);
  qsm::ByteWriter writer;  // with the checksum that belongs to it
  for (const std::byte byte : given) writer.u8(std::to_integer<std::uint8_t>(byte));
  writer.checksum();
  constexpr void (*readers[])(std::span<const std::byte>) = {
      read<MinHash>,         read<BBitMinHash>, read<OnePermutationMinHash>, read<SuperMinHash>, read<SimHash>,
      read<WeightedMinHash>, read<LshIndex>};
  readers[data[0] % 7](writer.written());
  return 0;
}
