#pragma once
// Networks with product form, on numbers or dual numbers. For .ipp files.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/queueing/detail/dual.hpp>

namespace qsm::inline v0::queueing::detail {

/// Speed of a station with n customers: `rates`, or min(n, servers).
struct Speed {
  double servers = 1;
  std::vector<double> rates = {};

  /// From this number of customers on, the speed no longer changes.
  double limit() const { return rates.empty() ? servers : static_cast<double>(rates.size()); }
  double at(double number) const {
    if (rates.empty()) return std::min(number, servers);
    return rates[static_cast<std::size_t>(std::min(number, limit())) - 1];
  }
  double top() const { return rates.empty() ? servers : rates.back(); }
  bool delay() const { return std::isinf(limit()); }
};

/// A network as numbers. Matrices have one row per station and one column per class.
template <class T>
struct Model {
  std::size_t stations = 0;
  std::size_t classes = 0;
  std::vector<T> demands;
  std::vector<T> think;
  std::vector<T> arrivals;
  std::vector<double> population;
  std::vector<Speed> speeds;
  std::vector<char> saturated = {};  // stations that the open classes overload

  T demand(std::size_t i, std::size_t r) const { return demands[i * classes + r]; }
  /// Load of the open classes, in servers.
  T open_load(std::size_t i) const {
    T load = 0;
    for (std::size_t r = 0; r < classes; ++r) load += arrivals[r] * demand(i, r);
    return load;
  }
};

template <class T>
struct Answer {
  std::vector<T> throughput;  // by class
  std::vector<T> number;      // by station and class
  T log_normalization = std::numeric_limits<double>::quiet_NaN();
  double iterations = 0;
};

/// A station as the closed customers see it: slowed down by the open ones.
template <class T>
struct Slowed {
  std::vector<T> first;  // speeds with 1, 2, ... closed customers
  T rest = 0;            // and from there on

  T at(std::size_t number) const { return number <= first.size() ? first[number - 1] : rest; }
};

/// The open customers in front of j closed ones are summed out: speed α(j) W(j-1)/W(j),
/// W(j) = Σ_u binomial(j+u, u) Π_{k<=u} a/α(j+k), whose tail is a negative binomial one.
template <class T>
Slowed<T> slow_down(const Speed& speed, const T& load, std::size_t most) {
  Slowed<T> slowed;
  const std::size_t count = static_cast<std::size_t>(std::min(speed.limit(), static_cast<double>(most)));
  slowed.rest = T(speed.top()) - load;
  if (speed.limit() == 1) return slowed;
  std::vector<T> log_w(count + 1);
  if (value_of(load) > 0) {
    const T ratio = load / T(speed.top());
    for (std::size_t j = 0; j <= count; ++j) {
      if (static_cast<double>(j) >= speed.limit() - 1) {
        log_w[j] = T(-static_cast<double>(j + 1)) * log(T(1) - ratio);
        continue;
      }
      T term = 1;
      T sum = 0;
      double scale = 0;
      const double tail =
          speed.limit() - 1 - static_cast<double>(j);  // from this u on, the terms are those of a geometric
      double u = 0;
      for (; u < tail; ++u) {
        sum += term;
        const double next = static_cast<double>(j) + u + 1;
        term *= load * T(next / (u + 1) / speed.at(next));
        if (u > 0 && value_of(term) < 1e-20 * value_of(sum) && value_of(load) * next / (u + 1) < speed.at(next)) break;
        if (value_of(sum) > 1e250) {
          sum *= T(1e-250);
          term *= T(1e-250);
          scale += std::log(1e250);
        }
      }
      if (u >= tail) {
        T share = T(1) / (T(1) - ratio);
        for (std::size_t i = 1; i <= j; ++i) {
          const double own = static_cast<double>(i);
          share = (T(own) * share + T(tail)) / (T(own + tail) * (T(1) - ratio));
        }
        sum += term * share;
      }
      log_w[j] = log(sum) + T(scale);
    }
  }
  for (std::size_t j = 1; j <= count; ++j)
    slowed.first.push_back(T(speed.at(static_cast<double>(j))) * exp(log_w[j - 1] - log_w[j]));
  return slowed;
}

/// All populations up to the full one; the largest class runs innermost.
class Lattice {
 public:
  explicit Lattice(const std::vector<double>& population) {
    for (std::size_t r = 0; r < population.size(); ++r)
      if (population[r] > 0) classes.push_back(r);
    std::stable_sort(classes.begin(), classes.end(),
                     [&](std::size_t a, std::size_t b) { return population[a] < population[b]; });
    stride.resize(classes.size());
    for (std::size_t k = classes.size(); k-- > 0;) {
      stride[k] = size;
      extent.insert(extent.begin(), static_cast<std::size_t>(population[classes[k]]) + 1);
      size *= extent.front();
    }
  }

