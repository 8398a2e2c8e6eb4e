#include <algorithm>
#include <cmath>
#include <numeric>

#include <qsm/core/bytes.hpp>
#include <qsm/sketches/detail/sort.hpp>
#include <qsm/sketches/exact_quantiles.hpp>

namespace qsm::inline v0::sketches {

QSM_INLINE void ExactQuantiles::add(std::span<const double> numbers) {
  detail::check_finite(name, numbers);
  for (const double number : numbers) numbers_.push_back(number + 0.0);  // no -0, which sorting cannot tell from 0
}

QSM_INLINE void ExactQuantiles::merge(const ExactQuantiles& other) {
  const std::vector<double> theirs = other.numbers_;
  numbers_.insert(numbers_.end(), theirs.begin(), theirs.end());
}

QSM_INLINE std::vector<double> ExactQuantiles::in_order() const {
  std::vector<double> ordered = numbers_;
  detail::sort_numbers(ordered);
  return ordered;
}

QSM_INLINE detail::RankedValues ExactQuantiles::ranked() const {
  detail::RankedValues ranked{in_order()};
  ranked.up_to.resize(ranked.values.size());
  std::iota(ranked.up_to.begin(), ranked.up_to.end(), std::uint64_t{1});
  return ranked;
}

QSM_INLINE double ExactQuantiles::min() const {
  return numbers_.empty() ? detail::nothing : *std::ranges::min_element(numbers_);
}

QSM_INLINE double ExactQuantiles::max() const {
  return numbers_.empty() ? detail::nothing : *std::ranges::max_element(numbers_);
}

QSM_INLINE std::vector<std::byte> ExactQuantiles::encode() const {
  ByteWriter writer;
  detail::put_letters(writer, "QEXQ", 1);
  writer.varint(numbers_.size());
  for (const double number : in_order()) writer.f64(number);
  writer.checksum();
  return writer.take();
}

QSM_INLINE ExactQuantiles ExactQuantiles::decode(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "ExactQuantiles");
  detail::read_letters(reader, "QEXQ", 1);
  ExactQuantiles sketch;
  sketch.numbers_.resize(reader.count(sizeof(double)));
  for (std::size_t i = 0; i < sketch.numbers_.size(); ++i) {
    sketch.numbers_[i] = reader.f64();
    if (!std::isfinite(sketch.numbers_[i]) || (i > 0 && sketch.numbers_[i] < sketch.numbers_[i - 1]))
      reader.refuse("finite numbers in order");
  }
  reader.checksum();
  reader.end();
  return sketch;
}

}  // namespace qsm::inline v0::sketches
