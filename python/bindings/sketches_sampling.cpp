#include "sketches.hpp"

namespace qsm_python::text::sketches {

struct AddWeighted : AddNumbers {
  static constexpr auto doc =
      "Adds a number, finite, or each of an array or sequence of numbers, with weights > 0.\n\n"
      "Arrays of NumPy are read without a Python loop. Where one is refused, none has been added.\n\n"
      "Parameters\n----------\nnumbers\n    a number, an array or a sequence\nweights\n    of the shape of the "
      "numbers; 1 "
      "each where there are none\n";
  static constexpr auto takes =
      std::make_tuple(Parameter{"numbers", required}, Parameter{"weights", []<class T>() -> T { return py::none(); }});
};

}  // namespace qsm_python::text::sketches

namespace {

using namespace qsm_python::sketches;
using qsm::sketches::Reservoir;

std::span<const double> all_of(const py::array_t<double>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

void add_weighted(Reservoir& reservoir, const py::object& numbers, const py::object& weights) {
  const auto in = finite_numbers(numbers, "Reservoir.add", "numbers");
  if (weights.is_none()) return reservoir.add(all_of(in));
  const auto by = finite_numbers(weights, "Reservoir.add", "weights");
  reservoir.add(all_of(in), all_of(by));
}

}  // namespace

QSM_PART(sketches, sampling) {
  {
    QSM_CLASS(Reservoir);
    QSM_CONSTRUCTOR(std::uint64_t, std::uint64_t);
    bound.method<texts::AddWeighted>(&add_weighted);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_PROPERTY(count);
    QSM_PROPERTY(total);
    QSM_METHOD(sample);
    QSM_METHOD(weights);
    QSM_PROPERTY(size);
    QSM_PROPERTY(seed);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    bound.type()
        .def("__reduce__",
             [](const Type& sketch) {
               return py::make_tuple(py::type::of<Type>().attr("decode"),
                                     py::make_tuple(qsm_python::give(sketch.encode())));
             })
        .def("__repr__", [](const Type& sketch) {
          return "Reservoir(" + std::to_string(sketch.size()) + ") of " + std::to_string(sketch.count()) + " numbers";
        });
  }
}
