#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/study/figure.hpp"

namespace headroom::html {

/// Why figures have no value; those that share a reason are told together.
class Reasons {
 public:
  /// Nothing to tell of a figure that has a value.
  void add(const std::string& which, const Figure& figure);
  /// A short paragraph each.
  std::string notes() const;
  /// A table that is opened by hand; the first forty.
  std::string folded_table() const;

 private:
  std::vector<std::pair<std::string, std::string>> reasons_;  // which, why
};

}  // namespace headroom::html
