#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <qsm/core/detail/quadrature.hpp>
#include <qsm/core/detail/root.hpp>
#include <qsm/core/distributions/deterministic.hpp>
#include <qsm/core/distributions/exponential.hpp>
#include <qsm/core/distributions/gamma.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/core/distributions/phase_type.hpp>
#include <qsm/queueing/detail/matrix_analytic.hpp>
#include <qsm/queueing/detail/rates.hpp>
#include <qsm/queueing/detail/sizes.hpp>
#include <qsm/queueing/mdc.hpp>
#include <qsm/queueing/mg1.hpp>
#include <qsm/queueing/soap.hpp>

// After soap.hpp, whose header-only form needs it too.
#include <qsm/queueing/detail/soap.hpp>

namespace qsm::inline v0::queueing {
namespace detail {

/// Phases of a service, where it has them.
struct Phases {
  std::vector<double> initial;
  std::vector<std::vector<double>> generator;
};

inline std::optional<Phases> phases_of(const Distribution& law) {
  if (const auto* one = law.as<core::Exponential>()) return Phases{{1}, {{-1 / one->mean()}}};
  if (const auto* mixed = law.as<core::Hyperexponential>()) {
    const std::size_t n = mixed->rates.size();
    Phases out{mixed->probabilities, std::vector(n, std::vector<double>(n))};
    for (std::size_t i = 0; i < n; ++i) out.generator[i][i] = -mixed->rates[i];
    return out;
  }
  if (const auto* stages = law.as<core::Gamma>()) {
    if (stages->shape != std::trunc(stages->shape) || stages->shape > 200) return {};
    const auto n = static_cast<std::size_t>(stages->shape);
    Phases out{std::vector<double>(n), std::vector(n, std::vector<double>(n))};
    out.initial[0] = 1;
    for (std::size_t i = 0; i < n; ++i) {
      out.generator[i][i] = -1 / stages->scale;
      if (i + 1 < n) out.generator[i][i + 1] = 1 / stages->scale;
    }
    return out;
  }
  if (const auto* erlang = law.as<core::Erlang>()) return phases_of(core::Gamma{erlang->stages, 1 / erlang->rate});
  const auto* chain = law.as<core::PhaseType>();
  if (const auto* cox = law.as<core::Coxian>()) chain = &cox->phases;
  if (chain == nullptr) return {};
  const std::size_t n = chain->initial().size();
  Phases out{chain->initial(), std::vector(n, std::vector<double>(n))};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) out.generator[i][j] = chain->generator()[i * n + j];
  return out;
}

/// The wait in M/G/1, given that there is one, for a phase-type service: a geometric number of residual services,
/// phase-type with the times spent in each phase as initial probabilities.
inline Distribution phase_type_wait(const Phases& service, double rho) {
  const std::size_t n = service.initial.size();
  auto matrix = service.generator;  // x (-T) = initial by elimination
  std::vector<double> times = service.initial;
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = k + 1; j < n; ++j) {
      const double factor = matrix[k][j] / matrix[k][k];
      for (std::size_t i = k + 1; i < n; ++i) matrix[i][j] -= factor * matrix[i][k];
      times[j] -= factor * times[k];
    }
  for (std::size_t j = n; j-- > 0;) {
    for (std::size_t i = j + 1; i < n; ++i) times[j] += times[i] * matrix[i][j];
    times[j] /= -matrix[j][j];
  }
  double total = 0;
  for (const double time : times) total += time;
  for (double& time : times) time /= total;
  auto generator = service.generator;
  for (std::size_t i = 0; i < n; ++i) {
    double exit = 0;
    for (const double rate : service.generator[i]) exit -= rate;
    for (std::size_t j = 0; j < n; ++j) generator[i][j] += rho * exit * times[j];
  }
  return core::phase_type(times, generator);
}

