// Any bytes are a DDSketch whose answers make sense, or MalformedBytes.
#include <qsm/sketches/ddsketch.hpp>

#include "quantile_fuzz.hpp"

using qsm::sketches::DDSketch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto message = std::as_bytes(std::span(data, size)).subspan(1);
  for (const auto writer : {qsm::sketches::DDWriter::java, qsm::sketches::DDWriter::python})
    qsm_test::survive(message, [&](auto bytes) { return DDSketch::from_protobuf(bytes, writer, 1 + data[0]); });
  qsm_test::survive(qsm_test::signed_bytes(data, size), [](auto bytes) { return DDSketch::decode(bytes); });
  return 0;
}
