#include "app/scenario/suggest.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows: a transposition looks back two.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::vector<std::string_view> nearest(std::string_view wrong,
                                      std::span<const std::string_view> valid) {
  std::vector<std::pair<std::size_t, std::string_view>> near;
  if (wrong.size() > 100) return {};  // no name is that long; distances would only cost time
  for (std::string_view name : valid) {
    // Chosen: a third of the longer word may be wrong, so "ttl" is not taken for "to".
    const std::size_t allowed = std::max(wrong.size(), name.size()) / 3;
    const bool start_of = (wrong.size() >= 3 && name.starts_with(wrong)) ||
                          (name.size() >= 3 && wrong.starts_with(name));
    const std::size_t distance = edit_distance(wrong, name);
    if (distance <= allowed || start_of) near.emplace_back(distance, name);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> names;
  for (const auto& [distance, name] : near) {
    const bool much_worse = distance > near.front().first + 1;
    if (names.size() < 3 && !much_worse) names.push_back(name);
  }
  return names;
}

std::string listed(std::span<const std::string_view> names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    if (i > 0) text += ", ";
    text += '"' + std::string(names[i]) + '"';
  }
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

std::string suggestion(std::string_view wrong, std::span<const std::string_view> valid) {
  if (valid.empty()) return {};
  const auto near = nearest(wrong, valid);
  if (near.empty()) return "valid here: " + listed(valid);
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += " or ";
    text += '"' + std::string(near[i]) + '"';
  }
  return text + "?";
}

}  // namespace headroom
