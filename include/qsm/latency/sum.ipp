#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <qsm/core/detail/describe.hpp>
#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions.hpp>
#include <qsm/core/error.hpp>
#include <qsm/latency/bounds.hpp>
#include <qsm/latency/detail/lattice.hpp>
#include <qsm/latency/sum.hpp>

namespace qsm::inline v0::latency {

/// At each edge: mass below it, by the lower law, by the upper law, and in the middle; and the same above it.
struct Convolution::Tables {
  struct Side {
    std::vector<double> below, above;  // one entry per edge
  };
  detail::Grid grid;
  double offset, unit;
  Side lower, upper, middle;

  double edge(std::size_t k) const { return offset + unit * static_cast<double>(grid.edge(k)); }
};

namespace detail {

/// Whether a law is exact, so that it is its own bound.
bool exact(const Distribution& law);

/// Edge-wise running sums of masses that stand in cells; `beyond` lies above all.
inline Convolution::Tables::Side running_sums(std::vector<double> masses, double beyond, std::size_t edges) {
  masses.resize(edges - 1);
  Convolution::Tables::Side side{std::vector<double>(edges), std::vector<double>(edges)};
  for (std::size_t k = 0; k + 1 < edges; ++k) side.below[k + 1] = std::min(1.0, side.below[k] + masses[k]);
  side.above[edges - 1] = beyond;
  for (std::size_t k = edges - 1; k-- > 0;) side.above[k] = std::min(1.0, side.above[k + 1] + masses[k]);
  return side;
}

/// Values at edges with jumps: each cell's mass at its lower or at its upper edge.
class LatticeLaw {
 public:
  LatticeLaw(std::shared_ptr<const Convolution::Tables> tables, bool upper, std::string text)
      : text_(std::move(text)),
        tables_(std::move(tables)),
        side_(upper ? &tables_->upper : &tables_->lower),
        shift_(upper ? 1 : 0) {}

  double mean() const {
    if (shift_ == 1 && side_->above.back() > 0) return std::numeric_limits<double>::infinity();
    return sum([](double x) { return x; });
  }
  double variance() const {
    const double center = mean();
    if (std::isinf(center)) return center;
    return sum([center](double x) { return (x - center) * (x - center); });
  }
  double cdf(double value) const { return at(value, side_->below, 0); }
  double survival(double value) const { return at(value, side_->above, 1); }
  double quantile(double probability) const {
    if (probability > 0.5) return survival_quantile(1 - probability);
    const auto& below = side_->below;
    const auto found = std::lower_bound(below.begin() + 1, below.end(), probability);
    return place(found == below.end() ? below.size() - 1 : static_cast<std::size_t>(found - below.begin()));
  }
  double survival_quantile(double probability) const {
    if (probability > 0.5) return quantile(1 - probability);
    const auto& above = side_->above;
    const auto found = std::lower_bound(above.begin() + 1, above.end(), probability, std::greater<>());
    if (found == above.end()) return std::numeric_limits<double>::infinity();
    return place(static_cast<std::size_t>(found - above.begin()));
  }
  std::string describe() const { return text_; }

 private:
  /// Where the mass between edges k - 1 and k stands.
  double place(std::size_t k) const { return tables_->edge(k - 1 + shift_); }
  double at(double value, const std::vector<double>& sums, double before) const {
    const double units = (value - tables_->offset) / tables_->unit;
    if (!(units >= 0)) return before;
    const std::size_t last = sums.size() - 1;
    if (units >= static_cast<double>(tables_->grid.edge(last))) return sums[last];
    const std::size_t cell = tables_->grid.cell(static_cast<std::uint64_t>(units));
    return sums[cell + 1 - shift_];
  }
  double sum(auto&& f) const {
    double total = 0;
    for (std::size_t k = 1; k < side_->below.size(); ++k)
      total += f(place(k)) *
               (side_->below[k] <= 0.5 ? side_->below[k] - side_->below[k - 1] : side_->above[k - 1] - side_->above[k]);
    return total;
  }

