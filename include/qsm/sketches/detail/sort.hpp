#pragma once
/// @file
/// Sorting of some hundred numbers, with vector instructions where there are any: quicksort out of place, without
/// branches, and of the smallest pieces by a network.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <qsm/core/simd.hpp>

#if QSM_SIMD_X86
#include <immintrin.h>
#endif

namespace qsm::inline v0::sketches::detail {

/// Moves what is less than the pivot to the front, in order; the rest is left in `rest`. Gives how many are less; with
/// `or_equal`, how many are less or equal.
template <bool or_equal>
std::size_t part_scalar(double* numbers, std::size_t size, double pivot, double* rest) {
  std::size_t front = 0, back = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double number = numbers[i];
    const bool less = or_equal ? number <= pivot : number < pivot;
    numbers[front] = number;
    rest[back] = number;
    front += less;
    back += !less;
  }
  return front;
}

inline void sort_few(double* numbers, std::size_t size) {
  for (std::size_t i = 1; i < size; ++i) {
    const double number = numbers[i];
    std::size_t at = i;
    for (; at > 0 && numbers[at - 1] > number; --at) numbers[at] = numbers[at - 1];
    numbers[at] = number;
  }
}

struct ScalarSort {
  static constexpr std::size_t few = 16;

  static void smallest(double* numbers, std::size_t size) { sort_few(numbers, size); }
  template <bool or_equal>
  static std::size_t part(double* numbers, std::size_t size, double pivot, double* rest) {
    return part_scalar<or_equal>(numbers, size, pivot, rest);
  }
};

#if QSM_SIMD_X86
#define QSM_SORT [[gnu::target("avx512f,avx512dq,avx512vl,avx2,fma,bmi2,popcnt")]]

/// Rows of eight numbers.
struct Avx512Sort {
  static constexpr std::size_t few = 64;
  static constexpr __mmask8 every = 0xff;  // GCC 12 warns of its own code in the forms without mask
  using Row = __m512d;

  QSM_SORT static void exchange(Row& low, Row& high) {
    const Row least = _mm512_maskz_min_pd(every, low, high);
    high = _mm512_maskz_max_pd(every, low, high);
    low = least;
  }
  QSM_SORT static Row reversed(Row row) {
    return _mm512_maskz_permutexvar_pd(every, _mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), row);
  }
  /// Sorts a row that rises and then falls.
  QSM_SORT static Row within(Row row) {
    Row other = _mm512_maskz_shuffle_f64x2(every, row, row, 0x4e);
    row = _mm512_mask_max_pd(_mm512_maskz_min_pd(every, row, other), 0xf0, row, other);
    other = _mm512_maskz_permutex_pd(every, row, 0x4e);
    row = _mm512_mask_max_pd(_mm512_maskz_min_pd(every, row, other), 0xcc, row, other);
    other = _mm512_maskz_permute_pd(every, row, 0x55);
    return _mm512_mask_max_pd(_mm512_maskz_min_pd(every, row, other), 0xaa, row, other);
  }
  /// Merges two runs of `rows` rows each, which follow each other.
  template <int rows>
  QSM_SORT static void merge(Row* all) {
    for (int i = 0; i < rows; ++i) {
      Row back = reversed(all[2 * rows - 1 - i]);
      exchange(all[i], back);
      all[2 * rows - 1 - i] = reversed(back);
    }
    // Each half rises and falls, or falls and rises.
    for (int half = 0; half < 2; ++half)
      for (int step = rows / 2; step > 0; step /= 2)
        for (int i = 0; i < rows; ++i)
          if ((i & step) == 0) exchange(all[half * rows + i], all[half * rows + i + step]);
    for (int i = 0; i < 2 * rows; ++i) all[i] = within(all[i]);
  }
  QSM_SORT static void transpose(Row* a) {
    Row b[8], c[8];
    for (int i = 0; i < 4; ++i) {
      b[2 * i] = _mm512_maskz_unpacklo_pd(every, a[2 * i], a[2 * i + 1]);
      b[2 * i + 1] = _mm512_maskz_unpackhi_pd(every, a[2 * i], a[2 * i + 1]);
    }
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j) {
        c[4 * i + j] = _mm512_maskz_shuffle_f64x2(every, b[4 * i + j], b[4 * i + j + 2], 0x88);
        c[4 * i + j + 2] = _mm512_maskz_shuffle_f64x2(every, b[4 * i + j], b[4 * i + j + 2], 0xdd);
      }
    for (int i = 0; i < 4; ++i) {
      a[i] = _mm512_maskz_shuffle_f64x2(every, c[i], c[i + 4], 0x88);
      a[i + 4] = _mm512_maskz_shuffle_f64x2(every, c[i], c[i + 4], 0xdd);
    }
  }
  /// Up to 64 numbers.
  QSM_SORT static void smallest(double* numbers, std::size_t size) {
    if (size < 2) return;
    Row row[8];
    const Row last = _mm512_set1_pd(std::numeric_limits<double>::infinity());
    const std::size_t rows = (size + 7) / 8;
    const auto masked = static_cast<__mmask8>(0xffu >> (8 * rows - size));
    for (std::size_t i = 0; i < 8; ++i)
      row[i] = i + 1 < rows    ? _mm512_loadu_pd(numbers + 8 * i)
               : i + 1 == rows ? _mm512_mask_loadu_pd(last, masked, numbers + 8 * i)
                               : last;
    if (rows == 1) {
      // Odd-even merges within the row would be shorter; runs of one row are rare.
      alignas(64) double few_numbers[8];
      _mm512_store_pd(few_numbers, row[0]);
      sort_few(few_numbers, size);
      _mm512_mask_storeu_pd(numbers, masked, _mm512_load_pd(few_numbers));
      return;
    }
    // The columns, by Batcher's network of 19 exchanges.
    constexpr int network[19][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {1, 2}, {5, 6},
                                    {0, 4}, {1, 5}, {2, 6}, {3, 7}, {2, 4}, {3, 5}, {1, 2}, {3, 4}, {5, 6}};
    for (const auto& pair : network) exchange(row[pair[0]], row[pair[1]]);
    transpose(row);
    for (int i = 0; i < 8; i += 2) merge<1>(row + i);
    for (int i = 0; i < 8; i += 4) merge<2>(row + i);
    merge<4>(row);
    for (std::size_t i = 0; i + 1 < rows; ++i) _mm512_storeu_pd(numbers + 8 * i, row[i]);
    _mm512_mask_storeu_pd(numbers + 8 * (rows - 1), masked, row[rows - 1]);
  }
  template <bool or_equal>
  QSM_SORT static std::size_t part(double* numbers, std::size_t size, double pivot, double* rest) {
    const Row middle = _mm512_set1_pd(pivot);
    std::size_t front = 0, back = 0, i = 0;
    for (; i + 8 <= size; i += 8) {
      const Row row = _mm512_loadu_pd(numbers + i);
      const __mmask8 less =
          or_equal ? _mm512_cmp_pd_mask(row, middle, _CMP_LE_OQ) : _mm512_cmp_pd_mask(row, middle, _CMP_LT_OQ);
      const auto below = static_cast<std::size_t>(__builtin_popcount(less));
      _mm512_storeu_pd(numbers + front, _mm512_maskz_compress_pd(less, row));
      _mm512_storeu_pd(rest + back, _mm512_maskz_compress_pd(static_cast<__mmask8>(~less), row));
      front += below;
      back += 8 - below;
    }
    const std::size_t tail = part_scalar<or_equal>(numbers + i, size - i, pivot, rest + back);
    std::copy(numbers + i, numbers + i + tail, numbers + front);
    return front + tail;
  }
};
#endif

