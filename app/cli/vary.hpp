#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// A number and the unit that follows it: "100/s" is 100 and "/s".
struct Amount {
  double number = 0;
  std::string unit;
};
/// Nothing where the text does not begin with a finite number.
std::optional<Amount> parse_amount(std::string_view text);
/// As a scenario writes it, with no more digits than the arithmetic is worth.
std::string written(const Amount& amount);
/// With six significant digits; more only where that would move a value by a thousandth of `step`,
/// its distance from the next, or more.
double rounded(double value, double step);
/// In the base unit of whatever quantity it is (ns for times); plain numbers are themselves.
std::optional<double> in_base_units(std::string_view text);

/// One --vary: a setting and the values it takes, as --set would write them.
struct Axis {
  std::string path;
  std::vector<std::string> values;
  std::vector<double> numbers;  ///< The values in base units; empty where they are not all numbers.
};

/// Reads PATH=FROM..TO:N (N evenly spaced values, both ends included, with six significant digits
/// where that tells them apart; what is printed is what runs; quantities keep their unit)
/// or PATH=a,b,c (commas within brackets and quotes do not separate). Nothing with the reason in
/// `why`.
std::optional<Axis> parse_axis(const std::string& argument, std::string& why);

/// Every combination of the values, the last axis fastest: for each the index of its values.
std::vector<std::vector<std::size_t>> grid(const std::vector<Axis>& axes);

}  // namespace headroom
