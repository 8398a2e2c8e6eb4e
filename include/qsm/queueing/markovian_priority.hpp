#pragma once
/// @file
/// One server, correlated arrivals of several classes, phase-type services, priorities: MMAP[K]/PH[K]/1, exact.

#include <vector>

#include <qsm/core/distribution.hpp>
#include <qsm/queueing/matrix.hpp>
#include <qsm/queueing/priority.hpp>

namespace qsm::inline v0::queueing {

/// Mean values of each class at one server with marked Markovian arrivals and phase-type services (MMAP[K]/PH[K]/1).
///
/// The first class is the highest. The classes may come in bursts and follow each other in any way that one Markov chain
/// can express. What a customer finds is a fluid queue of work; how long it takes to drain while higher classes keep
/// coming follows from the same fluid's returns. A class that the higher ones leave no time for waits for ever: infinity.
/// Means alone: of the times of several classes only transforms are published; of one class map_ph_c() gives the laws.
///
/// @param hidden      transitions without an arrival D₀ [1/s], off the diagonal >= 0
/// @param arriving    transitions with an arrival of each class D₁, D₂, ... [1/s], >= 0, none all 0; rows of all matrices
///                    together sum to 0, every phase is reached from every other
/// @param services    laws of the service time of each class, of phase type as in as_phase_type(), as many as classes
/// @param discipline  fcfs, priority or preemptive_priority
/// @returns           the means, in the order of the classes
/// @source            G. Horváth 2015, Efficient analysis of the MMAP[K]/PH[K]/1 priority queue, European Journal of
///                    Operational Research 246(1)
/// @golden            queueing/mmap_ph_1.csv
ClassMeans mmap_ph_1(const Matrix& hidden, const std::vector<Matrix>& arriving,
                     const std::vector<Distribution>& services, ClassDiscipline discipline = ClassDiscipline::fcfs);

}  // namespace qsm::inline v0::queueing

#ifdef QSM_HEADER_ONLY
#include <qsm/queueing/markovian_priority.ipp>
#endif
