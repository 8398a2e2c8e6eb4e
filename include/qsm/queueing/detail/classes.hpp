#pragma once
// Arguments with one value for each class, for .ipp files.

#include <cstddef>
#include <stdexcept>
#include <string>

namespace qsm::inline v0::queueing::detail {

inline void check_size(const char* function, const char* argument, std::size_t size, std::size_t classes) {
  if (size != classes)
    throw std::invalid_argument(std::string(function) + ": " + argument + " must have one value for each of the " +
                                std::to_string(classes) + " classes, got " + std::to_string(size));
}

}  // namespace qsm::inline v0::queueing::detail
