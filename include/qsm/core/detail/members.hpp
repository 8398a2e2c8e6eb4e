#pragma once
#include <tuple>
#include <type_traits>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core::detail {

/// Reaches the data of a class that makes it a friend and lists its members, so that objects can travel and compare:
///
///     friend core::detail::Members;
///     static auto members(auto& self) { return std::tie(self.rate_, self.burst_); }
struct Members {
  template <class Type>
  static constexpr bool listed = requires(Type& object) { Type::members(object); };
  template <class Type>
  static auto of(Type& object) {
    return std::remove_const_t<Type>::members(object);
  }
  /// An object whose members are still to be filled in.
  template <class Type>
  static Type blank() {
    return Type();
  }
};

}  // namespace qsm::inline v0::inline core::detail
