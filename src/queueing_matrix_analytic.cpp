// An Eigen of the library's own: that of the program may be compiled for other instructions, and then it aligns its memory
// otherwise. The linker would take one of the two for both.
#define Eigen qsm_eigen

#include <qsm/queueing/markovian_arrivals.ipp>
#include <qsm/queueing/markovian_priority.ipp>
#include <qsm/queueing/markovian_queue.ipp>
#include <qsm/queueing/quasi_birth_death.ipp>
