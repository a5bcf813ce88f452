#pragma once

#include <string>
#include <string_view>

#include "app/scenario/quantity.hpp"
#include "models/distribution.hpp"

namespace headroom {

/// Fills `values` (ascending) and `weights` (cumulative, the last is 1). Two formats:
/// - one `value` or `value,weight` a line; empty lines, lines that start with '#' and one heading
///   line, which begins with a letter or a quotation mark and is no number, are skipped. A value
///   has a unit, or is bare: seconds for times, bytes for sizes.
/// - an HdrHistogram percentile listing (.hgrm: Value, Percentile, ...), values as above; between
///   two listed percentiles all values are as likely.
/// False with the reason, line included, in `why`.
bool read_empirical_text(std::string_view text, Quantity quantity, Distribution& distribution,
                         std::string& why);
bool read_empirical_file(const std::string& path, Quantity quantity, Distribution& distribution,
                         std::string& why);

}  // namespace headroom
