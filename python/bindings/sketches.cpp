#include "sketches.hpp"

void bind_sketches_cardinality(pybind11::module_& module);
void bind_sketches_filters(pybind11::module_& module);
void bind_sketches_frequency(pybind11::module_& module);
void bind_sketches_quantiles(pybind11::module_& module);
void bind_sketches_sampling(pybind11::module_& module);
void bind_sketches_similarity(pybind11::module_& module);

namespace qsm_python::text::sketches {

struct HashItems {
  static constexpr const char* name = "hash_items";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "64-bit hashes of items, as sketches make them: an integer of one item, else an array.\n\n"
      "Parameters\n----------\nitems\n    what the `add` of a sketch takes\nhasher\n    which function and seed\n";
  static constexpr auto takes =
      std::make_tuple(Parameter{"items", required}, Parameter{"hasher", []<class T>() -> T { return {}; }});
};

}  // namespace qsm_python::text::sketches

namespace {

using namespace qsm_python::sketches;

py::object hash_items(const py::object& items, const Hasher& hasher) {
  std::vector<std::uint64_t> all;
  const auto shape = hashes_of(items, hasher, "hash_items", all);
  if (shape.single) return py::int_(all.front());
  return py::array_t<std::uint64_t>(shape.axes, all.data());
}

}  // namespace

QSM_ROOM(sketches) {
  QSM_RECORD(Hasher);
  qsm_python::plain<texts::HashItems>(module, &hash_items);
  bind_sketches_filters(module);
  bind_sketches_frequency(module);
  bind_sketches_cardinality(module);
  bind_sketches_quantiles(module);
  bind_sketches_sampling(module);
  bind_sketches_similarity(module);
}
