#include "text/core.hpp"

#include <pybind11/operators.h>

#include <qsm/core.hpp>
#include <qsm/core/testing.hpp>

#include "plain.hpp"

namespace {

using qsm::Distribution;
using qsm::Stream;
using qsm_python::Number;
using qsm_python::Numbers;
namespace py = pybind11;

/// A method of a law at one value or an array of them, without the GIL.
template <auto fill, auto one>
py::object at(const Distribution& law, py::handle where) {
  const auto in = qsm_python::real_array(where, "Distribution", "value");
  if (in.ndim() == 0) return py::float_((law.*one)(*in.data()));
  py::array_t<double> out(std::vector<py::ssize_t>(in.shape(), in.shape() + in.ndim()));
  const std::span<const double> from(in.data(), static_cast<std::size_t>(in.size()));
  const std::span<double> to(out.mutable_data(), from.size());
  py::gil_scoped_release release;
  (law.*fill)(from, to);
  return out;
}

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

Distribution from_python(const py::object& object) {
  for (const char* name : {"mean", "variance", "cdf", "quantile"})
    if (!py::hasattr(object, name))
      throw py::type_error(std::string("distribution: an object with mean, variance, cdf and quantile is needed, ") +
                           "this has no " + name + ": " + std::string(py::repr(object)));
  return Distribution(PythonLaw(object));
}

template <auto fill>
py::array draw(const Stream& stream, std::uint64_t count, std::uint64_t first) {
  using Value = std::conditional_t<std::is_same_v<decltype(fill), decltype(&Stream::bits)>, std::uint64_t, double>;
  py::array_t<Value> out(static_cast<py::ssize_t>(count));
  const std::span<Value> to(out.mutable_data(), count);
  {
    py::gil_scoped_release release;
    (stream.*fill)(first, to);
  }
  return out;
}

py::array sample(const Distribution& law, std::uint64_t count, const Stream& stream, std::uint64_t first) {
  py::array_t<double> out(static_cast<py::ssize_t>(count));
  const std::span<double> to(out.mutable_data(), count);
  py::gil_scoped_release release;
  law.sample(stream, first, to);
  return out;
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
  return call("distribution_from_text", law.describe());
}

}  // namespace

