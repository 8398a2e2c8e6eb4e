#include <qsm/core/bytes.hpp>

#include "sketches.hpp"

namespace {

using namespace qsm_python::sketches;
using qsm::sketches::HdrHistogram;
using Integers = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;

/// An array of integers; one of doubles only where each is an integer.
Integers integers(const py::object& values, const qsm_python::Place& place) {
  const auto array = py::array::ensure(values);
  if (!array) PyErr_Clear();
  const char kind = array ? array.dtype().kind() : 'O';
  if (kind != 'i' && kind != 'u' && kind != 'f') qsm_python::refuse_type(place, "integers", values);
  if (kind == 'f') {
    const auto numbers = py::array_t<double, py::array::c_style | py::array::forcecast>(array);
    for (py::ssize_t i = 0; i < numbers.size(); ++i)
      if (const double x = numbers.data()[i]; !(std::abs(x) < 0x1p63 && x == std::trunc(x)))
        qsm_python::refuse_value({place.function, place.argument, &place, i}, "an integer", py::float_(x));
  }
  return Integers(array);
}

void record(HdrHistogram& histogram, const py::object& values, std::int64_t count) {
  const qsm_python::Place place{"HdrHistogram.record", "values"};
  if (PyLong_Check(values.ptr()) || py::array::ensure(values).ndim() == 0)
    return histogram.record(qsm_python::Take<std::int64_t>::read(values, place), count);
  const Integers array = integers(values, place);
  const std::span<const std::int64_t> all(array.data(), static_cast<std::size_t>(array.size()));
  if (count == 1) return histogram.record(all);
  for (const std::int64_t value : all) histogram.record(value, count);
}

py::object quantile(const HdrHistogram& histogram, const py::object& probability) {
  const auto in = qsm_python::real_array(probability, "HdrHistogram.quantile", "probability");
  if (in.ndim() == 0) return py::int_(histogram.quantile(*in.data()));
  py::array_t<std::int64_t> out(std::vector<py::ssize_t>(in.shape(), in.shape() + in.ndim()));
  const auto size = static_cast<std::size_t>(in.size());
  histogram.fill_quantile(std::span(in.data(), size), std::span(out.mutable_data(), size));
  return out;
}

std::vector<std::byte> bytes_of(const py::object& object) {
  const auto text = py::cast<std::string>(object);
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

py::bytes bytes_from(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> deflate(std::span<const std::byte> bytes, std::size_t) {
  return bytes_of(py::module_::import("zlib").attr("compress")(bytes_from(bytes)));
}

/// The whole stream, and nothing after it, of at most `limit` bytes.
std::vector<std::byte> inflate(std::span<const std::byte> bytes, std::size_t limit) {
  const py::gil_scoped_acquire gil;  // decoding gives the interpreter up
  const py::module_ zlib = py::module_::import("zlib");
  const py::object stream = zlib.attr("decompressobj")();
  try {
    auto inflated = bytes_of(stream.attr("decompress")(bytes_from(bytes), limit));
    if (py::cast<bool>(stream.attr("eof")) && py::len(stream.attr("unused_data")) == 0) return inflated;
  } catch (py::error_already_set& error) {
    if (!error.matches(zlib.attr("error"))) throw;
  }
  throw qsm::MalformedBytes("HdrHistogram", 8, "a whole zlib stream of at most " + std::to_string(limit) + " bytes");
}

py::bytes encode(const HdrHistogram& histogram, bool compressed) {
  return bytes_from(compressed ? histogram.encode_compressed(deflate) : histogram.encode());
}

HdrHistogram decode(std::span<const std::byte> bytes, bool auto_resize) {
  try {
    const bool compressed = bytes.size() >= 4 && (std::to_integer<int>(bytes[3]) & 0xf) == 4;
    return compressed ? HdrHistogram::decode_compressed(bytes, inflate, auto_resize)
                      : HdrHistogram::decode(bytes, auto_resize);
  } catch (const qsm::MalformedBytes& error) {
    throw py::value_error(error.what());
  }
}

std::string describe(const HdrHistogram& histogram) {
  return "HdrHistogram(lowest=" + std::to_string(histogram.lowest()) +
         ", highest=" + std::to_string(histogram.highest()) +
         ", significant_digits=" + std::to_string(histogram.significant_digits()) + ") of " +
         std::to_string(histogram.count()) + " values";
}

}  // namespace

namespace qsm_python::text::sketches {

/// Python's `record` takes a value or an array of them, and how often.
struct HdrHistogramRecord : HdrHistogram::record_ {
  static constexpr auto doc =
      "Counts a value, or each of an array of values [any unit], integers in [0, highest], `count` times [1].\n\n"
      "Where one value of an array is refused, none has been counted.\n";
  static constexpr auto takes =
      std::make_tuple(Parameter{"values", required}, Parameter{"count", []<class T>() -> T { return 1; }});
};
struct HdrHistogramEncode : HdrHistogram::encode_ {
  static constexpr auto doc =
      "The bytes of format V2, in a zlib stream as logs hold it, or plain: what the HdrHistogram programs of other "
      "languages read.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"compressed", []<class T>() -> T { return true; }});
};
struct HdrHistogramDecode : HdrHistogram::decode_ {
  static constexpr auto doc =
      "Reads format V2, compressed or plain. ValueError where the bytes are anything else. Whether the histogram may "
      "grow is not in the bytes.\n";
};

}  // namespace qsm_python::text::sketches

QSM_PART(sketches, quantiles) {
  QSM_RECORD(HdrBucket);
  {
    QSM_CLASS(HdrHistogram);
    QSM_CONSTRUCTOR(std::int64_t, std::int64_t, int, bool);
    bound.method<texts::HdrHistogramRecord>(&record);
    QSM_METHOD(record_corrected);
    QSM_METHOD(merge);
    QSM_METHOD(subtract);
    QSM_METHOD(corrected);
    QSM_METHOD(reset);
    QSM_PROPERTY(count);
    QSM_METHOD(count_at);
    bound.method<Text::quantile_>(&quantile);
    QSM_METHOD(value_at_percentile);
    QSM_METHOD(cdf);
    QSM_PROPERTY(mean);
    QSM_PROPERTY(standard_deviation);
    QSM_PROPERTY(min);
    QSM_PROPERTY(max);
    QSM_METHOD(buckets);
    QSM_METHOD(lowest_equivalent);
    QSM_METHOD(highest_equivalent);
    QSM_PROPERTY(lowest);
    QSM_PROPERTY(highest);
    QSM_PROPERTY(significant_digits);
    QSM_PROPERTY(auto_resize);
    QSM_PROPERTY(bytes_used);
    bound.method<texts::HdrHistogramEncode>(&encode);
    bound.function<texts::HdrHistogramDecode>(&decode);
    bound.type()
        .def("__repr__", py::overload_cast<const HdrHistogram&>(&describe))
        .def("__reduce__", [](const HdrHistogram& histogram) {
          const py::object again = py::type::of<HdrHistogram>().attr("decode");
          return py::make_tuple(again, py::make_tuple(encode(histogram, true), histogram.auto_resize()));
        });
  }
  {
    QSM_CLASS(DDSketch);
    QSM_CONSTRUCTOR(double, qsm::sketches::DDMapping, std::uint64_t, qsm::sketches::DDCollapse);
    bind_numbers(bound);
    QSM_PROPERTY(relative_error);
    QSM_PROPERTY(mapping);
    QSM_PROPERTY(buckets);
    QSM_PROPERTY(collapse);
    QSM_PROPERTY(collapsed);
    QSM_METHOD(to_protobuf);
    QSM_STATIC(from_protobuf);
  }
  {
    QSM_CLASS(ExactQuantiles);
    bound.type().def(py::init<>(), "Of nothing.");
    bind_numbers(bound);
  }
  {
    QSM_CLASS(GkSketch);
    QSM_CONSTRUCTOR(double);
    bind_numbers(bound);
    QSM_PROPERTY(error);
    QSM_PROPERTY(kept);
  }
  {
    QSM_CLASS(KllSketch);
    QSM_CONSTRUCTOR(int, std::uint64_t);
    bind_numbers(bound);
    QSM_METHOD(rank_error);
    QSM_PROPERTY(k);
    QSM_PROPERTY(kept);
    QSM_METHOD(to_datasketches);
    QSM_STATIC(from_datasketches);
  }
  {
    QSM_CLASS(ReqSketch);
    QSM_CONSTRUCTOR(int, qsm::sketches::ReqEnd, std::uint64_t);
    bind_numbers(bound);
    QSM_METHOD(rank_error);
    QSM_PROPERTY(k);
    QSM_PROPERTY(end);
    QSM_PROPERTY(kept);
  }
  QSM_RECORD(Centroid);
  {
    QSM_CLASS(TDigest);
    QSM_CONSTRUCTOR(double, qsm::sketches::TDigestScale);
    bind_numbers(bound);
    QSM_METHOD(centroids);
    QSM_PROPERTY(compression);
    QSM_PROPERTY(scale);
    QSM_METHOD(to_datasketches);
    QSM_STATIC(from_datasketches);
    QSM_METHOD(to_reference);
    QSM_STATIC(from_reference);
  }
  QSM_PLAIN(tdigest_scale);
  QSM_PLAIN(tdigest_fraction);
}