  std::vector<std::size_t> classes;  // closed classes, in the order of the counters
  std::vector<std::size_t> extent;
  std::vector<std::size_t> stride;
  std::size_t size = 1;

  /// V(n) += Σ_r d_r V(n - e_r), upwards: convolves with a station of one server.
  template <class T>
  void accumulate(std::vector<T>& values, const std::vector<T>& load) const {
    const std::size_t inner = extent.back();
    std::vector<std::size_t> counter(classes.size());
    for (std::size_t base = 0; base < size; base += inner) {
      T* const row = values.data() + base;
      for (std::size_t r = 0; r + 1 < classes.size(); ++r)
        if (counter[r] > 0) {
          const T* const before = row - stride[r];
          const T factor = load[r];
          for (std::size_t k = 0; k < inner; ++k) row[k] += factor * before[k];
        }
      const T factor = load.back();
      T last = row[0];
      for (std::size_t k = 1; k < inner; ++k) row[k] = last = row[k] + factor * last;
      for (std::size_t r = classes.size() - 1; r-- > 0;) {
        if (++counter[r] < extent[r]) break;
        counter[r] = 0;
      }
    }
  }

  /// V(n) = Σ_r s_r V(n - e_r), all at once: one customer more at a station.
  template <class T>
  void shift(std::vector<T>& values, const std::vector<T>& share) const {
    const std::size_t inner = extent.back();
    std::vector<std::size_t> counter(classes.size());
    for (std::size_t r = 0; r < classes.size(); ++r) counter[r] = extent[r] - 1;
    for (std::size_t base = size; base > 0; base -= inner) {
      T* const row = values.data() + base - inner;
      for (std::size_t k = inner - 1; k > 0; --k) row[k] = share.back() * row[k - 1];
      row[0] = T(0);
      for (std::size_t r = 0; r + 1 < classes.size(); ++r)
        if (counter[r] > 0) {
          const T* const before = row - stride[r];
          for (std::size_t k = 0; k < inner; ++k) row[k] += share[r] * before[k];
        }
      for (std::size_t r = classes.size() - 1; r-- > 0;) {
        if (counter[r]-- > 0) break;
        counter[r] = extent[r] - 1;
      }
    }
  }
};

/// Distribution of the number at a station with Poisson arrivals: explicit up to some number, geometric from there.
template <class T>
struct Marginal {
  std::vector<T> first;      // P(0), P(1), ..., P(first.size() - 1)
  T ratio = 0;               // of the geometric tail; 0 where cut at the population
  T log_empty = 0;           // ln P(0)
  std::vector<T> share;      // of the classes in an arrival
  std::vector<T> load = {};  // ratio times share

