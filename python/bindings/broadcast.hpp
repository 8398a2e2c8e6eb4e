#pragma once
// The two binding forms that broadcast.
//
//     function  a plain function of doubles: called with floats it costs one C call; with arrays it is a NumPy ufunc
//     model     a struct of doubles with properties and methods: holds its inputs, evaluates each property on demand
//
// What they are called, take and say comes from the texts that scripts/apigen.py lifts out of the headers; the room's
// binding file has one line for each: QSM_FUNCTION(erlang_b); QSM_MODEL(mm1);

#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL qsm_array_api
#define PY_UFUNC_UNIQUE_SYMBOL qsm_ufunc_api
#ifndef QSM_IMPORT_NUMPY
#define NO_IMPORT_ARRAY
#define NO_IMPORT_UFUNC
#endif

#include <pybind11/pybind11.h>
// pybind11 comes first: it sets up Python.h.
#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <numpy/arrayobject.h>
#include <numpy/dtype_api.h>
#include <numpy/ufuncobject.h>

#include <qsm/core/error.hpp>
#include <qsm/core/simd.hpp>

namespace qsm_python {

namespace py = pybind11;

struct Argument {
  const char* name;
  double otherwise;  // default, NaN where there is none
};
inline constexpr double no_default = std::numeric_limits<double>::quiet_NaN();
template <std::size_t count>
using arguments = std::array<Argument, count>;

using Loop = int(PyArrayMethod_Context*, char* const*, const npy_intp*, const npy_intp*, NpyAuxData*);

/// A computation on doubles in the forms that Python needs. For a member of a model the first `bound` arguments are
/// the model's.
struct Operation {
  const char* name;
  const char* doc;
  std::vector<Argument> takes;
  std::size_t bound;
  bool truth;                         // the result is a truth value
  double (*evaluate)(const double*);  // one value; throws on bad input
  Loop* loop;                         // many values, for the ufunc; null for the construction of a model
  PyObject* ufunc = nullptr;
  std::vector<PyObject*> names = {};  // interned argument names

