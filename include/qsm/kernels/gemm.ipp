#include <qsm/kernels/detail/product.hpp>
#include <qsm/kernels/gemm.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::kernels {

QSM_INLINE void gemm(const ConstMatrix& x, const PackedMatrix& w, const MutableMatrix& y, const GemmOptions& options) {
  const bool exact = x.dtype == Dtype::int8 && w.format() == PackedFormat::int8 && w.group() == 0;
  detail::check_gemm(x, w, y, options, exact);
  if (x.rows == 0) return;
  const detail::Way way = detail::way_of(x.dtype, w.format(), options.quantize_rows);
  const detail::Left left = detail::left_of(x, w, way, options);
  const std::size_t panels = (w.columns() + detail::panel_width - 1) / detail::panel_width;
  const std::size_t blocks = (x.rows + detail::rows_at_once - 1) / detail::rows_at_once;
  const std::size_t work = x.rows * w.rows() * w.columns();
  const int threads = work < (std::size_t{1} << 18) ? 1 : options.threads;
  sim::parallel_for(blocks * panels, threads, [&](std::size_t piece) {
    thread_local detail::Workspace space;
    const std::size_t first = piece / panels * detail::rows_at_once, panel = piece % panels;
    const std::size_t rows = std::min(detail::rows_at_once, x.rows - first);
    detail::multiply_block(left, w, way, first, rows, panel, space);
    detail::store_block(left, y, options, first, rows, panel, exact, space);
  });
}

QSM_INLINE void gemm(const ConstMatrix& x, const ConstMatrix& w, const MutableMatrix& y, const GemmOptions& options) {
  gemm(x, PackedMatrix(w), y, options);
}

}  // namespace qsm::inline v0::kernels