  Marginal(const Slowed<T>& speed, double limit, std::size_t population, const std::vector<T>& arriving) {
    const auto last = static_cast<std::size_t>(std::min(limit - 1, static_cast<double>(population)));
    T total = 0;
    for (const T& part : arriving) total += part;
    for (const T& part : arriving) share.push_back(value_of(total) > 0 ? part / total : T(0));
    if (last < population) ratio = total / speed.rest;
    for (const T& part : arriving) load.push_back(last < population ? part / speed.rest : T(0));
    std::vector<double> logs{0};
    for (std::size_t j = 1; j <= last; ++j)
      logs.push_back(logs.back() + std::log(value_of(total)) - std::log(value_of(speed.at(j))));
    const auto mode = static_cast<std::size_t>(std::max_element(logs.begin(), logs.end()) - logs.begin());
    first.assign(last + 1, T(1));
    T log_mode = 0;
    for (std::size_t j = mode; j > 0; --j) {
      first[j - 1] = first[j] * speed.at(j) / total;
      log_mode += log(total / speed.at(j));
    }
    for (std::size_t j = mode; j < last; ++j) first[j + 1] = first[j] * total / speed.at(j + 1);
    T sum = 0;
    for (std::size_t j = 0; j < last; ++j) sum += first[j];
    sum += first[last] / (T(1) - ratio);
    for (T& weight : first) weight /= sum;
    log_empty = -(log_mode + log(sum));
  }
};

/// Mean number of each class with Poisson arrivals, for finding the rates that bring about the population.
inline double mean_number(const Marginal<double>& marginal) {
  double mean = 0;
  const std::size_t last = marginal.first.size() - 1;
  for (std::size_t j = 1; j < last; ++j) mean += static_cast<double>(j) * marginal.first[j];
  const double rest = 1 / (1 - marginal.ratio);
  return mean + marginal.first[last] * rest * (static_cast<double>(last) + marginal.ratio * rest);
}

/// The exact solution by convolution.
template <class T>
class Convolution {
 public:
  explicit Convolution(const Model<T>& model) : model_(model), lattice_(model.population) {
    for (const std::size_t r : lattice_.classes) population_ += static_cast<std::size_t>(model.population[r]);
    for (std::size_t i = 0; i < model.stations; ++i) {
      const T open = model.open_load(i);
      Speed speed = model.speeds[i];
      // So many servers that nobody ever waits.
      if (speed.rates.empty() && value_of(open) == 0 && speed.servers >= static_cast<double>(population_))
        speed.servers = std::numeric_limits<double>::infinity();
      speeds_.push_back(speed);
      slowed_.push_back(speed.delay() ? Slowed<T>{} : slow_down(speed, open, population_ + 1));
    }
    if (population_ > 0) choose_rates();
  }

  Answer<T> solve() {
    const std::size_t classes = model_.classes;
    Answer<T> answer;
    answer.throughput.assign(classes, T(0));
    answer.number.assign(model_.stations * classes, T(0));
    std::vector<std::vector<T>> present(model_.stations, {T(1)});  // P(n closed customers)
    answer.log_normalization = T(0);
    if (population_ > 0) {
      std::vector<T> base = delays();
      std::vector<std::size_t> several;
      for (std::size_t i = 0; i < model_.stations; ++i) {
        if (speeds_[i].delay()) continue;
        if (marginals_[i].first.size() > 1) {
          several.push_back(i);
          continue;
        }
        for (T& value : base) value *= marginals_[i].first[0];
        lattice_.accumulate(base, marginals_[i].load);
      }
      std::vector<T> full = several.empty() ? base : std::vector<T>{};
      for (const std::size_t i : several) {
        full = base;
        for (const std::size_t other : several)
          if (other != i) convolve(full, marginals_[other]);
        look_at(i, full, answer, present[i]);
      }
      const T top = full.back();
      if (!(value_of(top) > 1e-290))
        throw std::domain_error(
            "solve: the populations are beyond the range of the convolution; choose an approximation");
      for (std::size_t k = 0; k < lattice_.classes.size(); ++k) {
        const std::size_t r = lattice_.classes[k];
        answer.throughput[r] = T(rates_[k]) * full[full.size() - 1 - lattice_.stride[k]] / top;
        answer.log_normalization -= T(model_.population[r] * std::log(rates_[k]));
      }
      answer.log_normalization += log(top) - log_constant_;
      for (std::size_t i = 0; i < model_.stations; ++i) {
        if (speeds_[i].delay()) {
          for (const std::size_t r : lattice_.classes)
            answer.number[i * classes + r] = answer.throughput[r] * model_.demand(i, r);
          continue;
        }
        answer.log_normalization -= marginals_[i].log_empty;
        if (marginals_[i].first.size() > 1) continue;
        std::vector<T> again = full;
        lattice_.accumulate(again, marginals_[i].load);
        for (std::size_t k = 0; k < lattice_.classes.size(); ++k)
          answer.number[i * classes + lattice_.classes[k]] =
              marginals_[i].load[k] * again[again.size() - 1 - lattice_.stride[k]] / top;
      }
    }
    open_classes(answer, present);
    return answer;
  }

