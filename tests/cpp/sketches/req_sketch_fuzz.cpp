// Any bytes are a ReqSketch whose answers make sense, or MalformedBytes.
#include <qsm/sketches/req_sketch.hpp>

#include "quantile_fuzz.hpp"

using qsm::sketches::ReqSketch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  qsm_test::survive(qsm_test::signed_bytes(data, size), [](auto bytes) { return ReqSketch::decode(bytes); });
  return 0;
}
