#define QSM_IMPORT_NUMPY
#include <qsm/core/config.hpp>
#include <qsm/sim/parallel.hpp>

#include "plain.hpp"

void bind_balancing(pybind11::module_&);
void bind_core(pybind11::module_&);
void bind_hardware(pybind11::module_&);
void bind_kernels(pybind11::module_&);
void bind_latency(pybind11::module_&);
void bind_policies(pybind11::module_&);
void bind_queueing(pybind11::module_&);
void bind_sharding(pybind11::module_&);
void bind_sketches(pybind11::module_&);

namespace {

void room(pybind11::module_& module, const char* name, void (*bind)(pybind11::module_&)) {
  auto inner = module.def_submodule(name);
  inner.attr("__module_of_public_names__") = std::string("qsm.") + name;
  bind(inner);
}

int import_numpy() {
  import_array1(-1);
  import_umath1(-1);
  return 0;
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  if (import_numpy() < 0) throw pybind11::error_already_set();
  module.attr("version") = pybind11::make_tuple(QSM_VERSION_MAJOR, QSM_VERSION_MINOR, QSM_VERSION_PATCH);
  module.attr("compiler") = __VERSION__;
  module.def("default_threads", &qsm::sim::default_threads,
             "Threads that work takes where it is told none: QSM_THREADS, else one per processor.");
  qsm_python::add_base_types(module);
  qsm_python::add_plain_types(module);
  room(module, "balancing", bind_balancing);
  room(module, "core", bind_core);
  room(module, "hardware", bind_hardware);
  room(module, "kernels", bind_kernels);  // takes the Accelerator of hardware
  room(module, "latency", bind_latency);
  room(module, "policies", bind_policies);
  room(module, "queueing", bind_queueing);
  room(module, "sketches", bind_sketches);
  room(module, "sharding", bind_sharding);  // takes the Hasher of sketches
}
