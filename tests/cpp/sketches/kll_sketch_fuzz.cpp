// Any bytes are a KllSketch whose answers make sense, or MalformedBytes.
#include <qsm/sketches/kll_sketch.hpp>

#include "quantile_fuzz.hpp"

using qsm::sketches::KllSketch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto message = std::as_bytes(std::span(data, size)).subspan(1);
  for (const auto items : {qsm::sketches::DataSketchesItems::doubles, qsm::sketches::DataSketchesItems::floats})
    qsm_test::survive(message, [&](auto bytes) { return KllSketch::from_datasketches(bytes, items); });
  qsm_test::survive(qsm_test::signed_bytes(data, size), [](auto bytes) { return KllSketch::decode(bytes); });
  return 0;
}
