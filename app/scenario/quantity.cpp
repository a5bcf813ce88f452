#include "app/scenario/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <vector>

#include "app/scenario/suggest.hpp"
#include "models/text.hpp"

namespace headroom {

namespace {

/// `factor / parts` base units; both are whole, so that no unit is rounded itself.
struct UnitName {
  std::string_view name;
  double factor;
  double parts = 1;
};

constexpr UnitName times[] = {{"ns", 1},     {"us", 1e3},   {"ms", 1e6},   {"s", 1e9},
                              {"min", 60e9}, {"h", 3600e9}, {"d", 86400e9}};
constexpr UnitName rates[] = {{"/s", 1},    {"/min", 1, 60},    {"/h", 1, 3600},
                              {"k/s", 1e3}, {"k/min", 1e3, 60}, {"k/h", 1e3, 3600},
                              {"M/s", 1e6}, {"M/min", 1e6, 60}, {"M/h", 1e6, 3600}};
constexpr UnitName sizes_of_bytes[] = {
    {"B", 1},           {"kB", 1e3},           {"MB", 1e6},
    {"GB", 1e9},        {"TB", 1e12},          {"KiB", 1024.0},
    {"MiB", 1048576.0}, {"GiB", 1073741824.0}, {"TiB", 1099511627776.0}};
constexpr UnitName bandwidths[] = {{"bit/s", 1, 8},        {"kbit/s", 125},   {"Mbit/s", 125e3},
                                   {"Gbit/s", 125e6},      {"Tbit/s", 125e9}, {"B/s", 1},
                                   {"kB/s", 1e3},          {"MB/s", 1e6},     {"GB/s", 1e9},
                                   {"TB/s", 1e12},         {"KiB/s", 1024.0}, {"MiB/s", 1048576.0},
                                   {"GiB/s", 1073741824.0}};
constexpr UnitName ratios[] = {{"%", 1, 100}, {"", 1}};
constexpr UnitName numbers[] = {{"", 1}};

std::span<const UnitName> units_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::time:
      return times;
    case Quantity::rate:
      return rates;
    case Quantity::bytes:
      return sizes_of_bytes;
    case Quantity::bandwidth:
      return bandwidths;
    case Quantity::ratio:
      return ratios;
    case Quantity::percentile:
    case Quantity::number:
      return numbers;
  }
  return {};
}

bool is_exact(Quantity quantity) {
  return quantity == Quantity::time || quantity == Quantity::bytes;
}

ParsedQuantity refused(std::string message, std::string hint = {}) {
  ParsedQuantity parsed;
  parsed.message = std::move(message);
  parsed.hint = std::move(hint);
  return parsed;
}

/// What "10 Ms" was probably meant to be, when only case or a space is wrong.
std::string_view meant_unit(Quantity quantity, std::string_view unit) {
  const UnitName* only = nullptr;
  for (const UnitName& candidate : units_of(quantity)) {
    if (edit_distance(candidate.name, unit) != 0) continue;
    if (only) return {};
    only = &candidate;
  }
  return only ? only->name : std::string_view();
}

/// What people write for a rate elsewhere.
std::string_view known_rate(std::string_view unit) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> known{
      {{"m", "/min"},
       {"/m", "/min"},
       {"min", "/min"},
       {"/minute", "/min"},
       {"rpm", "/min"},
       {"s", "/s"},
       {"/sec", "/s"},
       {"/second", "/s"},
       {"Hz", "/s"},
       {"rps", "/s"},
       {"qps", "/s"},
       {"tps", "/s"},
       {"req/s", "/s"},
       {"per second", "/s"},
       {"h", "/h"},
       {"/hour", "/h"}}};
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& each) {
    return edit_distance(each.first, unit) == 0;
  });
  return found == known.end() ? std::string_view() : found->second;
}

