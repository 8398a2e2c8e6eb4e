// Entries of machines: published numbers, JSON there and back, reading between what was measured.
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <qsm/hardware.hpp>

#include "golden.hpp"

namespace {

using namespace qsm::hardware;

TEST(Accelerator, PublishedRidgesAreThoseOfTheDataSheets) {
  // Operations in bfloat16 per byte from memory: data-sheet rate over data-sheet bandwidth.
  const struct {
    const char* name;
    double ridge;
  } known[] = {{"H100-SXM", 295.3}, {"A100-SXM-80GB", 153.0}, {"h200-sxm", 206.1}};
  for (const auto& [name, ridge] : known) {
    const Accelerator machine = accelerator(name);
    EXPECT_NEAR(work_rate(machine, "bfloat16") / read_bandwidth(machine, 1e12), ridge, 0.1) << name;
    EXPECT_FALSE(machine.source.empty());
  }
  for (const std::string& name : accelerator_names()) {
    const Accelerator machine = accelerator(name);
    EXPECT_LE(work_rate(machine, "achieved bfloat16"), work_rate(machine, "bfloat16")) << name;
    EXPECT_LE(work_rate(machine, "achieved float8"), work_rate(machine, "float8")) << name;
  }
  EXPECT_THROW(accelerator("abacus"), std::invalid_argument);
}

TEST(Accelerator, NumbersAreThoseThatOthersCollected) {
  const auto rows = qsm_test::golden("hardware/accelerators.csv");
  EXPECT_EQ(rows.size(), accelerator_names().size());
  for (const auto& row : rows) {
    const Accelerator machine = accelerator(row.text("name"));
    EXPECT_NEAR(work_rate(machine, "bfloat16") / 1e12 / row["bfloat16"], 1, 0.01) << row.where;
    EXPECT_NEAR(work_rate(machine, "int8") / 1e12 / row["int8"], 1, 0.01) << row.where;
    EXPECT_NEAR(machine.memory / 1e9 / row["memory"], 1, 0.01) << row.where;
    EXPECT_NEAR(read_bandwidth(machine, 1e15) / 1e9 / row["bandwidth"], 1, 0.01) << row.where;
  }
}

TEST(Accelerator, ComesBackFromJsonToTheLastBit) {
  Accelerator machine = accelerator("H200-SXM");
  machine.name = "a \"quoted\" \\ name\nof two lines";
  machine.launch = 1.0 / 3e6;
  machine.bandwidths = {{1e5, 1, 1e11 / 3}, {1e9, 2, 2e10 / 7}};
  const std::string text = to_json(machine);
  const Accelerator again = from_json(text);
  EXPECT_EQ(to_json(again), text);
  EXPECT_EQ(again.name, machine.name);
  EXPECT_EQ(again.launch, machine.launch);
  EXPECT_EQ(again.bandwidths[1].rate, machine.bandwidths[1].rate);
  EXPECT_EQ(again.rates.size(), machine.rates.size());
  EXPECT_EQ(work_rate(again, "int8", 3), work_rate(machine, "int8", 3));
}

TEST(Accelerator, RefusesBrokenJson) {
  const std::string text = to_json(accelerator("L4"));
  const auto changed = [&](const std::string& what, const std::string& with) {
    std::string other = text;
    const auto at = other.find(what);
    EXPECT_NE(at, std::string::npos);
    return other.replace(at, what.size(), with);
  };
  for (const std::string& bad : {std::string(), std::string("[1, 2"), text + "x", text.substr(0, text.size() / 2),
                                 changed("\"gpu\"", "\"abacus\""), changed("\"memory\"", "\"men\""),
                                 changed("\"processors\": 58", "\"processors\": \"58\""), std::string(100, '[')})
    EXPECT_THROW(from_json(bad), std::invalid_argument) << bad;
  EXPECT_THROW(from_json(changed("\"processors\": 58", "\"processors\": 0")), std::domain_error);
  EXPECT_EQ(from_json(changed("{", "{\"more\": [true, null, {\"x\": -1e3}], ")).name, "L4");
}

TEST(Accelerator, ReadsBetweenWhatWasMeasured) {
  Accelerator machine = accelerator("L4");
  machine.processors = 8;
  machine.bandwidths = {{1e4, 1, 4e10}, {1e8, 1, 1e10}, {1e8, 4, 3e10}};
  EXPECT_EQ(read_bandwidth(machine, 1, 1), 4e10);
  EXPECT_EQ(read_bandwidth(machine, 1e12, 1), 1e10);
  EXPECT_NEAR(read_bandwidth(machine, 1e6, 1), 2e10, 1);  // half way, by logarithms
  EXPECT_EQ(read_bandwidth(machine, 1e12, 3), 1e10);      // of one thread, the next that was measured below
  EXPECT_EQ(read_bandwidth(machine, 1e12), 3e10);
  double before = std::numeric_limits<double>::infinity();
  for (double size = 1e3; size < 1e10; size *= 1.5) {
    EXPECT_LE(read_bandwidth(machine, size, 1), before);
    before = read_bandwidth(machine, size, 1);
  }
  EXPECT_THROW(read_bandwidth(machine, 0), std::domain_error);
  EXPECT_THROW(read_bandwidth(machine, 1, -1), std::domain_error);
  EXPECT_EQ(work_rate(machine, "no such rate"), 0);
  EXPECT_EQ(work_rate(machine, "int8", 100), work_rate(machine, "int8"));
}

TEST(Profile, CountsWhatProbesDo) {
  // A probe that waits a known time: its rate is known too.
  int calls = 0;
  const Probe waits("waits", 50, [&] {
    ++calls;
    volatile double x = 1;
    for (int i = 0; i < 20000; ++i) x = x * 1.0000001;
  });
  const Probe twice("twice", 50, [&] {
    waits.run();
    waits.run();
  });
  const Probe both[] = {waits, twice};
  const Accelerator machine = profile_machine(both, {.seconds = 0.004});
  EXPECT_GE(calls, 2 * 3 * 3);
  EXPECT_NEAR(work_rate(machine, "waits", 1) / work_rate(machine, "twice", 1), 2, 0.5);
  EXPECT_EQ(machine.kind, "cpu");
  EXPECT_GE(machine.processors, 1);
  EXPECT_GT(read_bandwidth(machine, 1 << 14, 1), read_bandwidth(machine, 1e9, 1));  // caches are faster than memory
  EXPECT_EQ(to_json(from_json(to_json(machine))), to_json(machine));
  EXPECT_THROW(Probe("nothing", 0, [] {}), std::domain_error);
  EXPECT_THROW(time_call([] {}, {.seconds = 0}), std::domain_error);
}

TEST(Profile, TimeIsTheLeastOfSamples) {
  const auto time = time_call([] {}, {.seconds = 0.002});
  EXPECT_GT(time.value, 0);
  EXPECT_EQ(time.value, time.low);
  EXPECT_LE(time.low, time.high);
  EXPECT_EQ(time.method.rfind("least of ", 0), 0u);
}

}  // namespace
