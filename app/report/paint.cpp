#include "app/report/paint.hpp"

#include <fmt/format.h>

namespace headroom {

std::string Paint::in(std::string_view code, std::string_view text) const {
  if (!colours_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string Paint::verdict(Verdict verdict, std::string_view text) const {
  switch (verdict) {
    case Verdict::met:
      return green(text);
    case Verdict::missed:
      return red(text);
    case Verdict::undecided:
      break;
  }
  return yellow(text);
}

}  // namespace headroom
