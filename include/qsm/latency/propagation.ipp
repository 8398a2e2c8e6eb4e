#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <qsm/core/error.hpp>
#include <qsm/latency/propagation.hpp>

namespace qsm::inline v0::latency {
namespace detail {

inline constexpr double earth_radius = 6378137.0;  // equatorial, WGS 84
inline constexpr double earth_flattening = 1 / 298.257223563;

/// Nodes and weights of Gauss-Legendre quadrature with 12 points on [-1, 1]: the positive half.
inline constexpr std::array<double, 6> legendre_node = {0.12523340851146891547, 0.36783149899818019375,
                                                        0.58731795428661744730, 0.76990267419430468704,
                                                        0.90411725637047485668, 0.98156063424671925069};
inline constexpr std::array<double, 6> legendre_weight = {0.24914704581340278500, 0.23349253653835480876,
                                                          0.20316742672306592175, 0.16007832854334622633,
                                                          0.10693932599531843096, 0.04717533638651182719};

/// Integral by two panels: the integrands are smooth to the eccentricity squared.
template <class Function>
double legendre(Function&& f, double from, double to) {
  double total = 0;
  for (int panel = 0; panel < 2; ++panel) {
    const double half = (to - from) / 4;
    const double middle = from + (1 + 2 * panel) * half;
    double sum = 0;
    for (std::size_t i = 0; i < 6; ++i)
      sum += legendre_weight[i] * (f(middle - half * legendre_node[i]) + f(middle + half * legendre_node[i]));
    total += sum * half;
  }
  return total;
}

/// A geodesic from reduced latitude β₁ <= 0 at azimuth α₁ to where it reaches β₂ northwards, |β₂| <= |β₁|.
struct Geodesic {
  double longitude, length;

  Geodesic(double sin_b1, double cos_b1, double sin_b2, double azimuth) {
    constexpr double f = earth_flattening;
    constexpr double second = f * (2 - f) / ((1 - f) * (1 - f));  // e'²
    const double sin_a1 = std::sin(azimuth), cos_a1 = std::cos(azimuth);
    const double sin_a0 = sin_a1 * cos_b1, cos_a0 = std::hypot(cos_a1, sin_a1 * sin_b1);
    // cos α₂ cos β₂ = √(cos²α₁ cos²β₁ + cos²β₂ - cos²β₁), the difference by sums of like sign.
    const double difference = (sin_b2 - sin_b1) * -(sin_b1 + sin_b2);
    const double away = std::sqrt(std::max(0.0, cos_a1 * cos_b1 * (cos_a1 * cos_b1) + difference));
    const double s1 = std::atan2(sin_b1, cos_a1 * cos_b1), s2 = std::atan2(sin_b2, away);
    const double w1 = std::atan2(sin_a0 * sin_b1, cos_a1 * cos_b1), w2 = std::atan2(sin_a0 * sin_b2, away);
    const double k = second * cos_a0 * cos_a0;
    const auto root = [k](double s) { return std::sqrt(1 + k * std::sin(s) * std::sin(s)); };
    longitude = w2 - w1 - f * sin_a0 * legendre([&](double s) { return (2 - f) / (1 + (1 - f) * root(s)); }, s1, s2);
    length = earth_radius * (1 - f) * legendre(root, s1, s2);
  }
};

}  // namespace detail

/// The second place is mirrored until β₁ <= 0, |β₂| <= |β₁| and 0 <= λ <= π; there λ rises with α₁ from 0 to π.
QSM_INLINE double geodesic_distance(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
  Check check("geodesic_distance");
  check.that(latitude_a >= -90 && latitude_a <= 90, "latitude_a", latitude_a, "in [-90, 90]");
  check.that(longitude_a >= -540 && longitude_a <= 540, "longitude_a", longitude_a, "in [-540, 540]");
  check.that(latitude_b >= -90 && latitude_b <= 90, "latitude_b", latitude_b, "in [-90, 90]");
  check.that(longitude_b >= -540 && longitude_b <= 540, "longitude_b", longitude_b, "in [-540, 540]");
  constexpr double degree = std::numbers::pi / 180;
  const double apart = std::abs(std::remainder(longitude_b - longitude_a, 360)) * degree;
  if (std::abs(latitude_a) < std::abs(latitude_b)) std::swap(latitude_a, latitude_b);
  if (latitude_a > 0) latitude_a = -latitude_a, latitude_b = -latitude_b;
  const auto reduced = [](double latitude) {
    return std::atan2((1 - detail::earth_flattening) * std::sin(latitude * degree), std::cos(latitude * degree));
  };
  const double b1 = reduced(latitude_a), b2 = reduced(latitude_b);
  const double sin_b1 = b1 == 0 ? -0.0 : std::sin(b1), sin_b2 = std::sin(b2);
  const auto at = [&](double azimuth) { return detail::Geodesic(sin_b1, std::cos(b1), sin_b2, azimuth); };
  if (b1 == 0 && apart <= std::numbers::pi * (1 - detail::earth_flattening)) return detail::earth_radius * apart;
  // Illinois steps kept within the bracket; the length is stationary at the root but for the longitude left over.
  double low = 0, high = std::numbers::pi, below = -apart, above = std::numbers::pi - apart;
  if (!(below < 0)) return at(low).length;
  double last = 0;
  detail::Geodesic path = at(high);
  if (!(above > 0)) return path.length;
  for (int round = 0; round < 200 && std::nextafter(low, high) < high; ++round) {
    double azimuth = round % 4 == 3 ? low + (high - low) / 2 : low - below * (high - low) / (above - below);
    azimuth = std::clamp(azimuth, std::nextafter(low, high), std::nextafter(high, low));
    path = at(azimuth);
    const double miss = path.longitude - apart;
    if (std::abs(miss) <= 1e-16) break;
    if (miss < 0) {
      low = azimuth, below = miss;
      if (last < 0) above /= 2;
    } else {
      high = azimuth, above = miss;
      if (last > 0) below /= 2;
    }
    last = miss;
  }
  return path.length;
}

QSM_INLINE double fibre_delay(double distance, double refractive_index, double route_factor) {
  Check check("fibre_delay");
  check.not_negative("distance", distance);
  check.that(refractive_index >= 1 && std::isfinite(refractive_index), "refractive_index", refractive_index,
             "finite and >= 1");
  check.that(route_factor >= 1 && std::isfinite(route_factor), "route_factor", route_factor, "finite and >= 1");
  return distance * route_factor * refractive_index / speed_of_light;
}

QSM_INLINE double propagation_delay(const Place& a, const Place& b, bool round_trip, double route_factor,
                                    double refractive_index) {
  const double distance = geodesic_distance(a.latitude, a.longitude, b.latitude, b.longitude);
  return (round_trip ? 2 : 1) * fibre_delay(distance, refractive_index, route_factor);
}

}  // namespace qsm::inline v0::latency
