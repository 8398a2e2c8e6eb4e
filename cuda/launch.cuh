#pragma once
/// @file
/// What the families of kernels share on the host: errors, the driver without linking it, maps of the copy engine.

#include <array>
#include <cstdint>
#include <cuda.h>
#include <cuda_runtime_api.h>
#include <stdexcept>
#include <string>

namespace qsm::inline v0::cuda::detail {

inline void check(cudaError_t error, const char* what) {
  if (error != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error));
}

/// A map of an array of short numbers with up to four axes, the first without gaps, boxes of 64 numbers in a row.
inline CUtensorMap tensor_map(const void* data, bool brain, const std::array<std::uint64_t, 4>& sizes,
                              const std::array<std::uint64_t, 3>& strides, const std::array<std::uint32_t, 4>& box,
                              std::uint32_t axes) {
  static const auto encode = [] {
    void* function = nullptr;
    cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
    check(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000, cudaEnableDefault, &found),
          "cuTensorMapEncodeTiled");
    if (found != cudaDriverEntryPointSuccess) throw std::runtime_error("the driver has no cuTensorMapEncodeTiled");
    return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
  }();
  const std::uint32_t steps[4] = {1, 1, 1, 1};
  CUtensorMap map;
  const CUresult result =
      encode(&map, brain ? CU_TENSOR_MAP_DATA_TYPE_BFLOAT16 : CU_TENSOR_MAP_DATA_TYPE_FLOAT16, axes,
             const_cast<void*>(data), sizes.data(), strides.data(), box.data(), steps, CU_TENSOR_MAP_INTERLEAVE_NONE,
             CU_TENSOR_MAP_SWIZZLE_128B, CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (result != CUDA_SUCCESS)
    throw std::runtime_error("cuTensorMapEncodeTiled refused an array, error " + std::to_string(result));
  return map;
}

/// Lets a kernel have its shared memory, once.
template <class Kernel>
void allow_shared(Kernel* kernel, std::uint32_t bytes) {
  check(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
                             static_cast<int>(bytes)),
        "shared memory of a kernel");
}

}  // namespace qsm::inline v0::cuda::detail