  /// P(n closed customers at a station), n up to the population.
  std::vector<T> distribution(std::size_t station) {
    std::vector<T> probabilities(population_ + 1, T(0));
    if (population_ == 0) return {T(1)};
    std::vector<T> rest = delays(speeds_[station].delay() ? station : model_.stations);
    for (std::size_t i = 0; i < model_.stations; ++i)
      if (i != station && !speeds_[i].delay()) convolve(rest, marginals_[i]);
    Slowed<T> speed = slowed_[station];
    double limit = speeds_[station].limit();
    if (speeds_[station].delay()) {
      limit = static_cast<double>(population_) + 1;
      for (std::size_t j = 1; j <= population_; ++j) speed.first.push_back(T(static_cast<double>(j)));
    }
    const Marginal<T> marginal(speed, limit, population_, arriving(station));
    T weight = marginal.first[0];
    T sum = 0;
    for (std::size_t j = 0; j <= population_; ++j) {
      weight = j < marginal.first.size() ? marginal.first[j] : weight * marginal.ratio;
      sum += probabilities[j] = weight * rest.back();
      lattice_.shift(rest, marginal.share);
    }
    for (T& probability : probabilities) probability /= sum;
    return probabilities;
  }

 private:
  std::vector<T> arriving(std::size_t i) const {
    std::vector<T> loads;
    for (std::size_t k = 0; k < lattice_.classes.size(); ++k)
      loads.push_back(T(rates_[k]) * model_.demand(i, lattice_.classes[k]));
    return loads;
  }

  /// Arrival rates at which an open network holds about as many customers of each class as the closed one: there the
  /// chance of exactly that population is largest, and nothing under- or overflows.
  void choose_rates() {
    const std::size_t count = lattice_.classes.size();
    struct Queue {
      double speed, share;
      std::vector<double> demand;
    };
    std::vector<Queue> queues;
    std::vector<double> away(count, 0.0);
    std::vector<double> population(count);
    const double customers = static_cast<double>(population_);
    for (std::size_t k = 0; k < count; ++k) {
      population[k] = model_.population[lattice_.classes[k]];
      away[k] = value_of(model_.think[lattice_.classes[k]]);
    }
    for (std::size_t i = 0; i < model_.stations; ++i) {
      std::vector<double> demand(count);
      for (std::size_t k = 0; k < count; ++k) demand[k] = value_of(model_.demand(i, lattice_.classes[k]));
      const bool delay = speeds_[i].delay();
      const double slow = delay ? 1 : value_of(slowed_[i].at(1));
      const bool tail = !delay && speeds_[i].limit() <= customers;
      const double rest = tail ? value_of(slowed_[i].rest) : slow;
      for (std::size_t k = 0; k < count; ++k)
        away[k] += tail ? std::max(0.0, demand[k] / slow - demand[k] / rest) : demand[k] / slow;
      if (tail) queues.push_back({rest, 0, demand});
    }
    // Schweitzer's fixed point, roughly.
    rates_.assign(count, 0.0);
    std::vector<std::vector<double>> waiting(queues.size(), std::vector<double>(count));
    for (auto& row : waiting)
      for (std::size_t k = 0; k < count; ++k) row[k] = population[k] / static_cast<double>(queues.size() + 1);
    for (int round = 0; round < 30; ++round)
      for (std::size_t k = 0; k < count; ++k) {
        double total = away[k];
        std::vector<double> time(queues.size());
        for (std::size_t i = 0; i < queues.size(); ++i) {
          double others = 1 - waiting[i][k] / population[k];
          for (std::size_t l = 0; l < count; ++l) others += waiting[i][l];
          total += time[i] = queues[i].demand[k] / queues[i].speed * others;
        }
        rates_[k] = population[k] / total;
        for (std::size_t i = 0; i < queues.size(); ++i) waiting[i][k] = rates_[k] * time[i];
      }
    const double most = 1 - 1 / (2 * customers + 2);
    for (int round = 0; round < 8; ++round)
      for (const Queue& queue : queues) {
        double busy = 0;
        for (std::size_t k = 0; k < count; ++k) busy += rates_[k] * queue.demand[k] / queue.speed;
        if (busy > most)
          for (std::size_t k = 0; k < count; ++k)
            if (queue.demand[k] > 0) rates_[k] *= most / busy;
      }
    if (population_ > 200) refine(population);
    for (std::size_t i = 0; i < model_.stations; ++i)
      marginals_.emplace_back(slowed_[i], speeds_[i].delay() ? 1 : speeds_[i].limit(), population_, arriving(i));
  }

