#include <gtest/gtest.h>

#include <qsm/core/xtensor.hpp>
#include <qsm/queueing/erlang.hpp>
#include <qsm/queueing/mm1.hpp>

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#endif

namespace {

TEST(xtensor, functions_broadcast) {
  const xt::xtensor<double, 1> servers{1, 2, 5}, loads{0.5, 3};
  const xt::xtensor<double, 2> blocking =
      qsm::broadcast(&qsm::queueing::erlang_b, xt::view(servers, xt::all(), xt::newaxis()), loads);
  ASSERT_EQ(blocking.shape(0), 3u);
  ASSERT_EQ(blocking.shape(1), 2u);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 2; ++j) EXPECT_EQ(blocking(i, j), qsm::queueing::erlang_b(servers(i), loads(j)));
}

TEST(xtensor, models_broadcast_and_refuse) {
  const auto wait = [](double arrival, double service) { return qsm::queueing::mm1(arrival, service).mean_wait(); };
  const xt::xtensor<double, 1> arrivals{1, 9}, bad{1, -9};
  const xt::xtensor<double, 1> waits = qsm::broadcast(wait, arrivals, 10.0);
  EXPECT_DOUBLE_EQ(waits(1), 0.9);
  EXPECT_THROW((xt::xtensor<double, 1>(qsm::broadcast(wait, bad, 10.0))), std::domain_error);
}

}  // namespace
