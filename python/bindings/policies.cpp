#include "text/policies.hpp"

namespace {

namespace py = pybind11;

/// Which requests of a trace a limiter admits: the template of the header for one more class.
template <class Limiter>
void add_admitted(py::module_& module) {
  module.def("admitted", [](Limiter& limiter, const py::object& times, const py::object& costs) {
    const auto at = qsm_python::read_numbers(times, {"admitted", "times"});
    const auto of = costs.is_none() ? std::vector<double>() : qsm_python::read_numbers(costs, {"admitted", "costs"});
    const auto passed = qsm::policies::admitted(limiter, at, of);
    py::array_t<bool> out(static_cast<py::ssize_t>(passed.size()));
    std::copy(passed.begin(), passed.end(), out.mutable_data());
    return out;
  });
}

}  // namespace

namespace qsm_python::text::policies {

/// What the schedulers that keep one order have alike; they are one template in C++.
struct Ordered {
  struct constructor_ {
    static constexpr const char* doc = "Nothing waits.\n";
    static constexpr auto takes = std::tuple{};
  };
  struct push_ {
    static constexpr const char* name = "push";
    static constexpr const char* doc = "Lets a job wait from `now` [s].\n";
    static constexpr bool whole = false;
    static constexpr auto takes = std::tuple{Parameter{"now", required}, Parameter{"job", required}};
  };
  struct pop_ {
    static constexpr const char* name = "pop";
    static constexpr const char* doc = "Takes the next job; None where none waits.\n";
    static constexpr bool whole = false;
    static constexpr auto takes = std::tuple{Parameter{"now", required}};
  };
  struct preempts_ {
    static constexpr const char* name = "preempts";
    static constexpr const char* doc =
        "Whether the next job comes strictly before `running`, whose size is what is left of it.\n";
    static constexpr bool whole = false;
    static constexpr auto takes = std::tuple{Parameter{"running", required}};
  };
  struct size_ {
    static constexpr const char* name = "size";
    static constexpr const char* doc = "Number of jobs that wait [1].\n";
    static constexpr bool whole = false;
  };
};
struct Fifo : Ordered {
  static constexpr const char* name = "Fifo";
  static constexpr const char* doc = "First come, first served.\n";
};
struct EarliestDeadlineFirst : Ordered {
  static constexpr const char* name = "EarliestDeadlineFirst";
  static constexpr const char* doc =
      "Earliest deadline first: optimal for one server where all deadlines can be met (Dertouzos 1974).\n";
};
struct ShortestRemaining : Ordered {
  static constexpr const char* name = "ShortestRemaining";
  static constexpr const char* doc =
      "Shortest remaining size first: the least mean sojourn of all policies of one server (Schrage 1968) where the "
      "caller honours `preempts`; shortest job first where not.\n";
};
struct PriorityScheduler : Ordered {
  static constexpr const char* name = "PriorityScheduler";
  static constexpr const char* doc =
      "Priorities, the lowest number first, with ageing against starvation.\n\n"
      "With ageing a job's number falls by that much for each second of waiting, so that nobody starves.\n";
  struct constructor_ {
    static constexpr const char* doc =
        "Nothing waits.\n\nParameters\n----------\nageing\n    levels that a second of waiting is worth [1/s], finite "
        "and >= 0\n";
    static constexpr auto takes = std::tuple{Parameter{"ageing", []<class T>() -> T { return {}; }}};
  };
};

}  // namespace qsm_python::text::policies

namespace {

/// The ageing of priorities as an argument of its own.
struct AgeingPriorities : qsm::policies::PriorityScheduler {
  AgeingPriorities() = default;
  explicit AgeingPriorities(double ageing)
      : qsm::policies::OrderedScheduler<qsm::policies::PriorityOrder>(checked(ageing)) {}

 private:
  static qsm::policies::PriorityOrder checked(double ageing) {
    qsm::Check("PriorityScheduler").not_negative("ageing", ageing);
    return {ageing};
  }
};

template <class Type, class Text, class... Arguments>
void add_ordered(py::module_& module) {
  using Of = qsm_python::Class<Type, Text>;
  Of bound(module);
  bound.template constructor<typename Text::constructor_, Arguments...>();
  bound.template method<typename Text::push_>(
      +[](Type& self, double now, const qsm::policies::Job& job) { self.push(now, job); });
  bound.template method<typename Text::pop_>(+[](Type& self, double now) { return self.pop(now); });
  bound.template method<typename Text::preempts_>(
      +[](const Type& self, const qsm::policies::Job& running) { return self.preempts(running); });
  bound.template property<typename Text::size_>(&Type::size);
  qsm_python::changes<Type>() = true;
  bound.members();
}

}  // namespace

