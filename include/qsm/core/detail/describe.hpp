#pragma once
// Text that reads as a constructor call, for describe() of laws.

#include <initializer_list>
#include <span>
#include <string>
#include <utility>

#include <qsm/core/error.hpp>

namespace qsm::inline v0::inline core::detail {

inline std::string list_text(std::span<const double> values) {
  std::string text = "[";
  for (const double value : values) text += (text.size() > 1 ? ", " : "") + shortest(value);
  return text + "]";
}

/// call_text("gamma", {{"shape", "2"}, {"scale", "0.5"}}) is "gamma(shape=2, scale=0.5)".
inline std::string call_text(const char* name, std::initializer_list<std::pair<const char*, std::string>> arguments) {
  std::string text = std::string(name) + "(";
  const char* separator = "";
  for (const auto& [argument, value] : arguments) {
    text += separator + std::string(argument) + "=" + value;
    separator = ", ";
  }
  return text + ")";
}

}  // namespace qsm::inline v0::inline core::detail
