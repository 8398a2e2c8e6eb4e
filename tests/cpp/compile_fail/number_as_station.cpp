// A number of servers becomes a station only where that is written.
// expected: conversion from|could not convert|no viable conversion
#include <qsm/sim/station.hpp>

#ifdef MUST_FAIL
qsm::sim::Station station = 3;
#else
qsm::sim::Station station(3);
#endif
