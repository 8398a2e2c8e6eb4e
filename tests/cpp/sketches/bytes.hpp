#pragma once
// Bytes in hexadecimal digits, as golden files hold them.

#include <cstddef>
#include <string>
#include <vector>

namespace qsm_test {

inline std::vector<std::byte> bytes_of(const std::string& digits) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

}  // namespace qsm_test
