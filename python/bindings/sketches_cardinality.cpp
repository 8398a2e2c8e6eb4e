#include "sketches.hpp"

namespace {

using namespace qsm_python::sketches;

/// "HyperLogLog(precision=12) of about 3 items".
template <class Sketch>
std::string describe(const char* name, const Sketch& sketch) {
  return std::string(name) + "(precision=" + std::to_string(sketch.precision()) + ") of about " +
         std::to_string(std::llround(sketch.estimate().value)) + " items";
}

/// Binds what counters with registers have in common.
template <class Type, class Text>
void bind_registers(qsm_python::Class<Type, Text>& bound) {
  bind_items(bound);
  bound.type().def("__repr__", [](const Type& sketch) { return describe(Text::name, sketch); });
}

}  // namespace

QSM_PART(sketches, cardinality) {
  {
    QSM_CLASS(HyperLogLog);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_registers(bound);
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
  }
  {
    QSM_CLASS(UltraLogLog);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_registers(bound);
    QSM_METHOD(merge);
    QSM_METHOD(reduced);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_METHOD(relative_error);
    QSM_PROPERTY(precision);
    QSM_PROPERTY(merged);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    QSM_METHOD(to_hash4j);
    QSM_STATIC(from_hash4j);
  }
  {
    QSM_CLASS(ExaLogLog);
    QSM_CONSTRUCTOR(int, int, int, const Hasher&);
    bind_registers(bound);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_METHOD(relative_error);
    QSM_METHOD(memory_variance_product);
    QSM_PROPERTY(precision);
    QSM_PROPERTY(sub_bits);
    QSM_PROPERTY(window_bits);
    QSM_PROPERTY(merged);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(registers);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    QSM_METHOD(to_state);
    QSM_STATIC(from_state);
  }
  {
    QSM_CLASS(ThetaSketch);
    QSM_CONSTRUCTOR(int, const Hasher&);
    bind_registers(bound);
    QSM_METHOD(merge);
    QSM_METHOD(intersection);
    QSM_METHOD(difference);
    QSM_METHOD(trimmed);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_METHOD(similarity);
    QSM_PROPERTY(precision);
    QSM_PROPERTY(theta);
    QSM_PROPERTY(retained);
    QSM_PROPERTY(exact);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(hashes);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    QSM_METHOD(to_datasketches);
    QSM_STATIC(from_datasketches);
  }
  {
    QSM_CLASS(LinearCounter);
    QSM_CONSTRUCTOR(std::uint64_t, const Hasher&);
    bind_items(bound);
    QSM_METHOD(merge);
    QSM_METHOD(estimate);
    QSM_METHOD(relative_error);
    QSM_PROPERTY(bits);
    QSM_PROPERTY(zeros);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
    bound.type().def("__repr__", [](const Type& sketch) {
      return "LinearCounter(bits=" + std::to_string(sketch.bits()) + "), " + std::to_string(sketch.zeros()) + " zeros";
    });
  }
}
