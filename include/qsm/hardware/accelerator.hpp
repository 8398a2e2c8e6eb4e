#pragma once
/// @file
/// What a machine does in a second, as published or as measured: the entry that cost models take.

#include <cstdint>
#include <string>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::hardware {

/// How much of one kind of work one processor of a machine does in a second.
struct Rate {
  /// What: "bfloat16", "float8", "int8", ... for operations on such numbers; other names belong to who measured them.
  std::string name;
  /// Operations, or what else is counted, per second and processor [1/s], > 0.
  double value;
};

/// How fast a machine reads a range of memory again and again.
struct Bandwidth {
  /// Size of the range [B], > 0.
  double footprint;
  /// Threads that read, or 0 for all that the machine has [1], an integer >= 0.
  double threads;
  /// Bytes per second, all threads together [B/s], > 0.
  double rate;
};

/// A processor or accelerator: its rates, with where they come from.
///
/// A multiply-add is two operations. Rates are of products of dense matrices; "achieved bfloat16" and the like, where
/// known, are the most that somebody measured, beside the published "bfloat16".
struct Accelerator {
  /// Name.
  std::string name;
  /// Where the numbers come from, and of which date.
  std::string source;
  /// "cpu" or "gpu".
  std::string kind;
  /// Processors: cores, or multiprocessors of a GPU [1], an integer >= 1.
  double processors;
  /// Memory [B]; 0 where not known.
  double memory;
  /// What starting work on all processors costs [s]; 0 where not known.
  double launch;
  /// Reading by range, the largest last.
  std::vector<Bandwidth> bandwidths;
  /// Rates of one processor.
  std::vector<Rate> rates;
};

/// A published entry.
///
/// @param name  one of accelerator_names(); small and large letters are one
/// @returns     its numbers with their source
/// @throws std::invalid_argument where there is no such entry; the text names all
/// @source      data sheets of the vendors, as each entry says
Accelerator accelerator(const std::string& name);

/// Names that accelerator() knows.
///
/// @returns  names
/// @source   accelerator()
std::vector<std::string> accelerator_names();

/// Work per second of some processors of a machine.
///
/// @param machine     a machine
/// @param name        of one of its rates
/// @param processors  how many of its processors work [1], an integer >= 0; 0 takes all, and no more than all count
/// @returns           rate [1/s]; 0 where the machine has none of this name
/// @source            the entry
double work_rate(const Accelerator& machine, const std::string& name, double processors = 0);

/// Bytes per second that a machine reads from a range of memory that it reads again and again.
///
/// Between measured ranges and numbers of threads the logarithm of the time of a byte is taken as linear in the logarithm
/// of the range.
///
/// @param machine    a machine with bandwidths
/// @param footprint  size of the range [B], > 0; infinite for the largest
/// @param threads    threads that read [1], an integer >= 0; 0 takes all
/// @returns          rate [B/s]
/// @source           the entry
double read_bandwidth(const Accelerator& machine, double footprint, double threads = 0);

/// An entry as JSON text, to the last bit.
///
/// @param machine  a machine
/// @returns        JSON
/// @source         RFC 8259
std::string to_json(const Accelerator& machine);

/// An entry from JSON text.
///
/// @param text  what to_json() gives; other keys are ignored
/// @returns     the entry
/// @throws std::invalid_argument where the text is no such JSON; says what is missing or wrong
/// @source      RFC 8259
Accelerator from_json(const std::string& text);

}  // namespace qsm::inline v0::hardware

#ifdef QSM_HEADER_ONLY
#include <qsm/hardware/accelerator.ipp>
#endif
