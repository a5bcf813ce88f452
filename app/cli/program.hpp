#pragma once

#include <string>
#include <vector>

namespace headroom {

/// The whole program: `words` are what was typed after its name. Returns the exit code; throws
/// nothing.
int run_program(const std::vector<std::string>& words) noexcept;

}  // namespace headroom
