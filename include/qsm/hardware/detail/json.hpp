#pragma once
// JSON as far as entries need it: objects, arrays, texts, numbers.

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qsm/core/config.hpp>

namespace qsm::inline v0::hardware::detail {

/// One value; which of the parts it has says `kind`.
struct Json {
  enum Kind { null, number, text, array, object } kind = null;
  double value = 0;
  std::string letters;
  std::vector<Json> elements;       // of an array, or the values of an object
  std::vector<std::string> keys{};  // of an object
};

inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      constexpr const char* digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[letter >> 4];
      out += digits[letter & 15];
    } else {
      out += letter;
    }
  }
  return out += '"';
}

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}
  Json whole() {
    Json value = next(0);
    space();
    if (at_ < text_.size()) refuse("nothing more");
    return value;
  }

 private:
  [[noreturn]] void refuse(const char* needed) const {
    throw std::invalid_argument("from_json: " + std::string(needed) + " is needed at letter " + std::to_string(at_));
  }
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char letter) {
    space();
    if (at_ >= text_.size() || text_[at_] != letter) return false;
    ++at_;
    return true;
  }
  Json next(int depth) {
    if (depth > 32) refuse("less depth");
    Json value;
    space();
    if (take('{')) {
      value.kind = Json::object;
      for (bool more = !take('}'); more; more = !take('}')) {
        if (!value.keys.empty() && !take(',')) refuse("a comma or }");
        space();
        value.keys.push_back(letters());
        if (!take(':')) refuse("a colon");
        value.elements.push_back(next(depth + 1));
      }
    } else if (take('[')) {
      value.kind = Json::array;
      for (bool more = !take(']'); more; more = !take(']')) {
        if (!value.elements.empty() && !take(',')) refuse("a comma or ]");
        value.elements.push_back(next(depth + 1));
      }
    } else if (at_ < text_.size() && text_[at_] == '"') {
      value.kind = Json::text;
      value.letters = letters();
    } else {
      for (const std::string_view word : {"null", "true", "false"})  // are read, and mean nothing here
        if (text_.substr(at_).starts_with(word)) {
          at_ += word.size();
          return value;
        }
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value.value);
      if (error != std::errc{}) refuse("a value");
      at_ = static_cast<std::size_t>(end - text_.data());
      value.kind = Json::number;
    }
    return value;
  }
  std::string letters() {
    if (!take('"')) refuse("a text");
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      char letter = text_[at_++];
      if (letter == '\\') {
        if (at_ >= text_.size()) break;
        letter = text_[at_++];
        constexpr std::string_view short_names = "nrtbf", meant = "\n\r\t\b\f";
        if (const auto place = short_names.find(letter); place != std::string_view::npos) letter = meant[place];
        if (letter == 'u') {
          unsigned code = 0;
          const char* const from = text_.data() + at_;
          if (at_ + 4 > text_.size() || std::from_chars(from, from + 4, code, 16).ptr != from + 4 || code >= 0x80)
            refuse("a letter of ASCII");
          at_ += 4;
          letter = static_cast<char>(code);
        }
      }
      out += letter;
    }
    if (!take('"')) refuse("the end of a text");
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// What an object has of a kind under a name.
inline const Json& member(const Json& object, const char* name, Json::Kind kind) {
  for (std::size_t i = 0; i < object.keys.size(); ++i)
    if (object.keys[i] == name && object.elements[i].kind == kind) return object.elements[i];
  constexpr const char* kinds[] = {"null", "a number", "a text", "an array", "an object"};
  throw std::invalid_argument("from_json: \"" + std::string(name) + "\" must be there as " + kinds[kind]);
}

}  // namespace qsm::inline v0::hardware::detail
