// Any bytes are a GkSketch whose answers make sense, or MalformedBytes.
#include <qsm/sketches/gk_sketch.hpp>

#include "quantile_fuzz.hpp"

using qsm::sketches::GkSketch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;

  qsm_test::survive(qsm_test::signed_bytes(data, size), [](auto bytes) { return GkSketch::decode(bytes); });
  return 0;
}
