#pragma once
/// @file
/// Machines as the cost models take them: published entries, and entries measured on the machine that runs this.

#include <qsm/hardware/accelerator.hpp>
#include <qsm/hardware/profile.hpp>
