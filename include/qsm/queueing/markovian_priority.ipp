#pragma once
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/queueing/detail/classes.hpp>
#include <qsm/queueing/detail/matrix_analytic.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/markovian_priority.hpp>
#include <qsm/queueing/phase_type_fit.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Work at one server, of which only the first classes count: it rises through the phases of a service while the arrivals
/// stand still, and falls at speed 1 in between.
class ClassWork {
 public:
  ClassWork(const Dense& hidden, const std::vector<Dense>& arriving, const std::vector<PhaseType>& services)
      : hidden_(hidden), arriving_(arriving) {
    const std::size_t phases = hidden.rows;
    std::size_t size = 0;
    for (const auto& service : services) {
      offsets_.push_back(size);
      size += phases * service.initial().size();
    }
    offsets_.push_back(size);
    rising_ = Dense(size, size), end_ = Dense(size, phases);
    for (std::size_t k = 0; k < services.size(); ++k) {
      add_block(rising_, offsets_[k], offsets_[k], kron(identity(phases), generator_of(services[k])));
      add_block(end_, offsets_[k], 0, kron(identity(phases), exits_of(services[k])));
      begin_.push_back(kron(identity(phases), row(services[k].initial())));
    }
  }

  /// How the work of the first `classes` falls; the others come unseen.
  struct Fall {
    Dense back;    // from a phase of the rise to that of the arrivals when the work is where it was
    Dense rise;    // generator of the rise, censored: density of the work is exp(rise x)
    Dense low;     // generator of the arrivals while the work reaches new lows
    Dense phases;  // stationary for it
    double slope;  // mean time for a unit of work to drain
    Dense offset;  // time = slope x + (exp(low x) - 1) offset, by the phase
  };
  Fall fall(std::size_t classes) const {
    Fall out;
    const std::size_t phases = hidden_.rows;
    Dense falling = hidden_, up(phases, rising_.rows);
    for (std::size_t k = 0; k < arriving_.size(); ++k) {
      if (k < classes)
        add_block(up, 0, offsets_[k], arriving_[k] * begin_[k]);
      else
        falling += arriving_[k];
    }
    out.back = fluid_return(rising_, end_, up, falling);
    out.rise = rising_ + out.back * up;
    out.low = falling + up * out.back;
    out.phases = stationary(out.low, "mmap_ph_1");
    const Dense time = ones(phases) + up * solve(-out.rise, ones(rising_.rows));
    out.slope = dot(out.phases, time);
    const Dense deviation = ones(phases) * out.phases - out.low;
    out.offset = -solve(deviation, time - out.slope * ones(phases));
    return out;
  }

  /// Into the rise of class k, by the phases of the arrivals.
  void enter(Dense& rising, std::size_t k, const Dense& flow) const {
    add_block(rising, 0, offsets_[k], flow * begin_[k]);
  }
  Dense none() const { return Dense(1, rising_.rows); }
  /// Phases of the arrivals when the work that a customer of class k starts is done.
  Dense over(std::size_t k, const Fall& fall) const {
    return begin_[k] * rows_of(fall.back, offsets_[k], begin_[k].columns);
  }

 private:
  Dense hidden_;
  std::vector<Dense> arriving_;
  std::vector<std::size_t> offsets_;
  Dense rising_, end_;
  std::vector<Dense> begin_;
};

/// X with left X + X right = -sides.
inline Dense sylvester(const Dense& left, const Dense& right, const Dense& sides) {
  const std::size_t n = left.rows, m = right.rows;
  const Dense both = kron(left, identity(m)) + kron(identity(n), transposed(right));
  Dense found(n, m);
  found.values = solve(both, -transposed(row(sides.values))).values;
  return found;
}

