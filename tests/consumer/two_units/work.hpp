// What a service embeds, as an inline function, so that each unit brings a copy of it.
#pragma once
#include <string>
#include <vector>

#include <qsm/core/samplers.hpp>
#include <qsm/policies/limiter.hpp>
#include <qsm/sim/calendar.hpp>
#include <qsm/sim/explore.hpp>
#include <qsm/sketches/hdr_histogram.hpp>

inline std::vector<double> work() {
  std::vector<double> answers(1000);
  qsm::fill_gamma(qsm::Stream(7), 3, 1.7, 2, answers);

  qsm::policies::TokenBucket bucket(10, 5);
  qsm::sim::Calendar<int> calendar;
  for (int i = 0; i < 1000; ++i) calendar.schedule_at(i * 37 % 101, i);
  while (const auto event = calendar.next())
    if (bucket.admit(calendar.now())) answers.push_back(*event);

  qsm::sketches::HdrHistogram histogram;
  for (int i = 1; i < 10000; ++i) histogram.record(i * 13);
  answers.push_back(static_cast<double>(qsm::sketches::HdrHistogram::decode(histogram.encode()).quantile(0.99)));

  const auto next = [](int state, auto&& to) {
    to("double", state * 2 % 1009);
    to("add", (state + 7) % 1009);
  };
  answers.push_back(static_cast<double>(qsm::sim::explore(1, next, [](int) { return true; }).states));
  return answers;
}

std::vector<double> work_of_other_unit();
