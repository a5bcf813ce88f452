#pragma once

#include <cstddef>

#include "sim/kernel/task.hpp"

namespace headroom::sim {

class Simulation;

/// Owns processes that outlive the call that started them: the work inside one instance, the
/// copies of a hedged request. Closing it destroys them where they wait, oldest first; their
/// leases are given back and their triggers break.
class Scope {
 public:
  explicit Scope(Simulation& simulation);
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope();

  /// Starts a process; it runs at once up to its first wait.
  void spawn(Task<void> process);
  /// The same call as the business of this scope: it outlives its caller and ends with the scope.
  template <class T>
  Task<T> host(Task<T> call) {
    static_assert(alignof(detail::Promise<T>) == alignof(detail::PromiseBase));
    call.promise().scope = this;
    call.promise().held = nullptr;
    return call;
  }
  /// Destroys every process and hosted call; who waits for one of those waits on for ever. Not from
  /// inside one of them.
  void close();
  /// The same, but who waits for a hosted call gets the answer of what `instead()` returns, hosted
  /// like that call. All calls that this scope hosts must be of that type.
  template <class Instead>
  void close(Instead instead);
  /// The same as `close()`, and the calls that only those processes wait for do not go on without
  /// them: these end where they are, with all that they wait for.
  void cancel();
  bool empty() const { return first_ == nullptr; }
  Simulation& simulation() const { return simulation_; }

 private:
  friend class Simulation;
  friend struct detail::PromiseBase;
  using Root = detail::PromiseBase;
  void add(Root& root) {
    root.next = nullptr;
    root.previous = last_;
    (last_ != nullptr ? last_->next : first_) = &root;
    last_ = &root;
  }
  void remove(Root& root) {
    (root.previous != nullptr ? root.previous->next : first_) = root.next;
    (root.next != nullptr ? root.next->previous : last_) = root.previous;
  }
  static void destroy(Root& root);

  Simulation& simulation_;
  Root* first_ = nullptr;
  Root* last_ = nullptr;
  Scope* next_scope_ = nullptr;
  Scope* previous_scope_ = nullptr;
};

template <class Instead>
void Scope::close(Instead instead) {
  Root* const last = last_;
  for (bool done = first_ == nullptr; !done;) {
    Root& root = *first_;
    done = &root == last;
    remove(root);
    if (root.held != nullptr) {
      auto call = host(instead());
      call.promise().continuation = root.continuation;
      call.promise().process = root.process;
      call.promise().enter_scope(root.held, root.waiter);
      *std::exchange(root.held, nullptr) = call.handle_;
      std::exchange(call.handle_, {}).resume();
    }
    destroy(root);
  }
}

inline void detail::PromiseBase::enter_scope(std::coroutine_handle<>* holder,
                                             Wait* waiting) noexcept {
  held = holder;
  waiter = waiting;
  scope->add(*this);
}

}  // namespace headroom::sim
