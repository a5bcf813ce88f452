#include "app/cli/vary.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "app/scenario/diagnostics.hpp"
#include "app/scenario/merge.hpp"
#include "app/scenario/quantity.hpp"

namespace headroom {

namespace {

constexpr std::size_t most_values = 1000;  // Chosen: each is a study of its own.
constexpr std::array<Quantity, 5> quantities{Quantity::time, Quantity::rate, Quantity::bytes,
                                             Quantity::bandwidth, Quantity::ratio};

}  // namespace

std::optional<Amount> parse_amount(std::string_view text) {
  Amount amount;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount.number);
  if (error != std::errc() || !std::isfinite(amount.number)) return std::nullopt;
  amount.unit = std::string(end, text.data() + text.size());
  return amount;
}

double rounded(double value, double step) {
  for (int digits = 6; digits < 12; ++digits) {
    const double shown = std::stod(fmt::format("{:.{}g}", value, digits));
    if (std::fabs(shown - value) <= std::fabs(step) / 1000) return shown;
  }
  return std::stod(fmt::format("{:.12g}", value));
}

/// 0.1 + 0.2 is 0.3.
std::string written(const Amount& amount) {
  return print_number(std::stod(fmt::format("{:.12g}", amount.number))) + amount.unit;
}

std::optional<double> in_base_units(std::string_view text) {
  const auto amount = parse_amount(text);
  if (!amount) return std::nullopt;
  if (amount->unit.empty()) return amount->number;
  for (const Quantity quantity : quantities) {
    if (const auto parsed = parse_quantity(quantity, text).value) return parsed;
  }
  return std::nullopt;
}

namespace {

/// Both ends in one unit: that of the text where they share it, else the base unit of what both
/// are.
bool spread(std::string_view from, std::string_view to, std::size_t count,
            std::vector<std::string>& values, std::string& why) {
  const auto first = parse_amount(from);
  const auto last = parse_amount(to);
  if (!first || !last) {
    why = fmt::format("\"{}..{}\" needs a number at both ends, as in 100/s..900/s:9", from, to);
    return false;
  }
  const auto share = [&](std::size_t i) {
    return static_cast<double>(i) / static_cast<double>(count - 1);
  };
  if (first->unit == last->unit) {
    for (std::size_t i = 0; i < count; ++i) {
      const double span = last->number - first->number;
      const double number = first->number + span * share(i);
      const bool is_end = i == 0 || i + 1 == count;  // as it was asked for
      values.push_back(written({is_end ? number : rounded(number, span * share(1)), first->unit}));
    }
    return true;
  }
  for (const Quantity quantity : quantities) {
    const auto low = parse_quantity(quantity, from).value;
    const auto high = parse_quantity(quantity, to).value;
    if (!low || !high) continue;
    for (std::size_t i = 0; i < count; ++i) {
      if (i == 0 || i + 1 == count) {
        values.emplace_back(i == 0 ? from : to);
        continue;
      }
      const double base = *low + (*high - *low) * share(i);
      values.push_back(print_quantity(quantity, rounded(base, (*high - *low) * share(1))));
    }
    return true;
  }
  why = fmt::format(
      "\"{}\" and \"{}\" are not in one unit; write it at both ends, as in 100/s..900/s:9", from,
      to);
  return false;
}

bool parse_range(const std::string& text, std::size_t dots, Axis& axis, std::string& why) {
  const std::size_t colon = text.find(':', dots);
  if (colon == std::string::npos) {
    why = fmt::format("\"{}\" does not say how many values: write {}:7", text, text);
    return false;
  }
  std::size_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, count);
  if (error != std::errc() || stopped != end || count < 2 || count > most_values) {
    why = fmt::format("\"{}\" is not a number of values: 2 to {}", text.substr(colon + 1),
                      most_values);
    return false;
  }
  return spread(std::string_view(text).substr(0, dots),
                std::string_view(text).substr(dots + 2, colon - dots - 2), count, axis.values, why);
}

bool parse_list(const std::string& text, Axis& axis, std::string& why) {
  int depth = 0;
  bool quoted = false;
  std::string value;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '{' || c == '[')) ++depth;
    if (!quoted && (c == '}' || c == ']')) --depth;
    if (c == ',' && depth == 0 && !quoted) {
      axis.values.push_back(std::exchange(value, {}));
    } else {
      value += c;
    }
  }
  axis.values.push_back(value);
  for (const auto& each : axis.values) {
    if (each.empty()) {
      why = fmt::format("\"{}\" holds an empty value", text);
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<Axis> parse_axis(const std::string& argument, std::string& why) {
  const std::size_t equals = find_equals(argument);
  if (equals == std::string::npos || equals == 0 || equals + 1 == argument.size()) {
    why = fmt::format("--vary {} is not PATH=FROM..TO:N or PATH=a,b,c, as in run.load=0.5..2:7",
                      visible(argument));
    return std::nullopt;
  }
  Axis axis;
  axis.path = argument.substr(0, equals);
  const std::string values = argument.substr(equals + 1);
  const std::size_t dots = values.find("..");
  // "app[0..1],app[2]" holds dots as well, but does not begin with a number.
  const bool is_range = dots != std::string::npos && parse_amount(values).has_value();
  if (!(is_range ? parse_range(values, dots, axis, why) : parse_list(values, axis, why))) {
    why = fmt::format("--vary {}: {}", visible(axis.path), visible(why));
    return std::nullopt;
  }
  for (const auto& value : axis.values) {
    const auto number = in_base_units(value);
    if (!number) {
      axis.numbers.clear();
      break;
    }
    axis.numbers.push_back(*number);
  }
  return axis;
}

std::vector<std::vector<std::size_t>> grid(const std::vector<Axis>& axes) {
  std::vector<std::vector<std::size_t>> points{{}};
  for (const Axis& axis : axes) {
    std::vector<std::vector<std::size_t>> longer;
    for (const auto& point : points) {
      for (std::size_t value = 0; value < axis.values.size(); ++value) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

}  // namespace headroom
