#include "text/core.hpp"

#include <qsm/core.hpp>
#include <qsm/core/testing.hpp>

#include "plain.hpp"

namespace {

using qsm::Distribution;
using qsm::Stream;
namespace py = pybind11;

/// A law written in Python, called with whole arrays: needs `quantile(array)`, `cdf(array)`, `mean` and `variance`.
class PythonLaw {
 public:
  explicit PythonLaw(py::object object) : object_(std::make_shared<Held>(std::move(object))) {}

  double mean() const { return number("mean"); }
  double variance() const { return number("variance"); }
  double cdf(double value) const { return one("cdf", value); }
  double quantile(double probability) const { return one("quantile", probability); }
  void fill_cdf(std::span<const double> in, std::span<double> out) const { many("cdf", in, out); }
  void fill_quantile(std::span<const double> in, std::span<double> out) const { many("quantile", in, out); }
  void sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
    std::vector<double> uniforms(out.size());
    stream.uniforms(first, uniforms);
    many("quantile", uniforms, out);
  }
  std::string describe() const {
    py::gil_scoped_acquire gil;
    return py::repr(object_->object);
  }
  py::object object() const { return object_->object; }

 private:
  struct Held {
    explicit Held(py::object held) : object(std::move(held)) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() {
      py::gil_scoped_acquire gil;
      object = py::object();
    }
    py::object object;
  };

  double number(const char* name) const {
    py::gil_scoped_acquire gil;
    py::object value = object_->object.attr(name);
    return py::cast<double>(PyCallable_Check(value.ptr()) ? value() : value);
  }
  double one(const char* name, double value) const {
    double result{};
    many(name, {&value, 1}, {&result, 1});
    return result;
  }
  void many(const char* name, std::span<const double> in, std::span<double> out) const {
    py::gil_scoped_acquire gil;
    const py::array_t<double> from(static_cast<py::ssize_t>(in.size()), in.data());
    const auto result = py::array_t<double, py::array::c_style | py::array::forcecast>(
        py::reinterpret_borrow<py::object>(object_->object.attr(name)(from)));
    if (result.ndim() != 1 || static_cast<std::size_t>(result.size()) != in.size())
      throw std::invalid_argument(std::string("distribution: ") + name +
                                  "(array) must return an array of the same size");
    std::copy(result.data(), result.data() + result.size(), out.data());
  }

  std::shared_ptr<Held> object_;
};

Stream child(const Stream& stream, const py::object& id) {
  if (py::isinstance<py::str>(id)) return stream.child(std::string_view(py::cast<std::string>(id)));
  return stream.child(qsm_python::Take<std::uint64_t>::read(id, {"Stream.child", "id"}));
}

/// The call that makes the law again: a factory of qsm.core by name, and its arguments.
py::tuple remake(const Distribution& law) {
  const auto call = [](const char* factory, auto... arguments) {
    const auto module = py::module_::import("qsm.core");
    return py::make_tuple(module.attr(factory), py::make_tuple(arguments...));
  };
  const auto numbers = [](const std::vector<double>& values) {
    return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
  };
  if (const auto* held = law.as<PythonLaw>()) return call("Distribution", held->object());
  if (const auto* held = law.as<qsm::Empirical>()) return call("empirical", numbers(held->samples));
  if (const auto* held = law.as<qsm::Mixture>()) return call("mixture", numbers(held->weights), held->components);
  if (const auto* held = law.as<qsm::Shifted>()) return call("shifted", held->distribution, held->offset);
  if (const auto* held = law.as<qsm::Scaled>()) return call("scaled", held->distribution, held->factor);
  if (const auto* held = law.as<qsm::Truncated>())
    return call("truncated", held->distribution(), held->from(), held->to());
  for (const auto& of_room : qsm_python::remakers())
    if (const py::object made = of_room(law); !made.is_none()) return made;
  return call("distribution_from_text", law.describe());
}

