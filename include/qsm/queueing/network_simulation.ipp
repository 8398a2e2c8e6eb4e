#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/histogram.hpp>
#include <qsm/core/interval.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/detail/routing.hpp>
#include <qsm/queueing/network_simulation.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

inline std::string label(const char* kind, const std::string& name, std::size_t number) {
  return std::string(kind) + " " + (name.empty() ? std::to_string(number) : name);
}
inline std::string label(const RoutedNetwork& network, const RoutedStation& station) {
  return label("station", station.name, static_cast<std::size_t>(&station - network.stations.data()));
}
inline std::string label(const RoutedNetwork& network, const RoutedClass& kind) {
  return label("class", kind.name, static_cast<std::size_t>(&kind - network.classes.data()));
}

inline const Distribution& law_of(const RoutedStation& station, std::size_t customer_class) {
  return station.service.size() == 1 ? station.service.front() : station.service[customer_class];
}

/// The clocks of a model, each at its next event; of equal ones the one with the lowest number is first. A few are
/// looked through in four chains, which overlap; many hold a tournament.
class Clocks {
 public:
  explicit Clocks(std::size_t count)
      : leaves_(std::bit_ceil(std::max<std::size_t>(count, 4))), times_(leaves_, infinity), winners_(2 * leaves_) {
    for (std::size_t i = 0; i < leaves_; ++i) winners_[leaves_ + i] = static_cast<std::uint32_t>(i);
    for (std::size_t node = leaves_; --node > 0;) winners_[node] = winners_[2 * node];
  }
  std::size_t first() const { return leaves_ > few ? winners_[1] : search(); }
  double time(std::size_t clock) const { return times_[clock]; }
  void set(std::size_t clock, double time) {
    if (times_[clock] == time) return;
    times_[clock] = time;
    if (leaves_ <= few) return;
    for (std::size_t node = (leaves_ + clock) / 2; node > 0; node /= 2) {
      const std::uint32_t left = winners_[2 * node], right = winners_[2 * node + 1];
      const std::uint32_t turn = 0u - static_cast<std::uint32_t>(times_[right] < times_[left]);  // a branch would guess
      winners_[node] = left ^ ((left ^ right) & turn);
    }
  }

 private:
  static constexpr std::size_t few = 32;

  std::size_t search() const {
    const double* const times = times_.data();
    std::array<double, 4> least{times[0], times[1], times[2], times[3]};
    std::array<std::size_t, 4> at{0, 1, 2, 3};
    for (std::size_t i = 4; i < leaves_; i += 4)
      for (std::size_t lane = 0; lane < 4; ++lane) {
        const bool less = times[i + lane] < least[lane];
        least[lane] = less ? times[i + lane] : least[lane];
        at[lane] = less ? i + lane : at[lane];
      }
    for (std::size_t lane = 1; lane < 4; ++lane) {
      const bool first = least[lane] < least[0] || (least[lane] == least[0] && at[lane] < at[0]);
      least[0] = first ? least[lane] : least[0];
      at[0] = first ? at[lane] : at[0];
    }
    return at[0];
  }

  std::size_t leaves_;
  std::vector<double> times_;
  std::vector<std::uint32_t> winners_;
};

/// Draws of one law for one purpose, a block at a time.
class Draws {
 public:
  Draws(const Distribution& law, const Stream& stream) : law_(law), stream_(stream) {}
  double next() {
    if (used_ == block_.size()) {
      law_.sample(stream_, drawn_, block_);
      drawn_ += block_.size();
      used_ = 0;
    }
    return block_[used_++];
  }

 private:
  Distribution law_;
  Stream stream_;
  std::uint64_t drawn_ = 0;
  std::array<double, 128> block_{};
  std::size_t used_ = block_.size();
};

/// A place drawn with given probabilities; `end` where they leave something to 1.
class Route {
 public:
  static constexpr std::uint32_t end = 0xffffffff;

