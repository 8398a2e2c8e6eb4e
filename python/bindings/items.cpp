#include "items.hpp"

#include <cmath>
#include <limits>

namespace qsm_python {
namespace {

constexpr auto needed = "an integer in [-2^63, 2^64), a float, a string or bytes, or an array or sequence of these";

/// Texts that stay where they are, hashed together.
class TextBlock {
 public:
  static constexpr std::size_t most = 64;

  explicit TextBlock(HashBlocks& out) : out_(out) { texts_.reserve(most); }
  TextBlock(const TextBlock&) = delete;
  TextBlock& operator=(const TextBlock&) = delete;
  ~TextBlock() = default;

  void add(std::string_view text) {
    texts_.push_back(text);
    if (texts_.size() == most) flush();
  }
  void flush() {
    out_.add(texts_);
    texts_.clear();
  }

 private:
  HashBlocks& out_;
  std::vector<qsm::ByteView> texts_;
};

// --- Arrow, by its C data interface ----------------------------------------------------------------------------------

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags, n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  std::int64_t length, null_count, offset, n_buffers, n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};
struct ArrowStream {
  int (*schema)(ArrowStream*, ArrowSchema*);
  int (*next)(ArrowStream*, ArrowArray*);
  const char* (*last_error)(ArrowStream*);
  void (*release)(ArrowStream*);
  void* private_data;
};

/// Releases what another library made.
template <class Struct>
struct Owned : Struct {
  Owned() : Struct{} {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    if (this->release) this->release(this);
  }
};

template <class Struct>
Struct* capsule(const py::handle& object, const char* name) {
  void* pointer = PyCapsule_GetPointer(object.ptr(), name);
  if (!pointer) throw py::error_already_set();
  return static_cast<Struct*>(pointer);
}

template <class Number>
void add_numbers(const ArrowArray& array, HashBlocks& out) {
  const auto* values = static_cast<const Number*>(array.buffers[1]) + array.offset;
  for (std::int64_t i = 0; i < array.length; ++i) {
    if constexpr (std::is_floating_point_v<Number>)
      out.add(static_cast<double>(values[i]));
    else
      out.add(static_cast<std::uint64_t>(static_cast<std::int64_t>(values[i])));
  }
}

template <class Offset>
void add_texts(const ArrowArray& array, HashBlocks& out) {
  const auto* offsets = static_cast<const Offset*>(array.buffers[1]) + array.offset;
  const auto* bytes = static_cast<const char*>(array.buffers[2]);
  TextBlock texts(out);
  for (std::int64_t i = 0; i < array.length; ++i)
    texts.add(std::string_view(bytes + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i])));
  texts.flush();
}

/// Texts of up to 12 bytes stand in their own 16; longer ones in a buffer that they name.
void add_views(const ArrowArray& array, HashBlocks& out) {
  const auto* view = static_cast<const std::int32_t*>(array.buffers[1]) + 4 * array.offset;
  TextBlock texts(out);
  for (std::int64_t i = 0; i < array.length; ++i, view += 4) {
    const char* text = view[0] <= 12 ? reinterpret_cast<const char*>(view + 1)
                                     : static_cast<const char*>(array.buffers[2 + view[2]]) + view[3];
    texts.add(std::string_view(text, static_cast<std::size_t>(view[0])));
  }
  texts.flush();
}

bool add_arrow(const ArrowArray& array, std::string_view format, HashBlocks& out) {
  if (array.length == 0) return true;
  const std::pair<std::string_view, void (*)(const ArrowArray&, HashBlocks&)> forms[] = {
      {"c", add_numbers<std::int8_t>},
      {"C", add_numbers<std::uint8_t>},
      {"s", add_numbers<std::int16_t>},
      {"S", add_numbers<std::uint16_t>},
      {"i", add_numbers<std::int32_t>},
      {"I", add_numbers<std::uint32_t>},
      {"l", add_numbers<std::int64_t>},
      {"L", add_numbers<std::uint64_t>},
      {"f", add_numbers<float>},
      {"g", add_numbers<double>},
      {"u", add_texts<std::int32_t>},
      {"z", add_texts<std::int32_t>},
      {"U", add_texts<std::int64_t>},
      {"Z", add_texts<std::int64_t>},
      {"vu", add_views},
      {"vz", add_views}};
  for (const auto& [name, add] : forms)
    if (name == format) {
      add(array, out);
      return true;
    }
  return false;
}

