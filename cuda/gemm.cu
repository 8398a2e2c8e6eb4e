// The versions of the matrix product for the GPU; their texts are in qsm/kernels/detail/gpu/gemm.hpp.
#include <qsm/cuda.hpp>
#include <qsm/kernels/detail/gpu/gemm.hpp>
#include <qsm/kernels/detail/gpu/gemm_w4.hpp>
#include <qsm/kernels/detail/gpu/ptx.hpp>
#include <qsm/kernels/detail/packed_access.hpp>

#include "launch.cuh"

namespace qsm::inline v0::cuda {

namespace gpu = kernels::detail::gpu;
using gpu::Ptx;
using kernels::bfloat16;
using kernels::float16;

namespace {

template <class Number>
using Arguments = gpu::GemmArguments<Ptx, Number>;

template <class Number>
__global__ void __launch_bounds__(gpu::naive_tile* gpu::naive_tile) naive(const Arguments<Number> arguments) {
  gpu::gemm_naive(Ptx{}, arguments);
}

template <class Number>
__global__ void __launch_bounds__(gpu::tiled_threads) tiled(const Arguments<Number> arguments) {
  gpu::gemm_tiled(Ptx{}, arguments);
}

template <class Number, bool w_transposed>
__global__ void __launch_bounds__(gpu::mma_threads, 1) mma(const Arguments<Number> arguments) {
  gpu::gemm_mma<Number, w_transposed>(Ptx{}, arguments);
}

template <class Number, bool w_transposed>
__global__ void __launch_bounds__(gpu::hopper_threads, 1)
    hopper(const __grid_constant__ Arguments<Number> arguments, const __grid_constant__ CUtensorMap x_map,
           const __grid_constant__ CUtensorMap w_map) {
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
  gpu::gemm_hopper<Number, w_transposed>(Ptx{}, arguments, x_map, w_map);
#else
  __trap();  // a library that was built without 9.0a says so
#endif
}

template <class Number>
__global__ void __launch_bounds__(gpu::w4_threads, 1) fours(const gpu::GemmW4Arguments<Ptx, Number> arguments) {
  gpu::gemm_w4<Number>(Ptx{}, arguments);
}

std::string size_text(const ConstMatrix& matrix) {
  return std::to_string(matrix.rows) + " x " + std::to_string(matrix.columns);
}

bool transposed(const ConstMatrix& w) { return w.column_stride != 1 || (w.columns == 1 && w.row_stride == 1); }

std::ptrdiff_t width_of(const ConstMatrix& w) { return transposed(w) ? w.column_stride : w.row_stride; }

void check_stride(std::ptrdiff_t stride) {
  if (stride < 0 || stride >= std::ptrdiff_t{1} << 32)
    throw std::invalid_argument("cuda::gemm: strides must be >= 0 and less than 2^32, got " + std::to_string(stride));
}

/// What holds for any w of `depth` rows and `columns` columns.
void check_sides(const ConstMatrix& x, std::size_t depth, std::size_t columns, const MutableMatrix& y,
                 const GemmOptions& options) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("cuda::gemm: " + text); };
  const auto name = [](Dtype dtype) { return std::string(kernels::dtype_name(dtype)); };
  if (x.dtype != Dtype::bfloat16 && x.dtype != Dtype::float16)
    refuse("x must be bfloat16 or float16, got " + name(x.dtype));
  if (y.dtype != x.dtype && y.dtype != Dtype::float32)
    refuse("y must be " + name(x.dtype) + " or float32, got " + name(y.dtype));
  if (x.columns != depth)
    refuse("x is " + size_text(x) + ", w is " + std::to_string(depth) + " x " + std::to_string(columns));
  if (y.rows != x.rows || y.columns != columns)
    refuse("y must be " + std::to_string(x.rows) + " x " + std::to_string(columns) + ", got " + size_text(y));
  for (const std::size_t size : {x.rows, x.columns, columns})
    if (size >= std::size_t{1} << 31) refuse("sizes must be less than 2^31, got " + std::to_string(size));
  if (x.column_stride != 1 || y.column_stride != 1) refuse("rows of x and y must be without gaps");
  check_stride(x.row_stride);
  check_stride(y.row_stride);
  for (const auto* more : {&options.gate, &options.residual}) {
    if (*more && ((*more)->dtype != x.dtype || (*more)->rows != y.rows || (*more)->columns != y.columns ||
                  (*more)->column_stride != 1))
      refuse("gate and residual must be " + name(x.dtype) + ", " + size_text(y) + ", rows without gaps");
    if (*more) check_stride((*more)->row_stride);
  }
}

