#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <qsm/queueing/detail/matrix_analytic.hpp>
#include <qsm/queueing/markovian_queue.hpp>
#include <qsm/queueing/phase_type_fit.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Ways to spread customers over the phases of their service.
class Spread {
 public:
  Spread(int customers, int phases) {
    std::vector<int> counts(static_cast<std::size_t>(phases));
    fill(counts, 0, customers);
  }
  std::size_t size() const { return states.size(); }
  std::size_t of(const std::vector<int>& state) const { return places.at(state); }

  std::vector<std::vector<int>> states;
  std::map<std::vector<int>, std::size_t> places;

 private:
  void fill(std::vector<int>& counts, std::size_t phase, int left) {
    if (phase + 1 == counts.size()) {
      counts[phase] = left;
      places[counts] = size();
      states.push_back(counts);
      return;
    }
    for (int here = left; here >= 0; --here) {
      counts[phase] = here;
      fill(counts, phase + 1, left - here);
    }
  }
};

/// Services of several customers at once: transitions that keep their number, that end one, and that begin one.
struct Services {
  const PhaseType& law;
  Dense exits;

  explicit Services(const PhaseType& service) : law(service), exits(exits_of(service)) {}
  int phases() const { return static_cast<int>(exits.size()); }

  Dense within(const Spread& spread) const {
    Dense rates(spread.size(), spread.size());
    const Dense generator = generator_of(law);
    for (std::size_t k = 0; k < spread.size(); ++k) {
      auto state = spread.states[k];
      for (std::size_t i = 0; i < state.size(); ++i) {
        if (state[i] == 0) continue;
        const double many = state[i];
        rates(k, k) += many * generator(i, i);
        --state[i];
        for (std::size_t j = 0; j < state.size(); ++j) {
          const double rate = i == j ? 0 : generator(i, j);
          if (rate == 0) continue;
          ++state[j];
          rates(k, spread.of(state)) += many * rate;
          --state[j];
        }
        ++state[i];
      }
    }
    return rates;
  }

  Dense ending(const Spread& from, const Spread& to) const {
    Dense rates(from.size(), to.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
      auto state = from.states[k];
      for (std::size_t i = 0; i < state.size(); ++i) {
        const double rate = state[i] * exits(i);
        if (rate == 0) continue;
        --state[i];
        rates(k, to.of(state)) += rate;
        ++state[i];
      }
    }
    return rates;
  }

  Dense beginning(const Spread& from, const Spread& to) const {
    Dense chances(from.size(), to.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
      auto state = from.states[k];
      for (std::size_t i = 0; i < state.size(); ++i) {
        if (law.initial()[i] == 0) continue;
        ++state[i];
        chances(k, to.of(state)) += law.initial()[i];
        --state[i];
      }
    }
    return chances;
  }
};

/// A wait that some have, then a service: both of phase type.
inline PhaseType then(double waiting, const std::optional<PhaseType>& wait, const PhaseType& service) {
  if (!wait) return service;
  const std::size_t first = wait->initial().size(), second = service.initial().size(), size = first + second;
  std::vector<double> initial(size);
  std::vector<std::vector<double>> generator(size, std::vector<double>(size));
  for (std::size_t i = 0; i < first; ++i) {
    initial[i] = waiting * wait->initial()[i];
    double leave = 0;
    for (std::size_t j = 0; j < first; ++j) {
      generator[i][j] = wait->generator()[i * first + j];
      leave -= generator[i][j];
    }
    for (std::size_t j = 0; j < second; ++j) generator[i][first + j] = std::max(0.0, leave) * service.initial()[j];
  }
  for (std::size_t i = 0; i < second; ++i) {
    initial[first + i] = (1 - waiting) * service.initial()[i];
    for (std::size_t j = 0; j < second; ++j) generator[first + i][first + j] = service.generator()[i * second + j];
  }
  return {std::move(initial), generator};
}

