#pragma once
/// @file
/// What happened when, as plain rows: for animation, tables and tests.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qsm/core/error.hpp>

namespace qsm::inline v0::sim {

/// One thing that happened; what the numbers mean is up to the machine that writes them.
struct TraceRow {
  /// When [s].
  double time;
  /// What: a number that the machine gives to each kind of event.
  std::int64_t kind;
  /// To whom: a customer, a message, a request.
  std::int64_t subject;
  /// Where it came from: a place, or -1.
  std::int64_t from;
  /// Where it went: a place, or -1.
  std::int64_t to;

  friend bool operator==(const TraceRow&, const TraceRow&) = default;
};

/// A recorder of rows, kept as columns. One writer at a time.
///
///     trace.record(calendar.now(), arrival, customer, -1, queue);
class Trace {
 public:
  /// Keeps the first `limit` rows [1], an integer >= 0, and counts the rest.
  explicit Trace(double limit = 1e6)
      : limit_(static_cast<std::size_t>((Check("Trace").count("limit", limit), limit))) {}

  /// Adds a row: time [s], kind, subject, and the places it went from and to, -1 for none.
  void record(double row_time, std::int64_t row_kind, std::int64_t row_subject, std::int64_t row_from = -1,
              std::int64_t row_to = -1) {
    if (time.size() >= limit_) {
      ++omitted_;
      return;
    }
    time.push_back(row_time);
    kind.push_back(row_kind);
    subject.push_back(row_subject);
    from.push_back(row_from);
    to.push_back(row_to);
  }
  /// Number of rows kept [1].
  std::size_t size() const { return time.size(); }
  /// Number of rows that came after the limit [1].
  std::size_t omitted() const { return omitted_; }
  /// Row i, below size().
  TraceRow operator[](std::size_t i) const { return {time[i], kind[i], subject[i], from[i], to[i]}; }

  /// Column of times [s].
  std::vector<double> time;
  /// Column of kinds.
  std::vector<std::int64_t> kind;
  /// Column of subjects.
  std::vector<std::int64_t> subject;
  /// Column of places left.
  std::vector<std::int64_t> from;
  /// Column of places reached.
  std::vector<std::int64_t> to;

 private:
  std::size_t limit_;
  std::size_t omitted_ = 0;
};

}  // namespace qsm::inline v0::sim
