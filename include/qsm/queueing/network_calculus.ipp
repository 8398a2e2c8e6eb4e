#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/queueing/detail/classes.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/network_calculus.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

inline void check_curve(const char* function, const char* argument, const Curve& curve) {
  const std::size_t n = curve.times.size();
  if (n == 0 || curve.values.size() != n || curve.slopes.size() != n)
    throw std::invalid_argument(std::string(function) + ": " + argument +
                                " must have a value and a slope for each time, got " + std::to_string(n) + " times, " +
                                std::to_string(curve.values.size()) + " values and " +
                                std::to_string(curve.slopes.size()) + " slopes");
  Check check(function);
  const auto of = [&](const char* what) { return std::string(what) + " of " + argument; };
  check.that(curve.times[0] == 0, of("first time").c_str(), curve.times[0], "0");
  double before = 0;
  for (std::size_t i = 0; i < n; ++i) {
    check.finite(of("time").c_str(), curve.times[i]);
    check.finite(of("value").c_str(), curve.values[i]);
    check.not_negative(of("slope").c_str(), curve.slopes[i]);
    if (i > 0) {
      check.that(curve.times[i] > curve.times[i - 1], of("time").c_str(), curve.times[i], "above the one before");
      before = curve.values[i - 1] + curve.slopes[i - 1] * (curve.times[i] - curve.times[i - 1]);
    }
    check.that(curve.values[i] >= before - 1e-12 * before, of("value").c_str(), curve.values[i],
               "not below the line before");
  }
}

/// A line of a curve: from `begin` on, just after it.
struct Line {
  double begin, value, slope;
  double at(double t) const { return slope == 0 ? value : value + slope * (t - begin); }
};
/// Lines in the order of time; values may be infinite, differences of curves may fall.
using Lines = std::vector<Line>;

inline Lines lines_of(const Curve& curve) {
  Lines out;
  for (std::size_t i = 0; i < curve.times.size(); ++i)
    out.push_back({curve.times[i], curve.values[i], curve.slopes[i]});
  return out;
}
inline Curve curve_of(const Lines& lines) {
  Curve out;
  for (const Line& line : lines) {
    if (!out.times.empty()) {
      const double before = out.values.back() + out.slopes.back() * (line.begin - out.times.back());
      if (line.slope == out.slopes.back() && std::abs(line.value - before) <= 1e-14 * std::abs(before)) continue;
    }
    out.times.push_back(line.begin), out.values.push_back(line.value), out.slopes.push_back(line.slope);
  }
  return out;
}
inline const Line& line_at(const Lines& lines, double t) {
  const auto next =
      std::upper_bound(lines.begin(), lines.end(), t, [](double x, const Line& l) { return x < l.begin; });
  return *std::prev(next);
}
/// Just before t; 0 at 0.
inline double before(const Lines& lines, double t) {
  if (!(t > 0)) return 0;
  const auto next =
      std::lower_bound(lines.begin(), lines.end(), t, [](const Line& l, double x) { return l.begin < x; });
  return std::prev(next)->at(t);
}
inline std::vector<double> begins(const Lines& a, const Lines& b) {
  std::vector<double> times;
  for (const auto* lines : {&a, &b})
    for (const Line& line : *lines) times.push_back(line.begin);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

/// Lower (sign 1) or upper (sign -1) of two curves.
inline Lines envelope(const Lines& a, const Lines& b, double sign = 1) {
  Lines out;
  const auto times = begins(a, b);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double begin = times[i], end = i + 1 < times.size() ? times[i + 1] : unbounded;
    const Line &left = line_at(a, begin), &right = line_at(b, begin);
    const double x = left.at(begin), y = right.at(begin);
    const bool first = sign * x < sign * y || (x == y && sign * left.slope <= sign * right.slope);
    const Line &low = first ? left : right, &high = first ? right : left;
    out.push_back({begin, first ? x : y, low.slope});
    const double closing = sign * (low.slope - high.slope);
    if (!(closing > 0) || !std::isfinite(high.value)) continue;
    const double meet = begin + std::abs(y - x) / closing;
    if (meet < end && meet > begin) out.push_back({meet, high.at(meet), high.slope});
  }
  return out;
}

inline Lines shifted(const Lines& lines, double right, double up) {
  Lines out;
  if (right > 0) out.push_back({0, unbounded, 0});
  for (const Line& line : lines) out.push_back({line.begin + right, line.value + up, line.slope});
  return out;
}

