#pragma once

#include <string>
#include <string_view>

#include "app/study/figure.hpp"

namespace headroom {

/// Colours for a terminal; plain text everywhere else.
class Paint {
 public:
  explicit Paint(bool colours = false) : colours_(colours) {}

  std::string bold(std::string_view text) const { return in("1", text); }
  std::string dim(std::string_view text) const { return in("2", text); }
  std::string red(std::string_view text) const { return in("31", text); }
  std::string green(std::string_view text) const { return in("32", text); }
  std::string yellow(std::string_view text) const { return in("33", text); }
  std::string verdict(Verdict verdict, std::string_view text) const;

 private:
  std::string in(std::string_view code, std::string_view text) const;

  bool colours_;
};

}  // namespace headroom
