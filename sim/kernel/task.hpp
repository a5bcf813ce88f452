#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include "sim/kernel/frame_pool.hpp"

namespace headroom::sim {

class Scope;
class Wait;
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
  std::coroutine_handle<> continuation;  ///< Goes on when this ends.
  std::uint32_t process = 0;  ///< Number of the root this call belongs to, for the digest.
  bool doomed = false;        ///< Waits for what does not come; goes when nobody waits for it.
  bool is_root = false;       ///< Nobody ever waited for it.
  Scope* scope = nullptr;     ///< When set, it owns the frame from the start of the call on.
  // What has no value here gets it when a scope takes the frame.
  PromiseBase* next;  ///< Among those of the scope.
  PromiseBase* previous;
  std::coroutine_handle<>* held;  ///< In the Task of who waits for it; null when nobody does.
  Wait* waiter;                   ///< Ends when this ends, in place of the continuation.

  template <class First, class... Rest>
  static void* operator new(std::size_t size, First& first, Rest&...) {
    return frames_of(first).allocate(size);
  }
  static void operator delete(void* frame, std::size_t size) { FramePool::release(frame, size); }

  /// What a scope owns leaves it when it ends. If somebody waits for it his Task destroys the
  /// frame; if not, the coroutine does not stop here and its frame goes.
  struct Final {
    PromiseBase* ended;
    bool await_ready() const noexcept { return ended->scope != nullptr && !ended->leave_scope(); }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept {
      return ended->continuation;
    }
    void await_resume() const noexcept {}
  };
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Final final_suspend() noexcept { return {this}; }
  void unhandled_exception() const noexcept { std::terminate(); }

  void enter_scope(std::coroutine_handle<>* holder, Wait* waiting) noexcept;
  bool leave_scope() noexcept;  ///< Whether anybody waited for it.
  void let_go() noexcept;       ///< Nobody waits for it any more.
  void perish() noexcept;       ///< Leaves the scope and is destroyed.
};

/// This call never ends, so neither does the one that awaits it, up to the first that can be given
/// up: a root, or a call with a wait of its own in front. That one goes at once if nobody waits.
void doom(PromiseBase& call);

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;

  Task<T> get_return_object() noexcept;
  template <class V>
  void return_value(V&& result) {
    value.emplace(std::forward<V>(result));
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
};

}  // namespace detail

/// A process, or a call made by one: a lazy coroutine with exactly one owner. `co_await` starts it
/// and hands over control directly; when it returns, control comes back the same way.
///
/// A call belongs to its caller and is destroyed with him, unless it is the business of a scope
/// (`Scope::host`): then it goes on without him.
///
/// Parameters are taken by value (a reference dangles after the first suspension), lambdas that
/// capture are not used as coroutines, and no two random draws stand in one argument list.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (!handle_) return;
    if (promise().scope != nullptr && promise().held == &handle_) {
      promise().let_go();
    } else {
      handle_.destroy();
    }
  }

  bool await_ready() const noexcept { return false; }
  template <class Caller>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Caller> caller) noexcept {
    promise().continuation = caller;
    promise().process = caller.promise().process;
    if (promise().scope != nullptr) promise().enter_scope(&handle_, nullptr);
    return handle_;
  }
  T await_resume() const {
    if constexpr (!std::is_void_v<T>) return std::move(*promise().value);
  }

 private:
  friend promise_type;
  friend Scope;
  template <class Value>
  friend class Call;
  explicit Task(promise_type& promise)
      : handle_(std::coroutine_handle<promise_type>::from_promise(promise)) {}
  promise_type& promise() const {
    return std::coroutine_handle<promise_type>::from_address(handle_.address()).promise();
  }
  std::coroutine_handle<> handle_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(*this);
}
inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(*this);
}
}  // namespace detail

}  // namespace headroom::sim
