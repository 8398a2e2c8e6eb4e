#pragma once
/// @file
/// One replication of a farm behind balancers, event by event.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <qsm/balancing/detail/members.hpp>
#include <qsm/balancing/health.hpp>
#include <qsm/balancing/simulate.hpp>
#include <qsm/core/histogram.hpp>
#include <qsm/policies/retry.hpp>
#include <qsm/sim/calendar.hpp>

namespace qsm::inline v0::balancing::detail {

/// What one replication or replay recorded in the time that counts.
struct FarmRecord {
  double arrivals = 0, succeeded = 0, failed = 0, retries = 0, idle = 0;
  double duration = 0, crashes = 0, removals = 0, up = 0;
  double wait_sum = 0, sojourn_sum = 0, max_load = 0;
  Histogram waits, sojourns;
  std::vector<double> busy;  // of each server
  std::vector<double> tail;  // integral over time of the number of servers with at least k + 1

  /// Calls visit for every number and list that stands for itself.
  template <class Self, class Number, class List>
  static void each(Self& self, Number number, List list) {
    for (auto* one : {&self.arrivals, &self.succeeded, &self.failed, &self.retries, &self.idle, &self.duration,
                      &self.crashes, &self.removals, &self.up, &self.wait_sum, &self.sojourn_sum, &self.max_load})
      number(*one);
    list(self.busy);
    list(self.tail);
  }
};

/// Exponential times and choices that are not the balancer's.
struct Chance {
  Dice dice;
  double exponential(double mean) { return -mean * std::log(dice.uniform()); }
};

class Farm {
 public:
  Farm(const FarmOptions& options, std::size_t servers, const AnyBalancer& balancer, const Stream& stream)
      : options_(options),
        servers_(servers),
        checks_(servers, HealthCheck(2, options.fall)),
        outliers_(static_cast<double>(servers), outlier_options(options)),
        budget_(std::isinf(options.retry_ratio) ? 0 : options.retry_ratio, 0.1),
        backoff_(options.pause, options.pause * 1024),
        chance_{Dice(stream.child("farm").state()[0])},
        keys_(stream.child("keys").state()[0]),
        dispatchers_(static_cast<std::size_t>(options.dispatchers), balancer),
        finishes_(balancer.response_aware()),
        reports_(balancer.load_aware() && !balancer.probe_aware() && !std::isinf(options.report_every)),
        probes_(balancer.probe_aware()),
        ejects_(!std::isinf(options.eject_after)) {
    // Each dispatcher of each replication makes choices of its own.
    Stream policy = stream.child("policy");
    for (AnyBalancer& dispatcher : dispatchers_) {
      dispatcher.reseed(policy.state()[0]);
      policy = policy.child("next");
    }
    for (std::size_t i = 0; i < servers; ++i) {
      servers_[i].speed = options.speeds.empty() ? 1 : options.speeds[i];
      if (!std::isinf(options.time_to_failure))
        calendar_.schedule_at(chance_.exponential(options.time_to_failure), {Kind::fail, number(i), 0});
    }
    if (reports_ && options.report_every > 0) calendar_.schedule_at(options.report_every, {Kind::report_all, 0, 0});
    if (!std::isinf(options.check_every)) calendar_.schedule_at(options.check_every, {Kind::check_all, 0, 0});
    tail_.resize(8);
    begin(0);
  }

  /// From now on it counts.
  void begin(double now) {
    record_ = {};
    recorded_ = 0;
    record_.busy.assign(servers_.size(), 0);
    began_ = up_since_ = now;
    max_load_ = 0;
    for (Server& server : servers_)
      server.started = std::max(server.started, now), max_load_ = std::max(max_load_, server.count);
    for (Tail& tail : tail_) tail.area = 0, tail.since = now;
  }
  /// A request comes at `now`, at which all that was due before has happened.
  void arrive(double now, double work) {
    run_to(now);
    ++record_.arrivals;
    if (options_.retries > 0 && !std::isinf(options_.retry_ratio)) budget_.request(now);
    const std::size_t dispatcher = dispatchers_.size() == 1 ? 0 : chance_.dice.below(dispatchers_.size());
    ++open_;
    place({now, now, work, static_cast<std::uint64_t>(keys_.uniform() * options_.keys), number(dispatcher)});
  }
  /// All that happens before `now`.
  void run_to(double now) {
    while (calendar_.next_time() <= now) step();
    calendar_.advance_to(now);
  }
  /// Until every request has ended.
  void run_out() {
    while (open_ > 0 && !calendar_.empty()) step();
  }
  double now() const { return calendar_.now(); }
  FarmRecord end() {
    const double now = calendar_.now();
    record_times();
    record_.duration = now - began_;
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const Server& server = servers_[i];
      if (server.count > 0) record_.busy[i] += now - server.started;
    }
    for (std::size_t k = 1; k < tail_.size(); ++k)
      record_.tail.push_back(tail_[k].area + tail_[k].count * (now - tail_[k].since));
    while (!record_.tail.empty() && record_.tail.back() == 0) record_.tail.pop_back();
    move_up(now, 0);
    record_.max_load = max_load_;
    return std::move(record_);
  }

