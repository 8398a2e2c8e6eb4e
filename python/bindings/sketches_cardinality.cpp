#include "sketches.hpp"

namespace {

using namespace qsm_python::sketches;

std::string describe(const qsm::sketches::HyperLogLog& sketch) {
  return "HyperLogLog(precision=" + std::to_string(sketch.precision()) + ") of about " +
         std::to_string(std::llround(sketch.estimate().value)) + " items";
}

}  // namespace

QSM_PART(sketches, cardinality) {
  {
    QSM_CLASS(HyperLogLog);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_items(bound);
    QSM_METHOD(merge);
    QSM_METHOD(reduced);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_METHOD(relative_error);
    QSM_PROPERTY(precision);
    QSM_PROPERTY(sparse);
    QSM_PROPERTY(merged);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(registers);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    QSM_METHOD(to_redis);
    QSM_STATIC(from_redis);
    QSM_METHOD(to_datasketches);
    QSM_STATIC(from_datasketches);
    bound.type().def("__repr__", py::overload_cast<const Type&>(&describe));
  }
}