ParsedQuantity wrong_unit(Quantity quantity, std::string_view number, std::string_view unit) {
  const std::string text = std::string(number) + std::string(unit);
  if (quantity == Quantity::time && trimmed(unit) == "m")
    return refused("the unit \"m\" is ambiguous",
                   "write \"" + std::string(number) + "min\" or \"" + std::string(number) + "ms\"");
  std::string_view meant = meant_unit(quantity, trimmed(unit));
  if (quantity == Quantity::rate && meant.empty()) meant = known_rate(trimmed(unit));
  if (!meant.empty())
    return refused(in_quotes(text) + " is not " + std::string(what_it_looks_like(quantity)),
                   "write " + in_quotes(std::string(number) + std::string(meant)));
  std::vector<std::string_view> names;
  for (const UnitName& candidate : units_of(quantity))
    if (!candidate.name.empty()) names.push_back(candidate.name);
  if (names.empty()) return refused(in_quotes(text) + " is not a number");
  const auto near = nearest(trimmed(unit), names);
  const std::string hint = near.empty()
                               ? "units are " + listed(names, names.size())
                               : "write " + in_quotes(std::string(number) + std::string(near[0]));
  return refused("unknown unit " + in_quotes(trimmed(unit)) + " in " + in_quotes(text), hint);
}

/// "12" times a whole factor without rounding; false when it has a fraction or does not fit.
bool exact_product(std::string_view number, double factor, std::int64_t& product) {
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), whole);
  if (error != std::errc() || end != number.data() + number.size()) return false;
  return !__builtin_mul_overflow(whole, static_cast<std::int64_t>(factor), &product);
}

std::string too_large(Quantity quantity) {
  if (quantity == Quantity::time) return "times end at 292 years, the range of whole nanoseconds";
  if (quantity == Quantity::bytes) return "sizes end at 8 EiB";
  return "the largest number is 1.8e308";
}

ParsedQuantity parse_percentile(std::string_view text) {
  ParsedQuantity parsed;
  if (text.size() > 1 && text[0] == 'p') {
    parsed = parse_quantity(Quantity::number, text.substr(1));
    if (parsed.value && *parsed.value > 0 && *parsed.value < 100) return parsed;
    if (parsed.value)
      return refused(in_quotes(text) + " is out of range",
                     "percentiles lie above p0 and below p100");
  }
  return refused(in_quotes(text) + " is not " +
                 std::string(what_it_looks_like(Quantity::percentile)));
}

ParsedQuantity scaled(Quantity quantity, std::string_view text, std::string_view number,
                      double value, const UnitName& unit) {
  ParsedQuantity parsed;
  const double base = value * unit.factor / unit.parts;
  if (!is_exact(quantity)) {
    if (!std::isfinite(base))
      return refused(in_quotes(text) + " is too large", too_large(quantity));
    parsed.value = base;
    return parsed;
  }
  if (!exact_product(number, unit.factor, parsed.integer)) {
    if (!(base < 9.2233720368547748e18))
      return refused(in_quotes(text) + " is too large", too_large(quantity));
    parsed.integer = std::llround(base);
  }
  parsed.value = static_cast<double>(parsed.integer);
  return parsed;
}

}  // namespace

ParsedQuantity parse_quantity(Quantity quantity, std::string_view text) {
  if (quantity == Quantity::percentile) return parse_percentile(text);
  const std::string looks(what_it_looks_like(quantity));
  if (text.size() > 60)
    return refused("expected " + looks + ", found a text of " + std::to_string(text.size()) +
                   " characters");
  double value = 0;
  const char* first = text.data();
  const char* last = first + text.size();
  const auto [end, error] = std::from_chars(first, last, value, std::chars_format::general);
  const std::string_view number(first, static_cast<std::size_t>(end - first));
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  if (error == std::errc::invalid_argument) return refused(in_quotes(text) + " is not " + looks);
  if (error == std::errc::result_out_of_range)
    return refused(in_quotes(text) + " is too large or too small", too_large(quantity));
  if (!std::isfinite(value))
    return refused(in_quotes(text) + " is not finite", "expected " + looks);
  if (value < 0 || std::signbit(value)) {
    if (quantity != Quantity::number && quantity != Quantity::ratio)
      return refused(in_quotes(text) + " is negative", "expected " + looks + ", zero or more");
  }
  for (const UnitName& candidate : units_of(quantity))
    if (candidate.name == unit) return scaled(quantity, text, number, value, candidate);
  if (unit.empty()) return refused(in_quotes(text) + " has no unit", with_unit(quantity, number));
  return wrong_unit(quantity, number, unit);
}

