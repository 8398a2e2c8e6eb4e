#pragma once
/// @file
/// One replication of a network of queues, event by event.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/core/histogram.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/detail/network_parts.hpp>
#include <qsm/queueing/network.hpp>

namespace qsm::inline v0::queueing::detail {

/// A customer on a visit.
struct alignas(64) Visitor {
  double began = 0;      // the passage
  double due = 0;        // its end
  double came = 0;       // to the station
  double work = 0;       // service time of this visit
  double remaining = 0;  // of it, where not in service
  std::uint64_t order = 0;
  std::uint32_t customer_class = 0;
  std::uint32_t place = 0;
  std::uint32_t row = 0;  // of the trace
  bool begun = false;     // has been in service on this visit
};

/// What a class did at a station in the time that counts.
struct VisitRecord {
  double number = 0, since = 0;                    // present, and since when
  double area = 0;                                 // integral of the number over time
  double before = 0;                               // present when the time began that counts
  double completed = 0, sojourn = 0, service = 0;  // visits, and sums over them
  double lost = 0;

  void move(double now, double change) {
    area += number * (now - since);
    since = now;
    number += change;
  }
};
/// What is rare enough to stand apart.
struct StallRecord {
  double reneged = 0;
  double blocked = 0, since = 0, area = 0;
  double shared = 0;  // time in service beyond the own share of a server: the others of the batch

