#pragma once
/// @file
/// Independent pieces of work on threads.

#include <cstddef>
#include <functional>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::sim {

/// Number of threads that work takes where it is told none: QSM_THREADS of the environment, else one per processor [1].
///
/// Throws std::invalid_argument where QSM_THREADS is no integer >= 1.
int default_threads();

/// Runs piece(0), ..., piece(count - 1), each once, on some threads, and returns when all are done.
///
/// Which thread runs which piece, and in what order, is left open: let each piece write to a place of its own. Where
/// pieces throw, no further ones are begun, and what the one with the lowest number threw is thrown on.
///
/// @param count    number of pieces [1], an integer >= 0
/// @param threads  number of threads [1], >= 0; 0 takes default_threads()
/// @param piece    the work, called with its number; from several threads at a time
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& piece);

}  // namespace qsm::inline v0::sim

#ifdef QSM_HEADER_ONLY
#include <qsm/sim/parallel.ipp>
#endif