std::string_view what_it_looks_like(Quantity quantity) {
  switch (quantity) {
    case Quantity::time:
      return "a time such as \"5ms\"";
    case Quantity::rate:
      return "a rate such as \"800/s\"";
    case Quantity::bytes:
      return "a size such as \"2kB\"";
    case Quantity::bandwidth:
      return "a bandwidth such as \"10Gbit/s\"";
    case Quantity::ratio:
      return "a ratio such as 0.25 or \"25%\"";
    case Quantity::percentile:
      return "a percentile such as \"p99\"";
    case Quantity::number:
      return "a number";
  }
  return {};
}

std::string with_unit(Quantity quantity, std::string_view number) {
  const std::string n(number);
  switch (quantity) {
    case Quantity::time:
      return "write \"" + n + "ms\" or \"" + n + "s\"";
    case Quantity::rate:
      return "write \"" + n + "/s\"";
    case Quantity::bytes:
      return "write \"" + n + "B\" or \"" + n + "kB\"";
    case Quantity::bandwidth:
      return "write \"" + n + "Mbit/s\" or \"" + n + "MB/s\"";
    case Quantity::percentile:
      return "write \"p" + n + "\"";
    case Quantity::ratio:
    case Quantity::number:
      break;
  }
  return {};
}

std::string print_number(double number) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return std::string(buffer.data(), end);
}

namespace {

/// A whole number of up to four digits in the largest unit that gives one, else the shortest text.
std::string print_exact(Quantity quantity, std::int64_t base) {
  if (base == 0) return quantity == Quantity::time ? "0s" : "0B";
  std::string best;
  bool best_is_whole = false;
  double best_factor = 0;
  for (const UnitName& unit : units_of(quantity)) {
    const auto factor = static_cast<std::int64_t>(unit.factor);
    const bool whole = base % factor == 0 && base / factor < 10'000;
    const double amount = static_cast<double>(base) / unit.factor;
    std::string text = base % factor == 0 ? std::to_string(base / factor) : print_number(amount);
    text += unit.name;
    const auto back = parse_quantity(quantity, text);
    if (!back.value || back.integer != base) continue;
    const bool better = best.empty() || (whole && (!best_is_whole || unit.factor > best_factor)) ||
                        (!whole && !best_is_whole && text.size() < best.size());
    if (!better) continue;
    best = std::move(text);
    best_is_whole = whole;
    best_factor = unit.factor;
  }
  return best;
}

std::string print_shortest(Quantity quantity, double base) {
  std::string best;
  for (const UnitName& unit : units_of(quantity)) {
    std::string text = print_number(base * unit.parts / unit.factor);
    text += unit.name;
    const auto back = parse_quantity(quantity, text);
    if (!back.value || *back.value != base) continue;
    const auto length = [](const std::string& each) {  // 1e+09 reads badly, however short
      return each.size() + (each.find('e') == std::string::npos ? 0 : 4);
    };
    if (best.empty() || length(text) < length(best)) best = std::move(text);
  }
  return best;
}

}  // namespace

std::string print(sim::Duration duration) {
  if (duration == sim::Duration::forever()) return "292 years";
  return print_exact(Quantity::time, duration.count_ns());
}
std::string print(Rate rate) {
  return print_shortest(Quantity::rate, rate.per_s);
}
std::string print(Bytes bytes) {
  return print_exact(Quantity::bytes, bytes.count);
}
std::string print(Bandwidth bandwidth) {
  return print_shortest(Quantity::bandwidth, bandwidth.bytes_per_s);
}
std::string print(Ratio ratio) {
  const std::string percent = print_number(ratio.value * 100) + "%";
  const auto back = parse_quantity(Quantity::ratio, percent);
  return back.value && *back.value == ratio.value ? percent : print_number(ratio.value);
}
std::string print(Percentile percentile) {
  return "p" + print_number(percentile.percent);
}

std::string print_quantity(Quantity quantity, double base) {
  switch (quantity) {
    case Quantity::time:
      return print(sim::Duration::rounded_ns(base));
    case Quantity::rate:
      return print(Rate{base});
    case Quantity::bytes:
      return print(Bytes{static_cast<std::int64_t>(std::min(base, 9.2e18))});
    case Quantity::bandwidth:
      return print(Bandwidth{base});
    case Quantity::ratio:
      return print(Ratio{base});
    case Quantity::percentile:
      return print(Percentile{base});
    case Quantity::number:
      break;
  }
  return print_number(base);
}

}  // namespace headroom
