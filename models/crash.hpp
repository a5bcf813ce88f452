#pragma once

#include <cstdint>

#include "models/field_types.hpp"

namespace headroom {

/// What callers of a crashed instance meet. Numbered as in its choices.
enum class Crash : std::uint8_t { reset, silent };
Choices choices_of(Crash);

}  // namespace headroom
