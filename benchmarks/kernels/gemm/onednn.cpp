// The peer where it is installed: oneDNN, with weights in the layout that it asks for.
#if __has_include(<oneapi/dnnl/dnnl.hpp>)  // linked where it is found
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>

#include <benchmark/benchmark.h>

namespace {

using dnnl::memory;

template <memory::data_type left, memory::data_type right, memory::data_type result>
void product(benchmark::State& state) {
  const auto m = state.range(0), k = state.range(1), n = state.range(2);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const memory::desc x_of({m, k}, left, memory::format_tag::ab), w_of({k, n}, right, memory::format_tag::any),
      y_of({m, n}, result, memory::format_tag::ab);
  const dnnl::matmul::primitive_desc how(dnnl::matmul::desc(x_of, w_of, y_of), engine);
  memory x(x_of, engine), w(how.weights_desc(), engine), y(y_of, engine);
  memory plain({{k, n}, memory::data_type::f32, memory::format_tag::ab}, engine),
      plain_x({{m, k}, memory::data_type::f32, memory::format_tag::ab}, engine);
  auto* numbers = static_cast<float*>(plain.get_data_handle());
  for (std::int64_t i = 0; i < k * n; ++i) numbers[i] = static_cast<float>((i * 7919) % 201 - 100);
  numbers = static_cast<float*>(plain_x.get_data_handle());
  for (std::int64_t i = 0; i < m * k; ++i) numbers[i] = static_cast<float>((i * 104729) % 201 - 100);
  dnnl::reorder(plain, w).execute(stream, plain, w);
  dnnl::reorder(plain_x, x).execute(stream, plain_x, x);
  stream.wait();
  const dnnl::matmul multiply(how);
  for (auto _ : state) {
    multiply.execute(stream, {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, y}});
    stream.wait();
  }
  state.counters["Gop/s"] = benchmark::Counter(
      2e-9 * static_cast<double>(m * k * n) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

using enum memory::data_type;
BENCHMARK(product<f32, f32, f32>)->Args({256, 4096, 4096})->Name("onednn/float32");
BENCHMARK(product<bf16, bf16, f32>)->Args({256, 4096, 4096})->Name("onednn/bfloat16");
BENCHMARK(product<s8, s8, s32>)->Args({256, 4096, 4096})->Name("onednn/int8");
BENCHMARK(product<u8, s8, s32>)->Args({256, 4096, 4096})->Name("onednn/int8 of u8 and s8");

}  // namespace
#endif
