#pragma once
// Eigen's matrices and their LU decomposition, for .ipp files.

#if __has_include(<Eigen/LU>)
#include <Eigen/LU>
#else  // Debian's place, where nothing says otherwise
#include <eigen3/Eigen/LU>
#endif