  Route(std::span<const double> probabilities, const Stream& stream) : stream_(stream) {
    double sum = 0;
    for (std::size_t place = 0; place < probabilities.size(); ++place)
      if (probabilities[place] > 0) {
        sum += probabilities[place];
        ways_.push_back({sum, static_cast<std::uint32_t>(place)});
      }
    if (sum < 1 - 1e-12 || ways_.empty()) ways_.push_back({1, end});
    ways_.back().up_to = 1;
    std::uint32_t way = 0;
    for (std::size_t k = 0; k < ways_.size(); ++k) {
      while (ways_[way].up_to * static_cast<double>(ways_.size()) <= static_cast<double>(k)) ++way;
      guide_.push_back(way);
    }
  }
  std::uint32_t next() {
    if (ways_.size() == 1) return ways_.front().place;
    if (used_ == block_.size()) {
      stream_.uniforms(drawn_, block_);
      drawn_ += block_.size();
      used_ = 0;
    }
    const double u = block_[used_++];
    const Way* way = &ways_[guide_[static_cast<std::size_t>(u * static_cast<double>(ways_.size()))]];
    while (way->up_to < u) ++way;
    return way->place;
  }

 private:
  struct Way {
    double up_to;
    std::uint32_t place;
  };
  std::vector<Way> ways_;
  std::vector<std::uint32_t> guide_;  // the way at which to begin, for each equal part of the probability
  Stream stream_;
  std::uint64_t drawn_ = 0;
  std::array<double, 128> block_{};
  std::size_t used_ = block_.size();
};

/// A customer on a visit.
struct Visitor {
  double began;      // the passage
  double came;       // to the station
  double size;       // service time of this visit
  double remaining;  // of it, where not in service
  std::uint64_t order = 0;
  std::uint32_t customer_class;
};

/// A place in a queue: by key, then by order of arrival.
struct Ticket {
  double key;
  std::uint64_t order;
  std::uint32_t visitor;
  friend bool operator>(const Ticket& one, const Ticket& two) {
    return one.key > two.key || (one.key == two.key && one.order > two.order);
  }
};

/// Tickets, the least first.
class Tickets {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  const Ticket& first() const { return heap_.front(); }
  const std::vector<Ticket>& all() const { return heap_; }
  void push(const Ticket& ticket) {
    heap_.push_back(ticket);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  Ticket pop() {
    if (heap_.size() > 1) std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    const Ticket ticket = heap_.back();
    heap_.pop_back();
    return ticket;
  }
  /// Puts another in the place of one.
  void replace(std::size_t place, const Ticket& ticket) {
    heap_[place] = ticket;
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

 private:
  std::vector<Ticket> heap_;
};

/// First in, first out, in a ring.
class Line {
 public:
  bool empty() const { return size_ == 0; }
  void push(std::uint32_t visitor) {
    if (size_ == ring_.size()) {
      std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(first_), ring_.end());
      first_ = 0;
      ring_.resize(2 * size_);
    }
    ring_[(first_ + size_++) & (ring_.size() - 1)] = visitor;
  }
  std::uint32_t pop() {
    const std::uint32_t visitor = ring_[first_];
    first_ = (first_ + 1) & (ring_.size() - 1);
    --size_;
    return visitor;
  }

 private:
  std::vector<std::uint32_t> ring_ = std::vector<std::uint32_t>(8);
  std::size_t first_ = 0, size_ = 0;
};

/// The servers of a station and those who wait for them.
class Servers {
 public:
  Servers(const RoutedStation& station, const RoutedNetwork& network, std::vector<Visitor>& visitors)
      : discipline_(station.discipline), servers_(station.servers), capacity_(station.capacity), visitors_(visitors) {
    if (discipline_ == Discipline::delay) servers_ = infinity;
    for (const auto& kind : network.classes) priorities_.push_back(kind.priority);
  }

  bool full() const { return static_cast<double>(present_) >= capacity_; }

  /// When the next visitor leaves.
  double next() const {
    if (serving_.empty()) return infinity;
    if (discipline_ != Discipline::ps) return serving_.first().key;
    return moved_ + std::max(0.0, serving_.first().key - served_) / speed();
  }

