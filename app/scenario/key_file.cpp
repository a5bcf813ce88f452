#include "app/scenario/key_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "app/scenario/quantity.hpp"

namespace headroom {

namespace {

constexpr std::size_t record_bytes = 24;

template <class Number>
Number read_little_endian(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<Number>(value);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

ParsedQuantity parse_size(std::string_view word) {
  if (parse_quantity(Quantity::number, word).value)
    return parse_quantity(Quantity::bytes, std::string(word) + "B");
  return parse_quantity(Quantity::bytes, word);
}

}  // namespace

bool looks_like_trace(std::string_view bytes) {
  return bytes.substr(0, 4096).find('\0') != std::string_view::npos;
}

KeyFile read_key_list(std::string_view text) {
  KeyFile file;
  const auto refuse = [&](std::string_view word, std::string why, std::string hint) {
    file.offset = static_cast<std::size_t>(word.data() - text.data());
    file.length = std::max<std::size_t>(1, word.size());
    file.why = std::move(why);
    file.hint = std::move(hint);
    return file;
  };
  std::unordered_map<std::string_view, std::uint64_t> numbers;
  std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (bool is_first = true; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    start = end + 1;
    const std::size_t comma = line.find(',');
    const std::string_view key = trimmed(line.substr(0, comma));
    if (trimmed(line).empty() || key.starts_with('#')) continue;
    const bool is_heading = is_first && key == "key";
    is_first = false;
    if (is_heading) continue;
    if (key.empty()) return refuse(line, "there is no key before the comma", "write key,size");
    file.items.push_back(numbers.try_emplace(key, numbers.size()).first->second);
    const bool has_size = comma != std::string_view::npos;
    if (has_size != (file.items.size() == file.sizes.size() + 1) && file.items.size() > 1)
      return refuse(line, "either every line has a size or none has", {});
    if (!has_size) continue;
    const std::string_view word = trimmed(line.substr(comma + 1));
    const ParsedQuantity size = parse_size(word);
    if (!size.value || *size.value < 0 || *size.value > 9e15)
      return refuse(word.empty() ? line : word, "this is no size of a value",
                    "bytes, such as 512 or 2kB");
    file.sizes.push_back(size.integer);
  }
  file.count = numbers.size();
  if (file.items.empty()) return refuse(text.substr(0, 0), "the file holds no keys", {});
  return file;
}

KeyFile read_key_trace(std::string_view bytes) {
  KeyFile file;
  file.is_text = false;
  const std::size_t records = bytes.size() / record_bytes;
  const std::size_t rest = bytes.size() % record_bytes;
  if (records == 0 || rest != 0) {
    file.why = bytes.empty() ? std::string("the trace is empty")
                             : fmt::format(
                                   "the trace is cut off: its last record starts at byte "
                                   "{} and has {} of {} bytes",
                                   records * record_bytes, rest, record_bytes);
    file.hint = "bytes that are no text are read as records of oracleGeneral";
    return file;
  }
  std::unordered_map<std::uint64_t, std::uint64_t> numbers;
  file.items.reserve(records);
  file.sizes.reserve(records);
  for (std::size_t record = 0; record < records; ++record) {
    const auto object = read_little_endian<std::uint64_t>(bytes, record * record_bytes + 4);
    file.items.push_back(numbers.try_emplace(object, numbers.size()).first->second);
    file.sizes.push_back(read_little_endian<std::uint32_t>(bytes, record * record_bytes + 12));
  }
  file.count = numbers.size();
  return file;
}

}  // namespace headroom
