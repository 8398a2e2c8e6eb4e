#pragma once
/// @file
/// One station three ways: the model, the simulation, and what a trace met, side by side.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <qsm/queueing/simulate.hpp>

namespace qsm::inline v0::queueing {

/// One quantity three ways. Where they disagree, an assumption is at work.
struct Comparison {
  /// Name of the quantity, as the models and simulations call it: "mean_wait", "wait_quantile(0.99)".
  std::string quantity;
  /// M/M/c with the same arrival rate and mean service time [unit of the quantity].
  double model;
  /// G/G/c with independent draws from the laws [unit of the quantity].
  Estimate simulation;
  /// The trace itself [unit of the quantity]; absent where there is none.
  std::optional<double> trace;
};

/// Compares M/M/c by formula with G/G/c by simulation.
///
/// What separates them is the shape of the two laws alone: rates and servers are the same.
///
/// @param interarrival  law of times between arrivals [s], on [0, ∞); its mean finite and > 0
/// @param service       law of service times [s], on [0, ∞); its mean finite and > 0
/// @param servers       c [1], an integer in [1, 2^24]
/// @param options       length, replications, seed, threads
/// @returns             one row per quantity
/// @source              L. Kleinrock 1975, Queueing Systems I, section 3.5; Kiefer and Wolfowitz 1955
std::vector<Comparison> compare(const Distribution& interarrival, const Distribution& service, double servers = 1,
                                const SimulationOptions& options = {.customers = 1e5});

/// Compares three ways: M/M/c at the trace's mean rates, G/G/c with independent draws from the trace's own gaps and
/// service times, and the trace replayed.
///
/// Model and simulation differ by the shape of the laws; simulation and trace by their order in time: swings of the
/// rate, and whatever else is not independent.
///
/// @param arrival_times  times of arrival [s], finite, none before the one in front of it; at least two
/// @param service_times  service time of each [s], finite and >= 0
/// @param servers        c [1], an integer in [1, 2^24]
/// @param options        length, replications, seed, threads
/// @returns              one row per quantity
/// @source               L. Kleinrock 1975, Queueing Systems I, section 3.5; Kiefer and Wolfowitz 1955
std::vector<Comparison> compare(std::span<const double> arrival_times, std::span<const double> service_times,
                                double servers = 1, const SimulationOptions& options = {.customers = 1e5});

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/compare.ipp>
#endif