  std::string text_;
  std::shared_ptr<const Convolution::Tables> tables_;
  const Convolution::Tables::Side* side_;
  std::size_t shift_;
};

/// Lowest value that counts: the end of the support, or where 1e-18 lies below.
inline double floor_of(const Distribution& law) { return std::isfinite(law.low()) ? law.low() : law.quantile(1e-18); }

}  // namespace detail

QSM_INLINE Convolution::Convolution(std::vector<Distribution> parts, std::vector<double> counts, double tolerance,
                                    const Progress& progress)
    : parts_(std::move(parts)), counts_(std::move(counts)), tolerance_(tolerance), low_(0), high_(0) {
  std::vector<DistributionBounds> bounds;
  double offset = 0, scale = 0, rounds = 1, summands = 0, additions = -1;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    bounds.push_back(latency::bounds(parts_[i]));
    const double from = detail::floor_of(bounds[i].lower), n = counts_[i];
    low_ += n * parts_[i].low();
    high_ += n * parts_[i].high();
    offset += n * from;
    double typical = parts_[i].quantile(0.5) - from;
    if (!(typical > 0)) typical = parts_[i].quantile(0.99) - from;
    if (!(typical > 0)) typical = parts_[i].survival_quantile(1e-9) - from;
    scale += n * typical;
    summands += n;
    const auto whole = static_cast<std::uint64_t>(n);
    const double powers = static_cast<double>(std::bit_width(whole)) - 1,
                 taken = static_cast<double>(std::popcount(whole));
    additions += powers + taken;
    rounds = std::max(rounds, std::ceil(std::log2(n)) + taken);
  }
  rounds += static_cast<double>(parts_.size()) - 1;
  const detail::Grid grid{static_cast<int>(std::ceil(std::log2(2 * rounds / tolerance)))};
  // Each summand stands up to a unit away from its place, and all of them together little beside the sum.
  const double unit = scale > 0 ? scale * std::exp2(-grid.bits) / std::max(64.0, summands) : 1;
  ProgressMeter meter(progress, static_cast<std::uint64_t>(additions) * detail::steps_of_sum);
  detail::Masses sum;
  bool first = true;
  const auto add = [&](const detail::Masses& more) {
    sum = first ? more : detail::convolve(grid, sum, more, meter);
    first = false;
  };
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    detail::Masses power = detail::discretise(grid, bounds[i].lower, bounds[i].upper, detail::exact(parts_[i]),
                                              detail::floor_of(bounds[i].lower), unit, 0x1p61 / (1 + summands));
    for (auto left = static_cast<std::uint64_t>(counts_[i]); left > 0;) {
      if (left & 1) add(power);
      left >>= 1;
      if (left > 0) power = detail::convolve(grid, power, power, meter);
    }
  }
  meter.finish();
  const std::size_t edges = std::max(sum.lower.size(), sum.upper.size()) + 1;
  Tables tables{grid,
                offset,
                unit,
                detail::running_sums(std::move(sum.lower), 0, edges),
                detail::running_sums(std::move(sum.upper), sum.beyond, edges),
                {}};
  tables.middle = tables.lower;
  for (std::size_t k = 0; k < edges; ++k) {
    tables.middle.below[k] += (tables.upper.below[k] - tables.lower.below[k]) / 2;
    tables.middle.above[k] += (tables.upper.above[k] - tables.lower.above[k]) / 2;
  }
  tables_ = std::make_shared<const Tables>(std::move(tables));
}

QSM_INLINE double Convolution::mean() const {
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) sum += counts_[i] * parts_[i].mean();
  return sum;
}

QSM_INLINE double Convolution::variance() const {
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) sum += counts_[i] * parts_[i].variance();
  return sum;
}

/// Third central moments add.
QSM_INLINE double Convolution::skewness() const {
  const double total = std::sqrt(variance());
  if (total == 0) return 0;
  if (!std::isfinite(total)) return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const double share = parts_[i].standard_deviation() / total;
    if (share > 0) sum += counts_[i] * parts_[i].skewness() * share * share * share;
  }
  return sum;
}

