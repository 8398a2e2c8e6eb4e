#pragma once
// The third binding form: everything that does not broadcast. Names, defaults and texts come from the header.
//
//     QSM_PLAIN(fit_gamma);            a function
//     QSM_RECORD(Fit);                 a struct with named fields: an immutable Python value
//     {
//       QSM_CLASS(Stream);             a class; the lines up to the brace are its own; QSM_CLASS(Ring, Placement) has a base
//       QSM_CONSTRUCTOR(std::uint64_t);
//       QSM_PROPERTY(mean);            a method without arguments, or a field
//       QSM_METHOD(child);             a method
//       QSM_BROADCAST(cdf);            a method of one number, in Python also of an array
//       QSM_DRAW(uniforms);            fills `out` from a position: name(count, first=0) gives an array
//       QSM_STATIC(from_text);         a static method
//       QSM_VALUE(state, from_state);  equality, hash and pickle, by what one gives and the other takes; comes last
//       QSM_STATE();                   the same by the members that the class lists for core::detail::Members; comes last
//     }
//
// Arguments are strict: a number is no truth value and no text, 10.0 is an integer and 10.7 is none, and the error names
// function, argument, what is needed and what was got. The fields of a struct named ...Options become keyword-only
// arguments; so does a Progress, and such work runs beside the interpreter and listens for Ctrl-C.

#include <array>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <qsm/core/detail/members.hpp>
#include <qsm/core/distribution.hpp>
#include <qsm/core/estimate.hpp>
#include <qsm/core/progress.hpp>

#include "arguments.hpp"
#include "broadcast.hpp"

namespace qsm_python {

// --- long work -------------------------------------------------------------------------------------------------------

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
  if constexpr (std::is_void_v<decltype(result.get())>) {
    result.get();
    if (!report.is_none()) report(1.0);
  } else {
    auto value = result.get();
    if (!report.is_none()) report(1.0);
    return value;
  }
}

// --- structs with named fields ---------------------------------------------------------------------------------------

/// What apigen.py says of a struct: `names`, `whole` (is a double field an integer), `members`, and whether its fields
/// are keyword `options`.
template <class Type>
struct Fields;
template <class Type>
concept HasFields = requires { Fields<Type>::names; };
template <class Type>
concept IsOptions = HasFields<Type> && requires { requires Fields<Type>::options; };
template <class Type>
concept IsRecord = HasFields<Type> && !IsOptions<Type>;

/// The texts that stand for the values of an enumeration, by apigen.py.
template <class Type>
struct Choices;
template <class Type>
concept IsChoice = requires { Choices<Type>::names; };

/// The Python class of a record; null until QSM_RECORD has run.
template <class Type>
PyObject*& record_class() {
  static PyObject* type = nullptr;
  return type;
}

// --- from Python -----------------------------------------------------------------------------------------------------

/// Where a value stands, for messages: "fit_best: candidates[2]".
struct Place {
  const char* function;
  const char* argument;
  const Place* whole = nullptr;  // of an element, with its index
  py::ssize_t index = 0;
};
/// "simulate: seed must be an integer in [0, 2^64), got 'a' (str)" as InvalidType, or as ValueError without the type.
[[noreturn]] void refuse_type(const Place& place, const std::string& needed, py::handle got);
[[noreturn]] void refuse_value(const Place& place, const std::string& needed, py::handle got);

double read_number(py::handle object, const Place& place);
bool read_truth(py::handle object, const Place& place);
std::string read_text(py::handle object, const Place& place);
/// Which of the texts it is.
std::size_t read_choice(py::handle object, const Place& place, std::span<const char* const> names);
std::vector<double> read_numbers(py::handle object, const Place& place);
std::vector<std::byte> read_bytes(py::handle object, const Place& place);
/// A Python integer; `needed` is what the message says.
py::int_ read_integer(py::handle object, const Place& place, const std::string& needed);
/// A law of this package, or an object with mean, variance, cdf and quantile.
qsm::Distribution read_law(py::handle object, const Place& place);
/// The elements of a sequence, which is no text, mapping or set.
py::object read_sequence(py::handle object, const Place& place);

