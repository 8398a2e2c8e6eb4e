#include "text/kernels.hpp"

#include "text/hardware.hpp"

namespace {

namespace py = pybind11;
using qsm::kernels::ConstHeads;
using qsm::kernels::ConstMatrix;
using qsm::kernels::Dtype;
using qsm::kernels::MutableMatrix;
using qsm::kernels::PackedFormat;
using qsm::kernels::PackedMatrix;

/// The Dtype of an array; bfloat16 and the floats of 8 bits by their names in ml_dtypes, or uint16 for bfloat16.
std::optional<Dtype> dtype_of(const py::array& array) {
  const auto name = py::cast<std::string>(array.dtype().attr("name"));
  if (name == "uint16") return Dtype::bfloat16;
  if (name == "float8_e4m3fn") return Dtype::float8_e4m3;
  for (const auto dtype :
       {Dtype::float32, Dtype::bfloat16, Dtype::float16, Dtype::float8_e5m2, Dtype::int8, Dtype::int32})
    if (name == qsm::kernels::dtype_name(dtype)) return dtype;
  return std::nullopt;
}

/// NumPy's type of a Dtype; of bfloat16 that of ml_dtypes where it is installed, else uint16.
py::object numpy_type(Dtype dtype) {
  if (dtype == Dtype::bfloat16) try {
      return py::module_::import("ml_dtypes").attr("bfloat16");
    } catch (py::error_already_set& error) {
      if (!error.matches(PyExc_ImportError)) throw;
      return py::dtype::of<std::uint16_t>();
    }
  return py::dtype(std::string(qsm::kernels::dtype_name(dtype)));
}

py::array empty(Dtype dtype, std::size_t rows, std::size_t columns) {
  return py::module_::import("numpy").attr("empty")(py::make_tuple(rows, columns), numpy_type(dtype));
}

/// An array of two axes as it lies in memory.
ConstMatrix matrix_of(const py::handle& object, const qsm_python::Place& place) {
  if (!py::isinstance<py::array>(object)) qsm_python::refuse_type(place, "a NumPy array", object);
  const auto array = py::reinterpret_borrow<py::array>(object);
  const auto dtype = dtype_of(array);
  if (!dtype)
    qsm_python::refuse_type(place, "an array of float32, float16, bfloat16, int8 or int32", py::str(array.dtype()));
  if (array.ndim() != 2)
    qsm_python::refuse_value(place, "an array of two axes", py::str("one of " + std::to_string(array.ndim())));
  const auto size = static_cast<py::ssize_t>(qsm::kernels::dtype_size(*dtype));
  if (array.strides(0) % size != 0 || array.strides(1) % size != 0 ||
      !py::cast<bool>(array.attr("flags").attr("aligned")))
    qsm_python::refuse_value(place, "aligned to its numbers", py::str("strides of broken numbers"));
  return {array.data(),
          *dtype,
          static_cast<std::size_t>(array.shape(0)),
          static_cast<std::size_t>(array.shape(1)),
          array.strides(0) / size,
          array.strides(1) / size};
}

MutableMatrix writable(py::array& array, const qsm_python::Place& place) {
  if (!array.writeable()) qsm_python::refuse_value(place, "an array that may be written", array);
  const ConstMatrix matrix = matrix_of(array, place);
  return {array.mutable_data(), matrix.dtype, matrix.rows, matrix.columns, matrix.row_stride, matrix.column_stride};
}

}  // namespace

namespace qsm_python {

template <>
struct Take<ConstMatrix> {
  static ConstMatrix read(py::handle object, const Place& place) { return matrix_of(object, place); }
};
template <>
struct Take<std::vector<float>> {
  static std::vector<float> read(py::handle object, const Place& place) {
    const auto numbers = read_numbers(object, place);
    std::vector<float> shorter(numbers.size());
    std::transform(numbers.begin(), numbers.end(), shorter.begin(), [](double x) { return static_cast<float>(x); });
    return shorter;
  }
};

}  // namespace qsm_python

