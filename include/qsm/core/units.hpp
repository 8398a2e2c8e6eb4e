#pragma once
/// @file
/// Units at the edge: the library computes in SI units and bytes; these turn other units into them and back.

#include <qsm/core/config.hpp>

namespace qsm::inline v0::inline core {

/// Factors to SI units: `5 * units::millisecond` is in seconds, `time / units::hour` in hours.
namespace units {

inline constexpr double nanosecond = 1e-9, microsecond = 1e-6, millisecond = 1e-3, second = 1;
inline constexpr double minute = 60, hour = 3600, day = 86400, week = 604800;
inline constexpr double year = 31557600;  // Julian, 365.25 days

inline constexpr double byte = 1, bit = 0.125;
inline constexpr double kilobyte = 1e3, megabyte = 1e6, gigabyte = 1e9, terabyte = 1e12, petabyte = 1e15;
inline constexpr double kibibyte = 1024, mebibyte = 1048576, gibibyte = 1073741824, tebibyte = 1099511627776.0,
                        pebibyte = 1125899906842624.0;

inline constexpr double per_second = 1, per_minute = 1.0 / 60, per_hour = 1.0 / 3600, per_day = 1.0 / 86400;

inline constexpr double metre = 1, kilometre = 1e3, mile = 1609.344;
inline constexpr double joule = 1, watt_hour = 3600, kilowatt_hour = 3.6e6;

}  // namespace units

/// The common ones as literals: `using namespace qsm::literals; mm1(900 / 1_min, 1 / 50_ms)`.
namespace literals {

constexpr double operator""_ns(long double value) { return static_cast<double>(value) * units::nanosecond; }
constexpr double operator""_ns(unsigned long long value) { return static_cast<double>(value) * units::nanosecond; }
constexpr double operator""_us(long double value) { return static_cast<double>(value) * units::microsecond; }
constexpr double operator""_us(unsigned long long value) { return static_cast<double>(value) * units::microsecond; }
constexpr double operator""_ms(long double value) { return static_cast<double>(value) * units::millisecond; }
constexpr double operator""_ms(unsigned long long value) { return static_cast<double>(value) * units::millisecond; }
constexpr double operator""_s(long double value) { return static_cast<double>(value); }
constexpr double operator""_s(unsigned long long value) { return static_cast<double>(value); }
constexpr double operator""_min(long double value) { return static_cast<double>(value) * units::minute; }
constexpr double operator""_min(unsigned long long value) { return static_cast<double>(value) * units::minute; }
constexpr double operator""_h(long double value) { return static_cast<double>(value) * units::hour; }
constexpr double operator""_h(unsigned long long value) { return static_cast<double>(value) * units::hour; }
constexpr double operator""_GB(long double value) { return static_cast<double>(value) * units::gigabyte; }
constexpr double operator""_GB(unsigned long long value) { return static_cast<double>(value) * units::gigabyte; }
constexpr double operator""_GiB(long double value) { return static_cast<double>(value) * units::gibibyte; }
constexpr double operator""_GiB(unsigned long long value) { return static_cast<double>(value) * units::gibibyte; }

}  // namespace literals
}  // namespace qsm::inline v0::inline core
