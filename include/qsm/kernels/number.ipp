#include <iterator>

#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels {

namespace detail {

struct DtypeFacts {
  std::string_view name;
  std::size_t size;
};
inline constexpr DtypeFacts dtype_facts[] = {{"float32", 4},     {"bfloat16", 2}, {"float16", 2}, {"float8_e4m3", 1},
                                             {"float8_e5m2", 1}, {"int8", 1},     {"int32", 4}};

}  // namespace detail

QSM_INLINE std::string_view dtype_name(Dtype dtype) { return detail::dtype_facts[static_cast<int>(dtype)].name; }
QSM_INLINE std::size_t dtype_size(Dtype dtype) { return detail::dtype_facts[static_cast<int>(dtype)].size; }

}  // namespace qsm::inline v0::kernels