  void move(double now, double change) {
    area += blocked * (now - since);
    since = now;
    blocked += change;
  }
};
struct PassageRecord {
  double lost = 0, reneged = 0, late = 0;
  Histogram times;
};
/// One replication.
struct NetworkRecord {
  double duration = 0;
  double deadlock_time = infinity;
  std::string deadlock;             // the circle
  std::vector<VisitRecord> visits;  // by station, then class
  std::vector<StallRecord> stalls;  // the same
  std::vector<PassageRecord> passages;
  std::vector<double> waits, times;  // by row of the trace
  std::vector<Outcome> outcomes;
};

/// What a class may need beyond its laws.
struct ClassDraws {
  std::optional<Draws> deadline;
  std::optional<Route> batch;  // one less than comes together
};

inline std::string label(const char* kind, const std::string& name, std::size_t number) {
  return std::string(kind) + " " + (name.empty() ? std::to_string(number) : name);
}

/// Whether its servers take customers together.
inline bool in_batches(const Station& station) { return station.batch_size > 1 || station.batch_setup.has_value(); }

/// Time at which `amount` has passed, of a quantity that flows from `now` on as the timetable says.
inline double time_after(const std::vector<Period>& schedule, double now, double amount) {
  if (schedule.empty()) return now + amount;
  double cycle = 0, flow = 0;
  for (const Period& period : schedule) {
    cycle += period.duration;
    flow += period.duration * period.level;
  }
  const double start = std::floor(now / cycle) * cycle;
  double at = start;
  const double whole = std::floor(amount / flow);
  if (whole > 1) {
    amount -= (whole - 1) * flow;
    now += (whole - 1) * cycle;
    at += (whole - 1) * cycle;
  }
  for (std::size_t k = 0;; k = k + 1 == schedule.size() ? 0 : k + 1) {
    const double end = at + schedule[k].duration;
    if (end > now) {
      const double here = (end - std::max(now, at)) * schedule[k].level;
      if (amount <= here && schedule[k].level > 0) return std::max(now, at) + amount / schedule[k].level;
      amount = std::max(0.0, amount - here);
    }
    at = end;
  }
}

/// One replication at work. Queues have the first clocks, so that at equal times departures go before arrivals; then come
/// the classes (the next arrival, or the next who has thought enough), the trace, and what some stations have: a
/// timetable, impatient customers.
class NetworkEngine {
 public:
  NetworkEngine(const Network& network, const std::vector<Matrix>& routing, const Stream& stream,
                const NetworkTrace* trace)
      : network_(network),
        trace_(trace),
        stations_(network.stations.size()),
        classes_(network.classes.size()),
        queues_(queues_of(network)),
        clocks_(queues_ + classes_ + 1 + seldom_of(network)) {
    record_.visits.resize(stations_ * classes_);
    record_.stalls.resize(stations_ * classes_);
    record_.passages.resize(classes_);
    const auto of = [&](const char* purpose, std::size_t one, std::size_t two) {
      return stream.child(purpose).child(std::uint64_t{one}).child(std::uint64_t{two});
    };
    if (trace != nullptr) {
      record_.waits.resize(trace->arrival_times.size());
      record_.times.assign(trace->arrival_times.size(), std::nan(""));
      record_.outcomes.assign(trace->arrival_times.size(), Outcome::inside);
    }
    const bool blocking = std::any_of(network.stations.begin(), network.stations.end(),
                                      [](const Station& station) { return station.blocking; });
    services_.reserve(stations_ * classes_);
    routes_.reserve(stations_ * classes_);
    for (std::size_t i = 0; i < stations_; ++i) {
      const Station& station = network.stations[i];
      Site& site = sites_.emplace_back(station, of("choice", i, 0));
      site.first = places_.size();
      entrance_.push_back(static_cast<std::uint32_t>(site.first));
      site.count = station.dispatch == Dispatch::shared ? 1 : static_cast<std::size_t>(station.servers);
      site.choices =
          station.choices >= static_cast<double>(site.count) ? site.count : static_cast<std::size_t>(station.choices);
      site.takes_all = std::isinf(station.capacity) && station.joining.empty();
      site.plain = site.count == 1 && site.takes_all && station.patience.empty() && trace == nullptr;
      for (std::size_t k = 0; k < site.count; ++k) {
        Place& place = places_.emplace_back();
        present_.push_back(0);
        place.station = static_cast<std::uint32_t>(i);
        place.discipline = station.discipline;
        place.servers = site.count > 1 ? 1 : station.servers;
        if (station.discipline == Discipline::delay) place.servers = infinity;
        if (!station.schedule.empty()) place.servers = station.schedule[0].level;
        place.batches = in_batches(station);
        place.simple = station.discipline == Discipline::fcfs && place.servers == 1 && station.schedule.empty() &&
                       station.patience.empty() && std::isinf(station.jockeying) && !blocking && !place.batches;
        place.plain = place.simple && site.plain;
      }
      for (std::size_t r = 0; r < classes_; ++r) {
        services_.emplace_back(station.service.of(r), of("service", i, r));
        routes_.emplace_back(std::span(routing[r].values).subspan(i * stations_, stations_), of("route", i, r));
        if (!station.patience.empty()) site.patience.emplace_back(station.patience.of(r), of("patience", i, r));
      }
      if (station.batch_setup) site.setup.emplace(*station.batch_setup, of("setup", i, 0));
      if (!station.renege_to.empty()) site.after_reneging.emplace(station.renege_to, of("renege_to", i, 0));
      if (!station.schedule.empty()) {
        site.shift_clock = queues_ + classes_ + 1 + seldom_.size();
        seldom_.push_back({i, true});
        clocks_.set(site.shift_clock, station.schedule[0].duration);
      }
      if (!station.patience.empty()) {
        site.patience_clock = queues_ + classes_ + 1 + seldom_.size();
        seldom_.push_back({i, false});
      }
    }
    for (std::size_t r = 0; r < classes_; ++r) {
      const CustomerClass& kind = network.classes[r];
      std::vector<double> start = kind.start;
      if (start.empty()) {
        start.assign(stations_, 0);
        start[0] = 1;
      }
      starts_.emplace_back(start, of("start", 0, r));
      open_.push_back(kind.interarrival.has_value());
      thinks_.push_back(kind.think_time.has_value());
      const std::optional<Distribution>& pause = kind.interarrival ? kind.interarrival : kind.think_time;
      pauses_.emplace_back(pause ? *pause : network.stations[0].service.of(r), of("pause", 0, r));
      ClassDraws& extra = extras_.emplace_back();
      if (kind.deadline) extra.deadline.emplace(*kind.deadline, of("deadline", 0, r));
      if (!kind.batch.empty()) extra.batch.emplace(kind.batch, of("batch", 0, r));
    }
    thinking_.resize(classes_);
    for (std::size_t r = 0; r < classes_; ++r) {
      const CustomerClass& kind = network.classes[r];
      double placed = 0;
      for (std::size_t i = 0; i < kind.present.size(); ++i)
        for (double n = 0; n < kind.present[i]; ++n, ++placed) {
          const std::uint32_t who = newcomer(r);
          start_passage(who);
          admit(i, who);
        }
      if (open_[r] && trace == nullptr) clocks_.set(queues_ + r, time_after(kind.schedule, 0, pauses_[r].next()));
      for (; placed < kind.population; ++placed) rest(newcomer(r));
    }
    if (trace != nullptr && !trace->arrival_times.empty())
      clocks_.set(queues_ + classes_, trace->arrival_times.front());
  }

