#include "broadcast.hpp"

#include <memory>
#include <string>
#include <structmember.h>

#include "arguments.hpp"

namespace qsm_python {
namespace {

struct Free {
  void operator()(PyObject* object) const { Py_XDECREF(object); }
};
using Owned = std::unique_ptr<PyObject, Free>;

constexpr std::size_t most_arguments = 16;

PyTypeObject* function_type = nullptr;
PyTypeObject* model_base = nullptr;
PyObject* invalid_type = nullptr;  // qsm.InvalidType, a TypeError and a ValueError
PyObject* out_names = nullptr;     // ("out",)

/// A callable: an operation, or the construction of a model when `kind` is set.
struct Function {
  PyObject ob_base;
  vectorcallfunc vectorcall;
  Operation* operation;
  ModelKind* kind;
  PyObject* module;  // name of the public module
};

struct Model {
  PyObject ob_base;
  ModelKind* kind;
  PyObject* inputs[most_arguments];  // float64 arrays; null when all inputs are numbers, held in `values`
  double values[most_arguments];
};

// --- arguments -------------------------------------------------------------------------------------------------------

void intern_names(Operation& operation) {
  for (const auto& argument : operation.takes) operation.names.push_back(PyUnicode_InternFromString(argument.name));
}

bool wrong_type(const Operation& operation, std::size_t slot, PyObject* value) {
  PyErr_Format(invalid_type, "%s: %s must be a real number or an array of real numbers, got %R (%s)", operation.name,
               operation.takes[slot].name, value, Py_TYPE(value)->tp_name);
  return false;
}

/// Whether the object is a number; a failed conversion leaves the Python error set.
bool is_number(PyObject* object) { return PyFloat_Check(object) || PyLong_CheckExact(object); }

bool to_double(const Operation& operation, std::size_t slot, PyObject* object, double& value) {
  if (PyFloat_Check(object)) {
    value = PyFloat_AS_DOUBLE(object);
    return true;
  }
  value = PyLong_AsDouble(object);
  if (value == -1 && PyErr_Occurred()) {
    PyErr_Clear();
    PyErr_Format(PyExc_ValueError, "%s: %s is an integer beyond the range of a double", operation.name,
                 operation.takes[slot].name);
    return false;
  }
  return true;
}

/// A number as an array without axes: NumPy finds the float64 loop at once.
PyObject* number_array(double value) {
  PyObject* array = PyArray_SimpleNew(0, nullptr, NPY_DOUBLE);
  if (array) *static_cast<double*>(PyArray_DATA(reinterpret_cast<PyArrayObject*>(array))) = value;
  return array;
}

/// Whether arrays with this NumPy, pandas or Dask dtype hold real numbers.
bool is_real(py::handle dtype) {
  const auto kind = py::getattr(dtype, "kind", py::str());
  return py::isinstance<py::str>(kind) &&
         (kind.equal(py::str("f")) || kind.equal(py::str("i")) || kind.equal(py::str("u")));
}

/// A labelled array (pandas, xarray, Dask) as float64 with its labels; null without an error where it is not real.
PyObject* labelled_array(PyObject* object) try {
  const auto array = py::reinterpret_borrow<py::object>(object);
  bool real = true;
  if (py::hasattr(array, "dtype"))
    real = is_real(array.attr("dtype"));
  else  // a data frame
    for (auto dtype : array.attr("dtypes")) real = real && is_real(dtype);
  return real ? array.attr("astype")("float64").release().ptr() : nullptr;
} catch (py::error_already_set&) {
  return nullptr;
}

/// A float64 array of the object's values, or the object itself when it brings its own `__array_ufunc__` (pandas,
/// xarray, Dask) with a real dtype.
PyObject* to_array(const Operation& operation, std::size_t slot, PyObject* object) {
  const auto refuse = [&]() -> PyObject* {
    wrong_type(operation, slot, object);
    return nullptr;
  };
  if (is_number(object)) {
    double value;
    return to_double(operation, slot, object, value) ? number_array(value) : nullptr;
  }
  if (PyBool_Check(object) || PyUnicode_Check(object) || PyBytes_Check(object) || object == Py_None ||
      PyComplex_Check(object))
    return refuse();
  if (!PyArray_Check(object) && !PyArray_CheckScalar(object) && PyObject_HasAttrString(object, "__array_ufunc__") &&
      PyObject_HasAttrString(object, "astype")) {
    PyObject* labelled = labelled_array(object);
    return labelled ? labelled : refuse();
  }
  Owned array(PyArray_FROM_O(object));
  if (!array) {
    PyErr_Clear();
    return refuse();
  }
  auto* typed = reinterpret_cast<PyArrayObject*>(array.get());
  const int type = PyArray_TYPE(typed);
  if (PyArray_SIZE(typed) > 0 && !(PyTypeNum_ISINTEGER(type) || PyTypeNum_ISFLOAT(type))) {
    if (PyArray_NDIM(typed) == 0) return refuse();
    PyErr_Format(invalid_type, "%s: %s must be a real number or an array of real numbers, got an array of %S",
                 operation.name, operation.takes[slot].name, reinterpret_cast<PyObject*>(PyArray_DESCR(typed)));
    return nullptr;
  }
  return PyArray_FROM_OTF(array.get(), NPY_DOUBLE, NPY_ARRAY_ALIGNED | NPY_ARRAY_NOTSWAPPED | NPY_ARRAY_FORCECAST);
}

// --- errors ----------------------------------------------------------------------------------------------------------

/// After an array was refused: walks the arguments in C order and raises the first element's error with its index.
void name_index(const Operation& operation, PyObject* const* inputs) {
  const int count = static_cast<int>(operation.takes.size());
  PyObject *type, *error, *trace;
  PyErr_Fetch(&type, &error, &trace);
  PyObject* arrays[most_arguments];
  for (int i = 0; i < count; ++i) arrays[i] = inputs[i];
  Owned iterator(PyArray_MultiIterFromObjects(arrays, count, 0));
  if (!iterator) {
    PyErr_Clear();
    PyErr_Restore(type, error, trace);
    return;
  }
  auto* multi = reinterpret_cast<PyArrayMultiIterObject*>(iterator.get());
  while (PyArray_MultiIter_NOTDONE(multi)) {
    double values[most_arguments];
    for (int i = 0; i < count; ++i) {
      auto* array = reinterpret_cast<PyArrayObject*>(multi->iters[i]->ao);
      Owned item(PyArray_GETITEM(array, static_cast<char*>(PyArray_MultiIter_DATA(multi, i))));
      values[i] = item ? PyFloat_AsDouble(item.get()) : 0;
    }
    PyErr_Clear();
    try {
      operation.evaluate(values);
    } catch (const std::exception& exception) {
      std::string where;
      npy_intp rest = multi->index;
      for (int d = multi->nd - 1; d >= 0; --d) {
        where = std::to_string(rest % multi->dimensions[d]) + (where.empty() ? "" : ", ") + where;
        rest /= multi->dimensions[d];
      }
      if (multi->nd > 1) where = "(" + where + ")";
      if (multi->nd == 0)
        PyErr_SetString(PyExc_ValueError, exception.what());
      else
        PyErr_Format(PyExc_ValueError, "%s at index %s", exception.what(), where.c_str());
      Py_XDECREF(type);
      Py_XDECREF(error);
      Py_XDECREF(trace);
      return;
    }
    PyArray_MultiIter_NEXT(multi);
  }
  PyErr_Restore(type, error, trace);
}

PyObject* result_of(const Operation& operation, double value) {
  return operation.truth ? PyBool_FromLong(value != 0) : PyFloat_FromDouble(value);
}

// --- evaluation ------------------------------------------------------------------------------------------------------

PyObject* evaluate_one(const Operation& operation, const double* values) {
  try {
    return result_of(operation, operation.evaluate(values));
  } catch (const std::exception& error) {
    set_error(error);
    return nullptr;
  }
}

PyObject* evaluate_many(const Operation& operation, PyObject* const* inputs, PyObject* out) {
  const std::size_t count = operation.takes.size();
  PyObject* stack[most_arguments + 1];
  for (std::size_t i = 0; i < count; ++i) stack[i] = inputs[i];
  stack[count] = out;
  PyObject* result = PyObject_Vectorcall(operation.ufunc, stack, count, out ? out_names : nullptr);
  if (!result && PyErr_ExceptionMatches(PyExc_ValueError)) name_index(operation, inputs);
  return result;
}

/// Calls with the slots filled; `bound` of them are already numbers or arrays.
PyObject* evaluate(const Operation& operation, PyObject** slots, PyObject* out, const double* bound_values) {
  const std::size_t total = operation.takes.size();
  bool scalar = out == nullptr && (operation.bound == 0 || bound_values);
  for (std::size_t i = operation.bound; i < total && scalar; ++i) scalar = !slots[i] || is_number(slots[i]);
  if (scalar) {
    double values[most_arguments];
    for (std::size_t i = 0; i < operation.bound; ++i) values[i] = bound_values[i];
    for (std::size_t i = operation.bound; i < total; ++i) {
      values[i] = operation.takes[i].otherwise;
      if (slots[i] && !to_double(operation, i, slots[i], values[i])) return nullptr;
    }
    return evaluate_one(operation, values);
  }
  Owned owned[most_arguments];
  PyObject* inputs[most_arguments];
  for (std::size_t i = 0; i < total; ++i) {
    if (i < operation.bound)
      owned[i].reset(bound_values ? number_array(bound_values[i]) : Py_NewRef(slots[i]));
    else
      owned[i].reset(slots[i] ? to_array(operation, i, slots[i]) : number_array(operation.takes[i].otherwise));
    if (!owned[i]) return nullptr;
    inputs[i] = owned[i].get();
  }
  return evaluate_many(operation, inputs, out);
}

// --- models ----------------------------------------------------------------------------------------------------------

PyObject* construct(ModelKind& kind, PyObject** slots) {
  const Operation& operation = kind.construct;
  const std::size_t total = operation.takes.size();
  Owned object(kind.type->tp_alloc(kind.type, 0));
  if (!object) return nullptr;
  auto* model = reinterpret_cast<Model*>(object.get());
  model->kind = &kind;
  bool scalar = true;
  for (std::size_t i = 0; i < total && scalar; ++i) scalar = !slots[i] || is_number(slots[i]);
  for (std::size_t i = 0; i < total; ++i) {
    model->values[i] = operation.takes[i].otherwise;
    if (scalar) {
      if (slots[i] && !to_double(operation, i, slots[i], model->values[i])) return nullptr;
    } else {
      model->inputs[i] = slots[i] ? to_array(operation, i, slots[i]) : number_array(operation.takes[i].otherwise);
      if (model->inputs[i] && !PyArray_Check(model->inputs[i])) {  // a model holds plain arrays, without labels
        Owned labelled(model->inputs[i]);
        model->inputs[i] = PyArray_FROM_OTF(labelled.get(), NPY_DOUBLE, NPY_ARRAY_ALIGNED | NPY_ARRAY_NOTSWAPPED);
      }
      if (!model->inputs[i]) return nullptr;
    }
  }
  if (scalar) {
    Owned checked(evaluate_one(operation, model->values));
    return checked ? object.release() : nullptr;
  }
  PyArrayObject* arrays[most_arguments];
  npy_uint32 flags[most_arguments];
  for (std::size_t i = 0; i < total; ++i) {
    arrays[i] = reinterpret_cast<PyArrayObject*>(model->inputs[i]);
    flags[i] = NPY_ITER_READONLY;
  }
  NpyIter* iterator = NpyIter_MultiNew(static_cast<int>(total), arrays, NPY_ITER_EXTERNAL_LOOP | NPY_ITER_ZEROSIZE_OK,
                                       NPY_KEEPORDER, NPY_NO_CASTING, flags, nullptr);
  if (!iterator) return nullptr;
  bool valid = true;
  if (NpyIter_GetIterSize(iterator) > 0) {
    NpyIter_IterNextFunc* next = NpyIter_GetIterNext(iterator, nullptr);
    char** data = NpyIter_GetDataPtrArray(iterator);
    npy_intp* strides = NpyIter_GetInnerStrideArray(iterator);
    npy_intp* size = NpyIter_GetInnerLoopSizePtr(iterator);
    NPY_BEGIN_THREADS_DEF;
    NPY_BEGIN_THREADS;
    do valid = kind.valid(*size, data, strides);
    while (valid && next(iterator));
    NPY_END_THREADS;
  }
  NpyIter_Deallocate(iterator);
  if (!valid) {
    PyErr_SetString(PyExc_ValueError, operation.name);
    name_index(operation, model->inputs);
    return nullptr;
  }
  return object.release();
}

void model_dealloc(PyObject* self) {
  auto* model = reinterpret_cast<Model*>(self);
  for (auto* input : model->inputs) Py_XDECREF(input);
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* model_input(const Model* model, std::size_t i) {
  if (!model->inputs[0]) return PyFloat_FromDouble(model->values[i]);
  auto* array = reinterpret_cast<PyArrayObject*>(model->inputs[i]);
  return PyArray_NDIM(array) == 0 ? PyArray_GETITEM(array, static_cast<const char*>(PyArray_DATA(array)))
                                  : Py_NewRef(model->inputs[i]);
}

PyObject* get_input(PyObject* self, void* index) {
  return model_input(reinterpret_cast<Model*>(self), reinterpret_cast<std::size_t>(index));
}

PyObject* model_inputs(PyObject* self, PyObject*) {
  auto* model = reinterpret_cast<Model*>(self);
  const auto total = model->kind->construct.takes.size();
  PyObject* tuple = PyTuple_New(static_cast<Py_ssize_t>(total));
  for (std::size_t i = 0; tuple && i < total; ++i)
    PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), model_input(model, i));
  return tuple;
}

PyObject* model_reduce(PyObject* self, PyObject*) {
  Owned factory(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(self)), "_factory"));
  Owned inputs(model_inputs(self, nullptr));
  return factory && inputs ? PyTuple_Pack(2, factory.get(), inputs.get()) : nullptr;
}

