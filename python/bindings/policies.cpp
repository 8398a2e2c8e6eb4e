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
  }
  {
    QSM_CLASS(Gcra);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_PROPERTY(expected);
  }
  {
    QSM_CLASS(LeakyBucket);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_METHOD(offer);
    QSM_METHOD(level);
  }
  {
    QSM_CLASS(FixedWindow);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
  }
  {
    QSM_CLASS(SlidingWindowLog);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
    QSM_PROPERTY(size);
  }
  {
    QSM_CLASS(SlidingWindowCounter);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(admit);
    QSM_METHOD(ready_at);
    add_admitted<Type>(module);
  }

  QSM_RECORD(Job);
  {
    QSM_CLASS(WeightedFairQueueing);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>, double);
    QSM_METHOD(virtual_time);
  }
  {
    QSM_CLASS(SelfClockedFairQueueing);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>);
  }
  {
    QSM_CLASS(WorstCaseFairQueueing);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>);
  }
  {
    QSM_CLASS(DeficitRoundRobin);
    QSM_METHOD(push);
    QSM_METHOD(pop);
    QSM_PROPERTY(size);
    QSM_CONSTRUCTOR(std::span<const double>, double);
  }
  QSM_PLAIN(jain_index);
  QSM_PLAIN(max_min_shares);

  QSM_RECORD(LatencySample);
  {
    QSM_CLASS(AimdLimit);
    QSM_CONSTRUCTOR(double, double, double, double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(limit);
  }
  {
    QSM_CLASS(VegasLimit);
    QSM_CONSTRUCTOR(double, double, double, double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(limit);
    QSM_PROPERTY(least_latency);
  }
  {
    QSM_CLASS(GradientLimit);
    QSM_CONSTRUCTOR(double, double, double, double, double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(limit);
    QSM_PROPERTY(long_latency);
  }
  {
    QSM_CLASS(SlotQuota);
    QSM_CONSTRUCTOR(double, std::span<const double>);
    QSM_METHOD(acquire);
    QSM_METHOD(release);
    QSM_METHOD(used);
  }
  {
    QSM_CLASS(CoDel);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(drop);
    QSM_PROPERTY(dropping);
  }
  {
    QSM_CLASS(Backoff);
    QSM_CONSTRUCTOR(double, double, double, room::Jitter);
    QSM_METHOD(pause);
  }
  {
    QSM_CLASS(RetryBudget);
    QSM_CONSTRUCTOR(double, double, double);
    QSM_METHOD(request);
    QSM_METHOD(retry);
    QSM_PROPERTY(balance);
  }
  {
    QSM_CLASS(RetryThrottle);
    QSM_CONSTRUCTOR(double, double);
    QSM_METHOD(observe);
    QSM_PROPERTY(allows);
  }
  {
    QSM_CLASS(CircuitBreaker);
    QSM_CONSTRUCTOR(const room::CircuitOptions&);
    QSM_METHOD(allow);
    QSM_METHOD(observe);
    QSM_METHOD(state);
  }
  {
    QSM_CLASS(Hedge);
    QSM_CONSTRUCTOR(double, double, double);
    QSM_PROPERTY(delay);
    QSM_METHOD(observe);
    QSM_METHOD(hedge);
  }
}