/// See mmap_ph_1().
inline ClassMeans marked_means(const Matrix& hidden, const std::vector<Matrix>& arriving,
                               const std::vector<Distribution>& services, ClassDiscipline discipline) {
  constexpr const char* function = "mmap_ph_1";
  const std::size_t classes = arriving.size();
  if (classes == 0) throw std::invalid_argument("mmap_ph_1: arriving must not be empty");
  check_size(function, "services", services.size(), classes);
  if (discipline == ClassDiscipline::ps)
    throw std::domain_error("mmap_ph_1: discipline must be one of fcfs, priority, preemptive_priority, got 'ps'");
  check_transitions(function, "hidden", hidden, hidden.rows, false);
  Dense all = hidden;
  std::vector<Dense> marked;
  for (const Matrix& of_class : arriving) {
    check_transitions(function, "arriving", of_class, hidden.rows, true);
    marked.push_back(of_class);
    all += marked.back();
  }
  check_rows(function, "hidden + arriving", all, hidden);
  const Dense phases = stationary(all, function);
  const std::size_t count = phases.size();

  std::vector<PhaseType> laws;
  std::vector<double> rates, served;  // served: what the higher classes leave time for
  ClassMeans out;
  double spare = 1;
  for (std::size_t k = 0; k < classes; ++k) {
    laws.push_back(as_phase_type(services[k]));
    rates.push_back(sum(phases * marked[k]));
    Check(function).that(rates[k] > 0, ("rate of arrivals of class " + std::to_string(k)).c_str(), rates[k], "> 0");
    const double mean = laws[k].mean();
    served.push_back(std::min(rates[k], std::max(spare, 0.0) / mean));
    spare = std::fma(-rates[k], mean, spare);
    out.utilization.push_back(rates[k] * mean);
  }
  const bool fcfs = discipline == ClassDiscipline::fcfs,
             interrupts = discipline == ClassDiscipline::preemptive_priority;

  const ClassWork work(hidden, marked, laws);
  double left = 1;                     // by this class and the higher ones
  std::vector<ClassWork::Fall> falls;  // with no class, with the first, ...
  for (std::size_t k = 0; k <= classes; ++k) {
    if (k > 0) left -= out.utilization[k - 1];
    if (!(left > 0)) break;
    falls.push_back(work.fall(k));
  }
  const Dense idle = spare > 0 ? spare * falls.back().phases : Dense(1, count);

  // Without preemption: the phases in which the services of each class begin, from the lowest class up.
  std::vector<Dense> starts(classes, Dense(1, count));
  if (discipline == ClassDiscipline::priority)
    for (std::size_t j = std::min(classes, falls.size()); j-- > 0;) {
      // All that begin at classes from j on: those that end the work of the higher ones, but for idle ends.
      Dense known = idle * hidden;
      for (std::size_t i = 0; i < classes; ++i) {
        if (i < j)
          known += idle * marked[i] * work.over(i, falls[j]);
        else
          known += idle * marked[i];
        if (i > j) known += starts[i] * work.over(i, falls[j]) - starts[i];
      }
      const Dense again = identity(count) - work.over(j, falls[j]);
      const Dense still = stationary(-again, function);
      // known + starts (over - 1) = 0 with the right sum.
      const Dense base = over(known, again + ones(count) * still);
      starts[j] = base + (served[j] - sum(base)) * still;
    }

  for (std::size_t k = 0; k < classes; ++k) {
    double sojourn = unbounded;
    const double mean = laws[k].mean();
    const std::size_t seen = fcfs ? classes : k + 1;
    if (seen < falls.size()) {
      const auto& fall = falls[seen];
      Dense rising = work.none(), empty = idle;
      if (interrupts) {
        double free = 1;
        for (std::size_t i = 0; i < seen; ++i) free -= out.utilization[i];
        empty = free * fall.phases;
      }
      for (std::size_t i = 0; i < classes; ++i) {
        if (i < seen)
          work.enter(rising, i, empty * marked[i]);
        else if (!interrupts)
          work.enter(rising, i, starts[i]);
      }
      // What an arrival of class k finds: nothing, in the phases `empty`, or work x with the density rising exp(rise x) found.
      const Dense found = fall.back * marked[k] / rates[k];
      const Dense none = empty * marked[k] / rates[k];
      const Dense minus = -fall.rise;
      const Dense spread = over(rising, minus);
      const double mean_work = sum(over(spread, minus) * found);
      if (fcfs) {
        sojourn = mean_work + mean;
      } else {
        const auto& higher = falls[k];
        Dense after =
            none + rising * sylvester(fall.rise, higher.low, found);  // phases when the work found has drained
        const Dense before = none + spread * found;
        double amount = mean_work;
        if (interrupts) {
          const std::size_t width = laws[k].initial().size();
          const Dense both = kron(identity(count), generator_of(laws[k])) + kron(higher.low, identity(width));
          const Dense inside = over(after * kron(identity(count), row(laws[k].initial())), -both);
          after = inside * kron(identity(count), exits_of(laws[k]));
          amount += mean;
        }
        sojourn = higher.slope * amount + dot(after - before, higher.offset) + (interrupts ? 0 : mean);
      }
    }
    out.mean_sojourn.push_back(sojourn);
    out.mean_wait.push_back(sojourn - mean);
    out.mean_queue_length.push_back(rates[k] * out.mean_wait[k]);
    out.mean_number.push_back(rates[k] * sojourn);
  }
  return out;
}

}  // namespace detail

QSM_INLINE ClassMeans mmap_ph_1(const Matrix& hidden, const std::vector<Matrix>& arriving,
                                const std::vector<Distribution>& services, ClassDiscipline discipline) {
  double most = 0;  // of the rates, to measure time by
  for (const double rate : hidden.values) most = std::max(most, std::abs(rate));
  if (!(most > 0 && std::isfinite(most)))
    return detail::marked_means(hidden, arriving, services, discipline);  // refuses
  const int unit = std::ilogb(most);
  std::vector<Matrix> marked;
  for (const Matrix& of_class : arriving) marked.push_back(detail::in_units(of_class, unit));
  std::vector<Distribution> laws;
  for (const Distribution& law : services) laws.push_back(detail::in_units(as_phase_type(law), unit));
  ClassMeans means = detail::marked_means(detail::in_units(hidden, unit), marked, laws, discipline);
  for (auto* times : {&means.mean_wait, &means.mean_sojourn})
    for (double& time : *times) time = std::ldexp(time, -unit);
  return means;
}

}  // namespace qsm::inline v0::queueing