/// First time at which the curve is at least `level` (or above it); infinity where there is none.
inline double reaches(const Lines& lines, double level, bool above) {
  if (level < 0 || (level == 0 && !above)) return 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const double end = i + 1 < lines.size() ? lines[i + 1].begin : unbounded;
    if (above ? line.value > level : line.value >= level) return line.begin;
    if (line.slope == 0) continue;
    const double time = line.begin + (level - line.value) / line.slope;
    if (time < end) return time;
  }
  return unbounded;
}

}  // namespace detail

QSM_INLINE Curve token_bucket_curve(double rate, double burst) {
  Check check("token_bucket_curve");
  check.not_negative("rate", rate);
  check.not_negative("burst", burst);
  return {{0}, {burst}, {rate}};
}

QSM_INLINE Curve rate_latency_curve(double rate, double latency) {
  Check check("rate_latency_curve");
  check.not_negative("rate", rate);
  check.not_negative("latency", latency);
  if (latency == 0) return {{0}, {0}, {rate}};
  return {{0, latency}, {0, 0}, {0, rate}};
}

QSM_INLINE double curve_value(const Curve& curve, double time) {
  detail::check_curve("curve_value", "curve", curve);
  Check("curve_value").not_negative("time", time);
  return detail::line_at(detail::lines_of(curve), time).at(time);
}

QSM_INLINE Curve curve_minimum(const Curve& first, const Curve& second) {
  detail::check_curve("curve_minimum", "first", first);
  detail::check_curve("curve_minimum", "second", second);
  return detail::curve_of(detail::envelope(detail::lines_of(first), detail::lines_of(second)));
}

QSM_INLINE Curve curve_sum(const Curve& first, const Curve& second) {
  detail::check_curve("curve_sum", "first", first);
  detail::check_curve("curve_sum", "second", second);
  const auto a = detail::lines_of(first), b = detail::lines_of(second);
  detail::Lines out;
  for (const double t : detail::begins(a, b)) {
    const auto &left = detail::line_at(a, t), &right = detail::line_at(b, t);
    out.push_back({t, left.at(t) + right.at(t), left.slope + right.slope});
  }
  return detail::curve_of(out);
}

QSM_INLINE Curve convolve(const Curve& first, const Curve& second) {
  detail::check_curve("convolve", "first", first);
  detail::check_curve("convolve", "second", second);
  const auto a = detail::lines_of(first), b = detail::lines_of(second);
  // The least is where one of the two turns: the lower envelope of copies that begin there.
  detail::Lines out = detail::envelope(a, b);
  for (const auto& [of, other] : {std::pair{&a, &b}, std::pair{&b, &a}})
    for (const auto& line : *of)
      if (line.begin > 0)
        out = detail::envelope(out, detail::shifted(*other, line.begin, detail::before(*of, line.begin)));
  return detail::curve_of(out);
}

QSM_INLINE double delay_bound(const Curve& arrival, const Curve& service) {
  detail::check_curve("delay_bound", "arrival", arrival);
  detail::check_curve("delay_bound", "service", service);
  const auto a = detail::lines_of(arrival), s = detail::lines_of(service);
  if (a.back().slope > s.back().slope) return detail::unbounded;
  std::vector<double> times = arrival.times;
  for (const auto& line : s)
    for (const double level : {line.value, detail::before(s, line.begin)})
      if (const double t = detail::reaches(a, level, false); t < detail::unbounded) times.push_back(t);
  double longest = 0;
  for (const double t : times) {
    const auto& line = detail::line_at(a, t);
    const double level = line.at(t);
    longest = std::max(longest, detail::reaches(s, level, false) - t);
    if (line.slope > 0) longest = std::max(longest, detail::reaches(s, level, true) - t);
  }
  return longest;
}

QSM_INLINE double backlog_bound(const Curve& arrival, const Curve& service) {
  detail::check_curve("backlog_bound", "arrival", arrival);
  detail::check_curve("backlog_bound", "service", service);
  const auto a = detail::lines_of(arrival), s = detail::lines_of(service);
  if (a.back().slope > s.back().slope) return detail::unbounded;
  double most = 0;
  for (const double t : detail::begins(a, s)) {
    most = std::max(most, detail::line_at(a, t).at(t) - detail::line_at(s, t).at(t));
    most = std::max(most, detail::line_at(a, t).at(t) - detail::before(s, t));
  }
  return most;
}