namespace {

namespace texts = qsm_python::text::kernels;

/// Which type a result has: as asked for, else `otherwise`.
Dtype chosen_dtype(const py::object& dtype, const qsm_python::Place& place, Dtype otherwise) {
  static constexpr const char* names[] = {"float32", "bfloat16", "float16", "int32"};
  static constexpr Dtype dtypes[] = {Dtype::float32, Dtype::bfloat16, Dtype::float16, Dtype::int32};
  return dtype.is_none() ? otherwise : dtypes[qsm_python::read_choice(dtype, place, names)];
}

py::array gemm(const py::object& x, const py::object& w, const py::object& bias, qsm::kernels::Activation activation,
               const py::object& gate, const py::object& residual, bool quantize_rows, const py::object& row_scales,
               int threads, const py::object& dtype, const py::object& out) {
  const char* const function = "gemm";
  const ConstMatrix left = matrix_of(x, {function, "x"});
  std::optional<PackedMatrix> packed;
  if (!py::isinstance<PackedMatrix>(w)) packed.emplace(matrix_of(w, {function, "w"}));
  const PackedMatrix& right = packed ? *packed : py::cast<const PackedMatrix&>(w);
  std::vector<float> own_bias, own_scales;
  qsm::kernels::GemmOptions options{.activation = activation, .quantize_rows = quantize_rows, .threads = threads};
  if (!bias.is_none()) options.bias = own_bias = qsm_python::Take<std::vector<float>>::read(bias, {function, "bias"});
  if (!row_scales.is_none())
    options.row_scales = own_scales = qsm_python::Take<std::vector<float>>::read(row_scales, {function, "row_scales"});
  if (!gate.is_none()) options.gate = matrix_of(gate, {function, "gate"});
  if (!residual.is_none()) options.residual = matrix_of(residual, {function, "residual"});
  py::array result;
  if (!out.is_none()) {
    if (!py::isinstance<py::array>(out)) qsm_python::refuse_type({function, "out"}, "a NumPy array", out);
    if (!dtype.is_none()) qsm_python::refuse_value({function, "dtype"}, "left out where `out` is given", dtype);
    result = py::reinterpret_borrow<py::array>(out);
  } else {
    const bool exact = left.dtype == Dtype::int8 && right.format() == PackedFormat::int8 && right.group() == 0;
    const Dtype chosen = chosen_dtype(dtype, {function, "dtype"}, exact ? Dtype::int32 : Dtype::float32);
    result = empty(chosen, left.rows, right.columns());
  }
  const MutableMatrix y = writable(result, {function, "out"});
  py::gil_scoped_release released;
  qsm::kernels::gemm(left, right, y, options);
  return result;
}

/// An array of tokens x heads x places in the head, whose places follow each other.
ConstHeads heads_of(const py::handle& object, const qsm_python::Place& place) {
  if (!py::isinstance<py::array>(object)) qsm_python::refuse_type(place, "a NumPy array", object);
  const auto array = py::reinterpret_borrow<py::array>(object);
  const auto dtype = dtype_of(array);
  if (!dtype)
    qsm_python::refuse_type(place, "an array of float32, float16, bfloat16, int8 or an 8-bit float",
                            py::str(array.dtype()));
  if (array.ndim() != 3)
    qsm_python::refuse_value(place, "an array of three axes: tokens, heads, places in the head",
                             py::str("one of " + std::to_string(array.ndim())));
  const auto size = static_cast<py::ssize_t>(qsm::kernels::dtype_size(*dtype));
  if (array.strides(0) % size != 0 || array.strides(1) % size != 0 || (array.shape(2) > 1 && array.strides(2) != size))
    qsm_python::refuse_value(place, "an array in whose last axis numbers follow each other", py::str("other strides"));
  return {array.data(),
          *dtype,
          static_cast<std::size_t>(array.shape(0)),
          static_cast<std::size_t>(array.shape(1)),
          static_cast<std::size_t>(array.shape(2)),
          array.strides(0) / size,
          array.strides(1) / size};
}

/// Integers of one axis, or of two for a table of pages.
template <class Number>
std::vector<Number> integers_of(const py::object& object, const qsm_python::Place& place) {
  if (object.is_none()) return {};
  const py::object flat = py::module_::import("numpy").attr("ravel")(object);
  return qsm_python::Take<std::vector<Number>>::read(flat.attr("tolist")(), place);
}

py::object attention(const py::object& q, const py::object& k, const py::object& v, const py::object& scale,
                     bool causal, qsm::kernels::CausalAlignment alignment, std::optional<std::uint64_t> window_before,
                     std::optional<std::uint64_t> window_after, double softcap, const py::object& slopes,
                     const py::object& sinks, const py::object& mask, const py::object& query_starts,
                     const py::object& key_starts, const py::object& key_counts, const py::object& page_table,
                     std::uint64_t page_size, const py::object& key_scales, const py::object& value_scales, int threads,
                     bool return_lse, const py::object& dtype, const py::object& out) {
  const char* const function = "attention";
  const ConstHeads queries = heads_of(q, {function, "q"}), keys = heads_of(k, {function, "k"}),
                   values = heads_of(v, {function, "v"});
  qsm::kernels::AttentionOptions options{.causal = causal,
                                         .alignment = alignment,
                                         .window_before = window_before,
                                         .window_after = window_after,
                                         .softcap = softcap,
                                         .page_size = page_size,
                                         .threads = threads};
  if (!scale.is_none()) options.scale = qsm_python::read_number(scale, {function, "scale"});
  const auto floats = [&](const py::object& numbers, const char* name) {
    if (numbers.is_none()) return std::vector<float>();
    const py::object flat = py::module_::import("numpy").attr("ravel")(numbers);
    return qsm_python::Take<std::vector<float>>::read(flat, {function, name});
  };
  const auto own_slopes = floats(slopes, "slopes"), own_sinks = floats(sinks, "sinks");
  options.slopes = own_slopes;
  options.sinks = own_sinks;
  const auto own_key_scales = floats(key_scales, "key_scales"), own_value_scales = floats(value_scales, "value_scales");
  options.key_scales = own_key_scales;
  options.value_scales = own_value_scales;
  const auto own_queries = integers_of<std::uint64_t>(query_starts, {function, "query_starts"});
  const auto own_keys = integers_of<std::uint64_t>(key_starts, {function, "key_starts"});
  const auto own_counts = integers_of<std::uint64_t>(key_counts, {function, "key_counts"});
  const auto own_pages = integers_of<std::int32_t>(page_table, {function, "page_table"});
  options.query_starts = own_queries;
  options.key_starts = own_keys;
  options.key_counts = own_counts;
  options.page_table = own_pages;
  py::array_t<std::uint8_t, py::array::c_style> shown;
  if (!mask.is_none()) {
    const auto array = py::array::ensure(mask);
    if (!array || array.dtype().kind() != 'b') {
      PyErr_Clear();
      qsm_python::refuse_type({function, "mask"}, "an array of truth values", mask);
    }
    shown = py::array_t<std::uint8_t, py::array::c_style>(array.attr("astype")("uint8"));
    options.mask = {shown.data(), static_cast<std::size_t>(shown.size())};
  }
  const py::object numpy = py::module_::import("numpy");
  py::array result;
  if (!out.is_none()) {
    if (!py::isinstance<py::array>(out)) qsm_python::refuse_type({function, "out"}, "a NumPy array", out);
    result = py::reinterpret_borrow<py::array>(out);
    if (!result.writeable()) qsm_python::refuse_value({function, "out"}, "an array that may be written", out);
  } else {
    result = numpy.attr("empty")(py::make_tuple(queries.tokens, queries.heads, values.size),
                                 numpy_type(chosen_dtype(dtype, {function, "dtype"}, queries.dtype)));
  }
  const ConstHeads o = heads_of(result, {function, "out"});
  py::array_t<float> lse(
      {static_cast<py::ssize_t>(return_lse ? queries.tokens : 0), static_cast<py::ssize_t>(queries.heads)});
  const std::span<float> to(lse.mutable_data(), static_cast<std::size_t>(lse.size()));
  {
    py::gil_scoped_release released;
    qsm::kernels::attention(queries, keys, values,
                            {result.mutable_data(), o.dtype, o.tokens, o.heads, o.size, o.token_stride, o.head_stride},
                            to, options);
  }
  if (!return_lse) return result;
  return py::make_tuple(result, lse);
}

/// Bytes as an array of the type that ml_dtypes has for them, with the scales as they lie over it.
py::tuple float8_of(const qsm::kernels::Float8Matrix& made, const ConstMatrix& from, Dtype dtype, std::size_t across) {
  const char* const name = dtype == Dtype::float8_e4m3 ? "float8_e4m3fn" : "float8_e5m2";
  const auto size = [](std::size_t count) { return static_cast<py::ssize_t>(count); };
  const py::array_t<std::uint8_t> bytes({size(from.rows), size(from.columns)}, made.bytes.data());
  const py::array_t<float> scales({size(made.scales.size() / across), size(across)}, made.scales.data());
  return py::make_tuple(bytes.attr("view")(py::module_::import("ml_dtypes").attr(name)), scales);
}

std::size_t scales_across(qsm::kernels::Float8Scales scales, std::size_t columns, bool right) {
  if (scales == qsm::kernels::Float8Scales::block) return (columns + 127) / 128;
  return right && scales == qsm::kernels::Float8Scales::row ? columns : 1;
}

py::object to_float8(const py::object& x, Dtype dtype, qsm::kernels::Float8Scales scales) {
  const ConstMatrix from = matrix_of(x, {"to_float8", "x"});
  return float8_of(qsm::kernels::to_float8(from, dtype, scales), from, dtype,
                   scales_across(scales, from.columns, false));
}

py::object weights_to_float8(const py::object& w, Dtype dtype, qsm::kernels::Float8Scales scales) {
  const ConstMatrix from = matrix_of(w, {"weights_to_float8", "w"});
  return float8_of(qsm::kernels::weights_to_float8(from, dtype, scales), from, dtype,
                   scales_across(scales, from.columns, true));
}

py::object gemm_float8(const py::object& x, const py::object& w, const py::object& x_scales, const py::object& w_scales,
                       int threads, const py::object& dtype) {
  const char* const function = "gemm_float8";
  const ConstMatrix left = matrix_of(x, {function, "x"}), right = matrix_of(w, {function, "w"});
  const auto flat = [&](const py::object& scales, const char* name) {
    const py::object all = py::module_::import("numpy").attr("ravel")(scales);
    return qsm_python::Take<std::vector<float>>::read(all, {function, name});
  };
  const auto of_x = flat(x_scales, "x_scales"), of_w = flat(w_scales, "w_scales");
  py::array result = empty(chosen_dtype(dtype, {function, "dtype"}, Dtype::float32), left.rows, right.columns);
  const MutableMatrix y = writable(result, {function, "y"});
  py::gil_scoped_release released;
  qsm::kernels::gemm_float8(left, right, y, of_x, of_w, {.threads = threads});
  return result;
}

/// The same array, to be written.
qsm::kernels::MutableHeads writable_heads(const py::handle& object, const qsm_python::Place& place) {
  const ConstHeads heads = heads_of(object, place);
  auto array = py::reinterpret_borrow<py::array>(object);
  if (!array.writeable()) qsm_python::refuse_value(place, "an array that may be written", object);
  return {array.mutable_data(), heads.dtype,        heads.tokens,     heads.heads,
          heads.size,           heads.token_stride, heads.head_stride};
}

py::object rope(const py::object& x, const py::object& positions, double base, std::uint64_t turned, bool interleaved,
                int threads, const py::object& out) {
  const char* const function = "rope";
  const ConstHeads heads = heads_of(x, {function, "x"});
  const py::object result = out.is_none() ? py::module_::import("numpy").attr("empty")(
                                                py::make_tuple(heads.tokens, heads.heads, heads.size), x.attr("dtype"))
                                          : out;
  const auto places = integers_of<std::uint64_t>(positions, {function, "positions"});
  const auto to = writable_heads(result, {function, "out"});
  py::gil_scoped_release released;
  qsm::kernels::rope(heads, places, to, {base, turned, interleaved, threads});
  return result;
}

void append_kv(const py::object& k, const py::object& v, const py::object& key_cache, const py::object& value_cache,
               const py::object& slots, const py::object& positions, double base, std::uint64_t turned,
               bool interleaved, const py::object& key_scales, const py::object& value_scales, int threads) {
  const char* const function = "append_kv";
  const auto scales_of = [&](const py::object& scales, const char* name) -> std::span<float> {
    if (scales.is_none()) return {};
    if (!py::isinstance<py::array_t<float, py::array::c_style>>(scales))
      qsm_python::refuse_type({function, name}, "an array of float32 whose numbers follow each other", scales);
    auto array = py::reinterpret_borrow<py::array_t<float>>(scales);
    if (!array.writeable()) qsm_python::refuse_value({function, name}, "an array that may be written", scales);
    return {array.mutable_data(), static_cast<std::size_t>(array.size())};
  };
  const auto own_slots = integers_of<std::uint64_t>(slots, {function, "slots"});
  const auto places = integers_of<std::uint64_t>(positions, {function, "positions"});
  const ConstHeads keys = heads_of(k, {function, "k"}), values = heads_of(v, {function, "v"});
  const auto kept_keys = writable_heads(key_cache, {function, "key_cache"}),
             kept_values = writable_heads(value_cache, {function, "value_cache"});
  const qsm::kernels::AppendOptions options{.positions = places,
                                            .rope = {base, turned, interleaved, threads},
                                            .key_scales = scales_of(key_scales, "key_scales"),
                                            .value_scales = scales_of(value_scales, "value_scales")};
  py::gil_scoped_release released;
  qsm::kernels::append_kv(keys, values, kept_keys, kept_values, own_slots, options);
}

Dtype stored_dtype(const PackedMatrix& matrix) {
  static constexpr Dtype dtypes[] = {Dtype::float32, Dtype::bfloat16, Dtype::float16, Dtype::int8, Dtype::int8};
  return dtypes[static_cast<int>(matrix.format())];
}

py::object unpack(const PackedMatrix& matrix) {
  py::array out = empty(stored_dtype(matrix), matrix.rows(), matrix.columns());
  matrix.unpack(writable(out, {"PackedMatrix.unpack", "out"}));
  return out;
}

py::object to_dense(const PackedMatrix& matrix) {
  py::array out = empty(Dtype::float32, matrix.rows(), matrix.columns());
  matrix.to_dense(writable(out, {"PackedMatrix.to_dense", "out"}));
  return out;
}

py::object by_groups(const PackedMatrix& matrix, const std::vector<float>& numbers) {
  if (numbers.empty()) return py::none();
  const auto columns = static_cast<py::ssize_t>(matrix.columns());
  return py::array_t<float>({static_cast<py::ssize_t>(numbers.size()) / columns, columns}, numbers.data());
}
py::object scales(const PackedMatrix& matrix) { return by_groups(matrix, matrix.scales()); }
py::object zeros(const PackedMatrix& matrix) { return by_groups(matrix, matrix.zeros()); }

py::tuple reduce(const PackedMatrix& matrix) {
  const py::object type = py::type::of<PackedMatrix>();
  if (matrix.group() == 0) return py::make_tuple(type, py::make_tuple(unpack(matrix)));
  // One group of all rows is given as 0: its size need not be a multiple of 8.
  const std::size_t group = matrix.group() == matrix.rows() ? 0 : matrix.group();
  if (matrix.format() == PackedFormat::int8)
    return py::make_tuple(type.attr("of_int8"), py::make_tuple(unpack(matrix), scales(matrix), group));
  return py::make_tuple(type.attr("of_int4"), py::make_tuple(unpack(matrix), scales(matrix), zeros(matrix), group));
}

std::string describe(const PackedMatrix& matrix) {
  return "PackedMatrix of " + std::to_string(matrix.rows()) + " x " + std::to_string(matrix.columns()) + ", " +
         std::string(qsm_python::Choices<PackedFormat>::names.at(static_cast<std::size_t>(matrix.format()))) +
         (matrix.group() == 0 ? "" : " in groups of " + std::to_string(matrix.group())) + ", " +
         std::to_string(matrix.bytes_used()) + " bytes";
}

}  // namespace

