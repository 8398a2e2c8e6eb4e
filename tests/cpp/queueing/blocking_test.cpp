#include <vector>

#include <gtest/gtest.h>

#include <qsm/queueing/blocking.hpp>
#include <qsm/queueing/product_form.hpp>

#include "matrices.hpp"

namespace {

using namespace qsm::queueing;
using Numbers = std::vector<double>;

TEST(blocking, agrees_with_the_published_cases) {
  for (const auto& row : qsm_test::golden("queueing/mva_with_blocking.csv")) {
    const auto found =
        mva_with_blocking(qsm_test::numbers(row.text("service_times")), qsm_test::matrix(row.text("routing")),
                          qsm_test::numbers(row.text("capacities")), row["population"]);
    const auto truth = qsm_test::numbers(row.text("response_time"));
    for (std::size_t i = 0; i < truth.size(); ++i)
      EXPECT_NEAR(found.response_time[i], truth[i], row["tolerance"]) << row.where;
  }
}

TEST(blocking, with_room_enough_is_exact) {
  const Matrix routing{{0, .7, .3}, {1, 0, 0}, {1, 0, 0}};
  const auto found = mva_with_blocking(Numbers{1, 1.25, 2.5}, routing, Numbers{50, 50, 50}, 40);
  const auto exact = closed_mva({{1}, {1.25 * .7}, {2.5 * .3}}, Numbers{40}, Numbers{0}, Numbers{1, 1, 1});
  EXPECT_LT(qsm_test::relative_error(found.throughput[0], exact.throughput[0]), 1e-12);
  double all = 0;
  for (const double number : found.mean_number) all += number;
  EXPECT_NEAR(all, 40, 1e-11);
}

TEST(blocking, refuses_what_is_out_of_range) {
  const Matrix cycle{{0, 1}, {1, 0}};
  EXPECT_THROW(mva_with_blocking(Numbers{}, cycle, Numbers{}, 1), std::invalid_argument);
  EXPECT_THROW(mva_with_blocking(Numbers{1, 1}, cycle, Numbers{4}, 1), std::invalid_argument);
  EXPECT_THROW(mva_with_blocking(Numbers{1, 0}, cycle, Numbers{4, 5}, 1), std::domain_error);
  EXPECT_THROW(mva_with_blocking(Numbers{1, 1}, cycle, Numbers{4, 5}, 9), std::domain_error);
  EXPECT_THROW(mva_with_blocking(Numbers{1, 1}, Matrix{{0, 1}, {1, 1}}, Numbers{4, 5}, 6), std::domain_error);
}

}  // namespace
