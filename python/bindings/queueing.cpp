#include <qsm/queueing.hpp>

#include "text/queueing.hpp"

QSM_ROOM(queueing) {
  QSM_FUNCTION(erlang_b);
  QSM_FUNCTION(erlang_c);
  QSM_MODEL(mm1);
  QSM_MODEL(mmc);
  QSM_FUNCTION(servers_for_wait);
}
