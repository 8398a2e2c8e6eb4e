#include "sketches.hpp"

namespace qsm_python::text::sketches {

struct AddWeighted {
  static constexpr const char* name = "add";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Adds an item with its weight, or each of an array or sequence of items with one of as many weights.\n\n"
      "Parameters\n----------\nitems\n    what the `add` of other sketches takes\n"
      "weights\n    of each item [any], finite and >= 0; 0 is nothing\n";
  static constexpr auto takes = std::make_tuple(Parameter{"items", required}, Parameter{"weights", required});
};
struct AddWeightedHashes {
  static constexpr const char* name = "add_hashes";
  static constexpr bool whole = false;
  static constexpr auto doc = "Adds items by 64-bit hashes made elsewhere, an array of one axis, with their weights.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"hashes", required}, Parameter{"weights", required});
};
struct AddSets {
  static constexpr const char* name = "add";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Adds a set under a key, or many under as many keys.\n\n"
      "Parameters\n----------\nkeys\n    what a query gives [1]: an integer in [0, 2^64), or an array of them\n"
      "signatures\n    an array of 64-bit integers, at least bands * rows for each key: one axis, or two for many "
      "keys\n";
  static constexpr auto takes = std::make_tuple(Parameter{"keys", required}, Parameter{"signatures", required});
};
struct QuerySets {
  static constexpr const char* name = "query";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Keys of the sets that agree with a signature in a band or more, from small to large; of signatures along two "
      "axes "
      "a list with an array for each.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"signatures", required});
};
struct MinhashSignatures {
  static constexpr const char* name = "minhash_signatures";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Signatures of many sets: one row for each, as `MinHash(size, hasher)` makes it.\n\n"
      "Parameters\n----------\nsets\n    a sequence of what the `add` of a sketch takes: lists of texts, arrays, rows "
      "of "
      "an array\nsize\n    values in a signature [1], an integer in [1, 65536]\nhasher\n    which function and seed\n";
  static constexpr auto takes =
      std::make_tuple(Parameter{"sets", required}, Parameter{"size", []<class T>() -> T { return 128; }},
                      Parameter{"hasher", []<class T>() -> T { return {}; }});
};

}  // namespace qsm_python::text::sketches

namespace {

using namespace qsm_python::sketches;
using qsm::sketches::LshIndex;
using qsm::sketches::MinHash;
using qsm::sketches::WeightedMinHash;
using qsm_python::Place;

/// "MinHash(size=128)".
template <class Type, class Text>
void bind_signatures(qsm_python::Class<Type, Text>& bound) {
  bound.type().def("__repr__", [](const Type& sketch) {
    return std::string(Text::name) + "(size=" + std::to_string(sketch.size()) + ")";
  });
}

std::vector<double> weights_of(const py::object& weights, const char* function) {
  if (PyFloat_Check(weights.ptr()) || PyLong_Check(weights.ptr()))
    return {qsm_python::read_number(weights, {function, "weights"})};
  return qsm_python::read_numbers(weights, {function, "weights"});
}

void add_weighted(WeightedMinHash& sketch, const py::object& items, const py::object& weights) {
  std::vector<std::uint64_t> all;
  hashes_of(items, sketch.hasher(), "WeightedMinHash.add", all);
  sketch.add_hashes(all, weights_of(weights, "WeightedMinHash.add"));
}

void add_weighted_hashes(WeightedMinHash& sketch, const py::object& hashes, const py::object& weights) {
  sketch.add_hashes(qsm_python::read_hashes(hashes, {"WeightedMinHash.add_hashes", "hashes"}),
                    weights_of(weights, "WeightedMinHash.add_hashes"));
}

/// Signatures as rows of one array.
struct Signatures {
  py::array_t<std::uint64_t> array;
  std::size_t rows, columns;