PyObject* model_repr(PyObject* self) {
  auto* model = reinterpret_cast<Model*>(self);
  std::string text = std::string(model->kind->construct.name) + "(";
  const auto& takes = model->kind->construct.takes;
  for (std::size_t i = 0; i < takes.size(); ++i) {
    Owned input(model_input(model, i));
    Owned shown(input ? PyObject_Repr(input.get()) : nullptr);
    const char* value = shown ? PyUnicode_AsUTF8(shown.get()) : nullptr;
    if (!value) return nullptr;
    text += (i ? ", " : "") + std::string(takes[i].name) + "=" + value;
  }
  return PyUnicode_FromString((text + ")").c_str());
}

PyObject* no_new(PyTypeObject* type, PyObject*, PyObject*) {
  PyErr_Format(PyExc_TypeError, "%s is made by its factory function", type->tp_name);
  return nullptr;
}

// --- functions -------------------------------------------------------------------------------------------------------

PyObject* function_call(PyObject* self, PyObject* const* args, std::size_t nargsf, PyObject* keywords) {
  auto* function = reinterpret_cast<Function*>(self);
  PyObject* slots[most_arguments] = {};
  PyObject* out = nullptr;
  if (!gather(*function->operation, args, PyVectorcall_NARGS(nargsf), keywords, slots, &out)) return nullptr;
  return function->kind ? construct(*function->kind, slots) : evaluate(*function->operation, slots, out, nullptr);
}

