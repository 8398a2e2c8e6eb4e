#include "text/sketches.hpp"

#include <unordered_set>

#include <qsm/core/bytes.hpp>

#include "items.hpp"

namespace {

namespace py = pybind11;
using qsm::sketches::HdrHistogram;
using Integers = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;

/// An array of integers; one of doubles only where each is an integer.
Integers integers(const py::object& values, const qsm_python::Place& place) {
  const auto array = py::array::ensure(values);
  if (!array) PyErr_Clear();
  const char kind = array ? array.dtype().kind() : 'O';
  if (kind != 'i' && kind != 'u' && kind != 'f') qsm_python::refuse_type(place, "integers", values);
  if (kind == 'f') {
    const auto numbers = py::array_t<double, py::array::c_style | py::array::forcecast>(array);
    for (py::ssize_t i = 0; i < numbers.size(); ++i)
      if (const double x = numbers.data()[i]; !(std::abs(x) < 0x1p63 && x == std::trunc(x)))
        qsm_python::refuse_value({place.function, place.argument, &place, i}, "an integer", py::float_(x));
  }
  return Integers(array);
}

void record(HdrHistogram& histogram, const py::object& values, std::int64_t count) {
  const qsm_python::Place place{"HdrHistogram.record", "values"};
  if (PyLong_Check(values.ptr()) || py::array::ensure(values).ndim() == 0)
    return histogram.record(qsm_python::Take<std::int64_t>::read(values, place), count);
  const Integers array = integers(values, place);
  const std::span<const std::int64_t> all(array.data(), static_cast<std::size_t>(array.size()));
  if (count == 1) return histogram.record(all);
  for (const std::int64_t value : all) histogram.record(value, count);
}

py::object quantile(const HdrHistogram& histogram, const py::object& probability) {
  const auto in = qsm_python::real_array(probability, "HdrHistogram.quantile", "probability");
  if (in.ndim() == 0) return py::int_(histogram.quantile(*in.data()));
  py::array_t<std::int64_t> out(std::vector<py::ssize_t>(in.shape(), in.shape() + in.ndim()));
  const auto size = static_cast<std::size_t>(in.size());
  histogram.fill_quantile(std::span(in.data(), size), std::span(out.mutable_data(), size));
  return out;
}

std::vector<std::byte> bytes_of(const py::object& object) {
  const auto text = py::cast<std::string>(object);
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

py::bytes bytes_from(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> deflate(std::span<const std::byte> bytes, std::size_t) {
  return bytes_of(py::module_::import("zlib").attr("compress")(bytes_from(bytes)));
}

/// The whole stream, and nothing after it, of at most `limit` bytes.
std::vector<std::byte> inflate(std::span<const std::byte> bytes, std::size_t limit) {
  const py::gil_scoped_acquire gil;  // decoding gives the interpreter up
  const py::module_ zlib = py::module_::import("zlib");
  const py::object stream = zlib.attr("decompressobj")();
  try {
    auto inflated = bytes_of(stream.attr("decompress")(bytes_from(bytes), limit));
    if (py::cast<bool>(stream.attr("eof")) && py::len(stream.attr("unused_data")) == 0) return inflated;
  } catch (py::error_already_set& error) {
    if (!error.matches(zlib.attr("error"))) throw;
  }
  throw qsm::MalformedBytes("HdrHistogram", 8, "a whole zlib stream of at most " + std::to_string(limit) + " bytes");
}

py::bytes encode(const HdrHistogram& histogram, bool compressed) {
  return bytes_from(compressed ? histogram.encode_compressed(deflate) : histogram.encode());
}

HdrHistogram decode(std::span<const std::byte> bytes, bool auto_resize) {
  try {
    const bool compressed = bytes.size() >= 4 && (std::to_integer<int>(bytes[3]) & 0xf) == 4;
    return compressed ? HdrHistogram::decode_compressed(bytes, inflate, auto_resize)
                      : HdrHistogram::decode(bytes, auto_resize);
  } catch (const qsm::MalformedBytes& error) {
    throw py::value_error(error.what());
  }
}

std::string describe(const HdrHistogram& histogram) {
  return "HdrHistogram(lowest=" + std::to_string(histogram.lowest()) +
         ", highest=" + std::to_string(histogram.highest()) +
         ", significant_digits=" + std::to_string(histogram.significant_digits()) + ") of " +
         std::to_string(histogram.count()) + " values";
}

}  // namespace

namespace qsm_python::text::sketches {

struct AddItems {
  static constexpr const char* name = "add";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Adds an item: an integer of 64 bits, a float, a string (as UTF-8) or bytes; or each of an array or sequence of "
      "these.\n\n"
      "Arrays of NumPy and columns of Arrow are read without a Python loop. Integers count by their 64 bits, so that "
      "-1 "
      "is 2^64 - 1; 1, 1.0 and '1' are unlike. Where one item of a sequence is refused, none has been added.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"items", required});
};
struct AddHashes {
  static constexpr const char* name = "add_hashes";
  static constexpr bool whole = false;
  static constexpr auto doc = "Adds items by 64-bit hashes made elsewhere, an array of one axis.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"hashes", required});
};
struct ContainsItems {
  static constexpr const char* name = "contains";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Whether an item may have been added; of an array or sequence of items an array.\n\n"
      "Never False of an item that was added. Takes what `add` takes.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"items", required});
};
struct HashItems {
  static constexpr const char* name = "hash_items";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "64-bit hashes of items, as sketches make them: an integer of one item, else an array.\n\n"
      "Parameters\n----------\nitems\n    what the `add` of a sketch takes\nhasher\n    which function and seed\n";
  static constexpr auto takes =
      std::make_tuple(Parameter{"items", required}, Parameter{"hasher", []<class T>() -> T { return {}; }});
};

/// Python's `record` takes a value or an array of them, and how often.
struct HdrHistogramRecord : HdrHistogram::record_ {
  static constexpr auto doc =
      "Counts a value, or each of an array of values [any unit], integers in [0, highest], `count` times [1].\n\n"
      "Where one value of an array is refused, none has been counted.\n";
  static constexpr auto takes =
      std::make_tuple(Parameter{"values", required}, Parameter{"count", []<class T>() -> T { return 1; }});
};
struct HdrHistogramEncode : HdrHistogram::encode_ {
  static constexpr auto doc =
      "The bytes of format V2, in a zlib stream as logs hold it, or plain: what the HdrHistogram programs of other "
      "languages read.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"compressed", []<class T>() -> T { return true; }});
};
struct HdrHistogramDecode : HdrHistogram::decode_ {
  static constexpr auto doc =
      "Reads format V2, compressed or plain. ValueError where the bytes are anything else. Whether the histogram may "
      "grow is not in the bytes.\n";
};
struct CountItems {
  static constexpr const char* name = "count";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "How often an item came [1]: an Estimate whose value and `high` are never below the truth, and whose `low` is "
      "above it with a probability of 1 - confidence. Of an array or sequence of items the array of the values.\n\n"
      "Takes what `add` takes.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"items", required});
};

struct CountFrequent : CountItems {
  static constexpr auto doc =
      "How often an item came [1]: an Estimate whose value and `high` are never below the truth, and whose `low` is "
      "never above it. Of an array or sequence of items the array of the values.\n\n"
      "Takes what `add` takes.\n";
};
struct TopItems {
  static constexpr const char* name = "top";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "The items with the largest counts, the largest first: pairs of the item and its count, an Estimate with bounds "
      "that are certain.\n\n"
      "Integers come back by their signed 64 bits, bytes that are UTF-8 as text, and what was added by a hash as that "
      "hash.\n\n"
      "Parameters\n----------\nnumber\n    how many at most [1], an integer >= 0\n";
  static constexpr auto takes = std::make_tuple(Parameter{"number", []<class T>() -> T { return 10; }});
};

}  // namespace qsm_python::text::sketches

namespace {

// --- what all sketches of items share ---------------------------------------------------------------------------------

using qsm::sketches::Hasher;
using Hashes = std::span<const std::uint64_t>;
namespace texts = qsm_python::text::sketches;

/// "HyperLogLog.add", for messages.
template <class Text, class Member>
const char* full_name() {
  static const std::string name = std::string(Text::name) + "." + Member::name;
  return name.c_str();
}

qsm_python::ItemShape hashes_of(const py::object& items, const Hasher& hasher, const char* function,
                                std::vector<std::uint64_t>& all) {
  return qsm_python::read_items(items, hasher, {function, "items"},
                                [&all](Hashes hashes) { all.insert(all.end(), hashes.begin(), hashes.end()); });
}

/// A sketch that tells which items it has seen.
template <class Type>
concept Labelled = requires(const Type sketch) { sketch.unlabelled(); };

qsm::sketches::ItemLabel label_of(py::object item) {
  if (py::hasattr(item, "as_py")) item = item.attr("as_py")();  // of Arrow
  if (py::hasattr(item, "item")) item = item.attr("item")();    // of NumPy
  if (PyLong_Check(item.ptr())) return static_cast<std::int64_t>(PyLong_AsUnsignedLongLongMask(item.ptr()));
  if (PyFloat_Check(item.ptr())) return PyFloat_AS_DOUBLE(item.ptr());
  return py::cast<std::string>(item);
}

py::object give_label(const qsm::sketches::FrequentItem& entry) {
  if (const auto* integer = std::get_if<std::int64_t>(&entry.item)) return py::int_(*integer);
  if (const auto* number = std::get_if<double>(&entry.item)) return py::float_(*number);
  const auto* text = std::get_if<std::string>(&entry.item);
  if (!text) return py::int_(entry.hash);
  const auto size = static_cast<Py_ssize_t>(text->size());
  if (PyObject* const decoded = PyUnicode_DecodeUTF8(text->data(), size, nullptr))
    return py::reinterpret_steal<py::object>(decoded);
  PyErr_Clear();
  return py::bytes(*text);
}

/// Counts items, and then picks those out of them that have got a counter.
template <Labelled Type>
void add_labelled(Type& sketch, py::object items, const char* function) {
  if (py::hasattr(items, "__iter__") && !py::hasattr(items, "__getitem__")) items = py::list(items);
  std::vector<std::uint64_t> all;
  const auto shape = hashes_of(items, sketch.hasher(), function, all);
  sketch.add_hashes(all);
  if (shape.single) return sketch.label(label_of(items));
  const auto without = sketch.unlabelled();
  std::unordered_set<std::uint64_t> missing(without.begin(), without.end());
  const bool arrow = py::hasattr(items, "__arrow_c_array__") || py::hasattr(items, "__arrow_c_stream__");
  if (py::hasattr(items, "iloc"))
    items = items.attr("iloc");
  else if (!arrow && py::hasattr(items, "__array__"))
    items = py::module_::import("numpy").attr("asarray")(items).attr("reshape")(-1);
  for (std::size_t i = 0; i < all.size() && !missing.empty(); ++i)
    if (missing.erase(all[i]) > 0) sketch.label(label_of(items[py::int_(i)]));
}

template <class Type, class Text>
void add(Type& sketch, const py::object& items) {
  const qsm_python::Place place{full_name<Text, texts::AddItems>(), "items"};
  if constexpr (Labelled<Type>)
    add_labelled(sketch, items, place.function);
  else
    qsm_python::read_items(items, sketch.hasher(), place, [&sketch](Hashes hashes) { sketch.add_hashes(hashes); });
}

py::list top(const qsm::sketches::SpaceSaving& sketch, std::uint64_t number) {
  py::list items;
  for (const auto& entry : sketch.top(number)) items.append(py::make_tuple(give_label(entry), entry.count));
  return items;
}

template <class Type, class Text>
void add_hashes(Type& sketch, const py::object& hashes) {
  sketch.add_hashes(qsm_python::read_hashes(hashes, {full_name<Text, texts::AddHashes>(), "hashes"}));
}

template <class Type, class Text>
py::object count(const Type& sketch, const py::object& items) {
  std::vector<std::uint64_t> all;
  const auto shape = hashes_of(items, sketch.hasher(), full_name<Text, texts::CountItems>(), all);
  if (shape.single) return py::cast(sketch.count_hash(all.front()));
  py::array_t<std::uint64_t> out(shape.axes);
  sketch.count_hashes(all, std::span(out.mutable_data(), all.size()));
  return out;
}

template <class Type, class Text>
py::object contains(const Type& sketch, const py::object& items) {
  std::vector<std::uint64_t> all;
  const auto shape = hashes_of(items, sketch.hasher(), full_name<Text, texts::ContainsItems>(), all);
  if (shape.single) return py::bool_(sketch.contains_hash(all.front()));
  py::array_t<bool> out(shape.axes);
  sketch.contains_hashes(all, std::span(out.mutable_data(), all.size()));
  return out;
}

py::object hash_items(const py::object& items, const Hasher& hasher) {
  std::vector<std::uint64_t> all;
  const auto shape = hashes_of(items, hasher, "hash_items", all);
  if (shape.single) return py::int_(all.front());
  return py::array_t<std::uint64_t>(shape.axes, all.data());
}

}  // namespace

namespace qsm_python::text::sketches {}  // namespace qsm_python::text::sketches

namespace {

/// Binds what all sketches of items have in common.
template <class Type, class Text>
void bind_items(qsm_python::Class<Type, Text>& bound) {
  static_assert(qsm::sketches::ItemSketch<Type>);
  bound.template method<texts::AddItems>(&add<Type, Text>);
  bound.template method<texts::AddHashes>(&add_hashes<Type, Text>);
  bound.type().def_property_readonly(
      "hasher", [](const Type& sketch) { return qsm_python::give(sketch.hasher()); }, "How items become 64 bits.");
  bound.type().def("__reduce__", [](const Type& sketch) {
    return py::make_tuple(py::type::of<Type>().attr("decode"), py::make_tuple(qsm_python::give(sketch.encode())));
  });
}

/// Binds, besides, what answers whether an item was added.
template <class Type, class Text>
void bind_members(qsm_python::Class<Type, Text>& bound) {
  static_assert(qsm::sketches::MembershipSketch<Type>);
  bind_items(bound);
  bound.template method<texts::ContainsItems>(&contains<Type, Text>);
  bound.type().def("__contains__", [](const Type& sketch, const py::object& item) {
    const py::object answer = contains<Type, Text>(sketch, item);
    if (!py::isinstance<py::bool_>(answer)) throw py::type_error("one item is needed; `contains` takes many");
    return answer;
  });
  bound.type().def("__repr__", [](const Type& sketch) {
    return std::string(Text::name) + " of " + std::to_string(sketch.bytes_used()) + " bytes, about " +
           std::to_string(std::llround(sketch.estimate().value)) + " items";
  });
}

std::string describe(const qsm::sketches::HyperLogLog& sketch) {
  return "HyperLogLog(precision=" + std::to_string(sketch.precision()) + ") of about " +
         std::to_string(std::llround(sketch.estimate().value)) + " items";
}

}  // namespace

QSM_ROOM(sketches) {
  QSM_RECORD(HdrBucket);
  QSM_RECORD(Hasher);
  qsm_python::plain<texts::HashItems>(module, &hash_items);
  QSM_RECORD(BloomSize);
  QSM_PLAIN(bloom_size);
  QSM_FUNCTION(bloom_rate);
  QSM_FUNCTION(blocked_bloom_rate);
  {
    QSM_CLASS(BloomFilter);
    QSM_CONSTRUCTOR(double, double, const Hasher&);
    bind_members(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_PROPERTY(rate);
    QSM_PROPERTY(bits);
    QSM_PROPERTY(bits_set);
    QSM_PROPERTY(hashes);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(BlockedBloomFilter);
    QSM_CONSTRUCTOR(double, double, const Hasher&);
    bind_members(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_PROPERTY(rate);
    QSM_PROPERTY(blocks);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(CountMin);
    QSM_CONSTRUCTOR(double, double, bool, const Hasher&);
    bind_items(bound);
    bound.method<texts::CountItems>(&count<Type, Text>);
    QSM_STATIC(of_size);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_PROPERTY(total);
    QSM_PROPERTY(width);
    QSM_PROPERTY(rows);
    QSM_PROPERTY(conservative);
    QSM_PROPERTY(error);
    QSM_PROPERTY(confidence);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    bound.type().def("__repr__", [](const Type& sketch) {
      return "CountMin(" + std::to_string(sketch.rows()) + " rows of " + std::to_string(sketch.width()) + ") of " +
             std::to_string(sketch.total()) + " items";
    });
  }
  {
    QSM_CLASS(SpaceSaving);
    QSM_CONSTRUCTOR(std::uint64_t, const Hasher&);
    bind_items(bound);
    bound.method<texts::CountFrequent>(&count<Type, Text>);
    bound.method<texts::TopItems>(&top);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_PROPERTY(total);
    QSM_PROPERTY(capacity);
    QSM_PROPERTY(error);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    bound.type().def("__repr__", [](const Type& sketch) {
      return "SpaceSaving(" + std::to_string(sketch.capacity()) + ") of " + std::to_string(sketch.total()) + " items";
    });
  }
  {
    QSM_CLASS(HyperLogLog);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_items(bound);
    QSM_METHOD(merge);
    QSM_METHOD(reduced);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_METHOD(relative_error);
    QSM_PROPERTY(precision);
    QSM_PROPERTY(sparse);
    QSM_PROPERTY(merged);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(registers);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    QSM_METHOD(to_redis);
    QSM_STATIC(from_redis);
    QSM_METHOD(to_datasketches);
    QSM_STATIC(from_datasketches);
    bound.type().def("__repr__", py::overload_cast<const Type&>(&describe));
  }
  {
    QSM_CLASS(HdrHistogram);
    QSM_CONSTRUCTOR(std::int64_t, std::int64_t, int, bool);
    bound.method<texts::HdrHistogramRecord>(&record);
    QSM_METHOD(record_corrected);
    QSM_METHOD(merge);
    QSM_METHOD(subtract);
    QSM_METHOD(corrected);
    QSM_METHOD(reset);
    QSM_PROPERTY(count);
    QSM_METHOD(count_at);
    bound.method<Text::quantile_>(&quantile);
    QSM_METHOD(value_at_percentile);
    QSM_METHOD(cdf);
    QSM_PROPERTY(mean);
    QSM_PROPERTY(standard_deviation);
    QSM_PROPERTY(min);
    QSM_PROPERTY(max);
    QSM_METHOD(buckets);
    QSM_METHOD(lowest_equivalent);
    QSM_METHOD(highest_equivalent);
    QSM_PROPERTY(lowest);
    QSM_PROPERTY(highest);
    QSM_PROPERTY(significant_digits);
    QSM_PROPERTY(auto_resize);
    QSM_PROPERTY(bytes_used);
    bound.method<texts::HdrHistogramEncode>(&encode);
    bound.function<texts::HdrHistogramDecode>(&decode);
    bound.type()
        .def("__repr__", py::overload_cast<const HdrHistogram&>(&describe))
        .def("__reduce__", [](const HdrHistogram& histogram) {
          const py::object again = py::type::of<HdrHistogram>().attr("decode");
          return py::make_tuple(again, py::make_tuple(encode(histogram, true), histogram.auto_resize()));
        });
  }
}