/// E[(X + Y)ᵏ] = Σ C(k, i) E[Xⁱ] E[Yᵏ⁻ⁱ].
QSM_INLINE double Convolution::moment(int order) const {
  std::vector<double> sum(static_cast<std::size_t>(order) + 1);
  sum[0] = 1;
  const auto times = [order](const std::vector<double>& x, const std::vector<double>& y) {
    std::vector<double> product(x.size());
    for (int k = 0; k <= order; ++k) {
      double choose = 1;
      for (int i = 0; i <= k; ++i) {
        const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(k - i);
        product[static_cast<std::size_t>(k)] += choose * (x[a] * y[b]);
        choose *= static_cast<double>(k - i) / (i + 1);
      }
    }
    return product;
  };
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    std::vector<double> power(sum.size(), 1.0);
    for (int k = 1; k <= order; ++k) {
      power[static_cast<std::size_t>(k)] = parts_[i].moment(k);
      if (!std::isfinite(power[static_cast<std::size_t>(k)])) return std::numeric_limits<double>::infinity();
    }
    for (auto left = static_cast<std::uint64_t>(counts_[i]); left > 0;) {
      if (left & 1) sum = times(sum, power);
      left >>= 1;
      if (left > 0) power = times(power, power);
    }
  }
  return sum.back();
}

QSM_INLINE double Convolution::laplace(double rate) const {
  double product = 1;
  for (std::size_t i = 0; i < parts_.size(); ++i) product *= std::pow(parts_[i].laplace(rate), counts_[i]);
  return product;
}

namespace detail {

/// Linear inside the cell of `value`; `before` and the last entry outside of the grid.
inline double interpolate(const Convolution::Tables& tables, const std::vector<double>& sums, double value,
                          double before, double after) {
  const double units = (value - tables.offset) / tables.unit;
  if (!(units >= 0)) return before;
  const std::size_t last = sums.size() - 1;
  if (units >= static_cast<double>(tables.grid.edge(last))) return after;
  const std::size_t cell = tables.grid.cell(static_cast<std::uint64_t>(units));
  const auto from = static_cast<double>(tables.grid.edge(cell)), to = static_cast<double>(tables.grid.edge(cell + 1));
  const double share = (units - from) / (to - from);
  return sums[cell] + share * (sums[cell + 1] - sums[cell]);
}

/// Where `sums`, which rises or falls, first reaches `target`.
template <class Order>
double invert(const Convolution::Tables& tables, const std::vector<double>& sums, double target, Order order) {
  const auto found = std::lower_bound(sums.begin() + 1, sums.end(), target, order);
  if (found == sums.end()) return tables.edge(sums.size() - 1);
  const auto k = static_cast<std::size_t>(found - sums.begin());
  const double from = tables.edge(k - 1), to = tables.edge(k);
  const double step = sums[k] - sums[k - 1];
  const double share = step == 0 ? 1 : std::clamp((target - sums[k - 1]) / step, 0.0, 1.0);
  return from + share * (to - from);
}

}  // namespace detail

QSM_INLINE double Convolution::pdf(double value) const {
  const double units = (value - tables_->offset) / tables_->unit;
  const auto& below = tables_->middle.below;
  const auto& above = tables_->middle.above;
  if (!(units >= 0) || units >= static_cast<double>(tables_->grid.edge(below.size() - 1))) return 0;
  const std::size_t k = tables_->grid.cell(static_cast<std::uint64_t>(units));
  const double mass = below[k + 1] < 0.5 ? below[k + 1] - below[k] : above[k] - above[k + 1];
  return mass / (tables_->edge(k + 1) - tables_->edge(k));
}

QSM_INLINE double Convolution::cdf(double value) const {
  return value >= high_ ? 1 : detail::interpolate(*tables_, tables_->middle.below, value, 0, 1);
}

QSM_INLINE double Convolution::survival(double value) const {
  return value >= high_ ? 0 : detail::interpolate(*tables_, tables_->middle.above, value, 1, 0);
}

QSM_INLINE double Convolution::quantile(double probability) const {
  if (probability > 0.5) return survival_quantile(1 - probability);
  if (probability == 0) return low_;
  return std::min(detail::invert(*tables_, tables_->middle.below, probability, std::less<>()), high_);
}

QSM_INLINE double Convolution::survival_quantile(double probability) const {
  if (probability > 0.5) return quantile(1 - probability);
  if (probability == 0) return high_;
  return std::min(detail::invert(*tables_, tables_->middle.above, probability, std::greater<>()), high_);
}

