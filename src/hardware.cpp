#include <qsm/hardware/accelerator.ipp>
#include <qsm/hardware/profile.ipp>
