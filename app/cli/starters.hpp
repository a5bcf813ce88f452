#pragma once

#include <span>
#include <string_view>

namespace headroom {

/// A scenario to begin with, with comments that say what may be changed.
struct Starter {
  std::string_view name, doc, text;
};
std::span<const Starter> starters();

}  // namespace headroom
