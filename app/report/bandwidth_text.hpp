#pragma once

#include <string>

#include "app/study/figure.hpp"

namespace headroom {

/// Bytes a second as people compare them with links: "12.5 ±0.3 MB/s", "-" where there is no value.
std::string bandwidth_text(const Figure& bytes_per_s);

}  // namespace headroom
