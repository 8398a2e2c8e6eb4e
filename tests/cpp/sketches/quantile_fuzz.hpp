#pragma once
// What the fuzzers of sketches of numbers ask of a sketch that came from any bytes.

#include <cmath>
#include <cstdlib>
#include <span>
#include <vector>

#include <qsm/core/bytes.hpp>

namespace qsm_test {

/// It comes back from its own bytes, its answers rise and stay within their ends and bounds, and it takes more.
template <class Sketch>
void sensible(Sketch sketch) {
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  require(Sketch::decode(sketch.encode()) == sketch);
  if (sketch.count() > 0) {
    const std::vector<double> probabilities = {0, 0.1, 0.5, 0.9, 1};
    std::vector<double> values(5), fractions(5);
    sketch.fill_quantile(probabilities, values);
    sketch.fill_cdf(values, fractions);
    for (std::size_t i = 0; i < 5; ++i) {
      const auto value = sketch.quantile(probabilities[i]);
      require(value.low <= value.value && value.value <= value.high && value.value == values[i]);
      require(values[i] >= sketch.min() && values[i] <= sketch.max() && fractions[i] >= 0 && fractions[i] <= 1);
      require(i == 0 || (values[i] >= values[i - 1] && fractions[i] >= fractions[i - 1]));
    }
  }
  const auto before = sketch.count();
  const Sketch copy = sketch;
  sketch.add(std::vector<double>(700, 3));
  try {
    sketch.merge(copy);
    require(sketch.count() == 2 * before + 700);
  } catch (const std::domain_error&) {  // too many
  }
}

/// The sketch that `read` makes of bytes, unless they are malformed.
template <class Read>
void survive(std::span<const std::byte> bytes, Read read) {
  try {
    sensible(read(bytes));
  } catch (const qsm::MalformedBytes& error) {
    if (error.offset() > bytes.size()) std::abort();
  }
}

/// Bytes with the checksum that belongs to them, but for one lot in four.
inline std::vector<std::byte> signed_bytes(const std::uint8_t* data, std::size_t size) {
  qsm::ByteWriter writer;
  for (std::size_t i = 1; i < size; ++i) writer.u8(data[i]);
  if (data[0] % 4 != 0) writer.checksum();
  return writer.take();
}

}  // namespace qsm_test