  /// Until this many passages have ended, or the time is over, or nothing can happen any more: then it returns false.
  bool run(std::uint64_t passages, double until = std::numeric_limits<double>::max()) {
    for (const std::uint64_t goal = ended_ + passages; ended_ < goal;) {
      const std::size_t clock = clocks_.first();
      const double time = clocks_.time(clock);
      if (time > until) {
        if (time == infinity) find_unfilled();
        if (until < std::numeric_limits<double>::max()) now_ = until;
        return false;
      }
      now_ = time;
      if (clock < queues_) {
        if (places_[clock].simple) {
          finish_simple(clock);
        } else {
          finish_service(clock);
          if (stuck_) return false;
        }
      } else {
        seldom(clock - queues_);
      }
    }
    return true;
  }
  /// Whether all of the trace have come and left.
  bool drained() const { return trace_row_ == trace_->arrival_times.size() && trace_inside_ == 0; }
  /// Forgets what was, but not who is where.
  void start_recording() {
    from_ = now_;
    for (VisitRecord& visit : record_.visits) visit = {.number = visit.number, .since = now_, .before = visit.number};
    for (StallRecord& stall : record_.stalls) stall = {.blocked = stall.blocked, .since = now_};
    for (PassageRecord& passage : record_.passages) passage = {};
  }
  NetworkRecord finish() {
    for (VisitRecord& visit : record_.visits) visit.move(now_, 0);
    for (StallRecord& stall : record_.stalls) stall.move(now_, 0);
    record_.duration = now_ - from_;
    return std::move(record_);
  }

 private:
  /// The visitor who is none: the end of a line, whose service lasts for ever.
  static constexpr std::uint32_t nobody = 0;
  static constexpr std::uint32_t no_row = 0xffffffff;

  /// A queue and its servers; what most need comes first, in one line of the cache.
  struct alignas(64) Place {
    bool simple = false;  // one server, in order of arrival, and nothing else
    bool plain = false;   // simple, and the only queue of a station that takes all who come
    bool batches = false;
    Discipline discipline = Discipline::fcfs;
    std::uint32_t station = 0;
    std::uint32_t current = nobody;  // in service, where simple
    std::uint32_t second = nobody;   // in line behind it
    std::uint32_t last = nobody;
    double second_work = infinity;  // here, because the next clock needs it
    std::uint32_t blocked = 0;      // served, and still in a server
    double servers = 1;             // open now
    double served = 0, moved = 0;   // ps: service that each present since the last idle time has had, until when
    Tickets serving, waiting;       // serving: by the time of leaving; with ps by the service that each will have had
  };
  struct Blocked {
    std::uint32_t who;
    std::uint32_t place;  // where it was served
  };
  /// What the places of a station share.
  struct Site {
    Site(const Station& of, const Stream& stream) : station(&of), choice(stream) {}
    const Station* station;
    bool plain = false;      // one queue that takes all who come, and nothing else
    bool takes_all = false;  // who come
    std::size_t first = 0, count = 1, choices = 1, shift_clock = 0, patience_clock = 0;
    double present = 0;  // not counted where plain
    std::size_t turn = 0, period = 0;
    Uniforms choice;
    std::vector<Draws> patience;
    std::optional<Route> after_reneging;
    std::optional<Draws> setup;    // of a batch
    Tickets impatient;             // by the time of leaving
    std::vector<Blocked> blocked;  // who waits elsewhere for a place here
    bool full() const { return present >= station->capacity; }
  };

  /// What the clocks after the trace are for.
  struct Seldom {
    std::size_t station;
    bool shift;  // of the timetable; otherwise impatience
  };

  static std::size_t queues_of(const Network& network) {
    std::size_t count = 0;
    for (const Station& station : network.stations)
      count += station.dispatch == Dispatch::shared ? 1 : static_cast<std::size_t>(station.servers);
    return count;
  }
  static std::size_t seldom_of(const Network& network) {
    std::size_t count = 0;
    for (const Station& station : network.stations) count += !station.schedule.empty() + !station.patience.empty();
    return count;
  }

  // --- passages ---

