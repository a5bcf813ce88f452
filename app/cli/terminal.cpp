#include "app/cli/terminal.hpp"

#include <sys/ioctl.h>

namespace headroom {

std::optional<std::size_t> terminal_columns(int file) {
  winsize size{};
  if (::ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

}  // namespace headroom