  Signatures(const py::object& object, const LshIndex& index, const Place& place) {
    const auto given = py::array::ensure(object);
    if (!given) PyErr_Clear();
    if (!given || given.ndim() < 1 || given.ndim() > 2 || !(given.dtype().kind() == 'u' || given.dtype().kind() == 'i'))
      qsm_python::refuse_type(place, "an array of 64-bit integers with one axis or two", object);
    array = py::array_t<std::uint64_t, py::array::c_style | py::array::forcecast>(given);
    columns = static_cast<std::size_t>(array.shape(array.ndim() - 1));
    rows = array.ndim() == 1 ? 1 : static_cast<std::size_t>(array.shape(0));
    const auto least = static_cast<std::size_t>(index.bands() * index.rows());
    if (columns < least)
      qsm_python::refuse_value(place, "of at least bands * rows = " + std::to_string(least) + " values", object);
  }
  std::span<const std::uint64_t> row(std::size_t i) const { return {array.data() + i * columns, columns}; }
};

void add_sets(LshIndex& index, const py::object& keys, const py::object& signatures) {
  const Signatures all(signatures, index, {"LshIndex.add", "signatures"});
  const Place place{"LshIndex.add", "keys"};
  if (PyLong_Check(keys.ptr())) {
    const auto key = qsm_python::Take<std::uint64_t>::read(keys, place);
    if (all.array.ndim() != 1) qsm_python::refuse_type(place, "an array of as many keys as signatures", keys);
    return index.add(key, all.row(0));
  }
  const auto many = qsm_python::read_hashes(keys, place);
  if (all.array.ndim() != 2 || many.size() != all.rows)
    qsm_python::refuse_value(place, "as many keys as signatures", keys);
  for (std::size_t i = 0; i < many.size(); ++i) index.add(many[i], all.row(i));
}

py::object query_sets(const LshIndex& index, const py::object& signatures) {
  const Signatures all(signatures, index, {"LshIndex.query", "signatures"});
  if (all.array.ndim() == 1) return qsm_python::give(index.query(all.row(0)));
  py::list found;
  for (std::size_t i = 0; i < all.rows; ++i) found.append(qsm_python::give(index.query(all.row(i))));
  return found;
}

/// An array of integers along two axes as 64-bit ones, or None.
py::object integer_rows(const py::object& sets) {
  if (!py::isinstance<py::array>(sets)) return py::none();
  const py::array array(sets);
  const char kind = array.dtype().kind();
  if (array.ndim() != 2 || (kind != 'i' && kind != 'u')) return py::none();
  if (kind == 'i') return py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>(array);
  return py::array_t<std::uint64_t, py::array::c_style | py::array::forcecast>(array);
}

py::object signatures_of_rows(const py::array& rows, const MinHash& empty) {
  const auto columns = static_cast<std::size_t>(rows.shape(1));
  const auto* at = static_cast<const std::uint64_t*>(rows.data());
  py::array_t<std::uint64_t> out({rows.shape(0), py::ssize_t{empty.size()}});
  std::uint64_t* row = out.mutable_data();
  for (py::ssize_t i = 0; i < rows.shape(0); ++i, at += columns, row += empty.size()) {
    MinHash sketch = empty;
    sketch.add(std::span(at, columns));
    std::ranges::copy(sketch.signature(), row);
  }
  return out;
}

py::object minhash_signatures(const py::object& sets, int size, const Hasher& hasher) {
  const Place place{"minhash_signatures", "sets"};
  const MinHash empty(size, hasher);
  if (const py::object rows = integer_rows(sets); !rows.is_none()) return signatures_of_rows(rows, empty);
  const bool array = py::isinstance<py::array>(sets) && py::array(sets).ndim() > 1;
  const py::object sequence = array ? py::list(sets) : qsm_python::read_sequence(sets, place);
  const auto number = PySequence_Fast_GET_SIZE(sequence.ptr());
  py::array_t<std::uint64_t> out({number, py::ssize_t{size}});
  std::uint64_t* row = out.mutable_data();
  std::vector<std::uint64_t> all;
  for (py::ssize_t i = 0; i < number; ++i, row += size) {
    MinHash sketch = empty;
    const Place here{place.function, place.argument, &place, i};
    all.clear();
    qsm_python::read_items(py::reinterpret_borrow<py::object>(PySequence_Fast_GET_ITEM(sequence.ptr(), i)), hasher,
                           here, [&all](Hashes hashes) { all.insert(all.end(), hashes.begin(), hashes.end()); });
    sketch.add_hashes(all);
    std::ranges::copy(sketch.signature(), row);
  }
  return out;
}

}  // namespace

QSM_PART(sketches, similarity) {
  QSM_FUNCTION(lsh_probability);
  QSM_FUNCTION(lsh_threshold);
  {
    QSM_CLASS(BBitMinHash);
    bind_pickle(bound);
    bind_signatures(bound);
    QSM_METHOD(similarity);
    QSM_PROPERTY(size);
    QSM_PROPERTY(bits);
    QSM_PROPERTY(hasher);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(MinHash);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_items(bound);
    bind_signatures(bound);
    QSM_METHOD(merge);
    QSM_METHOD(similarity);
    QSM_METHOD(compressed);
    QSM_PROPERTY(size);
    QSM_METHOD(signature);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(OnePermutationMinHash);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_items(bound);
    bind_signatures(bound);
    QSM_METHOD(merge);
    QSM_METHOD(similarity);
    QSM_PROPERTY(size);
    QSM_PROPERTY(empty_bins);
    QSM_METHOD(signature);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(SuperMinHash);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_items(bound);
    bind_signatures(bound);
    QSM_METHOD(merge);
    QSM_METHOD(similarity);
    QSM_METHOD(variance_ratio);
    QSM_PROPERTY(size);
    QSM_METHOD(signature);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(SimHash);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_items(bound);
    bind_signatures(bound);
    QSM_METHOD(merge);
    QSM_METHOD(similarity);
    QSM_PROPERTY(size);
    QSM_METHOD(fingerprint);
    QSM_METHOD(signature);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(WeightedMinHash);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bound.method<texts::AddWeighted>(&add_weighted);
    bound.method<texts::AddWeightedHashes>(&add_weighted_hashes);
    bind_pickle(bound);
    bind_signatures(bound);
    QSM_METHOD(merge);
    QSM_METHOD(similarity);
    QSM_PROPERTY(hasher);
    QSM_PROPERTY(size);
    QSM_METHOD(signature);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(LshIndex);
    QSM_CONSTRUCTOR(int, int);
    bound.method<texts::AddSets>(&add_sets);
    bound.method<texts::QuerySets>(&query_sets);
    bind_pickle(bound);
    bind_signatures(bound);
    QSM_METHOD(remove);
    QSM_METHOD(merge);
    QSM_PROPERTY(bands);
    QSM_PROPERTY(rows);
    QSM_PROPERTY(size);
    QSM_METHOD(contains);
    QSM_METHOD(keys);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  qsm_python::plain<texts::MinhashSignatures>(module, &minhash_signatures);
}