  bool optional(std::size_t i) const { return takes[i].otherwise == takes[i].otherwise; }
  std::size_t positional() const { return takes.size(); }
  bool takes_out() const { return loop != nullptr; }
};

/// A model: how it is made and what it offers.
struct ModelKind {
  Operation construct;
  bool (*valid)(npy_intp count, char* const* data, const npy_intp* strides);
  const char* type_name;
  PyTypeObject* type = nullptr;
  std::vector<Operation*> members = {};  // properties and methods, in the header's order
};

// Implemented in broadcast.cpp. Operations live as long as the process.
void add_function(py::module_& module, Operation& operation);
void add_model(py::module_& module, ModelKind& kind, std::vector<PyGetSetDef>& properties,
               std::vector<PyMethodDef>& methods);
void add_base_types(py::module_& module);
PyObject* get_property(PyObject* self, void* operation);
PyObject* call_method(Operation& operation, PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names);
/// Sets the Python error for a C++ exception; takes the GIL.
void set_error(const std::exception& error);

namespace detail {

template <class Call>
struct Signature;
template <class Result, class... Args>
struct Signature<Result (*)(Args...)> {
  using result = Result;
  static constexpr std::size_t arity = sizeof...(Args);
};
template <class Result, class Type, class... Args>
struct Signature<Result (Type::*)(Args...) const> {
  using result = Result;
  static constexpr std::size_t arity = sizeof...(Args);
};

template <class Model, std::size_t... i>
Model make(const double* values, std::index_sequence<i...>) {
  return Model{values[i]...};
}
template <class Model, class Checker, std::size_t... i>
void validate(Checker& check, const double* values, std::index_sequence<i...>) {
  Model::validate(check, values[i]...);
}
template <class Call, std::size_t... i>
auto apply(Call call, const double* values, std::index_sequence<i...>) {
  return call(values[i]...);
}
template <class Model, class Call, std::size_t... i>
auto apply(const Model& model, Call call, const double* values, std::index_sequence<i...>) {
  return (model.*call)(values[i]...);
}

/// Cuts strided arrays into blocks without gaps, so that loops over them vectorise: body(columns, first, size).
inline constexpr npy_intp block_length = 512;

template <std::size_t inputs, class Body>
void blocks(npy_intp count, char* const* data, const npy_intp* strides, Body body) {
  double copies[inputs][block_length];
  std::array<const double*, inputs> columns;
  for (npy_intp first = 0; first < count; first += block_length) {
    const npy_intp size = std::min(block_length, count - first);
    for (std::size_t k = 0; k < inputs; ++k) {
      const char* source = data[k] + first * strides[k];
      const bool packed = strides[k] == sizeof(double);
      columns[k] = packed ? reinterpret_cast<const double*>(source) : copies[k];
      if (packed || (strides[k] == 0 && first > 0)) continue;
      for (npy_intp i = 0; i < size; ++i) copies[k][i] = *reinterpret_cast<const double*>(source + i * strides[k]);
    }
    body(columns, first, size);
  }
}

/// Writes body(values) for every element; compiled for each level of vector instructions.
template <std::size_t inputs, class Result, class Body>
void each(npy_intp count, char* const* data, const npy_intp* strides, Body body) {
  const bool packed = strides[inputs] == sizeof(Result);
  Result copies[block_length];
  blocks<inputs>(count, data, strides, [&](const auto& columns, npy_intp first, npy_intp size) {
    char* target = data[inputs] + first * strides[inputs];
    Result* results = packed ? reinterpret_cast<Result*>(target) : copies;
    body(columns, results, size);
    if (!packed)
      for (npy_intp i = 0; i < size; ++i) *reinterpret_cast<Result*>(target + i * strides[inputs]) = copies[i];
  });
}

/// The i-th element of every column.
template <std::size_t... k>
QSM_ALWAYS_INLINE std::array<double, sizeof...(k)> row(const std::array<const double*, sizeof...(k)>& columns,
                                                       npy_intp i, std::index_sequence<k...>) {
  return {columns[k][i]...};
}

template <class Text>
struct FunctionForm {
  using Shape = Signature<std::remove_const_t<decltype(Text::call)>>;
  static constexpr std::size_t arity = Shape::arity;
  static_assert(arity == Text::takes.size(), "the text names other arguments than the function takes");
  using Indices = std::make_index_sequence<arity>;
  using Stored = std::conditional_t<std::is_same_v<typename Shape::result, bool>, npy_bool, double>;

  static double evaluate(const double* values) { return static_cast<double>(apply(Text::call, values, Indices{})); }

  static int loop(PyArrayMethod_Context*, char* const* data, const npy_intp* dimensions, const npy_intp* strides,
                  NpyAuxData*) {
    try {
      each<arity, Stored>(dimensions[0], data, strides, [](const auto& columns, Stored* results, npy_intp size) {
        qsm::detail::dispatch([=] {
          for (npy_intp i = 0; i < size; ++i)
            results[i] = apply(Text::call, row(columns, i, Indices{}).data(), Indices{});
        });
      });
    } catch (const std::exception& error) {
      set_error(error);
      return -1;
    }
    return 0;
  }
};

template <class Text>
struct ModelForm {
  using Model = typename Text::type;
  static constexpr std::size_t size = Text::takes.size();
  using Indices = std::make_index_sequence<size>;

  static double construct(const double* values) {
    qsm::Check check(Text::name);
    validate<Model>(check, values, Indices{});
    return 0;
  }

  static bool valid(npy_intp count, char* const* data, const npy_intp* strides) {
    bool all = true;
    blocks<size>(count, data, strides, [&](const auto& columns, npy_intp, npy_intp length) {
      qsm::detail::dispatch([&all, columns, length] {
        qsm::Valid check;
        for (npy_intp i = 0; i < length; ++i) validate<Model>(check, row(columns, i, Indices{}).data(), Indices{});
        all = all && check.all();
      });
    });
    return all;
  }

  template <class Member>
  struct MemberForm {
    using Shape = Signature<std::remove_const_t<decltype(Member::call)>>;
    static constexpr std::size_t arity = Shape::arity;
    static_assert(arity == Member::takes.size(), "the text names other arguments than the member takes");
    using Stored = std::conditional_t<std::is_same_v<typename Shape::result, bool>, npy_bool, double>;

