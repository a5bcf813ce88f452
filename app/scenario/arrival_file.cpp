#include "app/scenario/arrival_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/quantity.hpp"
#include "app/scenario/recorded_trace.hpp"

namespace headroom {

namespace {

constexpr std::string_view separators = ",; \t\r";

/// The first column of a line.
std::string_view first_word(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.substr(0, line.find_first_of(separators));
}

ParsedQuantity parse_time(std::string_view word) {
  if (parse_quantity(Quantity::number, word).value)
    return parse_quantity(Quantity::time, std::string(word) + "s");
  return parse_quantity(Quantity::time, word);
}

/// Starts like a number, if perhaps a wrong one: no heading.
bool looks_like_number(std::string_view word) {
  return !word.empty() && std::string_view("0123456789.+-").find(word[0]) != std::string_view::npos;
}

}  // namespace

ArrivalFile read_arrival_list(std::string_view text) {
  ArrivalFile file;
  const auto refuse = [&](std::string_view word, std::string why, std::string hint) {
    file.refuse(text, word, std::move(why), std::move(hint));
    return file;
  };
  bool heading_allowed = true;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    const std::string_view word = first_word(line);
    if (word.empty() || word[0] == '#') continue;
    const ParsedQuantity time = parse_time(word);
    const bool is_heading = !time.value && heading_allowed && !looks_like_number(word);
    heading_allowed = false;
    if (is_heading) continue;
    if (!time.value)
      return refuse(
          word, time.message,
          time.hint.empty() ? "one time a line, such as \"1.5\" or \"1500ms\"" : time.hint);
    const bool fits = *time.value >= 0 && *time.value < 9.2e18;
    if (!fits) return refuse(word, "a time of arrival is 0 to 292 years", {});
    const sim::Time instant = sim::Time::at_ns(time.integer);
    if (!file.times.empty() && instant < file.times.back())
      return refuse(word, "times must not decrease, but this one is before the last",
                    "sort the file");
    file.times.push_back(instant);
  }
  if (file.times.empty()) return refuse(text.substr(0, 0), "the file holds no times", {});
  return file;
}

ArrivalFile read_arrival_trace(std::string_view bytes) {
  ArrivalFile file;
  file.is_text = false;
  const RecordedTrace trace(bytes);
  const std::size_t records = trace.size();
  const auto refuse = [&](std::string why) {
    file.why = std::move(why);
    file.hint = "a .bin file is read as records of oracleGeneral";
    return file;
  };
  if (std::string why = trace.fault(); !why.empty()) return refuse(std::move(why));
  const auto second_of = [&](std::size_t record) { return trace[record].second; };
  const std::uint32_t first = second_of(0);
  file.times.reserve(records);
  for (std::size_t record = 0; record < records;) {
    const std::uint32_t second = second_of(record);
    std::size_t end = record + 1;
    while (end < records && second_of(end) == second)
      ++end;
    if (end < records && second_of(end) < second) {
      return refuse(
          fmt::format("times must not decrease, but the record at byte {} goes back from "
                      "second {} to {}",
                      end * RecordedTrace::record_bytes, second, second_of(end)));
    }
    const auto count = static_cast<std::int64_t>(end - record);
    for (std::int64_t i = 0; i < count; ++i)
      file.times.push_back(sim::Time::at_ns((second - first) * std::int64_t{1'000'000'000} +
                                            i * 1'000'000'000 / count));
    record = end;
  }
  return file;
}

}  // namespace headroom