QSM_INLINE Curve output_curve(const Curve& arrival, const Curve& service) {
  detail::check_curve("output_curve", "arrival", arrival);
  detail::check_curve("output_curve", "service", service);
  const auto a = detail::lines_of(arrival), s = detail::lines_of(service);
  Check("output_curve")
      .that(a.back().slope <= s.back().slope, "rate of arrival", a.back().slope, "at most the rate of service");
  // The greatest is where one of the two turns: arrivals from there on, or service read backwards from there.
  detail::Lines out{{0, 0, 0}};
  for (const double u : service.times) {
    detail::Lines later;
    const double done = detail::before(s, u);
    const auto& now = detail::line_at(a, u);
    later.push_back({0, now.at(u) - done, now.slope});
    for (const auto& line : a)
      if (line.begin > u) later.push_back({line.begin - u, line.value - done, line.slope});
    out = detail::envelope(out, later, -1);
  }
  for (const auto& turn : a) {
    if (!(turn.begin > 0)) continue;
    detail::Lines back;  // turn.value - service(turn.begin - t)
    std::vector<double> marks{0};
    for (auto u = service.times.rbegin(); u != service.times.rend(); ++u)
      if (*u<turn.begin&& * u> 0) marks.push_back(turn.begin - *u);
    marks.push_back(turn.begin);
    for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
      const double from = turn.begin - marks[i], to = turn.begin - marks[i + 1];
      const double high = detail::before(s, from), low = detail::line_at(s, to).at(to);
      back.push_back({marks[i], turn.value - high, (high - low) / (from - to)});
    }
    back.push_back({turn.begin, turn.value, 0});
    out = detail::envelope(out, back, -1);
  }
  return detail::curve_of(out);
}

QSM_INLINE Curve residual_service(const Curve& service, const Curve& cross, double blocking) {
  detail::check_curve("residual_service", "service", service);
  detail::check_curve("residual_service", "cross", cross);
  Check("residual_service").not_negative("blocking", blocking);
  const auto s = detail::lines_of(service), c = detail::lines_of(cross);
  const auto times = detail::begins(s, c);
  detail::Lines out;
  double level = 0;  // the running maximum
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double begin = times[i], end = i + 1 < times.size() ? times[i + 1] : detail::unbounded;
    const auto &mine = detail::line_at(s, begin), &theirs = detail::line_at(c, begin);
    const double left = mine.at(begin) - theirs.at(begin) - blocking, slope = mine.slope - theirs.slope;
    level = std::max(level, left);
    if (!(slope > 0)) {
      out.push_back({begin, level, 0});
      continue;
    }
    const double meet = begin + (level - left) / slope;
    if (meet > begin) out.push_back({begin, level, 0});
    if (meet < end) {
      out.push_back({meet, level, slope});
      level += slope * (end - meet);
    }
  }
  return detail::curve_of(out);
}

QSM_INLINE Curve fair_service(FairScheduler scheduler, double rate, std::span<const double> weights,
                              std::span<const double> largest, double flow, double quantum) {
  Check check("fair_service");
  check.positive("rate", rate);
  const std::size_t flows = weights.size();
  if (flows == 0) throw std::invalid_argument("fair_service: weights must not be empty");
  if (largest.size() != flows)
    throw std::invalid_argument("fair_service: largest must have one value for each of the " + std::to_string(flows) +
                                " flows, got " + std::to_string(largest.size()));
  check.count("flow", flow);
  check.that(flow < static_cast<double>(flows), "flow", flow, "below the number of flows");
  check.not_negative("quantum", quantum);
  const auto own = static_cast<std::size_t>(flow);
  double all = 0, jobs = 0, biggest = 0;
  for (std::size_t i = 0; i < flows; ++i) {
    check.positive("weights", weights[i]);
    check.positive("largest", largest[i]);
    all += weights[i], jobs += largest[i], biggest = std::max(biggest, largest[i]);
  }
  const double share = weights[own] / all * rate, others = jobs - largest[own];
  if (scheduler == FairScheduler::scfq) return rate_latency_curve(share, others / rate);
  if (scheduler != FairScheduler::drr) return rate_latency_curve(share, biggest / rate);
  check.positive("quantum", quantum);
  const double turn = weights[own] * quantum, around = (all - weights[own]) * quantum;
  return rate_latency_curve(share, (others + (1 + largest[own] / turn) * around) / rate);
}

}  // namespace qsm::inline v0::queueing
