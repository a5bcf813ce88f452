#include "app/cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace headroom {

void Progress::show(double share, const std::string& what) {
  if (!shown_) return;
  const int percent = std::clamp(static_cast<int>(share * 100), 0, 100);
  if (percent == percent_ && what == what_) return;
  percent_ = percent;
  what_ = what;
  constexpr int width = 30;
  const int filled = percent * width / 100;
  fmt::print(stderr, "\r{:#>{}}{:.>{}} {:3} % {}\x1b[K", "", filled, "", width - filled, percent,
             what);
  std::fflush(stderr);
}

void Progress::clear() {
  if (shown_ && percent_ >= 0) fmt::print(stderr, "\r\x1b[K");
  percent_ = -1;
}

}  // namespace headroom
