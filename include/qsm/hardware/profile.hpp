#pragma once
/// @file
/// Measures the machine that runs this, and makes an entry of it.

#include <functional>
#include <span>
#include <string>

#include <qsm/core/config.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/hardware/accelerator.hpp>

namespace qsm::inline v0::hardware {

/// Work to be timed, which gives a machine's entry a rate.
class Probe {
 public:
  /// Names the work.
  ///
  /// @param what  name of the rate
  /// @param size  how much of it one call does [1], finite and > 0
  /// @param call  does it, on the calling thread
  Probe(std::string what, double size, std::function<void()> call);

  /// Name of the rate.
  const std::string& name() const { return name_; }
  /// How much of it one call does [1].
  double work() const { return work_; }
  /// Does it once.
  void run() const { call_(); }

 private:
  std::string name_;
  double work_;
  std::function<void()> call_;
};

/// How long to measure.
struct TimingOptions {
  /// Time that is spent at most on each thing that is timed, but for its first calls [s], finite and > 0.
  double seconds = 0.02;
  /// Whether the work runs on other threads too, so that the wall's clock counts and not that of the calling thread.
  bool threads = false;
};

/// Time of one call: the least of some samples, which is what remains where others use the machine as well.
///
/// @param call     what is timed
/// @param options  how long, and by which clock
/// @returns        least and median time [s]; the method says how many samples
/// @source         J. Chen, J. Revels 2016, Robust benchmarking in noisy environments, section 3, for the least
Estimate time_call(const std::function<void()>& call, const TimingOptions& options = {});

/// The machine that runs this, measured: reading by range and threads, the cost of starting threads, and the rate of
/// each probe on one thread.
///
/// @param probes   what else is timed, such as kernels::probes(); none where empty
/// @param options  how long
/// @returns        an entry of kind "cpu" whose processors are the threads there are
/// @source         J. McCalpin 1995, Memory bandwidth and machine balance in current high performance computers
Accelerator profile_machine(std::span<const Probe> probes, const TimingOptions& options = {});

}  // namespace qsm::inline v0::hardware

#ifdef QSM_HEADER_ONLY
#include <qsm/hardware/profile.ipp>
#endif
