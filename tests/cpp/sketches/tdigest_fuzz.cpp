// Any bytes are a TDigest whose answers make sense, or MalformedBytes.
#include <qsm/sketches/tdigest.hpp>

#include "quantile_fuzz.hpp"

using qsm::sketches::TDigest;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto message = std::as_bytes(std::span(data, size)).subspan(1);
  const auto scale = static_cast<qsm::sketches::TDigestScale>(data[0] / 4 % 4);
  using qsm::sketches::DataSketchesItems;
  for (const auto items : {DataSketchesItems::doubles, DataSketchesItems::floats})
    qsm_test::survive(message, [&](auto bytes) { return TDigest::from_datasketches(bytes, scale, items); });
  qsm_test::survive(message, [&](auto bytes) { return TDigest::from_reference(bytes, scale); });
  qsm_test::survive(qsm_test::signed_bytes(data, size), [](auto bytes) { return TDigest::decode(bytes); });
  return 0;
}