  void enter(std::uint32_t who, double now) {
    ++present_;
    Visitor& visitor = visitors_[who];
    visitor.order = ++entered_;
    if (discipline_ == Discipline::ps) {
      if (serving_.empty()) served_ = 0;
      served_ += (now - moved_) * (serving_.empty() ? 0 : speed());
      moved_ = now;
      serving_.push({served_ + visitor.size, visitor.order, who});
    } else if (static_cast<double>(serving_.size()) < servers_) {
      serve(who, now);
    } else if (!preempts() || !make_way(who, now)) {
      wait(who);
    }
  }

  /// Takes out the visitor whose service ends now.
  std::uint32_t leave(double now) {
    --present_;
    const Ticket done = serving_.first();
    if (discipline_ == Discipline::ps) {
      served_ = done.key;
      moved_ = now;
    }
    serving_.pop();
    if (discipline_ == Discipline::fcfs) {
      if (!line_.empty()) serve(line_.pop(), now);
    } else if (!waiting_.empty()) {
      serve(waiting_.pop().visitor, now);
    }
    return done.visitor;
  }

 private:
  double speed() const { return std::min(1.0, servers_ / static_cast<double>(serving_.size())); }
  bool preempts() const {
    return discipline_ == Discipline::lcfs_preemptive || discipline_ == Discipline::priority_preemptive ||
           discipline_ == Discipline::srpt;
  }
  void serve(std::uint32_t who, double now) {
    serving_.push({now + visitors_[who].remaining, visitors_[who].order, who});
  }
  void wait(std::uint32_t who) {
    if (discipline_ == Discipline::fcfs)
      line_.push(who);
    else
      waiting_.push({rank(visitors_[who]), visitors_[who].order, who});
  }
  /// The least is served first.
  double rank(const Visitor& visitor) const {
    switch (discipline_) {
      case Discipline::lcfs:
      case Discipline::lcfs_preemptive:
        return -static_cast<double>(visitor.order);
      case Discipline::priority:
      case Discipline::priority_preemptive:
        return priorities_[visitor.customer_class];
      case Discipline::srpt:
        return visitor.remaining;
      default:
        return 0;
    }
  }
  /// Serves a newcomer in the place of the last in rank, where that one is behind.
  bool make_way(std::uint32_t who, double now) {
    std::size_t last = 0;
    Ticket behind{-infinity, 0, 0};
    for (std::size_t i = 0; i < serving_.size(); ++i) {
      const Ticket& ticket = serving_.all()[i];
      const double key = discipline_ == Discipline::srpt ? ticket.key - now : rank(visitors_[ticket.visitor]);
      const Ticket ranked{key, ticket.order, ticket.visitor};
      if (i > 0 && !(ranked > behind)) continue;
      behind = ranked;
      last = i;
    }
    Visitor& newcomer = visitors_[who];
    if (!(behind > Ticket{rank(newcomer), newcomer.order, who})) return false;
    visitors_[behind.visitor].remaining = std::max(0.0, serving_.all()[last].key - now);
    serving_.replace(last, {now + newcomer.remaining, newcomer.order, who});
    wait(behind.visitor);
    return true;
  }

  Discipline discipline_;
  double servers_, capacity_;
  std::vector<double> priorities_;
  std::vector<Visitor>& visitors_;
  Tickets serving_, waiting_;  // serving_: by the time of leaving; with ps by the service that each will have had
  Line line_;
  std::size_t present_ = 0;
  std::uint64_t entered_ = 0;
  double served_ = 0, moved_ = 0;  // ps: service that each present since the last idle time has had, until when
};

/// What a class did at a station in the time that counts.
struct VisitRecord {
  double number = 0, since = 0;  // present, and since when
  double area = 0;               // integral of the number over time
  double arrivals = 0, lost = 0, completed = 0;
  double sojourn = 0, service = 0;  // sums over the visits completed

