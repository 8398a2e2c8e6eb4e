#include "plain.hpp"

namespace qsm_python {

py::array_t<double> real_array(py::handle object, const char* function, const char* argument) {
  const auto wrong = [&]() -> py::array_t<double> {
    const py::object type = py::module_::import("qsm._core").attr("InvalidType");
    const std::string text = std::string(function) + ": " + argument +
                             " must be a real number or an array of real numbers, got " + std::string(py::repr(object));
    PyErr_SetString(type.ptr(), text.c_str());
    throw py::error_already_set();
  };
  if (PyBool_Check(object.ptr()) || PyUnicode_Check(object.ptr()) || PyBytes_Check(object.ptr()) || object.is_none())
    return wrong();
  const auto array = py::array::ensure(object);
  if (!array) {
    PyErr_Clear();
    return wrong();
  }
  const char kind = array.dtype().kind();
  if (array.size() > 0 && kind != 'f' && kind != 'i' && kind != 'u') return wrong();
  return py::array_t<double, py::array::c_style | py::array::forcecast>(array);
}

}  // namespace qsm_python