/// Whether the object was an Arrow column; its length in `shape`.
bool read_arrow(const py::object& items, const Place& place, HashBlocks& direct, HashBlocks& careful,
                ItemShape& shape) {
  const auto take = [&](const ArrowArray& array, const char* format, HashBlocks& out) {
    if (array.null_count != 0 && array.length > 0 && array.buffers[0])
      refuse_value(place, "a column without nulls", items);
    if (!add_arrow(array, format, out)) refuse_value(place, "a column of numbers, strings or bytes", items);
    shape.axes.back() += array.length;
  };
  shape.axes = {0};
  if (py::hasattr(items, "__arrow_c_array__")) {
    const py::tuple pair = items.attr("__arrow_c_array__")();
    take(*capsule<ArrowArray>(pair[1], "arrow_array"), capsule<ArrowSchema>(pair[0], "arrow_schema")->format,
         direct);  // refused before the first, or not at all
    direct.flush();
    return true;
  }
  if (!py::hasattr(items, "__arrow_c_stream__")) return false;
  py::object held;
  try {
    held = items.attr("__arrow_c_stream__")();
  } catch (py::error_already_set& error) {
    if (error.matches(PyExc_ImportError)) return false;  // pandas without pyarrow
    throw;
  }
  auto* stream = capsule<ArrowStream>(held, "arrow_array_stream");
  Owned<ArrowSchema> schema;
  if (stream->schema(stream, &schema) != 0) refuse_value(place, "an Arrow stream that can be read", items);
  while (true) {
    Owned<ArrowArray> array;
    if (stream->next(stream, &array) != 0) refuse_value(place, "an Arrow stream that can be read", items);
    if (!array.release) return true;
    take(array, schema.format, careful);
  }
}

// --- NumPy and sequences ---------------------------------------------------------------------------------------------

/// Characters of four bytes as UTF-8, without the zeros at the end.
std::string_view utf8(const char32_t* text, std::size_t size, std::string& buffer) {
  while (size > 0 && text[size - 1] == 0) --size;
  buffer.clear();
  for (const char32_t c : std::span(text, size)) {
    const auto put = [&buffer](char32_t byte) { buffer.push_back(static_cast<char>(byte)); };
    const auto tail = [&](int shift) { put(0x80 | (c >> shift & 0x3f)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xc0 | c >> 6);
      tail(0);
    } else if (c < 0x10000) {
      put(0xe0 | c >> 12);
      tail(6);
      tail(0);
    } else {
      put(0xf0 | c >> 18);
      tail(12);
      tail(6);
      tail(0);
    }
  }
  return buffer;
}

/// Texts of `width` characters of four bytes each, those of ASCII narrowed many at a time.
void add_wide_texts(const char32_t* text, std::size_t size, std::size_t width, HashBlocks& out) {
  std::vector<char> narrow(TextBlock::most * width);
  std::string buffer;
  TextBlock texts(out);
  std::size_t slot = 0;
  for (std::size_t k = 0; k < size; ++k, text += width) {
    char* const to = narrow.data() + slot * width;
    char32_t any = 0;
    for (std::size_t i = 0; i < width; ++i) {
      any |= text[i];
      to[i] = static_cast<char>(text[i]);
    }
    std::size_t length = width;
    if (any < 0x80) {
      while (length > 0 && to[length - 1] == 0) --length;
      texts.add(std::string_view(to, length));
      slot = (slot + 1) % TextBlock::most;  // the block is hashed when all slots have been used
    } else {
      texts.flush();
      slot = 0;
      out.add(utf8(text, width, buffer));
    }
  }
  texts.flush();
}

std::uint64_t integer(py::handle object, const Place& place) {
  int beyond = 0;
  const long long value = PyLong_AsLongLongAndOverflow(object.ptr(), &beyond);
  if (beyond == 0) return static_cast<std::uint64_t>(value);
  const unsigned long long large = beyond > 0 ? PyLong_AsUnsignedLongLong(object.ptr()) : 0;
  if (beyond < 0 || PyErr_Occurred()) {
    PyErr_Clear();
    refuse_value(place, "an integer in [-2^63, 2^64)", object);
  }
  return large;
}