  void move(double now, double change) {
    area += number * (now - since);
    since = now;
    number += change;
  }
};
struct PassageRecord {
  double lost = 0;
  Histogram times;
};
/// One replication.
struct NetworkRecord {
  double duration = 0;
  std::vector<VisitRecord> visits;  // by station, then class
  std::vector<PassageRecord> passages;
};

/// One replication at work. Stations have the first clocks, so that at equal times departures go before arrivals; then
/// come the classes: the next arrival, or the next who has thought enough.
class NetworkEngine {
 public:
  NetworkEngine(const RoutedNetwork& network, const Stream& stream)
      : stations_(network.stations.size()), classes_(network.classes.size()), clocks_(stations_ + classes_) {
    record_.visits.resize(stations_ * classes_);
    record_.passages.resize(classes_);
    const auto of = [&](const char* purpose, std::size_t one, std::size_t two) {
      return stream.child(purpose).child(std::uint64_t{one}).child(std::uint64_t{two});
    };
    for (std::size_t i = 0; i < stations_; ++i) {
      places_.emplace_back(network.stations[i], network, visitors_);
      delay_.push_back(network.stations[i].discipline == Discipline::delay);
      for (std::size_t r = 0; r < classes_; ++r) {
        services_.emplace_back(law_of(network.stations[i], r), of("service", i, r));
        const Matrix& routing = network.classes[r].routing;
        routes_.emplace_back(std::span(routing.values).subspan(i * stations_, stations_), of("route", i, r));
      }
    }
    for (std::size_t r = 0; r < classes_; ++r) {
      const RoutedClass& kind = network.classes[r];
      starts_.emplace_back(kind.start, of("start", 0, r));
      open_.push_back(kind.interarrival.has_value());
      thinks_.push_back(kind.think_time.has_value());
      const std::optional<Distribution>& pause = kind.interarrival ? kind.interarrival : kind.think_time;
      pauses_.emplace_back(pause ? *pause : law_of(network.stations[0], r), of("pause", 0, r));
    }
    thinking_.resize(classes_);
    for (std::size_t r = 0; r < classes_; ++r) {
      if (open_[r]) clocks_.set(stations_ + r, pauses_[r].next());
      for (double n = 0; n < network.classes[r].population; ++n) rest(newcomer(r), 0);
    }
  }

  /// Until this many passages have ended.
  void run(std::uint64_t passages) {
    for (const std::uint64_t goal = ended_ + passages; ended_ < goal;) {
      const std::size_t clock = clocks_.first();
      now_ = clocks_.time(clock);
      if (clock < stations_)
        depart(clock);
      else
        begin(clock - stations_);
    }
  }
  /// Forgets what was, but not who is where.
  void start_recording() {
    from_ = now_;
    for (VisitRecord& visit : record_.visits) visit = {.number = visit.number, .since = now_};
    for (PassageRecord& passage : record_.passages) passage = {};
  }
  NetworkRecord finish() {
    for (VisitRecord& visit : record_.visits) visit.move(now_, 0);
    record_.duration = now_ - from_;
    return std::move(record_);
  }