namespace qsm_python::text::kernels {

/// Python's product gives its result.
struct Gemm : gemm {
  static constexpr auto takes =
      std::tuple_cat(std::make_tuple(Parameter{"x", required}, Parameter{"w", required}),
                     std::make_tuple(Parameter{"bias", []<class T>() -> T { return py::none(); }},
                                     Parameter{"activation", []<class T>() -> T { return T::none; }},
                                     Parameter{"gate", []<class T>() -> T { return py::none(); }},
                                     Parameter{"residual", []<class T>() -> T { return py::none(); }},
                                     Parameter{"quantize_rows", []<class T>() -> T { return false; }},
                                     Parameter{"row_scales", []<class T>() -> T { return py::none(); }},
                                     Parameter{"threads", []<class T>() -> T { return 0; }},
                                     Parameter{"dtype", []<class T>() -> T { return py::none(); }},
                                     Parameter{"out", []<class T>() -> T { return py::none(); }}));
};

/// Python's attention gives its result, and the logarithms where they are wanted.
struct Attention : attention {
  static constexpr auto takes =
      std::make_tuple(Parameter{"q", required}, Parameter{"k", required}, Parameter{"v", required},
                      Parameter{"scale", []<class T>() -> T { return py::none(); }},
                      Parameter{"causal", []<class T>() -> T { return false; }},
                      Parameter{"alignment", []<class T>() -> T { return T::bottom_right; }},
                      Parameter{"window_before", []<class T>() -> T { return std::nullopt; }},
                      Parameter{"window_after", []<class T>() -> T { return std::nullopt; }},
                      Parameter{"softcap", []<class T>() -> T { return 0; }},
                      Parameter{"slopes", []<class T>() -> T { return py::none(); }},
                      Parameter{"sinks", []<class T>() -> T { return py::none(); }},
                      Parameter{"mask", []<class T>() -> T { return py::none(); }},
                      Parameter{"query_starts", []<class T>() -> T { return py::none(); }},
                      Parameter{"key_starts", []<class T>() -> T { return py::none(); }},
                      Parameter{"key_counts", []<class T>() -> T { return py::none(); }},
                      Parameter{"page_table", []<class T>() -> T { return py::none(); }},
                      Parameter{"page_size", []<class T>() -> T { return 0; }},
                      Parameter{"key_scales", []<class T>() -> T { return py::none(); }},
                      Parameter{"value_scales", []<class T>() -> T { return py::none(); }},
                      Parameter{"threads", []<class T>() -> T { return 0; }},
                      Parameter{"return_lse", []<class T>() -> T { return false; }},
                      Parameter{"dtype", []<class T>() -> T { return py::none(); }},
                      Parameter{"out", []<class T>() -> T { return py::none(); }});
};

/// Python's product of 8-bit floats gives its result.
struct GemmFloat8 : gemm_float8 {
  static constexpr auto takes =
      std::make_tuple(Parameter{"x", required}, Parameter{"w", required}, Parameter{"x_scales", required},
                      Parameter{"w_scales", required}, Parameter{"threads", []<class T>() -> T { return 0; }},
                      Parameter{"dtype", []<class T>() -> T { return py::none(); }});
};

/// Python's rotation gives its result.
struct Rope : rope {
  static constexpr auto takes = std::make_tuple(Parameter{"x", required}, Parameter{"positions", required},
                                                Parameter{"base", []<class T>() -> T { return 10000; }},
                                                Parameter{"turned", []<class T>() -> T { return 0; }},
                                                Parameter{"interleaved", []<class T>() -> T { return false; }},
                                                Parameter{"threads", []<class T>() -> T { return 0; }},
                                                Parameter{"out", []<class T>() -> T { return py::none(); }});
};

/// In Python the options of the rotation stand beside the others.
struct AppendKv : append_kv {
  static constexpr auto takes = std::make_tuple(
      Parameter{"k", required}, Parameter{"v", required}, Parameter{"key_cache", required},
      Parameter{"value_cache", required}, Parameter{"slots", required},
      Parameter{"positions", []<class T>() -> T { return py::none(); }},
      Parameter{"base", []<class T>() -> T { return 10000; }}, Parameter{"turned", []<class T>() -> T { return 0; }},
      Parameter{"interleaved", []<class T>() -> T { return false; }},
      Parameter{"key_scales", []<class T>() -> T { return py::none(); }},
      Parameter{"value_scales", []<class T>() -> T { return py::none(); }},
      Parameter{"threads", []<class T>() -> T { return 0; }});
};

}  // namespace qsm_python::text::kernels