/// Steady state from its blocks. Level n has up(n) to the next level, within(n), down(n) to the one before, for
/// n = 0, ..., c; levels above c repeat `backward`, `local`, `forward`.
struct Blocks {
  std::vector<Dense> up, within, down;
  Dense backward, local, forward;
};

inline std::vector<Dense> boundary(const Blocks& blocks, const Dense& ratio, const char* function) {
  const std::size_t top = blocks.within.size() - 1;
  // Levels below, censored: what returns to level n from there.
  std::vector<Dense> reach(top);  // (-U)⁻¹ of each level
  for (std::size_t n = 0; n < top; ++n) {
    Dense seen = blocks.within[n];
    if (n > 0) seen += blocks.down[n] * reach[n - 1] * blocks.up[n - 1];
    // Rows and what goes up sum to 0: the diagonal without subtraction.
    for (std::size_t i = 0; i < seen.rows; ++i) {
      seen(i, i) = 0;
      seen(i, i) = -(row_sum(seen, i) + row_sum(blocks.up[n], i));
    }
    reach[n] = inverse(-seen);
  }
  Dense last = blocks.within[top] + ratio * blocks.backward;
  if (top > 0) last += blocks.down[top] * reach[top - 1] * blocks.up[top - 1];
  std::vector<Dense> levels(top + 1);
  levels[top] = stationary(last, function);
  for (std::size_t n = top; n-- > 0;) {
    levels[n] = levels[n + 1] * blocks.down[n + 1] * reach[n];
    const double size = largest(levels[n]);
    if (size > 1e200)
      for (std::size_t k = n; k <= top; ++k) levels[k] /= size;
  }
  double total = sum(over(levels[top], identity(ratio.rows) - ratio));
  for (std::size_t n = 0; n < top; ++n) total += sum(levels[n]);
  for (Dense& level : levels) level /= total;
  return levels;
}

}  // namespace detail

QSM_INLINE MarkovianQueue::MarkovianQueue(Parts parts)
    : servers_(parts.servers),
      arrival_rate_(parts.arrival_rate),
      utilization_(parts.utilization),
      mean_wait_(parts.mean_wait),
      mean_sojourn_(parts.mean_sojourn),
      probability_wait_(parts.probability_wait),
      wait_(std::move(parts.wait)),
      sojourn_(std::move(parts.sojourn)),
      levels_(std::move(parts.levels)),
      ratio_(std::move(parts.ratio)) {}

QSM_INLINE double MarkovianQueue::probability(double number) const {
  Check("probability").count("number", number);
  if (!stable()) return 0;
  const double top = static_cast<double>(levels_.size()) - 1;
  return detail::sum(
      detail::after_steps(detail::row(levels_[static_cast<std::size_t>(std::min(number, top))]), ratio_, number - top));
}

QSM_INLINE double MarkovianQueue::wait_survival(double time) const {
  Check("wait_survival").extended("time", time);
  if (!stable()) return 1;
  return wait_ ? probability_wait_ * wait_->survival(time) : 0;
}

QSM_INLINE double MarkovianQueue::wait_cdf(double time) const {
  Check("wait_cdf").extended("time", time);
  if (!stable()) return 0;
  return wait_ ? 1 - probability_wait_ + probability_wait_ * wait_->cdf(time) : 1;
}

QSM_INLINE double MarkovianQueue::wait_quantile(double probability) const {
  Check("wait_quantile").probability("probability", probability);
  if (!stable()) return probability > 0 ? std::numeric_limits<double>::infinity() : 0;
  if (1 - probability >= probability_wait_ || !wait_) return 0;
  return wait_->survival_quantile((1 - probability) / probability_wait_);
}

QSM_INLINE double MarkovianQueue::sojourn_cdf(double time) const {
  Check("sojourn_cdf").extended("time", time);
  return stable() && sojourn_ ? sojourn_->cdf(time) : 0;
}

QSM_INLINE double MarkovianQueue::sojourn_quantile(double probability) const {
  Check("sojourn_quantile").probability("probability", probability);
  if (!stable() || !sojourn_) return probability > 0 ? std::numeric_limits<double>::infinity() : 0;
  return sojourn_->quantile(probability);
}