 private:
  std::uint32_t newcomer(std::size_t customer_class) {
    std::uint32_t who = static_cast<std::uint32_t>(visitors_.size());
    if (free_.empty()) {
      visitors_.emplace_back();
    } else {
      who = free_.back();
      free_.pop_back();
    }
    visitors_[who].customer_class = static_cast<std::uint32_t>(customer_class);
    return who;
  }
  /// A passage from outside or after thinking.
  void begin(std::size_t r) {
    if (open_[r]) {
      clocks_.set(stations_ + r, now_ + pauses_[r].next());
      set_out(newcomer(r));
    } else {
      const std::uint32_t who = thinking_[r].pop().visitor;
      clocks_.set(stations_ + r, thinking_[r].empty() ? infinity : thinking_[r].first().key);
      set_out(who);
    }
  }
  void set_out(std::uint32_t who) {
    visitors_[who].began = now_;
    enter(starts_[visitors_[who].customer_class].next(), who);
  }
  void enter(std::size_t i, std::uint32_t who) {
    Visitor& visitor = visitors_[who];
    const std::size_t cell = i * classes_ + visitor.customer_class;
    VisitRecord& visit = record_.visits[cell];
    ++visit.arrivals;
    if (places_[i].full()) {
      ++visit.lost;
      ++record_.passages[visitor.customer_class].lost;
      ++ended_;
      free_.push_back(who);  // of an open class
      return;
    }
    visit.move(now_, 1);
    visitor.came = now_;
    visitor.size = visitor.remaining = services_[cell].next();
    places_[i].enter(who, now_);
    clocks_.set(i, places_[i].next());
  }
  void depart(std::size_t i) {
    const std::uint32_t who = places_[i].leave(now_);
    clocks_.set(i, places_[i].next());
    const Visitor& visitor = visitors_[who];
    const std::size_t r = visitor.customer_class, cell = i * classes_ + r;
    VisitRecord& visit = record_.visits[cell];
    visit.move(now_, -1);
    ++visit.completed;
    visit.sojourn += delay_[i] ? visitor.size : now_ - visitor.came;
    visit.service += visitor.size;
    const std::uint32_t next = routes_[cell].next();
    if (next != Route::end) return enter(next, who);
    record_.passages[r].times.record(now_ - visitor.began);
    ++ended_;
    if (open_[r])
      free_.push_back(who);
    else
      rest(who, now_);
  }
  /// Between two passages of a closed class.
  void rest(std::uint32_t who, double now) {
    const std::size_t r = visitors_[who].customer_class;
    if (!thinks_[r]) return set_out(who);
    thinking_[r].push({now + pauses_[r].next(), ++rests_, who});
    clocks_.set(stations_ + r, thinking_[r].first().key);
  }

  std::size_t stations_, classes_;
  Clocks clocks_;
  double now_ = 0, from_ = 0;
  std::uint64_t ended_ = 0, rests_ = 0;
  std::vector<Visitor> visitors_;
  std::vector<std::uint32_t> free_;
  std::vector<Servers> places_;
  std::vector<Draws> services_, pauses_;
  std::vector<Route> routes_, starts_;
  std::vector<char> delay_, open_, thinks_;
  std::vector<Tickets> thinking_;
  NetworkRecord record_;
};

struct NetworkRun {
  std::size_t stations = 0, classes = 0;
  std::vector<double> servers;
  bool stable = true;
  double confidence = 0.95;
  std::vector<NetworkRecord> records;

  static NetworkSimulation finish(NetworkRun run) {
    return NetworkSimulation(std::make_shared<const NetworkRun>(std::move(run)));
  }

  template <class Number>
  Estimate mean(Number&& number) const {
    std::vector<double> values;
    for (const NetworkRecord& record : records) values.push_back(number(record));
    const double nothing = std::nan("");
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }))
      return {nothing, nothing, nothing, "simulation: nothing seen in some replication"};
    return mean_interval(values, confidence);
  }
  template <class Number>
  Estimate of_class(const char* function, std::size_t r, Number&& number) const {
    Check(function).that(r < classes, "customer_class", static_cast<double>(r), "< number of classes");
    return mean([&](const NetworkRecord& record) { return number(record, record.passages[r]); });
  }
  template <class Number>
  Estimate of_cell(const char* function, std::size_t i, std::size_t r, Number&& number) const {
    const Check check(function);
    check.that(i < stations, "station", static_cast<double>(i), "< number of stations");
    check.that(r < classes, "customer_class", static_cast<double>(r), "< number of classes");
    return mean([&](const NetworkRecord& record) { return number(record, record.visits[i * classes + r]); });
  }
};

/// Mean visits of a class to each station in a passage.
inline std::vector<double> visits_of(const RoutedClass& kind) { return traffic(kind.start, kind.routing); }

