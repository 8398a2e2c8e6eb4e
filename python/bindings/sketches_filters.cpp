#include "sketches.hpp"

using namespace qsm_python::sketches;

QSM_PART(sketches, filters) {
  QSM_RECORD(BloomSize);
  QSM_PLAIN(bloom_size);
  QSM_FUNCTION(bloom_rate);
  QSM_FUNCTION(blocked_bloom_rate);
  {
    QSM_CLASS(BloomFilter);
    QSM_CONSTRUCTOR(double, double, const Hasher&);
    bind_open_filter(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(estimate);
    QSM_PROPERTY(bits);
    QSM_PROPERTY(bits_set);
    QSM_PROPERTY(hashes);
  }
  {
    QSM_CLASS(BlockedBloomFilter);
    QSM_CONSTRUCTOR(double, double, const Hasher&);
    bind_open_filter(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(estimate);
    QSM_PROPERTY(blocks);
  }
  {
    QSM_CLASS(BinaryFuseFilter);
    bind_static_filter(bound);
    QSM_METHOD(to_xor_singleheader);
    QSM_STATIC(from_xor_singleheader);
  }
  {
    QSM_CLASS(XorFilter);
    bind_static_filter(bound);
    QSM_METHOD(to_xor_singleheader);
    QSM_STATIC(from_xor_singleheader);
  }
  {
    QSM_CLASS(CountingBloomFilter);
    QSM_CONSTRUCTOR(double, double, const Hasher&);
    bind_removable_filter(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(estimate);
    QSM_PROPERTY(counters);
    QSM_PROPERTY(counters_set);
    QSM_PROPERTY(saturated);
    QSM_PROPERTY(hashes);
  }
  {
    QSM_CLASS(CuckooFilter);
    QSM_CONSTRUCTOR(double, int, const Hasher&);
    bind_removable_filter(bound);
    QSM_METHOD(estimate);
    QSM_PROPERTY(items);
    QSM_PROPERTY(bits);
    QSM_PROPERTY(places);
  }
  {
    QSM_CLASS(QuotientFilter);
    QSM_CONSTRUCTOR(double, double, const Hasher&);
    bind_removable_filter(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(resize);
    QSM_METHOD(estimate);
    QSM_PROPERTY(items);
    QSM_PROPERTY(quotient_bits);
    QSM_PROPERTY(remainder_bits);
    QSM_PROPERTY(slots);
    QSM_PROPERTY(capacity);
  }
  {
    QSM_CLASS(ScalableBloomFilter);
    QSM_CONSTRUCTOR(double, double, double, const Hasher&);
    bind_open_filter(bound);
    QSM_METHOD(estimate);
    QSM_PROPERTY(items);
    QSM_PROPERTY(stages);
    QSM_PROPERTY(bits);
  }
  {
    QSM_CLASS(RibbonFilter);
    bind_static_filter(bound);
  }
}
