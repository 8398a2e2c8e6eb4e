#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/core/error.hpp>
#include <qsm/core/samplers.hpp>

namespace qsm::inline v0::inline core {

QSM_INLINE PhaseType::PhaseType(std::vector<double> initial, const std::vector<std::vector<double>>& generator)
    : initial_(std::move(initial)) {
  detail::check_weights("phase_type", "initial", initial_);
  const std::size_t n = initial_.size();
  detail::check_size("phase_type", "generator", generator.size(), "initial", n);
  Check check("phase_type");
  for (std::size_t i = 0; i < n; ++i) {
    detail::check_size("phase_type", "rows of generator", generator[i].size(), "initial", n);
    double leaving = 0;
    for (std::size_t j = 0; j < n; ++j) {
      check.finite("generator", generator[i][j]);
      if (i != j) {
        check.that(generator[i][j] >= 0, "generator off the diagonal", generator[i][j], ">= 0");
        leaving += generator[i][j];
      }
    }
    const double diagonal = -generator[i][i];
    check.that(diagonal > 0, "generator on the diagonal", generator[i][i], "< 0");
    check.that(leaving - diagonal <= 1e-12 * diagonal, "sum of a row of generator", leaving - diagonal, "<= 0");
    exits_.push_back(std::max(0.0, diagonal - leaving));
    if (exits_.back() <= 1e-15 * diagonal) exits_.back() = 0;
    fastest_ = std::max(fastest_, leaving + exits_.back());
    generator_.insert(generator_.end(), generator[i].begin(), generator[i].end());
  }
  std::vector<bool> leads_out(n);
  for (std::size_t round = 0; round < n; ++round)
    for (std::size_t i = 0; i < n; ++i) {
      leads_out[i] = leads_out[i] || exits_[i] > 0;
      for (std::size_t j = 0; j < n && !leads_out[i]; ++j)
        leads_out[i] = i != j && generator_[i * n + j] > 0 && leads_out[j];
    }
  for (std::size_t i = 0; i < n; ++i)
    check.that(leads_out[i], "phase", static_cast<double>(i), "one from which the chain can leave");
}

/// Solves (killing I - T) y = right by censoring phases from the last to the first: no subtraction (Grassmann, Taksar,
/// Heyman 1985).
QSM_INLINE std::vector<double> PhaseType::solve(double killing, std::vector<double> right) const {
  const std::size_t n = initial_.size();
  std::vector<double> jump = generator_;
  std::vector<double> leave(n);
  std::vector<double> total(n);
  for (std::size_t i = 0; i < n; ++i) leave[i] = exits_[i] + killing;
  for (std::size_t k = n; k-- > 0;) {
    total[k] = leave[k];
    for (std::size_t j = 0; j < k; ++j) total[k] += jump[k * n + j];
    for (std::size_t i = 0; i < k; ++i) {
      const double share = jump[i * n + k] / total[k];
      for (std::size_t j = 0; j < k; ++j)
        if (j != i) jump[i * n + j] += share * jump[k * n + j];
      leave[i] += share * leave[k];
      right[i] += share * right[k];
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t j = 0; j < k; ++j) right[k] += jump[k * n + j] * right[j];
    right[k] /= total[k];
  }
  return right;
}

/// The row (α, 0) exp(Qx), Q the generator with absorption as phase n. Few expected jumps: the Poisson sum over powers
/// of the jump matrix. Many: the same for x/2ᵐ as a matrix, squared m times.
QSM_INLINE std::vector<double> PhaseType::state(double value) const {
  using Wide = long double;
  const std::size_t n = initial_.size();
  const std::size_t size = n + 1;
  std::vector<Wide> jump(size * size);
  for (std::size_t i = 0; i < n; ++i) {
    Wide leaving = exits_[i];
    for (std::size_t j = 0; j < n; ++j)
      if (j != i) {
        jump[i * size + j] = Wide(generator_[i * n + j]) / fastest_;
        leaving += generator_[i * n + j];
      }
    jump[i * size + i] = std::max(Wide(0), (fastest_ - leaving) / fastest_);
    jump[i * size + n] = Wide(exits_[i]) / fastest_;
  }
  jump[n * size + n] = 1;
  const auto times = [size](const std::vector<Wide>& left, const std::vector<Wide>& right) {
    std::vector<Wide> product(left.size());
    for (std::size_t row = 0; row < left.size(); row += size)
      for (std::size_t k = 0; k < size; ++k)
        if (const Wide factor = left[row + k]; factor != 0)
          for (std::size_t j = 0; j < size; ++j) product[row + j] += factor * right[k * size + j];
    return product;
  };
  // A row sums to 1. Its largest entry by what the others leave: then rounding does not double with the matrix.
  const auto close = [size](std::vector<Wide>& matrix) {
    for (auto row = matrix.begin(); row != matrix.end(); row += static_cast<std::ptrdiff_t>(size)) {
      const auto largest = std::max_element(row, row + static_cast<std::ptrdiff_t>(size));
      *largest = 0;
      *largest = 1 - std::accumulate(row, row + static_cast<std::ptrdiff_t>(size), Wide(0));
    }
  };
  // Σ Poisson(k; jumps) power Pᵏ until what is left cannot matter to any of the sums.
  const auto poisson_sum = [&](std::vector<Wide> power, Wide jumps) {
    Wide weight = std::exp(-jumps);
    std::vector<Wide> sum(power.size());
    for (std::size_t k = 0;; ++k) {
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * power[i];
      weight *= jumps / static_cast<Wide>(k + 1);
      if (weight == 0) return sum;
      if (k > n && static_cast<Wide>(k) > 2 * jumps) {
        Wide least = 1;
        for (const Wide entry : sum)
          if (entry > 0) least = std::min(least, entry);
        if (2 * weight < least * Wide(1e-19)) return sum;
      }
      power = times(power, jump);
    }
  };
  std::vector<Wide> row(initial_.begin(), initial_.end());
  row.push_back(0);
  const Wide jumps = Wide(fastest_) * value;
  if (jumps <= 64) {
    row = poisson_sum(row, jumps);
  } else {
    int doublings = 0;
    Wide part = jumps;
    for (; part > 1; part /= 2) ++doublings;
    std::vector<Wide> matrix(size * size);
    for (std::size_t i = 0; i < size; ++i) matrix[i * size + i] = 1;
    matrix = poisson_sum(matrix, part);
    close(matrix);
    for (; doublings > 0; --doublings) {
      matrix = times(matrix, matrix);
      close(matrix);
    }
    row = times(row, matrix);
  }
  return {row.begin(), row.end()};
}

QSM_INLINE double PhaseType::mean() const { return moment(1); }

namespace detail {

/// The same law in units of 2^power seconds.
inline PhaseType in_units(const PhaseType& law, int power) {
  const std::size_t phases = law.initial().size();
  std::vector<std::vector<double>> generator(phases, std::vector<double>(phases));
  for (std::size_t i = 0; i < phases; ++i)
    for (std::size_t j = 0; j < phases; ++j) generator[i][j] = std::ldexp(law.generator()[i * phases + j], power);
  return {law.initial(), generator};
}
/// Where the third power of times of this size would leave the range of double, the power of two near it; otherwise 0.
inline int far_unit(double time) {
  const int power = time > 0 && std::isfinite(time) ? std::ilogb(time) : 0;
  return std::abs(power) > 256 ? power : 0;
}

}  // namespace detail

QSM_INLINE double PhaseType::variance() const {
  const double center = mean();
  if (const int unit = detail::far_unit(center))
    return std::ldexp(std::ldexp(detail::in_units(*this, unit).variance(), unit), unit);
  return moment(2) - center * center;
}

QSM_INLINE double PhaseType::skewness() const {
  const double first = mean();
  if (const int unit = detail::far_unit(first)) return detail::in_units(*this, unit).skewness();
  const double second = moment(2);
  const double spread = std::sqrt(second - first * first);
  return (moment(3) - 3 * first * second + 2 * first * first * first) / (spread * spread * spread);
}

QSM_INLINE double PhaseType::moment(int order) const {
  std::vector<double> column(initial_.size(), 1.0);
  for (int k = 1; k <= order; ++k) {
    column = solve(0, std::move(column));
    for (double& entry : column) entry *= k;
  }
  double sum = 0;
  for (std::size_t i = 0; i < column.size(); ++i) sum += initial_[i] * column[i];
  return sum;
}

QSM_INLINE double PhaseType::pdf(double value) const {
  if (value < 0 || std::isinf(value)) return 0;
  const auto row = state(value);
  double sum = 0;
  for (std::size_t i = 0; i < exits_.size(); ++i) sum += row[i] * exits_[i];
  return sum;
}

QSM_INLINE double PhaseType::cdf(double value) const {
  if (value <= 0) return 0;
  return std::isinf(value) ? 1 : std::min(state(value).back(), 1.0);
}

QSM_INLINE double PhaseType::survival(double value) const {
  if (value <= 0) return 1;
  if (std::isinf(value)) return 0;
  const auto row = state(value);
  double sum = 0;
  for (std::size_t i = 0; i < exits_.size(); ++i) sum += row[i];
  return std::min(sum, 1.0);
}

QSM_INLINE double PhaseType::quantile(double probability) const {
  if (probability > 0.5) return survival_quantile(1 - probability);
  if (probability == 0) return 0;
  return detail::invert_cdf([this](double x) { return cdf(x); }, [this](double x) { return pdf(x); }, probability, 0,
                            infinity, mean());
}

QSM_INLINE double PhaseType::survival_quantile(double probability) const {
  if (probability > 0.5) return quantile(1 - probability);
  if (probability == 0) return infinity;
  return detail::invert_survival([this](double x) { return survival(x); }, [this](double x) { return pdf(x); },
                                 probability, 0, infinity, mean());
}

QSM_INLINE double PhaseType::laplace(double argument) const {
  const auto column = solve(argument, exits_);
  double sum = 0;
  for (std::size_t i = 0; i < column.size(); ++i) sum += initial_[i] * column[i];
  return sum;
}

/// The chain is walked once per variate, on streams of its own: the next phase from one, the stays from the other.
QSM_INLINE void PhaseType::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  constexpr std::size_t ahead = 16;
  const std::size_t n = initial_.size();
  double choices[ahead];
  double stays[ahead];
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Stream choice = stream.child(first + i);
    const Stream stay = choice.child("stay");
    choice.uniforms(0, choices);
    double left = choices[0];
    std::size_t phase = 0;
    while (phase + 1 < n && (left -= initial_[phase]) > 0) ++phase;
    double time = 0;
    for (std::uint64_t jumps = 0; phase < n; ++jumps) {
      if (jumps % ahead == 0) fill_exponential(stay, jumps, 1, stays);
      if ((jumps + 1) % ahead == 0) choice.uniforms(jumps + 1, choices);
      double total = exits_[phase];
      for (std::size_t j = 0; j < n; ++j)
        if (j != phase) total += generator_[phase * n + j];
      time += stays[jumps % ahead] / total;
      left = choices[(jumps + 1) % ahead] * total - exits_[phase];
      std::size_t next = n;
      for (std::size_t j = 0; j < n && left > 0; ++j)
        if (j != phase && generator_[phase * n + j] > 0) {
          next = j;
          left -= generator_[phase * n + j];
        }
      phase = next;
    }
    out[i] = time;
  }
}

