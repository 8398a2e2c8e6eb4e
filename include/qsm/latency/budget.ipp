#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/random.hpp>
#include <qsm/latency/budget.hpp>
#include <qsm/latency/extremes.hpp>
#include <qsm/latency/sum.hpp>

namespace qsm::inline v0::latency {

namespace detail {

using Kind = Budget::Node::Kind;

inline Budget budget_of(Kind kind, std::vector<Budget> parts, const char* function, double number = 1) {
  if (parts.empty())
    throw std::invalid_argument(std::string(function) + ": parts must have at least one element, got none");
  return Budget(std::make_shared<const Budget::Node>(Budget::Node{kind, function, {}, std::move(parts), number}));
}

inline Distribution law_of(const Budget::Node& node, double tolerance) {
  if (node.kind == Kind::stage) return node.law.front();
  std::vector<Distribution> laws;
  laws.reserve(node.parts.size());
  for (const Budget& part : node.parts) laws.push_back(law_of(part.node(), tolerance));
  switch (node.kind) {
    case Kind::serial:
      return sum_of(laws, tolerance);
    case Kind::parallel:
      return max_of(laws);
    case Kind::race:
      return min_of(laws);
    case Kind::fan_out:
      return max_of(laws.front(), node.number);
    default:
      if (node.number == 1) return laws.front();
      return mixture({1 - node.number, node.number}, {deterministic(0), laws.front()});
  }
}

inline void collect_stages(const Budget::Node& node, std::map<std::string, std::size_t>& index,
                           std::vector<std::string>& names) {
  if (node.kind == Kind::stage) {
    if (index.emplace(node.name, names.size()).second) names.push_back(node.name);
    return;
  }
  for (const Budget& part : node.parts) collect_stages(part.node(), index, names);
}

/// A block of requests through one part: their times, and what each stage has in them (stages x requests).
struct Run {
  std::vector<double> times;
  std::vector<std::vector<double>> stages;
};

/// Stages that one request passes.
inline double passes(const Budget::Node& node) {
  if (node.kind == Kind::stage) return 1;
  double sum = 0;
  for (const Budget& part : node.parts) sum += passes(part.node());
  return node.kind == Kind::fan_out ? node.number * sum : sum;
}

/// Every part draws from a stream of its own, so that a block can be run again.
inline Run run(const Budget::Node& node, const Stream& stream, std::uint64_t first, std::size_t size,
               const std::map<std::string, std::size_t>& index, ProgressMeter& meter) {
  Run total{std::vector<double>(size), std::vector<std::vector<double>>(index.size(), std::vector<double>())};
  if (node.kind == Kind::stage) {
    node.law.front().sample(stream, first, total.times);
    total.stages[index.at(node.name)] = total.times;
    meter.advance(size);
    return total;
  }
  const auto add = [size](std::vector<double>& to, const std::vector<double>& from, auto&& where) {
    if (from.empty() && to.empty()) return;
    to.resize(size);
    for (std::size_t i = 0; i < size; ++i) where(to[i], from.empty() ? 0 : from[i], i);
  };
  const bool fans_out = node.kind == Kind::fan_out;
  const auto count = fans_out ? static_cast<std::size_t>(node.number) : node.parts.size();
  std::vector<double> chance(size, 1.0);
  if (node.kind == Kind::optional) stream.child("needed").uniforms(first, chance);
  for (std::size_t k = 0; k < count; ++k) {
    const Run part = run(node.parts[fans_out ? 0 : k].node(), stream.child(k), first, size, index, meter);
    std::vector<bool> decides(size);
    for (std::size_t i = 0; i < size; ++i)
      decides[i] =
          k == 0 || (node.kind == Kind::race ? part.times[i] < total.times[i] : part.times[i] > total.times[i]);
    const auto merge = [&](double& to, double from, std::size_t i) {
      if (node.kind == Kind::serial)
        to += from;
      else if (node.kind == Kind::optional)
        to = chance[i] < node.number ? from : 0;
      else if (decides[i])
        to = from;
    };
    for (std::size_t s = 0; s < total.stages.size(); ++s) add(total.stages[s], part.stages[s], merge);
    add(total.times, part.times, merge);
  }
  return total;
}

inline void write(const Budget::Node& node, std::size_t depth, std::string& text) {
  text += std::string(2 * depth, ' ') + node.name;
  if (node.kind == Kind::stage) text += ": " + node.law.front().describe();
  if (node.kind == Kind::fan_out || node.kind == Kind::optional) text += " " + core::detail::shortest(node.number);
  text += "\n";
  for (const Budget& part : node.parts) write(part.node(), depth + 1, text);
}

}  // namespace detail

QSM_INLINE Distribution Budget::distribution(double tolerance) const { return detail::law_of(*node_, tolerance); }

QSM_INLINE std::vector<StageShare> Budget::shares(double probability, double requests, std::uint64_t seed,
                                                  double confidence, const Progress& progress) const {
  Check check("Budget.shares");
  check.inner_probability("probability", probability);
  check.positive_count("requests", requests);
  check.that(requests <= 1e8, "requests", requests, "<= 1e8");
  check.inner_probability("confidence", confidence);
  const double margin = std::min(probability, 1 - probability) / 4;
  check.that(requests * margin >= 50, "requests", requests, "enough for 100 of them near the percentile");
  std::map<std::string, std::size_t> index;
  std::vector<std::string> names;
  detail::collect_stages(*node_, index, names);

  constexpr std::size_t block = 4096;
  const auto n = static_cast<std::size_t>(requests);
  const Stream stream(seed);
  ProgressMeter meter(progress, static_cast<std::uint64_t>(std::min(2 * requests * detail::passes(*node_), 0x1p62)));
  std::vector<double> times;
  times.reserve(n);
  std::vector<double> sums(names.size()), squares(names.size());
  for (std::size_t first = 0; first < n; first += block) {
    const auto part = detail::run(*node_, stream, first, std::min(block, n - first), index, meter);
    times.insert(times.end(), part.times.begin(), part.times.end());
    for (std::size_t s = 0; s < names.size(); ++s)
      for (const double value : part.stages[s]) sums[s] += value, squares[s] += value * value;
  }
  std::vector<double> sorted = times;
  const auto rank = [&](double p) {
    const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(p * requests, requests - 1));
    std::nth_element(sorted.begin(), place, sorted.end());
    return *place;
  };
  const double low = rank(probability - margin), high = rank(probability + margin);
  std::vector<std::vector<double>> tails(names.size());
  for (std::size_t first = 0; first < n; first += block) {
    const std::size_t size = std::min(block, n - first);
    const auto within = [&](std::size_t i) { return times[first + i] >= low && times[first + i] <= high; };
    bool any = false;
    for (std::size_t i = 0; i < size && !any; ++i) any = within(i);
    if (!any) continue;
    const auto part = detail::run(*node_, stream, first, size, index, meter);
    for (std::size_t i = 0; i < size; ++i)
      if (within(i))
        for (std::size_t s = 0; s < names.size(); ++s) tails[s].push_back(part.stages[s][i]);
  }
  meter.finish();
  std::vector<StageShare> shares;
  for (std::size_t s = 0; s < names.size(); ++s) {
    const double mean = sums[s] / requests;
    const double error = std::sqrt(std::max(0.0, squares[s] / requests - mean * mean) / requests);
    const double reach = normal_quantile((1 + confidence) / 2) * error;
    shares.push_back({names[s], {mean, mean - reach, mean + reach, "simulation"}, mean_interval(tails[s], confidence)});
  }
  return shares;
}

