#include "sketches.hpp"

namespace qsm_python::text::sketches {

struct CountFrequent : CountItems {
  static constexpr auto doc =
      "How often an item came [1]: an Estimate whose value and `high` are never below the truth, and whose `low` is "
      "never above it. Of an array or sequence of items the array of the values.\n\n"
      "Takes what `add` takes.\n";
};
struct CountAround : CountItems {
  static constexpr auto doc =
      "How often an item came [1]: an Estimate without bias, whose interval holds the truth with 95 % for each item. "
      "Of an "
      "array or sequence of items the array of the values.\n\n"
      "Takes what `add` takes.\n";
};
struct CountAtLeast : CountItems {
  static constexpr auto doc =
      "How often an item came [1]: an Estimate whose value and `low` are never above the truth, and whose `high` is "
      "never "
      "below it. Of an array or sequence of items the array of the values.\n\n"
      "Takes what `add` takes.\n";
};
struct CountRoughly : CountItems {
  static constexpr auto doc =
      "How often an item came [1]: an Estimate without bounds, nearly always below the truth, by little for frequent "
      "items. Of an array or sequence of items the array of the values.\n\n"
      "Takes what `add` takes.\n";
};
struct TopItems {
  static constexpr const char* name = "top";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "The items with the largest counts, the largest first: pairs of the item and its count, an Estimate.\n\n"
      "Integers come back by their signed 64 bits, bytes that are UTF-8 as text, and what was added by a hash as that "
      "hash.\n\n"
      "Parameters\n----------\nnumber\n    how many at most [1], an integer >= 0\n";
  static constexpr auto takes = std::make_tuple(Parameter{"number", []<class T>() -> T { return 10; }});
};

}  // namespace qsm_python::text::sketches

namespace {

using namespace qsm_python::sketches;

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

template <class Type>
py::list top(const Type& sketch, std::uint64_t number) {
  py::list items;
  for (const auto& entry : sketch.top(number)) items.append(py::make_tuple(give_label(entry), entry.count));
  return items;
}

/// Binds what sketches have that tell the most frequent items.
template <class Type, class Text>
void bind_frequent(qsm_python::Class<Type, Text>& bound) {
  bind_items(bound);
  bound.template method<texts::TopItems>(&top<Type>);
  QSM_METHOD(merge);
  QSM_METHOD(reset);
  QSM_PROPERTY(total);
  QSM_PROPERTY(capacity);
  QSM_PROPERTY(bytes_used);
  QSM_METHOD(encode);
  QSM_STATIC(decode);
  bound.type().def("__repr__", [](const Type& sketch) {
    return std::string(Text::name) + "(" + std::to_string(sketch.capacity()) + ") of " +
           std::to_string(sketch.total()) + " items";
  });
}

}  // namespace

QSM_PART(sketches, frequency) {
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
    QSM_CLASS(CountSketch);
    QSM_CONSTRUCTOR(std::uint64_t, int, const Hasher&);
    bind_items(bound);
    bound.method<texts::CountAround>(&count<Type, Text, std::int64_t>);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_PROPERTY(total);
    QSM_PROPERTY(squares);
    QSM_PROPERTY(error);
    QSM_PROPERTY(width);
    QSM_PROPERTY(rows);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    bound.type().def("__repr__", [](const Type& sketch) {
      return "CountSketch(" + std::to_string(sketch.rows()) + " rows of " + std::to_string(sketch.width()) + ") of " +
             std::to_string(sketch.total()) + " items";
    });
  }
  {
    QSM_CLASS(MisraGries);
    QSM_CONSTRUCTOR(std::uint64_t, const Hasher&);
    bound.method<texts::CountAtLeast>(&count<Type, Text>);
    bind_frequent(bound);
    QSM_PROPERTY(error);
  }
  {
    QSM_CLASS(SpaceSaving);
    QSM_CONSTRUCTOR(std::uint64_t, const Hasher&);
    bound.method<texts::CountFrequent>(&count<Type, Text>);
    bind_frequent(bound);
    QSM_PROPERTY(error);
  }
  {
    QSM_CLASS(HeavyKeeper);
    QSM_CONSTRUCTOR(std::uint64_t, std::uint64_t, int, const Hasher&);
    bound.method<texts::CountRoughly>(&count<Type, Text>);
    bind_frequent(bound);
    QSM_PROPERTY(width);
    QSM_PROPERTY(rows);
  }
}
