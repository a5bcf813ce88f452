#pragma once

#include <string>
#include <string_view>

namespace headroom {

/// "text", as messages show what somebody wrote.
inline std::string in_quotes(std::string_view text) {
  return '"' + std::string(text) + '"';
}

/// Without the blanks around it.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace headroom