/// Each summand of each part on a stream of its own.
QSM_INLINE void Convolution::sample(const Stream& stream, std::uint64_t first, std::span<double> out) const {
  std::vector<double> more(out.size());
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Stream own = stream.child(i);
    for (std::uint64_t k = 0; k < static_cast<std::uint64_t>(counts_[i]); ++k) {
      parts_[i].sample(own.child(k), first, more);
      for (std::size_t j = 0; j < out.size(); ++j) out[j] += more[j];
    }
  }
}

QSM_INLINE std::string Convolution::describe() const {
  const std::string end = ", tolerance=" + core::detail::shortest(tolerance_) + ")";
  const auto part = [&](std::size_t i) {
    if (counts_[i] == 1) return parts_[i].describe();
    return "sum_of(" + parts_[i].describe() + ", " + core::detail::shortest(counts_[i]) + end;
  };
  if (parts_.size() == 1) return part(0);
  std::string laws;
  for (std::size_t i = 0; i < parts_.size(); ++i) laws += (i > 0 ? ", " : "") + part(i);
  return "sum_of([" + laws + "]" + end;
}

QSM_INLINE std::pair<Distribution, Distribution> Convolution::bounds() const {
  return {detail::LatticeLaw(tables_, false, "bounds(" + describe() + ").lower"),
          detail::LatticeLaw(tables_, true, "bounds(" + describe() + ").upper")};
}

namespace detail {

/// The parts of a sum, gathered by what adds up exactly.
class Summands {
 public:
  void add(const Distribution& law, double count) {
    if (const auto* moved = law.as<Shifted>()) {
      offset_ += count * moved->offset;
      add(moved->distribution, count);
    } else if (const auto* sum = law.as<Convolution>()) {
      for (std::size_t i = 0; i < sum->parts().size(); ++i) add(sum->parts()[i], count * sum->counts()[i]);
    } else if (const auto* constant = law.as<Deterministic>()) {
      offset_ += count * constant->value;
    } else if (const auto* bell = law.as<Normal>()) {
      mean_ += count * bell->center;
      variance_ += count * bell->variance();
    } else if (const auto* shaped = law.as<Gamma>()) {
      gamma(shaped->shape * count, shaped->scale);
    } else if (const auto* stages = law.as<Erlang>()) {
      gamma(stages->stages * count, 1 / stages->rate);
    } else if (const auto* memoryless = law.as<Exponential>()) {
      gamma(count, 1 / memoryless->rate);
    } else if (const auto* mixed = law.as<Hyperexponential>()) {
      const std::size_t n = mixed->rates.size();
      std::vector<double> generator(n * n);
      for (std::size_t i = 0; i < n; ++i) generator[i * n + i] = -mixed->rates[i];
      chain(law, count, mixed->probabilities, generator);
    } else if (const auto* chained = law.as<PhaseType>()) {
      chain(law, count, chained->initial(), chained->generator());
    } else if (const auto* row = law.as<Coxian>()) {
      chain(law, count, row->phases.initial(), row->phases.generator());
    } else {
      other(law, count);
    }
  }

  Distribution law(double tolerance, const Progress& progress) {
    stages();
    std::vector<Distribution> parts = others_;
    std::vector<double> counts = other_counts_;
    const auto exact = [&](Distribution part) {
      parts.push_back(std::move(part));
      counts.push_back(1);
    };
    if (variance_ > 0) exact(normal(mean_, std::sqrt(variance_)));
    if (!initial_.empty()) {
      const std::size_t n = initial_.size();
      std::vector<std::vector<double>> rows;
      for (std::size_t i = 0; i < n; ++i)
        rows.emplace_back(generator_.begin() + static_cast<std::ptrdiff_t>(i * n),
                          generator_.begin() + static_cast<std::ptrdiff_t>((i + 1) * n));
      exact(phase_type(initial_, rows));
    }
    for (const auto& [scale, shape] : gammas_) {
      const bool whole = shape == std::floor(shape) && shape <= largest_count;
      exact(shape == 1 ? Distribution(exponential(1 / scale))
            : whole    ? Distribution(erlang(shape, 1 / scale))
                       : Distribution(core::gamma(shape, scale)));
    }
    if (parts.empty()) return deterministic(offset_);
    const Distribution sum =
        parts.size() == 1 && counts[0] == 1 ? parts[0] : Distribution(Convolution(parts, counts, tolerance, progress));
    return offset_ == 0 ? sum : Distribution(shifted(sum, offset_));
  }

