#pragma once
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qsm/core/error.hpp>
#include <qsm/core/random.hpp>
#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/attention.ipp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/kernels/gemm.ipp>
#include <qsm/kernels/plan.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

inline double real(std::size_t count) { return static_cast<double>(count); }

/// What tiles multiply: "float32", "bfloat16" or "int8".
inline const char* kind_of(Dtype x, PackedFormat w, bool quantized) {
  if (x == Dtype::int8 || quantized) return "int8";
  const bool short_w = w == PackedFormat::bfloat16 || w == PackedFormat::int8 || w == PackedFormat::int4;
  return x == Dtype::bfloat16 && short_w ? "bfloat16" : "float32";
}

inline const char* format_name(PackedFormat format) {
  constexpr const char* names[] = {"float32", "bfloat16", "float16", "int8", "int4"};
  return names[static_cast<int>(format)];
}

inline std::string tile_name(const std::string& kind, std::size_t rows, bool wide) {
  return kind + (wide ? " tile for attention, rows: " : " tile, rows: ") + std::to_string(rows);
}
inline std::string ready_name(const std::string& from, const std::string& to) { return from + " made " + to; }
inline std::string left_name(Dtype x, const std::string& kind) {
  return "x of " + std::string(dtype_name(x)) + " made " + kind;
}
inline std::string laid_out_name(const char* what, const std::string& kind, bool away) {
  return std::string(what) + " of " + kind + (away ? " laid out from memory" : " laid out");
}
inline std::string store_name(bool exact, bool away) {
  return std::string("results stored as ") + (exact ? "int32" : "float32") + (away ? " in memory" : "");
}
inline std::string scale_name(bool integers) { return integers ? "sums of int32 scaled" : "sums of float32 scaled"; }

/// Numbers between -1 and 1, or whole ones of 8 or 4 bits: the same few thousand again and again, from any place on.
template <class Number>
std::vector<Number> some_numbers(std::size_t count, std::uint64_t seed, double low, double high) {
  std::vector<double> uniforms(4099);  // a prime: rows do not repeat each other
  Stream(seed).uniforms(0, uniforms);
  std::vector<Number> all(count);
  for (std::size_t i = 0; i < count; ++i)
    all[i] = static_cast<Number>(static_cast<float>(low + (high - low) * uniforms[i % uniforms.size()]));
  return all;
}

/// Bytes that hold numbers of any Dtype, and matrices of them.
struct Numbers {
  Numbers(Dtype type, std::size_t count, std::uint64_t seed) : dtype(type) {
    const auto fill = [&](auto values) {
      bytes.resize(values.size() * sizeof values[0]);
      std::memcpy(bytes.data(), values.data(), bytes.size());
    };
    if (type == Dtype::int8)
      fill(some_numbers<std::int8_t>(count, seed, -127, 127));
    else
      with_float(type, [&](auto number) { fill(some_numbers<decltype(number)>(count, seed, -1, 1)); });
  }
  ConstMatrix matrix(std::size_t rows, std::size_t columns) const {
    return {bytes.data(), dtype, rows, columns, static_cast<std::ptrdiff_t>(columns)};
  }
  ConstHeads heads(std::size_t tokens, std::size_t count, std::size_t size) const {
    return {bytes.data(),
            dtype,
            tokens,
            count,
            size,
            static_cast<std::ptrdiff_t>(count * size),
            static_cast<std::ptrdiff_t>(size)};
  }

  Dtype dtype;
  std::vector<std::byte> bytes;
};

inline PackedMatrix some_weights(const GemmShape& shape) {
  const std::size_t k = shape.inputs, n = shape.outputs;
  if (shape.w == PackedFormat::int8 || shape.w == PackedFormat::int4) {
    const bool fours = shape.w == PackedFormat::int4;
    const auto values = some_numbers<std::int8_t>(k * n, 2, fours ? 0 : -127, fours ? 15.99 : 127);
    const ConstMatrix integers(values.data(), k, n);
    if (!fours && shape.group == 0 && shape.x == Dtype::int8) return PackedMatrix(integers);
    const std::size_t groups = shape.group == 0 ? 1 : (k + shape.group - 1) / shape.group;
    const auto scales = some_numbers<float>(groups * n, 3, 0.001, 0.01);
    const ConstMatrix factors(scales.data(), groups, n);
    return fours ? PackedMatrix::of_int4(integers, factors, std::nullopt, shape.group)
                 : PackedMatrix::of_int8(integers, factors, shape.group);
  }
  constexpr Dtype dtypes[] = {Dtype::float32, Dtype::bfloat16, Dtype::float16};
  return PackedMatrix(Numbers(dtypes[static_cast<int>(shape.w)], k * n, 2).matrix(k, n));
}