inline bool can_serve(const RoutedNetwork& network) {
  std::vector<double> load(network.stations.size());
  for (std::size_t r = 0; r < network.classes.size(); ++r) {
    const RoutedClass& kind = network.classes[r];
    if (!kind.interarrival) continue;
    const auto visits = visits_of(kind);
    for (std::size_t i = 0; i < load.size(); ++i)
      if (visits[i] > 0) load[i] += visits[i] / kind.interarrival->mean() * law_of(network.stations[i], r).mean();
  }
  for (std::size_t i = 0; i < load.size(); ++i) {
    const RoutedStation& station = network.stations[i];
    if (station.discipline != Discipline::delay && std::isinf(station.capacity) && load[i] >= station.servers)
      return false;
  }
  return true;
}

inline void check_law(Check check, const std::string& what, const Distribution& law) {
  check.that(law.low() >= 0, ("lower end of " + what).c_str(), law.low(), ">= 0");
  check.not_negative(("mean of " + what).c_str(), law.mean());
}

}  // namespace detail

QSM_INLINE void RoutedNetwork::check(const char* function) const {
  Check check(function);
  const std::string prefix = std::string(function) + ": ";
  if (stations.empty()) throw std::invalid_argument(prefix + "stations must have at least one element");
  if (classes.empty()) throw std::invalid_argument(prefix + "classes must have at least one element");
  for (const RoutedStation& station : stations) {
    const std::string of = " of " + detail::label(*this, station);
    if (station.service.size() != 1 && station.service.size() != classes.size())
      throw std::invalid_argument(prefix + "service" + of + " must have 1 element or one for each class (" +
                                  std::to_string(classes.size()) + "), got " + std::to_string(station.service.size()));
    for (const Distribution& law : station.service) detail::check_law(check, "service" + of, law);
    check.positive_count(("servers" + of).c_str(), station.servers);
    check.that(std::isinf(station.capacity)
                   ? station.capacity > 0
                   : station.capacity >= station.servers && station.capacity == std::trunc(station.capacity),
               ("capacity" + of).c_str(), station.capacity, "an integer >= servers, or infinity");
  }
  bool somebody = false;
  for (const RoutedClass& kind : classes) {
    const std::string of = detail::label(*this, kind);
    const std::string in = prefix + of + ": ";
    detail::check_routing((prefix + of).c_str(), kind.routing, stations.size(), false);
    qsm::detail::check_size((prefix + of).c_str(), "start", kind.start.size(), "stations", stations.size());
    for (const double probability : kind.start) check.probability(("start of " + of).c_str(), probability);
    const double sum = std::accumulate(kind.start.begin(), kind.start.end(), 0.0);
    check.that(std::abs(sum - 1) <= 1e-12, ("sum of start of " + of).c_str(), sum, "1 within 1e-12");
    check.finite(("priority of " + of).c_str(), kind.priority);
    check.count(("population of " + of).c_str(), kind.population);
    std::vector<double> visits;
    try {
      visits = detail::visits_of(kind);
    } catch (const std::domain_error& error) {  // no way out
      throw std::domain_error(in + error.what());
    }
    if (kind.interarrival) {
      detail::check_law(check, "interarrival of " + of, *kind.interarrival);
      check.positive(("mean of interarrival of " + of).c_str(), kind.interarrival->mean());
      check.that(kind.population == 0, ("population of " + of).c_str(), kind.population,
                 "0 where there is an interarrival law: a class is open or closed");
      if (kind.think_time) throw std::invalid_argument(in + "think_time is for closed classes only");
      somebody = true;
      continue;
    }
    double round = 0;
    if (kind.think_time) {
      detail::check_law(check, "think_time of " + of, *kind.think_time);
      round += kind.think_time->mean();
    }
    for (std::size_t i = 0; i < stations.size(); ++i)
      if (visits[i] > 0) {
        round += visits[i] * detail::law_of(stations[i], static_cast<std::size_t>(&kind - classes.data())).mean();
        check.that(kind.population == 0 || std::isinf(stations[i].capacity),
                   ("capacity of " + detail::label(*this, stations[i])).c_str(), stations[i].capacity,
                   "infinity on the way of a closed class");
      }
    check.that(kind.population == 0 || round > 0, ("mean time of a round of " + of).c_str(), round, "> 0");
    somebody = somebody || kind.population > 0;
  }
  if (!somebody) throw std::invalid_argument(prefix + "some class must have an interarrival law or a population");
}