  /// Class by class, the rate that brings about its population while the others stay, by bisection.
  void refine(const std::vector<double>& population) {
    const std::size_t count = population.size();
    std::vector<Slowed<double>> speeds;
    for (const auto& slowed : slowed_) {
      Slowed<double> plain;
      for (const T& speed : slowed.first) plain.first.push_back(value_of(speed));
      plain.rest = value_of(slowed.rest);
      speeds.push_back(plain);
    }
    const auto loads = [&](std::size_t i) {
      std::vector<double> own;
      for (std::size_t k = 0; k < count; ++k)
        own.push_back(rates_[k] * value_of(model_.demand(i, lattice_.classes[k])));
      return own;
    };
    const auto mean = [&](std::size_t k) {
      double sum = rates_[k] * value_of(model_.think[lattice_.classes[k]]);
      for (std::size_t i = 0; i < model_.stations; ++i) {
        const auto own = loads(i);
        if (own[k] == 0) continue;
        if (speeds_[i].delay()) {
          sum += own[k];
          continue;
        }
        double all = 0;
        for (const double load : own) all += load;
        if (speeds_[i].limit() <= static_cast<double>(population_) && all >= speeds[i].rest)
          return std::numeric_limits<double>::infinity();
        sum += own[k] / all * mean_number(Marginal<double>(speeds[i], speeds_[i].limit(), population_, own));
      }
      return sum;
    };
    for (int sweep = 0; sweep < (count == 1 ? 1 : 4); ++sweep)
      for (std::size_t k = 0; k < count; ++k) {
        double low = 0;
        double high = rates_[k];
        const double before = rates_[k];
        while (mean(k) < population[k]) rates_[k] = high *= 2;
        for (int round = 0; round < 45; ++round) {
          rates_[k] = low + (high - low) / 2;
          (mean(k) < population[k] ? low : high) = rates_[k];
        }
        rates_[k] = low > 0 ? low : before;
      }
  }

  /// Think times and delays: Poisson numbers of each class, relative to the most likely one.
  std::vector<T> delays(std::size_t without = std::numeric_limits<std::size_t>::max()) {
    std::vector<T> values(lattice_.size, T(1));
    log_constant_ = T(0);
    for (std::size_t k = 0; k < lattice_.classes.size(); ++k) {
      const std::size_t r = lattice_.classes[k];
      T time = model_.think[r];
      for (std::size_t i = 0; i < model_.stations; ++i)
        if (speeds_[i].delay() && i != without) time += model_.demand(i, r);
      const T load = time * T(rates_[k]);
      std::vector<T> weights(lattice_.extent[k], T(0));
      const auto mode =
          static_cast<std::size_t>(std::min(std::floor(value_of(load)), static_cast<double>(lattice_.extent[k] - 1)));
      weights[mode] = T(1);
      for (std::size_t n = mode; n > 0; --n) {
        weights[n - 1] = weights[n] * T(static_cast<double>(n)) / load;
        log_constant_ -= log(load / T(static_cast<double>(n)));
      }
      for (std::size_t n = mode; n + 1 < weights.size(); ++n)
        weights[n + 1] = weights[n] * load / T(static_cast<double>(n + 1));
      for (std::size_t place = 0; place < values.size(); ++place)
        values[place] *= weights[place / lattice_.stride[k] % lattice_.extent[k]];
    }
    return values;
  }

