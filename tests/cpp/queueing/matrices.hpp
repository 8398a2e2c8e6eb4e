#pragma once
// Golden cells that hold lists or matrices: numbers separated by blanks, rows by semicolons.

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/queueing/matrix.hpp>

#include "golden.hpp"

namespace qsm_test {

inline std::vector<double> numbers(const std::string& text) {
  std::istringstream stream(text);
  std::vector<double> list;
  for (std::string word; stream >> word;) list.push_back(word == "inf" ? INFINITY : std::stod(word));
  return list;
}

inline std::vector<std::vector<double>> rows(const std::string& text) {
  std::vector<std::vector<double>> lists;
  std::string rest = text + ";";
  for (std::size_t end; (end = rest.find(';')) != std::string::npos; rest = rest.substr(end + 1))
    lists.push_back(numbers(rest.substr(0, end)));
  return lists;
}

inline qsm::queueing::Matrix matrix(const std::string& text) { return qsm::queueing::Matrix(rows(text)); }

/// Each entry with a relative error of at most `tolerance`; zeros exactly, or as small as that.
inline testing::AssertionResult close(const std::vector<double>& values, const std::vector<double>& truths,
                                      double tolerance, const std::string& where = "") {
  if (values.size() != truths.size())
    return testing::AssertionFailure() << where << ": " << values.size() << " entries";
  for (std::size_t k = 0; k < values.size(); ++k)
    if (!(truths[k] == 0 ? std::abs(values[k]) <= tolerance : relative_error(values[k], truths[k]) <= tolerance))
      return testing::AssertionFailure() << where << ": entry " << k << " is " << testing::PrintToString(values[k])
                                         << ", must be " << testing::PrintToString(truths[k]) << "; relative error "
                                         << relative_error(values[k], truths[k]);
  return testing::AssertionSuccess();
}

}  // namespace qsm_test