/// One item, if it is one.
bool read_one(py::handle item, const Place& place, HashBlocks& out) {
  PyObject* const object = item.ptr();
  if (PyUnicode_Check(object)) {
    Py_ssize_t size = 0;
    const char* const text = PyUnicode_AsUTF8AndSize(object, &size);
    if (!text) {
      PyErr_Clear();
      refuse_value(place, "a string that UTF-8 can hold", item);
    }
    out.add(std::string_view(text, static_cast<std::size_t>(size)));
  } else if (PyBytes_Check(object)) {
    out.add(std::string_view(PyBytes_AS_STRING(object), static_cast<std::size_t>(PyBytes_GET_SIZE(object))));
  } else if (PyByteArray_Check(object)) {
    out.add(std::string_view(PyByteArray_AS_STRING(object), static_cast<std::size_t>(PyByteArray_GET_SIZE(object))));
  } else if (PyFloat_Check(object)) {
    out.add(PyFloat_AS_DOUBLE(object));
  } else if (PyLong_Check(object) && !PyBool_Check(object)) {
    out.add(integer(item, place));
  } else {
    return false;
  }
  return true;
}

/// Hashes strings of ASCII from the first on, block by block while others are fetched from memory; returns how many there
/// were before anything else.
py::ssize_t add_plain_texts(PyObject* const* items, py::ssize_t size, TextBlock& texts) {
  constexpr py::ssize_t ahead = 24;
  py::ssize_t done = 0;
  for (; done < size; ++done) {
    if (done + ahead < size) {
      const char* const next = reinterpret_cast<const char*>(items[done + ahead]);
      __builtin_prefetch(next);
      __builtin_prefetch(next + 64);
    }
    PyObject* const item = items[done];
    if (!PyUnicode_CheckExact(item) || !PyUnicode_IS_COMPACT_ASCII(item)) break;
    texts.add(std::string_view(static_cast<const char*>(PyUnicode_DATA(item)),
                               static_cast<std::size_t>(PyUnicode_GET_LENGTH(item))));
  }
  texts.flush();
  return done;
}

template <class Number>
py::array_t<Number> cast(const py::array& array) {
  return py::array_t<Number, py::array::c_style | py::array::forcecast>(array);
}

void read_array(const py::array& array, const Place& place, HashBlocks& out) {
  const auto size = static_cast<std::size_t>(array.size());
  const char kind = array.dtype().kind();
  if (kind == 'i' || kind == 'u') {
    const auto numbers = kind == 'i' ? py::array(cast<std::int64_t>(array)) : py::array(cast<std::uint64_t>(array));
    out.add(std::span(static_cast<const std::uint64_t*>(numbers.data()), size));
  } else if (kind == 'f' && array.itemsize() <= 8) {
    const auto numbers = cast<double>(array);
    for (const double number : std::span(numbers.data(), size)) out.add(number);
  } else if ((kind == 'U' || kind == 'S') && size > 0) {
    const py::array texts = py::module_::import("numpy").attr("ascontiguousarray")(
        array, py::reinterpret_borrow<py::object>(array.dtype().attr("newbyteorder")("=")));
    const auto width = static_cast<std::size_t>(texts.itemsize());
    const auto* bytes = static_cast<const char*>(texts.data());
    if (kind == 'U') {
      add_wide_texts(reinterpret_cast<const char32_t*>(bytes), size, width / 4, out);
      return;
    }
    TextBlock block(out);
    for (std::size_t i = 0; i < size; ++i, bytes += width) {
      std::size_t length = width;
      while (length > 0 && bytes[length - 1] == 0) --length;
      block.add(std::string_view(bytes, length));
    }
    block.flush();
  } else if (size > 0) {
    const py::object objects = array.attr("astype")("O").attr("ravel")();
    py::ssize_t i = 0;
    for (const py::handle item : objects) {
      const Place here{place.function, place.argument, &place, i++};
      if (!read_one(item, here, out)) refuse_type(here, "an integer, a float, a string or bytes", item);
    }
  }
}

}  // namespace

void HashBlocks::add(double number) {
  constexpr std::uint64_t nan = 0x7ff8000000000000;
  add(std::isnan(number) ? nan : std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number));
}

