#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/random.hpp>
#include <qsm/core/testing.hpp>

namespace qsm::inline v0::inline core {

namespace detail {

/// One run of check_distribution.
class LawTrial {
 public:
  explicit LawTrial(const Distribution& law) : law_(law) {}

  std::vector<std::string> run() {
    part("quantile and cdf", &LawTrial::quantiles);
    part("cdf", &LawTrial::limits);
    part("mean, variance or moment", &LawTrial::moments);
    part("pdf", &LawTrial::density);
    part("laplace", &LawTrial::transform);
    part("sample", &LawTrial::variates);
    return failures_;
  }

 private:
  void part(const char* name, void (LawTrial::*check)()) {
    try {
      (this->*check)();
    } catch (const std::exception& error) {
      failures_.push_back(std::string(name) + " threw: " + error.what());
    }
  }

  void require(bool holds, const std::string& sentence) {
    if (!holds && std::find(failures_.begin(), failures_.end(), sentence) == failures_.end())
      failures_.push_back(sentence);
  }

  static bool close(double value, double truth, double scale = 0) {
    return value == truth || std::abs(value - truth) <= 1e-5 * std::max(std::abs(truth), scale);
  }

  template <class Function>
  double integral(Function&& g) const {
    return expectation([this](double p) { return law_.quantile(p); },
                       [this](double q) { return law_.survival_quantile(q); }, g);
  }

  void quantiles() {
    double last = law_.low();
    for (const double p : {1e-12, 1e-6, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1 - 1e-6}) {
      const std::string at = std::string("(") + shortest(p) + ")";
      const double x = law_.quantile(p);
      require(!std::isnan(x), "quantile" + at + " is not a number");
      require(x >= last, "quantile falls before " + shortest(p));
      require(x >= law_.low() && x <= law_.high(), "quantile" + at + " lies outside of [low(), high()]");
      // Away from 0 the last places of x may be worth more than p, so that the cdf is taken just beside it.
      const double place = 8e-16 * std::abs(x);
      const double below = law_.cdf(std::nextafter(x - place, -infinity));
      const double here = law_.cdf(x + place);
      const double slack = 1e-9 * std::min(p, 1 - p) + 1e-15;
      require(here >= p - slack, "cdf(quantile(p)) is below p at " + shortest(p) + ": " + shortest(here));
      require(below <= p + slack,
              "quantile" + at + " is not the smallest value with cdf >= p: cdf just below is " + shortest(below));
      if (here - below > 1e-6 || here < p - slack || below > p + slack) continuous_ = false;
      const double upper = law_.survival_quantile(p);
      require(law_.survival(upper + 8e-16 * std::abs(upper)) <= p * (1 + 1e-9) + 1e-15,
              "survival(survival_quantile(q)) exceeds q at " + shortest(p));
      last = x;
    }
  }

  void limits() {
    require(std::abs(law_.cdf(infinity) - 1) <= 1e-12, "cdf(infinity) is not 1");
    require(law_.cdf(-infinity) == 0, "cdf(-infinity) is not 0");
    const double from = law_.quantile(0.001);
    const double to = law_.quantile(0.999);
    double last = 0;
    for (int i = -100; i <= 1100; ++i) {
      const double x = from + (to - from) * i / 1000;
      const double value = law_.cdf(x);
      require(value >= 0 && value <= 1, "cdf leaves [0, 1]");
      require(value >= last - 1e-12, "cdf falls: it is not monotone");
      require(std::abs(value + law_.survival(x) - 1) <= 1e-9, "survival is not 1 - cdf");
      last = value;
    }
  }

  void moments() {
    const double mean = law_.mean();
    require(!std::isnan(mean), "mean is not a number");
    require(law_.variance() >= 0, "variance is not >= 0");
    if (!std::isfinite(mean)) return;
    const double spread = law_.standard_deviation();
    const double scale = std::isfinite(spread) ? spread : 0;
    const double first = integral([](double x) { return x; });
    require(close(mean, first, scale),
            "mean is " + shortest(mean) + ", the integral of quantile is " + shortest(first));
    const double second = integral([mean](double x) { return (x - mean) * (x - mean); });
    require(close(law_.variance(), second), "variance is " + shortest(law_.variance()) +
                                                ", the integral of (quantile - mean)^2 is " + shortest(second));
    for (int k = 1; k <= 3; ++k) {
      const double truth = integral([k](double x) { return std::pow(x, k); });
      const double size = law_.low() >= 0 ? truth : integral([k](double x) { return std::pow(std::abs(x), k); });
      if (std::isfinite(truth) && std::isfinite(size))
        require(close(law_.moment(k), truth, size), "moment(" + std::to_string(k) + ") is " + shortest(law_.moment(k)) +
                                                        ", the integral is " + shortest(truth));
    }
  }

  void density() {
    if (!continuous_) return;
    std::vector<double> ends;
    for (int i = 1; i < 20; ++i) ends.push_back(law_.quantile(i / 20.0));
    for (const double x : ends) require(law_.pdf(x) >= 0, "pdf is not >= 0");
    for (std::size_t i = 1; i < ends.size(); ++i) {
      if (!(ends[i] > ends[i - 1])) continue;
      const double mass = integrate([this](double x) { return law_.pdf(x); }, {ends[i - 1], ends[i]}, 1e-7);
      const double truth = law_.cdf(ends[i]) - law_.cdf(ends[i - 1]);
      require(close(mass, truth), "pdf does not integrate to the cdf between " + shortest(ends[i - 1]) + " and " +
                                      shortest(ends[i]) + ": " + shortest(mass) + ", not " + shortest(truth));
    }
  }

  void transform() {
    if (!(law_.low() >= 0)) return;
    require(close(law_.laplace(0), 1), "laplace(0) is not 1");
    const double middle = law_.quantile(0.5);
    if (!(middle > 0) || !std::isfinite(middle)) return;
    for (const double s : {0.1 / middle, 1 / middle, 5 / middle}) {
      const double truth = integral([s](double x) { return std::exp(-s * x); });
      require(close(law_.laplace(s), truth), "laplace(" + shortest(s) + ") is " + shortest(law_.laplace(s)) +
                                                 ", the integral of exp(-s quantile) is " + shortest(truth));
    }
  }

  void variates() {
    const Stream stream(20240229);
    std::vector<double> values(20000);
    law_.sample(stream, 0, values);
    for (const std::size_t first : {1U, 7U, 255U, 256U, 1000U}) {
      std::vector<double> block(5);
      law_.sample(stream, first, block);
      require(std::equal(block.begin(), block.end(), values.begin() + static_cast<std::ptrdiff_t>(first)),
              "sample: a variate depends on where the block is cut");
    }
    std::sort(values.begin(), values.end());
    const double n = static_cast<double>(values.size());
    double distance = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double x = values[i];
      if (i + 1 == values.size() || values[i + 1] > x)
        distance = std::max(distance, std::abs(static_cast<double>(i + 1) / n - law_.cdf(x)));
      if (i == 0 || values[i - 1] < x)
        distance = std::max(distance, std::abs(static_cast<double>(i) / n - law_.cdf(std::nextafter(x, -infinity))));
    }
    require(distance * std::sqrt(n) < 2.3, "sample does not follow the cdf: Kolmogorov-Smirnov distance " +
                                               shortest(distance) + " over 20,000 variates");
  }

  const Distribution& law_;
  bool continuous_ = true;
  std::vector<std::string> failures_;
};

}  // namespace detail

QSM_INLINE std::vector<std::string> check_distribution(const Distribution& distribution) {
  return detail::LawTrial(distribution).run();
}

}  // namespace qsm::inline v0::inline core
