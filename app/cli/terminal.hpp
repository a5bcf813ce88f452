#pragma once

#include <cstddef>
#include <optional>

namespace headroom {

/// The columns of the terminal that a file descriptor stands for; nothing where it is none or does
/// not know.
std::optional<std::size_t> terminal_columns(int file);

}  // namespace headroom
