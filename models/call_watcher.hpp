#pragma once

#include <cstdint>

namespace headroom {

/// Someone who wants to know which calls their callers wait for no longer. The calls go on.
class CallWatcher {
 public:
  virtual ~CallWatcher() = default;
  /// The caller of the attempt with that `Request::draw_key` has given it up now.
  virtual void on_given_up(std::uint64_t draw_key) = 0;
  /// The caller of that attempt has died: nobody will hear its answer.
  virtual void on_caller_gone(std::uint64_t) {}
};

}  // namespace headroom
