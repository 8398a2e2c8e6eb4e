#pragma once
/// @file
/// What a product or attention will cost on a machine, what it did cost, and both side by side.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/hardware/accelerator.hpp>
#include <qsm/hardware/profile.hpp>
#include <qsm/kernels/number.hpp>
#include <qsm/kernels/packed.hpp>

namespace qsm::inline v0::kernels {

/// A matrix product y = x w, by its sizes.
struct GemmShape {
  /// Rows of x [1], an integer >= 1.
  std::uint64_t rows = 1;
  /// Columns of x, rows of w [1], an integer >= 1.
  std::uint64_t inputs = 1;
  /// Columns of w [1], an integer >= 1.
  std::uint64_t outputs = 1;
  /// Numbers of x.
  Dtype x = Dtype::float32;
  /// How w is stored; integers have scales, int8 times int8 is without them.
  PackedFormat w = PackedFormat::float32;
  /// Rows of w that share a scale [1], a multiple of 8, or 0 for all.
  std::uint64_t group = 0;
  /// Whether rows of x are rounded to 8 bits first.
  bool quantize_rows = false;
  /// Threads [1], >= 0; 0 takes one per processor.
  int threads = 1;
};

/// Attention, by its sizes.
struct AttentionShape {
  /// Queries of a sequence [1], an integer >= 1.
  std::uint64_t queries = 1;
  /// Keys of a sequence [1], an integer >= 1.
  std::uint64_t keys = 1;
  /// Heads of the queries [1], an integer >= 1.
  std::uint64_t heads = 1;
  /// Heads of the keys and values [1], a divisor of `heads`.
  std::uint64_t key_heads = 1;
  /// Numbers of a head [1], an integer in [1, 1024].
  std::uint64_t size = 128;
  /// Sequences, alike in size [1], an integer >= 1.
  std::uint64_t sequences = 1;
  /// Numbers of queries, keys and values: float32, bfloat16 or float16.
  Dtype dtype = Dtype::bfloat16;
  /// Whether a query sees no key after it; the last query sees all.
  bool causal = true;
  /// Threads [1], >= 0; 0 takes one per processor.
  int threads = 1;
};

/// One kind of work inside a kernel.
struct StageTime {
  /// What is done.
  std::string name;
  /// How much of it, in its own unit [1].
  double work;
  /// How long one processor takes for all of it [s].
  double seconds;
};

/// What a kernel does on a machine, and how long that should take.
struct Plan {
  /// The machine's name.
  std::string machine;
  /// Rows of x, or queries times heads, that are done at a time [1].
  double tile_rows;
  /// Columns of w, or keys, that are done at a time [1].
  double tile_columns;
  /// Pieces that processors take one after the other [1].
  double tiles;
  /// Pieces that the busiest processor takes [1].
  double waves;
  /// Operations, a multiply-add being two; pairs that a causal mask hides are not counted [1].
  double operations;
  /// What must be read and written at least [B].
  double bytes;
  /// Operations over the machine's highest rate [s].
  double compute_seconds;
  /// Bytes over the rate at which it reads so many again and again [s].
  double memory_seconds;
  /// The larger of the two: no kernel is faster on this machine (the roofline) [s].
  double floor;
  /// Expected time [s].
  double predicted;
  /// What takes most of it: "memory", "start", or the name of a stage.
  std::string bound;
  /// Where the time goes; nothing where the machine has no rates of stages.
  std::vector<StageTime> stages;
  /// The product that is planned, or nothing.
  std::optional<GemmShape> gemm;
  /// The attention that is planned, or nothing.
  std::optional<AttentionShape> attention;
};

/// A plan beside what was measured.
struct PlanComparison {
  /// The machine's name.
  std::string machine;
  /// The roofline [s].
  double floor;
  /// Expected time [s].
  double predicted;
  /// Measured time [s].
  double measured;
  /// Predicted over measured [1].
  double ratio;
  /// Floor over measured: how near the kernel comes to what the machine can do [1].
  double efficiency;
  /// What takes most of the time, by the plan.
  std::string bound;
  /// Operations that were done per second [1/s].
  double operations_per_second;
  /// Least traffic over measured time [B/s].
  double bytes_per_second;
};

/// The kernels' stages as work that hardware::profile_machine() times: the highest rates by kind of number ("float32",
/// "bfloat16", "int8"), and under longer names what plan() needs to know of this processor.
///
/// @returns  probes for the level of vector instructions in use
/// @source   S. Williams, A. Waterman, D. Patterson 2009, Roofline, for rates as ceilings
std::vector<hardware::Probe> probes();

/// Plans a product.
///
/// On a machine measured with probes() the time is that of the stages: x made ready, then for each panel of w and block of
/// rows the stored words made ready, multiplied and scaled, and results stored, or the reading of w where that is slower.
/// On other machines it is the roofline with whole waves of tiles and, where known, achieved rates: an orientation.
///
/// @param shape    the product
/// @param machine  a measured or published machine
/// @returns        tiles, work, floor and expected time
/// @throws std::invalid_argument where the shape is none, or the machine lacks a rate; says which
/// @source         S. Williams, A. Waterman, D. Patterson 2009, Roofline; the stages of gemm()
Plan plan(const GemmShape& shape, const hardware::Accelerator& machine);

/// Plans attention.
///
/// @param shape    the attention
/// @param machine  a measured or published machine
/// @returns        tiles, work, floor and expected time
/// @throws std::invalid_argument where the shape is none, or the machine lacks a rate; says which
/// @source         as above; the stages of attention()
Plan plan(const AttentionShape& shape, const hardware::Accelerator& machine);

/// Runs what is planned, on this processor and seeded random numbers, and times it.
///
/// @param plan     a plan for a machine of kind "cpu"
/// @param options  how long; more than one thread is timed by the wall's clock
/// @returns        least time of a call, above it the median [s]
/// @throws std::invalid_argument where the plan is for another kind of machine
/// @source         hardware::time_call()
Estimate measure(const Plan& plan, const hardware::TimingOptions& options = {});

/// A plan beside a measured time.
///
/// @param plan      a plan
/// @param measured  time of the same, by measure() or elsewhere [s], finite and > 0
/// @returns         both, their ratio, and what binds
/// @source          S. Williams, A. Waterman, D. Patterson 2009, Roofline
PlanComparison compare(const Plan& plan, double measured);

}  // namespace qsm::inline v0::kernels

#ifdef QSM_HEADER_ONLY
#include <qsm/kernels/plan.ipp>
#endif
