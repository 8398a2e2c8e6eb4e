#pragma once
/// @file
/// Latency against revenue, as a model with one assumption that stands in the open.

#include <qsm/core/distribution.hpp>

namespace qsm::inline v0::latency {

/// Sensitivity of revenue to latency that a claim such as "100 ms cost 1 %" states.
///
/// β = -ln(1 - loss) / added latency: the constant rate of loss that turns the one into the other.
///
/// @param loss           share of revenue lost [1], below 1; negative where latency was said to help
/// @param added_latency  latency added when it was lost [s], finite and > 0
/// @returns              β [1/s]
/// @source               definition
/// @golden               latency/revenue.csv
double revenue_sensitivity(double loss, double added_latency);

/// Revenue at one latency over that at another: exp(-β (L - L₀)).
///
/// The model: each added second loses the same share of what is left, whoever the users are. It says nothing outside of
/// the latencies and the users from which β was taken, nor about cause.
///
/// @param latency      L [s], finite
/// @param baseline     L₀, at which revenue was measured [s], finite
/// @param sensitivity  β [1/s], finite
/// @returns            revenue over that at the baseline [1], >= 0
/// @source             definition, a constant semi-elasticity
/// @golden             latency/revenue.csv
double revenue_ratio(double latency, double baseline, double sensitivity);

/// Revenue where latencies vary, over that where all were equal to the baseline: E[exp(-β (X - L₀))].
///
/// Each request loses by its own latency. At one mean, latencies that vary more lose less by this model, because it
/// cannot lose more than all: state the claim behind β by quantile if the tail is what hurts.
///
/// @param distribution  law of the latency X [s]
/// @param baseline      L₀ [s], finite
/// @param sensitivity   β [1/s], finite and >= 0
/// @returns             revenue over that at the baseline [1]
/// @source              Laplace transform of the latency
double expected_revenue_ratio(const Distribution& distribution, double baseline, double sensitivity);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/revenue.ipp>
#endif