void check_gemm(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y, const GemmOptions& options) {
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("cuda::gemm: " + text); };
  const auto name = [](Dtype dtype) { return std::string(kernels::dtype_name(dtype)); };
  check_sides(x, w.rows, w.columns, y, options);
  if (w.dtype != x.dtype) refuse("w must be " + name(x.dtype) + " as x, got " + name(w.dtype));
  if (w.column_stride != 1 && w.row_stride != 1) refuse("rows or columns of w must be without gaps");
  check_stride(width_of(w));
}

/// What is the same for every w.
template <class Number>
void fill(Arguments<Number>& arguments, const ConstMatrix& x, const MutableMatrix& y, const GemmOptions& options) {
  const auto number = [](auto value) { return static_cast<std::uint32_t>(value); };
  arguments.rows = number(x.rows);
  arguments.columns = number(y.columns);
  arguments.depth = number(x.columns);
  arguments.x = static_cast<const Number*>(x.data);
  arguments.x_stride = number(x.row_stride);
  arguments.y_stride = number(y.row_stride);
  if (y.dtype == Dtype::float32)
    arguments.y_long = static_cast<float*>(y.writable());
  else
    arguments.y = static_cast<Number*>(y.writable());
  arguments.bias = options.bias;
  arguments.activation = number(options.activation);
  if (options.gate) {
    arguments.gate = static_cast<const Number*>(options.gate->data);
    arguments.gate_stride = number(options.gate->row_stride);
  }
  if (options.residual) {
    arguments.residual = static_cast<const Number*>(options.residual->data);
    arguments.residual_stride = number(options.residual->row_stride);
  }
}

template <class Number>
void launch(GemmVersion version, const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y,
            const GemmOptions& options) {
  Arguments<Number> arguments;
  fill(arguments, x, y, options);
  arguments.w = static_cast<const Number*>(w.data);
  arguments.w_transposed = transposed(w);
  arguments.w_stride = static_cast<std::uint32_t>(width_of(w));
  const auto grid = [&](std::uint32_t tile) {
    return dim3(gpu::ceiling(arguments.columns, tile), gpu::ceiling(arguments.rows, tile));
  };
  const auto stream = static_cast<cudaStream_t>(options.stream);
  switch (version) {
    case GemmVersion::naive:
      naive<Number><<<grid(gpu::naive_tile), gpu::naive_tile * gpu::naive_tile, 0, stream>>>(arguments);
      break;
    case GemmVersion::tiled:
      tiled<Number><<<grid(gpu::tiled_tile), gpu::tiled_threads, gpu::tiled_shared, stream>>>(arguments);
      break;
    case GemmVersion::mma: {
      const auto kernel = arguments.w_transposed ? &mma<Number, true> : &mma<Number, false>;
      detail::allow_shared(kernel, gpu::mma_shared);
      kernel<<<grid(gpu::mma_tile), gpu::mma_threads, gpu::mma_shared, stream>>>(arguments);
      break;
    }
    default: {
      const bool brain = x.dtype == Dtype::bfloat16;
      const auto map = [&](const void* data, std::uint64_t rows, std::uint64_t columns, std::uint64_t stride,
                           std::uint32_t box) {
        return detail::tensor_map(data, brain, {columns, rows, 1, 1}, {stride * 2, 0, 0},
                                  {gpu::panel_columns, box, 1, 1}, 2);
      };
      const CUtensorMap x_map = map(x.data, x.rows, x.columns, arguments.x_stride, gpu::hopper_rows);
      const CUtensorMap w_map = arguments.w_transposed
                                    ? map(w.data, w.columns, w.rows, arguments.w_stride, gpu::hopper_columns)
                                    : map(w.data, w.rows, w.columns, arguments.w_stride, gpu::hopper_depth);
      const auto kernel = arguments.w_transposed ? &hopper<Number, true> : &hopper<Number, false>;
      detail::allow_shared(kernel, gpu::hopper_shared);
      kernel<<<grid(gpu::hopper_rows), gpu::hopper_threads, gpu::hopper_shared, stream>>>(arguments, x_map, w_map);
    }
  }
  detail::check(cudaGetLastError(), "cuda::gemm");
}

}  // namespace

std::string missing() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess) return cudaGetErrorString(error);
  return count == 0 ? "no GPU" : "";
}

int capability() {
  if (!missing().empty()) return 0;
  int device = 0, major = 0, minor = 0;
  detail::check(cudaGetDevice(&device), "cudaGetDevice");
  detail::check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "capability");
  detail::check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device), "capability");
  return 10 * major + minor;
}