/// How an argument of a C++ type is read: `read` gives what is held during the call; a pointer where Python owns it.
template <class Type>
struct Take {
  static auto read(py::handle object, const Place& place) {
    if constexpr (IsChoice<Type>) {
      return static_cast<Type>(read_choice(object, place, Choices<Type>::names));
    } else if constexpr (IsRecord<Type>) {
      if (PyObject_IsInstance(object.ptr(), record_class<Type>()) != 1)
        refuse_type(place, "a " + std::string(Fields<Type>::name), object);
      return [&]<class F, std::size_t... i>(const F*, std::index_sequence<i...>) {
        return Type{Take<std::decay_t<decltype(std::declval<Type>().*std::get<i>(F::members))>>::read(
            object.attr(F::names[i]), Place{place.function, F::names[i]})...};
      }(static_cast<Fields<Type>*>(nullptr), std::make_index_sequence<Fields<Type>::names.size()>{});
    } else {
      if (!py::isinstance<Type>(object))
        refuse_type(place, "a " + py::cast<std::string>(py::type::of<Type>().attr("__name__")), object);
      return &py::cast<Type&>(object);
    }
  }
};
template <>
struct Take<double> {
  static double read(py::handle object, const Place& place) { return read_number(object, place); }
};
template <>
struct Take<bool> {
  static bool read(py::handle object, const Place& place) { return read_truth(object, place); }
};
template <std::integral Type>
  requires(!std::same_as<Type, bool>)
struct Take<Type> {
  static Type read(py::handle object, const Place& place) {
    constexpr int bits = std::numeric_limits<Type>::digits;
    const auto needed = [] {
      const std::string power = "2^" + std::to_string(bits);
      return "an integer in [" + (std::is_signed_v<Type> ? "-" + power : "0") + ", " + power + ")";
    };
    using Wide = std::conditional_t<std::is_signed_v<Type>, long long, unsigned long long>;
    const py::int_ integer = read_integer(object, place, needed());
    Wide value;
    if constexpr (std::is_signed_v<Type>)
      value = PyLong_AsLongLong(integer.ptr());
    else
      value = PyLong_AsUnsignedLongLong(integer.ptr());
    const bool beyond = value == static_cast<Wide>(-1) && PyErr_Occurred();
    PyErr_Clear();
    if (beyond || value < std::numeric_limits<Type>::min() || value > std::numeric_limits<Type>::max())
      refuse_value(place, needed(), object);
    return static_cast<Type>(value);
  }
};
template <>
struct Take<std::string> {
  static std::string read(py::handle object, const Place& place) { return read_text(object, place); }
};
template <>
struct Take<std::string_view> : Take<std::string> {};
template <>
struct Take<qsm::Distribution> {
  static qsm::Distribution read(py::handle object, const Place& place) { return read_law(object, place); }
};
template <>
struct Take<qsm::Progress> {  // put in its place by interruptible()
  static qsm::Progress read(py::handle object, const Place& place) {
    if (!object.is_none() && !PyCallable_Check(object.ptr())) refuse_type(place, "callable or None", object);
    return {};
  }
};
/// An object as it is.
template <>
struct Take<py::object> {
  static py::object read(py::handle object, const Place&) { return py::reinterpret_borrow<py::object>(object); }
};
template <class Element>
struct Take<std::vector<Element>> {
  static std::vector<Element> read(py::handle object, const Place& place) {
    if constexpr (std::same_as<Element, double>) {
      return read_numbers(object, place);
    } else if constexpr (std::same_as<Element, std::byte>) {
      return read_bytes(object, place);
    } else {
      const py::object sequence = read_sequence(object, place);
      std::vector<Element> values;
      const auto size = PySequence_Fast_GET_SIZE(sequence.ptr());
      for (py::ssize_t i = 0; i < size; ++i) {
        const Place here{place.function, place.argument, &place, i};
        auto value = Take<Element>::read(PySequence_Fast_GET_ITEM(sequence.ptr(), i), here);
        if constexpr (std::is_pointer_v<decltype(value)>)
          values.push_back(*value);
        else
          values.push_back(std::move(value));
      }
      return values;
    }
  }
};
template <class Element>
struct Take<std::span<Element>> : Take<std::vector<std::remove_const_t<Element>>> {
  static_assert(std::is_const_v<Element>, "a function that writes into a span is bound by QSM_DRAW or by hand");
};
template <class Element, std::size_t size>
struct Take<std::array<Element, size>> {
  static std::array<Element, size> read(py::handle object, const Place& place) {
    const auto values = Take<std::vector<Element>>::read(object, place);
    if (values.size() != size) refuse_value(place, "of " + std::to_string(size) + " elements", object);
    std::array<Element, size> array{};
    std::copy(values.begin(), values.end(), array.begin());
    return array;
  }
};
template <class Type>
struct Take<std::optional<Type>> {
  static std::optional<Type> read(py::handle object, const Place& place) {
    if (object.is_none()) return std::nullopt;
    auto value = Take<Type>::read(object, place);
    if constexpr (std::is_pointer_v<decltype(value)>)
      return *value;
    else
      return value;
  }
};

