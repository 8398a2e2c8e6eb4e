#pragma once
/// @file
/// The Machine of a GPU: one thread, in raw PTX. Each operation is as the PTX manual names it; what it stands for is in
/// emulator.hpp, where each is checked.

#ifdef __CUDACC__

#include <cuda.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <type_traits>

#include <qsm/kernels/detail/gpu/machine.hpp>
#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels::detail::gpu {

struct Ptx {
  using Role = void;
  using Map = CUtensorMap;  // a kernel parameter, __grid_constant__
  template <class Number>
  using Global = Number*;

  // Who it is.
  __device__ static std::uint32_t thread() { return threadIdx.x; }
  __device__ static std::uint32_t block(int axis) {
    return axis == 0 ? blockIdx.x : axis == 1 ? blockIdx.y : blockIdx.z;
  }
  __device__ static std::uint32_t shared() {
    extern __shared__ std::uint8_t bytes[];
    return static_cast<std::uint32_t>(__cvta_generic_to_shared(bytes));
  }

  // Global memory.
  template <class Number>
  __device__ static std::remove_const_t<Number> load(Number* from, std::size_t index) {
    if constexpr (std::is_const_v<Number> && std::is_class_v<Number>) {
      std::remove_const_t<Number> value;
      value.bits = __ldg(&from[index].bits);
      return value;
    } else if constexpr (std::is_const_v<Number>) {
      return __ldg(from + index);
    } else {
      return from[index];
    }
  }
  template <class Number>
  __device__ static void store(Number* to, std::size_t index, Number value) {
    to[index] = value;
  }
  template <class Number>
  __device__ static bool pair_fits(Number* to, std::size_t index) {
    return reinterpret_cast<std::uintptr_t>(to + index) % 4 == 0;
  }
  template <class Number>
  __device__ static void store_pair(Number* to, std::size_t index, float first, float second) {
    *reinterpret_cast<std::uint32_t*>(to + index) = pair<Number>(first, second);
  }

  // Shared memory.
  template <class Value>
  __device__ static Value load_shared(std::uint32_t address) {
    return *static_cast<const Value*>(__cvta_shared_to_generic(address));
  }
  template <class Value>
  __device__ static void store_shared(std::uint32_t address, Value value) {
    *static_cast<Value*>(__cvta_shared_to_generic(address)) = value;
  }

  // Waiting.
  __device__ static void sync_block() { __syncthreads(); }
  __device__ static void sync_named(std::uint32_t id, std::uint32_t threads) {
    asm volatile("bar.sync %0, %1;" ::"r"(id), "r"(threads) : "memory");
  }
  __device__ static void arrive_named(std::uint32_t id, std::uint32_t threads) {
    asm volatile("bar.arrive %0, %1;" ::"r"(id), "r"(threads) : "memory");
  }
  __device__ static void sync_warp() { __syncwarp(); }
  __device__ static float shuffle_xor(float value, std::uint32_t mask) {
    return __shfl_xor_sync(0xffffffff, value, static_cast<int>(mask));
  }

  // Copies of 16 bytes, and tensor cores of a warp.
  template <class Number>
  __device__ static void copy_16(std::uint32_t to, const Number* from, std::size_t index, std::uint32_t bytes) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from + index), "r"(bytes) : "memory");
  }
  __device__ static void copy_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
  template <std::uint32_t left>
  __device__ static void copy_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(left) : "memory");
  }
  __device__ static void load_matrix(std::uint32_t (&to)[4], std::uint32_t address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(address)
                 : "memory");
  }
  __device__ static void load_matrix_transposed(std::uint32_t (&to)[4], std::uint32_t address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(address)
                 : "memory");
  }
  template <class Number>
  __device__ static void multiply(float* sums, const std::uint32_t* a, const std::uint32_t* b) {
#define QSM_MMA(type)                                                                 \
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32." type "." type                 \
               ".f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};" \
               : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])           \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))
    if constexpr (std::is_same_v<Number, bfloat16>)
      QSM_MMA("bf16");
    else
      QSM_MMA("f16");
