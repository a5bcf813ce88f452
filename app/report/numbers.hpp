#pragma once

#include <cstdint>
#include <string>

#include "app/study/figure.hpp"

namespace headroom {

/// What a number counts, which decides how a person wants to read it.
enum class Measure : std::uint8_t {
  seconds,  ///< "12.3 ms"
  per_s,    ///< "1,230 /s"
  share,    ///< "12.3 %"
  number,   ///< "12.3"
};

/// Three significant digits with the unit: "226 ms", "80.0 /s". Not finite: "infinite".
std::string number_text(double value, Measure measure);

/// The value with its 95 % interval: "226 ±6 ms", or "226 [219, 240] ms" where the interval is not
/// symmetric, "226 ±? ms" where there is none, "-" where there is no value.
std::string figure_text(const Figure& figure, Measure measure);

/// The value alone, for figures that have no interval by their nature (a largest sample).
std::string value_text(const Figure& figure, Measure measure);

/// A difference, with its sign: "+226 ±6 ms".
std::string signed_text(const Figure& difference, Measure measure);

/// "1,234,567".
std::string count_text(std::uint64_t count);

/// A length of simulated time as a scenario would write it, rounded: "10 min", "1.5 h", "20 s".
std::string length_text(double seconds);

/// "scale_ups" as people read it: "scale ups".
std::string name_in_words(std::string name);

}  // namespace headroom