QSM_INLINE Network product_form(const RoutedNetwork& network) {
  network.check("product_form");
  const auto refuse = [](const std::string& where, const char* why) {
    throw std::invalid_argument("product_form: " + where + " " + why);
  };
  const std::size_t stations = network.stations.size(), classes = network.classes.size();
  Network form;
  form.service_times = form.visits = Matrix(stations, classes);
  for (std::size_t r = 0; r < classes; ++r) {
    const RoutedClass& kind = network.classes[r];
    CustomerClass solved{.name = kind.name, .population = kind.population};
    if (kind.interarrival) {
      if (kind.interarrival->as<Exponential>() == nullptr)
        refuse(detail::label(network, kind), "must arrive as a Poisson process");
      solved.arrival_rate = 1 / kind.interarrival->mean();
    }
    if (kind.think_time) solved.think_time = kind.think_time->mean();
    form.classes.push_back(solved);
    const auto visits = detail::visits_of(kind);
    for (std::size_t i = 0; i < stations; ++i) {
      form.visits(i, r) = visits[i];
      if (visits[i] > 0) form.service_times(i, r) = detail::law_of(network.stations[i], r).mean();
    }
  }
  for (std::size_t i = 0; i < stations; ++i) {
    const RoutedStation& station = network.stations[i];
    const std::string name = detail::label(network, station);
    if (!std::isinf(station.capacity)) refuse(name, "must have infinite capacity");
    double servers = station.servers;
    if (station.discipline == Discipline::delay) {
      servers = std::numeric_limits<double>::infinity();
    } else if (station.discipline == Discipline::fcfs) {
      double mean = -1;
      for (std::size_t r = 0; r < classes; ++r) {
        if (form.visits(i, r) == 0) continue;
        const Distribution& law = detail::law_of(station, r);
        if (law.as<Exponential>() == nullptr) refuse(name, "must have exponential service under fcfs");
        if (mean >= 0 && law.mean() != mean) refuse(name, "must have one mean service time for all classes under fcfs");
        mean = law.mean();
      }
    } else if (station.discipline == Discipline::lcfs_preemptive) {
      if (servers != 1) refuse(name, "must have one server under lcfs_preemptive");
    } else if (station.discipline != Discipline::ps) {
      refuse(name, "must be fcfs, ps, lcfs_preemptive or delay");
    }
    form.stations.push_back({.name = station.name, .servers = servers});
  }
  return form;
}

QSM_INLINE NetworkSimulation simulate_network(const RoutedNetwork& network, const NetworkSimulationOptions& options) {
  network.check("simulate_network");
  Check check("simulate_network");
  check.positive_count("passages", options.passages);
  check.count("warmup", options.warmup);
  check.positive_count("replications", options.replications);
  check.that(options.replications <= 0x1p24, "replications", options.replications, "at most 2^24");
  check.inner_probability("confidence", options.confidence);
  detail::NetworkRun run;
  run.stations = network.stations.size();
  run.classes = network.classes.size();
  run.stable = detail::can_serve(network);
  run.confidence = options.confidence;
  for (const RoutedStation& station : network.stations)
    run.servers.push_back(station.discipline == Discipline::delay ? 1 : station.servers);
  const auto count = static_cast<std::size_t>(options.replications);
  const auto warmup = static_cast<std::uint64_t>(options.warmup);
  const auto passages = static_cast<std::uint64_t>(options.passages);
  run.records.resize(count);
  ProgressMeter meter(options.progress, count * (warmup + passages));
  sim::parallel_for(count, options.threads, [&](std::size_t i) {
    detail::NetworkEngine engine(network, Stream(options.seed).child(std::uint64_t{i}));
    const auto advance = [&](std::uint64_t total) {
      for (std::uint64_t done = 0; done < total;) {
        const auto part = std::min<std::uint64_t>(1024, total - done);
        engine.run(part);
        meter.advance(part);
        done += part;
      }
    };
    advance(warmup);
    engine.start_recording();
    advance(passages);
    run.records[i] = engine.finish();
  });
  meter.finish();
  return detail::NetworkRun::finish(std::move(run));
}

