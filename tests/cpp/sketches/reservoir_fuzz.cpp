// Any bytes are a Reservoir that comes back from its own bytes and takes more, or MalformedBytes.
#include <qsm/sketches/reservoir.hpp>

#include "quantile_fuzz.hpp"

using qsm::sketches::Reservoir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = qsm_test::signed_bytes(data, size);
  try {
    Reservoir sample = Reservoir::decode(bytes);
    if (Reservoir::decode(sample.encode()) != sample) std::abort();
    if (sample.sample().size() != sample.weights().size() || sample.sample().size() > sample.size()) std::abort();
    const auto before = sample.count();
    sample.add(std::vector<double>(300, 2));
    if (sample.count() != before + 300 || sample.sample().empty()) std::abort();
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
  return 0;
}