 private:
  enum class Kind : std::uint32_t {
    depart,
    report_all,
    deliver,
    answer,
    fail,
    repair,
    check_all,
    give_back,
    ramp,
    time_out,
    retry,
    refuse
  };
  struct Event {
    Kind kind;
    std::uint32_t who;
    std::uint32_t turn;  // of the server or place when it was scheduled
  };
  struct Request {
    double began = 0, came = 0, work = 0;
    std::uint64_t key = 0;
    std::uint32_t dispatcher = 0;
    std::uint32_t attempt = 0;
    std::uint32_t server = 0;
    std::uint32_t next = none;
    std::uint32_t turn = 0;   // of the slot, raised when it is freed
    bool left = false;        // the client has given up
    std::uint32_t found = 0;  // at its server when it came
  };
  struct Server {
    double speed = 1, started = 0, pace = 0, ramp_began = 0;
    std::uint32_t head = none, tail = none, turn = 0;
    std::uint32_t count = 0;
    bool up = true, ill = false, ejected = false, in_use = true;
  };
  struct Tail {
    double count = 0, area = 0, since = 0;
  };
  struct Notice {
    std::uint32_t server, dispatcher;
    double load, latency;
  };
  static constexpr std::uint32_t none = 0xffffffff;
  static double latency(const Server& server) { return server.pace * (server.count + 1.0); }
  static std::uint32_t number(std::size_t i) { return static_cast<std::uint32_t>(i); }
  static OutlierOptions outlier_options(const FarmOptions& options) {
    OutlierOptions out;
    if (!std::isinf(options.eject_after)) out.failures = options.eject_after;
    out.ejection_time = options.ejection_time;
    out.longest = 10 * options.ejection_time;
    out.share = options.ejected_share;
    return out;
  }

  // --- requests

  std::uint32_t keep(const Request& request) {
    std::uint32_t slot;
    if (free_.empty()) {
      slot = number(requests_.size());
      requests_.push_back(request);
    } else {
      slot = free_.back();
      free_.pop_back();
      const std::uint32_t turn = requests_[slot].turn;
      requests_[slot] = request;
      requests_[slot].turn = turn;
    }
    return slot;
  }
  void release(std::uint32_t slot) {
    ++requests_[slot].turn;
    free_.push_back(slot);
  }

  void place(Request request) {
    const double now = calendar_.now();
    AnyBalancer& balancer = dispatchers_[request.dispatcher];
    const auto picked = balancer.pick(now, request.work, request.key);
    if (probes_) {
      for (const std::size_t asked : balancer.probes(now)) {
        if (!servers_[asked].up) continue;
        const Notice notice{number(asked), request.dispatcher, static_cast<double>(servers_[asked].count),
                            latency(servers_[asked])};
        tell(notice, Kind::answer);
      }
    }
    request.came = now;
    if (!picked) return failed(request);
    request.server = number(*picked);
    Server& server = servers_[*picked];
    if (!server.up) {
      calendar_.schedule_after(options_.refusal_time, {Kind::refuse, keep(request), 0});
      return;
    }
    request.found = server.count;
    const std::uint32_t slot = keep(request);
    if (server.tail == none)
      server.head = slot;
    else
      requests_[server.tail].next = slot;
    server.tail = slot;
    if (server.count == 0) serve(*picked, slot);
    change(*picked, +1);
    if (!std::isinf(options_.timeout))
      calendar_.schedule_after(options_.timeout, {Kind::time_out, slot, requests_[slot].turn});
    if (server.count >= options_.crash_load) {
      ++record_.crashes;
      fall(*picked);
    }
  }
  void serve(std::size_t s, std::uint32_t slot) {
    Server& server = servers_[s];
    server.started = calendar_.now();
    calendar_.schedule_after(requests_[slot].work / server.speed, {Kind::depart, number(s), server.turn});
  }
  void ended(const Request& request, double latency, bool succeeded) {
    const double now = calendar_.now();
    if (finishes_) dispatchers_[request.dispatcher].finish(now, request.server, latency, succeeded);
    if (ejects_ && outliers_.observe(now, request.server, succeeded)) {
      servers_[request.server].ejected = true;
      ++record_.removals;
      use(request.server);
      calendar_.schedule_at(std::max(now, outliers_.next_return()), {Kind::give_back, 0, 0});
    }
  }
  void failed(Request request) {
    const double now = calendar_.now();
    if (request.attempt < options_.retries && (std::isinf(options_.retry_ratio) || budget_.retry(now))) {
      const double pause = backoff_.pause(request.attempt, chance_.dice.uniform());
      ++request.attempt;
      ++record_.retries;
      request.next = none;
      request.left = false;
      calendar_.schedule_after(pause, {Kind::retry, keep(request), 0});
      return;
    }
    ++record_.failed;
    --open_;
  }

