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
  /// Destroys every process. Not from inside one of them.
  void close();
  bool empty() const { return first_ == nullptr; }
  Simulation& simulation() const { return simulation_; }

 private:
  friend class Simulation;
  friend struct detail::Promise<void>::Final;
  using Root = detail::Promise<void>;
  void remove(Root& root) {
    (root.previous != nullptr ? root.previous->next : first_) = root.next;
    (root.next != nullptr ? root.next->previous : last_) = root.previous;
  }

  Simulation& simulation_;
  Root* first_ = nullptr;
  Root* last_ = nullptr;
  Scope* next_scope_ = nullptr;
  Scope* previous_scope_ = nullptr;
};

inline bool detail::Promise<void>::Final::await_ready() const noexcept {
  if (ended->scope == nullptr) return false;
  ended->scope->remove(*ended);
  return true;
}

}  // namespace headroom::sim
