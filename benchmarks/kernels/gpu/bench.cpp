// The GPU kernels in time, beside cuBLAS and a plain copy, in one run: random numbers, inputs that rotate through more
// memory than the L2 cache has, replays of a graph, medians. Prints JSON; without a GPU it says so and ends with 3.
#include <cuda_runtime_api.h>
#ifdef QSM_CUBLAS
#include <cublas_v2.h>
#endif

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <qsm/cuda.hpp>

namespace {

using namespace qsm::kernels;

void check(cudaError_t error) {
  if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
}

/// Memory of the GPU with random bfloat16 between -1 and 1.
class Numbers {
 public:
  explicit Numbers(std::size_t count) {
    static const std::vector<bfloat16> some = [] {
      std::mt19937 random(1);
      std::uniform_real_distribution<float> uniform(-1, 1);
      std::vector<bfloat16> out(std::size_t{1} << 20);
      for (auto& value : out) value = bfloat16(uniform(random));
      return out;
    }();
    check(cudaMalloc(&data_, count * 2));
    for (std::size_t done = 0; done < count;) {  // what is there is copied behind itself
      const std::size_t more = std::min(done == 0 ? some.size() : done, count - done);
      check(cudaMemcpy(get() + done, done == 0 ? some.data() : get(), more * 2, cudaMemcpyDefault));
      done += more;
    }
  }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  ~Numbers() { cudaFree(data_); }
  bfloat16* get() const { return static_cast<bfloat16*>(data_); }

 private:
  void* data_ = nullptr;
};

/// Several arrays of one size, which a benchmark goes through in turn.
class Rotation {
 public:
  Rotation(std::size_t count, std::size_t sets) {
    for (std::size_t i = 0; i < sets; ++i) all_.push_back(std::make_unique<Numbers>(count));
  }
  bfloat16* operator[](std::size_t i) const { return all_[i % all_.size()]->get(); }

 private:
  std::vector<std::unique_ptr<Numbers>> all_;
};

/// Sets of inputs so that together they have four times the L2 cache [1].
std::size_t sets_for(std::size_t bytes) {
  int cache = 0;
  check(cudaDeviceGetAttribute(&cache, cudaDevAttrL2CacheSize, 0));
  return std::clamp<std::size_t>(4 * static_cast<std::size_t>(cache) / bytes + 1, 2, 64);
}

/// Seconds of one call: median over replays of a graph of `calls` calls.
double seconds(std::size_t calls, const std::function<void(std::size_t, cudaStream_t)>& call) {
  cudaStream_t stream;
  check(cudaStreamCreate(&stream));
  for (std::size_t i = 0; i < calls; ++i) call(i, stream);  // first calls set up what graphs may not
  check(cudaStreamSynchronize(stream));
  cudaGraph_t graph;
  cudaGraphExec_t executable;
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
  for (std::size_t i = 0; i < calls; ++i) call(i, stream);
  check(cudaStreamEndCapture(stream, &graph));
  check(cudaGraphInstantiate(&executable, graph, 0));
  cudaEvent_t start, stop;
  check(cudaEventCreate(&start));
  check(cudaEventCreate(&stop));
  std::vector<double> times;
  for (int replay = 0; replay < 18; ++replay) {
    check(cudaEventRecord(start, stream));
    check(cudaGraphLaunch(executable, stream));
    check(cudaEventRecord(stop, stream));
    check(cudaEventSynchronize(stop));
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, start, stop));
    if (replay >= 3) times.push_back(milliseconds * 1e-3 / static_cast<double>(calls));
  }
  cudaEventDestroy(start);
  cudaEventDestroy(stop);
  cudaGraphExecDestroy(executable);
  cudaGraphDestroy(graph);
  cudaStreamDestroy(stream);
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

bool first_row = true;

void row(const std::string& task, const std::string& shape, const std::string& name, double time, double flop,
         double bytes) {
  std::printf(
      "%s  {\"task\": \"%s\", \"shape\": \"%s\", \"name\": \"%s\", \"s\": %.4g, \"flop_per_s\": %.4g, \"bytes_per_s\": "
      "%.4g}",
      first_row ? "" : ",\n", task.c_str(), shape.c_str(), name.c_str(), time, flop / time, bytes / time);
  first_row = false;
  std::fflush(stdout);
}

void bench_copy() {
  const std::size_t count = std::size_t{1} << 29;
  const Numbers from(count), to(count);
  const double time = seconds(2, [&](std::size_t, cudaStream_t stream) {
    check(cudaMemcpyAsync(to.get(), from.get(), count * 2, cudaMemcpyDeviceToDevice, stream));
  });
  row("copy", "1 GiB", "cudaMemcpyAsync", time, 0, 4.0 * static_cast<double>(count));
}

