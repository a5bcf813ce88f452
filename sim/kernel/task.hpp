#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include "sim/kernel/frame_pool.hpp"

namespace headroom::sim {

class Scope;
template <class T>
class Task;

namespace detail {

/// Where the frame of a coroutine lives: its first argument, or the object it is a member of, must
/// lead to the simulation, by being one or by having `simulation()`.
template <class First>
FramePool& frames_of(First& first) {
  if constexpr (requires { first.frames(); }) {
    return first.frames();
  } else {
    return first.simulation().frames();
  }
}

struct PromiseBase {
  std::coroutine_handle<> continuation;
  std::uint32_t process = 0;  ///< Number of the root this call belongs to, for the digest.

  template <class First, class... Rest>
  static void* operator new(std::size_t size, First& first, Rest&...) {
    return frames_of(first).allocate(size);
  }
  static void operator delete(void* frame, std::size_t size) { FramePool::release(frame, size); }

  std::suspend_always initial_suspend() const noexcept { return {}; }
  void unhandled_exception() const noexcept { std::terminate(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;

  Task<T> get_return_object() noexcept;
  template <class V>
  void return_value(V&& result) {
    value.emplace(std::forward<V>(result));
  }
  struct Final {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      return ended.promise().continuation;
    }
    void await_resume() const noexcept {}
  };
  Final final_suspend() const noexcept { return {}; }
};

template <>
struct Promise<void> : PromiseBase {
  Scope* scope = nullptr;  ///< Set when this is a root; the scope then owns the frame.
  Promise* next;           ///< Among the roots of that scope.
  Promise* previous;

  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  /// A root does not stop here: it leaves its scope and its frame goes.
  struct Final {
    Promise* ended;
    bool await_ready() const noexcept;
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise>) const noexcept {
      return ended->continuation;
    }
    void await_resume() const noexcept {}
  };
  Final final_suspend() noexcept { return {this}; }
};

}  // namespace detail

/// A process, or a call made by one: a lazy coroutine with exactly one owner. `co_await` starts it
/// and hands over control directly; when it returns, control comes back the same way.
///
/// Parameters are taken by value (a reference dangles after the first suspension), lambdas that
/// capture are not used as coroutines, and no two random draws stand in one argument list.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class Caller>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Caller> caller) const noexcept {
    handle_.promise().continuation = caller;
    handle_.promise().process = caller.promise().process;
    return handle_;
  }
  T await_resume() const {
    if constexpr (!std::is_void_v<T>) return std::move(*handle_.promise().value);
  }

 private:
  friend promise_type;
  friend Scope;
  explicit Task(Handle handle) : handle_(handle) {}
  Handle handle_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}
}  // namespace detail

}  // namespace headroom::sim