// --- to Python -------------------------------------------------------------------------------------------------------

template <class Type>
struct IsVector : std::false_type {};
template <class Element>
struct IsVector<std::vector<Element>> : std::true_type {};

/// A record of these values, which nothing else holds: lists become tuples, arrays can no longer be written to.
py::object new_record(PyObject* type, py::tuple values);
/// A matrix as an array of two axes.
py::object give_matrix(const std::vector<std::vector<double>>& rows);

/// A result as Python has it; a double that the header calls an integer as one, unless it is infinite.
template <class Type>
py::object give(Type&& result, bool whole = false) {
  using Value = std::decay_t<Type>;
  if constexpr (std::derived_from<Value, py::object>) {
    return std::forward<Type>(result);
  } else if constexpr (std::same_as<Value, double>) {
    if (whole && std::abs(result) < 1e300) return py::reinterpret_steal<py::object>(PyLong_FromDouble(result));
    return py::float_(result);
  } else if constexpr (IsChoice<Value>) {
    return py::str(Choices<Value>::names.at(static_cast<std::size_t>(result)));
  } else if constexpr (std::same_as<Value, std::vector<std::vector<double>>>) {
    return give_matrix(result);
  } else if constexpr (std::same_as<Value, std::vector<std::byte>>) {
    return py::bytes(reinterpret_cast<const char*>(result.data()), result.size());
  } else if constexpr (IsVector<Value>::value) {
    using Element = typename Value::value_type;
    if constexpr (std::is_arithmetic_v<Element> && !std::same_as<Element, bool>) {
      return py::array_t<Element>(static_cast<py::ssize_t>(result.size()), result.data());
    } else {
      py::list list;
      for (auto&& element : result) list.append(give(Element(element)));
      return list;
    }
  } else if constexpr (requires { std::tuple_size<Value>::value; }) {  // a tuple, pair or array
    return std::apply([](const auto&... parts) -> py::object { return py::make_tuple(give(parts)...); }, result);
  } else if constexpr (requires { result.has_value(), *result; }) {
    return result ? give(*std::forward<Type>(result), whole) : py::object(py::none());
  } else if constexpr (IsRecord<Value>) {
    return [&]<std::size_t... i>(std::index_sequence<i...>) -> py::object {
      using F = Fields<Value>;
      return new_record(record_class<Value>(), py::make_tuple(give(result.*std::get<i>(F::members), F::whole[i])...));
    }(std::make_index_sequence<Fields<Value>::names.size()>{});
  } else if constexpr (qsm::DistributionLike<Value> && !std::same_as<Value, qsm::Distribution>) {
    if (py::detail::get_type_info(typeid(Value))) return py::cast(std::forward<Type>(result));
    return py::cast(qsm::Distribution(std::forward<Type>(result)));
  } else {
    return py::cast(std::forward<Type>(result));
  }
}

// --- what a class consists of, for pickle and equality ---------------------------------------------------------------

using qsm::detail::Members;

/// A sequence that travels element by element.
template <class Type>
concept IsSequence = requires(Type& values) { values.push_back(values.front()); } &&
                     !std::same_as<Type, std::vector<double>> && !std::same_as<Type, std::string>;

/// The members of an object as tuples, lists, arrays and numbers.
template <class Type>
py::object give_state(const Type& value) {
  if constexpr (Members::listed<Type>) {
    return std::apply([](const auto&... parts) -> py::object { return py::make_tuple(give_state(parts)...); },
                      Members::of(value));
  } else if constexpr (requires { value.initial(), value.generator(); }) {  // a phase-type law, to the bit
    return py::make_tuple(give(value.initial()), give(value.generator()));
  } else if constexpr (requires { value.has_value(), *value; }) {
    return value ? give_state(*value) : py::none();
  } else if constexpr (IsSequence<Type>) {
    py::list list;
    for (auto&& element : value) list.append(give_state<typename Type::value_type>(element));
    return py::tuple(list);
  } else {
    return give(value);
  }
}