 private:
  static constexpr double most_phases = 64;

  void other(const Distribution& law, double count) {
    others_.push_back(law);
    other_counts_.push_back(count);
  }

  void gamma(double shape, double scale) {
    for (auto& known : gammas_)
      if (std::abs(known.first - scale) <= 4e-16 * scale) {
        known.second += shape;
        return;
      }
    gammas_.emplace_back(scale, shape);
  }

  /// Stages of unlike rates are few enough to be a phase-type law, or stay apart.
  void stages() {
    double phases = static_cast<double>(initial_.size());
    std::size_t whole = 0;
    for (const auto& [scale, shape] : gammas_)
      if (shape == std::floor(shape)) phases += shape, ++whole;
    if (phases > most_phases || (initial_.empty() && whole < 2)) return;
    std::vector<std::pair<double, double>> left;
    for (const auto& [scale, shape] : gammas_) {
      if (shape != std::floor(shape)) {
        left.emplace_back(scale, shape);
        continue;
      }
      for (double k = 0; k < shape; ++k) append({1}, {-1 / scale});
    }
    gammas_ = left;
  }

  void chain(const Distribution& law, double count, const std::vector<double>& initial,
             const std::vector<double>& generator) {
    if (static_cast<double>(initial_.size()) + count * static_cast<double>(initial.size()) > most_phases)
      return other(law, count);
    for (double k = 0; k < count; ++k) append(initial, generator);
  }

  /// From what leaves the phases so far into those of the next law.
  void append(const std::vector<double>& initial, const std::vector<double>& generator) {
    const std::size_t n = initial_.size(), m = initial.size(), size = n + m;
    std::vector<double> wider(size * size);
    for (std::size_t i = 0; i < n; ++i) {
      double leaving = -generator_[i * n + i];
      for (std::size_t j = 0; j < n; ++j) {
        wider[i * size + j] = generator_[i * n + j];
        if (j != i) leaving -= generator_[i * n + j];
      }
      if (leaving <= 1e-15 * -generator_[i * n + i]) leaving = 0;
      for (std::size_t j = 0; j < m; ++j) wider[i * size + n + j] = leaving * initial[j];
    }
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < m; ++j) wider[(n + i) * size + n + j] = generator[i * m + j];
    if (n == 0)
      initial_ = initial;
    else
      initial_.resize(size);
    generator_ = std::move(wider);
  }

  double offset_ = 0, mean_ = 0, variance_ = 0;
  std::vector<std::pair<double, double>> gammas_;  // scale, shape
  std::vector<double> initial_, generator_;
  std::vector<Distribution> others_;
  std::vector<double> other_counts_;
};

}  // namespace detail

QSM_INLINE Distribution sum_of(const std::vector<Distribution>& distributions, double tolerance,
                               const Progress& progress) {
  if (distributions.empty())
    throw std::invalid_argument("sum_of: distributions must have at least one element, got none");
  Check("sum_of").that(tolerance >= 0.001 && tolerance <= 0.5, "tolerance", tolerance, "in [0.001, 0.5]");
  if (distributions.size() == 1) return distributions[0];
  detail::Summands summands;
  for (const Distribution& law : distributions) summands.add(law, 1);
  return summands.law(tolerance, progress);
}

QSM_INLINE Distribution sum_of(const Distribution& distribution, double count, double tolerance,
                               const Progress& progress) {
  Check check("sum_of");
  check.positive_count("count", count);
  check.that(count <= 1e6, "count", count, "<= 1e6");
  check.that(tolerance >= 0.001 && tolerance <= 0.5, "tolerance", tolerance, "in [0.001, 0.5]");
  if (count == 1) return distribution;
  detail::Summands summands;
  summands.add(distribution, count);
  return summands.law(tolerance, progress);
}

}  // namespace qsm::inline v0::latency