PyObject* function_repr(PyObject* self) {
  auto* function = reinterpret_cast<Function*>(self);
  return PyUnicode_FromFormat("<function %U.%s>", function->module, function->operation->name);
}
PyObject* function_reduce(PyObject* self, PyObject*) {
  return PyUnicode_FromString(reinterpret_cast<Function*>(self)->operation->name);
}
PyObject* function_name(PyObject* self, void*) { return function_reduce(self, nullptr); }
PyObject* function_module(PyObject* self, void*) { return Py_NewRef(reinterpret_cast<Function*>(self)->module); }
PyObject* function_doc(PyObject* self, void*) {
  return PyUnicode_FromString(reinterpret_cast<Function*>(self)->operation->doc);
}
PyObject* function_ufunc(PyObject* self, void*) {
  PyObject* ufunc = reinterpret_cast<Function*>(self)->operation->ufunc;
  return Py_NewRef(ufunc ? ufunc : Py_None);
}
/// inspect.signature() asks for this.
PyObject* function_signature(PyObject* self, void*) {
  auto* function = reinterpret_cast<Function*>(self);
  py::module_ inspect = py::module_::import("inspect");
  py::object parameter = inspect.attr("Parameter");
  py::list parameters;
  for (const auto& argument : function->operation->takes) {
    py::dict options;
    if (argument.otherwise == argument.otherwise) options["default"] = argument.otherwise;
    parameters.append(parameter(argument.name, parameter.attr("POSITIONAL_OR_KEYWORD"), **options));
  }
  if (!function->kind) {
    py::dict options;
    options["default"] = py::none();
    parameters.append(parameter("out", parameter.attr("KEYWORD_ONLY"), **options));
  }
  return inspect.attr("Signature")(parameters).release().ptr();
}