/// Fills `value` in from what give_state() gave.
template <class Type>
void take_state(py::handle state, const Place& place, Type& value) {
  if constexpr (Members::listed<Type>) {
    const auto members = Members::of(value);
    const py::tuple parts = py::cast<py::tuple>(state);
    if (parts.size() != std::tuple_size_v<std::decay_t<decltype(members)>>)
      refuse_value(place, "the state of an object of this class", state);
    std::size_t i = 0;
    std::apply([&](auto&... each) { (take_state(parts[i++], place, each), ...); }, members);
  } else if constexpr (requires { value.initial(), value.generator(); }) {
    const py::tuple parts = py::cast<py::tuple>(state);
    auto initial = read_numbers(parts[0], place);
    const auto numbers = read_numbers(parts[1], place);
    std::vector<std::vector<double>> rows;
    for (std::size_t i = 0; i * initial.size() < numbers.size(); ++i)
      rows.emplace_back(numbers.begin() + static_cast<std::ptrdiff_t>(i * initial.size()),
                        numbers.begin() + static_cast<std::ptrdiff_t>((i + 1) * initial.size()));
    value = Type(std::move(initial), rows);
  } else if constexpr (requires { value.has_value(), *value; }) {
    if (state.is_none()) return value.reset();
    if constexpr (requires { value->initial(); }) {
      value.emplace(std::vector<double>{1.0}, std::vector<std::vector<double>>{{-1.0}});
      take_state(state, place, *value);
    } else {
      take_state(state, place, value.emplace());
    }
  } else if constexpr (IsSequence<Type>) {
    value.clear();
    for (const auto part : py::cast<py::tuple>(state)) {
      typename Type::value_type element{};
      take_state(part, place, element);
      value.push_back(std::move(element));
    }
  } else {
    value = Take<Type>::read(state, place);
  }
}

/// Arrays as bytes, so that a state compares and hashes.
py::object frozen_state(const py::object& state);

// --- calls -----------------------------------------------------------------------------------------------------------

/// Marks an argument without default.
struct Needed {};
/// An argument as apigen.py writes it: its name, and a function that makes the default as the C++ type.
template <class Default>
struct Parameter {
  const char* name;
  Default otherwise;
};
inline constexpr Needed required{};

/// A call as Python sees it; lives as long as the process.
struct Callable {
  const char* name;  // in messages: "fit_gamma", "Stream.child"
  const char* doc;
  std::size_t bound = 0;
  std::vector<PyObject*> names = {};      // interned
  std::vector<PyObject*> otherwise = {};  // defaults, null where there is none
  std::size_t options = 0;                // so many at the end are keyword-only
  std::function<py::object(PyObject* const* slots)> call = {};
  std::string own_name = {};  // what Python calls it
  std::string path = {};      // with its class
  std::string module = {};

  bool optional(std::size_t i) const { return otherwise[i] != nullptr; }
  std::size_t positional() const { return names.size() - options; }
  static bool takes_out() { return false; }
  void add(const char* argument, py::object value, bool option);
};

/// As called from Python by a vector of arguments, or by a tuple and a dictionary.
PyObject* call_python(const Callable& callable, PyObject* const* args, Py_ssize_t count, PyObject* keywords);
py::object call_python(const Callable& callable, const py::args& args, const py::kwargs& keywords);
py::object make_function(const Callable& callable);
py::object make_method(const Callable& callable);
/// An inspect.Signature.
py::object signature_of(const Callable& callable);
/// A copy that lives as long as the process.
Callable& keep(Callable callable);
/// The Python class of a struct with these fields, by name and text.
PyObject* make_record(py::module_& module, const char* name, const char* doc, const py::list& fields);
void add_plain_types(py::module_& module);
/// How the rooms make their own laws again, for pickle and equality: a callable and its arguments, or None where a law is
/// not of the room.
std::vector<std::function<py::object(const qsm::Distribution&)>>& remakers();
/// A number or an array of numbers; raises InvalidType naming the argument.
py::array_t<double> real_array(py::handle object, const char* function, const char* argument);
/// Raises what an element of an array was refused for, with its index.
[[noreturn]] void refuse_element(const std::exception& error, const Callable& callable, const py::array& array,
                                 py::ssize_t index);

/// Whether a class has methods that change it: then no call on it gives up the interpreter.
template <class Type>
bool& changes() {
  static bool any = false;
  return any;
}

namespace detail {

template <class Arg>
constexpr std::size_t width() {
  if constexpr (IsOptions<std::decay_t<Arg>>)
    return Fields<std::decay_t<Arg>>::names.size();
  else
    return 1;
}

template <class Options, class Visit>
constexpr void each_field(Visit visit) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (visit(std::integral_constant<std::size_t, i>{}), ...);
  }(std::make_index_sequence<Fields<Options>::names.size()>{});
}
template <class Options, std::size_t i>
using FieldOf = std::decay_t<decltype(std::declval<Options>().*std::get<i>(Fields<Options>::members))>;

