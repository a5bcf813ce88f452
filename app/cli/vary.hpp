#pragma once

#include <optional>
#include <string>
#include <vector>

namespace headroom {

/// One --vary: a setting and the values it takes, as --set would write them.
struct Axis {
  std::string path;
  std::vector<std::string> values;
  std::vector<double> numbers;  ///< The values in base units; empty where they are not all numbers.
};

/// Reads PATH=FROM..TO:N (N evenly spaced values, both ends included; quantities keep their unit)
/// or PATH=a,b,c (commas within brackets and quotes do not separate). Nothing with the reason in
/// `why`.
std::optional<Axis> parse_axis(const std::string& argument, std::string& why);

/// Every combination of the values, the last axis fastest: for each the index of its values.
std::vector<std::vector<std::size_t>> grid(const std::vector<Axis>& axes);

}  // namespace headroom
