#pragma once

#include <coroutine>

#include "sim/kernel/scope.hpp"

namespace headroom::sim {

/// What does not come: the answer of a machine that died in silence. A call that waits for it, with
/// the calls it is part of, stays only as long as somebody waits for its answer.
class Never {
 public:
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> process) const {
    detail::doom(process.promise());
  }
  void await_resume() const noexcept {}
};

}  // namespace headroom::sim