  // --- servers

  void change(std::size_t s, int step) {
    const double now = calendar_.now();
    Server& server = servers_[s];
    const std::uint32_t level = step > 0 ? ++server.count : server.count--;
    if (level >= tail_.size()) tail_.resize(2 * tail_.size(), {0, 0, began_});
    Tail& tail = tail_[level];
    tail.area += tail.count * (now - tail.since);
    tail.since = now;
    tail.count += step;
    if (server.count > max_load_) max_load_ = server.count;
    if (reports_ && options_.report_every == 0) report(s);
  }
  void depart(std::size_t s) {
    const double now = calendar_.now();
    Server& server = servers_[s];
    const std::uint32_t slot = server.head;
    const Request request = requests_[slot];
    release(slot);
    server.head = request.next;
    if (server.head == none) server.tail = none;
    const double started = server.started;
    record_.busy[s] += now - started;
    change(s, -1);
    if (server.head != none) serve(s, server.head);
    if (request.left) return;
    const double latency = now - request.came, service = request.work / server.speed;
    if (reports_ || probes_) {
      // What a server knows of its latency: that of its last requests by their place in line, hence that of the next one.
      const double place = latency / (request.found + 1.0);
      server.pace = server.pace == 0 ? place : 0.9 * server.pace + 0.1 * place;
    }
    ++record_.succeeded;
    record_.idle += request.found == 0;
    const double wait = request.found == 0 ? 0 : std::max(0.0, latency - service);
    record_.wait_sum += wait;
    record_.sojourn_sum += now - request.began;
    waits_[recorded_] = wait;
    sojourns_[recorded_] = now - request.began;
    if (++recorded_ == waits_.size()) record_times();
    --open_;
    ended(request, latency, true);
  }
  /// In blocks, whose buckets are fetched side by side.
  void record_times() {
    record_.waits.record(std::span<const double>(waits_).first(recorded_));
    record_.sojourns.record(std::span<const double>(sojourns_).first(recorded_));
    recorded_ = 0;
  }
  void move_up(double now, double step) {
    record_.up += (static_cast<double>(servers_.size()) - down_) * (now - up_since_);
    up_since_ = now;
    down_ -= step;
  }
  void fall(std::size_t s) {
    const double now = calendar_.now();
    Server& server = servers_[s];
    if (server.count > 0) record_.busy[s] += now - server.started;
    move_up(now, -1);
    server.up = false;
    ++server.turn;
    std::uint32_t slot = server.head;
    server.head = server.tail = none;
    while (server.count > 0) change(s, -1);
    while (slot != none) {
      const Request request = requests_[slot];
      release(slot);
      if (!request.left) {
        ended(request, now - request.came, false);
        failed(request);
      }
      slot = request.next;
    }
    calendar_.schedule_after(chance_.exponential(options_.time_to_repair), {Kind::repair, number(s), 0});
  }
  void use(std::size_t s) {
    Server& server = servers_[s];
    const bool wanted = !server.ill && !server.ejected;
    if (wanted == server.in_use) return;
    server.in_use = wanted;
    for (AnyBalancer& balancer : dispatchers_) wanted ? balancer.add(s) : balancer.remove(s);
    if (wanted && options_.slow_start > 0 && dispatchers_[0].weighted()) {
      server.ramp_began = calendar_.now();
      ramp(s);
    }
  }
  void ramp(std::size_t s) {
    Server& server = servers_[s];
    if (!server.in_use) return;
    const double age = calendar_.now() - server.ramp_began;
    const double share = slow_start_share(age, options_.slow_start);
    for (AnyBalancer& balancer : dispatchers_) balancer.set_weight(s, server.speed * share);
    if (share < 1) calendar_.schedule_after(options_.slow_start / 20, {Kind::ramp, number(s), 0});
  }

