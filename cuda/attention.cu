// Attention for the GPU; its texts are in qsm/kernels/detail/gpu/attention.hpp.
#include <cmath>

#include <qsm/cuda.hpp>
#include <qsm/kernels/detail/gpu/attention.hpp>
#include <qsm/kernels/detail/gpu/ptx.hpp>

#include "launch.cuh"

namespace qsm::inline v0::cuda {

namespace gpu = kernels::detail::gpu;
using gpu::Ptx;
using kernels::bfloat16;
using kernels::float16;

namespace {

template <class Number, std::uint32_t size>
__global__ void __launch_bounds__(gpu::prefill_threads, 1)
    prefill(const __grid_constant__ gpu::PrefillArguments<Ptx, Number> arguments,
            const __grid_constant__ CUtensorMap q_map, const __grid_constant__ CUtensorMap k_map,
            const __grid_constant__ CUtensorMap v_map) {
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
  gpu::attention_prefill<Number, size>(Ptx{}, arguments, q_map, k_map, v_map);
#else
  __trap();  // a library that was built without 9.0a says so
#endif
}

template <class Number, std::uint32_t size>
__global__ void __launch_bounds__(gpu::decode_threads, 3) decode(const gpu::DecodeArguments<Ptx, Number> arguments) {
  gpu::attention_decode<Number, size>(Ptx{}, arguments);
}

template <class Number, std::uint32_t size>
__global__ void __launch_bounds__(size) merge(const gpu::DecodeArguments<Ptx, Number> arguments) {
  gpu::attention_merge<Number, size>(Ptx{}, arguments);
}

[[noreturn]] void refuse(const std::string& function, const std::string& text) {
  throw std::invalid_argument("cuda::" + function + ": " + text);
}

std::string size_text(const ConstHeads& heads) {
  return std::to_string(heads.tokens) + " tokens x " + std::to_string(heads.heads) + " heads x " +
         std::to_string(heads.size);
}

bool without_gaps(const ConstHeads& heads) {
  return heads.head_stride == static_cast<std::ptrdiff_t>(heads.size) &&
         heads.token_stride == static_cast<std::ptrdiff_t>(heads.size * heads.heads);
}

void check_heads(const std::string& function, const ConstHeads& q, const ConstHeads& k, const ConstHeads& v,
                 const MutableHeads& o, const AttentionOptions& options) {
  if (q.dtype != Dtype::bfloat16 && q.dtype != Dtype::float16)
    refuse(function, "q must be bfloat16 or float16, got " + std::string(kernels::dtype_name(q.dtype)));
  if (k.dtype != q.dtype || v.dtype != q.dtype || o.dtype != q.dtype)
    refuse(function, "k, v and o must be of the Dtype of q");
  if (q.size != 64 && q.size != 128)
    refuse(function, "heads of 64 or 128 numbers are supported, got " + std::to_string(q.size));
  if (k.size != q.size || v.size != q.size || v.tokens != k.tokens || v.heads != k.heads)
    refuse(function, "k and v must be alike, of the size of q: q is " + size_text(q) + ", k " + size_text(k) + ", v " +
                         size_text(v));
  if (k.heads == 0 || q.heads % k.heads != 0)
    refuse(function, "heads of k must divide those of q, got q of " + size_text(q) + ", k of " + size_text(k));
  if (o.tokens != q.tokens || o.heads != q.heads || o.size != q.size || !without_gaps(o))
    refuse(function, "o must be as q, without gaps, got o of " + size_text(o) + ", q of " + size_text(q));
  for (const ConstHeads* heads : {&q, &k, &v, static_cast<const ConstHeads*>(&o)})
    if (reinterpret_cast<std::uintptr_t>(heads->data) % 16 != 0)
      refuse(function, "q, k, v and o must begin at multiples of 16 bytes");
  if (!(options.softcap >= 0) || std::isinf(options.softcap)) refuse(function, "softcap must be finite and >= 0");
  if (options.scale && !std::isfinite(*options.scale)) refuse(function, "scale must be finite");
}

void need(const std::string& function, int least) {
  if (const std::string reason = missing(); !reason.empty())
    throw std::runtime_error("cuda::" + function + ": " + reason);
  if (const int own = capability(); own < least || (least == 90 && own != 90))
    throw std::runtime_error("cuda::" + function + ": needs compute capability " + std::to_string(least / 10) +
                             ".0, got " + std::to_string(own));
}

gpu::Scores scores_of(const ConstHeads& q, const AttentionOptions& options) {
  constexpr std::uint32_t farthest = 0x3fffffff;
  gpu::Scores scores;
  scores.scale = static_cast<float>(options.scale.value_or(1 / std::sqrt(static_cast<double>(q.size))));
  scores.softcap = static_cast<float>(options.softcap);
  scores.before = static_cast<std::int32_t>(gpu::smaller(options.window_before.value_or(farthest), farthest));
  scores.after =
      options.causal ? 0 : static_cast<std::int32_t>(gpu::smaller(options.window_after.value_or(farthest), farthest));
  return scores;
}

CUtensorMap map_of(const ConstHeads& heads, std::size_t batches) {
  const auto bytes = [](std::ptrdiff_t stride) { return static_cast<std::uint64_t>(stride) * 2; };
  const std::uint64_t tokens = heads.tokens / batches;
  return detail::tensor_map(heads.data, heads.dtype == Dtype::bfloat16, {heads.size, heads.heads, tokens, batches},
                            {bytes(heads.head_stride), bytes(heads.token_stride), bytes(heads.token_stride) * tokens},
                            {gpu::panel_columns, 1, gpu::prefill_keys, 1}, 4);
}

/// Calls with the type of the numbers and the size of the heads.
template <class Call>
void with_kind(const ConstHeads& q, const Call& call) {
  const auto sized = [&](auto number) {
    if (q.size == 64)
      call(number, std::integral_constant<std::uint32_t, 64>{});
    else
      call(number, std::integral_constant<std::uint32_t, 128>{});
  };
  if (q.dtype == Dtype::bfloat16)
    sized(bfloat16{});
  else
    sized(float16{});
}

}  // namespace

void attention(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o, float* lse,
               const AttentionOptions& options) {
  check_heads("attention", q, k, v, o, options);
  if (options.batches == 0 || q.tokens % options.batches != 0 || k.tokens % options.batches != 0)
    refuse("attention", "batches must divide the tokens of q and k, got " + std::to_string(options.batches) + " of " +
                            std::to_string(q.tokens) + " and " + std::to_string(k.tokens));
  for (const ConstHeads* heads : {&q, &k, &v})
    if (heads->token_stride % 8 != 0 || heads->head_stride % 8 != 0 || heads->token_stride <= 0 ||
        heads->head_stride <= 0)
      refuse("attention", "heads of q, k and v must begin at multiples of 16 bytes");
  if (k.tokens == 0) refuse("attention", "k must have tokens");
  need("attention", 90);
  if (q.tokens == 0 || q.heads == 0) return;
  with_kind(q, [&](auto number, auto size) {
    using Number = decltype(number);
    gpu::PrefillArguments<Ptx, Number> arguments;
    arguments.queries = static_cast<std::uint32_t>(q.tokens / options.batches);
    arguments.keys = static_cast<std::uint32_t>(k.tokens / options.batches);
    arguments.heads = static_cast<std::uint32_t>(q.heads);
    arguments.key_heads = static_cast<std::uint32_t>(k.heads);
    arguments.scores = scores_of(q, options);
    arguments.scores.offset = static_cast<std::int32_t>(arguments.keys) - static_cast<std::int32_t>(arguments.queries);
    arguments.o = static_cast<Number*>(o.writable());
    arguments.lse = lse;
    const auto kernel = &prefill<Number, size()>;
    detail::allow_shared(kernel, gpu::prefill_shared<size()>);
    const dim3 grid(gpu::ceiling(arguments.queries, gpu::prefill_rows), arguments.heads,
                    static_cast<std::uint32_t>(options.batches));
    kernel<<<grid, gpu::prefill_threads, gpu::prefill_shared<size()>, static_cast<cudaStream_t>(options.stream)>>>(
        arguments, map_of(q, options.batches), map_of(k, options.batches), map_of(v, options.batches));
  });
  detail::check(cudaGetLastError(), "cuda::attention");
}

std::size_t decode_workspace(const ConstHeads& q, const PagedKeys& keys) {
  const std::size_t splits = (keys.longest + gpu::decode_split - 1) / gpu::decode_split;
  return q.tokens * q.heads * splits * (q.size + 1) * sizeof(float);
}

void attention_decode(const ConstHeads& q, const PagedKeys& keys, const MutableHeads& o, void* workspace, float* lse,
                      const AttentionOptions& options) {
  check_heads("attention_decode", q, keys.k, keys.v, o, options);
  const auto refuse_this = [](const std::string& text) { refuse("attention_decode", text); };
  if (!without_gaps(q) || !without_gaps(keys.k) || !without_gaps(keys.v))
    refuse_this("q, k and v must be without gaps");
  if (q.heads / keys.k.heads > gpu::decode_rows)
    refuse_this("at most 16 heads of q may share one of k, got " + std::to_string(q.heads / keys.k.heads));
  if (keys.page_size == 0) refuse_this("page_size must be >= 1, got 0");
  if (keys.longest > keys.pages * keys.page_size)
    refuse_this(std::to_string(keys.longest) + " keys do not go into " + std::to_string(keys.pages) + " pages of " +
                std::to_string(keys.page_size));
  need("attention_decode", 80);
  if (q.tokens == 0 || q.heads == 0) return;
  with_kind(q, [&](auto number, auto size) {
    using Number = decltype(number);
    gpu::DecodeArguments<Ptx, Number> arguments;
    arguments.sequences = static_cast<std::uint32_t>(q.tokens);
    arguments.heads = static_cast<std::uint32_t>(q.heads);
    arguments.key_heads = static_cast<std::uint32_t>(keys.k.heads);
    arguments.splits = gpu::ceiling(static_cast<std::uint32_t>(keys.longest), gpu::decode_split);
    arguments.page_size = static_cast<std::uint32_t>(keys.page_size);
    arguments.pages = static_cast<std::uint32_t>(keys.pages);
    arguments.scores = scores_of(q, options);
    arguments.q = static_cast<const Number*>(q.data);
    arguments.k = static_cast<const Number*>(keys.k.data);
    arguments.v = static_cast<const Number*>(keys.v.data);
    arguments.page_table = keys.page_table;
    arguments.lengths = keys.lengths;
    arguments.part = static_cast<float*>(workspace);
    arguments.part_lse = arguments.part + q.tokens * q.heads * arguments.splits * q.size;
    arguments.o = static_cast<Number*>(o.writable());
    arguments.lse = lse;
    const auto stream = static_cast<cudaStream_t>(options.stream);
    if (arguments.splits > 0) {
      const auto kernel = &decode<Number, size()>;
      detail::allow_shared(kernel, gpu::decode_shared<size()>);
      kernel<<<dim3(arguments.splits, arguments.key_heads, arguments.sequences), gpu::decode_threads,
               gpu::decode_shared<size()>, stream>>>(arguments);
    }
    merge<Number, size()><<<dim3(arguments.heads, arguments.sequences), size(), 0, stream>>>(arguments);
  });
  detail::check(cudaGetLastError(), "cuda::attention_decode");
}

}  // namespace qsm::inline v0::cuda
