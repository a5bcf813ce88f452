#include "app/scenario/key_file.hpp"

#include <unordered_map>

#include "app/scenario/quantity.hpp"
#include "app/scenario/recorded_trace.hpp"
#include "models/text.hpp"

namespace headroom {

namespace {

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
    file.refuse(text, word, std::move(why), std::move(hint));
    return file;
  };
  std::unordered_map<std::string_view, std::uint64_t> numbers;
  bool is_first = true;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
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
  const RecordedTrace trace(bytes);
  file.why = trace.fault();
  if (!file.why.empty()) {
    file.hint = "bytes that are no text are read as records of oracleGeneral";
    return file;
  }
  std::unordered_map<std::uint64_t, std::uint64_t> numbers;
  file.items.reserve(trace.size());
  file.sizes.reserve(trace.size());
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const TraceRecord record = trace[i];
    file.items.push_back(numbers.try_emplace(record.object, numbers.size()).first->second);
    file.sizes.push_back(record.size);
  }
  file.count = numbers.size();
  return file;
}

}  // namespace headroom