QSM_ROOM(kernels) {
  {
    QSM_CLASS(PackedMatrix);
    QSM_CONSTRUCTOR(const qsm::kernels::ConstMatrix&);
    QSM_STATIC(of_int4);
    QSM_STATIC(of_int8);
    QSM_PROPERTY(rows);
    QSM_PROPERTY(columns);
    QSM_PROPERTY(format);
    QSM_PROPERTY(group);
    QSM_PROPERTY(has_zeros);
    QSM_PROPERTY(bytes_used);
    bound.type()
        .def("unpack", &unpack, Text::unpack_::doc)
        .def("to_dense", &to_dense, Text::to_dense_::doc)
        .def_property_readonly("scales", &scales, Text::scales_::doc)
        .def_property_readonly("zeros", &zeros, Text::zeros_::doc)
        .def("__reduce__", &reduce)
        .def("__repr__", &describe);
  }
  qsm_python::plain<texts::Gemm>(module, &gemm);
  qsm_python::plain<texts::Attention>(module, &attention);
  qsm_python::plain<texts::GemmFloat8>(module, &gemm_float8);
  qsm_python::plain<texts::to_float8>(module, &to_float8);
  qsm_python::plain<texts::weights_to_float8>(module, &weights_to_float8);
  qsm_python::plain<texts::Rope>(module, &rope);
  qsm_python::plain<texts::AppendKv>(module, &append_kv);
  QSM_RECORD(QuantizationError);
  QSM_RECORD(QuantizedWeights);
  QSM_PLAIN(quantize);
  QSM_PLAIN(quantization_error);
  QSM_RECORD(GemmShape);
  QSM_RECORD(AttentionShape);
  QSM_RECORD(StageTime);
  QSM_RECORD(Plan);
  QSM_RECORD(PlanComparison);
  QSM_PLAIN(probes);
  using qsm::hardware::Accelerator;
  QSM_OVERLOAD(plan, plan_gemm, plan, const room::GemmShape&, const Accelerator&);
  QSM_OVERLOAD(plan_2, plan_attention, plan, const room::AttentionShape&, const Accelerator&);
  QSM_PLAIN(measure);
  QSM_PLAIN(compare);
}