std::string refusal(GemmVersion version, const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y,
                    const GemmOptions& options, int capability) {
  check_gemm(x, w, y, options);
  if (version == GemmVersion::fastest || version == GemmVersion::naive || version == GemmVersion::tiled) return "";
  if (version == GemmVersion::hopper && capability != 90)
    return "needs compute capability 9.0, got " + std::to_string(capability);
  if (capability < 80) return "needs compute capability 8.0, got " + std::to_string(capability);
  if (x.row_stride % 8 != 0 || width_of(w) % 8 != 0)
    return "rows of x and w must begin at multiples of 8 numbers, got strides of " + std::to_string(x.row_stride) +
           " and " + std::to_string(width_of(w));
  for (const void* data : {x.data, w.data})
    if (reinterpret_cast<std::uintptr_t>(data) % 16 != 0) return "x and w must begin at multiples of 16 bytes";
  if (version == GemmVersion::hopper && (x.rows == 0 || w.columns == 0 || x.columns == 0)) return "an empty product";
  if (version == GemmVersion::hopper && (x.row_stride == 0 || width_of(w) == 0)) return "rows that lie upon each other";
  return "";
}

void gemm(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y, const GemmOptions& options) {
  check_gemm(x, w, y, options);
  if (const std::string reason = missing(); !reason.empty()) throw std::runtime_error("cuda::gemm: " + reason);
  if (y.rows == 0 || y.columns == 0) return;
  const int own = capability();
  GemmVersion version = options.version;
  if (version == GemmVersion::fastest) {
    version = GemmVersion::tiled;
    for (const GemmVersion one : {GemmVersion::mma, GemmVersion::hopper})
      if (refusal(one, x, w, y, options, own).empty()) version = one;
  } else if (const std::string reason = refusal(version, x, w, y, options, own); !reason.empty()) {
    throw std::invalid_argument("cuda::gemm: this version " + reason);
  }
  if (x.dtype == Dtype::bfloat16)
    launch<bfloat16>(version, x, w, y, options);
  else
    launch<float16>(version, x, w, y, options);
}

Fours fours_of(const kernels::PackedMatrix& matrix) {
  using kernels::PackedAccess;
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("cuda::fours_of: matrix " + text); };
  if (matrix.format() != kernels::PackedFormat::int4) refuse("must be of 4 bits");
  if (matrix.has_zeros()) refuse("must have no zero points other than 8");
  if (matrix.group() % 16 != 0 && matrix.group() != matrix.rows())
    refuse("must have groups of a multiple of 16 rows, got " + std::to_string(matrix.group()));
  const std::size_t numbers = (matrix.columns() + gpu::w4_panel - 1) / gpu::w4_panel * gpu::w4_panel;
  return {{PackedAccess::words(matrix, 0), numbers * PackedAccess::depth(matrix)},
          {PackedAccess::scales(matrix, 0), numbers * PackedAccess::groups(matrix)}};
}

void gemm(const ConstMatrix& x, const PackedFours& w, const MutableMatrix& y, const GemmOptions& options) {
  check_sides(x, w.rows, w.columns, y, options);
  const auto refuse = [](const std::string& text) { throw std::invalid_argument("cuda::gemm: " + text); };
  if (x.row_stride % 8 != 0 || reinterpret_cast<std::uintptr_t>(x.data) % 16 != 0)
    refuse("rows of x must begin at multiples of 16 bytes, got a stride of " + std::to_string(x.row_stride));
  if (reinterpret_cast<std::uintptr_t>(w.words) % 16 != 0) refuse("words of w must begin at a multiple of 16 bytes");
  if (w.group == 0 || (w.group % 16 != 0 && w.group != w.rows))
    refuse("groups of w must be of a multiple of 16 rows, got " + std::to_string(w.group));
  if (const std::string reason = missing(); !reason.empty()) throw std::runtime_error("cuda::gemm: " + reason);
  if (capability() < 80) throw std::runtime_error("cuda::gemm: needs compute capability 8.0");
  if (y.rows == 0 || y.columns == 0) return;
  const auto run = [&](auto kind) {
    using Number = decltype(kind);
    gpu::GemmW4Arguments<Ptx, Number> arguments;
    fill<Number>(arguments, x, y, options);
    arguments.words = w.words;
    arguments.scales = w.scales;
    arguments.group = static_cast<std::uint32_t>(w.group);
    const dim3 grid(gpu::ceiling(arguments.columns, gpu::w4_columns), gpu::ceiling(arguments.rows, gpu::w4_rows));
    detail::allow_shared(&fours<Number>, gpu::w4_shared);
    fours<Number><<<grid, gpu::w4_threads, gpu::w4_shared, static_cast<cudaStream_t>(options.stream)>>>(arguments);
  };
  if (x.dtype == Dtype::bfloat16)
    run(bfloat16{});
  else
    run(float16{});
  detail::check(cudaGetLastError(), "cuda::gemm");
}

}  // namespace qsm::inline v0::cuda