QSM_ROOM(core) {
  using namespace pybind11::literals;

  QSM_FUNCTION(normal_quantile);
  QSM_FUNCTION(student_quantile);
  QSM_FUNCTION(kolmogorov_p_value);

  py::class_<Stream>(module, "Stream", texts::Stream)
      .def(py::init<std::uint64_t>(), "seed"_a)
      .def("child", py::overload_cast<std::uint64_t>(&Stream::child, py::const_), "id"_a, texts::Stream_child)
      .def("child", py::overload_cast<std::string_view>(&Stream::child, py::const_), "name"_a, texts::Stream_child)
      .def("bits", &draw<&Stream::bits>, "count"_a, "first"_a = 0, texts::Stream_bits)
      .def("uniforms", &draw<&Stream::uniforms>, "count"_a, "first"_a = 0, texts::Stream_uniforms)
      .def(py::self == py::self);

  using D = Distribution;
  py::class_<D>(module, "Distribution", texts::Distribution)
      .def(py::init(&from_python), "law"_a)
      .def_property_readonly("mean", &D::mean, texts::Distribution_mean)
      .def_property_readonly("variance", &D::variance, texts::Distribution_variance)
      .def_property_readonly("standard_deviation", &D::standard_deviation, texts::Distribution_standard_deviation)
      .def_property_readonly("scv", &D::scv, texts::Distribution_scv)
      .def_property_readonly("skewness", &D::skewness, texts::Distribution_skewness)
      .def_property_readonly("low", &D::low, texts::Distribution_low)
      .def_property_readonly("high", &D::high, texts::Distribution_high)
      .def("moment", &D::moment, "order"_a, texts::Distribution_moment)
      .def(
          "laplace", [](const D& law, Number rate) { return law.laplace(rate.value); }, "rate"_a,
          texts::Distribution_laplace)
      .def("pdf", &at<&D::fill_pdf, &D::pdf>, "value"_a, texts::Distribution_pdf)
      .def("cdf", &at<&D::fill_cdf, &D::cdf>, "value"_a, texts::Distribution_cdf)
      .def("survival", &at<&D::fill_survival, &D::survival>, "value"_a, texts::Distribution_survival)
      .def("quantile", &at<&D::fill_quantile, &D::quantile>, "probability"_a, texts::Distribution_quantile)
      .def("survival_quantile", &at<&D::fill_survival_quantile, &D::survival_quantile>, "probability"_a,
           texts::Distribution_survival_quantile)
      .def("sample", &sample, "count"_a, "stream"_a, "first"_a = 0, texts::Distribution_sample)
      .def("__reduce__", &remake)
      .def("__repr__", &D::describe);

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
  QSM_PLAIN(pareto);
  QSM_PLAIN(bounded_pareto);
  QSM_PLAIN(phase_type);
  QSM_PLAIN(coxian);
  QSM_PLAIN(shifted);
  QSM_PLAIN(scaled);
  QSM_PLAIN(truncated);
  QSM_PLAIN(uniform);
  QSM_PLAIN(weibull);
  using qsm::Fit;
  py::class_<Fit>(module, "Fit", texts::Fit)
      .def_readonly("distribution", &Fit::distribution)
      .def_readonly("family", &Fit::family)
      .def_readonly("parameters", &Fit::parameters)
      .def_readonly("log_likelihood", &Fit::log_likelihood)
      .def_readonly("aic", &Fit::aic)
      .def_readonly("ks_statistic", &Fit::ks_statistic)
      .def_readonly("ks_p_value", &Fit::ks_p_value)
      .def_readonly("anderson_darling", &Fit::anderson_darling)
      .def("__repr__", [](const Fit& fit) {
        return "Fit(" + fit.distribution.describe() + ", aic=" + std::to_string(fit.aic) +
               ", ks_statistic=" + std::to_string(fit.ks_statistic) + ")";
      });
  QSM_PLAIN(match_moments);
  QSM_PLAIN(fit_moments);
  QSM_PLAIN(fit_exponential);
  QSM_PLAIN(fit_erlang);
  QSM_PLAIN(fit_gamma);
  QSM_PLAIN(fit_lognormal);
  QSM_PLAIN(fit_weibull);
  QSM_PLAIN(fit_pareto);
  module.def(
      "fit_hyperexponential",
      [](const Numbers& samples, int phases, const py::object& progress) {
        return qsm_python::interruptible(progress, [&](const qsm::Progress& report) {
          return qsm::fit_hyperexponential(samples.values, phases, report);
        });
      },
      "samples"_a, "phases"_a = 2, py::kw_only(), "progress"_a = py::none(), texts::fit_hyperexponential::doc);
  module.def(
      "fit_best",
      [](const Numbers& samples, const std::vector<std::string>& candidates, const py::object& progress) {
        return qsm_python::interruptible(
            progress, [&](const qsm::Progress& report) { return qsm::fit_best(samples.values, candidates, report); });
      },
      "samples"_a, "candidates"_a = std::vector<std::string>{}, py::kw_only(), "progress"_a = py::none(),
      texts::fit_best::doc);
  module.def(
      "goodness_of_fit",
      [](const Distribution& law, const Numbers& samples, int parameters) {
        return qsm::goodness_of_fit(law, samples.values, parameters);
      },
      "distribution"_a, "samples"_a, "parameters"_a = 0, texts::goodness_of_fit::doc);
  module.def("check_distribution", &qsm::check_distribution, "distribution"_a, texts::check_distribution::doc);

  module.attr("simd_level") = std::string(qsm::simd_name(qsm::simd_level()));
}
