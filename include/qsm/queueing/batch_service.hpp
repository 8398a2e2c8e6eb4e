#pragma once
/// @file
/// Batch service, as of a model server: a batch of b takes α + βb.

#include <qsm/core/error.hpp>

namespace qsm::inline v0::queueing {

/// One server that waits until exactly b customers are there and serves them together for α + βb; Poisson arrivals.
///
/// The batches form the queue E_b/D/1, whose wait is that of M/D/b with the same arrivals and service time, so that it is
/// exact. A customer waits for the batch to fill, for the batches before it, and for the service.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param setup_time    α [s], of any batch, finite and >= 0
/// @param item_time     β [s], of each customer in it, finite and > 0
/// @param batch_size    b [1], integer in [1, 1000000]
/// @source              C. D. Crommelin 1932, Post Office Electrical Engineers' Journal 25, for the equivalence; N. T. J.
///                      Bailey 1954, Journal of the Royal Statistical Society B 16
/// @golden              queueing/fixed_batch.csv
struct FixedBatch {
  double arrival_rate;
  double setup_time;
  double item_time;
  double batch_size;

  static void validate(auto& check, double arrival_rate, double setup_time, double item_time, double batch_size) {
    check.positive("arrival_rate", arrival_rate);
    check.not_negative("setup_time", setup_time);
    check.positive("item_time", item_time);
    check.positive_count("batch_size", batch_size);
    check.that(!(batch_size > 1e6), "batch_size", batch_size, "at most 1000000");
  }

  /// Time of one batch, α + βb [s].
  double service_time() const { return setup_time + item_time * batch_size; }

  /// Fraction of time that the server is busy, λ (α + βb) / b [1].
  double utilization() const { return arrival_rate * service_time() / batch_size; }

  /// Whether λ (α + βb) < b, so that a steady state exists.
  bool stable() const;

  /// Mean wait until the batch is full, (b - 1) / (2λ) [s].
  double mean_fill() const { return (batch_size - 1) / (2 * arrival_rate); }

  /// Mean wait for the batch to fill and for the batches before it [s].
  double mean_wait() const;

  /// Mean time in the system [s].
  double mean_sojourn() const { return mean_wait() + service_time(); }

  /// Mean number in the system, λ E[T] [1].
  double mean_number() const { return arrival_rate * mean_sojourn(); }
};

/// The server of fixed batches with these times and size.
FixedBatch fixed_batch(double arrival_rate, double setup_time, double item_time, double batch_size);

/// One server that takes at once all who wait, but at most B, for α + βb when they are b; Poisson arrivals.
///
/// Dynamic batching: an idle server begins with the first arrival alone. Solved exactly as the Markov chain of the number
/// left behind by a batch, cut where doubling the cut moves the mean by less than 1e-13 of it.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param setup_time    α [s], of any batch, finite and >= 0
/// @param item_time     β [s], of each customer in it, finite and > 0
/// @param batch_size    B [1], integer in [1, 1000]
/// @source              M. F. Neuts 1967, Annals of Mathematical Statistics 38(3); Y. Inoue 2021, Performance Evaluation 147,
///                      for servers of neural networks
/// @golden              queueing/dynamic_batch.csv
struct DynamicBatch {
  double arrival_rate;
  double setup_time;
  double item_time;
  double batch_size;

  static void validate(auto& check, double arrival_rate, double setup_time, double item_time, double batch_size) {
    check.positive("arrival_rate", arrival_rate);
    check.not_negative("setup_time", setup_time);
    check.positive("item_time", item_time);
    check.positive_count("batch_size", batch_size);
    check.that(!(batch_size > 1000), "batch_size", batch_size, "at most 1000");
  }

  /// Whether λ (α + βB) < B, so that a steady state exists.
  bool stable() const;

  /// Fraction of time that the server is busy [1]; 1 when unstable.
  double utilization() const;

  /// Mean size of the batches [1]; B when unstable.
  double mean_batch() const;

  /// Mean time until the batch begins [s].
  double mean_wait() const;

  /// Mean time in the system [s].
  double mean_sojourn() const;

  /// Mean number in the system, λ E[T] [1].
  double mean_number() const;

 private:
  struct Cycle;  // means over the cycle from batch to batch
  Cycle cycle() const;
};

/// The server of dynamic batches with these times and largest size.
DynamicBatch dynamic_batch(double arrival_rate, double setup_time, double item_time, double batch_size);

/// Size of fixed batches with the least mean time in the system.
///
/// @param arrival_rate  λ [1/s], finite and > 0
/// @param setup_time    α [s], of any batch, finite and >= 0
/// @param item_time     β [s], of each customer in it, finite and > 0
/// @param largest       largest size tried [1], integer in [1, 100000]
/// @returns             batch size [1], an integer >= 1, or infinity where none up to `largest` is stable
/// @source              N. T. J. Bailey 1954, Journal of the Royal Statistical Society B 16
/// @golden              queueing/best_fixed_batch.csv
double best_fixed_batch(double arrival_rate, double setup_time, double item_time, double largest);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/batch_service.ipp>
#endif
