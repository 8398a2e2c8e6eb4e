#include "plain.hpp"

#include <algorithm>
#include <memory>
#include <structmember.h>

#include <qsm/core/bytes.hpp>

namespace qsm_python {
namespace {

constexpr std::size_t most_arguments = 48;
constexpr std::size_t most_shown = 200;

PyTypeObject* function_type = nullptr;
PyTypeObject* method_type = nullptr;

struct Plain {
  PyObject ob_base;
  vectorcallfunc vectorcall;
  const Callable* callable;
};
const Callable& callable_of(PyObject* self) { return *reinterpret_cast<Plain*>(self)->callable; }

std::string place_text(const Place& place) {
  if (!place.whole) return place.argument;
  return place_text(*place.whole) + "[" + std::to_string(place.index) + "]";
}

[[noreturn]] void refuse(py::handle type, const Place& place, const std::string& needed, const std::string& got) {
  const std::string text =
      std::string(place.function) + ": " + place_text(place) + " must be " + needed + ", got " + got;
  PyErr_SetString(type.ptr(), text.c_str());
  throw py::error_already_set();
}

std::string shown(py::handle object) {
  std::string text = py::repr(object);
  return text.size() > most_shown ? text.substr(0, most_shown) + "..." : text;
}

bool is_real_scalar(PyObject* object) {
  return PyFloat_Check(object) || (PyLong_Check(object) && !PyBool_Check(object)) ||
         PyArray_IsScalar(object, Integer) || PyArray_IsScalar(object, Floating);
}

/// An array without axes as its element.
py::object element(py::handle object) {
  if (PyArray_Check(object.ptr()) && PyArray_NDIM(reinterpret_cast<PyArrayObject*>(object.ptr())) == 0)
    return object[py::tuple()];
  return py::reinterpret_borrow<py::object>(object);
}

bool is_text(py::handle object) { return PyUnicode_Check(object.ptr()) || PyBytes_Check(object.ptr()); }

constexpr auto real_numbers = "a sequence of real numbers";

}  // namespace

// --- reading ---------------------------------------------------------------------------------------------------------

void refuse_type(const Place& place, const std::string& needed, py::handle got) {
  const py::object type = py::module_::import("qsm._core").attr("InvalidType");
  refuse(type, place, needed, shown(got) + " (" + Py_TYPE(got.ptr())->tp_name + ")");
}

void refuse_value(const Place& place, const std::string& needed, py::handle got) {
  refuse(PyExc_ValueError, place, needed, shown(got));
}

double read_number(py::handle object, const Place& place) {
  if (PyFloat_Check(object.ptr())) return PyFloat_AS_DOUBLE(object.ptr());
  const py::object number = element(object);
  if (!is_real_scalar(number.ptr())) refuse_type(place, "a real number", object);
  const double value = PyFloat_AsDouble(number.ptr());
  if (value == -1 && PyErr_Occurred()) {
    PyErr_Clear();
    refuse_value(place, "in the range of a double", object);
  }
  return value;
}

py::int_ read_integer(py::handle object, const Place& place, const std::string& needed) {
  if (PyLong_CheckExact(object.ptr())) return py::reinterpret_borrow<py::int_>(object);
  const py::object number = element(object);
  if (!is_real_scalar(number.ptr())) refuse_type(place, needed, object);
  if (PyLong_Check(number.ptr()) || PyArray_IsScalar(number.ptr(), Integer))
    return py::reinterpret_steal<py::int_>(PyNumber_Long(number.ptr()));
  const double value = PyFloat_AsDouble(number.ptr());
  if (value != std::trunc(value) || std::abs(value) > qsm::largest_count) refuse_value(place, needed, object);
  return py::reinterpret_steal<py::int_>(PyLong_FromDouble(value));
}

bool read_truth(py::handle object, const Place& place) {
  if (PyBool_Check(object.ptr())) return object.ptr() == Py_True;
  if (!PyArray_IsScalar(object.ptr(), Bool)) refuse_type(place, "True or False", object);
  return PyObject_IsTrue(object.ptr()) == 1;
}

std::string read_text(py::handle object, const Place& place) {
  if (!PyUnicode_Check(object.ptr())) refuse_type(place, "a string", object);
  return py::cast<std::string>(object);
}

std::vector<std::byte> read_bytes(py::handle object, const Place& place) {
  if (PyUnicode_Check(object.ptr()) || !PyObject_CheckBuffer(object.ptr())) refuse_type(place, "bytes", object);
  const py::object copy = py::reinterpret_steal<py::object>(PyBytes_FromObject(object.ptr()));
  if (!copy) throw py::error_already_set();
  const auto* first = reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(copy.ptr()));
  return {first, first + PyBytes_GET_SIZE(copy.ptr())};
}

