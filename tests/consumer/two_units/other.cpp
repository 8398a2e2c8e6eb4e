#include "work.hpp"

std::vector<double> work_of_other_unit() { return work(); }