  /// One station more.
  void convolve(std::vector<T>& values, const Marginal<T>& marginal) const {
    std::vector<T> sum(values.size(), T(0));
    for (std::size_t j = 0; j + 1 < marginal.first.size(); ++j) {
      for (std::size_t n = 0; n < sum.size(); ++n) sum[n] += marginal.first[j] * values[n];
      lattice_.shift(values, marginal.share);
    }
    for (T& value : values) value *= marginal.first.back();
    if (value_of(marginal.ratio) > 0) lattice_.accumulate(values, marginal.load);
    for (std::size_t n = 0; n < sum.size(); ++n) values[n] += sum[n];
  }

  /// The same for station i, noting its mean numbers and its distribution.
  void look_at(std::size_t i, std::vector<T>& values, Answer<T>& answer, std::vector<T>& present) const {
    const Marginal<T>& marginal = marginals_[i];
    const std::size_t count = lattice_.classes.size();
    const std::size_t last = marginal.first.size() - 1;
    const auto short_of = [&](const std::vector<T>& of, std::size_t k) {
      return of[of.size() - 1 - lattice_.stride[k]];
    };
    std::vector<T> weighted(count, T(0));
    std::vector<T> sum(values.size(), T(0));
    present.clear();
    for (std::size_t j = 0; j < last; ++j) {
      for (std::size_t n = 0; n < sum.size(); ++n) sum[n] += marginal.first[j] * values[n];
      present.push_back(marginal.first[j] * values.back());
      for (std::size_t k = 0; k < count; ++k)
        weighted[k] += T(static_cast<double>(j + 1)) * marginal.first[j + 1] * short_of(values, k);
      lattice_.shift(values, marginal.share);
    }
    for (T& value : values) value *= marginal.first.back();
    present.push_back(values.back());
    if (value_of(marginal.ratio) > 0) {
      lattice_.accumulate(values, marginal.load);
      std::vector<T> again = values;
      lattice_.accumulate(again, marginal.load);
      for (std::size_t k = 0; k < count; ++k)
        weighted[k] += marginal.ratio * (T(static_cast<double>(last)) * short_of(values, k) + short_of(again, k));
    }
    for (std::size_t n = 0; n < sum.size(); ++n) values[n] += sum[n];
    for (T& probability : present) probability /= values.back();
    for (std::size_t k = 0; k < count; ++k)
      answer.number[i * model_.classes + lattice_.classes[k]] = marginal.share[k] * weighted[k] / values.back();
  }

  /// Open customers find j closed ones with P(j): then (j + 1) a / α(j + 1) of them are there in the mean.
  void open_classes(Answer<T>& answer, const std::vector<std::vector<T>>& present) const {
    for (std::size_t i = 0; i < model_.stations; ++i) {
      T in_front = 1;
      if (!speeds_[i].delay()) {
        T closed = 0;
        for (const std::size_t r : lattice_.classes) closed += answer.number[i * model_.classes + r];
        const bool cut = present[i].size() > population_;  // all numbers are listed
        in_front = cut ? T(0) : (T(1) + closed) / slowed_[i].rest;
        for (std::size_t j = 0; j + (cut ? 0 : 1) < present[i].size(); ++j) {
          T gain = T(1) / slowed_[i].at(j + 1);
          if (!cut) gain -= T(1) / slowed_[i].rest;
          in_front += present[i][j] * T(static_cast<double>(j + 1)) * gain;
        }
      }
      for (std::size_t r = 0; r < model_.classes; ++r)
        if (model_.population[r] == 0) {
          answer.throughput[r] = model_.arrivals[r];
          answer.number[i * model_.classes + r] = model_.arrivals[r] * model_.demand(i, r) * in_front;
        }
    }
  }

  const Model<T>& model_;
  Lattice lattice_;
  std::size_t population_ = 0;
  std::vector<Speed> speeds_;
  std::vector<Slowed<T>> slowed_;
  std::vector<double> rates_;  // θ of the closed classes
  std::vector<Marginal<T>> marginals_;
  T log_constant_ = 0;
};

/// Stations as one queue with one server and one delay each, slowed down by the open classes.
template <class T>
struct Split {
  std::vector<T> queue;  // demands, by station and class
  std::vector<T> delay;
  std::vector<T> spare;  // 1 - load of the open classes

