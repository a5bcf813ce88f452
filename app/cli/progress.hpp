#pragma once

#include <string>

namespace headroom {

/// One line on standard error that is rewritten in place and gone at the end.
class Progress {
 public:
  explicit Progress(bool shown) : shown_(shown) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `share` from 0 to 1; written only when the shown percentage changes.
  void show(double share, const std::string& what);
  void clear();

 private:
  bool shown_;
  int percent_ = -1;
  std::string what_;
};

}  // namespace headroom
