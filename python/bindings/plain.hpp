#pragma once
// The third binding form: everything that does not broadcast, bound by pybind11.
//
//     QSM_PLAIN(exponential);   a function with its text; numbers are strict, a law comes back as a Distribution

#include <atomic>
#include <chrono>
#include <concepts>
#include <future>
#include <span>
#include <stop_token>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>

#include "broadcast.hpp"

namespace qsm_python {

/// A double that came from a real number: no truth value, no text.
struct Number {
  double value;
};

/// Doubles of a one-dimensional array or sequence of real numbers.
struct Numbers {
  std::vector<double> values;
};

/// Reads an object as a number or an array of numbers; raises InvalidType naming the argument.
py::array_t<double> real_array(py::handle object, const char* function, const char* argument);

/// Runs long work on a thread of its own, so that this one can listen for Ctrl-C and show progress: `work` is called
/// with the Progress to pass on; `report` is None or a callable that takes the fraction done.
template <class Work>
auto interruptible(const py::object& report, Work work) {
  std::stop_source stop;
  std::atomic<double> fraction{0};
  const qsm::Progress progress{[&](double done) { fraction = done; }, [&] { return stop.stop_requested(); }};
  auto result = std::async(std::launch::async, [&] { return work(progress); });
  const auto finish = [&] {
    stop.request_stop();
    py::gil_scoped_release release;
    result.wait();
  };
  while (true) {
    {
      py::gil_scoped_release release;
      if (result.wait_for(std::chrono::milliseconds(50)) == std::future_status::ready) break;
    }
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (!report.is_none()) report(fraction.load());
    } catch (...) {
      finish();
      throw;
    }
  }
  auto value = result.get();
  if (!report.is_none()) report(1.0);
  return value;
}

template <class Type>
struct Wire {
  using type = Type;
  static Type pass(Type value) { return value; }
};
template <>
struct Wire<double> {
  using type = Number;
  static double pass(Number number) { return number.value; }
};
template <>
struct Wire<std::vector<double>> {
  using type = Numbers;
  static std::vector<double> pass(Numbers numbers) { return std::move(numbers.values); }
};
template <>
struct Wire<std::span<const double>> {
  using type = Numbers;
  static std::span<const double> pass(const Numbers& numbers) { return numbers.values; }
};

template <class Text, class Result, class... Args>
void plain(py::module_& module, Result (*call)(Args...)) {
  const std::string public_module = py::cast<std::string>(module.attr("__module_of_public_names__"));
  const auto wrapped = [call](typename Wire<std::decay_t<Args>>::type... args) {
    if constexpr (qsm::DistributionLike<Result> && !std::same_as<Result, qsm::Distribution>)
      return qsm::Distribution(call(Wire<std::decay_t<Args>>::pass(std::move(args))...));
    else
      return call(Wire<std::decay_t<Args>>::pass(std::move(args))...);
  };
  std::apply([&](auto... names) { module.def(Text::name, wrapped, names..., Text::doc); }, Text::takes());
  module.attr(Text::name).attr("__module__") = public_module;
}

}  // namespace qsm_python

namespace pybind11::detail {

template <>
struct type_caster<qsm_python::Number> {
  PYBIND11_TYPE_CASTER(qsm_python::Number, const_name("float"));
  bool load(handle source, bool) {
    if (PyBool_Check(source.ptr())) return false;
    if (!PyFloat_Check(source.ptr()) && !PyLong_Check(source.ptr()) && !PyArray_CheckScalar(source.ptr())) return false;
    value.value = PyFloat_AsDouble(source.ptr());
    if (value.value == -1 && PyErr_Occurred()) {
      PyErr_Clear();
      return false;
    }
    return true;
  }
  static handle cast(qsm_python::Number number, return_value_policy, handle) {
    return PyFloat_FromDouble(number.value);
  }
};

template <>
struct type_caster<qsm_python::Numbers> {
  PYBIND11_TYPE_CASTER(qsm_python::Numbers, const_name("collections.abc.Sequence[float]"));
  bool load(handle source, bool) {
    if (isinstance<str>(source) || isinstance<bytes>(source) || source.is_none()) return false;
    const auto array = array::ensure(source);
    if (!array) {
      PyErr_Clear();
      return false;
    }
    const char kind = array.dtype().kind();
    if (array.ndim() != 1 || (array.size() > 0 && kind != 'f' && kind != 'i' && kind != 'u')) return false;
    const auto numbers = array_t<double, array::c_style | array::forcecast>(array);
    value.values.assign(numbers.data(), numbers.data() + numbers.size());
    return true;
  }
  static handle cast(const qsm_python::Numbers& numbers, return_value_policy, handle) {
    return array_t<double>(static_cast<ssize_t>(numbers.values.size()), numbers.values.data()).release();
  }
};

/// An estimate becomes a qsm.Estimate, which is a float.
template <>
struct type_caster<qsm::Estimate> {
  PYBIND11_TYPE_CASTER(qsm::Estimate, const_name("qsm.Estimate"));
  bool load(handle, bool) { return false; }
  static handle cast(const qsm::Estimate& estimate, return_value_policy, handle) {
    return module_::import("qsm._estimate")
        .attr("Estimate")(estimate.value, estimate.low, estimate.high, estimate.method)
        .release();
  }
};

}  // namespace pybind11::detail

/// A function with its text; an overloaded one is bound by hand.
#define QSM_PLAIN(name) qsm_python::plain<texts::name>(module, &room::name)