QSM_INLINE bool NetworkSimulation::stable() const { return run_->stable; }

QSM_INLINE Estimate NetworkSimulation::throughput(std::size_t customer_class) const {
  return run_->of_class("throughput", customer_class, [](const auto& record, const auto& passage) {
    return passage.times.count() / record.duration;
  });
}
QSM_INLINE Estimate NetworkSimulation::response_time(std::size_t customer_class) const {
  return run_->of_class("response_time", customer_class,
                        [](const auto&, const auto& passage) { return passage.times.mean(); });
}
QSM_INLINE Estimate NetworkSimulation::mean_number(std::size_t customer_class) const {
  return run_->of_class("mean_number", customer_class, [&](const auto& record, const auto&) {
    double area = 0;
    for (std::size_t i = 0; i < run_->stations; ++i) area += record.visits[i * run_->classes + customer_class].area;
    return area / record.duration;
  });
}
QSM_INLINE Estimate NetworkSimulation::probability_lost(std::size_t customer_class) const {
  return run_->of_class("probability_lost", customer_class, [](const auto&, const auto& passage) {
    return passage.lost / (passage.lost + passage.times.count());
  });
}
QSM_INLINE Estimate NetworkSimulation::response_cdf(std::size_t customer_class, double time) const {
  Check("response_cdf").extended("time", time);
  return run_->of_class("response_cdf", customer_class,
                        [&](const auto&, const auto& passage) { return passage.times.cdf(time); });
}
QSM_INLINE Estimate NetworkSimulation::response_quantile(std::size_t customer_class, double probability) const {
  Check("response_quantile").probability("probability", probability);
  return run_->of_class("response_quantile", customer_class,
                        [&](const auto&, const auto& passage) { return passage.times.quantile(probability); });
}

QSM_INLINE Estimate NetworkSimulation::station_throughput(std::size_t station, std::size_t customer_class) const {
  return run_->of_cell("station_throughput", station, customer_class,
                       [](const auto& record, const auto& visit) { return visit.completed / record.duration; });
}
QSM_INLINE Estimate NetworkSimulation::station_utilization(std::size_t station, std::size_t customer_class) const {
  return run_->of_cell("station_utilization", station, customer_class, [&](const auto& record, const auto& visit) {
    return visit.service / record.duration / run_->servers[station];
  });
}
QSM_INLINE Estimate NetworkSimulation::station_number(std::size_t station, std::size_t customer_class) const {
  return run_->of_cell("station_number", station, customer_class,
                       [](const auto& record, const auto& visit) { return visit.area / record.duration; });
}
QSM_INLINE Estimate NetworkSimulation::station_wait(std::size_t station, std::size_t customer_class) const {
  return run_->of_cell("station_wait", station, customer_class, [](const auto&, const auto& visit) {
    return (visit.sojourn - visit.service) / visit.completed;
  });
}
QSM_INLINE Estimate NetworkSimulation::station_sojourn_time(std::size_t station, std::size_t customer_class) const {
  return run_->of_cell("station_sojourn_time", station, customer_class,
                       [](const auto&, const auto& visit) { return visit.sojourn / visit.completed; });
}
QSM_INLINE Estimate NetworkSimulation::station_probability_lost(std::size_t station, std::size_t customer_class) const {
  return run_->of_cell("station_probability_lost", station, customer_class,
                       [](const auto&, const auto& visit) { return visit.lost / visit.arrivals; });
}

}  // namespace qsm::inline v0::queueing