void function_dealloc(PyObject* self) {
  Py_XDECREF(reinterpret_cast<Function*>(self)->module);
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* make_ufunc(const Operation& operation) {
  const int count = static_cast<int>(operation.takes.size());
  Owned ufunc(
      PyUFunc_FromFuncAndData(nullptr, nullptr, nullptr, 0, count, 1, PyUFunc_None, operation.name, operation.doc, 0));
  if (!ufunc) throw py::error_already_set();
  PyArray_DTypeMeta* types[most_arguments + 1];
  for (int i = 0; i < count; ++i) types[i] = &PyArray_DoubleDType;
  types[count] = operation.truth ? &PyArray_BoolDType : &PyArray_DoubleDType;
  PyType_Slot slots[] = {{NPY_METH_strided_loop, reinterpret_cast<void*>(operation.loop)}, {0, nullptr}};
  PyArrayMethod_Spec spec{};
  spec.name = operation.name;
  spec.nin = count;
  spec.nout = 1;
  spec.casting = NPY_NO_CASTING;
  spec.flags = NPY_METH_NO_FLOATINGPOINT_ERRORS;
  spec.dtypes = types;
  spec.slots = slots;
  if (PyUFunc_AddLoopFromSpec(ufunc.get(), &spec) < 0) throw py::error_already_set();
  return ufunc.release();
}

void prepare(Operation& operation) {
  intern_names(operation);
  operation.ufunc = make_ufunc(operation);
}

PyObject* make_function(py::module_& module, Operation& operation, ModelKind* kind) {
  PyObject* object = function_type->tp_alloc(function_type, 0);
  if (!object) throw py::error_already_set();
  auto* function = reinterpret_cast<Function*>(object);
  function->vectorcall = function_call;
  function->operation = &operation;
  function->kind = kind;
  function->module = py::object(module.attr("__module_of_public_names__")).release().ptr();
  return object;
}

template <class Pointer>
void* slot(Pointer pointer) {
  return reinterpret_cast<void*>(pointer);
}

}  // namespace