namespace detail {

inline MarkovianQueue::Parts overloaded(double servers, double rate, double utilization) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  MarkovianQueue::Parts parts;
  parts.servers = servers;
  parts.arrival_rate = rate;
  parts.utilization = utilization;
  parts.mean_wait = parts.mean_sojourn = infinity;
  parts.probability_wait = 1;
  return parts;
}

/// What follows from the levels: the wait by the fluid that rises while the first in line waits for a server and falls by
/// the time to the next arrival. `into` is the flow into level c from below.
inline void waits(MarkovianQueue::Parts& parts, const Dense& hidden, const Dense& arriving, const Dense& local,
                  const Dense& ending, const std::vector<Dense>& levels, const Dense& ratio, const Dense& into) {
  const std::size_t phases = hidden.rows, spread = local.rows;
  const Dense rising = kron(identity(phases), local), turn_down = kron(identity(phases), ending);
  const Dense falling = kron(hidden, identity(spread)), turn_up = kron(arriving, identity(spread));
  const Dense back = fluid_return(rising, turn_down, turn_up, falling);
  const Dense slope = rising + back * turn_up;
  const Dense arrive = turn_up * ones(phases * spread) / parts.arrival_rate;
  auto [waiting, wait] = phase_type_law(into, slope, back * arrive);
  parts.probability_wait = std::min(1.0, waiting);
  parts.wait = std::move(wait);
  const Dense rest = identity(ratio.rows) - ratio;
  parts.mean_wait = sum(over(over(levels.back() * ratio, rest), rest)) / parts.arrival_rate;
  parts.ratio = ratio;
  for (const Dense& level : levels) parts.levels.push_back(level.values);
  if (parts.servers == 1)
    parts.sojourn = phase_type_law(into, slope, turn_down * ones(phases * spread) / parts.arrival_rate).second;
}

inline MarkovianQueue::Parts map_ph_c(const MarkovianArrivals& arrivals, const PhaseType& service, double servers) {
  constexpr auto function = "map_ph_c";
  Check check(function);
  check.positive_count("servers", servers);
  const Services services(service);
  double states = 1;
  for (int k = 1; k < services.phases(); ++k) states *= (servers + k) / k;
  const Dense hidden = arrivals.hidden(), arriving = arrivals.arriving();
  check.that(states * static_cast<double>(hidden.rows) <= 3000.5, "states with all servers busy",
             states * static_cast<double>(hidden.rows), "<= 3000");
  check.that(servers <= 1e5, "servers", servers, "<= 100000");
  double kept = 0;  // numbers of the matrices of all levels
  for (double n = 0, here = static_cast<double>(hidden.rows); n <= servers; ++n) {
    kept += 4 * here * here;
    here *= (n + services.phases()) / (n + 1);
  }
  check.that(kept <= 3e8, "numbers in the matrices of all levels", kept, "<= 3e8: fewer servers or phases");
  MarkovianQueue::Parts parts;
  parts.servers = servers;
  parts.arrival_rate = arrivals.rate();
  parts.utilization = parts.arrival_rate * service.mean() / servers;
  if (!(parts.utilization < 1 - 1e-14)) {
    parts.utilization = std::max(parts.utilization, 1.0);
    return overloaded(servers, parts.arrival_rate, parts.utilization);
  }
  const int top = static_cast<int>(servers);
  const Dense same = identity(hidden.rows);
  Blocks blocks;
  std::vector<Spread> spreads;
  for (int n = 0; n <= top; ++n) spreads.emplace_back(n, services.phases());
  for (int n = 0; n <= top; ++n) {
    const Spread& here = spreads[static_cast<std::size_t>(n)];
    blocks.within.push_back(kron(hidden, identity(here.size())) + kron(same, services.within(here)));
    blocks.down.push_back(n == 0 ? Dense()
                                 : kron(same, services.ending(here, spreads[static_cast<std::size_t>(n - 1)])));
    if (n < top)
      blocks.up.push_back(kron(arriving, services.beginning(here, spreads[static_cast<std::size_t>(n) + 1])));
  }
  const Spread &full = spreads.back(), &before = spreads[static_cast<std::size_t>(top - 1)];
  const Dense local = services.within(full);
  const Dense next = services.ending(full, before) * services.beginning(before, full);
  blocks.backward = kron(same, next);
  blocks.local = blocks.within.back();
  blocks.forward = kron(arriving, identity(full.size()));
  const Dense ratio = level_ratio(blocks.backward, blocks.local, blocks.forward);
  const auto levels = boundary(blocks, ratio, function);
  waits(parts, hidden, arriving, local, next, levels, ratio,
        levels[static_cast<std::size_t>(top - 1)] * blocks.up.back());
  parts.mean_sojourn = parts.mean_wait + service.mean();
  parts.sojourn = then(parts.probability_wait, parts.wait, service);
  return parts;
}

