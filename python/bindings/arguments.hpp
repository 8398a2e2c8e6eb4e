#pragma once
// How the arguments of a call from Python find their places, in all binding forms.

#include <string>

#include <pybind11/pybind11.h>

namespace qsm_python {

/// Position of a name among the arguments, as many as there are where it is none of them.
template <class Shape>
std::size_t find_name(const Shape& shape, PyObject* name) {
  for (std::size_t i = shape.bound; i < shape.names.size(); ++i)
    if (shape.names[i] == name) return i;
  for (std::size_t i = shape.bound; i < shape.names.size(); ++i)
    if (PyUnicode_Compare(shape.names[i], name) == 0) return i;
  return shape.names.size();
}

/// Sorts positional and keyword arguments into slots, borrowed; a slot left null takes its default. A shape has `name`,
/// interned `names`, the number of them that are `bound` already, `optional(i)`, the number that is `positional()`, and
/// `takes_out()`: whether there is an argument `out` besides.
template <class Shape>
bool gather(const Shape& shape, PyObject* const* args, Py_ssize_t count, PyObject* keywords, PyObject** slots,
            PyObject** out = nullptr) {
  const std::size_t total = shape.names.size();
  std::size_t next = shape.bound;
  if (static_cast<std::size_t>(count) > shape.positional() - shape.bound) {
    PyErr_Format(PyExc_TypeError, "%s() takes %zu %sarguments, got %zd", shape.name, shape.positional() - shape.bound,
                 shape.positional() < total ? "positional " : "", count);
    return false;
  }
  for (Py_ssize_t i = 0; i < count; ++i) slots[next++] = args[i];
  const Py_ssize_t named = keywords ? PyTuple_GET_SIZE(keywords) : 0;
  for (Py_ssize_t i = 0; i < named; ++i) {
    PyObject* name = PyTuple_GET_ITEM(keywords, i);
    const std::size_t slot = find_name(shape, name);
    if (slot < total) {
      if (slots[slot]) {
        PyErr_Format(PyExc_TypeError, "%s() got argument '%U' twice", shape.name, name);
        return false;
      }
      slots[slot] = args[count + i];
    } else if (shape.takes_out() && PyUnicode_CompareWithASCIIString(name, "out") == 0) {
      if (args[count + i] != Py_None) *out = args[count + i];
    } else {
      std::string known;
      for (std::size_t k = shape.bound; k < total; ++k)
        known += (known.empty() ? "" : ", ") + std::string(PyUnicode_AsUTF8(shape.names[k]));
      PyErr_Format(PyExc_TypeError, "%s() has no argument '%U'; it takes %s", shape.name, name,
                   known.empty() ? "none" : known.c_str());
      return false;
    }
  }
  for (std::size_t i = shape.bound; i < total; ++i)
    if (!slots[i] && !shape.optional(i)) {
      PyErr_Format(PyExc_TypeError, "%s() needs argument '%U'", shape.name, shape.names[i]);
      return false;
    }
  return true;
}

}  // namespace qsm_python