QSM_INLINE std::string PhaseType::describe() const {
  const std::size_t n = initial_.size();
  std::string rows = "[";
  for (std::size_t i = 0; i < n; ++i)
    rows += (i > 0 ? ", " : "") + detail::list_text(std::span(generator_).subspan(i * n, n));
  return detail::call_text("phase_type", {{"initial", detail::list_text(initial_)}, {"generator", rows + "]"}});
}

QSM_INLINE PhaseType phase_type(std::vector<double> initial, const std::vector<std::vector<double>>& generator) {
  return {std::move(initial), generator};
}

QSM_INLINE void Coxian::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  constexpr std::size_t block = 256;
  const Stream choice = stream.child("stages");
  std::array<double, block> lasting;  // what is left of the uniform that decides how many stages there are
  std::array<double, block> stage;
  for (std::size_t begin = 0; begin < out.size(); begin += block) {
    const std::size_t size = std::min(block, out.size() - begin);
    choice.uniforms(first + begin, std::span(lasting).first(size));
    double reached = 1;
    bool any = true;
    for (std::size_t k = 0; k < rates.size() && any; ++k) {
      fill_exponential(stream.child(k), first + begin, 1 / rates[k], std::span(stage).first(size));
      any = false;
      for (std::size_t i = 0; i < size; ++i) {
        const bool here = lasting[i] < reached;
        out[begin + i] = (k == 0 ? 0 : out[begin + i]) + (here ? stage[i] : 0);
        any = any || here;
      }
      if (k + 1 < rates.size()) reached *= continue_probabilities[k];
    }
  }
}

QSM_INLINE std::string Coxian::describe() const {
  return detail::call_text("coxian", {{"rates", detail::list_text(rates)},
                                      {"continue_probabilities", detail::list_text(continue_probabilities)}});
}

QSM_INLINE Coxian coxian(std::vector<double> rates, std::vector<double> continue_probabilities) {
  if (rates.empty()) throw std::invalid_argument("coxian: rates must have at least one element, got none");
  detail::check_size("coxian", "continue_probabilities", continue_probabilities.size(), "rates less one",
                     rates.size() - 1);
  Check check("coxian");
  for (const double rate : rates) check.positive("rates", rate);
  for (const double probability : continue_probabilities) check.probability("continue_probabilities", probability);
  const std::size_t n = rates.size();
  std::vector<double> initial(n);
  initial[0] = 1;
  std::vector<std::vector<double>> generator(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    generator[i][i] = -rates[i];
    if (i + 1 < n) generator[i][i + 1] = rates[i] * continue_probabilities[i];
  }
  PhaseType phases(std::move(initial), generator);
  return {std::move(rates), std::move(continue_probabilities), std::move(phases)};
}

}  // namespace qsm::inline v0::inline core