inline MarkovianQueue::Parts map_map_1(const MarkovianArrivals& arrivals, const MarkovianArrivals& services) {
  const Dense hidden = arrivals.hidden(), arriving = arrivals.arriving();
  const Dense local = services.hidden(), ending = services.arriving();
  MarkovianQueue::Parts parts;
  parts.arrival_rate = arrivals.rate();
  parts.utilization = parts.arrival_rate / services.rate();
  if (!(parts.utilization < 1 - 1e-14)) return overloaded(1, parts.arrival_rate, std::max(parts.utilization, 1.0));
  Blocks blocks;
  const Dense phases = identity(hidden.rows), same = identity(local.rows);
  blocks.backward = kron(phases, ending);
  blocks.local = kron(hidden, same) + kron(phases, local);
  blocks.forward = kron(arriving, same);
  blocks.within = {kron(hidden, same), blocks.local};
  blocks.down = {Dense(), blocks.backward};
  blocks.up = {blocks.forward};
  const Dense ratio = level_ratio(blocks.backward, blocks.local, blocks.forward);
  const auto levels = boundary(blocks, ratio, "map_map_1");
  waits(parts, hidden, arriving, local, ending, levels, ratio, levels[0] * blocks.forward);
  const Dense rest = identity(ratio.rows) - ratio;
  parts.mean_sojourn = sum(over(over(levels[1], rest), rest)) / parts.arrival_rate;
  return parts;
}

inline MarkovianArrivals in_units(const MarkovianArrivals& arrivals, int power) {
  return {in_units(arrivals.hidden(), power), in_units(arrivals.arriving(), power)};
}
/// A queue whose time was in units of 2^-power seconds.
inline MarkovianQueue in_seconds(MarkovianQueue::Parts parts, int power) {
  parts.arrival_rate = std::ldexp(parts.arrival_rate, power);
  for (double* time : {&parts.mean_wait, &parts.mean_sojourn}) *time = std::ldexp(*time, -power);
  for (auto* law : {&parts.wait, &parts.sojourn})
    if (*law) *law = in_units(**law, -power);
  return MarkovianQueue(std::move(parts));
}

}  // namespace detail

QSM_INLINE MarkovianQueue map_ph_c(const MarkovianArrivals& arrivals, const Distribution& service, double servers) {
  const int unit = std::ilogb(arrivals.rate());
  return detail::in_seconds(
      detail::map_ph_c(detail::in_units(arrivals, unit), detail::in_units(as_phase_type(service), unit), servers),
      unit);
}

QSM_INLINE MarkovianQueue ph_ph_c(const Distribution& interarrival, const Distribution& service, double servers) {
  return map_ph_c(renewal_arrivals(interarrival), service, servers);
}

QSM_INLINE MarkovianQueue map_map_1(const MarkovianArrivals& arrivals, const MarkovianArrivals& services) {
  const int unit = std::ilogb(arrivals.rate());
  return detail::in_seconds(detail::map_map_1(detail::in_units(arrivals, unit), detail::in_units(services, unit)),
                            unit);
}

}  // namespace qsm::inline v0::queueing