void set_error(const std::exception& error) {
  const auto gil = PyGILState_Ensure();
  if (dynamic_cast<const std::bad_alloc*>(&error))
    PyErr_NoMemory();
  else
    PyErr_SetString(PyExc_ValueError, error.what());
  PyGILState_Release(gil);
}

PyObject* get_property(PyObject* self, void* closure) {
  auto* model = reinterpret_cast<Model*>(self);
  const auto& operation = *static_cast<Operation*>(closure);
  return model->inputs[0] ? evaluate_many(operation, model->inputs, nullptr) : evaluate_one(operation, model->values);
}

PyObject* call_method(Operation& operation, PyObject* self, PyObject* const* args, Py_ssize_t count,
                      PyObject* keywords) {
  auto* model = reinterpret_cast<Model*>(self);
  PyObject* slots[most_arguments] = {};
  PyObject* out = nullptr;
  if (!gather(operation, args, count, keywords, slots, &out)) return nullptr;
  for (std::size_t i = 0; i < operation.bound; ++i) slots[i] = model->inputs[i];
  return evaluate(operation, slots, out, model->inputs[0] ? nullptr : model->values);
}

void add_function(py::module_& module, Operation& operation) {
  prepare(operation);
  module.attr(operation.name) = py::reinterpret_steal<py::object>(make_function(module, operation, nullptr));
}

