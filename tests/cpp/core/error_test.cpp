#include <gtest/gtest.h>

#include <qsm/core/error.hpp>

namespace {

std::string message(auto&& call) {
  try {
    call();
  } catch (const std::domain_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(check, message_names_function_argument_value_and_range) {
  EXPECT_EQ(message([] { qsm::Check("erlang_b").count("servers", 10.7); }),
            "erlang_b: servers must be an integer >= 0, got 10.7");
  EXPECT_EQ(message([] { qsm::Check("mm1").positive("service_rate", NAN); }),
            "mm1: service_rate must be finite and > 0, got nan");
}

TEST(check, accepts_what_is_in_range) {
  qsm::Check check("f");
  check.count("n", 10.0);
  check.not_negative("x", -0.0);
  check.probability("p", 1.0);
}

TEST(valid, gathers_instead_of_throwing) {
  qsm::Valid valid;
  valid.positive("x", 1);
  EXPECT_TRUE(valid.all());
  valid.positive("x", std::numeric_limits<double>::infinity());
  valid.positive("x", 1);
  EXPECT_FALSE(valid.all());
}

}  // namespace