/// P(W > t) by Euler's inversion of (1 - (1 - ρ)/(1 - ρ φ(s)))/s, φ the transform of the residual service.
inline double inverted_wait(const Sizes& sizes, double mean, double rho, double free, double t) {
  using Complex = std::complex<double>;
  constexpr double accuracy = 23;  // exp(-23): error of the method against rounding times exp(11.5)
  constexpr int direct = 40, euler = 14;
  std::vector<double> ends{0};
  for (const double end : sizes.ends) {
    if (end <= 0) continue;
    while (end - ends.back() > t / 16 && ends.back() < 4 * t) ends.push_back(ends.back() + t / 16);
    if (ends.back() >= 4 * t) break;
    ends.push_back(end);
  }
  std::vector<std::pair<double, double>> nodes;  // place, weight times F̄
  for (std::size_t i = 1; i < ends.size(); ++i)
    core::detail::gauss_kronrod(
        [&](double u) {
          nodes.emplace_back(u, sizes.survival(u));
          return 0;
        },
        ends[i - 1], ends[i]);
  // The weights of the rule, found by integrating unit values.
  static const std::array<double, 15> weights = [] {
    std::array<double, 15> out{};
    for (int unit = 0; unit < 15; ++unit) {
      int call = 0;
      out[static_cast<std::size_t>(unit)] =
          core::detail::gauss_kronrod([&](double) { return call++ == unit ? 1.0 : 0.0; }, 0, 1).value;
    }
    return out;
  }();
  for (std::size_t i = 0; i < nodes.size(); ++i)
    nodes[i].second *= weights[i % 15] * (ends[i / 15 + 1] - ends[i / 15]) / mean;
  const double beyond = sizes.above(ends.back()) / mean;  // there exp(-s u) is nothing
  const auto transform = [&](Complex s) {
    Complex missing = beyond;  // 1 - φ, which is small where the load is high
    for (const auto& [u, weight] : nodes) {
      const double decay = -s.real() * u, half = std::sin(s.imag() * u / 2), power = std::exp(decay);
      missing -= weight * Complex(std::expm1(decay) - 2 * power * half * half, -power * std::sin(s.imag() * u));
    }
    return rho * missing / (free + rho * missing) / s;
  };
  const auto point = [&](int k) {
    const Complex s(accuracy / (2 * t), k * std::numbers::pi / t);
    return (k % 2 == 0 ? 1 : -1) * transform(s).real();
  };
  double sum = point(0) / 2;
  for (int k = 1; k <= direct; ++k) sum += point(k);
  double average = 0, binomial = std::exp2(-euler);
  for (int k = 0; k <= euler; ++k) {
    average += binomial * sum;
    binomial *= static_cast<double>(euler - k) / (k + 1);
    sum += point(direct + 1 + k);
  }
  return std::clamp(std::exp(accuracy / 2) / t * average, 0.0, rho);
}

}  // namespace detail

struct MG1::Wait {
  detail::Sizes sizes;
  std::optional<Distribution> late;  // given that there is a wait
  std::shared_ptr<const detail::RankedStation> ranked;
  int unit = 0;                       // where the powers of the times would leave the range of double,
  std::shared_ptr<const MG1> scaled;  // the same queue in units of 2^unit seconds

  Wait(const Distribution& service, double arrival_rate, bool gittins) : sizes(service) {
    if (gittins) {
      std::vector<detail::RankedStation::Class> only;
      only.push_back(detail::RankedStation::Class{arrival_rate, service, std::make_shared<const detail::Sizes>(sizes),
                                                  detail::Ranks(detail::gittins_of(service, sizes))});
      ranked = std::make_shared<const detail::RankedStation>(std::move(only));
    }
    const double rho = arrival_rate * service.mean();
    if (rho > 0 && rho < 1)
      if (const auto phases = detail::phases_of(service)) late = detail::phase_type_wait(*phases, rho);
  }
};