void bench_gemm(std::size_t rows, std::size_t columns, std::size_t depth) {
  const std::size_t sets = sets_for(2 * depth * (rows + columns));
  const Rotation x(rows * depth, sets), w(columns * depth, sets), y(rows * columns, sets);
  const std::string shape = std::to_string(rows) + " x " + std::to_string(columns) + " x " + std::to_string(depth);
  const double flop = 2.0 * static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(depth);
  const auto bytes = static_cast<double>(2 * (rows * depth + depth * columns + rows * columns));
  const auto run = [&](const char* name, qsm::cuda::GemmVersion version) {
    const double time = seconds(sets, [&](std::size_t i, cudaStream_t stream) {
      qsm::cuda::GemmOptions options;
      options.version = version;
      options.stream = stream;
      qsm::cuda::gemm(ConstMatrix(x[i], rows, depth), ConstMatrix(w[i], columns, depth).transposed(),
                      MutableMatrix(y[i], rows, columns), options);
    });
    row("gemm bf16", shape, name, time, flop, bytes);
  };
  if (qsm::cuda::capability() == 90) run("qsm hopper", qsm::cuda::GemmVersion::hopper);
  run("qsm mma", qsm::cuda::GemmVersion::mma);
  if (flop < 3e11) run("qsm tiled", qsm::cuda::GemmVersion::tiled);
  if (flop < 3e10) run("qsm naive", qsm::cuda::GemmVersion::naive);
#ifdef QSM_CUBLAS
  cublasHandle_t handle;
  if (cublasCreate(&handle) != CUBLAS_STATUS_SUCCESS) throw std::runtime_error("cublasCreate");
  const Numbers space(std::size_t{1} << 25);
  const float one = 1, zero = 0;
  const auto size = [](std::size_t n) { return static_cast<int>(n); };
  const double time = seconds(sets, [&](std::size_t i, cudaStream_t stream) {
    cublasSetStream(handle, stream);
    cublasSetWorkspace(handle, space.get(), std::size_t{1} << 26);
    const auto status = cublasGemmEx(handle, CUBLAS_OP_T, CUBLAS_OP_N, size(columns), size(rows), size(depth), &one,
                                     w[i], CUDA_R_16BF, size(depth), x[i], CUDA_R_16BF, size(depth), &zero, y[i],
                                     CUDA_R_16BF, size(columns), CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT);
    if (status != CUBLAS_STATUS_SUCCESS) throw std::runtime_error("cublasGemmEx");
  });
  cublasDestroy(handle);
  row("gemm bf16", shape, "cublas", time, flop, bytes);
#endif
}

void bench_fours(std::size_t rows, std::size_t columns, std::size_t depth) {
  constexpr std::size_t group = 128;
  const std::size_t panels = (columns + 47) / 48, words = panels * 48 * depth / 8, scales = panels * 48 * depth / group;
  const std::size_t sets = sets_for(4 * (words + scales));
  const Rotation x(rows * depth, sets), y(rows * columns, sets), w(2 * words, sets), s(2 * scales, sets);
  const double time = seconds(sets, [&](std::size_t i, cudaStream_t stream) {
    qsm::cuda::GemmOptions options;
    options.stream = stream;
    qsm::cuda::gemm(
        ConstMatrix(x[i], rows, depth),
        {reinterpret_cast<const std::uint32_t*>(w[i]), reinterpret_cast<const float*>(s[i]), depth, columns, group},
        MutableMatrix(y[i], rows, columns), options);
  });
  row("gemm w4a16",
      std::to_string(rows) + " x " + std::to_string(columns) + " x " + std::to_string(depth) + " group 128", "qsm",
      time, 2.0 * static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(depth),
      static_cast<double>(4 * (words + scales) + 2 * rows * (depth + columns)));
}

void bench_prompt(std::size_t tokens, std::size_t heads, std::size_t key_heads, bool causal) {
  constexpr std::size_t size = 128;
  const std::size_t sets = sets_for(2 * tokens * size * (heads + 2 * key_heads));
  const Rotation q(tokens * heads * size, sets), k(tokens * key_heads * size, sets), v(tokens * key_heads * size, sets),
      o(tokens * heads * size, sets);
  const double time = seconds(sets, [&](std::size_t i, cudaStream_t stream) {
    qsm::cuda::AttentionOptions options;
    options.causal = causal;
    options.stream = stream;
    qsm::cuda::attention({q[i], tokens, heads, size}, {k[i], tokens, key_heads, size}, {v[i], tokens, key_heads, size},
                         {o[i], tokens, heads, size}, nullptr, options);
  });
  // Of a causal mask half is counted.
  const double flop =
      4.0 * static_cast<double>(tokens) * static_cast<double>(tokens * heads * size) * (causal ? 0.5 : 1);
  row(causal ? "prompt bf16 causal" : "prompt bf16 full",
      std::to_string(tokens) + " tokens, " + std::to_string(heads) + "/" + std::to_string(key_heads) + " x 128", "qsm",
      time, flop, 4.0 * static_cast<double>(tokens * size * (heads + key_heads)));
}

