// Any bytes are a ExactQuantiles whose answers make sense, or MalformedBytes.
#include <qsm/sketches/exact_quantiles.hpp>

#include "quantile_fuzz.hpp"

using qsm::sketches::ExactQuantiles;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;

  qsm_test::survive(qsm_test::signed_bytes(data, size), [](auto bytes) { return ExactQuantiles::decode(bytes); });
  return 0;
}
