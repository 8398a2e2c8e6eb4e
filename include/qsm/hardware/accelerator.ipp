#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/hardware/accelerator.hpp>
#include <qsm/hardware/detail/json.hpp>

namespace qsm::inline v0::hardware {

namespace detail {

/// A published entry: rates of the whole machine, in 10^12 operations a second; 0 where there is none.
struct Published {
  const char* name;
  double processors, memory, bandwidth, cache;  // [1], [B], [B/s], [B]
  double float32, bfloat16, float8, int8;
  double achieved_bfloat16, achieved_float8;  // by searches over sizes of products
  const char* source;
};

inline constexpr Published published[] = {
    {"A100-SXM-80GB", 108, 80e9, 2.039e12, 40e6, 19.5, 312, 0, 624, 271.2, 0, "NVIDIA A100 data sheet, 2021"},
    {"H100-SXM", 132, 80e9, 3.35e12, 50e6, 66.9, 989.4, 1978.9, 1978.9, 794.5, 1402.6, "NVIDIA H100 data sheet, 2023"},
    {"H200-SXM", 132, 141e9, 4.8e12, 50e6, 66.9, 989.4, 1978.9, 1978.9, 794.5, 1453.4, "NVIDIA H200 data sheet, 2024"},
    {"B200", 148, 180e9, 7.7e12, 126e6, 75, 2250, 4500, 4500, 1745, 3432.5, "NVIDIA DGX B200 data sheet, 2024"},
    {"L4", 58, 24e9, 300e9, 48e6, 30.3, 121, 242, 242, 0, 0, "NVIDIA L4 data sheet, 2023"},
    {"L40S", 142, 48e9, 864e9, 96e6, 91.6, 362.05, 733, 733, 0, 0, "NVIDIA L40S data sheet, 2023"},
    {"MI300X", 304, 192e9, 5.3e12, 256e6, 163.4, 1307.4, 2614.9, 2614.9, 668.4, 0,
     "AMD Instinct MI300X data sheet, 2023"},
};

inline bool same_name(const std::string& one, const std::string& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

inline Accelerator entry_of(const Published& from) {
  Accelerator machine;
  machine.name = from.name;
  machine.source = from.source;
  machine.kind = "gpu";
  machine.processors = from.processors;
  machine.memory = from.memory;
  machine.launch = 0;
  machine.bandwidths = {{from.memory, 0, from.bandwidth}};
  const auto add = [&](const char* name, double rate) {
    if (rate > 0) machine.rates.push_back({name, rate * 1e12 / from.processors});
  };
  add("float32", from.float32);
  add("bfloat16", from.bfloat16);
  add("float16", from.bfloat16);
  add("float8", from.float8);
  add("int8", from.int8);
  add("achieved bfloat16", from.achieved_bfloat16);
  add("achieved float8", from.achieved_float8);
  if (from.achieved_bfloat16 > 0)
    machine.source += "; achieved: S. Bekman, Machine Learning Engineering, maximum achievable matmul FLOPS, 2025";
  return machine;
}

}  // namespace detail

QSM_INLINE std::vector<std::string> accelerator_names() {
  std::vector<std::string> names;
  for (const auto& one : detail::published) names.emplace_back(one.name);
  return names;
}

QSM_INLINE Accelerator accelerator(const std::string& name) {
  std::string known;
  for (const auto& one : detail::published) {
    if (detail::same_name(name, one.name)) return detail::entry_of(one);
    known += known.empty() ? "" : ", ";
    known += one.name;
  }
  throw std::invalid_argument("accelerator: name must be one of " + known + ", got '" + name + "'");
}

QSM_INLINE double work_rate(const Accelerator& machine, const std::string& name, double processors) {
  Check("work_rate").count("processors", processors);
  const double working = processors == 0 ? machine.processors : std::min(processors, machine.processors);
  for (const Rate& rate : machine.rates)
    if (rate.name == name) return rate.value * working;
  return 0;
}

QSM_INLINE double read_bandwidth(const Accelerator& machine, double footprint, double threads) {
  Check check("read_bandwidth");
  check.that(footprint > 0, "footprint", footprint, "> 0");
  check.count("threads", threads);
  if (machine.bandwidths.empty()) throw std::invalid_argument("read_bandwidth: machine must have bandwidths");
  if (threads == 0) threads = machine.processors;
  // Of those measured for the largest number of threads that is not above, or the smallest.
  double nearest = 0, smallest = std::numeric_limits<double>::infinity();
  for (const Bandwidth& one : machine.bandwidths) {
    if (one.threads <= threads) nearest = std::max(nearest, one.threads);
    smallest = std::min(smallest, one.threads);
  }
  nearest = std::max(nearest, smallest);
  std::vector<Bandwidth> range;
  for (const Bandwidth& one : machine.bandwidths)
    if (one.threads == nearest) range.push_back(one);
  std::sort(range.begin(), range.end(),
            [](const Bandwidth& a, const Bandwidth& b) { return a.footprint < b.footprint; });
  if (footprint >= range.back().footprint) return range.back().rate;
  if (footprint <= range.front().footprint) return range.front().rate;
  const auto above =
      std::find_if(range.begin(), range.end(), [&](const auto& one) { return one.footprint > footprint; });
  const auto below = above - 1;
  const double part = std::log(footprint / below->footprint) / std::log(above->footprint / below->footprint);
  return below->rate * std::pow(above->rate / below->rate, part);
}

QSM_INLINE std::string to_json(const Accelerator& machine) {
  const auto number = [](double value) { return core::detail::shortest(value); };
  std::string out =
      "{\n  \"name\": " + detail::quoted(machine.name) + ",\n  \"source\": " + detail::quoted(machine.source);
  out += ",\n  \"kind\": " + detail::quoted(machine.kind) + ",\n  \"processors\": " + number(machine.processors);
  out += ",\n  \"memory\": " + number(machine.memory) + ",\n  \"launch\": " + number(machine.launch);
  out += ",\n  \"bandwidths\": [";
  const char* between = "\n    ";
  for (const Bandwidth& one : machine.bandwidths) {
    out += between;
    out += "{\"footprint\": " + number(one.footprint) + ", \"threads\": " + number(one.threads);
    out += ", \"rate\": " + number(one.rate) + "}";
    between = ",\n    ";
  }
  out += "\n  ],\n  \"rates\": {";
  between = "\n    ";
  for (const Rate& rate : machine.rates) {
    out += between;
    out += detail::quoted(rate.name) + ": " + number(rate.value);
    between = ",\n    ";
  }
  return out += "\n  }\n}\n";
}

QSM_INLINE Accelerator from_json(const std::string& text) {
  using detail::Json;
  const Json whole = detail::JsonReader(text).whole();
  Check check("from_json");
  const auto letters = [&](const char* name) { return detail::member(whole, name, Json::text).letters; };
  const auto number = [&](const Json& from, const char* name) {
    return detail::member(from, name, Json::number).value;
  };
  Accelerator machine;
  machine.name = letters("name");
  machine.source = letters("source");
  machine.kind = letters("kind");
  if (machine.kind != "cpu" && machine.kind != "gpu")
    throw std::invalid_argument("from_json: kind must be cpu or gpu, got '" + machine.kind + "'");
  machine.processors = number(whole, "processors");
  check.positive_count("processors", machine.processors);
  machine.memory = number(whole, "memory");
  check.not_negative("memory", machine.memory);
  machine.launch = number(whole, "launch");
  check.not_negative("launch", machine.launch);
  for (const Json& one : detail::member(whole, "bandwidths", Json::array).elements) {
    machine.bandwidths.push_back({number(one, "footprint"), number(one, "threads"), number(one, "rate")});
    check.positive("footprint", machine.bandwidths.back().footprint);
    check.count("threads", machine.bandwidths.back().threads);
    check.positive("rate", machine.bandwidths.back().rate);
  }
  const Json& rates = detail::member(whole, "rates", Json::object);
  for (const std::string& name : rates.keys) {
    machine.rates.push_back({name, number(rates, name.c_str())});
    check.positive("rates", machine.rates.back().value);
  }
  return machine;
}

}  // namespace qsm::inline v0::hardware
