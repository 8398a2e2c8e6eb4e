#pragma once
#include <charconv>

#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core::detail {

QSM_INLINE std::string shortest(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

QSM_INLINE void refuse(const char* function, const char* argument, double value, const char* range) {
  throw std::domain_error(std::string(function) + ": " + argument + " must be " + range + ", got " + shortest(value));
}

}  // namespace qsm::inline v0::inline core::detail
