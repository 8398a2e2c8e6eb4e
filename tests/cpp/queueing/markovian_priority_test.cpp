#include <cmath>
#include <deque>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/markovian_priority.hpp>
#include <qsm/queueing/markovian_queue.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::close;

constexpr ClassDiscipline disciplines[] = {ClassDiscipline::fcfs, ClassDiscipline::priority,
                                           ClassDiscipline::preemptive_priority};

ClassDiscipline discipline_of(const std::string& name) {
  return name == "fcfs" ? disciplines[0] : name == "priority" ? disciplines[1] : disciplines[2];
}

std::vector<std::string> bars(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, '|');) parts.push_back(part);
  return parts;
}

TEST(mmap_ph_1, agrees_with_butools) {
  for (const auto& row : qsm_test::golden("queueing/mmap_ph_1.csv")) {
    std::vector<Matrix> arriving;
    std::vector<qsm::Distribution> services;
    for (const auto& part : bars(row.text("arriving"))) arriving.push_back(qsm_test::matrix(part));
    const auto initial = bars(row.text("initial")), generator = bars(row.text("generator"));
    for (std::size_t k = 0; k < initial.size(); ++k)
      services.push_back(qsm::phase_type(qsm_test::numbers(initial[k]), qsm_test::rows(generator[k])));
    const auto means =
        mmap_ph_1(qsm_test::matrix(row.text("hidden")), arriving, services, discipline_of(row.text("discipline")));
    EXPECT_TRUE(close(means.mean_sojourn, qsm_test::numbers(row.text("mean_sojourn")), 1e-11, row.where));
  }
}

// Poisson arrivals of independent classes: Cobham's closed forms.
TEST(mmap_ph_1, with_poisson_arrivals_is_mg1_with_classes) {
  const std::vector<double> rates{.2, .3, .25};
  const std::vector<qsm::Distribution> services{qsm::erlang(3, 2.5), qsm::hyperexponential({.4, .6}, {.7, 5}),
                                                qsm::exponential(1.5)};
  for (const double scale : {.1, 1.0, 1.3}) {  // at 1.3 the last class is lost
    std::vector<Matrix> arriving;
    std::vector<double> scaled;
    double total = 0;
    for (const double rate : rates) {
      scaled.push_back(rate * scale), total += rate * scale;
      arriving.push_back(Matrix(1, 1, rate * scale));
    }
    for (const auto discipline : disciplines) {
      const auto found = mmap_ph_1(Matrix(1, 1, -total), arriving, services, discipline);
      const auto known = mg1_classes(scaled, services, discipline);
      EXPECT_TRUE(close(found.mean_sojourn, known.mean_sojourn, 1e-12)) << scale;
      EXPECT_TRUE(close(found.mean_queue_length, known.mean_queue_length, 1e-12)) << scale;
    }
  }
}

// A class in bursts and one between them, with its simulation event by event.
struct Bursts {
  Matrix hidden{{-3.2, .2}, {.1, -.5}};
  std::vector<Matrix> arriving{Matrix{{2, 0}, {0, .1}}, Matrix{{.5, .5}, {.1, .2}}};
  std::vector<qsm::Distribution> services{qsm::exponential(4), qsm::exponential(2.5)};
};

TEST(mmap_ph_1, of_one_class_is_map_ph_1) {
  const Bursts model;
  const auto one =
      mmap_ph_1({{-3.2, 1.2}, {.3, -.5}}, {Matrix{{2, 0}, {0, .2}}}, {qsm::erlang(2, 5)}, ClassDiscipline::priority);
  const auto same = map_ph_c(markovian_arrivals({{-3.2, 1.2}, {.3, -.5}}, {{2, 0}, {0, .2}}), qsm::erlang(2, 5));
  EXPECT_LT(qsm_test::relative_error(one.mean_sojourn[0], same.mean_sojourn()), 1e-12);
}

