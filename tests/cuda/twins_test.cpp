// GPU kernels beside their twins on the processor: outputs are poisoned, inputs and outputs lie between NaN. What refuses
// bad input is tested without a GPU too; the rest is skipped by name where there is none.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cuda_runtime_api.h>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <qsm/cuda.hpp>
#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/gemm.hpp>

#include "kernels/gpu_numbers.hpp"

namespace {

using namespace qsm::kernels;

#define QSM_NEEDS(least)                                                                                           \
  if (const std::string reason = qsm::cuda::missing(); !reason.empty()) GTEST_SKIP() << "no GPU here: " << reason; \
  if (const int own = qsm::cuda::capability(); own < (least) || ((least) == 90 && own != 90))                      \
  GTEST_SKIP() << "this GPU's compute capability is " << own

void check(cudaError_t error) {
  if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
}

/// Numbers in the GPU's memory, with bytes of 0xff (NaN) before and behind them.
template <class Number>
class Buffer {
 public:
  explicit Buffer(std::size_t count) : count_(count) {
    check(cudaMalloc(&bytes_, total()));
    check(cudaMemset(bytes_, 0xff, total()));
  }
  explicit Buffer(const std::vector<Number>& numbers) : Buffer(numbers.size()) {
    check(cudaMemcpy(data(), numbers.data(), numbers.size() * sizeof(Number), cudaMemcpyHostToDevice));
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { cudaFree(bytes_); }
  Number* data() const { return reinterpret_cast<Number*>(static_cast<char*>(bytes_) + margin); }
  std::vector<Number> read() const {
    check(cudaDeviceSynchronize());
    std::vector<unsigned char> all(total());
    check(cudaMemcpy(all.data(), bytes_, total(), cudaMemcpyDeviceToHost));
    for (std::size_t i = 0; i < all.size(); ++i)
      if ((i < margin || i >= margin + count_ * sizeof(Number)) && all[i] != 0xff)
        throw std::runtime_error("a kernel wrote beside its output");
    std::vector<Number> out(count_);
    std::copy_n(all.data() + margin, count_ * sizeof(Number), reinterpret_cast<unsigned char*>(out.data()));
    return out;
  }

 private:
  static constexpr std::size_t margin = 4096;
  std::size_t total() const { return count_ * sizeof(Number) + 2 * margin; }
  std::size_t count_;
  void* bytes_ = nullptr;
};

struct Shape {
  std::size_t rows, columns, depth;
};

template <class Number>
void expect_product(qsm::cuda::GemmVersion version, Shape shape, bool w_transposed) {
  const auto x = qsm_test::normal_numbers<Number>(shape.rows * shape.depth, 1);
  const auto w = qsm_test::normal_numbers<Number>(shape.columns * shape.depth, 2);
  const auto more = qsm_test::normal_numbers<Number>(shape.rows * shape.columns, 3);
  std::vector<float> bias(shape.columns), twin(more.size()), long_more(more.begin(), more.end());
  for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = static_cast<float>(i % 7) - 3;
  const Buffer<Number> gpu_x(x), gpu_w(w), gpu_more(more), y(more.size());
  const Buffer<float> gpu_bias(bias);
  const auto w_of = [&](const Number* data) {
    return w_transposed ? ConstMatrix(data, shape.columns, shape.depth).transposed()
                        : ConstMatrix(data, shape.depth, shape.columns);
  };
  qsm::cuda::GemmOptions options;
  options.version = version;
  options.bias = gpu_bias.data();
  options.activation = Activation::gelu;
  options.gate = options.residual = ConstMatrix(gpu_more.data(), shape.rows, shape.columns);
  qsm::cuda::gemm(ConstMatrix(gpu_x.data(), shape.rows, shape.depth), w_of(gpu_w.data()),
                  MutableMatrix(y.data(), shape.rows, shape.columns), options);
  GemmOptions plain;
  plain.bias = bias;
  plain.activation = Activation::gelu;
  plain.gate = plain.residual = ConstMatrix(long_more.data(), shape.rows, shape.columns);
  gemm(ConstMatrix(x.data(), shape.rows, shape.depth), w_of(w.data()),
       MutableMatrix(twin.data(), shape.rows, shape.columns), plain);
  EXPECT_LE(qsm_test::relative_error(y.read(), twin), dtype_of<Number> == Dtype::bfloat16 ? 3e-3 : 4e-4)
      << shape.rows << " x " << shape.columns << " x " << shape.depth;
}

class GpuProducts : public testing::TestWithParam<qsm::cuda::GemmVersion> {};

TEST_P(GpuProducts, AreTheTwin) {
  const auto version = GetParam();
  QSM_NEEDS(version == qsm::cuda::GemmVersion::hopper ? 90 : 80);
  for (const bool transposed : {false, true})
    for (const Shape shape : {Shape{1, 8, 8}, Shape{130, 136, 72}, Shape{5, 24, 520}, Shape{257, 384, 1024}}) {
      expect_product<bfloat16>(version, shape, transposed);
      expect_product<float16>(version, shape, transposed);
    }
}

std::string version_name(const testing::TestParamInfo<qsm::cuda::GemmVersion>& version) {
  constexpr const char* names[] = {"fastest", "naive", "tiled", "mma", "hopper"};
  return names[static_cast<std::size_t>(version.param)];
}

INSTANTIATE_TEST_SUITE_P(Ladder, GpuProducts,
                         testing::Values(qsm::cuda::GemmVersion::naive, qsm::cuda::GemmVersion::tiled,
                                         qsm::cuda::GemmVersion::mma, qsm::cuda::GemmVersion::hopper,
                                         qsm::cuda::GemmVersion::fastest),
                         version_name);

template <class Number>
void expect_prompt(std::size_t queries, std::size_t keys, std::size_t heads, std::size_t key_heads, std::size_t size,
                   bool causal) {
  const auto q = qsm_test::normal_numbers<Number>(queries * heads * size, 1);
  const auto k = qsm_test::normal_numbers<Number>(keys * key_heads * size, 2);
  const auto v = qsm_test::normal_numbers<Number>(keys * key_heads * size, 3);
  std::vector<float> twin(q.size()), twin_lse(queries * heads);
  const Buffer<Number> gpu_q(q), gpu_k(k), gpu_v(v), o(q.size());
  const Buffer<float> lse(twin_lse.size());
  qsm::cuda::AttentionOptions options;
  options.causal = causal;
  qsm::cuda::attention({gpu_q.data(), queries, heads, size}, {gpu_k.data(), keys, key_heads, size},
                       {gpu_v.data(), keys, key_heads, size}, {o.data(), queries, heads, size}, lse.data(), options);
  AttentionOptions plain;
  plain.causal = causal;
  attention({q.data(), queries, heads, size}, {k.data(), keys, key_heads, size}, {v.data(), keys, key_heads, size},
            {twin.data(), queries, heads, size}, twin_lse, plain);
  EXPECT_LE(qsm_test::relative_error(o.read(), twin), dtype_of<Number> == Dtype::bfloat16 ? 4e-3 : 6e-4);
  EXPECT_LE(qsm_test::worst_lse(lse.read(), twin_lse), 1e-3);
}

TEST(GpuAttention, PromptsAreTheTwin) {
  QSM_NEEDS(90);
  for (const std::size_t size : {64u, 128u})
    for (const bool causal : {false, true}) {
      expect_prompt<bfloat16>(1, 1, 1, 1, size, causal);
      expect_prompt<bfloat16>(113, 203, 4, 2, size, causal);
      expect_prompt<float16>(384, 256, 2, 1, size, causal);
      expect_prompt<bfloat16>(1023, 1024, 8, 1, size, causal);
    }
}

/// Several prompts in one array, q, k and v of a token or of a head beside each other; a window, a softcap, no lse.
TEST(GpuAttention, PromptsBesideEachOtherAreTheTwin) {
  QSM_NEEDS(90);
  const std::size_t batches = 3, length = 150, tokens = batches * length, heads = 4, key_heads = 2, size = 64;
  const auto all = qsm_test::normal_numbers<bfloat16>(tokens * (heads + 2 * key_heads) * size, 1);
  const Buffer<bfloat16> gpu_all(all);
  qsm::cuda::AttentionOptions options;
  AttentionOptions plain;
  options.window_before = plain.window_before = 70;
  options.window_after = plain.window_after = 20;
  options.softcap = plain.softcap = 5;
  options.batches = batches;
  const std::vector<std::uint64_t> starts{0, length, 2 * length, 3 * length};
  plain.query_starts = plain.key_starts = starts;
  for (const bool by_token : {true, false}) {
    const auto part = [&](const bfloat16* from, std::size_t first, std::size_t count) {
      const std::size_t token = by_token ? (heads + 2 * key_heads) * size : size,
                        head = by_token ? size : tokens * size;
      return ConstHeads(from + first * head, Dtype::bfloat16, tokens, count, size, static_cast<std::ptrdiff_t>(token),
                        static_cast<std::ptrdiff_t>(head));
    };
    const Buffer<bfloat16> o(tokens * heads * size);
    std::vector<float> twin(tokens * heads * size);
    qsm::cuda::attention(part(gpu_all.data(), 0, heads), part(gpu_all.data(), heads, key_heads),
                         part(gpu_all.data(), heads + key_heads, key_heads), {o.data(), tokens, heads, size}, nullptr,
                         options);
    attention(part(all.data(), 0, heads), part(all.data(), heads, key_heads),
              part(all.data(), heads + key_heads, key_heads), {twin.data(), tokens, heads, size}, {}, plain);
    EXPECT_LE(qsm_test::relative_error(o.read(), twin), 4e-3) << by_token;
  }
}

TEST(GpuAttention, NewTokensAreTheTwin) {
  QSM_NEEDS(80);
  const std::size_t heads = 8, key_heads = 2;
  for (const std::size_t size : {64u, 128u})
    for (const std::size_t page_size : {1u, 16u, 64u}) {
      const std::vector<std::int32_t> lengths{1, 1500, 0, 64};
      const std::size_t pages = (1500 + page_size - 1) / page_size, tokens = lengths.size() * pages * page_size;
      std::vector<std::int32_t> table(lengths.size() * pages);
      std::iota(table.rbegin(), table.rend(), 0);
      const auto q = qsm_test::normal_numbers<bfloat16>(lengths.size() * heads * size, 1);
      auto k = qsm_test::normal_numbers<bfloat16>(tokens * key_heads * size, 2);
      auto v = qsm_test::normal_numbers<bfloat16>(k.size(), 3);
      for (std::size_t i = 0; i < lengths.size(); ++i)  // what lies behind the last key of a sequence is NaN
        for (auto key = static_cast<std::size_t>(lengths[i]); key < pages * page_size; ++key) {
          const auto page = static_cast<std::size_t>(table[i * pages + key / page_size]);
          const std::size_t at = (page * page_size + key % page_size) * key_heads * size;
          for (std::size_t j = 0; j < key_heads * size; ++j)
            k[at + j] = v[at + j] = bfloat16(std::numeric_limits<float>::quiet_NaN());
        }
      std::vector<float> twin(q.size()), twin_lse(lengths.size() * heads);
      const Buffer<bfloat16> gpu_q(q), gpu_k(k), gpu_v(v), o(q.size());
      const Buffer<std::int32_t> gpu_table(table), gpu_lengths(lengths);
      const Buffer<float> lse(twin_lse.size());
      const qsm::cuda::PagedKeys keys{{gpu_k.data(), tokens, key_heads, size},
                                      {gpu_v.data(), tokens, key_heads, size},
                                      gpu_table.data(),
                                      gpu_lengths.data(),
                                      pages,
                                      page_size,
                                      1500};
      const ConstHeads gpu_heads(gpu_q.data(), lengths.size(), heads, size);
      const Buffer<float> space(qsm::cuda::decode_workspace(gpu_heads, keys) / 4);
      qsm::cuda::attention_decode(gpu_heads, keys, {o.data(), lengths.size(), heads, size}, space.data(), lse.data());
      AttentionOptions plain;
      std::vector<std::uint64_t> starts(lengths.size() + 1), key_counts(lengths.begin(), lengths.end());
      std::iota(starts.begin(), starts.end(), 0u);
      plain.query_starts = starts;
      plain.key_counts = key_counts;
      plain.page_table = table;
      plain.page_size = page_size;
      attention({q.data(), lengths.size(), heads, size}, {k.data(), tokens, key_heads, size},
                {v.data(), tokens, key_heads, size}, {twin.data(), lengths.size(), heads, size}, twin_lse, plain);
      EXPECT_LE(qsm_test::relative_error(o.read(), twin), 4e-3);
      EXPECT_LE(qsm_test::worst_lse(lse.read(), twin_lse), 1e-3);
    }
}

/// A row does not depend on those beside it, a result may begin at an odd number, and a call can be captured in a graph.
TEST(GpuCalls, RowsAndGraphsHaveTheSameBits) {
  QSM_NEEDS(80);
  const std::size_t rows = 200, columns = 136, depth = 520;
  const Buffer<bfloat16> x(qsm_test::normal_numbers<bfloat16>(rows * depth, 1));
  const Buffer<bfloat16> w(qsm_test::normal_numbers<bfloat16>(columns * depth, 2));
  const Buffer<bfloat16> together(rows * columns), alone(columns + 1), replayed(rows * columns);
  const auto run = [&](std::size_t row, std::size_t count, bfloat16* y, cudaStream_t stream) {
    qsm::cuda::GemmOptions options;
    options.stream = stream;
    qsm::cuda::gemm(ConstMatrix(x.data() + row * depth, count, depth),
                    ConstMatrix(w.data(), columns, depth).transposed(), MutableMatrix(y, count, columns), options);
  };
  run(0, rows, together.data(), nullptr);
  const auto all = together.read();
  for (const std::size_t row : {0u, 77u, 199u}) {
    run(row, 1, alone.data() + 1, nullptr);
    const auto one = alone.read();
    for (std::size_t i = 0; i < columns; ++i) ASSERT_EQ(one[i + 1].bits, all[row * columns + i].bits) << row;
  }
  cudaStream_t stream;
  cudaGraph_t graph;
  cudaGraphExec_t executable;
  check(cudaStreamCreate(&stream));
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
  run(0, rows, replayed.data(), stream);
  check(cudaStreamEndCapture(stream, &graph));
  check(cudaGraphInstantiate(&executable, graph, 0));
  check(cudaGraphLaunch(executable, stream));
  const auto again = replayed.read();
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(again[i].bits, all[i].bits);
  check(cudaGraphExecDestroy(executable));
  check(cudaGraphDestroy(graph));
  check(cudaStreamDestroy(stream));
}

TEST(GpuFours, AreTheTwin) {
  QSM_NEEDS(80);
  const std::size_t columns = 4100, depth = 1024, group = 128;
  std::vector<std::int8_t> values(depth * columns);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int8_t>(i * 2654435761u >> 20 & 15);
  std::vector<float> scales(depth / group * columns);
  for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = 0.01f + static_cast<float>(i % 97) * 1e-3f;
  const auto w = PackedMatrix::of_int4({values.data(), depth, columns}, {scales.data(), depth / group, columns},
                                       std::nullopt, group);
  const auto fours = qsm::cuda::fours_of(w);
  const Buffer<std::uint32_t> words({fours.words.begin(), fours.words.end()});
  const Buffer<float> gpu_scales({fours.scales.begin(), fours.scales.end()});
  for (const std::size_t rows : {1u, 16u, 200u}) {
    const auto x = qsm_test::normal_numbers<bfloat16>(rows * depth, 1);
    const Buffer<bfloat16> gpu_x(x), y(rows * columns);
    qsm::cuda::gemm(ConstMatrix(gpu_x.data(), rows, depth), {words.data(), gpu_scales.data(), depth, columns, group},
                    MutableMatrix(y.data(), rows, columns));
    std::vector<float> twin(rows * columns);
    gemm(ConstMatrix(x.data(), rows, depth), w, MutableMatrix(twin.data(), rows, columns));
    EXPECT_LE(qsm_test::relative_error(y.read(), twin), 3e-3) << rows;
  }
}

TEST(GpuRefusals, NameWhatIsWrong) {
  alignas(16) bfloat16 numbers[64];
  const MutableMatrix y(numbers, 4, 8);
  const auto message = [&](const ConstMatrix& x, const ConstMatrix& w) {
    try {
      qsm::cuda::gemm(x, w, y);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  EXPECT_EQ(message({numbers, 4, 8}, {numbers, 7, 8}), "cuda::gemm: x is 4 x 8, w is 7 x 8");
  const float single[32] = {};
  EXPECT_EQ(message({single, 4, 8}, {numbers, 8, 8}), "cuda::gemm: x must be bfloat16 or float16, got float32");
  using enum qsm::cuda::GemmVersion;
  EXPECT_EQ(qsm::cuda::refusal(hopper, {numbers, 4, 8}, {numbers, 8, 8}, y, {}, 80),
            "needs compute capability 9.0, got 80");
  EXPECT_EQ(qsm::cuda::refusal(hopper, {numbers, 4, 8}, {numbers, 8, 8}, y, {}, 90), "");
  EXPECT_EQ(qsm::cuda::refusal(mma, {numbers, 4, 7}, {numbers, 7, 8}, y, {}, 90),
            "rows of x and w must begin at multiples of 8 numbers, got strides of 7 and 8");
  EXPECT_EQ(message({numbers, Dtype::bfloat16, 4, 8, -8}, {numbers, 8, 8}),
            "cuda::gemm: strides must be >= 0 and less than 2^32, got -8");
  EXPECT_EQ(qsm::cuda::refusal(hopper, {numbers, Dtype::bfloat16, 4, 8, 0}, {numbers, 8, 8}, y, {}, 90),
            "rows that lie upon each other");
  EXPECT_THROW(qsm::cuda::attention({numbers, 1, 1, 32}, {numbers, 1, 1, 32}, {numbers, 1, 1, 32}, {numbers, 1, 1, 32}),
               std::invalid_argument);
}

TEST(GpuRefusals, AddressesThatCopiesCannotTake) {
  alignas(16) bfloat16 numbers[256];
  alignas(16) const std::uint32_t words[52] = {};
  EXPECT_THROW(qsm::cuda::gemm(ConstMatrix(numbers, 4, 8), {words + 1, nullptr, 8, 8, 8}, MutableMatrix(numbers, 4, 8)),
               std::invalid_argument);
  const qsm::cuda::PagedKeys keys{{numbers + 1, 1, 1, 64}, {numbers, 1, 1, 64}, nullptr, nullptr, 1, 1, 1};
  EXPECT_THROW(qsm::cuda::attention_decode({numbers, 1, 1, 64}, keys, {numbers, 1, 1, 64}, nullptr),
               std::invalid_argument);
}

TEST(GpuRefusals, WeightsOfOtherKinds) {
  const std::int8_t values[64] = {};
  const float scales[8] = {}, zeros[8] = {};
  EXPECT_THROW(qsm::cuda::fours_of(PackedMatrix({values, 8, 8})), std::invalid_argument);
  const auto with_zeros = PackedMatrix::of_int4({values, 8, 8}, {scales, 1, 8}, ConstMatrix(zeros, 1, 8));
  EXPECT_THROW(qsm::cuda::fours_of(with_zeros), std::invalid_argument);
  const auto plain = qsm::cuda::fours_of(PackedMatrix::of_int4({values, 8, 8}, {scales, 1, 8}));
  EXPECT_EQ(plain.words.size(), 48u);
  EXPECT_EQ(plain.scales.size(), 48u);
}

TEST(GpuRefusals, WithoutAGpuTheReasonIsGiven) {
  if (qsm::cuda::missing().empty()) GTEST_SKIP() << "there is a GPU";
  EXPECT_EQ(qsm::cuda::capability(), 0);
  bfloat16 numbers[64];
  EXPECT_THROW(qsm::cuda::gemm({numbers, 4, 8}, {numbers, 8, 8}, {numbers, 4, 8}), std::runtime_error);
}

}  // namespace