py::object read_sequence(py::handle object, const Place& place) {
  const bool array = PyArray_Check(object.ptr());
  if (is_text(object) || (array && py::len(object.attr("shape")) == 0) || PyDict_Check(object.ptr()) ||
      !PySequence_Check(object.ptr()))
    refuse_type(place, "a sequence", object);
  auto sequence = py::reinterpret_steal<py::object>(PySequence_Fast(object.ptr(), "a sequence is needed"));
  if (!sequence) throw py::error_already_set();
  return sequence;
}

std::size_t read_choice(py::handle object, const Place& place, std::span<const char* const> names) {
  std::string known;
  for (const char* name : names) known += (known.empty() ? "'" : ", '") + std::string(name) + "'";
  const std::string text = read_text(object, place);
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) refuse_value(place, "one of " + known, object);
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<double> read_numbers(py::handle object, const Place& place) {
  const auto one_by_one = [&](py::handle list) {
    std::vector<double> values;
    const auto size = PySequence_Fast_GET_SIZE(list.ptr());
    values.reserve(static_cast<std::size_t>(size));
    for (py::ssize_t i = 0; i < size; ++i)
      values.push_back(
          read_number(PySequence_Fast_GET_ITEM(list.ptr(), i), {place.function, place.argument, &place, i}));
    return values;
  };
  if (PyList_Check(object.ptr()) || PyTuple_Check(object.ptr())) return one_by_one(object);
  if (is_text(object) || object.is_none()) refuse_type(place, real_numbers, object);
  const auto array = py::array::ensure(object);
  if (!array) {
    PyErr_Clear();
    refuse_type(place, real_numbers, object);
  }
  const char kind = array.dtype().kind();
  if (array.ndim() != 1) refuse_type(place, real_numbers, object);
  if (kind == 'O') return one_by_one(array.attr("tolist")());
  if (array.size() > 0 && kind != 'f' && kind != 'i' && kind != 'u') refuse_type(place, real_numbers, object);
  const auto numbers = py::array_t<double, py::array::c_style | py::array::forcecast>(array);
  return {numbers.data(), numbers.data() + numbers.size()};
}

py::array_t<double> real_array(py::handle object, const char* function, const char* argument) {
  const auto wrong = [&] { refuse_type({function, argument}, "a real number or an array of real numbers", object); };
  if (PyBool_Check(object.ptr()) || is_text(object) || object.is_none()) wrong();
  const auto array = py::array::ensure(object);
  if (!array) {
    PyErr_Clear();
    wrong();
  }
  const char kind = array.dtype().kind();
  if (array.size() > 0 && kind != 'f' && kind != 'i' && kind != 'u') wrong();
  return py::array_t<double, py::array::c_style | py::array::forcecast>(array);
}

py::object frozen_state(const py::object& state) {
  if (py::isinstance<py::array>(state)) return py::make_tuple(state.attr("shape"), state.attr("tobytes")());
  if (!PyTuple_CheckExact(state.ptr())) return state;
  py::tuple parts(py::len(state));
  for (std::size_t i = 0; i < parts.size(); ++i)
    parts[i] = frozen_state(py::reinterpret_borrow<py::object>(PyTuple_GET_ITEM(state.ptr(), i)));
  return parts;
}

/// What a record holds: a value that does not change.
static py::object frozen(py::object value) {
  if (PyArray_Check(value.ptr())) {
    PyArray_CLEARFLAGS(reinterpret_cast<PyArrayObject*>(value.ptr()), NPY_ARRAY_WRITEABLE);
  } else if (PyList_CheckExact(value.ptr())) {
    py::tuple parts(PyList_GET_SIZE(value.ptr()));
    for (std::size_t i = 0; i < parts.size(); ++i)
      parts[i] = frozen(py::reinterpret_borrow<py::object>(PyList_GET_ITEM(value.ptr(), i)));
    return parts;
  }
  return value;
}

