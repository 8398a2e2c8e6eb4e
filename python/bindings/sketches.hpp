#pragma once
// What the binding files of all sketches of items share: the texts, readers and members of `add`, `contains` and `count`.

#include <unordered_set>

#include "items.hpp"
#include "text/sketches.hpp"

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
struct ContainsHashes {
  static constexpr const char* name = "contains_hashes";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Whether items of these 64-bit hashes, an array of one axis, may have been added: an array.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"hashes", required});
};
struct RemoveItems {
  static constexpr const char* name = "remove";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Removes an item, once: whether it was found, else nothing changes; of an array or sequence of items an "
      "array.\n\n"
      "Only what was added must be removed: another item that the filter claims to hold takes a like one's place away. "
      "Takes what `add` takes.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"items", required});
};
struct AddNumbers {
  static constexpr const char* name = "add";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Adds a number, finite, or each of an array or sequence of numbers.\n\n"
      "Arrays of NumPy are read without a Python loop. Where one is refused, none has been added.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"numbers", required});
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

}  // namespace qsm_python::text::sketches

namespace qsm_python::sketches {

namespace py = pybind11;
namespace texts = qsm_python::text::sketches;
using qsm::sketches::Hasher;
using Hashes = std::span<const std::uint64_t>;

/// "HyperLogLog.add", for messages.
template <class Text, class Member>
const char* full_name() {
  static const std::string name = std::string(Text::name) + "." + Member::name;
  return name.c_str();
}

inline qsm_python::ItemShape hashes_of(const py::object& items, const Hasher& hasher, const char* function,
                                       std::vector<std::uint64_t>& all) {
  return qsm_python::read_items(items, hasher, {function, "items"},
                                [&all](Hashes hashes) { all.insert(all.end(), hashes.begin(), hashes.end()); });
}

/// A sketch that tells which items it has seen.
template <class Type>
concept Labelled = requires(const Type sketch) { sketch.unlabelled(); };

inline qsm::sketches::ItemLabel label_of(py::object item) {
  if (py::hasattr(item, "as_py")) item = item.attr("as_py")();  // of Arrow
  if (py::hasattr(item, "item")) item = item.attr("item")();    // of NumPy
  if (PyLong_Check(item.ptr())) return static_cast<std::int64_t>(PyLong_AsUnsignedLongLongMask(item.ptr()));
  if (PyFloat_Check(item.ptr())) return PyFloat_AS_DOUBLE(item.ptr());
  return py::cast<std::string>(item);
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

template <class Type, class Text>
void add_hashes(Type& sketch, const py::object& hashes) {
  sketch.add_hashes(qsm_python::read_hashes(hashes, {full_name<Text, texts::AddHashes>(), "hashes"}));
}

template <class Type, class Text, class Number = std::uint64_t>
py::object count(const Type& sketch, const py::object& items) {
  std::vector<std::uint64_t> all;
  const auto shape = hashes_of(items, sketch.hasher(), full_name<Text, texts::CountItems>(), all);
  if (shape.single) return py::cast(sketch.count_hash(all.front()));
  py::array_t<Number> out(shape.axes);
  sketch.count_hashes(all, std::span(out.mutable_data(), all.size()));
  return out;
}

/// Answers to many questions, while these are read block by block.
template <class Text, class Member, class Ask>
py::object answers(const py::object& items, const Hasher& hasher, Ask ask) {
  std::vector<unsigned char> all;
  const auto shape = qsm_python::read_items(items, hasher, {full_name<Text, Member>(), "items"}, [&](Hashes hashes) {
    all.resize(all.size() + hashes.size());
    ask(hashes, reinterpret_cast<bool*>(all.data() + all.size() - hashes.size()));
  });
  if (shape.single) return py::bool_(all.front() != 0);
  return py::array_t<bool>(shape.axes, reinterpret_cast<const bool*>(all.data()));
}

template <class Type, class Text>
py::object contains(const Type& filter, const py::object& items) {
  return answers<Text, texts::ContainsItems>(items, filter.hasher(), [&filter](Hashes hashes, bool* out) {
    filter.contains_hashes(hashes, {out, hashes.size()});
  });
}

template <class Type, class Text>
py::object contains_hashes(const Type& filter, const py::object& hashes) {
  const auto all = qsm_python::read_hashes(hashes, {full_name<Text, texts::ContainsHashes>(), "hashes"});
  py::array_t<bool> out(static_cast<py::ssize_t>(all.size()));
  filter.contains_hashes(all, {out.mutable_data(), all.size()});
  return out;
}

/// Pickles a sketch as its own bytes.
template <class Type, class Text>
void bind_pickle(qsm_python::Class<Type, Text>& bound) {
  bound.type().def("__reduce__", [](const Type& sketch) {
    return py::make_tuple(py::type::of<Type>().attr("decode"), py::make_tuple(qsm_python::give(sketch.encode())));
  });
}

template <class Type, class Text>
py::object remove(Type& filter, const py::object& items) {
  return answers<Text, texts::RemoveItems>(items, filter.hasher(), [&filter](Hashes hashes, bool* out) {
    for (const std::uint64_t hash : hashes) *out++ = filter.remove_hash(hash);
  });
}

/// A filter that looks at bytes, which stay where they are as long as it.
template <class Type>
py::object view(const py::object& bytes, bool check) {
  const py::memoryview held(bytes);
  const Py_buffer& buffer = *PyMemoryView_GET_BUFFER(held.ptr());
  if (PyBuffer_IsContiguous(&buffer, 'C') == 0) throw py::value_error("view: bytes must lie without gaps");
  py::object filter =
      py::cast(Type::view({static_cast<const std::byte*>(buffer.buf), static_cast<std::size_t>(buffer.len)}, check));
  py::detail::keep_alive_impl(filter, held);
  return filter;
}

/// Binds what is known of an item's way to 64 bits, and pickles.
template <class Type, class Text>
void bind_hasher(qsm_python::Class<Type, Text>& bound) {
  bound.type().def_property_readonly(
      "hasher", [](const Type& sketch) { return qsm_python::give(sketch.hasher()); }, "How items become 64 bits.");
  bind_pickle(bound);
}

/// Numbers of Python, all finite.
inline py::array_t<double> finite_numbers(const py::object& numbers, const char* function, const char* argument) {
  const auto in = qsm_python::real_array(numbers, function, argument);
  bool finite = true;
  for (py::ssize_t i = 0; i < in.size(); ++i) finite &= std::abs(in.data()[i]) <= std::numeric_limits<double>::max();
  if (finite) return in;
  const qsm_python::Place place{function, argument};
  for (py::ssize_t i = 0;; ++i)
    if (const double x = in.data()[i]; !std::isfinite(x)) {
      if (in.ndim() == 0) qsm_python::refuse_value(place, "finite", py::float_(x));
      qsm_python::refuse_value({function, argument, &place, i}, "finite", py::float_(x));
    }
}

template <class Type, class Text>
void add_numbers(Type& sketch, const py::object& numbers) {
  const auto in = finite_numbers(numbers, full_name<Text, texts::AddNumbers>(), "numbers");
  sketch.add(std::span(in.data(), static_cast<std::size_t>(in.size())));
}

/// An Estimate for a number, an array of the values for an array.
template <class Type, class Text, class Member>
py::object answer_number(const Type& sketch, const py::object& question) {
  constexpr bool inverse = std::string_view(Member::name) == "quantile";
  const char* argument = std::get<0>(Member::takes).name;
  const auto in = qsm_python::real_array(question, full_name<Text, Member>(), argument);
  const std::span<const double> from(in.data(), static_cast<std::size_t>(in.size()));
  if (in.ndim() == 0) return py::cast(inverse ? sketch.quantile(from[0]) : sketch.cdf(from[0]));
  const qsm_python::Place place{full_name<Text, Member>(), argument};
  for (std::size_t i = 0; i < from.size(); ++i)
    if (inverse ? !(from[i] >= 0 && from[i] <= 1) : std::isnan(from[i]))
      qsm_python::refuse_value({place.function, argument, &place, static_cast<py::ssize_t>(i)},
                               inverse ? "in [0, 1]" : "a number, infinite or not", py::float_(from[i]));
  py::array_t<double> out(std::vector<py::ssize_t>(in.shape(), in.shape() + in.ndim()));
  const std::span<double> to(out.mutable_data(), from.size());
  inverse ? sketch.fill_quantile(from, to) : sketch.fill_cdf(from, to);
  return out;
}

/// Binds what all sketches of numbers have in common.
template <class Type, class Text>
void bind_numbers(qsm_python::Class<Type, Text>& bound) {
  static_assert(qsm::sketches::QuantileSketch<Type>);
  bound.template method<texts::AddNumbers>(&add_numbers<Type, Text>);
  bound.template method<typename Text::quantile_>(&answer_number<Type, Text, typename Text::quantile_>);
  bound.template method<typename Text::cdf_>(&answer_number<Type, Text, typename Text::cdf_>);
  QSM_METHOD(merge);
  QSM_METHOD(reset);
  QSM_PROPERTY(count);
  QSM_PROPERTY(min);
  QSM_PROPERTY(max);
  QSM_PROPERTY(bytes_used);
  QSM_METHOD(encode);
  QSM_STATIC(decode);
  bind_pickle(bound);
  bound.type().def("__repr__", [](const Type& sketch) {
    return std::string(Text::name) + " of " + std::to_string(sketch.count()) + " numbers, " +
           std::to_string(sketch.bytes_used()) + " bytes";
  });
}

template <class Type, class Text>
void bind_add(qsm_python::Class<Type, Text>& bound) {
  bound.template method<texts::AddItems>(&add<Type, Text>);
  bound.template method<texts::AddHashes>(&add_hashes<Type, Text>);
}

/// Binds what all sketches of items have in common.
template <class Type, class Text>
void bind_items(qsm_python::Class<Type, Text>& bound) {
  static_assert(qsm::sketches::ItemSketch<Type>);
  bind_add(bound);
  bind_hasher(bound);
}

/// Binds what all filters have in common.
template <class Type, class Text>
void bind_filter(qsm_python::Class<Type, Text>& bound) {
  bound.template method<texts::ContainsItems>(&contains<Type, Text>);
  bound.template method<texts::ContainsHashes>(&contains_hashes<Type, Text>);
  bound.type().def("__contains__", [](const Type& filter, const py::object& item) {
    const py::object answer = contains<Type, Text>(filter, item);
    if (!py::isinstance<py::bool_>(answer)) throw py::type_error("one item is needed; `contains` takes many");
    return answer;
  });
  bind_hasher(bound);
  QSM_PROPERTY(rate);
  QSM_PROPERTY(bytes_used);
  QSM_METHOD(encode);
  QSM_STATIC(decode);
  bound.template function<typename Text::view_>(&view<Type>);
  bound.type().def("__repr__", [](const Type& filter) {
    const auto items = [&filter] {
      if constexpr (requires { filter.items(); })
        return static_cast<double>(filter.items());
      else
        return filter.estimate().value;
    }();
    return std::string(Text::name) + " of " + std::to_string(filter.bytes_used()) + " bytes, about " +
           std::to_string(std::llround(items)) + " items";
  });
}

/// Binds, besides, what filters have that are fed.
template <class Type, class Text>
void bind_open_filter(qsm_python::Class<Type, Text>& bound) {
  static_assert(qsm::sketches::MembershipSketch<Type>);
  bind_filter(bound);
  bind_add(bound);
  QSM_METHOD(merge);
  QSM_METHOD(reset);
}

/// Binds, besides, what filters have that can forget an item.
template <class Type, class Text>
void bind_removable_filter(qsm_python::Class<Type, Text>& bound) {
  static_assert(qsm::sketches::RemovableFilter<Type>);
  bind_open_filter(bound);
  bound.template method<texts::RemoveItems>(&remove<Type, Text>);
}

/// Binds what filters have that are made once.
template <class Type, class Text>
void bind_static_filter(qsm_python::Class<Type, Text>& bound) {
  static_assert(qsm::sketches::StaticFilter<Type>);
  bind_filter(bound);
  bound.type().def(py::init([](const py::object& items, int bits, const py::object& hasher) {
                     const auto chosen =
                         hasher.is_none() ? Hasher{} : qsm_python::Take<Hasher>::read(hasher, {Text::name, "hasher"});
                     std::vector<std::uint64_t> all;
                     hashes_of(items, chosen, Text::name, all);
                     return Type::of_hashes(all, bits, chosen);
                   }),
                   py::arg("items"), py::arg("bits") = 8, py::arg("hasher") = py::none(), Text::doc);
  bound.type().def("merge", [](const Type&, const py::object&) {
    throw py::type_error(std::string(Text::name) +
                         ".merge: a filter that is made once cannot be merged; make one of "
                         "all items, or merge Bloom filters");
  });
  QSM_STATIC(of_hashes);
  QSM_PROPERTY(items);
  QSM_PROPERTY(bits);
}

}  // namespace qsm_python::sketches
