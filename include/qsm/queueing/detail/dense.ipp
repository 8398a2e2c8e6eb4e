#include <qsm/core/config.hpp>
#include <qsm/core/detail/eigen.hpp>
#include <qsm/queueing/detail/dense.hpp>

namespace qsm::inline v0::queueing::detail {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline Eigen::Map<const RowMajor> mapped(const Dense& matrix) {
  return {matrix.row(0), static_cast<Eigen::Index>(matrix.rows), static_cast<Eigen::Index>(matrix.columns)};
}
inline Eigen::Map<RowMajor> mapped(Dense& matrix) {
  return {matrix.row(0), static_cast<Eigen::Index>(matrix.rows), static_cast<Eigen::Index>(matrix.columns)};
}

QSM_INLINE Dense operator*(const Dense& a, const Dense& b) {
  Dense product(a.rows, b.columns);
  mapped(product).noalias() = mapped(a) * mapped(b);
  return product;
}

QSM_INLINE Dense solve(const Dense& matrix, const Dense& right) {
  Dense found(right.rows, right.columns);
  if (matrix.rows > 0) mapped(found) = mapped(matrix).partialPivLu().solve(mapped(right));
  return found;
}

}  // namespace qsm::inline v0::queueing::detail