py::object new_record(PyObject* type, py::tuple values) {
  py::tuple parts(values.size());
  for (std::size_t i = 0; i < parts.size(); ++i)
    parts[i] = frozen(py::reinterpret_borrow<py::object>(PyTuple_GET_ITEM(values.ptr(), i)));
  const py::tuple arguments = py::make_tuple(parts);
  PyObject* made = PyTuple_Type.tp_new(reinterpret_cast<PyTypeObject*>(type), arguments.ptr(), nullptr);
  if (!made) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

py::object give_matrix(const std::vector<std::vector<double>>& rows) {
  const std::size_t columns = rows.empty() ? 0 : rows.front().size();
  py::array_t<double> matrix({rows.size(), columns});
  double* to = matrix.mutable_data();
  for (const auto& row : rows) {
    if (row.size() != columns) throw std::invalid_argument("a matrix must have rows of equal length");
    to = std::copy(row.begin(), row.end(), to);
  }
  return matrix;
}

// --- calling ---------------------------------------------------------------------------------------------------------

void Callable::add(const char* argument, py::object value, bool option) {
  names.push_back(PyUnicode_InternFromString(argument));
  otherwise.push_back(value.release().ptr());
  options += option;
}

Callable& keep(Callable callable) {
  static std::vector<std::unique_ptr<Callable>> all;
  if (callable.names.size() > most_arguments)
    throw std::length_error(std::string(callable.name) + ": too many arguments");
  all.push_back(std::make_unique<Callable>(std::move(callable)));
  return *all.back();
}

PyObject* call_python(const Callable& callable, PyObject* const* args, Py_ssize_t count, PyObject* keywords) {
  PyObject* slots[most_arguments] = {};
  if (callable.bound == 1) {
    if (count < 1) {
      PyErr_Format(PyExc_TypeError, "%s() needs an object", callable.name);
      return nullptr;
    }
    slots[0] = *args++;
    --count;
  }
  if (!gather(callable, args, count, keywords, slots)) return nullptr;
  for (std::size_t i = callable.bound; i < callable.names.size(); ++i)
    if (!slots[i]) slots[i] = callable.otherwise[i];
  try {
    return callable.call(slots).release().ptr();
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::logic_error& error) {
    std::string text = error.what();
    const auto colons = text.find("::");
    if (colons < text.find(' ')) text.replace(colons, 2, ".");  // Distribution::quantile
    PyErr_SetString(PyExc_ValueError, text.c_str());
  } catch (const qsm::MalformedBytes& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const py::builtin_exception& error) {
    error.set_error();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

py::object call_python(const Callable& callable, const py::args& args, const py::kwargs& keywords) {
  std::vector<PyObject*> all;
  for (const auto& value : args) all.push_back(value.ptr());
  py::list names;
  for (const auto& [name, value] : keywords) {
    names.append(name);
    all.push_back(value.ptr());
  }
  const py::tuple named(names);
  auto result = py::reinterpret_steal<py::object>(
      call_python(callable, all.data(), static_cast<Py_ssize_t>(args.size()), named.ptr()));
  if (!result) throw py::error_already_set();
  return result;
}

void refuse_element(const std::exception& error, const Callable& callable, const py::array& array, py::ssize_t index) {
  std::string where;
  for (py::ssize_t axis = array.ndim() - 1; axis >= 0; --axis) {
    where = std::to_string(index % array.shape(axis)) + (where.empty() ? "" : ", ") + where;
    index /= array.shape(axis);
  }
  const std::string argument = PyUnicode_AsUTF8(callable.names[1]);
  std::string text = error.what();
  const auto found = text.find(": " + argument + " ");
  if (found == std::string::npos)
    text += " at index " + where;
  else
    text = callable.name + text.substr(found, argument.size() + 2) + "[" + where + "]" +
           text.substr(found + argument.size() + 2);
  PyErr_SetString(PyExc_ValueError, text.c_str());
  throw py::error_already_set();
}

// --- the Python types ------------------------------------------------------------------------------------------------

namespace {

PyObject* vectorcall(PyObject* self, PyObject* const* args, std::size_t count, PyObject* keywords) {
  return call_python(callable_of(self), args, PyVectorcall_NARGS(count), keywords);
}

py::object make(PyTypeObject* type, const Callable& callable) {
  PyObject* object = type->tp_alloc(type, 0);
  if (!object) throw py::error_already_set();
  auto* plain = reinterpret_cast<Plain*>(object);
  plain->vectorcall = vectorcall;
  plain->callable = &callable;
  return py::reinterpret_steal<py::object>(object);
}

void dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* bind(PyObject* self, PyObject* object, PyObject*) {
  return object && object != Py_None ? PyMethod_New(self, object) : Py_NewRef(self);
}

/// Makes a function a routine to `inspect`; it does not bind.
PyObject* as_it_is(PyObject* self, PyObject*, PyObject*) { return Py_NewRef(self); }

PyObject* repr(PyObject* self) {
  const auto& callable = callable_of(self);
  const char* kind = callable.bound ? "method" : "function";
  return PyUnicode_FromFormat("<%s %s.%s>", kind, callable.module.c_str(), callable.path.c_str());
}
PyObject* name(PyObject* self, void*) { return PyUnicode_FromString(callable_of(self).own_name.c_str()); }
PyObject* qualified_name(PyObject* self, void*) { return PyUnicode_FromString(callable_of(self).path.c_str()); }
PyObject* reduce(PyObject* self, PyObject*) { return qualified_name(self, nullptr); }
PyObject* module_name(PyObject* self, void*) { return PyUnicode_FromString(callable_of(self).module.c_str()); }
PyObject* doc(PyObject* self, void*) { return PyUnicode_FromString(callable_of(self).doc); }
/// inspect.signature() asks for this.
PyObject* signature(PyObject* self, void*) try {
  return signature_of(callable_of(self)).release().ptr();
} catch (py::error_already_set& error) {
  error.restore();
  return nullptr;
}

PyObject* no_new(PyTypeObject* type, PyObject*, PyObject*) {
  PyErr_Format(PyExc_TypeError, "%s cannot be made from Python", type->tp_name);
  return nullptr;
}

template <class Pointer>
void* slot(Pointer pointer) {
  return reinterpret_cast<void*>(pointer);
}

}  // namespace

py::object make_function(const Callable& callable) { return make(function_type, callable); }
py::object make_method(const Callable& callable) { return make(method_type, callable); }

py::object signature_of(const Callable& callable) {
  const py::module_ inspect = py::module_::import("inspect");
  const py::object parameter = inspect.attr("Parameter");
  py::list parameters;
  for (std::size_t i = 0; i < callable.names.size(); ++i) {
    py::dict more;
    if (i >= callable.bound && callable.optional(i)) more["default"] = py::handle(callable.otherwise[i]);
    const char* kind = i < callable.positional() ? "POSITIONAL_OR_KEYWORD" : "KEYWORD_ONLY";
    parameters.append(parameter(py::handle(callable.names[i]), parameter.attr(kind), **more));
  }
  return inspect.attr("Signature")(parameters);
}

PyObject* make_record(py::module_& module, const char* name, const char* doc, const py::list& fields) {
  py::object type =
      py::module_::import("qsm._record").attr("make")(name, module.attr("__module_of_public_names__"), doc, fields);
  module.attr(name) = type;
  return type.release().ptr();
}

void add_plain_types(py::module_& module) {
  static PyMemberDef members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(Plain, vectorcall), READONLY, nullptr},
                                  {}};
  static PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr}, {}};
  static PyGetSetDef getset[] = {{"__name__", name, nullptr, nullptr, nullptr},
                                 {"__qualname__", qualified_name, nullptr, nullptr, nullptr},
                                 {"__module__", module_name, nullptr, nullptr, nullptr},
                                 {"__doc__", doc, nullptr, nullptr, nullptr},
                                 {"__signature__", signature, nullptr, nullptr, nullptr},
                                 {}};
  PyType_Slot slots[] = {{Py_tp_members, members},
                         {Py_tp_methods, methods},
                         {Py_tp_getset, getset},
                         {Py_tp_call, slot(PyVectorcall_Call)},
                         {Py_tp_repr, slot(repr)},
                         {Py_tp_dealloc, slot(dealloc)},
                         {Py_tp_new, slot(no_new)},
                         {Py_tp_descr_get, slot(as_it_is)},
                         {0, nullptr}};
  const auto add = [&](const char* type_name, unsigned long flags) {
    PyType_Spec spec{type_name, sizeof(Plain), 0,
                     static_cast<unsigned>(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | flags), slots};
    auto* type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    if (!type) throw py::error_already_set();
    return type;
  };
  function_type = add("qsm._core.PlainFunction", 0);
  slots[std::size(slots) - 2] = {Py_tp_descr_get, slot(bind)};
  method_type = add("qsm._core.PlainMethod", Py_TPFLAGS_METHOD_DESCRIPTOR);
  module.attr("PlainFunction") = py::handle(reinterpret_cast<PyObject*>(function_type));
  module.attr("PlainMethod") = py::handle(reinterpret_cast<PyObject*>(method_type));
}

std::vector<std::function<py::object(const qsm::Distribution&)>>& remakers() {
  static auto& all = *new std::vector<std::function<py::object(const qsm::Distribution&)>>;
  return all;
}

}  // namespace qsm_python
