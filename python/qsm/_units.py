"""Factors to SI units: `5 * units.millisecond` is in seconds, `time / units.hour` in hours.

Made by scripts/apigen.py from include/qsm/core/units.hpp; change that instead.
"""

nanosecond = 1e-9
microsecond = 1e-6
millisecond = 1e-3
second = 1
minute = 60
hour = 3600
day = 86400
week = 604800
year = 31557600
byte = 1
bit = 0.125
kilobyte = 1e3
megabyte = 1e6
gigabyte = 1e9
terabyte = 1e12
petabyte = 1e15
kibibyte = 1024
mebibyte = 1048576
gibibyte = 1073741824
tebibyte = 1099511627776.0
pebibyte = 1125899906842624.0
per_second = 1
per_minute = 1.0 / 60
per_hour = 1.0 / 3600
per_day = 1.0 / 86400
metre = 1
kilometre = 1e3
mile = 1609.344
joule = 1
watt_hour = 3600
kilowatt_hour = 3.6e6