    static auto result(const double* values) {
      return apply(make<Model>(values, Indices{}), Member::call, values + size, std::make_index_sequence<arity>{});
    }
    // Inputs are checked again: the caller may have written to his arrays since the model was made.
    static double evaluate(const double* values) {
      construct(values);
      return static_cast<double>(result(values));
    }

    static int loop(PyArrayMethod_Context*, char* const* data, const npy_intp* dimensions, const npy_intp* strides,
                    NpyAuxData*) {
      try {
        bool all = true;
        each<size + arity, Stored>(dimensions[0], data, strides,
                                   [&all](const auto& columns, Stored* results, npy_intp length) {
                                     qsm::detail::dispatch([&all, columns, results, length] {
                                       qsm::Valid check;
                                       for (npy_intp i = 0; i < length; ++i) {
                                         const auto values = row(columns, i, std::make_index_sequence<size + arity>{});
                                         validate<Model>(check, values.data(), Indices{});
                                         results[i] = result(values.data());
                                       }
                                       all = all && check.all();
                                     });
                                   });
        if (!all) throw std::domain_error(std::string(Text::name) + ": inputs were changed to invalid values");
      } catch (const std::exception& error) {
        set_error(error);
        return -1;
      }
      return 0;
    }

    static Operation& operation() {
      static Operation shared = [] {
        std::vector<Argument> takes(Text::takes.begin(), Text::takes.end());
        takes.insert(takes.end(), Member::takes.begin(), Member::takes.end());
        return Operation{Member::name, Member::doc, takes, size, std::is_same_v<Stored, npy_bool>, evaluate, loop};
      }();
      return shared;
    }
    static PyObject* method(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
      return call_method(operation(), self, args, count, names);
    }
    static void add(ModelKind& kind, std::vector<PyGetSetDef>& properties, std::vector<PyMethodDef>& methods) {
      kind.members.push_back(&operation());
      if constexpr (arity == 0) {
        properties.push_back({Member::name, get_property, nullptr, Member::doc, &operation()});
      } else {
        // "name($self, a, b)\n--\n\ntext" is how CPython finds a builtin method's signature.
        static const std::string doc = [] {
          std::string text = std::string(Member::name) + "($self";
          for (const auto& argument : Member::takes) text += std::string(", ") + argument.name;
          return text + ", *, out=None)\n--\n\n" + Member::doc;
        }();
        methods.push_back({Member::name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(method)),
                           METH_FASTCALL | METH_KEYWORDS, doc.c_str()});
      }
    }
  };
};

}  // namespace detail

template <class Text>
void function(py::module_& module) {
  using Form = detail::FunctionForm<Text>;
  static Operation operation{Text::name,
                             Text::doc,
                             {Text::takes.begin(), Text::takes.end()},
                             0,
                             std::is_same_v<typename Form::Stored, npy_bool>,
                             Form::evaluate,
                             Form::loop};
  add_function(module, operation);
}

template <class Text>
void model(py::module_& module) {
  using Form = detail::ModelForm<Text>;
  static ModelKind kind{
      {Text::name, Text::doc, {Text::takes.begin(), Text::takes.end()}, 0, false, Form::construct, nullptr},
      Form::valid,
      Text::type_name};
  static std::vector<PyGetSetDef> properties;
  static std::vector<PyMethodDef> methods;
  [&]<class... Members>(std::tuple<Members...>*) {
    (Form::template MemberForm<Members>::add(kind, properties, methods), ...);
  }(static_cast<typename Text::members*>(nullptr));
  add_model(module, kind, properties, methods);
}

}  // namespace qsm_python

/// Starts a room's binding file: QSM_ROOM(queueing) { QSM_FUNCTION(erlang_b); QSM_MODEL(mm1); }
#define QSM_ROOM(name)                      \
  namespace texts = qsm_python::text::name; \
  namespace room = qsm::name;               \
  void bind_##name([[maybe_unused]] pybind11::module_& module)
/// Starts a part of a large room, sketches_filters.cpp by QSM_PART(sketches, filters): a function that the room calls.
#define QSM_PART(name, part)                \
  namespace texts = qsm_python::text::name; \
  namespace room = qsm::name;               \
  void bind_##name##_##part(pybind11::module_& module)
#define QSM_FUNCTION(name) qsm_python::function<texts::name>(module)
#define QSM_MODEL(name) qsm_python::model<texts::name>(module)