#undef QSM_MMA
  }

  // Hopper: barriers in shared memory and the copy engine.
  __device__ static void barrier_init(std::uint32_t address, std::uint32_t arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(address), "r"(arrivals) : "memory");
  }
  __device__ static void fence_barrier_init() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    fence_async();
  }
  __device__ static void fence_async() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }
  __device__ static void barrier_arrive(std::uint32_t address) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(address) : "memory");
  }
  __device__ static void barrier_expect(std::uint32_t address, std::uint32_t bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(address), "r"(bytes) : "memory");
  }
  __device__ static void barrier_wait(std::uint32_t address, std::uint32_t parity) {
    asm volatile(
        "{\n"
        ".reg .pred done;\n"
        "again:\n"
        "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
        "@done bra out;\n"
        "bra again;\n"
        "out:\n"
        "}" ::"r"(address),
        "r"(parity)
        : "memory");
  }
  __device__ static void copy_box(const Map& map, std::uint32_t to, std::uint32_t barrier, std::int32_t a,
                                  std::int32_t b) {
    asm volatile(
        "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::"r"(
            to),
        "l"(&map), "r"(barrier), "r"(a), "r"(b)
        : "memory");
  }
  __device__ static void copy_box(const Map& map, std::uint32_t to, std::uint32_t barrier, std::int32_t a,
                                  std::int32_t b, std::int32_t c, std::int32_t d) {
    asm volatile(
        "cp.async.bulk.tensor.4d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], "
        "[%2];" ::"r"(to),
        "l"(&map), "r"(barrier), "r"(a), "r"(b), "r"(c), "r"(d)
        : "memory");
  }

  // Hopper: tensor cores of a warpgroup.
  __device__ static void group_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
  __device__ static void group_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
  template <std::uint32_t left>
  __device__ static void group_wait() {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(left) : "memory");
  }
  template <std::uint32_t count>
  __device__ static void give_registers() {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(count));
  }
  template <std::uint32_t count>
  __device__ static void take_registers() {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(count));
  }

#define QSM_SUMS_8(i)                                                                                           \
  "+f"(sums[i]), "+f"(sums[i + 1]), "+f"(sums[i + 2]), "+f"(sums[i + 3]), "+f"(sums[i + 4]), "+f"(sums[i + 5]), \
      "+f"(sums[i + 6]), "+f"(sums[i + 7])
#define QSM_SUMS_32 QSM_SUMS_8(0), QSM_SUMS_8(8), QSM_SUMS_8(16), QSM_SUMS_8(24)
#define QSM_SUMS_64 QSM_SUMS_32, QSM_SUMS_8(32), QSM_SUMS_8(40), QSM_SUMS_8(48), QSM_SUMS_8(56)
#define QSM_NAMES_32                                                                                      \
  "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, " \
  "%22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define QSM_NAMES_64                                                                                            \
  QSM_NAMES_32                                                                                                  \
  ", %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, " \
  "%53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
// a and b in shared memory: operands n to n + 3 are a, b, whether to add, and whether b goes down the rows.
#define QSM_WGMMA(columns, type, names, sums_of, n0, n1, n2, n3)                                             \
  asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, %" n2 ", 0;\nwgmma.mma_async.sync.aligned.m64n" columns \
               "k16.f32." type "." type " " names "}, %" n0 ", %" n1 ", add, 1, 1, 0, %" n3 ";\n}"           \
               : sums_of                                                                                     \
               : "l"(a), "l"(b), "r"(static_cast<std::uint32_t>(accumulate)), "n"(b_by_rows ? 0 : 1))