QSM_INLINE MG1::MG1(double arrival_rate, const Distribution& service, const std::string& discipline)
    : arrival_rate_(arrival_rate), service_(service), discipline_(discipline) {
  Check check("mg1");
  check.not_negative("arrival_rate", arrival_rate);
  detail::check_times(check, "service", service);
  constexpr std::array known{"fcfs", "lcfs", "random", "ps",   "lcfs_preemptive", "sjf",
                             "psjf", "srpt", "fb",     "lrpt", "gittins"};
  if (std::find(known.begin(), known.end(), discipline) == known.end()) {
    std::string names;
    for (const auto* name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    throw std::domain_error("mg1: discipline must be one of " + names + ", got '" + discipline + "'");
  }
  Wait wait(service_, arrival_rate_, discipline_ == "gittins");
  const double mean = service_.mean();
  const int unit = mean > 0 ? std::ilogb(mean) : 0;
  if (std::abs(unit) > 256) {
    const auto phases = detail::phases_of(service_);
    const bool constant = service_.as<core::Deterministic>() != nullptr;
    check.that(phases || constant, "mean of service", mean, "in [1e-77, 1e77] where the law is not of phase type");
    const Distribution times =
        phases ? Distribution(detail::in_units(core::PhaseType(phases->initial, phases->generator), -unit))
               : Distribution(core::Deterministic{std::ldexp(mean, -unit)});
    wait.unit = unit;
    wait.scaled = std::make_shared<const MG1>(std::ldexp(arrival_rate_, unit), times, discipline_);
  }
  wait_ = std::make_shared<const Wait>(std::move(wait));
}

QSM_INLINE double MG1::utilization() const { return arrival_rate_ * service_.mean(); }

QSM_INLINE bool MG1::stable() const { return std::fma(-arrival_rate_, service_.mean(), 1.0) > 0; }

QSM_INLINE double MG1::mean_of_size(double x) const {
  if (wait_->scaled) return std::ldexp(wait_->scaled->mean_of_size(std::ldexp(x, -wait_->unit)), wait_->unit);
  if (wait_->ranked) return wait_->ranked->sojourn_of_size(0, x);
  const auto& sizes = wait_->sizes;
  const double tail = sizes.survival(x), moment = 2 * sizes.moment(x);
  const double slack = std::fma(-arrival_rate_, service_.mean(), 1.0);
  // 1 - λ E[S; S <= x], and with S cut at x.
  const double cut = slack + arrival_rate_ * sizes.above(x), rest = cut + arrival_rate_ * x * tail;
  if (discipline_ == "fb") return arrival_rate_ * moment / (2 * cut * cut) + x / cut;
  if (discipline_ == "psjf") return arrival_rate_ * (moment - x * x * tail) / (2 * rest * rest) + x / rest;
  if (discipline_ == "sjf") return arrival_rate_ * service_.moment(2) / (2 * rest * rest) + x;
  if (discipline_ == "lrpt") return arrival_rate_ * service_.moment(2) / (2 * slack * slack) + x / slack;
  if (discipline_ != "srpt")
    return discipline_ == "ps" || discipline_ == "lcfs_preemptive" ? x / slack : x + mean_wait();
  std::vector<double> ends;
  for (const double end : sizes.ends)
    if (end < x) ends.push_back(end);
  ends.push_back(x);
  const double residence =
      x == 0
          ? 0
          : core::detail::integrate(
                [&](double u) { return 1 / (slack + arrival_rate_ * (sizes.above(u) + u * sizes.survival(u))); }, ends);
  return arrival_rate_ * moment / (2 * rest * rest) + residence;
}

QSM_INLINE double MG1::mean_sojourn_of_size(double size) const {
  Check("MG1.mean_sojourn_of_size").not_negative("size", size);
  return stable() ? mean_of_size(size) : detail::unbounded;
}

QSM_INLINE double MG1::mean_sojourn() const {
  if (!stable()) return detail::unbounded;
  if (wait_->scaled) return std::ldexp(wait_->scaled->mean_sojourn(), wait_->unit);
  if (wait_->ranked) return wait_->ranked->sojourn(0);
  const double lambda = arrival_rate_, mean = service_.mean();
  const double slack = std::fma(-lambda, mean, 1.0);
  if (discipline_ == "ps" || discipline_ == "lcfs_preemptive") return mean / slack;
  const bool by_size = discipline_ == "srpt" || discipline_ == "psjf" || discipline_ == "sjf" || discipline_ == "fb";
  const double second = discipline_ == "srpt" || discipline_ == "psjf" || discipline_ == "fb" ? 0 : service_.moment(2);
  if (discipline_ == "lrpt") return lambda * second / (2 * slack * slack) + mean / slack;
  if (!by_size || lambda == 0) return mean + (lambda > 0 ? lambda * second / (2 * slack) : 0);
  const auto& sizes = wait_->sizes;
  const double last = sizes.ends.back();
  const auto rest = [&](double x) { return slack + lambda * (sizes.above(x) + x * sizes.survival(x)); };
  const auto integral = [&](auto&& f) { return core::detail::integrate(f, sizes.ends, 1e-12); };
  if (discipline_ == "fb")
    return integral([&](double x) {
      const double cut = slack + lambda * sizes.above(x), tail = sizes.survival(x);
      return tail * (1 + 2 * lambda * tail * (x + lambda * sizes.moment(x) / cut) / cut) / cut;
    });
  if (discipline_ == "sjf") {
    const auto load = [&](double x) { return lambda * (sizes.below(x) - x * sizes.survival(x)); };
    return mean + second / 2 *
                      (integral([&](double x) { return std::max(load(x), 0.0) / x / x / rest(x); }) +
                       lambda * mean / (slack * last));
  }
  const double beyond = sizes.moment(last) / (last * slack);
  if (discipline_ == "srpt") return integral([&](double x) { return sizes.moment(x) / x / x / rest(x); }) + beyond;
  // PSJF: half of the work of jobs over what is left beside shorter ones, -ln(1 - ρ)/λ but for atoms.
  double served = -std::log1p(-lambda * mean);
  if (slack < 0.5) served = -std::log(slack);
  sizes.atoms([&](double x, double share) {
    const double after = rest(x), before = after + lambda * x * share;
    served += lambda * x * share / before - std::log1p(lambda * x * share / after);
  });
  return integral([&](double x) { return (sizes.moment(x) / x / x - sizes.survival(x) / 2) / rest(x); }) + beyond +
         served / (2 * lambda);
}

QSM_INLINE double MG1::mean_wait() const {
  if (!stable()) return detail::unbounded;
  const bool to_the_end = discipline_ == "fcfs" || discipline_ == "lcfs" || discipline_ == "random";
  if (!to_the_end) return std::max(0.0, mean_sojourn() - service_.mean());
  if (wait_->scaled) return std::ldexp(wait_->scaled->mean_wait(), wait_->unit);
  return arrival_rate_ > 0 ? arrival_rate_ * service_.moment(2) / (2 * std::fma(-arrival_rate_, service_.mean(), 1.0))
                           : 0;
}

QSM_INLINE double MG1::mean_queue_length() const {
  return stable() ? (arrival_rate_ > 0 ? arrival_rate_ * mean_wait() : 0) : detail::unbounded;
}

QSM_INLINE double MG1::mean_number() const {
  return stable() ? (arrival_rate_ > 0 ? arrival_rate_ * mean_sojourn() : 0) : detail::unbounded;
}

QSM_INLINE void MG1::needs_order_of_arrival(const char* member) const {
  if (discipline_ != "fcfs")
    throw std::domain_error(std::string("MG1.") + member + ": discipline must be fcfs, got '" + discipline_ + "'");
}

QSM_INLINE double MG1::wait_variance() const {
  needs_order_of_arrival("wait_variance");
  if (!stable()) return detail::unbounded;
  if (arrival_rate_ == 0) return 0;
  if (wait_->scaled) return std::ldexp(std::ldexp(wait_->scaled->wait_variance(), wait_->unit), wait_->unit);
  const double wait = mean_wait();
  return arrival_rate_ * service_.moment(3) / (3 * std::fma(-arrival_rate_, service_.mean(), 1.0)) + wait * wait;
}

QSM_INLINE double MG1::wait_cdf(double time) const {
  Check("MG1.wait_cdf").extended("time", time);
  needs_order_of_arrival("wait_cdf");
  if (!stable()) return 0;
  const double rho = utilization();
  if (rho == 0 || time == detail::unbounded) return 1;
  const double free = std::fma(-arrival_rate_, service_.mean(), 1.0);
  if (time == 0) return free;
  if (wait_->scaled) return wait_->scaled->wait_cdf(std::ldexp(time, -wait_->unit));
  if (service_.as<core::Deterministic>()) return MDC{arrival_rate_, service_.mean(), 1}.wait_cdf(time);
  if (const auto& law = wait_->late; law) {
    const double late = rho * law->survival(time);
    return late < 0.5 ? 1 - late : free + rho * law->cdf(time);
  }
  return 1 - detail::inverted_wait(wait_->sizes, service_.mean(), rho, free, time);
}

QSM_INLINE double MG1::wait_quantile(double probability) const {
  Check("MG1.wait_quantile").probability("probability", probability);
  needs_order_of_arrival("wait_quantile");
  if (!stable()) return detail::unbounded;
  const double rho = utilization(), free = std::fma(-arrival_rate_, service_.mean(), 1.0);
  if (rho == 0 || probability <= free) return 0;
  if (probability == 1) return detail::unbounded;
  if (wait_->scaled) return std::ldexp(wait_->scaled->wait_quantile(probability), wait_->unit);
  if (service_.as<core::Deterministic>()) return MDC{arrival_rate_, service_.mean(), 1}.wait_quantile(probability);
  if (const auto& law = wait_->late; law) {
    const double late = (1 - probability) / rho;
    return late < 0.5 ? law->survival_quantile(late) : law->quantile((probability - free) / rho);
  }
  // Logarithms of tails are nearly straight: the false position, each end that stays counted half (Illinois).
  const auto excess = [&](double time) {
    const double late = detail::inverted_wait(wait_->sizes, service_.mean(), rho, free, time);
    return late > 0 ? std::log(late / (1 - probability)) : -50.0;
  };
  double low = 0, above = std::log(rho / (1 - probability)), high = service_.mean(), below = excess(high);
  while (below > 0) low = high, above = below, high *= 2, below = excess(high);
  int side = 0;
  for (int step = 0; step < 60 && high - low > 1e-12 * high && below < 0; ++step) {
    double middle = low + (high - low) * above / (above - below);
    if (!(low < middle && middle < high)) middle = low + (high - low) / 2;
    const double here = excess(middle);
    if (std::abs(here) < 1e-13) return middle;
    if (here > 0) {
      low = middle, above = here;
      if (side == 1) below /= 2;
      side = 1;
    } else {
      high = middle, below = here;
      if (side == -1) above /= 2;
      side = -1;
    }
  }
  return high;
}

QSM_INLINE MG1 mg1(double arrival_rate, const Distribution& service, const std::string& discipline) {
  return {arrival_rate, service, discipline};
}

namespace detail {

/// E[1 - exp(-sX)] without cancellation for small s.
inline double laplace_complement(const Distribution& law, double s) {
  if (const auto* constant = law.as<core::Deterministic>()) return -std::expm1(-s * constant->value);
  if (const auto* one = law.as<core::Exponential>()) return s / (s + 1 / one->mean());
  if (const auto* stages = law.as<core::Gamma>()) return -std::expm1(-stages->shape * std::log1p(s * stages->scale));
  if (const auto* mixed = law.as<core::Hyperexponential>()) {
    double sum = 0;
    for (std::size_t i = 0; i < mixed->rates.size(); ++i) sum += mixed->probabilities[i] * (s / (s + mixed->rates[i]));
    return sum;
  }
  return core::detail::expectation([&](double p) { return law.quantile(p); },
                                   [&](double q) { return law.survival_quantile(q); },
                                   [s](double x) { return -std::expm1(-s * x); });
}

}  // namespace detail

QSM_INLINE GIM1::GIM1(const Distribution& interarrival, double service_rate)
    : interarrival_(interarrival),
      interarrival_mean_(interarrival.mean()),
      service_rate_(service_rate),
      free_(0),
      busy_(1) {
  Check check("gim1");
  detail::check_times(check, "interarrival", interarrival);
  check.positive("service_rate", service_rate);
  if (!stable()) return;
  // r = 1 - σ with E[1 - exp(-μ r A)] = r; the ratio of both sides falls with r.
  const auto excess = [&](double r) {
    return std::log(detail::laplace_complement(interarrival, service_rate * r) / r);
  };
  double low = 1;
  while (excess(low) <= 0 && low > 1e-300) low /= 2;
  free_ = low == 1 ? 1
                   : core::detail::first_not_above_zero(
                         excess, [](double) { return std::nan(""); }, low, 2 * low, 1.5 * low);
  busy_ = 1 - free_;
  // Under light load r is near 1: two rounds of σ = E[exp(-μ (1 - σ) A)], flat there, keep the digits of σ itself.
  if (free_ > 0.75)
    for (int round = 0; round < 2; ++round) busy_ = interarrival.laplace(service_rate * (1 - busy_));
}

QSM_INLINE double GIM1::utilization() const { return 1 / (service_rate_ * interarrival_mean_); }
QSM_INLINE bool GIM1::stable() const { return std::fma(service_rate_, interarrival_mean_, -1.0) > 0; }
QSM_INLINE double GIM1::probability_wait() const { return busy_; }
QSM_INLINE double GIM1::mean_wait() const { return stable() ? busy_ / (service_rate_ * free_) : detail::unbounded; }
QSM_INLINE double GIM1::mean_sojourn() const { return stable() ? 1 / (service_rate_ * free_) : detail::unbounded; }
QSM_INLINE double GIM1::mean_queue_length() const { return mean_wait() / interarrival_mean_; }
QSM_INLINE double GIM1::mean_number() const { return mean_sojourn() / interarrival_mean_; }

QSM_INLINE double GIM1::wait_cdf(double time) const {
  Check("GIM1.wait_cdf").extended("time", time);
  return stable() ? free_ - busy_ * std::expm1(-service_rate_ * free_ * time) : 0;
}
QSM_INLINE double GIM1::wait_quantile(double probability) const {
  Check("GIM1.wait_quantile").probability("probability", probability);
  if (!stable()) return detail::unbounded;
  if (probability <= free_) return 0;
  return std::log1p((probability - free_) / (1 - probability)) / (service_rate_ * free_);
}
QSM_INLINE double GIM1::sojourn_cdf(double time) const {
  Check("GIM1.sojourn_cdf").extended("time", time);
  return stable() ? -std::expm1(-service_rate_ * free_ * time) : 0;
}
QSM_INLINE double GIM1::sojourn_quantile(double probability) const {
  Check("GIM1.sojourn_quantile").probability("probability", probability);
  return stable() ? -std::log1p(-probability) / (service_rate_ * free_) : detail::unbounded;
}

QSM_INLINE GIM1 gim1(const Distribution& interarrival, double service_rate) { return {interarrival, service_rate}; }

}  // namespace qsm::inline v0::queueing
