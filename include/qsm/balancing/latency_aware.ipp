#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <qsm/balancing/latency_aware.hpp>

namespace qsm::inline v0::balancing {

QSM_INLINE PeakEwma::PeakEwma(double servers, double decay, double choices, std::uint64_t seed)
    : members_("PeakEwma", detail::checked_servers("PeakEwma", servers)),
      dice_(seed),
      decay_(decay),
      counts_(members_.size(), 0),
      latency_(members_.size(), 0),
      seen_(members_.size(), 0) {
  Check check("PeakEwma");
  check.positive("decay", decay);
  check.positive_count("choices", choices);
  choices_ = static_cast<std::size_t>(std::min(choices, servers));
}

QSM_INLINE std::optional<std::size_t> PeakEwma::pick(double, double, std::uint64_t) {
  if (members_.empty()) return std::nullopt;
  detail::draw_some(members_, dice_, choices_, drawn_);
  const auto cheaper = [&](std::size_t a, std::size_t b) {
    const double one = latency_[a] * (counts_[a] + 1.0), two = latency_[b] * (counts_[b] + 1.0);
    return one < two || (one == two && counts_[a] < counts_[b]);
  };
  const std::size_t picked = *std::min_element(drawn_.begin(), drawn_.end(), cheaper);
  ++counts_[picked];
  return picked;
}
QSM_INLINE void PeakEwma::finish(double now, std::size_t server, double latency, bool) {
  members_.check(server);
  Check check("PeakEwma.finish");
  check.finite("now", now);
  check.not_negative("latency", latency);
  if (counts_[server] > 0) --counts_[server];
  double& average = latency_[server];
  if (latency >= average) {
    average = latency;
  } else {
    const double kept = std::exp(-std::max(0.0, now - seen_[server]) / decay_);
    average = average * kept + latency * (1 - kept);
  }
  seen_[server] = now;
}
QSM_INLINE double PeakEwma::latency(std::size_t server) const {
  members_.check(server);
  return latency_[server];
}
QSM_INLINE std::size_t PeakEwma::load(std::size_t server) const {
  members_.check(server);
  return counts_[server];
}
QSM_INLINE void PeakEwma::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void PeakEwma::add(std::size_t server) { members_.add(server); }

QSM_INLINE Prequal::Prequal(double servers, const PrequalOptions& options)
    : options_(options), members_("Prequal", detail::checked_servers("Prequal", servers)), dice_(options.seed) {
  Check check("Prequal");
  check.positive("probes", options.probes);
  check.positive_count("pool", options.pool);
  check.that(options.pool >= 2 && options.pool <= 1024, "pool", options.pool, "an integer in [2, 1024]");
  options_.pool = std::clamp(std::floor(servers / 2), 2.0, options.pool);
  check.that(options.age > 0, "age", options.age, "> 0");
  check.probability("hot", options.hot);
  check.not_negative("drops", options.drops);
}

// How often an answer may be used so that the pool stays full: the paper's reuse budget, with δ = 1.
QSM_INLINE std::vector<std::size_t> Prequal::probes(double now) {
  Check("Prequal.probes").finite("now", now);
  owed_ = std::min(owed_ + options_.probes, static_cast<double>(size()) + options_.probes);
  const double whole = std::floor(owed_);
  owed_ -= whole;
  std::vector<std::size_t> asked;
  detail::draw_some(members_, dice_, static_cast<std::size_t>(std::min(whole, static_cast<double>(size()))), asked);
  return asked;
}

QSM_INLINE void Prequal::report(double now, std::size_t server, double load, double latency) {
  members_.check(server);
  Check check("Prequal.report");
  check.finite("now", now);
  check.not_negative("load", load);
  check.not_negative("latency", latency);
  const double n = static_cast<double>(size());
  const double gain = (1 - std::min(1.0, options_.pool / n)) * options_.probes - options_.drops;
  const double uses = gain > 0 ? std::clamp(2 / gain, 1.0, options_.pool) : options_.pool;
  if (static_cast<double>(pool_.size()) >= options_.pool)
    pool_.erase(
        std::min_element(pool_.begin(), pool_.end(), [](const Answer& a, const Answer& b) { return a.time < b.time; }));
  const double part = uses - std::floor(uses);
  pool_.push_back({server, now, load, latency, std::floor(uses) + (part > 0 && dice_.uniform() < part ? 1 : 0)});
  constexpr std::size_t remembered = 128;
  if (loads_.size() < remembered)
    loads_.push_back(load);
  else
    loads_[next_] = load;
  next_ = (next_ + 1) % remembered;
}

QSM_INLINE void Prequal::forget(double now) {
  std::erase_if(pool_,
                [&](const Answer& answer) { return now - answer.time > options_.age || !members_.has(answer.server); });
}

QSM_INLINE double Prequal::hot_load() const {
  if (loads_.empty() || options_.hot >= 1) return std::numeric_limits<double>::infinity();
  std::vector<double> loads = loads_;
  const auto rank = static_cast<std::ptrdiff_t>(options_.hot * static_cast<double>(loads.size()));
  std::nth_element(loads.begin(), loads.begin() + rank, loads.end());
  return loads[static_cast<std::size_t>(rank)];
}

// Hot from above the quantile: where all loads are alike, none is hot.
QSM_INLINE bool Prequal::better(const Answer& one, const Answer& two, double hot) const {
  const bool first_hot = one.load > hot, second_hot = two.load > hot;
  if (first_hot != second_hot) return !first_hot;
  return first_hot ? one.load < two.load : one.latency < two.latency;
}

QSM_INLINE void Prequal::drop_worst(double hot) {
  if (pool_.empty()) return;
  auto dropped = pool_.begin();
  for (auto answer = pool_.begin(); answer != pool_.end(); ++answer)
    if (oldest_ ? answer->time < dropped->time : better(*dropped, *answer, hot)) dropped = answer;
  oldest_ = !oldest_;
  pool_.erase(dropped);
}

QSM_INLINE std::optional<std::size_t> Prequal::pick(double now, double, std::uint64_t) {
  Check("Prequal.pick").finite("now", now);
  if (members_.empty()) return std::nullopt;
  forget(now);
  if (pool_.size() < 2) return members_.draw(dice_);
  const double hot = hot_load();
  auto best = pool_.begin();
  for (auto answer = pool_.begin() + 1; answer != pool_.end(); ++answer)
    if (better(*answer, *best, hot)) best = answer;
  const std::size_t picked = best->server;
  best->load += 1;
  if (--best->uses < 1) pool_.erase(best);
  for (due_ += options_.drops; due_ >= 1; --due_) drop_worst(hot);
  return picked;
}
QSM_INLINE void Prequal::remove(std::size_t server) { members_.remove(server); }
QSM_INLINE void Prequal::add(std::size_t server) { members_.add(server); }

}  // namespace qsm::inline v0::balancing
