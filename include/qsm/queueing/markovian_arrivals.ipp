#include <cmath>

#include <qsm/core/detail/weights.hpp>
#include <qsm/core/distributions/hyperexponential.hpp>
#include <qsm/queueing/detail/matrix_analytic.hpp>
#include <qsm/queueing/markovian_arrivals.hpp>
#include <qsm/queueing/phase_type_fit.hpp>

namespace qsm::inline v0::queueing {

QSM_INLINE MarkovianArrivals::MarkovianArrivals(Matrix hidden, Matrix arriving, const char* function)
    : hidden_(std::move(hidden)), arriving_(std::move(arriving)) {
  detail::check_transitions(function, "hidden", hidden_, hidden_.rows, false);
  detail::check_transitions(function, "arriving", arriving_, hidden_.rows, true);
  const detail::Dense both = detail::Dense(hidden_) + arriving_;
  detail::check_rows(function, "hidden + arriving", both, hidden_);
  phases_ = detail::stationary(both, function).values;
  Check(function).that(rate() > 0, "rate of arrivals", rate(), "> 0");
}

QSM_INLINE double MarkovianArrivals::rate() const { return detail::sum(detail::row(phases_) * arriving_); }

QSM_INLINE PhaseType MarkovianArrivals::interarrival() const {
  detail::Dense start = detail::row(phases_) * arriving_;
  start /= detail::sum(start);
  std::vector<std::vector<double>> generator(hidden_.rows, std::vector<double>(hidden_.rows));
  for (std::size_t i = 0; i < hidden_.rows; ++i)
    for (std::size_t j = 0; j < hidden_.rows; ++j) generator[i][j] = hidden_(i, j);
  return {start.values, generator};
}

QSM_INLINE double MarkovianArrivals::correlation(int lag) const {
  Check("correlation").positive_count("lag", lag);
  const int unit = std::ilogb(rate());
  const detail::Dense arriving = detail::in_units(arriving_, unit);
  const detail::Dense stay = detail::inverse(-detail::Dense(detail::in_units(hidden_, unit)));
  const detail::Dense next = stay * arriving;
  detail::Dense start = detail::row(phases_) * arriving;
  start /= detail::sum(start);
  const detail::Dense times = stay * detail::ones(stay.rows);
  const double mean = dot(start, times);
  const double square = 2 * dot(start, stay * times);
  detail::Dense later = times;
  for (int k = 0; k < lag; ++k) later = next * later;
  return (dot(start, stay * later) - mean * mean) / (square - mean * mean);
}

QSM_INLINE double MarkovianArrivals::dispersion() const {
  const int unit = std::ilogb(rate());
  const detail::Dense arriving = detail::in_units(arriving_, unit), phases = detail::row(phases_);
  const detail::Dense deviation =
      detail::inverse(detail::ones(arriving.rows) * phases - detail::in_units(hidden_, unit) - arriving);
  const double rate = std::ldexp(this->rate(), -unit);
  return 1 - 2 * rate + 2 / rate * sum(phases * arriving * deviation * arriving);
}

QSM_INLINE MarkovianArrivals markovian_arrivals(const Matrix& hidden, const Matrix& arriving) {
  return {hidden, arriving};
}

QSM_INLINE MarkovianArrivals poisson_arrivals(double rate) {
  Check("poisson_arrivals").positive("rate", rate);
  return {Matrix(1, 1, -rate), Matrix(1, 1, rate), "poisson_arrivals"};
}

QSM_INLINE MarkovianArrivals renewal_arrivals(const Distribution& law) {
  const PhaseType interarrival = as_phase_type(law);
  return {detail::generator_of(interarrival), detail::exits_of(interarrival) * detail::row(interarrival.initial()),
          "renewal_arrivals"};
}

QSM_INLINE MarkovianArrivals modulated_arrivals(const Matrix& generator, std::span<const double> rates) {
  constexpr auto function = "modulated_arrivals";
  detail::check_transitions(function, "generator", generator, generator.rows, false);
  qsm::detail::check_size(function, "rates", rates.size(), "rows of generator", generator.rows);
  detail::check_rows(function, "generator", generator, generator);
  Matrix hidden = generator, arriving(generator.rows, generator.rows);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    Check(function).not_negative("rates", rates[i]);
    hidden(i, i) -= rates[i];
    arriving(i, i) = rates[i];
  }
  return {std::move(hidden), std::move(arriving), function};
}

namespace detail {

/// Times of two kinds, each half of the times, that follow each other by a Markov chain.
inline MarkovianArrivals alternating(const Check& check, double mean, double scv, double correlation) {
  const double size = std::abs(correlation);
  Check(check).that(size < std::min(1.0, 1 / scv), "correlation", correlation,
                    "below min(1, 1/scv) in size, or in [0, (1 - 1/scv)/2)");
  if (correlation == 0) return renewal_arrivals(phase_type_by_moments(mean, scv));
  // c² = (1 + d²)(1 + s) - 1 and correlation = γ d²/c², with s the variability within a kind.
  double apart = std::sqrt(size) * scv;  // d²
  if (apart >= 1) apart = (1 + size * scv) / 2;
  const double within = (scv - apart) / (1 + apart), keep = (1 + correlation * scv / apart) / 2;
  Check(check).that(within >= 0.001, "correlation", correlation, "less in size: a kind would need 1000 phases");
  const PhaseType kinds[] = {phase_type_by_moments(mean * (1 + std::sqrt(apart)), within),
                             phase_type_by_moments(mean * (1 - std::sqrt(apart)), within)};
  const std::size_t split = kinds[0].initial().size(), size_of_all = split + kinds[1].initial().size();
  Matrix hidden(size_of_all, size_of_all), arriving(size_of_all, size_of_all);
  for (std::size_t k = 0; k < 2; ++k) {
    const std::size_t from = k * split, count = kinds[k].initial().size();
    const Dense exits = exits_of(kinds[k]);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < count; ++j) hidden(from + i, from + j) = kinds[k].generator()[i * count + j];
      for (std::size_t next = 0; next < 2; ++next)
        for (std::size_t j = 0; j < kinds[next].initial().size(); ++j)
          arriving(from + i, next * split + j) = exits(i) * (next == k ? keep : 1 - keep) * kinds[next].initial()[j];
    }
  }
  return {std::move(hidden), std::move(arriving), "arrivals_by_moments"};
}

}  // namespace detail

QSM_INLINE MarkovianArrivals arrivals_by_moments(double mean, double scv, double correlation) {
  Check check("arrivals_by_moments");
  check.positive("mean", mean);
  check.that(scv >= 0.001 && scv <= 1e12, "scv", scv, "in [0.001, 1e12]");
  const double keep = scv > 1 ? correlation * 2 * scv / (scv - 1) : 1;
  if (!(correlation >= 0 && keep < 1)) return detail::alternating(check, mean, scv, correlation);
  const auto law = hyperexponential_balanced(mean, scv);
  Matrix hidden(2, 2), arriving(2, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    hidden(i, i) = -law.rates[i];
    for (std::size_t j = 0; j < 2; ++j)
      arriving(i, j) = law.rates[i] * ((i == j ? keep : 0) + (1 - keep) * law.probabilities[j]);
  }
  return {std::move(hidden), std::move(arriving), "arrivals_by_moments"};
}

}  // namespace qsm::inline v0::queueing