inline bool is_exact(const GemmShape& shape) {
  return shape.x == Dtype::int8 && shape.w == PackedFormat::int8 && shape.group == 0;
}

/// A product ready to be run.
inline std::function<void()> product_of(const GemmShape& shape, int threads) {
  const std::size_t m = shape.rows, n = shape.outputs;
  auto x = std::make_shared<Numbers>(shape.x, m * shape.inputs, 1);
  auto w = std::make_shared<PackedMatrix>(some_weights(shape));
  auto y = std::make_shared<std::vector<float>>(m * n);
  const Dtype result = is_exact(shape) ? Dtype::int32 : Dtype::float32;
  return [=, quantize = shape.quantize_rows] {
    gemm(x->matrix(m, w->rows()), *w, {y->data(), result, m, n, static_cast<std::ptrdiff_t>(n)},
         {.quantize_rows = quantize, .threads = threads});
  };
}

inline std::function<void()> attention_of(const AttentionShape& shape, int threads) {
  const std::size_t queries = shape.sequences * shape.queries, keys = shape.sequences * shape.keys;
  auto q = std::make_shared<Numbers>(shape.dtype, queries * shape.heads * shape.size, 4);
  auto k = std::make_shared<Numbers>(shape.dtype, keys * shape.key_heads * shape.size, 5);
  auto v = std::make_shared<Numbers>(shape.dtype, keys * shape.key_heads * shape.size, 6);
  auto o = std::make_shared<std::vector<float>>(queries * shape.heads * shape.size);
  std::vector<std::uint64_t> query_starts, key_starts;
  for (std::uint64_t i = 0; i <= shape.sequences; ++i) {
    query_starts.push_back(i * shape.queries);
    key_starts.push_back(i * shape.keys);
  }
  return [=] {
    attention(q->heads(queries, shape.heads, shape.size), k->heads(keys, shape.key_heads, shape.size),
              v->heads(keys, shape.key_heads, shape.size), {o->data(), queries, shape.heads, shape.size}, {},
              {.causal = shape.causal, .query_starts = query_starts, .key_starts = key_starts, .threads = threads});
  };
}

inline void check_shape(const GemmShape& shape) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("plan: " + text); };
  if (shape.rows == 0 || shape.inputs == 0 || shape.outputs == 0) refuse("rows, inputs and outputs must be >= 1");
  const bool whole = shape.w == PackedFormat::int8 || shape.w == PackedFormat::int4;
  const bool floating = shape.x == Dtype::float32 || shape.x == Dtype::bfloat16 || shape.x == Dtype::float16;
  if (!floating && !(shape.x == Dtype::int8 && whole))
    refuse("x must be float32, bfloat16 or float16, or int8 where w is of integers, got " +
           std::string(dtype_name(shape.x)));
  if (shape.quantize_rows && (!whole || !floating)) refuse("quantize_rows needs a floating x and a w of integers");
  if (shape.group % 8 != 0) refuse("group must be a multiple of 8, got " + std::to_string(shape.group));
  if (shape.threads < 0) refuse("threads must be >= 0, got " + std::to_string(shape.threads));
}

inline void check_shape(const AttentionShape& shape) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("plan: " + text); };
  if (shape.queries == 0 || shape.keys == 0 || shape.sequences == 0) refuse("queries, keys and sequences must be >= 1");
  if (shape.heads == 0 || shape.key_heads == 0 || shape.heads % shape.key_heads != 0)
    refuse("key_heads must divide heads, got " + std::to_string(shape.key_heads) + " and " +
           std::to_string(shape.heads));
  if (shape.size == 0 || shape.size > 1024) refuse("size must be in [1, 1024], got " + std::to_string(shape.size));
  if (shape.dtype != Dtype::float32 && shape.dtype != Dtype::bfloat16 && shape.dtype != Dtype::float16)
    refuse("dtype must be float32, bfloat16 or float16, got " + std::string(dtype_name(shape.dtype)));
  if (shape.threads < 0) refuse("threads must be >= 0, got " + std::to_string(shape.threads));
}