  std::uint32_t newcomer(std::size_t customer_class) {
    std::uint32_t who = static_cast<std::uint32_t>(visitors_.size());
    if (free_.empty()) {
      visitors_.emplace_back();
      behind_.push_back(nobody);
    } else {
      who = free_.back();
      free_.pop_back();
    }
    visitors_[who].customer_class = static_cast<std::uint32_t>(customer_class);
    visitors_[who].row = no_row;
    return who;
  }
  /// An event at a clock that is no queue's.
  void seldom(std::size_t clock) {
    if (clock < classes_) return begin(clock);
    if (clock == classes_) return arrive_by_trace();
    const auto [station, shift] = seldom_[clock - classes_ - 1];
    if (shift)
      change_shift(station);
    else
      renege(station);
  }
  /// Passages from outside or after thinking.
  void begin(std::size_t r) {
    if (open_[r]) {
      const CustomerClass& kind = network_.classes[r];
      const double gap = pauses_[r].next();
      clocks_.set(queues_ + r, kind.schedule.empty() ? now_ + gap : time_after(kind.schedule, now_, gap));
      const std::uint32_t more = extras_[r].batch ? extras_[r].batch->next() : 0;
      for (std::uint32_t k = 0; k <= more; ++k) set_out(newcomer(r));
    } else {
      const std::uint32_t who = thinking_[r].pop().visitor;
      clocks_.set(queues_ + r, thinking_[r].empty() ? infinity : thinking_[r].first().key);
      set_out(who);
    }
  }
  void arrive_by_trace() {
    const std::size_t row = trace_row_++;
    const auto& times = trace_->arrival_times;
    clocks_.set(queues_ + classes_, row + 1 < times.size() ? times[row + 1] : infinity);
    const auto& classes = trace_->customer_classes;
    const std::uint32_t who = newcomer(classes.empty() ? 0 : static_cast<std::size_t>(classes[row]));
    visitors_[who].row = static_cast<std::uint32_t>(row);
    ++trace_inside_;
    set_out(who);
  }
  void start_passage(std::uint32_t who) {
    Visitor& visitor = visitors_[who];
    visitor.began = now_;
    auto& deadline = extras_[visitor.customer_class].deadline;
    visitor.due = deadline ? now_ + deadline->next() : infinity;
  }
  void set_out(std::uint32_t who) {
    start_passage(who);
    go_to(starts_[visitors_[who].customer_class].next(), who);
  }
  void end_passage(std::uint32_t who, Outcome outcome) {
    ++ended_;
    const Visitor& visitor = visitors_[who];
    if (!open_[visitor.customer_class]) return rest(who);
    if (visitor.row != no_row) {
      --trace_inside_;
      record_.times[visitor.row] = now_ - visitor.began;
      record_.outcomes[visitor.row] = outcome;
    }
    free_.push_back(who);
  }
  /// Between two passages of a closed class.
  void rest(std::uint32_t who) {
    const std::size_t r = visitors_[who].customer_class;
    if (!thinks_[r]) return set_out(who);
    thinking_[r].push({now_ + pauses_[r].next(), ++rests_, who});
    clocks_.set(queues_ + r, thinking_[r].first().key);
  }

  // --- visits ---