void bench_decode(std::size_t sequences, std::size_t length, std::size_t page_size) {
  constexpr std::size_t heads = 64, key_heads = 8, size = 128;
  const std::size_t pages = (length + page_size - 1) / page_size, tokens = sequences * pages * page_size;
  const std::size_t sets = std::min<std::size_t>(sets_for(4 * tokens * key_heads * size), 8);
  const Rotation q(sequences * heads * size, sets), k(tokens * key_heads * size, sets),
      v(tokens * key_heads * size, sets), o(sequences * heads * size, sets);
  std::vector<std::int32_t> table(sequences * pages), lengths(sequences, static_cast<std::int32_t>(length));
  std::iota(table.begin(), table.end(), 0);
  std::shuffle(table.begin(), table.end(), std::mt19937(1));
  const Numbers gpu_table(2 * table.size()), gpu_lengths(2 * lengths.size());
  check(cudaMemcpy(gpu_table.get(), table.data(), table.size() * 4, cudaMemcpyHostToDevice));
  check(cudaMemcpy(gpu_lengths.get(), lengths.data(), lengths.size() * 4, cudaMemcpyHostToDevice));
  const auto keys = [&](std::size_t i) {
    return qsm::cuda::PagedKeys{{k[i], tokens, key_heads, size},
                                {v[i], tokens, key_heads, size},
                                reinterpret_cast<const std::int32_t*>(gpu_table.get()),
                                reinterpret_cast<const std::int32_t*>(gpu_lengths.get()),
                                pages,
                                page_size,
                                length};
  };
  const Numbers space(qsm::cuda::decode_workspace({q[0], sequences, heads, size}, keys(0)) / 2);
  const double time = seconds(sets, [&](std::size_t i, cudaStream_t stream) {
    qsm::cuda::AttentionOptions options;
    options.stream = stream;
    qsm::cuda::attention_decode({q[i], sequences, heads, size}, keys(i), {o[i], sequences, heads, size}, space.get(),
                                nullptr, options);
  });
  row("decode bf16",
      std::to_string(sequences) + " x " + std::to_string(length) + ", 64/8 x 128, page " + std::to_string(page_size),
      "qsm", time, 4.0 * static_cast<double>(sequences * length) * heads * size,
      4.0 * static_cast<double>(sequences * length * key_heads * size));
}

}  // namespace

int main() {
  if (const std::string reason = qsm::cuda::missing(); !reason.empty()) {
    std::fprintf(stderr, "NO GPU HERE (%s): nothing was measured\n", reason.c_str());
    return 3;
  }
  cudaDeviceProp device;
  check(cudaGetDeviceProperties(&device, 0));
  int driver = 0, runtime = 0;
  check(cudaDriverGetVersion(&driver));
  check(cudaRuntimeGetVersion(&runtime));
  char date[32];
  const std::time_t now = std::time(nullptr);
  std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
  std::printf(
      "{\n \"what\": \"GPU kernels: random numbers, inputs rotate through 4 L2 caches, graph replays, medians of "
      "15\",\n"
      " \"command\": \"make bench-gpu\",\n \"date\": \"%s\",\n \"gpu\": \"%s\",\n \"multiprocessors\": %d,\n"
      " \"driver\": %d,\n \"cuda\": %d,\n \"rows\": [\n",
      date, device.name, device.multiProcessorCount, driver, runtime);
  bench_copy();
  for (const std::size_t size : {1024u, 4096u, 8192u}) bench_gemm(size, size, size);
  for (const std::size_t rows : {16u, 256u, 4096u}) bench_gemm(rows, 14336, 4096);
  for (const std::size_t rows : {1u, 16u, 128u, 4096u}) bench_fours(rows, 28672, 4096);
  if (qsm::cuda::capability() == 90) {
    for (const std::size_t tokens : {2048u, 8192u, 32768u}) bench_prompt(tokens, 64, 8, true);
    bench_prompt(4096, 64, 8, false);
  }
  bench_decode(64, 8192, 16);
  bench_decode(1, 131072, 16);
  bench_decode(64, 8192, 1);
  std::printf("\n ]\n}\n");
}