/// Number of arguments before the progress callback among those of one C++ argument; `none` where there is no such.
inline constexpr std::size_t none = static_cast<std::size_t>(-1);
template <class Arg>
constexpr std::size_t progress_in() {
  using Type = std::decay_t<Arg>;
  std::size_t found = std::same_as<Type, qsm::Progress> ? 0 : none;
  if constexpr (IsOptions<Type>)
    each_field<Type>([&](auto i) {
      if (std::same_as<FieldOf<Type, i>, qsm::Progress>) found = i;
    });
  return found;
}

/// Whether reading it hints at work that is worth giving up the interpreter for.
template <class Arg>
constexpr bool heavy() {
  using Type = std::decay_t<Arg>;
  return IsVector<Type>::value || IsOptions<Type> || requires(Type value) { value.subspan(0); };
}

/// Whether to give up the interpreter during the call: where the work may be long, and no other thread could change what
/// it works on.
template <class Result, class... Args>
bool releases() {
  constexpr bool possible = !std::derived_from<std::decay_t<Result>, py::object> &&
                            !(std::derived_from<std::decay_t<Args>, py::object> || ...) && (heavy<Args>() || ...);
  return possible && (!changes<std::decay_t<Args>>() && ...);
}

template <class Arg>
auto read_argument(const char* function, PyObject* const* slots, PyObject* const* names) {
  using Type = std::decay_t<Arg>;
  if constexpr (IsOptions<Type>) {
    Type options{};
    each_field<Type>([&](auto i) {
      const Place place{function, Fields<Type>::names[i]};
      (void)names;
      options.*std::get<i>(Fields<Type>::members) = Take<FieldOf<Type, i>>::read(slots[i], place);
    });
    return options;
  } else {
    return Take<Type>::read(slots[0], Place{function, PyUnicode_AsUTF8(names[0])});
  }
}

template <class Arg, class Held>
decltype(auto) pass(Held& held) {
  if constexpr (std::is_pointer_v<Held>)
    return *held;
  else if constexpr (requires(std::decay_t<Arg> type) { type.subspan(0); })
    return std::decay_t<Arg>(held);
  else if constexpr (std::is_lvalue_reference_v<Arg>)
    return (held);
  else
    return std::move(held);
}

template <class Arg, class Held>
void attach(Held& held, const qsm::Progress& progress) {
  if constexpr (std::same_as<Held, qsm::Progress>)
    held = progress;
  else if constexpr (IsOptions<Held>)
    each_field<Held>([&](auto i) {
      if constexpr (std::same_as<FieldOf<Held, i>, qsm::Progress>) held.*std::get<i>(Fields<Held>::members) = progress;
    });
}

template <class Arg, class Default>
void add_parameter(Callable& callable, const Parameter<Default>& parameter) {
  using Type = std::decay_t<Arg>;
  if constexpr (IsOptions<Type>) {
    const auto options = [&]() -> Type {
      if constexpr (std::same_as<Default, Needed>)
        return {};
      else
        return parameter.otherwise.template operator()<Type>();
    }();
    each_field<Type>([&](auto i) {
      py::object value = py::none();
      if constexpr (!std::same_as<FieldOf<Type, i>, qsm::Progress>)
        value = give(options.*std::get<i>(Fields<Type>::members), Fields<Type>::whole[i]);
      callable.add(Fields<Type>::names[i], value, true);
    });
  } else if constexpr (std::same_as<Type, qsm::Progress>) {
    callable.add(parameter.name, py::none(), true);
  } else if constexpr (std::same_as<Default, Needed>) {
    callable.add(parameter.name, py::object(), false);
  } else {
    callable.add(parameter.name, give(parameter.otherwise.template operator()<Type>()), false);
  }
}