/// Stages as they gather.
class Stages {
 public:
  explicit Stages(const hardware::Accelerator& machine) : machine_(machine) {}
  void add(const std::string& name, double work) {
    if (work <= 0) return;
    const double rate = hardware::work_rate(machine_, name, 1);
    if (rate == 0)
      throw std::invalid_argument("plan: machine " + machine_.name + " has no rate '" + name +
                                  "': measure it by profile_machine(probes())");
    for (StageTime& stage : all_)
      if (stage.name == name) {
        stage.work += work;
        stage.seconds += work / rate;
        return;
      }
    all_.push_back({name, work, work / rate});
  }
  /// Tiles for some rows, `steps` words down: `columns` times `per_word` multiply-adds in a step of a row.
  void tiles(const std::string& kind, std::size_t rows, std::size_t high, double steps, bool wide, double times) {
    const double step = 2 * real(wide ? wide_panel : panel_width) * (kind == "int8" ? 4 : kind == "bfloat16" ? 2 : 1);
    add(tile_name(kind, high, wide), step * steps * real(rows / high * high) * times);
    if (rows % high != 0) add(tile_name(kind, rows % high, wide), step * steps * real(rows % high) * times);
  }
  double seconds() const {
    double sum = 0;
    for (const StageTime& stage : all_) sum += stage.seconds;
    return sum;
  }
  std::vector<StageTime> all() const { return all_; }

 private:
  const hardware::Accelerator& machine_;
  std::vector<StageTime> all_;
};

inline double threads_of(int threads, const hardware::Accelerator& machine) {
  return threads == 0 ? machine.processors : std::min<double>(threads, machine.processors);
}

/// The roofline of a plan whose operations and bytes are known. On a GPU all of it works.
inline void set_floor(Plan& plan, const hardware::Accelerator& machine, const std::string& kind, int threads) {
  const double working = machine.kind == "gpu" ? machine.processors : threads_of(threads, machine);
  const double rate = hardware::work_rate(machine, kind, working);
  if (rate == 0) throw std::invalid_argument("plan: machine " + machine.name + " has no rate of '" + kind + "'");
  plan.machine = machine.name;
  plan.compute_seconds = plan.operations / rate;
  plan.memory_seconds = plan.bytes / hardware::read_bandwidth(machine, plan.bytes, working);
  plan.floor = std::max(plan.compute_seconds, plan.memory_seconds);
}

/// Whole waves of tiles at the achieved rate, where one is known.
inline void predict_by_waves(Plan& plan, const hardware::Accelerator& machine, const std::string& kind) {
  const double achieved = hardware::work_rate(machine, "achieved " + kind), peak = hardware::work_rate(machine, kind);
  plan.waves = std::ceil(plan.tiles / machine.processors);
  const double full = plan.waves * machine.processors / plan.tiles;
  const double compute = plan.compute_seconds * full * (achieved > 0 ? peak / achieved : 1);
  plan.predicted = machine.launch + std::max(compute, plan.memory_seconds);
  plan.bound = compute > plan.memory_seconds ? kind : "memory";
}

/// How much of a range that is used again and again comes from memory and not from a cache, by the time of a byte.
inline double part_from_memory(const hardware::Accelerator& machine, double footprint) {
  const auto byte_time = [&](double range) { return 1 / hardware::read_bandwidth(machine, range, 1); };
  const double cached = byte_time(1 << 20), from_memory = byte_time(1e12);
  return from_memory > cached ? std::clamp((byte_time(footprint) - cached) / (from_memory - cached), 0.0, 1.0) : 0;
}

/// Serial work and pieces that go to threads, with the reading of memory, which hides behind them in part: where both take
/// long, neither hides the other. The root of the sum of squares is what measured times come nearest to.
inline void predict_by_stages(Plan& plan, const hardware::Accelerator& machine, double threads, const Stages& serial,
                              const Stages& pieces, double reading) {
  plan.waves = std::ceil(plan.tiles / threads);
  const double shared = pieces.seconds() * plan.waves / plan.tiles, start = threads > 1 ? machine.launch : 0;
  plan.predicted = std::max(plan.floor, start + serial.seconds() + std::hypot(shared, reading));
  plan.stages = serial.all();
  for (const StageTime& stage : pieces.all()) plan.stages.push_back(stage);
  const auto longest = std::max_element(plan.stages.begin(), plan.stages.end(),
                                        [](const auto& a, const auto& b) { return a.seconds < b.seconds; });
  plan.bound = reading > shared ? "memory" : start > plan.predicted / 2 ? "start" : longest->name;
}

