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
    bind_members(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_PROPERTY(rate);
    QSM_PROPERTY(bits);
    QSM_PROPERTY(bits_set);
    QSM_PROPERTY(hashes);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(BlockedBloomFilter);
    QSM_CONSTRUCTOR(double, double, const Hasher&);
    bind_members(bound);
    QSM_STATIC(of_size);
    QSM_METHOD(merge);
    QSM_METHOD(reset);
    QSM_METHOD(estimate);
    QSM_PROPERTY(rate);
    QSM_PROPERTY(blocks);
    QSM_PROPERTY(bytes_used);
    QSM_METHOD(encode);
    QSM_STATIC(decode);
  }
}