// a in registers.
#define QSM_WGMMA_REGISTERS(columns, type, names, sums_of, n0, n1, n2, n3, n4, n5, n6)                                \
  asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, %" n5 ", 0;\nwgmma.mma_async.sync.aligned.m64n" columns          \
               "k16.f32." type "." type " " names "}, {%" n0 ", %" n1 ", %" n2 ", %" n3 "}, %" n4 ", add, 1, 1, %" n6 \
               ";\n}"                                                                                                 \
               : sums_of                                                                                              \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(static_cast<std::uint32_t>(accumulate)),     \
                 "n"(b_by_rows ? 0 : 1))

  template <class Number, std::uint32_t columns, bool b_by_rows>
  __device__ static void group_multiply(float (&sums)[columns / 2], std::uint64_t a, std::uint64_t b, bool accumulate) {
    constexpr bool brain = std::is_same_v<Number, bfloat16>;
    static_assert(columns == 64 || columns == 128);
    if constexpr (columns == 64 && brain)
      QSM_WGMMA("64", "bf16", QSM_NAMES_32, QSM_SUMS_32, "32", "33", "34", "35");
    else if constexpr (columns == 64)
      QSM_WGMMA("64", "f16", QSM_NAMES_32, QSM_SUMS_32, "32", "33", "34", "35");
    else if constexpr (brain)
      QSM_WGMMA("128", "bf16", QSM_NAMES_64, QSM_SUMS_64, "64", "65", "66", "67");
    else
      QSM_WGMMA("128", "f16", QSM_NAMES_64, QSM_SUMS_64, "64", "65", "66", "67");
  }
  template <class Number, std::uint32_t columns, bool b_by_rows>
  __device__ static void group_multiply(float (&sums)[columns / 2], const std::uint32_t (&a)[4], std::uint64_t b,
                                        bool accumulate) {
    constexpr bool brain = std::is_same_v<Number, bfloat16>;
    static_assert(columns == 64 || columns == 128);
    if constexpr (columns == 64 && brain)
      QSM_WGMMA_REGISTERS("64", "bf16", QSM_NAMES_32, QSM_SUMS_32, "32", "33", "34", "35", "36", "37", "38");
    else if constexpr (columns == 64)
      QSM_WGMMA_REGISTERS("64", "f16", QSM_NAMES_32, QSM_SUMS_32, "32", "33", "34", "35", "36", "37", "38");
    else if constexpr (brain)
      QSM_WGMMA_REGISTERS("128", "bf16", QSM_NAMES_64, QSM_SUMS_64, "64", "65", "66", "67", "68", "69", "70");
    else
      QSM_WGMMA_REGISTERS("128", "f16", QSM_NAMES_64, QSM_SUMS_64, "64", "65", "66", "67", "68", "69", "70");
  }
#undef QSM_WGMMA
#undef QSM_WGMMA_REGISTERS
#undef QSM_SUMS_8
#undef QSM_SUMS_32
#undef QSM_SUMS_64
#undef QSM_NAMES_32
#undef QSM_NAMES_64

  // Arithmetic.
  __device__ static float exp2(float value) {
    float out;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(out) : "f"(value));
    return out;
  }
  __device__ static float log2(float value) { return ::log2f(value); }
  __device__ static float tanh(float value) { return ::tanhf(value); }
  __device__ static float exp(float value) { return ::expf(value); }
  __device__ static float erf(float value) { return ::erff(value); }
  __device__ static float infinity() { return __int_as_float(0x7f800000); }
  template <class Number>
  __device__ static std::uint32_t pair(float low, float high) {
    std::uint32_t out;
    if constexpr (std::is_same_v<Number, bfloat16>)
      asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(out) : "f"(high), "f"(low));
    else
      asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(out) : "f"(high), "f"(low));
    return out;
  }
  /// An exponent in front of four bits makes them a number of that exponent and more, which a difference takes away.
  template <class Number>
  __device__ static std::uint32_t from_fours(std::uint32_t bits) {
    bits &= 0x000f000f;
    std::uint32_t out;
    if constexpr (std::is_same_v<Number, bfloat16>) {  // 128 + bits, times 1, less 136
      asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(out) : "r"(bits | 0x43004300), "r"(0x3f803f80), "r"(0xc308c308));
    } else {  // 1024 + bits, less 1032
      asm("sub.f16x2 %0, %1, %2;" : "=r"(out) : "r"(bits | 0x64006400), "r"(0x64086408));
    }
    return out;
  }
  template <class Number>
  __device__ static float to_float(Number value) {
    if constexpr (std::is_same_v<Number, bfloat16>)
      return __uint_as_float(static_cast<std::uint32_t>(value.bits) << 16);
    else
      return __half2float(__ushort_as_half(value.bits));
  }
  template <class Number>
  __device__ static Number to_number(float value) {
    Number out;
    if constexpr (std::is_same_v<Number, bfloat16>)
      out.bits = __bfloat16_as_ushort(__float2bfloat16_rn(value));
    else
      out.bits = __half_as_ushort(__float2half_rn(value));
    return out;
  }
};

}  // namespace qsm::inline v0::kernels::detail::gpu

#endif
