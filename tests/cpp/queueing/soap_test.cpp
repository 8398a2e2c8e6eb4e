#include <cmath>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/lognormal.hpp>
#include <qsm/core/distributions/mixture.hpp>
#include <qsm/core/distributions/pareto.hpp>
#include <qsm/core/distributions/uniform.hpp>
#include <qsm/core/distributions/weibull.hpp>
#include <qsm/core/random.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/priority.hpp>
#include <qsm/queueing/soap.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using qsm_test::relative_error;
using Numbers = std::vector<double>;

const RankFunction in_order{{0, 1}, {0, -1}}, least_served{{0, 1}, {0, 1}};

qsm::Distribution three_sizes() {
  return qsm::mixture({.5, .3, .2}, {qsm::deterministic(1), qsm::deterministic(6), qsm::deterministic(14)});
}

TEST(soap, ranks_of_age_are_the_disciplines_that_know_no_size) {
  const qsm::Distribution laws[] = {qsm::exponential(1), qsm::uniform(0, 2), qsm::lognormal_from(1, 4),
                                    qsm::weibull(.5, .5), three_sizes()};
  for (const auto& law : laws)
    for (const double load : {.3, .9}) {
      const Numbers rate{load / law.mean()};
      const auto fcfs = mg1(rate[0], law), fb = mg1(rate[0], law, "fb");
      EXPECT_LT(relative_error(soap(rate, {law}, {in_order}).mean_sojourn[0], fcfs.mean_sojourn()), 1e-8);
      EXPECT_LT(relative_error(soap(rate, {law}, {least_served}).mean_sojourn[0], fb.mean_sojourn()), 1e-8) << load;
      for (const double size : {.3, 1.0, 2.5}) {
        EXPECT_LT(
            relative_error(soap_sojourn_of_size(rate, {law}, {in_order}, 0, size), fcfs.mean_sojourn_of_size(size)),
            1e-12);
        EXPECT_LT(
            relative_error(soap_sojourn_of_size(rate, {law}, {least_served}, 0, size), fb.mean_sojourn_of_size(size)),
            1e-12);
      }
    }
}

// Constant ranks interrupt each other; ranks that only count before the start do not.
TEST(soap, ranks_of_class_are_priorities) {
  const Numbers rates{.2, .3, .2};
  const std::vector<qsm::Distribution> laws{qsm::exponential(1), qsm::uniform(0, 2), qsm::gamma(2, .4)};
  std::vector<RankFunction> constant, before;
  for (const double rank : {1.0, 2.0, 3.0}) {
    constant.push_back({{0}, {rank}});
    before.push_back({{0, 0, 1}, {rank, -1, -1}});
  }
  const auto preemptive = soap(rates, laws, constant).mean_sojourn;
  const auto waiting = soap(rates, laws, before).mean_sojourn;
  EXPECT_TRUE(qsm_test::close(preemptive, priority_mean_sojourn(rates, laws, true), 1e-9));
  EXPECT_TRUE(qsm_test::close(waiting, priority_mean_sojourn(rates, laws, false), 1e-9));
}

// Known sizes are classes of constant service: SRPT, PSJF and SJF of the mixture by their own formulas.
TEST(soap, ranks_of_size_are_srpt_psjf_and_sjf) {
  const Numbers sizes{1, 6, 14}, shares{.5, .3, .2};
  const auto mixed = three_sizes();
  const double rate = .8 / mixed.mean();
  Numbers rates;
  std::vector<qsm::Distribution> laws;
  std::vector<RankFunction> srpt, psjf, sjf;
  for (std::size_t i = 0; i < 3; ++i) {
    rates.push_back(rate * shares[i]);
    laws.push_back(qsm::deterministic(sizes[i]));
    srpt.push_back({{0, sizes[i]}, {sizes[i], 0}});
    psjf.push_back({{0}, {sizes[i]}});
    sjf.push_back({{0, 0}, {sizes[i], -1}});
  }
  const auto mean = [&](const std::vector<RankFunction>& ranks) {
    const auto means = soap(rates, laws, ranks).mean_sojourn;
    return .5 * means[0] + .3 * means[1] + .2 * means[2];
  };
  EXPECT_LT(relative_error(mean(srpt), mg1(rate, mixed, "srpt").mean_sojourn()), 1e-9);
  EXPECT_LT(relative_error(mean(psjf), mg1(rate, mixed, "psjf").mean_sojourn()), 1e-9);
  EXPECT_LT(relative_error(mean(sjf), mg1(rate, mixed, "sjf").mean_sojourn()), 1e-9);
}

TEST(gittins, is_fb_where_the_hazard_falls_and_fcfs_where_it_rises) {
  for (const double load : {.2, .8}) {
    for (const qsm::Distribution& law :
         {qsm::Distribution(qsm::hyperexponential_balanced(1, 9)), qsm::Distribution(qsm::weibull(.6, 1))})
      EXPECT_LT(relative_error(mg1(load / law.mean(), law, "gittins").mean_sojourn(),
                               mg1(load / law.mean(), law, "fb").mean_sojourn()),
                1e-7)
          << law.describe();
    for (const qsm::Distribution& law :
         {qsm::Distribution(qsm::deterministic(1)), qsm::Distribution(qsm::uniform(0, 2)),
          qsm::Distribution(qsm::erlang(4, 4)), qsm::Distribution(qsm::exponential(1))})
      EXPECT_LT(relative_error(mg1(load / law.mean(), law, "gittins").mean_sojourn(),
                               mg1(load / law.mean(), law).mean_sojourn()),
                1e-7)
          << law.describe();
  }
}

