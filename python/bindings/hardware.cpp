#include "text/hardware.hpp"

QSM_ROOM(hardware) {
  QSM_RECORD(Rate);
  QSM_RECORD(Bandwidth);
  QSM_RECORD(Accelerator);
  {
    QSM_CLASS(Probe);
    QSM_PROPERTY(name);
    QSM_PROPERTY(work);
    QSM_METHOD(run);
  }
  QSM_PLAIN(accelerator);
  QSM_PLAIN(accelerator_names);
  QSM_PLAIN(work_rate);
  QSM_PLAIN(read_bandwidth);
  QSM_PLAIN(to_json);
  QSM_PLAIN(from_json);
  QSM_PLAIN(profile_machine);
}
