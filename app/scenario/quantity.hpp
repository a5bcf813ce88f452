#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/field_types.hpp"

namespace headroom {

/// Quantities as scenarios write them: a number and a unit without a space, in any locale.
/// Times ns us ms s min h d; rates /s /min /h with k or M before the slash; sizes B kB MB GB TB and
/// KiB MiB GiB TiB; bandwidths bit/s to Tbit/s and B/s to TB/s; ratios a number or percent.
enum class Quantity : std::uint8_t { time, rate, bytes, bandwidth, ratio, percentile, number };

struct ParsedQuantity {
  std::optional<double> value;  ///< in base units: ns, 1/s, bytes, bytes/s, 1
  std::int64_t integer = 0;     ///< the same, exact, for times and sizes
  std::string message, hint;    ///< why there is no value
};

ParsedQuantity parse_quantity(Quantity quantity, std::string_view text);

/// `a time such as "5ms"`.
std::string_view what_it_looks_like(Quantity quantity);
/// How a bare number would be written with a unit, for a hint: `write "10ms" or "10s"`.
std::string with_unit(Quantity quantity, std::string_view number);

/// The shortest usual text that reads back as exactly the same value.
std::string print(sim::Duration duration);
std::string print(Rate rate);
std::string print(Bytes bytes);
std::string print(Bandwidth bandwidth);
std::string print(Ratio ratio);            ///< "25%"
std::string print(Percentile percentile);  ///< "p99.9"
/// The shortest decimal that reads back the same.
std::string print_number(double number);
/// A value given in base units.
std::string print_quantity(Quantity quantity, double base);

}  // namespace headroom