inline double middle_of(double a, double b, double c) { return std::max(std::min(a, b), std::min(std::max(a, b), c)); }

/// The middle of the middles of three times three numbers.
inline double about_median(const double* numbers, std::size_t size) {
  const auto of = [&](std::size_t i) {
    return middle_of(numbers[(2 * i + 1) * size / 18], numbers[(2 * i + 7) * size / 18],
                     numbers[(2 * i + 13) * size / 18]);
  };
  return middle_of(of(0), of(1), of(2));
}

/// `rest` has room for the numbers and eight more.
template <class Level>
void quicksort(double* numbers, std::size_t size, double* rest, int depth) {
  while (size > Level::few) {
    if (depth-- == 0) return std::sort(numbers, numbers + size);
    const double pivot = about_median(numbers, size);
    std::size_t less = Level::template part<false>(numbers, size, pivot, rest);
    std::copy(rest, rest + (size - less), numbers + less);
    if (less == 0) {  // the pivot is the least: those equal to it stand where they belong
      const std::size_t equal = Level::template part<true>(numbers, size, pivot, rest);
      std::copy(rest, rest + (size - equal), numbers + equal);
      numbers += equal;
      size -= equal;
      continue;
    }
    quicksort<Level>(numbers, less, rest, depth);
    numbers += less;
    size -= less;
  }
  Level::smallest(numbers, size);
}

/// Sorts numbers, none of them NaN. A thread keeps its room to work in.
inline void sort_numbers(std::span<double> numbers) {
  thread_local std::vector<double> rest;
  if (rest.size() < numbers.size() + 8) rest.resize(numbers.size() + 8);
  constexpr int depth = 60;
#if QSM_SIMD_X86
  if (simd_level() == SimdLevel::avx512)
    return quicksort<Avx512Sort>(numbers.data(), numbers.size(), rest.data(), depth);
#endif
  quicksort<ScalarSort>(numbers.data(), numbers.size(), rest.data(), depth);
}

}  // namespace qsm::inline v0::sketches::detail