QSM_ROOM(policies) {
  {
    QSM_CLASS(TokenBucket);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_METHOD(tokens);
    QSM_PROPERTY(full_at);
    QSM_PROPERTY(rate);
    QSM_PROPERTY(burst);
    QSM_STATE();
  }
  {
    QSM_CLASS(Gcra);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_PROPERTY(expected);
    QSM_STATE();
  }
  {
    QSM_CLASS(LeakyBucket);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_METHOD(offer);
    QSM_METHOD(level);
    QSM_STATE();
  }
  {
    QSM_CLASS(FixedWindow);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_STATE();
  }
  {
    QSM_CLASS(SlidingWindowLog);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_PROPERTY(size);
    QSM_STATE();
  }
  {
    QSM_CLASS(SlidingWindowCounter);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_STATE();
  }

  QSM_RECORD(Job);
  add_ordered<qsm::policies::Fifo, texts::Fifo>(module);
  add_ordered<AgeingPriorities, texts::PriorityScheduler, double>(module);
  add_ordered<qsm::policies::EarliestDeadlineFirst, texts::EarliestDeadlineFirst>(module);
  add_ordered<qsm::policies::ShortestRemaining, texts::ShortestRemaining>(module);
  {
    QSM_CLASS(WeightedFairQueueing);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>, double);
    QSM_METHOD(virtual_time);
    QSM_STATE();
  }
  {
    QSM_CLASS(SelfClockedFairQueueing);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>);
    QSM_STATE();
  }
  {
    QSM_CLASS(WorstCaseFairQueueing);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>);
    QSM_STATE();
  }
  {
    QSM_CLASS(DeficitRoundRobin);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>, double);
    QSM_STATE();
  }
  QSM_PLAIN(jain_index);
  QSM_PLAIN(max_min_shares);

  QSM_RECORD(LatencySample);
  {
    QSM_CLASS(AimdLimit);
    QSM_CONSTRUCTOR(double, double, double, double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(limit);
    QSM_STATE();
  }
  {
    QSM_CLASS(VegasLimit);
    QSM_CONSTRUCTOR(double, double, double, double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(limit);
    QSM_PROPERTY(least_latency);
    QSM_STATE();
  }
  {
    QSM_CLASS(GradientLimit);
    QSM_CONSTRUCTOR(double, double, double, double, double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(limit);
    QSM_PROPERTY(long_latency);
    QSM_STATE();
  }
  {
    QSM_CLASS(SlotQuota);
    QSM_CONSTRUCTOR(double, std::span<const double>);
    QSM_METHOD(acquire);
    QSM_METHOD(release);
    QSM_METHOD(used);
    QSM_STATE();
  }
  {
    QSM_CLASS(CoDel);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(drop);
    QSM_PROPERTY(dropping);
    QSM_STATE();
  }
  {
    QSM_CLASS(Backoff);
    QSM_CONSTRUCTOR(double, double, double, room::Jitter);
    QSM_METHOD(pause);
    QSM_STATE();
  }
  {
    QSM_CLASS(RetryBudget);
    QSM_CONSTRUCTOR(double, double, double);
    QSM_METHOD(request);
    QSM_METHOD(retry);
    QSM_PROPERTY(balance);
    QSM_STATE();
  }
  {
    QSM_CLASS(RetryThrottle);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(allows);
    QSM_STATE();
  }
  {
    QSM_CLASS(CircuitBreaker);
    QSM_CONSTRUCTOR(const room::CircuitOptions&);
    QSM_METHOD(allow);
    QSM_METHOD(observe);
    QSM_METHOD(state);
    QSM_STATE();
  }
  {
    QSM_CLASS(Hedge);
    QSM_CONSTRUCTOR(double, double, double);
    QSM_PROPERTY(delay);
    QSM_METHOD(observe);
    QSM_METHOD(hedge);
    QSM_STATE();
  }
}