inline std::vector<hardware::Probe> all_probes() {
  std::vector<hardware::Probe> all;
  const GemmKernels& gemms = gemm_kernels();
  const AttentionKernels& heads = attention_kernels();
  // One set of words for all: small, so that a product of them is a number of any kind.
  const auto words = std::make_shared<std::vector<std::uint32_t>>(std::size_t{1} << 18, 0x01010101);
  const auto out = std::make_shared<std::vector<float>>(std::size_t{1} << 18);
  const auto space = std::make_shared<Workspace>();
  const auto memory = std::make_shared<std::vector<std::uint32_t>>(std::size_t{1} << 24, 0x01010101);  // 64 MiB
  const struct {
    const char* name;
    MultiplyPanel narrow, wide;
    double per_word;
  } kinds[] = {{"float32", gemms.multiply_float32, heads.multiply_float32, 1},
               {"bfloat16", gemms.multiply_bfloat16, heads.multiply_bfloat16, 2},
               {"int8", gemms.multiply_int8, nullptr, 4}};
  for (const auto& kind : kinds) {
    const auto tile = [&](std::string name, MultiplyPanel multiply, std::size_t width, std::size_t rows,
                          std::size_t depth) {
      all.emplace_back(std::move(name), 2 * real(rows * width * depth) * kind.per_word, [=] {
        multiply(words->data(), depth, rows, words->data() + 4096, width, depth, out->data(), true);
      });
    };
    tile(kind.name, kind.narrow, panel_width, gemms.tile_rows, 96);  // all of it in the nearest cache
    for (std::size_t rows = 1; rows <= gemms.tile_rows; ++rows)
      tile(tile_name(kind.name, rows, false), kind.narrow, panel_width, rows, words_at_once);
    for (std::size_t rows = 1; kind.wide != nullptr && rows <= heads.tile_rows; ++rows)
      tile(tile_name(kind.name, rows, true), kind.wide, wide_panel, rows, 64);
  }
  const struct {
    Expand expand;
    const char* from;
    const char* to;
    std::size_t numbers;  // of a word
  } ready[] = {{gemms.bfloat16_to_float32, "bfloat16", "float32", 2},
               {gemms.float16_to_float32, "float16", "float32", 2},
               {gemms.int8_to_float32, "int8", "float32", 4},
               {gemms.int8_to_bfloat16, "int8", "bfloat16", 4},
               {gemms.int4_to_float32, "int4", "float32", 8},
               {gemms.int4_to_bfloat16, "int4", "bfloat16", 8},
               {gemms.int4_to_int8, "int4", "int8", 8}};
  for (const auto& one : ready) {
    const std::size_t steps = words_at_once / 8;
    all.emplace_back(ready_name(one.from, one.to), real(steps * panel_width * one.numbers),
                     [=] { one.expand(words->data(), steps, space->words.data()); });
  }
  for (const bool integers : {true, false}) {
    const AddScaled add = integers ? gemms.add_scaled_int32 : gemms.add_scaled_float32;
    all.emplace_back(scale_name(integers), real(8 * panel_width), [=] {
      const auto* const whole = reinterpret_cast<const std::int32_t*>(words->data());
      add(words->data(), 8, {out->data(), nullptr, out->data(), integers ? whole : nullptr, 1, 8}, space->out.data());
    });
  }
  for (const auto& [x, kind] : {std::pair{Dtype::float32, "int8"},
                                {Dtype::bfloat16, "int8"},
                                {Dtype::float16, "int8"},
                                {Dtype::int8, "int8"},
                                {Dtype::bfloat16, "float32"},
                                {Dtype::float16, "float32"}}) {
    const std::size_t rows = 8, k = 1024;
    const bool integers = std::string_view(kind) == "int8", quantized = integers && x != Dtype::int8;
    const auto numbers = std::make_shared<Numbers>(x, rows * k, 1);
    const auto w = std::make_shared<PackedMatrix>(
        some_weights({rows, k, 1, x, integers ? PackedFormat::int4 : PackedFormat::float32, 128, quantized, 1}));
    all.emplace_back(left_name(x, kind), real(rows * k), [=, dtype = x] {
      left_of(numbers->matrix(rows, k), *w, way_of(dtype, w->format(), quantized), {.quantize_rows = quantized});
    });
  }
  const auto left = std::make_shared<Left>();
  left->whole_sums.assign(rows_at_once, 0);
  // Panel after panel of results that a cache holds, and of results too large for any.
  for (const bool exact : {true, false})
    for (const bool away : {false, true}) {
      const std::size_t columns = away ? memory->size() / rows_at_once : out->size() / rows_at_once;
      void* const results = away ? static_cast<void*>(memory->data()) : out->data();
      const auto panel = std::make_shared<std::size_t>(0);
      all.emplace_back(store_name(exact, away), real(rows_at_once * panel_width), [=, held = memory] {
        store_block(*left,
                    {results, exact ? Dtype::int32 : Dtype::float32, rows_at_once, columns,
                     static_cast<std::ptrdiff_t>(columns)},
                    {}, 0, rows_at_once, (*panel)++ % (columns / panel_width), exact, *space);
      });
    }
  all.emplace_back("product called", 1, product_of({}, 1));

  for (const bool pairs : {true, false}) {
    const std::string kind = pairs ? "bfloat16" : "float32";
    const std::size_t size = 128, keys = keys_of_block, held = pairs ? size / 2 : size;
    // Of eight heads one after the other, as they lie in a cache, and in a memory too large for any.
    for (const bool away : {false, true}) {
      const auto& from = away ? memory : words;
      const auto block = std::make_shared<std::size_t>(0);
      const auto next = [=] {  // where the next keys begin
        const std::size_t tokens = from->size() / (8 * held * keys) * keys, at = *block;
        *block = at + keys;
        return from->data() + at / tokens % 8 * held + at % tokens * 8 * held;
      };
      all.emplace_back(laid_out_name("keys", kind, away), real(keys * size), [=] {
        const std::uint32_t* const first = next();
        const std::uint32_t* at[wide_panel];
        for (std::size_t panel = 0; panel < keys; panel += wide_panel) {
          for (std::size_t j = 0; j < wide_panel; ++j) at[j] = first + (panel + j) * 8 * held;
          heads.pack_keys(at, wide_panel, held, space->words.data());
        }
      });
      all.emplace_back(laid_out_name("values", kind, away), real(keys * size), [=] {
        const std::uint32_t* const first = next();
        for (std::size_t j = 0; j < keys; j += pairs ? 2 : 1) {
          const std::uint32_t* const one = first + j * 8 * held;
          if (pairs)
            heads.pack_value_pair(reinterpret_cast<const std::uint16_t*>(one),
                                  reinterpret_cast<const std::uint16_t*>(one + 8 * held), size,
                                  space->words.data() + j / 2 * wide_panel, keys / 2 * wide_panel);
          else
            for (std::size_t i = 0; i < size; i += wide_panel)
              std::memcpy(out->data() + i / wide_panel * keys * wide_panel + j * wide_panel, one + i, wide_panel * 4);
        }
      });
    }
    const auto limits = std::make_shared<std::vector<float>>(3 * rows_of_block);
    all.emplace_back("softmax for " + kind, real(rows_of_block * keys), [=] {
      float* const largest = limits->data();
      heads.softmax_rows({out->data() + 65536, rows_of_block, keys, 1, largest, largest + rows_of_block,
                          largest + 2 * rows_of_block, space->words.data(), keys / (pairs ? 2 : 1),
                          std::size_t{pairs ? 2u : 1u}});
    });
    for (const std::uint64_t rows : {std::uint64_t{1}, std::uint64_t{rows_of_block}})
      all.emplace_back("attention of " + kind + " begun and ended, rows: " + std::to_string(rows), 1,
                       attention_of({rows, 1, 1, 1, size, 1, pairs ? Dtype::bfloat16 : Dtype::float32, false, 1}, 1));
  }
  return all;
}

}  // namespace detail

