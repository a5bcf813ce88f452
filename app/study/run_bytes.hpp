#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/study/run.hpp"

namespace headroom {

/// A finished run as bytes, exact to the last bit of every number; small where histograms are
/// sparse. What is read on another machine of the same byte order is the same.
std::string run_bytes(const RunResult& run);
/// Nothing where the bytes are not those of a run of this version of the program.
std::optional<RunResult> run_of_bytes(std::string_view bytes);

}  // namespace headroom