/// Binds `call`, which takes `Args...`, under the parameters that stand for them.
template <class Result, class... Args, class Call, class... Parameters>
Callable callable(const char* name, const char* doc, bool whole, Call call,
                  const std::tuple<Parameters...>& parameters) {
  static_assert(sizeof...(Args) == sizeof...(Parameters), "the text names other arguments than the function takes");
  Callable made{name, doc};
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (add_parameter<Args>(made, std::get<i>(parameters)), ...);
  }(std::index_sequence_for<Args...>{});
  [[maybe_unused]] static constexpr auto starts = [] {
    std::array<std::size_t, sizeof...(Args) + 1> all{};
    [[maybe_unused]] std::size_t next = 0, i = 0;
    ((all[i++] = next, next += width<Args>()), ...);
    return all;
  }();
  static constexpr std::size_t progress = [] {
    std::size_t found = none, i = 0;
    ((found = progress_in<Args>() != none ? starts[i] + progress_in<Args>() : found, ++i), ...);
    return found;
  }();
  made.call = [call, name, whole, names = made.names](PyObject* const* slots) -> py::object {
    return [&]<std::size_t... i>(std::index_sequence<i...>) -> py::object {
      auto held = std::tuple{read_argument<Args>(name, slots + starts[i], names.data() + starts[i])...};
      const auto work = [&]() -> Result { return std::invoke(call, pass<Args>(std::get<i>(held))...); };
      const auto reported = [&]() -> Result {
        if constexpr (progress != none) {
          return interruptible(py::reinterpret_borrow<py::object>(slots[progress]), [&](const qsm::Progress& report) {
            (attach<Args>(std::get<i>(held), report), ...);
            return work();
          });
        } else {
          std::optional<py::gil_scoped_release> released;
          if (releases<Result, Args...>()) released.emplace();
          return work();
        }
      };
      if constexpr (std::is_void_v<Result>) {
        reported();
        return py::none();
      } else if constexpr (std::is_lvalue_reference_v<Result> && !std::is_const_v<std::remove_reference_t<Result>>) {
        reported();  // gives *this
        return py::reinterpret_borrow<py::object>(slots[0]);
      } else {
        return give(reported(), whole);
      }
    }(std::index_sequence_for<Args...>{});
  };
  return made;
}

}  // namespace detail

/// Binds a function under the text's name, or another.
template <class Text, class Result, class... Args>
void plain(py::module_& module, Result (*call)(Args...), const char* name = Text::name) {
  Callable made = detail::callable<Result, Args...>(Text::name, Text::doc, Text::whole, call, Text::takes);
  made.own_name = made.path = name;
  made.module = py::cast<std::string>(module.attr("__module_of_public_names__"));
  module.attr(name) = make_function(keep(std::move(made)));
}

