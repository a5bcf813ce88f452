#include "app/cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/cli/terminal.hpp"
#include "app/scenario/sources.hpp"

namespace headroom {

namespace {

constexpr std::size_t bar_width = 30, before_text = bar_width + 7;

/// As much of the text as leaves the line one line: one that wraps cannot be rewritten in place.
std::string fitting(std::string text) {
  const std::size_t columns =
      terminal_columns(STDERR_FILENO).value_or(before_text + text.size() + 1);
  const std::size_t room = columns > before_text ? columns - before_text - 1 : 0;
  const auto is_inside_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  while (count_characters(text) > room) {
    while (is_inside_character(text.back()))
      text.pop_back();
    text.pop_back();
  }
  return text;
}

}  // namespace

void Progress::show(double share, const std::string& what) {
  if (!shown_) return;
  const int percent = std::clamp(static_cast<int>(share * 100), 0, 100);
  if (percent == percent_ && what == what_) return;
  percent_ = percent;
  what_ = what;
  const int filled = percent * static_cast<int>(bar_width) / 100;
  fmt::print(stderr, "\r{:#>{}}{:.>{}} {:3} % {}\x1b[K", "", filled, "",
             static_cast<int>(bar_width) - filled, percent, fitting(what));
  std::fflush(stderr);
}

void Progress::clear() {
  if (shown_ && percent_ >= 0) fmt::print(stderr, "\r\x1b[K");
  percent_ = -1;
}

}  // namespace headroom