  /// Comes to a station, which need not take the customer.
  void go_to(std::size_t i, std::uint32_t who) {
    if (places_[entrance_[i]].plain) return admit_simply(i, who);
    Site& site = sites_[i];
    if (!site.takes_all && (site.full() || !joins(site))) {
      ++record_.visits[i * classes_ + visitors_[who].customer_class].lost;
      ++record_.passages[visitors_[who].customer_class].lost;
      return end_passage(who, Outcome::lost);
    }
    admit(i, who);
  }
  bool joins(Site& site) {
    const auto& joining = site.station->joining;
    if (joining.empty()) return true;
    const double chance = joining[std::min(joining.size() - 1, static_cast<std::size_t>(site.present))];
    return chance >= 1 || site.choice.next() < chance;
  }
  void admit_simply(std::size_t i, std::uint32_t who) {
    Visitor& visitor = visitors_[who];
    const std::size_t cell = i * classes_ + visitor.customer_class;
    record_.visits[cell].move(now_, 1);
    visitor.came = now_;
    visitor.work = services_[cell].next();
    take_in(entrance_[i], who);
  }
  /// At a simple place.
  void take_in(std::size_t p, std::uint32_t who) {
    Place& place = places_[p];
    ++present_[p];
    behind_[who] = nobody;
    if (place.current == nobody) {
      place.current = who;
      clocks_.set(p, now_ + visitors_[who].work);
    } else if (place.second == nobody) {
      place.second = who;
      place.second_work = visitors_[who].work;
    } else {
      behind_[place.last] = who;
    }
    place.last = who;
  }
  void admit(std::size_t i, std::uint32_t who) {
    Visitor& visitor = visitors_[who];
    Site& site = sites_[i];
    const std::size_t cell = i * classes_ + visitor.customer_class;
    record_.visits[cell].move(now_, 1);
    visitor.came = now_;
    visitor.work = services_[cell].next();
    std::size_t p = site.first;
    if (!site.plain) {
      if (visitor.row != no_row && !trace_->service_times.empty()) {
        const double seen = trace_->service_times(visitor.row, i);
        if (!std::isnan(seen)) visitor.work = seen;
      }
      ++site.present;
      if (site.count > 1) p += choose(site);
    }
    visitor.remaining = visitor.work;
    Place& place = places_[p];
    if (place.simple) return take_in(p, who);
    ++present_[p];
    visitor.order = ++entered_;
    visitor.begun = false;
    join(p, who);
    if (!site.patience.empty() && !visitor.begun && place.discipline != Discipline::ps) {
      site.impatient.push({now_ + site.patience[visitor.customer_class].next(), visitor.order, who});
      clocks_.set(site.patience_clock, site.impatient.first().key);
    }
    if (site.station->jockeying < infinity) balance(site);
  }
  /// Which queue of its own a newcomer takes.
  std::size_t choose(Site& site) {
    if (site.station->dispatch == Dispatch::random) return site.choice.below(site.count);
    if (site.station->dispatch == Dispatch::round_robin) return site.turn++ % site.count;
    const auto present = [&](std::size_t k) { return present_[site.first + k]; };
    std::size_t best = site.choice.below(site.count);
    if (site.choices == site.count) {  // from there once round
      for (std::size_t k = best + 1; k < site.count; ++k)
        if (present(k) < present(best)) best = k;
      for (std::size_t k = 0, first = best; k < first; ++k)
        if (present(k) < present(best)) best = k;
      return best;
    }
    if (site.choices == 2) {
      std::size_t other = site.choice.below(site.count);
      while (other == best) other = site.choice.below(site.count);
      return present(other) < present(best) ? other : best;
    }
    drawn_.assign(1, best);
    while (drawn_.size() < site.choices) {
      const std::size_t other = site.choice.below(site.count);
      if (std::find(drawn_.begin(), drawn_.end(), other) != drawn_.end()) continue;
      drawn_.push_back(other);
      if (present(other) < present(best)) best = other;
    }
    return best;
  }
  /// The service at a simple place that ends now.
  void finish_simple(std::size_t p) {
    Place& place = places_[p];
    const std::size_t i = place.station;
    const std::uint32_t who = place.current;
    --present_[p];
    place.current = place.second;
    clocks_.set(p, now_ + place.second_work);
    place.second = behind_[place.second];
    place.second_work = visitors_[place.second].work;
    const Visitor& visitor = visitors_[who];
    if (!place.plain) {
      --sites_[i].present;
      note_wait(visitor, now_ - visitor.came - visitor.work);
    }
    const std::size_t cell = i * classes_ + visitor.customer_class;
    record_visit(cell, visitor, now_ - visitor.came);
    const std::uint32_t next = routes_[cell].next();
    if (next == Route::end) return complete(who);
    go_to(next, who);
  }
  /// The service at any other place that ends now.
  void finish_service(std::size_t p) {
    Place& place = places_[p];
    if (place.batches) return finish_batch(p);
    const std::size_t i = place.station;
    const Ticket done = place.serving.pop();
    const std::uint32_t who = done.visitor;
    if (place.discipline == Discipline::ps) {
      place.served = done.key;
      place.moved = now_;
    }
    const std::size_t r = visitors_[who].customer_class;
    std::uint32_t next = routes_[i * classes_ + r].next();
    if (next == Route::end && !open_[r] && !thinks_[r]) {  // the next passage begins where this one ends
      count_passage(who);
      ++ended_;
      start_passage(who);
      next = starts_[r].next();
    }
    if (next != Route::end && next != i && sites_[next].station->blocking && sites_[next].full()) {
      ++place.blocked;
      record_.stalls[i * classes_ + r].move(now_, 1);
      sites_[next].blocked.push_back({who, static_cast<std::uint32_t>(p)});
      set_clock(p);
      if (place.serving.empty()) find_deadlock(next);
      return;
    }
    leave(p, who);
    if (next == Route::end) {
      complete(who);
    } else {
      go_to(next, who);
    }
    if (next != i) vacate(i);
  }
  /// Out of a place where it was served; the server takes the next.
  void leave(std::size_t p, std::uint32_t who) {
    Place& place = places_[p];
    --present_[p];
    Site& site = sites_[place.station];
    if (!site.plain) --site.present;
    const Visitor& visitor = visitors_[who];
    // Of a delay the time itself: the difference of two large times would not be exact.
    const double sojourn = place.discipline == Discipline::delay ? visitor.work : now_ - visitor.came;
    record_visit(place.station * classes_ + visitor.customer_class, visitor, sojourn);
    note_wait(visitor, sojourn - visitor.work);
    fill_servers(p);
    if (site.station->jockeying < infinity) balance(site);
  }
  /// The service of a batch that ends now. They all leave before the next are taken, and go on one by one.
  void finish_batch(std::size_t p) {
    Place& place = places_[p];
    Site& site = sites_[place.station];
    const std::uint32_t leader = place.serving.pop().visitor;
    double size = 0;
    for (std::uint32_t who = leader; who != nobody; who = behind_[who]) ++size;
    for (std::uint32_t who = leader; who != nobody; who = behind_[who]) {
      const Visitor& visitor = visitors_[who];
      const std::size_t cell = place.station * classes_ + visitor.customer_class;
      --present_[p];
      --site.present;
      record_visit(cell, visitor, now_ - visitor.came);
      record_.stalls[cell].shared += visitor.work - visitor.work / size;
      note_wait(visitor, now_ - visitor.came - visitor.work);
    }
    fill_servers(p);
    if (site.station->jockeying < infinity) balance(site);
    for (std::uint32_t who = leader; who != nobody;) {
      const std::uint32_t mate = behind_[who];
      const std::uint32_t next = routes_[place.station * classes_ + visitors_[who].customer_class].next();
      if (next == Route::end)
        complete(who);
      else
        go_to(next, who);
      who = mate;
    }
  }
  void record_visit(std::size_t cell, const Visitor& visitor, double sojourn) {
    VisitRecord& visit = record_.visits[cell];
    visit.move(now_, -1);
    ++visit.completed;
    visit.sojourn += sojourn;
    visit.service += visitor.work;
  }
  /// Of one who came by the trace; differences of times may round below 0.
  void note_wait(const Visitor& visitor, double wait) {
    if (visitor.row != no_row) record_.waits[visitor.row] += std::max(0.0, wait);
  }
  void count_passage(std::uint32_t who) {
    const Visitor& visitor = visitors_[who];
    PassageRecord& passage = record_.passages[visitor.customer_class];
    passage.times.record(now_ - visitor.began);
    if (now_ > visitor.due) ++passage.late;
  }
  void complete(std::uint32_t who) {
    count_passage(who);
    end_passage(who, Outcome::completed);
  }
  /// Lets those in who wait elsewhere for a place at this station.
  void vacate(std::size_t i) {
    Site& site = sites_[i];
    while (!site.blocked.empty() && !site.full()) {
      const Blocked one = site.blocked.front();
      site.blocked.erase(site.blocked.begin());
      const std::size_t from = places_[one.place].station;
      --places_[one.place].blocked;
      record_.stalls[from * classes_ + visitors_[one.who].customer_class].move(now_, -1);
      leave(one.place, one.who);
      go_to(i, one.who);
      vacate(from);
    }
  }