QSM_INLINE std::vector<hardware::Probe> probes() { return detail::all_probes(); }

QSM_INLINE Plan plan(const GemmShape& shape, const hardware::Accelerator& machine) {
  using detail::real;
  detail::check_shape(shape);
  const std::size_t m = shape.rows, k = shape.inputs, n = shape.outputs;
  const std::string kind = detail::kind_of(shape.x, shape.w, shape.quantize_rows);
  const bool exact = detail::is_exact(shape), integers = kind == "int8";
  const bool whole = shape.w == PackedFormat::int8 || shape.w == PackedFormat::int4;
  const std::size_t group = shape.group == 0 ? k : std::min<std::size_t>(shape.group, k),
                    groups = (k + group - 1) / group;
  const double stored =
      real(k * n) * 4 / real(detail::rows_per_word(shape.w)) + (whole && !exact ? 4 * real(groups * n) : 0);
  Plan plan;
  plan.gemm = shape;
  plan.operations = 2 * real(m) * real(k) * real(n);
  plan.bytes = real(m * k) * real(dtype_size(shape.x)) + stored + 4 * real(m * n);
  detail::set_floor(plan, machine, kind, shape.threads);
  if (machine.kind == "gpu") {
    plan.tile_rows = std::min(128.0, 16 * std::ceil(real(m) / 16));
    plan.tile_columns = 128;
    plan.tiles = std::ceil(real(m) / plan.tile_rows) * std::ceil(real(n) / plan.tile_columns);
    detail::predict_by_waves(plan, machine, kind);
    return plan;
  }
  const std::size_t panels = (n + detail::panel_width - 1) / detail::panel_width;
  const std::size_t high = detail::gemm_kernels().tile_rows, per_word = integers ? 4 : kind == "bfloat16" ? 2 : 1;
  detail::Stages serial(machine), pieces(machine);
  serial.add("product called", 1);
  const bool as_is = shape.x == Dtype::float32 ? !integers : shape.x == Dtype::bfloat16 && kind == "bfloat16";
  if (!as_is) serial.add(detail::left_name(shape.x, kind), real(m * k));
  const double away = detail::part_from_memory(machine, 4 * real(m * n));
  const double times = real(panels), steps = std::ceil(real(k) / real(per_word));
  for (std::size_t first = 0; first < m; first += detail::rows_at_once) {
    const std::size_t rows = std::min(detail::rows_at_once, m - first);
    if (detail::format_name(shape.w) != kind)
      pieces.add(detail::ready_name(detail::format_name(shape.w), kind), real(k * detail::panel_width) * times);
    const std::size_t chunk = groups > 1 ? detail::rows_of_sums : detail::rows_at_once;  // rows of one group's sums
    for (std::size_t row = 0; row < rows; row += chunk)
      pieces.tiles(kind, std::min(chunk, rows - row), high, steps, false, times);
    if (whole && !exact) pieces.add(detail::scale_name(integers), real(rows * detail::panel_width * groups) * times);
    pieces.add(detail::store_name(exact, false), real(rows) * real(n) * (1 - away));
    pieces.add(detail::store_name(exact, true), real(rows) * real(n) * away);
  }
  plan.tile_rows = real(std::min(m, detail::rows_at_once));
  plan.tile_columns = real(detail::panel_width);
  plan.tiles = std::ceil(real(m) / real(detail::rows_at_once)) * times;
  const double blocks = plan.tiles / times;
  const bool brief = plan.operations < 2.0 * (1 << 18);
  const double threads = brief ? 1 : std::min(detail::threads_of(shape.threads, machine), plan.tiles);
  const double reading = blocks * stored / hardware::read_bandwidth(machine, plan.bytes, threads);
  detail::predict_by_stages(plan, machine, threads, serial, pieces, reading);
  return plan;
}