QSM_INLINE std::string Budget::describe() const {
  std::string text;
  detail::write(*node_, 0, text);
  text.pop_back();
  return text;
}

QSM_INLINE Budget stage(const std::string& name, const Distribution& distribution) {
  if (name.empty()) throw std::invalid_argument("stage: name must not be empty");
  return Budget(std::make_shared<const Budget::Node>(Budget::Node{detail::Kind::stage, name, {distribution}}));
}

QSM_INLINE Budget serial(const std::vector<Budget>& parts) {
  return detail::budget_of(detail::Kind::serial, parts, "serial");
}

QSM_INLINE Budget parallel(const std::vector<Budget>& parts) {
  return detail::budget_of(detail::Kind::parallel, parts, "parallel");
}

QSM_INLINE Budget race(const std::vector<Budget>& parts) {
  return detail::budget_of(detail::Kind::race, parts, "race");
}

QSM_INLINE Budget fan_out(const Budget& part, double count) {
  Check check("fan_out");
  check.positive_count("count", count);
  check.that(count <= 1e6, "count", count, "<= 1e6");
  return detail::budget_of(detail::Kind::fan_out, {part}, "fan_out", count);
}

QSM_INLINE Budget optional(const Budget& part, double probability) {
  Check("optional").that(probability > 0 && probability <= 1, "probability", probability, "in (0, 1]");
  return detail::budget_of(detail::Kind::optional, {part}, "optional", probability);
}

}  // namespace qsm::inline v0::latency