  explicit Split(const Model<T>& model) {
    for (std::size_t i = 0; i < model.stations; ++i) {
      const double servers = model.speeds[i].servers;
      const bool delays = model.speeds[i].delay();
      spare.push_back(delays ? T(1) : T(1) - model.open_load(i) / T(servers));
      for (std::size_t r = 0; r < model.classes; ++r) {
        queue.push_back(delays ? T(0) : model.demand(i, r) / T(servers) / spare.back());
        delay.push_back(delays ? model.demand(i, r) : model.demand(i, r) * T((servers - 1) / servers));
      }
    }
  }

  /// Numbers of the open classes, given those of the closed ones; `closed` counts their queues only.
  void open_classes(const Model<T>& model, Answer<T>& answer, const std::vector<T>& closed) const {
    for (std::size_t r = 0; r < model.classes; ++r)
      if (model.population[r] == 0) {
        answer.throughput[r] = model.arrivals[r];
        for (std::size_t i = 0; i < model.stations; ++i)
          answer.number[i * model.classes + r] =
              model.arrivals[r] * (queue[i * model.classes + r] * (T(1) + closed[i]) + delay[i * model.classes + r]);
      }
  }
};

/// Mean value analysis over all populations.
template <class T>
Answer<T> mean_value_analysis(const Model<T>& model) {
  const std::size_t stations = model.stations;
  const Lattice lattice(model.population);
  const std::size_t count = lattice.classes.size();
  const Split<T> split(model);
  Answer<T> answer;
  answer.throughput.assign(model.classes, T(0));
  answer.number.assign(stations * model.classes, T(0));
  std::vector<T> demand;  // by class and station, in the lattice's order
  std::vector<T> away;
  for (const std::size_t r : lattice.classes) {
    away.push_back(model.think[r]);
    for (std::size_t i = 0; i < stations; ++i) {
      demand.push_back(split.queue[i * model.classes + r]);
      away.back() += split.delay[i * model.classes + r];
    }
  }
  // One customer less of the outermost class is this far back: older populations are forgotten.
  const std::size_t memory = count > 0 ? lattice.stride[0] + 1 : 1;
  std::vector<T> length(memory * stations, T(0));
  std::vector<std::size_t> counter(count);
  std::vector<T> time(stations);
  std::vector<T> now(stations, T(0));
  std::vector<T> last(count * stations);
  answer.log_normalization = T(0);
  for (std::size_t place = 1, slot = 1 % memory; place < lattice.size;
       ++place, slot = slot + 1 == memory ? 0 : slot + 1) {
    for (std::size_t r = count; r-- > 0;) {
      if (++counter[r] < lattice.extent[r]) break;
      counter[r] = 0;
    }
    std::fill(now.begin(), now.end(), T(0));
    const bool full = place + 1 == lattice.size;
    for (std::size_t r = 0; r < count; ++r) {
      if (counter[r] == 0) continue;
      const std::size_t back = slot >= lattice.stride[r] ? slot - lattice.stride[r] : slot + memory - lattice.stride[r];
      const T* const before = length.data() + back * stations;
      const T* const own = demand.data() + r * stations;
      T total = away[r];
      for (std::size_t i = 0; i < stations; ++i) {
        time[i] = own[i] + own[i] * before[i];
        total += time[i];
      }
      const T throughput = T(static_cast<double>(counter[r])) / total;
      for (std::size_t i = 0; i < stations; ++i) now[i] += throughput * time[i];
      if (full) {
        answer.throughput[lattice.classes[r]] = throughput;
        for (std::size_t i = 0; i < stations; ++i) last[r * stations + i] = throughput * time[i];
      }
    }
    std::copy(now.begin(), now.end(), length.begin() + static_cast<std::ptrdiff_t>(slot * stations));
  }
  for (std::size_t r = 0; r < count && lattice.size > 1; ++r)
    for (std::size_t i = 0; i < stations; ++i) {
      const std::size_t cell = i * model.classes + lattice.classes[r];
      answer.number[cell] = last[r * stations + i] + answer.throughput[lattice.classes[r]] * split.delay[cell];
    }
  answer.log_normalization = T(std::numeric_limits<double>::quiet_NaN());
  split.open_classes(model, answer, now);
  return answer;
}

/// Schweitzer's fixed point and the Linearizer built on it.
template <class T>
class Approximation {
 public:
  explicit Approximation(const Model<T>& model) : model_(model), split_(model) {}