QSM_INLINE Plan plan(const AttentionShape& shape, const hardware::Accelerator& machine) {
  using detail::real;
  detail::check_shape(shape);
  const std::string kind = shape.dtype == Dtype::bfloat16 ? "bfloat16" : "float32";
  const std::string known = shape.dtype == Dtype::float16 && machine.kind == "gpu" ? "float16" : kind;
  const std::size_t number = dtype_size(shape.dtype), group = shape.heads / shape.key_heads, size = shape.size;
  Plan plan;
  plan.attention = shape;
  double seen = 0;  // pairs of query and key
  const auto keys_of = [&](std::size_t query) {
    if (!shape.causal) return static_cast<std::size_t>(shape.keys);
    const auto last = static_cast<std::ptrdiff_t>(query + shape.keys + 1) - static_cast<std::ptrdiff_t>(shape.queries);
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(last, 0));
  };
  for (std::size_t i = 0; i < shape.queries; ++i) seen += real(keys_of(i));
  const double sequences = real(shape.sequences);
  plan.operations = 4 * seen * real(size * shape.heads) * sequences;
  plan.bytes =
      sequences * real(size) *
      (2 * real(shape.keys * shape.key_heads * number) + real(shape.queries * shape.heads) * (real(number) + 4));
  detail::set_floor(plan, machine, known, shape.threads);
  if (machine.kind == "gpu") {
    plan.tile_rows = 128;
    plan.tile_columns = 128;
    plan.tiles = sequences * real(shape.key_heads) * std::ceil(real(shape.queries * group) / 128);
    detail::predict_by_waves(plan, machine, known);
    return plan;
  }
  const std::size_t heads = std::min(group, detail::rows_of_block), tokens = detail::rows_of_block / heads;
  const std::size_t high = detail::attention_kernels().tile_rows, per_word = kind == "bfloat16" ? 2 : 1;
  const std::size_t words = (size + per_word - 1) / per_word;
  const std::size_t value_panels = (size + detail::wide_panel - 1) / detail::wide_panel;
  detail::Stages serial(machine), pieces(machine);
  // How much of the keys and values comes from memory, by the time of a byte; queries that share a head's keys find them
  // in a cache where those of one head fit.
  const double held = 2 * real(shape.keys * size * number) * (shape.queries > tokens ? 1 : real(shape.key_heads));
  const double part = detail::part_from_memory(machine, held);
  const auto lay_out = [&](const char* what, double work) {
    pieces.add(detail::laid_out_name(what, kind, false), work * (1 - part));
    pieces.add(detail::laid_out_name(what, kind, true), work * part);
  };
  const std::string begun = "attention of " + kind + " begun and ended, rows: ";
  const double full = real(detail::rows_of_block);
  for (std::size_t head = 0; head < group; head += heads)
    for (std::size_t query = 0; query < shape.queries; query += tokens) {
      const std::size_t some = std::min<std::size_t>(tokens, shape.queries - query),
                        of_head = std::min(heads, group - head);
      const std::size_t rows = some * of_head, last = keys_of(query + some - 1);
      const double times = sequences * real(shape.key_heads);
      plan.tiles += times;
      const double large = (real(rows) - 1) / (full - 1), scale = times * real(size) / 128;
      pieces.add(begun + "1", (1 - large) * scale);
      pieces.add(begun + std::to_string(detail::rows_of_block), large * scale);
      for (std::size_t start = 0; start < last; start += detail::keys_of_block) {
        const std::size_t keys = std::min(detail::keys_of_block, last - start);
        const std::size_t panels = (keys + detail::wide_panel - 1) / detail::wide_panel;
        lay_out("keys", times * real(panels * detail::wide_panel * size));
        pieces.tiles(kind, rows, high, real(words), true, times * real(panels));
        pieces.add("softmax for " + kind, times * real(rows * panels * detail::wide_panel));
        lay_out("values", times * real(keys * size));
        pieces.tiles(kind, rows, high, std::ceil(real(keys) / real(per_word)), true, times * real(value_panels));
      }
    }
  const double threads = std::min(detail::threads_of(shape.threads, machine), plan.tiles);
  plan.tile_rows = real(std::min<std::size_t>(tokens, shape.queries) * heads);
  plan.tile_columns = real(std::min<std::size_t>(detail::keys_of_block, shape.keys));
  detail::predict_by_stages(plan, machine, threads, serial, pieces, 0);
  return plan;
}

QSM_INLINE Estimate measure(const Plan& plan, const hardware::TimingOptions& options) {
  if (plan.stages.empty())
    throw std::invalid_argument("measure: the plan is for " + plan.machine +
                                ", which is not the processor that runs this");
  const int threads = plan.gemm ? plan.gemm->threads : plan.attention ? plan.attention->threads : 0;
  hardware::TimingOptions timing = options;
  timing.threads = threads != 1;
  if (plan.gemm) return hardware::time_call(detail::product_of(*plan.gemm, threads), timing);
  if (plan.attention) return hardware::time_call(detail::attention_of(*plan.attention, threads), timing);
  throw std::invalid_argument("measure: the plan must be of a product or of attention");
}

QSM_INLINE PlanComparison compare(const Plan& plan, double measured) {
  Check("compare").positive("measured", measured);
  return {plan.machine,
          plan.floor,
          plan.predicted,
          measured,
          plan.predicted / measured,
          plan.floor / measured,
          plan.bound,
          plan.operations / measured,
          plan.bytes / measured};
}

}  // namespace qsm::inline v0::kernels