  // --- what is told

  void hear(const Notice& notice, bool all) {
    const double now = calendar_.now();
    if (!all) return dispatchers_[notice.dispatcher].report(now, notice.server, notice.load, notice.latency);
    for (AnyBalancer& balancer : dispatchers_) balancer.report(now, notice.server, notice.load, notice.latency);
  }
  void tell(const Notice& notice, Kind kind) {
    if (options_.report_delay == 0) return hear(notice, kind == Kind::deliver);
    std::uint32_t slot;
    if (free_notices_.empty()) {
      slot = number(notices_.size());
      notices_.push_back(notice);
    } else {
      slot = free_notices_.back();
      free_notices_.pop_back();
      notices_[slot] = notice;
    }
    calendar_.schedule_after(options_.report_delay, {kind, slot, 0});
  }
  void report(std::size_t s) {
    tell({number(s), 0, static_cast<double>(servers_[s].count), latency(servers_[s])}, Kind::deliver);
  }

  void check_all() {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      Server& server = servers_[i];
      const bool ill = !checks_[i].observe(server.up);
      if (ill == server.ill) continue;
      server.ill = ill;
      record_.removals += ill;
      use(i);
    }
    calendar_.schedule_after(options_.check_every, {Kind::check_all, 0, 0});
  }

  void step() {
    const Event event = *calendar_.next();
    switch (event.kind) {
      case Kind::depart:
        if (servers_[event.who].turn == event.turn) depart(event.who);
        return;
      case Kind::report_all:
        for (std::size_t i = 0; i < servers_.size(); ++i) report(i);
        calendar_.schedule_after(options_.report_every, event);
        return;
      case Kind::deliver:
      case Kind::answer:
        free_notices_.push_back(event.who);
        return hear(notices_[event.who], event.kind == Kind::deliver);
      case Kind::fail:
        if (servers_[event.who].up) {
          ++record_.crashes;
          fall(event.who);
        }
        calendar_.schedule_after(chance_.exponential(options_.time_to_failure), event);
        return;
      case Kind::repair:
        move_up(calendar_.now(), +1);
        servers_[event.who].up = true;
        return;
      case Kind::check_all:
        return check_all();
      case Kind::give_back:
        for (const std::size_t s : outliers_.returning(calendar_.now())) {
          servers_[s].ejected = false;
          use(s);
        }
        return;
      case Kind::ramp:
        return ramp(event.who);
      case Kind::time_out: {
        Request& waiting = requests_[event.who];
        if (waiting.turn != event.turn) return;
        waiting.left = true;
        const Request request = waiting;
        ended(request, options_.timeout, false);
        return failed(request);
      }
      case Kind::retry: {
        const Request request = requests_[event.who];
        release(event.who);
        return place(request);
      }
      case Kind::refuse: {
        const Request request = requests_[event.who];
        release(event.who);
        ended(request, options_.refusal_time, false);
        return failed(request);
      }
    }
  }

  FarmOptions options_;
  std::vector<Server> servers_;
  std::vector<HealthCheck> checks_;
  OutlierEjection outliers_;
  policies::RetryBudget budget_;
  policies::Backoff backoff_;
  Chance chance_;
  Dice keys_;
  std::vector<AnyBalancer> dispatchers_;
  bool finishes_, reports_, probes_, ejects_;
  sim::Calendar<Event> calendar_;
  std::vector<Request> requests_;
  std::vector<std::uint32_t> free_, free_notices_;
  std::vector<Notice> notices_;
  std::vector<Tail> tail_;
  std::uint32_t max_load_ = 0;
  std::uint64_t open_ = 0;
  double began_ = 0, up_since_ = 0, down_ = 0;
  FarmRecord record_;
  std::array<double, 256> waits_{}, sojourns_{};  // not yet in the histograms
  std::size_t recorded_ = 0;
};

}  // namespace qsm::inline v0::balancing::detail
