#pragma once
/// @file
/// Version of the library and the one switch between its two forms.
///
/// Code that need not be a template stands in `.ipp` files. A program linked with `qsm::qsm` finds it compiled; a
/// program linked with `qsm::headers` (or built with QSM_HEADER_ONLY) includes it.

#include <limits>

#define QSM_VERSION_MAJOR 0
#define QSM_VERSION_MINOR 1
#define QSM_VERSION_PATCH 0

#ifdef QSM_HEADER_ONLY
#define QSM_INLINE inline
#else
#define QSM_INLINE
#endif

namespace qsm::inline v0::inline core {

/// The room of a queue without limit, the wait where there is no end.
inline constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace qsm::inline v0::inline core
