#pragma once
/// @file
/// Names of methods, and what is said of a name that is none.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace qsm::inline v0::queueing::detail {

enum class NetworkMethod { exact, mva, schweitzer, linearizer };

/// The place of a name among the known ones; the error lists them.
template <class Choice, std::size_t count>
Choice choice(const char* function, const char* argument, std::string_view name, const char* const (&known)[count]) {
  std::string all;
  for (std::size_t k = 0; k < count; ++k) {
    if (name == known[k]) return static_cast<Choice>(k);
    all += (k == 0 ? "" : k + 1 == count ? " or " : ", ") + std::string(known[k]);
  }
  throw std::invalid_argument(std::string(function) + ": " + argument + " must be " + all + ", got " +
                              std::string(name));
}
inline NetworkMethod method_named(const char* function, std::string_view name) {
  return choice<NetworkMethod>(function, "method", name, {"exact", "mva", "schweitzer", "linearizer"});
}

}  // namespace qsm::inline v0::queueing::detail
