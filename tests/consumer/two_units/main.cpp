#include "work.hpp"

int main() { return work() == work_of_other_unit() && work().size() > 1000 ? 0 : 1; }