/// A class and what is bound of it; after its base, where it has one.
template <class Type, class Text, class... Base>
class Class {
 public:
  explicit Class(py::module_& module) : type_(module, Text::name, Text::doc) {
    type_.attr("__module__") = module.attr("__module_of_public_names__");
    if ((changes<Base>() || ...)) changes<Type>() = true;
    if constexpr (std::equality_comparable<Type>) {
      type_.def("__eq__", [](const Type& one, const py::object& other) -> py::object {
        if (!py::isinstance<Type>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
        return py::bool_(one == py::cast<const Type&>(other));
      });
      type_.attr("__hash__") = py::none();
    }
  }
  py::class_<Type, Base...>& type() { return type_; }

  template <class Member, class... Args>
  void constructor() {
    const auto make = [](Args... args) -> py::object { return py::capsule(new Type(std::forward<Args>(args)...)); };
    Callable& made = keep(detail::callable<py::object, Args...>(Text::name, Member::doc, false, make, Member::takes));
    type_.attr("__signature__") = signature_of(made);
    type_.def(py::init([&made](const py::args& args, const py::kwargs& named) {
                return std::unique_ptr<Type>(py::capsule(call_python(made, args, named)).template get_pointer<Type>());
              }),
              Member::doc);
  }

  /// A method without arguments, or a field.
  template <class Member, class Pointer>
  void property(Pointer pointer) {
    type_.def_property_readonly(
        Member::name, [pointer](const Type& self) { return give(std::invoke(pointer, self), Member::whole); },
        Member::doc);
  }

  template <class Member, class Result, class Owner, class... Args>  // Type, or a base of it
  void method(Result (Owner::*call)(Args...) const, const char* name = Member::name) {
    add<Result, const Type&, Args...>(name, Member::doc, Member::whole, call, with_self(Member::takes));
  }
  template <class Member, class Result, class Owner, class... Args>
  void method(Result (Owner::*call)(Args...), const char* name = Member::name) {
    changes<Type>() = true;
    add<Result, Type&, Args...>(name, Member::doc, Member::whole, call, with_self(Member::takes));
  }
  /// A method that stands in the binding file: takes the object first.
  template <class Member, class Result, class Self, class... Args>
  void method(Result (*call)(Self, Args...), const char* name = Member::name) {
    add<Result, Self, Args...>(name, Member::doc, Member::whole, call, with_self(Member::takes));
  }

  template <class Member, class Result, class... Args>
  void function(Result (*call)(Args...)) {
    Callable& made = named(
        detail::callable<Result, Args...>(full_name(Member::name), Member::doc, Member::whole, call, Member::takes),
        Member::name);
    type_.attr(Member::name) = py::staticmethod(make_function(made));
  }

  /// One number or an array of them; `fill` does a whole array where the class can.
  template <class Member, class Result, class Fill>
  void broadcast(Result (Type::*call)(double) const, Fill fill) {
    Callable& made = describe(Member::name, Member::doc, with_self(Member::takes));
    made.call = [call, fill, &made](PyObject* const* slots) -> py::object {
      const Place place{made.name, PyUnicode_AsUTF8(made.names[1])};
      if (!py::isinstance<Type>(slots[0])) refuse_type({made.name, "self"}, "a " + std::string(Text::name), slots[0]);
      const auto& self = py::cast<const Type&>(py::handle(slots[0]));
      if (PyFloat_Check(slots[1])) return give((self.*call)(PyFloat_AS_DOUBLE(slots[1])));
      const auto in = real_array(slots[1], place.function, place.argument);
      if (in.ndim() == 0) return give((self.*call)(*in.data()));
      py::array_t<double> out(std::vector<py::ssize_t>(in.shape(), in.shape() + in.ndim()));
      const std::span<const double> from(in.data(), static_cast<std::size_t>(in.size()));
      const std::span<double> to(out.mutable_data(), from.size());
      try {
        std::optional<py::gil_scoped_release> released;
        if (!changes<Type>()) released.emplace();
        if constexpr (std::is_invocable_v<Fill, const Type&, std::span<const double>, std::span<double>>)
          fill(self, from, to);
        else
          for (std::size_t i = 0; i < from.size(); ++i) to[i] = (self.*call)(from[i]);
      } catch (const std::domain_error&) {
        for (py::ssize_t i = 0; i < in.size(); ++i) try {
            (self.*call)(from[static_cast<std::size_t>(i)]);
          } catch (const std::domain_error& error) {
            refuse_element(error, made, in, i);
          }
        throw;
      }
      return out;
    };
    type_.attr(Member::name) = make_method(made);
  }

  /// From (first, out) or (stream, first, out): (count, first=0) or (count, stream, first=0) gives the array.
  template <class Member, class Value>
  void draw(void (Type::*fill)(std::uint64_t, std::span<Value>) const) {
    add<py::object, const Type&, std::uint64_t, std::uint64_t>(
        Member::name, Member::doc, false,
        [fill](const Type& self, std::uint64_t count, std::uint64_t first) {
          return filled<Value>(count, [&](std::span<Value> out) { (self.*fill)(first, out); });
        },
        std::tuple{Parameter{"self", required}, Parameter{"count", required}, Parameter{"first", zero}});
  }
  template <class Member, class Source, class Value>
  void draw(void (Type::*fill)(const Source&, std::uint64_t, std::span<Value>) const) {
    add<py::object, const Type&, std::uint64_t, const Source&, std::uint64_t>(
        Member::name, Member::doc, false,
        [fill](const Type& self, std::uint64_t count, const Source& source, std::uint64_t first) {
          return filled<Value>(count, [&](std::span<Value> out) { (self.*fill)(source, first, out); });
        },
        std::tuple{Parameter{"self", required}, Parameter{"count", required},
                   Parameter{std::get<0>(Member::takes).name, required}, Parameter{"first", zero}});
  }

  /// Equality and pickle by a state that `from` takes again; a hash where nothing changes the object.
  template <class Remake, class State, class Arg>
  void value(State (Type::*state)() const, Type (*from)(Arg)) {
    const auto frozen = [state](const Type& self) { return give((self.*state)()); };
    if (!py::hasattr(type_, Remake::name)) function<Remake>(from);
    const std::string remake = Remake::name;
    type_.def("__reduce__", [frozen, remake](const py::object& self) {
      return py::make_tuple(py::type::of(self).attr(remake.c_str()),
                            py::make_tuple(frozen(py::cast<const Type&>(self))));
    });
    type_.def("__eq__", [frozen](const Type& one, const py::object& other) -> py::object {
      if (!py::isinstance<Type>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
      return py::bool_(frozen(one).equal(frozen(py::cast<const Type&>(other))));
    });
    if constexpr (requires { std::tuple_size<std::decay_t<State>>::value; })  // short enough to show
      type_.def("__repr__", [frozen, remake](const Type& self) {
        return std::string(Text::name) + "." + remake + "(" + std::string(py::repr(frozen(self))) + ")";
      });
    if (changes<Type>())
      type_.attr("__hash__") = py::none();
    else
      type_.def("__hash__", [frozen](const Type& self) { return py::hash(frozen(self)); });
  }

  /// Equality and pickle by the members that the class lists; a hash where nothing changes the object.
  void members() {
    const auto frozen = [](const Type& self) { return frozen_state(give_state(self)); };
    type_.def(py::pickle([](const Type& self) { return py::tuple(give_state(self)); },
                         [](const py::tuple& state) {
                           auto made = Members::blank<Type>();
                           take_state(state, {Text::name, "state"}, made);
                           return made;
                         }));
    type_.def("__eq__", [frozen](const Type& one, const py::object& other) -> py::object {
      if (!py::isinstance<Type>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
      return py::bool_(frozen(one).equal(frozen(py::cast<const Type&>(other))));
    });
    if (changes<Type>())
      type_.attr("__hash__") = py::none();
    else
      type_.def("__hash__", [frozen](const Type& self) { return py::hash(frozen(self)); });
  }

 private:
  static constexpr auto zero = []<class Number>() -> Number { return 0; };

  template <class... Parameters>
  static auto with_self(const std::tuple<Parameters...>& takes) {
    return std::tuple_cat(std::tuple{Parameter{"self", required}}, takes);
  }
  template <class Value, class Fill>
  static py::object filled(std::uint64_t count, Fill fill) {
    if (count > std::uint64_t{1} << 60) throw std::bad_alloc();
    py::array_t<Value> out(static_cast<py::ssize_t>(count));
    const std::span<Value> to(out.mutable_data(), count);
    py::gil_scoped_release released;
    fill(to);
    return out;
  }
  /// Under its full name in messages: "Stream.child".
  Callable& named(Callable made, const char* name) const {
    made.own_name = name;
    made.path = std::string(Text::name) + "." + name;
    made.module = py::cast<std::string>(type_.attr("__module__"));
    return keep(std::move(made));
  }
  static const char* full_name(const char* name) {
    static std::vector<std::unique_ptr<std::string>> names;
    names.push_back(std::make_unique<std::string>(std::string(Text::name) + "." + name));
    return names.back()->c_str();
  }
  template <class Takes>
  Callable& describe(const char* name, const char* doc, const Takes& takes) {
    Callable made{full_name(name), doc, 1};
    std::apply([&](const auto&... parameter) { (detail::add_parameter<double>(made, parameter), ...); }, takes);
    return named(std::move(made), name);
  }
  template <class Result, class... Args, class Call, class Takes>
  void add(const char* name, const char* doc, bool whole, Call call, const Takes& takes) {
    Callable made = detail::callable<Result, Args...>(full_name(name), doc, whole, call, takes);
    made.bound = 1;
    type_.attr(name) = make_method(named(std::move(made), name));
  }

  py::class_<Type, Base...> type_;
};

template <class Type>
void record(py::module_& module) {
  using F = Fields<Type>;
  py::list fields;
  detail::each_field<Type>([&](auto i) {
    if constexpr (F::optional[i])  // what the header presets, Python may leave out
      fields.append(py::make_tuple(F::names[i], F::docs[i], give(Type{}.*std::get<i>(F::members), F::whole[i])));
    else
      fields.append(py::make_tuple(F::names[i], F::docs[i]));
  });
  record_class<Type>() = make_record(module, F::name, F::doc, fields);
}

}  // namespace qsm_python

namespace pybind11::detail {

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

/// A function with its text; of overloads by the types that it takes: QSM_OVERLOAD(compare, compare, (const A&, double)).
#define QSM_PLAIN(name) qsm_python::plain<texts::name>(module, &room::name)
#define QSM_OVERLOAD(text, name, function, ...) \
  qsm_python::plain<texts::text>(module, pybind11::overload_cast<__VA_ARGS__>(&room::function), #name)
#define QSM_RECORD(name) qsm_python::record<room::name>(module)
#define QSM_CLASS(name, ...) \
  using Type = room::name;   \
  using Text = texts::name;  \
  qsm_python::Class<Type, Text __VA_OPT__(, room::) __VA_ARGS__> bound(module)
#define QSM_CONSTRUCTOR(...) bound.constructor<Text::constructor_ __VA_OPT__(, ) __VA_ARGS__>()
#define QSM_PROPERTY(name) bound.template property<typename Text::name##_>(&Type::name)
#define QSM_METHOD(name) bound.template method<typename Text::name##_>(&Type::name)
#define QSM_STATIC(name) bound.template function<typename Text::name##_>(&Type::name)
#define QSM_DRAW(name) bound.draw<Text::name##_>(&Type::name)
#define QSM_BROADCAST(name)       \
  bound.broadcast<Text::name##_>( \
      &Type::name,                \
      [](const auto& self, auto in, auto out) -> decltype(self.fill_##name(in, out)) { self.fill_##name(in, out); })
#define QSM_STATE() bound.members()
#define QSM_VALUE(state, from) bound.value<Text::from##_>(&Type::state, &Type::from)