  // --- queue and servers ---

  static bool preempts(Discipline discipline) {
    return discipline == Discipline::lcfs_preemptive || discipline == Discipline::priority_preemptive ||
           discipline == Discipline::edf_preemptive || discipline == Discipline::srpt;
  }
  double speed(const Place& place) const {
    const auto n = static_cast<double>(place.serving.size());
    const auto& rates = sites_[place.station].station->rates;
    if (rates.empty()) return std::min(1.0, place.servers / n);
    return rates[std::min(rates.size(), place.serving.size()) - 1] / n;
  }
  /// When the next leaves its server.
  void set_clock(std::size_t p) {
    const Place& place = places_[p];
    double time = infinity;
    if (!place.serving.empty()) {
      time = place.serving.first().key;
      if (place.discipline == Discipline::ps) {
        const double pace = speed(place);
        time = pace > 0 ? place.moved + std::max(0.0, time - place.served) / pace : infinity;
      }
    }
    clocks_.set(p, time);
  }
  void advance(Place& place) {
    if (place.serving.empty())
      place.served = 0;
    else
      place.served += (now_ - place.moved) * speed(place);
    place.moved = now_;
  }
  bool idle_server(const Place& place) const {
    return static_cast<double>(place.serving.size() + place.blocked) < place.servers;
  }
  void join(std::size_t p, std::uint32_t who) {
    Place& place = places_[p];
    Visitor& visitor = visitors_[who];
    visitor.place = static_cast<std::uint32_t>(p);
    if (place.discipline == Discipline::ps) {
      advance(place);
      place.serving.push({place.served + visitor.work, visitor.order, who});
    } else if (place.batches) {
      place.waiting.push({rank(place, visitor), visitor.order, who});
      return fill_servers(p);
    } else if (idle_server(place)) {
      serve(place, who);
    } else if (!preempts(place.discipline) || !make_way(place, who)) {
      place.waiting.push({rank(place, visitor), visitor.order, who});
      return;
    }
    set_clock(p);
  }
  void serve(Place& place, std::uint32_t who) {
    visitors_[who].begun = true;
    place.serving.push({now_ + visitors_[who].remaining, visitors_[who].order, who});
  }
  void fill_servers(std::size_t p) {
    Place& place = places_[p];
    const Station& station = *sites_[place.station].station;
    while (!place.waiting.empty() && idle_server(place)) {
      if (!place.batches)
        serve(place, next_in_line(place));
      else if (static_cast<double>(place.waiting.size()) >= station.batch_least)
        serve_batch(place, station.batch_size);
      else
        break;
    }
    set_clock(p);
  }
  std::uint32_t next_in_line(Place& place) {
    const bool any = place.discipline == Discipline::random && place.waiting.size() > 1;
    const Ticket next =
        any ? place.waiting.take(sites_[place.station].choice.below(place.waiting.size())) : place.waiting.pop();
    return next.visitor;
  }
  /// Serves the next together, at most so many.
  void serve_batch(Place& place, double most) {
    Site& site = sites_[place.station];
    double time = site.setup ? site.setup->next() : 0;
    std::uint32_t leader = nobody;
    for (double size = 0; size < most && !place.waiting.empty(); ++size) {
      const std::uint32_t who = next_in_line(place);
      visitors_[who].begun = true;
      behind_[who] = leader;
      time += visitors_[who].work;
      leader = who;
    }
    for (std::uint32_t who = leader; who != nobody; who = behind_[who]) visitors_[who].work = time;
    place.serving.push({now_ + time, visitors_[leader].order, leader});
  }
  /// The least is served first.
  double rank(const Place& place, const Visitor& visitor) const {
    switch (place.discipline) {
      case Discipline::lcfs:
      case Discipline::lcfs_preemptive:
        return -static_cast<double>(visitor.order);
      case Discipline::priority:
      case Discipline::priority_preemptive:
        return network_.classes[visitor.customer_class].priority;
      case Discipline::edf:
      case Discipline::edf_preemptive:
        return visitor.due;
      case Discipline::sjf:
      case Discipline::srpt:
        return visitor.remaining;
      default:
        return 0;
    }
  }
  /// The last in rank of those in service, and where it is.
  std::pair<Ticket, std::size_t> hindmost(const Place& place) const {
    std::size_t last = 0;
    Ticket behind{-infinity, 0, 0};
    for (std::size_t k = 0; k < place.serving.size(); ++k) {
      const Ticket& ticket = place.serving.all()[k];
      const double key =
          place.discipline == Discipline::srpt ? ticket.key - now_ : rank(place, visitors_[ticket.visitor]);
      const Ticket ranked{key, ticket.order, ticket.visitor};
      if (k > 0 && !(ranked > behind)) continue;
      behind = ranked;
      last = k;
    }
    return {behind, last};
  }
  /// Serves a newcomer in the place of the last in rank, where that one is behind.
  bool make_way(Place& place, std::uint32_t who) {
    if (place.serving.empty()) return false;
    const auto [behind, last] = hindmost(place);
    const Visitor& newcomer = visitors_[who];
    if (!(behind > Ticket{rank(place, newcomer), newcomer.order, who})) return false;
    interrupt(place, last);
    serve(place, who);
    return true;
  }
  void interrupt(Place& place, std::size_t at) {
    const Ticket ticket = place.serving.take(at);
    Visitor& visitor = visitors_[ticket.visitor];
    const double left = std::max(0.0, ticket.key - now_);
    const Station& station = *sites_[place.station].station;
    if (station.preemption == Preemption::resume) {
      visitor.remaining = left;
    } else {
      const std::size_t cell = place.station * classes_ + visitor.customer_class;
      record_.visits[cell].service += visitor.remaining - left;  // for nothing
      if (station.preemption == Preemption::resample) visitor.work = services_[cell].next();
      visitor.remaining = visitor.work;
    }
    place.waiting.push({rank(place, visitor), visitor.order, ticket.visitor});
  }
  /// Lets the last who waits in the longest queue change to the shortest.
  void balance(const Site& site) {
    for (;;) {
      std::size_t longest = site.first, shortest = site.first;
      for (std::size_t p = site.first; p < site.first + site.count; ++p) {
        if (present_[p] > present_[longest]) longest = p;
        if (present_[p] < present_[shortest]) shortest = p;
      }
      Place& from = places_[longest];
      if (static_cast<double>(present_[longest] - present_[shortest]) < site.station->jockeying) return;
      if (from.waiting.empty()) return;
      const std::uint32_t who = from.waiting.take(from.waiting.last()).visitor;
      --present_[longest];
      ++present_[shortest];
      join(shortest, who);
    }
  }
  void change_shift(std::size_t i) {
    Site& site = sites_[i];
    const auto& schedule = site.station->schedule;
    site.period = site.period + 1 == schedule.size() ? 0 : site.period + 1;
    clocks_.set(site.shift_clock, now_ + schedule[site.period].duration);
    Place& place = places_[site.first];
    if (place.discipline == Discipline::ps) advance(place);
    place.servers = schedule[site.period].level;
    if (preempts(place.discipline))
      while (!place.serving.empty() && static_cast<double>(place.serving.size() + place.blocked) > place.servers)
        interrupt(place, hindmost(place).second);
    fill_servers(site.first);
  }
  void renege(std::size_t i) {
    Site& site = sites_[i];
    const Ticket ticket = site.impatient.pop();
    clocks_.set(site.patience_clock, site.impatient.empty() ? infinity : site.impatient.first().key);
    const Visitor& visitor = visitors_[ticket.visitor];
    if (visitor.order != ticket.order || visitor.begun) return;
    Place& place = places_[visitor.place];
    const auto& waiting = place.waiting.all();
    std::size_t at = 0;
    while (waiting[at].visitor != ticket.visitor) ++at;
    place.waiting.take(at);
    --present_[visitor.place];
    --site.present;
    const std::size_t cell = i * classes_ + visitor.customer_class;
    record_.visits[cell].move(now_, -1);
    ++record_.stalls[cell].reneged;
    note_wait(visitor, now_ - visitor.came);
    if (site.station->jockeying < infinity) balance(site);
    const std::uint32_t next = site.after_reneging ? site.after_reneging->next() : Route::end;
    if (next == Route::end) {
      ++record_.passages[visitor.customer_class].reneged;
      end_passage(ticket.visitor, Outcome::reneged);
    } else {
      go_to(next, ticket.visitor);
    }
    vacate(i);
  }
  /// Whether this full station can never free a place again.
  void find_deadlock(std::size_t from) {
    std::vector<char> moves(stations_);  // some place at the station will be freed
    for (std::size_t i = 0; i < stations_; ++i) {
      const Site& site = sites_[i];
      moves[i] = !site.full() || !site.station->schedule.empty();
      for (std::size_t p = site.first; p < site.first + site.count; ++p)
        if (!places_[p].serving.empty() || (!site.patience.empty() && !places_[p].waiting.empty())) moves[i] = 1;
    }
    std::vector<std::size_t> waits_for(stations_, stations_);
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t j = 0; j < stations_; ++j)
        for (const Blocked& one : sites_[j].blocked) {
          const std::size_t i = places_[one.place].station;
          if (moves[j] && !moves[i]) moves[i] = changed = true;
          if (!moves[j]) waits_for[i] = j;
        }
    }
    if (moves[from]) return;
    std::vector<char> seen(stations_);
    std::size_t at = from;
    for (; !seen[at]; at = waits_for[at]) seen[at] = 1;
    const auto name = [&](std::size_t i) { return label("station", network_.stations[i].name, i); };
    record_.deadlock = name(at);
    for (std::size_t i = waits_for[at];; i = waits_for[i]) {
      record_.deadlock += " -> " + name(i);
      if (i == at) break;
    }
    record_.deadlock_time = now_;
    stuck_ = true;
  }
  /// Nothing can happen any more: whether somebody waits for a batch to fill.
  void find_unfilled() {
    if (trace_ != nullptr) return;
    for (const Place& place : places_)
      if (place.batches && !place.waiting.empty() && record_.deadlock.empty()) {
        record_.deadlock = label("station", network_.stations[place.station].name, place.station);
        record_.deadlock_time = now_;
      }
  }

  const Network& network_;
  const NetworkTrace* trace_;
  std::size_t stations_, classes_, queues_;
  Clocks clocks_;
  double now_ = 0, from_ = 0;
  bool stuck_ = false;  // in a deadlock
  std::uint64_t ended_ = 0, rests_ = 0, entered_ = 0;
  std::size_t trace_row_ = 0, trace_inside_ = 0;
  std::vector<Visitor> visitors_{{.work = infinity}};  // nobody, and who came
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> behind_{nobody};  // by visitor: the next in its line, or of its batch
  std::vector<Place> places_;
  std::vector<std::uint32_t> present_;  // by place: together, because queues are compared by it
  std::vector<Site> sites_;
  std::vector<std::uint32_t> entrance_;  // the first place of each station
  std::vector<Seldom> seldom_;
  std::vector<Draws> services_, pauses_;
  std::vector<Route> routes_, starts_;
  std::vector<ClassDraws> extras_;
  std::vector<char> open_, thinks_;
  std::vector<Tickets> thinking_;
  std::vector<std::size_t> drawn_;
  NetworkRecord record_;
};

}  // namespace qsm::inline v0::queueing::detail
