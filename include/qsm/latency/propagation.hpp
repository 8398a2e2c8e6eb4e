#pragma once
/// @file
/// The time that no money buys off: light in fibre between two places on the Earth.

#include <qsm/core/config.hpp>

namespace qsm::inline v0::latency {

/// Speed of light in vacuum [m/s], exact.
inline constexpr double speed_of_light = 299792458.0;

/// Group index of refraction of standard single-mode fibre at 1550 nm.
inline constexpr double fibre_index = 1.4682;

/// A place on the Earth.
struct Place {
  /// Latitude [degrees], north positive, in [-90, 90].
  double latitude;
  /// Longitude [degrees], east positive, in [-540, 540].
  double longitude;
};

/// Shortest way along the WGS 84 ellipsoid between two places.
///
/// Exact to about ten nanometres anywhere, antipodes included: the equations of the geodesic on the auxiliary sphere,
/// their integrals by Gauss-Legendre quadrature, the azimuth by bracketing.
///
/// @param latitude_a   latitude of the first place [degrees], in [-90, 90]
/// @param longitude_a  longitude of the first place [degrees], in [-540, 540]
/// @param latitude_b   latitude of the second place [degrees], in [-90, 90]
/// @param longitude_b  longitude of the second place [degrees], in [-540, 540]
/// @returns            distance [m], >= 0
/// @source             Karney 2013, Algorithms for geodesics, Journal of Geodesy 87
/// @golden             latency/geodesic.csv
double geodesic_distance(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

/// Time that light takes along a fibre of given length.
///
/// @param distance          length along the ground [m], finite and >= 0
/// @param refractive_index  group index of the medium [1], finite and >= 1: 1.4682 in single-mode fibre, 1 in vacuum,
///                          1.0003 in air
/// @param route_factor      length of the cable over the shortest way [1], finite and >= 1
/// @returns                 one-way delay [s]
/// @source                  ITU-T G.652 fibre at 1550 nm, group index as makers print it
/// @golden                  latency/fibre_delay.csv
double fibre_delay(double distance, double refractive_index = 1.4682, double route_factor = 1);

/// Least time that a signal takes between two places.
///
/// A floor: light in fibre along the shortest way. Real routes are longer; the route factor says by how much.
///
/// @param a                 the first place
/// @param b                 the second place
/// @param round_trip        there and back
/// @param route_factor      length of the cable over the shortest way [1], finite and >= 1
/// @param refractive_index  group index of the medium [1], finite and >= 1
/// @returns                 delay [s]
/// @source                  distance over speed
double propagation_delay(const Place& a, const Place& b, bool round_trip = false, double route_factor = 1,
                         double refractive_index = 1.4682);

}  // namespace qsm::inline v0::latency

#ifdef QSM_HEADER_ONLY
#include <qsm/latency/propagation.ipp>
#endif