  Answer<T> solve(bool linearize) {
    const std::size_t classes = model_.classes;
    const std::size_t cells = model_.stations * classes;
    std::vector<T> difference(cells * classes, T(0));  // of the share at a station when one of the last class is gone
    Point full = core(model_.population, difference);
    for (int round = 0; linearize && round < 2; ++round) {
      for (std::size_t gone = 0; gone < classes; ++gone) {
        if (model_.population[gone] == 0) continue;
        auto population = model_.population;
        population[gone] -= 1;
        const Point less = core(population, difference);
        pending_.resize(difference.size());
        for (std::size_t cell = 0; cell < cells; ++cell) {
          const std::size_t r = cell % classes;
          pending_[cell * classes + gone] =
              population[r] > 0 ? less.queue[cell] / T(population[r]) - full.queue[cell] / T(model_.population[r])
                                : T(0);
        }
      }
      difference = pending_;
      full = core(model_.population, difference);
    }
    Answer<T> answer;
    answer.throughput = full.throughput;
    answer.iterations = iterations_;
    answer.number.assign(cells, T(0));
    std::vector<T> closed(model_.stations, T(0));
    for (std::size_t cell = 0; cell < cells; ++cell)
      if (model_.population[cell % classes] > 0) {
        answer.number[cell] = full.queue[cell] + full.throughput[cell % classes] * split_.delay[cell];
        closed[cell / classes] += full.queue[cell];
      }
    split_.open_classes(model_, answer, closed);
    return answer;
  }

 private:
  struct Point {
    std::vector<T> throughput;
    std::vector<T> queue;
  };

  Point core(const std::vector<double>& population, const std::vector<T>& difference) {
    const std::size_t classes = model_.classes;
    Point point{std::vector<T>(classes, T(0)), std::vector<T>(model_.stations * classes, T(0))};
    for (std::size_t cell = 0; cell < point.queue.size(); ++cell)
      if (value_of(split_.queue[cell]) > 0)
        point.queue[cell] = T(population[cell % classes] / static_cast<double>(model_.stations));
    std::vector<T> time(model_.stations);
    for (int round = 0; round < 200'000; ++round) {
      double change = 0;
      for (std::size_t r = 0; r < classes; ++r) {
        if (population[r] == 0) continue;
        T total = model_.think[r];
        for (std::size_t i = 0; i < model_.stations; ++i) {
          const std::size_t cell = i * classes + r;
          T others = 0;
          for (std::size_t s = 0; s < classes; ++s) {
            const double left = population[s] - (s == r ? 1 : 0);
            if (left > 0)
              others += T(left) *
                        (point.queue[i * classes + s] / T(population[s]) + difference[(i * classes + s) * classes + r]);
          }
          time[i] = split_.queue[cell] * (T(1) + others);
          total += time[i] + split_.delay[cell];
        }
        point.throughput[r] = T(population[r]) / total;
        for (std::size_t i = 0; i < model_.stations; ++i) {
          const T next = point.throughput[r] * time[i];
          change = std::max(change, distance(next, point.queue[i * classes + r]));
          point.queue[i * classes + r] = next;
        }
      }
      ++iterations_;
      if (change < 1e-14) return point;
      if (change < 1e-11 && round > 20'000) return point;
    }
    throw std::runtime_error("solve: the approximation did not converge in 200000 iterations");
  }

  const Model<T>& model_;
  Split<T> split_;
  std::vector<T> pending_;
  double iterations_ = 0;
};

}  // namespace qsm::inline v0::queueing::detail