TEST(gittins, is_the_best_that_does_not_know_the_sizes) {
  const qsm::Distribution laws[] = {three_sizes(), qsm::lognormal_from(1, 2), qsm::pareto(2.5, 1),
                                    qsm::mixture({.7, .3}, {qsm::erlang(3, 3), qsm::erlang(20, 2)})};
  for (const auto& law : laws)
    for (const double load : {.3, .9}) {
      const auto mean = [&](const char* name) { return mg1(load / law.mean(), law, name).mean_sojourn(); };
      const double least = mean("gittins");
      for (const char* other : {"fcfs", "ps", "fb"}) EXPECT_LE(least, mean(other) * (1 + 1e-9)) << law.describe();
      EXPECT_GE(least, mean("srpt") * (1 - 1e-9));
    }
}

TEST(gittins, agrees_with_two_sizes_by_hand) {
  for (const auto& row : qsm_test::golden("queueing/gittins.csv")) {
    const double share = row["share"];
    const auto queue =
        mg1(row["arrival_rate"],
            qsm::mixture({share, 1 - share}, {qsm::deterministic(row["small"]), qsm::deterministic(row["large"])}),
            "gittins");
    EXPECT_LT(relative_error(queue.mean_sojourn(), row["mean_sojourn"]), 1e-9) << row.where;
    EXPECT_LT(relative_error(queue.mean_sojourn_of_size(row["small"]), row["mean_sojourn_small"]), 1e-9) << row.where;
    EXPECT_LT(relative_error(queue.mean_sojourn_of_size(row["large"]), row["mean_sojourn_large"]), 1e-9) << row.where;
  }
}

// The textbook's law of two sizes, by hand: from age 0 it pays to stop at 1, at rank 2; who is beyond has 10 left, at 9.
TEST(gittins, rank_of_two_sizes) {
  const auto rank = gittins_rank(qsm::mixture({.5, .5}, {qsm::deterministic(1), qsm::deterministic(10)}));
  double beyond = 0;
  for (std::size_t j = 0; j < rank.ages.size(); ++j)
    if (rank.ages[j] <= 1.0001) beyond = rank.ranks[j];
  EXPECT_NEAR(rank.ranks[0], 2, 1e-9);
  EXPECT_NEAR(beyond, 9, 1e-2);
}

// Rank falls in service but at ages 1 and 6, so that only arrivals and these ages decide.
TEST(gittins, agrees_with_its_simulation) {
  const Numbers sizes{1, 6, 14};
  const auto law = three_sizes();
  const double rate = .8 / law.mean();
  const auto rank = [](double age) {  // by hand: least mean work for a completion, over stopping ages 1, 6 and 14
    if (age < 1) return std::min({(1 - age) / .5, ((1 - age) + .5 * 5) / .8, (1 - age) + .5 * 5 + .2 * 8});
    if (age < 6) return std::min((6 - age) / .6, (6 - age) + .4 * 8);
    return 14 - age;
  };
  qsm::Stream stream(3);
  std::uint64_t drawn = 0;
  Numbers block(4096);
  const auto uniform = [&] {
    if (drawn % block.size() == 0) stream.uniforms(drawn, block);
    return block[drawn++ % block.size()];
  };
  struct Job {
    double arrival, size, age;
  };
  constexpr int batches = 30;
  Numbers means;
  for (int batch = 0; batch < batches; ++batch) {
    std::vector<Job> jobs;
    double now = 0, next = 0, total = 0;
    int done = 0;
    while (done < 40000) {
      std::size_t best = 0;
      for (std::size_t i = 1; i < jobs.size(); ++i)
        if (rank(jobs[i].age) < rank(jobs[best].age) - 1e-12) best = i;  // the first of equals came first
      double step = next - now;
      if (!jobs.empty()) {
        const double age = jobs[best].age, mark = age < 1 ? 1 : age < 6 ? 6 : 14;
        if (mark - age <= step) {
          now += mark - age;
          jobs[best].age = mark;
          if (mark >= jobs[best].size) {
            total += now - jobs[best].arrival, ++done;
            jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(best));
          }
          continue;
        }
        jobs[best].age += step;
      }
      now = next;
      const double u = uniform();
      jobs.push_back({now, u < .5 ? sizes[0] : u < .8 ? sizes[1] : sizes[2], 0});
      next = now - std::log1p(-uniform()) / rate;
    }
    means.push_back(total / done);
  }
  double mean = 0, square = 0;
  for (const double value : means) mean += value / batches;
  for (const double value : means) square += (value - mean) * (value - mean) / (batches - 1);
  const double truth = mg1(rate, law, "gittins").mean_sojourn(), error = std::sqrt(square / batches);
  EXPECT_LT(std::abs(mean - truth) / error, 4) << mean << ' ' << truth;
  EXPECT_LT(error, .01 * truth);
}

TEST(soap, refuses_what_is_out_of_range) {
  const Numbers rate{.5};
  const std::vector<qsm::Distribution> law{qsm::exponential(1)};
  EXPECT_EQ(soap(Numbers{1}, law, {in_order}).mean_sojourn[0], INFINITY);
  EXPECT_THROW(soap(rate, law, {}), std::invalid_argument);
  EXPECT_THROW(soap(rate, law, {{{0, 1}, {0}}}), std::invalid_argument);
  EXPECT_THROW(soap(rate, law, {{{1, 2}, {0, 1}}}), std::domain_error);
  EXPECT_THROW(soap(rate, law, {{{0, 2, 1}, {0, 1, 2}}}), std::domain_error);
  EXPECT_THROW(soap(rate, law, {{{0, NAN}, {0, 1}}}), std::domain_error);
  EXPECT_THROW(soap_sojourn_of_size(rate, law, {in_order}, 1, 1), std::domain_error);
  EXPECT_THROW(gittins_rank(qsm::uniform(-1, 2)), std::domain_error);
}

}  // namespace