void add_model(py::module_& module, ModelKind& kind, std::vector<PyGetSetDef>& properties,
               std::vector<PyMethodDef>& methods) {
  intern_names(kind.construct);
  for (auto* member : kind.members) prepare(*member);
  for (std::size_t i = 0; i < kind.construct.takes.size(); ++i)
    properties.push_back({kind.construct.takes[i].name, get_input, nullptr, "Input.", reinterpret_cast<void*>(i)});
  properties.push_back({});
  methods.push_back({});
  const std::string public_module = py::cast<std::string>(module.attr("__module_of_public_names__"));
  static std::vector<std::unique_ptr<std::string>> names;
  names.push_back(std::make_unique<std::string>(public_module + "." + kind.type_name));
  PyType_Slot slots[] = {{Py_tp_getset, properties.data()},
                         {Py_tp_methods, methods.data()},
                         {Py_tp_doc, const_cast<char*>(kind.construct.doc)},
                         {Py_tp_base, model_base},
                         {0, nullptr}};
  PyType_Spec spec{names.back()->c_str(), sizeof(Model), 0, Py_TPFLAGS_DEFAULT, slots};
  auto type = py::reinterpret_steal<py::object>(PyType_FromSpec(&spec));
  if (!type) throw py::error_already_set();
  kind.type = reinterpret_cast<PyTypeObject*>(type.ptr());
  auto factory = py::reinterpret_steal<py::object>(make_function(module, kind.construct, &kind));
  py::list parameters, offered;
  for (const auto& argument : kind.construct.takes) parameters.append(argument.name);
  for (const auto* member : kind.members)
    if (member->bound == member->takes.size()) offered.append(member->name);
  type.attr("_factory") = factory;
  type.attr("parameters") = py::tuple(parameters);
  type.attr("properties") = py::tuple(offered);
  module.attr(kind.type_name) = type;
  module.attr(kind.construct.name) = factory;
}

void add_base_types(py::module_& module) {
  auto bases = py::make_tuple(py::handle(PyExc_TypeError), py::handle(PyExc_ValueError));
  invalid_type = PyErr_NewExceptionWithDoc(
      "qsm.InvalidType", "An argument is of a type that is no real number: a truth value, text, None.", bases.ptr(),
      nullptr);
  module.attr("InvalidType") = py::reinterpret_borrow<py::object>(invalid_type);
  out_names = py::make_tuple("out").release().ptr();

  static PyMemberDef function_members[] = {
      {"__vectorcalloffset__", T_PYSSIZET, offsetof(Function, vectorcall), READONLY, nullptr}, {}};
  static PyMethodDef function_methods[] = {{"__reduce__", function_reduce, METH_NOARGS, nullptr}, {}};
  static PyGetSetDef function_getset[] = {{"__name__", function_name, nullptr, nullptr, nullptr},
                                          {"__qualname__", function_name, nullptr, nullptr, nullptr},
                                          {"__module__", function_module, nullptr, nullptr, nullptr},
                                          {"__doc__", function_doc, nullptr, nullptr, nullptr},
                                          {"__signature__", function_signature, nullptr, nullptr, nullptr},
                                          {"ufunc", function_ufunc, nullptr, "The NumPy ufunc inside.", nullptr},
                                          {}};
  PyType_Slot function_slots[] = {{Py_tp_members, function_members}, {Py_tp_methods, function_methods},
                                  {Py_tp_getset, function_getset},   {Py_tp_call, slot(PyVectorcall_Call)},
                                  {Py_tp_repr, slot(function_repr)}, {Py_tp_dealloc, slot(function_dealloc)},
                                  {Py_tp_new, slot(no_new)},         {0, nullptr}};
  PyType_Spec function_spec{"qsm._core.Function", sizeof(Function), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
                            function_slots};
  function_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&function_spec));

  static PyMethodDef model_methods[] = {
      {"__reduce__", model_reduce, METH_NOARGS, nullptr},
      {"inputs", model_inputs, METH_NOARGS, "The inputs, in the order of `parameters`."},
      {}};
  PyType_Slot model_slots[] = {{Py_tp_methods, model_methods},
                               {Py_tp_repr, slot(model_repr)},
                               {Py_tp_dealloc, slot(model_dealloc)},
                               {Py_tp_new, slot(no_new)},
                               {Py_tp_doc, const_cast<char*>("A value that holds its checked inputs; each property and "
                                                             "method is evaluated on demand and broadcasts.")},
                               {0, nullptr}};
  PyType_Spec model_spec{"qsm._core.Model", sizeof(Model), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, model_slots};
  model_base = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&model_spec));
  if (!function_type || !model_base) throw py::error_already_set();
  module.attr("Function") = py::handle(reinterpret_cast<PyObject*>(function_type));
  module.attr("Model") = py::handle(reinterpret_cast<PyObject*>(model_base));
}

}  // namespace qsm_python