void HashBlocks::add(std::span<const std::uint64_t> numbers) {
  flush();
  while (!numbers.empty()) {
    const auto part = numbers.first(std::min(numbers.size(), block_.size()));
    hasher_.fill(part, std::span(block_).first(part.size()));
    filled_ = part.size();
    flush();
    numbers = numbers.subspan(part.size());
  }
}

void HashBlocks::add(std::span<const qsm::ByteView> texts) {
  if (filled_ + texts.size() > block_.size()) flush();
  hasher_.fill(texts, std::span(block_).subspan(filled_, texts.size()));
  filled_ += texts.size();
}

void HashBlocks::flush() {
  if (filled_ > 0) use_(std::span(block_).first(filled_));
  filled_ = 0;
}

ItemShape read_items(const py::object& items, const qsm::sketches::Hasher& hasher, const Place& place,
                     const HashBlocks::Use& use) {
  ItemShape shape;
  HashBlocks direct(hasher, use);
  if (read_one(items, place, direct)) {
    shape.single = true;
    direct.flush();
    return shape;
  }
  // What can be refused halfway is kept until all of it has been read.
  std::vector<std::uint64_t> kept;
  HashBlocks careful(hasher, [&kept](auto block) { kept.insert(kept.end(), block.begin(), block.end()); });
  const auto use_kept = [&] {
    careful.flush();
    if (!kept.empty()) use(kept);
    return shape;
  };
  const bool plain = PyList_CheckExact(items.ptr()) || PyTuple_CheckExact(items.ptr());
  if (!plain && !py::isinstance<py::array>(items) && read_arrow(items, place, direct, careful, shape))
    return use_kept();
  const bool array = !plain && (py::isinstance<py::array>(items) || py::hasattr(items, "__array__"));
  if (array) {
    const auto read = py::array::ensure(items);
    if (!read) throw py::error_already_set();
    const char kind = read.dtype().kind();
    if (kind == 'b' || kind == 'c' || kind == 'M' || kind == 'm' || kind == 'V') refuse_type(place, needed, items);
    shape.axes.assign(read.shape(), read.shape() + read.ndim());
    shape.single = read.ndim() == 0;
    if (std::string_view("iufUS").find(kind) != std::string_view::npos) {  // of which none is refused
      read_array(read, place, direct);
      direct.flush();
      return shape;
    }
    read_array(read, place, careful);
    return use_kept();
  }
  if (PyDict_Check(items.ptr()) || PyBool_Check(items.ptr()) || !PyObject_HasAttrString(items.ptr(), "__iter__"))
    refuse_type(place, needed, items);
  const auto sequence = py::reinterpret_steal<py::object>(PySequence_Fast(items.ptr(), needed));
  if (!sequence) throw py::error_already_set();
  const py::ssize_t size = PySequence_Fast_GET_SIZE(sequence.ptr());
  shape.axes = {size};
  kept.reserve(static_cast<std::size_t>(size));
  TextBlock texts(careful);
  for (py::ssize_t i = 0; i < size; ++i) {
    i += add_plain_texts(PySequence_Fast_ITEMS(sequence.ptr()) + i, size - i, texts);
    if (i == size) break;
    const Place here{place.function, place.argument, &place, i};
    const py::handle item = PySequence_Fast_GET_ITEM(sequence.ptr(), i);
    if (read_one(item, here, careful)) continue;
    if (!py::hasattr(item, "__array__") || py::len(item.attr("shape")) != 0)
      refuse_type(here, "an integer, a float, a string or bytes", item);
    const auto scalar = py::array::ensure(item);  // a NumPy number
    if (std::string_view("iuf").find(scalar.dtype().kind()) == std::string_view::npos)
      refuse_type(here, "an integer, a float, a string or bytes", item);
    read_array(scalar, here, careful);
  }
  return use_kept();
}

std::vector<std::uint64_t> read_hashes(const py::object& hashes, const Place& place) {
  const auto array = py::array::ensure(hashes);
  if (!array) PyErr_Clear();
  if (!array || array.ndim() != 1 || !(array.dtype().kind() == 'u' || array.dtype().kind() == 'i'))
    refuse_type(place, "an array of 64-bit hashes", hashes);
  const auto numbers = cast<std::uint64_t>(array);
  return {numbers.data(), numbers.data() + numbers.size()};
}

}  // namespace qsm_python
