#pragma once
/// @file
/// Latency budgets: a request as a tree of stages, its whole law, and what each stage has in the tail.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>

namespace qsm::inline v0::latency {

/// What one stage has in the latency of the whole.
struct StageShare {
  /// Name of the stage; stages of one name are taken together.
  std::string stage;
  /// Mean time that the stage adds to the path that decides the latency [s].
  Estimate mean;
  /// The same for requests near the percentile asked for [s]: these shares add up to the percentile.
  Estimate tail;
};

/// A request, or a part of one, as a tree; made by stage(), serial(), parallel(), race(), fan_out() and optional().
///
///     const Budget page = serial({stage("network", network), parallel({stage("ads", ads), fan_out(shard, 20)})});
///     page.distribution().quantile(0.99);
///
/// All stages are independent, and a stage that stands twice in a tree is run twice. A value: it never changes, so that
/// no budget can contain itself.
class Budget {
 public:
  struct Node;
  explicit Budget(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

  /// Law of the latency of the whole [s]; sums without a form keep to bounds of relative width `tolerance` [1].
  Distribution distribution(double tolerance = 0.05) const;

  /// What each stage has in the mean and near the p-th percentile of the whole, by simulation of `requests` requests;
  /// parts of a race or of parallel branches that do not decide the latency have nothing. The tail is that of requests
  /// ranked within (1 - p) / 4 of p. `progress` hears of the two passes through the requests.
  std::vector<StageShare> shares(double probability, double requests = 200000, std::uint64_t seed = 1,
                                 double confidence = 0.95, const Progress& progress = {}) const;

  /// The tree as text, one line for each part.
  std::string describe() const;

  /// The tree itself, for the functions that make it.
  const Node& node() const { return *node_; }

 private:
  std::shared_ptr<const Node> node_;
};

/// A node of the tree: one stage, or parts and how they are put together.
struct Budget::Node {
  enum class Kind { stage, serial, parallel, race, fan_out, optional };
  Kind kind;
  std::string name;                    // of a stage
  std::vector<Distribution> law = {};  // of a stage: one
  std::vector<Budget> parts = {};
  double number = 1;  // of servers, or probability
};

/// One stage of a request.
///
/// @param name          name of the stage, not empty
/// @param distribution  law of its time [s]
/// @returns             the stage as a budget
/// @source              definition
Budget stage(const std::string& name, const Distribution& distribution);

/// Parts one after another: their times add up.
///
/// @param parts  the parts, at least one
/// @returns      the whole
/// @source       definition
Budget serial(const std::vector<Budget>& parts);

/// Parts at the same time, all of which are needed: the slowest decides.
///
/// @param parts  the parts, at least one
/// @returns      the whole
/// @source       definition
Budget parallel(const std::vector<Budget>& parts);

/// Parts at the same time, of which the first is enough: the fastest decides.
///
/// @param parts  the parts, at least one
/// @returns      the whole
/// @source       definition
Budget race(const std::vector<Budget>& parts);

/// The same part on n servers at the same time, all of which are needed.
///
/// @param part   the part
/// @param count  n [1], an integer in [1, 1e6]
/// @returns      the whole
/// @source       Dean and Barroso 2013, The tail at scale
Budget fan_out(const Budget& part, double count);

/// A part that only some requests need, such as a cache miss.
///
/// @param part         the part
/// @param probability  share of requests that need it [1], in (0, 1]
/// @returns            the whole
/// @source             definition
Budget optional(const Budget& part, double probability);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/budget.ipp>
#endif
