#pragma once
// Reads tests/golden/<room>/<name>.csv: `#` lines carry source and tolerance, the first other line names the columns.
// The Python tests read the same files (tests/python/golden.py).

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace qsm_test {

/// One row: columns by name; columns that are not numbers stay text.
class Row {
 public:
  std::map<std::string, std::string> cells;
  std::string where;  // file:line, for messages

  double operator[](const std::string& column) const {
    const auto& text = this->text(column);
    if (text == "inf") return std::numeric_limits<double>::infinity();
    double value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
      throw std::runtime_error(where + ": column " + column + " is not a number: '" + text + "'");
    return value;
  }
  bool has(const std::string& column) const { return cells.contains(column); }
  const std::string& text(const std::string& column) const {
    const auto found = cells.find(column);
    if (found == cells.end()) throw std::runtime_error(where + ": no column " + column);
    return found->second;
  }
};

inline std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream stream(line);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  if (!line.empty() && line.back() == ',') parts.emplace_back();
  return parts;
}

inline std::vector<Row> golden(const std::string& name) {
  const std::string path = std::string(QSM_GOLDEN) + "/" + name;
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no golden file " + path);
  std::vector<std::string> columns;
  std::vector<Row> rows;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line);
    if (columns.empty()) {
      columns = cells;
      continue;
    }
    Row row;
    row.where = name + ":" + std::to_string(number);
    if (cells.size() != columns.size()) throw std::runtime_error(row.where + ": wrong number of columns");
    for (std::size_t i = 0; i < cells.size(); ++i) row.cells[columns[i]] = cells[i];
    rows.push_back(row);
  }
  if (rows.empty()) throw std::runtime_error(path + " has no rows");
  return rows;
}

/// Relative error; zero where both are equal (infinities included).
inline double relative_error(double value, double truth) {
  if (value == truth) return 0;
  return std::abs(value - truth) / std::abs(truth);
}

/// Relative error <= 1e-13 max(1, |ln truth|), times the row's `<column>_condition` where it has one. Truths below
/// 1e-300 only have to be that small.
inline testing::AssertionResult agrees(double value, const Row& row, const std::string& column) {
  const double truth = row[column];
  const double condition = row.has(column + "_condition") ? row[column + "_condition"] : 1;
  const double allowed = 1e-13 * std::max(1.0, std::abs(std::log(truth))) * condition;
  const double error = relative_error(value, truth);
  if (error <= allowed || (truth < 1e-300 && value >= 0 && value < 1e-300)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << row.where << ": " << column << " is " << testing::PrintToString(value)
                                     << ", must be " << row.text(column) << "; relative error " << error << " > "
                                     << allowed;
}

}  // namespace qsm_test
