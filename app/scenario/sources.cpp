#include "app/scenario/sources.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

std::uint32_t Sources::add(std::string name, std::string text, std::string directory) {
  texts_.push_back({std::move(name), std::move(text), std::move(directory)});
  return static_cast<std::uint32_t>(texts_.size() - 1);
}

Location Sources::locate(Place place) const {
  if (place.file >= texts_.size()) return {};
  const std::string_view whole = text(place.file);
  const std::size_t offset = std::min<std::size_t>(place.offset, whole.size());
  const std::string_view before = whole.substr(0, offset);

  const std::size_t newline = before.rfind('\n');
  std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  if (start == 0 && whole.starts_with("\xEF\xBB\xBF") && offset >= 3) start = 3;
  std::size_t end = whole.find('\n', offset);
  if (end == std::string_view::npos) end = whole.size();
  if (end > start && whole[end - 1] == '\r') --end;
  end = std::max(end, start);

  Location location;
  location.file = name(place.file);
  location.line = 1 + static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  location.column = 1 + count_characters(whole.substr(start, offset - start));
  location.line_text = whole.substr(start, end - start);
  location.offset_in_line = static_cast<std::uint32_t>(offset - start);
  return location;
}

std::string Sources::path_from(std::uint32_t file, std::string_view path) const {
  const std::string& start = file < texts_.size() ? directory(file) : std::string();
  if (path.starts_with('/') || start.empty()) return std::string(path);
  return start + "/" + std::string(path);
}

std::uint32_t count_characters(std::string_view text) {
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace headroom
