// The library found by pkg-config, header-only.
#include <cstdio>

#include <qsm/queueing.hpp>

int main() {
  namespace queueing = qsm::queueing;
  std::printf("mm1 %.17g\n", queueing::mm1(9, 10).mean_wait());
  std::printf("mmc %.17g\n", queueing::mmc(9, 1, 10).mean_wait());
  std::printf("servers %.17g\n", queueing::servers_for_wait(9, 1, 1, 0.99));
}
