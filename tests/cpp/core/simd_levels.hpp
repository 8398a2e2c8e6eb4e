#pragma once
// Runs a test at each vector level of this machine.

#include <string>

#include <gtest/gtest.h>

#include <qsm/core/simd.hpp>

namespace qsm_test {

inline void at_each_level(auto&& call) {
  const qsm::SimdLevel before = qsm::simd_level();
  for (const auto level :
       {qsm::SimdLevel::scalar, qsm::SimdLevel::avx2, qsm::SimdLevel::avx512, qsm::SimdLevel::avx512_bf16}) {
    if (level > qsm::simd_level_of_machine()) break;
    SCOPED_TRACE(std::string(qsm::simd_name(level)));
    qsm::force_simd_level(level);
    call();
  }
  qsm::force_simd_level(before);
}

}  // namespace qsm_test
