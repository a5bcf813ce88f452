#include "app/scenario/names.hpp"

#include <algorithm>

#include "app/scenario/diagnostics.hpp"

namespace headroom {

namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

std::string name_fault(std::string_view name, Field::Names rule) {
  constexpr std::size_t longest = 100;
  if (name.empty()) return "a name must not be empty";
  if (name.size() > longest) return "a name has at most 100 bytes";
  const auto clean = [](char c) { return c != '\t' && c != '\n'; };
  if (visible(name) != name || !std::all_of(name.begin(), name.end(), clean))
    return "a name must not hold control characters";
  if (rule == Field::Names::any) return {};

  const std::size_t bad = name.find_first_of("<>&\"'`/\\");
  if (bad != std::string_view::npos) return std::string("a name must not hold ") + name[bad];
  if (name.find("..") != std::string_view::npos) return "a name must not hold ..";
  if (std::string_view("=+-@").find(name[0]) != std::string_view::npos)
    return std::string("a name must not start with ") + name[0];
  if (rule == Field::Names::plain && !std::all_of(name.begin(), name.end(), is_plain))
    return "a name holds letters, digits, _ and - only";
  return {};
}

}  // namespace headroom