/// The same with arrays as bytes: what equal laws have equal.
py::tuple key(const Distribution& law) {
  const auto hashable = [](py::handle value) -> py::object {
    if (py::isinstance<py::array>(value)) return value.attr("tobytes")();
    if (py::isinstance<py::list>(value)) return py::tuple(py::reinterpret_borrow<py::list>(value));
    return py::reinterpret_borrow<py::object>(value);
  };
  const py::tuple call = remake(law);
  py::list parts;
  parts.append(call[0].attr("__name__"));
  for (const auto& argument : call[1]) parts.append(hashable(argument));
  return py::tuple(parts);
}

}  // namespace

namespace qsm_python {

Distribution read_law(py::handle object, const Place& place) {
  if (py::isinstance<Distribution>(object)) return py::cast<const Distribution&>(object);
  for (const char* name : {"mean", "variance", "cdf", "quantile"})
    if (!py::hasattr(object, name))
      refuse_type(place, "a Distribution or an object with mean, variance, cdf and quantile", object);
  return Distribution(PythonLaw(py::reinterpret_borrow<py::object>(object)));
}

}  // namespace qsm_python

QSM_ROOM(core) {
  QSM_FUNCTION(normal_quantile);
  QSM_FUNCTION(student_quantile);
  QSM_FUNCTION(kolmogorov_p_value);

  {
    QSM_CLASS(Stream);
    QSM_CONSTRUCTOR(std::uint64_t);
    bound.method<Text::child_>(&child);
    QSM_DRAW(bits);
    QSM_DRAW(uniforms);
    QSM_VALUE(state, from_state);
  }
  {
    QSM_CLASS(Distribution);
    QSM_PROPERTY(mean);
    QSM_PROPERTY(variance);
    QSM_PROPERTY(standard_deviation);
    QSM_PROPERTY(scv);
    QSM_PROPERTY(skewness);
    QSM_PROPERTY(low);
    QSM_PROPERTY(high);
    QSM_METHOD(moment);
    QSM_BROADCAST(laplace);
    QSM_BROADCAST(pdf);
    QSM_BROADCAST(cdf);
    QSM_BROADCAST(survival);
    QSM_BROADCAST(quantile);
    QSM_BROADCAST(survival_quantile);
    QSM_DRAW(sample);
    bound.type()
        .def(py::init([](const py::object& law) {
               return qsm_python::read_law(law, {"Distribution", "law"});
             }),
             py::arg("law"))
        .def("__eq__",
             [](const Distribution& one, const py::object& other) -> py::object {
               if (!py::isinstance<Distribution>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
               return py::bool_(key(one).equal(key(py::cast<const Distribution&>(other))));
             })
        .def("__hash__", [](const Distribution& law) { return py::hash(key(law)); })
        .def("__reduce__", &remake)
        .def("__repr__", &Distribution::describe);
  }
  QSM_RECORD(Fit);

  QSM_PLAIN(deterministic);
  QSM_PLAIN(empirical);
  QSM_PLAIN(exponential);
  QSM_PLAIN(gamma);
  QSM_PLAIN(erlang);
  QSM_PLAIN(hyperexponential);
  QSM_PLAIN(hyperexponential_balanced);
  QSM_PLAIN(lognormal);
  QSM_PLAIN(lognormal_from);
  QSM_PLAIN(mixture);
  QSM_PLAIN(normal);
  QSM_PLAIN(pareto);
  QSM_PLAIN(bounded_pareto);
  QSM_PLAIN(phase_type);
  QSM_PLAIN(coxian);
  QSM_PLAIN(shifted);
  QSM_PLAIN(scaled);
  QSM_PLAIN(truncated);
  QSM_PLAIN(uniform);
  QSM_PLAIN(weibull);
  QSM_PLAIN(match_moments);
  QSM_PLAIN(fit_moments);
  QSM_PLAIN(fit_exponential);
  QSM_PLAIN(fit_erlang);
  QSM_PLAIN(fit_gamma);
  QSM_PLAIN(fit_lognormal);
  QSM_PLAIN(fit_weibull);
  QSM_PLAIN(fit_pareto);
  QSM_PLAIN(fit_hyperexponential);
  QSM_PLAIN(fit_best);
  QSM_PLAIN(goodness_of_fit);
  QSM_PLAIN(check_distribution);

  module.attr("simd_level") = std::string(qsm::simd_name(qsm::simd_level()));
}