TEST(mmap_ph_1, agrees_with_its_simulation) {
  const Bursts model;
  for (const auto discipline : disciplines) {
    const auto means = mmap_ph_1(model.hidden, model.arriving, model.services, discipline);
    qsm::Stream stream(7);
    std::uint64_t drawn = 0;
    std::vector<double> block(4096);
    const auto uniform = [&] {
      if (drawn % block.size() == 0) stream.uniforms(drawn, block);
      return block[drawn++ % block.size()];
    };
    const double rates[] = {4, 2.5};
    // Batches of one long run; the number of each class in time, by Little.
    constexpr int batches = 40;
    std::vector<std::vector<double>> sums(2, std::vector<double>(batches));
    std::deque<int> queue;  // the first is served
    int phase = 0, here[2] = {0, 0};
    for (int batch = 0; batch < batches; ++batch) {
      double time = 0;
      while (time < 1e5) {
        const double leave = -model.hidden(static_cast<std::size_t>(phase), static_cast<std::size_t>(phase));
        const double ending = queue.empty() ? 0 : rates[queue.front()];
        const double step = -std::log1p(-uniform()) / (leave + ending);
        for (int k = 0; k < 2; ++k)
          sums[static_cast<std::size_t>(k)][static_cast<std::size_t>(batch)] += here[k] * step;
        time += step;
        double pick = uniform() * (leave + ending);
        if ((pick -= ending) < 0) {
          --here[queue.front()];
          queue.pop_front();
          if (discipline != ClassDiscipline::fcfs && !queue.empty())
            for (auto k = queue.begin(); k != queue.end(); ++k)
              if (*k == 0) {
                queue.erase(k);
                queue.push_front(0);
                break;
              }
          continue;
        }
        for (int to = 0; to < 2 && pick >= 0; ++to)
          for (int kind = -1; kind < 2 && pick >= 0; ++kind) {
            if (kind < 0 && to == phase) continue;
            const auto& matrix = kind < 0 ? model.hidden : model.arriving[static_cast<std::size_t>(kind)];
            pick -= matrix(static_cast<std::size_t>(phase), static_cast<std::size_t>(to));
            if (pick >= 0) continue;
            phase = to;
            if (kind < 0) break;
            ++here[kind];
            // Exponential services: whoever is interrupted starts anew.
            if (kind == 0 && discipline == ClassDiscipline::preemptive_priority && !queue.empty() && queue.front() == 1)
              queue.push_front(0);
            else
              queue.push_back(kind);
            break;
          }
      }
      for (int k = 0; k < 2; ++k) sums[static_cast<std::size_t>(k)][static_cast<std::size_t>(batch)] /= time;
    }
    for (std::size_t k = 0; k < 2; ++k) {
      double mean = 0, square = 0;
      for (const double value : sums[k]) mean += value / batches;
      for (const double value : sums[k]) square += (value - mean) * (value - mean) / (batches - 1);
      const double error = std::sqrt(square / batches);
      EXPECT_LT(std::abs(mean - means.mean_number[k]) / error, 4) << mean << ' ' << means.mean_number[k];
      EXPECT_LT(error, .01 * mean);
    }
  }
}

// Work is conserved: the mean work in the system does not depend on who goes first (exponential services).
TEST(mmap_ph_1, disciplines_conserve_work) {
  const Bursts model;
  std::vector<double> work;
  for (const auto discipline : disciplines) {
    const auto means = mmap_ph_1(model.hidden, model.arriving, model.services, discipline);
    work.push_back(means.mean_number[0] / 4 + means.mean_number[1] / 2.5);
  }
  EXPECT_LT(qsm_test::relative_error(work[1], work[0]), 1e-12);
  EXPECT_LT(qsm_test::relative_error(work[2], work[0]), 1e-12);
}

TEST(mmap_ph_1, refuses_what_is_out_of_range) {
  const Bursts model;
  EXPECT_THROW(mmap_ph_1(model.hidden, {}, {}), std::invalid_argument);
  EXPECT_THROW(mmap_ph_1(model.hidden, model.arriving, {model.services[0]}), std::invalid_argument);
  EXPECT_THROW(mmap_ph_1(model.hidden, {model.arriving[0]}, {model.services[0]}), std::domain_error);
  EXPECT_THROW(mmap_ph_1(model.hidden, model.arriving, model.services, ClassDiscipline::ps), std::domain_error);
  EXPECT_THROW(mmap_ph_1({{-1}}, {Matrix{{1}}, Matrix{{0}}}, model.services), std::domain_error);
  EXPECT_THROW(mmap_ph_1({{-1}}, {Matrix{{1}}}, {qsm::uniform(0, 1)}), std::invalid_argument);
}

}  // namespace
