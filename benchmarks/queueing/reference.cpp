// The loops that the bindings are measured against: the same checks, the same formula, memory from the allocator.
//   g++ -std=c++20 -O3 -shared -fPIC -DQSM_HEADER_ONLY -Iinclude benchmarks/queueing/reference.cpp
#include <cstddef>
#include <cstdlib>

#include <qsm/queueing.hpp>

using qsm::queueing::MM1;

namespace {

void validate(qsm::Check& check, double arrival_rate, double service_rate) {
  MM1::validate(check, arrival_rate, service_rate);
}

}  // namespace

/// mm1(arrival_rates[i], service_rates[i]).mean_wait() for all i, as one would write it. Free the result.
extern "C" double* mean_waits(const double* arrival_rates, const double* service_rates, std::size_t count) {
  auto* waits = static_cast<double*>(std::malloc(count * sizeof(double)));
  qsm::Check check("mm1");
  for (std::size_t i = 0; i < count; ++i) {
    validate(check, arrival_rates[i], service_rates[i]);
    waits[i] = MM1{arrival_rates[i], service_rates[i]}.mean_wait();
  }
  return waits;
}

/// The same over a table of `rows` arrival rates by `columns` service rates.
extern "C" double* mean_wait_table(const double* arrival_rates, const double* service_rates, std::size_t rows,
                                   std::size_t columns) {
  auto* waits = static_cast<double*>(std::malloc(rows * columns * sizeof(double)));
  qsm::Check check("mm1");
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < columns; ++k) {
      validate(check, arrival_rates[i], service_rates[k]);
      waits[i * columns + k] = MM1{arrival_rates[i], service_rates[k]}.mean_wait();
    }
  return waits;
}

/// Erlang C of `servers` servers, `count` times, so that the call from Python does not show.
extern "C" double erlang_c_many(double servers, const double* loads, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += qsm::queueing::erlang_c(servers, loads[i]);
  return sum;
}

extern "C" void release(double* values) { std::free(values); }
